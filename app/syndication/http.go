package syndication

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/syndication"
)

// Routes adds the feeds, and the page of the token with which they are read.
func (f *Syndication) Routes(g *echo.Group) {
	for _, format := range []format{{".atom", "application/atom+xml; charset=utf-8", atom}, {".json", "application/feed+json; charset=utf-8", jsonFeed11}} {
		answer := func(c echo.Context) error { return f.answer(c, format) }
		g.GET("/spaces/:slug/feed"+format.ending, answer)
		g.GET("/spaces/:slug/topics/:topic/feed"+format.ending, answer)
		g.GET("/tags/:tag/feed"+format.ending, answer)
	}
	account := g.Group("/account/feeds", web.RequireSignIn)
	account.GET("", f.token)
	account.POST("", f.makeToken)
	account.POST("/removal", f.endToken)
}

type format struct {
	ending, mediaType string
	write             func(*Feed, place) ([]byte, error)
}

// answer sends a feed to whoever its address says, or else to whoever is signed in. Nothing goes where it was asked with the token:
// no cache that others share keeps the answer, and no page hears of the address.
func (f *Syndication) answer(c echo.Context, format format) error {
	ctx, actor, secret := c.Request().Context(), web.Actor(c), c.QueryParam("token")
	header := c.Response().Header()
	header.Set(echo.HeaderReferrerPolicy, "no-referrer")
	header.Set("X-Robots-Tag", "noindex")
	if secret != "" {
		var err error
		if actor, err = f.web.DB.FeedReader(ctx, secret); err != nil {
			return err
		}
	}
	tag, err := url.PathUnescape(c.Param("tag"))
	if err != nil {
		return models.ErrNotFound
	}
	feed, err := f.Read(ctx, actor, Source{Space: c.Param("slug"), Topic: c.Param("topic"), Tag: tag})
	if err != nil {
		return err
	}
	body, err := format.write(feed, place{base: f.web.BaseURL.String(), open: secret == "", l: web.Locale(c)})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	etag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	header.Set("ETag", etag)
	header.Set(echo.HeaderLastModified, feed.Updated().Format(http.TimeFormat))
	header.Set(echo.HeaderCacheControl, "private, no-cache")
	if !actor.SignedIn() {
		header.Set(echo.HeaderCacheControl, "public, max-age=60")
		header.Add(echo.HeaderVary, "Cookie, Accept-Language")
	}
	if fresh(c.Request(), etag, feed) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, format.mediaType, body)
}

// fresh tells whether whoever asks has the feed as it is: by its tag or, where they know none, by the time of its newest entry.
func fresh(r *http.Request, etag string, feed *Feed) bool {
	if match := r.Header.Get("If-None-Match"); match != "" {
		for _, known := range strings.Split(match, ",") {
			if known = strings.TrimSpace(known); known == "*" || strings.TrimPrefix(known, "W/") == strings.TrimPrefix(etag, "W/") {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && len(feed.Entries) > 0 && !feed.Updated().Truncate(1e9).After(since)
}

func (f *Syndication) token(c echo.Context) error { return f.page(c, "") }

func (f *Syndication) makeToken(c echo.Context) error {
	actor := web.Actor(c)
	var secret string
	err := f.web.DB.Tx(c.Request().Context(), actor, func(tx *models.Tx) error {
		var err error
		if secret, err = tx.MakeFeedToken(); err != nil {
			return err
		}
		return tx.Record(models.FeedTokenMade, &models.User{ID: actor.ID}, nil)
	})
	if err != nil {
		return err
	}
	return f.page(c, secret)
}

func (f *Syndication) endToken(c echo.Context) error {
	actor := web.Actor(c)
	err := f.web.DB.Tx(c.Request().Context(), actor, func(tx *models.Tx) error {
		was, err := tx.EndFeedToken()
		if err != nil || !was {
			return err
		}
		return tx.Record(models.FeedTokenEnded, &models.User{ID: actor.ID}, nil)
	})
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("feeds.ended")})
	return web.Redirect(c, "/account/feeds")
}

// page shows the token once, when it is made, with the addresses that it makes.
func (f *Syndication) page(c echo.Context, secret string) error {
	actor := web.Actor(c)
	token, err := f.web.DB.FeedToken(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "account", web.Locale(c).T("feeds.title"))
	if err != nil {
		return err
	}
	view := views.Token{Token: token, Secret: secret}
	address := func(title, path string) {
		if secret != "" {
			path += "?token=" + url.QueryEscape(secret)
		}
		view.Spaces = append(view.Spaces, views.Address{Title: title, URL: f.web.BaseURL.String() + path})
	}
	address(web.Locale(c).T("feeds.agenda"), "/agenda.ics")
	for i := range actor.Spaces {
		space := &actor.Spaces[i]
		address(space.Title, web.SpaceFeed(space.Slug)+".atom")
	}
	return web.Render(c, http.StatusOK, views.Page(page, view))
}
