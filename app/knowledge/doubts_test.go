package knowledge_test

import (
	"fmt"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

func TestReadersSayWhetherAnArticleHelped(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at, page := "/articles/"+id, "/articles/"+id+"-purge"
	bob, alice := h.As(h.bob), h.As(h.alice)
	bob.Get(page).See("Did this help?").NotSee("person was helped")
	alice.Get(page).NotSee("Did this help?").See("Nobody has said yet whether it helped.")
	h.Visitor().Get(page).Status(404)

	alice.Post(at+"/help", apptest.Form{"helped": "yes"}).Status(403) // it is her own
	h.As(h.karen).Post(at+"/help", apptest.Form{"helped": "yes"}).Status(404)
	bob.Post(at+"/help", apptest.Form{"helped": "perhaps"}).Status(422)
	bob.Post(at+"/help", apptest.Form{"helped": "yes"}).Status(303)
	bob.Post(at+"/help", apptest.Form{"helped": "yes", "reason": "Not read."}).Status(303) // once a person and version
	bob.Get(page).See("It helped", "Take back")
	alice.Get(page).See("1 person was helped", "No open doubt")
	alice.Post(at+"/doubts/1/withdrawal", nil).Status(404) // it is Bob's
	bob.Post(at+"/doubts/1/withdrawal", nil).Status(303)
	bob.Post(at+"/doubts/1/withdrawal", nil).Status(404)
	alice.Get(page).See("Nobody has said yet whether it helped.")

	bob.Post(at+"/help", apptest.Form{"helped": "no", "reason": strings.Repeat("long ", 200)}).Status(422).See("reason-error")
	bob.Post(at+"/help", apptest.Form{"helped": "no", "reason": "Which scale?"}).Status(303)
	bob.Get(page).See("It did not help")
	alice.Get(page).See("1 was not", "1 open doubt")
	bob.Post(at+"/help", apptest.Form{"helped": "yes"}).Status(303) // another mind takes the doubt along
	alice.Get(page).See("1 person was helped", "No open doubt")
	alice.Get("/notifications").NotSee("still right")
	alice.Post(at, apptest.Form{"title": "Purge", "body": "First, and more.", "base": "1"}).Status(303)
	bob.Get(page).See("Did this help?", `value="yes"`) // of the new version nothing was said
	alice.Get(page).See("Nobody has said yet whether it helped.")
}

func TestADoubtIsATaskThatIsAnswered(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at := "/articles/" + id
	bob, alice, mona := h.As(h.bob), h.As(h.alice), h.As(h.mona)
	bob.Post(at+"/doubts", apptest.Form{"reason": "  "}).Status(422).See("reason-error")
	h.As(h.karen).Post(at+"/doubts", apptest.Form{"reason": "Let me in."}).Status(404)
	alice.Post(at+"/doubts", apptest.Form{"reason": "Mine."}).Status(403)
	bob.Post(at+"/doubts", apptest.Form{"reason": "Line 4 is <b>gone</b>."}).Status(303)
	for range 2 { // the same once a person and version
		bob.Post(at+"/doubts", apptest.Form{"reason": "Line 4 is gone since May."}).Status(303)
	}
	bob.Get(at+"/doubts").See("gone since May", "&lt;b&gt;gone").NotSee("<b>gone", "Not needed")
	alice.Get("/articles/trust?show=doubts").See("2 open doubts")
	bob.Post(at+"/doubts/1/withdrawal", nil).Status(303)

	alice.Get("/notifications").See("Bob", "still right")
	alice.Get("/articles/trust?show=doubts").See("Purge", "1 open doubt")
	mona.Get("/articles/trust?space=ateliers&show=doubts").See("Purge")
	mona.Get("/articles/trust?show=doubts").NotSee("1 open doubt")
	alice.Get(at+"/doubts").See("gone since May", "Bob", "Not needed")
	carl := h.As(h.Person("Carl", models.RoleEmployee))
	carl.Get(at + "/doubts").NotSee("gone since May") // it is between Bob and those who answer for the article

	answer := apptest.Form{"state": "done", "answer": "I have put it right."}
	carl.Post(at+"/doubts/2/answer", answer).Status(403)
	bob.Post(at+"/doubts/2/answer", answer).Status(403)
	h.As(h.karen).Post(at+"/doubts/2/answer", answer).Status(404)
	alice.Post(at+"/doubts/2/answer", apptest.Form{"state": "open"}).Status(422)
	alice.Post(at+"/doubts/2/answer", apptest.Form{"state": "done", "answer": strings.Repeat("long ", 200)}).Status(422).See("answer-2-error")
	alice.Post(at+"/doubts/1/answer", answer).Status(404) // it was taken back
	alice.Post(at+"/doubts/2/answer", answer).Status(303)
	alice.Post(at+"/doubts/2/answer", answer).Status(409)
	alice.Get("/articles/trust?show=doubts").NotSee("1 open doubt")
	bob.Post(at+"/doubts/2/withdrawal", nil).Status(409)
	bob.Post(at+"/doubts", apptest.Form{"reason": "Line 4 is gone since May."}).Status(422) // it was dealt with
	bob.Post(at+"/doubts", apptest.Form{"reason": "Still."}).Status(303)
	bob.Get("/notifications").See("Alice", "has answered what you said", at+"/doubts")
	bob.Get(at+"/doubts").See("I have put it right.", "Done.")

	h.As(h.bob).Post(at+"/doubts/2/answer/undo", nil).Status(403)
	alice.Post(at+"/doubts/2/answer/undo", nil).Status(303)
	alice.Post(at+"/doubts/2/answer/undo", nil).Status(409)
	bob.Get(at + "/doubts").NotSee("I have put it right.")
	alice.Get("/articles/trust?show=doubts").See("2 open doubts")
}

func TestADoubtAboutWhatNobodyAnswersForReachesThoseWhoArrange(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	h.Tx(nil, func(tx *models.Tx) error { return tx.Disable(h.alice.ID) })
	h.As(h.bob).Post("/articles/"+id+"/doubts", apptest.Form{"reason": "Who knows?"}).Status(303)
	h.As(h.mona).Get("/notifications").See("Bob", "still right")
	h.As(h.mona).Get("/articles/" + id + "/doubts").See("Who knows?")
	h.As(h.mona).Post("/articles/"+id+"/doubts", apptest.Form{"reason": "Not me."}).Status(303)
	h.As(h.bob).Post("/articles/"+id+"/doubts/1/withdrawal", nil).Status(303)
	h.As(h.mona).Get("/notifications").NotSee("still right") // the doubt that is left is her own
}

func TestADoubtTakenBackLeavesWordOfTheOthers(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at, alice, bob, carl := "/articles/"+id, h.As(h.alice), h.As(h.bob), h.As(h.Person("Carl", models.RoleEmployee))
	bob.Post(at+"/doubts", apptest.Form{"reason": "Line 4 is gone."}).Status(303)
	carl.Post(at+"/doubts", apptest.Form{"reason": "So is line 5."}).Status(303)
	bob.Post(at+"/doubts/1/withdrawal", nil).Status(303)
	alice.Get("/notifications").See("Carl", "still right").NotSee("Bob")
	carl.Post(at+"/doubts/2/withdrawal", nil).Status(303)
	alice.Get("/notifications").NotSee("still right")
}

func TestWhoIsErasedWithTheirWordsLeavesNoDoubts(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at, page := "/articles/"+id, "/articles/"+id+"-purge"
	alice, bob := h.As(h.alice), h.As(h.bob)
	for _, reason := range []string{"Hush one.", "Hush two."} {
		bob.Post(at+"/doubts", apptest.Form{"reason": reason}).Status(303)
	}
	bob.Post(at+"/help", apptest.Form{"helped": "no", "reason": "Hush three."}).Status(303)
	h.As(h.Person("Carl", models.RoleEmployee)).Post(at+"/doubts", apptest.Form{"reason": "So says Carl."}).Status(303)
	alice.Post(at+"/doubts/1/answer", apptest.Form{"state": "done", "answer": "Hush back."}).Status(303)
	h.As(h.mona).Post(at+"/doubts/4/answer", apptest.Form{"state": "done", "answer": "Hush, says Mona."}).Status(303)
	alice.Get(page).See("2 open doubts")
	for _, who := range []*models.User{h.bob, h.mona} {
		for done := false; !done; {
			h.Tx(nil, func(tx *models.Tx) (err error) {
				done, err = tx.RemoveContributions(who.ID)
				return err
			})
		}
	}
	alice.Get(page).See("No open doubt", "1 was not")
	alice.Get(at + "/doubts").See("So says Carl.").NotSee("Hush")
	recounted := func() (wrong []models.Miscount) {
		err := h.DB.Recount(t.Context(), func(one models.Miscount) error { wrong = append(wrong, one); return nil })
		if err != nil {
			t.Fatal(err)
		}
		return wrong
	}
	if wrong := recounted(); len(wrong) > 0 {
		t.Errorf("wrong: %+v", wrong)
	}
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE articles SET doubt_count = 5")
	if wrong := recounted(); len(wrong) != 1 || wrong[0].Counter != "articles.doubt_count" || wrong[0].Counted != 0 {
		t.Errorf("wrong: %+v", wrong)
	}
}

func TestReasonsOfOnePersonInADayAreBounded(t *testing.T) {
	h := open(t)
	bob, last := h.As(h.bob), ""
	for i := range 21 {
		id := h.write(h.alice, h.shelf, "", fmt.Sprintf("Purge %d", i), "First.")
		status := 303
		if i == 20 {
			status, last = 422, id
		}
		bob.Post("/articles/"+id+"/doubts", apptest.Form{"reason": "Hm."}).Status(status)
	}
	bob.Post("/articles/"+last+"/help", apptest.Form{"helped": "yes"}).Status(303) // it takes no reason
}

func TestNothingNewIsSaidOfWhatIsWithdrawnOrArchived(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at, bob, mona := "/articles/"+id, h.As(h.bob), h.As(h.mona)
	bob.Post(at+"/doubts", apptest.Form{"reason": "Hm."}).Status(303)
	mona.Post("/collections/"+h.shelf+"/archive", apptest.Form{"archived": "1"}).Status(303)
	bob.Get(at + "-purge").NotSee("Did this help?")
	bob.Post(at+"/help", apptest.Form{"helped": "yes"}).Status(403)
	mona.Post(at+"/withdrawal", nil).Status(303)
	bob.Get(at + "/doubts").Status(404)
	mona.Post(at+"/doubts/1/answer", apptest.Form{"state": "done"}).Status(409)
	mona.Get("/articles/trust?space=ateliers&show=doubts").NotSee("open doubt")
}

func TestWhoComesFromOutsideDoubtsWhatTheyRead(t *testing.T) {
	h := open(t)
	id := h.write(h.mona, h.outside, "", "Deliveries", "Ring twice.")
	karen := h.As(h.karen)
	karen.Post("/articles/"+id+"/doubts", apptest.Form{"reason": "The bell is broken."}).Status(303)
	h.As(h.mona).Get("/articles/"+id+"/doubts").See("Karen", "The bell is broken.")
	h.As(h.mona).Post("/articles/"+id+"/doubts/1/answer", apptest.Form{"state": "declined"}).Status(303)
	karen.Get("/articles/" + id + "/doubts").See("Not needed.")
}

func TestProgramsVerifyAndDoubt(t *testing.T) {
	h := open(t)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	path := "/articles/" + id
	alice, bob, karen := h.program(h.alice, models.ScopeWrite), h.program(h.bob, models.ScopeWrite), h.program(h.karen, models.ScopeWrite)
	alice.call("POST", path+"/verification", `{"version": 1, "months": 3}`).Status(200).See(`"verified":true`, `"verified_version":1`, `"open_doubts":0`)
	alice.call("POST", path+"/verification", `{"version": 1, "months": 5}`).Status(422).See("body.months")
	bob.call("GET", path+"/trust", "").Status(200).See(`"name":"Alice"`, `"verified":true`, `"open_doubts":null`)
	karen.call("GET", path+"/trust", "").Status(404)
	bob.call("POST", path+"/doubts", `{"reason": ""}`).Status(422).See("body.reason")
	bob.call("POST", path+"/doubts", `{"reason": "Line 4 is gone."}`).Status(201).See(`"state":"open"`)
	karen.call("POST", path+"/doubts", `{"reason": "Let me in."}`).Status(404)
	bob.call("POST", path+"/help", `{"helped": true}`).Status(200)
	alice.call("GET", "/articles/trust?show=doubts", "").Status(200).See(`"open_doubts":1`)
	bob.call("GET", "/articles/trust?space=ateliers", "").Status(403)
	bob.call("GET", "/articles/trust?space=closed", "").Status(404)
	bob.call("PUT", path+"/doubts/1/answer", `{"state": "done"}`).Status(403)
	alice.call("PUT", path+"/doubts/1/answer", `{"state": "declined", "answer": "It is back."}`).Status(204)
	bob.call("GET", path+"/doubts?state=closed", "").Status(200).See("It is back.", `"state":"declined"`)
	bob.call("DELETE", path+"/doubts/1", "").Status(409)
	alice.call("DELETE", path+"/doubts/1/answer", "").Status(204)
	bob.call("DELETE", path+"/doubts/1", "").Status(204)
	alice.call("GET", path+"/trust", "").Status(200).See(`"helped":1`, `"open_doubts":0`)
	alice.call("DELETE", path+"/verification", "").Status(200).See(`"verified":false`)
	alice.call("PUT", path+"/owner", `{"owner": "nobody@example.com"}`).Status(422)
	alice.call("PUT", path+"/owner", `{"owner": ""}`).Status(200).See(`"owner":null`)
}

func TestACopyOfOnesDataHasNoReasonsOfOthers(t *testing.T) {
	h := open(t)
	at := "/articles/" + h.write(h.alice, h.shelf, "", "Purge", "First.")
	h.As(h.bob).Post(at+"/doubts", apptest.Form{"reason": "Line 4 is gone."}).Status(303)
	h.As(h.alice).Post(at+"/doubts/1/answer", apptest.Form{"state": "done"}).Status(303)
	for _, holding := range models.Holdings() {
		if holding.Table != "article_feedback" {
			continue
		}
		for who, wanted := range map[*models.User]int{h.bob: 1, h.alice: 0} {
			rows, _, err := h.DB.OwnRows(t.Context(), h.Actor(who), &holding, nil, 10)
			if err != nil || len(rows) != wanted {
				t.Errorf("the copy of %s has %v (%v)", who.Name, rows, err)
			}
		}
	}
}
