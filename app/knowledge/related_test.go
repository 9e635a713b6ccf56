package knowledge_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// tagged writes an article with tags.
func (h *house) tagged(by *models.User, collection, title, tags string) string {
	h.t.Helper()
	return h.number(articleAddress, h.As(by).Post("/articles", apptest.Form{"collection": collection, "title": title, "body": "Words.", "tags": tags}).Status(http.StatusSeeOther))
}

func TestArticlesWithATagAreListedPageByPage(t *testing.T) {
	h := open(t)
	for range 41 {
		h.tagged(h.alice, h.shelf, "Purge", "screw, heat")
	}
	h.tagged(h.alice, h.shelf, "Another thing", "cold")
	h.tagged(h.mona, h.hidden, "A secret thing", "screw")
	gone := h.tagged(h.alice, h.shelf, "A thing gone", "screw")
	h.As(h.alice).Post("/articles/"+gone+"/withdrawal", nil).Status(303)
	list := "/articles?tag=" + url.QueryEscape("Screw")
	first := h.As(h.bob).Get(list).Status(200).See("Articles on the theme", "cursor=").NotSee("secret", "Another thing", "A thing gone")
	next := first.Text[strings.Index(first.Text, "cursor="):]
	next = next[:strings.IndexAny(next, `"&`)]
	if second := h.As(h.bob).Get(list + "&" + next).Status(200); strings.Count(second.Text, `class="row"`) != 1 {
		t.Errorf("the second page has not the one that is left:\n%s", second.Text)
	}
	h.As(h.mona).Get(list).See("A secret thing")
	h.As(h.bob).Get(list + "&space=closed").Status(404)
	h.As(h.bob).Get(list + "&space=ateliers").Status(200).See("Purge")
	h.As(h.karen).Get(list).Status(200).See("No article has this theme")
	h.As(h.bob).Get("/articles?tag=").Status(200).See("All articles")
	h.As(h.bob).Get("/articles?tag=one,two").Status(404)
	h.As(h.bob).Get(list + "&cursor=x").Status(422)
	h.As(h.bob).Get("/articles/1").Status(301)
	h.As(h.bob).Get("/articles/1-purge").See(`href="/articles?tag=screw"`)
}

func TestAnArticleNamesOthersThatAreAboutTheSame(t *testing.T) {
	h := open(t)
	id := h.tagged(h.alice, h.shelf, "How to purge the extrusion screw", "heat")
	h.tagged(h.alice, h.shelf, "Purge the extrusion screw quickly", "")
	h.tagged(h.alice, h.shelf, "Ovens", "heat")
	h.tagged(h.alice, h.shelf, "Holidays", "rest")
	h.tagged(h.mona, h.hidden, "Purge the secret extrusion screw", "heat")
	h.Settle()
	page := "/articles/" + id + "-how-to-purge-the-extrusion-screw"
	_, shown, _ := strings.Cut(h.As(h.bob).Get(page).Status(200).See("About the same").NotSee("secret").Text, "About the same") // the tree names what stands beside it
	shown, _, _ = strings.Cut(shown, "</section>")
	if !strings.Contains(shown, "quickly") || !strings.Contains(shown, "Ovens") || strings.Contains(shown, "Holidays") {
		t.Errorf("about the same: %s", shown)
	}
	h.As(h.mona).Get(page).See("Purge the secret extrusion screw")
}
