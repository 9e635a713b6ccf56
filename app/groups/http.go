package groups

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/groups"
	"ruche/views/layout"
)

// Routes adds the feature's pages.
func (f *Groups) Routes(g *echo.Group) {
	g.GET("/groups", f.index, web.RequireSignIn)
	g.POST("/groups", f.create, web.RequireSignIn)
	g.GET("/groups/:id", f.show, web.RequireSignIn)
	g.POST("/groups/:id", f.rename, web.RequireSignIn)
	g.POST("/groups/limits", f.limit, web.RequireSignIn)
	g.POST("/groups/:id/naming", f.open, web.RequireSignIn)
	g.POST("/groups/:id/deletion", f.remove, web.RequireSignIn)
	g.POST("/groups/:id/restoration", f.restore, web.RequireSignIn)
	g.POST("/groups/:id/members", f.add, web.RequireSignIn)
	g.POST("/groups/:id/members/removal", f.removeMember, web.RequireSignIn)
}

// pageSize is how many groups or people a page shows.
const pageSize = 50

func (f *Groups) index(c echo.Context) error { return f.list(c, http.StatusOK, nil) }

func (f *Groups) list(c echo.Context, status int, problems models.Invalid) error {
	after, afterID, err := views.ParseKey(c.QueryParam("after"))
	if err != nil {
		return err
	}
	kind := models.GroupKind(c.QueryParam("kind"))
	cards, err := f.web.DB.Groups(c.Request().Context(), web.Actor(c), models.GroupQuery{Kind: kind, After: after, AfterID: afterID, Limit: pageSize + 1})
	if err != nil {
		return err
	}
	list := views.List{Cards: cards, Kind: kind, Later: afterID != 0, Name: c.FormValue("name"), Problems: problems}
	if list.Limits, err = f.web.DB.CallLimits(c.Request().Context()); err != nil {
		return err
	}
	list.Given = func(who models.Callers) string { return c.FormValue(string(who)) }
	if len(cards) > pageSize {
		list.Cards = cards[:pageSize]
		last := &list.Cards[pageSize-1]
		list.Next = views.Key(last.NameKey, last.ID)
	}
	page, err := f.web.Page(c, "groups", web.Locale(c).T("groups.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Index(page, list))
}

func (f *Groups) create(c echo.Context) error {
	group, err := f.Create(c.Request().Context(), web.Actor(c), c.FormValue("name"))
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.list(c, http.StatusUnprocessableEntity, invalid)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, address(group.ID))
}

func address(id int64) string { return "/groups/" + strconv.FormatInt(id, 10) }

func (f *Groups) show(c echo.Context) error { return f.group(c, http.StatusOK, nil) }

func (f *Groups) group(c echo.Context, status int, problems models.Invalid) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	after, afterID, err := views.ParseKey(c.QueryParam("after"))
	if err != nil {
		return err
	}
	sheet := views.Sheet{Later: afterID != 0, Name: c.FormValue("name"), Person: c.FormValue("person"), Problems: problems}
	if sheet.Group, err = f.web.DB.KnownGroup(ctx, actor, id); err != nil {
		return err
	}
	if sheet.Members, err = f.web.DB.GroupMembers(ctx, actor, id, after, afterID, pageSize+1); err != nil {
		return err
	}
	if len(sheet.Members) > pageSize {
		sheet.Members = sheet.Members[:pageSize]
		last := &sheet.Members[pageSize-1]
		sheet.Next = views.Key(last.Name, last.ID)
	}
	if sheet.Spaces, err = f.web.DB.GroupSpaces(ctx, actor, id); err != nil {
		return err
	}
	page, err := f.web.Page(c, "groups", sheet.Group.Name)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Show(page, sheet))
}

func (f *Groups) rename(c echo.Context) error {
	return f.do(c, func(id int64) (layout.Toast, error) {
		return layout.Toast{Text: web.Locale(c).T("groups.renamed")}, f.Rename(c.Request().Context(), web.Actor(c), id, c.FormValue("name"))
	})
}

// open says whether everybody may name a group.
func (f *Groups) open(c echo.Context) error {
	return f.do(c, func(id int64) (layout.Toast, error) {
		return layout.Toast{Text: web.Locale(c).T("groups.naming_saved")}, f.Open(c.Request().Context(), web.Actor(c), id, c.FormValue("open") == "1")
	})
}

// limit takes how many people may be called at once.
func (f *Groups) limit(c echo.Context) error {
	values := map[string]string{}
	for _, who := range []models.Callers{models.CallingEmployees, models.CallingLeaders} {
		values[string(who)] = c.FormValue(string(who))
	}
	err := f.Limit(c.Request().Context(), web.Actor(c), values)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.list(c, http.StatusUnprocessableEntity, invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("groups.limits_saved")})
	return web.Redirect(c, "/groups")
}

func (f *Groups) add(c echo.Context) error {
	return f.do(c, func(id int64) (layout.Toast, error) {
		user, err := f.Add(c.Request().Context(), web.Actor(c), id, c.FormValue("person"))
		if err != nil {
			return layout.Toast{}, err
		}
		return layout.Toast{Text: web.Locale(c).T("groups.member_added", "name", user.Name)}, nil
	})
}

func (f *Groups) removeMember(c echo.Context) error {
	return f.do(c, func(id int64) (layout.Toast, error) {
		userID, _ := strconv.ParseInt(c.FormValue("user"), 10, 64) // nobody has the number 0
		return layout.Toast{Text: web.Locale(c).T("groups.member_removed")}, f.Remove(c.Request().Context(), web.Actor(c), id, userID)
	})
}

func (f *Groups) restore(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	err = f.Restore(c.Request().Context(), web.Actor(c), id)
	var invalid models.Invalid
	if errors.As(err, &invalid) { // another group has its name
		return f.list(c, http.StatusUnprocessableEntity, invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("groups.restored")})
	return web.Redirect(c, address(id))
}

// do changes the group of the address and shows it again, with what is wrong or what has been done.
func (f *Groups) do(c echo.Context, change func(id int64) (layout.Toast, error)) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	toast, err := change(id)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.group(c, http.StatusUnprocessableEntity, invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, toast)
	return web.Redirect(c, address(id))
}

func (f *Groups) remove(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.Delete(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("groups.deleted"), UndoAction: fmt.Sprintf("/groups/%d/restoration", id)})
	return web.Redirect(c, "/groups")
}
