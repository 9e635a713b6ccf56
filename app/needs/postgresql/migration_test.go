//go:build peers

package postgresql_test

import (
	"testing"
	"time"

	"ruche/models"
	"ruche/models/modelstest"
)

func TestAMigrationMayTakeLongerThanAStatement(t *testing.T) {
	address := modelstest.Address(t)
	conn := connect(t, address)
	exec(t, conn, "SELECT pg_advisory_lock(711)") // as another process does while it migrates
	time.AfterFunc(600*time.Millisecond, func() { _, _ = conn.Exec(t.Context(), "SELECT pg_advisory_unlock(711)") })
	db, err := models.Open(t.Context(), address+"&statement_timeout=200", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
