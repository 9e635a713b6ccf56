package ties_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
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

// photo is a picture as a form brings it.
func (h *house) photo(by *models.User) (id string) {
	h.t.Helper()
	body, pixels := &bytes.Buffer{}, &bytes.Buffer{}
	form := multipart.NewWriter(body)
	part, err := form.CreateFormFile("file", "flange.png")
	if err == nil {
		err = png.Encode(pixels, image.NewGray(image.Rect(0, 0, 8, 8)))
	}
	if err == nil {
		_, err = part.Write(pixels.Bytes())
	}
	if err != nil || form.Close() != nil {
		h.t.Fatal(err)
	}
	header := http.Header{"Content-Type": {form.FormDataContentType()}, "Accept": {"application/json"}}
	answer := h.As(by).Do(http.MethodPost, "/files", body, header).Status(201)
	return regexp.MustCompile(`"id":(\d+)`).FindStringSubmatch(answer.Text)[1]
}

// shown are the pictures on a page, each by its address.
func shown(answer *apptest.Answer) (paths []string) {
	for _, found := range regexp.MustCompile(`src="(/files/\d+)"`).FindAllStringSubmatch(answer.Text, -1) {
		paths = append(paths, found[1])
	}
	return paths
}

// TestPicturesThatATextIsCarriedOverWithAreSeenWhereItIsRead turns a thread that few may see into an idea that all may read, and writes
// articles from both.
func TestPicturesThatATextIsCarriedOverWithAreSeenWhereItIsRead(t *testing.T) {
	h := open(t)
	picture, other, foreign := h.photo(h.bob), h.photo(h.bob), h.photo(h.mona)
	thread := h.made(h.As(h.bob).Post("/threads", apptest.Form{"space": "closed", "kind": "discussion", "title": "It leaks", "body": "See ![](/files/" + picture + ") and `![](/files/" + picture + ")`."}))
	elsewhere := h.made(h.As(h.mona).Post("/threads", apptest.Form{"space": "closed", "kind": "discussion", "title": "A secret", "body": "![](/files/" + foreign + ")"}))
	h.As(h.bob).Post("/threads/"+thread+"/posts", apptest.Form{"body": "Or ![](/files/" + other + ")"}).Status(303)
	body := regexp.MustCompile(`(?s)<textarea[^>]*name="body"[^>]*>(.*?)</textarea>`).FindStringSubmatch(h.As(h.bob).Get("/ideas/new?thread=" + thread).Status(200).Text)
	if body == nil || !strings.Contains(body[1], "![](/files/"+picture+")") {
		t.Fatalf("the form does not begin with the picture: %q", body)
	}
	turn := apptest.Form{"thread": thread, "space": "ateliers", "title": "Tighter", "body": body[1] + "\n\n![](/files/" + other + ") ![](/files/" + foreign + ")", "once": strings.Repeat("P", 26)}
	idea := h.made(h.As(h.bob).Post("/ideas", turn))
	if again := h.made(h.As(h.bob).Post("/ideas", turn)); again != idea {
		t.Errorf("sent again the form made %s after %s", again, idea)
	}
	page := h.page(h.alice, "/ideas/"+idea).See(`<code>![](/files/` + picture + `)</code>`)
	paths := shown(page)
	if len(paths) != 3 || paths[0] == "/files/"+picture || paths[1] == "/files/"+other || paths[2] != "/files/"+foreign {
		t.Fatalf("the idea shows %v", paths)
	}
	alice := h.As(h.alice)
	for path, status := range map[string]int{paths[0]: 200, paths[1]: 200, paths[2]: 404, "/files/" + picture: 404, "/files/" + other: 404} {
		alice.Get(path).Status(status)
	}
	h.As(h.bob).Post("/ideas/"+idea, apptest.Form{"title": "Tighter", "body": "Only ![](" + paths[0] + ")", "base": "1"}).Status(303)
	if got := shown(h.page(h.alice, "/ideas/"+idea)); len(got) != 1 || got[0] != paths[0] {
		t.Errorf("after an edit the idea shows %v", got)
	}

	// Whoever may see a picture may carry it on from there alone; what is named from somewhere else stays what it is.
	shelf := h.As(h.mona)
	shelf.Post("/collections", apptest.Form{"space": "lab", "title": "Shelf"}).Status(303)
	write := func(from, id, body string) []string {
		to := shelf.Post("/articles", apptest.Form{"collection": "1", from: id, "title": "How tight", "body": body}).Status(303).Header.Get("Location")
		return shown(h.page(h.paul, to))
	}
	fromThread, fromIdea := write("thread", thread, "![](/files/"+picture+") ![](/files/"+foreign+")"), write("idea", idea, "![]("+paths[0]+") ![](/files/"+picture+")")
	if len(fromThread) != 2 || fromThread[0] == "/files/"+picture || fromThread[1] != "/files/"+foreign || len(fromIdea) != 2 || fromIdea[0] == paths[0] || fromIdea[1] != "/files/"+picture {
		t.Fatalf("the articles show %v and %v", fromThread, fromIdea)
	}
	paul := h.As(h.paul)
	for path, status := range map[string]int{fromThread[0]: 200, fromThread[1]: 404, fromIdea[0]: 200, fromIdea[1]: 404} {
		paul.Get(path).Status(status)
	}

	// Each goes by itself.
	h.As(h.bob).Post("/threads/"+thread+"/withdrawal", nil).Status(303)
	h.As(h.mona).Post("/ideas/"+idea+"/withdrawal", nil).Status(303)
	paul.Get(paths[0]).Status(404)
	paul.Get(fromThread[0]).Status(200)
	paul.Get(fromIdea[0]).Status(200)
	h.As(h.mona).Get("/threads/" + elsewhere).Status(301)
	h.As(h.mona).Get("/files/" + foreign).Status(200)
}

// TestADraftOfAnArticleBringsItsPicturesAndGivesAwayNoOther begins an article with what few may read and keeps it as a draft, out of which
// a picture is taken again before it is published.
func TestADraftOfAnArticleBringsItsPicturesAndGivesAwayNoOther(t *testing.T) {
	h := open(t)
	picture, taken := h.photo(h.mona), h.photo(h.mona)
	thread := h.made(h.As(h.mona).Post("/threads", apptest.Form{"space": "closed", "kind": "discussion", "title": "It leaks", "body": "![](/files/" + picture + ")"}))
	mona := h.As(h.mona)
	mona.Post("/collections", apptest.Form{"space": "lab", "title": "Shelf"}).Status(303)
	draft := mona.Post("/articles", apptest.Form{"collection": "1", "thread": thread, "title": "How tight", "body": "![](/files/" + picture + ") ![](/files/" + taken + ")", "draft": "1"}).Status(303).Header.Get("Location")
	paths := shown(mona.Get(draft).Status(200))
	if len(paths) != 2 || paths[0] == "/files/"+picture {
		t.Fatalf("the draft shows %v", paths)
	}
	paul := h.As(h.paul)
	paul.Get(paths[0]).Status(404)
	mona.Post(draft, apptest.Form{"title": "How tight", "body": "![](" + paths[0] + ")", "base": "1"}).Status(303)
	article := mona.Post(draft+"/publication", apptest.Form{"version": "2"}).Status(303).Header.Get("Location")
	mona.Post("/threads/"+thread+"/withdrawal", nil).Status(303)
	if got := shown(h.page(h.paul, article)); len(got) != 1 || got[0] != paths[0] {
		t.Errorf("the article shows %v", got)
	}
	paul.Get(paths[0]).Status(200)
	paul.Get("/files/" + taken).Status(404)
	mona.Get("/files/" + taken).Status(200) // it is still her own
}

func TestATextIsCarriedOverOnlyWhereThereIsRoomForItsPictures(t *testing.T) {
	h := open(t)
	picture := h.photo(h.alice)
	h.As(h.alice).Post("/threads/"+h.thread+"/posts", apptest.Form{"body": "![](/files/" + picture + ")"}).Status(303)
	modelstest.Exec(t, h.Config.DatabaseURL, "INSERT INTO files (user_id, space_id, key, name, content_type, width, height, size, created_at) SELECT user_id, (SELECT id FROM spaces WHERE slug = 'lab'), 'aa/full', 'full', 'text/plain', 0, 0, "+
		fmt.Sprint(models.DefaultQuotas.Space)+", created_at FROM files WHERE id = "+picture)
	turn := apptest.Form{"thread": h.thread, "space": "lab", "title": "Tight", "body": "![](/files/" + picture + ")"}
	h.As(h.alice).Post("/ideas", turn).Status(422).See("take all the room")
	turn["space"] = "ateliers"
	h.made(h.As(h.alice).Post("/ideas", turn))
}
