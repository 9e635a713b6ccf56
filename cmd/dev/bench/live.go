package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"ruche/models"
)

// Who has a page open while nothing happens: so many pages of so many people, of which some show the same discussion.
const (
	openPages  = 2000
	openPeople = 250
	sharedBy   = 200
	idleFor    = 10 * time.Second
	saidLive   = 20 // messages in the discussion that they share
	liveName   = "live readers"
)

// What is aimed at.
const (
	mostIdle    = 50 * time.Millisecond // of CPU a second
	mostPerPage = 64 << 10              // of memory
	mostHeard   = 300 * time.Millisecond
)

// liveFigure is what pages cost that are open, and how soon they hear of a message.
type liveFigure struct {
	database string
	perPage  int64         // bytes of memory
	idle     time.Duration // CPU a second, of the server and the database, while nothing happens
	first    time.Duration // from sending a message until the first of those who share the discussion has heard of it, in the middle
	half     time.Duration // until all have, in the middle
	most     time.Duration // and at most
}

// measureLive measures a server that does nothing else.
func (b *bench) measureLive(ctx context.Context, database, dir, address string, base int) (err error) {
	settings := []string{"RUCHE_ADDR=$ADDR", "RUCHE_BASE_URL=$URL", "RUCHE_DATA_DIR=" + dir, "RUCHE_DATABASE_URL=" + address, "RUCHE_RATE_LIMIT=false"}
	started, err := startServer(ctx, "/readyz", filepath.Join(b.work, "live.log"), []string{b.ruche, "serve"}, settings...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, started.stop()) }()
	db, err := models.Open(ctx, b.address(dir, address), models.Options{AsIs: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	r, err := newAudience(ctx, db, started.url)
	if err != nil {
		return err
	}
	defer r.close()
	s := &subject{server: started, database: database, base: base}
	f, err := r.measure(ctx, s)
	if err != nil {
		return err
	}
	b.report.live = append(b.report.live, f)
	say("%d open pages: %d bytes of memory each, %s ms of CPU a second; a message reaches the first of %d in %s ms, all in %s ms, at most %s ms",
		openPages, f.perPage, ms(f.idle), sharedBy, ms(f.first), ms(f.half), ms(f.most))
	return nil
}

// audience are the people with open pages.
type audience struct {
	url     string
	people  []*person
	rooms   []int64 // the ideas whose pages they have open; the first is shared
	client  *http.Client
	cancel  context.CancelFunc
	open    sync.WaitGroup
	heard   chan time.Time // one of those who share the first room has heard of a message there
	started chan error     // a stream is open, or was refused
}

func newAudience(ctx context.Context, db *models.DB, url string) (*audience, error) {
	r := &audience{url: url, heard: make(chan time.Time, openPages), started: make(chan error, openPages)}
	r.client = &http.Client{Transport: &http.Transport{DisableCompression: true}}
	for n := range openPeople {
		one, err := signInOne(ctx, db, url, fmt.Sprintf("personne%d@bench.test", benchPeople+n))
		if err != nil {
			return nil, err
		}
		r.people = append(r.people, one)
	}
	cards, _, err := db.Ideas(ctx, r.people[0].actor, models.IdeaQuery{Sort: models.SortTrending, Limit: 100})
	for i := range cards {
		r.rooms = append(r.rooms, cards[i].ID)
	}
	return r, err
}

func (r *audience) close() {
	if r.cancel != nil {
		r.cancel()
	}
	r.open.Wait()
	r.client.CloseIdleConnections()
}

func (r *audience) measure(ctx context.Context, s *subject) (*liveFigure, error) {
	f := &liveFigure{database: s.database}
	time.Sleep(2 * time.Second) // what comes with the start is over
	before, err := memoryOf(s.pid())
	if err != nil {
		return nil, err
	}
	if err := r.openAll(ctx); err != nil {
		return nil, err
	}
	time.Sleep(10 * time.Second) // who came has been told of
	after, err := memoryOf(s.pid())
	if err != nil {
		return nil, err
	}
	f.perPage = (after.own - before.own) / openPages
	idle, err := s.used(ctx)
	if err != nil {
		return nil, err
	}
	time.Sleep(idleFor)
	now, err := s.used(ctx)
	if err != nil {
		return nil, err
	}
	f.idle = time.Duration(float64(now.cpu+now.base-idle.cpu-idle.base) / idleFor.Seconds())
	return f, r.say(ctx, f)
}

// openAll opens the pages, a few at a time.
func (r *audience) openAll(ctx context.Context) error {
	ctx, r.cancel = context.WithCancel(ctx)
	for n := range openPages {
		room := r.rooms[0]
		if n >= sharedBy {
			room = r.rooms[1+n%(len(r.rooms)-1)]
		}
		r.open.Go(func() { r.listen(ctx, r.people[n%openPeople], room, n < sharedBy) })
		if n%20 == 19 {
			for range 20 {
				if err := <-r.started; err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// listen reads a stream to its end.
func (r *audience) listen(ctx context.Context, who *person, room int64, shares bool) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/live?room=idea:%d", r.url, room), http.NoBody)
	if err != nil {
		r.started <- err
		return
	}
	request.Header = who.header.Clone()
	response, err := r.client.Do(request)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("open a stream: status %d", response.StatusCode)
	}
	if r.started <- err; err != nil {
		return
	}
	defer response.Body.Close()
	said := fmt.Sprintf("data: idea:%d", room)
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if shares && lines.Text() == said {
			r.heard <- time.Now()
		}
	}
}

// say writes in the shared discussion and waits each time until everybody there has heard of it.
func (r *audience) say(ctx context.Context, f *liveFigure) error {
	var firsts, alls []time.Duration
	for n := range saidLive {
		form := url.Values{"body": {fmt.Sprintf("Un message du banc d’essai, le %de.", n)}}
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("%s/ideas/%d/comments", r.url, r.rooms[0]), strings.NewReader(form.Encode()))
		if err != nil {
			return err
		}
		request.Header = r.people[0].header.Clone()
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		sent := time.Now()
		response, err := r.client.Transport.RoundTrip(request)
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusSeeOther {
			return fmt.Errorf("say something: status %d", response.StatusCode)
		}
		times := make([]time.Duration, 0, sharedBy)
		for range sharedBy {
			select {
			case at := <-r.heard:
				times = append(times, at.Sub(sent))
			case <-time.After(10 * time.Second):
				return fmt.Errorf("%d of %d heard of a message", len(times), sharedBy)
			}
		}
		firsts, alls = append(firsts, slices.Min(times)), append(alls, slices.Max(times))
		time.Sleep(250 * time.Millisecond)
	}
	slices.Sort(firsts)
	slices.Sort(alls)
	f.first, f.half, f.most = firsts[len(firsts)/2], alls[len(alls)/2], alls[len(alls)-1]
	return nil
}

// writeLive shows what open pages cost.
func (r *report) writeLive(w io.Writer) {
	fmt.Fprintf(w, "\n## Pages that are open\n\n%s pages of %d people wait for something to happen, %d of them at the same discussion, in which %d messages are written one after the\n"+
		"other. Each page then asks for itself what it may see; that is the cost of the idea page.\n\n", thousands(openPages), openPeople, sharedBy, saidLive)
	header(w, "Database", "Memory a page, kB", "CPU a second while idle, ms", "The first hears of a message, p50 ms", "All "+fmt.Sprint(sharedBy)+" have, p50 ms", "at most, ms")
	for _, f := range r.live {
		row(w, f.database, fmt.Sprintf("%.1f", float64(f.perPage)/1024), ms(f.idle), ms(f.first), ms(f.half), ms(f.most))
	}
}
