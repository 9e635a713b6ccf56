package imports

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"ruche/app/text"
	"ruche/models"
	"ruche/views/i18n"
)

// stages says what the states of the other platforms mean here. Unknown ones are ideas as proposed.
var stages = map[string]models.Stage{
	"NON DEMARRE": models.Decided, "ETUDES": models.Decided, "PROCEDURES": models.Decided, "TRAVAUX": models.Decided,
	"LIVRAISON": models.Implemented, "FIN": models.Implemented, "ABANDONNÉ": models.Declined,
	"accepted": models.Decided, "evaluating": models.Evaluated, "rejected": models.Declined,
}

func gone(status string) bool { return status == "trashed" || status == "withdrawn" }

func (b *batch) takeIdea(row ideaRow, at place) {
	switch {
	case row.ID == "":
		b.problem(at, "an idea needs an id")
		return
	case b.ideas[row.ID] != nil:
		b.problem(at, fmt.Sprintf("idea %q stands in the data twice", row.ID))
		return
	}
	space := b.spaces[row.SpaceID]
	if space == nil {
		b.problem(at, fmt.Sprintf("idea %q is in space %q, which is not in the data", row.ID, row.SpaceID))
		return
	}
	if id := b.knownIdeas[row.ID]; id != 0 {
		b.ideas[row.ID] = &idea{Idea: models.Idea{ID: id}, known: true, space: space}
		b.report.Ideas.Known++
		return
	}
	name := row.Author
	if name == "" {
		name = row.Department
	}
	imported, wrong := b.makeIdea(&row, at)
	if wrong != nil {
		b.problem(at, fmt.Sprintf("idea %q: %s", row.ID, wrong.english()))
		return
	}
	imported.space, imported.author, imported.ImportRef = space, b.user(name), &row.ID
	if imported.campaign = b.campaignOf(&row, space, at); imported.campaign != nil {
		imported.Campaign = imported.campaign.Title
	}
	imported.Stage = stages[row.Status]
	if imported.Stage == "" {
		imported.Stage = models.Proposed
	}
	if gone(row.Status) {
		imported.State = models.Withdrawn
	}
	b.use(space)
	b.ideas[row.ID] = imported
	b.newIdeas = append(b.newIdeas, imported)
}

// mistake is what is wrong with a record, at one of its fields.
type mistake struct {
	field string
	why   error
}

// english words a mistake for the report.
func (m *mistake) english() string { return m.field + ": " + english(m.why) }

// makeIdea makes the idea of a row, as yet without its place, its author and its stage.
func (b *batch) makeIdea(row *ideaRow, at place) (*idea, *mistake) {
	published, err := moment(row.CreatedAt)
	if err != nil {
		return nil, &mistake{fieldDate, err}
	}
	title, body, wrong := b.words(row, at)
	if wrong != nil {
		return nil, wrong
	}
	rendered, err := text.Render(body, text.Body, nil)
	if err != nil {
		return nil, &mistake{fieldBody, err}
	}
	made := &idea{votes: max(row.VotesUp, 0), supporters: map[*models.User]bool{}}
	summary, own, err := summaryOf(row, rendered.Summary)
	if err != nil {
		return nil, &mistake{fieldSummary, err}
	}
	made.Idea = models.Idea{
		Title: title, Body: body, HTML: rendered.HTML, Summary: summary, OwnSummary: own, Lang: language(row.Lang, title+"\n"+rendered.Plain),
		Tags: tags(row), State: models.Published, PublishedAt: published,
	}
	return made, nil
}

// summaryOf is the summary that a row gives, where it is not the beginning of the text, or that beginning. What is all there is of an
// idea is its text.
func summaryOf(row *ideaRow, beginning string) (summary string, own bool, err error) {
	if strings.TrimSpace(row.Body) == "" {
		return beginning, false, nil
	}
	line := strings.Join(strings.Fields(row.Summary), " ")
	if runes := []rune(line); len(runes) > text.MaxSummary {
		line = string(runes[:text.MaxSummary-1]) + "…"
	}
	summary, err = text.Summary(line)
	if err != nil || summary == "" || summary == beginning {
		return beginning, false, err
	}
	return summary, true, nil
}

// campaignOf is the campaign that an idea answers, in the space of the idea.
func (b *batch) campaignOf(row *ideaRow, space *models.Space, at place) *campaign {
	asked := b.asked[row.CampaignID]
	title, err := text.Title(asked.Title)
	if row.CampaignID == "" || err != nil {
		return nil
	}
	ref := row.CampaignID + " in " + row.SpaceID
	if known := b.campaigns[ref]; known != nil {
		return known
	}
	if runes := []rune(title); len(runes) > models.MaxCampaignTitle {
		title = cut(runes[:models.MaxCampaignTitle])
		b.note(at, fmt.Sprintf("campaign %q: its title is cut at %d characters", row.CampaignID, models.MaxCampaignTitle))
	}
	found := &campaign{Campaign: models.Campaign{ID: b.knownCampaigns[ref], Kind: models.Channel, Title: title, Lang: language(row.Lang, title), ImportRef: &ref}, space: space}
	if starts, closes, ok := b.dates(&asked); ok {
		found.Kind, found.Stages = models.TimedCampaign, []models.CampaignStage{models.NewStage(models.Gather, &starts), models.NewStage(models.Closed, &closes)}
	}
	b.campaigns[ref] = found
	if found.ID == 0 {
		b.newCampaigns = append(b.newCampaigns, found)
	}
	return found
}

// dates are when a campaign opens and when it closes, after its last day. One without both is a channel, open to whoever goes
// on with it.
func (b *batch) dates(row *campaignRow) (starts, closes time.Time, ok bool) {
	if row.StartsAt == "" || row.EndsAt == "" {
		return starts, closes, false
	}
	starts, err := moment(row.StartsAt)
	if err == nil {
		closes, err = moment(row.EndsAt)
	}
	if err == nil && closes.Equal(closes.Truncate(24*time.Hour)) {
		closes = closes.AddDate(0, 0, 1)
	}
	if err == nil && !closes.After(starts) {
		err = errors.New("it ends before it begins")
	}
	if err != nil {
		b.note(row.at, fmt.Sprintf("campaign %q comes without dates: %v", row.ID, err))
	}
	return starts, closes, err == nil
}

// words makes the title and the body of an idea. What a title has no room for opens the body, and an
// idea without a text shows what else is known of it.
func (b *batch) words(row *ideaRow, at place) (title, body string, wrong *mistake) {
	full := strings.Join(strings.Fields(row.Title), " ")
	short := full
	if runes := []rune(full); len(runes) > text.MaxTitle {
		short = cut(runes)
		b.note(at, fmt.Sprintf("%q: its title is cut at %d characters and stands whole in its text", row.ID, text.MaxTitle))
	}
	title, err := text.Title(short)
	if err != nil {
		return "", "", &mistake{fieldTitle, err}
	}
	body = row.Body
	if strings.TrimSpace(body) == "" {
		body = known(row)
	}
	if short != full {
		body = "**" + full + "**\n\n" + body
	}
	if body, err = b.clean(body, text.MaxBody, at); err != nil {
		return "", "", &mistake{fieldBody, err}
	}
	return title, body, nil
}

// clean is text.Clean for what nobody can copy again: control characters, which pasted texts of old
// platforms hold here and there, are dropped with a note.
func (b *batch) clean(markdown string, limit int, at place) (string, error) {
	cleaned, err := text.Clean(markdown, limit)
	if !errors.Is(err, text.Control) {
		return cleaned, err
	}
	b.note(at, "invisible control characters are dropped")
	return text.Clean(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, markdown), limit)
}

// cut shortens a title between words.
func cut(runes []rune) string {
	short := string(runes[:text.MaxTitle-1])
	if space := strings.LastIndex(short, " "); space > len(short)/2 {
		short = short[:space]
	}
	return strings.TrimRight(short, " ,;:-–(") + "…"
}

// known puts the facts of an idea without a text into words.
func known(row *ideaRow) string {
	l := i18n.For(row.Lang)
	parts := []string{}
	if row.Summary != "" {
		parts = append(parts, row.Summary)
	}
	if row.Location != "" {
		parts = append(parts, l.T("imports.location", "place", row.Location))
	}
	if row.Budget > 0 {
		parts = append(parts, l.T("imports.budget", "amount", l.Number(int(row.Budget))))
	}
	return strings.Join(parts, "\n\n")
}

func language(lang, plain string) string {
	if lang == "fr" || lang == "en" {
		return lang
	}
	return text.Language(plain)
}

// tags are an idea's own tags and its category, as many as there is room for.
func tags(row *ideaRow) (out models.Tags) {
	for _, one := range append([]string{row.Category}, row.Tags...) {
		parsed, err := models.ParseTags(strings.ReplaceAll(one, ",", " "))
		for _, tag := range parsed {
			if err == nil && len(out) < models.MaxTags && !slices.Contains(out, tag) {
				out = append(out, tag)
			}
		}
	}
	return out
}

func (b *batch) takeComment(row commentRow, at place) {
	on := b.ideas[row.IdeaID]
	switch {
	case row.ID == "" || b.comments[row.ID] != nil:
		b.problem(at, fmt.Sprintf("comment %q: a comment needs an id of its own", row.ID))
		return
	case on == nil:
		b.problem(at, fmt.Sprintf("comment %q is about idea %q, which is not in the data", row.ID, row.IdeaID))
		return
	case b.knownComments[row.ID] != 0:
		b.comments[row.ID] = &comment{Post: models.Post{ID: b.knownComments[row.ID]}, idea: on}
		b.report.Comments.Known++
		return
	case gone(row.Status):
		b.note(at, fmt.Sprintf("comment %q was taken back where it comes from: left out", row.ID))
		return
	}
	made, wrong := b.makeComment(&row, at)
	if wrong != nil {
		b.problem(at, fmt.Sprintf("comment %q: %s", row.ID, wrong.english()))
		return
	}
	made.idea, made.author, made.ImportRef = on, b.user(row.Author), &row.ID
	on.comments = append(on.comments, made.CreatedAt)
	b.comments[row.ID] = made
	b.newComments = append(b.newComments, made)
}

// makeComment makes the comment of a row, as yet without its idea and its author.
func (b *batch) makeComment(row *commentRow, at place) (*comment, *mistake) {
	created, err := moment(row.CreatedAt)
	if err != nil {
		return nil, &mistake{fieldDate, err}
	}
	body, err := b.clean(row.Body, text.MaxComment, at)
	if err == nil && body == "" {
		err = text.Blank
	}
	if err != nil {
		return nil, &mistake{fieldBody, err}
	}
	rendered, err := text.Render(body, text.Comment, nil)
	if err != nil {
		return nil, &mistake{fieldBody, err}
	}
	made := &comment{at: at, answer: row.ParentID}
	made.Post = models.Post{Body: body, HTML: rendered.HTML, Lang: language(row.Lang, rendered.Plain), CreatedAt: created}
	return made, nil
}

// english words what is wrong with a text, for the report.
func english(err error) string {
	if l := i18n.For("en"); l.Has(err.Error()) {
		return l.T(err.Error())
	}
	return err.Error()
}
