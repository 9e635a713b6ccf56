//go:build peers

package editor

import (
	"html"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"ruche/app/apptest/browser"
)

func TestAxeFindsNothing(t *testing.T) {
	const all = "## Titre\n\nDu **gras** et un [lien](/x), [@Zoé](/people/3) ![image](/files/9)\n\n- [ ] tâche\n\n| a | b |\n|---|---|\n| c | d |\n\n> citation\n\n```\ncode\n```"
	s := newSite(t)
	s.people()
	for _, dark := range []bool{false, true} {
		p := s.openAt(t, "/write-"+map[bool]string{false: "light", true: "dark"}[dark], all, "")
		p.Dark(dark)
		p.Axe()
		p.Click(".editor-surface td")
		p.Axe()
		p.Click("button=Lien")
		p.Axe()
		p.Press("Escape")
		p.Press("Control+End")
		p.Type("@Cam")
		p.See("Camille Ferrand")
		p.Axe()
		p.Press("Escape")
		p.Click("button=Markdown")
		p.Axe()
	}
}

func TestTheToolbarIsOneStopForTab(t *testing.T) {
	p := newSite(t).open(t, "Texte", "")
	p.Click("h1")
	p.Press("Tab")
	if got := p.Focused(); !strings.Contains(got, `aria-label="Gras"`) {
		t.Errorf("Tab goes to %s", got)
	}
	p.Press("ArrowRight", "ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home", "ArrowRight")
	if got := p.Focused(); !strings.Contains(got, `aria-label="Italique"`) || p.Count(`[role=toolbar] [tabindex="0"]`) != 1 {
		t.Errorf("the arrows go to %s", got)
	}
	p.Press("Tab")
	if got := p.Focused(); !strings.Contains(got, `role="textbox"`) || !strings.Contains(got, `aria-labelledby="body-label"`) {
		t.Errorf("Tab goes on to %s", got)
	}
	p.Press("Alt+" + kb.F10)
	if got := p.Focused(); !strings.Contains(got, `aria-label="Italique"`) {
		t.Errorf("Alt F10 goes to %s", got)
	}
	p.Press("Escape", "Tab")
	if got := p.Focused(); strings.Contains(got, "textbox") {
		t.Errorf("Tab does not leave the text: %s", got)
	}
}

func TestTheFieldKeepsItsNameAndState(t *testing.T) {
	s := newSite(t)
	s.page("/write", `<form><markdown-editor lang="fr" labels="`+words()+`" `+sources()+`>
<textarea id="body" name="body" aria-label="Réponse" aria-describedby="why" aria-invalid="true" required></textarea></markdown-editor><p id="why">Trop court</p></form>`)
	p := browser.Open(t)
	p.Go(s.url + "/write")
	p.Wait("markdown-editor[ready]")
	for name, want := range map[string]string{"aria-label": "Réponse", "aria-describedby": "why", "aria-invalid": "true", "aria-required": "true", "lang": "fr"} {
		if got := p.Attr(area, name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}

func TestWithoutScriptsItIsATextarea(t *testing.T) {
	s := newSite(t)
	s.HandleFunc("POST /sent", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `<!doctype html><meta charset="utf-8"><title>Reçu</title><link rel="icon" href="data:,"><p>Reçu : `+html.EscapeString(r.FormValue("body")))
	})
	s.page("/write", editor("Un **mot**", ""))
	p := browser.Open(t, browser.WithoutScripts, browser.Language("fr"))
	p.Go(s.url + "/write")
	p.Fill("label=Votre idée", "Un **autre**")
	p.Screenshot("editor-no-scripts")
	p.Click("button=Publier")
	p.See("Reçu : Un **autre**")
}

func TestAShortFieldLoadsTheEditorWhenItIsUsed(t *testing.T) {
	s := newSite(t)
	s.page("/write", editor("", "compact"))
	p := browser.Open(t, browser.Language("fr"))
	p.Go(s.url + "/write")
	loaded := `performance.getEntriesByType("resource").some((file) => file.name.includes("vendor/editor"))`
	browser.Eval[any](p, `new Promise((resolve) => requestIdleCallback(resolve))`)
	if browser.Eval[bool](p, loaded) {
		t.Error("the editor was fetched before anybody wrote")
	}
	p.Click("textarea")
	p.Type("Merci")
	p.Wait("markdown-editor[ready]")
	p.Type(" à vous")
	holds(t, p, "Merci à vous")
	p.Screenshot("editor-compact")
}

func TestThePageDoesNotMoveWhenTheEditorComes(t *testing.T) {
	for _, option := range []browser.Option{browser.Wide, browser.Phone} {
		s := newSite(t)
		s.page("/write", editor("Un texte\n\nsur trois\n\nlignes", ""))
		p := browser.Open(t, option, browser.Language("fr"))
		p.Go(s.url + "/write")
		p.Wait("markdown-editor[ready]")
		shift := browser.Eval[float64](p, `new Promise((resolve) => new PerformanceObserver((list) =>
			resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => resolve(0), 300))`)
		if shift > 0.02 {
			t.Errorf("the page moves by %.3f", shift)
		}
	}
}

func TestTurboFindsTheTextareaAgain(t *testing.T) {
	p := newSite(t).open(t, "Texte", "")
	p.Click(area)
	p.Press("Control+End")
	p.Type(" long")
	browser.Eval[any](p, `document.dispatchEvent(new Event("turbo:before-cache"))`)
	if p.Count("markdown-editor > *") != 1 || p.Count("textarea[hidden]") != 0 {
		t.Error("the editor is still there")
	}
	holds(t, p, "Texte long")
	browser.Eval[any](p, `{ const kept = document.querySelector("form").cloneNode(true); document.querySelector("form").replaceWith(kept); }`)
	p.Wait("markdown-editor[ready]")
	if p.Count(area) != 1 {
		t.Error("the editor did not come back once")
	}
}
