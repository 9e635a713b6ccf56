package ideas

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/ideas"
)

// returnForm asks for a return code. Whoever has one need not be signed in, where the idea can be read so.
func (f *Ideas) returnForm(c echo.Context) error {
	return f.returnPage(c, http.StatusOK, nil)
}

func (f *Ideas) returnPage(c echo.Context, status int, problems models.Invalid) error {
	page, err := f.web.Page(c, "ideas", web.Locale(c).T("anonymity.return"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Return(page, problems))
}

// comeBack lets a browser act as the author of the idea of a code.
func (f *Ideas) comeBack(c echo.Context) error {
	code := c.FormValue("code")
	idea, err := f.ComeBack(c.Request().Context(), web.Actor(c), code)
	if problems := (models.Invalid{}); errors.As(err, &problems) {
		return f.returnPage(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	f.web.Returned(c, idea.ID, models.PlainCode(code))
	return web.Redirect(c, idea.Path())
}

// showCode tells whoever has just posted an idea the code with which they come back.
func (f *Ideas) showCode(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	code := web.ReturnCode(c, id)
	idea, err := f.ComeBack(c.Request().Context(), web.Actor(c), code)
	if err != nil || idea.ID != id {
		return fmt.Errorf("return code of idea %d: %w", id, models.ErrNotFound)
	}
	page, err := f.web.Page(c, "ideas", web.Locale(c).T("anonymity.code"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Code(page, idea, models.SpellCode(code)))
}

// forgetCode ends that the browser acts as the author of an idea.
func (f *Ideas) forgetCode(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	idea, err := f.db.Idea(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	f.web.Returned(c, id, "")
	if idea.State != models.Published { // only its author reads it
		return web.Redirect(c, "/ideas")
	}
	return web.Redirect(c, idea.Path())
}

// mayKeep refuses the draft of an idea whose author is promised that nothing names them: it would lie beside the person.
func (f *Ideas) mayKeep(c echo.Context, fields models.Fields) error {
	campaign, err := f.answered(c.Request().Context(), web.Actor(c), fields["campaign"])
	if errors.Is(err, models.ErrNotFound) || campaign == nil || campaign.Anonymity == models.Named {
		return nil // of a campaign that they do not see, they write nothing that is posted
	}
	if err != nil {
		return err
	}
	return models.Invalid{"campaign": "anonymity.no_draft"}
}
