package models

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Term is a word of a space with what it means there.
type Term struct {
	ID         int64
	SpaceID    int64
	Word       string
	WordKey    string // by which lists are in order
	Also       Spellings
	Lang       string // "fr", "en" or empty: of any language
	Definition string // Markdown, one paragraph
	HTML       string `gorm:"column:html"`
	ArticleID  *int64 // of the same space, which explains it; nil for none
	Everywhere bool   // explained in the articles of all spaces, to those who see its own
	State      State
	Version    int
	CreatedAt  time.Time
	EditedAt   time.Time
}

func (t *Term) subject() (string, int64, int64) { return "term", t.ID, t.SpaceID }

// Path is the address of the term, the same for ever; what follows the number is decoration.
func (t *Term) Path() string { return TermPath(t.ID, t.Word) }

// TermPath is the address of a term with a word.
func TermPath(id int64, word string) string { return numbered("/glossary/", id, word) }

// Bounds of terms: characters of a word and of a definition, spellings of one, and terms of a space.
const (
	MaxTermWord   = 80
	MaxDefinition = 600
	MaxSpellings  = 10
	maxTerms      = 2000
)

// Validate tidies the term and says which fields are wrong.
func (t *Term) Validate() error {
	problems := Invalid{}
	t.Word, t.Definition = oneLine(t.Word), oneLine(t.Definition)
	if !wordFits(t.Word) {
		problems["word"] = "glossary.word_invalid"
	}
	if t.Definition == "" || !fits(t.Definition, MaxDefinition) {
		problems["definition"] = "glossary.definition_invalid"
	}
	t.Also = slices.DeleteFunc(t.Also, func(s string) bool { return nameKey(s) == nameKey(t.Word) })
	if len(t.Also) > MaxSpellings || slices.ContainsFunc(t.Also, func(s string) bool { return !wordFits(s) }) {
		problems["also"] = "glossary.also_invalid"
	}
	if !slices.Contains([]string{"", "fr", "en"}, t.Lang) {
		problems["lang"] = "glossary.lang_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	t.WordKey = nameKey(t.Word)
	return nil
}

// wordFits tells whether a word can be found in a text: it has a letter or a digit.
func wordFits(word string) bool {
	return fits(word, MaxTermWord) && strings.Trim(foldASCII(word), "-") != ""
}

// Says tells whether another term says the same.
func (t *Term) Says(other *Term) bool {
	return t.Word == other.Word && slices.Equal(t.Also, other.Also) && t.Lang == other.Lang && t.Definition == other.Definition && t.Everywhere == other.Everywhere && orZero(t.ArticleID) == orZero(other.ArticleID)
}

// keys are the word and its other spellings as they are looked up, once each.
func (t *Term) keys() (keys []string) {
	for _, word := range append([]string{t.Word}, t.Also...) {
		if key := nameKey(word); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// TermVersion is what was said of a term, and by whom.
type TermVersion struct {
	TermID     int64
	Number     int
	EditorID   int64
	Word       string
	Also       Spellings
	Lang       string
	Definition string
	ArticleID  *int64
	Everywhere bool
	CreatedAt  time.Time
}

// TermVersionCard is a version as its list shows it.
type TermVersionCard struct {
	TermVersion
	Name    string
	Role    Role
	Picture int64
}

// TermKey is the place in a list of terms after which the next page begins.
type TermKey struct {
	Word string `json:"w"`
	ID   int64  `json:"i"`
}

// String is the key as it stands in an address.
func (k *TermKey) String() string {
	raw, _ := json.Marshal(k) // a text and a number always marshal
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseTermKey reads a key from an address; a malformed one is a mistake at the field "cursor".
func ParseTermKey(text string) (*TermKey, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	key := &TermKey{}
	if err != nil || json.Unmarshal(raw, key) != nil || key.ID < 0 || key.Word != "" && !readable(key.Word) {
		return nil, Invalid{"cursor": "lists.cursor_invalid"}
	}
	return key, nil
}

// TermsFrom is the place in a list before the first term that begins with a text, or would stand there.
func TermsFrom(text string) *TermKey {
	if text = oneLine(text); text == "" || !readable(text) {
		return nil
	}
	return &TermKey{Word: nameKey(text)}
}

// Terms lists what the actor may see of the glossary, from A to Z after a key, of one space with its id. next is the key of the next page,
// nil at the end.
func (q Queries) Terms(ctx context.Context, actor *Actor, spaceID int64, after *TermKey, limit int) (terms []Term, next *TermKey, err error) {
	scope := actor
	if spaceID != 0 {
		scope = actor.within(spaceID)
	}
	if after == nil {
		after = &TermKey{}
	}
	// The first of each space from its own index, since few of many may be seen.
	first := "SELECT t.id FROM terms t WHERE t.space_id = s.value AND t.state = 'published' AND (t.word_key, t.id) > (?, ?) ORDER BY t.word_key, t.id LIMIT " + strconv.Itoa(limit+1)
	keys := "json_each('[' || ? || ']') s JOIN terms k ON k.id IN (" + first + ")"
	if q.postgres() {
		keys = "unnest(string_to_array(?, ',')::bigint[]) AS s(value) CROSS JOIN LATERAL (" + first + ") k"
	}
	err = q.raw(ctx, &terms, "SELECT t.* FROM (SELECT k.id FROM "+keys+") k JOIN terms t ON t.id = k.id ORDER BY t.word_key, t.id LIMIT "+strconv.Itoa(limit+1), scope.spaceList(), after.Word, after.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("list terms: %w", err)
	}
	if len(terms) > limit {
		terms = terms[:limit]
		last := &terms[limit-1]
		next = &TermKey{Word: last.WordKey, ID: last.ID}
	}
	return terms, next, q.veilTerms(ctx, actor, terms)
}

// askedWords is how many words of a text are looked up as terms.
const askedWords = 12

// TermsAsked are the terms that a short text is about: the whole of it, or up to three words of it in a row.
func (q Queries) TermsAsked(ctx context.Context, actor *Actor, text string, limit int) (terms []Term, err error) {
	words := strings.Fields(nameKey(Calm(text)))
	if len(words) == 0 || len(words) > askedWords || !readable(text) || len(actor.Spaces) == 0 {
		return nil, nil
	}
	asked := []string{strings.Join(words, " ")}
	for i := range words {
		for n := 1; n <= 3 && i+n <= len(words); n++ {
			asked = append(asked, strings.Trim(strings.Join(words[i:i+n], " "), "?!.,;:«»\"'"))
		}
	}
	seen, list := q.visible(actor, "w.space_id")
	err = q.raw(ctx, &terms, `SELECT t.* FROM (SELECT DISTINCT w.term_id FROM term_words w WHERE w.word_key IN ? AND `+seen+` ORDER BY w.term_id LIMIT 50) f
		JOIN terms t ON t.id = f.term_id ORDER BY length(t.word) DESC, t.id LIMIT `+strconv.Itoa(limit), asked, list)
	if err != nil {
		return nil, fmt.Errorf("terms of a question: %w", err)
	}
	return terms, q.veilTerms(ctx, actor, terms)
}

// Term finds a term that the actor may see: one that is withdrawn only where they write the glossary.
func (q Queries) Term(ctx context.Context, actor *Actor, id int64) (*Term, error) {
	term, err := q.storedTerm(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	terms := []Term{*term}
	return &terms[0], q.veilTerms(ctx, actor, terms)
}

// storedTerm is Term with the article that is said to explain it, whoever may read that.
func (q Queries) storedTerm(ctx context.Context, actor *Actor, id int64) (*Term, error) {
	seen, list := q.visible(actor, "space_id")
	written, writtenList := q.visible(actor.where(WriteArticle), "space_id")
	term := &Term{}
	if err := q.one(ctx, term, "SELECT * FROM terms WHERE id = ? AND "+seen+" AND (state = 'published' OR "+written+")", id, list, writtenList); err != nil {
		return nil, fmt.Errorf("term %d: %w", id, err)
	}
	return term, nil
}

// veilTerms takes from terms the articles that the actor may not read: one can have been withdrawn since, or be in a restricted collection.
func (q Queries) veilTerms(ctx context.Context, actor *Actor, terms []Term) error {
	var ids, read []int64
	for i := range terms {
		if terms[i].ArticleID != nil {
			ids = append(ids, *terms[i].ArticleID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	seen, list := q.visible(actor, "space_id")
	if err := q.raw(ctx, &read, "SELECT id FROM articles WHERE id IN ? AND state = 'published' AND "+seen, ids, list); err != nil {
		return fmt.Errorf("articles of terms: %w", err)
	}
	for i := range terms {
		if of := terms[i].ArticleID; of != nil && !slices.Contains(read, *of) {
			terms[i].ArticleID = nil
		}
	}
	return nil
}

// TermVersions lists what was said of a term that the actor has loaded, the latest first.
func (q Queries) TermVersions(ctx context.Context, id int64, limit int) (cards []TermVersionCard, err error) {
	err = q.raw(ctx, &cards, `SELECT v.*, u.name, `+standing+` AS role, coalesce(u.picture_id, 0) AS picture FROM term_versions v JOIN users u ON u.id = v.editor_id
		WHERE v.term_id = ? ORDER BY v.number DESC LIMIT `+strconv.Itoa(limit), id)
	if err != nil {
		return nil, fmt.Errorf("versions of term %d: %w", id, err)
	}
	return cards, nil
}

// TermVersion finds what was said of a term that the actor has loaded.
func (q Queries) TermVersion(ctx context.Context, id int64, number int) (*TermVersion, error) {
	version := &TermVersion{}
	if err := q.one(ctx, version, "SELECT * FROM term_versions WHERE term_id = ? AND number = ?", id, number); err != nil {
		return nil, fmt.Errorf("version %d of term %d: %w", number, id, err)
	}
	return version, nil
}

// SpaceTerms are the terms of a space, or with 0 those of all spaces that are explained everywhere, whoever may see them: for the
// vocabularies that a process keeps, which ask the policy of each reader.
func (q Queries) SpaceTerms(ctx context.Context, spaceID int64) (terms []Term, err error) {
	condition, args := "everywhere", []any{}
	if spaceID != 0 {
		condition, args = "space_id = ?", []any{spaceID}
	}
	err = q.raw(ctx, &terms, "SELECT * FROM terms WHERE "+condition+" AND state = 'published' ORDER BY id LIMIT "+strconv.Itoa(5*maxTerms), args...)
	if err != nil {
		return nil, fmt.Errorf("terms of space %d: %w", spaceID, err)
	}
	return terms, nil
}
