package campaigns_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestWhoHelpsToRunACampaignMayDoWhatItsManagerMay(t *testing.T) {
	h := open(t)
	page := h.made(t)
	lena, paul := h.As(h.lena), h.As(h.paul)
	paul.Get(page).Status(404)
	lena.Post(number(page)+"/people", apptest.Form{"base": "1", "team": h.paul.Email + "\n" + h.paul.Email}).Status(http.StatusSeeOther)
	lena.Get(number(page) + "/people").See(h.paul.Email)
	paul.Get(page).Status(200).See("Before it is published", "Team")
	paul.Get(number(page) + "/stages").Status(200)
	paul.Get(number(page) + "/people").Status(200).NotSee("Whom it asks for ideas") // groups are known to those who run the space
	paul.Post(number(page), h.form("base", "2", "title", "Less waste")).Status(http.StatusSeeOther)
	lena.Post(number(page)+"/publication", nil).Status(http.StatusSeeOther)
	h.As(h.sophie).Get(page).Status(http.StatusMovedPermanently) // by its new title
	h.As(h.sophie).Get(number(page)+"-less-waste").Status(200).See("Team", "Paul").NotSee(h.paul.Email, "Run the campaign")

	paul.Post(number(page)+"/people", apptest.Form{"base": "3"}).Status(http.StatusSeeOther) // he leaves
	paul.Get(number(page) + "/people").Status(403)
	paul.Post(number(page), h.form("base", "4")).Status(403)
}

func TestWhoOnlyHelpsGivesNobodyTheRightToAnswer(t *testing.T) {
	h := open(t)
	page := h.made(t)
	lena, paul := h.As(h.lena), h.As(h.paul)
	lena.Post(number(page)+"/people", apptest.Form{"base": "1", "team": h.paul.Email}).Status(http.StatusSeeOther)
	paul.Post(number(page), h.form("base", "2", "manager", h.paul.Email)).Status(http.StatusUnprocessableEntity).See(`id="manager-error"`, "Only they, and those who run the campaigns").NotSee(`id="sponsor-error"`)
	paul.Post(number(page), h.form("base", "2", "sponsor", "")).Status(http.StatusUnprocessableEntity).See(`id="sponsor-error"`)
	paul.Post(number(page), h.form("base", "1", "manager", h.paul.Email)).Status(http.StatusConflict)
	program := h.program(t, h.paul, models.ScopeManage)
	program("PATCH", "/campaigns/1", `{"manager": "`+h.paul.Email+`"}`, nil).Status(http.StatusUnprocessableEntity).See("body.manager")
	program("PATCH", "/campaigns/1", `{"question": "Where, in which bin?"}`, nil).Status(200)
	h.As(h.mona).Post(number(page), h.form("base", "3", "sponsor", h.lena.Email)).Status(http.StatusSeeOther)

	both := h.paul.Email + " " + h.sophie.Email
	paul.Post(number(page)+"/people", apptest.Form{"base": "4", "team": both}).Status(http.StatusSeeOther) // who helps answers nothing yet
	lena.Post(number(page)+"/people", apptest.Form{"base": "5", "team": both, "team_decides": "1"}).Status(http.StatusSeeOther)
	for _, team := range []string{both + " " + h.mona.Email, h.paul.Email, h.paul.Email + " " + h.mona.Email} {
		paul.Post(number(page)+"/people", apptest.Form{"base": "6", "team": team}).Status(http.StatusUnprocessableEntity).See(`id="team-error"`, "you can leave it")
	}
	paul.Post(number(page)+"/people", apptest.Form{"base": "6", "team": h.sophie.Email}).Status(http.StatusSeeOther) // he leaves
	paul.Get(number(page) + "/people").Status(404)                                                                   // of a campaign that is not published
}

func TestWhatIsWrongWithATeamIsSaid(t *testing.T) {
	h := open(t)
	page := h.made(t)
	lena := h.As(h.lena)
	outsider := h.Person("Olga", models.RoleExternal)
	for says, form := range map[string]apptest.Form{
		"belongs to nobody":         {"base": "1", "team": h.paul.Email + " nobody@example.test"},
		"at least one group":        {"base": "1", "audience": "groups"},
		"At least one of":           {"base": "1", "team": outsider.Email},
		"one of these addresses":    {"base": "1", "team": "\x00"},
		"Choose at least one group": {"base": "1", "audience": "groups", "group": "999999999999999999999"},
	} {
		lena.Post(number(page)+"/people", form).Status(http.StatusUnprocessableEntity).See(says)
	}
	lena.Post(number(page)+"/people", apptest.Form{"base": "7", "team": h.paul.Email}).Status(http.StatusConflict).See("Somebody else has saved", h.paul.Email)
	h.As(h.paul).Post(number(page)+"/people", apptest.Form{"base": "1"}).Status(404)
	h.As(h.paul).Get(page).Status(404)
}

func TestACampaignOfGroupsIsAnsweredByTheirPeopleAndReadByTheOthers(t *testing.T) {
	h := open(t)
	group := &models.Group{Kind: models.KindGroup, Name: "Night shift"}
	h.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		return tx.JoinGroup(group.ID, h.paul.ID)
	})
	page := h.asked(t, "kind", "channel")
	id := number(page)[len("/campaigns/"):]
	lena, paul, sophie := h.As(h.lena), h.As(h.paul), h.As(h.sophie)
	lena.Get(number(page) + "/people").See("Night shift")
	asks := apptest.Form{"base": "1", "audience": "groups", "group": strconv.FormatInt(group.ID, 10)}
	h.As(h.mona).Post(number(page)+"/people", asks).Status(http.StatusSeeOther) // who may not know groups changes nothing about them
	sophie.Get(page).See("Propose an idea")
	asks["base"] = "2"
	lena.Post(number(page)+"/people", asks).Status(http.StatusSeeOther)

	lena.Get(page).See("Asked:", "Night shift")
	paul.Get(page).See("you are among them", "Propose an idea").NotSee("Night shift")
	sophie.Get(page).See("asks certain people for ideas. You can read").NotSee("Night shift", "Propose an idea")
	paul.Post("/ideas", apptest.Form{"campaign": id, "title": "One", "body": "Weigh it."}).Status(http.StatusSeeOther)
	sophie.Post("/ideas", apptest.Form{"campaign": id, "title": "Two", "body": "Weigh it."}).Status(http.StatusUnprocessableEntity).See("asks other people for ideas", "Weigh it.")
	sophie.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	sophie.Post("/ideas/1/comments", apptest.Form{"body": "At night?"}).Status(http.StatusSeeOther)
	h.Visitor().Get(page).Status(404) // the groups widen nothing

	h.Tx(nil, func(tx *models.Tx) error { return tx.DeleteGroup(group) }) // which opens the campaign to nobody
	for _, client := range []*apptest.Client{paul, sophie} {
		client.Post("/ideas", apptest.Form{"campaign": id, "title": "Three", "body": "Weigh it."}).Status(http.StatusUnprocessableEntity).See("asks other people")
	}
}

func TestRulesPrizesAndAnswersStandBesideTheBrief(t *testing.T) {
	h := open(t)
	page := h.asked(t, "rules", "Everyone *once*.", "prizes", "A cake.", "faq", "### Who decides?\n\nSophie.")
	h.As(h.paul).Get(number(page)+"/brief").Status(200).See("<em>once</em>", "A cake.", "Who decides?")
	lena := h.As(h.lena)
	lena.Get(number(page)+"/edit").See("Everyone *once*.", "A cake.")
	lena.Post(number(page), h.form("base", "1", "prizes", strings.Repeat("x", 200_001))).Status(http.StatusUnprocessableEntity)
	lena.Post(number(page), h.form("base", "1", "rules", "")).Status(http.StatusSeeOther)
	h.As(h.paul).Get(number(page)+"/brief").NotSee("A cake.", "once")
}

func TestWhatIsBegunOfACampaignIsKept(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	keep := func(form string, fields models.Fields) {
		t.Helper()
		h.Tx(nil, func(tx *models.Tx) error { return tx.SaveDraft(h.lena.ID, form, fields) })
	}
	keep("campaign/new", models.Fields{"title": "Half a title", "kind": "campaign", "stage_vote": "2026-12-24", "faq": "Why?"})
	lena.Get("/campaigns/new").Status(200).See("Half a title", `value="2026-12-24"`, "Why?", `name="campaign/new"`)
	h.As(h.paul).Get("/campaigns/new").Status(403)
	page := h.made(t)
	lena.Get("/campaigns/new").NotSee("Half a title") // it was sent

	keep("campaign/1", models.Fields{"title": "Less of everything", "base": "1"})
	lena.Get(number(page) + "/edit").See("Less of everything").NotSee("Somebody else has saved")
	h.As(h.mona).Post(number(page), h.form("base", "1")).Status(http.StatusSeeOther)
	lena.Get(number(page)+"/edit").See("Less of everything", "Somebody else has saved", `name="base" value="2"`)
	h.As(h.mona).Get(number(page) + "/edit").NotSee("Less of everything")
	lena.Post(number(page), h.form("base", "2")).Status(http.StatusSeeOther)
	lena.Get(number(page) + "/edit").NotSee("Less of everything")
}
