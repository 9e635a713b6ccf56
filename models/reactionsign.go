package models

import (
	"context"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"
)

// ReactionSign is one of the signs with which people answer a post without words. The company chooses them.
type ReactionSign struct {
	ID        int64
	Emoji     string
	NameEN    string `gorm:"column:name_en"`
	NameFR    string `gorm:"column:name_fr"`
	Position  int
	RetiredAt *time.Time // it stays where it was given, and is given no more
}

// Bounds of the set: how many signs there are to choose from, how many there ever were, and how long a name is.
const (
	MaxReactionSigns    = 12
	MaxAllReactionSigns = 60
	MaxReactionName     = 40
)

// Name is what the sign is called in a language.
func (s *ReactionSign) Name(lang string) string {
	if lang == "fr" {
		return s.NameFR
	}
	return s.NameEN
}

// InSet tells whether the sign can be given now.
func (s *ReactionSign) InSet() bool { return s.RetiredAt == nil }

// validate tidies the names and says which fields are wrong.
func (s *ReactionSign) validate() Invalid {
	problems := Invalid{}
	for field, name := range map[string]*string{"name_en": &s.NameEN, "name_fr": &s.NameFR} {
		if *name = oneLine(*name); !fits(*name, MaxReactionName) {
			problems[field] = "reactions.name_invalid"
		}
	}
	return problems
}

// The characters that join those of an emoji, and that ask for its coloured form.
const (
	joiner   = '\u200d'
	coloured = '\ufe0f'
)

// longestEmoji is how many characters the longest emoji of families and flags has.
const longestEmoji = 12

// oneEmoji tells whether a text is one emoji: a picture with what varies it, several that are joined, or a flag.
func oneEmoji(text string) bool {
	runes := []rune(text)
	if !utf8.ValidString(text) || len(runes) == 0 || len(runes) > longestEmoji {
		return false
	}
	letter := func(r rune) bool { return r >= '🇦' && r <= '🇿' }
	if letter(runes[0]) {
		return len(runes) == 2 && letter(runes[1])
	}
	picture := true // is what has to follow
	for _, r := range runes {
		switch {
		case picture:
			if !unicode.Is(unicode.So, r) || letter(r) {
				return false
			}
			picture = false
		case r == joiner:
			picture = true
		case r != coloured && (r < '🏻' || r > '🏿') && (r < '\U000E0020' || r > '\U000E007F'):
			return false
		}
	}
	return !picture
}

// ReactionSigns are all signs, those that can be given first, each part in the order of the company.
func (q Queries) ReactionSigns(ctx context.Context) (signs []ReactionSign, err error) {
	return signs, q.raw(ctx, &signs, "SELECT * FROM reaction_signs ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, position, id LIMIT ?", MaxAllReactionSigns)
}

// signs are all of them, held until the transaction ends, so that two who change the set do so one after the other.
func (tx *Tx) signs() (signs []ReactionSign, err error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	return signs, tx.raw(tx.ctx, &signs, "SELECT * FROM reaction_signs ORDER BY position, id"+lock)
}

func inSet(signs []ReactionSign) (n int) {
	for i := range signs {
		if signs[i].InSet() {
			n++
		}
	}
	return n
}

// AddReactionSign adds a sign at the end of the set.
func (tx *Tx) AddReactionSign(sign *ReactionSign) error {
	signs, err := tx.signs()
	if err != nil {
		return err
	}
	problems := sign.validate()
	sign.Emoji = oneLine(sign.Emoji)
	switch {
	case !oneEmoji(sign.Emoji):
		problems["emoji"] = "reactions.emoji_invalid"
	case slices.ContainsFunc(signs, func(s ReactionSign) bool { return plainEmoji(s.Emoji) == plainEmoji(sign.Emoji) }):
		problems["emoji"] = "reactions.emoji_taken"
	case inSet(signs) >= MaxReactionSigns || len(signs) >= MaxAllReactionSigns:
		problems["emoji"] = "reactions.too_many"
	}
	if len(problems) > 0 {
		return problems
	}
	for _, s := range signs {
		sign.Position = max(sign.Position, s.Position+1)
	}
	return tx.create(sign)
}

// plainEmoji is an emoji without what asks for its coloured form, so that the same is not there twice.
func plainEmoji(text string) string {
	return string(slices.DeleteFunc([]rune(text), func(r rune) bool { return r == coloured }))
}

// changeSign changes one sign of the set, which nobody else changes meanwhile.
func (tx *Tx) changeSign(id int64, change func(signs []ReactionSign, at int) error) error {
	signs, err := tx.signs()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(signs, func(s ReactionSign) bool { return s.ID == id })
	if at < 0 {
		return ErrNotFound
	}
	return change(signs, at)
}

// NameReactionSign gives a sign other names. Its picture stays: another one would change what people have said.
func (tx *Tx) NameReactionSign(id int64, english, french string) error {
	return tx.changeSign(id, func([]ReactionSign, int) error {
		sign := &ReactionSign{NameEN: english, NameFR: french}
		if problems := sign.validate(); len(problems) > 0 {
			return problems
		}
		_, err := tx.exec("UPDATE reaction_signs SET name_en = ?, name_fr = ? WHERE id = ?", sign.NameEN, sign.NameFR, id)
		return err
	})
}

// MoveReactionSign changes the places of a sign and the one before it, or after it.
func (tx *Tx) MoveReactionSign(id int64, up bool) error {
	return tx.changeSign(id, func(signs []ReactionSign, at int) error {
		other := -1
		for i := range signs {
			if signs[i].InSet() && (up && i < at || !up && i > at && other < 0) {
				other = i
			}
		}
		if other < 0 || !signs[at].InSet() {
			return nil // it is at the end already
		}
		_, err := tx.exec("UPDATE reaction_signs SET position = ? WHERE id = ?", signs[other].Position, id)
		if err == nil {
			_, err = tx.exec("UPDATE reaction_signs SET position = ? WHERE id = ?", signs[at].Position, signs[other].ID)
		}
		return err
	})
}

// errSignsFull is that there are as many signs to choose from as there may be.
var errSignsFull = Invalid{"sign": "reactions.too_many"}

// RetireReactionSign takes a sign out of the set, or back into it.
func (tx *Tx) RetireReactionSign(id int64, retired bool) error {
	return tx.changeSign(id, func(signs []ReactionSign, at int) error {
		switch {
		case signs[at].InSet() != retired:
			return nil
		case !retired && inSet(signs) >= MaxReactionSigns:
			return errSignsFull
		}
		var since *time.Time
		if retired {
			since = &tx.now
		}
		_, err := tx.exec("UPDATE reaction_signs SET retired_at = ? WHERE id = ?", since, id)
		return err
	})
}

// SignInSet refuses a sign that cannot be given, as a mistake at the field "sign".
func (tx *Tx) SignInSet(id int64) error {
	var in bool
	err := tx.raw(tx.ctx, &in, "SELECT EXISTS (SELECT 1 FROM reaction_signs WHERE id = ? AND retired_at IS NULL)", id)
	if err == nil && !in {
		err = Invalid{"sign": "reactions.sign_gone"}
	}
	return err
}
