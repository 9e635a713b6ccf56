package models

import (
	"context"
)

// Shelved tells whether nothing new is written in the collection of an article.
func (q Queries) Shelved(ctx context.Context, article *Article) (archived bool, err error) {
	return archived, q.raw(ctx, &archived, "SELECT archived_at IS NOT NULL FROM collections WHERE id = ?", article.CollectionID)
}

// talked counts a new post under a locked article, and notes that its author follows it from then on.
func (tx *Tx) talked(article *Article, post *Post) error {
	if err := tx.countTalk(article, 1); err != nil {
		return err
	}
	return tx.wroteIn(article.ID, post.AuthorID)
}

// countTalk counts posts under a locked article that came, went (-1) or came back.
func (tx *Tx) countTalk(article *Article, posts int) error {
	article.CommentCount += posts
	_, err := tx.exec("UPDATE articles SET comment_count = ? WHERE id = ?", article.CommentCount, article.ID)
	return err
}

// wroteIn notes that somebody who has said nothing else of an article follows it, because they wrote it or under it.
func (tx *Tx) wroteIn(articleID, userID int64) error {
	_, err := tx.exec("INSERT INTO article_people (article_id, user_id, level) VALUES (?, ?, 'follow') ON CONFLICT (article_id, user_id) DO UPDATE SET level = 'follow' WHERE article_people.level = 'normal' AND article_people.chosen_at IS NULL", articleID, userID)
	return err
}

// SetArticleLevel says how closely the actor follows an article that they may read, or with an empty level that they have nothing to say
// of it. It returns what they had said before.
func (tx *Tx) SetArticleLevel(article *Article, level FollowLevel) (before FollowLevel, err error) {
	if err := tx.raw(tx.ctx, &before, "SELECT CASE WHEN level = 'normal' AND chosen_at IS NULL THEN '' ELSE level END FROM article_people WHERE article_id = ? AND user_id = ?", article.ID, tx.actorID()); err != nil || before == level {
		return before, err
	}
	at := &tx.now
	if level == "" {
		level, at = LevelNormal, nil
	}
	_, err = tx.exec(`INSERT INTO article_people (article_id, user_id, level, chosen_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (article_id, user_id) DO UPDATE SET level = excluded.level, chosen_at = excluded.chosen_at`, article.ID, tx.actorID(), level, at)
	return before, err
}

// ReadArticleNotices marks the actor's notices about an article as read.
func (tx *Tx) ReadArticleNotices(articleID int64) error {
	_, err := tx.exec("UPDATE notices SET read_at = ? WHERE user_id = ? AND article_id = ? AND read_at IS NULL", tx.now, tx.actorID(), articleID)
	return err
}

// ArticlePostIDs are the posts under some articles.
func (q Queries) ArticlePostIDs(ctx context.Context, articles []int64) (ids []int64, err error) {
	if len(articles) == 0 {
		return nil, nil
	}
	return ids, q.raw(ctx, &ids, "SELECT id FROM posts WHERE article_id IN ? ORDER BY id", articles)
}

// SceneOfArticle is an article as the scene of what somebody writes there; ErrNotFound if it is withdrawn.
func (tx *Tx) SceneOfArticle(id, authorID int64) (Scene, error) {
	scene := Scene{}
	err := tx.one(tx.ctx, &scene, "SELECT a.space_id, a.tags, a.id AS article_id FROM articles a WHERE a.id = ? AND a.state = 'published'", id)
	scene.AuthorID = authorID
	return scene, err
}
