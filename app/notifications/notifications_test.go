package notifications_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// village is a company space with an idea of Alice's.
type village struct {
	*apptest.Site
	t                  *testing.T
	alice, bob, gaston *models.User
	plant, club        *models.Space
	idea               *models.Idea
}

func build(t *testing.T) *village {
	v := &village{Site: apptest.Start(t), t: t}
	v.alice, v.bob, v.gaston = v.Person("Alice Martin", models.RoleEmployee), v.Person("Bob Durand", models.RoleEmployee), v.Person("Gaston Guest", models.RoleExternal)
	v.plant = v.Space("plant", models.Company, nil)
	v.club = v.Space("club", models.External, map[*models.User]models.SpaceRole{v.gaston: models.SpaceMember, v.bob: models.SpaceMember})
	v.idea = v.post(v.alice, v.plant, "Fewer badges")
	return v
}

func (v *village) post(author *models.User, space *models.Space, title string) *models.Idea {
	v.t.Helper()
	idea := &models.Idea{SpaceID: space.ID, AuthorID: author.ID, Title: title, Body: title, HTML: title}
	v.Tx(v.Actor(author), func(tx *models.Tx) error {
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaPosted, idea, nil)
	})
	return idea
}

func (v *village) comment(author *models.User, idea *models.Idea, parent *models.Post, body string) *models.Post {
	v.t.Helper()
	comment := &models.Post{AuthorID: author.ID, Body: body, HTML: body}
	if parent != nil {
		comment.ParentID = &parent.ID
	}
	v.Tx(v.Actor(author), func(tx *models.Tx) error {
		locked, err := tx.LockIdea(idea.ID)
		if err != nil {
			return err
		}
		if err := tx.CreatePost(models.Place{Idea: locked}, comment); err != nil {
			return err
		}
		return tx.Record(models.PostPosted, comment.In(idea.SpaceID), map[string]int64{"idea": idea.ID})
	})
	return comment
}

func (v *village) unread(user *models.User) int {
	v.t.Helper()
	n, err := v.DB.Unread(v.t.Context(), v.Actor(user))
	if err != nil {
		v.t.Fatal(err)
	}
	return n
}

func TestFollowersReadOfCommentsOnceHoweverMany(t *testing.T) {
	v := build(t)
	for i := range 3 {
		v.comment(v.bob, v.idea, nil, fmt.Sprintf("point %d", i))
	}
	v.Settle()
	if got := v.unread(v.alice); got != 1 {
		t.Errorf("alice has %d unread notices, want one with a count", got)
	}
	if got := v.unread(v.bob); got != 0 {
		t.Errorf("bob is told of his own comments: %d", got)
	}
	alice := v.As(v.alice)
	alice.Get("/notifications").Status(http.StatusOK).See("Bob Durand comments on “Fewer badges”, after 2 other messages", "point 2")
	alice.Get("/notifications/count").Status(http.StatusOK).See(`{"unread":"1"}`)
	alice.Post("/notifications/read", nil).Status(http.StatusSeeOther)
	alice.Get("/notifications/count").See(`{"unread":"0"}`)
	v.comment(v.bob, v.idea, nil, "one more")
	v.Settle()
	alice.Get("/notifications").See("Bob Durand comments on “Fewer badges”<", "one more")
}

func TestEachPersonIsToldByTheNearestReason(t *testing.T) {
	v := build(t)
	first := v.comment(v.bob, v.idea, nil, "a question")
	v.Settle()
	v.comment(v.alice, v.idea, first, fmt.Sprintf("an answer to [@Bob Durand](/people/%d)", v.bob.ID))
	v.Settle()
	page := v.As(v.bob).Get("/notifications").Status(http.StatusOK).See("Alice Martin mentions you about “Fewer badges”")
	page.NotSee("answers you", "comments on")
	v.comment(v.alice, v.idea, first, "without a name")
	v.Settle()
	v.As(v.bob).Get("/notifications").See("Alice Martin answers you about “Fewer badges”")
}

func TestSupportsOfOneIdeaAreOneNotice(t *testing.T) {
	v := build(t)
	for _, name := range []string{"Carl", "Dora"} {
		user := v.Person(name, models.RoleEmployee)
		v.As(user).Post(fmt.Sprintf("/ideas/%d/supports", v.idea.ID), apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	}
	v.Settle()
	v.As(v.alice).Get("/notifications").See("Dora and 1 other person support “Fewer badges”")
}

func TestWhatOneMayNoLongerSeeLeavesNoNotice(t *testing.T) {
	v := build(t)
	secret := v.post(v.bob, v.club, "For the club alone")
	v.comment(v.gaston, secret, nil, fmt.Sprintf("ask [@Alice Martin](/people/%d)", v.alice.ID))
	v.Settle()
	if got := v.unread(v.alice); got != 0 {
		t.Errorf("alice, who may not see the club, has %d unread notices", got)
	}
	v.As(v.alice).Get("/notifications").Status(http.StatusOK).NotSee("For the club alone", "Gaston")
	if got := v.unread(v.bob); got != 1 {
		t.Errorf("bob has %d unread notices, want 1", got)
	}
	v.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(v.club, v.gaston.ID) })
	v.Tx(nil, func(tx *models.Tx) error { return tx.Disable(v.gaston.ID) })
	v.As(v.bob).Get("/notifications").See("For the club alone")
}

func TestNoticesArePagedWithoutLosingOne(t *testing.T) {
	v := build(t)
	for i := range 35 {
		idea := v.post(v.alice, v.plant, fmt.Sprintf("Idea %02d", i))
		v.comment(v.bob, idea, nil, "hello")
	}
	v.Settle()
	alice := v.As(v.alice)
	first := alice.Get("/notifications").Status(http.StatusOK).See("Idea 34").NotSee("Idea 04")
	_, next, _ := strings.Cut(first.Text, "/notifications?before=")
	cursor, _, _ := strings.Cut(next, `"`)
	alice.Get("/notifications?before="+cursor).Status(http.StatusOK).See("Idea 04", "Idea 00").NotSee("Idea 05")
	for _, bad := range []string{"x", "-1", "99999999999999999999"} {
		alice.Get("/notifications?before=" + bad).Status(http.StatusUnprocessableEntity)
	}
	var count struct{ Unread string }
	if err := json.Unmarshal([]byte(alice.Get("/notifications/count").Text), &count); err != nil || count.Unread != "9+" {
		t.Errorf("unread %s, %v", count.Unread, err)
	}
}
