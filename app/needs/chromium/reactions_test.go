//go:build peers

package chromium_test

import (
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
)

// TestAReactionIsGivenInPlaceAndSeenByOthers gives a sign with the keyboard and takes it back with two clicks at once, while somebody else
// has the page open.
func TestAReactionIsGivenInPlaceAndSeenByOthers(t *testing.T) {
	site, alice, bob := company(t)
	path := proposed(t, site, alice, "Weigh the scrap at each station", "At every change of colour.")
	site.As(bob).Post("/ideas/1/comments", apptest.Form{"body": "It weighs fourteen kilos."}).Status(303)
	if err := site.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, other := sits(t, site, alice, browser.Language("en")), sits(t, site, bob, browser.Language("en"))
	page.Go(site.URL + path)
	other.Go(site.URL + path)
	other.Wait("text=1 other person is reading")
	page.Click("reaction-bar summary")
	page.Click("reaction-bar button[name=give][value='5']")
	page.Wait("#reactions-1 .chip[aria-pressed=true][aria-label='Thank you: 1 person, you among them']:focus")
	other.Wait("#reactions-1 .chip")
	page.Axe()
	browser.Eval[int](page, "(() => { const chip = document.querySelector('#reactions-1 .chip'); chip.click(); chip.click(); return 0 })()")
	page.Gone("#reactions-1 .chip")
	other.Gone("#reactions-1 .chip")
}
