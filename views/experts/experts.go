// Package experts shows who knows about something, what people say that they know, and the terms in which they say it.
package experts

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Index is who knows about something, or before anything was asked where to ask.
type Index struct {
	Actor   *models.Actor
	Words   string
	Tag     string
	Text    string // the title of the text that the question is about
	Skill   *models.Skill
	Experts []models.Expert
	People  []models.SkillCard // who declare the skill
	Common  []models.Skill
	Next    int64 // to go on after; 0 at the end
	Later   bool  // not the first page
}

// Title is what the page is called.
func (v Index) Title(l *i18n.Locale) string {
	if about := v.about(); about != "" {
		return l.T(v.key(), "what", about)
	}
	return l.T("experts.title")
}

func (v Index) key() string {
	if v.Text != "" {
		return "experts.about_text"
	}
	return "experts.about"
}

func (v Index) about() string {
	switch {
	case v.Skill != nil:
		return v.Skill.Name
	case v.Tag != "":
		return "#" + v.Tag
	case v.Text != "":
		return v.Text
	}
	return v.Words
}

// Empty tells whether nothing was asked for.
func (v Index) Empty() bool { return v.about() == "" }

// said is what stands in the field.
func (v Index) said() string {
	if v.Words == "" {
		return strings.TrimPrefix(v.about(), "#")
	}
	return v.Words
}

func (v Index) next() string {
	if v.Next == 0 {
		return ""
	}
	return WithSkill(v.Skill.ID) + "&after=" + strconv.FormatInt(v.Next, 10)
}

func (v Index) start() string {
	if !v.Later {
		return ""
	}
	return WithSkill(v.Skill.ID)
}

// question is where the words can be asked of everyone, empty for whoever may ask nowhere.
func (v Index) question() string {
	if !v.Actor.BeginsThreads() {
		return ""
	}
	values := url.Values{"kind": {string(models.Question)}, "title": {v.said()}}
	if v.Tag != "" {
		values = url.Values{"kind": {string(models.Question)}, "tags": {v.Tag}}
	}
	return "/threads/new?" + values.Encode()
}

// WithSkill is the address of those who declare a skill.
func WithSkill(id int64) string { return "/experts?skill=" + strconv.FormatInt(id, 10) }

// WithTag is the address of those who know about a tag.
func WithTag(tag string) string { return "/experts?" + url.Values{"tag": {tag}}.Encode() }

// SkillURL is the address of a skill that the reader declares.
func SkillURL(id int64) string { return "/experts/skills/" + strconv.FormatInt(id, 10) }

// DeclareURL is where a skill is declared.
func DeclareURL(name string) string {
	return "/experts/skills?" + url.Values{"skill": {name}}.Encode()
}

// EndorseURL is where somebody vouches for a skill of a person.
func EndorseURL(person, skill int64) string {
	return "/people/" + strconv.FormatInt(person, 10) + "/skills/" + strconv.FormatInt(skill, 10)
}

func personURL(id int64) string { return "/people/" + strconv.FormatInt(id, 10) }

func termURL(id int64) string { return "/experts/terms/" + strconv.FormatInt(id, 10) }

// work is what a line says of somebody's work.
func work(texts ...string) string {
	var said []string
	for _, text := range texts {
		if text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, " · ")
}

// deeds counts what somebody did under a tag, in words.
func deeds(l *i18n.Locale, s models.Shown) string {
	var said []string
	for _, one := range []struct {
		key string
		n   int
	}{{"experts.answers", s.Answers}, {"experts.articles", s.Articles}, {"experts.reviews", s.Reviews}} {
		if one.n > 0 {
			said = append(said, l.T(one.key, "count", one.n))
		}
	}
	return strings.Join(said, ", ")
}

func evidenceIcon(kind models.EvidenceKind) string {
	switch kind {
	case models.EvidenceAnswer:
		return "messages-square"
	case models.EvidenceReview:
		return "check"
	}
	return "file-text"
}

// Profile is what somebody knows, on their page.
type Profile struct {
	Person *models.User
	Own    bool
	Skills []models.HeldSkill
	Shown  []models.Shown
}

// vouching names who vouches for a skill: the latest of them, and how many more there are.
func vouching(l *i18n.Locale, s models.HeldSkill) string {
	names := make([]string, 0, len(s.Named))
	for _, e := range s.Named {
		names = append(names, parts.Marked(l, e.Name, e.Role))
	}
	if more := s.Endorsers - len(names); more > 0 {
		return l.T("experts.vouched_more", "names", strings.Join(names, ", "), "count", more)
	}
	return l.T("experts.vouched", "names", strings.Join(names, ", "))
}

// Mine is what the reader says of what they know.
type Mine struct {
	Skills   []models.HeldSkill
	Shown    []models.Shown
	Choice   *models.ExpertChoice
	Offered  []string // terms to choose from
	Name     string   // that could not be declared
	Weekly   string   // how often they are asked, and until when nobody does, as the form has it
	Away     string
	Problems models.Invalid
}

// Ask fills the fields with what was chosen before.
func (v *Mine) Ask(l *i18n.Locale) {
	if v.Choice.Weekly != nil {
		v.Weekly = strconv.Itoa(*v.Choice.Weekly)
	}
	if v.Choice.AwayUntil != nil {
		v.Away = l.In(*v.Choice.AwayUntil).Format(time.DateOnly)
	}
}

func (v Mine) problem(l *i18n.Locale, field string) string {
	key, most := v.Problems[field], models.MaxSkills
	if key == "" {
		return ""
	}
	if field == "weekly" {
		most = models.MostWeekly
	}
	return l.T(key, "most", most)
}

func (v Mine) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"skill", "weekly", "away"} {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// Terms is a page of the vocabulary.
type Terms struct {
	Beginning string
	Skills    []models.Skill
	Next      string
	Later     bool
	Edited    int64  // the term whose form had a mistake
	Merging   bool   // it was to become another one
	Name      string // what was given
	Problems  models.Invalid
}

func (v Terms) url(after string) string {
	values := url.Values{}
	if v.Beginning != "" {
		values.Set("q", v.Beginning)
	}
	if after != "" {
		values.Set("after", after)
	}
	if len(values) == 0 {
		return "/experts/terms"
	}
	return "/experts/terms?" + values.Encode()
}

func (v Terms) next() string {
	if v.Next == "" {
		return ""
	}
	return v.url(v.Next)
}

func (v Terms) start() string {
	if !v.Later {
		return ""
	}
	return v.url("")
}

// problem is what is wrong with the form of a term.
func (v Terms) problem(l *i18n.Locale, id int64, merging bool) string {
	if key := v.Problems["skill"]; key != "" && v.Edited == id && v.Merging == merging {
		return l.T(key)
	}
	return ""
}

func (v Terms) value(id int64, merging bool, otherwise string) string {
	if len(v.Problems) > 0 && v.Edited == id && v.Merging == merging {
		return v.Name
	}
	return otherwise
}

func (v Terms) errors(l *i18n.Locale) []parts.FieldError {
	if key := v.Problems["skill"]; key != "" {
		return []parts.FieldError{{Name: termField(v.Edited, v.Merging), Text: l.T(key)}}
	}
	return nil
}

// termField is the id of the field of a term.
func termField(id int64, merging bool) string {
	if merging {
		return "into-" + strconv.FormatInt(id, 10)
	}
	return "name-" + strconv.FormatInt(id, 10)
}
