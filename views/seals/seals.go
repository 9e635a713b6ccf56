// Package seals shows those who keep seals their keys and what they are asked, and those whose names were sealed what was opened.
package seals

import (
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Mine is what somebody has to do with seals.
type Mine struct {
	Keeps     bool // somebody has named them to keep seals
	Keys      []models.SealKey
	Campaigns []models.Campaign
	Openings  []models.OpeningCard
	Told      []models.OpeningCard // that named them
	Problems  models.Invalid
}

func problem(l *i18n.Locale, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func errors(l *i18n.Locale, problems models.Invalid, fields ...string) (errors []parts.FieldError) {
	for _, field := range fields {
		if text := problem(l, problems, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

func path(c *models.OpeningCard) string { return "/seals/openings/" + strconv.FormatInt(c.ID, 10) }

// stateKind is the colour of the word for a state.
func stateKind(state models.OpeningState) string {
	switch state {
	case models.OpeningAsked:
		return "honey"
	case models.OpeningOpened, models.OpeningNobody:
		return "amber"
	}
	return ""
}

// Ask is the form of who asks to open a seal.
type Ask struct {
	Seal     *models.SealedIdea
	Other    models.Holder
	Reason   string
	Problems models.Invalid
}

// Opening is a request to open a seal, and what became of it, as one of the two keepers sees it.
type Opening struct {
	Card     *models.OpeningCard
	Asker    bool         // the reader has asked
	Author   *models.User // whom it has named just now
	Late     bool         // what the reader wanted to do cannot be done any more
	Problems models.Invalid
}

// answers tells whether the reader is asked to answer.
func (v Opening) answers(now time.Time) bool {
	return !v.Asker && v.Card.AskerID != 0 && v.Card.AskerID != v.Card.OtherID && v.Card.WaitsAt(now)
}

// Named is a keeper as the form has them.
type Named struct{ Email, Role string }

// Keepers is the form of who keeps the seals of a campaign.
type Keepers struct {
	Campaign *models.Campaign
	Now      models.SealKeepers
	Named    [2]Named
	Problems models.Invalid
}

func (v Keepers) state(l *i18n.Locale, k models.SealKeeper) string {
	switch {
	case !k.Here:
		return l.T("seals.keeper_gone", "name", k.Name)
	case k.KeyID == 0:
		return l.T("seals.keeper_waits", "name", k.Name)
	}
	return l.T("seals.keeper_ready", "name", k.Name)
}
