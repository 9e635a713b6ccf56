package votes_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// house is one whose space "plant" asks a question on 3 December 2026, votes from the 15th and closes on the 20th.
type house struct {
	*apptest.Site
	t                        *testing.T
	now                      time.Time
	lena, paul, sophie, mona *models.User
	space                    *models.Space
}

const campaign = "/campaigns/1"

// open starts it with the ideas 1 to 3, on the 5th.
func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 12, 5, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return h.now } })
	h.lena, h.paul, h.sophie, h.mona = h.Person("Lena", models.RoleEmployee), h.Person("Paul", models.RoleEmployee), h.Person("Sophie", models.RoleEmployee), h.Person("Mona", models.RoleEmployee)
	h.space = h.Space("plant", models.Company, map[*models.User]models.SpaceRole{h.lena: models.SpaceManager})
	h.As(h.lena).Post("/campaigns", apptest.Form{
		"space": "plant", "title": "Less scrap", "question": "Where do we throw away good material?", "kind": "campaign", "sponsor": h.sophie.Email, "manager": h.lena.Email, "answer_days": "30",
		"stage_gather": "2026-12-03", "stage_vote": "2026-12-15", "stage_closed": "2026-12-20",
	}).Status(http.StatusSeeOther)
	h.As(h.lena).Post(campaign+"/publication", nil).Status(http.StatusUnprocessableEntity).See("by what rule it votes")
	h.As(h.lena).Get(campaign + "/ballot").Status(http.StatusNotFound)
	h.As(h.lena).Post(campaign+"/vote", form("method", "support")).Status(http.StatusSeeOther)
	h.As(h.lena).Post(campaign+"/publication", nil).Status(http.StatusSeeOther)
	for n, title := range []string{"Weigh the bins", "Smaller moulds", "Sell the offcuts"} {
		h.As(h.paul).Post("/ideas", apptest.Form{"campaign": "1", "title": title, "body": "As it says.", "once": fmt.Sprintf("once-%020d", n)}).Status(http.StatusSeeOther)
	}
	return h
}

// on moves the clock to a day of December, nine o'clock in London.
func (h *house) on(day int) { h.now = time.Date(2026, 12, day, 9, 0, 0, 0, time.UTC) }

// rule sets another rule for the vote, and moves the clock to the 16th.
func (h *house) rule(pairs ...string) {
	h.t.Helper()
	h.As(h.lena).Post(campaign+"/vote", form(append([]string{"base", "1"}, pairs...)...)).Status(http.StatusSeeOther)
	h.on(16)
}

func form(pairs ...string) apptest.Form {
	form := apptest.Form{"base": "0"}
	for i := 0; i < len(pairs); i += 2 {
		form[pairs[i]] = pairs[i+1]
	}
	return form
}

// choose is a ballot of check boxes; apptest.Form has one value a name.
func choose(h *house, user *models.User, base int, ids ...int) *apptest.Answer {
	h.t.Helper()
	body := fmt.Sprintf("base=%d", base)
	for _, id := range ids {
		body += fmt.Sprintf("&choose=%d", id)
	}
	return h.As(user).Do(http.MethodPost, campaign+"/ballot", strings.NewReader(body), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// closed moves the clock past the end, sends the round and has the ballots counted.
func (h *house) closed() {
	h.t.Helper()
	h.on(21)
	if err := h.Jobs.Plan(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	if err := h.Jobs.RunDue(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// voters are people of the company with a department and a site.
func (h *house) voters(n int, department, site string) (people []*models.User) {
	h.t.Helper()
	for i := range n {
		person := &models.User{Name: fmt.Sprintf("%s %s %d", department, site, i), Role: models.RoleEmployee, Department: department, Site: site}
		person.Email = strings.ToLower(fmt.Sprintf("%s.%s.%d@example.test", department, site, i))
		h.Tx(nil, func(tx *models.Tx) error { return tx.CreateUser(person) })
		people = append(people, person)
	}
	return people
}
