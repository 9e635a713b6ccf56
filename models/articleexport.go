package models

import (
	"context"
	"fmt"
	"strconv"
)

// ExportedArticle is an article with the names that a copy of it outside the house carries.
type ExportedArticle struct {
	Article
	AuthorName string
	EditorName string
}

// Archived is what an archive holds: how many articles, of which spaces and collections.
type Archived struct {
	Articles            int
	Spaces, Collections []int64
}

// ArticlesUnderThese lists the published articles of a collection that stand right under any of the given ones, or without any at its top,
// in the order of each level, as far as the actor may see them.
func (q Queries) ArticlesUnderThese(ctx context.Context, actor *Actor, collectionID int64, parents []int64, limit int) (nodes []ArticleNode, err error) {
	seen, list := q.visible(actor, "a.space_id")
	condition, args := "a.parent_id IS NULL", []any{collectionID}
	if len(parents) > 0 {
		condition, args = "a.parent_id IN ?", append(args, parents)
	}
	err = q.raw(ctx, &nodes, "SELECT "+articleNode+" FROM articles a WHERE a.collection_id = ? AND "+condition+" AND a.state = 'published' AND "+seen+
		" ORDER BY a.parent_id, a.position, a.id LIMIT "+strconv.Itoa(limit), append(args, list)...)
	if err != nil {
		return nil, fmt.Errorf("articles under %d others of collection %d: %w", len(parents), collectionID, err)
	}
	return nodes, nil
}

// ExportedArticles loads those of the given articles that are published and that the actor may read, in no order.
func (q Queries) ExportedArticles(ctx context.Context, actor *Actor, ids []int64) (articles []ExportedArticle, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	condition, args := q.readableArticle(actor)
	err = q.raw(ctx, &articles, `SELECT a.*, u.name AS author_name, e.name AS editor_name FROM articles a JOIN users u ON u.id = a.author_id JOIN users e ON e.id = a.editor_id
		WHERE a.id IN ? AND a.state = 'published' AND `+condition, append([]any{ids}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("export %d articles: %w", len(ids), err)
	}
	return articles, nil
}
