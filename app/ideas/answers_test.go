package ideas_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// survey is a house with a campaign that Mona manages, Sven sponsors, Tess helps with and Eve could evaluate; Xavier is an expert of its
// space, and Lena manages it.
type survey struct {
	t *testing.T
	*house
	mona, sven, tess, xavier, lena, eve *models.User
	campaign                            *models.Campaign
}

func openSurvey(t *testing.T) *survey {
	t.Helper()
	h := &survey{t: t, house: open(t)}
	h.mona, h.sven, h.tess = h.Person("Mona", models.RoleEmployee), h.Person("Sven", models.RoleEmployee), h.Person("Tess", models.RoleEmployee)
	h.xavier, h.lena, h.eve = h.Person("Xavier", models.RoleEmployee), h.Person("Lena", models.RoleEmployee), h.Person("Eve", models.RoleEmployee)
	h.campaign = &models.Campaign{SpaceID: h.ateliers.ID, Kind: models.Channel, Title: "Less scrap", Question: "Where?", SponsorID: &h.sven.ID, ManagerID: &h.mona.ID, AnswerDays: 30}
	h.Tx(nil, func(tx *models.Tx) error {
		if err := tx.SetMember(h.ateliers, h.xavier, models.SpaceExpert); err != nil {
			return err
		}
		if err := tx.SetMember(h.ateliers, h.lena, models.SpaceManager); err != nil {
			return err
		}
		if err := tx.ImportCampaign(h.campaign); err != nil {
			return err
		}
		return tx.SaveCampaignPeople(&models.Campaign{ID: h.campaign.ID, Version: h.campaign.Version, Team: []int64{h.tess.ID}}, nil, h.campaign.Version)
	})
	return h
}

// evaluates lets somebody judge the ideas of the campaign.
func (h *survey) evaluates(user *models.User) {
	h.t.Helper()
	actor, err := h.DB.ActorByID(h.t.Context(), user.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	card := &models.Scorecard{PerIdea: 1, Minimum: 1, Minutes: 10, Blind: true, Criteria: []models.Criterion{{NameFR: "Utile", NameEN: "Useful", Lowest: 1, Highest: 5, Weight: 1}}}
	h.Tx(nil, func(tx *models.Tx) error {
		if err := tx.SaveScorecard(models.NewScorecard(h.campaign.ID), card); err != nil {
			return err
		}
		return tx.SetEvaluator(h.campaign, actor, models.Evaluator{})
	})
}

// asks adds a field to the form.
func (h *survey) asks(label string, field models.FormField) string {
	field.Label = models.Words{EN: label, FR: label}
	if field.Visibility == "" {
		field.Visibility = models.AnswersForAll
	}
	h.Tx(nil, func(tx *models.Tx) error { return tx.AddField(h.campaign, &field) })
	return field.AnswerName()
}

// proposal is a form of an idea for the campaign, filled in.
func (h *survey) proposal(pairs ...string) url.Values {
	form := url.Values{"campaign": {fmt.Sprint(h.campaign.ID)}, "title": {"Weigh the scrap"}, "body": {"At each station."}, "asked": {fmt.Sprint(h.campaign.FormVersion)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

func (h *survey) send(user *models.User, path string, form url.Values) *apptest.Answer {
	return h.As(user).Do(http.MethodPost, path, strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

func (h *survey) propose(pairs ...string) string {
	return h.send(h.alice, "/ideas", h.proposal(pairs...)).Status(303).Header.Get("Location")
}

var lines = models.Choices{{EN: "Press"}, {EN: "Paint"}, {EN: "Saw"}}

func TestACampaignAsksAndShowsAnswersOfEveryKind(t *testing.T) {
	h := openSurvey(t)
	answers := []string{
		h.asks("Short", models.FormField{Kind: models.ShortField}), "  Twice a week ",
		h.asks("Long", models.FormField{Kind: models.LongField}), "One\r\nTwo",
		h.asks("Number", models.FormField{Kind: models.NumberField}), "1 234,5",
		h.asks("Amount", models.FormField{Kind: models.AmountField}), "1200,50 €",
		h.asks("Day", models.FormField{Kind: models.DateField}), "2027-03-12",
		h.asks("One", models.FormField{Kind: models.ChoiceField, Wording: models.Wording{Choices: append(models.Choices{}, lines...)}}), "2",
		h.asks("Several", models.FormField{Kind: models.ChoicesField, Wording: models.Wording{Choices: append(models.Choices{}, lines...)}}), "3",
		"answer_7", "1",
		h.asks("Scale", models.FormField{Kind: models.ScaleField, Wording: models.Wording{Low: 1, High: 5}}), "4",
		h.asks("Link", models.FormField{Kind: models.LinkField}), "https://example.org/scrap",
		h.asks("Colleague", models.FormField{Kind: models.PersonField}), "Bob@example.test",
	}
	answers[len(answers)-1] = strings.ToUpper(h.bob.Email)
	h.As(h.alice).Get("/ideas/new?campaign=1").Status(200).See("What the campaign asks", "Everyone who can read the idea sees the answer.", `name="answer_6" value="2"`, `type="date"`)
	path := h.propose(answers...)
	h.As(h.bob).Get(path).See("Twice a week", "One\nTwo", "1,234.5", "€1,200.50", "12 March 2027", "<dd>Paint</dd>", "<dd>Press, Saw</dd>", "4 out of 5",
		`href="https://example.org/scrap" rel="nofollow noopener"`, fmt.Sprintf(`href="/people/%d"`, h.bob.ID))
	h.Visitor().Get(path).Status(404)

	edit := h.As(h.alice).Get("/ideas/1/edit").Status(200).See("Twice a week", `value="1234.5"`, `value="1200.50"`, `value="2027-03-12"`, `value="2" checked`, h.bob.Email)
	if n := strings.Count(edit.Text, " checked"); n < 4 {
		t.Errorf("%d choices are chosen in the form", n)
	}
}

func TestWhatIsWrongIsSaidAtItsFieldAndNothingIsLost(t *testing.T) {
	h := openSurvey(t)
	needed := h.asks("Needed", models.FormField{Kind: models.ShortField, Wording: models.Wording{Required: true}})
	amount := h.asks("Amount", models.FormField{Kind: models.AmountField})
	for field, wrong := range map[string][2]string{
		h.asks("Day", models.FormField{Kind: models.DateField}):                                                                          {"2027-02-30", "Choose a day"},
		h.asks("Scale", models.FormField{Kind: models.ScaleField, Wording: models.Wording{Low: 1, High: 5}}):                             {"6", "numbers of the scale"},
		h.asks("Line", models.FormField{Kind: models.ChoiceField, Wording: models.Wording{Choices: append(models.Choices{}, lines...)}}): {"9", "not, or no longer, offered"},
		h.asks("Link", models.FormField{Kind: models.LinkField}):                                                                         {"javascript:alert(1)", "whole address of a page"},
		h.asks("Who", models.FormField{Kind: models.PersonField}):                                                                        {"nobody@example.test", "Nobody of the company"},
		h.asks("Text", models.FormField{Kind: models.ShortField}):                                                                        {strings.Repeat("é", 201), "at most 200"},
		amount: {"1,234", "more than a thousand"},
		needed: {" \u200b ", ""},
	} {
		form := h.proposal(needed, "x")
		form.Set(field, wrong[0])
		h.send(h.alice, "/ideas", form).Status(422).See(wrong[1], `href="#`+field+`"`, "At each station.")
	}
	h.send(h.alice, "/ideas", h.proposal(amount, "12,50")).Status(422).See("the campaign needs it", `value="12,50"`)
	h.send(h.alice, "/ideas", h.proposal(needed, "Bad \x00 \xff text")).Status(422).See("cannot be stored")
	h.send(h.alice, "/ideas", h.proposal(needed, "Good", "answer_999999999", "x", "answer_-1", "x", "answer_", "x", "answer_99999999999999999999", "x")).Status(303)
}

func TestAnswersAreSeenByThoseWhomTheirFieldNamesAndNobodyElse(t *testing.T) {
	h := openSurvey(t)
	var answers []string
	for _, visibility := range models.AnswerVisibilities() {
		answers = append(answers, h.asks("For "+string(visibility), models.FormField{Kind: models.ShortField, Visibility: visibility}), "secret-"+string(visibility))
	}
	h.As(h.alice).Get("/ideas/new?campaign=1").See("Seen by nobody but you, your co-authors and those who run the campaign", "the evaluators of the campaign")
	h.propose(answers...)
	h.send(h.alice, "/ideas/1", url.Values{"title": {"Weigh it"}, "body": {"At each."}, "base": {"1"}, "answer_4": {"secret-private"}}).Status(303)
	path := "/ideas/1-weigh-it"
	h.evaluates(h.eve)
	external := h.Person("Erin", models.RoleEmployee)
	for user, seen := range map[*models.User]int{h.alice: 4, h.mona: 4, h.tess: 4, h.lena: 4, h.sven: 3, h.eve: 2, h.xavier: 1, h.bob: 1, external: 1} {
		for _, page := range []string{path, "/ideas/1/versions/1", "/ideas/1/versions/2"} {
			shown := h.As(user).Get(page).Status(200)
			for i, visibility := range models.AnswerVisibilities() {
				if i < seen {
					shown.See("secret-"+string(visibility), "For "+string(visibility))
				} else {
					shown.NotSee("secret-"+string(visibility), "For "+string(visibility))
				}
			}
		}
	}
	moderator := h.Person("Max", models.RoleModerator)
	h.As(moderator).Get("/ideas/1/edit").Status(200).See("secret-everyone").NotSee("secret-private", "For team")
	h.send(moderator, "/ideas/1", url.Values{"title": {"Weigh it"}, "body": {"At each."}, "base": {"2"}, "answer_1": {"seen by all"}, "answer_4": {"forged"}}).Status(303)
	h.As(h.alice).Get(path).See("seen by all", "secret-private").NotSee("forged")

	h.Settle()
	h.As(h.bob).Get("/search?q=seen").See("Weigh it")
	h.As(h.alice).Get("/search?q=secret").NotSee("Weigh it")
	h.send(h.mona, "/campaigns/1/form/1", url.Values{"label_en": {"For all"}, "visibility": {"team"}, "base": {"1"}}).Status(303)
	h.Settle()
	h.As(h.bob).Get("/search?q=seen").NotSee("Weigh it")
	h.As(h.bob).Get(path).NotSee("seen by all")
}

func TestAFieldTakenAwayWhileSomeoneWritesLosesNothing(t *testing.T) {
	h := openSurvey(t)
	gone, kept := h.asks("Gone soon", models.FormField{Kind: models.ShortField}), h.asks("Kept", models.FormField{Kind: models.ShortField})
	form := h.proposal(gone, "What I wrote", kept, "And more")
	h.send(h.mona, "/campaigns/1/form/1/removal", nil).Status(303)
	again := h.send(h.alice, "/ideas", form).Status(422).See("has taken a question out of its form", "What I wrote", "“Gone soon” has been taken out", "And more")
	draft(h.As(h.alice), "idea/new", `{"title":"Weigh","body":"Begun.","answer_1":"What I wrote","answer_2":"And more"}`).Status(200)
	h.As(h.alice).Get("/ideas/new?campaign=1").See("What I wrote", "And more", "“Gone soon” has been taken out")
	h.As(h.alice).Get("/ideas/new?space=ateliers").See("What I wrote", "And more").NotSee("What the campaign asks") // carried until the campaign is written for again
	form.Set("asked", field(t, again, "asked"))
	h.send(h.alice, "/ideas", form).Status(303)
	h.As(h.bob).Get("/ideas/1-weigh-the-scrap").See("And more").NotSee("What I wrote")

	// What was answered before it was taken away stays, with the words that it answered, and can be changed by who wrote it.
	h.send(h.mona, "/campaigns/1/form/2", url.Values{"label_en": {"Another question"}, "visibility": {"everyone"}, "base": {"1"}}).Status(303)
	h.send(h.mona, "/campaigns/1/form/2/removal", nil).Status(303)
	h.As(h.bob).Get("/ideas/1-weigh-the-scrap").See("Kept", "And more").NotSee("Another question")
	h.As(h.alice).Get("/ideas/1/edit").See("And more", "This is no longer asked; your answer stays.")
	h.send(h.alice, "/ideas/1", url.Values{"title": {"Weigh the scrap"}, "body": {"At each station."}, "base": {"1"}, kept: {"Now less"}}).Status(303)
	h.As(h.bob).Get("/ideas/1-weigh-the-scrap").See("Another question", "Now less")
	h.As(h.bob).Get("/ideas/1/versions/2").See("<del>And more</del>", "<ins>Now less</ins>")
	h.As(h.bob).Get("/ideas/1/versions/1").See("Kept", "And more").NotSee("Now less")
	h.send(h.alice, "/ideas/1", url.Values{"title": {"Late"}, "body": {"At each station."}, "base": {"1"}, kept: {"From before"}}).Status(409).See("<ins>Now less</ins>", "From before")
	h.send(h.alice, "/ideas/1", url.Values{"title": {"Weigh the scrap"}, "body": {"At each station."}, "base": {"2"}, kept: {""}}).Status(303)
	h.As(h.bob).Get("/ideas/1-weigh-the-scrap").NotSee("Now less")
	h.As(h.bob).Get("/ideas/1/versions/2").See("Now less")
}

func TestAChoiceThatIsNoLongerOfferedStaysWhereItWasChosen(t *testing.T) {
	h := openSurvey(t)
	line := h.asks("Line", models.FormField{Kind: models.ChoiceField, Wording: models.Wording{Required: true, Choices: append(models.Choices{}, lines...)}})
	h.propose(line, "2")
	rows := url.Values{"label_en": {"Which line?"}, "required": {"1"}, "visibility": {"everyone"}, "base": {"1"}, "choice_id": {"1", "3"}, "choice_fr": {"", ""}, "choice_en": {"The press", "Saw"}}
	h.send(h.mona, "/campaigns/1/form/1", rows).Status(303)
	h.As(h.bob).Get("/ideas/1-weigh-the-scrap").See("<dd>Paint</dd>")
	h.As(h.alice).Get("/ideas/1/edit").See("Paint (no longer offered)", "The press")
	edit := url.Values{"title": {"Weigh it all"}, "body": {"At each station."}, "base": {"1"}, line: {"2"}}
	h.send(h.alice, "/ideas/1", edit).Status(303)
	h.As(h.bob).Get("/ideas/1-weigh-it-all").See("<dd>Paint</dd>")
	edit.Set("base", "2")
	edit.Set(line, "")
	h.send(h.alice, "/ideas/1", edit).Status(422).See("the campaign needs it")
	h.send(h.bob, "/ideas", h.proposal(line, "2")).Status(422).See("not, or no longer, offered")
}

func TestAnIdeaOfACampaignWithoutAFormCostsWhatItDid(t *testing.T) {
	h := openSurvey(t)
	h.propose()
	h.As(h.bob).Get("/ideas/1-weigh-the-scrap")
	before := h.statements(func() { h.As(h.bob).Get("/ideas/1-weigh-the-scrap").Status(200) })
	name := h.asks("Where?", models.FormField{Kind: models.ShortField})
	h.send(h.alice, "/ideas/1", url.Values{"title": {"Weigh the scrap"}, "body": {"At each station."}, "base": {"1"}, name: {"Here"}}).Status(303)
	h.As(h.bob).Get("/ideas/1-weigh-the-scrap").See("Here")
	after := h.statements(func() { h.As(h.bob).Get("/ideas/1-weigh-the-scrap").Status(200) })
	if after-before != 3 {
		t.Errorf("answers take %d statements more", after-before)
	}
}

func TestAProgramAnswersAndReadsWhatItMay(t *testing.T) {
	h := openSurvey(t)
	h.asks("Line", models.FormField{Kind: models.ChoiceField, Wording: models.Wording{Required: true, Choices: append(models.Choices{}, lines...)}})
	h.asks("Cost", models.FormField{Kind: models.AmountField, Visibility: models.AnswersPrivate})
	call := func(user *models.User, method, path, body string) *apptest.Answer {
		t.Helper()
		header := http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeWrite)}, "Content-Type": {"application/json"}}
		return h.Visitor().Do(method, "/api/v1/ideas"+path, strings.NewReader(body), header)
	}
	idea := func(answers string) string {
		return `{"campaign":1,"title":"Weigh the scrap","body":"At each station.","answers":` + answers + `}`
	}
	call(h.alice, "POST", "", idea(`[]`)).Status(422).See(`"location":"body.answers"`, "the campaign needs it")
	call(h.alice, "POST", "", idea(`[{"field":1,"value":"9"},{"field":2,"value":"much"}]`)).Status(422).See(`body.answers[0].value`, `body.answers[1].value`)
	call(h.alice, "POST", "", idea(`[{"field":99,"value":"9"}]`)).Status(422).See(`body.answers[0].field`)
	call(h.alice, "POST", "", `{"space":"ateliers","title":"Weigh it","body":"Here.","answers":[{"field":1,"value":"1"}]}`).Status(422).See(`body.answers[0].field`)
	call(h.alice, "POST", "", idea(`[{"field":1,"value":"2"},{"field":2,"value":"1200.50"}]`)).Status(201).See(`"value":"2","choices":[{"id":2,"fr":"","en":"Paint"}]`, `"value":"1200.50"`)
	call(h.bob, "GET", "/1", "").Status(200).See(`"field":1`).NotSee(`"field":2`, "1200")
	call(h.mona, "GET", "/1", "").Status(200).See("1200.50")
	call(h.alice, "PATCH", "/1", `{"answers":[{"field":2,"value":""}]}`).Status(200).See(`"version":2`, `"value":"2"`).NotSee("1200.50")
	call(h.alice, "PATCH", "/1", `{"answers":[{"field":1,"value":""}]}`).Status(422)
	call(h.alice, "PATCH", "/1", `{"title":"Weigh all scrap"}`).Status(200).See(`"version":3`, `"value":"2"`)
}

func TestAProgramLearnsNoAddressOfAColleagueButToEdit(t *testing.T) {
	h := openSurvey(t)
	h.propose(h.asks("Who helps?", models.FormField{Kind: models.PersonField}), h.xavier.Email)
	get := func(user *models.User) *apptest.Answer {
		return h.Visitor().Do("GET", "/api/v1/ideas/1", nil, http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeRead)}}).Status(200)
	}
	people := fmt.Sprintf(`"people":[{"id":%d,"name":"Xavier"}]`, h.xavier.ID)
	get(h.bob).See(`"value":"Xavier"`, people).NotSee(h.xavier.Email)
	get(h.alice).See(`"value":"`+h.xavier.Email+`"`, people)
}
