package privacy

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"

	"ruche/app/text"
	"ruche/views/i18n"
)

// wanted is what an erasure looks for in the texts of others.
type wanted struct {
	ID      int64    `json:"id"`
	Name    string   `json:"name"`
	Names   []string `json:"names"`   // nobody else has: found anywhere
	Address []string `json:"address"` // found anywhere
}

// scrubber takes a person out of texts.
type scrubber struct{ mentions, names []*regexp.Regexp }

func newScrubber(w *wanted) *scrubber {
	s := &scrubber{mentions: []*regexp.Regexp{
		regexp.MustCompile(fmt.Sprintf(`\[@?(?:\\.|[^\]\\\n])*\]\(/people/%d(?:[-/?# ][^)\n]*)?\)`, w.ID)), // Markdown
		regexp.MustCompile(fmt.Sprintf(`<a [^>]*href="/people/%d(?:[-/?#][^"]*)?"[^>]*>[^<]*</a>`, w.ID)),  // what was made of it
	}}
	for _, written := range spellings(w.Name) {
		s.mentions = append(s.mentions, regexp.MustCompile(`(?i)@`+written+`\b`))
	}
	for _, word := range append(w.Names, w.Address...) {
		for _, written := range spellings(word) {
			s.names = append(s.names, regexp.MustCompile(`(?i)(^|[^\pL\pN])`+written+`($|[^\pL\pN])`))
		}
	}
	return s
}

// spellings are the patterns of a name as it stands in Markdown, in HTML and in JSON, and without its accents.
func spellings(name string) (patterns []string) {
	escaped, _ := json.Marshal(name) // a text always marshals
	seen := map[string]bool{"": true}
	for _, written := range []string{name, plainLetters(name), html.EscapeString(name), strings.Trim(string(escaped), `"`)} {
		words := strings.Fields(written)
		for i := range words {
			words[i] = regexp.QuoteMeta(words[i])
		}
		if pattern := strings.Join(words, `[\s._-]+`); !seen[pattern] {
			seen[pattern] = true
			patterns = append(patterns, pattern)
		}
	}
	return patterns
}

// clean is a text without the person, in the words of its language.
func (s *scrubber) clean(written, lang string) string {
	former := ""
	word := func() string {
		if former == "" {
			if lang == "" {
				lang = text.Language(written)
			}
			former = i18n.For(lang).T("privacy.former.inline")
		}
		return former
	}
	for _, pattern := range s.mentions {
		if pattern.MatchString(written) {
			written = pattern.ReplaceAllLiteralString(written, "@"+word())
		}
	}
	for _, pattern := range s.names {
		for pattern.MatchString(written) { // neighbours share the sign between them
			written = pattern.ReplaceAllString(written, "${1}"+word()+"${2}")
		}
	}
	return written
}
