package invitations_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// fair is a house that sends mail, with a clock that the test moves: Mona runs the club, which outsiders may enter.
type fair struct {
	*apptest.Site
	post *apptest.Post
	mona *models.User
	club *models.Space
	now  time.Time
}

func open(t *testing.T, options ...apptest.Option) *fair {
	t.Helper()
	f := &fair{post: apptest.NewPost(t), now: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}
	options = append(options, f.post.Option, func(_ *app.Config, more *app.Options) { more.Clock = func() time.Time { return f.now } })
	f.Site = apptest.Start(t, options...)
	f.mona = f.Person("Mona", models.RoleEmployee)
	f.club = f.Space("club", models.External, map[*models.User]models.SpaceRole{f.mona: models.SpaceManager})
	return f
}

// call is a form that is right; pairs of a name and a value change it.
func call(pairs ...string) apptest.Form {
	form := apptest.Form{"addresses": "karl@customer.example", "space": "club", "role": "member", "locale": "en"}
	for i := 0; i < len(pairs); i += 2 {
		form[pairs[i]] = pairs[i+1]
	}
	return form
}

var letterLink = regexp.MustCompile(`https?://\S+/invitation\?\S+`)

// letter is the path of the link in the newest letter to an address.
func (f *fair) letter(t *testing.T, to string) string {
	t.Helper()
	f.Settle()
	letter := f.post.Letter(to)
	u, err := url.Parse(letterLink.FindString(letter.Text))
	if err != nil || u.Path != "/invitation" || !strings.Contains(letter.HTML, u.String()) {
		t.Fatalf("no link in both parts of the letter: %v\n%s", err, letter.Text)
	}
	return u.RequestURI()
}

// invite sends an invitation of Mona's and returns where its link leads.
func (f *fair) invite(t *testing.T, pairs ...string) string {
	t.Helper()
	form := call(pairs...)
	f.As(f.mona).Post("/invitations", form).Status(http.StatusSeeOther)
	return f.letter(t, form["addresses"])
}

func token(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("token")
}

func (f *fair) user(t *testing.T, email string) *models.User {
	t.Helper()
	user, err := f.DB.UserByEmail(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	return user
}

// roleIn is what a person is in a space; empty if nothing.
func (f *fair) roleIn(user *models.User, space *models.Space) models.SpaceRole {
	if access := f.Actor(user).Access(space.ID); access != nil {
		return access.Role
	}
	return ""
}

func TestAnInvitationBringsACustomerIntoExactlyItsSpaces(t *testing.T) {
	f := open(t)
	sponsor := f.Person("Sophie Petit", models.RoleEmployee)
	lab := f.Space("lab", models.External, map[*models.User]models.SpaceRole{f.mona: models.SpaceManager})
	other := f.Space("depot", models.External, nil)
	f.As(f.mona).Get("/spaces/club").See(`href="/invitations?space=club"`)
	f.As(f.mona).Get("/invitations/new?space=club").Status(http.StatusOK).See("club", "lab", `value="mona@example.test"`, `value="2027-09-01"`).NotSee("depot")
	client := f.As(f.mona)
	client.Do(http.MethodPost, "/invitations", strings.NewReader(url.Values{
		"addresses": {"Karl Lang <Karl@Customer.Example>"}, "space": {"club", "lab"}, "role": {"reader"}, "until": {"2027-12-31"}, "sponsor": {"sophie-petit@example.test"},
		"message": {"We would love\r\nto hear you."}, "locale": {"fr"},
	}.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}).Status(http.StatusSeeOther)
	client.Get("/invitations").See("1 invitation is on its way", "karl@customer.example", "Pending", "club", "lab", "Sophie Petit answers")

	link := f.letter(t, "karl@customer.example")
	letter := f.post.Letter("karl@customer.example")
	for _, text := range []string{"Mona vous invite", "«\u202fclub\u202f», «\u202flab\u202f»", "We would love\nto hear you.", "Sophie Petit répond de vous", "31 décembre 2027", "15 mars 2027"} {
		if !strings.Contains(letter.Text, text) {
			t.Errorf("the letter does not say %q:\n%s", text, letter.Text)
		}
	}
	guest := f.Visitor()
	guest.Get(link).Status(http.StatusOK).See("Mona invites you", "club", "lab", "Reader", "31 December 2027", `id="name"`).NotSee("depot", "customer.example")
	guest.Post("/invitation", apptest.Form{"token": token(t, link), "name": " "}).Status(http.StatusUnprocessableEntity).See(`id="name-error"`)
	guest.Post("/invitation", apptest.Form{"token": token(t, link), "name": "Karl Lang", "organisation": strings.Repeat("x", 201)}).Status(http.StatusUnprocessableEntity).See(`id="organisation-error"`, "Karl Lang")
	guest.Post("/invitation", apptest.Form{"token": token(t, link), "name": "Karl Lang", "organisation": "Customer"}).Status(http.StatusSeeOther)
	guest.Get("/spaces/club").Status(http.StatusOK).See("Welcome")
	guest.Get("/spaces/lab").Status(http.StatusOK)
	guest.Get("/spaces/depot").Status(http.StatusNotFound)

	karl := f.user(t, "karl@customer.example")
	if karl.Role != models.RoleExternal || karl.Organisation != "Customer" || karl.SponsorID == nil || *karl.SponsorID != sponsor.ID || karl.ExpiresAt == nil || karl.ExpiresAt.Format(time.DateOnly) != "2027-12-31" {
		t.Errorf("%+v", karl)
	}
	if f.roleIn(karl, f.club) != models.SpaceReader || f.roleIn(karl, lab) != models.SpaceReader || f.roleIn(karl, other) != "" {
		t.Error("Karl is not exactly where he was invited to")
	}
	client.Get("/invitations").See("Accepted").NotSee("Send again", "Revoke the")
	owner := f.As(f.Person("Olga", models.RoleOwner))
	owner.Get("/audit?verb=invitation.accepted").See("accepted an invitation", "Karl Lang").NotSee(token(t, link), "customer.example")
	owner.Get("/audit?verb=invitation.sent").See("invited someone", "Mona").NotSee("customer.example")
	f.now = time.Date(2028, 1, 1, 9, 0, 0, 0, time.UTC)
	guest.Get("/spaces/club").Status(http.StatusNotFound)
}

// TestAnInvitationServesOnceAndLookingAtItIsFree: mail scanners open links, and whoever shares one shares nothing.
func TestAnInvitationServesOnceAndLookingAtItIsFree(t *testing.T) {
	f := open(t)
	link := f.invite(t)
	for range 3 {
		f.Visitor().Get(link).Status(http.StatusOK)
		f.Visitor().Do(http.MethodHead, link, nil, nil).Status(http.StatusOK)
	}
	var wait sync.WaitGroup
	statuses := make([]int, 6)
	clients := make([]*apptest.Client, len(statuses))
	for i := range clients {
		clients[i] = f.Visitor()
	}
	for i := range clients {
		wait.Go(func() {
			statuses[i] = clients[i].Post("/invitation", apptest.Form{"token": token(t, link), "name": fmt.Sprintf("Karl %d", i)}).StatusCode
		})
	}
	wait.Wait()
	entered := 0
	for i, status := range statuses {
		switch status {
		case http.StatusSeeOther:
			entered++
			clients[i].Get("/spaces/club").Status(http.StatusOK)
		case http.StatusGone, http.StatusConflict:
			clients[i].Get("/spaces/club").Status(http.StatusNotFound)
		default:
			t.Errorf("attempt %d: %d", i, status)
		}
	}
	if entered != 1 {
		t.Errorf("%d came in by one invitation", entered)
	}
	f.Visitor().Get(link).Status(http.StatusGone)
}

// TestWhatDoesNotServeSaysNothingMore compares whole pages: unknown, used, too old, taken back, of someone who has left and for an
// account that is closed look the same.
func TestWhatDoesNotServeSaysNothingMore(t *testing.T) {
	f := open(t)
	closed, bea := f.Person("Closed", models.RoleExternal), f.Person("Bea", models.RoleManager)
	f.Tx(nil, func(tx *models.Tx) error { return tx.Disable(closed.ID) })
	links := map[string]string{
		"unknown": "/invitation?token=" + strings.Repeat("0", 64), "empty": "/invitation", "used": f.invite(t), "revoked": f.invite(t, "addresses", "re@customer.example"),
		"closed": f.invite(t, "addresses", closed.Email),
	}
	f.As(bea).Post("/invitations", call("addresses", "left@customer.example")).Status(http.StatusSeeOther)
	links["of someone who has left"] = f.letter(t, "left@customer.example")
	f.Visitor().Post("/invitation", apptest.Form{"token": token(t, links["used"]), "name": "Karl"}).Status(http.StatusSeeOther)
	f.As(f.mona).Post("/invitations/2/revocation", nil).Status(http.StatusSeeOther)
	f.Tx(nil, func(tx *models.Tx) error { return tx.Disable(bea.ID) })
	links["too old"] = f.invite(t, "addresses", "old@customer.example")
	f.now = f.now.Add(models.InvitationLife + time.Minute)
	pages := map[string]bool{}
	for why, link := range links {
		f.Visitor().Get(link).Status(http.StatusGone)
		answer := f.Visitor().Post("/invitation", apptest.Form{"token": token(t, link), "name": "Karl"}).Status(http.StatusGone)
		pages[answer.Text] = true
		if len(answer.Header["Set-Cookie"]) > 0 {
			t.Errorf("%s opens a session", why)
		}
	}
	if len(pages) != 1 {
		t.Errorf("there are %d different answers", len(pages))
	}
	f.As(f.mona).Get("/invitations?state=expired").See("old@customer.example").NotSee("re@customer.example")
	f.As(f.mona).Get("/invitations?state=revoked").See("re@customer.example").NotSee("old@customer.example")
}

func TestAnInvitationEndsWithTheRightToInvite(t *testing.T) {
	f := open(t)
	bea := f.Person("Bea", models.RoleEmployee)
	lab := f.Space("lab", models.External, map[*models.User]models.SpaceRole{f.mona: models.SpaceManager, bea: models.SpaceManager})
	f.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(f.club, bea, models.SpaceManager) })
	only, by := f.invite(t), f.link(t)
	f.As(f.mona).Do(http.MethodPost, "/invitations", strings.NewReader(url.Values{
		"addresses": {"rita@customer.example"}, "space": {"club", "lab"}, "role": {"member"}, "locale": {"en"},
	}.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}).Status(http.StatusSeeOther)
	both := f.letter(t, "rita@customer.example")
	f.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(f.club, f.mona, models.SpaceMember) })

	f.Visitor().Get(only).Status(http.StatusGone)
	f.Visitor().Post("/invitation", apptest.Form{"token": token(t, only), "name": "Karl"}).Status(http.StatusGone)
	f.Visitor().Get(by).Status(http.StatusGone)
	// What Mona still runs she still lets people into.
	f.Visitor().Get(both).Status(http.StatusOK).See("lab").NotSee("club")
	f.Visitor().Post("/invitation", apptest.Form{"token": token(t, both), "name": "Rita"}).Status(http.StatusSeeOther)
	rita := f.user(t, "rita@customer.example")
	if in, out := f.roleIn(rita, lab), f.roleIn(rita, f.club); in != models.SpaceMember || out != "" {
		t.Errorf("Rita is %q in the lab and %q in the club", in, out)
	}
	// Whoever sends it again answers for it.
	invitations, err := f.DB.Invitations(t.Context(), f.Actor(bea), models.InvitationQuery{State: models.InvitationPending, Limit: 10})
	if err != nil || len(invitations) != 1 {
		t.Fatalf("%d invitations, %v", len(invitations), err)
	}
	f.now = f.now.Add(time.Hour)
	f.As(bea).Post(fmt.Sprintf("/invitations/%d/letter", invitations[0].ID), nil).Status(http.StatusSeeOther)
	f.Visitor().Post("/invitation", apptest.Form{"token": token(t, f.letter(t, "karl@customer.example")), "name": "Karl"}).Status(http.StatusSeeOther)
	if role := f.roleIn(f.user(t, "karl@customer.example"), f.club); role != models.SpaceMember {
		t.Errorf("Karl is %q in the club", role)
	}
}

func TestAnInvitationSentAgainEndsTheLinkBefore(t *testing.T) {
	f := open(t)
	first := f.invite(t)
	mona := f.As(f.mona)
	mona.Post("/invitations/1/letter", nil).Status(http.StatusConflict) // a moment ago
	f.now = f.now.Add(20 * 24 * time.Hour)
	f.Visitor().Get(first).Status(http.StatusGone)
	mona = f.As(f.mona)
	mona.Post("/invitations/1/letter", nil).Status(http.StatusSeeOther)
	second := f.letter(t, "karl@customer.example")
	f.Visitor().Get(first).Status(http.StatusGone)
	mona.Post("/invitations/1/revocation", nil).Status(http.StatusSeeOther)
	f.Visitor().Get(second).Status(http.StatusGone)
	f.now = f.now.Add(11 * time.Minute)
	mona.Post("/invitations/1/letter", nil).Status(http.StatusSeeOther) // revoked by mistake
	third := f.letter(t, "karl@customer.example")
	f.Visitor().Post("/invitation", apptest.Form{"token": token(t, third), "name": "Karl"}).Status(http.StatusSeeOther)
	mona.Post("/invitations/1/letter", nil).Status(http.StatusConflict)
	mona.Post("/invitations/1/revocation", nil).Status(http.StatusConflict)
}

// TestTheFormTellsNothingAboutAccounts: whoever invites gets the same answer for every address, and no link.
func TestTheFormTellsNothingAboutAccounts(t *testing.T) {
	f := open(t)
	lea, guest := f.Person("Lea", models.RoleOwner), f.Person("Guest", models.RoleExternal)
	pages := map[string]bool{}
	mona := f.As(f.mona)
	for _, email := range []string{lea.Email, guest.Email, "nobody@customer.example"} {
		answer := mona.Post("/invitations", call("addresses", email)).Status(http.StatusSeeOther)
		page := mona.Get("/invitations").Status(http.StatusOK).NotSee("token", "Lea", "Guest")
		row := page.Text[strings.Index(page.Text, email):]
		pages[answer.Header.Get("Location")+regexp.MustCompile(`\d+`).ReplaceAllString(strings.ReplaceAll(row[:strings.Index(row, "</li>")], email, ""), "")] = true
	}
	if len(pages) != 1 {
		t.Errorf("there are %d answers", len(pages))
	}
}

// TestNobodyOfTheCompanyComesInByAnInvitation: they sign in as they always do, and then accept.
func TestNobodyOfTheCompanyComesInByAnInvitation(t *testing.T) {
	f := open(t)
	lea := f.Person("Lea", models.RoleOwner)
	link := f.invite(t, "addresses", lea.Email)
	visitor := f.Visitor()
	visitor.Get(link).Status(http.StatusOK).See("Sign in as you always do", "/sign-in?next=%2Finvitation%3Ftoken%3D").NotSee("Accept and enter", "Lea")
	visitor.Post("/invitation", apptest.Form{"token": token(t, link), "name": "Lea"}).Status(http.StatusSeeOther)
	visitor.Get("/account").Status(http.StatusSeeOther) // still nobody
	if f.roleIn(lea, f.club) != "" {
		t.Fatal("Lea is a member without having accepted")
	}
	f.As(lea).Post("/invitation", apptest.Form{"token": token(t, link)}).Status(http.StatusSeeOther)
	after := f.user(t, lea.Email)
	if f.roleIn(lea, f.club) != models.SpaceMember || after.Role != models.RoleOwner || after.ExpiresAt != nil || after.SponsorID != nil {
		t.Errorf("%+v", after)
	}
}

func TestWhoeverIsSignedInAsSomeoneElseAcceptsNothing(t *testing.T) {
	f := open(t)
	link := f.invite(t)
	tom := f.Person("Tom", models.RoleExternal)
	client := f.As(tom)
	client.Get(link).Status(http.StatusOK).See("You are signed in as Tom", "Sign out").NotSee("Accept and enter")
	client.Post("/invitation", apptest.Form{"token": token(t, link), "name": "Tom"}).Status(http.StatusForbidden)
	if f.roleIn(tom, f.club) != "" {
		t.Error("Tom came in by an invitation to Karl")
	}
	f.Visitor().Get(link).Status(http.StatusOK)
}

// TestWhoIsThereAlreadyLosesNothing: an invitation adds and lengthens, whoever answers for somebody goes on, and one whose time was over is back.
func TestWhoIsThereAlreadyLosesNothing(t *testing.T) {
	f := open(t)
	guest, sponsor := f.Person("Guest", models.RoleExternal), f.Person("Sophie", models.RoleEmployee)
	late := f.now.AddDate(2, 0, 0)
	f.Tx(nil, func(tx *models.Tx) error {
		if err := tx.SetTerms(guest.ID, models.Terms{ExpiresAt: &late, SponsorID: &sponsor.ID}); err != nil {
			return err
		}
		return tx.SetMember(f.club, guest, models.SpaceExpert)
	})
	accept := func(link string) {
		t.Helper()
		page := f.Visitor()
		page.Get(link).See("Accept and enter").NotSee(`id="name"`)
		page.Post("/invitation", apptest.Form{"token": token(t, link)}).Status(http.StatusSeeOther)
		page.Get("/account").Status(http.StatusOK).See("Guest")
	}
	accept(f.invite(t, "addresses", guest.Email, "role", "reader"))
	after := f.user(t, guest.Email)
	if f.roleIn(guest, f.club) != models.SpaceExpert || !after.ExpiresAt.Equal(late) || *after.SponsorID != sponsor.ID {
		t.Errorf("the invitation took something: %+v", after)
	}
	past := f.now.Add(-time.Hour)
	f.Tx(nil, func(tx *models.Tx) error {
		if err := tx.Disable(sponsor.ID); err != nil {
			return err
		}
		return tx.SetTerms(guest.ID, models.Terms{ExpiresAt: &past, SponsorID: &sponsor.ID})
	})
	accept(f.invite(t, "addresses", guest.Email))
	if after = f.user(t, guest.Email); !after.ExpiresAt.After(f.now.AddDate(0, 5, 0)) || *after.SponsorID != f.mona.ID {
		t.Errorf("the invitation did not bring Guest back: %+v", after)
	}
}

// TestOldInvitationsGoByThemselves: whoever came by one stays, and one that is still open does too.
func TestOldInvitationsGoByThemselves(t *testing.T) {
	f := open(t)
	link := f.invite(t, "until", "2029-02-01")
	f.Visitor().Post("/invitation", apptest.Form{"token": token(t, link), "name": "Karl"}).Status(http.StatusSeeOther)
	f.invite(t, "addresses", "old@customer.example")
	f.now = f.now.AddDate(0, 0, 360)
	f.invite(t, "addresses", "young@customer.example")
	f.now = f.now.AddDate(0, 0, 6)
	if err := f.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.Settle()
	f.As(f.mona).Get("/invitations").Status(http.StatusOK).See("young@customer.example").NotSee("old@customer.example", "karl@customer.example")
	if karl := f.user(t, "karl@customer.example"); f.roleIn(karl, f.club) != models.SpaceMember {
		t.Error("Karl went with his invitation")
	}
}

// TestAnErasureReachesInvitations: of whoever is erased no address is left in what others sent them, and what they sent lets nobody in.
func TestAnErasureReachesInvitations(t *testing.T) {
	f := open(t)
	olga, bea := f.Person("Olga", models.RoleOwner), f.Person("Bea", models.RoleManager)
	f.Space("lab", models.External, map[*models.User]models.SpaceRole{f.mona: models.SpaceManager})
	link := f.invite(t)
	f.Visitor().Post("/invitation", apptest.Form{"token": token(t, link), "name": "Karl Lang"}).Status(http.StatusSeeOther)
	second := f.invite(t, "space", "lab")
	f.As(bea).Post("/invitations", call("addresses", "other@customer.example")).Status(http.StatusSeeOther)
	third := f.letter(t, "other@customer.example")
	for _, user := range []*models.User{f.user(t, "karl@customer.example"), bea} {
		f.As(olga).Post(fmt.Sprintf("/people/%d/erasure", user.ID), apptest.Form{"contributions": "keep"}).Status(http.StatusSeeOther)
	}
	for range 3 {
		f.Settle()
	}
	f.As(f.mona).Get("/invitations").Status(http.StatusOK).See("other@customer.example", "Former member").NotSee("karl@customer.example", "Karl Lang", "Bea")
	f.Visitor().Get(third).Status(http.StatusGone)
	f.now = f.now.Add(time.Hour)
	f.As(f.mona).Post("/invitations/2/letter", nil).Status(http.StatusConflict)
	f.Visitor().Get(second).NotSee("karl@")
}
