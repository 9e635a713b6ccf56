// Package votes lets a campaign vote on its ideas, by a rule that is fixed when the vote opens: it takes ballots, each of which counts
// once, closes the vote when its time is over, has it counted and tells what came of it, so that anybody can count again. How
// ballots become results is count's; supports are given on the pages of the ideas.
package votes

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ruche/app/jobs"
	"ruche/app/votes/count"
	"ruche/app/web"
	"ruche/models"
)

// Votes is the feature.
type Votes struct {
	web *web.Web
	db  *models.DB
}

// New returns the feature, and registers its jobs.
func New(w *web.Web, j *jobs.Jobs) *Votes {
	f := &Votes{w, w.DB}
	for _, kind := range f.jobs() {
		j.Register(kind)
	}
	return f
}

// SetRule stores by what rule a campaign will vote, with what its ideas cost in cents, until the vote opens. base is the version that
// the actor started from, 0 for none.
func (f *Votes) SetRule(ctx context.Context, actor *models.Actor, id int64, base int, rule models.VotingRule, costs map[int64]int64) error {
	return f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		campaign, err := tx.LockCampaign(id)
		if err != nil {
			return err
		}
		if !actor.MayRun(campaign) {
			return fmt.Errorf("rule the vote of campaign %d: %w", id, actor.Refused(campaign.SpaceID, 0))
		}
		if err := tx.SetVotingRule(campaign, &rule, base, costs); err != nil {
			return err
		}
		return tx.Record(models.VoteRuled, campaign, map[string]any{"method": rule.Method})
	})
}

// errSame ends a change that changes nothing.
var errSame = errors.New("nothing to change")

// anyBase is the version of whoever takes the ballot as it is.
const anyBase = -1

// Cast makes a ballot say what the lines say, whatever it said before. base is the version that the actor started from. Sent again, it
// changes nothing; ErrConflict if the ballot says something else by now that the actor has not seen.
func (f *Votes) Cast(ctx context.Context, actor *models.Actor, id int64, base int, lines []models.BallotLine) (ballot *models.Ballot, err error) {
	slices.SortFunc(lines, func(a, b models.BallotLine) int { return int(a.IdeaID - b.IdeaID) })
	err = f.vote(ctx, actor, id, func(tx *models.Tx, rule *models.VotingRule) error {
		options, err := tx.VotingOptions(tx.Context(), id)
		if err != nil {
			return err
		}
		if err := rule.Check(options, lines); err != nil {
			return err
		}
		if ballot, err = tx.LockBallot(id, newKey()); err != nil {
			return err
		}
		before, err := tx.BallotLines(ballot)
		if err != nil {
			return err
		}
		if ballot.Version > 0 && slices.EqualFunc(before, lines, sameLine) {
			return errSame
		}
		if base != anyBase && base != ballot.Version {
			return fmt.Errorf("cast a ballot from version %d: %w", base, models.ErrConflict)
		}
		return tx.SetBallot(rule, ballot, lines)
	})
	return ballot, err
}

func sameLine(a, b models.BallotLine) bool { return a.IdeaID == b.IdeaID && a.Amount == b.Amount }

// Side is the answer to a duel.
type Side string

// Sides of a duel. No side at all begins them.
const (
	Left      Side = "left"
	Right     Side = "right"
	Undecided Side = "none"
)

// Duel answers the duel of a number, the first being 1, and shows the next; the side "" begins. An answer that comes again changes
// nothing.
func (f *Votes) Duel(ctx context.Context, actor *models.Actor, id int64, number int, side Side) (ballot *models.Ballot, err error) {
	if side != "" && side != Left && side != Right && side != Undecided {
		return nil, models.Invalid{"winner": "votes.winner_invalid"}
	}
	err = f.vote(ctx, actor, id, func(tx *models.Tx, rule *models.VotingRule) error {
		if rule.Method != models.VoteDuels {
			return models.ErrNotFound
		}
		if ballot, err = tx.LockBallot(id, newKey()); err != nil {
			return err
		}
		shown := ballot.LeftID != nil && ballot.RightID != nil
		switch {
		case side == "" && shown, side != "" && (!shown || number != ballot.Marks+1):
			return errSame
		case side != "":
			winner := map[Side]int64{Left: *ballot.LeftID, Right: *ballot.RightID}[side]
			if err := tx.Decide(rule, ballot, winner); err != nil {
				return err
			}
		}
		return f.showNext(tx, ballot)
	})
	return ballot, err
}

// showNext puts the next duel before a voter, unless they have compared everything.
func (f *Votes) showNext(tx *models.Tx, ballot *models.Ballot) error {
	duels, err := tx.Duels(tx.Context(), ballot)
	if err != nil {
		return err
	}
	done := map[count.Pair]bool{}
	for _, duel := range duels {
		done[count.Pair{Left: duel.LeftID, Right: duel.RightID}.Sorted()] = true
	}
	options, pairs, err := tx.DuelPairs(ballot.CampaignID)
	if err != nil {
		return err
	}
	shown := count.Shown{Times: map[int64]int{}, Together: map[count.Pair]int{}}
	for _, option := range options {
		if option.Title != "" {
			shown.Options = append(shown.Options, option.IdeaID)
			shown.Times[option.IdeaID] = option.Shown
		}
	}
	for _, pair := range pairs {
		shown.Together[count.Pair{Left: pair.LowID, Right: pair.HighID}] = pair.Shown
	}
	next, ok := shown.Next(done, uint64(ballot.ID)<<16+uint64(len(duels)))
	if !ok {
		return nil
	}
	return tx.ShowDuel(ballot, next.Left, next.Right)
}

// vote changes the actor's ballot in one transaction, in which the vote can be neither closed nor changed.
func (f *Votes) vote(ctx context.Context, actor *models.Actor, id int64, change func(*models.Tx, *models.VotingRule) error) error {
	if err := f.catchUp(ctx, actor, id); err != nil {
		return err
	}
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		campaign, err := tx.Campaign(ctx, actor, id)
		if err != nil {
			return err
		}
		if err := actor.MayVote(campaign, tx.Now()); err != nil {
			return fmt.Errorf("vote in campaign %d: %w", id, err)
		}
		rule, err := tx.OpenRule(id)
		if err != nil {
			return err
		}
		if err := change(tx, rule); err != nil {
			return err
		}
		return tx.Record(models.VoteCast, campaign, nil)
	})
	if errors.Is(err, errSame) {
		return nil
	}
	return err
}

// newKey is a name for a ballot that says nothing of its voter.
func newKey() string { return strings.ToLower(rand.Text()) }
