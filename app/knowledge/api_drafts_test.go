package knowledge_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"ruche/models"
)

func TestProgramsBringADraftFromWritingToPublishing(t *testing.T) {
	h := open(t)
	alice, bob, mona := h.program(h.alice, models.ScopeWrite), h.program(h.bob, models.ScopeWrite), h.program(h.mona, models.ScopeWrite)
	document := `{"collection": ` + h.shelf + `, "title": "Purge without waste", "body": "Weigh it."}`
	first := alice.call("POST", "/articles/drafts", document, "Idempotency-Key", "d1").Status(http.StatusCreated)
	draft := decoded(t, first)
	if again := decoded(t, alice.call("POST", "/articles/drafts", document, "Idempotency-Key", "d1").Status(http.StatusCreated)); again.ID != draft.ID {
		t.Error("the same key kept two drafts")
	}
	path, tag := fmt.Sprintf("/articles/drafts/%d", draft.ID), first.Header.Get("ETag")
	alice.call("GET", path, "", "If-None-Match", tag).Status(http.StatusNotModified)
	alice.call("GET", "/articles/drafts?show=mine", "").Status(200).See("Purge without waste")
	for _, other := range []*program{bob, mona, h.program(h.karen, models.ScopeWrite)} { // nobody learns of it
		for _, call := range [][3]string{{"GET", "", ""}, {"PATCH", "", `{"title": "Mine"}`}, {"DELETE", "", ""}, {"POST", "/restoration", ""}, {"POST", "/review", `{"reviewers": ["` + h.bob.Email + `"]}`}, {"DELETE", "/review", ""}, {"PUT", "/verdict", `{"version": 1, "verdict": "approved"}`}, {"POST", "/publication", `{"version": 1}`}} {
			other.call(call[0], path+call[1], call[2]).Status(http.StatusNotFound)
		}
		other.call("GET", "/articles/drafts", "").Status(200).NotSee("Purge without waste")
	}
	alice.call("PATCH", path, `{"body": "Weigh it twice."}`, "If-Match", tag).Status(200).See(`"version":2`, "Purge without waste")
	alice.call("PATCH", path, `{"body": "Lost."}`, "If-Match", tag).Status(http.StatusPreconditionFailed)
	alice.call("DELETE", path, "", "If-Match", tag).Status(http.StatusPreconditionFailed)
	alice.call("PATCH", path, `{"title": ""}`).Status(422).See("body.title")
	alice.call("POST", path+"/review", `{"reviewers": []}`).Status(422)
	alice.call("POST", path+"/review", `{"reviewers": ["`+h.karen.Email+`"]}`).Status(422).See("body.reviewers")
	alice.call("POST", path+"/review", `{"reviewers": ["`+h.bob.Email+`"]}`).Status(200).See(`"Bob"`).NotSee(h.bob.Email)
	bob.call("GET", "/articles/drafts", "").See("Purge without waste")
	mona.call("GET", "/articles/drafts?space=ateliers", "").Status(200).See("Purge without waste")
	bob.call("GET", "/articles/drafts?space=ateliers", "").Status(403)
	bob.call("GET", "/articles/drafts?space=closed", "").Status(404)

	bob.call("PATCH", path, `{"title": "Mine"}`).Status(403)
	bob.call("DELETE", path, "").Status(403)
	bob.call("POST", path+"/publication", `{"version": 2}`).Status(403)
	bob.call("PUT", path+"/verdict", `{"version": 1, "verdict": "approved"}`).Status(409)
	bob.call("PUT", path+"/verdict", `{"version": 2, "verdict": "changes"}`).Status(422).See("body.word")
	alice.call("PUT", path+"/verdict", `{"version": 2, "verdict": "approved"}`).Status(403)
	alice.call("POST", path+"/publication", `{"version": 2}`).Status(422)
	h.program(h.bob, models.ScopeRead).call("PUT", path+"/verdict", `{"version": 2, "verdict": "approved"}`).Status(403)
	bob.call("PUT", path+"/verdict", `{"version": 2, "verdict": "changes", "word": "How much?"}`).Status(200).See("How much?")
	alice.call("PATCH", path, `{"body": "Weigh 200 g."}`).Status(200).See(`"sent_at":null`)
	bob.call("GET", path, "").Status(404)
	alice.call("POST", path+"/review", `{"reviewers": ["`+h.bob.Email+`"]}`).Status(200)
	alice.call("DELETE", path+"/review", "").Status(200).See(`"sent_at":null`)
	bob.call("GET", path, "").Status(404)
	alice.call("POST", path+"/review", `{"reviewers": ["`+h.bob.Email+`"]}`).Status(200)
	bob.call("PUT", path+"/verdict", `{"version": 3, "verdict": "approved"}`).Status(200)
	alice.call("POST", path+"/publication", `{"version": 2}`).Status(409)
	article := decoded(t, alice.call("POST", path+"/publication", `{"version": 3}`).Status(200).See("Weigh 200 g."))
	alice.call("GET", path, "").Status(200).See(`"state":"published"`, fmt.Sprintf(`"article":%d`, article.ID))
	alice.call("DELETE", path, "").Status(409)
	alice.call("PATCH", path, `{"body": "Late."}`).Status(409)
}

func TestProgramsKeepChangesOfArticles(t *testing.T) {
	h := open(t)
	at := h.written("One.\n\nTwo.", "One.\n\nTwo, now.")
	bob := h.program(h.bob, models.ScopeWrite)
	h.program(h.karen, models.ScopeWrite).call("POST", at+"/drafts", `{"body": "Mine."}`).Status(404)
	bob.call("POST", at+"/drafts", `{"body": "Mine."}`, "If-Match", `"1"`).Status(412)
	draft := decoded(t, bob.call("POST", at+"/drafts", `{"body": "One, by Bob.\n\nTwo, now."}`).Status(201))
	h.program(h.alice, models.ScopeWrite).call("PATCH", at, `{"body": "One.\n\nTwo, by Alice."}`).Status(200)
	published := bob.call("POST", fmt.Sprintf("/articles/drafts/%d/publication", draft.ID), `{"version": 1}`).Status(200)
	var body string
	if err := json.Unmarshal(decoded(t, published).Body, &body); err != nil || body != "One, by Bob.\n\nTwo, by Alice.\n" {
		t.Errorf("published %q, %v", body, err)
	}
	drop := decoded(t, bob.call("POST", at+"/drafts", `{"title": "Other"}`).Status(201))
	path := fmt.Sprintf("/articles/drafts/%d", drop.ID)
	bob.call("DELETE", path, "").Status(204)
	bob.call("POST", path+"/publication", `{"version": 1}`).Status(409)
	bob.call("POST", path+"/restoration", "").Status(200).See(`"state":"open"`)
}
