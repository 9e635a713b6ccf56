package invitations_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// guest adds somebody from outside for whom a sponsor answers, for so many days.
func (f *fair) guest(name string, sponsor *models.User, days int) *models.User {
	user := f.Person(name, models.RoleExternal)
	until := f.now.Add(time.Duration(days) * 24 * time.Hour)
	f.Tx(nil, func(tx *models.Tx) error {
		return tx.SetTerms(user.ID, models.Terms{ExpiresAt: &until, SponsorID: &sponsor.ID})
	})
	return user
}

// round lets an hour pass, with the jobs that come round in it.
func (f *fair) round(t *testing.T) {
	t.Helper()
	f.now = f.now.Add(time.Hour)
	if err := f.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.Settle()
}

// told counts the letters to an address that say something.
func (f *fair) told(to, words string) (n int) {
	for _, letter := range f.post.Letters() {
		if letter.To == to && strings.Contains(letter.Subject, words) {
			n++
		}
	}
	return n
}

func TestTheEndOfAnAccessIsAnnouncedToBothTwiceAndNoMore(t *testing.T) {
	f := open(t)
	karl, far, over := f.guest("Karl", f.mona, 20), f.guest("Far", f.mona, 90), f.guest("Over", f.mona, -1)
	f.Tx(nil, func(tx *models.Tx) error { return tx.SavePreferences(f.mona.ID, "fr", "") })
	check := func(days int, letters int) {
		t.Helper()
		f.now = f.now.Add(time.Duration(days) * 24 * time.Hour)
		f.round(t)
		f.round(t)
		if own, sponsor := f.told(karl.Email, "Your access"), f.told(f.mona.Email, "L’accès de Karl se termine le 21 mars 2027"); own != 0 && own != letters || sponsor != letters {
			t.Errorf("%d letters to Karl and %d to Mona, want %d", own, sponsor, letters)
		}
	}
	check(0, 0)
	check(6, 1)
	check(5, 1)
	check(6, 2)
	check(1, 2)
	if n := f.told(karl.Email, ""); n != 2 {
		t.Errorf("Karl got %d letters", n)
	}
	if n := f.told(far.Email, "") + f.told(over.Email, ""); n != 0 {
		t.Errorf("%d letters to people whose access does not end soon", n)
	}
	f.As(karl).Get("/notifications").See("Your access ends soon")
	f.As(f.mona).Get("/notifications").See(`href="/guests"`)
}

func TestWhoseAccessIsShortIsToldOnce(t *testing.T) {
	f := open(t)
	karl := f.guest("Karl", f.mona, 2)
	f.round(t)
	if own, sponsor := f.told(karl.Email, ""), f.told(f.mona.Email, ""); own != 1 || sponsor != 1 {
		t.Errorf("%d letters to Karl and %d to Mona", own, sponsor)
	}
}

func TestTimeGivenTakesNoneAway(t *testing.T) {
	f := open(t)
	karl := f.guest("Karl", f.mona, 3*365)
	before := f.user(t, karl.Email).ExpiresAt
	f.As(f.mona).Post(fmt.Sprintf("/guests/%d/extension", karl.ID), nil).Status(http.StatusSeeOther)
	if after := f.user(t, karl.Email).ExpiresAt; after.Before(*before) {
		t.Errorf("until %s, before until %s", after, before)
	}
}

func TestAnExtensionIsOneClickAndBeginsTheRemindersAnew(t *testing.T) {
	f := open(t)
	karl := f.guest("Karl", f.mona, 10)
	f.round(t)
	client := f.As(f.mona)
	client.Get("/guests").Status(http.StatusOK).See("Karl", "access until 11 March 2027", "Six more months")
	client.Post(fmt.Sprintf("/guests/%d/extension", karl.ID), nil).Status(http.StatusSeeOther)
	client.Get("/guests").See("Karl has access until 11 September 2027")
	if after := f.user(t, karl.Email); after.ExpiresAt.Format(time.DateOnly) != "2027-09-11" {
		t.Errorf("until %s", after.ExpiresAt)
	}
	for range 3 {
		client.Post(fmt.Sprintf("/guests/%d/extension", karl.ID), nil).Status(http.StatusSeeOther)
	}
	if after := f.user(t, karl.Email); after.ExpiresAt.After(f.now.Add(models.MaxAccess)) { // two years are the most
		t.Errorf("until %s", after.ExpiresAt)
	}
	over := f.guest("Over", f.mona, -5)
	client.Get("/guests").See("access ended on")
	client.Post(fmt.Sprintf("/guests/%d/extension", over.ID), nil).Status(http.StatusSeeOther)
	f.As(over).Get("/account").Status(http.StatusOK)
	before := f.told(f.mona.Email, "access of Over")
	f.now = f.user(t, over.Email).ExpiresAt.Add(-10 * 24 * time.Hour)
	f.round(t)
	if n := f.told(f.mona.Email, "access of Over") + f.told(f.mona.Email, "L’accès de Over"); n != before+1 {
		t.Errorf("%d letters after the extension, %d before", n, before)
	}
}

func TestOnlyWhoAnswersOrLooksAfterPeopleChangesHowLongSomebodyStays(t *testing.T) {
	f := open(t)
	sponsor, alice, boss := f.Person("Sponsor", models.RoleEmployee), f.Person("Alice", models.RoleEmployee), f.Person("Boss", models.RoleManager)
	karl, mate := f.guest("Karl", sponsor, 30), f.guest("Mate", sponsor, 30)
	gone := f.guest("Gone", sponsor, 30)
	f.Tx(nil, func(tx *models.Tx) error {
		return errors.Join(tx.Disable(gone.ID), tx.SetMember(f.club, mate, models.SpaceMember))
	})
	extend := func(who, guest *models.User, status int) {
		t.Helper()
		before := f.user(t, guest.Email).ExpiresAt
		f.As(who).Post(fmt.Sprintf("/guests/%d/extension", guest.ID), nil).Status(status)
		if changed := !f.user(t, guest.Email).ExpiresAt.Equal(*before); changed != (status == http.StatusSeeOther) {
			t.Errorf("%s changed the access of %s: %v", who.Name, guest.Name, changed)
		}
	}
	extend(sponsor, karl, http.StatusSeeOther)
	extend(boss, karl, http.StatusSeeOther)
	extend(alice, karl, http.StatusNotFound)
	extend(f.mona, karl, http.StatusNotFound)
	extend(f.mona, mate, http.StatusSeeOther) // a member of the space that Mona runs
	extend(karl, karl, http.StatusForbidden)
	extend(sponsor, gone, http.StatusNotFound) // suspended
	f.Visitor().Post(fmt.Sprintf("/guests/%d/extension", karl.ID), nil).Status(http.StatusSeeOther)
	f.As(boss).Post(fmt.Sprintf("/guests/%d/extension", alice.ID), nil).Status(http.StatusNotFound)
	f.As(karl).Get("/guests").Status(http.StatusForbidden)
	f.As(karl).Get("/").NotSee(`href="/guests"`)
	f.As(alice).Get("/guests").Status(http.StatusOK).NotSee("Karl", "Mate")
	f.As(alice).Get("/guests?list=unanswered").Status(http.StatusForbidden)
	f.As(sponsor).Get("/guests").See("Karl", "Mate").NotSee("Gone")
	f.As(alice).Post(fmt.Sprintf("/guests/%d/sponsor", karl.ID), apptest.Form{"sponsor": alice.Email}).Status(http.StatusNotFound)
}

func TestWhenASponsorLeavesThePeopleAreHandedOver(t *testing.T) {
	f := open(t)
	sponsor, heir, boss := f.Person("Sponsor", models.RoleEmployee), f.Person("Heir", models.RoleEmployee), f.Person("Boss", models.RoleManager)
	karl := f.guest("Karl", sponsor, 90)
	f.guest("Other", f.mona, 90)
	f.round(t)
	client := f.As(boss)
	client.Get("/guests?list=unanswered").See("Somebody answers for everyone")
	client.Get("/notifications").NotSee("Nobody answers any more")
	f.Tx(nil, func(tx *models.Tx) error { return tx.Disable(sponsor.ID) })
	f.round(t)
	f.round(t)
	client.Get("/notifications").See("Nobody answers any more", `href="/guests?list=unanswered"`)
	f.As(heir).Get("/notifications").NotSee("Nobody answers any more")
	client.Get("/guests?list=unanswered").See("Karl").NotSee("Other")
	path := fmt.Sprintf("/guests/%d/sponsor", karl.ID)
	for _, wrong := range []string{"", "x@x.example", karl.Email, sponsor.Email} {
		client.Post(path, apptest.Form{"sponsor": wrong, "list": "unanswered"}).Status(http.StatusUnprocessableEntity).See("No employee who can sign in has this address", "Karl")
	}
	client.Post(path, apptest.Form{"sponsor": heir.Email, "list": "unanswered"}).Status(http.StatusSeeOther)
	client.Get("/guests?list=unanswered").See("Your colleague now answers for Karl").NotSee(`/people/` + fmt.Sprint(karl.ID))
	f.As(heir).Get("/guests").See("Karl")
	f.As(heir).Post(path, apptest.Form{"sponsor": f.mona.Email}).Status(http.StatusSeeOther)
	f.As(heir).Get("/guests").NotSee(`/people/` + fmt.Sprint(karl.ID))
	owner := f.As(f.Person("Olga", models.RoleOwner))
	owner.Get("/audit?verb=user.unanswered").See("has nobody any more who answers for them")
	owner.Get("/audit?verb=user.terms_set").See("Boss")
}

func TestALongListOfGuestsGoesOnOverPages(t *testing.T) {
	f := open(t)
	for n := range 35 {
		f.guest(fmt.Sprintf("Guest %02d", n), f.mona, 100)
	}
	client := f.As(f.mona)
	page := client.Get("/guests").See("Guest 00", "Guest 29").NotSee("Guest 30")
	start := strings.Index(page.Text, "/guests?cursor=")
	next := page.Text[start : start+strings.IndexByte(page.Text[start:], '"')]
	client.Get(next).See("Guest 30", "Guest 34").NotSee("Guest 29")
	client.Get("/guests?cursor=rubbish").Status(http.StatusUnprocessableEntity)
}
