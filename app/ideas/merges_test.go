package ideas_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/ideas"
	"ruche/models"
)

// merging is a house with two ideas that say the same, the first by Alice and the second by Bob, and Manon, who answers both.
type merging struct {
	*house
	t            *testing.T
	now          time.Time
	carla, dan   *models.User
	lead         *models.User
	manon        *apptest.Client
	alice, bob   *apptest.Client
	first, other string
}

func twins(t *testing.T) *merging {
	t.Helper()
	m := &merging{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	m.house = &house{Site: apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return m.now } })}
	m.house.alice, m.house.bob = m.Person("Alice", models.RoleEmployee), m.Person("Bob", models.RoleEmployee)
	m.carla, m.dan = m.Person("Carla", models.RoleEmployee), m.Person("Dan", models.RoleEmployee)
	m.ateliers = m.Space("ateliers", models.Company, nil)
	m.lead = m.Person("Manon", models.RoleManager)
	m.signIn()
	m.first, m.other = post(t, m.alice, idea("ateliers", "Weigh the scrap")), post(t, m.bob, idea("ateliers", "Scales for waste"))
	return m
}

// signIn is what all three do, again after the clock has moved by days.
func (m *merging) signIn() {
	m.t.Helper()
	m.manon, m.alice, m.bob = m.As(m.lead), m.As(m.house.alice), m.As(m.house.bob)
}

func (m *merging) support(client *apptest.Client, number int, supported string) {
	m.t.Helper()
	m.now = m.now.Add(time.Hour)
	client.Post(fmt.Sprintf("/ideas/%d/supports", number), apptest.Form{"supported": supported}).Status(http.StatusSeeOther)
}

func (m *merging) merge(number, into int) *apptest.Answer {
	m.t.Helper()
	return m.manon.Post(fmt.Sprintf("/ideas/%d/merge", number), apptest.Form{"address": fmt.Sprint(into), "reason": "Both weigh what is thrown away."})
}

// stored is an idea as it stands.
func (m *merging) stored(number int64) models.Idea {
	m.t.Helper()
	idea, err := m.DB.Idea(m.t.Context(), m.Actor(m.house.alice), number)
	if err != nil {
		m.t.Fatal(err)
	}
	return *idea
}

func (m *merging) counts(first, other int) {
	m.t.Helper()
	if a, b := m.stored(1).SupportCount, m.stored(2).SupportCount; a != first || b != other {
		m.t.Errorf("the ideas have %d and %d supports, not %d and %d", a, b, first, other)
	}
}

func TestAMergedIdeaStaysWhereItIsAndItsSupportersCountOnceInTheOther(t *testing.T) {
	m := twins(t)
	carla, dan := m.As(m.carla), m.As(m.dan)
	m.support(carla, 1, "1")
	m.support(carla, 2, "1")
	m.support(dan, 1, "1")
	dan.Post("/ideas/1/comments", apptest.Form{"body": "Ours has scales **already**."}).Status(303)
	m.bob.Post("/ideas/2/comments", apptest.Form{"body": "Who pays for them?"}).Status(303)
	before, beside := m.stored(1), m.stored(2)

	m.manon.Get(m.first).See(`href="/ideas/1/merge"`)
	m.manon.Get("/ideas/1/merge").Status(200).See("Another idea of this space")
	m.merge(1, 2).Status(303)
	m.merge(1, 2).Status(303) // pressed twice
	m.Settle()
	m.counts(2, 1)
	m.alice.Get(m.first).See("Do you agree?", "Scales for waste", "9 March")
	m.alice.Get("/notifications").See("Manon proposes that “Weigh the scrap” goes on in another idea")
	m.manon.Get(m.first).See("The authors are asked.", "Take the proposal back").NotSee("Do you agree?")
	dan.Get(m.first).NotSee("Scales for waste is", "The authors are asked.", "/merge")
	m.bob.Get(m.other).NotSee("Ideas that go on in this one")
	m.bob.Post("/ideas/1/merge/answer", apptest.Form{"answer": "agree"}).Status(403)
	m.alice.Post("/ideas/1/merge/answer", apptest.Form{"answer": "agree"}).Status(303)
	m.alice.Post("/ideas/1/merge/answer", apptest.Form{"answer": "agree"}).Status(303)
	m.Settle()

	m.counts(2, 2) // Carla once, and Dan
	dan.Get("/notifications").See("“Weigh the scrap” goes on in another idea", "take that back")
	m.bob.Get("/notifications").See("Another idea goes on in yours")
	dan.Get(m.first).See("Official answer: merged", "Both weigh what is thrown away.", `href="`+m.other+`"`, "Take my support back", "Ours has scales").NotSee("Undo the merge")
	dan.Get(m.other).See("Ideas that go on in this one", `href="`+m.first+`"`, "Alice", "Ours has scales", "“Weigh the scrap”", "You count already").NotSee("/ideas/1/comments/1/reply")
	m.bob.Get("/ideas").See("Merged")

	m.support(dan, 2, "1") // which he does already, by the other
	m.counts(2, 2)
	m.support(dan, 2, "0")
	m.counts(2, 2)
	m.support(dan, 1, "0") // he was told
	m.counts(1, 1)
	m.support(dan, 1, "1")
	m.support(m.alice, 2, "1")
	m.counts(2, 3)
	m.alice.Post("/ideas/1/withdrawal", nil).Status(303) // what nobody reads does not count
	m.counts(2, 2)
	m.bob.Get(m.other).NotSee("Ideas that go on in this one", "Ours has scales")
	m.alice.Post("/ideas/1/restoration", nil).Status(303)
	m.counts(2, 3)
	m.support(m.alice, 2, "0")
	m.manon.Post("/ideas/1/answer", apptest.Form{"decision": "declined.cost", "body": "No.", "answer": "0", "version": "0", "publish": "1"}).Status(422).See("This idea goes on in another one")

	m.alice.Post("/ideas/1/merge/removal", nil).Status(303)
	m.alice.Post("/ideas/1/merge/removal", nil).Status(303)
	m.Settle()
	m.counts(2, 1)
	after, apart := m.stored(1), m.stored(2)
	if after.MergedIntoID != nil || after.Answer != "" || after.WaitingSince == nil || !after.WaitingSince.Equal(*before.WaitingSince) || apart.Origins != 0 {
		t.Errorf("after the merge is taken back the ideas are\n%+v\n%+v", after, apart)
	}
	if math.Abs(apart.Hot-beside.Hot) > 1e-9 {
		t.Errorf("the rank of the other is %v, and was %v", apart.Hot, beside.Hot)
	}
	dan.Get(m.other).NotSee("Ideas that go on in this one", "Ours has scales")
	dan.Get("/notifications").See("“Weigh the scrap” goes its own way again")
}

func TestAMergeHappensWhenItsAuthorsSayNothingAndNotWhenTheySayNo(t *testing.T) {
	m := twins(t)
	work := func() {
		t.Helper()
		do, err := ideas.CarryOut().Work(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		m.Tx(nil, do)
		m.Settle()
	}
	m.merge(1, 2).Status(303)
	m.now = m.now.Add(models.MergeWait - time.Minute)
	work()
	m.bob.Get(m.first).NotSee("Official answer")
	m.now = m.now.Add(time.Minute)
	work()
	m.signIn()
	m.bob.Get(m.first).See("Official answer: merged", "Undo").NotSee("Undo the merge")
	m.alice.Get("/notifications").See("goes on in another idea")
	m.alice.Post("/ideas/1/merge/removal", nil).Status(303) // their word counts afterwards as well

	m.merge(2, 1).Status(303)
	m.bob.Post("/ideas/2/merge/answer", apptest.Form{"answer": "refuse"}).Status(303)
	m.bob.Post("/ideas/2/merge/answer", apptest.Form{"answer": "agree"}).Status(409)
	m.Settle()
	m.manon.Get("/notifications").See("Bob keeps “Scales for waste” apart")
	m.merge(2, 1).Status(422).See("An author has kept the two apart.")
	m.now = m.now.Add(2 * models.MergeWait)
	work()
	m.signIn()
	m.alice.Get(m.other).NotSee("Official answer")

	m.merge(1, 2).Status(303)
	m.bob.Post("/ideas/2/withdrawal", nil).Status(303)
	m.now = m.now.Add(2 * models.MergeWait)
	work() // into what is no longer there
	m.signIn()
	m.alice.Get(m.first).NotSee("Official answer", "go on in another one")
}

func TestAnAnswerToAMergeThatWasReplacedGoesNowhere(t *testing.T) {
	m := twins(t)
	post(t, m.alice, idea("ateliers", "A third one"))
	m.merge(1, 2).Status(http.StatusSeeOther)
	m.alice.Get(m.first).See(`name="into" value="2"`)
	m.manon.Post("/ideas/1/merge/removal", nil).Status(http.StatusSeeOther)
	m.merge(1, 3).Status(http.StatusSeeOther)
	m.alice.Post("/ideas/1/merge/answer", apptest.Form{"answer": "agree", "into": "2"}).Status(http.StatusConflict)
	m.alice.Post("/ideas/1/merge/answer", apptest.Form{"answer": "agree", "into": "3"}).Status(http.StatusSeeOther)
	if into := m.stored(1).MergedIntoID; into == nil || *into != 3 {
		t.Errorf("it goes on in %v", into)
	}
}

func TestAnIdeaThatIsOutOfSightGoesOnInNoOther(t *testing.T) {
	m := twins(t)
	m.merge(1, 2).Status(http.StatusSeeOther)
	m.manon.Post("/ideas/1/withdrawal", nil).Status(http.StatusSeeOther)
	m.alice.Post("/ideas/1/merge/answer", apptest.Form{"answer": "agree"}).Status(http.StatusConflict)
	m.Settle()
	if idea := m.stored(2); idea.Origins != 0 {
		t.Errorf("%d ideas go on in it", idea.Origins)
	}
	m.bob.Get("/notifications").NotSee("goes on")
}

func TestAMergeIntoItselfInARingOrOutOfSightIsRefused(t *testing.T) {
	m := twins(t)
	m.Space("board", models.Restricted, map[*models.User]models.SpaceRole{m.dan: models.SpaceManager})
	dan := m.As(m.dan)
	hidden := post(t, dan, idea("board", "Close the weighbridge"))
	post(t, m.alice, idea("ateliers", "A third one"))

	m.merge(1, 1).Status(422).See("cannot go on in itself")
	for _, into := range []string{"3", hidden, "987654", "no idea", "", "999999999999999999999"} {
		refused := m.manon.Post("/ideas/1/merge", apptest.Form{"address": into, "reason": "Both weigh."}).Status(422)
		refused.See("There is no such idea in this space.", "Both weigh.").NotSee("weighbridge</a>", "Close the")
	}
	m.manon.Post("/ideas/1/merge", apptest.Form{"choice": "2", "reason": " "}).Status(422).See("Say why")
	dan.Post("/ideas/3/merge", apptest.Form{"address": m.first, "reason": "Same."}).Status(422).See("There is no such idea in this space.") // which not all its readers see
	m.bob.Post("/ideas/1/merge", apptest.Form{"address": "2", "reason": "Mine."}).Status(403)
	m.manon.Post("/ideas/3/merge", apptest.Form{"address": "2", "reason": "Mine."}).Status(404)

	m.merge(1, 2).Status(303)
	m.merge(2, 1).Status(422).See("has to be answered first")
	m.merge(1, 4).Status(422).See("Take that back first.")
	m.alice.Post("/ideas/1/merge/answer", apptest.Form{"answer": "agree"}).Status(303)
	m.merge(2, 1).Status(422).See("goes on in this one already")
	m.merge(2, 4).Status(422).See("Other ideas go on in this one.")
	m.merge(4, 1).Status(422).See("goes on in another one itself")
	m.manon.Post("/ideas/1/merge/removal", nil).Status(303)

	var both sync.WaitGroup // at once, and either way round
	statuses := make([]int, 2)
	for i, pair := range [][2]int{{1, 2}, {2, 1}} {
		both.Go(func() { statuses[i] = m.merge(pair[0], pair[1]).StatusCode })
	}
	both.Wait()
	if statuses[0]+statuses[1] != 303+422 {
		t.Errorf("two merges against each other: %v", statuses)
	}
}

func TestAPersonWhoGoesOrWasTwoCountsRightInMergedIdeas(t *testing.T) {
	m := twins(t)
	m.support(m.As(m.carla), 1, "1")
	m.support(m.As(m.dan), 2, "1")
	m.merge(1, 2).Status(303)
	m.alice.Post("/ideas/1/merge/answer", apptest.Form{"answer": "agree"}).Status(303)
	m.counts(1, 2)
	owner := m.Person("Odile", models.RoleOwner)
	var account *models.Merge
	m.Tx(m.Actor(owner), func(tx *models.Tx) (err error) {
		kept, gone, err := tx.LockPair(m.carla.ID, m.dan.ID)
		if err == nil {
			account, err = tx.MergePeople(kept, gone)
		}
		return err
	})
	m.counts(1, 1)
	m.Tx(m.Actor(owner), func(tx *models.Tx) error {
		kept, gone, err := tx.LockPair(m.carla.ID, m.dan.ID)
		if err == nil {
			_, err = tx.TakeMergeBack(account, kept, gone)
		}
		return err
	})
	m.counts(1, 2)
	m.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.CountSupports(m.carla.ID)
		return err
	})
	m.counts(1, 2)
	m.alice.Post("/ideas/1/merge/removal", nil).Status(303)
	m.counts(1, 1)
}

func TestTheAPIMergesAndUnmerges(t *testing.T) {
	m := twins(t)
	call := func(user *models.User, method, path, body string) *apptest.Answer {
		t.Helper()
		header := http.Header{"Authorization": {"Bearer " + m.Token(user, models.ScopeWrite)}, "Content-Type": {"application/json"}}
		return m.Visitor().Do(method, "/api/v1/ideas/"+path, strings.NewReader(body), header)
	}
	lena := m.Person("Lena", models.RoleManager)
	call(lena, "PUT", "1/merge", `{"into": 2, "reason": "Both weigh."}`).Status(200).See(`"state":"waiting"`, `"due_at":"2026-03-09`)
	call(m.carla, "GET", "1/merge", "").Status(200).See(`"state":""`).NotSee("Both weigh.")
	call(m.carla, "PUT", "1/merge", `{"into": 2, "reason": "Both weigh."}`).Status(403)
	call(m.house.alice, "PUT", "1/merge/answer", `{"answer": "agree"}`).Status(204)
	call(m.carla, "GET", "1/merge", "").Status(200).See(`"state":"merged"`, "Scales for waste")
	call(m.carla, "GET", "2/merge", "").Status(200).See(`"origins":[{"id":1,`)
	call(lena, "PUT", "2/merge", `{"into": 1, "reason": "Both weigh."}`).Status(422).See("into")
	call(lena, "DELETE", "1/merge", "").Status(204)
	call(lena, "DELETE", "1/merge", "").Status(204)
	call(m.carla, "GET", "2/merge", "").Status(200).See(`"origins":[]`)
}
