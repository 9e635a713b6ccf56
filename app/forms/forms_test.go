package forms_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// house is one whose space Lena runs, with a campaign that Mona does.
type house struct {
	*apptest.Site
	lena, mona, paul, expert *models.User
	space                    *models.Space
	campaign                 *models.Campaign
	form                     string // its address
}

func open(t *testing.T, published bool) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t)}
	h.lena, h.mona, h.paul, h.expert = h.Person("Lena", models.RoleEmployee), h.Person("Mona", models.RoleEmployee), h.Person("Paul", models.RoleEmployee), h.Person("Xavier", models.RoleEmployee)
	h.space = h.Space("plant", models.Company, map[*models.User]models.SpaceRole{h.lena: models.SpaceManager, h.expert: models.SpaceExpert})
	h.campaign = &models.Campaign{SpaceID: h.space.ID, Kind: models.Channel, Title: "Less scrap", Question: "Where?", SponsorID: &h.lena.ID, ManagerID: &h.mona.ID, AnswerDays: 30}
	h.Tx(nil, func(tx *models.Tx) error {
		if published {
			return tx.ImportCampaign(h.campaign)
		}
		return tx.CreateCampaign(h.campaign)
	})
	h.form = fmt.Sprintf("/campaigns/%d/form", h.campaign.ID)
	return h
}

// add has Mona ask something.
func (h *house) add(kind string, fields ...string) {
	form := url.Values{"kind": {kind}, "label_en": {"A " + kind}, "visibility": {"everyone"}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	h.send(h.form, form).Status(http.StatusSeeOther)
}

func (h *house) send(path string, form url.Values) *apptest.Answer {
	return h.As(h.mona).Do(http.MethodPost, path, strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// labels are the questions on the page of the form, in their order.
func (h *house) labels() string {
	var labels []string
	for _, match := range regexp.MustCompile(`<h3 class="row-title">(?:<a[^>]*>)?\s*<span lang="..">([^<]*)</span>`).FindAllStringSubmatch(h.As(h.mona).Get(h.form).Text, -1) {
		labels = append(labels, match[1])
	}
	return strings.Join(labels, ", ")
}

func (h *house) inOrder(t *testing.T, want string) {
	t.Helper()
	if got := h.labels(); got != want {
		t.Errorf("the form asks %q, want %q", got, want)
	}
}

func TestAFormIsSetUpByThoseWhoRunTheCampaign(t *testing.T) {
	h := open(t, true)
	h.add("amount", "label_fr", "Combien cela coûte-t-il ?", "label_en", "What does it cost?", "required", "1", "visibility", "private")
	for _, user := range []*models.User{h.lena, h.mona} {
		h.As(user).Get(h.form).Status(200).See("What does it cost?", "Amount in euros", "Required", "Only the authors and those who run the campaign")
	}
	h.As(h.lena).Get("/campaigns/1/edit").See(`href="/campaigns/1/form"`)
	for path, form := range map[string]apptest.Form{"": {"kind": "short", "label_en": "Mine", "visibility": "everyone"}, "/order": {"order": "1"}, "/1": {"label_en": "Mine"}, "/1/position": {"direction": "up"}, "/1/removal": nil, "/1/restoration": nil} {
		h.As(h.paul).Post(h.form+path, form).Status(403)
		h.As(h.expert).Post(h.form+path, form).Status(403)
	}
	for _, path := range []string{"", "/new?kind=short", "/1"} {
		h.As(h.paul).Get(h.form + path).Status(403).NotSee("What does it cost?")
		h.As(h.mona).Get(h.form + path).Status(200)
	}
	h.As(h.mona).Get(h.form + "/99").Status(404)
	h.As(h.mona).Get("/campaigns/99/form").Status(404)
	h.inOrder(t, "What does it cost?")
}

func TestAFormKeepsItsLimits(t *testing.T) {
	h := open(t, true)
	for says, change := range map[string]url.Values{
		"in one language at least":           {"label_en": {" "}},
		"at most 120 characters":             {"label_fr": {strings.Repeat("é", 121)}},
		"at most 300 characters":             {"help_en": {strings.Repeat("x", 301)}},
		"Choose who sees the answers":        {"visibility": {"god"}},
		"between 2 and 30 choices":           {"kind": {"choice"}, "choice_id": {"0", "0"}, "choice_fr": {"Oui", ""}, "choice_en": {"Yes", " "}},
		"Two choices say the same":           {"kind": {"choices"}, "choice_id": {"0", "0"}, "choice_fr": {"", ""}, "choice_en": {"Yes", "Yes"}},
		"each choice in at most 80":          {"kind": {"choice"}, "choice_id": {"0", "0"}, "choice_fr": {"", ""}, "choice_en": {"Yes", strings.Repeat("n", 81)}},
		"a scale from 0 or 1":                {"kind": {"scale"}, "low": {"1"}, "highest": {"11"}},
		"one of these kinds":                 {"kind": {"horoscope"}},
		"Write the question in at most 120 ": {"label_en": {"\x00"}},
	} {
		form := url.Values{"kind": {"short"}, "label_en": {"A question"}, "visibility": {"everyone"}}
		for field, values := range change {
			form[field] = values
		}
		h.send(h.form, form).Status(http.StatusUnprocessableEntity).See(says)
	}
	h.As(h.mona).Get(h.form + "/new?kind=horoscope").Status(422)
	for range models.MaxFields {
		h.add("short")
	}
	h.send(h.form, url.Values{"kind": {"short"}, "label_en": {"One too many"}, "visibility": {"everyone"}}).Status(422).See("The form is full", "One too many")
	h.As(h.mona).Get(h.form).See("at most 20 fields").NotSee("Add a field")
	h.As(h.mona).Post(h.form+"/1/removal", nil).Status(303)
	h.add("short", "label_en", "In its place")
	h.As(h.mona).Post(h.form+"/1/restoration", nil).Status(422).See("The form is full")
}

func TestFieldsAreOrderedByButtonsAndAllAtOnce(t *testing.T) {
	h := open(t, true)
	for _, label := range []string{"One", "Two", "Three"} {
		h.add("short", "label_en", label)
	}
	mona := h.As(h.mona)
	h.inOrder(t, "One, Two, Three")
	moved := mona.Post(h.form+"/1/position", apptest.Form{"direction": "down"}).Status(303).Header.Get("Location")
	h.inOrder(t, "Two, One, Three")
	mona.Get(moved).See("The field is now number 2", "autofocus")
	mona.Post(h.form+"/2/position", apptest.Form{"direction": "up"}).Status(303) // it is the first already
	h.inOrder(t, "Two, One, Three")
	mona.Post(h.form+"/order", apptest.Form{"order": "3,2,1"}).Status(303)
	h.inOrder(t, "Three, Two, One")
	for _, order := range []string{"", "x", "3,2,1,999999999999999999999", strings.Repeat("1,", 50)} {
		mona.Post(h.form+"/order", apptest.Form{"order": order}).Status(422)
	}
	for _, order := range []string{"3,2", "3,2,2", "3,2,99", "3,2,1,4"} {
		mona.Post(h.form+"/order", apptest.Form{"order": order}).Status(409).See("move the field again", "Three")
	}
	h.inOrder(t, "Three, Two, One")
	mona.Post(h.form+"/2/removal", nil).Status(303)
	h.inOrder(t, "Three, One, Two") // which is no longer asked
	mona.Post(h.form+"/2/position", apptest.Form{"direction": "up"}).Status(404)
	mona.Post(h.form+"/2/restoration", nil).Status(303)
	mona.Get(h.form).NotSee("No longer asked")
}

func TestChoicesKeepTheirNumbersWhenTheirWordsChange(t *testing.T) {
	h := open(t, true)
	choices := func(base string, rows ...string) url.Values {
		form := url.Values{"kind": {"choice"}, "label_en": {"Which line?"}, "visibility": {"everyone"}, "base": {base}}
		for i := 0; i+1 < len(rows); i += 2 {
			form.Add("choice_id", rows[i])
			form.Add("choice_fr", "")
			form.Add("choice_en", rows[i+1])
		}
		return form
	}
	numbers := func(want string) {
		t.Helper()
		fields, err := h.DB.FormFields(t.Context(), h.campaign.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(fields[0].Choices); got != want {
			t.Errorf("the choices are %s, want %s", got, want)
		}
	}
	h.send(h.form, choices("", "0", "Press", "0", "Paint", "0", "")).Status(303)
	numbers("[{1  Press} {2  Paint}]")
	h.send(h.form+"/1", choices("1", "1", "The press", "2", "", "0", "Saw")).Status(303)
	numbers("[{1  The press} {3  Saw}]")
	h.send(h.form+"/1", choices("2", "1", "The press", "1", "Saw", "2", "Paint")).Status(303) // 1 twice: the second is new; 2 comes back
	numbers("[{1  The press} {4  Saw} {2  Paint}]")
	more := choices("3", "1", "The press", "4", "Saw")
	more.Set("more", "1")
	if rows := strings.Count(h.send(h.form+"/1", more).Status(200).Text, `name="choice_fr"`); rows < 6 {
		t.Errorf("who asks for more choices gets %d rows", rows)
	}
	numbers("[{1  The press} {4  Saw} {2  Paint}]")
}

func TestAWordIsReadInTheOtherLanguageUntilItIsTranslated(t *testing.T) {
	h := open(t, true)
	h.add("short", "label_fr", "Où donc ?", "label_en", "")
	h.As(h.mona).Get(h.form).See(`<span lang="fr">Où donc ?</span>`, "No English yet")
}

func TestAnswersAreNeverShownToMorePeopleThanTheyWereGivenFor(t *testing.T) {
	h := open(t, true)
	h.add("short", "visibility", "team")
	form := func(visibility, base string) url.Values {
		return url.Values{"label_en": {"A short"}, "visibility": {visibility}, "base": {base}}
	}
	h.send(h.form+"/1", form("everyone", "1")).Status(422).See("given to be seen by fewer people")
	h.send(h.form+"/1", form("evaluators", "1")).Status(422)
	h.send(h.form+"/1", form("private", "1")).Status(303)
	h.send(h.form+"/1", form("team", "2")).Status(422)
	h.send(h.form+"/1", form("private", "1")).Status(409).See("Somebody else has changed this field")

	draft := open(t, false) // nobody has answered yet
	draft.add("short", "visibility", "private")
	draft.send(draft.form+"/1", form("everyone", "1")).Status(303)
}

func TestNobodyIsAskedForAColleagueWhereOutsidersRead(t *testing.T) {
	h := open(t, true)
	h.Tx(nil, func(tx *models.Tx) error {
		outside := &models.Space{Slug: "partners", Title: "Partners", Visibility: models.External}
		if err := tx.CreateSpace(outside); err != nil {
			return err
		}
		h.campaign = &models.Campaign{SpaceID: outside.ID, Kind: models.Channel, Title: "Together", ManagerID: &h.lena.ID}
		if err := tx.SetMember(outside, h.mona, models.SpaceManager); err != nil {
			return err
		}
		return tx.ImportCampaign(h.campaign)
	})
	h.form = fmt.Sprintf("/campaigns/%d/form", h.campaign.ID)
	h.send(h.form, url.Values{"kind": {"person"}, "label_en": {"Who?"}, "visibility": {"everyone"}}).Status(422).See("name of a colleague")
	h.As(h.mona).Get(h.form).See("no field can ask for the name of a colleague").NotSee(`value="person"`)
}

// program calls the API with someone's token.
func (h *house) program(user *models.User, method, path, body string) *apptest.Answer {
	header := http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeManage)}, "Content-Type": {"application/json"}}
	return h.Visitor().Do(method, "/api/v1/campaigns/1/form"+path, strings.NewReader(body), header)
}

func TestAProgramSetsUpAForm(t *testing.T) {
	h := open(t, true)
	h.program(h.mona, "POST", "", `{"kind":"choice","label":{"fr":"Où ?","en":"Where?"},"choices":[{"en":"Press"},{"en":"Paint"}],"visibility":"team","required":true}`).Status(201).
		See(`"id":1`, `"choices":[{"id":1,"en":"Press"},{"id":2,"en":"Paint"}]`, `"visibility":"team"`)
	h.program(h.mona, "POST", "", `{"kind":"scale","label":{"en":"How easy?"}}`).Status(201).See(`"low":1,"high":5`)
	h.program(h.mona, "POST", "", `{"kind":"short","label":{"en":" "}}`).Status(422).See("one language at least")
	h.program(h.mona, "POST", "", `{"kind":"video","label":{"en":"What?"}}`).Status(422)
	h.program(h.paul, "POST", "", `{"kind":"short","label":{"en":"Mine"}}`).Status(403)
	h.program(h.mona, "PATCH", "/1", `{"visibility":"everyone"}`).Status(422).See("given to be seen by fewer people")
	h.program(h.mona, "PATCH", "/1", `{"label":{"en":"On which line?"},"choices":[{"id":2,"en":"Paint shop"},{"en":"Saw"}]}`).Status(200).See(`"version":2`, `{"id":2,"en":"Paint shop"},{"id":3,"en":"Saw"}`, `"required":true`)
	h.program(h.paul, "PATCH", "/1", `{"label":{"en":"Mine"}}`).Status(403)
	h.program(h.mona, "PUT", "/order", `{"fields":[2,1]}`).Status(200)
	h.program(h.mona, "PUT", "/order", `{"fields":[2,2]}`).Status(409)
	h.inOrder(t, "How easy?, On which line?")
	h.program(h.paul, "DELETE", "/2", "").Status(403)
	h.program(h.mona, "DELETE", "/2", "").Status(204)
	h.program(h.mona, "DELETE", "/9", "").Status(404)
	h.program(h.mona, "PATCH", "/2", `{"required":true}`).Status(404)
	h.program(h.paul, "GET", "", "").Status(200).See(`"asked":false`, "How easy?", "On which line?")
	h.program(h.Person("Erin", models.RoleExternal), "GET", "", "").Status(404)
}

func TestACopyOfACampaignAsksTheSame(t *testing.T) {
	h := open(t, true)
	h.add("short", "label_en", "Where?", "label_fr", "Où ?", "required", "1", "visibility", "private")
	h.add("short", "label_en", "No longer")
	h.add("person", "label_en", "Who?")
	h.As(h.mona).Post(h.form+"/2/removal", nil).Status(303)
	h.As(h.lena).Post("/campaigns/1/copies", apptest.Form{"title": "Less noise"}).Status(303)
	h.As(h.lena).Get("/campaigns/2/form").Status(200).See("Where?", "Who?", "Required", "Only the authors").NotSee("No longer")
}
