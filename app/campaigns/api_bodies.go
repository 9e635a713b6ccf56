package campaigns

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"ruche/models"
)

// campaignItem is a campaign in a list.
type campaignItem struct {
	ID       int64      `json:"id"`
	URL      string     `json:"url"`
	Space    string     `json:"space" doc:"Slug."`
	Kind     string     `json:"kind" enum:"campaign,channel"`
	Title    string     `json:"title"`
	Question string     `json:"question"`
	Lang     string     `json:"lang" doc:"fr, en, or empty if unknown."`
	State    string     `json:"state" enum:"open,coming,over,draft,template"`
	Paused   bool       `json:"paused"`
	Opens    *time.Time `json:"opens_at" doc:"When its first stage begins, null for a channel."`
	Closes   *time.Time `json:"closes_at" doc:"When it closes, null for a channel."`
	Ideas    int        `json:"ideas"`
}

// campaignBody is a campaign by itself.
type campaignBody struct {
	campaignItem
	Body        string      `json:"body" doc:"The brief, as Markdown."`
	HTML        string      `json:"html" doc:"The same, rendered and safe."`
	Rules       string      `json:"rules" doc:"Markdown."`
	Prizes      string      `json:"prizes" doc:"Markdown."`
	FAQ         string      `json:"faq" doc:"Markdown."`
	Sponsor     *person     `json:"sponsor"`
	Manager     *person     `json:"manager"`
	Team        []person    `json:"team"`
	Banner      *bannerBody `json:"banner"`
	AnswerDays  int         `json:"answer_days" doc:"Within which every idea is promised an answer; 0: no promise."`
	Anonymity   string      `json:"anonymity" enum:"named,hidden,sealed,not_stored" doc:"What those who propose an idea are promised: that their name stands under it; that nobody in the house sees it; that it is sealed, so that only two keepers together can open it; or that it is not stored at all."`
	Seal        *sealBody   `json:"seal,omitempty" doc:"Of a campaign that seals names, when it is asked for alone."`
	TeamDecides bool        `json:"team_decides" doc:"Whether the team answers the ideas, beside sponsor and manager."`
	AsksGroups  bool        `json:"asks_groups" doc:"Whether it asks the people of some groups alone for ideas."`
	PauseReason string      `json:"pause_reason"`
	Stage       string      `json:"stage" doc:"The kind of the stage that it is in; empty before it opens."`
	Stages      []stageBody `json:"stages"`
	Lacks       []string    `json:"lacks" doc:"For those who run it: what keeps it from being published, among question, manager, sponsor, promise, gather, end, rule and keepers."`
	Version     int         `json:"version"`
}

type sealBody struct {
	Mark    string       `json:"mark" doc:"To be sent as the seal of an idea; empty as long as nothing can be sealed."`
	Keepers []keeperBody `json:"keepers" doc:"Who can open it, together."`
}

type keeperBody struct {
	Name string `json:"name"`
	Role string `json:"role"`
}

func sealOf(keepers models.SealKeepers) *sealBody {
	body := &sealBody{Mark: keepers.Mark(), Keepers: []keeperBody{}}
	for i := range keepers {
		body.Keepers = append(body.Keepers, keeperBody{keepers[i].Name, keepers[i].Role})
	}
	return body
}

type person struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type stageBody struct {
	Kind       string     `json:"kind" enum:"gather,discuss,refine,vote,evaluate,decide,implement,closed"`
	StartsAt   *time.Time `json:"starts_at" doc:"When it begins, which ends the one before; null for the only stage of a channel."`
	Posting    bool       `json:"posting"`
	Commenting bool       `json:"commenting"`
	Supporting bool       `json:"supporting"`
	Editing    bool       `json:"editing"`
	MaxDays    int        `json:"max_days" doc:"For how long an idea may wait in it; 0: as long as the stage takes."`
	Answerer   *person    `json:"answerer" doc:"Who answers for that, if it is not whoever runs the campaign."`
}

func (f *Campaigns) itemOf(actor *models.Actor, c *models.Campaign) campaignItem {
	item := campaignItem{
		ID: c.ID, URL: f.web.BaseURL.String() + c.Path(), Kind: string(c.Kind), Title: c.Title, Question: c.Question, Lang: c.Lang,
		State: string(c.StateAt(f.web.DB.Now())), Paused: c.PausedAt != nil, Opens: c.OpensAt, Closes: c.ClosesAt, Ideas: c.IdeaCount,
	}
	if space := actor.Access(c.SpaceID); space != nil {
		item.Space = space.Slug
	}
	return item
}

func (f *Campaigns) bodyOf(actor *models.Actor, p *models.CampaignPage) campaignBody {
	body := campaignBody{
		campaignItem: f.itemOf(actor, &p.Campaign), Body: p.Body, HTML: p.HTML, Rules: p.Rules, Prizes: p.Prizes, FAQ: p.FAQ, Sponsor: personOf(p.SponsorID, p.SponsorName),
		Manager: personOf(p.ManagerID, p.ManagerName), Team: []person{}, AnswerDays: p.AnswerDays, Anonymity: string(p.Anonymity), TeamDecides: p.TeamDecides, AsksGroups: p.AsksGroups, PauseReason: p.PauseReason,
		Banner: f.bannerOf(&p.Campaign), Stages: []stageBody{}, Lacks: []string{}, Version: p.Version,
	}
	for _, helper := range p.Helpers {
		body.Team = append(body.Team, person{helper.ID, helper.Name})
	}
	if stage := p.StageAt(f.web.DB.Now()); stage != nil && p.PublishedAt != nil {
		body.Stage = string(stage.Kind)
	}
	for _, stage := range p.Stages {
		body.Stages = append(body.Stages, stageBody{
			string(stage.Kind), stage.StartsAt, stage.Posting, stage.Commenting, stage.Supporting, stage.Editing, stage.MaxDays, personOf(stage.AnswererID, stage.AnswererName),
		})
	}
	return body
}

func personOf(id *int64, name string) *person {
	if id == nil {
		return nil
	}
	return &person{*id, name}
}

// WrittenBody is what a program writes of a campaign; exported, since huma fills in no other embedded struct.
type WrittenBody struct {
	Title      *string `json:"title,omitempty"`
	Question   *string `json:"question,omitempty"`
	Body       *string `json:"body,omitempty" doc:"The brief, as Markdown."`
	Rules      *string `json:"rules,omitempty" doc:"Markdown."`
	Prizes     *string `json:"prizes,omitempty" doc:"Markdown."`
	FAQ        *string `json:"faq,omitempty" doc:"Markdown."`
	Sponsor    *string `json:"sponsor,omitempty" doc:"E-mail address of who owns the need and commits to act, or empty."`
	Manager    *string `json:"manager,omitempty" doc:"E-mail address of who runs it, or empty."`
	AnswerDays *int    `json:"answer_days,omitempty" doc:"Within which every idea is promised an answer; 0: no promise."`
	Anonymity  *string `json:"anonymity,omitempty" doc:"named, hidden, sealed or not_stored. Once somebody has proposed an idea it stays."`
}

// into puts what is there into a draft.
func (b *WrittenBody) into(draft *Draft) {
	for _, one := range []struct {
		to   *string
		from *string
	}{
		{&draft.Title, b.Title}, {&draft.Question, b.Question}, {&draft.Body, b.Body}, {&draft.Rules, b.Rules}, {&draft.Prizes, b.Prizes}, {&draft.FAQ, b.FAQ},
		{&draft.Sponsor, b.Sponsor}, {&draft.Manager, b.Manager},
	} {
		if one.from != nil {
			*one.to = strings.TrimSpace(*one.from)
		}
	}
	if b.AnswerDays != nil {
		draft.AnswerDays = *b.AnswerDays
	}
	if b.Anonymity != nil {
		draft.Anonymity = models.Anonymity(*b.Anonymity)
	}
}

// PlanBody is how a program has a campaign go; exported, as WrittenBody is.
type PlanBody struct {
	Kind   string      `json:"kind,omitempty" doc:"campaign or channel; campaign if absent, and what it is once it is published. A campaign that is published stays one."`
	Stages []planStage `json:"stages,omitempty" maxItems:"8" doc:"In the order of their kinds, each at most once. A channel has one, gather, without a beginning."`
}

type planStage struct {
	Kind       string     `json:"kind" doc:"gather, discuss, refine, vote, evaluate, decide, implement or closed."`
	StartsAt   *time.Time `json:"starts_at,omitempty" doc:"When it begins. Pages show the day, in the time zone of the company."`
	Posting    *bool      `json:"posting,omitempty" doc:"Whether ideas are proposed in it; what is usual for its kind if absent, as the next three."`
	Commenting *bool      `json:"commenting,omitempty"`
	Supporting *bool      `json:"supporting,omitempty"`
	Editing    *bool      `json:"editing,omitempty"`
	MaxDays    int        `json:"max_days,omitempty"`
	Answerer   string     `json:"answerer,omitempty" doc:"E-mail address of who answers for what waits in it."`
}

func (b *PlanBody) plan() (plan Plan, err error) {
	plan.Kind = models.TimedCampaign
	if b.Kind != "" {
		plan.Kind = models.CampaignKind(b.Kind)
	}
	for i, in := range b.Stages {
		var starts *time.Time
		if in.StartsAt != nil {
			if year := in.StartsAt.Year(); year < 2000 || year > 2200 {
				return plan, models.Invalid{fmt.Sprintf("stages[%d].starts_at", i): "campaigns.date_invalid"}
			}
			day := in.StartsAt.UTC()
			starts = &day
		}
		stage := models.NewStage(models.StageKind(in.Kind), starts)
		for _, act := range []struct{ to, from *bool }{{&stage.Posting, in.Posting}, {&stage.Commenting, in.Commenting}, {&stage.Supporting, in.Supporting}, {&stage.Editing, in.Editing}} {
			if act.from != nil {
				*act.to = *act.from
			}
		}
		stage.MaxDays = in.MaxDays
		plan.Stages = append(plan.Stages, Stage{stage, strings.TrimSpace(in.Answerer)})
	}
	return plan, nil
}

// located says of what is wrong with a stage where in the request it stands.
func (b *PlanBody) located(err error) error {
	var problems models.Invalid
	if !errors.As(err, &problems) {
		return err
	}
	located := models.Invalid{}
	for field, key := range problems {
		for i, stage := range b.Stages {
			for name, to := range map[string]string{"stage_": "starts_at", "max_days_": "max_days", "answerer_": "answerer"} {
				if field == name+stage.Kind {
					field = fmt.Sprintf("stages[%d].%s", i, to)
				}
			}
		}
		located[field] = key
	}
	return located
}
