package text_test

import (
	"strings"
	"testing"

	"ruche/app/text"
)

func TestQuotesThatNameAKindAreCallouts(t *testing.T) {
	head := func(kind, word string) string {
		return `<div class="callout callout-` + kind + `"><p class="callout-word">` + word + "</p>\n"
	}
	for name, c := range map[string]struct{ markdown, want string }{
		"note":               {"> [!NOTE]\n> This is the truth.", head("note", "Note") + "<p>This is the truth.</p>\n</div>\n"},
		"in French":          {"> [!WARNING]\n> Il ne faut pas ouvrir le four.", head("warning", "Attention") + "<p>Il ne faut pas ouvrir le four.</p>\n</div>\n"},
		"small letters":      {"> [!tip] \n> It is the **one**.\n>\n> - to be", head("tip", "Tip") + "<p>It is the <strong>one</strong>.</p>\n<ul>\n<li>to be</li>\n</ul>\n</div>\n"},
		"blocks only":        {"> [!CAUTION]\n>\n> ## Where to\n\nwith that", head("caution", "Danger") + "<h2 id=\"h-where-to\">Where to</h2>\n</div>\n<p>with that</p>\n"},
		"nothing in it":      {"> [!IMPORTANT]\n\nthis was it", head("important", "Important") + "</div>\n<p>this was it</p>\n"},
		"in a list":          {"- with\n\n  > [!NOTE]\n  > this", "<ul>\n<li>\n<p>with</p>\n" + head("note", "Note") + "<p>this</p>\n</div>\n</li>\n</ul>\n"},
		"an unknown kind":    {"> [!BUG]\n> a", "<blockquote>\n<p>[!BUG]<br>\na</p>\n</blockquote>\n"},
		"words behind":       {"> [!NOTE] a\n> b", "<blockquote>\n<p>[!NOTE] a<br>\nb</p>\n</blockquote>\n"},
		"escaped":            {"> \\[!NOTE]\n> b", "<blockquote>\n<p>[!NOTE]<br>\nb</p>\n</blockquote>\n"},
		"no quote":           {"[!NOTE]\nb", "<p>[!NOTE]<br>\nb</p>\n"},
		"a link of the name": {"> [!NOTE]\n> b\n\n[!note]: /x", "<blockquote>\n<p><a href=\"/x\">!NOTE</a><br>\nb</p>\n</blockquote>\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := render(t, c.markdown).HTML; got != c.want {
				t.Errorf("%q:\n got %q\nwant %q", c.markdown, got, c.want)
			}
		})
	}
}

func TestTheMarkOfACalloutIsNoWordOfTheText(t *testing.T) {
	r := render(t, "> [!NOTE]\n> Only the words.\n")
	if r.Plain != "Only the words." || r.Summary != r.Plain {
		t.Errorf("plain %q, summary %q", r.Plain, r.Summary)
	}
}

func TestHintsAreForWhoeverWrites(t *testing.T) {
	r := render(t, "# Goal\n\n> [!HINT]\n> Say what for, [@Zoé](/people/12), [a](/files/9) #x.\n>\n> ## Not a heading\n\nThe goal.\n\n- > [!hint]\n  > quiet\n")
	if strings.Contains(r.HTML, "Say what") || strings.Contains(r.HTML, "quiet") || r.Plain != "Goal\nThe goal." || r.Summary != "The goal." {
		t.Errorf("hints are shown: %q, %q, %q", r.HTML, r.Plain, r.Summary)
	}
	if len(r.Mentions)+len(r.Files) != 0 || len(r.Headings) != 1 {
		t.Errorf("what a hint names is named: %+v", r)
	}
	if only, err := text.Render("> [!HINT]\n> a", text.Comment, nil); err != nil || only.HTML != "" {
		t.Errorf("nothing but a hint: %q, %v", only.HTML, err)
	}
}
