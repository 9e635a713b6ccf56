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
	form := apptest.Form{"contributions": "choose", "drafts": "400", "notices": "365", "sign_ins": "365", "security": "1095", "entries": "365", "exports": "7", "externals": "200", "invitations": "365", "registrations": "90", "box_notes": "90", "seals": "365", "merges": "30", "article_trash": "30", "article_drafts": "90", "article_versions": "365"}
	boss.Post("/privacy/settings", apptest.Form{"contributions": "sell", "drafts": "5", "notices": "x", "sign_ins": "365", "security": "1095", "entries": "365", "exports": "7", "externals": "200", "invitations": "365", "registrations": "90", "box_notes": "90", "seals": "365", "merges": "30", "article_trash": "30", "article_drafts": "90", "article_versions": "365"}).
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

// pass lets time go by, and the jobs that come round do their work.
func pass(t *testing.T, site *apptest.Site, at *clock, days int) {
	t.Helper()
	if err := site.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	at.now = at.now.AddDate(0, 0, days)
	site.Settle()
	site.Settle()
}

func TestTheSecurityLogIsNotKeptForEver(t *testing.T) {
	at := &clock{time.Now().AddDate(-5, 0, 0)}
	site := apptest.Start(t, at.option)
	owner, mona := site.Person("Olga", models.RoleOwner), site.Person("Mona", models.RoleEmployee)
	client := site.As(mona)
	client.Post("/account/tokens", apptest.Form{"token_name": "Script"}).Status(http.StatusOK)
	site.Space("plant", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceMember})
	client.Post("/ideas", apptest.Form{"space": "plant", "title": "Fewer badges", "body": "One is enough."}).Status(http.StatusSeeOther)
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.Record(models.UserCreated, mona, nil); err != nil {
			return err
		}
		return tx.Record(models.UserRoleChanged, mona, models.RoleChange{From: models.RoleEmployee, To: models.RoleHR})
	})
	pass(t, site, at, 1000)
	site.As(owner).Get("/audit").Status(http.StatusOK).See("<td>changed someone’s role", "<td>created an API token")
	pass(t, site, at, 200)
	log := site.As(owner).Get("/audit").Status(http.StatusOK)
	log.See("<td>posted an idea", "<td>opened an account", "<td>applied the retention periods").NotSee("<td>changed someone’s role", "<td>created an API token")
	site.As(owner).Get("/audit?verb=user.signed_in").Status(http.StatusOK).See("Mona") // her latest
}

func TestAnAnsweredRequestIsForgottenWithWhatWasToldOfIt(t *testing.T) {
	at := &clock{time.Now().AddDate(-3, 0, 0)}
	site := apptest.Start(t, at.option)
	lead, alice, bob := site.Person("Lead", models.RoleEmployee), site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee)
	plant := site.Space("plant", models.Company, map[*models.User]models.SpaceRole{lead: models.SpaceManager})
	site.Tx(nil, func(tx *models.Tx) error {
		plant.Joining = models.JoinRequest
		return tx.SaveSpace(plant)
	})
	for _, user := range []*models.User{alice, bob} {
		site.As(user).Post("/spaces/plant/requests", apptest.Form{"message": "Because of " + user.Name}).Status(http.StatusSeeOther)
	}
	site.As(lead).Post("/spaces/plant/requests/1", apptest.Form{"decision": "decline", "answer": "Not now"}).Status(http.StatusSeeOther)
	site.As(alice).Get("/notifications").Status(http.StatusOK).See("Not now")
	own := func(user *models.User) *models.EntryRequest {
		request, err := site.DB.OwnRequest(t.Context(), site.Actor(user), plant.ID)
		if err != nil {
			t.Fatal(err)
		}
		return request
	}
	pass(t, site, at, 300)
	if own(alice) == nil {
		t.Error("an answered request went before its time")
	}
	pass(t, site, at, 100)
	if own(alice) != nil {
		t.Error("an answered request stays")
	}
	site.As(alice).Get("/notifications").Status(http.StatusOK).NotSee("Not now", "plant")
	if request := own(bob); request == nil || request.State != models.RequestOpen {
		t.Errorf("a request that nobody has answered is %+v", request)
	}
}

func TestEndedSessionsAndUsedLinksGoByThemselves(t *testing.T) {
	at := &clock{time.Now()}
	site := apptest.Start(t, at.option)
	mona := site.Person("Mona", models.RoleEmployee)
	site.As(mona).Get("/").Status(http.StatusOK) // a link used, a session begun
	site.LoginToken(mona)                        // and a link that nobody uses
	left := func() (sessions, links int) {
		for _, h := range models.Holdings() {
			if h.Table != "sessions" && h.Table != "login_links" {
				continue
			}
			rows, _, err := site.DB.OwnRows(t.Context(), site.Actor(mona), &h, nil, 10)
			if err != nil {
				t.Fatal(err)
			}
			if h.Table == "sessions" {
				sessions = len(rows)
			} else {
				links = len(rows)
			}
		}
		return sessions, links
	}
	if sessions, links := left(); sessions != 1 || links != 2 {
		t.Fatalf("%d sessions and %d links at first", sessions, links)
	}
	pass(t, site, at, 2)
	if _, links := left(); links != 0 {
		t.Errorf("%d links are kept for two days", links)
	}
	pass(t, site, at, 100)
	if sessions, _ := left(); sessions != 0 {
		t.Errorf("%d sessions are kept that ended long since", sessions)
	}
}
