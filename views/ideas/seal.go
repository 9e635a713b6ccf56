package ideas

import (
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// hiddenWords say why an idea has no name, and of a sealed one who can open the seal.
func (s Show) hiddenWords(l *i18n.Locale) string {
	if s.Idea.Anonymity != models.Sealed {
		return l.T("anonymity.reader.not_stored")
	}
	first, second := s.Seal.Holders[0], s.Seal.Holders[1]
	switch {
	case first.KeyID == 0:
		return l.T("anonymity.reader.sealed_destroyed")
	case !s.Seal.Opens():
		return l.T("anonymity.reader.sealed_closed")
	}
	return l.T("anonymity.reader.sealed", "first", parts.Name(l, first.Name), "second", parts.Name(l, second.Name))
}
