package models

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// ArticleNode is an article in the tree of its collection.
type ArticleNode struct {
	ID       int64
	ParentID int64 // 0 at the top
	Position int64
	Title    string
	Lang     string
	Parent   bool // other articles stand under it
}

// Path is the address of the article.
func (n *ArticleNode) Path() string { return ArticlePath(n.ID, n.Title) }

// MostLevels is how deep the tree of a collection can be.
const MostLevels = 12

// treeLevel is how many articles of one level the tree beside an article shows, before the one that leads to it and from there on.
const (
	treeBefore = 20
	treeFrom   = 80
)

const articleNode = `a.id, coalesce(a.parent_id, 0) AS parent_id, a.position, a.title, a.lang,
	EXISTS (SELECT 1 FROM articles u WHERE u.parent_id = a.id AND u.state = 'published' LIMIT 1 OFFSET 0) AS parent` // the limit keeps PostgreSQL from reading all that are parents

// under is the condition that the article a stands right under another one, or with 0 at the top of a collection.
func under(collectionID, parentID int64) (condition string, arg any) {
	if parentID == 0 {
		return "a.collection_id = ? AND a.parent_id IS NULL AND a.state = 'published'", collectionID
	}
	return "a.parent_id = ? AND a.state = 'published'", parentID
}

// ArticlesAbove are the articles under which an article stands, the topmost first. The caller has loaded the article as one that the
// actor may read.
func (q Queries) ArticlesAbove(ctx context.Context, article *Article) (above []ArticleNode, err error) {
	if article.ParentID == nil {
		return nil, nil
	}
	err = q.raw(ctx, &above, `WITH RECURSIVE up(id, level) AS (SELECT CAST(? AS BIGINT), 1 UNION ALL SELECT a.parent_id, up.level + 1 FROM up JOIN articles a ON a.id = up.id
		WHERE a.parent_id IS NOT NULL AND up.level < `+strconv.Itoa(MostLevels)+`) SELECT `+articleNode+` FROM up JOIN articles a ON a.id = up.id ORDER BY up.level DESC`, *article.ParentID)
	if err != nil {
		return nil, fmt.Errorf("articles above %d: %w", article.ID, err)
	}
	return above, nil
}

// ArticleTree is the part of a collection's tree that leads to an article: those at the top, those beside each of the articles above
// it, and those under it, each level as far as there is room for beside the page. above is what ArticlesAbove finds.
func (q Queries) ArticleTree(ctx context.Context, article *Article, above []ArticleNode) (nodes []ArticleNode, err error) {
	var parts []string
	var args []any
	level := func(parent int64, from *ArticleNode) {
		condition, of := under(article.CollectionID, parent)
		side := func(compare, order string, limit int) {
			parts = append(parts, "SELECT * FROM (SELECT "+articleNode+" FROM articles a WHERE "+condition+" AND (a.position, a.id) "+compare+" (?, ?) ORDER BY "+order+" LIMIT "+strconv.Itoa(limit)+") l")
			args = append(args, of, from.Position, from.ID)
		}
		if from.ID != 0 {
			side("<", "a.position DESC, a.id DESC", treeBefore)
		}
		side(">=", "a.position, a.id", treeFrom)
	}
	parent := int64(0)
	for i := range above {
		level(parent, &above[i])
		parent = above[i].ID
	}
	level(parent, &ArticleNode{ID: article.ID, Position: article.Position})
	level(article.ID, &ArticleNode{Position: -1 << 62})
	if err := q.raw(ctx, &nodes, strings.Join(parts, " UNION ALL ")+" ORDER BY 3, 1", args...); err != nil {
		return nil, fmt.Errorf("tree of article %d: %w", article.ID, err)
	}
	return nodes, nil
}

// ArticlesUnder lists the published articles right under another one, or with 0 at the top of a collection, in their order, after the
// given one of the page before (nil for the start). The caller has loaded the collection as one that the actor may see.
func (q Queries) ArticlesUnder(ctx context.Context, collectionID, parentID int64, after *ArticleNode, limit int) (nodes []ArticleNode, err error) {
	condition, of := under(collectionID, parentID)
	args := []any{of}
	if after != nil {
		condition, args = condition+" AND (a.position, a.id) > (?, ?)", append(args, after.Position, after.ID)
	}
	if err := q.raw(ctx, &nodes, "SELECT "+articleNode+" FROM articles a WHERE "+condition+" ORDER BY a.position, a.id LIMIT "+strconv.Itoa(limit), args...); err != nil {
		return nil, fmt.Errorf("articles under %d of collection %d: %w", parentID, collectionID, err)
	}
	return nodes, nil
}

// ArticlesBeside are the published articles right before and right after one at its level, nil at the ends.
func (q Queries) ArticlesBeside(ctx context.Context, article *Article) (before, after *ArticleNode, err error) {
	condition, of := under(article.CollectionID, orZero(article.ParentID))
	one := func(compare, order string) (*ArticleNode, error) {
		var nodes []ArticleNode
		err := q.raw(ctx, &nodes, "SELECT "+articleNode+" FROM articles a WHERE "+condition+" AND (a.position, a.id) "+compare+" (?, ?) ORDER BY "+order+" LIMIT 1", of, article.Position, article.ID)
		if err != nil || len(nodes) == 0 {
			return nil, err
		}
		return &nodes[0], nil
	}
	if before, err = one("<", "a.position DESC, a.id DESC"); err != nil {
		return nil, nil, err
	}
	after, err = one(">", "a.position, a.id")
	return before, after, err
}
