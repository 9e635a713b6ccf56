package glossary_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/app/glossary"
	"ruche/app/text"
	"ruche/app/writing"
	"ruche/models"
)

// house has a space of the company and one that few may see; mona leads them.
type house struct {
	*apptest.Site
	alice, bob, mona, karen *models.User
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t)}
	h.alice, h.bob, h.mona = h.Person("Alice", models.RoleEmployee), h.Person("Bob", models.RoleEmployee), h.Person("Mona", models.RoleEmployee)
	h.karen = h.Person("Karen", models.RoleExternal)
	h.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.alice: models.SpaceMember, h.bob: models.SpaceMember})
	h.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	h.Space("partners", models.External, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.karen: models.SpaceMember})
	for _, slug := range []string{"ateliers", "closed", "partners"} {
		h.As(h.mona).Post("/collections", apptest.Form{"space": slug, "title": "Of " + slug}).Status(303)
	}
	return h
}

func (h *house) define(by *models.User, space, word, definition string, more ...string) {
	form := apptest.Form{"space": space, "word": word, "definition": definition}
	for i := 0; i+1 < len(more); i += 2 {
		form[more[i]] = more[i+1]
	}
	h.As(by).Post("/glossary", form).Status(http.StatusSeeOther)
}

func TestATermIsDefinedListedAndFound(t *testing.T) {
	h := open(t)
	h.define(h.alice, "ateliers", "Extruder", "It *pushes* <b>plastic</b>.", "also", "screw press; EXT")
	h.define(h.alice, "ateliers", "Écart", "Une différence.", "lang", "fr")
	h.define(h.mona, "closed", "Falcon", "Hush.")
	bob := h.As(h.bob)
	bob.Get("/glossary").See("Extruder", "screw press, EXT", "<em>pushes</em>", "&lt;b&gt;", "Écart", `id="letter-E"`).NotSee("Falcon", "<b>plastic")
	bob.Get("/glossary?from=ex").See("Extruder").NotSee("Écart")
	bob.Get("/glossary?from=screw+press").See("may have meant", "Extruder")
	bob.Get("/glossary?space=closed").Status(404)
	bob.Get("/glossary?cursor=x").Status(422)
	bob.Get("/glossary/1").Status(301)
	bob.Get("/glossary/1-extruder").See("pushes", "Alice", "Version 1", "Take out")
	bob.Get("/glossary/3").Status(404)
	h.As(h.mona).Get("/glossary?from=f").See("Falcon")
	h.As(h.karen).Get("/glossary").NotSee("Extruder", "Falcon", "Add a term")
	h.As(h.karen).Get("/glossary/1").Status(404)
	h.Visitor().Get("/glossary").Status(200).NotSee("Extruder")
	bob.Get("/search?q=what+is+an+ext%3F").See("/glossary/1-extruder")
	bob.Get("/search?q=falcon").NotSee("/glossary/3")
	bob.Get("/glossary/table").See("Extruder,", "ateliers").NotSee("Falcon")
	bob.Get("/glossary/table?space=closed").Status(404)
}

func TestWhatIsNoTermIsSaidAtItsField(t *testing.T) {
	h := open(t)
	h.define(h.alice, "ateliers", "Extruder", "It pushes.", "also", "EXT")
	alice := h.As(h.alice)
	for field, form := range map[string]apptest.Form{
		"word":       {"word": "…", "definition": "x"},
		"also":       {"word": "Press", "definition": "x", "also": "ext"},
		"definition": {"word": "Press", "definition": "# A heading"},
		"article":    {"word": "Press", "definition": "x", "article": "/threads/3"},
		"everywhere": {"word": "Press", "definition": "x", "everywhere": "1"},
		"lang":       {"word": "Press", "definition": "x", "lang": "de"},
	} {
		form["space"] = "ateliers"
		answer := alice.Post("/glossary", form).Status(422)
		if field == "everywhere" { // which she is not offered
			answer.See("arranges the collections")
		} else {
			answer.See(field + "-error")
		}
	}
	for _, form := range []apptest.Form{
		{"word": " EXTRUDER ", "definition": "x"}, {"word": strings.Repeat("w", 81), "definition": "x"}, {"word": "Press", "definition": ""}, {"word": "Press", "definition": strings.Repeat("w ", 400)},
		{"word": "Press", "definition": "![x](/files/1)"}, {"word": "Press", "definition": "x", "article": "999999999999999999"}, {"word": "Press", "definition": "x", "also": "1,2,3,4,5,6,7,8,9,10,11"},
	} {
		form["space"] = "ateliers"
		alice.Post("/glossary", form).Status(422)
	}
	alice.Post("/glossary", apptest.Form{"space": "closed", "word": "Press", "definition": "x"}).Status(404)
	h.As(h.karen).Post("/glossary", apptest.Form{"space": "partners", "word": "Press", "definition": "x"}).Status(403)
	h.As(h.karen).Get("/glossary/new").Status(403)
	h.define(h.mona, "partners", "Extruder", "Another space, another meaning.")
	h.As(h.karen).Get("/glossary/2-extruder").See("another meaning").NotSee("Take out")
	for _, path := range []string{"/glossary/2", "/glossary/2/withdrawal", "/glossary/2/restoration", "/glossary/2/versions/1"} {
		h.As(h.karen).Post(path, apptest.Form{"word": "Mine", "definition": "x", "base": "1"}).Status(403)
		h.As(h.karen).Post(strings.Replace(path, "/2", "/1", 1), apptest.Form{"word": "Mine", "definition": "x", "base": "1"}).Status(404)
	}
}

func TestWhatIsSaidOfATermIsKeptAndTakenBack(t *testing.T) {
	h := open(t)
	h.define(h.alice, "ateliers", "Extruder", "It pushes.")
	bob, alice := h.As(h.bob), h.As(h.alice)
	bob.Get("/glossary/1/edit").See(`name="base" value="1"`, "It pushes.")
	bob.Post("/glossary/1", apptest.Form{"word": "Extruder", "definition": "It pushes plastic.", "base": "1"}).Status(303)
	alice.Post("/glossary/1", apptest.Form{"word": "Extruder", "definition": "Mine.", "base": "1"}).Status(409).See("It pushes plastic.", "Mine.", `name="base" value="2"`)
	alice.Get("/glossary/1-extruder").See("It pushes plastic.", "Version 2", "Bob")
	alice.Post("/glossary/1/versions/1", nil).Status(303)
	alice.Get("/glossary/1-extruder").See("Version 3")
	alice.Post("/glossary/1/versions/9", nil).Status(404)
	alice.Post("/glossary/1/withdrawal", nil).Status(303)
	alice.Get("/glossary").NotSee("It pushes.")
	alice.Get("/glossary/1-extruder").See("no longer in the glossary", "/glossary/1/restoration")
	alice.Post("/glossary/1", apptest.Form{"word": "Extruder", "definition": "Mine.", "base": "3"}).Status(409)
	h.define(h.bob, "ateliers", "extruder", "Anew.")
	alice.Post("/glossary/1/restoration", nil).Status(422) // the word is another's now
	bob.Post("/glossary/2/withdrawal", nil).Status(303)
	alice.Post("/glossary/1/restoration", nil).Status(303)
	alice.Get("/glossary").See("It pushes.").NotSee("Anew.")
	h.As(h.karen).Get("/glossary/2").Status(404)
}

func TestTermsAreMarkedInArticlesForThoseWhoMaySeeThem(t *testing.T) {
	h := open(t)
	body := "The extruder. Falcon and an extruder, `extruder`.\n\n## Extruder"
	for _, collection := range []string{"1", "3"} {
		h.As(h.mona).Post("/articles", apptest.Form{"collection": collection, "title": "Purge", "body": body}).Status(303)
	}
	bob, mona := h.As(h.bob), h.As(h.mona)
	bob.Get("/articles/1-purge").NotSee("data-term")
	h.define(h.alice, "ateliers", "Extruder", "It pushes.", "article", "/articles/1-purge")
	h.define(h.mona, "closed", "Falcon", "Hush.", "everywhere", "1")
	page := bob.Get("/articles/1-purge").See(`<a class="term" href="/glossary/1-extruder" data-term="1"`, `id="term-1"`, "It pushes.").NotSee("/glossary/2", "Hush.")
	if n := strings.Count(page.Text, "data-term"); n != 1 {
		t.Errorf("%d words are marked", n)
	}
	bob.Get("/glossary/1-extruder").See("More in", "/articles/1-purge")
	mona.Get("/articles/1-purge").See("/glossary/1-extruder", "/glossary/2-falcon", "Hush.")
	mona.Get("/articles/2-purge").See("/glossary/2-falcon").NotSee("/glossary/1-extruder") // which is said of another space only
	h.As(h.karen).Get("/articles/2-purge").NotSee("data-term", "Hush.")
	bob.Post("/glossary/1/withdrawal", nil).Status(303)
	bob.Get("/articles/1-purge").NotSee("data-term")
}

func TestAnotherProcessLearnsOfATerm(t *testing.T) {
	h := open(t)
	elsewhere := glossary.New(h.Web, writing.New(h.Web))
	follow, err := elsewhere.Follow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	go follow(t.Context())
	bob := h.Actor(h.bob)
	space := bob.AccessTo("ateliers").ID
	sentence := func() text.Marked {
		rendered := "<p>The extruder.</p>"
		return text.Marked{HTML: &rendered, Lang: "en"}
	}
	deadline := time.After(10 * time.Second)
	if terms, err := elsewhere.Mark(t.Context(), bob, space, sentence()); err != nil || len(terms) != 0 {
		t.Fatalf("found %v, %v", terms, err)
	}
	h.define(h.alice, "ateliers", "Extruder", "It pushes.")
	for {
		terms, err := elsewhere.Mark(t.Context(), bob, space, sentence())
		if err != nil {
			t.Fatal(err)
		}
		if len(terms) == 1 {
			return
		}
		select {
		case <-deadline:
			t.Fatal("the term is not marked")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestTheGlossaryIsReadPageByPage(t *testing.T) {
	h := open(t)
	for i := range 65 {
		h.define(h.alice, "ateliers", fmt.Sprintf("Word %02d", i), "Meaning.")
	}
	first := h.As(h.bob).Get("/glossary").See("Word 00", "Word 59", "Next page").NotSee("Word 60")
	_, rest, _ := strings.Cut(first.Text, "/glossary?cursor=")
	cursor, _, _ := strings.Cut(rest, `"`)
	h.As(h.bob).Get("/glossary?cursor="+cursor).See("Word 60", "Word 64").NotSee("Word 59", "Next page")
}

func TestProgramsReadAndWriteTheGlossary(t *testing.T) {
	h := open(t)
	header := http.Header{"Authorization": {"Bearer " + h.Token(h.alice, models.ScopeWrite)}, "Content-Type": {"application/json"}, "Idempotency-Key": {"one"}}
	call := func(method, path, body string) *apptest.Answer {
		return h.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), header)
	}
	term := `{"space":"ateliers","word":"Extruder","also":["EXT"],"definition":"It pushes."}`
	call("POST", "/glossary", term).Status(201).See(`"word":"Extruder"`)
	call("POST", "/glossary", term).Status(201).See(`"id":1`)
	call("POST", "/glossary", `{"space":"ateliers","word":"Other","definition":"x"}`).Status(409)
	header.Del("Idempotency-Key")
	call("POST", "/glossary", `{"space":"ateliers","word":"Extruder","definition":"x"}`).Status(422).See("body.word")
	call("POST", "/glossary", `{"space":"closed","word":"Extruder","definition":"x"}`).Status(404)
	call("GET", "/glossary?from=ext&limit=1", "").Status(200).See(`"also":["EXT"]`, `"next":null`)
	call("PATCH", "/glossary/1", `{"definition":"It pushes plastic."}`).Status(200).See(`"version":2`, `"also":["EXT"]`)
	call("DELETE", "/glossary/1", "").Status(204)
	call("GET", "/glossary", "").NotSee("Extruder")
	call("POST", "/glossary/1/restoration", "").Status(200).See(`"state":"published"`)
	call("GET", "/glossary/77", "").Status(404)
}

func TestATermDoesNotTellOfAnArticleThatItsReaderMayNotSee(t *testing.T) {
	h := open(t)
	mona, bob := h.As(h.mona), h.As(h.bob)
	mona.Post("/articles", apptest.Form{"collection": "1", "title": "Zyzzyva", "body": "x"}).Status(303)
	h.define(h.alice, "ateliers", "Extruder", "It pushes.", "article", "/articles/1")
	bob.Get("/glossary/1-extruder").See("Zyzzyva")
	mona.Post("/collections/1/readers", apptest.Form{"person": h.alice.Email}).Status(303)
	for _, path := range []string{"/glossary/1-extruder", "/glossary/1/edit", "/glossary/table", "/glossary"} {
		bob.Get(path).Status(200).NotSee("Zyzzyva", "/articles/1")
	}
	h.As(h.alice).Get("/glossary/1-extruder").See("Zyzzyva")
	bob.Post("/glossary/1", apptest.Form{"word": "Extruder", "definition": "It pushes hard.", "base": "1"}).Status(303)
	bob.Post("/glossary/1/withdrawal", nil).Status(303)
	bob.Post("/glossary/1/restoration", nil).Status(303)
	h.As(h.alice).Get("/glossary/1-extruder").See("Zyzzyva", "hard") // what Bob does not see, he has not taken away
}
