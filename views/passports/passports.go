// Package passports shows a person what they contributed to ideas.
package passports

import (
	"slices"
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Passport is what a person contributed, chapter by chapter.
type Passport struct {
	Name     string
	Chapters []Chapter
	Sharing  Sharing
}

// Sharing is the form that links are made by, and those that there are.
type Sharing struct {
	Base     string // of addresses
	Open     bool   // links may be for anyone
	Links    []models.PassportLink
	Chosen   []models.PassportKind
	Audience models.LinkAudience
	Days     string
	Problems models.Invalid
}

// ForDays is how long the link is to open; 0 for what is no number.
func (s *Sharing) ForDays() int {
	days, _ := strconv.Atoi(s.Days) // which is then refused
	return days
}

func (s *Sharing) problem(l *i18n.Locale, field string) string {
	if key := s.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func (s *Sharing) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"chapters", "audience", "days"} {
		if text := s.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// chosen tells whether a chapter is ticked. What one evaluated is nothing that one shares without thinking.
func (s *Sharing) chosen(kind models.PassportKind) bool {
	if s.Problems == nil {
		return kind != models.Assessed
	}
	return slices.Contains(s.Chosen, kind)
}

// hint says what of a chapter is shared.
func hint(l *i18n.Locale, kind models.PassportKind) string {
	if kind == models.Assessed {
		return l.T("passports.link.only_counts")
	}
	return ""
}

// names are the chapters of a link in words.
func names(l *i18n.Locale, link *models.PassportLink) (names []string) {
	for _, kind := range link.Kinds() {
		names = append(names, l.T("passports.theirs."+string(kind)))
	}
	return names
}

// SharedPassport is what a link shows.
type SharedPassport struct {
	Name     string
	Until    time.Time
	Chapters []models.SharedChapter
}

// SharedOf is what a link shows of somebody.
func SharedOf(owner *models.Actor, link *models.PassportLink, chapters []models.SharedChapter) SharedPassport {
	return SharedPassport{owner.Name, link.ExpiresAt, chapters}
}

// rest is how many contributions of a chapter are not shown by title.
func rest(c *models.SharedChapter) int { return max(0, c.Total-len(c.List)) }

// Verification is the page on which anybody finds out whether a file is what the house signed.
type Verification struct {
	KeysPath      string
	Problem       string // its key
	Right         bool
	Person, House string
	MadeAt        time.Time
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
