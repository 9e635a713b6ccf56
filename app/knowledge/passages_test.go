package knowledge_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

var passageAddress = regexp.MustCompile(`#passage-(\d+)$`)

func TestACommentOnAPassageSurvivesEdits(t *testing.T) {
	h := open(t)
	at := h.written("# Purge\n\nWeigh the *zirconia* before the change.\n\n- Wait an hour.\n- Wait an hour.")
	alice, bob, mona := h.As(h.alice), h.As(h.bob), h.As(h.mona)
	bob.Get(at+"-purge").See("Comment on a passage", "js/own/passages.")
	bob.Get(at+"/passages").See("Weigh the zirconia before the change.", "<option")
	once := strings.Repeat("P", 26)
	form := apptest.Form{"quote": "the zirconia\nbefore", "prefix": "Weigh", "body": "How <b>much</b>?", "once": once}
	passage := h.number(passageAddress, bob.Post(at+"/passages", form).Status(303))
	if again := h.number(passageAddress, bob.Post(at+"/passages", form).Status(303)); again != passage {
		t.Errorf("the same form marked %s after %s", again, passage)
	}
	bob.Post(at+"/passages", apptest.Form{"block": "4", "body": "Both?"}).Status(303) // the second of two that are the same
	bob.Post(at+"/passages", apptest.Form{"quote": "change. Wait", "body": "Across."}).Status(303)
	bob.Post(at+"/passages", apptest.Form{"quote": "zirconia before the", "body": "Overlapping."}).Status(303)
	alice.Get("/notifications").See("Bob comments on a passage of “Purge”", at+"/passages")
	mona.Get("/notifications").NotSee("comments on a passage")
	alice.Get(at+"-purge").See("How &lt;b&gt;much&lt;/b&gt;?", "the zirconia before")
	alice.Post("/passages/"+passage+"/words", apptest.Form{"body": "200 g."}).Status(303)
	bob.Get("/notifications").See("Alice comments on a passage")

	alice.Post(at, apptest.Form{"title": "Purge", "body": "New first.\n\n# Purge\n\nWeigh the zirconium before the change.\n\n- Wait an hour.\n- Wait an hour.", "base": "1"}).Status(303)
	bob.Get(at+"/passages").See("the zirconium before", "It was: “the zirconia before”", "200 g.").NotSee("The passage has changed")
	alice.Post(at, apptest.Form{"title": "Purge", "body": "Nothing of it is left here.", "base": "2"}).Status(303)
	bob.Get(at+"/passages").See("The passage has changed", "the zirconia before", "200 g.")
	alice.Post(at+"/versions/1", nil).Status(303)
	bob.Get(at + "/passages").NotSee("The passage has changed")

	mona.Post("/passages/"+passage+"/resolution", nil).Status(303) // who writes there
	bob.Get(at + "/passages").NotSee("200 g.")
	bob.Get(at+"/passages?settled=1").See("200 g.", "Open again")
	bob.Post("/passages/"+passage+"/reopening", nil).Status(303)
	bob.Get(at+"/passages").See("200 g.", "Both?", "Across.", "Overlapping.")
}

func TestWhatIsWrongWithAPassageIsSaid(t *testing.T) {
	h := open(t)
	at := h.written("Weigh it first.\n\n" + strings.Repeat("again ", 10_000))
	bob := h.As(h.bob)
	for name, form := range map[string]apptest.Form{
		"nothing": {"body": "Why?"}, "no such block": {"block": "99999999999", "body": "Why?"}, "not there": {"quote": "Something else", "body": "Why?"},
		"too long": {"quote": strings.Repeat("again ", 400), "body": "Why?"}, "no words": {"quote": "Weigh it", "body": " "}, "many words": {"quote": "Weigh it", "body": strings.Repeat("w", 2001)},
		"no letters": {"quote": "\u00a0\u2003", "body": "Why?"},
	} {
		if answer := bob.Post(at+"/passages", form); answer.StatusCode != 422 {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
	bob.Post(at+"/passages", apptest.Form{"quote": strings.Repeat("q", 1<<20), "body": "Why?"}).Status(413)
	bob.Post(at+"/passages", apptest.Form{"quote": "again", "prefix": strings.Repeat("again ", 9000), "body": "Of ten thousand."}).Status(303)
	passage := h.number(passageAddress, bob.Post(at+"/passages", apptest.Form{"quote": "Weigh it", "body": "How?"}).Status(303))
	bob.Post("/passages/"+passage+"/words", apptest.Form{"body": ""}).Status(422).See("body-"+passage+"-error", "Weigh it")
	bob.Post("/passages/999999/words", apptest.Form{"body": "Hello?"}).Status(404)
	bob.Post("/passages/words/999999/removal", nil).Status(404)
}

func TestAPassageOfADraftIsSeenByThoseWhoSeeTheDraft(t *testing.T) {
	h := open(t)
	alice, bob, karen := h.As(h.alice), h.As(h.bob), h.As(h.karen)
	draft := h.keep(h.alice, h.shelf, "Purge", "Weigh the zirconia first.")
	bob.Get(draft + "/passages").Status(404)
	bob.Post(draft+"/passages", apptest.Form{"quote": "the zirconia", "body": "Mine."}).Status(404)
	alice.Post(draft+"/review", apptest.Form{"reviewer": id(h.bob)}).Status(303)
	passage := h.number(passageAddress, bob.Post(draft+"/passages", apptest.Form{"quote": "the zirconia", "body": "How much?"}).Status(303))
	alice.Get("/notifications").See("a comment on a passage of “Purge”", draft)
	alice.Get(draft).See("How much?")
	for _, client := range []*apptest.Client{karen} {
		client.Get(draft + "/passages").Status(404)
		client.Post("/passages/"+passage+"/words", apptest.Form{"body": "Mine."}).Status(404)
		client.Post("/passages/"+passage+"/resolution", nil).Status(404)
		client.Post("/passages/words/1/removal", nil).Status(404)
	}
	alice.Post(draft, apptest.Form{"title": "Purge", "body": "Begin. Weigh the zirconia first: 200 g.", "base": "1"}).Status(303)
	bob.Post("/passages/"+passage+"/words", apptest.Form{"body": "Thanks."}).Status(404) // it is its author's until it is sent again
	alice.Get(draft+"/passages").See("How much?", "the zirconia").NotSee("The passage has changed")
	alice.Post("/passages/"+passage+"/resolution", nil).Status(303)
	h.Settle()
	bob.Get("/search?q=zirconia").NotSee("How much?")
}

func TestWhatWasSaidInReviewGoesWithTheDraftUnlessItIsHeld(t *testing.T) {
	h := open(t)
	owner := h.Person("Olga", models.RoleOwner)
	for _, held := range []bool{false, true} {
		release := func() {}
		if held {
			release = h.hold(owner, models.HoldPerson, h.bob.ID)
		}
		draft := h.keep(h.alice, h.shelf, fmt.Sprint("Purge ", held), "Weigh the zirconia first.")
		h.As(h.alice).Post(draft+"/review", apptest.Form{"reviewer": id(h.bob)}).Status(303)
		h.As(h.bob).Post(draft+"/passages", apptest.Form{"quote": "the zirconia", "body": fmt.Sprint("Held or not: ", held)}).Status(303)
		h.As(h.bob).Post(draft+"/verdict", apptest.Form{"version": "1", "verdict": "approved"}).Status(303)
		h.As(h.alice).Post(draft+"/publication", apptest.Form{"version": "1"}).Status(303)
		if left := modelstest.Find(t, h.Config.DatabaseURL, fmt.Sprint("Held or not: ", held)); len(left) > 0 != held {
			t.Errorf("held %v, what was said is in %v", held, left)
		}
		release()
	}
}

func TestOnlyItsAuthorAndModeratorsRemoveAWord(t *testing.T) {
	h := open(t)
	at := "/articles/" + h.write(h.mona, h.outside, "", "For partners", "Weigh the zirconia first.")
	karen, mona := h.As(h.karen), h.As(h.mona)
	karen.Post(at+"/passages", apptest.Form{"quote": "the zirconia", "body": "How much?"}).Status(303)
	h.As(h.bob).Post("/passages/1/words", apptest.Form{"body": "Mine."}).Status(404)
	mona.Post("/passages/1/words", apptest.Form{"body": "200 g."}).Status(303)
	karen.Post("/passages/words/2/removal", nil).Status(403)
	mona.Post("/passages/words/2/removal", nil).Status(303)
	karen.Get(at + "/passages").NotSee("200 g.")
	karen.Post("/passages/words/2/restoration", nil).Status(404)
	mona.Post("/passages/words/2/restoration", nil).Status(303)
	mona.Post("/passages/words/1/removal", nil).Status(303)
	karen.Post("/passages/words/1/restoration", nil).Status(404)
	karen.Get(at + "/passages").See("200 g.").NotSee("How much?")
	h.Visitor().Post("/passages/1/words", apptest.Form{"body": "Hello"}).Status(303) // to sign in
	mona.Post(at+"/withdrawal", nil).Status(303)
	karen.Post("/passages/1/words", apptest.Form{"body": "Late."}).Status(404)
	mona.Post("/passages/1/words", apptest.Form{"body": "Late."}).Status(409)
}

func TestProgramsSpeakOfPassages(t *testing.T) {
	h := open(t)
	at := h.written("Weigh the zirconia first.")
	bob := h.program(h.bob, models.ScopeWrite)
	document := `{"quote": "the zirconia", "body": "How much?"}`
	made := decoded(t, bob.call("POST", at+"/passages", document, "Idempotency-Key", "p1").Status(201))
	if again := decoded(t, bob.call("POST", at+"/passages", document, "Idempotency-Key", "p1").Status(201)); again.ID != made.ID {
		t.Error("the same key marked two passages")
	}
	bob.call("POST", at+"/passages", `{"quote": "no such words", "body": "How?"}`).Status(422).See("body.quote")
	path := fmt.Sprintf("/passages/%d", made.ID)
	word := decoded(t, bob.call("POST", path+"/words", `{"body": "200 g?"}`).Status(201))
	bob.call("GET", at+"/passages", "").Status(200).See(`"quote":"the zirconia"`, `"found":true`, "200 g?")
	bob.call("DELETE", fmt.Sprintf("/passages/words/%d", word.ID), "").Status(204)
	bob.call("GET", at+"/passages", "").Status(200).NotSee("200 g?")
	bob.call("POST", fmt.Sprintf("/passages/words/%d/restoration", word.ID), "").Status(204)
	bob.call("PUT", path+"/resolution", "").Status(204)
	bob.call("GET", at+"/passages", "").Status(200).See(`"items":[]`)
	bob.call("DELETE", path+"/resolution", "").Status(204)
	for _, other := range []*program{h.program(h.karen, models.ScopeWrite)} {
		other.call("GET", at+"/passages", "").Status(404)
		other.call("POST", at+"/passages", document).Status(404)
		other.call("POST", path+"/words", `{"body": "Mine."}`).Status(404)
		other.call("PUT", path+"/resolution", "").Status(404)
		other.call("DELETE", fmt.Sprintf("/passages/words/%d", word.ID), "").Status(404)
	}
	h.program(h.bob, models.ScopeRead).call("POST", path+"/words", `{"body": "Mine."}`).Status(403)
}
