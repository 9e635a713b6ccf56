package invitations_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

func TestWhatIsWrongWithAnInvitationIsSaidAtItsField(t *testing.T) {
	f := open(t)
	f.Space("office", models.Company, map[*models.User]models.SpaceRole{f.mona: models.SpaceManager})
	f.Space("board", models.Restricted, map[*models.User]models.SpaceRole{f.mona: models.SpaceManager})
	f.Space("secret", models.Restricted, nil)
	f.Person("Guest", models.RoleExternal)
	gone := f.Person("Gone", models.RoleEmployee)
	f.Tx(nil, func(tx *models.Tx) error { return tx.Disable(gone.ID) })
	f.invite(t)
	many := &strings.Builder{}
	for n := range 10_000 {
		fmt.Fprintf(many, "person%d@customer.example\n", n)
	}
	mona := f.As(f.mona)
	for _, test := range []struct{ name, value, said string }{
		{"addresses", "", "Write at least one"}, {"addresses", " ,;\r\n ", "Write at least one"},
		{"addresses", "fine@customer.example, karl, nowhere@", "These 2 are not e-mail addresses, the first of them: karl, nowhere@"},
		{"addresses", "a@b@c.example", "not an e-mail address: a@b@c.example"}, {"addresses", "x@\x01.example", "not an e-mail address"}, {"addresses", "\xff@customer.example", "not an e-mail address"},
		{"addresses", `"Karl" <karl@customer.example> <x`, "not an e-mail address"}, {"addresses", strings.Repeat("a", 300) + "@customer.example", "…"},
		{"addresses", many.String(), "more than 50 addresses"}, {"addresses", "karl@customer.example", "open already for karl@customer.example"},
		{"space", "", "no such space"}, {"space", "nowhere", "no such space"}, {"space", "secret", "no such space"},
		{"space", "office", "lets nobody from outside in"}, {"space", "board", "lets nobody from outside in"},
		{"role", "manager", "Choose one of the roles"}, {"role", "", "Choose one of the roles"}, {"message", strings.Repeat("é", 1001), "Shorten the message"}, {"message", "a\x00b", "Shorten the message"},
		{"until", "2027-02-28", "Choose a day to come"}, {"until", "2029-03-05", "Choose a day to come"}, {"until", "soon", "Write the day"},
		{"sponsor", "guest@example.test", "No employee who can sign in has this address"}, {"sponsor", "gone@example.test", "No employee who can sign in has this address"}, {"sponsor", "x@x.example", "No employee who can sign in has this address"},
	} {
		answer := mona.Post("/invitations", call("addresses", "new@customer.example", test.name, test.value)).Status(http.StatusUnprocessableEntity)
		answer.See(test.said, `href="#`+test.name+`"`)
	}
	form := call()
	delete(form, "space")
	mona.Post("/invitations", form).Status(http.StatusUnprocessableEntity).See("Choose at least one space")
	f.Settle()
	for _, letter := range f.post.Letters() {
		if letter.To == "new@customer.example" {
			t.Errorf("a letter was sent: %s", letter.Text)
		}
	}
}

func TestSeveralAddressesAreReadAsPeopleWriteThem(t *testing.T) {
	f := open(t)
	f.As(f.mona).Post("/invitations", call("addresses", "a@customer.example, B@Customer.example;c@customer.example d@customer.example\r\n\"Lang, Eva\" <a@customer.example>")).Status(http.StatusUnprocessableEntity)
	f.As(f.mona).Post("/invitations", call("addresses", "a@customer.example, B@Customer.example;c@customer.example d@customer.example\r\nEva Lang <e@customer.example>\r\na@customer.example")).Status(http.StatusSeeOther)
	f.Settle()
	to := map[string]int{}
	for _, letter := range f.post.Letters() {
		to[letter.To]++
	}
	for _, who := range []string{"a", "b", "c", "d", "e"} {
		if to[who+"@customer.example"] != 1 {
			t.Errorf("%s got %d letters", who, to[who+"@customer.example"])
		}
	}
}

func TestOnlyWhoRunsASpaceInvitesIntoIt(t *testing.T) {
	f := open(t)
	f.Space("guests", models.External, nil)
	alice, hand := f.Person("Alice", models.RoleEmployee), f.Person("Hand", models.RoleExternal)
	mod, boss, auditor := f.Person("Mod", models.RoleModerator), f.Person("Boss", models.RoleManager), f.Person("Audra", models.RoleAuditor)
	f.Tx(nil, func(tx *models.Tx) error {
		for user, role := range map[*models.User]models.SpaceRole{alice: models.SpaceMember, hand: models.SpaceManager, auditor: models.SpaceManager} {
			if err := tx.SetMember(f.club, user, role); err != nil {
				return err
			}
		}
		return nil
	})
	f.invite(t)
	f.Visitor().Post("/invitations", call()).Status(http.StatusSeeOther)
	for user, status := range map[*models.User]int{alice: http.StatusForbidden, hand: http.StatusForbidden, mod: http.StatusForbidden, auditor: http.StatusForbidden, boss: http.StatusOK} {
		client := f.As(user)
		for _, path := range []string{"/invitations", "/invitations/new"} {
			if answer := client.Get(path); answer.StatusCode != status {
				t.Errorf("%s %s: %d", user.Name, path, answer.StatusCode)
			}
		}
		if status == http.StatusForbidden {
			client.Get("/invitations").NotSee("karl@")
			client.Get("/spaces/club").NotSee("/invitations")
			client.Post("/invitations", call("addresses", "x@customer.example")).Status(status)
			client.Post("/invitations/1/revocation", nil).Status(http.StatusNotFound)
			client.Post("/invitations/1/letter", nil).Status(http.StatusNotFound)
		}
	}
	f.As(f.mona).Post("/invitations", call("space", "guests")).Status(http.StatusUnprocessableEntity).See("no such space")
	f.Tx(nil, func(tx *models.Tx) error { return tx.ArchiveSpace(f.club) })
	f.As(f.mona).Post("/invitations", call("addresses", "x@customer.example")).Status(http.StatusForbidden)
}

// TestAnInvitationIntoSeveralSpacesIsEachManagersForTheirOwn: what one cannot see is not named, and taking back one's own leaves the rest.
func TestAnInvitationIntoSeveralSpacesIsEachManagersForTheirOwn(t *testing.T) {
	f := open(t)
	lars := f.Person("Lars", models.RoleEmployee)
	lab := f.Space("laboratory", models.External, map[*models.User]models.SpaceRole{f.mona: models.SpaceManager, lars: models.SpaceManager})
	f.As(f.mona).Do(http.MethodPost, "/invitations", strings.NewReader(url.Values{"addresses": {"karl@customer.example"}, "space": {"club", "laboratory"}, "role": {"member"}}.Encode()),
		http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}).Status(http.StatusSeeOther)
	link := f.letter(t, "karl@customer.example")
	client := f.As(lars)
	client.Get("/invitations").Status(http.StatusOK).See("karl@customer.example", "laboratory", "and spaces that are not yours").NotSee(">club<", "Send again")
	f.now = f.now.Add(time.Hour)
	client.Post("/invitations/1/letter", nil).Status(http.StatusForbidden)
	client.Post("/invitations/1/revocation", nil).Status(http.StatusSeeOther)
	client.Get("/invitations").NotSee("karl@")
	f.Visitor().Get(link).Status(http.StatusOK).See("club").NotSee("laboratory")
	f.Visitor().Post("/invitation", apptest.Form{"token": token(t, link), "name": "Karl"}).Status(http.StatusSeeOther)
	karl := f.user(t, "karl@customer.example")
	if f.roleIn(karl, f.club) != models.SpaceMember || f.roleIn(karl, lab) != "" {
		t.Error("Karl is where he is no longer invited to")
	}
}

// TestASpaceThatClosedMeanwhileLetsNobodyIn: what counts is what it is when somebody accepts.
func TestASpaceThatClosedMeanwhileLetsNobodyIn(t *testing.T) {
	f := open(t)
	link := f.invite(t)
	change := func(do func(*models.Tx) error, status int) {
		t.Helper()
		f.Tx(nil, do)
		f.Visitor().Get(link).Status(status)
	}
	change(func(tx *models.Tx) error { return tx.ArchiveSpace(f.club) }, http.StatusGone)
	change(func(tx *models.Tx) error { return tx.ReopenSpace(f.club) }, http.StatusOK)
	f.club.Visibility = models.Company
	change(func(tx *models.Tx) error { return tx.SaveSpace(f.club) }, http.StatusGone)
}

// TestNobodyWritesTheHeadersOfAnInvitation: neither by the name they go by nor by the message.
func TestNobodyWritesTheHeadersOfAnInvitation(t *testing.T) {
	f := open(t)
	f.mona.Name = "Mona\r\nBcc: everyone@customer.example"
	f.Tx(nil, func(tx *models.Tx) error { return tx.SaveProfile(f.mona) })
	f.invite(t, "message", "Hello\r\nBcc: all@customer.example\r\n\r\n<b>bold</b>")
	letters := f.post.Letters()
	if len(letters) != 1 || letters[0].Header.Get("Bcc") != "" || strings.Contains(letters[0].HTML, "<b>") || strings.ContainsAny(letters[0].Subject, "\r\n") {
		t.Errorf("%+v", letters)
	}
}

func TestWhereNoMailIsSentNobodyIsInvited(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	site.Space("club", models.External, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	site.As(mona).Get("/invitations/new").Status(http.StatusOK).See("sends no sign-in links to people from outside")
	site.As(mona).Post("/invitations", call()).Status(http.StatusUnprocessableEntity).See(`id="addresses-error"`)
	site.As(mona).Get("/invitations").NotSee("karl@")
}

func TestWhoGuessesLinksIsHeldUp(t *testing.T) {
	f := open(t, func(config *app.Config, _ *app.Options) { config.RateLimit = true })
	link := f.invite(t)
	guesser, held := f.Visitor(), 0
	for n := range 60 {
		method := guesser.Get
		if n%2 == 0 {
			method = func(path string) *apptest.Answer {
				return guesser.Post("/invitation", apptest.Form{"token": token(t, path), "name": "x"})
			}
		}
		if method(fmt.Sprintf("/invitation?token=%064d", n)).StatusCode == http.StatusTooManyRequests {
			held++
		}
	}
	if held < 20 {
		t.Errorf("only %d of 60 guesses were held up", held)
	}
	guesser.Get(link).Status(http.StatusTooManyRequests)
}

func TestNobodyFloodsTheWorldWithInvitations(t *testing.T) {
	f := open(t)
	mona := f.As(f.mona)
	for round := range 7 {
		text := &strings.Builder{}
		for n := range models.MaxInvited {
			fmt.Fprintf(text, "p%d-%d@customer.example\n", round, n)
		}
		status := http.StatusSeeOther
		if round == 6 {
			status = http.StatusUnprocessableEntity
		}
		mona.Post("/invitations", call("addresses", text.String())).Status(status)
	}
	f.now = f.now.Add(25 * time.Hour)
	f.As(f.mona).Post("/invitations", call("addresses", "next@customer.example")).Status(http.StatusSeeOther)
}

func TestALongListOfInvitationsGoesOnOverPages(t *testing.T) {
	f := open(t)
	mona := f.As(f.mona)
	text := &strings.Builder{}
	for n := range models.MaxInvited {
		fmt.Fprintf(text, "p%02d@customer.example\n", n)
	}
	mona.Post("/invitations", call("addresses", text.String())).Status(http.StatusSeeOther)
	mona.Get("/invitations?space=club&state=pending").See("p49@", "p20@", "before=21").NotSee("p19@")
	mona.Get("/invitations?space=club&state=pending&before=21").See("p19@", "p00@").NotSee("p20@")
	mona.Get("/invitations?before=x").Status(http.StatusUnprocessableEntity)
	mona.Get("/invitations?state=lost").Status(http.StatusUnprocessableEntity)
	mona.Get("/invitations?space=nowhere").Status(http.StatusNotFound)
}
