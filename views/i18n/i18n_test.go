package i18n

import (
	"testing"
	"time"
)

func TestTheReadersLanguageIsChosen(t *testing.T) {
	for header, want := range map[string]string{
		"":                                 "fr",
		"en-GB,en;q=0.9,fr;q=0.5":          "en",
		"de,en;q=0.4,fr;q=0.6":             "fr",
		"pl,de;q=0.9":                      "fr",
		"fr-CA":                            "fr",
		"en":                               "en",
		"*":                                "fr",
		"\x00 not a header, surely; q=two": "fr",
	} {
		if got := Match(header); got != want {
			t.Errorf("Match(%q) is %q, want %q", header, got, want)
		}
	}
	if For("en-US").Lang() != "en" || For("tlh").Lang() != "fr" {
		t.Error("a locale is not chosen by the language of its tag")
	}
}

func TestNumbersAreWrittenTheLanguagesWay(t *testing.T) {
	for n, want := range map[int][2]string{
		0: {"0", "0"}, 999: {"999", "999"}, 1234: {"1\u202f234", "1,234"},
		-1234567: {"-1\u202f234\u202f567", "-1,234,567"}, 100000: {"100\u202f000", "100,000"},
	} {
		if fr, en := For("fr").Number(n), For("en").Number(n); fr != want[0] || en != want[1] {
			t.Errorf("%d is %q and %q, want %q", n, fr, en, want)
		}
	}
}

func TestPluralsFollowTheCount(t *testing.T) {
	fr, en := For("fr"), For("en")
	for n, want := range map[int][2]string{
		0: {"0 message", "0 messages"}, 1: {"1 message", "1 message"}, 2: {"2 messages", "2 messages"},
		1_000_000: {"1\u202f000\u202f000 de messages", "1,000,000 messages"},
	} {
		if a, b := fr.T("parts.messages", "count", n), en.T("parts.messages", "count", int64(n)); a != want[0] || b != want[1] {
			t.Errorf("%d: %q and %q, want %q", n, a, b, want)
		}
	}
}

func TestDatesAreWrittenTheLanguagesWay(t *testing.T) {
	at := time.Date(2026, 12, 3, 16, 40, 0, 0, time.UTC) // 17:40 in Paris
	fr, en := For("fr"), For("en")
	for got, want := range map[string]string{
		fr.Date(at): "3 décembre 2026", en.Date(at): "3 December 2026",
		fr.DateShort(at): "3 déc.", en.DateShort(at): "3 Dec",
		fr.DateTime(at): "3 décembre 2026, 17:40", en.DateTime(at): "3 December 2026, 17:40",
		fr.Weekday(at): "Jeudi 3 décembre 2026", en.Weekday(at): "Thursday, 3 December 2026",
		fr.Date(at.AddDate(0, 0, -2)):              "1er décembre 2026",
		fr.Zoned(time.UTC).Clock(at):               "16:40",
		fr.Date(at.Add(7 * time.Hour)):             "4 décembre 2026",
		fr.Zoned(time.UTC).Date(at.Add(time.Hour)): "3 décembre 2026",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestHowLongAgoIsSaidInWords(t *testing.T) {
	now := time.Date(2026, 12, 3, 16, 40, 0, 0, time.UTC)
	fr, en := For("fr"), For("en")
	for _, c := range []struct {
		before time.Duration
		fr, en string
	}{
		{-10 * time.Second, "à l’instant", "just now"},
		{30 * time.Second, "à l’instant", "just now"},
		{5 * time.Minute, "il y a 5\u202fmin", "5 min ago"},
		{2 * time.Hour, "il y a 2\u202fh", "2 h ago"},
		{18 * time.Hour, "hier, 23:40", "yesterday, 23:40"},
		{24 * time.Hour, "hier, 17:40", "yesterday, 17:40"},
		{21 * 24 * time.Hour, "12 nov.", "12 Nov"},
		{365 * 24 * time.Hour, "3 déc. 2025", "3 Dec 2025"},
		{-26 * time.Hour, "4 déc., 19:40", "4 Dec, 19:40"},
	} {
		if a, b := fr.Ago(now.Add(-c.before), now), en.Ago(now.Add(-c.before), now); a != c.fr || b != c.en {
			t.Errorf("%v ago: %q and %q, want %q and %q", c.before, a, b, c.fr, c.en)
		}
	}
}

func TestYesterdayHoldsAcrossAYear(t *testing.T) {
	now := time.Date(2027, 1, 1, 9, 0, 0, 0, time.UTC)
	if got := For("en").Ago(now.Add(-20*time.Hour), now); got != "yesterday, 14:00" {
		t.Error(got)
	}
}

func BenchmarkT(b *testing.B) {
	l := For("fr")
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			l.T("nav.home")
		}
	})
	b.Run("plural", func(b *testing.B) {
		for b.Loop() {
			l.T("parts.messages", "count", 31)
		}
	})
}
