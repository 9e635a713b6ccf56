//go:build peers

package chromium_test

import (
	"strings"
	"testing"

	"ruche/app/apptest/browser"
)

const drawing = "Before.\n\n```mermaid\nflowchart LR\n  accTitle: How steel gets in\n  accDescr: From the lorry to the press\n  A[Lorry] --> B[Press]\n```\n\n"

// TestADiagramIsDrawnInTheTextAndOnlyThere draws one, in both themes, says why another cannot be drawn, and has pages without any fetch nothing.
func TestADiagramIsDrawnInTheTextAndOnlyThere(t *testing.T) {
	site, alice, _ := company(t)
	page := sits(t, site, alice, browser.Language("en"))
	page.Go(site.URL + proposed(t, site, alice, "Weigh the scrap", "```go\nfunc f() {}\n```"))
	page.Wait(".code-keyword")
	if n := page.Count("iframe, text-diagrams"); n != 0 {
		t.Errorf("a page without diagrams has %d parts of them", n)
	}
	path := proposed(t, site, alice, "Draw the way of steel", drawing+"```mermaid\nflowchart LR\n  A[Lorry --> B\n```\n")
	page.Go(site.URL + path)
	page.Wait(".diagram > img.diagram-light")
	page.Wait(".diagram-problem code")
	for expression, want := range map[string]string{
		"document.querySelector('img.diagram-light').alt":                                                                        "How steel gets in. From the lorry to the press",
		"String(await document.querySelector('img.diagram-light').decode().then(() => true))":                                    "true",
		"String(document.querySelector('img.diagram-light').naturalWidth > 100)":                                                 "true",
		"getComputedStyle(document.querySelector('img.diagram-dark')).display":                                                   "none",
		"document.querySelector('.diagram details code').textContent.split('\\n')[0]":                                            "flowchart LR",
		"document.querySelectorAll('.diagram')[1].querySelector('pre').textContent.split('\\n')[1].trim()":                       "A[Lorry --> B",
		"getComputedStyle(document.querySelector('.diagram-desk')).visibility":                                                   "hidden",
		"document.querySelector('.diagram-desk').getAttribute('sandbox')":                                                        "allow-scripts",
		"(() => { try { return String(document.querySelector('.diagram-desk').contentDocument) } catch { return 'closed' } })()": "null",
	} {
		if got := browser.Eval[string](page, "(async () => "+expression+")()"); got != want {
			t.Errorf("%s is %q, want %q", expression, got, want)
		}
	}
	page.Axe()
	page.Dark(true)
	page.Wait("img.diagram-dark")
	page.Axe()
	page.Screenshot("diagram-dark")
	page.Go(site.URL + "/ideas")
	page.Back()
	page.Wait(".diagram-problem")
	if n := page.Count(".diagram"); n != 2 {
		t.Errorf("after coming back there are %d diagrams", n)
	}
}

// TestWithoutScriptsADiagramIsItsSource shows what was written.
func TestWithoutScriptsADiagramIsItsSource(t *testing.T) {
	site, alice, _ := company(t)
	page := sits(t, site, alice, browser.Language("en"), browser.WithoutScripts)
	page.Go(site.URL + proposed(t, site, alice, "Draw the way of steel", drawing))
	page.See("A[Lorry] --> B[Press]")
	if n := page.Count(".diagram, iframe"); n != 0 {
		t.Errorf("there are %d parts of diagrams", n)
	}
}

// TestADiagramDoesNothingButShow has diagrams that try to run, to lead away and to fetch.
func TestADiagramDoesNothingButShow(t *testing.T) {
	site, alice, _ := company(t)
	page := sits(t, site, alice, browser.Language("en"))
	attacks := []string{
		"flowchart LR\n  A --> B\n  click A href \"javascript:parent.document.title='broken'\"",
		"flowchart LR\n  A --> B\n  click A call alert()",
		"%%{init: {\"securityLevel\": \"loose\", \"htmlLabels\": true}}%%\nflowchart LR\n  A[\"<img src=x onerror=parent.document.title='broken'>\"] --> B",
		"%%{init: {\"securityLevel\": \"loose\", \"themeCSS\": \"* { background: url(/files/1) } </style><script>parent.document.title='broken'</script>\"}}%%\nflowchart LR\n  A --> B",
		"---\nconfig:\n  securityLevel: sandbox\n  fontFamily: \"x;} @import url(/files/1);\"\n---\nflowchart LR\n  A --> B",
		"flowchart LR\n  A@{ img: \"/files/1\", label: \"x\" } --> B",
	}
	body := ""
	for _, attack := range attacks {
		body += "```mermaid\n" + attack + "\n```\n\n"
	}
	page.Go(site.URL + proposed(t, site, alice, "Try", body))
	page.Wait(".diagram-problem") // the last of them
	if title := page.Title(); strings.Contains(title, "broken") {
		t.Errorf("the title is %q", title)
	}
	for _, bad := range []string{"document.querySelectorAll('.diagram a, .diagram script, .diagram svg, .diagram style').length",
		"performance.getEntriesByType('resource').filter((e) => e.name.includes('/files/')).length",
		"[...document.querySelectorAll('.diagram img')].filter((i) => !i.src.startsWith('data:image/svg+xml')).length"} {
		if n := browser.Eval[int](page, bad); n != 0 {
			t.Errorf("%s is %d", bad, n)
		}
	}
	for _, drawn := range []string{"javascript:", "<script", "onerror="} {
		if browser.Eval[bool](page, `[...document.querySelectorAll('.diagram img')].some((i) => decodeURIComponent(i.src).includes("`+drawn+`"))`) {
			t.Errorf("a drawing holds %q", drawn)
		}
	}
	page.Screenshot("diagram-attacks")
}
