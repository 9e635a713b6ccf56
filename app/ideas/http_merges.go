package ideas

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/posts"
	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/ideas"
	"ruche/views/layout"
)

// mergeForm is where those who decide say in which idea another one goes on.
func (f *Ideas) mergeForm(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	return f.mergePage(c, http.StatusOK, id, views.MergeForm{})
}

// mergePage shows the form, with what was sent and could not be done.
func (f *Ideas) mergePage(c echo.Context, status int, id int64, view views.MergeForm) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	idea, err := f.mergeable(ctx, actor, id)
	if err != nil {
		return err
	}
	view.Idea, view.Space = &idea.Idea, *actor.Access(idea.SpaceID)
	joined, err := f.joined(ctx, actor, idea, true)
	if err != nil {
		return err
	}
	view.Merge = mergeOf(actor, idea, joined)
	cards, err := f.near(ctx, actor, &idea.Idea)
	if err != nil {
		return err
	}
	for _, near := range cards {
		if near.SpaceID == idea.SpaceID && near.Answer != models.AnswerMerged {
			view.Near = append(view.Near, nearCards([]models.IdeaCard{near})...)
		}
	}
	page, err := f.web.Page(c, "ideas", web.Locale(c).T("merges.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.MergePage(page, view))
}

// numbered finds the number of an idea in what somebody writes or pastes: the number, or the address.
var numbered = regexp.MustCompile(`^(?:#|[^\s?]*/ideas/)?([0-9]{1,18})(?:[-?#][^\s]*)?$`)

func (f *Ideas) merge(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	view := views.MergeForm{Choice: c.FormValue("choice"), Address: c.FormValue("address"), Reason: c.FormValue("reason"), Problems: models.Invalid{}}
	named := view.Address
	if named == "" {
		named = view.Choice
	}
	in := Merging{Idea: id, Reason: view.Reason}
	if found := numbered.FindStringSubmatch(named); found != nil {
		in.Into, _ = strconv.ParseInt(found[1], 10, 64) // of at most 18 figures
	}
	merge, err := f.Merge(c.Request().Context(), web.Actor(c), in)
	switch {
	case errors.As(err, &view.Problems):
		return f.mergePage(c, http.StatusUnprocessableEntity, id, view)
	case err != nil:
		return err
	case merge.State == models.MergeDone:
		return f.mergeDone(c, "merges.toast.merged", id)
	}
	return f.mergeDone(c, "merges.toast.asked", id)
}

func (f *Ideas) answerMerge(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	agrees, toast := true, "merges.toast.merged"
	switch c.FormValue("answer") {
	case "agree":
	case "refuse":
		agrees, toast = false, "merges.toast.refused"
	default:
		return models.Invalid{"answer": "merges.answer_invalid"}
	}
	into, _ := strconv.ParseInt(c.FormValue("into"), 10, 64) // or whichever it is
	if _, err = f.AnswerMerge(c.Request().Context(), web.Actor(c), MergeReply{Idea: id, Into: into, Agrees: agrees}); err != nil {
		return err
	}
	return f.mergeDone(c, toast, id)
}

func (f *Ideas) unmerge(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if _, err := f.Unmerge(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	return f.mergeDone(c, "merges.toast.ended", id)
}

func (f *Ideas) mergeDone(c echo.Context, toast string, id int64) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, base(id))
}

// mergeOf is what the reader sees of the merge of an idea, and may do about it; nil for nothing.
func mergeOf(actor *models.Actor, idea *models.Answering, j joining) *views.Merge {
	if j.Merge == nil || j.Into == nil && !actor.MayEndMerge(idea) {
		return nil
	}
	return &views.Merge{
		Card: j.Merge, Into: j.Into, Ends: actor.MayEndMerge(idea), Asked: j.Merge.State == models.MergeWaiting && actor.MayAnswerMerge(&idea.Idea),
	}
}

// origins are the ideas that go on in one, with what was said about each.
func origins(l *i18n.Locale, actor *models.Actor, j joining) (shown []views.Origin) {
	for n := range j.Origins {
		card := &j.Origins[n]
		origin := views.Origin{Card: card}
		said := &models.Idea{ID: card.ID, SpaceID: card.SpaceID, AuthorID: card.AuthorID} // of no state: answers and corrections are given there
		var comments []models.PostCard
		for i := range j.Comments {
			if *j.Comments[i].IdeaID == card.ID {
				j.Comments[i].AuthorPicture = actor.Face(j.Comments[i].AuthorPicture)
				comments = append(comments, j.Comments[i])
			}
		}
		origin.Threads = posts.Exchanges(l, actor, posts.Look{Place: models.Place{Idea: said}}, comments)
		shown = append(shown, origin)
	}
	return shown
}
