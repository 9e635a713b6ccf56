package knowledge_test

import (
	"strings"
	"sync"
	"testing"

	"ruche/app/apptest"
)

func TestAnArticleThatIsTooLongIsRefusedAndNothingIsLost(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "Purge", "First.")
	huge := strings.Repeat("0123456789 ", 5<<20/11)
	for _, form := range []apptest.Form{{"base": "1"}, {"base": "1", "draft": "1"}} {
		form["title"], form["body"] = "Purge", huge
		if status := h.As(h.alice).Post("/articles/"+article, form).StatusCode; status != 413 && status != 422 {
			t.Errorf("five megabytes: %d", status)
		}
	}
	h.As(h.bob).Get("/articles/"+article+"-purge").See("First.", "Version 1")
	h.As(h.alice).Get("/articles/drafts?show=mine").See("No draft")
}

func TestArticlesThatLeadToEachOtherAreRead(t *testing.T) {
	h := open(t)
	a := h.write(h.alice, h.shelf, "", "A", "a")
	b := h.write(h.alice, h.shelf, "", "B", "/articles/"+a+"-a\n\n[itself](/articles/"+a+")")
	h.As(h.alice).Post("/articles/"+a, apptest.Form{"title": "A", "body": "/articles/" + b + "-b\n\n/articles/" + a + "-a", "base": "1"}).Status(303)
	h.Settle()
	h.As(h.bob).Get("/articles/" + a + "-a").Status(200).See("/articles/" + b + "-b")
	h.As(h.bob).Get("/articles/" + b + "-b").Status(200).See("/articles/" + a)
}

func TestTwoRenamesThatCrossKeepBothAndEveryAddress(t *testing.T) {
	h := open(t)
	a, b := h.write(h.alice, h.shelf, "", "Purge", "About purging."), h.write(h.alice, h.shelf, "", "Colours", "About colours.")
	clients := map[string]*apptest.Client{a: h.As(h.alice), b: h.As(h.bob)}
	var renames sync.WaitGroup
	for article, form := range map[string]apptest.Form{a: {"title": "Colours", "body": "About purging.", "base": "1"}, b: {"title": "Purge", "body": "About colours.", "base": "1"}} {
		renames.Go(func() {
			if status := clients[article].Post("/articles/"+article, form).StatusCode; status != 303 {
				t.Errorf("rename of %s: %d", article, status)
			}
		})
	}
	renames.Wait()
	for path, now := range map[string]string{a + "-purge": a + "-colours", b + "-colours": b + "-purge"} {
		if led := h.As(h.bob).Get("/articles/" + path).Status(301).Header.Get("Location"); led != "/articles/"+now {
			t.Errorf("%s leads to %s", path, led)
		}
	}
	h.As(h.bob).Get("/articles/" + a + "-colours").See("About purging.")

	// Two who rename one article: the second is shown the first.
	h.As(h.alice).Post("/articles/"+a, apptest.Form{"title": "Hues", "body": "About purging.", "base": "2"}).Status(303)
	h.As(h.bob).Post("/articles/"+a, apptest.Form{"title": "Tints", "body": "About purging.", "base": "2"}).Status(409).See("Hues", "Tints")
}

func TestWhatIsRestoredOntoANameNowTakenStandsBesideIt(t *testing.T) {
	h := open(t)
	old := h.write(h.alice, h.shelf, "", "Purge", "The old one.")
	h.As(h.alice).Post("/articles/"+old+"/withdrawal", nil).Status(303)
	h.As(h.bob).Get("/articles/" + old + "-purge").Status(404)
	young := h.write(h.bob, h.shelf, "", "Purge", "The new one.")
	h.As(h.alice).Post("/articles/"+old+"/restoration", nil).Status(303)
	h.As(h.bob).Get("/articles/" + old + "-purge").See("The old one.")
	h.As(h.bob).Get("/articles/" + young + "-purge").See("The new one.")
	h.As(h.bob).Get("/collections/"+h.shelf+"-extrusion").See("/articles/"+old+"-purge", "/articles/"+young+"-purge", "2 articles")
}
