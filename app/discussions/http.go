package discussions

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/posts"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/discussions"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Routes adds the feature's pages.
func (f *Discussions) Routes(g *echo.Group) {
	masked := f.web.MaskedIn
	g.GET("/discussions", f.list)
	g.GET("/threads/similar", f.similar, web.RequireSignIn)
	g.GET("/threads/new", f.blank, web.RequireSignIn)
	g.POST("/threads", f.begin, web.RequireSignIn)
	g.GET("/threads/:id", f.show, masked)
	g.GET("/threads/:id/edit", f.edit, masked, web.RequireSignIn)
	g.POST("/threads/:id", f.save, masked, web.RequireSignIn)
	g.POST("/threads/:id/withdrawal", f.withdraw, masked, web.RequireSignIn)
	g.POST("/threads/:id/restoration", f.restore, masked, web.RequireSignIn)
	g.POST("/threads/:id/acceptance", f.accept, masked, web.RequireSignIn)
	g.POST("/threads/:id/same", f.same, masked, web.RequireSignIn)
	g.GET("/threads/:id/tending", f.tending, web.RequireSignIn)
	g.POST("/threads/:id/pin", f.pin, web.RequireSignIn)
	g.POST("/threads/:id/closure", f.closure, web.RequireSignIn)
	g.POST("/threads/:id/pace", f.pace, web.RequireSignIn)
	g.POST("/threads/:id/place", f.move, web.RequireSignIn)
	g.GET("/spaces/:slug/topics", f.topics, web.RequireSignIn)
	g.POST("/spaces/:slug/topics", f.createTopic, web.RequireSignIn)
	g.POST("/spaces/:slug/topics/:topic", f.saveTopic, web.RequireSignIn)
	g.POST("/spaces/:slug/topics/:topic/step", f.stepTopic, web.RequireSignIn)
	g.POST("/spaces/:slug/topics/:topic/archive", f.archiveTopic, web.RequireSignIn)
}

func (f *Discussions) list(c echo.Context) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	filter := views.Filter{Sort: models.ThreadSort(c.QueryParam("filter")), Space: c.QueryParam("space"), Topic: c.QueryParam("topic"), Kind: models.ThreadKind(c.QueryParam("kind")), Tag: c.QueryParam("tag")}
	cursor := c.QueryParam("cursor")
	listed, err := f.List(ctx, actor, Listing{Sort: filter.Sort, Space: filter.Space, Topic: filter.Topic, Kind: filter.Kind, Tag: filter.Tag, Cursor: cursor})
	if err != nil {
		return err
	}
	view := views.List{
		Filter: filter, Title: l.T("discussions.title"), Rows: rows(actor, listed.Threads), Pinned: rows(actor, listed.Pinned), Next: listed.Next, Inner: cursor != "",
		Spaces: actor.Spaces, Topic: listed.Topic, Person: actor.SignedIn(), NewURL: newURL(actor, listed.Space, filter.Topic),
	}
	if listed.Space != nil {
		view.Title = listed.Space.Title
		if view.Topics, err = f.db.Topics(ctx, listed.Space.ID); err != nil {
			return err
		}
		view.MayArrange = actor.Can(models.ArrangeTopics, &models.Space{ID: listed.Space.ID})
	}
	if listed.Topic != nil {
		view.Title, view.Lead = listed.Topic.Title, listed.Topic.Description
	}
	if view.Following, err = f.following(ctx, actor, listed, filter.Tag); err != nil {
		return err
	}
	page, err := f.web.Page(c, "discussions", view.Title)
	if err != nil {
		return err
	}
	if view.Following != nil {
		view.Following.Back = page.Path
	}
	if view.Feed = feedOf(listed, filter.Tag); view.Feed != "" {
		page.Head = parts.FeedHead(view.Title, view.Feed)
	}
	return web.Render(c, http.StatusOK, views.Index(page, view))
}

// feedOf is the address of the feed of what a list is of, empty for all.
func feedOf(listed *Listed, tag string) string {
	switch {
	case tag != "":
		return web.TagFeed(tag)
	case listed.Topic != nil:
		return web.TopicFeed(listed.Space.Slug, listed.Topic.Slug)
	case listed.Space != nil:
		return web.SpaceFeed(listed.Space.Slug)
	}
	return ""
}

// newURL is where the actor may begin a thread, empty if nowhere. A visitor is asked to sign in there.
func newURL(actor *models.Actor, space *models.SpaceAccess, topic string) string {
	switch {
	case space != nil && (!actor.SignedIn() || actor.CanOnceAccepted(models.BeginThread, &models.Space{ID: space.ID})):
		values := url.Values{"space": {space.Slug}}
		if topic != "" {
			values.Set("topic", topic)
		}
		return "/threads/new?" + values.Encode()
	case space == nil && (!actor.SignedIn() || actor.BeginsThreads()):
		return "/threads/new"
	}
	return ""
}

// writable are the spaces in which the actor may begin a thread, if need be once they have accepted the agreement there.
func writable(actor *models.Actor) (spaces []models.SpaceAccess) {
	for i := range actor.Spaces {
		if actor.CanOnceAccepted(models.BeginThread, &models.Space{ID: actor.Spaces[i].ID}) {
			spaces = append(spaces, actor.Spaces[i])
		}
	}
	return spaces
}

func (f *Discussions) show(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	number, err := fromNumber(c)
	if err != nil {
		return err
	}
	at := f.web.Live.At() // before the rest is read, so that nothing is missed that happens meanwhile
	shown, err := f.Show(ctx, actor, id, number)
	if errors.Is(err, models.ErrNotFound) {
		return f.followed(c, id, err)
	}
	if err != nil {
		return err
	}
	if path := shown.Path(); path != "/threads/"+c.Param("id") {
		if query := c.QueryString(); query != "" {
			path += "?" + query
		}
		return c.Redirect(http.StatusMovedPermanently, path)
	}
	view, err := f.present(c, shown)
	if err != nil {
		return err
	}
	if actor.SignedIn() {
		view.Live = &parts.LiveRoom{Room: models.Room{Kind: "thread", ID: id}, At: at, Writes: view.Compose != nil && shown.Anonymity == models.Named && !actor.Unseen, Signs: posts.Signs(actor, look(shown))}
	}
	if person := actor.Person(); person.Remembers() && web.Shown(c) && shown.news() {
		if err := f.read(ctx, person, shown); err != nil && !models.Unavailable(err) { // the page can be read on a full disk too
			return err
		}
	}
	page, err := f.web.Page(c, "discussions", shown.Title)
	if err != nil {
		return err
	}
	page.Description = shown.Summary
	return web.Render(c, http.StatusOK, views.Page(page, view))
}

// followed leads from a thread that is not there to the one in which it goes on, if the reader may see that.
func (f *Discussions) followed(c echo.Context, id int64, missing error) error {
	into, err := f.db.MergedThread(c.Request().Context(), web.Actor(c), id)
	if errors.Is(err, models.ErrNotFound) || err == nil && into.ID == id {
		return missing
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, into.Path())
}

// fromNumber is the number of a post on the page that is asked for.
func fromNumber(c echo.Context) (int, error) {
	text := c.QueryParam("from")
	if text == "" {
		return 1, nil
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > 1<<30 {
		return 0, models.ErrNotFound
	}
	return number, nil
}

// base is the address that a thread's forms post below.
func base(id int64) string { return "/threads/" + strconv.FormatInt(id, 10) }

// done answers a form about a thread: the page says what was done, and offers to take it back where undo is not empty.
func (f *Discussions) done(c echo.Context, thread *models.Thread, toast, undo string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("discussions.toast." + toast), UndoAction: undo})
	return web.Redirect(c, thread.Path())
}

func (f *Discussions) withdraw(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	thread, err := f.Withdraw(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.done(c, thread, "withdrawn", base(id)+"/restoration")
}

func (f *Discussions) restore(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	thread, err := f.Restore(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.done(c, thread, "restored", "")
}

// formOf reads a form, and the id of the thread that it is about.
func formOf(c echo.Context) (int64, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return 0, err
	}
	return id, web.ParseForm(c)
}

// flag reads a field that is 1 or 0.
func flag(c echo.Context, name string) (bool, error) {
	switch c.FormValue(name) {
	case "1":
		return true, nil
	case "0":
		return false, nil
	}
	return false, models.Invalid{name: "discussions.flag_invalid"}
}

func (f *Discussions) accept(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	post, err := strconv.ParseInt(c.FormValue("post"), 10, 64)
	if err != nil || post < 0 {
		return models.Invalid{"post": "discussions.post_invalid"}
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	before, err := f.db.Thread(ctx, actor, id)
	if err != nil {
		return err
	}
	thread, err := f.Accept(ctx, actor, id, post)
	if err != nil {
		return err
	}
	undo := base(id) + "/acceptance?post=0"
	if before.AcceptedID != nil {
		undo = base(id) + "/acceptance?post=" + strconv.FormatInt(*before.AcceptedID, 10)
	}
	if post == 0 {
		return f.done(c, thread, "unsolved", undo)
	}
	return f.done(c, thread, "solved", undo)
}

func (f *Discussions) same(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	same, err := flag(c, "same")
	if err != nil {
		return err
	}
	thread, err := f.Same(c.Request().Context(), web.Actor(c), id, same)
	if err != nil {
		return err
	}
	if same {
		return f.done(c, thread, "same", "")
	}
	return f.done(c, thread, "not_same", "")
}

func (f *Discussions) pin(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	pinned, err := flag(c, "pinned")
	if err != nil {
		return err
	}
	thread, err := f.Pin(c.Request().Context(), web.Actor(c), id, pinned)
	if err != nil {
		return f.untended(c, id, err)
	}
	if pinned {
		return f.done(c, thread, "pinned", base(id)+"/pin?pinned=0")
	}
	return f.done(c, thread, "unpinned", base(id)+"/pin?pinned=1")
}

func (f *Discussions) closure(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	closed, err := flag(c, "closed")
	if err != nil {
		return err
	}
	before, err := f.db.Thread(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	thread, err := f.Close(c.Request().Context(), web.Actor(c), id, closed, c.FormValue("reason"))
	if err != nil {
		return f.untended(c, id, err)
	}
	if closed {
		return f.done(c, thread, "closed", base(id)+"/closure?closed=0")
	}
	return f.done(c, thread, "reopened", base(id)+"/closure?"+url.Values{"closed": {"1"}, "reason": {before.CloseReason}}.Encode())
}

func (f *Discussions) pace(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	seconds, err := strconv.Atoi(c.FormValue("seconds"))
	if err != nil || seconds < 0 || seconds > int(models.Slowest/time.Second) {
		return f.untended(c, id, models.Invalid{"seconds": "discussions.slow_invalid"})
	}
	before, err := f.db.Thread(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	thread, err := f.Slow(c.Request().Context(), web.Actor(c), id, time.Duration(seconds)*time.Second)
	if err != nil {
		return f.untended(c, id, err)
	}
	return f.done(c, thread, "paced", base(id)+"/pace?seconds="+strconv.Itoa(before.SlowSeconds))
}

func (f *Discussions) move(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	before, err := f.db.Thread(ctx, actor, id)
	if err != nil {
		return err
	}
	thread, err := f.Move(ctx, actor, id, c.FormValue("space"))
	if err != nil {
		return f.untended(c, id, err)
	}
	return f.done(c, thread, "moved", base(id)+"/place?space="+url.QueryEscape(actor.Access(before.SpaceID).Slug))
}
