package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// changedArticle is the condition that somebody has done something with the article a since a run made it: it says something else, is
// talked about, answered for or verified, or stands in another collection.
const changedArticle = `(a.version > 1 OR a.owner_id IS NOT NULL OR a.owner_group_id IS NOT NULL OR a.collection_id <> r.collection_id OR EXISTS (SELECT 1 FROM posts p WHERE p.article_id = a.id)
	OR EXISTS (SELECT 1 FROM article_verifications v WHERE v.article_id = a.id) OR EXISTS (SELECT 1 FROM articles u WHERE u.parent_id = a.id AND u.state = 'published' AND (u.import_id IS NULL OR u.import_id <> r.id)))`

// RunArticle is an article that a run has made and that is still there.
type RunArticle struct {
	ID       int64
	ParentID int64
	Title    string // empty where it stands in another collection by now, which who sent the run may not see
	Changed  bool   // since, or something that stands under it
}

// RunArticles are the published articles that a run has made, each with whether an undo would leave it.
func (q Queries) RunArticles(ctx context.Context, run *ArticleImport) (articles []RunArticle, err error) {
	err = q.raw(ctx, &articles, `SELECT a.id, coalesce(a.parent_id, 0) AS parent_id, CASE WHEN a.collection_id = r.collection_id THEN a.title ELSE '' END AS title, `+changedArticle+` AS changed
		FROM articles a JOIN article_imports r ON r.id = a.import_id WHERE a.import_id = ? AND a.state = 'published' ORDER BY a.id`, run.ID)
	if err != nil {
		return nil, fmt.Errorf("articles of import %d: %w", run.ID, err)
	}
	at := make(map[int64]*RunArticle, len(articles))
	for i := range articles {
		at[articles[i].ID] = &articles[i]
	}
	for i := range articles { // what stays needs what it stands under
		if articles[i].Changed {
			for up := at[articles[i].ParentID]; up != nil && !up.Changed; up = at[up.ParentID] {
				up.Changed = true
			}
		}
	}
	return articles, nil
}

// UndoArticles takes out of sight, for its sender, what a run has made and nobody has changed since, and says so in the events that it
// returns; the collection's trash can bring it back. ErrConflict if it was undone already.
func (tx *Tx) UndoArticles(run *ArticleImport) (events []Event, kept []RunArticle, err error) {
	changed, err := tx.exec("UPDATE article_imports SET undone_at = ? WHERE id = ? AND imported_at IS NOT NULL AND undone_at IS NULL", tx.now, run.ID)
	if err == nil && changed == 0 {
		err = ErrConflict
	}
	if err != nil {
		return nil, nil, err
	}
	if _, err := tx.LockCollection(run.CollectionID); err != nil {
		return nil, nil, err
	}
	if tx.postgres() { // so that nobody changes one between the look and the undo
		var ids []int64
		if err := tx.raw(tx.ctx, &ids, "SELECT id FROM articles WHERE import_id = ? ORDER BY id FOR UPDATE", run.ID); err != nil {
			return nil, nil, err
		}
	}
	articles, err := tx.RunArticles(tx.ctx, run)
	if err != nil {
		return nil, nil, err
	}
	going, kept := withdrawals(articles)
	for with, ids := range going {
		for some := range slices.Chunk(ids, importBatch) {
			if _, err := tx.exec("UPDATE articles SET state = 'withdrawn', withdrawn_at = ?, withdrawn_by = ?, withdrawn_with = ? WHERE id IN ?", tx.now, run.UserID, with, some); err != nil {
				return nil, nil, err
			}
		}
		for _, id := range ids {
			event, err := tx.EventOf(run.UserID, ArticleWithdrawn, &Article{ID: id, SpaceID: run.SpaceID}, map[string]int64{"import": run.ID})
			if err != nil {
				return nil, nil, err
			}
			events = append(events, event)
		}
	}
	run.Undone, run.Kept = len(events), len(kept)
	if err := tx.countArticles(run.CollectionID, -run.Undone); err != nil {
		return nil, nil, err
	}
	_, err = tx.exec("UPDATE article_imports SET undone = ?, kept = ? WHERE id = ?", run.Undone, run.Kept, run.ID)
	slices.SortFunc(events, func(a, b Event) int { return int(a.SubjectID - b.SubjectID) })
	return events, kept, err
}

// withdrawals are the articles that go, by the topmost of those with which each goes, and those that stay.
func withdrawals(articles []RunArticle) (going map[int64][]int64, kept []RunArticle) {
	at := make(map[int64]*RunArticle, len(articles))
	for i := range articles {
		at[articles[i].ID] = &articles[i]
	}
	going = map[int64][]int64{}
	for i := range articles {
		one := &articles[i]
		if one.Changed {
			kept = append(kept, *one)
			continue
		}
		top := one
		for up := at[top.ParentID]; up != nil && !up.Changed; up = at[top.ParentID] {
			top = up
		}
		going[top.ID] = append(going[top.ID], one.ID)
	}
	return going, kept
}

// KeepReport stores what a run's report says by now.
func (tx *Tx) KeepReport(run *ArticleImport) error {
	_, err := tx.exec("UPDATE article_imports SET report = ? WHERE id = ?", run.Report, run.ID)
	return err
}

// AttachImported gives files that somebody has taken for an import to the articles that name them, each to one. Where the space has no
// room for them the error is at the field "file".
func (tx *Tx) AttachImported(run *ArticleImport, files map[int64][]int64) error {
	if len(files) == 0 {
		return nil
	}
	if err := tx.hold("spaces", run.SpaceID); err != nil {
		return err
	}
	for articleID, ids := range files {
		for some := range slices.Chunk(ids, importBatch) {
			if _, err := tx.exec("UPDATE files AS f SET article_id = ?, space_id = ? WHERE f.user_id = ? AND "+unused+" AND f.field_id IS NULL AND f.id IN ? AND NOT "+isPicture, articleID, run.SpaceID, run.UserID, some); err != nil {
				return err
			}
		}
	}
	return tx.roomFor(run.SpaceID, "file")
}

// LastPosition is the position of the last article at the top of a collection, 0 if there is none.
func (tx *Tx) LastPosition(collectionID int64) (last int64, err error) {
	condition, of := under(collectionID, 0)
	return last, tx.raw(tx.ctx, &last, "SELECT coalesce(max(a.position), 0) FROM articles a WHERE "+condition, of)
}

// NamedRef is the name under which imports know the author of a text in a space who has no account.
func NamedRef(spaceID int64, name string) string {
	return fmt.Sprintf("%d@%s", spaceID, strings.ToLower(name))
}
