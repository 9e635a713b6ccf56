package models

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Ballot is what one person says in a vote. It is counted and published under its key, which says nothing of who they are.
type Ballot struct {
	ID         int64
	CampaignID int64
	UserID     *int64 // nil once the person is erased
	Key        string
	Version    int  // 0 until it was cast
	Marks      int  // of how many ideas, or duels, it says something
	Counts     bool // enough to be counted
	Department string
	Site       string
	JobFamily  string
	LeftID     *int64 // the duel that is shown now
	RightID    *int64
	CastAt     *time.Time
	ChangedAt  *time.Time
}

// BallotLine is what a ballot says of one idea.
type BallotLine struct {
	BallotID int64
	IdeaID   int64
	Amount   int64
}

// CastDuel is one comparison of a ballot; WinnerID is 0 where the voter could not decide.
type CastDuel struct {
	BallotID int64
	Number   int
	LeftID   int64
	RightID  int64
	WinnerID int64
}

// OwnBallot is the actor's ballot in a campaign, with its lines; ErrNotFound if they have none.
func (q Queries) OwnBallot(ctx context.Context, actor *Actor, campaignID int64) (*Ballot, []BallotLine, error) {
	ballot := &Ballot{}
	if err := q.one(ctx, ballot, "SELECT * FROM ballots WHERE campaign_id = ? AND user_id = ?", campaignID, actor.ID); err != nil {
		return nil, nil, fmt.Errorf("ballot in campaign %d: %w", campaignID, err)
	}
	lines, err := q.ballotLines(ctx, ballot.ID)
	return ballot, lines, err
}

func (q Queries) ballotLines(ctx context.Context, ballotID int64) (lines []BallotLine, err error) {
	return lines, q.raw(ctx, &lines, "SELECT * FROM ballot_lines WHERE ballot_id = ? ORDER BY idea_id", ballotID)
}

// OpenRule is the fixed rule of a vote in which ballots are taken, held until the transaction ends: nothing is counted meanwhile.
func (tx *Tx) OpenRule(campaignID int64) (*VotingRule, error) {
	rule, err := tx.lockRule(campaignID, true)
	switch {
	case err != nil:
		return nil, err
	case rule.FrozenAt == nil:
		return nil, &NotNow{"votes.not_open"}
	case rule.ClosedAt != nil:
		return nil, &NotNow{"votes.is_closed"}
	}
	return rule, nil
}

// LockBallot is the actor's ballot in a campaign, made under a key if they have none. Whoever else has it in hand is waited for.
func (tx *Tx) LockBallot(campaignID int64, key string) (*Ballot, error) {
	_, err := tx.exec(`INSERT INTO ballots (campaign_id, user_id, key, department, site, job_family) SELECT CAST(? AS BIGINT), u.id, ?, u.department, u.site, u.job_family
		FROM users u WHERE u.id = ? ON CONFLICT (campaign_id, user_id) DO NOTHING`, campaignID, key, tx.actorID())
	if err != nil {
		return nil, err
	}
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	ballot := &Ballot{}
	return ballot, tx.one(tx.ctx, ballot, "SELECT * FROM ballots WHERE campaign_id = ? AND user_id = ?"+lock, campaignID, tx.actorID())
}

// BallotLines are those of a locked ballot.
func (tx *Tx) BallotLines(ballot *Ballot) ([]BallotLine, error) {
	return tx.ballotLines(tx.ctx, ballot.ID)
}

// SetBallot replaces what a locked ballot says.
func (tx *Tx) SetBallot(rule *VotingRule, ballot *Ballot, lines []BallotLine) error {
	if _, err := tx.exec("DELETE FROM ballot_lines WHERE ballot_id = ?", ballot.ID); err != nil {
		return err
	}
	if len(lines) > 0 {
		values, args := make([]string, len(lines)), make([]any, 0, 3*len(lines))
		for i, line := range lines {
			values[i] = "(?, ?, ?)"
			args = append(args, ballot.ID, line.IdeaID, line.Amount)
		}
		if _, err := tx.exec("INSERT INTO ballot_lines (ballot_id, idea_id, amount) VALUES "+strings.Join(values, ", "), args...); err != nil {
			return err
		}
	}
	ballot.Marks = len(lines)
	return tx.saveBallot(rule, ballot)
}

func (tx *Tx) saveBallot(rule *VotingRule, ballot *Ballot) error {
	if ballot.CastAt == nil {
		ballot.CastAt = &tx.now
	}
	ballot.Version, ballot.ChangedAt, ballot.Counts = ballot.Version+1, &tx.now, rule.Enough(ballot.Marks)
	_, err := tx.exec("UPDATE ballots SET version = ?, marks = ?, counts = ?, left_id = ?, right_id = ?, cast_at = ?, changed_at = ? WHERE id = ?",
		ballot.Version, ballot.Marks, ballot.Counts, ballot.LeftID, ballot.RightID, ballot.CastAt, ballot.ChangedAt, ballot.ID)
	return err
}

// Duels are the comparisons of a ballot, in their order.
func (q Queries) Duels(ctx context.Context, ballot *Ballot) (duels []CastDuel, err error) {
	return duels, q.raw(ctx, &duels, "SELECT ballot_id, number, left_id, right_id, coalesce(winner_id, 0) AS winner_id FROM duels WHERE ballot_id = ? ORDER BY number", ballot.ID)
}

// DuelPair is how often two ideas were shown together, the lower number first.
type DuelPair struct {
	LowID, HighID int64
	Shown         int
}

// DuelPairs are those of a campaign; whoever asks for the next pair holds the options, so that the figures stay true.
func (tx *Tx) DuelPairs(campaignID int64) (options []VotingOption, pairs []DuelPair, err error) {
	if tx.postgres() {
		if _, err := tx.exec("SELECT 1 FROM voting_options WHERE campaign_id = ? ORDER BY idea_id FOR UPDATE", campaignID); err != nil {
			return nil, nil, err
		}
	}
	if options, err = tx.VotingOptions(tx.ctx, campaignID); err != nil {
		return nil, nil, err
	}
	return options, pairs, tx.raw(tx.ctx, &pairs, "SELECT low_id, high_id, shown FROM duel_pairs WHERE campaign_id = ?", campaignID)
}

// Decide stores the answer to the duel that a locked ballot shows; winner is 0 for none.
func (tx *Tx) Decide(rule *VotingRule, ballot *Ballot, winner int64) error {
	var won *int64
	if winner != 0 {
		won = &winner
	}
	ballot.Marks++
	_, err := tx.exec("INSERT INTO duels (ballot_id, number, left_id, right_id, winner_id) VALUES (?, ?, ?, ?, ?)", ballot.ID, ballot.Marks, *ballot.LeftID, *ballot.RightID, won)
	if err != nil {
		return err
	}
	ballot.LeftID, ballot.RightID = nil, nil
	return tx.saveBallot(rule, ballot)
}

// ShowDuel puts two ideas before a voter and counts that they were shown.
func (tx *Tx) ShowDuel(ballot *Ballot, left, right int64) error {
	ballot.LeftID, ballot.RightID = &left, &right
	if _, err := tx.exec("UPDATE ballots SET left_id = ?, right_id = ? WHERE id = ?", left, right, ballot.ID); err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE voting_options SET shown = shown + 1 WHERE campaign_id = ? AND idea_id IN (?, ?)", ballot.CampaignID, left, right); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO duel_pairs (campaign_id, low_id, high_id, shown) VALUES (?, ?, ?, 1)
		ON CONFLICT (campaign_id, low_id, high_id) DO UPDATE SET shown = duel_pairs.shown + 1`, ballot.CampaignID, min(left, right), max(left, right))
	return err
}
