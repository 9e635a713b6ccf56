package models

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ArticleTemplate is a text that articles are begun with: of a space, or of the whole house. Those that come with Ruche are not stored.
type ArticleTemplate struct {
	ID        int64
	SpaceID   *int64 // nil for the house
	Title     string
	Guide     string // when to take it, in one line; may be empty
	Body      string // Markdown, with advice in hints
	Lang      string
	Position  int // among those of its space, or of the house
	Version   int
	CreatedAt time.Time
	EditedAt  time.Time
	RetiredAt *time.Time // it is not offered any more
}

func (t *ArticleTemplate) subject() (string, int64, int64) {
	if t.SpaceID == nil {
		return "template", t.ID, 0
	}
	return "template", t.ID, *t.SpaceID
}

// MayArrange tells whether the actor adds, changes, orders and retires the templates of a space, or with nil those of the house.
func (a *Actor) MayArrange(spaceID *int64) bool {
	if spaceID == nil {
		return a.Can(ArrangeTemplates, nil)
	}
	return a.Can(ArrangeCollections, &Space{ID: *spaceID})
}

// Bounds of templates: characters of a title and of a guide, and templates of one space or of the house.
const (
	maxTemplateTitle = 80
	maxTemplateGuide = 160
	maxTemplates     = 60
)

// Validate tidies the template and says which fields are wrong. Its text is checked by whoever has rendered it.
func (t *ArticleTemplate) Validate() error {
	t.Title, t.Guide = oneLine(t.Title), oneLine(t.Guide)
	problems := Invalid{}
	if t.Title == "" || utf8.RuneCountInString(t.Title) > maxTemplateTitle {
		problems["title"] = "template.title_invalid"
	}
	if utf8.RuneCountInString(t.Guide) > maxTemplateGuide {
		problems["guide"] = "template.guide_invalid"
	}
	if strings.TrimSpace(t.Body) == "" {
		problems["body"] = "text.blank"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// templatesOf is the condition for those of a space, or with nil of the house.
func templatesOf(spaceID *int64) (condition string, args []any) {
	if spaceID == nil {
		return "space_id IS NULL", nil
	}
	return "space_id = ?", []any{*spaceID}
}

// ArticleTemplates lists those of a space, or with nil of the house, in their order, the retired ones last. The caller has loaded the space
// as one that the actor may see.
func (q Queries) ArticleTemplates(ctx context.Context, spaceID *int64) (templates []ArticleTemplate, err error) {
	of, args := templatesOf(spaceID)
	err = q.raw(ctx, &templates, "SELECT * FROM article_templates WHERE "+of+" ORDER BY retired_at IS NOT NULL, position, id LIMIT "+strconv.Itoa(maxTemplates), args...)
	if err != nil {
		return nil, fmt.Errorf("list article templates: %w", err)
	}
	return templates, nil
}

// ArticleTemplate finds a template of the house, or of a space that the actor may see.
func (q Queries) ArticleTemplate(ctx context.Context, actor *Actor, id int64) (*ArticleTemplate, error) {
	seen, list := q.visible(actor, "space_id")
	template := &ArticleTemplate{}
	if err := q.one(ctx, template, "SELECT * FROM article_templates WHERE id = ? AND (space_id IS NULL OR "+seen+")", id, list); err != nil {
		return nil, fmt.Errorf("article template %d: %w", id, err)
	}
	return template, nil
}

// LockArticleTemplate is ArticleTemplate inside a change: who else changes it waits until this transaction ends.
func (tx *Tx) LockArticleTemplate(id int64) (*ArticleTemplate, error) {
	if err := tx.hold("article_templates", id); err != nil {
		return nil, err
	}
	return tx.ArticleTemplate(tx.ctx, tx.actor, id)
}

// CreateArticleTemplate adds a template at the end of those of its space or of the house.
func (tx *Tx) CreateArticleTemplate(template *ArticleTemplate) error {
	if err := template.Validate(); err != nil {
		return err
	}
	if template.SpaceID != nil {
		if err := tx.hold("spaces", *template.SpaceID); err != nil { // so that two do not get one place
			return err
		}
	}
	of, args := templatesOf(template.SpaceID)
	var last struct{ Count, Position int }
	if err := tx.one(tx.ctx, &last, "SELECT count(*) AS count, coalesce(max(position), 0) AS position FROM article_templates WHERE "+of, args...); err != nil {
		return err
	}
	if last.Count >= maxTemplates {
		return Invalid{"title": "template.too_many"}
	}
	template.Position, template.Version, template.CreatedAt, template.EditedAt = last.Position+1, 1, tx.now, tx.now
	return tx.create(template)
}

// EditArticleTemplate stores another text of a locked template. ErrConflict if it is not the version any more that its editor began from.
func (tx *Tx) EditArticleTemplate(template *ArticleTemplate, base int) error {
	if err := template.Validate(); err != nil {
		return err
	}
	if template.Version != base {
		return fmt.Errorf("article template %d has version %d, not %d: %w", template.ID, template.Version, base, ErrConflict)
	}
	template.Version, template.EditedAt = base+1, tx.now
	_, err := tx.exec("UPDATE article_templates SET title = ?, guide = ?, body = ?, lang = ?, version = ?, edited_at = ? WHERE id = ?",
		template.Title, template.Guide, template.Body, template.Lang, template.Version, template.EditedAt, template.ID)
	return err
}

// RetireArticleTemplate has a locked template not offered any more, or offered again.
func (tx *Tx) RetireArticleTemplate(template *ArticleTemplate, retired bool) error {
	template.RetiredAt = nil
	if retired {
		template.RetiredAt = &tx.now
	}
	_, err := tx.exec("UPDATE article_templates SET retired_at = ? WHERE id = ?", template.RetiredAt, template.ID)
	return err
}

// StepArticleTemplate moves a locked template one place up or down among those that are offered beside it, and tells whether it could.
func (tx *Tx) StepArticleTemplate(template *ArticleTemplate, up bool) (moved bool, err error) {
	all, err := tx.ArticleTemplates(tx.ctx, template.SpaceID)
	if err != nil {
		return false, err
	}
	at, step := -1, 1
	if up {
		step = -1
	}
	for i := range all {
		if all[i].ID == template.ID {
			at = i
		}
	}
	to := at + step
	if at < 0 || to < 0 || to >= len(all) || all[at].RetiredAt != nil || all[to].RetiredAt != nil {
		return false, nil
	}
	all[at], all[to] = all[to], all[at]
	for i := range all {
		if all[i].Position == i+1 {
			continue
		}
		if _, err := tx.exec("UPDATE article_templates SET position = ? WHERE id = ?", i+1, all[i].ID); err != nil {
			return false, err
		}
	}
	template.Position = to + 1
	return true, nil
}
