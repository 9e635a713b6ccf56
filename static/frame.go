package static

import "net/http"

// The page in which the browser draws diagrams, and its script. It stands in a frame that is a sandbox without an origin, so it can read
// nothing of the house and ask for nothing but that script.
const (
	frame       = "diagrams.html"
	frameScript = "vendor/diagrams.js"
)

// framePolicy lets the page write styles, as Mermaid does into its pictures, and nothing else that pages of the house may.
const framePolicy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"

// addFrame adds the page, which says nothing in any language.
func (a *assets) addFrame() {
	if script := a.byName[frameScript]; script != nil {
		script.shared = true
		a.add(frame, []byte(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Diagrams</title><script src="`+script.url+`" defer></script></html>`))
	}
}

// govern sets the headers that say what may be done with the file: those of pages mean nothing to others, and a page without an origin is a
// stranger to the house, so what it fetches must be there for strangers.
func (a *asset) govern(h http.Header) {
	switch {
	case a.kind == served[".html"]:
		h.Set("Content-Security-Policy", framePolicy)
	case a.kind != served[".svg"]: // the only other one that could be opened as a page
		for _, name := range ofPages {
			h.Del(name)
		}
	}
	if a.shared {
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
}
