package ideas

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	views "ruche/views/ideas"
	"ruche/views/layout"
	"ruche/views/parts"
)

// amendmentPage is how many amendments a page lists.
const amendmentPage = 30

// amendments lists what was proposed for an idea.
func (f *Ideas) amendments(c echo.Context) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	before, err := web.BeforeNumber(c)
	if err != nil {
		return err
	}
	page, err := f.db.IdeaPage(ctx, actor, id)
	if err != nil {
		return err
	}
	if page.Told {
		if err := f.read(ctx, actor, id); err != nil && !models.Unavailable(err) {
			return err
		}
	}
	view := views.Amendments{Idea: &page.Idea, Space: *actor.Access(page.SpaceID), May: actor.MayAmend(&page.Idea)}
	if view.Cards, err = f.db.Amendments(ctx, actor, &page.Idea, before, amendmentPage+1); err != nil {
		return err
	}
	if len(view.Cards) > amendmentPage {
		view.Cards = view.Cards[:amendmentPage]
		view.Next = base(id) + "/amendments?before=" + strconv.FormatInt(view.Cards[amendmentPage-1].ID, 10)
	}
	p, err := f.web.Page(c, "ideas", l.T("amendments.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.AmendmentList(p, view))
}

// amend shows the form for another text of an idea.
func (f *Ideas) amend(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	idea, err := f.mayAmend(ctx, actor, id)
	var unaccepted *models.Unaccepted
	if errors.As(err, &unaccepted) {
		return web.Redirect(c, web.AgreementPath(unaccepted.Slug, base(id)+"/amendments/new"))
	}
	if err != nil {
		return err
	}
	view := views.Amend{Idea: idea, Title: idea.Title, Summary: idea.Written(), Body: idea.Body, Base: idea.Version}
	draft, err := f.db.Draft(ctx, actor.ID, amendForm(id))
	if err != nil {
		return err
	}
	if draft != nil {
		view.Summary = draft.Fields["summary"]
		view.Title, view.Body, view.Reason, view.Draft.SavedAt = draft.Fields["title"], draft.Fields["body"], draft.Fields["reason"], &draft.SavedAt
		if base, err := strconv.Atoi(draft.Fields["base"]); err == nil {
			view.Base = base // what is saved after that shows beside the amendment
		}
	}
	return f.amendPage(c, http.StatusOK, view)
}

// amendForm is the form of another text for an idea.
func amendForm(ideaID int64) string { return editForm(ideaID) + "/amendment" }

func (f *Ideas) amendPage(c echo.Context, status int, view views.Amend) error {
	actor := web.Actor(c)
	view.Space, view.Draft.Form, view.Person = *actor.Access(view.Idea.SpaceID), amendForm(view.Idea.ID), actor.ID
	page, err := f.web.Page(c, "ideas", web.Locale(c).T("amendments.new"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.AmendForm(page, view))
}

func (f *Ideas) proposeAmendment(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := formOf(c)
	if err != nil {
		return err
	}
	view := views.Amend{Title: c.FormValue("title"), Summary: c.FormValue("summary"), Body: c.FormValue("body"), Reason: c.FormValue("reason"), Problems: models.Invalid{}, Draft: parts.Draft{Returned: true}}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	form := writing.Kept{                            // nobody hidden amends
		Name: amendForm(id), Place: base(id) + "/amendments/new",
		Fields: models.Fields{"title": view.Title, "summary": view.Summary, "body": view.Body, "reason": view.Reason, "base": strconv.Itoa(view.Base)},
	}
	if view.Idea, err = f.mayAmend(ctx, actor, id); err != nil {
		return f.writing.AgreeFirst(c, err, form)
	}
	amendment, err := f.Amend(ctx, actor, Proposal{Idea: id, Base: view.Base, Title: view.Title, Summary: view.Summary, Body: view.Body, Reason: view.Reason})
	switch {
	case errors.As(err, &view.Problems):
		return f.amendPage(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict):
		view.Base = view.Idea.Version
		return f.amendPage(c, http.StatusConflict, view)
	case err != nil:
		return f.writing.AgreeFirst(c, err, form)
	}
	return f.writing.Taken(c, form.Name, "amendments.toast.sent", amendment.Path())
}

// showAmendment shows one as what it changes.
func (f *Ideas) showAmendment(c echo.Context) error {
	id, number, err := amendmentOf(c)
	if err != nil {
		return err
	}
	return f.amendmentPage(c, http.StatusOK, id, number, views.Amendment{})
}

func amendmentOf(c echo.Context) (id, number int64, err error) {
	if id, err = web.ID(c, "id"); err != nil {
		return 0, 0, err
	}
	number, err = web.ID(c, "amendment")
	return id, number, err
}

// amendmentPage shows an amendment, with what the reader has decided and could not be done.
func (f *Ideas) amendmentPage(c echo.Context, status int, id, number int64, view views.Amendment) error {
	actor := web.Actor(c)
	shown, err := f.ShowAmendment(c.Request().Context(), actor, id, number)
	if err != nil {
		return err
	}
	idea, card := shown.Idea, shown.Amendment
	open, own := card.State == models.AmendmentOpen, card.AuthorID == actor.ID
	view.Idea, view.Card, view.Became = idea, card, shown.Became
	view.Title, view.Summary, view.Body = writing.Changes(shown.Title), writing.Changes(shown.Summary), writing.Changes(shown.Body)
	view.Decides = open && actor.MayDecideAmendment(idea, &card.Amendment)
	view.Withdraws = open && actor.MayWithdrawAmendment(idea, &card.Amendment)
	view.Becomes = card.State == models.AmendmentRejected && own && card.BecameID == nil && actor.Can(models.PostIdea, &models.Space{ID: idea.SpaceID})
	page, err := f.web.Page(c, "ideas", web.Locale(c).T("amendments.one"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.AmendmentPage(page, view))
}

func (f *Ideas) decideAmendment(c echo.Context) error {
	id, number, err := amendmentOf(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	in := Verdict{Idea: id, Amendment: number, Accepts: c.FormValue("decision") == "accept", Word: c.FormValue("word")}
	in.Seen, _ = strconv.Atoi(c.FormValue("seen")) // anything else is no version, and a conflict
	idea, err := f.DecideAmendment(c.Request().Context(), web.Actor(c), in)
	view := views.Amendment{Word: in.Word, Problems: models.Invalid{}}
	switch {
	case errors.As(err, &view.Problems):
		return f.amendmentPage(c, http.StatusUnprocessableEntity, id, number, view)
	case errors.Is(err, models.ErrConflict):
		view.Overtaken = true
		return f.amendmentPage(c, http.StatusConflict, id, number, view)
	case err != nil:
		return err
	case in.Accepts:
		return f.amendmentDone(c, "amendments.toast.accepted", idea.Path())
	}
	return f.amendmentDone(c, "amendments.toast.rejected", base(id)+"/amendments")
}

func (f *Ideas) withdrawAmendment(c echo.Context) error {
	id, number, err := amendmentOf(c)
	if err != nil {
		return err
	}
	idea, err := f.WithdrawAmendment(c.Request().Context(), web.Actor(c), id, number)
	if err != nil {
		return err
	}
	return f.amendmentDone(c, "amendments.toast.withdrawn", idea.Path())
}

func (f *Ideas) promoteAmendment(c echo.Context) error {
	id, number, err := amendmentOf(c)
	if err != nil {
		return err
	}
	idea, err := f.PromoteAmendment(c.Request().Context(), web.Actor(c), id, number)
	if err != nil {
		return err
	}
	return f.amendmentDone(c, "amendments.toast.became", idea.Path())
}

func (f *Ideas) amendmentDone(c echo.Context, toast, path string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, path)
}
