// Package signinrules shows the rules by which providers give roles, and the bench to try them out on.
package signinrules

import (
	"slices"
	"strconv"
	"strings"

	"ruche/models"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Rulebook is the page of the rules.
type Rulebook struct {
	Rules    []models.SignInRule
	Places   Places
	New      models.SignInRule // as filled in
	Problems models.Invalid
	Bench    Bench
}

// Places are what rules can lead to.
type Places struct {
	Providers []Provider
	Groups    []models.Group
	Spaces    []Space // that the reader may see
}

// Provider is one that people sign in at.
type Provider struct{ Issuer, Name string }

// Space is a space that the reader may see.
type Space struct {
	ID      int64
	Title   string
	Manages bool
}

// MaxGroups bounds the groups that a form offers.
const MaxGroups = 500

// Bench is what the rules are tried out on.
type Bench struct {
	Person, Issuer, Claims string
	Result                 *Result
}

// Result is what the rules would do.
type Result struct {
	Person *models.User // nil for claims that were pasted
	Said   []models.Identified
	Gifts  models.Gifts
	Role   models.Role
	ByHand bool
}

func address(id int64) string { return "/sign-in-rules/" + strconv.FormatInt(id, 10) }

// provider names the provider of a rule.
func (p Places) provider(page layout.Page, issuer string) string {
	if issuer == "" {
		return page.L.T("rules.any_provider")
	}
	for _, known := range p.Providers {
		if known.Issuer == issuer && known.Name != "" {
			return known.Name
		}
	}
	return issuer
}

func (p Places) group(page layout.Page, id int64) string {
	for _, group := range p.Groups {
		if group.ID == id {
			return group.Name
		}
	}
	return page.L.T("rules.group_gone")
}

// space names a space, unless it is one that the reader may not see.
func (p Places) space(page layout.Page, id int64) string {
	for _, space := range p.Spaces {
		if space.ID == id {
			return space.Title
		}
	}
	return page.L.T("audit.hidden_space")
}

// gifts says what a rule gives, each in a few words.
func (p Places) gifts(page layout.Page, r *models.SignInRule) (gifts []string) {
	if r.Role != "" {
		gifts = append(gifts, page.L.T("rules.gives.role", "role", page.L.T("users.role."+string(r.Role))))
	}
	if r.GroupID != nil {
		gifts = append(gifts, page.L.T("rules.gives.group", "group", p.group(page, *r.GroupID)))
	}
	if r.SpaceID != nil {
		gifts = append(gifts, p.spaceGift(page, *r.SpaceID, r.SpaceRole))
	}
	if len(gifts) == 0 {
		gifts = append(gifts, page.L.T("rules.gives.nothing"))
	}
	return gifts
}

func (p Places) spaceGift(page layout.Page, id int64, role models.SpaceRole) string {
	return page.L.T("rules.gives.space", "space", p.space(page, id), "role", page.L.T("spaces.role."+string(role)))
}

func (p Places) providerOptions(page layout.Page, current string) []parts.Option {
	options := []parts.Option{{Label: page.L.T("rules.any_provider")}}
	known := current == ""
	for _, provider := range p.Providers {
		options = append(options, parts.Option{Value: provider.Issuer, Label: p.provider(page, provider.Issuer)})
		known = known || provider.Issuer == current
	}
	if !known {
		options = append(options, parts.Option{Value: current, Label: current})
	}
	return options
}

func roleOptions(page layout.Page) []parts.Option {
	options := []parts.Option{{Label: page.L.T("rules.no_role")}}
	for _, role := range models.RuleRoles() {
		options = append(options, parts.Option{Value: string(role), Label: page.L.T("users.role." + string(role))})
	}
	return options
}

func (p Places) groupOptions(page layout.Page) []parts.Option {
	options := []parts.Option{{Label: page.L.T("rules.no_group")}}
	for _, group := range p.Groups {
		options = append(options, parts.Option{Value: strconv.FormatInt(group.ID, 10), Label: group.Name})
	}
	return options
}

// spaceOptions are the spaces that the reader manages, and the one that a rule leads to already.
func (p Places) spaceOptions(page layout.Page, current *int64) []parts.Option {
	options := []parts.Option{{Label: page.L.T("rules.no_space")}}
	known := current == nil
	for _, space := range p.Spaces {
		if space.Manages {
			options = append(options, parts.Option{Value: strconv.FormatInt(space.ID, 10), Label: space.Title})
			known = known || space.ID == *current
		}
	}
	if !known && *current > 0 {
		options = append(options, parts.Option{Value: strconv.FormatInt(*current, 10), Label: p.space(page, *current)})
	}
	return options
}

func spaceRoleOptions(page layout.Page) (options []parts.Option) {
	for _, role := range slices.Backward(models.RuleSpaceRoles()) {
		options = append(options, parts.Option{Value: string(role), Label: page.L.T("spaces.role." + string(role))})
	}
	return options
}

func id(of *int64) string {
	if of == nil {
		return ""
	}
	return strconv.FormatInt(*of, 10)
}

func problem(page layout.Page, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return page.L.T(key)
	}
	return ""
}

func summary(page layout.Page, problems models.Invalid) (errors []parts.FieldError) {
	for _, field := range []string{"issuer", "claim", "value", "role", "group", "space", "space_role", "person", "claims"} {
		if text := problem(page, problems, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// place is the number of a rule in the list.
func (b *Rulebook) place(rule int64) int {
	return 1 + slices.IndexFunc(b.Rules, func(r models.SignInRule) bool { return r.ID == rule })
}

// shownValues is how many values of a claim the bench repeats.
const shownValues = 8

// why says what a claim holds, so that one sees why a rule is about it or not.
func (r *Result) why(page layout.Page, rule *models.SignInRule) string {
	var values []string
	for _, said := range r.Said {
		if rule.Issuer == "" || rule.Issuer == said.Issuer {
			values = append(values, said.Claims[rule.Claim]...)
		}
	}
	switch {
	case rule.Matches(r.Said):
		return page.L.T("rules.why.matches", "claim", rule.Claim, "value", rule.Value)
	case len(values) == 0 && rule.Issuer != "" && !slices.ContainsFunc(r.Said, func(s models.Identified) bool { return s.Issuer == rule.Issuer }):
		return page.L.T("rules.why.other_provider")
	case len(values) == 0:
		return page.L.T("rules.why.missing", "claim", rule.Claim)
	}
	shown := strings.Join(values[:min(len(values), shownValues)], ", ")
	if len(values) > shownValues {
		shown += " …"
	}
	return page.L.T("rules.why.others", "claim", rule.Claim, "values", shown)
}

// role says what the person would be in the house, and why.
func (b *Rulebook) role(page layout.Page) string {
	r := b.Bench.Result
	role := page.L.T("users.role." + string(r.Role))
	switch {
	case r.ByHand:
		return page.L.T("rules.result.role_by_hand", "role", role)
	case r.Gifts.Role != "":
		return page.L.T("rules.result.role", "role", role, "rule", b.place(r.Gifts.RoleRule))
	}
	return page.L.T("rules.result.no_role", "role", role)
}

// places says which groups and spaces the person would get.
func (b *Rulebook) places(page layout.Page) (lines []string) {
	for _, gift := range b.Bench.Result.Gifts.Groups {
		lines = append(lines, page.L.T("rules.result.by", "gift", page.L.T("rules.gives.group", "group", b.Places.group(page, gift.GroupID)), "rule", b.place(gift.Rule)))
	}
	for _, gift := range b.Bench.Result.Gifts.Spaces {
		lines = append(lines, page.L.T("rules.result.by", "gift", b.Places.spaceGift(page, gift.SpaceID, gift.Role), "rule", b.place(gift.Rule)))
	}
	if len(lines) == 0 {
		lines = append(lines, page.L.T("rules.result.no_places"))
	}
	return lines
}
