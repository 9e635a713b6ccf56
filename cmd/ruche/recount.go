package main

import (
	"errors"
	"fmt"

	"ruche/app/votes"
	"ruche/models"
)

// recountCommand counts again what is kept counted: the ballots of a vote, of which it prints the same bytes that the results page offers
// as JSON; or without one what threads, articles and posts say of themselves.
type recountCommand struct {
	Campaign int64 `arg:"" optional:"" help:"The number of the campaign, as in its address. Without it the counters of threads, articles, collections and reactions are counted anew, and mended where they are wrong."`
}

// errDiffers is when a count does not give what was published.
var errDiffers = errors.New("the ballots do not give the result that was published")

// Run prints the result of the ballots, and fails if it is not the published one; or prints each counter that was wrong, which is no failure:
// it is mended.
func (c *recountCommand) Run(s *streams) error {
	_, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	if c.Campaign == 0 {
		return counters(s, db)
	}
	document, err := votes.Recount(s.ctx, db, c.Campaign, func(int, int) error { return nil })
	if err != nil {
		return err
	}
	if _, err := s.out.Write(document); err != nil {
		return err
	}
	published, err := db.VotingRule(s.ctx, &models.Campaign{ID: c.Campaign})
	if err != nil {
		return err
	}
	if hash := models.HashOf(document); published.CountedAt != nil && hash != published.ResultHash {
		return fmt.Errorf("%w: %s, and not %s", errDiffers, hash, published.ResultHash)
	}
	return nil
}

// counters mends those that are kept, and prints what was wrong.
func counters(s *streams, db *models.DB) error {
	mended := 0
	err := db.Recount(s.ctx, func(wrong models.Miscount) error {
		mended++
		sign := ""
		if wrong.SignID != 0 {
			sign = fmt.Sprintf(", sign %d", wrong.SignID)
		}
		_, err := fmt.Fprintf(s.out, "%s of %d%s said %d and is now %d\n", wrong.Counter, wrong.ID, sign, wrong.Kept, wrong.Counted)
		return err
	})
	if err == nil {
		_, err = fmt.Fprintf(s.out, "Counted: %d mended.\n", mended)
	}
	return err
}
