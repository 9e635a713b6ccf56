package home_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

var (
	links  = regexp.MustCompile(`<a[^>]*? href="(/[^"#]*)`)
	values = regexp.MustCompile(`=[^&]*`)
)

// furthest is how many pages one person visits.
const furthest = 250

// TestNobodyIsLedToARefusal follows every link that someone is shown from the home page on, as someone of each kind.
func TestNobodyIsLedToARefusal(t *testing.T) {
	site := apptest.Start(t)
	lead, writer := site.Person("Lead", models.RoleEmployee), site.Person("Wanda", models.RoleEmployee)
	reader := site.Person("Rita", models.RoleExternal)
	open := site.Space("open", models.Public, map[*models.User]models.SpaceRole{lead: models.SpaceManager})
	site.Space("plant", models.Company, map[*models.User]models.SpaceRole{lead: models.SpaceManager})
	site.Space("club", models.External, map[*models.User]models.SpaceRole{lead: models.SpaceManager, reader: models.SpaceReader})
	site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{lead: models.SpaceManager})
	for _, slug := range []string{"open", "plant", "board", "club"} {
		author := lead
		if slug == "open" || slug == "plant" {
			author = writer
		}
		site.As(author).Post("/ideas", apptest.Form{"space": slug, "title": "An idea in " + slug, "body": "Text.", "tags": "energy"}).Status(http.StatusSeeOther)
	}
	archived := site.Space("attic", models.Company, map[*models.User]models.SpaceRole{lead: models.SpaceManager})
	site.As(writer).Post("/ideas", apptest.Form{"space": "attic", "title": "An idea in attic", "body": "Text."}).Status(http.StatusSeeOther)
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.ArchiveSpace(archived); err != nil {
			return err
		}
		group := &models.Group{Kind: models.KindGroup, Name: "Energy"}
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		if err := tx.JoinGroup(group.ID, writer.ID); err != nil {
			return err
		}
		return tx.SetSpaceGroup(open, group, models.SpaceMember)
	})
	site.Settle()
	people := map[string]*apptest.Client{"a visitor": site.Visitor(), "the lead": site.As(lead), "a reader from outside": site.As(reader)}
	for _, role := range models.Roles() {
		people[string(role)] = site.As(site.Person("Some "+string(role), role))
	}
	for who, client := range people {
		follow(t, who, client)
	}
}

// follow visits every page that leads on from the home page.
func follow(t *testing.T, who string, client *apptest.Client) {
	t.Helper()
	from, kinds, next := map[string]string{"/": ""}, map[string]bool{}, []string{"/"}
	for visited := 0; len(next) > 0 && visited < furthest; visited++ {
		path := next[0]
		next = next[1:]
		answer := client.Get(path)
		signIn := answer.StatusCode == http.StatusSeeOther && strings.HasPrefix(answer.Header.Get("Location"), "/sign-in")
		if answer.StatusCode >= http.StatusBadRequest || signIn && who != "a visitor" {
			t.Errorf("%s is led from %s to %s, which answers %d", who, from[path], path, answer.StatusCode)
		}
		for _, match := range links.FindAllStringSubmatch(answer.Text, -1) {
			target := html.UnescapeString(match[1])
			if kind := kindOf(target); !kinds[kind] && !strings.HasPrefix(target, "/static/") {
				kinds[kind], from[target] = true, path
				next = append(next, target)
			}
		}
	}
}

// kindOf is an address without what its query says: of a hundred filters of a list one is enough.
func kindOf(target string) string {
	path, query, _ := strings.Cut(target, "?")
	return path + "?" + values.ReplaceAllString(query, "=")
}

func TestAnAuditorComesHomeToTheLog(t *testing.T) {
	site := apptest.Start(t)
	alice := site.Person("Alice Martin", models.RoleEmployee)
	site.Space("plant", models.Company, nil)
	site.Space("open", models.Public, nil)
	employee := site.As(alice)
	for space, title := range map[string]string{"plant": "For the company", "open": "For everyone"} {
		employee.Post("/ideas", apptest.Form{"space": space, "title": title, "body": "Text."}).Status(http.StatusSeeOther)
	}
	site.Settle()
	auditor := site.As(site.Person("Otto Prüfer", models.RoleAuditor))
	auditor.Get("/").Status(http.StatusOK).See("Hello Otto", "You read the log of the house", "posted an idea", `href="/audit"`, "For everyone").
		NotSee("For the company", "One thing to do", "/ideas/new", "New</span>")
	auditor.Get("/search?q=nothing-like-this").Status(http.StatusOK).NotSee("/ideas/new")
	for _, role := range []models.Role{models.RoleHR, models.RoleEmployee} {
		site.As(site.Person("Henri "+string(role), role)).Get("/").Status(http.StatusOK).See("One thing to do", "For the company", `href="/ideas/new"`).NotSee("/audit", "Last in the log")
	}
	site.As(site.Person("Olga", models.RoleOwner)).Get("/").Status(http.StatusOK).See(`href="/audit"`).NotSee("Last in the log")
}

func TestWhoMayWriteNowhereIsNotAskedTo(t *testing.T) {
	site := apptest.Start(t)
	rita := site.Person("Rita", models.RoleExternal)
	club := site.Space("club", models.External, map[*models.User]models.SpaceRole{rita: models.SpaceMember})
	reader := site.As(rita)
	reader.Do(http.MethodPut, "/drafts/idea/new", strings.NewReader(`{"fields":{"title":"Half an idea"}}`), http.Header{"Content-Type": {"application/json"}}).Status(http.StatusOK)
	reader.Get("/").See("Half an idea", `href="/ideas/new"`)
	site.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(club, rita, models.SpaceReader) })
	reader.Get("/").Status(http.StatusOK).NotSee("Half an idea", "/ideas/new", "Propose")
	reader.Get("/ideas").Status(http.StatusOK).NotSee("/ideas/new")
}
