package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ruche/app/jobs"
	"ruche/models"
	"ruche/models/modelstest"
)

// house is a database with jobs, and a clock that the test moves.
type house struct {
	*models.DB
	t    *testing.T
	now  atomic.Pointer[time.Time]
	jobs *jobs.Jobs
}

func open(t *testing.T) *house {
	h := &house{t: t}
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	h.now.Store(&now)
	h.DB = modelstest.Open(t, models.Options{Clock: func() time.Time { return *h.now.Load() }})
	h.jobs = jobs.New(h.DB)
	return h
}

func (h *house) later(d time.Duration) {
	now := h.now.Load().Add(d)
	h.now.Store(&now)
}

func (h *house) tx(fn func(*models.Tx) error) {
	h.t.Helper()
	if err := h.Tx(h.t.Context(), nil, fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) add(job models.Job, args any) {
	h.t.Helper()
	h.tx(func(tx *models.Tx) error { return tx.AddJob(&job, args) })
}

func (h *house) run() {
	h.t.Helper()
	if err := h.jobs.RunDue(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// person adds someone by whom the effect of a job can be seen.
func person(name string) func(*models.Tx) error {
	return func(tx *models.Tx) error {
		return tx.CreateUser(&models.User{Name: name, Email: name + "@example.test", Role: models.RoleEmployee})
	}
}

func (h *house) exists(name string) bool {
	h.t.Helper()
	_, err := h.UserByEmail(h.t.Context(), name+"@example.test")
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		h.t.Fatal(err)
	}
	return err == nil
}

func TestAJobIsDoneIfItsTransactionIsCommitted(t *testing.T) {
	h := open(t)
	var told []string
	h.jobs.Register(jobs.Kind{Name: "tell", Work: func(_ context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
		var word string
		err := run.Args(&word)
		told = append(told, word)
		return nil, err
	}})
	h.add(models.Job{Kind: "tell"}, "committed")
	undone := errors.New("undone")
	if err := h.Tx(t.Context(), nil, func(tx *models.Tx) error {
		return errors.Join(tx.AddJob(&models.Job{Kind: "tell"}, "undone"), undone)
	}); !errors.Is(err, undone) {
		t.Fatal(err)
	}
	h.add(models.Job{Kind: "tell", DueAt: h.Now().Add(time.Hour)}, "later")
	h.add(models.Job{Kind: "unknown"}, nil) // of a newer program
	h.run()
	h.run()
	if fmt.Sprint(told) != "[committed]" {
		t.Errorf("told %v", told)
	}
	h.later(time.Hour)
	h.run()
	if fmt.Sprint(told) != "[committed later]" {
		t.Errorf("told %v", told)
	}
}

func TestWhatFailsIsTriedAgainLaterAndLaterAndGivenUpInTheEnd(t *testing.T) {
	h := open(t)
	tries := 0
	h.jobs.Register(jobs.Kind{Name: "vain", Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		tries++
		if tries == 2 {
			panic("a panic is a failure too")
		}
		return person("half"), errors.New("no")
	}})
	mona := h.person("mona")
	h.add(models.Job{Kind: "vain", OwnerID: &mona.ID}, "a secret")
	h.run()
	h.run()
	if tries != 1 {
		t.Errorf("tried %d times at once", tries)
	}
	began := h.Now()
	for range 100 {
		h.later(5 * time.Minute)
		h.run()
	}
	if tries < 8 || tries > 14 {
		t.Errorf("tried %d times in eight hours", tries)
	}
	for range 100 {
		h.later(time.Hour)
		h.run()
	}
	list, err := h.OwnJobs(t.Context(), h.actor(mona), "vain", 10)
	if err != nil || len(list) != 1 || list[0].State != models.JobFailed || !list[0].Ended() || list[0].Args != "" {
		t.Fatalf("%+v, %v", list, err)
	}
	if took := list[0].FinishedAt.Sub(began); tries != list[0].Attempts || took < 6*time.Hour || took > 24*time.Hour {
		t.Errorf("given up after %d tries in %s", tries, took)
	}
	if h.exists("half") {
		t.Error("a failed attempt left something behind")
	}
}

func TestWhatTryingAgainWillNotMendIsGivenUpAtOnce(t *testing.T) {
	h := open(t)
	tries := 0
	h.jobs.Register(jobs.Kind{Name: "vain", Work: func(_ context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
		tries++
		var number int
		return nil, run.Args(&number)
	}})
	h.add(models.Job{Kind: "vain"}, "no number")
	h.run()
	h.later(24 * time.Hour)
	h.run()
	if tries != 1 {
		t.Errorf("tried %d times", tries)
	}
}

func TestAFailedEndingIsAFailedAttempt(t *testing.T) {
	h := open(t)
	tries := 0
	h.jobs.Register(jobs.Kind{Name: "add", Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		tries++
		return func(tx *models.Tx) error {
			if err := person("zoe")(tx); err != nil || tries > 1 {
				return err
			}
			return errors.New("the first time something comes in between")
		}, nil
	}})
	h.add(models.Job{Kind: "add"}, nil)
	h.run()
	if h.exists("zoe") {
		t.Error("half of an ending is stored")
	}
	h.later(time.Minute)
	h.run()
	h.later(time.Hour)
	h.run()
	if !h.exists("zoe") || tries != 2 {
		t.Errorf("tried %d times", tries)
	}
}

// TestWhoeverComesTooLateChangesNothing has a worker stop in the middle for longer than it may: another one takes the job over.
func TestWhoeverComesTooLateChangesNothing(t *testing.T) {
	h := open(t)
	turn := 0
	h.jobs.Register(jobs.Kind{Name: "add", Work: func(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
		turn++
		if turn == 2 {
			return person("second"), nil
		}
		h.later(3 * time.Minute)
		if err := h.jobs.RunDue(ctx); err != nil {
			return nil, err
		}
		if err := run.Progress(ctx, 1, 2); !errors.Is(err, models.ErrConflict) {
			t.Errorf("the first may report: %v", err)
		}
		return person("first"), nil
	}})
	h.add(models.Job{Kind: "add"}, nil)
	h.run()
	if h.exists("first") || !h.exists("second") || turn != 2 {
		t.Errorf("after %d turns: first %t, second %t", turn, h.exists("first"), h.exists("second"))
	}
}

func TestOfOneKeyOneJobWaits(t *testing.T) {
	h := open(t)
	tries := 0
	h.jobs.Register(jobs.Kind{Name: "once", Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		tries++
		return nil, nil
	}})
	again := func() error {
		return h.Tx(t.Context(), nil, func(tx *models.Tx) error {
			err := tx.AddJob(&models.Job{Kind: "once", Key: "same"}, nil)
			if errors.Is(err, models.ErrConflict) {
				return errors.Join(err, person("afterwards")(tx)) // the transaction is still good
			}
			return err
		})
	}
	if err := again(); err != nil {
		t.Fatal(err)
	}
	if err := again(); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a second one: %v", err)
	}
	h.add(models.Job{Kind: "once", Key: "other"}, nil)
	h.run()
	if err := again(); err != nil {
		t.Errorf("once the first has ended: %v", err)
	}
	h.run()
	if tries != 3 {
		t.Errorf("done %d times", tries)
	}
}

func TestWhatComesRoundDoesSoOnceForAllProcesses(t *testing.T) {
	h := open(t)
	var rounds int
	work := func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		rounds++
		if rounds == 2 {
			return nil, jobs.Permanent(errors.New("a round that fails does not end the circle"))
		}
		return nil, nil
	}
	other := jobs.New(h.DB)
	for _, j := range []*jobs.Jobs{h.jobs, other} {
		j.Register(jobs.Kind{Name: "round", Every: time.Hour, Work: work})
		if err := j.Plan(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		h.run()
		if err := other.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.later(20 * time.Minute)
	}
	if rounds != 2 {
		t.Errorf("%d rounds in 80 minutes", rounds)
	}
	h.later(time.Hour)
	h.run()
	if rounds != 3 {
		t.Errorf("%d rounds after one that failed", rounds)
	}
}

func TestProgressIsSeenByTheOwnerAlone(t *testing.T) {
	h := open(t)
	mona, karl := h.person("mona"), h.person("karl")
	see := func(who *models.User) []models.Job {
		list, err := h.OwnJobs(t.Context(), h.actor(who), "export", 10)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	h.jobs.Register(jobs.Kind{Name: "export", Work: func(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
		if err := run.Progress(ctx, 3, 7); err != nil {
			return nil, err
		}
		if list := see(mona); len(list) != 1 || list[0].Done != 3 || list[0].Total != 7 || list[0].Ended() {
			t.Errorf("on the way: %+v", list)
		}
		return nil, nil
	}})
	h.add(models.Job{Kind: "export", OwnerID: &mona.ID}, map[string]string{"of": "mona"})
	h.run()
	if list := see(mona); len(list) != 1 || list[0].Done != 7 || list[0].State != models.JobDone || list[0].Args != "" || list[0].FinishedAt == nil {
		t.Errorf("at the end: %+v", list)
	}
	if list := see(karl); len(list) != 0 {
		t.Errorf("karl sees %+v", list)
	}
	if _, err := h.OwnJobs(t.Context(), &models.Actor{}, "export", 10); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a visitor: %v", err)
	}
	h.later(40 * 24 * time.Hour)
	h.tx(func(tx *models.Tx) error { return tx.Sweep() })
	if list := see(mona); len(list) != 0 {
		t.Errorf("kept for ever: %+v", list)
	}
}

// TestManyWorkersDoEachJobOnce lets three processes work at once until everything is done.
func TestManyWorkersDoEachJobOnce(t *testing.T) {
	db := modelstest.Open(t)
	const count = 60
	var mu sync.Mutex
	done := map[int]int{}
	left := make(chan struct{}, count)
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	for range 3 {
		j := jobs.New(db)
		j.Register(jobs.Kind{Name: "count", Work: func(_ context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
			var n int
			err := run.Args(&n)
			mu.Lock()
			defer mu.Unlock()
			done[n]++
			left <- struct{}{}
			return nil, err
		}})
		working.Go(func() { j.Follow(ctx) })
	}
	for n := range count {
		if err := db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.AddJob(&models.Job{Kind: "count"}, n) }); err != nil {
			t.Fatal(err)
		}
	}
	for range count {
		select {
		case <-left:
		case <-time.After(20 * time.Second):
			t.Fatalf("only %d of %d are done", len(done), count)
		}
	}
	stop()
	working.Wait()
	if len(done) != count {
		t.Errorf("%d of %d are done", len(done), count)
	}
	for n, times := range done {
		if times != 1 {
			t.Errorf("%d is done %d times", n, times)
		}
	}
}

func TestAWorkerThatEndsGivesItsJobBackAtOnce(t *testing.T) {
	db := modelstest.Open(t)
	begun, tries := make(chan struct{}, 1), 0
	work := func(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
		if tries++; tries > 1 {
			if run.Job.Attempts != 1 {
				t.Errorf("attempt %d", run.Job.Attempts)
			}
			return nil, nil
		}
		begun <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	ctx, stop := context.WithCancel(t.Context())
	j := jobs.New(db)
	j.Register(jobs.Kind{Name: "long", Work: work})
	ended := make(chan struct{})
	go func() {
		j.Follow(ctx)
		close(ended)
	}()
	if err := db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.AddJob(&models.Job{Kind: "long"}, nil) }); err != nil {
		t.Fatal(err)
	}
	<-begun
	stop()
	<-ended
	if err := j.RunDue(t.Context()); err != nil || tries != 2 {
		t.Errorf("%d tries, %v", tries, err)
	}
}

func (h *house) person(name string) *models.User {
	h.t.Helper()
	user := &models.User{Name: name, Email: name + "@example.test", Role: models.RoleEmployee}
	h.tx(func(tx *models.Tx) error { return tx.CreateUser(user) })
	return user
}

func (h *house) actor(user *models.User) *models.Actor {
	h.t.Helper()
	actor, err := h.ActorByID(h.t.Context(), user.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return actor
}
