package models

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// articleOrigin says from which idea or thread an article was written.
type articleOrigin struct {
	ID        int64
	ArticleID int64
	IdeaID    *int64
	ThreadID  *int64
	LinkedBy  int64
	LinkedAt  time.Time
}

// mostOrigins is how many articles one page names that were written from what it shows, and the other way round.
const mostOrigins = 10

// OriginCard is a thread or an idea from which an article was written.
type OriginCard struct {
	IdeaID       int64 // or
	ThreadID     int64
	Title        string
	Lang         string
	Stage        Stage // of an idea
	SupportCount int
	PostCount    int // of a thread
}

// Path is the address of the thread or the idea.
func (o *OriginCard) Path() string {
	if o.ThreadID != 0 {
		return ThreadPath(o.ThreadID, o.Title)
	}
	return IdeaPath(o.IdeaID, o.Title)
}

// WriteFrom says that a new article was written from what is named, which the actor may read.
func (tx *Tx) WriteFrom(article *Article, from About) error {
	place, err := tx.Place(tx.ctx, tx.actor, from)
	if err != nil {
		return err
	}
	in := place.ids()
	return tx.create(&articleOrigin{ArticleID: article.ID, IdeaID: in.idea, ThreadID: in.thread, LinkedBy: tx.actorID(), LinkedAt: tx.now})
}

// ArticleOrigins are the threads and ideas from which an article was written, as far as the actor may see them. The caller has loaded the
// article as one that the actor may read.
func (q Queries) ArticleOrigins(ctx context.Context, actor *Actor, articleID int64) (cards []OriginCard, err error) {
	ideas, list := q.visible(actor, "i.space_id")
	threads, same := q.visible(actor, "t.space_id")
	err = q.raw(ctx, &cards, `SELECT coalesce(i.id, 0) AS idea_id, coalesce(t.id, 0) AS thread_id, coalesce(i.title, t.title) AS title, coalesce(i.lang, t.lang) AS lang,
		coalesce(i.stage, '') AS stage, coalesce(i.support_count, 0) AS support_count, coalesce(t.post_count, 0) AS post_count
		FROM article_origins o LEFT JOIN ideas i ON i.id = o.idea_id LEFT JOIN threads t ON t.id = o.thread_id
		WHERE o.article_id = ? AND (i.state = 'published' AND `+ideas+" OR t.state = 'published' AND "+threads+") ORDER BY o.id LIMIT "+strconv.Itoa(mostOrigins), articleID, list, same)
	if err != nil {
		return nil, fmt.Errorf("origins of article %d: %w", articleID, err)
	}
	return cards, nil
}

// ArticlesFrom are the articles that were written from a thread or an idea, as far as the actor may see them, the latest first. The
// caller has loaded the thread or the idea as one that the actor may read.
func (q Queries) ArticlesFrom(ctx context.Context, actor *Actor, about About) (cards []ArticleCard, err error) {
	seen, list := q.visible(actor, "a.space_id")
	column, id := "o.idea_id", about.Idea
	if about.Thread != 0 {
		column, id = "o.thread_id", about.Thread
	}
	err = q.raw(ctx, &cards, articleCards+"article_origins o JOIN articles a ON a.id = o.article_id"+articleCardJoins+" WHERE "+column+" = ? AND a.state = 'published' AND "+seen+
		" ORDER BY o.id DESC LIMIT "+strconv.Itoa(mostOrigins), id, list)
	if err != nil {
		return nil, fmt.Errorf("articles from %s: %w", about.Path(), err)
	}
	return cards, nil
}
