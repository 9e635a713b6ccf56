package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Graduation says when ideas of a campaign that are in a stage have come far enough for the next one: all that it asks for,
// other than nothing, has to be so.
type Graduation struct {
	CampaignID int64
	Stage      Stage
	Supports   int
	Comments   int
	Views      int  // people who have opened it
	Rating     int  // mean of enough evaluations, in per cent; 0: none is asked for
	Moves      bool // by itself, or it is proposed to those who run the campaign
}

// GraduatingStages are those that ideas can graduate from; what comes after is decided.
func GraduatingStages() []Stage { return []Stage{Proposed, Discussed, Refined} }

// To is the stage that ideas come to.
func (g *Graduation) To() Stage {
	switch g.Stage {
	case Proposed:
		return Discussed
	case Discussed:
		return Refined
	}
	return Evaluated
}

// maxThreshold bounds how many supports and comments can be asked for.
const maxThreshold = 10000

// Field is the name of a field about the stage in the form.
func (g *Graduation) Field(name string) string { return name + "_" + string(g.Stage) }

func (g *Graduation) problems() Invalid {
	problems := Invalid{}
	for name, n := range map[string]int{"supports": g.Supports, "comments": g.Comments, "views": g.Views} {
		if n < 0 || n > maxThreshold {
			problems[g.Field(name)] = "graduations.number_invalid"
		}
	}
	if g.Rating < 0 || g.Rating > 100 {
		problems[g.Field("rating")] = "graduations.rating_invalid"
	} else if len(problems) == 0 && g.Supports+g.Comments+g.Views+g.Rating == 0 {
		problems[g.Field("supports")] = "graduations.nothing_asked"
	}
	return problems
}

// Graduations are the rules of a campaign, by stage, for those who run it.
func (q Queries) Graduations(ctx context.Context, campaignID int64) (map[Stage]Graduation, error) {
	var rows []Graduation
	err := q.raw(ctx, &rows, "SELECT * FROM graduations WHERE campaign_id = ?", campaignID)
	rules := map[Stage]Graduation{}
	for _, row := range rows {
		rules[row.Stage] = row
	}
	return rules, err
}

// SetGraduations stores the rules of a locked campaign in place of those that it has. Whose ratings could be found by asking for one
// mark after the other may ask for another one only who reads them anyway, or before there are any: a mistake at its field else.
func (tx *Tx) SetGraduations(campaign *Campaign, rules []Graduation) error {
	problems := Invalid{}
	for i := range rules {
		rules[i].CampaignID = campaign.ID
		for field, key := range rules[i].problems() {
			problems[field] = key
		}
	}
	if len(problems) == 0 {
		blind, err := tx.ratingsAskedBlind(campaign, rules)
		if err != nil {
			return err
		}
		problems = blind
	}
	if len(problems) > 0 {
		return problems
	}
	if !slices.ContainsFunc(rules, func(g Graduation) bool { return g.Views > 0 }) {
		if err := tx.forgetViews("i.campaign_id = ?", campaign.ID); err != nil {
			return err
		}
	}
	_, err := tx.exec("DELETE FROM graduations WHERE campaign_id = ?", campaign.ID)
	for i := 0; err == nil && i < len(rules); i++ {
		err = tx.create(&rules[i])
	}
	if err != nil {
		return fmt.Errorf("set graduations of campaign %d: %w", campaign.ID, err)
	}
	return nil
}

// ratingsAskedBlind are the ratings that rules ask for other than those that the campaign asks for now, if the actor may not read all
// that evaluators say in it and something is said already.
func (tx *Tx) ratingsAskedBlind(campaign *Campaign, rules []Graduation) (problems Invalid, err error) {
	problems = Invalid{}
	was, err := tx.Graduations(tx.ctx, campaign.ID)
	if err != nil {
		return nil, err
	}
	for i := range rules {
		if rule := &rules[i]; rule.Rating != 0 && rule.Rating != was[rule.Stage].Rating {
			problems[rule.Field("rating")] = "graduations.rating_blind"
		}
	}
	if len(problems) == 0 {
		return nil, nil
	}
	var rated bool
	if err := tx.raw(tx.ctx, &rated, "SELECT EXISTS (SELECT 1 FROM evaluation_results WHERE campaign_id = ?)", campaign.ID); err != nil || !rated {
		return nil, err
	}
	sees, err := tx.readsEveryRating(campaign)
	if err != nil || sees {
		return nil, err
	}
	return problems, nil
}

// readsEveryRating tells whether the actor, who runs a campaign, may read how all of its ideas are rated: they have no evaluation of
// their own to hand in, and sign none of the ideas.
func (tx *Tx) readsEveryRating(campaign *Campaign) (bool, error) {
	var first *EvaluateFirst
	if err := tx.evaluateFirst(tx.ctx, tx.actor, campaign); errors.As(err, &first) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	var signs bool
	err := tx.raw(tx.ctx, &signs, "SELECT EXISTS (SELECT 1 FROM evaluation_results r JOIN ideas i ON i.id = r.idea_id WHERE r.campaign_id = ? AND NOT ("+unsigned+"))", campaign.ID, tx.actorID(), tx.actorID())
	return !signs, err
}

// Graduate is an idea that has come far enough for its next stage.
type Graduate struct {
	ID           int64
	CampaignID   int64
	Title        string
	Lang         string
	Stage        Stage
	SupportCount int
	CommentCount int
	Views        int  // if the rule asks for any
	Rated        bool // a rating is asked for, and it is high enough
}

// graduates are the ideas i that meet the rule g of their stage.
const graduates = ` FROM graduations g JOIN ideas i ON i.campaign_id = g.campaign_id AND i.stage = g.stage AND i.state = 'published' AND i.merged_into_id IS NULL
	LEFT JOIN evaluation_results r ON r.idea_id = i.id AND r.enough = 1
	WHERE i.support_count >= g.supports AND i.comment_count >= g.comments AND (g.rating = 0 OR r.mean * 100 >= g.rating)
	AND (g.views = 0 OR (SELECT count(*) FROM idea_views w WHERE w.idea_id = i.id) >= g.views)`

// maxGraduates bounds how many ideas are shown or moved at once.
const maxGraduates = 100

// Graduates lists the ideas of a campaign that have come far enough, for those who run it. It does not say how they are rated:
// where a rating is asked for it leaves out those that the actor signs, and all while the actor has evaluations of their own to
// hand in.
func (q Queries) Graduates(ctx context.Context, actor *Actor, campaign *Campaign) (ideas []Graduate, err error) {
	rated, args := "("+unsigned+")", []any{campaign.ID, actor.ID, actor.ID}
	var first *EvaluateFirst
	if err := q.evaluateFirst(ctx, actor, campaign); errors.As(err, &first) || actor.viewer != nil {
		rated, args = "1 = 0", args[:1]
	} else if err != nil {
		return nil, err
	}
	return ideas, q.raw(ctx, &ideas, "SELECT i.id, i.campaign_id, i.title, i.lang, i.stage, i.support_count, i.comment_count, CASE WHEN g.views > 0 THEN (SELECT count(*) FROM idea_views w WHERE w.idea_id = i.id) ELSE 0 END AS views, g.rating > 0 AS rated"+graduates+" AND g.campaign_id = ? AND (g.rating = 0 OR "+rated+") ORDER BY i.id LIMIT ?", append(args, maxGraduates)...)
}

// Graduate moves a locked idea to its next stage if it still meets the rule of the one it is in; moved is false if it does not.
func (tx *Tx) Graduate(idea *Idea) (from Stage, moved bool, err error) {
	var rules []Graduation
	err = tx.raw(tx.ctx, &rules, "SELECT g.*"+graduates+" AND i.id = ?", idea.ID)
	if err != nil || len(rules) == 0 {
		return "", false, err
	}
	from = idea.Stage
	return from, true, tx.SetStageFor(idea, rules[0].To(), StageReason{Code: "graduated"})
}

// running is the condition that the campaign c goes on.
const running = "c.published_at IS NOT NULL AND c.paused_at IS NULL AND (c.closes_at IS NULL OR c.closes_at > ?)"

// GraduateByThemselves moves the ideas whose rule says so, and returns them with the stages that they were in.
func (tx *Tx) GraduateByThemselves() (ideas []*Idea, from []Stage, err error) {
	var ids []int64
	err = tx.raw(tx.ctx, &ids, "SELECT i.id"+graduates+" AND g.moves AND EXISTS (SELECT 1 FROM campaigns c WHERE c.id = g.campaign_id AND "+running+") ORDER BY i.id LIMIT ?", tx.now, maxGraduates)
	for i := 0; err == nil && i < len(ids); i++ {
		idea, errFound := tx.RecordedIdea(ids[i])
		if errFound != nil {
			return nil, nil, errFound
		}
		var stage Stage
		var moved bool
		if stage, moved, err = tx.Graduate(idea); moved {
			ideas, from = append(ideas, idea), append(from, stage)
		}
	}
	return ideas, from, err
}

// ProposeGraduates notes which ideas have come far enough since the last time, and tells those who run their campaigns.
func (tx *Tx) ProposeGraduates() error {
	var found []Graduate
	err := tx.raw(tx.ctx, &found, "SELECT i.id, i.campaign_id, i.stage"+graduates+` AND NOT g.moves AND EXISTS (SELECT 1 FROM campaigns c WHERE c.id = g.campaign_id AND `+running+`)
		AND NOT EXISTS (SELECT 1 FROM graduation_proposals p WHERE p.idea_id = i.id AND p.stage = i.stage) ORDER BY i.campaign_id, i.id LIMIT ?`, tx.now, maxGraduates)
	if err != nil {
		return err
	}
	told := map[int64]bool{}
	for _, g := range found {
		if err := tx.create(&graduationProposal{g.ID, g.Stage, tx.now}); err != nil {
			return err
		}
		if told[g.CampaignID] {
			continue
		}
		told[g.CampaignID] = true
		campaign := &Campaign{}
		if err := tx.one(tx.ctx, campaign, "SELECT * FROM campaigns WHERE id = ?", g.CampaignID); err != nil {
			return err
		}
		people, err := tx.accountable(campaign, false)
		if err != nil {
			return err
		}
		if err := tx.NotifyOnce(people, NoticeGraduates); err != nil {
			return err
		}
	}
	return nil
}

type graduationProposal struct {
	IdeaID     int64
	Stage      Stage
	ProposedAt time.Time
}

// TableName is where they are stored.
func (graduationProposal) TableName() string { return "graduation_proposals" }
