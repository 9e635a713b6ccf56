package links_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/feed"
	"ruche/app/jobs"
	"ruche/app/links"
	"ruche/app/outside"
	"ruche/models"
	"ruche/models/modelstest"
)

// internet is what lies outside: sites by the name of their host, and what they were asked.
type internet struct {
	t     *testing.T
	mu    sync.Mutex
	sites map[string]http.HandlerFunc
	asked []*http.Request
}

// dial leads to the sites of the test, and for every other host the usual way.
func (in *internet) dial(server *httptest.Server) outside.Dial {
	guard := &net.Dialer{Control: outside.Guard().Safe}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		in.mu.Lock()
		_, known := in.sites[host]
		in.mu.Unlock()
		if known && port == "80" {
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		}
		return guard.DialContext(ctx, network, address)
	}
}

func (in *internet) site(host string, handler http.HandlerFunc) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.sites[host] = handler
}

// page is a site of one page.
func (in *internet) page(host, head string) {
	in.site(host, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/picture.png":
			w.Header().Set("Content-Type", "image/png")
			_ = png.Encode(w, image.NewGray(image.Rect(0, 0, 800, 500)))
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, "<!doctype html><html lang=en><head>%s</head><body>Hello</body></html>", head)
		}
	})
}

func (in *internet) times() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.asked)
}

type house struct {
	*apptest.Site
	*internet
	t     *testing.T
	way   outside.Dial
	now   time.Time
	mona  *models.User
	user  *models.User
	alice *apptest.Client
}

func open(t *testing.T, options ...apptest.Option) *house {
	t.Helper()
	in := &internet{t: t, sites: map[string]http.HandlerFunc{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in.mu.Lock()
		in.asked = append(in.asked, r.Clone(context.WithoutCancel(r.Context())))
		handler := in.sites[r.Host]
		in.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	h := &house{internet: in, t: t, way: in.dial(server), now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, append([]apptest.Option{func(config *app.Config, options *app.Options) {
		config.LinkPreviews, options.Outside, options.Clock = true, h.way, func() time.Time { return h.now }
	}}, options...)...)
	h.mona = h.Person("Mona", models.RoleEmployee)
	h.Space("atelier", models.Company, nil)
	if err := h.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.user = h.Person("Alice", models.RoleEmployee)
	h.alice = h.As(h.user)
	return h
}

// write proposes an idea and lets everything follow from it.
func (h *house) write(client *apptest.Client, space, body string) (path string) {
	h.t.Helper()
	path = h.post(client, space, body)
	h.Settle()
	return path
}

func (h *house) post(client *apptest.Client, space, body string) (path string) {
	h.t.Helper()
	return client.Post("/ideas", apptest.Form{"space": space, "title": "An idea about links", "body": body}).Status(http.StatusSeeOther).Header.Get("Location")
}

// later lets time go by, after which people sign in again.
func (h *house) later(d time.Duration) {
	h.t.Helper()
	h.now = h.now.Add(d)
	h.Settle()
	h.alice = h.As(h.user)
}

var aCard = regexp.MustCompile(`(?s)<li class="link-card">.*?</li>`)

func cards(page *apptest.Answer) []string { return aCard.FindAllString(page.Text, -1) }

func TestALinkThatStandsAloneBecomesACard(t *testing.T) {
	h := open(t)
	h.page("news.test", `<title>Ignored</title><meta property="og:title" content="Bees &amp; roofs"><meta name="description" content="What they need.">
		<meta property="og:site_name" content="The Daily"><meta property="og:image" content="/picture.png">`)
	path := h.post(h.alice, "atelier", "As I read:\n\nhttp://news.test/bees#top\n\nWhat do you think of <http://news.test/other>?")
	if got := cards(h.alice.Get(path)); len(got) != 0 || h.times() != 0 {
		t.Errorf("asked %d times while somebody waits: %q", h.times(), got)
	}
	h.Settle()
	got := cards(h.alice.Get(path))
	if len(got) != 1 {
		t.Fatalf("cards %q", got)
	}
	for _, part := range []string{`href="http://news.test/bees"`, `rel="nofollow noopener ugc"`, `lang="en"`, "<bdi>Bees &amp; roofs</bdi>", "<bdi>What they need.</bdi>", "<bdi>The Daily</bdi>", "<span>news.test</span>", `src="/links/1/picture?v=`, `width="480" height="300"`} {
		if !strings.Contains(got[0], part) {
			t.Errorf("%s is not in %s", part, got[0])
		}
	}
	picture := h.alice.Get("/links/1/picture").Status(http.StatusOK)
	if kept, err := png.DecodeConfig(bytes.NewReader([]byte(picture.Text))); err != nil || kept.Width != 480 || picture.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("kept is %+v, %v", kept, err)
	}
	for _, r := range h.asked {
		if len(r.Header) != 3 || r.Header.Get("User-Agent") == "" || strings.Contains(fmt.Sprint(r.Header), "127.0.0.1") {
			t.Errorf("the site is told %v", r.Header)
		}
	}
	if h.write(h.alice, "atelier", "http://NEWS.test:80/bees"); h.times() != 2 {
		t.Errorf("what is known is asked for again: %d times", h.times())
	}
}

func TestACardFollowsItsText(t *testing.T) {
	h := open(t)
	h.page("a.test", "<title>Page A</title>")
	h.page("b.test", "<title>Page B</title>")
	path := h.write(h.alice, "atelier", "http://a.test/\n\nAnd more.")
	h.alice.Get(path).See("<bdi>Page A</bdi>")
	h.alice.Post("/ideas/1", apptest.Form{"title": "An idea about links", "body": "http://b.test/\n\nAnd more.", "version": "1", "base": "1"}).Status(http.StatusSeeOther)
	h.Settle()
	h.alice.Get(path).See("<bdi>Page B</bdi>").NotSee("Page A")
}

func TestMessagesHaveCardsToo(t *testing.T) {
	h := open(t)
	h.page("a.test", "<title>Page A</title>")
	path := h.write(h.alice, "atelier", "Words.")
	h.alice.Post("/ideas/1/comments", apptest.Form{"body": "See:\n\nhttp://a.test/"}).Status(http.StatusSeeOther)
	h.alice.Post("/ideas/1/comments", apptest.Form{"body": "[that one](/ideas/1)"}).Status(http.StatusSeeOther)
	h.Settle()
	if got := cards(h.alice.Get(path)); len(got) != 2 || !strings.Contains(got[0], "Page A") || !strings.Contains(got[1], "An idea about links") {
		t.Errorf("cards %q", got)
	}
	h.alice.Post("/ideas/1/comments/1/removal", nil).Status(http.StatusSeeOther)
	if got := cards(h.alice.Get(path)); len(got) != 1 { // before the reader comes to it
		t.Errorf("a removed message shows %q", got)
	}
	h.Settle()
	h.alice.Post("/ideas/1/comments/1/restoration", nil).Status(http.StatusSeeOther)
	h.Settle()
	h.alice.Get(path).See("Page A")
}

func TestWhatHappensOutsideIsAsked(t *testing.T) {
	h := open(t)
	long := strings.Repeat("long ", 100_000)
	for host, head := range map[string]string{
		"empty.test": "", "controls.test": "<title>Nice\x00\x07 \u202Egpj.exe\u2066 word\u200b</title>", "huge.test": "<title>" + long + "</title><meta name=description content='" + long + "'>",
		"script.test": "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>", "metas.test": strings.Repeat("<meta name=x content=y>", 10_000) + "<title>Late</title>",
		"picture.test": `<title>Inside picture</title><meta property="og:image" content="http://127.0.0.1/x.png">`, "data.test": `<title>Data picture</title><meta property="og:image" content="data:image/png;base64,AA==">`,
		"body.test": "</head><body><meta property='og:title' content='No'><title>No</title>",
	} {
		h.page(host, head)
	}
	h.site("latin.test", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<meta charset=iso-8859-1><title>\xc9t\xe9</title>"))
	})
	h.site("pdf.test", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/pdf")
		_, _ = w.Write([]byte("<title>Not this</title>"))
	})
	for host, want := range map[string]string{
		"empty.test": "", "metas.test": "", "body.test": "", "pdf.test": "", "latin.test": "<bdi>Été</bdi>", "controls.test": "<bdi>Nice gpj.exe word</bdi>", "script.test": "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>",
		"picture.test": "<bdi>Inside picture</bdi>", "data.test": "<bdi>Data picture</bdi>", "huge.test": "long long…</bdi>",
	} {
		got := cards(h.alice.Get(h.write(h.alice, "atelier", "http://"+host+"/")))
		if want == "" && len(got) != 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0], want) || strings.Contains(got[0], "<img") || len(got[0]) > 2000) {
			t.Errorf("%s: %.3000q", host, got)
		}
	}
	asked := h.times()
	for _, address := range []string{"http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "http://[::1]/", "http://user:pw@empty.test/x", "http://empty.test:22/x"} {
		if got := cards(h.alice.Get(h.write(h.alice, "atelier", "["+"x]("+address+")"))); len(got) != 0 || h.times() != asked {
			t.Errorf("%s: %q", address, got)
		}
	}
}

func TestOfATextFiveLinksAreCards(t *testing.T) {
	h := open(t)
	h.page("many.test", "<title>One of many</title>")
	var body strings.Builder
	for i := range 8 {
		fmt.Fprintf(&body, "http://many.test/%d\n\n", i)
	}
	if got := cards(h.alice.Get(h.write(h.alice, "atelier", body.String()))); len(got) != 5 || h.times() != 5 {
		t.Errorf("%d cards, asked %d times", len(got), h.times())
	}
}

// TestThePictureIsSeenByThoseWhoSeeATextThatShowsIt also holds once the house shows no pages outside any more.
func TestThePictureIsSeenByThoseWhoSeeATextThatShowsIt(t *testing.T) {
	h := open(t)
	h.page("news.test", `<title>Only for some</title><meta property="og:image" content="/picture.png">`)
	h.Space("secret", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceMember})
	mona := h.As(h.mona)
	path := h.write(mona, "secret", "http://news.test/")
	mona.Get(path).See("Only for some")
	mona.Get("/links/1/picture").Status(http.StatusOK)
	for _, other := range []*apptest.Client{h.alice, h.Visitor()} {
		other.Get("/links/1/picture").Status(http.StatusNotFound)
	}
	mona.Get("/links/2/picture").Status(http.StatusNotFound)
	h.Web.LinkPreviews = false
	mona.Get(path).NotSee("Only for some")
	mona.Get("/links/1/picture").Status(http.StatusNotFound)
	h.write(mona, "secret", "http://news.test/second")
	h.now = h.now.Add(365 * 24 * time.Hour)
	h.Settle()
	if h.times() != 2 {
		t.Errorf("asked %d times, also with previews off", h.times())
	}
	h.Web.LinkPreviews = true
	h.now = h.now.Add(time.Hour)
	h.Settle()
	if h.times() != 6 {
		t.Errorf("asked %d times once they are on again", h.times())
	}
}

func TestWhatLeadsToTheHouseIsShownToThoseWhoMaySeeIt(t *testing.T) {
	h := open(t)
	h.Space("secret", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceMember})
	mona := h.As(h.mona)
	mona.Post("/ideas", apptest.Form{"space": "secret", "title": "A title for few", "body": "Words."}).Status(http.StatusSeeOther)
	mona.Post("/ideas", apptest.Form{"space": "atelier", "title": "A title for all", "body": "Words."}).Status(http.StatusSeeOther)
	mona.Post("/ideas/2/comments", apptest.Form{"body": "A message."}).Status(http.StatusSeeOther)
	mona.Post("/ideas/2/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	show := func(client *apptest.Client, body string) []string {
		t.Helper()
		return cards(client.Get(h.write(mona, "atelier", body)))
	}
	for _, link := range []string{"/ideas/2-whatever", h.URL + "/ideas/2", strings.ToUpper(h.URL[:4]) + h.URL[4:] + "/ideas/2-x?y=z#comments"} {
		if got := show(h.alice, "[x]("+link+")"); len(got) != 1 || !strings.Contains(got[0], "A title for all") || !strings.Contains(got[0], "1 support") || !strings.Contains(got[0], "1 message") || !strings.Contains(got[0], "Proposed") || strings.Contains(got[0], "Mona") {
			t.Errorf("%s: %q", link, got)
		}
	}
	if got := show(h.alice, "[x](/ideas/2/comments/1)"); len(got) != 1 || !strings.Contains(got[0], `href="/ideas/2/comments/1"`) || !strings.Contains(got[0], "<span>Message</span>") {
		t.Errorf("a message: %q", got)
	}
	if got := show(mona, "[x](/ideas/1)"); len(got) != 1 || !strings.Contains(got[0], "A title for few") {
		t.Errorf("for a member: %q", got)
	}
	// What one may not see looks as what is not there.
	page := func(target string) string {
		text := h.alice.Get(h.write(mona, "atelier", "[x](/ideas/"+target+")")).NotSee("A title for few").Text
		prose := regexp.MustCompile(`(?s)<div class="prose".*?</div>\s*<[\w-]+`).FindString(text) // and what stands next
		return strings.ReplaceAll(prose, "/ideas/"+target, "/ideas/N")
	}
	if hidden, nothing := page("1"), page("999999"); hidden != nothing || strings.Contains(hidden, "link-card") {
		t.Errorf("%q is not %q", hidden, nothing)
	}
	if h.times() != 0 {
		t.Error("the house asks itself")
	}
	mona.Post("/ideas/2/withdrawal", nil).Status(http.StatusSeeOther)
	if got := show(h.alice, "[x](/ideas/2)"); len(got) != 0 {
		t.Errorf("withdrawn: %q", got)
	}
}

func TestPagesThatAreAwayAreAskedForMoreAndMoreRarely(t *testing.T) {
	h := open(t)
	h.site("away.test", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	h.site("gone.test", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	path := h.write(h.alice, "atelier", "http://away.test/\n\nhttp://gone.test/")
	for range 50 {
		h.now = h.now.Add(time.Hour)
		h.Settle()
	}
	if n := h.times(); n != 1+5 {
		t.Errorf("asked %d times in two days", n)
	}
	h.page("away.test", "<title>Back again</title>")
	h.later(31 * 24 * time.Hour)
	h.alice.Get(path).See("Back again")
	h.site("away.test", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	h.later(31 * 24 * time.Hour)
	h.alice.Get(path).See("Back again") // for a while
	h.site("away.test", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	h.later(24 * time.Hour)
	h.alice.Get(path).NotSee("Back again")
}

func TestWhatNoTextShowsAnyMoreIsForgotten(t *testing.T) {
	h := open(t)
	h.page("news.test", `<title>Fleeting</title><meta property="og:image" content="/picture.png">`)
	h.write(h.alice, "atelier", "http://news.test/")
	h.alice.Post("/ideas/1", apptest.Form{"title": "An idea about links", "body": "Nothing.", "version": "1", "base": "1"}).Status(http.StatusSeeOther)
	h.Settle()
	h.alice.Get("/links/1/picture").Status(http.StatusNotFound)
	h.later(31 * 24 * time.Hour)
	if _, _, err := h.Files.Open(t.Context(), "links/1"); err == nil {
		t.Error("the picture is still there")
	}
	h.Tx(nil, func(tx *models.Tx) error {
		if links, err := tx.UnshownLinks(10); err != nil || len(links) != 0 {
			t.Errorf("left %v, %v", links, err)
		}
		return nil
	})
	if h.times() != 2 {
		t.Errorf("asked %d times", h.times())
	}
	h.alice.Get(h.write(h.alice, "atelier", "http://news.test/")).See("Fleeting", "/links/2/picture")
}

// TestTheJobIsDoneAfterARestart kills a house between the text and its job, and then between the job and its work.
func TestTheJobIsDoneAfterARestart(t *testing.T) {
	var first app.Config
	h := open(t, func(config *app.Config, _ *app.Options) { first = *config })
	h.page("one.test", "<title>Page one</title>")
	h.page("two.test", "<title>Page two</title>")
	one := h.post(h.alice, "atelier", "http://one.test/")
	if err := feed.CatchUp(t.Context(), h.DB, links.New(h.Web, h.Jobs, h.Files, nil)); err != nil {
		t.Fatal(err)
	}
	two := h.post(h.alice, "atelier", "http://two.test/")
	again := apptest.Start(t, func(config *app.Config, options *app.Options) {
		config.LinkPreviews, config.DatabaseURL, config.DataDir = true, first.DatabaseURL, t.TempDir()
		options.Outside, options.Clock = h.way, func() time.Time { return h.now }
	})
	again.Settle()
	alice := again.As(h.user)
	alice.Get(one).See("Page one")
	alice.Get(two).See("Page two")
	if h.times() != 2 {
		t.Errorf("asked %d times", h.times())
	}
}

// TestTheJobNamesNobody looks at what waits for whoever works on it.
func TestTheJobNamesNobody(t *testing.T) {
	h := open(t)
	h.post(h.alice, "atelier", "http://one.test/")
	if err := feed.CatchUp(t.Context(), h.DB, links.New(h.Web, h.Jobs, h.Files, nil)); err != nil {
		t.Fatal(err)
	}
	looked, others := 0, jobs.New(h.DB)
	others.Register(jobs.Kind{Name: "fetch links", Work: func(_ context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
		looked++
		if run.Job.Args != "" || run.Job.OwnerID != nil {
			t.Errorf("the job is given %+v", run.Job)
		}
		return nil, nil
	}})
	if err := others.RunDue(t.Context()); err != nil || looked != 1 {
		t.Errorf("%d jobs, %v", looked, err)
	}
}

// TestThreadsAndTheirMessagesAreShownAsIdeasAre has a thread that all may read and one for few, and the cards of a message in the first.
func TestThreadsAndTheirMessagesAreShownAsIdeasAre(t *testing.T) {
	h := open(t)
	h.page("news.test", "<title>From outside</title>")
	h.Space("secret", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceMember}) // the second
	for id, thread := range []string{"'question', 'Who knows bees?'", "'discussion', 'Only among us'"} {
		modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("INSERT INTO threads (id, space_id, author_id, post_count, created_at, active_at, kind, title) VALUES (%d, %d, %d, 3, '2026-03-01', '2026-03-01', %s)", id+1, id+1, h.mona.ID, thread))
	}
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("INSERT INTO posts (id, thread_id, number, author_id, body, html, lang, created_at) VALUES (1, 1, 1, %d, 'http://news.test/', '', '', '2026-03-01'), (2, 2, 1, %d, 'x', '', '', '2026-03-01')", h.mona.ID, h.mona.ID))
	h.Tx(nil, func(tx *models.Tx) error {
		return links.New(h.Web, h.Jobs, h.Files, h.way).Read(tx, []models.Event{{Verb: models.PostPosted, Subject: "post", SubjectID: 1}, {Verb: "thread.begun", Subject: "thread", SubjectID: 1}})
	})
	h.Settle()
	mona := h.As(h.mona)
	for target, want := range map[string]string{
		"/threads/1-who": "<span>Question</span>  <span>3 messages", "/posts/1": "href=\"/posts/1\"", "/threads/2": "", "/posts/2": "", "/threads/3": "", "/posts/3": "",
	} {
		path := h.write(mona, "atelier", "[x]("+target+")")
		if got := cards(h.alice.Get(path)); want == "" && len(got) != 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0], want)) {
			t.Errorf("%s: %q", target, got)
		}
		if got := cards(mona.Get(path)); len(got) == 0 && !strings.HasSuffix(target, "3") {
			t.Errorf("%s is not shown to a member", target)
		}
	}
	shown, err := h.DB.LinkCards(t.Context(), h.Actor(h.user), models.Texts{Posts: []int64{1, 2}}, true)
	if err != nil || len(shown.OfPost(1)) != 1 || shown.OfPost(1)[0].Title != "From outside" || len(shown.OfPost(2)) != 0 || len(shown.OfIdea(1)) != 0 {
		t.Errorf("under a message: %+v, %v", shown.OfPost(1), err)
	}
}

// TestArticlesHaveCardsAndAreShownAsOne has an article that all may read and one for few, and the cards of the text of the first.
func TestArticlesHaveCardsAndAreShownAsOne(t *testing.T) {
	h := open(t)
	h.page("news.test", "<title>From outside</title>")
	h.Space("secret", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceMember}) // the second
	for id, title := range []string{"Purge", "Only among us"} {
		modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("INSERT INTO collections (id, space_id, title, created_at) VALUES (%d, %d, 'Shelf', '2026-03-01')", id+1, id+1))
		modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("INSERT INTO articles (id, space_id, collection_id, author_id, editor_id, comment_count, created_at, edited_at, title, body, html) VALUES (%d, %d, %d, %d, %d, 1, '2026-03-01', '2026-03-01', '%s', 'http://news.test/', '<p><a href=\"http://news.test/\">x</a></p>')", id+1, id+1, id+1, h.mona.ID, h.mona.ID, title))
		modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("INSERT INTO posts (id, article_id, author_id, body, html, lang, created_at) VALUES (%d, %d, %d, 'x', '', '', '2026-03-01')", id+1, id+1, h.mona.ID))
	}
	h.Tx(nil, func(tx *models.Tx) error {
		return links.New(h.Web, h.Jobs, h.Files, h.way).Read(tx, []models.Event{{Verb: models.ArticleWritten, Subject: "article", SubjectID: 1}})
	})
	h.Settle()
	mona := h.As(h.mona)
	for target, want := range map[string]string{
		"/articles/1-purge": "<span>Article</span> <span>Shelf</span> <span>1 message", "/posts/1": "href=\"/posts/1\"", "/articles/1/posts/1": "Purge", "/articles/2": "", "/articles/2/posts/2": "", "/posts/2": "", "/articles/3": "",
	} {
		path := h.write(mona, "atelier", "[x]("+target+")")
		if got := cards(h.alice.Get(path)); want == "" && len(got) != 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0], want)) {
			t.Errorf("%s: %q", target, got)
		}
		if got := cards(mona.Get(path)); len(got) == 0 && !strings.HasSuffix(target, "3") {
			t.Errorf("%s is not shown to a member", target)
		}
	}
	h.alice.Get("/articles/1-purge").Status(200).See("From outside")
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE articles SET state = 'withdrawn' WHERE id = 1")
	if got := cards(h.alice.Get(h.write(mona, "atelier", "[x](/articles/1)"))); len(got) != 0 {
		t.Errorf("a withdrawn one: %q", got)
	}
}
