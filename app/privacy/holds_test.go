package privacy_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// place puts what stands at an address under a hold, and returns the address of the hold.
func place(boss *apptest.Client, page string) string {
	answer := boss.Post("/privacy/holds", apptest.Form{"page": page, "reference": "RG 26/00417", "dated": "2026-01-05", "reason": "A dispute over a patent."}).Status(http.StatusSeeOther)
	return answer.Header.Get("Location")
}

func TestOnlyAnOwnerPlacesAHoldAndOnlyWhoReadsTheLogSeesIt(t *testing.T) {
	site := apptest.Start(t)
	owner, auditor, mona := site.Person("Olga", models.RoleOwner), site.Person("Ada", models.RoleAuditor), site.Person("Mona", models.RoleEmployee)
	manager := site.Person("Max", models.RoleManager)
	secret := site.Space("secret", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	boss := site.As(owner)
	form := apptest.Form{"page": "/people/" + strconv.FormatInt(mona.ID, 10), "reference": "RG", "dated": "2026-01-05", "reason": "Because"}
	for _, user := range []*models.User{auditor, mona, manager} {
		site.As(user).Post("/privacy/holds", form).Status(http.StatusForbidden)
	}
	site.As(mona).Get("/privacy/holds").Status(http.StatusForbidden)
	boss.Post("/privacy/holds", apptest.Form{"page": "/people/999", "reference": " ", "dated": "2199-01-05", "reason": strings.Repeat("x", models.MaxHoldReason+1)}).
		Status(http.StatusUnprocessableEntity).See("No person, space, idea", "Give a reference", "not in the future", "at most 2,000 characters", "/people/999")
	for _, page := range []string{"", "/", "people", "/audit", "/spaces/secret", "/spaces/0", "/ideas/99999999999999999999", "/articles/-1", "::%", "/spaces/999"} {
		boss.Post("/privacy/holds", apptest.Form{"page": page, "reference": "RG", "dated": "2026-01-05", "reason": "Because"}).Status(http.StatusUnprocessableEntity).See("No person, space, idea").NotSee("at most")
	}
	hold := place(boss, site.URL+"/people/"+strconv.FormatInt(mona.ID, 10)+"?x=1")
	boss.Get(hold).Status(http.StatusOK).See("Mona", "RG 26/00417", "A dispute over a patent.", "5 January 2026", "Placed on", "Olga")
	boss.Get("/audit").See("placed a legal hold").NotSee("patent")
	for _, path := range []string{hold, "/privacy/holds"} {
		site.As(auditor).Get(path).Status(http.StatusOK).See("Mona").NotSee("Release the hold", "Place the hold")
		site.As(mona).Get(path).Status(http.StatusForbidden)
		site.Visitor().Get(path).Status(http.StatusSeeOther)
	}
	site.As(auditor).Post(hold+"/release", apptest.Form{"release_reason": "Over"}).Status(http.StatusForbidden)
	closed := place(boss, "/spaces/"+strconv.FormatInt(secret.ID, 10))
	boss.Get(closed).Status(http.StatusOK).See("Space " + strconv.FormatInt(secret.ID, 10)).NotSee("secret")
	boss.Post(hold+"/release", apptest.Form{"release_reason": " "}).Status(http.StatusUnprocessableEntity).See("Give a reason")
	boss.Post(hold+"/release", apptest.Form{"release_reason": "The matter is closed."}).Status(http.StatusSeeOther)
	boss.Post(hold+"/release", apptest.Form{"release_reason": "Again"}).Status(http.StatusConflict)
	boss.Get(hold).See("The matter is closed.", "Released on").NotSee("Release the hold")
	boss.Get("/privacy/holds").NotSee(hold + `"`).See(closed)
	boss.Get("/privacy/holds?ended=1").See(hold+`"`, closed)
	for range 31 {
		place(boss, "/people/"+strconv.FormatInt(mona.ID, 10))
	}
	boss.Get("/privacy/holds").Status(http.StatusOK).See("before=")
	boss.Get("/privacy/holds?before=4").Status(http.StatusOK).See(closed)
}

func TestAnErasureWaitsForAHoldAndThePersonIsToldNoMoreThanThat(t *testing.T) {
	at := &clock{time.Now().AddDate(0, 0, -200)}
	post := apptest.NewPost(t)
	site := apptest.Start(t, at.option, post.Option)
	owner, mona, alice := site.Person("Olga", models.RoleOwner), site.Person("Mona Petit", models.RoleEmployee), site.Person("Alice Grand", models.RoleEmployee)
	site.Space("plant", models.Company, map[*models.User]models.SpaceRole{owner: models.SpaceManager})
	person := "/people/" + strconv.FormatInt(mona.ID, 10)
	boss := site.As(owner)
	hold := boss.Post("/privacy/holds", apptest.Form{"page": person, "reference": "RG", "dated": "2025-01-05", "reason": "Patent"}).Header.Get("Location")
	site.As(mona).Get("/account/data").NotSee("delayed")
	site.As(mona).Post("/account/data/erasure", apptest.Form{"contributions": "keep"}).Status(http.StatusSeeOther)
	site.As(alice).Post("/account/data/erasure", apptest.Form{"contributions": "keep"}).Status(http.StatusSeeOther)
	site.Settle()
	told := 0
	for _, letter := range post.Letters() {
		if strings.Contains(letter.Text, "Patent") {
			t.Errorf("a letter says why: %s", letter.Text)
		}
		if letter.To == mona.Email && strings.Contains(letter.Text, "RGPD, article 17") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("Mona is told %d times", told)
	}
	pass(t, site, at, 20)
	site.As(mona).Get("/account/data").Status(http.StatusOK).See("delayed for a legal reason").NotSee("Patent", "will be erased on")
	boss = site.As(owner)
	boss.Get(person).Status(http.StatusOK).See("Mona Petit")
	boss.Get("/people/" + strconv.FormatInt(alice.ID, 10)).Status(http.StatusNotFound) // whom nothing holds
	boss.Post(person+"/erasure", apptest.Form{"contributions": "keep"}).Status(http.StatusSeeOther)
	site.Settle()
	boss.Get(person).Status(http.StatusOK).See("Mona Petit")
	boss.Post(hold+"/release", apptest.Form{"release_reason": "Over"}).Status(http.StatusSeeOther)
	site.Settle()
	boss.Get(person).Status(http.StatusNotFound)
	boss.Get(hold).Status(http.StatusOK).See("A person who was erased since")
}

func TestAnErasureWaitsForWhatThePersonDidWhereItIsHeld(t *testing.T) {
	for _, held := range []string{"space", "idea"} {
		t.Run(held, func(t *testing.T) {
			at := &clock{time.Now().AddDate(0, 0, -200)}
			post := apptest.NewPost(t)
			site := apptest.Start(t, at.option, post.Option)
			owner, mona, alice := site.Person("Olga", models.RoleOwner), site.Person("Mona Petit", models.RoleEmployee), site.Person("Alice Grand", models.RoleEmployee)
			site.Space("plant", models.Company, map[*models.User]models.SpaceRole{owner: models.SpaceManager})
			idea := site.As(mona).Post("/ideas", apptest.Form{"space": "plant", "title": "Fewer badges", "body": "Alice Grand agrees."}).Status(http.StatusSeeOther).Header.Get("Location")
			idea, _, _ = strings.Cut(idea, "?")
			page := map[string]string{"space": "/spaces/plant", "idea": idea}[held]
			hold := site.As(owner).Post("/privacy/holds", apptest.Form{"page": page, "reference": "RG", "dated": "2025-01-05", "reason": "Patent"}).Status(http.StatusSeeOther).Header.Get("Location")
			for _, user := range []*models.User{mona, alice} {
				site.As(user).Post("/account/data/erasure", apptest.Form{"contributions": "keep"}).Status(http.StatusSeeOther)
			}
			pass(t, site, at, 20)
			boss := site.As(owner)
			boss.Get("/people/" + strconv.FormatInt(mona.ID, 10)).Status(http.StatusOK)
			boss.Get(idea).Status(http.StatusOK).See("Alice Grand agrees.", "Mona Petit") // Alice's goes on up to there
			boss.Post(hold+"/release", apptest.Form{"release_reason": "Over"}).Status(http.StatusSeeOther)
			site.Settle()
			boss.Get("/people/" + strconv.FormatInt(mona.ID, 10)).Status(http.StatusNotFound)
			boss.Get(idea).Status(http.StatusOK).NotSee("Alice Grand", "Mona Petit").See("agrees.")
		})
	}
}

func TestNoPeriodRemovesWhatIsHeld(t *testing.T) {
	at := &clock{time.Now().AddDate(-5, 0, 0)}
	site := apptest.Start(t, at.option)
	owner, guest := site.Person("Olga", models.RoleOwner), site.Person("Gaspard", models.RoleExternal)
	mona, alice := site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee)
	plant := site.Space("plant", models.Company, map[*models.User]models.SpaceRole{owner: models.SpaceManager})
	site.Tx(nil, func(tx *models.Tx) error {
		plant.Joining = models.JoinRequest
		if err := tx.SaveSpace(plant); err != nil {
			return err
		}
		for _, user := range []*models.User{mona, alice} {
			if err := tx.SaveDraft(user.ID, "idea/new", models.Fields{"title": "Later"}); err != nil {
				return err
			}
			if err := tx.Record(models.UserRoleChanged, user, models.RoleChange{From: models.RoleEmployee, To: models.RoleHR}); err != nil {
				return err
			}
		}
		return nil
	})
	site.As(alice).Post("/spaces/plant/requests", apptest.Form{"message": "Because"}).Status(http.StatusSeeOther)
	site.As(owner).Post("/spaces/plant/requests/1", apptest.Form{"decision": "decline", "answer": "Not now"}).Status(http.StatusSeeOther)
	boss := site.As(owner)
	var holds []string
	for _, page := range []string{"/people/" + strconv.FormatInt(mona.ID, 10), "/people/" + strconv.FormatInt(guest.ID, 10), "/spaces/plant"} {
		holds = append(holds, boss.Post("/privacy/holds", apptest.Form{"page": page, "reference": "RG", "dated": "2020-01-05", "reason": "Patent"}).Status(http.StatusSeeOther).Header.Get("Location"))
	}
	stays := func(want bool) {
		t.Helper()
		draft, err := site.DB.Draft(t.Context(), mona.ID, "idea/new")
		if err != nil || (draft != nil) != want {
			t.Errorf("Mona's draft: %v %v", draft, err)
		}
		request, err := site.DB.OwnRequest(t.Context(), site.Actor(alice), plant.ID)
		if err != nil || (request != nil) != want {
			t.Errorf("what Alice asked of a space that is held: %v %v", request, err)
		}
		erasure, err := site.DB.ErasureOf(t.Context(), guest.ID)
		if err != nil || (erasure == nil) != want {
			t.Errorf("the erasure of an external whom nobody has seen: %v %v", erasure, err)
		}
		log, err := site.DB.Audit(t.Context(), site.Actor(owner), models.UserRoleChanged, 0, 10)
		if err != nil || (len(log) == 1) != want {
			t.Errorf("the log of Mona's account has %d entries: %v", len(log), err)
		}
	}
	pass(t, site, at, 1200)
	if draft, err := site.DB.Draft(t.Context(), alice.ID, "idea/new"); err != nil || draft != nil {
		t.Errorf("Alice's draft stays: %v %v", draft, err)
	}
	stays(true)
	boss = site.As(owner)
	for _, hold := range holds {
		boss.Post(hold+"/release", apptest.Form{"release_reason": "Over"}).Status(http.StatusSeeOther)
	}
	pass(t, site, at, 2)
	stays(false)
}

func TestTheFilesOfSomebodyHeldAreNotSwept(t *testing.T) {
	site := apptest.Start(t)
	owner, mona, alice := site.Person("Olga", models.RoleOwner), site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee)
	files := map[*models.User]*models.File{}
	for _, user := range []*models.User{mona, alice} {
		files[user] = &models.File{UserID: user.ID, Key: "key-" + user.Name, Name: "a.jpg", ContentType: "image/jpeg", Width: 1, Height: 1, Size: 1}
		site.Tx(site.Actor(user), func(tx *models.Tx) error { return tx.CreateFile(files[user]) })
	}
	hold := place(site.As(owner), "/people/"+strconv.FormatInt(mona.ID, 10))
	orphans := func() (owners []int64) {
		found, err := site.DB.OrphanFiles(t.Context(), site.DB.Now().AddDate(1, 0, 0), 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			owners = append(owners, file.UserID)
		}
		return owners
	}
	if found := orphans(); len(found) != 1 || found[0] != alice.ID {
		t.Errorf("the files of %v would go", found)
	}
	var last bool
	site.Tx(nil, func(tx *models.Tx) (err error) {
		last, err = tx.DeleteFile(files[mona])
		return err
	})
	if last {
		t.Error("a held file was forgotten")
	}
	site.As(owner).Post(hold+"/release", apptest.Form{"release_reason": "Over"}).Status(http.StatusSeeOther)
	if found := orphans(); len(found) != 2 {
		t.Errorf("after the release the files of %v would go", found)
	}
}
