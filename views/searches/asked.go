// Package searches shows what a search found.
package searches

import (
	"net/url"
	"slices"
	"strconv"

	"ruche/models"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Asked is what someone searches for, as it stands in the address.
type Asked struct {
	Text, Type, Space, Stage, Tag, Sort, Cursor string
	Language                                    string // code
	Collection                                  string // number
	Verified                                    bool   // only articles that are verified now
	Label                                       string // of who may read it
}

// Newest is the order of results by date, in Asked.Sort.
const Newest = "newest"

// Results are one page of what was found.
type Results struct {
	Total, Complete             int // Complete is how many hold every word
	Hits                        []Hit
	Next                        string
	Types, Spaces, Stages, Tags []Count
	Languages, Collections      []Count // of collections, Value is their title
	Rebuilding                  bool
	Terms                       []models.Term // of the glossary that the question is about
	Knowers                     []models.Knower
}

// Hit is one thing that was found.
type Hit struct {
	Record         models.SearchRecord
	URL            string
	Title, Excerpt Fragment
}

// Fragment is a piece of text with the places of the words that were looked for.
type Fragment struct {
	Text                string
	Marks               []parts.Span
	CutBefore, CutAfter bool
}

// Count is a choice of a filter and how much it would find.
type Count struct {
	Value string
	ID    int64
	N     int
}

// choice is one line of a filter.
type choice struct {
	label, url string
	count      int
	active     bool
}

func (a Asked) url() string {
	values := url.Values{}
	for _, pair := range [][2]string{{"q", a.Text}, {"type", a.Type}, {"space", a.Space}, {"stage", a.Stage}, {"tag", a.Tag}, {"lang", a.Language}, {"collection", a.Collection},
		{"verified", given(a.Verified)}, {"label", a.Label}, {"sort", a.Sort}, {"cursor", a.Cursor}} {
		if pair[1] != "" {
			values.Set(pair[0], pair[1])
		}
	}
	return "/search?" + values.Encode()
}

// with is the address with one filter changed, from the first page on; an empty name drops all filters.
func (a Asked) with(name, value string) string {
	a.Cursor = ""
	switch name {
	case "type":
		a.Type = value
	case "space":
		a.Space = value
	case "stage":
		a.Stage = value
	case "tag":
		a.Tag = value
	case "lang":
		a.Language = value
	case "collection":
		a.Collection = value
	case "verified":
		a.Verified = value != ""
	case "label":
		a.Label = value
	case "sort":
		a.Sort = value
	default:
		a.Space, a.Stage, a.Tag, a.Language, a.Collection, a.Verified, a.Label = "", "", "", "", "", false, ""
	}
	return a.url()
}

// filtered tells whether something is left out of the results that the kind of result does not say.
func (a Asked) filtered() bool {
	return a.Verified || a.Space+a.Stage+a.Tag+a.Language+a.Collection+a.Label != ""
}

// given is how an address says that something is asked for.
func given(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}

// toggle is with, or without the filter if it is set already.
func (a Asked) toggle(name, current, value string) string {
	if current == value {
		value = ""
	}
	return a.with(name, value)
}

func (a Asked) next(cursor string) string {
	if cursor == "" {
		return ""
	}
	a.Cursor = cursor
	return a.url()
}

func (a Asked) start() string {
	if a.Cursor == "" {
		return ""
	}
	return a.with("sort", a.Sort)
}

func (a Asked) propose() string { return "/ideas/new?title=" + url.QueryEscape(a.Text) }

func types(p layout.Page, a Asked, r Results) []parts.ChipLink {
	all := 0
	counts := map[string]int{}
	for _, count := range r.Types {
		counts[count.Value] = count.N
		all += count.N
	}
	chips := []parts.ChipLink{{URL: a.with("type", ""), Label: p.L.T("searches.everything"), Count: all, Active: a.Type == ""}}
	for _, kind := range []string{"idea", "article", "comment", "thread", "post"} {
		chips = append(chips, parts.ChipLink{URL: a.with("type", kind), Label: p.L.T("searches.types." + kind), Count: counts[kind], Active: a.Type == kind})
	}
	return chips
}

func sortChip(p layout.Page, a Asked) parts.ChipLink {
	if a.Sort == Newest {
		return parts.ChipLink{URL: a.with("sort", ""), Label: p.L.T("searches.by_relevance"), Count: -1}
	}
	return parts.ChipLink{URL: a.with("sort", Newest), Label: p.L.T("searches.by_date"), Count: -1}
}

func (a Asked) spaces(actor *models.Actor, r Results) (rows []choice) {
	for _, count := range r.Spaces {
		if space := actor.Access(count.ID); space != nil {
			rows = append(rows, choice{space.Title, a.toggle("space", a.Space, space.Slug), count.N, a.Space == space.Slug})
		}
	}
	return rows
}

func (a Asked) stages(p layout.Page, r Results) (rows []choice) {
	for _, count := range r.Stages {
		rows = append(rows, choice{p.L.T("stage." + count.Value), a.toggle("stage", a.Stage, count.Value), count.N, a.Stage == count.Value})
	}
	return rows
}

func (a Asked) languages(p layout.Page, r Results) (rows []choice) {
	for _, count := range r.Languages {
		rows = append(rows, choice{p.L.T("lang." + count.Value), a.toggle("lang", a.Language, count.Value), count.N, a.Language == count.Value})
	}
	return rows
}

// shownCollections is how many collections the filter offers.
const shownCollections = 10

func (a Asked) collections(r Results) (rows []choice) {
	for _, count := range r.Collections {
		id := strconv.FormatInt(count.ID, 10)
		if active := a.Collection == id; active || len(rows) < shownCollections {
			rows = append(rows, choice{count.Value, a.toggle("collection", a.Collection, id), count.N, active})
		}
	}
	return rows
}

// verifiable tells whether what was found can be narrowed to the articles that are verified.
func (a Asked) verifiable(r Results) bool {
	return a.Verified || slices.ContainsFunc(r.Types, func(c Count) bool { return c.Value == "article" })
}

// shownTags is how many tags the filter offers.
const shownTags = 10

func (a Asked) tags(r Results) (rows []choice) {
	for _, count := range r.Tags[:min(shownTags, len(r.Tags))] {
		rows = append(rows, choice{count.Value, a.toggle("tag", a.Tag, count.Value), count.N, a.Tag == count.Value})
	}
	return rows
}

// summary says how much was found, and whether some of it only holds a part of the words.
func summary(p layout.Page, r Results) string {
	found := p.L.T("searches.found", "count", r.Total)
	if r.Complete < r.Total && r.Complete > 0 {
		return found + " · " + p.L.T("searches.complete", "count", r.Complete)
	}
	if r.Total > 0 && r.Complete == 0 {
		return found + " · " + p.L.T("searches.widened")
	}
	return found
}

func icon(kind string) string {
	switch kind {
	case "comment", "post":
		return "message-square"
	case "thread":
		return "messages-square"
	case "article":
		return "book-open"
	}
	return "lightbulb"
}
