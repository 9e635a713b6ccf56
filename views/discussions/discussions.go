// Package discussions shows threads: lists of them, one with its posts, the forms to begin and look after one, and the topics of a
// space. It is given all it shows.
package discussions

import (
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Filter is what narrows and orders a list of threads, as it stands in the address. Empty means: any.
type Filter struct {
	Sort         models.ThreadSort
	Space, Topic string // slugs
	Kind         models.ThreadKind
	Tag          string
}

// URL is the address of the list.
func (f Filter) URL() string { return f.page("") }

// page is the address of the page of the list that begins after a cursor.
func (f Filter) page(cursor string) string {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	set("filter", string(f.Sort))
	set("space", f.Space)
	set("topic", f.Topic)
	set("kind", string(f.Kind))
	set("tag", f.Tag)
	set("cursor", cursor)
	if len(values) == 0 {
		return "/discussions"
	}
	return "/discussions?" + values.Encode()
}

func (f Filter) with(change func(*Filter)) string {
	change(&f)
	return f.URL()
}

// narrowed tells whether the list leaves threads of its space or topic out.
func (f Filter) narrowed() bool {
	return f.Kind != "" || f.Tag != "" || f.Sort != models.ThreadsActive && f.Sort != models.ThreadsNew && f.Sort != models.ThreadsHot
}

// List is a page of threads with what stands beside it.
type List struct {
	Filter     Filter
	Title      string
	Lead       string // may be empty
	Rows       []Row
	Pinned     []Row  // which stand before them
	Next       string // cursor of the next page, empty at the end
	Inner      bool   // not the first page
	Spaces     []models.SpaceAccess
	Topics     []models.Topic   // of the space
	Topic      *models.Topic    // that the list is of; may be nil
	MayArrange bool             // the topics
	NewURL     string           // where to begin a thread; empty if the reader may not
	Person     bool             // the reader is signed in
	Following  *parts.Following // of what the list is of; nil for all, and for visitors
	Feed       string           // its address without the ending that says the format; empty for all
}

func (v List) any() bool { return len(v.Rows)+len(v.Pinned) > 0 }

// Row is a thread in a list.
type Row struct {
	models.ThreadCard
	Space models.SpaceAccess
}

// Near is something that resembles a thread.
type Near struct {
	URL, Title, Lang string
	Stage            string // of an idea; empty for a thread
	Posts            int    // of a thread
	Solved           bool
}

// NearAll is what exists already that resembles a thread.
type NearAll struct {
	Articles []parts.NearArticle
	Threads  []parts.NearThread
	Ideas    []Near
}

func (n NearAll) any() bool { return len(n.Articles)+len(n.Threads)+len(n.Ideas) > 0 }

func (n NearAll) words(l *i18n.Locale) string {
	return l.T("discussions.near_count", "count", len(n.Articles)+len(n.Threads)+len(n.Ideas))
}

// Show is a page of a thread.
type Show struct {
	Thread    *models.ThreadDetail
	Space     models.SpaceAccess
	From      int             // the number with which the page begins
	Opening   *Message        // on the first page
	Poll      templ.Component // what it asks, on the first page; nil for nothing
	PollFirst bool            // above the text
	Accepted  *Message        // the accepted answer; may be nil
	Messages  []Message
	Shifts    []Shift // what has moved from or to the end of the page
	Writers   []parts.Named
	Since     models.Since
	Changed   []string // in words, since the reader was there
	UnreadURL string   // of the first post that they have not read; may be empty
	Rights    Rights
	Masked    bool           // the reader has begun it without their name
	SignInURL string         // for visitors
	Compose   *parts.Compose // nil where the reader may not write now
	Wait      time.Duration  // until they may, where the thread is slow
	Near      []Near
	Tied      templ.Component // the ideas to which it is tied; nil for nothing
	Terms     []*models.Term  // of the glossary, that are marked in the texts
	Live      *parts.LiveRoom // nil for visitors
}

// Rights are what the reader may do with a thread.
type Rights struct {
	Edit, Withdraw, Restore, Tend, Follow, Same bool

	Ask bool // people who know to answer it
}

// Message is a post as its thread shows it.
type Message struct {
	parts.Message
	Number     int
	Edit       string              // address to edit the first post, which is not removed by itself; may be empty
	Branch     []models.BranchPost // that answer it
	Accepted   bool
	Acceptable bool // by the reader
	Unread     bool
	First      bool    // of those that are unread
	Shifts     []Shift // what has moved from or to the place before it
}

func base(id int64) string { return "/threads/" + strconv.FormatInt(id, 10) }

// pages is how many pages the thread has.
func (v Show) pages() int {
	return (max(v.Thread.LastNumber, 1)-1)/models.ThreadPage + 1
}

func (v Show) page() int { return (v.From-1)/models.ThreadPage + 1 }

// pageURL is the address of a page, counted from 1.
func (v Show) pageURL(page int) string { return v.Thread.PageOf((page-1)*models.ThreadPage + 1) }

// answers is how many posts there are beside the first.
func (v Show) answers() int { return max(0, v.Thread.PostCount-1) }

// said is what these are: a question has answers, everything else replies. The first message is none of them, as lists count it.
func (v Show) said() string {
	if v.Thread.Kind == models.Question {
		return "discussions.answers"
	}
	return "discussions.replies"
}

// unsaid stands where there are none.
func (v Show) unsaid() string {
	if v.Thread.Kind == models.Question {
		return "discussions.no_answers"
	}
	return "discussions.no_replies"
}

// Write is the form for a new thread.
type Write struct {
	Space    string // slug
	Topic    string // "space/topic", or the slug of one of the space
	Kind     models.ThreadKind
	Kinds    []models.ThreadKind
	Spaces   []models.SpaceAccess
	Topics   []models.Topic // of all of them
	Title    string
	Body     string
	Tags     string
	Once     string
	Draft    parts.Draft
	Person   int64
	Problems models.Invalid
	// Anonymity is that under which the thread is begun, MayHide tells whether there is a space that lets people do so without a name.
	Anonymity models.Anonymity
	MayHide   bool
	Near      NearAll
	Preview   string // the HTML of the text, when it was asked for
	Lang      string // of the preview
	Sent      string // address of what this form has made before; may be empty
	// AgreementURL is where a new agreement waits that keeps the form from being sent; may be empty.
	AgreementURL string
}

// Hidden tells whether the form is one without a name.
func (v Write) Hidden() bool { return v.Anonymity == models.HiddenAuthors }

func (v Write) problem(l *i18n.Locale, field string) string { return problem(l, v.Problems, field) }

func problem(l *i18n.Locale, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func summary(l *i18n.Locale, problems models.Invalid, fields ...string) (errors []parts.FieldError) {
	for _, field := range fields {
		if text := problem(l, problems, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// topicsOf are the topics of one of the spaces of the form.
func (v Write) topicsOf(space models.SpaceAccess) (topics []models.Topic) {
	for i := range v.Topics {
		if v.Topics[i].SpaceID == space.ID {
			topics = append(topics, v.Topics[i])
		}
	}
	return topics
}

// chosen tells whether a topic is the one that the form names.
func (v Write) chosen(space models.SpaceAccess, topic models.Topic) bool {
	return v.Topic == space.Slug+"/"+topic.Slug || v.Space == space.Slug && v.Topic == topic.Slug
}

// Edit is the form for the title, the topic and the tags of a thread.
type Edit struct {
	Thread    *models.Thread
	Space     models.SpaceAccess
	Topics    []models.Topic
	Title     string
	Topic     string // slug
	Tags      string
	Base      int
	Overtaken bool // somebody else has saved meanwhile
	Problems  models.Invalid
}

func (v Edit) options(l *i18n.Locale) []parts.Option {
	options := []parts.Option{{Value: "", Label: l.T("discussions.no_topic")}}
	for i := range v.Topics {
		if v.Topics[i].ArchivedAt == nil || v.Topics[i].Slug == v.Topic {
			options = append(options, parts.Option{Value: v.Topics[i].Slug, Label: v.Topics[i].Title})
		}
	}
	return options
}

// Tending is what those who look after a space can do about a thread.
type Tending struct {
	Thread   *models.Thread
	Space    models.SpaceAccess
	Spaces   []models.SpaceAccess // to which it can be moved
	Reason   string
	Problems models.Invalid
}

// paces are the pauses that are offered, in seconds.
func paces(l *i18n.Locale, current int) []parts.Option {
	options := []parts.Option{{Value: "0", Label: l.T("discussions.pace_none")}}
	known := current == 0
	for _, seconds := range []int{30, 120, 600, 3600, 86400} {
		known = known || seconds == current
		options = append(options, parts.Option{Value: strconv.Itoa(seconds), Label: pause(l, time.Duration(seconds)*time.Second)})
	}
	if !known {
		options = append(options, parts.Option{Value: strconv.Itoa(current), Label: pause(l, time.Duration(current)*time.Second)})
	}
	return options
}

// pause is a length of time in words.
func pause(l *i18n.Locale, pause time.Duration) string {
	switch {
	case pause >= time.Hour:
		return l.T("discussions.hours", "count", int((pause+time.Hour-1)/time.Hour))
	case pause >= time.Minute:
		return l.T("discussions.minutes", "count", int((pause+time.Minute-1)/time.Minute))
	}
	return l.T("discussions.seconds", "count", int(pause/time.Second))
}

// Topics are the topics of a space, to be arranged.
type Topics struct {
	Space              models.SpaceAccess
	Topics             []models.Topic
	Title, Description string        // of a new one
	Edited             *models.Topic // that was refused as it is here
	Problems           models.Invalid
}

func (v Tending) targets(l *i18n.Locale) []parts.Option {
	options := []parts.Option{{Value: "", Label: l.T("ideas.field.space_choose")}}
	for i := range v.Spaces {
		options = append(options, parts.Option{Value: v.Spaces[i].Slug, Label: v.Spaces[i].Title + " · " + l.T("parts.readers."+string(v.Spaces[i].Visibility))})
	}
	return options
}
