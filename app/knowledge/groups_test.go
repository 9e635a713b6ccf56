package knowledge_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// group makes a group, which everybody may name if it is open.
func (h *house) group(name string, open bool, people ...*models.User) *models.Group {
	h.t.Helper()
	group := &models.Group{Kind: models.KindGroup, Name: name}
	h.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		for _, who := range people {
			if err := tx.JoinGroup(group.ID, who.ID); err != nil {
				return err
			}
		}
		return tx.OpenGroup(group, open)
	})
	return group
}

func TestAGroupAnswersForAnArticle(t *testing.T) {
	h := open(t)
	carl := h.Person("Carl", models.RoleEmployee)
	group := h.group("Extruders", true, h.bob, carl)
	number := strconv.FormatInt(group.ID, 10)
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	at, page := "/articles/"+id, "/articles/"+id+"-purge"
	alice, bob, mona := h.As(h.alice), h.As(h.bob), h.As(h.mona)
	alice.Get(at+"/trust").Status(200).See("Extruders", "Give it to the group")
	alice.Post(at+"/owner", apptest.Form{"group": number}).Status(303)
	alice.Get(page).See("The group “Extruders” answers for it.").NotSee("No owner")
	alice.Get(at + "/trust").Status(403)
	mona.Get("/articles/trust?space=ateliers&show=ownerless").NotSee(at + "/trust")

	// anybody in it may say that it is right, is told of doubts and reminded
	h.As(carl).Post(at+"/verification", apptest.Form{"version": "1", "months": "1"}).Status(303)
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE articles SET verified_until = '2020-01-01 00:00:00+00:00'")
	bob.Get("/articles/trust").Status(200).See("Purge")
	alice.Get("/articles/trust").NotSee("Purge")
	var told []models.ArticleReminder
	h.Tx(nil, func(tx *models.Tx) (err error) { told, err = tx.RemindOfArticles(); return err })
	if len(told) != 2 || told[0].UserID != h.bob.ID || told[1].UserID != carl.ID {
		t.Errorf("reminded are %+v, not Bob and Carl", told)
	}
	alice.Post(at+"/doubts", apptest.Form{"reason": "Still so?"}).Status(303)
	bob.Get("/notifications").See("Purge")
	mona.Get("/notifications").NotSee("Purge")
	bob.Get("/articles/trust?show=doubts").See("Purge")
	bob.Get(at + "/doubts").Status(200).See("Still so?")
	bob.Post(at+"/doubts/1/answer", apptest.Form{"state": "done"}).Status(303)

	// taken back, and given away again
	alice.Post(at+"/owner/undo", nil).Status(303)
	alice.Get(at + "/trust").Status(200).See(h.alice.Email)
	bob.Get(at + "/trust").Status(403)
	alice.Post(at+"/owner", apptest.Form{"group": number}).Status(303)

	// a group without people is nobody, and so is one that is gone
	h.Tx(nil, func(tx *models.Tx) error { return tx.LeaveGroup(group.ID, h.bob.ID, carl.ID) })
	bob.Get(at + "/trust").Status(403)
	alice.Get(page).See("has nobody here any more").NotSee("Extruders")
	mona.Get("/articles/trust?space=ateliers&show=ownerless").See("Purge")
	alice.Post(at+"/doubts", apptest.Form{"reason": "Who knows?"}).Status(303)
	mona.Get("/notifications").See("Purge")
	h.Tx(nil, func(tx *models.Tx) error { return tx.JoinGroup(group.ID, h.bob.ID) })
	bob.Get(at + "/trust").Status(200)
	h.Tx(nil, func(tx *models.Tx) error { return tx.DeleteGroup(group) })
	bob.Get(at + "/trust").Status(403)
	mona.Get("/articles/trust?space=ateliers&show=ownerless").See("Purge")
	alice.Get(page).See("has nobody here any more")
}

func TestNobodyLearnsOfAGroupWhomItIsKeptFrom(t *testing.T) {
	h := open(t)
	hidden, outside := h.group("Works council", false, h.bob), h.group("Partners", true, h.karen)
	id := h.write(h.bob, h.shelf, "", "Purge", "First.")
	at, page := "/articles/"+id, "/articles/"+id+"-purge"
	mona := h.As(h.mona)
	mona.Get(at+"/trust").NotSee("Works council", "Partners")
	for _, group := range []string{strconv.FormatInt(hidden.ID, 10), strconv.FormatInt(outside.ID, 10), "0", "-1", "x", "99999999999", "987654"} {
		mona.Post(at+"/owner", apptest.Form{"group": group}).Status(422).See("group-error").NotSee("Works council")
	}
	h.As(h.bob).Post(at+"/owner", apptest.Form{"group": strconv.FormatInt(hidden.ID, 10)}).Status(303)
	h.As(h.bob).Get(page).See("Works council")
	mona.Get(page).See("A group answers for it.").NotSee("Works council")
	mona.Get(at + "/trust").See("A group answers for it.").NotSee("Works council")
	mona.Get(at + "/print").Status(200).NotSee("Works council")
	header := func(who *models.User) http.Header {
		return http.Header{"Authorization": {"Bearer " + h.Token(who, models.ScopeWrite)}, "Content-Type": {"application/json"}}
	}
	get := func(who *models.User) *apptest.Answer {
		return h.Visitor().Do("GET", "/api/v1/articles/"+id+"/trust", nil, header(who)).Status(200)
	}
	get(h.mona).See(`"owner":null`, `"owner_group":{"id":0,"name":""}`)
	get(h.bob).See(`"name":"Works council"`)
	put := func(body string) *apptest.Answer {
		return h.Visitor().Do("PUT", "/api/v1/articles/"+id+"/owner", strings.NewReader(body), header(h.mona))
	}
	put(`{"owner":"` + h.alice.Email + `","group":1}`).Status(422)
	put(`{"group":` + strconv.FormatInt(hidden.ID, 10) + `}`).Status(422)
	put(`{"owner":"`+h.alice.Email+`"}`).Status(200).See(`"owner_group":null`, "Alice")
}
