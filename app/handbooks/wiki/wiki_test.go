package wiki_test

import (
	"runtime"
	"strings"
	"testing"

	"ruche/app/handbooks/wiki"
)

var links = wiki.Links{
	Page:     func(title string) string { return map[string]string{"Malt": "/malt", "Dry hops": "/hops"}[title] },
	File:     func(name string) string { return map[string]string{"Vat.png": "/vat.png"}[name] },
	Category: []string{"category", "catégorie"}, Files: []string{"file", "image", "fichier"},
}

func TestWikitextBecomesMarkdown(t *testing.T) {
	for page, want := range map[string]string{
		"== Steps ==\nWater '''first''', ''always''.":                                                   "## Steps\n\nWater **first**, *always*.",
		"[[malt]], [[Dry_hops|hops]]s, [[Gone]], [[#Steps]]":                                            "[malt](/malt), [hopss](/hops), Gone, [Steps](#Steps)",
		"[https://example.org/a_b Site] https://example.org/c_d_e":                                      "[Site](https://example.org/a_b) https://example.org/c_d_e",
		"* one\n** two\n# first\n#* in it":                                                              "- one\n  - two\n1. first\n   - in it",
		";Term : what it means":                                                                         "**Term**\n\nwhat it means",
		"{|\n|+ Times\n! Step !! Minutes\n|-\n| style=\"color:red\" | Mash || 60\n|-\n| Boil\n| 90\n|}": "**Times**\n\n| Step | Minutes |\n|---|---|\n| Mash | 60 |\n| Boil | 90 |",
		"<syntaxhighlight lang=\"java\">\nif (a) { b(); } // ''x''\n</syntaxhighlight>":                 "```java\nif (a) { b(); } // ''x''\n```",
		"{{Warning|hot}} text {{Box\n|a={{b}}\n}}":                                                      "`{{Warning|hot}}` text \n\n```\n{{Box\n|a={{b}}\n}}\n```",
		"<nowiki>[[no]] ''x''</nowiki> <!-- gone -->end":                                                `\[\[no\]\] ''x'' end`,
		"[[File:vat.png|thumb|200px|A ''big'' vat]][[Category:Beer]] __TOC__":                           "![A *big* vat](/vat.png)",
		"A<ref>Book, p. 3</ref> b<br>c <script>alert(1)</script>":                                       "A (Book, p. 3) b\nc",
		"a * b_c [x] <b>d</b>":                                                                          `a \* b\_c \[x\] **d**`,
		" typed  so":                                                                                    "`typed so`",
		"[javascript:alert(1) x]":                                                                       `\[javascript:alert(1) x\]`,
	} {
		if got := wiki.Markdown(page, links).Body; got != want {
			t.Errorf("%q is\n%q, wanted\n%q", page, got, want)
		}
	}
	page := wiki.Markdown("{{Infobox|a}} [[Gone]] [[Catégorie:Bière]]", links)
	if strings.Join(page.Left, "+") != "Infobox" || strings.Join(page.Lost, "+") != "Gone" || strings.Join(page.Tags, "+") != "Bière" {
		t.Errorf("%+v", page)
	}
	if moved := wiki.Markdown("#REDIRECT [[Malt]]", links).Moved; moved != "Malt" {
		t.Errorf("it leads to %q", moved)
	}
}

// TestWikitextIsReadInOneGo: what is read of a page twice as long takes about twice, not four times as much in the hand.
func TestWikitextIsReadInOneGo(t *testing.T) {
	for name, piece := range map[string]string{"cells": "a\n", "braces": "{{", "links": "[[", "files": "[[File:a|", "tables": "{|\n", "bold": "'''", "refs": "<ref>", "pre": "<pre>", "comments": "<!--", "lists": "*#", "closing": "}}", "nowiki": "<nowiki>"} {
		page := func(pieces int) string {
			if name == "cells" {
				return "{|\n|x\n" + strings.Repeat(piece, pieces)
			}
			return strings.Repeat(piece, pieces)
		}
		if few, many := allocated(page(4000)), allocated(page(8000)); many > 3*few {
			t.Errorf("%s: %d bytes, and %d for twice as many", name, few, many)
		}
	}
}

// allocated is how much memory reading a page asks for in all.
func allocated(page string) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	wiki.Markdown(page, links)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
