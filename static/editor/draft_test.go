//go:build peers

package editor

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest/browser"
)

// drafts is a server that keeps the drafts of one form.
type drafts struct {
	*site
	puts   chan map[string]string
	status int // the answer to a draft, 0 for success
	at     time.Time
}

const keeperLabels = `saved-label="Enregistré à {time}" local-label="Gardé ici à {time}" lost-label="Session expirée, texte gardé ici"
restored-label="Texte du {time} repris" discard-label="Revenir" discarded-label="Texte abandonné" undo-label="Annuler"`

func newDrafts(t *testing.T) *drafts {
	d := &drafts{site: newSite(t), puts: make(chan map[string]string, 20), at: time.Now().UTC()}
	d.HandleFunc("PUT /drafts/idea/new", func(w http.ResponseWriter, r *http.Request) {
		var said struct{ Fields map[string]string }
		if err := json.NewDecoder(r.Body).Decode(&said); err != nil || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("draft: %v", err)
		}
		d.puts <- said.Fields
		if d.status != 0 {
			w.WriteHeader(d.status)
			return
		}
		_, _ = fmt.Fprintf(w, `{"saved_at":%q}`, d.at.Format(time.RFC3339Nano))
	})
	d.HandleFunc("DELETE /drafts/idea/new", func(w http.ResponseWriter, _ *http.Request) {
		d.puts <- nil
		w.WriteHeader(http.StatusNoContent)
	})
	return d
}

// form is a page with the form, as the server would send it with a draft saved at some time, or none.
func (d *drafts) form(path, title, body, savedAt string) {
	d.page(path, fmt.Sprintf(`<draft-keeper name="idea/new" url="/drafts/idea/new" person="12" saved-at="%s" %s>
<form method="post" action="/sent"><input type="hidden" name="once" value="x"><label>Titre <input name="title" value="%s"></label>
<label><input type="checkbox" name="tags" value="a"> A</label><label><input type="checkbox" name="tags" value="b"> B</label>
<label for="body">Votre idée</label><markdown-editor lang="fr" %s labels="%s"><textarea id="body" name="body">%s</textarea></markdown-editor>
<button>Publier</button> <span data-draft-state></span></form></draft-keeper>`, savedAt, keeperLabels, title, sources(), words(), body))
}

func (d *drafts) openForm(t *testing.T) *browser.Page {
	t.Helper()
	p := browser.Open(t, browser.Language("fr"))
	p.Go(d.url + "/write")
	p.Wait("markdown-editor[ready]")
	return p
}

// next waits for what the server is told next.
func (d *drafts) next(t *testing.T) map[string]string {
	t.Helper()
	select {
	case fields := <-d.puts:
		return fields
	case <-time.After(10 * time.Second):
		t.Fatal("the server was not told")
		return nil
	}
}

func TestADraftIsKeptHereAtOnceAndOnTheServerSoon(t *testing.T) {
	d := newDrafts(t)
	d.form("/write", "", "", "")
	p := d.openForm(t)
	p.Fill("label=Titre", "Palettes")
	p.Click("text=B")
	p.Click(area)
	p.Type("Des **palettes**")
	kept := browser.Eval[string](p, `localStorage.getItem("ruche:draft:12:idea/new")`)
	if !strings.Contains(kept, `"body":"Des **palettes**"`) || !strings.Contains(kept, `"synced":false`) {
		t.Errorf("the browser keeps %s", kept)
	}
	got := d.next(t)
	if got["title"] != "Palettes" || got["body"] != "Des **palettes**" || got["tags"] != "b" || len(got) != 3 {
		t.Errorf("the server was told %v", got)
	}
	paris, _ := time.LoadLocation("Europe/Paris")
	p.See("Enregistré à " + d.at.In(paris).Format("15:04"))
	if p.Attr("[data-draft-state]", "role") != "status" {
		t.Error("the state is not announced")
	}
}

func TestADraftSurvivesAReloadBeforeTheServerKnew(t *testing.T) {
	d := newDrafts(t)
	d.status = http.StatusServiceUnavailable
	d.form("/write", "Titre du serveur", "Texte du serveur", "2026-01-02T03:04:05Z")
	p := d.openForm(t)
	p.Allow("503")
	p.Click(area)
	move(p, "Control+End")
	p.Type(" et la suite")
	d.next(t)
	p.See("Gardé ici à")
	p.Reload()
	p.See("repris")
	p.Wait("markdown-editor[ready]")
	p.See("Texte du serveur et la suite")
	p.Screenshot("draft-restored")
	p.Click("button=Revenir")
	p.See("Texte abandonné")
	holds(t, p, "Texte du serveur")
	p.NotSee("et la suite")
	p.Click("button=Annuler")
	p.See("Texte du serveur et la suite")
	holds(t, p, "Texte du serveur et la suite")
}

func TestANewerDraftOfAnotherDeviceWins(t *testing.T) {
	d := newDrafts(t)
	d.form("/write", "", "Texte neuf", "2026-01-02T03:04:05Z")
	p := d.openForm(t)
	browser.Eval[any](p, `localStorage.setItem("ruche:draft:12:idea/new", JSON.stringify({ fields: { body: "Texte ancien" }, at: "2025-01-01T00:00:00Z", base: "2024-12-31T00:00:00Z", synced: false }))`)
	p.Reload()
	p.Wait("markdown-editor[ready]")
	holds(t, p, "Texte neuf")
	p.NotSee("repris")
}

func TestADraftThatWasNeverOnTheServerIsDroppedThere(t *testing.T) {
	d := newDrafts(t)
	d.form("/write", "", "", "")
	p := d.openForm(t)
	browser.Eval[any](p, `localStorage.setItem("ruche:draft:12:idea/new", JSON.stringify({ fields: { body: "Gardé" }, at: new Date().toISOString(), base: "", synced: false }))`)
	p.Reload()
	p.See("Gardé")
	p.Click("button=Revenir")
	for fields := d.next(t); fields != nil; fields = d.next(t) { // the restored text may have been saved before
		if fields["body"] != "Gardé" {
			t.Errorf("the server was told %v", fields)
		}
	}
	holds(t, p, "")
}

func TestALostSessionKeepsTheTextAndSaysSo(t *testing.T) {
	d := newDrafts(t)
	d.status = http.StatusUnauthorized
	d.form("/write", "", "", "")
	p := d.openForm(t)
	p.Allow("401")
	p.Click(area)
	p.Type("Précieux")
	d.next(t)
	p.See("Session expirée, texte gardé ici")
	p.Reload()
	p.See("Précieux")
}

func TestLeavingThePageTellsTheServer(t *testing.T) {
	d := newDrafts(t)
	d.form("/write", "", "", "")
	d.page("/elsewhere", "<p>Ailleurs</p>")
	p := d.openForm(t)
	p.Click(area)
	p.Type("En partant")
	p.Go(d.url + "/elsewhere")
	if got := d.next(t); got["body"] != "En partant" {
		t.Errorf("the server was told %v", got)
	}
}

func TestASentDraftDoesNotComeBack(t *testing.T) {
	d := newDrafts(t)
	d.form("/write", "", "", "")
	d.HandleFunc("POST /sent", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.FormValue("title") == "" { // answered with the same form
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = io.WriteString(w, `<!doctype html><title>Refusé</title><link rel="icon" href="data:,"><p>Il manque un titre</p>`)
			return
		}
		http.Redirect(w, r, "/done", http.StatusSeeOther)
	})
	d.HandleFunc("GET /done", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="fr"><title>Publié</title><link rel="icon" href="data:,"><meta name="draft-sent" content="idea/new comment/3"><script type="module" src="%s"></script><p>Publié</p>`, appScript())
	})
	p := d.openForm(t)
	p.Allow("422")
	p.Click(area)
	p.Type("Une idée")
	p.Click("button=Publier")
	p.See("Il manque un titre")
	p.Go(d.url + "/write")
	p.See("repris")
	p.Fill("label=Titre", "Palettes")
	p.Click("button=Publier")
	p.See("Publié")
	p.Go(d.url + "/write")
	p.Wait("markdown-editor[ready]")
	p.NotSee("repris")
	holds(t, p, "")
	for len(d.puts) > 0 {
		if fields := <-d.puts; fields == nil || fields["title"] == "Palettes" && fields["body"] == "" {
			t.Errorf("the server was told %v after the form was sent", fields)
		}
	}
}
