// Package groups shows the groups of people, who is in one, and in which spaces it has a role.
package groups

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// List is a page of the groups.
type List struct {
	Cards    []models.GroupCard
	Kind     models.GroupKind // the filter; empty: all
	Next     string           // key of the next page
	Later    bool             // not the first page
	Name     string           // as filled in
	Limits   []models.CallLimit
	Given    func(models.Callers) string // as filled in
	Problems models.Invalid
}

// people is what the field for a limit holds.
func (g List) people(limit models.CallLimit) string {
	if g.limitsWrong() {
		return g.Given(limit.Who)
	}
	return strconv.Itoa(limit.People)
}

// limitsWrong tells whether the limits that were sent could not be taken.
func (g List) limitsWrong() bool {
	return slices.ContainsFunc(g.Limits, func(limit models.CallLimit) bool { return g.Problems[string(limit.Who)] != "" })
}

// Sheet is a group with a page of its people.
type Sheet struct {
	Group        *models.Group
	Members      []models.GroupMember
	Spaces       []models.GroupSpace
	Next         string
	Later        bool
	Name, Person string // as filled in
	Problems     models.Invalid
}

// Key is the place in a list after a name, as it stands in an address.
func Key(name string, id int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(id, 10) + " " + name))
}

// ParseKey reads such a key; a malformed one is a mistake at the field "after".
func ParseKey(key string) (name string, id int64, err error) {
	if key == "" {
		return "", 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(key)
	digits, name, found := strings.Cut(string(raw), " ")
	id, parseErr := strconv.ParseInt(digits, 10, 64)
	if err != nil || parseErr != nil || !found || strings.ContainsRune(name, 0) {
		return "", 0, models.Invalid{"after": "lists.cursor_invalid"}
	}
	return name, id, nil
}

func (g List) address(kind models.GroupKind, after string) string {
	address := "/groups"
	if kind != "" {
		address += "?kind=" + string(kind)
	}
	if after == "" {
		return address
	}
	if kind == "" {
		return address + "?after=" + after
	}
	return address + "&after=" + after
}

func (g List) next() string {
	if g.Next == "" {
		return ""
	}
	return g.address(g.Kind, g.Next)
}

func (g List) start() string {
	if !g.Later {
		return ""
	}
	return g.address(g.Kind, "")
}

func (g List) chips(l *i18n.Locale) (chips []parts.ChipLink) {
	for _, kind := range []models.GroupKind{"", models.KindGroup, models.KindUnit} {
		label := "groups.all"
		if kind != "" {
			label = "groups.kind." + string(kind)
		}
		chips = append(chips, parts.ChipLink{URL: g.address(kind, ""), Label: l.T(label), Count: -1, Active: kind == g.Kind})
	}
	return chips
}

func address(id int64) string { return "/groups/" + strconv.FormatInt(id, 10) }

func (s Sheet) next() string {
	if s.Next == "" {
		return ""
	}
	return address(s.Group.ID) + "?after=" + s.Next
}

func (s Sheet) start() string {
	if !s.Later {
		return ""
	}
	return address(s.Group.ID)
}

// name is what the field for the group's name holds.
func (s Sheet) name() string {
	if s.Problems["name"] != "" {
		return s.Name
	}
	return s.Group.Name
}

func problem(p layout.Page, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return p.L.T(key, "most", models.MaxCalled)
	}
	return ""
}

func summary(p layout.Page, problems models.Invalid) (errors []parts.FieldError) {
	for _, field := range []string{"name", "person", string(models.CallingEmployees), string(models.CallingLeaders)} {
		if text := problem(p, problems, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}
