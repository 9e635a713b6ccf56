package votes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/app/votes/count"
	"ruche/models"
	views "ruche/views/votes"
)

// API adds the feature's operations.
func (f *Votes) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "get-ballot", Method: http.MethodGet, Path: "/campaigns/{id}/ballot", Summary: "Read your ballot", Description: "With the rule of the vote and the ideas that stand for it.", Security: api.Wants(models.ScopeRead)}, f.apiBallot)
	api.Register(a, huma.Operation{OperationID: "cast-ballot", Method: http.MethodPut, Path: "/campaigns/{id}/ballot", Summary: "Vote, or change your ballot", Description: "The ballot says what the lines say, whatever it said before; sent again, it changes nothing. With If-Match it is changed only if it is still the one that the ETag was given for."}, f.apiCast)
	api.Register(a, huma.Operation{OperationID: "answer-duel", Method: http.MethodPut, Path: "/campaigns/{id}/duels/{number}", Summary: "Answer a duel", Description: "Number 0 begins. An answer that comes again changes nothing. Your ballot, which is the answer, has the next duel."}, f.apiDuel)
	api.Register(a, huma.Operation{OperationID: "get-results", Method: http.MethodGet, Path: "/campaigns/{id}/results", Summary: "Read the results of a vote", Description: "Before the vote is counted, the plain figures, unless the rule hides them or there are fewer than five ballots."}, f.apiResults)
	api.Register(a, huma.Operation{OperationID: "list-ballots", Method: http.MethodGet, Path: "/campaigns/{id}/ballots", Summary: "List the ballots of a counted vote", Description: "Under keys that say nothing of who voted. Not found before the vote is counted, and where fewer than five ballots count."}, f.apiBallots)
}

// VotePath is the campaign that an operation is about; exported, since huma fills in no other embedded struct.
type VotePath struct {
	ID int64 `path:"id" minimum:"1"`
}

type ballotLine struct {
	Idea   int64 `json:"idea" minimum:"1"`
	Amount int64 `json:"amount" minimum:"-1" maximum:"1000" doc:"1 or -1 for and against, points, 1 to 5 as a score, 1 for a choice."`
}

type ballotBody struct {
	Campaign int64              `json:"campaign"`
	State    string             `json:"state" enum:"before,open,closed"`
	Rule     models.VotingTerms `json:"rule"`
	RuleHash string             `json:"rule_sha256" doc:"Empty until the vote opens."`
	Version  int                `json:"version"`
	Lines    []ballotLine       `json:"lines"`
	Duels    int                `json:"duels" doc:"How many you have answered."`
	Shown    *shownDuel         `json:"duel" doc:"The one that is shown to you, null if there is none."`
	Counts   bool               `json:"counts" doc:"Whether it says enough to be counted."`
	MayVote  bool               `json:"may_vote"`
}

type shownDuel struct {
	Number int   `json:"number"`
	Left   int64 `json:"left"`
	Right  int64 `json:"right"`
}

type ballotAnswer struct {
	ETag string `header:"ETag"`
	Body ballotBody
}

func (f *Votes) apiBallot(ctx context.Context, actor *models.Actor, in *VotePath) (*ballotAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	vote, err := f.voteOf(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	body := ballotBody{Campaign: in.ID, State: string(vote.State), RuleHash: vote.Rule.Hash, Lines: []ballotLine{}}
	body.MayVote = vote.State == views.Open && actor.MayVote(vote.Campaign, f.db.Now()) == nil
	if err := f.terms(ctx, vote, &body); err != nil {
		return nil, err
	}
	ballot, lines, err := f.db.OwnBallot(ctx, actor, in.ID)
	switch {
	case errors.Is(err, models.ErrNotFound):
	case err != nil:
		return nil, err
	default:
		body.Version, body.Counts = ballot.Version, ballot.Counts
		if vote.Rule.Method == models.VoteDuels {
			body.Duels = ballot.Marks
		}
		if ballot.LeftID != nil && ballot.RightID != nil {
			body.Shown = &shownDuel{ballot.Marks + 1, *ballot.LeftID, *ballot.RightID}
		}
	}
	for _, line := range lines {
		body.Lines = append(body.Lines, ballotLine{line.IdeaID, line.Amount})
	}
	return &ballotAnswer{ETag: fmt.Sprintf(`"%d"`, body.Version), Body: body}, nil
}

// terms fills in the rule: as it was fixed, or as it stands.
func (f *Votes) terms(ctx context.Context, vote *views.Vote, body *ballotBody) error {
	if vote.Rule.FrozenAt != nil {
		return json.Unmarshal([]byte(vote.Rule.Terms), &body.Rule)
	}
	options, err := f.optionsOf(ctx, vote)
	body.Rule = vote.Rule.AsTerms(options)
	return err
}

type castBallot struct {
	VotePath
	IfMatch string `header:"If-Match"`
	Body    struct {
		Lines []ballotLine `json:"lines" maxItems:"200"`
	}
}

func (f *Votes) apiCast(ctx context.Context, actor *models.Actor, in *castBallot) (*ballotAnswer, error) {
	base := anyBase
	if in.IfMatch != "" && in.IfMatch != "*" {
		version, err := strconv.Atoi(strings.Trim(in.IfMatch, `"`))
		if err != nil || version < 0 {
			return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
		}
		base = version
	}
	lines := make([]models.BallotLine, len(in.Body.Lines))
	for i, line := range in.Body.Lines {
		lines[i] = models.BallotLine{IdeaID: line.Idea, Amount: line.Amount}
	}
	if _, err := f.Cast(ctx, actor, in.ID, base, lines); err != nil {
		return nil, err
	}
	return f.apiBallot(ctx, actor, &in.VotePath)
}

type answerDuel struct {
	VotePath
	Number int `path:"number" minimum:"0" maximum:"100000"`
	Body   struct {
		Winner string `json:"winner,omitempty" enum:"left,right,none" doc:"Nothing to begin."`
	}
}

func (f *Votes) apiDuel(ctx context.Context, actor *models.Actor, in *answerDuel) (*ballotAnswer, error) {
	if _, err := f.Duel(ctx, actor, in.ID, in.Number, Side(in.Body.Winner)); err != nil {
		return nil, err
	}
	return f.apiBallot(ctx, actor, &in.VotePath)
}

type resultsBody struct {
	Campaign int64       `json:"campaign"`
	State    string      `json:"state" enum:"before,open,closed"`
	Ballots  int         `json:"ballots" doc:"That count."`
	Hidden   bool        `json:"hidden" doc:"Whether there are no figures yet."`
	Counted  *time.Time  `json:"counted_at"`
	RuleHash string      `json:"rule_sha256"`
	Hash     string      `json:"result_sha256" doc:"Of the document that ruche recount prints; empty until the vote is counted."`
	Ideas    []Standing  `json:"ideas"`
	Award    *Award      `json:"award"`
	Turnout  *Turnout    `json:"turnout"`
	Groups   []Division  `json:"groups"`
	Opinions *Opinions   `json:"opinions" doc:"Groups of people who see things alike, none smaller than five; null where none were looked for."`
	Shown    []shownIdea `json:"shown" doc:"To how many people each idea was shown during the vote, each of them counted once: for those who run the campaign, empty for others."`
}

type shownIdea struct {
	Idea   int64 `json:"idea"`
	People int   `json:"people"`
}

type resultsAnswer struct{ Body resultsBody }

func (f *Votes) apiResults(ctx context.Context, actor *models.Actor, in *VotePath) (*resultsAnswer, error) {
	vote, err := f.voteOf(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	body := resultsBody{Campaign: in.ID, State: string(vote.State), Ballots: vote.Counting, RuleHash: vote.Rule.Hash, Hash: vote.Rule.ResultHash, Counted: vote.Rule.CountedAt, Ideas: []Standing{}, Groups: []Division{}, Shown: []shownIdea{}}
	reach, err := f.reach(ctx, actor, vote)
	if err != nil {
		return nil, err
	}
	if reach != nil {
		for _, row := range reach.Rows {
			body.Shown = append(body.Shown, shownIdea{row.IdeaID, row.People})
		}
	}
	switch {
	case vote.Rule.CountedAt != nil:
		document, err := counted(actor, vote)
		if err != nil {
			return nil, err
		}
		body.Ballots, body.Ideas, body.Award, body.Turnout = document.Ballots, document.Ideas, document.Award, document.Turnout
		body.Groups, body.Opinions = append(body.Groups, document.Groups...), document.Opinions
	case vote.Rule.ClosedAt != nil || !Told(vote):
		body.Hidden = true
	default:
		options, err := f.optionsOf(ctx, vote)
		if err != nil {
			return nil, err
		}
		rows, err := f.live(ctx, vote.Rule, options)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			body.Ideas = append(body.Ideas, standing(&models.VotingTerms{Method: vote.Rule.Method}, nil, row))
		}
	}
	return &resultsAnswer{body}, nil
}

type listBallots struct {
	VotePath
	After string `query:"after" maxLength:"40" doc:"\"next\" of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type publicBallot struct {
	Key   string       `json:"key"`
	Lines []ballotLine `json:"lines"`
	Duels []publicDuel `json:"duels"`
}

type publicDuel struct {
	Left   int64 `json:"left"`
	Right  int64 `json:"right"`
	Winner int64 `json:"winner" doc:"0 where the voter could not decide."`
}

type ballotsAnswer struct {
	Body struct {
		Items []publicBallot `json:"items"`
		Next  *string        `json:"next" doc:"\"after\" of the next page, null on the last."`
	}
}

func (f *Votes) apiBallots(ctx context.Context, actor *models.Actor, in *listBallots) (*ballotsAnswer, error) {
	vote, err := f.voteOf(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	document, err := counted(actor, vote)
	if err != nil {
		return nil, err
	}
	if document.Ballots < count.Smallest {
		return nil, models.ErrNotFound
	}
	kept, lines, duels, err := f.db.CountedBallots(ctx, in.ID, in.After, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &ballotsAnswer{}
	answer.Body.Items = []publicBallot{}
	for i, ballot := range joined(kept, lines, duels) {
		if i == in.Limit {
			answer.Body.Next = &kept[i-1].Key
			break
		}
		item := publicBallot{ballot.Key, []ballotLine{}, []publicDuel{}}
		for _, line := range ballot.Lines {
			item.Lines = append(item.Lines, ballotLine{line.Option, line.Amount})
		}
		for _, duel := range ballot.Duels {
			item.Duels = append(item.Duels, publicDuel{duel.Left, duel.Right, duel.Winner})
		}
		answer.Body.Items = append(answer.Body.Items, item)
	}
	return answer, nil
}
