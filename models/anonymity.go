package models

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"slices"
	"strings"
)

// Anonymity says who can learn who wrote an idea, or who began a thread.
type Anonymity string

// Levels of anonymity. What an idea was posted under stays with it.
const (
	Named         Anonymity = "named"
	HiddenAuthors Anonymity = "hidden"     // no page names the author; the house knows whose idea it is, and lets them act on it
	Sealed        Anonymity = "sealed"     // as NotStored, but two keepers can find the author together, and the author is told: see seal.go
	NotStored     Anonymity = "not_stored" // nothing leads from the idea to its author, who comes back with a code
)

// Anonymities lists the levels from the most open on.
func Anonymities() []Anonymity { return []Anonymity{Named, HiddenAuthors, Sealed, NotStored} }

// Valid tells whether the level is one of the known ones.
func (a Anonymity) Valid() bool { return slices.Contains(Anonymities(), a) }

// Coded tells whether the author of an idea is known by a return code alone.
func (a Anonymity) Coded() bool { return a == Sealed || a == NotStored }

// HiddenName is how a mask is called: the account in whose name somebody hidden writes. Pages say it in the reader's language.
const HiddenName = "Hidden author"

// RoleHidden stands for a role where masks are named, so that they are told from people: nobody has it. See standing.
const RoleHidden Role = "hidden"

// maskRef begins the mark of the accounts that are masks. Nobody signs in with them, and no list of people has them.
const maskRef = "mask:"

// aMask is the condition that the account u is one.
const aMask = "coalesce(u.import_ref, '') LIKE '" + maskRef + "%'"

// hides is the condition that a person, its argument, hides behind the author of the idea i, and the house knows.
const hides = "i.author_id IN (SELECT h.mask_id FROM hidden_authors h WHERE h.user_id = ?)"

// behind is who is meant by the account that the SQL names: the person where it is a mask and the house knows whose.
func behind(account string) string {
	return "coalesce((SELECT h.user_id FROM hidden_authors h WHERE h.mask_id = " + account + "), " + account + ")"
}

// authorBehind is who is meant by the author of the idea i.
const authorBehind = "coalesce((SELECT h.user_id FROM hidden_authors h WHERE h.mask_id = i.author_id), i.author_id)"

// Person is who really acts where the actor is a mask, and else the actor.
func (a *Actor) Person() *Actor {
	if a.person != nil {
		return a.person
	}
	return a
}

// Masked tells whether somebody hidden acts.
func (a *Actor) Masked() bool { return a.person != nil }

// masked is the actor as somebody hidden: in the name of nobody, and with the rights of those who only take part, since what is
// done with more the log keeps beside whoever did it. A visitor with a code takes part where they read, as somebody from outside.
func (a *Actor) masked(mask int64) *Actor {
	as := *a
	as.ID, as.Name, as.Email, as.Job, as.Site, as.Picture, as.person = mask, HiddenName, "", "", "", 0, a
	as.Spaces, as.Inner = slices.Clone(a.Spaces), slices.Clone(a.Inner)
	for _, list := range [][]SpaceAccess{as.Spaces, as.Inner} {
		for i := range list {
			if role := &list[i].Role; *role != "" && *role != SpaceReader || a.Role == "" {
				*role = SpaceMember
			}
		}
	}
	switch a.Role {
	case RoleOwner, RoleManager, RoleModerator, RoleHR:
		as.Role = RoleEmployee
	case "":
		as.Role = RoleExternal
	}
	return &as
}

// MaskFor is the actor as they act on an idea: where they are its hidden author, or have the code of its author, its mask.
// The idea has yet to be loaded for whom it returns.
func (q Queries) MaskFor(ctx context.Context, actor *Actor, ideaID int64, code string) (*Actor, error) {
	if actor.Masked() || !actor.Hides && code == "" {
		return actor, nil
	}
	var mask int64
	seen, list := q.visible(actor, "i.space_id")
	err := q.one(ctx, &mask, "SELECT i.author_id FROM ideas i WHERE i.id = ? AND "+seen+" AND ("+hides+" OR i.author_id IN (SELECT c.mask_id FROM return_codes c WHERE c.hash = ?))",
		ideaID, list, actor.ID, hashCode(code))
	if errors.Is(err, ErrNotFound) {
		return actor, nil
	}
	if err != nil {
		return nil, err
	}
	return actor.masked(mask), nil
}

// MaskIn is MaskFor for a thread, whose hidden author the house always knows.
func (q Queries) MaskIn(ctx context.Context, actor *Actor, threadID int64) (*Actor, error) {
	if actor.Masked() || !actor.Hides {
		return actor, nil
	}
	var mask int64
	seen, list := q.visible(actor, "t.space_id")
	err := q.one(ctx, &mask, "SELECT t.author_id FROM threads t WHERE t.id = ? AND "+seen+" AND "+ofMasks("t.author_id"), threadID, list, actor.ID)
	if errors.Is(err, ErrNotFound) {
		return actor, nil
	}
	if err != nil {
		return nil, err
	}
	return actor.masked(mask), nil
}

// MaskAt is the actor as they act on what is named, without any code.
func (q Queries) MaskAt(ctx context.Context, actor *Actor, about About) (*Actor, error) {
	switch {
	case about.Thread != 0:
		return q.MaskIn(ctx, actor, about.Thread)
	case about.Article != 0, about.Gathering != 0: // nobody hides there
		return actor, nil
	}
	return q.MaskFor(ctx, actor, about.Idea, "")
}

// IdeaOfCode is the idea to which a return code leads, if the actor may read it: ErrNotFound for any other code.
func (q Queries) IdeaOfCode(ctx context.Context, actor *Actor, code string) (*Idea, error) {
	var found struct{ ID, MaskID int64 }
	err := q.one(ctx, &found, "SELECT i.id, c.mask_id FROM return_codes c JOIN ideas i ON i.author_id = c.mask_id WHERE c.hash = ?", hashCode(code))
	if err != nil {
		return nil, err
	}
	return q.Idea(ctx, actor.masked(found.MaskID), found.ID)
}

// Hide makes a mask for an idea or a thread that is about to be published and lets the rest of the transaction happen in its name. It
// returns the code with which an author comes back who is known by that alone, made of the seed.
func (tx *Tx) Hide(level Anonymity, seed string) (code string, err error) {
	ref := maskRef + strings.ToLower(rand.Text())
	mask := &User{Name: HiddenName, NameKey: nameKey(HiddenName), Role: RoleEmployee, ImportRef: &ref, DisabledAt: &tx.now, CreatedAt: tx.now}
	if err := tx.create(mask); err != nil {
		return "", err
	}
	if level.Coded() {
		code = ReturnCode(seed)
		_, err = tx.exec("INSERT INTO return_codes (hash, mask_id) VALUES (?, ?)", hashCode(code), mask.ID)
	} else {
		_, err = tx.exec("INSERT INTO hidden_authors (mask_id, user_id) VALUES (?, ?)", mask.ID, tx.actorID())
	}
	if err != nil {
		return "", err
	}
	tx.actor = tx.actor.masked(mask.ID)
	return code, nil
}

// FormsOfHidden is the account under which the numbers of forms that hidden people have sent are kept, for a day: of all, so
// that none leads to a person. It is made with the first.
func (tx *Tx) FormsOfHidden() (id int64, err error) {
	ref := maskRef + "all"
	_, err = tx.exec(`INSERT INTO users (name, name_key, role, import_ref, disabled_at, created_at) VALUES (?, ?, 'employee', ?, ?, ?)
		ON CONFLICT (import_ref) WHERE import_ref IS NOT NULL DO NOTHING`, HiddenName, nameKey(HiddenName), ref, tx.now, tx.now)
	if err != nil {
		return 0, err
	}
	return id, tx.one(tx.ctx, &id, "SELECT id FROM users WHERE import_ref = ?", ref)
}

// HiddenAnswer is Answer for a form that somebody hidden has sent.
func (q Queries) HiddenAnswer(ctx context.Context, key string) (*Answer, error) {
	answer := &Answer{}
	return answer, q.one(ctx, answer, "SELECT k.user_id, k.key, k.request_hash, k.result FROM idempotency_keys k JOIN users u ON u.id = k.user_id WHERE u.import_ref = ? AND k.key = ?", maskRef+"all", key)
}

// Promise is the level of a campaign, which nobody changes until the transaction ends.
func (tx *Tx) Promise(campaignID *int64) (level Anonymity, err error) {
	if campaignID == nil {
		return Named, nil
	}
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	var found Campaign
	err = tx.one(tx.ctx, &found, "SELECT anonymity FROM campaigns WHERE id = ?"+lock, *campaignID)
	return found.Anonymity, err
}

// Nameless tells whether threads can be begun in a space without a name, which nobody changes until the transaction ends.
func (tx *Tx) Nameless(spaceID int64) (bool, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR SHARE"
	}
	var found Space
	err := tx.one(tx.ctx, &found, "SELECT nameless FROM spaces WHERE id = ?"+lock, spaceID)
	return found.Nameless, err
}

// keepsPromise refuses another level for a campaign in which somebody has relied on the one it has, and to seal names in a campaign
// that is published when there is nobody yet to seal them for. A keeper who leaves later is no reason against any other change.
func (tx *Tx) keepsPromise(campaign *Campaign) error {
	var broken bool
	err := tx.raw(tx.ctx, &broken, "SELECT EXISTS (SELECT 1 FROM campaigns c JOIN ideas i ON i.campaign_id = c.id WHERE c.id = ? AND c.anonymity <> ?)", campaign.ID, campaign.Anonymity)
	if err == nil && broken {
		return Invalid{"anonymity": "anonymity.fixed"}
	}
	if err != nil || campaign.PublishedAt == nil || campaign.Anonymity != Sealed {
		return err
	}
	keepers, err := tx.SealKeepers(tx.ctx, campaign.ID)
	if err != nil || keepers.Ready() {
		return err
	}
	var before Campaign
	err = tx.one(tx.ctx, &before, "SELECT anonymity FROM campaigns WHERE id = ?", campaign.ID)
	if err == nil && before.Anonymity != Sealed {
		return Invalid{"anonymity": "seals.name_first"}
	}
	return err
}

// returnCodeLength is how many letters and digits a return code has, each of 5 bits.
const returnCodeLength = 20

// ReturnCode is the code that belongs to a seed, which only whoever sends the form has, so that a form that is sent twice shows
// the same code twice; any code where there is none.
func ReturnCode(seed string) string {
	if seed == "" {
		seed = rand.Text()
	}
	sum := sha256.Sum256([]byte("return code\x00" + seed))
	return base32.StdEncoding.EncodeToString(sum[:])[:returnCodeLength]
}

// SpellCode is a code as people write it down: in groups of four.
func SpellCode(code string) string {
	var groups []string
	for group := range slices.Chunk([]rune(code), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, "-")
}

// PlainCode is a code as it was made, however it was typed, and empty for what cannot be one. A code has neither 0 nor 1.
func PlainCode(code string) string {
	typed := strings.Map(func(r rune) rune {
		switch {
		case r == '0':
			return 'O'
		case r == '1':
			return 'I'
		case r >= 'A' && r <= 'Z' || r >= '2' && r <= '7':
			return r
		}
		return -1
	}, strings.ToUpper(code))
	if len(typed) != returnCodeLength {
		return ""
	}
	return typed
}

// hashCode is what is stored of a code; nothing is stored of what cannot be one.
func hashCode(code string) string {
	if code = PlainCode(code); code == "" {
		return ""
	}
	return hash("return code " + code)
}
