package feed

import (
	"context"
	"log/slog"
	"time"
)

// How a poller behaves while the database is away: it tries ever less often, but soon enough that people
// notice nothing a few seconds after it is back, and says so once a minute.
const (
	longestWait = 4 * time.Second
	quiet       = time.Minute
)

// Trouble is what keeps a poller from its work; the zero value is none.
type Trouble struct {
	wait   time.Duration
	said   time.Time
	unsaid int
	back   bool // which has been said
}

// Met notes a failed attempt and returns how long to wait before the next.
func (t *Trouble) Met(ctx context.Context, message string, err error, facts ...any) time.Duration {
	t.wait = min(max(2*t.wait, poll), longestWait)
	now := time.Now() //check:allow clock how often the log may be told something
	if now.Sub(t.said) < quiet {
		t.unsaid++
		return t.wait
	}
	slog.WarnContext(ctx, message, append(facts, "error", err, "failures_since_last_told", t.unsaid)...)
	t.said, t.unsaid, t.back = now, 0, false
	return t.wait
}

// Over notes an attempt that went well.
func (t *Trouble) Over(ctx context.Context, message string, facts ...any) {
	if t.wait > 0 && !t.back {
		slog.InfoContext(ctx, message, facts...)
		t.back = true
	}
	t.wait = 0
}
