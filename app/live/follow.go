package live

import (
	"context"
	"fmt"
	"time"

	"ruche/app/feed"
	"ruche/app/web"
	"ruche/models"
)

// poll is how often this process looks for what other processes did, should it not hear of it.
const poll = 500 * time.Millisecond

// timeout bounds one look, so that a database that has gone without a word is noticed.
const timeout = 10 * time.Second

// batch bounds the events looked at in one go.
const batch = 500

// remembered is how many events of before this process began it reads once more, for pages that come back to it.
const remembered = 1000

// Follow returns what tells the pages that are open in this process of what happens anywhere after
// now, until its context ends. A page that opens later shows what is there already.
func (f *Live) Follow(ctx context.Context) (follow func(context.Context), err error) {
	last, err := f.web.DB.LastEventID(ctx)
	if err != nil {
		return nil, fmt.Errorf("follow the event log: %w", err)
	}
	r := &reader{Live: f, event: max(0, last-remembered)}
	f.web.Live.Begin(r.event, f.presence.renewElsewhere)
	if err := r.read(ctx); err != nil {
		return nil, fmt.Errorf("follow the event log: %w", err)
	}
	if r.notice, err = f.web.DB.LastNoticeID(ctx); err != nil {
		return nil, fmt.Errorf("follow the notices: %w", err)
	}
	return r.follow, nil
}

// reader is how far this process has read.
type reader struct {
	*Live
	event, notice int64
}

func (r *reader) follow(ctx context.Context) {
	woken, stop := r.web.DB.Listen()
	defer stop()
	trouble := feed.Trouble{}
	for {
		wait := poll
		err := r.tell(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			wait = trouble.Met(ctx, "live updates are held up", err)
		default:
			trouble.Over(ctx, "live updates go on")
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-woken:
			r.presence.say(ctx, "log") // before it is read here, so that it is read there meanwhile
		case <-r.presence.woken:
		case <-timer.C:
		}
		timer.Stop()
	}
}

func (r *reader) tell(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := r.read(ctx); err != nil {
		return err
	}
	users, notice, err := r.web.DB.NoticedSince(ctx, r.notice)
	for _, user := range users {
		r.web.Live.ToUser(user, "notifications")
	}
	r.notice = notice
	return err
}

// read deals with all events that there are.
func (r *reader) read(ctx context.Context) error {
	for {
		events, err := r.web.DB.EventsAfter(ctx, r.event, batch)
		if err != nil {
			return err
		}
		for i := range events {
			r.event = events[i].ID
			r.hear(&events[i])
		}
		if len(events) < batch {
			return nil
		}
	}
}

func (r *reader) hear(e *models.Event) {
	hub := r.web.Live
	room, inRoom := e.RoomOf()
	happening := web.Happening{ID: e.ID, Space: e.SpaceID, Room: room}
	if e.Verb == models.IdeaPosted {
		happening.Topic = "ideas"
	}
	hub.Tell(happening)
	people, all := changesRightsOf(e)
	switch {
	case changesRights(e.Verb), all:
		hub.Renew()
	case inRoom && e.Closes():
		hub.RenewRoom(room)
	case e.Verb == models.ExportReady:
		hub.ToUser(e.ActorID, "notifications")
	}
	for _, id := range people {
		hub.RenewUser(id)
	}
	if inRoom {
		r.presence.wrote(room, e.ActorID)
	}
}
