package spaces

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/spaces"
)

// SetGroup gives everyone of a group, now and later, a role in a space.
func (f *Spaces) SetGroup(ctx context.Context, actor *models.Actor, space *models.Space, groupID int64, role models.SpaceRole) (group *models.Group, err error) {
	if !actor.Can(models.AdmitGroup, space) {
		return nil, fmt.Errorf("groups of space %d: %w", space.ID, models.ErrForbidden)
	}
	return group, f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if group, err = tx.Group(ctx, groupID); errors.Is(err, models.ErrNotFound) {
			return models.Invalid{"group": "spaces.group_unknown"}
		} else if err != nil {
			return err
		}
		if err := tx.SetSpaceGroup(space, group, role); err != nil {
			return err
		}
		return tx.Record(models.SpaceGroupSet, space, map[string]any{"group": group.ID, "role": role})
	})
}

// EndGroup ends a group's role in a space; ErrNotFound if it had none.
func (f *Spaces) EndGroup(ctx context.Context, actor *models.Actor, space *models.Space, groupID int64) error {
	if !actor.Can(models.AdmitGroup, space) {
		return fmt.Errorf("groups of space %d: %w", space.ID, models.ErrForbidden)
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.RemoveSpaceGroup(space, groupID); err != nil {
			return err
		}
		return tx.Record(models.SpaceGroupEnded, space, map[string]any{"group": groupID})
	})
}

// groupRoutes adds the page of the groups that have a role in a space.
func (f *Spaces) groupRoutes(g *echo.Group) {
	g.GET("/spaces/:slug/groups", f.groups, web.RequireSignIn)
	g.POST("/spaces/:slug/groups", f.setGroup, web.RequireSignIn)
	g.POST("/spaces/:slug/groups/removal", f.endGroup, web.RequireSignIn)
}

// admitting is the space of the address, if the actor may give groups a role in it.
func (f *Spaces) admitting(c echo.Context) (*models.Space, error) {
	space, err := f.web.DB.SpaceBySlug(c.Request().Context(), web.Actor(c), c.Param("slug"))
	if err == nil && !web.Actor(c).Can(models.AdmitGroup, space) {
		err = models.ErrForbidden
	}
	return space, err
}

func (f *Spaces) groups(c echo.Context) error {
	space, err := f.admitting(c)
	if err != nil {
		return err
	}
	return f.groupList(c, http.StatusOK, space, nil)
}

func (f *Spaces) groupList(c echo.Context, status int, space *models.Space, problems models.Invalid) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	list := views.GroupList{Space: space, Chosen: c.FormValue("group"), Role: c.FormValue("role"), Problems: problems, Links: actor.Can(models.ManagePeople, nil)}
	if list.Groups, err = f.web.DB.SpaceGroups(ctx, actor, space); err != nil {
		return err
	}
	if list.Choices, err = f.web.DB.GroupChoices(ctx, actor, space); err != nil {
		return err
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("spaces.groups_of", "space", space.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Groups(page, list))
}

func (f *Spaces) setGroup(c echo.Context) error {
	space, err := f.admitting(c)
	if err != nil {
		return err
	}
	groupID, _ := strconv.ParseInt(c.FormValue("group"), 10, 64) // none has the number 0
	group, err := f.SetGroup(c.Request().Context(), web.Actor(c), space, groupID, models.SpaceRole(c.FormValue("role")))
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.groupList(c, http.StatusUnprocessableEntity, space, invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.group_set", "name", group.Name)})
	return web.Redirect(c, "/spaces/"+space.Slug+"/groups")
}

func (f *Spaces) endGroup(c echo.Context) error {
	space, err := f.admitting(c)
	if err != nil {
		return err
	}
	groupID, err := strconv.ParseInt(c.FormValue("group"), 10, 64)
	if err != nil {
		return models.ErrNotFound
	}
	if err := f.EndGroup(c.Request().Context(), web.Actor(c), space, groupID); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.group_ended")})
	return web.Redirect(c, "/spaces/"+space.Slug+"/groups")
}
