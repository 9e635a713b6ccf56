package models_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"ruche/models"
	"ruche/models/modelstest"
)

// house is a database with a person of each role, to write short tests.
type house struct {
	*models.DB
	t testing.TB
}

func open(t testing.TB) *house { return &house{modelstest.Open(t), t} }

func (h *house) tx(actor *models.Actor, fn func(tx *models.Tx) error) {
	h.t.Helper()
	if err := h.Tx(h.t.Context(), actor, fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) user(name string, role models.Role) *models.User {
	h.t.Helper()
	user := &models.User{Name: name, Email: name + "@example.test", Role: role}
	h.tx(nil, func(tx *models.Tx) error { return tx.CreateUser(user) })
	return user
}

func (h *house) actor(user *models.User) *models.Actor {
	h.t.Helper()
	actor, err := h.ActorByID(h.t.Context(), user.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return actor
}

func (h *house) space(slug string, visibility models.Visibility) *models.Space {
	h.t.Helper()
	space := &models.Space{Slug: slug, Title: slug, Visibility: visibility}
	h.tx(nil, func(tx *models.Tx) error { return tx.CreateSpace(space) })
	return space
}

func (h *house) member(space *models.Space, user *models.User, role models.SpaceRole) {
	h.t.Helper()
	h.tx(nil, func(tx *models.Tx) error { return tx.SetMember(space, user, role) })
}

func (h *house) idea(space *models.Space, author *models.User, title string) *models.Idea {
	h.t.Helper()
	idea := &models.Idea{SpaceID: space.ID, AuthorID: author.ID, Title: title, Body: title, HTML: "<p>" + title + "</p>", Tags: models.Tags{"tag", title}}
	h.tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaPosted, idea, nil)
	})
	return idea
}

func (h *house) walk(actor *models.Actor, query models.IdeaQuery) (titles []string) {
	h.t.Helper()
	for range 100 {
		cards, next, err := h.Ideas(h.t.Context(), actor, query)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, card := range cards {
			titles = append(titles, card.Title)
		}
		if next == nil {
			return titles
		}
		if query.After, err = models.ParseIdeaKey(next.String()); err != nil {
			h.t.Fatal(err)
		}
	}
	h.t.Fatal("the list does not end")
	return nil
}

func TestEveryListShowsEachVisibleIdeaOnceAndNothingElse(t *testing.T) {
	h := open(t)
	author := h.user("alice", models.RoleEmployee)
	outsider := h.user("gaston", models.RoleExternal)
	club := h.space("club", models.External)
	h.member(club, outsider, models.SpaceMember)
	h.space("empty", models.Public)
	var company []string
	for n := range 12 {
		space := h.space(fmt.Sprintf("s%d", n), models.Company)
		for i := range 3 {
			title := fmt.Sprintf("idea %d-%d", n, i)
			company = append(company, title)
			idea := h.idea(space, author, title)
			if i == 1 {
				h.tx(h.actor(author), func(tx *models.Tx) error {
					locked, err := tx.LockIdea(idea.ID)
					if err != nil {
						return err
					}
					_, err = tx.AddSupport(locked, author.ID)
					return err
				})
			}
		}
	}
	h.idea(club, outsider, "in the club")
	slices.Sort(company)
	for _, sort := range models.Sorts() {
		for _, filter := range []models.IdeaQuery{{}, {Stage: models.Proposed}, {Tag: "tag"}} {
			query := models.IdeaQuery{Sort: sort, Limit: 7, Stage: filter.Stage, Tag: filter.Tag}
			got := h.walk(h.actor(author), query)
			slices.Sort(got)
			if !slices.Equal(got, company) {
				t.Errorf("%s %+v: an employee sees %v", sort, filter, got)
			}
			if got := h.walk(h.actor(outsider), query); !slices.Equal(got, []string{"in the club"}) {
				t.Errorf("%s %+v: the external sees %v", sort, filter, got)
			}
			visitor, err := h.Visitor(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := h.walk(visitor, query); len(got) != 0 {
				t.Errorf("%s %+v: a visitor sees %v", sort, filter, got)
			}
		}
	}
	if got := h.walk(h.actor(outsider), models.IdeaQuery{Sort: models.SortNewest, Limit: 7, AuthorID: author.ID}); len(got) != 0 {
		t.Errorf("the external sees %v of alice", got)
	}
}

func TestASupportTakenBackLeavesTheRankAsItWas(t *testing.T) {
	h := open(t)
	alice, bob := h.user("alice", models.RoleEmployee), h.user("bob", models.RoleEmployee)
	idea := h.idea(h.space("plant", models.Company), alice, "an idea")
	before := idea.Hot
	change := func(fn func(tx *models.Tx, idea *models.Idea) (bool, error)) {
		t.Helper()
		h.tx(h.actor(bob), func(tx *models.Tx) error {
			locked, err := tx.LockIdea(idea.ID)
			if err != nil {
				return err
			}
			changed, err := fn(tx, locked)
			if !changed {
				t.Error("nothing changed")
			}
			return err
		})
	}
	change(func(tx *models.Tx, idea *models.Idea) (bool, error) { return tx.AddSupport(idea, bob.ID) })
	page, err := h.IdeaPage(t.Context(), h.actor(bob), idea.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !page.Supported || page.SupportCount != 1 || page.Hot <= before || page.AuthorName != "alice" {
		t.Errorf("after the support: %+v", page)
	}
	change(func(tx *models.Tx, idea *models.Idea) (bool, error) { return tx.RemoveSupport(idea, bob.ID) })
	page, err = h.IdeaPage(t.Context(), h.actor(bob), idea.ID)
	if err != nil {
		t.Fatal(err)
	}
	if difference := page.Hot - before; page.Supported || page.SupportCount != 0 || difference > 1e-9 || difference < -1e-9 {
		t.Errorf("after taking it back: %+v, rank was %v", page, before)
	}
}

func TestRankFollowsWhatHappenedLast(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }
	old := models.Rank(day(1), []time.Time{day(2), day(3), day(3)}, nil)
	fresh := models.Rank(day(20), nil, nil)
	revived := models.Rank(day(1), []time.Time{day(20), day(20)}, nil)
	if !(old < fresh && fresh < revived) {
		t.Errorf("old %v, fresh %v, revived %v", old, fresh, revived)
	}
}
