package members

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	views "ruche/views/members"
	"ruche/views/parts"
)

func (f *Members) showUpload(c echo.Context) error {
	if !web.Actor(c).Can(models.ManagePeople, nil) {
		return models.ErrForbidden
	}
	return f.upload(c, http.StatusOK, "")
}

func (f *Members) upload(c echo.Context, status int, problem string) error {
	page, err := f.web.Page(c, "members", web.Locale(c).T("roster.title"))
	if err != nil {
		return err
	}
	page.Path = "/members/rosters/new"
	view := views.Upload{Problem: problem, Provided: f.provided, Actor: web.Actor(c), Most: maxRosterLines}
	for _, at := range columns() {
		view.Columns = append(view.Columns, string(at))
	}
	return web.Render(c, status, views.NewRoster(page, view))
}

func (f *Members) postRoster(c echo.Context) error {
	name, raw, err := sentFile(c)
	if err != nil {
		return err
	}
	roster, err := f.KeepRoster(c.Request().Context(), web.Actor(c), name, raw)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.upload(c, http.StatusUnprocessableEntity, invalid["file"])
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, views.RosterAddress(roster.ID))
}

// sentFile is the file of a form; empty if none was chosen.
func sentFile(c echo.Context) (name string, raw []byte, err error) {
	header, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	raw, err = io.ReadAll(io.LimitReader(file, maxRosterBytes+1))
	return header.Filename, raw, err
}

// rosterPage is how many lines a page of a list shows.
const rosterPage = 100

func (f *Members) showRoster(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	roster, err := f.web.DB.OwnRoster(ctx, actor, id)
	if err != nil {
		return err
	}
	view := views.Roster{Roster: roster, Provided: f.provided, Mail: f.mail.On(), Seen: f.web.DB.Now()}
	if view.Job, err = f.rosterJob(c, id); err != nil {
		return err
	}
	if roster.ImportedAt == nil {
		p, err := planRoster(ctx, f.web.DB.Queries, actor, roster.Content)
		if err != nil {
			return err
		}
		view.Count = p.count
		if err := pageOf(c, &view, p); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "members", web.Locale(c).T("roster.title"))
	if err != nil {
		return err
	}
	page.Wide = true
	if view.Working() {
		page.Head = parts.Refresh()
	}
	return web.Render(c, http.StatusOK, views.ShowRoster(page, view))
}

// rosterJob is the latest attempt to take a list in, nil if there was none.
func (f *Members) rosterJob(c echo.Context, id int64) (*models.Job, error) {
	own, err := f.web.DB.OwnJobs(c.Request().Context(), web.Actor(c), rosterJob, 50)
	for i := range own {
		if own[i].Key == strconv.FormatInt(id, 10) {
			return &own[i], err
		}
	}
	return nil, err
}

// pageOf chooses the lines to show: those of one fate, those that are refused first, after a line.
func pageOf(c echo.Context, view *views.Roster, p *plan) error {
	view.Show = views.Fate(c.QueryParam("show"))
	if view.Show == "" {
		for _, fate := range views.Fates() {
			if p.count[fate] > 0 {
				view.Show = fate
				break
			}
		}
	} else if !slices.Contains(views.Fates(), view.Show) {
		return models.Invalid{"show": "lists.sort_invalid"}
	}
	after := 0
	if text := c.QueryParam("after"); text != "" {
		var err error
		if after, err = strconv.Atoi(text); err != nil || after < 0 {
			return models.Invalid{"after": "lists.cursor_invalid"}
		}
		view.Later = after > 0
	}
	l := web.Locale(c)
	for i := range p.lines {
		line := &p.lines[i]
		if line.fate != view.Show || line.line <= after {
			continue
		}
		if len(view.Lines) == rosterPage {
			view.Next = view.Lines[rosterPage-1].Number
			break
		}
		view.Lines = append(view.Lines, shown(l, line))
	}
	return nil
}

// shown is a line as its page has it.
func shown(l *i18n.Locale, p *planned) views.Line {
	line := views.Line{Number: p.line, Email: clip(p.cells[colEmail]), Name: clip(p.cells[colName]), Changes: p.changes, Role: p.role, New: p.account == nil}
	if p.account != nil {
		line.ID = p.account.ID
		if line.Name == "" {
			line.Name = p.account.Name
		}
	}
	for _, m := range p.mistakes {
		words := l.T(m.key, m.args...)
		if m.column != "" {
			words = l.T("roster.at", "column", l.T("roster.column."+string(m.column)), "problem", words)
		}
		line.Problems = append(line.Problems, words)
	}
	return line
}

func (f *Members) postImport(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	seen := f.web.DB.Now()
	if micros, err := strconv.ParseInt(c.FormValue("seen"), 10, 64); err == nil {
		seen = time.UnixMicro(micros)
	}
	err = f.ImportRoster(c.Request().Context(), web.Actor(c), id, seen)
	if err != nil && !errors.Is(err, models.ErrConflict) { // what was asked for twice is done once
		return err
	}
	return web.Redirect(c, views.RosterAddress(id))
}

func (f *Members) postRemoval(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.DropRoster(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("roster.toast.dropped")})
	return web.Redirect(c, "/members")
}
