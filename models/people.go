package models

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// PersonState is something about an account that managers look for.
type PersonState string

// States to look for. An account may be in several.
const (
	StateSuspended   PersonState = "suspended"
	StateExpired     PersonState = "expired"
	StateUnsponsored PersonState = "unsponsored" // from outside, and nobody answers for them
	StateNever       PersonState = "never"       // has never signed in
	StateService     PersonState = "service"     // no person, but a program
	StateAsks        PersonState = "asks"        // wants something corrected that is said of them
)

// PersonStates lists them.
func PersonStates() []PersonState {
	return []PersonState{StateSuspended, StateExpired, StateUnsponsored, StateNever, StateService, StateAsks}
}

// PeopleQuery says which accounts of the house to list.
type PeopleQuery struct {
	Words      string // beginnings of words of their names and addresses; empty for everyone
	Role       Role
	Internal   bool // not from outside
	Department string
	State      PersonState
	After      *PersonKey
	Limit      int
}

// PersonKey is a place in the list, after the account with the id: by name, or by the word that it was found by.
type PersonKey struct {
	Text string
	ID   int64
}

// String is the key as it stands in an address.
func (k *PersonKey) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(k.ID, 10) + " " + k.Text))
}

// ParsePersonKey reads such a key, nil if it is empty; a malformed one is a mistake at the field "cursor".
func ParsePersonKey(key string) (*PersonKey, error) {
	if key == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(key)
	digits, text, found := strings.Cut(string(raw), " ")
	id, parseErr := strconv.ParseInt(digits, 10, 64)
	if err != nil || parseErr != nil || !found || !utf8.Valid(raw) || strings.ContainsRune(text, 0) {
		return nil, Invalid{"cursor": "lists.cursor_invalid"}
	}
	return &PersonKey{text, id}, nil
}

// PersonCard is an account in the list of everyone.
type PersonCard struct {
	ID           int64
	Name         string
	Email        string
	Role         Role
	Job          string
	Department   string
	Organisation string
	SponsorID    *int64
	ExpiresAt    *time.Time
	SeenAt       *time.Time
	DisabledAt   *time.Time
	Service      bool
	Picture      int64
	UnansweredAt *time.Time // since when nobody answers for them
	Came         bool       // has signed in at least once
	Place        string     // by what the list is sorted
}

// Standing is the role that is shown beside the name.
func (c *PersonCard) Standing() Role { return (&User{Role: c.Role, Service: c.Service}).Standing() }

// account is the condition that the user u is somebody's account, and neither the pseudonym of an import nor gone into another.
const account = "u.import_ref IS NULL AND u.merged_into IS NULL"

// came is the condition that the person u has signed in at least once: nobody does anything before.
const came = "(u.seen_at IS NOT NULL OR EXISTS (SELECT 1 FROM events e WHERE e.actor_id = u.id))"

// People lists the accounts of the house by name, or by the words that they were found by, for those who look after people.
func (q Queries) People(ctx context.Context, actor *Actor, query PeopleQuery) (cards []PersonCard, next *PersonKey, err error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, nil, ErrForbidden
	}
	from, place, id, args := query.source()
	where, more := q.peopleFilter(&query)
	args = append(args, more...)
	if query.After != nil {
		where, args = where+" AND ("+place+", "+id+") > (?, ?)", append(args, query.After.Text, query.After.ID)
	}
	err = q.raw(ctx, &cards, `SELECT u.id, u.name, u.email, u.role, u.job, u.department, u.organisation, u.sponsor_id, u.expires_at, u.seen_at, u.disabled_at, u.service, u.unanswered_at, coalesce(u.picture_id, 0) AS picture,
		`+came+" AS came, "+place+" AS place FROM "+from+where+" ORDER BY "+place+", "+id+" LIMIT ?", append(args, query.Limit+1)...)
	if err != nil {
		return nil, nil, fmt.Errorf("list people: %w", err)
	}
	if len(cards) > query.Limit {
		cards = cards[:query.Limit]
		last := cards[query.Limit-1]
		next = &PersonKey{last.Place, last.ID}
	}
	return cards, next, nil
}

// MostCounted bounds the number that CountPeople tells.
const MostCounted = 1000

// CountPeople is how many accounts a query finds; MostCounted+1 stands for all that are more.
func (q Queries) CountPeople(ctx context.Context, actor *Actor, query PeopleQuery) (n int, err error) {
	if !actor.Can(ManagePeople, nil) {
		return 0, ErrForbidden
	}
	from, _, _, args := query.source()
	where, more := q.peopleFilter(&query)
	return n, q.raw(ctx, &n, "SELECT count(*) FROM (SELECT 1 FROM "+from+where+" LIMIT ?) c", append(append(args, more...), MostCounted+1)...)
}

// source is where the list begins: at everyone, or at the words that begin with the longest one that is looked for,
// at the first such word of each person. The others are looked up person by person: the limits keep PostgreSQL from joining them all.
func (query *PeopleQuery) source() (from, place, id string, args []any) {
	words := query.words()
	if len(words) == 0 {
		return "users u WHERE ", "u.name_key", "u.id", nil
	}
	longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	from = `user_words w CROSS JOIN users u WHERE u.id = w.user_id AND w.word >= ? AND w.word < ?
		AND NOT EXISTS (SELECT 1 FROM user_words d WHERE d.user_id = w.user_id AND d.word >= ? AND d.word < w.word LIMIT 1 OFFSET 0) AND `
	args = []any{longest, longest + wordEnd, longest}
	for _, word := range words {
		if word != longest {
			from += "EXISTS (SELECT 1 FROM user_words d WHERE d.user_id = w.user_id AND d.word >= ? AND d.word < ? LIMIT 1 OFFSET 0) AND "
			args = append(args, word, word+wordEnd)
		}
	}
	return from, "w.word", "w.user_id", args
}

// wordEnd makes a word greater than all that begin with it.
const wordEnd = "\U0010FFFF"

// mostWords bounds what one search looks for.
const mostWords = 5

func (query *PeopleQuery) words() []string {
	var words []string
	for _, part := range strings.Fields(nameKey(strings.ToValidUTF8(strings.ReplaceAll(query.Words, "\x00", ""), ""))) {
		if strings.Contains(part, "@") {
			words = append(words, part)
		} else {
			words = append(words, splitName(part)...)
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	return words[:min(len(words), mostWords)]
}

// Awaited tells whether someone who may come in has never done so.
func (q Queries) Awaited(ctx context.Context, id int64) (awaited bool, err error) {
	enters, now := q.enters()
	return awaited, q.raw(ctx, &awaited, "SELECT EXISTS (SELECT 1 FROM users u WHERE u.id = ? AND NOT "+came+" AND "+enters+")", id, now)
}

func (q Queries) peopleFilter(query *PeopleQuery) (where string, args []any) {
	where = account
	if query.Role != "" {
		where, args = where+" AND u.role = ?", append(args, query.Role)
	}
	if query.Internal {
		where += " AND u.role <> 'external'"
	}
	if query.Department != "" {
		where, args = where+" AND u.department = ? AND u.department <> ''", append(args, query.Department)
	}
	switch query.State {
	case StateSuspended:
		where += " AND u.disabled_at IS NOT NULL"
	case StateExpired:
		// The + keeps SQLite from choosing the index by time and sorting all that it finds.
		plus := map[bool]string{false: "+"}[q.postgres()]
		where, args = where+" AND u.expires_at IS NOT NULL AND "+plus+"u.expires_at <= ?", append(args, q.present())
	case StateUnsponsored:
		where += " AND u.role = 'external' AND u.sponsor_id IS NULL"
	case StateService:
		where += " AND u.service"
	case StateAsks:
		where += " AND u.id IN (SELECT c.user_id FROM corrections c)"
	case StateNever:
		where += " AND NOT u.service AND u.seen_at IS NULL AND NOT EXISTS (SELECT 1 FROM events e WHERE e.actor_id = u.id)"
	}
	return where, args
}

// maxPersonWords bounds the words that a person is found by.
const maxPersonWords = 24

// saveWords stores the words that a person is found by.
func (tx *Tx) saveWords(user *User) error {
	if user.ImportRef != nil {
		return nil
	}
	if _, err := tx.exec("DELETE FROM user_words WHERE user_id = ?", user.ID); err != nil {
		return err
	}
	words := personWords(user)
	if len(words) == 0 {
		return nil
	}
	rows := make([]userWord, len(words))
	for i, word := range words {
		rows[i] = userWord{user.ID, word}
	}
	return tx.create(&rows)
}

// userWord is a word that a person is found by.
type userWord struct {
	UserID int64
	Word   string
}

// personWords are the words of a person's name, their address, and what follows each sign in it: "camille.roy@…" is found by "roy@…".
func personWords(user *User) []string {
	words := splitName(user.NameKey)
	if user.Email != "" {
		words = append(words, user.Email)
		for i, r := range user.Email {
			if strings.ContainsRune(".-_+@", r) && i+1 < len(user.Email) {
				words = append(words, user.Email[i+1:])
			}
		}
	}
	words = words[:min(len(words), maxPersonWords)]
	slices.Sort(words)
	return slices.Compact(words)
}

func splitName(key string) []string {
	return strings.FieldsFunc(key, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}
