//go:build peers

package chromium_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// drag takes an article of the tree by its grip to a height of the row of another: 0 is its top, 1 its bottom. It lets go unless kept.
func drag(page *browser.Page, from, to int, height float64, kept bool) {
	at := func(article int, part string, height float64) []float64 {
		return browser.Eval[[]float64](page, fmt.Sprintf("(b => [b.left + b.width / 2, b.top + b.height * %g])(document.querySelector('.tree [data-article=\"%d\"] > %s').getBoundingClientRect())", height, article, part))
	}
	a, b := at(from, ".grip", .5), at(to, "a", height)
	page.Do(chromedp.MouseEvent(chromedp.MousePressed, a[0], a[1], chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, a[0], (a[1]+b[1])/2, chromedp.ButtonLeft), chromedp.MouseEvent(chromedp.MouseMoved, a[0], b[1], chromedp.ButtonLeft))
	if !kept {
		page.Do(chromedp.MouseEvent(chromedp.MouseReleased, a[0], b[1], chromedp.ButtonLeft))
	}
}

// TestArticlesAreDraggedInTheirTree drags them before, after and under each other, refuses a cycle, lets go with Escape and takes a move back.
func TestArticlesAreDraggedInTheirTree(t *testing.T) {
	site, alice, _ := company(t)
	mona := site.Person("Mona", models.RoleManager)
	shelf := site.As(mona).Post("/collections", apptest.Form{"space": "ateliers", "title": "Extrusion"}).Status(303).Header.Get("Location")
	number, _, _ := strings.Cut(strings.TrimPrefix(shelf, "/collections/"), "-")
	for _, title := range []string{"One", "Two", "Three", "Four"} {
		site.As(alice).Post("/articles", apptest.Form{"collection": number, "title": title, "body": "Text."}).Status(303)
	}
	page := sits(t, site, alice, browser.Language("en"))
	shows := func(want string) {
		t.Helper()
		page.Wait("tree-order:defined [data-article] > a")
		const tree = `(function walk(ul) { return [...ul.children].map((li) => li.querySelector("a").textContent.trim() + (li.querySelector("ul") ? "(" + walk(li.querySelector("ul")) + ")" : "")).join(" ") })(document.querySelector(".tree ul"))`
		if got := browser.Eval[string](page, tree); got != want {
			t.Errorf("the tree is %q, want %q", got, want)
		}
	}
	page.Go(site.URL + "/articles/2")
	shows("One Two Three Four")
	drag(page, 4, 1, .1, true)
	page.Wait(`[data-drop="before"] > a`)
	page.Screenshot("tree-before")
	page.Press("Escape")
	page.Do(chromedp.MouseEvent(chromedp.MouseReleased, 5, 5, chromedp.ButtonLeft))
	shows("One Two Three Four")
	drag(page, 4, 1, .1, false)
	page.See("The article has moved.")
	shows("Four One Two Three")
	if url := page.URL(); !strings.HasSuffix(url, "/articles/2-two") {
		t.Errorf("the page is %s", url)
	}
	page.Axe()
	page.Click("button=Undo")
	page.Wait(`.tree li:first-child[data-article="1"]`)
	shows("One Two Three Four")
	drag(page, 1, 3, .9, false)
	page.Wait(`[data-article="3"] + [data-article="1"]`)
	shows("Two Three One Four")
	drag(page, 3, 2, .5, false)
	page.Wait(`[data-article="2"] [data-article="3"]`)
	shows("Two(Three) One Four")
	drag(page, 4, 2, .9, false)
	page.Wait(`[data-article="2"] [data-article="4"]`)
	shows("Two(Four Three) One")
	drag(page, 2, 3, .5, true)
	page.Wait(`[data-drop="refused"] > a`)
	page.Do(chromedp.MouseEvent(chromedp.MouseReleased, 5, 5, chromedp.ButtonLeft))
	page.See("An article cannot stand under itself.")
	shows("Two(Four Three) One")
	phone := sits(t, site, mona, browser.Language("en"), browser.Phone)
	phone.Go(site.URL + "/articles/2")
	phone.Wait("tree-order [data-grip]:not([hidden])")
	phone.Axe()
	phone.Screenshot("tree-phone")
}
