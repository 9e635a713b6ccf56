package parts

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"ruche/views/i18n"
)

// What follows stands thirty times on a list page, where a templ expression
// costs two allocations each: these parts are put together by hand.

// StageMini shows six segments and the stage in words.
func StageMini(l *i18n.Locale, stage string) templ.Component {
	return templ.Raw(`<span class="stage">` + segments(stage) + `<span>` +
		templ.EscapeString(l.T("stage."+stage)) + `</span></span>`)
}

// segments draws the six stages: those behind, the current one, those ahead.
func segments(stage string) string {
	current := rank(stage)
	var b strings.Builder
	b.Grow(180)
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
	return b.String()
}

// Time shows when something happened relative to now, the exact time on hover.
func Time(l *i18n.Locale, t, now time.Time) templ.Component {
	return templ.Raw(`<time datetime="` + t.UTC().Format(time.RFC3339) + `" title="` +
		templ.EscapeString(l.DateTime(t)) + `">` + templ.EscapeString(l.Ago(t, now)) + `</time>`)
}

// supportWords is the inside of a support box: the count over a word, then the
// idea's title for those who do not see beside what the box stands.
func supportWords(l *i18n.Locale, s Support) templ.Component {
	var b strings.Builder
	b.Grow(420)
	if s.Frozen {
		b.WriteString(`<b>`)
	} else {
		b.WriteString(`<b data-count="`)
		b.WriteString(strconv.Itoa(s.Count))
		b.WriteString(`">`)
	}
	b.WriteString(l.Number(s.Count))
	b.WriteString(`</b>`)
	if s.Can {
		b.WriteString(`<span class="yes">`)
		b.WriteString(iconHTML("check", 12))
		b.WriteString(templ.EscapeString(l.T("parts.support.supported")))
		b.WriteString(`</span>`)
	}
	b.WriteString(`<span class="no" data-word>`)
	b.WriteString(templ.EscapeString(supportWord(l, s.Count)))
	b.WriteString(`</span>`)
	if s.Can {
		b.WriteString(`<span class="visually-hidden">`)
		b.WriteString(templ.EscapeString(l.T("parts.support.title", "title", s.Title)))
		b.WriteString(`</span>`)
	}
	return templ.Raw(b.String())
}

// supportWord is the word under a number of supports.
func supportWord(l *i18n.Locale, n int) string {
	if n == 1 || n == 0 && l.Lang() == "fr" {
		return l.T("parts.support.one")
	}
	return l.T("parts.support.other")
}
