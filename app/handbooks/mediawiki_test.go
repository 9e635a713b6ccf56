package handbooks_test

import (
	"net/http"
	"strings"
	"testing"
)

const dumped = `<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en"><siteinfo><sitename>Brewery</sitename></siteinfo>
<page><title>Beer</title><ns>0</ns><id>1</id>
<revision><id>1</id><timestamp>2020-01-02T03:04:05Z</timestamp><contributor><username>Jane Doe</username><id>1</id></contributor><model>wikitext</model><text xml:space="preserve">Old.</text></revision>
<revision><id>2</id><timestamp>2021-01-02T03:04:05Z</timestamp><contributor><username>Max Roe</username><id>2</id></contributor><model>wikitext</model><text xml:space="preserve">== Steps ==
'''Malt''', then [[beer/Hops (dry)|hops]], [[Old name]], [[Round]] and [[Nowhere]]. {{Box|a}} &lt;script&gt;alert(1)&lt;/script&gt;
[[File:big vat.png|thumb|A vat]] [[Category:Drinks]]</text></revision></page>
<page><title>Beer/Hops (dry)</title><ns>0</ns><id>2</id><revision><timestamp>2021-01-02T03:04:05Z</timestamp><contributor><ip>10.0.0.1</ip></contributor><text>Back to [[Beer#Steps|beer]].</text></revision></page>
<page><title>Old name</title><ns>0</ns><id>3</id><redirect title="Beer/Hops (dry)"/><revision><timestamp>2021-01-02T03:04:05Z</timestamp><text>#REDIRECT [[Beer/Hops (dry)]]</text></revision></page>
<page><title>Round</title><ns>0</ns><id>4</id><redirect title="Circle"/><revision><text>#REDIRECT [[Circle]]</text></revision></page>
<page><title>Circle</title><ns>0</ns><id>5</id><redirect title="Round"/><revision><text>#REDIRECT [[Round]]</text></revision></page>
<page><title>Talk:Beer</title><ns>1</ns><id>6</id><revision><text>I disagree.</text></revision></page>
</mediawiki>`

func TestADumpOfMediaWikiBecomesACollection(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	_, answer := h.taken(shelf, packed(t, "wiki/dump.xml", dumped, "wiki/images/a/ab/Big_vat.png", pixels(t)))
	answer.See("Read as MediaWiki", "2 articles", "The template “Box”", "Nowhere", "Pages that are no articles").NotSee("disagree")
	all := h.articles(shelf)
	beer, hops := all["Beer"], all["Hops (dry)"]
	if beer == nil || hops == nil || len(all) != 2 || *hops.ParentID != beer.ID {
		t.Fatalf("it has %v", all)
	}
	h.holds(beer.Body, "## Steps", "**Malt**", "[hops]("+hops.Path()+")", "[Old name]("+hops.Path()+")", "Round and Nowhere", "`{{Box|a}}`", "![A vat](/files/")
	h.holds(hops.Body, "[beer]("+beer.Path()+"#h-steps)")
	if strings.Contains(beer.Body, "alert") || strings.Join(beer.Tags, "+") != "drinks" || beer.CreatedAt.Format("2006") != "2020" || beer.EditedAt.Format("2006") != "2021" {
		t.Errorf("%q %v", beer.Body, beer.Tags)
	}
	h.As(h.alice).Get(beer.Path()).See("Jane Doe", "Max Roe")
}

func TestBrokenDumpsAreNamed(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	page := `<page><title>A</title><ns>0</ns><id>1</id><revision><text>x</text></revision></page>`
	for dump, want := range map[string]string{
		`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><mediawiki><page><title>&b;</title><ns>0</ns></page></mediawiki>`: "no XML that can be read",
		`<mediawiki>` + page: "no XML that can be read", `<mediawiki>` + page + page + `</mediawiki>`: "two files with this path", `<mediawiki></mediawiki>`: "no page in this folder",
		`<mediawiki>` + strings.Repeat("<a>", 100_000): "no XML that can be read", `<mediawiki>` + strings.Replace(page, ">x<", ">"+strings.Repeat("word ", 100_000)+"<", 1) + `</mediawiki>`: "too long",
		`<mediawiki>` + strings.Replace(page, ">x<", ">"+strings.Repeat("a", 33<<20)+"<", 1) + `</mediawiki>`: "no XML that can be read",
	} {
		address := h.sendAs(h.mona, shelf, "dump.xml", "", []byte(dump)).Status(http.StatusSeeOther).Header.Get("Location")
		h.Settle()
		h.As(h.mona).Get(address).See(want)
	}
}
