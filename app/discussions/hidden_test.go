package discussions_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// discreet is a house in whose space one may begin threads without a name.
func discreet(t *testing.T) *house {
	t.Helper()
	h := open(t)
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE spaces SET nameless = TRUE WHERE slug = 'ateliers'")
	return h
}

func nameless(title string) apptest.Form {
	form := question(title)
	form["anonymity"] = "hidden"
	return form
}

func TestWhoBeginsAThreadWithoutTheirNameActsOnItAndIsNamedToNobody(t *testing.T) {
	h := discreet(t)
	alice, bob, mona := h.As(h.alice), h.As(h.bob), h.As(h.mona)
	form := nameless("Who is paid what?")
	form["once"] = strings.Repeat("O", 26)
	id := h.begin(h.alice, form)
	if again := h.begin(h.alice, form); again != id {
		t.Errorf("the same form began %s after %s", again, id)
	}
	thread := "/threads/" + id
	alice.Get(thread+"-who-is-paid-what").Status(200).See("You began this thread.", "Hidden author", "as Alice", thread+"/edit").NotSee("I have the same question")
	answer := h.say(h.bob, thread[len("/threads/"):], "Ask the works council.")
	alice.Post(thread+"/posts", apptest.Form{"body": "I did so.", "parent": answer}).Status(303)
	alice.Post(thread+"/posts", apptest.Form{"body": "I wonder too.", "as": "self"}).Status(303)
	h.Settle()
	alice.Get("/notifications").See("Bob").NotSee("Hidden author", "Alice ")
	bob.Get("/notifications").See("Hidden author answers you")
	alice.Post(thread, apptest.Form{"base": "1", "title": "Who is paid how much?", "tags": "pay"}).Status(303)
	alice.Post(thread+"/posts/1", apptest.Form{"base": "1", "body": "It is *not* clear."}).Status(303)
	alice.Post(thread+"/acceptance", apptest.Form{"post": answer}).Status(303)
	alice.Post("/follows", apptest.Form{"kind": "thread", "target": strings.TrimPrefix(thread, "/threads/"), "level": "watch"}).Status(303)
	alice.Post(thread+"/withdrawal", nil).Status(303)
	bob.Get(thread).Status(404)
	alice.Get(thread + "-who-is-paid-how-much").Status(200).See("You began this thread.")
	alice.Post(thread+"/restoration", nil).Status(303)
	h.Settle()

	page := thread + "-who-is-paid-how-much"
	mona.Get(page).Status(200).See("Hidden author", "The author was promised", "I wonder too.").NotSee("You began", `as Alice`)
	bob.Get(thread + "/posts/1/versions").Status(200).See("Hidden author").NotSee("Alice")
	bob.Get("/discussions").See("Who is paid how much?", "Hidden author").NotSee("Alice")
	bob.Get(fmt.Sprintf("/people/%d", h.alice.ID)).Status(200).NotSee("Who is paid")
	for _, list := range []string{"mine", "following"} {
		alice.Get("/discussions?filter=" + list).See("Who is paid how much?")
		bob.Get("/discussions?filter=mine").NotSee("Who is paid how much?")
	}
	bob.Post(thread+"/withdrawal", nil).Status(403)
	bob.Post(thread, apptest.Form{"base": "2", "title": "Mine now"}).Status(403)
	bob.Post(thread+"/acceptance", apptest.Form{"post": answer}).Status(403)
	alice.Post(thread+"/same", apptest.Form{"same": "1"}).Status(403)
	for _, place := range []string{"threads.author_id", "threads.accepted_by", "post_versions.editor_id", "drafts.user_id", "idempotency_keys.user_id"} {
		table, column, _ := strings.Cut(place, ".")
		for _, row := range modelstest.Rows(t, h.Config.DatabaseURL)[table] {
			if strings.Contains(" "+row+" ", fmt.Sprintf(" %s=%d ", column, h.alice.ID)) {
				t.Errorf("%s names Alice: %s", place, row)
			}
		}
	}
}

func TestAThreadIsBegunWithoutANameOnlyWhereTheSpaceLetsOne(t *testing.T) {
	h := discreet(t)
	alice := h.As(h.alice)
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE spaces SET nameless = FALSE")
	alice.Get("/threads/new").Status(200).NotSee("Write without my name")
	alice.Get("/threads/new?anonymity=hidden").Status(403)
	for level, says := range map[string]string{"hidden": "does not let people write without their name", "not_stored": "in your name or without it", "x": "in your name or without it"} {
		form := nameless("Whose fault?")
		form["anonymity"] = level
		if level == "hidden" {
			modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE spaces SET nameless = (slug = 'closed')")
			h.As(h.mona).Post("/threads", form).Status(422).See(says, "It *leaks* twice a week.")
			continue
		}
		alice.Post("/threads", form).Status(422).See(says)
	}
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE spaces SET nameless = TRUE")
	for _, kind := range []string{"poll", "announcement"} {
		form := nameless("When?")
		form["kind"] = kind
		h.As(h.mona).Post("/threads", form).Status(422).See("somebody has to answer for a poll")
	}
	if n := len(modelstest.Rows(t, h.Config.DatabaseURL)["threads"]); n != 0 {
		t.Errorf("%d threads were begun", n)
	}
	h.begin(h.alice, nameless("Whose fault?")) // what is begun so stays so
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE spaces SET nameless = FALSE")
	h.As(h.bob).Get("/threads/1-whose-fault").See("Hidden author").NotSee("Alice")
	alice.Get("/threads/1-whose-fault").See("You began this thread.")
}

func TestWhoGoesOnWithoutTheirNameKeepsTheTextAndNoDraft(t *testing.T) {
	h := discreet(t)
	alice := h.As(h.alice)
	kept := `{"fields":{"title":"Who is paid what?","body":"I would"}}`
	alice.Do(http.MethodPut, "/drafts/thread/new", strings.NewReader(kept), http.Header{"Content-Type": {"application/json"}}).Status(200)
	alice.Get("/threads/new").Status(200).See("Write without my name", "<draft-keeper")
	form := question("Who is paid what?")
	form["under"] = "hidden"
	alice.Post("/threads", form).Status(200).See("Nobody in Ruche sees your name", "It *leaks* twice a week.", "Write in my name").NotSee("<draft-keeper", "Announcement", "Poll")
	if rows := modelstest.Rows(t, h.Config.DatabaseURL)["drafts"]; len(rows) != 0 {
		t.Errorf("a draft is left: %v", rows)
	}
	alice.Get("/discussions").See(`name="draft-sent" content="thread/new"`) // which the browser forgets then
	form["under"], form["anonymity"] = "named", "hidden"
	alice.Post("/threads", form).Status(200).See("It *leaks* twice a week.", "<draft-keeper").NotSee("Nobody in Ruche sees your name")
}

func TestWhoIsErasedTakesTheirHiddenThreadsWithThemWhereTextsGo(t *testing.T) {
	h := discreet(t)
	id := h.begin(h.alice, nameless("Who is paid what?"))
	h.say(h.alice, id, "Said without a name.")
	h.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.RemoveContributions(h.alice.ID)
		return err
	})
	h.As(h.bob).Get("/threads/" + id).Status(404)
	if places := modelstest.Find(t, h.Config.DatabaseURL, "twice a week", "Said without a name", "Who is paid"); len(places) > 0 {
		t.Errorf("texts are left: %v", places)
	}
}

func TestTheManagerOfASpaceSaysWhetherOneMayWriteThereWithoutAName(t *testing.T) {
	h := open(t)
	mona := h.As(h.mona)
	mona.Get("/spaces/ateliers/settings").Status(200).See("without their name")
	mona.Post("/spaces/ateliers", apptest.Form{"title": "Ateliers", "visibility": "company", "joining": "open", "nameless": "1"}).Status(303)
	h.As(h.alice).Get("/threads/new?space=ateliers").See("Write without my name")
	header := http.Header{"Authorization": {"Bearer " + h.Token(h.mona, models.ScopeManage)}, "Content-Type": {"application/json"}}
	h.Visitor().Do(http.MethodGet, "/api/v1/spaces/ateliers", nil, header).Status(200).See(`"nameless":true`)
	h.Visitor().Do(http.MethodPatch, "/api/v1/spaces/ateliers", strings.NewReader(`{"nameless":false}`), header).Status(200).See(`"nameless":false`)
	h.As(h.alice).Get("/threads/new?space=ateliers").NotSee("Write without my name")
}
