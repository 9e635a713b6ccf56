// Package polls shows what a thread asks its readers to decide: the poll to those who may vote, how it stands or what came of it, and
// the forms of those who look after it.
package polls

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// View is a poll as one reader sees it.
type View struct {
	Thread     *models.Thread
	Poll       *models.ThreadPoll
	Own        *models.PollVote // nil without one
	SignedIn   bool
	MayVote    bool
	Asked      string // the space whose agreement is to be accepted first
	MayTend    bool
	Shown      bool // how it stands
	Electorate int
	Outcome    *models.PollOutcome // nil until it is written
	Objections []models.PollVoter
	Marks      models.Marks // as the reader has them in the form
	Reason     string
	Replies    map[int64]string // that could not be taken
	ClosesDay  string
	ClosesTime string
	Problems   models.Invalid
}

func (v *View) base() string { return URL(v.Thread.ID) }

// URL is the address of the poll of a thread.
func URL(threadID int64) string { return "/threads/" + strconv.FormatInt(threadID, 10) + "/poll" }

func (v *View) open(now time.Time) bool { return v.Poll.OpenAt(now) }

func (v *View) problem(l *i18n.Locale, field string) string { return problem(l, v.Problems, field) }

func problem(l *i18n.Locale, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func errorsOf(l *i18n.Locale, problems models.Invalid, fields ...string) (errors []parts.FieldError) {
	for _, field := range fields {
		if text := problem(l, problems, field); text != "" {
			errors = append(errors, parts.FieldError{Name: anchor(field), Text: text})
		}
	}
	return errors
}

// anchor is the id of what a field's error leads to.
func anchor(field string) string {
	if field == "closes" {
		return "closes_day"
	}
	return field
}

func (v *View) errors(l *i18n.Locale) []parts.FieldError {
	fields := []string{"vote", "reason", "closes"}
	for i := range v.Objections {
		fields = append(fields, replyField(v.Objections[i].ID))
	}
	return errorsOf(l, v.Problems, fields...)
}

func replyField(id int64) string { return "reply_" + strconv.FormatInt(id, 10) }

func markField(option int) string { return "mark_" + strconv.Itoa(option) }

// mark is what the form says of an option.
func (v *View) mark(option int) int {
	if option >= len(v.Marks) {
		return -1
	}
	return v.Marks[option]
}

// version is that of the vote the form starts from.
func (v *View) version() int {
	if v.Own == nil {
		return 0
	}
	return v.Own.Version
}

// when says until when one can vote.
func (v *View) when(l *i18n.Locale, now time.Time) string {
	switch {
	case v.Poll.ClosedAt != nil:
		return l.T("polls.closed_on", "date", l.DateTime(*v.Poll.ClosedAt))
	case !v.open(now):
		return l.T("polls.closed_on", "date", l.DateTime(v.Poll.ClosesAt))
	}
	return l.T("polls.until", "date", l.DateTime(v.Poll.ClosesAt))
}

// Label is an option in words.
func Label(l *i18n.Locale, o *models.PollOption) string {
	if o.StartsAt != nil {
		return l.Weekday(*o.StartsAt) + ", " + l.Clock(*o.StartsAt)
	}
	if day, err := time.ParseInLocation(time.DateOnly, o.Day, l.In(time.Time{}).Location()); err == nil {
		return l.Weekday(day)
	}
	return o.Label
}

// rules says in words how one votes and what is known of it.
func (v *View) rules(l *i18n.Locale) (words []string) {
	poll := v.Poll
	if poll.Kind == models.MultipleChoice && poll.Least == poll.Most {
		words = append(words, l.T("polls.how.exactly", "count", poll.Most))
	} else {
		words = append(words, l.T("polls.how."+string(poll.Kind), "least", poll.Least, "most", poll.Most))
	}
	if poll.Anonymous {
		words = append(words, l.T("polls.is_anonymous", "count", models.FewestSecret))
	} else {
		words = append(words, l.T("polls.is_open"))
	}
	return append(words, l.T("polls.results_are."+string(poll.Results)))
}

// quorum says how many have to vote, of whom, and whether they have.
func (v *View) quorum(l *i18n.Locale) string {
	poll := v.Poll
	if poll.Quorum == 0 && poll.ClosedAt != nil {
		return l.T("polls.could_vote", "count", v.Electorate)
	}
	if poll.Quorum == 0 {
		return l.T("polls.may_vote", "count", v.Electorate)
	}
	wanted := poll.Quorum
	if poll.QuorumPercent {
		wanted = (poll.Quorum*v.Electorate + 99) / 100
	}
	words := l.T("polls.quorum", "count", wanted, "of", l.T("polls.of_people", "count", v.Electorate))
	if poll.Reached(v.Electorate) {
		return words + " " + l.T("polls.quorum_reached")
	}
	return words + " " + l.T("polls.quorum_missing", "count", wanted-poll.Voters)
}

// row is one line of the results.
type row struct {
	place  int
	label  string
	bar    int // of 1000
	second int // of the same, behind the first: who could if need be
	value  string
	cells  []string
	won    bool
}

// rows are the results in their order.
func (v *View) rows(l *i18n.Locale) []row {
	if v.Poll.Kind == models.RankedChoice {
		return v.rankedRows(l)
	}
	rows := []row{}
	values := map[string]int{}
	for i, label := range v.labels(l) {
		yes, need := v.figures(i)
		r := row{label: label, bar: share(yes, v.Poll.Voters), second: share(need, v.Poll.Voters), value: v.value(l, yes, need)}
		r.cells = v.cells(l, i, yes)
		values[label] = yes*(models.MaxPollQuorum) + need
		rows = append(rows, r)
	}
	if v.Poll.Kind == models.ConsentRound {
		return rows
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(values[b.label], values[a.label]) })
	for i := range rows {
		rows[i].place = i + 1
		if i > 0 && values[rows[i].label] == values[rows[i-1].label] {
			rows[i].place = rows[i-1].place
		}
		rows[i].won = rows[i].place == 1 && values[rows[i].label] > 0
	}
	return rows
}

func (v *View) labels(l *i18n.Locale) (labels []string) {
	if v.Poll.Kind == models.ConsentRound {
		return []string{l.T("polls.mark.consent"), l.T("polls.mark.aside"), l.T("polls.mark.object")}
	}
	for i := range v.Poll.Options {
		labels = append(labels, Label(l, &v.Poll.Options[i]))
	}
	return labels
}

// figures are how many votes are for a line of the results, and how many would be if need be.
func (v *View) figures(line int) (yes, need int) {
	tally := &v.Poll.Tally
	switch v.Poll.Kind {
	case models.ConsentRound:
		return tally.Count(0, line+1), 0
	case models.DateFinding:
		return tally.Count(line, models.MarkYes), tally.Count(line, models.MarkIfNeed)
	}
	return tally.Count(line, 1), 0
}

func (v *View) value(l *i18n.Locale, yes, need int) string {
	if v.Poll.Kind == models.DateFinding {
		return l.T("polls.can", "yes", yes, "need", need)
	}
	return l.T("polls.votes", "count", yes)
}

func (v *View) cells(l *i18n.Locale, line, yes int) []string {
	if v.Poll.Kind == models.DateFinding {
		tally := &v.Poll.Tally
		return []string{l.Number(yes), l.Number(tally.Count(line, models.MarkIfNeed)), l.Number(tally.Count(line, models.MarkNo))}
	}
	return []string{l.Number(yes), l.T("polls.percent", "count", (share(yes, v.Poll.Voters)+5)/10)}
}

func (v *View) rankedRows(l *i18n.Locale) (rows []row) {
	options := v.Poll.Options
	for _, ranked := range v.Poll.Tally.Ranking(len(options)) {
		first := v.Poll.Tally.Count(ranked.Option, 1)
		rows = append(rows, row{
			place: ranked.Place, label: options[ranked.Option].Label, won: ranked.Place == 1 && v.Poll.Voters > 0,
			bar:   share(ranked.Wins, len(options)-1),
			value: l.T("polls.beats", "count", ranked.Wins, "of", len(options)-1),
			cells: []string{l.Number(ranked.Wins), l.Number(first)},
		})
	}
	return rows
}

func share(part, whole int) int {
	if whole <= 0 {
		return 0
	}
	return part * 1000 / whole
}

// sentence says in one sentence what came of the poll, or how it stands.
func (v *View) sentence(l *i18n.Locale) string {
	if v.Poll.Voters == 0 {
		return l.T("polls.nobody")
	}
	if v.Poll.Kind == models.ConsentRound {
		if n := v.Poll.Tally.Count(0, models.MarkObject); n > 0 {
			return l.T("polls.objected", "count", n)
		}
		return l.T("polls.nobody_objects")
	}
	rows := v.rows(l)
	level := 0
	for _, r := range rows {
		if r.won {
			level++
		}
	}
	switch {
	case level == 0:
		return l.T("polls.none_chosen")
	case level > 1:
		return l.T("polls.level", "count", level)
	}
	return l.T("polls.first", "option", rows[0].label)
}

// columns are the heads of the table of results, after the option.
func (v *View) columns(l *i18n.Locale) []string {
	switch v.Poll.Kind {
	case models.RankedChoice:
		return []string{l.T("polls.column.wins"), l.T("polls.column.first")}
	case models.DateFinding:
		return []string{l.T("polls.mark.yes"), l.T("polls.mark.ifneed"), l.T("polls.mark.no")}
	}
	return []string{l.T("polls.column.votes"), l.T("polls.column.share")}
}

// said is a vote in words.
func (v *View) said(l *i18n.Locale, marks models.Marks) []string {
	poll := v.Poll
	if poll.Kind == models.ConsentRound && len(marks) == 1 && marks[0] > 0 {
		return []string{v.labels(l)[marks[0]-1]}
	}
	type chosen struct {
		order int
		words string
	}
	var all []chosen
	for i, mark := range marks {
		if i >= len(poll.Options) || mark == 0 {
			continue
		}
		label := Label(l, &poll.Options[i])
		switch {
		case poll.Kind == models.RankedChoice:
			all = append(all, chosen{mark, strconv.Itoa(mark) + ". " + label})
		case poll.Kind == models.DateFinding && mark == models.MarkIfNeed:
			all = append(all, chosen{i, label + " (" + l.T("polls.mark.ifneed") + ")"})
		default:
			all = append(all, chosen{i, label})
		}
	}
	slices.SortStableFunc(all, func(a, b chosen) int { return cmp.Compare(a.order, b.order) })
	words := []string{}
	for _, c := range all {
		words = append(words, c.words)
	}
	if len(words) == 0 {
		words = append(words, l.T("polls.no_time"))
	}
	return words
}

// Voters is the page of who has voted.
type Voters struct {
	View
	Rows []models.PollVoter
	Next string
}

// Outcomes is the page of what was written as the outcome of a poll.
type Outcomes struct {
	View
	List []models.PollOutcome
}

func crumbs(p layout.Page, thread *models.Thread) []parts.Crumb {
	return []parts.Crumb{{URL: "/discussions", Title: p.L.T("discussions.title")}, {URL: thread.Path(), Title: thread.Title}}
}
