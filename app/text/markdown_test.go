package text_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ruche/app/text"
	"ruche/models"
	"ruche/views/i18n"
)

func render(t *testing.T, markdown string) text.Rendered {
	t.Helper()
	r, err := text.Render(markdown, text.Body, nil)
	if err != nil {
		t.Fatalf("Render(%.80q): %v", markdown, err)
	}
	return r
}

func TestMarkdownBecomesHTML(t *testing.T) {
	for name, c := range map[string]struct{ markdown, want string }{
		"emphasis":             {"**gras** *it* ~~non~~ `x<y`", "<p><strong>gras</strong> <em>it</em> <del>non</del> <code>x&lt;y</code></p>\n"},
		"enter breaks a line":  {"Bonjour\nà tous", "<p>Bonjour<br>\nà tous</p>\n"},
		"HTML is shown":        {"a <b>c</b>\n\n<div>d</div>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n<p>&lt;div&gt;d&lt;/div&gt;</p>\n"},
		"apostrophes stay":     {"l'idée d’Ève \"dit\"", "<p>l'idée d’Ève &#34;dit&#34;</p>\n"},
		"typography untouched": {"« Oui\u202f» -- non...", "<p>« Oui\u202f» -- non...</p>\n"},
		"code":                 {"```go\na := 1\n```", "<pre tabindex=\"0\"><code class=\"language-go\">a := <span class=\"code-number\">1</span>\n</code></pre>\n"},
		"indented code":        {"    a\n", "<pre tabindex=\"0\"><code>a\n</code></pre>\n"},
		"lists":                {"3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
		"tasks": {"- [x] fait\n- [ ] à *faire*", "<ul>\n<li class=\"task\"><label><input type=\"checkbox\" disabled=\"\" checked=\"\"> fait</label></li>\n" +
			"<li class=\"task\"><label><input type=\"checkbox\" disabled=\"\"> à <em>faire</em></label></li>\n</ul>\n"},
		"tables": {"| a | b |\n|---|--:|\n| 1 | 2 |", "<div class=\"table\" tabindex=\"0\"><table>\n<thead>\n<tr>\n<th>a</th>\n<th class=\"align-right\">b</th>\n</tr>\n</thead>\n" +
			"<tbody>\n<tr>\n<td>1</td>\n<td class=\"align-right\">2</td>\n</tr>\n</tbody>\n</table></div>\n"},
		"mention":       {"[@Zoé Petit](/people/12)", "<p><a href=\"/people/12\" class=\"mention\">@Zoé Petit</a></p>\n"},
		"group":         {"[@Élus *du* CSE](/groups/5)", "<p><span class=\"mention\">@Élus du CSE</span></p>\n"},
		"link to group": {"[CSE](/groups/5)", "<p><a href=\"/groups/5\">CSE</a></p>\n"},
		"own link":      {"[idée](/ideas/7-velo?x=1&y=2 \"t\")", "<p><a href=\"/ideas/7-velo?x=1&amp;y=2\" title=\"t\">idée</a></p>\n"},
		"external link": {"[a](https://example.org/é)", "<p><a href=\"https://example.org/%C3%A9\" rel=\"nofollow noopener ugc\">a</a></p>\n"},
		"bare link":     {"voir https://example.org/a_b.", "<p>voir <a href=\"https://example.org/a_b\" rel=\"nofollow noopener ugc\">https://example.org/a_b</a>.</p>\n"},
		"bare link in French": {"(https://fr.wikipedia.org/wiki/Économie_d’eau)…", "<p>(<a href=\"https://fr.wikipedia.org/wiki/%C3%89conomie_d%E2%80%99eau\" rel=\"nofollow noopener ugc\">" +
			"https://fr.wikipedia.org/wiki/Économie_d’eau</a>)…</p>\n"},
		"bare www":                         {"www.example.org", "<p><a href=\"https://www.example.org\" rel=\"nofollow noopener ugc\">www.example.org</a></p>\n"},
		"site without scheme":              {"[a](www.example.org)", "<p><a href=\"https://www.example.org\" rel=\"nofollow noopener ugc\">a</a></p>\n"},
		"protocol-relative":                {"[a](//example.org)", "<p><a href=\"https://example.org\" rel=\"nofollow noopener ugc\">a</a></p>\n"},
		"mail":                             {"<a@example.org>", "<p><a href=\"mailto:a@example.org\">a@example.org</a></p>\n"},
		"entities once":                    {"[a](https://e.org/?a=1&amp;copy=2)", "<p><a href=\"https://e.org/?a=1&amp;copy=2\" rel=\"nofollow noopener ugc\">a</a></p>\n"},
		"own picture":                      {"![une *ruche*](/files/9)", "<p><img src=\"/files/9\" alt=\"une ruche\" loading=\"lazy\" decoding=\"async\"></p>\n"},
		"picture elsewhere":                {"![ruche](https://e.org/x.png)", "<p><a href=\"https://e.org/x.png\" rel=\"nofollow noopener ugc\">ruche</a></p>\n"},
		"picture elsewhere without a name": {"![](https://e.org/x.png)", "<p><a href=\"https://e.org/x.png\" rel=\"nofollow noopener ugc\">https://e.org/x.png</a></p>\n"},
		"picture elsewhere in a link":      {"[![b](https://e.org/x.png)](https://e.org)", "<p><a href=\"https://e.org\" rel=\"nofollow noopener ugc\">b</a></p>\n"},
		"a script is not an address":       {"[a **b**](javascript:alert(1))", "<p>a <strong>b</strong></p>\n"},
		"quote":                            {"> a\n> b", "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := render(t, c.markdown).HTML; got != c.want {
				t.Errorf("%q:\n got %q\nwant %q", c.markdown, got, c.want)
			}
		})
	}
}

func TestHeadingsFitUnderThePage(t *testing.T) {
	got := render(t, "# Contexte\n#### Coûts\n## Suite\n# Contexte\n# 🐝\n\nvoir [plus haut](#contexte)").HTML
	want := "<h2 id=\"h-contexte\">Contexte</h2>\n<h3 id=\"h-couts\">Coûts</h3>\n<h3 id=\"h-suite\">Suite</h3>\n" +
		"<h2 id=\"h-contexte-2\">Contexte</h2>\n<h2 id=\"h-1\">🐝</h2>\n<p>voir <a href=\"#h-contexte\">plus haut</a></p>\n"
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	comment, err := text.Render("###### Bas\n# Haut", text.Comment, nil)
	if want := "<h3>Bas</h3>\n<h3>Haut</h3>\n"; err != nil || comment.HTML != want {
		t.Errorf("in a comment: got %s, %v\nwant %s", comment.HTML, err, want)
	}
}

func TestPicturesOfKnownSizeDoNotMakeThePageJump(t *testing.T) {
	known := text.Knowing([]models.File{{ID: 9, Width: 1600, Height: 900}, {ID: 10, Width: 300, Height: 200}})
	r, err := text.Render("![a](/files/9?w=800) ![b](/files/10) ![c](/files/11)", text.Body, known)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<img src="/files/9" alt="a" loading="lazy" decoding="async" width="1600" height="900" srcset="/files/9?w=800 800w, /files/9 1600w" sizes="`,
		`<img src="/files/10" alt="b" loading="lazy" decoding="async" width="300" height="200">`,
		`<img src="/files/11" alt="c" loading="lazy" decoding="async">`,
	} {
		if !strings.Contains(r.HTML, want) {
			t.Errorf("missing %s\nin %s", want, r.HTML)
		}
	}
}

func TestALinkToAFileOfOursIsACard(t *testing.T) {
	known := text.Knowing([]models.File{{ID: 12, Key: "ab/cd.pdf", Size: 1_234_567}, {ID: 9, Key: "ab/cd.jpg", Width: 300, Height: 200}})
	const markdown = "Voir [bilan *2026*](/files/12), [photo](/files/9), [inconnu](/files/13), [ailleurs](https://e.org/files/12) et [autre](/files/12/content)."
	r, err := text.Render(markdown, text.Comment, known)
	if err != nil {
		t.Fatal(err)
	}
	want := `<p>Voir <a href="/files/12" class="attachment" download="" data-type="PDF" data-fr="` + i18n.For("fr").FileSize(2e6) + `" data-en="` + i18n.For("en").FileSize(2e6) + `">bilan <em>2026</em></a>, <a href="/files/9">photo</a>, <a href="/files/13">inconnu</a>, `
	if !strings.HasPrefix(r.HTML, want) || strings.Count(r.HTML, "attachment") != 1 {
		t.Errorf("%s\nwant %s", r.HTML, want)
	}
	if files := []int64{12, 9, 13}; !slices.Equal(r.Files, files) || !slices.Equal(text.Files(markdown), files) {
		t.Errorf("files %v", r.Files)
	}
}

func TestFactsOfAText(t *testing.T) {
	const markdown = "# Ruches\n\nBonjour [@Zoé](/people/12), [@Max](/people/3) et encore [@Zoé](/people/12) ; pas [Luc](/people/4).\nÀ `midi` &amp; \\*demi\\*\n\n" +
		"![plan](/files/9) ![x](https://e.org/files/8)\n\n| a | b |\n|---|---|\n| c | d |\n\n- [x] fait\n\n```\ncode\n```\n"
	r := render(t, markdown)
	if want := []int64{12, 3}; !slices.Equal(r.Mentions, want) {
		t.Errorf("mentions %v, want %v", r.Mentions, want)
	}
	if want := []int64{9}; !slices.Equal(r.Files, want) || !slices.Equal(text.Files(markdown), want) {
		t.Errorf("files %v, want %v", r.Files, want)
	}
	if want := "Bonjour @Zoé, @Max et encore @Zoé ; pas Luc. À midi & *demi* plan x fait"; r.Summary != want {
		t.Errorf("summary %q\nwant    %q", r.Summary, want)
	}
	if want := "Ruches\nBonjour @Zoé, @Max et encore @Zoé ; pas Luc.\nÀ midi & *demi*\nplan x\na\nb\n\nc\nd\n\n\nfait\n\n\ncode"; r.Plain != want {
		t.Errorf("plain %q\nwant  %q", r.Plain, want)
	}
}

func TestSummariesEndBetweenWords(t *testing.T) {
	long := strings.Repeat("Une phrase, puis une autre. ", 20)
	summary := render(t, "## Titre\n\n"+long).Summary
	if !strings.HasPrefix(long, strings.TrimSuffix(summary, "…")) || !strings.HasSuffix(summary, "…") || len([]rune(summary)) > 200 || len([]rune(summary)) < 180 {
		t.Errorf("%q", summary)
	}
	if got := render(t, strings.Repeat("é", 500)).Summary; len([]rune(got)) != 200 {
		t.Errorf("a word without end: %d characters", len([]rune(got)))
	}
	if got := render(t, "# Seulement un titre").Summary; got != "Seulement un titre" {
		t.Errorf("nothing but a heading: %q", got)
	}
	if got := render(t, "").Summary; got != "" {
		t.Errorf("nothing: %q", got)
	}
}

func TestMentionsAreBounded(t *testing.T) {
	naming := func(people, groups int) string {
		var b strings.Builder
		for i := range people {
			fmt.Fprintf(&b, "[@a](/people/%d) \n\n", i+1)
		}
		for i := range groups {
			fmt.Fprintf(&b, "[@b](/groups/%d)\n\n", i+1)
		}
		return b.String()
	}
	r := render(t, naming(45, 5)+"\n\n"+naming(45, 5))
	if len(r.Mentions) != 45 || len(r.Groups) != 5 {
		t.Errorf("%d people and %d groups are named", len(r.Mentions), len(r.Groups))
	}
	for _, markdown := range []string{naming(51, 0), naming(46, 5), naming(4000, 0), naming(0, 4000)} {
		if _, err := text.Render(markdown, text.Body, nil); err != text.TooMany {
			t.Errorf("%.60q: %v", markdown, err)
		}
	}
}

func TestAQuoteNamesWhomItQuotes(t *testing.T) {
	const head = "<blockquote class=\"quoted\"><p class=\"quoted-head\"><a href=\"/posts/34\">Camille Ferrand</a></p>\n"
	for name, c := range map[string]struct{ markdown, want string }{
		"words":              {"> [Camille Ferrand](/posts/34):\n> Oui.\n> Non.\n\nBien.", head + "<p>Oui.<br>\nNon.</p>\n</blockquote>\n<p>Bien.</p>\n"},
		"blocks":             {"> [Camille Ferrand](/posts/34):\n>\n> - Oui.", head + "<ul>\n<li>Oui.</li>\n</ul>\n</blockquote>\n"},
		"nothing":            {"> [Camille Ferrand](/posts/34):", head + "</blockquote>\n"},
		"in French":          {"> [Camille Ferrand](/posts/34)\u202f:\n> Oui.", head + "<p>Oui.</p>\n</blockquote>\n"},
		"in a quote":         {"> > [Camille Ferrand](/posts/34):\n> > Oui.", "<blockquote>\n" + head + "<p>Oui.</p>\n</blockquote>\n</blockquote>\n"},
		"a link in a quote":  {"> [Camille](/posts/34): oui.", "<blockquote>\n<p><a href=\"/posts/34\">Camille</a>: oui.</p>\n</blockquote>\n"},
		"of something else":  {"> [Camille](/ideas/34):\n> Oui.", "<blockquote>\n<p><a href=\"/ideas/34\">Camille</a>:<br>\nOui.</p>\n</blockquote>\n"},
		"outside of a quote": {"[Camille](/posts/34):\nOui.", "<p><a href=\"/posts/34\">Camille</a>:<br>\nOui.</p>\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := render(t, c.markdown).HTML; got != c.want {
				t.Errorf("%q:\n got %q\nwant %q", c.markdown, got, c.want)
			}
		})
	}
}
