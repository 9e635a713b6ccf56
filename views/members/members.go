// Package members shows who has an account, and to those who look after people what they may change about it.
package members

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Internal stands among the roles of the filter for everyone who is not from outside.
const Internal = "internal"

// Filter is what someone looks for in the list, as it stands in the address.
type Filter struct{ Words, Role, Department, State string }

func (f Filter) query(cursor string) string {
	values := url.Values{}
	for _, pair := range [][2]string{{"q", f.Words}, {"role", f.Role}, {"department", f.Department}, {"state", f.State}, {"cursor", cursor}} {
		if pair[1] != "" {
			values.Set(pair[0], pair[1])
		}
	}
	if len(values) == 0 {
		return "/members"
	}
	return "/members?" + values.Encode()
}

// List is a page of the list of everyone.
type List struct {
	Filter Filter
	People []models.PersonCard
	Next   *models.PersonKey
	Later  bool // not the first page
	Count  int  // of the first page: how many there are, or models.MostCounted+1
	Actor  *models.Actor
}

func (l List) next() string {
	if l.Next == nil {
		return ""
	}
	return l.Filter.query(l.Next.String())
}

func (l List) start() string {
	if !l.Later {
		return ""
	}
	return l.Filter.query("")
}

func (l List) count(locale *i18n.Locale) string {
	if l.Count > models.MostCounted {
		return locale.T("members.count_many", "count", models.MostCounted)
	}
	return locale.T("members.count", "count", l.Count)
}

func roleFilter(l *i18n.Locale) []parts.Option {
	options := []parts.Option{{Value: "", Label: l.T("members.role.any")}, {Value: Internal, Label: l.T("members.role.internal")}}
	for _, role := range models.Roles() {
		options = append(options, parts.Option{Value: string(role), Label: l.T("users.role." + string(role))})
	}
	return options
}

func stateFilter(l *i18n.Locale) []parts.Option {
	options := []parts.Option{{Value: "", Label: l.T("members.state.any")}}
	for _, state := range models.PersonStates() {
		options = append(options, parts.Option{Value: string(state), Label: l.T("members.state." + string(state))})
	}
	return options
}

// state is the one thing to know about an account: a kind of pill and its words; empty where all is well.
func state(l *i18n.Locale, now time.Time, p *models.PersonCard) (kind, text string) {
	switch {
	case p.DisabledAt != nil:
		return "red", l.T("members.state.suspended")
	case p.ExpiresAt != nil && !p.ExpiresAt.After(now):
		return "amber", l.T("members.state.expired")
	case p.Role == models.RoleExternal && p.SponsorID == nil:
		return "amber", l.T("members.state.unsponsored")
	case p.Service && p.UnansweredAt != nil:
		return "amber", l.T("services.unanswered")
	case p.Service:
		return "", ""
	case !p.Came:
		return "", l.T("members.state.never")
	}
	return "", ""
}

// place is what someone does, and where.
func place(parts ...string) string {
	var said []string
	for _, part := range parts {
		if part != "" {
			said = append(said, part)
		}
	}
	return strings.Join(said, ", ")
}

// Person is what a person's page shows to those who look after people.
type Person struct {
	Actor    *models.Actor
	User     *models.User
	Sponsor  *models.User
	Reasons  []models.Reason
	Merges   []models.MergeCard
	Sessions int
	Asks     *models.Correction // what they want corrected; nil for nothing
	Waited   bool               // may come in and has never done so
	Mail     bool               // a sign-in link can be sent to them
	Problems models.Invalid
	// What was sent to a form that has something wrong in it.
	Role                string
	TermsSent           bool
	Until, SponsorEmail string
	Department          string
}

// Invited is what the form for a new account was sent with, and what is wrong in it.
type Invited struct {
	Actor             *models.Actor
	Name, Email, Role string
	Mail              bool // the link is sent, and not shown
	Provided          bool
	Problems          models.Invalid
}

func (i Invited) problem(l *i18n.Locale, field string) string {
	return Person{Problems: i.Problems}.problem(l, field)
}

func (i Invited) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"name", "email", "role"} {
		if text := i.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// roles are those that the reader may give to people of the company.
func (i Invited) roles(l *i18n.Locale) []parts.Option {
	options := Person{Actor: i.Actor}.roles(l)
	return slices.DeleteFunc(options, func(o parts.Option) bool { return o.Value == string(models.RoleExternal) })
}

func (v Person) address() string { return "/members/" + strconv.FormatInt(v.User.ID, 10) }

// changes tells whether the reader may change this account.
func (v Person) changes() bool {
	return v.Actor.LooksAfter(v.User.Role) && (!v.User.Service || v.Actor.Can(models.ManageSignIn, nil))
}

func (v Person) department() string {
	if v.Department != "" {
		return v.Department
	}
	return v.User.Department
}

// entrusts tells whether the reader may say who answers for it, a program.
func (v Person) entrusts() bool { return v.User.Service && v.Actor.LooksAfter(v.User.Role) }

func (v Person) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (v Person) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"role", "sure", "suspended", "until", "sponsor", "department"} {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// roles are those that the reader may give.
func (v Person) roles(l *i18n.Locale) (options []parts.Option) {
	for _, role := range models.Roles() {
		if v.Actor.LooksAfter(role) {
			options = append(options, parts.Option{Value: string(role), Label: l.T("users.role." + string(role))})
		}
	}
	return options
}

func (v Person) role() string {
	if v.Role != "" {
		return v.Role
	}
	return string(v.User.Role)
}

// until is the last day with access, as a field of a form has it.
func (v Person) until(l *i18n.Locale) string {
	if v.TermsSent {
		return v.Until
	}
	if v.User.ExpiresAt == nil {
		return ""
	}
	return l.In(v.User.ExpiresAt.Add(-time.Second)).Format(time.DateOnly)
}

func (v Person) sponsor() string {
	if v.TermsSent || v.Sponsor == nil {
		return v.SponsorEmail
	}
	return v.Sponsor.Email
}

// facts are what is known of a person, line by line.
func (v Person) facts(p layout.Page) (lines [][2]string) {
	u := v.User
	add := func(key, text string) {
		if text != "" {
			lines = append(lines, [2]string{p.L.T(key), text})
		}
	}
	add("members.fact.email", u.Email)
	add("members.fact.role", p.L.T("users.role."+string(u.Role)))
	add("members.fact.job", place(u.Job, u.JobFamily))
	add("members.fact.department", u.Department)
	add("members.fact.site", u.Site)
	add("members.fact.organisation", u.Organisation)
	add("members.fact.since", p.L.Date(u.CreatedAt))
	if u.SeenAt != nil {
		add("members.fact.seen", p.L.Ago(*u.SeenAt, p.Now))
	}
	if u.ExpiresAt != nil {
		add("members.fact.until", p.L.Date(u.ExpiresAt.Add(-time.Second)))
	}
	if v.Sponsor != nil {
		add("members.fact.sponsor", v.Sponsor.Name)
	}
	return lines
}

// why says through what someone has a role in a space.
func why(l *i18n.Locale, r models.Reason) string {
	if r.GroupName != "" {
		return l.T("members.why.group", "group", r.GroupName)
	}
	kind, _, _ := strings.Cut(r.Source, ":")
	if key := "members.why." + kind; l.Has(key) {
		return l.T(key)
	}
	return l.T("members.why.other")
}
