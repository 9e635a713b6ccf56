package text_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ruche/app/text"
)

func rendered(t *testing.T, markdown string) text.Rendered {
	t.Helper()
	r, err := text.Render(markdown, text.Body, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCodeInAKnownLanguageHasItsWordsMarked(t *testing.T) {
	for markdown, want := range map[string]string{
		"```go\nfunc f() string { return \"<b>\" } // why\n```": `<pre tabindex="0"><code class="language-go"><span class="code-keyword">func</span> <span class="code-name">f</span>() <span class="code-keyword">string</span>` +
			` { <span class="code-keyword">return</span> <span class="code-string">&#34;&lt;b&gt;&#34;</span> } <span class="code-comment">// why</span>` + "\n</code></pre>",
		"```diff\n- a\n+ b\n```":          `<pre tabindex="0"><code class="language-diff"><span class="code-removed">- a` + "\n" + `</span><span class="code-added">+ b` + "\n</span></code></pre>",
		"```\nfunc f()\n```":              "<pre tabindex=\"0\"><code>func f()\n</code></pre>",
		"```no-such-language\nfunc\n```":  "<pre tabindex=\"0\"><code class=\"language-no-such-language\">func\n</code></pre>",
		"    func f()\n":                  "<pre tabindex=\"0\"><code>func f()\n</code></pre>",
		"> [!NOTE]\n> ```go\n> 12\n> ```": `<span class="code-number">12</span>`,
		"- a\n\n  ```go\n  12\n  ```":     `<span class="code-number">12</span>`,
	} {
		if got := rendered(t, markdown).HTML; !strings.Contains(got, want) {
			t.Errorf("%q is %s", markdown, got)
		}
	}
}

func TestMarkedCodeIsStillFoundAndSummed(t *testing.T) {
	r := rendered(t, "```go\nfunc needle() {}\n```")
	if r.Plain != "func needle() {}" || r.Summary != "func needle() {}" {
		t.Errorf("the words are %q, the summary %q", r.Plain, r.Summary)
	}
}

func TestMarkingChangesNothingOfTheCode(t *testing.T) {
	for _, language := range []string{"go", "html", "php", "bash", "yaml", "json", "javascript", "tsx", "sql", "markdown", "svelte", "diff", "http", "rst"} {
		for _, code := range []string{"<script>alert(1)</script>", `<img src=x onerror="alert(1)">`, "a\tb  c\n\n\n  d", "'\"`$(x) ${y} &amp; &lt; \\", "é œ 🐝 \u202f;", "</code></pre><b>"} {
			got := rendered(t, "```"+language+"\n"+code+"\n```").HTML
			if said := words(t, got); said != code+"\n" {
				t.Errorf("%s: %q became %q", language, code, said)
			}
			for _, bad := range []string{"<script", "<img", "<b>", "style="} {
				if strings.Contains(got, bad) {
					t.Errorf("%s: %q became %s", language, code, got)
				}
			}
		}
	}
}

// words are the letters of a block of code as a browser shows them.
func words(t *testing.T, markup string) string {
	t.Helper()
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(strings.TrimSuffix(markup, "\n")))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		if kind == html.TextToken {
			b.Write(z.Text())
		}
	}
	return b.String()
}

// TestCodeThatIsMadeToBeSlowStaysPlain has what takes chroma seconds and more: the page must not wait for it, and shows it as it was typed.
func TestCodeThatIsMadeToBeSlowStaysPlain(t *testing.T) {
	slow := map[string]string{"java": "\n ", "yaml": "@", "json": "/", "html": "&", "r": "\"\\", "perl": "\"\\", "make": "${", "svelte": "<script lang='ts'", "erb": "<%", "yaml+jinja": "{#", "groovy": "/"}
	for language, piece := range slow {
		code := strings.Repeat(piece, 25_000/len(piece))
		begun := time.Now()
		got := rendered(t, "```"+language+"\nx"+code+"\n```").HTML
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("%s takes %s", language, took)
		}
		if said := words(t, got); said != "x"+code+"\n" {
			t.Errorf("%s says something else", language)
		}
	}
	for name, markdown := range map[string]string{
		"a long block": "```go\n" + strings.Repeat("x := 1\n", 9_000) + "```",
		"many blocks":  strings.Repeat("```go\nx := 1\n```\n", 3_000),
		"no language":  strings.Repeat("```qz\nx\n```\n", 8_000),
	} {
		begun := time.Now()
		if got := rendered(t, markdown).HTML; strings.Count(got, `<span class="code-`) > 6_000 || len(got) > 10*len(markdown) {
			t.Errorf("%s has %d bytes", name, len(got))
		}
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("%s takes %s", name, took)
		}
	}
}
