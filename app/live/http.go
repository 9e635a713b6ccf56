package live

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/live"
)

// Routes adds what open pages ask.
func (f *Live) Routes(g *echo.Group) {
	g.GET("/live", f.stream, web.RequireSignIn)
	g.GET("/live/here", f.here, web.RequireSignIn)
	g.POST("/live/typing", f.typing, web.RequireSignIn)
}

// mostRooms bounds the rooms of one page.
const mostRooms = 4

// stream tells a page what changes: the person's own notices, and what happens in the rooms that it names, as far as the person may
// read them. One that they may not read is left out without a word, as one that does not exist.
func (f *Live) stream(c echo.Context) error {
	to := web.Listening{Since: since(c), Seen: seen(c)}
	rooms := c.QueryParams()["room"]
	for _, name := range rooms[:min(len(rooms), mostRooms)] {
		in, as, err := f.enter(c, name)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		to.Rooms, to.Seen = append(to.Rooms, *in), to.Seen && !as.Masked()
	}
	return f.web.Live.Stream(c, to)
}

// since is the event of the log up to which the page has seen everything, negative if it does not say so. A browser that comes
// back knows better than the page that it once loaded.
func since(c echo.Context) int64 {
	text := c.Request().Header.Get("Last-Event-ID")
	if text == "" {
		text = c.QueryParam("at")
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 0 {
		return -1
	}
	return id
}

// seen tells whether others may learn that the actor is there: not of somebody who only looks as somebody else would.
func seen(c echo.Context) bool { return !web.Actor(c).Unseen && !web.Viewing(c) }

// enter finds a room by its name, and as whom the actor is in it: somebody hidden in the name of their mask.
func (f *Live) enter(c echo.Context, name string) (*models.Entered, *models.Actor, error) {
	room, ok := models.ParseRoom(name)
	if !ok {
		return nil, nil, models.ErrNotFound
	}
	ctx, as := c.Request().Context(), web.Actor(c)
	var err error
	if room.Kind == "idea" {
		as, err = f.web.DB.MaskFor(ctx, as, room.ID, web.ReturnCode(c, room.ID))
	} else {
		as, err = f.web.DB.MaskAt(ctx, as, room.About())
	}
	if err != nil {
		return nil, nil, err
	}
	in, err := f.web.DB.Enter(ctx, as, room)
	return in, as, err
}

// shownFaces is how many of those who read along are shown.
const shownFaces = 5

// here shows who else has a room open and who is writing there.
func (f *Live) here(c echo.Context) error {
	in, as, err := f.enter(c, c.QueryParam("room"))
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), as.Person()
	people, writes := f.presence.in(in.Room)
	people = slices.DeleteFunc(people, func(id int64) bool { return id == actor.ID })
	writes = slices.DeleteFunc(writes, func(id int64) bool { return id == actor.ID })
	view := views.Here{Others: len(people)}
	if !in.Nameless {
		if view.Faces, err = f.web.DB.Readers(ctx, actor, people, shownFaces); err != nil {
			return err
		}
		if view.Writes, err = f.web.DB.Readers(ctx, actor, writes, shownFaces); err != nil {
			return err
		}
	}
	return web.Render(c, http.StatusOK, views.Line(web.Locale(c), view))
}

// typing takes that the actor is writing. Who hides, wherever somebody does, and who does not want to be seen is not told of.
func (f *Live) typing(c echo.Context) error {
	in, as, err := f.enter(c, strings.TrimSpace(c.FormValue("room")))
	if err != nil {
		return err
	}
	if !in.Writes {
		return models.ErrForbidden
	}
	if seen(c) && !as.Masked() && !in.Nameless && f.presence.typed(in.Room, as.ID) {
		f.presence.say(c.Request().Context(), "typing "+strconv.FormatInt(as.ID, 10)+" "+in.Room.String())
	}
	return c.NoContent(http.StatusNoContent)
}
