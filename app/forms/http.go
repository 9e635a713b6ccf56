package forms

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/forms"
	"ruche/views/layout"
)

// Routes adds the feature's pages.
func (f *Forms) Routes(g *echo.Group) {
	form := g.Group("/campaigns/:id/form", web.RequireSignIn)
	form.GET("", f.show)
	form.POST("", f.add)
	form.GET("/new", f.blank)
	form.POST("/order", f.order)
	form.POST("/summary", f.summary)
	form.GET("/:field", f.edit)
	form.POST("/:field", f.save)
	form.POST("/:field/position", f.move)
	form.POST("/:field/removal", f.retire)
	form.POST("/:field/restoration", f.restore)
}

// found is the campaign of the address, which the actor may run.
func (f *Forms) found(c echo.Context) (*models.Campaign, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	campaign, err := f.web.DB.Campaign(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return nil, err
	}
	return campaign, mayRun(web.Actor(c), campaign)
}

func (f *Forms) show(c echo.Context) error {
	view := views.Form{Moved: c.QueryParam("moved"), Direction: c.QueryParam("direction")}
	return f.render(c, http.StatusOK, view)
}

// render shows the form of the campaign of the address.
func (f *Forms) render(c echo.Context, status int, view views.Form) error {
	campaign, err := f.found(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	fields, err := f.web.DB.FormFields(ctx, campaign.ID)
	if err != nil {
		return err
	}
	if err := f.web.DB.CountAnswers(ctx, campaign.ID, fields); err != nil {
		return err
	}
	view.Campaign, view.Asked = campaign, models.Asked(fields)
	view.Retired = fields[len(view.Asked):]
	view.Outside = web.Actor(c).Access(campaign.SpaceID).Visibility.AdmitsExternals()
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.settings_of", "title", campaign.Title))
	if err != nil {
		return err
	}
	if c.Request().Method != http.MethodGet {
		page.Path = views.URL(campaign.ID)
	}
	return web.Render(c, status, views.Page(page, view))
}

// blank shows the form of a new field of a kind.
func (f *Forms) blank(c echo.Context) error {
	campaign, err := f.found(c)
	if err != nil {
		return err
	}
	field := begun(models.FieldKind(c.QueryParam("kind")))
	if !slices.Contains(models.FieldKinds(), field.Kind) {
		return f.render(c, http.StatusUnprocessableEntity, views.Form{Problems: models.Invalid{"kind": "forms.kind_invalid"}})
	}
	return f.field(c, http.StatusOK, views.Field{Campaign: campaign, Field: field})
}

// begun is a new field of a kind as it is offered.
func begun(kind models.FieldKind) models.FormField {
	field := models.FormField{Kind: kind, Visibility: models.AnswersForAll, Wording: models.Wording{Low: 1, High: 5}}
	if kind == models.FileField {
		field.Wording = models.Wording{High: 1, Accepts: models.AllFileKinds()}
	}
	return field
}

func (f *Forms) field(c echo.Context, status int, view views.Field) error {
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("forms.new_of."+string(view.Field.Kind)))
	if err != nil {
		return err
	}
	if view.Field.ID != 0 {
		page.Title, _ = view.Field.Label.In(web.Locale(c).Lang())
	}
	return web.Render(c, status, views.FieldPage(page, view))
}

// written reads the form of a field. Choices come in rows; who wants more of them gets them.
func written(c echo.Context, field *models.FormField) (base int, more bool) {
	field.Visibility = models.AnswerVisibility(c.FormValue("visibility"))
	field.Label = models.Words{FR: c.FormValue("label_fr"), EN: c.FormValue("label_en")}
	field.Help = models.Words{FR: c.FormValue("help_fr"), EN: c.FormValue("help_en")}
	field.Required = c.FormValue("required") == "1"
	field.Low, field.High, field.Choices, field.Accepts = number(c.FormValue("low")), number(c.FormValue("highest")), nil, nil
	form, _ := c.FormParams() // which FormValue has read before
	for _, kind := range form["accepts"][:min(len(form["accepts"]), 2*len(models.AllFileKinds()))] {
		field.Accepts = append(field.Accepts, models.FileKind(kind))
	}
	ids, fr, en := form["choice_id"], form["choice_fr"], form["choice_en"]
	for i := range min(len(ids), len(fr), len(en), 2*models.MaxChoices) {
		field.Choices = append(field.Choices, models.Choice{ID: number(ids[i]), FR: fr[i], EN: en[i]})
	}
	return number(c.FormValue("base")), c.FormValue("more") != ""
}

// number is what a text says, or what no field takes.
func number(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 || n > 1<<20 {
		return -1
	}
	return n
}

func (f *Forms) add(c echo.Context) error {
	campaign, err := f.found(c)
	if err != nil {
		return err
	}
	field := models.FormField{Kind: models.FieldKind(c.FormValue("kind"))}
	_, more := written(c, &field)
	if !slices.Contains(models.FieldKinds(), field.Kind) {
		return f.render(c, http.StatusUnprocessableEntity, views.Form{Problems: models.Invalid{"kind": "forms.kind_invalid"}})
	}
	view := views.Field{Campaign: campaign, Field: field}
	if more {
		view.More = true
		return f.field(c, http.StatusOK, view)
	}
	_, err = f.Add(c.Request().Context(), web.Actor(c), campaign.ID, &field)
	if errors.As(err, &view.Problems) {
		return f.field(c, http.StatusUnprocessableEntity, view)
	}
	return f.done(c, err, campaign.ID, "forms.added")
}

// asked is the field of the address.
func (f *Forms) asked(c echo.Context) (*models.Campaign, *models.FormField, error) {
	campaign, err := f.found(c)
	if err != nil {
		return nil, nil, err
	}
	id, err := web.ID(c, "field")
	if err != nil {
		return nil, nil, err
	}
	fields, err := f.web.DB.FormFields(c.Request().Context(), campaign.ID)
	if err != nil {
		return nil, nil, err
	}
	field := models.FindField(models.Asked(fields), id)
	if field == nil {
		return nil, nil, models.ErrNotFound
	}
	return campaign, field, nil
}

func (f *Forms) edit(c echo.Context) error {
	campaign, field, err := f.asked(c)
	if err != nil {
		return err
	}
	return f.field(c, http.StatusOK, views.Field{Campaign: campaign, Field: *field, Base: field.Version})
}

func (f *Forms) save(c echo.Context) error {
	campaign, before, err := f.asked(c)
	if err != nil {
		return err
	}
	field := *before
	base, more := written(c, &field)
	view := views.Field{Campaign: campaign, Field: field, Base: base}
	if more {
		view.More = true
		return f.field(c, http.StatusOK, view)
	}
	_, err = f.Edit(c.Request().Context(), web.Actor(c), campaign.ID, &field, base)
	switch {
	case errors.As(err, &view.Problems):
		return f.field(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict):
		view.Base, view.Problems = before.Version, models.Invalid{"label_fr": "forms.overtaken"}
		return f.field(c, http.StatusConflict, view)
	}
	return f.done(c, err, campaign.ID, "forms.saved")
}

// done leads back to the form, and says what was done.
func (f *Forms) done(c echo.Context, err error, campaign int64, toast string) error {
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, views.URL(campaign))
}

func (f *Forms) ids(c echo.Context) (campaign, field int64, err error) {
	if campaign, err = web.ID(c, "id"); err == nil {
		field, err = web.ID(c, "field")
	}
	return campaign, field, err
}

// move leads back to the button that was pressed, so that the next press moves the same field on.
func (f *Forms) move(c echo.Context) error {
	campaign, field, err := f.ids(c)
	if err != nil {
		return err
	}
	direction := c.FormValue("direction")
	place, err := f.Move(c.Request().Context(), web.Actor(c), campaign, field, direction == "up")
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("forms.moved", "place", place)})
	return web.Redirect(c, views.MovedURL(campaign, field, direction == "up"))
}

// order takes the whole order at once, as it is after one has dragged a field.
func (f *Forms) order(c echo.Context) error {
	campaign, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var order []int64
	for _, text := range strings.Split(c.FormValue("order"), ",") {
		id, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil || len(order) > models.MaxFields {
			return f.render(c, http.StatusUnprocessableEntity, views.Form{Problems: models.Invalid{"order": "forms.order_invalid"}})
		}
		order = append(order, id)
	}
	_, err = f.Order(c.Request().Context(), web.Actor(c), campaign, order)
	if errors.Is(err, models.ErrConflict) {
		return f.render(c, http.StatusConflict, views.Form{Problems: models.Invalid{"order": "forms.order_overtaken"}})
	}
	return f.done(c, err, campaign, "forms.ordered")
}

// summary says whether ideas need a summary.
func (f *Forms) summary(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	_, err = f.AskSummary(c.Request().Context(), web.Actor(c), id, c.FormValue("asked") == "1")
	return f.done(c, err, id, "forms.saved")
}

func (f *Forms) retire(c echo.Context) error {
	campaign, field, err := f.ids(c)
	if err != nil {
		return err
	}
	if _, err := f.Retire(c.Request().Context(), web.Actor(c), campaign, field); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("forms.retired"), UndoAction: views.FieldURL(campaign, field) + "/restoration"})
	return web.Redirect(c, views.URL(campaign))
}

func (f *Forms) restore(c echo.Context) error {
	campaign, field, err := f.ids(c)
	if err != nil {
		return err
	}
	_, err = f.Restore(c.Request().Context(), web.Actor(c), campaign, field)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.render(c, http.StatusUnprocessableEntity, views.Form{Problems: invalid})
	}
	return f.done(c, err, campaign, "forms.restored")
}
