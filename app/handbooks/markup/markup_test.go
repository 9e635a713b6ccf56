package markup_test

import (
	"encoding/base64"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"ruche/app/handbooks/markup"
)

func read(t *testing.T, dialect markup.Dialect, content string) *markup.Page {
	t.Helper()
	page, err := markup.New().Read(t.Context(), []byte(content), dialect, "picture")
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func sample(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// same compares a Markdown text with that of testdata.
func same(t *testing.T, name, got string) {
	t.Helper()
	if want := strings.TrimSpace(sample(t, name)); got != want {
		t.Errorf("%s: got\n%s\n\nwanted\n%s", name, got, want)
	}
}

func noted(page *markup.Page, key string) bool {
	for _, note := range page.Notes {
		if note.Key == key {
			return true
		}
	}
	return false
}

func TestAPageOfASiteBecomesMarkdown(t *testing.T) {
	page := read(t, markup.Plain, sample(t, "site.html"))
	same(t, "site.md", page.Body)
	if page.Title != "Opening the shop" || page.Author != "Ada Brewer" || page.Lang != "en" || strings.Join(page.Tags, "+") != "shop+morning" || page.Created.Format(time.DateOnly) != "2024-03-02" {
		t.Errorf("it says %+v", page)
	}
	if page.Anchors["till"] != "The till" || page.Anchors["old-name"] != "The till" {
		t.Errorf("its places are %v", page.Anchors)
	}
	if len(page.Embedded) != 1 || string(page.Embedded[0].Content) != "picture" || !noted(page, "picture_elsewhere") || !noted(page, "cells") {
		t.Errorf("%v %v", page.Embedded, page.Notes)
	}
}

func TestAPageOfConfluenceBecomesMarkdown(t *testing.T) {
	page := read(t, markup.Confluence, sample(t, "confluence.html"))
	same(t, "confluence.md", page.Body)
	if page.Title != "Brewing : by hand" || page.Author != "Jane Doe" || page.Editor != "Max Roe" || page.Edited.Format(time.DateOnly) != "2023-03-04" || strings.Join(page.Tags, "+") != "beer" {
		t.Errorf("it says %+v", page)
	}
	if page.Names["attachments/65/68.pdf"] != "price list.pdf" || !noted(page, "macro") || !noted(page, "comments") {
		t.Errorf("%v %v", page.Names, page.Notes)
	}
}

func TestAPageOfNotionBecomesMarkdown(t *testing.T) {
	page := read(t, markup.Notion, sample(t, "notion.html"))
	same(t, "notion.md", page.Body)
	if page.Title != "Brewing" || page.Author != "Jane Doe" || page.Created.Format("2006-01-02 15:04") != "2023-01-02 10:30" || strings.Join(page.Tags, "+") != "Beer+Hops" {
		t.Errorf("it says %+v", page)
	}
}

// TestNothingThatRunsComesAlong: what a browser would execute is neither a link nor in the text.
func TestNothingThatRunsComesAlong(t *testing.T) {
	page := read(t, markup.Plain, `<body onload="alert(1)"><p onclick="alert(2)">Words<script>alert(3)</script><style>p{color:red}</style></p>
		<a href="javascript:alert(4)">one</a> <a href=" JaVa&#x09;Script:alert(5)">two</a> <a href="data:text/html,alert(6)">three</a> <a href="file:///etc/passwd">four</a>
		<a href="vbscript:alert(7)">five</a><img src="javascript:alert(8)" alt="six"><img src="data:image/svg+xml;base64,PHN2Zz4=" alt="seven"><iframe src="javascript:alert(9)"></iframe>
		<svg><script>alert(10)</script><text>eight</text></svg><form action="/x"><input name="a" value="b"><button>Send</button><textarea>alert(11)</textarea></form><noscript>alert(12)</noscript></body>`)
	for _, never := range []string{"alert", "javascript", "script:", "](", "color", "Send", "etc/passwd", "svg"} {
		if strings.Contains(page.Body, never) {
			t.Errorf("%q is in %q", never, page.Body)
		}
	}
	for _, word := range []string{"Words", "one", "two", "three", "four", "five", "six", "seven"} {
		if !strings.Contains(page.Body, word) {
			t.Errorf("%q is not in %q", word, page.Body)
		}
	}
}

// TestNoPageTakesLongOrMuch reads what browsers need gigabytes for.
func TestNoPageTakesLongOrMuch(t *testing.T) {
	var bold strings.Builder
	for i := range 400 {
		bold.WriteString("<b id=" + strings.Repeat("x", i%7) + ">")
	}
	for name, content := range map[string]string{
		"nested":  strings.Repeat("<div>", 200_000) + "deep words" + strings.Repeat("</div>", 200_000),
		"quoted":  strings.Repeat("<blockquote>", 200_000) + "deep words",
		"lists":   strings.Repeat("<ul><li>", 100_000) + "deep words",
		"tables":  strings.Repeat("<table><tr><td>", 50_000) + "deep words",
		"cloned":  bold.String() + strings.Repeat("<p>x</p>", 5_000) + "deep words",
		"ends":    strings.Repeat("<i>", 100_000) + strings.Repeat("</b>", 100_000) + "deep words",
		"spans":   "<table><tr><td colspan=2000000 rowspan=2000000>deep words</td><td>x</td></tr></table>",
		"comment": "deep words<!--" + strings.Repeat("x", 5<<20),
		"style":   "deep words<style>" + strings.Repeat("x", 5<<20),
		"blanks":  "deep words" + strings.Repeat(" \n", 2<<20),
		"picture": "deep words<img src='data:image/png;base64," + base64.StdEncoding.EncodeToString(make([]byte, 4<<20)) + "'>",
	} {
		begun := time.Now()
		page, err := markup.New().Read(t.Context(), []byte(content), markup.Plain, "picture")
		if err != nil || !strings.Contains(page.Body, "deep words") {
			t.Errorf("%s: the words are lost, %v", name, err)
		}
		if took := time.Since(begun); took > 30*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
	for name, content := range map[string]string{
		"words":    strings.Repeat("words ", 1_000_000),
		"elements": strings.Repeat("<p>x", 300_000),
		"wide":     "<table><tr>" + strings.Repeat("<td>x</td>", 90_000) + "</tr>" + strings.Repeat("<tr><td>x</td></tr>", 30_000) + "</table>",
	} {
		if _, err := markup.New().Read(t.Context(), []byte(content), markup.Plain, "picture"); !errors.Is(err, markup.ErrLong) && !errors.Is(err, markup.ErrComplex) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPagesAreReadInTheirEncoding(t *testing.T) {
	for content, guessed := range map[string]bool{
		"<meta charset=windows-1252><title>x</title><p>Cr\xe8me \x80 5":                             false,
		"<meta http-equiv=Content-Type content='text/html; charset=iso-8859-15'><p>Cr\xe8me \xa4 5": false,
		"<meta charset=utf-8><p>Cr\xe8me \x80 5":                                                    true,
		"<p>Cr\xe8me \x80 5":                                                                        true,
		"<meta charset=utf-8><p>Crème € 5":                                                          false,
		"\xff\xfe<\x00p\x00>\x00C\x00r\x00\xe8\x00m\x00e\x00 \x00\xac\x20 \x005\x00":                false,
	} {
		page := read(t, markup.Plain, content)
		if page.Body != "Crème € 5" || noted(page, "windows") != guessed {
			t.Errorf("%q is %q, %v", content, page.Body, page.Notes)
		}
	}
	if _, err := markup.New().Read(t.Context(), []byte("<p>a\x00b"), markup.Plain, "picture"); !errors.Is(err, markup.ErrEncoding) {
		t.Errorf("with a zero byte: %v", err)
	}
}

func TestDatesOfExportsAreRead(t *testing.T) {
	for written, want := range map[string]string{"Jan 02, 2023": "2023-01-02", "Jan. 02, 2023": "2023-01-02", "janv. 02, 2023": "2023-01-02", "2 février 2023": "2023-02-02", "@January 2, 2023 10:00 AM": "2023-01-02",
		"2023-01-02T10:00:00Z": "2023-01-02", "2023/01/02 10:00": "2023-01-02", "yesterday": "0001-01-01", "": "0001-01-01"} {
		if got := markup.Date(written).Format(time.DateOnly); got != want {
			t.Errorf("%q is %s", written, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"<table><tr><td>a<br>b<ul><li>c</table>", "<ul class=toggle><li><details><summary>a</summary>b", "<figure class=callout><div><span class=icon>x</span></div>y", "<div class='confluence-information-macro'>x"} {
		f.Add(seed)
	}
	reader := markup.New()
	f.Fuzz(func(t *testing.T, content string) {
		for _, dialect := range []markup.Dialect{markup.Plain, markup.Confluence, markup.Notion} {
			_, _ = reader.Read(t.Context(), []byte(content), dialect, "picture")
		}
	})
}
