package web

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// Live tells open pages that something changed. It sends topics and never contents: a page that
// hears one asks again, through the permission policy.
type Live struct {
	mu      sync.Mutex
	readers map[*liveReader]struct{}
	closed  bool
}

type liveReader struct {
	userID int64
	spaces map[int64]bool
	events chan string
	done   chan struct{}
}

// NewLive returns a Live without readers.
func NewLive() *Live { return &Live{readers: map[*liveReader]struct{}{}} }

// heartbeat keeps proxies from closing an idle stream.
const heartbeat = 25 * time.Second

// streamLife is after how long a page has to ask for its stream again, and so whether its session has run out.
const streamLife = 15 * time.Minute

// maxStreams bounds the open streams of one person.
const maxStreams = 12

// ToUser tells one person's open pages that a topic of theirs changed.
func (l *Live) ToUser(userID int64, topic string) {
	l.send(topic, func(r *liveReader) bool { return r.userID == userID })
}

// ToSpace tells the open pages of those who may see a space that a topic in it changed.
func (l *Live) ToSpace(spaceID int64, topic string) {
	l.send(topic, func(r *liveReader) bool { return r.spaces[spaceID] })
}

// Renew ends every stream; the pages open them again, with the rights that people have then.
func (l *Live) Renew() {
	l.end(func(*liveReader) bool { return true })
}

// RenewUser ends one person's streams; only pages that are still signed in open them again.
func (l *Live) RenewUser(userID int64) {
	l.end(func(r *liveReader) bool { return r.userID == userID })
}

func (l *Live) send(topic string, to func(*liveReader) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for reader := range l.readers {
		if to(reader) {
			select {
			case reader.events <- topic:
			default: // a reader so far behind asks anew anyway
			}
		}
	}
}

// Close ends every stream, so that the server can stop.
func (l *Live) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.Renew()
}

func (l *Live) end(which func(*liveReader) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for reader := range l.readers {
		if which(reader) {
			delete(l.readers, reader)
			close(reader.done)
		}
	}
}

func (l *Live) add(reader *liveReader) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	streams := 0
	for other := range l.readers {
		if other.userID == reader.userID {
			streams++
		}
	}
	if l.closed || streams >= maxStreams {
		return false
	}
	l.readers[reader] = struct{}{}
	return true
}

func (l *Live) remove(reader *liveReader) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.readers, reader)
}

// Stream answers a signed-in person's page with server-sent events until it goes away.
func (l *Live) Stream(c echo.Context) error {
	actor := Actor(c)
	reader := &liveReader{userID: actor.ID, spaces: map[int64]bool{}, events: make(chan string, 16), done: make(chan struct{})}
	for _, space := range actor.Spaces {
		reader.spaces[space.ID] = true
	}
	if !l.add(reader) {
		return echo.NewHTTPError(http.StatusServiceUnavailable)
	}
	defer l.remove(reader)
	response := c.Response()
	response.Header().Set(echo.HeaderContentType, "text/event-stream")
	response.Header().Set("X-Accel-Buffering", "no")
	control := http.NewResponseController(response)
	tick, end := time.NewTicker(heartbeat), time.NewTimer(streamLife)
	defer tick.Stop()
	defer end.Stop()
	message := "retry: 3000\n\n"
	for {
		// The server's write timeout is for pages; a stream only has to take each message in time.
		if err := control.SetWriteDeadline(time.Now().Add(heartbeat)); err != nil { //check:allow clock a deadline of the connection
			return err
		}
		if _, err := fmt.Fprint(response, message); err != nil {
			return nil // the page has gone
		}
		response.Flush()
		select {
		case topic := <-reader.events:
			message = "data: " + topic + "\n\n"
		case <-tick.C:
			message = ":\n\n"
		case <-reader.done:
			return nil
		case <-end.C:
			return nil
		case <-c.Request().Context().Done():
			return nil
		}
	}
}
