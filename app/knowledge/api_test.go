package knowledge_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// program is a client of the API with somebody's token.
type program struct {
	h      *house
	header http.Header
}

func (h *house) program(user *models.User, scope models.Scope) *program {
	return &program{h, http.Header{"Authorization": {"Bearer " + h.Token(user, scope)}, "Content-Type": {"application/json"}}}
}

func (p *program) call(method, path, body string, headers ...string) *apptest.Answer {
	p.h.t.Helper()
	header := p.header.Clone()
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	return p.h.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), header)
}

// told is what an answer of the API about knowledge can hold.
type told struct {
	ID         int64
	Number     int
	Title      string
	Body       json.RawMessage
	Collection int64
	Parent     *int64
	State      string
	Version    int
	Items      []told
	Next       any
}

func decoded(t *testing.T, answer *apptest.Answer) (value told) {
	t.Helper()
	if err := json.Unmarshal([]byte(answer.Text), &value); err != nil {
		t.Fatalf("%v in %s", err, answer.Text)
	}
	return value
}

// titles are those of a whole list, read page by page.
func (p *program) titles(path string) (titles []string) {
	p.h.t.Helper()
	for cursor := ""; ; {
		page := decoded(p.h.t, p.call("GET", path+"limit=2"+cursor, "").Status(http.StatusOK))
		for _, item := range page.Items {
			titles = append(titles, item.Title)
		}
		if page.Next == nil {
			return titles
		}
		cursor = fmt.Sprintf("&cursor=%v", page.Next)
	}
}

func (p *program) article(document string) told {
	p.h.t.Helper()
	return decoded(p.h.t, p.call("POST", "/articles", document).Status(http.StatusCreated))
}

func TestProgramsDoWithArticlesWhatPeopleDo(t *testing.T) {
	h := open(t)
	bob := h.program(h.bob, models.ScopeWrite)
	document := `{"collection": ` + h.shelf + `, "title": "Changing a die", "body": "First, wait.", "tags": ["dies"]}`
	first := bob.call("POST", "/articles", document, "Idempotency-Key", "k1").Status(http.StatusCreated)
	article := decoded(t, first)
	if again := decoded(t, bob.call("POST", "/articles", document, "Idempotency-Key", "k1").Status(http.StatusCreated)); again.ID != article.ID {
		t.Error("the same key wrote two articles")
	}
	path, tag := fmt.Sprintf("/articles/%d", article.ID), first.Header.Get("ETag")
	bob.call("GET", path, "", "If-None-Match", tag).Status(http.StatusNotModified)
	edited := bob.call("PATCH", path, `{"body": "First, wait an hour.", "note": "How long"}`, "If-Match", tag).Status(http.StatusOK)
	if now := decoded(t, edited); now.Version != 2 || now.Title != "Changing a die" {
		t.Errorf("edited to %+v", now)
	}
	bob.call("PATCH", path, `{"body": "Lost."}`, "If-Match", tag).Status(http.StatusPreconditionFailed)
	bob.call("DELETE", path, "", "If-Match", tag).Status(http.StatusPreconditionFailed)
	bob.call("PATCH", path, `{"title": ""}`).Status(http.StatusUnprocessableEntity).See("body.title")

	if versions := decoded(t, bob.call("GET", path+"/versions?limit=1", "").Status(http.StatusOK)); versions.Items[0].Number != 2 || versions.Next != 2.0 {
		t.Errorf("versions %+v", versions)
	}
	bob.call("GET", path+"/versions/1", "").Status(http.StatusOK).See("First, wait.")
	bob.call("GET", path+"/versions/2/changes", "").Status(http.StatusOK).See(`"added"`, "hour")
	bob.call("GET", path+"/versions/2/changes?since=2", "").Status(http.StatusNotFound)
	bob.call("GET", path+"/versions/9", "").Status(http.StatusNotFound)
	if back := decoded(t, bob.call("POST", path+"/versions/1", "").Status(http.StatusOK)); back.Version != 3 || string(back.Body) != `"First, wait."` {
		t.Errorf("restored to %+v", back)
	}

	bob.call("DELETE", path, "").Status(http.StatusNoContent)
	h.program(h.alice, models.ScopeWrite).call("GET", path, "").Status(http.StatusNotFound)
	h.program(h.alice, models.ScopeWrite).call("POST", path+"/restoration", "").Status(http.StatusNotFound)
	bob.call("PATCH", path, `{"title": "Withdrawn"}`).Status(http.StatusConflict)
	if back := decoded(t, bob.call("POST", path+"/restoration", "").Status(http.StatusOK)); back.State != "published" {
		t.Errorf("brought back as %q", back.State)
	}
}

func TestProgramsReadATreeLevelByLevelAndMoveInIt(t *testing.T) {
	h := open(t)
	bob := h.program(h.bob, models.ScopeWrite)
	var made []told
	for n := range 5 {
		made = append(made, bob.article(fmt.Sprintf(`{"collection": %s, "title": "A%d"}`, h.shelf, n)))
	}
	bob.article(fmt.Sprintf(`{"collection": %s, "parent": %d, "title": "Under"}`, h.shelf, made[0].ID))
	tree := "/collections/" + h.shelf + "/tree?"
	if got := fmt.Sprint(bob.titles(tree)); got != "[A0 A1 A2 A3 A4]" {
		t.Errorf("top %s", got)
	}
	if got := fmt.Sprint(bob.titles(fmt.Sprintf("%sparent=%d&", tree, made[0].ID))); got != "[Under]" {
		t.Errorf("under the first %s", got)
	}
	place := fmt.Sprintf("/articles/%d/place", made[4].ID)
	bob.call("PUT", place, `{"after": 0}`).Status(http.StatusOK)
	if got := fmt.Sprint(bob.titles(tree)); got != "[A4 A0 A1 A2 A3]" {
		t.Errorf("after the move %s", got)
	}
	bob.call("PUT", place, fmt.Sprintf(`{"parent": %d}`, made[4].ID)).Status(http.StatusUnprocessableEntity)
	bob.call("PUT", place, `{"collection": `+h.hidden+`}`).Status(http.StatusNotFound)
	if got := len(bob.titles("/articles?collection=" + h.shelf + "&")); got != 6 {
		t.Errorf("%d articles of the collection", got)
	}
	if got := len(bob.titles("/articles?space=ateliers&")); got != 6 {
		t.Errorf("%d articles of the space", got)
	}
	for _, cursor := range []string{"nonsense", "bnVsbA"} {
		bob.call("GET", "/articles?cursor="+cursor, "").Status(http.StatusUnprocessableEntity)
		bob.call("GET", tree+"cursor="+cursor, "").Status(http.StatusUnprocessableEntity)
	}
	bob.call("GET", "/collections?cursor=eyJzIjoxLCJwIjo5OTk5OTk5OTk5OSwiaSI6MX0", "").Status(http.StatusUnprocessableEntity)
}

func TestProgramsLearnOnlyOfWhatTheyMaySee(t *testing.T) {
	h := open(t)
	secret := h.write(h.mona, h.hidden, "", "The recipe", "Salt.")
	for name, p := range map[string]*program{"bob": h.program(h.bob, models.ScopeManage), "karen": h.program(h.karen, models.ScopeManage)} {
		for _, path := range []string{"/articles/" + secret, "/articles/" + secret + "/versions", "/articles/" + secret + "/versions/1", "/articles/" + secret + "/versions/1/changes", "/collections/" + h.hidden, "/collections/" + h.hidden + "/tree", "/articles?collection=" + h.hidden, "/articles?space=closed", "/collections?space=closed", "/collections/" + h.shelf + "/tree?parent=" + secret} {
			if answer := p.call("GET", path, ""); answer.StatusCode != http.StatusNotFound {
				t.Errorf("%s is told of %s: %d", name, path, answer.StatusCode)
			}
		}
		p.call("GET", "/articles", "").Status(http.StatusOK).NotSee("recipe")
		p.call("GET", "/collections", "").Status(http.StatusOK).NotSee("Secrets")
		p.call("POST", "/articles", `{"collection": `+h.hidden+`, "title": "Mine"}`).Status(http.StatusNotFound)
	}
	h.Visitor().Get("/api/v1/articles/" + secret).Status(http.StatusNotFound)
}

func TestProgramsArrangeCollectionsOnlyWithAScopeForThat(t *testing.T) {
	h := open(t)
	document := `{"space": "ateliers", "title": "Presses"}`
	h.program(h.mona, models.ScopeWrite).call("POST", "/collections", document).Status(http.StatusForbidden)
	h.program(h.bob, models.ScopeManage).call("POST", "/collections", document).Status(http.StatusForbidden)
	mona := h.program(h.mona, models.ScopeManage)
	shelf := decoded(t, mona.call("POST", "/collections", document, "Idempotency-Key", "c1").Status(http.StatusCreated))
	if again := decoded(t, mona.call("POST", "/collections", document, "Idempotency-Key", "c1").Status(http.StatusCreated)); again.ID != shelf.ID {
		t.Error("the same key made two collections")
	}
	path := fmt.Sprintf("/collections/%d", shelf.ID)
	mona.call("PATCH", path, `{"description": "All of them."}`).Status(http.StatusOK).See("Presses", "All of them.")
	mona.call("PATCH", path, `{"title": " "}`).Status(http.StatusUnprocessableEntity).See("body.title")
	mona.call("PUT", path+"/archive", "").Status(http.StatusOK).NotSee(`"archived_at":null`)
	write := fmt.Sprintf(`{"collection": %d, "title": "Late"}`, shelf.ID)
	mona.call("POST", "/articles", write).Status(http.StatusUnprocessableEntity).See("body.collection")
	mona.call("DELETE", path+"/archive", "").Status(http.StatusOK).See(`"archived_at":null`)
	mona.call("POST", "/articles", write).Status(http.StatusCreated)
	h.program(h.bob, models.ScopeRead).call("POST", "/articles", write).Status(http.StatusForbidden)
	h.program(h.bob, models.ScopeManage).call("PATCH", path, `{"title": "Mine"}`).Status(http.StatusForbidden)
	if got := fmt.Sprint(mona.titles("/collections?space=ateliers&")); got != "[Extrusion Presses]" {
		t.Errorf("collections %s", got)
	}
}
