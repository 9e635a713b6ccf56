//go:build peers

package chromium_test

import (
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// reading opens the same idea in two browsers.
func reading(t *testing.T, options ...browser.Option) (site *apptest.Site, path string, alice, bob *browser.Page) {
	t.Helper()
	site, a, b := company(t)
	if err := site.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	path = proposed(t, site, a, "Weigh the scrap", strings.Repeat("Because it helps.\n\n", 60))
	site.As(b).Post("/ideas/1/comments", apptest.Form{"body": "How heavy is it?"}).Status(303)
	alice, bob = sits(t, site, a, options...), sits(t, site, b, options...)
	alice.Go(site.URL + path)
	bob.Go(site.URL + path)
	return site, path, alice, bob
}

func TestTwoBrowsersSeeEachOtherWriteAndWhatTheyWrote(t *testing.T) {
	_, _, alice, bob := reading(t)
	alice.Wait("text=1 other person is reading")
	bob.Wait("text=1 other person is reading")
	browser.Eval[any](alice, "window.stayed = true")

	bob.Click("label=Your message")
	bob.Wait(".compose .editor-surface")
	bob.Type("Fourteen")
	alice.Wait("text=Bob is writing…")
	alice.Axe()
	bob.Type(" kilos.")
	bob.Click("button=Send")
	bob.See("Your message is sent.")
	alice.Wait("text=Fourteen kilos.")
	alice.Gone("text=Bob is writing…")
	alice.See("2 messages")
	if marked := alice.Count(".post-head [data-new]"); marked != 1 {
		t.Errorf("%d messages are marked as new", marked)
	}
	if own := bob.Count(".post-head [data-new]"); own != 0 {
		t.Errorf("%d messages of one's own are marked as new", own)
	}
	alice.Wait("button=1 new message") // she reads the top of the page
	alice.Axe()
	alice.Click("button=1 new message")
	alice.Gone("button=1 new message")
	if focus := alice.Focused(); !strings.Contains(focus, "article") {
		t.Errorf("the focus is on %s", focus)
	}
	if said := browser.Eval[string](alice, `(async () => { while (!document.querySelector("[data-said]").textContent) await new Promise(requestAnimationFrame); return document.querySelector("[data-said]").textContent })()`); said != "1 new message" {
		t.Errorf("said %q", said)
	}

	alice.Click("link=Reply to Bob")
	alice.Wait(`draft-keeper[data-answer] markdown-editor[ready]`)
	alice.Type("That is a lot.")
	alice.Click(`draft-keeper[data-answer] button[type=submit]`)
	alice.See("Your message is sent.")
	bob.Wait("text=That is a lot.")
	bob.See("3 messages")
	if !browser.Eval[bool](alice, "window.stayed === true") {
		t.Error("the page was loaded anew")
	}
}

func TestTwoBrowsersTalkInAThread(t *testing.T) {
	site, a, b := company(t)
	if err := site.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	site.As(a).Post("/threads", apptest.Form{"space": "ateliers", "kind": "question", "title": "How tight is a flange?", "body": "It leaks."}).Status(303)
	alice, bob := sits(t, site, a), sits(t, site, b)
	alice.Go(site.URL + "/threads/1")
	bob.Go(site.URL + "/threads/1")
	alice.Wait("text=1 other person is reading")
	browser.Eval[any](alice, "window.stayed = true")

	bob.Click("label=Your message")
	bob.Wait(".compose .editor-surface")
	bob.Type("45 newton metres")
	alice.Wait("text=Bob is writing…")
	bob.Type(", crosswise.")
	bob.Click("button=Send")
	bob.See("Your message is sent.")
	alice.Wait("text=45 newton metres, crosswise.")
	alice.Axe()

	alice.Click("link=Reply to Bob")
	alice.Wait(`draft-keeper[data-answer] markdown-editor[ready]`)
	alice.Type("In one go?")
	alice.Click(`draft-keeper[data-answer] button[type=submit]`)
	alice.See("Your message is sent.")
	bob.Wait("text=In one go?")
	bob.Axe()
	if !browser.Eval[bool](alice, "window.stayed === true") {
		t.Error("the page was loaded anew")
	}
	alice.Screenshot("thread")
}

func TestWhatOneWritesAndReadsStaysWhereItIs(t *testing.T) {
	site, _, alice, _ := reading(t)
	bob := site.As(person(t, site, "Bob"))
	alice.Click("link=Reply to Bob")
	alice.Wait(`draft-keeper[data-answer] markdown-editor[ready]`)
	alice.Type("Half a sen")
	browser.Eval[any](alice, `window.before = document.activeElement.getBoundingClientRect().top`)
	bob.Post("/ideas/1/comments", apptest.Form{"body": "One.", "parent": "1"}).Status(303)
	bob.Post("/ideas/1/comments", apptest.Form{"body": "Two."}).Status(303)
	alice.See("3 messages")
	alice.Wait("text=Two.")
	alice.Type("tence")
	if text := alice.Text(`draft-keeper[data-answer] .prose`); text != "Half a sentence" {
		t.Errorf("the form holds %q", text)
	}
	if moved := browser.Eval[float64](alice, `Math.abs(document.activeElement.getBoundingClientRect().top - window.before)`); moved > 2 {
		t.Errorf("what one writes moved by %g", moved)
	}
	alice.Click(`draft-keeper[data-answer] [data-cancel]`)

	// A menu that is open stays open, and the message that one reads in its place, whatever comes above it.
	site.As(person(t, site, "Alice")).Post("/ideas/1/comments", apptest.Form{"body": "Mine."}).Status(303)
	alice.Reload()
	const mine = "#comment-4, #post-4"
	alice.Wait(mine)
	alice.Click("#comment-4 summary, #post-4 summary")
	browser.Eval[any](alice, `document.querySelector("`+mine+`").scrollIntoView({block: "start"})`)
	browser.Eval[any](alice, `window.before = document.querySelector("`+mine+`").getBoundingClientRect().top`)
	bob.Post("/ideas/1/comments", apptest.Form{"body": "Three, above.", "parent": "1"}).Status(303)
	alice.See("5 messages")
	if moved := browser.Eval[float64](alice, `Math.abs(document.querySelector("`+mine+`").getBoundingClientRect().top - window.before)`); moved > 2 {
		t.Errorf("what one reads moved by %g", moved)
	}
	if alice.Count(".post details[open]") != 1 {
		t.Error("the open menu was closed")
	}
}

func TestSupportsAndTheEndOfAnIdeaAreSeenWithoutReload(t *testing.T) {
	site, _, alice, bob := reading(t)
	bob.Click(".rail-lead .support-button")
	alice.Wait("text=1 support")
	site.As(person(t, site, "Alice")).Post("/ideas/1/withdrawal", nil).Status(303)
	bob.Wait("button=Something new arrived. Show it")
	bob.Allow("404")
	bob.Click("button=Something new arrived. Show it")
	bob.NotSee("Weigh the scrap")
}

func TestWhoWasAwayCatchesUp(t *testing.T) {
	site, _, alice, _ := reading(t)
	bob := site.As(person(t, site, "Bob"))
	alice.Wait("text=1 other person is reading")
	alice.Allow("ERR_INCOMPLETE_CHUNKED_ENCODING")
	site.Web.Live.Renew() // every stream breaks
	bob.Post("/ideas/1/comments", apptest.Form{"body": "While she was away."}).Status(303)
	alice.Wait("text=While she was away.")
	alice.See("2 messages")
	if n := alice.Count(".post-head [data-new]"); n != 1 {
		t.Errorf("%d messages are new", n)
	}
}

// person finds somebody of a site by name.
func person(t *testing.T, site *apptest.Site, name string) *models.User {
	t.Helper()
	user, err := site.DB.UserByEmail(t.Context(), models.Slug(name)+"@example.test")
	if err != nil {
		t.Fatal(err)
	}
	return user
}
