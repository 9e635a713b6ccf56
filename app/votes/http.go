package votes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/votes"
)

// Routes adds the feature's pages.
func (f *Votes) Routes(g *echo.Group) {
	g.GET("/campaigns/:id/vote", f.settings, web.RequireSignIn)
	g.POST("/campaigns/:id/vote", f.saveSettings, web.RequireSignIn)
	g.GET("/campaigns/:id/ballot", f.booth)
	g.POST("/campaigns/:id/ballot", f.cast, web.RequireSignIn)
	g.POST("/campaigns/:id/duels", f.duel, web.RequireSignIn)
	g.GET("/campaigns/:id/results", f.results)
	g.GET("/campaigns/:id/results.json", f.document)
	g.GET("/campaigns/:id/results.csv", f.table)
	g.GET("/campaigns/:id/results.xlsx", f.workbook)
	g.GET("/campaigns/:id/ballots.csv", f.ballots)
}

// found is the vote of the campaign of the address, opened and closed if its time has come. One without a rule has no vote.
func (f *Votes) found(c echo.Context) (*views.Vote, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	return f.voteOf(c.Request().Context(), web.Actor(c), id)
}

func (f *Votes) voteOf(ctx context.Context, actor *models.Actor, id int64) (*views.Vote, error) {
	campaign, err := f.db.Campaign(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	rule, err := f.db.VotingRule(ctx, campaign)
	if err != nil {
		return nil, err
	}
	if err := f.turnIfDue(ctx, campaign, rule); err != nil {
		return nil, err
	}
	if rule, err = f.db.VotingRule(ctx, campaign); err != nil {
		return nil, err
	}
	vote := &views.Vote{Campaign: campaign, Rule: rule, State: views.Before, MayRun: actor.MayRun(campaign)}
	vote.Opens, vote.Closes = campaign.VotingAt()
	switch stage := campaign.StageAt(f.db.Now()); {
	case rule.ClosedAt != nil:
		vote.State = views.Closed
	case rule.FrozenAt != nil && stage != nil && stage.Kind == models.VoteStage:
		vote.State = views.Open
	}
	if rule.FrozenAt != nil {
		vote.Counting, vote.Waiting, err = f.db.CastBallots(ctx, rule)
	}
	return vote, err
}

func (f *Votes) booth(c echo.Context) error {
	vote, err := f.found(c)
	if err != nil {
		return err
	}
	view := views.Booth{Vote: *vote}
	if err := f.fill(c, &view); err != nil {
		return err
	}
	if view.State == views.Open && web.Shown(c) {
		if err := f.expose(c, &view); err != nil {
			return err
		}
	}
	return f.renderBooth(c, http.StatusOK, view)
}

// expose notes which ideas the ballot shows to its voter: all of them, or the two of a duel.
func (f *Votes) expose(c echo.Context, view *views.Booth) error {
	var ids []int64
	if view.Rule.Method == models.VoteDuels {
		for _, side := range []*models.VotingOption{view.Left, view.Right} {
			if side != nil {
				ids = append(ids, side.IdeaID)
			}
		}
	} else {
		for i := range view.Options {
			ids = append(ids, view.Options[i].IdeaID)
		}
	}
	return f.db.Expose(c.Request().Context(), web.Actor(c), view.Fair, ids)
}

// fill adds what the booth shows to its voter.
func (f *Votes) fill(c echo.Context, view *views.Booth) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, space := view.Campaign.ID, &models.Space{ID: view.Campaign.SpaceID}
	options, err := f.optionsOf(ctx, &view.Vote)
	if err != nil {
		return err
	}
	view.SignedIn, view.Amounts = actor.SignedIn(), map[int64]int64{}
	view.May = actor.MayVote(view.Campaign, f.db.Now()) == nil && view.State == views.Open
	var unaccepted *models.Unaccepted
	if errors.As(actor.Refusal(models.CastBallot, space), &unaccepted) {
		view.Asked = unaccepted.Slug
	}
	if view.Fair, err = f.db.Fair(ctx, actor, id); err != nil {
		return err
	}
	order := view.Fair
	if order == nil {
		order = models.ByChance(actor)
	}
	view.Options = slices.Clone(options) // which the duel that is shown points into
	slices.SortFunc(view.Options, func(a, b models.VotingOption) int { return order.Before(a.IdeaID, b.IdeaID) })
	ballot, lines, err := f.db.OwnBallot(ctx, actor, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	view.Base, view.Cast, view.Counts, view.Marks = ballot.Version, ballot.CastAt != nil, ballot.Counts, ballot.Marks
	for _, line := range lines {
		view.Amounts[line.IdeaID] = line.Amount
	}
	view.Left, view.Right = optionOf(options, ballot.LeftID), optionOf(options, ballot.RightID)
	return nil
}

// optionsOf are the ideas that stand for a vote, or would if it opened now.
func (f *Votes) optionsOf(ctx context.Context, vote *views.Vote) ([]models.VotingOption, error) {
	if vote.Rule.FrozenAt == nil {
		return f.db.Candidates(ctx, vote.Campaign)
	}
	return f.db.VotingOptions(ctx, vote.Campaign.ID)
}

func optionOf(options []models.VotingOption, id *int64) *models.VotingOption {
	for i := range options {
		if id != nil && options[i].IdeaID == *id {
			return &options[i]
		}
	}
	return nil
}

func (f *Votes) renderBooth(c echo.Context, status int, view views.Booth) error {
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("votes.title_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.BoothPage(page, view))
}

func (f *Votes) cast(c echo.Context) error {
	vote, err := f.found(c)
	if err != nil {
		return err
	}
	base, err := strconv.Atoi(c.FormValue("base"))
	if err != nil || base < 0 {
		base = 0
	}
	lines, err := f.written(c, vote)
	if err == nil {
		_, err = f.Cast(c.Request().Context(), web.Actor(c), vote.Campaign.ID, base, lines)
	}
	if err != nil {
		return f.boothAgain(c, vote, lines, err)
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("votes.cast_done")})
	return web.Redirect(c, fmt.Sprintf("/campaigns/%d/ballot", vote.Campaign.ID))
}

// written reads the lines of a ballot from its form. What says nothing of an idea is no line.
func (f *Votes) written(c echo.Context, vote *views.Vote) (lines []models.BallotLine, err error) {
	form, err := c.FormParams()
	if err != nil {
		return nil, err
	}
	for _, text := range form["choose"] {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, models.Invalid{"ballot": "votes.idea_unknown"}
		}
		lines = append(lines, models.BallotLine{IdeaID: id, Amount: 1})
	}
	for name, values := range form {
		digits, ok := strings.CutPrefix(name, "idea_")
		if !ok || values[0] == "" || values[0] == "0" {
			continue
		}
		id, err := strconv.ParseInt(digits, 10, 64)
		amount, wrong := strconv.ParseInt(strings.TrimSpace(values[0]), 10, 32)
		switch {
		case err != nil:
			return nil, models.Invalid{"ballot": "votes.idea_unknown"}
		case wrong != nil:
			return nil, models.Invalid{"ballot": "votes.amount_invalid"}
		case amount != 0:
			lines = append(lines, models.BallotLine{IdeaID: id, Amount: amount})
		}
	}
	if len(lines) > models.MaxVotingOptions {
		return nil, models.Invalid{"ballot": "votes.idea_unknown"}
	}
	return lines, nil
}

// boothAgain shows the booth with what was chosen and why it could not be cast; where that is no mistake of the voter's, the error.
func (f *Votes) boothAgain(c echo.Context, vote *views.Vote, lines []models.BallotLine, err error) error {
	view, status := views.Booth{Vote: *vote}, http.StatusUnprocessableEntity
	var notNow *models.NotNow
	switch {
	case errors.As(err, &view.Problems):
	case errors.As(err, &notNow):
		status, view.Problems = http.StatusConflict, models.Invalid{"ballot": notNow.Key}
	case errors.Is(err, models.ErrConflict):
		status, view.Problems = http.StatusConflict, models.Invalid{"ballot": "votes.overtaken"}
	default:
		return err
	}
	if err := f.fill(c, &view); err != nil {
		return err
	}
	if vote.Rule.Method != models.VoteDuels {
		view.Amounts = map[int64]int64{}
		for _, line := range lines {
			view.Amounts[line.IdeaID] = line.Amount
		}
	}
	return f.renderBooth(c, status, view)
}

func (f *Votes) duel(c echo.Context) error {
	vote, err := f.found(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.FormValue("number"))
	if err != nil {
		number = 0 // which no duel has
	}
	if _, err := f.Duel(c.Request().Context(), web.Actor(c), vote.Campaign.ID, number, Side(c.FormValue("winner"))); err != nil {
		return f.boothAgain(c, vote, nil, err)
	}
	return web.Redirect(c, fmt.Sprintf("/campaigns/%d/ballot#ballot", vote.Campaign.ID))
}

// counted is the stored result of a vote, as the actor may know it; ErrNotFound until it is counted.
func counted(actor *models.Actor, vote *views.Vote) (*Document, error) {
	document := &Document{}
	if vote.Rule.CountedAt == nil {
		return nil, models.ErrNotFound
	}
	if err := json.Unmarshal([]byte(vote.Rule.Result), document); err != nil {
		return nil, fmt.Errorf("read the result of campaign %d: %w", vote.Campaign.ID, err)
	}
	return document.For(actor), nil
}

func (f *Votes) results(c echo.Context) error {
	vote, err := f.found(c)
	if err != nil {
		return err
	}
	view, err := f.outcome(c.Request().Context(), web.Actor(c), vote)
	if err != nil {
		return err
	}
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("votes.results_of", "title", vote.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.ResultsPage(page, *view))
}
