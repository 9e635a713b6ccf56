package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// ArticleVerification says that somebody has read a version of an article and found it right, and until when that holds.
type ArticleVerification struct {
	ID            int64
	ArticleID     int64
	Version       int
	Months        int
	VerifiedBy    int64
	VerifiedAt    time.Time
	VerifiedUntil time.Time
}

// Rhythms are the calendar months for which a verification can hold.
func Rhythms() []int { return []int{1, 3, 6, 12} }

// MonthsLater is the same day of the month some months later, or the last of that month where it has no such day.
func MonthsLater(at time.Time, months int) time.Time {
	first := at.AddDate(0, months, 1-at.Day())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(at.Day(), last)-1)
}

// ArticleTrust is who answers for an article and how far its latest verification holds.
type ArticleTrust struct {
	OwnerID         int64 // 0 for nobody, and for who has left or may no longer see the space
	OwnerName       string
	OwnerRole       Role
	OwnerPicture    int64
	Group           *OwnerGroup          // that answers for it instead; nil for none
	Verified        *ArticleVerification // nil if it has never been verified
	VerifierName    string
	VerifierRole    Role
	VerifierPicture int64
	Changed         bool // by somebody else since
}

// Holds tells whether the article is verified at a moment.
func (t *ArticleTrust) Holds(now time.Time) bool {
	return t.Verified != nil && now.Before(t.Verified.VerifiedUntil)
}

// MayTrust is nil if the actor may say who answers for an article and that it is right: who answers for it, themselves or in a
// group, as long as they write there, and those who arrange the collections. Otherwise it is the reason.
func (a *Actor) MayTrust(article *Article) error {
	space := &Space{ID: article.SpaceID}
	if a.Can(ArrangeCollections, space) {
		return nil
	}
	if article.OwnerID != nil && *article.OwnerID == a.ID || article.OfGroup {
		return a.Refusal(WriteArticle, space)
	}
	return fmt.Errorf("article %d is somebody else's: %w", article.ID, ErrForbidden)
}

// ArticleTrust finds who answers for an article that the actor has loaded, and its latest verification.
func (q Queries) ArticleTrust(ctx context.Context, actor *Actor, article *Article) (*ArticleTrust, error) {
	group, err := q.ownerGroup(ctx, actor, article)
	if err != nil {
		return nil, err
	}
	trust := &ArticleTrust{Group: group}
	owner, err := q.articleOwner(ctx, article)
	if err != nil {
		return nil, err
	}
	if owner != nil {
		standing := (&User{Role: owner.Role, Service: owner.Service}).Standing()
		trust.OwnerID, trust.OwnerName, trust.OwnerRole, trust.OwnerPicture = owner.ID, owner.Name, standing, owner.Picture
	}
	if article.VerifiedUntil == nil {
		return trust, nil
	}
	var found []struct {
		ArticleVerification
		Name    string
		Role    Role
		Picture int64
		Changed bool
	}
	err = q.raw(ctx, &found, `SELECT v.*, u.name, `+standing+` AS role, coalesce(u.picture_id, 0) AS picture,
		EXISTS (SELECT 1 FROM article_versions x WHERE x.article_id = v.article_id AND x.number > v.version AND x.editor_id <> v.verified_by) AS changed
		FROM article_verifications v JOIN users u ON u.id = v.verified_by WHERE v.article_id = ? ORDER BY v.id DESC LIMIT 1`, article.ID)
	if err != nil {
		return nil, fmt.Errorf("verification of article %d: %w", article.ID, err)
	}
	if len(found) > 0 {
		last := &found[0]
		trust.Verified, trust.VerifierName, trust.VerifierRole, trust.VerifierPicture, trust.Changed = &last.ArticleVerification, last.Name, last.Role, last.Picture, last.Changed
	}
	return trust, nil
}

// articleOwner is who answers for an article and still sees where it stands; nil for nobody.
func (q Queries) articleOwner(ctx context.Context, article *Article) (*Actor, error) {
	if article.OwnerID == nil {
		return nil, nil
	}
	owner, err := q.ActorByID(ctx, *article.OwnerID)
	if errors.Is(err, ErrNotFound) || err == nil && owner.Access(article.SpaceID) == nil {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("owner of article %d: %w", article.ID, err)
	}
	return owner, nil
}

// OwnArticle gives a locked article to somebody who writes in its space, or with 0 to nobody. changed is false if it was theirs already.
func (tx *Tx) OwnArticle(article *Article, ownerID int64) (changed bool, err error) {
	if orZero(article.OwnerID) == ownerID && article.OwnerGroupID == nil {
		return false, nil
	}
	var owner *int64
	if ownerID != 0 {
		found, err := tx.ActorByID(tx.ctx, ownerID)
		if errors.Is(err, ErrNotFound) || err == nil && (found.Service || !found.Can(WriteArticle, &Space{ID: article.SpaceID})) {
			return false, Invalid{"owner": "knowledge.owner_unknown"}
		}
		if err != nil {
			return false, err
		}
		owner = &ownerID
	}
	tx.given(article)
	article.OwnerID, article.OwnerGroupID = owner, nil
	return true, tx.belongs(article)
}

func (tx *Tx) belongs(article *Article) error {
	_, err := tx.exec("UPDATE articles SET owner_id = ?, owner_group_id = ?, owner_before = ?, owner_group_before = ?, given_by = ?, trust_reminded = 0 WHERE id = ?", article.OwnerID, article.OwnerGroupID, article.OwnerBefore, article.GroupBefore, article.GivenBy, article.ID)
	return err
}

// VerifyArticle says that a version of a locked article is right, for some months from now in a time zone. ErrConflict if it has another
// text by now. added is false if the actor has just said the same.
func (tx *Tx) VerifyArticle(article *Article, version, months int, zone *time.Location) (added bool, err error) {
	if !slices.Contains(Rhythms(), months) {
		return false, Invalid{"months": "knowledge.months_invalid"}
	}
	if version != article.Version {
		return false, fmt.Errorf("verify version %d of article %d: %w", version, article.ID, ErrConflict)
	}
	until := MonthsLater(tx.now.In(zone), months).UTC()
	last, err := tx.lastVerification(article)
	if err != nil {
		return false, err
	}
	if last != nil && last.Version == version && last.Months == months && last.VerifiedBy == tx.actorID() && until.Sub(last.VerifiedUntil) < time.Minute {
		return false, nil
	}
	made := &ArticleVerification{ArticleID: article.ID, Version: version, Months: months, VerifiedBy: tx.actorID(), VerifiedAt: tx.now, VerifiedUntil: until}
	if err := tx.create(made); err != nil {
		return false, err
	}
	return true, tx.holdsUntil(article, &until)
}

// UnverifyArticle takes the latest verification of a locked article back: the one before it holds again. ErrNotFound if there is none,
// ErrForbidden if it is somebody else's and the actor does not arrange the collection.
func (tx *Tx) UnverifyArticle(article *Article) error {
	last, err := tx.lastVerification(article)
	if err != nil {
		return err
	}
	if last == nil {
		return fmt.Errorf("article %d is not verified: %w", article.ID, ErrNotFound)
	}
	if last.VerifiedBy != tx.actorID() && !tx.actor.Can(ArrangeCollections, &Space{ID: article.SpaceID}) {
		return fmt.Errorf("verification %d is somebody else's: %w", last.ID, ErrForbidden)
	}
	if _, err := tx.exec("DELETE FROM article_verifications WHERE id = ?", last.ID); err != nil {
		return err
	}
	if last, err = tx.lastVerification(article); err != nil {
		return err
	}
	if last == nil {
		return tx.holdsUntil(article, nil)
	}
	return tx.holdsUntil(article, &last.VerifiedUntil)
}

func (tx *Tx) lastVerification(article *Article) (*ArticleVerification, error) {
	var found []ArticleVerification
	err := tx.raw(tx.ctx, &found, "SELECT * FROM article_verifications WHERE article_id = ? ORDER BY id DESC LIMIT 1", article.ID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func (tx *Tx) holdsUntil(article *Article, until *time.Time) error {
	article.VerifiedUntil = until
	_, err := tx.exec("UPDATE articles SET verified_until = ?, trust_reminded = 0 WHERE id = ?", until, article.ID)
	return err
}

// SoonDue is how long before the end of a verification the article is listed to be looked at again.
const SoonDue = 30 * 24 * time.Hour

// TrustQuery says which published articles to list that want looking after: those of the actor and their groups, or with a space all there, which the
// caller has found to be one whose collections the actor arranges. Ownerless asks there for those that nobody answers for: that nobody was given, or only somebody who has left or may no longer write there, or a group with nobody who may.
type TrustQuery struct {
	SpaceID   int64
	Ownerless bool
	Doubted   bool       // asks for those about which there are open doubts instead
	After     *TrustCard // the last of the page before
	Limit     int
}

// TrustCard is an article in the list of what wants looking after.
type TrustCard struct {
	ID              int64
	Title           string
	Lang            string
	Version         int
	CollectionTitle string
	VerifiedUntil   *time.Time
	DoubtCount      int
}

// Path is the address of the article.
func (c *TrustCard) Path() string { return ArticlePath(c.ID, c.Title) }

// TrustQueue lists articles whose verification ends soon or has ended, the longest ago first, or those without an owner.
func (q Queries) TrustQueue(ctx context.Context, actor *Actor, query TrustQuery) (cards []TrustCard, err error) {
	if query.Ownerless {
		return q.ownerless(ctx, actor, query)
	}
	var condition string
	var args []any
	order := "a.verified_until, a.id"
	if query.Doubted {
		condition, order = " AND a.doubt_count > 0", "a.id"
		if query.After != nil {
			condition, args = condition+" AND a.id > ?", append(args, query.After.ID)
		}
	} else {
		condition, args = " AND a.verified_until IS NOT NULL AND a.verified_until < ?", []any{q.present().Add(SoonDue)}
		if query.After != nil && query.After.VerifiedUntil != nil {
			condition, args = condition+" AND (a.verified_until, a.id) > (?, ?)", append(args, query.After.VerifiedUntil.UTC(), query.After.ID)
		}
	}
	parts, all, err := q.trustParts(ctx, actor, query, condition+" ORDER BY "+order+" LIMIT "+strconv.Itoa(query.Limit), args)
	if err != nil {
		return nil, err
	}
	err = q.raw(ctx, &cards, trustCards+"("+parts+") k JOIN articles a ON a.id = k.id JOIN collections c ON c.id = a.collection_id ORDER BY "+order+" LIMIT "+strconv.Itoa(query.Limit), all...)
	if err != nil {
		return nil, fmt.Errorf("articles to look after: %w", err)
	}
	return cards, nil
}

// trustParts is the query of the numbers of a queue: of the space, or of the actor and of each of their groups, each in order from its own index.
func (q Queries) trustParts(ctx context.Context, actor *Actor, query TrustQuery, rest string, args []any) (parts string, all []any, err error) {
	seen, list := q.visible(actor, "a.space_id")
	part := func(column string, id int64) {
		if parts != "" {
			parts += " UNION ALL "
		}
		parts += "SELECT * FROM (SELECT a.id FROM articles a WHERE a.state = 'published' AND " + column + " = ? AND " + seen + rest + ") n"
		all = append(append(all, id, list), args...)
	}
	if query.SpaceID != 0 {
		part("a.space_id", query.SpaceID)
		return parts, all, nil
	}
	part("a.owner_id", actor.ID)
	groups, err := q.owningGroups(ctx, actor)
	for _, id := range groups {
		part("a.owner_group_id", id)
	}
	return parts, all, err
}

// DueSpace is the first of the spaces whose collections the actor arranges where the verification of an article ends soon or has ended; 0
// for none.
func (q Queries) DueSpace(ctx context.Context, actor *Actor) (id int64, err error) {
	seen, list := q.visible(actor.where(ArrangeCollections), "s.id")
	err = q.raw(ctx, &id, `SELECT s.id FROM spaces s WHERE `+seen+` AND EXISTS (SELECT 1 FROM articles a WHERE a.space_id = s.id AND a.verified_until IS NOT NULL AND a.verified_until < ?
		AND a.state = 'published' LIMIT 1 OFFSET 0) ORDER BY s.id LIMIT 1`, list, q.present().Add(SoonDue))
	if err != nil {
		return 0, fmt.Errorf("space with articles to look after: %w", err)
	}
	return id, nil
}

const trustCards = "SELECT a.id, a.title, a.lang, a.version, c.title AS collection_title, a.verified_until, a.doubt_count FROM "

// ownerless lists the articles of a space that nobody answers for.
func (q Queries) ownerless(ctx context.Context, actor *Actor, query TrustQuery) (cards []TrustCard, err error) {
	lost, err := q.lostOwners(ctx, query.SpaceID)
	if err != nil {
		return nil, err
	}
	gone, err := q.lostGroups(ctx, query.SpaceID)
	if err != nil {
		return nil, err
	}
	after := int64(0)
	if query.After != nil {
		after = query.After.ID
	}
	limit := strconv.Itoa(query.Limit)
	keys := "SELECT * FROM (SELECT id FROM articles WHERE space_id = ? AND owner_id IS NULL AND owner_group_id IS NULL AND state = 'published' AND id > ? ORDER BY id LIMIT " + limit + ") n"
	args := []any{query.SpaceID, after}
	for column, ids := range map[string][]int64{"owner_id": lost, "owner_group_id": gone} {
		for _, id := range ids { // each from its own index, in order
			keys += " UNION ALL SELECT * FROM (SELECT id FROM articles WHERE space_id = ? AND " + column + " = ? AND state = 'published' AND id > ? ORDER BY id LIMIT " + limit + ") n"
			args = append(args, query.SpaceID, id, after)
		}
	}
	seen, list := q.visible(actor, "a.space_id")
	err = q.raw(ctx, &cards, trustCards+"("+keys+") k JOIN articles a ON a.id = k.id JOIN collections c ON c.id = a.collection_id WHERE "+seen+" ORDER BY a.id LIMIT "+limit, append(args, list)...)
	if err != nil {
		return nil, fmt.Errorf("articles without an owner: %w", err)
	}
	return cards, nil
}

// mostLost is how many owners who are gone are looked at for one list; their articles given to others, the next come.
const mostLost = 100

// lostOwners are those who own articles of a space and have left, or may no longer write there. The owners are stepped through one by one:
// there are far fewer than articles.
func (q Queries) lostOwners(ctx context.Context, spaceID int64) (ids []int64, err error) {
	here, now := q.here()
	err = q.raw(ctx, &ids, `WITH RECURSIVE o (id) AS (
			SELECT min(a.owner_id) FROM articles a WHERE a.space_id = ? AND a.owner_id IS NOT NULL AND a.state = 'published'
			UNION ALL SELECT (SELECT min(a.owner_id) FROM articles a WHERE a.space_id = ? AND a.owner_id > o.id AND a.state = 'published') FROM o WHERE o.id IS NOT NULL)
		SELECT o.id FROM o WHERE o.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users u JOIN spaces s ON s.id = ? LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id
			LEFT JOIN memberships r ON r.space_id = coalesce(s.within_id, s.id) AND r.user_id = u.id
			WHERE u.id = o.id AND `+here+" AND "+sees+" AND u.role NOT IN ('external', 'auditor') AND coalesce(r.role, '') <> 'reader') ORDER BY o.id LIMIT "+strconv.Itoa(mostLost), spaceID, spaceID, spaceID, now)
	if err != nil {
		return nil, fmt.Errorf("owners who are gone: %w", err)
	}
	return ids, nil
}
