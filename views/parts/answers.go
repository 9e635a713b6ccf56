package parts

import (
	"ruche/models"
	"ruche/views/i18n"
)

// AnswerTimes says how long the answers of a campaign took.
func AnswerTimes(l *i18n.Locale, t *models.AnswerTimes) string {
	return l.T("decisions.times", "median", l.T("decisions.days", "count", t.Median), "most", l.T("decisions.days", "count", t.Percentile))
}
