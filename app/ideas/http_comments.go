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
	"ruche/views/parts"
)

// comment takes a message from the form under an idea, or an answer.
func (f *Ideas) comment(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := formOf(c)
	if err != nil {
		return err
	}
	if c.FormValue("as") == "self" { // somebody hidden who speaks in their own name
		actor = actor.Person()
	}
	in := NewComment{Idea: id, Body: c.FormValue("body"), Once: c.FormValue("once")}
	if in.Parent, err = parent(c); err != nil {
		return err
	}
	comment, err := f.Comment(ctx, actor, in)
	var invalid models.Invalid
	if errors.As(err, &invalid) && invalid["body"] != "" {
		return f.answerPage(c, http.StatusUnprocessableEntity, in, views.Compose{Error: web.Locale(c).T(invalid["body"])})
	}
	if err != nil {
		return f.agreeFirst(c, err, kept{answerForm(in.Idea, in.Parent), models.Fields{"body": in.Body}, in.place(), false, func(agreement string) error {
			return f.answerPage(c, http.StatusUnprocessableEntity, in, views.Compose{AgreementURL: agreement})
		}})
	}
	path, err := f.place(c, comment)
	if err != nil {
		return err
	}
	return f.sent(c, answerForm(in.Idea, in.Parent), "comments.toast.posted", path)
}

// place is where the form of the comment is shown.
func (in NewComment) place() string {
	if in.Parent == 0 {
		return base(in.Idea) + "#comments"
	}
	return base(in.Idea) + "/comments/" + strconv.FormatInt(in.Parent, 10) + "/reply"
}

// parent is the comment that a form answers, 0 for none.
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

// place is the address at which a comment is seen: its idea, at the page of the discussion that holds it.
func (f *Ideas) place(c echo.Context, comment *models.Post) (string, error) {
	ctx := c.Request().Context()
	idea, err := f.db.Idea(ctx, web.Actor(c), *comment.IdeaID)
	if err != nil {
		return "", err
	}
	after, err := f.db.PostPage(ctx, comment, commentPage)
	if err != nil {
		return "", err
	}
	path := idea.Path()
	if after != nil {
		path += "?cursor=" + after.String()
	}
	return path + "#comment-" + strconv.FormatInt(comment.ID, 10), nil
}

// addressed finds the comment that the address names, under the idea that it names.
func (f *Ideas) addressed(c echo.Context) (*models.Post, *models.Idea, error) {
	ideaID, err := web.ID(c, "id")
	if err != nil {
		return nil, nil, err
	}
	id, err := web.ID(c, "comment")
	if err != nil {
		return nil, nil, err
	}
	comment, place, err := f.db.Post(c.Request().Context(), web.Actor(c), id)
	if err == nil && (place.Idea == nil || place.Idea.ID != ideaID) {
		err = models.ErrNotFound
	}
	return comment, place.Idea, err
}

// saying finds the comment that the address names and who acts on it: somebody hidden on what they said so, and on everything
// else whoever they are, since what they do with that the log keeps.
func (f *Ideas) saying(c echo.Context) (*models.Post, *models.Idea, error) {
	comment, idea, err := f.addressed(c)
	if actor := web.Actor(c); err == nil && comment.AuthorID != actor.ID {
		web.SetActor(c, actor.Person())
	}
	return comment, idea, err
}

func (f *Ideas) permalink(c echo.Context) error {
	comment, _, err := f.addressed(c)
	if err != nil {
		return err
	}
	path, err := f.place(c, comment)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, path)
}

// reply shows the form for an answer, for those without scripts.
func (f *Ideas) reply(c echo.Context) error {
	comment, idea, err := f.addressed(c)
	if err != nil {
		return err
	}
	if err := web.Actor(c).Refusal(models.PostComment, &models.Space{ID: idea.SpaceID}); err != nil && !asked(err) {
		return err
	}
	return f.answerPage(c, http.StatusOK, NewComment{Idea: idea.ID, Parent: comment.ID}, views.Compose{})
}

// answerPage shows the form for a comment or an answer on a page of its own, or once more with what was wrong with it.
func (f *Ideas) answerPage(c echo.Context, status int, in NewComment, wrong views.Compose) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	idea, err := f.db.Idea(ctx, actor, in.Idea)
	if err != nil {
		return err
	}
	access, form := actor.Access(idea.SpaceID), answerForm(idea.ID, in.Parent)
	view := views.Answer{Title: l.T("comments.new"), Idea: idea, Space: *access, Compose: views.Compose{
		Action: base(idea.ID) + "/comments", Draft: parts.Draft{Form: form, Returned: status != http.StatusOK}, Once: newOnce(), Parent: in.Parent, Person: actor.ID, Space: access.Slug,
		Label: l.T("comments.yours"), Body: in.Body, Error: wrong.Error, AgreementURL: wrong.AgreementURL, Submit: l.T("comments.send"), Asked: actor.Asked(access.ID), Readers: access.Visibility, Cancel: idea.Path(),
	}}
	unkept(actor, &view.Compose)
	if in.Parent != 0 {
		cards, err := f.db.PostCards(ctx, actor, []int64{in.Parent})
		if err != nil {
			return err
		}
		if len(cards) != 1 || *cards[0].IdeaID != idea.ID {
			return models.ErrNotFound
		}
		answered := presentComment(l, actor, idea, &cards[0]).Post
		view.Title, view.Answered = l.T("comments.reply_to", "name", parts.Name(l, cards[0].AuthorName)), &answered
		view.Compose.Label, view.Compose.Submit = l.T("comments.your_answer"), l.T("comments.answer")
	}
	if status == http.StatusOK {
		if err := f.resume(c, &view.Compose); err != nil {
			return err
		}
	}
	return f.commentPage(c, status, view)
}

// resume fills a form with what was begun and kept.
func (f *Ideas) resume(c echo.Context, compose *views.Compose) error {
	draft, err := f.db.Draft(c.Request().Context(), compose.Person, compose.Draft.Form)
	if err != nil || draft == nil {
		return err
	}
	compose.Body, compose.Draft.SavedAt = draft.Fields["body"], &draft.SavedAt
	return nil
}

func (f *Ideas) commentPage(c echo.Context, status int, view views.Answer) error {
	page, err := f.web.Page(c, "ideas", view.Title)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.AnswerPage(page, view))
}

func (f *Ideas) editComment(c echo.Context) error {
	comment, idea, err := f.saying(c)
	if err != nil {
		return err
	}
	if !web.Actor(c).MayEditPost(comment, idea.SpaceID) {
		return web.Actor(c).Refused(idea.SpaceID, comment.AuthorID)
	}
	if comment.RemovedAt != nil {
		return models.ErrNotFound
	}
	view := f.editing(c, comment, idea)
	unkept(web.Actor(c), &view.Compose)
	view.Compose.Hidden = nil // what is said keeps its name
	if err := f.resume(c, &view.Compose); err != nil {
		return err
	}
	return f.commentPage(c, http.StatusOK, view)
}

func (f *Ideas) editing(c echo.Context, comment *models.Post, idea *models.Idea) views.Answer {
	actor, l := web.Actor(c), web.Locale(c)
	access := actor.Access(idea.SpaceID)
	return views.Answer{Title: l.T("comments.edit_title"), Idea: idea, Space: *access, Compose: views.Compose{
		Action: base(idea.ID) + "/comments/" + strconv.FormatInt(comment.ID, 10), Draft: parts.Draft{Form: commentEditForm(idea.ID, comment.ID)}, Person: actor.ID, Space: access.Slug,
		Label: l.T("comments.yours"), Body: comment.Body, Submit: l.T("comments.save"), Asked: actor.Asked(access.ID), Readers: access.Visibility, Cancel: idea.Path(),
	}}
}

func (f *Ideas) saveComment(c echo.Context) error {
	comment, idea, err := f.saying(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	edited, err := f.EditComment(c.Request().Context(), web.Actor(c), comment.ID, c.FormValue("body"))
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		view := f.editing(c, comment, idea)
		view.Compose.Draft.Returned = true
		view.Compose.Body, view.Compose.Error = c.FormValue("body"), web.Locale(c).T(invalid["body"])
		return f.commentPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		form := kept{commentEditForm(idea.ID, comment.ID), models.Fields{"body": c.FormValue("body")}, base(idea.ID) + "/comments/" + strconv.FormatInt(comment.ID, 10) + "/edit", false, func(agreement string) error {
			view := f.editing(c, comment, idea)
			unkept(web.Actor(c), &view.Compose)
			view.Compose.Hidden, view.Compose.Body, view.Compose.AgreementURL = nil, c.FormValue("body"), agreement
			return f.commentPage(c, http.StatusUnprocessableEntity, view)
		}}
		return f.agreeFirst(c, err, form)
	}
	path, err := f.place(c, edited)
	if err != nil {
		return err
	}
	return f.sent(c, commentEditForm(idea.ID, comment.ID), "comments.toast.edited", path)
}

func (f *Ideas) removeComment(c echo.Context) error {
	comment, idea, err := f.saying(c)
	if err != nil {
		return err
	}
	if _, err := f.RemoveComment(c.Request().Context(), web.Actor(c), comment.ID); err != nil {
		return err
	}
	undo := base(idea.ID) + "/comments/" + strconv.FormatInt(comment.ID, 10) + "/restoration"
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("comments.toast.removed"), UndoAction: undo})
	return f.toPlace(c, comment)
}

func (f *Ideas) restoreComment(c echo.Context) error {
	comment, _, err := f.saying(c)
	if err != nil {
		return err
	}
	if _, err := f.RestoreComment(c.Request().Context(), web.Actor(c), comment.ID); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("comments.toast.restored")})
	return f.toPlace(c, comment)
}

// toPlace answers with the place of a comment in its discussion.
func (f *Ideas) toPlace(c echo.Context, comment *models.Post) error {
	path, err := f.place(c, comment)
	if err != nil {
		return err
	}
	return web.Redirect(c, path)
}
