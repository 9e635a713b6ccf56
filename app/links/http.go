package links

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
)

// Routes adds the address of the pictures.
func (f *Links) Routes(g *echo.Group) {
	g.GET("/links/:id/picture", f.picture)
}

// cacheControl lets a browser show a picture again without asking whether it still may, and keeps proxies out.
const cacheControl = "private, max-age=300"

// picture sends the picture of a page outside to whoever may read a text that shows it: no browser asks the page itself.
func (f *Links) picture(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if !f.web.LinkPreviews {
		return models.ErrNotFound
	}
	ctx := c.Request().Context()
	link, err := f.web.DB.ShownLink(ctx, web.Actor(c), id)
	if err == nil && link.Picture() == "" {
		err = models.ErrNotFound
	}
	if err != nil {
		return err
	}
	object, size, err := f.files.Open(ctx, link.PictureKey())
	if errors.Is(err, fs.ErrNotExist) { // it is being fetched anew, or was forgotten meanwhile
		err = models.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("open the picture of link %d: %w", id, err)
	}
	defer object.Close()
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, cacheControl)
	header.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	header.Set(echo.HeaderXContentTypeOptions, "nosniff")
	header.Set(echo.HeaderContentDisposition, "inline")
	header.Set(echo.HeaderContentLength, strconv.FormatInt(size, 10))
	return c.Stream(http.StatusOK, link.PictureType, object)
}
