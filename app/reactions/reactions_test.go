package reactions_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// house is one with an idea and a thread, in each of which Bob has said something.
type house struct {
	*apptest.Site
	t                            *testing.T
	alice, bob, mona, olga       *apptest.Client
	aliceUser, bobUser, monaUser *models.User
	plant                        *models.Space
	comment, message             string // the addresses of what Bob gets as reactions
}

func open(t *testing.T, options ...apptest.Option) *house {
	t.Helper()
	site := apptest.Start(t, options...)
	h := &house{Site: site, t: t, aliceUser: site.Person("Alice", models.RoleEmployee), bobUser: site.Person("Bob", models.RoleEmployee), monaUser: site.Person("Mona", models.RoleEmployee)}
	h.plant = site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{h.monaUser: models.SpaceManager, h.aliceUser: models.SpaceMember, h.bobUser: models.SpaceMember})
	site.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{h.monaUser: models.SpaceManager})
	site.Space("square", models.Public, nil)
	h.alice, h.bob, h.mona, h.olga = site.As(h.aliceUser), site.As(h.bobUser), site.As(h.monaUser), site.As(site.Person("Olga", models.RoleOwner))
	h.alice.Post("/ideas", apptest.Form{"space": "ateliers", "title": "Weigh the scrap", "body": "At every station."}).Status(303)
	h.alice.Post("/threads", apptest.Form{"space": "ateliers", "kind": "question", "title": "Does it leak?", "body": "Twice a week."}).Status(303)
	h.bob.Post("/ideas/1/comments", apptest.Form{"body": "It weighs fourteen kilos."}).Status(303)
	h.bob.Post("/threads/1/posts", apptest.Form{"body": "It weighs fourteen kilos."}).Status(303)
	h.comment, h.message = "/posts/2/reactions", "/posts/3/reactions"
	return h
}

// pages are where each of the posts of Bob's is shown.
func (h *house) pages() map[string]string {
	return map[string]string{h.comment: "/ideas/1-weigh-the-scrap", h.message: "/threads/1-does-it-leak"}
}

func TestAPostIsGivenSignsAndTheyAreTakenBack(t *testing.T) {
	h := open(t)
	for post, page := range h.pages() {
		t.Run(page, func(t *testing.T) {
			h.alice.Get(page).Status(200).See(`action="`+post+`"`, `name="give" value="1"`, "I agree", "React to Bob").NotSee("aria-pressed=\"true\" aria-label=\"I agree")
			h.alice.Post(post, apptest.Form{"give": "1"}).Status(303)
			h.alice.Post(post, apptest.Form{"give": "1"}).Status(303) // twice is once
			h.mona.Post(post, apptest.Form{"give": "1"}).Status(303)
			h.mona.Post(post, apptest.Form{"give": "5"}).Status(303)
			h.alice.Get(page).See(`name="take" value="1" aria-pressed="true" aria-label="I agree: 2 people, you among them"`, `name="give" value="5" aria-pressed="false" aria-label="Thank you: 1 person"`)
			h.bob.Get(page).See("I agree: 2 people").NotSee(`action="`+post+`" name`, "you among them", "React to Bob") // it is his own
			h.alice.Post(post, apptest.Form{"take": "1"}).Status(303)
			h.alice.Post(post, apptest.Form{"take": "1"}).Status(303)
			h.alice.Post(post, apptest.Form{"take": "5"}).Status(303) // which is Mona's
			h.alice.Get(page).See("I agree: 1 person", "Thank you: 1 person").NotSee("you among them")
		})
	}
}

func TestAScriptIsAnsweredWithTheBarAlone(t *testing.T) {
	h := open(t)
	header := http.Header{"Ruche-In-Place": {"1"}, "Content-Type": {"application/x-www-form-urlencoded"}}
	answer := h.alice.Do("POST", h.message, strings.NewReader("give=2"), header).Status(200).See("<reaction-bar", `name="take" value="2"`).NotSee("<html", "fourteen")
	if !strings.HasPrefix(strings.TrimSpace(answer.Text), "<reaction-bar") {
		t.Error(answer.Text)
	}
	h.alice.Do("POST", h.message, strings.NewReader("take=2"), header).Status(200).See("<reaction-bar").NotSee(`name="take"`)
}

// TestWithoutScriptsASignIsChosenOnAPageOfItsOwn follows the menu of a message where no script fills it.
func TestWithoutScriptsASignIsChosenOnAPageOfItsOwn(t *testing.T) {
	h := open(t)
	for post, page := range h.pages() {
		h.alice.Get(page).See(`href="`+post+`#choose"`, "Choose a sign", `id="reaction-signs"`)
		h.alice.Get(post).Status(200).See(`action="`+post+`"`, `name="give" value="1" aria-pressed="false"`, `name="give" value="5"`)
		h.alice.Post(post, apptest.Form{"give": "1"}).Status(303)
		h.alice.Get(post).See(`name="take" value="1" aria-pressed="true"`, `name="give" value="5"`).NotSee(`name="give" value="1"`)
		h.bob.Get(post).Status(200).NotSee(`name="give"`, `name="take"`) // it is his own
	}
}

func TestWhereNoSignIsTaken(t *testing.T) {
	h := open(t)
	for post, page := range h.pages() {
		h.bob.Post(post, apptest.Form{"give": "1"}).Status(403) // one's own
		h.alice.Post(post, apptest.Form{"give": "99"}).Status(422)
		h.alice.Post(post, apptest.Form{"give": "x"}).Status(422)
		h.alice.Post(post, nil).Status(303) // nothing, which takes nothing back
		h.Visitor().Post(post, apptest.Form{"give": "1"}).Status(303)
		h.alice.Post(post, apptest.Form{"give": "1"}).Status(303)
		h.Visitor().Get(page).Status(404)
	}
	h.alice.Post("/posts/999/reactions", apptest.Form{"give": "1"}).Status(404)

	h.mona.Post("/threads/1/closure", apptest.Form{"closed": "1", "reason": "Done."}).Status(303)
	h.mona.Get("/threads/1-does-it-leak").See("I agree: 1 person").NotSee(`name="give"`)
	h.mona.Post(h.message, apptest.Form{"give": "1"}).Status(409)
	h.alice.Get("/threads/1-does-it-leak").See(`name="take" value="1"`)
	h.alice.Post(h.message, apptest.Form{"take": "1"}).Status(303) // what one gave one may take back

	h.mona.Post("/ideas/1/comments/2/removal", nil).Status(303)
	h.mona.Get("/ideas/1-weigh-the-scrap").NotSee("I agree: 1 person", "/posts/2/reactions")
	h.mona.Post(h.comment, apptest.Form{"give": "1"}).Status(409)
	h.alice.Post(h.comment, apptest.Form{"take": "1"}).Status(409)
	h.mona.Get(h.comment).Status(404)
	h.mona.Post("/ideas/1/comments/2/restoration", nil).Status(303)
	h.mona.Get("/ideas/1-weigh-the-scrap").See("I agree: 1 person")
	h.alice.Post("/ideas/1/withdrawal", nil).Status(303)
	h.bob.Post(h.comment, apptest.Form{"take": "1"}).Status(404)
	h.mona.Post(h.comment, apptest.Form{"give": "1"}).Status(409)
}

func TestWhoDoesNotSeeAPlaceLearnsNothingOfItsReactions(t *testing.T) {
	h := open(t)
	h.mona.Post("/ideas", apptest.Form{"space": "closed", "title": "A secret", "body": "Of some."}).Status(303)
	h.mona.Post("/ideas/2/comments", apptest.Form{"body": "Hush."}).Status(303)
	for _, client := range []*apptest.Client{h.alice, h.olga} {
		client.Get("/posts/4/reactions").Status(404)
		client.Post("/posts/4/reactions", apptest.Form{"give": "1"}).Status(404)
		client.Post("/posts/4/reactions", apptest.Form{"take": "1"}).Status(404)
	}
}

func TestWhoReactedIsKnownToWhomTheyMayKnow(t *testing.T) {
	h := open(t)
	gaston, petra := h.Person("Gaston", models.RoleExternal), h.Person("Petra", models.RoleEmployee)
	h.bob.Post("/ideas", apptest.Form{"space": "square", "title": "For all", "body": "To read."}).Status(303)
	h.bob.Post("/ideas/2/comments", apptest.Form{"body": "Do read."}).Status(303)
	h.As(petra).Post("/posts/4/reactions", apptest.Form{"give": "1"}).Status(303)
	h.alice.Post("/posts/4/reactions", apptest.Form{"give": "2"}).Status(303)
	h.alice.Get("/posts/4/reactions").Status(200).See("Petra", "Alice", "I agree", "Bob")
	h.alice.Get("/posts/4/reactions?sign=1").See("Petra").NotSee(`href="/people/1"`, "J’adore")
	h.alice.Get("/posts/4/reactions?sign=99").Status(404)
	h.alice.Get("/posts/4/reactions?before=x").Status(422)
	h.As(gaston).Get("/posts/4/reactions").Status(200).See("Somebody you do not know").NotSee("Petra", "Alice")
	h.Visitor().Get("/posts/4/reactions").Status(303)
	h.Visitor().Get("/ideas/2-for-all").Status(200).See("I agree: 1 person").NotSee("Petra", "/posts/4/reactions\"", `name="give"`)
	h.As(gaston).Post("/posts/4/reactions", apptest.Form{"give": "1"}).Status(403) // he is no member there
}

func TestThePagesOfPeopleFollowOneAnother(t *testing.T) {
	h := open(t)
	for i := range 53 {
		user := h.Person(fmt.Sprintf("Person %02d", i), models.RoleEmployee)
		h.give(user, 2, 1)
	}
	first := h.alice.Get(h.comment+"?sign=1").Status(200).See("Person 52", "Person 03").NotSee("Person 02")
	_, rest, _ := strings.Cut(first.Text, h.comment+"?sign=1&amp;before=")
	before, _, _ := strings.Cut(rest, `"`)
	h.alice.Get(h.comment+"?sign=1&before="+before).Status(200).See("Person 02", "Person 00").NotSee("Person 03")
}

// give gives a post a sign behind the back of the site, which is faster.
func (h *house) give(user *models.User, post, sign int64) {
	h.t.Helper()
	actor := h.Actor(user)
	h.Tx(actor, func(tx *models.Tx) error {
		given, _, err := tx.Post(h.t.Context(), actor, post)
		if err == nil {
			_, err = tx.AddReaction(given, sign)
		}
		return err
	})
}

func TestSomebodyHiddenReactsAsThemselvesAndNotToWhatTheySaid(t *testing.T) {
	h := open(t)
	h.hiddenIdea()
	h.alice.Get("/ideas/2-a-hidden-idea").Status(200)
	h.alice.Post("/ideas/2/comments", apptest.Form{"body": "As nobody."}).Status(303) // post 4, by her mask
	h.bob.Post("/ideas/2/comments", apptest.Form{"body": "And you?"}).Status(303)     // post 5
	h.alice.Get("/ideas/2-a-hidden-idea").See(`action="/posts/5/reactions"`).NotSee(`action="/posts/4/reactions"`)
	h.alice.Post("/posts/4/reactions", apptest.Form{"give": "1"}).Status(403)
	h.alice.Post("/posts/5/reactions", apptest.Form{"give": "1"}).Status(303)
	h.bob.Get("/posts/5/reactions").See("Alice").NotSee("Hidden author")
	h.bob.Post("/posts/4/reactions", apptest.Form{"give": "1"}).Status(303)
	h.bob.Get("/posts/4/reactions").See("Hidden author").NotSee("Alice")
}

// hiddenIdea has Alice post an idea, the second, of whose author no page tells.
func (h *house) hiddenIdea() {
	h.t.Helper()
	h.Tx(h.Actor(h.aliceUser), func(tx *models.Tx) error {
		if _, err := tx.Hide(models.HiddenAuthors, ""); err != nil {
			return err
		}
		return tx.CreateIdea(&models.Idea{SpaceID: h.plant.ID, AuthorID: tx.Actor().ID, Title: "A hidden idea", Body: "By whom?", HTML: "<p>By whom?</p>", Anonymity: models.HiddenAuthors})
	})
}

func TestTheCompanyChoosesTheSet(t *testing.T) {
	h := open(t)
	for _, client := range []*apptest.Client{h.alice, h.mona} {
		client.Get("/reactions").Status(403)
		client.Post("/reactions", apptest.Form{"emoji": "🚀", "name_en": "Go", "name_fr": "Allez"}).Status(403)
		client.Post("/reactions/1/retirement", apptest.Form{"retired": "1"}).Status(403)
	}
	h.Visitor().Get("/reactions").Status(303)
	h.olga.Get("/reactions").Status(200).See("👍", "I agree", "D’accord", "Thank you")
	for _, bad := range []string{"", "A", "1", "🚀🚀", "<b>", "🇫", "👍", "❤", "\u200d", strings.Repeat("👩\u200d", 20)} {
		h.olga.Post("/reactions", apptest.Form{"emoji": bad, "name_en": "Go", "name_fr": "Allez"}).Status(422).See(`id="emoji-error"`)
	}
	h.olga.Post("/reactions", apptest.Form{"emoji": "🚀", "name_en": " ", "name_fr": strings.Repeat("x", 41)}).Status(422).See(`id="name_en-error"`, `id="name_fr-error"`, `value="🚀"`)
	h.olga.Post("/reactions", apptest.Form{"emoji": " 🚀 ", "name_en": "Go", "name_fr": "Allez"}).Status(303)
	for _, emoji := range []string{"👩🏽‍🔬", "🇫🇷", "🏴‍☠️", "🐝", "⭐"} {
		h.olga.Post("/reactions", apptest.Form{"emoji": emoji, "name_en": "More", "name_fr": "Plus"}).Status(303)
	}
	h.olga.Post("/reactions", apptest.Form{"emoji": "🌱", "name_en": "Too many", "name_fr": "Trop"}).Status(422).See("at most 12")
	h.olga.Post("/reactions/7", apptest.Form{"name_en_7": "Off we go", "name_fr_7": ""}).Status(422).See(`id="name_fr_7-error"`)
	h.olga.Post("/reactions/7", apptest.Form{"name_en_7": "Off we go", "name_fr_7": "En route"}).Status(303)
	h.olga.Post("/reactions/99", apptest.Form{"name_en_99": "Off", "name_fr_99": "En"}).Status(404)
	h.olga.Post("/reactions/2/step", apptest.Form{"to": "up"}).Status(303)
	h.olga.Post("/reactions/2/step", apptest.Form{"to": "up"}).Status(303) // it is the first
	h.olga.Post("/reactions/2/step", apptest.Form{"to": "away"}).Status(422)
	page := h.alice.Get("/threads/1-does-it-leak").See("Off we go").Text
	if strings.Index(page, "I love it") > strings.Index(page, "I agree") {
		t.Error("the order is not the company's")
	}

	h.alice.Post(h.message, apptest.Form{"give": "1"}).Status(303)
	h.olga.Post("/reactions/1/retirement", apptest.Form{"retired": "1"}).Status(303)
	h.mona.Get("/threads/1-does-it-leak").See("I agree: 1 person").NotSee(`name="give" value="1"`)
	h.mona.Post(h.message, apptest.Form{"give": "1"}).Status(422)
	h.alice.Get("/threads/1-does-it-leak").See(`name="take" value="1"`)
	h.olga.Post("/reactions", apptest.Form{"emoji": "🌱", "name_en": "Now", "name_fr": "Enfin"}).Status(303)
	h.olga.Post("/reactions/1/retirement", apptest.Form{"retired": "0"}).Status(422).See("at most 12")
	h.olga.Post("/reactions/1/retirement", apptest.Form{"retired": "maybe"}).Status(422)
	h.olga.Get("/audit").See("changed the set of reactions", "reacted to a message")
}

func TestAuthorsAreToldOnceADayAndOnlyOfWhatTheyMayRead(t *testing.T) {
	now := time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)
	h := open(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	round := func() {
		h.t.Helper()
		if err := h.Jobs.Plan(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := h.Jobs.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	h.alice.Post(h.comment, apptest.Form{"give": "1"}).Status(303)
	h.alice.Post(h.message, apptest.Form{"give": "2"}).Status(303)
	h.mona.Post(h.message, apptest.Form{"give": "2"}).Status(303)
	const line = "Your contributions were appreciated 3 times on 28 Nov, by 2 people"
	round()
	h.bob.Get("/notifications").NotSee("appreciated")
	now = time.Date(2026, 11, 29, 5, 0, 0, 0, time.UTC) // six in Paris: too early
	round()
	h.bob.Get("/notifications").NotSee("appreciated")
	for range 3 {
		now = now.Add(3 * time.Hour)
		round()
	}
	told := h.bob.Get("/notifications").See(line).Text
	if strings.Count(told, "Your contributions were appreciated") != 1 {
		t.Error("told more than once")
	}
	h.alice.Get("/notifications").NotSee("appreciated")
	h.bob.Get("/appreciation?day=2026-11-28").Status(200).See("Weigh the scrap", "Does it leak?", "I love it: 2 people", "fourteen")
	h.bob.Get("/appreciation?day=2026-11-27").Status(200).See("Nothing on this day")
	h.bob.Get("/appreciation?day=tomorrow").Status(404)
	h.alice.Get("/appreciation?day=2026-11-28").NotSee("fourteen")
	now = now.Add(24 * time.Hour)
	round()
	if text := h.bob.Get("/notifications").Text; strings.Count(text, "Your contributions were appreciated") != 1 {
		t.Error("told of a day without anything")
	}

	h.alice.Post(h.message, apptest.Form{"give": "3"}).Status(303)
	h.alice.Post(h.comment, apptest.Form{"give": "3"}).Status(303)
	h.bob.Post("/follows", apptest.Form{"kind": "thread", "target": "1", "level": "mute"}).Status(303)
	now = now.Add(24 * time.Hour)
	round()
	h.bob.Get("/notifications").See("appreciated once on 30 Nov, by 1 person")
	h.mona.Post("/ideas/1/withdrawal", nil).Status(303)
	h.bob.Get("/appreciation?day=2026-11-30").See("Nothing on this day").NotSee("Weigh the scrap")
}

func TestOneReactionWakesNeitherSearchNorNotices(t *testing.T) {
	h := open(t)
	h.alice.Post(h.message, apptest.Form{"give": "1"}).Status(303)
	h.Settle()
	h.bob.Get("/notifications").NotSee("react")
	var events []models.Event
	h.Tx(nil, func(tx *models.Tx) (err error) {
		events, err = tx.EventsAfter(t.Context(), 0, 500)
		return err
	})
	last := events[len(events)-1]
	if room, ok := last.RoomOf(); last.Verb != models.PostReacted || !ok || room != (models.Room{Kind: "thread", ID: 1}) || last.Security {
		t.Errorf("%+v is no news of the thread", last)
	}
	var data map[string]int64
	if err := last.Decode(&data); err != nil || data["sign"] != 1 || data["thread"] != 1 {
		raw, _ := json.Marshal(data)
		t.Errorf("%s %v", raw, err)
	}
}
