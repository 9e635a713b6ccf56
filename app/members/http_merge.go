package members

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/members"
)

// shownCandidates bounds the accounts to choose from.
const shownCandidates = 20

// merged leads from an account that has gone into another to that one, for those who look after people.
func (f *Members) merged(c echo.Context, id int64, err error) error {
	if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	into, failed := f.web.DB.MergedInto(c.Request().Context(), id)
	if errors.Is(failed, models.ErrNotFound) {
		return err
	}
	if failed != nil {
		return failed
	}
	return web.Redirect(c, address(into))
}

// showChoice is where somebody looks for the other account of a person: to begin with, by their name.
func (f *Members) showChoice(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	user, err := f.account(c, "id")
	if err != nil {
		return err
	}
	if !actor.LooksAfter(user.Role) {
		return models.ErrForbidden
	}
	choice := views.Choice{User: user, Words: user.Name}
	if c.QueryParams().Has("q") {
		choice.Words = c.QueryParam("q")
	}
	people, _, err := f.web.DB.People(ctx, actor, models.PeopleQuery{Words: choice.Words, Limit: shownCandidates})
	if err != nil {
		return err
	}
	for i := range people {
		if people[i].ID != user.ID && !people[i].Service && actor.LooksAfter(people[i].Role) {
			choice.People = append(choice.People, people[i])
		}
	}
	page, err := f.web.Page(c, "members", web.Locale(c).T("merge.choose.title", "name", user.Name))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Choose(page, choice))
}

// account is the one that a parameter of the address names.
func (f *Members) account(c echo.Context, name string) (*models.User, error) {
	id, err := web.ID(c, name)
	if err != nil {
		return nil, err
	}
	return f.web.DB.Account(c.Request().Context(), web.Actor(c), id)
}

func (f *Members) showMerge(c echo.Context) error { return f.renderMerge(c, http.StatusOK, nil) }

// renderMerge shows what a merge would do, and what is wrong with the form that was sent.
func (f *Members) renderMerge(c echo.Context, status int, problems models.Invalid) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Merging{Problems: problems}
	var err error
	if view.Kept, err = f.account(c, "id"); err != nil {
		return err
	}
	if view.Gone, err = f.account(c, "other"); err != nil {
		return err
	}
	if view.Problem, err = f.web.DB.MergeProblem(ctx, actor, view.Kept, view.Gone); err != nil {
		return err
	}
	if view.Preview, err = f.web.DB.PreviewMerge(ctx, actor, view.Kept, view.Gone); err != nil {
		return err
	}
	page, err := f.web.Page(c, "members", web.Locale(c).T("merge.title", "name", view.Kept.Name))
	if err != nil {
		return err
	}
	page.Wide = true
	return web.Render(c, status, views.Merge(page, view))
}

func (f *Members) postMerge(c echo.Context) error {
	keptID, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	goneID, err := web.ID(c, "other")
	if err != nil {
		return err
	}
	merge, err := f.Merge(c.Request().Context(), web.Actor(c), keptID, goneID, c.FormValue("sure") == "1")
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.renderMerge(c, http.StatusUnprocessableEntity, invalid)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("merge.toast.done"), UndoAction: mergeAddress(keptID, merge.ID) + "/undo"})
	return web.Redirect(c, address(keptID))
}

func mergeAddress(keptID, id int64) string { return fmt.Sprintf("%s/merges/%d", address(keptID), id) }

func (f *Members) showMerged(c echo.Context) error { return f.renderMerged(c, http.StatusOK, "") }

// renderMerged shows a merge: what moved, until when it can be taken back and, once it has been, what could not be given back.
func (f *Members) renderMerged(c echo.Context, status int, problem string) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	keptID, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	id, err := web.ID(c, "merge")
	if err != nil {
		return err
	}
	view := views.Merged{Actor: actor, Problem: problem}
	if view.Merge, err = f.web.DB.MergeCard(ctx, actor, keptID, id); err != nil {
		return err
	}
	if view.Days, err = f.web.DB.MergeDays(ctx); err != nil {
		return err
	}
	if view.Moved, err = view.Merge.MovedRows(); err != nil {
		return err
	}
	if view.Lost, err = view.Merge.LostRows(); err != nil {
		return err
	}
	if view.Undo, err = f.web.DB.MergeUndo(ctx, actor, &view.Merge.Merge, view.Days); err != nil {
		return err
	}
	page, err := f.web.Page(c, "members", web.Locale(c).T("merge.record.title", "name", view.Merge.KeptName))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.ShowMerged(page, view))
}

func (f *Members) postPart(c echo.Context) error {
	keptID, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	id, err := web.ID(c, "merge")
	if err != nil {
		return err
	}
	_, err = f.Part(c.Request().Context(), web.Actor(c), keptID, id)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		for _, key := range invalid {
			return f.renderMerged(c, http.StatusUnprocessableEntity, key)
		}
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("merge.toast.undone")})
	return web.Redirect(c, mergeAddress(keptID, id))
}
