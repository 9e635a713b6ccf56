// Package notifications shows a person what concerns them.
package notifications

import (
	"net/url"
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/layout"
	"ruche/views/parts"
)

// sentence says what happened; others are those besides the one who is named.
func sentence(p layout.Page, n models.NoticeCard) string {
	others := n.Count - 1
	switch n.Kind {
	case models.NoticeMention:
		if n.GroupName != "" {
			return p.L.T("notifications.mention_group", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "group", n.GroupName, "idea", n.IdeaTitle)
		}
		return p.L.T("notifications.mention", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "idea", n.IdeaTitle)
	case models.NoticeReply:
		return p.L.T("notifications.reply", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "idea", n.IdeaTitle)
	case models.NoticeStage:
		return p.L.T("notifications.stage", "idea", n.IdeaTitle, "stage", p.L.T("stage."+string(n.IdeaStage)))
	case models.NoticeAnswered:
		if n.Answer != "" {
			return p.L.T("notifications.answered", "idea", n.IdeaTitle, "answer", p.L.T("decisions.kind."+string(n.Answer)))
		}
		return p.L.T("notifications.answered_before", "idea", n.IdeaTitle)
	case models.NoticeEvaluated:
		return p.L.T("notifications.evaluated", "idea", n.IdeaTitle)
	case models.NoticeReopened:
		return p.L.T("notifications.reopened", "idea", n.IdeaTitle)
	case models.NoticeProject:
		return p.L.T("notifications.project", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "idea", n.IdeaTitle)
	case models.NoticeThanks:
		return p.L.T("notifications.thanks", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "idea", n.IdeaTitle)
	case models.NoticeIdea:
		return p.L.T("notifications.idea", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "idea", n.IdeaTitle)
	case models.NoticeVersion:
		if others > 0 {
			return p.L.T("notifications.versions", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "count", n.Count, "article", n.IdeaTitle)
		}
		return p.L.T("notifications.version", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "article", n.IdeaTitle)
	case models.NoticeDoubt, models.NoticeDoubtAnswered, models.NoticePassage:
		return p.L.T("notifications."+string(n.Kind), "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "article", n.IdeaTitle)
	case models.NoticeMoved, models.NoticeCancelled, models.NoticeResumed, models.NoticePlace, models.NoticeNear:
		return gatheringSentence(p, n)
	case models.NoticeSupport:
		if others > 0 {
			return p.L.T("notifications.supports", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "count", others, "idea", n.IdeaTitle)
		}
		return p.L.T("notifications.support", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "idea", n.IdeaTitle)
	case models.NoticeAuthorAsked, models.NoticeAuthorJoined, models.NoticeAuthorDeclined, models.NoticeAuthorLeft, models.NoticeAuthorRemoved,
		models.NoticeAmendment, models.NoticeAmendmentAccepted, models.NoticeAmendmentRejected,
		models.NoticeMergeAsked, models.NoticeMergeRefused, models.NoticeIdeaMerged, models.NoticeIdeaJoined, models.NoticeIdeaParted:
		return p.L.T("notifications."+string(n.Kind), "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "idea", n.IdeaTitle)
	}
	if n.Kind == models.NoticePost || n.Kind == models.NoticeSolved || n.Kind == models.NoticeThread {
		return threadSentence(p, n)
	}
	if others > 0 {
		return p.L.T("notifications.comments", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "count", others, "idea", n.IdeaTitle)
	}
	return p.L.T("notifications.comment", "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "idea", n.IdeaTitle)
}

// gatheringSentence says what becomes of an event to which the reader comes.
func gatheringSentence(p layout.Page, n models.NoticeCard) string {
	at := ""
	if n.StartsAt != nil {
		at = p.L.DateTime(*n.StartsAt)
	}
	return p.L.T("notifications."+string(n.Kind), "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "event", n.IdeaTitle, "at", at)
}

// threadSentence says what happened in a thread.
func threadSentence(p layout.Page, n models.NoticeCard) string {
	name := parts.Marked(p.L, n.ActorName, n.ActorRole)
	switch {
	case n.Kind == models.NoticeThread:
		return p.L.T("notifications.thread", "name", name, "idea", n.IdeaTitle)
	case n.Kind == models.NoticeSolved:
		return p.L.T("notifications.solved", "name", name, "idea", n.IdeaTitle)
	case n.Count > 1:
		return p.L.T("notifications.posts", "name", name, "count", n.Count-1, "idea", n.IdeaTitle)
	}
	return p.L.T("notifications.post", "name", name, "idea", n.IdeaTitle)
}

// why says through what a notice came that the reader got for following, and where they change that; empty for the others.
func why(p layout.Page, spaces []models.SpaceAccess, n *models.NoticeCard) (words, change string) {
	key, name, target := "notifications.why."+string(n.Via)+"."+string(n.ViaLevel), "", ""
	space := models.SpaceAccess{}
	for i := range spaces {
		if spaces[i].ID == n.SpaceID {
			space = spaces[i]
		}
	}
	switch n.Via {
	case models.FollowedSpace:
		name, target = space.Title, "/spaces/"+space.Slug
	case models.FollowedTopic:
		if n.TopicID == 0 { // the thread has moved since
			return "", ""
		}
		name, target = n.TopicName, "/discussions?"+url.Values{"space": {space.Slug}, "topic": {n.TopicSlug}}.Encode()
	case models.FollowedTag:
		name, target = n.ViaTag, "/discussions?"+url.Values{"tag": {n.ViaTag}}.Encode()
	case models.FollowedPerson:
		name, target = parts.Name(p.L, n.ActorName), "/people/"+strconv.FormatInt(n.ActorID, 10)
	case models.FollowedThread:
		target = models.ThreadPath(n.ThreadID, n.IdeaTitle)
	case models.FollowedArticle:
		target = models.ArticlePath(n.ArticleID, n.IdeaTitle)
	case models.FollowedGathering:
		target = models.GatheringPath(n.GatheringID, n.IdeaTitle)
	case models.FollowedIdea:
		target = models.IdeaPath(n.IdeaID, n.IdeaTitle)
	default:
		return "", ""
	}
	return p.L.T(key, "name", name), target + "#follow"
}

func icon(kind models.Kind) string {
	switch kind {
	case models.NoticeMention:
		return "at-sign"
	case models.NoticeReply:
		return "reply"
	case models.NoticeIdea:
		return "lightbulb"
	case models.NoticeMoved, models.NoticeCancelled, models.NoticeResumed, models.NoticePlace, models.NoticeNear:
		return "calendar"
	case models.NoticeSupport:
		return "thumbs-up"
	case models.NoticeAmendment, models.NoticeVersion:
		return "pencil"
	case models.NoticeStage, models.NoticeAnswered, models.NoticeEvaluated, models.NoticeAuthorJoined, models.NoticeAmendmentAccepted, models.NoticeSolved:
		return "check"
	case models.NoticeAuthorAsked:
		return "user-plus"
	case models.NoticeAuthorDeclined, models.NoticeAuthorLeft, models.NoticeAuthorRemoved, models.NoticeAmendmentRejected, models.NoticeMergeRefused:
		return "x"
	case models.NoticeMergeAsked, models.NoticeIdeaMerged, models.NoticeIdeaJoined:
		return "layers"
	case models.NoticeDoubt:
		return "flag"
	case models.NoticePassage:
		return "message-square"
	case models.NoticeDoubtAnswered:
		return "check"
	case models.NoticeReopened, models.NoticeIdeaParted:
		return "rotate-ccw"
	case models.NoticeProject, models.NoticeThanks:
		return "flag"
	}
	return "message-square"
}

func houseIcon(kind models.Kind) string {
	if kind == models.NoticeAppreciated {
		return "thumbs-up"
	}
	return "file-text"
}

// houseSentence says what the house tells.
func houseSentence(p layout.Page, n models.HouseNotice) string {
	if n.Kind == models.NoticeAppreciated {
		return appreciated(p, n.Appreciation())
	}
	if n.DraftID != nil {
		return p.L.T("notifications.house."+string(n.Kind), "draft", n.DraftTitle)
	}
	if n.ThreadID != nil {
		return p.L.T("notifications.house."+string(n.Kind), "thread", n.ThreadTitle)
	}
	if n.CampaignID == nil {
		return p.L.T("notifications.house." + string(n.Kind))
	}
	return p.L.T("notifications.house."+string(n.Kind), "campaign", n.CampaignTitle)
}

// appreciated says what the posts of the reader were given in a day.
func appreciated(p layout.Page, a models.Appreciation) string {
	day, err := time.Parse(time.DateOnly, a.Day)
	if err != nil {
		return p.L.T("reactions.appreciation")
	}
	day = day.Add(12 * time.Hour) // the same day in the zone of the reader
	return p.L.T("notifications.house.appreciated", "day", p.L.DateShort(day), "times", p.L.T("reactions.times", "count", a.Times), "people", p.L.T("reactions.people", "count", a.People))
}

// became says what became of the ideas of a campaign.
func became(p layout.Page, f models.CampaignFigures) string {
	return p.L.T("notifications.became", "ideas", p.L.T("campaigns.ideas", "count", f.Ideas), "selected", p.L.T("notifications.became.selected", "count", f.Selected), "answered", p.L.T("notifications.became.answered", "count", f.Answered))
}

// housePath is where a notice of the house leads.
func housePath(n models.HouseNotice) string {
	if n.CampaignID != nil {
		return campaignPath(n.Kind, strconv.FormatInt(*n.CampaignID, 10))
	}
	if n.DraftID != nil {
		return models.ArticleDraftPath(*n.DraftID)
	}
	if n.ThreadID != nil {
		return threadPath(n.Kind, strconv.FormatInt(*n.ThreadID, 10))
	}
	switch n.Kind {
	case models.NoticeAppreciated:
		return "/appreciation?day=" + url.QueryEscape(n.Appreciation().Day)
	case models.NoticeExport:
		return "/account/data"
	case models.NoticeDownload:
		return "/downloads"
	case models.NoticeImport:
		return "/imports"
	case models.NoticeSealKeeper, models.NoticeSealAsked, models.NoticeSealAnswer, models.NoticeSealOpened:
		return "/seals"
	case models.NoticeBox:
		return "/boxes"
	case models.NoticeGuestEnds:
		return "/guests"
	case models.NoticeUnanswered:
		return "/guests?list=unanswered"
	case models.NoticeCorrection:
		return "/members?state=asks"
	case models.NoticeAnswersSoon, models.NoticeAnswersLate, models.NoticeAnswersLong:
		return "/answers"
	case models.NoticeIdeasStalled, models.NoticeIdeasStalledLong:
		return "/answers/stalled"
	case models.NoticeArticlesSoon, models.NoticeArticlesEnded:
		return "/articles/trust?reminded=1"
	case models.NoticeProgram:
		return "/members?state=service"
	case models.NoticeGraduates, models.NoticeVoteOpen, models.NoticeVoteUnfinished, models.NoticeVoteResult:
		return "/campaigns"
	case models.NoticeEvaluate, models.NoticeEvaluateSoon, models.NoticeAskedBack, models.NoticeAnsweredBack:
		return "/evaluations"
	}
	return "/account"
}

// threadPath is where a notice about the poll of a thread, or about somebody who is asked there, leads.
func threadPath(kind models.Kind, id string) string {
	switch kind {
	case models.NoticeOutcomeWanted:
		return "/threads/" + id + "/poll/outcome"
	case models.NoticeExpertAsked:
		return "/experts/asked"
	case models.NoticeExpertDeclined:
		return "/threads/" + id + "/experts"
	}
	return "/threads/" + id + "/poll"
}

// campaignPath is where a notice about a campaign leads.
func campaignPath(kind models.Kind, id string) string {
	switch kind {
	case models.NoticeDraftEnds:
		return "/ideas/new?campaign=" + id
	case models.NoticeJudging:
		return "/evaluations"
	}
	return "/campaigns/" + id
}

// spaceSentence says what happened to a space.
func spaceSentence(p layout.Page, n *models.SpaceNoticeCard) string {
	key := "notifications.space." + string(n.Kind)
	if n.Kind == models.NoticeAsked && n.ActorID == nil {
		key += "_stranger"
	}
	if n.Title == "" {
		key += "_hidden" // only of a space that nobody runs is one told without its name
	}
	return p.L.T(key, "name", parts.Marked(p.L, n.ActorName, n.ActorRole), "space", n.Title)
}

func spaceIcon(kind models.Kind) string {
	switch kind {
	case models.NoticeAsked:
		return "user-plus"
	case models.NoticeApproved, models.NoticeNamed:
		return "check"
	case models.NoticeDeclined:
		return "x"
	}
	return "users"
}
