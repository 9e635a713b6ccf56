//go:build peers

package editor

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ruche/app/apptest/browser"
	"ruche/static"
)

// policy is stricter than what Ruche's pages send: nothing inline, nothing from elsewhere. A page that breaks it fails its test.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'"

// site serves pages that hold a form with an editor, with the style sheet and the behaviours of Ruche and nothing else of it.
type site struct {
	*http.ServeMux
	url string
}

func newSite(t *testing.T) *site {
	s := &site{ServeMux: http.NewServeMux()}
	s.Handle(static.Prefix, static.Handler())
	s.HandleFunc("GET /files/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"><path fill="#c80" d="M0 0h320v180H0z"/></svg>`)
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		s.ServeHTTP(w, r)
	}))
	s.url = server.URL
	t.Cleanup(server.Close)
	return s
}

// page answers GET path with a whole page around the given markup.
func (s *site) page(path, markup string) {
	s.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><link rel="stylesheet" href="%s"><script type="module" src="%s"></script></head>
<body><main><h1>Essai</h1>%s</main></body></html>`, static.URL("app.css"), appScript(), markup)
	})
}

// json answers requests for a pattern with a status and a value.
func (s *site) json(pattern string, status int, value any) {
	s.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(value)
	})
}

// words are the labels as an attribute.
func words() string {
	text, _ := json.Marshal(labels)
	return html.EscapeString(string(text))
}

func bundle() string { return static.URL("vendor/editor.js") }

// sources are the attributes that say where the editor is.
func sources() string {
	return fmt.Sprintf(`src="%s" look="%s %s"`, bundle(), static.URL("editor.css"), static.URL("texts.css"))
}

func appScript() string { return static.URL("app.js") }

// editor is the markup of a form with an editor that holds a text.
func editor(text, attributes string) string {
	return fmt.Sprintf(`<form method="post" action="/sent"><p><label for="body">Votre idée</label></p>
<markdown-editor lang="fr" %s upload="/files" mentions="/people/suggestions" ideas="/search/suggestions" labels="%s" %s>
<textarea id="body" name="body" rows="8" placeholder="Qu’est-ce qui pourrait empêcher que ça marche ?">%s</textarea></markdown-editor>
<p><button class="button">Publier</button></p></form>`, sources(), words(), attributes, "\n"+html.EscapeString(text))
}

// open opens a page with an editor that holds a text and waits until one can write in it.
func (s *site) open(t *testing.T, text, attributes string) *browser.Page {
	t.Helper()
	return s.openAt(t, "/write", text, attributes)
}

func (s *site) openAt(t *testing.T, path, text, attributes string) *browser.Page {
	t.Helper()
	s.page(path, editor(text, attributes))
	p := browser.Open(t, browser.Language("fr"))
	p.Go(s.url + path)
	p.Wait("markdown-editor[ready]")
	return p
}

// markdown returns what the form would send.
func markdown(p *browser.Page) string {
	return browser.Eval[string](p, `document.querySelector("textarea").value`)
}

// enter presses Enter as a keyboard does: one event that types a character only where the page did not take the key. The two events that
// Page.Press sends would be a second Enter in an editor.
func enter(p *browser.Page, times int, modifiers ...chromedp.Modifier) {
	for range times {
		p.Do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			key := *kb.Encode('\r')[1]
			chromedp.KeyModifiers(modifiers...)(&key)
			for _, kind := range []input.DispatchKeyEventType{kb.KeyDown, kb.KeyUp} {
				key.Type = kind
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, key); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// move presses keys that move the caret and waits until the editor knows where it is, as it does long before a person's next key.
func move(p *browser.Page, keys ...string) {
	p.Press(keys...)
	browser.Eval[any](p, `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))`)
}

// quoted is a Go value as a JavaScript expression.
func quoted(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}
