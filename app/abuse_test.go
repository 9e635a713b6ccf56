package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// together does something many times at the same time.
func together(times int, do func(i int)) {
	var work sync.WaitGroup
	gate := make(chan struct{})
	for i := range times {
		work.Go(func() {
			<-gate
			do(i)
		})
	}
	close(gate)
	work.Wait()
}

// statuses counts answers that come in at the same time.
type statuses struct {
	mu   sync.Mutex
	seen map[int]int
}

func (s *statuses) add(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = map[int]int{}
	}
	s.seen[status]++
}

func TestAHundredSupportsOfOnePersonAreOne(t *testing.T) {
	w := newWorld(t)
	employee, path := w.player("employee"), "/api/v1/ideas/"+w.current["public"].idea
	answers := statuses{}
	together(100, func(i int) {
		if i%2 == 0 {
			answers.add(w.send(employee, http.MethodPut, path+"/support", nil, nil).StatusCode)
			return
		}
		form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		answers.add(w.send(employee, http.MethodPost, "/ideas/"+w.current["public"].idea+"/supports", strings.NewReader("supported=1"), form).StatusCode)
	})
	if answers.seen[http.StatusOK] != 50 || answers.seen[http.StatusSeeOther] != 50 {
		t.Errorf("answers: %v", answers.seen)
	}
	var idea struct{ Supports int }
	if err := json.Unmarshal([]byte(w.send(employee, http.MethodGet, path, nil, nil).text), &idea); err != nil || idea.Supports != 1 {
		t.Errorf("the idea has %d supports, %v", idea.Supports, err)
	}
	page, err := w.site.DB.IdeaPage(t.Context(), w.site.Actor(employee.user), number(t, w.current["public"].idea))
	if err != nil {
		t.Fatal(err)
	}
	if people, err := w.site.DB.Supporters(t.Context(), &page.Idea, 200); err != nil || len(people) != 1 {
		t.Errorf("%d people support it, %v", len(people), err)
	}
	events, err := w.site.DB.EventsAfter(t.Context(), 0, 10_000)
	supported := slices.DeleteFunc(events, func(e models.Event) bool { return e.Verb != models.IdeaSupported })
	if err != nil || len(supported) != 1 {
		t.Errorf("%d events tell of it, %v", len(supported), err)
	}
	together(50, func(i int) {
		method := []string{http.MethodPut, http.MethodDelete}[i%2]
		sane(t, method, w.send(employee, method, path+"/support", nil, nil))
	})
	w.send(employee, http.MethodDelete, path+"/support", nil, nil)
	if err := json.Unmarshal([]byte(w.send(employee, http.MethodGet, path, nil, nil).text), &idea); err != nil || idea.Supports != 0 {
		t.Errorf("after all is taken back the idea has %d supports, %v", idea.Supports, err)
	}
}

func number(t *testing.T, text string) (n int64) {
	t.Helper()
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOneKeyMakesOneIdeaHoweverOftenItIsSent(t *testing.T) {
	w := newWorld(t)
	employee := w.player("employee")
	header := http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {"the-same-for-all"}}
	document := `{"space":"the-public","title":"Only once","body":"However often."}`
	answers, places := statuses{}, sync.Map{}
	together(30, func(int) {
		r := w.send(employee, http.MethodPost, "/api/v1/ideas", strings.NewReader(document), header)
		sane(t, "post", r)
		answers.add(r.StatusCode)
		if r.StatusCode == http.StatusCreated {
			places.Store(r.Header.Get("Location"), true)
		}
	})
	different := 0
	places.Range(func(any, any) bool { different++; return true })
	if answers.seen[http.StatusCreated] == 0 || different != 1 {
		t.Errorf("answers %v lead to %d places", answers.seen, different)
	}
	once := values("space", "the-public", "title", "Only once by form", "body", "However often.", "once", w.once())
	together(30, func(int) {
		r := w.send(employee, http.MethodPost, "/ideas", strings.NewReader(once.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
		sane(t, "form", r)
	})
	list := w.send(employee, http.MethodGet, "/api/v1/ideas?space=the-public&limit=100", nil, nil).text
	if a, b := strings.Count(list, `"title":"Only once"`), strings.Count(list, `"title":"Only once by form"`); a != 1 || b != 1 {
		t.Errorf("%d and %d ideas were made", a, b)
	}
	if r := w.send(employee, http.MethodPost, "/api/v1/ideas", strings.NewReader(strings.Replace(document, "Only", "Not", 1)), header); r.StatusCode != http.StatusConflict && r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the same key for another idea is answered %d", r.StatusCode)
	}
}

// TestNoOtherSiteCanActForAnyone sends what a browser sends when another site's page makes it.
func TestNoOtherSiteCanActForAnyone(t *testing.T) {
	w := newWorld(t)
	owner := w.player("owner")
	asked := 0
	for _, route := range w.routes() {
		method, pattern, _ := strings.Cut(route, " ")
		if method == http.MethodGet || bearing(pattern) { // programs bring no cookies
			continue
		}
		for _, foreign := range []http.Header{
			{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.test"}}, {"Origin": {"https://evil.test"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"null"}},
		} {
			for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"} {
				body, _ := w.body(owner, route)
				header := maps.Clone(foreign)
				header.Set("Content-Type", kind)
				r := w.send(owner, method, w.address(pattern, "public", w.current["public"]), body, header)
				sane(t, route, r)
				asked++
				if r.StatusCode != http.StatusForbidden {
					t.Errorf("%s from another site (%v) is answered %d", route, foreign, r.StatusCode)
				}
			}
		}
	}
	for path, document := range map[string]string{ // a cookie is no token
		"/api/v1/ideas":  `{"space":"the-public","title":"By cookie","body":"No."}`,
		"/api/v1/spaces": `{"slug":"by-cookie","title":"By cookie","visibility":"company"}`,
	} {
		header := http.Header{"Content-Type": {"application/json"}}
		for _, cookie := range owner.client.Cookies() {
			header.Add("Cookie", cookie.String())
		}
		stranger := &player{}
		if r := w.send(stranger, http.MethodPost, path, strings.NewReader(document), header); r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s with a cookie is answered %d", path, r.StatusCode)
		}
	}
	t.Logf("%d requests", asked)
}

// TestEveryWayToWriteJSONIsTakenOrRefused posts the cases of JSONTestSuite: y_ must be read, n_ are no JSON.
func TestEveryWayToWriteJSONIsTakenOrRefused(t *testing.T) {
	w := newWorld(t)
	owner := w.player("owner")
	cases := map[string]string{"y_array_empty.json": "[]", "y_string_nbsp.json": "[\"\u00a0\"]", "y_number.json": "[123e65]", "n_structure_open_object.json": "{", "n_string_unescaped_newline.json": "[\"new\nline\"]", "n_number_NaN.json": "[NaN]", "i_string_lone.json": `["\uD888"]`}
	files, err := filepath.Glob("../../shared/data/corpora/jsonsuite/test_parsing/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cases[filepath.Base(file)] = string(raw)
	}
	for name, text := range cases {
		for _, document := range []string{text, `{"space":"the-public","title":"A title","body":"B.","tags":` + text + `}`} {
			r := w.send(owner, http.MethodPost, "/api/v1/ideas", strings.NewReader(document), http.Header{"Content-Type": {"application/json"}})
			sane(t, name, r)
			if strings.HasPrefix(name, "n_") && r.StatusCode < 400 {
				t.Errorf("%s is taken with status %d", name, r.StatusCode)
			}
			if strings.HasPrefix(name, "y_") && r.StatusCode != http.StatusCreated && r.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%s is answered %d: %.200s", name, r.StatusCode, r.text)
			}
		}
	}
	t.Logf("%d cases", len(cases))
}

// TestNaughtyStringsAreWelcomeOrRefused tries each in the forms of spaces and members, in an account's name and in searches.
func TestNaughtyStringsAreWelcomeOrRefused(t *testing.T) {
	raw, err := os.ReadFile("../../shared/data/corpora/blns/blns.json")
	if err != nil {
		raw = []byte(`["<script>alert(1)</script>", "'; DROP TABLE ideas; --", "田中さん", "\"><img src=x onerror=alert(1)>", "%s%d", "\u202e evil", "../../etc/passwd", "undefined", "NaN", "\\", "a*b*c*", "\"unclosed"]`)
	}
	var naughty []string
	if err := json.Unmarshal(raw, &naughty); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	owner := w.player("owner")
	w.site.Settle()
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	for i, text := range naughty {
		for path, sent := range map[string]url.Values{
			"/spaces":                               {"slug": {fmt.Sprintf("naughty-%d", i)}, "title": {text}, "description": {text}, "visibility": {"company"}},
			"/spaces/the-public":                    {"title": {text}, "description": {text}, "visibility": {"public"}},
			"/spaces/the-public/members":            {"email": {text}, "role": {"member"}},
			"/account":                              {"name": {text}},
			"/account/tokens":                       {"token_name": {text}},
			"/search?q=" + url.QueryEscape(text):    nil,
			"/search?type=" + url.QueryEscape(text): nil,
			"/people/suggestions?space=the-public&q=" + url.QueryEscape(text): nil,
			"/search/suggestions?q=" + url.QueryEscape(text):                  nil,
			"/api/v1/search?q=" + url.QueryEscape(text):                       nil,
		} {
			method, body := http.MethodGet, strings.NewReader("")
			if sent != nil {
				method, body = http.MethodPost, strings.NewReader(sent.Encode())
			}
			r := w.send(owner, method, path, body, form)
			sane(t, fmt.Sprintf("%s %.80s with %q", method, path, text), r)
			for _, acts := range []string{"<script>alert", "onerror=alert", "<img src=x", "href=\"javascript:", "<iframe"} {
				if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") && strings.Contains(strings.ToLower(r.text), acts) && !strings.Contains(r.text, "&lt;") {
					t.Errorf("%s with %q: the page holds %s", path, text, acts)
				}
			}
		}
	}
	for _, path := range []string{"/spaces", "/", "/account", "/spaces/the-public/members"} {
		r := w.send(owner, http.MethodGet, path, nil, nil)
		if r.StatusCode != http.StatusOK || strings.Contains(r.text, "<script>alert") {
			t.Errorf("%s afterwards: status %d", path, r.StatusCode)
		}
	}
	t.Logf("%d strings", len(naughty))
}

// TestWhatIsServedToMachinesHasItsHeadersToo looks at what stands outside the pages.
func TestWhatIsServedToMachinesHasItsHeadersToo(t *testing.T) {
	site := apptest.Start(t)
	page := site.Visitor().Get("/")
	sheet, _, _ := strings.Cut(page.Text[strings.Index(page.Text, "/static/app."):], `"`)
	for path, want := range map[string]int{"/livez": 200, "/readyz": 503, "/metrics": 200, sheet: 200, "/static/nothing.css": 404, "/api/v1/openapi.json": 200, "/nothing": 404, "/api/nothing": 404} {
		answer := site.Visitor().Get(path).Status(want)
		for _, header := range securityHeaders {
			ofPages := header == "Content-Security-Policy" || header == "Cross-Origin-Opener-Policy" || header == "Permissions-Policy"
			if answer.Header.Get(header) == "" && !(path == sheet && ofPages) {
				t.Errorf("%s has no %s", path, header)
			}
		}
		head := site.Visitor().Do(http.MethodHead, path, nil, nil).Status(want)
		if head.Text != "" || head.Header.Get("Content-Type") != answer.Header.Get("Content-Type") {
			t.Errorf("HEAD %s: %q as %s", path, head.Text, head.Header.Get("Content-Type"))
		}
	}
}

func TestSearchSaysThatItIsBeingRebuilt(t *testing.T) {
	site := apptest.Start(t) // its readers do not run by themselves: the index is due and not begun
	mona := site.As(site.Person("Mona", models.RoleEmployee))
	mona.Get("/search?q=kettle").Status(http.StatusOK).See("earch is being rebuilt")
	mona.Get("/ideas").Status(http.StatusOK)
	site.Visitor().Get("/readyz").Status(http.StatusServiceUnavailable)
	site.Settle()
	mona.Get("/search?q=kettle").Status(http.StatusOK).NotSee("earch is being rebuilt")
	site.Visitor().Get("/readyz").Status(http.StatusOK)
}

// TestAHouseThatIsClosedLeavesNothingRunning starts everything that runs in the background and closes the house again.
func TestAHouseThatIsClosedLeavesNothingRunning(t *testing.T) {
	address := modelstest.Address(t)
	others := goleak.IgnoreCurrent()
	config := app.Config{Addr: "127.0.0.1:0", BaseURL: "http://127.0.0.1", DataDir: t.TempDir(), DatabaseURL: address, Company: "Vaucelles", RateLimit: true}
	for range 2 {
		house, err := app.New(t.Context(), config, app.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := house.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := house.Settle(t.Context()); err != nil {
			t.Error(err)
		}
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	}
	goleak.VerifyNone(t, others)
}
