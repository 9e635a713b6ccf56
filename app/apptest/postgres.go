package apptest

import (
	"testing"

	"ruche/app/apptest/peers"
)

// Postgres starts a PostgreSQL cluster for one test to stop, kill and start again. It ends with the test.
// Tests that only need a database share the cluster that cmd/dev starts.
func Postgres(t testing.TB) *peers.Postgres {
	t.Helper()
	postgres, err := peers.StartPostgres(t.Context(), peers.Quick)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := postgres.Close(); err != nil {
			t.Error(err)
		}
	})
	return postgres
}
