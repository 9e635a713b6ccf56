package discussions_test

import (
	"net/url"
	"strings"
	"testing"

	"ruche/app/apptest"
)

func TestWhoTypesATitleSeesWhatIsDiscussedAlready(t *testing.T) {
	h := open(t)
	open := h.begin(h.bob, question("How tight is a cooling flange?"))
	solved := h.begin(h.alice, question("How tight must the cooling flange be?"))
	h.As(h.alice).Post("/threads/"+solved+"/acceptance", apptest.Form{"post": h.say(h.bob, solved, "45 Nm.")}).Status(303)
	h.As(h.alice).Post("/ideas", apptest.Form{"space": "ateliers", "title": "Mark how tight a cooling flange is", "body": "In red."}).Status(303)
	h.As(h.mona).Post("/threads", apptest.Form{"space": "closed", "kind": "question", "title": "How tight is the secret cooling flange?", "body": "Hush."}).Status(303)
	gone := h.begin(h.bob, question("How tight is a cooling flange now?"))
	h.As(h.bob).Post("/threads/"+gone+"/withdrawal", nil).Status(303)
	shelf := h.As(h.mona).Post("/collections", apptest.Form{"space": "ateliers", "title": "Extrusion"}).Status(303).Header.Get("Location")
	hidden := h.As(h.mona).Post("/collections", apptest.Form{"space": "closed", "title": "Secrets"}).Status(303).Header.Get("Location")
	number := func(path string) string { return strings.Split(strings.TrimPrefix(path, "/collections/"), "-")[0] }
	article := h.As(h.alice).Post("/articles", apptest.Form{"collection": number(shelf), "title": "Tightening a cooling flange: how tight", "body": "45 Nm."}).Status(303).Header.Get("Location")
	h.As(h.alice).Post(strings.Split(article, "-")[0]+"/verification", apptest.Form{"version": "1", "months": "3"}).Status(303)
	h.As(h.mona).Post("/articles", apptest.Form{"collection": number(hidden), "title": "How tight a secret cooling flange is", "body": "Hush."}).Status(303)
	h.Settle()

	bob := h.As(h.bob)
	bob.Get("/threads/similar?kind=question&title="+url.QueryEscape("How tight is a cooling flange")).See(`href="`+article+`"`, "Article · Extrusion", "verified").NotSee("secret")
	bob.Get("/ideas/similar?title=" + url.QueryEscape("How tight is a cooling flange")).NotSee(article) // an article answers questions
	title := url.QueryEscape("How tight is a cooling flange")
	got := bob.Get("/threads/similar?kind=question&title="+title).Status(200).
		See("/threads/"+open+"-how", "/threads/"+solved+"-how", "/ideas/1-mark", "This answers me", "Not the same", `/threads/`+solved+`/same`, "<mark>").
		NotSee("secret", "/threads/"+gone+"-how", "<html", "/threads/"+open+"/same") // which is his own
	if strings.Index(got.Text, "/threads/"+solved+"-how") > strings.Index(got.Text, "/threads/"+open+"-how") {
		t.Error("the solved question does not come first")
	}
	h.As(h.mona).Get("/threads/similar?title="+title).See("secret", "I have the same question")
	h.As(h.karen).Get("/threads/similar?title=" + title).NotSee("flange")
	bob.Get("/threads/similar?title=").NotSee("near-idea")
	bob.Get("/ideas/similar?title="+title).See("/ideas/1-mark", "/threads/"+open+"-how").NotSee("secret")

	// Without scripts they stand beside what is checked, or comes back.
	bob.Post("/threads", apptest.Form{"space": "ateliers", "kind": "question", "title": "How tight is a cooling flange", "body": "Text", "preview": "1"}).Status(200).See("/threads/"+solved+"-how", "things are close to this")
	bob.Post("/ideas", apptest.Form{"space": "ateliers", "title": "How tight is a cooling flange", "body": ""}).Status(422).See("/threads/"+solved+"-how", "/ideas/1-mark")

	page := bob.Get("/threads/"+open+"-how-tight-is-a-cooling-flange").Status(200).See("Close to this", "/threads/"+solved+"-how", "/ideas/1-mark").NotSee("secret", "/threads/"+gone+"-how")
	if strings.Contains(page.Text[strings.Index(page.Text, "Close to this"):], "/threads/"+open+"-how-tight-is-a-cooling-flange\" lang") {
		t.Error("the thread resembles itself")
	}
	h.As(h.alice).Post("/threads/"+solved+"/withdrawal", nil).Status(303)
	bob.Get("/threads/" + open + "-how-tight-is-a-cooling-flange").NotSee("/threads/" + solved + "-how") // though it is remembered
}
