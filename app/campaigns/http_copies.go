package campaigns

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/campaigns"
	"ruche/views/layout"
)

// copied is the campaign of the address for those who run campaigns somewhere, and the form of its copy.
func (f *Campaigns) copied(c echo.Context) (view views.Copy, err error) {
	found, err := f.found(c)
	if err != nil {
		return view, err
	}
	view = views.Copy{Campaign: found.Campaign, Spaces: runnable(web.Actor(c)), Space: found.Space.Slug}
	if len(view.Spaces) == 0 {
		return view, web.Actor(c).Refused(found.Campaign.SpaceID, 0)
	}
	return view, nil
}

func (f *Campaigns) copyForm(c echo.Context) error {
	view, err := f.copied(c)
	if err != nil {
		return err
	}
	view.Title = view.Campaign.Title
	return f.copyPage(c, http.StatusOK, view)
}

func (f *Campaigns) copyPage(c echo.Context, status int, view views.Copy) error {
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.copy_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.CopyForm(page, view))
}

func (f *Campaigns) duplicate(c echo.Context) error {
	view, err := f.copied(c)
	if err != nil {
		return err
	}
	view.Space, view.Title, view.Begins, view.Template, view.Problems = cmp.Or(c.FormValue("space"), view.Space), c.FormValue("title"), strings.TrimSpace(c.FormValue("begins")), c.FormValue("template") != "", models.Invalid{}
	space, err := f.web.DB.SpaceBySlug(c.Request().Context(), web.Actor(c), view.Space)
	if err != nil {
		return err
	}
	in := Copy{Space: space, Title: view.Title, Template: view.Template}
	if view.Begins != "" && view.Campaign.OpensAt != nil && !view.Template {
		if in.Begins = day(c, view.Begins); in.Begins == nil {
			view.Problems["begins"] = "campaigns.date_invalid"
			return f.copyPage(c, http.StatusUnprocessableEntity, view)
		}
	}
	campaign, err := f.Duplicate(c.Request().Context(), web.Actor(c), view.Campaign.ID, in)
	if errors.As(err, &view.Problems) {
		return f.copyPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("campaigns.copied")})
	return web.Redirect(c, campaign.Path())
}

// day is a day of a form in the time zone of the company; nil if it is none.
func day(c echo.Context, date string) *time.Time {
	day, ok := web.Day(c, date)
	if !ok {
		return nil
	}
	return &day
}
