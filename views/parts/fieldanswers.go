package parts

import (
	"strconv"
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
)

// AnswerText is what an idea answers to a field, as it is read.
func AnswerText(l *i18n.Locale, a *models.ShownAnswer) string {
	switch a.Kind {
	case models.NumberField:
		return Decimal(l, a.Value)
	case models.AmountField:
		cents, _ := strconv.ParseInt(a.Value, 10, 64) // which is how it was stored
		return Money(l, cents)
	case models.DateField:
		if day, err := time.ParseInLocation(time.DateOnly, a.Value, l.In(time.Time{}).Location()); err == nil {
			return l.Date(day)
		}
	case models.ChoiceField, models.ChoicesField:
		return chosen(l, a)
	case models.ScaleField:
		return l.T("forms.answer.of_scale", "value", a.Value, "high", a.Asked.High)
	case models.PersonField:
		return a.PersonName
	case models.FileField:
		names := make([]string, len(a.Files))
		for i := range a.Files {
			names[i] = a.Files[i].SaveName()
		}
		return strings.Join(names, ", ")
	}
	return a.Value
}

// chosen are the words of the choices of an answer, as they were when they were chosen.
func chosen(l *i18n.Locale, a *models.ShownAnswer) string {
	var words []string
	for _, id := range models.ChosenIDs(a.Value) {
		if choice := a.Asked.Choices.Find(id); choice != nil {
			text, _ := choice.Words().In(l.Lang())
			words = append(words, text)
		}
	}
	return strings.Join(words, ", ")
}

// Decimal writes a number, stored with a point, the language's way.
func Decimal(l *i18n.Locale, number string) string {
	whole, decimals, _ := strings.Cut(number, ".")
	n, err := strconv.Atoi(whole)
	if err != nil {
		return number
	}
	text := l.Number(n)
	if n == 0 && strings.HasPrefix(whole, "-") {
		text = "-0"
	}
	if decimals == "" {
		return text
	}
	return text + point(l) + decimals
}

func point(l *i18n.Locale) string {
	if l.Lang() == "fr" {
		return ","
	}
	return "."
}

// Money writes an amount in cents the language's way.
func Money(l *i18n.Locale, cents int64) string {
	text := l.Number(int(cents / 100))
	if part := cents % 100; part != 0 {
		text += point(l) + strconv.FormatInt(part/10, 10) + strconv.FormatInt(part%10, 10)
	}
	if l.Lang() == "fr" {
		return text + "\u202f€"
	}
	return "€" + text
}
