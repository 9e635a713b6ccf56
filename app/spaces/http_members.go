package spaces

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/spaces"
)

func (f *Spaces) members(c echo.Context) error {
	space, err := f.web.DB.SpaceBySlug(c.Request().Context(), web.Actor(c), c.Param("slug"))
	if err != nil {
		return err
	}
	return f.memberList(c, http.StatusOK, space, nil)
}

const (
	membersPage = 50
	maxName     = 100
)

func (f *Spaces) memberList(c echo.Context, status int, space *models.Space, problems models.Invalid) error {
	actor := web.Actor(c)
	after, afterID, err := views.ParseMemberKey(c.QueryParam("after"))
	if err != nil {
		return err
	}
	list := views.MemberList{
		Space: space, MayManage: actor.Can(models.ManageSpace, space), HandsOver: handsOver(actor, space), ActorID: actor.ID, First: afterID == 0,
		Name: strings.TrimSpace(c.QueryParam("name")), Only: models.SpaceRole(c.QueryParam("only")), Email: c.FormValue("email"), Role: c.FormValue("role"), Problems: problems,
	}
	list.Members, err = f.web.DB.Members(c.Request().Context(), actor, models.MemberQuery{
		SpaceID: space.ID, Name: list.Name[:min(len(list.Name), maxName)], Role: list.Only, AfterName: after, AfterID: afterID, Limit: membersPage + 1,
	})
	if err != nil {
		return err
	}
	if len(list.Members) > membersPage {
		list.Members = list.Members[:membersPage]
		list.Next = views.MemberKey(&list.Members[membersPage-1])
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("spaces.members_of", "space", space.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Members(page, list))
}

func (f *Spaces) addMember(c echo.Context) error {
	space, err := f.managed(c)
	if err != nil {
		return err
	}
	user, err := f.SetMember(c.Request().Context(), web.Actor(c), space, c.FormValue("email"), models.SpaceRole(c.FormValue("role")))
	if err != nil {
		return f.notSet(c, space, err)
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.member_added", "name", user.Name)})
	return web.Redirect(c, "/spaces/"+space.Slug+"/members")
}

func (f *Spaces) changeRole(c echo.Context) error {
	space, id, err := f.managedMember(c)
	if err != nil {
		return err
	}
	role := models.SpaceRole(c.FormValue("role"))
	user, err := f.SetRole(c.Request().Context(), web.Actor(c), space, id, role)
	if err != nil {
		return f.notSet(c, space, err)
	}
	l := web.Locale(c)
	f.web.Toast(c, layout.Toast{Text: l.T("spaces.role_given", "name", user.Name, "role", l.T("spaces.role."+string(role)))})
	if user.ID == web.Actor(c).ID && role != models.SpaceManager {
		return web.Redirect(c, "/spaces/"+space.Slug)
	}
	return web.Redirect(c, "/spaces/"+space.Slug+"/members")
}

// notSet shows the list of members again with what is wrong with a change to it.
func (f *Spaces) notSet(c echo.Context, space *models.Space, err error) error {
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.memberList(c, http.StatusUnprocessableEntity, space, invalid)
	}
	return err
}

// managedMember is a space that the actor manages and the id of the person whom the address names.
func (f *Spaces) managedMember(c echo.Context) (*models.Space, int64, error) {
	space, err := f.managed(c)
	if err != nil {
		return nil, 0, err
	}
	id, err := web.ID(c, "id")
	return space, id, err
}

func (f *Spaces) removeMember(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, id, err := f.managedMember(c)
	if err != nil {
		return err
	}
	member, err := f.web.DB.Member(ctx, actor, space.ID, id)
	if err != nil {
		return err
	}
	if err := f.Remove(ctx, actor, space, &models.User{ID: member.ID}); err != nil {
		return f.notSet(c, space, err)
	}
	toast := layout.Toast{Text: web.Locale(c).T("spaces.member_removed", "name", member.Name)}
	if id == actor.ID {
		f.web.Toast(c, toast)
		return web.Redirect(c, "/spaces") // they may not see the list any more
	}
	toast.UndoAction = fmt.Sprintf("/spaces/%s/members/%d?role=%s", space.Slug, id, member.SpaceRole)
	f.web.Toast(c, toast)
	return web.Redirect(c, "/spaces/"+space.Slug+"/members")
}

func (f *Spaces) succession(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, id, err := f.managedMember(c)
	if err != nil {
		return err
	}
	if !handsOver(actor, space) || id == actor.ID {
		return models.ErrForbidden
	}
	heir, err := f.web.DB.Member(ctx, actor, space.ID, id)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("spaces.succession", "name", heir.Name))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Succession(page, space, heir))
}

func (f *Spaces) handOver(c echo.Context) error {
	space, id, err := f.managedMember(c)
	if err != nil {
		return err
	}
	heir, err := f.HandOver(c.Request().Context(), web.Actor(c), space, id)
	if err != nil {
		return f.notSet(c, space, err)
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("spaces.handed_over", "name", heir.Name)})
	return web.Redirect(c, "/spaces/"+space.Slug)
}
