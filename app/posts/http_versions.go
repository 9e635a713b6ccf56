package posts

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	"ruche/views/layout"
	"ruche/views/parts"
	views "ruche/views/posts"
)

// versionPage is how many texts of a post a page shows.
const versionPage = 10

// versions shows the texts that a post has had, each with what it changed; with "hide", the form that clears one of them.
func (f *Posts) versions(c echo.Context) error {
	before, err := web.BeforeNumber(c)
	if err != nil {
		return err
	}
	hide, err := number(c.QueryParam("hide"))
	if err != nil {
		return err
	}
	if hide != 0 {
		before = hide + 1
	}
	return f.history(c, http.StatusOK, before, views.Hiding{Number: hide})
}

// history shows a page of the texts of the post that the address names. Those of a removed one only they see who may restore it.
func (f *Posts) history(c echo.Context, status, before int, hiding views.Hiding) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	post, place, err := f.addressed(c)
	if err == nil && post.RemovedAt != nil && !mayRestore(actor, post, place.SpaceID()) {
		err = models.ErrNotFound
	}
	if err != nil {
		return err
	}
	now, err := f.db.PostVersion(ctx, post.ID)
	if err != nil {
		return err
	}
	cards, err := f.db.PostVersions(ctx, post.ID, before, versionPage+1)
	if err != nil {
		return fmt.Errorf("versions of post %d: %w", post.ID, err)
	}
	view := views.History{Place: place, Space: *actor.Access(place.SpaceID()), Post: place.About().Post(post.ID), Lang: post.Lang, Current: now, Hiding: hiding, Versions: texts(cards)}
	view.Moderates = actor.Person().Can(models.Moderate, &models.Space{ID: place.SpaceID()})
	if len(cards) > versionPage {
		view.Versions = view.Versions[:versionPage]
		view.Next = fmt.Sprintf("%s/versions?before=%d", view.Post, cards[versionPage-1].Number)
	}
	page, err := f.web.Page(c, place.Section(), l.T("comments.versions"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.VersionsPage(page, view))
}

// texts are versions with what each changed of the one before it. What there is nothing to compare with is shown as it was.
func texts(cards []models.PostVersionCard) []views.Version {
	shown := make([]views.Version, len(cards))
	for i := range cards {
		card := &cards[i]
		shown[i] = views.Version{
			Number: card.Number, At: card.CreatedAt, Editor: parts.Named{ID: card.EditorID, Name: card.EditorName, Role: card.EditorRole},
			Cleared: card.ClearedAt != nil, Reason: card.ClearReason,
		}
		before := card.Body
		if i+1 < len(cards) && cards[i+1].ClearedAt == nil {
			before = cards[i+1].Body
		}
		shown[i].Changes = writing.Changes(text.Diff(before, card.Body))
	}
	return shown
}

// number is that of a version, 0 for none.
func number(value string) (int, error) {
	if value == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil || n <= 0 {
		return 0, models.ErrNotFound
	}
	return int(min(n, 1<<30)), nil
}

// tend takes a former text out of sight, or shows it again.
func (f *Posts) tend(c echo.Context) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	post, place, err := f.addressed(c)
	if err != nil {
		return err
	}
	n, err := number(c.Param("number"))
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	versions := place.About().Post(post.ID) + "/versions"
	toast := layout.Toast{Text: l.T("comments.toast.version_shown")}
	if c.FormValue("hidden") == "1" {
		toast = layout.Toast{Text: l.T("comments.toast.version_cleared"), UndoAction: fmt.Sprintf("%s/%d", versions, n)}
		err = f.ClearVersion(ctx, actor, post.ID, n, c.FormValue("reason"))
	} else {
		err = f.ShowVersion(ctx, actor, post.ID, n)
	}
	var invalid models.Invalid
	if errors.As(err, &invalid) && invalid["reason"] != "" {
		return f.history(c, http.StatusUnprocessableEntity, n+1, views.Hiding{Number: n, Reason: c.FormValue("reason"), Error: l.T(invalid["reason"])})
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, toast)
	return web.Redirect(c, fmt.Sprintf("%s#version-%d", versions, n))
}

// overtaken shows the form of an edit once more, with what somebody else has saved meanwhile. What was written is in it; saving it again
// is then a decision. The conflict stands if there is another reason for it.
func (f *Posts) overtaken(c echo.Context, status int, view views.Answer, post *models.Post) (conflicts bool, err error) {
	ctx, l := c.Request().Context(), web.Locale(c)
	now, err := f.db.PostVersion(ctx, post.ID)
	if err != nil || now == view.Compose.Base {
		return false, err
	}
	cards, err := f.db.PostVersions(ctx, post.ID, now+1, 1)
	if err != nil || len(cards) == 0 {
		return false, err
	}
	began, err := f.db.VersionBody(ctx, post, view.Compose.Base)
	if errors.Is(err, models.ErrNotFound) || err == nil && began == "" {
		began, err = cards[0].Body, nil // nothing then stands out as changed
	}
	if err != nil {
		return false, err
	}
	view.Conflict = &views.Conflict{Editor: parts.Marked(l, cards[0].EditorName, cards[0].EditorRole), At: cards[0].CreatedAt, Changes: writing.Changes(text.Diff(began, cards[0].Body))}
	view.Compose.Base = now
	return true, f.answer(c, status, view)
}
