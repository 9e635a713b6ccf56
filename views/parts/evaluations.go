package parts

import (
	"ruche/models"
	"ruche/views/i18n"
)

// Workload says how many hours the evaluation of a campaign takes, and whether its evaluators have them.
func Workload(l *i18n.Locale, f models.Workload) string {
	key := "evaluations.forecast"
	switch {
	case f.Short():
		key = "evaluations.forecast_short"
	case f.Capacity > 0:
		key = "evaluations.forecast_enough"
	}
	return l.T(key, "count", f.Ideas, "needed", f.Needed, "capacity", f.Capacity)
}
