package scim

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
)

func (f *SCIM) listUsers(c echo.Context) error {
	query, start, err := pageOf(c, userQuestion())
	if err != nil {
		return err
	}
	users, total, err := f.web.DB.DirectoryUsers(c.Request().Context(), web.Actor(c), query)
	if err != nil {
		return err
	}
	items := make([]map[string]any, len(users))
	for i := range users {
		items[i] = project(c, f.personBody(&users[i]))
	}
	return send(c, http.StatusOK, listOf(items, total, start))
}

func (f *SCIM) getUser(c echo.Context) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	user, err := f.web.DB.DirectoryUser(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.answer(c, http.StatusOK, f.personBody(user))
}

func (f *SCIM) postUser(c echo.Context) error {
	body, err := resource(c)
	if err != nil {
		return err
	}
	p, err := readPerson(body)
	if err != nil {
		return err
	}
	user, err := f.createUser(c.Request().Context(), web.Actor(c), p)
	if err != nil {
		return err
	}
	return f.answer(c, http.StatusCreated, f.personBody(user))
}

func (f *SCIM) putUser(c echo.Context) error {
	body, err := resource(c)
	if err != nil {
		return err
	}
	return f.update(c, change{match: matching(c), whole: true, apply: func(attributes) (*person, error) { return readPerson(body) }})
}

func (f *SCIM) patchUser(c echo.Context) error {
	body, err := resource(c)
	if err != nil {
		return err
	}
	steps, err := readPatch(body)
	if err != nil {
		return err
	}
	return f.update(c, change{match: matching(c), apply: func(current attributes) (*person, error) {
		for _, step := range steps {
			if err := patchPerson(current, step); err != nil {
				return nil, err
			}
		}
		return readPerson(current)
	}})
}

func (f *SCIM) update(c echo.Context, ch change) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	user, err := f.changeUser(c.Request().Context(), web.Actor(c), id, ch)
	if err != nil {
		return err
	}
	return f.answer(c, http.StatusOK, f.personBody(user))
}

func (f *SCIM) deleteUser(c echo.Context) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	if err := f.removeUser(c.Request().Context(), web.Actor(c), id, matching(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// mostMembers is how many people the groups of one page have together; larger groups come one a page.
const mostMembers = 20_000

func (f *SCIM) listGroups(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	query, start, err := pageOf(c, groupQuestion())
	if err != nil {
		return err
	}
	groups, total, err := f.web.DB.DirectoryGroups(ctx, actor, query)
	if err != nil {
		return err
	}
	var members map[int64][]models.DirectoryMember
	wanted := wantsMembers(c)
	if wanted {
		whole := 0
		if members, whole, err = f.web.DB.DirectoryMembers(ctx, actor, groups, mostMembers); err != nil {
			return err
		}
		groups = groups[:whole]
	}
	items := make([]map[string]any, len(groups))
	for i := range groups {
		items[i] = project(c, f.groupBody(&groups[i], members[groups[i].ID], wanted))
	}
	return send(c, http.StatusOK, listOf(items, total, start))
}

// wantsMembers tells whether members are to be read at all: directories leave them out of large groups.
func wantsMembers(c echo.Context) bool {
	if only := listed(c, "attributes"); len(only) > 0 {
		return slices.ContainsFunc(only, func(name string) bool { return name == "members" || len(name) > 8 && name[:8] == "members." })
	}
	return !slices.Contains(listed(c, "excludedAttributes"), "members")
}

// answerGroup sends a group with its members.
func (f *SCIM) answerGroup(c echo.Context, status int, group *models.Group) error {
	wanted := wantsMembers(c)
	var members map[int64][]models.DirectoryMember
	if wanted {
		var err error
		if members, _, err = f.web.DB.DirectoryMembers(c.Request().Context(), web.Actor(c), []models.Group{*group}, mostMembers); err != nil {
			return err
		}
	}
	return f.answer(c, status, f.groupBody(group, members[group.ID], wanted))
}

func (f *SCIM) getGroup(c echo.Context) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	group, err := f.web.DB.Group(c.Request().Context(), id)
	if err == nil && group.Kind != models.KindGroup {
		err = models.ErrNotFound
	}
	if err != nil {
		return err
	}
	return f.answerGroup(c, http.StatusOK, group)
}

func (f *SCIM) postGroup(c echo.Context) error {
	body, err := resource(c)
	if err != nil {
		return err
	}
	team, err := readTeam(body)
	if err != nil {
		return err
	}
	group, err := f.createGroup(c.Request().Context(), web.Actor(c), team)
	if err != nil {
		return err
	}
	return f.answerGroup(c, http.StatusCreated, group)
}

func (f *SCIM) putGroup(c echo.Context) error {
	body, err := resource(c)
	if err != nil {
		return err
	}
	team, err := readTeam(body)
	if err != nil {
		return err
	}
	return f.updateGroup(c, func(change *teamChange) error {
		change.replace(team)
		return nil
	})
}

func (f *SCIM) patchGroup(c echo.Context) error {
	body, err := resource(c)
	if err != nil {
		return err
	}
	steps, err := readPatch(body)
	if err != nil {
		return err
	}
	return f.updateGroup(c, func(change *teamChange) error {
		for _, step := range steps {
			if err := change.patch(step); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *SCIM) updateGroup(c echo.Context, apply func(*teamChange) error) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	group, err := f.changeGroup(c.Request().Context(), web.Actor(c), id, matching(c), apply)
	if err != nil {
		return err
	}
	return f.answerGroup(c, http.StatusOK, group)
}

func (f *SCIM) deleteGroup(c echo.Context) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	if err := f.removeGroup(c.Request().Context(), web.Actor(c), id, matching(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
