package members_test

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

var anyLink = regexp.MustCompile(`token=([0-9a-f]{64})`)

// enters comes in by the link in a text.
func enters(t *testing.T, site *apptest.Site, text string) *apptest.Client {
	t.Helper()
	token := anyLink.FindStringSubmatch(text)
	if token == nil {
		t.Fatalf("no link in %q", text)
	}
	client := site.Visitor()
	client.Post("/sign-in/link", apptest.Form{"token": token[1]}).Status(http.StatusSeeOther)
	return client
}

const newcomers = "email,name,language\nzoe@example.test,Zoé,fr\nnora@example.test,=Nora,en\n"

func TestThoseOfAListGetALetter(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option)
	boss := site.As(site.Person("Mathilde", models.RoleManager))
	mona := site.Person("Mona", models.RoleEmployee)
	address, page := checked(t, boss, newcomers+mona.Email+",Mona Petit,\n")
	page.See("Each who is new gets a letter")
	boss.Post(address+"/import", nil).Status(http.StatusSeeOther)
	site.Settle()
	boss.Get(address).See("gets a letter").NotSee("Download the links")
	boss.Post(address+"/links", nil).Status(http.StatusConflict).NotSee("token=")
	if letter := post.Letter("zoe@example.test"); !strings.Contains(letter.Text, "Mathilde vous a ouvert un compte") {
		t.Errorf("the letter says %s", letter.Text)
	}
	enters(t, site, post.Letter("nora@example.test").Text).Get("/account").See("=Nora")
	if n := len(post.Letters()); n != 2 {
		t.Errorf("%d letters, want one for each who is new", n)
	}
}

func TestWithoutAMailServerTheLinksOfAListAreFetchedOnce(t *testing.T) {
	site := apptest.Start(t)
	mathilde := site.Person("Mathilde", models.RoleManager)
	boss := site.As(mathilde)
	address, page := checked(t, boss, newcomers)
	page.See("you download a link for each who is new")
	boss.Post(address+"/links", nil).Status(http.StatusConflict) // nobody is here yet
	boss.Post(address+"/import", nil).Status(http.StatusSeeOther)
	site.Settle()
	boss.Get(address).See("Download the links").NotSee("token=")
	site.As(site.Person("Olga", models.RoleOwner)).Post(address+"/links", nil).Status(http.StatusNotFound) // the sender's alone

	answer := boss.Post(address+"/links", nil).Status(http.StatusOK)
	if kind := answer.Header.Get("Content-Type") + answer.Header.Get("Cache-Control"); kind != "text/csv; charset=utf-8private, no-store" {
		t.Errorf("sent as %s", kind)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answer.Text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][2] != "Link" || rows[2][1] != "'=Nora" {
		t.Fatalf("%v, %v", rows, err)
	}
	enters(t, site, rows[1][2]).Get("/account").See("Zoé")
	boss.Post(address+"/links", nil).Status(http.StatusConflict).NotSee("token=")
	boss.Get(address).See("are not shown again").NotSee("Download the links", "token=")
	site.As(site.Person("Odile", models.RoleOwner)).Get("/audit?verb=link.created").See("Mathilde", "by a list")
	enters(t, site, rows[2][2]).Get("/account").See("=Nora")
}

func TestWhoHasComeInMeanwhileOrHasASayGetsNoLinkFromAList(t *testing.T) {
	site := apptest.Start(t)
	mathilde := site.Person("Mathilde", models.RoleManager)
	boss := site.As(mathilde)
	address, _ := checked(t, boss, newcomers+"lea@example.test,Léa,fr\n")
	boss.Post(address+"/import", nil).Status(http.StatusSeeOther)
	site.Settle()
	zoe, nora := user(t, site, "zoe@example.test"), user(t, site, "nora@example.test")
	enters(t, site, "token="+site.LoginToken(zoe))
	site.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.ChangeRole(nora, models.RoleOwner)
		return err
	})
	boss.Post(address+"/links", nil).Status(http.StatusOK).See("lea@example.test").NotSee("zoe@example.test", "nora@example.test")
}

func TestAListOverwritesNothingThatItsSenderHasNotSeen(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Microsecond)
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	boss, mona := site.As(site.Person("Mathilde", models.RoleManager)), site.Person("Mona", models.RoleEmployee)
	address, page := checked(t, boss, "email,job,name\n"+mona.Email+",Buyer,\nzoe@example.test,,Zoé\n")
	seen := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(page.Text)
	if seen == nil {
		t.Fatal("the form does not say as of when it shows what the list does")
	}
	now = now.Add(time.Minute)
	site.Tx(nil, func(tx *models.Tx) error {
		mona.Job = "Engineer"
		return tx.SaveProfile(mona)
	})
	boss.Post(address+"/import", apptest.Form{"seen": seen[1]}).Status(http.StatusSeeOther)
	site.Settle()
	boss.Get(address).See("Nothing was imported because of line 2", "Somebody has changed this account since you looked")
	boss.Get(address + "?show=changed").See("Job: Engineer → Buyer")
	if got := user(t, site, mona.Email).Job; got != "Engineer" {
		t.Errorf("Mona is %s", got)
	}
	if _, err := site.DB.UserByEmail(t.Context(), "zoe@example.test"); err == nil {
		t.Error("half of the list is in")
	}
	again := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(boss.Get(address).Text)
	now = now.Add(time.Second)
	boss.Post(address+"/import", apptest.Form{"seen": again[1]}).Status(http.StatusSeeOther)
	site.Settle()
	boss.Get(address).See("Changed accounts: 1")
	if got := user(t, site, mona.Email).Job; got != "Buyer" {
		t.Errorf("Mona is %s", got)
	}
}

func TestWhoJoinsAGroupByAListIsInTheLog(t *testing.T) {
	site := apptest.Start(t)
	olga := site.Person("Olga", models.RoleOwner)
	boss := site.As(olga)
	circle := &models.Group{Kind: models.KindGroup, Name: "Cercle"}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateGroup(circle) })
	taken(t, site, boss, "email,name,groups\nzoe@example.test,Zoé,Cercle\nnora@example.test,Nora,\n").See("New people: 2")
	entries, err := site.DB.Audit(t.Context(), site.Actor(olga), models.GroupEdited, 0, 10)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%+v, %v", entries, err)
	}
	var change models.GroupChange
	if err := entries[0].Decode(&change); err != nil || entries[0].SubjectID != circle.ID || change.By != "roster" || len(change.Joined) != 1 || change.Joined[0] != user(t, site, "zoe@example.test").ID {
		t.Errorf("noted %+v of %d, %v", change, entries[0].SubjectID, err)
	}
	boss.Get("/audit?verb=group.edited").See("by a list")
	taken(t, site, boss, "email,job,groups\nzoe@example.test,Buyer,Cercle\n")
	if entries, err = site.DB.Audit(t.Context(), site.Actor(olga), models.GroupEdited, 0, 10); err != nil || len(entries) != 1 {
		t.Errorf("who is in it already joins again: %+v, %v", entries, err)
	}
}

func TestWhatGoesOutAsAListComesInAsNothingNew(t *testing.T) {
	site := apptest.Start(t)
	olga := site.Person("Olga", models.RoleOwner)
	boss := site.As(olga)
	gone, mona, guest := site.Person("Gone", models.RoleManager), site.Person("Mona", models.RoleModerator), site.Person("Gaston", models.RoleExternal)
	odd := []string{`'=1+1`, `Joan|Jett`, `Back\slash`, "O'Neil; \"Bill\", x", "-Dash"}
	site.Tx(nil, func(tx *models.Tx) error {
		for i, name := range odd {
			person := &models.User{Name: name, Email: string(rune('a'+i)) + "@example.test", Role: models.RoleEmployee, Job: name, Locale: "fr"}
			if err := tx.CreateUser(person); err != nil {
				return err
			}
			if err := tx.SetDepartment(person.ID, name); err != nil {
				return err
			}
			group := &models.Group{Kind: models.KindGroup, Name: name}
			if err := tx.CreateGroup(group); err != nil {
				return err
			}
			if err := tx.JoinGroup(group.ID, mona.ID, person.ID); err != nil {
				return err
			}
		}
		for _, user := range []*models.User{mona, guest} { // whose manager has left
			user.ManagerID, user.JobFamily = &gone.ID, "Ingénierie"
			if err := tx.SaveJob(user); err != nil {
				return err
			}
		}
		return tx.Disable(gone.ID)
	})
	out := boss.Get("/members/export").Status(http.StatusOK).See("language,groups", `Joan\|Jett`, `Back\\slash`).NotSee(gone.Name + ",")
	_, page := checked(t, boss, out.Text)
	page.See("Everything that the list says is so already").NotSee("Refused")

	// The same list builds the house anew, groups and all, once they are emptied.
	site.Tx(nil, func(tx *models.Tx) error {
		groups, err := tx.ChosenGroups(t.Context(), 10)
		for _, group := range groups {
			if err == nil {
				err = tx.LeaveGroup(group.ID, mona.ID)
			}
		}
		return err
	})
	taken(t, site, boss, out.Text).See("Changed accounts: 1")
	if again := boss.Get("/members/export"); again.Text != out.Text {
		t.Errorf("out comes\n%s\nafter\n%s", again.Text, out.Text)
	}
}
