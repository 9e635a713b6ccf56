package parts

import (
	"html"
	"strings"

	"github.com/a-h/templ"
)

// Change is a piece of a text that stayed, was added or removed.
type Change struct {
	Kind ChangeKind
	Text string
}

// ChangeKind says what happened to a piece of a text.
type ChangeKind int

// What can happen to a piece of a text, in the order of app/text.
const (
	Same ChangeKind = iota
	Added
	Removed
)

// Differs tells whether anything changed.
func Differs(changes []Change) bool {
	for _, c := range changes {
		if c.Kind != Same {
			return true
		}
	}
	return false
}

// marked is a text with its changes. It is written without templ, which would put space between the pieces.
func marked(changes []Change) templ.Component {
	var b strings.Builder
	for _, c := range changes {
		element := [...]string{Same: "", Added: "ins", Removed: "del"}[c.Kind]
		if element != "" {
			b.WriteString("<" + element + ">")
		}
		b.WriteString(html.EscapeString(c.Text))
		if element != "" {
			b.WriteString("</" + element + ">")
		}
	}
	return templ.Raw(b.String())
}
