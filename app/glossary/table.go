package glossary

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/sheets"
	"ruche/app/web"
	"ruche/models"
)

// Bounds of the glossary as a table: terms, and how many are read at once.
const (
	mostListed = 20_000
	listedOnce = 500
)

// columns of the table, in their order. Their titles are in the catalogue.
var columns = []string{"word", "also", "lang", "definition", "space", "article"}

// table is the glossary, or that of a space, as a table to be kept.
func (f *Glossary) table(c echo.Context) error {
	actor, l := web.Actor(c), web.Locale(c)
	space, err := spaceOf(actor, c.QueryParam("space"))
	if err != nil {
		return err
	}
	titles := make([]sheets.Column, len(columns))
	for i, name := range columns {
		titles[i] = sheets.Column{Key: name, Title: l.T("glossary.field." + name)}
	}
	var table bytes.Buffer
	out, err := sheets.NewWriter(&table, titles, sheets.Options{Format: sheets.CSV, Separator: ",", Mark: true})
	if err != nil {
		return err
	}
	if err := errors.Join(f.rows(c, space, out), out.Close()); err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "private, no-store")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="glossary.csv"`)
	return c.Blob(http.StatusOK, sheets.CSV.ContentType(), table.Bytes())
}

// rows writes the terms that the actor may see, page by page.
func (f *Glossary) rows(c echo.Context, space int64, out sheets.Writer) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	var after *models.TermKey
	for range mostListed / listedOnce {
		terms, next, err := f.db.Terms(ctx, actor, space, after, listedOnce)
		if err != nil {
			return err
		}
		for i := range terms {
			t, article := &terms[i], ""
			if t.ArticleID != nil {
				article = f.web.BaseURL.String() + "/articles/" + strconv.FormatInt(*t.ArticleID, 10)
			}
			if err := out.Row(t.Word, t.Also.String(), t.Lang, t.Definition, actor.Access(t.SpaceID).Title, article); err != nil {
				return err
			}
		}
		if after = next; next == nil {
			return nil
		}
	}
	return nil
}
