package parts

import (
	"strings"

	"github.com/a-h/templ"

	"ruche/views/i18n"
)

// segments draws the six stages: those behind, the current one, those ahead.
func segments(stage string) templ.Component {
	current := rank(stage)
	var b strings.Builder
	b.WriteString(`<span class="segments`)
	if stage == "implemented" || stage == "declined" {
		b.WriteString(" " + stage)
	}
	b.WriteString(`" aria-hidden="true">`)
	for i := range Stages {
		switch {
		case i+1 < current:
			b.WriteString(`<i class="done"></i>`)
		case i+1 == current:
			b.WriteString(`<i class="now"></i>`)
		default:
			b.WriteString(`<i></i>`)
		}
	}
	b.WriteString(`</span>`)
	return templ.Raw(b.String())
}

// supportWord is the word under a number of supports.
func supportWord(l *i18n.Locale, n int) string {
	if n == 1 || n == 0 && l.Lang() == "fr" {
		return l.T("parts.support.one")
	}
	return l.T("parts.support.other")
}
