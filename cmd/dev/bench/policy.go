package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"syscall"
	"time"

	"ruche/models"
)

// policyCost is what the permission policy costs a request of one person: it asks once who they are and which spaces
// they see, reads every list under a condition about these spaces, and decides about a loaded record without asking.
type policyCost struct {
	spaces     int           // that they see
	actor      time.Duration // to load them, CPU here and in the database
	statements float64       // for that
	list       time.Duration // to read thirty ideas among what they see, likewise
	decide     time.Duration // about one record
}

// policyCalls are how many calls one figure is the mean of: CPU is counted in hundredths of a second.
const policyCalls = 2000

// measurePolicy measures it for those who see one space, some and all.
func measurePolicy(ctx context.Context, db *models.DB, who *people, base int) (costs []policyCost, err error) {
	for _, one := range []*person{who.narrow, who.usual[0], who.wide} {
		cost := policyCost{spaces: len(one.actor.Spaces)}
		before := db.Statements()
		if cost.actor, err = computed(base, policyCalls, func() error {
			_, err := db.ActorByID(ctx, one.actor.ID)
			return err
		}); err != nil {
			return nil, err
		}
		cost.statements = float64(db.Statements()-before) / policyCalls
		if cost.list, err = computed(base, policyCalls, func() error {
			_, _, err := db.Ideas(ctx, one.actor, models.IdeaQuery{Sort: models.SortTrending, Limit: 30})
			return err
		}); err != nil {
			return nil, err
		}
		last := &models.Space{ID: one.actor.Spaces[len(one.actor.Spaces)-1].ID}
		if cost.decide, err = computed(0, 1000*policyCalls, func() error {
			one.actor.Can(models.PostComment, last)
			return nil
		}); err != nil {
			return nil, err
		}
		costs = append(costs, cost)
	}
	return costs, nil
}

// computed is the CPU time of one call, of this process and of the database's.
func computed(base, calls int, call func() error) (time.Duration, error) {
	used := func() (sum time.Duration, err error) {
		var own syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
			return 0, err
		}
		sum = time.Duration(own.Utime.Nano() + own.Stime.Nano())
		if base == 0 {
			return sum, nil
		}
		database, err := cpuOfAll(base)
		return sum + database, err
	}
	before, err := used()
	if err != nil {
		return 0, err
	}
	for range calls {
		if err := call(); err != nil {
			return 0, err
		}
	}
	after, err := used()
	return (after - before) / time.Duration(calls), err
}

func (r *report) writePolicy(w io.Writer) {
	largest := slices.Max(r.sizes)
	fmt.Fprintf(w, "\n## What the policy costs a request, with %s ideas\n\n"+
		"Each request asks once who the person is and which spaces they see, reads its lists under a condition about these, and decides about records that it\n"+
		"has loaded without asking again. CPU of the program and the database, measured without HTTP.\n\n", thousands(largest))
	header(w, "Database", "Spaces seen", "Who they are, ms", "SQL", "Of the list request", "Thirty ideas among what they see, ms", "One decision, µs")
	for _, h := range r.houses {
		if h.size != largest {
			continue
		}
		for _, c := range h.policy {
			share := "–"
			if f := r.figure(h.database, h.size, listTrending, connections[0]); f != nil {
				share = fmt.Sprintf("%.0f %%", 100*float64(c.actor)/float64(f.cost()))
			}
			row(w, h.database, fmt.Sprint(c.spaces), ms(c.actor), fmt.Sprintf("%.1f", c.statements), share, ms(c.list), fmt.Sprintf("%.3f", float64(c.decide)/float64(time.Microsecond)))
		}
	}
}
