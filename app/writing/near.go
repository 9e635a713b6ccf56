package writing

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"ruche/models"
	"ruche/search"
	"ruche/views/parts"
)

// Near asks the index, if it is there to be asked, which ideas and threads resemble a title, and which of the other types that are
// named. What is near is a help while one writes, and may be missing.
func Near(ctx context.Context, index *search.Index, actor *models.Actor, title string, also ...string) []search.Hit {
	if index.Status().Rebuilding {
		return nil
	}
	hits, err := index.Similar(ctx, title, actor.SpaceIDs(), append([]string{"idea", "thread"}, also...)...)
	if err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "nothing similar found", "error", err)
	}
	return hits
}

// NearThreads are the first few threads among what resembles a title, nearest first, as forms name them.
func (w *Writing) NearThreads(ctx context.Context, actor *models.Actor, hits []search.Hit, most int) ([]parts.NearThread, error) {
	hits = slices.DeleteFunc(slices.Clone(hits), func(h search.Hit) bool { return h.Record.Type != "thread" })
	hits = hits[:min(len(hits), most)]
	ids := make([]int64, len(hits))
	for i := range hits {
		ids[i] = hits[i].Record.ID
	}
	cards, err := w.db.ThreadCards(ctx, actor, ids)
	if err != nil {
		return nil, fmt.Errorf("near threads: %w", err)
	}
	near := make([]parts.NearThread, 0, len(cards))
	for i := range hits {
		at := slices.IndexFunc(cards, func(c models.ThreadCard) bool { return c.ID == ids[i] })
		if at < 0 {
			continue
		}
		card := &cards[at]
		shown := parts.NearThread{
			ID: card.ID, URL: card.Path(), Title: hits[i].Title.Text, Lang: card.Lang, Kind: card.Kind, Posts: card.PostCount, Solved: card.Solved,
			Can: card.Kind == models.Question && card.AuthorID != actor.ID && actor.Can(models.PostComment, &models.Space{ID: card.SpaceID}),
		}
		for _, mark := range hits[i].Title.Marks {
			shown.Marks = append(shown.Marks, parts.Span{Start: mark.Start, End: mark.End})
		}
		near = append(near, shown)
	}
	return near, nil
}

// NearArticles are the first few articles among what resembles a title, nearest first, as forms name them.
func (w *Writing) NearArticles(ctx context.Context, actor *models.Actor, hits []search.Hit, most int) ([]parts.NearArticle, error) {
	hits = slices.DeleteFunc(slices.Clone(hits), func(h search.Hit) bool { return h.Record.Type != "article" })
	hits = hits[:min(len(hits), most)]
	ids := make([]int64, len(hits))
	for i := range hits {
		ids[i] = hits[i].Record.ID
	}
	cards, err := w.db.ArticleCards(ctx, actor, ids)
	if err != nil {
		return nil, fmt.Errorf("near articles: %w", err)
	}
	near := make([]parts.NearArticle, 0, len(cards))
	for i := range hits {
		at := slices.IndexFunc(cards, func(c models.ArticleCard) bool { return c.ID == ids[i] })
		if at < 0 {
			continue
		}
		card := &cards[at]
		shown := parts.NearArticle{URL: card.Path(), Title: hits[i].Title.Text, Lang: card.Lang, Collection: card.CollectionTitle, Verified: card.VerifiedUntil != nil && w.db.Now().Before(*card.VerifiedUntil)}
		for _, mark := range hits[i].Title.Marks {
			shown.Marks = append(shown.Marks, parts.Span{Start: mark.Start, End: mark.End})
		}
		near = append(near, shown)
	}
	return near, nil
}
