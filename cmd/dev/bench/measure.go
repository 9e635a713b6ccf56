package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"ruche/models"
)

// figure is what one kind of request cost, on one database of one size, over so many connections.
type figure struct {
	Database      string
	Size          int
	Request       string
	Connections   int
	P50, P95, P99 time.Duration
	Rate          float64       // requests a second
	CPU, Base     time.Duration // of the server and of the database's own processes, a request
	Statements    float64       // a request
	Allocations   float64       // a request
	Allocated     float64       // bytes a request
	Bytes         float64       // of the answer's body, as sent
	PerSize       bool          // its growth with the data has a target
}

// subject is a server that is measured.
type subject struct {
	*server
	database string
	size     int
	base     int // the process of the database server, 0 for none
}

// used is what the server and its database have computed so far.
type used struct {
	cpu, base time.Duration
	counters
}

func (s *subject) used(ctx context.Context) (u used, err error) {
	if u.counters, err = s.counters(ctx); err != nil {
		return u, err
	}
	if u.cpu, err = cpu(s.pid()); err != nil || s.base == 0 {
		return u, err
	}
	u.base, err = cpuOfAll(s.base)
	return u, err
}

// measure warms a scenario up and then measures one window of it.
func (s *subject) measure(ctx context.Context, g *generator, sc *scenario, window time.Duration) (*figure, error) {
	if _, err := g.run(ctx, sc, window/4); err != nil {
		return nil, err
	}
	if err := s.settle(ctx, sc); err != nil {
		return nil, err
	}
	before, err := s.used(ctx)
	if err != nil {
		return nil, err
	}
	l, err := g.run(ctx, sc, window)
	if err != nil {
		return nil, err
	}
	if err := s.settle(ctx, sc); err != nil {
		return nil, err
	}
	after, err := s.used(ctx)
	if err != nil {
		return nil, err
	}
	n := time.Duration(l.count())
	return &figure{
		Database: s.database, Size: s.size, Request: sc.name, Connections: len(g.clients), PerSize: sc.perSize,
		P50: l.percentile(.5), P95: l.percentile(.95), P99: l.percentile(.99), Rate: l.rate(),
		CPU: (after.cpu - before.cpu) / n, Base: (after.base - before.base) / n,
		Statements:  (after.statements - before.statements) / float64(n),
		Allocations: (after.allocations - before.allocations) / float64(n), Allocated: (after.allocated - before.allocated) / float64(n),
		Bytes: float64(l.bytes) / float64(n),
	}, nil
}

// settle waits, after writes, until the readers of the event log have caught up: what they do is part
// of what a write costs.
func (s *subject) settle(ctx context.Context, sc *scenario) error {
	if !sc.writes {
		return nil
	}
	last := time.Duration(-1)
	for range 40 {
		time.Sleep(250 * time.Millisecond)
		now, err := s.used(ctx)
		if err != nil {
			return err
		}
		if last >= 0 && now.cpu+now.base-last <= 2*tick {
			return nil
		}
		last = now.cpu + now.base
	}
	return nil
}

// run is one measured house.
type run struct {
	figures []*figure
	starts  time.Duration // the time to start with the index that is there
	memory  memory        // under load: the most seen
	visits  []*visit
	policy  []policyCost
}

// connections are how many requests are under way at once.
var connections = []int{2, 32}

// measureHouse starts the server on a folder and measures every scenario.
func (b *bench) measureHouse(ctx context.Context, database, dir, address string, size, base int) (r *run, err error) {
	settings := []string{"RUCHE_ADDR=$ADDR", "RUCHE_BASE_URL=$URL", "RUCHE_DATA_DIR=" + dir, "RUCHE_DATABASE_URL=" + address, "RUCHE_RATE_LIMIT=false"}
	log := filepath.Join(dir, "log")
	r = &run{}
	db, err := models.Open(ctx, b.address(dir, address), models.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := bringUpToDate(ctx, db); err != nil {
		return nil, err
	}
	if r.starts, err = b.startTime(ctx, log, settings); err != nil {
		return nil, err
	}
	started, err := startServer(ctx, "/readyz", log, []string{b.ruche, "serve"}, settings...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, started.stop()) }()
	who, err := signIn(ctx, db, started.url)
	if err != nil {
		return nil, err
	}
	plan, err := newPlan(ctx, db, who, b.store.words)
	if err != nil {
		return nil, err
	}
	scenarios, err := plan.scenarios()
	if err != nil {
		return nil, err
	}
	if err := upToDate(ctx, db); err != nil {
		return nil, err
	}
	s := &subject{server: started, database: database, size: size, base: base}
	if err := s.measureAll(ctx, r, scenarios, b.options); err != nil {
		return nil, err
	}
	if r.policy, err = measurePolicy(ctx, db, who, base); err != nil {
		return nil, err
	}
	if b.chromium != nil {
		r.visits, err = firstVisits(ctx, b.chromium.URL, started.url, who.usual[0], plan.paths[0])
	}
	return r, err
}

// measureAll measures every scenario, and the memory after each.
func (s *subject) measureAll(ctx context.Context, r *run, scenarios []scenario, o options) error {
	for i := range scenarios {
		if !o.wants(scenarios[i].name) {
			continue
		}
		for _, n := range connections {
			g := newGenerator(s.url, n)
			f, err := s.measure(ctx, g, &scenarios[i], o.window)
			g.close()
			if err != nil {
				return err
			}
			r.figures = append(r.figures, f)
			say("%s", f.line())
		}
		now, err := memoryOf(s.pid())
		if err != nil {
			return err
		}
		r.memory = memory{max(r.memory.resident, now.resident), now.peak, max(r.memory.own, now.own)}
	}
	return nil
}

// startTime is the shortest of three starts: the others were held up by something else.
func (b *bench) startTime(ctx context.Context, log string, settings []string) (least time.Duration, err error) {
	for range 3 {
		started, err := startServer(ctx, "/readyz", log, []string{b.ruche, "serve"}, settings...)
		if err != nil {
			return 0, err
		}
		if least == 0 || started.took < least {
			least = started.took
		}
		_ = started.stop() // told to stop so soon, it may say that it could not finish its start
	}
	return least, nil
}

func (b *bench) address(dir, address string) string {
	if address == "" {
		return "sqlite://" + filepath.Join(dir, "ruche.db")
	}
	return address
}

// copyHouse makes a folder for a run out of a grown one. The measured server changes it.
func copyHouse(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.CopyFS(to, os.DirFS(from))
}
