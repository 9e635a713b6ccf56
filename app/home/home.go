// Package home is the page on which people arrive: what is new for them, what they follow, where
// their own ideas stand, and one thing to do. It reads what other features wrote and changes nothing
// but the time of the visit.
package home

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/home"
)

// Home is the feature.
type Home struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Home { return &Home{w} }

// Routes adds the page.
func (h *Home) Routes(g *echo.Group) { g.GET("/", h.show) }

// How much each part of the page shows.
const (
	shownNews     = 10
	shownFollowed = 5
	shownMine     = 3
	shownActivity = 6
	shownLog      = 8
	shownAgenda   = 3
)

// shownEmergency is how long owners are told of emergency access.
const shownEmergency = 7 * 24 * time.Hour

func (h *Home) show(c echo.Context) error {
	actor := web.Actor(c)
	since, err := h.since(c, actor)
	if err != nil {
		return err
	}
	content, err := h.content(c.Request().Context(), actor, since)
	if err != nil {
		return err
	}
	page, err := h.web.Page(c, "home", web.Locale(c).T("home.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Show(page, content))
}

func (h *Home) content(ctx context.Context, actor *models.Actor, since time.Time) (views.Content, error) {
	content := views.Content{Actor: actor, Since: since}
	var err error
	if content.News, _, err = h.web.DB.Ideas(ctx, actor, models.IdeaQuery{Sort: models.SortActive, Limit: shownNews}); err != nil {
		return content, fmt.Errorf("home: %w", err)
	}
	if content.Activity, err = h.web.DB.Activity(ctx, actor, shownActivity); err != nil {
		return content, fmt.Errorf("home: %w", err)
	}
	if !actor.SignedIn() {
		return content, nil
	}
	if content.Mine, _, err = h.web.DB.Ideas(ctx, actor, models.IdeaQuery{Sort: models.SortNewest, Mine: true, Limit: shownMine}); err != nil {
		return content, fmt.Errorf("home: %w", err)
	}
	if content.Followed, _, err = h.web.DB.Ideas(ctx, actor, models.IdeaQuery{Sort: models.SortActive, Followed: true, Limit: shownFollowed}); err != nil {
		return content, fmt.Errorf("home: %w", err)
	}
	if content.Emergency, err = h.web.DB.LastEmergency(ctx, actor, h.web.DB.Now().Add(-shownEmergency)); err != nil {
		return content, fmt.Errorf("home: %w", err)
	}
	if content.Agenda, err = h.web.DB.OwnGatherings(ctx, actor, h.web.DB.Now(), shownAgenda); err != nil {
		return content, fmt.Errorf("home: %w", err)
	}
	if actor.Role == models.RoleAuditor { // reads, and has nothing else to do here
		content.Log, err = h.web.DB.Audit(ctx, actor, "", 0, shownLog)
	} else {
		content.Todo, err = h.todo(ctx, actor, content.Mine)
	}
	if err != nil {
		return content, fmt.Errorf("home: %w", err)
	}
	return content, nil
}

// todo chooses the one thing to do: accept the agreement without which nothing can be written, answer who asked, finish
// what was begun, welcome what nobody has answered, or propose a first idea. To whoever may write nowhere no writing is
// proposed.
func (h *Home) todo(ctx context.Context, actor *models.Actor, mine []models.IdeaCard) (views.Todo, error) {
	for i := range actor.Spaces {
		if access := &actor.Spaces[i]; actor.Asked(access.ID) {
			return views.Todo{Asked: access}, nil
		}
	}
	question, err := h.web.DB.Question(ctx, actor)
	if err != nil || question != nil {
		return views.Todo{Question: question}, err
	}
	asked, err := h.web.DB.AskedOfMe(ctx, actor)
	if err != nil {
		return views.Todo{}, err
	}
	if len(asked) > 0 {
		return views.Todo{Request: &asked[len(asked)-1]}, nil
	}
	if !actor.Contributes() {
		return views.Todo{}, nil
	}
	draft, err := h.web.DB.Draft(ctx, actor.ID, "idea/new")
	if err != nil {
		return views.Todo{}, err
	}
	if draft != nil && draft.Fields["title"] != "" {
		return views.Todo{Draft: draft}, nil
	}
	waiting, _, err := h.web.DB.Ideas(ctx, actor, models.IdeaQuery{Sort: models.SortUnanswered, Limit: 5})
	if err != nil {
		return views.Todo{}, err
	}
	for i := range waiting {
		if waiting[i].AuthorID != actor.ID && actor.CanOnceAccepted(models.PostComment, &models.Space{ID: waiting[i].SpaceID}) {
			return views.Todo{Waiting: &waiting[i]}, nil
		}
	}
	return views.Todo{First: len(mine) == 0}, nil
}

// sinceKey is where a session keeps the visit before this one.
const sinceKey = "since"

// visit is how long after the last look at the home page another one is a new visit.
const visit = time.Hour

// since is when the person was here before this visit.
func (h *Home) since(c echo.Context, actor *models.Actor) (time.Time, error) {
	if !actor.SignedIn() {
		return time.Time{}, nil
	}
	ctx := c.Request().Context()
	last := time.Time{}
	if actor.SeenAt != nil {
		last = *actor.SeenAt
	}
	if h.web.DB.Now().Sub(last) < visit {
		if unix, ok := h.web.Sessions.Get(ctx, sinceKey).(float64); ok {
			return time.Unix(int64(unix), 0).UTC(), nil
		}
		return last, nil
	}
	if !last.IsZero() {
		h.web.Sessions.Put(ctx, sinceKey, float64(last.Unix()))
	}
	err := h.web.DB.Tx(ctx, actor, func(tx *models.Tx) error { return tx.Seen(actor.ID) })
	if models.Unavailable(err) {
		err = nil // the page can be read on a full disk too
	}
	return last, err
}
