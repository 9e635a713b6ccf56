package knowledge_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// house has a space of the company, one that few may see and one for people from outside; mona leads them.
type house struct {
	*apptest.Site
	t                       *testing.T
	alice, bob, mona, karen *models.User
	shelf, hidden, outside  string // collections in them
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t), t: t}
	h.alice, h.bob, h.mona = h.Person("Alice", models.RoleEmployee), h.Person("Bob", models.RoleEmployee), h.Person("Mona", models.RoleEmployee)
	h.karen = h.Person("Karen", models.RoleExternal)
	h.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.alice: models.SpaceMember, h.bob: models.SpaceMember})
	h.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	h.Space("partners", models.External, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.karen: models.SpaceMember})
	h.shelf, h.hidden, h.outside = h.collection("ateliers", "Extrusion"), h.collection("closed", "Secrets"), h.collection("partners", "For partners")
	return h
}

var (
	collectionAddress = regexp.MustCompile(`^/collections/(\d+)`)
	articleAddress    = regexp.MustCompile(`^/articles/(\d+)`)
	threadAddress     = regexp.MustCompile(`^/threads/(\d+)`)
)

func (h *house) collection(space, title string) string {
	h.t.Helper()
	return h.number(collectionAddress, h.As(h.mona).Post("/collections", apptest.Form{"space": space, "title": title}).Status(http.StatusSeeOther))
}

func (h *house) number(address *regexp.Regexp, answer *apptest.Answer) string {
	h.t.Helper()
	found := address.FindStringSubmatch(answer.Header.Get("Location"))
	if found == nil {
		h.t.Fatalf("led to %q", answer.Header.Get("Location"))
	}
	return found[1]
}

// write writes an article under another one, or with "" at the top.
func (h *house) write(by *models.User, collection, parent, title, body string) string {
	h.t.Helper()
	return h.number(articleAddress, h.As(by).Post("/articles", apptest.Form{"collection": collection, "parent": parent, "title": title, "body": body}).Status(http.StatusSeeOther))
}

func TestAnArticleIsWrittenOnceReadAndFound(t *testing.T) {
	h := open(t)
	form := apptest.Form{"collection": h.shelf, "title": "Purge without waste", "body": "## Where to cut\n\nWeigh it.\n\n## What with\n\nThe scale of line 4.", "tags": "Purge, colour", "once": strings.Repeat("O", 26)}
	id := h.number(articleAddress, h.As(h.alice).Post("/articles", form).Status(303))
	if again := h.number(articleAddress, h.As(h.alice).Post("/articles", form).Status(303)); again != id {
		t.Errorf("the same form wrote %s after %s", again, id)
	}
	form["body"] = "Something else."
	h.As(h.alice).Post("/articles", form).Status(409).See("/articles/" + id)
	h.Settle()
	bob := h.As(h.bob)
	bob.Get("/articles/" + id).Status(301)
	bob.Get("/articles/"+id+"-purge-without-waste").Status(200).See("Where to cut", `href="#h-where-to-cut"`, "1 min", "Alice", "Version 1", "purge")
	bob.Get("/knowledge").See("Extrusion", "1 article", "Purge without waste").NotSee("Secrets")
	bob.Get("/knowledge?space=closed").Status(404)
	bob.Get("/search?q=purge&type=article").See("</mark> without waste")
	bob.Get("/search/suggestions?q=purge").See("/articles/" + id + "-purge-without-waste")
	secret := h.write(h.mona, h.hidden, "", "The purge of secrets", "Hush.")
	h.Settle()
	bob.Get("/articles/" + secret).Status(404)
	bob.Get("/collections/" + h.hidden).Status(404)
	bob.Get("/search?q=purge").NotSee("The purge of secrets")
	bob.Get("/search?q=hush").NotSee("The purge of secrets")
	h.As(h.karen).Get("/articles/" + id).Status(404)
	h.As(h.karen).Get("/knowledge").See("For partners").NotSee("Extrusion")
}

func TestWhatIsWrongWithAnArticleIsSaidAtItsField(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	alice.Post("/articles", apptest.Form{"collection": h.shelf}).Status(422).See("title-error")
	alice.Post("/articles", apptest.Form{"title": "A"}).Status(422).See("collection-error")
	alice.Post("/articles", apptest.Form{"collection": h.shelf, "title": "A", "body": strings.Repeat("a", 100_001)}).Status(422).See("body-error")
	alice.Post("/articles", apptest.Form{"collection": h.shelf, "title": "A", "tags": strings.Repeat("t", 100)}).Status(422).See("tags-error")
	alice.Post("/articles", apptest.Form{"collection": h.hidden, "title": "A"}).Status(404)
	alice.Post("/articles", apptest.Form{"collection": h.shelf, "parent": "987654321", "title": "A"}).Status(404)
	alice.Post("/articles", apptest.Form{"collection": "x", "title": "A"}).Status(404)
	h.As(h.karen).Post("/articles", apptest.Form{"collection": h.outside, "title": "A"}).Status(403)
	alice.Post("/articles", apptest.Form{"collection": h.shelf, "title": "A *title*", "body": "*Text*", "preview": "1"}).Status(200).See("<em>Text</em>", "A *title*")
	alice.Get("/knowledge?cursor=odd").Status(422)
	alice.Get("/collections/" + h.shelf + "-extrusion?cursor=odd").Status(422)
	h.As(h.bob).Post("/collections", apptest.Form{"space": "ateliers", "title": "Mine"}).Status(403)
	h.As(h.mona).Post("/collections", apptest.Form{"space": "ateliers"}).Status(422).See("title-error")
	h.As(h.mona).Post("/collections", apptest.Form{"title": "Nowhere"}).Status(422).See("space-error")
	h.write(h.alice, h.shelf, "", "Holds others", "") // and says nothing itself
}

func TestTwoWhoWriteInOneArticleBothKeepTheirWords(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.\n\nSecond.\n\nThird.")
	at, page := "/articles/"+id, "/articles/"+id+"-purge"
	h.As(h.bob).Post(at, apptest.Form{"title": "Purge", "body": "First.\n\nSecond.\n\nThird, by Bob.", "base": "1", "note": "A third."}).Status(303)
	h.As(h.alice).Post(at, apptest.Form{"title": "Purge", "body": "First, by Alice.\n\nSecond.\n\nThird.", "base": "1"}).Status(303)
	h.As(h.mona).Get(page).See("First, by Alice.", "Third, by Bob.", "Version 3")
	h.As(h.mona).Get(at+"/versions").See("Version 1", "Version 2", "Version 3", "A third.")
	h.As(h.mona).Get(at+"/versions/2").See("<ins>, by Bob</ins>", "Compared with version 1")
	h.As(h.mona).Get(at+"/versions/3?since=1").See("by Bob", "by Alice", "Compared with version 1")
	h.As(h.mona).Get(at + "/versions/3?since=3").Status(404)
	h.As(h.mona).Get(at + "/versions/4").Status(404)

	h.As(h.bob).Post(at, apptest.Form{"title": "Purge", "body": "First, by Alice.\n\nSecond, as Bob says.\n\nThird, by Bob.", "base": "3"}).Status(303)
	mine := "First, by Alice.\n\nSecond, as Alice says.\n\nThird, by Bob."
	h.As(h.alice).Post(at, apptest.Form{"title": "Purge", "body": mine, "base": "3"}).Status(409).See("as Alice says", "<ins>, as Bob says</ins>", `name="base" value="4"`)
	h.As(h.alice).Get(page).See("as Bob says")
	h.As(h.alice).Post(at, apptest.Form{"title": "Purge", "body": mine, "base": "4"}).Status(303)
	h.As(h.alice).Get(page).See("as Alice says")
	h.As(h.alice).Post(at, apptest.Form{"title": "Purge", "body": mine, "base": "5"}).Status(303) // nothing has changed
	h.As(h.alice).Get(at + "/versions/6").Status(404)
	h.As(h.alice).Post(at+"/versions/1", nil).Status(303)
	h.As(h.bob).Get(page).See("<p>Third.</p>", "Version 6", "Back to version 1")
	h.As(h.karen).Post(at+"/versions/1", nil).Status(404)
	h.As(h.karen).Get(at + "/versions").Status(404)
}

// titles are the headings of a page's tree, in their order.
func (h *house) order(page string, titles ...string) {
	h.t.Helper()
	_, tree, _ := strings.Cut(h.As(h.bob).Get(page).Status(200).Text, `<nav class="tree"`)
	tree, _, _ = strings.Cut(tree, "</nav>")
	at := -1
	for _, title := range titles {
		next := strings.Index(tree, "<span>"+title+"</span>")
		if next <= at {
			h.t.Errorf("%q stands at %d after %d in %s", title, next, at, tree)
		}
		at = next
	}
}

// TestAnArticleIsDraggedBeforeAnotherFromAPageThatStays has what the tree of a page sends: the place before another, and which page is shown.
func TestAnArticleIsDraggedBeforeAnotherFromAPageThatStays(t *testing.T) {
	h := open(t)
	a, b, c := h.write(h.alice, h.shelf, "", "A", "a"), h.write(h.alice, h.shelf, "", "B", "b"), h.write(h.alice, h.shelf, "", "C", "c")
	secret := h.write(h.mona, h.hidden, "", "Secret", "s")
	alice := h.As(h.alice)
	drag := func(id string, status int, form apptest.Form) *apptest.Answer {
		t.Helper()
		form["collection"] = h.shelf
		return alice.Post("/articles/"+id+"/place", form).Status(status)
	}
	for _, step := range []struct {
		form apptest.Form
		want string
		page string
	}{
		{apptest.Form{"before": a, "shown": a}, "C A B", "/articles/" + a + "-a"},
		{apptest.Form{"before": b, "shown": "987654321"}, "A C B", "/articles/" + c + "-c"},
		{apptest.Form{"before": b, "shown": secret}, "A C B", "/articles/" + c + "-c"}, // where it stands already
		{apptest.Form{"before": a, "after": b, "shown": "x"}, "C A B", "/articles/" + c + "-c"},
	} {
		if page := drag(c, 303, step.form).Header.Get("Location"); page != step.page {
			t.Errorf("%v leads to %s", step.form, page)
		}
		h.order("/articles/"+a+"-a", strings.Fields(step.want)...)
	}
	for _, before := range []string{c, secret, "987654321"} {
		drag(c, 422, apptest.Form{"before": before}).See("not there any more")
	}
	drag(c, 404, apptest.Form{"before": "99999999999999999999"})
	alice.Get("/articles/"+a+"-a").See("<tree-order", `data-article="`+b+`"`)
	h.As(h.karen).Get("/articles/" + a).Status(404)
	h.order("/articles/"+a+"-a", "C", "A", "B")
}

func TestArticlesAreMovedInTheirTreeAndBack(t *testing.T) {
	h := open(t)
	a, b, c := h.write(h.alice, h.shelf, "", "A", "a"), h.write(h.alice, h.shelf, "", "B", "b"), h.write(h.alice, h.shelf, "", "C", "c")
	under := h.write(h.alice, h.shelf, b, "Under B", "u")
	h.order("/articles/"+a+"-a", "A", "B", "C")
	alice := h.As(h.alice)
	move := func(id string, status int, form apptest.Form) *apptest.Answer {
		t.Helper()
		if form["collection"] == "" {
			form["collection"] = h.shelf
		}
		return alice.Post("/articles/"+id+"/place", form).Status(status)
	}
	move(c, 303, apptest.Form{"after": "0"})
	h.order("/articles/"+a+"-a", "C", "A", "B")
	move(c, 303, apptest.Form{"after": a})
	h.order("/articles/"+a+"-a", "A", "C", "B")
	move(c, 303, apptest.Form{"after": "last"})
	h.order("/articles/"+a+"-a", "A", "B", "C")
	alice.Post("/articles/"+c+"/step", apptest.Form{"to": "up"}).Status(303)
	h.order("/articles/"+a+"-a", "A", "C", "B")
	alice.Post("/articles/"+c+"/step", apptest.Form{"to": "up"}).Status(303)
	h.order("/articles/"+a+"-a", "C", "A", "B")
	alice.Post("/articles/"+c+"/step", apptest.Form{"to": "up"}).Status(303) // it is the first
	alice.Post("/articles/"+c+"/step", apptest.Form{"to": "down"}).Status(303)
	h.order("/articles/"+a+"-a", "A", "C", "B")
	alice.Post("/articles/"+c+"/step", apptest.Form{"to": "sideways"}).Status(422)
	move(b, 422, apptest.Form{"parent": under, "after": "last"}).See("cannot stand under itself")
	move(b, 422, apptest.Form{"parent": b, "after": "last"}).See("cannot stand under itself")
	move(b, 422, apptest.Form{"parent": "987654321", "after": "last"}).See("not there any more")
	move(b, 422, apptest.Form{"after": "987654321"}).See("not there any more")
	move(b, 404, apptest.Form{"collection": h.hidden, "after": "last"})
	move(b, 303, apptest.Form{"parent": a, "after": "last"})
	h.order("/articles/"+under+"-under-b", "A", "B", "Under B", "C")
	other := h.collection("ateliers", "Elsewhere")
	answer := move(a, 303, apptest.Form{"collection": other, "after": "last"})
	if page := answer.Header.Get("Location"); page != "/articles/"+a+"-a" {
		t.Errorf("the address became %q", page)
	}
	alice.Get("/collections/"+h.shelf+"-extrusion").See("1 article", ">C</a>").NotSee(">A</a>")
	alice.Get("/collections/"+other+"-elsewhere").See("3 articles", ">A</a>")
	alice.Get("/articles/" + under + "-under-b").See("Elsewhere")
	h.As(h.karen).Post("/articles/"+a+"/place", apptest.Form{"collection": other, "after": "last"}).Status(404)
	h.As(h.mona).Post("/articles/"+a+"/place", apptest.Form{"collection": h.hidden, "after": "last"}).Status(303)
	h.Settle()
	for _, id := range []string{a, b, under} {
		alice.Get("/articles/" + id).Status(404)
	}
	alice.Get("/search?q=under").NotSee("Under B")
	alice.Get(fmt.Sprintf("/articles/%s/place?in=%s&under=%s", c, h.shelf, a)).Status(404)
	alice.Get(fmt.Sprintf("/articles/%s/place?in=%s", c, h.hidden)).Status(404)
}

func TestATreeIsOnlySoDeep(t *testing.T) {
	h := open(t)
	parent := ""
	for n := range models.MostLevels {
		parent = h.write(h.alice, h.shelf, parent, fmt.Sprintf("Level %d", n+1), "x")
	}
	h.As(h.alice).Post("/articles", apptest.Form{"collection": h.shelf, "parent": parent, "title": "Deeper"}).Status(422).See("12 levels deep")
	pair := h.write(h.alice, h.shelf, "", "Pair", "x")
	h.write(h.alice, h.shelf, pair, "Half", "x")
	h.As(h.alice).Post("/articles/"+pair+"/place", apptest.Form{"collection": h.shelf, "parent": parent, "after": "last"}).Status(422).See("12 levels deep")
	h.As(h.bob).Get("/articles/"+parent+"-level-12").Status(200).See(">Level 1</span>", ">Level 12</span>")
}

func TestWhatIsWithdrawnComesBackWithWhatStoodUnderIt(t *testing.T) {
	h := open(t)
	a := h.write(h.alice, h.shelf, "", "A", "a")
	b := h.write(h.bob, h.shelf, a, "B", "b")
	h.As(h.bob).Post("/articles/"+a+"/withdrawal", nil).Status(403)
	h.As(h.alice).Post("/articles/"+a+"/withdrawal", nil).Status(303)
	h.Settle()
	h.As(h.bob).Get("/articles/" + a).Status(404)
	h.As(h.mona).Get("/articles/" + b + "-b").Status(200).See("This article is withdrawn").NotSee("/restoration")
	h.As(h.mona).Post("/articles/"+b+"/restoration", nil).Status(422).See("went with another article")
	h.As(h.bob).Get("/search?q=b&type=article").NotSee("/articles/" + b)
	h.As(h.mona).Get("/collections/" + h.shelf + "/trash").See(">A</a>").NotSee(">B</a>")
	h.As(h.bob).Get("/collections/" + h.shelf + "/trash").Status(403)
	h.As(h.alice).Post("/articles/"+a, apptest.Form{"title": "A", "body": "c", "base": "1"}).Status(409)
	h.As(h.alice).Post("/articles/"+a+"/restoration", nil).Status(303)
	h.As(h.bob).Get("/articles/" + b + "-b").Status(200)
	h.order("/articles/"+b+"-b", "A", "B")
	h.As(h.bob).Post("/articles/"+b+"/withdrawal", nil).Status(303)
	h.As(h.mona).Post("/articles/"+a+"/withdrawal", nil).Status(303)
	h.As(h.alice).Post("/articles/"+a+"/restoration", nil).Status(403) // what a moderator decided stands
	h.As(h.bob).Post("/articles/"+b+"/restoration", nil).Status(303)   // the one above is gone
	h.As(h.alice).Get("/collections/"+h.shelf+"-extrusion").See(">B</a>", "1 article")
}

func TestCollectionsAreArrangedByWhoManagesTheSpace(t *testing.T) {
	h := open(t)
	second := h.collection("ateliers", "Second")
	mona := h.As(h.mona)
	mona.Post("/collections/"+second+"/step", apptest.Form{"to": "up"}).Status(303)
	text := mona.Get("/knowledge?space=ateliers").Text
	if strings.Index(text, ">Second<") > strings.Index(text, ">Extrusion<") {
		t.Error("the collection did not move up")
	}
	mona.Post("/collections/"+second, apptest.Form{"title": "Renamed", "description": "Of other things"}).Status(303)
	h.As(h.bob).Get("/knowledge").See("Renamed", "Of other things")
	h.As(h.bob).Post("/collections/"+second, apptest.Form{"title": "Mine"}).Status(403)
	h.As(h.karen).Get("/collections/" + second).Status(404)
	id := h.write(h.alice, second, "", "A", "a")
	mona.Post("/collections/"+second+"/archive", apptest.Form{"archived": "1"}).Status(303)
	h.As(h.alice).Post("/articles", apptest.Form{"collection": second, "title": "B"}).Status(422).See("archived")
	other := h.write(h.alice, h.shelf, "", "C", "c")
	h.As(h.alice).Post("/articles/"+other+"/place", apptest.Form{"collection": second, "after": "last"}).Status(422).See("archived")
	h.As(h.alice).Get("/articles/" + id + "-a").Status(200)
	mona.Post("/collections/"+second+"/archive?archived=0", nil).Status(303)
	h.write(h.alice, second, "", "B", "b")
}

func TestAThreadAndAnIdeaBecomeArticles(t *testing.T) {
	h := open(t)
	thread := h.number(threadAddress, h.As(h.bob).Post("/threads", apptest.Form{"space": "ateliers", "kind": "question", "title": "How tight is a flange?", "body": "It *leaks*.", "tags": "seals"}).Status(303))
	answer := h.As(h.alice).Post("/threads/"+thread+"/posts", apptest.Form{"body": "45 N·m."}).Status(303).Header.Get("Location")
	_, post, _ := strings.Cut(answer, "#post-")
	h.As(h.bob).Post("/threads/"+thread+"/acceptance", apptest.Form{"post": post}).Status(303)
	page := "/threads/" + thread + "-how-tight-is-a-flange"
	h.As(h.alice).Get(page).See("/articles/new?thread=" + thread)
	h.As(h.alice).Get("/articles/new?thread="+thread).Status(200).See("How tight is a flange?", "It *leaks*.", "## Answer", "45 N·m.", "Written from")
	h.As(h.alice).Get("/articles/new?thread=987654").Status(404)
	h.As(h.karen).Get("/articles/new?thread=" + thread).Status(404)
	form := apptest.Form{"collection": h.shelf, "thread": thread, "title": "Tight flanges", "body": "45 N·m.", "once": strings.Repeat("A", 26)}
	id := h.number(articleAddress, h.As(h.alice).Post("/articles", form).Status(303))
	if again := h.number(articleAddress, h.As(h.alice).Post("/articles", form).Status(303)); again != id {
		t.Errorf("the same form wrote %s after %s", again, id)
	}
	h.As(h.bob).Get(page).See("Tight flanges")
	h.As(h.bob).Get("/articles/"+id+"-tight-flanges").See("Where it comes from", "How tight is a flange?")
	form["collection"], form["once"], form["title"] = h.hidden, strings.Repeat("B", 26), "The secret of flanges"
	secret := h.number(articleAddress, h.As(h.mona).Post("/articles", form).Status(303))
	h.As(h.bob).Get(page).NotSee("The secret of flanges")
	h.As(h.mona).Get(page).See("The secret of flanges")
	h.As(h.bob).Post("/threads/"+thread+"/withdrawal", nil).Status(303)
	h.As(h.mona).Get("/articles/" + secret + "-the-secret-of-flanges").NotSee("How tight is a flange?")
	form["once"] = strings.Repeat("C", 26)
	h.As(h.alice).Post("/articles", form).Status(404)

	idea := h.number(regexp.MustCompile(`^/ideas/(\d+)`), h.As(h.bob).Post("/ideas", apptest.Form{"space": "ateliers", "title": "Torque cards", "body": "On each flange."}).Status(303))
	h.As(h.alice).Get("/ideas/" + idea + "-torque-cards").NotSee("/articles/new?idea=")
	h.As(h.mona).Post("/ideas/"+idea+"/stage", apptest.Form{"stage": "implemented"}).Status(303)
	h.As(h.alice).Get("/ideas/" + idea + "-torque-cards").See("/articles/new?idea=" + idea)
	h.As(h.alice).Get("/articles/new?idea="+idea).See("On each flange.", "Torque cards")
	written := h.number(articleAddress, h.As(h.alice).Post("/articles", apptest.Form{"collection": h.shelf, "idea": idea, "title": "How we use torque cards", "body": "So."}).Status(303))
	h.As(h.bob).Get("/articles/"+written+"-how-we-use-torque-cards").See("Where it comes from", "Torque cards", "Carried out")
}
