// Package writing is what everything that people write has in common, whatever it becomes: a text is cleaned and rendered with its
// pictures, what is begun is kept as a draft, a form that makes something makes it once, and whoever comes from outside accepts the
// agreement of the space first. What is written, and who may, is the matter of the features.
package writing

import (
	"context"
	"errors"
	"fmt"

	"github.com/labstack/echo/v4"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
	"ruche/views/parts"
)

// Writing serves the features in which people write.
type Writing struct {
	web    *web.Web
	db     *models.DB
	guards map[string]Guard
}

// Guard refuses to keep what stands in a form as a draft.
type Guard func(c echo.Context, fields models.Fields) error

// New returns the room.
func New(w *web.Web) *Writing {
	return &Writing{web: w, db: w.DB, guards: map[string]Guard{}}
}

// Guard asks before a draft of a form is kept.
func (w *Writing) Guard(form string, guard Guard) { w.guards[form] = guard }

// Text is a text ready to be stored.
type Text struct {
	text.Rendered
	Markdown string
}

// Lang is the language that the text is written in, empty if it cannot be told.
func (t Text) Lang() string { return text.Language(t.Plain) }

// Render checks and renders a Markdown text; what is wrong is said at the field "body".
func (w *Writing) Render(ctx context.Context, actor *models.Actor, body string, kind text.Kind) (Text, error) {
	most := text.MaxBody
	if kind == text.Comment {
		most = text.MaxComment
	}
	markdown, err := text.Clean(body, most)
	if err == nil && markdown == "" {
		err = text.Blank
	}
	if err != nil {
		return Text{}, models.Invalid{"body": err.Error()}
	}
	pictures, err := w.db.FilesOf(ctx, actor, text.Files(markdown))
	if err != nil {
		return Text{}, fmt.Errorf("load pictures: %w", err)
	}
	rendered, err := text.Render(markdown, kind, text.Knowing(pictures))
	if err != nil {
		return Text{}, models.Invalid{"body": err.Error()}
	}
	return Text{rendered, markdown}, nil
}

// Into finds the space of a slug, into which the actor wants to write. With the refusal of an act there comes the space all the same,
// for whoever has nothing but its agreement to accept.
func Into(actor *models.Actor, slug string, act models.Act) (*models.SpaceAccess, error) {
	if !actor.SignedIn() {
		return nil, models.ErrForbidden
	}
	if slug == "" {
		return nil, models.Invalid{"space": "ideas.space_missing"}
	}
	space := actor.AccessTo(slug)
	if space == nil {
		return nil, fmt.Errorf("space: %w", models.ErrNotFound)
	}
	if err := actor.Refusal(act, &models.Space{ID: space.ID}); err != nil {
		return space, fmt.Errorf("%s in space %d: %w", act, space.ID, err)
	}
	return space, nil
}

// Attach gives a place the pictures that whoever acts has uploaded, and hides who that was where they hide.
func Attach(tx *models.Tx, place models.Place, pictures []int64) error {
	actor := tx.Actor()
	if actor.Masked() {
		if err := tx.HandFiles(actor.Person().ID, actor.ID, pictures); err != nil {
			return err
		}
	}
	return tx.AttachFiles(actor.ID, place, pictures)
}

// AtField says at a field of the form what the stage of a campaign does not allow now.
func AtField(field string, err error) error {
	var notNow *models.NotNow
	if errors.As(err, &notNow) {
		return models.Invalid{field: notNow.Key}
	}
	return err
}

// Changes is what was added to a text and what was removed, as pages show it.
func Changes(from []text.Change) []parts.Change {
	to := make([]parts.Change, len(from))
	for i, change := range from {
		to[i] = parts.Change{Kind: parts.ChangeKind(change.Kind), Text: change.Text}
	}
	return to
}
