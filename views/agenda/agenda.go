// Package agenda shows what people come together for, and when.
package agenda

import (
	"iter"
	"net/url"
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Index is the agenda, by the day.
type Index struct {
	Gatherings  []models.GatheringCard
	Spaces      []models.SpaceAccess
	Space       string // slug; empty for all
	Past        bool
	SignedIn    bool
	Plans       bool // the reader may add to it
	Next, Start string
}

// URL is the address of the list with a parameter more.
func (v Index) URL(name, value string) string { return v.to(v.Space, v.Past, name, value) }

func (v Index) to(space string, past bool, name, value string) string {
	query := url.Values{}
	if space != "" {
		query.Set("space", space)
	}
	if past {
		query.Set("past", "1")
	}
	if name != "" {
		query.Set(name, value)
	}
	if len(query) == 0 {
		return "/agenda"
	}
	return "/agenda?" + query.Encode()
}

func (v Index) chosen(l *i18n.Locale) string {
	for i := range v.Spaces {
		if v.Spaces[i].Slug == v.Space {
			return v.Spaces[i].Title
		}
	}
	return l.T("ideas.filter.space")
}

// spaceTitle is what the space of a gathering is called.
func (v Index) spaceTitle(id int64) string {
	for i := range v.Spaces {
		if v.Spaces[i].ID == id {
			return v.Spaces[i].Title
		}
	}
	return ""
}

func (v Index) newURL() string {
	if v.Space == "" {
		return "/events/new"
	}
	return "/events/new?space=" + url.QueryEscape(v.Space)
}

// stretch is a part of the agenda under one heading.
type stretch struct {
	name       string
	gatherings []*models.GatheringCard
}

// stretches parts what is to come into today, the rest of the week and months, and what is over into months.
func (v Index) stretches(p layout.Page) (all []stretch) {
	for i := range v.Gatherings {
		card := &v.Gatherings[i]
		name := v.heading(p, card.StartsAt)
		if n := len(all); n == 0 || all[n-1].name != name {
			all = append(all, stretch{name: name})
		}
		last := &all[len(all)-1]
		last.gatherings = append(last.gatherings, card)
	}
	return all
}

func (v Index) heading(p layout.Page, at time.Time) string {
	local, now := p.L.In(at), p.L.In(p.Now)
	year, month, day := now.Date()
	tomorrow := time.Date(year, month, day+1, 0, 0, 0, 0, now.Location())
	monday := time.Date(year, month, day+1+(7-int(now.Weekday()))%7, 0, 0, 0, 0, now.Location())
	switch {
	case v.Past:
	case local.Before(tomorrow):
		return p.L.T("agenda.today")
	case local.Before(monday):
		return p.L.T("agenda.this_week")
	}
	return p.L.Month(at)
}

// when is the time of a gathering in one line.
func when(l *i18n.Locale, g *models.Gathering) string {
	from, to := l.In(g.StartsAt), l.In(g.EndsAt)
	if from.YearDay() == to.YearDay() && from.Year() == to.Year() {
		return l.Weekday(from) + ", " + l.Clock(from) + "–" + l.Clock(to)
	}
	return l.T("agenda.from_to", "from", l.DateTime(from), "to", l.DateTime(to))
}

// hours are those of a gathering, or when it ends where that is another day.
func hours(l *i18n.Locale, g *models.Gathering) string {
	from, to := l.In(g.StartsAt), l.In(g.EndsAt)
	if from.YearDay() == to.YearDay() && from.Year() == to.Year() {
		return l.Clock(from) + "–" + l.Clock(to)
	}
	return l.T("agenda.until", "from", l.Clock(from), "to", l.DateShort(to)+", "+l.Clock(to))
}

// machine is a moment as the attribute of an element of time.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Talk is what is said about a gathering, and how closely the reader follows it.
type Talk struct {
	Exchanges []parts.Exchange
	Next      string // the cursor of the next page, empty at the end
	Inner     bool   // this is not the first page
	Links     []models.LinkCard
	Compose   *parts.Compose // nil where the reader writes nothing
	SignInURL string         // empty for who is signed in
	Live      *parts.LiveRoom
	Level     models.FollowLevel
	Follows   bool // the reader may say how closely
}

// Show is the page of a gathering.
type Show struct {
	Gathering *models.GatheringDetail
	Space     models.SpaceAccess
	People    []models.AttendeeCard
	Versions  []models.GatheringVersionCard // the latest first
	Talk      Talk
	Zone      string // of the times
	Ended     bool
	Plans     bool // the reader may say something else of it
	Attends   bool // the reader may say whether they come
}

func (v Show) url(rest string) string {
	return "/events/" + strconv.FormatInt(v.Gathering.ID, 10) + rest
}

func (v Show) next() string {
	if v.Talk.Next == "" {
		return ""
	}
	return v.Gathering.Path() + "?cursor=" + v.Talk.Next + "#comments"
}

func (v Show) first() string {
	if !v.Talk.Inner {
		return ""
	}
	return v.Gathering.Path() + "#comments"
}

// who are the people with an answer, of those that the page has.
func (v Show) who(answer models.Coming, waiting bool) (people []models.AttendeeCard) {
	for _, person := range v.People {
		if person.Answer == answer && person.Waiting == waiting {
			people = append(people, person)
		}
	}
	return people
}

// places says how many there are and how many are left.
func (v Show) places(l *i18n.Locale) string {
	left := max(0, *v.Gathering.Capacity-v.Gathering.ComingCount)
	if left == 0 {
		return l.T("agenda.full", "count", *v.Gathering.Capacity)
	}
	return l.T("agenda.places_left", "count", left, "all", *v.Gathering.Capacity)
}

// Fields are those of the form of a gathering, as they were typed.
type Fields struct {
	Space, Title, Body                       string
	StartsDay, StartsTime, EndsDay, EndsTime string
	Place, URL, Capacity                     string
}

// Names are the fields by the names that they have in the form.
func (f *Fields) Names() iter.Seq2[string, *string] {
	return func(yield func(string, *string) bool) {
		for _, field := range []struct {
			name  string
			value *string
		}{{"space", &f.Space}, {"title", &f.Title}, {"body", &f.Body}, {"starts_day", &f.StartsDay}, {"starts_time", &f.StartsTime}, {"ends_day", &f.EndsDay}, {"ends_time", &f.EndsTime}, {"place", &f.Place}, {"url", &f.URL}, {"capacity", &f.Capacity}} {
			if !yield(field.name, field.value) {
				return
			}
		}
	}
}

// Kept are the fields as a draft has them.
func (f *Fields) Kept() models.Fields {
	kept := models.Fields{}
	for name, value := range f.Names() {
		kept[name] = *value
	}
	return kept
}

// FieldsOf are the fields of a draft.
func FieldsOf(kept models.Fields) (f Fields) {
	for name, value := range f.Names() {
		*value = kept[name]
	}
	return f
}

// SetTimes puts two moments of the writer's zone into the fields.
func (f *Fields) SetTimes(starts, ends time.Time) {
	f.StartsDay, f.StartsTime = starts.Format(time.DateOnly), starts.Format("15:04")
	f.EndsDay, f.EndsTime = ends.Format(time.DateOnly), ends.Format("15:04")
}

// Form is where one plans a gathering, or says something else of one.
type Form struct {
	Fields
	Gathering    *models.Gathering // nil for a new one
	Theirs       *models.Gathering // what somebody else has saved meanwhile
	Base         int
	Once         string
	Spaces       []models.SpaceAccess
	Person       int64
	Zone         string
	Draft        parts.Draft
	AgreementURL string
	Problems     models.Invalid
}

func (v Form) action() string {
	if v.Gathering != nil {
		return "/events/" + strconv.FormatInt(v.Gathering.ID, 10)
	}
	return "/events"
}

func (v Form) problem(l *i18n.Locale, field string) string { return problem(l, v.Problems, field) }

func problem(l *i18n.Locale, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

// fieldOf are the ids of the fields to which a problem leads, where they differ from its name.
var fieldOf = map[string]string{"starts": "starts_day", "ends": "ends_day"}

func (v Form) summary(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"space", "title", "starts", "ends", "place", "url", "capacity", "body"} {
		if text := v.problem(l, field); text != "" {
			id := field
			if other := fieldOf[field]; other != "" {
				id = other
			}
			errors = append(errors, parts.FieldError{Name: id, Text: text})
		}
	}
	return errors
}

func (v Form) spaces(l *i18n.Locale) []parts.Option {
	options := []parts.Option{{Value: "", Label: l.T("ideas.field.space_choose")}}
	for i := range v.Spaces {
		options = append(options, parts.Option{Value: v.Spaces[i].Slug, Label: v.Spaces[i].Title})
	}
	return options
}

// Cancel is where one says that a gathering does not take place.
type Cancel struct {
	Gathering *models.Gathering
	Reason    string
	Problems  models.Invalid
}
