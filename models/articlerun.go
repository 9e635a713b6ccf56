package models

import (
	"context"
	"fmt"
	"time"
)

// ArticleImport is a folder of texts that somebody has sent to be taken into a collection.
type ArticleImport struct {
	ID           int64
	UserID       int64 // who sent it; nobody else sees it
	SpaceID      int64
	CollectionID int64
	Name         string // of the archive or the folder
	Key          string // where the file store keeps the archive; empty once it is not needed
	Format       string // in which it is read, as its sender says; empty for that which it looks like
	Report       string // what the last reading of it found, as its reader writes it; empty before
	ProblemCount int    // of those that keep it from being taken in
	Made         int
	Undone       int    // of what was made
	Kept         int    // of what was made, because it has been changed since
	Problem      string // why it could not be taken in, a key of the catalogue
	CreatedAt    time.Time
	CheckedAt    *time.Time
	ImportedAt   *time.Time
	UndoneAt     *time.Time
}

func (r *ArticleImport) subject() (string, int64, int64) { return "article_import", r.ID, r.SpaceID }

// Path is the address of the run.
func (r *ArticleImport) Path() string {
	return fmt.Sprintf("/collections/%d/imports/%d", r.CollectionID, r.ID)
}

// MayImportArticles is nil if the actor may take articles into a collection that they see: those who arrange the collections of its
// space. Otherwise it is the reason.
func (a *Actor) MayImportArticles(collection *Collection) error {
	return a.Refusal(ArrangeCollections, &Space{ID: collection.SpaceID})
}

// CreateArticleImport stores an archive for its sender, for a collection that they see.
func (tx *Tx) CreateArticleImport(run *ArticleImport) error {
	collection, err := tx.Collection(tx.ctx, tx.actor, run.CollectionID)
	if err != nil {
		return err
	}
	if err := tx.actor.MayImportArticles(collection); err != nil {
		return err
	}
	if collection.ArchivedAt != nil {
		return Invalid{"file": "knowledge.collection_archived"}
	}
	var recent int
	if err := tx.raw(tx.ctx, &recent, "SELECT count(*) FROM article_imports WHERE user_id = ? AND created_at > ?", tx.actorID(), tx.now.Add(-day)); err != nil {
		return err
	}
	if recent >= importsADay {
		return Invalid{"file": "imports.too_many"}
	}
	run.UserID, run.SpaceID, run.CreatedAt = tx.actorID(), collection.SpaceID, tx.now
	return tx.create(run)
}

// OwnArticleImport finds a run that the actor has sent into a collection, as long as they may take anything in there.
func (q Queries) OwnArticleImport(ctx context.Context, actor *Actor, collectionID, id int64) (*ArticleImport, error) {
	if !actor.SignedIn() {
		return nil, ErrForbidden
	}
	run, err := q.ArticleImportAnywhere(ctx, actor, id)
	if err == nil && run.CollectionID != collectionID {
		err = ErrNotFound
	}
	return run, err
}

// ArticleImportAnywhere is OwnArticleImport for whoever does not know the collection.
func (q Queries) ArticleImportAnywhere(ctx context.Context, actor *Actor, id int64) (*ArticleImport, error) {
	run := &ArticleImport{}
	if err := q.one(ctx, run, "SELECT * FROM article_imports WHERE id = ? AND user_id = ?", id, actor.ID); err != nil {
		return nil, fmt.Errorf("import %d of articles: %w", id, err)
	}
	collection, err := q.Collection(ctx, actor, run.CollectionID)
	if err != nil {
		return nil, err
	}
	return run, actor.MayImportArticles(collection)
}

// OwnArticleImports are the runs that the actor has sent, into one collection or with 0 into any, the newest first.
func (q Queries) OwnArticleImports(ctx context.Context, actor *Actor, collectionID int64, limit int) (runs []ArticleImport, err error) {
	seen, list := q.visible(actor, "space_id")
	condition, args := "user_id = ? AND "+seen, []any{actor.ID, list}
	if collectionID != 0 {
		condition, args = condition+" AND collection_id = ?", append(args, collectionID)
	}
	return runs, q.raw(ctx, &runs, "SELECT * FROM article_imports WHERE "+condition+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
}

// CheckedArticles stores what a reading found of a run that was not taken in.
func (tx *Tx) CheckedArticles(run *ArticleImport) error {
	_, err := tx.exec("UPDATE article_imports SET report = ?, problem_count = ?, problem = '', checked_at = ? WHERE id = ? AND imported_at IS NULL", run.Report, run.ProblemCount, tx.now, run.ID)
	return err
}

// FinishArticles notes what came of a run; ErrConflict if it was taken in already.
func (tx *Tx) FinishArticles(run *ArticleImport) error {
	changed, err := tx.exec("UPDATE article_imports SET made = ?, report = ?, problem = '', imported_at = ? WHERE id = ? AND imported_at IS NULL", run.Made, run.Report, tx.now, run.ID)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// RefuseArticles notes why a run could not be taken in.
func (tx *Tx) RefuseArticles(id int64, problem string) error {
	_, err := tx.exec("UPDATE article_imports SET problem = ? WHERE id = ? AND imported_at IS NULL", problem, id)
	return err
}

// SpentArticleImports lists runs that nobody came back for, and those whose archive is no longer needed.
func (q Queries) SpentArticleImports(ctx context.Context, limit int) (runs []ArticleImport, err error) {
	return runs, q.raw(ctx, &runs, "SELECT * FROM article_imports WHERE key <> '' AND (imported_at IS NOT NULL OR created_at < ?) ORDER BY id LIMIT ?", q.present().Add(-IdeaImportKept), limit)
}

// ArticleImportsOf are the runs of a person whose archives are kept.
func (q Queries) ArticleImportsOf(ctx context.Context, userID int64, limit int) (runs []ArticleImport, err error) {
	return runs, q.raw(ctx, &runs, "SELECT * FROM article_imports WHERE user_id = ? AND key <> '' ORDER BY id LIMIT ?", userID, limit)
}

// DropArticleImport forgets a run that was not taken in, and of one that was, where its archive was.
func (tx *Tx) DropArticleImport(run *ArticleImport) error {
	if run.ImportedAt != nil {
		_, err := tx.exec("UPDATE article_imports SET key = '' WHERE id = ?", run.ID)
		return err
	}
	_, err := tx.exec("DELETE FROM article_imports WHERE id = ? AND imported_at IS NULL", run.ID)
	return err
}
