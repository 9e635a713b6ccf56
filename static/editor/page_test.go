//go:build peers

package editor

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"testing"

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
<body><main><h1>Essai</h1>%s</main></body></html>`, static.URL("app.css"), static.URL("app.js"), markup)
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

// editor is the markup of an editor that holds a text.
func editor(text, attributes string) string {
	words, _ := json.Marshal(labels)
	return fmt.Sprintf(`<form method="post" action="/sent"><p><label for="body">Votre idée</label></p>
<markdown-editor lang="fr" src="%s" upload="/files" mentions="/people/suggestions" ideas="/search/suggestions" labels="%s" %s>
<textarea id="body" name="body" rows="8" placeholder="Qu’est-ce qui pourrait empêcher que ça marche ?">%s</textarea></markdown-editor>
<p><button>Publier</button></p></form>`, static.URL("vendor/editor.js"), html.EscapeString(string(words)), attributes, "\n"+html.EscapeString(text))
}

// open opens a page with an editor that holds a text and waits until one can write in it.
func (s *site) open(t *testing.T, text, attributes string, options ...browser.Option) *browser.Page {
	t.Helper()
	s.page("/write", editor(text, attributes))
	p := browser.Open(t, append(options, browser.Language("fr"))...)
	p.Go(s.url + "/write")
	p.Wait("markdown-editor[ready]")
	return p
}

// markdown returns what the form would send.
func markdown(p *browser.Page) string {
	return browser.Eval[string](p, `document.querySelector("textarea").value`)
}

// quoted is a Go value as a JavaScript expression.
func quoted(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}
