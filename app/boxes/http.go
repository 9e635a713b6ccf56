package boxes

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/boxes"
	"ruche/views/layout"
)

// Routes adds the feature's pages.
func (f *Boxes) Routes(g *echo.Group) {
	g.GET("/boxes", f.waiting, web.RequireSignIn)
	g.GET("/spaces/:slug/box", f.show, web.RequireSignIn)
	g.POST("/spaces/:slug/box", f.arrange, web.RequireSignIn)
	g.GET("/spaces/:slug/box/poster", f.poster, web.RequireSignIn)
	g.POST("/spaces/:slug/box/notes/:id", f.decide, web.RequireSignIn)
	g.GET("/box", f.form)
	var limit []echo.MiddlewareFunc
	if f.bounded {
		limit = append(limit, web.VisitorLimit())
	}
	g.POST("/box", f.leave, limit...)
}

// shownNotes is how much of what waits a page shows; the rest comes up as that is decided.
const shownNotes = 50

// shownBoxes is how many places in whose boxes something waits a page lists.
const shownBoxes = 100

func (f *Boxes) waiting(c echo.Context) error {
	boxes, err := f.db.WaitingBoxes(c.Request().Context(), web.Actor(c), shownBoxes)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "boxes", web.Locale(c).T("boxes.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Waiting(page, boxes))
}

// place is the place of an address or a form.
func (f *Boxes) place(c echo.Context) (Place, error) {
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

func (f *Boxes) show(c echo.Context) error {
	place, err := f.place(c)
	if err != nil {
		return err
	}
	return f.showPage(c, http.StatusOK, place, "")
}

// showPage is the box of a place; notNow says why nothing of it can be taken, if that was asked for.
func (f *Boxes) showPage(c echo.Context, status int, place Place, notNow string) (err error) {
	ctx := c.Request().Context()
	view := views.Show{Place: views.Place{Space: *place.Space, Campaign: place.Campaign}, MayOpen: web.Actor(c).MayOpenBox(place.Space, place.Campaign), NotNow: notNow}
	if view.Box, err = f.db.BoxOf(ctx, place.Space.ID, place.campaignID()); err != nil {
		return err
	}
	if view.Notes, err = f.db.BoxNotes(ctx, place.Space.ID, place.campaignID(), shownNotes+1); err != nil {
		return err
	}
	if view.More = len(view.Notes) > shownNotes; view.More {
		view.Notes = view.Notes[:shownNotes]
	}
	page, err := f.web.Page(c, "boxes", web.Locale(c).T("boxes.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Page(page, view))
}

// arrange opens the box of a place, replaces its address, or closes it.
func (f *Boxes) arrange(c echo.Context) error {
	place, err := f.place(c)
	if err != nil {
		return err
	}
	ctx, actor, do := c.Request().Context(), web.Actor(c), c.FormValue("do")
	switch do {
	case "open":
		err = f.Open(ctx, actor, place)
	case "replace":
		err = f.Replace(ctx, actor, place)
	case "close":
		err = f.Close(ctx, actor, place)
	default:
		return models.Invalid{"do": "boxes.do_invalid"}
	}
	if err != nil && !errors.Is(err, models.ErrConflict) { // what was asked for twice is done once
		return err
	}
	if err == nil {
		f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("boxes.toast." + do)})
	}
	return web.Redirect(c, views.Place{Space: *place.Space, Campaign: place.Campaign}.URL())
}

func (f *Boxes) poster(c echo.Context) error {
	place, err := f.place(c)
	if err != nil {
		return err
	}
	box, err := f.db.BoxOf(c.Request().Context(), place.Space.ID, place.campaignID())
	if err == nil && box == nil {
		err = models.ErrNotFound
	}
	if err != nil {
		return err
	}
	address := f.web.BaseURL.String() + "/box?" + url.Values{"token": {box.Token}}.Encode()
	code, err := drawn(address)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "boxes", web.Locale(c).T("boxes.poster"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Poster(page, views.Printed{Place: views.Place{Space: *place.Space, Campaign: place.Campaign}, Code: code, Address: address}))
}

// decide takes what was left in a box, or throws it away.
func (f *Boxes) decide(c echo.Context) error {
	place, err := f.place(c)
	if err != nil {
		return err
	}
	note, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, actor, do := c.Request().Context(), web.Actor(c), c.FormValue("do")
	switch do {
	case "take":
		_, err = f.Take(ctx, actor, place, note)
	case "drop":
		err = f.Drop(ctx, actor, place, note)
	default:
		return models.Invalid{"do": "boxes.do_invalid"}
	}
	var notNow *models.NotNow
	if errors.As(err, &notNow) {
		return f.showPage(c, http.StatusConflict, place, notNow.Key)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("boxes.toast." + do)})
	return web.Redirect(c, views.Place{Space: *place.Space, Campaign: place.Campaign}.URL())
}

// found is the box of a token, with what its campaign allows now; nil where nobody can leave anything, which says nothing more.
func (f *Boxes) found(c echo.Context) (*models.FoundBox, error) {
	box, err := f.db.FindBox(c.Request().Context(), c.FormValue("token"))
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if box.CampaignID != nil {
		stage, err := f.db.StageOf(c.Request().Context(), web.Actor(c), *box.CampaignID)
		if err != nil || !stage.Allows(models.PostIdea) {
			return nil, err
		}
	}
	return box, nil
}

func (f *Boxes) closed(c echo.Context) error {
	page, err := f.web.Page(c, "", web.Locale(c).T("boxes.closed"))
	if err != nil {
		return err
	}
	page.Path = "/box"
	return web.Render(c, http.StatusGone, views.Closed(page))
}

func (f *Boxes) form(c echo.Context) error {
	box, err := f.found(c)
	if err != nil {
		return err
	}
	if box == nil {
		return f.closed(c)
	}
	return f.leavePage(c, http.StatusOK, views.Leave{Box: box, Once: rand.Text()})
}

func (f *Boxes) leavePage(c echo.Context, status int, view views.Leave) error {
	page, err := f.web.Page(c, "", web.Locale(c).T("boxes.leave"))
	if err != nil {
		return err
	}
	page.Path = "/box?" + url.Values{"token": {view.Box.Token}}.Encode()
	return web.Render(c, status, views.LeaveForm(page, view))
}

// leave answers with the page itself: the code is shown now and kept nowhere.
func (f *Boxes) leave(c echo.Context) error {
	box, err := f.found(c)
	if err != nil {
		return err
	}
	if box == nil {
		return f.closed(c)
	}
	view := views.Leave{Box: box, Title: c.FormValue("title"), Body: c.FormValue("body"), Name: c.FormValue("name"), Once: c.FormValue("once")}
	code, err := f.Leave(c.Request().Context(), box, &models.BoxNote{Title: view.Title, Body: view.Body, Name: view.Name, Once: view.Once})
	var notNow *models.NotNow
	switch {
	case errors.As(err, &notNow):
		return f.closed(c)
	case errors.As(err, &view.Problems):
		return f.leavePage(c, http.StatusUnprocessableEntity, view)
	case err != nil:
		return err
	}
	page, err := f.web.Page(c, "", web.Locale(c).T("boxes.left"))
	if err != nil {
		return err
	}
	page.Path = "/box?" + url.Values{"token": {box.Token}}.Encode()
	c.Response().Header().Set(echo.HeaderCacheControl, "private, no-store")
	return web.Render(c, http.StatusOK, views.Left(page, views.Thanks{Box: box, Code: code}))
}
