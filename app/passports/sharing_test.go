package passports_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/passports"
	"ruche/models"
	"ruche/models/modelstest"
)

// house is one in which Paul has proposed ideas that not everybody sees.
type house struct {
	*apptest.Site
	t           *testing.T
	now         time.Time
	paul, nora  *models.User
	guest       *models.User
	club, world *models.Space
}

func open(t *testing.T, anyone bool) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, func(config *app.Config, options *app.Options) {
		config.OpenPassports, options.Clock = anyone, func() time.Time { return h.now }
	})
	h.paul, h.nora, h.guest = h.Person("Paul", models.RoleEmployee), h.Person("Nora", models.RoleEmployee), h.Person("Gaston", models.RoleExternal)
	h.club = h.Space("club", models.Restricted, map[*models.User]models.SpaceRole{h.paul: models.SpaceMember})
	h.world = h.Space("world", models.Public, nil)
	h.idea(h.club, "A quiet room")
	h.idea(h.world, "A bell at the gate")
	h.idea(h.Space("works", models.Company, nil), "A scale at the bin")
	return h
}

func (h *house) idea(space *models.Space, title string) {
	idea := &models.Idea{SpaceID: space.ID, AuthorID: h.paul.ID, Title: title, Body: title, HTML: title}
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.CreateIdea(idea) })
}

var address = regexp.MustCompile(`href="(/passports/[a-z2-7]{26})"`)

// link has Paul share chapters.
func (h *house) link(audience string, chapters ...string) string {
	h.t.Helper()
	form := url.Values{"audience": {audience}, "days": {"30"}, "chapters": chapters}
	h.As(h.paul).Do(http.MethodPost, "/account/contributions/links", strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}).Status(http.StatusSeeOther)
	match := address.FindStringSubmatch(h.As(h.paul).Get("/account/contributions").Text)
	if match == nil {
		h.t.Fatal("no link is shown")
	}
	return match[1]
}

func TestALinkShowsByTitleOnlyWhatItsReaderMayRead(t *testing.T) {
	h := open(t, false)
	path := h.link("house", "originated", "argued")
	page := h.As(h.nora).Get(path).Status(200).See("Contributions of Paul", "A bell at the gate", "A scale at the bin", "And 1 in a place that you do not see").NotSee("A quiet room", "club", "Ideas discussed")
	if page.Header.Get("Referrer-Policy") != "no-referrer" || page.Header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("the address goes on: %v", page.Header)
	}
	h.As(h.guest).Get(path).Status(http.StatusNotFound)
	h.Visitor().Get(path).Status(http.StatusSeeOther) // to sign in
	for _, none := range []string{"/passports/aaaaaaaaaaaaaaaaaaaaaaaaaa", path[:len(path)-1], "/passports/%00"} {
		h.As(h.nora).Get(none).Status(http.StatusNotFound)
		h.Visitor().Get(none).Status(http.StatusNotFound)
	}
	h.Tx(nil, func(tx *models.Tx) error { return tx.Disable(h.paul.ID) })
	h.As(h.nora).Get(path).Status(http.StatusNotFound)
}

func TestALinkEndsWhenItsOwnerOrItsDaySaysSo(t *testing.T) {
	h := open(t, false)
	path := h.link("house", "originated")
	h.As(h.nora).Post("/account/contributions/links/1/removal", nil).Status(http.StatusSeeOther) // it is not hers
	h.As(h.nora).Get(path).Status(200)
	h.As(h.paul).Post("/account/contributions/links/1/removal", nil).Status(http.StatusSeeOther)
	h.As(h.nora).Get(path).Status(http.StatusNotFound)
	path = h.link("house", "originated")
	h.now = h.now.Add(30*24*time.Hour + time.Second)
	h.As(h.nora).Get(path).Status(http.StatusNotFound)
	h.As(h.paul).Get("/account/contributions").NotSee(path)
}

func TestLinksOpenToAnyoneOnlyWhereTheHouseAllowsIt(t *testing.T) {
	h := open(t, false)
	paul := h.As(h.paul)
	paul.Get("/account/contributions").NotSee("Anyone who has the link")
	for _, form := range []apptest.Form{{"audience": "anyone", "days": "30", "chapters": "originated"}, {"audience": "house", "days": "366", "chapters": "originated"}, {"audience": "house", "days": "x", "chapters": "originated"}, {"audience": "house", "days": "30"}, {"audience": "house", "days": "30", "chapters": "all"}, {"audience": "world", "days": "30", "chapters": "argued"}} {
		paul.Post("/account/contributions/links", form).Status(http.StatusUnprocessableEntity)
	}
	h = open(t, true)
	path := h.link("anyone", "originated")
	h.Visitor().Get(path).Status(200).See("Contributions of Paul", "A bell at the gate", "And 2 more").NotSee("A scale at the bin", "A quiet room")
	h.As(h.paul).Post("/account/contributions/links/1/removal", nil).Status(http.StatusSeeOther)
	h.Visitor().Get(path).Status(http.StatusNotFound)
	h.Visitor().Get(h.link("house", "originated")).Status(http.StatusSeeOther)
}

// check sends a file to the page that says who signed it.
func (h *house) check(content string) *apptest.Answer {
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	file, err := form.CreateFormFile("file", "contributions.json")
	if err == nil {
		_, err = file.Write([]byte(content))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return h.Visitor().Do(http.MethodPost, "/passports/verification", body, http.Header{"Content-Type": {form.FormDataContentType()}})
}

func TestAFileIsSignedAndAnybodyFindsOutWhetherItWasChanged(t *testing.T) {
	h, other := open(t, false), open(t, false)
	file := h.As(h.paul).Get("/account/contributions/file").Status(200).Text
	h.check(file).Status(200).See("Unchanged, and signed by", "the contributions of Paul")
	if h.As(h.paul).Get("/account/contributions/file").Text != file {
		t.Error("the same passport is signed by another key")
	}
	compact := &bytes.Buffer{}
	if err := json.Compact(compact, []byte(file)); err != nil {
		t.Fatal(err)
	}
	h.check(compact.String()).Status(200) // white space says nothing
	for change, want := range map[[2]string]string{{"A bell at the gate", "A bridge at the gate"}: "changed after it was signed", {`"person": "Paul"`, `"person": "Nora"`}: "changed after it was signed", {"Ed25519", "none"}: "no signed passport"} {
		changed := strings.Replace(file, change[0], change[1], 1)
		if changed == file {
			t.Fatalf("%q is not in the file", change[0])
		}
		h.check(changed).Status(http.StatusUnprocessableEntity).See(want)
	}
	h.check(other.As(other.paul).Get("/account/contributions/file").Text).Status(http.StatusUnprocessableEntity).See("This house did not sign this file")
	h.check("").Status(http.StatusUnprocessableEntity).See("Choose a file")
	h.check("{}").Status(http.StatusUnprocessableEntity).See("no signed passport")
	h.Visitor().Get("/passports/verification").Status(200).See("Check a passport")

	var keys struct {
		PublicKeys []string `json:"public_keys"`
	}
	answer := h.Visitor().Get(passports.KeysPath).Status(200)
	if err := json.Unmarshal([]byte(answer.Text), &keys); err != nil || len(keys.PublicKeys) != 1 {
		t.Fatalf("keys %v: %v", keys, err)
	}
	verdict, err := passports.Verify([]byte(file), keys.PublicKeys)
	if err != nil || !verdict.Known || verdict.Person != "Paul" {
		t.Errorf("with the public key: %+v, %v", verdict, err)
	}
	if verdict, err := passports.Verify([]byte(file), []string{"another"}); err != nil || verdict.Known {
		t.Errorf("with another key: %+v, %v", verdict, err)
	}
}

func TestWhatOneEvaluatedIsSharedByNumberOnly(t *testing.T) {
	h := open(t, false)
	campaign := &models.Campaign{SpaceID: h.world.ID, Kind: models.Channel, Title: "Less scrap", Question: "Where?", AnswerDays: 30}
	h.Tx(nil, func(tx *models.Tx) error { return tx.ImportCampaign(campaign) })
	idea := &models.Idea{SpaceID: h.world.ID, AuthorID: h.nora.ID, Title: "Sharper knives", Body: "x", HTML: "x", CampaignID: &campaign.ID}
	h.Tx(h.Actor(h.nora), func(tx *models.Tx) error { return tx.CreateIdea(idea) })
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf(`INSERT INTO scorecards (campaign_id, per_idea, minimum, blind, version) VALUES (%[1]d, 1, 1, true, 1);
		INSERT INTO evaluations (campaign_id, idea_id, user_id, state, assigned_at, submitted_at) VALUES (%[1]d, %[2]d, %[3]d, 'submitted', '2026-12-01 08:00:00', '2026-12-01 08:00:00')`, campaign.ID, idea.ID, h.paul.ID))
	h.As(h.paul).Get("/account/contributions").See("Sharper knives")
	h.As(h.nora).Get(h.link("house", "evaluated")).Status(200).See("Ideas evaluated", "1 idea").NotSee("Sharper knives")
}
