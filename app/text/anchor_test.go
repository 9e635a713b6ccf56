package text_test

import (
	"strings"
	"testing"
	"time"

	"ruche/app/text"
)

const page = "<h2>Purge</h2><p>Weigh the <em>zirconia</em> before the change &amp; after it.</p><ul><li>Wait an hour.</li><li>Wait an hour.</li></ul><p>Then begin again.</p>"

func TestAPassageIsFoundAgain(t *testing.T) {
	for name, c := range map[string]struct {
		html string
		s    text.Passage
		want string // the words, and what stands before them
	}{
		"as it was":                  {page, text.Passage{Quote: "the zirconia before", Place: -1}, "the zirconia before|Purge Weigh"},
		"across blocks":              {page, text.Passage{Quote: "after it.\n\n  Wait an hour.", Place: -1}, "after it. Wait an hour.|"},
		"broken as a browser does":   {page, text.Passage{Quote: "hour.Wait an", Place: -1}, "hour. Wait an|"},
		"of two the one after":       {page, text.Passage{Quote: "Wait an hour.", Prefix: "Wait an hour.", Suffix: "Then begin", Place: 0}, "Wait an hour.|it. Wait an hour."},
		"of two the nearer":          {page, text.Passage{Quote: "Wait an hour.", Place: 90}, "Wait an hour.|it. Wait an hour."},
		"changed a little":           {strings.ReplaceAll(page, "before the change", "before each change"), text.Passage{Quote: "the zirconia before the change", Place: 10}, "the zirconia before each change|Purge Weigh"},
		"changed and far away":       {"<p>" + strings.Repeat("Other words. ", 900) + "</p>" + strings.ReplaceAll(page, "before", "BEFORE"), text.Passage{Quote: "the zirconia before the change", Suffix: "& after it. Wait an hour.", Place: 10}, "the zirconia BEFORE the change|Weigh"},
		"gone":                       {"<p>Something else altogether stands here now, at length.</p>", text.Passage{Quote: "the zirconia before the change", Place: 10}, ""},
		"too short to be like":       {"<p>Another text.</p>", text.Passage{Quote: "zirconia", Place: 1}, ""},
		"nothing":                    {page, text.Passage{Quote: " \n", Place: 1}, ""},
		"longer than all":            {page, text.Passage{Quote: strings.Repeat("zirconia", 1000), Place: 1}, ""},
		"of an empty page":           {"", text.Passage{Quote: "zirconia", Place: 4}, ""},
		"a place beyond the end":     {page, text.Passage{Quote: "begin again", Place: 1 << 30}, "begin again|hour. Then"},
		"a place beyond, and unlike": {page, text.Passage{Quote: "begun entirely anew", Place: 1 << 30}, ""},
	} {
		got, ok := text.PageOf(c.html).Find(c.s)
		quote, before, _ := strings.Cut(c.want, "|")
		if ok != (c.want != "") || ok && (got.Quote != quote || !strings.HasSuffix(got.Prefix, before)) {
			t.Errorf("%s: found %v %+v", name, ok, got)
		}
	}
}

func TestAPassageThatIsEverywhereIsFoundInGoodTime(t *testing.T) {
	begun := time.Now()
	p := text.PageOf("<p>" + strings.Repeat("again ", 16_000) + "</p>")
	got, ok := p.Find(text.Passage{Quote: "again again", Place: 40_000})
	if !ok || got.Place != 40_000 {
		t.Errorf("found %v at %d", ok, got.Place)
	}
	if _, ok := p.Find(text.Passage{Quote: strings.Repeat("other words ", 80), Prefix: "again", Place: 40_000}); ok {
		t.Error("found what is not there")
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}
