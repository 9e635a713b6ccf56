package ideas

import (
	"cmp"
	"context"
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
	views "ruche/views/ideas"
	"ruche/views/layout"
	"ruche/views/parts"
)

// blank shows the form for a new idea, with what was begun and kept.
func (f *Ideas) blank(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if thread, err := f.turned(ctx, actor, c.QueryParam("thread")); thread != nil || err != nil {
		if err != nil {
			return err
		}
		return f.turning(c, thread)
	}
	view := views.Write{Title: c.QueryParam("title"), Space: c.QueryParam("space"), Starter: views.Starter(web.Locale(c), c.QueryParam("start"))}
	draft, err := f.db.Draft(ctx, actor.ID, newForm)
	if err != nil {
		return err
	}
	if view.Campaign, err = f.answered(ctx, actor, c.QueryParam("campaign")); err != nil {
		return err
	}
	if draft != nil && view.Campaign == nil && view.Space == "" {
		view.Campaign, err = f.answered(ctx, actor, draft.Fields["campaign"])
		if err != nil && !errors.Is(err, models.ErrNotFound) { // it may be out of sight by now; what was begun is not lost with it
			return err
		}
	}
	if draft != nil {
		view.Summary = draft.Fields["summary"]
		view.Title, view.Space = cmp.Or(draft.Fields["title"], view.Title), cmp.Or(view.Space, draft.Fields["space"])
		view.Body, view.Tags, view.Draft.SavedAt = draft.Fields["body"], draft.Fields["tags"], &draft.SavedAt
		view.Answers = keptAnswers(draft.Fields)
	}
	return f.newPage(c, http.StatusOK, view)
}

// answered is the campaign that a form names, nil for none. What the actor may not see is no campaign.
func (f *Ideas) answered(ctx context.Context, actor *models.Actor, id string) (*models.Campaign, error) {
	if id == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("campaign %q: %w", id, models.ErrNotFound)
	}
	return f.db.Campaign(ctx, actor, n)
}

// newPage shows the form for a new idea.
func (f *Ideas) newPage(c echo.Context, status int, view views.Write) error {
	actor := web.Actor(c)
	view.Spaces, view.Once, view.Draft.Form, view.Person = writable(actor), cmp.Or(view.Once, writing.NewOnce()), newForm, actor.ID
	view.Anonymity = models.Named
	if view.Turned != nil {
		view.Draft.Form = "" // what was begun of an idea of one's own is another text
	}
	if view.Campaign != nil {
		if view.Anonymity = view.Campaign.Anonymity; view.Anonymity != models.Named {
			view.Draft.Form = "" // a draft would lie beside the person who writes
		}
		view.Spaces = slices.DeleteFunc(view.Spaces, func(s models.SpaceAccess) bool { return s.ID != view.Campaign.SpaceID })
		view.Space = actor.Access(view.Campaign.SpaceID).Slug
	}
	if len(view.Spaces) == 0 {
		return fmt.Errorf("post anywhere: %w", models.ErrForbidden)
	}
	var err error
	if view.Keepers, err = f.db.Keepers(c.Request().Context(), view.Campaign); err != nil {
		return err
	}
	view.Seal = view.Keepers.Mark()
	if view.Sheet, err = f.db.BlankSheet(c.Request().Context(), actor, view.Campaign); err != nil {
		return err
	}
	if err := f.givenFiles(c.Request().Context(), actor, &view); err != nil {
		return err
	}
	if strings.TrimSpace(view.Title) != "" {
		near, err := f.nearTo(c.Request().Context(), actor, view.Title)
		if err != nil {
			return err
		}
		view.Near = near
	}
	return f.writePage(c, status, "ideas.new", view)
}

func (f *Ideas) writePage(c echo.Context, status int, title string, view views.Write) error {
	page, err := f.web.Page(c, "ideas", web.Locale(c).T(title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Form(page, view))
}

// written reads the form of an idea and saves the files that come with it; their place is the end of the text.
func (f *Ideas) written(c echo.Context) (views.Write, error) {
	if err := web.ParseForm(c); err != nil {
		return views.Write{}, err
	}
	view := views.Write{
		Space: c.FormValue("space"), Title: c.FormValue("title"), Summary: c.FormValue("summary"), Body: c.FormValue("body"), Tags: c.FormValue("tags"),
		Once: c.FormValue("once"), Anonymity: models.Anonymity(c.FormValue("anonymity")), Seal: c.FormValue("seal"), Problems: models.Invalid{}, Draft: parts.Draft{Returned: true}, Answers: writtenAnswers(c.Request().Form),
	}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	campaign, err := f.answered(c.Request().Context(), web.Actor(c), c.FormValue("campaign"))
	if err != nil {
		return view, err
	}
	view.Campaign = campaign
	if view.Turned, err = f.turned(c.Request().Context(), web.Actor(c), c.FormValue("thread")); err != nil {
		return view, err
	}
	if view.Turned != nil {
		view.MayClose, view.Close = web.Actor(c).MayTend(view.Turned), c.FormValue("close") != ""
	}
	var problem string
	if view.Body, problem, err = f.files.OfForm(c, web.Actor(c).Person(), view.Space, view.Once, view.Body); err != nil {
		return view, err
	}
	if problem != "" {
		view.Problems[files.FormField] = problem
	}
	if form := c.Request().MultipartForm; form != nil {
		for name, uploads := range form.File {
			if field := models.UploadField(name); field != 0 {
				if err := f.addFiles(c, &view, field, uploads); err != nil {
					return view, err
				}
			}
		}
	}
	return view, nil
}

// fields are what a draft keeps of a form.
func fields(view views.Write) models.Fields {
	fields := models.Fields{"title": view.Title, "summary": view.Summary, "body": view.Body, "tags": view.Tags, "space": view.Space, "base": strconv.Itoa(view.Base)}
	if view.Campaign != nil {
		fields["campaign"] = strconv.FormatInt(view.Campaign.ID, 10)
	}
	for id, text := range view.Answers {
		fields[models.AnswerName(id)] = text
	}
	return fields
}

func (f *Ideas) post(c echo.Context) error {
	view, err := f.written(c)
	if err != nil {
		return err
	}
	if c.FormValue("preview") != "" || len(view.Problems) > 0 {
		return f.preview(c, view, f.newPage)
	}
	in := NewIdea{Space: view.Space, Title: view.Title, Summary: view.Summary, Body: view.Body, Tags: []string{view.Tags}, Once: view.Once, Answers: given(view, c.FormValue("asked")), Anonymity: view.Anonymity, Seal: view.Seal}
	if view.Campaign != nil {
		in.Campaign = view.Campaign.ID
	}
	if view.Turned != nil {
		in.Thread, in.Close = view.Turned.ID, view.Close
	}
	idea, err := f.Post(c.Request().Context(), web.Actor(c), in)
	if errors.As(err, &view.Problems) {
		return f.newPage(c, http.StatusUnprocessableEntity, view)
	}
	if errors.Is(err, models.ErrConflict) {
		return f.sentTwice(c, view)
	}
	if err != nil {
		hidden := in.Anonymity != "" && in.Anonymity != models.Named || view.Campaign != nil && view.Campaign.Anonymity != models.Named
		return f.writing.AgreeFirst(c, err, writing.Kept{Name: newForm, Fields: fields(view), Place: "/ideas/new", Hidden: hidden || view.Turned != nil, Again: unagreed(c, view, f.newPage)})
	}
	if idea.ReturnCode != "" {
		f.web.Returned(c, idea.ID, idea.ReturnCode)
		return web.Redirect(c, base(idea.ID)+"/return-code")
	}
	if view.Turned != nil {
		return f.turnedInto(c, idea)
	}
	return f.writing.Taken(c, newForm, "ideas.toast.posted", idea.Path())
}

// unagreed shows the form of an idea again, with a link to the agreement that stands in its way.
func unagreed(c echo.Context, view views.Write, show func(echo.Context, int, views.Write) error) func(string) error {
	return func(agreement string) error {
		view.AgreementURL = agreement
		return show(c, http.StatusUnprocessableEntity, view)
	}
}

// sentTwice shows the form again when it was sent before with another text: most likely someone went
// back and wrote on, and means a second idea.
func (f *Ideas) sentTwice(c echo.Context, view views.Write) error {
	answer, err := f.db.Answer(c.Request().Context(), web.Actor(c).ID, writing.OnceKey(view.Once))
	if err != nil {
		return err
	}
	view.Sent, view.Once = "/ideas/"+url.PathEscape(answer.Result), writing.NewOnce()
	return f.newPage(c, http.StatusConflict, view)
}

// preview shows a text as it would be published, or what keeps it from that.
func (f *Ideas) preview(c echo.Context, view views.Write, show func(echo.Context, int, views.Write) error) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	idea, _, err := f.compose(ctx, actor, wording{view.Title, view.Summary, view.Body, []string{view.Tags}})
	sheet, unread := f.sheet(ctx, actor, view)
	if unread == nil {
		_, unread = f.answers(ctx, actor, sheet, given(view, c.FormValue("asked")))
	}
	err = together(err, unread)
	problems := view.Problems
	if errors.As(err, &problems) {
		for field, key := range view.Problems {
			problems[field] = key
		}
		view.Problems = problems
	} else if err != nil {
		return err
	}
	if len(view.Problems) > 0 {
		return show(c, http.StatusUnprocessableEntity, view)
	}
	view.Preview, view.Lang = idea.HTML, idea.Lang
	return show(c, http.StatusOK, view)
}

// edit shows the form for a new text of an idea, with what was begun and kept.
func (f *Ideas) edit(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	idea, err := f.ideaToEdit(c)
	if err != nil {
		return err
	}
	view := views.Write{Idea: idea, Title: idea.Title, Summary: idea.Written(), Body: idea.Body, Tags: strings.Join(idea.Tags, ", "), Base: idea.Version}
	draft, err := f.db.Draft(ctx, actor.ID, editForm(idea.ID))
	if err != nil {
		return err
	}
	if draft != nil {
		view.Answers = keptAnswers(draft.Fields)
		view.Summary = draft.Fields["summary"]
		view.Title, view.Body, view.Tags, view.Draft.SavedAt = draft.Fields["title"], draft.Fields["body"], draft.Fields["tags"], &draft.SavedAt
		// A draft must not overwrite what was saved after it was begun.
		if base, err := strconv.Atoi(draft.Fields["base"]); err == nil && base != idea.Version {
			view.Base = base
			return f.overtaken(c, http.StatusOK, view)
		}
	}
	return f.editPage(c, http.StatusOK, view)
}

func (f *Ideas) ideaToEdit(c echo.Context) (*models.Idea, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	return f.mayEdit(c.Request().Context(), web.Actor(c), id)
}

func (f *Ideas) editPage(c echo.Context, status int, view views.Write) error {
	actor := web.Actor(c)
	access := actor.Access(view.Idea.SpaceID)
	view.Spaces, view.Space = []models.SpaceAccess{*access}, access.Slug
	view.Draft.Form, view.Person, view.Anonymity = editForm(view.Idea.ID), actor.ID, view.Idea.Anonymity
	if actor.Masked() {
		view.Draft.Form = ""
	}
	var err error
	if view.Sheet, err = f.db.SheetOf(c.Request().Context(), actor, view.Idea); err != nil {
		return err
	}
	view.Answers = filled(view.Sheet, view.Answers)
	if err := f.givenFiles(c.Request().Context(), actor, &view); err != nil {
		return err
	}
	return f.writePage(c, status, "ideas.edit_title", view)
}

func (f *Ideas) save(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	idea, err := f.ideaToEdit(c)
	if err != nil && !writing.Asked(err) {
		return err
	}
	view, broken := f.written(c)
	if broken != nil {
		return broken
	}
	if err != nil {
		unaccepted := err
		if view.Idea, err = f.db.Idea(c.Request().Context(), web.Actor(c), id); err != nil {
			return err
		}
		return f.writing.AgreeFirst(c, unaccepted, f.keptEdit(c, view))
	}
	view.Idea = idea
	if c.FormValue("preview") != "" || len(view.Problems) > 0 {
		return f.preview(c, view, f.editPage)
	}
	edited, err := f.Edit(c.Request().Context(), web.Actor(c), Edit{ID: idea.ID, Base: view.Base, Title: view.Title, Summary: view.Summary, Body: view.Body, Tags: []string{view.Tags}, Answers: given(view, c.FormValue("asked"))})
	if errors.As(err, &view.Problems) {
		return f.editPage(c, http.StatusUnprocessableEntity, view)
	}
	if errors.Is(err, models.ErrConflict) {
		return f.overtaken(c, http.StatusConflict, view)
	}
	if err != nil {
		return f.writing.AgreeFirst(c, err, f.keptEdit(c, view))
	}
	return f.writing.Taken(c, editForm(idea.ID), "ideas.toast.edited", edited.Path())
}

func (f *Ideas) keptEdit(c echo.Context, view views.Write) writing.Kept {
	return writing.Kept{Name: editForm(view.Idea.ID), Fields: fields(view), Place: base(view.Idea.ID) + "/edit", Again: unagreed(c, view, f.editPage)}
}

// overtaken shows someone's text beside what others have saved meanwhile. Saving again is then a decision.
func (f *Ideas) overtaken(c echo.Context, status int, view views.Write) error {
	idea, diff, err := f.Since(c.Request().Context(), web.Actor(c), view.Idea.ID, view.Base)
	if err != nil {
		return err
	}
	cards, err := f.db.Versions(c.Request().Context(), idea, 0, 1)
	if err != nil {
		return err
	}
	view.Idea, view.Base = idea, idea.Version
	view.Conflict = &views.Conflict{At: diff.Version.CreatedAt, Title: writing.Changes(diff.Title), Summary: writing.Changes(diff.Summary), Body: writing.Changes(diff.Body), Tags: writing.Changes(diff.Tags), Answers: answerChanges(web.Locale(c), diff, true)}
	for _, card := range cards {
		view.Conflict.Editor = parts.Marked(web.Locale(c), card.EditorName, card.EditorRole)
	}
	return f.editPage(c, status, view)
}

// similar is the part of the form that names near ideas, for the script that asks while someone types.
func (f *Ideas) similar(c echo.Context) error {
	actor := web.Actor(c)
	near, err := f.nearTo(c.Request().Context(), actor, c.QueryParam("title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.NearList(layout.Page{L: web.Locale(c), Now: f.db.Now()}, near))
}
