// Package ideas is where people propose ideas, support and discuss them: lists, the page of an idea with
// its comments, writing with drafts, versions and stages. The same use cases serve the pages and the API.
// It does not search (it asks the index what is near a title) and tells nobody: notices come from the event log.
package ideas

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"ruche/app/files"
	"ruche/app/posts"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	"ruche/search"
)

// Ideas is the feature: its use cases and routes.
type Ideas struct {
	web        *web.Web
	db         *models.DB
	writing    *writing.Writing
	files      *files.Files
	index      *search.Index
	facts      facts
	nearby     search.Nearby
	readership readership
	limits     []echo.MiddlewareFunc // of attempts to come back with a code
	beside     Beside
}

// Tied is what the rail of an idea says of the threads to which it is tied, nil for nothing.
type Tied func(c echo.Context, idea *models.Idea) (templ.Component, error)

// Beside is what other features have on the page of an idea.
type Beside struct {
	Tied  Tied
	Terms posts.Terms
}

// New returns the feature.
func New(w *web.Web, writing *writing.Writing, files *files.Files, index *search.Index, beside Beside) *Ideas {
	f := &Ideas{web: w, db: w.DB, writing: writing, files: files, index: index, beside: beside, readership: readership{came: make(chan struct{}, 1)}}
	writing.Guard(newForm, f.mayKeep)
	return f
}

// Limit bounds the return codes that can be tried.
func (f *Ideas) Limit() { f.limits = append(f.limits, web.NewReturnLimit()) }

// NewIdea is what someone proposes. Once, if it is not empty, names the form that it comes from: the
// same form sent twice proposes one idea.
type NewIdea struct {
	Space    string // slug; that of the campaign if there is one
	Campaign int64  // 0 for none
	Title    string
	Summary  string // empty for none: lists then show the beginning of the text
	Body     string // Markdown
	Tags     []string
	Answers  Given // to what the campaign asks
	Once     string

	Anonymity models.Anonymity // that whoever writes was promised; empty for none
	Seal      string           // the keepers who can open it, as they were shown: see models.SealKeepers.Mark

	Thread int64 // that has become the idea, which is then by whoever began that; 0 for none
	Close  bool  // the thread
}

// Post publishes an idea in a space. Whoever has to accept the space's agreement first is told so of a text that could
// be published.
func (f *Ideas) Post(ctx context.Context, actor *models.Actor, in NewIdea) (*models.Idea, error) {
	campaign, err := f.campaignOf(ctx, actor, &in)
	if err != nil {
		return nil, err
	}
	space, refusal := writing.Into(actor, in.Space, models.PostIdea)
	if refusal != nil && !writing.Asked(refusal) {
		return nil, refusal
	}
	sheet, err := f.db.BlankSheet(ctx, actor, campaign)
	if err != nil {
		return nil, err
	}
	idea, pictures, err := f.compose(ctx, actor, wording{in.Title, in.Summary, in.Body, in.Tags})
	answers, wrong := f.answers(ctx, actor, sheet, in.Answers)
	if err == nil && sheet != nil && sheet.Summary && !idea.OwnSummary {
		err = models.Invalid{"summary": "ideas.summary_missing"}
	}
	if err = together(err, wrong); err == nil {
		err = refusal
	}
	if err != nil {
		return nil, err
	}
	idea.SpaceID, idea.AuthorID = space.ID, actor.ID
	if err := f.turnable(ctx, actor, in, campaign, idea); err != nil {
		return nil, err
	}
	if campaign != nil {
		idea.CampaignID, idea.Campaign = &campaign.ID, campaign.Title
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.InStage(idea.CampaignID, models.PostIdea); err != nil {
			return err
		}
		if err := hide(tx, &in, idea, pictures); err != nil {
			return err
		}
		called, err := tx.CalledGroups(ctx, tx.Actor(), idea.SpaceID, text.Groups(idea.Body))
		if err != nil {
			return err
		}
		copies, err := writing.Carry(tx, models.About{Thread: in.Thread}, &idea.Body, &idea.HTML, pictures)
		if err != nil {
			return err
		}
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		if err := tx.PlaceCopies(models.Place{Idea: idea}, copies); err != nil {
			return err
		}
		if sheet != nil {
			if err := tx.SaveAnswers(idea, sheet.Version, answers); err != nil {
				return err
			}
		}
		if err := tx.AttachFiles(tx.Actor().ID, models.Place{Idea: idea}, pictures); err != nil {
			return err
		}
		if err := in.sent(tx, idea.ID); err != nil {
			return err
		}
		if err := in.turn(tx, idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaPosted, idea, called.Said())
	})
	if errors.Is(err, models.ErrConflict) && in.Once != "" {
		id, before := f.postedBefore(ctx, actor, in)
		if before == nil {
			return f.posted(ctx, actor, id, in)
		}
		if !errors.Is(before, models.ErrNotFound) { // a form that made nothing is refused for what its campaign does not allow
			return nil, before
		}
	}
	if err != nil {
		return nil, fmt.Errorf("post idea: %w", writing.AtField("campaign", err))
	}
	f.changed(idea.SpaceID)
	return idea, nil
}

// campaignOf finds the campaign that an idea is for, and makes its space the idea's.
func (f *Ideas) campaignOf(ctx context.Context, actor *models.Actor, in *NewIdea) (*models.Campaign, error) {
	if in.Campaign == 0 {
		return nil, nil
	}
	campaign, err := f.db.Campaign(ctx, actor, in.Campaign)
	if err != nil {
		return nil, err
	}
	access := actor.Access(campaign.SpaceID)
	if in.Space != "" && in.Space != access.Slug {
		return nil, models.Invalid{"campaign": "campaigns.elsewhere"}
	}
	in.Space = access.Slug
	return campaign, nil
}

// wording is the text of an idea as its author writes it.
type wording struct {
	Title, Summary, Body string
	Tags                 []string
}

// compose checks and renders the text of an idea, and says which pictures it shows. Every field that
// is wrong is named at once.
func (f *Ideas) compose(ctx context.Context, actor *models.Actor, in wording) (*models.Idea, []int64, error) {
	problems := models.Invalid{}
	idea := &models.Idea{}
	var err error
	if idea.Title, err = text.Title(in.Title); err != nil {
		problems["title"] = err.Error()
	}
	summary, err := text.Summary(in.Summary)
	if err != nil {
		problems["summary"] = err.Error()
	}
	if idea.Tags, err = models.ParseTags(in.Tags...); err != nil {
		var invalid models.Invalid
		if !errors.As(err, &invalid) {
			return nil, nil, err
		}
		problems["tags"] = invalid["tags"]
	}
	rendered, err := f.writing.Render(ctx, actor, in.Body, text.Body)
	if invalid := (models.Invalid{}); errors.As(err, &invalid) {
		problems["body"] = invalid["body"]
	} else if err != nil {
		return nil, nil, err
	}
	if len(problems) > 0 {
		return nil, nil, problems
	}
	idea.Body, idea.HTML, idea.Summary = rendered.Markdown, rendered.HTML, rendered.Summary
	if summary != "" {
		idea.Summary, idea.OwnSummary = summary, true
	}
	idea.Lang = text.Language(idea.Title + "\n" + rendered.Plain)
	return idea, rendered.Files, nil
}

// Edit is a new text of an idea. Base is the version that the editor started from.
type Edit struct {
	ID      int64
	Base    int
	Title   string
	Summary string
	Body    string
	Tags    []string
	Answers Given // to what its campaign asks; what is not said stays
}

// Edit stores a new version of an idea; ErrConflict if someone else has saved another one since the base.
// Nothing happens if nothing has changed, so sending a form twice stores one version.
func (f *Ideas) Edit(ctx context.Context, actor *models.Actor, in Edit) (*models.Idea, error) {
	idea, err := f.mayEdit(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	sheet, err := f.db.SheetOf(ctx, actor, idea)
	if err != nil {
		return nil, err
	}
	text, pictures, err := f.compose(ctx, actor.Person(), wording{in.Title, in.Summary, in.Body, in.Tags})
	answers, wrong := f.answers(ctx, actor, sheet, in.Answers)
	if err == nil && sheet != nil && sheet.Summary && idea.OwnSummary && !text.OwnSummary { // who wrote none before it was asked need not do so now
		err = models.Invalid{"summary": "ideas.summary_missing"}
	}
	if err = together(err, wrong); err != nil {
		return nil, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockIdea(in.ID); err != nil {
			return err
		}
		if !actor.Can(models.Moderate, &models.Space{ID: idea.SpaceID}) {
			if err := tx.InStage(idea.CampaignID, models.EditIdea); err != nil {
				return writing.AtField("body", err)
			}
		}
		if idea.Title == text.Title && idea.Written() == text.Written() && idea.Body == text.Body && slices.Equal(idea.Tags, text.Tags) && len(answers) == 0 {
			return tx.DropDraft(actor.ID, editForm(idea.ID))
		}
		idea.Title, idea.Body, idea.HTML, idea.Lang, idea.Tags = text.Title, text.Body, text.HTML, text.Lang, text.Tags
		idea.Summary, idea.OwnSummary = text.Summary, text.OwnSummary
		if err := tx.EditIdea(idea, in.Base); err != nil {
			return err
		}
		if len(answers) > 0 {
			if err := tx.SaveAnswers(idea, sheet.Version, answers); err != nil {
				return err
			}
		}
		if err := writing.Attach(tx, models.Place{Idea: idea}, pictures); err != nil {
			return err
		}
		if err := tx.DropDraft(actor.ID, editForm(idea.ID)); err != nil {
			return err
		}
		return tx.Record(models.IdeaEdited, idea, map[string]any{"version": idea.Version})
	})
	if err != nil {
		return nil, fmt.Errorf("edit idea: %w", err)
	}
	f.changed(idea.SpaceID)
	return idea, nil
}

// mayEdit finds an idea that the actor may change.
func (f *Ideas) mayEdit(ctx context.Context, actor *models.Actor, id int64) (*models.Idea, error) {
	idea, err := f.db.Idea(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.MayEdit(idea) {
		return nil, fmt.Errorf("edit idea %d: %w", id, actor.Refused(idea.SpaceID, idea.Writer(actor)))
	}
	return idea, nil
}
