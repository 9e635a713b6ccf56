package members

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ruche/models"
)

// errSame ends a use case in which everything is already as it should be.
var errSame = errors.New("nothing to change")

// change does something to an account that the actor looks after, and returns when: the zero time if there was nothing to do.
// Programs are the owners' matter.
func (f *Members) change(ctx context.Context, actor *models.Actor, id int64, do func(*models.Tx, *models.User) error) (at time.Time, err error) {
	return f.hold(ctx, actor, id, func(tx *models.Tx, user *models.User) error {
		if user.Service && !actor.Can(models.ManageSignIn, nil) {
			return fmt.Errorf("change program %d: %w", id, models.ErrForbidden)
		}
		return do(tx, user)
	})
}

// hold is change for programs too: whoever looks after people may say who answers for one.
func (f *Members) hold(ctx context.Context, actor *models.Actor, id int64, do func(*models.Tx, *models.User) error) (at time.Time, err error) {
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		at = tx.Now()
		user, err := tx.Account(ctx, actor, id)
		if err != nil {
			return err
		}
		// Owners are held together, before any of them alone: two who take the role from one another must not wait for each other.
		if user.Role == models.RoleOwner {
			if err := tx.HoldOwners(); err != nil {
				return err
			}
		}
		if user, err = tx.LockAccount(id); err != nil {
			return err
		}
		if !actor.LooksAfter(user.Role) {
			return fmt.Errorf("change person %d: %w", id, models.ErrForbidden)
		}
		return do(tx, user)
	})
	if errors.Is(err, errSame) {
		return time.Time{}, nil
	}
	return at, err
}
