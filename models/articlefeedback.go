package models

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// DoubtState is how far a doubt about an article has come.
type DoubtState string

// States of doubts.
const (
	DoubtOpen     DoubtState = "open"
	DoubtDone     DoubtState = "done"     // the article was put right
	DoubtDeclined DoubtState = "declined" // nothing had to be done
)

// ArticleFeedback is what a reader says of a version of an article. With a reason it is a doubt, which waits for whoever answers for the
// article.
type ArticleFeedback struct {
	ID         int64
	ArticleID  int64
	Version    int
	UserID     int64
	Helped     *bool // nil where the reader doubts that it is still right
	Reason     string
	State      DoubtState // empty without a reason
	CreatedAt  time.Time
	Answer     string
	AnsweredBy *int64
	AnsweredAt *time.Time
}

// TableName keeps the name in the singular.
func (ArticleFeedback) TableName() string { return "article_feedback" }

// answered tells whether somebody has dealt with the doubt.
func (f *ArticleFeedback) answered() bool { return f.State == DoubtDone || f.State == DoubtDeclined }

// Bounds of what readers say of articles: characters of a reason and of an answer, and reasons that one person gives in a day.
const (
	MaxDoubt  = 600
	doubtsDay = 20
)

// MayDoubt is nil if the actor may say whether an article helped and is right: who takes part where it stands, but for whoever answers for it.
func (a *Actor) MayDoubt(article *Article) error {
	if article.State != Published {
		return fmt.Errorf("article %d is withdrawn: %w", article.ID, ErrConflict)
	}
	if orZero(article.OwnerID) == a.ID && a.ID != 0 {
		return fmt.Errorf("article %d is their own: %w", article.ID, ErrForbidden)
	}
	return a.Refusal(PostComment, &Space{ID: article.SpaceID})
}

// SayOfArticle notes what the actor says of the version that a locked article has now: whether it helped, in the place of what they said of
// that before, or a doubt, beside their others. changed is false if they had said just that.
func (tx *Tx) SayOfArticle(article *Article, helped *bool, reason string) (said *ArticleFeedback, changed bool, err error) {
	if reason, err = doubtText("reason", reason); err != nil {
		return nil, false, err
	}
	if helped == nil && reason == "" {
		return nil, false, Invalid{"reason": "knowledge.doubt_missing"}
	}
	said = &ArticleFeedback{ArticleID: article.ID, Version: article.Version, UserID: tx.actorID(), Helped: helped, Reason: reason, CreatedAt: tx.now}
	if reason != "" {
		said.State = DoubtOpen
		if err := tx.doubtsLeft(); err != nil {
			return nil, false, err
		}
	}
	before, err := tx.saidBefore(article, said)
	if err != nil {
		return nil, false, err
	}
	if before != nil {
		switch {
		case before.answered():
			return nil, false, Invalid{"reason": "knowledge.doubt_answered_before"}
		case before.Reason == reason && (helped == nil || *helped == *before.Helped):
			return before, false, nil
		}
		if err := tx.dropFeedback(article, before); err != nil {
			return nil, false, err
		}
	}
	if err := tx.create(said); err != nil || said.State == "" {
		return said, true, err
	}
	if err := tx.countDoubts(article, 1); err != nil {
		return nil, false, err
	}
	return said, true, tx.tellOfDoubt(article)
}

// doubtText is a text of a doubt as it is kept, in one paragraph.
func doubtText(field, text string) (string, error) {
	if text = oneLine(text); text != "" && !fits(text, MaxDoubt) {
		return "", Invalid{field: "knowledge.doubt_invalid"}
	}
	return text, nil
}

// doubtsLeft is nil if the actor may give one more reason today.
func (tx *Tx) doubtsLeft() error {
	var n int
	err := tx.raw(tx.ctx, &n, "SELECT count(*) FROM article_feedback WHERE user_id = ? AND created_at > ? AND reason <> ''", tx.actorID(), tx.now.Add(-day))
	if err == nil && n >= doubtsDay {
		return Invalid{"reason": "knowledge.doubts_enough"}
	}
	return err
}

// saidBefore is what the actor has said that the new would repeat or replace: whether the article helped, or a doubt with the same reason.
func (tx *Tx) saidBefore(article *Article, said *ArticleFeedback) (*ArticleFeedback, error) {
	if said.Helped != nil {
		return tx.saidOf(tx.ctx, article, said.UserID, "helped IS NOT NULL")
	}
	return tx.saidOf(tx.ctx, article, said.UserID, "helped IS NULL AND reason = ?", said.Reason)
}

// saidOf is what a person has said last, under a condition, of the version that an article has now; nil for nothing.
func (q Queries) saidOf(ctx context.Context, article *Article, userID int64, condition string, args ...any) (*ArticleFeedback, error) {
	var found []ArticleFeedback
	err := q.raw(ctx, &found, "SELECT * FROM article_feedback WHERE article_id = ? AND version = ? AND user_id = ? AND "+condition+" ORDER BY id DESC LIMIT 1", append([]any{article.ID, article.Version, userID}, args...)...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// tellOfDoubt tells whoever answers for an article, or some of its group, of a doubt or, where nobody does any more, those who arrange its collection, unless they
// have unread word of one.
func (tx *Tx) tellOfDoubt(article *Article) error {
	owner, err := tx.articleOwner(tx.ctx, article)
	if err != nil {
		return err
	}
	group, err := tx.ownerGroup(tx.ctx, tx.actor, article)
	if err != nil {
		return err
	}
	who, args := "SELECT CAST(? AS BIGINT) AS user_id", []any{orZero(article.OwnerID)}
	if group != nil && !group.Lost {
		who, args = tx.someKeepers(group.ID, article.SpaceID)
	} else if owner == nil || !owner.Can(WriteArticle, &Space{ID: article.SpaceID}) {
		who, args = `SELECT m.user_id FROM `+arrangers+` JOIN users u ON u.id = m.user_id WHERE u.disabled_at IS NULL AND u.role NOT IN ('external', 'auditor') AND NOT u.service`, []any{article.SpaceID}
	}
	return tx.notifyEach(Notice{Kind: NoticeDoubt, ActorID: tx.actorID(), ArticleID: article.ID, CreatedAt: tx.now},
		"SELECT w.user_id FROM ("+who+") w WHERE w.user_id <> ? AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.user_id = w.user_id AND n.article_id = ? AND n.kind = ? AND n.read_at IS NULL)",
		append(args, tx.actorID(), article.ID, NoticeDoubt)...)
}

// DropFeedback takes back what the actor said of a locked article, as long as nobody has dealt with it.
func (tx *Tx) DropFeedback(article *Article, id int64) error {
	said, err := tx.feedback(article, id)
	if err != nil {
		return err
	}
	if said.UserID != tx.actorID() {
		return fmt.Errorf("feedback %d is somebody else's: %w", id, ErrNotFound)
	}
	if said.answered() {
		return fmt.Errorf("feedback %d is answered: %w", id, ErrConflict)
	}
	return tx.dropFeedback(article, said)
}

func (tx *Tx) dropFeedback(article *Article, said *ArticleFeedback) error {
	if _, err := tx.exec("DELETE FROM article_feedback WHERE id = ?", said.ID); err != nil || said.State != DoubtOpen {
		return err
	}
	if err := tx.countDoubts(article, -1); err != nil {
		return err
	}
	return tx.retellOfDoubts(article, said.UserID)
}

// retellOfDoubts is for when a person has one doubt less about an article: the notices in their name are then about the latest of the doubts
// that are open still, and go where none is that the reader has not themselves.
func (tx *Tx) retellOfDoubts(article *Article, userID int64) error {
	const latest = "SELECT f.user_id FROM article_feedback f WHERE f.article_id = notices.article_id AND f.reason <> '' AND f.state = 'open' AND f.user_id <> notices.user_id ORDER BY f.id DESC LIMIT 1"
	if _, err := tx.exec("DELETE FROM notices WHERE article_id = ? AND kind = ? AND actor_id = ? AND NOT EXISTS ("+latest+")", article.ID, NoticeDoubt, userID); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE notices SET actor_id = ("+latest+") WHERE article_id = ? AND kind = ? AND actor_id = ?", article.ID, NoticeDoubt, userID)
	return err
}

func (tx *Tx) feedback(article *Article, id int64) (*ArticleFeedback, error) {
	said := &ArticleFeedback{}
	if err := tx.one(tx.ctx, said, "SELECT * FROM article_feedback WHERE id = ? AND article_id = ?", id, article.ID); err != nil {
		return nil, fmt.Errorf("feedback %d on article %d: %w", id, article.ID, err)
	}
	return said, nil
}

func (tx *Tx) countDoubts(article *Article, more int) error {
	article.DoubtCount += more
	_, err := tx.exec("UPDATE articles SET doubt_count = ? WHERE id = ?", article.DoubtCount, article.ID)
	return err
}

// AnswerDoubt ends a doubt about a locked article and tells who had it. ErrConflict if somebody has done so before.
func (tx *Tx) AnswerDoubt(article *Article, id int64, state DoubtState, answer string) error {
	answer, err := doubtText("answer", answer)
	if err != nil {
		return err
	}
	if state != DoubtDone && state != DoubtDeclined {
		return Invalid{"state": "knowledge.doubt_state_invalid"}
	}
	said, err := tx.feedback(article, id)
	if err != nil {
		return err
	}
	if said.State != DoubtOpen {
		return fmt.Errorf("doubt %d is not open: %w", id, ErrConflict)
	}
	if _, err := tx.exec("UPDATE article_feedback SET state = ?, answer = ?, answered_by = ?, answered_at = ? WHERE id = ?", state, answer, tx.actorID(), tx.now, id); err != nil {
		return err
	}
	if err := tx.countDoubts(article, -1); err != nil || said.UserID == tx.actorID() {
		return err
	}
	return tx.Notify(Notice{UserID: said.UserID, Kind: NoticeDoubtAnswered, ActorID: tx.actorID(), ArticleID: article.ID, CreatedAt: tx.now})
}

// ReopenDoubt takes the answer to a doubt about a locked article back, with the word of it.
func (tx *Tx) ReopenDoubt(article *Article, id int64) error {
	said, err := tx.feedback(article, id)
	if err != nil {
		return err
	}
	if !said.answered() {
		return fmt.Errorf("doubt %d is not answered: %w", id, ErrConflict)
	}
	if _, err := tx.exec("UPDATE article_feedback SET state = 'open', answer = '', answered_by = NULL, answered_at = NULL WHERE id = ?", id); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM notices WHERE article_id = ? AND kind = ? AND user_id = ?", article.ID, NoticeDoubtAnswered, said.UserID); err != nil {
		return err
	}
	return tx.countDoubts(article, 1)
}

// ArticleVoice is what the actor has said of an article as it is now, and what all have.
type ArticleVoice struct {
	Help    *ArticleFeedback // nil for nothing
	Yes, No int              // of the version that it has now
}

// ArticleVoice finds what the actor has said of an article that they have loaded and, for those who may trust it, what all have.
func (q Queries) ArticleVoice(ctx context.Context, actor *Actor, article *Article) (*ArticleVoice, error) {
	voice := &ArticleVoice{}
	var err error
	if actor.SignedIn() {
		if voice.Help, err = q.saidOf(ctx, article, actor.Person().ID, "helped IS NOT NULL"); err != nil {
			return nil, fmt.Errorf("voice on article %d: %w", article.ID, err)
		}
	}
	if actor.MayTrust(article) != nil {
		return voice, nil
	}
	var counts struct{ Yes, No int }
	err = q.one(ctx, &counts, "SELECT count(DISTINCT CASE WHEN helped THEN user_id END) AS yes, count(DISTINCT CASE WHEN NOT helped THEN user_id END) AS no FROM article_feedback WHERE article_id = ? AND version = ? AND helped IS NOT NULL",
		article.ID, article.Version)
	voice.Yes, voice.No = counts.Yes, counts.No
	if err != nil {
		return nil, fmt.Errorf("voices on article %d: %w", article.ID, err)
	}
	return voice, nil
}

// DoubtCard is a doubt as its page shows it.
type DoubtCard struct {
	ArticleFeedback
	Name            string
	Role            Role
	Picture         int64
	AnswererName    string
	AnswererRole    Role
	AnswererPicture int64
}

// Doubts lists the doubts about an article that the actor has loaded, the newest first: all of them if they may trust it, and else their
// own; those that are open or those that are dealt with.
func (q Queries) Doubts(ctx context.Context, actor *Actor, article *Article, open bool, limit int) (cards []DoubtCard, err error) {
	condition, args := "f.state IN ('done', 'declined')", []any{article.ID}
	if open {
		condition = "f.state = 'open'"
	}
	if actor.MayTrust(article) != nil {
		condition, args = condition+" AND f.user_id = ?", append(args, actor.Person().ID)
	}
	err = q.raw(ctx, &cards, `SELECT f.*, u.name, `+standing+` AS role, coalesce(u.picture_id, 0) AS picture, coalesce(b.name, '') AS answerer_name,
		coalesce(`+strings.ReplaceAll(standing, "u.", "b.")+`, '') AS answerer_role, coalesce(b.picture_id, 0) AS answerer_picture
		FROM article_feedback f JOIN users u ON u.id = f.user_id LEFT JOIN users b ON b.id = f.answered_by WHERE f.article_id = ? AND f.reason <> '' AND `+condition+
		" ORDER BY f.id DESC LIMIT "+strconv.Itoa(limit), args...)
	if err != nil {
		return nil, fmt.Errorf("doubts about article %d: %w", article.ID, err)
	}
	return cards, nil
}
