package demo

import (
	"slices"

	"ruche/models"
)

// given looks for who could not have reacted to a post so.
func (k *checker) given(thread, author string, signs []Sign) {
	for _, sign := range signs {
		for i, by := range sign.By {
			if k.company.person(by) == nil || by == author || slices.Contains(sign.By[:i], by) {
				k.problem("thread %q: %q reacts with %s", thread, by, sign.Emoji)
			}
		}
	}
}

// tellSigns adds to the story who reacts to a post of a thread, one after the other from when it was written on.
func (f *filler) tellSigns(t *Thread, ago Age, signs []Sign, post func(*models.Tx, *models.Thread) (*models.Post, error), tell func(Age, string, moving)) {
	for _, sign := range signs {
		for n, by := range sign.By {
			tell(ago*Age(len(sign.By)-n)/Age(len(sign.By)+1), by+" reacts in "+t.Key, f.inThread(t, by, models.React, func(tx *models.Tx, thread *models.Thread) error {
				to, err := post(tx, thread)
				if err != nil {
					return err
				}
				return f.reacts(tx, thread, to, sign.Emoji)
			}))
		}
	}
}

func (f *filler) reacts(tx *models.Tx, thread *models.Thread, post *models.Post, emoji string) error {
	signs, err := tx.ReactionSigns(tx.Context())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(signs, func(s models.ReactionSign) bool { return s.Emoji == emoji })
	if at < 0 {
		return models.ErrNotFound
	}
	place := models.Place{Thread: thread}
	if err := tx.MayReactTo(place, post); err != nil {
		return err
	}
	if _, err := tx.AddReaction(post, signs[at].ID); err != nil {
		return err
	}
	return tx.Record(models.PostReacted, post.In(thread.SpaceID), place.About())
}
