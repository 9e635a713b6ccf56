package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// traces are what an answer shows when something has come out that is only for the log.
var traces = []string{"goroutine ", "runtime/debug", "runtime error", "SQLSTATE", "SQL logic", "gorm", "sqlite", "pgconn", "ruche/models", "no such column"}

// securityHeaders are those of every answer.
var securityHeaders = []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy", "X-Request-Id"}

// reply is an answer whose body has been read.
type reply struct {
	*http.Response
	text string
}

// sane fails the test unless an answer is one that a house may give, whatever it was asked.
func sane(t *testing.T, what string, r reply) {
	t.Helper()
	kind := r.Header.Get("Content-Type")
	program, directory := strings.HasPrefix(r.Request.URL.Path, "/api/"), strings.HasPrefix(r.Request.URL.Path, "/scim/v2/")
	switch {
	case r.StatusCode >= 500:
		t.Errorf("%s: status %d\n%.600s", what, r.StatusCode, r.text)
	case r.StatusCode >= 400 && directory:
		if kind != "application/scim+json" {
			t.Errorf("%s: status %d as %s, want an error of SCIM\n%.300s", what, r.StatusCode, kind, r.text)
		}
	case r.StatusCode >= 400 && kind == "application/json" && strings.HasPrefix(r.Request.URL.Path, "/sign-in/oidc/") && strings.HasSuffix(r.Request.URL.Path, "/logout"):
		// what OpenID Connect's back-channel logout wants its providers to be told
	case r.StatusCode >= 400 && program && kind != "application/problem+json":
		t.Errorf("%s: status %d as %s, want a problem\n%.300s", what, r.StatusCode, kind, r.text)
	case r.StatusCode >= 400 && !program && r.Request.Method != http.MethodHead && kind != "text/html; charset=UTF-8" && kind != "application/problem+json":
		t.Errorf("%s: status %d as %q, want a page\n%.300s", what, r.StatusCode, kind, r.text)
	}
	for _, trace := range traces {
		if strings.Contains(r.text, trace) {
			t.Errorf("%s: the answer shows %q\n%.600s", what, trace, r.text)
		}
	}
	for _, header := range securityHeaders {
		if r.Header.Get(header) == "" {
			t.Errorf("%s: no %s", what, header)
		}
	}
}

// bearing tells whether a path is for programs, which bring tokens and no cookies.
func bearing(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/scim/")
}

// send asks for something as a player, who has no limits of time but the test's.
func (w *world) send(p *player, method, path string, body io.Reader, header http.Header) reply {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.site.URL, body)
	if err != nil {
		w.t.Fatal(err)
	}
	request.URL.Opaque = "//" + strings.TrimPrefix(w.site.URL, "http://") + path // as it is: net/url would mend or refuse it
	maps.Copy(request.Header, header)
	if bearing(path) && p.bearer != "" {
		request.Header.Set("Authorization", "Bearer "+p.bearer)
	} else if !bearing(path) {
		for _, cookie := range p.client.Cookies() {
			request.AddCookie(cookie)
		}
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		w.t.Fatalf("%s %.200q: %v", method, path, err)
	}
	defer answer.Body.Close()
	answer.Request.URL.Path = strings.SplitN(path, "?", 2)[0]
	if answer.Header.Get("Content-Type") == "text/event-stream" {
		return reply{answer, ""} // it has no end
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatalf("%s %.200q: %v", method, path, err)
	}
	return reply{answer, string(text)}
}

// player finds someone of the cast.
func (w *world) player(name string) *player {
	return w.cast[slices.IndexFunc(w.cast, func(p *player) bool { return p.name == name })]
}

// poisons are values that no field expects, as they stand in an address or a form.
var poisons = map[string]string{
	"NUL": "a%00b", "invalid UTF-8": "a%ff%feb", "cut UTF-8": "%e2%82", "overlong": "%c0%af", "surrogate": "%ed%a0%80",
	"long": strings.Repeat("x", 10_000), "huge number": "99999999999999999999999999", "largest number": "9223372036854775807",
	"negative": "-1", "float": "1e999", "emoji": "%F0%9F%8E%89", "override": "%e2%80%ae", "path": "..%2f..%2fetc%2fpasswd", "newlines": "%0d%0aSet-Cookie:%20a=b",
	"markup": "%3Cscript%3Ealert(1)%3C/script%3E", "template": "%7B%7B.%7D%7D", "quotes": "%27%22%60%3B--", "like": "%25_%5c", "JSON": "%7B%22i%22%3A1%7D", "percent": "%25zz",
}

// names are those of the parameters that the house reads, by the package that does: found in its code so that a new one is
// tried too.
func names(t *testing.T, read string) map[string][]string {
	t.Helper()
	pattern := regexp.MustCompile(read)
	found := map[string][]string{}
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := os.ReadFile(path)
		of := filepath.Join("ruche/app", filepath.Dir(path))
		for _, match := range pattern.FindAllSubmatch(code, -1) {
			if name := string(match[1]); !slices.Contains(found[of], name) {
				found[of] = append(found[of], name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// anywhere are the names that any of the packages reads.
func anywhere(found map[string][]string) (all []string) {
	for _, names := range found {
		all = append(all, names...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestNoParameterOfAnyRouteBreaksTheHouse(t *testing.T) {
	w := newWorld(t)
	owner := w.player("owner")
	read, api := names(t, `QueryParam\("([a-z_A-Z]+)"`), anywhere(names(t, `query:"([a-z_]+)"`))
	queries := slices.Compact(slices.Sorted(slices.Values(slices.Concat(anywhere(read), api))))
	if len(queries) < 20 || len(api) < 5 {
		t.Fatalf("only %d parameters were found, %d of the API: %v", len(queries), len(api), queries)
	}
	packages, of := map[string]string{}, regexp.MustCompile(`^(ruche/[a-z/]+)\.`) // that answer a path
	for _, route := range w.site.Echo.Routes() {
		if name := of.FindStringSubmatch(route.Name); name != nil && route.Method == http.MethodGet {
			packages[route.Path] = name[1]
		}
	}
	asked := 0
	for _, route := range w.routes() {
		method, pattern, _ := strings.Cut(route, " ")
		if method != http.MethodGet || pattern == "/metrics" || pattern == "/readyz" {
			continue
		}
		here := w.current["public"]
		own := api
		if answers := packages[pattern]; answers != "" {
			own = slices.Concat(read[answers], read["ruche/app/web"])
		}
		for name, poison := range poisons {
			all := strings.Join(queries, "="+poison+"&") + "=" + poison
			path, _, _ := strings.Cut(w.address(pattern, "public", here), "?")
			sane(t, fmt.Sprintf("%s with %s in every parameter", route, name), w.send(owner, method, path+"?"+all, nil, nil))
			asked++
			if name != "NUL" && name != "invalid UTF-8" && name != "largest number" && name != "emoji" {
				continue
			}
			for _, query := range own { // alone, since of many wrong ones the first may hide the others
				sane(t, fmt.Sprintf("%s with %s in %s", route, name, query), w.send(owner, method, path+"?q=idea&title=idea&"+query+"="+poison, nil, nil))
				asked++
			}
		}
	}
	sane(t, "a broken query", w.send(owner, http.MethodGet, "/ideas?%zz=%&;=;&a=%", nil, nil))
	t.Logf("%d requests with %d parameters", asked, len(queries))
}

func TestNoPlaceInAnAddressBreaksTheHouse(t *testing.T) {
	w := newWorld(t)
	owner := w.player("owner")
	variable := regexp.MustCompile(`:[a-z]+|\*`)
	for _, route := range w.routes() {
		method, pattern, _ := strings.Cut(route, " ")
		for name, poison := range poisons {
			if !variable.MatchString(pattern) {
				continue
			}
			path := variable.ReplaceAllString(pattern, poison)
			body, header := w.body(owner, route)
			sane(t, fmt.Sprintf("%s with %s", route, name), w.send(owner, method, path, body, header))
		}
	}
}

// body is what a route is sent when all is well, about the public space.
func (w *world) body(p *player, route string) (io.Reader, http.Header) {
	method, pattern, _ := strings.Cut(route, " ")
	r := w.request(p, method, pattern, "public")
	switch {
	case r.json != nil:
		raw, err := json.Marshal(r.json)
		if err != nil {
			w.t.Fatal(err)
		}
		return bytes.NewReader(raw), http.Header{"Content-Type": {"application/json"}}
	case r.form != nil:
		return strings.NewReader(r.form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	}
	return nil, nil
}

func TestNoFieldOfAnyFormBreaksTheHouse(t *testing.T) {
	w := newWorld(t)
	owner := w.player("owner")
	fields := anywhere(names(t, `FormValue\("([a-z_]+)"`))
	const form = "application/x-www-form-urlencoded"
	asked := 0
	for _, route := range w.routes() {
		method, pattern, _ := strings.Cut(route, " ")
		if method != http.MethodPost || bearing(pattern) || pattern == "/sign-out" {
			continue
		}
		var path string
		var valid url.Values
		aim := func() {
			path, valid = w.address(pattern, "public", w.current["public"]), w.request(owner, method, pattern, "public").form
		}
		throw := func(what, body, kind string) {
			r := w.send(owner, method, path, strings.NewReader(body), http.Header{"Content-Type": {kind}})
			sane(t, route+" with "+what, r)
			asked++
			if r.StatusCode < http.StatusBadRequest { // what it was about may be gone
				aim()
			}
		}
		aim()
		for name, poison := range poisons {
			all := make([]string, len(fields))
			for i, field := range fields {
				all[i] = field + "=" + poison
			}
			throw(name+" in every field", strings.Join(all, "&"), form)
			for _, field := range slices.Collect(maps.Keys(valid)) {
				one := maps.Clone(valid)
				one.Del(field)
				throw(name+" in "+field, one.Encode()+"&"+field+"="+poison, form)
			}
		}
		for name, raw := range map[string]string{"no": "", "a broken": "%zz=%&;=;", "a multipart-like": "--x\r\nContent-Disposition: form-data\r\n\r\n", "10,000 fields of": strings.Repeat("a=b&", 10_000)} {
			for _, kind := range []string{form, "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "application/json", ""} {
				throw(fmt.Sprintf("%s body as %q", name, kind), raw, kind)
			}
		}
	}
	t.Logf("%d forms with %d fields", asked, len(fields))
}

func TestNoFieldOfTheAPIBreaksTheHouse(t *testing.T) {
	w := newWorld(t)
	owner := w.player("owner")
	values := []string{
		`null`, `true`, `1`, `-1`, `1e999`, `9223372036854775808`, `"a\u0000b"`, `"\ud800"`, "\"a\xff\xfeb\"", `""`, `" "`, `[]`, `{}`, `[[]]`, `{"a":{}}`, `"🎉"`, `"\u202e"`,
		`"` + strings.Repeat("x", 10_000) + `"`, strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), `["` + strings.Repeat(`x","`, 1000) + `"]`,
	}
	for _, route := range w.routes() {
		method, pattern, _ := strings.Cut(route, " ")
		valid := w.request(owner, method, pattern, "public")
		if valid.json == nil {
			continue
		}
		for field := range valid.json {
			for _, value := range values {
				rest := map[string]any{}
				maps.Copy(rest, valid.json)
				delete(rest, field)
				raw, err := json.Marshal(rest)
				if err != nil {
					t.Fatal(err)
				}
				text := fmt.Sprintf(`{%q:%s,%s`, field, value, raw[1:])
				if len(rest) == 0 {
					text = fmt.Sprintf(`{%q:%s}`, field, value)
				}
				answer := w.send(owner, method, w.address(pattern, "public", w.current["public"]), strings.NewReader(text), http.Header{"Content-Type": {"application/json"}})
				sane(t, fmt.Sprintf("%s with %.40q as %s", route, value, field), answer)
			}
		}
		for _, extra := range []string{`"role":"owner"`, `"author_id":1`, `"space_id":1`, `"supports":1000`, `"stage":"decided"`, `"created_at":"2001-01-01T00:00:00Z"`, `"id":1`} {
			raw, err := json.Marshal(valid.json)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Replace(strings.TrimSuffix(string(raw), "}")+","+extra+"}", "{,", "{", 1)
			answer := w.send(owner, method, w.address(pattern, "public", w.current["public"]), strings.NewReader(text), http.Header{"Content-Type": {"application/json"}})
			sane(t, route+" with "+extra, answer)
			if strings.HasPrefix(pattern, "/api/") && answer.StatusCode != http.StatusUnprocessableEntity && !strings.Contains(string(raw), strings.SplitN(extra, ":", 2)[0]) {
				t.Errorf("%s takes %s with status %d", route, extra, answer.StatusCode)
			}
		}
	}
}

func TestEveryMethodOnEveryAddressIsAnswered(t *testing.T) {
	w := newWorld(t)
	owner := w.player("owner")
	seen, routes := map[string]bool{}, w.routes()
	for _, route := range routes {
		_, pattern, _ := strings.Cut(route, " ")
		if seen[pattern] || pattern == "/readyz" || pattern == "/metrics" || pattern == "/livez" {
			continue
		}
		seen[pattern] = true
		path, _, _ := strings.Cut(w.address(pattern, "public", w.current["public"]), "?")
		for _, method := range []string{"HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "POST", "PROPFIND", "BREW"} {
			if pattern == "/sign-out" && method == "POST" {
				continue
			}
			r := w.send(owner, method, path, nil, nil)
			sane(t, method+" "+pattern, r)
			if slices.Contains(routes, method+" "+pattern) && r.StatusCode < http.StatusBadRequest { // it may have changed something
				w.reopen("public")
				w.furnish("public")
				path, _, _ = strings.Cut(w.address(pattern, "public", w.current["public"]), "?")
			}
		}
	}
}

func TestBodiesWithoutEndAreRefused(t *testing.T) {
	w := newWorld(t)
	owner := w.player("owner")
	for _, route := range w.routes() {
		method, pattern, _ := strings.Cut(route, " ")
		if method == http.MethodGet || pattern == "/sign-out" || strings.HasSuffix(pattern, "*") && method == http.MethodDelete {
			continue
		}
		kind := "application/x-www-form-urlencoded"
		if strings.HasPrefix(pattern, "/api/") || strings.HasPrefix(pattern, "/drafts/") {
			kind = "application/json"
		}
		path := w.address(pattern, "public", w.current["public"])
		started := time.Now()
		for name, body := range map[string]io.Reader{
			"50 MB":   bytes.NewReader(bytes.Repeat([]byte("a"), 50<<20)),
			"endless": &endless{most: 200 << 20},
		} {
			r := w.trySend(owner, method, path, body, http.Header{"Content-Type": {kind}})
			if r == nil {
				continue // the connection was cut while we wrote on: an answer too
			}
			sane(t, route+" with a body of "+name, *r)
			streamed := pattern == "/files" || pattern == "/account/picture" || pattern == "/drafts/*" // whose first bytes show already that they make no sense
			unread := strings.HasPrefix(pattern, "/scim/") && r.StatusCode == http.StatusForbidden     // nothing is read of who may not
			if r.StatusCode != http.StatusRequestEntityTooLarge && !(streamed && r.StatusCode == http.StatusBadRequest) && !unread {
				t.Errorf("%s answers a body of %s with status %d, want 413", route, name, r.StatusCode)
			}
		}
		if taken := time.Since(started); taken > 10*time.Second {
			t.Errorf("%s took %s to refuse", route, taken)
		}
	}
}

// trySend is send for a body that the house may cut off.
func (w *world) trySend(p *player, method, path string, body io.Reader, header http.Header) *reply {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.site.URL+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	maps.Copy(request.Header, header)
	request.Header.Set("Authorization", "Bearer "+p.bearer)
	if !bearing(path) {
		for _, cookie := range p.client.Cookies() {
			request.AddCookie(cookie)
		}
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return &reply{answer, string(text)}
}

// endless is a body of unknown length.
type endless struct{ sent, most int }

func (e *endless) Read(buffer []byte) (int, error) {
	if e.sent >= e.most {
		return 0, io.EOF
	}
	for i := range buffer {
		buffer[i] = 'a'
	}
	e.sent += len(buffer)
	return len(buffer), nil
}
