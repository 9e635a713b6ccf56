// Package forms is where those who run a campaign set up what it asks of every idea beside title and body: fields, their words in
// both languages, their order, and who sees the answers. Asking and showing them is the matter of package ideas.
package forms

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ruche/app/files"
	"ruche/app/web"
	"ruche/models"
)

// Forms is the feature.
type Forms struct {
	web   *web.Web
	files *files.Files
}

// New returns the feature.
func New(w *web.Web, files *files.Files) *Forms { return &Forms{w, files} }

// Add asks something more, at the end of the form.
func (f *Forms) Add(ctx context.Context, actor *models.Actor, id int64, field *models.FormField) (*models.Campaign, error) {
	return f.change(ctx, actor, id, func(tx *models.Tx, campaign *models.Campaign) error {
		return tx.AddField(campaign, field)
	})
}

// Edit gives a field other words; ErrConflict if someone else has saved since the version base. What was answered keeps the
// words that it answered.
func (f *Forms) Edit(ctx context.Context, actor *models.Actor, id int64, field *models.FormField, base int) (campaign *models.Campaign, err error) {
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if campaign, err = lock(tx, id); err != nil {
			return err
		}
		narrowed, err := tx.EditField(campaign, field, base)
		if err != nil {
			return err
		}
		verb := models.FormChanged
		if narrowed {
			verb = models.AnswersNarrowed
		}
		return tx.Record(verb, campaign, models.FieldRecord{Field: field.ID})
	})
	return campaign, err
}

// Retire asks a field no longer; what was answered stays.
func (f *Forms) Retire(ctx context.Context, actor *models.Actor, id, field int64) (*models.Campaign, error) {
	return f.change(ctx, actor, id, func(tx *models.Tx, campaign *models.Campaign) error {
		return same(tx.RetireField(campaign, field))
	})
}

// Restore asks a field again, at the end of the form.
func (f *Forms) Restore(ctx context.Context, actor *models.Actor, id, field int64) (*models.Campaign, error) {
	return f.change(ctx, actor, id, func(tx *models.Tx, campaign *models.Campaign) error {
		return same(tx.RestoreField(campaign, field))
	})
}

// AskSummary says whether the campaign asks every idea for a summary.
func (f *Forms) AskSummary(ctx context.Context, actor *models.Actor, id int64, asks bool) (*models.Campaign, error) {
	return f.change(ctx, actor, id, func(tx *models.Tx, campaign *models.Campaign) error {
		if campaign.AsksSummary == asks {
			return errSame
		}
		return tx.AskSummary(campaign, asks)
	})
}

// Order asks the fields in another order; ErrConflict if these are not all that are asked.
func (f *Forms) Order(ctx context.Context, actor *models.Actor, id int64, order []int64) (*models.Campaign, error) {
	return f.change(ctx, actor, id, func(tx *models.Tx, campaign *models.Campaign) error {
		return tx.OrderFields(campaign, order)
	})
}

// Move asks a field before the one above it, or after the one below, and returns its place from 1 on. At either end nothing happens.
func (f *Forms) Move(ctx context.Context, actor *models.Actor, id, field int64, up bool) (place int, err error) {
	_, err = f.change(ctx, actor, id, func(tx *models.Tx, campaign *models.Campaign) error {
		fields, err := tx.FormFields(ctx, campaign.ID)
		if err != nil {
			return err
		}
		var order []int64
		for _, asked := range models.Asked(fields) {
			order = append(order, asked.ID)
		}
		at := slices.Index(order, field)
		if at < 0 {
			return fmt.Errorf("move field %d: %w", field, models.ErrNotFound)
		}
		to := min(at+1, len(order)-1)
		if up {
			to = max(at-1, 0)
		}
		place = to + 1
		if at == to {
			return errSame
		}
		order[at], order[to] = order[to], order[at]
		return tx.OrderFields(campaign, order)
	})
	return place, err
}

// errSame ends a change that changes nothing.
var errSame = errors.New("nothing to change")

func same(changed bool, err error) error {
	if err == nil && !changed {
		return errSame
	}
	return err
}

func (f *Forms) change(ctx context.Context, actor *models.Actor, id int64, do func(*models.Tx, *models.Campaign) error) (campaign *models.Campaign, err error) {
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if campaign, err = lock(tx, id); err != nil {
			return err
		}
		if err := do(tx, campaign); err != nil {
			return err
		}
		return tx.Record(models.FormChanged, campaign, nil)
	})
	if errors.Is(err, errSame) {
		err = nil
	}
	return campaign, err
}

// lock finds a campaign that the actor may run, and lets nobody else change it meanwhile.
func lock(tx *models.Tx, id int64) (*models.Campaign, error) {
	campaign, err := tx.LockCampaign(id)
	if err != nil {
		return nil, err
	}
	return campaign, mayRun(tx.Actor(), campaign)
}

func mayRun(actor *models.Actor, campaign *models.Campaign) error {
	if !actor.MayRun(campaign) {
		return fmt.Errorf("form of campaign %d: %w", campaign.ID, actor.Refused(campaign.SpaceID, 0))
	}
	return nil
}
