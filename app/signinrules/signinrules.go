// Package signinrules holds the rules by which what a provider says of people gives them roles, groups and spaces when they
// sign in, and a bench to try them out. Applying them is the matter of accounts and models.
package signinrules

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ruche/app/web"
	"ruche/models"
)

// SignInRules is the feature.
type SignInRules struct {
	web       *web.Web
	providers []Provider
}

// Provider is one that people sign in at.
type Provider struct{ Issuer, Name string }

// New returns the feature.
func New(w *web.Web, providers []Provider) *SignInRules { return &SignInRules{w, providers} }

// Create adds a rule.
func (f *SignInRules) Create(ctx context.Context, actor *models.Actor, rule *models.SignInRule) error {
	return f.change(ctx, actor, func(tx *models.Tx) error {
		if err := f.checkProvider(rule, ""); err != nil {
			return err
		}
		if err := tx.CreateSignInRule(rule); err != nil {
			return err
		}
		return tx.Record(models.RuleCreated, rule, nil)
	})
}

// Edit stores what a rule says now.
func (f *SignInRules) Edit(ctx context.Context, actor *models.Actor, rule *models.SignInRule) error {
	return f.change(ctx, actor, func(tx *models.Tx) error {
		before, err := tx.SignInRule(ctx, actor, rule.ID)
		if err != nil {
			return err
		}
		if err := f.checkProvider(rule, before.Issuer); err != nil {
			return err
		}
		if err := tx.SaveSignInRule(rule, before); err != nil {
			return err
		}
		return tx.Record(models.RuleEdited, rule, nil)
	})
}

// checkProvider: a rule is about a provider that there is, or stays about one that there was.
func (f *SignInRules) checkProvider(rule *models.SignInRule, before string) error {
	if rule.Issuer == "" || rule.Issuer == before || slices.ContainsFunc(f.providers, func(p Provider) bool { return p.Issuer == rule.Issuer }) {
		return nil
	}
	return models.Invalid{"issuer": "rules.provider_unknown"}
}

// Move puts a rule one place up or down.
func (f *SignInRules) Move(ctx context.Context, actor *models.Actor, id int64, up bool) error {
	return f.change(ctx, actor, func(tx *models.Tx) error {
		rule, err := tx.SignInRule(ctx, actor, id)
		if err != nil {
			return err
		}
		if err := tx.MoveSignInRule(rule, up); err != nil {
			return err
		}
		return tx.Record(models.RuleMoved, rule, nil)
	})
}

// Delete ends a rule.
func (f *SignInRules) Delete(ctx context.Context, actor *models.Actor, id int64) error {
	return f.change(ctx, actor, func(tx *models.Tx) error {
		if err := tx.DeleteSignInRule(id); err != nil {
			return err
		}
		return tx.Record(models.RuleDeleted, &models.SignInRule{ID: id}, nil)
	})
}

// Restore brings a deleted rule back.
func (f *SignInRules) Restore(ctx context.Context, actor *models.Actor, id int64) error {
	return f.change(ctx, actor, func(tx *models.Tx) error {
		if err := tx.RestoreSignInRule(id); err != nil {
			return err
		}
		return tx.Record(models.RuleRestored, &models.SignInRule{ID: id}, nil)
	})
}

func (f *SignInRules) change(ctx context.Context, actor *models.Actor, do func(*models.Tx) error) error {
	if !actor.Can(models.ManageSignIn, nil) {
		return fmt.Errorf("change the rules of sign-in: %w", models.ErrForbidden)
	}
	return f.web.DB.Tx(ctx, actor, do)
}

// Trial is what the rules would do for somebody.
type Trial struct {
	Person *models.User // nil for claims that were pasted
	Said   []models.Identified
	Gifts  models.Gifts
	Role   models.Role // in the house, afterwards
	ByHand bool        // it is theirs whatever the rules say
}

// question is what the bench is asked: a person, or claims and who makes them.
type question struct{ Person, Issuer, Claims string }

// maxPastedClaims is how long pasted claims may be, in bytes.
const maxPastedClaims = 64 << 10

// Try finds out what the rules would do, and does nothing.
func (f *SignInRules) Try(ctx context.Context, actor *models.Actor, rules []models.SignInRule, q question) (*Trial, error) {
	trial := &Trial{}
	after := &models.User{Role: models.RoleEmployee}
	switch {
	case q.Person != "" && q.Claims != "":
		return nil, models.Invalid{"person": "rules.try.either"}
	case q.Person != "":
		person, said, err := f.web.DB.SignedInPerson(ctx, actor, q.Person)
		if errors.Is(err, models.ErrNotFound) {
			return nil, models.Invalid{"person": "rules.try.person_unknown"}
		}
		if err != nil {
			return nil, err
		}
		trial.Person, after = person, person
		trial.Said = slices.DeleteFunc(said, func(s models.Identified) bool {
			return !slices.ContainsFunc(f.providers, func(p Provider) bool { return p.Issuer == s.Issuer })
		})
	default:
		var raw map[string]any
		if len(q.Claims) > maxPastedClaims {
			return nil, models.Invalid{"claims": "rules.try.claims_long"}
		}
		if err := json.Unmarshal([]byte(strings.TrimSpace(q.Claims)), &raw); err != nil || raw == nil {
			return nil, models.Invalid{"claims": "rules.try.claims_invalid"}
		}
		trial.Said = []models.Identified{{Issuer: q.Issuer, Claims: models.ClaimsOf(raw)}}
	}
	trial.Gifts = models.Give(rules, trial.Said)
	var ruled models.Role
	trial.Role, ruled = trial.Gifts.RoleAfter(after)
	trial.ByHand = ruled == "" && trial.Role != models.RoleEmployee
	return trial, nil
}
