package reactions_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// program asks as somebody's token does.
func (h *house) program(user *models.User) func(method, path string) *apptest.Answer {
	header := http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeWrite)}}
	client := h.Visitor()
	return func(method, path string) *apptest.Answer { return client.Do(method, "/api/v1"+path, nil, header) }
}

func TestProgramsReact(t *testing.T) {
	h := open(t)
	alice, bob, mona := h.program(h.aliceUser), h.program(h.bobUser), h.program(h.monaUser)
	alice("GET", "/reactions").Status(200).See(`"emoji":"👍"`, `"name_fr":"D’accord"`, `"in_set":true`)
	alice("PUT", "/posts/2/reactions/1").Status(200).See(`"sign":1`, `"people":1`, `"mine":true`)
	alice("PUT", "/posts/2/reactions/1").Status(200).See(`"people":1`)
	mona("PUT", "/posts/2/reactions/1").Status(200).See(`"people":2`)
	bob("PUT", "/posts/2/reactions/1").Status(403)
	alice("PUT", "/posts/2/reactions/99").Status(422).See("sign")
	alice("PUT", "/posts/999/reactions/1").Status(404)
	bob("GET", "/posts/2/reactions").Status(200).See(`"counts":[{"sign":1,"emoji":"👍","people":2,"mine":false}]`, `"name":"Alice"`, `"name":"Mona"`, `"next":null`)
	first := bob("GET", "/posts/2/reactions?limit=1").Status(200).See("Mona").NotSee("Alice")
	_, next, _ := strings.Cut(first.Text, `"next":"`)
	next, _, _ = strings.Cut(next, `"`)
	bob("GET", "/posts/2/reactions?limit=1&cursor="+next).Status(200).See("Alice", `"next":null`)
	bob("GET", "/posts/2/reactions?cursor=x").Status(422)
	bob("GET", "/posts/2/reactions?sign=2").Status(200).See(`"items":[]`)
	bob("GET", "/ideas/1/comments").Status(200).See(`"reactions":[{"sign":1,"emoji":"👍","people":2,"mine":false}]`)
	alice("GET", "/ideas/1/comments").See(`"mine":true`)
	alice("DELETE", "/posts/2/reactions/1").Status(200).See(`"people":1`, `"mine":false`)
	alice("DELETE", "/posts/2/reactions/1").Status(200).See(`"people":1`)
	h.bob.Post("/ideas/1/comments/2/removal", nil).Status(303)
	bob("GET", "/ideas/1/comments").See(`"reactions":[]`)
	bob("GET", "/posts/2/reactions").Status(404)
}

func TestProgramsWithoutAPersonLearnNoNames(t *testing.T) {
	h := open(t)
	h.bob.Post("/ideas", apptest.Form{"space": "square", "title": "For all", "body": "To read."}).Status(303)
	h.bob.Post("/ideas/2/comments", apptest.Form{"body": "Do read."}).Status(303)
	h.alice.Post("/posts/4/reactions", apptest.Form{"give": "1"}).Status(303)
	visitor := h.Visitor()
	visitor.Get("/api/v1/posts/4/reactions").Status(200).See(`"people":1`, `"person":null`).NotSee("Alice")
	visitor.Get("/api/v1/posts/2/reactions").Status(404)
	visitor.Do("PUT", "/api/v1/posts/4/reactions/1", nil, nil).Status(401)
}
