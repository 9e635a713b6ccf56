// Package seals is where the two keepers of a campaign's seals make their keys, ask each other to open a seal, and open it together.
// The names of authors are sealed where their ideas are posted: see models/seal.go and package ideas. It knows no other way to a name.
package seals

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ruche/app/jobs"
	"ruche/app/web"
	"ruche/models"
)

// Seals is the feature: its use cases and routes.
type Seals struct {
	web *web.Web
	db  *models.DB
	// turn is for whoever tries a passphrase: each takes much memory, so that one goes after the other.
	turn chan struct{}
}

// New returns the feature.
func New(w *web.Web) *Seals { return &Seals{web: w, db: w.DB, turn: make(chan struct{}, 1)} }

// Tidy is the job that ends requests which nobody has answered, and forgets names that were shown for long enough.
func Tidy() jobs.Kind {
	return jobs.Kind{Name: "seals", Every: 10 * time.Minute, Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		return tidy, nil
	}}
}

func tidy(tx *models.Tx) error {
	expired, err := tx.TidyOpenings()
	if err != nil {
		return err
	}
	events := make([]models.Event, len(expired))
	for i := range expired {
		if events[i], err = tx.EventOf(0, models.SealExpired, &expired[i], nil); err != nil {
			return err
		}
	}
	if len(events) == 0 {
		return nil
	}
	return tx.RecordAll(events)
}

// one does something that takes much memory, after whatever does so already.
func (f *Seals) one(ctx context.Context, do func() error) error {
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
		return do()
	case <-ctx.Done():
		return fmt.Errorf("wait for a turn: %w", ctx.Err())
	}
}

// MakeKey makes a key for the actor, whom somebody has named to keep seals. What is sealed from now on is sealed for this one.
func (f *Seals) MakeKey(ctx context.Context, actor *models.Actor, passphrase, again string) error {
	may, err := f.db.MayKeepSeals(ctx, actor)
	if err != nil {
		return err
	}
	if !may {
		return models.ErrForbidden
	}
	if err := models.CheckPassphrase(passphrase, again); err != nil {
		return err
	}
	var recipient, secret string
	err = f.one(ctx, func() (err error) {
		recipient, secret, err = models.NewSealSecret(passphrase)
		return err
	})
	if err != nil {
		return err
	}
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.AddSealKey(recipient, secret); err != nil {
			return err
		}
		return tx.Record(models.SealKeyMade, &models.User{ID: actor.ID}, nil)
	})
}

// unlock opens a key of the actor with a passphrase; what is wrong with that is a mistake at the field "passphrase", and in the log.
func (f *Seals) unlock(ctx context.Context, actor *models.Actor, keyID int64, passphrase string) (opener *models.SealOpener, err error) {
	var key *models.SealKey
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) (err error) {
		key, err = tx.TrySealKey(keyID)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = f.one(ctx, func() (err error) {
		opener, err = models.UnlockSealSecret(key.Secret, passphrase)
		return err
	})
	wrong := errors.Is(err, models.ErrPassphrase)
	if err != nil && !wrong {
		return nil, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if wrong {
			return tx.Record(models.SealRefused, &models.User{ID: actor.ID}, nil)
		}
		return tx.SealKeyOpened(keyID)
	})
	if err == nil && wrong {
		err = models.Invalid{"passphrase": "seals.passphrase_wrong"}
	}
	return opener, err
}

// Seal finds the seal of an idea for one of the two who can open it: what others see of it is forbidden to them, the rest unknown.
func (f *Seals) Seal(ctx context.Context, actor *models.Actor, ideaID int64) (seal *models.SealedIdea, place int, err error) {
	if seal, err = f.db.SealOf(ctx, actor, ideaID); err != nil {
		return nil, 0, err
	}
	if place = seal.Place(actor.ID); place < 0 {
		err = models.ErrForbidden
		if seal.State != models.Published {
			err = models.ErrNotFound
		}
		return nil, 0, fmt.Errorf("seal of idea %d: %w", ideaID, err)
	}
	return seal, place, nil
}

// Ask asks the other keeper of the seal of an idea to open it together. The actor's passphrase takes their half off.
func (f *Seals) Ask(ctx context.Context, actor *models.Actor, ideaID int64, reason, passphrase string) (*models.SealOpening, error) {
	seal, place, err := f.Seal(ctx, actor, ideaID)
	if err != nil {
		return nil, err
	}
	if !seal.Opens() {
		return nil, models.Invalid{"reason": "seals.other_gone"}
	}
	if reason, err = models.CheckOpenReason(reason); err != nil {
		return nil, err
	}
	opener, err := f.unlock(ctx, actor, seal.Holders[place].KeyID, passphrase)
	if err != nil {
		return nil, err
	}
	half, err := seal.Half(place, opener)
	if err != nil {
		return nil, err
	}
	var opening *models.SealOpening
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tidy(tx); err != nil { // one that nobody has answered is in nobody's way
			return err
		}
		if opening, err = tx.AskOpening(seal, place, half, reason); err != nil {
			return err
		}
		if err := tx.NotifyFromHouse(seal.Holders[1-place].UserID, models.NoticeSealAsked); err != nil {
			return err
		}
		return tx.Record(models.SealAsked, seal, nil)
	})
	if errors.Is(err, models.ErrConflict) {
		err = models.Invalid{"reason": "seals.asked_already"}
	}
	if err != nil {
		return nil, fmt.Errorf("ask to open the seal of idea %d: %w", ideaID, err)
	}
	return opening, nil
}

// Opening is an opening of which the actor is one of the two.
func (f *Seals) Opening(ctx context.Context, actor *models.Actor, id int64) (*models.OpeningCard, error) {
	return f.db.SealOpening(ctx, actor, id)
}

// Agree opens a seal together with the keeper who has asked for it. The author is told. Nobody is found whose account is gone, or who is
// one of the two: nil then.
func (f *Seals) Agree(ctx context.Context, actor *models.Actor, id int64, passphrase string) (author *models.User, err error) {
	card, err := f.answerable(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	opener, err := f.unlock(ctx, actor, card.OtherKey, passphrase)
	if err != nil {
		return nil, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if card, err = tx.LockOpening(id); err != nil {
			return err
		}
		if author, err = tx.OpenSeal(card, opener); err != nil {
			return err
		}
		if err := tx.NotifyFromHouse(card.AskerID, models.NoticeSealAnswer); err != nil {
			return err
		}
		verb := models.SealOpened
		if author == nil {
			verb = models.SealNobody
		}
		return tx.Record(verb, card, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("open the seal of idea %d: %w", card.IdeaID, err)
	}
	return author, nil
}

// answerable is an opening that waits for the actor.
func (f *Seals) answerable(ctx context.Context, actor *models.Actor, id int64) (*models.OpeningCard, error) {
	card, err := f.db.SealOpening(ctx, actor, id)
	switch {
	case err != nil:
		return nil, err
	case card.OtherID != actor.ID || card.AskerID == actor.ID:
		return nil, fmt.Errorf("answer opening %d: %w", id, models.ErrForbidden)
	case !card.WaitsAt(f.db.Now()):
		return nil, fmt.Errorf("answer opening %d: %w", id, models.ErrConflict)
	}
	return card, nil
}

// Decline leaves a seal closed.
func (f *Seals) Decline(ctx context.Context, actor *models.Actor, id int64) error {
	if _, err := f.answerable(ctx, actor, id); err != nil {
		return err
	}
	return f.end(ctx, actor, id, models.OpeningDeclined, models.SealDeclined)
}

// TakeBack ends what the actor has asked for.
func (f *Seals) TakeBack(ctx context.Context, actor *models.Actor, id int64) error {
	card, err := f.db.SealOpening(ctx, actor, id)
	if err != nil {
		return err
	}
	if card.AskerID != actor.ID {
		return fmt.Errorf("take opening %d back: %w", id, models.ErrForbidden)
	}
	return f.end(ctx, actor, id, models.OpeningTaken, models.SealTakenBack)
}

func (f *Seals) end(ctx context.Context, actor *models.Actor, id int64, state models.OpeningState, verb string) error {
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		card, err := tx.LockOpening(id)
		if err != nil {
			return err
		}
		if err := tx.EndOpening(card, state); err != nil {
			return err
		}
		if state == models.OpeningDeclined && card.AskerID != 0 {
			if err := tx.NotifyFromHouse(card.AskerID, models.NoticeSealAnswer); err != nil {
				return err
			}
		}
		return tx.Record(verb, card, nil)
	})
}

// Look tells one of the two once more who an opening has named, as long as that is shown.
func (f *Seals) Look(ctx context.Context, actor *models.Actor, id int64, passphrase string) (author *models.User, err error) {
	card, err := f.db.SealOpening(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !card.ShownAt(f.db.Now()) {
		return nil, fmt.Errorf("look at opening %d: %w", id, models.ErrConflict)
	}
	key, _ := card.Mine(actor.ID)
	opener, err := f.unlock(ctx, actor, key, passphrase)
	if err != nil {
		return nil, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if card, err = tx.LockOpening(id); err != nil {
			return err
		}
		if author, err = tx.OpenedPerson(card, opener); err != nil {
			return err
		}
		return tx.Record(models.SealShown, card, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("look at opening %d: %w", id, err)
	}
	return author, nil
}

// Named is somebody whom a campaign names to keep its seals, by address, and in which role.
type Named struct{ Email, Role string }

// Name says who keeps the seals of a campaign from now on. Who did not before is told.
func (f *Seals) Name(ctx context.Context, actor *models.Actor, campaignID int64, named [2]Named) error {
	var people [2]models.NewKeeper
	for i := range named {
		people[i].Role = named[i].Role
		user, err := f.db.UserWithAccess(ctx, named[i].Email)
		if err == nil {
			people[i].Person, err = f.db.ActorByID(ctx, user.ID)
		}
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		campaign, err := tx.LockCampaign(campaignID)
		if err != nil {
			return err
		}
		if !actor.MayRun(campaign) {
			return fmt.Errorf("name keepers of campaign %d: %w", campaignID, actor.Refused(campaign.SpaceID, 0))
		}
		added, err := tx.SetSealKeepers(campaign, people)
		if err != nil {
			return err
		}
		for _, person := range added {
			if person == actor.ID {
				continue
			}
			if err := tx.NotifyFromHouse(person, models.NoticeSealKeeper); err != nil {
				return err
			}
		}
		return tx.Record(models.SealKeepersSet, campaign, nil)
	})
}
