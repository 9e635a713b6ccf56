package models

import (
	"context"
	"time"
)

// AddSupport makes a person support an idea, which must be locked; added is false if they did already.
func (tx *Tx) AddSupport(idea *Idea, userID int64) (added bool, err error) {
	changed, err := tx.exec("INSERT INTO supports (idea_id, user_id, created_at) VALUES (?, ?, ?) ON CONFLICT (idea_id, user_id) DO NOTHING", idea.ID, userID, tx.now)
	if err != nil || changed == 0 {
		return false, err
	}
	idea.SupportCount++
	idea.Hot = rankAdd(idea.Hot, contribution(tx.now, supportWeight))
	return true, tx.saveSupports(idea)
}

// RemoveSupport takes a person's support back; removed is false if there was none.
func (tx *Tx) RemoveSupport(idea *Idea, userID int64) (removed bool, err error) {
	var at []time.Time
	if err := tx.raw(tx.ctx, &at, "SELECT created_at FROM supports WHERE idea_id = ? AND user_id = ?", idea.ID, userID); err != nil || len(at) == 0 {
		return false, err
	}
	if _, err := tx.exec("DELETE FROM supports WHERE idea_id = ? AND user_id = ?", idea.ID, userID); err != nil {
		return false, err
	}
	idea.SupportCount--
	idea.Hot = rankRemove(idea.Hot, contribution(at[0], supportWeight), contribution(idea.PublishedAt, 1))
	return true, tx.saveSupports(idea)
}

func (tx *Tx) saveSupports(idea *Idea) error {
	_, err := tx.exec("UPDATE ideas SET support_count = ?, hot = ? WHERE id = ?", idea.SupportCount, idea.Hot, idea.ID)
	return err
}

// Supporter is a person who supports an idea.
type Supporter struct {
	ID   int64
	Name string
	Role Role
	Site string
}

// Supporters are some of those who support an idea that the actor may read.
func (q Queries) Supporters(ctx context.Context, idea *Idea, limit int) (people []Supporter, err error) {
	return people, q.raw(ctx, &people, `SELECT u.id, u.name, `+standing+` AS role, u.site FROM supports p JOIN users u ON u.id = p.user_id
		WHERE p.idea_id = ? ORDER BY p.user_id DESC LIMIT ?`, idea.ID, limit)
}

// Follow makes a person follow an idea; once is enough.
func (tx *Tx) Follow(userID, ideaID int64) error {
	_, err := tx.exec("INSERT INTO follows (user_id, idea_id, created_at) VALUES (?, ?, ?) ON CONFLICT (user_id, idea_id) DO NOTHING", userID, ideaID, tx.now)
	return err
}

// Unfollow ends it.
func (tx *Tx) Unfollow(userID, ideaID int64) error {
	_, err := tx.exec("DELETE FROM follows WHERE user_id = ? AND idea_id = ?", userID, ideaID)
	return err
}
