package accounts_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAPersonWithoutADirectoryCorrectsWhatIsSaidOfThem(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	client := site.As(mona)
	client.Get("/account").Status(http.StatusOK).See(`id="name"`, `id="job"`, `id="site"`, `id="job_family"`, "It decides which spaces are open to you").NotSee(`name="department"`, `id="email"`)
	leads(t, client.Post("/account", apptest.Form{
		"name": " Mona Bertin ", "job": "Plant  manager", "site": "Lyon", "job_family": "Production", "email": "other@example.test", "role": "owner", "department": "Board",
	}).Status(http.StatusSeeOther), "/account")
	user, err := site.DB.UserByID(t.Context(), mona.ID)
	if err != nil {
		t.Fatal(err)
	}
	if user.Name != "Mona Bertin" || user.Job != "Plant manager" || user.Site != "Lyon" || user.JobFamily != "Production" {
		t.Errorf("after the correction the person is %+v", user)
	}
	if user.Email != "mona@example.test" || user.Role != models.RoleEmployee || user.Department != "" {
		t.Errorf("what nobody says of themselves has changed: %+v", user)
	}
	site.As(site.Person("Alice", models.RoleEmployee)).Get("/people/suggestions?q=bertin").Status(http.StatusOK).See("Mona Bertin", "Plant manager, Lyon")

	client.Post("/account", apptest.Form{"site": ""}).Status(http.StatusSeeOther)
	if user, err = site.DB.UserByID(t.Context(), mona.ID); err != nil || user.Site != "" || user.Job != "Plant manager" {
		t.Errorf("after one line is emptied the person is %+v, %v", user, err)
	}
	for field, wrong := range map[string]string{"name": "  ", "job": strings.Repeat("a", 101), "site": "a\x00b"} {
		client.Post("/account", apptest.Form{"name": "Mona", field: wrong}).Status(http.StatusUnprocessableEntity).See(`id="` + field + `-error"`)
	}
	client.Post("/account", apptest.Form{"job_family": "Pro\u202educ\u202ction"}).Status(http.StatusSeeOther)
	if user, err = site.DB.UserByID(t.Context(), mona.ID); err != nil || user.JobFamily != "Production" {
		t.Errorf("with signs that turn the line around, their job family is %q, %v", user.JobFamily, err)
	}
	client.Post("/account", apptest.Form{"name": "\xff"}).Status(http.StatusUnprocessableEntity)
	site.As(site.Person("Oona", models.RoleOwner)).Get("/audit").Status(http.StatusOK).See("edited an account").NotSee("Plant manager")
}

func TestWhatAProviderSaysIsCorrectedThere(t *testing.T) {
	p := fakeProvider(t)
	p.claims = map[string]any{"site": "Lyon", "department": "Works"}
	site := apptest.Start(t, withProvider(p))
	client := site.Visitor()
	p.finish(client, p.begin(client, "/").Get("state")).Status(http.StatusSeeOther)
	// The provider gives no job: that line is the person's own.
	client.Get("/account").Status(http.StatusOK).See("Mona Bertin", "Lyon", "Works", "It is corrected there", `id="job"`).NotSee(`id="name"`, `id="site"`, "It decides which spaces")
	for field, text := range map[string]string{"name": "The boss", "site": "Paris"} {
		client.Post("/account", apptest.Form{field: text}).Status(http.StatusForbidden)
	}
	client.Post("/account", apptest.Form{"name": "Mona Bertin", "job": "Welder"}).Status(http.StatusSeeOther)
	again := site.Visitor() // signing in once more takes nothing of it back
	p.finish(again, p.begin(again, "/").Get("state")).Status(http.StatusSeeOther)
	again.Get("/account").Status(http.StatusOK).See("Mona Bertin", `value="Welder"`, "Lyon")
}

func TestWhatTheDirectorySaysIsCorrectedThere(t *testing.T) {
	site := apptest.Start(t)
	directory := "mona"
	user := &models.User{UserName: &directory, Name: "Mona", Email: "mona@example.test", Role: models.RoleEmployee}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateDirectoryUser(user) })
	client := site.As(user)
	client.Get("/account").Status(http.StatusOK).See("Said by your company’s directory", `id="site"`).NotSee(`id="name"`, `id="job"`)
	client.Post("/account", apptest.Form{"name": "The boss"}).Status(http.StatusForbidden)
	client.Post("/account", apptest.Form{"site": "Lyon"}).Status(http.StatusSeeOther)
	if now, err := site.DB.UserByID(t.Context(), user.ID); err != nil || now.Site != "Lyon" || now.Name != "Mona" {
		t.Errorf("the person is %+v, %v", now, err)
	}
}
