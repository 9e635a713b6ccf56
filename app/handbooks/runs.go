package handbooks

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"ruche/app/files"
	"ruche/app/jobs"
	"ruche/app/web"
	"ruche/models"
)

// Desk is the feature in the browser and for programs: an archive is sent into a collection and read, a dry run says what it would make,
// and all of it or nothing is taken in, which can be undone.
type Desk struct {
	*Handbooks
	web *web.Web
}

// Kinds of jobs.
const (
	checkJob = "handbook.check"
	runJob   = "handbook.run"
	undoJob  = "handbook.undo"
	sweepJob = "handbook.sweep"
)

// jobTimeout is how long an attempt may take, at the most articles and pictures.
const jobTimeout = 20 * time.Minute

// NewDesk returns the feature, and has its work done by the jobs.
func NewDesk(w *web.Web, store *files.Files, j *jobs.Jobs) *Desk {
	f := &Desk{New(w.DB, store, w.BaseURL.String()), w}
	j.Register(jobs.Kind{Name: checkJob, Timeout: jobTimeout, Work: f.workCheck})
	j.Register(jobs.Kind{Name: runJob, Timeout: jobTimeout, Work: f.workRun})
	j.Register(jobs.Kind{Name: undoJob, Timeout: jobTimeout, Work: f.workUndo})
	j.Register(jobs.Kind{Name: sweepJob, Every: 24 * time.Hour, Work: f.sweep})
	return f
}

// Upload is an archive, or a single file, that somebody sends into a collection.
type Upload struct {
	Collection int64
	Name       string
	Format     string // one of Formats, or empty for that which it looks like
	Content    io.Reader
}

// Receive takes an archive in, and has it read. Nothing else changes.
func (f *Desk) Receive(ctx context.Context, actor *models.Actor, in Upload) (*models.ArticleImport, error) {
	if in.Format != "" && !slices.Contains(Formats, in.Format) {
		return nil, models.Invalid{"format": "handbooks.no_format"}
	}
	run := &models.ArticleImport{CollectionID: in.Collection, Format: in.Format, Name: shown(strings.Join(strings.Fields(in.Name), " ")), Key: "handbooks/" + strings.ToLower(rand.Text())}
	if run.Name == "" {
		run.Name = "–"
	}
	spool, err := f.files.Spool()
	if err != nil {
		return nil, err
	}
	defer spool.Remove()
	size, err := io.Copy(spool, io.LimitReader(in.Content, MaxUpload+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("receive an archive: %w", err)
	case size > MaxUpload:
		return nil, models.Invalid{"file": "handbooks.upload_large"}
	case size == 0:
		return nil, models.Invalid{"file": "imports.file_missing"}
	}
	if _, err := openFile(run.Name, spool, size, &findings{}); err != nil {
		return nil, err
	}
	if _, err := f.files.Keep(ctx, run.Key, "application/octet-stream", spool); err != nil {
		return nil, fmt.Errorf("keep an archive: %w", err)
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateArticleImport(run); err != nil {
			return err
		}
		if err := tx.AddJob(f.job(checkJob, run), nil); err != nil {
			return err
		}
		return tx.Record(models.ImportSent, run, nil)
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("receive an archive: %w", err), f.files.Forget(context.WithoutCancel(ctx), run.Key))
	}
	return run, nil
}

func (f *Desk) job(kind string, run *models.ArticleImport) *models.Job {
	return &models.Job{Kind: kind, Key: strconv.FormatInt(run.ID, 10), OwnerID: &run.UserID, Total: 1}
}

// ask has something done with one of the actor's own runs, if it may be now. ErrConflict if not.
func (f *Desk) ask(ctx context.Context, actor *models.Actor, collectionID, id int64, kind string, may func(*models.ArticleImport) bool) error {
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		run, err := tx.OwnArticleImport(ctx, actor, collectionID, id)
		if err != nil {
			return err
		}
		if !may(run) {
			return models.ErrConflict
		}
		return tx.AddJob(f.job(kind, run), nil)
	})
}

// Run has an archive taken in that has been read without a problem.
func (f *Desk) Run(ctx context.Context, actor *models.Actor, collectionID, id int64) error {
	return f.ask(ctx, actor, collectionID, id, runJob, func(run *models.ArticleImport) bool {
		return run.CheckedAt != nil && run.ProblemCount == 0 && run.ImportedAt == nil
	})
}

// Undo has what a run made taken out of sight, as far as nobody has changed it since.
func (f *Desk) Undo(ctx context.Context, actor *models.Actor, collectionID, id int64) error {
	return f.ask(ctx, actor, collectionID, id, undoJob, func(run *models.ArticleImport) bool { return run.ImportedAt != nil && run.UndoneAt == nil })
}

// Drop throws an archive away that is not to be taken in.
func (f *Desk) Drop(ctx context.Context, actor *models.Actor, collectionID, id int64) error {
	run, err := f.db.OwnArticleImport(ctx, actor, collectionID, id)
	if err != nil {
		return err
	}
	if run.ImportedAt != nil {
		return models.ErrConflict
	}
	if err := f.db.Tx(ctx, actor, func(tx *models.Tx) error { return tx.DropArticleImport(run) }); err != nil || run.Key == "" {
		return err
	}
	return f.files.Forget(ctx, run.Key)
}

// own is the run of a job, and who asked for it, as far as they still may.
func (f *Desk) own(ctx context.Context, job *jobs.Run) (*models.Actor, *models.ArticleImport, error) {
	id, err := strconv.ParseInt(job.Job.Key, 10, 64)
	if err != nil {
		return nil, nil, jobs.Permanent(err)
	}
	actor, err := f.db.ActorByID(ctx, *job.Job.OwnerID)
	if err != nil {
		return nil, nil, lasting(err) // they have left meanwhile
	}
	run, err := f.db.ArticleImportAnywhere(ctx, actor, id)
	return actor, run, lasting(err)
}

// lasting says of an error that trying again will not mend it, where it will not.
func lasting(err error) error {
	if errors.Is(err, models.ErrNotFound) || errors.Is(err, models.ErrForbidden) || errors.Is(err, models.ErrConflict) {
		return jobs.Permanent(err)
	}
	return err
}

// opened reads the archive of a run from a file on disk, since a ZIP is read from its end.
func (f *Desk) opened(ctx context.Context, actor *models.Actor, run *models.ArticleImport, job *jobs.Run) (p *plan, done func(), err error) {
	spool, err := f.files.Spool()
	if err != nil {
		return nil, nil, err
	}
	stored, _, err := f.files.Open(ctx, run.Key)
	if err != nil {
		spool.Remove()
		return nil, nil, fmt.Errorf("open an archive: %w", err)
	}
	size, err := io.Copy(spool, stored)
	stored.Close()
	if err == nil {
		p, err = f.look(ctx, actor, run, func(found *findings) (*source, error) { return openFile(run.Name, spool, size, found) },
			func(done, total int) error { return job.Progress(ctx, done, max(total, 1)) })
	}
	if err != nil {
		spool.Remove()
	}
	return p, spool.Remove, err
}

// workCheck is the dry run.
func (f *Desk) workCheck(ctx context.Context, job *jobs.Run) (func(*models.Tx) error, error) {
	actor, run, err := f.own(ctx, job)
	if err != nil {
		return nil, err
	}
	_, done, err := f.opened(ctx, actor, run, job)
	if err := f.refused(ctx, run, err); err != nil {
		return nil, err
	}
	done()
	return func(tx *models.Tx) error { return tx.CheckedArticles(run) }, nil
}

// refused notes why a run cannot be taken in, if that is what an error says, and gives it up.
func (f *Desk) refused(ctx context.Context, run *models.ArticleImport, err error) error {
	var why models.Invalid
	if !errors.As(err, &why) {
		return err
	}
	key := why["file"]
	return errors.Join(jobs.Permanent(errors.New(key)), f.db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.RefuseArticles(run.ID, key) }))
}

// workRun takes an archive in, all of it or nothing.
func (f *Desk) workRun(ctx context.Context, job *jobs.Run) (func(*models.Tx) error, error) {
	actor, run, err := f.own(ctx, job)
	if err != nil || run.ImportedAt != nil {
		return nil, err
	}
	p, done, err := f.opened(ctx, actor, run, job)
	if err := f.refused(ctx, run, err); err != nil {
		return nil, err
	}
	defer done()
	if err := f.refused(ctx, run, f.prepare(ctx, actor, run, p, func(done, total int) error {
		if done%50 != 0 {
			return ctx.Err()
		}
		return job.Progress(ctx, done, max(total, 1))
	})); err != nil {
		return nil, err
	}
	if run.ProblemCount > 0 {
		return func(tx *models.Tx) error { return tx.CheckedArticles(run) }, nil
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error { // as its sender, whose rights and files these are
		if err := p.finish(tx, run); err != nil {
			return err
		}
		return tx.NotifyFromHouse(actor.ID, models.NoticeImport)
	})
	return nil, lasting(f.refused(ctx, run, err))
}

// workUndo takes out of sight what a run has made and nobody has changed since.
func (f *Desk) workUndo(ctx context.Context, job *jobs.Run) (func(*models.Tx) error, error) {
	actor, run, err := f.own(ctx, job)
	if err != nil || run.ImportedAt == nil || run.UndoneAt != nil {
		return nil, err
	}
	report, err := ParseReport(run.Report)
	if err != nil {
		return nil, jobs.Permanent(err)
	}
	return nil, lasting(f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		events, kept, err := tx.UndoArticles(run)
		if err != nil {
			return err
		}
		report.Kept = nil
		for _, one := range kept[:min(len(kept), mostTitles)] {
			report.Kept = append(report.Kept, Title{ID: one.ID, Title: one.Title})
		}
		run.Report = report.write()
		if err := tx.KeepReport(run); err != nil {
			return err
		}
		if err := tx.NotifyFromHouse(actor.ID, models.NoticeImport); err != nil {
			return err
		}
		last, err := tx.EventOf(actor.ID, models.ImportUndone, run, map[string]int{"undone": run.Undone, "kept": run.Kept})
		if err != nil {
			return err
		}
		return tx.RecordAll(append(events, last))
	}))
}

// sweepBatch is how many archives one round of the sweep looks at.
const sweepBatch = 100

// sweep throws away what nobody came back for, and the archives of what is in.
func (f *Desk) sweep(ctx context.Context, _ *jobs.Run) (func(*models.Tx) error, error) {
	for {
		spent, err := f.db.SpentArticleImports(ctx, sweepBatch)
		if err != nil {
			return nil, err
		}
		for i := range spent {
			if err := f.files.Forget(ctx, spent[i].Key); err != nil {
				return nil, fmt.Errorf("remove archive %d: %w", spent[i].ID, err)
			}
			if err := f.db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.DropArticleImport(&spent[i]) }); err != nil {
				return nil, err
			}
		}
		if len(spent) < sweepBatch {
			return nil, nil
		}
	}
}
