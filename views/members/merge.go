package members

import (
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Choice is where somebody looks for the other account of a person.
type Choice struct {
	User   *models.User
	Words  string
	People []models.PersonCard
}

// Merging is what a merge of two accounts would do.
type Merging struct {
	Kept, Gone *models.User
	Preview    *models.MergePreview
	Problem    string // why it cannot be done, as a key of the catalogue
	Problems   models.Invalid
}

func mergePath(keptID, goneID int64) string { return personPath(keptID) + "/merge/" + number(goneID) }

func personPath(id int64) string { return "/members/" + number(id) }

func number(id int64) string { return strconv.FormatInt(id, 10) }

func (m Merging) path() string { return mergePath(m.Kept.ID, m.Gone.ID) }

// swapped is the address of the same merge with the other account staying.
func (m Merging) swapped() string { return mergePath(m.Gone.ID, m.Kept.ID) }

// why is why it cannot be done.
func (m Merging) why(l *i18n.Locale) string {
	for _, key := range []string{m.Problem, m.Problems["merge"], m.Problems["role"]} {
		if key != "" {
			return l.T(key)
		}
	}
	return ""
}

func (m Merging) errors(l *i18n.Locale) (errors []parts.FieldError) {
	if key := m.Problems["sure"]; key != "" {
		errors = append(errors, parts.FieldError{Name: "sure", Text: l.T(key)})
	}
	return errors
}

// compared is a line of the table that sets two accounts side by side.
type compared struct{ label, kept, gone, after string }

func (m Merging) compared(p layout.Page) (lines []compared) {
	add := func(key string, text func(*models.User) string) {
		line := compared{p.L.T(key), text(m.Kept), text(m.Gone), text(&m.Preview.After)}
		if line.kept != "" || line.gone != "" {
			lines = append(lines, line)
		}
	}
	day := func(at *time.Time, less time.Duration) string {
		if at == nil {
			return ""
		}
		return p.L.Date(at.Add(-less))
	}
	add("members.column.name", func(u *models.User) string { return u.Name })
	add("members.fact.email", func(u *models.User) string { return u.Email })
	add("members.fact.role", func(u *models.User) string { return p.L.T("users.role." + string(u.Role)) })
	add("members.fact.job", func(u *models.User) string { return place(u.Job, u.JobFamily) })
	add("members.fact.department", func(u *models.User) string { return u.Department })
	add("members.fact.site", func(u *models.User) string { return u.Site })
	add("members.fact.organisation", func(u *models.User) string { return u.Organisation })
	add("merge.fact.directory", func(u *models.User) string {
		if u.UserName == nil {
			return ""
		}
		return *u.UserName
	})
	add("members.fact.until", func(u *models.User) string { return day(u.ExpiresAt, time.Second) })
	add("members.fact.since", func(u *models.User) string { return p.L.Date(u.CreatedAt) })
	add("members.fact.seen", func(u *models.User) string { return day(u.SeenAt, 0) })
	add("members.column.state", func(u *models.User) string {
		_, text := state(p.L, p.Now, &models.PersonCard{DisabledAt: u.DisabledAt, ExpiresAt: u.ExpiresAt, SponsorID: u.SponsorID, Role: models.RoleEmployee, Came: true})
		return text
	})
	return lines
}

// rules are how what both accounts have is decided, as keys of the catalogue.
func (m Merging) rules() []string {
	rules := []string{"merge.rule.facts", "merge.rule.doubled"}
	if m.Preview.Withheld {
		rules = append(rules, "merge.rule.withheld")
	} else {
		rules = append(rules, "merge.rule.wider")
	}
	if m.Kept.External() {
		rules = append(rules, "merge.rule.terms")
	}
	return append(rules, "merge.rule.keys", "merge.rule.log")
}

// Merged is a merge that was done.
type Merged struct {
	Actor       *models.Actor
	Merge       *models.MergeCard
	Moved, Lost models.Rows
	Days        int
	Undo        string // why it cannot be taken back, as a key of the catalogue; empty if it can
	Problem     string // why it was not, when somebody just tried
}

func mergedPath(m *models.MergeCard) string { return personPath(m.KeptID) + "/merges/" + number(m.ID) }

// counted are rows in the order of their kinds.
func counted(l *i18n.Locale, rows models.Rows) (lines [][2]string) {
	for _, kind := range models.MergeKinds() {
		if n := rows[kind]; n > 0 {
			lines = append(lines, [2]string{l.T("merge.kind." + string(kind)), l.Number(int(n))})
		}
	}
	return lines
}
