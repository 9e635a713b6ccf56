package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// SmallestDepartment is how many people a department has of which lists of ideas can be: of fewer, as in the turnout of a vote,
// nothing is told apart.
const SmallestDepartment = 5

// Kinds of places, as they stand before their names.
const (
	placeDepartment = "department:"
	placeSite       = "site:"
)

// placeIdeas stores anew where the authors of the published ideas i of a condition belong. It follows every change of who wrote an
// idea, whether it is published, and where a person belongs.
func (tx *Tx) placeIdeas(condition string, args ...any) error {
	if _, err := tx.exec("DELETE FROM idea_places WHERE idea_id IN (SELECT i.id FROM ideas i WHERE "+condition+")", args...); err != nil {
		return fmt.Errorf("take ideas from their places: %w", err)
	}
	return tx.placeNewIdeas(condition, args...)
}

// placeNewIdeas is placeIdeas for those that have no place yet. A mask belongs nowhere, so that nothing is told of whoever hides.
func (tx *Tx) placeNewIdeas(condition string, args ...any) error {
	from := ", i.space_id FROM ideas i JOIN users u ON u.id = i.author_id WHERE i.state = 'published' AND NOT " + aMask + " AND " + condition
	_, err := tx.exec("INSERT INTO idea_places (idea_id, place, space_id) SELECT i.id, '"+placeDepartment+"' || u.department"+from+" AND u.department <> '' UNION ALL SELECT i.id, '"+placeSite+"' || u.site"+from+" AND u.site <> '' ON CONFLICT DO NOTHING",
		slices.Concat(args, args)...)
	if err != nil {
		return fmt.Errorf("place ideas: %w", err)
	}
	return nil
}

// Insider tells the people of the house, who may know its departments and sites, from its guests.
func (a *Actor) Insider() bool { return a.SignedIn() && !a.External() }

// DepartmentCount is a department and the number of ideas by its people.
type DepartmentCount struct {
	Name  string
	Ideas int
}

// KnowsDepartment tells whether the actor may have lists of the ideas of a department: one of the house's people, of enough people.
func (q Queries) KnowsDepartment(ctx context.Context, actor *Actor, name string) (bool, error) {
	if !actor.Insider() || !utf8.ValidString(name) || strings.ContainsRune(name, 0) { // which no database takes, and nothing is called
		return false, nil
	}
	large, err := q.largeDepartments(ctx, []string{name})
	return len(large) > 0, err
}

// largeDepartments are those of some departments that have enough people.
func (q Queries) largeDepartments(ctx context.Context, names []string) (large []string, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	return large, q.raw(ctx, &large, "SELECT u.department FROM users u WHERE u.department IN ? AND u.department <> '' AND u.merged_into IS NULL GROUP BY u.department HAVING count(*) >= ?", names, SmallestDepartment)
}

// PlacesOf are where the actor belongs themselves: their department, if it has enough people, and their site. None where their
// profile says nothing.
func (q Queries) PlacesOf(ctx context.Context, actor *Actor) (places []string, err error) {
	if !actor.Insider() {
		return nil, ErrForbidden
	}
	var own []struct{ Department, Site string }
	if err := q.raw(ctx, &own, "SELECT department, site FROM users WHERE id = ?", actor.ID); err != nil || len(own) == 0 {
		return nil, err
	}
	large, err := q.largeDepartments(ctx, []string{own[0].Department})
	for _, department := range large {
		places = append(places, placeDepartment+department)
	}
	if own[0].Site != "" {
		places = append(places, placeSite+own[0].Site)
	}
	return places, err
}
