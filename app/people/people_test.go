package people_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAPersonsPageShowsOnlyTheIdeasThatTheReaderMaySee(t *testing.T) {
	site := apptest.Start(t)
	mona, karl := site.Person("Mona", models.RoleEmployee), site.Person("Karl", models.RoleEmployee)
	camille := site.Person("Camille", models.RoleExternal)
	site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceMember})
	site.Space("customers", models.External, map[*models.User]models.SpaceRole{mona: models.SpaceMember, camille: models.SpaceMember})
	site.Space("house", models.Company, nil)
	author := site.As(mona)
	for _, slug := range []string{"board", "customers", "house"} {
		post(author, slug, "An idea for "+slug)
	}
	page := "/people/" + fmt.Sprint(mona.ID)
	author.Get(page).Status(http.StatusOK).See("An idea for board", "An idea for customers", "An idea for house").NotSee("mona@example.test")
	site.As(karl).Get(page).Status(http.StatusOK).See("Mona", "Employee", "An idea for house").NotSee("for board", "for customers")
	site.As(camille).Get(page).Status(http.StatusOK).See("An idea for customers").NotSee("for board", "for house")
	site.Visitor().Get(page).Status(http.StatusNotFound).NotSee("Mona")
	site.As(camille).Get("/people/" + fmt.Sprint(karl.ID)).Status(http.StatusNotFound).NotSee("Karl")
	site.As(karl).Get("/people/"+fmt.Sprint(camille.ID)).Status(http.StatusOK).See("External", "has no idea yet that you can read")
	for _, id := range []string{"0", "-1", "x", "99999", "99999999999999999999"} {
		author.Get("/people/" + id).Status(http.StatusNotFound)
	}
	author.Get(page + "?cursor=rubbish").Status(http.StatusUnprocessableEntity)
}

func TestALongListOfIdeasGoesOnOverPages(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	site.Space("house", models.Company, nil)
	client := site.As(mona)
	for i := range 23 {
		post(client, "house", fmt.Sprintf("Idea number %02d", i))
	}
	page := "/people/" + fmt.Sprint(mona.ID)
	first := client.Get(page).Status(http.StatusOK).See("Idea number 22", "Idea number 03").NotSee("Idea number 02")
	_, rest, _ := strings.Cut(first.Text, page+"?cursor=")
	cursor, _, _ := strings.Cut(rest, `"`)
	client.Get(page+"?cursor="+cursor).Status(http.StatusOK).See("Idea number 02", "Idea number 00").NotSee("Idea number 03")
}

func TestMentionsAreSuggestedAmongThoseWhoMayRead(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	camille := site.Person("Camille", models.RoleExternal)
	site.Person("Karl", models.RoleEmployee)
	site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceMember})
	site.Space("customers", models.External, map[*models.User]models.SpaceRole{mona: models.SpaceMember, camille: models.SpaceMember})
	for _, asked := range []struct {
		who   *models.User
		query string
		want  []string
	}{
		{mona, "", []string{"Karl", "Mona"}}, {mona, "q=ka", []string{"Karl"}}, {mona, "q=ka&space=board", nil}, {mona, "q=&space=board", []string{"Mona"}},
		{mona, "q=&space=customers", []string{"Camille", "Mona"}}, {camille, "", nil}, {camille, "q=k", nil}, {camille, "q=&space=customers", []string{"Camille", "Mona"}},
		{mona, "q=" + strings.Repeat("a", 10_000), nil}, {mona, "q=%00%ff%25_", nil},
	} {
		answer := site.As(asked.who).Get("/people/suggestions?" + asked.query).Status(http.StatusOK)
		var got struct{ Items []struct{ Name, Hint string } }
		if err := json.Unmarshal([]byte(answer.Text), &got); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, item := range got.Items {
			names = append(names, item.Name)
		}
		if !slices.Equal(names, asked.want) {
			t.Errorf("%s asks %.40s: %v, want %v", asked.who.Name, asked.query, names, asked.want)
		}
	}
	site.As(camille).Get("/people/suggestions?space=board").Status(http.StatusNotFound)
	site.Visitor().Get("/people/suggestions?q=k").Status(http.StatusSeeOther).NotSee("Karl")
}

func post(client *apptest.Client, space, title string) {
	client.Post("/ideas", apptest.Form{"space": space, "title": title, "body": "With a body.", "once": url.QueryEscape(title) + strings.Repeat("x", 20)}).Status(http.StatusSeeOther)
}
