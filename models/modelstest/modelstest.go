// Package modelstest opens empty databases for tests: SQLite files, or databases of the PostgreSQL
// server that RUCHE_TEST_DATABASE_URL names. It is imported by tests only.
package modelstest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver

	"ruche/models"
)

// Open returns an empty, migrated database that goes with the test.
func Open(t testing.TB, options ...models.Options) *models.DB {
	t.Helper()
	db, err := models.Open(t.Context(), Address(t), first(options))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func first(options []models.Options) models.Options {
	if len(options) == 0 {
		return models.Options{}
	}
	return options[0]
}

// Address returns the address of an empty, migrated database that goes with the test, for models.Open.
func Address(t testing.TB) string {
	t.Helper()
	server := os.Getenv("RUCHE_TEST_DATABASE_URL")
	if server == "" {
		return sqlite(t)
	}
	return postgres(t, server)
}

// empty is a migrated SQLite database that tests copy, since migrating each anew takes longer.
var empty = sync.OnceValues(func() (raw []byte, err error) {
	dir, err := os.MkdirTemp("", "ruche-empty-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "ruche.db")
	if err := migrate("sqlite://" + file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

func sqlite(t testing.TB) string {
	t.Helper()
	raw, err := empty()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ruche.db")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite://" + file
}

var (
	templates sync.Map // server → *template
	serial    atomic.Int64
)

// template is the same on a PostgreSQL server.
type template struct {
	once sync.Once
	name string
	err  error
}

func postgres(t testing.TB, server string) string {
	t.Helper()
	value, _ := templates.LoadOrStore(server, &template{})
	base := value.(*template)
	base.once.Do(func() { base.name, base.err = migrated(server) })
	if base.err != nil {
		t.Fatal(base.err)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), serial.Add(1))
	if err := admin(server, "CREATE DATABASE "+name+" TEMPLATE "+base.name+" STRATEGY = FILE_COPY"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin(server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return named(server, name)
}

func migrated(server string) (string, error) {
	name := fmt.Sprintf("template_%d", os.Getpid())
	if err := admin(server, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	return name, migrate(named(server, name))
}

// migrate brings an empty database up to date and leaves it.
func migrate(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := models.Open(ctx, address, models.Options{})
	if err != nil {
		return err
	}
	return db.Close()
}

func named(server, database string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + database
	return u.String()
}

func admin(server, statement string) error {
	pool, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.Exec(statement)
	return err
}
