package privacy_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

func TestWhatIsKeptForLongEnoughGoesByItselfAndIsToldBefore(t *testing.T) {
	at := &clock{time.Now().AddDate(0, 0, -330)} // what follows is in the past: sessions end by the clock on the wall
	post := apptest.NewPost(t)
	site := apptest.Start(t, at.option, post.Option)
	owner, guest := site.Person("Olga", models.RoleOwner), site.Person("Gaspard Petit", models.RoleExternal)
	mona := site.Person("Mona", models.RoleEmployee)
	site.As(mona).Get("/").Status(http.StatusOK)
	site.Tx(nil, func(tx *models.Tx) error { return tx.SaveDraft(mona.ID, "idea/new", models.Fields{"title": "Later"}) })
	at.now = at.now.AddDate(0, 0, 300)
	boss := site.As(owner) // anew: a session does not last that long
	boss.Get("/privacy/settings").Status(http.StatusOK).See("The next run would remove 1.").NotSee("Last run")
	form := apptest.Form{"contributions": "choose", "drafts": "400", "notices": "365", "sign_ins": "365", "exports": "7", "externals": "200"}
	boss.Post("/privacy/settings", apptest.Form{"contributions": "sell", "drafts": "5", "notices": "x", "sign_ins": "365", "exports": "7", "externals": "200"}).
		Status(http.StatusUnprocessableEntity).See("Give a number of days from 30 to 1095", "Choose what becomes of contributions", `value="5"`)
	boss.Post("/privacy/settings", form).Status(http.StatusSeeOther)
	if err := site.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	site.Settle()
	draft, err := site.DB.Draft(t.Context(), mona.ID, "idea/new")
	if err != nil || draft == nil {
		t.Errorf("a draft went before its time: %v", err)
	}
	if letter := post.Letter(guest.Email); letter.Subject == "" {
		t.Error("nobody warned Gaspard")
	}
	site.As(guest).Get("/").Status(http.StatusOK).See("Keep my account")
	form["drafts"] = "30"
	boss.Post("/privacy/settings", form).Status(http.StatusSeeOther)
	boss.Get("/privacy/settings").See("Last run", "The next run would remove 1.")
	at.now = at.now.AddDate(0, 0, 20)
	site.Settle()
	site.Settle()
	if draft, err = site.DB.Draft(t.Context(), mona.ID, "idea/new"); err != nil || draft != nil {
		t.Errorf("an old draft stays: %v %v", draft, err)
	}
	boss = site.As(owner)
	boss.Get("/people/" + strconv.FormatInt(guest.ID, 10)).Status(http.StatusNotFound)
	boss.Get("/people/" + strconv.FormatInt(mona.ID, 10)).Status(http.StatusOK)
	boss.Get("/audit?verb=retention.ran").See("applied the retention periods")
}
