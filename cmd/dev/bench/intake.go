package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"ruche/app"
	"ruche/app/imports"
)

// leastIntake is how many articles of real handbooks a second are to be taken in.
const leastIntake = 200

const intakeName = "handbooks"

// intake is what taking real handbooks into an empty house came to.
type intake struct {
	articles int
	took     time.Duration // until they were found by a search
}

// measureIntake takes the handbooks of the real data in, as `ruche import` does, until the index has all of them. Nothing where there
// are none.
func measureIntake(ctx context.Context, data string) (in intake, err error) {
	dir, err := os.MkdirTemp("", "ruche-bench-")
	if err != nil {
		return in, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	handbooks := filepath.Join(dir, "handbooks")
	if err := os.Mkdir(handbooks, 0o700); err != nil {
		return in, err
	}
	if err := os.WriteFile(filepath.Join(handbooks, "ideas.jsonl"), nil, 0o600); err != nil { // which an import looks for
		return in, err
	}
	for _, name := range []string{"spaces.jsonl", "articles.jsonl.gz"} {
		raw, err := os.ReadFile(filepath.Join(data, name))
		if errors.Is(err, os.ErrNotExist) {
			return in, nil
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(handbooks, name), raw, 0o600)
		}
		if err != nil {
			return in, err
		}
	}
	house, err := app.New(ctx, app.Config{Addr: "127.0.0.1:0", BaseURL: "http://127.0.0.1", DataDir: dir}, app.Options{})
	if err != nil {
		return in, err
	}
	defer func() { err = errors.Join(err, house.Close()) }()
	began := time.Now()
	report, err := imports.Import(ctx, house.DB, handbooks, imports.Options{})
	if err != nil {
		return in, fmt.Errorf("take in the handbooks: %w", err)
	}
	if err := house.Settle(ctx); err != nil {
		return in, err
	}
	return intake{report.Articles.New, time.Since(began)}, nil
}

// rate is in articles a second.
func (in intake) rate() float64 { return float64(in.articles) / max(in.took, 1).Seconds() }

func (r *report) writeIntake(w io.Writer) {
	if r.intake.articles > 0 {
		fmt.Fprintf(w, "\n## Taking in handbooks\n\n%s articles of real handbooks, their links to each other and the search index among what is done, on SQLite: %.0f a second, aimed at %d or more.\n",
			thousands(r.intake.articles), r.intake.rate(), leastIntake)
	}
}
