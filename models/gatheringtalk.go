package models

import "context"

// GatheringPosts lists the posts under a gathering as Posts does those of an idea.
func (q Queries) GatheringPosts(ctx context.Context, gathering *Gathering, after *PostKey, limit int) (cards []PostCard, next *PostKey, err error) {
	return q.postsUnder(ctx, "c.gathering_id", gathering.ID, after, limit)
}

// toldAt counts a new post under a locked gathering, and notes that its author follows it from then on.
func (tx *Tx) toldAt(gathering *Gathering, post *Post) error {
	if err := tx.countTold(gathering, 1); err != nil {
		return err
	}
	return tx.attends(gathering.ID, post.AuthorID)
}

// countTold counts posts under a locked gathering that came, went (-1) or came back.
func (tx *Tx) countTold(gathering *Gathering, posts int) error {
	gathering.CommentCount += posts
	_, err := tx.exec("UPDATE gatherings SET comment_count = ? WHERE id = ?", gathering.CommentCount, gathering.ID)
	return err
}

// attends notes that somebody who has said nothing else of a gathering follows it, because they planned it, come or wrote there.
func (tx *Tx) attends(gatheringID, userID int64) error {
	_, err := tx.exec("INSERT INTO gathering_people (gathering_id, user_id, level) VALUES (?, ?, 'follow') ON CONFLICT (gathering_id, user_id) DO UPDATE SET level = 'follow' WHERE gathering_people.level = 'normal' AND gathering_people.chosen_at IS NULL", gatheringID, userID)
	return err
}

// SetGatheringLevel says how closely the actor follows a gathering that they may read, or with an empty level that they have nothing to say
// of it. It returns what they had said before.
func (tx *Tx) SetGatheringLevel(gathering *Gathering, level FollowLevel) (before FollowLevel, err error) {
	if err := tx.raw(tx.ctx, &before, "SELECT CASE WHEN level = 'normal' AND chosen_at IS NULL THEN '' ELSE level END FROM gathering_people WHERE gathering_id = ? AND user_id = ?", gathering.ID, tx.actorID()); err != nil || before == level {
		return before, err
	}
	at := &tx.now
	if level == "" {
		level, at = LevelNormal, nil
	}
	_, err = tx.exec(`INSERT INTO gathering_people (gathering_id, user_id, level, chosen_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (gathering_id, user_id) DO UPDATE SET level = excluded.level, chosen_at = excluded.chosen_at`, gathering.ID, tx.actorID(), level, at)
	return before, err
}

// ReadGatheringNotices marks the actor's notices about a gathering as read.
func (tx *Tx) ReadGatheringNotices(gatheringID int64) error {
	_, err := tx.exec("UPDATE notices SET read_at = ? WHERE user_id = ? AND gathering_id = ? AND read_at IS NULL", tx.now, tx.actorID(), gatheringID)
	return err
}

// GatheringPostIDs are the posts under a gathering.
func (q Queries) GatheringPostIDs(ctx context.Context, gathering int64) (ids []int64, err error) {
	return ids, q.raw(ctx, &ids, "SELECT id FROM posts WHERE gathering_id = ? ORDER BY id", gathering)
}

// SceneOfGathering is a gathering as the scene of what somebody writes there; ErrNotFound if it is withdrawn.
func (tx *Tx) SceneOfGathering(id, authorID int64) (Scene, error) {
	scene := Scene{}
	err := tx.one(tx.ctx, &scene, "SELECT ga.space_id, ga.id AS gathering_id FROM gatherings ga WHERE ga.id = ? AND ga.state = 'published'", id)
	scene.AuthorID = authorID
	return scene, err
}

// TextsOfGatherings are the texts of gatherings, empty for those that are withdrawn.
func (tx *Tx) TextsOfGatherings(ids []int64) (texts []LinkedText, err error) {
	return texts, tx.raw(tx.ctx, &texts, "SELECT id AS gathering_id, CASE WHEN state = 'published' THEN body ELSE '' END AS body FROM gatherings WHERE id IN ? ORDER BY id", ids)
}
