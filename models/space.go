package models

import (
	"context"
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

// Space is a bounded part of the community with its own audience, members and roles.
type Space struct {
	ID          int64
	Slug        string
	Title       string
	Description string
	Visibility  Visibility
	Joining     Joining
	Listed      bool   // a restricted space that the company may know of, to ask to be let in
	AgreementID *int64 // the version that holds, for outsiders
	ArchivedAt  *time.Time
	ImportRef   *string
	CreatedAt   time.Time
}

// Joining says how people who may see a space become members of it.
type Joining string

// Ways to become a member.
const (
	JoinOpen       Joining = "open"
	JoinRequest    Joining = "request"
	JoinInvitation Joining = "invitation"
)

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
var reservedSlugs = []string{"new"}

// Validate tidies the space and says which fields are wrong.
func (s *Space) Validate() error {
	s.Title = strings.TrimSpace(s.Title)
	s.Description = strings.TrimSpace(s.Description)
	if s.Joining == "" {
		s.Joining = JoinOpen
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
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// readable tells whether a short text can be stored and shown: valid UTF-8, no NUL, at least one visible sign.
func readable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsRune(s, 0) && strings.TrimSpace(s) != ""
}

// SpaceBySlug finds a space that the actor may see.
func (q Queries) SpaceBySlug(ctx context.Context, actor *Actor, slug string) (*Space, error) {
	condition, list := q.visible(actor, "id")
	space := &Space{}
	return space, q.one(ctx, space, "SELECT * FROM spaces WHERE slug = ? AND "+condition, slug, list)
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
		WHERE `+condition+` ORDER BY s.title, s.id`, actor.ID, list)
}

// Member is a person in a space's list of members.
type Member struct {
	ID           int64
	Name         string
	Email        string
	Role         Role
	Job          string
	Organisation string
	SpaceRole    SpaceRole
}

// Members lists a space's members by name, after the given name and id. Externals and visitors who have no
// role there may read a public space, but are not shown who of the company is in it.
func (q Queries) Members(ctx context.Context, actor *Actor, spaceID int64, afterName string, afterID int64, limit int) (members []Member, err error) {
	access := actor.Access(spaceID)
	if access == nil {
		return nil, ErrNotFound
	}
	if access.Role == "" && (actor.External() || !actor.SignedIn()) {
		return nil, nil
	}
	return members, q.raw(ctx, &members, `SELECT u.id, u.name, u.email, u.role, u.job, u.organisation, m.role AS space_role
		FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.space_id = ? AND (u.name, u.id) > (?, ?) ORDER BY u.name, u.id LIMIT ?`, spaceID, afterName, afterID, limit)
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

// SaveSpace stores the title, description and visibility of a space.
func (tx *Tx) SaveSpace(space *Space) error {
	if err := space.Validate(); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE spaces SET title = ?, description = ?, visibility = ? WHERE id = ?", space.Title, space.Description, space.Visibility, space.ID)
	return err
}

// SetMember gives a person a role in a space. Externals are let into public and external spaces only,
// and a space never loses its last manager.
func (tx *Tx) SetMember(space *Space, user *User, role SpaceRole) error {
	if !slices.Contains(SpaceRoles(), role) {
		return Invalid{"role": "spaces.role_invalid"}
	}
	if user.External() && space.Visibility != Public && space.Visibility != External {
		return Invalid{"email": "spaces.no_externals"}
	}
	if role != SpaceManager {
		if err := tx.keepManager(space.ID, user.ID); err != nil {
			return err
		}
	}
	return tx.grant(space.ID, user.ID, named, role)
}

// RemoveMember ends a person's membership; ErrNotFound if they had none. What they have through a group, they keep.
func (tx *Tx) RemoveMember(space *Space, userID int64) error {
	if err := tx.keepManager(space.ID, userID); err != nil {
		return err
	}
	return tx.ungrant(space.ID, userID, named)
}

// keepManager refuses to take the manager's role from the last one who has it.
func (tx *Tx) keepManager(spaceID, userID int64) error {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE" // two managers leaving at once must not both find the other
	}
	var managers []int64
	err := tx.raw(tx.ctx, &managers, "SELECT user_id FROM memberships WHERE space_id = ? AND role = 'manager' ORDER BY user_id LIMIT 2"+lock, spaceID)
	if err != nil {
		return err
	}
	if len(managers) == 1 && managers[0] == userID {
		return Invalid{"role": "spaces.last_manager"}
	}
	return nil
}
