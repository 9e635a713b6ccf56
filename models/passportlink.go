package models

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"
)

// LinkAudience says who may open a link to a passport.
type LinkAudience string

// Audiences of links: the people of the house, or anyone, if the house allows that.
const (
	LinkHouse  LinkAudience = "house"
	LinkAnyone LinkAudience = "anyone"
)

// PassportLink shows chapters of somebody's passport to others, until it expires or they take it back.
type PassportLink struct {
	ID        int64
	UserID    int64
	Token     string
	Audience  LinkAudience
	Chapters  string // their kinds, separated by commas
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Bounds of links.
const (
	MaxPassportLinks    = 20
	MaxPassportLinkDays = 365
)

// Kinds are the chapters that the link shows, in the order of a passport.
func (l *PassportLink) Kinds() (kinds []PassportKind) {
	chosen := strings.Split(l.Chapters, ",")
	for _, kind := range PassportKinds() {
		if slices.Contains(chosen, string(kind)) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// Path is the address of the link.
func (l *PassportLink) Path() string { return "/passports/" + l.Token }

// CreatePassportLink makes a link to chapters of the actor's passport for some days.
func (tx *Tx) CreatePassportLink(kinds []PassportKind, audience LinkAudience, days int) (*PassportLink, error) {
	link := &PassportLink{UserID: tx.actorID(), Token: strings.ToLower(rand.Text()), Audience: audience, CreatedAt: tx.now, ExpiresAt: tx.now.Add(time.Duration(days) * day)}
	var chosen []string
	for _, kind := range PassportKinds() {
		if slices.Contains(kinds, kind) {
			chosen = append(chosen, string(kind))
		}
	}
	link.Chapters = strings.Join(chosen, ",")
	problems := Invalid{}
	if len(chosen) == 0 || len(chosen) != len(kinds) {
		problems["chapters"] = "passports.link.chapters_invalid"
	}
	if days < 1 || days > MaxPassportLinkDays {
		problems["days"] = "passports.link.days_invalid"
	}
	if audience != LinkHouse && audience != LinkAnyone {
		problems["audience"] = "passports.link.audience_invalid"
	}
	if len(problems) > 0 {
		return nil, problems
	}
	links, err := tx.PassportLinks(tx.ctx, tx.actor)
	if err != nil {
		return nil, err
	}
	if len(links) >= MaxPassportLinks {
		return nil, Invalid{"chapters": "passports.link.many"}
	}
	return link, tx.create(link)
}

// PassportLinks are the actor's own links that still open, the newest first.
func (q Queries) PassportLinks(ctx context.Context, actor *Actor) (links []PassportLink, err error) {
	return links, q.raw(ctx, &links, "SELECT * FROM passport_links WHERE user_id = ? AND expires_at > ? ORDER BY id DESC LIMIT ?", actor.ID, q.present(), MaxPassportLinks)
}

// RevokePassportLink ends one of the actor's own links at once; false if there is none.
func (tx *Tx) RevokePassportLink(id int64) (bool, error) {
	n, err := tx.exec("DELETE FROM passport_links WHERE id = ? AND user_id = ?", id, tx.actorID())
	return n > 0, err
}

// PassportLink finds a link that still opens, of somebody who is still here; ErrNotFound for any other token.
func (q Queries) PassportLink(ctx context.Context, token string) (*PassportLink, error) {
	link := &PassportLink{}
	enters, now := q.enters()
	return link, q.one(ctx, link, "SELECT l.* FROM passport_links l JOIN users u ON u.id = l.user_id WHERE l.token = ? AND l.expires_at > ? AND "+enters, token, q.present(), now)
}

// SharedChapter is a chapter of a passport as the reader of a link has it.
type SharedChapter struct {
	Kind  PassportKind
	List  []Contribution // for ideas that the reader may read too, newest first
	Total int            // with those that they may not
}

// SharedPassport is what a link shows of its owner's passport to a reader: by title only what both may read, of the rest how much it
// is. What somebody evaluated is never told by title: it would say whose scores an idea has.
func (q Queries) SharedPassport(ctx context.Context, link *PassportLink, reader *Actor, limit int) (owner *Actor, chapters []SharedChapter, err error) {
	if owner, err = q.ActorByID(ctx, link.UserID); err != nil {
		return nil, nil, err
	}
	both := &Actor{ID: owner.ID, Role: owner.Role}
	for _, access := range owner.Spaces {
		if reader.Access(access.ID) != nil {
			both.Spaces = append(both.Spaces, access)
		}
	}
	for _, kind := range link.Kinds() {
		chapter := SharedChapter{Kind: kind}
		if chapter.Total, err = q.countChapter(ctx, owner, kind); err != nil {
			return nil, nil, err
		}
		if kind != Assessed && chapter.Total > 0 {
			if chapter.List, err = q.chapter(ctx, both, kind, limit); err != nil {
				return nil, nil, err
			}
		}
		if chapter.Total > 0 {
			chapters = append(chapters, chapter)
		}
	}
	return owner, chapters, nil
}
