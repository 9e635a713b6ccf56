// Package papers takes in what people have written on paper, in a workshop or for the box in the canteen: somebody types it in for
// them and hands out slips with codes, and whoever wrote it claims it with one. It reads no files: that is the matter of imports.
package papers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Papers is the feature: its use cases and routes.
type Papers struct {
	web *web.Web
	db  *models.DB
	// bounded are the attempts to guess a code, or not
	bounded bool
}

// New returns the feature; bounded is whether the attempts to guess a code are.
func New(w *web.Web, bounded bool) *Papers { return &Papers{web: w, db: w.DB, bounded: bounded} }

// Place is where ideas on paper go: a space, or one of its campaigns.
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

// Place finds a place where the actor may type in what others wrote.
func (f *Papers) Place(ctx context.Context, actor *models.Actor, slug string, campaignID int64) (place Place, err error) {
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

// NewPaper is what somebody types in. Once, if it is not empty, names the form that it comes from: the same form sent twice makes one idea.
type NewPaper struct {
	Place
	Title string
	Body  string // Markdown
	Tags  string
	Name  string // of whoever wrote it, as far as the paper says
	Once  string
}

func (in NewPaper) hash() string {
	return hash(strconv.FormatInt(in.Space.ID, 10), strconv.FormatInt(in.campaignID(), 10), in.Title, in.Body, in.Tags, in.Name)
}

func hash(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// Enter publishes an idea that somebody else has written on paper.
func (f *Papers) Enter(ctx context.Context, actor *models.Actor, in NewPaper) (*models.Idea, error) {
	idea, name, err := in.compose()
	if err != nil {
		return nil, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.InStage(idea.CampaignID, models.PostIdea); err != nil {
			return err
		}
		if err := tx.CreatePaperIdea(idea, name); err != nil {
			return err
		}
		if in.Once != "" {
			if err := tx.Claim(&models.Answer{UserID: actor.ID, Key: "form:" + hash(in.Once), RequestHash: in.hash(), Result: strconv.FormatInt(idea.ID, 10)}); err != nil {
				return err
			}
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
	var notNow *models.NotNow
	switch {
	case errors.As(err, &notNow):
		return nil, models.Invalid{"title": notNow.Key}
	case errors.Is(err, models.ErrConflict) && in.Once != "":
		return f.enteredBefore(ctx, actor, in)
	case err != nil:
		return nil, fmt.Errorf("enter an idea on paper: %w", err)
	}
	return idea, nil
}

// enteredBefore is the idea that a form has made; ErrConflict if the form said something else then.
func (f *Papers) enteredBefore(ctx context.Context, actor *models.Actor, in NewPaper) (*models.Idea, error) {
	before, err := f.db.Answer(ctx, actor.ID, "form:"+hash(in.Once))
	if err != nil {
		return nil, fmt.Errorf("form sent before: %w", err)
	}
	if before.RequestHash != in.hash() {
		return nil, fmt.Errorf("form sent before with another text: %w", models.ErrConflict)
	}
	id, err := strconv.ParseInt(before.Result, 10, 64)
	if err != nil {
		return nil, err
	}
	return f.db.Idea(ctx, actor, id)
}

// compose checks and renders what was typed in. Every field that is wrong is named at once.
func (in NewPaper) compose() (idea *models.Idea, name string, err error) {
	problems := models.Invalid{}
	note := func(field string, err error) {
		var invalid models.Invalid
		switch {
		case errors.As(err, &invalid):
			problems[field] = invalid[field]
		case err != nil:
			problems[field] = err.Error()
		}
	}
	idea = &models.Idea{SpaceID: in.Space.ID}
	if in.Campaign != nil {
		idea.CampaignID, idea.Campaign = &in.Campaign.ID, in.Campaign.Title
	}
	idea.Title, err = text.Title(in.Title)
	note("title", err)
	idea.Tags, err = models.ParseTags(in.Tags)
	note("tags", err)
	name, err = models.ParsePaperName(in.Name)
	note("name", err)
	idea.Body, err = text.Clean(in.Body, text.MaxBody)
	if err == nil && idea.Body == "" {
		err = text.Blank
	}
	var rendered text.Rendered
	if err == nil {
		rendered, err = text.Render(idea.Body, text.Body, nil)
	}
	note("body", err)
	if len(problems) > 0 {
		return nil, "", problems
	}
	idea.HTML, idea.Summary, idea.Lang = rendered.HTML, rendered.Summary, text.Language(idea.Title+"\n"+rendered.Plain)
	return idea, name, nil
}

// Print gives new codes to ideas on paper of a place, for their slips: the same ones for the same seed.
func (f *Papers) Print(ctx context.Context, actor *models.Actor, place Place, ids []int64, seed string) (slips []models.Slip, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if slips, err = tx.PrintSlips(place.Space.ID, place.campaignID(), ids, seed); err != nil {
			return err
		}
		return tx.Record(models.SlipsPrinted, &models.Space{ID: place.Space.ID}, map[string]int{"slips": len(slips)})
	})
	if err != nil {
		return nil, fmt.Errorf("print slips: %w", err)
	}
	return slips, nil
}

// Claim makes the actor the author of the idea whose code they have.
func (f *Papers) Claim(ctx context.Context, actor *models.Actor, code string) (idea *models.Idea, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.ClaimPaper(code); err != nil {
			return err
		}
		return tx.Record(models.IdeaClaimed, idea, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("claim an idea: %w", err)
	}
	return idea, nil
}

// GiveBack takes an idea from somebody who has claimed it wrongly.
func (f *Papers) GiveBack(ctx context.Context, actor *models.Actor, id int64) (idea *models.Idea, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockIdea(id); err != nil {
			return err
		}
		if err := mayGiveBack(tx, idea); err != nil {
			return err
		}
		if err := tx.ReturnPaper(idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaReturned, idea, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("give an idea back: %w", err)
	}
	return idea, nil
}

func mayGiveBack(tx *models.Tx, idea *models.Idea) (err error) {
	var campaign *models.Campaign
	if idea.CampaignID != nil {
		if campaign, err = tx.Campaign(tx.Context(), tx.Actor(), *idea.CampaignID); err != nil {
			return err
		}
	}
	if !tx.Actor().MayEnterPaper(idea.SpaceID, campaign) {
		return models.ErrForbidden
	}
	return nil
}
