package models

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Evaluator is somebody of the company who evaluates ideas of a campaign.
type Evaluator struct {
	CampaignID int64
	UserID     int64
	Leads      bool // sees what comes of it all once their own evaluations are in, and gives ideas to others
	Tags       Tags // of the ideas that they evaluate; none: of all
	AddedAt    time.Time
}

// MaxEvaluators bounds those of a campaign.
const MaxEvaluators = 50

// EvaluatorCard is an evaluator with what they have done and have left to do.
type EvaluatorCard struct {
	Evaluator
	Name     string
	Role     Role
	Email    string
	Picture  int64
	Open     int
	Done     int
	Excluded int
}

// OverseesEvaluation tells whether the actor sets up the evaluation of a campaign or owns the need: who runs it, and its
// sponsor. No other role in the house gives a right to read evaluations, nor does to look as somebody else: what keeps people from
// reading, an idea of theirs or an evaluation to hand in, would not be found of one who is nobody.
func (a *Actor) OverseesEvaluation(c *Campaign) bool {
	return a.OfTheCompany() && a.viewer == nil && (a.MayRun(c) || c.SponsorID != nil && *c.SponsorID == a.ID && a.Access(c.SpaceID) != nil)
}

// Evaluators are those of a campaign, by name. The caller has found that the actor oversees its evaluation.
func (q Queries) Evaluators(ctx context.Context, campaignID int64) (cards []EvaluatorCard, err error) {
	return cards, q.raw(ctx, &cards, `SELECT e.*, u.name, u.role, u.email, coalesce(u.picture_id, 0) AS picture,
			coalesce(sum(CASE WHEN v.state = 'assigned' AND i.state = 'published' THEN 1 ELSE 0 END), 0) AS open,
			coalesce(sum(CASE WHEN v.state = 'submitted' AND i.state = 'published' THEN 1 ELSE 0 END), 0) AS done,
			coalesce(sum(CASE WHEN v.state = 'excluded' AND i.state = 'published' THEN 1 ELSE 0 END), 0) AS excluded
		FROM evaluators e JOIN users u ON u.id = e.user_id LEFT JOIN evaluations v ON v.campaign_id = e.campaign_id AND v.user_id = e.user_id LEFT JOIN ideas i ON i.id = v.idea_id
		WHERE e.campaign_id = ? GROUP BY e.campaign_id, e.user_id, e.leads, e.tags, e.added_at, u.name, u.role, u.email, u.picture_id, u.name_key
		ORDER BY u.name_key, e.user_id LIMIT ?`, campaignID, MaxEvaluators)
}

// SetEvaluator adds a person to the evaluators of a campaign, or changes what they do there. Who they are is looked up by the
// caller, outside the transaction; whether they can read the campaign's ideas is asked here.
func (tx *Tx) SetEvaluator(campaign *Campaign, person *Actor, evaluator Evaluator) error {
	if !person.OfTheCompany() || person.Service || person.Access(campaign.SpaceID) == nil {
		return Invalid{"email": "evaluations.person_unknown"}
	}
	var others []int64
	if err := tx.raw(tx.ctx, &others, "SELECT user_id FROM evaluators WHERE campaign_id = ?", campaign.ID); err != nil {
		return err
	}
	if len(others) >= MaxEvaluators && !slices.Contains(others, person.ID) {
		return Invalid{"email": "evaluations.evaluators_many"}
	}
	_, err := tx.exec(`INSERT INTO evaluators (campaign_id, user_id, leads, tags, added_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (campaign_id, user_id) DO UPDATE SET leads = excluded.leads, tags = excluded.tags`, campaign.ID, person.ID, evaluator.Leads, evaluator.Tags, tx.now)
	if err != nil {
		return fmt.Errorf("set evaluator of campaign %d: %w", campaign.ID, err)
	}
	return tx.countEvaluators(campaign.ID)
}

// RemoveEvaluator ends that somebody evaluates; what they have not handed in is there for others again, and what they have
// stays counted. ErrNotFound if they do not.
func (tx *Tx) RemoveEvaluator(campaignID, userID int64) error {
	n, err := tx.exec("DELETE FROM evaluators WHERE campaign_id = ? AND user_id = ?", campaignID, userID)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	if err == nil {
		_, err = tx.exec("DELETE FROM evaluations WHERE campaign_id = ? AND user_id = ? AND state = 'assigned'", campaignID, userID)
	}
	if err != nil {
		return err
	}
	return tx.countEvaluators(campaignID)
}

func (tx *Tx) countEvaluators(campaignID int64) error {
	_, err := tx.exec("UPDATE campaigns SET evaluator_count = (SELECT count(*) FROM evaluators WHERE campaign_id = campaigns.id) WHERE id = ?", campaignID)
	return err
}

// signed are the ideas i with each of those who sign them, authors, hidden ones too, and co-authors, as the person a.
const signed = `(SELECT id AS idea_id, coalesce((SELECT h.user_id FROM hidden_authors h WHERE h.mask_id = author_id), author_id) AS user_id FROM ideas WHERE %[1]s
	UNION ALL SELECT idea_id, user_id FROM co_authors WHERE state = 'joined' AND idea_id IN (SELECT id FROM ideas WHERE %[1]s)) w JOIN users a ON a.id = w.user_id`

// partial is the condition that the person u is no fair judge of what the person a signs: they are the same, one is the other's
// manager, or both have the same. Who only supports an idea is one; supporting takes one click and most experts do it.
const partial = `(a.id = u.id OR a.manager_id = u.id OR u.manager_id = a.id OR u.manager_id = a.manager_id)`

// assignBatch is how many ideas one press of the button gives to evaluators; the next one, or the next hour, goes on.
const assignBatch = 1000

// Assign gives the ideas of a campaign that lack evaluators to those who may evaluate them, and returns to whom: only ideas
// that are not decided yet, each to as many as the locked scorecard says.
func (tx *Tx) Assign(card *Scorecard) (people []int64, err error) {
	return tx.assign(card, 0)
}

// AssignIdea is Assign for one idea that somebody has given back.
func (tx *Tx) AssignIdea(card *Scorecard, ideaID int64) (people []int64, err error) {
	return tx.assign(card, ideaID)
}

func (tx *Tx) assign(card *Scorecard, only int64) (people []int64, err error) {
	var evaluators []Evaluator
	if err := tx.raw(tx.ctx, &evaluators, "SELECT * FROM evaluators WHERE campaign_id = ? ORDER BY user_id LIMIT ?", card.CampaignID, MaxEvaluators); err != nil || len(evaluators) == 0 {
		return nil, err
	}
	ideas, err := tx.lackEvaluators(card, only, evaluators)
	if err != nil || len(ideas) == 0 {
		return nil, err
	}
	load, err := tx.load(card.CampaignID)
	if err != nil {
		return nil, err
	}
	given := distribute(ideas, load)
	rows := make([]Evaluation, len(given))
	for i, g := range given {
		rows[i] = Evaluation{CampaignID: card.CampaignID, IdeaID: g.idea, UserID: &given[i].evaluator, State: Assigned, AssignedAt: tx.now}
		if !slices.Contains(people, g.evaluator) {
			people = append(people, g.evaluator)
		}
	}
	for batch := range slices.Chunk(rows, 200) {
		if err := tx.create(&batch); err != nil {
			return nil, fmt.Errorf("assign ideas of campaign %d: %w", card.CampaignID, err)
		}
	}
	slices.Sort(people)
	return people, nil
}

// load is how many evaluations each evaluator has, done or to do.
func (tx *Tx) load(campaignID int64) (map[int64]int, error) {
	var rows []struct {
		UserID int64
		N      int
	}
	err := tx.raw(tx.ctx, &rows, `SELECT e.user_id, count(v.id) AS n FROM evaluators e LEFT JOIN evaluations v ON v.campaign_id = e.campaign_id AND v.user_id = e.user_id AND v.state <> 'excluded'
		WHERE e.campaign_id = ? GROUP BY e.user_id`, campaignID)
	load := map[int64]int{}
	for _, row := range rows {
		load[row.UserID] = row.N
	}
	return load, err
}

// undecided is the condition that it is still worth evaluating the idea i.
const undecided = "i.state = 'published' AND i.merged_into_id IS NULL AND i.stage NOT IN ('decided', 'implemented', 'declined')"

// lackEvaluators are the ideas that lack some, oldest first, with who could evaluate them.
func (tx *Tx) lackEvaluators(card *Scorecard, only int64, evaluators []Evaluator) (ideas []lacking, err error) {
	var rows []struct {
		ID   int64
		Tags Tags
		N    int
	}
	err = tx.raw(tx.ctx, &rows, `SELECT i.id, i.tags, count(v.id) AS n FROM ideas i LEFT JOIN evaluations v ON v.idea_id = i.id AND v.state <> 'excluded'
		WHERE i.campaign_id = ? AND (? = 0 OR i.id = ?) AND `+undecided+` AND NOT EXISTS (SELECT 1 FROM evaluation_publications x WHERE x.idea_id = i.id) GROUP BY i.id, i.tags HAVING count(v.id) < ? ORDER BY i.id LIMIT ?`,
		card.CampaignID, only, only, card.PerIdea, assignBatch)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	cannot, err := tx.cannotEvaluate(tx.ctx, card.CampaignID, rows[0].ID, rows[len(rows)-1].ID)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		idea := lacking{idea: row.ID, wants: card.PerIdea - row.N}
		for i := range evaluators {
			if e := &evaluators[i]; e.takes(row.Tags) && !cannot[giving{row.ID, e.UserID}] {
				idea.can = append(idea.can, e.UserID)
			}
		}
		ideas = append(ideas, idea)
	}
	return ideas, nil
}

// takes tells whether an evaluator is for ideas with such tags.
func (e *Evaluator) takes(tags Tags) bool {
	return len(e.Tags) == 0 || slices.ContainsFunc(tags, func(tag string) bool { return slices.Contains(e.Tags, tag) })
}

// couldRead is the condition that the evaluator e, the person u, reads what others say of the ideas of the campaign c that are not given
// to them: they lead, or oversee the evaluation by what they are in the house, the space or the campaign.
const couldRead = `(e.leads OR u.role IN ('owner', 'manager') OR u.id = c.manager_id OR u.id = c.sponsor_id OR EXISTS (SELECT 1 FROM campaign_team t WHERE t.campaign_id = c.id AND t.user_id = u.id)
	OR EXISTS (SELECT 1 FROM memberships m WHERE m.space_id = c.space_id AND m.user_id = u.id AND m.role = 'manager'))`

// cannotEvaluate are the pairs of ideas and evaluators that there are already, excluded ones among them, those that a conflict of
// interest forbids, and those of which the evaluator could have read what others say: nobody judges blindly after that.
func (q Queries) cannotEvaluate(ctx context.Context, campaignID, from, to int64) (map[giving]bool, error) {
	var rows []struct{ IdeaID, UserID int64 }
	err := q.raw(ctx, &rows, `SELECT v.idea_id, v.user_id FROM evaluations v WHERE v.campaign_id = ? AND v.idea_id BETWEEN ? AND ? AND v.user_id IS NOT NULL
		UNION SELECT w.idea_id, u.id FROM `+fmt.Sprintf(signed, "campaign_id = ? AND id BETWEEN ? AND ?")+` JOIN evaluators e ON e.campaign_id = ? JOIN users u ON u.id = e.user_id WHERE `+partial+`
		UNION SELECT v.idea_id, e.user_id FROM evaluations v JOIN evaluators e ON e.campaign_id = v.campaign_id JOIN users u ON u.id = e.user_id JOIN campaigns c ON c.id = v.campaign_id
		WHERE v.campaign_id = ? AND v.idea_id BETWEEN ? AND ? AND v.state = 'submitted' AND `+couldRead,
		campaignID, from, to, campaignID, from, to, campaignID, from, to, campaignID, campaignID, from, to)
	pairs := map[giving]bool{}
	for _, row := range rows {
		pairs[giving{row.IdeaID, row.UserID}] = true
	}
	return pairs, err
}

// InConflict tells whether somebody is no fair judge of an idea, as far as the house knows.
func (q Queries) InConflict(ctx context.Context, ideaID, userID int64) (found bool, err error) {
	return found, q.raw(ctx, &found, "SELECT EXISTS (SELECT 1 FROM "+fmt.Sprintf(signed, "id = ?")+" JOIN users u ON u.id = ? WHERE "+partial+")", ideaID, ideaID, userID)
}

// FreeEvaluators are those of a campaign's evaluators, which the caller has loaded, who could still be given an idea. Of an idea
// whose author is hidden there are none to choose from: who is missing would be near the author. The house chooses, see Reassign.
func (q Queries) FreeEvaluators(ctx context.Context, idea *Idea, evaluators []EvaluatorCard) (free []EvaluatorCard, err error) {
	if idea.Anonymity == HiddenAuthors {
		return nil, nil
	}
	cannot, err := q.cannotEvaluate(ctx, *idea.CampaignID, idea.ID, idea.ID)
	for i := range evaluators {
		if !cannot[giving{idea.ID, evaluators[i].UserID}] {
			free = append(free, evaluators[i])
		}
	}
	return free, err
}

// Reassign gives an idea that one evaluator has not handed in to another one, who gets what to do and not what was written, and
// returns to whom: of an idea whose author is hidden the house chooses, whomever was asked for.
func (tx *Tx) Reassign(card *Scorecard, idea *Idea, from, to int64) (int64, error) {
	var evaluators []Evaluator
	if err := tx.raw(tx.ctx, &evaluators, "SELECT * FROM evaluators WHERE campaign_id = ? ORDER BY user_id LIMIT ?", card.CampaignID, MaxEvaluators); err != nil {
		return 0, err
	}
	cannot, err := tx.cannotEvaluate(tx.ctx, card.CampaignID, idea.ID, idea.ID)
	if err != nil {
		return 0, err
	}
	if idea.Anonymity == HiddenAuthors {
		load, err := tx.load(card.CampaignID)
		if err != nil {
			return 0, err
		}
		able := lacking{idea: idea.ID, wants: 1}
		for i := range evaluators {
			if e := &evaluators[i]; e.takes(idea.Tags) && !cannot[giving{idea.ID, e.UserID}] {
				able.can = append(able.can, e.UserID)
			}
		}
		given := distribute([]lacking{able}, load)
		if len(given) == 0 {
			return 0, Invalid{"from": "evaluations.nobody_else"}
		}
		to = given[0].evaluator
	}
	switch {
	case !slices.ContainsFunc(evaluators, func(e Evaluator) bool { return e.UserID == to }):
		return 0, Invalid{"to": "evaluations.no_evaluator"}
	case cannot[giving{idea.ID, to}]:
		return 0, Invalid{"to": "evaluations.cannot_take"}
	}
	n, err := tx.exec("DELETE FROM evaluations WHERE idea_id = ? AND user_id = ? AND state = 'assigned'", idea.ID, from)
	if err == nil && n == 0 {
		return 0, Invalid{"from": "evaluations.cannot_give"}
	}
	if err != nil {
		return 0, err
	}
	return to, tx.create(&Evaluation{CampaignID: card.CampaignID, IdeaID: idea.ID, UserID: &to, State: Assigned, AssignedAt: tx.now})
}
