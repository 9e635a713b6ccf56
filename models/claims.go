package models

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Claims are what an identity provider says of a person, by name: texts, numbers and truth values as texts, of lists each
// entry, of objects what is in them, as "realm_access.roles".
type Claims map[string][]string

// Bounds of what is kept of a provider's answer. What is beyond them is left out.
const (
	maxClaims     = 3000 // values in all
	maxClaimBytes = 2000 // of one value
	maxClaimDepth = 5
)

// notOfThePerson are claims about the token and the way it was asked for.
var notOfThePerson = []string{"iss", "sub", "aud", "azp", "exp", "iat", "nbf", "jti", "nonce", "sid", "at_hash", "c_hash", "s_hash", "auth_time"}

// ClaimsOf reads the claims about a person from a token or a profile.
func ClaimsOf(raw map[string]any) Claims {
	c, left := Claims{}, maxClaims
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		if !slices.Contains(notOfThePerson, name) {
			c.take(name, raw[name], maxClaimDepth, &left)
		}
	}
	return c
}

func (c Claims) take(name string, value any, depth int, left *int) {
	text := ""
	switch v := value.(type) {
	case string:
		text = v
	case bool:
		text = strconv.FormatBool(v)
	case float64:
		text = strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		text = v.String()
	case []any:
		for _, entry := range v {
			if _, nested := entry.([]any); !nested {
				c.take(name, entry, depth, left)
			}
		}
		return
	case map[string]any:
		for _, inner := range slices.Sorted(maps.Keys(v)) {
			if depth > 1 {
				c.take(name+"."+inner, v[inner], depth-1, left)
			}
		}
		return
	default:
		return
	}
	if len(name) <= maxClaimBytes && len(text) <= maxClaimBytes && *left > 0 {
		c[name] = append(c[name], text)
		*left--
	}
}

// One is the value of a claim that has exactly one.
func (c Claims) One(name string) string {
	if len(c[name]) == 1 {
		return c[name][0]
	}
	return ""
}

// Known are the claims that the provider last made; none before the person has signed in with them.
func (i *Identity) Known() (claims Claims, err error) {
	if i.Claims == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(i.Claims), &claims); err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	return claims, nil
}

// Said is what all providers that a person is bound to last said of them.
func (q Queries) Said(ctx context.Context, userID int64) (said []Identified, err error) {
	identities, err := q.Identities(ctx, userID)
	if err != nil {
		return nil, err
	}
	for i := range identities {
		claims, err := identities[i].Known()
		if err != nil {
			return nil, err
		}
		said = append(said, Identified{Issuer: identities[i].Issuer, Claims: claims})
	}
	return said, nil
}

// SaveClaims stores what the provider says of a person now.
func (tx *Tx) SaveClaims(issuer, subject string, claims Claims) error {
	raw, err := json.Marshal(claims)
	if err != nil {
		return fmt.Errorf("store claims: %w", err)
	}
	_, err = tx.exec("UPDATE identities SET claims = ?, seen_at = ? WHERE issuer = ? AND subject = ?", string(raw), tx.now, issuer, subject)
	return err
}

// SignedInPerson finds somebody who has come in through a provider, by their e-mail address or subject, with what was said
// of them, for whoever may change the rules.
func (q Queries) SignedInPerson(ctx context.Context, actor *Actor, who string) (*User, []Identified, error) {
	if !actor.Can(ManageSignIn, nil) {
		return nil, nil, ErrForbidden
	}
	user := &User{}
	err := q.one(ctx, user, `SELECT u.* FROM users u WHERE u.id = (SELECT min(i.user_id) FROM identities i JOIN users w ON w.id = i.user_id
		WHERE i.seen_at IS NOT NULL AND (i.subject = ? OR w.email = ? AND w.email <> ''))`, strings.TrimSpace(who), NormalEmail(who))
	if err != nil {
		return nil, nil, err
	}
	said, err := q.Said(ctx, user.ID)
	return user, said, err
}
