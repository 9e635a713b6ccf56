// Package campaigns is where a space asks a question: what it asks, who owns the need and who runs it, by when an answer is
// promised, and the stages that open and close by themselves. The ideas that answer it are the matter of package ideas.
package campaigns

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"

	"ruche/app/files"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Campaigns is the feature.
type Campaigns struct {
	web   *web.Web
	files *files.Files
}

// New returns the feature.
func New(w *web.Web, f *files.Files) *Campaigns { return &Campaigns{w, f} }

// Draft is what someone writes of a campaign. Sponsor and Manager are addresses, which may be empty.
type Draft struct {
	Key        string // names the request of a program: sent again it finds the campaign that it made
	Title      string
	Question   string
	Body       string // the brief; Markdown, as the next three
	Rules      string
	Prizes     string
	FAQ        string
	Sponsor    string
	Manager    string
	AnswerDays int
	Anonymity  models.Anonymity // promised to those who propose an idea; empty: as it was, or named
}

// Create begins a campaign in a space, with its stages. Nobody sees it but those who run it, until it is published.
func (f *Campaigns) Create(ctx context.Context, actor *models.Actor, space *models.Space, in Draft, plan Plan) (*models.Campaign, error) {
	if err := actor.Refusal(models.RunCampaigns, space); err != nil {
		return nil, fmt.Errorf("create campaign in space %d: %w", space.ID, err)
	}
	people, err := f.people(ctx, in.people(), plan.people())
	if err != nil {
		return nil, err
	}
	campaign := &models.Campaign{SpaceID: space.ID, Kind: plan.Kind}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := check(campaign, in.fill(campaign, people), plan.fill(campaign, people)); err != nil {
			return err
		}
		if err := tx.CreateCampaign(campaign); err != nil {
			return err
		}
		if err := sent(tx, actor, campaign, in.Key); err != nil {
			return err
		}
		return tx.Record(models.CampaignCreated, campaign, nil)
	})
	if errors.Is(err, errMade) {
		return f.made(ctx, actor, campaign.Title, in.Key)
	}
	return campaign, err
}

// errMade ends the transaction of a request that came before.
var errMade = errors.New("campaign made before")

// sent forgets the draft of a form that has made a campaign, or notes what the request of a program made.
func sent(tx *models.Tx, actor *models.Actor, campaign *models.Campaign, key string) error {
	if key == "" {
		return tx.DropDraft(actor.ID, newForm)
	}
	err := tx.Claim(&models.Answer{UserID: actor.ID, Key: "campaign:" + key, RequestHash: campaign.Title, Result: strconv.FormatInt(campaign.ID, 10)})
	if errors.Is(err, models.ErrConflict) {
		return errMade
	}
	return err
}

// made finds the campaign that a request with the key made; ErrConflict if it asked for another one.
func (f *Campaigns) made(ctx context.Context, actor *models.Actor, title, key string) (*models.Campaign, error) {
	answer, err := f.web.DB.Answer(ctx, actor.ID, "campaign:"+key)
	if err != nil {
		return nil, err
	}
	if answer.RequestHash != title {
		return nil, fmt.Errorf("key used for campaign %s: %w", answer.Result, models.ErrConflict)
	}
	id, err := strconv.ParseInt(answer.Result, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("campaign of a key: %w", err)
	}
	return f.web.DB.Campaign(ctx, actor, id)
}

// Edit changes what a campaign says; ErrConflict if someone else has saved since the version base.
func (f *Campaigns) Edit(ctx context.Context, actor *models.Actor, id int64, base int, in Draft) (campaign *models.Campaign, err error) {
	people, err := f.people(ctx, in.people())
	if err != nil {
		return nil, err
	}
	return f.change(ctx, actor, id, models.CampaignEdited, func(tx *models.Tx, campaign *models.Campaign) error {
		before, lets := *campaign, actor.MayLetTeamDecide(campaign)
		problems := in.fill(campaign, people)
		if base == before.Version && !lets {
			keepDeciders(&before, campaign, problems)
		}
		if err := check(campaign, problems); err != nil {
			return err
		}
		if err := tx.SaveCampaign(campaign, base); err != nil {
			return err
		}
		return tx.DropDraft(actor.ID, editForm(id))
	})
}

// Names of the forms whose drafts are kept.
const newForm = "campaign/new"

func editForm(id int64) string { return "campaign/" + strconv.FormatInt(id, 10) }

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

// people are the ids of those whom addresses name, by field. It looks for them outside the transaction: to a database a
// text that is none is a mistake, after which the transaction can do no more.
func (f *Campaigns) people(ctx context.Context, addresses ...map[string]string) (ids map[string]int64, err error) {
	ids = map[string]int64{}
	for _, fields := range addresses {
		for field, address := range fields {
			user, err := f.web.DB.UserWithAccess(ctx, address)
			switch {
			case errors.Is(err, models.ErrNotFound):
			case err != nil:
				return nil, err
			case user.Answers():
				ids[field] = user.ID
			}
		}
	}
	return ids, nil
}

// named is the person at a field, nil for an empty one; a mistake if the address is nobody's.
func named(field, address string, people map[string]int64, problems models.Invalid) *int64 {
	if id := people[field]; id != 0 {
		return &id
	}
	if address != "" {
		problems[field] = "campaigns.person_unknown"
	}
	return nil
}

// check holds a campaign against its rules and adds what was found wrong before, so that every field that is wrong is
// named at once.
func check(campaign *models.Campaign, found ...models.Invalid) error {
	problems := models.Invalid{}
	var invalid models.Invalid
	if errors.As(campaign.Validate(), &invalid) {
		found = append(found, invalid)
	}
	for _, one := range found {
		maps.Copy(problems, one)
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func (in *Draft) people() map[string]string {
	return map[string]string{"sponsor": in.Sponsor, "manager": in.Manager}
}

// fill puts what is written into a campaign.
func (in *Draft) fill(campaign *models.Campaign, people map[string]int64) models.Invalid {
	problems := models.Invalid{}
	campaign.Title, campaign.Question, campaign.AnswerDays = in.Title, in.Question, in.AnswerDays
	if in.Anonymity != "" {
		campaign.Anonymity = in.Anonymity
	}
	in.write(campaign, problems)
	campaign.SponsorID, campaign.ManagerID = named("sponsor", in.Sponsor, people, problems), named("manager", in.Manager, people, problems)
	return problems
}

// write renders what the campaign says. Each text may be empty.
func (in *Draft) write(campaign *models.Campaign, problems models.Invalid) {
	plain := ""
	for _, one := range []struct {
		field, text    string
		markdown, html *string
	}{
		{"body", in.Body, &campaign.Body, &campaign.HTML}, {"rules", in.Rules, &campaign.Rules, &campaign.RulesHTML},
		{"prizes", in.Prizes, &campaign.Prizes, &campaign.PrizesHTML}, {"faq", in.FAQ, &campaign.FAQ, &campaign.FAQHTML},
	} {
		markdown, rendered, err := render(one.text)
		if err != nil {
			problems[one.field] = err.Error()
			continue
		}
		*one.markdown, *one.html = markdown, rendered.HTML
		plain += "\n" + rendered.Plain
	}
	campaign.Lang = text.Language(campaign.Title + "\n" + campaign.Question + plain)
}

func render(body string) (markdown string, rendered text.Rendered, err error) {
	if markdown, err = text.Clean(body, text.MaxBody); err != nil {
		return "", rendered, err
	}
	if rendered, err = text.Render(markdown, text.Body, nil); err == nil && len(rendered.Files) > 0 {
		err = text.Problem("campaigns.pictures")
	}
	return markdown, rendered, err
}
