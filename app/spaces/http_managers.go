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

func (f *Spaces) unmanaged(c echo.Context) error {
	return f.unmanagedList(c, http.StatusOK, views.TakeOver{})
}

const unmanagedPage = 30

func (f *Spaces) unmanagedList(c echo.Context, status int, form views.TakeOver) error {
	after := int64(0)
	if text := c.QueryParam("after"); text != "" {
		var err error
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return models.Invalid{"after": "lists.cursor_invalid"}
		}
	}
	spaces, err := f.web.DB.UnmanagedSpaces(c.Request().Context(), web.Actor(c), after, unmanagedPage+1)
	if err != nil {
		return err
	}
	list := views.UnmanagedList{Spaces: spaces, First: after == 0, Form: form}
	if len(spaces) > unmanagedPage {
		list.Spaces, list.Next = spaces[:unmanagedPage], spaces[unmanagedPage-1].ID
	}
	page, err := f.web.Page(c, "unmanaged", web.Locale(c).T("spaces.unmanaged"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Unmanaged(page, list))
}

func (f *Spaces) takeOver(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	user, err := f.TakeOver(c.Request().Context(), web.Actor(c), id, c.FormValue("email"))
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.unmanagedList(c, http.StatusUnprocessableEntity, views.TakeOver{SpaceID: id, Email: c.FormValue("email"), Problems: invalid})
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.taken_over", "name", user.Name)})
	return web.Redirect(c, "/spaces/unmanaged")
}
