package syndication_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

type house struct {
	*apptest.Site
	t          *testing.T
	alice, bob *models.User
	open, team *models.Space
	topic      *models.Topic
}

func build(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t), t: t}
	h.alice, h.bob = h.Person("Alice Martin", models.RoleEmployee), h.Person("Bob Durand", models.RoleEmployee)
	h.open = h.Space("open", models.Public, nil)
	h.team = h.Space("team", models.Restricted, map[*models.User]models.SpaceRole{h.alice: models.SpaceManager, h.bob: models.SpaceMember})
	h.topic = &models.Topic{SpaceID: h.team.ID, Title: "Seals"}
	h.Tx(nil, func(tx *models.Tx) error { return tx.CreateTopic(h.topic) })
	return h
}

func (h *house) thread(space *models.Space, topic *int64, title, summary string) {
	h.t.Helper()
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error {
		return tx.CreateThread(&models.Thread{SpaceID: space.ID, TopicID: topic, Kind: models.Discussion, AuthorID: h.alice.ID, Title: title, Summary: summary, Lang: "en", Tags: models.Tags{"water"}}, &models.Post{AuthorID: h.alice.ID, Body: summary, HTML: summary})
	})
}

func (h *house) idea(space *models.Space, author int64, title string) {
	h.t.Helper()
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error {
		return tx.CreateIdea(&models.Idea{SpaceID: space.ID, AuthorID: author, Title: title, Body: title, HTML: title, Summary: title, Tags: models.Tags{"water"}})
	})
}

var shownToken = regexp.MustCompile(`\?token=(ruche_feed_\w+)`)

func (h *house) token(user *models.User) string {
	h.t.Helper()
	found := shownToken.FindStringSubmatch(h.As(user).Post("/account/feeds", nil).Status(http.StatusOK).Text)
	if found == nil {
		h.t.Fatal("no token is shown")
	}
	return "?token=" + found[1]
}

// entries are the titles and authors of an Atom feed that is one.
func (h *house) entries(answer *apptest.Answer) (titles, authors []string) {
	h.t.Helper()
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Updated string   `xml:"updated"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Summary string `xml:"summary"`
			Author  string `xml:"author>name"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(answer.Status(http.StatusOK).Text), &feed); err != nil || feed.ID == "" || feed.Updated == "" {
		h.t.Fatalf("%v\n%s", err, answer.Text)
	}
	for _, entry := range feed.Entries {
		if entry.ID == "" {
			h.t.Errorf("%q has no id", entry.Title)
		}
		titles, authors = append(titles, entry.Title), append(authors, entry.Author)
	}
	return titles, authors
}

func TestPublicSpacesAreReadByAllAndOthersWithAToken(t *testing.T) {
	h := build(t)
	h.thread(h.open, nil, "For everybody", "Open words")
	h.idea(h.open, h.alice.ID, "An open idea")
	h.thread(h.team, &h.topic.ID, "Between us", "Closed words")
	h.idea(h.team, h.alice.ID, "A closed idea")
	visitor, token := h.Visitor(), h.token(h.bob)
	if titles, authors := h.entries(visitor.Get("/spaces/open/feed.atom")); strings.Join(titles, ", ") != "An open idea, For everybody" || authors[0] != "Alice Martin" {
		t.Errorf("visitors read %v of %v", titles, authors)
	}
	for _, path := range []string{"/spaces/team/feed", "/spaces/team/topics/seals/feed", "/spaces/nowhere/feed", "/spaces/open/topics/nowhere/feed"} {
		for _, ending := range []string{".atom", ".json"} {
			visitor.Get(path + ending).Status(http.StatusNotFound)
			visitor.Get(path + ending + "?token=ruche_feed_unknown").Status(http.StatusNotFound)
		}
	}
	if titles, _ := h.entries(visitor.Get("/spaces/team/feed.atom" + token)); strings.Join(titles, ", ") != "A closed idea, Between us" {
		t.Errorf("with a token one reads %v", titles)
	}
	if titles, _ := h.entries(visitor.Get("/spaces/team/topics/seals/feed.atom" + token)); strings.Join(titles, ", ") != "Between us" {
		t.Errorf("of a topic one reads %v", titles)
	}
	if titles, _ := h.entries(visitor.Get("/tags/water/feed.atom")); len(titles) != 2 {
		t.Errorf("of a tag visitors read %v", titles)
	}
	if titles, _ := h.entries(visitor.Get("/tags/water/feed.atom" + token)); len(titles) != 4 {
		t.Errorf("of a tag one reads %v", titles)
	}
	visitor.Get("/tags/Water/feed.atom").Status(http.StatusNotFound)
	if titles, _ := h.entries(visitor.Get("/tags/nobody%20has%20it/feed.atom")); len(titles) != 0 {
		t.Errorf("of no tag one reads %v", titles)
	}
	visitor.Get("/spaces/open").See(`rel="alternate"`, `/spaces/open/feed.atom`, `/spaces/open/feed.json`)
	h.As(h.bob).Get("/discussions?space=team&topic=seals").See("/spaces/team/topics/seals/feed.atom")
}

func TestATokenReadsFeedsAndNothingElseAndEndsWithItsPerson(t *testing.T) {
	h := build(t)
	h.thread(h.team, nil, "Between us", "Closed words")
	token := h.token(h.bob)
	feed := h.Visitor().Get("/spaces/team/feed.atom" + token).Status(http.StatusOK)
	if feed.Header.Get("Cache-Control") != "private, no-cache" || feed.Header.Get("Referrer-Policy") != "no-referrer" || strings.Contains(feed.Text, "ruche_feed_") {
		t.Errorf("the token goes on: %v\n%s", feed.Header, feed.Text)
	}
	h.Visitor().Get("/spaces/team" + token).Status(http.StatusNotFound)
	h.Visitor().Get("/notifications" + token).Status(http.StatusSeeOther)
	h.Visitor().Do("GET", "/api/v1/me", nil, http.Header{"Authorization": {"Bearer " + strings.TrimPrefix(token, "?token=")}}).Status(http.StatusUnauthorized)
	h.As(h.bob).Get("/account/feeds").Status(http.StatusOK).NotSee("ruche_feed_")
	again := h.token(h.bob)
	h.Visitor().Get("/spaces/team/feed.atom" + token).Status(http.StatusNotFound) // the one before has ended
	h.Visitor().Get("/spaces/team/feed.atom" + again).Status(http.StatusOK)
	h.As(h.bob).Post("/spaces/team/membership/removal", nil).Status(http.StatusSeeOther)
	h.Visitor().Get("/spaces/team/feed.atom" + again).Status(http.StatusNotFound) // who no longer sees the space reads no more of it
	h.Visitor().Get("/spaces/open/feed.atom" + again).Status(http.StatusOK)
	h.As(h.bob).Post("/account/feeds/removal", nil).Status(http.StatusSeeOther)
	h.As(h.bob).Post("/account/feeds/removal", nil).Status(http.StatusSeeOther)
	h.Visitor().Get("/spaces/open/feed.atom" + again).Status(http.StatusNotFound)
	last := h.token(h.bob)
	h.Tx(nil, func(tx *models.Tx) error { return tx.Disable(h.bob.ID) })
	h.Visitor().Get("/spaces/open/feed.atom" + last).Status(http.StatusNotFound)
}

func TestAFeedThatIsKnownIsNotSentAgain(t *testing.T) {
	h := build(t)
	h.thread(h.open, nil, "For everybody", "Open words")
	visitor := h.Visitor()
	first := visitor.Get("/spaces/open/feed.json").Status(http.StatusOK)
	known := http.Header{"If-None-Match": {first.Header.Get("ETag")}}
	if again := visitor.Do("GET", "/spaces/open/feed.json", nil, known).Status(http.StatusNotModified); again.Text != "" || again.Header.Get("ETag") == "" {
		t.Errorf("the answer is %q", again.Text)
	}
	visitor.Do("GET", "/spaces/open/feed.json", nil, http.Header{"If-Modified-Since": {first.Header.Get("Last-Modified")}}).Status(http.StatusNotModified)
	visitor.Do("GET", "/spaces/open/feed.json", nil, http.Header{"If-Modified-Since": {"nonsense"}}).Status(http.StatusOK)
	h.thread(h.open, nil, "Something new", "")
	visitor.Do("GET", "/spaces/open/feed.json", nil, known).Status(http.StatusOK).See("Something new")
}

func TestFeedsAreWellFormedWhateverIsWritten(t *testing.T) {
	h := build(t)
	odd := "a \x01 b \x0b < > & ]]> \ufffe \u202e end"
	h.thread(h.open, nil, odd, odd)
	for range 40 {
		h.thread(h.open, nil, "One of many", "Words")
	}
	h.thread(h.open, nil, odd, odd)
	answer := h.Visitor().Get("/spaces/open/feed.atom")
	titles, _ := h.entries(answer)
	if len(titles) != 30 || !strings.Contains(titles[0], "< > & ]]>") || strings.ContainsAny(answer.Text, "\x01\x0b\ufffe") {
		t.Errorf("%d entries, the first %q", len(titles), titles[0])
	}
	var feed struct {
		Version string
		Items   []struct {
			ID, Title string
			Text      string `json:"content_text"`
		}
	}
	if err := json.NewDecoder(bytes.NewReader([]byte(h.Visitor().Get("/spaces/open/feed.json").Text))).Decode(&feed); err != nil || feed.Version != "https://jsonfeed.org/version/1.1" || len(feed.Items) != 30 || feed.Items[0].ID == "" || feed.Items[0].Text == "" {
		t.Errorf("%v %+v", err, feed)
	}
}

func TestAFeedNamesNobodyWhoHides(t *testing.T) {
	h := build(t)
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error {
		if _, err := tx.Hide(models.HiddenAuthors, "seed"); err != nil {
			return err
		}
		return tx.CreateIdea(&models.Idea{SpaceID: h.open.ID, AuthorID: tx.Actor().ID, Title: "Behind a mask", Body: "b", HTML: "b", Anonymity: models.HiddenAuthors})
	})
	_, authors := h.entries(h.Visitor().Get("/spaces/open/feed.atom"))
	if len(authors) != 1 || strings.Contains(authors[0], "Alice") {
		t.Errorf("written by %v", authors)
	}
}
