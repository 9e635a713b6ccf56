package search

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// naughty are texts that have broken programs: the Big List of Naughty Strings where it is at hand,
// and a few of our own everywhere.
func naughty(t *testing.T) []string {
	t.Helper()
	texts := []string{
		"\x00", "a\x00b", "\xff\xfe", "caf\xe9", "\xed\xa0\x80", strings.Repeat("(", 10_000), strings.Repeat("a*", 5_000), strings.Repeat("\"", 999),
		strings.Repeat("mot ", 10_000), strings.Repeat("é", 10_000), "a*b*c*", "/a.*b/", "body_fr:secret", "title_fr:*", "+a -b", "a~2", "a^10", "type:idea OR 1=1",
		"[a TO z]", "*", "?", "\\", "{}", "🚀🚀🚀", "\u202eabc", "\u200b", "adm\u0456n", "ﬁn", "İstanbul", "ﷺ", "' OR ''='", "${jndi:ldap://x}", "%00", "l’", "'", "’’’", "c+++++", "#", "##", "#1#2",
		strings.Repeat("👨‍👩‍👧", 100), strings.Repeat("a\u0301", 5000),
	}
	if dir := sharedData(); dir != "" {
		raw, err := os.ReadFile(filepath.Join(dir, "corpora", "blns", "blns.json"))
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, list...)
	}
	return texts
}

// TestNaughtyTextsAreIndexedAndFound writes each as an idea and a comment, and looks for it.
func TestNaughtyTextsAreIndexedAndFound(t *testing.T) {
	texts := naughty(t)
	db := newShelf()
	for i, text := range texts {
		lang := []string{"fr", "en", "", "xx"}[i%4]
		db.put(idea(int64(i)+1, lang, text, text, text))
		db.put(reply(int64(i)+1, int64(i)+1, lang, text))
	}
	x := opened(t, db)
	if docs := x.Status().Docs; docs != 2*len(texts) {
		t.Fatalf("%d documents of %d", docs, 2*len(texts))
	}
	found, wordless := 0, 0
	for i, text := range texts {
		start := time.Now()
		r := search(t, x, Query{Text: text, Limit: maxLimit})
		if took := time.Since(start); took > time.Second {
			t.Errorf("%.40q took %s", text, took)
		}
		for _, h := range r.Hits {
			for _, f := range []Fragment{h.Title, h.Excerpt} {
				if !utf8.ValidString(f.Text) {
					t.Errorf("%.40q: a fragment is not text: %q", text, f.Text)
				}
			}
		}
		words := scanner{text: cut(text, maxText)}
		if !words.next() {
			wordless++
			continue
		}
		if first := (Query{Text: text, Limit: maxLimit, Types: []string{ideas}}); !findable(t, x, first, int64(i)+1) {
			t.Errorf("%.60q is not found", text)
		}
		found++
	}
	t.Logf("%d texts found, %d have no words", found, wordless)
}

// findable pages until the idea comes.
func findable(t *testing.T, x *Index, q Query, id int64) bool {
	t.Helper()
	for {
		r := search(t, x, q)
		for _, h := range r.Hits {
			if h.Record.ID == id {
				return true
			}
		}
		if q.Cursor = r.Next; q.Cursor == "" {
			return false
		}
	}
}

func TestNaughtyQueriesAreSuggestedToAndCompared(t *testing.T) {
	x := opened(t, shelfOf(idea(1, "fr", "Une idée", "simple"), idea(2, "en", "An idea", "simple")))
	for _, text := range naughty(t) {
		start := time.Now()
		if _, err := x.Suggest(context.Background(), Query{Text: text, Spaces: []int64{1}}); err != nil {
			t.Errorf("suggest %.40q: %v", text, err)
		}
		if _, err := x.Similar(context.Background(), text, []int64{1}); err != nil {
			t.Errorf("similar %.40q: %v", text, err)
		}
		for _, q := range []Query{{Text: "idee", Tag: text}, {Text: "idee", Stage: text}, {Text: "idee", Campaign: text}, {Text: "idee", Types: []string{text}}, {Text: "idee", Lang: text}, {Text: "idee", Sort: Sort(text)}} {
			q.Spaces = []int64{1}
			if _, err := x.Search(context.Background(), q); err != nil {
				t.Errorf("%+v: %v", q, err)
			}
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%.40q took %s", text, took)
		}
	}
}
