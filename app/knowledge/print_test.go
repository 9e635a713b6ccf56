package knowledge_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestADocumentIsTheTreeWithLinksThatLeadWithinIt(t *testing.T) {
	h := open(t)
	top := h.write(h.alice, h.shelf, "", "Purge", "## Steps\n\nText.")
	secret := h.write(h.mona, h.hidden, "", "Wages", "Secret.")
	below := h.write(h.bob, h.shelf, top, "Where to cut", fmt.Sprintf("[Up](/articles/%s-purge#h-steps), [itself](#h-x), [idea](/ideas/7), [pay](/articles/%s-wages), [web](https://example.org/a)\n\n## X", top, secret))
	gone := h.write(h.alice, h.shelf, "", "Gone", "Withdrawn.")
	h.As(h.alice).Post("/articles/"+gone+"/withdrawal", nil).Status(303)
	bob := h.As(h.bob)
	whole := bob.Get("/collections/"+h.shelf+"/print").Status(http.StatusOK).See("Extrusion", "Contents", ">2 articles<", `href="#a-`+top+`-"`, `id="a-`+below+`-"`, ">1.1</span>Where to cut",
		`href="#a-`+top+`-h-steps"`, `href="#a-`+below+`-h-x"`, `<h3 id="a-`+below+`-h-x"`, h.URL+"/ideas/7", "https://example.org/a", "Owner Alice", "Version 1").NotSee("Withdrawn.", "Secret.")
	if strings.Index(whole.Text, `<article class="paper-chapter first" id="a-`+top) > strings.Index(whole.Text, `id="a-`+below+`-"`) {
		t.Error("the chapters are not in the order of the tree")
	}
	bob.Get("/articles/"+top+"/print").Status(http.StatusOK).See("Purge", "Not verified", "/articles/"+top+"-purge").NotSee("Where to cut", "Contents")
	bob.Get("/articles/"+top+"/print?under=1").Status(http.StatusOK).See("Where to cut", "Contents")
	bob.Get("/articles/" + top + "-purge").See("/articles/" + top + "/print?under=1")
	for _, path := range []string{"/articles/" + secret, "/collections/" + h.hidden, "/articles/" + gone, "/articles/999999999999999999", "/collections/0"} {
		bob.Get(path + "/print").Status(http.StatusNotFound)
	}
	h.As(h.alice).Get("/articles/" + gone + "/print").Status(http.StatusNotFound)
}

func TestWhatIsTooLongIsPrintedInParts(t *testing.T) {
	h := open(t)
	long := strings.Repeat("Word and word. ", 6200)
	var top string
	for n := range 47 {
		top = h.write(h.alice, h.shelf, "", fmt.Sprintf("Chapter %d", n), long)
	}
	h.As(h.bob).Get("/collections/"+h.shelf+"/print").Status(http.StatusOK).See("more than one document takes", "/articles/"+top+"/print?under=1").NotSee("Word and word")
	h.As(h.bob).Get("/articles/" + top + "/print?under=1").Status(http.StatusOK).See("Word and word")
}
