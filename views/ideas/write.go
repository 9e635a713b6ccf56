package ideas

import (
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Write is the form for an idea, new or not.
type Write struct {
	Idea     *models.Idea // nil for a new one
	Space    string       // slug
	Spaces   []models.SpaceAccess
	Campaign *models.Campaign // that a new one answers; may be nil
	Title    string
	Summary  string
	Body     string
	Tags     string
	Starter  string         // a question to begin with
	Turned   *models.Thread // that becomes the idea; nil for none
	MayClose bool           // the thread
	Close    bool
	Base     int // the version that the text started from
	Once     string
	// Anonymity is what whoever writes is promised.
	Anonymity models.Anonymity
	Keepers   models.SealKeepers // who can open the seal, where names are sealed
	Seal      string             // their mark
	Draft     parts.Draft
	Person    int64
	Sheet     *models.AnswerSheet // what its campaign asks; nil if nothing
	Answers   map[int64]string    // what is written for each field, several choices as several lines
	Files     []models.File       // that are given to fields
	Problems  models.Invalid
	Near      NearAll
	Preview   string // the HTML of the text, when it was asked for
	Lang      string // of the preview
	Conflict  *Conflict
	// AgreementURL is as in Compose.
	AgreementURL string
	Sent         string // address of what this form has made before; may be empty
}

// Conflict is what others have saved while someone wrote.
type Conflict struct {
	Editor  string
	At      time.Time
	Title   []parts.Change
	Summary []parts.Change
	Body    []parts.Change
	Tags    []parts.Change
	Answers []AnswerChange
}

func (v Write) action() string {
	if v.Idea == nil {
		return "/ideas"
	}
	return base(v.Idea.ID)
}

func (v Write) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

// summary lists the problems in the order of the fields.
func (v Write) summary(l *i18n.Locale) (errors []parts.FieldError) {
	fields := []string{"thread", "title", "summary", "body", "picture", "campaign", "answers"}
	if v.Sheet != nil {
		for i := range v.Sheet.Fields {
			fields = append(fields, v.Sheet.Fields[i].AnswerName())
		}
	}
	for _, field := range append(fields, "space", "tags") {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// chosen is the space that the idea is for, nil while none is chosen.
func (v Write) chosen() *models.SpaceAccess {
	for i := range v.Spaces {
		if v.Spaces[i].Slug == v.Space {
			return &v.Spaces[i]
		}
	}
	return nil
}

// asked tells whether the writer has to accept the agreement of the chosen space first, or of every space there is to choose.
func (v Write) asked() bool {
	if space := v.chosen(); space != nil {
		return space.Unaccepted
	}
	for i := range v.Spaces {
		if !v.Spaces[i].Unaccepted {
			return false
		}
	}
	return true
}

// readers is the slug of the space whose readers can be mentioned: the one that the idea is in, or the only one it can be in.
func (v Write) readers() string {
	if v.Idea != nil || len(v.Spaces) == 1 {
		return v.Spaces[0].Slug
	}
	return ""
}

func (v Write) placeholder(l *i18n.Locale) string {
	if v.Starter != "" {
		return v.Starter
	}
	return l.T("ideas.field.body_placeholder")
}

func (v Write) crumbs(p layout.Page) []parts.Crumb {
	crumbs := []parts.Crumb{{URL: "/ideas", Title: p.L.T("ideas.title")}}
	if space := v.chosen(); space != nil {
		crumbs[0] = parts.Crumb{URL: Filter{Space: space.Slug}.URL(), Title: space.Title}
	}
	if v.Campaign != nil {
		crumbs = append(crumbs, parts.Crumb{URL: v.Campaign.Path(), Title: v.Campaign.Title})
	}
	if v.Idea != nil {
		crumbs = append(crumbs, parts.Crumb{URL: v.Idea.Path(), Title: v.Idea.Title})
	}
	return append(crumbs, parts.Crumb{Title: p.Title})
}
