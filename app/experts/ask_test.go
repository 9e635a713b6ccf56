package experts_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// asks begins a question in a space and returns its number.
func (h *house) asks(who *models.User, space string) string {
	h.t.Helper()
	to := h.As(who).Post("/threads", apptest.Form{"space": space, "kind": "question", "title": "How do I weld this?", "body": "It breaks.", "tags": "welding"}).Status(http.StatusSeeOther).Header.Get("Location")
	id, _, _ := strings.Cut(strings.TrimPrefix(to, "/threads/"), "-")
	return id
}

func to(who *models.User) apptest.Form { return apptest.Form{"expert": strconv.FormatInt(who.ID, 10)} }

func (h *house) ask(asker *models.User, thread string, expert *models.User) *apptest.Answer {
	h.t.Helper()
	return h.As(asker).Post("/threads/"+thread+"/experts", to(expert))
}

func (h *house) sql(statement string) { modelstest.Exec(h.t, h.Config.DatabaseURL, statement) }

func TestSomebodyWhoKnowsIsAskedAndAnswers(t *testing.T) {
	h := open(t)
	h.declare(h.bob, "Welding")
	id := h.asks(h.alice, "plant")
	thread, alice, bob := "/threads/"+id, h.As(h.alice), h.As(h.bob)
	alice.Get(thread + "-how-do-i-weld-this").Status(http.StatusOK).See(thread + "/experts")
	alice.Get(thread+"/experts").Status(http.StatusOK).See("Bob Durand", "Welding", "Ask Bob Durand").NotSee("Whom you asked")
	bob.Get("/experts/asked").Status(http.StatusOK).See("Nobody waits for you")
	h.ask(h.alice, id, h.bob).Status(http.StatusSeeOther)
	alice.Get(thread+"/experts").See("Whom you asked", "Waits until", "Nobody can be asked now").NotSee("Ask Bob Durand")
	bob.Get("/notifications").See("Somebody asks whether you can answer “How do I weld this?”", "/experts/asked")
	bob.Get("/").See("Alice Martin asks whether you can answer")
	bob.Get("/experts/asked").See("Alice Martin", "How do I weld this?")
	h.As(h.mona).Get("/experts/asked").NotSee("How do I weld this?").See("people were asked 1 time")
	h.As(h.mona).Get(thread + "/experts").NotSee("Whom you asked")
	h.ask(h.mona, id, h.bob).Status(http.StatusUnprocessableEntity).See("cannot be asked now") // once is enough

	said := bob.Post(thread+"/posts", apptest.Form{"body": "With less current."}).Status(http.StatusSeeOther).Header.Get("Location")
	_, post, _ := strings.Cut(said, "#post-")
	bob.Get("/experts/asked").See("Nobody waits for you")
	alice.Get(thread + "/experts").See("Answered")
	bob.Post(thread+"/posts/"+post+"/removal", nil).Status(http.StatusSeeOther)
	bob.Get("/experts/asked").See("How do I weld this?")
	bob.Post(thread+"/posts/"+post+"/restoration", nil).Status(http.StatusSeeOther)
	bob.Get("/experts/asked").NotSee("How do I weld this?")
	bob.Post(thread+"/posts", apptest.Form{"body": "And argon."}).Status(http.StatusSeeOther)
	bob.Post(thread+"/posts/"+post+"/removal", nil).Status(http.StatusSeeOther)
	bob.Get("/experts/asked").NotSee("How do I weld this?") // the other answer stands
	bob.Post(thread+"/posts/"+post+"/restoration", nil).Status(http.StatusSeeOther)
	h.As(h.mona).Get("/experts/asked").See("requests that were answered: 1", "Median time to answer", "0 hours")
	alice.Post(thread+"/acceptance", apptest.Form{"post": post}).Status(http.StatusSeeOther)
	alice.Get(thread + "-how-do-i-weld-this").Status(http.StatusOK).NotSee(thread + "/experts")
	alice.Get(thread + "/experts").Status(http.StatusFound)
	h.ask(h.alice, id, h.mona).Status(http.StatusConflict)
}

func TestARequestIsDeclinedTakenBackOrLapses(t *testing.T) {
	h := open(t)
	h.declare(h.bob, "Welding")
	h.declare(h.mona, "Welding")
	id := h.asks(h.alice, "plant")
	alice, bob, mona := h.As(h.alice), h.As(h.bob), h.As(h.mona)
	h.ask(h.alice, id, h.bob).Status(http.StatusSeeOther)
	alice.Post("/experts/requests/1/refusal", nil).Status(http.StatusForbidden)
	bob.Post("/experts/requests/1/withdrawal", nil).Status(http.StatusForbidden)
	mona.Post("/experts/requests/1/refusal", nil).Status(http.StatusNotFound)
	mona.Post("/experts/requests/1/withdrawal", nil).Status(http.StatusNotFound)
	bob.Post("/experts/requests/1/refusal", apptest.Form{"word": strings.Repeat("x", 301)}).Status(http.StatusUnprocessableEntity).See("word-1-error")
	bob.Post("/experts/requests/1/refusal", apptest.Form{"word": "Only steel."}).Status(http.StatusSeeOther)
	bob.Post("/experts/requests/1/refusal", nil).Status(http.StatusConflict)
	alice.Get("/notifications").See("Whom you asked cannot answer", "/threads/"+id+"/experts")
	alice.Get("/threads/"+id+"/experts").See("Cannot answer", "Only steel.", "Ask Mona Manager").NotSee("Ask Bob Durand")

	h.ask(h.alice, id, h.mona).Status(http.StatusSeeOther)
	alice.Post("/experts/requests/2/withdrawal", nil).Status(http.StatusSeeOther)
	mona.Get("/experts/asked").NotSee("How do I weld this?")
	mona.Get("/notifications").NotSee("asks whether you can answer")
	h.ask(h.alice, id, h.mona).Status(http.StatusSeeOther)
	h.sql("UPDATE expert_requests SET created_at = '2020-01-01 00:00:00+00:00' WHERE state = 'open'")
	mona.Get("/experts/asked").NotSee("How do I weld this?")
	alice.Get("/threads/" + id + "/experts").See("Has not answered")
	mona.Post("/experts/requests/3/refusal", nil).Status(http.StatusConflict)
}

func TestNobodyIsAskedWhoCannotBe(t *testing.T) {
	h := open(t)
	for _, who := range []*models.User{h.bob, h.mona, h.gaston} {
		h.declare(who, "Welding")
	}
	id, secret, guests := h.asks(h.alice, "plant"), h.asks(h.alice, "closed"), h.asks(h.bob, "guests")
	alice, bob := h.As(h.alice), h.As(h.bob)
	refused := func(thread string, who *models.User) {
		t.Helper()
		alice.Get("/threads/" + thread + "/experts").NotSee("Ask " + who.Name)
		h.ask(h.alice, thread, who).Status(http.StatusUnprocessableEntity).See("cannot be asked now")
	}
	refused(id, h.alice)
	refused(secret, h.mona) // who does not see it
	refused(id, h.gaston)   // nor does he
	for _, form := range []apptest.Form{nil, {"expert": "x"}, {"expert": "0"}, {"expert": "9999999999999"}} {
		alice.Post("/threads/"+id+"/experts", form).Status(http.StatusUnprocessableEntity)
	}
	alice.Post("/threads/"+id+"/experts", apptest.Form{"expert": "987654"}).Status(http.StatusNotFound)
	h.As(h.gaston).Get("/threads/" + id + "/experts").Status(http.StatusNotFound)

	// what they say themselves
	bob.Post("/experts/mine", apptest.Form{"shown": "1", "weekly": "0"}).Status(http.StatusSeeOther)
	bob.Get("/experts/mine").See(`value="0"`)
	refused(id, h.bob)
	bob.Post("/experts/mine", apptest.Form{"shown": "1", "away": h.DB.Now().AddDate(0, 0, 5).Format("2006-01-02")}).Status(http.StatusSeeOther)
	refused(id, h.bob)
	for field, values := range map[string][]string{"weekly": {"-1", "21", "many"}, "away": {"2001-01-01", "2199-01-01", "soon"}} {
		for _, value := range values {
			bob.Post("/experts/mine", apptest.Form{field: value}).Status(http.StatusUnprocessableEntity).See(field + "-error")
		}
	}
	bob.Post("/experts/mine", apptest.Form{"shown": "1"}).Status(http.StatusSeeOther)
	for kind, target := range map[string]string{"person": strconv.FormatInt(h.alice.ID, 10), "space": "plant", "thread": id} {
		bob.Post("/follows", apptest.Form{"kind": kind, "target": target, "level": "mute"}).Status(http.StatusSeeOther)
		refused(id, h.bob)
		bob.Post("/follows", apptest.Form{"kind": kind, "target": target, "level": "normal"}).Status(http.StatusSeeOther)
	}

	// people from outside ask and are asked where the space lets them
	gaston := h.As(h.gaston)
	gaston.Get("/threads/" + guests + "-how-do-i-weld-this").Status(http.StatusOK).NotSee(guests + "/experts")
	gaston.Get("/threads/" + guests + "/experts").Status(http.StatusForbidden)
	gaston.Post("/threads/"+guests+"/experts", to(h.bob)).Status(http.StatusForbidden)
	bob.Get("/threads/" + guests + "/experts").NotSee("Ask Gaston Guest")
	h.sql("UPDATE spaces SET outsiders_ask = TRUE WHERE slug = 'guests'")
	bob.Get("/threads/" + guests + "/experts").See("Ask Gaston Guest")
	own := h.asks(h.gaston, "guests")
	gaston.Get("/threads/" + own + "/experts").Status(http.StatusOK).See("Ask Bob Durand").NotSee("Mona")
	gaston.Post("/threads/"+own+"/experts", to(h.mona)).Status(http.StatusNotFound) // of whom he does not know
	gaston.Post("/threads/"+own+"/experts", to(h.bob)).Status(http.StatusSeeOther)
}

func TestWhoHidesAsksNobodyByName(t *testing.T) {
	h := open(t)
	h.sql("UPDATE spaces SET nameless = TRUE")
	h.declare(h.bob, "Welding")
	where := h.As(h.alice).Post("/threads", apptest.Form{"space": "plant", "kind": "question", "title": "Who welds badly?", "body": "I saw it.", "tags": "welding", "anonymity": "hidden"}).Status(http.StatusSeeOther).Header.Get("Location")
	id, _, _ := strings.Cut(strings.TrimPrefix(where, "/threads/"), "-")
	h.As(h.alice).Get("/threads/" + id + "/experts").Status(http.StatusForbidden)
	h.ask(h.alice, id, h.bob).Status(http.StatusForbidden)
	h.As(h.mona).Get("/threads/" + id + "/experts").Status(http.StatusOK).See("Ask Bob Durand")
	header := http.Header{"Authorization": {"Bearer " + h.Token(h.alice, models.ScopeWrite)}, "Content-Type": {"application/json"}}
	h.Visitor().Do("POST", "/api/v1/threads/"+id+"/experts", strings.NewReader(`{"expert":`+to(h.bob)["expert"]+`}`), header).Status(http.StatusForbidden)
}

func TestTheLastPlaceOfAWeekIsGivenOnce(t *testing.T) {
	h := open(t)
	h.declare(h.bob, "Welding")
	h.As(h.bob).Post("/experts/mine", apptest.Form{"shown": "1", "weekly": "1"}).Status(http.StatusSeeOther)
	askers := []*models.User{h.alice, h.mona, h.Person("Nora Neuf", models.RoleEmployee), h.Person("Omar Neuf", models.RoleEmployee)}
	codes := make(chan int, len(askers))
	clients, threads := make([]*apptest.Client, len(askers)), make([]string, len(askers))
	for i, asker := range askers {
		clients[i], threads[i] = h.As(asker), h.asks(asker, "plant")
	}
	for i := range askers {
		go func() { codes <- clients[i].Post("/threads/"+threads[i]+"/experts", to(h.bob)).StatusCode }()
	}
	asked := 0
	for range askers {
		if <-codes == http.StatusSeeOther {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("%d have asked the one who may be asked once", asked)
	}
}

func TestAskingHasItsBounds(t *testing.T) {
	h := open(t)
	people := []*models.User{h.bob, h.mona, h.Person("Nora Neuf", models.RoleEmployee), h.Person("Omar Neuf", models.RoleEmployee)}
	for _, who := range people {
		h.declare(who, "Welding")
	}
	id := h.asks(h.alice, "plant")
	for _, who := range people[:3] {
		h.ask(h.alice, id, who).Status(http.StatusSeeOther)
	}
	h.ask(h.alice, id, people[3]).Status(http.StatusUnprocessableEntity).See("being waited for already")
	h.sql("UPDATE expert_requests SET state = 'withdrawn'")
	for range 7 {
		h.ask(h.alice, h.asks(h.alice, "plant"), people[3])
		h.sql("UPDATE expert_requests SET state = 'withdrawn'")
	}
	h.ask(h.alice, id, people[3]).Status(http.StatusUnprocessableEntity).See("many people today")
}

func TestWhatWasWrittenBeforeIsNoAnswer(t *testing.T) {
	h := open(t)
	h.declare(h.bob, "Welding")
	id, bob := h.asks(h.alice, "plant"), h.As(h.bob)
	said := bob.Post("/threads/"+id+"/posts", apptest.Form{"body": "Which steel?"}).Status(http.StatusSeeOther).Header.Get("Location")
	_, post, _ := strings.Cut(said, "#post-")
	bob.Post("/threads/"+id+"/posts/"+post+"/removal", nil).Status(http.StatusSeeOther)
	h.ask(h.alice, id, h.bob).Status(http.StatusSeeOther)
	bob.Post("/threads/"+id+"/posts/"+post+"/restoration", nil).Status(http.StatusSeeOther)
	bob.Get("/experts/asked").See("How do I weld this?")

	h.sql("UPDATE expert_requests SET created_at = '2020-01-01 00:00:00+00:00'")
	bob.Post("/threads/"+id+"/posts", apptest.Form{"body": "With less current."}).Status(http.StatusSeeOther)
	h.As(h.alice).Get("/threads/" + id + "/experts").See("Has not answered")
}

func TestTakingBackMakesNoRoomForMore(t *testing.T) {
	h := open(t)
	h.declare(h.bob, "Welding")
	id := h.asks(h.alice, "plant")
	for range 10 {
		h.ask(h.alice, id, h.bob).Status(http.StatusSeeOther)
		h.sql("UPDATE expert_requests SET state = 'withdrawn'")
	}
	h.ask(h.alice, id, h.bob).Status(http.StatusUnprocessableEntity).See("many people today")
}

func TestProgramsAskToo(t *testing.T) {
	h := open(t)
	h.declare(h.bob, "Welding")
	id := h.asks(h.alice, "plant")
	as := func(user *models.User, scope models.Scope) func(method, path, body string) *apptest.Answer {
		header := http.Header{"Authorization": {"Bearer " + h.Token(user, scope)}, "Content-Type": {"application/json"}}
		return func(method, path, body string) *apptest.Answer {
			return h.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), header)
		}
	}
	alice, bob, mona := as(h.alice, models.ScopeWrite), as(h.bob, models.ScopeWrite), as(h.mona, models.ScopeRead)
	alice("GET", "/threads/"+id+"/experts", "").Status(http.StatusOK).See(`"name":"Bob Durand"`, `"requests":[]`)
	alice("POST", "/threads/"+id+"/experts", `{"expert":`+to(h.bob)["expert"]+`}`).Status(http.StatusCreated).See(`"state":"open"`)
	alice("POST", "/threads/"+id+"/experts", `{"expert":`+to(h.bob)["expert"]+`}`).Status(http.StatusUnprocessableEntity)
	alice("POST", "/threads/987654/experts", `{"expert":1}`).Status(http.StatusNotFound)
	bob("GET", "/experts/requests", "").Status(http.StatusOK).See(`"thread":` + id)
	mona("GET", "/experts/figures", "").Status(http.StatusOK).See(`"asked":1`, `"open":1`)
	alice("GET", "/experts/figures", "").Status(http.StatusForbidden)
	bob("POST", "/experts/requests/1/refusal", `{"word":"No."}`).Status(http.StatusOK).See(`"state":"declined"`)
	alice("DELETE", "/experts/requests/1", "").Status(http.StatusConflict)
	bob("PUT", "/experts/choice", `{"shown":true,"weekly":2}`).Status(http.StatusOK)
	bob("GET", "/experts/choice", "").See(`"weekly":2`, `"away_until":null`)
	bob("PUT", "/experts/choice", `{"shown":true,"weekly":99}`).Status(http.StatusUnprocessableEntity)
}

func TestManyWhoSayTheSameHideNobodyWhomSomebodyVouchesFor(t *testing.T) {
	h := open(t)
	id := h.declare(h.bob, "Excel")
	h.As(h.alice).Post(page(h.bob)+"/skills/"+id, apptest.Form{"endorsed": "1"}).Status(http.StatusSeeOther)
	for n := range models.MostExperts + 5 {
		who := h.Person("Crowd "+strconv.Itoa(n), models.RoleEmployee)
		h.Tx(h.Actor(who), func(tx *models.Tx) error { _, _, err := tx.DeclareSkill("Excel"); return err })
	}
	last := h.Person("Newest Newer", models.RoleEmployee)
	h.Tx(h.Actor(last), func(tx *models.Tx) error {
		_, _, err := tx.DeclareSkill("excel")
		return err
	})
	h.sql("UPDATE person_skills SET created_at = '2020-01-01 00:00:00+00:00' WHERE user_id <> " + strconv.FormatInt(last.ID, 10))
	h.As(h.mona).Get("/experts?q=excel").Status(http.StatusOK).See("Bob Durand", "Newest Newer")
}

func TestAnErasedPersonTakesTheirOwnTermsAlong(t *testing.T) {
	h := open(t)
	h.declare(h.bob, "Secret craft of Bob")
	id := h.declare(h.bob, "Welding")
	h.declare(h.alice, "Welding")
	h.As(h.alice).Post(page(h.bob)+"/skills/"+id, apptest.Form{"endorsed": "1"}).Status(http.StatusSeeOther)
	h.Tx(nil, func(tx *models.Tx) error {
		erasure, err := tx.AskErasure(h.bob.ID, models.RuleKeep, h.DB.Now())
		if err != nil {
			return err
		}
		return tx.BeginErasure(erasure, "", "")
	})
	h.As(h.mona).Get("/experts/terms").Status(http.StatusOK).See("Welding", "1 person").NotSee("Secret craft")
}

func TestASearchNamesPeopleWhoKnow(t *testing.T) {
	h := open(t)
	h.declare(h.alice, "Welding")
	secret := h.answered("closed", "Which merger comes?", "mergers", h.alice, h.bob)
	h.Settle()
	mona, alice := h.As(h.mona), h.As(h.alice)
	mona.Get("/search?q=welding").Status(http.StatusOK).See("People who know", "Alice Martin", "Knows about Welding")
	mona.Get("/search?q=mergers").NotSee("Bob Durand", "People who know")
	alice.Get("/search?q=mergers").See("Bob Durand", "#mergers")
	alice.Post(secret+"/withdrawal", nil).Status(http.StatusSeeOther)
	alice.Get("/search?q=mergers").NotSee("People who know") // before the log is read
	h.As(h.gaston).Get("/search?q=welding").Status(http.StatusOK).NotSee("Alice Martin")
	h.Visitor().Get("/search?q=welding").NotSee("People who know")
}
