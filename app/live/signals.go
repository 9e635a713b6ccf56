package live

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"ruche/app/feed"
	"ruche/models"
)

// say tells the other processes something, if there are any.
func (p *presence) say(ctx context.Context, text string) {
	p.mu.Lock()
	alone := time.Since(p.heard) > silence
	p.mu.Unlock()
	if !alone {
		p.announce(ctx, text)
	}
}

// announce is say for what processes find each other by. One that does not hear it misses no more than a moment, so that an error
// is only noted.
func (p *presence) announce(ctx context.Context, text string) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := p.db.Signal(ctx, p.me+" "+text); err != nil && ctx.Err() == nil {
		slog.DebugContext(ctx, "signal not sent", "error", err)
	}
}

// renewElsewhere has the other processes end a person's streams.
func (p *presence) renewElsewhere(ctx context.Context, userID int64) {
	p.say(ctx, "renew "+strconv.FormatInt(userID, 10))
}

// listen hears the other processes until ctx ends. Without them everything goes on, only a little later.
func (p *presence) listen(ctx context.Context) {
	trouble := feed.Trouble{}
	for ctx.Err() == nil {
		p.announce(ctx, "hello")
		err := p.db.Signals(ctx, p.hear)
		if ctx.Err() != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(trouble.Met(ctx, "other processes are not heard", err)):
		}
	}
}

// hear takes what a process has said. Whatever is no word of ours is left aside: processes of two versions may stand side by side.
func (p *presence) hear(text string) {
	words := strings.Fields(text)
	if len(words) < 2 || words[0] == p.me {
		return
	}
	p.mu.Lock()
	p.heard = time.Now() //check:allow clock how long ago it was said
	if words[1] == "hello" {
		p.repeat = time.Time{}
	}
	p.mu.Unlock()
	switch from, said := words[0], words[2:]; words[1] {
	case "log":
		select {
		case p.woken <- struct{}{}:
		default:
		}
	case "here":
		for _, r := range said {
			p.heardOf(from, r)
		}
	case "typing", "renew":
		p.heardOne(words[1], said)
	}
}

// heardOne takes what is about one person.
func (p *presence) heardOne(verb string, said []string) {
	if len(said) == 0 {
		return
	}
	id, err := strconv.ParseInt(said[0], 10, 64)
	switch {
	case err != nil:
	case verb == "renew":
		p.hub.RenewUser(id)
	case len(said) == 2:
		if room, ok := models.ParseRoom(said[1]); ok && p.hub.Listening(room) > 0 {
			p.typed(room, id)
		}
	}
}

// heardOf takes who is in a room in another process.
func (p *presence) heardOf(process, text string) {
	name, list, _ := strings.Cut(text, "=")
	room, ok := models.ParseRoom(name)
	if !ok {
		return
	}
	var people []int64
	for _, digits := range strings.Split(list, ",") {
		if id, err := strconv.ParseInt(digits, 10, 64); err == nil {
			people = append(people, id)
		}
	}
	now := time.Now() //check:allow clock how long ago it was said
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.room(room)
	if before := r.there[process]; !slices.Equal(before.people, people) {
		r.again(now)
	}
	if r.there[process] = (elsewhere{people, now}); len(people) == 0 {
		delete(r.there, process)
	}
}

// report is who is in a room in this process.
type report struct {
	room   models.Room
	people []int64
}

// mostReported bounds who is named of one room. A room with more counts as one with so many.
const mostReported = 500

// reports puts what is to be said into as few words as the other processes take at once.
func reports(says []report) (texts []string) {
	b := &strings.Builder{}
	for _, r := range says {
		word := r.room.String() + "="
		for i, id := range r.people[:min(len(r.people), mostReported)] {
			if i > 0 {
				word += ","
			}
			word += strconv.FormatInt(id, 10)
		}
		if b.Len()+len(word) >= models.MaxSignal-20 && b.Len() > 0 {
			texts = append(texts, b.String())
			b.Reset()
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	if b.Len() > 0 {
		texts = append(texts, b.String())
	}
	return texts
}
