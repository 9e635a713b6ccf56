package models

import (
	"context"
	"encoding/json"
	"fmt"
)

// ArticleBlame is from which version each block of the text of an article is, as far as that has been found out.
type ArticleBlame struct {
	ArticleID int64
	Number    int    // the version of whose text the blocks are
	LookedTo  int    // the oldest version that was looked at
	Marks     string // Origins as JSON
}

// TableName keeps the name in the singular.
func (ArticleBlame) TableName() string { return "article_blame" }

// Origins are one number for each block: the version that it is from or, where that is older than what was looked at, -1 less the place
// that the block had there.
func (b *ArticleBlame) Origins() (origins []int, err error) {
	return origins, json.Unmarshal([]byte(b.Marks), &origins)
}

// SetOrigins keeps the origins of the blocks.
func (b *ArticleBlame) SetOrigins(origins []int) {
	raw, _ := json.Marshal(origins) // numbers always marshal
	b.Marks = string(raw)
}

// ArticleBlame finds what is known of an article that the actor has loaded, nil for nothing.
func (q Queries) ArticleBlame(ctx context.Context, articleID int64) (*ArticleBlame, error) {
	var found []ArticleBlame
	if err := q.raw(ctx, &found, "SELECT * FROM article_blame WHERE article_id = ?", articleID); err != nil {
		return nil, fmt.Errorf("blame of article %d: %w", articleID, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

// KeepArticleBlame keeps what was found out, unless more is known by now.
func (tx *Tx) KeepArticleBlame(b *ArticleBlame) error {
	_, err := tx.exec(`INSERT INTO article_blame (article_id, number, looked_to, marks) VALUES (?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET number = excluded.number, looked_to = excluded.looked_to, marks = excluded.marks
		WHERE excluded.number > article_blame.number OR excluded.number = article_blame.number AND excluded.looked_to < article_blame.looked_to`, b.ArticleID, b.Number, b.LookedTo, b.Marks)
	return err
}

// ArticleBodies are the texts of some versions of an article that the actor has loaded, from one to another, both with it, the newest first.
func (q Queries) ArticleBodies(ctx context.Context, articleID int64, from, to int) (bodies []string, err error) {
	err = q.raw(ctx, &bodies, "SELECT body FROM article_versions WHERE article_id = ? AND number BETWEEN ? AND ? ORDER BY number DESC", articleID, from, to)
	if err != nil {
		return nil, fmt.Errorf("texts %d to %d of article %d: %w", from, to, articleID, err)
	}
	if len(bodies) != to-from+1 {
		return nil, fmt.Errorf("texts %d to %d of article %d, of which there are %d: %w", from, to, articleID, len(bodies), ErrNotFound)
	}
	return bodies, nil
}

// ArticleVersionsNumbered are the given versions of an article that the actor has loaded, by their numbers.
func (q Queries) ArticleVersionsNumbered(ctx context.Context, articleID int64, numbers []int) (map[int]ArticleVersionCard, error) {
	byNumber := map[int]ArticleVersionCard{}
	if len(numbers) == 0 {
		return byNumber, nil
	}
	var cards []ArticleVersionCard
	err := q.raw(ctx, &cards, `SELECT v.number, v.editor_id, u.name AS editor_name, `+standing+` AS editor_role, coalesce(u.picture_id, 0) AS editor_picture, v.note, v.created_at
		FROM article_versions v JOIN users u ON u.id = v.editor_id WHERE v.article_id = ? AND v.number IN ?`, articleID, numbers)
	if err != nil {
		return nil, fmt.Errorf("versions of article %d by number: %w", articleID, err)
	}
	for i := range cards {
		byNumber[cards[i].Number] = cards[i]
	}
	return byNumber, nil
}
