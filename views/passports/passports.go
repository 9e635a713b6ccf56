// Package passports shows a person what they contributed to ideas.
package passports

import (
	"ruche/models"
	"ruche/views/i18n"
)

// Passport is what a person contributed, chapter by chapter.
type Passport struct {
	Name     string
	Chapters []Chapter
}

// Chapter is what they did in one way.
type Chapter struct {
	Kind models.PassportKind
	List []models.Contribution
	More bool // there is more, which the file holds
}

// PassportOf sorts contributions into chapters of at most so many each.
func PassportOf(name string, all []models.Contribution, most int) Passport {
	passport := Passport{Name: name}
	for _, kind := range models.PassportKinds() {
		chapter := Chapter{Kind: kind}
		for _, c := range all {
			if c.As == kind {
				chapter.List = append(chapter.List, c)
			}
		}
		if chapter.More = len(chapter.List) > most; chapter.More {
			chapter.List = chapter.List[:most]
		}
		if len(chapter.List) > 0 {
			passport.Chapters = append(passport.Chapters, chapter)
		}
	}
	return passport
}

// times says how often, where that tells something.
func times(l *i18n.Locale, c *models.Contribution) string {
	switch {
	case c.As == models.Argued:
		return l.T("projects.thanks.as.comments", "count", c.N)
	case c.As == models.CarriedOut && c.N > 0:
		return l.T("projects.thanks.as.tasks", "count", c.N)
	case c.As == models.CarriedOut:
		return l.T("projects.thanks.as.owner")
	}
	return ""
}
