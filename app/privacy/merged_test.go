package privacy_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// merged gives Zénobie a second account under another name, with traces of its own, and has Olga merge it into her first.
func merged(t *testing.T, v *village) (second *models.User, idea string) {
	t.Helper()
	second = v.Person("Zoé Quincaillier", models.RoleEmployee)
	idea = post(t, v.As(second), "ateliers", "Des rabots neufs", "Je suis Zoé Quincaillier.")
	comment(t, v.As(v.karl), idea, "Merci [@Zoé Quincaillier](/people/"+strconv.FormatInt(second.ID, 10)+"), je t'écris à "+second.Email+".")
	v.Tx(nil, func(tx *models.Tx) error {
		if err := tx.SaveDraft(second.ID, "idea/new", models.Fields{"body": "Un brouillon de Zoé Quincaillier"}); err != nil {
			return err
		}
		return tx.Bind(second.ID, "https://partners.example.test", "zoe.quincaillier")
	})
	v.As(v.olga).Post(fmt.Sprintf("/members/%d/merge/%d", v.zenobie.ID, second.ID), apptest.Form{"sure": "1"}).Status(http.StatusSeeOther)
	v.Settle()
	return second, idea
}

var zoeWords = []string{"zoé", "quincaillier", "zoe-quincaillier"}

func TestWhoIsErasedGoesWithTheAccountsThatHaveGoneIntoTheirs(t *testing.T) {
	v := newVillage(t)
	second, idea := merged(t, v)
	if found := traces(t, v.Site, v.log, zoeWords...); len(found) < 6 {
		t.Fatalf("the search finds only %q", found)
	}
	v.erase("keep")
	v.Settle()
	if found := traces(t, v.Site, v.log, append(append(zoeWords, second.Email, v.zenobie.Email), zenobieWords...)...); len(found) > 0 {
		t.Errorf("left:\n%s", strings.Join(found, "\n"))
	}
	for _, id := range []int64{second.ID, v.zenobie.ID} {
		if user, err := v.DB.UserByID(t.Context(), id); err == nil {
			t.Errorf("the account %d is still there: %+v", id, user)
		}
	}
	if merges, err := v.DB.Merges(t.Context(), v.Actor(v.olga), v.zenobie.ID); err != nil || len(merges) != 0 {
		t.Errorf("the merge is still there: %v, %v", merges, err)
	}
	him := v.As(v.karl)
	him.Get(him.Get("/ideas/" + idea).Header.Get("Location")).Status(http.StatusOK).See("Former member").NotSee("Quincaillier")
}

func TestAnOwnerWhoErasesAnAccountThatHasGoneIntoAnotherErasesThePerson(t *testing.T) {
	v := newVillage(t)
	second, _ := merged(t, v)
	path := fmt.Sprintf("/people/%d/erasure", second.ID)
	v.As(v.olga).Get(path).Status(http.StatusOK).See("Zénobie Quatremère")
	v.As(v.olga).Post(path, apptest.Form{"contributions": "keep"}).Status(http.StatusSeeOther)
	for range 4 {
		v.Settle()
	}
	if found := traces(t, v.Site, v.log, append(zoeWords, zenobieWords...)...); len(found) > 0 {
		t.Errorf("left:\n%s", strings.Join(found, "\n"))
	}
}

func TestACopyHoldsWhatTheAccountsHeldThatHaveGoneIntoOnes(t *testing.T) {
	v := newVillage(t)
	merged(t, v)
	her := v.As(v.zenobie)
	her.Post("/account/data/exports", nil).Status(http.StatusSeeOther)
	v.Settle()
	files := unpack(t, her.Get(copyLink.FindString(her.Get("/account/data").Text)).Status(http.StatusOK).Text)
	for _, words := range []string{"Je suis Zoé Quincaillier", "Un brouillon de Zoé Quincaillier", "zoe-quincaillier@example.test", "partners.example.test", "Je m'appelle Zénobie"} {
		if !strings.Contains(files["data.json"], words) {
			t.Errorf("the copy lacks %q", words)
		}
	}
	if strings.Contains(files["data.json"], "Karl Weber") {
		t.Error("the copy names Karl")
	}
}

func TestAMergeIsForgottenAfterItsPeriod(t *testing.T) {
	at := &clock{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	v := newVillage(t, at.option)
	second, _ := merged(t, v)
	record := fmt.Sprintf("/members/%d/merges/1", v.zenobie.ID)
	v.As(v.olga).Get(record).Status(http.StatusOK).See("Undo the merge")
	at.now = at.now.Add(31 * 24 * time.Hour)
	v.As(v.olga).Get(record).Status(http.StatusOK).See("too late")
	v.As(v.olga).Post(record+"/undo", nil).Status(http.StatusUnprocessableEntity)
	if err := v.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	v.Settle()
	v.As(v.olga).Get(record).Status(http.StatusNotFound)
	if found := traces(t, v.Site, v.log, second.Email); len(found) != 2 { // in Karl's words, and what was made of them
		t.Errorf("left of the address: %q", found)
	}
	v.As(v.karl).Get(fmt.Sprintf("/people/%d", second.ID)).Status(http.StatusSeeOther) // an old link still leads to her
}
