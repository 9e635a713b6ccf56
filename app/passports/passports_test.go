package passports_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"ruche/app/apptest"
	"ruche/app/passports"
	"ruche/models"
)

func TestAPassportHoldsWhatOneDidAndMayStillRead(t *testing.T) {
	site := apptest.Start(t)
	mona, paul := site.Person("Mona", models.RoleEmployee), site.Person("Paul", models.RoleEmployee)
	club := site.Space("club", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager, paul: models.SpaceMember})
	open := site.Space("open", models.Company, nil)
	post := func(author *models.User, space *models.Space, title string) *models.Idea {
		idea := &models.Idea{SpaceID: space.ID, AuthorID: author.ID, Title: title, Body: title, HTML: title}
		site.Tx(site.Actor(author), func(tx *models.Tx) error { return tx.CreateIdea(idea) })
		return idea
	}
	mine, others, secret := post(paul, open, "A bell at the gate"), post(mona, open, "A scale at the bin"), post(mona, club, "A quiet room")
	say := func(idea *models.Idea) {
		site.As(paul).Post(fmt.Sprintf("/ideas/%d/comments", idea.ID), apptest.Form{"body": "Aye"}).Status(http.StatusSeeOther)
	}
	say(others)
	say(others)
	say(secret)
	site.Tx(site.Actor(mona), func(tx *models.Tx) error {
		if err := tx.SignIdea(others, paul.ID); err != nil {
			return err
		}
		now := tx.Now()
		project := &models.Project{IdeaID: mine.ID, SpaceID: open.ID, Title: "The bell", OwnerID: &paul.ID, State: models.ProjectDone, EndedAt: &now}
		if err := tx.CreateProject(project); err != nil {
			return err
		}
		task := &models.Step{Kind: models.Task, Title: "Buy it", AssigneeID: &paul.ID}
		if err := tx.AddStep(project, task); err != nil {
			return err
		}
		return tx.Tick(task, true)
	})
	page := site.As(paul).Get("/account/contributions").Status(200)
	page.See("Ideas of mine", "A bell at the gate", "Ideas that I built with others", "A scale at the bin", "2 comments", "A quiet room", "Ideas that I carried out", "one task", "signed by the house").
		NotSee("Ideas that I answered", "Ideas that I evaluated")
	site.As(mona).Get("/account/contributions").See("A scale at the bin", "A quiet room").NotSee("A bell at the gate", "comments")
	site.Visitor().Get("/account/contributions").Status(http.StatusSeeOther)
	site.As(site.Person("Nora", models.RoleEmployee)).Get("/account/contributions").Status(200).See("Nothing yet")

	site.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(club, paul.ID) })
	site.As(paul).Get("/account/contributions").NotSee("A quiet room")
	token := http.Header{"Authorization": {"Bearer " + site.Token(paul, models.ScopeRead)}}
	for way, answer := range map[string]*apptest.Answer{
		"page": site.As(paul).Get("/account/contributions/file").Status(200), "API": site.Visitor().Do(http.MethodGet, "/api/v1/me/passport", nil, token).Status(200),
	} {
		var file struct {
			Person        string
			Contributions []models.Contribution
		}
		var signed struct{ Passport json.RawMessage }
		if err := json.Unmarshal([]byte(answer.Text), &signed); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(signed.Passport, &file); err != nil {
			t.Fatal(err)
		}
		if file.Person != "Paul" || len(file.Contributions) != 5 || file.Contributions[0].As != models.Originated || file.Contributions[0].At.IsZero() {
			t.Errorf("the file of the %s holds %+v", way, file)
		}
		if _, err := passports.Verify([]byte(answer.Text), nil); err != nil {
			t.Errorf("the file of the %s: %v", way, err)
		}
	}
	site.Visitor().Get("/api/v1/me/passport").Status(http.StatusUnauthorized)
}
