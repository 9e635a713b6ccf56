package agreements_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// house is one with an external space that Lena runs, where Eleanor comes from outside and Paul from the company.
type house struct {
	*apptest.Site
	lena, eleanor, paul *models.User
	space               *models.Space
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t)}
	h.lena, h.paul = h.Person("Lena", models.RoleEmployee), h.Person("Paul", models.RoleEmployee)
	h.eleanor = h.Person("Eleanor", models.RoleExternal)
	h.space = h.Space("clients", models.External, map[*models.User]models.SpaceRole{
		h.lena: models.SpaceManager, h.eleanor: models.SpaceMember, h.paul: models.SpaceMember,
	})
	return h
}

const page = "/spaces/clients/agreement"

// publish has Lena publish the next version.
func (h *house) publish(t *testing.T, base, text string) {
	t.Helper()
	h.As(h.lena).Post(page, apptest.Form{"body": text, "base": base, "publish": "1"}).Status(http.StatusSeeOther)
}

func accept(version string) apptest.Form { return apptest.Form{"accept": "1", "version": version} }

func TestAManagerWritesTheAgreementAndSeesWhatPublishingDoes(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	lena.Get(page).Status(200).See("No agreement holds here", "Write the agreement")
	lena.Get(page+"/edit").Status(200).See("## What becomes of ideas", "## Confidentiality", "## Prize rules", "## Personal data")
	preview := lena.Post(page, apptest.Form{"body": "## Ideas\n\nThey stay *yours*.", "base": "0"}).Status(200)
	preview.See("<em>yours</em>", "1 person from outside will be asked to accept", "Publish version 1")
	h.As(h.eleanor).Get(page).Status(200).See("No agreement holds here").NotSee("yours")

	answer := lena.Post(page, apptest.Form{"body": "## Ideas\n\nThey stay *yours*.", "base": "0", "publish": "1"}).Status(http.StatusSeeOther)
	lena.Get(answer.Header.Get("Location")).Status(200).See("Version 1 is published", "<em>yours</em>", "0 of 1 people from outside", `name="draft-sent" content="space/1/agreement"`)

	h.As(h.eleanor).Post(page+"/acceptance", accept("1")).Status(http.StatusSeeOther)
	lena.Post(page, apptest.Form{"body": "They become ours.", "base": "1"}).Status(200).See("1 person from outside will be asked", "even though they have accepted")
}

func TestWhatIsNoAgreementIsNotPublished(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	for name, c := range map[string]struct {
		body, want string
		status     int
	}{
		"empty":         {" \n ", "", 422},
		"headings only": {"## What becomes of ideas\n\n## Confidentiality\n", "There are only headings here", 422},
		"a picture":     {"See ![this](/files/1).", "holds no pictures", 422},
		"too long":      {strings.Repeat("word ", 30_000), "too long", 422},
		"not text":      {"A \xff.", "", 422},
		"huge":          {strings.Repeat("word ", 300_000), "", 413},
	} {
		t.Run(name, func(t *testing.T) {
			for _, publish := range []string{"", "1"} {
				answer := lena.Post(page, apptest.Form{"body": c.body, "base": "0", "publish": publish}).Status(c.status)
				if c.want != "" {
					answer.See(c.want)
				}
			}
		})
	}
	lena.Get(page).See("No agreement holds here")
}

func TestOnlyThoseWhoRunASpaceWriteItsAgreement(t *testing.T) {
	h := open(t)
	for _, user := range []*models.User{h.paul, h.eleanor} {
		client := h.As(user)
		client.Get(page + "/edit").Status(403)
		client.Post(page, apptest.Form{"body": "Mine.", "base": "0", "publish": "1"}).Status(403)
		client.Post(page+"/withdrawal", nil).Status(403)
		client.Get(page).Status(200).NotSee("Write the agreement")
	}
	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(h.space, h.eleanor, models.SpaceManager) })
	eleanor := h.As(h.eleanor) // runs the space from outside, and is of those who are asked
	eleanor.Get("/spaces/clients/settings").Status(200)
	eleanor.Get(page + "/edit").Status(403)
	eleanor.Post(page, apptest.Form{"body": "Mine.", "base": "0", "publish": "1"}).Status(403)
	eleanor.Post(page+"/withdrawal", nil).Status(403)
	eleanor.Get(page).Status(200).NotSee("Write the agreement")
	h.Tx(nil, func(tx *models.Tx) error { return tx.ArchiveSpace(h.space) })
	h.As(h.lena).Post(page, apptest.Form{"body": "Late.", "base": "0", "publish": "1"}).Status(403).See("This space is archived")
}

func TestTwoWhoPublishAtOnceDoNotOverwriteEachOther(t *testing.T) {
	h := open(t)
	boss := h.Person("Boss", models.RoleManager)
	h.publish(t, "0", "From Lena.")
	h.As(boss).Post(page, apptest.Form{"body": "From the boss.", "base": "0", "publish": "1"}).Status(409).See("Another version was published", "From the boss.", `name="base" value="1"`)
	h.As(h.paul).Get(page).See("From Lena.").NotSee("From the boss.")
	// The same form sent twice publishes once, and the text that holds is not published again.
	h.publish(t, "0", "From Lena.")
	h.As(h.lena).Post(page, apptest.Form{"body": "From Lena.", "base": "1", "publish": "1"}).Status(422).See("the text that holds already")
	h.As(h.paul).Get(page + "/versions").See("Version 1").NotSee("Version 2")
	h.recorded(t, models.AgreementPublished, 1)
}

// recorded counts the events of a verb.
func (h *house) recorded(t *testing.T, verb string, want int) {
	t.Helper()
	owner := h.Person("Owner of "+t.Name(), models.RoleOwner)
	entries, err := h.DB.Audit(t.Context(), h.Actor(owner), verb, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != want {
		t.Errorf("%d events %s, want %d", len(entries), verb, want)
	}
}

func TestSomeoneFromOutsideIsAskedBeforeTheyContributeAndLosesNothing(t *testing.T) {
	h := open(t)
	h.As(h.paul).Post("/ideas", apptest.Form{"space": "clients", "title": "A warmer trolley", "body": "It cools.", "once": "o1"}).Status(303)
	h.publish(t, "0", "What you write stays yours.")
	eleanor := h.As(h.eleanor)
	eleanor.Get("/spaces/clients").Status(200).See("A warmer trolley", "This space has an agreement")
	eleanor.Get("/ideas/1-a-warmer-trolley").Status(200).See("It cools.", "Accept the agreement to support", "When you send this, you will be asked")

	// An idea: asked, and brought back to the form with the words.
	eleanor.Get("/ideas/new").Status(200).See("When you send this, you will be asked")
	asked := eleanor.Post("/ideas", apptest.Form{"space": "clients", "title": "A quieter trolley", "body": "It *rattles*.", "tags": "noise", "once": "o2"}).Status(303)
	if at := asked.Header.Get("Location"); at != page+"?next=%2Fideas%2Fnew" {
		t.Fatalf("leads to %q", at)
	}
	eleanor.Get(asked.Header.Get("Location")).Status(200).See("stays yours", "Version 1", "I have read version 1", `name="next" value="/ideas/new"`, "Go on reading without accepting")
	eleanor.Post(page+"/acceptance", apptest.Form{"version": "1", "next": "/ideas/new"}).Status(422).See("Tick the box")
	back := eleanor.Post(page+"/acceptance", apptest.Form{"version": "1", "accept": "1", "next": "/ideas/new"}).Status(303)
	if at := back.Header.Get("Location"); at != "/ideas/new" {
		t.Errorf("back at %q", at)
	}
	eleanor.Get("/ideas/new").Status(200).See("A quieter trolley", "It *rattles*.", "noise").NotSee("you will be asked")
	eleanor.Post("/ideas", apptest.Form{"space": "clients", "title": "A quieter trolley", "body": "It *rattles*.", "once": "o3"}).Status(303)

	// A new version asks again, and so does every way to contribute.
	h.publish(t, "1", "What you write becomes ours.")
	for path, c := range map[string]struct {
		form apptest.Form
		back string
	}{
		"/ideas/1/comments": {apptest.Form{"body": "A word", "once": "o4"}, "%2Fideas%2F1%23comments"},
		"/ideas/2":          {apptest.Form{"title": "Quieter", "body": "Than a mouse.", "base": "1"}, "%2Fideas%2F2%2Fedit"},
		"/ideas/1/supports": {apptest.Form{"supported": "1"}, "%2F"},
	} {
		if at := eleanor.Post(path, c.form).Status(303).Header.Get("Location"); at != page+"?next="+c.back {
			t.Errorf("%s leads to %q", path, at)
		}
	}
	eleanor.Get("/ideas/1-a-warmer-trolley").See("A word").NotSee("2 messages")
	if at := eleanor.Get("/ideas/2/edit").Status(303).Header.Get("Location"); at != page+"?next=%2Fideas%2F2%2Fedit" {
		t.Errorf("editing leads to %q", at)
	}
	eleanor.Post(page+"/acceptance", accept("2")).Status(303)
	eleanor.Get("/ideas/2/edit").Status(200).See("Quieter", "Than a mouse.")
	eleanor.Post("/ideas/1/comments", apptest.Form{"body": "A word", "once": "o5"}).Status(303)
	eleanor.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(303)
	eleanor.Get("/ideas/1-a-warmer-trolley").Status(200).See("A word", "1 message")
}

func TestTheHomePageLeadsToAnAgreementThatWaits(t *testing.T) {
	h := open(t)
	eleanor := h.As(h.eleanor)
	eleanor.Get("/").See("One thing to do").NotSee(`href="` + page + `"`)
	h.publish(t, "0", "They stay yours.")
	eleanor.Get("/").See("The agreement of “clients” awaits your answer", `href="`+page+`"`)
	h.As(h.paul).Get("/").NotSee("awaits your answer")
	eleanor.Post(page+"/acceptance", accept("1")).Status(http.StatusSeeOther)
	eleanor.Get("/").NotSee("awaits your answer")
	h.publish(t, "1", "They become ours.")
	eleanor.Get("/").See("awaits your answer")
}

func TestWhoDoesNotAcceptGoesOnReadingAndTakesBackWhatTheyGave(t *testing.T) {
	h := open(t)
	eleanor := h.As(h.eleanor)
	eleanor.Post("/ideas", apptest.Form{"space": "clients", "title": "A quieter trolley", "body": "It rattles.", "once": "o1"}).Status(303)
	eleanor.Post("/ideas/1/comments", apptest.Form{"body": "A word", "once": "o2"}).Status(303)
	eleanor.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(303)
	h.publish(t, "0", "All yours is ours.")
	eleanor.Get("/ideas/1-a-quieter-trolley").Status(200).See("It rattles.", "A word")
	eleanor.Post("/ideas/1/supports", apptest.Form{"supported": "0"}).Status(303)
	eleanor.Post("/ideas/1/comments/1/removal", nil).Status(303)
	eleanor.Post("/ideas/1/withdrawal", nil).Status(303)
	h.As(h.paul).Get("/ideas/1").Status(404)
}

func TestAcceptingIsOfTheVersionThatWasRead(t *testing.T) {
	h := open(t)
	h.publish(t, "0", "The first.")
	eleanor := h.As(h.eleanor)
	h.publish(t, "1", "The second.")
	eleanor.Post(page+"/acceptance", accept("1")).Status(409).See("A new version was published while you were reading", "The second.", "I have read version 2")
	for _, version := range []string{"", "0", "-1", "x", "3", "99999999999999999999"} {
		eleanor.Post(page+"/acceptance", accept(version)).Status(409)
	}
	eleanor.Post("/ideas", apptest.Form{"space": "clients", "title": "Too soon", "body": "Not yet.", "once": "o1"}).Status(303)
	h.As(h.paul).Get("/spaces/clients").NotSee("Too soon")
	h.recorded(t, models.AgreementAccepted, 0)
	// Twice is once.
	for range 2 {
		eleanor.Post(page+"/acceptance", accept("2")).Status(303)
	}
	eleanor.Get(page).Status(200).See("You accepted this version on").NotSee("I have read")
	eleanor.Get(page+"/versions").See("Version 1", "Version 2", "Holds now").NotSee("accepted by")
	eleanor.Get(page+"/versions/1").Status(200).See("The first.", "No longer holds")
	h.As(h.lena).Get(page + "/versions").See("accepted by 1 person")
	eleanor.Get(page + "/versions/3").Status(404)
}

func TestWhoNeedNotAcceptIsToldSo(t *testing.T) {
	h := open(t)
	reader := h.Person("Reader", models.RoleExternal)
	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(h.space, reader, models.SpaceReader) })
	h.As(h.eleanor).Post(page+"/acceptance", accept("1")).Status(422).See("nothing to accept")
	h.publish(t, "0", "Only for guests.")
	for _, user := range []*models.User{h.paul, reader} {
		client := h.As(user)
		client.Get(page).Status(200).See("need not accept", "Only for guests.").NotSee("I have read")
		client.Post(page+"/acceptance", accept("1")).Status(422).See("You need not accept this agreement")
	}
	h.As(h.paul).Post("/ideas", apptest.Form{"space": "clients", "title": "Ours", "body": "As ever.", "once": "o1"}).Status(303)
	h.recorded(t, models.AgreementAccepted, 0)
}

func TestWhatOneMayNotSeeHasNoAgreement(t *testing.T) {
	h := open(t)
	h.publish(t, "0", "A secret.")
	stranger := h.As(h.Person("Stranger", models.RoleExternal))
	for _, path := range []string{page, page + "/versions", page + "/versions/1", page + "/edit"} {
		stranger.Get(path).Status(404).NotSee("A secret")
	}
	for _, path := range []string{page, page + "/acceptance", page + "/withdrawal"} {
		stranger.Post(path, apptest.Form{"version": "1", "accept": "1", "body": "x"}).Status(404)
	}
}

func TestWithdrawnItIsAskedForNoMore(t *testing.T) {
	h := open(t)
	h.publish(t, "0", "For a while.")
	lena := h.As(h.lena)
	for range 2 {
		lena.Post(page+"/withdrawal", nil).Status(303)
	}
	h.recorded(t, models.AgreementWithdrawn, 1)
	eleanor := h.As(h.eleanor)
	eleanor.Get(page).Status(200).See("No agreement holds here")
	eleanor.Get(page + "/versions/1").Status(200).See("For a while.")
	eleanor.Post(page+"/acceptance", accept("1")).Status(422)
	eleanor.Post("/ideas", apptest.Form{"space": "clients", "title": "Free", "body": "At last.", "once": "o1"}).Status(303)
	lena.Get(page+"/edit").Status(200).See("For a while.", "Agreement, version 2")
}

func TestTheWayBackLeadsNowhereElse(t *testing.T) {
	h := open(t)
	h.publish(t, "0", "Stay here.")
	eleanor := h.As(h.eleanor)
	eleanor.Get(page + "?next=https://evil.example").Status(200).See(`name="next" value=""`)
	form := accept("1")
	form["next"] = "//evil.example"
	if at := eleanor.Post(page+"/acceptance", form).Status(303).Header.Get("Location"); at != "/spaces/clients" {
		t.Errorf("leads to %q", at)
	}
}

func TestAProgramIsToldWhatIsMissingAndWhere(t *testing.T) {
	h := open(t)
	h.publish(t, "0", "For programs, too.")
	bearer := http.Header{"Authorization": {"Bearer " + h.Token(h.eleanor, models.ScopeWrite)}, "Content-Type": {"application/json"}}
	send := func(method, path, body string) *apptest.Answer {
		return h.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), bearer)
	}
	idea := `{"space": "clients", "title": "By program", "body": "Yes."}`
	send("POST", "/ideas", idea).Status(403).See(`"type":"/api/v1/docs#accept-agreement"`, `"agreement":"/api/v1/spaces/clients/agreement"`, "before they contribute")
	send("GET", "/spaces/clients/agreement", "").Status(200).See(`"version":1`, `"asked":true`, `"accepted_at":null`, "For programs, too.")
	send("PUT", "/spaces/clients/agreement/acceptance", `{"version": 2}`).Status(409)
	for range 2 {
		send("PUT", "/spaces/clients/agreement/acceptance", `{"version": 1}`).Status(200).See(`"asked":false`).NotSee(`"accepted_at":null`)
	}
	send("POST", "/ideas", idea).Status(201)
	send("GET", "/spaces/nowhere/agreement", "").Status(404)
	bearer = http.Header{"Authorization": {"Bearer " + h.Token(h.paul, models.ScopeWrite)}, "Content-Type": {"application/json"}}
	send("GET", "/spaces/clients/agreement", "").Status(200).See(`"asked":false`)
	send("PUT", "/spaces/clients/agreement/acceptance", `{"version": 1}`).Status(422).See("need not accept")
	h.recorded(t, models.AgreementAccepted, 1)
}
