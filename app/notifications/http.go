package notifications

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/views/layout"
	views "ruche/views/notifications"
)

// Routes adds the feature's pages.
func (n *Notifications) Routes(g *echo.Group) {
	g.GET("/notifications", n.index, web.RequireSignIn)
	g.POST("/notifications/read", n.readAll, web.RequireSignIn)
	g.GET("/notifications/count", n.count, web.RequireSignIn)
}

func (n *Notifications) index(c echo.Context) error {
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	list, err := n.List(c.Request().Context(), web.Actor(c), before)
	if err != nil {
		return err
	}
	page, err := n.web.Page(c, "notifications", web.Locale(c).T("notifications.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, views.List{House: list.House, Spaces: list.Spaces, Notices: list.Notices, Next: list.Next, First: before == 0, Access: web.Actor(c).Spaces}))
}

func (n *Notifications) readAll(c echo.Context) error {
	if err := n.ReadAll(c.Request().Context(), web.Actor(c)); err != nil {
		return err
	}
	return web.Redirect(c, "/notifications")
}

func (n *Notifications) count(c echo.Context) error {
	unread, err := n.web.DB.Unread(c.Request().Context(), web.Actor(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"unread": layout.Unread(unread)})
}
