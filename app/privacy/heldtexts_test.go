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

// heldHouse is a house with a space, years before now, in which Olga owns, Mona writes and Alice is to be erased.
type heldHouse struct {
	*apptest.Site
	t                  *testing.T
	at                 *clock
	owner, mona, alice *models.User
}

func openHeld(t *testing.T) *heldHouse {
	at := &clock{time.Now().AddDate(0, 0, -200)}
	site := apptest.Start(t, at.option, apptest.NewPost(t).Option)
	h := &heldHouse{site, t, at, site.Person("Olga", models.RoleOwner), site.Person("Mona Petit", models.RoleEmployee), site.Person("Alice Grand", models.RoleEmployee)}
	site.Space("plant", models.Company, map[*models.User]models.SpaceRole{h.owner: models.SpaceManager, h.mona: models.SpaceManager})
	rules := apptest.Form{"contributions": string(models.RuleChoose)}
	for _, period := range models.Periods() {
		rules[string(period.Kind)] = strconv.Itoa(period.Usual)
	}
	site.As(h.owner).Post("/privacy/settings", rules).Status(http.StatusSeeOther)
	return h
}

// hold places a hold of a day that lies before the house.
func (h *heldHouse) hold(page string) {
	h.t.Helper()
	h.As(h.owner).Post("/privacy/holds", apptest.Form{"page": page, "reference": "RG", "dated": "2025-01-05", "reason": "Patent"}).Status(http.StatusSeeOther)
}

// erased has Alice ask for her erasure, waits for more than the grace and tells whether her account is gone.
func (h *heldHouse) erased(contributions models.Rule) bool {
	h.t.Helper()
	h.As(h.alice).Post("/account/data/erasure", apptest.Form{"contributions": string(contributions)}).Status(http.StatusSeeOther)
	pass(h.t, h.Site, h.at, 20)
	return h.As(h.owner).Get("/people/"+strconv.FormatInt(h.alice.ID, 10)).StatusCode == http.StatusNotFound
}

func (h *heldHouse) event(by *models.User, body string) (path string) {
	h.t.Helper()
	day := h.DB.Now().AddDate(0, 0, 30).Format(time.DateOnly)
	form := apptest.Form{"space": "plant", "title": "Meeting", "body": body, "starts_day": day, "starts_time": "17:00", "ends_day": day, "ends_time": "18:30"}
	path, _, _ = strings.Cut(h.As(by).Post("/events", form).Status(http.StatusSeeOther).Header.Get("Location"), "?")
	return path
}

func TestWhatStandsInAHeldSpaceIsNotRewritten(t *testing.T) {
	h := openHeld(t)
	event := h.event(h.mona, "Alice Grand sold the patent.")
	h.As(h.mona).Post("/events/1/posts", apptest.Form{"body": "I heard Alice Grand say so."}).Status(http.StatusSeeOther)
	h.hold("/spaces/plant")
	h.erased(models.RuleKeep)
	h.As(h.owner).Get(event).Status(http.StatusOK).See("Alice Grand sold the patent.", "I heard Alice Grand say so.")
}

func TestWhatSomebodyHeldWroteIsNotRewritten(t *testing.T) {
	h := openHeld(t)
	idea := h.As(h.mona).Post("/ideas", apptest.Form{"space": "plant", "title": "Fewer badges", "body": "Alice Grand sold the patent."}).Status(http.StatusSeeOther).Header.Get("Location")
	idea, _, _ = strings.Cut(idea, "?")
	h.hold("/people/" + strconv.FormatInt(h.mona.ID, 10))
	h.erased(models.RuleKeep)
	h.As(h.owner).Get(idea).Status(http.StatusOK).See("Alice Grand sold the patent.")
}

func TestAnErasureWaitsWhereItWouldTakeWhatSomebodyHeldWrote(t *testing.T) {
	for _, held := range []bool{false, true} {
		h := openHeld(t)
		h.event(h.alice, "Come.")
		day := h.DB.Now().AddDate(0, 0, 30).Format(time.DateOnly)
		h.As(h.mona).Post("/events/1", apptest.Form{"space": "plant", "base": "1", "title": "Meeting", "body": "The patent was sold.", "starts_day": day, "starts_time": "17:00", "ends_day": day, "ends_time": "18:30"}).Status(http.StatusSeeOther)
		if held {
			h.hold("/people/" + strconv.FormatInt(h.mona.ID, 10))
		}
		if gone := h.erased("remove"); gone == held {
			t.Errorf("Mona held: %v, Alice gone: %v", held, gone)
		}
	}
}

func TestAnErasureWaitsForWhatSomebodyProposedToAHeldIdea(t *testing.T) {
	h := openHeld(t)
	idea := h.As(h.mona).Post("/ideas", apptest.Form{"space": "plant", "title": "Fewer badges", "body": "Because."}).Status(http.StatusSeeOther).Header.Get("Location")
	idea, _, _ = strings.Cut(idea, "?")
	h.As(h.alice).Post("/ideas/1/amendments", apptest.Form{"base": "1", "title": "No badges", "body": "Other.", "reason": "It reads better."}).Status(http.StatusSeeOther)
	h.hold(idea)
	if h.erased("remove") {
		t.Error("Alice is gone, with what she proposed")
	}
}

func TestAThreadThatLeavesAHeldSpaceStaysHeld(t *testing.T) {
	h := openHeld(t)
	h.Space("yard", models.Company, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	h.As(h.alice).Post("/threads", apptest.Form{"space": "plant", "title": "The patent", "body": "It was sold.", "kind": "discussion"}).Status(http.StatusSeeOther)
	h.hold("/spaces/plant")
	h.As(h.mona).Post("/threads/1/place", apptest.Form{"space": "yard"}).Status(http.StatusSeeOther)
	h.As(h.owner).Get("/privacy/holds").See("plant", "The patent")
	if h.erased("remove") {
		t.Error("Alice is gone, with her thread")
	}
}

func TestPostsThatLeaveAHeldThreadStayHeld(t *testing.T) {
	h := openHeld(t)
	for _, title := range []string{"The patent", "Another thread"} {
		h.As(h.alice).Post("/threads", apptest.Form{"space": "plant", "title": title, "body": "It was sold.", "kind": "discussion"}).Status(http.StatusSeeOther)
	}
	h.hold("/threads/1")
	h.As(h.mona).Post("/threads/1/merge", apptest.Form{"into": "2"}).Status(http.StatusSeeOther)
	h.As(h.owner).Get("/privacy/holds").See("The patent", "Another thread")
	if h.erased("remove") {
		t.Error("Alice is gone, with what she wrote in a thread that goes on elsewhere")
	}
}
