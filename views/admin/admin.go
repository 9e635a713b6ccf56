// Package admin shows the pages of those who answer for the installation: the audit log.
package admin

import (
	"net/url"
	"strconv"
	"strings"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Log is a page of the audit log.
type Log struct {
	Actor   *models.Actor
	Verb    string // the filter, empty for everything
	Entries []models.AuditEntry
	Next    int64 // the id before which the next page begins, 0 at the end
	Later   bool  // not the first page
}

func (g Log) address(before int64) string {
	values := url.Values{}
	if g.Verb != "" {
		values.Set("verb", g.Verb)
	}
	if before != 0 {
		values.Set("before", strconv.FormatInt(before, 10))
	}
	if len(values) == 0 {
		return "/audit"
	}
	return "/audit?" + values.Encode()
}

func (g Log) next() string {
	if g.Next == 0 {
		return ""
	}
	return g.address(g.Next)
}

func (g Log) start() string {
	if !g.Later {
		return ""
	}
	return g.address(0)
}

func verbOptions(l *i18n.Locale) []parts.Option {
	options := []parts.Option{{Label: l.T("audit.all")}, {Value: models.OnlySecurity, Label: l.T("audit.security")}}
	for _, verb := range models.Verbs() {
		options = append(options, parts.Option{Value: verb, Label: l.T("audit.verb." + verb)})
	}
	return options
}

// where names the space, unless it is one that the reader may not see: an owner reads the log of
// the house, not the names of its closed rooms.
func (g Log) where(l *i18n.Locale, e *models.AuditEntry) string {
	if e.SpaceID == 0 {
		return ""
	}
	if g.Actor.Access(e.SpaceID) == nil {
		return l.T("audit.hidden_space")
	}
	return e.SpaceTitle
}

// subjectURL is where the subject can be looked at, empty if nowhere or not by the reader.
func (g Log) subjectURL(e *models.AuditEntry) string {
	id := strconv.FormatInt(e.SubjectID, 10)
	switch {
	case e.Subject == "user":
		return "/people/" + id
	case e.Subject == "hold":
		return "/privacy/holds/" + id
	case e.Subject == "idea" && g.Actor.Access(e.SpaceID) != nil:
		return "/ideas/" + id
	case e.Subject == "thread" && g.Actor.Access(e.SpaceID) != nil:
		return "/threads/" + id
	}
	return ""
}

// detail is what the log says beyond the verb.
type detail struct {
	parts.EventDetail
	How, Issuer, Subject string
}

func detailOf(e *models.AuditEntry) (d detail) {
	if e.Subject == "idea" || e.Subject == "thread" || e.Subject == "topic" || e.Subject == "post" || e.Subject == "space" {
		return d
	}
	if err := e.Decode(&d); err != nil {
		return detail{} // what older versions wrote differently is left out
	}
	return d
}

func (d detail) words(l *i18n.Locale) string {
	if d.How != "" {
		return l.T("audit.how." + d.How)
	}
	return strings.Join(d.Words(l), ", ")
}
