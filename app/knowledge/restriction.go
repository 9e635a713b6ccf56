package knowledge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ruche/models"
)

// Restrict lets only chosen people read a collection, or opens it again to all who see its space. changed tells whether it was not so already.
func (f *Knowledge) Restrict(ctx context.Context, actor *models.Actor, id int64, restricted bool) (collection *models.Collection, changed bool, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		collection, err = f.toRestrict(tx, id)
		if err == nil && collection.Restricted(actor) != restricted {
			changed = true
			err = restrict(tx, collection, restricted)
		}
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("restrict collection %d: %w", id, err)
	}
	return collection, changed, nil
}

func restrict(tx *models.Tx, collection *models.Collection, restricted bool) error {
	if restricted {
		if err := tx.RestrictCollection(collection); err != nil {
			return err
		}
		return tx.Record(models.CollectionRestricted, collection, nil)
	}
	if err := tx.OpenCollection(collection); err != nil {
		return err
	}
	return tx.Record(models.CollectionOpened, collection, nil)
}

// toRestrict locks a collection whose readers the actor may choose.
func (f *Knowledge) toRestrict(tx *models.Tx, id int64) (*models.Collection, error) {
	collection, err := tx.LockCollection(id)
	if err != nil {
		return nil, err
	}
	return collection, tx.Actor().Refusal(models.ArrangeCollections, &models.Space{ID: collection.SpaceID})
}

// ChooseReader lets somebody who sees the space read a restricted collection, named by address, by name or by number. Where it was not restricted, it is from now on.
func (f *Knowledge) ChooseReader(ctx context.Context, actor *models.Actor, id int64, who string) error {
	return f.choose(ctx, actor, id, func(tx *models.Tx, collection *models.Collection) error { return chooseReader(tx, collection, who) })
}

func chooseReader(tx *models.Tx, collection *models.Collection, who string) error {
	user, err := readerMeant(tx, collection, who)
	if err == nil {
		err = tx.LetRead(collection, user)
	}
	if err != nil {
		return err
	}
	return tx.Record(models.ReaderChosen, collection, map[string]int64{"user": user.ID})
}

// readerMeant finds whom a name, an address or a number means among those who see the space around a restricted collection. Whoever else exists is
// not told from nobody.
func readerMeant(tx *models.Tx, collection *models.Collection, who string) (*models.User, error) {
	who = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(who), "\x00", ""), "")
	unknown := models.Invalid{"person": "restriction.person_outside"}
	if who == "" || len(who) > maxReaderName {
		return nil, unknown
	}
	if id, err := strconv.ParseInt(who, 10, 64); err == nil {
		user, err := tx.Person(tx.Context(), tx.Actor(), id)
		if errors.Is(err, models.ErrNotFound) {
			err = unknown
		}
		return user, err
	}
	if strings.Contains(who, "@") {
		user, err := tx.UserWithAccess(tx.Context(), who)
		if errors.Is(err, models.ErrNotFound) {
			err = unknown
		}
		return user, err
	}
	access := tx.Actor().Access(collection.SpaceID)
	people, err := tx.PeopleNamed(tx.Context(), tx.Actor(), &models.Space{ID: access.Within, Visibility: access.Visibility}, who, 2)
	switch {
	case err != nil:
		return nil, err
	case len(people) == 0:
		return nil, unknown
	case len(people) > 1:
		return nil, models.Invalid{"person": "restriction.person_unclear"}
	}
	return &people[0], nil
}

// maxReaderName bounds what is looked for as a name or an address.
const maxReaderName = 254

// ChooseReaders lets everyone of a group read a restricted collection, as far as they see its space.
func (f *Knowledge) ChooseReaders(ctx context.Context, actor *models.Actor, id, groupID int64) error {
	return f.choose(ctx, actor, id, func(tx *models.Tx, collection *models.Collection) error { return chooseGroup(tx, collection, groupID) })
}

func chooseGroup(tx *models.Tx, collection *models.Collection, groupID int64) error {
	if !tx.Actor().Can(models.AdmitGroup, &models.Space{ID: collection.SpaceID}) {
		return models.ErrForbidden
	}
	group, err := tx.Group(tx.Context(), groupID)
	if errors.Is(err, models.ErrNotFound) {
		return models.Invalid{"group": "spaces.group_unknown"}
	}
	if err != nil {
		return err
	}
	if err := tx.LetGroupRead(collection, group); err != nil {
		return err
	}
	return tx.Record(models.ReaderChosen, collection, map[string]int64{"group": group.ID})
}

// choose changes who reads a collection, which is restricted then.
func (f *Knowledge) choose(ctx context.Context, actor *models.Actor, id int64, change func(*models.Tx, *models.Collection) error) error {
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		collection, err := f.toRestrict(tx, id)
		if err != nil {
			return err
		}
		if !collection.Restricted(actor) {
			if err := restrict(tx, collection, true); err != nil {
				return err
			}
		}
		return change(tx, collection)
	})
}

// EndReader takes a person, or with a group those of the group, out of those chosen to read a restricted collection.
func (f *Knowledge) EndReader(ctx context.Context, actor *models.Actor, id, userID, groupID int64) error {
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		collection, err := f.toRestrict(tx, id)
		if err == nil && !collection.Restricted(actor) {
			err = models.ErrNotFound
		}
		if err != nil {
			return err
		}
		return endReader(tx, collection, userID, groupID)
	})
}

func endReader(tx *models.Tx, collection *models.Collection, userID, groupID int64) error {
	said := map[string]int64{"user": userID}
	if groupID != 0 {
		said = map[string]int64{"group": groupID}
		if !tx.Actor().Can(models.AdmitGroup, &models.Space{ID: collection.SpaceID}) {
			return models.ErrForbidden
		}
		if err := tx.EndGroupReading(collection, groupID); err != nil {
			return err
		}
	} else if err := tx.EndReading(collection, userID); err != nil {
		return err
	}
	return tx.Record(models.ReaderEnded, collection, said)
}

// SetReaders restricts a collection to some people, named as ChooseReader takes them, and groups, those who manage its space, and the actor.
func (f *Knowledge) SetReaders(ctx context.Context, actor *models.Actor, id int64, people []string, groups []int64) error {
	return f.choose(ctx, actor, id, func(tx *models.Tx, collection *models.Collection) error {
		before, had, err := tx.CollectionReaders(ctx, actor, collection)
		if err != nil {
			return err
		}
		kept := map[int64]bool{actor.ID: true}
		for _, who := range people {
			user, err := readerMeant(tx, collection, who)
			if err != nil {
				return err
			}
			kept[user.ID] = true
			if slices.ContainsFunc(before, func(r models.CollectionReader) bool { return r.ID == user.ID && r.Chosen }) {
				continue
			}
			if err := chooseReader(tx, collection, who); err != nil {
				return err
			}
		}
		for _, reader := range before {
			if reader.Chosen && !kept[reader.ID] {
				if err := endReader(tx, collection, reader.ID, 0); err != nil {
					return err
				}
			}
		}
		return setReadingGroups(tx, collection, had, groups)
	})
}

func setReadingGroups(tx *models.Tx, collection *models.Collection, had []models.Group, groups []int64) error {
	for _, id := range groups {
		if slices.ContainsFunc(had, func(g models.Group) bool { return g.ID == id }) {
			continue
		}
		if err := chooseGroup(tx, collection, id); err != nil {
			return err
		}
	}
	for i := range had {
		if !slices.Contains(groups, had[i].ID) {
			if err := endReader(tx, collection, 0, had[i].ID); err != nil {
				return err
			}
		}
	}
	return nil
}
