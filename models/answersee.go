package models

import "slices"

// MaySeeAnswers tells whether the actor, who may read an idea, may see what it answers to the fields of its campaign that are for
// some. Those who write the idea and those who run the campaign see all; somebody's way to look at the house shows no more than they
// see themselves.
func (a *Actor) MaySeeAnswers(idea *Idea, campaign *Campaign, visibility AnswerVisibility) bool {
	access := a.Access(campaign.SpaceID)
	if visibility == AnswersForAll {
		return access != nil
	}
	if !a.SignedIn() || access == nil || a.viewer != nil && !a.viewer.MaySeeAnswers(idea.unsigned(), campaign, visibility) {
		return false
	}
	if idea.Writer(a) == a.ID || a.MayRun(campaign) {
		return true
	}
	switch visibility {
	case AnswersForTeam:
		return a.inTeam(campaign)
	case AnswersForEvaluators:
		return a.inTeam(campaign) || a.OfTheCompany() && (slices.Contains(campaign.Evaluators, a.ID) || a.plays(campaign.ID, PartEvaluator))
	case AnswersForExperts:
		return a.inTeam(campaign) || a.isExpert(access)
	}
	return false
}

// unsigned is the idea as it is to somebody else than the actor that it was loaded for, who may be one of its co-authors.
func (i *Idea) unsigned() *Idea { return &Idea{AuthorID: i.AuthorID} }

// inTeam tells whether the actor answers for a campaign or helps to run it.
func (a *Actor) inTeam(c *Campaign) bool {
	return a.OfTheCompany() && (orZero(c.SponsorID) == a.ID || orZero(c.ManagerID) == a.ID || slices.Contains(c.Team, a.ID) || a.plays(c.ID, PartTeam))
}

// isExpert tells whether the actor is one of a space's experts and managers, of the company.
func (a *Actor) isExpert(access *SpaceAccess) bool {
	return a.OfTheCompany() && (access.Role == SpaceExpert || access.Role == SpaceManager)
}

// FieldRecord is the data of events about one field of a form.
type FieldRecord struct {
	Field int64 `json:"field"`
}

// answersSeen are the visibilities of the answers to an idea of a campaign that the actor may see.
func (a *Actor) answersSeen(idea *Idea, campaign *Campaign) []AnswerVisibility {
	return slices.DeleteFunc(append(AnswerVisibilities(), AnswersForExperts), func(v AnswerVisibility) bool { return !a.MaySeeAnswers(idea, campaign, v) })
}
