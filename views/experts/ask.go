package experts

import (
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Asking is where somebody chooses whom they ask to answer a question.
type Asking struct {
	Actor    *models.Actor
	Thread   *models.Thread
	Asked    []models.ExpertRequestCard
	Experts  []models.Expert
	Problems models.Invalid
}

func (v Asking) errors(l *i18n.Locale) []parts.FieldError {
	if key := v.Problems["expert"]; key != "" {
		return []parts.FieldError{{Name: "proposed", Text: l.T(key)}}
	}
	return nil
}

// AskedOfMe is what the reader is asked to answer, and to those who animate the community how asking goes.
type AskedOfMe struct {
	Actor    *models.Actor
	Requests []models.ExpertRequestCard
	Figures  *models.ExpertFigures // nil for the others
	Edited   int64                 // the request whose form had a mistake
	Word     string                // that was given
	Problems models.Invalid
}

func (v AskedOfMe) problem(l *i18n.Locale, id int64) string {
	if key := v.Problems["word"]; key != "" && v.Edited == id {
		return l.T(key, "most", models.MaxExpertWord)
	}
	return ""
}

func (v AskedOfMe) errors(l *i18n.Locale) []parts.FieldError {
	if text := v.problem(l, v.Edited); text != "" {
		return []parts.FieldError{{Name: wordField(v.Edited), Text: text}}
	}
	return nil
}

func (v AskedOfMe) word(id int64) string {
	if v.Edited == id {
		return v.Word
	}
	return ""
}

func wordField(id int64) string { return "word-" + strconv.FormatInt(id, 10) }

// figures are the rows of the table of how asking goes.
func (v AskedOfMe) figures(l *i18n.Locale) [][2]string {
	f := v.Figures
	rows := [][2]string{}
	for _, row := range []struct {
		key string
		n   int
	}{{"asked", f.Asked}, {"answered", f.Answered}, {"declined", f.Declined}, {"lapsed", f.Lapsed}, {"open", f.Open}} {
		rows = append(rows, [2]string{l.T("experts.figures." + row.key), l.Number(row.n)})
	}
	if f.Answered > 0 {
		rows = append(rows, [2]string{l.T("experts.figures.median"), lasted(l, f.Median)})
	}
	return rows
}

// lasted says how long something took: in hours, or where that are many in days.
func lasted(l *i18n.Locale, d time.Duration) string {
	if hours := int(d.Round(time.Hour) / time.Hour); hours < 48 {
		return l.T("experts.hours", "count", hours)
	}
	return l.T("experts.days", "count", int(d.Round(24*time.Hour)/(24*time.Hour)))
}

// RequestURL is the address of a request.
func RequestURL(id int64) string { return "/experts/requests/" + strconv.FormatInt(id, 10) }

// AskURL is where somebody is asked to answer the question of a thread.
func AskURL(thread int64) string {
	return "/threads/" + strconv.FormatInt(thread, 10) + "/experts"
}
