package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// Tx is one use case's transaction: the reads of Queries and every change.
type Tx struct {
	Queries
	ctx      context.Context
	actor    *Actor
	now      time.Time
	recorded bool
}

// Tx runs one use case in one transaction and commits it unless fn returns an error. Nothing slow
// belongs inside. On SQLite writers queue here, first come first served: SQLite's own waiting
// starves some of them for seconds.
func (db *DB) Tx(ctx context.Context, actor *Actor, fn func(*Tx) error) error {
	if db.turn != nil {
		select {
		case db.turn <- struct{}{}:
			defer func() { <-db.turn }()
		case <-ctx.Done():
			return fmt.Errorf("wait for the writer's turn: %w", ctx.Err())
		}
	}
	tx := &Tx{ctx: ctx, actor: actor, now: db.present()}
	err := db.write.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		tx.Queries = Queries{g, db.clock, db.quotas}
		return fn(tx)
	})
	if err != nil {
		return err
	}
	if tx.recorded {
		db.wake.all()
	}
	return nil
}

// Now is the time of the transaction, the same for everything in it.
func (tx *Tx) Now() time.Time { return tx.now }

// Context is that of the transaction.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Actor is who acts, nil for the system itself.
func (tx *Tx) Actor() *Actor { return tx.actor }

func (tx *Tx) actorID() int64 {
	if tx.actor == nil {
		return 0
	}
	return tx.actor.ID
}

// exec runs a changing statement and returns how many rows it changed.
func (tx *Tx) exec(sql string, args ...any) (int64, error) {
	result := tx.g.WithContext(tx.ctx).Exec(sql, args...)
	return result.RowsAffected, classify(result.Error)
}

// create inserts a record and fills in its id.
func (tx *Tx) create(record any) error {
	return classify(tx.g.WithContext(tx.ctx).Create(record).Error)
}

// raw scans the rows of a query into dest.
func (q Queries) raw(ctx context.Context, dest any, sql string, args ...any) error {
	return classify(q.g.WithContext(ctx).Raw(sql, args...).Scan(dest).Error)
}

// each scans the rows of a query one by one. It is for what every page reads: raw finds the fields by
// reflection, which takes as long as reading them.
func (q Queries) each(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.g.WithContext(ctx).Raw(query, args...).Rows()
	if err != nil {
		return classify(err)
	}
	for err == nil && rows.Next() {
		err = scan(rows)
	}
	return classify(errors.Join(err, rows.Err(), rows.Close()))
}

// one scans exactly one row into dest, or returns ErrNotFound.
func (q Queries) one(ctx context.Context, dest any, sql string, args ...any) error {
	result := q.g.WithContext(ctx).Raw(sql, args...).Scan(dest)
	if result.Error == nil && result.RowsAffected == 0 {
		return ErrNotFound
	}
	return classify(result.Error)
}
