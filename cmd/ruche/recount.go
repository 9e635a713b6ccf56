package main

import (
	"errors"
	"fmt"

	"ruche/app/votes"
	"ruche/models"
)

// recountCommand counts the ballots of a vote again. It prints the same bytes that the results page offers as JSON.
type recountCommand struct {
	Campaign int64 `arg:"" help:"The number of the campaign, as in its address."`
}

// errDiffers is when a count does not give what was published.
var errDiffers = errors.New("the ballots do not give the result that was published")

// Run prints the result of the ballots, and fails if it is not the published one.
func (c *recountCommand) Run(s *streams) error {
	_, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
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
