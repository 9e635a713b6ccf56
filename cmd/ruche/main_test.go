package main_test

import (
	"net/http"
	"testing"

	"ruche/app/apptest/program"
)

func TestMain(m *testing.M) { program.Main(m) }

// company installs Ruche with an owner, who has a token, and starts it; the space "workshop" is everybody's.
func company(t *testing.T, settings program.Settings) (*program.Program, *program.Client) {
	t.Helper()
	p := program.Install(t, settings)
	p.Must("user", "create", "olga@example.test", "--name", "Olga Bonnet", "--role", "owner")
	olga := p.Token("olga@example.test")
	p.Start()
	space(t, olga, "workshop", "company")
	return p, olga
}

func space(t *testing.T, client *program.Client, slug, visibility string) {
	t.Helper()
	answer, err := client.JSON(http.MethodPost, "/spaces", map[string]any{"slug": slug, "title": "Space " + slug, "visibility": visibility})
	if err != nil || answer.Status != http.StatusCreated {
		t.Fatalf("create space: %v %+v", err, answer)
	}
}
