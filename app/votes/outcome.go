package votes

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"ruche/app/votes/count"
	"ruche/models"
	views "ruche/views/votes"
)

// outcome is what the actor may know of how a vote stands: everything once it is counted; before, the plain figures, unless the rule
// hides them or there are too few ballots for nobody to be recognised.
func (f *Votes) outcome(ctx context.Context, actor *models.Actor, vote *views.Vote) (*views.Outcome, error) {
	view := &views.Outcome{Vote: *vote, RuleHash: vote.Rule.Hash}
	options, err := f.optionsOf(ctx, vote)
	if err != nil {
		return nil, err
	}
	if view.Reach, err = f.reach(ctx, actor, vote); err != nil {
		return nil, err
	}
	switch {
	case vote.Rule.CountedAt != nil:
		return view, f.final(ctx, actor, view, options)
	case vote.Rule.ClosedAt != nil:
		job, err := f.db.CountingJob(ctx, countJob, strconv.FormatInt(vote.Campaign.ID, 10))
		if err == nil {
			view.Done, view.Total = job.Done, job.Total
		}
		if errors.Is(err, models.ErrNotFound) {
			err = nil
		}
		return view, err
	case !Told(vote):
		return view, nil
	}
	view.Shown = true
	rows, err := f.live(ctx, vote.Rule, options)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		view.Rows = append(view.Rows, rowOf(options, standing(&models.VotingTerms{Method: vote.Rule.Method}, nil, row)))
	}
	bars(view)
	return view, nil
}

// reach is to how many people each idea was shown, since the vote opened; nil for those who do not run the campaign.
func (f *Votes) reach(ctx context.Context, actor *models.Actor, vote *views.Vote) (*models.Reach, error) {
	if !vote.MayRun || vote.Rule.FrozenAt == nil {
		return nil, nil
	}
	rows, err := f.db.Exposures(ctx, actor, vote.Campaign)
	return models.ReachOf(rows), err
}

// Told tells whether the figures of a vote that goes on may be shown.
func Told(vote *views.Vote) bool {
	return vote.Rule.FrozenAt != nil && !vote.Rule.Hidden && (vote.Counting >= count.Smallest || vote.Rule.Method == models.VoteSupport)
}

// live adds up a vote that goes on.
func (f *Votes) live(ctx context.Context, rule *models.VotingRule, options []models.VotingOption) ([]count.Row, error) {
	totals, err := f.db.VoteTotals(ctx, rule)
	if err != nil {
		return nil, err
	}
	added, stand := make([]count.Total, len(totals)), make([]count.Option, len(options))
	for i, total := range totals {
		added[i] = count.Total{Option: total.IdeaID, Amount: total.Amount, Ballots: total.Ballots}
	}
	for i, option := range options {
		stand[i] = count.Option{ID: option.IdeaID, Cost: option.Cost}
	}
	return count.RowsOf(count.Method(rule.Method), stand, added), nil
}

func rowOf(options []models.VotingOption, s Standing) views.Row {
	row := views.Row{Rank: s.Rank, For: s.For, Against: s.Against, Ballots: s.Ballots, Sum: s.Sum, Score: s.Score, Lower: s.Lower, Certainty: string(s.Confidence), Consensus: s.Consensus, ByConsent: s.ByConsent}
	if option := optionOf(options, &s.Idea); option != nil {
		row.Option = *option
	}
	return row
}

// bars gives each row its part of the longest bar.
func bars(view *views.Outcome) {
	length := func(r *views.Row) int64 {
		switch view.Rule.Method {
		case models.VotePoints:
			return r.Sum
		case models.VoteScore, models.VoteDuels:
			return int64(r.Score)
		}
		return int64(r.For)
	}
	longest := int64(1)
	switch view.Rule.Method {
	case models.VoteScore:
		longest = 5_000_000
	case models.VoteDuels:
		longest = 1_000_000
	default:
		for i := range view.Rows {
			longest = max(longest, length(&view.Rows[i]))
		}
	}
	for i := range view.Rows {
		view.Rows[i].Bar = int(length(&view.Rows[i]) * 1000 / longest)
	}
}

// final shows a result, and the actor what became of their own ballot.
func (f *Votes) final(ctx context.Context, actor *models.Actor, view *views.Outcome, options []models.VotingOption) error {
	document, err := counted(actor, &view.Vote)
	if err != nil {
		return err
	}
	view.Shown, view.Final, view.Hash = true, true, view.Rule.ResultHash
	view.Whole, view.Counting, view.Public = actor.Insider(), document.Ballots, document.Ballots >= count.Smallest
	won := map[int64]bool{}
	if document.Award != nil {
		view.Award = &views.Award{Budget: view.Rule.Budget, Left: document.Award.Left}
		for _, funding := range document.Award.Funded {
			won[funding.Idea] = true
		}
	}
	for _, s := range document.Ideas {
		row := rowOf(options, s)
		row.Won = won[s.Idea]
		view.Rows = append(view.Rows, row)
	}
	bars(view)
	view.People = document.Turnout.People
	for _, g := range document.Turnout.Groups {
		view.Turnout = append(view.Turnout, views.Share{Name: g.Name, People: g.People, Voted: g.Voted})
	}
	if rest := document.Turnout.Rest; rest != nil {
		view.Turnout = append(view.Turnout, views.Share{People: rest.People, Voted: rest.Voted})
	}
	for _, division := range document.Groups {
		view.Groups = append(view.Groups, groupOf(division, document.Ideas))
	}
	view.Opinions = document.Opinions.shown(options)
	view.Receipt, err = f.receipt(ctx, actor, view, options, document, won)
	return err
}

// groupOf puts what a group said into the order of the rows.
func groupOf(division Division, ideas []Standing) views.Group {
	group := views.Group{Name: division.Name, Ballots: division.Ballots}
	for _, s := range ideas {
		at := slices.IndexFunc(division.Ideas, func(a Agreement) bool { return a.Idea == s.Idea })
		if at < 0 {
			group.For, group.Of = append(group.For, 0), append(group.Of, 0)
			continue
		}
		group.For, group.Of = append(group.For, division.Ideas[at].For), append(group.Of, division.Ideas[at].Of)
	}
	return group
}

// receipt is what the actor's own ballot came to; nil if they have none.
func (f *Votes) receipt(ctx context.Context, actor *models.Actor, view *views.Outcome, options []models.VotingOption, document *Document, won map[int64]bool) (*views.Receipt, error) {
	if !actor.SignedIn() {
		return nil, nil
	}
	ballot, lines, err := f.db.OwnBallot(ctx, actor, view.Campaign.ID)
	if errors.Is(err, models.ErrNotFound) || err == nil && ballot.Marks == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	receipt := &views.Receipt{Key: ballot.Key, Counts: ballot.Counts}
	paid := map[int64]int64{}
	if ballot.Counts && document.Award != nil && document.Award.Unit > 0 {
		own := count.Ballot{Key: ballot.Key}
		for _, line := range lines {
			own.Lines = append(own.Lines, count.Line{Option: line.IdeaID, Amount: line.Amount})
		}
		payments, left := document.Award.counted().Receipt(own)
		for _, payment := range payments {
			paid[payment.ID] = payment.Cents
		}
		receipt.Shared, receipt.Left = true, left
	}
	for _, line := range lines {
		out := views.ReceiptLine{Amount: line.Amount, Won: won[line.IdeaID], Cents: paid[line.IdeaID]}
		if option := optionOf(options, &line.IdeaID); option != nil {
			out.Option = *option
		}
		receipt.Lines = append(receipt.Lines, out)
	}
	return receipt, nil
}
