// Package passports shows a person what they contributed to ideas, for them to keep: a page that prints well, and a file. Nobody sees
// the passport of somebody else, and there is no list of who contributed most.
package passports

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/passports"
)

// Passports is the feature.
type Passports struct{ web *web.Web }

// New returns the feature.
func New(w *web.Web) *Passports { return &Passports{w} }

// Routes adds the feature's pages.
func (f *Passports) Routes(g *echo.Group) {
	g.GET("/account/contributions", f.show, web.RequireSignIn)
	g.GET("/account/contributions/file", f.file, web.RequireSignIn)
}

// How many contributions of each kind the page and the file hold.
const (
	onPage = 200
	inFile = 20_000
)

func (f *Passports) show(c echo.Context) error {
	actor := web.Actor(c)
	found, err := f.web.DB.Passport(c.Request().Context(), actor, onPage+1)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "account", web.Locale(c).T("passports.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Show(page, views.PassportOf(actor.Name, found, onPage)))
}

// passport is the file. It says itself that nothing but the house vouches for it.
type passport struct {
	Person        string                `json:"person"`
	House         string                `json:"house"`
	Address       string                `json:"address"`
	MadeAt        time.Time             `json:"made_at"`
	Signed        bool                  `json:"signed"`
	Note          string                `json:"note"`
	Contributions []models.Contribution `json:"contributions"`
}

func (f *Passports) file(c echo.Context) error {
	actor := web.Actor(c)
	found, err := f.web.DB.Passport(c.Request().Context(), actor, inFile)
	if err != nil {
		return err
	}
	file := passport{
		Person: actor.Name, House: f.web.Company, Address: f.web.BaseURL.String(), MadeAt: f.web.DB.Now(), Note: web.Locale(c).T("passports.unsigned"),
		Contributions: append([]models.Contribution{}, found...),
	}
	raw, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentDisposition, `attachment; filename="contributions.json"`)
	header.Set(echo.HeaderCacheControl, "no-store")
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, raw)
}
