package models

import (
	"context"
	"time"
)

// Notices of votes.
const (
	NoticeVoteOpen       Kind = "vote_open"       // a vote in which you may take part has opened
	NoticeVoteUnfinished Kind = "vote_unfinished" // one closes soon, and the ballot that you began does not count yet
	NoticeVoteResult     Kind = "vote_result"     // one in which you took part is counted
)

// votersRemindedBefore is how long before a vote closes those are told whose ballot does not count yet.
const votersRemindedBefore = 24 * time.Hour

// electors are the people u who may vote in a space, whose id is the first argument: who may contribute to it, as the policy has it.
// The second is the time.
func (q Queries) electors() string {
	here, _ := q.here()
	return ` FROM users u JOIN spaces s ON s.id = ? LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id
		WHERE ` + here + ` AND u.import_ref IS NULL AND NOT u.service AND u.role <> 'auditor' AND coalesce(m.role, '') <> 'reader' AND CASE
			WHEN u.role = 'external' THEN m.role IS NOT NULL AND s.visibility IN ('public', 'external')
			WHEN m.role IS NOT NULL OR s.visibility IN ('public', 'company') THEN true
			ELSE s.visibility = 'external' AND u.role IN ('moderator', 'manager', 'owner') END`
}

// tellElectors tells those who may vote in a campaign, and whom the condition leaves, unless they have not read it of another vote yet.
func (tx *Tx) tellElectors(campaign *Campaign, kind Kind, condition string, args ...any) error {
	_, err := tx.exec("INSERT INTO house_notices (user_id, kind, created_at) SELECT u.id, ?, ?"+tx.electors()+
		" AND NOT EXISTS (SELECT 1 FROM house_notices h WHERE h.user_id = u.id AND h.kind = ? AND h.read_at IS NULL)"+condition,
		append([]any{kind, tx.now, campaign.SpaceID, tx.now, kind}, args...)...)
	return err
}

// TellOfVote tells everyone who may vote in a campaign that its vote has opened.
func (tx *Tx) TellOfVote(campaign *Campaign) error {
	return tx.tellElectors(campaign, NoticeVoteOpen, "")
}

// TellOfResult tells those whose ballots counted in a vote that there is a result.
func (tx *Tx) TellOfResult(campaign *Campaign) error {
	return tx.tellElectors(campaign, NoticeVoteResult, " AND u.id IN (SELECT b.user_id FROM ballots b WHERE b.campaign_id = ? AND b.counts)", campaign.ID)
}

// ClosingVotes are campaigns whose vote closes soon and takes ballots that may not count yet, and which has reminded nobody. It is
// for the job that sees to it.
func (q Queries) ClosingVotes(ctx context.Context, limit int) (ids []int64, err error) {
	now := q.present()
	return ids, q.raw(ctx, &ids, `SELECT r.campaign_id FROM voting_rules r JOIN campaigns c ON c.id = r.campaign_id JOIN campaign_stages v ON v.campaign_id = r.campaign_id AND v.kind = 'vote'
		JOIN campaign_stages n ON n.campaign_id = v.campaign_id AND n.position = v.position + 1
		WHERE r.closed_at IS NULL AND r.frozen_at IS NOT NULL AND r.reminded_at IS NULL AND r.minimum > 0 AND c.paused_at IS NULL AND n.starts_at > ? AND n.starts_at <= ?
		ORDER BY n.starts_at, r.campaign_id LIMIT ?`, now, now.Add(votersRemindedBefore), limit)
}

// RemindVoters tells those who have begun a ballot in a campaign that it does not count yet, once.
func (tx *Tx) RemindVoters(campaign *Campaign) error {
	rule, err := tx.lockRule(campaign.ID, false)
	if err != nil || rule.RemindedAt != nil {
		return err
	}
	err = tx.tellElectors(campaign, NoticeVoteUnfinished, " AND u.id IN (SELECT b.user_id FROM ballots b WHERE b.campaign_id = ? AND b.marks > 0 AND NOT b.counts)", campaign.ID)
	if err != nil {
		return err
	}
	_, err = tx.exec("UPDATE voting_rules SET reminded_at = ? WHERE campaign_id = ?", tx.now, campaign.ID)
	return err
}
