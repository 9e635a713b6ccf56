package knowledge

import (
	"encoding/xml"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/models"
)

// mapPage is how many addresses of the site map are read at once, so that neither memory nor a connection waits for a slow reader.
const mapPage = 1000

// sitemaps is the name of what the files of the site map say.
const sitemaps = `xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"`

// robots says to machines that follow links what there is for them. Where visitors see no space, that is nothing.
func (f *Knowledge) robots(c echo.Context) error {
	visitor, err := f.db.Visitor(c.Request().Context())
	if err != nil {
		return err
	}
	if len(visitor.Spaces) == 0 {
		return c.String(http.StatusOK, "User-agent: *\nDisallow: /\n")
	}
	return c.String(http.StatusOK, "User-agent: *\nDisallow: /api/\nDisallow: /search\nDisallow: /sign-in\nDisallow: /articles/*/links\nDisallow: /articles/*/versions\nSitemap: "+f.web.BaseURL.String()+"/sitemap.xml\n")
}

// sitemap names the files of the site map of which a visitor may see anything: that of the collections, and those of the articles. It is
// the same for everybody.
func (f *Knowledge) sitemap(c echo.Context) error {
	ctx := c.Request().Context()
	visitor, err := f.db.Visitor(ctx)
	if err != nil {
		return err
	}
	var names []string
	collections, err := f.db.MappedCollections(ctx, visitor, 0, 1)
	if err != nil {
		return err
	}
	if len(collections) > 0 {
		names = append(names, "/sitemaps/collections")
	}
	for after := int64(0); len(names) < models.MapWindow; {
		next, err := f.db.MappedArticles(ctx, visitor, after, math.MaxInt64, 1)
		if err != nil {
			return err
		}
		if len(next) == 0 {
			break
		}
		number := (next[0].ID-1)/models.MapWindow + 1
		names, after = append(names, "/sitemaps/articles/"+strconv.FormatInt(number, 10)), number*models.MapWindow
	}
	var text strings.Builder
	text.WriteString(xml.Header + "<sitemapindex " + sitemaps + ">")
	for _, name := range names {
		text.WriteString("<sitemap><loc>" + escaped(f.web.BaseURL.String()+name) + "</loc></sitemap>")
	}
	text.WriteString("</sitemapindex>\n")
	return c.Blob(http.StatusOK, echo.MIMEApplicationXMLCharsetUTF8, []byte(text.String()))
}

// mapArticles is a file of the site map with the articles of some numbers.
func (f *Knowledge) mapArticles(c echo.Context) error {
	number, err := strconv.ParseInt(c.Param("number"), 10, 64)
	if err != nil || number <= 0 || number > math.MaxInt64/models.MapWindow {
		return models.ErrNotFound
	}
	visitor, err := f.db.Visitor(c.Request().Context())
	if err != nil {
		return err
	}
	return f.mapped(c, (number-1)*models.MapWindow, models.ArticlePath, func(after int64) ([]models.MappedPage, error) {
		return f.db.MappedArticles(c.Request().Context(), visitor, after, number*models.MapWindow, mapPage)
	})
}

// mapCollections is the file of the site map with the collections.
func (f *Knowledge) mapCollections(c echo.Context) error {
	visitor, err := f.db.Visitor(c.Request().Context())
	if err != nil {
		return err
	}
	return f.mapped(c, 0, models.CollectionPath, func(after int64) ([]models.MappedPage, error) {
		return f.db.MappedCollections(c.Request().Context(), visitor, after, mapPage)
	})
}

// mapped writes a file of the site map, page by page as it is read; one without any address is not there.
func (f *Knowledge) mapped(c echo.Context, after int64, path func(int64, string) string, read func(after int64) ([]models.MappedPage, error)) error {
	pages, err := read(after)
	if err != nil {
		return err
	}
	if len(pages) == 0 {
		return models.ErrNotFound
	}
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMEApplicationXMLCharsetUTF8)
	var text strings.Builder
	text.WriteString(xml.Header + "<urlset " + sitemaps + ">")
	for written := 0; ; {
		for i := range pages {
			text.WriteString("<url><loc>" + escaped(f.web.BaseURL.String()+path(pages[i].ID, pages[i].Title)) + "</loc><lastmod>" + pages[i].ChangedAt.UTC().Format(time.RFC3339) + "</lastmod></url>")
		}
		written += len(pages)
		if len(pages) < mapPage || written >= models.MapWindow {
			break
		}
		if _, err := c.Response().Write([]byte(text.String())); err != nil {
			return err
		}
		text.Reset()
		if pages, err = read(pages[len(pages)-1].ID); err != nil {
			return err
		}
	}
	_, err = c.Response().Write([]byte(text.String() + "</urlset>\n"))
	return err
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}
