package members

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/sheets"
	"ruche/app/web"
	"ruche/models"
)

// exportBatch is how many people are read at a time for a download.
const exportBatch = 500

// export sends everyone who has an address and access as a list that can be taken in again.
func (f *Members) export(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if !actor.Can(models.ManagePeople, nil) {
		return models.ErrForbidden
	}
	download(c, "members-"+f.web.DB.Now().Format(time.DateOnly))
	var head []string
	for _, at := range columns() {
		head = append(head, string(at))
	}
	out, err := sheet(c, head...)
	if err != nil {
		return nil //nolint:nilerr // whoever asked has gone
	}
	for after := int64(0); ; {
		people, err := f.web.DB.ListedPeople(ctx, actor, after, exportBatch)
		if err != nil {
			return err
		}
		ids := make([]int64, len(people))
		for i, p := range people {
			ids[i], after = p.ID, p.ID
		}
		groups, err := f.web.DB.HandmadeGroupsOf(ctx, actor, ids)
		if err != nil {
			return err
		}
		for _, p := range people {
			writeCells(out, p.Email, p.Name, string(p.Role), p.Job, p.Department, p.Site, p.JobFamily, p.ManagerEmail, p.Locale, groupCell(groups[p.ID]))
		}
		if len(people) < exportBatch {
			break
		}
	}
	out.Flush()
	return nil
}

// postLinks sends the links of those whom a list made accounts for, as a list to hand them over by. They are shown this once.
func (f *Members) postLinks(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	links, err := f.LinksFor(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	l := web.Locale(c)
	download(c, "links-"+strconv.FormatInt(id, 10))
	out, err := sheet(c, l.T("roster.column.email"), l.T("roster.column.name"), l.T("roster.links.column"))
	if err != nil {
		return nil //nolint:nilerr // whoever asked has gone
	}
	for _, link := range links {
		writeCells(out, link.Email, link.Name, link.URL)
	}
	out.Flush()
	return nil
}

// download says that the answer is a list to be kept under a name.
func download(c echo.Context, name string) {
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	header.Set(echo.HeaderCacheControl, "private, no-store")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`.csv"`)
}

// sheet begins a list that spreadsheets open.
func sheet(c echo.Context, head ...string) (*csv.Writer, error) {
	_, err := io.WriteString(c.Response(), "\ufeff") // by which they know the encoding
	out := csv.NewWriter(c.Response())
	writeCells(out, head...)
	return out, err
}

func writeCells(out *csv.Writer, cells ...string) {
	for i := range cells {
		cells[i] = sheets.Guarded(cells[i])
	}
	_ = out.Write(cells) // what goes wrong is told by the connection
}
