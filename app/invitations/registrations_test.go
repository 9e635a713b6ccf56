package invitations_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

var confirmation = regexp.MustCompile(`https?://\S+/registration\?\S+`)

// openUp has Mona open the club to registration.
func (f *fair) openUp(t *testing.T) {
	t.Helper()
	f.As(f.mona).Post("/spaces/club/registrations", apptest.Form{"open": "1"}).Status(http.StatusSeeOther)
}

// wish is a form that is right; pairs of a name and a value change it.
func wish(pairs ...string) apptest.Form {
	form := apptest.Form{"name": "Karl Lang", "email": "karl@customer.example", "organisation": "Customer", "message": "We build the other half."}
	for i := 0; i < len(pairs); i += 2 {
		form[pairs[i]] = pairs[i+1]
	}
	return form
}

// confirmed is where the letter leads in which somebody confirms that they asked.
func (f *fair) confirmed(t *testing.T, email string) string {
	t.Helper()
	f.Settle()
	u, err := url.Parse(confirmation.FindString(f.post.Letter(email).Text))
	if err != nil || u.Path != "/registration" {
		t.Fatalf("no link in the letter: %v", err)
	}
	return u.RequestURI()
}

// register has a stranger ask, and prove their address.
func (f *fair) register(t *testing.T, pairs ...string) {
	t.Helper()
	form := wish(pairs...)
	f.Visitor().Post("/spaces/club/registration", form).Status(http.StatusSeeOther)
	f.Visitor().Post("/registration", apptest.Form{"token": token(t, f.confirmed(t, models.NormalEmail(form["email"])))}).Status(http.StatusSeeOther)
}

func TestAStrangerAsksProvesTheirAddressAndIsLetIn(t *testing.T) {
	f := open(t)
	sophie := f.Person("Sophie", models.RoleEmployee)
	f.Tx(nil, func(tx *models.Tx) error {
		f.club.Description = "What we make together."
		return tx.SaveSpace(f.club)
	})
	f.Visitor().Get("/spaces/club/registration").Status(http.StatusNotFound).NotSee("What we make together.")
	f.openUp(t)
	f.As(f.mona).Get("/spaces/club/registrations").Status(http.StatusOK).See("/spaces/club/registration", "Nobody waits")
	stranger := f.Visitor()
	stranger.Get("/spaces/club").Status(http.StatusNotFound)
	stranger.Get("/spaces/club/registration").Status(http.StatusOK).See("Take part in “club”", "What we make together.", `id="organisation"`).NotSee("Mona")
	stranger.Post("/spaces/club/registration", wish("email", "Karl@Customer.example")).Status(http.StatusSeeOther)
	stranger.Get("/registration/mail").Status(http.StatusOK).See("on its way")
	f.As(f.mona).Get("/spaces/club/registrations").NotSee("Karl") // who has proven nothing asks nothing

	link := f.confirmed(t, "karl@customer.example")
	letter := f.post.Letter("karl@customer.example")
	for _, words := range []string{"Karl Lang", "We build", "Customer\n"} {
		if strings.Contains(letter.Text, words) || strings.Contains(letter.HTML, words) {
			t.Errorf("the house sends a stranger's words to an address that is not proven: %s", letter.Text)
		}
	}
	stranger.Get(link).Status(http.StatusOK).See("Karl Lang", "We build the other half.", "club")
	stranger.Get(link).Status(http.StatusOK) // looking proves nothing
	f.As(f.mona).Get("/spaces/club/registrations").NotSee("Karl")
	stranger.Post("/registration", apptest.Form{"token": token(t, link)}).Status(http.StatusSeeOther)
	stranger.Get("/registration/waiting").Status(http.StatusOK).See("within 90 days")
	stranger.Get(link).Status(http.StatusGone)
	stranger.Post("/registration", apptest.Form{"token": token(t, link)}).Status(http.StatusGone)

	mona := f.As(f.mona)
	mona.Get("/notifications").See("People from outside ask to take part in “club”", "/spaces/club/registrations")
	mona.Get("/spaces/club").See("1 person from outside asks to take part")
	mona.Get("/spaces/club/registrations").See("Karl Lang", "karl@customer.example", "Customer", "We build the other half.", `value="mona@example.test"`, `value="2027-09-01"`)
	if n, err := f.DB.Unread(t.Context(), f.Actor(f.mona)); err != nil || n != 0 {
		t.Errorf("%d notices are unread, %v", n, err)
	}
	mona.Post("/spaces/club/registrations/1/acceptance", apptest.Form{"role": "expert", "until": "2027-12-31", "sponsor": "sophie@example.test"}).Status(http.StatusSeeOther)
	karl := f.user(t, "karl@customer.example")
	if !karl.External() || karl.Name != "Karl Lang" || karl.Organisation != "Customer" || karl.ExpiresAt.Format(time.DateOnly) != "2027-12-31" || *karl.SponsorID != sophie.ID || f.roleIn(karl, f.club) != models.SpaceExpert {
		t.Errorf("%+v", karl)
	}
	f.Settle()
	result := f.post.Letter("karl@customer.example")
	for _, words := range []string{"let you in", "Sophie answers for you", "31 December 2027", "/sign-in?next=%2Fspaces%2Fclub"} {
		if !strings.Contains(result.Text, words) {
			t.Errorf("the letter does not say %q:\n%s", words, result.Text)
		}
	}
	mona.Get("/spaces/club/members").See("Karl Lang", "Invited by Mona")
	mona.Post("/spaces/club/registrations/1/acceptance", apptest.Form{"role": "expert"}).Status(http.StatusConflict)
	mona.Post("/spaces/club/registrations/1/refusal", apptest.Form{"answer": "No"}).Status(http.StatusConflict)
	owner := f.As(f.Person("Olga", models.RoleOwner))
	owner.Get("/audit").See("let somebody in who registered", "asked to be let in from outside", "opened a space to registration").NotSee("karl@customer.example")
}

func TestARefusalSaysWhyAndMakesNoAccount(t *testing.T) {
	f := open(t)
	f.openUp(t)
	f.register(t)
	mona := f.As(f.mona)
	mona.Post("/spaces/club/registrations/1/refusal", apptest.Form{"answer": "  "}).Status(http.StatusUnprocessableEntity).See(`id="answer-1-error"`)
	mona.Post("/spaces/club/registrations/1/refusal", apptest.Form{"answer": strings.Repeat("x", 501)}).Status(http.StatusUnprocessableEntity).See(`id="answer-1-error"`)
	mona.Post("/spaces/club/registrations/1/refusal", apptest.Form{"answer": "Only our <b>customers</b> of this year."}).Status(http.StatusSeeOther)
	f.Settle()
	letter := f.post.Letter("karl@customer.example")
	if !strings.Contains(letter.Text, "Only our <b>customers</b> of this year.") || strings.Contains(letter.HTML, "<b>customers") {
		t.Errorf("%+v", letter)
	}
	if _, err := f.DB.UserByEmail(t.Context(), "karl@customer.example"); err == nil {
		t.Error("somebody who was refused has an account")
	}
	mona.Get("/spaces/club/registrations").See("Nobody waits").NotSee("Karl Lang</")
}

// TestWhoHasAnAccountRegistersAsThemselves: nobody else learns that they have one, and there is no second.
func TestWhoHasAnAccountRegistersAsThemselves(t *testing.T) {
	f := open(t)
	f.openUp(t)
	guest, employee := f.Person("Gaston", models.RoleExternal), f.Person("Emil", models.RoleEmployee)
	answers := map[string]bool{}
	for _, email := range []string{"gaston@example.test", "new@customer.example"} {
		answer := f.Visitor().Post("/spaces/club/registration", wish("email", email)).Status(http.StatusSeeOther)
		answers[answer.Header.Get("Location")] = true
		link := f.confirmed(t, email)
		answers[f.Visitor().Get(link).Status(http.StatusOK).Text[:400]] = true
		f.Visitor().Post("/registration", apptest.Form{"token": token(t, link)}).Status(http.StatusSeeOther)
	}
	f.As(f.mona).Get("/spaces/club/registrations").See("Gaston", "has an account")
	f.As(guest).Get("/spaces/club/registration").Status(http.StatusOK).See("You asked")
	f.As(f.mona).Post("/spaces/club/registrations/1/acceptance", apptest.Form{"role": "member"}).Status(http.StatusSeeOther)
	if f.roleIn(guest, f.club) != models.SpaceMember || f.user(t, "gaston@example.test").Name != "Gaston" {
		t.Error("Gaston is not in as himself")
	}

	client := f.As(employee)
	client.Get("/spaces/club/registration").Status(http.StatusOK).See("You ask as Emil").NotSee(`id="email"`)
	client.Post("/spaces/club/registration", apptest.Form{"message": " "}).Status(http.StatusUnprocessableEntity).See(`id="message-error"`)
	client.Post("/spaces/club/registration", apptest.Form{"message": "I work on it.", "email": "mona@example.test"}).Status(http.StatusSeeOther)
	client.Post("/spaces/club/registration", apptest.Form{"message": "Once more."}).Status(http.StatusSeeOther)
	client.Get("/spaces/club/registration").See("You asked").NotSee("<form class=\"stack\"")
	f.As(f.mona).Get("/spaces/club/registrations").See("I work on it.").NotSee("Once more.")
	f.As(f.mona).Post("/spaces/club/registrations/3/acceptance", apptest.Form{"role": "reader"}).Status(http.StatusSeeOther)
	if f.roleIn(employee, f.club) != models.SpaceReader || f.user(t, "emil@example.test").ExpiresAt != nil {
		t.Error("Emil is not in as an employee")
	}
	client.Get("/spaces/club/registration").Status(http.StatusSeeOther)
	gone := f.Person("Gone", models.RoleExternal)
	f.Visitor().Post("/spaces/club/registration", wish("email", "gone@example.test")).Status(http.StatusSeeOther)
	link := f.confirmed(t, "gone@example.test")
	f.Tx(nil, func(tx *models.Tx) error { return tx.Disable(gone.ID) })
	f.Visitor().Get(link).Status(http.StatusGone)
	f.Visitor().Post("/registration", apptest.Form{"token": token(t, link)}).Status(http.StatusGone)
}

// TestOnlyASpaceThatIsOpenToItTakesRegistrations, as long as people from outside may be in it.
func TestOnlyASpaceThatIsOpenToItTakesRegistrations(t *testing.T) {
	f := open(t)
	f.Space("office", models.Company, map[*models.User]models.SpaceRole{f.mona: models.SpaceManager})
	mona := f.As(f.mona)
	mona.Post("/spaces/office/registrations", apptest.Form{"open": "1"}).Status(http.StatusUnprocessableEntity).See("lets nobody from outside in")
	f.openUp(t)
	f.register(t)
	f.Visitor().Post("/spaces/club/registration", wish("email", "eva@customer.example")).Status(http.StatusSeeOther)
	late := f.confirmed(t, "eva@customer.example")
	closed := func(change, back func(*models.Tx) error) {
		t.Helper()
		f.Tx(nil, change)
		f.Visitor().Get("/spaces/club/registration").Status(http.StatusNotFound)
		f.Visitor().Post("/spaces/club/registration", wish("email", "late@customer.example")).Status(http.StatusNotFound)
		f.Visitor().Get(late).Status(http.StatusGone)
		f.Visitor().Post("/registration", apptest.Form{"token": token(t, late)}).Status(http.StatusGone)
		f.Tx(nil, back)
	}
	closed(func(tx *models.Tx) error { return tx.ArchiveSpace(f.club) }, func(tx *models.Tx) error { return tx.ReopenSpace(f.club) })
	saved := func(v models.Visibility) func(*models.Tx) error {
		return func(tx *models.Tx) error { f.club.Visibility = v; return tx.SaveSpace(f.club) }
	}
	closed(saved(models.Company), saved(models.External))
	f.Visitor().Get(late).Status(http.StatusOK)
	mona.Post("/spaces/club/registrations", apptest.Form{"open": "0"}).Status(http.StatusSeeOther)
	f.Visitor().Get("/spaces/club/registration").Status(http.StatusNotFound)
	f.Visitor().Get(late).Status(http.StatusGone)
	mona.Get("/spaces/club/registrations").See("Karl Lang") // who waits still does
	mona.Post("/spaces/club/registrations/1/acceptance", apptest.Form{"role": "member"}).Status(http.StatusSeeOther)
}

func TestOnlyWhoLooksAfterInvitationsDecidesRegistrations(t *testing.T) {
	f := open(t)
	f.openUp(t)
	f.register(t)
	hand, member, boss := f.Person("Hand", models.RoleExternal), f.Person("Member", models.RoleEmployee), f.Person("Boss", models.RoleManager)
	f.Tx(nil, func(tx *models.Tx) error {
		if err := tx.SetMember(f.club, hand, models.SpaceManager); err != nil {
			return err
		}
		return tx.SetMember(f.club, member, models.SpaceMember)
	})
	for user, status := range map[*models.User]int{hand: http.StatusForbidden, member: http.StatusForbidden, f.Person("Stranger", models.RoleEmployee): http.StatusNotFound} {
		client := f.As(user)
		client.Get("/spaces/club/registrations").Status(status).NotSee("Karl")
		client.Post("/spaces/club/registrations", apptest.Form{"open": "0"}).Status(status)
		client.Post("/spaces/club/registrations/1/acceptance", apptest.Form{"role": "member"}).Status(status)
		client.Post("/spaces/club/registrations/1/refusal", apptest.Form{"answer": "No"}).Status(status)
		client.Get("/spaces/club").NotSee("asks to take part")
	}
	f.As(boss).Get("/spaces/club/registrations").Status(http.StatusOK).See("Karl")
	other := f.Space("other", models.External, map[*models.User]models.SpaceRole{member: models.SpaceManager})
	f.As(member).Post(fmt.Sprintf("/spaces/%s/registrations/1/acceptance", other.Slug), apptest.Form{"role": "member"}).Status(http.StatusNotFound)
	for field, value := range map[string]string{"role": "manager", "until": "2020-01-01", "sponsor": "hand@example.test"} {
		form := apptest.Form{"role": "member"}
		form[field] = value
		f.As(f.mona).Post("/spaces/club/registrations/1/acceptance", form).Status(http.StatusUnprocessableEntity).See(`id="` + field + `-1-error"`)
	}
	if _, err := f.DB.UserByEmail(t.Context(), "karl@customer.example"); err == nil {
		t.Error("Karl was let in")
	}
}

func TestWhatIsWrongWithARegistrationIsSaidAtItsField(t *testing.T) {
	f := open(t)
	f.openUp(t)
	for _, test := range [][2]string{
		{"name", ""}, {"name", strings.Repeat("x", 201)}, {"name", "a\x00b"}, {"email", ""}, {"email", "karl"}, {"email", "a@b@c.example"}, {"email", "x@\x01.example"},
		{"organisation", " "}, {"organisation", strings.Repeat("é", 201)}, {"message", ""}, {"message", strings.Repeat("é", 1001)}, {"message", "\xff"},
	} {
		f.Visitor().Post("/spaces/club/registration", wish(test[0], test[1])).Status(http.StatusUnprocessableEntity).See(`id="` + test[0] + `-error"`)
	}
	f.Settle()
	if letters := f.post.Letters(); len(letters) != 0 {
		t.Errorf("%d letters were sent", len(letters))
	}
}

// TestRegistrationIsNoWayToSendMailToOthers: the answer is the same, the letters stop, and hold nobody's words.
func TestRegistrationIsNoWayToSendMailToOthers(t *testing.T) {
	f := open(t)
	f.openUp(t)
	for range 5 {
		f.Visitor().Post("/spaces/club/registration", wish("name", "Buy\r\nBcc: all@customer.example")).Status(http.StatusSeeOther)
	}
	f.Settle()
	if n := f.told("karl@customer.example", ""); n != 3 {
		t.Errorf("%d letters to one address", n)
	}
	sent := 0
	f.Tx(nil, func(tx *models.Tx) error {
		for i := range 120 {
			secret, err := tx.Register(f.club, &models.Registration{Email: fmt.Sprintf("p%d@customer.example", i), Name: "N", Organisation: "O", Message: "M", Locale: "en"})
			if err != nil {
				return err
			}
			if secret != "" {
				sent++
			}
		}
		return nil
	})
	if sent != 97 {
		t.Errorf("%d more letters about one space in an hour", sent)
	}
	f.now = f.now.Add(models.ProofLife + time.Minute)
	f.Tx(nil, func(tx *models.Tx) error { return tx.Sweep() })
	f.Visitor().Post("/spaces/club/registration", wish()).Status(http.StatusSeeOther)
	f.Settle()
	if n := f.told("karl@customer.example", ""); n != 4 {
		t.Errorf("%d letters an hour later", n)
	}
}

// TestOneWaitsOncePerSpace, however often they ask; their first words stay.
func TestOneWaitsOncePerSpace(t *testing.T) {
	f := open(t)
	f.openUp(t)
	f.register(t)
	f.register(t, "message", "Other words")
	f.As(f.mona).Get("/spaces/club/registrations").See("We build the other half.").NotSee("Other words")
}

// TestRegistrationsThatNobodyAnswersEnd by themselves, with what was written.
func TestRegistrationsThatNobodyAnswersEnd(t *testing.T) {
	f := open(t)
	f.openUp(t)
	f.register(t)
	if err := f.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.now = f.now.Add(89 * 24 * time.Hour)
	f.Settle()
	f.Settle()
	f.As(f.mona).Get("/spaces/club/registrations").See("Karl Lang")
	f.now = f.now.Add(48 * time.Hour)
	f.Settle()
	f.Settle()
	f.As(f.mona).Get("/spaces/club/registrations").See("Nobody waits")
}
