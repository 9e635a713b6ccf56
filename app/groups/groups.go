// Package groups is where those who look after people say who belongs together: groups that are given roles in spaces.
// Which role a group has in a space is the matter of spaces; groups that the directory looks after are that of scim.
package groups

import (
	"context"
	"fmt"

	"ruche/app/web"
	"ruche/models"
)

// Groups is the feature.
type Groups struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Groups { return &Groups{w} }

// Create makes a group without anyone in it.
func (f *Groups) Create(ctx context.Context, actor *models.Actor, name string) (*models.Group, error) {
	if !actor.Can(models.ManagePeople, nil) {
		return nil, fmt.Errorf("create group: %w", models.ErrForbidden)
	}
	group := &models.Group{Kind: models.KindGroup, Name: name}
	return group, f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		return tx.Record(models.GroupCreated, group, nil)
	})
}

// Rename gives a group another name.
func (f *Groups) Rename(ctx context.Context, actor *models.Actor, id int64, name string) error {
	return f.change(ctx, actor, id, func(tx *models.Tx, group *models.Group) error {
		group.Name = name
		if err := tx.SaveGroup(group); err != nil {
			return err
		}
		return tx.Record(models.GroupEdited, group, nil)
	})
}

// Open says whether everybody of the company may name a group, whoever looks after it.
func (f *Groups) Open(ctx context.Context, actor *models.Actor, id int64, open bool) error {
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		group, err := tx.KnownGroup(ctx, actor, id)
		if err != nil || group.Open == open {
			return err
		}
		if err := tx.OpenGroup(group, open); err != nil {
			return err
		}
		return tx.Record(models.GroupEdited, group, nil)
	})
	if err != nil {
		return fmt.Errorf("open group %d: %w", id, err)
	}
	return nil
}

// Limit says how many people may be called at once by naming groups.
func (f *Groups) Limit(ctx context.Context, actor *models.Actor, values map[string]string) error {
	if !actor.Can(models.ManagePeople, nil) {
		return fmt.Errorf("limit mentions: %w", models.ErrForbidden)
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.SaveCallLimits(values); err != nil {
			return err
		}
		return tx.Record(models.MentionsLimited, models.System{}, nil)
	})
}

// Delete ends a group, and what its people may do through it. Restore brings it back for a day.
func (f *Groups) Delete(ctx context.Context, actor *models.Actor, id int64) error {
	return f.change(ctx, actor, id, func(tx *models.Tx, group *models.Group) error {
		if err := tx.DeleteGroup(group); err != nil {
			return err
		}
		return tx.Record(models.GroupDeleted, group, nil)
	})
}

// Restore brings a deleted group back as it was.
func (f *Groups) Restore(ctx context.Context, actor *models.Actor, id int64) error {
	if !actor.Can(models.ManagePeople, nil) {
		return fmt.Errorf("restore group %d: %w", id, models.ErrForbidden)
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		group, err := tx.RestoreGroup(id)
		if err != nil {
			return err
		}
		if !group.Handmade() {
			return models.ErrNotFound
		}
		return tx.Record(models.GroupRestored, group, nil)
	})
}

// Add makes the person whom a name or an e-mail address means a member of a group.
func (f *Groups) Add(ctx context.Context, actor *models.Actor, id int64, person string) (user *models.User, err error) {
	return user, f.change(ctx, actor, id, func(tx *models.Tx, group *models.Group) error {
		if user, err = tx.PersonMeant(ctx, actor, person); err != nil {
			return err
		}
		in, err := tx.InGroup(ctx, group.ID, user.ID)
		if err != nil || in {
			return err // it was so already
		}
		if err := tx.JoinGroup(group.ID, user.ID); err != nil {
			return err
		}
		return tx.Record(models.GroupEdited, group, models.NewGroupChange("", []int64{user.ID}, nil))
	})
}

// Remove ends someone's membership of a group; ErrNotFound if they were not in it.
func (f *Groups) Remove(ctx context.Context, actor *models.Actor, id, userID int64) error {
	return f.change(ctx, actor, id, func(tx *models.Tx, group *models.Group) error {
		in, err := tx.InGroup(ctx, group.ID, userID)
		if err == nil && !in {
			err = models.ErrNotFound
		}
		if err != nil {
			return err
		}
		if err := tx.LeaveGroup(group.ID, userID); err != nil {
			return err
		}
		return tx.Record(models.GroupEdited, group, models.NewGroupChange("", nil, []int64{userID}))
	})
}

// change changes a group that people look after. Units follow the departments of people, and others the directory.
func (f *Groups) change(ctx context.Context, actor *models.Actor, id int64, do func(*models.Tx, *models.Group) error) error {
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		group, err := tx.KnownGroup(ctx, actor, id)
		if err != nil {
			return err
		}
		if !group.Handmade() {
			return models.ErrForbidden
		}
		return do(tx, group)
	})
	if err != nil {
		return fmt.Errorf("change group %d: %w", id, err)
	}
	return nil
}
