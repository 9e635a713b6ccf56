package members

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Fate is what would become of a line of a list.
type Fate string

// The fates.
const (
	Refused Fate = "refused"
	Made    Fate = "made"
	Changed Fate = "changed"
	Same    Fate = "same"
)

// Fates lists them, those first that want somebody's attention.
func Fates() []Fate { return []Fate{Refused, Made, Changed, Same} }

// Change is what a line would change about somebody.
type Change struct{ Column, From, To string }

func (c Change) words(l *i18n.Locale) string {
	from, to := c.From, c.To
	switch c.Column {
	case "role":
		from, to = l.T("users.role."+from), l.T("users.role."+to)
	case "language":
		to = l.T("roster.language." + to)
		if from != "" {
			from = l.T("roster.language." + from)
		}
	}
	if from == "" {
		return l.T("roster.set", "column", l.T("roster.column."+c.Column), "to", to)
	}
	return l.T("roster.change", "column", l.T("roster.column."+c.Column), "from", from, "to", to)
}

// Upload is the form that a list is sent by, and what is wrong with the one that was.
type Upload struct {
	Problem  string
	Provided bool
	Columns  []string
	Actor    *models.Actor
	Most     int // lines
}

func (u Upload) words(l *i18n.Locale) string {
	if u.Problem == "" {
		return ""
	}
	return l.T(u.Problem)
}

// roles are the names of the roles that the reader may give to people of the company by a list.
func (u Upload) roles(l *i18n.Locale) string {
	var names []string
	for _, role := range models.Roles() {
		if u.Actor.LooksAfter(role) && role != models.RoleOwner && role != models.RoleExternal {
			names = append(names, l.T("users.role."+string(role)))
		}
	}
	return strings.Join(names, ", ")
}

// Line is a line of a list with what would become of it.
type Line struct {
	Number      int
	ID          int64 // of the account, 0 for somebody new
	New         bool
	Email, Name string
	Role        models.Role
	Changes     []Change
	Problems    []string
}

// Roster is a list that somebody has sent, and what it would do.
type Roster struct {
	Roster *models.Roster
	Job    *models.Job // that takes it in, nil as long as nobody has asked for it
	Count  map[Fate]int
	Show   Fate
	Lines  []Line
	Later  bool // not the first page
	// How those come in whom it makes accounts for: through a provider, by a letter, or by links that are handed over.
	Provided, Mail bool
	Seen           time.Time // what is shown is as of then
	Next           int       // after which line the next page begins, 0 at the end
}

// RosterAddress is where a list is.
func RosterAddress(id int64) string { return "/members/rosters/" + strconv.FormatInt(id, 10) }

// Working tells whether the list is being taken in.
func (r Roster) Working() bool {
	return r.Roster.ImportedAt == nil && r.Job != nil && !r.Job.Ended()
}

func (r Roster) failed() bool {
	return r.Roster.ImportedAt == nil && r.Job != nil && r.Job.State == models.JobFailed
}

// ready tells whether the list can be taken in.
func (r Roster) ready() bool {
	return r.Count[Refused] == 0 && r.Count[Made]+r.Count[Changed] > 0
}

// way says how those come in whom the list makes accounts for: it ends a key of the catalogue.
func (r Roster) way() string {
	switch {
	case r.Provided:
		return "provider"
	case r.Mail:
		return "mail"
	}
	return "links"
}

// links tells whether there are links to be fetched.
func (r Roster) links() bool {
	return r.way() == "links" && r.Roster.Made > 0 && r.Roster.LinksAt == nil
}

func (r Roster) page(show Fate, after int) string {
	query := url.Values{"show": {string(show)}}
	if after > 0 {
		query.Set("after", strconv.Itoa(after))
	}
	return RosterAddress(r.Roster.ID) + "?" + query.Encode()
}

func (r Roster) next() string {
	if r.Next == 0 {
		return ""
	}
	return r.page(r.Show, r.Next)
}

func (r Roster) start() string {
	if !r.Later {
		return ""
	}
	return r.page(r.Show, 0)
}

func (r Roster) tabs(l *i18n.Locale) (tabs []parts.Tab) {
	for _, fate := range Fates() {
		if r.Count[fate] > 0 {
			tabs = append(tabs, parts.Tab{URL: r.page(fate, 0), Label: l.T("roster.fate." + string(fate)), Count: r.Count[fate], Active: fate == r.Show})
		}
	}
	return tabs
}

// why says which line kept the list from being taken in.
func (r Roster) why(p layout.Page) string {
	if r.Roster.Problem == "" {
		return p.L.T("roster.failed")
	}
	return p.L.T("roster.failed_at", "line", strconv.Itoa(r.Roster.ProblemLine), "problem", p.L.T(r.Roster.Problem))
}
