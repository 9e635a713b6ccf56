// Package searches lets people find things: the page of results, and suggestions while they type.
// How texts are indexed and ranked is the matter of the search package.
package searches

import (
	"context"
	"fmt"
	"slices"

	"ruche/app/web"
	"ruche/models"
	"ruche/search"
)

// Searches is the feature.
type Searches struct {
	web   *web.Web
	index *search.Index
}

// New returns the feature.
func New(w *web.Web, index *search.Index) *Searches { return &Searches{w, index} }

// Find searches what the actor may see, or of that what has a label; the query's Spaces are set here and nowhere else.
func (f *Searches) Find(ctx context.Context, actor *models.Actor, query search.Query, label models.Confidentiality) (search.Results, error) {
	query.Spaces = actor.SpaceIDs()
	if label != "" {
		query.Spaces = actor.Labelled(label).SpaceIDs()
	}
	if query.Space != 0 {
		query.Inner = actor.EnclosuresIn(query.Space)
	}
	results, err := f.index.Search(ctx, query)
	if err != nil {
		return results, fmt.Errorf("search: %w", err)
	}
	results.Facets.Spaces = around(actor, results.Facets.Spaces)
	return results, nil
}

// around counts what is in enclosures with the spaces around them.
func around(actor *models.Actor, counts []search.Count) (spaces []search.Count) {
	for _, count := range counts {
		if access := actor.Access(count.ID); access != nil && access.Restricted() {
			count.ID = access.Within
		}
		if at := slices.IndexFunc(spaces, func(c search.Count) bool { return c.ID == count.ID }); at >= 0 {
			spaces[at].N += count.N
		} else {
			spaces = append(spaces, count)
		}
	}
	return spaces
}

// Suggest finds ideas, threads and articles by the beginning of their title.
func (f *Searches) Suggest(ctx context.Context, actor *models.Actor, text, lang string) ([]search.Hit, error) {
	hits, err := f.index.Suggest(ctx, search.Query{Text: text, Lang: lang, Spaces: actor.SpaceIDs()})
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	return hits, nil
}
