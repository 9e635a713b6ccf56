package web

import (
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/labstack/echo/v4"
)

// answer sends a text through Compress to a client that takes the given encodings.
func answer(t *testing.T, text, accept string) *http.Response {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
	request.Header.Set("Accept-Encoding", accept)
	recorder := httptest.NewRecorder()
	handler := Compress(func(c echo.Context) error { return c.HTML(http.StatusTeapot, text) })
	if err := handler(echo.New().NewContext(request, recorder)); err != nil {
		t.Fatal(err)
	}
	return recorder.Result()
}

func TestCompressedPagesComeBackAsTheyWere(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{leastCompressed, 30_000, 1 << 16, 200_000} {
		text := &strings.Builder{}
		for text.Len() < size {
			fmt.Fprintf(text, "<li class=\"row\"><a href=\"/ideas/%d\">%x</a></li>\n", random.IntN(1000), random.Uint64())
		}
		for range 3 { // a writer that served before serves again
			for encoding, open := range map[string]func(io.Reader) (io.Reader, error){
				"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
				"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
			} {
				response := answer(t, text.String(), encoding)
				if response.StatusCode != http.StatusTeapot || response.Header.Get("Content-Encoding") != encoding {
					t.Fatalf("%s: status %d, encoding %q", encoding, response.StatusCode, response.Header.Get("Content-Encoding"))
				}
				reader, err := open(response.Body)
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(reader)
				if err != nil || string(got) != text.String() {
					t.Fatalf("%s of %d bytes: %d bytes came back, %v", encoding, text.Len(), len(got), err)
				}
			}
		}
	}
}

func TestTheBestEncodingThatTheClientTakesIsUsed(t *testing.T) {
	text := strings.Repeat("une ligne\n", 1000)
	for accept, want := range map[string]string{"gzip, deflate, br": "br", "gzip": "gzip", "br;q=0, gzip": "gzip", "": "", "zstd": ""} {
		response := answer(t, text, accept)
		if got := response.Header.Get("Content-Encoding"); got != want || response.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: encoding %q, want %q; Vary %q", accept, got, want, response.Header.Get("Vary"))
		}
	}
	if got := answer(t, "short", "br").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("a short text is sent as %q", got)
	}
}
