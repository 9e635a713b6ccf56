package ideas_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// house is a site with a company space, and people who work there.
type house struct {
	*apptest.Site
	alice, bob *models.User
	ateliers   *models.Space
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t)}
	h.alice, h.bob = h.Person("Alice", models.RoleEmployee), h.Person("Bob", models.RoleEmployee)
	h.ateliers = h.Space("ateliers", models.Company, nil)
	return h
}

// idea is a form that is filled in.
func idea(space, title string) apptest.Form {
	return apptest.Form{"space": space, "title": title, "body": "Because **it** would help.", "tags": "Energy, tools"}
}

// post publishes an idea and returns its address.
func post(t *testing.T, client *apptest.Client, form apptest.Form) string {
	t.Helper()
	return client.Post("/ideas", form).Status(303).Header.Get("Location")
}

// field is the value of a hidden field of a page.
func field(t *testing.T, page *apptest.Answer, name string) string {
	t.Helper()
	match := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page.Text)
	if match == nil {
		t.Fatalf("no field %q in %s\n%.3000s", name, page.Request.URL, page.Text)
	}
	return match[1]
}

func TestAnIdeaIsPostedReadAndListed(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)

	form := idea("ateliers", "Weigh the scrap at each station")
	form["once"] = field(t, alice.Get("/ideas/new?space=ateliers").Status(200), "once")
	path := post(t, alice, form)
	if path != "/ideas/1-weigh-the-scrap-at-each-station" {
		t.Errorf("the idea is at %s", path)
	}

	alice.Get(path).Status(200).See("Your idea is published.", `name="draft-sent" content="idea/new"`)
	alice.Get(path).Status(200).NotSee("Your idea is published.", "draft-sent")
	bob.Get(path).Status(200).See(
		"<h1 lang=\"en\">Weigh the scrap at each station</h1>", "Because <strong>it</strong> would help.", "Alice", ">energy</a>", ">tools</a>",
		"Support this idea", "Follow").NotSee("Withdraw the idea", "Change</span>")
	bob.Get("/ideas").Status(200).See("Weigh the scrap at each station", "Because it would help.", "energy", "Propose an idea")
}

func TestAWrongOrOldSlugLeadsToTheIdea(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	post(t, alice, idea("ateliers", "Weigh the scrap"))

	for _, path := range []string{"/ideas/1", "/ideas/1-", "/ideas/1-something-else", "/ideas/1-weigh-the-scrap-"} {
		answer := alice.Get(path + "?cursor=").Status(301)
		if to := answer.Header.Get("Location"); to != "/ideas/1-weigh-the-scrap?cursor=" {
			t.Errorf("%s leads to %q", path, to)
		}
	}
	for _, path := range []string{"/ideas/2", "/ideas/0", "/ideas/-1", "/ideas/x", "/ideas/99999999999999999999", "/ideas/1x"} {
		alice.Get(path).Status(404)
	}
}

func TestTheAuthorEditsWithdrawsAndRestores(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))

	edit := alice.Get("/ideas/1/edit").Status(200).See("Weigh the scrap</textarea>", "Because **it** would help.")
	changed := apptest.Form{"title": "Weigh all scrap", "body": "Because it would help a lot.", "tags": "energy", "base": field(t, edit, "base")}
	alice.Post("/ideas/1", changed).Status(303)
	alice.Get("/ideas/1-weigh-all-scrap").Status(200).See("version 2", "would help a lot")
	bob.Get("/ideas/1/versions").Status(200).See("Version 2", "Version 1", "current version")
	bob.Get("/ideas/1/versions/2").Status(200).See("<ins>all</ins>", "<del>the</del>", "<ins> a lot</ins>")
	bob.Get("/ideas/1/versions/1").Status(200).See("first text")
	bob.Get("/ideas/1/versions/3").Status(404)

	alice.Post("/ideas/1/withdrawal", nil).Status(303)
	alice.Get("/ideas/1-weigh-all-scrap").Status(200).See("The idea is withdrawn.", "/ideas/1/restoration", "Publish it again").NotSee("Support this idea", "/ideas/1/comments\"")
	bob.Get("/ideas/1-weigh-all-scrap").Status(404).NotSee("Weigh all scrap")
	bob.Get("/ideas").Status(200).NotSee("Weigh all scrap")
	bob.Get("/ideas/1/versions").Status(404)
	bob.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(404)

	alice.Post("/ideas/1/restoration", nil).Status(303)
	bob.Get("/ideas/1-weigh-all-scrap").Status(200)
	if path == "" {
		t.Error("no path")
	}
}

func TestWhatAModeratorWithdrewItsAuthorCannotRestore(t *testing.T) {
	h := open(t)
	mona := h.Person("Mona", models.RoleModerator)
	alice, moderator := h.As(h.alice), h.As(mona)
	post(t, alice, idea("ateliers", "Weigh the scrap"))

	moderator.Post("/ideas/1/withdrawal", nil).Status(303)
	alice.Get("/ideas/1-weigh-the-scrap").Status(200).See("withdrawn").NotSee("Publish it again")
	alice.Post("/ideas/1/restoration", nil).Status(403)
	moderator.Get("/ideas/1-weigh-the-scrap").Status(200).See("Publish it again")
	moderator.Post("/ideas/1/restoration", nil).Status(303)
	h.As(h.bob).Get("/ideas/1-weigh-the-scrap").Status(200)
}

func TestTwoEditorsNeverOverwriteEachOther(t *testing.T) {
	h := open(t)
	mona := h.Person("Mona", models.RoleModerator)
	alice, moderator := h.As(h.alice), h.As(mona)
	post(t, alice, apptest.Form{"space": "ateliers", "title": "Weigh the scrap", "body": "One two three."})

	moderator.Post("/ideas/1", apptest.Form{"title": "Weigh the scrap", "body": "One two four.", "base": "1"}).Status(303)
	mine := apptest.Form{"title": "Weigh the scrap", "body": "One two three, and mine.", "base": "1"}
	conflict := alice.Post("/ideas/1", mine).Status(409).See("Mona", "<del>three</del>", "<ins>four</ins>", "One two three, and mine.</textarea>")
	if base := field(t, conflict, "base"); base != "2" {
		t.Errorf("saving again starts from version %s", base)
	}
	alice.Get("/ideas/1-weigh-the-scrap").See("One two four.")

	mine["base"] = "2"
	alice.Post("/ideas/1", mine).Status(303)
	alice.Post("/ideas/1", mine).Status(303) // a double click: nothing left to change
	alice.Get("/ideas/1-weigh-the-scrap").See("and mine.", "version 3")
	alice.Get("/ideas/1/versions").NotSee("Version 4")
	for _, base := range []string{"", "x", "-1", "99", "99999999999999999999"} {
		alice.Post("/ideas/1", apptest.Form{"title": "Other", "body": "Other.", "base": base}).Status(409).See("Other.</textarea>")
	}
}

func TestAFormSentTwiceMakesOneIdea(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	form := idea("ateliers", "Weigh the scrap")
	form["once"] = field(t, alice.Get("/ideas/new"), "once")

	first := post(t, alice, form)
	if second := post(t, alice, form); second != first {
		t.Errorf("the second answer leads to %s, not %s", second, first)
	}
	if list := alice.Get("/ideas").Text; strings.Count(list, "data-row>") != 1 {
		t.Error("there is more than one idea")
	}

	form["title"] = "Another idea, written after going back"
	again := alice.Post("/ideas", form).Status(409).See("already published an idea", "/ideas/1", "Another idea, written after going back</textarea>")
	form["once"] = field(t, again, "once")
	if path := post(t, alice, form); path == first || !strings.HasSuffix(path, "another-idea-written-after-going-back") {
		t.Errorf("the second idea is at %s", path)
	}

	bob := h.As(h.bob)
	form["once"] = "guessed"
	post(t, alice, form)
	post(t, bob, form) // a number is a person's own
}

func TestClicksAtTheSameTimeMakeOneIdea(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	form := idea("ateliers", "Weigh the scrap")
	form["once"] = field(t, alice.Get("/ideas/new"), "once")
	answers := make(chan string, 4)
	for range 4 {
		go func() { answers <- alice.Post("/ideas", form).Header.Get("Location") }()
	}
	for range 4 {
		if path := <-answers; path == "" || !strings.HasSuffix(path, "weigh-the-scrap") {
			t.Errorf("an answer leads to %q", path)
		}
	}
	if list := alice.Get("/ideas").Text; strings.Count(list, "data-row>") != 1 {
		t.Error("there is more than one idea")
	}
}

func TestStagesAreSaidByThoseWhoAnimate(t *testing.T) {
	h := open(t)
	carla := h.Person("Carla", models.RoleManager)
	alice, manager := h.As(h.alice), h.As(carla)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))

	alice.Post("/ideas/1/stage", apptest.Form{"stage": "decided"}).Status(403)
	manager.Get(path).See(`name="stage"`)
	manager.Post("/ideas/1/stage", apptest.Form{"stage": "decided"}).Status(303)
	alice.Get(path).Status(200).See("since").NotSee(`name="stage"`)
	manager.Post("/ideas/1/stage", apptest.Form{"stage": "invented"}).Status(422)
	alice.Get("/ideas?stage=decided").Status(200).See("Weigh the scrap")
	alice.Get("/ideas?stage=proposed").Status(200).NotSee("Weigh the scrap").See("No idea matches")
}

func TestSupportingTwiceCountsOnce(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))

	support := apptest.Form{"supported": "1"}
	bob.Post("/ideas/1/supports", support).Status(303)
	bob.Post("/ideas/1/supports", support).Status(303)
	bob.Get(path).See(`<b data-count="1">1</b>`, "You support this idea")
	bob.Get("/ideas").See(`aria-pressed="true"`)
	alice.Get("/ideas").See(`<b data-count="1">1</b>`, `aria-pressed="false"`)

	back := apptest.Form{"supported": "0"}
	bob.Post("/ideas/1/supports", back).Status(303)
	bob.Post("/ideas/1/supports", back).Status(303)
	bob.Get(path).See(`<b data-count="0">0</b>`)
	bob.Post("/ideas/1/supports", apptest.Form{"supported": "2"}).Status(422)
	bob.Post("/ideas/1/supports", nil).Status(422)
	bob.Post("/ideas/7/supports", support).Status(404)
}

func TestASupportFromAListLeadsBackToIt(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	post(t, alice, idea("ateliers", "Weigh the scrap"))
	body := url.Values{"supported": {"1"}}.Encode()
	send := func(header map[string][]string) *apptest.Answer {
		header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
		return alice.Do("POST", "/ideas/1/supports", strings.NewReader(body), header)
	}
	for referer, want := range map[string]string{
		h.URL + "/ideas?sort=newest":   "/ideas?sort=newest#idea-1",
		h.URL + "/ideas/1-whatever":    "/ideas/1-weigh-the-scrap",
		"https://elsewhere.test/ideas": "/ideas/1-weigh-the-scrap",
		"":                             "/ideas/1-weigh-the-scrap",
	} {
		if to := send(map[string][]string{"Referer": {referer}}).Status(303).Header.Get("Location"); to != want {
			t.Errorf("from %q it leads to %q, not %q", referer, to, want)
		}
	}
	send(map[string][]string{"Ruche-In-Place": {"1"}}).Status(204)
	alice.Get("/ideas") // shows the toast of the posts above
	send(map[string][]string{"Ruche-In-Place": {"1"}}).Status(204)
	alice.Get("/ideas").NotSee(`class="toast"`)
}

func TestFollowedIdeasHaveTheirList(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	path := post(t, alice, idea("ateliers", "Weigh the scrap"))

	bob.Get("/ideas?followed=1").Status(200).NotSee("Weigh the scrap")
	bob.Post("/ideas/1/follow", apptest.Form{"following": "1"}).Status(303)
	bob.Get(path).See("Unfollow")
	bob.Get("/ideas?followed=1").Status(200).See("Weigh the scrap")
	bob.Post("/ideas/1/follow", apptest.Form{"following": "0"}).Status(303)
	bob.Get("/ideas?followed=1").Status(200).NotSee("Weigh the scrap")
	bob.Get("/ideas?mine=1").Status(200).NotSee("Weigh the scrap")
	alice.Get("/ideas?mine=1").Status(200).See("Weigh the scrap")
	alice.Get("/ideas?followed=1").Status(200).See("Weigh the scrap") // one's own is followed from the start
	h.Visitor().Get("/ideas?mine=1").Status(303)
}
