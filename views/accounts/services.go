package accounts

import (
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Services are the accounts of programs, and the form for another one with what is wrong in it.
type Services struct {
	Services               []models.ServiceCard
	Name, Purpose, Sponsor string
	Problems               models.Invalid
}

func (s Services) problem(l *i18n.Locale, field string) string {
	if key := s.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (s Services) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"name", "purpose", "sponsor"} {
		if text := s.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// Service is a program's account with its tokens.
type Service struct {
	Card     *models.ServiceCard
	Tokens   []models.Token
	Secret   string // of the token just made; shown once
	NewToken TokenForm
}

// ServiceAddress is where a program's account is.
func ServiceAddress(id int64) string { return "/services/" + strconv.FormatInt(id, 10) }
