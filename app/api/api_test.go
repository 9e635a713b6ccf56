package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// program is a client of the API with someone's token.
type program struct {
	*apptest.Client
	t     *testing.T
	token string
}

func as(t *testing.T, site *apptest.Site, user *models.User) program {
	t.Helper()
	return program{site.Visitor(), t, site.Token(user, models.ScopeManage)}
}

// call sends JSON and decodes the answer into out, if there is one.
func (p program) call(method, path, body string, out any, headers ...string) *apptest.Answer {
	p.t.Helper()
	header := http.Header{"Authorization": {"Bearer " + p.token}, "Content-Type": {"application/json"}}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	answer := p.Do(method, "/api/v1"+path, strings.NewReader(body), header)
	if out != nil {
		if err := json.Unmarshal([]byte(answer.Text), out); err != nil {
			p.t.Fatalf("%s %s: %v\n%s", method, path, err, answer.Text)
		}
	}
	return answer
}

type idea struct {
	ID        int64    `json:"id"`
	URL       string   `json:"url"`
	Space     string   `json:"space"`
	Title     string   `json:"title"`
	Body      string   `json:"body"`
	HTML      string   `json:"html"`
	Tags      []string `json:"tags"`
	Supports  int      `json:"supports"`
	Supported bool     `json:"supported"`
	Version   int      `json:"version"`
}

type list[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

type problem struct {
	Status   int
	Title    string
	Detail   string
	Instance string
	Errors   []struct{ Location, Message string }
}

func (p problem) at(location string) bool {
	for _, e := range p.Errors {
		if e.Location == location {
			return true
		}
	}
	return false
}

func house(t *testing.T) (site *apptest.Site, mona, alice, gaston program) {
	site = apptest.Start(t)
	m, a, g := site.Person("Mona", models.RoleManager), site.Person("Alice", models.RoleEmployee), site.Person("Gaston", models.RoleExternal)
	return site, as(t, site, m), as(t, site, a), as(t, site, g)
}

func TestTheWholeWayOfAnIdea(t *testing.T) {
	site, mona, alice, gaston := house(t)
	mona.call("POST", "/spaces", `{"slug":"plant","title":"Plant","visibility":"company"}`, nil).Status(http.StatusCreated)
	var me struct{ Email, Role string }
	alice.call("GET", "/me", "", &me).Status(http.StatusOK)
	if me.Email != "alice@example.test" || me.Role != "employee" {
		t.Errorf("me: %+v", me)
	}
	var made idea
	created := alice.call("POST", "/ideas", `{"space":"plant","title":"Reuse the heat of the ovens","body":"It is **lost** today.","tags":["Energy","heat"]}`, &made).Status(http.StatusCreated)
	if made.ID == 0 || created.Header.Get("Location") != made.URL || !strings.HasSuffix(made.URL, "/ideas/1-reuse-the-heat-of-the-ovens") || made.HTML != "<p>It is <strong>lost</strong> today.</p>\n" || fmt.Sprint(made.Tags) != "[energy heat]" {
		t.Errorf("created: %+v, Location %s", made, created.Header.Get("Location"))
	}
	path := fmt.Sprintf("/ideas/%d", made.ID)
	for range 2 {
		var support struct {
			Supported bool
			Supports  int
		}
		mona.call("PUT", path+"/support", "", &support).Status(http.StatusOK)
		if !support.Supported || support.Supports != 1 {
			t.Errorf("support: %+v", support)
		}
	}
	var comment, reply struct {
		ID     int64
		Parent *int64
		HTML   string
	}
	mona.call("POST", path+"/comments", `{"body":"How much?"}`, &comment).Status(http.StatusCreated)
	alice.call("POST", path+"/comments", fmt.Sprintf(`{"body":"40 kW","parent":%d}`, comment.ID), &reply).Status(http.StatusCreated)
	var comments list[struct{ Parent *int64 }]
	alice.call("GET", path+"/comments", "", &comments).Status(http.StatusOK)
	if len(comments.Items) != 2 || comments.Items[1].Parent == nil || *comments.Items[1].Parent != comment.ID || comments.Next != nil {
		t.Errorf("comments: %+v", comments)
	}
	site.Settle()
	var found struct {
		Total  int
		Hits   []struct{ Type, Title, URL, Excerpt, Space string }
		Facets map[string][]struct {
			Value string
			Count int
		}
	}
	alice.call("GET", "/search?q=heat+ovens", "", &found).Status(http.StatusOK)
	if found.Total != 1 || found.Hits[0].Type != "idea" || found.Hits[0].Space != "plant" || found.Hits[0].URL != made.URL || len(found.Facets["space"]) != 1 {
		t.Errorf("found: %+v", found)
	}
	gaston.call("GET", "/search?q=heat+ovens", "", &found).Status(http.StatusOK)
	if found.Total != 0 || len(found.Hits) != 0 || len(found.Facets["space"]) != 0 {
		t.Errorf("the external found: %+v", found)
	}
	gaston.call("GET", path, "", nil).Status(http.StatusNotFound)
	mona.call("DELETE", path+"/support", "", nil).Status(http.StatusOK)
	alice.call("DELETE", path, "", nil).Status(http.StatusNoContent)
	mona.call("GET", "/ideas", "", &comments).NotSee("Reuse the heat")
}

func TestAChangeIsMadeOnTheTextItWasMeantFor(t *testing.T) {
	_, mona, alice, _ := house(t)
	mona.call("POST", "/spaces", `{"slug":"plant","title":"Plant","visibility":"company"}`, nil)
	alice.call("POST", "/ideas", `{"space":"plant","title":"First title","body":"Text"}`, nil)
	read := alice.call("GET", "/ideas/1", "", nil).Status(http.StatusOK)
	tag := read.Header.Get("ETag")
	alice.call("GET", "/ideas/1", "", nil, "If-None-Match", tag).Status(http.StatusNotModified)
	mona.call("PUT", "/ideas/1/support", "", nil)
	var changed idea
	alice.call("PATCH", "/ideas/1", `{"title":"Second title"}`, &changed, "If-Match", tag).Status(http.StatusOK)
	if changed.Title != "Second title" || changed.Body != "Text" || changed.Version != 2 {
		t.Errorf("changed: %+v", changed)
	}
	var refused problem
	answer := alice.call("PATCH", "/ideas/1", `{"title":"Third title"}`, &refused, "If-Match", tag).Status(http.StatusPreconditionFailed)
	if answer.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("problem as %s", answer.Header.Get("Content-Type"))
	}
	alice.call("DELETE", "/ideas/1", "", nil, "If-Match", tag).Status(http.StatusPreconditionFailed)
	alice.call("GET", "/ideas/1", "", nil).See("Second title", `"published"`)
	tag = alice.call("GET", "/ideas/1", "", nil, "If-None-Match", tag).Status(http.StatusOK).Header.Get("ETag")
	alice.call("DELETE", "/ideas/1", "", nil, "If-Match", tag).Status(http.StatusNoContent)
}

func TestAKeyMakesARepeatedPostDoItsWorkOnce(t *testing.T) {
	site, mona, alice, _ := house(t)
	for range 2 {
		mona.call("POST", "/spaces", `{"slug":"plant","title":"Plant","visibility":"company"}`, nil, "Idempotency-Key", "s1").Status(http.StatusCreated)
	}
	var ids sync.Map
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			var made idea
			alice.call("POST", "/ideas", `{"space":"plant","title":"Only once","body":"Text"}`, &made, "Idempotency-Key", "k1")
			ids.Store(made.ID, true)
		})
	}
	all.Wait()
	count := 0
	ids.Range(func(id, _ any) bool { count++; return id != int64(0) })
	var ideas list[idea]
	alice.call("GET", "/ideas?space=plant", "", &ideas)
	if count != 1 || len(ideas.Items) != 1 {
		t.Fatalf("%d answers differ, %d ideas were made", count, len(ideas.Items))
	}
	// Attempts that gave way to another have used up numbers: this need not be idea 1.
	thread := fmt.Sprintf("/ideas/%d/comments", ideas.Items[0].ID)
	user, err := site.DB.UserByEmail(t.Context(), "alice@example.test")
	if err != nil {
		t.Fatal(err)
	}
	site.Tx(nil, func(tx *models.Tx) error { return tx.SaveDraft(user.ID, "idea/new", models.Fields{"title": "By hand"}) })
	alice.call("POST", "/ideas", `{"space":"plant","title":"By a program","body":"Text"}`, nil, "Idempotency-Key", "k2").Status(http.StatusCreated)
	if draft, err := site.DB.Draft(t.Context(), user.ID, "idea/new"); err != nil || draft == nil {
		t.Errorf("what Alice is writing by hand is gone: %v, %v", draft, err)
	}
	alice.call("POST", "/ideas", `{"space":"plant","title":"Another text","body":"Text"}`, nil, "Idempotency-Key", "k1").Status(http.StatusConflict)
	for range 2 {
		alice.call("POST", thread, `{"body":"Hello"}`, nil, "Idempotency-Key", "c1").Status(http.StatusCreated)
	}
	var comments list[struct{}]
	alice.call("GET", thread, "", &comments)
	if len(comments.Items) != 1 {
		t.Errorf("%d comments were made", len(comments.Items))
	}
}

func TestMistakesAreProblemsAtTheirField(t *testing.T) {
	_, mona, alice, gaston := house(t)
	mona.call("POST", "/spaces", `{"slug":"plant","title":"Plant","visibility":"company"}`, nil)
	for _, test := range []struct {
		by                 program
		method, path, body string
		status             int
		at                 string
	}{
		{alice, "POST", "/ideas", `{"space":"plant","title":"🐝🐝","body":"x"}`, 422, "body.title"},
		{alice, "POST", "/ideas", `{"space":"plant","title":"` + strings.Repeat("a", 10_000) + `","body":"x"}`, 422, "body.title"},
		{alice, "POST", "/ideas", `{"space":"nowhere","title":"A title","body":"x"}`, 404, ""},
		{alice, "POST", "/ideas", `{"space":"plant","title":"A title","body":"x","author_id":1}`, 422, ""},
		{alice, "POST", "/ideas", `{"space":"plant"`, 400, ""},
		{alice, "POST", "/ideas", `{"space":"plant","body":"x"}`, 422, "body"},
		{alice, "POST", "/ideas", strings.Repeat("[", 20_000), 400, "body"},
		{alice, "POST", "/ideas", "{\"space\":\"plant\",\"title\":\"A t\xeetle\",\"body\":\"x\"}", 400, ""},
		{alice, "GET", "/ideas?cursor=nonsense", "", 422, "query.cursor"},
		{alice, "GET", "/ideas?limit=1000", "", 422, "query.limit"},
		{alice, "GET", "/ideas?sort=best", "", 422, "query.sort"},
		{alice, "GET", "/ideas/999", "", 404, ""},
		{alice, "GET", "/ideas/x", "", 422, "path.id"},
		{alice, "GET", "/nothing", "", 404, ""},
		{alice, "POST", "/spaces", `{"slug":"mine","title":"Mine","visibility":"company"}`, 403, ""},
		{alice, "PUT", "/spaces/plant/members/alice@example.test", `{"role":"manager"}`, 403, ""},
		{mona, "PUT", "/spaces/plant/members/gaston@example.test", `{"role":"member"}`, 422, "path.email"},
		{mona, "POST", "/spaces", `{"slug":"Été","title":"","visibility":"all"}`, 422, "body.slug"},
		{gaston, "POST", "/ideas", `{"space":"plant","title":"A title","body":"x"}`, 404, ""},
	} {
		var p problem
		answer := test.by.call(test.method, test.path, test.body, &p)
		if answer.StatusCode != test.status || p.Status != test.status || p.Title == "" || answer.Header.Get("Content-Type") != "application/problem+json" || p.Instance != answer.Header.Get("X-Request-Id") || len(answer.Text) > 2000 || test.at != "" && !p.at(test.at) {
			t.Errorf("%s %s %.80s: %d, %s, %+v", test.method, test.path, test.body, answer.StatusCode, answer.Header.Get("Content-Type"), p)
		}
	}
}

func TestATokenIsThePersonAndNothingElseIs(t *testing.T) {
	site, mona, alice, _ := house(t)
	mona.call("POST", "/spaces", `{"slug":"open","title":"Open","visibility":"public"}`, nil)
	visitor := program{site.Visitor(), t, ""}
	for _, authorization := range []string{"Bearer ", "Bearer nonsense", "Basic YTpi", "Bearer " + alice.token + "x"} {
		answer := visitor.Do("GET", "/api/v1/me", nil, http.Header{"Authorization": {authorization}}).Status(http.StatusUnauthorized)
		if answer.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: no challenge", authorization)
		}
	}
	visitor.Do("GET", "/api/v1/spaces", nil, nil).Status(http.StatusOK).See(`"open"`)
	visitor.Do("GET", "/api/v1/me", nil, nil).Status(http.StatusUnauthorized)
	visitor.Do("POST", "/api/v1/ideas", strings.NewReader(`{"space":"open","title":"A title","body":"x"}`), http.Header{"Content-Type": {"application/json"}}).Status(http.StatusUnauthorized)
	user, err := site.DB.UserByEmail(t.Context(), "alice@example.test")
	if err != nil {
		t.Fatal(err)
	}
	browser := site.As(user) // a session is not a token
	browser.Do("GET", "/api/v1/me", nil, nil).Status(http.StatusUnauthorized)
	alice.call("GET", "/me", "", nil).Status(http.StatusOK)
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(user.ID) })
	alice.call("GET", "/me", "", nil).Status(http.StatusUnauthorized)
}

func TestTheDescriptionNamesEveryOperation(t *testing.T) {
	site := apptest.Start(t)
	var spec struct {
		OpenAPI string
		Paths   map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(site.Visitor().Get("/api/v1/openapi.json").Status(http.StatusOK).Text), &spec); err != nil {
		t.Fatal(err)
	}
	if spec.OpenAPI != "3.1.0" {
		t.Errorf("OpenAPI %s", spec.OpenAPI)
	}
	for path, methods := range map[string][]string{
		"/me": {"get"}, "/spaces": {"get", "post"}, "/spaces/{slug}/members/{email}": {"put", "delete"}, "/ideas": {"get", "post"},
		"/ideas/{id}": {"get", "patch", "delete"}, "/ideas/{id}/support": {"put", "delete"}, "/ideas/{id}/comments": {"get", "post"}, "/search": {"get"},
	} {
		for _, method := range methods {
			if spec.Paths[path][method] == nil {
				t.Errorf("%s %s is not described", method, path)
			}
		}
	}
	site.Visitor().Get("/api/v1/docs").Status(http.StatusOK).See("Post an idea", "Idempotency-Key", "/api/v1/ideas/{id}/support", "<code>supported</code>", "<code>items[].author.name</code>", "<code>trending, newest, supported, active, unanswered, random</code>")
}

func TestListsArePagedByKey(t *testing.T) {
	_, mona, alice, _ := house(t)
	mona.call("POST", "/spaces", `{"slug":"plant","title":"Plant","visibility":"company"}`, nil)
	for i := range 7 {
		alice.call("POST", "/ideas", fmt.Sprintf(`{"space":"plant","title":"Idea number %d","body":"x"}`, i), nil).Status(http.StatusCreated)
	}
	for _, sort := range []string{"trending", "newest", "supported", "active"} {
		seen, cursor := map[int64]bool{}, ""
		for range 10 {
			var page list[idea]
			alice.call("GET", "/ideas?limit=3&sort="+sort+"&cursor="+cursor, "", &page).Status(http.StatusOK)
			for _, item := range page.Items {
				seen[item.ID] = true
			}
			if page.Next == nil {
				break
			}
			cursor = *page.Next
		}
		if len(seen) != 7 {
			t.Errorf("%s: %d of 7 ideas", sort, len(seen))
		}
	}
}
