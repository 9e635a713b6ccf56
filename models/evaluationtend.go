package models

import "time"

// tendBatch bounds what one round of tending evaluations changes; the next one goes on.
const tendBatch = 100

// Lost is an evaluator who can no longer read the ideas of a campaign.
type Lost struct{ CampaignID, SpaceID, UserID int64 }

// lostEvaluators are those who have left the house or its company, or lost the campaign's space.
func (tx *Tx) lostEvaluators() (lost []Lost, err error) {
	here, now := tx.here()
	sees := "(u.role IN ('employee', 'hr') AND " + seen(RoleEmployee) + " OR u.role IN ('owner', 'manager', 'moderator') AND " + seen(RoleOwner) + ")"
	return lost, tx.raw(tx.ctx, &lost, `SELECT e.campaign_id, c.space_id, e.user_id FROM evaluators e JOIN users u ON u.id = e.user_id JOIN campaigns c ON c.id = e.campaign_id JOIN spaces s ON s.id = c.space_id
		LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id WHERE u.service OR NOT (`+here+`) OR NOT `+sees+` ORDER BY e.campaign_id, e.user_id LIMIT ?`, now, tendBatch)
}

// ReturnLost gives back what evaluators had to do who can no longer read it, ends that they evaluate, and returns who they were.
func (tx *Tx) ReturnLost() (lost []Lost, err error) {
	if lost, err = tx.lostEvaluators(); err != nil {
		return nil, err
	}
	for _, l := range lost {
		if err := tx.RemoveEvaluator(l.CampaignID, l.UserID); err != nil {
			return nil, err
		}
	}
	// What nobody has handed in who is erased is nobody's, and those who are erased evaluate no more.
	if _, err := tx.exec("DELETE FROM evaluations WHERE user_id IS NULL AND state <> 'submitted'"); err != nil {
		return nil, err
	}
	_, err = tx.exec(`UPDATE campaigns SET evaluator_count = (SELECT count(*) FROM evaluators e WHERE e.campaign_id = campaigns.id)
		WHERE evaluator_count <> (SELECT count(*) FROM evaluators e WHERE e.campaign_id = campaigns.id)`)
	return lost, err
}

// ExcludeSigners takes evaluators off ideas that they have come to sign since they were given them, and returns of which campaigns.
func (tx *Tx) ExcludeSigners() (campaigns []Campaign, err error) {
	var found []struct {
		Evaluation
		SpaceID int64
	}
	err = tx.raw(tx.ctx, &found, `SELECT v.*, i.space_id FROM evaluations v JOIN ideas i ON i.id = v.idea_id LEFT JOIN co_authors c ON c.idea_id = v.idea_id AND c.user_id = v.user_id AND c.state = 'joined'
		WHERE v.state <> 'excluded' AND (`+authorBehind+` = v.user_id OR c.user_id IS NOT NULL) ORDER BY v.campaign_id, v.id LIMIT ?`, tendBatch)
	for i := range found {
		card, err := tx.LockScorecard(found[i].CampaignID)
		if err != nil {
			return nil, err
		}
		if err := tx.exclude(card, &found[i].Evaluation, ""); err != nil {
			return nil, err
		}
		if n := len(campaigns); n == 0 || campaigns[n-1].ID != card.CampaignID {
			campaigns = append(campaigns, Campaign{ID: card.CampaignID, SpaceID: found[i].SpaceID})
		}
	}
	return campaigns, err
}

// WantEvaluators are the campaigns whose new ideas go to evaluators by themselves, and that have some that lack one.
func (tx *Tx) WantEvaluators() (campaigns []int64, err error) {
	return campaigns, tx.raw(tx.ctx, &campaigns, `SELECT s.campaign_id FROM scorecards s JOIN campaigns c ON c.id = s.campaign_id
		WHERE s.assigning AND c.evaluator_count > 0 AND (c.closes_at IS NULL OR c.closes_at > ?)
		AND EXISTS (SELECT 1 FROM ideas i WHERE i.campaign_id = s.campaign_id AND `+undecided+`
			AND (SELECT count(*) FROM evaluations v WHERE v.idea_id = i.id AND v.state <> 'excluded') < s.per_idea)
		ORDER BY s.campaign_id LIMIT ?`, tx.now, tendBatch)
}

// KeepAssigning has the ideas of a campaign that come later given to evaluators by themselves.
func (tx *Tx) KeepAssigning(card *Scorecard) error {
	_, err := tx.exec("UPDATE scorecards SET assigning = true WHERE campaign_id = ?", card.CampaignID)
	return err
}

// EvaluationReminderDays are how many days before the deadline evaluators are reminded. The last comes first: whoever is told of
// it need not hear of the other.
func EvaluationReminderDays() []int { return []int{1, 3} }

// DueEvaluations is what somebody has to hand in soon.
type DueEvaluations struct {
	CampaignID int64
	UserID     int64
	Email      string
	Locale     string
	Title      string     // of the campaign
	OwnDue     *time.Time // that the scorecard says; nil: the end of the stage
	StageEnd   *time.Time
	Open       int
}

// Due is by when it is to be handed in.
func (d *DueEvaluations) Due() time.Time {
	if d.OwnDue != nil {
		return d.OwnDue.UTC()
	}
	return d.StageEnd.UTC()
}

// EvaluationsDue notes who has evaluations to hand in within the given days and has not been reminded for that yet, and
// returns them.
func (tx *Tx) EvaluationsDue(days int) (due []DueEvaluations, err error) {
	here, now := tx.here()
	err = tx.raw(tx.ctx, &due, `SELECT s.campaign_id, u.id AS user_id, u.email, u.locale, c.title, s.due_at AS own_due, n.starts_at AS stage_end, count(*) AS open
		FROM scorecards s JOIN campaigns c ON c.id = s.campaign_id AND c.published_at IS NOT NULL AND c.paused_at IS NULL
		LEFT JOIN campaign_stages t ON t.campaign_id = c.id AND t.kind = 'evaluate' LEFT JOIN campaign_stages n ON n.campaign_id = t.campaign_id AND n.position = t.position + 1
		JOIN evaluations v ON v.campaign_id = c.id AND v.state = 'assigned' JOIN ideas i ON i.id = v.idea_id AND i.state = 'published' JOIN users u ON u.id = v.user_id
		WHERE coalesce(s.due_at, n.starts_at) > ? AND coalesce(s.due_at, n.starts_at) <= ? AND `+here+`
		AND NOT EXISTS (SELECT 1 FROM evaluation_reminders r WHERE r.campaign_id = c.id AND r.user_id = u.id AND r.due_at = coalesce(s.due_at, n.starts_at) AND r.days <= ?)
		GROUP BY s.campaign_id, u.id, u.email, u.locale, c.title, s.due_at, n.starts_at ORDER BY s.campaign_id, u.id LIMIT ?`, tx.now, tx.now.Add(time.Duration(days)*day), now, days, mostReminded)
	if err != nil {
		return nil, err
	}
	for i := range due {
		if _, err := tx.exec("INSERT INTO evaluation_reminders (campaign_id, user_id, due_at, days) VALUES (?, ?, ?, ?)", due[i].CampaignID, due[i].UserID, due[i].Due(), days); err != nil {
			return nil, err
		}
	}
	return due, nil
}

// EvaluatedCampaign loads a campaign and its scorecard, locked, for a job; whoever may see it.
func (tx *Tx) EvaluatedCampaign(id int64) (*Campaign, *Scorecard, error) {
	card, err := tx.LockScorecard(id)
	if err != nil {
		return nil, nil, err
	}
	campaign := &Campaign{}
	if err := tx.one(tx.ctx, campaign, "SELECT * FROM campaigns WHERE id = ?", id); err != nil {
		return nil, nil, err
	}
	campaign.Stages, err = tx.campaignStages(tx.ctx, id)
	return campaign, card, err
}
