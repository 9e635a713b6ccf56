package ideas_test

import (
	"fmt"
	"testing"

	"ruche/app/apptest"
	"ruche/app/glossary"
	"ruche/app/ideas"
	"ruche/app/posts"
	"ruche/app/ties"
	"ruche/app/writing"
	"ruche/models"
)

// statements is how many SQL statements an action takes.
func (h *house) statements(action func()) int {
	before := h.DB.Statements()
	action()
	return int(h.DB.Statements() - before)
}

// TestPagesStayWithinTheirStatements counts everything from the session on.
func TestPagesStayWithinTheirStatements(t *testing.T) {
	h := open(t)
	carla := h.Person("Carla", models.RoleManager)
	many(h, 40)
	alice, bob, manager := h.As(h.alice), h.As(h.bob), h.As(carla)
	for i, stage := range []string{"discussed", "refined"} {
		manager.Post("/ideas/2/stage", apptest.Form{"stage": stage}).Status(303)
		say2(t, bob, fmt.Sprintf("Comment %d.", i))
	}
	draft(alice, "idea/2/comment", `{"body":"Begun."}`).Status(200)
	bob.Post("/ideas/2/supports", apptest.Form{"supported": "1"}).Status(303)
	h.Settle()
	alice.Get("/ideas") // the figures beside lists are counted once a minute
	alice.Get("/ideas/2-idea-number-2")
	bob.Get("/ideas") // and toasts shown
	manager.Get("/ideas")

	for path, most := range map[string]int{
		"/ideas": 6, "/ideas?sort=newest&stage=proposed": 6, "/ideas?tag=odd": 6, "/ideas?space=ateliers": 6, "/ideas?space=ateliers&tag=odd&sort=active": 6,
		"/ideas?mine=1": 6, "/ideas?followed=1": 6,
		"/ideas/2-idea-number-2": 12, // two of them for the threads and articles that belong to it
	} {
		n := h.statements(func() { alice.Get(path).Status(200) })
		t.Logf("GET %s: %d statements", path, n)
		if n > most {
			t.Errorf("GET %s takes %d statements, more than %d", path, n, most)
		}
	}
	if n := h.statements(func() { h.Visitor().Get("/ideas").Status(200) }); n > 3 {
		t.Errorf("a visitor's list takes %d statements", n)
	}
}

func say2(t *testing.T, client *apptest.Client, body string) {
	t.Helper()
	client.Post("/ideas/2/comments", apptest.Form{"body": body}).Status(303)
}

// TestEachActionIsOneShortTransaction counts what a use case runs in its transaction; what it reads before is not in it.
func TestEachActionIsOneShortTransaction(t *testing.T) {
	h := open(t)
	many(h, 2)
	actor := h.Actor(h.bob)
	drafting := writing.New(h.Web)
	f, said := ideas.New(h.Web, drafting, h.Files, h.Index, ideas.Beside{Tied: ties.New(h.Web, h.Index).Idea, Terms: glossary.New(h.Web, drafting).Mark}), posts.New(h.Web, drafting, h.Files)
	ctx := t.Context()
	comment := func(parent int64) int {
		return h.statements(func() {
			if _, err := said.Write(ctx, actor, posts.NewPost{About: models.About{Idea: 2}, Parent: parent, Body: "A word.", Once: fmt.Sprint(parent)}); err != nil {
				t.Error(err)
			}
		})
	}
	// One statement beside the transaction finds out whether the actor may comment at all.
	if n := comment(0) - 1; n > 8 {
		t.Errorf("a comment takes %d statements", n)
	}
	if n := comment(1) - 1; n > 8 {
		t.Errorf("an answer takes %d statements", n)
	}
	for name, action := range map[string]func() (*models.Idea, error){
		"support":   func() (*models.Idea, error) { return f.Support(ctx, actor, 1) },
		"unsupport": func() (*models.Idea, error) { return f.Unsupport(ctx, actor, 1) },
	} {
		n := h.statements(func() {
			if _, err := action(); err != nil {
				t.Error(err)
			}
		})
		t.Logf("%s: %d statements", name, n)
		if n > 5 {
			t.Errorf("%s takes %d statements", name, n)
		}
	}
}
