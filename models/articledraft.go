package models

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// ArticleDraft is a text that is not published: of a new article, or another one of an article that is.
type ArticleDraft struct {
	ID           int64
	SpaceID      int64 // that of its collection
	CollectionID int64
	ArticleID    *int64 // that it changes, or has become; nil for a new one
	ParentID     *int64 // under which a new one will stand; nil for the top
	IdeaID       *int64 // from which it is written, if any
	ThreadID     *int64
	BaseVersion  int // of the article, from which its author began
	Title        string
	Body         string // Markdown
	HTML         string `gorm:"column:html"`
	Lang         string
	Tags         Tags
	Note         string // what its author says about the change
	AuthorID     int64
	State        DraftState
	Version      int
	CreatedAt    time.Time
	EditedAt     time.Time
	SentAt       *time.Time // for review; nil while only its author sees it
	EndedAt      *time.Time
}

// DraftState tells what has become of a draft.
type DraftState string

// States of drafts.
const (
	DraftOpen      DraftState = "open"
	DraftPublished DraftState = "published"
	DraftDropped   DraftState = "dropped"
)

func (d *ArticleDraft) subject() (string, int64, int64) { return "draft", d.ID, d.SpaceID }

// Path is the address of the draft.
func (d *ArticleDraft) Path() string { return ArticleDraftPath(d.ID) }

// ArticleDraftPath is the address of a draft.
func ArticleDraftPath(id int64) string { return "/articles/drafts/" + strconv.FormatInt(id, 10) }

// readableDraft is the condition that the actor may read the draft d: its author, and what is sent those who are asked and those who
// arrange the collections of its space. Nobody else learns that there is one.
func (q Queries) readableDraft(actor *Actor) (condition string, args []any) {
	seen, list := q.visible(actor, "d.space_id")
	arranged, arrangedList := q.visible(actor.where(ArrangeCollections), "d.space_id")
	return seen + " AND (d.author_id = ? OR d.state <> 'dropped' AND d.sent_at IS NOT NULL AND (" + arranged +
		" OR EXISTS (SELECT 1 FROM article_reviews r WHERE r.draft_id = d.id AND r.reviewer_id = ?)))", []any{list, actor.ID, arrangedList, actor.ID}
}

// ArticleDraft finds a draft that the actor may read.
func (q Queries) ArticleDraft(ctx context.Context, actor *Actor, id int64) (*ArticleDraft, error) {
	return q.articleDraft(ctx, actor, id, "")
}

// LockArticleDraft is ArticleDraft inside a change; see LockIdea.
func (tx *Tx) LockArticleDraft(id int64) (*ArticleDraft, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF d"
	}
	return tx.articleDraft(tx.ctx, tx.actor, id, lock)
}

func (q Queries) articleDraft(ctx context.Context, actor *Actor, id int64, lock string) (*ArticleDraft, error) {
	condition, args := q.readableDraft(actor)
	draft := &ArticleDraft{}
	if err := q.one(ctx, draft, "SELECT d.* FROM article_drafts d WHERE d.id = ? AND "+condition+lock, append([]any{id}, args...)...); err != nil {
		return nil, fmt.Errorf("draft %d: %w", id, err)
	}
	return draft, nil
}

// maxOpenDrafts is how many drafts of articles one person keeps.
const maxOpenDrafts = 200

// CreateArticleDraft keeps a text of its author in a collection, or another text of an article. The caller has validated and rendered it.
func (tx *Tx) CreateArticleDraft(collection *Collection, draft *ArticleDraft) error {
	if collection.ArchivedAt != nil && draft.ArticleID == nil {
		return Invalid{"collection": "knowledge.collection_archived"}
	}
	if draft.ArticleID == nil {
		if _, err := tx.levelUnder(collection, orZero(draft.ParentID)); err != nil {
			return err
		}
	}
	var open int
	if err := tx.raw(tx.ctx, &open, "SELECT count(*) FROM article_drafts WHERE author_id = ? AND state = 'open'", draft.AuthorID); err != nil {
		return err
	}
	if open >= maxOpenDrafts {
		return Invalid{"review": "review.too_many_drafts"}
	}
	draft.SpaceID, draft.CollectionID = collection.SpaceID, collection.ID
	draft.State, draft.Version, draft.CreatedAt, draft.EditedAt = DraftOpen, 1, tx.now, tx.now
	return tx.create(draft)
}

// EditArticleDraft stores another text of a locked draft. What reviewers said is of the text before: they are asked anew once its author
// sends it again. base is the version that the author began from; ErrConflict if they have saved another one since.
func (tx *Tx) EditArticleDraft(draft *ArticleDraft, base int) error {
	if draft.State != DraftOpen || base != draft.Version {
		return fmt.Errorf("edit draft %d from version %d: %w", draft.ID, base, ErrConflict)
	}
	draft.Version, draft.EditedAt, draft.SentAt = base+1, tx.now, nil
	if _, err := tx.exec("UPDATE article_drafts SET title = ?, body = ?, html = ?, lang = ?, tags = ?, note = ?, base_version = ?, version = ?, edited_at = ?, sent_at = NULL WHERE id = ?",
		draft.Title, draft.Body, draft.HTML, draft.Lang, draft.Tags, draft.Note, draft.BaseVersion, draft.Version, draft.EditedAt, draft.ID); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE article_reviews SET verdict = '' WHERE draft_id = ?", draft.ID)
	return err
}

// DropArticleDraft throws a locked draft away, or brings it back; out of review in either case.
func (tx *Tx) DropArticleDraft(draft *ArticleDraft, dropped bool) error {
	draft.State, draft.EndedAt, draft.SentAt = DraftOpen, nil, nil
	if dropped {
		draft.State, draft.EndedAt = DraftDropped, &tx.now
	}
	_, err := tx.exec("UPDATE article_drafts SET state = ?, ended_at = ?, sent_at = NULL WHERE id = ?", draft.State, draft.EndedAt, draft.ID)
	return err
}

// EndArticleDraft says which article a locked draft has become, which takes over the files that its text names. Its text is the article's
// now. Files that its author had taken out of it again are their own once more, and nobody else's. What was said of its passages was said in
// review, to few: it goes with the text, unless that is under a hold.
func (tx *Tx) EndArticleDraft(draft *ArticleDraft, article *Article, named []int64) error {
	draft.State, draft.EndedAt, draft.ArticleID, draft.Body, draft.HTML = DraftPublished, &tx.now, &article.ID, "", ""
	if _, err := tx.exec("UPDATE article_drafts SET state = ?, ended_at = ?, article_id = ?, body = '', html = '' WHERE id = ?", draft.State, draft.EndedAt, article.ID, draft.ID); err != nil {
		return err
	}
	if len(named) > 0 {
		if _, err := tx.exec("UPDATE files SET draft_id = NULL, article_id = ?, space_id = ? WHERE draft_id = ? AND id IN ?", article.ID, article.SpaceID, draft.ID, named); err != nil {
			return err
		}
	}
	if _, err := tx.exec("UPDATE files SET draft_id = NULL, space_id = NULL WHERE draft_id = ?", draft.ID); err != nil {
		return err
	}
	return tx.erasePassages(unheld("draft_id = ?", "EXISTS (SELECT 1 FROM article_drafts hd WHERE hd.id = passages.draft_id AND "+heldDraft("hd")+")"), draft.ID)
}

// PlaceInDraft gives a draft the files that were copied for its text.
func (tx *Tx) PlaceInDraft(draft *ArticleDraft, copies []File) error {
	if len(copies) == 0 {
		return nil
	}
	if err := tx.hold("spaces", draft.SpaceID); err != nil {
		return err
	}
	ids := make([]int64, len(copies))
	for i := range copies {
		ids[i] = copies[i].ID
	}
	if _, err := tx.exec("UPDATE files SET draft_id = ?, space_id = ? WHERE id IN ?", draft.ID, draft.SpaceID, ids); err != nil {
		return err
	}
	return tx.roomFor(draft.SpaceID, "body")
}

// StandsAt is where a locked draft of a new article will stand: under its parent if that is still there and has room, else at the top.
func (tx *Tx) StandsAt(collection *Collection, draft *ArticleDraft) (parent *int64) {
	if _, err := tx.levelUnder(collection, orZero(draft.ParentID)); err != nil {
		return nil
	}
	return draft.ParentID
}

// AttachToDraft gives a person's own, still unused files to the draft whose text names them.
func (tx *Tx) AttachToDraft(draft *ArticleDraft, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if err := tx.hold("spaces", draft.SpaceID); err != nil {
		return err
	}
	changed, err := tx.exec("UPDATE files AS f SET draft_id = ?, space_id = ? WHERE f.user_id = ? AND "+unused+" AND f.field_id IS NULL AND f.id IN ? AND NOT "+isPicture, draft.ID, draft.SpaceID, draft.AuthorID, ids)
	if err != nil || changed == 0 {
		return err
	}
	return tx.roomFor(draft.SpaceID, "body")
}

// DraftCard is a row in a list of drafts.
type DraftCard struct {
	ID              int64
	ArticleID       *int64
	CollectionTitle string
	Title           string
	Lang            string
	AuthorID        int64
	AuthorName      string
	AuthorRole      Role
	AuthorPicture   int64
	EditedAt        time.Time
	SentAt          *time.Time
	Asked           int // how many read it
	Approved        int // how many find it good
	Changes         int // how many want it changed
}

// Path is the address of the draft.
func (c *DraftCard) Path() string { return ArticleDraftPath(c.ID) }

// DraftQuery says which open drafts to list: those of the actor, those that wait for their review, or with a space all that are sent
// there, which the caller has found to be one whose collections the actor arranges. Before is the last of the page before, 0 for the start.
type DraftQuery struct {
	Review  bool
	SpaceID int64
	Before  int64
	Limit   int
}

// ArticleDrafts lists open drafts, the newest first.
func (q Queries) ArticleDrafts(ctx context.Context, actor *Actor, query DraftQuery) (cards []DraftCard, err error) {
	from, condition, args := "article_drafts d", "d.author_id = ? AND d.state = 'open'", []any{actor.ID}
	switch {
	case query.SpaceID != 0:
		condition, args = "d.space_id = ? AND d.state = 'open' AND d.sent_at IS NOT NULL", []any{query.SpaceID}
	case query.Review:
		from = "article_reviews w JOIN article_drafts d ON d.id = w.draft_id"
		condition = "w.reviewer_id = ? AND w.verdict = '' AND d.author_id <> w.reviewer_id AND d.state = 'open' AND d.sent_at IS NOT NULL"
	}
	if query.Before != 0 {
		condition, args = condition+" AND d.id < ?", append(args, query.Before)
	}
	seen, list := q.visible(actor, "d.space_id")
	err = q.raw(ctx, &cards, `SELECT d.id, d.article_id, c.title AS collection_title, d.title, d.lang, d.author_id, u.name AS author_name, `+standing+` AS author_role, coalesce(u.picture_id, 0) AS author_picture,
		d.edited_at, d.sent_at, (SELECT count(*) FROM article_reviews r WHERE r.draft_id = d.id) AS asked,
		(SELECT count(*) FROM article_reviews r WHERE r.draft_id = d.id AND r.verdict = 'approved') AS approved, (SELECT count(*) FROM article_reviews r WHERE r.draft_id = d.id AND r.verdict = 'changes') AS changes
		FROM `+from+" JOIN users u ON u.id = d.author_id JOIN collections c ON c.id = d.collection_id WHERE "+condition+" AND "+seen+" ORDER BY d.id DESC LIMIT "+strconv.Itoa(query.Limit), append(args, list)...)
	if err != nil {
		return nil, fmt.Errorf("drafts of articles: %w", err)
	}
	return cards, nil
}

// mostDraftsOf is how many drafts the page of an article names.
const mostDraftsOf = 5

// DraftsOf are the open drafts that change an article, as far as the actor may read them, the newest first.
func (q Queries) DraftsOf(ctx context.Context, actor *Actor, articleID int64) (cards []DraftCard, err error) {
	condition, args := q.readableDraft(actor)
	return cards, q.raw(ctx, &cards, "SELECT d.id, d.author_id, u.name AS author_name, "+standing+" AS author_role, d.edited_at, d.sent_at FROM article_drafts d JOIN users u ON u.id = d.author_id WHERE d.article_id = ? AND d.state = 'open' AND "+
		condition+" ORDER BY d.id DESC LIMIT "+strconv.Itoa(mostDraftsOf), append([]any{articleID}, args...)...)
}

// ofReadableDraft is the condition that the file f is that of a draft that the actor may read.
func (q Queries) ofReadableDraft(actor *Actor) (condition string, args []any) {
	condition, args = q.readableDraft(actor)
	return "(f.draft_id IS NOT NULL AND EXISTS (SELECT 1 FROM article_drafts d WHERE d.id = f.draft_id AND " + condition + "))", args
}
