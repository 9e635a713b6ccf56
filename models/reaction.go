package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// ReactionCount is how many people gave a post a sign.
type ReactionCount struct {
	PostID int64
	SignID int64
	People int
	Mine   bool // the actor is one of them
}

// Reactions are what the posts of a page were given, and the signs that there are.
type Reactions struct {
	Signs  []ReactionSign
	counts map[int64][]ReactionCount
}

// SignGiven is a sign that a post was given.
type SignGiven struct {
	*ReactionSign
	ReactionCount
}

// Of are the signs that a post was given, in the order of the company.
func (r *Reactions) Of(postID int64) (given []SignGiven) {
	if r == nil {
		return nil
	}
	for _, count := range r.counts[postID] { // which were found in that order
		given = append(given, SignGiven{r.Sign(count.SignID), count})
	}
	return given
}

// InSet are the signs that can be given, in the order of the company.
func (r *Reactions) InSet() []ReactionSign {
	for i := range r.Signs { // of which those that cannot come last
		if !r.Signs[i].InSet() {
			return r.Signs[:i]
		}
	}
	return r.Signs
}

// Reactions are what some posts were given, whose place the actor may read, and all signs, in one query however many there are. What
// somebody hidden gives they give as the person they are.
func (q Queries) Reactions(ctx context.Context, actor *Actor, posts []int64) (*Reactions, error) {
	r := &Reactions{counts: map[int64][]ReactionCount{}}
	if len(posts) == 0 {
		return r, nil
	}
	err := q.each(ctx, func(rows *sql.Rows) error {
		var sign ReactionSign
		var count ReactionCount
		err := rows.Scan(&sign.ID, &sign.Emoji, &sign.NameEN, &sign.NameFR, &sign.Position, &sign.RetiredAt, &count.PostID, &count.People, &count.Mine)
		if n := len(r.Signs); n == 0 || r.Signs[n-1].ID != sign.ID {
			r.Signs = append(r.Signs, sign)
		}
		if count.SignID = sign.ID; count.PostID != 0 {
			r.counts[count.PostID] = append(r.counts[count.PostID], count)
		}
		return err
	}, `SELECT s.id, s.emoji, s.name_en, s.name_fr, s.position, s.retired_at, coalesce(n.post_id, 0), coalesce(n.people, 0),
		EXISTS (SELECT 1 FROM reactions r WHERE r.post_id = n.post_id AND r.sign_id = n.sign_id AND r.user_id = ?)
		FROM reaction_signs s LEFT JOIN reaction_counts n ON n.sign_id = s.id AND n.people > 0 AND n.post_id IN ?
		ORDER BY CASE WHEN s.retired_at IS NULL THEN 0 ELSE 1 END, s.position, s.id`, actor.Person().ID, posts)
	if err != nil {
		return nil, fmt.Errorf("reactions: %w", err)
	}
	return r, nil
}

// MayReactTo refuses to give a sign to a post in a place that the transaction holds: where the actor may give none, where nothing is said
// now, and to what they have said themselves, under whatever name.
func (tx *Tx) MayReactTo(place Place, post *Post) error {
	if err := tx.actor.Refusal(React, &Space{ID: place.SpaceID()}); err != nil {
		return err
	}
	var own bool
	err := tx.raw(tx.ctx, &own, "SELECT EXISTS (SELECT 1 FROM hidden_authors WHERE mask_id = ? AND user_id = ?)", post.AuthorID, tx.actorID())
	switch {
	case err != nil:
		return err
	case own || post.AuthorID == tx.actorID():
		return fmt.Errorf("react to one's own post %d: %w", post.ID, ErrForbidden)
	case !place.Published():
		return fmt.Errorf("%s is withdrawn: %w", place.About().Path(), ErrConflict)
	}
	return tx.MayEditIn(place)
}

// AddReaction gives a post, whose place is held, a sign of the actor's; added is false if they gave it already.
func (tx *Tx) AddReaction(post *Post, signID int64) (added bool, err error) {
	changed, err := tx.exec("INSERT INTO reactions (post_id, sign_id, user_id, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (post_id, sign_id, user_id) DO NOTHING", post.ID, signID, tx.actorID(), tx.now)
	if err != nil || changed == 0 {
		return false, err
	}
	_, err = tx.exec(`INSERT INTO reaction_counts (post_id, sign_id, people) VALUES (?, ?, 1)
		ON CONFLICT (post_id, sign_id) DO UPDATE SET people = reaction_counts.people + 1`, post.ID, signID)
	return true, err
}

// RemoveReaction takes a sign of the actor's back; removed is false if there was none.
func (tx *Tx) RemoveReaction(post *Post, signID int64) (removed bool, err error) {
	counted, err := tx.exec("DELETE FROM reactions WHERE post_id = ? AND sign_id = ? AND user_id = ? AND counts", post.ID, signID, tx.actorID())
	if err != nil || counted == 0 {
		return false, err
	}
	_, err = tx.exec("UPDATE reaction_counts SET people = people - 1 WHERE post_id = ? AND sign_id = ?", post.ID, signID)
	return true, err
}

// Reactor is somebody who gave a post a sign: nobody's name where they have left, or the reader may not know them.
type Reactor struct {
	ID        int64 // of the reaction
	SignID    int64
	UserID    int64 // 0 for a former member, and for whom the reader may not know
	Name      string
	Role      Role
	Picture   int64
	Unknown   bool // to the reader
	CreatedAt time.Time
}

// Reactors lists who gave a post signs, or with a sign who gave that one, newest first, before the given id (0 for the start). The actor
// may read the place of the post; who is not signed in learns no names.
func (q Queries) Reactors(ctx context.Context, actor *Actor, postID, signID, before int64, limit int) (people []Reactor, err error) {
	known, args := q.knows(actor)
	condition := ""
	args = append(args, postID, beforeID(before))
	if signID != 0 {
		condition, args = " AND r.sign_id = ?", append(args, signID)
	}
	err = q.raw(ctx, &people, `SELECT r.id, r.sign_id, r.created_at, coalesce(u.id, 0) AS user_id, coalesce(u.name, '`+FormerName+`') AS name, coalesce(`+standing+`, '') AS role,
		coalesce(u.picture_id, 0) AS picture, (u.id IS NOT NULL AND NOT `+known+`) AS unknown
		FROM reactions r LEFT JOIN users u ON u.id = r.user_id WHERE r.post_id = ? AND r.id < ? AND r.counts`+condition+` ORDER BY r.id DESC LIMIT ?`, append(args, limit)...)
	for i := range people {
		if p := &people[i]; p.Unknown || !actor.SignedIn() {
			*p = Reactor{ID: p.ID, SignID: p.SignID, CreatedAt: p.CreatedAt, Unknown: true}
		}
	}
	return people, err
}

// reactedTwice is the condition that the account of the first argument gave a post r a sign which that of the second gave it too.
const reactedTwice = "r.user_id = ? AND r.counts AND EXISTS (SELECT 1 FROM reactions k WHERE k.post_id = r.post_id AND k.sign_id = r.sign_id AND k.user_id = ? AND k.counts)"

// joinReactions counts those signs once that both accounts of one person gave the same posts.
func (tx *Tx) joinReactions(m *Merge) error {
	_, err := tx.exec("UPDATE reaction_counts SET people = people - 1 WHERE (post_id, sign_id) IN (SELECT r.post_id, r.sign_id FROM reactions r WHERE "+reactedTwice+")", m.GoneID, m.KeptID)
	if err == nil {
		_, err = tx.exec("UPDATE reactions SET counts = FALSE WHERE id IN (SELECT r.id FROM reactions r WHERE "+reactedTwice+")", m.GoneID, m.KeptID)
	}
	return err
}

// partReactions counts them again when the merge is taken back.
func (tx *Tx) partReactions(m *Merge) error {
	_, err := tx.exec("UPDATE reaction_counts SET people = people + 1 WHERE (post_id, sign_id) IN (SELECT r.post_id, r.sign_id FROM reactions r WHERE r.user_id = ? AND NOT r.counts)", m.GoneID)
	if err == nil {
		_, err = tx.exec("UPDATE reactions SET counts = TRUE WHERE user_id = ? AND NOT counts", m.GoneID)
	}
	return err
}

// Sign is one of the signs there are, nil for any other.
func (r *Reactions) Sign(id int64) *ReactionSign {
	for i := range r.Signs {
		if r.Signs[i].ID == id {
			return &r.Signs[i]
		}
	}
	return nil
}
