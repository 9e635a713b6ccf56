package ideas_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

func TestAnAgreementKeepsNothingOfWhatSomebodyHiddenWrites(t *testing.T) {
	for _, level := range []models.Anonymity{models.HiddenAuthors, models.Sealed, models.NotStored} {
		h := promising(t, level)
		erin := h.Person("Erin", models.RoleExternal)
		modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE spaces SET visibility = 'external'")
		h.ateliers.Visibility = models.External
		h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(h.ateliers, erin, models.SpaceMember) })
		publish := func(newest int) {
			h.Tx(h.Actor(h.lena), func(tx *models.Tx) error {
				_, err := tx.PublishAgreement(h.ateliers, &models.Agreement{Body: fmt.Sprint("Ours ", newest), HTML: "<p>Ours</p>"}, newest)
				return err
			})
		}
		accept := func(client *apptest.Client, version string) {
			client.Post("/spaces/ateliers/agreement/acceptance", apptest.Form{"accept": "1", "version": version}).Status(303)
		}
		publish(0)
		outside := h.As(erin)
		form := h.hidden(outside)
		outside.Post("/ideas", form).Status(422).See("At each station.", "/spaces/ateliers/agreement?next=", "kept nowhere but on this page")
		accept(outside, "1")
		outside.Get(outside.Post("/ideas", form).Status(303).Header.Get("Location")).Status(200)
		edit := outside.Get("/ideas/1/edit").Status(200)
		publish(1)
		changed := apptest.Form{"base": field(t, edit, "base"), "title": "Weigh all scrap", "body": "Everywhere."}
		outside.Post("/ideas/1", changed).Status(422).See("Everywhere.", "/spaces/ateliers/agreement?next=")
		outside.Post("/ideas/1/comments", apptest.Form{"body": "As its author."}).Status(422).See("As its author.", "/spaces/ateliers/agreement?next=")
		if rows := modelstest.Rows(t, h.Config.DatabaseURL)["drafts"]; len(rows) > 0 {
			t.Errorf("%s: a draft lies beside the author: %v", level, rows)
		}
		accept(outside, "2")
		outside.Post("/ideas/1", changed).Status(303)
		h.As(h.lena).Get("/ideas/1-weigh-all-scrap").Status(200).See("Everywhere.").NotSee("agreement/versions/")
	}
}

func TestSomebodyHiddenModeratesInTheirOwnNameAndKeepsWhatTheySaidInIt(t *testing.T) {
	h := promising(t, models.HiddenAuthors)
	lena, mona := h.As(h.lena), h.As(h.mona) // Lena manages the space
	post(t, lena, h.hidden(lena))
	mona.Post("/ideas/1/comments", apptest.Form{"body": "Which stations?"}).Status(303)
	lena.Post("/ideas/1/comments", apptest.Form{"body": "I like it.", "as": "self"}).Status(303)
	lena.Post("/ideas/1/comments/1/removal", nil).Status(303)
	lena.Post("/ideas/1/comments/2", apptest.Form{"base": "1", "body": "I like it very much."}).Status(303)
	lena.Post("/ideas/1/comments/2/removal", nil).Status(303)
	lena.Post("/ideas/1/comments/2/restoration", nil).Status(303)
	mona.Get("/ideas/1-weigh-the-scrap").Status(200).See("I like it very much.", "Message removed by a moderator.")
	var own []string // that the log says she did herself
	h.Tx(nil, func(tx *models.Tx) error {
		events, err := tx.EventsAfter(t.Context(), 0, 100)
		for _, event := range events {
			if event.Subject == "post" && event.ActorID == h.lena.ID {
				own = append(own, event.Verb)
			}
		}
		return err
	})
	if want := []string{models.PostPosted, models.PostRemoved, models.PostEdited, models.PostRemoved, models.PostRestored}; !slices.Equal(own, want) {
		t.Errorf("recorded %v, want %v", own, want)
	}
	lena.Post("/ideas/1/follow", apptest.Form{"following": "0"}).Status(303)
	for _, row := range modelstest.Rows(t, h.Config.DatabaseURL)["follows"] {
		if !strings.Contains(row, fmt.Sprintf("user_id=%d ", h.mona.ID)) {
			t.Errorf("somebody who unfollowed follows: %s", row)
		}
	}
	mona.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(303)
	h.Settle()
	lena.Get("/ideas/1-weigh-the-scrap").Status(200)
	for _, row := range modelstest.Rows(t, h.Config.DatabaseURL)["notices"] {
		if strings.Contains(" "+row+" ", fmt.Sprintf(" user_id=%d ", h.lena.ID)) && strings.Contains(row, "read_at=<nil>") {
			t.Errorf("not read: %s", row)
		}
	}
}

func TestABrowserForgetsReturnCodesWithWhoeverSignsOut(t *testing.T) {
	h := promising(t, models.NotStored)
	alice := h.As(h.alice)
	path, _ := h.secret(alice, h.hidden(alice))
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE spaces SET visibility = 'public'")
	alice.Post("/sign-out", nil).Status(303)
	alice.Get(path + "-weigh-the-scrap").Status(200).NotSee("This browser has shown")
}

func TestARejectedAmendmentNamesNobodyWhereAuthorsHide(t *testing.T) {
	h := promising(t, models.HiddenAuthors)
	alice, bob := h.As(h.alice), h.As(h.bob)
	post(t, alice, h.hidden(alice))
	form := bob.Get("/ideas/1/amendments/new").Status(200)
	bob.Post("/ideas/1/amendments", apptest.Form{"base": field(t, form, "base"), "title": "Weigh it", "body": "Other.", "reason": "Because."}).Status(303)
	alice.Post("/ideas/1/amendments/1/decision", apptest.Form{"decision": "reject", "word": "no"}).Status(303)
	bob.Get("/ideas/1/amendments/1").Status(200).See("Propose the change with the form for ideas").NotSee("amendments/1/idea")
	bob.Post("/ideas/1/amendments/1/idea", nil).Status(422)
	if n := len(modelstest.Rows(t, h.Config.DatabaseURL)["ideas"]); n != 1 {
		t.Errorf("%d ideas", n)
	}
}
