//go:build peers

package editor

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"ruche/app/apptest/browser"
)

// give pastes or drops a file where the CSS selector says.
func give(p *browser.Page, event, css, name, kind string) {
	browser.Eval[any](p, `{
		const data = new DataTransfer();
		data.items.add(new File(["picture"], `+quoted(name)+`, { type: `+quoted(kind)+` }));
		const target = document.querySelector(`+quoted(css)+`);
		const { left, top } = target.getBoundingClientRect();
		const options = { bubbles: true, cancelable: true, clientX: left + 4, clientY: top + 30 };
		target.dispatchEvent(`+quoted(event)+` === "paste"
			? new ClipboardEvent("paste", { ...options, clipboardData: data })
			: new DragEvent("drop", { ...options, dataTransfer: data }));
	}`)
}

// uploads answers for a file store, and counts what arrives.
func (s *site) uploads(t *testing.T, hold <-chan struct{}) *atomic.Int32 {
	var arrived atomic.Int32
	s.HandleFunc("POST /files", func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil {
			t.Errorf("upload: %v", err)
			return
		}
		if content, _ := io.ReadAll(file); string(content) != "picture" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("%s arrived as %q", header.Filename, content)
		}
		if hold != nil {
			<-hold
		}
		arrived.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		if strings.HasSuffix(header.Filename, ".png") {
			_, _ = io.WriteString(w, `{"id":9,"url":"/files/9","width":320,"height":180,"name":"purge.png"}`)
		} else {
			_, _ = io.WriteString(w, `{"id":12,"url":"/files/12","width":0,"height":0,"name":"bilan [2026].pdf"}`)
		}
	})
	return &arrived
}

func TestAPastedPictureIsSentAndDescribed(t *testing.T) {
	s := newSite(t)
	arrived := s.uploads(t, nil)
	p := s.open(t, "Avant après", "")
	p.Click(area)
	move(p, "Control+Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
	give(p, "paste", area, "purge.png", "image/png")
	p.Wait("label=Décrivez l’image")
	p.Type("La purge [rouge]")
	p.Screenshot("editor-picture")
	enter(p, 1)
	holds(t, p, `Avant![La purge \[rouge\]](/files/9) après`)
	if arrived.Load() != 1 {
		t.Errorf("%d uploads", arrived.Load())
	}
	p.Type(" et")
	p.Click(".editor-surface img[src]")
	p.Fill("label=Décrivez l’image", "Une purge")
	p.Click("button=Valider")
	holds(t, p, "Avant![Une purge](/files/9) et après")
	p.Click(".editor-surface img[src]")
	p.Type(",")
	holds(t, p, "Avant![Une purge](/files/9), et après")
	p.Click(".editor-surface img[src]")
	p.Press("Backspace")
	holds(t, p, "Avant, et après")
}

func TestAPictureCanBeDroppedOrChosen(t *testing.T) {
	s := newSite(t)
	s.uploads(t, nil)
	p := s.open(t, "", "")
	give(p, "drop", area, "purge.png", "image/png")
	p.Click("button=Annuler")
	holds(t, p, "![](/files/9)")
	p.Click("button=Markdown")
	move(p, "Control+End")
	p.Type("\n")
	give(p, "paste", "textarea", "purge.png", "image/png")
	holds(t, p, "![](/files/9)\n![](/files/9)")
	p.Type("décrite")
	holds(t, p, "![](/files/9)\n![décrite](/files/9)")
}

func TestARefusedPictureSaysWhy(t *testing.T) {
	s := newSite(t)
	s.json("POST /files", http.StatusUnprocessableEntity, map[string]any{"detail": "elle dépasse 10 Mo."})
	p := s.open(t, "Texte", "")
	p.Allow("422")
	give(p, "paste", area, "énorme.png", "image/png")
	p.See("énorme.png n’a pas été ajouté : elle dépasse 10 Mo.")
	p.Screenshot("editor-refused")
	p.NotSee("Réessayer") // it would be refused again
	p.Click("button=Fermer")
	p.NotSee("10 Mo")
	holds(t, p, "Texte")
}

func TestAFileOfAnotherKindIsLinkedByItsName(t *testing.T) {
	s := newSite(t)
	s.uploads(t, nil)
	p := s.open(t, "Texte", "")
	p.Click(area)
	move(p, "Control+End")
	give(p, "paste", area, "bilan.pdf", "application/pdf")
	holds(t, p, "Texte\n\n"+`[bilan \[2026\].pdf](/files/12)`)
	p.Type(" joint")
	holds(t, p, "Texte\n\n"+`[bilan \[2026\].pdf](/files/12) joint`)
	p.Click("button=Markdown")
	move(p, "Control+End")
	give(p, "paste", "textarea", "bilan.pdf", "application/pdf")
	holds(t, p, "Texte\n\n"+`[bilan \[2026\].pdf](/files/12) joint[bilan \[2026\].pdf](/files/12)`)
}

func TestASendingCanBeEndedAndOneThatFailedIsTriedAgain(t *testing.T) {
	s := newSite(t)
	hold := make(chan struct{})
	var keys []string
	s.HandleFunc("POST /files", func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		switch len(keys) {
		case 1:
			select {
			case <-hold:
			case <-r.Context().Done():
			}
		case 2:
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, `{"detail":"le serveur est occupé."}`)
		default:
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"id":12,"url":"/files/12","width":0,"height":0,"name":"bilan.pdf"}`)
		}
	})
	p := s.open(t, "Texte", "")
	p.Allow("503")
	p.Click(area)
	move(p, "Control+End")
	give(p, "paste", area, "bilan.pdf", "application/pdf")
	p.Click("button=Arrêter l’envoi de bilan.pdf")
	p.NotSee("Envoi de bilan.pdf…")
	close(hold)
	holds(t, p, "Texte")
	give(p, "paste", area, "bilan.pdf", "application/pdf")
	p.See("bilan.pdf n’a pas été ajouté : le serveur est occupé.")
	p.Screenshot("editor-again")
	p.Click("button=Réessayer")
	holds(t, p, "Texte\n\n"+`[bilan.pdf](/files/12)`)
	if len(keys) != 3 || keys[0] == keys[1] || keys[1] != keys[2] || keys[1] == "" {
		t.Errorf("the sendings are called %q", keys)
	}
}

func TestALostConnectionIsSaid(t *testing.T) {
	s := newSite(t)
	s.HandleFunc("POST /files", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	p := s.open(t, "Texte", "")
	p.Allow("net::ERR_EMPTY_RESPONSE")
	give(p, "paste", area, "purge.png", "image/png")
	p.See("purge.png n’a pas été ajouté : la connexion ne répond pas.")
}

func TestAFormWaitsForItsPictures(t *testing.T) {
	s := newSite(t)
	hold := make(chan struct{})
	s.uploads(t, hold)
	sent := make(chan string, 1)
	s.HandleFunc("POST /sent", func(w http.ResponseWriter, r *http.Request) {
		sent <- r.FormValue("body")
		http.Redirect(w, r, "/received", http.StatusSeeOther)
	})
	s.page("/received", "<p>Reçu</p>")
	p := s.open(t, "Texte", "")
	p.Click(area)
	move(p, "Control+End")
	give(p, "paste", area, "purge.png", "image/png")
	p.See("Envoi de purge.png…")
	p.Screenshot("editor-uploading")
	p.Click("button=Publier")
	p.See("Envoi de purge.png…")
	close(hold)
	p.See("Reçu")
	if got := <-sent; strings.ReplaceAll(got, "\r", "") != "Texte\n\n![](/files/9)" {
		t.Errorf("the form sent %q", got)
	}
}

func TestASpreadsheetIsPastedAsATable(t *testing.T) {
	s := newSite(t)
	arrived := s.uploads(t, nil)
	p := s.open(t, "", "")
	browser.Eval[any](p, `{
		const data = new DataTransfer();
		data.items.add(new File(["picture"], "image.png", { type: "image/png" }));
		data.setData("text/html", "<table><tr><td>Site</td><td style='text-align:right'>Palettes</td></tr><tr><td>Carquefou</td><td>4 300</td></tr></table>");
		document.querySelector("`+area+`").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
	}`)
	holds(t, p, "| Site | Palettes |\n| --- | --: |\n| Carquefou | 4 300 |")
	if arrived.Load() != 0 {
		t.Error("the picture of the cells was sent")
	}
}
