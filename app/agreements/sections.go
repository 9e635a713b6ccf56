package agreements

import (
	"strings"

	"ruche/views/i18n"
)

// sections are the headings that a first agreement is begun with.
func sections(l *i18n.Locale) string {
	var b strings.Builder
	for _, section := range []string{"ideas", "confidentiality", "prizes", "data"} {
		b.WriteString("## " + l.T("agreements.section."+section) + "\n\n\n\n")
	}
	return b.String()
}

// says tells whether a text holds more than headings.
func says(markdown string) bool {
	for line := range strings.Lines(markdown) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return true
		}
	}
	return false
}
