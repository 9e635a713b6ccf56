package app_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"ruche/models"
)

// aboutTemplates tells whether a route is about a template of articles, for people or for programs.
func aboutTemplates(pattern string) bool {
	return strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/templates/:id")
}

// template is the address of the template of a space.
func (w *world) template(pattern string, here place) string {
	w.t.Helper()
	if w.templates[here.slug] == 0 {
		lead := w.site.Actor(w.lead().user)
		template := &models.ArticleTemplate{SpaceID: &lead.AccessTo(here.slug).ID, Title: "Of " + here.slug, Body: "## Why"}
		if err := w.site.DB.Tx(w.t.Context(), lead, func(tx *models.Tx) error { return tx.CreateArticleTemplate(template) }); err != nil {
			w.t.Fatal(err)
		}
		if w.templates == nil {
			w.templates = map[string]int64{}
		}
		w.templates[here.slug] = template.ID
	}
	return strings.Replace(pattern, ":id", strconv.FormatInt(w.templates[here.slug], 10), 1)
}

// templateForm is what a form about templates sends.
func (w *world) templateForm(route string, here place) url.Values {
	w.serial++
	switch route {
	case "POST /templates/:id":
		now, err := w.site.DB.ArticleTemplate(w.t.Context(), w.site.Actor(w.lead().user), w.templates[here.slug])
		if err != nil {
			w.t.Fatal(err)
		}
		return values("title", fmt.Sprintf("Template %d", w.serial), "body", "## Why", "base", strconv.Itoa(now.Version))
	case "POST /templates/:id/step":
		return values("to", "up")
	case "POST /templates/:id/retirement":
		return values("retired", strconv.Itoa(w.serial%2))
	}
	return values("title", fmt.Sprintf("Template %d", w.serial), "body", "## Why")
}

// templateDocument is what a program sends about templates, nil for nothing.
func (w *world) templateDocument(route string, here place) map[string]any {
	w.serial++
	switch route {
	case "POST /api/v1/templates":
		return map[string]any{"title": fmt.Sprintf("Template %d", w.serial), "body": "## Why"}
	case "PATCH /api/v1/templates/:id":
		return map[string]any{"title": fmt.Sprintf("Template %d of %s", w.serial, here.slug)}
	case "PUT /api/v1/templates/:id/place":
		return map[string]any{"to": "up"}
	}
	return nil
}
