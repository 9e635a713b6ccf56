package accounts

import (
	"strconv"
	"strings"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Log is a page of what happened around a person's own account.
type Log struct {
	ActorID int64
	Lines   []LogLine
	Next    int64 // the id before which the next page begins, 0 at the end
	Later   bool  // not the first page
}

// LogLine is one thing that happened, and what is said beyond that.
type LogLine struct {
	models.Event `json:"-"`
	parts.EventDetail
	Stranger bool
}

// words are those for the person themselves, where there are any.
func (e *LogLine) words(l *i18n.Locale) string {
	if key := "security.verb." + e.Verb; l.Has(key) {
		return l.T(key)
	}
	return l.T("audit.verb." + e.Verb)
}

func (e *LogLine) details(l *i18n.Locale) string {
	words := e.Words(l)
	if e.Stranger {
		words = append(words, l.T("security.stranger"))
	}
	return strings.Join(words, ", ")
}

// who did it. Whoever looks after the house is not named: the person may not know them.
func (g *Log) who(l *i18n.Locale, e *LogLine) string {
	switch e.ActorID {
	case g.ActorID:
		return l.T("security.you")
	case 0:
		return l.T("audit.system")
	}
	return l.T("security.staff")
}

func (g *Log) next() string {
	if g.Next == 0 {
		return ""
	}
	return "/account/security?before=" + strconv.FormatInt(g.Next, 10)
}

func (g *Log) start() string {
	if !g.Later {
		return ""
	}
	return "/account/security"
}
