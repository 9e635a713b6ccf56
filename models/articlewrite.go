package models

import (
	"fmt"
	"slices"
	"strconv"
)

// articleStep lies between the positions of two articles that are put at the end of a level one after the other, so that others fit
// between them.
const articleStep = 1 << 20

// mostUnder is how many articles one move or withdrawal takes along.
const mostUnder = 5000

// ArticlePlace is where an article stands: in a collection, under a parent or with 0 at the top, right after an article of that level or
// with 0 as the first of it; last puts it at the end, before right before another of that level.
type ArticlePlace struct {
	Collection int64 `json:"collection"`
	Parent     int64 `json:"parent"`
	After      int64 `json:"after"`
	Last       bool  `json:"-"`
	Before     int64 `json:"-"`
}

// CreateArticle adds an article at the end of its level in a locked collection, with its first version. The caller has validated and
// rendered the text.
func (tx *Tx) CreateArticle(collection *Collection, article *Article, note string) error {
	if collection.ArchivedAt != nil {
		return Invalid{"collection": "knowledge.collection_archived"}
	}
	article.SpaceID, article.CollectionID = collection.SpaceID, collection.ID
	if _, err := tx.levelUnder(collection, orZero(article.ParentID)); err != nil {
		return err
	}
	position, err := tx.placeAmong(ArticlePlace{Collection: collection.ID, Parent: orZero(article.ParentID), Last: true})
	if err != nil {
		return err
	}
	article.Position, article.State, article.Version = position, Published, 1
	article.CreatedAt, article.EditedAt, article.EditorID = tx.now, tx.now, article.AuthorID
	owner := article.AuthorID
	article.OwnerID = &owner
	if err := tx.create(article); err != nil {
		return err
	}
	if err := tx.keepArticleVersion(article, note); err != nil {
		return err
	}
	if err := tx.saveArticleTags(article); err != nil {
		return err
	}
	if err := tx.wroteIn(article.ID, article.AuthorID); err != nil {
		return err
	}
	return tx.countArticles(collection.ID, 1)
}

// levelUnder is on which level the articles under a parent in a locked collection stand, 1 at the top. A parent that is not there, or so
// deep that nothing goes under it, is a mistake at the field "parent".
func (tx *Tx) levelUnder(collection *Collection, parentID int64) (level int, err error) {
	if parentID == 0 {
		return 1, nil
	}
	parent, err := tx.Article(tx.ctx, tx.actor, parentID)
	if err != nil || parent.CollectionID != collection.ID || parent.State != Published {
		return 0, Invalid{"parent": "knowledge.parent_invalid"}
	}
	above, err := tx.ArticlesAbove(tx.ctx, parent)
	if err != nil {
		return 0, err
	}
	if level = len(above) + 2; level > MostLevels {
		return 0, Invalid{"parent": "knowledge.too_deep"}
	}
	return level, nil
}

// placeAmong is the position of a place in its level, which is spread anew where nothing fits between two articles.
func (tx *Tx) placeAmong(place ArticlePlace) (int64, error) {
	condition, of := under(place.Collection, place.Parent)
	if place.Last {
		var last int64
		return last + articleStep, tx.raw(tx.ctx, &last, "SELECT coalesce(max(a.position), 0) FROM articles a WHERE "+condition, of)
	}
	for range 2 {
		before, after, err := tx.gap(condition, of, place.After)
		if err != nil {
			return 0, err
		}
		if after == nil {
			return before + articleStep, nil
		}
		if *after-before > 1 {
			return before + (*after-before)/2, nil
		}
		if err := tx.spread(condition, of); err != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("no place after article %d: %w", place.After, ErrConflict)
}

// rightBefore is the article after which one stands that goes right before another of a level, 0 if that is the first of it.
func (tx *Tx) rightBefore(place ArticlePlace, article *Article) (id int64, err error) {
	condition, of := under(place.Collection, place.Parent)
	var found []ArticleNode
	if err := tx.raw(tx.ctx, &found, "SELECT a.id, a.position FROM articles a WHERE "+condition+" AND a.id = ? AND a.id <> ?", of, place.Before, article.ID); err != nil {
		return 0, err
	}
	if len(found) == 0 {
		return 0, Invalid{"after": "knowledge.after_invalid"}
	}
	err = tx.raw(tx.ctx, &id, "SELECT coalesce((SELECT a.id FROM articles a WHERE "+condition+" AND a.id <> ? AND (a.position, a.id) < (?, ?) ORDER BY a.position DESC, a.id DESC LIMIT 1), 0)",
		of, article.ID, found[0].Position, found[0].ID)
	return id, err
}

// gap is the positions between which a place lies that follows an article, or with 0 begins the level; after is nil at the end.
func (tx *Tx) gap(condition string, of any, follows int64) (before int64, after *int64, err error) {
	var id int64
	if follows != 0 {
		var found []ArticleNode
		if err := tx.raw(tx.ctx, &found, "SELECT a.id, a.position FROM articles a WHERE "+condition+" AND a.id = ?", of, follows); err != nil {
			return 0, nil, err
		}
		if len(found) == 0 {
			return 0, nil, Invalid{"after": "knowledge.after_invalid"}
		}
		before, id = found[0].Position, found[0].ID
	} else {
		before = -1 << 62
	}
	var next []ArticleNode
	if err := tx.raw(tx.ctx, &next, "SELECT a.id, a.position FROM articles a WHERE "+condition+" AND (a.position, a.id) > (?, ?) ORDER BY a.position, a.id LIMIT 1", of, before, id); err != nil {
		return 0, nil, err
	}
	if follows == 0 { // one step before the first
		if len(next) == 0 {
			return 0, nil, nil
		}
		return next[0].Position - 2*articleStep, &next[0].Position, nil
	}
	if len(next) == 0 {
		return before, nil, nil
	}
	return before, &next[0].Position, nil
}

// spread gives the articles of a level positions with room between them.
func (tx *Tx) spread(condition string, of any) error {
	_, err := tx.exec(`UPDATE articles SET position = (SELECT o.n * `+strconv.Itoa(articleStep)+` FROM (SELECT a.id, row_number() OVER (ORDER BY a.position, a.id) AS n FROM articles a WHERE `+condition+`) o WHERE o.id = articles.id)
		WHERE id IN (SELECT a.id FROM articles a WHERE `+condition+")", of, of)
	return err
}

// EditArticle stores a new text of a locked article as its next version, by editorID. base is the version that the editor began from; ErrConflict if
// somebody else has saved since.
func (tx *Tx) EditArticle(article *Article, base int, editorID int64, note string) error {
	if base != article.Version {
		return fmt.Errorf("edit article %d from version %d: %w", article.ID, base, ErrConflict)
	}
	article.Version, article.EditedAt, article.EditorID = base+1, tx.now, editorID
	if _, err := tx.exec(`UPDATE articles SET title = ?, summary = ?, body = ?, html = ?, outline = ?, words = ?, lang = ?, tags = ?, version = ?, edited_at = ?, editor_id = ? WHERE id = ?`,
		article.Title, article.Summary, article.Body, article.HTML, article.Outline, article.Words, article.Lang, article.Tags, article.Version, article.EditedAt, article.EditorID, article.ID); err != nil {
		return err
	}
	if err := tx.keepArticleVersion(article, note); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM article_tags WHERE article_id = ?", article.ID); err != nil {
		return err
	}
	return tx.saveArticleTags(article)
}

func (tx *Tx) saveArticleTags(article *Article) error {
	for _, tag := range article.Tags { // a few
		if _, err := tx.exec("INSERT INTO article_tags (tag, space_id, article_id) VALUES (?, ?, ?)", tag, article.SpaceID, article.ID); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) countArticles(collectionID int64, by int) error {
	_, err := tx.exec("UPDATE collections SET article_count = article_count + ? WHERE id = ?", by, collectionID)
	return err
}

// below are the published articles under an article at any depth, with the levels that they make.
func (tx *Tx) below(article *Article) (ids []int64, levels int, err error) {
	var rows []struct {
		ID    int64
		Level int
	}
	err = tx.raw(tx.ctx, &rows, `WITH RECURSIVE down(id, level) AS (SELECT CAST(? AS BIGINT), 0 UNION ALL SELECT a.id, down.level + 1 FROM down JOIN articles a ON a.parent_id = down.id
		WHERE a.state = 'published' AND down.level < `+strconv.Itoa(MostLevels)+`) SELECT id, level FROM down WHERE level > 0 LIMIT `+strconv.Itoa(mostUnder+1), article.ID)
	if err != nil {
		return nil, 0, err
	}
	if len(rows) > mostUnder {
		return nil, 0, Invalid{"article": "knowledge.too_many_under"}
	}
	for _, row := range rows {
		ids, levels = append(ids, row.ID), max(levels, row.Level)
	}
	return ids, levels, nil
}

// MoveArticle brings a locked article with all that stands under it to another place. Its collection and the one that it goes to are
// locked too. taken are the ids of what went along.
func (tx *Tx) MoveArticle(article *Article, to *Collection, place ArticlePlace) (taken []int64, err error) {
	if to.ArchivedAt != nil && to.ID != article.CollectionID {
		return nil, Invalid{"collection": "knowledge.collection_archived"}
	}
	taken, levels, err := tx.below(article)
	if err != nil {
		return nil, err
	}
	if place.Parent == article.ID || slices.Contains(taken, place.Parent) {
		return nil, Invalid{"parent": "knowledge.parent_under_itself"}
	}
	level, err := tx.levelUnder(to, place.Parent)
	if err != nil {
		return nil, err
	}
	if level+levels > MostLevels {
		return nil, Invalid{"parent": "knowledge.too_deep"}
	}
	if place.After == article.ID {
		return nil, Invalid{"after": "knowledge.after_invalid"}
	}
	if place.Before != 0 {
		if place.After, err = tx.rightBefore(place, article); err != nil {
			return nil, err
		}
	}
	position, err := tx.placeAmong(place)
	if err != nil {
		return nil, err
	}
	var parent *int64
	if place.Parent != 0 {
		parent = &place.Parent
	}
	if _, err := tx.exec("UPDATE articles SET parent_id = ?, position = ? WHERE id = ?", parent, position, article.ID); err != nil {
		return nil, err
	}
	if to.ID != article.CollectionID {
		if err := tx.carryArticles(append(slices.Clone(taken), article.ID), article.CollectionID, to); err != nil {
			return nil, err
		}
	}
	article.ParentID, article.Position, article.CollectionID, article.SpaceID = parent, position, to.ID, to.SpaceID
	return taken, nil
}

// carryArticles makes articles those of another collection, with what lies with them.
func (tx *Tx) carryArticles(ids []int64, from int64, to *Collection) error {
	const held = "h.space_id IN (SELECT c.space_id FROM collections c WHERE c.id = ? UNION SELECT o.within_id FROM collections c JOIN spaces o ON o.id = c.space_id WHERE c.id = ?)"
	if err := tx.keepHeld(HoldArticle, ids, to.SpaceID, held, from, from); err != nil {
		return err
	}
	for some := range slices.Chunk(ids, importBatch) {
		if _, err := tx.exec("UPDATE articles SET collection_id = ?, space_id = ? WHERE id IN ?", to.ID, to.SpaceID, some); err != nil {
			return err
		}
		if err := tx.recordIn(to.SpaceID, "SELECT a.id FROM articles a WHERE a.id IN ?", some); err != nil {
			return err
		}
		for _, statement := range []string{
			"UPDATE files SET space_id = ? WHERE draft_id IN (SELECT d.id FROM article_drafts d WHERE d.article_id IN ?)",
			"UPDATE article_drafts SET space_id = ?, collection_id = " + strconv.FormatInt(to.ID, 10) + " WHERE article_id IN ?",
		} {
			if _, err := tx.exec(statement, to.SpaceID, some); err != nil {
				return err
			}
		}
		for _, table := range []string{"files", "article_tags"} {
			if _, err := tx.exec("UPDATE "+table+" SET space_id = ? WHERE article_id IN ?", to.SpaceID, some); err != nil {
				return err
			}
		}
	}
	for some := range slices.Chunk(ids, importBatch) { // what was withdrawn from under them stays, and says no more under what
		for _, table := range []string{"articles", "article_drafts"} {
			if _, err := tx.exec("UPDATE "+table+" SET parent_id = NULL WHERE parent_id IN ? AND collection_id <> ?", some, to.ID); err != nil {
				return err
			}
		}
	}
	if err := tx.countArticles(from, -len(ids)); err != nil {
		return err
	}
	if err := tx.countArticles(to.ID, len(ids)); err != nil {
		return err
	}
	return tx.roomFor(to.SpaceID, "collection")
}

// WithdrawArticle takes a locked article of a locked collection out of sight, and what stands under it along. taken are the ids of what
// went along.
func (tx *Tx) WithdrawArticle(article *Article) (taken []int64, err error) {
	taken, _, err = tx.below(article)
	if err != nil {
		return nil, err
	}
	actor := tx.actorID()
	for some := range slices.Chunk(append(slices.Clone(taken), article.ID), importBatch) {
		if _, err := tx.exec("UPDATE articles SET state = 'withdrawn', withdrawn_at = ?, withdrawn_by = ?, withdrawn_with = ? WHERE id IN ?", tx.now, actor, article.ID, some); err != nil {
			return nil, err
		}
	}
	article.State, article.WithdrawnAt, article.WithdrawnBy, article.WithdrawnWith = Withdrawn, &tx.now, &actor, &article.ID
	return taken, tx.countArticles(article.CollectionID, -len(taken)-1)
}

// RestoreArticle brings back a locked article that was withdrawn by itself, with what went along: where it stood if that is still there
// and has room, else at the end of the top of its locked collection. taken are the ids of what came along.
func (tx *Tx) RestoreArticle(collection *Collection, article *Article) (taken []int64, err error) {
	if orZero(article.WithdrawnWith) != article.ID {
		return nil, Invalid{"article": "knowledge.restore_along"}
	}
	if err := tx.raw(tx.ctx, &taken, "SELECT id FROM articles WHERE withdrawn_with = ? AND id <> ? ORDER BY id LIMIT "+strconv.Itoa(mostUnder), article.ID, article.ID); err != nil {
		return nil, err
	}
	if _, err := tx.exec("UPDATE articles SET state = 'published', withdrawn_at = NULL, withdrawn_by = NULL, withdrawn_with = NULL WHERE withdrawn_with = ?", article.ID); err != nil {
		return nil, err
	}
	article.State, article.WithdrawnAt, article.WithdrawnBy, article.WithdrawnWith = Published, nil, nil, nil
	if err := tx.countArticles(collection.ID, len(taken)+1); err != nil {
		return nil, err
	}
	_, levels, err := tx.below(article)
	if err != nil {
		return nil, err
	}
	level, err := tx.levelUnder(collection, orZero(article.ParentID))
	if err == nil && level+levels <= MostLevels {
		return taken, nil
	}
	position, err := tx.placeAmong(ArticlePlace{Collection: collection.ID, Last: true})
	if err != nil {
		return nil, err
	}
	article.ParentID, article.Position = nil, position
	_, err = tx.exec("UPDATE articles SET parent_id = NULL, position = ? WHERE id = ?", position, article.ID)
	return taken, err
}

// MayRestoreArticle tells whether the actor may bring a withdrawn article back: who took it out of sight themselves, and moderators.
func (a *Actor) MayRestoreArticle(article *Article) bool {
	return a.Can(Moderate, &Space{ID: article.SpaceID}) || a.MayWithdrawArticle(article) && orZero(article.WithdrawnBy) == a.ID
}
