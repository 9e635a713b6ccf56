//go:build peers

package postgresql_test

import (
	"net/http"
	"testing"

	"ruche/app/apptest/program"
)

func TestMain(m *testing.M) { program.Main(m) }

// company starts a server on a database and opens a space for everybody; its owner is Olga, and Emile an employee.
func company(t *testing.T, database string) (*program.Program, *program.Client) {
	t.Helper()
	p := program.Install(t, program.Settings{"RUCHE_DATABASE_URL": database})
	p.Must("user", "create", "olga@example.test", "--name", "Olga Bonnet", "--role", "owner")
	p.Must("user", "create", "emile@example.test", "--name", "Émile Roy", "--role", "employee")
	olga := p.Token("olga@example.test")
	p.Start()
	answer, err := olga.JSON(http.MethodPost, "/spaces", map[string]any{"slug": "workshop", "title": "Workshop", "visibility": "company"})
	if err != nil || answer.Status != http.StatusCreated {
		t.Fatalf("create space: %v %+v", err, answer)
	}
	return p, olga
}
