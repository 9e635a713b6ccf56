package models

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// Post is a contribution under whatever is discussed; under an idea it is called a comment. A removed one stays as a tombstone
// without its text.
type Post struct {
	ID        int64
	IdeaID    *int64 // under which it stands, or
	ThreadID  *int64 // in which, or
	ArticleID *int64 // under which, or
	Number    int    // its place in its thread, 1 for the opening one; 0 elsewhere
	ParentID  *int64
	AuthorID  int64
	Body      string
	HTML      string `gorm:"column:html"`
	Lang      string
	ImportRef *string
	ImportID  *int64 // the run that made it, if one did
	CreatedAt time.Time
	EditedAt  *time.Time
	RemovedAt *time.Time
	RemovedBy *int64

	AgreementID *int64 // under which an author from outside wrote it
	GatheringID *int64 // under which it stands
}

func (p *Post) subject() (string, int64, int64) { return "post", p.ID, 0 }

// In makes the comment the subject of an event in the space of its idea.
func (p *Post) In(spaceID int64) Subject { return postIn{p.ID, spaceID} }

type postIn struct{ id, spaceID int64 }

func (p postIn) subject() (string, int64, int64) { return "post", p.id, p.spaceID }

// PostCard is a post as its page shows it.
type PostCard struct {
	Post
	AuthorName         string
	AuthorRole         Role
	AuthorPicture      int64
	AuthorJob          string
	AuthorSite         string
	AuthorOrganisation string
	Stamp
	ParentAuthorName string // who is answered, for replies to replies; empty if that stands in another thread
	ParentAuthorRole Role
}

// About names where the post stands.
func (p *Post) About() About {
	return About{Idea: orZero(p.IdeaID), Thread: orZero(p.ThreadID), Article: orZero(p.ArticleID), Gathering: orZero(p.GatheringID)}
}

// PostKey is the place in a list of posts after which the next page begins.
type PostKey struct {
	At time.Time `json:"t"`
	ID int64     `json:"i"`
}

// String is the key as it stands in an address.
func (k *PostKey) String() string {
	raw, _ := json.Marshal(k) // a number and a time always marshal
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParsePostKey reads a key from an address; a malformed one is a mistake at the field "cursor".
func ParsePostKey(text string) (*PostKey, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	key := &PostKey{}
	if err != nil || json.Unmarshal(raw, key) != nil || key.ID <= 0 || key.At.Year() > 9999 {
		return nil, Invalid{"cursor": "lists.cursor_invalid"}
	}
	return key, nil
}

const postColumns = `c.id, c.idea_id, c.thread_id, c.article_id, c.gathering_id, c.number, c.parent_id, c.author_id, c.body, c.html, c.lang, c.created_at, c.edited_at, c.removed_at, c.removed_by, c.agreement_id,
	u.name AS author_name, ` + standing + ` AS author_role, coalesce(u.picture_id, 0) AS author_picture, u.job AS author_job, u.site AS author_site, u.organisation AS author_organisation,
	coalesce(pu.name, '') AS parent_author_name, CASE WHEN pu.service THEN 'program' ELSE coalesce(pu.role, '') END AS parent_author_role, ` + stampColumns

const postJoins = ` FROM posts c JOIN users u ON u.id = c.author_id
	LEFT JOIN posts p ON p.id = c.parent_id AND coalesce(p.thread_id, 0) = coalesce(c.thread_id, 0) LEFT JOIN users pu ON pu.id = p.author_id` + postStamp + " "

// postCards reads the posts that meet a condition, which begins with WHERE or with further joins.
func (q Queries) postCards(ctx context.Context, condition string, args ...any) (cards []PostCard, err error) {
	return cards, q.each(ctx, func(rows *sql.Rows) error {
		c := PostCard{}
		err := rows.Scan(&c.ID, &c.IdeaID, &c.ThreadID, &c.ArticleID, &c.GatheringID, &c.Number, &c.ParentID, &c.AuthorID, &c.Body, &c.HTML, &c.Lang, &c.CreatedAt, &c.EditedAt,
			&c.RemovedAt, &c.RemovedBy, &c.AgreementID, &c.AuthorName, &c.AuthorRole, &c.AuthorPicture, &c.AuthorJob, &c.AuthorSite, &c.AuthorOrganisation,
			&c.ParentAuthorName, &c.ParentAuthorRole, &c.AgreementVersion, &c.AgreedAt)
		cards = append(cards, c)
		return err
	}, "SELECT "+postColumns+postJoins+condition, args...)
}

// Posts lists an idea's comments, oldest first, and the key of the next page, nil at the end.
// The caller has loaded the idea as one that the actor may read.
func (q Queries) Posts(ctx context.Context, idea *Idea, after *PostKey, limit int) (cards []PostCard, next *PostKey, err error) {
	return q.postsUnder(ctx, "c.idea_id", idea.ID, after, limit)
}

// ArticlePosts lists the posts under an article as Posts does those of an idea.
func (q Queries) ArticlePosts(ctx context.Context, article *Article, after *PostKey, limit int) (cards []PostCard, next *PostKey, err error) {
	return q.postsUnder(ctx, "c.article_id", article.ID, after, limit)
}

func (q Queries) postsUnder(ctx context.Context, column string, id int64, after *PostKey, limit int) (cards []PostCard, next *PostKey, err error) {
	if after == nil {
		after = &PostKey{}
	}
	cards, err = q.postCards(ctx, "WHERE "+column+" = ? AND (c.created_at, c.id) > (?, ?) ORDER BY c.created_at, c.id LIMIT ?",
		id, after.At.UTC(), after.ID, limit+1)
	if err != nil {
		return nil, nil, fmt.Errorf("posts where %s is %d: %w", column, id, err)
	}
	if len(cards) > limit {
		cards = cards[:limit]
		last := cards[limit-1]
		next = &PostKey{At: last.CreatedAt, ID: last.ID}
	}
	return cards, next, nil
}

// ThreadPosts lists the posts of a thread from the given number on, in their order. The caller has loaded the thread as one that
// the actor may read.
func (q Queries) ThreadPosts(ctx context.Context, thread *Thread, from, limit int) (cards []PostCard, err error) {
	if cards, err = q.postCards(ctx, "WHERE c.thread_id = ? AND c.number >= ? ORDER BY c.number LIMIT ?", thread.ID, from, limit); err != nil {
		return nil, fmt.Errorf("posts of thread %d: %w", thread.ID, err)
	}
	return cards, nil
}

// PostPage is the key after which the page that holds a post under an idea, an article or a gathering begins, nil for the first page.
// Pages have the given number of posts.
func (q Queries) PostPage(ctx context.Context, post *Post, size int) (*PostKey, error) {
	var before int
	_, under := post.About().named()
	column := post.About().column()
	err := q.raw(ctx, &before, "SELECT count(*) FROM posts WHERE "+column+" = ? AND (created_at, id) < (?, ?)", under, post.CreatedAt.UTC(), post.ID)
	if err != nil || before < size {
		return nil, err
	}
	// The one offset in Ruche: a permanent link has to land on the pages that people turn.
	last := &Post{}
	err = q.one(ctx, last, "SELECT id, created_at FROM posts WHERE "+column+" = ? ORDER BY created_at, id LIMIT 1 OFFSET ?", under, before/size*size-1)
	return &PostKey{At: last.CreatedAt, ID: last.ID}, err
}

// Post finds a post whose place the actor may read, with that place.
func (q Queries) Post(ctx context.Context, actor *Actor, id int64) (*Post, Place, error) {
	post := &Post{}
	if err := q.one(ctx, post, "SELECT * FROM posts WHERE id = ?", id); err != nil {
		return nil, Place{}, fmt.Errorf("post %d: %w", id, err)
	}
	place, err := q.Place(ctx, actor, post.About())
	return post, place, err
}

// AboutPost names the place of a post, for whoever then asks whether they may read it.
func (q Queries) AboutPost(ctx context.Context, id int64) (About, error) {
	post := &Post{}
	if err := q.one(ctx, post, "SELECT idea_id, thread_id, article_id, gathering_id FROM posts WHERE id = ?", id); err != nil {
		return About{}, fmt.Errorf("post %d: %w", id, err)
	}
	return post.About(), nil
}

// PostCard is a post that the caller has loaded as one that the actor may read, as its page shows it, also where it is removed.
func (q Queries) PostCard(ctx context.Context, id int64) (*PostCard, error) {
	card := &PostCard{}
	return card, q.one(ctx, card, "SELECT "+postColumns+postJoins+"WHERE c.id = ?", id)
}

// PostCards loads the given posts as far as the actor may see them, in no order.
func (q Queries) PostCards(ctx context.Context, actor *Actor, ids []int64) (cards []PostCard, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, list := q.visible(actor, "coalesce(i.space_id, t.space_id, a.space_id, ga.space_id)")
	return q.postCards(ctx, `LEFT JOIN ideas i ON i.id = c.idea_id LEFT JOIN threads t ON t.id = c.thread_id LEFT JOIN articles a ON a.id = c.article_id LEFT JOIN gatherings ga ON ga.id = c.gathering_id
		WHERE c.id IN ? AND c.removed_at IS NULL AND coalesce(i.state, t.state, a.state, ga.state) = 'published' AND `+seen, ids, list)
}

// CreatePost adds a post to its place, which is locked, and counts it; the text is validated and rendered. An author from outside the
// company writes under the agreement that they have accepted.
func (tx *Tx) CreatePost(place Place, post *Post) (err error) {
	if post.AgreementID, err = tx.underAgreement(place.SpaceID()); err != nil {
		return err
	}
	if post.CreatedAt.IsZero() {
		post.CreatedAt = tx.now
	}
	in := place.ids()
	post.IdeaID, post.ThreadID, post.ArticleID, post.GatheringID = in.idea, in.thread, in.article, in.gathering
	if post.ParentID != nil {
		parent := &Post{}
		err := tx.one(tx.ctx, parent, "SELECT idea_id, thread_id, article_id, gathering_id FROM posts WHERE id = ? AND removed_at IS NULL", *post.ParentID)
		if err != nil || parent.About() != post.About() {
			return Invalid{"parent": "comments.parent_invalid"}
		}
	}
	if place.Thread != nil {
		if err := tx.takesPosts(place.Thread); err != nil {
			return err
		}
		post.Number = place.Thread.LastNumber + 1
	}
	if err := tx.create(post); err != nil {
		return err
	}
	return place.counts(tx, post)
}

// EditPost stores a new text of a post as its next version. base is the version that the editor began from; ErrConflict if somebody else
// has saved since. Under which agreement the text then stands is as for EditIdea.
func (tx *Tx) EditPost(place Place, post *Post, base int) error {
	under, err := tx.underAgreement(place.SpaceID())
	if err != nil {
		return err
	}
	if err := tx.keepVersion(post, base, under); err != nil {
		return err
	}
	if post.AuthorID == tx.actorID() && (under != nil || !tx.actor.Masked()) {
		post.AgreementID = under
	}
	post.EditedAt = &tx.now
	if _, err = tx.exec("UPDATE posts SET body = ?, html = ?, lang = ?, edited_at = ?, agreement_id = ? WHERE id = ?", post.Body, post.HTML, post.Lang, tx.now, post.AgreementID, post.ID); err != nil {
		return err
	}
	return place.summarise(tx, post)
}

// RemovePost leaves a tombstone in the place of a post and counts it no more.
func (tx *Tx) RemovePost(place Place, post *Post) error {
	if post.RemovedAt != nil {
		return nil
	}
	actor := tx.actorID()
	post.RemovedAt, post.RemovedBy = &tx.now, &actor
	if _, err := tx.exec("UPDATE posts SET removed_at = ?, removed_by = ? WHERE id = ?", tx.now, actor, post.ID); err != nil {
		return err
	}
	return place.recount(tx, -1, post)
}

// RestorePost brings a removed post back.
func (tx *Tx) RestorePost(place Place, post *Post) error {
	if post.RemovedAt == nil {
		return nil
	}
	post.RemovedAt, post.RemovedBy = nil, nil
	if _, err := tx.exec("UPDATE posts SET removed_at = NULL, removed_by = NULL WHERE id = ?", post.ID); err != nil {
		return err
	}
	return place.recount(tx, 1, post)
}
