package search

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ruche/models"
)

// TestWordsAreFoundHoweverTheyAreWritten holds pairs of a text and what someone types to find it.
func TestWordsAreFoundHoweverTheyAreWritten(t *testing.T) {
	db := shelfOf(idea(1, "", "Tout autre chose, something else", ""))
	x := opened(t, db)
	for _, c := range []struct{ lang, text, typed string }{
		{"fr", "Une idée simple", "idee"},
		{"fr", "Une idee simple", "idée"},
		{"fr", "IDÉES EN VRAC", "idee"},
		{"fr", "Un repas de Noël", "noel"},
		{"fr", "Le dossier est créé", "cree"},
		{"fr", "Une œuvre collective", "oeuvre"},
		{"fr", "Une oeuvre collective", "œuvre"},
		{"fr", "Le cœur du métier", "coeur metier"},
		{"fr", "Ça marche très bien", "ca marche tres bien"},
		{"fr", "l’énergie du bâtiment", "energie batiment"},
		{"fr", "l'énergie du bâtiment", "l’energie"},
		{"fr", "économie d’énergie", "d'énergie"},
		{"fr", "qu’ils aillent à l’école", "ecole"},
		{"fr", "aujourd’hui", "aujourd'hui"},
		{"fr", "Les vélos électriques", "vélo électrique"},
		{"fr", "un vélo électrique", "vélos électriques"},
		{"fr", "les réunions trop longues", "réunion"},
		{"fr", "des journaux locaux", "journal local"},
		{"fr", "Simplifier nos procédures", "simplifier procédure"},
		{"fr", "La cantine en été", "été"},
		{"fr", "la cantine", "cantines"},
		{"en", "Reducing paper waste", "reduce paper"},
		{"en", "The employee’s badge", "employees badges"},
		{"en", "Our meetings", "meeting"},
		{"en", "Café opening hours", "cafe hour"},
		{"en", "Bikes for commuting", "bike"},
		{"", "Reducing paper", "reduce"},
		{"", "Les vélos", "vélo"},
		{"fr", "Passer à C++ ou C#", "c++"},
		{"en", "Move to C#", "C#"},
		{"en", "Node.js and foo.bar", "bar foo"},
		{"en", "Launch 🚀 tomorrow", "🚀"},
		{"en", "漢字のテスト", "漢字"},
		{"en", "co\u00adop\u00aderation", "cooperation"},
		{"en", "zero\u200bwidth", "zerowidth"},
		{"fr", "ide\u0301e de\u0301compose\u0301e", "idée décomposée"},
		{"fr", "budget 2026-2027", "2027"},
		{"en", "the RFC-9457 problem", "rfc 9457"},
		{"de", "Straße und Größe", "strasse grosse"},
	} {
		db.put(idea(2, c.lang, c.text, ""))
		db.happen(models.IdeaEdited, ideas, 2)
		db.put(reply(1, 1, c.lang, c.text))
		db.happen(models.PostEdited, "post", 1)
		catchUp(t, x)
		r := search(t, x, Query{Text: c.typed})
		if got := keys(r.Hits); r.Complete != 2 || !slices.Contains(got, "idea:2") || !slices.Contains(got, "comment:1") {
			t.Errorf("%q finds %v and not %q", c.typed, got, c.text)
		}
	}
}

func TestDifferentWordsStayApart(t *testing.T) {
	for _, c := range []struct{ lang, text, typed string }{
		{"fr", "le compte rendu", "comté"},
		{"fr", "une carte", "car"},
		{"fr", "un poste de travail", "postal"},
		{"en", "business plan", "bus"},
		{"en", "C++", "C#"},
	} {
		x := opened(t, shelfOf(idea(1, c.lang, c.text, "")))
		if r := search(t, x, Query{Text: c.typed}); r.Total > 0 {
			t.Errorf("%q finds %q", c.typed, c.text)
		}
	}
}

func TestStopWordsAloneFindTitles(t *testing.T) {
	x := opened(t, shelfOf(idea(1, "en", "What is it?", "nothing"), idea(2, "en", "Bikes", "what is it that we want?"), idea(3, "fr", "Pour qui ?", "")))
	if got := keys(search(t, x, Query{Text: "what is it"}).Hits); !slices.Equal(got, []string{"idea:1"}) {
		t.Errorf("found %v", got)
	}
	if got := keys(search(t, x, Query{Text: "pour qui"}).Hits); !slices.Equal(got, []string{"idea:3"}) {
		t.Errorf("found %v", got)
	}
}

// TestScannerKeepsToItsText cuts texts of every kind and checks what the rest of the package relies on.
func TestScannerKeepsToItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.StringMatching(`(l'|qu’|#|\+\+|é|🚀| |x|\.|漢){0,40}`)).Draw(t, "text")
		words := scanner{text: text}
		end := 0
		for words.next() {
			if words.start < end || words.end <= words.start || words.end > len(text) {
				t.Fatalf("word at %d–%d after %d of %q", words.start, words.end, end, text)
			}
			if len(words.term) == 0 || len(words.term) > maxTerm+4 {
				t.Fatalf("term %q in %q", words.term, text)
			}
			end = words.end
		}
		for _, l := range languages() {
			for _, token := range l.analyse(text, true) {
				if len(token.Term) == 0 {
					t.Fatalf("empty term in %q", text)
				}
			}
		}
		beginnings(text)
	})
}

func TestALongWordIsAShortTerm(t *testing.T) {
	x := opened(t, shelfOf(idea(1, "fr", strings.Repeat("a", 10_000), strings.Repeat("é", 100_000))))
	if r := search(t, x, Query{Text: strings.Repeat("a", 10_000)}); r.Total != 1 {
		t.Errorf("found %d", r.Total)
	}
}
