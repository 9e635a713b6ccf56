package main_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"ruche/app/apptest/program"
)

// begun is a request of which the server is reading the body.
type begun struct {
	conn  net.Conn
	lines *bufio.Reader
	body  string
}

// begin sends the head of a request to post an idea, and waits for the server to ask for the body.
func begin(t *testing.T, p *program.Program, token, title string) begun {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	b := begun{conn, bufio.NewReader(conn), fmt.Sprintf(`{"space":"workshop","title":%q,"body":"Begun before the end."}`, title)}
	fmt.Fprintf(conn, "POST /api/v1/ideas HTTP/1.1\r\nHost: ruche\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", token, len(b.body))
	if line, err := b.lines.ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		t.Fatalf("the server does not ask for the body: %q, %v", line, err)
	}
	if _, err := b.lines.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAServerThatIsToldToStopEndsWhatItHasBegun tells a server to stop while people post, a page listens and
// requests are half sent.
func TestAServerThatIsToldToStopEndsWhatItHasBegun(t *testing.T) {
	p, olga := company(t, nil)
	load := program.NewLoad(olga, "workshop", "graceful")
	stream, err := p.SignIn("olga@example.test").Open(t.Context(), "/live?topic=notifications")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	load.Start(8)
	p.Until(time.Minute, "ideas are being posted", func() bool { return len(load.Kept()) >= 40 })
	var halfway []begun
	for i := range 12 {
		halfway = append(halfway, begin(t, p, olga.Token, fmt.Sprintf("graceful half-sent %d", i)))
	}
	started := time.Now()
	p.Signal(syscall.SIGTERM)
	p.Until(10*time.Second, "no new connections are taken", func() bool {
		conn, err := net.DialTimeout("tcp", strings.TrimPrefix(p.URL, "http://"), time.Second)
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	for i, b := range halfway {
		fmt.Fprint(b.conn, b.body)
		answer, err := http.ReadResponse(b.lines, nil)
		if err != nil {
			t.Errorf("request %d was cut: %v", i, err)
			continue
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusCreated {
			t.Errorf("request %d is answered %d", i, answer.StatusCode)
		}
	}
	outcome := p.Wait(time.Minute)
	taken := time.Since(started)
	load.Stop()
	if outcome.Code != 0 || taken > 15*time.Second {
		t.Errorf("exit code %d after %s", outcome.Code, taken)
	}
	for _, cut := range load.Cut() {
		t.Errorf("a request was cut: %s", cut)
	}
	p.Start()
	p.Consistent(load)
	if n := program.Count(t, p.Rows(), "SELECT count(*) FROM ideas WHERE title LIKE 'graceful half-sent %'"); n != len(halfway) {
		t.Errorf("%d of %d half-sent ideas are there", n, len(halfway))
	}
	if strange := load.Strange(); len(strange) > 0 {
		t.Errorf("answers under load: %v", strange)
	}
	t.Logf("stopped after %s, %d ideas acknowledged, answers %v", taken.Round(time.Millisecond), len(load.Kept()), load.Statuses())
}
