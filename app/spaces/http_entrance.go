package spaces

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/spaces"
)

func (f *Spaces) join(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, _, err := f.web.DB.KnownSpace(ctx, actor, c.Param("slug"))
	if err != nil {
		return err
	}
	if err := f.Join(ctx, actor, space); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.joined", "space", space.Title), UndoAction: "/spaces/" + space.Slug + "/membership/removal"})
	return web.Redirect(c, "/spaces/"+space.Slug)
}

func (f *Spaces) leave(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, err := f.web.DB.SpaceBySlug(ctx, actor, c.Param("slug"))
	if err != nil {
		return err
	}
	err = f.Leave(ctx, actor, space)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.front(c, http.StatusUnprocessableEntity, space, views.Home{Inside: true, Problems: invalid})
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.left", "space", space.Title), UndoAction: "/spaces/" + space.Slug + "/membership/return"})
	return web.Redirect(c, "/spaces")
}

func (f *Spaces) comeBack(c echo.Context) error {
	space, err := f.Return(c.Request().Context(), web.Actor(c), c.Param("slug"))
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.returned", "space", space.Title)})
	return web.Redirect(c, "/spaces/"+space.Slug)
}

func (f *Spaces) ask(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, inside, err := f.web.DB.KnownSpace(ctx, actor, c.Param("slug"))
	if err != nil {
		return err
	}
	_, err = f.Ask(ctx, actor, space, c.FormValue("message"))
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.front(c, http.StatusUnprocessableEntity, space, views.Home{Inside: inside, Problems: invalid, Message: c.FormValue("message")})
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.asked", "space", space.Title)})
	return web.Redirect(c, "/spaces/"+space.Slug)
}

func (f *Spaces) withdraw(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, _, err := f.web.DB.KnownSpace(ctx, actor, c.Param("slug"))
	if err != nil {
		return err
	}
	if err := f.Withdraw(ctx, actor, space); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.request_withdrawn")})
	return web.Redirect(c, "/spaces/"+space.Slug)
}

func (f *Spaces) requests(c echo.Context) error {
	space, err := f.managed(c)
	if err != nil {
		return err
	}
	if err := f.web.ReadSpace(c, space); err != nil {
		return err
	}
	return f.requestList(c, http.StatusOK, space, nil)
}

const requestsPage = 30

func (f *Spaces) requestList(c echo.Context, status int, space *models.Space, problems models.Invalid) error {
	after := int64(0)
	if text := c.QueryParam("after"); text != "" {
		var err error
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return models.Invalid{"after": "lists.cursor_invalid"}
		}
	}
	cards, err := f.web.DB.EntryRequests(c.Request().Context(), web.Actor(c), space, after, requestsPage+1)
	if err != nil {
		return err
	}
	list := views.RequestList{Space: space, Requests: cards, First: after == 0, Problems: problems}
	if len(cards) > requestsPage {
		list.Requests, list.Next = cards[:requestsPage], cards[requestsPage-1].ID
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("spaces.requests_of", "space", space.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Requests(page, list))
}

func (f *Spaces) decide(c echo.Context) error {
	space, id, err := f.managedMember(c)
	if err != nil {
		return err
	}
	decision := Decision{Approve: c.FormValue("decision") == "approve", Words: c.FormValue("answer")}
	if !decision.Approve && c.FormValue("decision") != "decline" {
		return f.requestList(c, http.StatusUnprocessableEntity, space, models.Invalid{"decision": "spaces.decision_missing"})
	}
	user, err := f.Decide(c.Request().Context(), web.Actor(c), space, id, decision)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.requestList(c, http.StatusUnprocessableEntity, space, invalid)
	}
	if err != nil {
		return err
	}
	key := "spaces.request_declined"
	if decision.Approve {
		key = "spaces.member_added"
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(key, "name", user.Name)})
	return web.Redirect(c, "/spaces/"+space.Slug+"/requests")
}
