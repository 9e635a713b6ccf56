package app_test

import (
	"net/http"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAPageThatIsNotThereOrNotAllowedKeepsTheWayOn(t *testing.T) {
	site := apptest.Start(t)
	mona, paul := site.Person("Mona", models.RoleManager), site.Person("Paul", models.RoleEmployee)
	closed := site.Space("closed-room", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	link := `href="/spaces/` + closed.Slug + `"`
	way := []string{`<nav`, `href="/ideas"`, `href="/spaces"`, `action="/search"`}
	for path, status := range map[string]int{"/nothing": 404, "/spaces/" + closed.Slug: 404, "/ideas/99": 404, "/audit": 403} {
		site.As(paul).Get(path).Status(status).See(append(way, `href="/account"`)...).NotSee(link)
	}
	for _, path := range []string{"/nothing", "/spaces/" + closed.Slug} {
		site.Visitor().Get(path).Status(http.StatusNotFound).See(append(way, `href="/sign-in`)...).NotSee(link)
	}
	site.As(mona).Get("/nothing").Status(http.StatusNotFound).See(link)
}

func TestAPathAskedInAWayItDoesNotKnowSaysWhichItDoes(t *testing.T) {
	site := apptest.Start(t)
	paul := site.Person("Paul", models.RoleEmployee)
	for _, test := range []struct{ method, path, allow string }{
		{"DELETE", "/ideas", "GET, POST, HEAD"},
		{"PATCH", "/search", "GET, HEAD"},
		{"GET", "/ideas/999/supports", "POST"},
		{"PUT", "/static/nothing.css", "OPTIONS, GET"},
		{"PUT", "/api/v1/ideas", "GET, POST, HEAD"},
		{"DELETE", "/nothing", ""},
		{"POST", "/ideas/999/nothing", ""},
		{"PUT", "/api/v1/nothing", ""},
	} {
		want := http.StatusMethodNotAllowed
		if test.allow == "" {
			want = http.StatusNotFound
		}
		answer := site.As(paul).Do(test.method, test.path, nil, http.Header{"Sec-Fetch-Site": {"same-origin"}}).Status(want)
		if got := answer.Header.Get("Allow"); got != test.allow {
			t.Errorf("%s %s: allowed are %q, want %q", test.method, test.path, got, test.allow)
		}
	}
	site.Visitor().Do("PUT", "/api/v1/ideas", nil, nil).Status(http.StatusMethodNotAllowed).See(`"status":405`)
}
