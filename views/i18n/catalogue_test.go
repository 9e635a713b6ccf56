package i18n

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	library "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// catalogue reads one language's messages as they are written.
func catalogue(t *testing.T, lang string) map[string]*library.Message {
	t.Helper()
	names, err := fs.Glob(files, lang+"/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no %s catalogue: %v", lang, err)
	}
	all := map[string]*library.Message{}
	for _, name := range names {
		messages, err := parse(files, lang, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			all[m.ID] = m
		}
	}
	return all
}

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	fr, en := catalogue(t, "fr"), catalogue(t, "en")
	for key, m := range fr {
		other, ok := en[key]
		if !ok {
			t.Errorf("%s is missing in English", key)
		} else if a, b := placeholders(m), placeholders(other); !slices.Equal(a, b) {
			t.Errorf("%s fills in %v in French and %v in English", key, a, b)
		}
	}
	for key := range en {
		if fr[key] == nil {
			t.Errorf("%s is missing in French", key)
		}
	}
}

func TestPluralsHaveEveryFormOfTheirLanguage(t *testing.T) {
	for key, m := range catalogue(t, "fr") {
		if m.Other == "" || (m.One == "") != (m.Many == "") {
			t.Errorf("fr %s needs one, many and other, or other alone", key)
		}
	}
	for key, m := range catalogue(t, "en") {
		if m.Other == "" || m.Many != "" {
			t.Errorf("en %s needs one and other, or other alone", key)
		}
	}
	for _, lang := range Languages {
		for key, m := range catalogue(t, lang) {
			if m.One != "" && !slices.Contains(placeholders(m), "count") && !strings.Contains(m.Other, "{{.count}}") {
				t.Logf("%s %s has forms that do not show their count", lang, key)
			}
			if m.Zero+m.Two+m.Few != "" {
				t.Errorf("%s %s has forms that the language does not know", lang, key)
			}
		}
	}
}

func TestTypographyIsRight(t *testing.T) {
	wrong := map[string]map[string]*regexp.Regexp{
		"fr": {
			"a narrow space before ; : ! ?":    regexp.MustCompile(`[^\x{202f}…]([;!?]|:(\s|$))`),
			"a narrow space inside « »":        regexp.MustCompile(`«[^\x{202f}]|[^\x{202f}]»`),
			"a narrow space before %":          regexp.MustCompile(`[^\x{202f}]%`),
			"a narrow space, not a wide one":   regexp.MustCompile(`\x{00a0}`),
			"’ for an apostrophe":              regexp.MustCompile(`'`),
			"« » for quotation marks":          regexp.MustCompile(`["“”]`),
			"… for an ellipsis":                regexp.MustCompile(`\.\.\.`),
			"one space at a time, none at end": regexp.MustCompile(`  |^ | $`),
		},
		"en": {
			"no space before ; : ! ?":          regexp.MustCompile(`[\s\x{202f}][;:!?]`),
			"’ for an apostrophe":              regexp.MustCompile(`'`),
			"“ ” for quotation marks":          regexp.MustCompile(`["«»]`),
			"… for an ellipsis":                regexp.MustCompile(`\.\.\.`),
			"one space at a time, none at end": regexp.MustCompile(`  |^ | $`),
		},
	}
	for lang, rules := range wrong {
		for key, m := range catalogue(t, lang) {
			for _, text := range []string{m.One, m.Many, m.Other} {
				for rule, bad := range rules {
					if bad.MatchString(text) {
						t.Errorf("%s %s wants %s: %q", lang, key, rule, text)
					}
				}
			}
		}
	}
}

func TestEveryKeyIsUsedAndEveryUsedKeyExists(t *testing.T) {
	keys := catalogue(t, "fr")
	asked := regexp.MustCompile(`\bT\(\s*"([^"]+)"\s*[,)]`)
	dynamic := regexp.MustCompile(`"([a-z0-9_.]+\.)"\s*\+`) // "stage." + key
	literal := regexp.MustCompile(`"([a-z0-9_]+(?:\.[a-z0-9_-]+)+)"`)
	used := map[string]bool{}
	var prefixes []string
	for name, source := range sources(t) {
		for _, m := range literal.FindAllStringSubmatch(source, -1) {
			used[m[1]] = true
			prefixes = append(prefixes, m[1]+".") // "errors.not_found", whose title and text are shown
		}
		for _, m := range asked.FindAllStringSubmatch(source, -1) {
			if keys[m[1]] == nil {
				t.Errorf("%s asks for %q, which no catalogue has", name, m[1])
			}
		}
		for _, m := range dynamic.FindAllStringSubmatch(source, -1) {
			prefixes = append(prefixes, m[1])
		}
	}
	for key := range keys {
		if !used[key] && !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			t.Errorf("nothing uses %q", key)
		}
	}
}

// sources reads the program's Go and templ files, tests and generated code aside.
func sources(t *testing.T) map[string]string {
	t.Helper()
	root := filepath.Join("..", "..")
	all := map[string]string{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && len(entry.Name()) > 2 {
			return filepath.SkipDir
		}
		ext := filepath.Ext(name)
		if ext != ".go" && ext != ".templ" || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
			return nil
		}
		data, err := os.ReadFile(name)
		all[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The compiled messages must say exactly what go-i18n, whose format they are in, would say.
func TestCompiledMessagesSayWhatTheLibrarySays(t *testing.T) {
	for _, lang := range Languages {
		l := For(lang)
		bundle := library.NewBundle(language.Make(lang))
		all := catalogue(t, lang)
		for _, m := range all {
			if err := bundle.AddMessages(language.Make(lang), m); err != nil {
				t.Fatal(err)
			}
		}
		localizer := library.NewLocalizer(bundle, lang)
		for key, m := range all {
			for _, n := range []int{0, 1, 2, 21, 1000, 1_000_000, 2_000_000} {
				data, args := map[string]any{}, []any{}
				for _, name := range placeholders(m) {
					data[name], args = "‹"+name+"›", append(args, name, "‹"+name+"›")
				}
				data["count"], args = l.Number(n), append(args, "count", n)
				config := &library.LocalizeConfig{MessageID: key, TemplateData: data}
				if m.One != "" {
					config.PluralCount = n
				}
				want, err := localizer.Localize(config)
				if err != nil {
					t.Fatalf("%s %s: %v", lang, key, err)
				}
				if got := l.T(key, args...); got != want {
					t.Errorf("%s %s with %d: %q, the library says %q", lang, key, n, got, want)
				}
			}
		}
	}
}

// placeholders lists the names that a message fills in, "count" aside.
func placeholders(m *library.Message) []string {
	var names []string
	for _, text := range []string{m.One, m.Many, m.Other} {
		for _, p := range cut(text) {
			if p.name != "" && p.name != "count" && !slices.Contains(names, p.name) {
				names = append(names, p.name)
			}
		}
	}
	slices.Sort(names)
	return names
}
