package glossary

import (
	"context"
	"fmt"
	"html"
	"strconv"
	"sync"
	"time"

	"ruche/app/feed"
	"ruche/app/text"
	"ruche/models"
)

// kept are the vocabularies of spaces, made when somebody first reads there; 0 is that of the terms which are explained everywhere. Whoever
// changes a term, here or in another process, has them made anew.
type kept struct {
	mu     sync.Mutex
	spaces map[int64]*vocabulary
	turn   int // counts how often all was forgotten, so that what was read before is not kept after
}

// vocabulary is the terms of a space, ready to be found.
type vocabulary struct {
	words *text.Vocabulary
	terms map[int64]*models.Term
}

// mostKept bounds how many spaces are remembered.
const mostKept = 200

func (k *kept) get(space int64) (found *vocabulary, turn int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.spaces[space], k.turn
}

func (k *kept) keep(space int64, made *vocabulary, turn int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if turn != k.turn {
		return
	}
	if k.spaces == nil || len(k.spaces) >= mostKept {
		k.spaces = map[int64]*vocabulary{}
	}
	k.spaces[space] = made
}

func (k *kept) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.spaces, k.turn = nil, k.turn+1
}

// vocabulary finds that of a space, 0 for the terms that are explained everywhere.
func (f *Glossary) vocabulary(ctx context.Context, space int64) (*vocabulary, error) {
	found, turn := f.kept.get(space)
	if found != nil {
		return found, nil
	}
	terms, err := f.db.SpaceTerms(ctx, space)
	if err != nil {
		return nil, err
	}
	made := &vocabulary{terms: make(map[int64]*models.Term, len(terms))}
	var words []text.TermWord
	for i := range terms {
		term := &terms[i]
		made.terms[term.ID] = term
		for _, word := range append([]string{term.Word}, term.Also...) {
			words = append(words, text.TermWord{Term: term.ID, Space: term.SpaceID, Lang: term.Lang, Word: word})
		}
	}
	made.words = text.NewVocabulary(words)
	f.kept.keep(space, made, turn)
	return made, nil
}

// Mark marks in the rendered texts of a page of a space where the terms first stand that the actor may see: those of that space, and those of
// others that are explained everywhere. It returns them in that order.
func (f *Glossary) Mark(ctx context.Context, actor *models.Actor, space int64, texts ...text.Marked) (terms []*models.Term, err error) {
	if access := actor.Access(space); access != nil && access.Restricted() { // whose words are those of the space around it
		space = access.Within
	}
	own, err := f.vocabulary(ctx, space)
	if err != nil {
		return nil, err
	}
	all, err := f.vocabulary(ctx, 0)
	if err != nil {
		return nil, err
	}
	if len(own.terms)+len(all.terms) == 0 {
		return nil, nil
	}
	term := func(id int64) *models.Term {
		if found := own.terms[id]; found != nil {
			return found
		}
		return all.terms[id]
	}
	sees := func(space int64) bool { return actor.Access(space) != nil }
	ids := text.MarkTerms(texts, sees, func(id int64, word string) string {
		return `<a class="term" href="` + html.EscapeString(term(id).Path()) + `" data-term="` + strconv.FormatInt(id, 10) + `" aria-describedby="term-` + strconv.FormatInt(id, 10) + `">` + word + `</a>`
	}, own.words, all.words)
	for _, id := range ids {
		terms = append(terms, term(id))
	}
	return terms, nil
}

// poll is how often the log is looked at for changes that other processes have made.
const poll = time.Second

// mostRead is how many events are looked at at once.
const mostRead = 500

// Follow forgets the vocabularies whenever the log tells of a term.
func (f *Glossary) Follow(ctx context.Context) (follow func(context.Context), err error) {
	last, err := f.db.LastEventID(ctx)
	if err != nil {
		return nil, fmt.Errorf("follow the event log: %w", err)
	}
	return func(ctx context.Context) {
		woken, stop := f.db.Listen()
		defer stop()
		trouble := feed.Trouble{}
		for {
			wait := poll
			switch err := f.catchUp(ctx, &last); {
			case ctx.Err() != nil:
				return
			case err != nil:
				wait = trouble.Met(ctx, "changes of the glossary are held up", err)
			default:
				trouble.Over(ctx, "changes of the glossary go on")
			}
			timer := time.NewTimer(wait)
			select {
			case <-ctx.Done():
				timer.Stop()
				return
			case <-woken:
				timer.Stop()
			case <-timer.C:
			}
		}
	}, nil
}

func (f *Glossary) catchUp(ctx context.Context, last *int64) error {
	for {
		events, err := f.db.EventsAfter(ctx, *last, mostRead)
		if err != nil {
			return err
		}
		for i := range events {
			if events[i].Subject == "term" {
				f.kept.forget()
			}
			*last = events[i].ID
		}
		if len(events) < mostRead {
			return nil
		}
	}
}
