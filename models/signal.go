package models

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// signals is the channel on which the processes of a house tell each other what is of no use a moment later.
const signals = "ruche_live"

// MaxSignal bounds a signal: PostgreSQL takes less than 8,000 bytes.
const MaxSignal = 7500

// Signal tells the other processes of the house something that nobody misses who does not hear it: it is kept nowhere. It names
// ids and never a name or a text. With SQLite there are no others.
func (db *DB) Signal(ctx context.Context, text string) error {
	if !db.postgres() {
		return nil
	}
	if result := db.write.WithContext(ctx).Exec("SELECT pg_notify(?, ?)", signals, text); result.Error != nil {
		return fmt.Errorf("signal: %w", result.Error)
	}
	return nil
}

// Signals hands over what the processes of the house signal, this one's included, until ctx ends or the connection does.
func (db *DB) Signals(ctx context.Context, hear func(text string)) error {
	if !db.postgres() {
		<-ctx.Done()
		return ctx.Err()
	}
	connection, err := pgx.Connect(ctx, db.patient)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = connection.Close(ctx)
	}()
	if _, err := connection.Exec(ctx, "LISTEN "+signals); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	for {
		heard, err := connection.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		hear(heard.Payload)
	}
}
