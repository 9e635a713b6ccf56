package evaluations_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/evaluations"
	"ruche/models"
)

// house is one whose space asks a question, with four people who can evaluate, on a day that the test moves.
type house struct {
	*apptest.Site
	now              time.Time
	lena             *models.User // runs the space
	sophie           *models.User // the sponsor
	paul, mona       *models.User // wrote the ideas
	ada, ben, cleo   *models.User
	hr, auditor, sam *models.User
	boss             *models.User
	space            *models.Space
	campaign         *models.Campaign
	base             string // of the campaign's addresses
}

func open(t *testing.T, options ...apptest.Option) *house {
	t.Helper()
	h := &house{now: time.Date(2026, 12, 16, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, append(options, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return h.now } })...)
	for name, user := range map[string]**models.User{"Lena": &h.lena, "Sophie": &h.sophie, "Paul": &h.paul, "Mona": &h.mona, "Ada": &h.ada, "Ben": &h.ben, "Cleo": &h.cleo, "Sam": &h.sam, "Boss": &h.boss} {
		*user = h.Person(name, models.RoleEmployee)
	}
	h.hr, h.auditor = h.Person("Hanna", models.RoleHR), h.Person("Aud", models.RoleAuditor)
	h.space = h.Space("plant", models.Company, map[*models.User]models.SpaceRole{h.lena: models.SpaceManager})
	at := func(day int) *time.Time {
		t := time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC)
		return &t
	}
	h.campaign = &models.Campaign{SpaceID: h.space.ID, Kind: models.TimedCampaign, Title: "Less scrap", Question: "Where?", SponsorID: &h.sophie.ID, ManagerID: &h.lena.ID, AnswerDays: 30, Stages: []models.CampaignStage{
		models.NewStage(models.Gather, at(1)), models.NewStage(models.Evaluate, at(15)), models.NewStage(models.Decide, at(22)), models.NewStage(models.Closed, at(30)),
	}}
	h.Tx(nil, func(tx *models.Tx) error { return tx.ImportCampaign(h.campaign) })
	h.base = "/campaigns/" + strconv.FormatInt(h.campaign.ID, 10)
	return h
}

// idea is one that somebody wrote for the campaign while it gathered them.
func (h *house) idea(author *models.User, title string, tags ...string) *models.Idea {
	idea := &models.Idea{SpaceID: h.space.ID, AuthorID: author.ID, Title: title, Body: "Weigh it.", HTML: "<p>Weigh it.</p>", Summary: "Weigh it.", Lang: "en", Tags: tags, CampaignID: &h.campaign.ID, Campaign: h.campaign.Title}
	h.Tx(h.Actor(author), func(tx *models.Tx) error {
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaPosted, idea, nil)
	})
	return idea
}

// card is the form of a scorecard with two criteria.
func card(changes ...string) apptest.Form {
	form := apptest.Form{
		"base": "0", "per_idea": "2", "minimum": "2", "blind": "1", "due": "2026-12-20",
		"c0_id": "0", "c0_name_en": "Value", "c0_name_fr": "Valeur", "c0_help_en": "What it brings", "c0_lowest": "1", "c0_highest": "5", "c0_weight": "3", "c0_axis": "value", "c0_steps_en": "1 Nothing\n5 A lot",
		"c1_id": "0", "c1_name_en": "Effort", "c1_lowest": "0", "c1_highest": "10", "c1_weight": "1", "c1_axis": "effort", "c1_inverted": "1",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		form[changes[i]] = changes[i+1]
	}
	return form
}

// evaluated has Lena set up the evaluation, with some evaluators, and give out the ideas.
func (h *house) evaluated(t *testing.T, evaluators ...*models.User) *apptest.Client {
	t.Helper()
	lena := h.As(h.lena)
	lena.Post(h.base+"/evaluation", card()).Status(http.StatusSeeOther)
	for _, user := range evaluators {
		lena.Post(h.base+"/evaluators", apptest.Form{"email": user.Email}).Status(http.StatusSeeOther)
	}
	lena.Post(h.base+"/assignments", nil).Status(http.StatusSeeOther)
	return lena
}

func path(idea *models.Idea) string { return fmt.Sprintf("/ideas/%d/evaluation", idea.ID) }

// said is the form of an evaluation by the two criteria of card.
func (h *house) said(t *testing.T, value, effort, do string) apptest.Form {
	t.Helper()
	stored, err := h.DB.Scorecard(t.Context(), h.campaign.ID)
	if err != nil {
		t.Fatal(err)
	}
	form := apptest.Form{"version": strconv.Itoa(stored.Version), "do": do, "note": ""}
	for i, answer := range []string{value, effort} {
		if answer != "" {
			form[stored.Criteria[i].Field()] = answer
		}
	}
	return form
}

// hand hands in an evaluation.
func (h *house) hand(t *testing.T, user *models.User, idea *models.Idea, value, effort string) *apptest.Answer {
	t.Helper()
	return h.As(user).Post(path(idea), h.said(t, value, effort, "submit"))
}

// evaluators are those who have an idea to evaluate or have done so, by id.
func (h *house) evaluators(t *testing.T, idea *models.Idea) (people []int64) {
	t.Helper()
	for _, user := range []*models.User{h.lena, h.sophie, h.paul, h.mona, h.ada, h.ben, h.cleo, h.sam, h.boss} {
		actor, err := h.DB.ActorByID(t.Context(), user.ID)
		if errors.Is(err, models.ErrNotFound) { // who is gone
			continue
		}
		a, err := h.DB.Assessment(t.Context(), actor, idea.ID)
		if err == nil && a.Evaluates() {
			people = append(people, user.ID)
		}
	}
	return people
}

// user is who has a number.
func (h *house) user(id int64) *models.User {
	for _, user := range []*models.User{h.lena, h.ada, h.ben, h.cleo} {
		if user.ID == id {
			return user
		}
	}
	return nil
}

// look moves the hour on and has the feature look after what comes round.
func (h *house) look(t *testing.T) {
	t.Helper()
	h.now = h.now.Add(time.Hour)
	work, err := evaluations.New(h.Web, h.Mail).Look().Work(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	h.Tx(nil, work)
	h.Settle()
}

// manages makes one person the manager of another.
func manages(tx *models.Tx, personID, managerID int64) error {
	user, err := tx.RecordedUser(personID)
	if err != nil {
		return err
	}
	user.ManagerID = &managerID
	return tx.SaveJob(user)
}
