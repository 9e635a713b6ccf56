package admin_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/views/i18n"
)

func TestTheAuditLogIsForOwners(t *testing.T) {
	site := apptest.Start(t)
	for role, status := range map[models.Role]int{
		models.RoleOwner: http.StatusOK, models.RoleManager: http.StatusForbidden, models.RoleModerator: http.StatusForbidden, models.RoleEmployee: http.StatusForbidden, models.RoleExternal: http.StatusForbidden,
	} {
		site.As(site.Person(string(role), role)).Get("/audit").Status(status)
	}
	answer := site.Visitor().Get("/audit?verb=idea.posted").Status(http.StatusSeeOther)
	if location := answer.Header.Get("Location"); location != "/sign-in?next=%2Faudit%3Fverb%3Didea.posted" {
		t.Errorf("a visitor is sent to %q", location)
	}
}

func TestTheLogTellsWhatHappenedButNothingOfClosedRooms(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceMember})
	site.Space("house", models.Company, nil)
	client := site.As(mona)
	for _, slug := range []string{"board", "house"} {
		client.Post("/ideas", apptest.Form{"space": slug, "title": "Closing the site of Lyon", "body": "Secret.", "once": "once-for-the-space-" + slug}).Status(http.StatusSeeOther)
	}
	owner := site.As(site.Person("Olga", models.RoleOwner))
	page := owner.Get("/audit?verb=idea.posted").Status(http.StatusOK).See("Mona", "posted an idea", "A space for its members alone", ">house<", `href="/ideas/2"`)
	page.NotSee("Lyon", "Secret", ">board<", `href="/ideas/1"`)
	owner.Get("/audit?verb=user.signed_in").See("signed in").NotSee("posted an idea</td>")
	owner.Get("/audit?verb=nothing.happened").Status(http.StatusOK).See("Nothing like this has happened")
	for _, before := range []string{"x", "-1", "0", "99999999999999999999"} {
		owner.Get("/audit?before=" + before).Status(http.StatusUnprocessableEntity)
	}
}

func TestTheLogIsReadPageByPage(t *testing.T) {
	site := apptest.Start(t)
	olga := site.Person("Olga", models.RoleOwner)
	site.Tx(site.Actor(olga), func(tx *models.Tx) error {
		events := make([]models.Event, 120)
		for i := range events {
			events[i] = models.Event{At: tx.Now(), Verb: models.SearchReindex, ActorID: olga.ID, Subject: "system"}
		}
		return tx.RecordAll(events)
	})
	client := site.As(olga)
	path, seen := "/audit?verb=search.reindex", 0
	next := regexp.MustCompile(`href="(/audit\?before=\d+&amp;verb=search.reindex)"`)
	for pages := 1; ; pages++ {
		page := client.Get(path).Status(http.StatusOK)
		seen += strings.Count(page.Text, "asked for a new search index\n") + strings.Count(page.Text, "<td>asked for a new search index")
		match := next.FindStringSubmatch(page.Text)
		if match == nil {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
		path = strings.ReplaceAll(match[1], "&amp;", "&")
	}
	if seen != 120 {
		t.Errorf("%d entries, want 120", seen)
	}
}

func TestEveryVerbHasItsWords(t *testing.T) {
	source, err := os.ReadFile("../../models/verb.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range regexp.MustCompile(`(?m)^\t\w+ += "([a-z]+\.[a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
		if !slices.Contains(models.Verbs(), match[1]) {
			t.Errorf("%s is a verb that models.Verbs leaves out", match[1])
		}
	}
	for _, lang := range i18n.Languages {
		l := i18n.For(lang)
		for _, verb := range models.Verbs() {
			if !l.Has("audit.verb." + verb) {
				t.Error(fmt.Sprint(lang, " has no words for ", verb))
			}
		}
		for _, subject := range []string{"idea", "post", "space", "user", "token", "system", "rule", "hold"} {
			if !l.Has("audit.subject." + subject) {
				t.Errorf("%s has no words for a %s", lang, subject)
			}
		}
	}
}
