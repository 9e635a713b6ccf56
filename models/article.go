package models

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Article is a page of knowledge. It stands in a collection, at the top or under another article.
type Article struct {
	ID            int64
	SpaceID       int64 // that of its collection
	CollectionID  int64
	ParentID      *int64 // nil at the top
	Position      int64  // among the articles beside it
	Title         string
	Summary       string // one line of plain text: the beginning of its body
	Body          string // Markdown; may be empty where the article only holds others
	HTML          string `gorm:"column:html"`
	Outline       string // its headings as JSON
	Words         int
	Lang          string // "fr", "en" or empty: unknown
	Tags          Tags
	AuthorID      int64      // who wrote it first
	EditorID      int64      // who wrote in it last
	OwnerID       *int64     // who answers for it; nil for nobody
	OwnerBefore   *int64     // who did before it was given to them
	OwnerGroupID  *int64     // the group that answers for it instead; nil for none
	GroupBefore   *int64     `gorm:"column:owner_group_before"`
	OfGroup       bool       `gorm:"->"` // whoever loaded it is in that group
	GivenBy       *int64     // who gave it to them, and can take that back; nil once they have
	Source        string     // where what it says comes from; may be empty
	SourceURL     string     `gorm:"column:source_url"` // http or https; may be empty
	VerifiedUntil *time.Time // until when its latest verification holds; nil for none
	State         State
	Version       int
	CommentCount  int // of the posts under it
	DoubtCount    int // of those that are open
	ImportRef     *string
	ImportID      *int64 // the run that made it, nil for none
	CreatedAt     time.Time
	EditedAt      time.Time
	WithdrawnAt   *time.Time
	WithdrawnBy   *int64
	WithdrawnWith *int64 // the article that it went with, its own id if it went by itself
}

func (a *Article) subject() (string, int64, int64) { return "article", a.ID, a.SpaceID }

// Path is the address of the article, the same for ever; what follows the number is decoration.
func (a *Article) Path() string { return ArticlePath(a.ID, a.Title) }

// ArticlePath is the address of an article with a title.
func ArticlePath(id int64, title string) string { return numbered("/articles/", id, title) }

// Heading is a heading of a text, with the address of its place on the page.
type Heading struct {
	ID    string `json:"id"`
	Level int    `json:"level"` // from 2
	Words string `json:"words"`
}

// Headings are those of the article in their order.
func (a *Article) Headings() (headings []Heading, err error) {
	if a.Outline == "" {
		return nil, nil
	}
	return headings, json.Unmarshal([]byte(a.Outline), &headings)
}

// SetHeadings keeps the headings of the article.
func (a *Article) SetHeadings(headings []Heading) {
	a.Outline = ""
	if len(headings) > 0 {
		raw, _ := json.Marshal(headings) // texts and numbers always marshal
		a.Outline = string(raw)
	}
}

// wordsAMinute is how fast people read to themselves: 238 words of non-fiction a minute (Brysbaert 2019, a review of 190 studies).
const wordsAMinute = 238

// Minutes is how long reading the article takes, at least one minute where there is anything to read.
func (a *Article) Minutes() int { return (a.Words + wordsAMinute - 1) / wordsAMinute }

// readableArticle is the condition that the actor may read the article a: everyone who sees its space what is published there, its
// author and moderators what is withdrawn too.
func (q Queries) readableArticle(actor *Actor) (condition string, args []any) {
	seen, list := q.visible(actor, "a.space_id")
	moderated, moderatedList := q.visible(actor.where(Moderate), "a.space_id")
	return seen + " AND (a.state = 'published' OR a.author_id = ? OR " + moderated + ")", []any{list, actor.ID, moderatedList}
}

// Article finds an article that the actor may read.
func (q Queries) Article(ctx context.Context, actor *Actor, id int64) (*Article, error) {
	return q.article(ctx, actor, id, "")
}

// LockArticle is Article inside a change; see LockIdea.
func (tx *Tx) LockArticle(id int64) (*Article, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF a"
	}
	return tx.article(tx.ctx, tx.actor, id, lock)
}

func (q Queries) article(ctx context.Context, actor *Actor, id int64, lock string) (*Article, error) {
	condition, args := q.readableArticle(actor)
	article := &Article{}
	if err := q.one(ctx, article, "SELECT a.*"+ofGroup+"FROM articles a WHERE a.id = ? AND "+condition+lock, append([]any{actor.ID, id}, args...)...); err != nil {
		return nil, fmt.Errorf("article %d: %w", id, err)
	}
	return article, nil
}

// ArticleDetail is an article with what its page shows of who wrote it first and of where it stands.
type ArticleDetail struct {
	Article
	AuthorName      string
	AuthorRole      Role
	AuthorPicture   int64
	CollectionTitle string
	Archived        bool        // nothing new is written in its collection
	Level           FollowLevel // how closely the actor follows it; empty if they have said nothing
	Told            bool        // the actor has unread notices about it
	DraftFields     string      // of the post that the actor has begun
	DraftSavedAt    *time.Time  // nil if there is none
}

// Draft is the post that the actor has begun and not sent, nil if there is none.
func (d *ArticleDetail) Draft() (*Draft, error) {
	if d.DraftSavedAt == nil {
		return nil, nil
	}
	draft := &Draft{SavedAt: *d.DraftSavedAt}
	return draft, json.Unmarshal([]byte(d.DraftFields), &draft.Fields)
}

// ArticleDetail finds an article that the actor may read, with the actor's own relation to it.
func (q Queries) ArticleDetail(ctx context.Context, actor *Actor, id int64) (*ArticleDetail, error) {
	condition, args := q.readableArticle(actor)
	page := &ArticleDetail{}
	err := q.one(ctx, page, `SELECT a.*, u.name AS author_name, `+standing+` AS author_role, coalesce(u.picture_id, 0) AS author_picture,
		c.title AS collection_title, c.archived_at IS NOT NULL AS archived,
		CASE WHEN p.level <> 'normal' OR p.chosen_at IS NOT NULL THEN p.level ELSE '' END AS level,
		EXISTS (SELECT 1 FROM notices n WHERE n.user_id = ? AND n.article_id = a.id AND n.read_at IS NULL) AS told,
		coalesce(d.fields, '') AS draft_fields, d.saved_at AS draft_saved_at`+ofGroup+`
		FROM articles a JOIN users u ON u.id = a.author_id JOIN collections c ON c.id = a.collection_id
		LEFT JOIN article_people p ON p.article_id = a.id AND p.user_id = ? LEFT JOIN drafts d ON d.user_id = ? AND d.form = ? WHERE a.id = ? AND `+condition,
		append([]any{actor.ID, actor.ID, actor.ID, actor.ID, About{Article: id}.Form(0), id}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("article page %d: %w", id, err)
	}
	return page, nil
}

// ArticleCard is a row in a list of articles.
type ArticleCard struct {
	ID              int64
	SpaceID         int64
	CollectionID    int64
	CollectionTitle string
	Title           string
	Summary         string
	Lang            string
	EditorID        int64
	EditorName      string
	EditorRole      Role
	EditorPicture   int64
	EditedAt        time.Time
	CommentCount    int
	VerifiedUntil   *time.Time // nil for never verified
	WithdrawnAt     *time.Time
}

// Path is the address of the article.
func (c *ArticleCard) Path() string { return ArticlePath(c.ID, c.Title) }

const articleCards = `SELECT a.id, a.space_id, a.collection_id, c.title AS collection_title, a.title, a.summary, a.lang, a.editor_id, u.name AS editor_name, ` + standing + ` AS editor_role,
	coalesce(u.picture_id, 0) AS editor_picture, a.edited_at, a.comment_count, a.verified_until, a.withdrawn_at FROM `

const articleCardJoins = ` JOIN users u ON u.id = a.editor_id JOIN collections c ON c.id = a.collection_id`

// LatestArticles lists the published articles that were written in last, in all spaces that the actor may see or, with an id, in one.
func (q Queries) LatestArticles(ctx context.Context, actor *Actor, spaceID int64, limit int) (cards []ArticleCard, err error) {
	scope := actor
	if spaceID != 0 {
		scope = actor.within(spaceID)
	}
	if len(scope.Spaces) == 0 {
		return nil, nil
	}
	none := func(string) (string, []any) { return "", nil }
	keys, args := q.tops(scope, tops{table: "articles", column: "edited_at", floor: "'-infinity'::timestamptz", limit: limit, filter: none, bounds: boundsOf(len(scope.Spaces), limit, false)})
	err = q.raw(ctx, &cards, articleCards+"("+keys+") k JOIN articles a ON a.id = k.id"+articleCardJoins+" ORDER BY a.edited_at DESC, a.id DESC LIMIT "+strconv.Itoa(limit), args...)
	if err != nil {
		return nil, fmt.Errorf("latest articles: %w", err)
	}
	return cards, nil
}
