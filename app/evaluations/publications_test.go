package evaluations_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// judged is an idea of Paul's that three people have judged by its value, and two by its effort.
func (h *house) judged(t *testing.T) (idea *models.Idea, lena *apptest.Client, summary string) {
	t.Helper()
	idea = h.idea(h.paul, "Weigh the bins")
	h.As(h.lena).Post(h.base+"/evaluation", card("per_idea", "3", "minimum", "2")).Status(http.StatusSeeOther)
	lena = h.As(h.lena)
	for _, user := range []*models.User{h.ada, h.ben, h.cleo} {
		lena.Post(h.base+"/evaluators", apptest.Form{"email": user.Email}).Status(http.StatusSeeOther)
	}
	lena.Post(h.base+"/assignments", nil).Status(http.StatusSeeOther)
	h.hand(t, h.ada, idea, "5", "2").Status(http.StatusSeeOther)
	h.hand(t, h.ben, idea, "4", "na").Status(http.StatusSeeOther)
	stored, err := h.DB.Scorecard(t.Context(), h.campaign.ID)
	if err != nil {
		t.Fatal(err)
	}
	return idea, lena, stored.Criteria[0].Summary()
}

func TestTheResultOfAnEvaluationIsGivenBackWithoutWhoGaveWhat(t *testing.T) {
	h := open(t)
	idea, lena, summary := h.judged(t)
	publication, page := path(idea)+"/publication", fmt.Sprintf("/ideas/%d-weigh-the-bins", idea.ID)
	form := apptest.Form{"audience": "authors", summary: "It pays, all say."}
	lena.Post(publication, form).Status(http.StatusUnprocessableEntity).See("still has this idea to evaluate", "It pays, all say.")
	h.hand(t, h.cleo, idea, "4", "3").Status(http.StatusSeeOther)
	for name, changes := range map[string][2]string{"Choose who reads it": {"audience", "everyone"}, "At most 600": {summary, strings.Repeat("a", 601)}} {
		wrong := apptest.Form{"audience": "authors"}
		wrong[changes[0]] = changes[1]
		lena.Post(publication, wrong).Status(http.StatusUnprocessableEntity).See(name)
	}
	lena.Get(path(idea)).See("4.3 of 5, by 3 people", "fewer than three people: no figure")
	lena.Post(publication, form).Status(http.StatusSeeOther)
	h.Settle()

	h.As(h.paul).Get("/notifications").See("What came of the evaluation of “Weigh the bins” is published")
	h.As(h.paul).Get(page).See("What the evaluators say", "4.3 of 5", "It pays, all say.", "fewer than three people", "Only those who sign the idea").NotSee("Ada", "Ben", "Cleo", "2.5 of")
	for _, user := range []*models.User{h.mona, h.ada, h.sophie} {
		h.As(user).Get(page).NotSee("What the evaluators say", "4.3 of 5", "It pays")
	}
	form["audience"] = "readers"
	lena.Post(publication, form).Status(http.StatusSeeOther)
	h.As(h.mona).Get(page).See("4.3 of 5", "Everyone who reads the idea reads this").NotSee("Ada", "Ben", "Cleo")
	if n := strings.Count(h.As(h.paul).Get("/notifications").Text, "What came of the evaluation"); n != 0 && n != 1 {
		t.Errorf("the author is told %d times", n)
	}
	lena.Post(publication+"/removal", nil).Status(http.StatusSeeOther)
	lena.Post(publication+"/removal", nil).Status(http.StatusSeeOther)
	for _, user := range []*models.User{h.mona, h.paul} {
		h.As(user).Get(page).NotSee("What the evaluators say", "4.3 of 5")
	}
}

func TestOnlyWhoRunsTheCampaignAndReadsTheScoresPublishesThem(t *testing.T) {
	h := open(t)
	idea, _, _ := h.judged(t)
	h.hand(t, h.cleo, idea, "4", "3").Status(http.StatusSeeOther)
	publication, form := path(idea)+"/publication", apptest.Form{"audience": "readers"}
	for user, want := range map[*models.User]int{h.ada: http.StatusForbidden, h.sophie: http.StatusForbidden, h.mona: http.StatusNotFound, h.paul: http.StatusNotFound} {
		h.As(user).Post(publication, form).Status(want)
		h.As(user).Post(publication+"/removal", nil).Status(want)
	}
	own := h.idea(h.lena, "Sharper knives") // Lena runs the campaign, and signs this one
	h.As(h.lena).Post(path(own)+"/publication", form).Status(http.StatusNotFound)
	if rows := modelstest.Rows(t, h.Config.DatabaseURL)["evaluation_publications"]; len(rows) != 0 {
		t.Errorf("published: %v", rows)
	}
}

func TestOfTwoEvaluatorsNothingIsPublished(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	lena := h.evaluated(t, h.ada, h.ben)
	h.hand(t, h.ada, idea, "5", "2").Status(http.StatusSeeOther)
	h.hand(t, h.ben, idea, "5", "2").Status(http.StatusSeeOther)
	lena.Post(path(idea)+"/publication", apptest.Form{"audience": "authors"}).Status(http.StatusUnprocessableEntity).See("No criterion has scores by three people")
}

func TestProgramsPublishAndReadTheResult(t *testing.T) {
	h := open(t)
	idea, _, summary := h.judged(t)
	h.hand(t, h.cleo, idea, "4", "3").Status(http.StatusSeeOther)
	do := func(user *models.User, method, body string) *apptest.Answer {
		header := http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeWrite)}, "Content-Type": {"application/json"}}
		return h.Visitor().Do(method, "/api/v1/ideas/"+strconv.FormatInt(idea.ID, 10)+"/evaluation/publication", strings.NewReader(body), header)
	}
	do(h.lena, http.MethodGet, "").Status(http.StatusNotFound)
	body := `{"audience":"authors","summaries":{"` + strings.TrimPrefix(summary, "summary_") + `":"It pays."}}`
	do(h.ada, http.MethodPut, body).Status(http.StatusForbidden)
	do(h.lena, http.MethodPut, body).Status(http.StatusOK).See(`"mean":4.3`, `"people":3`, `"mean":null`, "It pays.")
	do(h.paul, http.MethodGet, "").Status(http.StatusOK).See(`"mean":4.3`).NotSee("Ada", "Ben")
	do(h.mona, http.MethodGet, "").Status(http.StatusNotFound)
	do(h.lena, http.MethodDelete, "").Status(http.StatusNoContent)
	do(h.paul, http.MethodGet, "").Status(http.StatusNotFound)
}

func TestAProgramEvaluatesAsItsPersonMay(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	h.evaluated(t, h.ada, h.ben)
	ask := func(who *models.User, method, path, body string) *apptest.Answer {
		return h.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), http.Header{"Authorization": {"Bearer " + h.Token(who, models.ScopeWrite)}, "Content-Type": {"application/json"}})
	}
	said := `{"version": 1, "submit": true, "note": "The bins pay for themselves.", "scores": [{"criterion": 1, "score": 5}, {"criterion": 2, "score": null}]}`
	ask(h.ada, http.MethodGet, "/evaluations", "").Status(200).See(`"title":"Weigh the bins"`, `"next":null`)
	ask(h.ada, http.MethodPut, path(idea), strings.Replace(said, "5", "6", 1)).Status(http.StatusUnprocessableEntity)
	ask(h.ada, http.MethodPut, path(idea), strings.Replace(said, "true", "false", 1)).Status(200).See(`"state":"assigned"`, `"together":null`)
	ask(h.ada, http.MethodPut, path(idea), said).Status(200).See(`"state":"submitted"`, `"people":1,"mean":1,`)
	ask(h.ben, http.MethodGet, path(idea), "").Status(200).See(`"together":null`, `"name_fr":"Valeur"`).NotSee("themselves", "Paul", "Ada")
	ask(h.lena, http.MethodGet, h.base+"/evaluations", "").Status(200).See(`"place":1`, `"mean":1,`)
	for _, user := range []*models.User{h.paul, h.mona, h.hr, h.auditor} {
		ask(user, http.MethodGet, path(idea), "").Status(http.StatusNotFound)
		ask(user, http.MethodPut, path(idea), said).Status(http.StatusNotFound)
		ask(user, http.MethodGet, h.base+"/evaluations", "").NotSee("bins")
		ask(user, http.MethodGet, "/evaluations", "").Status(200).NotSee("bins")
	}
}
