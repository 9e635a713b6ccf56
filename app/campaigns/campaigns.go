// Package campaigns is where a space asks a question: what it asks, who owns the need and who runs it, by when an answer is
// promised, and the stages that open and close by themselves. The ideas that answer it are the matter of package ideas.
package campaigns

import (
	"context"
	"errors"
	"fmt"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Campaigns is the feature.
type Campaigns struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Campaigns { return &Campaigns{w} }

// Draft is what someone writes of a campaign. Sponsor and Manager are addresses, which may be empty.
type Draft struct {
	Kind       models.CampaignKind
	Title      string
	Question   string
	Body       string // Markdown
	Sponsor    string
	Manager    string
	AnswerDays int
	Stages     []models.CampaignStage
}

// Create begins a campaign in a space. Nobody sees it but those who run it, until it is published.
func (f *Campaigns) Create(ctx context.Context, actor *models.Actor, space *models.Space, in Draft) (*models.Campaign, error) {
	if err := actor.Refusal(models.RunCampaigns, space); err != nil {
		return nil, fmt.Errorf("create campaign in space %d: %w", space.ID, err)
	}
	people, err := f.people(ctx, &in)
	if err != nil {
		return nil, err
	}
	campaign := &models.Campaign{SpaceID: space.ID}
	return campaign, f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := in.fill(campaign, people); err != nil {
			return err
		}
		if err := tx.CreateCampaign(campaign); err != nil {
			return err
		}
		return tx.Record(models.CampaignCreated, campaign, nil)
	})
}

// Edit changes what a campaign says and when its stages begin; ErrConflict if someone else has saved since the version base.
func (f *Campaigns) Edit(ctx context.Context, actor *models.Actor, id int64, base int, in Draft) (campaign *models.Campaign, err error) {
	people, err := f.people(ctx, &in)
	if err != nil {
		return nil, err
	}
	return f.change(ctx, actor, id, models.CampaignEdited, func(tx *models.Tx, campaign *models.Campaign) error {
		if err := in.fill(campaign, people); err != nil {
			return err
		}
		return tx.SaveCampaign(campaign, base)
	})
}

// Publish shows a campaign to all who see its space. What it lacks is said at the field "publish"; once more changes nothing.
func (f *Campaigns) Publish(ctx context.Context, actor *models.Actor, id int64) (*models.Campaign, error) {
	return f.change(ctx, actor, id, models.CampaignPublished, func(tx *models.Tx, campaign *models.Campaign) error {
		if campaign.PublishedAt != nil {
			return errSame
		}
		return tx.PublishCampaign(campaign)
	})
}

// Pause lets nothing be done in a campaign for a while, for a reason that all may read.
func (f *Campaigns) Pause(ctx context.Context, actor *models.Actor, id int64, reason string) (*models.Campaign, error) {
	return f.change(ctx, actor, id, models.CampaignPaused, func(tx *models.Tx, campaign *models.Campaign) error {
		return tx.PauseCampaign(campaign, reason)
	})
}

// Resume ends the pause; once more changes nothing.
func (f *Campaigns) Resume(ctx context.Context, actor *models.Actor, id int64) (*models.Campaign, error) {
	return f.change(ctx, actor, id, models.CampaignResumed, func(tx *models.Tx, campaign *models.Campaign) error {
		if campaign.PausedAt == nil {
			return errSame
		}
		return tx.ResumeCampaign(campaign)
	})
}

// errSame ends a change that changes nothing.
var errSame = errors.New("nothing to change")

func (f *Campaigns) change(ctx context.Context, actor *models.Actor, id int64, verb string, do func(*models.Tx, *models.Campaign) error) (campaign *models.Campaign, err error) {
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if campaign, err = tx.LockCampaign(id); err != nil {
			return err
		}
		if !actor.MayRun(campaign) {
			return fmt.Errorf("%s %d: %w", verb, id, actor.Refused(campaign.SpaceID, 0))
		}
		if err := do(tx, campaign); err != nil {
			return err
		}
		return tx.Record(verb, campaign, nil)
	})
	if errors.Is(err, errSame) {
		err = nil
	}
	return campaign, err
}

// people are the ids of those whom a draft names, by field. It looks for them outside the transaction: to a database a text
// that is none is a mistake, after which the transaction can do no more.
func (f *Campaigns) people(ctx context.Context, in *Draft) (ids map[string]int64, err error) {
	ids = map[string]int64{}
	for field, address := range map[string]string{"sponsor": in.Sponsor, "manager": in.Manager} {
		user, err := f.web.DB.UserWithAccess(ctx, address)
		switch {
		case errors.Is(err, models.ErrNotFound):
		case err != nil:
			return nil, err
		case user.Answers():
			ids[field] = user.ID
		}
	}
	return ids, nil
}

// fill puts what is written into a campaign. Every field that is wrong is named at once.
func (in *Draft) fill(campaign *models.Campaign, people map[string]int64) error {
	problems := models.Invalid{}
	campaign.Kind, campaign.Title, campaign.Question, campaign.AnswerDays, campaign.Stages = in.Kind, in.Title, in.Question, in.AnswerDays, in.Stages
	if err := in.write(campaign); err != nil {
		problems["body"] = err.Error()
	}
	campaign.SponsorID, campaign.ManagerID = nil, nil
	for field, person := range map[string]struct {
		address string
		id      **int64
	}{"sponsor": {in.Sponsor, &campaign.SponsorID}, "manager": {in.Manager, &campaign.ManagerID}} {
		if id := people[field]; id != 0 {
			*person.id = &id
		} else if person.address != "" {
			problems[field] = "campaigns.person_unknown"
		}
	}
	var invalid models.Invalid
	if err := campaign.Validate(); errors.As(err, &invalid) {
		for field, key := range invalid {
			problems[field] = key
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// write renders the brief, which may be empty.
func (in *Draft) write(campaign *models.Campaign) error {
	markdown, err := text.Clean(in.Body, text.MaxBody)
	if err != nil {
		return err
	}
	rendered, err := text.Render(markdown, text.Body, nil)
	if err != nil {
		return err
	}
	if len(rendered.Files) > 0 {
		return text.Problem("campaigns.pictures")
	}
	campaign.Body, campaign.HTML = markdown, rendered.HTML
	campaign.Lang = text.Language(campaign.Title + "\n" + campaign.Question + "\n" + rendered.Plain)
	return nil
}
