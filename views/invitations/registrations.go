package invitations

import (
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Registration is the form of those who ask to be let into a space that nobody invited them to.
type Registration struct {
	Space                              *models.Space
	Self                               bool                 // who asks is signed in
	Waits                              *models.Registration // their own that waits
	Name, Email, Organisation, Message string
	Problems                           models.Invalid
}

// Path leads to it.
func (r Registration) Path() string { return "/spaces/" + r.Space.Slug + "/registration" }

func (r Registration) problem(l *i18n.Locale, field string) string {
	if key := r.Problems[field]; key != "" {
		return l.T(key, "most", models.MaxRegistrationWords)
	}
	return ""
}

func (r Registration) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"name", "email", "organisation", "message"} {
		if text := r.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// Proof is a registration as whoever holds its letter sees it.
type Proof struct {
	Token        string
	Registration *models.Registration
	Space        *models.Space
}

// Admission is what somebody is let in with, as a form holds it.
type Admission struct{ Role, Until, Sponsor string }

// Registrations is a page of those who wait to be let in.
type Registrations struct {
	Space    *models.Space
	Cards    []models.RegistrationCard
	Next     int64
	Later    bool
	MayAdmit bool
	Door     string // where strangers ask
	Usual    Admission
	// What was sent about whom, and is wrong.
	About    int64
	Sent     Admission
	Answer   string
	Problems models.Invalid
}

// URL is that of the first page.
func (list Registrations) URL() string { return "/spaces/" + list.Space.Slug + "/registrations" }

func (list Registrations) next() string {
	if list.Next == 0 {
		return ""
	}
	return list.URL() + "?after=" + strconv.FormatInt(list.Next, 10)
}

func (list Registrations) start() string {
	if !list.Later {
		return ""
	}
	return list.URL()
}

func (list Registrations) of(c *models.RegistrationCard) string {
	return list.URL() + "/" + strconv.FormatInt(c.ID, 10)
}

// terms are what the form about somebody holds.
func (list Registrations) terms(c *models.RegistrationCard) Admission {
	if list.About == c.ID && list.Sent.Role != "" {
		return list.Sent
	}
	return list.Usual
}

func (list Registrations) answer(c *models.RegistrationCard) string {
	if list.About == c.ID {
		return list.Answer
	}
	return ""
}

// fieldOf names a field of the forms about somebody.
func fieldOf(name string, id int64) string { return name + "-" + strconv.FormatInt(id, 10) }

func (list Registrations) problem(l *i18n.Locale, field string, id int64) string {
	if key := list.Problems[field]; key != "" && list.About == id {
		return l.T(key, "most", models.MaxRequestWords)
	}
	return ""
}

func (list Registrations) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"space", "registration", "role", "until", "sponsor", "answer"} {
		if text := list.problem(l, field, list.About); text != "" {
			name := fieldOf(field, list.About)
			if list.About == 0 || field == "registration" {
				name = "space"
			}
			errors = append(errors, parts.FieldError{Name: name, Text: text})
		}
	}
	return errors
}
