package discussions

import (
	"context"
	"strconv"

	"ruche/app/writing"
	"ruche/models"
)

// hidden tells whether the thread is begun without a name.
func (in NewThread) hidden() bool { return in.Anonymity != "" && in.Anonymity != models.Named }

// mayHide says at the field "anonymity" why a thread cannot be begun without a name. What somebody answers for in their name,
// as a poll that they close, is not for somebody hidden.
func (in NewThread) mayHide(space *models.SpaceAccess) error {
	switch {
	case !in.hidden():
		return nil
	case in.Anonymity != models.HiddenAuthors:
		return models.Invalid{"anonymity": "discussions.hidden.invalid"}
	case !space.Nameless:
		return models.Invalid{"anonymity": "discussions.hidden.not_here"}
	case in.Kind != models.Discussion && in.Kind != models.Question:
		return models.Invalid{"kind": "discussions.hidden.kind"}
	}
	return nil
}

// hide lets the rest of a transaction that begins a thread happen without a name, where that was asked for and the space still
// allows it.
func hide(tx *models.Tx, in NewThread, thread *models.Thread, pictures []int64) error {
	thread.Anonymity = models.Named
	if !in.hidden() {
		return nil
	}
	allowed, err := tx.Nameless(thread.SpaceID)
	if err != nil {
		return err
	}
	if !allowed {
		return models.Invalid{"anonymity": "discussions.hidden.not_here"}
	}
	author := tx.Actor().ID
	if _, err := tx.Hide(in.Anonymity, ""); err != nil {
		return err
	}
	thread.Anonymity = in.Anonymity
	return tx.HandFiles(author, tx.Actor().ID, pictures)
}

// sent notes that the form has begun a thread; of one without a name so that nothing leads from there to a person.
func (in NewThread) sent(tx *models.Tx, id int64) error {
	if in.Once != "" && tx.Actor().Masked() {
		return writing.SentHidden(tx, newForm, in.Once, in.hash(), id)
	}
	return writing.Sent(tx, newForm, in.Once, in.hash(), id)
}

// begunBefore is SentBefore for the form of a thread.
func (f *Discussions) begunBefore(ctx context.Context, actor *models.Actor, in NewThread) (int64, error) {
	if !in.hidden() {
		return f.writing.SentBefore(ctx, actor, in.Once, in.hash())
	}
	answer, err := f.db.HiddenAnswer(ctx, writing.HiddenKey(in.Once, in.hash()))
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(answer.Result, 10, 64)
}
