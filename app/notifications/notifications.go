// Package notifications tells people in the house what concerns them: someone answered, supported,
// mentioned them, or an idea they follow has moved. It turns events into notices; mail is not its matter.
package notifications

import (
	"context"
	"fmt"

	"ruche/app/web"
	"ruche/models"
)

// Notifications is the feature.
type Notifications struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Notifications { return &Notifications{w} }

// Page is what a person sees of their notices.
type Page struct {
	House   []models.HouseNotice     // on the first page
	Spaces  []models.SpaceNoticeCard // the newest about spaces; on the first page
	Notices []models.NoticeCard
	Next    int64 // id to go on before; 0 at the end
}

const (
	pageSize    = 30
	shownSpaces = 10
)

// List returns a page of a person's notices, newest first.
func (n *Notifications) List(ctx context.Context, actor *models.Actor, before int64) (*Page, error) {
	cards, err := n.web.DB.Notices(ctx, actor, before, pageSize+1)
	if err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	page := &Page{Notices: cards}
	if before == 0 {
		if page.House, err = n.web.DB.HouseNotices(ctx, actor); err != nil {
			return nil, fmt.Errorf("list what the house tells: %w", err)
		}
		if page.Spaces, err = n.web.DB.SpaceNotices(ctx, actor, shownSpaces); err != nil {
			return nil, fmt.Errorf("list notices about spaces: %w", err)
		}
	}
	if len(cards) > pageSize {
		page.Notices = cards[:pageSize]
		page.Next = cards[pageSize-1].ID
	}
	return page, nil
}

// ReadAll marks all of a person's notices as read.
func (n *Notifications) ReadAll(ctx context.Context, actor *models.Actor) error {
	return n.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if _, err := tx.ReadNotices(actor.ID, 0); err != nil {
			return err
		}
		return tx.ReadSpaceNotices(actor.ID, 0)
	})
}
