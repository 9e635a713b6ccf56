package spaces

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"ruche/models"
	"ruche/views/layout"
	"ruche/views/parts"
)

// MemberList is what the members page of a space shows.
type MemberList struct {
	Space       *models.Space
	Members     []models.Member
	Reasons     map[int64][]models.MemberReason // why each of them is in the space, for those who run it
	Count       int                             // on all pages together
	Next        string                          // key of the next page
	First       bool
	MayManage   bool
	HandsOver   bool // the space is the reader's to hand over
	KnowsGroups bool // the reader may look at the pages of groups
	ActorID     int64
	Name        string           // a beginning of names to show only
	Only        models.SpaceRole // a role to show only
	Way         models.Way       // how those came in who are shown only
	Email, Role string           // as filled in
	Problems    models.Invalid
}

// MemberKey is the place in the list after a member, as it stands in an address.
func MemberKey(m *models.Member) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(m.ID, 10) + " " + m.Name))
}

// ParseMemberKey reads such a key; a malformed one is a mistake at the field "after".
func ParseMemberKey(key string) (name string, id int64, err error) {
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

func (list MemberList) url() string { return "/spaces/" + list.Space.Slug + "/members" }

func (list MemberList) of(m models.Member) string {
	return list.url() + "/" + strconv.FormatInt(m.ID, 10)
}

// address is that of a page of the list with the same filter.
func (list MemberList) address(after string) string {
	values := url.Values{}
	for name, value := range map[string]string{"name": list.Name, "only": string(list.Only), "way": string(list.Way), "after": after} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return list.url()
	}
	return list.url() + "?" + values.Encode()
}

func (list MemberList) next() string {
	if list.Next == "" {
		return ""
	}
	return list.address(list.Next)
}

func (list MemberList) start() string {
	if list.First {
		return ""
	}
	return list.address("")
}

// filtered tells whether the list shows only some.
func (list MemberList) filtered() bool { return list.Name != "" || list.Only != "" || list.Way != "" }

// role is the one that is offered to whoever is added.
func (list MemberList) role() string {
	if list.Role == "" {
		return string(models.SpaceMember)
	}
	return list.Role
}

func roles(p layout.Page) (options []parts.Option) {
	for _, role := range models.SpaceRoles() {
		options = append(options, parts.Option{Value: string(role), Label: p.L.T("spaces.role." + string(role))})
	}
	return options
}

func filters(p layout.Page) []parts.Option {
	return append([]parts.Option{{Label: p.L.T("spaces.every_role")}}, roles(p)...)
}

func ways(p layout.Page) (options []parts.Option) {
	options = []parts.Option{{Label: p.L.T("spaces.every_way")}}
	for _, way := range models.Ways() {
		options = append(options, parts.Option{Value: string(way), Label: p.L.T("spaces.way." + string(way))})
	}
	return options
}
