package knowledge

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"ruche/app/text"
	"ruche/app/writing"
	"ruche/models"
)

// passageForm is the form in which something is said about a passage.
const passageForm = "passage"

// Remark is what somebody says about a passage: about words that they have marked or, where they have marked nothing, about a block of the
// text. Once, if it is not empty, names the form that it comes from.
type Remark struct {
	Quote, Prefix, Suffix string
	Block                 string // number of it, from 1
	Body                  string
	Once                  string
}

// passagePlace finds the text in which passages stand, which the actor may read.
func (f *Knowledge) passagePlace(ctx context.Context, actor *models.Actor, article, draft int64) (place models.PassagePlace, err error) {
	if draft != 0 {
		place.Draft, err = f.db.ArticleDraft(ctx, actor, draft)
	} else {
		place.Article, err = f.db.Article(ctx, actor, article)
	}
	return place, err
}

// Mark says something about a passage of an article or, where draft is not 0, of a draft of one.
func (f *Knowledge) Mark(ctx context.Context, actor *models.Actor, article, draft int64, in Remark) (passage *models.Passage, place models.PassagePlace, err error) {
	actor = actor.Person()
	if place, err = f.passagePlace(ctx, actor, article, draft); err != nil {
		return nil, place, err
	}
	if err := f.db.MayRemark(ctx, actor, place); err != nil {
		return nil, place, err
	}
	passage = &models.Passage{}
	hash := writing.Hash(passageForm, fmt.Sprint(article, " ", draft), in.Quote, in.Block, in.Body)
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if place.Draft != nil {
			place.Draft, err = tx.LockArticleDraft(draft)
		} else {
			place.Article, err = tx.LockArticle(article)
		}
		if err != nil {
			return err
		}
		if err := tx.MayRemark(ctx, actor, place); err != nil {
			return err
		}
		found, body, problems := meant(place, in)
		if len(problems) > 0 {
			return problems
		}
		passage.Quote, passage.Words, passage.Prefix, passage.Suffix, passage.Begins = found.Quote, found.Quote, found.Prefix, found.Suffix, found.Place
		if err := tx.MarkPassage(place, passage, body); err != nil {
			return err
		}
		if err := writing.Sent(tx, passageForm, in.Once, hash, passage.ID); err != nil {
			return err
		}
		return tx.Record(models.PassageMarked, place, nil)
	})
	if errors.Is(err, models.ErrConflict) && in.Once != "" {
		if passage.ID, err = f.writing.SentBefore(ctx, actor, in.Once, hash); err == nil {
			return passage, place, nil
		}
	}
	if err != nil {
		return nil, place, fmt.Errorf("mark a passage: %w", err)
	}
	return passage, place, nil
}

// meant finds the words that somebody has marked, and cleans what they say about them.
func meant(place models.PassagePlace, in Remark) (found text.Passage, body string, problems models.Invalid) {
	problems = models.Invalid{}
	body, err := text.Clean(in.Body, text.MaxComment)
	if err != nil {
		problems["body"] = err.Error()
	}
	body = strings.TrimSpace(body)
	markup, _ := place.Text()
	wanted := text.Passage{Quote: in.Quote, Prefix: short(in.Prefix), Suffix: short(in.Suffix), Place: -1}
	if strings.TrimSpace(in.Quote) == "" {
		wanted.Quote = ""
		for _, choice := range text.Paragraphs(markup) {
			if choice.Number == in.Block {
				wanted = choice.Passage
			}
		}
	}
	switch {
	case wanted.Quote == "":
		problems["quote"] = "passages.quote_missing"
	case len(wanted.Quote) > 4*text.MaxPassage || len([]rune(wanted.Quote)) > text.MaxPassage:
		problems["quote"] = "passages.quote_too_long"
	default:
		var ok bool
		if found, ok = text.PageOf(markup).Find(wanted); !ok {
			problems["quote"] = "passages.quote_unknown"
		}
	}
	return found, body, problems
}

// short is as much of the surroundings of a passage as is looked at.
func short(s string) string {
	const enough = 400
	if len(s) > enough {
		return ""
	}
	return s
}

// Answer says something more about a passage.
func (f *Knowledge) Answer(ctx context.Context, actor *models.Actor, id int64, body, once string) (word *models.PassageWord, place models.PassagePlace, err error) {
	hash := writing.Hash(passageForm, fmt.Sprint("answer ", id), body)
	place, err = f.passage(ctx, actor, id, models.PassageAnswered, func(tx *models.Tx, place models.PassagePlace, passage *models.Passage) error {
		if err := tx.MayRemark(tx.Context(), tx.Actor(), place); err != nil {
			return err
		}
		clean, err := text.Clean(body, text.MaxComment)
		if err != nil {
			return models.Invalid{"body": err.Error()}
		}
		if word, err = tx.AnswerPassage(place, passage, strings.TrimSpace(clean)); err != nil {
			return err
		}
		return writing.Sent(tx, passageForm, once, hash, word.ID)
	})
	if errors.Is(err, models.ErrConflict) && once != "" {
		sent, before := f.writing.SentBefore(ctx, actor.Person(), once, hash)
		if before == nil {
			return &models.PassageWord{ID: sent, PassageID: id}, place, nil
		}
	}
	return word, place, err
}

// Settle says that a passage is settled, or is not any more.
func (f *Knowledge) Settle(ctx context.Context, actor *models.Actor, id int64, settled bool) (models.PassagePlace, error) {
	verb := models.PassageReopened
	if settled {
		verb = models.PassageResolved
	}
	return f.passage(ctx, actor, id, verb, func(tx *models.Tx, place models.PassagePlace, passage *models.Passage) error {
		if err := tx.Actor().MayResolve(place, passage); err != nil {
			return err
		}
		changed, err := tx.ResolvePassage(passage, settled)
		return unless(changed, err)
	})
}

// RemoveWord takes what was said about a passage away, or brings it back.
func (f *Knowledge) RemoveWord(ctx context.Context, actor *models.Actor, word int64, removed bool) (place models.PassagePlace, err error) {
	verb := models.PassageWordRestored
	if removed {
		verb = models.PassageWordRemoved
	}
	id, err := f.db.PassageOfWord(ctx, word)
	if err != nil {
		return place, err
	}
	return f.passage(ctx, actor, id, verb, func(tx *models.Tx, place models.PassagePlace, passage *models.Passage) error {
		changed, err := tx.RemovePassageWord(place, passage, word, removed)
		return unless(changed, err)
	})
}

// passage does one change about a passage of a text that the actor may read, under the lock of that text.
func (f *Knowledge) passage(ctx context.Context, actor *models.Actor, id int64, verb string, change func(*models.Tx, models.PassagePlace, *models.Passage) error) (place models.PassagePlace, err error) {
	err = f.db.Tx(ctx, actor.Person(), func(tx *models.Tx) error {
		passage, where, err := tx.LockPassage(id)
		if err != nil {
			return err
		}
		place = where
		if err := change(tx, place, passage); err != nil {
			if errors.Is(err, errUnchanged) {
				return nil
			}
			return err
		}
		return tx.Record(verb, place, nil)
	})
	if err != nil {
		return place, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return place, nil
}

// passages lists what is said of the passages of a text, with where they stand in it now: those that were last looked for in an older
// version are looked for anew, once for each version, and what is found is kept.
func (f *Knowledge) passages(ctx context.Context, actor *models.Actor, place models.PassagePlace, settled bool, before int64, limit int) ([]models.PassageCard, error) {
	cards, err := f.db.Passages(ctx, place, settled, before, limit)
	if err != nil {
		return nil, err
	}
	markup, version := place.Text()
	var page *text.Page
	var moved []models.Passage
	for i := range cards {
		card := &cards[i]
		for j := range card.Said {
			card.Said[j].AuthorPicture = actor.Face(card.Said[j].AuthorPicture)
		}
		if card.Version >= version || place.Draft != nil && place.Draft.State == models.DraftPublished { // whose text is the article's now
			continue
		}
		if page == nil {
			page = text.PageOf(markup)
		}
		found, ok := page.Find(text.Passage{Quote: card.Words, Prefix: card.Prefix, Suffix: card.Suffix, Place: card.Begins})
		card.Found, card.Version = ok, version
		if ok {
			card.Words, card.Prefix, card.Suffix, card.Begins = found.Quote, found.Prefix, found.Suffix, found.Place
		}
		moved = append(moved, card.Passage)
	}
	if len(moved) > 0 {
		err = f.db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.FoundPassages(moved) })
	}
	return cards, err
}
