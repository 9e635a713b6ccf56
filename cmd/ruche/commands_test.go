package main_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app/apptest/program"
)

// folder is something to import.
func folder(t *testing.T, ideas int) string {
	t.Helper()
	dir := t.TempDir()
	lines := strings.Builder{}
	for i := range ideas {
		fmt.Fprintf(&lines, `{"id":"x:%d","source":"x","space_id":"x","lang":"en","title":"Imported thought %d","body":"It came in a folder.","author":"guest-%d","created_at":"2024-03-0%dT10:00:00Z"}`+"\n", i, i, i%7, 1+i%9)
	}
	for name, text := range map[string]string{"spaces.jsonl": `{"id":"x","source":"x","title":"Elsewhere","lang":"en"}` + "\n", "ideas.jsonl": lines.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestEveryCommandWorksBesideARunningServer runs them two at a time while people post.
func TestEveryCommandWorksBesideARunningServer(t *testing.T) {
	p, olga := company(t, nil)
	load := program.NewLoad(olga, "workshop", "undisturbed")
	load.Start(4)
	p.Until(time.Minute, "ideas are being posted", func() bool { return len(load.Kept()) >= 20 })
	dir := folder(t, 200)
	both := func(a, b func()) {
		var work sync.WaitGroup
		work.Go(a)
		work.Go(b)
		work.Wait()
	}
	prints := func(pattern string, args ...string) func() {
		return func() {
			outcome := p.Run(args...)
			if outcome.Code != 0 || !regexp.MustCompile(pattern).MatchString(outcome.Out) {
				t.Errorf("ruche %v: exit code %d, printed %q, complained %q", args, outcome.Code, outcome.Out, outcome.Err)
			}
		}
	}
	link := `^` + regexp.QuoteMeta(p.URL) + `/sign-in/link\?token=[0-9a-f]{64}\n$`
	both(prints(`^ana@example\.test\n$`, "user", "create", "ana@example.test", "--name", "Ana Lima", "--role", "employee"),
		prints(`^ivo@example\.test\n$`, "user", "create", "ivo@example.test", "--name", "Ivo Kask", "--role", "external"))
	both(prints(link, "owner-link", "olga@example.test"), prints(link, "owner-link", "uma@example.test", "--name", "Uma Rey"))
	p.Until(20*time.Second, "the server warns of the emergency access", func() bool {
		return len(p.Lines("emergency access: a one-time link for an owner was made on the command line")) == 2
	})
	both(prints(link, "login-link", "ana@example.test"), prints(`^ruche_[0-9a-f]{64}\n$`, "token", "create", "ivo@example.test"))
	both(prints(`Imported 1 spaces`, "import", dir), prints(link, "login-link", "ivo@example.test"))
	taken := filepath.Join(t.TempDir(), "articles.zip")
	prints(`^0 articles written to `, "export-articles", taken, "--as", "ana@example.test")()
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(taken), "*")); err != nil || len(left) != 1 {
		t.Errorf("the export left %v, %v", left, err)
	}
	both(prints(`rebuilds its index`, "reindex"), prints(`^ruche_[0-9a-f]{64}\n$`, "token", "create", "ana@example.test"))
	both(prints(`there already`, "import", dir), prints(`(?m)^ok +database`, "doctor"))
	prints(`^Counted: 0 mended\.\n$`, "recount")()
	load.Stop()
	p.Until(20*time.Second, "what was imported is found", func() bool {
		answer, err := olga.JSON(http.MethodGet, "/search?limit=1&q=imported+thought", nil)
		return err == nil && strings.Contains(answer.Text, `"total":200,`)
	})
	if answer, err := p.SignIn("ana@example.test").Get("/account"); err != nil || answer.Status != http.StatusOK {
		t.Errorf("Ana is not in: %v", err)
	}
	p.Consistent(&program.Load{})
	for _, strange := range append(load.Strange(), load.Cut()...) {
		t.Errorf("meanwhile: %s", strange)
	}
	t.Logf("slowest post meanwhile: %s; answers %v", load.Slowest().Round(time.Millisecond), load.Statuses())
}

func TestACommandThatFailsSaysWhyInOneLine(t *testing.T) {
	p := program.Install(t, nil)
	p.Must("user", "create", "ana@example.test", "--name", "Ana Lima")
	for _, args := range [][]string{
		{"login-link", "nobody@example.test"}, {"token", "create", "nobody@example.test"}, {"user", "create", "ana@example.test", "--name", "Again"},
		{"user", "create", "not an address", "--name", "X"}, {"user", "create", "x@example.test", "--name", "X", "--role", "queen"}, {"import", "/nowhere"}, {"owner-link", "nonsense"}, {"user", "link", "ana@example.test", "--issuer", "", "--subject", ""},
	} {
		outcome := p.Run(args...)
		if outcome.Code == 0 || outcome.Out != "" && !strings.Contains(outcome.Out, "Usage") || lastLine(outcome.Err) == "" || strings.Contains(outcome.Err, "goroutine") {
			t.Errorf("ruche %v: exit code %d, printed %q, complained %q", args, outcome.Code, outcome.Out, outcome.Err)
		}
		t.Logf("ruche %s: %s", strings.Join(args, " "), lastLine(outcome.Err))
	}
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// TestTheFirstOwnerComesInByThePrintedLink starts a house that nobody has an account in.
func TestTheFirstOwnerComesInByThePrintedLink(t *testing.T) {
	p := program.Install(t, nil)
	p.Start()
	match := regexp.MustCompile(regexp.QuoteMeta(p.URL) + `/sign-in/link\?token=([0-9a-f]+)`)
	p.Until(20*time.Second, "the link is printed", func() bool { return match.MatchString(p.Log()) })
	owner := p.Visitor()
	answer, err := owner.Form("/sign-in/link", url.Values{"token": {match.FindStringSubmatch(p.Log())[1]}})
	if err != nil || answer.Status != http.StatusSeeOther {
		t.Fatalf("sign in: %v %+v", err, answer)
	}
	if answer, err := owner.Get("/audit"); err != nil || answer.Status != http.StatusOK {
		t.Errorf("the owner may not read the audit log: %v", err)
	}
}
