package knowledge_test

import (
	"strings"
	"testing"
	"time"

	"ruche/app/knowledge"
	"ruche/models"
)

// look runs the job that reminds at a time from now.
func (h *house) look(after time.Duration) {
	h.t.Helper()
	work, err := knowledge.Look(h.Mail).Work(h.t.Context(), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	then := h.DB.At(func() time.Time { return time.Now().Add(after) })
	if err := then.Tx(h.t.Context(), nil, work); err != nil {
		h.t.Fatal(err)
	}
}

// told are how many notices of a kind a person has from the house.
func (h *house) told(who *models.User, kind models.Kind) (n int) {
	h.t.Helper()
	notices, err := h.DB.HouseNotices(h.t.Context(), h.Actor(who))
	if err != nil {
		h.t.Fatal(err)
	}
	for i := range notices {
		if notices[i].Kind == kind {
			n++
		}
	}
	return n
}

func TestOwnersAreRemindedOnceBeforeAndOnceAfter(t *testing.T) {
	h := open(t)
	for _, title := range []string{"Purge", "Colours", "Presses"} {
		id := h.write(h.alice, h.shelf, "", title, "First.")
		h.As(h.alice).Post("/articles/"+id+"/verification", map[string]string{"version": "1", "months": "1"}).Status(303)
	}
	day := 24 * time.Hour
	h.look(10 * day)
	if n := h.told(h.alice, models.NoticeArticlesSoon); n != 0 {
		t.Errorf("told %d times long before", n)
	}
	h.look(25 * day)
	h.look(25*day + time.Hour)
	if n := h.told(h.alice, models.NoticeArticlesSoon); n != 1 {
		t.Errorf("told %d times before the end", n)
	}
	h.look(40 * day)
	h.look(41 * day)
	if n := h.told(h.alice, models.NoticeArticlesEnded); n != 1 {
		t.Errorf("told %d times after the end", n)
	}
	for _, other := range []*models.User{h.bob, h.mona, h.karen} {
		if n := h.told(other, models.NoticeArticlesSoon) + h.told(other, models.NoticeArticlesEnded); n != 0 {
			t.Errorf("%s is told of what is Alice's", other.Name)
		}
	}
	h.As(h.alice).Get("/notifications").See("has ended", "/articles/trust")
	h.As(h.alice).Post("/articles/1/verification", map[string]string{"version": "1", "months": "3"}).Status(303)
	h.look(100 * day)
	if n := h.told(h.alice, models.NoticeArticlesEnded); n == 0 {
		t.Error("what was verified again is not reminded of again")
	}
}

func TestOfWhatNobodyAnswersForThoseWhoArrangeAreReminded(t *testing.T) {
	h := open(t)
	secret := h.write(h.mona, h.hidden, "", "Secret", "Hush.")
	id := h.write(h.alice, h.shelf, "", "Purge", "First.")
	h.verifiedLongAgo(h.alice, id)
	h.verifiedLongAgo(h.mona, secret)
	h.Tx(nil, func(tx *models.Tx) error { return tx.Disable(h.alice.ID) })
	h.look(0)
	if n := h.told(h.mona, models.NoticeArticlesEnded); n != 1 {
		t.Errorf("Mona is told %d times of the two", n)
	}
	if n := h.told(h.bob, models.NoticeArticlesEnded); n != 0 {
		t.Errorf("Bob is told %d times", n)
	}
	h.As(h.mona).Get("/notifications").See("/articles/trust?reminded=1")
	h.As(h.mona).Post("/articles/"+secret+"/owner", map[string]string{"owner": ""}).Status(303)
	if led := h.As(h.mona).Get("/articles/trust?reminded=1").Status(303).Header.Get("Location"); led != "/articles/trust?space=ateliers" {
		t.Errorf("the reminder leads her on to %q", led)
	}
	h.As(h.bob).Get("/articles/trust?reminded=1").Status(200)
	h.verifiedLongAgo(h.mona, h.write(h.mona, h.shelf, "", "Hers", "First."))
	h.As(h.mona).Get("/articles/trust?reminded=1").Status(200).See("Hers") // her own come first
}

func TestAReminderIsALetterToo(t *testing.T) {
	h := open(t)
	h.verifiedLongAgo(h.alice, h.write(h.alice, h.shelf, "", "Purge", "First."))
	var reminders []models.ArticleReminder
	h.Tx(nil, func(tx *models.Tx) (err error) { reminders, err = tx.RemindOfArticles(); return err })
	if len(reminders) != 1 || !reminders[0].Ended || reminders[0].Title != "Purge" || reminders[0].Count != 1 || !strings.Contains(reminders[0].Email, "@") {
		t.Errorf("reminders: %+v", reminders)
	}
}
