package knowledge_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAnArticleSaysWhoLinksToItAsFarAsTheReaderMaySee(t *testing.T) {
	h := open(t)
	purge := h.write(h.alice, h.shelf, "", "Purge", "Weigh it. See [itself](/articles/1).")
	page, address := "/articles/"+purge+"-purge", "/articles/"+purge
	h.write(h.alice, h.shelf, "", "Start-up", "First [purge]("+address+"), *then* [again]("+address+"-purge#how).")
	h.write(h.mona, h.hidden, "", "A closely kept secret", "As [there]("+h.Web.BaseURL.String()+address+").")
	h.Settle()
	thread := h.number(threadAddress, h.As(h.bob).Post("/threads", apptest.Form{"space": "ateliers", "kind": "discussion", "title": "How to purge?", "body": "I have read [this](" + address + ")."}).Status(http.StatusSeeOther))
	h.say(h.bob, purge, "What stands under it links to ["+address+"]("+address+").")
	h.Settle()

	alice := h.As(h.alice)
	alice.Get(page).See("Linked from", "Start-up", "How to purge?").NotSee("closely kept")
	alice.Get(address+"/links").Status(200).See("Start-up", "How to purge?").NotSee("closely kept", "All that links here")
	if got := h.As(h.mona).Get(address + "/links").Status(200).See("closely kept"); strings.Count(got.Text, ">Start-up</a>") != 1 {
		t.Error("a text that links twice is named twice")
	}
	h.As(h.karen).Get(address + "/links").Status(404)
	alice.Get(address + "/links?before=x").Status(422)
	if got := decoded(t, h.program(h.alice, models.ScopeRead).call("GET", address+"/links?limit=1", "").Status(200)); len(got.Items) != 1 || got.Items[0].Title != "How to purge?" || got.Next == nil {
		t.Errorf("a program is told %+v", got)
	}

	if before, after := h.referring(purge), h.rated(purge); before != after {
		t.Errorf("the references %s became %s, though nothing was written", before, after)
	}
	h.As(h.bob).Post("/threads/"+thread+"/withdrawal", nil).Status(303)
	h.Settle()
	alice.Get(page).See("Start-up").NotSee("How to purge?")
}

// referring are the numbers of the references to an article.
func (h *house) referring(id string) (numbers string) {
	h.t.Helper()
	article, _ := strconv.ParseInt(id, 10, 64)
	cards, err := h.DB.LinkedFrom(h.t.Context(), h.Actor(h.mona), article, 0, 10)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := range cards {
		numbers += fmt.Sprint(cards[i].ID, " ")
	}
	return numbers
}

// rated are these once those who link there are rated and the log is read.
func (h *house) rated(id string) string {
	article, _ := strconv.Atoi(id)
	h.As(h.bob).Post(fmt.Sprintf("/articles/%d/help", article+1), apptest.Form{"helped": "yes"}).Status(303)
	h.As(h.mona).Post("/threads/1/pin", nil)
	h.Settle()
	return h.referring(id)
}

func TestDeadLinksTellNothingOfSpacesThatAreNotSeen(t *testing.T) {
	h := open(t)
	secret := h.write(h.mona, h.hidden, "", "Secret", "Hush.")
	h.say(h.mona, secret, "Hush too.")
	h.write(h.alice, h.shelf, "", "Start-up", "[a](/articles/"+secret+"), [p](/posts/1), [i](/ideas/987654)")
	h.As(h.mona).Post("/articles/"+secret+"/withdrawal", nil).Status(303)
	h.Settle()
	otto := h.Person("Otto", models.RoleEmployee)
	h.Tx(h.Actor(h.mona), func(tx *models.Tx) error {
		return tx.SetMember(&models.Space{ID: h.Actor(h.mona).AccessTo("ateliers").ID}, otto, models.SpaceManager)
	})
	const report = "/articles/trust?space=ateliers&show=dead"
	h.As(h.mona).Get(report).Status(200).See("/articles/"+secret+"<", "/posts/1<", "/ideas/987654<")
	h.As(otto).Get(report).Status(200).See("/ideas/987654<").NotSee("/articles/"+secret+"<", "/posts/1<")
}

func TestWhatLinksToNothingIsListedForWhoArranges(t *testing.T) {
	h := open(t)
	purge := h.write(h.alice, h.shelf, "", "Purge", "Weigh it.")
	under := h.write(h.alice, h.shelf, purge, "How much", "Fourteen kilos.")
	start := h.write(h.alice, h.shelf, "", "Start-up", "See ["+"how much](/articles/"+under+"), [nothing](/ideas/987654) and [outside](https://example.com/articles/9).")
	const report = "/articles/trust?space=ateliers&show=dead"
	mona := h.As(h.mona)
	h.Settle()
	mona.Get(report).Status(200).See("Start-up", "/ideas/987654").NotSee("/articles/"+under+"<", "/articles/9")
	h.As(h.alice).Get(report).Status(403)
	h.As(h.karen).Get(report).Status(404)
	h.Visitor().Get(report).Status(303)

	h.As(h.alice).Post("/articles/"+purge+"/withdrawal", nil).Status(303) // and what stands under it
	h.Settle()
	mona.Get(report).See("/articles/" + under + "<").NotSee("withdrawn: ")
	h.As(h.alice).Post("/articles/"+purge+"/restoration", nil).Status(303)
	h.As(h.alice).Post("/articles/"+under+"/withdrawal", nil).Status(303)
	h.Settle()
	mona.Get(report).See("withdrawn: How much", `action="/articles/`+under+`/restoration"`, "/articles/"+start+"/edit")
	mona.Post("/articles/"+under+"/restoration", nil).Status(303)
	h.Settle()
	mona.Get(report).See("/ideas/987654").NotSee("/articles/" + under + "<")
	h.As(h.alice).Post("/articles/"+start, apptest.Form{"title": "Start-up", "body": "Nothing.", "base": "1"}).Status(303)
	h.Settle()
	mona.Get(report).See("No dead links")
	mona.Get(report + "&cursor=x").Status(422)
}

func TestProgramsReadTheReportsAndTagsOfArticles(t *testing.T) {
	h := open(t)
	top := h.write(h.alice, h.shelf, "", "Top", "[a](/ideas/987654) [b](/ideas/987655)")
	h.write(h.alice, h.shelf, top, "A lonely one", "Nobody knows.")
	h.As(h.alice).Post("/articles/"+top, apptest.Form{"title": "Top", "body": "[a](/ideas/987654) [b](/ideas/987655)", "tags": "Purge", "base": "1"}).Status(303)
	h.Settle()
	const report = "/articles/trust?space=ateliers&show="
	mona, alice := h.program(h.mona, models.ScopeRead), h.program(h.alice, models.ScopeRead)
	mona.call("GET", report+"unlinked", "").Status(200).See("A lonely one", `"next":null`).NotSee(`"Top"`)
	first := mona.call("GET", report+"dead&limit=1", "").Status(200).See("/ideas/987654").NotSee("987655")
	_, rest, _ := strings.Cut(first.Text, `"next":"`)
	cursor, _, _ := strings.Cut(rest, `"`)
	mona.call("GET", report+"dead&limit=1&cursor="+cursor, "").Status(200).See("/ideas/987655", `"next":null`).NotSee(`/ideas/987654"`)
	alice.call("GET", report+"dead", "").Status(403)
	alice.call("GET", "/articles/trust?space=closed&show=unlinked", "").Status(404)
	alice.call("GET", "/articles?tag=purge", "").Status(200).See(`"Top"`).NotSee("A lonely one")
	alice.call("GET", "/articles?tag=purge&collection="+h.shelf, "").Status(422)
}

func TestArticlesToWhichNothingLeadsAreListedForWhoArranges(t *testing.T) {
	h := open(t)
	top := h.write(h.alice, h.shelf, "", "Top", "See [the linked](/articles/3).")
	h.write(h.alice, h.shelf, top, "A lonely one", "Nobody knows.")
	linked := h.write(h.alice, h.shelf, top, "A linked one", "See [itself](/articles/3).")
	parent := h.write(h.alice, h.shelf, top, "A parent", "")
	child := h.write(h.alice, h.shelf, parent, "Known behind closed doors", "x")
	if linked != "3" {
		t.Fatal("the articles have other numbers")
	}
	h.write(h.mona, h.hidden, "", "Secret", "[x](/articles/"+child+")")
	h.Settle()
	const report = "/articles/trust?space=ateliers&show=unlinked"
	h.As(h.mona).Get(report).Status(200).See("A lonely one").NotSee("A linked one", "A parent", ">Top<", "Known behind closed doors")
	h.As(h.alice).Get(report).Status(403)
	other := h.Person("Otto", models.RoleEmployee)
	h.Tx(h.Actor(h.mona), func(tx *models.Tx) error {
		return tx.SetMember(&models.Space{ID: h.Actor(h.mona).AccessTo("ateliers").ID}, other, models.SpaceManager)
	})
	h.As(other).Get(report).Status(200).See("Known behind closed doors") // that the secret leads there is not said to him
	h.As(other).Get(report + "&cursor=0.987654321").See("Every article is linked to")
}

func TestADeadLinkUnderAnUnseenEventIsNotTold(t *testing.T) {
	h := open(t)
	mona := h.As(h.mona)
	mona.Post("/events", apptest.Form{"space": "closed", "title": "Falcon", "starts_day": "2030-01-05", "starts_time": "10:00", "ends_day": "2030-01-05", "ends_time": "11:00"}).Status(303)
	mona.Post("/events/1/posts", apptest.Form{"body": "Hush."}).Status(303)
	h.write(h.alice, h.shelf, "", "Start-up", "[p](/posts/1) [i](/ideas/987654)")
	mona.Post("/events/1/posts/1/removal", nil).Status(303)
	h.Settle()
	otto := h.Person("Otto", models.RoleEmployee)
	h.Tx(h.Actor(h.mona), func(tx *models.Tx) error {
		return tx.SetMember(&models.Space{ID: h.Actor(h.mona).AccessTo("ateliers").ID}, otto, models.SpaceManager)
	})
	const report = "/articles/trust?space=ateliers&show=dead"
	mona.Get(report).Status(200).See("/posts/1<")
	h.As(otto).Get(report).Status(200).See("/ideas/987654<").NotSee("/posts/1<")
}
