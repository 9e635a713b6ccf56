package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"ruche/app/text"
)

func TestTitlesAreOneCleanLine(t *testing.T) {
	for name, c := range map[string]struct{ input, want string }{
		"spaces and line ends collapse":              {"  Des vélos\r\n\tpour   tous ", "Des vélos pour tous"},
		"accents are composed":                       {"Ide\u0301e", "Idée"},
		"no-break spaces of French punctuation stay": {"Pourquoi pas\u202f? «\u00a0oui\u00a0»", "Pourquoi pas\u202f? «\u00a0oui\u00a0»"},
		"control characters of a paste go":           {"Caf\x02é\x7f \u0085noir", "Café noir"},
		"direction overrides go":                     {"facture \u202egpj.exe", "facture gpj.exe"},
		"an isolate is closed":                       {"a \u2067b", "a \u2067b\u2069"},
		"a stray end of isolate goes":                {"a\u2069 b", "a b"},
		"an overridden isolate goes":                 {"a \u202e\u2067b\u202c", "a \u2067b\u2069"},
		"marks are bounded":                          {"z" + strings.Repeat("\u0335\u0489", 40) + "a\u0302\u0301l\u200d" + strings.Repeat("\u0351", 9), "z\u0335\u0489\u0335\u0489\u0335ấl\u200d" + strings.Repeat("\u0351", 5)},
		"scripts keep their marks":                   {"בְּרֵאשִׁ֖ית กำนั้น བསྒྲུབས", norm.NFC.String("בְּרֵאשִׁ֖ית กำนั้น བསྒྲུབས")},
		"a digit is enough":                          {"42 !", "42 !"},
		"other scripts are letters":                  {"改善提案", "改善提案"},
		"an emoji with words":                        {"🐝 Ruches sur le toit", "🐝 Ruches sur le toit"},
		"a family emoji keeps its joiners":           {"👨‍👩‍👧 crèche", "👨‍👩‍👧 crèche"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := text.Title(c.input)
			if err != nil || got != c.want {
				t.Errorf("Title(%q) = %q, %v; want %q", c.input, got, err, c.want)
			}
		})
	}
}

func TestTitlesThatCannotBeTitlesSayWhy(t *testing.T) {
	for name, c := range map[string]struct {
		input string
		want  text.Problem
	}{
		"empty":                      {"", text.Blank},
		"spaces":                     {" \t\n\u00a0\u202f\u3000", text.Blank},
		"zero-width characters only": {"\u200b\u200d\ufeff\u2060", text.Blank},
		"letters drawn as nothing":   {"\u3164\u115f", text.Blank},
		"emoji only":                 {"🔥🔥🐝", text.NoLetters},
		"punctuation only":           {"?!…", text.NoLetters},
		"one character too many":     {strings.Repeat("é", text.MaxTitle+1), text.TitleLong},
		"ten thousand characters":    {strings.Repeat("a", 10_000), text.TitleLong},
		"not UTF-8":                  {"caf\xe9", text.InvalidUTF8},
		"a lone surrogate":           {"a\xed\xa0\x80", text.InvalidUTF8},
		"a NUL":                      {"a\x00b", text.Control},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := text.Title(c.input); err != c.want {
				t.Errorf("Title(%q) = %q, %v; want %v", c.input, got, err, c.want)
			}
		})
	}
	if _, err := text.Title(strings.Repeat("é", text.MaxTitle)); err != nil {
		t.Errorf("the longest title is refused: %v", err)
	}
}

func TestTextsKeepTheirBytes(t *testing.T) {
	for _, s := range []string{
		"Ça marche\u202f! «\u202fVraiment\u202f»\u202f: l’idée — 1\u202f234,5\u00a0€",
		"# Titre\n\n- a\n\t- b\n\n```\ncode\n```\n",
		"👩🏽‍🚀 🇫🇷 ﷽ שלום",
	} {
		if got, err := text.Clean(s, text.MaxBody); err != nil || got != s {
			t.Errorf("Clean(%q) = %q, %v", s, got, err)
		}
	}
}

func TestTextsAreCleaned(t *testing.T) {
	for name, c := range map[string]struct{ input, want string }{
		"every line end becomes one":   {"a\r\nb\rc\u2028d\ve\ff", "a\nb\nc\nd\ne\nf"},
		"isolates end with their line": {"a\u2066b\nc", "a\u2066b\u2069\nc"},
		"invisible means empty":        {" \u200b\r\n\t\ufeff", ""},
	} {
		if got, err := text.Clean(c.input, text.MaxComment); err != nil || got != c.want {
			t.Errorf("%s: Clean(%q) = %q, %v; want %q", name, c.input, got, err, c.want)
		}
	}
}

func TestTextsOverTheLimitAreRefused(t *testing.T) {
	for _, n := range []int{text.MaxBody + 1, 50_000_000} {
		if _, err := text.Clean(strings.Repeat("a", n), text.MaxBody); err != text.BodyLong {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if _, err := text.Clean(strings.Repeat("a", text.MaxBody), text.MaxBody); err != nil {
		t.Errorf("the longest body is refused: %v", err)
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", "a\x00", "\u202e\u2067x\n\u2069", "e\u0301\r\n", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		clean, err := text.Clean(input, 10_000)
		if err != nil {
			return
		}
		if !utf8.ValidString(clean) || strings.ContainsAny(clean, "\x00\r\u202e") || len(clean) > 10_000 {
			t.Errorf("Clean(%q) = %q", input, clean)
		}
		if again, err := text.Clean(clean, 10_000); err != nil || again != clean {
			t.Errorf("cleaning twice: %q, then %q, %v", clean, again, err)
		}
		if title, err := text.Title(input); err == nil && (strings.Contains(title, "\n") || utf8.RuneCountInString(title) > text.MaxTitle) {
			t.Errorf("Title(%q) = %q", input, title)
		}
	})
}
