package scim

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"ruche/models"
)

// attributes are a resource, or a part of one, as JSON has it.
type attributes = map[string]any

// person is what a directory says of someone.
type person struct {
	userName, externalID               string
	display, formatted, given, family  string
	title, language, department, email string
	managerID                          *int64
	active                             *bool // nil: not said
}

// get finds an attribute, whose name may be written in any letters.
func get(a attributes, name string) any {
	if value, found := a[name]; found {
		return value
	}
	for key, value := range a {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

// readPerson reads a whole resource. What is not kept here is passed over, as RFC 7644 allows.
func readPerson(a attributes) (*person, error) {
	p := &person{}
	r := &reader{}
	name, work := r.part(a, "name"), r.part(a, enterpriseSchema)
	p.userName, p.externalID, p.display = r.text(a, "userName"), r.text(a, "externalId"), r.text(a, "displayName")
	p.formatted, p.given, p.family = r.text(name, "formatted"), r.text(name, "givenName"), r.text(name, "familyName")
	p.title, p.department = r.text(a, "title"), r.text(work, "department")
	p.language = r.text(a, "preferredLanguage")
	p.email = r.email(a)
	p.active = r.flag(a, "active")
	p.managerID = r.manager(work)
	if p.userName == "" && r.err == nil {
		r.err = invalidValue("userName is missing")
	}
	return p, r.err
}

// reader reads attributes and keeps the first mistake.
type reader struct{ err error }

func (r *reader) wrong(name string) {
	if r.err == nil {
		r.err = invalidValue(name + " is not of its type")
	}
}

func (r *reader) text(a attributes, name string) string {
	switch value := get(a, name).(type) {
	case nil:
	case string:
		return strings.TrimSpace(value)
	default:
		r.wrong(name)
	}
	return ""
}

func (r *reader) part(a attributes, name string) attributes {
	switch value := get(a, name).(type) {
	case nil:
	case attributes:
		return value
	default:
		r.wrong(name)
	}
	return nil
}

// flag reads a truth; some directories write it as a text.
func (r *reader) flag(a attributes, name string) *bool {
	switch value := get(a, name).(type) {
	case nil:
		return nil
	case bool:
		return &value
	case string:
		if truth, err := strconv.ParseBool(strings.ToLower(value)); err == nil {
			return &truth
		}
	}
	r.wrong(name)
	return nil
}

// email picks the address to keep: the primary one, else the first for work, else the first.
func (r *reader) email(a attributes) string {
	best, rank := "", 0
	for _, item := range r.items(a, "emails") {
		value, own := r.text(item, "value"), 1
		if strings.EqualFold(r.text(item, "type"), "work") {
			own = 2
		}
		if primary := r.flag(item, "primary"); primary != nil && *primary {
			own = 3
		}
		if value != "" && own > rank {
			best, rank = value, own
		}
	}
	return best
}

func (r *reader) items(a attributes, name string) (items []attributes) {
	value := get(a, name)
	list, isList := value.([]any)
	if value != nil && !isList {
		list = []any{value}
	}
	for _, one := range list {
		item, ok := one.(attributes)
		if !ok {
			r.wrong(name)
			return nil
		}
		items = append(items, item)
	}
	return items
}

// manager reads who someone's manager is; one directory writes the id alone.
func (r *reader) manager(work attributes) *int64 {
	text := ""
	if id, bare := get(work, "manager").(string); bare {
		text = id
	} else {
		text = r.text(r.part(work, "manager"), "value")
	}
	if text == "" {
		return nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		r.wrong("manager")
	}
	return &id
}

// fill takes over what the directory says, whole or after changing parts of what was there.
func (p *person) fill(user *models.User, whole bool) {
	user.UserName, user.ExternalID = &p.userName, nil
	if p.externalID != "" {
		user.ExternalID = &p.externalID
	}
	user.Email = p.email
	if whole && user.Email == "" && models.ValidEmail(p.userName) {
		user.Email = p.userName
	}
	before := *user
	if whole {
		before = models.User{}
	}
	user.GivenName, user.FamilyName = p.given, p.family
	user.Name = p.shown(&before)
	user.Job, user.Department, user.ManagerID = p.title, p.department, p.managerID
	if user.Locale == "" {
		user.Locale = spoken(p.language)
	}
}

// shown is the name to show: what the directory has just changed counts most. A name that it gives in parts only is
// put together.
func (p *person) shown(before *models.User) string {
	parts := strings.TrimSpace(p.given + " " + p.family)
	for _, name := range []string{p.display, p.formatted} {
		if name != "" && name != before.Name {
			return name
		}
	}
	was := strings.TrimSpace(before.GivenName + " " + before.FamilyName)
	if parts != "" && (p.display == "" || parts != was && before.Name == was) {
		return parts
	}
	for _, name := range []string{p.display, p.formatted, parts} {
		if name != "" {
			return name
		}
	}
	return p.userName
}

// spoken is the language of Ruche that "fr-CA" asks for, empty if it is another.
func spoken(language string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(language), "_", "-"), "-")
	if base == "fr" || base == "en" {
		return base
	}
	return ""
}

// personBody is an account as SCIM shows it, with its version.
func (f *SCIM) personBody(u *models.DirectoryUser) attributes {
	body := attributes{"userName": u.DirectoryName(), "displayName": u.Name, "active": u.DisabledAt == nil}
	name := attributes{"formatted": u.Name}
	put(name, "givenName", u.GivenName)
	put(name, "familyName", u.FamilyName)
	body["name"] = name
	if u.ExternalID != nil {
		body["externalId"] = *u.ExternalID
	}
	put(body, "title", u.Job)
	put(body, "preferredLanguage", u.Locale)
	if u.Email != "" {
		body["emails"] = []any{attributes{"value": u.Email, "type": "work", "primary": true}}
	}
	work := attributes{}
	put(work, "department", u.Department)
	if u.ManagerID != nil {
		id := strconv.FormatInt(*u.ManagerID, 10)
		work["manager"] = attributes{"value": id, "$ref": f.address("/Users/" + id), "displayName": u.ManagerName}
	}
	schemas := []string{userSchema}
	if len(work) > 0 {
		schemas = append(schemas, enterpriseSchema)
		body[enterpriseSchema] = work
	}
	body["schemas"] = schemas
	body["id"] = strconv.FormatInt(u.ID, 10)
	changed := u.CreatedAt
	if u.ChangedAt != nil {
		changed = *u.ChangedAt
	}
	body["meta"] = f.recordMeta("User", "/Users/"+strconv.FormatInt(u.ID, 10), u.CreatedAt, changed, digest(body))
	return body
}

func put(a attributes, name, value string) {
	if value != "" {
		a[name] = value
	}
}

func (f *SCIM) recordMeta(kind, path string, created, changed time.Time, version string) attributes {
	return attributes{
		"resourceType": kind, "location": f.address(path), "version": version,
		"created": created.UTC().Format(time.RFC3339Nano), "lastModified": changed.UTC().Format(time.RFC3339Nano),
	}
}

// digest is the version of a resource: weak, since it is of the content and not of the bytes. Whoever changes an
// account changes it, be it the directory, its holder or a sign-in.
func digest(body attributes) string {
	raw, _ := json.Marshal(body) // made of texts and truths
	sum := sha256.Sum256(raw)
	return fmt.Sprintf(`W/"%s"`, hex.EncodeToString(sum[:8]))
}

// version is that of a resource that has been made.
func version(body attributes) string {
	meta, _ := body["meta"].(attributes)
	text, _ := meta["version"].(string)
	return text
}
