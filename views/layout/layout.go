// Package layout is the frame around every page: head, header, navigation,
// toasts, command palette. Pages fill its main column and its rail; it decides
// nothing about what they show.
package layout

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ruche/views/i18n"
)

// Page is what the frame needs to know about the page and its reader.
type Page struct {
	L              *i18n.Locale
	Company, Title string
	Description    string  // what those say of the page who only have its address; may be empty
	Section        string  // home ideas discussions knowledge agenda search notifications spaces experts people members groups reactions answers audit sign-in-rules seals account
	Path           string  // the current path and query
	Theme          string  // light, dark, or empty to follow the device
	Person         *Person // nil for a visitor
	Spaces         []SpaceLink
	Unread         int
	Animates       bool // manages spaces
	Decides        bool // answers ideas officially
	View           *View
	MayView        bool // may look at the house as somebody else would
	Contributes    bool // may propose an idea somewhere
	WritesArticles bool
	ReadsAudit     bool
	ManagesSignIn  bool
	Toast          *Toast
	Sent           string // which forms have just been sent
	Rebuilding     bool   // the search index is being rebuilt
	Now            time.Time
	Head           templ.Component // more for the head; may be nil
	EraseAt        *time.Time      // when the reader's account will be erased
	EraseWaits     bool            // longer than that, for a legal reason
	Wide           bool            // the main column takes the rail's place too
	Tree           templ.Component // what the page stands in, beside which the navigation folds to icons; may be nil
	TreeLabel      string
}

// sheet is the style sheet that the page needs beside the one of all pages, empty for none: that of threads, that of
// knowledge, that of the agenda, or that of the pages on which people set up, judge and manage.
func (p Page) sheet() string {
	switch p.Section {
	case "discussions", "knowledge", "agenda":
		return p.Section + ".css"
	case "", "home", "ideas", "search", "notifications":
		return ""
	}
	return "desk.css"
}

// Unread is how many notices wait for the reader, in the bell's words: who has more than nine does not count them.
func Unread(n int) string {
	if n > 9 {
		return "9+"
	}
	return strconv.Itoa(n)
}

// View says as whom the reader looks at the house, while they do not as themselves.
type View struct{ Text string }

// Person is who reads the page.
type Person struct {
	ID         int64
	Name, Role string
	External   bool
	Picture    int64
	Answers    bool // may answer for people from outside
}

// SpaceLink is one of the reader's spaces in the navigation.
type SpaceLink struct {
	ID          int64
	Slug, Title string
	External    bool
}

// Toast says once what has just been done, and may offer to take it back:
// UndoAction is where the undo is posted.
type Toast struct{ Text, UndoAction, UndoLabel string }

// title is what the browser's tab shows.
func (p Page) title() string {
	name := p.Company
	if name == "" {
		name = p.L.T("app.name")
	}
	if p.Title == "" {
		return name
	}
	return p.Title + " · " + name
}

// navItem is one line of the navigation.
type navItem struct{ section, url, icon, text string }

// main lists the places that everybody has.
func (p Page) main() []navItem {
	return []navItem{
		{"home", "/", "house", p.L.T("nav.home")},
		{"ideas", "/ideas", "lightbulb", p.L.T("nav.ideas")},
		{"discussions", "/discussions", "messages-square", p.L.T("nav.discussions")},
		{"knowledge", "/knowledge", "book-open", p.L.T("nav.knowledge")},
		{"agenda", "/agenda", "calendar", p.L.T("nav.agenda")},
		{"campaigns", "/campaigns", "flag", p.L.T("nav.campaigns")},
		{"search", "/search", "search", p.L.T("nav.search")},
		{"spaces", "/spaces", "layers", p.L.T("nav.spaces")},
		{"experts", "/experts", "users", p.L.T("nav.experts")},
	}
}

// administration lists the places of those who run the community.
func (p Page) administration() []navItem {
	var items []navItem
	if p.Decides {
		items = append(items, navItem{"answers", "/answers", "check", p.L.T("nav.answers")})
	}
	if p.Animates {
		items = append(items, navItem{"members", "/members", "users", p.L.T("nav.members")}, navItem{"groups", "/groups", "users", p.L.T("nav.groups")}, navItem{"reactions", "/reactions", "thumbs-up", p.L.T("nav.reactions")})
		items = append(items, navItem{"new-space", "/spaces/new", "plus", p.L.T("nav.new_space")})
	}
	if p.ManagesSignIn {
		items = append(items, navItem{"sign-in-rules", "/sign-in-rules", "key-round", p.L.T("nav.sign_in_rules")}, navItem{"services", "/services", "monitor", p.L.T("nav.services")})
	}
	if p.ReadsAudit {
		items = append(items, navItem{"audit", "/audit", "scroll-text", p.L.T("nav.audit")}, navItem{"holds", "/privacy/holds", "lock", p.L.T("nav.holds")})
	}
	return items
}
