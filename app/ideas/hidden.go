package ideas

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"ruche/app/writing"
	"ruche/models"
)

// hide lets the rest of a transaction that posts an idea happen under the level of its campaign, which has to be the one that
// its author was promised. Nothing that is stored names them then.
func hide(tx *models.Tx, in *NewIdea, idea *models.Idea, pictures []int64) error {
	level, err := tx.Promise(idea.CampaignID)
	if err != nil {
		return err
	}
	promised := in.Anonymity
	if promised == "" {
		promised = models.Named
	}
	if promised != level {
		return models.Invalid{"anonymity": "anonymity.changed"}
	}
	if level == models.Named {
		idea.Anonymity = cmp.Or(idea.Anonymity, level) // a thread whose author hides becomes an idea whose author does
		return nil
	}
	idea.Anonymity = level
	author := tx.Actor().ID
	if idea.ReturnCode, err = tx.Hide(level, in.seed()); err != nil {
		return err
	}
	idea.AuthorID = tx.Actor().ID
	if level == models.Sealed {
		if err := tx.Seal(*idea.CampaignID, in.Seal); err != nil {
			return err
		}
	}
	return tx.HandFiles(author, idea.AuthorID, pictures)
}

// seed is what the return code is made of: the number of a form that we have shown, and its text, as writing.HiddenKey has it. A
// program chooses numbers of its own.
func (in *NewIdea) seed() string {
	if !writing.Ours(in.Once) {
		return ""
	}
	return in.Once + "\x00" + in.hash()
}

func (in NewIdea) hash() string {
	texts := append([]string{in.Space, strconv.FormatInt(in.Campaign, 10), in.Title, in.Body}, in.Tags...)
	if in.Summary != "" {
		texts = append(texts, "summary", in.Summary)
	}
	for _, id := range slices.Sorted(maps.Keys(in.Answers.Texts)) {
		texts = append(texts, models.AnswerName(id), in.Answers.Texts[id])
	}
	return writing.Hash(texts...)
}

// sent notes that the form has made an idea.
func (in NewIdea) sent(tx *models.Tx, id int64) error {
	if in.Once != "" && tx.Actor().Masked() {
		return writing.SentHidden(tx, newForm, in.Once, in.hash(), id)
	}
	form := newForm
	if in.Thread != 0 { // what was begun of another idea stays
		form = ""
	}
	return writing.Sent(tx, form, in.Once, in.hash(), id)
}

// postedBefore is SentBefore for the form of an idea.
func (f *Ideas) postedBefore(ctx context.Context, actor *models.Actor, in NewIdea) (int64, error) {
	if in.Anonymity == "" || in.Anonymity == models.Named {
		return f.writing.SentBefore(ctx, actor, in.Once, in.hash())
	}
	answer, err := f.db.HiddenAnswer(ctx, writing.HiddenKey(in.Once, in.hash()))
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(answer.Result, 10, 64)
}

// posted is the idea that a form has made before, with the code that it was given, if it can be told once more.
func (f *Ideas) posted(ctx context.Context, actor *models.Actor, id int64, in NewIdea) (*models.Idea, error) {
	idea, err := f.db.Idea(ctx, actor, id)
	if err == nil && idea.Anonymity.Coded() && in.seed() != "" {
		idea.ReturnCode = models.ReturnCode(in.seed())
	}
	return idea, err
}

// ComeBack finds the idea to which a return code leads, as its author reads it; a mistake at the field "code" for any other.
func (f *Ideas) ComeBack(ctx context.Context, actor *models.Actor, code string) (*models.Idea, error) {
	idea, err := f.db.IdeaOfCode(ctx, actor, code)
	if errors.Is(err, models.ErrNotFound) {
		return nil, models.Invalid{"code": "anonymity.code_wrong"}
	}
	return idea, err
}
