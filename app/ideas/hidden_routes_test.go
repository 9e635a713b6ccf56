package ideas_test

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
	"ruche/models/modelstest"
)

// twin is one of two houses in which everything is the same, but for who of two people has written the ideas without a name.
type twin struct {
	*apptest.Site
	t      *testing.T
	people map[string]*apptest.Client
}

// TestNobodyCanTellWhoHides asks for every page and every list of the house as everybody who may not know, in two houses that
// differ in nothing but who of Alice and Bob has proposed, edited, commented and brought back the hidden ideas, and wants the same
// answers. What a new page would show of an author is found so, in whatever words.
func TestNobodyCanTellWhoHides(t *testing.T) {
	byAlice, byBob := newTwin(t, "Alice"), newTwin(t, "Bob")
	asked := 0
	for _, route := range byAlice.Echo.Routes() {
		if route.Method != http.MethodGet || strings.HasPrefix(route.Path, "/static") || route.Path == "/live" || route.Path == "/metrics" {
			continue
		}
		path := strings.NewReplacer(":slug", "ateliers", ":number", "2", ":user", "1", ":person", "1", ":lang", "en", ":kind", "declined", "*", "idea/1").Replace(route.Path)
		address := regexp.MustCompile(`:\w+`).ReplaceAllString(path, "1")
		for _, name := range []string{"visitor", "mona", "olga"} { // who sees least and most, and who runs the campaign
			first, second := byAlice.read(name, address), byBob.read(name, address)
			if asked++; first != second {
				t.Errorf("GET %s tells %s who wrote the idea:\n%s", address, name, difference(first, second))
			}
		}
	}
	for _, address := range []string{"/ideas/1-weigh-all-scrap", "/campaigns/1-less-scrap", "/search?q=scrap", "/ideas?view=board", "/ideas/2-weigh-all-scrap", "/ideas/2/versions", "/notifications", "/people/2", "/people/5", "/members/2/merge/1", "/members/1/merge/2", "/evaluations", "/ideas/3-weigh-all-scrap", "/ideas/3/seal", "/threads/1-why-all-that-scrap", "/threads/1/posts/7/versions", "/threads/1/posts/7/reply?quote=1", "/discussions?space=ateliers", "/api/v1/threads/1", "/api/v1/threads/1/posts", "/live/here?room=thread:1", "/seals", "/seals/openings/1", "/campaigns/1/seals"} {
		for name := range byAlice.people {
			if first, second := byAlice.read(name, address), byBob.read(name, address); first != second {
				t.Errorf("GET %s tells %s who wrote the idea:\n%s", address, name, difference(first, second))
			}
		}
	}
	if page := byAlice.read("mona", "/ideas/1-weigh-all-scrap"); !strings.Contains(page, "Hidden author") || asked < 300 {
		t.Errorf("%d pages were compared, and that of the idea is %.1000s", asked, page)
	}
}

func newTwin(t *testing.T, author string) *twin {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	h := &twin{t: t, people: map[string]*apptest.Client{}, Site: apptest.Start(t, func(_ *app.Config, options *app.Options) {
		options.Clock = func() time.Time { return now }
	})}
	alice, bob := h.Person("Alice", models.RoleEmployee), h.Person("Bob", models.RoleEmployee)
	mona, eve := h.Person("Mona", models.RoleEmployee), h.Person("Eve", models.RoleEmployee)
	space := h.Space("ateliers", models.External, map[*models.User]models.SpaceRole{mona: models.SpaceManager, eve: models.SpaceExpert, alice: models.SpaceMember, bob: models.SpaceMember})
	campaign := &models.Campaign{SpaceID: space.ID, Kind: models.Channel, Title: "Less scrap", Question: "Where?", SponsorID: &eve.ID, ManagerID: &mona.ID, AnswerDays: 30, Anonymity: models.HiddenAuthors}
	h.Tx(nil, func(tx *models.Tx) error { return tx.ImportCampaign(campaign) })
	clients := []*apptest.Client{h.As(alice), h.As(bob)} // in the same order, since the log says who came first
	h.people["mona"] = h.As(mona)
	writer := map[string]*apptest.Client{"Alice": clients[0], "Bob": clients[1]}[author]
	kim, kai := h.Keepers(mona, campaign.ID)
	for i, level := range []models.Anonymity{models.HiddenAuthors, models.NotStored, models.Sealed} {
		modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("UPDATE campaigns SET anonymity = '%s'", level))
		form := apptest.Form{"campaign": "1", "title": "Weigh the scrap", "body": "At each station.", "anonymity": string(level), "once": fmt.Sprintf("%026d", i), "seal": "1-2"}
		writer.Get(writer.Post("/ideas", form).Status(303).Header.Get("Location")).Status(200)
		idea := fmt.Sprintf("/ideas/%d", i+1)
		writer.Post(idea, apptest.Form{"base": "1", "title": "Weigh all scrap", "body": "At every station."}).Status(303)
		writer.Post(idea+"/comments", apptest.Form{"body": "Soon.", "once": fmt.Sprintf("c%025d", i)}).Status(303)
		h.people["mona"].Post(idea+"/comments", apptest.Form{"body": "When?", "parent": fmt.Sprint(2*i + 1)}).Status(303)
		writer.Post(idea+"/withdrawal", nil).Status(303)
		writer.Post(idea+"/restoration", nil).Status(303)
	}
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE spaces SET nameless = TRUE")
	question := apptest.Form{"space": "ateliers", "kind": "question", "title": "Why so much scrap?", "body": "Every week.", "anonymity": "hidden", "once": fmt.Sprintf("%026d", 9)}
	writer.Get(writer.Post("/threads", question).Status(303).Header.Get("Location")).Status(200)
	writer.Post("/threads/1", apptest.Form{"base": "1", "title": "Why all that scrap?", "tags": "scrap"}).Status(303)
	writer.Post("/threads/1/posts/7", apptest.Form{"base": "1", "body": "Every single week."}).Status(303)
	h.people["mona"].Post("/threads/1/posts", apptest.Form{"body": "The gauge.", "parent": "7"}).Status(303)
	writer.Post("/threads/1/posts", apptest.Form{"body": "Thank you.", "parent": "8", "once": fmt.Sprintf("t%025d", 9)}).Status(303)
	writer.Post("/threads/1/acceptance", apptest.Form{"post": "8"}).Status(303)
	writer.Post("/follows", apptest.Form{"kind": "thread", "target": "1", "level": "watch"}).Status(303)
	writer.Post("/threads/1/withdrawal", nil).Status(303)
	writer.Post("/threads/1/restoration", nil).Status(303)
	for _, reader := range clients { // that somebody has read a thread the house knows, and says to who merges accounts
		reader.Get("/threads/1-why-all-that-scrap").Status(200)
	}
	h.Settle()
	h.people["visitor"], h.people["eve"] = h.Visitor(), h.As(eve)
	h.people["kim"], h.people["kai"] = h.As(kim), h.As(kai)
	seal := h.people["kim"].Post("/ideas/3/seal", apptest.Form{"reason": "A threat to somebody.", "passphrase": apptest.Passphrase}).Status(303).Header.Get("Location")
	found := h.people["kai"].Post(seal, apptest.Form{"do": "agree", "passphrase": apptest.Passphrase}).Status(200) // who alone reads it, this once
	found.See("The author is " + author)
	h.people["gaston"], h.people["olga"] = h.As(h.Person("Gaston", models.RoleExternal)), h.As(h.Person("Olga", models.RoleOwner))
	return h
}

// What differs from one answer to the next: numbers of forms and requests, times, addresses of the server, keys of the house.
var fleeting = regexp.MustCompile(`"(?:public_key|value)": "[^"]*"|"public_keys":\["[^"]*"\]|/account/sessions/[^/]+/removal|name="once" value="[^"]*"|127\.0\.0\.1:\d+|"instance":"[^"]*"|[A-Z2-7]{16,}|\d\d:\d\d(:\d\d)?(\.\d+)?Z?|v=[0-9a-f]+`)

func (h *twin) read(person, address string) string {
	answer := h.people[person].Get(address)
	return fmt.Sprint(answer.StatusCode, " ", fleeting.ReplaceAllString(answer.Text, ""))
}

// difference is where two texts part.
func difference(a, b string) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	from := max(0, at-200)
	return a[from:min(len(a), at+200)] + "\n---\n" + b[from:min(len(b), at+200)]
}
