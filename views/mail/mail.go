// Package mail is the layout of every mail, as text and as HTML: plain, readable without pictures and in any
// program. It decides nothing about what a mail says or who gets it.
package mail

import (
	"strings"

	"ruche/views/i18n"
)

// Letter is what a mail says, in the words of its language.
type Letter struct {
	L          *i18n.Locale
	Company    string
	House      string // its address
	Subject    string
	Paragraphs []string
	Label, URL string   // of the one thing to do, if any
	Notes      []string // what stands small below
}

// Text is the letter for programs that show no HTML.
func (m Letter) Text() string {
	blocks := append([]string{m.L.T("mail.greeting")}, m.Paragraphs...)
	if m.URL != "" {
		blocks = append(blocks, m.Label+"\n"+m.URL)
	}
	blocks = append(blocks, m.Notes...)
	return strings.Join(blocks, "\n\n") + "\n\n-- \n" + m.L.T("mail.from", "company", m.Company) + "\n" + m.House + "\n"
}
