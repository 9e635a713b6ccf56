package invitations_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// domain has Mona let the people of a domain in.
func (f *fair) domain(t *testing.T, domain string, pairs ...string) {
	t.Helper()
	form := apptest.Form{"kind": "domain", "domains": domain, "role": "member", "places": "", "days": "60"}
	for i := 0; i < len(pairs); i += 2 {
		form[pairs[i]] = pairs[i+1]
	}
	f.As(f.mona).Post("/spaces/club/links", form).Status(http.StatusSeeOther)
}

// knock asks at the door that has no link.
func (f *fair) knock(email string) {
	f.Visitor().Post("/join", apptest.Form{"email": email}).Status(http.StatusSeeOther)
	f.Settle()
}

func (f *fair) enter(t *testing.T, proof, name string) *apptest.Client {
	t.Helper()
	guest := f.Visitor()
	guest.Post("/invitation", apptest.Form{"token": token(t, proof), "name": name}).Status(http.StatusSeeOther)
	return guest
}

func TestAnAddressOfADomainOpensASpaceOnceItIsProven(t *testing.T) {
	f := open(t)
	sophie := f.Person("Sophie", models.RoleEmployee)
	f.domain(t, "Customer.example, partner.example", "role", "reader", "sponsor", "sophie@example.test", "until", "2027-12-31")
	f.As(f.mona).Get("/spaces/club/links").See("Addresses at customer.example, partner.example", "0 people came in", "Sophie answers for them", "/join").NotSee("token=")
	f.Visitor().Get("/sign-in").See(`href="/join"`)
	f.Visitor().Get("/join").Status(http.StatusOK).See("Come in with your address").NotSee("club", "customer.example")
	f.knock("Karl@Customer.example")
	proof := f.letter(t, "karl@customer.example")
	guest := f.Visitor()
	guest.Get(proof).Status(http.StatusOK).See("club", "Reader", "31 December 2027")
	guest.Get("/account").Status(http.StatusSeeOther)
	guest = f.enter(t, proof, "Karl")
	guest.Get("/spaces/club").Status(http.StatusOK)
	karl := f.user(t, "karl@customer.example")
	if f.roleIn(karl, f.club) != models.SpaceReader || karl.SponsorID == nil || *karl.SponsorID != sophie.ID || karl.ExpiresAt.Format(time.DateOnly) != "2027-12-31" || !karl.External() {
		t.Errorf("%+v", karl)
	}
	f.As(f.mona).Get("/spaces/club/links").See("1 person came in")
	f.As(f.mona).Get("/spaces/club/members").See("Invited by Mona")
}

// TestWhoAsksAtTheSignInPageIsOfferedTheSame: who has no account yet, and whose domain is let in.
func TestWhoAsksAtTheSignInPageIsOfferedTheSame(t *testing.T) {
	f := open(t)
	f.domain(t, "customer.example")
	f.Visitor().Post("/sign-in/mail", apptest.Form{"email": "karl@customer.example"}).Status(http.StatusSeeOther)
	f.enter(t, f.letter(t, "karl@customer.example"), "Karl").Get("/spaces/club").Status(http.StatusOK)
	f.Visitor().Post("/sign-in/mail", apptest.Form{"email": "karl@customer.example"}).Status(http.StatusSeeOther)
	f.Settle()
	if n := f.told("karl@customer.example", "Confirm your address"); n != 1 {
		t.Errorf("who is in already got %d letters", n)
	}
}

// TestTheDoorAnswersEveryAddressAlike: those of a domain that is let in, of one that is not, of a member and of the company.
func TestTheDoorAnswersEveryAddressAlike(t *testing.T) {
	f := open(t)
	f.domain(t, "customer.example", "places", "1")
	f.knock("first@customer.example")
	f.enter(t, f.letter(t, "first@customer.example"), "First")
	f.domain(t, "xcustomer.example")
	f.domain(t, "%.example")
	pages := map[string]bool{}
	for _, email := range []string{"karl@customer.example", "first@customer.example", "x@nowhere.example", "mona@example.test", "x@sub.customer.example", "x@xcustomer.example.evil.example"} {
		answer := f.Visitor().Post("/join", apptest.Form{"email": email}).Status(http.StatusSeeOther)
		pages[answer.Header.Get("Location")+f.Visitor().Get("/join/mail").Text] = true
		f.Settle()
		if n := f.told(email, "Confirm your address"); n > 1 || n == 1 && email != "first@customer.example" {
			t.Errorf("%s got %d letters", email, n)
		}
	}
	if len(pages) != 1 {
		t.Errorf("there are %d different answers", len(pages))
	}
	f.Visitor().Post("/join", apptest.Form{"email": "no address"}).Status(http.StatusUnprocessableEntity).See(`id="email-error"`)
}

// TestAnOfferEndsWithWhatItHangsOn: its end, its revocation, whoever made it, and the space.
func TestAnOfferEndsWithWhatItHangsOn(t *testing.T) {
	f := open(t)
	second := f.Person("Max", models.RoleEmployee)
	f.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(f.club, second, models.SpaceManager) })
	asked := 0
	served := func(want bool) {
		t.Helper()
		asked++
		email := fmt.Sprintf("p%d@customer.example", asked)
		f.knock(email)
		if got := f.told(email, "Confirm") == 1; got != want {
			t.Errorf("a letter came: %v, want %v", got, want)
		}
	}
	f.domain(t, "customer.example", "days", "3")
	served(true)
	f.Tx(nil, func(tx *models.Tx) error { return tx.ArchiveSpace(f.club) })
	served(false)
	f.Tx(nil, func(tx *models.Tx) error { return tx.ReopenSpace(f.club) })
	f.now = f.now.Add(4 * 24 * time.Hour)
	served(false)
	f.domain(t, "customer.example")
	served(true)
	f.As(f.mona).Post("/spaces/club/links/2/revocation", nil).Status(http.StatusSeeOther)
	served(false)
	f.domain(t, "customer.example")
	served(true)
	f.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(f.club, f.mona.ID) })
	served(false)
}

// TestWhoIsRemovedDoesNotComeBackByTheSameDoor, neither by the domain of their address nor by a link.
func TestWhoIsRemovedDoesNotComeBackByTheSameDoor(t *testing.T) {
	f := open(t)
	f.domain(t, "customer.example")
	link := f.link(t)
	f.knock("karl@customer.example")
	f.enter(t, f.letter(t, "karl@customer.example"), "Karl")
	f.enter(t, f.prove(t, link, "eva@customer.example"), "Eva")
	karl, eva := f.user(t, "karl@customer.example"), f.user(t, "eva@customer.example")
	for _, who := range []*models.User{karl, eva} {
		f.As(f.mona).Post(fmt.Sprintf("/spaces/club/members/%d/removal", who.ID), nil).Status(http.StatusSeeOther)
		if f.roleIn(who, f.club) != "" {
			t.Errorf("%s is still in", who.Name)
		}
	}
	f.knock("karl@customer.example")
	if n := f.told("karl@customer.example", "Confirm"); n != 1 {
		t.Errorf("%d letters", n)
	}
	f.Visitor().Post("/invitation", apptest.Form{"token": token(t, f.prove(t, link, "eva@customer.example"))}).Status(http.StatusGone)
	if f.roleIn(eva, f.club) != "" {
		t.Error("Eva is back")
	}
}

func TestADomainOfEverybodyOrOfTheCompanyIsRefusedAtTheField(t *testing.T) {
	f := open(t, func(config *app.Config, _ *app.Options) {
		config.OIDCIssuer, config.OIDCClientID, config.MagicLinks = "http://127.0.0.1:1", "ruche", "all"
	})
	for domains, said := range map[string]string{
		"": "Write at least one domain", "gmail.com": "Anybody can have an address", "customer.example, ORANGE.fr": "Anybody can have an address", "outlook.com": "Anybody can have an address",
		"example.test": "your own company", "localhost": "Write domains such as", ".example.": "Write domains such as", "a..": "Write domains such as",
	} {
		f.As(f.mona).Post("/spaces/club/links", apptest.Form{"kind": "domain", "domains": domains, "role": "member", "days": "60"}).Status(http.StatusUnprocessableEntity).See(`id="domains-error"`, said)
	}
	for field, value := range map[string]string{"days": "731", "places": "-1", "role": "manager", "sponsor": "nobody@example.test", "until": "2020-01-01"} {
		form := apptest.Form{"kind": "domain", "domains": "customer.example", "role": "member", "days": "60"}
		form[field] = value
		f.As(f.mona).Post("/spaces/club/links", form).Status(http.StatusUnprocessableEntity).See(`id="` + field + `-error"`)
	}
}

// TestNoDoorSendsMoreLettersThanItsBound, to one address or by one link, however often it is asked.
func TestNoDoorSendsMoreLettersThanItsBound(t *testing.T) {
	f := open(t)
	links := []string{f.link(t, "places", "500"), f.link(t), f.link(t)}
	for _, link := range links {
		for range 4 {
			f.prove(t, link, "karl@customer.example")
		}
	}
	if n := f.told("karl@customer.example", ""); n != 6 {
		t.Errorf("%d letters to one address by three links", n)
	}
	sent := func() (n int) {
		f.Tx(nil, func(tx *models.Tx) error {
			link, space, err := tx.OpenLink(t.Context(), token(t, links[0]))
			if err != nil || space.ID != f.club.ID {
				return err
			}
			for i := range 210 {
				secret, err := tx.Prove(link, &models.Invitation{Email: fmt.Sprintf("%s%d@customer.example", f.now.Format("15"), i), Locale: "en"})
				if err != nil {
					return err
				}
				if secret != "" {
					n++
				}
			}
			return nil
		})
		return n
	}
	if n := sent(); n != 197 {
		t.Errorf("%d more letters by one link, which had sent 3", n)
	}
	f.now = f.now.Add(61 * time.Minute)
	if n := sent(); n != 200 {
		t.Errorf("%d letters in the next hour", n)
	}
}
