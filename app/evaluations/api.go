package evaluations

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
	views "ruche/views/evaluations"
)

// API adds the feature's operations.
func (f *Evaluations) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-evaluations", Method: http.MethodGet, Path: "/evaluations", Summary: "List what you have to evaluate", Security: api.Wants(models.ScopeRead)}, f.apiDesk)
	api.Register(a, huma.Operation{OperationID: "get-evaluation", Method: http.MethodGet, Path: "/ideas/{id}/evaluation", Summary: "Read your evaluation of an idea", Description: "With the criteria, and what the evaluators say together for those who may read it: evaluators once their own is in. Not found for everyone else.", Security: api.Wants(models.ScopeRead)}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "evaluate-idea", Method: http.MethodPut, Path: "/ideas/{id}/evaluation", Summary: "Evaluate an idea", Description: "Keeps a draft, or hands it in. Sent again, it changes nothing."}, f.apiPut)
	api.Register(a, huma.Operation{OperationID: "rank-ideas", Method: http.MethodGet, Path: "/campaigns/{id}/evaluations", Summary: "Read the ranking of a campaign's ideas", Description: "By the lower bound of their mean, without those that you sign. For those who run the campaign, its sponsor and its lead evaluators, once their own evaluations are in.", Security: api.Wants(models.ScopeRead)}, f.apiRanking)
	f.publicationAPI(a)
}

// Numbered is what an operation is about; exported, since huma fills in no other embedded struct.
type Numbered struct {
	ID int64 `path:"id" minimum:"1"`
}

type deskInput struct {
	State  string `query:"state" enum:"assigned,submitted" default:"assigned"`
	Cursor int64  `query:"cursor" minimum:"0" doc:"\"next\" of the page before."`
}

type deskItem struct {
	Idea     int64      `json:"idea"`
	Title    string     `json:"title"`
	Campaign int64      `json:"campaign"`
	State    string     `json:"state"`
	Saved    *time.Time `json:"saved_at" doc:"Null if you have written nothing yet."`
	URL      string     `json:"url"`
}

type deskAnswer struct {
	Body struct {
		Items []deskItem `json:"items"`
		Next  *int64     `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Evaluations) apiDesk(ctx context.Context, actor *models.Actor, in *deskInput) (*deskAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	rows, err := f.web.DB.Desk(ctx, actor, models.EvaluationState(in.State), in.Cursor, deskPage+1)
	if err != nil {
		return nil, err
	}
	answer := &deskAnswer{}
	answer.Body.Items = []deskItem{}
	for i, row := range rows {
		if i == deskPage {
			answer.Body.Next = &rows[i-1].ID
			break
		}
		answer.Body.Items = append(answer.Body.Items, deskItem{row.IdeaID, row.Title, row.CampaignID, string(row.State), row.SavedAt, f.web.BaseURL.String() + views.Path(row.IdeaID)})
	}
	return answer, nil
}

type criterionBody struct {
	ID       int64  `json:"id"`
	NameFR   string `json:"name_fr"`
	NameEN   string `json:"name_en"`
	Lowest   int    `json:"lowest"`
	Highest  int    `json:"highest"`
	Weight   int    `json:"weight"`
	Inverted bool   `json:"inverted" doc:"A high score speaks against the idea."`
}

type scoreBody struct {
	Criterion int64 `json:"criterion" minimum:"1"`
	Score     *int  `json:"score" minimum:"0" maximum:"10" doc:"Null: the criterion does not apply."`
}

type spreadBody struct {
	People    int     `json:"people"`
	Mean      float64 `json:"mean" doc:"From 0, the worst, to 1."`
	Deviation float64 `json:"deviation"`
	Disputed  bool    `json:"disputed" doc:"Evaluators differ so much that they had better talk."`
}

type evaluationBody struct {
	Idea     int64           `json:"idea"`
	Campaign int64           `json:"campaign"`
	Version  int             `json:"version" doc:"Of the criteria."`
	State    string          `json:"state" enum:"none,assigned,submitted,excluded" doc:"Of your evaluation."`
	Criteria []criterionBody `json:"criteria"`
	Scores   []scoreBody     `json:"scores" doc:"Yours."`
	Note     string          `json:"note" doc:"Yours."`
	Together *spreadBody     `json:"together" doc:"What the evaluators say together; null if you may not read it, or not yet."`
}

type evaluationAnswer struct {
	Body evaluationBody
}

func (f *Evaluations) apiGet(ctx context.Context, actor *models.Actor, in *Numbered) (*evaluationAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	a, err := f.web.DB.Assessment(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if a.Author { // who may read what they are asked, which is on the page
		return nil, fmt.Errorf("evaluation of idea %d: %w", in.ID, models.ErrNotFound)
	}
	body := evaluationBody{Idea: in.ID, Campaign: a.Campaign.ID, Version: a.Card.Version, State: "none", Criteria: []criterionBody{}, Scores: []scoreBody{}}
	for i := range a.Card.Criteria {
		c := &a.Card.Criteria[i]
		body.Criteria = append(body.Criteria, criterionBody{c.ID, c.NameFR, c.NameEN, c.Lowest, c.Highest, c.Weight, c.Inverted})
		if a.Own != nil {
			if score, answered := a.Own.Given()[c.ID]; answered {
				body.Scores = append(body.Scores, scoreBody{c.ID, score})
			}
		}
	}
	if a.Own != nil {
		body.State, body.Note = string(a.Own.State), a.Own.Note
	}
	if a.SeesScores() {
		evaluations, err := f.web.DB.Evaluations(ctx, a)
		if err != nil {
			return nil, err
		}
		together := spread(models.ResultOf(evaluations))
		body.Together = &together
	}
	return &evaluationAnswer{body}, nil
}

func spread(s models.Spread) spreadBody { return spreadBody{s.N, s.Mean, s.Deviation, s.Disputed()} }

type putEvaluation struct {
	Numbered
	Body struct {
		Version int         `json:"version" doc:"Of the criteria that you were shown."`
		Scores  []scoreBody `json:"scores" maxItems:"20"`
		Note    string      `json:"note,omitempty"`
		Submit  bool        `json:"submit,omitempty" doc:"Hand it in; otherwise it is kept as a draft."`
	}
}

func (f *Evaluations) apiPut(ctx context.Context, actor *models.Actor, in *putEvaluation) (*evaluationAnswer, error) {
	words := models.Judgement{Answers: models.Answers{}, Note: in.Body.Note, Version: in.Body.Version}
	for _, score := range in.Body.Scores {
		words.Answers[score.Criterion] = score.Score
	}
	write := f.Save
	if in.Body.Submit {
		write = f.Submit
	}
	if err := write(ctx, actor, in.ID, words); err != nil {
		return nil, err
	}
	return f.apiGet(ctx, actor, &in.Numbered)
}

type rankingInput struct {
	Numbered
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
}

type rankedBody struct {
	Place  int     `json:"place"`
	Idea   int64   `json:"idea"`
	Title  string  `json:"title"`
	Bound  float64 `json:"bound" doc:"The lower bound of the mean, by which ideas are ranked."`
	Enough bool    `json:"enough" doc:"As many evaluations as the scorecard wants; ideas with fewer come last."`
	Open   int     `json:"open" doc:"Evaluations that are still out."`

	Together spreadBody `json:"together"`
}

type rankingAnswer struct {
	Body struct {
		Items []rankedBody `json:"items"`
		Next  *string      `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Evaluations) apiRanking(ctx context.Context, actor *models.Actor, in *rankingInput) (*rankingAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	after, err := models.ParseRankKey(in.Cursor)
	if err != nil {
		return nil, err
	}
	campaign, err := f.web.DB.Campaign(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	ideas, next, err := f.web.DB.Ranking(ctx, actor, campaign, after, rankPage)
	if err != nil {
		return nil, err
	}
	answer := &rankingAnswer{}
	answer.Body.Items = []rankedBody{}
	for i := range ideas {
		idea := &ideas[i]
		answer.Body.Items = append(answer.Body.Items, rankedBody{idea.Place, idea.IdeaID, idea.Title, idea.Bound, idea.Enough, idea.Open, spread(idea.Spread)})
	}
	if next != nil {
		key := next.String()
		answer.Body.Next = &key
	}
	return answer, nil
}
