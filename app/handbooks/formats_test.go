package handbooks_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
)

func TestAFolderOfHTMLBecomesACollection(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	page := func(title, body string) string {
		return "<!doctype html><html><head><meta charset=utf-8><title>" + title + "</title></head><body><nav><a href='/'>Home</a></nav>" + body + "</body></html>"
	}
	_, answer := h.taken(shelf, packed(t, "site/index.html", page("Brewing", `<p><a href="guides/cooling.html#cold-part">Cool</a> <img src="img/vat%201.png" alt="A vat"> <a href="gone.html">gone</a> <a href="javascript:alert(1)">bad</a></p>`),
		"site/guides/cooling.html", page("Cooling", `<h2 id="cold-part">In the cold</h2><p><a href="../index.html">Back</a> <img alt=dot src="data:image/png;base64,`+b64(pixels(t))+`"></p>`),
		"site/guides/same.html", page("Twin", "<p>One</p>"), "site/twin.html", page("Twin", "<p>Two</p>"), "site/latin.htm", "<meta charset=windows-1252><title>Caf\xe9</title><p>Cr\xe8me \x80", "site/img/vat 1.png", pixels(t), "site/style.css", "x"))
	answer.See("Read as HTML", "gone.html", "6 articles").NotSee("style.css", "alert(1)")
	all := h.articles(shelf)
	brewing, cooling, café := all["Brewing"], all["Cooling"], all["Café"]
	if brewing == nil || cooling == nil || café == nil || all["Twin"] == nil || len(all) != 5 {
		t.Fatalf("it has %v", all)
	}
	h.holds(café.Body, "Crème €")
	h.holds(brewing.Body, "[Cool]("+cooling.Path()+"#h-in-the-cold)", "![A vat](/files/", "bad")
	h.holds(cooling.Body, "## In the cold", "[Back]("+brewing.Path()+")", "![dot](/files/")
}

func TestAnExportOfConfluenceBecomesACollection(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	page := func(title, meta, body, more string) string {
		return `<html><head><title>Brewery : ` + title + `</title></head><body class="theme-default aui-theme-default"><div id="main-header"><h1 id="title-heading"><span id="title-text"> Brewery : ` + title + `</span></h1></div>
			<div id="content"><div class="page-metadata">` + meta + `</div><div id="main-content" class="wiki-content group">` + body + `</div>` + more + `</div></body></html>`
	}
	index := `<html><head><title>Brewery (BEER)</title></head><body class="theme-default aui-theme-default"><div id="main-content" class="pageSection"><table><tr><th>Key</th><td>BEER</td></tr></table></div>
		<div class="pageSection"><div class="pageSectionHeader"><h2 class="pageSectionTitle">Available Pages:</h2></div><ul><li><a href="Home_10.html">Home</a><ul><li><a href="Malt_12.html">Malt</a></li><li><a href="Hops_11.html">Hops</a><ul><li><a href="13.html">Dry?</a></li></ul></li></ul></li></ul></div></body></html>`
	archive := packed(t, "BEER/index.html", index,
		"BEER/Home_10.html", page("Home", "Created by <span class='author'> Jane Doe</span> on Jan. 02, 2023", `<p><a href="Hops_11.html">Hops</a>, <a href="https://wiki.example.org/pages/viewpage.action?pageId=12">malt</a>, <a href="#x">here</a></p>`, ""),
		"BEER/Hops_11.html", page("Hops", "Created by <span class='author'>Jane Doe</span>, last modified by <span class='editor'>Max Roe</span> on Feb 03, 2023", `<div class="confluence-information-macro confluence-information-macro-tip"><div class="confluence-information-macro-body"><p>Fresh.</p></div></div><img src="attachments/11/20.png?v=1">`,
			`<div class="pageSection group"><div class="pageSectionHeader"><h2 id="attachments" class="pageSectionTitle">Attachments:</h2></div><div class="greybox"><a href="attachments/11/20.png">cone.png</a> (image/png)<br/><a href="attachments/11/21.txt">prices.txt</a></div></div>`),
		"BEER/Malt_12.html", page("Malt", "", "<p>Barley.</p>", ""), "BEER/13.html", page("Dry?", "", "<p>Yes. <a href='Home_10.html'>Home</a></p>", ""), "BEER/Lost_14.html", page("Lost", "", "<p>x</p>", ""),
		"BEER/attachments/11/20.png", pixels(t), "BEER/attachments/11/21.txt", "one euro", "BEER/styles/site.css", "x", "BEER/images/icons/a.gif", "x")
	_, answer := h.taken(shelf, archive)
	answer.See("Read as Confluence", "5 articles", "The list of pages does not name it").NotSee("site.css", "do not come along (")
	all := h.articles(shelf)
	home, hops, malt, dry := all["Home"], all["Hops"], all["Malt"], all["Dry?"]
	if home == nil || hops == nil || malt == nil || dry == nil || all["Lost"] == nil || len(all) != 5 {
		t.Fatalf("it has %v", all)
	}
	if home.ParentID != nil || *hops.ParentID != home.ID || *malt.ParentID != home.ID || *dry.ParentID != hops.ID || malt.Position > hops.Position {
		t.Errorf("the tree: %v %v %v", hops.ParentID, malt.ParentID, dry.ParentID)
	}
	h.holds(home.Body, "[Hops]("+hops.Path()+")", "[malt]("+malt.Path()+")")
	h.holds(hops.Body, "> [!TIP]\n> Fresh.", "](/files/", "[prices.txt](/files/")
	h.As(h.alice).Get(hops.Path()).See("Jane Doe", "Max Roe", "prices.txt")
	if home.CreatedAt.Format("2006-01-02") != "2023-01-02" || hops.EditedAt.Format("2006-01-02") != "2023-02-03" {
		t.Errorf("of %s and %s", home.CreatedAt, hops.EditedAt)
	}
}

func TestExportsOfNotionBecomeACollection(t *testing.T) {
	const a, b, c, d = "1f0e4b5200004000800000000000000a", "1f0e4b5200004000800000000000000b", "1f0e4b5200004000800000000000000c", "1f0e4b5200004000800000000000000d"
	html := func(title, body string) string {
		return `<html><head><title>` + title + `</title></head><body><article class="page sans"><header><h1 class="page-title">` + title + `</h1></header><div class="page-body">` + body + `</div></article></body></html>`
	}
	for name, files := range map[string][]string{
		"HTML": {"Export/index.html", "<p>Map</p>", "Export/Brewing " + a + ".html", html("Brewing", `<p><a href="Brewing/Cooling%20`+b+`.html">Cooling</a> <a href="https://www.notion.so/Beers-`+c+`">Beers</a></p><figure class="image"><a href="Brewing/vat.png"><img src="Brewing/vat.png"/></a></figure>`),
			"Export/Brewing/Cooling " + b + ".html", html("Cooling", `<p>Cold.</p>`), "Export/Brewing/vat.png", pixels(t),
			"Export/Brewing/Beers " + c + ".html", html("Beers", `<table class="collection-content"><thead><tr><th>Name</th></tr></thead><tbody><tr><td class="cell-title"><a href="Beers/Stout%20`+d+`.html">Stout</a></td></tr></tbody></table>`),
			"Export/Brewing/Beers/Stout " + d + ".html", html("Stout", "<p>Dark.</p>")},
		"Markdown": {"Export/Brewing " + a + ".md", "# Brewing\n\n[Cooling](Brewing%20" + a + "/Cooling%20" + b + ".md) [Beers](https://www.notion.so/Beers-" + c + "?pvs=4)\n\n![vat](Brewing%20" + a + "/vat.png)\n\n<aside>\n💡 Sing.\n\n</aside>\n",
			"Export/Brewing " + a + "/Cooling " + b + ".md", "# Cooling\n\nCreated: January 2, 2023 10:00 AM\nTags: Hops, Malt\nKind: Cold\n\nCold.", "Export/Brewing " + a + "/vat.png", pixels(t),
			"Export/Brewing " + a + "/Beers " + c + ".csv", "Name\n", "Export/Brewing " + a + "/Beers " + c + "_all.csv", "\ufeffName,Kind\nStout,\"Dark\nsweet\"\nGone,a|b\n",
			"Export/Brewing " + a + "/Beers " + c + "/Stout " + d + ".md", "# Stout\n\nKind: Dark\n\nDark."},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			shelf := h.collection("ateliers", "Beer")
			_, answer := h.taken(shelf, packed(t, files...))
			answer.See("Read as Notion", "4 articles").NotSee(a, "do not come along (")
			all := h.articles(shelf)
			brewing, cooling, beers, stout := all["Brewing"], all["Cooling"], all["Beers"], all["Stout"]
			if brewing == nil || cooling == nil || beers == nil || stout == nil || len(all) != 4 {
				t.Fatalf("it has %v", all)
			}
			if brewing.ParentID != nil || *cooling.ParentID != brewing.ID || *beers.ParentID != brewing.ID || *stout.ParentID != beers.ID {
				t.Errorf("the tree: %v %v %v", cooling.ParentID, beers.ParentID, stout.ParentID)
			}
			h.holds(brewing.Body, "[Cooling]("+cooling.Path()+")", "[Beers]("+beers.Path()+")", "](/files/")
			h.holds(beers.Body, "| Name |", stout.Path())
			h.As(h.alice).Get(beers.Path()).See(`href="` + stout.Path() + `"`)
			if name == "Markdown" {
				h.holds(brewing.Body, "> [!TIP]\n> Sing.")
				h.holds(cooling.Body, "- **Kind:** Cold")
				h.holds(beers.Body, "Dark · sweet", `a\|b`)
				if strings.Join(cooling.Tags, "+") != "hops+malt" || cooling.CreatedAt.Format("2006-01-02") != "2023-01-02" {
					t.Errorf("%v of %s", cooling.Tags, cooling.CreatedAt)
				}
			}
		})
	}
}

func TestTheFormatCanBeChosen(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	both := packed(t, "a.md", "# Written\n\n[page](b.html)", "b.html", "<title>Shown</title><p>x")
	read := func(format string) *apptest.Answer {
		address := h.sendAs(h.mona, shelf, "both.zip", format, both).Status(http.StatusSeeOther).Header.Get("Location")
		h.Settle()
		return h.As(h.mona).Get(address).Status(http.StatusOK)
	}
	read("").See("Read as Markdown", "Written", "1 article ", "1 picture or file").NotSee("Shown")
	read("html").See("Read as HTML", "Shown", "1 article ").NotSee(">Written<")
	h.sendAs(h.mona, shelf, "both.zip", "exe", both).Status(http.StatusUnprocessableEntity).See("This format is not read here", `id="format-error"`)
	h.As(h.mona).Get(fmt.Sprintf("/collections/%d/imports", shelf)).See("Recognise it", "Confluence", "Notion")
	address := h.sendAs(h.mona, shelf, "single page.html", "", []byte("<title>Alone</title><p>x")).Status(http.StatusSeeOther).Header.Get("Location")
	h.Settle()
	h.As(h.mona).Get(address).See("Read as HTML", "Alone")
	h.sendAs(h.mona, shelf, "a.exe", "", []byte("MZ")).Status(http.StatusUnprocessableEntity).See("This is no ZIP")
}

// TestHostilePagesAreNamedOrTamed sends what is made to break a reader.
func TestHostilePagesAreNamedOrTamed(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	for name, row := range map[string]struct{ content, want string }{
		"deep":    {"<title>x</title>" + strings.Repeat("<div>", 200_000) + "words", "The folder is in order"},
		"long":    {strings.Repeat("words ", 1_000_000), "too long"},
		"many":    {strings.Repeat("<p>x", 300_000), "more elements than"},
		"binary":  {"<p>a\x00b", "encoding that is not read"},
		"huge":    {strings.Repeat("x", 17<<20), "too long"},
		"nothing": {"", "The folder is in order"},
	} {
		_, page := h.read(shelf, packed(t, name+".html", row.content))
		page.See(row.want)
	}
}

// TestAPictureOfSeveralArticlesStaysWithEach takes the first of them out of sight.
func TestAPictureOfSeveralArticlesStaysWithEach(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	h.taken(shelf, packed(t, "a.md", "# A\n\n![](v.png)", "b.md", "# B\n\n![](v.png) again ![](v.png)", "c.md", "# C\n\n[vat](v.png)", "v.png", pixels(t)))
	all := h.articles(shelf)
	shown := map[string]bool{}
	for _, title := range []string{"A", "B", "C"} {
		address := fileOf.FindString(all[title].Body)
		if address == "" || shown[address] || strings.Count(all[title].Body, address) != strings.Count(all[title].Body, "/files/") {
			t.Fatalf("%s has %q", title, all[title].Body)
		}
		shown[address] = true
		h.As(h.alice).Get(all[title].Path()).See(`"` + address)
	}
	h.As(h.mona).Post(fmt.Sprintf("/articles/%d/withdrawal", all["A"].ID), nil).Status(http.StatusSeeOther)
	h.As(h.alice).Get(fileOf.FindString(all["A"].Body)).Status(http.StatusNotFound)
	h.As(h.alice).Get(fileOf.FindString(all["B"].Body)).Status(http.StatusOK)
	h.As(h.alice).Get(fileOf.FindString(all["C"].Body)).Status(http.StatusOK)
}

var fileOf = regexp.MustCompile(`/files/\d+`)

// TestAnImportIntoAReviewedCollectionSaysThatNobodyApprovesIt, since who arranges a collection publishes without being asked.
func TestAnImportIntoAReviewedCollectionSaysThatNobodyApprovesIt(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	_, page := h.read(shelf, packed(t, "a.md", "# A"))
	page.NotSee("approved first")
	h.As(h.mona).Post(fmt.Sprintf("/collections/%d/review", shelf), apptest.Form{"reviewed": "1"}).Status(http.StatusSeeOther)
	_, page = h.read(shelf, packed(t, "a.md", "# A"))
	page.See("approved first", "published at once")
}
