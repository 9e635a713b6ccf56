package models

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// NoticeAppreciated is that posts of a person were given signs, told once a day at most.
const NoticeAppreciated Kind = "appreciated"

// Appreciation is what somebody's posts were given in a day.
type Appreciation struct {
	Times  int    `json:"times"`
	People int    `json:"people"`
	Day    string `json:"day"` // as 2026-11-29
}

// Appreciated is a post of the actor's that was given signs.
type Appreciated struct {
	PostID    int64
	IdeaID    *int64
	ThreadID  *int64
	ArticleID *int64
	Title     string // of its place
	Body      string // its beginning, as Markdown
	SignID    int64
	People    int

	GatheringID *int64
}

// About names where the post stands.
func (a *Appreciated) About() About {
	return About{Idea: orZero(a.IdeaID), Thread: orZero(a.ThreadID), Article: orZero(a.ArticleID), Gathering: orZero(a.GatheringID)}
}

// Words is the beginning of the post in one line.
func (a *Appreciated) Words() string { return excerpt(a.Body, 140) }

// mostAppreciated is how many lines the page of a day has: a post and a sign each.
const mostAppreciated = 200

// appreciated are the signs r that posts c of the actor's were given from a time on until another one, by others, as far as the actor may
// still read the posts and has not muted the thread, the article or the gathering.
func (q Queries) appreciated(actor *Actor, from, until time.Time) (text string, args []any) {
	seen, list := q.visible(actor, "coalesce(i.space_id, t.space_id, a.space_id, ga.space_id)")
	return ` FROM posts c JOIN reactions r ON r.post_id = c.id LEFT JOIN ideas i ON i.id = c.idea_id LEFT JOIN threads t ON t.id = c.thread_id LEFT JOIN articles a ON a.id = c.article_id LEFT JOIN gatherings ga ON ga.id = c.gathering_id
		WHERE c.author_id IN (SELECT u.id FROM users u WHERE u.id = ? UNION ALL SELECT h.mask_id FROM hidden_authors h WHERE h.user_id = ?)
		AND r.created_at >= ? AND r.created_at < ? AND r.counts AND coalesce(r.user_id, 0) <> ? AND c.removed_at IS NULL AND coalesce(i.state, t.state, a.state, ga.state) = 'published' AND ` + seen + `
		AND NOT EXISTS (SELECT 1 FROM thread_people p WHERE p.thread_id = c.thread_id AND p.user_id = ? AND p.level = 'mute')
		AND NOT EXISTS (SELECT 1 FROM article_people p WHERE p.article_id = c.article_id AND p.user_id = ? AND p.level = 'mute')
		AND NOT EXISTS (SELECT 1 FROM gathering_people p WHERE p.gathering_id = c.gathering_id AND p.user_id = ? AND p.level = 'mute')`,
		[]any{actor.ID, actor.ID, from.UTC(), until.UTC(), actor.ID, list, actor.ID, actor.ID, actor.ID}
}

// Appreciated lists the posts of the actor's that were given signs from a time on until another one, the newest posts first.
func (q Queries) Appreciated(ctx context.Context, actor *Actor, from, until time.Time) (lines []Appreciated, err error) {
	text, args := q.appreciated(actor, from, until)
	return lines, q.raw(ctx, &lines, `SELECT c.id AS post_id, c.idea_id, c.thread_id, c.article_id, c.gathering_id, min(coalesce(i.title, t.title, a.title, ga.title)) AS title, min(substr(c.body, 1, 300)) AS body, r.sign_id, count(*) AS people`+text+
		" GROUP BY c.id, c.idea_id, c.thread_id, c.article_id, c.gathering_id, r.sign_id ORDER BY c.id DESC, r.sign_id LIMIT ?", append(args, mostAppreciated)...)
}

// AppreciatedPeople are some of those whose posts were given signs from a time on until another one and who have not been told since a
// third, after the given id, for the job that tells them. A mask stands for whoever is behind it, if the house knows.
func (q Queries) AppreciatedPeople(ctx context.Context, from, until, told time.Time, after int64, limit int) (ids []int64, err error) {
	here, now := q.here()
	return ids, q.raw(ctx, &ids, `SELECT DISTINCT u.id FROM reactions r JOIN posts c ON c.id = r.post_id JOIN users u ON u.id = `+behind("c.author_id")+`
		WHERE r.created_at >= ? AND r.created_at < ? AND r.counts AND c.removed_at IS NULL AND u.id > ? AND `+here+` AND u.import_ref IS NULL AND NOT u.service
		AND NOT EXISTS (SELECT 1 FROM house_notices h WHERE h.user_id = u.id AND h.kind = 'appreciated' AND h.created_at >= ?) ORDER BY u.id LIMIT ?`,
		from.UTC(), until.UTC(), after, now, told.UTC(), limit)
}

// TellOfAppreciation tells the actor of the transaction what their posts were given from a time on until another one. It tells nothing
// where that is nothing that they may read, and nothing twice since a third.
func (tx *Tx) TellOfAppreciation(day string, from, until, told time.Time) error {
	var before bool
	if err := tx.raw(tx.ctx, &before, "SELECT EXISTS (SELECT 1 FROM house_notices WHERE user_id = ? AND kind = 'appreciated' AND created_at >= ?)", tx.actorID(), told.UTC()); err != nil || before {
		return err
	}
	var figures Appreciation
	text, args := tx.appreciated(tx.actor, from, until)
	if err := tx.one(tx.ctx, &figures, "SELECT count(*) AS times, count(DISTINCT r.user_id) AS people"+text, args...); err != nil {
		return fmt.Errorf("appreciation of %d: %w", tx.actorID(), err)
	}
	if figures.Times == 0 {
		return nil
	}
	figures.Day, figures.People = day, max(figures.People, 1) // of whom all may have been erased since
	said, err := json.Marshal(figures)
	if err == nil { // one line at a time, so that it crowds out nothing else that the house has to say
		_, err = tx.exec("DELETE FROM house_notices WHERE user_id = ? AND kind = 'appreciated'", tx.actorID())
	}
	if err != nil {
		return err
	}
	return tx.create(&HouseNotice{UserID: tx.actorID(), Kind: NoticeAppreciated, CreatedAt: tx.now, Figures: string(said)})
}

// Appreciation are the figures of a notice of NoticeAppreciated.
func (n *HouseNotice) Appreciation() (figures Appreciation) {
	if json.Unmarshal([]byte(n.Figures), &figures) != nil {
		return Appreciation{}
	}
	return figures
}
