package models

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

// Passage is some words of an article, or of a draft of one, that people say something about.
type Passage struct {
	ID         int64
	ArticleID  *int64 // either this or that
	DraftID    *int64
	AuthorID   int64
	Quote      string // what was marked
	Words      string // what stands there now
	Prefix     string // what stands before that, and after
	Suffix     string
	Begins     int // letters before it, without spaces
	Version    int // of the text in which it was looked for last
	Found      bool
	CreatedAt  time.Time
	ResolvedAt *time.Time
	ResolvedBy *int64
}

// PassageWord is what somebody says about a passage, in plain text.
type PassageWord struct {
	ID        int64
	PassageID int64
	AuthorID  int64
	Body      string
	CreatedAt time.Time
	RemovedAt *time.Time
	RemovedBy *int64
}

// PassagePlace is the text in which passages stand: an article or, where that is nil, a draft.
type PassagePlace struct {
	Article *Article
	Draft   *ArticleDraft
}

func (p PassagePlace) subject() (string, int64, int64) {
	if p.Article != nil {
		return p.Article.subject()
	}
	return p.Draft.subject()
}

// SpaceID is the space in which the text stands.
func (p PassagePlace) SpaceID() int64 {
	_, _, space := p.subject()
	return space
}

// Text is what its readers see of the text, with the number of its version.
func (p PassagePlace) Text() (html string, version int) {
	if p.Article != nil {
		return p.Article.HTML, p.Article.Version
	}
	return p.Draft.HTML, p.Draft.Version
}

// Path is the address of what is said of passages of the text.
func (p PassagePlace) Path() string {
	if p.Article != nil {
		return "/articles/" + strconv.FormatInt(p.Article.ID, 10) + "/passages"
	}
	return p.Draft.Path() + "/passages"
}

func (p PassagePlace) column() (condition string, id int64) {
	if p.Article != nil {
		return "p.article_id = ?", p.Article.ID
	}
	return "p.draft_id = ?", p.Draft.ID
}

// Bounds of what is said of passages: characters of one word, passages of a text that are open, words about one, and what one person says in
// a day.
const (
	MaxPassageWord   = 2_000
	mostPassages     = 200
	mostPassageWords = 100
	wordsDay         = 500
)

// MayRemark is nil if the actor, who may read the text, may say something of its passages now: who takes part where it stands.
func (q Queries) MayRemark(ctx context.Context, actor *Actor, place PassagePlace) error {
	if err := actor.Refusal(PostComment, &Space{ID: place.SpaceID()}); err != nil {
		return err
	}
	if place.Article == nil {
		if place.Draft.State != DraftOpen {
			return fmt.Errorf("draft %d has ended: %w", place.Draft.ID, ErrConflict)
		}
		return nil
	}
	if place.Article.State != Published {
		return fmt.Errorf("article %d is withdrawn: %w", place.Article.ID, ErrConflict)
	}
	archived, err := q.Shelved(ctx, place.Article)
	if err == nil && archived {
		err = &NotNow{"knowledge.talk_archived"}
	}
	return err
}

// MayResolve is nil if the actor may say that a passage is settled, or is not: who marked it, and who writes where it stands.
func (a *Actor) MayResolve(place PassagePlace, passage *Passage) error {
	if a.ID != 0 && a.ID == passage.AuthorID {
		return a.Refusal(PostComment, &Space{ID: place.SpaceID()})
	}
	return a.Refusal(WriteArticle, &Space{ID: place.SpaceID()})
}

// MayRemoveWord tells whether the actor may take away what somebody said of a passage, or bring it back: its author, and moderators.
func (a *Actor) MayRemoveWord(place PassagePlace, word *PassageWord) bool {
	if a.Can(Moderate, &Space{ID: place.SpaceID()}) {
		return true
	}
	return a.ID != 0 && a.ID == word.AuthorID && (word.RemovedBy == nil || *word.RemovedBy == a.ID)
}

// PassageCard is a passage with who marked it and what is said about it.
type PassageCard struct {
	Passage
	Said []PassageWordCard `gorm:"-"`
}

// PassageWordCard is a word about a passage with who says it.
type PassageWordCard struct {
	PassageWord
	AuthorName    string
	AuthorRole    Role
	AuthorPicture int64
}

// Passages lists the passages of a text that the actor may read about which anything is said, the newest first before the given one (0 for
// the start): those that are open, or those that are settled.
func (q Queries) Passages(ctx context.Context, place PassagePlace, settled bool, before int64, limit int) (cards []PassageCard, err error) {
	condition, id := place.column()
	state := "p.resolved_at IS NULL"
	if settled {
		state = "p.resolved_at IS NOT NULL"
	}
	args := []any{id}
	if before != 0 {
		state, args = state+" AND p.id < ?", append(args, before)
	}
	err = q.raw(ctx, &cards, "SELECT p.* FROM passages p WHERE "+condition+" AND "+state+" AND "+saidOf+" ORDER BY p.id DESC LIMIT "+strconv.Itoa(limit), args...)
	if err != nil || len(cards) == 0 {
		return nil, err
	}
	ids, at := make([]int64, len(cards)), map[int64]int{}
	for i := range cards {
		ids[i], at[cards[i].ID] = cards[i].ID, i
	}
	var words []PassageWordCard
	err = q.raw(ctx, &words, "SELECT w.*, u.name AS author_name, "+standing+" AS author_role, coalesce(u.picture_id, 0) AS author_picture FROM passage_words w JOIN users u ON u.id = w.author_id WHERE w.passage_id IN ? AND w.removed_at IS NULL ORDER BY w.id LIMIT "+strconv.Itoa(limit*mostPassageWords), ids)
	for _, word := range words {
		card := &cards[at[word.PassageID]]
		card.Said = append(card.Said, word)
	}
	return cards, err
}

// LockPassage finds a passage of a text that the actor may read, inside a change.
func (tx *Tx) LockPassage(id int64) (*Passage, PassagePlace, error) {
	passage, place := &Passage{}, PassagePlace{}
	if err := tx.one(tx.ctx, passage, "SELECT * FROM passages WHERE id = ?", id); err != nil {
		return nil, place, fmt.Errorf("passage %d: %w", id, err)
	}
	var err error
	if passage.ArticleID != nil {
		place.Article, err = tx.LockArticle(*passage.ArticleID)
	} else {
		place.Draft, err = tx.LockArticleDraft(*passage.DraftID)
	}
	if err != nil {
		return nil, place, fmt.Errorf("passage %d: %w", id, err)
	}
	return passage, place, tx.one(tx.ctx, passage, "SELECT * FROM passages WHERE id = ?", id) // as it is under the lock
}

// PassageOfWord is the passage about which a word is.
func (q Queries) PassageOfWord(ctx context.Context, id int64) (passageID int64, err error) {
	word := &PassageWord{}
	err = q.one(ctx, word, "SELECT * FROM passage_words WHERE id = ?", id)
	return word.PassageID, err
}

// saidOf is the condition that something that is said of the passage p is still there.
const saidOf = "EXISTS (SELECT 1 FROM passage_words w WHERE w.passage_id = p.id AND w.removed_at IS NULL)"

// MarkPassage adds a passage of a locked text, which its caller has found there, with what is said about it.
func (tx *Tx) MarkPassage(place PassagePlace, passage *Passage, body string) error {
	body, err := tx.passageWord(body)
	if err != nil {
		return err
	}
	condition, id := place.column()
	var open int
	if err := tx.raw(tx.ctx, &open, "SELECT count(*) FROM passages p WHERE "+condition+" AND p.resolved_at IS NULL AND "+saidOf, id); err != nil {
		return err
	}
	if open >= mostPassages {
		return Invalid{"quote": "passages.too_many"}
	}
	if place.Article != nil {
		passage.ArticleID = &place.Article.ID
	} else {
		passage.DraftID = &place.Draft.ID
	}
	passage.AuthorID, passage.CreatedAt, passage.Found = tx.actorID(), tx.now, true
	_, passage.Version = place.Text()
	if err := tx.create(passage); err != nil {
		return err
	}
	if err := tx.create(&PassageWord{PassageID: passage.ID, AuthorID: tx.actorID(), Body: body, CreatedAt: tx.now}); err != nil {
		return err
	}
	return tx.tellOfPassage(place, passage)
}

// passageWord is a word about a passage, which its caller has cleaned, if the actor may still say it today.
func (tx *Tx) passageWord(body string) (string, error) {
	switch {
	case body == "":
		return "", Invalid{"body": "passages.body_missing"}
	case utf8.RuneCountInString(body) > MaxPassageWord:
		return "", Invalid{"body": "passages.body_too_long"}
	}
	var n int
	err := tx.raw(tx.ctx, &n, "SELECT count(*) FROM passage_words WHERE author_id = ? AND created_at > ?", tx.actorID(), tx.now.Add(-day))
	if err == nil && n >= wordsDay {
		return "", Invalid{"body": "passages.enough"}
	}
	return body, err
}

// AnswerPassage adds what the actor says about a locked passage.
func (tx *Tx) AnswerPassage(place PassagePlace, passage *Passage, body string) (*PassageWord, error) {
	body, err := tx.passageWord(body)
	if err != nil {
		return nil, err
	}
	var n int
	if err := tx.raw(tx.ctx, &n, "SELECT count(*) FROM passage_words WHERE passage_id = ? AND removed_at IS NULL", passage.ID); err != nil {
		return nil, err
	}
	if n >= mostPassageWords {
		return nil, Invalid{"body": "passages.too_many_words"}
	}
	word := &PassageWord{PassageID: passage.ID, AuthorID: tx.actorID(), Body: body, CreatedAt: tx.now}
	if err := tx.create(word); err != nil {
		return nil, err
	}
	return word, tx.tellOfPassage(place, passage)
}

// ResolvePassage says that a locked passage is settled, or is not. changed is false if that was said already.
func (tx *Tx) ResolvePassage(passage *Passage, settled bool) (changed bool, err error) {
	if settled == (passage.ResolvedAt != nil) {
		return false, nil
	}
	passage.ResolvedAt, passage.ResolvedBy = nil, nil
	if settled {
		by := tx.actorID()
		passage.ResolvedAt, passage.ResolvedBy = &tx.now, &by
	}
	_, err = tx.exec("UPDATE passages SET resolved_at = ?, resolved_by = ? WHERE id = ?", passage.ResolvedAt, passage.ResolvedBy, passage.ID)
	return true, err
}

// RemovePassageWord takes a word about a locked passage away, or brings it back. changed is false if it was so already.
func (tx *Tx) RemovePassageWord(place PassagePlace, passage *Passage, id int64, removed bool) (changed bool, err error) {
	word := &PassageWord{}
	if err := tx.one(tx.ctx, word, "SELECT * FROM passage_words WHERE id = ? AND passage_id = ?", id, passage.ID); err != nil {
		return false, fmt.Errorf("word %d about passage %d: %w", id, passage.ID, err)
	}
	if !tx.actor.MayRemoveWord(place, word) {
		if word.RemovedAt != nil {
			return false, ErrNotFound // nobody else sees it any more
		}
		return false, ErrForbidden
	}
	if removed == (word.RemovedAt != nil) {
		return false, nil
	}
	if removed {
		_, err = tx.exec("UPDATE passage_words SET removed_at = ?, removed_by = ? WHERE id = ?", tx.now, tx.actorID(), id)
	} else {
		_, err = tx.exec("UPDATE passage_words SET removed_at = NULL, removed_by = NULL WHERE id = ?", id)
	}
	return true, err
}

// FoundPassages keeps where passages stand in a version of their text, unless that is known of a later one.
func (tx *Tx) FoundPassages(passages []Passage) error {
	for i := range passages { // a few hundred at most
		p := &passages[i]
		if _, err := tx.exec("UPDATE passages SET words = ?, prefix = ?, suffix = ?, begins = ?, version = ?, found = ? WHERE id = ? AND version < ?", p.Words, p.Prefix, p.Suffix, p.Begins, p.Version, p.Found, p.ID, p.Version); err != nil {
			return err
		}
	}
	return nil
}

// tellOfPassage tells those whom it concerns that something is said of a passage: who answers for the article, or writes and reviews the
// draft, and those who have said something about it themselves.
func (tx *Tx) tellOfPassage(place PassagePlace, passage *Passage) error {
	if place.Article == nil {
		return tx.tellOfDraftPassage(place.Draft, passage)
	}
	owner, err := tx.articleOwner(tx.ctx, place.Article)
	if err != nil {
		return err
	}
	who, args := "SELECT w.author_id AS user_id FROM passage_words w WHERE w.passage_id = ? AND w.removed_at IS NULL", []any{passage.ID}
	if owner != nil {
		who, args = who+" UNION SELECT CAST(? AS BIGINT)", append(args, owner.ID)
	}
	if id := orZero(place.Article.OwnerGroupID); id != 0 {
		some, more := tx.someKeepers(id, place.Article.SpaceID)
		who, args = who+" UNION "+some, append(args, more...)
	}
	return tx.notifyEach(Notice{Kind: NoticePassage, ActorID: tx.actorID(), ArticleID: place.Article.ID, CreatedAt: tx.now},
		"SELECT w.user_id FROM ("+who+") w WHERE w.user_id <> ? AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.user_id = w.user_id AND n.article_id = ? AND n.kind = ? AND n.read_at IS NULL)",
		append(args, tx.actorID(), place.Article.ID, NoticePassage)...)
}

func (tx *Tx) tellOfDraftPassage(draft *ArticleDraft, passage *Passage) error {
	var people []int64
	err := tx.raw(tx.ctx, &people, `SELECT t.user_id FROM (SELECT author_id AS user_id FROM passage_words WHERE passage_id = ? AND removed_at IS NULL UNION SELECT reviewer_id FROM article_reviews WHERE draft_id = ?
		UNION SELECT CAST(? AS BIGINT)) t WHERE t.user_id <> ? ORDER BY t.user_id LIMIT `+strconv.Itoa(mostPassageWords), passage.ID, draft.ID, draft.AuthorID, tx.actorID())
	if err != nil {
		return err
	}
	return tx.notifyOfDraft(draft, NoticeDraftPassage, people...)
}

// erasePassages takes away what was said of the passages of some texts, or by a person.
func (tx *Tx) erasePassages(condition string, args ...any) error {
	_, err := tx.exec("DELETE FROM passage_words WHERE passage_id IN (SELECT id FROM passages WHERE "+condition+")", args...)
	_, more := tx.exec("DELETE FROM passages WHERE "+condition, args...)
	return errors.Join(err, more)
}
