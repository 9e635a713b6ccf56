package writing

import (
	"errors"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
)

// People from outside accept the agreement of a space before they contribute to it. What they wrote before they were
// asked is kept as the draft of its form, and waits for them on the way back.

// Asked tells whether nothing but the agreement of the space stands in the way.
func Asked(err error) bool {
	var unaccepted *models.Unaccepted
	return errors.As(err, &unaccepted)
}

// AgreeFirst leads from a form that was sent to the agreement that has to be accepted first, and from there to where the
// form is shown again. Of somebody hidden nothing is kept, since a draft lies beside the person: the form stays where it is,
// with a link to the agreement. Any other error stays what it is.
func (w *Writing) AgreeFirst(c echo.Context, err error, form Kept) error {
	var unaccepted *models.Unaccepted
	if !errors.As(err, &unaccepted) {
		return err
	}
	if form.Hidden || web.Actor(c).Masked() {
		return form.Again(web.AgreementPath(unaccepted.Slug, form.Place))
	}
	if _, err := w.SaveDraft(c.Request().Context(), web.Actor(c), form.Name, form.Fields); err != nil {
		return err
	}
	return web.Redirect(c, web.AgreementPath(unaccepted.Slug, form.Place))
}

// Kept is a form that waits.
type Kept struct {
	Name   string
	Fields models.Fields                // what stands in it
	Place  string                       // where it is shown
	Hidden bool                         // whoever sends it is promised that nothing names them
	Again  func(agreement string) error // shows it once more, with a link to the agreement
}
