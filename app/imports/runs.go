package imports

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"ruche/app/files"
	"ruche/app/jobs"
	"ruche/app/sheets"
	"ruche/app/web"
	"ruche/models"
)

// Imports is the feature in the browser: a file is sent, its columns are mapped, a dry run says what it would do, and all of it or
// nothing is taken in, which can be undone.
type Imports struct {
	web     *web.Web
	files   *files.Files
	reading *semaphore.Weighted // files that are being read: each may take the memory of a workbook
}

// Kinds of jobs.
const (
	checkJob = "import.check"
	runJob   = "import.run"
	undoJob  = "import.undo"
	sweepJob = "import.sweep"
)

// jobTimeout is how long an attempt may take, at the most rows.
const jobTimeout = 20 * time.Minute

// New returns the feature, and has its work done by the jobs.
func New(w *web.Web, store *files.Files, j *jobs.Jobs) *Imports {
	f := &Imports{web: w, files: store, reading: semaphore.NewWeighted(1)}
	j.Register(jobs.Kind{Name: checkJob, Timeout: jobTimeout, Work: f.workCheck})
	j.Register(jobs.Kind{Name: runJob, Timeout: jobTimeout, Work: f.workRun})
	j.Register(jobs.Kind{Name: undoJob, Timeout: jobTimeout, Work: f.workUndo})
	j.Register(jobs.Kind{Name: sweepJob, Every: 24 * time.Hour, Work: f.sweep})
	return f
}

// Target is where the rows of a file are to go.
type Target struct {
	SpaceID    int64
	CampaignID int64 // 0 for none
	What       models.DownloadKind
	Lang       string // of its sender's page, in which what the file does not name is named
}

// reading is what was found out about a file.
type reading struct {
	sheets.Facts
	Lang    string     // as its target has it
	Profile string     // the platform whose export it reads like, empty if none
	Sample  [][]string // its first rows, shortened
}

// sampleRows and sampleCell bound what the mapping shows of a file.
const (
	sampleRows = 3
	sampleCell = 60
)

// Receive takes a file in: it is read whole, and its rows are kept for the steps that follow. Nothing else changes.
func (f *Imports) Receive(ctx context.Context, actor *models.Actor, to Target, name string, upload io.Reader) (*models.IdeaImport, error) {
	run := &models.IdeaImport{SpaceID: to.SpaceID, What: to.What, Name: shownName(name), Key: "imports/" + strings.ToLower(rand.Text()) + ".gz"}
	if to.CampaignID != 0 {
		run.CampaignID = &to.CampaignID
	}
	if !to.What.Valid() {
		return nil, models.Invalid{"what": "imports.what_invalid"}
	}
	sent, err := f.spooled(upload)
	if err != nil {
		return nil, err
	}
	defer sent.Remove()
	rows, err := f.files.Spool()
	if err != nil {
		return nil, err
	}
	defer rows.Remove()
	if err := f.read(ctx, to.Lang, run, sent.File, rows); err != nil {
		return nil, err
	}
	if _, err := f.files.Keep(ctx, run.Key, "application/gzip", rows); err != nil {
		return nil, fmt.Errorf("keep the rows of a file: %w", err)
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateIdeaImport(run); err != nil {
			return err
		}
		if err := tx.ImportOpen(run); err != nil {
			return notNow(err)
		}
		return tx.Record(models.ImportSent, run, map[string]int{"rows": run.RowCount})
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("receive a file: %w", err), f.files.Forget(context.WithoutCancel(ctx), run.Key))
	}
	return run, nil
}

// MaxUpload is the largest file that is taken, in bytes.
const MaxUpload = 32_000_000

// spooled writes what is sent to disk.
func (f *Imports) spooled(upload io.Reader) (*files.Spool, error) {
	spool, err := f.files.Spool()
	if err != nil {
		return nil, err
	}
	size, err := io.Copy(spool, io.LimitReader(upload, MaxUpload+1))
	switch {
	case err == nil && size > MaxUpload:
		err = models.Invalid{"file": "imports.upload_large"}
	case err == nil && size == 0:
		err = models.Invalid{"file": string(sheets.Empty)}
	}
	if err != nil {
		spool.Remove()
		return nil, err
	}
	return spool, nil
}

// read reads a file through and notes what it is.
func (f *Imports) read(ctx context.Context, lang string, run *models.IdeaImport, sent *os.File, rows io.Writer) error {
	if err := f.reading.Acquire(ctx, 1); err != nil {
		return err
	}
	defer f.reading.Release(1)
	found, guessed, states := reading{Lang: lang}, mapping{Authors: authorsNamed, Stages: map[string]string{}}, 0
	take, done := sheets.WriteRows(rows)
	err := sheets.Read(sent, func() (*os.File, error) {
		spool, err := f.files.Spool()
		if err != nil {
			return nil, err
		}
		return spool.File, nil
	}, func(facts *sheets.Facts) error {
		found.Facts = *facts
		return nil
	}, func(row *sheets.Row) error {
		run.RowCount++
		if run.RowCount%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if len(found.Sample) == 0 && row.Mistake == "" {
			found.Profile, guessed.Fields = guess(found.Columns, row.Cells, run.What, lang)
			if run.CampaignID != nil {
				delete(guessed.Fields, fieldCampaign)
			}
		}
		if len(found.Sample) < sampleRows && row.Mistake == "" {
			found.Sample = append(found.Sample, shortened(row.Cells))
		}
		if at, mapped := guessed.Fields[fieldState]; mapped && at < len(row.Cells) && states < maxStates {
			if state := strings.TrimSpace(row.Cells[at]); state != "" && len(state) <= maxState && guessed.Stages[state] == "" {
				guessed.Stages[state], states = stageOf(state), states+1
			}
		}
		return take(row)
	})
	var mistake sheets.Mistake
	switch {
	case errors.As(err, &mistake):
		return models.Invalid{"file": string(mistake)}
	case err != nil:
		return fmt.Errorf("read a file: %w", err)
	case run.RowCount == 0:
		return models.Invalid{"file": string(sheets.Empty)}
	}
	if err := done(); err != nil {
		return err
	}
	return writeInto(map[*string]any{&run.Reading: found, &run.Mapping: guessed})
}

// writeInto writes documents of a run.
func writeInto(documents map[*string]any) error {
	for to, document := range documents {
		raw, err := json.Marshal(document)
		if err != nil {
			return err
		}
		*to = string(raw)
	}
	return nil
}

func shortened(cells []string) []string {
	short := make([]string, len(cells))
	for i, cell := range cells {
		short[i] = clip(strings.Join(strings.Fields(markdown(strings.ToValidUTF8(cell[:min(len(cell), 20*sampleCell)], ""))), " "), sampleCell)
	}
	return short
}

func clip(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// shownName is the name of a file as pages show it.
func shownName(name string) string {
	name = clip(strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), "")), " "), 100)
	if name == "" {
		return "–"
	}
	return name
}

// Map stores which column holds what, and has the file checked by it: a dry run.
func (f *Imports) Map(ctx context.Context, actor *models.Actor, id int64, to mapping) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		run, err := tx.OwnImport(ctx, actor, id)
		if err != nil {
			return err
		}
		var found reading
		if err := run.Into(run.Reading, &found); err != nil {
			return err
		}
		if err := to.validate(actor, run, len(found.Columns)); err != nil {
			return err
		}
		if err := writeInto(map[*string]any{&run.Mapping: to}); err != nil {
			return err
		}
		if err := tx.MapImport(run); err != nil {
			return err
		}
		return tx.AddJob(&models.Job{Kind: checkJob, Key: fmt.Sprint(id), OwnerID: &actor.ID, Total: run.RowCount}, nil)
	})
}

// Run has a file taken in that has been checked without a problem. ErrConflict if that was asked for already.
func (f *Imports) Run(ctx context.Context, actor *models.Actor, id int64) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		run, err := tx.OwnImport(ctx, actor, id)
		if err != nil {
			return err
		}
		if run.CheckedAt == nil || run.ProblemCount > 0 || run.ImportedAt != nil {
			return models.ErrConflict
		}
		if err := tx.ImportOpen(run); err != nil {
			return notNow(err)
		}
		return tx.AddJob(&models.Job{Kind: runJob, Key: fmt.Sprint(id), OwnerID: &actor.ID, Total: 2 * run.RowCount}, nil)
	})
}

// notNow says at the place of a file what its campaign does not allow now.
func notNow(err error) error {
	var why *models.NotNow
	if errors.As(err, &why) {
		return models.Invalid{"place": why.Key}
	}
	return err
}

// Undo has what a run made taken out of sight, as far as nobody has touched it since.
func (f *Imports) Undo(ctx context.Context, actor *models.Actor, id int64) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		run, err := tx.OwnImport(ctx, actor, id)
		if err != nil {
			return err
		}
		if run.ImportedAt == nil || run.UndoneAt != nil {
			return models.ErrConflict
		}
		return tx.AddJob(&models.Job{Kind: undoJob, Key: fmt.Sprint(id), OwnerID: &actor.ID, Total: 1}, nil)
	})
}

// Drop throws a file away that is not to be taken in.
func (f *Imports) Drop(ctx context.Context, actor *models.Actor, id int64) error {
	run, err := f.web.DB.OwnImport(ctx, actor, id)
	if err != nil {
		return err
	}
	if run.ImportedAt != nil {
		return models.ErrConflict
	}
	if err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error { return tx.DropImport(run) }); err != nil {
		return err
	}
	return f.files.Forget(ctx, run.Key)
}

// sweepBatch is how many files one round of the sweep looks at.
const sweepBatch = 100

// sweep throws away what nobody came back for.
func (f *Imports) sweep(ctx context.Context, _ *jobs.Run) (func(*models.Tx) error, error) {
	for {
		spent, err := f.web.DB.SpentImports(ctx, sweepBatch)
		if err != nil {
			return nil, err
		}
		for i := range spent {
			if err := f.files.Forget(ctx, spent[i].Key); err != nil {
				return nil, fmt.Errorf("remove file %d: %w", spent[i].ID, err)
			}
			if err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error { return tx.DropImport(&spent[i]) }); err != nil {
				return nil, err
			}
		}
		if len(spent) < sweepBatch {
			return nil, nil
		}
	}
}
