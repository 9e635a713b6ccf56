package imports

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"ruche/app/sheets"
	"ruche/models"
	"ruche/views/i18n"
)

// maxCalled is how many campaigns the rows of a file can name.
const maxCalled = 100

// errNotHere says that a row names a campaign which is not one that its sender may import into.
var errNotHere = errors.New("imports.problem.campaign")

// called is how a row names its campaign, as names are compared.
func (s *sheet) called(row *sheets.Row) string {
	return strings.ToLower(strings.Join(strings.Fields(s.cell(row, fieldCampaign)), " "))
}

// lookUpCampaigns finds the campaigns that the rows name, by number or by title: those that the sender of the file sees and may import
// into, and that take ideas now. What stands in the way of the others is said at their rows.
func (s *sheet) lookUpCampaigns(ctx context.Context, db *models.DB, actor *models.Actor) error {
	if len(s.calls) == 0 {
		return nil
	}
	found, err := db.ImportCampaigns(ctx, actor, s.run.SpaceID)
	if err != nil {
		return err
	}
	for i := range found {
		c := &found[i]
		for _, name := range []string{strconv.FormatInt(c.ID, 10), strings.ToLower(strings.Join(strings.Fields(c.Title), " "))} {
			if !s.calls[name] {
				continue
			}
			switch known := s.named[name]; {
			case known == nil:
				s.named[name] = &campaign{Campaign: *c}
			case known.ID != c.ID:
				s.closed[name] = errors.New("imports.problem.campaign_twice")
			}
		}
	}
	return db.Tx(ctx, actor, func(tx *models.Tx) error {
		for name, c := range s.named {
			var why *models.NotNow
			switch err := tx.ImportOpen(&models.IdeaImport{What: s.run.What, CampaignID: &c.ID}); {
			case errors.As(err, &why):
				s.closed[name] = errors.New(why.Key)
			case err != nil:
				return err
			}
		}
		return nil
	})
}

// campaignFor is the campaign of a row: that of the file, or the one that the row names; nil for none.
func (s *sheet) campaignFor(row *sheets.Row) (*campaign, *mistake) {
	name := s.called(row)
	if s.answers != nil || name == "" {
		return s.answers, nil
	}
	if why := s.closed[name]; why != nil {
		return nil, &mistake{fieldCampaign, why}
	}
	if found := s.named[name]; found != nil {
		return found, nil
	}
	return nil, &mistake{fieldCampaign, errNotHere}
}

// stageCalled is the stage that a row names: by its kind, or as pages call it in either language; empty where it names none.
func (s *sheet) stageCalled(row *sheets.Row) (string, *mistake) {
	cell := s.cell(row, fieldStage)
	if cell == "" {
		return "", nil
	}
	word := heading(cell)
	for _, stage := range models.Stages() {
		if word == string(stage) {
			return word, nil
		}
		for _, lang := range i18n.Languages {
			if word == heading(i18n.For(lang).T("stage."+string(stage))) {
				return string(stage), nil
			}
		}
	}
	return "", &mistake{fieldStage, errors.New("imports.problem.stage")}
}

// placeOf is where the idea of a row goes and how far it is.
func (s *sheet) placeOf(row *sheets.Row) (answers *campaign, stage string, wrong *mistake) {
	state := s.cell(row, fieldState)
	if len(state) > maxState {
		return nil, "", &mistake{fieldState, errors.New("this is no state")}
	}
	if stage, wrong = s.stageCalled(row); wrong != nil {
		return nil, "", wrong
	}
	if named := s.stage(state); stage == "" || named == stageGone {
		stage = named
	}
	answers, wrong = s.campaignFor(row)
	return answers, stage, wrong
}
