package invitations_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// TestWhoAnswersForManyGetsOneLetterARound, with everybody in it.
func TestWhoAnswersForManyGetsOneLetterARound(t *testing.T) {
	f := open(t)
	other := f.Person("Max", models.RoleEmployee)
	f.Tx(nil, func(tx *models.Tx) error {
		if err := tx.SavePreferences(f.mona.ID, "en", ""); err != nil {
			return err
		}
		return tx.SavePreferences(other.ID, "en", "")
	})
	f.guest("Karl", f.mona, 2)
	f.guest("Eva", f.mona, 10)
	f.guest("Far", f.mona, 90)
	f.guest("Otto", other, 10)
	f.round(t)
	if n := f.told(f.mona.Email, ""); n != 1 {
		t.Fatalf("Mona got %d letters", n)
	}
	letter := f.post.Letter(f.mona.Email)
	if letter.Subject != "The access of 2 people whom you answer for ends soon" || !strings.Contains(letter.Text, "Karl: until 3 March 2027") || !strings.Contains(letter.Text, "Eva: until 11 March 2027") || strings.Contains(letter.Text, "Otto") || strings.Contains(letter.Text, "Far") {
		t.Errorf("%s\n%s", letter.Subject, letter.Text)
	}
	if letter := f.post.Letter(other.Email); !strings.Contains(letter.Subject, "The access of Otto ends on") {
		t.Errorf("Max is told %q", letter.Subject)
	}
	f.As(f.mona).Get("/notifications").Status(http.StatusOK)
}

// TestALetterTakenBackIsNotFollowedByAnotherAtOnce, sent again or anew.
func TestALetterTakenBackIsNotFollowedByAnotherAtOnce(t *testing.T) {
	f := open(t)
	f.invite(t)
	client := f.As(f.mona)
	client.Post("/invitations/1/revocation", nil).Status(http.StatusSeeOther)
	client.Post("/invitations/1/letter", nil).Status(http.StatusConflict)
	client.Post("/invitations", call()).Status(http.StatusUnprocessableEntity).See(`id="addresses-error"`, "taken back a moment ago")
	f.now = f.now.Add(11 * time.Minute)
	client.Post("/invitations/1/letter", nil).Status(http.StatusSeeOther)
	client.Post("/invitations/1/revocation", nil).Status(http.StatusSeeOther)
	f.now = f.now.Add(11 * time.Minute)
	client.Post("/invitations", call()).Status(http.StatusSeeOther)
	f.Settle()
	if n := f.told("karl@customer.example", ""); n != 3 {
		t.Errorf("%d letters", n)
	}
}

// TestTwoClicksGiveTimeOnce: the form knows from which end it prolongs.
func TestTwoClicksGiveTimeOnce(t *testing.T) {
	f := open(t)
	karl := f.guest("Karl", f.mona, 10)
	client := f.As(f.mona)
	form := apptest.Form{"known": regexp.MustCompile(`name="known" value="(\d+)"`).FindStringSubmatch(client.Get("/guests").Text)[1]}
	for range 2 {
		client.Post(fmt.Sprintf("/guests/%d/extension", karl.ID), form).Status(http.StatusSeeOther)
		client.Get("/guests").See("Karl has access until 11 September 2027")
	}
	if after := f.user(t, karl.Email); after.ExpiresAt.Format(time.DateOnly) != "2027-09-11" {
		t.Errorf("until %s", after.ExpiresAt)
	}
}

// TestWhatAnInvitationDoesToAnAccountIsInTheLog, so that no older change is taken back over it.
func TestWhatAnInvitationDoesToAnAccountIsInTheLog(t *testing.T) {
	f := open(t)
	boss := f.Person("Boss", models.RoleManager)
	f.enter(t, f.invite(t, "until", "2027-06-30"), "Karl")
	karl := f.user(t, "karl@customer.example")
	owner := f.As(f.Person("Olga", models.RoleOwner))
	owner.Get("/audit?verb=user.created").See("Karl", "by an invitation")
	f.now = f.now.Add(time.Hour)
	client := f.As(boss)
	at := f.now
	client.Post(fmt.Sprintf("/members/%d/terms", karl.ID), apptest.Form{"until": "2027-05-01", "sponsor": "mona@example.test"}).Status(http.StatusSeeOther)
	f.now = f.now.Add(time.Hour)
	lab := f.Space("lab", models.External, map[*models.User]models.SpaceRole{f.mona: models.SpaceManager})
	link := f.invite(t, "space", "lab", "until", "2027-12-31")
	f.As(karl).Post("/invitation", apptest.Form{"token": token(t, link)}).Status(http.StatusSeeOther)
	if f.roleIn(karl, lab) != models.SpaceMember || f.user(t, karl.Email).ExpiresAt.Format(time.DateOnly) != "2027-12-31" {
		t.Fatal("the invitation gives Karl no time")
	}
	owner.Get("/audit?verb=user.terms_set").See("Karl")
	client.Post(fmt.Sprintf("/members/%d/undo", karl.ID), apptest.Form{"at": fmt.Sprint(at.UnixMicro())}).Status(http.StatusConflict)
	if f.user(t, karl.Email).ExpiresAt.Format(time.DateOnly) != "2027-12-31" {
		t.Error("an older change was taken back over the invitation")
	}
}

// TestWhatIsGivenByHandReplacesWhatAnInvitationGave: a role that is made narrower is narrower.
func TestWhatIsGivenByHandReplacesWhatAnInvitationGave(t *testing.T) {
	f := open(t)
	f.enter(t, f.invite(t, "role", "expert"), "Karl")
	karl := f.user(t, "karl@customer.example")
	client := f.As(f.mona)
	client.Get("/spaces/club/members").See("Invited by Mona")
	client.Get("/spaces/club/members?way=invitation").See("1 member", "Karl")
	client.Post(fmt.Sprintf("/spaces/club/members/%d", karl.ID), apptest.Form{"role": "reader"}).Status(http.StatusSeeOther)
	client.Get("/spaces/club/members").NotSee("Invited by Mona")
	if role := f.roleIn(karl, f.club); role != models.SpaceReader {
		t.Errorf("Karl is still %s", role)
	}
	link := f.invite(t, "role", "member")
	f.As(karl).Post("/invitation", apptest.Form{"token": token(t, link)}).Status(http.StatusSeeOther)
	if role := f.roleIn(karl, f.club); role != models.SpaceMember {
		t.Errorf("Karl is %s by the next invitation", role)
	}
	f.As(karl).Post("/spaces/club/membership/removal", nil).Status(http.StatusSeeOther)
	if role := f.roleIn(karl, f.club); role != "" {
		t.Errorf("Karl has left and is %s", role)
	}
	f.As(karl).Post("/spaces/club/membership/return", nil).Status(http.StatusSeeOther)
	if role := f.roleIn(karl, f.club); role != models.SpaceMember {
		t.Errorf("Karl is back as %q", role)
	}
	client.Post(fmt.Sprintf("/spaces/club/members/%d/removal", karl.ID), nil).Status(http.StatusSeeOther)
	if role := f.roleIn(karl, f.club); role != "" {
		t.Errorf("Karl was removed and is %s", role)
	}
}
