// Package people shows who someone is and what they have brought, to those who may know them. Accounts
// and what a person sets for themselves are the matter of accounts.
package people

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/parts"
	views "ruche/views/people"
)

// People is the feature.
type People struct {
	web   *web.Web
	knows Knows
}

// Knows is what the page of a person says of what they know, nil for nothing.
type Knows func(c echo.Context, person *models.User) (templ.Component, error)

// New returns the feature.
func New(w *web.Web, knows Knows) *People { return &People{w, knows} }

// Routes adds the pages of the feature.
func (f *People) Routes(g *echo.Group) {
	g.GET("/people/suggestions", f.suggest, web.RequireSignIn)
	g.GET("/people/:id", f.show)
}

// pageSize is how many of a person's ideas a page shows.
const pageSize = 20

func (f *People) show(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	person, err := f.web.DB.Person(ctx, actor, id)
	if err != nil {
		return err
	}
	if person.ID != id { // the account has gone into another of the same person
		return web.Redirect(c, "/people/"+strconv.FormatInt(person.ID, 10))
	}
	after, err := models.ParseIdeaKey(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ideas, next, err := f.web.DB.Ideas(ctx, actor, models.IdeaQuery{Sort: models.SortNewest, AuthorID: person.ID, After: after, Limit: pageSize})
	if err != nil {
		return err
	}
	level, err := f.web.DB.LevelOf(ctx, actor, models.Followable{PersonID: person.ID})
	if err != nil {
		return err
	}
	knows, err := f.knows(c, person)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "people", parts.Name(web.Locale(c), person.Name))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Show(page, views.Profile{Person: person, Actor: actor, Ideas: ideas, Next: next, Later: after != nil, Level: level, Knows: knows}))
}

// suggestion is someone to mention, or a group.
type suggestion struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Hint  string `json:"hint"`
	Group bool   `json:"group,omitempty"`
}

const (
	maxSuggestions = 8
	maxGroups      = 3 // of the suggestions
	maxPrefix      = 100
)

// suggest answers the editor while someone writes "@".
func (f *People) suggest(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	prefix := strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(c.QueryParam("q")), "\x00", ""), "")
	var space *models.Space
	if slug := c.QueryParam("space"); slug != "" {
		var err error
		if space, err = f.web.DB.SpaceBySlug(ctx, actor, slug); err != nil {
			return err
		}
	}
	items := []suggestion{}
	if len(prefix) <= maxPrefix {
		users, err := f.web.DB.PeopleNamed(ctx, actor, space, prefix, maxSuggestions)
		if err != nil {
			return err
		}
		groups, err := f.web.DB.GroupsToName(ctx, actor, space, prefix, maxGroups)
		if err != nil {
			return err
		}
		users = users[:min(len(users), maxSuggestions-len(groups))]
		for _, user := range users {
			hint := []string{cmp.Or(user.Job, web.Locale(c).T("users.role."+string(user.Role))), cmp.Or(user.Organisation, user.Site)}
			if parts.Outsider(user.Role) && user.Job != "" {
				hint = append(hint, strings.ToLower(web.Locale(c).T("parts.external")))
			}
			items = append(items, suggestion{ID: user.ID, Name: user.Name, Hint: strings.Trim(strings.Join(hint, ", "), ", ")})
		}
		for i := range groups {
			items = append(items, suggestion{groups[i].ID, groups[i].Name, web.Locale(c).T("groups.members", "count", groups[i].Members), true})
		}
	}
	return c.JSON(http.StatusOK, map[string]any{"items": items})
}
