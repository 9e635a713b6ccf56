package models

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// FieldAnswer is what an idea answers to a field. One that is empty is none.
type FieldAnswer struct {
	FieldID      int64
	FieldVersion int    // the words that it answers
	Value        string // empty for a person; the numbers of files, one a line
	PersonID     *int64
	Visibility   AnswerVisibility // as whoever answered was told
	files        bool             // the value names some
}

// Empty tells whether nothing is answered.
func (a *FieldAnswer) Empty() bool { return a.Value == "" && a.PersonID == nil }

// Limits of answers, in characters.
const (
	MaxShort = 200
	MaxLong  = 2000
	maxLink  = 500
)

// Parse reads an answer as it is written in a form, several choices one a line. What is wrong is a key of the catalogue. Who a
// person is, and whose a file, is not its matter.
func (f *FormField) Parse(text string) (value, problem string) {
	if text = strings.TrimSpace(text); text == "" {
		return "", ""
	}
	if !readable(text) {
		return "", "forms.answer.unreadable"
	}
	switch f.Kind {
	case ShortField:
		if text = oneLine(text); utf8.RuneCountInString(text) > MaxShort {
			return "", "forms.answer.short_long"
		}
	case LongField:
		if text = strings.ReplaceAll(text, "\r\n", "\n"); utf8.RuneCountInString(text) > MaxLong {
			return "", "forms.answer.long_long"
		}
	case NumberField:
		return parseNumber(text)
	case AmountField:
		return parseAmount(text)
	case DateField:
		day, err := time.Parse(time.DateOnly, text)
		if err != nil || day.Year() < 1900 || day.Year() > 2200 {
			return "", "forms.answer.date"
		}
	case ChoiceField, ChoicesField:
		return f.parseChoices(text)
	case FileField:
		ids := FileIDs(text)
		if len(ids) > f.High {
			return "", "forms.answer.files_many"
		}
		return fileLines(ids), ""
	case ScaleField:
		n, err := strconv.Atoi(text)
		if err != nil || n < f.Low || n > f.High {
			return "", "forms.answer.scale"
		}
		return strconv.Itoa(n), ""
	case LinkField:
		return parseLink(text)
	}
	return text, ""
}

func (f *FormField) parseChoices(text string) (value, problem string) {
	ids := ChosenIDs(text)
	if f.Kind == ChoiceField && len(ids) > 1 {
		return "", "forms.answer.choice"
	}
	for _, id := range ids {
		if f.Choices.Find(id) == nil {
			return "", "forms.answer.choice"
		}
	}
	return chosen(ids), ""
}

// chosen is the stored answer of the choices with some numbers, one a line.
func chosen(ids []int) string {
	lines := make([]string, len(ids))
	for i, id := range ids {
		lines[i] = strconv.Itoa(id)
	}
	return strings.Join(lines, "\n")
}

// plainNumber is a number as it is stored: no more digits than a computer keeps exactly.
var plainNumber = regexp.MustCompile(`^-?[0-9]{1,12}(\.[0-9]{1,6})?$`)

// parseNumber reads a number as people of either language write it. "1,234" may be more than a thousand or little more than one,
// and is asked about.
func parseNumber(text string) (value, problem string) {
	text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "", "’", "", "−", "-").Replace(text)
	commas, points := strings.Count(text, ","), strings.Count(text, ".")
	at := strings.LastIndexAny(text, ",.")
	switch {
	case commas > 0 && points > 0: // the last one stands before the decimals
		text = strings.NewReplacer(",", "", ".", "").Replace(text[:at]) + "." + text[at+1:]
	case commas+points > 1:
		text = strings.NewReplacer(",", "", ".", "").Replace(text)
	case commas+points == 1:
		if whole := strings.TrimPrefix(text[:at], "-"); len(text)-at == 4 && len(whole) <= 3 && strings.Trim(whole, "0") != "" {
			return "", "forms.answer.unclear"
		}
		text = text[:at] + "." + text[at+1:]
	}
	if !plainNumber.MatchString(text) {
		return "", "forms.answer.number"
	}
	negative := strings.HasPrefix(text, "-")
	whole, decimals, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	whole, decimals = strings.TrimLeft(whole, "0"), strings.TrimRight(decimals, "0")
	if whole == "" {
		whole = "0"
	}
	if decimals != "" {
		whole += "." + decimals
	}
	if negative && whole != "0" {
		whole = "-" + whole
	}
	return whole, ""
}

// parseAmount reads euros and returns cents.
func parseAmount(text string) (value, problem string) {
	text = strings.TrimSpace(strings.NewReplacer("€", "", "EUR", "").Replace(text))
	number, problem := parseNumber(text)
	if problem == "forms.answer.unclear" {
		return "", problem
	}
	euros, cents, _ := strings.Cut(number, ".")
	if problem != "" || strings.HasPrefix(euros, "-") || len(cents) > 2 {
		return "", "forms.answer.amount"
	}
	value = strings.TrimLeft(euros+(cents + "00")[:2], "0")
	if value == "" {
		value = "0"
	}
	return value, ""
}

func parseLink(text string) (value, problem string) {
	link, err := url.Parse(text)
	if err != nil || link.Scheme != "http" && link.Scheme != "https" || link.Hostname() == "" || link.User != nil || utf8.RuneCountInString(text) > maxLink ||
		strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == '\\' }) {
		return "", "forms.answer.link"
	}
	return text, ""
}

// Written is a stored answer as Parse reads it again, several choices as several lines.
func (f *FormField) Written(value string) string {
	switch f.Kind {
	case AmountField:
		if value == "" {
			return ""
		}
		euros, cents := Euros(value)
		return euros + "." + cents
	case NumberField:
		if _, problem := parseNumber(value); problem == "forms.answer.unclear" {
			return value + "0"
		}
	}
	return value
}

// Euros parts a stored amount into euros and cents, of two digits.
func Euros(value string) (euros, cents string) {
	if len(value) < 3 {
		value = strings.Repeat("0", 3-len(value)) + value
	}
	return value[:len(value)-2], value[len(value)-2:]
}

// ChosenIDs are the numbers of the choices in an answer, each once, in their order.
func ChosenIDs(value string) (ids []int) {
	for _, text := range strings.Fields(value) {
		id, err := strconv.Atoi(text)
		if err != nil {
			id = -1 // which is no choice
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
