package agreements_test

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// talk has Eleanor and Paul each post an idea, and comment on and support each other's.
func (h *house) talk() {
	eleanor, paul := h.As(h.eleanor), h.As(h.paul)
	eleanor.Post("/ideas", apptest.Form{"space": "clients", "title": "A quieter trolley", "body": "It rattles.", "once": "o1"}).Status(303)
	paul.Post("/ideas", apptest.Form{"space": "clients", "title": "A warmer trolley", "body": "It cools.", "once": "o2"}).Status(303)
	paul.Post("/ideas/1/comments", apptest.Form{"body": "Where does it?", "once": "o3"}).Status(303)
	eleanor.Post("/ideas/1/comments", apptest.Form{"body": "At the wheels.", "parent": "1", "once": "o4"}).Status(303)
	paul.Post("/ideas/1/comments", apptest.Form{"body": "I see.", "parent": "2", "once": "o5"}).Status(303)
	eleanor.Post("/ideas/2/supports", apptest.Form{"supported": "1"}).Status(303)
	eleanor.Post("/ideas/2/comments", apptest.Form{"body": "Much warmer.", "once": "o6"}).Status(303)
	h.Settle()
}

func TestWhoComesFromOutsideIsMarkedWhereverTheyAreNamed(t *testing.T) {
	h := open(t)
	h.talk()
	boss := h.Person("Boss", models.RoleOwner)
	h.Tx(nil, func(tx *models.Tx) error {
		group := &models.Group{Kind: models.KindGroup, Name: "Friends"}
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		return tx.JoinGroup(group.ID, h.eleanor.ID)
	})
	paul, owner := h.As(h.paul), h.As(boss)
	const mark = `<span class="pill external">External</span>`
	for path, client := range map[string]*apptest.Client{
		"/ideas/1-a-quieter-trolley": paul, "/ideas": paul, "/spaces/clients": paul, "/spaces/clients/members": paul, "/": paul, "/notifications": paul,
		"/ideas/1/versions": paul, "/ideas/1/versions/1": paul, "/people/3": paul, "/groups/1": owner, "/audit": owner, "/members": owner,
	} {
		client.Get(path).Status(200).See("Eleanor", mark)
	}
	paul.Get("/ideas/1-a-quieter-trolley").See("answers Eleanor (external)")
	paul.Get("/ideas/2-a-warmer-trolley").See(`<span class="pill external">1 external</span>`)
	paul.Get("/notifications").See("Eleanor (external)")
	paul.Get("/").See("Eleanor (external)")
	paul.Get("/people/suggestions?q=elea&space=clients").See(`"External`)
	// Nobody of the company is.
	h.As(h.eleanor).Get("/people/2").Status(200).See("Paul").NotSee(mark)
	owner.Get("/ideas/2/versions").Status(200).See("Paul").NotSee(mark)
}

func TestWhereExternalsReadAlongEveryEditorSaysSo(t *testing.T) {
	h := open(t)
	h.talk()
	plant := h.Space("plant", models.External, map[*models.User]models.SpaceRole{h.paul: models.SpaceMember, h.eleanor: models.SpaceMember})
	plant.Visibility = models.Company // and so Eleanor is out
	h.Tx(nil, func(tx *models.Tx) error { return tx.SaveSpace(plant) })
	paul := h.As(h.paul)
	paul.Post("/ideas", apptest.Form{"space": "plant", "title": "Among us", "body": "Quietly.", "once": "p1"}).Status(303)
	paul.Post("/ideas/3/comments", apptest.Form{"body": "A word.", "once": "p2"}).Status(303)
	const see = "Externals can see this."
	for _, path := range []string{"/ideas/2/edit", "/ideas/2-a-warmer-trolley", "/ideas/1/comments/2/reply", "/ideas/1/comments/1/edit"} {
		paul.Get(path).Status(200).See(see)
	}
	// An external's membership of a space of the company counts for nothing, so nothing is said there.
	for _, path := range []string{"/ideas/3/edit", "/ideas/3-among-us", "/ideas/3/comments/5/reply", "/ideas/3/comments/5/edit"} {
		paul.Get(path).Status(200).NotSee(see)
	}
	// The form for a new idea has the sentence of each kind of space, and shows that of the chosen one.
	form := paul.Get("/ideas/new").Status(200).See(see, "The whole company can read this space, nobody outside.", `data-audience="external"`).Text
	if !regexp.MustCompile(`class="audience external"`).MatchString(form) {
		t.Error("the sentence about externals is shown before their space is chosen")
	}
}

func TestContributionsCarryTheVersionTheyWereWrittenUnder(t *testing.T) {
	h := open(t)
	eleanor, paul, lena := h.As(h.eleanor), h.As(h.paul), h.As(h.lena)
	h.publish(t, "0", "The first.")
	eleanor.Post(page+"/acceptance", accept("1")).Status(303)
	h.talk()
	const first, second = "agreement version 1, accepted on", "agreement version 2, accepted on"
	seen := func(path string, want1, want2 int) {
		t.Helper()
		text := lena.Get(path).Status(200).Text
		if got1, got2 := strings.Count(text, first), strings.Count(text, second); got1 != want1 || got2 != want2 {
			t.Errorf("%s shows version 1 %d times and version 2 %d times, want %d and %d", path, got1, got2, want1, want2)
		}
	}
	seen("/ideas/1-a-quieter-trolley", 2, 0) // the idea, and her answer
	seen("/ideas/2-a-warmer-trolley", 1, 0)  // her comment alone
	paul.Get("/ideas/1-a-quieter-trolley").NotSee("agreement version")
	eleanor.Get("/ideas/1-a-quieter-trolley").NotSee("agreement version")

	// What she writes anew falls under the new version; what a moderator changes, and what she leaves, does not.
	h.publish(t, "1", "The second.")
	eleanor.Post(page+"/acceptance", accept("2")).Status(303)
	lena.Post("/ideas/1/comments/2", apptest.Form{"base": "1", "body": "At its wheels."}).Status(303)
	lena.Post("/ideas/1", apptest.Form{"title": "A quieter trolley", "body": "It rattles much.", "base": "1"}).Status(303)
	seen("/ideas/1-a-quieter-trolley", 2, 0)
	eleanor.Post("/ideas/1", apptest.Form{"title": "A quieter trolley", "body": "It rattles and rattles.", "base": "2"}).Status(303)
	seen("/ideas/1-a-quieter-trolley", 1, 1)
	eleanor.Post("/ideas/1/comments/2", apptest.Form{"base": "2", "body": "At all wheels."}).Status(303)
	seen("/ideas/1-a-quieter-trolley", 0, 2)
}

func TestACopyOfOnesDataHoldsWhatOneAccepted(t *testing.T) {
	h := open(t)
	h.publish(t, "0", "What I agreed to.")
	eleanor := h.As(h.eleanor)
	eleanor.Post(page+"/acceptance", accept("1")).Status(303)
	h.talk()
	eleanor.Post("/account/data/exports", nil).Status(303)
	h.Settle()
	link := regexp.MustCompile(`/account/data/exports/\d+`).FindString(eleanor.Get("/account/data").Status(200).Text)
	archive := eleanor.Get(link).Status(200).Text
	files, err := zip.NewReader(bytes.NewReader([]byte(archive)), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files.File {
		if !strings.HasSuffix(file.Name, ".json") {
			continue
		}
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"What I agreed to.", `"accepted_at"`, `"agreement_id"`} {
			if !bytes.Contains(raw, []byte(want)) {
				t.Errorf("%s does not hold %s", file.Name, want)
			}
		}
		return
	}
	t.Error("there is no JSON in the copy")
}
