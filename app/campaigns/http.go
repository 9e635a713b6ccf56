package campaigns

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/campaigns"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Routes adds the feature's pages.
func (f *Campaigns) Routes(g *echo.Group) {
	g.GET("/campaigns", f.list)
	g.GET("/campaigns/new", f.blank, web.RequireSignIn)
	g.POST("/campaigns", f.create, web.RequireSignIn)
	g.GET("/campaigns/:id", f.show)
	g.GET("/campaigns/:id/brief", f.brief)
	g.GET("/campaigns/:id/edit", f.edit, web.RequireSignIn)
	g.POST("/campaigns/:id", f.save, web.RequireSignIn)
	g.GET("/campaigns/:id/stages", f.stages, web.RequireSignIn)
	g.POST("/campaigns/:id/stages", f.arrange, web.RequireSignIn)
	g.GET("/campaigns/:id/people", f.crew, web.RequireSignIn)
	g.POST("/campaigns/:id/people", f.staff, web.RequireSignIn)
	g.GET("/campaigns/:id/banner", f.banner, web.RequireSignIn)
	g.POST("/campaigns/:id/banner", f.hang, web.RequireSignIn)
	g.POST("/campaigns/:id/banner/removal", f.takeDown, web.RequireSignIn)
	g.GET("/campaigns/:id/copies/new", f.copyForm, web.RequireSignIn)
	g.POST("/spaces/:slug/follow", f.follow, web.RequireSignIn)
	g.POST("/campaigns/:id/copies", f.duplicate, web.RequireSignIn)
	g.POST("/campaigns/:id/publication", f.publish, web.RequireSignIn)
	g.POST("/campaigns/:id/pause", f.pause, web.RequireSignIn)
	g.POST("/campaigns/:id/resumption", f.resume, web.RequireSignIn)
}

// Sizes of pages.
const (
	pageSize = 20
	ideaPage = 30
)

func (f *Campaigns) list(c echo.Context) error {
	actor := web.Actor(c)
	state := models.CampaignState(c.QueryParam("state"))
	if state == "" {
		state = models.CampaignOpen
	}
	runs := len(runnable(actor)) > 0
	if !slices.Contains(models.CampaignStates(), state) || !runs && slices.Contains(views.ForRunners(), state) {
		return models.Invalid{"state": "campaigns.state_invalid"}
	}
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	campaigns, err := f.web.DB.Campaigns(c.Request().Context(), actor, models.CampaignQuery{State: state, Before: before, Limit: pageSize + 1})
	if err != nil {
		return err
	}
	view := views.List{State: state, Campaigns: campaigns, Actor: actor, Runs: runs, First: before == 0}
	if len(campaigns) > pageSize {
		view.Campaigns, view.Next = campaigns[:pageSize], campaigns[pageSize-1].ID
	}
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, view))
}

// runnable are the spaces in which the actor can begin a campaign.
func runnable(actor *models.Actor) (spaces []models.SpaceAccess) {
	for i := range actor.Spaces {
		if actor.Can(models.RunCampaigns, &models.Space{ID: actor.Spaces[i].ID}) {
			spaces = append(spaces, actor.Spaces[i])
		}
	}
	return spaces
}

// found is the campaign of the address. One that is asked for by another title leads to the right address.
func (f *Campaigns) found(c echo.Context) (view views.Show, err error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return view, err
	}
	actor := web.Actor(c)
	page, err := f.web.DB.CampaignPage(c.Request().Context(), actor, id)
	if err != nil {
		return view, err
	}
	now := f.web.DB.Now()
	view = views.Show{Campaign: page, Space: *actor.Access(page.SpaceID), State: page.StateAt(now), Stage: page.StageAt(now), MayRun: actor.MayRun(&page.Campaign), Decides: actor.MayDecide(page.SpaceID, &page.Campaign), MayCopy: len(runnable(actor)) > 0}
	if view.Times, err = f.web.DB.AnswerTimes(c.Request().Context(), &page.Campaign); err != nil {
		return view, err
	}
	switch _, err := f.web.DB.VotingRule(c.Request().Context(), &page.Campaign); {
	case err == nil:
		view.Votes = true
	case !errors.Is(err, models.ErrNotFound):
		return view, err
	}
	if page.Template { // its days say only how long each stage takes
		view.Stage = nil
	}
	if view.MayRun && page.PublishedAt == nil {
		view.Quiet = quietDays(&page.Campaign, now, web.Zone(c))
		if page.EvaluatorCount > 0 {
			card, err := f.web.DB.Scorecard(c.Request().Context(), id)
			if err != nil {
				return view, err
			}
			workload := card.Workload(&page.Campaign)
			view.Workload = &workload
		}
		if view.Lacks, err = f.web.DB.Lacking(c.Request().Context(), &page.Campaign); err != nil {
			return view, err
		}
	}
	if view.Keepers, err = f.web.DB.Keepers(c.Request().Context(), &page.Campaign); err != nil {
		return view, err
	}
	view.Keeps = view.Keepers.Of(actor.ID)
	if view.Funnel, err = f.web.DB.Funnel(c.Request().Context(), id); err != nil {
		return view, err
	}
	if view.Asks, err = f.web.DB.Asks(c.Request().Context(), actor, id); err != nil {
		return view, err
	}
	if view.MayFollow = actor.Can(models.FollowIdea, &models.Space{ID: page.SpaceID}); view.MayFollow {
		if view.Follows, err = f.web.DB.FollowsSpace(c.Request().Context(), actor, page.SpaceID); err != nil {
			return view, err
		}
	}
	if view.MayRun && page.AsksGroups {
		view.Groups, err = f.web.DB.CampaignGroups(c.Request().Context(), actor, &page.Campaign)
		if err != nil && !errors.Is(err, models.ErrForbidden) { // who may not know groups sees none
			return view, err
		}
	}
	if view.TakesIdeas() && view.Asks && (!actor.SignedIn() || actor.CanOnceAccepted(models.PostIdea, &models.Space{ID: page.SpaceID})) {
		view.NewURL = "/ideas/new?" + url.Values{"campaign": {strconv.FormatInt(id, 10)}}.Encode()
	}
	return view, nil
}

func (f *Campaigns) show(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	if path := view.Campaign.Path(); path != "/campaigns/"+c.Param("id") {
		if query := c.QueryString(); query != "" {
			path += "?" + query
		}
		return c.Redirect(http.StatusMovedPermanently, path)
	}
	if err := f.ideas(c, &view); err != nil {
		return err
	}
	return f.render(c, http.StatusOK, view)
}

// ideas fills in the ideas of a campaign.
func (f *Campaigns) ideas(c echo.Context, view *views.Show) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	vote, err := f.web.DB.Fair(ctx, actor, view.Campaign.ID)
	if err != nil {
		return err
	}
	if view.Sort, err = models.Sort(c.QueryParam("sort")).While(vote); err != nil {
		return err
	}
	after, err := models.ParseIdeaKey(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	cards, next, err := f.web.DB.Ideas(ctx, actor, models.IdeaQuery{Sort: view.Sort, SpaceID: view.Campaign.SpaceID, CampaignID: view.Campaign.ID, Fair: vote, After: after, Limit: ideaPage})
	if err != nil {
		return err
	}
	ids := make([]int64, len(cards))
	for i := range cards {
		ids[i], cards[i].Campaign = cards[i].ID, "" // which stands above the list
	}
	if web.Shown(c) {
		if err := f.web.DB.Expose(ctx, actor, vote, ids); err != nil {
			return err
		}
	}
	view.Sorts = models.Sorts()
	if vote != nil {
		view.Sorts = models.VotingSorts()
	}
	view.Rows, view.Inner = parts.Rows(actor, cards), after != nil
	if next != nil {
		view.Next = next.String()
	}
	return nil
}

func (f *Campaigns) render(c echo.Context, status int, view views.Show) error {
	page, err := f.web.Page(c, "campaigns", view.Campaign.Title)
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Page(page, view))
}

func (f *Campaigns) brief(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	view.Brief = true
	return f.render(c, http.StatusOK, view)
}

// follow notes whether somebody wants to hear of new campaigns of a space, and goes back to the campaign where they said so.
func (f *Campaigns) follow(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	space, err := f.web.DB.SpaceBySlug(ctx, actor, c.Param("slug"))
	if err != nil {
		return err
	}
	follow := c.FormValue("following") == "1"
	if err := f.Follow(ctx, actor, space, follow); err != nil {
		return err
	}
	toast, place := "campaigns.unfollowed", "/spaces/"+space.Slug
	if follow {
		toast = "campaigns.followed"
	}
	if id, err := strconv.ParseInt(c.FormValue("campaign"), 10, 64); err == nil && id > 0 {
		place = "/campaigns/" + strconv.FormatInt(id, 10)
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast, "space", space.Title)})
	return web.Redirect(c, place)
}

func (f *Campaigns) publish(c echo.Context) error {
	return f.changed(c, "campaigns.published", f.Publish)
}

func (f *Campaigns) resume(c echo.Context) error {
	return f.changed(c, "campaigns.resumed", f.Resume)
}

func (f *Campaigns) pause(c echo.Context) error {
	return f.changed(c, "campaigns.paused", func(ctx context.Context, actor *models.Actor, id int64) (*models.Campaign, error) {
		return f.Pause(ctx, actor, id, c.FormValue("reason"))
	})
}

// changed does something to a campaign and says so; what is wrong is shown on the campaign's page.
func (f *Campaigns) changed(c echo.Context, toast string, do func(context.Context, *models.Actor, int64) (*models.Campaign, error)) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	campaign, err := do(c.Request().Context(), web.Actor(c), id)
	if invalid := (models.Invalid{}); errors.As(err, &invalid) {
		view, err := f.found(c)
		if err != nil {
			return err
		}
		view.Brief, view.Problems, view.Reason = true, invalid, c.FormValue("reason")
		return f.render(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, campaign.Path())
}
