package knowledge_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/app/text"
	"ruche/models"
)

var templateAddress = regexp.MustCompile(`/templates/(\d+)/edit`)

// template adds a template and returns its number.
func (h *house) template(by *models.User, space, title, body string) string {
	h.t.Helper()
	h.As(by).Post("/templates", apptest.Form{"space": space, "title": title, "guide": "When it fits", "body": body}).Status(http.StatusSeeOther)
	found := templateAddress.FindAllStringSubmatch(h.As(by).Get("/templates?space="+space).Text, -1)
	return found[len(found)-1][1]
}

func TestAnArticleBeginsWithATemplate(t *testing.T) {
	h := open(t)
	blank := h.As(h.alice).Get("/articles/new?collection=" + h.shelf).Status(http.StatusOK)
	for _, name := range []string{"how-to", "decision", "meeting", "project", "faq", "onboarding"} {
		if !strings.Contains(blank.Text, "/articles/new?collection="+h.shelf+"&amp;template="+name) {
			t.Errorf("%s is not offered", name)
		}
		for _, lang := range []string{"en", "fr"} {
			body, err := os.ReadFile("templates/" + lang + "/" + name + ".md")
			if err != nil {
				t.Fatal(err)
			}
			shown, err := text.Render(string(body), text.Body, nil)
			if err != nil || len(shown.Headings) < 4 || strings.Contains(shown.HTML, "HINT") {
				t.Errorf("%s in %s: %d headings, %v", name, lang, len(shown.Headings), err)
			}
		}
	}
	begun := h.As(h.alice).Get("/articles/new?collection=" + h.shelf + "&template=decision").Status(http.StatusOK)
	if !strings.Contains(begun.Text, "[!HINT]") || strings.Contains(begun.Text, "template=faq") {
		t.Error("the form does not hold the template alone")
	}
	article := h.write(h.alice, h.shelf, "", "We keep line 4", "## Decision\n\n> [!HINT]\n> Quote me verbatim.\n\nWe keep it.")
	if page := h.As(h.bob).Get(h.page(article)); strings.Contains(page.Text, "Quote me verbatim") || !strings.Contains(page.Text, "We keep it.") {
		t.Error("readers are shown the advice to the writer")
	}
	if form := h.As(h.alice).Get("/articles/" + article + "/edit"); !strings.Contains(form.Text, "Quote me verbatim") {
		t.Error("the advice is lost")
	}
	h.As(h.alice).Get("/articles/new?collection=" + h.shelf + "&template=nothing").Status(http.StatusNotFound)
	h.As(h.alice).Get("/articles/new?template=99999999999999999").Status(http.StatusNotFound)
}

func TestTemplatesOfASpaceAreArranged(t *testing.T) {
	h := open(t)
	first, second := h.template(h.mona, "ateliers", "Shift report", "## What happened"), h.template(h.mona, "ateliers", "Setting sheet", "## Values")
	offered := func() string { return h.As(h.alice).Get("/articles/new?collection=" + h.shelf).Text }
	if page := offered(); strings.Index(page, "Shift report") > strings.Index(page, "Setting sheet") || !strings.Contains(page, "Setting sheet") {
		t.Error("they are not offered in their order")
	}
	if page := h.As(h.mona).Get("/articles/new?collection=" + h.outside).Text; strings.Contains(page, "Shift report") {
		t.Error("another space offers them")
	}
	h.As(h.mona).Post("/templates/"+second+"/step", apptest.Form{"to": "up"}).Status(http.StatusSeeOther)
	if page := offered(); strings.Index(page, "Shift report") < strings.Index(page, "Setting sheet") {
		t.Error("the second did not move up")
	}
	h.As(h.mona).Post("/templates/"+first+"/retirement", apptest.Form{"retired": "1"}).Status(http.StatusSeeOther)
	if strings.Contains(offered(), "Shift report") {
		t.Error("a retired template is offered")
	}
	h.As(h.mona).Post("/templates/"+first+"/retirement", apptest.Form{"retired": "0"}).Status(http.StatusSeeOther)
	h.As(h.mona).Post("/templates/"+first, apptest.Form{"title": "Shift log", "body": "## Log", "base": "1"}).Status(http.StatusSeeOther)
	lost := h.As(h.mona).Post("/templates/"+first, apptest.Form{"title": "Mine", "body": "## My words", "base": "1"}).Status(http.StatusConflict)
	if !strings.Contains(lost.Text, "## My words") || !strings.Contains(lost.Text, "## Log") || !strings.Contains(offered(), "Shift log") {
		t.Error("somebody's text is overwritten or lost")
	}
	if page := h.As(h.alice).Get("/articles/new?collection=" + h.shelf + "&template=" + first).Text; !strings.Contains(page, "## Log") {
		t.Error("it does not begin an article")
	}
}

func TestTemplatesAreRefused(t *testing.T) {
	h := open(t)
	manager := h.Person("Ines", models.RoleManager)
	own, hidden, house := h.template(h.mona, "ateliers", "Of the workshops", "## A"), h.template(h.mona, "closed", "Secret sheet", "## B"), h.template(manager, "", "Of the house", "## C")
	for by, client := range map[*models.User]*apptest.Client{h.alice: h.As(h.alice), h.bob: h.As(h.bob)} {
		client.Get("/templates").Status(http.StatusForbidden)
		client.Get("/templates?space=ateliers").Status(http.StatusForbidden)
		client.Get("/templates?space=closed").Status(http.StatusNotFound)
		client.Post("/templates", apptest.Form{"space": "ateliers", "title": "A", "body": "a"}).Status(http.StatusForbidden)
		client.Post("/templates", apptest.Form{"title": "A", "body": "a"}).Status(http.StatusForbidden)
		client.Post("/templates/"+own, apptest.Form{"title": "A", "body": "a", "base": "1"}).Status(http.StatusForbidden)
		client.Post("/templates/"+house+"/retirement", apptest.Form{"retired": "1"}).Status(http.StatusForbidden)
		client.Get("/templates/" + hidden + "/edit").Status(http.StatusNotFound)
		client.Get("/articles/new?template=" + hidden).Status(http.StatusNotFound)
		if page := client.Get("/articles/new?collection=" + h.shelf).Text; strings.Contains(page, "Secret sheet") || !strings.Contains(page, "Of the house") {
			t.Errorf("%s is offered something else than their spaces' and the house's", by.Name)
		}
	}
	h.As(h.mona).Post("/templates/"+house, apptest.Form{"title": "A", "body": "a", "base": "1"}).Status(http.StatusForbidden)
	for name, form := range map[string]apptest.Form{
		"no name":   {"space": "ateliers", "title": " ", "body": "a"},
		"long name": {"space": "ateliers", "title": strings.Repeat("a", 81), "body": "a"},
		"no text":   {"space": "ateliers", "title": "A", "body": " \n"},
		"a picture": {"space": "ateliers", "title": "A", "body": "![a](/files/1)"},
		"endless":   {"space": "ateliers", "title": "A", "body": strings.Repeat("a", text.MaxBody+1)},
		"nested":    {"space": "ateliers", "title": "A", "body": strings.Repeat(">", 60) + "a"},
	} {
		if answer := h.As(h.mona).Post("/templates", form); answer.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
	h.As(h.mona).Post("/templates/"+own+"/step", apptest.Form{"to": "sideways"}).Status(http.StatusUnprocessableEntity)
	h.As(h.mona).Post("/templates/"+own+"/retirement", apptest.Form{"retired": "2"}).Status(http.StatusUnprocessableEntity)
}

func TestAnArticleBecomesATemplate(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "A fine sheet", "## Values\n\n- [ ] Weigh")
	form := h.As(h.mona).Get("/templates/new?article=" + article).Status(http.StatusOK)
	if !strings.Contains(form.Text, "- [ ] Weigh") || !strings.Contains(form.Text, "A fine sheet") {
		t.Error("the form does not hold the text of the article")
	}
	h.As(h.alice).Get("/templates/new?article=" + article).Status(http.StatusForbidden)
	secret := h.write(h.mona, h.hidden, "", "Secret", "Words.")
	h.As(h.bob).Get("/templates/new?article=" + secret).Status(http.StatusNotFound)
}

func TestProgramsArrangeTemplates(t *testing.T) {
	h := open(t)
	p := h.program(h.mona, models.ScopeManage)
	made := decoded(t, p.call("POST", "/templates", `{"space":"ateliers","title":"By a program","body":"## A"}`, "Idempotency-Key", "one").Status(http.StatusCreated))
	again := decoded(t, p.call("POST", "/templates", `{"space":"ateliers","title":"By a program","body":"## A"}`, "Idempotency-Key", "one").Status(http.StatusCreated))
	if made.ID == 0 || made.ID != again.ID {
		t.Errorf("made %d, then %d", made.ID, again.ID)
	}
	at := fmt.Sprintf("/templates/%d", made.ID)
	if edited := decoded(t, p.call("PATCH", at, `{"title":"Another"}`).Status(http.StatusOK)); edited.Title != "Another" || edited.Version != 2 {
		t.Errorf("%+v", edited)
	}
	p.call("PUT", at+"/retirement", "").Status(http.StatusOK)
	p.call("DELETE", at+"/retirement", "").Status(http.StatusOK)
	p.call("PUT", at+"/place", `{"to":"up"}`).Status(http.StatusOK)
	reader := h.program(h.alice, models.ScopeRead)
	if list := decoded(t, reader.call("GET", "/templates?space=ateliers", "").Status(http.StatusOK)); len(list.Items) != 1 {
		t.Errorf("%d are listed", len(list.Items))
	}
	reader.call("GET", "/templates?space=closed", "").Status(http.StatusNotFound)
	h.program(h.karen, models.ScopeRead).call("GET", "/templates", "").Status(http.StatusForbidden)
	h.program(h.alice, models.ScopeManage).call("PATCH", at, `{"title":"Mine"}`).Status(http.StatusForbidden)
}
