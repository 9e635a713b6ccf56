package papers

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/papers"
)

// Routes adds the feature's pages.
func (f *Papers) Routes(g *echo.Group) {
	g.GET("/spaces/:slug/papers", f.list, web.RequireSignIn)
	g.POST("/spaces/:slug/papers", f.enter, web.RequireSignIn)
	g.GET("/spaces/:slug/papers/new", f.blank, web.RequireSignIn)
	g.POST("/spaces/:slug/papers/slips", f.print, web.RequireSignIn)
	g.GET("/claims/new", f.claimForm, web.RequireSignIn)
	limit := []echo.MiddlewareFunc{web.RequireSignIn}
	if f.bounded {
		limit = append(limit, f.web.SignInLimit())
	}
	g.POST("/claims", f.claim, limit...)
	g.POST("/ideas/:id/claim/removal", f.giveBack, web.RequireSignIn)
}

// pageSize is how many ideas on paper a page lists.
const pageSize = 50

// place is the place of an address or a form.
func (f *Papers) place(c echo.Context) (Place, error) {
	var campaign int64
	if text := c.FormValue("campaign"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id <= 0 {
			return Place{}, models.ErrNotFound
		}
		campaign = id
	}
	return f.Place(c.Request().Context(), web.Actor(c), c.Param("slug"), campaign)
}

// placeOf is a place as pages name it.
func placeOf(place Place) views.Place {
	return views.Place{Space: *place.Space, Campaign: place.Campaign}
}

func (f *Papers) list(c echo.Context) error {
	place, err := f.place(c)
	if err != nil {
		return err
	}
	return f.listPage(c, http.StatusOK, views.List{Place: placeOf(place)})
}

func (f *Papers) listPage(c echo.Context, status int, view views.List) error {
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	var campaign int64
	if view.Campaign != nil {
		campaign = view.Campaign.ID
	}
	view.Once = rand.Text()
	actor := web.Actor(c)
	if view.Cards, err = f.db.PaperIdeas(c.Request().Context(), view.Space.ID, campaign, before, pageSize+1); err != nil {
		return err
	}
	if view.Later = before != 0; len(view.Cards) > pageSize {
		view.Cards = view.Cards[:pageSize]
		view.Next = view.Cards[pageSize-1].IdeaID
	}
	view.MayImport = actor.MayImport(view.Space.ID, view.Campaign)
	page, err := f.web.Page(c, "papers", web.Locale(c).T("papers.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Index(page, view))
}

func (f *Papers) blank(c echo.Context) error {
	place, err := f.place(c)
	if err != nil {
		return err
	}
	return f.form(c, http.StatusOK, views.New{Place: placeOf(place)})
}

func (f *Papers) form(c echo.Context, status int, view views.New) error {
	view.Once = rand.Text()
	page, err := f.web.Page(c, "papers", web.Locale(c).T("papers.new"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Form(page, view))
}

func (f *Papers) enter(c echo.Context) error {
	place, err := f.place(c)
	if err != nil {
		return err
	}
	view := views.New{Place: placeOf(place), Title: c.FormValue("title"), Body: c.FormValue("body"), Tags: c.FormValue("tags"), Name: c.FormValue("name")}
	_, err = f.Enter(c.Request().Context(), web.Actor(c), NewPaper{Place: place, Title: view.Title, Body: view.Body, Tags: view.Tags, Name: view.Name, Once: c.FormValue("once")})
	switch {
	case errors.As(err, &view.Problems):
		return f.form(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict): // someone went back and wrote on: most likely another idea
		view.Problems = models.Invalid{"title": "papers.sent_before"}
		return f.form(c, http.StatusConflict, view)
	case err != nil:
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("papers.toast.entered")})
	if c.FormValue("next") != "" {
		return web.Redirect(c, view.NewURL())
	}
	return web.Redirect(c, view.URL())
}

// print answers with the slips themselves: their codes are shown now and kept nowhere.
func (f *Papers) print(c echo.Context) error {
	place, err := f.place(c)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	var ids []int64
	for _, text := range form["idea"] {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id <= 0 {
			return models.ErrNotFound
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	slips, err := f.Print(c.Request().Context(), web.Actor(c), place, slices.Compact(ids), c.FormValue("once"))
	if problems := (models.Invalid{}); errors.As(err, &problems) {
		return f.listPage(c, http.StatusUnprocessableEntity, views.List{Place: placeOf(place), Problem: problems["idea"]})
	}
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "papers", web.Locale(c).T("papers.slips"))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "private, no-store")
	return web.Render(c, http.StatusOK, views.Slips(page, views.Printed{Place: placeOf(place), Slips: slips, Door: f.web.BaseURL.String() + "/claims/new"}))
}

func (f *Papers) claimForm(c echo.Context) error {
	return f.claimPage(c, http.StatusOK, views.Claim{Code: c.QueryParam("code")})
}

func (f *Papers) claimPage(c echo.Context, status int, view views.Claim) error {
	page, err := f.web.Page(c, "ideas", web.Locale(c).T("papers.claim"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.ClaimForm(page, view))
}

func (f *Papers) claim(c echo.Context) error {
	view := views.Claim{Code: c.FormValue("code")}
	idea, err := f.Claim(c.Request().Context(), web.Actor(c), view.Code)
	if problems := (models.Invalid{}); errors.As(err, &problems) {
		view.Problem = problems["code"]
		return f.claimPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("papers.toast.claimed")})
	return web.Redirect(c, idea.Path())
}

func (f *Papers) giveBack(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	idea, err := f.GiveBack(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("papers.toast.returned")})
	return web.Redirect(c, idea.Path())
}
