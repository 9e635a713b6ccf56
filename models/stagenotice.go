package models

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
)

// Notices of the turns that campaigns take. Of votes there are others, see NoticeVoteOpen.
const (
	NoticeCampaignOpen   Kind = "campaign_open"   // one has opened in a space of which you want to hear
	NoticeDraftEnds      Kind = "draft_ends"      // one gathers ideas for a day more, and you have begun one that is not sent
	NoticeJudging        Kind = "judging"         // the evaluation has begun in which you take part
	NoticeCampaignClosed Kind = "campaign_closed" // one to which you gave an idea has closed
)

// Bounds of what is told of turns: how long after one it is still news, how long before the end of gathering those are told who have
// a draft, and of how many campaigns one round tells.
const (
	turnNews    = 3 * day
	draftBefore = day
	turnBatch   = 20
)

// CampaignFigures are what became of the ideas of a campaign.
type CampaignFigures struct {
	Ideas    int `json:"ideas"`
	Selected int `json:"selected"`
	Answered int `json:"answered"` // the selected ones as well
}

// turn is something that happens to campaigns c of which people are told: when, as a condition with its arguments, and whom.
type turn struct {
	kind Kind
	when string
	args []any
	tell func(*Tx, *Campaign) error
}

// turns are those there are, at a time.
func (tx *Tx) turns() []turn {
	since := tx.now.Add(-turnNews)
	return []turn{
		{NoticeCampaignOpen, "c.published_at <= ? AND (c.opens_at IS NULL OR c.opens_at <= ?) AND (c.closes_at IS NULL OR c.closes_at > ?) AND (c.published_at > ? OR c.opens_at > ?)",
			[]any{tx.now, tx.now, tx.now, since, since}, (*Tx).tellOfOpening},
		{NoticeDraftEnds, `c.published_at IS NOT NULL AND EXISTS (SELECT 1 FROM campaign_stages n JOIN campaign_stages g ON g.campaign_id = n.campaign_id AND g.position = n.position - 1
			WHERE n.campaign_id = c.id AND g.posting AND NOT n.posting AND n.starts_at > ? AND n.starts_at <= ? AND (g.starts_at IS NULL OR g.starts_at <= ?))`,
			[]any{tx.now, tx.now.Add(draftBefore), tx.now}, (*Tx).tellOfDrafts},
		{NoticeJudging, `c.published_at IS NOT NULL AND EXISTS (SELECT 1 FROM campaign_stages j WHERE j.campaign_id = c.id AND j.kind = 'evaluate' AND j.starts_at <= ? AND j.starts_at > ?)`,
			[]any{tx.now, since}, (*Tx).tellOfJudging},
		{NoticeCampaignClosed, "c.published_at IS NOT NULL AND c.closes_at <= ? AND c.closes_at > ?", []any{tx.now, since}, (*Tx).tellOfClosing},
	}
}

// TellOfTurns tells people of the turns that campaigns have taken, each once: what happened days ago, while nobody could tell of it, is
// no news. It is for the job that comes round, which goes on the next time where there are many.
func (tx *Tx) TellOfTurns() error {
	for _, turn := range tx.turns() {
		var campaigns []Campaign
		err := tx.raw(tx.ctx, &campaigns, "SELECT c.* FROM campaigns c JOIN spaces s ON s.id = c.space_id WHERE s.archived_at IS NULL AND c.paused_at IS NULL AND "+turn.when+
			" AND NOT EXISTS (SELECT 1 FROM campaign_turns t WHERE t.campaign_id = c.id AND t.kind = ?) ORDER BY c.id LIMIT ?", append(turn.args, turn.kind, turnBatch)...)
		if err != nil {
			return err
		}
		for i := range campaigns {
			noted, err := tx.exec("INSERT INTO campaign_turns (campaign_id, kind, told_at) VALUES (?, ?, ?) ON CONFLICT (campaign_id, kind) DO NOTHING", campaigns[i].ID, turn.kind, tx.now)
			if err != nil {
				return err
			}
			if noted == 0 {
				continue
			}
			if err := turn.tell(tx, &campaigns[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellOf tells the people u whom from selects something of a campaign.
func (tx *Tx) tellOf(campaign *Campaign, kind Kind, figures string, from string, args ...any) error {
	_, err := tx.exec("INSERT INTO house_notices (user_id, kind, campaign_id, figures, created_at) SELECT u.id, ?, ?, ?, ?"+from, append([]any{kind, campaign.ID, figures, tx.now}, args...)...)
	return err
}

// follows is the condition that the person u, whose membership is m, wants to hear of the campaigns of the space s.
const follows = "coalesce((SELECT f.followed FROM space_follows f WHERE f.space_id = s.id AND f.user_id = u.id), m.role IS NOT NULL)"

// askedToo is the condition that the campaign of the argument asks the person u for ideas.
var askedToo = "EXISTS (SELECT 1 FROM campaigns c WHERE c.id = ? AND " + asks("u.id") + ")"

// unmuted is the condition that the person u has not muted the space s.
const unmuted = "NOT EXISTS (SELECT 1 FROM followings l WHERE l.space_id = s.id AND l.user_id = u.id AND l.level = 'mute')"

// tellOfOpening tells those whom a campaign asks and who want to hear of it, but not who runs it.
func (tx *Tx) tellOfOpening(campaign *Campaign) error {
	return tx.tellOf(campaign, NoticeCampaignOpen, "", tx.electors()+" AND "+follows+" AND "+unmuted+" AND u.id <> ? AND "+askedToo, campaign.SpaceID, tx.now, orZero(campaign.ManagerID), campaign.ID)
}

// tellOfDrafts tells those who have begun an idea for a campaign and not sent it.
func (tx *Tx) tellOfDrafts(campaign *Campaign) error {
	field := "json_extract(d.fields, '$.campaign')"
	if tx.postgres() {
		field = "(CAST(d.fields AS json) ->> 'campaign')"
	}
	return tx.tellOf(campaign, NoticeDraftEnds, "", tx.electors()+" AND "+askedToo+" AND u.id IN (SELECT d.user_id FROM drafts d WHERE d.form = 'idea/new' AND "+field+" = ?)",
		campaign.SpaceID, tx.now, campaign.ID, strconv.FormatInt(campaign.ID, 10))
}

// tellOfJudging tells the evaluators of a campaign who have not been given ideas yet: of those they hear by themselves.
func (tx *Tx) tellOfJudging(campaign *Campaign) error {
	return tx.tellOf(campaign, NoticeJudging, "", tx.electors()+` AND EXISTS (SELECT 1 FROM evaluators e WHERE e.campaign_id = ? AND e.user_id = u.id)
		AND NOT EXISTS (SELECT 1 FROM evaluations v WHERE v.campaign_id = ? AND v.user_id = u.id)`, campaign.SpaceID, tx.now, campaign.ID, campaign.ID)
}

// tellOfClosing tells those who sign ideas of a campaign what became of all of them.
func (tx *Tx) tellOfClosing(campaign *Campaign) error {
	figures, err := tx.campaignFigures(tx.ctx, campaign.ID)
	if err != nil {
		return err
	}
	said, err := json.Marshal(figures)
	if err != nil {
		return err
	}
	here, now := tx.here()
	return tx.tellOf(campaign, NoticeCampaignClosed, string(said), ` FROM users u JOIN spaces s ON s.id = ? LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id
		WHERE `+here+` AND u.import_ref IS NULL AND NOT u.service AND `+sees+` AND u.id IN (
			SELECT `+authorBehind+` FROM ideas i WHERE i.campaign_id = ? AND i.state = 'published'
			UNION SELECT a.user_id FROM co_authors a JOIN ideas i ON i.id = a.idea_id WHERE i.campaign_id = ? AND i.state = 'published' AND a.state = 'joined')`,
		campaign.SpaceID, now, campaign.ID, campaign.ID)
}

// sees is the condition that the person u, whose membership is m, sees the space s: an enclosure as long as they see the space around it.
var sees = "CASE WHEN s.within_id IS NULL THEN " + seesSpace + ` ELSE m.role IS NOT NULL AND u.role <> 'auditor' AND EXISTS (SELECT 1 FROM spaces o LEFT JOIN memberships n ON n.space_id = o.id AND n.user_id = u.id
	WHERE o.id = s.within_id AND ` + strings.NewReplacer("s.", "o.", "m.role", "n.role").Replace(seesSpace) + ") END"

var seesSpace = "CASE WHEN u.role = 'external' THEN " + seen(RoleExternal) + " WHEN u.role IN ('employee', 'hr') THEN " + seen(RoleEmployee) + " WHEN u.role = 'auditor' THEN " + seen(RoleAuditor) + " ELSE " + seen(RoleOwner) + " END"

// campaignFigures counts what became of the ideas of a campaign.
func (q Queries) campaignFigures(ctx context.Context, campaignID int64) (figures CampaignFigures, err error) {
	return figures, q.raw(ctx, &figures, `SELECT count(*) AS ideas, coalesce(sum(CASE WHEN i.answer = 'selected' THEN 1 ELSE 0 END), 0) AS selected,
		coalesce(sum(CASE WHEN i.answer <> '' THEN 1 ELSE 0 END), 0) AS answered FROM ideas i WHERE i.campaign_id = ? AND i.state = 'published'`, campaignID)
}

// FollowsSpace tells whether the actor wants to hear of new campaigns of a space.
func (q Queries) FollowsSpace(ctx context.Context, actor *Actor, spaceID int64) (yes bool, err error) {
	return yes, q.raw(ctx, &yes, "SELECT coalesce((SELECT f.followed FROM space_follows f WHERE f.space_id = ? AND f.user_id = ?), EXISTS (SELECT 1 FROM memberships m WHERE m.space_id = ? AND m.user_id = ?))",
		spaceID, actor.ID, spaceID, actor.ID)
}

// FollowSpace notes that the actor wants to hear of new campaigns of a space, or does not.
func (tx *Tx) FollowSpace(spaceID int64, follow bool) error {
	_, err := tx.exec(`INSERT INTO space_follows (space_id, user_id, followed, changed_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (space_id, user_id) DO UPDATE SET followed = excluded.followed, changed_at = excluded.changed_at`, spaceID, tx.actorID(), follow, tx.now)
	return err
}

// Numbers are the figures of a notice that has some.
func (n *HouseNotice) Numbers() (figures CampaignFigures) {
	if json.Unmarshal([]byte(n.Figures), &figures) != nil {
		return CampaignFigures{}
	}
	return figures
}

// readableHouseNotice is the condition that the notice h is about no campaign, thread or draft of an article, or one that its reader may still see.
func (q Queries) readableHouseNotice(actor *Actor) (condition string, args []any) {
	campaign, args := q.readableCampaign(actor)
	thread, more := q.readableThread(actor)
	draft, its := q.readableDraft(actor)
	return "(h.campaign_id IS NULL OR EXISTS (SELECT 1 FROM campaigns c WHERE c.id = h.campaign_id AND " + campaign + ")) AND (h.thread_id IS NULL OR EXISTS (SELECT 1 FROM threads t WHERE t.id = h.thread_id AND " + thread + ")) AND (h.draft_id IS NULL OR EXISTS (SELECT 1 FROM article_drafts d WHERE d.id = h.draft_id AND " + draft + "))",
		append(append(args, more...), its...)
}
