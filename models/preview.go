package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Part is what somebody is to a campaign, as whom those who run it can look at it.
type Part string

// Parts of a campaign.
const (
	PartAudience  Part = "audience"  // an employee whom it asks
	PartOutside   Part = "outside"   // one whom it does not
	PartExternal  Part = "external"  // a customer who is in its space, where such people can be
	PartEvaluator Part = "evaluator" // one of its evaluators, an expert of its space
	PartTeam      Part = "team"      // helps to run it
	PartModerator Part = "moderator"
	PartVisitor   Part = "visitor"
)

// Parts lists them.
func Parts() []Part {
	return []Part{PartAudience, PartOutside, PartExternal, PartEvaluator, PartTeam, PartModerator, PartVisitor}
}

// BeforeOpening is when a campaign is published and its first stage has not begun.
const BeforeOpening StageKind = "before"

// preview is a campaign as a part sees it, at another time than now.
type preview struct {
	campaign int64
	title    string
	part     Part
	at       *time.Time // in the stage that is looked at; nil: the campaign as it stands
}

// plays tells whether the actor looks at a campaign as one of its parts.
func (a *Actor) plays(campaignID int64, part Part) bool {
	return a != nil && a.preview != nil && a.preview.campaign == campaignID && a.preview.part == part
}

// ahead is the campaign that the actor looks at in another stage than it is in, 0 for none: it counts as published to them.
func (a *Actor) ahead() int64 {
	if a == nil || a.preview == nil || a.preview.at == nil && a.preview.part != PartTeam {
		return 0
	}
	return a.preview.campaign
}

// Previewed is the title of the campaign that the actor looks at as one of its parts, empty for none.
func (a *Actor) Previewed() string {
	if a == nil || a.preview == nil {
		return ""
	}
	return a.preview.title
}

// inTime makes a campaign what it is at the time at which the actor looks at it.
func (a *Actor) inTime(c *Campaign) {
	if a == nil || a.preview == nil || a.preview.campaign != c.ID || a.preview.at == nil {
		return
	}
	c.seenAt, c.PausedAt = a.preview.at, nil
	if c.PublishedAt == nil {
		c.PublishedAt = a.preview.at
	}
}

// PreviewStages are the moments in which a campaign can be looked at, besides now.
func (c *Campaign) PreviewStages() (stages []StageKind) {
	if c.OpensAt != nil {
		stages = append(stages, BeforeOpening)
	}
	for i := range c.Stages {
		stages = append(stages, c.Stages[i].Kind)
	}
	return stages
}

// moment is a time in a stage of the campaign; nil for now. now is when a channel is looked at, which is always the same.
func (c *Campaign) moment(stage StageKind, now time.Time) *time.Time {
	switch found := c.StageOfKind(stage); {
	case stage == "":
		return nil
	case stage == BeforeOpening:
		at := c.OpensAt.Add(-time.Second)
		return &at
	case found.StartsAt != nil:
		return found.StartsAt
	}
	return &now
}

// partView is the way to look at a house that a part of a campaign has, whose space the viewer sees so: somebody of the company is a
// member where one has to be one, and nobody is in a space who cannot be.
func partView(part Part, access *SpaceAccess) View {
	view := View{Role: RoleEmployee}
	member := access.Visibility == Restricted || access.Visibility == External
	place := SpaceRole("")
	switch part {
	case PartVisitor:
		return View{}
	case PartExternal:
		view.Role, member = RoleExternal, access.Visibility == Public || access.Visibility == External
	case PartEvaluator:
		place = SpaceExpert
	case PartModerator:
		place = SpaceModerator
	case PartOutside:
		member = false
	}
	if place == "" && member {
		place = SpaceMember
	}
	if place != "" {
		view.Space, view.SpaceRole = access.ID, place
	}
	return view
}

// previewed is the view of a campaign in full, and what is looked at. ErrForbidden for whoever does not run it, also no longer.
func (q Queries) previewed(ctx context.Context, viewer *Actor, view View) (View, *preview, error) {
	campaign, err := q.Campaign(ctx, viewer, view.Campaign)
	if errors.Is(err, ErrNotFound) {
		return view, nil, fmt.Errorf("preview campaign %d: %w", view.Campaign, ErrForbidden)
	}
	if err != nil {
		return view, nil, err
	}
	known := slices.Contains(Parts(), view.Part) && (view.Stage == "" || slices.Contains(campaign.PreviewStages(), view.Stage))
	if viewer.viewer != nil || !viewer.MayRun(campaign) || campaign.Template || !known {
		return view, nil, fmt.Errorf("preview campaign %d: %w", view.Campaign, ErrForbidden)
	}
	return partView(view.Part, viewer.Access(campaign.SpaceID)), &preview{campaign.ID, campaign.Title, view.Part, campaign.moment(view.Stage, q.present())}, nil
}
