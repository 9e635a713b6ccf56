package i18n

import (
	"strconv"
	"strings"
	"time"
)

// calendar is what a language needs to write dates. The names follow CLDR,
// but for three-letter months in English, as in the rest of the interface.
type calendar struct {
	months, short [12]string
	days          [7]string
	first         string // how the first of a month is written
	dayJoin       string // between the weekday and the date
}

var french = calendar{
	months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	short: [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin",
		"juil.", "août", "sept.", "oct.", "nov.", "déc."},
	days:    [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	first:   "1er",
	dayJoin: " ",
}

var english = calendar{
	months: [12]string{"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
	short:   [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	days:    [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	first:   "1",
	dayJoin: ", ",
}

// In returns the instant as the reader's clock shows it.
func (l *Locale) In(t time.Time) time.Time { return t.In(l.zone) }

// Date writes a whole date: "12 novembre 2026", "12 November 2026".
func (l *Locale) Date(t time.Time) string {
	t = l.In(t)
	return l.day(t) + " " + l.calendar.months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// DateShort writes the day and the month: "12 nov.", "12 Nov".
func (l *Locale) DateShort(t time.Time) string {
	t = l.In(t)
	return l.day(t) + " " + l.calendar.short[t.Month()-1]
}

// DateTime writes the whole date and the time: "12 novembre 2026, 17:40".
func (l *Locale) DateTime(t time.Time) string { return l.Date(t) + ", " + l.Clock(t) }

// Clock writes the time of the day: "17:40".
func (l *Locale) Clock(t time.Time) string {
	hour, minute, _ := l.In(t).Clock()
	text := strconv.Itoa(hour) + ":"
	if minute < 10 {
		text += "0"
	}
	return text + strconv.Itoa(minute)
}

// Weekday writes a date with its day, ready to stand alone: "Jeudi 3 décembre 2026".
func (l *Locale) Weekday(t time.Time) string {
	day := l.calendar.days[l.In(t).Weekday()]
	return strings.ToUpper(day[:1]) + day[1:] + l.calendar.dayJoin + l.Date(t)
}

// Month writes a month, ready to stand alone: "Décembre 2026".
func (l *Locale) Month(t time.Time) string {
	t = l.In(t)
	month := []rune(l.calendar.months[t.Month()-1])
	return strings.ToUpper(string(month[:1])) + string(month[1:]) + " " + strconv.Itoa(t.Year())
}

// MonthShort writes a month where there is little room for it: "déc.", "Dec".
func (l *Locale) MonthShort(t time.Time) string { return l.calendar.short[l.In(t).Month()-1] }

// Ago writes when something happened, seen from now: "il y a 2 h",
// "hier, 17:40", "12 nov.", "12 nov. 2025".
func (l *Locale) Ago(t, now time.Time) string {
	local, today := l.In(t), l.In(now)
	since := now.Sub(t)
	switch {
	case since < 0 && since > -time.Minute, since >= 0 && since < time.Minute:
		return l.T("time.now")
	case since < 0:
		return l.DateShort(t) + ", " + l.Clock(t)
	case since < time.Hour:
		return l.T("time.minutes", "count", int(since/time.Minute))
	case sameDay(local, today):
		return l.T("time.hours", "count", int(since/time.Hour))
	case sameDay(local.AddDate(0, 0, 1), today):
		return l.T("time.yesterday", "time", l.Clock(t))
	case local.Year() == today.Year():
		return l.DateShort(t)
	}
	return l.DateShort(t) + " " + strconv.Itoa(local.Year())
}

func (l *Locale) day(t time.Time) string {
	if t.Day() == 1 {
		return l.calendar.first
	}
	return strconv.Itoa(t.Day())
}

func sameDay(a, b time.Time) bool {
	return a.YearDay() == b.YearDay() && a.Year() == b.Year()
}
