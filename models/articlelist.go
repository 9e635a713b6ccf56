package models

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	Tags       []string    // those with one of them; with all of a space or of all spaces only
	OwnerID    int64       // those for which a person answers, whom the actor may know; 0 for all
	Trust      TrustFilter
	Label      Confidentiality // those that so many may read; empty for all
	After      *ArticleKey
	Limit      int

	now time.Time
}

// TrustFilter says which articles are listed, by what is known of their being right; empty for all.
type TrustFilter string

// Whether somebody vouches for an article now, did so until some time ago, or never.
const (
	OnlyVerified   TrustFilter = "verified"
	OnlyExpired    TrustFilter = "expired"
	OnlyUnverified TrustFilter = "unverified"
)

// TrustFilters lists them.
func TrustFilters() []TrustFilter { return []TrustFilter{OnlyVerified, OnlyExpired, OnlyUnverified} }

// Labelled narrows what the actor sees to the spaces, and the enclosures in them, of which what lies there has a label.
func (a *Actor) Labelled(label Confidentiality) *Actor {
	other := func(s SpaceAccess) bool { return s.Confidentiality() != label }
	return &Actor{ID: a.ID, Role: a.Role, Spaces: slices.DeleteFunc(slices.Clone(a.Spaces), other), Inner: slices.DeleteFunc(slices.Clone(a.Inner), other)}
}

// Articles lists published articles, those written in last first. next is the key of the next page, nil at the end.
func (q Queries) Articles(ctx context.Context, actor *Actor, query ArticleQuery) (cards []ArticleCard, next *ArticleKey, err error) {
	scope := actor
	if query.SpaceID != 0 {
		scope = actor.within(query.SpaceID)
	}
	if query.Label != "" {
		scope = scope.Labelled(query.Label)
	}
	if query.Collection != nil && scope.Access(query.Collection.SpaceID) == nil || len(scope.SpaceIDs()) == 0 {
		return nil, nil, nil
	}
	query.now = q.present()
	keys, args, err := q.articleKeys(ctx, scope, query)
	if err != nil {
		return nil, nil, fmt.Errorf("list articles: %w", err)
	}
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
func (q Queries) articleKeys(ctx context.Context, scope *Actor, query ArticleQuery) (string, []any, error) {
	limit := query.Limit + 1
	switch {
	case query.OwnerID != 0:
		seen, list := q.visible(scope, "t.space_id")
		rest, args := query.filter("t")
		if query.Collection != nil {
			rest, args = rest+" AND t.collection_id = ?", append(args, query.Collection.ID)
		}
		return "SELECT t.id FROM articles t WHERE t.owner_id = ? AND t.state = 'published' AND " + seen + rest + " ORDER BY t.edited_at DESC, t.id DESC LIMIT " + strconv.Itoa(limit), append([]any{query.OwnerID, list}, args...), nil
	case query.Collection != nil:
		rest, args := query.filter("t")
		return "SELECT t.id FROM articles t WHERE t.collection_id = ? AND t.state = 'published'" + rest + " ORDER BY t.edited_at DESC, t.id DESC LIMIT " + strconv.Itoa(limit), append([]any{query.Collection.ID}, args...), nil
	case len(query.Tags) > 0:
		return q.taggedArticles(ctx, scope, query)
	}
	text, args := q.topArticles(scope, query)
	return text, args, nil
}

func (q Queries) topArticles(scope *Actor, query ArticleQuery) (string, []any) {
	limit := query.Limit + 1
	return q.tops(scope, tops{table: "articles", column: "edited_at", floor: "'-infinity'::timestamptz", limit: limit, filter: query.filter, bounds: boundsOf(len(scope.SpaceIDs()), limit, len(query.Tags) > 0)})
}

// taggedArticles is labelledIdeas for the tags of articles.
func (q Queries) taggedArticles(ctx context.Context, scope *Actor, query ArticleQuery) (string, []any, error) {
	rare, common, err := q.labelSpaces(ctx, scope, label{table: "article_tags", column: "tag", values: query.Tags})
	if err != nil {
		return "", nil, err
	}
	var parts []string
	var args []any
	if len(rare.Spaces) > 0 {
		seen, list := q.visible(rare, "g.space_id")
		untagged := query
		untagged.Tags = nil
		rest, more := untagged.filter("t")
		parts = append(parts, "SELECT t.id FROM articles t WHERE t.id "+q.few("SELECT g.article_id FROM article_tags g WHERE g.tag IN ? AND "+strings.TrimPrefix(seen, "+"))+
			" AND t.state = 'published'"+rest+" ORDER BY t.edited_at DESC, t.id DESC LIMIT "+strconv.Itoa(query.Limit+1))
		args = append(append(args, query.Tags, list), more...)
	}
	if len(common.Spaces) > 0 {
		part, more := q.topArticles(common, query)
		parts, args = append(parts, part), append(args, more...)
	}
	if len(parts) == 1 {
		return parts[0], args, nil
	}
	return "SELECT id FROM (" + strings.Join(parts, ") a UNION ALL SELECT id FROM (") + ") a", args, nil
}

// filter is the part of the condition that the tags and the place in the list make, on the articles of that name.
func (query ArticleQuery) filter(articles string) (text string, args []any) {
	if len(query.Tags) > 0 {
		text += " AND EXISTS (SELECT 1 FROM article_tags g WHERE g.tag IN ? AND g.space_id = " + articles + ".space_id AND g.article_id = " + articles + ".id LIMIT 1 OFFSET 0)"
		args = append(args, query.Tags)
	}
	until := articles + ".verified_until"
	known := " AND " + until + " IS NOT NULL AND coalesce(" + until + ", " + until + ")" // or SQLite goes by the index of that and sorts all it finds
	switch query.Trust {
	case OnlyVerified:
		text, args = text+known+" > ?", append(args, query.now)
	case OnlyExpired:
		text, args = text+known+" <= ?", append(args, query.now)
	case OnlyUnverified:
		text += " AND " + until + " IS NULL"
	}
	if query.After != nil {
		text += " AND (" + articles + ".edited_at, " + articles + ".id) < (?, ?)"
		args = append(args, query.After.Edited.UTC(), query.After.ID)
	}
	return text, args
}
