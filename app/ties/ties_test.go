package ties_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// house has a space of the company, another one, and one that few may see; mona leads all, and paul only the second.
type house struct {
	*apptest.Site
	t                      *testing.T
	alice, bob, mona, paul *models.User
	thread, idea           string // a thread of alice's, and an idea of bob's
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t), t: t}
	h.alice, h.bob, h.mona, h.paul = h.Person("Alice", models.RoleEmployee), h.Person("Bob", models.RoleEmployee), h.Person("Mona", models.RoleEmployee), h.Person("Paul", models.RoleEmployee)
	h.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	h.Space("lab", models.Company, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.paul: models.SpaceManager})
	h.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.bob: models.SpaceMember})
	h.thread = h.made(h.As(h.alice).Post("/threads", apptest.Form{"space": "ateliers", "kind": "question", "title": "How tight is a flange?", "body": "It *leaks* twice a week.", "tags": "Seals"}))
	h.As(h.bob).Post("/threads/"+h.thread+"/posts", apptest.Form{"body": "Very."}).Status(303)
	h.idea = h.propose(h.bob, "ateliers", "Torque cards")
	return h
}

var numbered = regexp.MustCompile(`^/(?:threads|ideas)/(\d+)`)

func (h *house) made(answer *apptest.Answer) string {
	h.t.Helper()
	found := numbered.FindStringSubmatch(answer.Status(http.StatusSeeOther).Header.Get("Location"))
	if found == nil {
		h.t.Fatalf("led to %q", answer.Header.Get("Location"))
	}
	return found[1]
}

func (h *house) propose(by *models.User, space, title string) string {
	h.t.Helper()
	return h.made(h.As(by).Post("/ideas", apptest.Form{"space": space, "title": title, "body": "On each flange."}))
}

// page is the page of an idea or a thread.
func (h *house) page(by *models.User, path string) *apptest.Answer {
	h.t.Helper()
	client := h.As(by)
	answer := client.Get(path)
	if to := answer.Header.Get("Location"); to != "" {
		answer = client.Get(to)
	}
	return answer.Status(200)
}

func TestAThreadAndAnIdeaAreTiedOnBothSides(t *testing.T) {
	h := open(t)
	ideas, threads := "/threads/"+h.thread+"/ideas", "/ideas/"+h.idea+"/threads"
	h.As(h.paul).Get(ideas).Status(403) // neither is his
	h.As(h.paul).Post(threads, apptest.Form{"thread": h.thread}).Status(403)
	h.page(h.paul, "/threads/"+h.thread).NotSee("Linked ideas")
	h.As(h.alice).Get(ideas).Status(200).See("Address of the idea")
	for _, wrong := range []string{"", "nonsense", "/threads/1", "987654"} {
		h.As(h.alice).Post(ideas, apptest.Form{"idea": wrong}).Status(422).See("There is no such idea")
	}
	for range 2 {
		h.As(h.alice).Post(ideas, apptest.Form{"idea": h.URL + "/ideas/" + h.idea + "-torque-cards"}).Status(303)
	}
	h.page(h.paul, "/threads/"+h.thread).See("Linked ideas", "Torque cards")
	h.page(h.paul, "/ideas/"+h.idea).See("Linked discussions", "How tight is a flange?")
	removal := "/threads/" + h.thread + "/ideas/" + h.idea + "/removal"
	h.As(h.paul).Post(removal, nil).Status(403)
	h.As(h.bob).Post(removal+"?from=idea", nil).Status(303)
	h.page(h.paul, "/ideas/"+h.idea).NotSee("How tight is a flange?")
	h.As(h.bob).Post(threads, apptest.Form{"thread": "#" + h.thread}).Status(303)
	h.As(h.bob).Get(threads).Status(200).See("How tight is a flange?")
	h.page(h.paul, "/threads/"+h.thread).See("Torque cards")
	h.As(h.mona).Post(removal, nil).Status(303)
	h.As(h.mona).Post("/threads/"+h.thread+"/ideas?idea="+h.idea, nil).Status(303) // what takes that back
	h.page(h.paul, "/threads/"+h.thread).See("Torque cards")
}

func TestNobodyLearnsOfATiedSideThatTheyMayNotSee(t *testing.T) {
	h := open(t)
	secret := h.propose(h.mona, "closed", "A secret")
	h.As(h.alice).Post("/threads/"+h.thread+"/ideas", apptest.Form{"idea": secret}).Status(422).See("There is no such idea").NotSee("A secret")
	h.As(h.mona).Post("/threads/"+h.thread+"/ideas", apptest.Form{"idea": secret}).Status(303)
	h.page(h.alice, "/threads/"+h.thread).NotSee("A secret")
	h.As(h.alice).Get("/threads/" + h.thread + "/ideas").Status(200).NotSee("A secret")
	h.As(h.alice).Post("/threads/"+h.thread+"/ideas/"+secret+"/removal", nil).Status(404)
	h.page(h.bob, "/threads/"+h.thread).See("A secret")
}

func TestTiesAreBoundedAndFollowAMergedThread(t *testing.T) {
	h := open(t)
	for n := range models.MostTied {
		h.As(h.mona).Post("/threads/"+h.thread+"/ideas", apptest.Form{"idea": h.propose(h.mona, "ateliers", fmt.Sprintf("Idea %d", n))}).Status(303)
	}
	h.As(h.mona).Post("/threads/"+h.thread+"/ideas", apptest.Form{"idea": h.idea}).Status(422).See("Twenty links")
	other := h.made(h.As(h.alice).Post("/threads", apptest.Form{"space": "ateliers", "kind": "discussion", "title": "Flanges again", "body": "So?"}))
	h.As(h.bob).Post("/ideas/"+h.idea+"/threads", apptest.Form{"thread": other}).Status(303)
	into := h.made(h.As(h.alice).Post("/threads", apptest.Form{"space": "ateliers", "kind": "discussion", "title": "All of it", "body": "So?"}))
	h.As(h.mona).Post("/threads/"+other+"/merge", apptest.Form{"into": into}).Status(303)
	h.page(h.paul, "/threads/"+into).See("Torque cards")
	h.page(h.paul, "/ideas/"+h.idea).See("All of it").NotSee("Flanges again")
}

func TestAThreadBecomesAnIdeaOfWhoeverBeganIt(t *testing.T) {
	h := open(t)
	form := "/ideas/new?thread=" + h.thread
	h.As(h.bob).Get(form).Status(403)
	h.As(h.paul).Get(form).Status(403)
	h.As(h.alice).Get("/ideas/new?thread=987654").Status(404)
	h.As(h.alice).Get(form).Status(200).See("How tight is a flange?", "It *leaks* twice a week.", `name="thread"`).NotSee("is logged", "read-only")
	h.As(h.mona).Get(form).Status(200).See("will belong to whoever began", "Make the discussion read-only")
	turn := apptest.Form{"thread": h.thread, "space": "lab", "title": "Tight flanges", "body": "With a card.", "once": strings.Repeat("T", 26)}
	h.As(h.bob).Post("/ideas", turn).Status(403)
	h.As(h.mona).Post("/ideas", apptest.Form{"thread": h.thread, "space": "closed", "title": "T", "body": "b"}).Status(422).See("cannot propose ideas in this space")
	turn["close"] = "1"
	idea := h.made(h.As(h.mona).Post("/ideas", turn))
	if again := h.made(h.As(h.mona).Post("/ideas", turn)); again != idea {
		t.Errorf("the same form made %s after %s", again, idea)
	}
	number, _ := strconv.ParseInt(idea, 10, 64)
	stored, err := h.DB.Idea(t.Context(), h.Actor(h.mona), number)
	if err != nil || stored.AuthorID != h.alice.ID {
		t.Errorf("the idea is by %v, %v", stored, err)
	}
	h.page(h.bob, "/ideas/"+idea).See("Tight flanges", "How tight is a flange?", "It began here", "Alice", "Bob")
	h.page(h.bob, "/threads/"+h.thread).See("Became this idea", "Tight flanges", "read-only").NotSee("Turn into an idea")
	h.As(h.alice).Post("/ideas", apptest.Form{"thread": h.thread, "space": "lab", "title": "Again", "body": "b"}).Status(422).See("has become an idea already")
	h.As(h.mona).Get("/threads/" + h.thread + "/ideas").See("One became the other").NotSee("Remove the link to “Tight")
	h.Settle()
	h.As(h.bob).Get("/search?q=tight").See("/ideas/" + idea)

	h.As(h.mona).Post("/ideas/"+idea+"/withdrawal", nil).Status(303) // which takes it back
	h.page(h.bob, "/threads/"+h.thread).NotSee("Tight flanges")
	own := h.made(h.As(h.alice).Post("/ideas", apptest.Form{"thread": h.thread, "space": "ateliers", "title": "Mine", "body": "b"}))
	h.page(h.bob, "/ideas/"+own).See("It began here")
}

func TestADraftOfAnotherIdeaStaysWhereAThreadBecomesOne(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	alice.Do(http.MethodPut, "/drafts/idea/new", strings.NewReader(`{"fields":{"title":"My other idea"}}`), http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}).Status(200)
	alice.Get("/ideas/new?thread=" + h.thread).NotSee("My other idea")
	alice.Post("/ideas", apptest.Form{"thread": h.thread, "space": "ateliers", "title": "Mine", "body": "b", "once": strings.Repeat("U", 26)}).Status(303)
	alice.Get("/ideas/new").Status(200).See("My other idea")
}

func TestAThreadOfSomebodyHiddenBecomesAnIdeaThatNamesNobody(t *testing.T) {
	h := open(t)
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE spaces SET nameless = TRUE")
	id := h.made(h.As(h.alice).Post("/threads", apptest.Form{"space": "ateliers", "kind": "discussion", "title": "Who is paid how much?", "body": "Nobody says.", "anonymity": "hidden", "once": strings.Repeat("H", 26)}))
	h.page(h.alice, "/threads/"+id).NotSee("/ideas/new?thread=") // whoever hides would be named in the log
	h.As(h.alice).Post("/ideas", apptest.Form{"space": "ateliers", "title": "Say it", "body": "All of it.", "thread": id}).Status(403)
	idea := h.made(h.As(h.mona).Post("/ideas", apptest.Form{"space": "ateliers", "title": "Say it", "body": "All of it.", "thread": id}))
	h.page(h.bob, "/ideas/"+idea).See("Hidden author").NotSee("Alice", "Mona")
	h.As(h.alice).Post("/ideas/"+idea, apptest.Form{"title": "Say it all", "body": "All of it.", "base": "1"}).Status(303)
	h.page(h.bob, "/ideas/"+idea).See("Say it all", "Hidden author").NotSee("Alice")
}
