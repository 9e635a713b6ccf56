package evaluations_test

import (
	"net/http"
	"slices"
	"strconv"
	"testing"

	"ruche/app/apptest"
	"ruche/app/evaluations"
	"ruche/models"
	"ruche/models/modelstest"
)

// TestRulesAreNoWayToFindRatings has somebody who runs a campaign try one mark after the other on their own idea.
func TestRulesAreNoWayToFindRatings(t *testing.T) {
	h := open(t)
	own, other := h.idea(h.lena, "Weigh the bins"), h.idea(h.paul, "Sharper knives")
	lena := h.evaluated(t, h.ada, h.ben)
	rules := h.base + "/graduation"
	lena.Post(rules, apptest.Form{"how_proposed": "move", "rating_proposed": "99"}).Status(http.StatusSeeOther) // nothing is in
	for _, user := range []*models.User{h.ada, h.ben} {
		h.hand(t, user, own, "4", "2").Status(http.StatusSeeOther)
		h.hand(t, user, other, "4", "2").Status(http.StatusSeeOther)
	}
	for _, form := range []apptest.Form{
		{"how_proposed": "move", "rating_proposed": "60"}, {"how_proposed": "propose", "rating_proposed": "98"},
		{"how_proposed": "move", "rating_proposed": "99", "how_refined": "move", "rating_refined": "60"},
	} {
		lena.Post(rules, form).Status(http.StatusUnprocessableEntity).See("does not change the mean")
	}
	lena.Post(rules, apptest.Form{"how_proposed": "propose", "rating_proposed": "99", "supports_proposed": "3"}).Status(http.StatusSeeOther) // all but the mean
	lena.Post(rules, apptest.Form{"how_proposed": "propose", "supports_proposed": "3"}).Status(http.StatusSeeOther)
	lena.Post(rules, apptest.Form{"how_proposed": "propose", "rating_proposed": "60"}).Status(http.StatusUnprocessableEntity)

	manager := h.As(h.Person("Carla", models.RoleManager)) // who reads them all
	manager.Post(rules, apptest.Form{"how_proposed": "propose", "rating_proposed": "60"}).Status(http.StatusSeeOther)
}

// TestWhoCouldReadWhatOthersSayIsNotGivenTheIdea has a place fall free once evaluations are in.
func TestWhoCouldReadWhatOthersSayIsNotGivenTheIdea(t *testing.T) {
	for name, leads := range map[string]bool{"leads": true, "runs the space": false, "only evaluates": false} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			idea := h.idea(h.paul, "Weigh the bins")
			lena := h.evaluated(t, h.ada, h.ben)
			h.hand(t, h.ada, idea, "5", "0").Status(http.StatusSeeOther)
			late := h.cleo
			if name == "runs the space" {
				late = h.lena
			}
			form := apptest.Form{"email": late.Email}
			if leads {
				form["leads"] = "1"
			}
			lena.Post(h.base+"/evaluators", form).Status(http.StatusSeeOther)
			err := evaluations.New(h.Web, h.Mail).Reassign(t.Context(), h.Actor(h.lena), idea.ID, h.ben.ID, late.ID)
			h.As(h.ben).Post(path(idea)+"/conflict", apptest.Form{"reason": "My brother wrote it."})
			lena.Post(h.base+"/assignments", nil).Status(http.StatusSeeOther)
			given := slices.Contains(h.evaluators(t, idea), late.ID)
			if want := name == "only evaluates"; given != want || (err == nil) != want {
				t.Errorf("given %v (%v), want %v", given, err, want)
			}
		})
	}
}

func TestIdeasGraduateOnceEnoughPeopleHaveOpenedThem(t *testing.T) {
	h := open(t)
	idea, other := h.idea(h.paul, "Weigh the bins"), h.idea(h.mona, "Sharper knives")
	page := "/ideas/" + strconv.FormatInt(idea.ID, 10) + "-weigh-the-bins"
	kept := func() int {
		h.Settle()
		return len(modelstest.Rows(t, h.Config.DatabaseURL)["idea_views"])
	}
	h.As(h.ada).Get(page).Status(200)
	if n := kept(); n != 0 {
		t.Errorf("%d views are kept of a campaign that asks for none", n)
	}
	lena, rules := h.As(h.lena), h.base+"/graduation"
	lena.Post(rules, apptest.Form{"how_proposed": "move", "views_proposed": "10001"}).Status(http.StatusUnprocessableEntity).See("from 0 to 10,000")
	lena.Post(rules, apptest.Form{"how_proposed": "propose", "views_proposed": "2"}).Status(http.StatusSeeOther)
	for range 3 {
		h.As(h.ada).Get(page).Status(200)
		h.As(h.paul).Get(page).Status(200) // who wrote it
	}
	h.Visitor().Get(page)
	h.As(h.ada).Do(http.MethodHead, page, nil, nil)
	h.As(h.ben).Do(http.MethodGet, page, nil, http.Header{"Sec-Purpose": {"prefetch"}})
	if n := kept(); n != 1 {
		t.Errorf("%d views are kept of one reader", n)
	}
	lena.Get(rules).NotSee("Weigh the bins")
	h.As(h.ben).Get(page).Status(200)
	if n := kept(); n != 2 {
		t.Errorf("%d views are kept of two readers", n)
	}
	lena.Get(rules).See("Weigh the bins", "opened by 2 people").NotSee("Ada", "Ben", other.Title)
	lena.Post(h.base+"/graduations", apptest.Form{"idea": strconv.FormatInt(idea.ID, 10)}).Status(http.StatusSeeOther)
	h.As(h.cleo).Get(page).Status(200) // a later stage may ask for more
	if n := kept(); n != 3 {
		t.Errorf("%d views are kept in the next stage", n)
	}
	lena.Post(page[:len("/ideas/1")]+"/stage", apptest.Form{"stage": "decided"}).Status(http.StatusSeeOther)
	if n := kept(); n != 0 {
		t.Errorf("%d views are kept of an idea that is decided", n)
	}
	h.As(h.ada).Get("/ideas/" + strconv.FormatInt(other.ID, 10) + "-sharper-knives").Status(200)
	if n := kept(); n != 1 {
		t.Errorf("%d views are kept of the other idea", n)
	}
	lena.Post(rules, apptest.Form{"how_proposed": "propose", "supports_proposed": "2"}).Status(http.StatusSeeOther)
	if n := kept(); n != 0 {
		t.Errorf("%d views are kept when no rule asks for them any more", n)
	}
}
