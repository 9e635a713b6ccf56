package models

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Spellings are the other spellings of a word and its abbreviations.
type Spellings []string

// ParseSpellings reads what was typed: one a line, or parted by commas.
func ParseSpellings(text string) (spellings Spellings) {
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if one = oneLine(one); one != "" && !slices.Contains(spellings, one) {
			spellings = append(spellings, one)
		}
	}
	return spellings
}

// String is how they stand in a field.
func (s Spellings) String() string { return strings.Join(s, ", ") }

// Value stores them one a line.
func (s Spellings) Value() (driver.Value, error) { return strings.Join(s, "\n"), nil }

// Scan reads what Value stored.
func (s *Spellings) Scan(from any) error {
	*s = nil
	text := ""
	switch stored := from.(type) {
	case string:
		text = stored
	case []byte:
		text = string(stored)
	default:
		return fmt.Errorf("spellings from %T", from)
	}
	if text != "" {
		*s = strings.Split(text, "\n")
	}
	return nil
}

// LockTerm is Term inside a change, with the article that is said to explain it, whoever may read that.
func (tx *Tx) LockTerm(id int64) (*Term, error) {
	if err := tx.hold("terms", id); err != nil {
		return nil, err
	}
	return tx.storedTerm(tx.ctx, tx.actor, id)
}

// CreateTerm adds a term to those of its space.
func (tx *Tx) CreateTerm(term *Term) error {
	if err := tx.hold("spaces", term.SpaceID); err != nil { // so that two do not explain one word
		return err
	}
	var n int
	if err := tx.raw(tx.ctx, &n, "SELECT count(*) FROM terms WHERE space_id = ? AND state = 'published'", term.SpaceID); err != nil {
		return err
	}
	if n >= maxTerms {
		return Invalid{"word": "glossary.too_many"}
	}
	if err := tx.termFits(term); err != nil {
		return err
	}
	term.State, term.Version, term.CreatedAt, term.EditedAt = Published, 1, tx.now, tx.now
	if err := tx.create(term); err != nil {
		return err
	}
	return tx.keepTerm(term)
}

// EditTerm stores another word or definition of a locked term as its next version. ErrConflict if it is withdrawn, or another one than
// base by now.
func (tx *Tx) EditTerm(term *Term, base int) error {
	if term.State != Published || base != term.Version {
		return fmt.Errorf("edit term %d from version %d: %w", term.ID, base, ErrConflict)
	}
	if err := tx.hold("spaces", term.SpaceID); err != nil {
		return err
	}
	if err := tx.termFits(term); err != nil {
		return err
	}
	term.Version, term.EditedAt = term.Version+1, tx.now
	_, err := tx.exec("UPDATE terms SET word = ?, word_key = ?, also = ?, lang = ?, definition = ?, html = ?, article_id = ?, everywhere = ?, version = ?, edited_at = ? WHERE id = ?",
		term.Word, term.WordKey, term.Also, term.Lang, term.Definition, term.HTML, term.ArticleID, term.Everywhere, term.Version, term.EditedAt, term.ID)
	if err != nil {
		return err
	}
	return tx.keepTerm(term)
}

// WithdrawTerm takes a locked term out of the glossary, or with back puts it there again, and tells whether that changed anything. It
// cannot come back while another one explains its word.
func (tx *Tx) WithdrawTerm(term *Term, back bool) (changed bool, err error) {
	if back == (term.State == Published) {
		return false, nil
	}
	if !back {
		term.State = Withdrawn
		if _, err := tx.exec("DELETE FROM term_words WHERE term_id = ?", term.ID); err != nil {
			return false, err
		}
	} else {
		if err := tx.hold("spaces", term.SpaceID); err != nil {
			return false, err
		}
		if err := tx.termFits(term); err != nil {
			return false, err
		}
		term.State = Published
		if err := tx.spellTerm(term); err != nil {
			return false, err
		}
	}
	_, err = tx.exec("UPDATE terms SET state = ? WHERE id = ?", term.State, term.ID)
	return true, err
}

// termFits validates a term: that no other one of its space and language has its word, and that the article is one that is there.
func (tx *Tx) termFits(term *Term) error {
	if err := term.Validate(); err != nil {
		return err
	}
	var taken []string
	err := tx.raw(tx.ctx, &taken, "SELECT w.word_key FROM term_words w JOIN terms t ON t.id = w.term_id WHERE w.word_key IN ? AND w.space_id = ? AND w.term_id <> ? AND (t.lang = ? OR t.lang = '' OR ? = '') LIMIT 20",
		term.keys(), term.SpaceID, term.ID, term.Lang, term.Lang)
	switch {
	case err != nil:
		return err
	case slices.Contains(taken, term.WordKey):
		return Invalid{"word": "glossary.word_taken"}
	case len(taken) > 0:
		return Invalid{"also": "glossary.also_taken"}
	case term.ArticleID == nil:
		return nil
	}
	var kept []int64 // what was said before stays, whoever sees that article now
	if err := tx.raw(tx.ctx, &kept, "SELECT article_id FROM terms WHERE id = ? AND article_id = ?", term.ID, *term.ArticleID); err != nil || len(kept) > 0 {
		return err
	}
	article, err := tx.Article(tx.ctx, tx.actor, *term.ArticleID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err != nil || article.SpaceID != term.SpaceID || article.State != Published {
		return Invalid{"article": "glossary.article_unknown"}
	}
	return nil
}

// keepTerm keeps what is said of a term now, and how its words are looked up.
func (tx *Tx) keepTerm(term *Term) error {
	err := tx.create(&TermVersion{TermID: term.ID, Number: term.Version, EditorID: tx.actorID(), Word: term.Word, Also: term.Also, Lang: term.Lang, Definition: term.Definition, ArticleID: term.ArticleID, Everywhere: term.Everywhere, CreatedAt: term.EditedAt})
	if err != nil {
		return err
	}
	return tx.spellTerm(term)
}

func (tx *Tx) spellTerm(term *Term) error {
	if _, err := tx.exec("DELETE FROM term_words WHERE term_id = ?", term.ID); err != nil {
		return err
	}
	for _, key := range term.keys() {
		if _, err := tx.exec("INSERT INTO term_words (term_id, space_id, word_key) VALUES (?, ?, ?)", term.ID, term.SpaceID, key); err != nil {
			return err
		}
	}
	return nil
}
