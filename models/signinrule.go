package models

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// SignInRule gives whoever signs in with a claim a role in the house, a group, a role in a space, or several of these.
type SignInRule struct {
	ID           int64
	Position     int64
	Issuer       string // of the provider that makes the claim; empty: any
	Claim, Value string
	Role         Role // in the house; empty: none
	GroupID      *int64
	SpaceID      *int64
	SpaceRole    SpaceRole
	CreatedAt    time.Time
	DeletedAt    *time.Time
}

func (r *SignInRule) subject() (string, int64, int64) { return "rule", r.ID, 0 }

// MaxSignInRules bounds the rules: each is looked at whenever somebody signs in.
const MaxSignInRules = 200

// RuleRoles are the roles in the house that a rule may give. An owner is made by hand, and so is an external.
func RuleRoles() []Role {
	return []Role{RoleManager, RoleModerator, RoleHR, RoleAuditor, RoleEmployee}
}

// RuleSpaceRoles are the roles in a space that a rule may give. A manager is always a person who was named.
func RuleSpaceRoles() []SpaceRole {
	return []SpaceRole{SpaceModerator, SpaceExpert, SpaceMember, SpaceReader}
}

// Identified is who a provider says that somebody is.
type Identified struct {
	Issuer string
	Claims Claims
}

// Matches tells whether one of the things said of a person is what the rule is about.
func (r *SignInRule) Matches(said []Identified) bool {
	return slices.ContainsFunc(said, func(s Identified) bool {
		return (r.Issuer == "" || r.Issuer == s.Issuer) && slices.Contains(s.Claims[r.Claim], r.Value)
	})
}

// Gifts is what rules give to a person, and which of them gives it. They are in the order of the rules.
type Gifts struct {
	Role     Role // empty: none
	RoleRule int64
	Groups   []GroupGift
	Spaces   []SpaceGift
}

// GroupGift is a group that a rule gives.
type GroupGift struct{ GroupID, Rule int64 }

// SpaceGift is a role in a space that a rule gives.
type SpaceGift struct {
	SpaceID int64
	Role    SpaceRole
	Rule    int64
}

// Give finds out what rules give. Of the roles in the house the first one counts, of those in a space the widest.
func Give(rules []SignInRule, said []Identified) (gifts Gifts) {
	for i := range rules {
		r := &rules[i]
		if !r.Matches(said) {
			continue
		}
		if gifts.Role == "" && r.Role != "" {
			gifts.Role, gifts.RoleRule = r.Role, r.ID
		}
		if r.GroupID != nil && !slices.ContainsFunc(gifts.Groups, func(g GroupGift) bool { return g.GroupID == *r.GroupID }) {
			gifts.Groups = append(gifts.Groups, GroupGift{*r.GroupID, r.ID})
		}
		if r.SpaceID != nil {
			gifts.space(SpaceGift{*r.SpaceID, r.SpaceRole, r.ID})
		}
	}
	return gifts
}

func (g *Gifts) space(more SpaceGift) {
	for i, s := range g.Spaces {
		if s.SpaceID == more.SpaceID {
			if slices.Index(SpaceRoles(), more.Role) < slices.Index(SpaceRoles(), s.Role) {
				g.Spaces[i] = more
			}
			return
		}
	}
	g.Spaces = append(g.Spaces, more)
}

// RoleAfter is the role in the house that somebody has once they have signed in, and the one that a rule gave them. A role that
// was given by hand stays: rules neither take nor replace it. Nobody gave an employee theirs by hand.
func (g *Gifts) RoleAfter(user *User) (role, ruled Role) {
	byRule := user.RuleRole != "" && user.RuleRole == user.Role
	switch {
	case user.Role != RoleEmployee && !byRule:
		return user.Role, ""
	case g.Role != "":
		return g.Role, g.Role
	}
	return RoleEmployee, ""
}

// SignInRules lists the rules that hold, in their order, for whoever may change them.
func (q Queries) SignInRules(ctx context.Context, actor *Actor) ([]SignInRule, error) {
	if !actor.Can(ManageSignIn, nil) {
		return nil, ErrForbidden
	}
	return q.rules(ctx)
}

func (q Queries) rules(ctx context.Context) (rules []SignInRule, err error) {
	return rules, q.raw(ctx, &rules, "SELECT * FROM sign_in_rules WHERE deleted_at IS NULL ORDER BY position, id LIMIT ?", MaxSignInRules)
}

// SignInRule finds a rule that holds, for whoever may change it.
func (q Queries) SignInRule(ctx context.Context, actor *Actor, id int64) (*SignInRule, error) {
	if !actor.Can(ManageSignIn, nil) {
		return nil, ErrForbidden
	}
	rule := &SignInRule{}
	return rule, q.one(ctx, rule, "SELECT * FROM sign_in_rules WHERE id = ? AND deleted_at IS NULL", id)
}

// CreateSignInRule adds a rule after the others.
func (tx *Tx) CreateSignInRule(rule *SignInRule) error {
	if err := tx.checkRule(rule, nil); err != nil {
		return err
	}
	if err := tx.roomForRule(); err != nil {
		return err
	}
	rule.CreatedAt = tx.now
	if err := tx.raw(tx.ctx, &rule.Position, "SELECT coalesce(max(position), 0) + 1 FROM sign_in_rules"); err != nil {
		return err
	}
	return tx.create(rule)
}

// roomForRule refuses more than MaxSignInRules.
func (tx *Tx) roomForRule() error {
	var count int
	err := tx.raw(tx.ctx, &count, "SELECT count(*) FROM sign_in_rules WHERE deleted_at IS NULL")
	if err == nil && count >= MaxSignInRules {
		return Invalid{"claim": "rules.too_many"}
	}
	return err
}

// SaveSignInRule stores what a rule says; before is what it said.
func (tx *Tx) SaveSignInRule(rule, before *SignInRule) error {
	if err := tx.checkRule(rule, before); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE sign_in_rules SET issuer = ?, claim = ?, value = ?, role = ?, group_id = ?, space_id = ?, space_role = ? WHERE id = ?",
		rule.Issuer, rule.Claim, rule.Value, rule.Role, rule.GroupID, rule.SpaceID, rule.SpaceRole, rule.ID)
	return err
}

// checkRule tidies a rule and says which fields are wrong. Only who manages a space lets a rule lead into it; one that
// leads there already may stay as it is.
func (tx *Tx) checkRule(rule, before *SignInRule) error {
	rule.Claim, rule.Value = strings.TrimSpace(rule.Claim), strings.TrimSpace(rule.Value)
	problems := Invalid{}
	if utf8.RuneCountInString(rule.Claim) > 200 || !readable(rule.Claim) {
		problems["claim"] = "rules.claim_invalid"
	}
	if utf8.RuneCountInString(rule.Value) > 400 || !readable(rule.Value) {
		problems["value"] = "rules.value_invalid"
	}
	if len(rule.Issuer) > 500 || rule.Issuer != "" && !readable(rule.Issuer) {
		problems["issuer"] = "rules.provider_unknown"
	}
	if rule.Role != "" && !slices.Contains(RuleRoles(), rule.Role) {
		problems["role"] = "rules.role_invalid"
	}
	if rule.SpaceID == nil {
		rule.SpaceRole = ""
	} else if !slices.Contains(RuleSpaceRoles(), rule.SpaceRole) {
		problems["space_role"] = "rules.space_role_invalid"
	}
	if rule.Role == "" && rule.GroupID == nil && rule.SpaceID == nil {
		problems["role"] = "rules.gives_nothing"
	}
	if err := tx.checkRulePlaces(rule, before, problems); err != nil {
		return err
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func (tx *Tx) checkRulePlaces(rule, before *SignInRule, problems Invalid) error {
	if rule.GroupID != nil {
		switch group, err := tx.Group(tx.ctx, *rule.GroupID); {
		case errors.Is(err, ErrNotFound):
			problems["group"] = "rules.group_unknown"
		case err != nil:
			return err
		case group.Kind != KindGroup || group.ByDirectory || group.DeletedAt != nil:
			problems["group"] = "rules.group_unknown"
		}
	}
	if rule.SpaceID == nil || before != nil && before.SpaceID != nil && *before.SpaceID == *rule.SpaceID {
		return nil
	}
	switch space, err := tx.SpaceByID(tx.ctx, tx.actor, *rule.SpaceID); {
	case errors.Is(err, ErrNotFound):
		problems["space"] = "rules.space_unknown"
	case err != nil:
		return err
	case !tx.actor.Can(ManageSpace, space):
		problems["space"] = "rules.space_unknown"
	}
	return nil
}

// MoveSignInRule puts a rule before the one above it, or after the one below; nothing happens at either end.
func (tx *Tx) MoveSignInRule(rule *SignInRule, up bool) error {
	rules, err := tx.rules(tx.ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rules, func(r SignInRule) bool { return r.ID == rule.ID })
	j := i + 1
	if up {
		j = i - 1
	}
	if i < 0 || j < 0 || j >= len(rules) {
		return nil
	}
	for _, move := range [][2]int64{{rules[i].ID, rules[j].Position}, {rules[j].ID, rules[i].Position}} {
		if _, err := tx.exec("UPDATE sign_in_rules SET position = ? WHERE id = ?", move[1], move[0]); err != nil {
			return err
		}
	}
	return nil
}

// DeleteSignInRule ends a rule. What it gave is taken back when each person signs in the next time.
func (tx *Tx) DeleteSignInRule(id int64) error {
	changed, err := tx.exec("UPDATE sign_in_rules SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL", tx.now, id)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	return err
}

// RestoreSignInRule brings a deleted rule back to its place; ErrNotFound if it is gone for good.
func (tx *Tx) RestoreSignInRule(id int64) error {
	if err := tx.roomForRule(); err != nil {
		return err
	}
	changed, err := tx.exec("UPDATE sign_in_rules SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL", id)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	return err
}

// sweepSignIn removes the rules that can no longer be brought back, and what providers told that could not be told again.
func (tx *Tx) sweepSignIn() error {
	if _, err := tx.exec("DELETE FROM logout_tokens WHERE expires_at < ?", tx.now); err != nil {
		return err
	}
	_, err := tx.exec("DELETE FROM sign_in_rules WHERE deleted_at < ?", tx.now.Add(-24*time.Hour))
	return err
}
