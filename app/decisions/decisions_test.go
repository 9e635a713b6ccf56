package decisions_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/decisions"
	"ruche/models"
)

// house is one with a channel that promises an answer within 30 days, on a day that the test moves. Lena runs its space,
// Mona the channel, and Sophie is its sponsor; Paul proposes.
type house struct {
	*apptest.Site
	t                              *testing.T
	now                            time.Time
	lena, mona, sophie, paul, nora *models.User
	space                          *models.Space
	channel                        *models.Campaign
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return h.now } })
	h.lena, h.mona, h.sophie = h.Person("Lena", models.RoleEmployee), h.Person("Mona", models.RoleEmployee), h.Person("Sophie", models.RoleEmployee)
	h.paul, h.nora = h.Person("Paul", models.RoleEmployee), h.Person("Nora", models.RoleEmployee)
	h.space = h.Space("plant", models.Company, map[*models.User]models.SpaceRole{h.lena: models.SpaceManager})
	h.channel = h.campaign("Less scrap")
	return h
}

func (h *house) campaign(title string) *models.Campaign {
	h.t.Helper()
	campaign := &models.Campaign{SpaceID: h.space.ID, Kind: models.Channel, Title: title, Question: "Where?", SponsorID: &h.sophie.ID, ManagerID: &h.mona.ID, AnswerDays: 30}
	h.Tx(nil, func(tx *models.Tx) error { return tx.ImportCampaign(campaign) })
	return campaign
}

// read is the page of an idea.
func read(client *apptest.Client, idea string) *apptest.Answer {
	return client.Get(client.Get(idea).Status(http.StatusMovedPermanently).Header.Get("Location")).Status(200)
}

// idea is one of Paul's, in the channel.
func (h *house) idea(title, tags string) string {
	h.t.Helper()
	page := h.As(h.paul).Post("/ideas", apptest.Form{"campaign": fmt.Sprint(h.channel.ID), "title": title, "body": "Weigh the bin.", "tags": tags, "once": "once-" + strings.Repeat("x", 20) + models.Slug(title)}).Status(http.StatusSeeOther).Header.Get("Location")
	return page[:len("/ideas/")+strings.IndexByte(page[len("/ideas/"):], '-')]
}

// answer is the form of one that declines, from nothing, with changes.
func answer(changes ...string) apptest.Form {
	form := apptest.Form{"decision": "declined.cost", "body": "The scale costs more than the scrap.", "answer": "0", "version": "0"}
	for i := 0; i+1 < len(changes); i += 2 {
		form[changes[i]] = changes[i+1]
	}
	return form
}

// later moves the day on and lets what is due happen.
func (h *house) later(days int) {
	h.t.Helper()
	h.now = h.now.Add(time.Duration(days) * 24 * time.Hour)
	work, err := decisions.Look().Work(h.t.Context(), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.Tx(nil, work)
	h.Settle()
	h.Settle() // who is told of what a reader did
}

// publish sends what is ticked in the list of prepared answers.
func (h *house) publish(who *models.User, chosen ...string) *apptest.Answer {
	h.t.Helper()
	return h.As(who).Do(http.MethodPost, "/answers/publications", strings.NewReader(url.Values{"answer": chosen}.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

func TestAnAnswerIsPreparedInPrivateAndThenStandsOnTopOfTheIdea(t *testing.T) {
	h := open(t)
	idea := h.idea("Weigh the scrap", "")
	h.As(h.nora).Post(idea+"/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	paul, mona := h.As(h.paul), h.As(h.mona)
	read(paul, idea).See("An answer is promised by 1 April 2026").NotSee(idea + "/answer\"")
	read(mona, idea).See(`href="` + idea + `/answer"`)
	mona.Get(idea+"/answer").Status(200).See("Begin with a template", "An answer is promised by 1 April 2026.")
	mona.Get(idea+"/answer?begin=deferred&in=fr").Status(200).See("Elle nous convainc", `value="deferred.other" selected`)

	mona.Post(idea+"/answer", answer("body", "Because of *zanzibar*.", "conditions", "A cheaper scale")).Status(http.StatusSeeOther)
	h.Settle()
	mona.Get(idea+"/answer").See("*zanzibar*", "A cheaper scale", "is not published")
	h.As(h.sophie).Get("/answers/prepared").Status(200).See("Weigh the scrap", "prepared by Mona")
	for _, page := range []string{idea + "-weigh-the-scrap", idea + "/answers", "/search?q=zanzibar", "/notifications", number(h.channel) + "/figures", "/campaigns", "/"} {
		paul.Get(page).Status(200).NotSee("<em>zanzibar", "cheaper scale", "Not selected</h2>", "nobody else", "official answer:")
	}
	paul.Get("/api/v1" + idea + "/decision").Status(404)
	paul.Get(idea + "/answer").Status(403)
	paul.Get("/answers/prepared").Status(403)
	h.Visitor().Get(idea + "/answers").Status(404)
	h.publish(h.paul, strings.TrimPrefix(idea, "/ideas/")+".1").Status(403)

	h.now = h.now.Add(49 * time.Hour)
	mona.Post(idea+"/answer", answer("body", "Because of *zanzibar*.", "conditions", "A cheaper scale", "version", "1", "publish", "1")).Status(http.StatusSeeOther)
	h.Settle()
	read(paul, idea).See("Official answer: not selected", "costs more than it brings", "<em>zanzibar</em>", "What would change the answer", "A cheaper scale").NotSee("promised by", "Earlier answers")
	paul.Get("/search?q=zanzibar").See("Weigh the scrap")
	for _, told := range []*models.User{h.paul, h.nora} {
		h.As(told).Get("/notifications").See("Weigh the scrap” has its official answer: Not selected")
	}
	for _, untold := range []*models.User{h.mona, h.sophie} {
		h.As(untold).Get("/notifications").NotSee("Weigh the scrap")
	}
	paul.Get(number(h.channel)+"/figures").Status(200).See("within 3 days, nine out of ten within 3 days", "Measured on 1 first answer")
	paul.Get(number(h.channel) + "/brief").See("Half of the answers came within 3 days").NotSee(`href="/answers"`)
}

func number(campaign *models.Campaign) string { return fmt.Sprintf("/campaigns/%d", campaign.ID) }

func TestOfTwoPeopleWhoDecideAtOnceTheSecondSeesTheFirstAndLosesNothing(t *testing.T) {
	h := open(t)
	idea := h.idea("Weigh the scrap", "")
	lena, mona := h.As(h.lena), h.As(h.mona)
	statuses := make([]int, 6)
	var wait sync.WaitGroup
	for i := range statuses {
		client := []*apptest.Client{lena, mona}[i%2]
		wait.Go(func() {
			statuses[i] = client.Post(idea+"/answer", answer("body", fmt.Sprintf("Answer of hand %d.", i), "publish", "1")).StatusCode
		})
	}
	wait.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	if count[303] != 1 || count[409] != 5 {
		t.Fatalf("the answers to six at once are %v", count)
	}
	h.As(h.sophie).Post(idea+"/answer", answer("decision", "selected.impact", "body", "We do it, on balance.", "publish", "1")).Status(http.StatusConflict).
		See("Somebody else has answered", "We do it, on balance.", "Answer of hand", `name="answer" value="1"`)
	h.As(h.sophie).Post(idea+"/answer", answer("decision", "selected.impact", "body", "We do it, on balance.", "answer", "1", "publish", "1")).Status(http.StatusSeeOther)
	read(h.As(h.paul), idea).See("Official answer: selected", "We do it, on balance.", "Earlier answers").NotSee("Answer of hand")
	h.As(h.paul).Get(idea+"/answers").Status(200).See("We do it, on balance.", "Answer of hand")
	h.As(h.paul).Get(number(h.channel)+"/figures").See("Measured on 1 first answer", "1 selected")

	mona.Post(idea+"/answer", answer("body", "First thought.", "answer", "2")).Status(http.StatusSeeOther)
	lena.Post(idea+"/answer", answer("body", "Second thought.", "answer", "2")).Status(http.StatusConflict).See("First thought.", "Second thought.", `name="version" value="1"`)
}

func TestAWithdrawnIdeaIsNotAnswered(t *testing.T) {
	h := open(t)
	idea := h.idea("Weigh the scrap", "")
	lena := h.As(h.lena)
	lena.Post(idea+"/answer", answer()).Status(http.StatusSeeOther)
	h.As(h.paul).Post(idea+"/withdrawal", nil).Status(http.StatusSeeOther)
	lena.Post(idea+"/answer", answer("version", "1", "publish", "1")).Status(http.StatusNotFound)
	lena.Get(idea + "/answer").Status(http.StatusNotFound)
	lena.Get("/answers/prepared").Status(200).NotSee("Weigh the scrap")
	lena.Get("/answers").Status(200).NotSee("Weigh the scrap")
	h.publish(h.lena, strings.TrimPrefix(idea, "/ideas/")+".1").Status(http.StatusConflict)
	h.publish(h.mona, strings.TrimPrefix(idea, "/ideas/")+".1").Status(http.StatusNotFound) // who does not moderate does not see it
}

func TestPreparedAnswersArePublishedTogetherOrNotAtAll(t *testing.T) {
	h := open(t)
	first, second := h.idea("Weigh the scrap", ""), h.idea("Sort the scrap", "")
	lena := h.As(h.lena)
	chosen := func(idea string, version int) string {
		return fmt.Sprintf("%s.%d", strings.TrimPrefix(idea, "/ideas/"), version)
	}
	lena.Post(first+"/answer", answer()).Status(http.StatusSeeOther)
	lena.Post(second+"/answer", answer("decision", "deferred.budget", "reopen_on", "2026-03-20")).Status(http.StatusSeeOther)
	lena.Get("/answers/prepared").See(`value="`+chosen(first, 1)+`"`, `value="`+chosen(second, 1)+`"`)
	h.As(h.mona).Post(first+"/answer", answer("version", "1", "body", "Other words.")).Status(http.StatusSeeOther)
	h.publish(h.lena, chosen(first, 1), chosen(second, 1)).Status(http.StatusConflict).See("Nothing was published")
	h.publish(h.lena).Status(http.StatusUnprocessableEntity).See("Tick the answers")
	h.publish(h.lena, "one.two").Status(http.StatusUnprocessableEntity)
	h.now = h.now.AddDate(0, 1, 0)
	h.publish(h.lena, chosen(first, 2), chosen(second, 1)).Status(http.StatusUnprocessableEntity).See("give it another day")
	read(h.As(h.paul), first).NotSee("Official answer")
	lena = h.As(h.lena) // whose session has ended
	lena.Post(second+"/answer", answer("decision", "deferred.budget", "reopen_on", "2026-09-01", "version", "1")).Status(http.StatusSeeOther)
	h.publish(h.lena, chosen(first, 2), chosen(second, 2), chosen(second, 2)).Status(http.StatusSeeOther)
	read(h.As(h.paul), first).See("Other words.")
	read(h.As(h.paul), second).See("Official answer: deferred", "until 1 September 2026")
	h.As(h.paul).Get("/ideas").See(`class="outcome">Deferred`)
	lena.Get("/answers/prepared").See("Nothing is prepared")
}

func TestAnAnswerPreparedBeforeAMergeBlocksNoOther(t *testing.T) {
	h := open(t)
	merged, kept := h.idea("Weigh the scrap", ""), h.idea("Sort the scrap", "")
	lena := h.As(h.lena)
	lena.Post(merged+"/answer", answer()).Status(http.StatusSeeOther)
	lena.Post(kept+"/answer", answer()).Status(http.StatusSeeOther)
	lena.Post(merged+"/merge", apptest.Form{"address": kept, "reason": "Both weigh."}).Status(http.StatusSeeOther)
	h.As(h.paul).Post(merged+"/merge/answer", apptest.Form{"answer": "agree"}).Status(http.StatusSeeOther)
	lena.Get("/answers/prepared").See("Sort the scrap").NotSee("Weigh the scrap")
	h.publish(h.lena, strings.TrimPrefix(merged, "/ideas/")+".1", strings.TrimPrefix(kept, "/ideas/")+".1"). // ticked before
															Status(http.StatusUnprocessableEntity).See("goes on in another one").NotSee("give it another day")
}

func TestAnIdeaComesBackByItself(t *testing.T) {
	h := open(t)
	day, tag, campaign, chosen := h.idea("Weigh the scrap", ""), h.idea("Sort the scrap", ""), h.idea("Sell the scrap", ""), h.idea("Melt the scrap", "")
	lena, paul := h.As(h.lena), h.As(h.paul)
	read := func(idea string) *apptest.Answer { return read(h.As(h.paul), idea) } // sessions end before the ideas come back
	for idea, form := range map[string]apptest.Form{
		day: answer("decision", "deferred.budget", "reopen_on", "2026-04-10"), tag: answer("reopen_tag", "Scale"), campaign: answer("reopen_campaign", "1"),
		chosen: answer("decision", "selected.impact", "reopen_on", "2026-04-10", "reopen_tag", "scale", "reopen_campaign", "1"),
	} {
		form["publish"] = "1"
		lena.Post(idea+"/answer", form).Status(http.StatusSeeOther)
	}
	h.later(1)
	h.Space("office", models.Company, map[*models.User]models.SpaceRole{h.paul: models.SpaceManager})
	paul.Post("/ideas", apptest.Form{"space": "office", "title": "Elsewhere", "body": "Another space.", "tags": "scale", "once": "once-elsewhere-elsewhere"}).Status(http.StatusSeeOther)
	h.later(1)
	for _, idea := range []string{day, tag, campaign, chosen} {
		read(idea).See("Official answer").NotSee("Back since", "promised by")
	}

	h.idea("A scale for all", "scale, bin")
	h.later(1)
	read(tag).See("Back since 5 March 2026: a new idea is about the same theme", "Official answer: not selected", "promised by 4 April 2026")
	paul.Get("/ideas?stage=proposed").See("Sort the scrap").NotSee("Sell the scrap")
	read(campaign).NotSee("Back since")
	h.As(h.sophie).Get("/notifications").See("Sort the scrap” is back before those who decide")
	paul.Get("/notifications").See("Sort the scrap” is back before those who decide")
	h.As(h.nora).Get("/notifications").NotSee("Sort the scrap")

	waste := h.campaign("Less waste")
	h.Tx(nil, func(tx *models.Tx) error { return tx.Record(models.CampaignPublished, waste, nil) })
	h.later(1)
	read(campaign).See("Back since 6 March 2026: the space has a new campaign")
	h.later(34)
	read(day).NotSee("Back since")
	h.later(1)
	read(day).See("Back since 10 April 2026: the day that had been set has come")
	read(chosen).NotSee("Back since")
	h.later(10)
	read(day).See("Back since 10 April 2026") // once

	lena = h.As(h.lena)
	lena.Post(tag+"/answer", answer("decision", "selected.quick_win", "publish", "1")).Status(http.StatusConflict) // it had one
	lena.Get(tag + "/answer").Status(200)
	read(tag).NotSee("Official answer: selected")
}

func TestWhoAnswersForAPromiseIsRemindedAndAWeekLaterTheSponsorIsToo(t *testing.T) {
	h := open(t)
	first := h.idea("Weigh the scrap", "")
	h.later(5)
	h.idea("Sort the scrap", "")
	told := func(who *models.User, soon, late, long int) {
		t.Helper()
		text := h.As(who).Get("/notifications").Text
		for words, want := range map[string]int{"are due in three days": soon, "answer for have waited longer": late, "a week longer than promised": long} {
			if n := strings.Count(text, words); n != want {
				t.Errorf("%s is told %d times that ideas %s, want %d", who.Name, n, words, want)
			}
		}
	}
	h.later(21)
	told(h.mona, 0, 0, 0)
	h.later(2)
	told(h.mona, 1, 0, 0)
	h.later(1)
	told(h.mona, 1, 0, 0)
	mona := h.As(h.mona)
	text := mona.Get("/answers").Status(200).See("due in 1 day", "due in 6 days").Text
	if strings.Index(text, "Weigh the scrap") > strings.Index(text, "Sort the scrap") {
		t.Error("what is due first does not stand first")
	}
	h.later(2)
	told(h.mona, 1, 1, 0)
	told(h.sophie, 0, 0, 0)
	h.As(h.mona).Get("/answers").See("1 day late")
	read(h.As(h.paul), first).See("Answer late", "was promised by 1 April 2026")
	h.As(h.paul).Get(number(h.channel) + "/figures").See("1 idea waits longer than promised")
	h.As(h.paul).Get("/answers").Status(403)
	h.later(7)
	told(h.mona, 1, 2, 1) // the second idea's day is over, too
	told(h.sophie, 0, 0, 1)
	told(h.lena, 0, 0, 0)
	h.As(h.lena).Get("/").See(`href="/answers"`)
	h.As(h.paul).Get("/").NotSee(`href="/answers"`)
}

func TestWhoAnswersForAStageHearsOfWhatStandsStillInIt(t *testing.T) {
	h := open(t)
	stage := models.NewStage(models.Gather, nil)
	stage.MaxDays, stage.AnswererID = 10, &h.nora.ID
	h.channel = &models.Campaign{SpaceID: h.space.ID, Kind: models.Channel, Title: "Less heat", Question: "Where?", SponsorID: &h.sophie.ID, ManagerID: &h.mona.ID, Stages: []models.CampaignStage{stage}}
	h.Tx(nil, func(tx *models.Tx) error { return tx.ImportCampaign(h.channel) })
	h.idea("Close the gate", "")
	moves := h.idea("Paint the roof", "")
	h.later(5)
	fresh := h.idea("Plant trees", "")
	told := func(who *models.User, still, long int) {
		t.Helper()
		text := h.As(who).Get("/notifications").Text
		for words, want := range map[string]int{"stand still in a stage": still, "a week longer than their stage": long} {
			if n := strings.Count(text, words); n != want {
				t.Errorf("%s is told %d times that ideas %s, want %d", who.Name, n, words, want)
			}
		}
	}
	h.later(4)
	told(h.nora, 0, 0)
	h.As(h.nora).Get("/answers/stalled").Status(200).See("No idea stands still")
	h.As(h.lena).Post(moves+"/stage", apptest.Form{"stage": "discussed"}).Status(http.StatusSeeOther)
	h.later(1)
	told(h.nora, 1, 0)
	told(h.mona, 0, 0)
	h.later(1)
	told(h.nora, 1, 0) // once
	h.As(h.nora).Get("/answers/stalled").Status(200).See("Close the gate", "11 days without moving", "“Ideas” allows 10 days", "Nora answers for the stage").NotSee("Plant trees", "Paint the roof", "Answer it")
	h.As(h.mona).Get("/answers/stalled").Status(200).See("Close the gate", "/answer\"")
	h.As(h.paul).Get("/answers/stalled").Status(403)
	h.As(h.paul).Get(number(h.channel) + "/figures").See("1 idea has not moved for longer than the 10 days that “Ideas” allows")
	h.later(5) // a second one
	told(h.nora, 2, 0)
	told(h.sophie, 0, 0)
	h.later(1)
	told(h.sophie, 0, 1)
	told(h.nora, 2, 1)
	page := h.As(h.mona).Get("/answers/stalled").Status(200).See("Plant trees").Text
	if strings.Index(page, "Close the gate") > strings.Index(page, "Plant trees") {
		t.Error("what stands still for longest does not stand first")
	}
	h.As(h.mona).Post(fresh+"/answer", answer("publish", "1")).Status(http.StatusSeeOther)
	h.As(h.mona).Get("/answers/stalled").See("Close the gate").NotSee("Plant trees")
	h.As(h.mona).Get("/answers/stalled?cursor=nothing").Status(422)
	h.As(h.lena).Post(number(h.channel)+"/pause", apptest.Form{"reason": "Holidays."}).Status(http.StatusSeeOther)
	h.As(h.mona).Get("/answers/stalled").See("No idea stands still")
}

func TestWhatIsDueIsReadPageByPage(t *testing.T) {
	h := open(t)
	other := h.campaign("Less waste")
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error {
		for i := range 35 {
			campaign := []*models.Campaign{h.channel, other}[i%2]
			idea := &models.Idea{SpaceID: h.space.ID, AuthorID: h.paul.ID, CampaignID: &campaign.ID, Campaign: campaign.Title, Title: fmt.Sprintf("Idea number %d.", i), Body: "B", HTML: "B", PublishedAt: h.now.Add(time.Duration(i) * time.Minute)}
			if err := tx.CreateIdea(idea); err != nil {
				return err
			}
		}
		return nil
	})
	mona := h.As(h.mona)
	page := mona.Get("/answers").Status(200).See("Idea number 0.", "Idea number 29.").NotSee("Idea number 30.").Text
	_, next, found := strings.Cut(page, `href="/answers?cursor=`)
	if !found {
		t.Fatal("there is no next page")
	}
	mona.Get("/answers?cursor="+next[:strings.IndexByte(next, '"')]).Status(200).See("Idea number 30.", "Idea number 34.").NotSee("Idea number 29.")
	mona.Get("/answers?cursor=nothing").Status(422)
}

func TestWhatIsWrongWithAnAnswerIsSaidAtItsField(t *testing.T) {
	h := open(t)
	idea := h.idea("Weigh the scrap", "")
	for says, change := range map[string][]string{
		"Choose what is decided":             {"decision", ""},
		"a reason that goes with":            {"decision", "declined.quick_win"},
		"Say until when":                     {"decision", "deferred.budget"},
		"Choose a day to come":               {"reopen_on", "2026-03-02"},
		"Give a date":                        {"reopen_on", "9999-01-01"},
		"One tag, of at most":                {"reopen_tag", "one, two"},
		"at most 1,000 signs":                {"conditions", strings.Repeat("x", 1001)},
		`aria-describedby="decision-error"`:  {"decision", "war.peace"},
		`id="body-error"`:                    {"body", " "},
		"Write at most 1,000 signs, all of ": {"conditions", "a\x00b"},
	} {
		kept := "The scale costs more"
		if change[0] == "body" {
			kept = "declined.cost"
		}
		h.As(h.mona).Post(idea+"/answer", answer(append(change, "publish", "1")...)).Status(http.StatusUnprocessableEntity).See(says, kept)
	}
	read(h.As(h.paul), idea).NotSee("Official answer")
	h.As(h.mona).Get("/answers/prepared").See("Nothing is prepared")
}

func TestTheHouseSaysHowAnswersBegin(t *testing.T) {
	h := open(t)
	idea := h.idea("Weigh the scrap", "")
	chief := h.Person("Carla", models.RoleManager)
	carla, mona := h.As(chief), h.As(h.mona)
	mona.Get("/answers/templates").Status(403)
	mona.Post("/answers/templates", apptest.Form{"declined_en": "No."}).Status(403)
	carla.Get("/answers/templates").Status(200).See("We will not carry it out", "Nous ne la réaliserons pas")
	carla.Post("/answers/templates", apptest.Form{"declined_en": "Dear colleague, not this year."}).Status(http.StatusSeeOther)
	mona.Get(idea + "/answer?begin=declined&in=en").See("Dear colleague, not this year.")
	mona.Get(idea + "/answer?begin=declined&in=fr").See("Nous ne la réaliserons pas")
	carla.Post("/answers/templates", apptest.Form{"declined_en": strings.Repeat("x", 20001), "selected_en": "Kept."}).Status(http.StatusUnprocessableEntity).See("Kept.", `id="declined_en-error"`)
	carla.Post("/answers/templates", apptest.Form{"declined_en": ""}).Status(http.StatusSeeOther)
	mona.Get(idea + "/answer?begin=declined&in=en").See("We will not carry it out").NotSee("Dear colleague")
}

func TestProgramsDecideUnderTheSameRules(t *testing.T) {
	h := open(t)
	idea := h.idea("Weigh the scrap", "")
	ask := func(who *models.User, method, body string) *apptest.Answer {
		return h.Visitor().Do(method, "/api/v1"+idea+"/decision", strings.NewReader(body), http.Header{"Authorization": {"Bearer " + h.Token(who, models.ScopeWrite)}, "Content-Type": {"application/json"}})
	}
	ask(h.paul, http.MethodGet, "").Status(404)
	ask(h.paul, http.MethodPut, `{"kind":"declined","reason":"cost","body":"No."}`).Status(403)
	ask(h.mona, http.MethodPut, `{"kind":"deferred","reason":"budget","body":"Later."}`).Status(422).See("reopen_on")
	ask(h.mona, http.MethodPut, `{"kind":"deferred","reason":"budget","body":"*Later.*","until":"2026-09-01T00:00:00Z"}`).Status(200).See(`"html":"<p><em>Later.`)
	ask(h.mona, http.MethodPut, `{"kind":"declined","reason":"cost","body":"No."}`).Status(409)
	ask(h.mona, http.MethodPut, `{"kind":"declined","reason":"cost","body":"No.","replaces":1}`).Status(200)
	ask(h.paul, http.MethodGet, "").Status(200).See(`"kind":"declined"`, `"body":"No."`).NotSee("Later")
}
