//go:build peers

package chromium_test

import (
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
)

// TestAMessageIsQuotedIntoTheForm quotes a message as a whole and the words that are marked in it, and goes on writing under them.
func TestAMessageIsQuotedIntoTheForm(t *testing.T) {
	site, alice, bob := company(t)
	path := proposed(t, site, alice, "Weigh the scrap at each station", "At every change of colour.")
	site.As(bob).Post("/ideas/1/comments", apptest.Form{"body": "It weighs *fourteen* kilos."}).Status(303)
	page := sits(t, site, alice, browser.Language("en"))
	page.Go(site.URL + path)
	page.Click("a[data-quote]")
	page.Wait("markdown-editor[ready] [contenteditable=true]:focus")
	page.Type("Fifteen.")
	browser.Eval[int](page, "(() => { getSelection().selectAllChildren(document.querySelector('.post .prose em')); return 0 })()")
	page.Click("a[data-quote]")
	const head = "> [Bob](/posts/1):\n"
	const want = head + "> It weighs *fourteen* kilos.\n\nFifteen.\n\n" + head + "> fourteen"
	page.Wait("form.compose blockquote + p + blockquote")
	if got := strings.TrimSpace(browser.Eval[string](page, "[...document.querySelectorAll('form.compose textarea[name=body]')].at(-1).value")); got != want {
		t.Errorf("the form holds %q, want %q", got, want)
	}
	page.Axe()
	page.Click("button=Send")
	page.See("Your message is sent.")
	page.Wait("blockquote.quoted .quoted-head a[href='/posts/1']")
}
