package invitations

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ruche/models"
)

// Wrong is a form with addresses in it that cannot be invited, and which.
type Wrong struct {
	models.Invalid
	Addresses []string
}

// Unwrap is what is wrong with them.
func (w *Wrong) Unwrap() error { return w.Invalid }

// addresses reads the addresses of a text: one a line, or apart by commas, semicolons and spaces, as mail programs write them.
func addresses(text string) (emails []string, problem error) {
	var wrong []string
	for _, entry := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' }) {
		for _, word := range words(entry) {
			email := models.NormalEmail(word)
			switch {
			case !utf8.ValidString(word) || !mailable(email):
				wrong = append(wrong, word)
			case !slices.Contains(emails, email):
				emails = append(emails, email)
			}
			if len(emails)+len(wrong) > models.MaxInvited {
				return nil, models.Invalid{"addresses": "invitations.too_many"}
			}
		}
	}
	switch {
	case len(wrong) > 0:
		return nil, &Wrong{models.Invalid{"addresses": "invitations.addresses_wrong"}, wrong}
	case len(emails) == 0:
		return nil, models.Invalid{"addresses": "invitations.addresses_missing"}
	}
	return emails, nil
}

// words are the addresses in a line: that of "Karl Lang <karl@customer.example>", or whatever stands apart.
func words(entry string) []string {
	if strings.Contains(entry, "<") {
		if parsed, err := mail.ParseAddress(strings.TrimSpace(entry)); err == nil {
			return []string{parsed.Address}
		}
		return []string{strings.TrimSpace(entry)}
	}
	return strings.Fields(entry)
}

// mailable tells whether a letter can be sent to an address.
func mailable(email string) bool {
	return models.ValidEmail(email) && !strings.ContainsFunc(email, unicode.IsControl) && strings.Count(email, "@") == 1
}
