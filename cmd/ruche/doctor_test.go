package main_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ruche/app/apptest/program"
)

func TestTheDoctorChangesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "later")
	p := program.Install(t, program.Settings{"RUCHE_DATA_DIR": dir})
	if outcome := p.Run("doctor"); outcome.Code != 0 || strings.Contains(outcome.Out, "MEND") || !strings.Contains(outcome.Out, "not there yet") {
		t.Errorf("before the first start: exit code %d\n%s", outcome.Code, outcome.Out)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it made the data directory: %v", err)
	}

	p.Must("user", "create", "ana@example.test", "--name", "Ana Lima")
	if outcome := p.Run("doctor"); outcome.Code != 0 || strings.Contains(outcome.Out, "schema") {
		t.Errorf("a sound house: exit code %d\n%s", outcome.Code, outcome.Out)
	}
	rows := p.Rows()
	newest := program.Count(t, rows, "SELECT MAX(version_id) FROM goose_db_version")
	if _, err := rows.Exec(fmt.Sprintf("DELETE FROM goose_db_version WHERE version_id = %d", newest)); err != nil {
		t.Fatal(err)
	}
	if outcome := p.Run("doctor"); outcome.Code != 0 || !strings.Contains(outcome.Out, "schema is brought up to date by the next start") {
		t.Errorf("an older schema: exit code %d\n%s", outcome.Code, outcome.Out)
	}
	if now := program.Count(t, rows, "SELECT MAX(version_id) FROM goose_db_version"); now >= newest {
		t.Errorf("it migrated the schema of a server of the version before: %d", now)
	}
}

func TestTheDoctorSaysWhatToMend(t *testing.T) {
	notADir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(notADir, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for what, settings := range map[string]program.Settings{
		"data":     {"RUCHE_DATA_DIR": notADir},
		"database": {"RUCHE_DATABASE_URL": "postgres://u:hunter2@127.0.0.1:1/ruche"},
		"files":    {"RUCHE_S3_URL": "http://key:hunter2@127.0.0.1:1/bucket"},
		"sign-in":  {"RUCHE_OIDC_ISSUER": "http://127.0.0.1:1", "RUCHE_OIDC_CLIENT_ID": "ruche"},
	} {
		outcome := program.Install(t, settings).Run("doctor")
		if outcome.Code != 1 || !strings.Contains(outcome.Out, "MEND  "+what) || !strings.Contains(outcome.Out, "→ ") || strings.Contains(outcome.Out+outcome.Err, "hunter2") {
			t.Errorf("%s: exit code %d\n%s%s", what, outcome.Code, outcome.Out, outcome.Err)
		}
	}
}
