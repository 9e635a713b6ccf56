package files

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
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

// uploaded is what the editor needs to put the picture or the link into the text, and a field to list the file.
type uploaded struct {
	ID     int64  `json:"id"`
	URL    string `json:"url"`
	Width  int    `json:"width"` // 0 for what is no picture
	Height int    `json:"height"`
	Name   string `json:"name"`
	Size   int64  `json:"size"` // bytes
}

// upload reads the field "file" of a form while it arrives; the parts before it are passed over. The address says for which field of
// a campaign's form it is, or for a text of which space. The header Idempotency-Key names the sending: again under the same name, the
// same file leads to the same record.
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
	in := Upload{Name: name, Content: content, ID: c.Request().Header.Get("Idempotency-Key"), Space: c.QueryParam("space")}
	if field := c.QueryParam("field"); field != "" {
		var err error
		if in.Field, err = strconv.ParseInt(field, 10, 64); err != nil || in.Field <= 0 {
			return nil, models.ErrNotFound
		}
	}
	return f.Take(c.Request().Context(), web.Actor(c), in)
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

// show sends a picture, or its variant for phones with ?w=800, to whoever may see it now. What is no picture, and what was given to a
// field, is sent to be saved, and kept by no browser: whom it is for may change.
func (f *Files) show(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	file, err := f.db.File(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if !file.Shown() {
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
	for name, value := range saving(file) {
		header.Set(name, value)
	}
	header.Set(echo.HeaderContentLength, strconv.FormatInt(size, 10))
	return c.Stream(http.StatusOK, header.Get(echo.HeaderContentType), object)
}

// saving are the headers of a file that is sent to be saved: no browser shows it, guesses what it is, keeps it or lets it run. A format
// that is not taken, and may be a page or a drawing with scripts, is no more than bytes.
func saving(file *models.File) map[string]string {
	contentType := file.ContentType
	if !slices.Contains(sendable, contentType) {
		contentType = echo.MIMEOctetStream
	}
	return map[string]string{
		echo.HeaderContentType:           contentType,
		echo.HeaderCacheControl:          "private, no-store",
		echo.HeaderContentSecurityPolicy: "default-src 'none'; sandbox",
		echo.HeaderXContentTypeOptions:   "nosniff",
		echo.HeaderContentDisposition:    mime.FormatMediaType("attachment", map[string]string{"filename": file.SaveName()}),
	}
}

// sendable are the formats by whose name files are sent.
var sendable = append([]string{"image/png", "image/jpeg", "application/pdf", "text/csv", "text/plain", "application/zip"}, office...)
