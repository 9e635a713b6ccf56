//go:build peers

package postgresql_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app/apptest/program"
	"ruche/models/modelstest"
)

// replicas are two servers on one database.
func replicas(t *testing.T) (a, b *program.Program, olga *program.Client) {
	t.Helper()
	a, olga = company(t, modelstest.Address(t))
	b = program.Install(t, program.Settings{"RUCHE_DATABASE_URL": a.Database()})
	b.Start()
	return a, b, olga
}

// post posts an idea and returns its id.
func post(t *testing.T, client *program.Client, space, title string) int {
	t.Helper()
	answer, err := client.JSON(http.MethodPost, "/ideas", map[string]any{"space": space, "title": title, "body": "In two places at once."})
	if err != nil || answer.Status != http.StatusCreated {
		t.Fatalf("post: %v %+v", err, answer)
	}
	var idea struct{ ID int }
	if err := answer.Decode(&idea); err != nil {
		t.Fatal(err)
	}
	return idea.ID
}

// status fails the test unless a request is answered with the given status.
func status(t *testing.T, what string, want int, answer *program.Answer, err error) {
	t.Helper()
	if err != nil || answer.Status != want {
		t.Fatalf("%s: %v %+v, want %d", what, err, answer, want)
	}
}

func TestWhatIsPostedOnOneServerIsOnTheOtherAtOnceAndFoundThereWithinSeconds(t *testing.T) {
	a, b, olga := replicas(t)
	id := post(t, olga, "workshop", "Quintessential kettles")
	answer, err := olga.At(b.URL).JSON(http.MethodGet, fmt.Sprintf("/ideas/%d", id), nil)
	status(t, "read on the other", http.StatusOK, answer, err)
	found := func(p *program.Program, word string) func() bool {
		return func() bool {
			answer, err := olga.At(p.URL).JSON(http.MethodGet, "/search?q="+word, nil)
			return err == nil && strings.Contains(answer.Text, fmt.Sprintf(`"id":%d,`, id))
		}
	}
	t.Logf("found on the other after %s", b.Until(5*time.Second, "the other finds it", found(b, "quintessential")))
	answer, err = olga.At(b.URL).JSON(http.MethodPatch, fmt.Sprintf("/ideas/%d", id), map[string]any{"title": "Unobtainable teapots"})
	status(t, "edit on the other", http.StatusOK, answer, err)
	a.Until(5*time.Second, "the first finds its new title", found(a, "unobtainable"))
	answer, err = olga.JSON(http.MethodDelete, fmt.Sprintf("/ideas/%d", id), nil)
	status(t, "withdraw", http.StatusNoContent, answer, err)
	b.Until(5*time.Second, "the other finds it no more", func() bool { return !found(b, "unobtainable")() })
}

func TestWhatIsTakenFromSomeoneOnOneServerIsRefusedOnTheOtherAtTheNextRequest(t *testing.T) {
	a, b, olga := replicas(t)
	emile := a.Token("emile@example.test")
	answer, err := olga.JSON(http.MethodPost, "/spaces", map[string]any{"slug": "vault", "title": "Vault", "visibility": "restricted"})
	status(t, "create space", http.StatusCreated, answer, err)
	membership := "/spaces/vault/members/" + url.PathEscape("emile@example.test")
	id := 0
	for round := range 3 {
		answer, err = olga.JSON(http.MethodPut, membership, map[string]any{"role": "member"})
		status(t, "add member", http.StatusOK, answer, err)
		if round == 0 {
			answer, err = olga.JSON(http.MethodPut, "/spaces/vault/members/"+url.PathEscape("olga@example.test"), map[string]any{"role": "manager"})
			status(t, "add manager", http.StatusOK, answer, err)
			id = post(t, olga, "vault", "The combination")
		}
		idea := fmt.Sprintf("/ideas/%d", id)
		answer, err = emile.At(b.URL).JSON(http.MethodGet, idea, nil)
		status(t, "a member reads", http.StatusOK, answer, err)
		answer, err = olga.JSON(http.MethodPut, membership, map[string]any{"role": "reader"})
		status(t, "make a reader", http.StatusOK, answer, err)
		answer, err = emile.At(b.URL).JSON(http.MethodPost, idea+"/comments", map[string]any{"body": "Not any more."})
		status(t, "a reader comments", http.StatusForbidden, answer, err)
		answer, err = olga.JSON(http.MethodDelete, membership, nil)
		status(t, "remove member", http.StatusNoContent, answer, err)
		for _, request := range []struct{ method, path string }{{http.MethodGet, idea}, {http.MethodPut, idea + "/support"}, {http.MethodPost, idea + "/comments"}} {
			answer, err = emile.At(b.URL).JSON(request.method, request.path, map[string]any{"body": "Let me in."})
			status(t, "someone who is out: "+request.method, http.StatusNotFound, answer, err)
		}
		answer, err = emile.At(b.URL).JSON(http.MethodGet, "/search?q=combination", nil)
		if err != nil || !strings.Contains(answer.Text, `"total":0`) {
			t.Fatalf("someone who is out searches: %v %+v", err, answer)
		}
	}
}

func TestSigningOutEverywhereEndsSessionsOnTheOtherServer(t *testing.T) {
	a, b, _ := replicas(t)
	office, phone := a.SignIn("emile@example.test"), b.SignIn("emile@example.test")
	answer, err := phone.Get("/account")
	status(t, "account before", http.StatusOK, answer, err)
	answer, err = office.Form("/sign-out", url.Values{"everywhere": {"1"}})
	status(t, "sign out everywhere", http.StatusSeeOther, answer, err)
	answer, err = phone.Get("/account")
	status(t, "account after", http.StatusSeeOther, answer, err)
	if to := answer.Header.Get("Location"); !strings.HasPrefix(to, "/sign-in") {
		t.Errorf("leads to %s", to)
	}
}

func TestTwoServersTellEveryoneOnce(t *testing.T) {
	a, b, olga := replicas(t)
	id := post(t, a.Token("emile@example.test"), "workshop", "Told once")
	const each = 40
	var work sync.WaitGroup
	for _, p := range []*program.Program{a, b} {
		work.Go(func() {
			for range each {
				answer, err := olga.At(p.URL).JSON(http.MethodPost, fmt.Sprintf("/ideas/%d/comments", id), map[string]any{"body": "A word."})
				if err != nil || answer.Status != http.StatusCreated {
					t.Errorf("comment: %v %+v", err, answer)
					return
				}
			}
		})
	}
	work.Wait()
	told := "SELECT coalesce(sum(n.count), 0) FROM notices n JOIN users u ON u.id = n.user_id WHERE n.kind = 'comment' AND u.email = 'emile@example.test'"
	a.Until(10*time.Second, "everything has been told", func() bool { return program.Count(t, a.Rows(), told) >= 2*each })
	post(t, olga, "workshop", "Something else") // and both readers have come past it
	last := "SELECT count(*) FROM cursors WHERE reader = 'notifications' AND position >= (SELECT max(id) FROM events)"
	a.Until(10*time.Second, "the readers have read all", func() bool { return program.Count(t, a.Rows(), last) == 1 })
	if n := program.Count(t, a.Rows(), told); n != 2*each {
		t.Errorf("%d comments were told as %d", 2*each, n)
	}
}

func TestAPageThatIsOpenOnOneServerHearsOfACommentOnTheOther(t *testing.T) {
	_, b, olga := replicas(t)
	id := post(t, olga, "workshop", "Heard of")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	stream, err := b.SignIn("emile@example.test").Open(ctx, fmt.Sprintf("/live?room=idea:%d", id))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	lines := bufio.NewScanner(stream)
	if !lines.Scan() { // the stream is open
		t.Fatal(lines.Err())
	}
	started := time.Now()
	answer, err := olga.JSON(http.MethodPost, fmt.Sprintf("/ideas/%d/comments", id), map[string]any{"body": "Do you hear?"})
	status(t, "comment", http.StatusCreated, answer, err)
	want := fmt.Sprintf("data: idea:%d", id)
	for lines.Scan() {
		if lines.Text() == want {
			if taken := time.Since(started); taken > time.Second {
				t.Errorf("heard after %s", taken)
			} else {
				t.Logf("heard after %s", taken)
			}
			return
		}
	}
	t.Fatalf("the stream ended without %q: %v", want, lines.Err())
}

// TestWhoReadsAndWritesOnOneServerIsSeenOnTheOther: people, and that somebody is writing, are told from process to process.
func TestWhoReadsAndWritesOnOneServerIsSeenOnTheOther(t *testing.T) {
	a, b, olga := replicas(t)
	room := fmt.Sprintf("idea:%d", post(t, olga, "workshop", "Read together"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	emile, other := a.SignIn("emile@example.test"), b.SignIn("olga@example.test")
	open := func(client *program.Client) *bufio.Scanner {
		stream, err := client.Open(ctx, "/live?room="+room)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { stream.Close() })
		lines := bufio.NewScanner(stream)
		if !lines.Scan() {
			t.Fatal(lines.Err())
		}
		return lines
	}
	open(emile)
	lines := open(other)
	here := func(client *program.Client, words string) func() bool {
		return func() bool {
			answer, err := client.Get("/live/here?room=" + room)
			return err == nil && strings.Contains(answer.Text, words)
		}
	}
	a.Until(10*time.Second, "the one on the other is seen", here(emile, "1 other person is reading"))
	b.Until(10*time.Second, "the one on the first is seen", here(other, "1 other person is reading"))
	started := time.Now()
	answer, err := emile.Form("/live/typing", url.Values{"room": {room}})
	status(t, "typing", http.StatusNoContent, answer, err)
	for lines.Scan() && lines.Text() != "data: here:"+room {
	}
	b.Until(time.Second, "who writes is seen", here(other, "is writing"))
	if taken := time.Since(started); taken > time.Second {
		t.Errorf("seen after %s", taken)
	}
	b.Until(10*time.Second, "who stopped is not", func() bool { return !here(other, "is writing")() })
	// Nobody who does not want to be seen is, on the other server either.
	answer, err = emile.At(b.URL).Form("/preferences", url.Values{"name": {"presence"}, "value": {"unseen"}})
	status(t, "opt out", http.StatusSeeOther, answer, err)
	b.Until(15*time.Second, "who does not want to is not seen", func() bool { return !here(other, "reading")() })
}

// TestWhoIsShutOutOnOneServerIsOutOnTheOtherWithinASecond looks at every way in that someone has: an open stream, a session, a
// token and a link that came by mail.
func TestWhoIsShutOutOnOneServerIsOutOnTheOtherWithinASecond(t *testing.T) {
	a, b, _ := replicas(t)
	browser, script := b.SignIn("emile@example.test"), a.Token("emile@example.test")
	link, err := url.Parse(a.Must("login-link", "emile@example.test"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	stream, err := browser.Open(ctx, "/live")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	lines := bufio.NewScanner(stream)
	if !lines.Scan() {
		t.Fatal(lines.Err())
	}
	answer, err := script.At(b.URL).JSON(http.MethodGet, "/me", nil)
	status(t, "token before", http.StatusOK, answer, err)

	if outcome := a.Run("user", "disable", "emile@example.test"); outcome.Code != 0 {
		t.Fatal(outcome.Err)
	}
	shut := time.Now()
	for lines.Scan() { // to its end
	}
	if taken := time.Since(shut); taken > time.Second || ctx.Err() != nil {
		t.Errorf("the stream goes on for %s", taken)
	}
	for _, p := range []*program.Program{a, b} {
		answer, err = script.At(p.URL).JSON(http.MethodGet, "/me", nil)
		status(t, "token", http.StatusUnauthorized, answer, err)
		answer, err = browser.At(p.URL).Get("/account")
		status(t, "session", http.StatusSeeOther, answer, err)
		answer, err = p.Visitor().Form("/sign-in/link", url.Values{"token": {link.Query().Get("token")}})
		status(t, "link", http.StatusGone, answer, err)
	}
	if _, err := browser.Open(ctx, "/live"); err == nil {
		t.Error("the stream opens again")
	}
}
