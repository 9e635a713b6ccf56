package agenda_test

import (
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func (h *house) say(by *models.User, event, body string) string {
	to := h.As(by).Post("/events/"+event+"/posts", apptest.Form{"body": body}).Status(303).Header.Get("Location")
	_, id, _ := strings.Cut(to, "#post-")
	return id
}

func TestAnEventIsDiscussedWithTheSamePosts(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03")
	page, posts := "/events/1-tour", "/events/1/posts"
	alice, bob := h.As(h.alice), h.As(h.bob)
	bob.Get(page).See("Nothing has been said yet", "0 messages", `action="`+posts+`"`, "event/1/post")
	id := h.say(h.bob, "1", "Is there *parking*?")
	one := posts + "/" + id
	alice.Get(page).See("1 message", "<em>parking</em>", one+"/reply")
	if to := alice.Get(one).Status(302).Header.Get("Location"); to != page+"#post-"+id {
		t.Errorf("the permanent link leads to %s", to)
	}
	if to := alice.Get("/posts/" + id).Status(302).Header.Get("Location"); to != one {
		t.Errorf("it leads to %s", to)
	}
	alice.Get("/articles/1/posts/" + id).Status(404)
	alice.Post(posts, apptest.Form{"body": "Behind the oven.", "parent": id}).Status(303)
	bob.Get(page).See("2 messages", "Behind the oven.")
	alice.Post(one, apptest.Form{"base": "1", "body": "Mine."}).Status(403)
	bob.Post(one, apptest.Form{"base": "1", "body": "Is there a bus?"}).Status(303)
	alice.Get(one+"/versions").Status(200).See("<del>", "bus")
	signs, err := h.DB.Reactions(t.Context(), h.Actor(h.alice), []int64{1})
	if err != nil || len(signs.Signs) == 0 {
		t.Fatal(err)
	}
	alice.Post("/posts/"+id+"/reactions", apptest.Form{"give": strconv.FormatInt(signs.Signs[0].ID, 10)}).Status(303)
	alice.Get("/posts/"+id+"/reactions").Status(200).See("Alice", "Tour")
	bob.Post(one+"/removal", nil).Status(303)
	alice.Get(page).See("1 message").NotSee("Is there a bus?")
	bob.Post(one+"/restoration", nil).Status(303)
	h.Settle()
	alice.Get("/search?q=bus").See("Is there a <mark>bus</mark>", "/posts/"+id)
	alice.Get("/search?q=tour").See("/events/1-tour")
	h.As(h.karen).Get("/search?q=tour").NotSee("/events/1-tour")
	alice.Get("/").See("comments on an event")
	h.As(h.karen).Post(posts, apptest.Form{"body": "Me too."}).Status(404)
	h.Visitor().Post(posts, apptest.Form{"body": "Me too."}).Status(303)
	h.As(h.karen).Get("/").NotSee("Tour")
}

func TestWhatIsSaidAtAnEventReachesThoseWhoFollowIt(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03", "body", "Ask [@Mona](/people/3).")
	h.Settle()
	h.As(h.mona).Get("/notifications").See("Tour", "Alice")
	h.say(h.bob, "1", "Parking? [@Karen](/people/5)")
	h.Settle()
	alice := h.As(h.alice)
	alice.Get("/notifications").See("Bob", "Tour", "because you follow this event")
	h.As(h.karen).Get("/notifications").NotSee("Tour")
	alice.Get("/follows?kind=event").See("Tour")
	alice.Post("/follows", apptest.Form{"kind": "event", "target": "1", "level": "mute", "back": "/events/1"}).Status(303)
	h.As(h.karen).Post("/follows", apptest.Form{"kind": "event", "target": "1", "level": "watch", "back": "/"}).Status(404)
	h.say(h.bob, "1", "Anyone?")
	h.Settle()
	alice.Get("/events/1-tour").Status(200)
	h.say(h.bob, "1", "[@Alice](/people/1)?")
	h.Settle()
	alice.Get("/notifications/count").NotSee(`"1"`)
	alice.Get("/").NotSee("comments on an event")
}

func TestALinkToAnEventUnfoldsForThoseWhoSeeIt(t *testing.T) {
	h := open(t)
	h.plan(h.mona, "closed", "Falcon", "2026-12-03")
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03")
	h.say(h.mona, "2", "Come:\n\n[x](/events/1-falcon)\n\n[y](/events/2)")
	h.Settle()
	h.As(h.mona).Get("/events/2-tour").See("link-card", "Falcon", "3 December 2026, 17:00", "Atelier 4")
	h.As(h.bob).Get("/events/2-tour").See("link-card").NotSee(">Falcon<")
}

func TestWhoIsErasedLeavesTheirPlace(t *testing.T) {
	h := open(t)
	h.plan(h.alice, "ateliers", "Tour", "2026-12-03", "capacity", "1")
	h.answers(h.bob, "1", "yes").Status(303)
	h.answers(h.mona, "1", "yes").Status(303)
	h.Tx(nil, func(tx *models.Tx) error {
		if done, err := tx.LeaveGatherings(h.bob.ID); err != nil || done {
			t.Errorf("left: %v %v", done, err)
		}
		done, err := tx.RemoveContributions(h.alice.ID)
		if err == nil && done {
			t.Error("nothing was removed")
		}
		return err
	})
	h.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.RecordedGathering(1)
		if err == nil {
			t.Error("what Alice planned is still there")
		}
		return nil
	})
	h.As(h.mona).Get("/events/1-tour").Status(404)
	h.As(h.mona).Get("/agenda").NotSee("Tour")
}
