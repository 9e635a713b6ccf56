package models

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Visibility says who may see a space.
type Visibility string

// Visibilities. Public is read by all, external by invited externals and named employees,
// company by all employees, restricted by members alone.
const (
	Public     Visibility = "public"
	External   Visibility = "external"
	Company    Visibility = "company"
	Restricted Visibility = "restricted"
)

// Visibilities lists them, widest first.
func Visibilities() []Visibility { return []Visibility{Public, Company, External, Restricted} }

// AdmitsExternals tells whether people from outside may be members, and read along in spaces of the kind. It is the
// visibility alone that says so: an external's membership of any other space counts for nothing.
func (v Visibility) AdmitsExternals() bool { return v == Public || v == External }

// Space is a bounded part of the community with its own audience, members and roles.
type Space struct {
	ID          int64
	Slug        string
	Title       string
	Description string
	Visibility  Visibility
	Joining     Joining
	Listed      bool // a restricted space that the company may know of, to ask to be let in
	Nameless    bool // people may begin threads there without their name

	OutsidersAsk bool   // people from outside may ask people to answer them there, and be asked
	AgreementID  *int64 // the version that holds, for outsiders
	ArchivedAt   *time.Time
	// Since when strangers may ask to be let in; see Registers.
	RegistrationAt *time.Time
	ImportRef      *string
	CreatedAt      time.Time
	WithinID       *int64 // the space around an enclosure; see RestrictCollection
}

// Joining says how people who may see a space become members of it.
type Joining string

// Ways to become a member.
const (
	JoinOpen       Joining = "open"
	JoinRequest    Joining = "request"
	JoinInvitation Joining = "invitation"
)

// Joinings lists them, widest first.
func Joinings() []Joining { return []Joining{JoinOpen, JoinRequest, JoinInvitation} }

func (s *Space) subject() (string, int64, int64) { return "space", s.ID, s.ID }

// Membership is a person's role in a space.
type Membership struct {
	SpaceID   int64
	UserID    int64
	Role      SpaceRole
	CreatedAt time.Time
}

var slugPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// reservedSlugs are addresses under /spaces that mean something else.
var reservedSlugs = []string{"new", "unmanaged"}

// Validate tidies the space and says which fields are wrong.
func (s *Space) Validate() error {
	s.Title = Calm(strings.TrimSpace(s.Title))
	s.Description = Calm(strings.TrimSpace(s.Description))
	if s.Joining == "" {
		s.Joining = usualJoining(s.Visibility)
	}
	problems := Invalid{}
	if !slugPattern.MatchString(s.Slug) || len(s.Slug) > 60 || slices.Contains(reservedSlugs, s.Slug) {
		problems["slug"] = "spaces.slug_invalid"
	}
	if n := utf8.RuneCountInString(s.Title); n == 0 || n > 100 || !readable(s.Title) {
		problems["title"] = "spaces.title_invalid"
	}
	if utf8.RuneCountInString(s.Description) > 1000 || s.Description != "" && !readable(s.Description) {
		problems["description"] = "spaces.description_invalid"
	}
	if !slices.Contains(Visibilities(), s.Visibility) {
		problems["visibility"] = "spaces.visibility_invalid"
	}
	s.validateEntrance(problems)
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// usualJoining is how people come in where nobody has said otherwise.
func usualJoining(v Visibility) Joining {
	if v == Public || v == Company {
		return JoinOpen
	}
	return JoinInvitation
}

// validateEntrance says which ways into the space do not go together.
func (s *Space) validateEntrance(problems Invalid) {
	switch {
	case !slices.Contains(Joinings(), s.Joining):
		problems["joining"] = "spaces.joining_invalid"
	case s.Visibility == Restricted && s.Joining == JoinOpen:
		problems["joining"] = "spaces.joining_restricted"
	case s.Visibility == Restricted && s.Joining == JoinRequest && !s.Listed:
		problems["joining"] = "spaces.joining_unlisted" // nobody could ask for what nobody knows of
	}
	if s.Listed && s.Visibility != Restricted {
		problems["listed"] = "spaces.listed_visible"
	}
}

// readable tells whether a short text can be stored and shown: valid UTF-8, no NUL, at least one visible sign.
func readable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsRune(s, 0) && strings.TrimSpace(s) != ""
}

// oneLine is a text without line breaks and doubled spaces, as calm as a name.
func oneLine(s string) string { return strings.Join(strings.Fields(Calm(s)), " ") }

// fits tells whether a line can be stored and shown and is no longer than it may be.
func fits(s string, limit int) bool { return readable(s) && utf8.RuneCountInString(s) <= limit }

// SpaceBySlug finds a space that the actor may see.
func (q Queries) SpaceBySlug(ctx context.Context, actor *Actor, slug string) (*Space, error) {
	condition, list := q.visible(actor, "id")
	space := &Space{}
	return space, q.one(ctx, space, "SELECT * FROM spaces WHERE slug = ? AND within_id IS NULL AND "+condition, slug, list)
}

// SpaceByID finds a space that the actor may see.
func (q Queries) SpaceByID(ctx context.Context, actor *Actor, id int64) (*Space, error) {
	condition, list := q.visible(actor, "id")
	space := &Space{}
	return space, q.one(ctx, space, "SELECT * FROM spaces WHERE id = ? AND "+condition, id, list)
}

// SpaceCard is a space in the list of spaces.
type SpaceCard struct {
	Space
	Role    SpaceRole // the actor's own
	Members int
}

// Spaces lists the spaces that the actor may see, by title.
func (q Queries) Spaces(ctx context.Context, actor *Actor) (cards []SpaceCard, err error) {
	condition, list := q.visible(actor, "s.id")
	return cards, q.raw(ctx, &cards, `SELECT s.*, coalesce(m.role, '') AS role,
		(SELECT count(*) FROM memberships c WHERE c.space_id = s.id) AS members
		FROM spaces s LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = ?
		WHERE s.within_id IS NULL AND `+condition+` ORDER BY s.title, s.id`, actor.ID, list)
}

// CreateSpace adds a space; its creator becomes its manager. A taken slug is a mistake at the field "slug".
func (tx *Tx) CreateSpace(space *Space) error {
	if err := space.Validate(); err != nil {
		return err
	}
	var taken bool
	if err := tx.raw(tx.ctx, &taken, "SELECT EXISTS (SELECT 1 FROM spaces WHERE slug = ?)", space.Slug); err != nil {
		return err
	}
	if taken {
		return Invalid{"slug": "spaces.slug_taken"}
	}
	space.CreatedAt = tx.now
	if err := tx.create(space); err != nil {
		return err
	}
	if tx.actor.SignedIn() {
		return tx.SetMember(space, &User{ID: tx.actor.ID, Role: tx.actor.Role}, SpaceManager)
	}
	return nil
}

// SaveSpace stores the title, description and audience of a space, how people come into it, and what is possible there.
func (tx *Tx) SaveSpace(space *Space) error {
	if err := space.Validate(); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE spaces SET title = ?, description = ?, visibility = ?, joining = ?, listed = ?, nameless = ?, outsiders_ask = ? WHERE id = ?",
		space.Title, space.Description, space.Visibility, space.Joining, space.Listed, space.Nameless, space.OutsidersAsk, space.ID)
	if err == nil {
		_, err = tx.exec("UPDATE spaces SET title = ? WHERE within_id = ?", space.Title, space.ID)
	}
	return err
}

// LockSpace finds a space that the actor may see, for a change: until the transaction ends nobody else changes it.
func (tx *Tx) LockSpace(id int64) (*Space, error) {
	if err := tx.lockSpace(id); err != nil {
		return nil, err
	}
	return tx.SpaceByID(tx.ctx, tx.actor, id)
}

// EditSpace is SaveSpace as a manager does it: a space whose only managers come from outside stays open to them.
func (tx *Tx) EditSpace(space *Space) error {
	return tx.keepManagers([]int64{space.ID}, Invalid{"visibility": "spaces.managers_external"}, func() error { return tx.SaveSpace(space) })
}

// ArchiveSpace leaves a space to be read and no longer written in.
func (tx *Tx) ArchiveSpace(space *Space) error {
	space.ArchivedAt = &tx.now
	_, err := tx.exec("UPDATE spaces SET archived_at = ? WHERE id = ? OR within_id = ?", tx.now, space.ID, space.ID)
	return err
}

// ReopenSpace undoes it.
func (tx *Tx) ReopenSpace(space *Space) error {
	space.ArchivedAt = nil
	_, err := tx.exec("UPDATE spaces SET archived_at = NULL WHERE id = ? OR within_id = ?", space.ID, space.ID)
	return err
}

// ListedSpaces are the restricted spaces that the actor may know of without being in them, by title.
func (q Queries) ListedSpaces(ctx context.Context, actor *Actor, limit int) (spaces []Space, err error) {
	if !actor.OfTheCompany() {
		return nil, nil
	}
	condition, list := q.visible(actor, "id")
	return spaces, q.raw(ctx, &spaces, "SELECT * FROM spaces WHERE listed AND visibility = 'restricted' AND archived_at IS NULL AND NOT ("+condition+") ORDER BY title, id LIMIT ?", list, limit)
}

// KnownSpace finds a space that the actor may see or at least may know of; inside tells which.
func (q Queries) KnownSpace(ctx context.Context, actor *Actor, slug string) (space *Space, inside bool, err error) {
	space, err = q.SpaceBySlug(ctx, actor, slug)
	if !errors.Is(err, ErrNotFound) {
		return space, err == nil, err
	}
	space = &Space{}
	if err := q.one(ctx, space, "SELECT * FROM spaces WHERE slug = ? AND listed AND visibility = 'restricted' AND archived_at IS NULL", slug); err != nil {
		return nil, false, err
	}
	if !actor.knowsOf(space) {
		return nil, false, ErrNotFound
	}
	return space, false, nil
}
