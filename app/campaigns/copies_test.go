package campaigns_test

import (
	"net/http"
	"strconv"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestACopySaysTheSameAndKeepsTheDaysBetweenItsStages(t *testing.T) {
	h := open(t)
	group := &models.Group{Kind: models.KindGroup, Name: "Night shift"}
	h.Tx(nil, func(tx *models.Tx) error { return tx.CreateGroup(group) })
	page := h.asked(t, "rules", "Everyone once.")
	lena := h.As(h.lena)
	lena.Post(number(page)+"/stages", h.plan("base", "1", "posting_refine", "1", "max_days_refine", "10", "answerer_refine", h.sophie.Email)).Status(http.StatusSeeOther)
	lena.Post(number(page)+"/people", apptest.Form{"base": "2", "team": h.paul.Email, "audience": "groups", "group": strconv.FormatInt(group.ID, 10)}).Status(http.StatusSeeOther)
	lena.Get(number(page) + "/brief").See(number(page) + "/copies/new")
	lena.Get(number(page)+"/copies/new").Status(200).See(`value="Less scrap"`, `name="begins"`)
	copied := lena.Post(number(page)+"/copies", apptest.Form{"space": "plant", "title": "Less noise", "begins": "2027-03-24"}).Status(http.StatusSeeOther).Header.Get("Location")
	lena.Get(copied).Status(200).See("Less noise", "Where do we throw away good material?", "Before it is published", "which sponsor owns the need", "Night shift").NotSee("by what rule it votes")
	lena.Get(number(copied)+"/brief").See("Everyone once.", "24 March 2027 to 30 March 2027", "from 10 April 2027", "An idea waits here 10 days at most").NotSee("Sophie", "Paul") // clocks change on the 28th
	for _, client := range []*apptest.Client{h.As(h.mona), h.As(h.paul), h.As(h.sophie)} {                                                                                         // who ran the first one does not run the copy
		client.Get(copied).Status(404)
	}
	lena.Get(number(page) + "/stages").See(`value="2026-12-03"`) // the first one stays as it was
}

func TestWhatIsWrongWithACopyIsSaid(t *testing.T) {
	h := open(t)
	page := h.asked(t)
	h.Space("cellar", models.Restricted, nil)
	lena := h.As(h.lena)
	lena.Post(number(page)+"/copies", apptest.Form{"space": "plant", "title": "Less noise"}).Status(http.StatusUnprocessableEntity).See("on which day the campaign begins", "Less noise")
	lena.Post(number(page)+"/copies", apptest.Form{"space": "plant", "title": "Less noise", "begins": "31.12."}).Status(http.StatusUnprocessableEntity).See("Give a date")
	lena.Post(number(page)+"/copies", apptest.Form{"space": "plant", "title": " ", "begins": "2027-01-01"}).Status(http.StatusUnprocessableEntity).See(`aria-invalid="true"`)
	lena.Post(number(page)+"/copies", apptest.Form{"space": "cellar", "title": "Less noise", "begins": "2027-01-01"}).Status(404)
	h.As(h.paul).Get(number(page) + "/copies/new").Status(403)
	h.As(h.paul).Post(number(page)+"/copies", apptest.Form{"space": "plant", "title": "Less noise", "begins": "2027-01-01"}).Status(403)
	lena.Get("/campaigns?state=draft").Status(200).NotSee("Less noise")
}

func TestATemplateIsForAllWhoRunCampaignsAndIsNeverPublished(t *testing.T) {
	h := open(t)
	h.Space("lab", models.Company, map[*models.User]models.SpaceRole{h.paul: models.SpaceManager})
	page := h.made(t)
	lena, paul := h.As(h.lena), h.As(h.paul)
	made := lena.Post(number(page)+"/copies", apptest.Form{"space": "plant", "title": "The usual", "template": "1"}).Status(http.StatusSeeOther).Header.Get("Location")
	lena.Get(made).See("This is a template", "Begin a campaign from it").NotSee("Before it is published")
	lena.Get("/campaigns?state=draft").NotSee("The usual")
	paul.Get(page).Status(404) // a draft of others
	paul.Get("/campaigns?state=template").Status(200).See("The usual")
	paul.Get(made).Status(200).See("Begin a campaign from it").NotSee("/edit")
	paul.Post(number(made), h.form("base", "1")).Status(403)
	begun := paul.Post(number(made)+"/copies", apptest.Form{"space": "lab", "title": "In the lab", "begins": "2027-01-04"}).Status(http.StatusSeeOther).Header.Get("Location")
	paul.Get(begun).Status(200).See("Before it is published")
	lena.Get(begun).Status(404)
	lena.Post(number(made), h.form("base", "1", "title", "The usual")).Status(http.StatusSeeOther) // which lacks nothing
	lena.Post(number(made)+"/publication", nil).Status(http.StatusUnprocessableEntity).See("never published")
	for _, client := range []*apptest.Client{h.As(h.sophie), h.Visitor()} { // who run nothing
		client.Get(made).Status(404)
		client.Get("/campaigns?state=template").Status(422)
	}
}
