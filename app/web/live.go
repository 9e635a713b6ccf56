package web

import (
	"context"
	"slices"
	"sync"

	"ruche/models"
)

// Live tells open pages that something changed. It sends topics and never contents: a page that
// hears one asks again, through the permission policy.
type Live struct {
	mu     sync.Mutex
	people map[int64][]*listener        // by person
	rooms  map[models.Room][]*listener  // by what they have open
	moved  map[models.Room]bool         // where somebody came or left
	past   []Happening                  // the latest that some page may have missed, oldest first
	began  int64                        // the event before those; nothing is known of it and of what was earlier
	at     int64                        // the last event of the log that was dealt with; 0 while nobody reads the log
	others func(context.Context, int64) // tells the other processes to end a person's streams
	closed bool
}

// Happening is an event of the log as pages hear of it: in a room, or with a topic of the whole space.
type Happening struct {
	ID    int64
	Space int64
	Room  models.Room
	Topic string
}

// Everything is the topic for a page that has missed more than is remembered.
const Everything = "*"

// maxPast is how many happenings are remembered for those who lost the connection for a while.
const maxPast = 1000

// maxStreams bounds the open streams of one person.
const maxStreams = 12

// NewLive returns a Live without listeners.
func NewLive() *Live {
	return &Live{people: map[int64][]*listener{}, rooms: map[models.Room][]*listener{}, moved: map[models.Room]bool{}, others: func(context.Context, int64) {}}
}

// At is the event of the log up to which pages have been told: one that is rendered after it was asked for shows at least what
// had happened by then, and asks for the rest from there. It is 0 while nobody reads the log.
func (l *Live) At() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at
}

// Begin says from which event on the log is read, and how the other processes are told to end a person's streams.
func (l *Live) Begin(at int64, others func(ctx context.Context, userID int64)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.began, l.at, l.others = at, at, others
}

// Tell deals with the next event of the log. Those hear of it who have its room open, or with a topic everyone who may see its space.
func (l *Live) Tell(h Happening) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = h.ID
	if h.Room.ID == 0 && h.Topic == "" {
		return
	}
	if len(l.past) == maxPast {
		l.began = l.past[0].ID
		l.past = append(l.past[:0], l.past[1:]...)
	}
	l.past = append(l.past, h)
	if h.Room.ID != 0 {
		for _, listener := range l.rooms[h.Room] {
			listener.hear(h)
		}
	}
	if h.Topic != "" {
		for _, own := range l.people {
			for _, listener := range own {
				listener.hear(h)
			}
		}
	}
}

// ToUser tells one person's open pages that a topic of theirs changed.
func (l *Live) ToUser(userID int64, topic string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, listener := range l.people[userID] {
		listener.push(message{topic: topic})
	}
}

// ToRoom tells those who have a room open something that no log keeps, all but the person whom alone it is about, if there is one.
func (l *Live) ToRoom(room models.Room, topic string, about int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, listener := range l.rooms[room] {
		if listener.userID != about {
			listener.push(message{topic: topic})
		}
	}
}

// Listening is how many pages have a room open here.
func (l *Live) Listening(room models.Room) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.rooms[room])
}

// Present are the persons who have a room open here and let themselves be seen there, in the order of their ids.
func (l *Live) Present(room models.Room) (people []int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, listener := range l.rooms[room] {
		if listener.seen {
			people = append(people, listener.userID)
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// Moved are the rooms into which somebody came, or that somebody left, since it was asked last.
func (l *Live) Moved() (rooms []models.Room) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for room := range l.moved {
		rooms = append(rooms, room)
	}
	clear(l.moved)
	return rooms
}

// Renew ends every stream; the pages open them again, with the rights that people have then.
func (l *Live) Renew() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, own := range l.people {
		for _, listener := range slices.Clone(own) {
			l.finish(listener)
		}
	}
}

// RenewUser ends one person's streams; only pages that are still signed in open them again.
func (l *Live) RenewUser(userID int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, listener := range slices.Clone(l.people[userID]) {
		l.finish(listener)
	}
}

// RenewEverywhere is RenewUser in every process, for what the log does not say.
func (l *Live) RenewEverywhere(ctx context.Context, userID int64) {
	l.RenewUser(userID)
	l.mu.Lock()
	others := l.others
	l.mu.Unlock()
	others(ctx, userID)
}

// RenewRoom ends the streams of those who have a room open, which perhaps they may no longer read.
func (l *Live) RenewRoom(room models.Room) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, listener := range slices.Clone(l.rooms[room]) {
		l.finish(listener)
	}
}

// Close ends every stream, so that the server can stop.
func (l *Live) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.Renew()
}
