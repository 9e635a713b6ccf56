package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"ruche/models"
)

// createUser opens an account for someone whom the directory tells of. One that it had removed comes back if it has the
// directory's own key; the same address alone is no proof that it is the same person.
func (f *SCIM) createUser(ctx context.Context, actor *models.Actor, p *person) (*models.DirectoryUser, error) {
	var made *models.DirectoryUser
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		user, verb, err := revived(tx, p)
		if err != nil {
			return err
		}
		p.fill(user, true)
		if user.ID == 0 {
			user.Role = models.RoleEmployee
			err = tx.CreateDirectoryUser(user)
		} else {
			err = tx.SaveDirectoryUser(user)
		}
		if err != nil {
			return err
		}
		if err := tx.SetDepartment(user.ID, p.department); err != nil {
			return err
		}
		if p.active != nil && !*p.active {
			if err := tx.Disable(user.ID); err != nil {
				return err
			}
		}
		if made, err = tx.DirectoryUser(ctx, actor, user.ID); err != nil {
			return err
		}
		return tx.Record(verb, user, map[string]string{"by": by})
	})
	if err != nil {
		return nil, fmt.Errorf("create from the directory: %w", err)
	}
	return made, nil
}

// revived is the account that the directory had removed and tells of again, or a new one.
func revived(tx *models.Tx, p *person) (user *models.User, verb string, err error) {
	if p.externalID == "" {
		return &models.User{}, models.UserCreated, nil
	}
	user, err = tx.RemovedUser(p.externalID)
	if errors.Is(err, models.ErrNotFound) {
		return &models.User{}, models.UserCreated, nil
	}
	if err != nil {
		return nil, "", err
	}
	return user, models.UserEnabled, tx.Enable(user.ID)
}

// change is what is to become of an account, from what it is.
type change struct {
	match func(version string) error // whether it is still what the directory takes it for
	apply func(body attributes) (*person, error)
	whole bool
}

// changeUser brings an account up to date. One that is no longer active is out at once, on every replica: what it came
// in with is gone, and the event ends its streams.
func (f *SCIM) changeUser(ctx context.Context, actor *models.Actor, id int64, c change) (*models.DirectoryUser, error) {
	var changed *models.DirectoryUser
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		user, err := tx.LockDirectoryUser(id)
		if err != nil {
			return err
		}
		body := f.personBody(user)
		before := version(body)
		if err := c.match(before); err != nil {
			return err
		}
		p, err := c.apply(body)
		if err != nil {
			return err
		}
		verb, err := f.save(tx, user, p, c.whole)
		if err != nil {
			return err
		}
		if changed, err = tx.DirectoryUser(ctx, actor, id); err != nil {
			return err
		}
		if verb == models.UserEdited && version(f.personBody(changed)) == before {
			return nil // it was so already
		}
		return tx.Record(verb, &changed.User, map[string]string{"by": by})
	})
	if err != nil {
		return nil, fmt.Errorf("change user %d from the directory: %w", id, err)
	}
	return changed, nil
}

// save stores what the directory says of someone, and returns what has happened by it.
func (f *SCIM) save(tx *models.Tx, user *models.DirectoryUser, p *person, whole bool) (verb string, err error) {
	before := user.User
	p.fill(&user.User, whole)
	// Whoever can read an owner's letters can become them by a sign-in link.
	if before.Role == models.RoleOwner && user.Email != before.Email {
		return "", &refusal{http.StatusForbidden, "", "the e-mail address of an owner is changed by the owner"}
	}
	if err := tx.SaveDirectoryUser(&user.User); err != nil {
		return "", err
	}
	if p.department != before.Department {
		if err := tx.SetDepartment(user.ID, p.department); err != nil {
			return "", err
		}
	}
	switch {
	case p.active == nil || *p.active == (before.DisabledAt == nil):
		return models.UserEdited, nil
	case *p.active:
		return models.UserEnabled, tx.Enable(user.ID)
	}
	return models.UserDisabled, tx.KeepOwner(user.ID, func() error { return tx.Disable(user.ID) })
}

// removeUser ends an account: to the directory it is gone, and what the person wrote stays.
func (f *SCIM) removeUser(ctx context.Context, actor *models.Actor, id int64, match func(string) error) error {
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		user, err := tx.LockDirectoryUser(id)
		if err != nil {
			return err
		}
		if err := match(version(f.personBody(user))); err != nil {
			return err
		}
		if err := tx.KeepOwner(id, func() error { return tx.RemoveFromDirectory(id) }); err != nil {
			return err
		}
		return tx.Record(models.UserDisabled, &user.User, map[string]string{"by": by})
	})
	if err != nil {
		return fmt.Errorf("remove user %d from the directory: %w", id, err)
	}
	return nil
}
