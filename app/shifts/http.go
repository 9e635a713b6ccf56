package shifts

import (
	"cmp"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/shifts"
)

// Routes adds the feature's pages.
func (f *Shifts) Routes(g *echo.Group) {
	g.GET("/threads/:id/split", f.splitting, web.RequireSignIn)
	g.POST("/threads/:id/split", f.split, web.RequireSignIn)
	g.GET("/threads/:id/merge", f.merging, web.RequireSignIn)
	g.POST("/threads/:id/merge", f.merge, web.RequireSignIn)
	g.POST("/shifts/:shift/end", f.end, web.RequireSignIn)
}

// tended finds the thread that the address names, if the actor may tend it.
func (f *Shifts) tended(c echo.Context) (*models.Thread, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	thread, err := f.db.Thread(c.Request().Context(), web.Actor(c), id)
	if err == nil {
		err = mayTend(web.Actor(c), thread)
	}
	return thread, err
}

// splitting shows the form to split a thread, with what has been filled in while its pages were turned.
func (f *Shifts) splitting(c echo.Context) error {
	thread, err := f.tended(c)
	if err != nil {
		return err
	}
	view := f.filled(c, thread)
	view.Once = cmp.Or(c.QueryParam("once"), writing.NewOnce())
	return f.splitPage(c, http.StatusOK, view)
}

// filled reads what a form for a split says.
func (f *Shifts) filled(c echo.Context, thread *models.Thread) views.Split {
	view := views.Split{
		Thread: thread, Scope: models.ShiftScope(cmp.Or(c.FormValue("scope"), string(models.ShiftOnly))), Target: cmp.Or(c.FormValue("target"), views.NewThread),
		Into: c.FormValue("into"), Title: c.FormValue("title"), Space: c.FormValue("space"), Topic: c.FormValue("topic"),
		Kind: models.ThreadKind(cmp.Or(c.FormValue("kind"), string(models.Discussion))), Once: c.FormValue("once"), Widen: c.FormValue("widen") != "",
	}
	if values, err := c.FormParams(); err == nil {
		view.Chosen = numbers(values["post"])
	}
	if view.Space == "" {
		view.Space = web.Actor(c).Access(thread.SpaceID).Slug
	}
	view.From = 1
	if from, err := strconv.Atoi(c.FormValue("from")); err == nil && from > 1 {
		view.From = (min(from, max(thread.LastNumber, 1))-1)/models.ThreadPage*models.ThreadPage + 1
	}
	return view
}

func (f *Shifts) splitPage(c echo.Context, status int, view views.Split) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if view.Posts, err = f.db.PageOfPosts(ctx, view.Thread, view.From); err != nil {
		return err
	}
	view.In = *actor.Access(view.Thread.SpaceID)
	view.Posts = slices.DeleteFunc(view.Posts, func(p models.PostCard) bool { return p.Number == 1 || p.RemovedAt != nil })
	for i := range actor.Spaces {
		if tends(actor, &actor.Spaces[i]) {
			view.Spaces = append(view.Spaces, actor.Spaces[i])
			for _, kind := range kinds(actor, &actor.Spaces[i]) {
				if !slices.Contains(view.Kinds, kind) {
					view.Kinds = append(view.Kinds, kind)
				}
			}
		}
	}
	if view.Topics, err = f.db.OpenTopics(ctx, actor); err != nil {
		return err
	}
	page, err := f.web.Page(c, "discussions", web.Locale(c).T("shifts.split"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.SplitPage(page, view))
}

func (f *Shifts) split(c echo.Context) error {
	thread, err := f.tended(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := f.filled(c, thread)
	in := Split{
		Thread: thread.ID, Chosen: models.Chosen{Posts: view.Chosen, Scope: view.Scope}, Space: view.Space, Topic: view.Topic, Kind: view.Kind, Title: view.Title,
		Widen: view.Widen, Once: view.Once,
	}
	if slug, topic, within := strings.Cut(in.Topic, "/"); within { // the field names the space of each topic
		in.Topic = topic
		if slug != in.Space {
			in.Topic = ""
		}
	}
	var shift *models.ThreadShift
	if view.Target == views.OtherThread {
		if in.Into, err = f.named(c, view.Into); err == nil {
			shift, err = f.Split(c.Request().Context(), web.Actor(c), in)
		}
	} else {
		shift, err = f.Split(c.Request().Context(), web.Actor(c), in)
	}
	if errors.As(err, &view.Problems) {
		return f.splitPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return f.shifted(c, shift)
}

// shifted answers a form that has moved posts with where they stand now.
func (f *Shifts) shifted(c echo.Context, shift *models.ThreadShift) error {
	into, err := f.db.Thread(c.Request().Context(), web.Actor(c), shift.IntoID)
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("shifts.toast."+string(shift.Kind), "count", shift.Posts), UndoAction: endURL(shift.ID)})
	return web.Redirect(c, into.PageOf(shift.IntoPlace)+"#shift-"+strconv.FormatInt(shift.ID, 10))
}

func endURL(id int64) string { return "/shifts/" + strconv.FormatInt(id, 10) + "/end" }

// threadNamed is the number of a thread in its address, with or without the house before it, or by itself.
var threadNamed = regexp.MustCompile(`^(?:.*/threads/|#)?([0-9]{1,18})(?:[-?#/].*)?$`)

// named is the thread that a field names; one that goes on in another leads to that.
func (f *Shifts) named(c echo.Context, value string) (int64, error) {
	found := threadNamed.FindStringSubmatch(strings.TrimSpace(value))
	if found == nil {
		return 0, models.Invalid{"into": "shifts.into_unknown"}
	}
	id, _ := strconv.ParseInt(found[1], 10, 64) // eighteen digits fit
	into, err := f.db.MergedThread(c.Request().Context(), web.Actor(c), id)
	if errors.Is(err, models.ErrNotFound) {
		return 0, models.Invalid{"into": "shifts.into_unknown"}
	}
	if err != nil {
		return 0, err
	}
	return into.ID, nil
}

func (f *Shifts) merging(c echo.Context) error {
	thread, err := f.tended(c)
	if err != nil {
		return err
	}
	return f.mergePage(c, http.StatusOK, views.Merge{Thread: thread, Into: c.QueryParam("into")})
}

func (f *Shifts) mergePage(c echo.Context, status int, view views.Merge) error {
	view.In = *web.Actor(c).Access(view.Thread.SpaceID)
	page, err := f.web.Page(c, "discussions", web.Locale(c).T("shifts.merge"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.MergePage(page, view))
}

func (f *Shifts) merge(c echo.Context) error {
	thread, err := f.tended(c)
	if errors.Is(err, models.ErrNotFound) { // perhaps by the same form, a moment ago
		return f.followed(c, err)
	}
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := views.Merge{Thread: thread, Into: c.FormValue("into"), Widen: c.FormValue("widen") != ""}
	var shift *models.ThreadShift
	into, err := f.named(c, view.Into)
	if err == nil {
		shift, err = f.Merge(c.Request().Context(), web.Actor(c), thread.ID, into, view.Widen)
	}
	if errors.As(err, &view.Problems) {
		return f.mergePage(c, http.StatusUnprocessableEntity, view)
	}
	if errors.Is(err, models.ErrNotFound) {
		return f.followed(c, err)
	}
	if err != nil {
		return err
	}
	return f.shifted(c, shift)
}

// followed leads to the thread in which the one goes on that the address names, if it does.
func (f *Shifts) followed(c echo.Context, missing error) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	into, err := f.db.MergedThread(c.Request().Context(), web.Actor(c), id)
	if err != nil || into.ID == id {
		return missing
	}
	return web.Redirect(c, into.Path())
}

func (f *Shifts) end(c echo.Context) error {
	id, err := web.ID(c, "shift")
	if err != nil {
		return err
	}
	thread, err := f.End(c.Request().Context(), web.Actor(c), id)
	var notNow *models.NotNow
	if errors.As(err, &notNow) {
		return f.refused(c, id, notNow.Key)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("shifts.toast.ended")})
	return web.Redirect(c, thread.Path())
}

// refused says why a shift stays as it is.
func (f *Shifts) refused(c echo.Context, id int64, key string) error {
	_, _, into, err := f.db.Shift(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "discussions", web.Locale(c).T("shifts.refused"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusConflict, views.RefusedPage(page, key, into.Path()))
}
