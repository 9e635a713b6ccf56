package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"

	"ruche/models"
	"ruche/search"
)

type reindexCommand struct{}

// Run builds the index here if nobody else has it; a running server is asked to build its own and
// goes on answering from the old one until then.
func (reindexCommand) Run(s *streams) error {
	config, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	index, err := search.Open(filepath.Join(config.DataDir, "search"), db, search.Options{Log: slog.Default()})
	if errors.Is(err, search.ErrLocked) {
		fmt.Fprintln(s.out, "Ruche is running here: it rebuilds its index now and swaps it in when done; /readyz and the log tell when.")
		return askForIndex(s, db)
	}
	if err != nil {
		return err
	}
	defer index.Close()
	if err := index.Rebuild(s.ctx, func(done, total int) { bar(s.err, "Indexing", done, total) }); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "\n%d documents indexed.\n", index.Status().Docs)
	if db.Postgres() {
		return askForIndex(s, db) // other machines have indexes of their own
	}
	return nil
}

func askForIndex(s *streams, db *models.DB) error {
	return db.Tx(s.ctx, nil, func(tx *models.Tx) error { return tx.Record(models.SearchReindex, models.System{}, nil) })
}

// bar draws a progress bar on one line; total is 0 while it is unknown.
func bar(w io.Writer, label string, done, total int) {
	const width = 30
	filled := 0
	if total > 0 {
		filled = min(width, width*done/total)
	}
	fmt.Fprintf(w, "\r%s [%s%s] %d/%d", label, strings.Repeat("█", filled), strings.Repeat("·", width-filled), done, total)
}
