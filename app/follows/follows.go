// Package follows is where people say how closely they follow spaces, topics, tags, people, threads, articles and events, and see all that they follow.
// Who is told of what follows from it, in app/notifications; ideas are followed on their own pages.
package follows

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"ruche/app/web"
	"ruche/models"
)

// Follows is the feature.
type Follows struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Follows { return &Follows{w} }

// pageSize is how many of what somebody follows a page shows.
const pageSize = 30

// List finds a page of what of a kind the actor follows or mutes, and the number that the next one begins before, 0 at the end.
func (f *Follows) List(ctx context.Context, actor *models.Actor, kind models.Followed, before int64) (cards []models.FollowingCard, next int64, err error) {
	if !slices.Contains(models.FollowedKinds(), kind) {
		return nil, 0, models.Invalid{"kind": "follows.kind_invalid"}
	}
	if cards, err = f.web.DB.Followings(ctx, actor, kind, before, pageSize+1); err != nil {
		return nil, 0, err
	}
	if len(cards) > pageSize {
		cards = cards[:pageSize]
		next = cards[pageSize-1].ID
	}
	return cards, next, nil
}

// Set says how closely the actor follows something that they may know of, or with an empty level that they have nothing to say of it.
// It returns what they had said before.
func (f *Follows) Set(ctx context.Context, actor *models.Actor, kind models.Followed, name string, level models.FollowLevel) (before models.FollowLevel, err error) {
	if level != "" && !level.Valid() {
		return "", models.Invalid{"level": "discussions.level_invalid"}
	}
	if !slices.Contains(models.FollowedKinds(), kind) {
		return "", models.Invalid{"kind": "follows.kind_invalid"}
	}
	if !actor.SignedIn() {
		return "", models.ErrForbidden
	}
	if kind == models.FollowedThread || kind == models.FollowedArticle || kind == models.FollowedGathering {
		return f.setRead(ctx, actor, kind, name, level)
	}
	target, err := f.web.DB.FollowTarget(ctx, actor, kind, name)
	if err != nil {
		return "", err
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		before, err = tx.SetFollowing(target, level)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("follow a %s: %w", kind, err)
	}
	return before, nil
}

// setRead is Set for a thread, an article or an event, which the actor has to be able to read.
func (f *Follows) setRead(ctx context.Context, actor *models.Actor, kind models.Followed, name string, level models.FollowLevel) (before models.FollowLevel, err error) {
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil || id <= 0 {
		return "", models.ErrNotFound
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if kind == models.FollowedArticle {
			article, err := tx.LockArticle(id)
			if err != nil {
				return err
			}
			before, err = tx.SetArticleLevel(article, level)
			return err
		}
		if kind == models.FollowedGathering {
			gathering, err := tx.LockGathering(id)
			if err != nil {
				return err
			}
			before, err = tx.SetGatheringLevel(gathering, level)
			return err
		}
		thread, err := tx.LockThread(id)
		if err != nil {
			return err
		}
		before, err = tx.SetLevel(thread, level)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("follow %s %d: %w", kind, id, err)
	}
	return before, nil
}
