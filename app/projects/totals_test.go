package projects_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// brings has an idea carried out by a project that has validated so many euros and expects ten times as many.
func (h *house) brings(idea *models.Idea, euros int64) *models.Project {
	h.t.Helper()
	project := &models.Project{IdeaID: idea.ID, SpaceID: idea.SpaceID, Title: "For " + idea.Title, OwnerID: &h.olaf.ID, ControllerID: &h.connie.ID, State: models.ProjectRunning}
	h.Tx(h.Actor(h.lena), func(tx *models.Tx) error { return tx.CreateProject(project) })
	h.claims(project, euros)
	return project
}

func (h *house) claims(project *models.Project, euros int64) {
	h.t.Helper()
	came := &models.Benefit{Kind: models.BenefitEuros, Nature: models.Actual, Amount: euros, Label: "Offcuts", OnDay: h.now}
	h.Tx(h.Actor(h.olaf), func(tx *models.Tx) error {
		if err := tx.ClaimBenefit(project, &models.Benefit{Kind: models.BenefitEuros, Nature: models.Forecast, Amount: 10 * euros, Label: "Offcuts", OnDay: h.now}); err != nil {
			return err
		}
		return tx.ClaimBenefit(project, came)
	})
	h.Tx(h.Actor(h.connie), func(tx *models.Tx) error { return tx.JudgeBenefit(came, models.BenefitValidated, "") })
}

func TestABenefitCountsOnceHoweverManyOfTheMergedIdeasHaveAProject(t *testing.T) {
	h := open(t)
	alone, first, second := h.post(h.paul, "Alone"), h.post(h.paul, "First"), h.post(h.paul, "Second")
	h.brings(alone, 1)
	one := h.brings(first, 100) // claimed before the merge
	paul := h.As(h.paul)
	paul.Get("/projects").See("<dt>€101</dt>", "of €1,010 expected")
	h.merge(first, second)
	paul.Get("/projects").See("<dt>€101</dt>") // of an idea that goes on in one without a project
	two := h.brings(second, 200)               // and after it
	paul.Get("/projects").See("<dt>€201</dt>", "of €2,010 expected", "Counted once")
	paul.Get(one.Path()).See("counted once, with", two.Path())
	paul.Get(two.Path()).NotSee("counted once, with")
	token := h.program(h.paul, models.ScopeRead)
	var totals struct {
		Items []struct {
			Kind                          string
			Expected, Validated, Projects int64
		}
	}
	token(http.MethodGet, "/benefits?space=club", "", &totals)
	if len(totals.Items) != 1 || totals.Items[0].Validated != 201 || totals.Items[0].Expected != 2010 || totals.Items[0].Projects != 2 {
		t.Errorf("the totals are %+v", totals.Items)
	}
	h.program(h.guest, models.ScopeRead)(http.MethodGet, "/benefits", "", nil).Status(403)
	h.As(h.guest).Get("/projects").NotSee("€201", "benefit-totals")
	h.As(h.Person("Stranger", models.RoleEmployee)).Get("/projects").NotSee("€")

	h.As(h.paul).Post(fmt.Sprintf("/ideas/%d/merge/removal", first.ID), nil).Status(http.StatusSeeOther)
	paul.Get("/projects").See("<dt>€301</dt>", "of €3,010 expected")
	paul.Get(one.Path()).NotSee("counted once, with")
	h.Tx(h.Actor(h.lena), func(tx *models.Tx) error { return tx.MoveProject(one, models.ProjectStopped, "The supplier is gone.") })
	paul.Get("/projects").See("<dt>€301</dt>", "of €2,010 expected") // nothing more is expected of what was stopped
}

func TestWhatCampaignsBringAddsUpToWhatTheHouseBrings(t *testing.T) {
	h := open(t)
	var campaigns []*models.Campaign
	var ideas []*models.Idea
	for n := range 2 {
		campaign := &models.Campaign{SpaceID: h.space.ID, Kind: models.Channel, Title: fmt.Sprint("Channel ", n), Question: "Where?", ManagerID: &h.lena.ID}
		idea := &models.Idea{SpaceID: h.space.ID, AuthorID: h.paul.ID, Title: fmt.Sprint("Idea ", n), Body: "It", HTML: "It", Stage: models.Decided}
		h.Tx(h.Actor(h.lena), func(tx *models.Tx) error {
			if err := tx.ImportCampaign(campaign); err != nil {
				return err
			}
			idea.CampaignID = &campaign.ID
			return tx.CreateIdea(idea)
		})
		campaigns, ideas = append(campaigns, campaign), append(ideas, idea)
		h.brings(idea, int64(100*(n+1)))
	}
	h.merge(ideas[0], ideas[1])
	paul := h.As(h.paul)
	paul.Get("/projects").See("<dt>€200</dt>")
	paul.Get(fmt.Sprint("/projects?campaign=", campaigns[1].ID)).See("<dt>€200</dt>")
	paul.Get(fmt.Sprint("/projects?campaign=", campaigns[0].ID)).NotSee("<dt>€")
}

// program calls the API with someone's token and decodes the answer into out, if there is one.
func (h *house) program(user *models.User, scope models.Scope) func(method, path, body string, out any, headers ...string) *apptest.Answer {
	client, token := h.Visitor(), h.Token(user, scope)
	return func(method, path, body string, out any, headers ...string) *apptest.Answer {
		h.t.Helper()
		header := http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
		for i := 0; i < len(headers); i += 2 {
			header.Set(headers[i], headers[i+1])
		}
		answer := client.Do(method, "/api/v1"+path, strings.NewReader(body), header)
		if out != nil {
			if err := json.Unmarshal([]byte(answer.Text), out); err != nil {
				h.t.Fatalf("%s %s: %v\n%s", method, path, err, answer.Text)
			}
		}
		return answer
	}
}

func TestAProgramCarriesAProjectOut(t *testing.T) {
	h := open(t)
	lena, olaf, connie, guest := h.program(h.lena, models.ScopeWrite), h.program(h.olaf, models.ScopeWrite), h.program(h.connie, models.ScopeWrite), h.program(h.guest, models.ScopeWrite)
	var project struct {
		ID, Version     int
		State, Title    string
		Owner           struct{ Name string }
		Controller      *struct{ Name string }
		Milestones      int
		MilestonesReach int `json:"milestones_reached"`
		Steps           []struct{ Title, Kind string }
		Benefits        []struct {
			State  string
			Amount int
		}
	}
	begin := fmt.Sprintf(`{"idea": %d, "title": "A scale", "owner": %q, "controller": %q, "due_on": "2027-03-01T00:00:00Z"}`, h.idea.ID, h.olaf.Email, h.connie.Email)
	olaf("POST", "/projects", begin, nil).Status(403)
	h.program(h.lena, models.ScopeRead)("POST", "/projects", begin, nil).Status(403)
	lena("POST", "/projects", strings.Replace(begin, "2027-03", "1027-03", 1), nil).Status(422).See("body.due_on")
	lena("POST", "/projects", begin, &project).Status(http.StatusCreated)
	first := lena("POST", "/projects", begin, &project).Status(http.StatusCreated).Header.Get("ETag") // the one that there is
	if project.ID != 1 || project.State != "planned" || project.Owner.Name != "Olaf Berg" || project.Controller.Name != "Connie Control" {
		t.Errorf("begun: %+v", project)
	}
	olaf("PATCH", "/projects/1", `{"title": "Two scales"}`, &project, "If-Match", first).Status(200)
	olaf("PATCH", "/projects/1", `{"title": "Three scales"}`, nil, "If-Match", first).Status(http.StatusPreconditionFailed)
	guest("PATCH", "/projects/1", `{"title": "Mine"}`, nil).Status(403)
	var made struct{ ID int }
	step := fmt.Sprintf(`{"kind": "task", "title": "Ask for offers", "assignee": %q}`, h.connie.Email)
	olaf("POST", "/projects/1/steps", step, &made, "Idempotency-Key", "a").Status(http.StatusCreated)
	olaf("POST", "/projects/1/steps", step, &made, "Idempotency-Key", "a").Status(http.StatusCreated)
	olaf("POST", "/projects/1/steps", `{"kind": "milestone", "title": "Bought"}`, nil, "Idempotency-Key", "a").Status(http.StatusConflict)
	olaf("POST", "/projects/1/steps", `{"kind": "milestone", "title": "Bought"}`, nil).Status(http.StatusCreated)
	connie("PATCH", "/projects/1/steps/1", `{"title": "Mine"}`, nil).Status(403)
	connie("PATCH", "/projects/1/steps/1", `{"done": true}`, nil).Status(200)
	olaf("PATCH", "/projects/1/steps/2", `{"title": "All bought", "done": true}`, &project).Status(200)
	if project.Title != "Two scales" || len(project.Steps) != 2 || project.MilestonesReach != 1 {
		t.Errorf("with its steps: %+v", project)
	}
	claim := `{"kind": "euros", "nature": "actual", "amount": 4500, "label": "Offcuts sold", "on": "2026-11-30T00:00:00Z"}`
	olaf("POST", "/projects/1/benefits", claim, nil, "Idempotency-Key", "b").Status(http.StatusCreated)
	olaf("POST", "/projects/1/benefits", claim, nil, "Idempotency-Key", "b").Status(http.StatusCreated)
	olaf("POST", "/projects/1/benefits", claim, nil).Status(422).See("body.label")
	olaf("PUT", "/projects/1/benefits/1/judgement", `{"state": "validated"}`, nil).Status(403)
	connie("PUT", "/projects/1/benefits/1/judgement", `{"state": "refused"}`, nil).Status(422).See("body.reason")
	connie("PUT", "/projects/1/benefits/1/judgement", `{"state": "validated"}`, &project).Status(200)
	if len(project.Benefits) != 1 || project.Benefits[0].State != "validated" {
		t.Errorf("with its benefits: %+v", project)
	}
	olaf("DELETE", "/projects/1/benefits/1", "", nil).Status(http.StatusConflict)
	large := `{"kind": "hours", "nature": "forecast", "amount": 1200001, "label": "Waiting", "on": "2026-11-30T00:00:00Z"}`
	olaf("POST", "/projects/1/benefits", large, nil, "Idempotency-Key", "d").Status(http.StatusCreated)
	olaf("POST", "/projects/1/benefits", strings.Replace(large, "1200001", "1200002", 1), nil, "Idempotency-Key", "d").Status(http.StatusConflict)
	olaf("POST", "/projects/1/updates", `{"body": "They are **here**."}`, nil, "Idempotency-Key", "c").Status(http.StatusCreated)
	olaf("POST", "/projects/1/updates", `{"body": "They are **here**."}`, nil, "Idempotency-Key", "c").Status(http.StatusCreated)
	guest("GET", "/projects/1/updates", "", nil).Status(200).See("strong", `"next":null`)
	var seen struct {
		Controller *struct{ Name string }
		Steps      []struct{ Kind string }
		Benefits   []struct{ State string }
	}
	guest("GET", "/projects/1", "", &seen).NotSee("Connie", "Offcuts", "Ask for")
	if seen.Controller != nil || len(seen.Steps) != 1 || len(seen.Benefits) != 0 {
		t.Errorf("a guest sees %+v", seen)
	}
	olaf("PUT", "/projects/1/state", `{"state": "dreamt"}`, nil).Status(422)
	olaf("PUT", "/projects/1/state", `{"state": "stopped"}`, nil).Status(422).See("body.reason")
	olaf("PUT", "/projects/1/state", `{"state": "done"}`, &project).Status(200)
	olaf("DELETE", "/projects/1/steps/1", "", nil).Status(http.StatusNoContent)
	h.Visitor().Get("/api/v1/projects/1").Status(404)
	olaf("GET", "/projects?state=done&limit=1", "", nil).Status(200).See(`"Two scales"`, `"next":null`)
	olaf("GET", "/projects?space=nowhere", "", nil).Status(404)
	olaf("GET", "/projects?cursor=x", "", nil).Status(422)
}
