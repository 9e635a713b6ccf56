package posts

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	"ruche/views/layout"
	"ruche/views/parts"
	views "ruche/views/posts"
)

// PageSize is how many posts a page of an idea, an article or an event shows.
const PageSize = 50

// Routes adds the pages of posts, under ideas, articles and events and in threads.
func (f *Posts) Routes(g *echo.Group) {
	for _, under := range []string{"/ideas/:id/comments", "/threads/:id/posts", "/articles/:id/posts", "/events/:id/posts"} {
		g.POST(under, f.submit, f.masked, web.RequireSignIn)
		g.GET(under+"/:post", f.permalink, f.masked)
		g.GET(under+"/:post/reply", f.reply, f.masked, web.RequireSignIn)
		g.GET(under+"/:post/edit", f.edit, f.masked, web.RequireSignIn)
		g.POST(under+"/:post", f.save, f.masked, web.RequireSignIn)
		g.POST(under+"/:post/removal", f.remove, f.masked, web.RequireSignIn)
		g.POST(under+"/:post/restoration", f.restore, f.masked, web.RequireSignIn)
		g.GET(under+"/:post/versions", f.versions, f.masked)
		g.POST(under+"/:post/versions/:number", f.tend, web.RequireSignIn)
	}
	g.GET("/posts/:post", f.anywhere)
}

// masked lets whoever is the hidden author of the idea or the thread that the address names act as that.
func (f *Posts) masked(next echo.HandlerFunc) echo.HandlerFunc {
	ofIdea, inside := f.web.Masked(next), f.web.MaskedIn(next)
	return func(c echo.Context) error {
		switch room(c).Kind {
		case "thread":
			return inside(c)
		case "article", "event": // nobody hides there
			return next(c)
		}
		return ofIdea(c)
	}
}

// room is the kind of what the address names.
func room(c echo.Context) models.Room {
	kind, _, _ := strings.Cut(strings.TrimPrefix(c.Path(), "/"), "s/")
	return models.Room{Kind: kind}
}

// about is what the address names.
func about(c echo.Context) (models.About, error) {
	in := room(c)
	id, err := web.ID(c, "id")
	in.ID = id
	return in.About(), err
}

// submit takes a message from the form under what is discussed, or an answer.
func (f *Posts) submit(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	where, err := about(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	if c.FormValue("as") == "self" { // somebody hidden who speaks in their own name
		actor = actor.Person()
	}
	in := NewPost{About: where, Body: c.FormValue("body"), Once: c.FormValue("once")}
	if in.Parent, err = parent(c); err != nil {
		return err
	}
	if in.About, err = f.now(c, in); err != nil {
		return err
	}
	refused := ""
	if in.Body, refused, err = f.withFiles(c, in.About, in.Once, in.Body); err != nil {
		return err
	}
	if refused != "" {
		return f.answerPage(c, http.StatusUnprocessableEntity, in, parts.Compose{Refused: web.Locale(c).T(refused)})
	}
	post, err := f.Write(ctx, actor, in)
	form := where.Form(in.Parent)
	var invalid models.Invalid
	if errors.As(err, &invalid) && invalid["body"] != "" {
		return f.answerPage(c, http.StatusUnprocessableEntity, in, parts.Compose{Error: web.Locale(c).T(invalid["body"])})
	}
	if invalid["parent"] != "" { // what it answers is gone: it can be said by itself
		in.Parent = 0
		return f.answerPage(c, http.StatusUnprocessableEntity, in, parts.Compose{Error: web.Locale(c).T(invalid["parent"])})
	}
	if err != nil {
		return f.writing.AgreeFirst(c, err, writing.Kept{Name: form, Fields: models.Fields{"body": in.Body}, Place: in.shown(), Again: func(agreement string) error {
			return f.answerPage(c, http.StatusUnprocessableEntity, in, parts.Compose{AgreementURL: agreement})
		}})
	}
	path, err := f.at(c, post)
	if err != nil {
		return err
	}
	return f.writing.Taken(c, form, "comments.toast.posted", path)
}

// withFiles takes the files that come with the form of a post, and names them at the end of its text.
func (f *Posts) withFiles(c echo.Context, where models.About, once, body string) (with, refused string, err error) {
	if c.Request().MultipartForm == nil || len(c.Request().MultipartForm.File) == 0 {
		return body, "", nil
	}
	actor := web.Actor(c)
	place, err := f.db.Place(c.Request().Context(), actor, where)
	if err != nil {
		return body, "", err
	}
	return f.files.OfForm(c, actor.Person(), actor.Access(place.SpaceID()).Slug, once, body)
}

// now is where a post is said that was begun in a thread: where the thread goes on, or where the post stands that it answers, since
// somebody may have moved either meanwhile.
func (f *Posts) now(c echo.Context, in NewPost) (models.About, error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if in.About.Thread == 0 {
		return in.About, nil
	}
	if in.Parent != 0 {
		_, place, err := f.db.Post(ctx, actor, in.Parent)
		if err == nil && place.About() != in.About {
			stood, err := f.db.MovedFrom(ctx, in.Parent, in.About.Thread)
			if err != nil || stood {
				return place.About(), err
			}
		}
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return in.About, err
		}
		return in.About, nil
	}
	into, err := f.db.MergedThread(ctx, actor, in.About.Thread)
	if err != nil {
		return in.About, err
	}
	return models.About{Thread: into.ID}, nil
}

// shown is where the form of the post is shown.
func (in NewPost) shown() string {
	if in.Parent == 0 {
		return in.About.Path() + "#comments"
	}
	return in.About.Posts() + "/" + strconv.FormatInt(in.Parent, 10) + "/reply"
}

// parent is the post that a form answers, 0 for none.
func parent(c echo.Context) (int64, error) {
	value := c.FormValue("parent")
	if value == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil || id < 0 {
		return 0, models.Invalid{"parent": "comments.parent_invalid"}
	}
	return id, nil
}

// at is the address at which a post is seen: its place, at the page of the conversation that holds it.
func (f *Posts) at(c echo.Context, post *models.Post) (string, error) {
	ctx := c.Request().Context()
	_, place, err := f.db.Post(ctx, web.Actor(c), post.ID)
	if err != nil {
		return "", err
	}
	anchor := "#post-" + strconv.FormatInt(post.ID, 10)
	if place.Thread != nil {
		return place.Thread.PageOf(post.Number) + anchor, nil
	}
	after, err := f.db.PostPage(ctx, post, PageSize)
	if err != nil {
		return "", err
	}
	path := place.Path()
	if after != nil {
		path += "?cursor=" + after.String()
	}
	return path + anchor, nil
}

// addressed finds the post that the address names, in the place that it names.
func (f *Posts) addressed(c echo.Context) (*models.Post, models.Place, error) {
	where, err := about(c)
	if err != nil {
		return nil, models.Place{}, err
	}
	id, err := web.ID(c, "post")
	if err != nil {
		return nil, models.Place{}, err
	}
	post, place, err := f.db.Post(c.Request().Context(), web.Actor(c), id)
	if err == nil && place.About() != where {
		err = models.ErrNotFound
	}
	return post, place, err
}

// saying finds the post that the address names and who acts on it: somebody hidden on what they said so, and on everything
// else whoever they are, since what they do with that the log keeps.
func (f *Posts) saying(c echo.Context) (*models.Post, models.Place, error) {
	post, place, err := f.addressed(c)
	if actor := web.Actor(c); err == nil && post.AuthorID != actor.ID {
		web.SetActor(c, actor.Person())
	}
	return post, place, err
}

func (f *Posts) permalink(c echo.Context) error {
	post, _, err := f.addressed(c)
	if errors.Is(err, models.ErrNotFound) {
		return f.moved(c, err)
	}
	if err != nil {
		return err
	}
	path, err := f.at(c, post)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, path)
}

// moved leads to a post that has stood in the thread which the address names.
func (f *Posts) moved(c echo.Context, missing error) error {
	where, err := about(c)
	if err != nil {
		return err
	}
	id, err := web.ID(c, "post")
	if err != nil {
		return err
	}
	post, _, err := f.db.Post(c.Request().Context(), web.Actor(c), id)
	if err != nil || where.Thread == 0 {
		return missing
	}
	stood, err := f.db.MovedFrom(c.Request().Context(), id, where.Thread)
	if err != nil {
		return err
	}
	if !stood {
		return missing
	}
	path, err := f.at(c, post)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, path)
}

// anywhere is the permanent link to a post of which only the number is known.
func (f *Posts) anywhere(c echo.Context) error {
	id, err := web.ID(c, "post")
	if err != nil {
		return err
	}
	_, place, err := f.db.Post(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, place.About().Post(id))
}

// reply shows the form for an answer, for those without scripts.
func (f *Posts) reply(c echo.Context) error {
	post, place, err := f.addressed(c)
	if err != nil {
		return err
	}
	if err := web.Actor(c).Refusal(models.PostComment, &models.Space{ID: place.SpaceID()}); err != nil && !writing.Asked(err) {
		return err
	}
	quote := ""
	if c.QueryParam("quote") != "" && post.RemovedAt == nil {
		if quote, err = f.quote(c, post); err != nil {
			return err
		}
	}
	return f.answerPage(c, http.StatusOK, NewPost{About: place.About(), Parent: post.ID}, parts.Compose{Quoted: quote})
}

// quote is what a post says, or the words that are marked in it, as the beginning of an answer.
func (f *Posts) quote(c echo.Context, post *models.Post) (string, error) {
	cards, err := f.db.PostCards(c.Request().Context(), web.Actor(c), []int64{post.ID})
	if err != nil || len(cards) != 1 {
		return "", err
	}
	name := parts.Name(web.Locale(c), cards[0].AuthorName)
	if words := c.QueryParam("words"); words != "" {
		if words, err = text.Clean(words, text.MaxBody); err == nil {
			return text.QuoteWords(name, post.ID, words), nil
		}
	}
	return text.Quote(name, post.ID, post.Body), nil
}

// answerPage shows the form for a post or an answer on a page of its own, with what it quotes, or once more with what was wrong with it.
func (f *Posts) answerPage(c echo.Context, status int, in NewPost, with parts.Compose) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	place, err := f.db.Place(ctx, actor, in.About)
	if err != nil {
		return err
	}
	compose := Compose(l, actor, place, in.Parent, nil)
	if status == http.StatusOK {
		if err := f.resume(ctx, compose); err != nil {
			return err
		}
		if compose.Quoted = with.Quoted; with.Quoted != "" {
			compose.Body = strings.TrimLeft(strings.TrimRight(compose.Body, "\n")+"\n\n"+with.Quoted, "\n")
		}
	} else {
		compose.Body, compose.Error, compose.Refused, compose.AgreementURL, compose.Draft.Returned = in.Body, with.Error, with.Refused, with.AgreementURL, true
	}
	compose.Cancel = place.Path()
	view := views.Answer{Title: l.T("comments.new"), Place: place, Space: *actor.Access(place.SpaceID()), Compose: *compose}
	if in.Parent != 0 {
		cards, err := f.db.PostCards(ctx, actor, []int64{in.Parent})
		if err != nil {
			return err
		}
		if len(cards) != 1 || cards[0].About() != in.About {
			return models.ErrNotFound
		}
		answered := Present(l, actor, Look{Place: place}, &cards[0]).Post
		view.Title, view.Answered = l.T("comments.reply_to", "name", parts.Name(l, cards[0].AuthorName)), &answered
	}
	return f.answer(c, status, view)
}

func (f *Posts) answer(c echo.Context, status int, view views.Answer) error {
	page, err := f.web.Page(c, view.Place.Section(), view.Title)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.AnswerPage(page, view))
}

func (f *Posts) edit(c echo.Context) error {
	post, place, err := f.saying(c)
	if err != nil {
		return err
	}
	actor := web.Actor(c)
	if !actor.MayEditPost(post, place.SpaceID()) {
		return actor.Refused(place.SpaceID(), post.AuthorID)
	}
	if post.RemovedAt != nil {
		return models.ErrNotFound
	}
	ctx, view := c.Request().Context(), f.editing(c, post, place)
	now, err := f.db.PostVersion(ctx, post.ID)
	if err != nil {
		return err
	}
	view.Compose.Base = now
	if err := f.resume(ctx, &view.Compose); err != nil {
		return err
	}
	if view.Compose.Base != now { // a draft must not overwrite what was saved after it was begun
		if shown, err := f.overtaken(c, http.StatusOK, view, post); shown || err != nil {
			return err
		}
		view.Compose.Base = now
	}
	return f.answer(c, http.StatusOK, view)
}

func (f *Posts) editing(c echo.Context, post *models.Post, place models.Place) views.Answer {
	actor, l := web.Actor(c), web.Locale(c)
	access := actor.Access(place.SpaceID())
	compose := parts.Compose{
		Action: place.About().Post(post.ID), Draft: parts.Draft{Form: place.About().EditForm(post.ID)}, Person: actor.ID, Space: access.Slug,
		Label: l.T("comments.yours"), Body: post.Body, Submit: l.T("comments.save"), Asked: actor.Asked(access.ID), Readers: access.Visibility, Cancel: place.Path(),
	}
	if actor.Masked() { // what is said keeps its name, and no draft lies beside the person
		compose.Draft.Form = ""
	}
	return views.Answer{Title: l.T("comments.edit_title"), Place: place, Space: *access, Compose: compose}
}

func (f *Posts) save(c echo.Context) error {
	post, place, err := f.saying(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	body, form := c.FormValue("body"), place.About().EditForm(post.ID)
	base, _ := strconv.Atoi(c.FormValue("base")) // one that is none conflicts, and comes back with what stands there now
	body, refused, err := f.withFiles(c, place.About(), "", body)
	if err != nil {
		return err
	}
	view := f.editing(c, post, place)
	view.Compose.Draft.Returned, view.Compose.Body, view.Compose.Base = true, body, base
	if refused != "" {
		view.Compose.Refused = web.Locale(c).T(refused)
		return f.answer(c, http.StatusUnprocessableEntity, view)
	}
	edited, err := f.Edit(c.Request().Context(), web.Actor(c), Edit{ID: post.ID, Base: base, Body: body})
	again := func(problem, agreement string) error {
		view.Compose.Error, view.Compose.AgreementURL = problem, agreement
		return f.answer(c, http.StatusUnprocessableEntity, view)
	}
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return again(web.Locale(c).T(invalid["body"]), "")
	}
	if errors.Is(err, models.ErrConflict) {
		if shown, failed := f.overtaken(c, http.StatusConflict, view, post); shown || failed != nil {
			return failed
		}
	}
	if err != nil {
		return f.writing.AgreeFirst(c, err, writing.Kept{Name: form, Fields: models.Fields{"body": body, "base": strconv.Itoa(base)}, Place: place.About().Post(post.ID) + "/edit", Again: func(agreement string) error {
			return again("", agreement)
		}})
	}
	path, err := f.at(c, edited)
	if err != nil {
		return err
	}
	return f.writing.Taken(c, form, "comments.toast.edited", path)
}

func (f *Posts) remove(c echo.Context) error {
	post, place, err := f.saying(c)
	if err != nil {
		return err
	}
	if _, err := f.Remove(c.Request().Context(), web.Actor(c), post.ID); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("comments.toast.removed"), UndoAction: place.About().Post(post.ID) + "/restoration"})
	return f.back(c, post)
}

func (f *Posts) restore(c echo.Context) error {
	post, _, err := f.saying(c)
	if err != nil {
		return err
	}
	if _, err := f.Restore(c.Request().Context(), web.Actor(c), post.ID); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("comments.toast.restored")})
	return f.back(c, post)
}

// back answers with the place of a post in its conversation.
func (f *Posts) back(c echo.Context, post *models.Post) error {
	path, err := f.at(c, post)
	if err != nil {
		return err
	}
	return web.Redirect(c, path)
}
