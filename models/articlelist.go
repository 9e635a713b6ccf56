package models

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// ArticleKey is the place in a list of articles by when they were written in last, after which the next page begins.
type ArticleKey struct {
	Edited time.Time `json:"e"`
	ID     int64     `json:"i"`
}

// String is the key as it stands in an address.
func (k *ArticleKey) String() string {
	raw, _ := json.Marshal(k) // a time and a number always marshal
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseArticleKey reads a key from an address; a malformed one is a mistake at the field "cursor".
func ParseArticleKey(text string) (*ArticleKey, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	key := &ArticleKey{}
	if err != nil || json.Unmarshal(raw, key) != nil || key.ID <= 0 {
		return nil, Invalid{"cursor": "lists.cursor_invalid"}
	}
	return key, nil
}

// ArticleQuery says which published articles are listed: all that the actor may read, those of a space or those of a collection.
type ArticleQuery struct {
	SpaceID    int64
	Collection *Collection // that the actor may see
	After      *ArticleKey
	Limit      int
}

// Articles lists published articles, those written in last first. next is the key of the next page, nil at the end.
func (q Queries) Articles(ctx context.Context, actor *Actor, query ArticleQuery) (cards []ArticleCard, next *ArticleKey, err error) {
	scope := actor
	if query.SpaceID != 0 {
		scope = actor.within(query.SpaceID)
	}
	if query.Collection != nil && actor.Access(query.Collection.SpaceID) == nil || len(scope.Spaces) == 0 {
		return nil, nil, nil
	}
	keys, args := q.articleKeys(scope, query)
	err = q.raw(ctx, &cards, articleCards+"("+keys+") k JOIN articles a ON a.id = k.id"+articleCardJoins+" ORDER BY a.edited_at DESC, a.id DESC LIMIT "+strconv.Itoa(query.Limit+1), args...)
	if err != nil {
		return nil, nil, fmt.Errorf("list articles: %w", err)
	}
	if len(cards) > query.Limit {
		cards = cards[:query.Limit]
		last := &cards[query.Limit-1]
		next = &ArticleKey{Edited: last.EditedAt, ID: last.ID}
	}
	return cards, next, nil
}

// articleKeys finds the ids of a page and of one article more, which tells whether there is a next one.
func (q Queries) articleKeys(scope *Actor, query ArticleQuery) (string, []any) {
	after := func(name string) (string, []any) {
		if query.After == nil {
			return "", nil
		}
		return " AND (" + name + ".edited_at, " + name + ".id) < (?, ?)", []any{query.After.Edited.UTC(), query.After.ID}
	}
	limit := query.Limit + 1
	if query.Collection == nil {
		return q.tops(scope, tops{table: "articles", column: "edited_at", floor: "'-infinity'::timestamptz", limit: limit, filter: after, bounds: boundsOf(len(scope.Spaces), limit, false)})
	}
	rest, args := after("t")
	return "SELECT t.id FROM articles t WHERE t.collection_id = ? AND t.state = 'published'" + rest + " ORDER BY t.edited_at DESC, t.id DESC LIMIT " + strconv.Itoa(limit), append([]any{query.Collection.ID}, args...)
}
