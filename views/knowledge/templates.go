package knowledge

import (
	"net/url"

	"ruche/models"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Templates are those of a space, or of the house, for whoever arranges them.
type Templates struct {
	Space   *models.SpaceAccess // nil for the house
	Spaces  []models.SpaceAccess
	House   bool // the reader arranges those of the house too
	Offered []models.ArticleTemplate
	Retired []models.ArticleTemplate
}

func (v Templates) newURL() string {
	if v.Space == nil {
		return "/templates/new"
	}
	return "/templates/new?space=" + v.Space.Slug
}

// where says whose templates are listed.
func (v Templates) where(p layout.Page) string {
	if v.Space == nil {
		return p.L.T("template.house")
	}
	return v.Space.Title
}

// TemplateForm is where one writes a template.
type TemplateForm struct {
	Template           *models.ArticleTemplate // nil for a new one
	Space              string                  // slug; empty for the house
	Spaces             []models.SpaceAccess
	House              bool
	Title, Guide, Body string
	Base               int
	Once               string
	Theirs             string // what others have saved meanwhile; empty for nothing
	Problems           models.Invalid
}

func (v TemplateForm) action() string {
	if v.Template != nil {
		return templateURL(v.Template.ID)
	}
	return "/templates"
}

// back is the list that one came from.
func (v TemplateForm) back() string {
	if v.Template != nil && v.Template.SpaceID != nil {
		for i := range v.Spaces {
			if v.Spaces[i].ID == *v.Template.SpaceID {
				return "/templates?space=" + v.Spaces[i].Slug
			}
		}
	}
	if v.Template == nil && v.Space != "" {
		return "/templates?space=" + url.QueryEscape(v.Space)
	}
	return "/templates"
}

func (v TemplateForm) options(p layout.Page) (options []parts.Option) {
	if v.House {
		options = append(options, parts.Option{Value: "", Label: p.L.T("template.house")})
	}
	for i := range v.Spaces {
		options = append(options, parts.Option{Value: v.Spaces[i].Slug, Label: v.Spaces[i].Title})
	}
	return options
}

func templateURL(id int64) string { return "/templates/" + number(id) }

// begun is the address of the form for a new article that begins with a template.
func (v Write) begun(template string) string {
	values := url.Values{"template": {template}}
	switch {
	case v.Parent != nil:
		values.Set("under", number(v.Parent.ID))
	case v.Collection != nil:
		values.Set("collection", number(v.Collection.ID))
	}
	return "/articles/new?" + values.Encode()
}

// blank is the address of that form without a template.
func (v Write) blank() string {
	switch {
	case v.Parent != nil:
		return "/articles/new?under=" + number(v.Parent.ID)
	case v.Collection != nil:
		return "/articles/new?collection=" + number(v.Collection.ID)
	}
	return "/articles/new"
}

// signs are the icons of the templates that come with Ruche.
var signs = map[string]string{
	"how-to": "scroll-text", "decision": "check", "meeting": "messages-square", "project": "layers", "faq": "info", "onboarding": "user-plus",
}
