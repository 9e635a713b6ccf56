package live

import (
	"context"
	"slices"
	"sync"
	"time"

	"ruche/app/web"
	"ruche/models"
)

// How presence moves. Who leaves is still counted for a while, since pages that are turned over come back at once; a room with
// many people says more rarely that they change, because each of them then asks who is there.
const (
	pulse       = time.Second            // how often is looked
	lingering   = 6 * time.Second        // who left
	writing     = 3 * time.Second        // who typed; pages say so every two seconds
	leastTyping = time.Second            // between two words of one person
	pause       = 2 * time.Second        // between two words to a room
	perPerson   = 20 * time.Millisecond  // and longer by this for each who hears them
	repeat      = 20 * time.Second       // what the other processes are told
	silence     = 3*repeat + time.Second // after which nothing of another process counts
	mostHeard   = 50                     // pages in a room that are told who is writing
)

// presence is who has which room open in the whole house, and who is writing there. Only ids are kept, and nothing for longer than
// it is so.
type presence struct {
	hub   *web.Live
	db    *models.DB
	me    string        // names this process to the others
	woken chan struct{} // another process has recorded something

	mu     sync.Mutex
	rooms  map[models.Room]*presentRoom
	repeat time.Time // when everything is told again
	heard  time.Time // when another process was heard last
}

// presentRoom is one room.
type presentRoom struct {
	here   map[int64]time.Time  // who has it open in this process, or had a moment ago, and when that was seen last
	there  map[string]elsewhere // who has it open in the other processes
	typing map[int64]time.Time  // who is writing, and until when that counts
	said   []int64              // who is here, as the others were told
	shown  []int64              // who is there at all, as the pages were told
	told   time.Time            // when
	due    time.Time            // when it is looked at next; zero: when somebody moves
}

// elsewhere is what another process said of a room.
type elsewhere struct {
	people []int64
	at     time.Time
}

func newPresence(hub *web.Live, db *models.DB, me string) *presence {
	return &presence{hub: hub, db: db, me: me, woken: make(chan struct{}, 1), rooms: map[models.Room]*presentRoom{}}
}

// room is a room that somebody is in, with the presence locked.
func (p *presence) room(room models.Room) *presentRoom {
	in := p.rooms[room]
	if in == nil {
		in = &presentRoom{here: map[int64]time.Time{}, there: map[string]elsewhere{}, typing: map[int64]time.Time{}}
		p.rooms[room] = in
	}
	return in
}

// FollowPresence returns what tells the pages that are open in this process who else is there, until its context ends.
func (f *Live) FollowPresence(context.Context) (follow func(context.Context), err error) {
	return f.presence.follow, nil
}

// follow looks every second who came and left, and listens to the other processes, until ctx ends.
func (p *presence) follow(ctx context.Context) {
	var listening sync.WaitGroup
	listening.Go(func() { p.listen(ctx) })
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			listening.Wait()
			return
		case now := <-tick.C:
			p.beat(ctx, now)
		}
	}
}

// beat tells the pages and the other processes what has changed.
func (p *presence) beat(ctx context.Context, now time.Time) {
	says, changed, all := p.survey(now)
	for _, c := range changed {
		p.hub.ToRoom(c.room, hereTopic(c.room), c.about)
	}
	for _, text := range reports(says) {
		p.announce(ctx, "here "+text)
	}
	if all && len(says) == 0 {
		p.announce(ctx, "still")
	}
}

// survey looks at the rooms in which something may have changed, and now and then at all: what the other processes are to be told,
// and where the pages are.
func (p *presence) survey(now time.Time) (says []report, changed []change, all bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, room := range p.hub.Moved() {
		p.room(room).due = now
	}
	if all = now.After(p.repeat); all {
		p.repeat = now.Add(repeat)
	}
	for room, in := range p.rooms {
		if !all && (in.due.IsZero() || now.Before(in.due)) {
			continue
		}
		people := in.look(p.hub.Present(room), now)
		if !slices.Equal(people, in.said) || all && len(people) > 0 {
			in.said = people
			says = append(says, report{room, people})
		}
		if tells, about := in.tells(now, p.hub.Listening(room)); tells {
			changed = append(changed, change{room, about})
		}
		if in.empty() {
			delete(p.rooms, room)
		}
	}
	return says, changed, all
}

// look brings up to date who is in the room in this process, and says when to look again.
func (r *presentRoom) look(present []int64, now time.Time) (people []int64) {
	r.due = time.Time{}
	for _, id := range present {
		r.here[id] = now
	}
	for id, seen := range r.here {
		switch {
		case now.Sub(seen) >= lingering:
			delete(r.here, id)
			continue
		case !seen.Equal(now):
			r.again(seen.Add(lingering))
		}
		people = append(people, id)
	}
	for process, said := range r.there {
		if now.Sub(said.at) > silence {
			delete(r.there, process)
		}
	}
	slices.Sort(people)
	return people
}

// again has the room looked at by then.
func (r *presentRoom) again(at time.Time) {
	if r.due.IsZero() || at.Before(r.due) {
		r.due = at
	}
}

// change is that the pages in a room are to be told who is there.
type change struct {
	room  models.Room
	about int64 // the one person who came or left, if there is just one: they know
}

// tells decides whether the pages in the room, so many, are told now that other people are in it or that somebody stopped writing.
func (r *presentRoom) tells(now time.Time, pages int) (tells bool, about int64) {
	for id, until := range r.typing {
		if now.Before(until) {
			r.again(until)
			continue
		}
		delete(r.typing, id)
		tells = pages <= mostHeard
	}
	people := r.people()
	if slices.Equal(people, r.shown) {
		return tells, 0
	}
	if next := r.told.Add(max(pause, time.Duration(pages)*perPerson)); now.Before(next) {
		r.again(next)
		return tells, 0
	}
	if !tells {
		about = only(r.shown, people)
	}
	r.shown, r.told = people, now
	return true, about
}

// only is whom one list of people has and the other has not, 0 if that is more than one.
func only(a, b []int64) (id int64) {
	differ := 0
	for i, lists := range [][]int64{a, b} {
		other := [][]int64{b, a}[i]
		for _, one := range lists {
			if _, both := slices.BinarySearch(other, one); !both {
				id = one
				differ++
			}
		}
	}
	if differ > 1 {
		return 0
	}
	return id
}

// people are all who have the room open anywhere.
func (r *presentRoom) people() (people []int64) {
	for id := range r.here {
		people = append(people, id)
	}
	for _, said := range r.there {
		people = append(people, said.people...)
	}
	slices.Sort(people)
	return slices.Compact(people)
}

func (r *presentRoom) empty() bool { return len(r.here)+len(r.there)+len(r.typing)+len(r.shown) == 0 }

// in are those who have a room open anywhere, and those of them and others who are writing there.
func (p *presence) in(room models.Room) (people, writes []int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.rooms[room]
	if r == nil {
		return nil, nil
	}
	for id := range r.typing {
		writes = append(writes, id)
	}
	return r.people(), writes
}

// typed notes that somebody is writing in a room, which is told when they begin, and when they stop. It is no news so soon after
// the last time.
func (p *presence) typed(room models.Room, id int64) (news bool) {
	now := time.Now() //check:allow clock how long somebody has not typed
	p.mu.Lock()
	r := p.room(room)
	until, before := r.typing[id]
	if until.Sub(now) > writing-leastTyping {
		p.mu.Unlock()
		return false
	}
	r.typing[id] = now.Add(writing)
	r.again(now.Add(writing))
	p.mu.Unlock()
	if !before {
		p.tell(room, id)
	}
	return true
}

// wrote notes that somebody has sent what they wrote.
func (p *presence) wrote(room models.Room, id int64) {
	p.mu.Lock()
	r := p.rooms[room]
	wrote := r != nil && !r.typing[id].IsZero()
	if wrote {
		delete(r.typing, id)
	}
	p.mu.Unlock()
	if wrote {
		p.tell(room, id)
	}
}

// tell lets the pages in a room ask who is writing, unless there are so many that nobody would be served by it.
func (p *presence) tell(room models.Room, about int64) {
	if p.hub.Listening(room) <= mostHeard {
		p.hub.ToRoom(room, hereTopic(room), about)
	}
}

// hereTopic is the topic of who is in a room and who is writing there.
func hereTopic(room models.Room) string { return "here:" + room.String() }
