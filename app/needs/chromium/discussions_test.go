//go:build peers

package chromium_test

import (
	"fmt"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// talking is a house with a space that Mona leads, and in it a question of Alice's that Bob has answered three times.
func talking(t *testing.T) (site *apptest.Site, alice, bob, mona *models.User) {
	t.Helper()
	site = apptest.Start(t)
	alice, bob, mona = site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee), site.Person("Mona", models.RoleEmployee)
	site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	site.As(alice).Post("/threads", apptest.Form{"space": "ateliers", "kind": "question", "title": "How tight is a flange?", "body": "It *leaks* twice a week."}).Status(303)
	for _, body := range []string{"45 Nm, crosswise.", "And the lamps flicker.", "They do so at night."} {
		site.As(bob).Post("/threads/1/posts", apptest.Form{"body": body}).Status(303)
	}
	site.Settle()
	return site, alice, bob, mona
}

// TestAThreadIsTendedByKeyboard accepts an answer, follows, moves messages into a thread of their own, takes that back and merges two threads.
func TestAThreadIsTendedByKeyboard(t *testing.T) {
	site, alice, bob, mona := talking(t)
	page := sits(t, site, alice, browser.Language("en"))
	page.Go(site.URL + "/threads/1")
	tabInto(t, page, "Accept this answer")
	page.Press("Enter")
	page.Wait("text=Accepted answer")
	page.Axe()

	page = sits(t, site, bob, browser.Language("en"))
	page.Go(site.URL + "/threads/1")
	for _, level := range []string{"Watching", "Muted", "Normal"} {
		tabInto(t, page, "How closely you follow")
		page.Press("Enter")
		tabInto(t, page, level)
		page.Press("Enter")
		page.Wait(`#follow summary:has(+ form [value="` + map[string]string{"Watching": "watch", "Muted": "mute", "Normal": "normal"}[level] + `"][aria-current])`)
	}

	page = sits(t, site, mona, browser.Language("en"))
	page.Go(site.URL + "/threads/1")
	choose := func(what string) {
		tabUntil(t, page, what, `e.matches(".rail-actions summary[aria-label]")`)
		page.Press("Enter")
		tabTo(t, page, what)
		page.Press("Enter")
	}
	choose("Move messages")
	page.See("Messages to move")
	for range 2 { // past the first answer
		tabTo(t, page, "post")
	}
	page.Press("Space")
	tabTo(t, page, "post")
	page.Press("Space")
	tabTo(t, page, "title")
	page.Type("Why do the lamps flicker?")
	page.Axe()
	tabTo(t, page, "Move the messages")
	page.Press("Enter")
	page.Wait("text=Why do the lamps flicker?")
	page.See("And the lamps flicker.")
	page.NotSee("crosswise")
	page.Axe()
	tabTo(t, page, "Take back")
	page.Press("Enter")
	page.See("Everything stands again where it stood.")

	site.As(bob).Post("/threads", apptest.Form{"space": "ateliers", "kind": "question", "title": "Flanges once more", "body": "Do they leak?"}).Status(303)
	page.Go(site.URL + "/threads/3")
	choose("Merge into another discussion")
	tabTo(t, page, "into")
	page.Type(site.URL + "/threads/1")
	page.Axe()
	tabTo(t, page, "Merge")
	page.Press("Enter")
	page.Wait("text=How tight is a flange?")
	page.See("Do they leak?")
	page.See("Flanges once more")
}

// TestAPollIsAskedVotedInAndDecided sets a poll up, votes, closes it and writes what it led to.
func TestAPollIsAskedVotedInAndDecided(t *testing.T) {
	site, alice, bob, _ := talking(t)
	page, voter := sits(t, site, alice, browser.Language("en")), sits(t, site, bob, browser.Language("fr"), browser.Viewport(360, 800), browser.Dark)
	page.Go(site.URL + "/threads/new?kind=poll&space=ateliers")
	page.Wait("markdown-editor[ready]")
	page.Fill("#title", "Where do we meet?")
	page.Click(".editor-surface .prose")
	page.Type("In June.")
	page.Axe()
	page.Click("button=Publish")
	page.Wait("link=Single choice")
	page.Axe()
	page.Click("link=Single choice")
	page.Fill("label=Question", "Lyon or Lille?")
	page.Fill("#options", "Lyon\nLille")
	page.Fill("#closes_day", time.Now().AddDate(0, 0, 7).Format("2006-01-02"))
	page.Fill("#closes_time", "18:00")
	page.Axe()
	page.Click("button=Save the poll")
	page.See("The poll is open.")
	poll := page.URL()

	voter.Go(poll)
	voter.Click("label=Lille")
	voter.Axe()
	voter.Click("button=Voter")
	voter.Wait("text=Vous avez voté")
	voter.Screenshot("poll-voted")

	page.Reload()
	page.Click("button=Close now")
	page.Click("dialog[open] form button:not([data-close])")
	page.See("The poll is closed.")
	page.Axe()
	page.Click("link=Write the outcome")
	page.Click("label=What comes of it")
	page.Wait(".editor-surface")
	page.Type("We meet in Lille.")
	page.Axe()
	page.Click("button=Publish the outcome")
	page.See("The outcome is published.")
	page.Wait("text=We meet in Lille.")
	page.Screenshot("poll-outcome")
	voter.Reload()
	voter.Wait("text=We meet in Lille.")
	voter.Axe()
}

// TestAThreadBecomesAnIdeaAndAnArticleThatIsDiscussed goes from a question to an idea and an article, and lets two browsers talk under that.
func TestAThreadBecomesAnIdeaAndAnArticleThatIsDiscussed(t *testing.T) {
	site, a, b, mona := talking(t)
	if err := site.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	site.As(mona).Post("/collections", apptest.Form{"space": "ateliers", "title": "Shelf"}).Status(303)
	alice, bob := sits(t, site, a, browser.Language("en")), sits(t, site, b, browser.Language("en"))
	alice.Go(site.URL + "/threads/1")
	alice.Click("link=Turn into an idea")
	alice.Wait("markdown-editor[ready]")
	alice.Fill("#title", "Tighten flanges crosswise")
	alice.Axe()
	alice.Click("button=Publish the idea")
	alice.See("The discussion has become this idea.")
	alice.Wait("text=It began here")
	alice.Click("link=How tight is a flange?")
	alice.Wait("text=Became this idea")
	alice.Axe()
	alice.Click("link=Make it an article")
	alice.Wait("markdown-editor[ready]")
	alice.Axe()
	alice.Choose("#collection", "1")
	alice.Click("button=Publish the article")
	article := alice.WaitURL("/articles/1")
	alice.See("leaks")
	alice.Axe()

	bob.Go(article)
	bob.Wait("text=1 other person is reading")
	alice.Wait("text=1 other person is reading")
	bob.Click("label=Your message")
	bob.Wait(".compose .editor-surface")
	bob.Type("It holds at 45.")
	alice.Wait("text=Bob is writing…")
	bob.Click("button=Send")
	bob.See("Your message is sent.")
	alice.Wait("text=It holds at 45.")
	alice.Axe()
}

// TestThePagesOfDiscussionsAreSound looks at those that no other test looks at, some by day and in English, the others at night, in French and on a phone.
func TestThePagesOfDiscussionsAreSound(t *testing.T) {
	site, alice, bob, mona := talking(t)
	site.As(alice).Post("/threads/1/posts/2/removal", nil).Status(403)
	site.As(bob).Post("/threads/1/posts/2", apptest.Form{"base": "1", "body": "45 Nm, in three steps."}).Status(303)
	site.As(mona).Post("/collections", apptest.Form{"space": "ateliers", "title": "Shelf"}).Status(303)
	site.As(alice).Post("/articles", apptest.Form{"collection": "1", "title": "Flanges", "body": "## First\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\n"}).Status(303)
	site.As(alice).Post("/articles/1", apptest.Form{"title": "Flanges", "body": "## First\n\nCrosswise.", "base": "1"}).Status(303)
	site.As(bob).Post("/follows", apptest.Form{"kind": "space", "target": "1", "level": "follow"}).Status(303)
	site.As(mona).Post("/threads/1/closure", apptest.Form{"closed": "1", "reason": "It is settled."}).Status(303)
	site.Settle()
	day := sits(t, site, mona, browser.Language("en"))
	night := sits(t, site, mona, browser.Language("fr"), browser.Dark, browser.Viewport(360, 800))
	for i, path := range []string{
		"/discussions", "/discussions?filter=unanswered&space=ateliers", "/threads/1/edit", "/threads/1/tending", "/spaces/ateliers/topics", "/threads/1/posts/2/versions", "/threads/1/posts/2/reply",
		"/threads/1/posts/3/edit", "/posts/2/reactions", "/threads/1/ideas", "/follows?kind=space", "/knowledge", "/collections/1/trash", "/articles/1/edit", "/articles/1/versions", "/articles/1/versions/1",
	} {
		page := []*browser.Page{day, night}[i%2]
		page.Go(site.URL + path)
		page.Axe()
		if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
			t.Errorf("%s is %d pixels too wide", path, wide)
		}
	}
}

// tabInto presses Tab until what has the focus begins with some words.
func tabInto(t *testing.T, page *browser.Page, words string) {
	t.Helper()
	tabUntil(t, page, words, fmt.Sprintf("e.innerText.trim().startsWith(%q)", words))
}

// tabUntil presses Tab until a condition holds of the element e that has the focus.
func tabUntil(t *testing.T, page *browser.Page, what, condition string) {
	t.Helper()
	for range 80 {
		page.Press("Tab")
		if browser.Eval[bool](page, "(e => "+condition+")(document.activeElement)") {
			return
		}
	}
	t.Fatalf("the keyboard does not reach %q", what)
}
