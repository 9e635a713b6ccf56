package boxes_test

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

// canteen has a campaign that Paul runs, whose poster hangs where Rita passes by.
type canteen struct {
	*apptest.Site
	t                      *testing.T
	now                    time.Time
	paul, rita, emma, kurt *models.User
	campaign               *models.Campaign
	box                    string // the page of its box
}

func open(t *testing.T, options ...apptest.Option) *canteen {
	t.Helper()
	h := &canteen{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, append(options, func(_ *app.Config, o *app.Options) { o.Clock = func() time.Time { return h.now } })...)
	h.paul, h.rita, h.emma = h.Person("Paul", models.RoleEmployee), h.Person("Rita", models.RoleEmployee), h.Person("Emma", models.RoleEmployee)
	h.kurt = h.Person("Kurt", models.RoleExternal)
	space := h.Space("works", models.Company, map[*models.User]models.SpaceRole{h.paul: models.SpaceManager})
	h.campaign = &models.Campaign{SpaceID: space.ID, Kind: models.Channel, Title: "Less waste", Question: "What do we throw away?"}
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.ImportCampaign(h.campaign) })
	h.box = fmt.Sprintf("/spaces/works/box?campaign=%d", h.campaign.ID)
	return h
}

func (h *canteen) campaignID() string { return fmt.Sprint(h.campaign.ID) }

var printed = regexp.MustCompile(`/box\?token=([0-9a-f]{24})`)

// poster has Paul open the box and print its poster, and returns the token on it.
func (h *canteen) poster() string {
	h.t.Helper()
	paul := h.As(h.paul)
	paul.Post(h.box, apptest.Form{"do": "open"}).Status(http.StatusSeeOther)
	page := paul.Get(strings.Replace(h.box, "/box", "/box/poster", 1)).Status(http.StatusOK).See("Less waste", "What do we throw away?", "Have an idea?", "Une idée", `<path d="M`)
	return printed.FindStringSubmatch(page.Text)[1]
}

var (
	spaced = regexp.MustCompile(`[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}`)
	noted  = regexp.MustCompile(`/spaces/works/box/notes/(\d+)`)
)

func TestAnIdeaLeftByPhoneWaitsUntilSomebodyHasLookedAtIt(t *testing.T) {
	h := open(t)
	paul, phone := h.As(h.paul), h.Visitor()
	paul.Get(h.box).See("nobody can leave anything")
	paul.Get(strings.Replace(h.box, "/box", "/box/poster", 1)).Status(http.StatusNotFound) // off until it is opened
	token := h.poster()
	phone.Get("/box?token="+token).Status(http.StatusOK).See("Less waste", "What do we throw away?").NotSee(`"/spaces`, "Paul", "works")
	form := apptest.Form{"token": token, "title": "Compost for the peelings", "body": "They go <b>with the rest</b>.", "name": "Rita", "once": "a-number-of-a-form-of-ours"}
	code := spaced.FindString(phone.Post("/box", form).Status(http.StatusOK).See("Thank you").Text)
	if again := spaced.FindString(phone.Post("/box", form).Status(http.StatusOK).Text); code == "" || again != code { // a double click
		t.Fatalf("codes %q, then %q", code, again)
	}
	h.As(h.emma).Get("/ideas").NotSee("Compost")
	h.As(h.rita).Post("/claims", apptest.Form{"code": code}).Status(http.StatusUnprocessableEntity)
	h.As(h.emma).Get(h.box).Status(http.StatusForbidden)
	h.As(h.emma).Get("/boxes").Status(http.StatusOK).NotSee("Less waste")
	h.As(h.kurt).Get(h.box).Status(http.StatusNotFound)
	paul.Get("/boxes").See("Less waste", "1 idea to be looked at")
	paul.Get("/notifications").See("An idea waits in a box")
	page := paul.Get(h.box).See("Compost for the peelings", "They go &lt;b&gt;with the rest", "By Rita")
	notes := noted.FindAllString(page.Text, -1)
	if len(notes) != 1 {
		t.Fatalf("%d notes wait", len(notes))
	}
	decide := apptest.Form{"campaign": h.campaignID(), "do": "take"}
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.PauseCampaign(h.campaign, "A holiday") })
	paul.Post(notes[0], decide).Status(http.StatusConflict).See("goes on waiting. Paused", "Compost for the peelings")
	h.As(h.emma).Get("/ideas").NotSee("Compost")
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.ResumeCampaign(h.campaign) })
	h.As(h.emma).Post(notes[0], decide).Status(http.StatusForbidden)
	paul.Post(notes[0], apptest.Form{"do": "take"}).Status(http.StatusNotFound) // it is none of the space's own box
	paul.Post(notes[0], decide).Status(http.StatusSeeOther)
	paul.Post(notes[0], decide).Status(http.StatusNotFound)
	phone.Post("/box", form).Status(http.StatusOK) // a late reload leaves nothing more
	paul.Get(h.box).NotSee("Compost")
	idea := regexp.MustCompile(`/ideas/\d+-compost-for-the-peelings`).FindString(h.As(h.emma).Get("/ideas").See("On paper").Text)
	h.As(h.emma).Get(idea).See("Left by phone by Rita, taken in by Paul", "Less waste")
	h.As(h.rita).Post("/claims", apptest.Form{"code": code}).Status(http.StatusSeeOther)
	h.As(h.rita).Get(idea).See("claimed by its author")

	phone.Post("/box", apptest.Form{"token": token, "title": "Buy my watches"}).Status(http.StatusOK)
	paul.Post(noted.FindString(paul.Get(h.box).Text), apptest.Form{"campaign": h.campaignID(), "do": "drop"}).Status(http.StatusSeeOther)
	paul.Get(h.box).NotSee("watches")
}

func TestWhatNobodyLooksAtGoesAndIsForThoseAloneWhoLookAfterIt(t *testing.T) {
	h := open(t)
	token := h.poster()
	form := apptest.Form{"token": token, "title": "Compost for the peelings", "name": "Rita"}
	h.Visitor().Post("/box", form).Status(http.StatusOK)
	h.Tx(nil, func(tx *models.Tx) error {
		works, err := tx.SpaceBySlug(t.Context(), h.Actor(h.paul), "works")
		if err == nil {
			err = tx.SetMember(works, h.emma, models.SpaceManager)
		}
		if err != nil {
			return err
		}
		return tx.SetMember(works, h.paul, models.SpaceMember)
	})
	h.As(h.paul).Get("/boxes").NotSee("Less waste") // although he opened it
	h.Tx(h.Actor(h.emma), func(tx *models.Tx) error {
		campaign, err := tx.LockCampaign(h.campaign.ID)
		if err != nil {
			return err
		}
		campaign.ManagerID, campaign.SponsorID, campaign.AnswerDays = &h.paul.ID, &h.emma.ID, 30
		return tx.SaveCampaign(campaign, campaign.Version)
	})
	h.As(h.paul).Get("/boxes").See("Less waste")

	left := func() (n int) {
		h.Tx(nil, func(tx *models.Tx) error {
			if _, err := tx.RemoveSpent(models.PeriodBoxNotes, 90); err != nil {
				return err
			}
			notes, err := tx.BoxNotes(t.Context(), h.campaign.SpaceID, h.campaign.ID, 10)
			n = len(notes)
			return err
		})
		return n
	}
	h.now = h.now.AddDate(0, 0, 89)
	if n := left(); n != 1 {
		t.Errorf("%d notes are left before their time", n)
	}
	h.now = h.now.AddDate(0, 0, 2)
	if n := left(); n != 0 {
		t.Errorf("%d notes are left", n)
	}
}

func TestAPosterThatNoLongerHoldsSaysNothing(t *testing.T) {
	h := open(t)
	paul, phone := h.As(h.paul), h.Visitor()
	gone := func(token string) {
		t.Helper()
		phone.Get("/box?token="+token).Status(http.StatusGone).See("Nothing can be left here now").NotSee("Less waste", "works")
		phone.Post("/box", apptest.Form{"token": token, "title": "A"}).Status(http.StatusGone).NotSee("Less waste", "works")
	}
	for _, token := range []string{"", "x", "\x00", strings.Repeat("0", 24), strings.Repeat("é", 12), strings.Repeat("0", 5000)} {
		phone.Post("/box", apptest.Form{"token": token, "title": "A"}).Status(http.StatusGone)
	}
	token := h.poster()
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.PauseCampaign(h.campaign, "A holiday") })
	gone(token)
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.ResumeCampaign(h.campaign) })
	phone.Get("/box?token=" + token).Status(http.StatusOK)
	h.As(h.emma).Post(h.box, apptest.Form{"do": "replace"}).Status(http.StatusForbidden)
	paul.Post(h.box, apptest.Form{"do": "replace"}).Status(http.StatusSeeOther)
	gone(token)
	token = h.poster() // which is open already
	paul.Post("/spaces/works/archive", nil).Status(http.StatusSeeOther)
	gone(token)
	paul.Post("/spaces/works/reopening", nil).Status(http.StatusSeeOther)
	phone.Get("/box?token=" + token).Status(http.StatusOK)
	paul.Post(h.box, apptest.Form{"do": "close"}).Status(http.StatusSeeOther)
	gone(token)
	h.Space("club", models.Restricted, map[*models.User]models.SpaceRole{h.emma: models.SpaceManager})
	h.As(h.emma).Post("/spaces/club/box", apptest.Form{"do": "open"}).Status(http.StatusForbidden)
}

func TestWhatIsNoIdeaAndWhatIsTooMuchStaysOut(t *testing.T) {
	h := open(t)
	phone, token := h.Visitor(), h.poster()
	phone.Post("/box", apptest.Form{"token": token, "title": " ", "body": strings.Repeat("a", 5000), "name": strings.Repeat("é", 101)}).Status(http.StatusUnprocessableEntity).See(`id="title-error"`, `id="body-error"`, `id="name-error"`)
	phone.Post("/box", apptest.Form{"token": token, "title": "a\x00b", "body": "\xff", "once": "\x00"}).Status(http.StatusUnprocessableEntity)
	phone.Do(http.MethodPost, "/box", strings.NewReader("token="+token+"&title="+strings.Repeat("a", 50_000_000)), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}).Status(http.StatusRequestEntityTooLarge)
	h.Tx(nil, func(tx *models.Tx) error {
		box, err := tx.FindBox(t.Context(), token)
		for i := 0; err == nil && i < 60; i++ {
			_, _, err = tx.LeaveNote(&box.Box, &models.BoxNote{Title: "An idea", Body: "Of many.", Once: fmt.Sprint(i)})
		}
		return err
	})
	phone.Post("/box", apptest.Form{"token": token, "title": "One more"}).Status(http.StatusUnprocessableEntity).See("try again in an hour")
	h.now = h.now.Add(61 * time.Minute)
	phone.Post("/box", apptest.Form{"token": token, "title": "One more"}).Status(http.StatusOK)
	h.As(h.paul).Get(h.box).See("There are more")
}

func TestOneAddressLeavesOnlySoMuch(t *testing.T) {
	h := open(t, func(config *app.Config, _ *app.Options) { config.RateLimit = true })
	phone, token := h.Visitor(), h.poster()
	for i := range 40 {
		if phone.Post("/box", apptest.Form{"token": token, "title": fmt.Sprintf("Idea %d", i)}).StatusCode == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("forty ideas from one address and no end")
}
