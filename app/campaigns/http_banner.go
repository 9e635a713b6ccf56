package campaigns

import (
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/campaigns"
	"ruche/views/layout"
)

func (f *Campaigns) banner(c echo.Context) error {
	campaign, err := f.editable(c)
	if err != nil {
		return err
	}
	return f.bannerPage(c, http.StatusOK, views.Banner{
		Campaign: campaign, Alt: campaign.BannerAlt, Decorative: campaign.BannerID != nil && campaign.BannerAlt == "", Focus: campaign.BannerFocus,
	})
}

func (f *Campaigns) bannerPage(c echo.Context, status int, view views.Banner) error {
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.settings_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.BannerForm(page, view))
}

// hang reads the form of a banner when it is known whose it is.
func (f *Campaigns) hang(c echo.Context) error {
	campaign, err := f.editable(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := views.Banner{Campaign: campaign, Alt: c.FormValue("alt"), Decorative: c.FormValue("kind") == "decorative", Focus: models.Focus(c.FormValue("focus"))}
	in := Banner{Banner: models.Banner{Alt: view.Alt, Decorative: view.Decorative, Focus: view.Focus}}
	if header := chosen(c); header != nil {
		picture, err := header.Open()
		if err != nil {
			return fmt.Errorf("read the banner: %w", err)
		}
		defer picture.Close()
		in.Name, in.Picture = header.Filename, picture
	}
	_, err = f.SetBanner(c.Request().Context(), web.Actor(c), campaign.ID, in)
	if errors.As(err, &view.Problems) {
		return f.bannerPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("campaigns.saved")})
	return web.Redirect(c, campaign.SettingsPath("banner"))
}

// chosen is the file of a form, nil if none was: browsers send a field that is left empty as a file without a name.
func chosen(c echo.Context) *multipart.FileHeader {
	form := c.Request().MultipartForm
	if form == nil || len(form.File["file"]) == 0 {
		return nil
	}
	if header := form.File["file"][0]; header.Filename != "" || header.Size > 0 {
		return header
	}
	return nil
}

func (f *Campaigns) takeDown(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	campaign, err := f.RemoveBanner(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("banners.removed")})
	return web.Redirect(c, campaign.SettingsPath("banner"))
}
