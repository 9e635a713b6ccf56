package evaluations_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

func TestWhoRunsACampaignSaysHowItsIdeasAreEvaluated(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	lena.Get(h.base+"/evaluation").Status(200).See("Criterion 1", `name="c2_name_en"`, "Evaluators per idea").NotSee("Give out the ideas")
	lena.Post(h.base+"/evaluators", apptest.Form{"email": h.ada.Email}).Status(http.StatusUnprocessableEntity).See("Save the criteria first")
	lena.Post(h.base+"/evaluation", card("c0_highest", "1", "per_idea", "x", "due", "tomorrow")).Status(http.StatusUnprocessableEntity).See(`value="Value"`, "Give a date")
	lena.Post(h.base+"/evaluation", card("c0_highest", "1", "per_idea", "x")).Status(http.StatusUnprocessableEntity).See(`value="Value"`, "The scale goes from 0 to 10", "Give each idea to 1 to 9")
	lena.Post(h.base+"/evaluation", card()).Status(http.StatusSeeOther)
	lena.Get(h.base+"/evaluation").Status(200).See(`value="Value"`, `value="Valeur"`, "1 Nothing", `value="2026-12-20"`, "Give out the ideas")
	lena.Post(h.base+"/evaluation", card()).Status(http.StatusConflict).See("Somebody else has saved meanwhile") // from the version before
	for _, nobody := range []string{"nobody@example.test", "", h.auditor.Email, "nul\x00@example.test"} {
		lena.Post(h.base+"/evaluators", apptest.Form{"email": nobody}).Status(http.StatusUnprocessableEntity).See("No one of the company")
	}
	lena.Post(h.base+"/evaluators", apptest.Form{"email": h.ada.Email, "tags": "energy, waste", "leads": "1"}).Status(http.StatusSeeOther)
	lena.Get(h.base+"/evaluation").See("Ada", "energy, waste", "leads")
	lena.Post(h.base+"/evaluators/removal", apptest.Form{"person": strconv.FormatInt(h.ada.ID, 10)}).Status(http.StatusSeeOther)
	lena.Post(h.base+"/evaluators/removal", apptest.Form{"person": "me"}).Status(http.StatusSeeOther) // done already
	lena.Get(h.base + "/evaluation").NotSee("Ada")
	for _, user := range []*models.User{h.paul, h.sophie, h.hr, h.auditor, h.ada} {
		client := h.As(user)
		status := http.StatusForbidden
		if user == h.auditor {
			status = http.StatusNotFound // who does not see the space
		}
		client.Get(h.base + "/evaluation").Status(status).NotSee("Valeur")
		client.Post(h.base+"/evaluation", card("base", "1")).Status(status)
		client.Post(h.base+"/evaluators", apptest.Form{"email": h.ada.Email}).Status(status)
		client.Post(h.base+"/assignments", nil).Status(status)
	}
}

func TestACampaignWithAStageOfEvaluationIsNotOpenedWithoutCriteriaAndEvaluators(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	page := lena.Post("/campaigns", apptest.Form{"space": "plant", "kind": "campaign", "title": "More light", "question": "Where?", "sponsor": h.sophie.Email, "manager": h.lena.Email, "answer_days": "30",
		"stage_gather": "2026-12-20", "stage_evaluate": "2026-12-24", "stage_closed": "2026-12-28"}).Status(http.StatusSeeOther).Header.Get("Location")
	base := page[:strings.LastIndex(page, "-more")]
	lena.Get(page).See("by which criteria ideas are evaluated", "who evaluates the ideas")
	lena.Post(base+"/publication", nil).Status(http.StatusUnprocessableEntity)
	lena.Post(base+"/evaluation", card()).Status(http.StatusSeeOther)
	lena.Get(page).NotSee("by which criteria").See("who evaluates the ideas")
	lena.Post(base+"/assignments", nil).Status(http.StatusUnprocessableEntity).See("not open yet")
	lena.Post(base+"/evaluators", apptest.Form{"email": h.ada.Email}).Status(http.StatusSeeOther)
	lena.Get(page).NotSee("who evaluates the ideas").See("takes about 0")
	lena.Post(base+"/evaluation", card("base", "1", "expected", "40", "minutes", "30", "hours", "501")).Status(http.StatusUnprocessableEntity).See("from 0 to 500")
	lena.Post(base+"/evaluation", card("base", "1", "expected", "40", "minutes", "30", "hours", "8")).Status(http.StatusSeeOther)
	lena.Get(page).See("To evaluate 40 ideas takes about 40\u202fh, and the evaluators have 8\u202fh only")
	lena.Post(base+"/publication", nil).Status(http.StatusSeeOther)
}

func TestIdeasAreGivenOutEvenlyAndToNoOneWhoIsNoFairJudge(t *testing.T) {
	h := open(t)
	h.Tx(nil, func(tx *models.Tx) error { // Cleo's manager is Boss, who is Mona's as well; Ada is Paul's
		for _, pair := range [][2]int64{{h.cleo.ID, h.boss.ID}, {h.mona.ID, h.boss.ID}, {h.paul.ID, h.ada.ID}} {
			if err := manages(tx, pair[0], pair[1]); err != nil {
				return err
			}
		}
		return nil
	})
	own, monas, pauls := h.idea(h.ben, "Ben's own"), h.idea(h.mona, "Mona's"), h.idea(h.paul, "Paul's")
	h.evaluated(t, h.ada, h.ben, h.cleo, h.boss)
	for idea, want := range map[*models.Idea][]int64{monas: {h.ada.ID, h.ben.ID}} { // Boss manages her, Cleo has the same manager
		if got := h.evaluators(t, idea); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", idea.Title, got, want)
		}
	}
	if got := h.evaluators(t, own); slices.Contains(got, h.ben.ID) || len(got) != 2 {
		t.Errorf("Ben's own idea is evaluated by %v", got)
	}
	if got := h.evaluators(t, pauls); slices.Contains(got, h.ada.ID) || len(got) != 2 {
		t.Errorf("the idea of whom Ada manages is evaluated by %v", got)
	}
	h.As(h.ben).Get(path(own)).Status(http.StatusNotFound)
	h.As(h.ada).Get("/evaluations").Status(200).See("Mona&#39;s").NotSee("Paul&#39;s")
	h.Settle()
	h.As(h.ada).Get("/notifications").See("Ideas wait for your evaluation")
}

func TestThemesDecideWhoGetsAnIdea(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	lena.Post(h.base+"/evaluation", card("per_idea", "1", "minimum", "1")).Status(http.StatusSeeOther)
	lena.Post(h.base+"/evaluators", apptest.Form{"email": h.ada.Email, "tags": "energy"}).Status(http.StatusSeeOther)
	lena.Post(h.base+"/evaluators", apptest.Form{"email": h.ben.Email, "tags": "waste"}).Status(http.StatusSeeOther)
	energy, waste, other := h.idea(h.paul, "Heat", "energy"), h.idea(h.paul, "Bins", "waste", "paper"), h.idea(h.paul, "Chairs", "office")
	lena.Post(h.base+"/assignments", nil).Status(http.StatusSeeOther)
	lena.Post(h.base+"/assignments", nil).Status(http.StatusSeeOther) // pressed twice: nobody gets anything twice
	for idea, want := range map[*models.Idea][]int64{energy: {h.ada.ID}, waste: {h.ben.ID}, other: nil} {
		if got := h.evaluators(t, idea); !slices.Equal(got, want) {
			t.Errorf("%s: %v", idea.Title, got)
		}
	}
	lena.Get(h.base+"/evaluation").See("1 evaluator is missing", "0 evaluations handed in, 2 still out")
}

func TestABatchIsScoredOneAfterTheOther(t *testing.T) {
	h := open(t)
	first, second := h.idea(h.paul, "Weigh the bins"), h.idea(h.mona, "Sharper knives")
	h.evaluated(t, h.ada, h.ben)
	ada := h.As(h.ada)
	ada.Get("/evaluations").Status(200).See("Weigh the bins", "Sharper knives", "0 of 2 handed in", "until 20 December 2026")
	ada.Get(path(first)).Status(200).See("Value", "A lot", "Effort", "A high score speaks against", "Who wrote this idea is not shown here", "2 ideas are left").NotSee("Paul", "Previous idea")
	ada.Post(path(first), h.said(t, "4", "", "next")).Status(http.StatusSeeOther) // a draft
	if got := ada.Post(path(first), h.said(t, "4", "", "next")).Header.Get("Location"); got != path(second) {
		t.Errorf("goes on to %s", got)
	}
	ada.Get("/evaluations").See("Draft")
	ada.Get(path(first)).See(`value="4" checked`)
	ada.Post(path(first), h.said(t, "4", "", "submit")).Status(http.StatusUnprocessableEntity).See("Give a score, or say that it does not apply", `value="4" checked`)
	ada.Post(path(first), h.said(t, "6", "1", "submit")).Status(http.StatusUnprocessableEntity).See("Choose a score of the scale")
	ada.Post(path(first), h.said(t, "many", "1", "submit")).Status(http.StatusUnprocessableEntity)
	if got := ada.Post(path(first), h.said(t, "4", "na", "submit")).Status(http.StatusSeeOther).Header.Get("Location"); got != path(second) {
		t.Errorf("goes on to %s", got)
	}
	if got := ada.Post(path(second), h.said(t, "5", "0", "submit")).Status(http.StatusSeeOther).Header.Get("Location"); got != "/evaluations" {
		t.Errorf("ends at %s", got)
	}
	ada.Get("/evaluations").See("2 of 2 handed in", "Nothing is left to evaluate")
	ada.Get("/evaluations?state=submitted").See("Weigh the bins", "Sharper knives")
	ada.Get("/evaluations?state=excluded").Status(http.StatusUnprocessableEntity)
}

func TestTheOthersScoresAreHiddenUntilOnesOwnIsIn(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	h.evaluated(t, h.ada, h.ben)
	form := h.said(t, "5", "0", "submit")
	form["note"] = "The bins pay for themselves."
	h.As(h.ada).Post(path(idea), form).Status(http.StatusSeeOther)
	h.As(h.ada).Post(path(idea)+"/messages", apptest.Form{"message": "Who has weighed one?"}).Status(http.StatusSeeOther)
	ben := h.As(h.ben)
	ben.Get(path(idea)).Status(200).NotSee("pay for themselves", "Who has weighed", "What the evaluators say", "Ada")
	ben.Post(path(idea)+"/messages", apptest.Form{"message": "Hm"}).Status(http.StatusForbidden)
	h.hand(t, h.ben, idea, "1", "10").Status(http.StatusSeeOther)
	ben.Get(path(idea)).See("pay for themselves", "Who has weighed one?", "2 evaluations, 50% on average, with a spread of 71%", "Evaluators differ", "Ada")
	form["note"] = "After all, a little less."
	h.As(h.ada).Post(path(idea), form).Status(http.StatusSeeOther)
	ben.Get(path(idea)).See("a little less", "changed after reading the others")
	// Who runs it and its sponsor read it all; nobody else learns that there is something.
	for _, user := range []*models.User{h.lena, h.sophie} {
		h.As(user).Get(path(idea)).Status(200).See("a little less", "71%").NotSee("Hand in and go on")
		h.As(user).Get(h.base+"/ranking").Status(200).See("Weigh the bins", "Evaluators differ", "Value and effort")
	}
	for _, user := range []*models.User{h.paul, h.mona, h.hr, h.auditor, h.cleo, h.Person("Owner", models.RoleEmployee)} {
		client := h.As(user)
		client.Get(path(idea)).Status(http.StatusNotFound)
		client.Post(path(idea), form).Status(http.StatusNotFound)
		client.Post(path(idea)+"/messages", apptest.Form{"message": "Me too"}).Status(http.StatusNotFound)
		client.Get(h.base + "/ranking").NotSee("Weigh the bins")
		client.Get("/evaluations").Status(200).NotSee("Weigh the bins")
	}
	h.Settle()
	for _, page := range []string{"/ideas/" + strconv.FormatInt(idea.ID, 10), "/search?q=themselves", "/", h.base} {
		h.As(h.mona).Get(page).NotSee("for themselves", "a little less")
	}
}

func TestTheLeadAndWhoRunsItReadTheRankingOnceTheirOwnAreIn(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	lena := h.As(h.lena)
	lena.Post(h.base+"/evaluation", card("per_idea", "3", "minimum", "2")).Status(http.StatusSeeOther)
	for email, leads := range map[string]string{h.ada.Email: "1", h.ben.Email: "", h.lena.Email: ""} {
		lena.Post(h.base+"/evaluators", apptest.Form{"email": email, "leads": leads}).Status(http.StatusSeeOther)
	}
	lena.Post(h.base+"/assignments", nil).Status(http.StatusSeeOther)
	h.hand(t, h.ben, idea, "5", "0").Status(http.StatusSeeOther)
	ada := h.As(h.ada)
	for _, client := range []*apptest.Client{ada, lena} {
		client.Get(h.base + "/ranking").Status(200).See("Your own evaluations first").NotSee("Weigh the bins")
		client.Get(path(idea)).NotSee("What the evaluators say")
	}
	viewer := h.As(h.lena) // as nobody, who has nothing to hand in
	viewer.Post("/view", apptest.Form{"role": "employee", "space": "plant", "place": "manager"}).Status(http.StatusSeeOther)
	viewer.Get(h.base + "/ranking").Status(http.StatusForbidden).NotSee("Weigh the bins")
	viewer.Get(path(idea)).NotSee("What the evaluators say")
	h.As(h.ben).Get(h.base + "/ranking").Status(http.StatusForbidden)
	h.hand(t, h.ada, idea, "5", "0").Status(http.StatusSeeOther)
	ada.Get(h.base+"/ranking").Status(200).See("Weigh the bins", "100%")
	ada.Get(h.base + "/ranking?top=0").Status(http.StatusUnprocessableEntity)
	ada.Get(h.base + "/ranking?cursor=1_NaN_3_1").Status(http.StatusUnprocessableEntity)
	ada.Get(h.base + "/ranking?cursor=1_0.5_3_1").Status(200).NotSee("Weigh the bins")
}

func TestWhoMissedTheDeadlineReadsAndDeclinesAfterIt(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	lena := h.As(h.lena)
	lena.Post(h.base+"/evaluation", card("per_idea", "4", "minimum", "1")).Status(http.StatusSeeOther)
	for email, leads := range map[string]string{h.ada.Email: "1", h.ben.Email: "", h.cleo.Email: "", h.lena.Email: ""} {
		lena.Post(h.base+"/evaluators", apptest.Form{"email": email, "leads": leads}).Status(http.StatusSeeOther)
	}
	lena.Post(h.base+"/assignments", nil).Status(http.StatusSeeOther)
	h.hand(t, h.ben, idea, "5", "0").Status(http.StatusSeeOther)
	h.now = time.Date(2026, 12, 23, 9, 0, 0, 0, time.UTC)
	ada, cleo := h.As(h.ada), h.As(h.cleo)
	for _, client := range []*apptest.Client{ada, lena} {
		client.Get(h.base + "/ranking").Status(200).See("Weigh the bins").NotSee("Your own evaluations first")
		client.Get(path(idea)).Status(200).See("What the evaluators say")
	}
	cleo.Get(path(idea)).Status(200).NotSee("What the evaluators say").See("I do not evaluate this idea")
	cleo.Get(h.base + "/ranking").Status(http.StatusForbidden)
	ada.Post(path(idea)+"/conflict", apptest.Form{"reason": "We shared an office"}).Status(http.StatusSeeOther)
	ada.Get(path(idea)).Status(200).See("because of a conflict of interest").NotSee("What the evaluators say")
}

func TestTheRankingPutsWhatIsCertainFirst(t *testing.T) {
	h := open(t)
	sure, disputed, alone := h.idea(h.paul, "Agreed"), h.idea(h.paul, "Contested"), h.idea(h.paul, "Hardly looked at")
	lena := h.evaluated(t, h.ada, h.ben)
	for idea, values := range map[*models.Idea][2]string{sure: {"4", "4"}, disputed: {"5", "4"}, alone: {"5", ""}} {
		h.hand(t, h.ada, idea, values[0], "0").Status(http.StatusSeeOther)
		if values[1] != "" {
			h.hand(t, h.ben, idea, values[1], "9").Status(http.StatusSeeOther)
		}
	}
	page := lena.Get(h.base + "/ranking").Status(200).Text
	a, b, c := strings.Index(page, "Agreed"), strings.Index(page, "Contested"), strings.Index(page, "Hardly looked at")
	if a < 0 || b < a || c < b {
		t.Errorf("Agreed at %d, Contested at %d, Hardly looked at at %d", a, b, c)
	}
	for _, text := range []string{"Too few evaluations", "<svg", "stayed the first in", "1 out"} {
		if !strings.Contains(page, text) {
			t.Errorf("the ranking does not show %q", text)
		}
	}
}

func TestTheCriteriaFreezeWithTheFirstEvaluation(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	lena := h.evaluated(t, h.ada, h.ben)
	stored, err := h.DB.Scorecard(t.Context(), h.campaign.ID)
	if err != nil {
		t.Fatal(err)
	}
	late := h.said(t, "4", "1", "submit")
	ids := []string{"c0_id", strconv.FormatInt(stored.Criteria[0].ID, 10), "c1_id", strconv.FormatInt(stored.Criteria[1].ID, 10)}
	h.As(h.ada).Post(path(idea), h.said(t, "5", "", "draft")).Status(http.StatusSeeOther)
	lena.Post(h.base+"/evaluation", card(append(ids, "base", "1", "c0_weight", "5")...)).Status(http.StatusSeeOther)
	h.As(h.ada).Get(path(idea)).See(`value="5" checked`) // what was kept as a draft
	h.As(h.ben).Post(path(idea), late).Status(http.StatusUnprocessableEntity).See("The criteria have changed while you were writing", `value="4" checked`)
	h.hand(t, h.ben, idea, "4", "1").Status(http.StatusSeeOther)
	lena.Get(h.base+"/evaluation").See("The criteria stay as they are", "Value", "from 1 to 5").NotSee(`name="c0_weight"`)
	lena.Post(h.base+"/evaluation", card(append(ids, "base", "2", "c0_weight", "9")...)).Status(http.StatusUnprocessableEntity).See("The criteria and whether authors are shown stay")
	lena.Post(h.base+"/evaluation", card(append(ids, "base", "2", "c0_weight", "5", "blind", "")...)).Status(http.StatusUnprocessableEntity)
	lena.Post(h.base+"/evaluation", card(append(ids, "base", "2", "c0_weight", "5", "per_idea", "3", "minimum", "2", "due", "")...)).Status(http.StatusSeeOther)
	lena.Post(h.base+"/evaluation", apptest.Form{"base": "3", "per_idea": "3", "minimum": "1"}).Status(http.StatusSeeOther) // as the form is by now
	lena.Get(h.base + "/ranking").See("Weigh the bins").NotSee("Too few")                                                   // one is enough now
}

func TestAConflictOfInterestTakesAnEvaluatorOffTheIdea(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	lena := h.evaluated(t, h.ada, h.ben)
	lena.Post(h.base+"/evaluators", apptest.Form{"email": h.cleo.Email}).Status(http.StatusSeeOther)
	h.hand(t, h.ada, idea, "5", "0").Status(http.StatusSeeOther)
	h.As(h.ada).Post(path(idea)+"/conflict", apptest.Form{"reason": strings.Repeat("x", 301)}).Status(http.StatusUnprocessableEntity).See("300 characters")
	h.As(h.ada).Post(path(idea)+"/conflict", apptest.Form{"reason": "We shared an office"}).Status(http.StatusSeeOther)
	if got := h.evaluators(t, idea); !slices.Equal(got, []int64{h.ben.ID, h.cleo.ID}) && !slices.Equal(got, []int64{h.cleo.ID, h.ben.ID}) {
		t.Errorf("%v", got)
	}
	h.As(h.ada).Get(path(idea)).Status(200).See("because of a conflict of interest", "your questions and messages stay").NotSee("Hand in")
	h.As(h.ada).Post(path(idea), h.said(t, "5", "0", "submit")).Status(http.StatusNotFound)
	lena.Get(path(idea)).See("Ada does not evaluate this idea", "We shared an office", "Nobody has handed in")
	// Cleo becomes a co-author between getting the idea and judging it.
	h.Tx(nil, func(tx *models.Tx) error { return tx.SignIdea(idea, h.cleo.ID) })
	h.hand(t, h.cleo, idea, "5", "0").Status(http.StatusUnprocessableEntity).See("You do not evaluate this idea any more: you have become one of its authors")
	h.As(h.cleo).Get(path(idea)).Status(200).See("because of a conflict of interest").NotSee("Hand in", "What the evaluators say", "Ben")
	if got := h.evaluators(t, idea); !slices.Equal(got, []int64{h.ben.ID}) {
		t.Errorf("%v", got)
	}
	// Ben becomes Paul's manager between getting the idea and judging it.
	h.Tx(nil, func(tx *models.Tx) error { return manages(tx, h.paul.ID, h.ben.ID) })
	h.hand(t, h.ben, idea, "5", "0").Status(http.StatusUnprocessableEntity).See("You do not evaluate this idea any more")
	if got := h.evaluators(t, idea); got != nil {
		t.Errorf("%v", got)
	}
}

func TestWhoSignsAnIdeaMeanwhileNeitherJudgesItNorLearnsWhatOthersSay(t *testing.T) {
	h := open(t)
	idea, other := h.idea(h.paul, "Weigh the bins"), h.idea(h.mona, "Sharper knives")
	h.evaluated(t, h.ada, h.ben, h.cleo)
	judges := h.evaluators(t, idea)
	for _, id := range judges {
		h.hand(t, h.user(id), idea, "5", "0").Status(http.StatusSeeOther)
	}
	signer := h.user(judges[0])
	h.Tx(nil, func(tx *models.Tx) error {
		if err := tx.SignIdea(idea, h.lena.ID); err != nil { // who runs it
			return err
		}
		return tx.SignIdea(idea, signer.ID)
	})
	h.As(signer).Get(path(idea)).NotSee("What the evaluators say", "100%")
	h.look(t)
	left := h.evaluators(t, idea)
	if slices.Contains(left, signer.ID) || len(left) != 2 {
		t.Errorf("%v evaluate it after %d has signed it", left, signer.ID)
	}
	for _, id := range h.evaluators(t, other) {
		h.hand(t, h.user(id), other, "4", "0").Status(http.StatusSeeOther)
	}
	lena := h.As(h.lena)
	lena.Get(path(idea)).Status(http.StatusNotFound)
	lena.Get(h.base + "/ranking").Status(200).See("Sharper knives").NotSee("Weigh the bins")
	h.As(h.sophie).Get(h.base+"/ranking").Status(200).See("Sharper knives", "Weigh the bins")
}

func TestAnIdeaIsGivenToSomebodyElse(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	lena := h.evaluated(t, h.ada, h.ben)
	lena.Post(h.base+"/evaluators", apptest.Form{"email": h.cleo.Email}).Status(http.StatusSeeOther)
	id := func(user *models.User) string { return strconv.FormatInt(user.ID, 10) }
	lena.Get(path(idea)).See("Give it to somebody else")
	for _, wrong := range []apptest.Form{{"from": id(h.ada), "to": id(h.ben)}, {"from": id(h.cleo), "to": id(h.cleo)}, {"from": id(h.ada), "to": id(h.paul)}, {"from": "x", "to": "9999999999"}} {
		lena.Post(path(idea)+"/assignment", wrong).Status(http.StatusUnprocessableEntity)
	}
	h.As(h.sophie).Post(path(idea)+"/assignment", apptest.Form{"from": id(h.ada), "to": id(h.cleo)}).Status(http.StatusForbidden) // the sponsor reads
	lena.Post(path(idea)+"/assignment", apptest.Form{"from": id(h.ada), "to": id(h.cleo)}).Status(http.StatusSeeOther)
	h.As(h.ada).Get(path(idea)).Status(http.StatusNotFound)
	h.As(h.cleo).Get(path(idea)).Status(200)
	h.hand(t, h.ben, idea, "5", "0").Status(http.StatusSeeOther)
	lena.Post(path(idea)+"/assignment", apptest.Form{"from": id(h.ben), "to": id(h.ada)}).Status(http.StatusUnprocessableEntity).See("is handed in")
}

func TestTheAuthorMakesAnIdeaClearWithoutNames(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	lena := h.evaluated(t, h.ada, h.ben)
	paul := h.As(h.paul)
	paul.Get(path(idea)).Status(http.StatusNotFound)
	h.As(h.ada).Post(path(idea)+"/questions", apptest.Form{"question": " "}).Status(http.StatusUnprocessableEntity)
	h.As(h.ada).Post(path(idea)+"/questions", apptest.Form{"question": "Which bins,\nall of them?"}).Status(http.StatusSeeOther)
	h.Settle()
	paul.Get("/notifications").See("Evaluators ask you something")
	paul.Get("/evaluations").See("Evaluators ask you something", "Weigh the bins")
	paul.Get(path(idea)).Status(200).See("all of them?", "An evaluator").NotSee("Ada", "Hand in", "Among evaluators")
	h.hand(t, h.ben, idea, "5", "0").Status(http.StatusSeeOther)
	paul.Get(path(idea)).NotSee("What the evaluators say", "100%")
	paul.Post(path(idea)+"/questions", apptest.Form{"question": "And you?"}).Status(http.StatusForbidden)
	h.As(h.ada).Post(path(idea)+"/answers", apptest.Form{"answer": "None"}).Status(http.StatusForbidden)
	paul.Post(path(idea)+"/answers", apptest.Form{"answer": "Those of hall 3."}).Status(http.StatusSeeOther)
	paul.Get("/evaluations").NotSee("Weigh the bins")
	for _, user := range []*models.User{h.ada, h.ben} {
		h.As(user).Get(path(idea)).See("Those of hall 3.", "The author").NotSee("Paul")
	}
	lena.Get(path(idea)).See("Those of hall 3.")
	h.Settle()
	h.As(h.ada).Get("/notifications").See("An author has answered")
	h.As(h.ben).Get("/notifications").NotSee("An author has answered") // who has not asked
}

func TestAnEvaluatorWhoIsGoneLeavesTheirIdeasToOthers(t *testing.T) {
	h := open(t)
	ideas := []*models.Idea{h.idea(h.paul, "One"), h.idea(h.paul, "Two")}
	lena := h.evaluated(t, h.ada, h.ben)
	lena.Post(h.base+"/evaluators", apptest.Form{"email": h.cleo.Email}).Status(http.StatusSeeOther)
	h.hand(t, h.ben, ideas[0], "5", "0").Status(http.StatusSeeOther)
	h.Tx(nil, func(tx *models.Tx) error { return tx.Disable(h.ben.ID) })
	later := h.idea(h.mona, "Later")
	h.look(t)
	for idea, want := range map[*models.Idea][]int64{ideas[0]: {h.ada.ID}, ideas[1]: {h.ada.ID, h.cleo.ID}, later: {h.ada.ID, h.cleo.ID}} {
		if got := h.evaluators(t, idea); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", idea.Title, got, want)
		}
	}
	lena.Get(path(ideas[0])).See("1 evaluation, 100%") // what he handed in counts
	lena.Get(h.base + "/evaluation").NotSee("Ben")
}

func TestEvaluatorsAreRemindedOnce(t *testing.T) {
	post := apptest.NewPost(t)
	h := open(t, post.Option)
	h.idea(h.paul, "Weigh the bins")
	h.evaluated(t, h.ada, h.ben)
	h.now = time.Date(2026, 12, 18, 9, 0, 0, 0, time.UTC) // two days and a half before the end of the 20th
	for range 3 {
		h.look(t)
	}
	count := func(to *models.User) (n int) {
		for _, letter := range post.Letters() {
			if letter.To == to.Email && strings.Contains(letter.Subject, "valuation") {
				n++
			}
		}
		return n
	}
	if n := count(h.ada); n != 1 {
		t.Errorf("Ada got %d letters", n)
	}
	h.As(h.ada).Get("/notifications").See("and the deadline is near")
	h.now = time.Date(2026, 12, 20, 9, 0, 0, 0, time.UTC)
	h.hand(t, h.ben, &models.Idea{ID: 1}, "5", "0").Status(http.StatusSeeOther)
	for range 2 {
		h.look(t)
	}
	if a, b := count(h.ada), count(h.ben); a != 2 || b != 1 {
		t.Errorf("Ada got %d letters, Ben %d", a, b)
	}
}

func TestIdeasAreEvaluatedInTheirStageOnly(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	h.evaluated(t, h.ada, h.ben)
	for day, open := range map[int]bool{14: false, 16: true, 23: false, 31: false} {
		h.now = time.Date(2026, 12, day, 9, 0, 0, 0, time.UTC)
		status := http.StatusSeeOther
		if !open {
			status = http.StatusUnprocessableEntity
		}
		h.As(h.ada).Get(path(idea)).Status(200)
		h.hand(t, h.ada, idea, "5", "0").Status(status)
	}
}

func TestAnIdeaThatIsWithdrawnMeanwhileIsNotThereAndItsEvaluationKept(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	lena := h.evaluated(t, h.ada, h.ben)
	h.As(h.ada).Post(path(idea), h.said(t, "4", "", "draft")).Status(http.StatusSeeOther)
	h.hand(t, h.ben, idea, "5", "0").Status(http.StatusSeeOther)
	state := func(state models.State) {
		h.Tx(h.Actor(h.paul), func(tx *models.Tx) error {
			found, err := tx.LockIdea(idea.ID)
			if err != nil {
				return err
			}
			return tx.SetState(found, state)
		})
	}
	state(models.Withdrawn)
	h.hand(t, h.ada, idea, "4", "1").Status(http.StatusNotFound)
	h.As(h.ada).Get("/evaluations").Status(200).NotSee("Weigh the bins")
	lena.Get(h.base + "/ranking").NotSee("Weigh the bins")
	lena.Get(path(idea)).Status(http.StatusNotFound)
	state(models.Published)
	h.As(h.ada).Get(path(idea)).Status(200).See(`value="4" checked`)
	h.hand(t, h.ada, idea, "4", "1").Status(http.StatusSeeOther)
	lena.Get(h.base + "/ranking").See("Weigh the bins")
}

func TestAnEvaluationSentManyTimesAtOnceCountsOnce(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	lena := h.evaluated(t, h.ada, h.ben)
	forms := map[*models.User]apptest.Form{h.ada: h.said(t, "5", "0", "submit"), h.ben: h.said(t, "3", "2", "submit")}
	var all sync.WaitGroup
	for user, form := range forms {
		client := h.As(user)
		for range 8 {
			all.Go(func() {
				if answer := client.Post(path(idea), form); answer.StatusCode != http.StatusSeeOther {
					t.Errorf("status %d", answer.StatusCode)
				}
			})
		}
	}
	all.Wait()
	lena.Get(path(idea)).See("2 evaluations, 79% on average") // (1 + (3*0.5 + 0.8)/4) / 2
}
