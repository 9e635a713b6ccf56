package ideas

import (
	"context"
	"errors"
	"fmt"

	"ruche/app/text"
	"ruche/app/writing"
	"ruche/models"
)

// Proposal is another text that somebody proposes for an idea. Base is the version that they started from.
type Proposal struct {
	Idea  int64
	Base  int
	Title string
	// Summary, where it is empty, leaves that of the idea.
	Summary string
	Body    string
	Reason  string
}

// Amend proposes another text for an idea. The same proposal sent twice is one.
func (f *Ideas) Amend(ctx context.Context, actor *models.Actor, in Proposal) (*models.Amendment, error) {
	idea, err := f.mayAmend(ctx, actor, in.Idea)
	if err != nil {
		return nil, err
	}
	written, pictures, err := f.compose(ctx, actor, wording{in.Title, in.Summary, in.Body, nil})
	if err != nil {
		return nil, err
	}
	amendment := &models.Amendment{AuthorID: actor.ID, Base: in.Base, Title: written.Title, Summary: written.Written(), Body: written.Body, Reason: in.Reason}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockIdea(in.Idea); err != nil {
			return err
		}
		if !actor.MayAmend(idea) {
			return models.ErrForbidden
		}
		own, err := tx.OpenAmendmentOf(ctx, idea, actor.ID)
		if err != nil {
			return err
		}
		if own != nil && own.Title == amendment.Title && own.Summary == amendment.Summary && own.Body == amendment.Body {
			amendment = own
			return nil
		}
		if err := amendable(tx, idea, written); err != nil {
			return err
		}
		if err := tx.ProposeAmendment(idea, amendment); err != nil {
			return err
		}
		if err := tx.AttachFiles(actor.ID, models.Place{Idea: idea}, pictures); err != nil {
			return err
		}
		return tx.Record(models.AmendmentProposed, idea, map[string]int64{"amendment": amendment.ID})
	})
	if err != nil {
		return nil, fmt.Errorf("amend idea %d: %w", in.Idea, err)
	}
	return amendment, nil
}

// amendable says at the text what keeps it from being proposed: the stage of the campaign, that nothing is new in it, or that
// it is in another language than the idea, which would lose its own.
func amendable(tx *models.Tx, idea, written *models.Idea) error {
	if err := tx.InStage(idea.CampaignID, models.EditIdea); err != nil {
		return writing.AtField("body", err)
	}
	switch {
	case idea.Title == written.Title && idea.Body == written.Body && (!written.OwnSummary || idea.Written() == written.Summary):
		return models.Invalid{"body": "amendments.nothing_new"}
	case idea.Lang != "" && written.Lang != "" && idea.Lang != written.Lang:
		return models.Invalid{"body": "amendments.other_language"}
	}
	return nil
}

// mayAmend finds an idea for which the actor may propose another text.
func (f *Ideas) mayAmend(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	idea, err := f.db.Idea(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.MayAmend(idea) {
		if idea.State == models.Published && idea.Writer(actor) != actor.ID {
			return nil, fmt.Errorf("amend idea %d: %w", id, actor.Refusal(models.PostIdea, &models.Space{ID: idea.SpaceID}))
		}
		return nil, fmt.Errorf("amend idea %d: %w", id, models.ErrForbidden)
	}
	return idea, nil
}

// Verdict is what is decided about an amendment. Seen is the version of the idea beside which whoever decides has read it.
type Verdict struct {
	Idea, Amendment int64
	Accepts         bool
	Seen            int
	Word            string // why not
}

// DecideAmendment accepts an amendment, which makes it the next version of the idea and whoever proposed it a co-author, or
// rejects it with a word. ErrConflict if the idea has changed since, or the amendment is decided.
func (f *Ideas) DecideAmendment(ctx context.Context, actor *models.Actor, in Verdict) (*models.Idea, error) {
	idea, amendment, err := f.amendment(ctx, actor, in.Idea, in.Amendment)
	if err != nil {
		return nil, err
	}
	if !actor.MayDecideAmendment(idea, &amendment.Amendment) {
		return nil, fmt.Errorf("decide amendment %d: %w", in.Amendment, actor.Refused(idea.SpaceID, deciderOf(actor, idea, amendment)))
	}
	var written *models.Idea
	if in.Accepts && amendment.State == models.AmendmentOpen {
		if written, _, err = f.compose(ctx, actor, wording{amendment.Title, amendment.Summary, amendment.Body, idea.Tags}); err != nil {
			return nil, err
		}
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockIdea(in.Idea); err != nil {
			return err
		}
		if amendment, err = tx.Amendment(ctx, idea, in.Amendment); err != nil {
			return err
		}
		if !actor.MayDecideAmendment(idea, &amendment.Amendment) {
			return models.ErrForbidden
		}
		if in.Accepts {
			return f.accept(tx, idea, written, amendment, in.Seen)
		}
		if amendment.State == models.AmendmentRejected {
			return nil
		}
		if err := tx.RejectAmendment(&amendment.Amendment, in.Word); err != nil {
			return err
		}
		return tx.Record(models.AmendmentDeclined, idea, amended{Amendment: amendment.ID, Amender: amendment.AuthorID})
	})
	if err != nil {
		return nil, fmt.Errorf("decide amendment %d: %w", in.Amendment, err)
	}
	f.changed(idea.SpaceID)
	return idea, nil
}

// deciderOf is whose agreement stands in the way of a decision: the actor's own where the idea is theirs too.
func deciderOf(actor *models.Actor, idea *models.Idea, amendment *models.AmendmentCard) int64 {
	if amendment.AuthorID == actor.ID {
		return 0
	}
	return idea.Writer(actor)
}

// amended is the data of the events about amendments.
type amended struct {
	Amendment int64 `json:"amendment"`
	Amender   int64 `json:"amender"`
	Version   int   `json:"version,omitempty"`
}

func (f *Ideas) accept(tx *models.Tx, idea, written *models.Idea, amendment *models.AmendmentCard, seen int) error {
	if amendment.State == models.AmendmentAccepted {
		return nil
	}
	if written == nil {
		return fmt.Errorf("amendment %d: %w", amendment.ID, models.ErrConflict)
	}
	if !tx.Actor().Can(models.Moderate, &models.Space{ID: idea.SpaceID}) {
		if err := tx.InStage(idea.CampaignID, models.EditIdea); err != nil {
			return writing.AtField("word", err)
		}
	}
	idea.Title, idea.Body, idea.HTML, idea.Lang = written.Title, written.Body, written.HTML, written.Lang
	if written.OwnSummary || !idea.OwnSummary {
		idea.Summary, idea.OwnSummary = written.Summary, written.OwnSummary
	}
	if err := tx.AcceptAmendment(idea, &amendment.Amendment, seen); err != nil {
		return err
	}
	return tx.Record(models.IdeaEdited, idea, amended{amendment.ID, amendment.AuthorID, idea.Version})
}

// WithdrawAmendment takes an amendment back: whoever proposed it may, and moderators.
func (f *Ideas) WithdrawAmendment(ctx context.Context, actor *models.Actor, id, number int64) (idea *models.Idea, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockIdea(id); err != nil {
			return err
		}
		amendment, err := tx.Amendment(ctx, idea, number)
		switch {
		case err != nil:
			return err
		case !actor.MayWithdrawAmendment(idea, &amendment.Amendment):
			return models.ErrForbidden
		case amendment.State == models.AmendmentWithdrawn:
			return nil
		}
		if err := tx.WithdrawAmendment(&amendment.Amendment); err != nil {
			return err
		}
		return tx.Record(models.AmendmentTakenBack, idea, amended{Amendment: amendment.ID, Amender: amendment.AuthorID})
	})
	if err != nil {
		return nil, fmt.Errorf("withdraw amendment %d: %w", number, err)
	}
	return idea, nil
}

// PromoteAmendment makes a rejected amendment an idea of its own, once: whoever proposed it may. A second time finds the idea
// that it has become.
func (f *Ideas) PromoteAmendment(ctx context.Context, actor *models.Actor, id, number int64) (*models.Idea, error) {
	origin, amendment, err := f.amendment(ctx, actor, id, number)
	if err != nil {
		return nil, err
	}
	if amendment.AuthorID != actor.ID {
		return nil, fmt.Errorf("idea of amendment %d: %w", number, models.ErrForbidden)
	}
	if err := actor.Refusal(models.PostIdea, &models.Space{ID: origin.SpaceID}); err != nil {
		return nil, fmt.Errorf("idea of amendment %d: %w", number, err)
	}
	if amendment.BecameID != nil {
		return f.db.Idea(ctx, actor, *amendment.BecameID)
	}
	if amendment.State != models.AmendmentRejected {
		return nil, fmt.Errorf("idea of amendment %d: %w", number, models.ErrConflict)
	}
	if origin.Anonymity != models.Named { // who would be named without having read what the campaign promises
		return nil, models.Invalid{"amendment": "amendments.propose_instead"}
	}
	idea, _, err := f.compose(ctx, actor, wording{amendment.Title, amendment.Summary, amendment.Body, origin.Tags})
	if err != nil {
		return nil, err
	}
	idea.SpaceID, idea.AuthorID, idea.CampaignID, idea.Campaign = origin.SpaceID, actor.ID, origin.CampaignID, origin.Campaign
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.InStage(idea.CampaignID, models.PostIdea); err != nil {
			return err
		}
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		if err := tx.AmendmentBecomes(&amendment.Amendment, idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaPosted, idea, map[string]int64{"amendment": amendment.ID})
	})
	if err != nil {
		return nil, fmt.Errorf("idea of amendment %d: %w", number, err)
	}
	f.changed(idea.SpaceID)
	return idea, nil
}

// amendment finds one that the actor may read, and its idea.
func (f *Ideas) amendment(ctx context.Context, actor *models.Actor, id, number int64) (*models.Idea, *models.AmendmentCard, error) {
	idea, err := f.db.Idea(ctx, actor, id)
	if err != nil {
		return nil, nil, err
	}
	amendment, err := f.db.Amendment(ctx, idea, number)
	if err != nil {
		return nil, nil, fmt.Errorf("amendment %d: %w", number, err)
	}
	if !actor.MayReadAmendment(idea, &amendment.Amendment) {
		return nil, nil, fmt.Errorf("amendment %d, which is for its authors: %w", number, models.ErrNotFound)
	}
	return idea, amendment, nil
}

// Amended is an amendment beside the text that it changes.
type Amended struct {
	Idea      *models.Idea
	Amendment *models.AmendmentCard
	Title     []text.Change
	Summary   []text.Change
	Body      []text.Change
	Became    *models.Idea // what it has become, if the actor may read that
}

// ShowAmendment compares an amendment with the text as it is, or once it is decided with the version that it started from.
func (f *Ideas) ShowAmendment(ctx context.Context, actor *models.Actor, id, number int64) (*Amended, error) {
	idea, amendment, err := f.amendment(ctx, actor, id, number)
	if err != nil {
		return nil, err
	}
	shown := &Amended{Idea: idea, Amendment: amendment}
	from := idea.Version
	if amendment.State != models.AmendmentOpen {
		from = amendment.Base
	}
	if amendment.Version > 1 {
		from = amendment.Version - 1
	}
	version, err := f.db.Version(ctx, idea, from)
	if err != nil {
		return nil, fmt.Errorf("version %d of idea %d: %w", from, id, err)
	}
	shown.Title, shown.Body = text.Diff(version.Title, amendment.Title), text.Diff(version.Body, amendment.Body)
	if amendment.Summary != "" {
		shown.Summary = text.Diff(version.Summary, amendment.Summary)
	}
	if amendment.BecameID != nil {
		shown.Became, err = f.readable(ctx, actor, *amendment.BecameID)
	}
	return shown, err
}

// readable is an idea, nil where the actor may not read it.
func (f *Ideas) readable(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	idea, err := f.db.Idea(ctx, actor, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	return idea, err
}
