package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// InvitationLink lets several people into a space, until its end or its last place. Each proves their address first, by an
// invitation of their own.
type InvitationLink struct {
	ID          int64
	SpaceID     int64
	Token       string // its hash
	Role        SpaceRole
	Domains     string // of the addresses that come in by it, apart by commas; empty: any
	Places      int
	Used        int
	InviterID   int64 // answers for those who come
	AccessUntil time.Time
	CreatedAt   time.Time
	ExpiresAt   time.Time
	RevokedAt   *time.Time
}

func (k *InvitationLink) subject() (string, int64, int64) { return "invitation_link", k.ID, k.SpaceID }

// Bounds of links: how many people come in by one, how long it serves, how many domains it names, how long an address
// takes to be proven, and how often one is asked to.
const (
	MaxPlaces     = 500
	MaxLinkDays   = 90
	maxDomains    = 20
	ProofLife     = time.Hour
	mostOpenProof = 3
)

// Open tells whether somebody could still come in by the link.
func (k *InvitationLink) Open(now time.Time) bool {
	return k.RevokedAt == nil && k.ExpiresAt.After(now) && k.Used < k.Places
}

// Admits tells whether an address is one of those that come in by the link.
func (k *InvitationLink) Admits(email string) bool {
	_, domain, _ := strings.Cut(NormalEmail(email), "@")
	return k.Domains == "" || slices.Contains(strings.Split(k.Domains, ","), domain)
}

func (k *InvitationLink) validate(now time.Time) error {
	domains := strings.FieldsFunc(strings.ToLower(k.Domains), func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\r' || r == '\t' })
	k.Domains = strings.Join(domains, ",")
	problems := Invalid{}
	if !slices.Contains(InvitedRoles(), k.Role) {
		problems["role"] = "invitations.role_invalid"
	}
	if k.Places < 1 || k.Places > MaxPlaces {
		problems["places"] = "links.places_invalid"
	}
	if !k.ExpiresAt.After(now) || k.ExpiresAt.After(now.Add(MaxLinkDays*day)) {
		problems["days"] = "links.days_invalid"
	}
	if len(domains) > maxDomains || slices.ContainsFunc(domains, func(d string) bool {
		return !ValidEmail("x@"+d) || !strings.Contains(d, ".") || strings.Contains(d, "@")
	}) {
		problems["domains"] = "links.domains_invalid"
	}
	if !k.AccessUntil.After(now) || k.AccessUntil.After(now.Add(MaxAccess+day)) {
		problems["until"] = "invitations.until_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// CreateInvitationLink stores a link of the actor's and returns its secret, which cannot be read again.
func (tx *Tx) CreateInvitationLink(link *InvitationLink) (secret string, err error) {
	if err := link.validate(tx.now); err != nil {
		return "", err
	}
	secret = newSecret()
	link.Token, link.InviterID, link.CreatedAt, link.AccessUntil = hash(secret), tx.actorID(), tx.now, link.AccessUntil.UTC()
	return secret, tx.create(link)
}

// InvitationLinkCard is a link as the list shows it.
type InvitationLinkCard struct {
	InvitationLink
	InviterName string
}

// InvitationLinks lists those of a space, newest first, before an id.
func (q Queries) InvitationLinks(ctx context.Context, space *Space, before int64, limit int) (cards []InvitationLinkCard, err error) {
	return cards, q.raw(ctx, &cards, `SELECT k.*, u.name AS inviter_name FROM invitation_links k JOIN users u ON u.id = k.inviter_id
		WHERE k.space_id = ? AND k.id < ? ORDER BY k.id DESC LIMIT ?`, space.ID, beforeID(before), limit)
}

// linkServes is the condition that somebody can come in by the link k, which u has made.
const linkServes = "k.revoked_at IS NULL AND k.expires_at > ? AND k.used < k.places"

// OpenLink finds the link that a secret opens, and its space; ErrNotFound if nobody can come in by it, whatever the reason.
func (q Queries) OpenLink(ctx context.Context, secret string) (*InvitationLink, *Space, error) {
	here, now := q.here()
	link, space := &InvitationLink{}, &Space{}
	err := q.one(ctx, link, "SELECT k.* FROM invitation_links k JOIN users u ON u.id = k.inviter_id WHERE k.token = ? AND "+linkServes+" AND "+here, hash(secret), now, now)
	if err != nil {
		return nil, nil, err
	}
	return link, space, q.one(ctx, space, "SELECT s.* FROM spaces s JOIN users u ON u.id = ? WHERE s.id = ? AND "+invites, link.InviterID, link.SpaceID)
}

// RevokeLink ends a link of a space at once, for those too who are just proving their address; changed is false if it had
// been ended before.
func (tx *Tx) RevokeLink(space *Space, id int64) (link *InvitationLink, changed bool, err error) {
	link = &InvitationLink{}
	if err := tx.one(tx.ctx, link, "SELECT * FROM invitation_links WHERE id = ? AND space_id = ?", id, space.ID); err != nil {
		return nil, false, err
	}
	n, err := tx.exec("UPDATE invitation_links SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", tx.now, id)
	return link, n > 0, err
}

// Prove makes the invitation by which somebody at a link proves their address, and returns the secret of its letter; the
// secret is empty if letters enough are on their way to them.
func (tx *Tx) Prove(link *InvitationLink, invitation *Invitation) (secret string, err error) {
	var open int
	err = tx.raw(tx.ctx, &open, "SELECT count(*) FROM invitations WHERE link_id = ? AND email = ? AND accepted_at IS NULL AND expires_at > ?", link.ID, invitation.Email, tx.now)
	if err != nil || open >= mostOpenProof {
		return "", err
	}
	secret = newSecret()
	invitation.LinkID, invitation.Token, invitation.Role, invitation.InviterID, invitation.SponsorID = &link.ID, hash(secret), link.Role, link.InviterID, link.InviterID
	invitation.AccessUntil, invitation.CreatedAt, invitation.SentAt, invitation.ExpiresAt = link.AccessUntil, tx.now, tx.now, tx.now.Add(ProofLife)
	if err := tx.create(invitation); err != nil {
		return "", err
	}
	_, err = tx.exec("INSERT INTO invitation_spaces (invitation_id, space_id) VALUES (?, ?)", invitation.ID, link.SpaceID)
	return secret, err
}

// takePlace takes one of a link's places; ErrNotFound if there is none left, or the link has ended.
func (tx *Tx) takePlace(linkID int64) error {
	changed, err := tx.exec("UPDATE invitation_links SET used = used + 1 WHERE id = ? AND used < places AND revoked_at IS NULL AND expires_at > ?", linkID, tx.now)
	if err == nil && changed == 0 {
		return fmt.Errorf("take a place of link %d: %w", linkID, ErrNotFound)
	}
	return err
}
