package ideas

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"ruche/app/text"
	"ruche/models"
	"ruche/search"
	views "ruche/views/ideas"
)

// nearby remembers which ideas an idea resembles: looking for them costs more than the rest of its page. Only
// their numbers are kept, and for those who see the same spaces: what is shown of them is read anew.
type nearby struct {
	mu   sync.Mutex
	kept map[nearbyKey]keptNear
}

type nearbyKey struct {
	title  string
	spaces string
}

type keptNear struct {
	ids []int64
	at  time.Time
}

const (
	nearbyAge  = 10 * time.Minute
	mostNearby = 2000
)

func (n *nearby) get(key nearbyKey, now time.Time) (ids []int64, known bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	kept, known := n.kept[key]
	return kept.ids, known && now.Sub(kept.at) < nearbyAge
}

func (n *nearby) keep(key nearbyKey, ids []int64, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.kept == nil || len(n.kept) >= mostNearby {
		n.kept = map[nearbyKey]keptNear{}
	}
	n.kept[key] = keptNear{ids, now}
}

// shownNear is how many similar ideas a page names.
const shownNear = 3

// near finds the ideas that an idea resembles by its title.
func (f *Ideas) near(ctx context.Context, actor *models.Actor, idea *models.Idea) ([]models.IdeaCard, error) {
	key, now := nearbyKey{title: idea.Title, spaces: spacesKey(actor.SpaceIDs())}, f.db.Now()
	ids, known := f.nearby.get(key, now)
	if !known && !f.index.Status().Rebuilding { // the page is complete enough without
		var err error
		if ids, err = f.index.SimilarIdeas(idea.Title, actor.SpaceIDs()); err != nil {
			slog.WarnContext(ctx, "similar ideas not found", "error", err)
		} else {
			f.nearby.keep(key, ids, now)
		}
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return id == idea.ID })
	ids = ids[:min(len(ids), shownNear)]
	cards, err := f.db.IdeaCards(ctx, actor, ids)
	slices.SortFunc(cards, func(a, b models.IdeaCard) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return cards, err
}

// Near finds the ideas that a title being written resembles, as cards, nearest first.
func (f *Ideas) Near(ctx context.Context, actor *models.Actor, title string) ([]NearIdea, error) {
	hits := f.similarTo(ctx, actor, title)
	hits = hits[:min(len(hits), shownNear)]
	ids := make([]int64, len(hits))
	for i := range hits {
		ids[i] = hits[i].Record.ID
	}
	cards, err := f.db.IdeaCards(ctx, actor, ids)
	if err != nil {
		return nil, fmt.Errorf("near ideas: %w", err)
	}
	answers, err := f.db.AnswersTo(ctx, cards)
	if err != nil {
		return nil, fmt.Errorf("answers to near ideas: %w", err)
	}
	near := make([]NearIdea, 0, len(hits))
	for i := range hits {
		for j := range cards {
			if cards[j].ID == ids[i] {
				answer := answers[ids[i]]
				if cards[j].Answer == models.AnswerMerged {
					answer = &models.Decision{Kind: models.AnswerMerged}
				}
				near = append(near, NearIdea{cards[j], hits[i].Title, answer})
			}
		}
	}
	return near, nil
}

// NearIdea is an idea that a title resembles, with the words that they share.
type NearIdea struct {
	models.IdeaCard
	Match  search.Fragment
	Answer *models.Decision // that holds; nil for none
}

// outcome is what was decided about a near idea, nil if nothing was.
func outcome(answer *models.Decision) *views.Outcome {
	if answer == nil {
		return nil
	}
	shown := &views.Outcome{Kind: answer.Kind, Reason: answer.ReasonCode, Lang: answer.Lang}
	if rendered, err := text.Render(answer.Body, text.Comment, nil); err == nil {
		shown.Text = rendered.Summary
	}
	return shown
}

// similarTo asks the index, if it is there to be asked. What is similar is a help while one writes.
func (f *Ideas) similarTo(ctx context.Context, actor *models.Actor, title string) []search.Hit {
	if f.index.Status().Rebuilding {
		return nil
	}
	hits, err := f.index.Similar(ctx, title, actor.SpaceIDs())
	if err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "similar ideas not found", "error", err)
	}
	return hits
}

// spacesKey names a set of spaces, whose ids come in one order.
func spacesKey(ids []int64) string {
	key := make([]byte, 0, 64)
	for _, id := range ids {
		key = append(strconv.AppendInt(key, id, 10), ' ')
	}
	return string(key)
}

// changed lets what was counted or compared be so again: an idea of the space has come, gone or moved on.
func (f *Ideas) changed(spaceID int64) {
	f.facts.changed(spaceID)
	f.nearby.forget()
}

func (n *nearby) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.kept = nil
}
