package invitations

import (
	"net/url"
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Unanswered names the list of those for whom nobody answers.
const Unanswered = "unanswered"

// Guests is a page of people from outside: those whom the reader answers for, or those whom nobody does.
type Guests struct {
	Guests     []models.Guest
	Unanswered bool
	Manages    bool // the reader looks after people
	Next       *models.PersonKey
	Later      bool
	// What was sent for whom, and is wrong.
	About    int64
	Sponsor  string
	Problems models.Invalid
}

// Address is that of a page of the list.
func (g Guests) Address(cursor string) string {
	values := url.Values{}
	if g.Unanswered {
		values.Set("list", Unanswered)
	}
	if cursor != "" {
		values.Set("cursor", cursor)
	}
	if len(values) == 0 {
		return "/guests"
	}
	return "/guests?" + values.Encode()
}

func (g Guests) next() string {
	if g.Next == nil {
		return ""
	}
	return g.Address(g.Next.String())
}

func (g Guests) start() string {
	if !g.Later {
		return ""
	}
	return g.Address("")
}

func (g Guests) list() string {
	if g.Unanswered {
		return Unanswered
	}
	return ""
}

func (g Guests) tabs(l *i18n.Locale) []parts.Tab {
	return []parts.Tab{
		{URL: Guests{}.Address(""), Label: l.T("guests.own"), Count: -1, Active: !g.Unanswered},
		{URL: Guests{Unanswered: true}.Address(""), Label: l.T("guests.unanswered"), Count: -1, Active: g.Unanswered},
	}
}

func (g Guests) problem(l *i18n.Locale, id int64) string {
	if key := g.Problems["sponsor"]; key != "" && id == g.About {
		return l.T(key)
	}
	return ""
}

func (g Guests) errors(l *i18n.Locale) []parts.FieldError {
	if text := g.problem(l, g.About); text != "" {
		return []parts.FieldError{{Name: sponsorField(g.About), Text: text}}
	}
	return nil
}

func (g Guests) sponsor(id int64) string {
	if id == g.About {
		return g.Sponsor
	}
	return ""
}

func sponsorField(id int64) string { return "sponsor-" + strconv.FormatInt(id, 10) }

func guestPath(id int64) string { return "/guests/" + strconv.FormatInt(id, 10) }

// soon is from when on an end is near.
const soon = 14 * 24 * time.Hour

// ending says when somebody's access ends: a kind of pill, if it is near or past, and its words.
func ending(l *i18n.Locale, now time.Time, g *models.Guest) (kind, text string) {
	if g.ExpiresAt == nil {
		return "", l.T("guests.no_end")
	}
	date := l.Date(g.ExpiresAt.Add(-time.Second))
	switch {
	case !g.ExpiresAt.After(now):
		return "red", l.T("guests.over", "date", date)
	case g.ExpiresAt.Sub(now) < soon:
		return "amber", l.T("guests.until", "date", date)
	}
	return "", l.T("guests.until", "date", date)
}
