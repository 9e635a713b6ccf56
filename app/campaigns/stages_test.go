package campaigns_test

import (
	"net/http"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAStageAllowsWhatThoseWhoRunItSay(t *testing.T) {
	h := open(t)
	page := h.asked(t)
	id := number(page)[len("/campaigns/"):]
	lena, paul := h.As(h.lena), h.As(h.paul)
	lena.Get(number(page)+"/stages").Status(200).See(`name="stage_gather"`, `value="2026-12-03"`, `name="posting_gather" value="1" checked`, `name="editing_vote" value="1"`).NotSee(`name="editing_vote" value="1" checked`, `name="posting_closed"`)
	lena.Post(number(page)+"/stages", h.plan("base", "1", "posting_refine", "1", "commenting_gather", "", "max_days_refine", "10", "answerer_refine", h.sophie.Email)).Status(http.StatusSeeOther).Header.Get("Location")
	lena.Get(number(page)+"/stages").See(`name="posting_refine" value="1" checked`, `value="10"`, `value="`+h.sophie.Email+`"`)
	paul.Get(number(page)+"/brief").Status(200).See("propose ideas · support · work on one’s ideas", "An idea waits here 10 days at most", "Sophie answers for it", "read only").NotSee(h.sophie.Email)

	h.at(12, 4, 9)
	paul.Post("/ideas", apptest.Form{"campaign": id, "title": "One", "body": "Weigh it."}).Status(http.StatusSeeOther)
	paul.Post("/ideas/1/comments", apptest.Form{"body": "Not yet."}).Status(http.StatusUnprocessableEntity)
	h.at(12, 11, 9)
	paul.Post("/ideas", apptest.Form{"campaign": id, "title": "Late", "body": "Weigh it."}).Status(http.StatusSeeOther)
	paul.Post("/ideas/1/comments", apptest.Form{"body": "Now."}).Status(http.StatusSeeOther)
}

func TestWhatIsWrongWithAStageIsSaidAtItsField(t *testing.T) {
	h := open(t)
	page := h.asked(t)
	lena := h.As(h.lena)
	for says, change := range map[string][]string{
		"A campaign closes later than":     {"stage_closed", "2026-12-01"},
		"begins later than the one before": {"stage_vote", "2026-12-09"},
		"Give a date":                      {"stage_vote", "31.12."},
		"Give a number of days up to 365":  {"max_days_gather", "366"},
		"a number of days":                 {"max_days_gather", "99999999999999999999"},
		"No employee has this address":     {"answerer_gather", "nobody@example.test"},
		"from when ideas are gathered":     {"stage_gather", ""}, // what is published stays complete
		"when it closes":                   {"stage_closed", ""},
	} {
		lena.Post(number(page)+"/stages", h.plan(append(change, "base", "1")...)).Status(http.StatusUnprocessableEntity).See(says)
	}
	outsider := h.Person("Olga", models.RoleExternal)
	lena.Post(number(page)+"/stages", h.plan("base", "1", "answerer_gather", outsider.Email)).Status(http.StatusUnprocessableEntity).See("No employee has this address")
	h.As(h.paul).Post(number(page)+"/stages", h.plan("base", "1")).Status(403)
	h.As(h.paul).Get(number(page) + "/stages").Status(403)
	lena.Get(number(page) + "/brief").See("3 December 2026 to 9 December 2026")
}

func TestAChannelMayBeGivenDatesAndWhatIsPublishedKeepsThem(t *testing.T) {
	h := open(t)
	page := h.made(t)
	lena := h.As(h.lena)
	lena.Post(number(page)+"/stages", h.plan("base", "1", "kind", "channel")).Status(http.StatusSeeOther)
	lena.Get(number(page)+"/stages").See("At all times").NotSee(`name="stage_gather"`, `name="posting_vote"`)
	lena.Post(number(page)+"/stages", h.plan("base", "2", "supporting_gather", "")).Status(http.StatusSeeOther)
	lena.Post(number(page)+"/stages", h.plan("base", "3", "kind", "channel", "supporting_gather", "")).Status(http.StatusSeeOther)
	lena.Post(number(page)+"/publication", nil).Status(http.StatusSeeOther)
	lena.Get(number(page) + "/stages").NotSee(`name="kind"`)
	h.As(h.paul).Get("/campaigns").See("Less scrap", "Always open")
	h.As(h.paul).Get(number(page) + "/brief").See("propose ideas · discuss · work on one’s ideas")

	lena.Get(number(page)+"/stages?kind=campaign").See(`name="stage_vote"`, `name="kind" value="campaign"`, `value="2026-12-01"`)
	lena.Post(number(page)+"/stages", h.plan("base", "4", "kind", "campaign", "stage_closed", "")).Status(http.StatusUnprocessableEntity).See("when it closes", `name="stage_vote"`)
	h.As(h.paul).Post(number(page)+"/stages", h.plan("base", "4", "kind", "campaign")).Status(http.StatusForbidden)
	lena.Post(number(page)+"/stages", h.plan("base", "4", "kind", "campaign", "supporting_gather", "")).Status(http.StatusSeeOther)
	h.As(h.paul).Get("/campaigns").NotSee("Always open")
	lena.Post(number(page)+"/stages", h.plan("base", "5", "kind", "channel")).Status(http.StatusSeeOther)
	lena.Get(number(page)+"/stages").See(`name="stage_vote"`).NotSee("At all times", `name="kind"`)
}
