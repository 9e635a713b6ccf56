package knowledge

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	views "ruche/views/knowledge"
)

// templateRoutes adds the pages on which templates are arranged.
func (f *Knowledge) templateRoutes(g *echo.Group) {
	g.GET("/templates", f.templates, web.RequireSignIn)
	g.GET("/templates/new", f.newTemplate, web.RequireSignIn)
	g.POST("/templates", f.createTemplate, web.RequireSignIn)
	g.GET("/templates/:id/edit", f.editTemplate, web.RequireSignIn)
	g.POST("/templates/:id", f.saveTemplate, web.RequireSignIn)
	g.POST("/templates/:id/step", f.stepTemplate, web.RequireSignIn)
	g.POST("/templates/:id/retirement", f.retireTemplate, web.RequireSignIn)
}

// spaceOfTemplates is the space with a slug, nil for the house, if the actor arranges its templates.
func spaceOfTemplates(actor *models.Actor, slug string) (*models.SpaceAccess, *int64, error) {
	if slug == "" {
		return nil, nil, mayArrange(actor, nil)
	}
	space := actor.AccessTo(slug)
	if space == nil {
		return nil, nil, models.ErrNotFound
	}
	return space, &space.ID, mayArrange(actor, &space.ID)
}

// templates lists the templates of the house, or of a space.
func (f *Knowledge) templates(c echo.Context) error {
	actor, slug := web.Actor(c), c.QueryParam("space")
	if spaces := arranged(actor); slug == "" && !actor.MayArrange(nil) && len(spaces) > 0 {
		slug = spaces[0].Slug
	}
	space, id, err := spaceOfTemplates(actor, slug)
	if err != nil {
		return err
	}
	view := views.Templates{Space: space, Spaces: arranged(actor), House: actor.MayArrange(nil)}
	all, err := f.db.ArticleTemplates(c.Request().Context(), id)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].RetiredAt == nil {
			view.Offered = append(view.Offered, all[i])
		} else {
			view.Retired = append(view.Retired, all[i])
		}
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("template.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.TemplatesPage(page, view))
}

// newTemplate shows the form for a template, empty or with the text of an article.
func (f *Knowledge) newTemplate(c echo.Context) error {
	actor := web.Actor(c)
	view := views.TemplateForm{Space: c.QueryParam("space")}
	id, err := optional(c.QueryParam("article"))
	if err != nil {
		return err
	}
	if id != 0 {
		article, err := f.db.Article(c.Request().Context(), actor, id)
		if err != nil {
			return err
		}
		view.Title, view.Guide, view.Body, view.Space = article.Title, "", withoutFiles(article.Body), actor.Access(article.SpaceID).Slug
	}
	return f.templatePage(c, http.StatusOK, view)
}

func (f *Knowledge) templatePage(c echo.Context, status int, view views.TemplateForm) error {
	actor := web.Actor(c)
	view.Spaces, view.House = arranged(actor), actor.MayArrange(nil)
	if view.Template == nil {
		if view.Once == "" {
			view.Once = writing.NewOnce()
		}
		if len(view.Spaces) == 0 && !view.House {
			return models.ErrForbidden
		}
		if view.Space != "" {
			if _, _, err := spaceOfTemplates(actor, view.Space); err != nil {
				return err
			}
		}
	}
	title := "template.new"
	if view.Template != nil {
		title = "template.edit"
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T(title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.TemplateFormPage(page, view))
}

// saidOfTemplate is what the form of a template says.
func saidOfTemplate(c echo.Context) TemplateText {
	return TemplateText{Title: c.FormValue("title"), Guide: c.FormValue("guide"), Body: c.FormValue("body"), Once: c.FormValue("once")}
}

func (f *Knowledge) createTemplate(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	actor, in, slug := web.Actor(c), saidOfTemplate(c), c.FormValue("space")
	_, id, err := spaceOfTemplates(actor, slug)
	if err != nil {
		return err
	}
	var spaceID int64
	if id != nil {
		spaceID = *id
	}
	template, err := f.NewTemplate(c.Request().Context(), actor, spaceID, in)
	view := views.TemplateForm{Space: slug, Title: in.Title, Guide: in.Guide, Body: in.Body, Once: in.Once}
	if errors.As(err, &view.Problems) {
		return f.templatePage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return f.done(c, f.listOf(actor, template), "template_created", "")
}

// listOf is the address of the list that a template stands in.
func (f *Knowledge) listOf(actor *models.Actor, template *models.ArticleTemplate) string {
	if template.SpaceID == nil {
		return "/templates"
	}
	return "/templates?space=" + actor.Access(*template.SpaceID).Slug
}

// templateToArrange finds the template that the address names, if the actor arranges it.
func (f *Knowledge) templateToArrange(c echo.Context) (*models.ArticleTemplate, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	template, err := f.db.ArticleTemplate(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return nil, err
	}
	return template, mayArrange(web.Actor(c), template.SpaceID)
}

func (f *Knowledge) editTemplate(c echo.Context) error {
	template, err := f.templateToArrange(c)
	if err != nil {
		return err
	}
	return f.templatePage(c, http.StatusOK, views.TemplateForm{Template: template, Base: template.Version, Title: template.Title, Guide: template.Guide, Body: template.Body})
}

func (f *Knowledge) saveTemplate(c echo.Context) error {
	template, err := f.templateToArrange(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	in := saidOfTemplate(c)
	base, _ := strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	view := views.TemplateForm{Template: template, Base: base, Title: in.Title, Guide: in.Guide, Body: in.Body}
	_, err = f.EditTemplate(c.Request().Context(), web.Actor(c), template.ID, base, in)
	switch {
	case errors.As(err, &view.Problems):
		return f.templatePage(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict): // what they wrote stands in the form; sent again, it replaces what others wrote, which is shown
		view.Base, view.Problems, view.Theirs = template.Version, models.Invalid{"body": "template.changed"}, template.Body
		return f.templatePage(c, http.StatusConflict, view)
	case err != nil:
		return err
	}
	return f.done(c, f.listOf(web.Actor(c), template), "template_saved", "")
}

func (f *Knowledge) stepTemplate(c echo.Context) error {
	template, err := f.templateToArrange(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	upwards, err := up(c)
	if err != nil {
		return err
	}
	if _, err := f.ReorderTemplate(c.Request().Context(), web.Actor(c), template.ID, upwards); err != nil {
		return err
	}
	return f.done(c, f.listOf(web.Actor(c), template), "template_moved", "")
}

func (f *Knowledge) retireTemplate(c echo.Context) error {
	template, err := f.templateToArrange(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	wanted := c.FormValue("retired")
	if wanted != "0" && wanted != "1" {
		return models.Invalid{"retired": "template.retired_invalid"}
	}
	if _, err := f.RetireTemplate(c.Request().Context(), web.Actor(c), template.ID, wanted == "1"); err != nil {
		return err
	}
	undo := "/templates/" + strconv.FormatInt(template.ID, 10) + "/retirement?retired="
	if wanted == "1" {
		return f.done(c, f.listOf(web.Actor(c), template), "template_retired", undo+"0")
	}
	return f.done(c, f.listOf(web.Actor(c), template), "template_offered", undo+"1")
}

// begin fills the form of a new article with the template that the address names, and offers templates where nothing is written yet.
func (f *Knowledge) begin(c echo.Context, view *views.Write) error {
	ctx, actor, wanted := c.Request().Context(), web.Actor(c), c.QueryParam("template")
	if view.Article != nil || view.Body != "" || view.From != (models.About{}) {
		return nil
	}
	if slices.Contains(standard, wanted) {
		body, err := standardBody(wanted, web.Locale(c).Lang())
		view.Body, view.Template = body, web.Locale(c).T("template."+wanted)
		return err
	}
	if id, err := optional(wanted); err != nil {
		return err
	} else if id != 0 {
		template, err := f.db.ArticleTemplate(ctx, actor, id)
		if err != nil {
			return err
		}
		view.Body, view.Template = template.Body, template.Title
		return nil
	}
	return f.offer(ctx, actor, view)
}

// offer names the templates with which an article can be begun: those of its space first, then those of the house and those of Ruche.
func (f *Knowledge) offer(ctx context.Context, actor *models.Actor, view *views.Write) error {
	lists := []*int64{nil}
	var space int64 // that of the collection, or what is around it
	if view.Collection != nil {
		access := actor.Access(view.Collection.SpaceID)
		space = cmp.Or(access.Within, access.ID)
		lists = []*int64{&space, nil}
	}
	for _, of := range lists {
		all, err := f.db.ArticleTemplates(ctx, of)
		if err != nil {
			return err
		}
		for i := range all {
			if all[i].RetiredAt == nil {
				view.Offered = append(view.Offered, all[i])
			}
		}
	}
	view.Standard = standard
	switch {
	case view.Collection != nil && actor.MayArrange(&space):
		view.ArrangeURL = "/templates?space=" + view.Space.Slug
	case actor.MayArrange(nil):
		view.ArrangeURL = "/templates"
	}
	return nil
}
