package static

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// served says which files go out, and as what.
var served = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".woff2": "font/woff2",
}

// ofPages are headers that govern pages and say nothing to a style sheet or a
// font. On eight files they would be a thirtieth of a first visit.
var ofPages = [...]string{"Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"}

// asset is one file, with its compressed forms made when first asked for: a
// start should not wait for them, and a file is asked for once per browser.
type asset struct {
	url, etag, kind string
	plain           []byte
	shared          bool // with pages of no origin
	brotli, gzip    compressed
}

type compressed struct {
	once sync.Once
	data []byte
}

// Handler serves the files under Prefix at their hashed addresses and knows
// no other address.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, ok := site().byURL[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		file.serve(w, r)
	})
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", a.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", a.etag)
	a.govern(h)
	body := a.plain
	if a.compressible() {
		h.Add("Vary", "Accept-Encoding")
		var encoding string
		if body, encoding = a.encoded(r.Header.Get("Accept-Encoding")); encoding != "" {
			h.Set("Content-Encoding", encoding)
		}
	}
	if strings.Contains(r.Header.Get("If-None-Match"), a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a browser that went away needs no answer
	}
}

// compressible tells text from formats that are compressed already.
func (a *asset) compressible() bool {
	return !strings.HasPrefix(a.kind, "font/") && a.kind != "image/png"
}

// encoded returns the smallest form that the browser accepts.
func (a *asset) encoded(accepts string) (body []byte, encoding string) {
	switch {
	case strings.Contains(accepts, "br"):
		return a.brotli.of(a.plain, brotliBest), "br"
	case strings.Contains(accepts, "gzip"):
		return a.gzip.of(a.plain, gzipBest), "gzip"
	}
	return a.plain, ""
}

func (c *compressed) of(plain []byte, compress func([]byte) []byte) []byte {
	c.once.Do(func() { c.data = compress(plain) })
	return c.data
}

// quickly is from which size on brotli does not take all the time that it can: whoever asks first waits for it.
const quickly = 1 << 20

func brotliBest(plain []byte) []byte {
	var b bytes.Buffer
	level := brotli.BestCompression
	if len(plain) > quickly {
		level = brotli.DefaultCompression
	}
	w := brotli.NewWriterLevel(&b, level)
	_, _ = w.Write(plain) // a bytes.Buffer never refuses
	_ = w.Close()
	return b.Bytes()
}

func gzipBest(plain []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, 9) // 9 is a valid level
	_, _ = w.Write(plain)
	_ = w.Close()
	return b.Bytes()
}
