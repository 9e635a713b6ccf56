package parts

import (
	"ruche/models"
	"ruche/views/i18n"
)

// Name is how a person is called, in the reader's language where they are a former member.
func Name(l *i18n.Locale, name string) string {
	if name == models.FormerName {
		return l.T("privacy.former")
	}
	return name
}
