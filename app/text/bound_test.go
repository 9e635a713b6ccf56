package text_test

import (
	"strings"
	"testing"

	"ruche/app/text"
)

func TestATextIsBoundAsAChapter(t *testing.T) {
	got := text.Bound(`<h2 id="h-a">A &amp; B</h2><p><a href="#h-a">x</a> <a href="/ideas/7?a=1&amp;b=2">y</a><img src="/files/1" loading="lazy" alt="&lt;i&gt;"></p><details><summary>s</summary>t</details><h6>z</h6><pre><code>&lt;b&gt;</code></pre>`,
		"a-7-", 1, func(href string) string { return "!" + href })
	want := `<h3 id="a-7-h-a">A &amp; B</h3><p><a href="!#h-a">x</a> <a href="!/ideas/7?a=1&amp;b=2">y</a><img src="/files/1" alt="&lt;i&gt;"></p><details open=""><summary>s</summary>t</details><h6>z</h6><pre><code>&lt;b&gt;</code></pre>`
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if alone := text.Bound(`<h2 id="h-a">A</h2>`, "a-7-", 0, strings.ToUpper); alone != `<h2 id="a-7-h-a">A</h2>` {
		t.Errorf("the headings of a text alone are %s", alone)
	}
	if again := text.Bound("<p>cut <b", "", 1, strings.ToUpper); !strings.HasPrefix(again, "<p>cut ") || strings.Contains(again, "<b") {
		t.Errorf("what is cut off is %s", again)
	}
}
