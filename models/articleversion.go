package models

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// ArticleVersion is a text that an article has had.
type ArticleVersion struct {
	ArticleID int64
	Number    int
	EditorID  int64
	Title     string
	Body      string
	Tags      Tags
	Note      string // what its editor says about it; may be empty
	CreatedAt time.Time
}

// ArticleVersionCard is a version as lists show it, without its text.
type ArticleVersionCard struct {
	Number        int
	EditorID      int64
	EditorName    string
	EditorRole    Role
	EditorPicture int64
	Note          string
	CreatedAt     time.Time
	Name          string // by which people find it again; may be empty
	NameNote      string // what they say about that
}

// mostVersions is what the number of a version can be in either database.
const mostVersions = 1 << 30

// keepArticleVersion keeps the text that an article has now under the number of its version.
func (tx *Tx) keepArticleVersion(article *Article, note string) error {
	return tx.create(&ArticleVersion{ArticleID: article.ID, Number: article.Version, EditorID: article.EditorID, Title: article.Title, Body: article.Body, Tags: article.Tags, Note: note, CreatedAt: article.EditedAt})
}

// ArticleVersions lists the versions of an article, newest first, before the given number (0 for the start). The caller has loaded the
// article as one that the actor may read.
func (q Queries) ArticleVersions(ctx context.Context, articleID int64, before, limit int) ([]ArticleVersionCard, error) {
	return q.articleVersions(ctx, "article_versions v LEFT JOIN article_version_names n ON n.article_id = v.article_id AND n.number = v.number", articleID, before, limit)
}

// NamedArticleVersions is ArticleVersions of those that have a name.
func (q Queries) NamedArticleVersions(ctx context.Context, articleID int64, before, limit int) ([]ArticleVersionCard, error) {
	return q.articleVersions(ctx, "article_version_names n JOIN article_versions v ON v.article_id = n.article_id AND v.number = n.number", articleID, before, limit)
}

func (q Queries) articleVersions(ctx context.Context, from string, articleID int64, before, limit int) (cards []ArticleVersionCard, err error) {
	if before == 0 {
		before = mostVersions
	}
	err = q.raw(ctx, &cards, `SELECT v.number, v.editor_id, u.name AS editor_name, `+standing+` AS editor_role, coalesce(u.picture_id, 0) AS editor_picture, v.note, v.created_at, coalesce(n.name, '') AS name, coalesce(n.note, '') AS name_note
		FROM `+from+` JOIN users u ON u.id = v.editor_id WHERE v.article_id = ? AND v.number < ? ORDER BY v.number DESC LIMIT `+strconv.Itoa(limit), articleID, before)
	if err != nil {
		return nil, fmt.Errorf("versions of article %d: %w", articleID, err)
	}
	return cards, nil
}

// ArticleVersion finds a version of an article that the actor has loaded.
func (q Queries) ArticleVersion(ctx context.Context, articleID int64, number int) (*ArticleVersion, error) {
	if number > mostVersions {
		return nil, fmt.Errorf("version %d of article %d: %w", number, articleID, ErrNotFound)
	}
	version := &ArticleVersion{}
	if err := q.one(ctx, version, "SELECT * FROM article_versions WHERE article_id = ? AND number = ?", articleID, number); err != nil {
		return nil, fmt.Errorf("version %d of article %d: %w", number, articleID, err)
	}
	return version, nil
}
