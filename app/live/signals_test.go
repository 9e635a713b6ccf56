package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ruche/app/web"
	"ruche/models"
)

func alone() *presence { return newPresence(web.NewLive(), nil, "me") }

func TestProcessesTellEachOtherWhoIsWhere(t *testing.T) {
	p, seven := alone(), models.Room{Kind: "idea", ID: 7}
	people := func() []int64 {
		here, _ := p.in(seven)
		return here
	}
	p.hear("you here idea:7=1,2 idea:8=3")
	p.hear("they here idea:7=2,9")
	p.hear("me here idea:7=77") // one's own words come back
	if got := people(); !slices.Equal(got, []int64{1, 2, 9}) {
		t.Errorf("in the room are %v", got)
	}
	p.hear("you here idea:7=")
	if got := people(); !slices.Equal(got, []int64{2, 9}) {
		t.Errorf("in the room are %v after some left", got)
	}
	for _, nonsense := range []string{"", "you", "you here", "you here idea", "you here thing:7=1", "you here idea:-7=1", "you here idea:7", "you typing", "you typing x idea:7", "you typing 5", "you typing 5 idea:7", "you renew", "you renew x", "you dance 1 2 3", strings.Repeat("x ", 1000)} {
		p.hear(nonsense)
	}
	if got := people(); !slices.Equal(got, []int64{2, 9}) {
		t.Errorf("in the room are %v after nonsense", got)
	}
	p.survey(time.Now().Add(2 * silence)) // the other process has gone without a word
	p.survey(time.Now().Add(3 * silence))
	if got := people(); len(got) != 0 || len(p.rooms) != 0 {
		t.Errorf("in the room are %v after a long silence, and %d rooms are kept", got, len(p.rooms))
	}
}

func TestWhatIsToldFitsIntoASignal(t *testing.T) {
	var says []report
	for room := range int64(300) {
		says = append(says, report{models.Room{Kind: "idea", ID: room + 1}, []int64{1_000_001, 1_000_002, 1_000_003}})
	}
	many := make([]int64, 5000)
	for i := range many {
		many[i] = 1_000_000 + int64(i)
	}
	texts := reports(append(says, report{models.Room{Kind: "idea", ID: 999}, many}))
	p := alone()
	for _, text := range texts {
		if text = "somebody here " + text; len(text) > models.MaxSignal {
			t.Errorf("a signal has %d bytes", len(text))
		}
		p.hear("somebody here " + text)
	}
	for room := range int64(300) {
		if here, _ := p.in(models.Room{Kind: "idea", ID: room + 1}); len(here) != 3 {
			t.Fatalf("in room %d are %v", room+1, here)
		}
	}
	if here, _ := p.in(models.Room{Kind: "idea", ID: 999}); len(here) != mostReported {
		t.Errorf("%d are told of in a full room", len(here))
	}
}

func TestAFullRoomSaysMoreRarelyWhoCameAndLeft(t *testing.T) {
	start := time.Unix(1_000_000, 0)
	r := &presentRoom{here: map[int64]time.Time{1: start}, typing: map[int64]time.Time{}}
	tells := func(now time.Time, pages int) bool {
		told, _ := r.tells(now, pages)
		return told
	}
	if !tells(start, 2000) {
		t.Fatal("the first to come is not told of")
	}
	r.here[2] = start
	if tells(start.Add(30*time.Second), 2000) {
		t.Error("2,000 pages ask who is here after half a minute")
	}
	if !tells(r.due, 2000) || r.due.Sub(start) > time.Minute {
		t.Errorf("they are told %s later", r.due.Sub(start))
	}
	for i := range int64(5) {
		r.here[3+i] = start
		if now := start.Add(time.Hour + time.Duration(i)*pause); !tells(now, 10) {
			t.Error(fmt.Sprint("a small room is not told after a moment: ", i))
		}
	}
}

func TestWhoComesAloneIsNotToldOfThemselves(t *testing.T) {
	for _, c := range []struct {
		before, after []int64
		about         int64
	}{{nil, []int64{5}, 5}, {[]int64{5}, nil, 5}, {[]int64{1, 5}, []int64{1}, 5}, {[]int64{1}, []int64{5}, 0}, {nil, []int64{1, 5}, 0}} {
		if got := only(c.before, c.after); got != c.about {
			t.Errorf("from %v to %v only %d is another", c.before, c.after, got)
		}
	}
}
