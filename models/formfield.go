package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FormField is something that a campaign asks of every idea, in the words of its latest version.
type FormField struct {
	ID         int64
	CampaignID int64
	Position   int
	Kind       FieldKind        // for ever: another kind is another question
	Visibility AnswerVisibility // of the answers that are given now; each keeps its own
	Version    int
	RetiredAt  *time.Time // no longer asked; what was answered stays
	CreatedAt  time.Time
	Answers    int // that hold now; only those who set up the form are told

	Wording
}

// Wording is what one version of a field asks.
type Wording struct {
	Label    Words `gorm:"embedded;embeddedPrefix:label_"`
	Help     Words `gorm:"embedded;embeddedPrefix:help_"`
	Required bool
	Choices  Choices
	Low      int // the ends of a scale
	High     int // or how many files
	Accepts  FileKinds
}

// FieldKind says what an answer is.
type FieldKind string

// Kinds of fields.
const (
	ShortField   FieldKind = "short"
	LongField    FieldKind = "long" // plain text of several lines
	NumberField  FieldKind = "number"
	AmountField  FieldKind = "amount" // in euros
	DateField    FieldKind = "date"
	ChoiceField  FieldKind = "choice"
	ChoicesField FieldKind = "choices"
	ScaleField   FieldKind = "scale"
	LinkField    FieldKind = "link"
	FileField    FieldKind = "file"   // or several
	PersonField  FieldKind = "person" // of the company
)

// FieldKinds lists them, in the order in which they are offered.
func FieldKinds() []FieldKind {
	return []FieldKind{ShortField, LongField, ChoiceField, ChoicesField, ScaleField, NumberField, AmountField, DateField, LinkField, FileField, PersonField}
}

// Chosen tells whether an answer is one or several of a list.
func (k FieldKind) Chosen() bool { return k == ChoiceField || k == ChoicesField }

// AnswerVisibility says who sees the answers to a field, beside the author of the idea and those who run the campaign.
type AnswerVisibility string

// Who sees answers.
const (
	AnswersForAll        AnswerVisibility = "everyone"   // who may read the idea
	AnswersForEvaluators AnswerVisibility = "evaluators" // of the campaign, and the team
	AnswersForTeam       AnswerVisibility = "team"       // of the campaign
	AnswersPrivate       AnswerVisibility = "private"    // nobody else

	// AnswersForExperts is what was promised before campaigns had evaluators of their own: the experts of the space, and the team. No
	// field can be given it any more.
	AnswersForExperts AnswerVisibility = "experts"
)

// AnswerVisibilities lists them, widest first: each is for some of those that the one before it is for.
func AnswerVisibilities() []AnswerVisibility {
	return []AnswerVisibility{AnswersForAll, AnswersForEvaluators, AnswersForTeam, AnswersPrivate}
}

// Narrows tells whether nobody sees answers through other who does not through v.
func (v AnswerVisibility) Narrows(other AnswerVisibility) bool {
	all := AnswerVisibilities()
	return slices.Index(all, v) <= slices.Index(all, other)
}

// Choice is one of those that a field offers, or the words for an end of a scale. Its number stays when its words change.
type Choice struct {
	ID int    `json:"id"`
	FR string `json:"fr,omitempty"`
	EN string `json:"en,omitempty"`
}

// Words are those of the choice.
func (c Choice) Words() Words { return Words{c.FR, c.EN} }

// Choices are those of a field, in their order, stored as JSON.
type Choices []Choice

// Value stores them.
func (c Choices) Value() (driver.Value, error) {
	raw, err := json.Marshal(append([]Choice{}, c...))
	return string(raw), err
}

// Scan reads them.
func (c *Choices) Scan(value any) error {
	switch v := value.(type) {
	case string:
		return json.Unmarshal([]byte(v), c)
	case []byte:
		return json.Unmarshal(v, c)
	}
	return fmt.Errorf("choices: unexpected %T", value)
}

// Find is the choice with a number, nil if there is none.
func (c Choices) Find(id int) *Choice {
	if i := slices.IndexFunc(c, func(choice Choice) bool { return choice.ID == id }); i >= 0 {
		return &c[i]
	}
	return nil
}

// End is what is written at an end of a scale: 1 is the low one, 2 the high one.
func (c Choices) End(id int) Words {
	if end := c.Find(id); end != nil {
		return end.Words()
	}
	return Words{}
}

// Limits of a form: of the fields that are asked, of all that ever were, and of what is written in one.
const (
	MaxFields    = 20
	maxAllFields = 100
	MaxLabel     = 120
	MaxHelp      = 300
	MaxChoices   = 30
	MaxChoice    = 80
	mostScale    = 10
)

// AnswerName is the name of the field in the form of an idea.
func (f *FormField) AnswerName() string { return AnswerName(f.ID) }

// UploadName is the name of the files that come with the form of an idea for the field.
func (f *FormField) UploadName() string { return uploadPrefix + strconv.FormatInt(f.ID, 10) }

// UploadField is the id of the field with such a name; 0 if it is the name of something else.
func UploadField(name string) int64 {
	id, found := strings.CutPrefix(name, uploadPrefix)
	if !found {
		return 0
	}
	return AnsweredField(answerPrefix + id)
}

const uploadPrefix = "upload_"

const answerPrefix = "answer_"

// AnswerName is the name of the field with an id in the form of an idea.
func AnswerName(id int64) string { return answerPrefix + strconv.FormatInt(id, 10) }

// AnsweredField is the id of the field with a name in the form of an idea; 0 if it is the name of something else.
func AnsweredField(name string) int64 {
	id, err := strconv.ParseInt(strings.TrimPrefix(name, answerPrefix), 10, 64)
	if err != nil || AnswerName(id) != name {
		return 0
	}
	return id
}

// validate tidies what a field asks in a campaign of an anonymity, and says which of its own fields are wrong.
func (f *FormField) validate(space Visibility, anonymity Anonymity) error {
	problems := Invalid{}
	if !slices.Contains(FieldKinds(), f.Kind) {
		problems["kind"] = "forms.kind_invalid"
	}
	if f.Kind == PersonField && space.AdmitsExternals() {
		problems["kind"] = "forms.person_outside"
	}
	if !slices.Contains(AnswerVisibilities(), f.Visibility) {
		problems["visibility"] = "forms.visibility_invalid"
	}
	lines(problems, "label", &f.Label, MaxLabel, "forms.label_invalid")
	lines(problems, "help", &f.Help, MaxHelp, "forms.help_invalid")
	if f.Label.Empty() && problems["label_fr"] == "" && problems["label_en"] == "" {
		problems["label_fr"] = "forms.label_missing"
	}
	switch {
	case f.Kind == ScaleField:
		f.validateScale(problems)
	case f.Kind.Chosen():
		f.validateChoices(problems)
	default:
		f.Choices = nil
	}
	switch f.Kind {
	case ScaleField:
		f.Accepts = nil
	case FileField:
		f.Low = 0
		f.validateFiles(anonymity, problems)
	default:
		f.Low, f.High, f.Accepts = 0, 0, nil
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func (f *FormField) validateScale(problems Invalid) {
	if f.Low < 0 || f.Low > 1 || f.High <= f.Low || f.High > mostScale {
		problems["high"] = "forms.scale_invalid"
	}
	for i := range f.Choices {
		f.Choices[i].tidy(problems)
	}
	f.Choices = slices.DeleteFunc(f.Choices, func(c Choice) bool { return c.Words().Empty() })
}

// validateChoices gives new choices their numbers; those of choices that were offered before are never given again.
func (f *FormField) validateChoices(problems Invalid) {
	f.Choices = slices.DeleteFunc(f.Choices, func(c Choice) bool { return strings.TrimSpace(c.FR) == "" && strings.TrimSpace(c.EN) == "" })
	if len(f.Choices) < 2 || len(f.Choices) > MaxChoices {
		problems["choices"] = "forms.choices_number"
		return
	}
	seen := map[Words]bool{}
	for i := range f.Choices {
		choice := &f.Choices[i]
		choice.tidy(problems)
		if seen[choice.Words()] {
			problems["choices"] = "forms.choices_twice"
		}
		seen[choice.Words()] = true
	}
}

func (c *Choice) tidy(problems Invalid) {
	words := c.Words()
	wrong := Invalid{}
	lines(wrong, "choices", &words, MaxChoice, "forms.choice_invalid")
	for _, key := range wrong {
		problems["choices"] = key
	}
	c.FR, c.EN = words.FR, words.EN
}

// lines makes each text one line, and says where one is no text or too long.
func lines(problems Invalid, field string, words *Words, most int, key string) {
	for lang, text := range map[string]*string{"_fr": &words.FR, "_en": &words.EN} {
		if *text = oneLine(*text); *text != "" && !fits(*text, most) {
			problems[field+lang] = key
		}
	}
}
