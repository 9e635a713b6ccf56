package shifts_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// house has a space of the company, another one, and one that few may see; mona leads all, mick moderates only the first.
type house struct {
	*apptest.Site
	t                             *testing.T
	alice, bob, carl, mona, mick  *models.User
	question, answer, aside, more string // a thread of alice's with three posts: by bob, by carl, and by alice to carl
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t), t: t}
	h.alice, h.bob, h.carl = h.Person("Alice", models.RoleEmployee), h.Person("Bob", models.RoleEmployee), h.Person("Carl", models.RoleEmployee)
	h.mona, h.mick = h.Person("Mona", models.RoleEmployee), h.Person("Mick", models.RoleEmployee)
	h.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.mick: models.SpaceModerator})
	h.Space("lab", models.Company, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	h.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.bob: models.SpaceMember})
	h.question = h.begin(h.alice, "ateliers", "question", "How tight is a flange?")
	h.answer = h.say(h.bob, h.question, "45 N·m, in three passes.", "")
	h.aside = h.say(h.carl, h.question, "Who has the zirconium wrench?", "")
	h.more = h.say(h.alice, h.question, "Dora has it.", h.aside)
	return h
}

var numbered = regexp.MustCompile(`^/threads/(\d+)`)

func (h *house) number(answer *apptest.Answer) string {
	h.t.Helper()
	found := numbered.FindStringSubmatch(answer.Status(http.StatusSeeOther).Header.Get("Location"))
	if found == nil {
		h.t.Fatalf("led to %q", answer.Header.Get("Location"))
	}
	return found[1]
}

func (h *house) begin(by *models.User, space, kind, title string) string {
	h.t.Helper()
	return h.number(h.As(by).Post("/threads", apptest.Form{"space": space, "kind": kind, "title": title, "body": "It leaks twice a week."}))
}

func (h *house) say(by *models.User, thread, body, parent string) string {
	h.t.Helper()
	answer := h.As(by).Post("/threads/"+thread+"/posts", apptest.Form{"body": body, "parent": parent}).Status(http.StatusSeeOther)
	_, post, _ := strings.Cut(answer.Header.Get("Location"), "#post-")
	return post
}

// send sends a form in which a field may stand several times.
func (h *house) send(by *models.User, path string, form url.Values) *apptest.Answer {
	h.t.Helper()
	return h.As(by).Do(http.MethodPost, path, strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// chosen is a form that splits posts into a new thread.
func chosen(title string, posts ...string) url.Values {
	return url.Values{"target": {"new"}, "title": {title}, "kind": {"discussion"}, "space": {"ateliers"}, "scope": {"only"}, "post": posts}
}

func (h *house) split(form url.Values) string {
	h.t.Helper()
	return h.number(h.send(h.mona, "/threads/"+h.question+"/split", form))
}

var ends = regexp.MustCompile(`/shifts/\d+/end`)

// undo is where the last shift that a thread's page tells of is taken back.
func (h *house) undo(thread string) string {
	h.t.Helper()
	found := ends.FindAllString(h.page(h.mona, thread).Text, -1)
	if len(found) == 0 {
		h.t.Fatalf("thread %s offers to take nothing back", thread)
	}
	return found[len(found)-1]
}

// page is the page of a thread, wherever its address leads.
func (h *house) page(by *models.User, thread string) *apptest.Answer {
	h.t.Helper()
	client, path := h.As(by), "/threads/"+thread
	for range 4 {
		answer := client.Get(path)
		if path = answer.Header.Get("Location"); path == "" {
			return answer
		}
	}
	h.t.Fatalf("thread %s leads in a ring", thread)
	return nil
}

func (h *house) thread(id string) *models.ThreadDetail {
	h.t.Helper()
	number, _ := strconv.ParseInt(id, 10, 64)
	thread, err := h.DB.ThreadDetail(h.t.Context(), h.Actor(h.mona), number)
	if err != nil {
		h.t.Fatal(err)
	}
	return thread
}

// counts fails the test where a thread says something else of itself than its posts do.
func (h *house) counts(id string) {
	h.t.Helper()
	thread := h.thread(id)
	posts, err := h.DB.ThreadPosts(h.t.Context(), &thread.Thread, 1, 10_000)
	if err != nil {
		h.t.Fatal(err)
	}
	authors, active, accepted := map[int64]bool{}, thread.CreatedAt, thread.AcceptedID == nil
	var said []time.Time
	for _, post := range posts {
		authors[post.AuthorID] = true
		if post.RemovedAt == nil {
			said = append(said, post.CreatedAt)
		}
		if post.CreatedAt.After(active) {
			active = post.CreatedAt
		}
		accepted = accepted || post.ID == *thread.AcceptedID && post.RemovedAt == nil
	}
	hot := models.Rank(thread.CreatedAt, nil, said)
	writers, err := h.DB.ThreadWriters(h.t.Context(), &thread.Thread, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	if thread.PostCount != len(said) || thread.PeopleCount != len(authors) || len(writers) != len(authors) || !thread.ActiveAt.Equal(active) || thread.SameCount == 0 && math.Abs(thread.Hot-hot) > 1e-6 || !accepted {
		h.t.Errorf("thread %s says %d posts of %d people (%d write), active %v, hot %v, accepted %v; it has %d of %d, %v, %v", id, thread.PostCount, thread.PeopleCount, len(writers), thread.ActiveAt, thread.Hot,
			thread.AcceptedID, len(said), len(authors), active, hot)
	}
	if thread.PostCount > 0 && (len(posts) == 0 || posts[0].Number != 1 || posts[len(posts)-1].Number > thread.LastNumber) {
		h.t.Errorf("thread %s has posts with other numbers than it says", id)
	}
}

func TestPostsMoveToANewThreadAndBack(t *testing.T) {
	h := open(t)
	h.As(h.bob).Get("/threads/" + h.question) // somebody reads
	h.Settle()
	before := strings.Count(h.As(h.carl).Get("/notifications").See("/threads/"+h.question).Text, "row-title")
	h.As(h.mick).Get("/threads/"+h.question+"/split").Status(200).See("Who has the zirconium wrench?", "Into a new discussion")
	form := chosen("Tools", h.aside)
	form.Set("scope", "answers")
	form.Set("once", strings.Repeat("S", 26))
	made := h.split(form)
	if again := h.split(form); again != made {
		t.Errorf("the same form split into %s after %s", again, made)
	}
	h.Settle()
	h.page(h.bob, made).Status(200).See("Tools", "zirconium wrench", "Dora has it.", "2 messages came from", "How tight is a flange?").NotSee("45 N·m")
	h.page(h.bob, h.question).Status(200).See("45 N·m", "2 messages were moved to", "Tools").NotSee("zirconium", "Dora")
	for _, address := range []string{"/posts/" + h.more, "/threads/" + h.question + "/posts/" + h.more} {
		answer := h.As(h.bob).Get(address).Status(http.StatusFound)
		if to := answer.Header.Get("Location"); !strings.HasPrefix(to, "/threads/"+made) {
			t.Errorf("%s leads to %s", address, to)
		}
	}
	if to := h.thread(made); to.AuthorID != h.carl.ID || to.Summary != "Who has the zirconium wrench?" {
		t.Errorf("the new thread is by %d and begins %q", to.AuthorID, to.Summary)
	}
	h.As(h.bob).Get("/search?q=zirconium").Status(200).See("/threads/" + made).NotSee("/threads/" + h.question)
	h.As(h.carl).Get("/discussions?filter=following").See("Tools")
	if told := strings.Count(h.As(h.carl).Get("/notifications").See("/threads/"+made).Text, "row-title"); told != before {
		t.Errorf("Carl has %d notices after %d", told, before) // nobody is told again
	}
	h.counts(made)
	h.counts(h.question)

	end := h.undo(made)
	h.As(h.alice).Post(end, nil).Status(403)
	h.As(h.mick).Post(end, nil).Status(303)
	h.As(h.mick).Post(end, nil).Status(303) // the same form again
	h.Settle()
	h.page(h.bob, made).Status(200).See("How tight is a flange?", "zirconium", "Dora has it.").NotSee("were moved", "came from")
	h.As(h.bob).Get("/search?q=zirconium").Status(200).See("/threads/" + h.question)
	h.counts(h.question)
	h.say(h.bob, h.question, "And more.", h.more)
	h.counts(h.question)
}

func TestWhoMayNotSeeWhereAPostWentLearnsNothing(t *testing.T) {
	h := open(t)
	form := chosen("Secret tools", h.aside)
	form.Set("space", "closed")
	made := h.split(form) // narrower: nobody has to be asked
	h.Settle()
	for _, reader := range []*models.User{h.alice, h.mick} {
		h.As(reader).Get("/threads/" + made).Status(404)
		h.As(reader).Get("/posts/" + h.aside).Status(404)
		h.As(reader).Get("/threads/" + h.question + "/posts/" + h.aside).Status(404)
		h.page(reader, h.question).Status(200).See("Dora has it.").NotSee("Secret tools", "moved to", "Carl")
		h.As(reader).Get("/search?q=zirconium").Status(200).NotSee("/threads/" + made)
	}
	h.As(h.alice).Post("/threads/"+h.question+"/posts", apptest.Form{"body": "To you, Carl.", "parent": h.aside}).Status(422)
	h.page(h.bob, h.question).See("Secret tools", "/posts/"+h.aside, "Carl") // he sees both, and the answer still leads to what it answers
	h.page(h.bob, made).See("How tight is a flange?").NotSee("Take back")
	h.As(h.mick).Post(h.undo(made), nil).Status(404)
	h.counts(h.question)
	h.counts(made)
}

func TestWhatWasWrittenForFewIsReadByOthersOnlyIfThatIsSaid(t *testing.T) {
	h := open(t)
	secret := h.begin(h.mona, "closed", "discussion", "A secret")
	post := h.say(h.bob, secret, "Hush.", "")
	form := chosen("Out", post)
	h.send(h.mona, "/threads/"+secret+"/split", form).Status(422).See("may read them", `name="widen"`)
	h.As(h.mona).Post("/threads/"+secret+"/merge", apptest.Form{"into": h.question}).Status(422).See("may read them")
	h.page(h.alice, h.question).NotSee("Hush")
	form.Set("widen", "1")
	h.number(h.send(h.mona, "/threads/"+secret+"/split", form))
}

func TestASplitIsRefused(t *testing.T) {
	h := open(t)
	other, path := h.begin(h.alice, "lab", "discussion", "Elsewhere"), "/threads/"+h.question+"/split"
	h.As(h.alice).Get(path).Status(403) // it is hers, and she does not moderate
	h.send(h.alice, path, chosen("T", h.aside)).Status(403)
	h.As(h.alice).Get("/threads/987654/split").Status(404)
	opening := strconv.FormatInt(h.first(h.question), 10)
	for name, form := range map[string]url.Values{
		"nothing":    chosen("T"),
		"opening":    chosen("T", opening),
		"no title":   chosen("", h.aside),
		"elsewhere":  chosen("T", strconv.FormatInt(h.first(other), 10)),
		"odd":        chosen("T", "odd"),
		"space":      with(chosen("T", h.aside), "space", "closed-to-me"),
		"kind":       with(chosen("T", h.aside), "kind", "poll"),
		"scope":      with(chosen("T", h.aside), "scope", "odd"),
		"topic":      with(chosen("T", h.aside), "topic", "ateliers/nowhere"),
		"itself":     with(with(chosen("T", h.aside), "target", "other"), "into", h.question),
		"unknown":    with(with(chosen("T", h.aside), "target", "other"), "into", "nonsense"),
		"not his":    with(with(chosen("T", h.aside), "target", "other"), "into", other),
		"not his II": with(chosen("T", h.aside), "space", "lab"),
	} {
		if answer := h.send(h.mick, path, form); answer.StatusCode != 422 {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
	h.As(h.carl).Post("/threads/"+h.question+"/posts/"+h.aside+"/removal", nil).Status(303)
	h.send(h.mona, path, chosen("T", h.aside)).Status(422).See("Look again")
	made := h.split(with(chosen("Tools", h.answer), "scope", "rest")) // a deleted parent stays
	h.page(h.mona, made).See("45 N·m", "Dora has it.")
	h.send(h.mona, path, chosen("T", h.answer)).Status(422).See("Look again")
	h.counts(h.question)
	h.counts(made)
}

func with(form url.Values, name, value string) url.Values {
	form.Set(name, value)
	return form
}

// first is the opening post of a thread.
func (h *house) first(id string) int64 {
	h.t.Helper()
	posts, err := h.DB.ThreadPosts(h.t.Context(), &h.thread(id).Thread, 1, 1)
	if err != nil || len(posts) == 0 {
		h.t.Fatal(err)
	}
	return posts[0].ID
}

func TestPostsMoveIntoAnExistingThread(t *testing.T) {
	h := open(t)
	tools := h.begin(h.bob, "lab", "discussion", "Tools")
	h.say(h.alice, tools, "The list.", "")
	h.As(h.alice).Post("/threads/"+h.question+"/acceptance", apptest.Form{"post": h.answer}).Status(303)
	form := chosen("", h.answer, h.aside)
	form.Set("target", "other")
	form.Set("into", h.URL+"/threads/"+tools+"-tools?from=1")
	if made := h.split(form); made != tools {
		t.Fatalf("moved to %s", made)
	}
	h.page(h.alice, tools).Status(200).See("The list.", "45 N·m", "zirconium", "2 messages came from")
	h.page(h.alice, h.question).See("Dora has it.", "/posts/"+h.aside).NotSee("Accepted answer")
	if thread := h.thread(tools); thread.AuthorID != h.bob.ID || thread.LastNumber != 4 {
		t.Errorf("the other thread is by %d and ends with %d", thread.AuthorID, thread.LastNumber)
	}
	h.say(h.alice, tools, "So be it.", h.aside) // which does not keep the others from going back
	h.counts(tools)
	h.counts(h.question)
	h.As(h.mona).Post(h.undo(tools), nil).Status(303)
	h.page(h.alice, tools).See("So be it.", "The list.").NotSee("45 N·m", "zirconium")
	h.page(h.alice, h.question).See("45 N·m", "zirconium", "Accepted answer")
	h.counts(tools)
	h.counts(h.question)
}

func TestAThreadGoesOnInAnotherAndComesBack(t *testing.T) {
	h := open(t)
	same := h.begin(h.bob, "ateliers", "question", "Flange: how tight?")
	good := h.say(h.carl, same, "Ask the zircon book.", "")
	h.As(h.bob).Post("/threads/"+same+"/acceptance", apptest.Form{"post": good}).Status(303)
	h.As(h.mick).Post("/threads/"+same+"/same", apptest.Form{"same": "1"}).Status(303)
	h.As(h.carl).Post("/follows", apptest.Form{"kind": "thread", "target": same, "level": "mute"}).Status(303)
	h.As(h.mick).Get("/threads/" + same + "/merge").Status(200).See("Its 2 messages")
	h.As(h.bob).Post("/threads/"+same+"/merge", apptest.Form{"into": h.question}).Status(403)
	h.As(h.mick).Post("/threads/"+same+"/merge", apptest.Form{"into": same}).Status(422)
	h.As(h.mick).Post("/threads/"+same+"/merge", apptest.Form{"into": "987654"}).Status(422)
	for range 2 { // the same form twice
		if into := h.number(h.As(h.mick).Post("/threads/"+same+"/merge", apptest.Form{"into": "#" + h.question})); into != h.question {
			t.Fatalf("merged into %s", into)
		}
	}
	h.Settle()
	h.page(h.alice, same).Status(200).See("How tight is a flange?", "It leaks twice a week.", "Ask the zircon book.", "Accepted answer", "2 messages came from the merged discussion", "Flange: how tight?")
	for _, path := range []string{"/edit", "/split", "/tending"} {
		h.As(h.mick).Get("/threads/" + same + path).Status(404)
	}
	h.As(h.bob).Post("/threads/"+same+"/restoration", nil).Status(404)
	h.As(h.bob).Get("/discussions").See("How tight is a flange?").NotSee("Flange: how tight?")
	h.As(h.bob).Get("/search?q=zircon").See("/threads/" + h.question)
	h.As(h.bob).Get("/discussions?filter=following").See("How tight is a flange?")
	if thread := h.thread(h.question); thread.SameCount != 1 || thread.LastNumber != 6 {
		t.Errorf("%d ask the same, the last number is %d", thread.SameCount, thread.LastNumber)
	}
	late := h.say(h.bob, same, "Written while it was merged.", "") // the form was open
	h.As(h.bob).Get("/posts/" + late).Status(302)

	h.As(h.mona).Post(h.undo(h.question), nil).Status(303)
	h.Settle()
	h.page(h.bob, same).Status(200).See("Flange: how tight?", "Ask the zircon book.", "Accepted answer").NotSee("while it was merged")
	h.page(h.bob, h.question).Status(200).See("while it was merged").NotSee("zircon book", "Accepted answer")
	h.counts(same)
	if thread := h.thread(h.question); thread.SameCount != 0 {
		t.Errorf("%d ask the same", thread.SameCount)
	}
	h.counts(h.question)
}

func TestWhereAThreadGoesOnIsToldToThoseWhoMayReadIt(t *testing.T) {
	h := open(t)
	secret := h.begin(h.mona, "closed", "discussion", "A secret")
	h.number(h.As(h.mona).Post("/threads/"+h.question+"/merge", apptest.Form{"into": secret}))
	h.As(h.alice).Get("/threads/" + h.question).Status(404)
	h.As(h.alice).Get("/posts/" + h.answer).Status(404)
	h.As(h.alice).Post("/threads/"+h.question+"/posts", apptest.Form{"body": "x"}).Status(404)
	h.page(h.bob, h.question).Status(200).See("A secret", "45 N·m")
}

func TestAPollStaysWhereItWasAsked(t *testing.T) {
	h := open(t)
	poll := h.begin(h.mona, "ateliers", "poll", "Which wrench?")
	closes := h.DB.Now().Add(72 * time.Hour).Format("2006-01-02")
	form := apptest.Form{"base": "0", "kind": "single", "question": "Which one?", "options": "Red\nBlue", "results": "always", "anonymous": "0", "closes_day": closes, "closes_time": "12:00"}
	h.As(h.mona).Post("/threads/"+poll+"/poll", form).Status(303)
	h.As(h.mona).Post("/threads/"+poll+"/merge", apptest.Form{"into": h.question}).Status(422).See("has a poll")
}

func TestWhatHasChangedSinceIsNotUndone(t *testing.T) {
	h := open(t)
	made := h.split(chosen("Tools", h.aside, h.more))
	end := h.undo(made)
	h.say(h.bob, made, "Mine too.", "")
	h.As(h.mona).Post(end, nil).Status(409).See("Others have written")
	again := h.number(h.send(h.mona, "/threads/"+made+"/split", chosen("Deeper", h.more)))
	h.As(h.mona).Post(end, nil).Status(409).See("have changed since")
	h.As(h.mona).Post(h.undo(again), nil).Status(303)
	h.As(h.mona).Post("/shifts/987654/end", nil).Status(404)
	for _, thread := range []string{made, h.question} {
		h.counts(thread)
	}
}

func TestTwoWhoMoveTheSamePostsDoNotBothMoveThem(t *testing.T) {
	h := open(t)
	other := h.begin(h.alice, "ateliers", "discussion", "Other")
	h.As(h.mona)
	h.As(h.mick)
	var wait sync.WaitGroup
	forms := []url.Values{chosen("One", h.aside), with(with(chosen("", h.aside, h.more), "target", "other"), "into", other)}
	statuses := make([]int, 3)
	for i, by := range []*models.User{h.mona, h.mick} {
		client := h.As(by)
		wait.Go(func() {
			statuses[i] = client.Do(http.MethodPost, "/threads/"+h.question+"/split", strings.NewReader(forms[i].Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}).StatusCode
		})
	}
	client := h.As(h.mona)
	wait.Go(func() {
		statuses[2] = client.Do(http.MethodPost, "/threads/"+other+"/merge", strings.NewReader("into="+h.question), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}).StatusCode
	})
	wait.Wait()
	moved := 0
	for _, status := range statuses {
		if status != 303 && status != 422 && status != 404 {
			t.Errorf("answered %v", statuses)
		}
		if status == 303 {
			moved++
		}
	}
	if moved == 0 {
		t.Errorf("nobody moved anything: %v", statuses)
	}
	h.counts(h.question)
}

func TestTheCountersHoldWhateverIsMoved(t *testing.T) {
	h := open(t)
	random := rand.New(rand.NewPCG(7, 11))
	threads := []string{h.question, h.begin(h.bob, "ateliers", "discussion", "Two"), h.begin(h.carl, "lab", "question", "Three")}
	people := []*models.User{h.alice, h.bob, h.carl, h.mick}
	for n := range 18 {
		h.say(people[random.IntN(len(people))], threads[random.IntN(len(threads))], fmt.Sprintf("Message %d.", n), "")
	}
	var undos []string
	for range 30 {
		thread := threads[random.IntN(len(threads))]
		number, _ := strconv.ParseInt(thread, 10, 64)
		detail, err := h.DB.ThreadDetail(t.Context(), h.Actor(h.mona), number)
		if err != nil {
			continue // it goes on in another
		}
		posts, err := h.DB.ThreadPosts(t.Context(), &detail.Thread, 2, 100)
		if err != nil {
			t.Fatal(err)
		}
		var answer *apptest.Answer
		switch kind := random.IntN(5); {
		case kind < 2 && len(posts) > 0:
			form := chosen("New", strconv.FormatInt(posts[random.IntN(len(posts))].ID, 10))
			form.Set("scope", string(models.ShiftScopes()[random.IntN(3)]))
			if random.IntN(2) == 0 {
				form.Set("target", "other")
				form.Set("into", threads[random.IntN(len(threads))])
			}
			answer = h.send(h.mona, "/threads/"+thread+"/split", form)
		case kind == 2:
			answer = h.As(h.mona).Post("/threads/"+thread+"/merge", apptest.Form{"into": threads[random.IntN(len(threads))]})
		case kind == 3 && len(undos) > 0:
			h.As(h.mona).Post(undos[random.IntN(len(undos))], nil)
		case len(posts) > 0:
			h.As(h.mona).Post("/threads/"+thread+"/posts/"+strconv.FormatInt(posts[random.IntN(len(posts))].ID, 10)+"/removal", nil)
		}
		if answer != nil && answer.StatusCode == http.StatusSeeOther {
			threads = append(threads, h.number(answer))
			undos = append(undos, ends.FindAllString(h.page(h.mona, h.number(answer)).Text, -1)...)
		}
		for _, id := range threads {
			number, _ := strconv.ParseInt(id, 10, 64)
			if _, err := h.DB.Thread(t.Context(), h.Actor(h.mona), number); err == nil {
				h.counts(id)
			}
		}
	}
	if len(undos) < 5 {
		t.Errorf("only %d shifts were made", len(undos))
	}
}

func TestFiveThousandPostsMoveInBoundedTime(t *testing.T) {
	h := open(t)
	number, _ := strconv.ParseInt(h.question, 10, 64)
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error {
		thread, err := tx.LockThread(number)
		for n := 0; n < 5000 && err == nil; n++ {
			err = tx.CreatePost(models.Place{Thread: thread}, &models.Post{AuthorID: h.alice.ID, Body: "Post.", HTML: "<p>Post.</p>"})
		}
		return err
	})
	start := time.Now()
	made := h.split(with(chosen("Long", h.answer), "scope", "rest"))
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	h.As(h.alice).Get(h.from(h.question, 101)).Status(200).See("have gone")
	h.counts(h.question)
	h.counts(made)
	start = time.Now()
	h.As(h.mona).Post(h.undo(made), nil).Status(303)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v to undo", took)
	}
	h.counts(h.question)
}

// from is the address of a thread from a number on.
func (h *house) from(id string, from int) string { return h.thread(id).PageOf(from) }
