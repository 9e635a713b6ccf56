package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// slowServer answers forms with their field "title". Work may take a fifth of a second, a body on /patient six.
func slowServer(t *testing.T) *httptest.Server {
	t.Helper()
	const limit = 200 * time.Millisecond
	e := echo.New()
	e.Use(BodyLimit(1<<20, nil, nil), Timeout(limit, map[string]time.Duration{"POST /patient": 6 * time.Second}))
	form := func(c echo.Context) error {
		if err := ParseForm(c); err != nil {
			return err
		}
		if err := c.Request().Context().Err(); err != nil {
			return fmt.Errorf("no time is left: %w", err)
		}
		if deadline, ok := c.Request().Context().Deadline(); !ok || time.Until(deadline) > limit {
			return fmt.Errorf("the work may go on until %v", deadline)
		}
		return c.String(http.StatusOK, c.FormValue("title"))
	}
	e.POST("/patient", form)
	e.POST("/usual", form)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return server
}

// trickle is a body that arrives in pieces over a time.
func trickle(text string, over time.Duration) io.Reader {
	reader, writer := io.Pipe()
	go func() {
		pieces := 10
		tick := time.NewTicker(over / time.Duration(pieces))
		defer tick.Stop()
		for i := range pieces {
			<-tick.C
			if _, err := io.WriteString(writer, text[i*len(text)/pieces:(i+1)*len(text)/pieces]); err != nil {
				return // the server has heard enough
			}
		}
		writer.Close()
	}()
	return reader
}

func TestAPictureOverASlowLineArrives(t *testing.T) {
	server := slowServer(t)
	answer, err := http.Post(server.URL+"/patient", "application/x-www-form-urlencoded", trickle("title="+strings.Repeat("a", 300), 2*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || len(text) != 300 {
		t.Errorf("status %d, %.200s, %v", answer.StatusCode, text, err)
	}
}

func TestABodyThatComesTooSlowlyIsNotWaitedFor(t *testing.T) {
	server := slowServer(t)
	started := time.Now()
	answer, err := http.Post(server.URL+"/usual", "application/x-www-form-urlencoded", trickle("title="+strings.Repeat("a", 300), time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusRequestTimeout || time.Since(started) > 20*time.Second {
		t.Errorf("status %d after %s", answer.StatusCode, time.Since(started))
	}
}
