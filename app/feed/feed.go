// Package feed runs the readers of the event log that keep their results in the database. Each
// moves its cursor in the transaction of its own writes, so it deals with every event exactly once,
// whichever process runs it. Readers with local state, such as the search index, follow the log themselves.
package feed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ruche/models"
)

// Reader reacts to what happened.
type Reader interface {
	// Name is the reader's cursor in the database; a new name reads the whole log again.
	Name() string
	// Read deals with events, oldest first, in a transaction that also moves the cursor.
	// It runs again with the same events if the transaction fails.
	Read(tx *models.Tx, events []models.Event) error
}

// batch is how many events a reader deals with in one transaction: few enough that it is short.
const batch = 100

// Patient is a reader of which one event can be much work, so that it takes fewer of them in one transaction.
type Patient interface{ Batch() int }

func batchOf(reader Reader) int {
	if patient, ok := reader.(Patient); ok {
		return patient.Batch()
	}
	return batch
}

// poll is how often the log is looked at for events of other processes.
const poll = 500 * time.Millisecond

// Follow runs the reader until ctx ends. It looks when something is recorded here, and otherwise
// every half second. What fails is tried again.
func Follow(ctx context.Context, db *models.DB, reader Reader) {
	woken, stop := db.Listen()
	defer stop()
	trouble := Trouble{}
	for {
		wait := poll
		err := CatchUp(ctx, db, reader)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			wait = trouble.Met(ctx, "reader of the event log is held up", err, "reader", reader.Name())
		default:
			trouble.Over(ctx, "reader of the event log goes on", "reader", reader.Name())
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-woken:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// CatchUp lets the reader deal with every event up to now.
func CatchUp(ctx context.Context, db *models.DB, reader Reader) error {
	for {
		began := time.Now() //check:allow clock how long the work took, not when
		done, err := step(ctx, db, reader)
		if err != nil {
			return fmt.Errorf("reader %s: %w", reader.Name(), err)
		}
		if done {
			return nil
		}
		// As long a break as the work took: SQLite lets another process write only if it asks while nobody else does.
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(time.Since(began), maxBreak)):
		}
	}
}

// maxBreak bounds the break between two transactions of a reader that has a lot to catch up with.
const maxBreak = 100 * time.Millisecond

// stepTimeout bounds one transaction, so that a database that has gone without a word is noticed.
const stepTimeout = 30 * time.Second

// errNothing ends a transaction that has nothing to commit.
var errNothing = errors.New("nothing to read")

func step(ctx context.Context, db *models.DB, reader Reader) (done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	if idle, err := atEnd(ctx, db, reader); idle || err != nil {
		return idle, err
	}
	err = db.Tx(ctx, nil, func(tx *models.Tx) error {
		position, err := tx.Cursor(reader.Name())
		if err != nil {
			return err
		}
		events, err := tx.EventsAfter(ctx, position, batchOf(reader))
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return errNothing
		}
		if err := reader.Read(tx, events); err != nil {
			return err
		}
		return tx.MoveCursor(reader.Name(), events[len(events)-1].ID)
	})
	if errors.Is(err, errNothing) {
		return true, nil
	}
	return false, err
}

// atEnd asks without a transaction whether there is anything new, so that an idle reader costs a
// point query and no writer's turn.
func atEnd(ctx context.Context, db *models.DB, reader Reader) (bool, error) {
	cursors, err := db.Cursors(ctx)
	if err != nil {
		return false, err
	}
	last, err := db.LastEventID(ctx)
	return cursors[reader.Name()] >= last, err
}
