package campaigns

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/fr"

	"ruche/models"
	views "ruche/views/campaigns"
)

// quietDays are the days still to come on which a stage begins or ends though few people are at work. Nothing keeps a
// campaign from having some.
func quietDays(campaign *models.Campaign, now time.Time, zone *time.Location) (quiet []views.QuietDay) {
	holidays := &cal.Calendar{}
	holidays.AddHoliday(fr.Holidays...)
	look := func(stage models.StageKind, turn string, at time.Time) {
		day := at.In(zone)
		why := ""
		if public, _, _ := holidays.IsHoliday(day); public {
			why = "holiday"
		} else if cal.IsWeekend(day) {
			why = "weekend"
		}
		if why != "" && at.After(now) {
			quiet = append(quiet, views.QuietDay{Stage: stage, Turn: turn, Why: why, Day: at})
		}
	}
	for i, stage := range campaign.Stages {
		if stage.StartsAt == nil {
			continue
		}
		if i > 0 {
			look(campaign.Stages[i-1].Kind, "ends", stage.StartsAt.Add(-time.Second)) // the last day
		}
		if stage.Kind != models.Closed {
			look(stage.Kind, "begins", *stage.StartsAt)
		}
	}
	return quiet
}
