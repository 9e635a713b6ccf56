package projects_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// house is one with a space that Lena runs and in which Paul has an idea, on a day that the test moves.
type house struct {
	*apptest.Site
	t                               *testing.T
	now                             time.Time
	lena, paul, olaf, connie, guest *models.User
	space                           *models.Space
	idea                            *models.Idea
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return h.now } })
	h.lena, h.paul, h.olaf, h.connie = h.Person("Lena Roy", models.RoleEmployee), h.Person("Paul Petit", models.RoleEmployee), h.Person("Olaf Berg", models.RoleEmployee), h.Person("Connie Control", models.RoleEmployee)
	h.guest = h.Person("Gaston Guest", models.RoleExternal)
	h.space = h.Space("club", models.External, map[*models.User]models.SpaceRole{
		h.lena: models.SpaceManager, h.paul: models.SpaceMember, h.olaf: models.SpaceMember, h.connie: models.SpaceMember, h.guest: models.SpaceMember})
	h.idea = h.post(h.paul, "Less scrap")
	return h
}

func (h *house) post(author *models.User, title string) *models.Idea {
	h.t.Helper()
	idea := &models.Idea{SpaceID: h.space.ID, AuthorID: author.ID, Title: title, Body: title, HTML: title, Stage: models.Decided}
	h.Tx(h.Actor(author), func(tx *models.Tx) error {
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaPosted, idea, nil)
	})
	return idea
}

func (h *house) form(changes ...string) apptest.Form {
	form := apptest.Form{"title": "A scale at every bin", "goal": "Half the scrap, *measured*.", "owner": h.olaf.Email, "controller": h.connie.Email, "starts": "2026-12-02", "due": "2027-03-01"}
	for i := 0; i+1 < len(changes); i += 2 {
		form[changes[i]] = changes[i+1]
	}
	return form
}

// begun is the address of the project that Lena has begun, with the title and without.
func (h *house) begun(changes ...string) (page, base string) {
	h.t.Helper()
	page = h.As(h.lena).Post(fmt.Sprintf("/ideas/%d/project", h.idea.ID), h.form(changes...)).Status(http.StatusSeeOther).Header.Get("Location")
	return page, regexp.MustCompile(`^/projects/\d+`).FindString(page)
}

func (h *house) stage() models.Stage {
	h.t.Helper()
	idea, err := h.DB.Idea(h.t.Context(), h.Actor(h.lena), h.idea.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return idea.Stage
}

func TestAProjectIsBegunByWhoeverRunsTheSpaceAndLedByItsOwner(t *testing.T) {
	h := open(t)
	form := fmt.Sprintf("/ideas/%d/project", h.idea.ID)
	for _, user := range []*models.User{h.paul, h.olaf, h.guest} {
		h.As(user).Get(form).Status(403)
		h.As(user).Post(form, h.form()).Status(403)
		h.As(user).Get(h.idea.Path()).NotSee(form)
	}
	lena, olaf := h.As(h.lena), h.As(h.olaf)
	lena.Get(h.idea.Path()).See(`href="` + form + `"`)
	lena.Get(form).Status(200).See(`value="Less scrap"`, h.lena.Email)
	page, base := h.begun()
	if again := lena.Post(form, h.form("title", "Another one")).Status(http.StatusSeeOther).Header.Get("Location"); again != page { // an idea has one project
		t.Errorf("begun twice it leads to %s", again)
	}
	lena.Get(form).Status(http.StatusSeeOther)
	lena.Get(page).Status(200).See("A scale at every bin", "<em>measured</em>", "Carried by Olaf Berg", "Connie Control", "Less scrap", "Until 1 March 2027", "Start the work")
	h.As(h.paul).Get(page).Status(200).See("Connie Control").NotSee("Start the work", base+"/edit")
	h.As(h.paul).Post(base+"/start", nil).Status(403)
	h.As(h.paul).Get(base + "/edit").Status(403)
	h.As(h.guest).Get(page).Status(200).See("Carried by Olaf Berg").NotSee("Connie", h.olaf.Email)
	h.Visitor().Get(page).Status(404)
	h.As(h.guest).Get(h.idea.Path()).See("A scale at every bin", "This idea will be carried out")

	olaf.Post(base+"/start", nil).Status(http.StatusSeeOther)
	olaf.Post(base+"/start", nil).Status(http.StatusSeeOther) // pressed twice
	olaf.Get("/projects").Status(200).See("A scale at every bin")
	h.Visitor().Get("/projects").Status(200).NotSee("A scale")
	olaf.Post(base+"/completion", nil).Status(http.StatusSeeOther)
	if got := h.stage(); got != models.Implemented {
		t.Errorf("the idea of a finished project is %s", got)
	}
	olaf.Get("/projects?state=done").See("A scale at every bin", "Done on 1 December 2026")
	olaf.Post(base+"/stop", apptest.Form{"reason": "Too late."}).Status(http.StatusConflict)
	olaf.Post(base+"/resumption", nil).Status(http.StatusSeeOther) // it was not finished after all
	if got := h.stage(); got != models.Decided {
		t.Errorf("the idea of a project that goes on is %s", got)
	}
	olaf.Post(base+"/stop", apptest.Form{"reason": " "}).Status(http.StatusUnprocessableEntity).See("Give a reason")
	olaf.Post(base+"/stop", apptest.Form{"reason": "The supplier is gone."}).Status(http.StatusSeeOther)
	h.As(h.guest).Get(page).See("The supplier is gone.")
	olaf.Get("/projects?state=stopped").See("A scale at every bin")
}

func TestWhatIsWrongWithAProjectIsSaidAtItsField(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	stranger := h.Person("Stranger", models.RoleEmployee) // who does not see the space
	for says, change := range map[string][]string{
		"A title has 1 to 160":          {"title", " "},
		"Say who carries the project":   {"owner", ""},
		"somebody else than the owner":  {"controller", h.olaf.Email},
		"has this address":              {"owner", h.guest.Email},
		"who sees this space":           {"controller", stranger.Email},
		"ends after it begins":          {"due", "2026-12-01"},
		"Give a date":                   {"starts", "soon"},
		"hold no pictures or files yet": {"goal", "![it](/files/1)"},
	} {
		lena.Post(fmt.Sprintf("/ideas/%d/project", h.idea.ID), h.form(change...)).Status(http.StatusUnprocessableEntity).See(says)
	}
	_, base := h.begun()
	lena.Post(base, h.form("base", "1", "title", "Two scales")).Status(http.StatusSeeOther)
	lena.Post(base, h.form("base", "1", "title", "Three scales")).Status(http.StatusConflict).See("Somebody else has saved", "Three scales")
	lena.Post(base, h.form("base", "2", "controller", h.olaf.Email)).Status(http.StatusUnprocessableEntity).See("somebody else than the owner")
	lena.Get("/projects?state=loud").Status(422)
	lena.Get("/projects?campaign=x").Status(404)
	lena.Get("/projects?space=nowhere").Status(404)
	lena.Get("/projects/999").Status(404)
}

func TestMilestonesAndTasksAreAddedTickedAndTakenBack(t *testing.T) {
	h := open(t)
	page, base := h.begun()
	olaf, paul, guest := h.As(h.olaf), h.As(h.paul), h.As(h.guest)
	add := func(kind, title string, more ...string) *apptest.Answer {
		form := apptest.Form{"kind": kind, "step_title": title}
		for i := 0; i+1 < len(more); i += 2 {
			form[more[i]] = more[i+1]
		}
		return olaf.Post(base+"/steps", form)
	}
	add("milestone", "Scales are bought", "step_due", "2026-12-10").Status(http.StatusSeeOther)
	add("milestone", "Scales are used").Status(http.StatusSeeOther)
	add("task", "Ask for three offers", "milestone", "1", "assignee", h.paul.Email, "step_due", "2026-12-05").Status(http.StatusSeeOther)
	add("task", " ").Status(http.StatusUnprocessableEntity).See("Say in 1 to 160 signs")
	add("dream", "Fly").Status(http.StatusUnprocessableEntity).See("Choose a milestone or a task")
	add("task", "Pay", "milestone", "3").Status(http.StatusUnprocessableEntity).See("no such milestone", `value="Pay"`)
	add("task", "Pay", "assignee", h.guest.Email).Status(http.StatusUnprocessableEntity).See("has this address")
	olaf.Get(page).See("0 of 2 milestones", "Ask for three offers", "Paul Petit", "Until 5 December 2026")
	guest.Get(page).See("Scales are bought").NotSee("three offers", "Paul Petit") // who works on what is the company's own matter

	h.now = time.Date(2026, 12, 5, 22, 59, 0, 0, time.UTC) // the last minute of the day in Paris
	olaf.Get(page).NotSee("Late since")
	h.now = h.now.Add(time.Minute)
	olaf.Get(page).See("Late since 5 December 2026")

	tick := func(client *apptest.Client, step, done string) *apptest.Answer {
		return client.Post(base+"/steps/"+step+"/tick", apptest.Form{"done": done})
	}
	tick(paul, "3", "1").Status(http.StatusSeeOther) // whose task it is
	tick(paul, "1", "1").Status(403)
	tick(guest, "1", "1").Status(403)
	tick(olaf, "1", "1").Status(http.StatusSeeOther)
	tick(olaf, "1", "2").Status(http.StatusUnprocessableEntity)
	olaf.Get(page).See("1 of 2 milestones").NotSee("Late since")
	tick(olaf, "1", "0").Status(http.StatusSeeOther)

	olaf.Post(base+"/steps/1/removal", nil).Status(http.StatusSeeOther)
	olaf.Get(page).See("0 of 1 milestone", "Ask for three offers", base+"/steps/1/restoration") // the task stays, and there is an undo
	olaf.Get(base + "/steps/1").Status(404)
	tick(olaf, "1", "1").Status(404)
	olaf.Post(base+"/steps/1/restoration", nil).Status(http.StatusSeeOther)
	olaf.Get(base+"/steps/3").Status(200).See(`value="Ask for three offers"`, h.paul.Email)
	paul.Get(base + "/steps/3").Status(403)
	olaf.Post(base+"/steps/3", apptest.Form{"step_title": "Ask for four offers"}).Status(http.StatusSeeOther)
	olaf.Get(page).See("0 of 2 milestones", "four offers").NotSee("Paul Petit</", "three offers")
	olaf.Post(base+"/steps/3", apptest.Form{"step_title": ""}).Status(http.StatusUnprocessableEntity).See("Say in 1 to 160 signs")
}

func TestNewsIsToldToThoseWhoFollowTheIdea(t *testing.T) {
	h := open(t)
	page, base := h.begun()
	olaf, guest := h.As(h.olaf), h.As(h.guest)
	guest.Post(fmt.Sprintf("/ideas/%d/follow", h.idea.ID), apptest.Form{"following": "1"}).Status(http.StatusSeeOther)
	olaf.Post(base+"/updates", apptest.Form{"body": " "}).Status(http.StatusUnprocessableEntity)
	olaf.Post(base+"/updates", apptest.Form{"body": "The **scales** are here."}).Status(http.StatusSeeOther)
	h.As(h.paul).Post(base+"/updates", apptest.Form{"body": "Me too."}).Status(403)
	h.Settle()
	for _, client := range []*apptest.Client{guest, h.As(h.paul)} { // who follows it, and its author
		client.Get("/notifications").See("Olaf Berg has news of the project for “Less scrap”", base)
	}
	olaf.Get("/notifications").NotSee("has news")
	guest.Get(page).See("<strong>scales</strong>").NotSee("updates/1/removal")
	guest.Get("/notifications/count").See(`"unread":"0"`) // who has read the page was told
	olaf.Post(base+"/updates/1/removal", nil).Status(http.StatusSeeOther)
	guest.Get(page).NotSee("<strong>scales</strong>")
	olaf.Post(base+"/updates/1/restoration", nil).Status(http.StatusSeeOther)
	guest.Get(page).See("<strong>scales</strong>")
	for n := range 21 {
		olaf.Post(base+"/updates", apptest.Form{"body": fmt.Sprintf("Day %02d.", n)}).Status(http.StatusSeeOther)
	}
	guest.Get(page).See("Day 20.", "Day 01.", "before=3").NotSee("Day 00.")
	guest.Get(page+"?before=3").See("Day 00.", "<strong>scales</strong>").NotSee("Day 01.")
}

func TestAProjectIsOutOfSightAndRestsWithItsIdea(t *testing.T) {
	h := open(t)
	page, base := h.begun()
	h.As(h.paul).Post(fmt.Sprintf("/ideas/%d/withdrawal", h.idea.ID), nil).Status(http.StatusSeeOther)
	h.As(h.olaf).Get(page).Status(404)
	h.As(h.olaf).Get("/projects?state=planned").NotSee("A scale")
	h.As(h.lena).Get(page).Status(200).NotSee("Start the work")
	h.As(h.lena).Post(base+"/start", nil).Status(http.StatusConflict)
	h.As(h.paul).Post(fmt.Sprintf("/ideas/%d/restoration", h.idea.ID), nil).Status(http.StatusSeeOther)
	h.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(h.space, h.olaf.ID) })
	h.As(h.olaf).Get(page).Status(404) // an owner who may no longer read the idea
	h.As(h.olaf).Post(base+"/start", nil).Status(404)
	h.Tx(nil, func(tx *models.Tx) error { return tx.ArchiveSpace(h.space) })
	h.As(h.lena).Post(base+"/start", nil).Status(403).See("archived")
}

func TestProjectsAreListedInPages(t *testing.T) {
	h := open(t)
	for n := range 23 {
		idea := h.post(h.paul, fmt.Sprintf("Idea %02d", n))
		h.Tx(h.Actor(h.lena), func(tx *models.Tx) error {
			return tx.CreateProject(&models.Project{IdeaID: idea.ID, SpaceID: h.space.ID, Title: fmt.Sprintf("Number %02d", n), OwnerID: &h.olaf.ID, State: models.ProjectRunning})
		})
	}
	paul := h.As(h.paul)
	first := paul.Get("/projects?space=club").Status(200).See("Number 22", "Number 03").NotSee("Number 02<")
	next := regexp.MustCompile(`href="([^"]*before=[^"]*)"`).FindStringSubmatch(first.Text)
	paul.Get(strings.ReplaceAll(next[1], "&amp;", "&")).See("Number 02", "Number 00").NotSee("Number 03<")
	paul.Get("/projects?before=x").Status(422)
}
