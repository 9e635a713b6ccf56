// Package privacy shows what the house keeps about people, and what they can ask about their own data.
package privacy

import (
	"strings"

	"ruche/models"
)

// tables are where the data of a chapter is kept.
func tables(processing models.Processing) string {
	var names []string
	for _, holding := range models.Holdings() {
		if holding.Processing == processing {
			names = append(names, holding.Table)
		}
	}
	return strings.Join(names, ", ")
}

// periods are those that hold for a chapter.
func periods(processing models.Processing) (kinds []models.Period) {
	for _, period := range models.Periods() {
		if period.Processing == processing {
			kinds = append(kinds, period)
		}
	}
	return kinds
}
