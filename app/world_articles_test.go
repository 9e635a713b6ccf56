package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

var (
	collectionPath = regexp.MustCompile(`^/collections/(\d+)`)
	draftPath      = regexp.MustCompile(`^/articles/drafts/(\d+)`)
	termPath       = regexp.MustCompile(`^/glossary/(\d+)`)
	articlePath    = regexp.MustCompile(`^/articles/(\d+)`)
)

// aboutArticles tells whether a route is about an article or a collection, for people or for programs.
func aboutArticles(pattern string) bool {
	page := strings.TrimPrefix(pattern, "/api/v1")
	return strings.HasPrefix(page, "/glossary/:id") || strings.HasPrefix(page, "/collections/:id") || strings.HasPrefix(page, "/articles/:id") || strings.HasPrefix(page, "/articles/drafts/:id") || strings.HasPrefix(page, "/passages/")
}

// shelved is the address of a new article in the collection of a space, or of that collection.
func (w *world) shelved(pattern string, here place) string {
	w.t.Helper()
	w.serial++
	if pattern == "/api/v1/collections/:id/archive" || strings.HasSuffix(pattern, "/collections/:id/readers") { // where nothing is written afterwards, or not by all
		delete(w.shelves, here.slug)
		defer delete(w.shelves, here.slug)
	}
	if strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/glossary/") {
		return w.explained(pattern, here)
	}
	id := w.shelf(here)
	if strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/collections/") {
		if pattern == "/collections/:id" {
			id += "-of-" + here.slug
		}
		return strings.NewReplacer(":id", id, ":run", "987654321").Replace(pattern) // which nobody has sent
	}
	if strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/articles/drafts/") {
		return strings.Replace(pattern, ":id", w.kept(id, pattern), 1)
	}
	body := "What we know."
	if strings.HasSuffix(pattern, "/tasks") {
		body = "- [ ] Know more."
	}
	answer := w.poster.Post("/articles", apptest.Form{"collection": id, "title": fmt.Sprintf("Article %d", w.serial), "body": body, "once": w.once()}).Status(http.StatusSeeOther)
	path, article := answer.Header.Get("Location"), found(w.t, articlePath, answer)
	if strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/passages/") {
		return strings.Replace(pattern, ":id", w.marked(article, pattern), 1)
	}
	switch {
	case pattern == "/articles/:id":
		return path
	case strings.HasSuffix(pattern, "/owner/undo"), pattern == "/api/v1/articles/:id/owner":
		w.poster.Post("/articles/"+article+"/owner", apptest.Form{"owner": ""}).Status(http.StatusSeeOther)
	case strings.HasSuffix(pattern, "/verification/undo"), pattern == "/api/v1/articles/:id/verification":
		w.poster.Post("/articles/"+article+"/verification", apptest.Form{"version": "1", "months": "1"}).Status(http.StatusSeeOther)
	case strings.HasSuffix(pattern, "/name/removal"), pattern == "/api/v1/articles/:id/versions/:number/name":
		w.poster.Post("/articles/"+article+"/versions/1/name", apptest.Form{"name": "As it was"}).Status(http.StatusSeeOther)
	case strings.HasSuffix(pattern, "/:id/restoration"):
		w.poster.Post("/articles/"+article+"/withdrawal", nil).Status(http.StatusSeeOther)
	}
	doubt := ""
	if strings.Contains(pattern, ":doubt") {
		doubt = w.doubtAbout(article, pattern)
	}
	post := ""
	if strings.Contains(pattern, ":post") {
		post = w.saidUnder("/articles/"+article+"/posts", pattern)
	}
	return strings.NewReplacer(":id", article, ":number", "1", ":post", post, ":doubt", doubt).Replace(pattern)
}

// explained is the address of a new term of the glossary of a space.
func (w *world) explained(pattern string, here place) string {
	w.t.Helper()
	answer := w.poster.Post("/glossary", apptest.Form{"space": here.slug, "word": fmt.Sprintf("Term %d", w.serial), "definition": "What it means."}).Status(http.StatusSeeOther)
	path, term := answer.Header.Get("Location"), found(w.t, termPath, answer)
	switch {
	case pattern == "/glossary/:id":
		return path
	case strings.HasSuffix(pattern, "/restoration"):
		w.poster.Post("/glossary/"+term+"/withdrawal", nil).Status(http.StatusSeeOther)
	}
	return strings.NewReplacer(":id", term, ":number", "1").Replace(pattern)
}

// doubtAbout is a doubt of the lead about an article, dealt with where the answer to it is to be taken back. Each was had on a day of its
// own, since nobody may give many reasons in a day.
func (w *world) doubtAbout(article, pattern string) string {
	w.t.Helper()
	id, err := strconv.ParseInt(article, 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	var said *models.ArticleFeedback
	before := w.site.DB.At(func() time.Time { return time.Now().AddDate(-10, 0, 2*w.serial) })
	err = before.Tx(w.t.Context(), w.site.Actor(w.lead().user), func(tx *models.Tx) error {
		about, err := tx.LockArticle(id)
		if err == nil {
			said, _, err = tx.SayOfArticle(about, nil, "Is it?")
		}
		if err == nil && strings.HasSuffix(pattern, "/undo") {
			err = tx.AnswerDoubt(about, said.ID, models.DoubtDone, "")
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(said.ID, 10)
}

var passagePath = regexp.MustCompile(`#passage-(\d+)$`)

// marked is the number of a passage of an article that something is said about, or of what is said.
func (w *world) marked(article, pattern string) string {
	w.t.Helper()
	passage := found(w.t, passagePath, w.poster.Post("/articles/"+article+"/passages", apptest.Form{"quote": "What we know.", "body": "Do we?", "once": w.once()}).Status(http.StatusSeeOther))
	id, err := strconv.ParseInt(article, 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	if strings.HasSuffix(pattern, "/reopening") {
		w.poster.Post("/passages/"+passage+"/resolution", nil).Status(http.StatusSeeOther)
	}
	if !strings.Contains(pattern, "/words/:id") {
		return passage
	}
	cards, err := w.site.DB.Passages(w.t.Context(), models.PassagePlace{Article: &models.Article{ID: id}}, false, 0, 1)
	if err != nil || len(cards) == 0 || len(cards[0].Said) == 0 {
		w.t.Fatal("nothing is said of the passage", err)
	}
	word := strconv.FormatInt(cards[0].Said[0].ID, 10)
	if strings.HasSuffix(pattern, "/restoration") {
		w.poster.Post("/passages/words/"+word+"/removal", nil).Status(http.StatusSeeOther)
	}
	return word
}

// kept is the number of a new draft in a collection; the one before is thrown away, since nobody keeps hundreds.
func (w *world) kept(shelf, pattern string) string {
	w.t.Helper()
	if w.draft != "" {
		w.poster.Post("/articles/drafts/"+w.draft+"/removal", nil)
	}
	answer := w.poster.Post("/articles", apptest.Form{"collection": shelf, "title": fmt.Sprintf("Draft %d", w.serial), "body": "What we think.", "draft": "1", "once": w.once()}).Status(http.StatusSeeOther)
	draft := found(w.t, draftPath, answer)
	w.draft = draft
	if strings.HasSuffix(pattern, "/restoration") {
		w.poster.Post("/articles/drafts/"+draft+"/removal", nil).Status(http.StatusSeeOther)
	}
	return draft
}

// saidUnder is a new post among those at an address.
func (w *world) saidUnder(posts, pattern string) string {
	w.t.Helper()
	post := found(w.t, commentPath, w.poster.Post(posts, apptest.Form{"body": "This.", "once": w.once()}).Status(http.StatusSeeOther))
	switch {
	case strings.Contains(pattern, ":number"):
		w.poster.Post(posts+"/"+post, apptest.Form{"body": "That.", "base": "1"}).Status(http.StatusSeeOther)
	case strings.HasSuffix(pattern, "/restoration"):
		w.poster.Post(posts+"/"+post+"/removal", nil).Status(http.StatusSeeOther)
	}
	return post
}

// shelf is the number of the collection of a space.
func (w *world) shelf(here place) string {
	w.t.Helper()
	if w.shelves[here.slug] == "" {
		w.shelves[here.slug] = found(w.t, collectionPath, w.lead().client.Post("/collections", apptest.Form{"space": here.slug, "title": "Of " + here.slug}).Status(http.StatusSeeOther))
	}
	return w.shelves[here.slug]
}

// articleDocument is what a program sends about collections and articles, nil for nothing.
func (w *world) articleDocument(p *player, route string, here place) map[string]any {
	w.serial++
	switch route {
	case "POST /api/v1/glossary":
		return map[string]any{"space": here.slug, "word": fmt.Sprintf("Term %d of the program of %s", w.serial, p.name), "definition": "What it means."}
	case "PATCH /api/v1/glossary/:id":
		return map[string]any{"definition": fmt.Sprintf("What it means, %d.", w.serial)}
	case "POST /api/v1/collections":
		return map[string]any{"space": here.slug, "title": fmt.Sprintf("Collection %d of the program of %s", w.serial, p.name)}
	case "PATCH /api/v1/collections/:id":
		return map[string]any{"description": fmt.Sprintf("What is in it, %d.", w.serial)}
	case "PUT /api/v1/collections/:id/readers":
		return map[string]any{"people": []string{}, "groups": []int64{}}
	case "POST /api/v1/articles":
		return map[string]any{"collection": number(w.t, w.shelf(here)), "title": "An article by the program of " + p.name, "body": "With a text."}
	case "POST /api/v1/articles/:id/passages":
		return map[string]any{"quote": "What we know.", "body": "Do we?"}
	case "POST /api/v1/articles/drafts/:id/passages":
		return map[string]any{"quote": "What we think.", "body": "Do we?"}
	case "POST /api/v1/passages/:id/words":
		return map[string]any{"body": "We do."}
	case "POST /api/v1/articles/drafts":
		return map[string]any{"collection": number(w.t, w.shelf(here)), "title": "A draft by the program of " + p.name}
	case "POST /api/v1/articles/:id/drafts", "PATCH /api/v1/articles/drafts/:id":
		return map[string]any{"title": "Another title"}
	case "POST /api/v1/articles/drafts/:id/review":
		return map[string]any{"reviewers": []string{"nobody@example.com"}}
	case "PUT /api/v1/articles/drafts/:id/verdict":
		return map[string]any{"version": 1, "verdict": "approved"}
	case "POST /api/v1/articles/drafts/:id/publication":
		return map[string]any{"version": 1}
	case "POST /api/v1/articles/:id/posts":
		return map[string]any{"body": "A program has something to add."}
	case "PATCH /api/v1/articles/:id":
		return map[string]any{"title": "Another title"}
	case "PUT /api/v1/articles/:id/place":
		return map[string]any{}
	case "PUT /api/v1/articles/:id/versions/:number/name":
		return map[string]any{"name": "As audited"}
	case "PUT /api/v1/articles/:id/owner":
		return map[string]any{"owner": ""}
	case "PUT /api/v1/articles/:id/source":
		return map[string]any{"source": "ISO 9001"}
	case "POST /api/v1/articles/:id/verification":
		return map[string]any{"version": 1, "months": 3}
	case "POST /api/v1/articles/:id/help":
		return map[string]any{"helped": true}
	case "POST /api/v1/articles/:id/doubts":
		return map[string]any{"reason": "Is it?"}
	case "PUT /api/v1/articles/:id/doubts/:doubt/answer":
		return map[string]any{"state": "done"}
	}
	return nil
}

// articleForm is what a form about collections and articles sends.
func (w *world) articleForm(p *player, route string, here place) url.Values {
	w.serial++
	switch route {
	case "POST /glossary":
		return values("space", here.slug, "word", fmt.Sprintf("Term %d", w.serial), "definition", "What it means.")
	case "POST /glossary/:id":
		return values("word", fmt.Sprintf("Term %d", w.serial), "definition", "Something else.", "base", "1")
	case "POST /collections":
		return values("space", here.slug, "title", fmt.Sprintf("Collection %d", w.serial))
	case "POST /collections/:id":
		return values("title", "Of "+here.slug)
	case "POST /articles/:id/tasks":
		return values("task", "1-done", "base", "1")
	case "POST /collections/:id/step", "POST /articles/:id/step":
		return values("to", "up")
	case "POST /collections/:id/review":
		return values("reviewed", "0")
	case "POST /collections/:id/readers":
		return values("person", w.lead().user.Email)
	case "POST /collections/:id/restriction":
		return values("restricted", "0")
	case "POST /articles/drafts/:id":
		return values("title", "Another title", "body", "Another text.", "base", "1")
	case "POST /articles/drafts/:id/review":
		return values("reviewer", "99999999")
	case "POST /articles/drafts/:id/verdict":
		return values("version", "1", "verdict", "approved")
	case "POST /articles/drafts/:id/publication":
		return values("version", "1")
	case "POST /collections/:id/archive":
		return values("archived", "0")
	case "POST /articles":
		return values("collection", w.shelves[here.slug], "title", "An article by "+p.name, "body", "With a text.", "once", w.once())
	case "POST /articles/:id":
		return values("title", "Another title", "body", "Another text.", "base", "1")
	case "POST /articles/:id/passages":
		return values("quote", "What we know.", "body", "Do we?", "once", w.once())
	case "POST /articles/drafts/:id/passages":
		return values("quote", "What we think.", "body", "Do we?", "once", w.once())
	case "POST /passages/:id/words":
		return values("body", "We do.", "once", w.once())
	case "POST /articles/:id/posts", "POST /articles/:id/posts/:post":
		return values("body", "Another word.", "once", w.once(), "base", "1")
	case "POST /articles/:id/posts/:post/versions/:number":
		return values("hidden", "1", "reason", "It names a patient.")
	case "POST /articles/:id/star":
		return values("starred", "1")
	case "POST /articles/mine/reading":
		return values("kept", "1")
	case "POST /articles/:id/versions/:number/name":
		return values("name", "As audited")
	case "POST /articles/:id/owner":
		return values("owner", "")
	case "POST /articles/:id/verification":
		return values("version", "1", "months", "3")
	case "POST /articles/:id/help":
		return values("helped", "yes")
	case "POST /articles/:id/doubts":
		return values("reason", "Is it?")
	case "POST /articles/:id/doubts/:doubt/answer":
		return values("state", "done")
	case "POST /articles/:id/place":
		return values("after", "0")
	}
	return nil
}
