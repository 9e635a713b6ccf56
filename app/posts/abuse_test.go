package posts_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// everywhere are the three kinds of places in a space, each with the address where it is read and where posts are sent to. Alice and Bob may
// write there.
func everywhere(t *testing.T, visibility models.Visibility) (h *house, carol *models.User, places map[string][2]string) {
	t.Helper()
	site := apptest.Start(t)
	alice, bob, mona := site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee), site.Person("Mona", models.RoleEmployee)
	carol = site.Person("Carol", models.RoleEmployee)
	site.Space("ateliers", visibility, map[*models.User]models.SpaceRole{mona: models.SpaceManager, alice: models.SpaceMember, bob: models.SpaceMember})
	h = &house{Site: site, alice: site.As(alice), bob: site.As(bob), mona: site.As(mona)}
	h.mona.Post("/collections", apptest.Form{"space": "ateliers", "title": "Shelf"}).Status(303)
	places = map[string][2]string{}
	for name, form := range map[string]apptest.Form{
		"/ideas": {"space": "ateliers", "title": "Weigh the scrap", "body": "At every station."}, "/threads": {"space": "ateliers", "kind": "question", "title": "Does it leak?", "body": "Twice a week."},
		"/articles": {"collection": "1", "title": "Purging", "body": "Weigh it."},
	} {
		to := h.mona.Post(name, form).Status(303).Header.Get("Location")
		page := regexp.MustCompile(`^/\w+/\d+[^#?]*`).FindString(to)
		posts := regexp.MustCompile(`^/\w+/\d+`).FindString(to) + "/posts"
		if name == "/ideas" {
			posts = strings.TrimSuffix(posts, "posts") + "comments"
		}
		places[strings.TrimPrefix(name, "/")] = [2]string{page, posts}
	}
	return h, carol, places
}

func TestNoPostHoweverItIsMadeBreaksAPage(t *testing.T) {
	h, _, places := everywhere(t, models.Company)
	var people strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&people, "[@a](/people/%d) ", i)
	}
	turned := "z" + strings.Repeat("\u0335\u0489", 500) + " \u202egpj.exe\u2066"
	zoe := h.As(h.Person("Zoé", models.RoleEmployee))
	zoe.Post("/account", apptest.Form{"name": "Zoé " + turned}).Status(303)
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			for what, c := range map[string]struct{ body, says string }{
				"quotes 10,000 deep":         {strings.Repeat("> ", 10_000) + "deep", "body-error"},
				"brackets 10,000 deep":       {strings.Repeat("[", 10_000) + strings.Repeat("](a)", 2_000), "body-error"},
				"one megabyte":               {strings.Repeat("é", 1<<19), "at most 20,000 letters"},
				"five thousand people":       {people.String(), "body-error"},
				"a hundred people":           {people.String()[:1900], "more than 50 people"},
				"nothing that is seen":       {"\u200b \u202e", "body-error"},
				"a sign that nothing stores": {"a\x00b", "body-error"},
				"no letters of any language": {"caf\xe9", "body-error"},
			} {
				began := time.Now()
				answer := h.bob.Post(place[1], apptest.Form{"body": c.body}).Status(422).See(c.says, `<textarea`)
				if took := time.Since(began); took > 5*time.Second {
					t.Errorf("%s took %s to refuse", what, took)
				}
				if len(c.body) > 19_000 && what != "five thousand people" && !strings.Contains(html.UnescapeString(answer.Text), c.body[len(c.body)-900:]+"</textarea>") {
					t.Errorf("%s: what was written is lost", what)
				}
			}
			h.bob.Post(place[1], apptest.Form{"body": strings.Repeat("a", 12<<20)}).Status(413)
			h.alice.Get(place[0]).Status(200).NotSee("deep", "caf\xe9")

			h.bob.Post(place[1], apptest.Form{"body": "Said " + turned + " &#x202E;&#8238;"}).Status(303)
			zoe.Post(place[1], apptest.Form{"body": "As I am called."}).Status(303)
			got := h.alice.Get(place[0]).Status(200).See("gpj.exe", "As I am called.", "Zoé z").Text
			if strings.ContainsAny(got, "\u202a\u202b\u202c\u202d\u202e") || strings.Contains(got, strings.Repeat("\u0489", 4)) || strings.Contains(got, strings.Repeat("\u0335\u0489", 3)) {
				t.Error("the page is turned around or climbs")
			}
			if strings.Count(got, "\u2066") != strings.Count(got, "\u2069") {
				t.Error("an isolate is left open")
			}
		})
	}
	for path, form := range map[string]apptest.Form{"/threads": {"space": "ateliers", "kind": "discussion", "title": "Title " + turned, "body": "B."}, "/articles": {"collection": "1", "title": "Title " + turned, "body": "B."}} {
		to := h.mona.Post(path, form).Status(303).Header.Get("Location")
		for _, page := range []string{to, map[string]string{"/threads": "/discussions", "/articles": "/collections/1-shelf"}[path], "/"} {
			if got := h.alice.Get(page).Status(200).Text; strings.ContainsAny(got, "\u202a\u202b\u202c\u202d\u202e") || strings.Contains(got, strings.Repeat("\u0335\u0489", 3)) {
				t.Errorf("%s is turned around or climbs", page)
			}
		}
	}
}

func TestAPostSentTwiceOnASlowNetworkStandsOnce(t *testing.T) {
	h, _, places := everywhere(t, models.Company)
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			form := apptest.Form{"body": "Once is enough.", "once": regexp.MustCompile(`name="once" value="([^"]+)"`).FindStringSubmatch(h.bob.Get(place[0]).Status(200).Text)[1]}
			var work sync.WaitGroup
			var mu sync.Mutex
			led := map[string]bool{}
			for range 8 {
				work.Go(func() {
					to := h.bob.Post(place[1], form).Status(303).Header.Get("Location")
					mu.Lock()
					defer mu.Unlock()
					led[to] = true
				})
			}
			work.Wait()
			if len(led) != 1 {
				t.Errorf("eight sendings lead to %v", led)
			}
			if got := strings.Count(h.alice.Get(place[0]).Text, "Once is enough."); got != 1 {
				t.Errorf("it stands %d times", got)
			}
			form["body"] = "Something else."
			h.bob.Post(place[1], form).Status(409)
		})
	}
}

func TestAnAnswerToAPostThatIsGoneIsSaidToItsWriter(t *testing.T) {
	h, _, places := everywhere(t, models.Company)
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			to := h.bob.Post(place[1], apptest.Form{"body": "A rash word."}).Status(303).Header.Get("Location")
			id := to[strings.LastIndex(to, "-")+1:]
			h.alice.Post(place[1], apptest.Form{"body": "An answer.", "parent": id}).Status(303)
			h.bob.Post(place[1]+"/"+id+"/removal", nil).Status(303)
			h.alice.Post(place[1], apptest.Form{"body": "Too late.", "parent": id}).Status(422).See("Too late.</textarea>", "is no longer there").NotSee(`name="parent"`)
			h.alice.Get(place[1] + "/" + id + "/reply").NotSee("A rash word.")
			h.alice.Get(place[0]).Status(200).See("Message removed by its author.", "An answer.").NotSee("A rash word.", "Too late.")
			h.bob.Post(place[1]+"/"+id, apptest.Form{"base": "1", "body": "Changed."}).Status(409)
			h.bob.Post(place[1]+"/"+id+"/restoration", nil).Status(303)
			h.alice.Get(place[0]).See("A rash word.")
		})
	}
}

// TestNeitherSideLearnsAnythingByAMentionOfWhoMayNotSeeTheSpace names somebody who may not, and somebody who is not there.
func TestNeitherSideLearnsAnythingByAMentionOfWhoMayNotSeeTheSpace(t *testing.T) {
	h, carol, places := everywhere(t, models.Restricted)
	outside := h.As(carol)
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			shown := map[int64]string{}
			for _, id := range []int64{carol.ID, 9876} {
				to := h.bob.Post(place[1], apptest.Form{"body": fmt.Sprintf("[@Carol](/people/%d) wears a hat.", id)}).Status(303).Header.Get("Location")
				h.Settle()
				shown[id] = regexp.MustCompile(`<p>[^<]*(?:<[^>]+>[^<]*){0,3}wears a hat.*?</p>`).FindString(h.bob.Get(strings.SplitN(to, "#", 2)[0]).Status(200).Text)
				post := to[strings.LastIndex(to, "-")+1:]
				h.bob.Post(place[1]+"/"+post+"/removal", nil).Status(303)
				if removed := h.bob.Get(place[0]).Text; strings.Contains(removed, "wears a hat") {
					t.Error("what was removed is shown")
				}
			}
			if want := strings.ReplaceAll(shown[carol.ID], fmt.Sprintf("/people/%d", carol.ID), "/people/9876"); shown[9876] == "" || shown[9876] != want {
				t.Errorf("the writer can tell who is there: %q and %q", shown[carol.ID], shown[9876])
			}
			h.bob.Post(place[1], apptest.Form{"body": fmt.Sprintf("[@Carol](/people/%d) wears a hat.", carol.ID)}).Status(303)
			h.Settle()
			outside.Get("/notifications").Status(200).NotSee("Bob", "wears", "Weigh the scrap", "Does it leak", "Purging", "ateliers")
			outside.Get("/notifications/count").Status(200).See(`{"unread":"0"}`)
			outside.Get(place[0]).Status(404)
			outside.Get("/search?q=hat").Status(200).NotSee("wears", "Bob")
			h.bob.Get("/people/suggestions?space=ateliers&q=car").Status(200).NotSee("Carol")
			outside.Get("/people/suggestions?space=ateliers&q=bo").Status(404)
		})
	}
}
