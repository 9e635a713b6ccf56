package parts

import (
	"ruche/models"
	"ruche/views/i18n"
)

// Name is how a person is called, in the reader's language where an account stands for former members, for those who wrote on paper or
// for somebody who hides.
func Name(l *i18n.Locale, name string) string {
	switch name {
	case models.FormerName:
		return l.T("privacy.former")
	case models.PaperName:
		return l.T("papers.author")
	case models.HiddenName:
		return l.T("anonymity.author")
	}
	return name
}
