package i18n

import (
	"fmt"
	"strconv"
	"strings"

	library "github.com/nicksnyder/go-i18n/v2/i18n"
)

// message is one compiled entry. plain is set when there is nothing to fill in.
type message struct {
	plain            string
	one, many, other pieces
}

// pieces is a sentence cut at its placeholders.
type pieces []piece

// piece is a run of text, then the name of the value that follows it, if any.
type piece struct{ text, name string }

// compile prepares a message so that showing it parses nothing.
func compile(m *library.Message) message {
	if m.One == "" && m.Many == "" && !strings.Contains(m.Other, "{{") {
		return message{plain: m.Other}
	}
	return message{one: cut(m.One), many: cut(m.Many), other: cut(m.Other)}
}

// cut splits a go-i18n template such as "{{.count}} ideas" at its placeholders.
func cut(text string) pieces {
	var out pieces
	for text != "" {
		before, rest, found := strings.Cut(text, "{{")
		if !found {
			return append(out, piece{text: before})
		}
		name, after, _ := strings.Cut(rest, "}}")
		out = append(out, piece{text: before, name: strings.TrimPrefix(strings.TrimSpace(name), ".")})
		text = after
	}
	return out
}

// render fills the form that suits the count with the given values.
func (m message) render(l *Locale, args []any) string {
	if m.plain != "" {
		return m.plain
	}
	form := m.form(l, args)
	if len(form) == 1 && form[0].name == "" {
		return form[0].text
	}
	var b strings.Builder
	for _, p := range form {
		b.WriteString(p.text)
		if p.name != "" {
			b.WriteString(l.value(p.name, args))
		}
	}
	return b.String()
}

// form chooses the plural form by CLDR's cardinal rules for whole numbers:
// English has one for 1; French has one for 0 and 1, and many for whole
// millions ("un million d’idées").
func (m message) form(l *Locale, args []any) pieces {
	n, ok := count(args)
	if !ok {
		return m.other
	}
	switch {
	case m.one != nil && (n == 1 || n == 0 && l.lang == "fr"):
		return m.one
	case m.many != nil && l.lang == "fr" && n != 0 && n%1_000_000 == 0:
		return m.many
	}
	return m.other
}

// count finds the number that decides the plural.
func count(args []any) (int, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "count" {
			switch n := args[i+1].(type) {
			case int:
				return n, true
			case int64:
				return int(n), true
			}
		}
	}
	return 0, false
}

// value returns the words for a placeholder.
func (l *Locale) value(name string, args []any) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != name {
			continue
		}
		switch v := args[i+1].(type) {
		case string:
			return v
		case int:
			return l.Number(v)
		case int64:
			return l.Number(int(v))
		default:
			return fmt.Sprint(v)
		}
	}
	return ""
}

// Number writes a whole number with the language's thousands separator.
func (l *Locale) Number(n int) string {
	if n > -1000 && n < 1000 {
		return strconv.Itoa(n)
	}
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(l.group)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

// FileSize writes how large a file is, in the unit that suits it and rounded up.
func (l *Locale) FileSize(bytes int64) string {
	switch {
	case bytes < 1_000_000:
		return l.T("parts.size.kb", "n", (bytes+999)/1000)
	case bytes < 1_000_000_000:
		return l.T("parts.size.mb", "n", (bytes+999_999)/1_000_000)
	}
	return l.T("parts.size.gb", "n", (bytes+999_999_999)/1_000_000_000)
}
