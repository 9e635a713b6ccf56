package models

import (
	"context"
	"fmt"
)

// PrintedArticle is an article as a document on paper shows it, with who answers for it.
type PrintedArticle struct {
	Article
	EditorName string
	OwnerName  string // empty for nobody
}

// PrintedArticles loads those of the given articles that are published and that the actor may read, in no order.
func (q Queries) PrintedArticles(ctx context.Context, actor *Actor, ids []int64) (articles []PrintedArticle, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	condition, args := q.readableArticle(actor)
	knows, named := knowsGroup(actor)
	err = q.raw(ctx, &articles, `SELECT a.id, a.space_id, a.collection_id, a.title, a.html, a.lang, a.words, a.version, a.edited_at, a.verified_until, e.name AS editor_name, coalesce(o.name, g.name, '') AS owner_name
		FROM articles a JOIN users e ON e.id = a.editor_id LEFT JOIN users o ON o.id = a.owner_id LEFT JOIN groups g ON g.id = a.owner_group_id AND g.deleted_at IS NULL AND `+knows+` WHERE a.id IN ? AND a.state = 'published' AND `+condition, append(append(named, ids), args...)...)
	if err != nil {
		return nil, fmt.Errorf("articles to print: %w", err)
	}
	return articles, nil
}
