// Package parts holds the pieces that every page is made of: buttons, fields,
// avatars, idea rows, posts. A part takes typed values and shows them; it
// queries nothing and decides nothing. Colours come from classes only, since
// the pages forbid inline styles.
package parts

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"ruche/models"
	"ruche/static"
	"ruche/views/i18n"
)

// The kinds of buttons. A page has one primary button.
const (
	Primary   = "primary"
	Secondary = "secondary"
	Quiet     = "quiet"
	Danger    = "danger"
)

// Stages are the keys of an idea's stages in order, without "declined".
var Stages = [...]string{"proposed", "discussed", "refined", "evaluated", "decided", "implemented"}

// Btn describes a button or a link that looks like one.
type Btn struct {
	Label, Icon, Kind string
	Small, Large      bool // 30 high in a row, 44 where it stands alone
	Wide, Disabled    bool
	Name, Value       string // of the submitted field
	Form              string // id of the form, when the button is outside of it
	Action            string // overrides the form's address
	Describes         string // accessible name, when the label alone is ambiguous
	Autofocus         bool
}

// class returns the button's classes.
func (b Btn) class() string {
	c := "button"
	if b.Kind != "" && b.Kind != Secondary {
		c += " " + b.Kind
	}
	if b.Small {
		c += " small"
	}
	if b.Large {
		c += " large"
	}
	if b.Wide {
		c += " wide"
	}
	return c
}

// Span marks the bytes of a text that matched a search, from Start up to End.
type Span struct{ Start, End int }

// Icon shows an icon of the sprite. It is decoration: a word stands beside it,
// or the control it is in has a name.
func Icon(name string, size int) templ.Component { return templ.Raw(iconHTML(name, size)) }

func iconHTML(name string, size int) string {
	px := strconv.Itoa(size)
	return `<svg class="icon" width="` + px + `" height="` + px + `" aria-hidden="true"><use href="` +
		static.URL("img/icons.svg") + "#" + name + `"/></svg>`
}

// Avatar shows a person's initials on a colour of their own. The sizes are 20
// in facts, 26 nested, 32 beside a post, 40 for an official answer. The name
// stands beside it, so screen readers skip it.
func Avatar(id int64, name string, size int) templ.Component { return Face(id, name, 0, size) }

// Face is an Avatar with the person's picture, where they have one: 0 is none. In facts and where faces overlap, initials are
// easier to tell apart than pictures of that size.
func Face(id int64, name string, picture int64, size int) templ.Component {
	inner := html.EscapeString(Initials(name))
	if name == models.HiddenName {
		inner = "?"
	}
	if px := strconv.Itoa(size); picture != 0 && size > 20 {
		inner = `<img src="/files/` + strconv.FormatInt(picture, 10) + `" alt="" width="` + px + `" height="` + px + `" loading="lazy" decoding="async">`
	}
	return templ.Raw(`<span class="avatar s` + strconv.Itoa(size) + ` hue-` + hue(id) + `" aria-hidden="true">` + inner + `</span>`)
}

// Initials returns the first letters of a person's first and last names.
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '’' && r != '\''
	})
	if len(words) == 0 {
		return "?"
	}
	initials := first(words[0])
	if len(words) > 1 {
		initials += first(words[len(words)-1])
	}
	return initials
}

func first(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r))
}

// Device words what a session knows of a browser, "Firefox/Windows" for example.
func Device(l *i18n.Locale, device string) string {
	browser, system, _ := strings.Cut(device, "/")
	switch {
	case browser == "" && system == "":
		return l.T("parts.device.unknown")
	case browser == "":
		return l.T("parts.device.system", "system", system)
	case system == "":
		return browser
	}
	return l.T("parts.device", "browser", browser, "system", system)
}

// hue picks one of 24 hues, far apart for ids that follow each other.
func hue(id int64) string { return strconv.FormatInt(((id*7)%24+24)%24, 10) }

// Swatch shows the colour square that stands for a space.
func Swatch(id int64) templ.Component {
	return templ.Raw(`<span class="swatch hue-` + hue(id) + `" aria-hidden="true"></span>`)
}

// Highlight shows a text with its matches marked. Spans that overlap, or lie
// outside the text, are left out.
func Highlight(text string, spans []Span) templ.Component {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		if s.Start < at || s.End <= s.Start || s.End > len(text) {
			continue
		}
		b.WriteString(html.EscapeString(text[at:s.Start]))
		b.WriteString("<mark>")
		b.WriteString(html.EscapeString(text[s.Start:s.End]))
		b.WriteString("</mark>")
		at = s.End
	}
	b.WriteString(html.EscapeString(text[at:]))
	return templ.Raw(b.String())
}

// WorksAt is what someone does and where: a person's job and site, or an external person's company.
func WorksAt(job, site, organisation string) string {
	var known []string
	for _, text := range []string{job, site, organisation} {
		if text != "" {
			known = append(known, text)
		}
	}
	return strings.Join(known, ", ")
}
