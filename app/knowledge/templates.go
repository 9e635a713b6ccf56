package knowledge

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"ruche/app/text"
	"ruche/app/writing"
	"ruche/models"
)

// The templates that come with Ruche, in both languages. Their advice stands in hints, which readers of an article never see.
//
//go:embed templates
var standardTemplates embed.FS

// standard are the names of these templates, in their order.
var standard = []string{"how-to", "decision", "meeting", "project", "faq", "onboarding"}

// standardBody is the text of a template that comes with Ruche, in a language.
func standardBody(name, lang string) (string, error) {
	for _, known := range standard {
		if known == name {
			text, err := standardTemplates.ReadFile("templates/" + lang + "/" + name + ".md")
			return string(text), err
		}
	}
	return "", models.ErrNotFound
}

// TemplateText is what a template says. Once, if it is not empty, names the form that a new one comes from.
type TemplateText struct {
	Title string
	Guide string
	Body  string // Markdown
	Once  string
}

// NewTemplate adds a template to a space, or with 0 to the house.
func (f *Knowledge) NewTemplate(ctx context.Context, actor *models.Actor, spaceID int64, in TemplateText) (*models.ArticleTemplate, error) {
	template := &models.ArticleTemplate{SpaceID: ofSpace(spaceID)}
	if err := mayArrange(actor, template.SpaceID); err != nil {
		return nil, err
	}
	if err := in.into(template); err != nil {
		return nil, err
	}
	hash := writing.Hash("template", fmt.Sprint(spaceID), in.Title, in.Guide, in.Body)
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateArticleTemplate(template); err != nil {
			return err
		}
		if err := writing.Sent(tx, "", in.Once, hash, template.ID); err != nil {
			return err
		}
		return tx.Record(models.TemplateCreated, template, nil)
	})
	if errors.Is(err, models.ErrConflict) && in.Once != "" {
		id, err := f.writing.SentBefore(ctx, actor, in.Once, hash)
		if err != nil {
			return nil, err
		}
		return f.db.ArticleTemplate(ctx, actor, id)
	}
	if err != nil {
		return nil, fmt.Errorf("add an article template: %w", err)
	}
	return template, nil
}

// EditTemplate gives a template another text, from the version that its editor began from; models.ErrConflict if there is a later one.
func (f *Knowledge) EditTemplate(ctx context.Context, actor *models.Actor, id int64, base int, in TemplateText) (*models.ArticleTemplate, error) {
	return f.shape(ctx, actor, id, models.TemplateEdited, func(tx *models.Tx, template *models.ArticleTemplate) (bool, error) {
		before := *template
		if err := in.into(template); err != nil {
			return false, err
		}
		if *template == before {
			return false, nil
		}
		return true, tx.EditArticleTemplate(template, base)
	})
}

// RetireTemplate has a template not offered any more, or offered again. Articles that were begun with it stay as they are.
func (f *Knowledge) RetireTemplate(ctx context.Context, actor *models.Actor, id int64, retired bool) (*models.ArticleTemplate, error) {
	verb := models.TemplateOffered
	if retired {
		verb = models.TemplateRetired
	}
	return f.shape(ctx, actor, id, verb, func(tx *models.Tx, template *models.ArticleTemplate) (bool, error) {
		if retired == (template.RetiredAt != nil) {
			return false, nil
		}
		return true, tx.RetireArticleTemplate(template, retired)
	})
}

// ReorderTemplate moves a template one place up or down.
func (f *Knowledge) ReorderTemplate(ctx context.Context, actor *models.Actor, id int64, up bool) (*models.ArticleTemplate, error) {
	return f.shape(ctx, actor, id, models.TemplatesOrdered, func(tx *models.Tx, template *models.ArticleTemplate) (bool, error) {
		return tx.StepArticleTemplate(template, up)
	})
}

// shape does one change to a template under its lock, and records it.
func (f *Knowledge) shape(ctx context.Context, actor *models.Actor, id int64, verb string, do func(*models.Tx, *models.ArticleTemplate) (changed bool, err error)) (template *models.ArticleTemplate, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if template, err = tx.LockArticleTemplate(id); err != nil {
			return err
		}
		if err := mayArrange(actor, template.SpaceID); err != nil {
			return err
		}
		changed, err := do(tx, template)
		if err != nil || !changed {
			return err
		}
		return tx.Record(verb, template, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return template, nil
}

// mayArrange is nil if the actor arranges the templates of a space, or with nil of the house.
func mayArrange(actor *models.Actor, spaceID *int64) error {
	switch {
	case actor.MayArrange(spaceID):
		return nil
	case spaceID == nil:
		return models.ErrForbidden
	case actor.Access(*spaceID) == nil:
		return models.ErrNotFound
	}
	return actor.Refusal(models.ArrangeCollections, &models.Space{ID: *spaceID})
}

// ofSpace is the space of a template, nil for the house.
func ofSpace(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// into puts a text into a template, if it can be shown. Pictures and files are seen where they were sent to; a template, which goes
// everywhere, cannot have any.
func (in TemplateText) into(template *models.ArticleTemplate) error {
	problems := models.Invalid{}
	for field, value := range map[string]*string{"title": &in.Title, "guide": &in.Guide} {
		clean, err := text.Clean(*value, 1000)
		if err != nil {
			problems[field] = err.Error()
		}
		*value = clean
	}
	body, err := text.Clean(in.Body, text.MaxBody)
	if err == nil {
		_, err = text.Render(body, text.Body, nil)
	}
	switch {
	case err != nil:
		problems["body"] = err.Error()
	case len(text.Files(body)) > 0:
		problems["body"] = "template.files"
	}
	template.Title, template.Guide, template.Body, template.Lang = in.Title, in.Guide, body, text.Language(in.Title+"\n"+body)
	if err := template.Validate(); len(problems) == 0 {
		return err
	} else if more := (models.Invalid{}); errors.As(err, &more) {
		for field, problem := range more {
			if problems[field] == "" {
				problems[field] = problem
			}
		}
	}
	return problems
}

// Pictures and files as they stand in Markdown.
var (
	pictureIn = regexp.MustCompile(`!\[[^\]]*\]\(/files/\d+[^)]*\)`)
	fileIn    = regexp.MustCompile(`\[([^\]]*)\]\(/files/\d+[^)]*\)`)
)

// withoutFiles is a text that can become a template: without its pictures, and of files the names.
func withoutFiles(body string) string {
	return strings.TrimSpace(fileIn.ReplaceAllString(pictureIn.ReplaceAllString(body, ""), "$1"))
}
