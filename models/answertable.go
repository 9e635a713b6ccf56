package models

import (
	"context"
	"fmt"
)

// AnswerTable is what the ideas of a table answer to the form of their campaign, as far as its reader may see it.
type AnswerTable struct {
	Fields []FormField // to which there are such answers

	seen      []AnswerVisibility // of ideas of others
	signs     int64              // who reads, for the ideas that they write
	colleague bool
}

// seenAnswer is the condition that the reader sees the answer a to the field f of the idea i: by the visibility of the answer, or as
// one who writes the idea.
const seenAnswer = "(f.kind <> 'person' OR ?) AND (a.visibility IN ? OR i.author_id = ? OR " + hides + " OR " + coAuthored + ")"

func (t *AnswerTable) args() []any { return []any{t.colleague, t.seen, t.signs, t.signs, t.signs} }

// AnswerTable finds what a table about the ideas of one campaign has to say of their answers; nil where it has no form, or the table
// is about the ideas of any.
func (q Queries) AnswerTable(ctx context.Context, actor *Actor, s Sieve) (*AnswerTable, error) {
	if s.CampaignID == 0 {
		return nil, nil
	}
	campaign, err := q.Campaign(ctx, actor, s.CampaignID)
	if err != nil || campaign.FormVersion == 0 {
		return nil, err
	}
	if err := q.evaluatorsOf(ctx, campaign); err != nil {
		return nil, err
	}
	table := &AnswerTable{seen: actor.answersSeen(&Idea{AuthorID: -1}, campaign), signs: actor.ID, colleague: actor.OfTheCompany()}
	err = q.raw(ctx, &table.Fields, "SELECT "+fieldColumns+` FROM form_fields f JOIN form_field_versions v ON v.field_id = f.id AND v.number = f.version
		WHERE f.campaign_id = ? AND EXISTS (SELECT 1 FROM idea_answers a JOIN ideas i ON i.id = a.idea_id
			WHERE a.field_id = f.id AND a.to_version IS NULL AND i.state = 'published' AND `+seenAnswer+`)
		ORDER BY f.retired_at IS NOT NULL, f.position, f.id LIMIT ?`, append(append([]any{campaign.ID}, table.args()...), maxAllFields)...)
	if err != nil {
		return nil, fmt.Errorf("fields of campaign %d: %w", campaign.ID, err)
	}
	return table, nil
}

// TableAnswers are the answers of some ideas of the table, by idea and by field.
func (q Queries) TableAnswers(ctx context.Context, table *AnswerTable, ideas []int64) (map[int64]map[int64]*ShownAnswer, error) {
	var rows []ShownAnswer
	err := q.raw(ctx, &rows, "SELECT "+answerColumns+" JOIN ideas i ON i.id = a.idea_id WHERE a.idea_id IN ? AND a.to_version IS NULL AND "+seenAnswer, append([]any{ideas}, table.args()...)...)
	if err != nil {
		return nil, fmt.Errorf("answers of ideas: %w", err)
	}
	if err := q.nameFiles(ctx, rows); err != nil {
		return nil, err
	}
	answers := map[int64]map[int64]*ShownAnswer{}
	for i := range rows {
		rows[i].translate()
		if answers[rows[i].IdeaID] == nil {
			answers[rows[i].IdeaID] = map[int64]*ShownAnswer{}
		}
		answers[rows[i].IdeaID][rows[i].FieldID] = &rows[i]
	}
	return answers, nil
}
