package knowledge_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

var draftAddress = regexp.MustCompile(`^/articles/drafts/(\d+)`)

// keep keeps a new article as a draft and returns its address.
func (h *house) keep(by *models.User, collection, title, body string) string {
	h.t.Helper()
	answer := h.As(by).Post("/articles", apptest.Form{"collection": collection, "title": title, "body": body, "draft": "1"}).Status(http.StatusSeeOther)
	return "/articles/drafts/" + h.number(draftAddress, answer)
}

func id(user *models.User) string { return strconv.FormatInt(user.ID, 10) }

func TestADraftIsReviewedAndPublished(t *testing.T) {
	h := open(t)
	alice, bob, mona := h.As(h.alice), h.As(h.bob), h.As(h.mona)
	draft := h.keep(h.alice, h.shelf, "Purge without waste", "Weigh the *zirconia* first.")
	alice.Get(draft).See("Only you see this draft", "zirconia")
	alice.Get("/articles/drafts?show=mine").See("Purge without waste")
	h.Settle()
	for _, reader := range []*apptest.Client{bob, mona, h.As(h.karen)} {
		reader.Get(draft).Status(404)
		for _, path := range []string{"/knowledge", "/collections/" + h.shelf + "-extrusion", "/search?q=zirconia", "/articles/drafts", "/notifications"} {
			reader.Get(path).NotSee("Purge without waste", "zirconia</")
		}
		for _, action := range []string{"/publication", "/review", "/review/end", "/verdict", "/removal", "/restoration", ""} {
			reader.Post(draft+action, apptest.Form{"version": "1", "verdict": "approved", "title": "Mine", "reviewer": id(h.bob)}).Status(404)
		}
	}

	alice.Post(draft+"/review", nil).Status(422).See("Choose between one and ten people")
	for _, nobody := range []string{h.alice.Email, h.karen.Email, "nobody@example.com"} {
		alice.Post(draft+"/review", apptest.Form{"reviewers": nobody}).Status(422).See("reviewers-error", nobody)
	}
	alice.Post(draft+"/review", apptest.Form{"reviewer": "99999999999999"}).Status(422)
	alice.Post(draft+"/review", apptest.Form{"reviewers": h.bob.Email}).Status(303)
	bob.Get("/articles/drafts").See("Purge without waste", "In review")
	bob.Get("/notifications").See("You are asked to review “Purge without waste”", draft)
	mona.Get("/articles/drafts?space=ateliers").See("Purge without waste")
	bob.Get("/articles/drafts?space=ateliers").Status(403)
	bob.Get("/articles/drafts?space=closed").Status(404)
	h.As(h.karen).Get(draft).Status(404)

	bob.Post(draft+"/verdict", apptest.Form{"version": "1", "verdict": "changes"}).Status(422).See("word-error")
	bob.Post(draft+"/verdict", apptest.Form{"version": "1", "verdict": "odd"}).Status(422)
	bob.Post(draft+"/verdict", apptest.Form{"version": "2", "verdict": "approved"}).Status(409)
	alice.Post(draft+"/verdict", apptest.Form{"version": "1", "verdict": "approved"}).Status(403)
	mona.Post(draft+"/verdict", apptest.Form{"version": "1", "verdict": "approved"}).Status(403)
	bob.Post(draft+"/publication", apptest.Form{"version": "1"}).Status(403)
	bob.Post(draft, apptest.Form{"title": "Mine", "base": "1"}).Status(403)
	bob.Post(draft+"/removal", nil).Status(403)
	alice.Post(draft+"/publication", apptest.Form{"version": "1"}).Status(422).See("not approved yet")
	bob.Post(draft+"/verdict", apptest.Form{"version": "1", "verdict": "changes", "word": "Say how much."}).Status(303)
	bob.Get("/articles/drafts").NotSee("Purge without waste")
	alice.Get("/notifications").See("A reviewer wants changes in “Purge without waste”")
	alice.Get(draft).See("Say how much.", "Changes wanted")

	alice.Post(draft, apptest.Form{"title": "Purge without waste", "body": "Weigh the zirconia: 200 g.", "base": "1", "onto": "99999999999"}).Status(303)
	alice.Post(draft, apptest.Form{"title": "Purge without waste", "body": "Something else.", "base": "1"}).Status(409).See("in another window", "Something else.")
	bob.Get(draft).Status(404) // it is its author's until it is sent again
	alice.Post(draft+"/review", apptest.Form{"reviewer": id(h.bob)}).Status(303)
	bob.Post(draft+"/verdict", apptest.Form{"version": "2", "verdict": "approved"}).Status(303)
	alice.Get(draft).See("Approved", draft+"/publication")
	article := h.number(articleAddress, alice.Post(draft+"/publication", apptest.Form{"version": "2"}).Status(303))
	alice.Post(draft+"/publication", apptest.Form{"version": "2"}).Status(303) // to the article, which is written once
	h.Settle()
	bob.Get("/search?q=zirconia").See("Purge without waste")
	bob.Get("/articles/"+article+"-purge-without-waste").See("200 g", "Alice", "Version 1")
	alice.Get(draft).Status(303)
	h.As(h.karen).Get(draft).Status(404)
}

func TestReadersSeeThePublishedTextUntilAChangeIs(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "Purge", "One.\n\nTwo.\n\nThree.")
	at, page := "/articles/"+article, "/articles/"+article+"-purge"
	alice, bob, mona := h.As(h.alice), h.As(h.bob), h.As(h.mona)
	change := func(body string) string {
		t.Helper()
		answer := bob.Post(at, apptest.Form{"title": "Purge", "body": body, "base": "1", "draft": "1"}).Status(303)
		return "/articles/drafts/" + h.number(draftAddress, answer)
	}
	clean, clash := change("One.\n\nTwo.\n\nThree, by Bob."), change("One, by Bob.\n\nTwo.\n\nThree.")
	bob.Get(page).See("Bob is working on a change").NotSee("by Bob.")
	alice.Get(page).NotSee("working on a change", "by Bob.")
	alice.Get(at + "/versions").NotSee("Version 2")
	alice.Post(at, apptest.Form{"title": "Purge", "body": "One, by Alice.\n\nTwo.\n\nThree.", "base": "1"}).Status(303)

	bob.Post(clean+"/review", apptest.Form{"reviewer": id(h.alice)}).Status(303)
	mona.Post(clean+"/publication", apptest.Form{"version": "1"}).Status(303) // who arranges needs nobody's approval
	alice.Get(page).See("One, by Alice.", "Three, by Bob.", "Version 3")
	alice.Get(at + "/versions/3").See("Bob")
	bob.Get("/notifications").See("“Purge” is published")

	bob.Post(clash+"/publication", apptest.Form{"version": "1"}).Status(409).See("cannot be published as it is", clash+"/edit")
	bob.Get(clash+"/edit").See("You both changed the same lines", `name="onto" value="3"`)
	bob.Post(clash, apptest.Form{"title": "Purge", "body": "One, by Alice and Bob.\n\nTwo.\n\nThree, by Bob.", "base": "1", "onto": "3"}).Status(303)
	bob.Post(clash+"/publication", apptest.Form{"version": "2"}).Status(303)
	alice.Get(page).See("One, by Alice and Bob.", "Three, by Bob.")

	last := change("One.\n\nTwo, withdrawn.\n\nThree.")
	alice.Post(at+"/withdrawal", nil).Status(303)
	bob.Get(last).Status(404) // the article is not his to see any more
	alice.Post(at+"/restoration", nil).Status(303)
	bob.Get(last).See("Two, withdrawn.")
	bob.Post(last+"/removal", nil).Status(303)
	bob.Post(last+"/publication", apptest.Form{"version": "1"}).Status(409)
	bob.Post(last+"/restoration", nil).Status(303)
	bob.Get(last).See("Two, withdrawn.", "Only you see this draft")
}

// TestWhoPublishesKeepsWhatTheyHaveBegunThemselves has somebody publish a draft of an article that they are editing too.
func TestWhoPublishesKeepsWhatTheyHaveBegunThemselves(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "Purge", "One.")
	bob, mona := h.As(h.bob), h.As(h.mona)
	draft := "/articles/drafts/" + h.number(draftAddress, bob.Post("/articles/"+article, apptest.Form{"title": "Purge", "body": "One, by Bob.", "base": "1", "draft": "1"}).Status(303))
	bob.Post(draft+"/review", apptest.Form{"reviewer": id(h.alice)}).Status(303)
	mona.Do(http.MethodPut, "/drafts/article/"+article, strings.NewReader(`{"fields":{"title":"Purge","body":"An hour of words."}}`), http.Header{"Content-Type": {"application/json"}}).Status(200)
	mona.Get("/articles/" + article + "/edit").See("An hour of words.")
	mona.Post(draft+"/publication", apptest.Form{"version": "1"}).Status(303)
	mona.Get("/articles/" + article + "/edit").See("An hour of words.")
}

func TestACollectionCanWantAReview(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "Purge", "First.")
	other := h.collection("ateliers", "Free")
	at := "/articles/" + article
	alice, bob, mona := h.As(h.alice), h.As(h.bob), h.As(h.mona)
	alice.Post("/collections/"+h.shelf+"/review", apptest.Form{"reviewed": "1"}).Status(403)
	h.As(h.karen).Post("/collections/"+h.shelf+"/review", apptest.Form{"reviewed": "1"}).Status(404)
	mona.Post("/collections/"+h.shelf+"/review", apptest.Form{"reviewed": "odd"}).Status(422)
	mona.Post("/collections/"+h.shelf+"/review", apptest.Form{"reviewed": "1"}).Status(303)

	alice.Get("/articles/new?collection="+h.shelf).See("reviewed before it is published", "Keep as a draft").NotSee("Publish the article")
	alice.Post("/articles", apptest.Form{"collection": h.shelf, "title": "Past it", "body": "Text."}).Status(422).See("review-error", "Past it")
	alice.Post(at, apptest.Form{"title": "Purge", "body": "Past it.", "base": "1"}).Status(422).See("review-error", "Past it.")
	alice.Post(at+"/place", apptest.Form{"collection": other, "after": "last"}).Status(422)
	alice.Get(at + "-purge").NotSee("Past it")
	draft := h.keep(h.alice, h.shelf, "Reviewed", "Text.")
	alice.Post(draft+"/publication", apptest.Form{"version": "1"}).Status(422)
	alice.Post(draft+"/review", apptest.Form{"reviewer": id(h.bob)}).Status(303)

	// Bob leaves: the review waits visibly, and is given to somebody else.
	h.Tx(nil, func(tx *models.Tx) error { return tx.Disable(h.bob.ID) })
	alice.Get(draft).See("Cannot review any more")
	alice.Post(draft+"/publication", apptest.Form{"version": "1"}).Status(422)
	mona.Get("/articles/drafts?space=ateliers").See("Reviewed")
	alice.Post(draft+"/review", apptest.Form{"reviewer": id(h.mona)}).Status(303)
	alice.Get(draft).NotSee("Cannot review any more")
	mona.Post(draft+"/verdict", apptest.Form{"version": "1", "verdict": "approved", "word": "Good."}).Status(303)
	alice.Post(draft+"/publication", apptest.Form{"version": "1"}).Status(303)
	bob.Get(draft).NotSee("Text.")
	mona.Post(at, apptest.Form{"title": "Purge", "body": "By who arranges.", "base": "1"}).Status(303)
	alice.Post(at+"/versions/1", nil).Status(422)
}

func TestWhatADraftWouldHaveStoodUnderIsGone(t *testing.T) {
	h := open(t)
	parent := h.write(h.alice, h.shelf, "", "Parent", "")
	answer := h.As(h.alice).Post("/articles", apptest.Form{"collection": h.shelf, "parent": parent, "title": "Child", "body": "Text.", "draft": "1"}).Status(303)
	draft := "/articles/drafts/" + h.number(draftAddress, answer)
	h.As(h.alice).Post("/articles/"+parent+"/withdrawal", nil).Status(303)
	h.As(h.alice).Post(draft+"/publication", apptest.Form{"version": "1"}).Status(303)
	h.As(h.bob).Get("/collections/" + h.shelf + "-extrusion").See("Child").NotSee("Parent")
}
