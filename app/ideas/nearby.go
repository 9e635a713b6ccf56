package ideas

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"ruche/app/text"
	"ruche/app/writing"
	"ruche/models"
	"ruche/search"
	views "ruche/views/ideas"
)

// shownNear is how many similar ideas a page names.
const shownNear = 3

// near finds the ideas that an idea resembles by its title.
func (f *Ideas) near(ctx context.Context, actor *models.Actor, idea *models.Idea) ([]models.IdeaCard, error) {
	refs, err := f.nearby.To(f.index, f.db.Now(), idea.Title, actor.SpaceIDs())
	if err != nil { // the page is complete enough without
		slog.WarnContext(ctx, "similar ideas not found", "error", err)
	}
	var ids []int64
	for _, ref := range refs {
		if ref.ID != idea.ID && len(ids) < shownNear {
			ids = append(ids, ref.ID)
		}
	}
	cards, err := f.db.IdeaCards(ctx, actor, ids)
	slices.SortFunc(cards, func(a, b models.IdeaCard) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return cards, err
}

// nearIdeas are the first few ideas among what a title being written resembles, as cards, nearest first.
func (f *Ideas) nearIdeas(ctx context.Context, actor *models.Actor, hits []search.Hit) ([]NearIdea, error) {
	hits = slices.DeleteFunc(slices.Clone(hits), func(h search.Hit) bool { return h.Record.Type != "idea" })
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

// shownThreads is how many similar threads the form of an idea names.
const shownThreads = 2

// nearTo is what exists already that a title resembles, as the form shows it.
func (f *Ideas) nearTo(ctx context.Context, actor *models.Actor, title string) (near views.NearAll, err error) {
	hits := writing.Near(ctx, f.index, actor, title)
	found, err := f.nearIdeas(ctx, actor, hits)
	if err != nil {
		return near, err
	}
	near.Ideas = nearIdeas(actor, found)
	near.Threads, err = f.writing.NearThreads(ctx, actor, hits, shownThreads)
	return near, err
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

// changed lets what was counted or compared be so again: an idea of the space has come, gone or moved on.
func (f *Ideas) changed(spaceID int64) {
	f.facts.changed(spaceID)
	f.nearby.Forget()
}
