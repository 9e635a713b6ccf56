package ideas_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// say posts a comment under idea 1 and returns its address.
func say(t *testing.T, client *apptest.Client, body, parent string) string {
	t.Helper()
	return client.Post("/ideas/1/comments", apptest.Form{"body": body, "parent": parent}).Status(303).Header.Get("Location")
}

func TestAnswersStandUnderTheMessageTheyAnswer(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))

	if to := say(t, bob, "First *root*.", ""); to != path+"#post-1" {
		t.Errorf("the comment is at %s", to)
	}
	say(t, alice, "Second root.", "")
	say(t, alice, "Answer to the first.", "1")
	say(t, bob, "Answer to the answer.", "3")

	page := bob.Get(path).Status(200).See("4 messages", "<em>root</em>", "answers Alice", "Author", `name="draft-sent" content="idea/1/comment idea/1/reply/3"`)
	order := []string{"First ", "Answer to the first.", "Answer to the answer.", "Second root."}
	last := -1
	for _, text := range order {
		at := strings.Index(page.Text, text)
		if at < last {
			t.Errorf("%q stands too early", text)
		}
		last = at
	}
	bob.Get("/ideas").See("4 messages")
	bob.Get("/ideas?followed=1").See("Weigh the scrap") // who comments, follows
	bob.Get("/ideas?sort=unanswered").NotSee("Weigh the scrap")
}

func TestACommentCanBeAnsweredWithoutScripts(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	say(t, bob, "How heavy is it?", "")

	alice.Get(path).See(`href="/ideas/1/comments/1/reply"`)
	form := alice.Get("/ideas/1/comments/1/reply").Status(200).See("Reply to Bob", "How heavy is it?", `name="parent" value="1"`)
	alice.Post("/ideas/1/comments", apptest.Form{"body": " ", "parent": "1", "once": field(t, form, "once")}).Status(422).See("Reply to Bob", "How heavy is it?", "Write something here.")
	say(t, alice, "Fourteen kilos.", "1")
	alice.Get("/ideas/1/comments/9/reply").Status(404)
	h.Visitor().Get("/ideas/1/comments/1/reply").Status(303)
}

func TestACommentSentTwiceStandsOnce(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	form := apptest.Form{"body": "Once is enough.", "once": field(t, alice.Get(path), "once")}

	first := alice.Post("/ideas/1/comments", form).Status(303).Header.Get("Location")
	if again := alice.Post("/ideas/1/comments", form).Status(303).Header.Get("Location"); again != first {
		t.Errorf("the second answer leads to %s, not %s", again, first)
	}
	if page := alice.Get(path); strings.Count(page.Text, "Once is enough.") != 1 || !strings.Contains(page.Text, "1 message") {
		t.Error("the comment stands twice")
	}
	form["body"] = "Something else."
	alice.Post("/ideas/1/comments", form).Status(409)
}

func TestARemovedCommentLeavesATombstone(t *testing.T) {
	h := open(t)
	mona := h.Person("Mona", models.RoleModerator)
	alice, bob, moderator := h.As(h.alice), h.As(h.bob), h.As(mona)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	say(t, bob, "A rash word.", "")
	say(t, alice, "An answer.", "1")

	alice.Post("/ideas/1/comments/1/removal", nil).Status(403)
	bob.Post("/ideas/1/comments/1/removal", nil).Status(303)
	bob.Get(path).See("Message removed by its author.", "/ideas/1/comments/1/restoration", "An answer.", "1 message").NotSee("A rash word.")
	alice.Get(path).See("Message removed by its author.").NotSee("A rash word.", "/restoration")
	alice.Post("/ideas/1/comments/1/restoration", nil).Status(403)
	alice.Post("/ideas/1/comments", apptest.Form{"body": "Too late.", "parent": "1"}).Status(422)
	bob.Get("/ideas/1/comments/1/edit").Status(404)
	bob.Post("/ideas/1/comments/1", apptest.Form{"body": "Changed."}).Status(409)
	bob.Post("/ideas/1/comments/1/restoration", nil).Status(303)
	alice.Get(path).See("A rash word.", "2 messages")

	moderator.Post("/ideas/1/comments/1/removal", nil).Status(303)
	moderator.Post("/ideas/1/comments/1/removal", nil).Status(303) // counted once
	bob.Get(path).See("Message removed by a moderator.", "1 message").NotSee("/comments/1/restoration")
	bob.Post("/ideas/1/comments/1/restoration", nil).Status(403)
	moderator.Post("/ideas/1/comments/1/restoration", nil).Status(303)
	bob.Get(path).See("A rash word.", "2 messages")

	var recorded []string
	h.Tx(nil, func(tx *models.Tx) error {
		events, err := tx.EventsAfter(t.Context(), 0, 100)
		for _, event := range events {
			if event.Verb == models.PostRemoved || event.Verb == models.PostRestored {
				recorded = append(recorded, event.Verb)
			}
		}
		return err
	})
	if want := []string{models.PostRemoved, models.PostRestored, models.PostRemoved, models.PostRestored}; !slices.Equal(recorded, want) {
		t.Errorf("recorded %v, want %v", recorded, want)
	}
}

func TestACommentIsEditedByWhoWroteIt(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	say(t, bob, "The frist.", "")

	bob.Get("/ideas/1/comments/1/edit").Status(200).See("The frist.</textarea>")
	alice.Get("/ideas/1/comments/1/edit").Status(403)
	alice.Post("/ideas/1/comments/1", apptest.Form{"body": "Mine now."}).Status(403)
	bob.Post("/ideas/1/comments/1", apptest.Form{"body": ""}).Status(422).See("Write something here.")
	bob.Post("/ideas/1/comments/1", apptest.Form{"base": "1", "body": "The first."}).Status(303)
	alice.Get(path).See("The first.", "edited").NotSee("The frist.", "Mine now.")

	post(t, alice, idea("ateliers", "Another idea"))
	bob.Get("/ideas/2/comments/1/edit").Status(404) // under another idea there is no such comment
	bob.Post("/ideas/2/comments/1/removal", nil).Status(404)
}

func TestALongDiscussionIsPaged(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))
	actor := h.Actor(h.bob)
	h.Tx(actor, func(tx *models.Tx) error {
		idea, err := tx.LockIdea(1)
		if err != nil {
			return err
		}
		start := tx.Now().Add(-time.Hour)
		for i := 1; i <= 120; i++ {
			comment := &models.Post{AuthorID: h.bob.ID, Body: fmt.Sprintf("Number %d.", i), HTML: fmt.Sprintf("<p>Number %d.</p>", i), CreatedAt: start.Add(time.Duration(i/3) * time.Second)}
			if i == 110 {
				first := int64(1)
				comment.ParentID = &first
			}
			if err := tx.CreatePost(models.Place{Idea: idea}, comment); err != nil {
				return err
			}
		}
		return nil
	})

	alice.Get(path).Status(200).See("Number 1.", "Number 50.", "120 messages").NotSee("Number 51.")
	second := follow(t, alice, alice.Get(path), "Next page").See("Number 51.", "Number 100.", "Read the idea again").NotSee("Number 50.", "Number 101.", "Because <strong>")
	third := follow(t, alice, second, "Next page").See("Number 101.", "Number 120.", "answers Bob", `href="/ideas/1/comments/1"`).NotSee("Next page")
	follow(t, alice, third, "Back to the start").See("Number 1.")

	for comment, want := range map[string]string{"1": path + "#post-1", "50": path + "#post-50"} {
		if to := alice.Get("/ideas/1/comments/" + comment).Status(302).Header.Get("Location"); to != want {
			t.Errorf("comment %s is at %s", comment, to)
		}
	}
	for _, comment := range []string{"51", "100", "101", "120"} {
		to := alice.Get("/ideas/1/comments/" + comment).Status(302).Header.Get("Location")
		alice.Get(strings.Split(to, "#")[0]).Status(200).See(`id="post-` + comment + `"`)
	}
	to := say(t, bob, "The last word.", "120")
	bob.Get(strings.Split(to, "#")[0]).Status(200).See("The last word.", "121 messages")
	alice.Get("/ideas/1/comments/999").Status(404)
	alice.Get(path + "?cursor=nonsense").Status(422).See("This link to the rest of the list is not valid")
}

// follow opens the page that a link of the pager leads to.
func follow(t *testing.T, client *apptest.Client, page *apptest.Answer, label string) *apptest.Answer {
	t.Helper()
	for _, link := range strings.Split(page.Text, "<a ")[1:] {
		if text, _, _ := strings.Cut(link, "</a>"); strings.Contains(text, label) {
			_, href, _ := strings.Cut(text, `href="`)
			href, _, _ = strings.Cut(href, `"`)
			href, _, _ = strings.Cut(strings.ReplaceAll(href, "&amp;", "&"), "#")
			return client.Get(href).Status(200)
		}
	}
	t.Fatalf("no link %q on %s", label, page.Request.URL)
	return nil
}
