package imports

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"ruche/models"
	"ruche/views/i18n"
)

// mapping says what the columns of a file hold, who the authors are, and which stages its states mean here.
type mapping struct {
	Fields  map[string]int    `json:"fields"` // places of columns, from 0, by the field that they fill
	Authors string            `json:"authors"`
	Stages  map[string]string `json:"stages"` // stages by states of the file; stageGone leaves ideas out
}

// How authors are found.
const (
	authorsNamed   = "named"   // each name becomes a member who cannot sign in
	authorsAddress = "address" // people of the house by their address, the others by name
	authorsPaper   = "paper"   // nobody yet: ideas that came on paper, which those who wrote them claim
)

// stageGone stands for a state whose ideas are not taken in.
const stageGone = "gone"

// Fields of ideas and of comments, in the order of the mapping's page.
const (
	fieldID       = "id"
	fieldTitle    = "title"
	fieldSummary  = "summary"
	fieldBody     = "body"
	fieldAuthor   = "author"
	fieldEmail    = "email"
	fieldDate     = "date"
	fieldTags     = "tags"
	fieldState    = "state"
	fieldStage    = "stage"
	fieldCampaign = "campaign"
	fieldSupport  = "supports"
	fieldLang     = "lang"
	fieldIdea     = "idea"
	fieldParent   = "parent"
	fieldKind     = "kind" // of what a comment is about
)

// fieldsOf lists the fields of a kind of rows.
func fieldsOf(what models.DownloadKind) []string {
	if what == models.DownloadComments {
		return []string{fieldID, fieldIdea, fieldKind, fieldParent, fieldBody, fieldAuthor, fieldEmail, fieldDate, fieldLang}
	}
	return []string{fieldID, fieldTitle, fieldBody, fieldSummary, fieldAuthor, fieldEmail, fieldDate, fieldTags, fieldCampaign, fieldStage, fieldState, fieldSupport, fieldLang}
}

// fieldsFor lists the fields of a run: what goes into one campaign names none.
func fieldsFor(run *models.IdeaImport) []string {
	return slices.DeleteFunc(fieldsOf(run.What), func(field string) bool { return field == fieldCampaign && run.CampaignID != nil })
}

// needed lists the fields without which there is nothing to take in.
func needed(what models.DownloadKind) []string {
	if what == models.DownloadComments {
		return []string{fieldIdea, fieldBody}
	}
	return []string{fieldTitle}
}

// Bounds of the states of a file: how many can be mapped to stages, and how long one is.
const (
	maxStates = 50
	maxState  = 100
)

// validate says which fields of the mapping are wrong.
func (m *mapping) validate(actor *models.Actor, run *models.IdeaImport, columns int) error {
	what := run.What
	problems := models.Invalid{}
	for _, field := range needed(what) {
		if _, mapped := m.Fields[field]; !mapped {
			problems[field] = "imports.field_missing"
		}
	}
	for field, at := range m.Fields {
		if at < 0 || at >= columns || !slices.Contains(fieldsFor(run), field) {
			problems[field] = "imports.field_invalid"
		}
	}
	switch {
	case m.Authors == authorsAddress && !actor.Can(models.ManagePeople, nil), m.Authors == authorsPaper && what != models.DownloadIdeas,
		!slices.Contains([]string{authorsNamed, authorsAddress, authorsPaper}, m.Authors):
		problems["authors"] = "imports.authors_invalid"
	}
	for _, stage := range m.Stages {
		if stage != stageGone && !models.Stage(stage).Valid() {
			problems["stages"] = "ideas.stage_invalid"
		}
	}
	if len(m.Stages) > maxStates {
		problems["stages"] = "imports.states_many"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// heading is a heading as it is compared: letters and the stroke that Decidim has between the parts of one.
func heading(word string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || r == '/' {
			return r
		}
		return -1
	}, norm.NFD.String(word)))
}

// words are the headings that fill a field, the likelier first.
func words(field string, what models.DownloadKind) []string {
	all := map[string]string{
		fieldID:      "id number numero identifiant reference",
		fieldTitle:   "title titre name nom",
		fieldBody:    "body description texte text contenu content corps comment commentaire",
		fieldSummary: "summary resume abstract chapo teaser",
		fieldAuthor:  "author/name authorname authorusername author auteur nomdelauteur createdby username user pseudo",
		fieldEmail:   "author/email authoremail email mail emaildelauteur adresseemail",
		fieldDate:    "publishedat createdat published created publiee publieele datedepublication datedecreation date writtenat written ecritle",
		fieldTags:    "tags taglist themes categories category/name category categorie categorie/nom theme",
		fieldState:   "state status statut etat etape stage selected selectionne feasibility",
		fieldSupport: "supports proposalvotescount votescount votes votesup votestotal cachedvotesup soutiens nombredesoutiens totalvotes endorsements/totalcount",
		fieldLang:    "lang locale language langue",
	}
	if what == models.DownloadComments {
		all[fieldIdea] = "ideaid numerodelidee numberoftheidea rootcommentableid commentableid commentable/id postnumber proposalid idea"
		all[fieldKind] = "commentabletype"
		all[fieldParent] = "parentid repondasanswers answers repond reponda"
		all[fieldID] = "id numero number"
	}
	return strings.Fields(all[field])
}

// guess finds the columns of the fields, and the platform whose export a file reads like. Of the columns that a file has for each
// language, those are passed over that are empty in its first row.
func guess(columns, first []string, what models.DownloadKind, locale string) (profile string, fields map[string]int) {
	fields = map[string]int{}
	names, filled := make([]string, len(columns)), make([]string, len(columns))
	for i, column := range columns {
		names[i] = heading(column)
		if !spokenColumn.MatchString(names[i]) || i < len(first) && strings.TrimSpace(first[i]) != "" {
			filled[i] = names[i]
		}
	}
	taken := map[int]bool{}
	for _, field := range fieldsOf(what) {
		if at := find(filled, taken, words(field, what), locale); at >= 0 {
			fields[field], taken[at] = at, true
		}
	}
	if _, written := fields[fieldBody]; !written { // of a table that has but one text, that is the text
		if at, short := fields[fieldSummary]; short {
			fields[fieldBody] = at
			delete(fields, fieldSummary)
		}
	}
	has := func(wanted ...string) bool {
		for _, word := range wanted {
			if !slices.Contains(names, word) {
				return false
			}
		}
		return true
	}
	switch {
	case has("participatoryspace/id") || has("component/id") || has("commentableid", "commentabletype") || has("category/id", "scope/id"):
		profile = "decidim"
	case has("number", "votescount", "status") || has("originalnumber"):
		profile = "fider"
	case has("cachedvotesup") || has("valuationgroup") || has("authorusername"):
		profile = "consul"
	case has("lastactivity") || has("derniereactivite") || has("activeat"):
		profile = "ruche"
		if at, mapped := fields[fieldState]; mapped && what == models.DownloadIdeas { // our own words for stages
			fields[fieldStage] = at
			delete(fields, fieldState)
		}
	}
	if profile == "" && what == models.DownloadIdeas {
		if at := find(names, taken, []string{"campaign", "campagne"}, locale); at >= 0 {
			fields[fieldCampaign] = at
		}
	}
	return profile, fields
}

// spokenColumn is the heading of a column in one language.
var spokenColumn = regexp.MustCompile(`/[a-z]{2}$`)

// find is the place of the first column that one of the words names, -1 if none does. A column for each language, such as "title/fr",
// is that of the reader's before the others.
func find(names []string, taken map[int]bool, words []string, locale string) int {
	for _, word := range words {
		for _, language := range []string{"", "/" + locale, "/fr", "/en"} {
			if at := slices.Index(names, word+language); at >= 0 && !taken[at] {
				return at
			}
		}
		for at, name := range names {
			if rest, ok := strings.CutPrefix(name, word+"/"); ok && len(rest) == 2 && !taken[at] {
				return at
			}
		}
	}
	return -1
}

// spoken is a cell that holds a text in several languages, as Decidim's database has them, in one of them.
func spoken(cell, locale string) string {
	if !strings.HasPrefix(cell, "{\"") {
		return cell
	}
	var texts map[string]any
	if json.Unmarshal([]byte(cell), &texts) != nil {
		return cell
	}
	for _, language := range append([]string{locale, "fr", "en"}, slices.Sorted(maps.Keys(texts))...) {
		if text, ok := texts[language].(string); ok && text != "" {
			return text
		}
	}
	return ""
}

// stageOf guesses what a state of another platform means here.
func stageOf(state string) string {
	if stage := stages[strings.ToUpper(state)]; stage != "" {
		return string(stage)
	}
	word := strings.ReplaceAll(heading(state), "/", "")
	for _, lang := range i18n.Languages {
		l := i18n.For(lang)
		for _, stage := range models.Stages() {
			if word == heading(l.T("stage."+string(stage))) {
				return string(stage)
			}
		}
	}
	for stage, states := range map[string]string{
		string(models.Decided):     "accepted acceptee retenue retenu planned started selected winner yes oui si feasible faisable",
		string(models.Implemented): "completed done realisee realise finished",
		string(models.Declined):    "rejected rejetee declined refused refusee unfeasible infaisable nonretenue",
		string(models.Evaluated):   "evaluating evaluation encoursdevaluation",
		stageGone:                  "withdrawn trashed deleted duplicate retiree hidden spam",
	} {
		if slices.Contains(strings.Fields(states), word) || models.Stage(word).Valid() && word == stage {
			return stage
		}
	}
	return string(models.Proposed)
}
