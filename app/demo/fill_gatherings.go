package demo

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"ruche/app/text"
	"ruche/models"
)

// tellAgenda adds what people come together for to the story.
func (f *filler) tellAgenda(tell func(Age, string, moving)) {
	for i := range f.company.Gatherings {
		g, made := &f.company.Gatherings[i], &models.Gathering{}
		tell(g.Ago, g.Key+" is planned", f.plans(g, made))
		for n, who := range append(append([]string{}, g.Comes...), g.Maybe...) {
			answer := models.Comes
			if n >= len(g.Comes) {
				answer = models.MayCome
			}
			tell(g.Ago*Age(40-min(n, 30))/45, who+" answers to "+g.Key, f.attends(who, made, answer))
		}
		said := map[string]*models.Post{}
		for _, s := range g.Talk {
			said[s.Key] = &models.Post{Lang: cmp.Or(s.Lang, g.Lang)}
			tell(s.Ago, s.By+" writes under "+g.Key, f.saysUnder(func() models.About { return models.About{Gathering: made.ID} }, s, said[s.Key], said[s.Answers]))
		}
		if g.Cancelled != "" {
			tell(g.Ago/8, g.By+" cancels "+g.Key, f.gathering(g.By, made, models.PlanGathering, func(tx *models.Tx, it *models.Gathering) error {
				if err := tx.CancelGathering(it, g.Cancelled); err != nil {
					return err
				}
				return tx.Record(models.GatheringCancelled, it, nil)
			}))
		}
	}
}

// zone is that of the house.
const zone = "Europe/Paris"

func (f *filler) plans(g *Gathering, made *models.Gathering) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, g.By)
		if err != nil {
			return err
		}
		*made = models.Gathering{SpaceID: f.spaces[g.Space].ID, Title: g.Title, Lang: g.Lang, Place: g.Place, URL: g.Link}
		if !actor.Can(models.PlanGathering, &models.Space{ID: made.SpaceID}) {
			return fmt.Errorf("%s may not %s: %w", g.By, models.PlanGathering, models.ErrForbidden)
		}
		if g.Capacity > 0 {
			made.Capacity = &g.Capacity
		}
		paris, err := time.LoadLocation(zone)
		if err != nil {
			return err
		}
		clock, err := time.Parse("15:04", g.From)
		if err != nil {
			return err
		}
		year, month, day := f.now.In(paris).Date()
		made.StartsAt = time.Date(year, month, day+g.Days, clock.Hour(), clock.Minute(), 0, 0, paris)
		made.EndsAt = made.StartsAt.Add(time.Duration(g.Lasts))
		if made.Body, err = f.resolve(strings.TrimSpace(g.Body)); err != nil {
			return err
		}
		rendered, err := text.Render(made.Body, text.Body, f.known)
		if err != nil {
			return err
		}
		made.HTML, made.Summary = rendered.HTML, rendered.Summary
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.CreateGathering(made); err != nil {
				return err
			}
			return tx.Record(models.GatheringPlanned, made, nil)
		})
	}
}

func (f *filler) attends(who string, made *models.Gathering, answer models.Coming) moving {
	return f.gathering(who, made, models.Attend, func(tx *models.Tx, g *models.Gathering) error {
		if _, _, err := tx.Attend(g, answer); err != nil {
			return err
		}
		return tx.Record(models.GatheringAnswered, g, nil)
	})
}

// gathering does something to a gathering that somebody may do there.
func (f *filler) gathering(who string, made *models.Gathering, act models.Act, do func(*models.Tx, *models.Gathering) error) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, who)
		if err != nil {
			return err
		}
		if !actor.Can(act, &models.Space{ID: made.SpaceID}) {
			return fmt.Errorf("%s may not %s: %w", who, act, models.ErrForbidden)
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			g, err := tx.LockGathering(made.ID)
			if err != nil {
				return err
			}
			return do(tx, g)
		})
	}
}
