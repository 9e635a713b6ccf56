package ideas

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/ideas"
	"ruche/views/layout"
)

// coAuthors shows who signs an idea, and the question to whoever was asked to.
func (f *Ideas) coAuthors(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	view, err := f.coAuthorsView(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if view.Idea.Told {
		if err := f.read(c.Request().Context(), web.Actor(c), id); err != nil && !models.Unavailable(err) {
			return err
		}
	}
	return f.coAuthorsPage(c, http.StatusOK, view)
}

func (f *Ideas) coAuthorsPage(c echo.Context, status int, view *views.CoAuthors) error {
	page, err := f.web.Page(c, "ideas", web.Locale(c).T("coauthors.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.CoAuthorsPage(page, *view))
}

func (f *Ideas) askCoAuthor(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	in := Question{Idea: id, Who: c.FormValue("who"), Message: c.FormValue("message")}
	in.Person, _ = strconv.ParseInt(c.FormValue("person"), 10, 64) // anything else was not chosen from the list
	ctx, actor := c.Request().Context(), web.Actor(c)
	_, asked := f.AskCoAuthor(ctx, actor, in)
	var undecided *Undecided
	problems := models.Invalid{}
	switch {
	case asked == nil:
		f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("coauthors.toast.asked")})
		return web.Redirect(c, base(id)+"/coauthors")
	case errors.As(asked, &undecided), errors.As(asked, &problems):
		view, err := f.coAuthorsView(ctx, actor, id)
		if err != nil {
			return err
		}
		view.Who, view.Message, view.Problems = in.Who, in.Message, problems
		if undecided != nil {
			view.Choices, view.Problems = undecided.People, models.Invalid{"who": "coauthors.several"}
		}
		return f.coAuthorsPage(c, http.StatusUnprocessableEntity, view)
	}
	return asked
}

func (f *Ideas) answerCoAuthor(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	joins, toast := true, "coauthors.toast.joined"
	switch c.FormValue("answer") {
	case "join":
	case "decline":
		joins, toast = false, "coauthors.toast.declined"
	default:
		return models.Invalid{"answer": "coauthors.answer_invalid"}
	}
	idea, err := f.AnswerCoAuthor(c.Request().Context(), web.Actor(c), id, joins)
	if err != nil {
		return err
	}
	return f.coAuthorChanged(c, toast, idea.Path())
}

func (f *Ideas) leaveCoAuthors(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	idea, err := f.LeaveCoAuthors(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.coAuthorChanged(c, "coauthors.toast.left", idea.Path())
}

func (f *Ideas) removeCoAuthor(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	person, err := web.ID(c, "person")
	if err != nil {
		return err
	}
	if _, err := f.RemoveCoAuthor(c.Request().Context(), web.Actor(c), id, person); err != nil {
		return err
	}
	return f.coAuthorChanged(c, "coauthors.toast.removed", base(id)+"/coauthors")
}

func (f *Ideas) coAuthorChanged(c echo.Context, toast, path string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, path)
}
