package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// counted is the condition that a ballot b counts while the vote goes on: it says enough, and is not the second one of a person
// whose two accounts were merged.
const counted = `b.counts AND NOT EXISTS (SELECT 1 FROM users g JOIN ballots k ON k.campaign_id = b.campaign_id AND k.user_id = g.merged_into WHERE g.id = b.user_id)`

// CastBallots is how many ballots of a vote count so far, and how many wait for enough to be said on them.
func (q Queries) CastBallots(ctx context.Context, rule *VotingRule) (counting, waiting int, err error) {
	var n struct{ Counting, Waiting int }
	if rule.Method == VoteSupport && rule.ClosedAt == nil {
		err = q.one(ctx, &n, "SELECT count(DISTINCT s.user_id) AS counting FROM supports s JOIN voting_options o ON o.idea_id = s.idea_id WHERE o.campaign_id = ? AND o.listed", rule.CampaignID)
		return n.Counting, 0, err
	}
	// All that are enough, less the second ones of people, who are few: so that nothing but an index is read.
	err = q.one(ctx, &n, `SELECT coalesce(sum(CASE WHEN b.counts THEN 1 ELSE 0 END), 0) - (SELECT count(*) FROM users g JOIN ballots d ON d.campaign_id = ? AND d.user_id = g.id AND d.counts
			JOIN ballots k ON k.campaign_id = d.campaign_id AND k.user_id = g.merged_into WHERE g.merged_into IS NOT NULL) AS counting,
		coalesce(sum(CASE WHEN NOT b.counts AND b.marks > 0 THEN 1 ELSE 0 END), 0) AS waiting FROM ballots b WHERE b.campaign_id = ?`, rule.CampaignID, rule.CampaignID)
	return n.Counting, n.Waiting, err
}

// VoteTotal is how many ballots say the same of an idea. Of duels the amount is 1 for a victory, -1 for a defeat, 0 for none.
type VoteTotal struct {
	IdeaID  int64
	Amount  int64
	Ballots int
}

// VoteTotals adds up a vote that goes on and whose counts are not hidden: nothing of one that hides them.
func (q Queries) VoteTotals(ctx context.Context, rule *VotingRule) (totals []VoteTotal, err error) {
	if rule.Hidden && rule.ClosedAt == nil {
		return nil, ErrForbidden
	}
	query := "SELECT l.idea_id, l.amount, count(*) AS ballots FROM ballot_lines l JOIN ballots b ON b.id = l.ballot_id WHERE b.campaign_id = ? AND " + counted + " GROUP BY l.idea_id, l.amount"
	args := []any{rule.CampaignID}
	switch {
	case rule.Method == VoteSupport && rule.ClosedAt == nil:
		query = "SELECT s.idea_id, 1 AS amount, count(*) AS ballots FROM supports s JOIN voting_options o ON o.idea_id = s.idea_id WHERE o.campaign_id = ? AND o.listed GROUP BY s.idea_id"
	case rule.Method == VoteDuels:
		side := func(own string) string {
			return "SELECT d." + own + " AS idea_id, CASE WHEN d.winner_id IS NULL THEN 0 WHEN d.winner_id = d." + own + " THEN 1 ELSE -1 END AS amount FROM duels d JOIN ballots b ON b.id = d.ballot_id WHERE b.campaign_id = ? AND " + counted
		}
		query = "SELECT t.idea_id, t.amount, count(*) AS ballots FROM (" + side("left_id") + " UNION ALL " + side("right_id") + ") t GROUP BY t.idea_id, t.amount"
		args = append(args, rule.CampaignID)
	}
	return totals, q.raw(ctx, &totals, query, args...)
}

// CloseVote ends a vote whose time is over: it settles which ballots count, takes the supports as ballots where those are the vote,
// and keeps how many could have voted and saw its ideas. It is false if it was closed before or goes on.
func (tx *Tx) CloseVote(campaign *Campaign) (closed bool, err error) {
	rule, err := tx.lockRule(campaign.ID, false)
	_, closes := campaign.VotingAt()
	if err != nil || rule.FrozenAt == nil || rule.ClosedAt != nil || closes == nil || closes.After(tx.now) {
		return false, err
	}
	if rule.Method == VoteSupport {
		err = tx.takeSupports(campaign.ID)
	} else {
		_, err = tx.exec("UPDATE ballots SET counts = false WHERE campaign_id = ? AND counts AND id NOT IN (SELECT b.id FROM ballots b WHERE b.campaign_id = ? AND "+counted+")", campaign.ID, campaign.ID)
	}
	if err != nil {
		return false, err
	}
	electorate, err := tx.electorate(campaign, rule)
	if err != nil {
		return false, err
	}
	if err := tx.keepExposures(campaign.ID); err != nil {
		return false, err
	}
	_, err = tx.exec("UPDATE voting_rules SET closed_at = ?, electorate = ? WHERE campaign_id = ?", tx.now, electorate, campaign.ID)
	if err == nil && rule.Method == VoteSupport && rule.Hidden {
		err = tx.showSupports(campaign.ID)
	}
	return err == nil, err
}

// takeSupports makes a ballot of the supports that everyone has given to the ideas of a vote.
func (tx *Tx) takeSupports(campaignID int64) error {
	chance := "lower(hex(randomblob(10)))"
	if tx.postgres() {
		chance = "replace(gen_random_uuid()::text, '-', '')"
	}
	_, err := tx.exec(`INSERT INTO ballots (campaign_id, user_id, key, version, marks, counts, department, site, job_family, cast_at, changed_at)
		SELECT g.campaign_id, u.id, `+chance+`, 1, g.marks, true, u.department, u.site, u.job_family, g.at, g.at
		FROM (SELECT o.campaign_id, s.user_id, count(*) AS marks, max(s.created_at) AS at FROM supports s JOIN voting_options o ON o.idea_id = s.idea_id
			WHERE o.campaign_id = ? AND o.listed GROUP BY o.campaign_id, s.user_id) g JOIN users u ON u.id = g.user_id`, campaignID)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO ballot_lines (ballot_id, idea_id, amount) SELECT b.id, s.idea_id, 1 FROM ballots b JOIN supports s ON s.user_id = b.user_id
		JOIN voting_options o ON o.campaign_id = b.campaign_id AND o.idea_id = s.idea_id WHERE b.campaign_id = ? AND o.listed`, campaignID)
	return err
}

// electorate is how many people may vote in a campaign, by what its rule divides them by, or by department.
func (tx *Tx) electorate(campaign *Campaign, rule *VotingRule) (string, error) {
	var rows []struct {
		Division string
		People   int
	}
	err := tx.raw(tx.ctx, &rows, `SELECT u.`+string(rule.Division())+` AS division, count(*) AS people`+tx.electors()+" GROUP BY 1 ORDER BY 1", campaign.SpaceID, tx.now)
	people := map[string]int{}
	for _, row := range rows {
		people[row.Division] = row.People
	}
	raw, failed := json.Marshal(people)
	return string(raw), errors.Join(err, failed)
}

// Division is what the turnout is told by.
func (r *VotingRule) Division() Division {
	if r.DividedBy == Undivided {
		return ByDepartment
	}
	return r.DividedBy
}

// Division is the group that a ballot belongs to; empty if it has none.
func (b *Ballot) Division(by Division) string {
	switch by {
	case ByDepartment:
		return b.Department
	case BySite:
		return b.Site
	case ByJobFamily:
		return b.JobFamily
	}
	return ""
}

// DueVotes are campaigns whose vote has begun and is not open, or has ended and is not closed. It is for the job that sees to it.
func (q Queries) DueVotes(ctx context.Context, limit int) (ids []int64, err error) {
	return ids, q.raw(ctx, &ids, `SELECT r.campaign_id FROM voting_rules r JOIN campaigns c ON c.id = r.campaign_id JOIN campaign_stages v ON v.campaign_id = c.id AND v.kind = 'vote'
		LEFT JOIN campaign_stages n ON n.campaign_id = c.id AND n.position = v.position + 1
		WHERE r.closed_at IS NULL AND c.published_at IS NOT NULL AND (r.frozen_at IS NULL AND v.starts_at <= ? OR r.frozen_at IS NOT NULL AND n.starts_at <= ?) ORDER BY r.campaign_id LIMIT ?`, q.present(), q.present(), limit)
}

// VotingCampaign is a campaign with its stages, whoever may see it: for jobs and the command line.
func (q Queries) VotingCampaign(ctx context.Context, id int64) (*Campaign, error) {
	campaign := &Campaign{}
	if err := q.one(ctx, campaign, "SELECT * FROM campaigns WHERE id = ?", id); err != nil {
		return nil, fmt.Errorf("campaign %d: %w", id, err)
	}
	var err error
	campaign.Stages, err = q.campaignStages(ctx, id)
	return campaign, err
}

// ClosedVote is a vote that was closed with the ballots that count, by their keys, without anybody's name. Reading it takes
// as long as there are ballots, so it is for jobs, the command line and exports.
func (q Queries) ClosedVote(ctx context.Context, campaignID int64) (rule *VotingRule, ballots []Ballot, lines []BallotLine, duels []CastDuel, err error) {
	if rule, err = q.votingRule(ctx, campaignID, ""); err == nil && rule.ClosedAt == nil {
		err = &NotNow{"votes.not_closed"}
	}
	if err != nil {
		return nil, nil, nil, nil, err
	}
	err = errors.Join(
		q.raw(ctx, &ballots, "SELECT id, campaign_id, key, marks, counts, department, site, job_family FROM ballots WHERE campaign_id = ? AND counts ORDER BY key", campaignID),
		q.raw(ctx, &lines, "SELECT l.* FROM ballot_lines l JOIN ballots b ON b.id = l.ballot_id WHERE b.campaign_id = ? AND b.counts ORDER BY b.key, l.idea_id", campaignID),
		q.raw(ctx, &duels, "SELECT d.ballot_id, d.number, d.left_id, d.right_id, coalesce(d.winner_id, 0) AS winner_id FROM duels d JOIN ballots b ON b.id = d.ballot_id WHERE b.campaign_id = ? AND b.counts ORDER BY b.key, d.number", campaignID))
	return rule, ballots, lines, duels, err
}

// CountedBallots are some of those of ClosedVote, after a key.
func (q Queries) CountedBallots(ctx context.Context, campaignID int64, after string, limit int) (ballots []Ballot, lines []BallotLine, duels []CastDuel, err error) {
	err = q.raw(ctx, &ballots, "SELECT id, key, marks, counts FROM ballots WHERE campaign_id = ? AND counts AND key > ? ORDER BY key LIMIT ?", campaignID, after, limit)
	if err != nil || len(ballots) == 0 {
		return nil, nil, nil, err
	}
	ids := make([]int64, len(ballots))
	for i := range ballots {
		ids[i] = ballots[i].ID
	}
	err = errors.Join(
		q.raw(ctx, &lines, "SELECT * FROM ballot_lines WHERE ballot_id IN ? ORDER BY ballot_id, idea_id", ids),
		q.raw(ctx, &duels, "SELECT ballot_id, number, left_id, right_id, coalesce(winner_id, 0) AS winner_id FROM duels WHERE ballot_id IN ? ORDER BY ballot_id, number", ids))
	return ballots, lines, duels, err
}

// SetResult stores what a vote has come to.
func (tx *Tx) SetResult(campaignID int64, document []byte) error {
	_, err := tx.exec("UPDATE voting_rules SET counted_at = ?, result = ?, result_hash = ? WHERE campaign_id = ?", tx.now, string(document), HashOf(document), campaignID)
	return err
}

// CountingJob is how far a count has come that is going on.
func (q Queries) CountingJob(ctx context.Context, kind, key string) (*Job, error) {
	job := &Job{}
	return job, q.one(ctx, job, "SELECT * FROM jobs WHERE kind = ? AND key = ? AND state = 'waiting'", kind, key)
}
