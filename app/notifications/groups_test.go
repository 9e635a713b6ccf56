package notifications_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/app/notifications"
	"ruche/models"
)

// gather makes a group, which the whole company may name or not.
func (v *village) gather(name string, open bool, members ...*models.User) *models.Group {
	v.t.Helper()
	group := &models.Group{Kind: models.KindGroup, Name: name}
	v.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		for _, member := range members {
			if err := tx.JoinGroup(group.ID, member.ID); err != nil {
				return err
			}
		}
		return tx.OpenGroup(group, open)
	})
	return group
}

// propose posts an idea in the name of somebody, as the form does.
func (v *village) propose(author *models.User, space *models.Space, title, body string) *apptest.Answer {
	v.t.Helper()
	return v.As(author).Post("/ideas", apptest.Form{"space": space.Slug, "title": title, "body": body})
}

func calls(group *models.Group) string {
	return fmt.Sprintf("[@%s](/groups/%d) ", group.Name, group.ID)
}

func TestThePeopleOfAGroupAreToldOnce(t *testing.T) {
	v := build(t)
	carl, dora := v.Person("Carl", models.RoleEmployee), v.Person("Dora", models.RoleEmployee)
	night, day := v.gather("Night shift", true, v.alice, v.bob, carl), v.gather("Day shift", true, carl)
	v.Tx(nil, func(tx *models.Tx) error { return tx.Disable(dora.ID) })
	v.propose(v.alice, v.plant, "Lamps", calls(night)+calls(day)+fmt.Sprintf("[@Bob](/people/%d)", v.bob.ID)).Status(http.StatusSeeOther)

	// A reader that breaks off has told nobody.
	broken := errors.New("broken off")
	events, err := v.DB.EventsAfter(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	err = v.DB.Tx(t.Context(), nil, func(tx *models.Tx) error {
		return errors.Join(notifications.New(v.Web).Read(tx, events), broken)
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	v.Settle()
	v.Settle()
	for user, said := range map[*models.User]string{v.bob: "mentions you about “Lamps”", carl: "mentions the group Night shift about “Lamps”"} {
		page := v.As(user).Get("/notifications").Status(http.StatusOK).See("Alice Martin " + said)
		if n := strings.Count(page.Text, "“Lamps”"); n != 1 {
			t.Errorf("%s is told %d times", user.Name, n)
		}
	}
	v.As(v.alice).Get("/notifications").NotSee("Lamps")
	v.As(carl).Get("/ideas?sort=newest").See("Lamps")
}

func TestNobodyLearnsOfASpaceThroughAMention(t *testing.T) {
	v := build(t)
	carl := v.Person("Carl", models.RoleEmployee)
	group, secret := v.gather("Everyone", true, v.alice, v.bob, carl), v.gather("Redundancies", false, carl)
	for i, body := range []string{
		calls(group), fmt.Sprintf("[@Alice](/people/%d) and [@Gaston](/people/%d)", v.alice.ID, v.gaston.ID),
		calls(secret), "[@Redundancies](/groups/99999)", fmt.Sprintf("[@Somebody](/people/%d)", 99999),
	} {
		title := fmt.Sprintf("For the club %d", i)
		answer := v.propose(v.bob, v.club, title, body).Status(http.StatusSeeOther)
		v.As(v.bob).Get(answer.Header.Get("Location")).Status(http.StatusOK).See(`class="mention"`)
	}
	v.Settle()
	for _, user := range []*models.User{v.alice, carl} {
		v.As(user).Get("/notifications").NotSee("For the club")
		if v.unread(user) != 0 {
			t.Errorf("%s has something to read", user.Name)
		}
	}
	v.As(v.bob).Post(fmt.Sprintf("/ideas/%d/comments", v.idea.ID), apptest.Form{"body": calls(group) + "come."}).Status(http.StatusSeeOther)
	v.Settle()
	v.As(carl).Get("/notifications").See("Bob Durand mentions the group Everyone about “Fewer badges”")
	v.As(v.gaston).Get("/notifications").See("For the club 1").NotSee("For the club 0")
	v.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(v.club, v.alice, models.SpaceMember) })
	v.As(v.alice).Get("/notifications").NotSee("For the club") // nothing was kept for her
}

func TestWhoMayNotCallSoManyIsToldAtTheField(t *testing.T) {
	v := build(t)
	var crowd []*models.User
	for i := range 21 {
		crowd = append(crowd, v.Person(fmt.Sprintf("Crowd %d", i), models.RoleEmployee))
	}
	big, half := v.gather("Big hall", true, crowd...), v.gather("Half", true, crowd[:11]...)
	other := v.gather("Other half", true, crowd[11:]...)
	for _, body := range []string{calls(big) + "listen.", calls(half) + calls(other) + "listen."} {
		v.propose(v.alice, v.plant, "Loud", body).Status(http.StatusUnprocessableEntity).See("more people than you may call at once", "listen.</textarea>", `href="#body"`)
	}
	v.propose(v.alice, v.plant, "Not so loud", calls(half)+"listen.").Status(http.StatusSeeOther)
	v.propose(v.gaston, v.club, "From outside", calls(big)+"listen.").Status(http.StatusSeeOther)
	many := &strings.Builder{}
	for i := range 4000 {
		fmt.Fprintf(many, "[@a](/people/%d)\n\n", i+1)
	}
	v.propose(v.alice, v.plant, "Everybody", many.String()).Status(http.StatusUnprocessableEntity).See("names more than 50 people and groups")
	manager := v.Person("Mona", models.RoleManager)
	v.propose(manager, v.plant, "Very loud", calls(big)+"listen.").Status(http.StatusSeeOther)
	v.Settle()
	v.As(crowd[20]).Get("/notifications").See("mentions the group Big hall about “Very loud”").NotSee("Not so loud", "From outside", "about “Loud”")
	v.As(crowd[0]).Get("/notifications").See("mentions the group Half about “Not so loud”").NotSee("From outside")
}
