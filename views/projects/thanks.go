package projects

import (
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Thanks is the page of an idea that is carried out: what it changed, and thanks to whom.
type Thanks struct {
	Project  *models.ProjectPage
	Space    models.SpaceAccess
	Story    *models.Story
	Thanks   *models.Thanks
	Benefits []models.BenefitCard // none for who is not of the company
	MayLead  bool
	First    bool
	Now      time.Time
}

// ShowFaces leaves out the pictures of people that the reader may not see.
func (v Thanks) ShowFaces(actor *models.Actor) {
	for _, people := range [][]models.Thanked{v.Thanks.Had, v.Thanks.Built, v.Thanks.Argued, v.Thanks.Evaluated, v.Thanks.Decided, v.Thanks.CarriedOut} {
		for i := range people {
			people[i].Picture = actor.Face(people[i].Picture)
		}
	}
}

// measures are what was validated of what the project brings, unit by unit.
func (v Thanks) measures() (measures []measure) {
	for _, m := range (Show{Benefits: v.Benefits}).measures() {
		if m.Validated != 0 {
			measures = append(measures, m)
		}
	}
	return measures
}

// first is when the first of the ideas was proposed, nil if the reader sees none of them.
func (v Thanks) first() *time.Time {
	var first *time.Time
	for i := range v.Thanks.Ideas {
		if at := &v.Thanks.Ideas[i].PublishedAt; first == nil || at.Before(*first) {
			first = at
		}
	}
	return first
}

// lead says in a sentence how long it took.
func (v Thanks) lead(l *i18n.Locale) string {
	first := v.first()
	if first == nil {
		return l.T("projects.done_on", "date", l.Date(*v.Project.EndedAt))
	}
	days := int(v.Project.EndedAt.Sub(*first).Hours() / 24)
	return l.T("projects.thanks.lead", "from", l.Date(*first), "to", l.Date(*v.Project.EndedAt), "count", max(days, 1))
}

// moment is a day in the life of what was done.
type moment struct {
	Label string
	At    time.Time
}

// moments are the days that led there, in their order.
func (v Thanks) moments(l *i18n.Locale) (moments []moment) {
	add := func(key string, at *time.Time) {
		if at != nil {
			moments = append(moments, moment{l.T("projects.thanks.moment." + key), *at})
		}
	}
	add("proposed", v.first())
	add("chosen", v.Thanks.ChosenAt)
	add("begun", &v.Project.CreatedAt)
	add("done", v.Project.EndedAt)
	return moments
}

// what says what somebody did.
func (v Thanks) what(l *i18n.Locale, t *models.Thanked) string {
	switch t.As {
	case models.ThankedComments, models.ThankedTasks:
		return l.T("projects.thanks.as."+string(t.As), "count", t.N)
	}
	return l.T("projects.thanks.as." + string(t.As))
}

// several tells whether it is to be said of which idea somebody had a part in.
func (v Thanks) several() bool { return len(v.Thanks.Ideas) > 1 }

func (v Thanks) base() string { return "/projects/" + strconv.FormatInt(v.Project.ID, 10) }

func (v Thanks) next() string {
	if v.Thanks.Next == 0 {
		return ""
	}
	return v.base() + "/thanks?after=" + strconv.FormatInt(v.Thanks.Next, 10) + "#argued"
}

func (v Thanks) start() string {
	if v.First {
		return ""
	}
	return v.base() + "/thanks#argued"
}

// StoryForm is where it is told what was before and what is there now.
type StoryForm struct {
	Project       *models.ProjectPage
	Before, After string
	Base          int
	Problems      models.Invalid
}

func (v StoryForm) errors(l *i18n.Locale) []parts.FieldError {
	return errors(l, v.Problems, "before", "after")
}

func (v StoryForm) action() string {
	return "/projects/" + strconv.FormatInt(v.Project.ID, 10) + "/story"
}

func (v StoryForm) cancel() string {
	if v.Project.State == models.ProjectDone {
		return "/projects/" + strconv.FormatInt(v.Project.ID, 10) + "/thanks"
	}
	return v.Project.Path()
}
