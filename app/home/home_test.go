package home_test

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

// at starts a house whose clock the test moves.
func at(t *testing.T, now *time.Time) *apptest.Site {
	return apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return *now } })
}

func TestHomeSaysWhatIsNewSinceTheVisitBefore(t *testing.T) {
	now := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	site := at(t, &now)
	alice, bob := site.Person("Alice Martin", models.RoleEmployee), site.Person("Bob Durand", models.RoleEmployee)
	site.Space("plant", models.Company, nil)
	reader, writer := site.As(alice), site.As(bob)
	reader.Get("/").Status(http.StatusOK).See("Hello Alice", "Propose your first idea").NotSee(`pill honey">New idea`)

	now = now.Add(3 * time.Hour)
	writer.Post("/ideas", apptest.Form{"space": "plant", "title": "Fewer badges", "body": "One is enough."}).Status(http.StatusSeeOther)
	site.Settle()
	now = now.Add(3 * time.Hour)
	reader.Get("/").See("Fewer badges", `pill honey">New idea`, "Nobody has answered “Fewer badges” yet", "Bob Durand proposes")
	reader.Get("/").See(`pill honey">New idea`) // still the same visit
	now = now.Add(2 * time.Hour)
	reader.Get("/").NotSee(`pill honey">New idea`)
	writer.Get("/").See("My ideas", "0 supports, 0 messages").NotSee("Nobody has answered “Fewer badges”")
}

func TestTheOneThingToDoIsToAnswerWhoAsked(t *testing.T) {
	site := apptest.Start(t)
	alice, bob := site.Person("Alice Martin", models.RoleEmployee), site.Person("Bob Durand", models.RoleEmployee)
	site.Space("plant", models.Company, nil)
	author, asker := site.As(alice), site.As(bob)
	author.Do(http.MethodPut, "/drafts/idea/new", strings.NewReader(`{"fields":{"title":"Half an idea"}}`), http.Header{"Content-Type": {"application/json"}}).Status(http.StatusOK)
	author.Get("/").See("You had begun “Half an idea”", "Go on with the draft")
	author.Post("/ideas", apptest.Form{"space": "plant", "title": "Fewer badges", "body": "One is enough."}).Status(http.StatusSeeOther)
	asker.Post("/ideas/1/comments", apptest.Form{"body": fmt.Sprintf("Which one, [@Alice Martin](/people/%d)?", alice.ID)}).Status(http.StatusSeeOther)
	site.Settle()
	author.Get("/").See("Bob asks for you on “Fewer badges”", "Which one, @Alice Martin?", `href="/ideas/1/comments/1"`, "Answer Bob").NotSee("Half an idea")
}

func TestHomeShowsNobodyWhatTheyMayNotSee(t *testing.T) {
	site := apptest.Start(t)
	alice, gaston := site.Person("Alice Martin", models.RoleEmployee), site.Person("Gaston Guest", models.RoleExternal)
	site.Space("plant", models.Company, nil)
	site.Space("open", models.Public, nil)
	site.Space("club", models.External, map[*models.User]models.SpaceRole{gaston: models.SpaceMember})
	employee, guest := site.As(alice), site.As(gaston)
	for space, title := range map[string]string{"plant": "For the company", "open": "For everyone"} {
		employee.Post("/ideas", apptest.Form{"space": space, "title": title, "body": "Text."}).Status(http.StatusSeeOther)
	}
	guest.Post("/ideas", apptest.Form{"space": "club", "title": "For the club", "body": "Text."}).Status(http.StatusSeeOther)
	site.Settle()
	employee.Get("/").See("For the company", "For everyone").NotSee("For the club", "Gaston")
	guest.Get("/").See("For the club", "For everyone").NotSee("For the company")
	site.Visitor().Get("/").Status(http.StatusOK).See("For everyone", "Sign in").NotSee("For the company", "For the club")
}
