package campaigns_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// house is one with a space that Lena runs, on a day that the test moves.
type house struct {
	*apptest.Site
	now                      time.Time
	lena, paul, sophie, mona *models.User
	space                    *models.Space
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return h.now } })
	h.lena, h.paul, h.sophie, h.mona = h.Person("Lena", models.RoleEmployee), h.Person("Paul", models.RoleEmployee), h.Person("Sophie", models.RoleEmployee), h.Person("Mona", models.RoleEmployee)
	h.space = h.Space("plant", models.Company, map[*models.User]models.SpaceRole{h.lena: models.SpaceManager})
	return h
}

// form is one of a campaign that gathers ideas from 3 December, refines them from the 10th, votes from the 15th and closes on the 20th.
func (h *house) form(changes ...string) apptest.Form {
	form := apptest.Form{
		"space": "plant", "kind": "campaign", "title": "Less scrap", "question": "Where do we throw away good material?", "body": "## Why\n\nBecause of *the bin*.",
		"sponsor": h.sophie.Email, "manager": h.mona.Email, "answer_days": "30",
		"stage_gather": "2026-12-03", "stage_refine": "2026-12-10", "stage_vote": "2026-12-15", "stage_closed": "2026-12-20",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		form[changes[i]] = changes[i+1]
	}
	return form
}

// plan is the form of the stages of such a campaign.
func (h *house) plan(changes ...string) apptest.Form {
	form := h.form()
	for _, kind := range models.StageKinds() {
		stage := models.NewStage(kind, nil)
		for name, allowed := range map[string]bool{"posting": stage.Posting, "commenting": stage.Commenting, "supporting": stage.Supporting, "editing": stage.Editing} {
			if allowed {
				form[name+"_"+string(kind)] = "1"
			}
		}
	}
	for i := 0; i+1 < len(changes); i += 2 {
		form[changes[i]] = changes[i+1]
	}
	return form
}

// made is the page of a campaign that Lena has written, with the rule by which it votes.
func (h *house) made(t *testing.T, changes ...string) (page string) {
	t.Helper()
	page = h.As(h.lena).Post("/campaigns", h.form(changes...)).Status(http.StatusSeeOther).Header.Get("Location")
	h.As(h.lena).Post(number(page)+"/vote", apptest.Form{"base": "0", "method": "support"}).Status(http.StatusSeeOther)
	return page
}

// asked is a campaign that is published.
func (h *house) asked(t *testing.T, changes ...string) (page string) {
	t.Helper()
	page = h.made(t, changes...)
	h.As(h.lena).Post(number(page)+"/publication", nil).Status(http.StatusSeeOther)
	return page
}

// number is the address without the words.
func number(page string) string {
	return page[:len("/campaigns/")+strings.IndexByte(page[len("/campaigns/"):]+"-", '-')]
}

func (h *house) at(month time.Month, day, hour int) {
	h.now = time.Date(2026, month, day, hour, 0, 0, 0, time.UTC)
}

func TestACampaignIsSeenByThoseWhoRunItUntilItIsPublished(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	lena.Get("/campaigns").Status(200).See("No campaign is open", `href="/campaigns/new"`)
	lena.Get("/campaigns/new").Status(200).See(`value="plant"`)
	page := h.made(t, "sponsor", "", "answer_days", "")
	lena.Get(page).Status(200).See("Less scrap", "Where do we throw away good material?", "Before it is published", "which sponsor owns the need", "within how many days").NotSee("Publish the campaign")
	lena.Post(number(page)+"/publication", nil).Status(http.StatusUnprocessableEntity).See("which sponsor owns the need")
	for _, client := range []*apptest.Client{h.As(h.paul), h.Visitor()} {
		client.Get(page).Status(404)
		client.Get("/campaigns?state=draft").Status(422)
	}
	h.As(h.mona).Get(page).Status(200) // who is to run it

	lena.Post(number(page), h.form("base", "1")).Status(http.StatusSeeOther)
	lena.Get(page).See("Publish the campaign").NotSee("which sponsor")
	lena.Get("/campaigns?state=draft").See("Less scrap")
	lena.Post(number(page)+"/publication", nil).Status(http.StatusSeeOther)
	lena.Post(number(page)+"/publication", nil).Status(http.StatusSeeOther) // pressed twice
	h.As(h.paul).Get(page).Status(200).See("Opens on 3 December 2026, sponsored by Sophie", "Refinement", "within 30 days").NotSee("Propose an idea")
	h.As(h.paul).Get("/campaigns?state=coming").See("Less scrap")
	h.As(h.paul).Get(number(page) + "/brief").Status(200).See("<em>the bin</em>").NotSee("Pause the campaign")
	h.Visitor().Get(page).Status(404)
}

func TestStagesOpenAndCloseByThemselvesAndSayWhatIsAllowed(t *testing.T) {
	h := open(t)
	page := h.asked(t)
	paul, lena := h.As(h.paul), h.As(h.lena)
	id := number(page)[len("/campaigns/"):]
	n := 0
	post := func(client *apptest.Client) *apptest.Answer {
		n++
		return client.Post("/ideas", apptest.Form{"campaign": id, "title": fmt.Sprintf("Idea %d", n), "body": "Weigh it.", "once": fmt.Sprintf("once-%020d", n)})
	}
	h.at(12, 2, 22) // two hours before midnight in London, one in Paris
	post(paul).Status(http.StatusUnprocessableEntity).See("not open yet", "Weigh it.")
	h.at(12, 2, 23)
	paul.Get("/ideas/new?campaign="+id).Status(200).See("Less scrap", "Where do we throw away good material?", `name="campaign" value="`+id+`"`)
	idea := post(paul).Status(http.StatusSeeOther).Header.Get("Location")
	paul.Get(page).See("Idea 2", "Open until 19 December 2026", "Propose an idea")
	paul.Get(idea).See(`href="`+page+`"`, "Your message")
	lena.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)

	h.at(12, 11, 9) // refine
	post(paul).Status(http.StatusUnprocessableEntity).See("takes no new ideas")
	paul.Get(page).NotSee("Propose an idea")
	paul.Post("/ideas/1", apptest.Form{"title": "Idea 2", "body": "Weigh it twice.", "base": "1"}).Status(http.StatusSeeOther)

	h.at(12, 16, 9) // vote
	paul.Post("/ideas/1", apptest.Form{"title": "Idea 2", "body": "Weigh it three times.", "base": "2"}).Status(http.StatusUnprocessableEntity).See("ideas stay as they are", "three times")
	paul.Get(idea).Status(200).NotSee(`href="/ideas/1/edit"`)
	h.As(h.mona).Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	h.As(h.mona).Post("/ideas/1/comments", apptest.Form{"body": "Which bin?"}).Status(http.StatusSeeOther)

	h.at(12, 20, 9) // closed
	paul.Post("/ideas/1/comments", apptest.Form{"body": "The blue one."}).Status(http.StatusUnprocessableEntity).See("The campaign is closed", "The blue one.")
	h.As(h.sophie).Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(http.StatusConflict).See("Not in this stage")
	h.As(h.mona).Post("/ideas/1/supports", apptest.Form{"supported": "0"}).Status(http.StatusSeeOther) // what one gave one may take back
	paul.Get(idea).Status(200).NotSee("Your message", "/comments/1/reply")
	h.As(h.mona).Get(idea).NotSee("/comments/1/edit")
	h.As(h.mona).Post("/ideas/1/comments/1", apptest.Form{"body": "Other words."}).Status(http.StatusUnprocessableEntity).See("The campaign is closed", "Other words.")
	n = 1
	if again := post(paul).Status(http.StatusSeeOther).Header.Get("Location"); again != idea { // a form that is sent once more leads to what it made
		t.Errorf("sent again it leads to %s", again)
	}
	paul.Get("/campaigns?state=over").See("Less scrap", "1 idea")
	paul.Get("/campaigns").NotSee("Less scrap")
}

func TestMovingADateMovesItsNeighbour(t *testing.T) {
	h := open(t)
	page := h.asked(t)
	h.at(12, 11, 9)
	h.As(h.paul).Get(page).NotSee("Propose an idea")
	h.As(h.mona).Post(number(page)+"/stages", h.plan("base", "1", "stage_refine", "2026-12-13")).Status(http.StatusSeeOther) // ideas are gathered longer
	h.As(h.paul).Get(page).See("Propose an idea")
	h.As(h.paul).Get(number(page)+"/brief").See("3 December 2026 to 12 December 2026", "13 December 2026 to 14 December 2026")
	h.As(h.lena).Post(number(page)+"/stages", h.plan("base", "1")).Status(http.StatusConflict).See("Somebody else has saved", `value="2026-12-10"`)
	h.As(h.lena).Post(number(page), h.form("base", "1")).Status(http.StatusConflict).See("Somebody else has saved")
	h.As(h.lena).Post(number(page), h.form("base", "2", "sponsor", "")).Status(http.StatusUnprocessableEntity).See("which sponsor") // what is published stays complete
}

func TestWhatIsWrongWithACampaignIsSaidAtItsField(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	for says, change := range map[string][]string{
		"A title has 1 to 120":             {"title", " "},
		"at most 300 signs":                {"question", strings.Repeat("x", 301)},
		"begins later than the one before": {"stage_refine", "2026-12-03"},
		"Give a date":                      {"stage_vote", "soon"},
		"No employee has this address":     {"sponsor", "nobody@example.test"},
		"a number of days up to 365":       {"answer_days", "many"},
		"Choose a campaign or a channel":   {"kind", "war"},
		"Choose the space":                 {"space", ""},
	} {
		lena.Post("/campaigns", h.form(change...)).Status(http.StatusUnprocessableEntity).See(says, "Because of *the bin*.")
	}
	lena.Post("/campaigns", h.form("space", "nowhere")).Status(404)
	h.As(h.paul).Post("/campaigns", h.form()).Status(403)
	h.As(h.paul).Get("/campaigns/new").Status(403)
	lena.Get("/campaigns?state=draft").NotSee("Less scrap")
}

func TestAPausedCampaignSaysWhyAndAllowsNothing(t *testing.T) {
	h := open(t)
	page := h.asked(t)
	id := number(page)[len("/campaigns/"):]
	h.at(12, 4, 9)
	lena, paul := h.As(h.lena), h.As(h.paul)
	paul.Post("/ideas", apptest.Form{"campaign": id, "title": "One", "body": "Weigh it."}).Status(http.StatusSeeOther)
	lena.Post(number(page)+"/pause", apptest.Form{"reason": " "}).Status(http.StatusUnprocessableEntity).See("Give a reason")
	lena.Post(number(page)+"/pause", apptest.Form{"reason": "The scales are away."}).Status(http.StatusSeeOther)
	paul.Get(page).See("The scales are away.").NotSee("Propose an idea")
	paul.Post("/ideas", apptest.Form{"campaign": id, "title": "Two", "body": "Weigh it."}).Status(http.StatusUnprocessableEntity).See("Paused")
	paul.Post("/ideas/1/comments", apptest.Form{"body": "And now?"}).Status(http.StatusUnprocessableEntity).See("Paused")
	paul.Post(number(page)+"/resumption", nil).Status(403)
	lena.Post(number(page)+"/resumption", nil).Status(http.StatusSeeOther)
	paul.Post("/ideas/1/comments", apptest.Form{"body": "And now?"}).Status(http.StatusSeeOther)
}

func TestAChannelIsAlwaysOpenAndListsItsIdeasInPages(t *testing.T) {
	h := open(t)
	page := h.asked(t, "kind", "channel")
	id := number(page)[len("/campaigns/"):]
	paul := h.As(h.paul)
	paul.Get("/campaigns").See("Less scrap", "Always open")
	paul.Post("/ideas", apptest.Form{"space": "plant", "title": "Elsewhere", "body": "Not in the channel."}).Status(http.StatusSeeOther)
	for n := range 32 {
		paul.Post("/ideas", apptest.Form{"campaign": id, "title": fmt.Sprintf("Number %02d", n), "body": "Weigh it.", "once": fmt.Sprintf("once-%020d", n)}).Status(http.StatusSeeOther)
	}
	first := paul.Get(page+"?sort=newest").See("Number 31", "Number 02", "rel=\"next\"").NotSee("Elsewhere", "Number 01")
	next := regexp.MustCompile(`href="([^"]*cursor=[^"]*)"`).FindStringSubmatch(first.Text)
	paul.Get(html.UnescapeString(next[1])).See("Number 01", "Number 00").NotSee("Number 02", "Elsewhere")
	paul.Get(page + "?sort=loudest").Status(422)
	paul.Get(page + "?cursor=x").Status(422)
	h.Space("other", models.Company, nil)
	paul.Post("/ideas", apptest.Form{"campaign": id, "space": "other", "title": "Astray", "body": "Weigh it."}).Status(http.StatusUnprocessableEntity).See("in another space")
	paul.Post("/ideas", apptest.Form{"campaign": "999", "title": "Astray", "body": "Weigh it."}).Status(404)
}

func TestACampaignCountsItsPublishedIdeas(t *testing.T) {
	h := open(t)
	page := h.asked(t, "kind", "channel")
	id := number(page)[len("/campaigns/"):]
	paul := h.As(h.paul)
	counts := func(want string) {
		t.Helper()
		h.As(h.mona).Get("/campaigns").See(want)
	}
	for n, title := range []string{"One", "Two"} {
		paul.Post("/ideas", apptest.Form{"campaign": id, "title": title, "body": "Weigh it.", "once": fmt.Sprintf("once-%020d", n)}).Status(http.StatusSeeOther)
	}
	counts("2 ideas")
	paul.Post("/ideas/1/withdrawal", nil).Status(http.StatusSeeOther)
	paul.Post("/ideas/1/withdrawal", nil).Status(http.StatusSeeOther)
	counts("1 idea")
	paul.Post("/ideas/1/restoration", nil).Status(http.StatusSeeOther)
	counts("2 ideas")
	h.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.RemoveContributions(h.paul.ID)
		return err
	})
	counts("0 ideas")
}

func TestACampaignShowsHowFarItsIdeasHaveCome(t *testing.T) {
	h := open(t)
	page := h.asked(t, "kind", "channel")
	id := number(page)[len("/campaigns/"):]
	paul, lena := h.As(h.paul), h.As(h.lena)
	paul.Get(page).NotSee("How far the ideas have come")
	for n, title := range []string{"One", "Two"} {
		paul.Post("/ideas", apptest.Form{"campaign": id, "title": title, "body": "Weigh it.", "once": fmt.Sprintf("once-%020d", n)}).Status(http.StatusSeeOther)
	}
	lena.Post("/ideas/1/stage", apptest.Form{"stage": "refined"}).Status(http.StatusSeeOther)
	lena.Post("/ideas/2/stage", apptest.Form{"stage": "declined"}).Status(http.StatusSeeOther)
	want := []string{"Proposed 2", "Discussion 1", "Refinement 1", "Not selected 1"}
	rail := paul.Get(page).Status(200).See("How far the ideas have come").Text
	var got []string
	for _, bar := range regexp.MustCompile(`class="bar-row"><span>([^<]*)</span> ?<b>([^<]*)</b>`).FindAllStringSubmatch(rail, -1) {
		got = append(got, bar[1]+" "+bar[2])
	}
	if !slices.Equal(got, want) {
		t.Errorf("the funnel says %q, want %q", got, want)
	}
	paul.Post("/ideas/1/withdrawal", nil).Status(http.StatusSeeOther)
	paul.Get(page).NotSee("Refinement</span>")
}

func TestTheFormOpensWithoutACampaignThatIsOutOfSight(t *testing.T) {
	h := open(t)
	paul := h.As(h.paul)
	h.Tx(nil, func(tx *models.Tx) error {
		return tx.SaveDraft(h.paul.ID, "idea/new", models.Fields{"title": "Half an idea", "campaign": "999"})
	})
	paul.Get("/ideas/new").Status(200).See("Half an idea")
	paul.Get("/ideas/new?campaign=999").Status(404)
}
