package live_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// until asks who is in a room until the answer is right.
func (v *village) until(client *apptest.Client, room string, right func(text string) bool) string {
	v.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		text := client.Get("/live/here" + in(room)).Status(http.StatusOK).Text
		if right(text) {
			return text
		}
		if time.Now().After(deadline) {
			v.t.Fatalf("who is in %s: %s", room, text)
		}
	}
}

func shows(words string) func(string) bool {
	return func(text string) bool { return strings.Contains(text, words) }
}

func TestWhoReadsAlongIsSeenByTheOthersAndGoesWhenTheyLeave(t *testing.T) {
	v := build(t)
	alice, bob := v.As(v.alice), v.As(v.bob)
	page := v.open(alice, in(v.room), "")
	alice.Get("/live/here"+in(v.room)).Status(http.StatusOK).NotSee("Alice", "reading") // oneself is nobody else
	one, two := v.open(bob, in(v.room), ""), v.open(bob, in(v.room), "")
	page.wait("here:" + v.room)
	v.until(alice, v.room, shows("1 other person is reading"))
	alice.Get("/live/here"+in(v.room)).See("Bob Durand", "1 other person is reading")
	one.close()
	two.close()
	v.until(alice, v.room, func(text string) bool { return !strings.Contains(text, "reading") })
	page.wait("here:" + v.room)
}

func TestWhoDoesNotWantToBeSeenIsNotAndStillSeesTheOthers(t *testing.T) {
	v := build(t)
	alice, bob := v.As(v.alice), v.As(v.bob)
	v.open(alice, in(v.room), "")
	page := v.open(bob, in(v.room), "")
	v.until(alice, v.room, shows("Bob"))
	bob.Post("/preferences", apptest.Form{"name": "presence", "value": "unseen", "back": "/account"}).Status(http.StatusSeeOther)
	page.ended()
	v.open(bob, in(v.room), "")
	bob.Get("/account").See(`value="unseen" aria-pressed="true"`)
	v.until(bob, v.room, shows("Alice Martin"))
	v.until(alice, v.room, func(text string) bool { return !strings.Contains(text, "reading") })
	bob.Post("/live/typing", apptest.Form{"room": v.room}).Status(http.StatusNoContent)
	alice.Get("/live/here"+in(v.room)).NotSee("Bob", "writing", "reading")
	bob.Get(fmt.Sprintf("/ideas/%d-fewer-badges", v.idea)).See("<live-room").NotSee(" writes")
	bob.Post("/preferences", apptest.Form{"name": "presence", "value": "seen"}).Status(http.StatusSeeOther)
	bob.Post("/preferences", apptest.Form{"name": "presence", "value": "half"}).Status(http.StatusUnprocessableEntity)
	v.Visitor().Post("/preferences", apptest.Form{"name": "presence", "value": "unseen"}).Status(http.StatusSeeOther)
	bob.Post("/live/typing", apptest.Form{"room": v.room}).Status(http.StatusNoContent)
	alice.Get("/live/here" + in(v.room)).See("Bob Durand is writing")
}

func TestWhoWritesIsSeenUntilTheyStopOrSend(t *testing.T) {
	v := build(t)
	alice, bob := v.As(v.alice), v.As(v.bob)
	page := v.open(alice, in(v.room), "")
	bob.Post("/live/typing", apptest.Form{"room": v.room}).Status(http.StatusNoContent)
	page.wait("here:" + v.room)
	alice.Get("/live/here" + in(v.room)).See("Bob Durand is writing")
	bob.Get("/live/here" + in(v.room)).NotSee("writing")
	page.wait("here:" + v.room) // when they have not gone on
	v.until(alice, v.room, func(text string) bool { return !strings.Contains(text, "writing") })
	bob.Post("/live/typing", apptest.Form{"room": v.room}).Status(http.StatusNoContent)
	page.wait("here:" + v.room)
	v.comment(v.bob, v.idea, "here it is")
	page.wait(v.room)
	page.wait("here:" + v.room)
	alice.Get("/live/here" + in(v.room)).NotSee("writing")
}

func TestWhoMayNotWriteIsRefused(t *testing.T) {
	v := build(t)
	reader, inside := v.Person("Rita Reader", models.RoleEmployee), v.Person("Mia Member", models.RoleEmployee)
	v.Space("quiet", models.Restricted, map[*models.User]models.SpaceRole{reader: models.SpaceReader, inside: models.SpaceMember, v.bob: models.SpaceMember})
	room := models.Room{Kind: "idea", ID: v.post("quiet", "Read only")}.String()
	v.As(reader).Post("/live/typing", apptest.Form{"room": room}).Status(http.StatusForbidden)
	v.As(inside).Get("/live/here"+in(room)).Status(http.StatusOK).NotSee("Rita", "writing")
}

func TestExternalsSeeFacesOnlyOfThoseWhomTheyMayKnow(t *testing.T) {
	v := build(t)
	room := models.Room{Kind: "idea", ID: v.post("club", "In the club")}.String()
	olga := v.Person("Olga Owner", models.RoleOwner) // sees the club, and is not in it
	gaston, owner := v.As(v.gaston), v.As(olga)
	v.open(gaston, in(room), "")
	v.open(owner, in(room), "")
	v.open(v.As(v.bob), in(room), "")
	v.until(gaston, room, shows("2 others are reading"))
	gaston.Get("/live/here" + in(room)).See("Bob Durand").NotSee("Olga")
	owner.Post("/live/typing", apptest.Form{"room": room}).Status(http.StatusNoContent)
	gaston.Get("/live/here"+in(room)).NotSee("Olga", "writing")
	v.until(owner, room, shows("Gaston Guest"))
}

func TestWhereSomebodyHidesNobodyIsNamed(t *testing.T) {
	for _, kind := range []string{"idea", "thread"} {
		t.Run(kind, func(t *testing.T) { nobodyIsNamed(t, kind) })
	}
}

// secret is the room of something that Alice has begun without her name.
func (v *village) secret(kind string) string {
	var id int64
	v.Tx(v.Actor(v.alice), func(tx *models.Tx) error {
		if _, err := tx.Hide(models.HiddenAuthors, ""); err != nil {
			return err
		}
		if kind == "thread" {
			thread := &models.Thread{SpaceID: v.plant.ID, AuthorID: tx.Actor().ID, Kind: models.Discussion, Title: "A secret", Anonymity: models.HiddenAuthors}
			err := tx.CreateThread(thread, &models.Post{AuthorID: tx.Actor().ID, Body: "x", HTML: "x"})
			id = thread.ID
			return err
		}
		idea := &models.Idea{SpaceID: v.plant.ID, AuthorID: tx.Actor().ID, Title: "A secret", Body: "x", HTML: "x", Anonymity: models.HiddenAuthors}
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		id = idea.ID
		return tx.Record(models.IdeaPosted, idea, nil)
	})
	return models.Room{Kind: kind, ID: id}.String()
}

func nobodyIsNamed(t *testing.T, kind string) {
	v := build(t)
	room := v.secret(kind)
	alice, bob, carl := v.As(v.alice), v.As(v.bob), v.As(v.Person("Carl", models.RoleEmployee))
	v.open(alice, in(room), "")
	v.open(bob, in(room), "")
	v.until(carl, room, shows("1 other person is reading")) // the author is not among them
	for _, client := range []*apptest.Client{alice, bob} {
		client.Post("/live/typing", apptest.Form{"room": room}).Status(http.StatusNoContent)
	}
	carl.Get("/live/here"+in(room)).See("1 other").NotSee("Bob", "Alice", "Hidden", "writing")
	alice.Get("/live/here" + in(room)).See("1 other").NotSee("Bob")
	bob.Get("/live/here"+in(room)).NotSee("Alice", "reading", "writing")
	// Elsewhere the author is somebody like everybody.
	v.open(alice, in(v.room), "")
	v.until(bob, v.room, shows("Alice Martin"))
}
