package main_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ruche/app/apptest/program"
)

// refusal starts a server that must not run, and checks that it says why in one line that names the culprit.
func refusal(t *testing.T, p *program.Program, culprit string) {
	t.Helper()
	p.Launch()
	outcome := p.Wait(time.Minute)
	lines := strings.Split(strings.TrimSpace(outcome.Err), "\n")
	if outcome.Code == 0 || len(lines) != 1 || !strings.HasPrefix(lines[0], "ruche: ") || !strings.Contains(lines[0], culprit) {
		t.Errorf("exit code %d, want one line that names %s:\n%s", outcome.Code, culprit, outcome.Err)
	}
	if outcome.Took > 10*time.Second { // five on a machine that has nothing else to do
		t.Errorf("it took %s to say so", outcome.Took)
	}
	if strings.Contains(outcome.Err, "hunter2") {
		t.Errorf("the password is shown: %s", outcome.Err)
	}
	t.Log(lines[0])
}

func TestAWrongSettingIsOneClearLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	notADir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(notADir, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []struct{ name, value string }{
		{"RUCHE_ADDR", "8080"}, {"RUCHE_ADDR", "127.0.0.1:http:8"}, {"RUCHE_ADDR", "127.0.0.1:99999"}, {"RUCHE_ADDR", "192.0.2.1:8080"}, {"RUCHE_ADDR", taken.Addr().String()},
		{"RUCHE_BASE_URL", "ruche.example.com"}, {"RUCHE_BASE_URL", "ftp://ruche.example.com"}, {"RUCHE_BASE_URL", "https://ruche.example.com/app"}, {"RUCHE_BASE_URL", "https://"},
		{"RUCHE_DATA_DIR", notADir}, {"RUCHE_DATA_DIR", notADir + "/below"},
		{"RUCHE_DATABASE_URL", "mysql://u:hunter2@localhost/ruche"}, {"RUCHE_DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/ruche"}, {"RUCHE_DATABASE_URL", "postgres://u:hunter2@ru che/ruche"},
		{"RUCHE_DATABASE_URL", "postgres://u:hunter2@127.0.0.1:x/ruche"}, {"RUCHE_DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/ruche?sslmode=perhaps"}, {"RUCHE_DATABASE_URL", "postgres://u:hunter2@nowhere.invalid/ruche"},
		{"RUCHE_DATABASE_URL", "sqlite:///nowhere/at/all.db"},
		{"RUCHE_OIDC_ISSUER", "https://login.example.com"}, {"RUCHE_OIDC_CLIENT_ID", "ruche"}, {"RUCHE_OIDC_CLIENT_SECRET", "hunter2"}, {"RUCHE_OIDC_EXTERNAL_ID", "oid"}, {"RUCHE_OIDC_USER_NAME", "login"}, {"RUCHE_OIDC_FILE", notADir}, {"RUCHE_OIDC_FILE", "/nowhere/at/all.json"},
		{"RUCHE_MAGIC_LINKS", "some"}, {"RUCHE_SMTP_URL", "mail.example.com"}, {"RUCHE_SMTP_URL", "smtp://u:hunter2@mail.example.com?tls=optional"}, {"RUCHE_S3_URL", "nonsense"}, {"RUCHE_RATE_LIMIT", "maybe"}, {"RUCHE_LINK_PREVIEWS", "maybe"}, {"RUCHE_OPEN_PASSPORTS", "some"}, {"RUCHE_PERSON_FILES", "much"}, {"RUCHE_SPACE_FILES", "-1 GB"}, {"RUCHE_DATABSE_URL", "postgres://u:hunter2@127.0.0.1/ruche"},
	} {
		t.Run(wrong.name+"="+wrong.value, func(t *testing.T) {
			refusal(t, program.Install(t, program.Settings{wrong.name: wrong.value}), wrong.name)
		})
	}
	t.Run("from", func(t *testing.T) {
		refusal(t, program.Install(t, program.Settings{"RUCHE_SMTP_URL": "smtp://u:hunter2@mail.example.com"}), "RUCHE_MAIL_FROM")
		refusal(t, program.Install(t, program.Settings{"RUCHE_SMTP_URL": "smtp://u:hunter2@mail.example.com", "RUCHE_MAIL_FROM": "Ruche"}), "RUCHE_MAIL_FROM")
	})
	t.Run("issuer", func(t *testing.T) {
		refusal(t, program.Install(t, program.Settings{"RUCHE_OIDC_ISSUER": "login", "RUCHE_OIDC_CLIENT_ID": "ruche"}), "RUCHE_OIDC_ISSUER")
	})
}

func TestADataDirectoryThatCannotBeWrittenIsOneClearLine(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	p := program.Install(t, program.Settings{"RUCHE_DATA_DIR": dir})
	if os.Getuid() == 0 { // who may write everywhere
		for above := filepath.Dir(dir); above != os.TempDir() && above != "/"; above = filepath.Dir(above) {
			if err := os.Chmod(above, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		p.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	refusal(t, p, "RUCHE_DATA_DIR")
}

func TestADirectoryThatAnotherServerUsesIsOneClearLine(t *testing.T) {
	first, _ := company(t, nil)
	second := program.Install(t, program.Settings{"RUCHE_DATA_DIR": first.DataDir, "RUCHE_DATABASE_URL": first.Setting("RUCHE_DATABASE_URL")})
	refusal(t, second, "RUCHE_DATA_DIR")
	if status := first.Status("/readyz"); status != http.StatusOK {
		t.Errorf("the first one answers %d", status)
	}
}

func TestASchemaOfANewerProgramIsLeftAlone(t *testing.T) {
	p := program.Install(t, nil)
	p.Must("user", "create", "ana@example.test", "--name", "Ana Lima")
	applied := "CURRENT_TIMESTAMP"
	applies := "1"
	if p.Postgres() {
		applies = "true"
	}
	if _, err := p.Rows().Exec(fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (9999, %s, %s)", applies, applied)); err != nil {
		t.Fatal(err)
	}
	refusal(t, p, "9999")
	if outcome := p.Run("login-link", "ana@example.test"); outcome.Code == 0 || !strings.Contains(outcome.Err, "9999") {
		t.Errorf("a command works on it: %+v", outcome)
	}
}
