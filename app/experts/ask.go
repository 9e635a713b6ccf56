package experts

import (
	"context"
	"fmt"

	"ruche/models"
)

// Ask asks somebody to answer the question of a thread.
func (f *Experts) Ask(ctx context.Context, actor *models.Actor, threadID, expertID int64) (request *models.ExpertRequest, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		thread, err := tx.LockThread(threadID)
		if err != nil {
			return err
		}
		request, err = tx.AskExpert(thread, expertID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ask person %d in thread %d: %w", expertID, threadID, err)
	}
	return request, nil
}

// Decline says that the actor does not answer what they were asked, with or without a word.
func (f *Experts) Decline(ctx context.Context, actor *models.Actor, id int64, word string) (request *models.ExpertRequest, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		request, err = tx.DeclineRequest(id, word)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("decline request %d: %w", id, err)
	}
	return request, nil
}

// Withdraw takes back that the actor asked somebody.
func (f *Experts) Withdraw(ctx context.Context, actor *models.Actor, id int64) (request *models.ExpertRequest, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		request, err = tx.WithdrawRequest(id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("withdraw request %d: %w", id, err)
	}
	return request, nil
}
