package accounts_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

func TestAPasskeyIsAddedSignsInAndIsRemoved(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option, named)
	mona := site.Person("Mona", models.RoleEmployee)
	client, d := site.As(mona), newDevice(t, site)
	asked := ask(t, client, "/account/passkeys/challenge").PublicKey
	if asked.RP.ID != "localhost" || asked.AuthenticatorSelection.UserVerification != "required" || asked.AuthenticatorSelection.ResidentKey != "required" || strings.Contains(asked.User.ID, "mona") || len(asked.Challenge) < 22 {
		t.Errorf("the house asks for %+v", asked)
	}
	leads(t, d.add(client, " Work laptop ").Status(http.StatusSeeOther), "/account")
	client.Get("/account").See("The passkey is added", "Work laptop", "Never")
	site.Settle()
	if letter := post.Letter(mona.Email); !strings.Contains(letter.Text, "Work laptop") || !strings.Contains(letter.Subject, "passkey was added") {
		t.Errorf("%+v", letter)
	}
	if again := ask(t, client, "/account/passkeys/challenge").PublicKey; len(again.ExcludeCredentials) != 1 {
		t.Errorf("a device may make two keys: %+v", again)
	}

	visitor := site.Visitor()
	visitor.Get("/sign-in?next=/account").See(`action="/sign-in/passkey"`)
	if asked := ask(t, visitor, "/sign-in/passkey/challenge").PublicKey; asked.UserVerification != "required" || len(asked.AllowCredentials) != 0 || asked.RPID != "localhost" {
		t.Errorf("the door asks for %+v", asked)
	}
	leads(t, d.enter(visitor).Status(http.StatusSeeOther), "/account")
	page := visitor.Get("/account").Status(http.StatusOK).See("Mona", "Work laptop").NotSee("Never")
	keys, err := site.DB.Passkeys(t.Context(), mona.ID)
	if err != nil || len(keys) != 1 || keys[0].UsedAt == nil || strings.Contains(keys[0].Credential, "clientDataJSON\":\"ey") {
		t.Fatalf("%+v, %v", keys, err)
	}
	owner := site.As(site.Person("Olga", models.RoleOwner))
	owner.Get("/audit").See("added a passkey", "with a passkey", "Passkey "+strconv.FormatInt(keys[0].ID, 10)).NotSee("Work laptop")

	path := "/account/passkeys/" + strconv.FormatInt(keys[0].ID, 10) + "/removal"
	page.See(path)
	owner.Post(path, nil).Status(http.StatusNotFound)
	leads(t, visitor.Post(path, nil).Status(http.StatusSeeOther), "/account")
	visitor.Get("/account").See("The passkey is removed").NotSee("Work laptop")
	d.enter(site.Visitor()).Status(http.StatusForbidden).See("did not let you in")
	visitor.Post(path, nil).Status(http.StatusNotFound)
}

func TestAPasskeysAnswerServesOnceAndNotForLong(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, named, clock(&now))
	mona := site.As(site.Person("Mona", models.RoleEmployee))
	d := newDevice(t, site)
	d.add(mona, "Key").Status(http.StatusSeeOther)

	visitor := site.Visitor()
	signed := d.sign(ask(t, visitor, "/sign-in/passkey/challenge"))
	cookie := session(t, visitor.Cookies())
	visitor.Post("/sign-in/passkey", apptest.Form{"credential": signed}).Status(http.StatusSeeOther)
	visitor.Post("/sign-in/passkey", apptest.Form{"credential": signed}).Status(http.StatusBadRequest) // in the same browser
	thief := site.Visitor()
	thief.Post("/sign-in/passkey", apptest.Form{"credential": signed}).Status(http.StatusBadRequest)
	ask(t, thief, "/sign-in/passkey/challenge")
	thief.Post("/sign-in/passkey", apptest.Form{"credential": signed}).Status(http.StatusForbidden) // it answers another question
	stolen := http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}, "Content-Type": {"application/x-www-form-urlencoded"}}
	site.Visitor().Do(http.MethodPost, "/sign-in/passkey", strings.NewReader("credential="+signed), stolen).Status(http.StatusBadRequest)
	thief.Get("/account").Status(http.StatusSeeOther)

	late := site.Visitor()
	signed = d.sign(ask(t, late, "/sign-in/passkey/challenge"))
	now = now.Add(6 * time.Minute)
	late.Post("/sign-in/passkey", apptest.Form{"credential": signed}).Status(http.StatusBadRequest).See("start again")
}

func TestOneAnswerSentManyTimesAtOnceOpensOneSession(t *testing.T) {
	site := apptest.Start(t, named)
	d := newDevice(t, site)
	d.add(site.As(site.Person("Mona", models.RoleEmployee)), "Key").Status(http.StatusSeeOther)
	visitor := site.Visitor()
	signed := d.sign(ask(t, visitor, "/sign-in/passkey/challenge"))
	cookie := session(t, visitor.Cookies())
	var answers [8]int
	var wait sync.WaitGroup
	for i := range answers {
		client := site.Visitor()
		wait.Go(func() {
			header := http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}, "Content-Type": {"application/x-www-form-urlencoded"}}
			answers[i] = client.Do(http.MethodPost, "/sign-in/passkey", strings.NewReader("credential="+signed), header).StatusCode
		})
	}
	wait.Wait()
	opened := 0
	for _, status := range answers {
		if status == http.StatusSeeOther {
			opened++
		}
	}
	if opened != 1 {
		t.Errorf("%d sessions are opened: %v", opened, answers)
	}
}

// TestAPasskeyThatLiesLetsNobodyIn has a device answer for another site, without recognising anyone, with another key or
// for somebody else.
func TestAPasskeyThatLiesLetsNobodyIn(t *testing.T) {
	site := apptest.Start(t, named)
	mona, karl := site.Person("Mona", models.RoleEmployee), site.Person("Karl", models.RoleEmployee)
	hers, his := newDevice(t, site), newDevice(t, site)
	hers.add(site.As(mona), "Hers").Status(http.StatusSeeOther)
	his.add(site.As(karl), "His").Status(http.StatusSeeOther)
	for what, lie := range map[string]func(*device){
		"another origin":    func(d *device) { d.origin = "http://localhost.evil.test" },
		"another port":      func(d *device) { d.origin = "http://localhost:1" },
		"TLS of elsewhere":  func(d *device) { d.origin = strings.Replace(d.origin, "http:", "https:", 1) },
		"nobody recognised": func(d *device) { d.flags = present },
		"nobody there":      func(d *device) { d.flags = verified },
		"another key":       func(d *device) { d.key = his.key },
		"another's account": func(d *device) { d.handle = his.handle },
		"no account":        func(d *device) { d.handle = nil },
		"an unknown key":    func(d *device) { d.id = []byte("never seen") },
		"another's key":     func(d *device) { d.id = his.id },
	} {
		liar := *hers
		lie(&liar)
		visitor := site.Visitor()
		if answer := liar.enter(visitor); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: status %d", what, answer.StatusCode)
		}
		visitor.Get("/account").Status(http.StatusSeeOther)
	}
	for _, nonsense := range []string{"", "x", "{}", `{"id":"x"}`, strings.Repeat("[", 10_000), "\x00"} {
		visitor := site.Visitor()
		ask(t, visitor, "/sign-in/passkey/challenge")
		visitor.Post("/sign-in/passkey", apptest.Form{"credential": nonsense}).Status(http.StatusForbidden)
	}
	hers.count += 20
	hers.enter(site.Visitor()).Status(http.StatusSeeOther)
}

func TestAKeyThatLiesIsNotTaken(t *testing.T) {
	site := apptest.Start(t, named)
	mona, karl := site.As(site.Person("Mona", models.RoleEmployee)), site.As(site.Person("Karl", models.RoleEmployee))
	d := newDevice(t, site)
	for what, lie := range map[string]func(*device){
		"another origin":    func(d *device) { d.origin = "https://evil.test" },
		"nobody recognised": func(d *device) { d.flags = present },
	} {
		liar := *d
		lie(&liar)
		if answer := liar.add(mona, "Key"); answer.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", what, answer.StatusCode)
		}
	}
	// The answer to a question that somebody else was asked, or at the door.
	mona.Post("/account/passkeys", apptest.Form{"passkey_name": "Key", "credential": d.make(ask(t, karl, "/account/passkeys/challenge"))}).Status(http.StatusUnprocessableEntity)
	made := d.make(ask(t, karl, "/account/passkeys/challenge"))
	ask(t, mona, "/account/passkeys/challenge")
	mona.Post("/account/passkeys", apptest.Form{"passkey_name": "Key", "credential": made}).Status(http.StatusUnprocessableEntity)
	mona.Post("/account/passkeys", apptest.Form{"passkey_name": "Key", "credential": d.make(ask(t, mona, "/sign-in/passkey/challenge"))}).Status(http.StatusUnprocessableEntity)
	mona.Post("/account/passkeys", apptest.Form{"passkey_name": "Key"}).Status(http.StatusUnprocessableEntity).See(`id="passkey_name-error"`)

	for _, name := range []string{"", "  ", strings.Repeat("a", 101), "a\x00b"} {
		d.add(mona, name).Status(http.StatusUnprocessableEntity).See(`id="passkey_name-error"`)
	}
	d.add(mona, "Key").Status(http.StatusSeeOther)
	d.add(karl, "Key").Status(http.StatusUnprocessableEntity).See("already holds a passkey") // one key, two accounts
	site.Visitor().Post("/account/passkeys/challenge", nil).Status(http.StatusSeeOther)
}

func TestACopyIsNoticedAndClosesTheKey(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option, named)
	mona := site.Person("Mona", models.RoleEmployee)
	site.Tx(nil, func(tx *models.Tx) error { return tx.SavePreferences(mona.ID, "en", "") })
	client, d := site.As(mona), newDevice(t, site)
	d.add(client, "Stick").Status(http.StatusSeeOther)
	clone := *d
	d.enter(site.Visitor()).Status(http.StatusSeeOther)
	d.enter(site.Visitor()).Status(http.StatusSeeOther)
	site.Settle()
	clone.enter(site.Visitor()).Status(http.StatusForbidden).See("copy of this passkey")
	d.enter(site.Visitor()).Status(http.StatusForbidden).See("copy of this passkey")
	client.Get("/account").See("may be a copy of it")
	site.Settle()
	if letter := post.Letter(mona.Email); !strings.Contains(letter.Text, "Stick") || !strings.Contains(letter.Subject, "copy") {
		t.Errorf("%+v", letter)
	}
	site.As(site.Person("Olga", models.RoleOwner)).Get("/audit").See("used a passkey that may be a copy")
}

func TestWhoLeavesNoLongerComesInByPasskey(t *testing.T) {
	site := apptest.Start(t, named)
	mona := site.Person("Mona", models.RoleEmployee)
	d := newDevice(t, site)
	d.add(site.As(mona), "Key").Status(http.StatusSeeOther)
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(mona.ID) })
	d.enter(site.Visitor()).Status(http.StatusForbidden)
	site.Tx(nil, func(tx *models.Tx) error { return tx.Enable(mona.ID) })
	d.enter(site.Visitor()).Status(http.StatusSeeOther) // it is still hers
}

func TestWhomTheProviderLetsInTheirKeysDoNot(t *testing.T) {
	for links, let := range map[string]bool{"": false, "off": false, "all": true} {
		site := apptest.Start(t, named, setting(links), func(config *app.Config, _ *app.Options) {
			config.OIDCIssuer, config.OIDCClientID = "http://127.0.0.1:1", "ruche"
		})
		mona := site.Person("Mona", models.RoleEmployee)
		client, d := site.As(mona), newDevice(t, site)
		d.add(client, "Key").Status(http.StatusSeeOther)
		d.enter(site.Visitor()).Status(http.StatusSeeOther)
		site.Tx(nil, func(tx *models.Tx) error { return tx.Bind(mona.ID, "https://login.example.test", "mona") })
		if let {
			d.enter(site.Visitor()).Status(http.StatusSeeOther)
			client.Get("/account").See("Add a passkey")
			continue
		}
		d.enter(site.Visitor()).Status(http.StatusForbidden).See("Your company lets you in")
		client.Get("/account").Status(http.StatusOK).NotSee("Add a passkey")
		client.Post("/account/passkeys/challenge", nil).Status(http.StatusForbidden)
	}
}

func TestRemovingTheLastWayInIsSaid(t *testing.T) {
	post := apptest.NewPost(t)
	const warning = "the only way in that you have by yourself"
	with, without := apptest.Start(t, named, post.Option), apptest.Start(t, named)
	for _, site := range []*apptest.Site{with, without} {
		client := site.As(site.Person("Mona", models.RoleEmployee))
		newDevice(t, site).add(client, "One").Status(http.StatusSeeOther)
		if site == with {
			client.Get("/account").NotSee(warning) // a link comes by mail
			continue
		}
		client.Get("/account").See(warning)
		newDevice(t, site).add(client, "Two").Status(http.StatusSeeOther)
		client.Get("/account").NotSee(warning)
	}
}

func TestThereIsAnEndToPasskeys(t *testing.T) {
	site := apptest.Start(t, named)
	mona := site.Person("Mona", models.RoleEmployee)
	client := site.As(mona)
	site.Tx(nil, func(tx *models.Tx) error {
		for n := range models.MaxPasskeys {
			if err := tx.AddPasskey(&models.Passkey{UserID: mona.ID, CredentialID: strconv.Itoa(n), Credential: "{}", Name: "one of many"}); err != nil {
				return err
			}
		}
		return nil
	})
	newDevice(t, site).add(client, "one more").Status(http.StatusUnprocessableEntity).See("Remove one first")
}

func TestAHouseWithoutANameOffersNoPasskeys(t *testing.T) {
	for _, base := range []string{"", "http://ruche.intern", "https://192.0.2.1"} {
		site := apptest.Start(t, func(config *app.Config, _ *app.Options) {
			if base != "" {
				config.BaseURL = base
			}
		})
		site.Visitor().Get("/sign-in").NotSee("/sign-in/passkey")
		site.Visitor().Post("/sign-in/passkey/challenge", nil).Status(http.StatusNotFound)
	}
}
