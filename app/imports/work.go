package imports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"ruche/app/jobs"
	"ruche/app/sheets"
	"ruche/models"
)

// own is the run of a job, and who asked for it, as far as they still may.
func (f *Imports) own(ctx context.Context, job *jobs.Run) (*models.Actor, *models.IdeaImport, error) {
	id, err := strconv.ParseInt(job.Job.Key, 10, 64)
	if err != nil {
		return nil, nil, jobs.Permanent(err)
	}
	actor, err := f.web.DB.ActorByID(ctx, *job.Job.OwnerID)
	if err != nil {
		return nil, nil, lasting(err) // they have left meanwhile
	}
	run, err := f.web.DB.OwnImport(ctx, actor, id)
	return actor, run, lasting(err)
}

// lasting says of an error that trying again will not mend it, where it will not.
func lasting(err error) error {
	if errors.Is(err, models.ErrNotFound) || errors.Is(err, models.ErrForbidden) || errors.Is(err, models.ErrConflict) {
		return jobs.Permanent(err)
	}
	return err
}

// workCheck is the dry run: every row is read and made as it would be, and nothing is kept but what is wrong.
func (f *Imports) workCheck(ctx context.Context, job *jobs.Run) (func(*models.Tx) error, error) {
	actor, run, err := f.own(ctx, job)
	if err != nil {
		return nil, err
	}
	s, err := f.plan(ctx, actor, run, false, job)
	if err != nil {
		return nil, fmt.Errorf("check import %d: %w", run.ID, err)
	}
	counts, err := json.Marshal(s.counts)
	run.Counts = string(counts)
	return func(tx *models.Tx) error {
		err := tx.CheckedImport(run, s.problems)
		if errors.Is(err, models.ErrConflict) {
			return nil // its sender has changed the mapping meanwhile, and has it checked again
		}
		return err
	}, err
}

// plan reads the rows of a file twice: for what is to be looked up, then for what they make.
func (f *Imports) plan(ctx context.Context, actor *models.Actor, run *models.IdeaImport, keep bool, job *jobs.Run) (*sheet, error) {
	s, err := newSheet(run, f.web.DB.Now(), keep)
	if err != nil {
		return nil, err
	}
	run.ProblemCount = 0
	if run.CampaignID != nil {
		answered, err := f.web.DB.Campaign(ctx, actor, *run.CampaignID)
		if err != nil {
			return nil, lasting(err)
		}
		s.answers = &campaign{Campaign: *answered}
	}
	if err := f.eachRow(ctx, run, s.look); err != nil {
		return nil, err
	}
	if err := s.lookUp(ctx, f.web.DB.Queries, actor); err != nil {
		return nil, err
	}
	if err := s.lookUpCampaigns(ctx, f.web.DB, actor); err != nil {
		return nil, err
	}
	rows := 0
	return s, f.eachRow(ctx, run, func(row *sheets.Row) error {
		if rows++; rows%1000 == 0 {
			if err := job.Progress(ctx, rows, max(job.Job.Total, rows)); err != nil {
				return err
			}
		}
		return s.take(row)
	})
}

// lookUp finds what the rows speak of and the house knows already.
func (s *sheet) lookUp(ctx context.Context, q models.Queries, actor *models.Actor) (err error) {
	if s.knownUsers, err = q.KnownRefs(ctx, "users", slices.Collect(maps.Keys(s.names))); err != nil {
		return err
	}
	if len(s.emails) > 0 {
		if s.byEmail, err = q.AuthorsByEmail(ctx, actor, s.run.SpaceID, slices.Collect(maps.Keys(s.emails))); err != nil {
			return err
		}
	}
	refs := slices.Collect(maps.Keys(s.refs))
	if s.run.What == models.DownloadComments {
		if s.here, err = q.KnownComments(ctx, refs); err != nil {
			return err
		}
		s.knownIdeas, err = q.ImportedIdeas(ctx, s.run, slices.Collect(maps.Keys(s.about)))
		return err
	}
	s.knownIdeas, err = q.KnownRefs(ctx, "ideas", refs)
	return err
}

// eachRow hands out the rows of a file.
func (f *Imports) eachRow(ctx context.Context, run *models.IdeaImport, do func(*sheets.Row) error) error {
	rows, _, err := f.files.Open(ctx, run.Key)
	if err != nil {
		return fmt.Errorf("open the rows: %w", err)
	}
	defer rows.Close()
	return sheets.EachRow(rows, func(row *sheets.Row) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return do(row)
	})
}

// workRun takes a file in, all of it or nothing. What others have changed since it was checked stops it.
func (f *Imports) workRun(ctx context.Context, job *jobs.Run) (func(*models.Tx) error, error) {
	actor, run, err := f.own(ctx, job)
	if err != nil {
		return nil, err
	}
	if run.ImportedAt != nil {
		return nil, nil
	}
	s, err := f.plan(ctx, actor, run, true, job)
	if err != nil {
		return nil, fmt.Errorf("take import %d in: %w", run.ID, err)
	}
	if run.ProblemCount > 0 {
		return nil, f.refuse(ctx, run, "imports.changed")
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error { return tx.ImportOpen(run) })
	var why *models.NotNow
	if errors.As(err, &why) {
		return nil, f.refuse(ctx, run, why.Key)
	}
	if err != nil {
		return nil, err
	}
	run.Made = s.counts.New
	return func(tx *models.Tx) error { return s.finish(tx, actor) }, nil
}

// refuse notes why a file is not taken in, and gives it up.
func (f *Imports) refuse(ctx context.Context, run *models.IdeaImport, key string) error {
	err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error { return tx.RefuseImport(run.ID, key) })
	return errors.Join(jobs.Permanent(errors.New(key)), err)
}

// finish writes what the rows make.
func (s *sheet) finish(tx *models.Tx, actor *models.Actor) error {
	if err := tx.FinishImport(s.run); err != nil {
		return err
	}
	if s.to.Authors == authorsPaper {
		var err error
		if s.paper.ID, err = tx.PaperAuthor(); err != nil {
			return err
		}
	}
	if err := s.store(tx); err != nil {
		return err
	}
	if s.to.Authors == authorsPaper {
		if err := s.putOnPaper(tx); err != nil {
			return err
		}
	}
	if s.answers != nil {
		s.named[""] = s.answers
	}
	for _, answered := range s.named {
		if err := tx.CountCampaign(answered.ID); err != nil {
			return err
		}
	}
	if err := tx.NotifyFromHouse(actor.ID, models.NoticeImport); err != nil {
		return err
	}
	return s.record(tx, actor, models.ImportDone, s.events(), map[string]int{"made": s.run.Made})
}

// putOnPaper notes of the ideas that they came on paper, typed in by whoever sent the file.
func (s *sheet) putOnPaper(tx *models.Tx) error {
	papers := make([]*models.PaperIdea, len(s.newIdeas))
	for i, idea := range s.newIdeas {
		papers[i] = &models.PaperIdea{IdeaID: idea.ID, SpaceID: idea.SpaceID, CampaignID: idea.CampaignID, Name: idea.writer}
	}
	return tx.PutOnPaper(s.run.UserID, papers)
}

// record writes what happened, and last that the run did it.
func (s *sheet) record(tx *models.Tx, actor *models.Actor, verb string, events []models.Event, counts map[string]int) error {
	last, err := tx.EventOf(actor.ID, verb, s.run, counts)
	if err != nil {
		return err
	}
	return tx.RecordAll(append(events, last))
}

// workUndo takes out of sight what a run has made and nobody has touched since.
func (f *Imports) workUndo(ctx context.Context, job *jobs.Run) (func(*models.Tx) error, error) {
	actor, run, err := f.own(ctx, job)
	if err != nil {
		return nil, err
	}
	if run.ImportedAt == nil || run.UndoneAt != nil {
		return nil, nil
	}
	return func(tx *models.Tx) error {
		events, err := tx.UndoImport(run)
		if err != nil {
			return err
		}
		if err := tx.NotifyFromHouse(actor.ID, models.NoticeImport); err != nil {
			return err
		}
		return (&sheet{run: run}).record(tx, actor, models.ImportUndone, events, map[string]int{"undone": run.Undone, "kept": run.Kept})
	}, nil
}
