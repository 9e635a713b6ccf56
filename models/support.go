package models

import (
	"context"
	"errors"
	"time"
)

// AddSupport makes a person support an idea, which must be locked; added is false if they did already.
func (tx *Tx) AddSupport(idea *Idea, userID int64) (added bool, err error) {
	changed, err := tx.exec("INSERT INTO supports (idea_id, user_id, created_at) VALUES (?, ?, ?) ON CONFLICT (idea_id, user_id) DO NOTHING", idea.ID, userID, tx.now)
	if err != nil || changed == 0 {
		return false, err
	}
	return true, tx.counted(idea, userID, tx.now, 1)
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
	return true, tx.counted(idea, userID, at[0], -1)
}

// counted counts a support that somebody gave a locked idea or took back, there and where the idea goes on; nobody counts
// twice in one.
func (tx *Tx) counted(idea *Idea, userID int64, at time.Time, n int) error {
	through, err := tx.CountedThrough(tx.ctx, idea, userID)
	if err != nil {
		return err
	}
	if !through {
		if err := tx.countSupport(idea, at, n); err != nil {
			return err
		}
	}
	return tx.passOn(idea, userID, at, n)
}

func (tx *Tx) countSupport(idea *Idea, at time.Time, n int) error {
	if hidden, err := tx.HidesSupports(idea); err != nil || hidden {
		return err
	}
	idea.SupportCount += n
	if n > 0 {
		idea.Hot = rankAdd(idea.Hot, contribution(at, supportWeight))
	} else {
		idea.Hot = rankRemove(idea.Hot, contribution(at, supportWeight), contribution(idea.PublishedAt, 1))
	}
	return tx.saveSupports(idea)
}

func (tx *Tx) saveSupports(idea *Idea) error {
	_, err := tx.exec("UPDATE ideas SET support_count = ?, hot = ? WHERE id = ?", idea.SupportCount, idea.Hot, idea.ID)
	return err
}

// supportsHidden is the condition that the supports of an idea are the ballots of a vote that hides its counts until it closes. The
// count and the rank of the idea stay meanwhile what they were when it opened, so that nothing that goes by them tells anybody how it
// stands: no list, no search, no export and no rule.
func supportsHidden(ideaID string) string {
	return `EXISTS (SELECT 1 FROM voting_options o JOIN voting_rules r ON r.campaign_id = o.campaign_id
		WHERE o.idea_id = ` + ideaID + ` AND o.listed AND r.method = 'support' AND r.hidden AND r.frozen_at IS NOT NULL AND r.closed_at IS NULL)`
}

// HidesSupports tells so of a locked or recorded idea.
func (tx *Tx) HidesSupports(idea *Idea) (hidden bool, err error) {
	if idea.CampaignID == nil {
		return false, nil
	}
	return hidden, tx.raw(tx.ctx, &hidden, "SELECT "+supportsHidden("CAST(? AS BIGINT)"), idea.ID)
}

// showSupports counts anew who supports the ideas of a vote that hid it, now that it is closed.
func (tx *Tx) showSupports(campaignID int64) error {
	ids, err := tx.onBallot(tx.ctx, campaignID)
	if err != nil || len(ids) == 0 {
		return err
	}
	if err := tx.lockIdeas(ids); err != nil {
		return err
	}
	for _, id := range ids { // at most MaxVotingOptions, once
		idea, err := tx.lockFamily(id)
		if err != nil {
			return err
		}
		if err := errors.Join(tx.weigh(idea), tx.weighTarget(idea)); err != nil {
			return err
		}
	}
	return nil
}

// Supporter is a person who supports an idea.
type Supporter struct {
	ID   int64
	Name string
	Role Role
	Site string
}

// Supporters are some of those who support an idea that the actor may read, or one that goes on in it.
func (q Queries) Supporters(ctx context.Context, idea *Idea, limit int) (people []Supporter, err error) {
	if idea.Origins > 0 {
		return people, q.raw(ctx, &people, `SELECT u.id, u.name, `+standing+` AS role, u.site FROM (SELECT DISTINCT p.user_id FROM ideas f JOIN supports p ON p.idea_id = f.id
			WHERE `+family+` ORDER BY p.user_id DESC LIMIT ?) t JOIN users u ON u.id = t.user_id ORDER BY u.id DESC`, idea.ID, idea.ID, limit)
	}
	return people, q.raw(ctx, &people, `SELECT u.id, u.name, `+standing+` AS role, u.site FROM supports p JOIN users u ON u.id = p.user_id
		WHERE p.idea_id = ? ORDER BY p.user_id DESC LIMIT ?`, idea.ID, limit)
}

// Follow makes a person follow an idea; once is enough.
func (tx *Tx) Follow(userID, ideaID int64) error {
	_, err := tx.exec("INSERT INTO follows (user_id, idea_id, created_at) VALUES (?, ?, ?) ON CONFLICT (user_id, idea_id) DO NOTHING", userID, ideaID, tx.now)
	return err
}

// Unfollow ends it, for somebody hidden as whom they are too: they follow an idea under which they speak in their own name.
func (tx *Tx) Unfollow(userID, ideaID int64) error {
	people := []int64{userID}
	if tx.actor != nil && tx.actor.Masked() && tx.actor.ID == userID {
		people = append(people, tx.actor.Person().ID)
	}
	_, err := tx.exec("DELETE FROM follows WHERE user_id IN ? AND idea_id = ?", people, ideaID)
	return err
}
