package discussions

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/files"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	views "ruche/views/discussions"
	"ruche/views/parts"
)

// newForm is the name of the form whose draft is kept.
const newForm = "thread/new"

// blank shows the form for a new thread, with what was begun and kept.
func (f *Discussions) blank(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Write{Title: c.QueryParam("title"), Space: c.QueryParam("space"), Topic: c.QueryParam("topic"), Kind: models.ThreadKind(c.QueryParam("kind")), Anonymity: models.Anonymity(c.QueryParam("anonymity"))}
	if view.Hidden() { // whose draft would lie beside the person
		return f.newPage(c, http.StatusOK, view)
	}
	draft, err := f.db.Draft(ctx, actor.ID, newForm)
	if err != nil {
		return err
	}
	if draft != nil {
		view.Title, view.Space = cmp.Or(draft.Fields["title"], view.Title), cmp.Or(view.Space, draft.Fields["space"])
		view.Kind, view.Topic = cmp.Or(view.Kind, models.ThreadKind(draft.Fields["kind"])), cmp.Or(view.Topic, draft.Fields["topic"])
		view.Body, view.Tags, view.Draft.SavedAt = draft.Fields["body"], draft.Fields["tags"], &draft.SavedAt
	}
	return f.newPage(c, http.StatusOK, view)
}

// newPage shows the form for a new thread.
func (f *Discussions) newPage(c echo.Context, status int, view views.Write) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	view.Spaces = writable(actor)
	if len(view.Spaces) == 0 {
		return fmt.Errorf("begin a thread anywhere: %w", models.ErrForbidden)
	}
	view.Once, view.Draft.Form, view.Person = cmp.Or(view.Once, writing.NewOnce()), newForm, actor.ID
	view.Kinds = []models.ThreadKind{models.Discussion, models.Question}
	view.MayHide = slices.ContainsFunc(view.Spaces, func(s models.SpaceAccess) bool { return s.Nameless })
	if view.Hidden() {
		view.Draft.Form = ""
		view.Spaces = slices.DeleteFunc(view.Spaces, func(s models.SpaceAccess) bool { return !s.Nameless && (view.Problems == nil || s.Slug != view.Space) })
	}
	if len(view.Spaces) == 0 {
		return fmt.Errorf("begin a thread without a name anywhere: %w", models.ErrForbidden)
	}
	if len(view.Spaces) == 1 {
		view.Space = view.Spaces[0].Slug
	}
	for i := range view.Spaces {
		for _, kind := range kinds(actor, &view.Spaces[i]) {
			if !view.Hidden() && !slices.Contains(view.Kinds, kind) {
				view.Kinds = append(view.Kinds, kind)
			}
		}
	}
	if !slices.Contains(view.Kinds, view.Kind) {
		view.Kind = models.Discussion
	}
	var err error
	if view.Topics, err = f.db.OpenTopics(ctx, actor); err != nil {
		return err
	}
	if strings.TrimSpace(view.Title) != "" {
		if view.Near, err = f.nearTo(ctx, actor, view.Title, view.Kind); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "discussions", l.T("discussions.new"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Form(page, view))
}

// begin takes a new thread from its form.
func (f *Discussions) begin(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := views.Write{
		Space: c.FormValue("space"), Topic: c.FormValue("topic"), Kind: models.ThreadKind(c.FormValue("kind")), Title: c.FormValue("title"), Body: c.FormValue("body"), Tags: c.FormValue("tags"),
		Once: c.FormValue("once"), Anonymity: models.Anonymity(c.FormValue("anonymity")), Draft: parts.Draft{Returned: true},
	}
	var refused string
	var err error
	if view.Body, refused, err = f.files.OfForm(c, web.Actor(c), view.Space, view.Once, view.Body); err != nil {
		return err
	}
	in := NewThread{Space: view.Space, Topic: view.Topic, Kind: view.Kind, Title: view.Title, Body: view.Body, Tags: []string{view.Tags}, Once: view.Once, Anonymity: view.Anonymity}
	if slug, topic, within := strings.Cut(in.Topic, "/"); within { // the field names the space of each topic; without scripts it offers those of all
		in.Topic = topic
		if slug != in.Space {
			in.Topic = ""
		}
	}
	if to := c.FormValue("under"); to != "" {
		return f.rename(c, view, models.Anonymity(to))
	}
	if refused != "" {
		view.Problems = models.Invalid{files.FormField: refused}
		return f.newPage(c, http.StatusUnprocessableEntity, view)
	}
	if c.FormValue("preview") != "" {
		return f.preview(c, view, in)
	}
	thread, err := f.Begin(c.Request().Context(), web.Actor(c), in)
	if errors.As(err, &view.Problems) {
		return f.newPage(c, http.StatusUnprocessableEntity, view)
	}
	if errors.Is(err, models.ErrConflict) && !in.hidden() { // of those without a name nobody could say whose they are
		answer, found := f.db.Answer(c.Request().Context(), web.Actor(c).ID, writing.OnceKey(view.Once))
		if found != nil {
			return found
		}
		view.Sent, view.Once = "/threads/"+url.PathEscape(answer.Result), writing.NewOnce()
		return f.newPage(c, http.StatusConflict, view)
	}
	if err != nil {
		return f.writing.AgreeFirst(c, err, writing.Kept{Name: newForm, Fields: fields(view), Place: "/threads/new", Hidden: in.hidden(), Again: func(agreement string) error {
			view.AgreementURL = agreement
			return f.newPage(c, http.StatusUnprocessableEntity, view)
		}})
	}
	next := thread.Path()
	if thread.Kind == models.Poll { // which is yet to be set up
		next = base(thread.ID) + "/poll/edit"
	}
	return f.writing.Taken(c, newForm, "discussions.toast.begun", next)
}

// rename shows the form again, for a thread with or without a name, with what was written in it. Of what is written without a name
// nothing is kept, neither here nor in the browser.
func (f *Discussions) rename(c echo.Context, view views.Write, to models.Anonymity) error {
	if view.Anonymity = to; view.Hidden() {
		if err := f.writing.DropDraft(c.Request().Context(), web.Actor(c), newForm); err != nil {
			return err
		}
		f.web.DraftSent(c, newForm)
	}
	return f.newPage(c, http.StatusOK, view)
}

func fields(view views.Write) models.Fields {
	return models.Fields{"title": view.Title, "body": view.Body, "tags": view.Tags, "space": view.Space, "topic": view.Topic, "kind": string(view.Kind)}
}

// preview shows a text as it would be published, or what keeps it from that.
func (f *Discussions) preview(c echo.Context, view views.Write, in NewThread) error {
	thread, body, err := f.compose(c.Request().Context(), web.Actor(c), in)
	if errors.As(err, &view.Problems) {
		return f.newPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	view.Preview, view.Lang = body.HTML, thread.Lang
	return f.newPage(c, http.StatusOK, view)
}

// threadToEdit finds the thread that the address names, if the actor may edit it.
func (f *Discussions) threadToEdit(c echo.Context) (*models.Thread, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	thread, err := f.db.Thread(c.Request().Context(), web.Actor(c), id)
	if err == nil && !web.Actor(c).MayEditThread(thread) {
		err = web.Actor(c).Refused(thread.SpaceID, thread.AuthorID)
	}
	return thread, err
}

func (f *Discussions) edit(c echo.Context) error {
	thread, err := f.threadToEdit(c)
	if err != nil {
		return err
	}
	view := views.Edit{Thread: thread, Title: thread.Title, Tags: strings.Join(thread.Tags, ", "), Base: thread.Version}
	return f.editPage(c, http.StatusOK, view)
}

func (f *Discussions) editPage(c echo.Context, status int, view views.Edit) (err error) {
	view.Space = *web.Actor(c).Access(view.Thread.SpaceID)
	if view.Topics, err = f.db.Topics(c.Request().Context(), view.Thread.SpaceID); err != nil {
		return err
	}
	for i := range view.Topics {
		if view.Topic == "" && view.Thread.TopicID != nil && view.Topics[i].ID == *view.Thread.TopicID {
			view.Topic = view.Topics[i].Slug
		}
	}
	page, err := f.web.Page(c, "discussions", web.Locale(c).T("discussions.edit_title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.EditPage(page, view))
}

func (f *Discussions) save(c echo.Context) error {
	thread, err := f.threadToEdit(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := views.Edit{Thread: thread, Title: c.FormValue("title"), Topic: c.FormValue("topic"), Tags: c.FormValue("tags")}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	edited, err := f.Edit(c.Request().Context(), web.Actor(c), Edit{ID: thread.ID, Base: view.Base, Title: view.Title, Topic: view.Topic, Tags: []string{view.Tags}})
	if errors.As(err, &view.Problems) {
		return f.editPage(c, http.StatusUnprocessableEntity, view)
	}
	if errors.Is(err, models.ErrConflict) {
		view.Overtaken, view.Base = true, thread.Version
		return f.editPage(c, http.StatusConflict, view)
	}
	if err != nil {
		return err
	}
	return f.done(c, edited, "edited", "")
}
