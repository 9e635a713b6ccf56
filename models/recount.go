package models

import (
	"context"
	"fmt"
	"strconv"
)

// Miscount is a kept counter that did not say what is there.
type Miscount struct {
	Counter string // the table and the column
	ID      int64
	SignID  int64 // of the reactions to a post
	Kept    int
	Counted int
}

// keptCount is a column that is kept in the transaction of each change, and what it stands for, of the row t.
type keptCount struct{ table, column, counted string }

// keptCounts are those of what people write and say; of posts, so far as they have any, see Recount.
func keptCounts() []keptCount {
	return []keptCount{
		{"threads", "post_count", "SELECT count(*) FROM posts c WHERE c.thread_id = t.id AND c.removed_at IS NULL"},
		{"threads", "people_count", "SELECT count(DISTINCT c.author_id) FROM posts c WHERE c.thread_id = t.id"},
		{"threads", "same_count", "SELECT count(*) FROM thread_people p WHERE p.thread_id = t.id AND p.same_at IS NOT NULL"},
		{"threads", "last_number", "SELECT coalesce(max(c.number), 0) FROM posts c WHERE c.thread_id = t.id AND c.number > t.last_number"}, // it only grows: numbers are never given twice
		{"articles", "comment_count", "SELECT count(*) FROM posts c WHERE c.article_id = t.id AND c.removed_at IS NULL"},
		{"gatherings", "comment_count", "SELECT count(*) FROM posts c WHERE c.gathering_id = t.id AND c.removed_at IS NULL"},
		{"gatherings", "coming_count", "SELECT count(*) FROM attendances w WHERE w.gathering_id = t.id AND w.answer = 'yes' AND NOT w.waiting"},
		{"gatherings", "maybe_count", "SELECT count(*) FROM attendances w WHERE w.gathering_id = t.id AND w.answer = 'maybe'"},
		{"gatherings", "waiting_count", "SELECT count(*) FROM attendances w WHERE w.gathering_id = t.id AND w.answer = 'yes' AND w.waiting"},
		{"collections", "article_count", "SELECT count(*) FROM articles a WHERE a.collection_id = t.id AND a.state = 'published'"},
		{"skills", "people", "SELECT count(*) FROM person_skills p WHERE p.skill_id = t.id"},
		{"articles", "doubt_count", "SELECT count(*) FROM article_feedback f WHERE f.article_id = t.id AND f.reason <> '' AND f.state = 'open'"},
	}
}

// value is what the counter should say: where nothing is greater than a last number, what it says.
func (c keptCount) value() string {
	if c.column == "last_number" {
		return "coalesce(nullif((" + c.counted + "), 0), t.last_number)"
	}
	return "(" + c.counted + ")"
}

// perRecount is how many rows are counted at once, so that nobody waits for long who writes meanwhile.
const perRecount = 500

// Recount counts what is kept anew, of threads, articles, collections, skills, the reactions to posts and what people have shown to know, mends what is wrong and tells of each.
func (db *DB) Recount(ctx context.Context, tell func(Miscount) error) error {
	for _, c := range keptCounts() {
		name := c.table + "." + c.column
		lock := fmt.Sprintf("SELECT t.id FROM %s t WHERE t.id > ? ORDER BY t.id LIMIT %d", c.table, perRecount)
		err := db.recount(ctx, lock, tell, func(tx *Tx, ids []int64) (wrong []Miscount, err error) {
			if err := tx.raw(tx.ctx, &wrong, fmt.Sprintf("SELECT '%s' AS counter, x.id, x.kept, x.counted FROM (SELECT t.id, t.%s AS kept, %s AS counted FROM %s t WHERE t.id IN ?) x WHERE x.kept <> x.counted ORDER BY x.id", name, c.column, c.value(), c.table), ids); err != nil || len(wrong) == 0 {
				return nil, err
			}
			_, err = tx.exec(fmt.Sprintf("UPDATE %s AS t SET %s = %s WHERE t.id IN ?", c.table, c.column, c.value()), numbers(wrong))
			return wrong, err
		})
		if err != nil {
			return fmt.Errorf("recount %s: %w", name, err)
		}
	}
	lock := "SELECT t.id FROM posts t WHERE t.id > ? ORDER BY t.id LIMIT " + strconv.Itoa(perRecount)
	if err := db.recount(ctx, lock, tell, (*Tx).recountReactions); err != nil {
		return fmt.Errorf("recount reactions: %w", err)
	}
	for _, shown := range []struct {
		table string
		mend  func(*Tx, []int64) ([]Miscount, error)
	}{{"threads", (*Tx).recountThreadExpertise}, {"articles", (*Tx).recountArticleExpertise}, {"expertise", (*Tx).recountSums}, {"expertise_evidence", (*Tx).recountMissing}} {
		lock := fmt.Sprintf("SELECT t.id FROM %s t WHERE t.id > ? ORDER BY t.id LIMIT %d", shown.table, perRecount)
		if err := db.recount(ctx, lock, tell, shown.mend); err != nil {
			return fmt.Errorf("recount expertise of %s: %w", shown.table, err)
		}
	}
	return nil
}

// recount goes through the rows that a query finds after an id, each batch held in a transaction of its own, and tells of what was wrong once it is mended.
func (db *DB) recount(ctx context.Context, rows string, tell func(Miscount) error, mend func(*Tx, []int64) ([]Miscount, error)) error {
	for after := int64(0); ; {
		var ids []int64
		var wrong []Miscount
		err := db.Tx(ctx, nil, func(tx *Tx) (err error) {
			held := rows
			if tx.postgres() { // whoever changes a counter holds its row
				held += " FOR UPDATE"
			}
			if err = tx.raw(tx.ctx, &ids, held, after); err == nil && len(ids) > 0 {
				wrong, err = mend(tx, ids)
			}
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, one := range wrong {
			if err := tell(one); err != nil {
				return err
			}
		}
		after = ids[len(ids)-1]
	}
}

// recountReactions mends how many gave each of some posts each sign.
func (tx *Tx) recountReactions(posts []int64) (wrong []Miscount, err error) {
	const counted = "SELECT count(*) FROM reactions r WHERE r.post_id = x.id AND r.sign_id = x.sign_id AND r.counts"
	if err := tx.raw(tx.ctx, &wrong, `SELECT 'reaction_counts.people' AS counter, x.id, x.sign_id, coalesce(k.people, 0) AS kept, (`+counted+`) AS counted FROM (SELECT post_id AS id, sign_id FROM reaction_counts WHERE post_id IN ? UNION SELECT post_id, sign_id FROM reactions WHERE post_id IN ?) x
		LEFT JOIN reaction_counts k ON k.post_id = x.id AND k.sign_id = x.sign_id WHERE coalesce(k.people, 0) <> (`+counted+") ORDER BY x.id, x.sign_id", posts, posts); err != nil {
		return nil, err
	}
	for _, one := range wrong { // few: each was a mistake
		if _, err := tx.exec("INSERT INTO reaction_counts (post_id, sign_id, people) VALUES (?, ?, ?) ON CONFLICT (post_id, sign_id) DO UPDATE SET people = excluded.people", one.ID, one.SignID, one.Counted); err != nil {
			return nil, err
		}
	}
	return wrong, nil
}

func numbers(wrong []Miscount) []int64 {
	ids := make([]int64, len(wrong))
	for i := range wrong {
		ids[i] = wrong[i].ID
	}
	return ids
}
