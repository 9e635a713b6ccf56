package ideas

import (
	"errors"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
)

// People from outside accept the agreement of a space before they contribute to it. What they wrote before they were
// asked is kept as the draft of its form, and waits for them on the way back.

// asked tells whether nothing but the agreement of the space stands in the way.
func asked(err error) bool {
	var unaccepted *models.Unaccepted
	return errors.As(err, &unaccepted)
}

// agreeFirst leads from a form that was sent to the agreement that has to be accepted first, and from there to where the
// form is shown again. Of somebody hidden nothing is kept, since a draft lies beside the person: the form stays where it is,
// with a link to the agreement. Any other error stays what it is.
func (f *Ideas) agreeFirst(c echo.Context, err error, form kept) error {
	var unaccepted *models.Unaccepted
	if !errors.As(err, &unaccepted) {
		return err
	}
	if form.hidden || web.Actor(c).Masked() {
		return form.again(web.AgreementPath(unaccepted.Slug, form.place))
	}
	if _, err := f.SaveDraft(c.Request().Context(), web.Actor(c), form.name, form.fields); err != nil {
		return err
	}
	return web.Redirect(c, web.AgreementPath(unaccepted.Slug, form.place))
}

// kept is a form that waits.
type kept struct {
	name   string
	fields models.Fields                // what stands in it
	place  string                       // where it is shown
	hidden bool                         // whoever sends it is promised that nothing names them
	again  func(agreement string) error // shows it once more, with a link to the agreement
}
