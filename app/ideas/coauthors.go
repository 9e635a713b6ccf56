package ideas

import (
	"context"
	"errors"
	"fmt"

	"ruche/models"
	views "ruche/views/ideas"
	"ruche/views/parts"
)

// Question asks somebody to sign an idea.
type Question struct {
	Idea    int64
	Who     string // a name or an address
	Person  int64  // or their number, as it was chosen among people of a name
	Message string
}

// Undecided says that several people have the name that was asked for.
type Undecided struct{ People []models.User }

// Error is for the log.
func (u *Undecided) Error() string { return fmt.Sprintf("%d people have the name", len(u.People)) }

// AskCoAuthor asks a person to sign an idea beside its author. Those whom the actor may not know, and those who could not
// write in the space, are told from nobody.
func (f *Ideas) AskCoAuthor(ctx context.Context, actor *models.Actor, in Question) (idea *models.Idea, err error) {
	if idea, err = f.db.Idea(ctx, actor, in.Idea); err != nil {
		return nil, err
	}
	if err := f.mayAsk(ctx, f.db.Queries, actor, idea); err != nil {
		return nil, err
	}
	person, err := f.askedPerson(ctx, actor, idea, &in)
	if err != nil {
		return nil, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockIdea(in.Idea); err != nil {
			return err
		}
		if err := f.mayAsk(ctx, tx.Queries, actor, idea); err != nil {
			return err
		}
		if err := tx.AskCoAuthor(idea, person.ID, in.Message); err != nil {
			return err
		}
		return tx.Record(models.IdeaAuthorAsked, idea, coAuthor{person.ID})
	})
	if err != nil {
		return nil, fmt.Errorf("ask %d to sign idea %d: %w", person.ID, in.Idea, err)
	}
	return idea, nil
}

// coAuthor is the data of the events about co-authors.
type coAuthor struct {
	User int64 `json:"user"`
}

// mayAsk refuses whoever does not lead an idea.
func (f *Ideas) mayAsk(ctx context.Context, q models.Queries, actor *models.Actor, idea *models.Idea) error {
	lead, err := q.IdeaLead(ctx, idea)
	if err == nil && !actor.MayAskCoAuthors(idea, lead) {
		err = actor.Refused(idea.SpaceID, lead)
	}
	return err
}

func (f *Ideas) askedPerson(ctx context.Context, actor *models.Actor, idea *models.Idea, in *Question) (*models.User, error) {
	if in.Person != 0 {
		person, err := f.db.CoAuthorCandidate(ctx, actor, idea, in.Person)
		return person, unknown(err)
	}
	people, err := f.db.CoAuthorCandidates(ctx, actor, idea, in.Who)
	switch {
	case err != nil:
		return nil, err
	case len(people) == 0:
		return nil, unknown(models.ErrNotFound)
	case len(people) > 1:
		return nil, &Undecided{people}
	}
	return &people[0], nil
}

// unknown says at the field of the form that nobody is found.
func unknown(err error) error {
	if errors.Is(err, models.ErrNotFound) {
		return models.Invalid{"who": "coauthors.unknown"}
	}
	return err
}

// AnswerCoAuthor says whether the actor signs an idea that they were asked to sign. Who has said no may change their mind; the
// same answer once more changes nothing.
func (f *Ideas) AnswerCoAuthor(ctx context.Context, actor *models.Actor, id int64, joins bool) (*models.Idea, error) {
	return f.changeCoAuthor(ctx, actor, id, func(tx *models.Tx, idea *models.Idea) error {
		own, err := tx.CoAuthorship(ctx, id, actor.ID)
		switch {
		case err != nil:
			return err
		case own == nil || idea.AuthorID == actor.ID:
			return models.ErrForbidden
		case joins && own.State == models.CoAuthorJoined, !joins && own.State == models.CoAuthorDeclined:
			return nil
		case !joins:
			if err := tx.EndCoAuthor(idea, actor.ID, models.CoAuthorDeclined); err != nil {
				return err
			}
			return tx.Record(models.IdeaAuthorDeclined, idea, coAuthor{actor.ID})
		}
		if err := actor.Refusal(models.PostIdea, &models.Space{ID: idea.SpaceID}); err != nil {
			return err
		}
		if err := tx.JoinIdea(idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaAuthorJoined, idea, coAuthor{actor.ID})
	})
}

// LeaveCoAuthors takes the actor's name from an idea that they sign beside its author. What they wrote stays.
func (f *Ideas) LeaveCoAuthors(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	return f.changeCoAuthor(ctx, actor, id, func(tx *models.Tx, idea *models.Idea) error {
		own, err := tx.CoAuthorship(ctx, id, actor.ID)
		switch {
		case err != nil:
			return err
		case own == nil:
			return models.ErrForbidden
		case own.State == models.CoAuthorLeft:
			return nil
		}
		if err := tx.EndCoAuthor(idea, actor.ID, models.CoAuthorLeft); err != nil {
			return err
		}
		return tx.Record(models.IdeaAuthorLeft, idea, coAuthor{actor.ID})
	})
}

// RemoveCoAuthor takes somebody's name from an idea, or takes the question back: its lead may, and moderators.
func (f *Ideas) RemoveCoAuthor(ctx context.Context, actor *models.Actor, id, person int64) (*models.Idea, error) {
	return f.changeCoAuthor(ctx, actor, id, func(tx *models.Tx, idea *models.Idea) error {
		if !actor.Can(models.Moderate, &models.Space{ID: idea.SpaceID}) {
			if err := f.mayAsk(ctx, tx.Queries, actor, idea); err != nil {
				return err
			}
		}
		own, err := tx.CoAuthorship(ctx, id, person)
		switch {
		case err != nil:
			return err
		case own == nil:
			return models.ErrNotFound
		case own.State == models.CoAuthorRemoved:
			return nil
		}
		if err := tx.EndCoAuthor(idea, person, models.CoAuthorRemoved); err != nil {
			return err
		}
		return tx.Record(models.IdeaAuthorRemoved, idea, coAuthor{person})
	})
}

func (f *Ideas) changeCoAuthor(ctx context.Context, actor *models.Actor, id int64, change func(*models.Tx, *models.Idea) error) (idea *models.Idea, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockIdea(id); err != nil {
			return err
		}
		return change(tx, idea)
	})
	if err != nil {
		return nil, fmt.Errorf("co-authors of idea %d: %w", id, err)
	}
	return idea, nil
}

// signed finds who signs an idea beside its author and, once its author has left, who carries it on.
func (f *Ideas) signed(ctx context.Context, actor *models.Actor, shown *Shown) (err error) {
	if shown.CoAuthors, err = f.db.CoAuthors(ctx, &shown.Idea); err != nil {
		return fmt.Errorf("co-authors of idea %d: %w", shown.ID, err)
	}
	for i := range shown.CoAuthors {
		shown.CoAuthors[i].Picture = actor.Face(shown.CoAuthors[i].Picture)
	}
	if shown.Lead, err = f.db.IdeaLead(ctx, &shown.Idea); err != nil {
		return fmt.Errorf("lead of idea %d: %w", shown.ID, err)
	}
	return nil
}

// signers are co-authors as pages name them.
func signers(cards []models.CoAuthorCard) (named []parts.Named) {
	for i := range cards {
		c := &cards[i]
		named = append(named, parts.Named{ID: c.UserID, Name: c.Name, Role: c.Role, Picture: c.Picture})
	}
	return named
}

// carrier is who leads an idea in its author's place, nil if the author does.
func carrier(shown *Shown) *parts.Named {
	for _, named := range signers(shown.CoAuthors) {
		if named.ID == shown.Lead {
			return &named
		}
	}
	return nil
}

// coAuthorsView is the page of those who sign an idea. Who was asked and who said no is for those who ask, and for moderators.
func (f *Ideas) coAuthorsView(ctx context.Context, actor *models.Actor, id int64) (*views.CoAuthors, error) {
	page, err := f.db.IdeaPage(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	shown := &Shown{IdeaPage: page}
	if err := f.signed(ctx, actor, shown); err != nil {
		return nil, err
	}
	moderates := actor.Can(models.Moderate, &models.Space{ID: page.SpaceID})
	view := &views.CoAuthors{
		Idea: page, Space: *actor.Access(page.SpaceID), Author: parts.Named{ID: page.AuthorID, Name: page.AuthorName, Role: page.AuthorRole, Picture: actor.Face(page.AuthorPicture)},
		Signed: shown.CoAuthors, Lead: shown.Lead, Asks: actor.MayAskCoAuthors(&page.Idea, shown.Lead),
	}
	view.Removes = view.Asks || moderates
	if view.Removes {
		if view.Asked, err = f.db.AskedCoAuthors(ctx, &page.Idea); err != nil {
			return nil, err
		}
		for i := range view.Asked {
			view.Asked[i].Picture = actor.Face(view.Asked[i].Picture)
		}
	}
	if page.Asked != "" && page.AuthorID != actor.ID {
		view.Own, err = f.db.CoAuthorship(ctx, id, actor.ID)
	}
	return view, err
}
