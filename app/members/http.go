package members

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/members"
)

// Routes adds the pages of the feature.
func (f *Members) Routes(g *echo.Group) {
	members := g.Group("/members", web.RequireSignIn)
	members.GET("", f.list)
	members.POST("", f.postNew)
	members.GET("/new", f.showNew)
	members.GET("/export", f.export)
	members.GET("/rosters/new", f.showUpload)
	members.POST("/rosters", f.postRoster)
	members.POST("/:id/correction", f.postCorrection)
	members.GET("/rosters/:id", f.showRoster)
	members.POST("/rosters/:id/import", f.postImport)
	members.POST("/rosters/:id/removal", f.postRemoval)
	members.POST("/rosters/:id/links", f.postLinks)
	members.GET("/:id", f.show)
	members.POST("/:id/link", f.postLink)
	members.POST("/:id/role", f.postRole)
	members.POST("/:id/suspension", f.postSuspension)
	members.POST("/:id/terms", f.postTerms)
	members.POST("/:id/sign-out", f.postSignOut)
	members.POST("/:id/undo", f.postUndo)
	members.GET("/:id/merge", f.showChoice)
	members.GET("/:id/merge/:other", f.showMerge)
	members.POST("/:id/merge/:other", f.postMerge)
	members.GET("/:id/merges/:merge", f.showMerged)
	members.POST("/:id/merges/:merge/undo", f.postPart)
}

// pageSize is how many people a page of the list shows.
const pageSize = 50

func (f *Members) list(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	filter := views.Filter{Words: c.QueryParam("q"), Role: c.QueryParam("role"), Department: c.QueryParam("department"), State: c.QueryParam("state")}
	query, err := queryOf(filter, c.QueryParam("cursor"), pageSize)
	if err != nil {
		return err
	}
	people, next, err := f.web.DB.People(ctx, actor, query)
	if err != nil {
		return err
	}
	list := views.List{Filter: filter, People: people, Next: next, Later: query.After != nil, Actor: actor}
	if query.After == nil {
		if list.Count, err = f.web.DB.CountPeople(ctx, actor, query); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "members", web.Locale(c).T("members.title"))
	if err != nil {
		return err
	}
	page.Wide = true
	return web.Render(c, http.StatusOK, views.Index(page, list))
}

// queryOf reads what someone looks for. What there is not is a mistake, rather than a filter that is silently left out.
func queryOf(filter views.Filter, cursor string, limit int) (models.PeopleQuery, error) {
	query := models.PeopleQuery{Words: filter.Words, Department: filter.Department, State: models.PersonState(filter.State), Limit: limit}
	switch {
	case filter.Role == views.Internal:
		query.Internal = true
	case filter.Role != "" && !models.Role(filter.Role).Valid():
		return query, models.Invalid{"role": "users.role_invalid"}
	default:
		query.Role = models.Role(filter.Role)
	}
	if query.State != "" && !slices.Contains(models.PersonStates(), query.State) {
		return query, models.Invalid{"state": "members.state_invalid"}
	}
	var err error
	query.After, err = models.ParsePersonKey(cursor)
	return query, err
}

// shownReasons bounds the spaces that a person's page names.
const shownReasons = 100

func (f *Members) show(c echo.Context) error { return f.person(c, http.StatusOK, views.Person{}) }

// person shows the page of a person, with what was sent to one of its forms and is wrong.
func (f *Members) person(c echo.Context, status int, view views.Person) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if view.User, err = f.web.DB.Account(ctx, actor, id); err != nil {
		return f.merged(c, id, err)
	}
	if view.Merges, err = f.web.DB.Merges(ctx, actor, id); err != nil {
		return err
	}
	if view.Reasons, err = f.web.DB.Reasons(ctx, actor, id, shownReasons); err != nil {
		return err
	}
	sessions, err := f.web.DB.Sessions(ctx, id)
	if err != nil {
		return err
	}
	view.Sessions = len(sessions)
	if sponsor := view.User.SponsorID; sponsor != nil {
		if view.Sponsor, err = f.web.DB.Person(ctx, actor, *sponsor); err != nil {
			return err
		}
	}
	if view.Asks, err = f.web.DB.CorrectionOf(ctx, actor, id); err != nil {
		return err
	}
	if view.Waited, err = f.web.DB.Awaited(ctx, id); err != nil {
		return err
	}
	view.Actor, view.Mail = actor, f.mail.On() && view.User.Email != ""
	page, err := f.web.Page(c, "members", view.User.Name)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Show(page, view))
}
