package demo

import (
	"regexp"
	"strings"
	"testing"
)

// What no printer would let pass. Rules of French hold for French texts, the straight marks for all.
var (
	straight = map[string]*regexp.Regexp{
		"straight apostrophe or quotes": regexp.MustCompile(`['"]`),
		"ordinary space before a unit":  regexp.MustCompile(`\d (?:kg|g|t|mm|cm|m|m²|m³|km|L|kWh|MWh|kWp|kW|W|°C|h|min|dB|A|Go|€|%)(?:[^\w’]|$)`),
	}
	french = map[string]*regexp.Regexp{
		"ordinary space before ; : ! ? » %": regexp.MustCompile("[ \u00a0][;:!?»%€]"),
		"no space before ; : ! ? » %":       regexp.MustCompile("[^\u202f \u00a0;:!?»|-][;:!?»%€]"),
		"ordinary space after «":            regexp.MustCompile("«[^\u202f]"),
		"thousands without thin space":      regexp.MustCompile(`\d [0-9]{3}(?:\D|$)|\d{1,3},\d{3}(?:\D|$)`),
		"decimal point":                     regexp.MustCompile(`\d\.\d`),
	}
	english = map[string]*regexp.Regexp{
		"space before ; : ! ?": regexp.MustCompile("[ \u00a0\u202f][;:!?%]"),
		"French quotes":        regexp.MustCompile("[«»]"),
	}
	// Addresses and the lines under table headers are no prose; euros per kilo are written as such.
	notProse = regexp.MustCompile(`!\[|\]\([^)]*\)|(?m)^\|[ |:-]+\|$`)
)

func proof(t *testing.T, where, words, lang string) {
	t.Helper()
	words = notProse.ReplaceAllString(words, "]")
	rules := []map[string]*regexp.Regexp{straight, english}
	if lang == "fr" {
		rules[1] = french
		words = englishQuotation.ReplaceAllString(words, "")
	}
	for _, set := range rules {
		for name, rule := range set {
			if at := rule.FindStringIndex(words); at != nil {
				t.Errorf("%s (%s): %s: …%s…", where, lang, name, words[max(0, at[0]-20):min(len(words), at[1]+20)])
			}
		}
	}
}

// englishQuotation is English inside a French text.
var englishQuotation = regexp.MustCompile(`“[^”]*”`)

func TestTypography(t *testing.T) {
	company := loaded(t)
	for _, p := range company.People {
		proof(t, p.Key, p.Job, p.Locale)
	}
	for _, g := range company.Gatherings {
		proof(t, g.Key, g.Title+"\n"+g.Place+"\n"+g.Body+"\n"+g.Cancelled, g.Lang)
		for _, s := range g.Talk {
			proof(t, g.Key, s.Body, g.Lang)
		}
	}
	for _, i := range company.Ideas {
		versions, err := i.versions()
		if err != nil {
			t.Fatal(err)
		}
		if a := i.Answer; a != nil {
			proof(t, "answer to "+i.Key, a.Text+"\n"+a.Conditions, i.Lang)
		}
		for _, version := range versions {
			proof(t, i.Key, version.title, i.Lang)
			proof(t, i.Key, version.body, i.Lang)
		}
		proof(t, i.Key, strings.Join(i.Tags, " "), i.Lang)
		for _, signer := range i.CoAuthors {
			proof(t, i.Key+" asks "+signer.By, signer.Message, i.Lang)
		}
		each(i.Comments, func(c Comment) { proof(t, i.Key+" by "+c.By, c.Text, i.langOf(c)) })
	}
}
