package models

import (
	"context"
	"database/sql"
	"slices"
)

// View is a way to look at the house: with a role in it, or none as a visitor has, and perhaps one in a space. Or it is a way to look at
// a campaign, which says what somebody is in the house.
type View struct {
	Role      Role      `json:"role"`
	Space     int64     `json:"space,omitempty"`
	SpaceRole SpaceRole `json:"space_role,omitempty"`

	Campaign int64     `json:"campaign,omitempty"`
	Part     Part      `json:"part,omitempty"`
	Stage    StageKind `json:"stage,omitempty"` // in which it is looked at; empty: as it stands
}

// somebody is the id of the person as whom one looks: nobody has it, so nothing is theirs.
const somebody = -1

// MayView tells whether the actor may look at the house so: those who animate it in every way, except that nobody looks
// further than they see themselves; those who run a space as the people would who are in it or might come.
func (a *Actor) MayView(view View) bool {
	if !a.SignedIn() || a.viewer != nil || view.Campaign != 0 || !a.sound(view) {
		return false
	}
	if a.Animates() {
		return a.Role == RoleOwner || view.Role != RoleOwner && view.Role != RoleAuditor
	}
	if view.Role != "" && view.Role != RoleExternal && (view.Role != RoleEmployee || a.External()) {
		return false
	}
	if view.Space != 0 {
		return a.Can(ManageSpace, &Space{ID: view.Space})
	}
	return slices.ContainsFunc(a.Spaces, func(s SpaceAccess) bool { return a.Can(ManageSpace, &Space{ID: s.ID}) })
}

// sound tells whether there can be somebody as the view says, in a space that the actor sees.
func (a *Actor) sound(view View) bool {
	if view.Role != "" && !view.Role.Valid() {
		return false
	}
	if view.Space == 0 {
		return view.SpaceRole == ""
	}
	access := a.Access(view.Space)
	switch {
	case access == nil, !slices.Contains(SpaceRoles(), view.SpaceRole), view.Role == "", view.Role == RoleAuditor:
		return false
	case view.Role == RoleExternal:
		return access.Visibility == Public || access.Visibility == External
	}
	return true
}

// As is the actor that a view makes of whoever looks: it sees what somebody with the roles of the view would see, of that
// what the viewer sees as well, and can what both can. ErrForbidden if they may not look so, or no longer.
func (q Queries) As(ctx context.Context, viewer *Actor, view View) (*Actor, error) {
	var looked *preview
	if view.Campaign != 0 {
		var err error
		if view, looked, err = q.previewed(ctx, viewer, view); err != nil {
			return nil, err
		}
	} else if !viewer.MayView(view) {
		return nil, ErrForbidden
	}
	a := &Actor{ID: somebody, Role: view.Role, Locale: viewer.Locale, Theme: viewer.Theme, SeenAt: viewer.SeenAt, viewer: viewer, preview: looked}
	if view.Role == "" {
		a.ID = 0
	}
	own, list := q.visible(viewer, "s.id")
	return a, q.addSpaces(ctx, a, `SELECT s.id, s.slug, s.title, s.visibility, coalesce(m.role, '') AS role, s.archived_at IS NOT NULL, s.agreement_id IS NOT NULL, s.nameless, s.outsiders_ask, 0 AS within_id
		FROM spaces s LEFT JOIN (SELECT CAST(? AS BIGINT) AS space_id, CAST(? AS TEXT) AS role) m ON m.space_id = s.id
		WHERE s.within_id IS NULL AND `+seen(view.Role)+" AND "+own+" ORDER BY s.title, s.id", view.Space, view.SpaceRole, list)
}

// addSpaces adds what a query finds to the spaces that the actor may see.
func (q Queries) addSpaces(ctx context.Context, a *Actor, query string, args ...any) error {
	var inner []SpaceAccess
	err := q.each(ctx, func(rows *sql.Rows) error {
		var s SpaceAccess
		err := rows.Scan(&s.ID, &s.Slug, &s.Title, &s.Visibility, &s.Role, &s.Archived, &s.Unaccepted, &s.Nameless, &s.OutsidersAsk, &s.Within)
		s.Unaccepted = s.Unaccepted && a.External()
		if s.Within != 0 {
			inner = append(inner, s)
		} else {
			a.Spaces = append(a.Spaces, s)
		}
		return err
	}, query, args...)
	for i := range inner {
		a.enclose(inner[i].ID, inner[i].Within)
	}
	return err
}
