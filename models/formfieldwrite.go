package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

const wordingColumns = "v.label_fr, v.label_en, v.help_fr, v.help_en, v.required, v.choices, v.low, v.high, v.accepts"

const fieldColumns = "f.id, f.campaign_id, f.position, f.kind, f.visibility, f.version, f.retired_at, f.created_at, " + wordingColumns

// FormFields are the fields of a campaign, which the caller has loaded as one that the actor may see: those that are asked in
// their order, and those that no longer are.
func (q Queries) FormFields(ctx context.Context, campaignID int64) (fields []FormField, err error) {
	return fields, q.raw(ctx, &fields, "SELECT "+fieldColumns+` FROM form_fields f JOIN form_field_versions v ON v.field_id = f.id AND v.number = f.version
		WHERE f.campaign_id = ? ORDER BY f.retired_at IS NOT NULL, f.position, f.id LIMIT ?`, campaignID, maxAllFields)
}

// CountAnswers fills in how many ideas answer each field.
func (q Queries) CountAnswers(ctx context.Context, campaignID int64, fields []FormField) error {
	var rows []struct {
		FieldID int64
		N       int
	}
	err := q.raw(ctx, &rows, `SELECT a.field_id, count(*) AS n FROM form_fields f JOIN idea_answers a ON a.field_id = f.id AND a.to_version IS NULL
		WHERE f.campaign_id = ? GROUP BY a.field_id`, campaignID)
	for _, row := range rows {
		if i := fieldAt(fields, row.FieldID); i >= 0 {
			fields[i].Answers = row.N
		}
	}
	return err
}

func fieldAt(fields []FormField, id int64) int {
	return slices.IndexFunc(fields, func(f FormField) bool { return f.ID == id })
}

// FindField is the field with an id, nil if it is none of those.
func FindField(fields []FormField, id int64) *FormField {
	if i := fieldAt(fields, id); i >= 0 {
		return &fields[i]
	}
	return nil
}

// Asked are those of the fields that are asked now.
func Asked(fields []FormField) []FormField {
	i := slices.IndexFunc(fields, func(f FormField) bool { return f.RetiredAt != nil })
	if i < 0 {
		return fields
	}
	return fields[:i:i]
}

// AddField asks something more, at the end of the form of a locked campaign.
func (tx *Tx) AddField(campaign *Campaign, field *FormField) error {
	fields, err := tx.FormFields(tx.ctx, campaign.ID)
	if err != nil {
		return err
	}
	field.CampaignID, field.Version, field.CreatedAt = campaign.ID, 1, tx.now
	for i := range field.Choices {
		field.Choices[i].ID = i + 1
	}
	if err := tx.validateField(campaign, field); err != nil {
		return err
	}
	if len(Asked(fields)) >= MaxFields || len(fields) >= maxAllFields {
		return Invalid{"kind": "forms.too_many"}
	}
	for i := range fields {
		field.Position = max(field.Position, fields[i].Position+1)
	}
	err = tx.raw(tx.ctx, &field.ID, "INSERT INTO form_fields (campaign_id, position, kind, visibility, version, created_at) VALUES (?, ?, ?, ?, 1, ?) RETURNING id",
		campaign.ID, field.Position, field.Kind, field.Visibility, tx.now)
	if err != nil {
		return err
	}
	return tx.saveWording(campaign, field)
}

// validateField is validate for a field of a campaign, in the space as it is now.
func (tx *Tx) validateField(campaign *Campaign, field *FormField) error {
	var space Visibility
	if err := tx.raw(tx.ctx, &space, "SELECT visibility FROM spaces WHERE id = ?", campaign.SpaceID); err != nil {
		return err
	}
	return field.validate(space, campaign.Anonymity)
}

// saveWording stores the words of a field as its version.
func (tx *Tx) saveWording(campaign *Campaign, field *FormField) error {
	_, err := tx.exec(`INSERT INTO form_field_versions (field_id, number, label_fr, label_en, help_fr, help_en, required, choices, low, high, accepts, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, field.ID, field.Version, field.Label.FR, field.Label.EN, field.Help.FR, field.Help.EN, field.Required, field.Choices, field.Low, field.High, field.Accepts, tx.now)
	if err != nil {
		return err
	}
	return tx.formChanged(campaign)
}

// formChanged counts a change of the form, by which whoever is writing meanwhile is told.
func (tx *Tx) formChanged(campaign *Campaign) error {
	campaign.FormVersion++
	_, err := tx.exec("UPDATE campaigns SET form_version = ? WHERE id = ?", campaign.FormVersion, campaign.ID)
	return err
}

// EditField stores new words of a field as its next version; ErrConflict if someone else has saved since the version base. Once
// the campaign is published, who sees the answers can only become fewer: they were given to be seen by those. narrowed is true where
// they did.
func (tx *Tx) EditField(campaign *Campaign, field *FormField, base int) (narrowed bool, err error) {
	fields, err := tx.FormFields(tx.ctx, campaign.ID)
	if err != nil {
		return false, err
	}
	before := FindField(fields, field.ID)
	switch {
	case before == nil:
		return false, fmt.Errorf("field %d of campaign %d: %w", field.ID, campaign.ID, ErrNotFound)
	case before.Version != base || before.RetiredAt != nil:
		return false, fmt.Errorf("edit field %d from version %d: %w", field.ID, base, ErrConflict)
	}
	field.CampaignID, field.Kind, field.Position, field.Version = campaign.ID, before.Kind, before.Position, base+1
	if err = tx.numberChoices(field); err != nil {
		return false, err
	}
	if err := tx.validateField(campaign, field); err != nil {
		return false, err
	}
	if campaign.PublishedAt != nil && !before.Visibility.Narrows(field.Visibility) {
		return false, Invalid{"visibility": "forms.visibility_wider"}
	}
	if _, err := tx.exec("UPDATE form_fields SET visibility = ?, version = ? WHERE id = ?", field.Visibility, field.Version, field.ID); err != nil {
		return false, err
	}
	if err := tx.narrowAnswers(field); err != nil {
		return false, err
	}
	return field.Visibility != before.Visibility, tx.saveWording(campaign, field)
}

// narrowAnswers takes the answers to a field from those whom it is no longer for. None is shown to more than it was given for.
func (tx *Tx) narrowAnswers(field *FormField) error {
	var wider []AnswerVisibility
	for _, visibility := range AnswerVisibilities() {
		if visibility != field.Visibility && visibility.Narrows(field.Visibility) {
			wider = append(wider, visibility)
		}
	}
	// Experts and evaluators are two: of neither group the other is told what it was not promised.
	if field.Visibility == AnswersForTeam || field.Visibility == AnswersPrivate {
		wider = append(wider, AnswersForExperts)
	}
	if len(wider) == 0 {
		return nil
	}
	_, err := tx.exec("UPDATE idea_answers SET visibility = ? WHERE field_id = ? AND visibility IN ?", field.Visibility, field.ID, wider)
	return err
}

// numberChoices gives numbers to the choices that are new. No number is given twice, also that of a choice that was taken away.
func (tx *Tx) numberChoices(field *FormField) error {
	if !field.Kind.Chosen() {
		return nil
	}
	var versions []struct{ Choices Choices }
	if err := tx.raw(tx.ctx, &versions, "SELECT choices FROM form_field_versions WHERE field_id = ? ORDER BY number", field.ID); err != nil {
		return err
	}
	given, last := map[int]bool{}, 0
	for _, version := range versions {
		for _, choice := range version.Choices {
			given[choice.ID], last = true, max(last, choice.ID)
		}
	}
	for i := range field.Choices {
		if choice := &field.Choices[i]; given[choice.ID] {
			delete(given, choice.ID) // once
		} else {
			last++
			choice.ID = last
		}
	}
	return nil
}

// RetireField asks a field no longer; what was answered stays. changed is false where it is not asked already.
func (tx *Tx) RetireField(campaign *Campaign, id int64) (changed bool, err error) {
	fields, field, err := tx.fieldOf(campaign, id)
	if err != nil || fields[field].RetiredAt != nil {
		return false, err
	}
	if _, err := tx.exec("UPDATE form_fields SET retired_at = ? WHERE id = ?", tx.now, id); err != nil {
		return false, err
	}
	return true, tx.formChanged(campaign)
}

// RestoreField asks a field again, at the end of the form. changed is false where it is asked already.
func (tx *Tx) RestoreField(campaign *Campaign, id int64) (changed bool, err error) {
	fields, field, err := tx.fieldOf(campaign, id)
	if err != nil || fields[field].RetiredAt == nil {
		return false, err
	}
	if len(Asked(fields)) >= MaxFields {
		return false, Invalid{"kind": "forms.too_many"}
	}
	if err := tx.validateField(campaign, &fields[field]); err != nil {
		return false, err
	}
	last := 0
	for i := range fields {
		last = max(last, fields[i].Position+1)
	}
	if _, err := tx.exec("UPDATE form_fields SET retired_at = NULL, position = ? WHERE id = ?", last, id); err != nil {
		return false, err
	}
	return true, tx.formChanged(campaign)
}

func (tx *Tx) fieldOf(campaign *Campaign, id int64) (fields []FormField, at int, err error) {
	if fields, err = tx.FormFields(tx.ctx, campaign.ID); err != nil {
		return nil, 0, err
	}
	if at = fieldAt(fields, id); at < 0 {
		return nil, 0, fmt.Errorf("field %d of campaign %d: %w", id, campaign.ID, ErrNotFound)
	}
	return fields, at, nil
}

// OrderFields asks the fields of a locked campaign in the order of their ids; ErrConflict if these are not all that are asked.
func (tx *Tx) OrderFields(campaign *Campaign, order []int64) error {
	fields, err := tx.FormFields(tx.ctx, campaign.ID)
	if err != nil {
		return err
	}
	asked := Asked(fields)
	if len(order) != len(asked) {
		return fmt.Errorf("order %d of %d fields: %w", len(order), len(asked), ErrConflict)
	}
	for position, id := range order {
		at := fieldAt(asked, id)
		if at < 0 || slices.Contains(order[:position], id) {
			return fmt.Errorf("order of fields: %w", ErrConflict)
		}
		if asked[at].Position == position {
			continue
		}
		if _, err := tx.exec("UPDATE form_fields SET position = ? WHERE id = ?", position, id); err != nil {
			return err
		}
	}
	return nil
}

// copyForm gives a new campaign the fields that another one asks, in the words that they have now.
func (tx *Tx) copyForm(campaign, source *Campaign) error {
	if source.FormVersion == 0 {
		return nil
	}
	// Where people from outside read, no field asks for the name of a colleague.
	added, err := tx.exec(`INSERT INTO form_fields (campaign_id, position, kind, visibility, version, created_at)
		SELECT CAST(? AS BIGINT), f.position, f.kind, f.visibility, 1, ? FROM form_fields f WHERE f.campaign_id = ? AND f.retired_at IS NULL
		AND (f.kind <> 'person' OR (SELECT s.visibility FROM spaces s WHERE s.id = ?) IN ('company', 'restricted'))`, campaign.ID, tx.now, source.ID, campaign.SpaceID)
	if err != nil {
		return err
	}
	if source.AsksSummary {
		return errors.Join(tx.copyWordings(campaign, source), tx.AskSummary(campaign, true))
	}
	if added == 0 {
		return nil
	}
	if err := tx.copyWordings(campaign, source); err != nil {
		return err
	}
	return tx.formChanged(campaign)
}

// copyWordings gives the copied fields of a campaign the words that those of another one have now.
func (tx *Tx) copyWordings(campaign, source *Campaign) error {
	_, err := tx.exec(`INSERT INTO form_field_versions (field_id, number, label_fr, label_en, help_fr, help_en, required, choices, low, high, accepts, created_at)
		SELECT n.id, 1, v.label_fr, v.label_en, v.help_fr, v.help_en, v.required, v.choices, v.low, v.high, v.accepts, n.created_at
		FROM form_fields n JOIN form_fields o ON o.position = n.position AND o.retired_at IS NULL JOIN form_field_versions v ON v.field_id = o.id AND v.number = o.version
		WHERE n.campaign_id = ? AND o.campaign_id = ?`, campaign.ID, source.ID)
	return err
}

// AskSummary says whether a locked campaign asks every idea for a summary.
func (tx *Tx) AskSummary(campaign *Campaign, asks bool) error {
	campaign.AsksSummary = asks
	if _, err := tx.exec("UPDATE campaigns SET asks_summary = ? WHERE id = ?", asks, campaign.ID); err != nil {
		return err
	}
	return tx.formChanged(campaign)
}
