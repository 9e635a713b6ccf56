package spaces

import (
	"context"
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
	ctx, actor := c.Request().Context(), web.Actor(c)
	after, afterID, err := views.ParseMemberKey(c.QueryParam("after"))
	if err != nil {
		return err
	}
	list := views.MemberList{
		Space: space, MayManage: actor.Can(models.ManageSpace, space), HandsOver: handsOver(actor, space), KnowsGroups: actor.Can(models.ManagePeople, nil), ActorID: actor.ID, First: afterID == 0,
		Name: strings.TrimSpace(c.QueryParam("name")), Only: models.SpaceRole(c.QueryParam("only")), Email: c.FormValue("email"), Role: c.FormValue("role"), Problems: problems,
	}
	if list.MayManage {
		list.Way = models.Way(c.QueryParam("way"))
	}
	ask := models.MemberQuery{SpaceID: space.ID, Name: list.Name[:min(len(list.Name), maxName)], Role: list.Only, Way: list.Way, AfterName: after, AfterID: afterID, Limit: membersPage + 1}
	if err := f.fill(ctx, actor, &list, ask); err != nil {
		return err
	}
	page, err := f.web.Page(c, "spaces", web.Locale(c).T("spaces.members_of", "space", space.Title))
	if err != nil {
		return err
	}
	page.Wide = list.MayManage // there is much to a row then
	return web.Render(c, status, views.Members(page, list))
}

// fill finds the members that a page of the list shows, and for those who run the space why each is in it.
func (f *Spaces) fill(ctx context.Context, actor *models.Actor, list *views.MemberList, ask models.MemberQuery) (err error) {
	if list.Members, err = f.web.DB.Members(ctx, actor, ask); err != nil {
		return err
	}
	if len(list.Members) >= ask.Limit {
		list.Members = list.Members[:ask.Limit-1]
		list.Next = views.MemberKey(&list.Members[ask.Limit-2])
	}
	if list.Count, err = f.web.DB.CountMembers(ctx, actor, ask); err != nil || !list.MayManage {
		return err
	}
	list.Reasons, err = f.web.DB.MemberReasons(ctx, actor, list.Space, list.Members)
	return err
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
	text := l.T("spaces.role_given", "name", user.Name, "role", l.T("spaces.role."+string(role)))
	if wider, err := f.wider(c, space, user.ID, role); err != nil {
		return err
	} else if wider != "" {
		text = l.T("spaces.role_stays", "name", user.Name, "role", l.T("spaces.role."+string(wider)))
	}
	f.web.Toast(c, layout.Toast{Text: text})
	if user.ID == web.Actor(c).ID && role != models.SpaceManager {
		return web.Redirect(c, "/spaces/"+space.Slug)
	}
	return web.Redirect(c, "/spaces/"+space.Slug+"/members")
}

// wider is the role that a person has in a space all the same, because a group or a rule gives them more than by hand.
func (f *Spaces) wider(c echo.Context, space *models.Space, userID int64, given models.SpaceRole) (models.SpaceRole, error) {
	member, err := f.web.DB.Member(c.Request().Context(), web.Actor(c), space.ID, userID)
	if errors.Is(err, models.ErrNotFound) || err == nil && member.SpaceRole == given {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return member.SpaceRole, nil
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
	stays, err := f.wider(c, space, id, "")
	if err != nil {
		return err
	}
	toast := layout.Toast{Text: web.Locale(c).T("spaces.member_removed", "name", member.Name)}
	if stays != "" {
		toast.Text = web.Locale(c).T("spaces.member_stays", "name", member.Name)
	}
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
