//go:build peers

package editor

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"ruche/app/apptest/browser"
	"ruche/app/text"
)

// canonical asks the editor how it would write texts of which the author touched every line; nil where it would not open one.
func canonical(p *browser.Page, texts []string) (all []*string) {
	for some := range slices.Chunk(texts, 300) {
		all = append(all, canonicalFew(p, some)...)
	}
	return all
}

func canonicalFew(p *browser.Page, texts []string) []*string {
	return browser.Eval[[]*string](p, `import("`+bundle()+`").then(editor => `+quoted(texts)+`.map(editor.canonical))`)
}

func openBlank(t *testing.T) *browser.Page {
	s := newSite(t)
	s.page("/blank", "")
	p := browser.Open(t)
	p.Go(s.url + "/blank")
	return p
}

// published is what readers of a text see: its HTML, regardless of which mark is inside which.
func published(t rapid.TB, markdown string) string {
	rendered, err := text.Render(markdown, text.Body, nil)
	if err != nil {
		t.Fatalf("render %q: %v", markdown, err)
	}
	var seen strings.Builder
	var marks []string
	var last string
	for tokens := html.NewTokenizer(strings.NewReader(rendered.HTML)); tokens.Next() != html.ErrorToken; {
		token := tokens.Token()
		isMark := slices.Contains([]string{"strong", "em", "del", "a"}, token.Data)
		switch {
		case isMark && token.Type == html.StartTagToken:
			marks = append(marks, token.String())
			continue
		case isMark && token.Type == html.EndTagToken:
			at := slices.IndexFunc(marks, func(mark string) bool { return strings.HasPrefix(mark, "<"+token.Data) })
			marks = slices.Delete(marks, at, at+1)
			continue
		}
		if now := strings.Join(slices.Compact(slices.Sorted(slices.Values(marks))), ""); now != last {
			seen.WriteString("[" + now + "]")
			last = now
		}
		seen.WriteString(token.String())
	}
	return seen.String()
}

// sameWhenPublished fails the test with the place where readers would see a difference.
func sameWhenPublished(t *testing.T, text, written string) {
	t.Helper()
	before, after := published(t, text), published(t, written)
	for i := range before {
		if !strings.HasPrefix(after, before[:i+1]) {
			from := max(0, i-80)
			t.Errorf("published before:\n%.160s\n--- after:\n%.160s", before[from:], after[min(from, len(after)):])
			return
		}
	}
	if len(after) > len(before) {
		t.Errorf("published in addition:\n%.160s", after[len(before):])
	}
}

func corpus(t *testing.T) []string {
	file, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(file), "\n=====\n")
}

func TestRewrittenTextsArePublishedAsBefore(t *testing.T) {
	samples := corpus(t)
	for i, written := range canonical(openBlank(t), samples) {
		if written == nil {
			t.Errorf("the editor does not open\n%s", samples[i])
			continue
		}
		sameWhenPublished(t, samples[i], *written)
	}
}

func TestTextsTheEditorCannotKeepStayMarkdown(t *testing.T) {
	samples := []string{
		"Un [lien][1] par référence.\n\n[1]: https://exemple.fr \"Titre\"",
		"Un titre\nsur deux lignes\n===============",
		"Un tableau\n|-\nd'une colonne",
		"Un début\n\n[x]:(",
	}
	for i, written := range canonical(openBlank(t), samples) {
		if written != nil {
			t.Errorf("the editor would rewrite %q as %q", samples[i], *written)
		}
	}
}

// fragments of what people write, of which random texts are made. Left out is what no person writes and what Markdown readers differ
// about among themselves: a fence never closed, an item that begins with nothing, code that goes on in an indented line.
var fragments = strings.Split("a¦é¦mot¦deux mots¦. ¦, ¦ ¦\u202f!¦« ¦»¦«¦!¦(¦)¦[x]¦<b>¦&amp;¦&¦\\*¦*¦**¦_¦__¦ ~~a~~ ¦ `é` ¦ ``m` ``¦&#x61;¦&#x2A;¦🎉¦|¦"+
	"[lien](/x)¦[@Zoé](/people/3)¦![alt](/files/4)¦ https://a.fr/b_c ¦<https://a.fr>¦\n¦\n¦\n\n¦\n\n¦\n\n¦\n- a¦\n* b¦\n1. c¦\n2) d¦\n- d\n  - e¦"+
	"\n- f\n  suite¦\n\n    g\n\n¦\n> h¦\n\n# i¦\n\n---\n\n¦\n- [ ] j¦\n- [x] k¦\n\n```\nl\n```\n\n¦\n~~~ go\n m\n~~~\n¦#¦+¦-¦=¦:¦1.¦2026. ¦\\¦"+
	"\n\nn|o\n-|-\np|1\n\n", "¦")

func TestAnyTextIsPublishedAsBeforeOrStaysMarkdown(t *testing.T) {
	p := openBlank(t)
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(fragments), 1, 25).Draw(t, "fragments"), "")
		}), 40, 40).Draw(t, "texts")
		for i, written := range canonical(p, texts) {
			if written != nil && published(t, texts[i]) != published(t, *written) {
				t.Fatalf("%q was rewritten as %q", texts[i], *written)
			}
		}
	})
}

// The real ideas are not in the repository; the test runs on them where they lie beside it, as on CI.
func TestRealTextsArePublishedAsBefore(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "ideas.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Log("../shared/data is not here: only the samples were tried")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p := openBlank(t)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	var bodies []string
	for lines.Scan() {
		var idea struct{ Body string }
		if err := json.Unmarshal(lines.Bytes(), &idea); err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, idea.Body)
	}
	kept := 0
	for i, written := range canonical(p, bodies) {
		if written == nil {
			continue
		}
		kept++
		sameWhenPublished(t, bodies[i], *written)
	}
	t.Logf("%d of %d texts open as they will look", kept, len(bodies))
}
