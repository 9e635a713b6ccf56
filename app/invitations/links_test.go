package invitations_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

var joinLink = regexp.MustCompile(`/join\?token=[0-9a-f]{64}`)

// link has Mona make a link and returns where it leads.
func (f *fair) link(t *testing.T, pairs ...string) string {
	t.Helper()
	form := apptest.Form{"role": "member", "places": "2", "days": "14"}
	for i := 0; i < len(pairs); i += 2 {
		form[pairs[i]] = pairs[i+1]
	}
	client := f.As(f.mona)
	made := joinLink.FindString(client.Post("/spaces/club/links", form).Status(http.StatusOK).Text)
	if made == "" {
		t.Fatal("no link is shown")
	}
	client.Get("/spaces/club/links").Status(http.StatusOK).NotSee("token=")
	return made
}

// prove asks at a link with an address, and returns where the letter leads.
func (f *fair) prove(t *testing.T, link, email string) string {
	t.Helper()
	f.Visitor().Post("/join", apptest.Form{"token": token(t, link), "email": email}).Status(http.StatusSeeOther)
	return f.letter(t, email)
}

func TestALinkLetsPeopleInOnceTheirAddressIsProven(t *testing.T) {
	f := open(t)
	link := f.link(t, "domains", "Customer.example partner.example")
	guest := f.Visitor()
	guest.Get(link).Status(http.StatusOK).See("club").NotSee("Mona")
	guest.Post("/join", apptest.Form{"token": token(t, link), "email": "karl@else.example"}).Status(http.StatusUnprocessableEntity).See("people with other addresses")
	guest.Post("/join", apptest.Form{"token": token(t, link), "email": "karl"}).Status(http.StatusUnprocessableEntity).See(`id="email-error"`)
	guest.Post("/join", apptest.Form{"token": token(t, link), "email": "Karl@customer.example"}).Status(http.StatusSeeOther)
	guest.Get("/join/mail").Status(http.StatusOK).See("on its way")
	guest.Get("/account").Status(http.StatusSeeOther) // nobody is let in on an address that is not proven
	proof := f.letter(t, "karl@customer.example")
	f.As(f.mona).Get("/invitations").NotSee("karl@") // nor told of
	f.Visitor().Get(proof).Status(http.StatusOK)
	guest.Post("/invitation", apptest.Form{"token": token(t, proof), "name": "Karl"}).Status(http.StatusSeeOther)
	guest.Get("/spaces/club").Status(http.StatusOK)
	karl := f.user(t, "karl@customer.example")
	if f.roleIn(karl, f.club) != models.SpaceMember || karl.SponsorID == nil || *karl.SponsorID != f.mona.ID || karl.ExpiresAt == nil {
		t.Errorf("%+v", karl)
	}
	f.As(f.mona).Get("/spaces/club/links").See("1 of 2 places taken", "customer.example, partner.example")
	f.As(f.mona).Get("/invitations").See("karl@customer.example", "Accepted")
	f.Visitor().Get(proof).Status(http.StatusGone)
	late := f.prove(t, link, "late@partner.example")
	f.now = f.now.Add(models.ProofLife + time.Minute)
	f.Visitor().Get(late).Status(http.StatusGone)
}

// TestALinkHasNoMorePlacesThanItSays, however many press at once.
func TestALinkHasNoMorePlacesThanItSays(t *testing.T) {
	f := open(t)
	link := f.link(t, "places", "2")
	proofs, clients, statuses := make([]string, 6), make([]*apptest.Client, 6), make([]int, 6)
	for i := range proofs {
		proofs[i], clients[i] = f.prove(t, link, fmt.Sprintf("p%d@customer.example", i)), f.Visitor()
	}
	var wait sync.WaitGroup
	for i := range proofs {
		wait.Go(func() {
			statuses[i] = clients[i].Post("/invitation", apptest.Form{"token": token(t, proofs[i]), "name": fmt.Sprintf("P %d", i)}).StatusCode
		})
	}
	wait.Wait()
	entered := 0
	for i, status := range statuses {
		if status == http.StatusSeeOther {
			entered++
		} else if status != http.StatusGone {
			t.Errorf("attempt %d: %d", i, status)
		}
	}
	if entered != 2 {
		t.Errorf("%d came in on 2 places", entered)
	}
	f.Visitor().Get(link).Status(http.StatusGone)
	f.As(f.mona).Get("/spaces/club/links").See("Full", "2 of 2 places taken")
}

// TestALinkThatEndsEndsForThoseWhoAreOnTheirWay: revoked or past its end, it says what one that never was says.
func TestALinkThatEndsEndsForThoseWhoAreOnTheirWay(t *testing.T) {
	f := open(t)
	link := f.link(t)
	proof := f.prove(t, link, "karl@customer.example")
	f.As(f.mona).Post("/spaces/club/links/1/revocation", nil).Status(http.StatusSeeOther)
	short := f.link(t, "days", "1")
	f.now = f.now.Add(25 * time.Hour)
	pages := map[string]bool{}
	for _, path := range []string{link, short, "/join?token=" + strings.Repeat("0", 64), proof} {
		pages[f.Visitor().Get(path).Status(http.StatusGone).Text] = true
	}
	pages[f.Visitor().Post("/join", apptest.Form{"token": token(t, link), "email": "x@customer.example"}).Status(http.StatusGone).Text] = true
	pages[f.Visitor().Post("/invitation", apptest.Form{"token": token(t, proof), "name": "Karl"}).Status(http.StatusGone).Text] = true
	if len(pages) != 1 {
		t.Errorf("there are %d different answers", len(pages))
	}
}

func TestWhatIsWrongWithALinkIsSaidAtItsField(t *testing.T) {
	f := open(t)
	f.Space("office", models.Company, map[*models.User]models.SpaceRole{f.mona: models.SpaceManager})
	mona := f.As(f.mona)
	for _, test := range [][2]string{{"places", "0"}, {"places", "501"}, {"places", "many"}, {"days", "0"}, {"days", "91"}, {"days", "99999999999999999999"}, {"domains", "localhost"}, {"domains", "a@b.example"}, {"role", "manager"}, {"until", "2020-01-01"}} {
		form := apptest.Form{"role": "member", "places": "2", "days": "14"}
		form[test[0]] = test[1]
		mona.Post("/spaces/club/links", form).Status(http.StatusUnprocessableEntity).See(`id="` + test[0] + `-error"`)
	}
	mona.Post("/spaces/office/links", apptest.Form{"role": "member", "places": "2", "days": "14"}).Status(http.StatusUnprocessableEntity).See("lets nobody from outside in")
	alice := f.As(f.Person("Alice", models.RoleManager))
	alice.Post("/spaces/office/links/1/revocation", nil).Status(http.StatusNotFound)
	member := f.Person("Member", models.RoleEmployee)
	f.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(f.club, member, models.SpaceMember) })
	f.As(member).Get("/spaces/club/links").Status(http.StatusForbidden)
	f.As(member).Post("/spaces/club/links", apptest.Form{"role": "member", "places": "2", "days": "14"}).Status(http.StatusForbidden)
	f.As(f.Person("Stranger", models.RoleEmployee)).Get("/spaces/club/links").Status(http.StatusNotFound)
}

// TestNobodysMailboxIsFloodedByALink: the answer is the same, the letters stop.
func TestNobodysMailboxIsFloodedByALink(t *testing.T) {
	f := open(t)
	link := f.link(t)
	for range 6 {
		f.prove(t, link, "karl@customer.example")
	}
	if n := f.told("karl@customer.example", ""); n != 3 {
		t.Errorf("%d letters", n)
	}
}
