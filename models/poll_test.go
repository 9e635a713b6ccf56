package models_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"ruche/models"
	"ruche/models/modelstest"
)

// pollHouse is one whose clock a test moves, with a thread of the kind poll in a space that mona leads.
type pollHouse struct {
	*house
	t          *testing.T
	address    string
	now        *time.Time
	mona, paul *models.User
	space      *models.Space
	thread     int64
}

func openPoll(t *testing.T) *pollHouse {
	t.Helper()
	now := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC) // a Thursday
	address := modelstest.Address(t)
	db, err := models.Open(t.Context(), address, models.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	h := &pollHouse{house: &house{db, t}, t: t, address: address, now: &now}
	h.mona, h.paul = h.user("mona", models.RoleEmployee), h.user("paul", models.RoleEmployee)
	h.space = h.house.space("plant", models.Company)
	h.member(h.space, h.mona, models.SpaceManager)
	h.thread = h.begin()
	return h
}

// begin begins a thread of mona's.
func (h *pollHouse) begin() int64 {
	h.t.Helper()
	modelstest.Exec(h.t, h.address, fmt.Sprintf("INSERT INTO threads (space_id, kind, title, author_id, created_at, active_at) VALUES (%d, 'poll', 'Where to', %d, '2026-12-03 08:00:00', '2026-12-03 08:00:00')", h.space.ID, h.mona.ID))
	var last int64
	for id := int64(1); ; id++ {
		if _, err := h.Thread(h.t.Context(), h.house.actor(h.mona), id); err != nil {
			return last
		}
		last = id
	}
}

func words(labels ...string) (options []models.PollOption) {
	for _, label := range labels {
		options = append(options, models.PollOption{Label: label})
	}
	return options
}

func (h *pollHouse) ask(poll models.ThreadPoll) {
	h.t.Helper()
	if poll.Question == "" {
		poll.Question = "Which one?"
	}
	if poll.Results == "" {
		poll.Results = models.ResultsAlways
	}
	poll.ClosesAt = h.now.Add(48 * time.Hour)
	h.tx(h.house.actor(h.mona), func(tx *models.Tx) error {
		return tx.SavePoll(&models.Thread{ID: h.thread, SpaceID: h.space.ID, Kind: models.Poll}, &poll, 0)
	})
}

func (h *pollHouse) vote(user *models.User, base int, marks ...int) (changed bool, err error) {
	h.t.Helper()
	err = h.Tx(h.t.Context(), h.house.actor(user), func(tx *models.Tx) error {
		thread, poll, err := tx.LockPoll(h.thread)
		if err == nil {
			changed, err = tx.CastVote(thread, poll, marks, "because", base)
		}
		return err
	})
	return changed, err
}

func (h *pollHouse) poll() *models.ThreadPoll {
	h.t.Helper()
	_, poll, err := h.Poll(h.t.Context(), h.house.actor(h.mona), h.thread)
	if err != nil {
		h.t.Fatal(err)
	}
	return poll
}

func TestSchulzeRanksAsInHisPaper(t *testing.T) {
	tally := models.Tally{Above: [][]int{{0, 20, 26, 30, 22}, {25, 0, 16, 33, 18}, {19, 29, 0, 17, 24}, {15, 12, 28, 0, 14}, {23, 27, 21, 31, 0}}}
	var order []int
	for i, ranked := range tally.Ranking(5) {
		order = append(order, ranked.Option)
		if ranked.Place != i+1 {
			t.Errorf("option %d is at place %d", ranked.Option, ranked.Place)
		}
	}
	if want := []int{4, 0, 2, 1, 3}; !slices.Equal(order, want) { // E A C B D
		t.Errorf("the order is %v, want %v", order, want)
	}
	for _, ranked := range (&models.Tally{}).Ranking(3) {
		if ranked.Place != 1 {
			t.Errorf("without votes option %d is at place %d", ranked.Option, ranked.Place)
		}
	}
}

func TestVotesAreCountedOnceHoweverOftenTheyChange(t *testing.T) {
	h := openPoll(t)
	h.ask(models.ThreadPoll{Kind: models.RankedChoice, Options: words("Lyon", "Lille", "Nice")})
	for _, step := range []struct {
		user    *models.User
		base    int
		marks   []int
		changed bool
		err     error
	}{
		{h.paul, 0, []int{1, 2, 0}, true, nil},
		{h.paul, 0, []int{1, 2, 0}, false, nil}, // sent twice
		{h.paul, 0, []int{2, 1, 3}, false, models.ErrConflict},
		{h.paul, 1, []int{2, 1, 0}, true, nil},
		{h.mona, 0, []int{0, 1, 1}, true, nil},
	} {
		if changed, err := h.vote(step.user, step.base, step.marks...); changed != step.changed || !errors.Is(err, step.err) {
			t.Errorf("%v of version %d: %v, %v", step.marks, step.base, changed, err)
		}
	}
	poll := h.poll()
	if poll.Voters != 2 || poll.Tally.Beats(1, 0) != 2 || poll.Tally.Beats(0, 1) != 0 || poll.Tally.Beats(0, 2) != 1 || poll.Tally.Beats(2, 0) != 1 || poll.Tally.Count(1, 1) != 2 {
		t.Errorf("%d voters, %+v", poll.Voters, poll.Tally)
	}
	h.tx(h.house.actor(h.paul), func(tx *models.Tx) error {
		thread, poll, err := tx.LockPoll(h.thread)
		if err == nil {
			_, err = tx.TakeVoteBack(thread, poll)
		}
		return err
	})
	if poll := h.poll(); poll.Voters != 1 || poll.Tally.Beats(1, 0) != 1 || poll.Tally.Beats(0, 2) != 0 || !poll.Frozen {
		t.Errorf("after one is taken back: %d voters, %+v", poll.Voters, poll.Tally)
	}
}

func TestVotesThatSayNothingArePutRight(t *testing.T) {
	h := openPoll(t)
	h.ask(models.ThreadPoll{Kind: models.MultipleChoice, Least: 2, Most: 2, Options: words("a", "b", "c")})
	for _, marks := range [][]int{nil, {1}, {1, 0, 0}, {1, 1, 1}, {2, 1, 0}, {-1, 1, 1}, {1, 1, 0, 0}} {
		var invalid models.Invalid
		if _, err := h.vote(h.paul, 0, marks...); !errors.As(err, &invalid) {
			t.Errorf("%v: %v", marks, err)
		}
	}
	if _, err := h.vote(h.paul, 0, 1, 0, 1); err != nil {
		t.Error(err)
	}
}

func TestTheClockEndsAPollBeforeAnythingNotesIt(t *testing.T) {
	h := openPoll(t)
	h.ask(models.ThreadPoll{Kind: models.SingleChoice, Anonymous: true, Options: words("a", "b")})
	if _, err := h.vote(h.paul, 0, 1, 0); err != nil {
		t.Fatal(err)
	}
	var notNow *models.NotNow
	err := h.Tx(t.Context(), h.house.actor(h.paul), func(tx *models.Tx) error { // begun in time, but the poll is over when it would be stored
		thread, poll, err := tx.LockPoll(h.thread)
		if err != nil {
			return err
		}
		*h.now = h.now.Add(48 * time.Hour)
		_, err = tx.CastVote(thread, poll, models.Marks{0, 1}, "", 1)
		return err
	})
	if !errors.As(err, &notNow) {
		t.Errorf("a vote at the end: %v", err)
	}
	due, err := h.DuePolls(t.Context(), 10)
	if err != nil || !slices.Equal(due, []int64{h.thread}) {
		t.Fatalf("due are %v: %v", due, err)
	}
	for _, want := range []bool{true, false} { // once
		h.tx(nil, func(tx *models.Tx) error {
			_, closed, err := tx.CloseDuePoll(h.thread)
			if closed != want {
				t.Errorf("closed: %v", closed)
			}
			return err
		})
	}
	poll := h.poll()
	if poll.ClosedAt == nil || poll.ClosedBy != nil || poll.Electorate == nil || *poll.Electorate != 2 || poll.Tally.Count(0, 1) != 1 {
		t.Errorf("the closed poll is %+v", poll)
	}
	if poll.RemindAt == nil || poll.RemindAt.Weekday() != time.Tuesday { // closed on a Saturday
		t.Errorf("the reminder is due at %v", poll.RemindAt)
	}
	if left := modelstest.Rows(t, h.address)["poll_votes"]; len(left) > 0 {
		t.Errorf("an anonymous poll that is closed keeps %v", left)
	}
}

func TestNobodyIsInAnAnonymousPollButWhoVoted(t *testing.T) {
	h := openPoll(t)
	h.ask(models.ThreadPoll{Kind: models.SingleChoice, Anonymous: true, Options: words("a", "b")})
	if _, err := h.vote(h.paul, 0, 1, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := h.PollVoters(t.Context(), h.poll(), 0, 10); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("its voters: %v", err)
	}
	if poll := h.poll(); poll.Shows(true, *h.now) {
		t.Error("a single vote is shown")
	}
	vote, err := h.OwnVote(t.Context(), h.house.actor(h.paul), h.thread)
	if err != nil || vote == nil || vote.VotedAt != nil || vote.ChangedAt != nil {
		t.Errorf("the vote is %+v: %v", vote, err)
	}
}

func TestWhatAPollAsksIsFixedWithTheFirstVote(t *testing.T) {
	h := openPoll(t)
	h.ask(models.ThreadPoll{Kind: models.SingleChoice, Options: words("a", "b")})
	save := func(base int, labels ...string) error {
		return h.Tx(t.Context(), h.house.actor(h.mona), func(tx *models.Tx) error {
			poll := &models.ThreadPoll{Kind: models.SingleChoice, Question: "Which?", Results: models.ResultsClosed, Options: words(labels...), ClosesAt: h.now.Add(time.Hour)}
			return tx.SavePoll(&models.Thread{ID: h.thread}, poll, base)
		})
	}
	if err := save(0, "a", "c"); !errors.Is(err, models.ErrConflict) {
		t.Errorf("from an old version: %v", err)
	}
	if err := save(1, "a", "c"); err != nil {
		t.Error(err)
	}
	if _, err := h.vote(h.paul, 0, 1, 0); err != nil {
		t.Fatal(err)
	}
	var notNow *models.NotNow
	if err := save(2, "a", "d"); !errors.As(err, &notNow) {
		t.Errorf("after a vote: %v", err)
	}
	for name, labels := range map[string][]string{"one": {"a"}, "twice": {"a", "a"}, "many": slices.Repeat([]string{"a"}, 21)} {
		var invalid models.Invalid
		poll := &models.ThreadPoll{Kind: models.SingleChoice, Question: "Which?", Results: models.ResultsClosed, Options: words(labels...), ClosesAt: h.now.Add(time.Hour)}
		if err := poll.Validate(*h.now); !errors.As(err, &invalid) || invalid["options"] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAMergeOfAccountsLeavesOneVote(t *testing.T) {
	h := openPoll(t)
	h.ask(models.ThreadPoll{Kind: models.SingleChoice, Options: words("a", "b")})
	boss, other := h.user("boss", models.RoleOwner), h.user("paul2", models.RoleEmployee)
	for user, marks := range map[*models.User][]int{h.paul: {1, 0}, other: {0, 1}} {
		if _, err := h.vote(user, 0, marks...); err != nil {
			t.Fatal(err)
		}
	}
	merge := &models.Merge{}
	h.tx(h.house.actor(boss), func(tx *models.Tx) error {
		kept, gone, err := tx.LockPair(h.paul.ID, other.ID)
		if err == nil {
			merge, err = tx.MergePeople(kept, gone)
		}
		return err
	})
	if poll := h.poll(); poll.Voters != 1 || poll.Tally.Count(0, 1) != 1 || poll.Tally.Count(1, 1) != 0 {
		t.Errorf("merged: %d voters, %+v", poll.Voters, poll.Tally)
	}
	if voters, err := h.PollVoters(t.Context(), h.poll(), 0, 10); err != nil || len(voters) != 1 {
		t.Errorf("%d voters are named: %v", len(voters), err)
	}
	h.tx(h.house.actor(boss), func(tx *models.Tx) error {
		kept, gone, err := tx.LockPair(h.paul.ID, other.ID)
		if err == nil {
			_, err = tx.TakeMergeBack(merge, kept, gone)
		}
		return err
	})
	if poll := h.poll(); poll.Voters != 2 || poll.Tally.Count(1, 1) != 1 {
		t.Errorf("parted: %d voters, %+v", poll.Voters, poll.Tally)
	}
}

func TestTheAuthorIsRemindedOfTheOutcomeFourTimesAtMost(t *testing.T) {
	h := openPoll(t)
	h.ask(models.ThreadPoll{Kind: models.SingleChoice, Options: words("a", "b")})
	h.tx(h.house.actor(h.mona), func(tx *models.Tx) error {
		thread, poll, err := tx.LockPoll(h.thread)
		if err == nil {
			_, err = tx.ClosePoll(thread, poll)
		}
		return err
	})
	told := 0
	for range 60 {
		*h.now = h.now.Add(24 * time.Hour)
		waiting, err := h.WaitingPolls(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range waiting {
			told++
			h.tx(nil, func(tx *models.Tx) error { return tx.RemindOfOutcome(id) })
		}
	}
	if told != 4 {
		t.Errorf("reminded %d times", told)
	}
	notices, err := h.HouseNotices(t.Context(), h.house.actor(h.mona))
	if err != nil || len(notices) != 4 || notices[0].Kind != models.NoticeOutcomeWanted || notices[0].ThreadTitle != "Where to" {
		t.Errorf("the notices are %+v: %v", notices, err)
	}
}
