package votes

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/views/layout"
	views "ruche/views/votes"
)

// editable is the vote of the campaign of the address, of which nothing may be said yet, if the actor may run it.
func (f *Votes) editable(c echo.Context) (*views.Settings, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return nil, err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	campaign, err := f.db.Campaign(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.MayRun(campaign) {
		return nil, actor.Refused(campaign.SpaceID, 0)
	}
	view := &views.Settings{Vote: views.Vote{Campaign: campaign, State: views.Before, MayRun: true}, Costs: map[int64]string{}}
	vote, err := f.voteOf(ctx, actor, id)
	switch {
	case errors.Is(err, models.ErrNotFound):
	case err != nil:
		return nil, err
	default:
		view.Vote = *vote
	}
	view.Opens, view.Closes = campaign.VotingAt()
	view.Fixed = view.Opens != nil && !view.Opens.After(f.db.Now()) || view.Rule != nil && view.Rule.FrozenAt != nil
	if !view.Fixed {
		view.Candidates, err = f.db.Candidates(ctx, campaign)
	} else {
		err = nil
	}
	return view, err
}

func (f *Votes) settings(c echo.Context) error {
	view, err := f.editable(c)
	if err != nil {
		return err
	}
	view.Method, view.Shares = models.VoteSupport, true
	if rule := view.Rule; rule != nil {
		view.Base, view.Method, view.Hidden, view.DividedBy = rule.Version, rule.Method, rule.Hidden, rule.DividedBy
		view.Opinions = rule.Opinions
		view.Points, view.Choices, view.Minimum, view.Budget = number(rule.Points), number(rule.Choices), number(rule.Minimum), views.PlainMoney(rule.Budget)
		if rule.Method == models.VoteBudget {
			view.Shares = rule.EqualShares
		}
	}
	for _, option := range view.Candidates {
		view.Costs[option.IdeaID] = views.PlainMoney(option.Cost)
	}
	return f.renderSettings(c, http.StatusOK, view)
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (f *Votes) renderSettings(c echo.Context, status int, view *views.Settings) error {
	page, err := f.web.Page(c, "campaigns", web.Locale(c).T("campaigns.settings_of", "title", view.Campaign.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.SettingsPage(page, *view))
}

func (f *Votes) saveSettings(c echo.Context) error {
	view, err := f.editable(c)
	if err != nil {
		return err
	}
	rule, costs := f.ruled(c, view)
	err = error(view.Problems)
	if len(view.Problems) == 0 {
		err = f.SetRule(c.Request().Context(), web.Actor(c), view.Campaign.ID, view.Base, rule, costs)
	}
	var notNow *models.NotNow
	var invalid models.Invalid
	switch {
	case err == nil:
	case errors.As(err, &notNow):
		view.Fixed = true
		return f.renderSettings(c, http.StatusConflict, view)
	case errors.As(err, &invalid):
		view.Problems = invalid
		return f.renderSettings(c, http.StatusUnprocessableEntity, view)
	case errors.Is(err, models.ErrConflict):
		view.Problems = models.Invalid{"method": "campaigns.overtaken"}
		if view.Rule != nil {
			view.Base = view.Rule.Version
		}
		return f.renderSettings(c, http.StatusConflict, view)
	default:
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("votes.saved")})
	return web.Redirect(c, fmt.Sprintf("/campaigns/%d/vote", view.Campaign.ID))
}

// ruled reads the rule from its form. A number that is none is a mistake at its field.
func (f *Votes) ruled(c echo.Context, view *views.Settings) (rule models.VotingRule, costs map[int64]int64) {
	view.Problems, costs = models.Invalid{}, map[int64]int64{}
	view.Base, _ = strconv.Atoi(c.FormValue("base")) // anything else is no version, and a conflict
	view.Method, view.DividedBy = models.VotingMethod(c.FormValue("method")), models.Division(c.FormValue("divided_by"))
	view.Opinions = c.FormValue("opinions") == "1"
	view.Hidden, view.Shares = c.FormValue("hidden") == "1", c.FormValue("counting") != "greedy"
	whole := func(field string, shown *string) int {
		*shown = strings.TrimSpace(c.FormValue(field))
		if *shown == "" {
			return 0
		}
		n, err := strconv.ParseInt(*shown, 10, 32)
		if err != nil {
			view.Problems[field] = "votes." + field + "_invalid"
		}
		return int(n)
	}
	rule = models.VotingRule{
		Method: view.Method, Points: whole("points", &view.Points), Choices: whole("choices", &view.Choices), Minimum: whole("minimum", &view.Minimum),
		EqualShares: view.Shares, Hidden: view.Hidden, DividedBy: view.DividedBy, Opinions: view.Opinions,
	}
	view.Budget = strings.TrimSpace(c.FormValue("budget"))
	var ok bool
	if rule.Budget, ok = cents(view.Budget); !ok {
		view.Problems["budget"] = "votes.budget_invalid"
	}
	for _, option := range view.Candidates {
		field := "cost_" + strconv.FormatInt(option.IdeaID, 10)
		text := strings.TrimSpace(c.FormValue(field))
		view.Costs[option.IdeaID] = text
		cost, ok := cents(text)
		if !ok {
			view.Problems[field] = "votes.cost_invalid"
		} else if cost > 0 {
			costs[option.IdeaID] = cost
		}
	}
	return rule, costs
}

// cents reads an amount of money as people write it, "12 500,50" or "12500.5"; empty is none.
func cents(text string) (int64, bool) {
	text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "€", "", ",", ".").Replace(text)
	if text == "" {
		return 0, true
	}
	whole, part, _ := strings.Cut(text, ".")
	if len(part) > 2 || strings.ContainsAny(text, "+-") {
		return 0, false
	}
	part += strings.Repeat("0", 2-len(part))
	n, err := strconv.ParseInt(whole+part, 10, 64)
	return n, err == nil && n <= models.MaxVoteBudget
}
