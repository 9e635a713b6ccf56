//go:build peers

package editor

import (
	"net/http"
	"testing"

	"ruche/app/apptest/browser"
)

// people answers for the people and ideas that can be named.
func (s *site) people() {
	s.HandleFunc("GET /people/suggestions", func(w http.ResponseWriter, r *http.Request) {
		found := map[string]string{
			"Mai": `{"id":5,"name":"Maintenance","hint":"14 personnes","group":true}`,
			"":    `{"id":12,"name":"Fatou Diarra","hint":"Logistique, Nantes"},{"id":3,"name":"Camille Ferrand","hint":"Qualité, Lyon"}`,
			"Cam": `{"id":3,"name":"Camille Ferrand","hint":"Qualité, Lyon"},{"id":4,"name":"Camille O’Neil [RH]","hint":"RH"}`,
		}[r.FormValue("q")]
		_, _ = w.Write([]byte(`{"items":[` + found + `]}`))
	})
	s.json("GET /search/suggestions", http.StatusOK, map[string]any{"groups": []any{
		map[string]any{"label": "Idées", "items": []any{
			map[string]any{"title": "Récupérer la purge [2026]", "url": "/ideas/7-recuperer-la-purge", "hint": "Extrusion"},
		}},
		map[string]any{"label": "Actions", "items": []any{map[string]any{"title": "Nouvelle idée", "url": "/ideas/new"}}},
	}})
}

func TestPeopleAreMentionedWithTheKeyboard(t *testing.T) {
	s := newSite(t)
	s.people()
	p := s.open(t, "", "")
	p.Click(area)
	p.Type("Avec @")
	p.See("Fatou Diarra")
	p.Type("Cam")
	p.See("Camille O’Neil [RH]")
	p.Screenshot("editor-mention")
	move(p, "ArrowDown")
	active := browser.Eval[string](p, `document.getElementById(document.querySelector("`+area+`").getAttribute("aria-activedescendant")).textContent`)
	if active != "Camille O’Neil [RH]RH" {
		t.Errorf("the active option is %q", active)
	}
	enter(p, 1)
	p.Type("oui")
	holds(t, p, `Avec [@Camille O’Neil \[RH\]](/people/4) oui`)
	if p.Count(area+"[aria-activedescendant], "+area+"[aria-controls]") > 0 {
		t.Error("the closed list is still announced")
	}
	p.Press("Backspace", "Backspace", "Backspace", "Backspace", "Backspace")
	holds(t, p, "Avec")
}

func TestAGroupIsMentionedAndReadAgain(t *testing.T) {
	s := newSite(t)
	s.people()
	p := s.open(t, "Pour [@Élus](/groups/7) et [@Zoé](/people/3).", "")
	p.Click(area)
	move(p, "Control+End")
	p.Type(" Aussi @Mai")
	p.See("14 personnes")
	enter(p, 1)
	p.Type("merci")
	holds(t, p, "Pour [@Élus](/groups/7) et [@Zoé](/people/3). Aussi [@Maintenance](/groups/5) merci")
}

func TestIdeasAreLinked(t *testing.T) {
	s := newSite(t)
	s.people()
	p := s.open(t, "Voir, et fin.", "")
	p.Click(area)
	move(p, "Control+Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
	p.Click("button=Citer une idée")
	p.See("Tapez quelques lettres…")
	p.Type("pu")
	p.NotSee("Tapez quelques lettres…")
	p.NotSee("Nouvelle idée")
	p.Click("text=Récupérer la purge")
	holds(t, p, `Voir [Récupérer la purge \[2026\]](/ideas/7-recuperer-la-purge), et fin.`)
	p.Type(" x")
	holds(t, p, `Voir [Récupérer la purge \[2026\]](/ideas/7-recuperer-la-purge) x, et fin.`)
}

func TestTheListLeavesOthersWordsAlone(t *testing.T) {
	s := newSite(t)
	s.people()
	p := s.open(t, "", "")
	p.Click(area)
	p.Type("jean@exemple.fr, @Zz")
	p.See("Personne ne correspond")
	p.Type("z et la suite")
	p.NotSee("Personne ne correspond")
	enter(p, 1)
	p.Type("@Cam")
	p.See("Camille Ferrand")
	p.Press("Escape")
	p.NotSee("Camille Ferrand")
	p.Type("ille")
	enter(p, 1)
	p.Type("# Titre")
	holds(t, p, "jean@exemple.fr, @Zzz et la suite\n\n@Camille\n\n# Titre")
}

func TestWithoutAddressesThereAreNoButtonsAndNoLists(t *testing.T) {
	s := newSite(t)
	s.page("/write", `<form><label for="body">Texte</label><markdown-editor lang="fr" labels="`+words()+`" `+sources()+`><textarea id="body" name="body"></textarea></markdown-editor></form>`)
	p := browser.Open(t)
	p.Go(s.url + "/write")
	p.Click("label=Texte")
	p.Wait("markdown-editor[ready]")
	p.Type("@Cam #pur")
	for _, name := range []string{"Image", "Mentionner une personne", "Citer une idée"} {
		if p.Count(`button[aria-label="`+name+`"]`) > 0 {
			t.Errorf("there is a button %q", name)
		}
	}
	give(p, "paste", area, "purge.png", "image/png")
	p.Gone(".editor-suggestions")
	holds(t, p, "@Cam #pur")
}
