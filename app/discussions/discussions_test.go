package discussions_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// house has a space of the company and one that few may see; mona leads both.
type house struct {
	*apptest.Site
	t                       *testing.T
	alice, bob, mona, karen *models.User
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t), t: t}
	h.alice, h.bob, h.mona = h.Person("Alice", models.RoleEmployee), h.Person("Bob", models.RoleEmployee), h.Person("Mona", models.RoleEmployee)
	h.karen = h.Person("Karen", models.RoleExternal)
	h.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.alice: models.SpaceMember, h.bob: models.SpaceMember})
	h.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	return h
}

var threadAddress = regexp.MustCompile(`^/threads/(\d+)`)

func question(title string) apptest.Form {
	return apptest.Form{"space": "ateliers", "kind": "question", "title": title, "body": "It *leaks* twice a week.", "tags": "Seals, water"}
}

// begin begins a thread and returns its number.
func (h *house) begin(by *models.User, form apptest.Form) string {
	h.t.Helper()
	answer := h.As(by).Post("/threads", form).Status(http.StatusSeeOther)
	found := threadAddress.FindStringSubmatch(answer.Header.Get("Location"))
	if found == nil {
		h.t.Fatalf("led to %q", answer.Header.Get("Location"))
	}
	return found[1]
}

// say writes in a thread and returns the number of the post.
func (h *house) say(by *models.User, thread, body string) string {
	h.t.Helper()
	answer := h.As(by).Post("/threads/"+thread+"/posts", apptest.Form{"body": body}).Status(http.StatusSeeOther)
	_, post, _ := strings.Cut(answer.Header.Get("Location"), "#post-")
	return post
}

func TestAThreadIsBegunOnceListedAndRead(t *testing.T) {
	h := open(t)
	form := question("How tight is a flange?")
	form["once"] = strings.Repeat("O", 26)
	id := h.begin(h.alice, form)
	if again := h.begin(h.alice, form); again != id {
		t.Errorf("the same form began %s after %s", again, id)
	}
	form["body"] = "Something else."
	h.As(h.alice).Post("/threads", form).Status(http.StatusConflict).See("/threads/" + id)
	bob := h.As(h.bob)
	for _, list := range []string{"/discussions", "/discussions?space=ateliers", "/discussions?tag=seals", "/discussions?filter=unanswered", "/discussions?filter=new", "/discussions?filter=hot", "/discussions?kind=question"} {
		bob.Get(list).Status(200).See("How tight is a flange?", "Alice", "It leaks twice a week.")
	}
	for _, list := range []string{"/discussions?filter=solved", "/discussions?filter=mine", "/discussions?filter=following", "/discussions?filter=unread", "/discussions?kind=announcement", "/discussions?tag=air"} {
		bob.Get(list).Status(200).NotSee("How tight is a flange?")
	}
	h.As(h.alice).Get("/discussions?filter=mine").See("How tight is a flange?")
	bob.Get("/threads/"+id+"-how-tight-is-a-flange").Status(200).See("<em>leaks</em>", "I have the same question")
	h.As(h.karen).Get("/discussions").Status(200).NotSee("How tight is a flange?")
	h.As(h.karen).Get("/threads/" + id).Status(404)
}

func TestWhatIsWrongWithANewThreadIsSaidAtItsField(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	alice.Post("/threads", apptest.Form{"space": "ateliers", "kind": "discussion"}).Status(422).See("title-error", "body-error")
	h.As(h.mona).Post("/threads", apptest.Form{"kind": "discussion", "title": "A", "body": "b"}).Status(422).See("space-error")
	wrong := question("A title")
	wrong["kind"] = "announcement" // for those who lead the space
	alice.Post("/threads", wrong).Status(422).See("kind-error")
	wrong["kind"], wrong["topic"] = "question", "nowhere"
	alice.Post("/threads", wrong).Status(422).See("This topic is not open")
	wrong["space"], wrong["topic"] = "closed", ""
	alice.Post("/threads", wrong).Status(404)
	for _, list := range []string{"/discussions?filter=odd", "/discussions?kind=odd", "/discussions?cursor=odd"} {
		alice.Get(list).Status(422)
	}
	alice.Get("/discussions?space=closed").Status(404)
	alice.Get("/discussions?space=ateliers&topic=nowhere").Status(404)
}

func TestAQuestionIsSolvedByWhoAskedIt(t *testing.T) {
	h := open(t)
	id := h.begin(h.alice, question("How tight is a flange?"))
	post := h.say(h.bob, id, "45 N·m, in three passes.")
	accept := "/threads/" + id + "/acceptance"
	h.As(h.bob).Post(accept, apptest.Form{"post": post}).Status(403)
	h.As(h.alice).Post(accept, apptest.Form{"post": "987654321"}).Status(404)
	h.As(h.alice).Post(accept, apptest.Form{"post": "x"}).Status(422)
	h.As(h.alice).Post(accept, apptest.Form{"post": post}).Status(303)
	h.Settle()
	h.As(h.mona).Get("/threads/"+id+"-how-tight-is-a-flange").See("Accepted answer", "Solved")
	h.As(h.mona).Get("/discussions?filter=solved").See("How tight is a flange?")
	h.As(h.bob).Get("/notifications").See("Alice accepts your answer")
	h.As(h.bob).Post("/threads/"+id+"/posts/"+post+"/removal", nil).Status(303) // what is gone answers nothing
	h.As(h.mona).Get("/discussions?filter=solved").NotSee("How tight is a flange?")
	h.As(h.bob).Post("/threads/"+id+"/same", apptest.Form{"same": "1"}).Status(303)
	h.As(h.bob).Post("/threads/"+id+"/same", apptest.Form{"same": "1"}).Status(303)
	h.As(h.alice).Post("/threads/"+id+"/same", apptest.Form{"same": "1"}).Status(403)
	h.As(h.mona).Get("/discussions").See("1 person asks the same")
}

func TestALongThreadHasPagesAndRemembersHowFarItWasRead(t *testing.T) {
	h := open(t)
	id := h.begin(h.alice, question("How tight?"))
	for n := range 54 {
		h.say(h.alice, id, fmt.Sprintf("word-%d.", n+2))
	}
	bob, page := h.As(h.bob), "/threads/"+id+"-how-tight"
	bob.Do(http.MethodGet, page, nil, http.Header{"Sec-Purpose": {"prefetch"}}).Status(200)
	bob.Get("/discussions?filter=unread").NotSee("How tight?")
	bob.Get(page).See("word-50.", "Page 1 of 2", "from=51").NotSee("word-51.", "New since your last visit")
	bob.Get("/discussions?filter=unread").See("How tight?", "5 unread")
	bob.Get(page).See("5 new messages", page+"?from=51#unread")
	bob.Get(page+"?from=51").See("word-51.", "word-55.", "New since your last visit").NotSee("word-50.")
	bob.Get(page).NotSee("5 new messages")
	bob.Get("/discussions?filter=unread").NotSee("How tight?")
	for _, nowhere := range []string{"?from=200", "?from=0", "?from=x"} {
		bob.Get(page + nowhere).Status(404)
	}
}

func TestFollowersHearOfPostsAsCloselyAsTheyWish(t *testing.T) {
	h := open(t)
	id := h.begin(h.alice, question("How tight?")) // who begins it follows it
	level := func(user *models.User, level string) {
		h.As(user).Post("/follows", apptest.Form{"kind": "thread", "target": id, "level": level}).Status(303)
	}
	level(h.mona, "watch")
	h.say(h.bob, id, "One.")
	h.Settle()
	h.say(h.bob, id, "Two.")
	h.Settle()
	h.As(h.alice).Get("/notifications").See("Bob writes in “How tight?”, after 1 other message")
	if n := strings.Count(h.As(h.mona).Get("/notifications").Text, "Bob writes in “How tight?”"); n != 2 {
		t.Errorf("who watches was told %d times, not 2", n)
	}
	h.As(h.alice).Get("/threads/" + id + "-how-tight").Status(200) // reading it is reading its notices
	h.As(h.alice).Get("/notifications/count").NotSee("1")
	level(h.alice, "mute")
	h.say(h.bob, id, fmt.Sprintf("Three, [@Alice](/people/%d)?", h.alice.ID))
	h.Settle()
	h.As(h.alice).Get("/notifications/count").NotSee("1")
	h.As(h.alice).Post("/follows", apptest.Form{"kind": "thread", "target": id, "level": "odd"}).Status(422)
	// Once it has moved to where they see nothing, nobody hears of it.
	h.As(h.mona).Post("/threads/"+id+"/place", apptest.Form{"space": "closed"}).Status(303)
	h.As(h.alice).Get("/notifications").Status(200).NotSee("How tight?")
	h.As(h.bob).Get("/threads/" + id).Status(404)
	h.As(h.bob).Get("/discussions").NotSee("How tight?")
	h.As(h.mona).Post("/threads/"+id+"/place", apptest.Form{"space": "ateliers"}).Status(303)
	h.As(h.bob).Get("/discussions").See("How tight?")
}

func TestThoseWhoLookAfterASpacePinCloseAndSlow(t *testing.T) {
	h := open(t)
	id := h.begin(h.alice, question("How tight?"))
	h.begin(h.bob, question("Another one"))
	at := "/threads/" + id
	for path, form := range map[string]apptest.Form{"/pin": {"pinned": "1"}, "/closure": {"closed": "1"}, "/pace": {"seconds": "60"}, "/place": {"space": "ateliers"}} {
		h.As(h.bob).Post(at+path, form).Status(403)
	}
	h.As(h.bob).Get(at + "/tending").Status(403)
	mona := h.As(h.mona)
	mona.Post(at+"/pin", apptest.Form{"pinned": "1"}).Status(303)
	list := h.As(h.bob).Get("/discussions?space=ateliers").Text
	if strings.Count(list, "How tight?") != 1 || strings.Index(list, "How tight?") > strings.Index(list, "Another one") {
		t.Error("the pinned thread does not stand first, once")
	}
	mona.Post(at+"/pace", apptest.Form{"seconds": "90000"}).Status(422)
	mona.Post(at+"/pace", apptest.Form{"seconds": "600"}).Status(303)
	h.say(h.bob, id, "One.")
	h.As(h.bob).Post(at+"/posts", apptest.Form{"body": "Too early."}).Status(422).See("slowed down", "Too early.")
	h.As(h.bob).Get(at + "-how-tight").See("You can write again in 10 minutes")
	h.say(h.mona, id, "Moderators do not wait.")
	h.say(h.mona, id, "Not at all.")
	mona.Post(at+"/pace?seconds=0", nil).Status(303) // as the toast undoes it
	mona.Post(at+"/closure", apptest.Form{"closed": "1", "reason": "It is settled."}).Status(303)
	h.As(h.bob).Get(at+"-how-tight").See("read-only", "It is settled.").NotSee(`name="body"`)
	h.As(h.bob).Post(at+"/posts", apptest.Form{"body": "Too late."}).Status(422)
	mona.Post(at+"/closure?closed=0", nil).Status(303)
	h.say(h.bob, id, "Open again.")
}

func TestWhoWithdrawsAThreadBringsItBack(t *testing.T) {
	h := open(t)
	id := h.begin(h.alice, question("How tight?"))
	h.As(h.bob).Post("/threads/"+id+"/withdrawal", nil).Status(403)
	h.As(h.alice).Post("/threads/"+id+"/withdrawal", nil).Status(303)
	h.As(h.bob).Get("/threads/" + id).Status(404)
	h.As(h.bob).Get("/discussions").NotSee("How tight?")
	h.As(h.alice).Get("/threads/" + id + "-how-tight").See("withdrawn")
	h.As(h.alice).Post("/threads/"+id+"/restoration", nil).Status(303)
	h.As(h.mona).Post("/threads/"+id+"/withdrawal", nil).Status(303)
	h.As(h.alice).Post("/threads/"+id+"/restoration", nil).Status(403) // what a moderator decided stands
	h.As(h.mona).Post("/threads/"+id+"/restoration", nil).Status(303)
	h.As(h.bob).Get("/threads/" + id + "-how-tight").Status(200)
	edit := apptest.Form{"title": "How tight is it?", "base": "1"}
	h.As(h.bob).Post("/threads/"+id, edit).Status(403)
	h.As(h.alice).Post("/threads/"+id, edit).Status(303)
	h.As(h.alice).Post("/threads/"+id, edit).Status(409).See("How tight is it?")
	h.As(h.bob).Get("/discussions").See("How tight is it?")
}

func TestAnAnnouncementThatIsWithdrawnIsOutOfSightEverywhere(t *testing.T) {
	h := open(t)
	bob := h.As(h.bob)
	announce := apptest.Form{"space": "ateliers", "kind": "announcement", "title": "The line stands still", "body": "From Monday on."}
	bob.Post("/threads", announce).Status(422).See("The line stands still")
	bob.Post("/follows", apptest.Form{"kind": "space", "target": "1", "level": "watch"}).Status(303)
	id := h.begin(h.mona, announce)
	h.Settle()
	bob.Get("/notifications").See("The line stands still")
	bob.Get("/discussions").See("The line stands still")
	bob.Get("/search?q=monday").See("/threads/" + id)
	h.As(h.mona).Post("/threads/"+id+"/withdrawal", nil).Status(303)
	h.Settle()
	for _, path := range []string{"/discussions", "/discussions?kind=announcement", "/search?q=monday", "/notifications", "/", "/spaces/ateliers"} {
		bob.Get(path).NotSee("stands still", "From Monday", "/threads/"+id)
	}
	bob.Get("/threads/" + id).Status(404)
	bob.Post("/threads/"+id+"/posts", apptest.Form{"body": "Until when?"}).Status(404)
	h.As(h.mona).Get("/threads/" + id + "-the-line-stands-still").Status(200).See("withdrawn").NotSee(`name="body"`)
}

func TestTopicsAreArrangedByWhoManagesTheSpace(t *testing.T) {
	h := open(t)
	at := "/spaces/ateliers/topics"
	h.As(h.bob).Get(at).Status(403)
	h.As(h.karen).Get(at).Status(404)
	mona := h.As(h.mona)
	mona.Post(at, apptest.Form{"title": ""}).Status(422)
	for _, title := range []string{"Seals", "Seals", "Tools"} { // the second gets an address of its own
		mona.Post(at, apptest.Form{"title": title}).Status(303)
	}
	mona.Post(at+"/tools/step", apptest.Form{"to": "up"}).Status(303)
	mona.Post(at+"/tools/step", apptest.Form{"to": "sideways"}).Status(422)
	text := mona.Get(at).Status(200).See("/topics/seals-2").Text
	if strings.Index(text, "/topics/tools/step") > strings.Index(text, "/topics/seals-2/step") {
		t.Error("the topic did not move up")
	}
	mona.Post(at+"/tools", apptest.Form{"title": "Good tools"}).Status(303)
	form := question("Which key?")
	form["topic"] = "ateliers/tools"
	h.begin(h.alice, form)
	h.As(h.bob).Get("/discussions?space=ateliers&topic=tools").See("Which key?", "Good tools")
	h.As(h.bob).Get("/discussions?space=ateliers&topic=seals").NotSee("Which key?")
	mona.Post(at+"/tools/archive", apptest.Form{"archived": "1"}).Status(303)
	h.As(h.alice).Post("/threads", form).Status(422).See("This topic is not open")
	mona.Post(at+"/tools/archive?archived=0", nil).Status(303)
}
