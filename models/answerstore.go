package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// ShownAnswer is an answer that the actor may see, with the question in the words that it answers.
type ShownAnswer struct {
	FieldAnswer
	IdeaID      int64
	Kind        FieldKind
	Files       []File  `gorm:"-"`
	Asked       Wording `gorm:"embedded;embeddedPrefix:asked_"`
	Later       Wording `gorm:"embedded;embeddedPrefix:later_"` // as it is asked now
	PersonName  string
	PersonEmail string
}

// answerColumns are those of the answers a to the fields f.
const answerColumns = `a.idea_id, a.field_id, a.field_version, a.value, a.person_id, a.visibility, f.kind,
	v.label_fr AS asked_label_fr, v.label_en AS asked_label_en, v.choices AS asked_choices, v.low AS asked_low, v.high AS asked_high,
	l.label_fr AS later_label_fr, l.label_en AS later_label_en, l.choices AS later_choices,
	coalesce(u.name, '') AS person_name, coalesce(u.email, '') AS person_email
	FROM idea_answers a JOIN form_fields f ON f.id = a.field_id
	JOIN form_field_versions v ON v.field_id = f.id AND v.number = a.field_version JOIN form_field_versions l ON l.field_id = f.id AND l.number = f.version
	LEFT JOIN users u ON u.id = a.person_id`

// IdeaAnswers are those that a version of an idea gives, as far as the actor may see them. The caller has loaded the idea as one
// that the actor may read. An idea whose campaign has no form costs nothing.
func (q Queries) IdeaAnswers(ctx context.Context, actor *Actor, idea *Idea, version int) (answers []ShownAnswer, err error) {
	if idea.FormVersion == 0 {
		return nil, nil
	}
	campaign, err := q.answeredCampaign(ctx, idea)
	if err != nil {
		return nil, err
	}
	return q.answersOf(ctx, actor, idea, campaign, version)
}

// answeredCampaign is the campaign of an idea with what its answers are shown by.
func (q Queries) answeredCampaign(ctx context.Context, idea *Idea) (*Campaign, error) {
	campaign := &Campaign{}
	if err := q.one(ctx, campaign, "SELECT * FROM campaigns WHERE id = ?", idea.CampaignID); err != nil {
		return nil, fmt.Errorf("campaign of idea %d: %w", idea.ID, err)
	}
	var people []struct {
		UserID    int64
		Evaluates bool
	}
	err := q.raw(ctx, &people, "SELECT user_id, false AS evaluates FROM campaign_team WHERE campaign_id = ? UNION ALL SELECT user_id, true FROM evaluators WHERE campaign_id = ?", campaign.ID, campaign.ID)
	for _, person := range people {
		if person.Evaluates {
			campaign.Evaluators = append(campaign.Evaluators, person.UserID)
		} else {
			campaign.Team = append(campaign.Team, person.UserID)
		}
	}
	return campaign, err
}

// evaluatorsOf fills in who evaluates the ideas of a campaign that was loaded without.
func (q Queries) evaluatorsOf(ctx context.Context, campaign *Campaign) error {
	campaign.Evaluators = nil
	return q.raw(ctx, &campaign.Evaluators, "SELECT user_id FROM evaluators WHERE campaign_id = ? ORDER BY user_id LIMIT ?", campaign.ID, MaxEvaluators)
}

func (q Queries) answersOf(ctx context.Context, actor *Actor, idea *Idea, campaign *Campaign, version int) (answers []ShownAnswer, err error) {
	seen := actor.answersSeen(idea, campaign)
	if len(seen) == 0 {
		return nil, nil
	}
	err = q.raw(ctx, &answers, "SELECT "+answerColumns+` WHERE a.idea_id = ? AND a.from_version <= ? AND (a.to_version IS NULL OR a.to_version > ?)
		AND a.visibility IN ? AND (f.kind <> 'person' OR ?) ORDER BY f.retired_at IS NOT NULL, f.position, f.id LIMIT ?`,
		idea.ID, version, version, seen, actor.OfTheCompany(), maxAllFields)
	if err != nil {
		return nil, err
	}
	for i := range answers {
		answers[i].translate()
	}
	return answers, q.nameFiles(ctx, answers)
}

// translate takes over the translations that came after the answer.
func (s *ShownAnswer) translate() {
	s.Asked.Label = s.Asked.Label.filled(s.Later.Label)
	for i := range s.Asked.Choices {
		choice := &s.Asked.Choices[i]
		if later := s.Later.Choices.Find(choice.ID); later != nil {
			words := choice.Words().filled(later.Words())
			choice.FR, choice.EN = words.FR, words.EN
		}
	}
}

// Written is the answer as it stands in a form.
func (s *ShownAnswer) Written() string {
	if s.Kind == PersonField {
		return s.PersonEmail
	}
	return (&FormField{Kind: s.Kind}).Written(s.Value)
}

// AnswerSheet is what an idea is asked by its campaign, as far as the actor may see and so may give the answers.
type AnswerSheet struct {
	Version   int         // of the form
	Anonymity Anonymity   // of the idea
	Summary   bool        // one is asked for
	Fields    []FormField // that are asked, and of the others those that the idea has answered
	Former    []FormField // that are no longer asked, nor answered
	Given     []ShownAnswer
	fresh     bool  // for a new idea
	idea      int64 // 0 for a new one
	hidden    []int64
}

// Answer is what is answered to a field, nil if nothing is.
func (s *AnswerSheet) Answer(fieldID int64) *ShownAnswer {
	if i := slices.IndexFunc(s.Given, func(a ShownAnswer) bool { return a.FieldID == fieldID }); i >= 0 {
		return &s.Given[i]
	}
	return nil
}

// BlankSheet is what a campaign, which the actor sees, asks of a new idea of theirs; nil where it has no form.
func (q Queries) BlankSheet(ctx context.Context, actor *Actor, campaign *Campaign) (*AnswerSheet, error) {
	if campaign == nil || campaign.FormVersion == 0 {
		return nil, nil
	}
	return q.sheet(ctx, actor, &Idea{AuthorID: actor.ID}, campaign)
}

// SheetOf is what the campaign of an idea, which the actor may change, asks of it; nil where it has no form.
func (q Queries) SheetOf(ctx context.Context, actor *Actor, idea *Idea) (*AnswerSheet, error) {
	if idea.FormVersion == 0 {
		return nil, nil
	}
	campaign, err := q.answeredCampaign(ctx, idea)
	if err != nil {
		return nil, err
	}
	return q.sheet(ctx, actor, idea, campaign)
}

func (q Queries) sheet(ctx context.Context, actor *Actor, idea *Idea, campaign *Campaign) (*AnswerSheet, error) {
	sheet := &AnswerSheet{Version: campaign.FormVersion, Anonymity: campaign.Anonymity, Summary: campaign.AsksSummary, fresh: idea.ID == 0, idea: idea.ID}
	fields, err := q.FormFields(ctx, campaign.ID)
	if err != nil {
		return nil, err
	}
	if !sheet.fresh {
		if sheet.Given, err = q.answersOf(ctx, actor, idea, campaign, idea.Version); err != nil {
			return nil, err
		}
		// What was answered for others is not to be written over by whoever does not see it.
		if err := q.raw(ctx, &sheet.hidden, "SELECT field_id FROM idea_answers WHERE idea_id = ? AND to_version IS NULL AND visibility NOT IN ?", idea.ID, append(actor.answersSeen(idea, campaign), "")); err != nil {
			return nil, err
		}
	} else if err := q.evaluatorsOf(ctx, campaign); err != nil {
		return nil, err
	}
	seen := actor.answersSeen(idea, campaign)
	for _, field := range fields {
		switch {
		case slices.Contains(sheet.hidden, field.ID):
		case !slices.Contains(seen, field.Visibility) || field.Kind == PersonField && !actor.OfTheCompany():
		case field.RetiredAt != nil && sheet.Answer(field.ID) == nil:
			sheet.Former = append(sheet.Former, field)
		default:
			sheet.Fields = append(sheet.Fields, field)
		}
	}
	return sheet, nil
}

// ReadAnswers reads what somebody gives for the fields of a sheet, by the id of the field, and says which of it changes something and
// what is wrong. A field of which nothing is said stays as it is, and an answer that says the same keeps the words that it answered.
func (q Queries) ReadAnswers(ctx context.Context, actor *Actor, sheet *AnswerSheet, given map[int64]string) (changed []FieldAnswer, problems Invalid, err error) {
	people, err := q.peopleNamed(ctx, sheet, given)
	if err != nil {
		return nil, nil, err
	}
	files, err := q.filesGiven(ctx, actor, sheet, given)
	if err != nil {
		return nil, nil, err
	}
	problems = Invalid{}
	for i := range sheet.Fields {
		field := &sheet.Fields[i]
		text, said := given[field.ID]
		before := sheet.Answer(field.ID)
		if !said && !sheet.fresh || before != nil && before.says(text) {
			continue
		}
		answer := FieldAnswer{FieldID: field.ID, FieldVersion: field.Version, Visibility: field.Visibility, files: field.Kind == FileField}
		problem := ""
		if field.Kind == PersonField {
			answer.PersonID, problem = people.find(text)
		} else {
			answer.Value, problem = field.Parse(text)
		}
		if problem == "" && answer.files {
			problem = wrongFile(field, answer.Value, files)
		}
		// Who has not answered before it was required need not do so now.
		if problem == "" && answer.Empty() && field.Required && field.RetiredAt == nil && (sheet.fresh || before != nil) {
			problem = "forms.answer.missing"
		}
		switch {
		case problem != "":
			problems[field.AnswerName()] = problem
		case !answer.Empty() || before != nil:
			changed = append(changed, answer)
		}
	}
	return changed, problems, nil
}

// says tells whether a text of a form is the answer.
func (s *ShownAnswer) says(text string) bool {
	written := strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch s.Kind {
	case ChoicesField:
		return chosen(ChosenIDs(written)) == s.Value
	case PersonField:
		return NormalEmail(written) == s.PersonEmail && written != ""
	case FileField:
		return fileLines(FileIDs(written)) == s.Value
	}
	return written == s.Written()
}

// colleagues are the people of the company whom answers name, by their address.
type colleagues map[string]int64

func (c colleagues) find(text string) (id *int64, problem string) {
	email := NormalEmail(text)
	if email == "" {
		return nil, ""
	}
	if found, ok := c[email]; ok {
		return &found, ""
	}
	return nil, "forms.answer.person"
}

// peopleNamed finds those whom the given answers name. The fields that do are shown to people of the company alone.
func (q Queries) peopleNamed(ctx context.Context, sheet *AnswerSheet, given map[int64]string) (colleagues, error) {
	var emails []string
	for i := range sheet.Fields {
		if email := NormalEmail(given[sheet.Fields[i].ID]); sheet.Fields[i].Kind == PersonField && fits(email, maxWho) {
			emails = append(emails, email)
		}
	}
	if len(emails) == 0 {
		return nil, nil
	}
	var rows []struct {
		ID    int64
		Email string
	}
	enters, now := q.enters()
	err := q.raw(ctx, &rows, "SELECT u.id, u.email FROM users u WHERE u.email IN ? AND u."+ofTheCompany+" AND "+enters, emails, now)
	people := colleagues{}
	for _, row := range rows {
		people[row.Email] = row.ID
	}
	return people, err
}

// SaveAnswers stores answers that have changed, from the latest version of a locked idea on. What was answered before stays with the
// versions before. The form is the one that they were read by, or Invalid says that it has changed meanwhile.
func (tx *Tx) SaveAnswers(idea *Idea, form int, changed []FieldAnswer) error {
	lock := ""
	if tx.postgres() {
		lock = " FOR SHARE"
	}
	var now int
	if err := tx.raw(tx.ctx, &now, "SELECT form_version FROM campaigns WHERE id = ?"+lock, idea.CampaignID); err != nil {
		return err
	}
	if now != form {
		return Invalid{"answers": "forms.answer.form_changed"}
	}
	var fields []int64
	var rows []ideaAnswer
	for _, answer := range changed {
		fields = append(fields, answer.FieldID)
		if !answer.Empty() {
			rows = append(rows, ideaAnswer{IdeaID: idea.ID, FromVersion: idea.Version, FieldAnswer: answer})
		}
	}
	if len(fields) > 0 && idea.Version > 1 {
		if _, err := tx.exec("UPDATE idea_answers SET to_version = ? WHERE idea_id = ? AND field_id IN ? AND to_version IS NULL", idea.Version, idea.ID, fields); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := tx.insertAll(rows); err != nil {
		return err
	}
	return tx.attachAnswers(idea, changed)
}

// ideaAnswer is a row of the table of answers.
type ideaAnswer struct {
	IdeaID      int64
	FromVersion int
	FieldAnswer `gorm:"embedded"`
}

// IdeasAnswering are the ideas that answer a field now.
func (q Queries) IdeasAnswering(ctx context.Context, fieldID int64) (ids []int64, err error) {
	return ids, q.raw(ctx, &ids, "SELECT idea_id FROM idea_answers WHERE field_id = ? AND to_version IS NULL ORDER BY idea_id", fieldID)
}
