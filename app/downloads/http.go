package downloads

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/sheets"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/downloads"
	"ruche/views/parts"
)

// Routes adds the feature's pages.
func (f *Downloads) Routes(g *echo.Group) {
	g.GET("/downloads", f.list, web.RequireSignIn)
	g.POST("/downloads", f.ask, web.RequireSignIn)
	g.GET("/downloads/new", f.blank, web.RequireSignIn)
	g.GET("/downloads/:id", f.show, web.RequireSignIn)
	g.GET("/downloads/:id/file", f.file, web.RequireSignIn)
}

// shownDownloads is how many tables a person finds again.
const shownDownloads = 30

func (f *Downloads) list(c echo.Context) error {
	own, err := f.web.DB.OwnDownloads(c.Request().Context(), web.Actor(c), shownDownloads)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "ideas", web.Locale(c).T("downloads.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, own))
}

// wish reads which table somebody wants, from an address or from a form.
func wish(c echo.Context) (in Wish, err error) {
	if text := c.FormValue("campaign"); text != "" {
		if in.Campaign, err = strconv.ParseInt(text, 10, 64); err != nil || in.Campaign <= 0 {
			return in, models.ErrNotFound
		}
	}
	for name, into := range map[string]*int64{"article": &in.Article, "collection": &in.Collection} {
		if text := c.FormValue(name); text != "" {
			if *into, err = strconv.ParseInt(text, 10, 64); err != nil || *into <= 0 {
				return in, models.ErrNotFound
			}
		}
	}
	in.Alone = c.FormValue("alone") == "1"
	in.Space, in.Stage, in.Tag = c.FormValue("space"), models.Stage(c.FormValue("stage")), c.FormValue("tag")
	in.Department, in.Near = c.FormValue("department"), c.FormValue("near") == "1"
	in.Mine, in.Followed = c.FormValue("mine") == "1", c.FormValue("followed") == "1"
	in.Unanswered = c.FormValue("unanswered") == "1" || c.FormValue("sort") == string(models.SortUnanswered)
	in.What, in.Format, in.Separator = models.DownloadKind(c.FormValue("what")), sheets.Format(c.FormValue("format")), c.FormValue("separator")
	in.Mark, in.Locale = c.FormValue("mark") == "1", web.Locale(c).Lang()
	return in, nil
}

// blank asks in what form the ideas of a list are wanted.
func (f *Downloads) blank(c echo.Context) error {
	in, err := wish(c)
	if err != nil {
		return err
	}
	if in.What == models.DownloadArticles {
		return f.articles(c, http.StatusOK, in, nil)
	}
	in.What, in.Format, in.Mark, in.Separator = models.DownloadIdeas, sheets.CSV, true, "comma"
	if in.Locale == "fr" { // where a comma stands within numbers
		in.Separator = "semicolon"
	}
	return f.form(c, http.StatusOK, in, nil)
}

func (f *Downloads) form(c echo.Context, status int, in Wish, problems models.Invalid) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	sieve, campaign, err := f.sieve(ctx, actor, in)
	if err != nil {
		return err
	}
	view := views.Form{
		Space: in.Space, Stage: string(in.Stage), Tag: sieve.Tag, Department: in.Department, Near: in.Near, Mine: in.Mine, Followed: in.Followed, Unanswered: in.Unanswered,
		What: string(in.What), Format: string(in.Format), Separator: in.Separator, Mark: in.Mark, Problems: problems,
	}
	if access := actor.Access(sieve.SpaceID); access != nil {
		view.Space, view.SpaceTitle = access.Slug, access.Title
	}
	if campaign != nil {
		view.Campaign, view.CampaignTitle = campaign.ID, campaign.Title
	}
	page, err := f.web.Page(c, "ideas", web.Locale(c).T("downloads.new"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.New(page, view))
}

// articles asks how much of the articles is wanted.
func (f *Downloads) articles(c echo.Context, status int, in Wish, problems models.Invalid) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	article, collection, err := f.scope(ctx, actor, in)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, section(models.DownloadArticles), web.Locale(c).T("downloads.articles.new"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.NewArticles(page, views.Articles{Article: article, Collection: collection, Alone: in.Alone, Problems: problems}))
}

// section is the part of the house that a download is from.
func section(what models.DownloadKind) string {
	if what == models.DownloadArticles {
		return "knowledge"
	}
	return "ideas"
}

func (f *Downloads) ask(c echo.Context) error {
	in, err := wish(c)
	if err != nil {
		return err
	}
	download, err := f.Ask(c.Request().Context(), web.Actor(c), in)
	if invalid := (models.Invalid{}); errors.As(err, &invalid) {
		if invalid["stage"] != "" || invalid["tag"] != "" || invalid["department"] != "" { // which stand in no field of the form
			return invalid
		}
		if in.What == models.DownloadArticles {
			return f.articles(c, http.StatusUnprocessableEntity, in, invalid)
		}
		return f.form(c, http.StatusUnprocessableEntity, in, invalid)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, views.Address(download.ID))
}

func (f *Downloads) show(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	download, err := f.web.DB.OwnDownload(ctx, actor, id)
	if err != nil {
		return err
	}
	view := views.Show{Download: download}
	if view.Ready, err = f.web.DB.DownloadReady(ctx, actor, download); err != nil {
		return err
	}
	if download.ReadyAt == nil {
		if view.Job, err = f.web.DB.OwnJob(ctx, actor, makeJob, strconv.FormatInt(id, 10)); err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	page, err := f.web.Page(c, section(download.What), web.Locale(c).T("downloads.title"))
	if err != nil {
		return err
	}
	if view.Working() {
		page.Head = parts.Refresh()
	}
	return web.Render(c, http.StatusOK, views.Page(page, view))
}

// file sends a table to the one person who asked for it.
func (f *Downloads) file(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	download, object, err := f.Open(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	defer object.Close()
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "private, no-store")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="`+fileName(download)+`"`)
	header.Set(echo.HeaderContentLength, strconv.FormatInt(download.Size, 10))
	return c.Stream(http.StatusOK, contentType(download), object)
}
