package imports

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ruche/app/sheets"
	"ruche/app/text"
	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/imports"
)

// sheet takes the rows of a table in, by its mapping.
type sheet struct {
	*batch
	run     *models.IdeaImport
	found   reading
	to      mapping
	locale  *i18n.Locale
	space   *models.Space
	answers *campaign // that all ideas answer, nil for none
	keep    bool      // what is made is to be written, and not only to be counted

	calls  map[string]bool      // how the rows name campaigns
	named  map[string]*campaign // what they mean by it
	closed map[string]error     // why they may not

	refs, names, emails, about map[string]bool // what the first reading has collected, to be looked up at once
	byEmail                    map[string]int64
	here                       map[string]models.Post // that an earlier run has brought, by their names in the file
	lines                      map[string]int         // by the names of the records that the file has had so far
	commented                  map[int64]*idea
	authors                    map[string]bool
	paper                      *models.User // whom ideas on paper are by until they are claimed
	counts                     views.Counts
	problems                   []models.ImportProblem
}

func newSheet(run *models.IdeaImport, now time.Time, keep bool) (*sheet, error) {
	s := &sheet{
		batch: newBatch(now, nil), run: run, space: &models.Space{ID: run.SpaceID}, keep: keep,
		calls: map[string]bool{}, named: map[string]*campaign{}, closed: map[string]error{},
		refs: map[string]bool{}, names: map[string]bool{}, emails: map[string]bool{}, about: map[string]bool{},
		lines: map[string]int{}, commented: map[int64]*idea{}, authors: map[string]bool{}, paper: &models.User{},
	}
	s.batch.run = run
	if err := run.Into(run.Reading, &s.found); err != nil {
		return nil, err
	}
	s.locale = i18n.For(s.found.Lang)
	return s, run.Into(run.Mapping, &s.to)
}

// cell is what a row says about a field, empty if nothing.
func (s *sheet) cell(row *sheets.Row, field string) string {
	at, mapped := s.to.Fields[field]
	if !mapped || at >= len(row.Cells) {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(spoken(row.Cells[at], s.locale.Lang()), "\x00", "")) // a cell within a cell may hold one
}

// ref names a record of the file within the space that it goes to, so that what was brought before is known again. Numbers of a platform
// are its own; plain tables all begin with one, so theirs hold within the campaign that they go to.
func (s *sheet) ref(id string) string {
	source := s.found.Profile
	if source == "" && s.run.CampaignID != nil {
		source = fmt.Sprintf("c%d", *s.run.CampaignID)
	}
	if id == "" || len(id) > 60 {
		return fmt.Sprintf("%d:#%x", s.run.SpaceID, sha256.Sum256([]byte(id)))
	}
	return fmt.Sprintf("%d:%s:%s", s.run.SpaceID, source, id)
}

// rowRef names the record of a row: by its number, or else by all that it says.
func (s *sheet) rowRef(row *sheets.Row) string {
	if id := s.cell(row, fieldID); id != "" {
		return s.ref(id)
	}
	return fmt.Sprintf("%d:#%x", s.run.SpaceID, sha256.Sum256([]byte(strings.Join(row.Cells, "\x00"))))
}

// author is what a row says about who wrote it. An address is no name to show.
func (s *sheet) author(row *sheets.Row) (ref, name, email string) {
	name, email = strings.Join(strings.Fields(s.cell(row, fieldAuthor)), " "), models.NormalEmail(s.cell(row, fieldEmail))
	if strings.Contains(name, "@") {
		if email == "" {
			email = models.NormalEmail(name)
		}
		name = ""
	}
	if s.to.Authors != authorsAddress {
		email = ""
	}
	if runes := []rune(name); len(runes) > 100 {
		name = string(runes[:99]) + "…"
	}
	return models.NamedRef(s.run.SpaceID, name), name, email
}

// look collects what is to be looked up before rows can be taken in.
func (s *sheet) look(row *sheets.Row) error {
	if row.Mistake != "" {
		return nil
	}
	s.refs[s.rowRef(row)] = true
	if name := s.called(row); name != "" && s.answers == nil && len(s.calls) < maxCalled {
		s.calls[name] = true
	}
	ref, _, email := s.author(row)
	s.names[ref] = true
	if email != "" {
		s.emails[email] = true
	}
	if s.run.What == models.DownloadComments {
		s.about[s.ref(s.cell(row, fieldIdea))] = true
	}
	return nil
}

// maxProblems bounds the mistakes that are kept; the others are counted.
const maxProblems = 1000

func (s *sheet) wrong(line int, field, key string) {
	if s.run.ProblemCount++; len(s.problems) < maxProblems {
		s.problems = append(s.problems, models.ImportProblem{ImportID: s.run.ID, Number: len(s.problems) + 1, Line: line, Place: field, Problem: key})
	}
}

// words of a mistake, as a key of the catalogue.
func (m *mistake) key() string {
	if key := m.why.Error(); i18n.For("en").Has(key) {
		return key
	}
	return "imports.problem." + m.field
}

// take takes a row in, or says what is wrong with it.
func (s *sheet) take(row *sheets.Row) error {
	if row.Mistake != "" {
		s.wrong(row.Line, "", string(row.Mistake))
		return nil
	}
	ref := s.rowRef(row)
	if s.lines[ref] != 0 {
		s.wrong(row.Line, fieldID, "imports.problem.twice")
		return nil
	}
	s.lines[ref] = row.Line
	into := s.takeIdea
	if s.run.What == models.DownloadComments {
		into = s.takeComment
	}
	if wrong := into(row, ref); wrong != nil {
		s.wrong(row.Line, wrong.field, wrong.key())
	}
	return nil
}

func (s *sheet) takeIdea(row *sheets.Row, ref string) *mistake {
	answers, stage, wrong := s.placeOf(row)
	if wrong != nil {
		return wrong
	}
	if stage == stageGone {
		s.counts.Left++
		return nil
	}
	if s.knownIdeas[ref] != 0 {
		s.counts.Known++
		return nil
	}
	created, wrong := s.date(row)
	if wrong != nil {
		return wrong
	}
	votes, err := strconv.Atoi(orZero(blanks.ReplaceAllString(strings.ReplaceAll(s.cell(row, fieldSupport), "\u00a0", " "), "")))
	if err != nil || votes < 0 || votes > maxVotes {
		return &mistake{fieldSupport, fmt.Errorf("not a number of supports: %d", votes)}
	}
	title := s.cell(row, fieldTitle)
	made, wrong := s.makeIdea(&ideaRow{
		Title: title, Summary: s.cell(row, fieldSummary), Body: markdown(s.cell(row, fieldBody)), CreatedAt: created, VotesUp: votes, Lang: s.cell(row, fieldLang),
		Tags: strings.FieldsFunc(s.cell(row, fieldTags), func(r rune) bool { return strings.ContainsRune(",;|\n", r) }),
	}, place{line: row.Line})
	if wrong != nil {
		return wrong
	}
	s.counts.New++
	s.counts.Supports += votes
	if len([]rune(title)) > text.MaxTitle {
		s.counts.Cut++
	}
	made.author = s.member(row)
	if !s.keep {
		return nil
	}
	_, made.writer, _ = s.author(row)
	made.space, made.campaign, made.Stage, made.ImportRef, made.ImportID, made.ImportedSupports = s.space, answers, models.Stage(stage), &ref, &s.run.ID, votes
	if answers != nil {
		made.Campaign = answers.Title
	}
	s.newIdeas = append(s.newIdeas, made)
	return nil
}

// maxVotes is more than any platform has counted for one idea.
const maxVotes = 10_000_000

func orZero(number string) string {
	if number == "" {
		return "0"
	}
	return number
}

// stage is what a state of the file means here.
func (s *sheet) stage(state string) string {
	if state == "" {
		return string(models.Proposed)
	}
	if !slices.Contains(s.counts.States, state) && len(s.counts.States) < maxStates {
		s.counts.States = append(s.counts.States, state)
	}
	if stage := s.to.Stages[state]; stage != "" {
		return stage
	}
	return stageOf(state)
}

// date is when a row was written, as makeIdea and makeComment read it: now if the file does not say.
func (s *sheet) date(row *sheets.Row) (string, *mistake) {
	cell := s.cell(row, fieldDate)
	if cell == "" {
		return s.now.Format(time.RFC3339), nil
	}
	at, err := moment(cell)
	switch {
	case err != nil:
		return "", &mistake{fieldDate, err}
	case at.After(s.now):
		return "", &mistake{fieldDate, errors.New("imports.problem.future")}
	case at.Year() < 1900:
		return "", &mistake{fieldDate, fmt.Errorf("%q is long ago", cell)}
	}
	return at.Format(time.RFC3339), nil
}

// member is the author of a row: the person with its address, or a member who cannot sign in.
func (s *sheet) member(row *sheets.Row) *models.User {
	if s.to.Authors == authorsPaper {
		return s.paper
	}
	ref, name, email := s.author(row)
	if id := s.byEmail[email]; id != 0 {
		if s.users[email] == nil {
			s.users[email] = &models.User{ID: id}
			s.counts.Matched++
		}
		return s.users[email]
	}
	if known := s.users[ref]; known != nil {
		return known
	}
	if name == "" {
		name = s.locale.T("imports.anonymous")
	}
	user := &models.User{ID: s.knownUsers[ref], Name: name, Role: models.RoleEmployee, ImportRef: &ref, CreatedAt: s.now}
	s.users[ref] = user
	if user.ID == 0 {
		s.counts.People++
		s.newUsers = append(s.newUsers, user)
	}
	return user
}

func (s *sheet) takeComment(row *sheets.Row, ref string) *mistake {
	about, parent := s.cell(row, fieldIdea), s.cell(row, fieldParent)
	if strings.HasSuffix(s.cell(row, fieldKind), "Comment") { // Decidim says of an answer only what it answers
		about, parent = "", about
	}
	var on *idea
	if up := s.comments[s.ref(parent)]; parent != "" && up != nil {
		on = up.idea
	} else if id := s.knownIdeas[s.ref(about)]; about != "" && id != 0 {
		if on = s.commented[id]; on == nil {
			on = &idea{Idea: models.Idea{ID: id}, known: true, space: s.space}
			s.commented[id] = on
		}
	}
	if on == nil {
		return &mistake{fieldIdea, errors.New("no such idea")}
	}
	if known, here := s.here[ref]; here {
		if *known.IdeaID != on.ID {
			return &mistake{fieldID, errors.New("imports.problem.elsewhere")}
		}
		s.counts.Known++
		s.comments[ref] = &comment{Post: models.Post{ID: known.ID}, idea: on}
		return nil
	}
	created, wrong := s.date(row)
	if wrong != nil {
		return wrong
	}
	made, wrong := s.makeComment(&commentRow{Body: markdown(s.cell(row, fieldBody)), CreatedAt: created, Lang: s.cell(row, fieldLang)}, place{line: row.Line})
	if wrong != nil {
		return wrong
	}
	s.counts.New++
	made.author = s.member(row)
	made.idea, made.ImportRef, made.ImportID = on, &ref, &s.run.ID
	if parent != "" {
		made.parent = s.comments[s.ref(parent)]
	}
	s.comments[ref] = made
	if s.keep {
		s.newComments = append(s.newComments, made)
	} else {
		made.Post = models.Post{}
	}
	return nil
}
