package static

import (
	"net/http"
	"strings"
	"testing"
)

// TestTheFrameOfDiagramsCanDoNothingElse has the page in which diagrams are drawn, and its script, which strangers may fetch: nothing else may
// be fetched by them or stand in a frame.
func TestTheFrameOfDiagramsCanDoNothingElse(t *testing.T) {
	page := get(t, URL("diagrams.html"))
	policy := page.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'self'", "sandbox allow-scripts"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy %q lacks %q", policy, part)
		}
	}
	if strings.Contains(policy, "allow-same-origin") || strings.Contains(policy, "connect-src") {
		t.Errorf("the policy is %q", policy)
	}
	if got := body(t, page.Body); !strings.Contains(got, `<script src="`+URL("vendor/diagrams.js")+`" defer>`) {
		t.Errorf("the page is %s", got)
	}
	for name := range site().byName {
		shared := get(t, URL(name), "Accept-Encoding", "identity").Header.Get("Cross-Origin-Resource-Policy") == "cross-origin"
		if shared != (name == "vendor/diagrams.js") {
			t.Errorf("%s is for strangers: %t", name, shared)
		}
	}
	if status := get(t, "/static/diagrams.html").StatusCode; status != http.StatusNotFound {
		t.Errorf("the page answers %d without its hash", status)
	}
}
