package models

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// User is a person of the house: from the directory, invited from outside, or the pseudonym of an import.
type User struct {
	ID           int64
	Email        string // in lower case; empty for imported pseudonyms
	Name         string
	NameKey      string // the name in lower case without accents, to find it by
	Role         Role
	RuleRole     Role // the role that a rule of sign-in gave, if any; see SettleRules
	Job          string
	Site         string
	Department   string // the unit of the organisation they belong to
	JobFamily    string
	Organisation string // the company of an external person
	Locale       string // "fr", "en" or empty: not chosen
	Theme        string // "light", "dark" or empty: as the system
	ImportRef    *string
	ManagerID    *int64
	SponsorID    *int64     // the employee who answers for an external person
	Service      bool       // the account of a program: nobody signs in with it, and its sponsor answers for it
	ExpiresAt    *time.Time // when their access ends by itself
	UnansweredAt *time.Time // when it was noticed that nobody answers for an external person any more
	SeenAt       *time.Time
	Unseen       bool // others do not learn when they read and write
	DisabledAt   *time.Time
	CreatedAt    time.Time
	PictureID    *int64     // what they look like
	PictureFrom  string     // "self" once they have chosen it or none themselves; else the hash of the address that their provider gave
	ChangedAt    *time.Time // when what is known of them last changed; nil: not since they came

	// What the directory calls an account that it looks after by SCIM.
	UserName    *string
	UserNameKey *string // in small letters; one account has it
	ExternalID  *string // the directory's own key
	GivenName   string
	FamilyName  string
	RemovedAt   *time.Time // when the directory removed it

	MadeByDirectory bool // and not found here by it

	EraseAt    *time.Time // when the account will be erased, which they may take back until then
	MergedInto *int64     // the account of the same person into which this one has gone
}

func (u *User) subject() (string, int64, int64) { return "user", u.ID, 0 }

// External tells whether the person comes from outside the company.
func (u *User) External() bool { return u.Role == RoleExternal }

// Picture is the file with the person's picture, 0 for none.
func (u *User) Picture() int64 { return valueOf(u.PictureID) }

// Standing is the role that is shown beside the person's name.
func (u *User) Standing() Role {
	if u.Service {
		return RoleProgram
	}
	return u.Role
}

// Answers tells whether somebody can answer for people from outside.
func (u *User) Answers() bool { return u.Role != RoleExternal && u.Role != RoleAuditor && !u.Service }

// Identity binds an account to a subject of an identity provider; an e-mail address alone never does.
type Identity struct {
	Issuer    string
	Subject   string
	UserID    int64
	Claims    string // what the provider last said, see Known; empty before they have signed in
	CreatedAt time.Time
	SeenAt    *time.Time
}

// NormalEmail is the form in which an address is stored and compared.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Visitor is the actor of someone who is not signed in.
func (q Queries) Visitor(ctx context.Context) (*Actor, error) {
	actor := &Actor{}
	return actor, q.loadSpaces(ctx, actor)
}

// here is the condition that the person u has access to the house now.
func (q Queries) here() (condition string, now any) {
	return "u.disabled_at IS NULL AND (u.expires_at IS NULL OR u.expires_at > ?)", q.present()
}

// enters is here for whoever comes in by themselves: people, and no program.
func (q Queries) enters() (condition string, now any) {
	here, now := q.here()
	return "NOT u.service AND " + here, now
}

// ActorByID loads a person and what they may see; ErrNotFound if they are unknown or have left.
func (q Queries) ActorByID(ctx context.Context, id int64) (*Actor, error) {
	actor := &Actor{}
	here, now := q.here()
	err := q.one(ctx, actor, "SELECT id, name, email, role, job, site, locale, theme, seen_at, erase_at, service, unseen, coalesce(picture_id, 0) AS picture, EXISTS (SELECT 1 FROM hidden_authors h WHERE h.user_id = u.id) AS hides, EXISTS (SELECT 1 FROM followings f WHERE f.user_id = u.id) AS chooses, EXISTS (SELECT 1 FROM followings f WHERE f.user_id = u.id AND f.level = 'mute') OR EXISTS (SELECT 1 FROM thread_people p WHERE p.user_id = u.id AND p.level = 'mute') OR EXISTS (SELECT 1 FROM article_people p WHERE p.user_id = u.id AND p.level = 'mute') OR EXISTS (SELECT 1 FROM gathering_people p WHERE p.user_id = u.id AND p.level = 'mute') AS mutes FROM users u WHERE id = ? AND "+here, id, now)
	if err != nil {
		return nil, fmt.Errorf("load actor %d: %w", id, err)
	}
	return actor, q.loadSpaces(ctx, actor)
}

// UserByEmail finds an account by its address, for the command line and for owners.
func (q Queries) UserByEmail(ctx context.Context, email string) (*User, error) {
	user := &User{}
	return user, q.one(ctx, user, "SELECT * FROM users WHERE email = ? AND email <> ''", NormalEmail(email))
}

// UserWithAccess finds the account with an address of someone who may come in.
func (q Queries) UserWithAccess(ctx context.Context, email string) (*User, error) {
	user := &User{}
	enters, now := q.enters()
	return user, q.one(ctx, user, "SELECT u.* FROM users u WHERE u.email = ? AND u.email <> '' AND "+enters, NormalEmail(email), now)
}

// UserByIdentity finds the account bound to a subject of an identity provider.
func (q Queries) UserByIdentity(ctx context.Context, issuer, subject string) (*User, error) {
	user := &User{}
	return user, q.one(ctx, user, "SELECT u.* FROM users u JOIN identities i ON i.user_id = u.id WHERE i.issuer = ? AND i.subject = ?", issuer, subject)
}

// Identities are the subjects of identity providers that an account is bound to, oldest first.
func (q Queries) Identities(ctx context.Context, userID int64) (identities []Identity, err error) {
	return identities, q.raw(ctx, &identities, "SELECT * FROM identities WHERE user_id = ? ORDER BY created_at, issuer, subject LIMIT 20", userID)
}

// HasUsers tells whether anyone can sign in yet.
func (q Queries) HasUsers(ctx context.Context) (found bool, err error) {
	return found, q.raw(ctx, &found, "SELECT EXISTS (SELECT 1 FROM users WHERE import_ref IS NULL)")
}

// knows is the condition that the actor may know the person u: the company knows everyone; an external
// person those who share a space with them as members or wrote in one they may see.
func (q Queries) knows(a *Actor) (condition string, args []any) { return q.knowsAs(a, "u") }

// knowsAs is knows for the person of another name in the query.
func (q Queries) knowsAs(a *Actor, name string) (condition string, args []any) {
	if !a.External() && a.SignedIn() {
		return "1 = 1", nil
	}
	idea, list := q.visible(a, "i.space_id")
	member, own := q.visible(a.joined(), "m.space_id")
	comment, _ := q.visible(a, "ci.space_id")
	text := `(u.id = ? OR EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND ` + member + `)
		OR EXISTS (SELECT 1 FROM ideas i WHERE i.author_id = u.id AND i.state = 'published' AND ` + idea + `)
		OR EXISTS (SELECT 1 FROM co_authors w JOIN ideas i ON i.id = w.idea_id WHERE w.user_id = u.id AND w.state = 'joined' AND i.state = 'published' AND ` + idea + `)
		OR EXISTS (SELECT 1 FROM posts c JOIN ideas ci ON ci.id = c.idea_id WHERE c.author_id = u.id AND c.removed_at IS NULL AND ci.state = 'published' AND ` + comment + `))`
	return strings.ReplaceAll(text, "u.id", name+".id"), []any{a.ID, own, list, list, list}
}

// joined is the actor with only the spaces that they have a role in.
func (a *Actor) joined() *Actor {
	only := &Actor{ID: a.ID, Role: a.Role}
	for _, access := range a.Spaces {
		if access.Role != "" {
			only.Spaces = append(only.Spaces, access)
		}
	}
	return only
}

// Face is the picture of a person as the actor sees it: nobody has one for who is not signed in.
func (a *Actor) Face(picture int64) int64 {
	if !a.SignedIn() {
		return 0
	}
	return picture
}

// Person finds a person whom the actor may know. Of an account that has gone into another it finds that one.
func (q Queries) Person(ctx context.Context, actor *Actor, id int64) (*User, error) {
	condition, args := q.knows(actor)
	user := &User{}
	return user, q.one(ctx, user, "SELECT u.* FROM users u WHERE u.id = (SELECT coalesce(merged_into, id) FROM users WHERE id = ?) AND NOT "+aMask+" AND "+condition, append([]any{id}, args...)...)
}

// PeopleNamed suggests persons to mention: those the actor may know who may read the given space or,
// without a space, the company's own people. Externals are never shown the company at large.
func (q Queries) PeopleNamed(ctx context.Context, actor *Actor, space *Space, prefix string, limit int) (users []User, err error) {
	if !actor.SignedIn() || space != nil && actor.Access(space.ID) == nil {
		return nil, ErrNotFound
	}
	if space == nil && actor.External() {
		return nil, nil
	}
	known, args := q.knows(actor)
	readers := "u.role <> 'external'"
	if space != nil && space.Visibility != Company {
		member := "EXISTS (SELECT 1 FROM memberships r WHERE r.user_id = u.id AND r.space_id = ?)"
		args = append(args, space.ID)
		switch space.Visibility {
		case Public:
			readers = "(" + readers + " OR " + member + ")"
		case External:
			readers = member
		case Restricted:
			readers += " AND " + member
		}
	}
	pattern := likePrefix(nameKey(prefix))
	here, now := q.here()
	args = append(args, now, pattern, "% "+pattern, limit)
	return users, q.raw(ctx, &users, `SELECT u.* FROM users u WHERE `+known+` AND `+readers+` AND `+here+` AND u.import_ref IS NULL AND NOT u.service
		AND (u.name_key LIKE ? ESCAPE '\' OR u.name_key LIKE ? ESCAPE '\') ORDER BY u.name_key, u.id LIMIT ?`, args...)
}

// nameKey is the form in which names are looked for: "elodie" finds Élodie.
func nameKey(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(name)))
}

// likePrefix is the LIKE pattern for texts that begin with s.
func likePrefix(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

// CreateUser adds a person; a taken address is a mistake at the field "email".
func (tx *Tx) CreateUser(user *User) error {
	if err := tx.checkUser(user); err != nil {
		return err
	}
	if user.CreatedAt.IsZero() {
		user.CreatedAt = tx.now
	}
	if err := tx.create(user); err != nil {
		return err
	}
	return tx.saveWords(user)
}

// checkUser tidies a person's facts and says which are wrong.
func (tx *Tx) checkUser(user *User) error {
	user.Email = NormalEmail(user.Email)
	for _, text := range []*string{&user.Name, &user.Organisation, &user.Job, &user.Site} {
		*text = Calm(strings.TrimSpace(*text))
	}
	user.NameKey = nameKey(user.Name)
	problems := Invalid{}
	if user.Email != "" && !ValidEmail(user.Email) {
		problems["email"] = "users.email_invalid"
	}
	if utf8.RuneCountInString(user.Name) > 200 || !readable(user.Name) {
		problems["name"] = "users.name_invalid"
	}
	if utf8.RuneCountInString(user.Organisation) > 200 || user.Organisation != "" && !readable(user.Organisation) {
		problems["organisation"] = "users.organisation_invalid"
	}
	if !user.Role.Valid() {
		problems["role"] = "users.role_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	if user.Email == "" {
		return nil
	}
	switch other, err := tx.UserByEmail(tx.ctx, user.Email); {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case other.ID != user.ID:
		return Invalid{"email": "users.email_taken"}
	}
	return nil
}

// ValidEmail tells whether an address may be one.
func ValidEmail(email string) bool {
	name, domain, found := strings.Cut(email, "@")
	return found && name != "" && strings.Trim(domain, ".") != "" && len(email) <= 254 && !strings.ContainsAny(email, " \t\r\n\x00<>,;\"'")
}

// FirstOwner returns the owner of a house that nobody has entered yet, and makes their account if need
// be; ErrNotFound where anyone else has an account, or the owner has been in.
func (tx *Tx) FirstOwner(name string) (owner *User, made bool, err error) {
	if tx.postgres() { // two processes that start at once make one owner
		if _, err := tx.exec("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return nil, false, err
		}
	}
	found, err := tx.HasUsers(tx.ctx)
	if err != nil {
		return nil, false, err
	}
	if !found {
		owner = &User{Name: name, Role: RoleOwner}
		return owner, true, tx.CreateUser(owner)
	}
	owner = &User{}
	return owner, false, tx.one(tx.ctx, owner, `SELECT u.* FROM users u WHERE u.role = 'owner' AND u.email = '' AND u.import_ref IS NULL AND u.disabled_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM users o WHERE o.id <> u.id AND o.import_ref IS NULL)
		AND NOT EXISTS (SELECT 1 FROM events e WHERE e.actor_id = u.id AND e.verb = ?)`, UserSignedIn)
}

// Bind ties an account to a subject of an identity provider; ErrConflict if that subject has one already.
func (tx *Tx) Bind(userID int64, issuer, subject string) error {
	return tx.create(&Identity{Issuer: issuer, Subject: subject, UserID: userID, CreatedAt: tx.now})
}

// SaveProfile stores the name, address, job and site of a person.
func (tx *Tx) SaveProfile(user *User) error {
	if err := tx.checkUser(user); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE users SET name = ?, name_key = ?, email = ?, job = ?, site = ?, changed_at = ? WHERE id = ?", user.Name, user.NameKey, user.Email, user.Job, user.Site, tx.now, user.ID)
	if err == nil {
		err = tx.placeIdeas("i.author_id = ?", user.ID)
	}
	if err != nil {
		return err
	}
	return tx.saveWords(user)
}

// SaveJob stores the job family and the manager of a person.
func (tx *Tx) SaveJob(user *User) error {
	_, err := tx.exec("UPDATE users SET job_family = ?, manager_id = ?, changed_at = ? WHERE id = ?", user.JobFamily, user.ManagerID, tx.now, user.ID)
	return err
}

// SavePreferences stores a person's language and theme; empty means not chosen.
func (tx *Tx) SavePreferences(userID int64, locale, theme string) error {
	_, err := tx.exec("UPDATE users SET locale = ?, theme = ? WHERE id = ?", locale, theme, userID)
	return err
}

// SetUnseen says whether others learn when a person reads and writes.
func (tx *Tx) SetUnseen(userID int64, unseen bool) error {
	_, err := tx.exec("UPDATE users SET unseen = ? WHERE id = ?", unseen, userID)
	return err
}

// Disable ends a person's access at once and for good: their sessions, tokens and links are gone, and
// do not come back if they do. Their passkeys stay and open nothing meanwhile: no copy of one is in anybody's hands, and whoever
// comes back finds the way in that they had.
func (tx *Tx) Disable(userID int64) error {
	if _, err := tx.exec("UPDATE users SET disabled_at = ?, changed_at = ? WHERE id = ?", tx.now, tx.now, userID); err != nil {
		return err
	}
	if err := tx.WithdrawRequests(); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM tokens WHERE user_id = ?", userID); err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE login_links SET used_at = ? WHERE user_id = ? AND used_at IS NULL", tx.now, userID); err != nil {
		return err
	}
	return tx.EndSessions(userID)
}

// Enable gives a person whose access was ended the way in again; what was ended with it stays so.
func (tx *Tx) Enable(userID int64) error {
	_, err := tx.exec("UPDATE users SET disabled_at = NULL, removed_at = NULL, changed_at = ? WHERE id = ?", tx.now, userID)
	return err
}

// HoldOwners keeps the owners from being changed by others until the transaction ends.
func (tx *Tx) HoldOwners() error {
	if !tx.postgres() {
		return nil
	}
	_, err := tx.exec("SELECT 1 FROM users WHERE role = 'owner' ORDER BY id FOR NO KEY UPDATE")
	return err
}

// Seen stores when a person last opened the home page, so that it can say what is new since.
func (tx *Tx) Seen(userID int64) error {
	_, err := tx.exec("UPDATE users SET seen_at = ? WHERE id = ?", tx.now, userID)
	return err
}
