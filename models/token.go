package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Scope is how far a token carries. Each holds what those before it do, but for SCIM, which is a door of its own.
type Scope string

// Scopes of tokens, from the narrowest to the widest.
const (
	ScopeRead   Scope = "read"
	ScopeWrite  Scope = "write"  // contribute: ideas, comments, supports
	ScopeManage Scope = "manage" // look after spaces and their members too
	ScopeSCIM   Scope = "scim"   // bring accounts and groups up to date, and nothing else
)

// Scopes lists them.
func Scopes() []Scope { return []Scope{ScopeRead, ScopeWrite, ScopeManage, ScopeSCIM} }

// Allows tells whether a token of this scope may be used for what wants the given one.
func (s Scope) Allows(wanted Scope) bool {
	if s == ScopeSCIM || wanted == ScopeSCIM {
		return s == wanted
	}
	return slices.Index(Scopes(), s) >= slices.Index(Scopes(), wanted)
}

// OpenTo tells whether an account may have tokens of this scope: the directory is brought up to date by an owner, or by
// a program that an owner gave an account.
func (s Scope) OpenTo(role Role, service bool) bool {
	return s != ScopeSCIM || service || role == RoleOwner
}

// How long a token serves unless something else is asked for, at most, and when its holder is warned of its end.
const (
	TokenDays    = 365
	MaxTokenDays = 2 * 365
	tokenWarning = 14 * day
)

const day = 24 * time.Hour

// MaxTokens bounds the API tokens of one person.
const MaxTokens = 50

// Token is a key to the API that acts in someone's name; only its hash is stored.
type Token struct {
	ID        int64
	UserID    int64
	Name      string
	Hash      string
	Start     string // its first letters, to recognise it by
	Scope     Scope
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
	WarnedAt  *time.Time // when its holder was told that it ends soon
}

func (t *Token) subject() (string, int64, int64) { return "token", t.ID, 0 }

// EndsSoon tells whether it is time to make another one.
func (t *Token) EndsSoon(now time.Time) bool { return t.ExpiresAt.Sub(now) < tokenWarning }

// tokenPrefix lets secret scanners and people see what a secret is; startLength is how much of one is shown.
const (
	tokenPrefix = "ruche_"
	startLength = len(tokenPrefix) + 6
)

// CreateToken stores a new API token that serves for the given days and returns its secret, which cannot be read again.
func (tx *Tx) CreateToken(token *Token, days int) (secret string, err error) {
	if err := tx.checkToken(token, days); err != nil {
		return "", err
	}
	secret = tokenPrefix + newSecret()
	token.Hash, token.Start, token.CreatedAt, token.ExpiresAt = hash(secret), secret[:startLength], tx.now, tx.now.Add(time.Duration(days)*day)
	return secret, tx.create(token)
}

func (tx *Tx) checkToken(token *Token, days int) error {
	holder, err := tx.lockHere(token.UserID)
	if err != nil {
		return err
	}
	var count int
	if err := tx.raw(tx.ctx, &count, "SELECT count(*) FROM tokens WHERE user_id = ?", token.UserID); err != nil {
		return err
	}
	token.Name = strings.TrimSpace(token.Name)
	problems := Invalid{}
	if count >= MaxTokens {
		problems["name"] = "tokens.too_many"
	} else if utf8.RuneCountInString(token.Name) > 100 || !readable(token.Name) {
		problems["name"] = "tokens.name_invalid"
	}
	if !slices.Contains(Scopes(), token.Scope) || !token.Scope.OpenTo(holder.Role, holder.Service) {
		problems["scope"] = "tokens.scope_invalid"
	}
	if days < 1 || days > MaxTokenDays {
		problems["days"] = "tokens.days_invalid"
	}
	if holder.Service {
		sponsor, err := tx.answering(valueOf(holder.SponsorID))
		if err != nil {
			return err
		}
		if sponsor == 0 {
			problems["sponsor"] = "services.sponsor_needed"
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// lockHere finds a person who has access, and holds them: whoever ends that at the same moment comes after, and finds what
// was made meanwhile.
func (tx *Tx) lockHere(id int64) (*User, error) {
	user, err := tx.lockUser(&User{ID: id})
	if err != nil {
		return nil, err
	}
	if user.DisabledAt != nil || user.ExpiresAt != nil && !user.ExpiresAt.After(tx.now) {
		return nil, fmt.Errorf("person %d has no access: %w", id, ErrConflict)
	}
	return user, nil
}

// Tokens are a person's API tokens, newest first. Those that have ended stay until the person removes them or a month has gone.
func (q Queries) Tokens(ctx context.Context, userID int64) (tokens []Token, err error) {
	return tokens, q.raw(ctx, &tokens, "SELECT * FROM tokens WHERE user_id = ? ORDER BY id DESC LIMIT ?", userID, MaxTokens)
}

// RevokeToken ends one of a person's own tokens.
func (tx *Tx) RevokeToken(userID, id int64) error {
	changed, err := tx.exec("DELETE FROM tokens WHERE id = ? AND user_id = ?", id, userID)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	return err
}

// UserByToken returns whose API token a secret is; ErrNotFound if it is nobody's, has ended, is that of
// someone who has left, or of a program that nobody has answered for long.
func (q Queries) UserByToken(ctx context.Context, secret string) (userID int64, token *Token, err error) {
	token = &Token{}
	here, now := q.here()
	watched, since := q.watched()
	err = q.one(ctx, token, "SELECT t.* FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = ? AND t.expires_at > ? AND "+here+" AND "+watched, hash(secret), q.present(), now, since)
	return token.UserID, token, err
}

// EndedToken is the token with a secret if its time is over; ErrNotFound otherwise.
func (q Queries) EndedToken(ctx context.Context, secret string) (*Token, error) {
	token := &Token{}
	return token, q.one(ctx, token, "SELECT * FROM tokens WHERE hash = ? AND expires_at <= ?", hash(secret), q.present())
}

// TouchToken notes that a token was used, and whether it was for the first time.
func (tx *Tx) TouchToken(id int64) (first bool, err error) {
	changed, err := tx.exec("UPDATE tokens SET used_at = ? WHERE id = ? AND used_at IS NULL", tx.now, id)
	if err == nil && changed == 0 {
		_, err = tx.exec("UPDATE tokens SET used_at = ? WHERE id = ?", tx.now, id)
	}
	return changed > 0, err
}

// EndingToken is a token that ends soon, and who is to be told.
type EndingToken struct {
	Token
	Email   string
	Locale  string
	Service bool // it is a program's, and its sponsor is told
}

// warnedAtOnce bounds the people told of their tokens in one transaction.
const warnedAtOnce = 200

// WarnOfTokens returns the tokens that will end soon and whose people have not been told, and counts them as told. Those
// that were made for less time than the warning are left out. Of a program's account its sponsor is told.
func (tx *Tx) WarnOfTokens() (ending []EndingToken, err error) {
	here, now := tx.here()
	err = tx.raw(tx.ctx, &ending, `SELECT t.*, u.email, u.locale, h.service FROM tokens t JOIN users h ON h.id = t.user_id
		JOIN users u ON u.id = CASE WHEN h.service THEN h.sponsor_id ELSE h.id END
		WHERE t.expires_at > ? AND t.expires_at <= ? AND t.warned_at IS NULL AND `+here+` ORDER BY t.expires_at, t.id LIMIT ?`,
		tx.now, tx.now.Add(tokenWarning), now, warnedAtOnce)
	if err != nil || len(ending) == 0 {
		return nil, err
	}
	ids := make([]int64, len(ending))
	for i := range ending {
		ids[i] = ending[i].ID
	}
	ending = slices.DeleteFunc(ending, func(t EndingToken) bool { return t.ExpiresAt.Sub(t.CreatedAt) <= tokenWarning })
	_, err = tx.exec("UPDATE tokens SET warned_at = ? WHERE id IN ?", tx.now, ids)
	return ending, err
}
