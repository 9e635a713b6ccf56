package reactions

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/posts"
	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
	views "ruche/views/reactions"
)

// Routes adds the feature's pages.
func (f *Reactions) Routes(g *echo.Group) {
	g.GET("/posts/:post/reactions", f.reactors, web.RequireSignIn)
	g.POST("/posts/:post/reactions", f.react, web.RequireSignIn)
	g.GET("/appreciation", f.appreciated, web.RequireSignIn)
	g.GET("/reactions", f.signs, web.RequireSignIn)
	g.POST("/reactions", f.add, web.RequireSignIn)
	g.POST("/reactions/:id", f.rename, web.RequireSignIn)
	g.POST("/reactions/:id/step", f.step, web.RequireSignIn)
	g.POST("/reactions/:id/retirement", f.retire, web.RequireSignIn)
}

// react gives a post a sign, or takes one back. A script is answered with the bar alone.
func (f *Reactions) react(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "post")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	change, value := f.Give, c.FormValue("give")
	if value == "" {
		change, value = f.Take, c.FormValue("take")
	}
	sign, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		sign = 0 // which there is not
	}
	if err := change(ctx, actor, id, sign); err != nil {
		return err
	}
	card, look, err := f.look(ctx, actor, id)
	if err != nil {
		return err
	}
	if web.InPlace(c) {
		shown := posts.Reactions(actor, look, card)
		return web.Render(c, http.StatusOK, parts.ReactionBar(web.Locale(c), &shown))
	}
	return web.Redirect(c, card.About().Post(id))
}

// look finds a post that the actor may read with what it was given. A removed one has been given nothing, whoever asks.
func (f *Reactions) look(ctx context.Context, actor *models.Actor, id int64) (card *models.PostCard, look posts.Look, err error) {
	_, look.Place, err = f.db.Post(ctx, actor, id)
	if err != nil {
		return nil, look, err
	}
	cards, err := f.db.PostCards(ctx, actor, []int64{id})
	if err == nil && len(cards) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return nil, look, err
	}
	if look.Given, err = f.db.Reactions(ctx, actor, []int64{id}); err != nil {
		return nil, look, err
	}
	look.Closed, err = f.closed(ctx, actor, look.Place)
	return &cards[0], look, err
}

// closed tells whether nothing is said in a place now.
func (f *Reactions) closed(ctx context.Context, actor *models.Actor, place models.Place) (bool, error) {
	switch {
	case place.Thread != nil:
		return place.Thread.ClosedAt != nil, nil
	case place.Article != nil:
		return f.db.Shelved(ctx, place.Article)
	case place.Gathering != nil:
		return false, nil
	case place.Idea.CampaignID == nil:
		return false, nil
	}
	stage, err := f.db.StageOf(ctx, actor, *place.Idea.CampaignID)
	return err != nil || !stage.Commenting, err
}

// reactorsShown is how many people a page lists.
const reactorsShown = 50

// reactors lists who gave a post signs.
func (f *Reactions) reactors(c echo.Context) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	id, err := web.ID(c, "post")
	if err != nil {
		return err
	}
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	card, look, err := f.look(ctx, actor, id)
	if err != nil {
		return err
	}
	view := views.Reactors{Post: card, Place: look.Place, Space: *actor.Access(look.Place.SpaceID()), Given: look.Given.Of(id), Reactions: posts.Reactions(actor, look, card), Signs: posts.Signs(actor, look), Later: before != 0}
	if text := c.QueryParam("sign"); text != "" {
		if view.Sign, err = strconv.ParseInt(text, 10, 64); err != nil || look.Given.Sign(view.Sign) == nil {
			return models.ErrNotFound
		}
	}
	rows, err := f.db.Reactors(ctx, actor, id, view.Sign, before, reactorsShown+1)
	if err != nil {
		return err
	}
	if len(rows) > reactorsShown {
		rows = rows[:reactorsShown]
		view.Next = rows[reactorsShown-1].ID
	}
	for i := range rows {
		view.People = append(view.People, views.Reactor{Reactor: rows[i], Given: look.Given.Sign(rows[i].SignID)})
	}
	page, err := f.web.Page(c, look.Place.Section(), l.T("reactions.who"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.ReactorsPage(page, view))
}

// zoned is a time where the days of the house begin.
func zoned(at time.Time) time.Time { return i18n.For("").In(at) }

// appreciated shows what the actor's posts were given in a day: the one before, if the address names none.
func (f *Reactions) appreciated(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	now := zoned(f.db.Now())
	day := time.Date(now.Year(), now.Month(), now.Day()-1, 0, 0, 0, 0, now.Location())
	if text := c.QueryParam("day"); text != "" {
		asked, ok := web.Day(c, text)
		if !ok {
			return models.ErrNotFound
		}
		day = time.Date(asked.Year(), asked.Month(), asked.Day(), 0, 0, 0, 0, now.Location())
	}
	lines, err := f.db.Appreciated(ctx, actor, day, day.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	signs, err := f.db.ReactionSigns(ctx)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "notifications", web.Locale(c).T("reactions.appreciation"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.AppreciationPage(page, views.NewAppreciation(day, lines, signs)))
}

// signs is where the set is chosen.
func (f *Reactions) signs(c echo.Context) error { return f.set(c, http.StatusOK, views.Set{}) }

func (f *Reactions) set(c echo.Context, status int, view views.Set) (err error) {
	if !web.Actor(c).Can(models.ChooseSigns, nil) {
		return models.ErrForbidden
	}
	if view.Signs, err = f.db.ReactionSigns(c.Request().Context()); err != nil {
		return err
	}
	page, err := f.web.Page(c, "reactions", web.Locale(c).T("reactions.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.SetPage(page, view))
}

// chosen answers a form about the set: with the page again where something is wrong with it.
func (f *Reactions) chosen(c echo.Context, err error, view views.Set, toast layout.Toast) error {
	if errors.As(err, &view.Problems) {
		return f.set(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, toast)
	return web.Redirect(c, "/reactions")
}

func (f *Reactions) add(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	sign := &models.ReactionSign{Emoji: c.FormValue("emoji"), NameEN: c.FormValue("name_en"), NameFR: c.FormValue("name_fr")}
	view := views.Set{Edited: *sign}
	err := f.choose(c.Request().Context(), web.Actor(c), func(tx *models.Tx) error { return tx.AddReactionSign(sign) })
	return f.chosen(c, err, view, layout.Toast{Text: web.Locale(c).T("reactions.toast.added")})
}

func (f *Reactions) rename(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	view := views.Set{Edited: models.ReactionSign{ID: id, NameEN: c.FormValue(views.Field("name_en", id)), NameFR: c.FormValue(views.Field("name_fr", id))}}
	err = f.choose(c.Request().Context(), web.Actor(c), func(tx *models.Tx) error {
		return tx.NameReactionSign(id, view.Edited.NameEN, view.Edited.NameFR)
	})
	return f.chosen(c, err, view, layout.Toast{Text: web.Locale(c).T("reactions.toast.renamed")})
}

func (f *Reactions) step(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	to := c.FormValue("to")
	if to != "up" && to != "down" {
		return models.Invalid{"to": "discussions.flag_invalid"}
	}
	err = f.choose(c.Request().Context(), web.Actor(c), func(tx *models.Tx) error { return tx.MoveReactionSign(id, to == "up") })
	return f.chosen(c, err, views.Set{}, layout.Toast{Text: web.Locale(c).T("reactions.toast.moved")})
}

// retire takes a sign out of the set, or back into it.
func (f *Reactions) retire(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	retired := c.FormValue("retired")
	if retired != "0" && retired != "1" {
		return models.Invalid{"retired": "discussions.flag_invalid"}
	}
	err = f.choose(c.Request().Context(), web.Actor(c), func(tx *models.Tx) error { return tx.RetireReactionSign(id, retired == "1") })
	toast := layout.Toast{Text: web.Locale(c).T("reactions.toast.back")}
	if retired == "1" {
		toast = layout.Toast{Text: web.Locale(c).T("reactions.toast.retired"), UndoAction: "/reactions/" + strconv.FormatInt(id, 10) + "/retirement?retired=0"}
	}
	return f.chosen(c, err, views.Set{Edited: models.ReactionSign{ID: id}}, toast)
}

// formOf reads a form, and the id of the sign that it is about.
func formOf(c echo.Context) (int64, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return 0, err
	}
	return id, web.ParseForm(c)
}
