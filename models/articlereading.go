package models

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// MaxStars bounds how many articles one person keeps at hand.
const MaxStars = 500

// readsKept is how many of the articles that somebody has read last are noted.
const readsKept = 30

// readAgain is how long an article that was read counts as just read.
const readAgain = 10 * time.Minute

// ArticleReading is what the actor has for themselves of an article, and whether what they read is noted.
type ArticleReading struct {
	Starred bool
	ReadAt  *time.Time // nil if it is not among those that were read last
	Unkept  bool       // what they read is not noted
}

// Fresh tells whether it was noted a moment ago that the article was read.
func (r ArticleReading) Fresh(now time.Time) bool {
	return r.ReadAt != nil && now.Before(r.ReadAt.Add(readAgain))
}

// ArticleReading finds what the actor has for themselves of an article; of somebody who acts behind a mask it is that of the person.
func (q Queries) ArticleReading(ctx context.Context, actor *Actor, articleID int64) (reading ArticleReading, err error) {
	if !actor.SignedIn() {
		return reading, nil
	}
	id := actor.Person().ID
	err = q.raw(ctx, &reading, `SELECT EXISTS (SELECT 1 FROM article_stars s WHERE s.user_id = u.id AND s.article_id = ?) AS starred,
		(SELECT r.read_at FROM article_reads r WHERE r.user_id = u.id AND r.article_id = ?) AS read_at, u.reading_unkept AS unkept FROM users u WHERE u.id = ?`, articleID, articleID, id)
	if err != nil {
		return reading, fmt.Errorf("reading of article %d: %w", articleID, err)
	}
	return reading, nil
}

// ReadingKept tells whether what the actor reads is noted.
func (q Queries) ReadingKept(ctx context.Context, actor *Actor) (kept bool, err error) {
	return kept, q.raw(ctx, &kept, "SELECT NOT reading_unkept FROM users WHERE id = ?", actor.Person().ID)
}

// StarArticle keeps an article at hand for the actor, who may read it.
func (tx *Tx) StarArticle(articleID int64) error {
	full := false
	if err := tx.raw(tx.ctx, &full, "SELECT EXISTS (SELECT 1 FROM article_stars WHERE user_id = ? AND article_id <> ? LIMIT 1 OFFSET "+strconv.Itoa(MaxStars-1)+")", tx.actorID(), articleID); err != nil {
		return err
	}
	if full {
		return Invalid{"starred": "knowledge.stars_full"}
	}
	_, err := tx.exec("INSERT INTO article_stars (user_id, article_id, starred_at) VALUES (?, ?, ?) ON CONFLICT (user_id, article_id) DO NOTHING", tx.actorID(), articleID, tx.now)
	return err
}

// UnstarArticle keeps an article at hand for the actor no longer; was tells whether it was.
func (tx *Tx) UnstarArticle(articleID int64) (was bool, err error) {
	n, err := tx.exec("DELETE FROM article_stars WHERE user_id = ? AND article_id = ?", tx.actorID(), articleID)
	return n > 0, err
}

// ReadArticle notes that the actor has read an article, unless that is not to be noted, and forgets what they read long before.
func (tx *Tx) ReadArticle(articleID int64) error {
	kept, err := tx.ReadingKept(tx.ctx, tx.actor)
	if err != nil || !kept {
		return err
	}
	_, err = tx.exec("INSERT INTO article_reads (user_id, article_id, read_at) VALUES (?, ?, ?) ON CONFLICT (user_id, article_id) DO UPDATE SET read_at = excluded.read_at", tx.actorID(), articleID, tx.now)
	if err != nil {
		return err
	}
	_, err = tx.exec(`DELETE FROM article_reads WHERE user_id = ? AND article_id IN (SELECT r.article_id FROM article_reads r WHERE r.user_id = ? ORDER BY r.read_at DESC, r.article_id DESC LIMIT 100 OFFSET `+strconv.Itoa(readsKept)+")", tx.actorID(), tx.actorID())
	return err
}

// ForgetReads forgets which articles the actor has read.
func (tx *Tx) ForgetReads() error {
	_, err := tx.exec("DELETE FROM article_reads WHERE user_id = ?", tx.actorID())
	return err
}

// KeepReads says whether what the actor reads is noted from now on; where it is not, nothing stays of what was.
func (tx *Tx) KeepReads(kept bool) error {
	if _, err := tx.exec("UPDATE users SET reading_unkept = ? WHERE id = ?", !kept, tx.actorID()); err != nil || kept {
		return err
	}
	return tx.ForgetReads()
}

// KeptArticle is an article that somebody keeps at hand or has read, with when that began or was.
type KeptArticle struct {
	ArticleCard
	At time.Time
}

// StarredArticles lists what the actor keeps at hand, as far as they may see it, the latest first, after the last of the page before (nil for the start).
func (q Queries) StarredArticles(ctx context.Context, actor *Actor, after *KeptArticle, limit int) ([]KeptArticle, error) {
	return q.keptArticles(ctx, actor, "article_stars", "starred_at", after, limit)
}

// ArticlesRead lists the articles that the actor has read last, as far as they may see them.
func (q Queries) ArticlesRead(ctx context.Context, actor *Actor, limit int) ([]KeptArticle, error) {
	return q.keptArticles(ctx, actor, "article_reads", "read_at", nil, limit)
}

func (q Queries) keptArticles(ctx context.Context, actor *Actor, table, column string, after *KeptArticle, limit int) (articles []KeptArticle, err error) {
	seen, list := q.visible(actor, "a.space_id")
	older, args := "", []any{actor.Person().ID, list}
	if after != nil {
		older, args = " AND (k."+column+", k.article_id) < (?, ?)", append(args, after.At.UTC(), after.ID)
	}
	err = q.raw(ctx, &articles, `SELECT a.id, a.space_id, a.collection_id, c.title AS collection_title, a.title, a.summary, a.lang, a.edited_at, a.comment_count, k.`+column+` AS at
		FROM `+table+` k JOIN articles a ON a.id = k.article_id JOIN collections c ON c.id = a.collection_id
		WHERE k.user_id = ? AND a.state = 'published' AND `+seen+older+" ORDER BY k."+column+" DESC, k.article_id DESC LIMIT "+strconv.Itoa(limit), args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", table, err)
	}
	return articles, nil
}
