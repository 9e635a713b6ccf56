package models

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
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

// KeepArticleBlame keeps what was found out, unless more is known by now, or versions that it names were removed meanwhile. Anew, what was
// known before is forgotten: it names versions that are gone.
func (tx *Tx) KeepArticleBlame(b *ArticleBlame, anew bool) error {
	if anew {
		if _, err := tx.exec("DELETE FROM article_blame WHERE article_id = ?", b.ArticleID); err != nil {
			return err
		}
	}
	named, err := b.Origins()
	if err != nil {
		return err
	}
	named = slices.DeleteFunc(append(named, b.LookedTo), func(number int) bool { return number < 1 })
	slices.Sort(named)
	named = slices.Compact(named)
	var there int
	if err := tx.raw(tx.ctx, &there, "SELECT count(*) FROM article_versions WHERE article_id = ? AND number IN ?", b.ArticleID, named); err != nil || there != len(named) {
		return err
	}
	_, err = tx.exec(`INSERT INTO article_blame (article_id, number, looked_to, marks) VALUES (?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET number = excluded.number, looked_to = excluded.looked_to, marks = excluded.marks
		WHERE excluded.number > article_blame.number OR excluded.number = article_blame.number AND excluded.looked_to < article_blame.looked_to`, b.ArticleID, b.Number, b.LookedTo, b.Marks)
	return err
}

// ArticleText is the text of a version of an article.
type ArticleText struct {
	Number int
	Body   string
}

// ArticleTexts are the texts of some versions of an article that the actor has loaded, beginning with the one that has a number: the ones
// before it, newest first, or with newer those after it, oldest first. Old versions need not all be kept; ErrNotFound if that one is not.
func (q Queries) ArticleTexts(ctx context.Context, articleID int64, number int, newer bool, limit int) (texts []ArticleText, err error) {
	order := "number <= ? ORDER BY number DESC"
	if newer {
		order = "number >= ? ORDER BY number"
	}
	err = q.raw(ctx, &texts, "SELECT number, body FROM article_versions WHERE article_id = ? AND "+order+" LIMIT ?", articleID, number, limit)
	if err == nil && (len(texts) == 0 || texts[0].Number != number) {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("texts of article %d from version %d on: %w", articleID, number, err)
	}
	return texts, nil
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
