package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// viewKey is where a session keeps as whom its person looks at the house, and where a request keeps it.
const viewKey = "view"

// viewingKey names the words for whoever tries to change something meanwhile.
const viewingKey = "errors.viewing"

// endings are what one does as oneself, even while looking as somebody else.
var endings = []string{"/view/end", "/sign-out"}

// SetView lets the session's person look at the house as the view says, with nil as themselves again.
func (w *Web) SetView(c echo.Context, view *models.View) error {
	if view == nil {
		w.Sessions.Remove(c.Request().Context(), viewKey)
		return nil
	}
	raw, err := json.Marshal(view)
	if err == nil {
		w.Sessions.Put(c.Request().Context(), viewKey, string(raw))
	}
	return err
}

// View is as whom the session's person looks at the house, nil if as themselves.
func (w *Web) View(c echo.Context) *models.View {
	raw := w.Sessions.GetString(c.Request().Context(), viewKey)
	view := &models.View{}
	if raw == "" || json.Unmarshal([]byte(raw), view) != nil {
		return nil
	}
	return view
}

// viewed is the actor as they look at the house. The view is judged anew at each request: one that its person may no
// longer have ends.
func (w *Web) viewed(c echo.Context, actor *models.Actor) (*models.Actor, error) {
	if !actor.SignedIn() || slices.Contains(endings, c.Request().URL.Path) {
		return actor, nil
	}
	view := w.View(c)
	if view == nil {
		return actor, nil
	}
	seen, err := w.DB.As(c.Request().Context(), actor, *view)
	if errors.Is(err, models.ErrForbidden) {
		return actor, w.SetView(c, nil)
	}
	if err != nil {
		return nil, err
	}
	l := i18n.For(Locale(c).Lang())
	seen.Name = l.T("viewing.somebody")
	if view.Campaign != 0 {
		c.Set(viewKey, PreviewWords(l, view, seen.Previewed()))
		return seen, nil
	}
	c.Set(viewKey, ViewWords(l, view, actor))
	return seen, nil
}

// ViewWords says as whom someone looks at the house.
func ViewWords(l *i18n.Locale, view *models.View, viewer *models.Actor) string {
	role := l.T("viewing.visitor")
	if view.Role != "" {
		role = l.T("users.role." + string(view.Role))
	}
	if access := viewer.Access(view.Space); access != nil {
		return l.T("viewing.as_in", "role", role, "place", l.T("spaces.role."+string(view.SpaceRole)), "space", access.Title)
	}
	return l.T("viewing.as", "role", role)
}

// PreviewWords says as whom, and in which stage, someone looks at a campaign with a title.
func PreviewWords(l *i18n.Locale, view *models.View, title string) string {
	part := l.T("viewing.part." + string(view.Part))
	if view.Stage == "" {
		return l.T("viewing.campaign", "campaign", title, "part", part)
	}
	return l.T("viewing.campaign_in", "campaign", title, "part", part, "stage", parts.PreviewStage(l, view.Stage))
}

// viewBar is what every page says while one looks at it as somebody else.
func (w *Web) viewBar(c echo.Context) *layout.View {
	if text, ok := c.Get(viewKey).(string); ok {
		return &layout.View{Text: text}
	}
	return nil
}

// Viewing tells whether whoever asks looks at the house as somebody else would.
func Viewing(c echo.Context) bool {
	_, viewing := c.Get(viewKey).(string)
	return viewing
}

// LookOnly refuses every change while someone looks at the house as somebody else would.
func LookOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if method := c.Request().Method; Viewing(c) && method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions {
			return models.ErrViewing
		}
		return next(c)
	}
}

// ReadSpace marks what the actor was told about a space as read, now that they look at it.
func (w *Web) ReadSpace(c echo.Context, space *models.Space) error {
	ctx, actor := c.Request().Context(), Actor(c)
	unread, err := w.DB.UnreadSpace(ctx, actor, space.ID)
	if err != nil || !unread {
		return err
	}
	err = w.DB.Tx(ctx, actor, func(tx *models.Tx) error { return tx.ReadSpaceNotices(actor.ID, space.ID) })
	if models.Unavailable(err) {
		err = nil // the page can be read on a full disk too
	}
	return err
}
