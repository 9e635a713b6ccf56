package ideas

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ruche/app/jobs"
	"ruche/models"
)

// Merging is what someone decides about an idea that says what another one says.
type Merging struct {
	Idea, Into int64
	Reason     string
}

// merged is the data of the events about merges.
type merged struct {
	Merge int64 `json:"merge"`
	Into  int64 `json:"into"`
}

func toward(m *models.IdeaMerge) merged { return merged{m.ID, m.IntoID} }

// Merge proposes that an idea goes on in another one. Its authors are asked, and it happens when one of them agrees, or when
// they have said nothing for some days; at once where whoever decides is one of them. The same proposal again is one.
func (f *Ideas) Merge(ctx context.Context, actor *models.Actor, in Merging) (merge *models.IdeaMerge, err error) {
	if _, err := f.mergeable(ctx, actor, in.Idea); err != nil {
		return nil, err
	}
	var idea *models.Answering
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		var into *models.Idea
		if idea, into, err = tx.LockMerge(in.Idea, in.Into); err != nil {
			return err
		}
		if err := mayMerge(actor, idea); err != nil {
			return err
		}
		target, err := tx.Promised(ctx, into)
		if err != nil {
			return err
		}
		if !target.May(actor) {
			return models.Invalid{"into": "merges.into_not_yours"}
		}
		begun := false
		if merge, begun, err = tx.ProposeMerge(&idea.Idea, into, in.Reason); err != nil || !begun {
			return err
		}
		if !actor.MayAnswerMerge(&idea.Idea) {
			return tx.Record(models.IdeaMergeProposed, &idea.Idea, toward(merge))
		}
		merge.AnsweredBy = &actor.ID
		if err := tx.CarryOutMerge(merge, &idea.Idea, into); err != nil {
			return err
		}
		return tx.Record(models.IdeaMerged, &idea.Idea, toward(merge))
	})
	if errors.Is(err, models.ErrConflict) {
		err = models.Invalid{"into": "merges.already"}
	}
	if err != nil {
		return nil, fmt.Errorf("merge idea %d into %d: %w", in.Idea, in.Into, err)
	}
	f.changed(idea.SpaceID)
	return merge, nil
}

// mergeable finds an idea that the actor may merge into another one.
func (f *Ideas) mergeable(ctx context.Context, actor *models.Actor, id int64) (*models.Answering, error) {
	idea, err := f.db.Answering(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return idea, mayMerge(actor, idea)
}

// mayMerge refuses whom it is not for: it is an official answer to the idea.
func mayMerge(actor *models.Actor, idea *models.Answering) error {
	if idea.State != models.Published {
		return fmt.Errorf("merge idea %d, which is withdrawn: %w", idea.ID, models.ErrNotFound)
	}
	if !idea.May(actor) {
		return fmt.Errorf("merge idea %d: %w", idea.ID, actor.Refused(idea.SpaceID, 0))
	}
	return nil
}

// MergeReply is what an author of an idea says to its merge, into the other idea that they have read of if that is known.
type MergeReply struct {
	Idea, Into int64
	Agrees     bool
}

// AnswerMerge takes in what an author says. ErrConflict if nobody waits for that, or another merge has come meanwhile.
func (f *Ideas) AnswerMerge(ctx context.Context, actor *models.Actor, in MergeReply) (*models.Idea, error) {
	var idea *models.Answering
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) (err error) {
		var merge *models.IdeaMerge
		if idea, merge, err = tx.LockOpenMerge(in.Idea); err != nil {
			return err
		}
		switch {
		case !actor.MayAnswerMerge(&idea.Idea):
			return actor.Refused(idea.SpaceID, idea.Writer(actor))
		case merge == nil || in.Into != 0 && in.Into != merge.IntoID || merge.State == models.MergeDone && !in.Agrees || in.Agrees && idea.State != models.Published:
			return models.ErrConflict
		case merge.State == models.MergeDone:
			return nil // it was quicker
		case !in.Agrees:
			if err := tx.RefuseMerge(merge); err != nil {
				return err
			}
			return tx.Record(models.IdeaMergeRefused, &idea.Idea, toward(merge))
		}
		_, into, err := tx.LockMerge(in.Idea, merge.IntoID)
		if err != nil {
			return err
		}
		merge.AnsweredBy = &actor.ID
		if err := tx.CarryOutMerge(merge, &idea.Idea, into); err != nil {
			return err
		}
		return tx.Record(models.IdeaMerged, &idea.Idea, toward(merge))
	})
	if err != nil {
		return nil, fmt.Errorf("answer the merge of idea %d: %w", in.Idea, err)
	}
	f.changed(idea.SpaceID)
	return &idea.Idea, nil
}

// Unmerge takes the merge of an idea back, whether it waits or holds; without one nothing changes.
func (f *Ideas) Unmerge(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	var idea *models.Answering
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) (err error) {
		var merge *models.IdeaMerge
		if idea, merge, err = tx.LockOpenMerge(id); err != nil {
			return err
		}
		if !actor.MayEndMerge(idea) {
			return actor.Refused(idea.SpaceID, idea.Writer(actor))
		}
		if merge == nil {
			return nil
		}
		if err := tx.EndMerge(merge, &idea.Idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaMergeEnded, &idea.Idea, toward(merge))
	})
	if err != nil {
		return nil, fmt.Errorf("unmerge idea %d: %w", id, err)
	}
	f.changed(idea.SpaceID)
	return &idea.Idea, nil
}

// mergeBatch is how many merges the house carries out at once.
const mergeBatch = 50

// CarryOut is the job that carries out the merges for which the authors have had their time.
func CarryOut() jobs.Kind {
	return jobs.Kind{Name: "idea-merges", Every: 10 * time.Minute, Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		return carryOut, nil
	}}
}

// carryOut does so with those that are due. One of ideas that no longer fit together ends.
func carryOut(tx *models.Tx) error {
	due, err := tx.DueMerges(tx.Context(), mergeBatch)
	if err != nil || len(due) == 0 {
		return err
	}
	var events []models.Event
	for _, id := range due {
		merge, idea, into, fits, err := tx.LockDueMerge(id)
		if err != nil {
			return err
		}
		if merge == nil {
			continue
		}
		verb := models.IdeaMerged
		if fits {
			err = tx.CarryOutMerge(merge, idea, into)
		} else {
			verb, err = models.IdeaMergeEnded, tx.EndMerge(merge, idea)
		}
		if err != nil {
			return err
		}
		event, err := tx.EventOf(0, verb, idea, toward(merge))
		if err != nil {
			return err
		}
		events = append(events, event)
	}
	return tx.RecordAll(events)
}

// joining is what the page of an idea says of merges: where it goes on, and what goes on in it.
type joining struct {
	Merge    *models.IdeaMergeCard // that holds or, for those whom it concerns, waits
	Into     *models.Idea          // nil if the actor may not read it
	Origins  []models.IdeaCard
	Comments []models.PostCard // of the first of them
	Through  bool              // the actor counts among the supporters by one of them
}

// Bounds of what the page of an idea shows of those that go on in it.
const (
	quotedOrigins  = 10
	originComments = 10
)

// joined finds what the page of an idea says of merges; waits tells that one may wait for its authors.
func (f *Ideas) joined(ctx context.Context, actor *models.Actor, idea *models.Answering, waits bool) (j joining, err error) {
	if idea.MergedIntoID != nil || waits && idea.State == models.Published && actor.MayEndMerge(idea) {
		if j.Merge, err = f.db.OpenMerge(ctx, idea.ID); err != nil {
			return j, err
		}
	}
	if j.Merge != nil {
		if j.Into, err = f.readable(ctx, actor, j.Merge.IntoID); err != nil {
			return j, err
		}
	}
	if j.Origins, err = f.db.Origins(ctx, actor, &idea.Idea); err != nil || len(j.Origins) == 0 {
		return j, err
	}
	if j.Comments, err = f.db.OriginComments(ctx, j.Origins[:min(len(j.Origins), quotedOrigins)], originComments); err != nil {
		return j, err
	}
	j.Through, err = f.db.CountedThrough(ctx, &idea.Idea, actor.ID)
	return j, err
}
