package votes_test

import (
	"net/http"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

func TestVotersHearOfAVoteOnceAtItsOpeningItsEndAndItsResult(t *testing.T) {
	h := open(t)
	h.Person("Gus", models.RoleExternal) // who may not see the space
	reader := h.Person("Rita", models.RoleEmployee)
	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(h.space, reader, models.SpaceReader) })
	const other = "/campaigns/2"
	h.As(h.lena).Post("/campaigns", apptest.Form{
		"space": "plant", "title": "Less noise", "question": "What is too loud?", "kind": "campaign", "sponsor": h.sophie.Email, "manager": h.lena.Email, "answer_days": "30",
		"stage_gather": "2026-12-03", "stage_vote": "2026-12-15", "stage_closed": "2026-12-21",
	}).Status(http.StatusSeeOther)
	h.As(h.lena).Post(other+"/vote", form("method", "approval", "minimum", "2")).Status(http.StatusSeeOther)
	h.As(h.lena).Post(other+"/publication", nil).Status(http.StatusSeeOther)
	h.As(h.mona).Post("/ideas", apptest.Form{"campaign": "2", "title": "Muffle the press", "body": "As it says.", "once": "once-00000000000000000009"}).Status(http.StatusSeeOther)
	h.rule("method", "approval", "minimum", "2")
	round := func() {
		if err := h.Jobs.Plan(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := h.Jobs.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	told := func(kind models.Kind) (names []string) {
		for _, user := range []*models.User{h.lena, h.paul, h.sophie, h.mona, reader} {
			notices, err := h.DB.HouseNotices(t.Context(), h.Actor(user))
			if err != nil {
				t.Fatal(err)
			}
			for _, notice := range notices {
				if notice.Kind == kind {
					names = append(names, user.Name)
				}
			}
		}
		return names
	}
	expect := func(kind models.Kind, want ...string) {
		t.Helper()
		got := told(kind)
		if len(got) != len(want) {
			t.Errorf("%s is told to %v, want %v", kind, got, want)
			return
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s is told to %v, want %v", kind, got, want)
			}
		}
	}
	round()
	h.As(h.paul).Get(campaign + "/ballot").Status(http.StatusOK)
	round()
	expect(models.NoticeVoteOpen, "Lena", "Paul", "Sophie", "Mona")
	h.As(h.paul).Get("/notifications").Status(http.StatusOK).See("A vote is open in a campaign")
	choose(h, h.paul, 0, 1).Status(http.StatusSeeOther)    // which does not count
	choose(h, h.mona, 0, 1, 2).Status(http.StatusSeeOther) // which does
	h.As(h.paul).Get(other + "/ballot").Status(http.StatusOK)
	h.As(h.paul).Post(other+"/ballot", apptest.Form{"base": "0", "choose": "4"}).Status(http.StatusSeeOther)
	h.on(18)
	round()
	expect(models.NoticeVoteUnfinished)
	h.on(19) // the day before the close
	round()
	h.As(h.paul).Post("/notifications/read", nil)
	round()
	expect(models.NoticeVoteUnfinished, "Paul")
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE campaigns SET paused_at = published_at WHERE id = 2")
	h.now = time.Date(2026, 12, 20, 0, 30, 0, 0, time.UTC) // the day before the other one closes, less than a day after
	round()
	expect(models.NoticeVoteUnfinished, "Paul")
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE campaigns SET paused_at = NULL WHERE id = 2")
	for range 2 {
		h.now = h.now.Add(time.Minute)
		round()
	}
	expect(models.NoticeVoteUnfinished, "Paul", "Paul")
	h.closed()
	round()
	expect(models.NoticeVoteResult, "Mona")
	expect(models.NoticeVoteUnfinished, "Paul", "Paul")
}
