package models

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// SealKey is what somebody who keeps seals opens them with. Its secret is of use to whoever knows the passphrase.
type SealKey struct {
	ID        int64
	UserID    int64
	Recipient string
	Secret    string
	MadeAt    time.Time
	Tries     int // of passphrases, since one was right
	TriedAt   *time.Time
}

// SealKeeper is one of the two who keep the seals of a campaign, in a role such as that of an elected representative.
type SealKeeper struct {
	CampaignID int64
	Position   int // 1 or 2
	UserID     int64
	Role       string
	Name       string
	Email      string
	KeyID      int64 // the newest, 0 for none
	Recipient  string
	Here       bool // has access to the house
}

// SealKeepers are those of a campaign.
type SealKeepers []SealKeeper

// Bounds of seals.
const (
	keepersOfSeal = 2
	MaxKeeperRole = 60
	minPassphrase = 16
	maxPassphrase = 200
	sealTries     = 5                // wrong passphrases in a row
	sealWait      = 15 * time.Minute // before the next ones
)

// Ready tells whether something can be sealed for them: two people who are there and have made a key.
func (k SealKeepers) Ready() bool {
	for i := range k {
		if !k[i].Here || k[i].KeyID == 0 {
			return false
		}
	}
	return len(k) == keepersOfSeal && k[0].UserID != k[1].UserID
}

// Mark names the keys for which it is sealed now; whoever writes was shown these.
func (k SealKeepers) Mark() string {
	if !k.Ready() {
		return ""
	}
	return strconv.FormatInt(k[0].KeyID, 10) + "-" + strconv.FormatInt(k[1].KeyID, 10)
}

// Of tells whether the person is one of them.
func (k SealKeepers) Of(userID int64) bool {
	for i := range k {
		if k[i].UserID == userID {
			return true
		}
	}
	return false
}

// SealKeepers are those of a campaign that the actor sees, with their newest keys.
func (q Queries) SealKeepers(ctx context.Context, campaignID int64) (keepers SealKeepers, err error) {
	here, now := q.enters()
	return keepers, q.raw(ctx, &keepers, `SELECT k.campaign_id, k.position, k.user_id, k.role, u.name, u.email, coalesce(s.id, 0) AS key_id, coalesce(s.recipient, '') AS recipient, (`+here+`) AS here
		FROM seal_keepers k JOIN users u ON u.id = k.user_id LEFT JOIN seal_keys s ON s.id = (SELECT max(m.id) FROM seal_keys m WHERE m.user_id = k.user_id)
		WHERE k.campaign_id = ? ORDER BY k.position LIMIT ?`, now, campaignID, keepersOfSeal)
}

// Keepers are SealKeepers of a campaign that seals the names of its authors; none of any other.
func (q Queries) Keepers(ctx context.Context, campaign *Campaign) (SealKeepers, error) {
	if campaign == nil || campaign.Anonymity != Sealed {
		return nil, nil
	}
	return q.SealKeepers(ctx, campaign.ID)
}

// NewKeeper is somebody who is named to keep seals; Person is nil where an address is nobody's.
type NewKeeper struct {
	Person *Actor
	Role   string
}

// SetSealKeepers names who keeps the seals of a locked campaign from now on, and returns those who did not before. What is sealed
// already stays with those for whom it was.
func (tx *Tx) SetSealKeepers(campaign *Campaign, named [keepersOfSeal]NewKeeper) (added []int64, err error) {
	problems := Invalid{}
	for i := range named {
		place := strconv.Itoa(i + 1)
		person := named[i].Person
		if person == nil || !person.OfTheCompany() || person.Service || person.Access(campaign.SpaceID) == nil {
			problems["keeper_"+place] = "seals.keeper_unknown"
		}
		if named[i].Role = oneLine(named[i].Role); !fits(named[i].Role, MaxKeeperRole) {
			problems["role_"+place] = "seals.role_invalid"
		}
	}
	if len(problems) == 0 && named[0].Person.ID == named[1].Person.ID {
		problems["keeper_2"] = "seals.keeper_twice"
	}
	if len(problems) == 0 && strings.EqualFold(named[0].Role, named[1].Role) {
		problems["role_2"] = "seals.role_twice"
	}
	if len(problems) > 0 {
		return nil, problems
	}
	before, err := tx.SealKeepers(tx.ctx, campaign.ID)
	if err != nil {
		return nil, err
	}
	if _, err := tx.exec("DELETE FROM seal_keepers WHERE campaign_id = ?", campaign.ID); err != nil {
		return nil, err
	}
	for i, keeper := range named {
		if _, err := tx.exec("INSERT INTO seal_keepers (campaign_id, position, user_id, role) VALUES (?, ?, ?, ?)", campaign.ID, i+1, keeper.Person.ID, keeper.Role); err != nil {
			return nil, err
		}
		if !before.Of(keeper.Person.ID) {
			added = append(added, keeper.Person.ID)
		}
	}
	return added, nil
}

// CheckPassphrase says what is wrong with a passphrase for a new key.
func CheckPassphrase(passphrase, again string) error {
	switch n := len([]rune(passphrase)); {
	case n < minPassphrase || n > maxPassphrase || !readable(passphrase):
		return Invalid{"passphrase": "seals.passphrase_short"}
	case passphrase != again:
		return Invalid{"again": "seals.passphrase_differs"}
	}
	return nil
}

// MayKeepSeals tells whether somebody has named the actor to keep seals, or they have a key already.
func (q Queries) MayKeepSeals(ctx context.Context, actor *Actor) (yes bool, err error) {
	if !actor.OfTheCompany() || actor.Service {
		return false, nil
	}
	return yes, q.raw(ctx, &yes, "SELECT EXISTS (SELECT 1 FROM seal_keepers WHERE user_id = ?) OR EXISTS (SELECT 1 FROM seal_keys WHERE user_id = ?)", actor.ID, actor.ID)
}

// KeepsSealsOf are the campaigns whose seals the actor keeps and which they see, the newest first.
func (q Queries) KeepsSealsOf(ctx context.Context, actor *Actor, limit int) (campaigns []Campaign, err error) {
	condition, args := q.readableCampaign(actor)
	return campaigns, q.raw(ctx, &campaigns, "SELECT c.id, c.title, c.lang, c.space_id, c.anonymity FROM seal_keepers k JOIN campaigns c ON c.id = k.campaign_id WHERE k.user_id = ? AND "+condition+" ORDER BY c.id DESC LIMIT ?",
		append(append([]any{actor.ID}, args...), limit)...)
}

// AddSealKey stores a key of the actor, for what is sealed from now on.
func (tx *Tx) AddSealKey(recipient, secret string) error {
	return tx.create(&SealKey{UserID: tx.actorID(), Recipient: recipient, Secret: secret, MadeAt: tx.now})
}

// SealKeys are the keys of the actor, newest first.
func (q Queries) SealKeys(ctx context.Context, actor *Actor, limit int) (keys []SealKey, err error) {
	return keys, q.raw(ctx, &keys, "SELECT * FROM seal_keys WHERE user_id = ? ORDER BY id DESC LIMIT ?", actor.ID, limit)
}

// TrySealKey counts an attempt to open a key of the actor before it is made: a mistake at the field "passphrase" if there were too many.
func (tx *Tx) TrySealKey(id int64) (*SealKey, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	key := &SealKey{}
	if err := tx.one(tx.ctx, key, "SELECT * FROM seal_keys WHERE id = ? AND user_id = ?"+lock, id, tx.actorID()); err != nil {
		return nil, fmt.Errorf("seal key %d: %w", id, err)
	}
	if key.Tries >= sealTries {
		if key.TriedAt.Add(sealWait).After(tx.now) {
			return nil, Invalid{"passphrase": "seals.passphrase_wait"}
		}
		key.Tries = 0
	}
	key.Tries++
	_, err := tx.exec("UPDATE seal_keys SET tries = ?, tried_at = ? WHERE id = ?", key.Tries, tx.now, id)
	return key, err
}

// SealKeyOpened forgets the attempts, since the passphrase was right.
func (tx *Tx) SealKeyOpened(id int64) error {
	_, err := tx.exec("UPDATE seal_keys SET tries = 0 WHERE id = ?", id)
	return err
}

// Seal encrypts for the keepers of a campaign, whose mark whoever writes was shown, who is behind the mask in whose name the
// transaction goes on; nobody keeps the seal of an idea of their own.
func (tx *Tx) Seal(campaignID int64, mark string) error {
	keepers, err := tx.SealKeepers(tx.ctx, campaignID)
	if err != nil {
		return err
	}
	author, mask := tx.actor.Person().ID, tx.actorID()
	switch {
	case !keepers.Ready():
		return Invalid{"anonymity": "seals.not_ready"}
	case keepers.Of(author):
		return Invalid{"anonymity": "seals.keeper_writes"}
	case keepers.Mark() != mark:
		return Invalid{"anonymity": "anonymity.changed"}
	}
	first, second := keepers[0], keepers[1]
	outerFirst, err := sealTwice(first.Recipient, second.Recipient, sealed(mask, author))
	if err != nil {
		return err
	}
	outerSecond, err := sealTwice(second.Recipient, first.Recipient, sealed(mask, author))
	if err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO seals (mask_id, first_key, second_key, for_first, for_second, sealed_at) VALUES (?, ?, ?, ?, ?, ?)", mask, first.KeyID, second.KeyID, outerFirst, outerSecond, tx.now)
	return err
}

// sealTwice encrypts for one key inside an encryption for another.
func sealTwice(outer, inner string, plain []byte) (string, error) {
	once, err := sealFor(inner, plain)
	if err != nil {
		return "", err
	}
	return sealFor(outer, []byte(once))
}

// Holder is one of the two whose keys open a seal; without a name if the key has gone with its keeper.
type Holder struct {
	KeyID     int64
	UserID    int64
	Name      string
	Recipient string
	Here      bool
}

// SealedIdea is a sealed idea as those see it who can open the seal.
type SealedIdea struct {
	ID      int64
	SpaceID int64
	Title   string
	Lang    string
	State   State
	MaskID  int64
	Holders [keepersOfSeal]Holder `gorm:"-"` // none has a key if the seal is destroyed
	forKey  [keepersOfSeal]string
}

// Path is the address of the idea.
func (s *SealedIdea) Path() string { return (&Idea{ID: s.ID, Title: s.Title}).Path() }

func (s *SealedIdea) subject() (string, int64, int64) { return "idea", s.ID, s.SpaceID }

// Place is which of the two holders the person is, -1 for neither.
func (s *SealedIdea) Place(userID int64) int {
	for i := range s.Holders {
		if s.Holders[i].KeyID != 0 && s.Holders[i].UserID == userID {
			return i
		}
	}
	return -1
}

// Opens tells whether the two could open it: both keys are there, and of two people who are.
func (s *SealedIdea) Opens() bool {
	return s.Holders[0].UserID != 0 && s.Holders[1].UserID != 0 && s.Holders[0].UserID != s.Holders[1].UserID && s.Holders[0].Here && s.Holders[1].Here
}

// SealOf finds the seal of an idea in a space that the actor sees, whether the idea is published or not: ErrNotFound for any other
// idea. Whoever has a place there may ask to open it; an idea that is not published is for these two alone, which the caller sees to.
func (q Queries) SealOf(ctx context.Context, actor *Actor, ideaID int64) (*SealedIdea, error) {
	seen, list := q.visible(actor, "i.space_id")
	here, now := q.enters()
	var rows []struct {
		SealedIdea
		KeyID     int64
		ForKey    string
		UserID    int64
		Name      string
		Recipient string
		Here      bool
	}
	side := func(place, key, text string) string {
		return "SELECT " + place + ` AS place, i.id, i.space_id, i.title, i.lang, i.state, i.author_id AS mask_id, coalesce(s.` + key + `, 0) AS key_id, coalesce(s.` + text + `, '') AS for_key,
			coalesce(u.id, 0) AS user_id, coalesce(u.name, '') AS name, coalesce(k.recipient, '') AS recipient, coalesce(` + here + `, FALSE) AS here
			FROM ideas i LEFT JOIN seals s ON s.mask_id = i.author_id LEFT JOIN seal_keys k ON k.id = s.` + key + ` LEFT JOIN users u ON u.id = k.user_id
			WHERE i.id = ? AND i.anonymity = 'sealed' AND ` + seen
	}
	err := q.raw(ctx, &rows, side("1", "first_key", "for_first")+" UNION ALL "+side("2", "second_key", "for_second")+" ORDER BY place", now, ideaID, list, now, ideaID, list)
	if err == nil && len(rows) != keepersOfSeal {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("seal of idea %d: %w", ideaID, err)
	}
	seal := rows[0].SealedIdea
	for i := range rows {
		seal.Holders[i] = Holder{rows[i].KeyID, rows[i].UserID, rows[i].Name, rows[i].Recipient, rows[i].Here}
		seal.forKey[i] = rows[i].ForKey
	}
	return &seal, nil
}

// Half takes the encryption for one of the holders off a seal: what is left, the other one alone can open.
func (s *SealedIdea) Half(place int, opener *SealOpener) (string, error) {
	half, err := opener.open(s.forKey[place])
	return string(half), err
}

// sealedPerson is the account in a seal from which both encryptions have been taken; ErrNotFound if it is gone. Where an account has gone
// into another one it is that.
func (q Queries) sealedPerson(ctx context.Context, plain []byte, maskID int64) (*User, error) {
	id, err := unsealed(plain, maskID)
	if err != nil {
		return nil, err
	}
	user := &User{}
	err = q.one(ctx, user, "SELECT p.* FROM users u JOIN users p ON p.id = coalesce(u.merged_into, u.id) WHERE u.id = ?", id)
	if errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("account in the seal of mask %d: %w", maskID, err)
	}
	return user, err
}
