package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver

	"ruche/app/apptest/peers"
	"ruche/models"
	"ruche/search"
)

// growth changes when what grow.go makes does: what was grown before is then left aside.
const growth = "6"

// store keeps grown houses between runs: growing a hundred thousand ideas takes minutes.
type store struct {
	data     string // folder of the real data
	dir      string // SQLite databases and indexes, a folder a size
	cluster  string // folder of the PostgreSQL cluster
	material *material
	words    words
}

// openStore finds the folders of what was grown from the same data. A newer schema is no matter: the
// server brings old houses up to date.
func openStore(ctx context.Context, data string) (*store, error) {
	key := sha256.New()
	key.Write([]byte(growth))
	for _, name := range []string{"ideas.jsonl", "comments.jsonl"} {
		raw, err := os.ReadFile(filepath.Join(data, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		key.Write(raw)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%x", key.Sum(nil)[:6])
	// The cluster's folder must be open to the user that PostgreSQL runs as, which a home is not.
	s := &store{data: data, dir: filepath.Join(cache, "ruche", "bench-"+name), cluster: filepath.Join(os.TempDir(), "ruche-bench-"+name)}
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return nil, err
	}
	return s, s.loadWords(ctx)
}

// loadWords chooses what is searched for, once: it takes reading all texts.
func (s *store) loadWords(ctx context.Context) error {
	path := filepath.Join(s.dir, "words.json")
	raw, err := os.ReadFile(path)
	if err == nil {
		return json.Unmarshal(raw, &s.words)
	}
	if err := s.needMaterial(ctx); err != nil {
		return err
	}
	s.words = s.material.words()
	if raw, err = json.Marshal(s.words); err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o600)
}

func (s *store) needMaterial(ctx context.Context) (err error) {
	if s.material == nil {
		say("reading the texts")
		s.material, err = loadMaterial(ctx, s.data)
	}
	return err
}

// grow fills a database that is empty.
func (s *store) grow(ctx context.Context, address string, size int) error {
	if err := s.needMaterial(ctx); err != nil {
		return err
	}
	db, err := models.Open(ctx, address, models.Options{})
	if err != nil {
		return err
	}
	err = grow(ctx, db, s.material, size, func(done int) { progress("growing", done, size) })
	return errors.Join(err, db.Close())
}

// sqlite returns the folder of a house of the given size, grown and indexed.
func (s *store) sqlite(ctx context.Context, size int) (dir string, err error) {
	dir = filepath.Join(s.dir, strconv.Itoa(size))
	if _, err := os.Stat(dir); err != nil {
		temporary, err := os.MkdirTemp(s.dir, "growing-")
		if err != nil {
			return "", err
		}
		defer os.RemoveAll(temporary)
		if err := s.grow(ctx, "sqlite://"+filepath.Join(temporary, "ruche.db"), size); err != nil {
			return "", err
		}
		if err := os.Rename(temporary, dir); err != nil {
			return "", err
		}
	}
	return dir, index(ctx, dir)
}

// index sees to it that a folder's search index is whole and of this program's kind.
func index(ctx context.Context, dir string) (err error) {
	db, err := models.Open(ctx, "sqlite://"+filepath.Join(dir, "ruche.db"), models.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	index, err := search.Open(filepath.Join(dir, "search"), db, search.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	if status := index.Status(); status.Ready && !status.Rebuilding {
		return nil
	}
	return index.Rebuild(ctx, func(done, total int) { progress("indexing", done, total) })
}

// postgres opens the cluster, which holds a grown database for each size.
func (s *store) postgres(ctx context.Context) (*peers.Postgres, error) {
	return peers.KeepPostgres(ctx, s.cluster, peers.Durable)
}

// runDatabase is the database that the measured server changes: a copy of a grown one.
const runDatabase = "run"

// copyPostgres makes a database of the given size for a run, grown before if it is not there yet.
func (s *store) copyPostgres(ctx context.Context, cluster *peers.Postgres, size int) (address string, err error) {
	admin, err := sql.Open("pgx", cluster.URL(""))
	if err != nil {
		return "", err
	}
	defer admin.Close()
	grown := "grown_" + strconv.Itoa(size)
	var known bool
	if err := admin.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", grown).Scan(&known); err != nil {
		return "", err
	}
	if !known {
		if err := statements(ctx, admin, "DROP DATABASE IF EXISTS growing", "CREATE DATABASE growing"); err != nil {
			return "", err
		}
		if err := s.grow(ctx, cluster.URL("growing"), size); err != nil {
			return "", err
		}
		if err := vacuum(ctx, cluster.URL("growing")); err != nil {
			return "", err
		}
		if err := statements(ctx, admin, "ALTER DATABASE growing RENAME TO "+grown); err != nil {
			return "", err
		}
	}
	return cluster.URL(runDatabase), statements(ctx, admin, "DROP DATABASE IF EXISTS "+runDatabase+" WITH (FORCE)", "CREATE DATABASE "+runDatabase+" TEMPLATE "+grown, "CHECKPOINT")
}

// vacuum does what PostgreSQL would have done by itself over the years.
func vacuum(ctx context.Context, address string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer db.Close()
	return statements(ctx, db, "VACUUM ANALYZE")
}

func statements(ctx context.Context, db *sql.DB, all ...string) error {
	for _, statement := range all {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
