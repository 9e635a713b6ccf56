// Package boxes lets people leave an idea by phone where a poster hangs, without signing in: whoever runs a campaign or a space opens a
// box for it and prints the poster, and what is left waits there until somebody has looked at it. What is taken becomes an idea on paper,
// which whoever left it claims with the code that their phone has shown: see papers.
package boxes

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Boxes is the feature: its use cases and routes.
type Boxes struct {
	web *web.Web
	db  *models.DB
	// bounded is how often one address may leave something
	bounded bool
}

// New returns the feature; bounded is whether one address may leave something only so often.
func New(w *web.Web, bounded bool) *Boxes { return &Boxes{web: w, db: w.DB, bounded: bounded} }

// Place is where a box stands: a space, or one of its campaigns.
type Place struct {
	Space    *models.SpaceAccess
	Campaign *models.Campaign // nil for none
}

func (p Place) campaignID() int64 {
	if p.Campaign == nil {
		return 0
	}
	return p.Campaign.ID
}

// Place finds a place whose box the actor looks after.
func (f *Boxes) Place(ctx context.Context, actor *models.Actor, slug string, campaignID int64) (place Place, err error) {
	if place.Space = actor.AccessTo(slug); place.Space == nil {
		return place, models.ErrNotFound
	}
	if campaignID != 0 {
		if place.Campaign, err = f.db.Campaign(ctx, actor, campaignID); err != nil {
			return place, err
		}
		if place.Campaign.SpaceID != place.Space.ID {
			return place, models.ErrNotFound
		}
	}
	if !actor.MayEnterPaper(place.Space.ID, place.Campaign) {
		return place, models.ErrForbidden
	}
	return place, nil
}

// Open lets people leave ideas at a place.
func (f *Boxes) Open(ctx context.Context, actor *models.Actor, place Place) error {
	if !actor.MayOpenBox(place.Space, place.Campaign) {
		return models.ErrForbidden
	}
	box := &models.Box{SpaceID: place.Space.ID}
	if place.Campaign != nil {
		box.CampaignID = &place.Campaign.ID
	}
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.OpenBox(box); err != nil {
			return err
		}
		return tx.Record(models.BoxOpened, box, nil)
	})
}

// Replace makes the posters that hang lead nowhere, and gives the box another address.
func (f *Boxes) Replace(ctx context.Context, actor *models.Actor, place Place) error {
	return f.change(ctx, actor, place, models.BoxReplaced, (*models.Tx).ReplaceBox)
}

// Close ends what people may leave at a place.
func (f *Boxes) Close(ctx context.Context, actor *models.Actor, place Place) error {
	return f.change(ctx, actor, place, models.BoxClosed, (*models.Tx).CloseBox)
}

func (f *Boxes) change(ctx context.Context, actor *models.Actor, place Place, verb string, do func(*models.Tx, *models.Box) error) error {
	if !actor.MayOpenBox(place.Space, place.Campaign) {
		return models.ErrForbidden
	}
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		box, err := tx.BoxOf(ctx, place.Space.ID, place.campaignID())
		if err != nil || box == nil {
			return errors.Join(err, models.ErrConflict)
		}
		if err := do(tx, box); err != nil {
			return err
		}
		return tx.Record(verb, box, nil)
	})
}

// Leave puts what somebody writes on their phone into a box, for others to look at. It returns the code by which they can claim it.
func (f *Boxes) Leave(ctx context.Context, box *models.FoundBox, note *models.BoxNote) (code string, err error) {
	if _, err := compose(note); err != nil {
		return "", err
	}
	if len(note.Once) < 20 || len(note.Once) > 100 {
		note.Once = rand.Text() // not of a form of ours: it has no second time
	}
	err = f.db.Tx(ctx, nil, func(tx *models.Tx) error {
		if err := tx.InStage(box.CampaignID, models.PostIdea); err != nil {
			return err
		}
		var sent bool
		if code, sent, err = tx.LeaveNote(&box.Box, note); err != nil || !sent {
			return err
		}
		if err := tx.NotifyFromHouse(box.OpenedBy, models.NoticeBox); err != nil {
			return err
		}
		return tx.Record(models.NoteLeft, &box.Box, nil)
	})
	if err != nil {
		return "", fmt.Errorf("leave a note: %w", err)
	}
	return code, nil
}

// Take publishes what was left in the box of a place, while its campaign gathers ideas; a NotNow says why it does not.
func (f *Boxes) Take(ctx context.Context, actor *models.Actor, place Place, id int64) (idea *models.Idea, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		note, err := tx.BoxNote(ctx, place.Space.ID, place.campaignID(), id)
		if err != nil {
			return err
		}
		if idea, err = compose(note); err != nil {
			return err
		}
		idea.SpaceID = place.Space.ID
		if place.Campaign != nil {
			idea.CampaignID, idea.Campaign = &place.Campaign.ID, place.Campaign.Title
		}
		if err := tx.InStage(idea.CampaignID, models.PostIdea); err != nil {
			return err
		}
		if err := tx.TakeNote(note, idea); err != nil {
			return err
		}
		posted, err := tx.EventOf(idea.AuthorID, models.IdeaPosted, idea, nil)
		if err != nil {
			return err
		}
		entered, err := tx.EventOf(actor.ID, models.IdeaEntered, idea, nil)
		if err != nil {
			return err
		}
		return tx.RecordAll([]models.Event{posted, entered})
	})
	if err != nil {
		return nil, fmt.Errorf("take a note: %w", err)
	}
	return idea, nil
}

// Drop throws away what was left in the box of a place.
func (f *Boxes) Drop(ctx context.Context, actor *models.Actor, place Place, id int64) error {
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		note, err := tx.BoxNote(ctx, place.Space.ID, place.campaignID(), id)
		if err != nil {
			return err
		}
		if err := tx.DropNote(note); err != nil {
			return err
		}
		return tx.Record(models.NoteDropped, &models.Box{ID: note.BoxID, SpaceID: place.Space.ID}, nil)
	})
}

// compose makes an idea of a note, and cleans what it says. Every field that is wrong is named at once. Where there is no text beside the
// title, the title is the text.
func compose(note *models.BoxNote) (*models.Idea, error) {
	problems := models.Invalid{}
	idea, err := &models.Idea{}, error(nil)
	if idea.Title, err = text.Title(note.Title); err != nil {
		problems["title"] = err.Error()
	}
	if note.Name, err = models.ParsePaperName(note.Name); err != nil {
		problems["name"] = "papers.name_invalid"
	}
	if idea.Body, err = text.Clean(note.Body, maxBody); err == nil && idea.Body == "" {
		idea.Body = idea.Title
	}
	var rendered text.Rendered
	if err == nil {
		rendered, err = text.Render(idea.Body, text.Body, nil)
	}
	if err != nil {
		problems["body"] = err.Error()
	}
	if len(problems) > 0 {
		return nil, problems
	}
	note.Title, note.Body = idea.Title, idea.Body
	idea.HTML, idea.Summary, idea.Lang = rendered.HTML, rendered.Summary, text.Language(idea.Title+"\n"+rendered.Plain)
	return idea, nil
}

// maxBody is more than anybody types on a phone, standing.
const maxBody = 4000
