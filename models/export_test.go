package models

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Watch shows every statement that is read with from here on, as it runs, with its values in their places.
func (db *DB) Watch(see func(statement string)) {
	note(db.g)
	db.g = db.g.Session(&gorm.Session{Logger: watcher{db.counter, see}})
}

// WatchChanges is Watch for what runs in transactions from here on.
func (db *DB) WatchChanges(see func(statement string)) {
	note(db.write)
	db.write = db.write.Session(&gorm.Session{Logger: watcher{db.counter, see}})
}

type watcher struct {
	*counter
	see func(string)
}

func (w watcher) LogMode(logger.LogLevel) logger.Interface { return w }

func (w watcher) Trace(_ context.Context, _ time.Time, statement func() (string, int64), _ error) {
	text, _ := statement()
	w.see(text)
}

// note keeps each statement that GORM runs from here on beside its text with values, for Plan.
func note(g *gorm.DB) {
	keep := func(g *gorm.DB) {
		text := g.Statement.SQL.String()
		unbound.Store(g.Explain(text, g.Statement.Vars...), unboundStatement{text, g.Statement.Vars})
	}
	for _, kind := range []interface {
		Replace(string, func(*gorm.DB)) error
	}{g.Callback().Row().After("gorm:row"), g.Callback().Raw().After("gorm:raw"), g.Callback().Query().After("gorm:query")} {
		if err := kind.Replace("note", keep); err != nil {
			panic(err)
		}
	}
}

// unbound has the statements that were watched, by their texts with values.
var unbound sync.Map

type unboundStatement struct {
	text   string
	values []any
}

// Plan is how the database would run a statement, one step a line.
func (db *DB) Plan(ctx context.Context, statement string) (string, error) {
	if db.postgres() {
		// Small tables, and all of a space in them, are read whole, which is cheaper; what matters is whether there is another way.
		var lines []string
		err := db.g.WithContext(ctx).Connection(func(g *gorm.DB) (err error) {
			if err := g.Exec("SET enable_seqscan = off; SET enable_bitmapscan = off").Error; err != nil {
				return err
			}
			explained := statement
			if noted, ok := unbound.Load(statement); ok { // the plan for any values is the one that is run with
				of := noted.(unboundStatement)
				if err := g.Exec("PREPARE planned AS " + of.text).Error; err != nil {
					return err
				}
				defer func() { err = errors.Join(err, g.Exec("DEALLOCATE planned").Error) }()
				explained = "EXECUTE planned"
				if len(of.values) > 0 {
					explained += "(" + g.Explain(strings.Join(placeholders(len(of.values)), ", "), of.values...) + ")"
				}
			}
			err = g.Raw("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + explained).Scan(&lines).Error
			return errors.Join(err, g.Exec("RESET enable_seqscan; RESET enable_bitmapscan").Error)
		})
		return strings.Join(lines, "\n"), err
	}
	var steps []struct {
		ID, Parent int
		Detail     string
	}
	err := db.g.WithContext(ctx).Raw("EXPLAIN QUERY PLAN " + statement).Scan(&steps).Error
	paths := map[int]string{}
	lines := make([]string, len(steps))
	for i, step := range steps { // each behind those that it is a part of
		lines[i] = step.Detail
		if above := paths[step.Parent]; above != "" {
			lines[i] = above + " / " + step.Detail
		}
		paths[step.ID] = lines[i]
	}
	return strings.Join(lines, "\n"), err
}

func placeholders(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = "$" + strconv.Itoa(i+1)
	}
	return texts
}

// Analyze lets PostgreSQL count what is written and note which pages everyone sees, as it does by itself after a
// while. It notes no page whose writing has not reached the disk, which it may do a moment later with the settings of tests.
func (db *DB) Analyze(ctx context.Context) error {
	if !db.postgres() {
		return nil
	}
	for range 100 {
		if err := db.write.WithContext(ctx).Exec("VACUUM ANALYZE").Error; err != nil {
			return err
		}
		var unseen int
		err := db.write.WithContext(ctx).Raw("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relallvisible < relpages").Scan(&unseen).Error
		if unseen == 0 || err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("analyze: pages are still unseen")
}

// HeldInPlace tells whether texts of a table can be held by where they stand.
func (h *Holding) HeldInPlace() bool { return heldTexts(h.Table) != "" }
