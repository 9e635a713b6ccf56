package ideas

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"strconv"
	"strings"

	"ruche/app/text"
	"ruche/app/writing"
	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/ideas"
	"ruche/views/parts"
)

// Given is what somebody answers to the questions of a campaign. Asked is the version of its form that they were shown: a question
// that was taken away since is not answered silently.
type Given struct {
	Texts map[int64]string // by the id of the field, several choices one a line
	Asked int
}

// maxAnswer bounds what is looked at of one answer, in bytes; what is too long for its field is refused after that.
const maxAnswer = 4 * models.MaxLong

// answers reads what is given, and says at the fields what is wrong with it.
func (f *Ideas) answers(ctx context.Context, actor *models.Actor, sheet *models.AnswerSheet, given Given) ([]models.FieldAnswer, error) {
	if sheet == nil {
		return nil, nil
	}
	if given.Asked != sheet.Version {
		for i := range sheet.Former {
			if strings.TrimSpace(given.Texts[sheet.Former[i].ID]) != "" {
				return nil, models.Invalid{"answers": "forms.answer.former"}
			}
		}
	}
	texts := map[int64]string{}
	for id, written := range given.Texts {
		texts[id] = written
		if clean, err := text.Clean(written, maxAnswer); err == nil { // what cannot be cleaned is refused at its field
			texts[id] = clean
		}
	}
	changed, problems, err := f.db.ReadAnswers(ctx, actor, sheet, texts)
	if err == nil && len(problems) > 0 {
		err = problems
	}
	return changed, err
}

// together is what two checks of a form have found: all the fields that are wrong.
func together(a, b error) error {
	var first, second models.Invalid
	if !errors.As(a, &first) || !errors.As(b, &second) {
		if a != nil && !errors.As(a, &first) || b == nil {
			return a
		}
		return b
	}
	maps.Copy(first, second)
	return first
}

// sheet is what the form of an idea asks.
func (f *Ideas) sheet(ctx context.Context, actor *models.Actor, view views.Write) (*models.AnswerSheet, error) {
	if view.Idea != nil {
		return f.db.SheetOf(ctx, actor, view.Idea)
	}
	return f.db.BlankSheet(ctx, actor, view.Campaign)
}

// maxKept is how many answers a form can hold, to fields of whatever campaigns.
const maxKept = 200

// writtenAnswers are those in a form that was sent.
func writtenAnswers(form url.Values) map[int64]string {
	answers := map[int64]string{}
	for name, texts := range form {
		if id := models.AnsweredField(name); id != 0 && len(answers) < maxKept {
			answers[id] = strings.TrimSpace(strings.Join(texts, "\n"))
		}
	}
	return answers
}

// keptAnswers are those in a draft.
func keptAnswers(fields models.Fields) map[int64]string {
	answers := map[int64]string{}
	for name, text := range fields {
		if id := models.AnsweredField(name); id != 0 {
			answers[id] = text
		}
	}
	return answers
}

// given is what a form says to all that it asks. asked is the version of the campaign's form that it was shown by.
func given(view views.Write, asked string) Given {
	version, _ := strconv.Atoi(asked) // anything else is no version
	return Given{Texts: view.Answers, Asked: version}
}

// filled are the answers in a form: those that somebody has written, and where nothing is said, those that the idea gives.
func filled(sheet *models.AnswerSheet, written map[int64]string) map[int64]string {
	answers := map[int64]string{}
	if sheet != nil {
		for i := range sheet.Given {
			answers[sheet.Given[i].FieldID] = sheet.Given[i].Written()
		}
	}
	maps.Copy(answers, written)
	return answers
}

// answerChanges are what a version says to the questions of its campaign, as it differs from the version before; only what does,
// where that is asked for.
func answerChanges(l *i18n.Locale, diff *Diff, only bool) (answers []views.AnswerChange) {
	before, seen := map[int64]*models.ShownAnswer{}, map[int64]bool{}
	for i := range diff.Former {
		before[diff.Former[i].FieldID] = &diff.Former[i]
	}
	add := func(asked *models.ShownAnswer, from, to string) {
		label, _ := asked.Asked.Label.In(l.Lang())
		if from != to || !only {
			answers = append(answers, views.AnswerChange{Label: label, Changes: writing.Changes(text.Diff(from, to))})
		}
	}
	for i := range diff.Answers {
		answer, from := &diff.Answers[i], ""
		seen[answer.FieldID] = true
		if was := before[answer.FieldID]; was != nil {
			from = parts.AnswerText(l, was)
		}
		add(answer, from, parts.AnswerText(l, answer))
	}
	for i := range diff.Former {
		if was := &diff.Former[i]; !seen[was.FieldID] {
			add(was, parts.AnswerText(l, was), "")
		}
	}
	return answers
}
