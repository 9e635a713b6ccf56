package main_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app/apptest/program"
)

// TestConnectionsThatSayLittleAreLetGo opens 200 connections that send a byte a second: of the head of a request, or of
// its body. The house serves others meanwhile and is rid of the 200 within half a minute.
func TestConnectionsThatSayLittleAreLetGo(t *testing.T) {
	p, olga := company(t, nil)
	var work sync.WaitGroup
	var mu sync.Mutex
	longest := time.Duration(0)
	for i := range 200 {
		start := "GET / HTTP/1.1\r\nHost: ruche\r\nX-"
		if i%2 == 0 {
			start = fmt.Sprintf("POST /api/v1/ideas HTTP/1.1\r\nHost: ruche\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", olga.Token)
		}
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, start); err != nil {
			t.Fatal(err)
		}
		work.Go(func() {
			held := drip(conn)
			mu.Lock()
			defer mu.Unlock()
			longest = max(longest, held)
		})
	}
	slowest := time.Duration(0)
	freed := make(chan struct{})
	go func() {
		work.Wait()
		close(freed)
	}()
	for others := 0; ; others++ {
		select {
		case <-freed:
			if longest > 30*time.Second || others < 10 {
				t.Errorf("the last was let go after %s, %d others were served", longest, others)
			}
			t.Logf("let go after %s; %d others served meanwhile, the slowest in %s", longest.Round(time.Millisecond), others, slowest.Round(time.Millisecond))
			return
		default:
		}
		answer, err := olga.JSON(http.MethodGet, "/ideas", nil)
		if err != nil || answer.Status != http.StatusOK || answer.Took > 10*time.Second {
			t.Fatalf("someone else: %v %+v", err, answer)
		}
		slowest = max(slowest, answer.Took)
	}
}

// drip sends a byte a second until the other side hangs up or answers, and returns how long that took.
func drip(conn net.Conn) time.Duration {
	started := time.Now()
	over := make(chan struct{})
	go func() {
		defer close(over)
		_, _ = conn.Read(make([]byte, 1))
	}()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for time.Since(started) < time.Minute {
		select {
		case <-over:
			return time.Since(started)
		case <-tick.C:
			_, _ = conn.Write([]byte("a"))
		}
	}
	return time.Since(started)
}

func TestAHeadOfAMegabyteIsRefused(t *testing.T) {
	p := program.Install(t, nil)
	p.Start()
	long := strings.Repeat("a", 1<<20)
	for name, head := range map[string]string{
		"address": "GET /" + long + " HTTP/1.1\r\nHost: ruche\r\n\r\n",
		"header":  "GET / HTTP/1.1\r\nHost: ruche\r\nX-Long: " + long + "\r\n\r\n",
		"cookies": "GET / HTTP/1.1\r\nHost: ruche\r\nCookie: " + long + "\r\n\r\n",
		"method":  long + " / HTTP/1.1\r\nHost: ruche\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		go func() { _, _ = io.WriteString(conn, head) }() // the server need not read it all
		if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, "HTTP/1.1 431 ") && !strings.HasPrefix(line, "HTTP/1.1 400 ") {
			t.Errorf("a long %s: %q, %v", name, line, err)
		}
	}
	if !p.Alive() {
		t.Error("the server is gone")
	}
}
