package models

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// Room is something that is discussed, and whose page several people may have open.
type Room struct {
	Kind string // idea, thread, article or event
	ID   int64
}

// String is the room as pages name it: "idea:7".
func (r Room) String() string { return r.Kind + ":" + strconv.FormatInt(r.ID, 10) }

// ParseRoom reads what String writes; not ok for anything else.
func ParseRoom(text string) (room Room, ok bool) {
	kind, digits, _ := strings.Cut(text, ":")
	id, err := strconv.ParseInt(digits, 10, 64)
	room = Room{kind, id}
	return room, err == nil && id > 0 && (kind == "idea" || kind == "thread" || kind == "article" || kind == "event") && room.String() == text
}

// About names the room as the place that it is.
func (r Room) About() About {
	switch r.Kind {
	case "thread":
		return About{Thread: r.ID}
	case "article":
		return About{Article: r.ID}
	case "event":
		return About{Gathering: r.ID}
	}
	return About{Idea: r.ID}
}

// RoomOf is the room in which an event happened; not ok for one that no page of a room shows.
func (e *Event) RoomOf() (room Room, ok bool) {
	switch e.Subject {
	case "idea", "thread", "article":
		return Room{e.Subject, e.SubjectID}, true
	case "gathering":
		return Room{"event", e.SubjectID}, true
	case "post":
		var about About
		if e.Decode(&about) != nil {
			return room, false
		}
		kind, id := about.named()
		return Room{kind, id}, id != 0
	}
	return room, false
}

// Closes tells whether an event may change who reads the room that it happened in.
func (e *Event) Closes() bool {
	_, what, _ := strings.Cut(e.Verb, ".")
	return (e.Subject == "idea" || e.Subject == "thread" || e.Subject == "article" || e.Subject == "gathering") && slices.Contains([]string{"withdrawn", "restored", "moved", "merged", "put_back"}, what)
}

// Entered is a room as somebody has come into it.
type Entered struct {
	Room
	SpaceID  int64
	Writes   bool // they may write there now
	Nameless bool // somebody hides there: nobody is named who has not written yet
}

// Enter finds a room that the actor may read; ErrNotFound for any other.
func (q Queries) Enter(ctx context.Context, actor *Actor, room Room) (*Entered, error) {
	place, err := q.Place(ctx, actor, room.About())
	if err != nil {
		return nil, err
	}
	in := &Entered{Room: room, SpaceID: place.SpaceID()}
	in.Writes = place.Published() && actor.Can(PostComment, &Space{ID: in.SpaceID})
	if thread := place.Thread; thread != nil {
		in.Writes, in.Nameless = in.Writes && thread.ClosedAt == nil, thread.Anonymity != Named
		return in, nil
	}
	if place.Article != nil {
		archived, err := q.Shelved(ctx, place.Article)
		in.Writes = in.Writes && !archived
		return in, err
	}
	if place.Gathering != nil {
		return in, nil
	}
	in.Nameless = place.Idea.Anonymity != Named
	if in.Writes && place.Idea.CampaignID != nil {
		stage, err := q.StageOf(ctx, actor, *place.Idea.CampaignID)
		if err != nil {
			return nil, err
		}
		in.Writes = stage.Allows(PostComment)
	}
	return in, nil
}

// Reader is somebody who has a room open, as the others there see them.
type Reader struct {
	ID      int64
	Name    string
	Role    Role
	Picture int64
}

// mostReaders bounds among how many people those are looked for whom somebody may know.
const mostReaders = 50

// Readers are those of the people whom the actor may know and who let themselves be seen, a few at most. A mask is never one.
func (q Queries) Readers(ctx context.Context, actor *Actor, ids []int64, limit int) (readers []Reader, err error) {
	if len(ids) == 0 || !actor.SignedIn() {
		return nil, nil
	}
	known, args := q.knows(actor)
	here, now := q.here()
	args = append([]any{ids[:min(len(ids), mostReaders)], now}, append(args, limit)...)
	return readers, q.raw(ctx, &readers, `SELECT u.id, u.name, `+standing+` AS role, coalesce(u.picture_id, 0) AS picture FROM users u
		WHERE u.id IN ? AND `+here+` AND NOT u.unseen AND NOT u.service AND NOT `+aMask+` AND `+known+` ORDER BY u.name_key, u.id LIMIT ?`, args...)
}
