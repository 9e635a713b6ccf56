//go:build peers

package chromium_test

import (
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestTwoBrowsersEditOneArticleAndBothKeepTheirWords lets two people change different paragraphs of one article at once, and then the same
// one: what each of them wrote is in the article, or in front of them.
func TestTwoBrowsersEditOneArticleAndBothKeepTheirWords(t *testing.T) {
	site, alice, bob := company(t)
	if err := site.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	mona := site.Person("Mona", models.RoleManager)
	shelf := site.As(mona).Post("/collections", apptest.Form{"space": "ateliers", "title": "Extrusion"}).Status(303).Header.Get("Location")
	number, _, _ := strings.Cut(strings.TrimPrefix(shelf, "/collections/"), "-")
	site.As(alice).Post("/articles", apptest.Form{"collection": number, "title": "Purge", "body": "First.\n\nSecond.\n\nThird."}).Status(303)
	edits := map[string]*browser.Page{"Alice": sits(t, site, alice, browser.Language("en")), "Bob": sits(t, site, bob, browser.Language("en"))}
	begin := func(name, key string, steps int) {
		page := edits[name]
		page.Go(site.URL + "/articles/1/edit")
		page.Wait("markdown-editor[ready]")
		page.Click(".editor-surface .prose")
		page.Press(key)
		for range steps {
			page.Press("ArrowUp")
		}
		page.Press("End")
		page.Type(" By " + name + ".")
	}
	begin("Bob", "Control+End", 0)
	begin("Alice", "Control+Home", 0)
	edits["Bob"].See("Alice is writing")
	edits["Alice"].Click("button=Save")
	edits["Alice"].See("The article is saved.")
	edits["Bob"].See("Version 2 was saved by Alice") // without a reload
	edits["Bob"].Axe()
	edits["Bob"].Click("button=Save")
	edits["Bob"].See("together with what others changed meanwhile")
	edits["Bob"].See("First. By Alice.")
	edits["Bob"].See("Third. By Bob.")

	begin("Alice", "Control+End", 1)
	begin("Bob", "Control+End", 1)
	edits["Alice"].Click("button=Save")
	edits["Alice"].See("The article is saved.")
	edits["Bob"].Click("button=Save")
	edits["Bob"].Allow("409 POST")
	edits["Bob"].See("You both changed the same lines")
	edits["Bob"].Axe()
	if mine := browser.Eval[string](edits["Bob"], "document.querySelector('textarea[name=body]').value"); !strings.Contains(mine, "By Bob.") {
		t.Errorf("the form holds %q", mine)
	}
	if theirs := edits["Bob"].Text(".conflict"); !strings.Contains(theirs, "By Alice.") {
		t.Errorf("shown of the other is %q", theirs)
	}
}
