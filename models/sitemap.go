package models

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// MapWindow is how many addresses one file of the site map has at most, and so of how many articles by their numbers it is.
const MapWindow = 50_000

// MappedPage is a collection or an article in the site map.
type MappedPage struct {
	ID        int64
	Title     string
	ChangedAt time.Time
}

// MappedArticles lists the published articles that the actor may see, by their numbers after one of them, up to another.
func (q Queries) MappedArticles(ctx context.Context, actor *Actor, after, last int64, limit int) (pages []MappedPage, err error) {
	if len(actor.Spaces) == 0 {
		return nil, nil
	}
	// Each visible space from its own index: a visitor may see few of very many.
	first := "SELECT t.id FROM articles t WHERE t.space_id = s.value AND t.id > ? AND t.id <= ? AND t.state = 'published' ORDER BY t.id LIMIT " + strconv.Itoa(limit)
	keys := "json_each('[' || ? || ']') s JOIN articles k ON k.id IN (" + first + ")"
	if q.postgres() {
		keys = "unnest(string_to_array(?, ',')::bigint[]) AS s(value) CROSS JOIN LATERAL (" + first + ") k"
	}
	err = q.raw(ctx, &pages, "SELECT a.id, a.title, a.edited_at AS changed_at FROM (SELECT k.id FROM "+keys+" ORDER BY k.id LIMIT "+strconv.Itoa(limit)+") m JOIN articles a ON a.id = m.id ORDER BY a.id", actor.spaceList(), after, last)
	if err != nil {
		return nil, fmt.Errorf("articles of the site map: %w", err)
	}
	return pages, nil
}

// MappedCollections is MappedArticles for collections.
func (q Queries) MappedCollections(ctx context.Context, actor *Actor, after int64, limit int) (pages []MappedPage, err error) {
	seen, list := q.visible(actor, "c.space_id")
	err = q.raw(ctx, &pages, "SELECT c.id, c.title, c.created_at AS changed_at FROM collections c WHERE c.id > ? AND "+seen+" ORDER BY c.id LIMIT "+strconv.Itoa(limit), after, list)
	if err != nil {
		return nil, fmt.Errorf("collections of the site map: %w", err)
	}
	return pages, nil
}
