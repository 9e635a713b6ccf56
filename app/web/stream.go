package web

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/models"
)

// heartbeat keeps proxies from closing an idle stream.
const heartbeat = 25 * time.Second

// streamLife is after how long a page has to ask for its stream again, and so whether its session has run out.
const streamLife = 15 * time.Minute

// mostWaiting bounds what waits for a page that does not take it.
const mostWaiting = 16

// Listening says what an open page wants to hear of.
type Listening struct {
	Rooms []models.Entered
	Since int64 // the event of the log that the page has seen already; negative if it does not say
	Seen  bool  // its person lets others see that they are there
}

// message is what a page is told; one that the log does not keep has no id.
type message struct {
	id    int64
	topic string
}

// listener is an open page. What waits for it is guarded by the Live.
type listener struct {
	userID  int64
	spaces  []int64 // that they may see, sorted
	rooms   []models.Room
	since   int64 // the last event that they have heard of
	seen    bool
	ended   bool
	waiting []message
	ready   chan struct{} // something waits, or it has ended
}

// hear takes what happened if it concerns the page and is news to it.
func (r *listener) hear(h Happening) {
	if h.ID <= r.since {
		return
	}
	if _, sees := slices.BinarySearch(r.spaces, h.Space); !sees {
		return
	}
	if h.Room.ID != 0 && slices.Contains(r.rooms, h.Room) {
		r.push(message{h.ID, h.Room.String()})
	}
	if h.Topic != "" {
		r.push(message{h.ID, h.Topic})
	}
}

// push lets a message wait; of several with the same topic the last is enough.
func (r *listener) push(m message) {
	if i := slices.IndexFunc(r.waiting, func(other message) bool { return other.topic == m.topic }); i >= 0 {
		m.id = max(m.id, r.waiting[i].id)
		r.waiting = slices.Delete(r.waiting, i, i+1)
	}
	if len(r.waiting) >= mostWaiting {
		r.waiting, m.topic = r.waiting[:0], Everything
	}
	r.waiting = append(r.waiting, m)
	select {
	case r.ready <- struct{}{}:
	default:
	}
}

// add opens a stream, which first hears what its page has missed; not ok for one too many.
func (l *Live) add(r *listener) (ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.people[r.userID]) >= maxStreams {
		return false
	}
	l.people[r.userID] = append(l.people[r.userID], r)
	for _, room := range r.rooms {
		l.rooms[room] = append(l.rooms[room], r)
		l.moved[room] = true
	}
	switch {
	case r.since < 0:
		r.since = l.at
	case r.since < l.began:
		r.since = l.at
		r.push(message{l.at, Everything})
	default:
		for _, h := range l.past {
			r.hear(h)
		}
	}
	return true
}

// remove forgets a stream, once.
func (l *Live) remove(r *listener) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.finish(r)
}

// finish ends a stream, with the Live locked.
func (l *Live) finish(r *listener) {
	if r.ended {
		return
	}
	r.ended = true
	without(l.people, r.userID, r)
	for _, room := range r.rooms {
		without(l.rooms, room, r)
		l.moved[room] = true
	}
	select {
	case r.ready <- struct{}{}:
	default:
	}
}

func without[K comparable](all map[K][]*listener, key K, r *listener) {
	left := slices.DeleteFunc(all[key], func(other *listener) bool { return other == r })
	if len(left) == 0 {
		delete(all, key)
		return
	}
	all[key] = left
}

// take is all that waits for a page, as the stream says it, and whether more may come.
func (l *Live) take(r *listener) (text string, open bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := &strings.Builder{}
	for _, m := range r.waiting {
		if r.since = max(r.since, m.id); m.id != 0 {
			fmt.Fprintf(b, "id: %d\n", m.id)
		}
		fmt.Fprintf(b, "data: %s\n\n", m.topic)
	}
	r.waiting = nil
	return b.String(), !r.ended
}

// beat is what an idle stream says: up to where its page has heard everything, so that it asks from there when it comes back.
func (l *Live) beat(r *listener) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(r.waiting) > 0 || l.at == 0 {
		return ":\n\n"
	}
	r.since = max(r.since, l.at)
	return "id: " + strconv.FormatInt(r.since, 10) + "\n\n"
}

// Stream answers a signed-in person's page with server-sent events until it goes away.
func (l *Live) Stream(c echo.Context, to Listening) error {
	actor := Actor(c)
	r := &listener{userID: actor.ID, spaces: actor.SpaceIDs(), since: to.Since, seen: to.Seen, ready: make(chan struct{}, 1)}
	slices.Sort(r.spaces)
	for _, in := range to.Rooms {
		r.rooms = append(r.rooms, in.Room)
	}
	if !l.add(r) {
		return echo.NewHTTPError(http.StatusServiceUnavailable)
	}
	defer l.remove(r)
	response := c.Response()
	response.Header().Set(echo.HeaderContentType, "text/event-stream")
	response.Header().Set("X-Accel-Buffering", "no")
	// Streams that end together come back one after the other.
	return l.serve(c, r, fmt.Sprintf("retry: %d\n\n", 2000+rand.IntN(2000)))
}

func (l *Live) serve(c echo.Context, r *listener, text string) error {
	control := http.NewResponseController(c.Response())
	tick, end := time.NewTicker(heartbeat), time.NewTimer(streamLife)
	defer tick.Stop()
	defer end.Stop()
	for open := true; ; {
		if text != "" {
			// The server's write timeout is for pages; a stream only has to take each message in time.
			if err := control.SetWriteDeadline(time.Now().Add(heartbeat)); err != nil { //check:allow clock a deadline of the connection
				return err
			}
			if _, err := c.Response().Write([]byte(text)); err != nil {
				return nil // the page has gone
			}
			c.Response().Flush()
		}
		if !open {
			return nil
		}
		select {
		case <-r.ready:
			text, open = l.take(r)
		case <-tick.C:
			text = l.beat(r)
		case <-end.C:
			return nil
		case <-c.Request().Context().Done():
			return nil
		}
	}
}
