// Package i18n holds every word that the screen shows, in French and in
// English, and the forms of numbers and dates that go with them. It knows
// nothing of pages: it is given a key and answers with a sentence.
//
// Catalogues are the JSON message files of go-i18n, one file per feature and
// language, merged when the program starts. Messages are compiled once into
// plain strings and lists of pieces, because a list page asks for about 150.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a minimal container has no zone files

	library "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Languages are the languages that Ruche speaks, its first one first.
var Languages = [...]string{"fr", "en"}

//go:embed fr/*.json en/*.json
var files embed.FS

// Locale is one language with a time zone. It never changes and may be shared.
type Locale struct {
	lang     string
	zone     *time.Location
	messages map[string]message
	calendar *calendar
	group    string
}

var locales = sync.OnceValue(func() map[string]*Locale {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(fmt.Errorf("load the default time zone: %w", err))
	}
	fr := &Locale{lang: "fr", zone: paris, calendar: &french, group: "\u202f"}
	en := &Locale{lang: "en", zone: paris, calendar: &english, group: ","}
	for _, l := range []*Locale{fr, en} {
		if l.messages, err = load(files, l.lang); err != nil {
			panic(fmt.Errorf("load the %s catalogue: %w", l.lang, err))
		}
	}
	return map[string]*Locale{"fr": fr, "en": en}
})

// For returns the locale of a language tag such as "fr" or "en-GB". A language
// that Ruche does not speak gets its first one.
func For(lang string) *Locale {
	all := locales()
	if l, ok := all[lang]; ok {
		return l
	}
	return all[Match(lang)]
}

// Match returns the language among ours that suits an Accept-Language header best.
func Match(acceptLanguage string) string {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Languages[0]
	}
	for _, tag := range tags {
		base, _ := tag.Base()
		for _, lang := range Languages {
			if base.String() == lang {
				return lang
			}
		}
	}
	return Languages[0]
}

// Zoned returns the same language with its dates shown in another time zone.
func (l *Locale) Zoned(zone *time.Location) *Locale {
	if zone == nil || zone == l.zone {
		return l
	}
	zoned := *l
	zoned.zone = zone
	return &zoned
}

// Lang returns the language's code, as the lang attribute wants it.
func (l *Locale) Lang() string { return l.lang }

// T returns the message of a key. The arguments are pairs of a name and a
// value for the message's placeholders; "count" also chooses the plural form.
// Whole numbers are written the way the language writes them.
func (l *Locale) T(key string, args ...any) string {
	m, ok := l.messages[key]
	if !ok {
		// Tests make sure that no page asks for a key that is not there.
		return key
	}
	if m.plain != "" && len(args) == 0 {
		return m.plain
	}
	return m.render(l, args)
}

// Has tells whether the catalogue knows the key.
func (l *Locale) Has(key string) bool {
	_, ok := l.messages[key]
	return ok
}

// load reads and compiles every message file of one language.
func load(fsys fs.FS, lang string) (map[string]message, error) {
	names, err := fs.Glob(fsys, lang+"/*.json")
	if err != nil {
		return nil, err
	}
	messages := make(map[string]message, 512)
	for _, name := range names {
		parsed, err := parse(fsys, lang, name)
		if err != nil {
			return nil, err
		}
		for _, m := range parsed {
			if _, twice := messages[m.ID]; twice {
				return nil, fmt.Errorf("%s: key %q is defined twice", name, m.ID)
			}
			messages[m.ID] = compile(m)
		}
	}
	return messages, nil
}

// parse reads one message file with go-i18n, which owns the format.
func parse(fsys fs.FS, lang, name string) ([]*library.Message, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	unmarshal := map[string]library.UnmarshalFunc{"json": json.Unmarshal}
	feature := strings.TrimSuffix(path.Base(name), ".json")
	file, err := library.ParseMessageFileBytes(data, feature+"."+lang+".json", unmarshal)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return file.Messages, nil
}
