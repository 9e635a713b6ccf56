package files

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
)

// Routes adds the upload that the editor uses and the address of every picture.
func (f *Files) Routes(g *echo.Group) {
	g.POST("/files", f.upload)
	g.GET("/files/:id", f.show)
}

// uploaded is what the editor needs to put the picture into the text, and a field to list the file.
type uploaded struct {
	ID     int64  `json:"id"`
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Name   string `json:"name"`
	Size   int64  `json:"size"` // bytes
}

// upload reads the field "file" of a form while it arrives; the parts before it are passed over. The address says for which field of
// a campaign's form it is; for none, it is a picture for a text.
func (f *Files) upload(c echo.Context) error {
	return Received(c, func(name string, content io.Reader) error {
		file, err := f.received(c, name, content)
		if err != nil {
			return err
		}
		url := "/files/" + strconv.FormatInt(file.ID, 10)
		c.Response().Header().Set(echo.HeaderLocation, url)
		return c.JSON(http.StatusCreated, uploaded{file.ID, url, file.Width, file.Height, file.Name, file.Size})
	})
}

func (f *Files) received(c echo.Context, name string, content io.Reader) (*models.File, error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if c.QueryParam("field") == "" {
		return f.Save(ctx, actor, name, content)
	}
	field, err := strconv.ParseInt(c.QueryParam("field"), 10, 64)
	if err != nil {
		return nil, models.ErrNotFound
	}
	return f.SaveFor(ctx, actor, field, name, content)
}

// Received does something with the field "file" of a form of somebody who is signed in, while it arrives.
func Received(c echo.Context, do func(name string, content io.Reader) error) error {
	if !web.Actor(c).SignedIn() {
		return models.ErrForbidden // before the first byte is read
	}
	web.AwaitBody(c)
	form, err := c.Request().MultipartReader()
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return invalid("missing")
		}
		if err != nil {
			return uploadError(err)
		}
		if part.FormName() == "file" {
			return do(part.FileName(), part)
		}
	}
}

func uploadError(err error) error {
	var limit *http.MaxBytesError
	if errors.As(err, &limit) {
		return invalid("too_large")
	}
	return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
}

// cacheControl lets a browser show a picture for five minutes without asking again whether it still may, and keeps proxies out.
const cacheControl = "private, max-age=300"

// show sends a picture, or its variant for phones with ?w=800, to whoever may see it now. What was given to a field is sent to be
// saved, and kept by no browser: whom it is for may change.
func (f *Files) show(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	file, err := f.db.File(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if file.FieldID != nil {
		return f.send(c, file)
	}
	key := file.Key
	if c.QueryParam("w") == strconv.Itoa(smallWidth) && file.Width > smallWidth {
		key = smallKey(key)
	}
	etag := strconv.Quote(key) // bytes never change under a key
	header := c.Response().Header()
	if c.Request().Header.Get("If-None-Match") == etag {
		header.Set("ETag", etag)
		header.Set(echo.HeaderCacheControl, cacheControl)
		return c.NoContent(http.StatusNotModified)
	}
	object, size, err := f.store.Open(c.Request().Context(), key)
	if err != nil {
		return fmt.Errorf("open picture %d: %w", id, err)
	}
	defer object.Close()
	header.Set("ETag", etag)
	header.Set(echo.HeaderCacheControl, cacheControl)
	header.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	header.Set(echo.HeaderXContentTypeOptions, "nosniff")
	header.Set(echo.HeaderContentDisposition, mime.FormatMediaType("inline", map[string]string{"filename": file.Name}))
	header.Set(echo.HeaderContentLength, strconv.FormatInt(size, 10))
	return c.Stream(http.StatusOK, file.ContentType, object)
}

func (f *Files) send(c echo.Context, file *models.File) error {
	if c.QueryParam("unnamed") != "" {
		file.Name = ""
	}
	object, size, err := f.store.Open(c.Request().Context(), file.Key)
	if err != nil {
		return fmt.Errorf("open file %d: %w", file.ID, err)
	}
	defer object.Close()
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "private, no-store")
	header.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	header.Set(echo.HeaderXContentTypeOptions, "nosniff")
	header.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": file.SaveName()}))
	header.Set(echo.HeaderContentLength, strconv.FormatInt(size, 10))
	return c.Stream(http.StatusOK, file.ContentType, object)
}
