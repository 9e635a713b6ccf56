// Package ideas shows ideas: lists of them, one with its discussion, the forms to write with, and what
// changed between versions. It is given all it shows.
package ideas

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Filter is what narrows and orders a list of ideas, as it stands in the address. Empty means: any.
type Filter struct {
	Sort, Space, Stage, Tag string
	Campaign                int64
	Mine, Followed          bool
	Near                    bool   // to the reader, by where they belong
	Department              string // of the author
	View                    Look
}

// Look is how a list of ideas is shown.
type Look string

// Looks of a list: rows under each other or cards with pictures, which turn their pages, or a board with a column for each stage.
const (
	AsList  Look = ""
	AsCards Look = "cards"
	AsBoard Look = "board"
)

// Looks lists them.
func Looks() []Look { return []Look{AsList, AsCards, AsBoard} }

// URL is the address of the list.
func (f Filter) URL() string { return f.page("") }

// page is the address of the page of the list that begins after a cursor.
func (f Filter) page(cursor string) string { return f.address("/ideas", cursor) }

// download is where the whole list can be taken away as a table.
func (f Filter) download() string { return f.address("/downloads/new", "") }

func (f Filter) address(path, cursor string) string {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	set("space", f.Space)
	set("stage", f.Stage)
	set("tag", f.Tag)
	set("department", f.Department)
	if f.Campaign != 0 {
		set("campaign", strconv.FormatInt(f.Campaign, 10))
	}
	set("cursor", cursor)
	set("view", string(f.View))
	if f.Sort != string(models.SortTrending) && f.Sort != string(models.SortRandom) {
		set("sort", f.Sort)
	}
	if f.Mine {
		set("mine", "1")
	}
	if f.Followed {
		set("followed", "1")
	}
	if f.Near {
		set("near", "1")
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

func (f Filter) with(change func(*Filter)) string {
	change(&f)
	return f.URL()
}

// narrowed tells whether the list leaves ideas out.
func (f Filter) narrowed() bool {
	return f.Stage != "" || f.Tag != "" || f.Department != "" || f.Campaign != 0 || f.Mine || f.Followed || f.Near || f.Sort == string(models.SortUnanswered)
}

// Whole tells whether nothing but a space and a stage narrow the list.
func (f Filter) Whole() bool {
	f.Stage = ""
	return !f.narrowed()
}

// List is a page of ideas with what stands beside it.
type List struct {
	Filter      Filter
	Title       string
	Lead        string // may be empty
	Rows        []parts.IdeaRow
	Columns     []Column // of a board, in place of Rows
	Next        string   // cursor of the next page, empty at the end
	Inner       bool     // not the first page
	Spaces      []models.SpaceAccess
	Stages      map[models.Stage]int
	Tags        []models.TagCount
	Campaigns   []models.CampaignName // to narrow the list by
	NewURL      string                // where to propose an idea; empty if the reader may not
	Person      bool                  // the reader is signed in
	Inside      bool                  // and of the house, whose departments and sites they may know
	Nowhere     bool                  // near them is not known where that is
	Departments []models.DepartmentCount
	Voting      bool // on the ideas of the campaign
}

// stage is the address of the list of the ideas at a stage.
func (v List) stage(stage models.Stage) string {
	return v.Filter.with(func(f *Filter) { f.Stage = string(stage) })
}

// sorts are the orders that the menu offers; "unanswered" is a chip of its own.
func (v List) sorts() []models.Sort {
	sorts := models.Sorts()
	if v.Voting {
		sorts = models.VotingSorts()
	}
	return slices.DeleteFunc(sorts, func(s models.Sort) bool { return s == models.SortUnanswered })
}

// Show is the page of an idea.
type Show struct {
	Idea      *models.IdeaPage
	Space     models.SpaceAccess
	Support   parts.Support
	SignInURL string // for visitors, who may support after signing in
	// AgreementURL is where whoever has to accept the space's agreement before they contribute does so; else empty.
	AgreementURL string
	Steps        []parts.Step
	Supporters   []parts.Named
	Tied         templ.Component // the threads to which it is tied; nil for nothing
	Near         []Near
	Threads      []parts.Exchange
	Next         string // cursor of the next comments
	Inner        bool   // not the first page of comments
	Compose      *parts.Compose
	Terms        []*models.Term  // of the glossary, that are marked in the texts
	Live         *parts.LiveRoom // nil for whoever hears of nothing
	Rights       Rights
	CoAuthors    []parts.Named
	CarriedBy    *parts.Named         // who carries it on since its author has left; nil else
	Answer       *models.DecisionCard // the official one, nil if there is none
	Links        []models.LinkCard    // what the links lead to that stand alone in the text
	Judged       *models.Publication  // what was published of its evaluation, nil for nothing
	Due          *time.Time           // by when one is promised, nil if none is or it is there
	Project      Project
	AmendedFrom  *models.Idea         // for which it was proposed as an amendment; nil for none
	Answers      []models.ShownAnswer // to the questions of its campaign
	Merge        *Merge               // where it goes on; nil for nowhere
	Origins      []Origin             // what goes on in it
	Through      bool                 // the reader counts among its supporters by one of these
	Masked       bool                 // the reader is its hidden author
	Seal         *models.SealedIdea   // nil where no name is sealed
	KeepsSeal    bool                 // the reader is one of the two who can open it together
}

// Rights are what the reader may do with an idea.
type Rights struct {
	Edit, Withdraw, Restore, Stage, Follow bool
	Answer                                 bool // officially
	Amend                                  bool
	Merge                                  bool // into another one
	Claim                                  bool // what came on paper, with the code of a slip
	Moderate                               bool // and see under which agreement something was written
}

// URL is the address of the idea.
func (s Show) URL() string { return s.Idea.Path() }

// base is the address that the idea's forms post below.
func base(id int64) string { return "/ideas/" + strconv.FormatInt(id, 10) }

// Near is an idea that resembles another.
type Near struct {
	ID                int64
	URL, Title, Stage string
	Lang              string
	Marks             []parts.Span // words of the title that both have
	Supports          int
	Supported, Can    bool
	Outcome           *Outcome // nil if nothing is decided
}

// NearAll is what exists already that resembles an idea.
type NearAll struct {
	Ideas   []Near
	Threads []parts.NearThread
}

func (n NearAll) any() bool { return len(n.Ideas)+len(n.Threads) > 0 }

// words say how much that is: ideas alone by their name.
func (n NearAll) words(l *i18n.Locale) string {
	if len(n.Threads) == 0 {
		return l.T("ideas.near_count", "count", len(n.Ideas))
	}
	return l.T("discussions.near_count", "count", len(n.Ideas)+len(n.Threads))
}

// Outcome is what was decided about an idea, in short.
type Outcome struct {
	Kind       models.DecisionKind
	Reason     string // its code
	Text, Lang string // in one line
}

// starter is the form for a new idea that asks one of the questions to begin with.
func starter(v List, which string) string {
	values := url.Values{"start": {which}}
	if v.Filter.Space != "" {
		values.Set("space", v.Filter.Space)
	}
	return "/ideas/new?" + values.Encode()
}

// Starter is the question of a form that was opened from the empty list; empty if there is no such one.
func Starter(l *i18n.Locale, which string) string {
	switch which {
	case "1":
		return l.T("ideas.starter.one")
	case "2":
		return l.T("ideas.starter.two")
	case "3":
		return l.T("ideas.starter.three")
	}
	return ""
}

func sortWord(l *i18n.Locale, sort models.Sort) string {
	switch sort {
	case models.SortRandom:
		return l.T("ideas.sort.random")
	case models.SortNewest:
		return l.T("ideas.sort.newest")
	case models.SortSupported:
		return l.T("ideas.sort.supported")
	case models.SortActive:
		return l.T("ideas.sort.active")
	}
	return l.T("ideas.sort.trending")
}
