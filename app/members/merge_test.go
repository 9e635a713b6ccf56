package members_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// pair is a house in which Mona has two accounts.
type pair struct {
	t                 *testing.T
	site              *apptest.Site
	owner, boss       *models.User
	kept, gone, other *models.User
	guest, report     *models.User
	lab               *models.Space
	idea, first       *models.Idea // of somebody else, which both of Mona's accounts support; of the account that goes
	boss1             *apptest.Client
}

const (
	keptIssuer = "https://login.example.test"
	goneIssuer = "https://partners.example.test"
)

func twoAccounts(t *testing.T) *pair {
	site := apptest.Start(t)
	p := &pair{t: t, site: site, owner: site.Person("Olga Owner", models.RoleOwner), boss: site.Person("Mathilde Roy", models.RoleManager),
		kept: site.Person("Mona Petit", models.RoleEmployee), gone: site.Person("M Petit", models.RoleEmployee), other: site.Person("Paul Other", models.RoleEmployee),
		guest: site.Person("Gus Guest", models.RoleExternal), report: site.Person("Rita Report", models.RoleEmployee)}
	p.lab = site.Space("lab", models.Company, map[*models.User]models.SpaceRole{p.kept: models.SpaceMember, p.gone: models.SpaceManager, p.boss: models.SpaceManager})
	site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{p.gone: models.SpaceExpert, p.boss: models.SpaceManager})
	site.Space("circle", models.Restricted, map[*models.User]models.SpaceRole{p.boss: models.SpaceManager})
	p.idea = p.post(p.other, "Fewer badges")
	p.first = p.post(p.gone, "More plants")
	p.post(p.kept, "Longer breaks")
	p.boss1 = site.As(p.boss)
	kept, gone := site.As(p.kept), site.As(p.gone)
	for _, client := range []*apptest.Client{kept, gone} {
		client.Post(p.address(p.idea, "/supports"), apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
		client.Post(p.address(p.idea, "/comments"), apptest.Form{"body": "I agree with it"}).Status(http.StatusSeeOther)
	}
	gone.Post(p.address(p.first, ""), apptest.Form{"title": "More green plants", "body": "And flowers.", "base": "1"}).Status(http.StatusSeeOther)
	site.As(p.other).Post(p.address(p.first, "/supports"), apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	gone.Post(p.address(p.first, "/supports"), apptest.Form{"supported": "1"})
	site.Tx(site.Actor(p.gone), p.rights)
	site.Tx(site.Actor(p.gone), p.reads)
	site.Settle()
	return p
}

// reads lets the account that goes follow one thread of another person and only read a second one.
func (p *pair) reads(tx *models.Tx) error {
	for _, level := range []models.FollowLevel{models.LevelFollow, ""} {
		thread := &models.Thread{SpaceID: p.lab.ID, AuthorID: p.other.ID, Kind: models.Discussion, Title: "Where do we meet?"}
		if err := tx.CreateThread(thread, &models.Post{AuthorID: p.other.ID, Body: "x", HTML: "x"}); err != nil {
			return err
		}
		if err := tx.ReadThread(thread, 1); err != nil {
			return err
		}
		if _, err := tx.SetLevel(thread, level); err != nil {
			return err
		}
	}
	return nil
}

func (p *pair) rights(tx *models.Tx) error {
	group, both := &models.Group{Kind: models.KindGroup, Name: "Circle"}, &models.Group{Kind: models.KindGroup, Name: "Both"}
	circle, err := tx.SpaceBySlug(tx.Context(), p.site.Actor(p.boss), "circle")
	if err != nil {
		return err
	}
	until := tx.Now().Add(60 * 24 * time.Hour)
	p.report.ManagerID = &p.gone.ID
	return errors.Join(tx.CreateGroup(group), tx.CreateGroup(both), tx.SetSpaceGroup(circle, group, models.SpaceReader), tx.JoinGroup(group.ID, p.gone.ID), tx.JoinGroup(both.ID, p.kept.ID, p.gone.ID),
		tx.SetDepartment(p.kept.ID, "Énergie"), tx.SetDepartment(p.gone.ID, "Recherche"), tx.SaveJob(p.report),
		tx.SetTerms(p.guest.ID, models.Terms{ExpiresAt: &until, SponsorID: &p.gone.ID}),
		tx.Bind(p.kept.ID, keptIssuer, "mona"), tx.Bind(p.gone.ID, goneIssuer, "m.petit"),
		tx.AddPasskey(&models.Passkey{UserID: p.gone.ID, CredentialID: "abc", Credential: "{}", Name: "Phone"}),
		tx.SaveDraft(p.kept.ID, "ideas/new", models.Fields{"title": "Kept"}), tx.SaveDraft(p.gone.ID, "ideas/new", models.Fields{"title": "Gone"}), tx.SaveDraft(p.gone.ID, "ideas/1", models.Fields{"title": "Only"}),
		tx.Follow(p.kept.ID, p.first.ID), tx.Follow(p.gone.ID, p.first.ID), tx.NotifyFromHouse(p.gone.ID, models.NoticeExport))
}

func (p *pair) post(author *models.User, title string) *models.Idea {
	p.t.Helper()
	answer := p.site.As(author).Post("/ideas", apptest.Form{"space": p.lab.Slug, "title": title, "body": "Because.", "once": title}).Status(http.StatusSeeOther)
	var id int64
	if _, err := fmt.Sscanf(answer.Header.Get("Location"), "/ideas/%d", &id); err != nil {
		p.t.Fatal(err)
	}
	idea, err := p.site.DB.Idea(p.t.Context(), p.site.Actor(author), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return idea
}

func (p *pair) address(idea *models.Idea, more string) string {
	return fmt.Sprintf("/ideas/%d%s", idea.ID, more)
}

func (p *pair) mergePath() string { return fmt.Sprintf("/members/%d/merge/%d", p.kept.ID, p.gone.ID) }

// merge puts the second account into the first and returns where that is told.
func (p *pair) merge() string {
	p.t.Helper()
	p.boss1.Post(p.mergePath(), apptest.Form{"sure": "1"}).Status(http.StatusSeeOther)
	merges, err := p.site.DB.Merges(p.t.Context(), p.site.Actor(p.boss), p.kept.ID)
	if err != nil || len(merges) == 0 {
		p.t.Fatalf("merges: %v, %v", merges, err)
	}
	return fmt.Sprintf("/members/%d/merges/%d", p.kept.ID, merges[0].ID)
}

// unlike are the tables and columns that a merge and its undoing leave otherwise than they were, and are meant to.
var unlike = []string{"merges", "merged_rows", "events", "jobs", "cursors", "house_notices", "sessions", "tokens", "login_links", "users.changed_at", "groups.version", "groups.changed_at",
	"ideas.hot", "memberships.created_at", "grants.created_at", "notices.read_at"}

// TestAMergeThatIsUndoneLeavesEverythingAsItWas compares the whole database.
func TestAMergeThatIsUndoneLeavesEverythingAsItWas(t *testing.T) {
	p := twoAccounts(t)
	before := modelstest.Rows(t, p.site.Config.DatabaseURL, unlike...)
	hot := p.hot()
	record := p.merge()
	p.site.Settle()
	for table, rows := range modelstest.Rows(t, p.site.Config.DatabaseURL, append(slices.Clone(unlike), "merges", "user_words", "access_reminders", "idempotency_keys")...) {
		if table != "users" && table != "drafts" && strings.Contains(strings.Join(rows, "\n"), fmt.Sprintf("r_id=%d ", p.gone.ID)) {
			t.Errorf("%s still names the account that went", table)
		}
	}
	p.boss1.Post(record+"/undo", nil).Status(http.StatusSeeOther)
	p.boss1.Get(record).Status(http.StatusOK).See("Everything was given back", "Undone")
	after := modelstest.Rows(t, p.site.Config.DatabaseURL, unlike...)
	for _, table := range slices.Sorted(maps.Keys(before)) {
		if !slices.Equal(before[table], after[table]) {
			t.Errorf("%s is otherwise than before:\n%s\n---\n%s", table, strings.Join(before[table], "\n"), strings.Join(after[table], "\n"))
		}
	}
	for id, rank := range p.hot() {
		if difference := rank - hot[id]; difference > 1e-6 || difference < -1e-6 {
			t.Errorf("idea %d has another rank than before: %f, %f", id, hot[id], rank)
		}
	}
}

func (p *pair) hot() map[int64]float64 {
	ranks := map[int64]float64{}
	ideas, _, err := p.site.DB.Ideas(p.t.Context(), p.site.Actor(p.boss), models.IdeaQuery{Sort: models.SortNewest, Limit: 50})
	if err != nil {
		p.t.Fatal(err)
	}
	for i := range ideas {
		ranks[ideas[i].ID] = ideas[i].Hot
	}
	return ranks
}

func TestTheWayFromThePersonToTheMergeAndBack(t *testing.T) {
	p := twoAccounts(t)
	choose := fmt.Sprintf("/members/%d/merge", p.kept.ID)
	p.boss1.Get(path(p.kept, "")).Status(http.StatusOK).See(choose)
	p.boss1.Get(choose).Status(http.StatusOK).See("Nothing changes before").NotSee("M Petit")
	p.boss1.Get(choose+"?q=petit").Status(http.StatusOK).See("M Petit", p.mergePath()).NotSee("Paul Other", "Olga Owner", fmt.Sprintf("/merge/%d", p.kept.ID))
	p.boss1.Get(choose + "?q=olga").Status(http.StatusOK).NotSee("Olga Owner")
	page := p.boss1.Get(p.mergePath()).Status(http.StatusOK)
	page.See("This account stays", "mona-petit@example.test", "m-petit@example.test", "Énergie", "Recherche", "Both accounts belong to the same person", "for 30 days", fmt.Sprintf("/members/%d/merge/%d", p.gone.ID, p.kept.ID))
	for kind, figures := range map[string]string{"Ideas": "1", "Versions of ideas": "2", "Comments": "1", "Drafts": "2 1", "Supports": "2 1", "Roles in spaces": "3 1", "Groups and department": "3 2", "Passkeys": "1", "What this person follows": "3 2",
		"People whose manager they are": "1", "People and programs they answer for": "1"} {
		if got := figuresOf(page.Text, kind); got != figures {
			t.Errorf("%s: %q, want %q", kind, got, figures)
		}
	}
	p.boss1.Post(p.mergePath(), nil).Status(http.StatusUnprocessableEntity).See("Confirm that both accounts belong")
	record := p.merge()
	p.boss1.Get(path(p.kept, "")).Status(http.StatusOK).See("The accounts are merged", record+"/undo", "M Petit, merged on")
	p.boss1.Get(record).Status(http.StatusOK).See("Mathilde Roy merged the account", "Undo the merge", "Versions of ideas")
	p.boss1.Get("/members?q=petit").Status(http.StatusOK).See("Mona Petit").NotSee(">M Petit<")
	for from, to := range map[string]string{path(p.gone, ""): path(p.kept, ""), fmt.Sprintf("/people/%d", p.gone.ID): fmt.Sprintf("/people/%d", p.kept.ID)} {
		if got := p.boss1.Get(from).Status(http.StatusSeeOther).Header.Get("Location"); got != to {
			t.Errorf("%s leads to %s", from, got)
		}
	}
	p.site.Visitor().Get(fmt.Sprintf("/people/%d", p.gone.ID)).Status(http.StatusNotFound)
	p.site.As(p.owner).Get("/audit").Status(http.StatusOK).See("merged two accounts of the same person", "M Petit")
	p.site.As(p.kept).Get("/notifications").Status(http.StatusOK).See("Another account of yours was merged into this one")
	p.boss1.Post(record+"/undo", nil).Status(http.StatusSeeOther)
	p.boss1.Post(record+"/undo", nil).Status(http.StatusUnprocessableEntity).See("undone already")
	p.boss1.Get(path(p.gone, "")).Status(http.StatusOK).See("m-petit@example.test")
	p.boss1.Post(fmt.Sprintf("/members/%d/merges/999/undo", p.kept.ID), nil).Status(http.StatusNotFound)
}

var tags = regexp.MustCompile(`<[^>]*>`)

// figuresOf are the numbers in the row of a table that begins with some words.
func figuresOf(page, words string) string {
	_, row, _ := strings.Cut(page, `<th scope="row">`+words+`</th>`)
	row, _, _ = strings.Cut(row, "</tr>")
	return strings.Join(strings.Fields(strings.ReplaceAll(tags.ReplaceAllString(row, " "), "–", "")), " ")
}
