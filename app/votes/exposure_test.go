package votes_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

var ideaRow = regexp.MustCompile(`id="idea-(\d+)"`)

// order is in which order a page lists ideas.
func order(answer *apptest.Answer) (ids []string) {
	for _, match := range ideaRow.FindAllStringSubmatch(answer.Text, -1) {
		ids = append(ids, match[1])
	}
	return ids
}

// many adds ideas to the campaign, so that a list has pages.
func (h *house) many(n int) {
	h.t.Helper()
	for i := range n {
		h.As(h.paul).Post("/ideas", apptest.Form{"campaign": "1", "title": fmt.Sprintf("Idea number %d", i), "body": "As it says.", "once": fmt.Sprintf("more-%020d", i)}).Status(http.StatusSeeOther)
	}
}

// shown is to how many people each idea was shown, as whoever runs the campaign reads it.
func (h *house) shown() map[int64]int {
	h.t.Helper()
	campaign, err := h.DB.Campaign(h.t.Context(), h.Actor(h.lena), 1)
	if err != nil {
		h.t.Fatal(err)
	}
	rows, err := h.DB.Exposures(h.t.Context(), h.Actor(h.lena), campaign)
	if err != nil {
		h.t.Fatal(err)
	}
	people := map[int64]int{}
	for _, row := range rows {
		people[row.IdeaID] = row.People
	}
	return people
}

func TestWhileAVoteGoesOnEveryoneReadsInAnOrderOfTheirOwn(t *testing.T) {
	h := open(t)
	h.many(37) // 40 with the first
	h.rule("method", "approval")
	list := "/ideas?campaign=1"
	h.As(h.paul).Get(campaign + "/ballot").Status(http.StatusOK) // which opens the vote
	h.As(h.lena).Post("/ideas/5/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	h.Tx(nil, func(tx *models.Tx) error { // one that came too late to stand for the vote
		late := &models.Idea{SpaceID: h.space.ID, AuthorID: h.paul.ID, Title: "Too late", Body: "Late.", HTML: "<p>Late.</p>", Lang: "en", CampaignID: new(int64)}
		*late.CampaignID = 1
		return tx.CreateIdea(late)
	})

	whole := func(user *models.User) []string {
		first := h.As(user).Get(list).Status(http.StatusOK).See("random").NotSee("most supported", "trending")
		next := regexp.MustCompile(`href="(/ideas\?[^"]*cursor=[^"]*)"`).FindStringSubmatch(first.Text)
		if next == nil {
			t.Fatal("the list has no second page")
		}
		second := h.As(user).Get(strings.ReplaceAll(next[1], "&amp;", "&")).Status(http.StatusOK)
		return append(order(first), order(second)...)
	}
	paul, mona := whole(h.paul), whole(h.mona)
	if again := whole(h.paul); !slices.Equal(paul, again) {
		t.Errorf("the order changes from one visit to the next:\n%v\n%v", paul, again)
	}
	if slices.Equal(paul, mona) {
		t.Errorf("two people read in the same order: %v", paul)
	}
	if len(paul) != 41 || paul[40] != "41" {
		t.Errorf("the list has %d ideas and ends with %s, the one that does not stand for the vote is 41", len(paul), paul[len(paul)-1])
	}
	slices.Sort(paul)
	if once := slices.Compact(paul); len(once) != 41 {
		t.Errorf("the pages show %d different ideas of 41", len(once))
	}
	own := whole(h.mona)
	ballot := order(h.As(h.mona).Get(campaign + "-less-scrap").Status(http.StatusOK).See("Random").NotSee("Most supported"))
	if !slices.Equal(ballot, own[:len(ballot)]) {
		t.Errorf("the campaign's page has another order than the list:\n%v\n%v", ballot, own)
	}
	h.As(h.mona).Get(list + "&sort=newest").Status(http.StatusOK)
	h.As(h.mona).Get(list + "&view=board").Status(http.StatusOK).See("random").NotSee("most supported")
	for _, look := range []string{"", "&view=cards", "&view=board"} { // one's own are few, and known to whoever asks
		h.As(h.mona).Get(list+"&mine=1"+look).Status(http.StatusOK).NotSee("Weigh the bins", "Idea number 1")
	}
	h.As(h.paul).Get(list+"&mine=1").Status(http.StatusOK).See("Idea number 36", "trending")
	h.closed()
	h.As(h.paul).Get(list).Status(http.StatusOK).See("trending")
}

func TestEachPersonCountsOnceForAnIdeaThatTheyWereShown(t *testing.T) {
	h := open(t)
	h.rule("method", "approval")
	h.As(h.lena).Get(campaign + "/results").Status(http.StatusOK)
	if people := h.shown(); people[1] != 0 || len(people) != 3 {
		t.Errorf("before anybody looked: %v", people)
	}
	for range 3 {
		h.As(h.paul).Get("/ideas/1-weigh-the-bins").Status(http.StatusOK)
		h.As(h.mona).Get(campaign + "/ballot").Status(http.StatusOK)
	}
	h.As(h.sophie).Do(http.MethodGet, campaign+"/ballot", nil, http.Header{"X-Sec-Purpose": {"prefetch"}}).Status(http.StatusOK)
	h.As(h.sophie).Do(http.MethodHead, campaign+"/ballot", nil, nil).Status(http.StatusOK)
	h.As(h.sophie).Do(http.MethodHead, "/ideas?campaign=1", nil, nil).Status(http.StatusOK)
	h.Visitor().Get("/ideas?campaign=1")
	if people := h.shown(); people[2] != 1 {
		t.Errorf("one person looked at the ballot, others only asked for its head, and the ledger says %v", people)
	}
	h.As(h.paul).Get("/ideas?campaign=1&view=board").Status(http.StatusOK)
	sophie, took := h.As(h.sophie), [2]uint64{}
	sophie.Get("/ideas").Status(http.StatusOK)
	for i := range took {
		before := h.DB.Statements()
		sophie.Get("/ideas?campaign=1").Status(http.StatusOK)
		took[i] = h.DB.Statements() - before
	}
	if first, again := took[0], took[1]; first > again+8 || again > 10 { // drawn, and noted, in two transactions
		t.Errorf("a first look at the list takes %d statements, another one %d", first, again)
	}
	if people := h.shown(); people[1] != 3 || people[2] != 3 || people[3] != 3 {
		t.Errorf("three people looked, and the ledger says %v", people)
	}
	h.As(h.paul).Get(campaign + "/results").Status(http.StatusOK).NotSee("How many people saw")
	for _, guest := range h.voters(11, "Packing", "Lyon") {
		h.As(guest).Get("/ideas/2-smaller-moulds").Status(http.StatusOK)
	}
	h.As(h.lena).Get(campaign+"/results").Status(http.StatusOK).See("How many people saw", "3 for the one in the middle, 3 for the least shown, 14 for the most shown", "The rich get richer")
	for user, text := range map[*models.User]string{h.lena: `{"idea":2,"people":14}`, h.paul: `"shown":[]`} {
		bearer := http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeRead)}}
		h.Visitor().Do(http.MethodGet, "/api/v1"+campaign+"/results", nil, bearer).Status(http.StatusOK).See(text)
	}
	h.closed()
	if people := h.shown(); people[1] != 3 || people[2] != 14 {
		t.Errorf("after the vote the ledger says %v", people)
	}
	h.As(h.lena).Get(campaign + "/results").Status(http.StatusOK).See("14 for the most shown")
	h.As(h.mona).Get(campaign + "/ballot").Status(http.StatusOK)
	if fair, err := h.DB.Fair(t.Context(), h.Actor(h.mona), 1); fair != nil || err != nil {
		t.Errorf("after the vote an order is still kept: %v, %v", fair, err)
	}
}

func TestWhoHidesIsNotCountedAgainAmongThoseWhomAnIdeaWasShownTo(t *testing.T) {
	h := open(t)
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE campaigns SET anonymity = 'hidden'")
	page := h.As(h.mona).Get("/ideas/new?campaign=1").Status(http.StatusOK)
	once := regexp.MustCompile(`name="once" value="([^"]+)"`).FindStringSubmatch(page.Text)[1]
	h.As(h.mona).Post("/ideas", apptest.Form{"campaign": "1", "title": "Mend the scale", "body": "It is off.", "once": once, "anonymity": "hidden"}).Status(http.StatusSeeOther)
	h.rule("method", "approval")
	h.As(h.paul).Get(campaign + "/ballot").Status(http.StatusOK) // which opens the vote
	h.As(h.mona).Get("/ideas/4-mend-the-scale").Status(http.StatusOK).See("This is your idea.")
	h.As(h.mona).Get("/ideas?campaign=1").Status(http.StatusOK)
	h.As(h.mona).Get("/ideas/4-mend-the-scale").Status(http.StatusOK)
	if people := h.shown(); people[4] != 2 {
		t.Errorf("the idea was shown to Paul and to its author, and the ledger says %v", people)
	}
}

func TestOfAVoteWithoutIdeasNothingStaysOfWhoCame(t *testing.T) {
	h := open(t)
	for _, id := range []string{"1", "2", "3"} {
		h.As(h.paul).Post("/ideas/"+id+"/withdrawal", nil).Status(http.StatusSeeOther)
	}
	h.rule("method", "approval")
	h.As(h.paul).Get(campaign + "/ballot").Status(http.StatusOK)
	h.As(h.mona).Get("/ideas?campaign=1").Status(http.StatusOK)
	if rows := modelstest.Rows(t, h.Config.DatabaseURL)["exposures"]; len(rows) == 0 {
		t.Fatal("no order was drawn while the vote went on")
	}
	h.closed()
	if rows := modelstest.Rows(t, h.Config.DatabaseURL)["exposures"]; len(rows) != 0 {
		t.Errorf("after the vote it is still known who came: %v", rows)
	}
}

// TestCountsOfAHiddenVoteBySupportsShowNowhere gives ideas supports while their number is hidden: whatever could tell how it stands
// says the same as when the vote opened, also to those who run the campaign, and everything after it closed.
func TestCountsOfAHiddenVoteBySupportsShowNowhere(t *testing.T) {
	h := open(t)
	h.As(h.mona).Post("/ideas/3/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	h.rule("method", "support", "hidden", "1")
	h.Settle()
	lena, paul, sophie := h.As(h.lena), h.As(h.paul), h.As(h.sophie)
	paul.Get(campaign + "/ballot").Status(http.StatusOK).See("nobody sees who has joined since")
	bearer := http.Header{"Authorization": {"Bearer " + h.Token(h.lena, models.ScopeRead)}}
	places := []string{"/ideas?sort=supported", "/ideas?sort=trending", "/ideas?sort=newest", "/ideas?view=board&sort=supported", "/", "/spaces/plant", "/search?q=moulds",
		campaign + "-less-scrap?sort=supported", campaign + "/results", "/ideas/2-smaller-moulds", "/api/v1/ideas/2", "/api/v1/ideas?sort=supported", "/api/v1/ideas?sort=trending", "/api/v1" + campaign + "/results", "/api/v1/search?q=moulds"}
	look := func() map[string]string {
		seen := map[string]string{}
		for _, place := range places {
			var answer *apptest.Answer
			if strings.HasPrefix(place, "/api/") {
				answer = h.Visitor().Do(http.MethodGet, place, nil, bearer)
				seen[place] = answer.Status(http.StatusOK).Text
				continue
			}
			answer = lena.Get(place).Status(http.StatusOK)
			seen[place] = strings.Join(counts.FindAllString(answer.Text, -1), "\n")
		}
		return seen
	}
	before := look()
	for _, person := range append(h.voters(6, "Press", "Lyon"), h.lena) {
		h.As(person).Post("/ideas/2/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	}
	sophie.Post("/ideas/2/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	sophie.Post("/ideas/2/supports", apptest.Form{"supported": "0"}).Status(http.StatusSeeOther)
	h.Settle()
	for _, place := range []string{"/ideas?sort=newest", "/ideas?view=cards", "/ideas/2-smaller-moulds"} { // one's own support moves no number there
		sophie.Get(place).Status(http.StatusOK).See("<b>0</b>").NotSee("data-count=")
	}
	own := strings.NewReplacer(`"supported":true`, `"supported":false`, `aria-pressed="true"`, `aria-pressed="false"`, "7 people", "0 people", `"ballots":8`, `"ballots":1`)
	for place, now := range look() {
		if place == campaign+"/results" || place == "/api/v1"+campaign+"/results" { // how many have voted is no secret
			continue
		}
		if own.Replace(now) != own.Replace(before[place]) {
			t.Errorf("%s tells how the vote stands:\n%s\n--- before:\n%s", place, now, before[place])
		}
	}
	sophie.Get("/ideas/2-smaller-moulds").Status(http.StatusOK).See("A vote goes on: the number of supports stays").NotSee(`class="faces"`)
	lena.Get(campaign + "/results").Status(http.StatusOK).See("counts are hidden").NotSee("vote-bar")
	paul.Get("/notifications").Status(http.StatusOK).NotSee("Smaller moulds") // whose author he is
	h.closed()
	h.Settle()
	lena.Get("/ideas?sort=supported").Status(http.StatusOK).See(`data-count="7"`)
	lena.Get("/ideas/2-smaller-moulds").Status(http.StatusOK).See(`data-count="7"`, `class="faces"`).NotSee("A vote goes on")
	lena.Get(campaign + "/results").Status(http.StatusOK).See("“Smaller moulds” comes first")
	if first := order(lena.Get("/ideas?sort=trending")); first[0] != "2" {
		t.Errorf("after the vote the ideas trend in the order %v", first)
	}
}

// counts are what a page says of how many support an idea, and in which order it names ideas.
var counts = regexp.MustCompile(`<b( data-count="\d+")?>\d+</b>|\d+ supports?|id="idea-\d+"|href="/ideas/\d+-[a-z-]+"`)
