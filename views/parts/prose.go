package parts

import (
	"encoding/json"
	"strings"

	"github.com/a-h/templ"

	"ruche/views/i18n"
)

// hasMore tells of rendered HTML whether it has what the style sheet of all pages says nothing about: a remark set apart.
func hasMore(html string) bool { return strings.Contains(html, `<div class="callout `) }

// hasCode tells of rendered HTML whether words of code are marked in it.
func hasCode(html string) bool { return strings.Contains(html, `<span class="code-`) }

// hasDiagram tells of rendered HTML whether a diagram can be drawn of some of its code.
func hasDiagram(html string) bool { return strings.Contains(html, `<code class="language-mermaid"`) }

// diagramLabels are the words about diagrams in every language, as JSON for their script, which knows that of the page. A text does not.
func diagramLabels() templ.Attributes {
	labels := templ.Attributes{}
	for _, language := range i18n.Languages {
		l := i18n.For(language)
		raw, _ := json.Marshal(map[string]string{ // strings always marshal
			"alt": l.T("text.diagram.alt"), "source": l.T("text.diagram.source"), "failed": l.T("text.diagram.failed"),
		})
		labels["labels-"+language] = string(raw)
	}
	return labels
}
