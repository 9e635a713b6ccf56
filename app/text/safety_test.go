package text_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ruche/app/text"
	"ruche/models"
)

// What may come out, written down a second time and independently of the sanitiser's policy.
var allowedTags = map[string]string{
	"h2": "id", "h3": "id", "h4": "id", "h5": "id", "h6": "id", "p": "class", "br": "", "hr": "", "blockquote": "class", "span": "class", "ul": "", "ol": "start",
	"li": "class", "strong": "", "em": "", "del": "", "pre": "tabindex", "code": "class", "div": "class tabindex", "table": "", "thead": "", "tbody": "",
	"tr": "", "th": "class", "td": "class", "label": "", "input": "type disabled checked", "a": "href title rel class",
	"img": "src srcset sizes alt title width height loading decoding",
}

var (
	ignored   = regexp.MustCompile(`[\x00-\x20]`) // by browsers, inside an address
	anyScheme = regexp.MustCompile(`(?i)^[a-z][a-z0-9+.-]*:`)
	safeHref  = regexp.MustCompile(`^(https?://|mailto:|tel:)`)
	safeSrc   = regexp.MustCompile(`^/files/\d+$`)
	safeClass = regexp.MustCompile(`^(task|table|mention|quoted|quoted-head|language-[\w+#.-]+|code-[a-z]+|align-(left|center|right))$`)
	safeID    = regexp.MustCompile(`^h-[a-z0-9-]+$`)
)

// checkSafe reads the HTML as a browser does and complains about everything that is not on the list.
func checkSafe(t *testing.T, input, output string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(output))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		token := z.Token()
		if kind == html.TextToken || kind == html.EndTagToken {
			continue
		}
		allowed, ok := allowedTags[token.Data]
		if !ok || kind == html.CommentToken || kind == html.DoctypeToken {
			t.Errorf("%q gave <%s>: %s", input, token.Data, output)
		}
		for _, a := range token.Attr {
			if !strings.Contains(" "+allowed+" ", " "+a.Key+" ") || !safeValue(a) {
				t.Errorf("%q gave <%s %s=%q>", input, token.Data, a.Key, a.Val)
			}
		}
	}
}

func safeValue(a html.Attribute) bool {
	switch a.Key {
	case "href":
		seen := ignored.ReplaceAllString(a.Val, "")
		return safeHref.MatchString(seen) || !anyScheme.MatchString(seen) && !strings.HasPrefix(seen, "//") && !strings.Contains(seen, `\`)
	case "src":
		return safeSrc.MatchString(a.Val)
	case "class":
		return safeClass.MatchString(a.Val)
	case "id":
		return safeID.MatchString(a.Val)
	}
	return true
}

// places are the spots of a text where something can be smuggled in.
var places = []string{"%", "[a](%)", "[a](<%>)", "![%](%)", "![a](/files/1 \"%\")", "[%][r]\n\n[r]: % \"%\"", "<%>", "```%\n%\n```", "# %", "| % |\n|---|\n| % |",
	"- [ ] %", "> %", "`%`", "[@%](/people/1)", "[@%](/groups/1)", "> [%](/posts/1):\n> %", "https://e.org/%", "www.e.org/%", "[a](https://e.org/%)", "[a](/%)", "[a](#%)", "*%*", "~~%~~"}

func attacks() []string {
	return []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&colon;alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)", "&#106;avascript:alert(1)",
		"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)", "\x01javascript:alert(1)", " javascript:alert(1)", "javascript\\:alert(1)", "%6Aavascript:alert(1)",
		"java\u200bscript:alert(1)", "ｊavascript:alert(1)", "jаvascript:alert(1)", "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=",
		"data:image/svg+xml,<svg onload=alert(1)>", "file:///etc/passwd", "blob:https://e.org/1", "feed:javascript:alert(1)", "view-source:x", "\\\\evil.example", "/\\evil.example", "///evil.example",
		"<script>alert(1)</script>", "<ScRiPt\n>alert(1)</sCrIpT>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<math><mi xlink:href=\"javascript:alert(1)\">",
		"\" onmouseover=\"alert(1)", "' onfocus='alert(1)' autofocus='", "\"><script>alert(1)</script>", "x\" style=\"position:fixed", "<a href=javascript:alert(1)>x</a>", "<iframe srcdoc='<script>alert(1)</script>'>",
		"<style>@import 'x'</style>", "<base href=//evil>", "<form action=//evil><button>", "<input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>", "<!--><script>alert(1)</script>-->",
		"<![CDATA[<script>alert(1)</script>]]>", "<?php alert(1) ?>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<textarea></textarea><script>alert(1)</script>", "</p></div></main><script>alert(1)</script>",
		"&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;", "\\<script>alert(1)\\</script>", "<scr\x00ipt>alert(1)</script>", "＜script＞alert(1)＜/script＞", "<a/onclick=alert(1)>", "{{constructor.constructor('alert(1)')()}}",
		"<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">", "&NewLine;javascript&Tab;:alert(1)", "language\" onclick=\"alert(1)", "]]><script>", "\u2028<script>", "\xff<script>alert(1)</script>", "![a](javascript:alert(1))",
	}
}

func TestNoAttackLeavesATextAlive(t *testing.T) {
	inputs := append(attacks(), naughtyStrings(t)...)
	count := 0
	for _, attack := range inputs {
		for _, place := range places {
			markdown := strings.ReplaceAll(place, "%", attack)
			for _, kind := range []text.Kind{text.Body, text.Comment} {
				r, err := text.Render(markdown, kind, nil)
				if err != nil {
					t.Fatalf("%q: %v", markdown, err)
				}
				checkSafe(t, markdown, r.HTML)
				count++
			}
		}
	}
	t.Logf("%d attacks and naughty strings in %d places: %d texts", len(inputs), len(places), count)
}

// sampleData is where the real data and the public test corpora are; a machine without them runs the tests on what is in this file.
func sampleData(elem ...string) string {
	root := os.Getenv("RUCHE_SHARED_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	return filepath.Join(append([]string{root}, elem...)...)
}

func corpus(t testing.TB, into any, elem ...string) {
	t.Helper()
	data, err := os.ReadFile(sampleData(elem...))
	if os.IsNotExist(err) {
		t.Logf("without %s", filepath.Join(elem...))
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func naughtyStrings(t testing.TB) (list []string) {
	corpus(t, &list, "corpora", "blns", "blns.json")
	return list
}

func FuzzRender(f *testing.F) {
	for _, seed := range []string{"# a\n\n> - [x] b\n\n|a|b|\n|-|-:|\n|c|", "[@Zoé](/people/12) ![a](/files/9) ![b](//e.org)", "[a]: javascript:x \"t\"\n\n[a] <http://e.org> www.e.org a@e.org",
		"```go\n~~a~~ **b** _c_ &amp; \\*\n```\n~~a *b~~ c*", "1. a\n   - b\n\n   c\n***\nd\n===", "<script>alert(1)</script>\n![[a](b)](c)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, markdown string) {
		for _, kind := range []text.Kind{text.Body, text.Comment} {
			r, err := text.Render(markdown, kind, func(id int64) *models.File {
				return &models.File{ID: id, Key: "a/b.pdf", Width: 900 * int(id%2), Height: 600, Size: 1}
			})
			if err != nil {
				continue
			}
			checkSafe(t, markdown, r.HTML)
			if n := len([]rune(r.Summary)); n > 200 || strings.Contains(r.Summary, "\n") {
				t.Errorf("summary of %q: %q", markdown, r.Summary)
			}
		}
	})
}

func TestNoEntityTurnsThePageAround(t *testing.T) {
	r := render(t, "[facture&#x202E;gpj.exe](https://e.org \"&#8238;t\") z"+strings.Repeat("&#x0489;", 40)+"\n\n`\u202e`")
	for _, out := range []string{r.HTML, r.Plain, r.Summary} {
		if strings.ContainsRune(out, '\u202e') || strings.Count(out, "\u0489") != models.MaxMarks {
			t.Errorf("%q", out)
		}
	}
}
