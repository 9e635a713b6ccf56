//go:build peers

package editor

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ruche/app/apptest/browser"
	"ruche/app/text"
	"ruche/static"
)

// canonical asks the editor how it would write texts of which the author touched every line; nil where it would not open one.
func canonical(p *browser.Page, texts []string) []*string {
	return browser.Eval[[]*string](p, `import("`+static.URL("vendor/editor.js")+`").then(editor => `+quoted(texts)+`.map(editor.canonical))`)
}

func openBlank(t *testing.T) *browser.Page {
	s := newSite(t)
	s.page("/blank", "")
	p := browser.Open(t)
	p.Go(s.url + "/blank")
	return p
}

// published is what readers of a text see.
func published(t rapid.TB, markdown string) string {
	rendered, err := text.Render(markdown, text.Body, nil)
	if err != nil {
		t.Fatalf("render %q: %v", markdown, err)
	}
	return rendered.HTML
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
		if before, after := published(t, samples[i]), published(t, *written); before != after {
			t.Errorf("%s\n--- was rewritten as\n%s\n--- published before\n%s\n--- published after\n%s", samples[i], *written, before, after)
		}
	}
}

func TestTextsTheEditorCannotKeepStayMarkdown(t *testing.T) {
	samples := []string{
		"Un [lien][1] par référence.\n\n[1]: https://exemple.fr \"Titre\"",
		"Un titre\nsur deux lignes\n===============",
	}
	for i, written := range canonical(openBlank(t), samples) {
		if written != nil {
			t.Errorf("the editor would rewrite %q as %q", samples[i], *written)
		}
	}
}

// fragments of Markdown, of which random texts are made.
var fragments = strings.Split("a|é|mot|deux mots|. |, | |  |\u202f!|« |»|«|!|(|)|[|]|<b>|&amp;|&|\\|\\*|*|**|_|__|~~|~|`|``|```|&#x61;|&#x2A;|🎉|"+
	"[lien](/x)|[@Zoé](/people/3)|![alt](/files/4)|https://a.fr/b_c|<https://a.fr>|\n|\n|\n\n|\n\n|\n\n|\n- |\n* |\n1. |\n2) |\n  - |\n   |\n    |"+
	"\n> |\n# |\n## |\n---\n|\n***\n|\n===\n|- [ ] |- [x] |\n```\n|\n~~~ go\n|\t|#|+|-|=|:|1.|2026. |\\|", "|")

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
		if published(t, bodies[i]) != published(t, *written) {
			t.Errorf("%s\n--- was rewritten as\n%s", bodies[i], *written)
		}
	}
	t.Logf("%d of %d texts open as they will look", kept, len(bodies))
}
