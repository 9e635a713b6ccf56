package seals_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// sealedHouse has a campaign of Lena's that seals the names of its authors; Kim and Kai keep the seals.
type sealedHouse struct {
	*apptest.Site
	t                           *testing.T
	now                         time.Time
	lena, alice, bob, kim, kai  *models.User
	space                       *models.Space
	campaign                    *models.Campaign
	sent                        int
	kimsPage, kaisPage, oneself *apptest.Client
}

func open(t *testing.T) *sealedHouse {
	t.Helper()
	h := &sealedHouse{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, func(_ *app.Config, o *app.Options) { o.Clock = func() time.Time { return h.now } })
	h.lena, h.alice, h.bob = h.Person("Lena", models.RoleEmployee), h.Person("Alice Abel", models.RoleEmployee), h.Person("Bob", models.RoleEmployee)
	h.space = h.Space("works", models.Company, map[*models.User]models.SpaceRole{h.lena: models.SpaceManager})
	h.campaign = &models.Campaign{SpaceID: h.space.ID, Kind: models.Channel, Title: "What wears us down", Question: "What first?", SponsorID: &h.lena.ID, ManagerID: &h.lena.ID, AnswerDays: 30, Anonymity: models.Sealed}
	h.Tx(h.Actor(h.lena), func(tx *models.Tx) error { return tx.ImportCampaign(h.campaign) })
	h.kim, h.kai = h.Keepers(h.lena, h.campaign.ID)
	h.kimsPage, h.kaisPage = h.As(h.kim), h.As(h.kai)
	return h
}

var sealMark = regexp.MustCompile(`name="seal" value="([^"]*)"`)

// form is that of an idea, as the page gives it to somebody.
func (h *sealedHouse) form(client *apptest.Client) apptest.Form {
	h.t.Helper()
	h.sent++
	page := client.Get(fmt.Sprintf("/ideas/new?campaign=%d", h.campaign.ID)).Status(200).See("Your name is sealed", "Kim Quist (Compliance) and Kai Kowal (Works council)").NotSee("<draft-keeper")
	return apptest.Form{"campaign": fmt.Sprint(h.campaign.ID), "title": "Fewer night shifts", "body": "In a row.", "anonymity": "sealed", "seal": sealMark.FindStringSubmatch(page.Text)[1], "once": fmt.Sprintf("%026d", h.sent)}
}

// posts has somebody propose an idea, and is its address.
func (h *sealedHouse) posts(author *models.User) string {
	h.t.Helper()
	h.oneself = h.As(author)
	path := h.oneself.Post("/ideas", h.form(h.oneself)).Status(303).Header.Get("Location")
	h.oneself.Get(path).Status(200).See("Return code")
	return strings.TrimSuffix(path, "/return-code")
}

var reason = "Somebody announces to hurt a colleague."

// asks has Kim ask to open the seal of an idea, and is the address of that.
func (h *sealedHouse) asks(idea string) string {
	h.t.Helper()
	return h.kimsPage.Post(idea+"/seal", apptest.Form{"reason": reason, "passphrase": apptest.Passphrase}).Status(303).Header.Get("Location")
}

func agreement() apptest.Form { return apptest.Form{"do": "agree", "passphrase": apptest.Passphrase} }

// verbs are those of seals in the log, in their order.
func (h *sealedHouse) verbs() (verbs []string) {
	h.Tx(nil, func(tx *models.Tx) error {
		events, err := tx.EventsAfter(h.t.Context(), 0, 200)
		for _, event := range events {
			if strings.HasPrefix(event.Verb, "seal.") {
				verbs = append(verbs, event.Verb)
			}
		}
		return err
	})
	return verbs
}

func (h *sealedHouse) recorded(want ...string) {
	h.t.Helper()
	if got := h.verbs(); !slices.Equal(got, want) {
		h.t.Errorf("recorded %v, want %v", got, want)
	}
}

func TestTwoKeepersOpenASealTogetherAndItsAuthorIsTold(t *testing.T) {
	h := open(t)
	idea := h.posts(h.alice)
	h.As(h.bob).Get(idea+"-fewer-night-shifts").Status(200).See("Hidden author", "only Kim Quist and Kai Kowal together", "Come back with your code").NotSee("Alice", "/seal\"")
	h.kimsPage.Get(idea + "-fewer-night-shifts").Status(200).See(idea + "/seal").NotSee("Alice")
	h.kimsPage.Get(idea + "/seal").Status(200).See("Kai Kowal reads your reason")
	h.kimsPage.Post(idea+"/seal", apptest.Form{"reason": "So.", "passphrase": apptest.Passphrase}).Status(422).See("10 to 500 characters")
	request := h.asks(idea)
	h.kimsPage.Get(request).Status(200).See(reason, "Take the request back").NotSee("Alice", "Open the seal")
	h.kaisPage.Get("/notifications").See("You are asked to open a seal together")
	h.kaisPage.Get("/seals").Status(200).See("Fewer night shifts", reason)
	h.kaisPage.Get(request).Status(200).See(reason, "Open the seal", `" data-turbo="false"`).NotSee("Alice")
	h.As(h.alice).Get("/seals").NotSee("Fewer night shifts")
	h.kaisPage.Post(request, agreement()).Status(200).See("The author is Alice Abel", "The author has been told")
	h.kimsPage.Get("/notifications").See("Your request to open a seal is answered")
	h.kimsPage.Get(request).Status(200).See("Show the name").NotSee("Alice")
	h.kimsPage.Post(request, apptest.Form{"do": "look", "passphrase": apptest.Passphrase}).Status(200).See("The author is Alice Abel")
	h.kaisPage.Post(request, apptest.Form{"do": "look", "passphrase": apptest.Passphrase}).Status(200).See("The author is Alice Abel")
	h.As(h.alice).Get("/notifications").See("The seal of an idea of yours was opened")
	h.As(h.alice).Get("/seals").See("Fewer night shifts", "Opened by Kim Quist and Kai Kowal", reason)
	h.As(h.bob).Get(idea + "-fewer-night-shifts").NotSee("Alice")
	h.As(h.lena).Get(idea + "-fewer-night-shifts").NotSee("Alice")
	h.As(h.Person("Olga", models.RoleOwner)).Get("/audit?verb=seal.opened").Status(200).See("Kai Kowal", "opened a seal together with whoever had asked").NotSee(reason, "Alice")
	h.recorded(models.SealAsked, models.SealOpened, models.SealShown, models.SealShown)

	h.now = h.now.Add(models.OpeningShown)
	h.kimsPage.Get(request).Status(200).See("The name is shown no more").NotSee("Show the name")
	h.kimsPage.Post(request, apptest.Form{"do": "look", "passphrase": apptest.Passphrase}).Status(409).NotSee("Alice")
	h.Tx(nil, func(tx *models.Tx) error { _, err := tx.TidyOpenings(); return err })
	for _, row := range modelstest.Rows(t, h.Config.DatabaseURL)["seal_openings"] {
		if strings.Contains(row, "YWdlLWVuY3J5") { // age-encry, in base 64
			t.Errorf("something is left to open: %s", row)
		}
	}
	h.asks(idea) // for which both have to agree anew
}

func TestNobodyOpensASealAlone(t *testing.T) {
	h := open(t)
	idea := h.posts(h.alice)
	request := h.asks(idea)
	h.kimsPage.Post(request, agreement()).Status(403)
	h.kimsPage.Post(request, apptest.Form{"do": "decline"}).Status(403)
	h.kimsPage.Post(request, apptest.Form{"do": "look", "passphrase": apptest.Passphrase}).Status(409)
	h.kaisPage.Post(request, apptest.Form{"do": "take_back"}).Status(403)
	h.kaisPage.Post(idea+"/seal", apptest.Form{"reason": reason, "passphrase": apptest.Passphrase}).Status(422).See("waits already")
	for _, other := range []*models.User{h.alice, h.lena, h.Person("Olga", models.RoleOwner)} {
		client := h.As(other)
		client.Get(idea + "/seal").Status(403)
		client.Post(idea+"/seal", apptest.Form{"reason": reason, "passphrase": apptest.Passphrase}).Status(403)
		client.Get(request).Status(404)
		client.Post(request, agreement()).Status(404)
		client.Post(request, apptest.Form{"do": "look", "passphrase": apptest.Passphrase}).Status(404)
		client.Post(request, apptest.Form{"do": "take_back"}).Status(404)
		client.Post("/seals/keys", apptest.Form{"passphrase": apptest.Passphrase, "again": apptest.Passphrase}).Status(403)
	}
	// Both keys in one hand are one keeper alone.
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("UPDATE seal_keys SET user_id = %d", h.kim.ID))
	h.kimsPage.Get(request).Status(200).NotSee(">Open the seal<")
	h.kimsPage.Post(request, agreement()).Status(403)
	h.kimsPage.Post(request, apptest.Form{"do": "take_back"}).Status(303)
	h.kimsPage.Post(idea+"/seal", apptest.Form{"reason": reason, "passphrase": apptest.Passphrase}).Status(422).See("This seal cannot be opened")
	h.recorded(models.SealAsked, models.SealTakenBack)
}

func TestPassphrasesAreNotGuessed(t *testing.T) {
	h := open(t)
	idea := h.posts(h.alice)
	ask := func(passphrase string) *apptest.Answer {
		return h.kimsPage.Post(idea+"/seal", apptest.Form{"reason": reason, "passphrase": passphrase})
	}
	for n := range 5 {
		ask(fmt.Sprint("a guess of hers, ", n)).Status(422).See("This is not the passphrase of your key", reason).NotSee("a guess of hers")
	}
	ask(apptest.Passphrase).Status(422).See("Wait for a quarter of an hour")
	h.now = h.now.Add(15 * time.Minute)
	ask("").Status(422).See("This is not the passphrase")
	ask(apptest.Passphrase).Status(303)
	h.kaisPage.Post("/seals/openings/1", apptest.Form{"do": "agree", "passphrase": "another one of mine"}).Status(422).See("This is not the passphrase").NotSee("Alice")
	h.recorded(append(slices.Repeat([]string{models.SealRefused}, 6), models.SealAsked, models.SealRefused)...)
	if places := modelstest.Find(t, h.Config.DatabaseURL, apptest.Passphrase, "AGE-SECRET-KEY"); len(places) > 0 {
		t.Errorf("a secret is stored: %v", places)
	}
}

func TestARequestServesOnceAndNotForLong(t *testing.T) {
	h := open(t)
	idea := h.posts(h.alice)
	request := h.asks(idea)
	h.kaisPage.Post(request, apptest.Form{"do": "decline"}).Status(303)
	h.kaisPage.Post(request, agreement()).Status(409).See("meanwhile").NotSee("Alice")
	h.As(h.alice).Get("/seals").NotSee("Fewer night shifts")
	h.As(h.alice).Get("/notifications").NotSee("seal")
	late := h.asks(idea)
	h.now = h.now.Add(models.OpeningWaits)
	h.kaisPage.Get(late).See("Not answered in time").NotSee("Open the seal")
	h.kaisPage.Post(late, agreement()).Status(409).NotSee("Alice")
	open := h.asks(idea) // which ends the one before
	h.oneself.Post(idea+"/withdrawal", nil).Status(303)
	h.kaisPage.Get(open).Status(200).See("The idea is withdrawn") // which is no way out of what one has written
	var answers sync.WaitGroup
	status := make([]int, 4)
	for i := range status {
		client := h.As(h.kai)
		answers.Go(func() { status[i] = client.Post(open, agreement()).StatusCode })
	}
	answers.Wait()
	slices.Sort(status)
	if !slices.Equal(status, []int{200, 409, 409, 409}) {
		t.Errorf("four answers at once get %v", status)
	}
	h.kaisPage.Post(open, agreement()).Status(409).NotSee("Alice")
	h.recorded(models.SealAsked, models.SealDeclined, models.SealAsked, models.SealExpired, models.SealAsked, models.SealOpened)
	told := 0
	for _, row := range modelstest.Rows(t, h.Config.DatabaseURL)["house_notices"] {
		if strings.Contains(row, string(models.NoticeSealOpened)) {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the author is told %d times", told)
	}
}

func TestNothingIsSealedWithoutTwoKeepersWithKeys(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	lena.Post("/campaigns", apptest.Form{"space": "works", "title": "Another one", "question": "Which?", "kind": "channel", "sponsor": h.lena.Email, "manager": h.lena.Email, "answer_days": "30", "anonymity": "sealed"}).Status(303)
	lena.Get("/campaigns/2/brief").See("which two people keep the seals")
	lena.Post("/campaigns/2/publication", nil).Status(422)
	nora := h.Person("Nora", models.RoleEmployee)
	names := func(first, role, second, other string) *apptest.Answer {
		return lena.Post("/campaigns/2/seals", apptest.Form{"keeper_1": first, "role_1": role, "keeper_2": second, "role_2": other})
	}
	names(nora.Email, "Compliance", nora.Email, "Works council").Status(422).See("Two different people")
	names(nora.Email, "compliance", h.kai.Email, "Compliance ").Status(422).See("two different roles")
	names("nobody@example.test", "", h.Person("Gaston", models.RoleExternal).Email, "Guest").Status(422).See("Nobody of the company", "Say in which role")
	h.As(h.bob).Post("/campaigns/2/seals", nil).Status(404) // a draft
	names(nora.Email, "Compliance", h.kai.Email, "Works council").Status(303)
	lena.Get("/campaigns/2/seals").Status(200).See("Nora has no key yet", "Kai Kowal has a key")
	lena.Post("/campaigns/2/publication", nil).Status(422)
	hers := h.As(nora)
	hers.Get("/notifications").See("make your key")
	for _, wrong := range []apptest.Form{{"passphrase": "short", "again": "short"}, {"passphrase": apptest.Passphrase, "again": "another one of mine"}, {"passphrase": strings.Repeat("long", 51), "again": strings.Repeat("long", 51)}} {
		hers.Post("/seals/keys", wrong).Status(422)
	}
	hers.Post("/seals/keys", apptest.Form{"passphrase": apptest.Passphrase, "again": apptest.Passphrase}).Status(303)
	hers.Get("/seals").Status(200).See("You made your key on")
	lena.Post("/campaigns/2/publication", nil).Status(303)
	lena.Post("/campaigns", apptest.Form{"space": "works", "title": "In the open", "question": "Which?", "kind": "channel", "sponsor": h.lena.Email, "manager": h.lena.Email, "answer_days": "30"}).Status(303)
	lena.Post("/campaigns/3/publication", nil).Status(303)
	change := apptest.Form{"base": "1", "title": "In the open", "question": "Which?", "sponsor": h.lena.Email, "manager": h.lena.Email, "answer_days": "30", "anonymity": "sealed"}
	lena.Post("/campaigns/3", change).Status(422).See("First name two keepers")
}

func TestKeepersWhoChangeOrLeaveTakeNothingWithThem(t *testing.T) {
	h := open(t)
	idea := h.posts(h.alice)
	writer := h.As(h.bob)
	form := h.form(writer)
	nora := h.Person("Nora", models.RoleEmployee)
	h.As(h.lena).Post("/campaigns/1/seals", apptest.Form{"keeper_1": nora.Email, "role_1": "Compliance", "keeper_2": h.kai.Email, "role_2": "Works council"}).Status(303)
	writer.Post("/ideas", form).Status(422).See("Nothing can be sealed here", "In a row.")
	h.As(nora).Post("/seals/keys", apptest.Form{"passphrase": apptest.Passphrase, "again": apptest.Passphrase}).Status(303)
	writer.Post("/ideas", form).Status(422).See("no longer what you were shown", "Nora (Compliance)")
	delete(form, "seal")
	writer.Post("/ideas", form).Status(422)
	h.As(nora).Get(idea + "/seal").Status(403)
	h.kimsPage.Get(idea + "/seal").Status(200) // whose promise it was
	keeper := h.As(h.kai)
	own := apptest.Form{"campaign": "1", "title": "Mine", "body": "Own.", "anonymity": "sealed", "seal": "3-2", "once": fmt.Sprintf("%026d", 99)}
	keeper.Post("/ideas", own).Status(422).See("You keep the seals of this campaign")
	if n := len(modelstest.Rows(t, h.Config.DatabaseURL)["ideas"]); n != 1 {
		t.Fatalf("%d ideas were published", n)
	}
	h.kaisPage.Post("/seals/keys", apptest.Form{"passphrase": apptest.Passphrase + " anew", "again": apptest.Passphrase + " anew"}).Status(303)
	request := h.asks(idea)
	h.kaisPage.Post(request, apptest.Form{"do": "agree", "passphrase": apptest.Passphrase + " anew"}).Status(422) // sealed for the old one
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("UPDATE users SET disabled_at = '2026-01-01 00:00:00' WHERE id = %d", h.kai.ID))
	h.kimsPage.Post(request, apptest.Form{"do": "take_back"}).Status(303)
	h.kimsPage.Get(idea + "/seal").Status(200).See("This seal cannot be opened")
	h.As(h.bob).Get(idea + "-fewer-night-shifts").Status(200).See("nobody can open the seal")
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("DELETE FROM seal_keys WHERE user_id = %d", h.kai.ID)) // erased
	h.kimsPage.Get(idea + "/seal").Status(200).See("This seal cannot be opened")
	h.As(h.bob).Get(idea + "-fewer-night-shifts").Status(200).See("nobody can open the seal")
}

func TestASealNamesNobodyWhoseAccountIsGoneOrIsOfAKeeper(t *testing.T) {
	h := open(t)
	first, second := h.posts(h.alice), h.posts(h.bob)
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("UPDATE users SET merged_into = %d WHERE id = %d", h.kim.ID, h.alice.ID))
	h.kaisPage.Post(h.asks(first), agreement()).Status(200).See("there is nobody to name").NotSee("The author is")
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("UPDATE users SET merged_into = %d WHERE id = %d", h.lena.ID, h.bob.ID))
	h.kaisPage.Post(h.asks(second), agreement()).Status(200).See("The author is Lena")
	h.recorded(models.SealAsked, models.SealNobody, models.SealAsked, models.SealOpened)
	third := h.posts(h.Person("Zoe", models.RoleEmployee))
	modelstest.Exec(t, h.Config.DatabaseURL, "DELETE FROM seals WHERE mask_id = (SELECT author_id FROM ideas WHERE id = 3)")
	h.As(h.lena).Get(third + "-fewer-night-shifts").Status(200).See("The seal is destroyed")
	h.kimsPage.Get(third + "/seal").Status(403)
}

func TestASealIsOfItsIdeaAlone(t *testing.T) {
	h := open(t)
	first, _ := h.posts(h.alice), h.posts(h.bob)
	modelstest.Exec(t, h.Config.DatabaseURL, `UPDATE seals SET for_first = (SELECT o.for_first FROM seals o WHERE o.mask_id = (SELECT author_id FROM ideas WHERE id = 2)),
		for_second = (SELECT o.for_second FROM seals o WHERE o.mask_id = (SELECT author_id FROM ideas WHERE id = 2)) WHERE mask_id = (SELECT author_id FROM ideas WHERE id = 1)`)
	h.kaisPage.Post(h.asks(first), agreement()).Status(500).NotSee("Bob", "Alice")
}

func TestASealIsDestroyedAfterItsPeriod(t *testing.T) {
	h := open(t)
	idea := h.posts(h.alice)
	spend := func() {
		h.Tx(nil, func(tx *models.Tx) error { _, err := tx.RemoveSpent(models.PeriodSeals, 365); return err })
	}
	h.now = h.now.AddDate(0, 0, 366)
	h.kimsPage, h.kaisPage = h.As(h.kim), h.As(h.kai)
	request := h.asks(idea)
	spend() // which leaves alone what somebody is about to open
	h.kaisPage.Get(request).Status(200).See("Open the seal")
	h.kimsPage.Post(request, apptest.Form{"do": "take_back"}).Status(303)
	h.now = h.now.Add(time.Minute)
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("UPDATE campaigns SET kind = 'campaign', closes_at = '%s'", h.now.AddDate(0, 0, -100).Format(time.DateTime)))
	spend() // since the campaign has been over for 100 days
	h.kimsPage.Get(idea + "/seal").Status(200)
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("UPDATE campaigns SET closes_at = '%s'", h.now.AddDate(0, 0, -366).Format(time.DateTime)))
	spend()
	h.As(h.lena).Get(idea + "-fewer-night-shifts").Status(200).See("The seal is destroyed")
	h.kimsPage.Get(idea + "/seal").Status(403)
}

func TestProgramsSealAndLearnNothing(t *testing.T) {
	h := open(t)
	header := http.Header{"Authorization": {"Bearer " + h.Token(h.alice, models.ScopeWrite)}, "Content-Type": {"application/json"}}
	call := func(method, path, body string) *apptest.Answer {
		return h.Visitor().Do(method, path, strings.NewReader(body), header)
	}
	call(http.MethodGet, "/api/v1/campaigns/1", "").Status(200).See(`"anonymity":"sealed"`, `"mark":"1-2"`, `"name":"Kim Quist"`, `"role":"Works council"`).NotSee("age1", "@example.test")
	call(http.MethodPost, "/api/v1/ideas", `{"campaign":1,"title":"By program","body":"Text","anonymity":"sealed"}`).Status(422).See("body.anonymity")
	call(http.MethodPost, "/api/v1/ideas", `{"campaign":1,"title":"By program","body":"Text","anonymity":"sealed","seal":"1-2"}`).Status(201).See(`"author":null`, `"anonymity":"sealed"`)
	call(http.MethodGet, "/api/v1/ideas/1", "").Status(200).See(`"author":null`, `"anonymity":"sealed"`).NotSee("Alice", "Kim", "seal_")
}
