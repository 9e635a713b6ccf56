package main_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"ruche/app/apptest/program"
)

// show starts the demo and returns the secrets of the links that it prints this time, by who they are for.
func show(t *testing.T, p *program.Program, args ...string) map[string]string {
	t.Helper()
	said := len(p.Log())
	p.LaunchAs(append([]string{"demo"}, args...)...)
	p.Until(2*time.Minute, "the demo says how to stop it", func() bool {
		return strings.Contains(p.Log()[said:], "Its data is in "+p.DataDir+"; stop with Ctrl-C, start over with --reset.")
	})
	link := regexp.MustCompile(`(?m)^  (employee|community manager|external customer) .* ` + regexp.QuoteMeta(p.URL) + `/sign-in/link\?token=([0-9a-f]{64})$`)
	secrets := map[string]string{}
	for _, match := range link.FindAllStringSubmatch(p.Log()[said:], -1) {
		secrets[match[1]] = match[2]
	}
	if len(secrets) != 3 {
		t.Fatalf("links for %v:\n%s", secrets, p.Log()[said:])
	}
	return secrets
}

// interrupt is what Ctrl-C does.
func interrupt(t *testing.T, p *program.Program) {
	t.Helper()
	p.Signal(syscall.SIGINT)
	if outcome := p.Wait(30 * time.Second); outcome.Code != 0 {
		t.Errorf("exit code %d", outcome.Code)
	}
}

// enter signs in by a link.
func enter(t *testing.T, p *program.Program, secret string) *program.Client {
	t.Helper()
	client := p.Visitor()
	if answer, err := client.Form("/sign-in/link", url.Values{"token": {secret}}); err != nil || answer.Status != http.StatusSeeOther {
		t.Fatalf("sign in: %v %+v", err, answer)
	}
	return client
}

func TestTheDemoKeepsItsCompanyUntilItIsToldToStartOver(t *testing.T) {
	bucket := "https://key:secret@127.0.0.1:1/real" // nobody answers there: the demo must not ask
	p := program.Install(t, program.Settings{"RUCHE_S3_URL": bucket, "RUCHE_DATABASE_URL": "postgres://nobody@127.0.0.1:1/real"})
	secrets := show(t, p)
	statuses := map[string]int{"employee": http.StatusForbidden, "community manager": http.StatusOK, "external customer": http.StatusForbidden}
	for who, secret := range secrets {
		client := enter(t, p, secret)
		if answer, err := client.Get("/spaces/new"); err != nil || answer.Status != statuses[who] {
			t.Errorf("the %s asks for a new space: %v %+v", who, err, answer)
		}
		if answer, err := p.Visitor().Form("/sign-in/link", url.Values{"token": {secret}}); err != nil || answer.Status != http.StatusGone {
			t.Errorf("the link of the %s works twice: %v %+v", who, err, answer)
		}
		if who == "community manager" {
			if answer, err := client.Form("/spaces", url.Values{"title": {"Kept"}, "slug": {"kept"}, "visibility": {"public"}}); err != nil || answer.Status != http.StatusSeeOther {
				t.Fatalf("create a space: %v %+v", err, answer)
			}
		}
	}
	interrupt(t, p)
	show(t, p)
	if status := p.Status("/spaces/kept"); status != http.StatusOK {
		t.Errorf("a second start has lost the space: %d", status)
	}
	interrupt(t, p)
	enter(t, p, show(t, p, "--reset")["employee"])
	if status := p.Status("/spaces/kept"); status != http.StatusNotFound {
		t.Errorf("the space is still there after --reset: %d", status)
	}
	interrupt(t, p)
}

func TestTheDemoLeavesOtherDataAlone(t *testing.T) {
	p := program.Install(t, nil)
	letter := filepath.Join(p.DataDir, "letter.txt")
	if err := os.WriteFile(letter, []byte("Dear Mona"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"demo"}, {"demo", "--reset"}} {
		outcome := p.Run(args...)
		if outcome.Code == 0 || !strings.Contains(outcome.Err, "RUCHE_DATA_DIR") {
			t.Errorf("ruche %v: exit code %d, complained %q", args, outcome.Code, outcome.Err)
		}
	}
	if text, err := os.ReadFile(letter); err != nil || string(text) != "Dear Mona" {
		t.Errorf("the letter: %q, %v", text, err)
	}
}
