package feed

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestAnOutageIsToldOnceAndTriedAgainWithinSeconds(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	trouble := Trouble{}
	for range 100 {
		if wait := trouble.Met(t.Context(), "database is away", errors.New("gone"), "reader", "test"); wait < poll || wait > longestWait {
			t.Fatalf("the next attempt is in %s", wait)
		}
	}
	trouble.Over(t.Context(), "database is back")
	trouble.Over(t.Context(), "database is back")
	for range 3 {
		trouble.Met(t.Context(), "database is away", errors.New("gone")) // a connection that comes and goes is no storm either
		trouble.Over(t.Context(), "database is back")
	}
	if n := strings.Count(log.String(), "database is away"); n != 1 {
		t.Errorf("the outage is told %d times\n%s", n, log.String())
	}
	if wait := trouble.Met(t.Context(), "database is away", errors.New("gone")); wait != poll {
		t.Errorf("the first attempt after a new failure is in %s", wait)
	}
}
