package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Download is a table of ideas, or of their comments, or an archive of articles that somebody has asked for. It holds what they may read
// when it is made.
type Download struct {
	ID        int64
	UserID    int64 // who asked for it; nobody else sees it
	Key       string
	What      DownloadKind
	Format    string
	Separator string
	Mark      bool
	Locale    string // in which its head is written
	Filter    string // a Sieve
	Spaces    string // the ids of those its rows are of, separated by commas, once it is made

	Collections string // those of its articles, likewise

	RowCount  int
	Size      int64
	CreatedAt time.Time
	ReadyAt   *time.Time
	ExpiresAt time.Time
}

// DownloadKind says what the rows of a download are.
type DownloadKind string

// Kinds of downloads.
const (
	DownloadIdeas    DownloadKind = "ideas"
	DownloadComments DownloadKind = "comments"
	DownloadArticles DownloadKind = "articles" // as Markdown in a ZIP
)

// Valid tells whether the kind is one of the known ones.
func (k DownloadKind) Valid() bool {
	return k == DownloadIdeas || k == DownloadComments || k == DownloadArticles
}

func (d *Download) subject() (string, int64, int64) { return "download", d.ID, d.Sieve().SpaceID }

// DownloadReady tells whether a table can be had: it is made, has not ended, and the actor still sees every space and every collection of
// which it has rows, and the article that it is of.
func (q Queries) DownloadReady(ctx context.Context, actor *Actor, d *Download) (bool, error) {
	if d.ReadyAt == nil || !q.present().Before(d.ExpiresAt) {
		return false, nil
	}
	for _, id := range numbersOf(d.Spaces) {
		if actor.Access(id) == nil {
			return false, nil
		}
	}
	for some := range slices.Chunk(numbersOf(d.Collections), importBatch) {
		seen, err := q.CollectionTitles(ctx, actor, some)
		if err != nil || len(seen) < len(some) {
			return false, err
		}
	}
	if of := d.Sieve().ArticleID; of != 0 {
		article, err := q.Article(ctx, actor, of)
		if errors.Is(err, ErrNotFound) {
			return false, nil
		}
		return err == nil && article.State == Published, err
	}
	return true, nil
}

// numbersOf are those in a list separated by commas.
func numbersOf(list string) (numbers []int64) {
	for text := range strings.SplitSeq(list, ",") {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// Sieve says which ideas or articles a download is about. The zero value of a part means: any.
type Sieve struct {
	ArticleID    int64    `json:"article,omitempty"`
	Alone        bool     `json:"alone,omitempty"` // without what stands under the article
	CollectionID int64    `json:"collection,omitempty"`
	SpaceID      int64    `json:"space,omitempty"`
	CampaignID   int64    `json:"campaign,omitempty"`
	Stage        Stage    `json:"stage,omitempty"`
	Tag          string   `json:"tag,omitempty"`
	Department   string   `json:"department,omitempty"`
	Near         bool     `json:"near,omitempty"`
	Places       []string `json:"places,omitempty"` // those that are near
	Mine         bool     `json:"mine,omitempty"`
	Followed     bool     `json:"followed,omitempty"`
	Unanswered   bool     `json:"unanswered,omitempty"`
}

// Sieve is which ideas the download is about.
func (d *Download) Sieve() (s Sieve) {
	_ = json.Unmarshal([]byte(d.Filter), &s) // CreateDownload has written it
	return s
}

// DownloadKept is how long a table waits for whoever asked for it.
const DownloadKept = 3 * 24 * time.Hour

// downloadsADay is how many tables a person may ask for within a day: each reads everything that they may see.
const downloadsADay = 30

// CreateDownload notes that the actor wants a table, which the caller makes later.
func (tx *Tx) CreateDownload(d *Download, sieve Sieve) error {
	var recent int
	if err := tx.raw(tx.ctx, &recent, "SELECT count(*) FROM downloads WHERE user_id = ? AND created_at > ?", tx.actorID(), tx.now.Add(-day)); err != nil {
		return err
	}
	if recent >= downloadsADay {
		return Invalid{"download": "downloads.too_many"}
	}
	raw, err := json.Marshal(sieve)
	if err != nil {
		return err
	}
	d.UserID, d.Filter, d.CreatedAt, d.ExpiresAt = tx.actorID(), string(raw), tx.now, tx.now.Add(DownloadKept)
	return tx.create(d)
}

// FinishDownload offers a table from now on.
func (tx *Tx) FinishDownload(d *Download) error {
	d.ReadyAt = &tx.now
	changed, err := tx.exec("UPDATE downloads SET row_count = ?, size = ?, spaces = ?, collections = ?, ready_at = ? WHERE id = ?", d.RowCount, d.Size, d.Spaces, d.Collections, tx.now, d.ID)
	if err == nil && changed == 0 {
		return ErrNotFound // the person was erased meanwhile
	}
	return err
}

// OwnDownload finds one of the actor's own tables; nobody has a way to another's.
func (q Queries) OwnDownload(ctx context.Context, actor *Actor, id int64) (*Download, error) {
	if !actor.SignedIn() {
		return nil, ErrForbidden
	}
	d := &Download{}
	return d, q.one(ctx, d, "SELECT * FROM downloads WHERE id = ? AND user_id = ?", id, actor.ID)
}

// OwnDownloads are the actor's own tables, the newest first.
func (q Queries) OwnDownloads(ctx context.Context, actor *Actor, limit int) (downloads []Download, err error) {
	if !actor.SignedIn() {
		return nil, ErrForbidden
	}
	return downloads, q.raw(ctx, &downloads, "SELECT * FROM downloads WHERE user_id = ? AND expires_at > ? ORDER BY id DESC LIMIT ?", actor.ID, q.present(), limit)
}

// SpentDownloads lists tables whose time is over.
func (q Queries) SpentDownloads(ctx context.Context, limit int) (downloads []Download, err error) {
	return downloads, q.raw(ctx, &downloads, "SELECT * FROM downloads WHERE expires_at <= ? ORDER BY id LIMIT ?", q.present(), limit)
}

// DownloadsOf are the tables that are there of a person.
func (q Queries) DownloadsOf(ctx context.Context, userID int64, limit int) (downloads []Download, err error) {
	return downloads, q.raw(ctx, &downloads, "SELECT * FROM downloads WHERE user_id = ? ORDER BY id LIMIT ?", userID, limit)
}

// DeleteDownload forgets a table whose bytes are gone.
func (tx *Tx) DeleteDownload(id int64) error {
	_, err := tx.exec("DELETE FROM downloads WHERE id = ?", id)
	return err
}

// IdeaRecord is an idea as a row of a table.
type IdeaRecord struct {
	Idea
	AuthorName string
}

// CommentRecord is a comment as a row of a table.
type CommentRecord struct {
	ID         int64
	IdeaID     int64
	IdeaTitle  string
	SpaceID    int64
	ParentID   *int64
	Body       string
	Lang       string
	AuthorName string
	CreatedAt  time.Time
	EditedAt   *time.Time
}

// scope is the condition that the idea i is one of those that the actor sees in lists and that the sieve lets through.
func (s Sieve) scope(q Queries, actor *Actor) (condition string, args []any) {
	if s.SpaceID != 0 {
		actor = actor.within(s.SpaceID)
	}
	seen, list := q.visible(actor, "i.space_id")
	condition, args = seen+" AND i.state = 'published'", []any{list}
	add := func(wanted bool, more string, arg ...any) {
		if wanted {
			condition, args = condition+" AND "+more, append(args, arg...)
		}
	}
	add(s.CampaignID != 0, "i.campaign_id = ?", s.CampaignID)
	add(s.Stage != "", "i.stage = ?", s.Stage)
	add(s.Tag != "", "EXISTS (SELECT 1 FROM idea_tags g WHERE g.tag = ? AND g.idea_id = i.id)", s.Tag)
	add(s.Department != "", "EXISTS (SELECT 1 FROM idea_places g WHERE g.place = ? AND g.idea_id = i.id)", placeDepartment+s.Department)
	add(s.Near && len(s.Places) > 0, "EXISTS (SELECT 1 FROM idea_places g WHERE g.place IN ? AND g.idea_id = i.id)", s.Places)
	add(s.Near && len(s.Places) == 0, "1 = 0")
	add(s.Mine, "(i.author_id = ? OR "+hides+")", actor.ID, actor.ID)
	add(s.Followed, "EXISTS (SELECT 1 FROM follows f WHERE f.user_id = ? AND f.idea_id = i.id)", actor.ID)
	add(s.Unanswered, "i.comment_count = 0")
	return condition, args
}

// CountRecords is how many rows a table will have.
func (q Queries) CountRecords(ctx context.Context, actor *Actor, what DownloadKind, s Sieve) (n int, err error) {
	condition, args := s.scope(q, actor)
	from := "ideas i"
	if what == DownloadComments {
		from, condition = "posts c JOIN ideas i ON i.id = c.idea_id", condition+" AND c.removed_at IS NULL"
	}
	return n, q.raw(ctx, &n, "SELECT count(*) FROM "+from+" WHERE "+condition, args...)
}

// IdeaRecords are the ideas of a table after the given id, in the order of their ids.
func (q Queries) IdeaRecords(ctx context.Context, actor *Actor, s Sieve, after int64, limit int) (records []IdeaRecord, err error) {
	condition, args := s.scope(q, actor)
	err = q.raw(ctx, &records, "SELECT i.*, u.name AS author_name FROM ideas i JOIN users u ON u.id = i.author_id WHERE i.id > ? AND "+condition+" ORDER BY i.id LIMIT ?",
		append(append([]any{after}, args...), limit)...)
	if err != nil {
		return nil, fmt.Errorf("read ideas: %w", err)
	}
	return records, nil
}

// CommentRecords are the comments of a table after the given id, in the order of their ids.
func (q Queries) CommentRecords(ctx context.Context, actor *Actor, s Sieve, after int64, limit int) (records []CommentRecord, err error) {
	condition, args := s.scope(q, actor)
	err = q.raw(ctx, &records, `SELECT c.id, c.idea_id, i.title AS idea_title, i.space_id, c.parent_id, c.body, c.lang, u.name AS author_name, c.created_at, c.edited_at
		FROM posts c JOIN ideas i ON i.id = c.idea_id JOIN users u ON u.id = c.author_id WHERE c.id > ? AND c.removed_at IS NULL AND `+condition+" ORDER BY c.id LIMIT ?",
		append(append([]any{after}, args...), limit)...)
	if err != nil {
		return nil, fmt.Errorf("read comments: %w", err)
	}
	return records, nil
}
