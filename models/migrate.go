package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/pressly/goose/v3"

	"ruche/migrations"
)

// migrate brings the schema up to date. Indexing what a large house has written takes longer than a
// request may, and so does waiting for another process that does it: this has connections of its own.
func (db *DB) migrate(ctx context.Context) (err error) {
	pool := db.pools[0]
	if db.postgres() {
		if pool, err = sql.Open("pgx", db.patient); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, pool.Close()) }()
		unlock, err := lockSchema(ctx, pool)
		if err != nil {
			return err
		}
		defer unlock()
	}
	provider, newest, err := db.schemas(pool)
	if err != nil {
		return err
	}
	current, err := provider.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	if current > newest {
		return tooNew(current, newest)
	}
	applied, err := provider.Up(ctx)
	if err == nil && len(applied) > 0 && current > 0 && db.postgres() {
		// Of a table that was made anew nothing is known until PostgreSQL counts it by itself, minutes later: its pages would be slow until then.
		_, err = pool.ExecContext(ctx, "ANALYZE")
	}
	return err
}

// schemas is what applies the schemas that this program knows, and the number of the newest.
func (db *DB) schemas(pool *sql.DB) (*goose.Provider, int64, error) {
	dialect, gooseDialect := migrations.SQLite, goose.DialectSQLite3
	if db.postgres() {
		dialect, gooseDialect = migrations.Postgres, goose.DialectPostgres
	}
	files, err := migrations.FS(dialect)
	if err != nil {
		return nil, 0, err
	}
	provider, err := goose.NewProvider(gooseDialect, pool, files, goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return nil, 0, err
	}
	sources := provider.ListSources()
	return provider, sources[len(sources)-1].Version, nil
}

func tooNew(current, newest int64) error {
	return fmt.Errorf("the database has schema %d, this program knows %d: start a newer Ruche", current, newest)
}

// ErrOldSchema says that the next start of this program brings the schema up to date.
var ErrOldSchema = errors.New("the schema is older than this program")

// inspect compares the schema with this program and changes nothing: a server of the version before may be running.
func (db *DB) inspect(ctx context.Context) error {
	pool := db.pools[0]
	if err := pool.PingContext(ctx); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	_, newest, err := db.schemas(pool)
	if err != nil {
		return err
	}
	var current int64
	if err := pool.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version").Scan(&current); err != nil {
		return ErrOldSchema // an empty database has no such table
	}
	switch {
	case current > newest:
		return tooNew(current, newest)
	case current < newest:
		return ErrOldSchema
	}
	return nil
}

// schemaLock is the advisory lock under which one process at a time migrates a PostgreSQL database.
const schemaLock = 711

func lockSchema(ctx context.Context, pool *sql.DB) (unlock func(), err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", schemaLock); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", schemaLock)
		_ = conn.Close()
	}, nil
}
