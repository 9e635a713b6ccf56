// Package passports shows a person what they contributed to ideas, for them to keep: a page that prints well, and a file that the house
// signs. Nobody else sees the passport, but by a link that its owner makes and takes back; there is no list of who contributed most.
package passports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	views "ruche/views/passports"
)

// Passports is the feature.
type Passports struct {
	web  *web.Web
	open bool // links may be for anyone
}

// New returns the feature; open says whether the house lets links be opened without signing in.
func New(w *web.Web, open bool) *Passports { return &Passports{w, open} }

// Routes adds the feature's pages.
func (f *Passports) Routes(g *echo.Group) {
	g.GET("/account/contributions", f.show, web.RequireSignIn)
	g.GET("/account/contributions/file", f.file, web.RequireSignIn)
	g.POST("/account/contributions/links", f.share, web.RequireSignIn)
	g.POST("/account/contributions/links/:id/removal", f.unshare, web.RequireSignIn)
	g.GET("/passports/:token", f.shared)
	g.GET("/passports/verification", f.blank)
	g.POST("/passports/verification", f.verify)
	g.GET(KeysPath, f.keys)
}

// KeysPath is where the public keys are with which passports are signed, at an address that can be known without asking.
const KeysPath = "/.well-known/ruche-passport-keys"

// How many contributions of each kind the page and the file hold.
const (
	onPage = 200
	inFile = 20_000
)

func (f *Passports) show(c echo.Context) error {
	return f.page(c, http.StatusOK, views.Sharing{Days: "30"})
}

// page is the reader's own passport, with a form to share it.
func (f *Passports) page(c echo.Context, status int, sharing views.Sharing) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	found, err := f.web.DB.Passport(ctx, actor, onPage+1)
	if err != nil {
		return err
	}
	view := views.PassportOf(actor.Name, found, onPage)
	if sharing.Links, err = f.web.DB.PassportLinks(ctx, actor); err != nil {
		return err
	}
	sharing.Base, sharing.Open = f.web.BaseURL.String(), f.open
	view.Sharing = sharing
	page, err := f.web.Page(c, "account", web.Locale(c).T("passports.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Show(page, view))
}

// signed is the file of the actor's own passport.
func (f *Passports) signed(ctx context.Context, actor *models.Actor, l *i18n.Locale) ([]byte, error) {
	found, err := f.web.DB.Passport(ctx, actor, inFile)
	if err != nil {
		return nil, err
	}
	key, err := f.web.DB.SigningKey(ctx)
	if err != nil {
		return nil, err
	}
	return sign(&passport{
		Person: actor.Name, House: f.web.Company, Address: f.web.BaseURL.String(), MadeAt: f.web.DB.Now(), Note: l.T("passports.signed"),
		Contributions: append([]models.Contribution{}, found...),
	}, key)
}

func (f *Passports) file(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	raw, err := f.signed(ctx, actor, web.Locale(c))
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentDisposition, `attachment; filename="contributions.json"`)
	header.Set(echo.HeaderCacheControl, "no-store")
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, raw)
}

// Share makes a link to chapters of the actor's passport.
func (f *Passports) Share(ctx context.Context, actor *models.Actor, kinds []models.PassportKind, audience models.LinkAudience, days int) error {
	if audience == models.LinkAnyone && !f.open {
		return models.Invalid{"audience": "passports.link.anyone_off"}
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if _, err := tx.CreatePassportLink(kinds, audience, days); err != nil {
			return err
		}
		return tx.Record(models.PassportShared, &models.User{ID: actor.ID}, map[string]string{"audience": string(audience)})
	})
}

// Unshare ends a link of the actor's own; once more is done already.
func (f *Passports) Unshare(ctx context.Context, actor *models.Actor, id int64) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if gone, err := tx.RevokePassportLink(id); err != nil || !gone {
			return err
		}
		return tx.Record(models.PassportUnshared, &models.User{ID: actor.ID}, nil)
	})
}

func (f *Passports) share(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	sharing := views.Sharing{Days: c.FormValue("days"), Audience: models.LinkAudience(c.FormValue("audience"))}
	for _, kind := range form["chapters"] {
		sharing.Chosen = append(sharing.Chosen, models.PassportKind(kind))
	}
	err = f.Share(c.Request().Context(), web.Actor(c), sharing.Chosen, sharing.Audience, sharing.ForDays())
	if errors.As(err, &sharing.Problems) {
		return f.page(c, http.StatusUnprocessableEntity, sharing)
	}
	if err != nil {
		return err
	}
	return f.done(c, "passports.link.made")
}

func (f *Passports) unshare(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.Unshare(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	return f.done(c, "passports.link.gone")
}

func (f *Passports) done(c echo.Context, toast string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, "/account/contributions#sharing")
}

// shared is what a link shows. Who may not open it is told no more than of a link that never was.
func (f *Passports) shared(c echo.Context) error {
	ctx, reader := c.Request().Context(), web.Actor(c)
	link, err := f.web.DB.PassportLink(ctx, c.Param("token"))
	if err != nil {
		return err
	}
	if anyone := f.open && link.Audience == models.LinkAnyone; !anyone && !reader.Insider() {
		if !reader.SignedIn() {
			return models.ErrForbidden // which leads to signing in
		}
		return fmt.Errorf("passport link %d: %w", link.ID, models.ErrNotFound)
	}
	owner, chapters, err := f.web.DB.SharedPassport(ctx, link, reader, onPage)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "account", web.Locale(c).T("passports.of", "name", owner.Name))
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "no-store")
	header.Set("Referrer-Policy", "no-referrer") // the address is the key
	header.Set("X-Robots-Tag", "noindex")
	return web.Render(c, http.StatusOK, views.Shared(page, views.SharedOf(owner, link, chapters)))
}

// maxFile bounds a file that is looked at; larger ones are for the command.
const maxFile = 1 << 20

func (f *Passports) blank(c echo.Context) error {
	return f.verification(c, http.StatusOK, views.Verification{})
}

func (f *Passports) verification(c echo.Context, status int, view views.Verification) error {
	page, err := f.web.Page(c, "account", web.Locale(c).T("passports.verify"))
	if err != nil {
		return err
	}
	view.KeysPath = KeysPath
	return web.Render(c, status, views.Verify(page, view))
}

// verify tells anybody whether a file is what this house signed. It keeps nothing of it.
func (f *Passports) verify(c echo.Context) error {
	raw, err := sent(c)
	if err != nil {
		return err
	}
	if len(raw) == 0 {
		return f.verification(c, http.StatusUnprocessableEntity, views.Verification{Problem: "passports.verify.missing"})
	}
	known, err := f.web.DB.PublicKeys(c.Request().Context())
	if err != nil {
		return err
	}
	verdict, err := Verify(raw, known)
	switch {
	case errors.Is(err, ErrChanged):
		return f.verification(c, http.StatusUnprocessableEntity, views.Verification{Problem: "passports.verify.changed"})
	case err != nil:
		return f.verification(c, http.StatusUnprocessableEntity, views.Verification{Problem: "passports.verify.none"})
	case !verdict.Known:
		return f.verification(c, http.StatusUnprocessableEntity, views.Verification{Problem: "passports.verify.other"})
	}
	return f.verification(c, http.StatusOK, views.Verification{Right: true, Person: verdict.Person, House: verdict.House, MadeAt: verdict.MadeAt})
}

// sent is the file of a form; empty if there is none.
func sent(c echo.Context) ([]byte, error) {
	header, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxFile))
}

// keys are the public keys of the house.
func (f *Passports) keys(c echo.Context) error {
	known, err := f.web.DB.PublicKeys(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"house": f.web.Company, "address": f.web.BaseURL.String(), "algorithm": algorithm, "public_keys": append([]string{}, known...)})
}
