package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ArticleReview is that somebody is asked to read a draft, and what they say of it.
type ArticleReview struct {
	ID         int64
	DraftID    int64
	ReviewerID int64
	AskedBy    int64
	AskedAt    time.Time
	Verdict    Verdict
	Word       string // what they said last
	Version    int    // of the draft that they said it about
	AnsweredAt *time.Time
}

// Verdict is what a reviewer says of a draft.
type Verdict string

// Verdicts of reviewers.
const (
	VerdictWaiting  Verdict = "" // nothing yet
	VerdictApproved Verdict = "approved"
	VerdictChanges  Verdict = "changes" // something has to change before
)

// Bounds of reviews: people who read one draft, and characters of what they say.
const (
	MostReviewers = 10
	maxReviewWord = 1000
)

// MayPublish is nil if the actor may publish a draft that they may read: those who arrange the collections, and its author as soon as all
// who were asked approve, or without asking anybody where its collection wants no review. Otherwise it is the reason.
func (a *Actor) MayPublish(draft *ArticleDraft, reviewed bool, reviews []ArticleReview) error {
	space := &Space{ID: draft.SpaceID}
	switch {
	case a.Can(ArrangeCollections, space):
		return nil
	case a.ID != draft.AuthorID:
		return ErrForbidden
	case !a.Can(WriteArticle, space):
		return a.Refusal(WriteArticle, space)
	case draft.SentAt == nil && !reviewed, draft.SentAt != nil && approved(draft, reviews):
		return nil
	}
	return Invalid{"review": "review.not_approved"}
}

// approved tells whether somebody else than its author has approved a draft, and nobody who was asked has not.
func approved(draft *ArticleDraft, reviews []ArticleReview) bool {
	others := slices.DeleteFunc(slices.Clone(reviews), func(r ArticleReview) bool { return r.ReviewerID == draft.AuthorID })
	return len(others) > 0 && !slices.ContainsFunc(others, func(r ArticleReview) bool { return r.Verdict != VerdictApproved })
}

// ArticleReviews are those of a draft that the actor has loaded, in the order in which they were asked for.
func (q Queries) ArticleReviews(ctx context.Context, draftID int64) (reviews []ArticleReview, err error) {
	return reviews, q.raw(ctx, &reviews, "SELECT * FROM article_reviews WHERE draft_id = ? ORDER BY id LIMIT "+strconv.Itoa(2*MostReviewers), draftID)
}

// ReviewerCard is somebody who is asked to review a draft, or could be.
type ReviewerCard struct {
	ArticleReview
	Name    string
	Email   string
	Role    Role
	Picture int64
	Able    bool // they still write in the space; if not, the review waits for somebody else
}

// Reviewers are those who are asked to review a draft, and then some who could be: who answers for the article that it changes, themselves or in a group, and who
// manages or knows its space.
func (q Queries) Reviewers(ctx context.Context, draft *ArticleDraft) (asked, proposed []ReviewerCard, err error) {
	reviews, err := q.ArticleReviews(ctx, draft.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, review := range reviews {
		card, err := q.reviewer(ctx, draft, review.ReviewerID)
		if err != nil {
			return nil, nil, err
		}
		card.ArticleReview = review
		asked = append(asked, card)
	}
	_, now := q.here()
	var ids []int64
	err = q.raw(ctx, &ids, `SELECT user_id FROM (SELECT a.owner_id AS user_id, 0 AS rank FROM articles a WHERE a.id = ? AND a.owner_id IS NOT NULL
		UNION ALL SELECT n.user_id, 0 AS rank FROM (`+q.keepers("(SELECT a.owner_group_id FROM articles a WHERE a.id = ?)")+` ORDER BY u.id LIMIT `+strconv.Itoa(MostReviewers)+`) n
		UNION ALL SELECT m.user_id, CASE WHEN m.role = 'expert' THEN 1 ELSE 2 END FROM `+arrangers+`) t
		WHERE user_id <> ? GROUP BY user_id ORDER BY min(rank), user_id LIMIT `+strconv.Itoa(MostReviewers), orZero(draft.ArticleID), draft.SpaceID, orZero(draft.ArticleID), now, draft.SpaceID, draft.AuthorID)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range ids { // a few
		if slices.ContainsFunc(asked, func(c ReviewerCard) bool { return c.ReviewerID == id }) {
			continue
		}
		card, err := q.reviewer(ctx, draft, id)
		if err != nil {
			return nil, nil, err
		}
		if card.Able {
			proposed = append(proposed, card)
		}
	}
	return asked, proposed, nil
}

// reviewer is a person with whether they could review a draft now.
func (q Queries) reviewer(ctx context.Context, draft *ArticleDraft, id int64) (card ReviewerCard, err error) {
	card.ReviewerID = id
	if err := q.one(ctx, &card, "SELECT u.name, u.email, "+standing+" AS role, coalesce(u.picture_id, 0) AS picture FROM users u WHERE u.id = ?", id); err != nil {
		return card, fmt.Errorf("reviewer %d: %w", id, err)
	}
	card.ReviewerID = id
	card.Able, err = q.mayReview(ctx, draft, id)
	return card, err
}

// DraftAuthor is who writes a draft that the actor has loaded, as pages name them.
func (q Queries) DraftAuthor(ctx context.Context, draft *ArticleDraft) (card ReviewerCard, err error) {
	return q.reviewer(ctx, draft, draft.AuthorID)
}

// mayReview tells whether somebody could review a draft: who writes articles in its space, not its author, and no program.
func (q Queries) mayReview(ctx context.Context, draft *ArticleDraft, id int64) (able bool, err error) {
	actor, err := q.ActorByID(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && id != draft.AuthorID && !actor.Service && actor.Can(WriteArticle, &Space{ID: draft.SpaceID}), err
}

// SendForReview asks some people to review a locked draft, and nobody else any more who has not answered yet. asked are those who were
// not asked before, or not since it was changed.
func (tx *Tx) SendForReview(draft *ArticleDraft, people []int64) (asked []int64, err error) {
	if draft.State != DraftOpen {
		return nil, fmt.Errorf("draft %d has ended: %w", draft.ID, ErrConflict)
	}
	slices.Sort(people)
	people = slices.Compact(people)
	reviews, err := tx.ArticleReviews(tx.ctx, draft.ID)
	if err != nil {
		return nil, err
	}
	before := map[int64]bool{}
	for _, review := range reviews {
		before[review.ReviewerID] = true
		if slices.Contains(people, review.ReviewerID) || draft.SentAt != nil && review.Verdict != VerdictWaiting {
			continue
		}
		if _, err := tx.exec("DELETE FROM article_reviews WHERE id = ?", review.ID); err != nil {
			return nil, err
		}
		delete(before, review.ReviewerID)
	}
	for _, id := range people {
		if before[id] && draft.SentAt != nil {
			continue
		}
		able, err := tx.mayReview(tx.ctx, draft, id)
		if err != nil {
			return nil, err
		}
		if !able {
			return nil, Invalid{"reviewers": "review.reviewer_unknown"}
		}
		if !before[id] {
			before[id] = true
			if err := tx.create(&ArticleReview{DraftID: draft.ID, ReviewerID: id, AskedBy: tx.actorID(), AskedAt: tx.now}); err != nil {
				return nil, err
			}
		}
		asked = append(asked, id)
	}
	if len(before) == 0 || len(before) > MostReviewers {
		return nil, Invalid{"reviewers": "review.reviewers_missing"}
	}
	if draft.SentAt == nil {
		draft.SentAt = &tx.now
		if _, err := tx.exec("UPDATE article_drafts SET sent_at = ? WHERE id = ?", draft.SentAt, draft.ID); err != nil {
			return nil, err
		}
	}
	return asked, tx.notifyOfDraft(draft, NoticeReviewAsked, asked...)
}

// TakeFromReview lets nobody but its author see a locked draft again.
func (tx *Tx) TakeFromReview(draft *ArticleDraft) error {
	draft.SentAt = nil
	if _, err := tx.exec("UPDATE article_drafts SET sent_at = NULL WHERE id = ?", draft.ID); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE article_reviews SET verdict = '' WHERE draft_id = ?", draft.ID)
	return err
}

// ReviewArticle stores what the actor, who was asked, says of a version of a locked draft. ErrConflict if it has another text by now.
func (tx *Tx) ReviewArticle(draft *ArticleDraft, version int, verdict Verdict, word string) error {
	word = strings.TrimSpace(word)
	switch {
	case verdict != VerdictApproved && verdict != VerdictChanges:
		return Invalid{"verdict": "review.verdict_invalid"}
	case utf8.RuneCountInString(word) > maxReviewWord:
		return Invalid{"word": "review.word_too_long"}
	case verdict == VerdictChanges && word == "":
		return Invalid{"word": "review.word_missing"}
	}
	if able, err := tx.mayReview(tx.ctx, draft, tx.actorID()); err != nil || !able {
		return errors.Join(err, ErrForbidden)
	}
	if draft.State != DraftOpen || draft.SentAt == nil || version != draft.Version {
		return fmt.Errorf("review version %d of draft %d: %w", version, draft.ID, ErrConflict)
	}
	changed, err := tx.exec("UPDATE article_reviews SET verdict = ?, word = ?, version = ?, answered_at = ? WHERE draft_id = ? AND reviewer_id = ?", verdict, word, version, tx.now, draft.ID, tx.actorID())
	if err != nil {
		return err
	}
	if changed == 0 {
		return fmt.Errorf("nobody asked them to review draft %d: %w", draft.ID, ErrForbidden)
	}
	kind := NoticeReviewApproved
	if verdict == VerdictChanges {
		kind = NoticeReviewChanges
	}
	return tx.notifyOfDraft(draft, kind, draft.AuthorID)
}

// NotifyOfPublished tells the author of a draft that somebody else has published it.
func (tx *Tx) NotifyOfPublished(draft *ArticleDraft) error {
	if draft.AuthorID == tx.actorID() {
		return nil
	}
	return tx.notifyOfDraft(draft, NoticeDraftPublished, draft.AuthorID)
}

// notifyOfDraft tells some people something of a draft; what they have not read yet is not said twice.
func (tx *Tx) notifyOfDraft(draft *ArticleDraft, kind Kind, people ...int64) error {
	for _, id := range people { // a few
		if _, err := tx.exec("DELETE FROM house_notices WHERE user_id = ? AND draft_id = ? AND kind = ? AND read_at IS NULL", id, draft.ID, kind); err != nil {
			return err
		}
		if err := tx.create(&HouseNotice{UserID: id, Kind: kind, DraftID: &draft.ID, CreatedAt: tx.now}); err != nil {
			return err
		}
	}
	return nil
}

// ReviewCollection says whether what is written in a locked collection has to be approved before it is published.
func (tx *Tx) ReviewCollection(collection *Collection, reviewed bool) error {
	collection.Reviewed = reviewed
	_, err := tx.exec("UPDATE collections SET reviewed = ? WHERE id = ?", reviewed, collection.ID)
	return err
}
