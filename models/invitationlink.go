package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// InvitationLink lets several people into a space, until its end or its last place. Each proves their address first, by an
// invitation of their own. One by domain has no secret: whoever proves an address of its domains comes in.
type InvitationLink struct {
	ID          int64
	SpaceID     int64
	Token       string // its hash
	Role        SpaceRole
	Domains     string // of the addresses that come in by it, apart by commas; empty: any
	ByDomain    bool
	Places      int // 0 by domain: as many as come
	Used        int
	InviterID   int64  // answers for those who come
	SponsorID   *int64 // in their place, if set
	AccessUntil time.Time
	CreatedAt   time.Time
	ExpiresAt   time.Time
	RevokedAt   *time.Time
}

func (k *InvitationLink) subject() (string, int64, int64) { return "invitation_link", k.ID, k.SpaceID }

// Bounds of links: how many people come in by one, how long it serves, how many domains it names, and how long an address
// takes to be proven. And of the letters for that, which anybody can have sent to an address that is not theirs: how many
// serve at once of one link for one address, how many go to one address in an hour, and how many by one link.
const (
	MaxPlaces        = 500
	MaxLinkDays      = 90
	MaxDomainDays    = 730
	maxDomains       = 20
	ProofLife        = time.Hour
	mostOpenProof    = 3
	mostProofsTo     = 6
	mostProofsByLink = 200
	mostOffersAtOnce = 5
)

// Open tells whether somebody could still come in by the link.
func (k *InvitationLink) Open(now time.Time) bool {
	return k.RevokedAt == nil && k.ExpiresAt.After(now) && !k.Full()
}

// Full tells whether its places are taken.
func (k *InvitationLink) Full() bool { return k.Places != 0 && k.Used >= k.Places }

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
	least, days := 1, time.Duration(MaxLinkDays)
	if k.ByDomain {
		least, days = 0, MaxDomainDays
	}
	if k.Places < least || k.Places > MaxPlaces {
		problems["places"] = "links.places_invalid"
	}
	if !k.ExpiresAt.After(now) || k.ExpiresAt.After(now.Add(days*day)) {
		problems["days"] = "links.days_invalid"
	}
	if len(domains) > maxDomains || slices.ContainsFunc(domains, func(d string) bool {
		return !ValidEmail("x@"+d) || !strings.Contains(strings.Trim(d, "."), ".") || strings.Contains(d, "@") || d != strings.Trim(d, ".")
	}) {
		problems["domains"] = "links.domains_invalid"
	}
	if !k.AccessUntil.After(now) || k.AccessUntil.After(now.Add(MaxAccess+day)) {
		problems["until"] = "invitations.until_invalid"
	}
	if k.ByDomain && len(domains) == 0 {
		problems["domains"] = "links.domains_missing"
	}
	if k.ByDomain && slices.ContainsFunc(domains, Webmail) {
		problems["domains"] = "links.domains_webmail"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// CreateInvitationLink stores a link of the actor's and returns its secret, which cannot be read again. That of one by domain
// is told to nobody.
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
	SponsorName string
}

// InvitationLinks lists those of a space, newest first, before an id.
func (q Queries) InvitationLinks(ctx context.Context, space *Space, before int64, limit int) (cards []InvitationLinkCard, err error) {
	return cards, q.raw(ctx, &cards, `SELECT k.*, u.name AS inviter_name, coalesce(a.name, '') AS sponsor_name FROM invitation_links k JOIN users u ON u.id = k.inviter_id LEFT JOIN users a ON a.id = k.sponsor_id
		WHERE k.space_id = ? AND k.id < ? ORDER BY k.id DESC LIMIT ?`, space.ID, beforeID(before), limit)
}

// linkServes is the condition that somebody can come in by the link k, which u has made.
const linkServes = "k.revoked_at IS NULL AND k.expires_at > ? AND (k.places = 0 OR k.used < k.places)"

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

// Offers are the links by domain that let an address in, newest first. Whoever came in by one before, or
// is in its space, is offered nothing by it: who was removed stays so.
func (q Queries) Offers(ctx context.Context, email string) (offers []Offer, err error) {
	_, domain, _ := strings.Cut(NormalEmail(email), "@")
	here, now := q.here()
	return offers, q.raw(ctx, &offers, `SELECT k.*, s.title FROM invitation_links k JOIN users u ON u.id = k.inviter_id JOIN spaces s ON s.id = k.space_id
		WHERE k.by_domain AND `+linkServes+` AND ',' || k.domains || ',' LIKE ? ESCAPE '\' AND `+here+` AND `+invites+`
		AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.link_id = k.id AND i.email = ? AND i.accepted_at IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM memberships o JOIN users p ON p.id = o.user_id WHERE o.space_id = k.space_id AND p.email = ?)
		ORDER BY k.id DESC LIMIT ?`, now, "%,"+likePrefix(domain+","), now, NormalEmail(email), NormalEmail(email), mostOffersAtOnce)
}

// Offer is a link by domain, and what its space is called.
type Offer struct {
	InvitationLink
	Title string
}

// Prove makes the invitation by which somebody at a link proves their address, and returns the secret of its letter; the
// secret is empty if letters enough are on their way to them, or by this link.
func (tx *Tx) Prove(link *InvitationLink, invitation *Invitation) (secret string, err error) {
	if many, err := tx.provesMany(link, invitation.Email); err != nil || many {
		return "", err
	}
	secret = newSecret()
	sponsor := link.InviterID
	if link.SponsorID != nil {
		sponsor = *link.SponsorID
	}
	invitation.LinkID, invitation.Token, invitation.Role, invitation.InviterID, invitation.SponsorID = &link.ID, hash(secret), link.Role, link.InviterID, sponsor
	invitation.AccessUntil, invitation.CreatedAt, invitation.SentAt, invitation.ExpiresAt = link.AccessUntil, tx.now, tx.now, tx.now.Add(ProofLife)
	if err := tx.create(invitation); err != nil {
		return "", err
	}
	_, err = tx.exec("INSERT INTO invitation_spaces (invitation_id, space_id) VALUES (?, ?)", invitation.ID, link.SpaceID)
	return secret, err
}

// provesMany tells whether one more letter to an address would be too many. Until the transaction ends nobody else asks at the link.
func (tx *Tx) provesMany(link *InvitationLink, email string) (many bool, err error) {
	if tx.postgres() {
		if _, err := tx.exec("SELECT 1 FROM invitation_links WHERE id = ? FOR NO KEY UPDATE", link.ID); err != nil {
			return false, err
		}
	}
	var sent struct{ Open, Here, ByLink int }
	hour := tx.now.Add(-ProofLife)
	err = tx.one(tx.ctx, &sent, `SELECT (SELECT count(*) FROM invitations WHERE link_id = ? AND email = ? AND accepted_at IS NULL AND expires_at > ?) AS open,
		(SELECT count(*) FROM invitations WHERE email = ? AND sent_at > ? AND link_id IS NOT NULL) AS here, (SELECT count(*) FROM invitations WHERE link_id = ? AND sent_at > ?) AS by_link`,
		link.ID, email, tx.now, email, hour, link.ID, hour)
	return sent.Open >= mostOpenProof || sent.Here >= mostProofsTo || sent.ByLink >= mostProofsByLink, err
}

// takePlace takes one of a link's places; ErrNotFound if there is none left, or the link has ended.
func (tx *Tx) takePlace(linkID int64) error {
	changed, err := tx.exec("UPDATE invitation_links SET used = used + 1 WHERE id = ? AND (places = 0 OR used < places) AND revoked_at IS NULL AND expires_at > ?", linkID, tx.now)
	if err == nil && changed == 0 {
		return fmt.Errorf("take a place of link %d: %w", linkID, ErrNotFound)
	}
	return err
}
