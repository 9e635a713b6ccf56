package polls

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/models"
)

// API adds the feature's operations.
func (f *Polls) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "get-poll", Method: http.MethodGet, Path: "/threads/{id}/poll", Summary: "Read the poll of a thread", Description: "With your own vote, how it stands as far as you may see it, and its outcome.", Security: api.Wants(models.ScopeRead)}, f.apiPoll)
	api.Register(a, huma.Operation{OperationID: "set-up-poll", Method: http.MethodPut, Path: "/threads/{id}/poll", Summary: "Say what a thread of the kind poll asks", Description: "For its author and who leads the space, until somebody has voted."}, f.apiSave)
	api.Register(a, huma.Operation{OperationID: "cast-poll-vote", Method: http.MethodPut, Path: "/threads/{id}/poll/vote", Summary: "Vote in a poll, or change your vote", Description: "The vote says what the marks say, whatever it said before; sent again, it changes nothing. With If-Match it is changed only if it is still the one that the ETag was given for."}, f.apiVote)
	api.Register(a, huma.Operation{OperationID: "close-poll", Method: http.MethodPost, Path: "/threads/{id}/poll/closure", Summary: "Close a poll", Description: "For its author and who leads the space. One that is closed already stays as it is.", DefaultStatus: http.StatusOK}, f.apiClose)
	api.Register(a, huma.Operation{OperationID: "write-poll-outcome", Method: http.MethodPut, Path: "/threads/{id}/poll/outcome", Summary: "Write the outcome of a closed poll", Description: "For its author and who leads the space. What was written before is kept as history."}, f.apiOutcome)
}

// PollPath is the thread that an operation is about; exported, since huma fills in no other embedded struct.
type PollPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type pollOption struct {
	Label    string     `json:"label"`
	Day      string     `json:"day" doc:"As 2026-12-24, empty for options that are words or times."`
	StartsAt *time.Time `json:"starts_at"`
	Counts   []int      `json:"counts" doc:"How many votes give it each mark, from 0 on; empty where the figures are not shown to you."`
}

type pollPlace struct {
	Option int `json:"option"`
	Place  int `json:"place"`
	Wins   int `json:"wins"`
}

type pollOutcome struct {
	Number   int        `json:"number"`
	Author   int64      `json:"author"`
	Body     string     `json:"body"`
	ReviewAt *time.Time `json:"review_at"`
	At       time.Time  `json:"created_at"`
}

type pollBody struct {
	Thread     int64        `json:"thread"`
	Kind       string       `json:"kind" enum:"single,multiple,ranked,dates,consent"`
	Question   string       `json:"question"`
	State      string       `json:"state" enum:"open,closed"`
	Least      int          `json:"least"`
	Most       int          `json:"most"`
	Anonymous  bool         `json:"anonymous"`
	Results    string       `json:"results" enum:"always,voted,closed"`
	Quorum     int          `json:"quorum" doc:"0 for none."`
	Percent    bool         `json:"quorum_percent"`
	Voters     int          `json:"voters"`
	Electorate int          `json:"electorate" doc:"How many people may take part, or could when it closed."`
	ClosesAt   time.Time    `json:"closes_at"`
	ClosedAt   *time.Time   `json:"closed_at"`
	Options    []pollOption `json:"options" doc:"A consent round has none."`
	Consent    []int        `json:"consent" doc:"Of a consent round, how many consent, stand aside and object; empty where the figures are not shown to you."`
	Places     []pollPlace  `json:"places" doc:"Of a ranked poll, the order by Schulze's method."`
	Shown      bool         `json:"shown" doc:"Whether its figures are shown to you."`
	MayVote    bool         `json:"may_vote"`
	Marks      []int        `json:"marks" doc:"Your vote; empty without one."`
	Version    int          `json:"version" doc:"Of your vote, 0 without one."`
	Outcome    *pollOutcome `json:"outcome"`
	Asked      int          `json:"asked_version" doc:"Of what it asks."`
}

type pollAnswer struct {
	ETag string `header:"ETag"`
	Body pollBody
}

func (f *Polls) apiPoll(ctx context.Context, actor *models.Actor, in *PollPath) (*pollAnswer, error) {
	view, err := f.View(ctx, actor, in.ID, time.UTC)
	if err != nil {
		return nil, err
	}
	poll := view.Poll
	body := pollBody{
		Thread: in.ID, Kind: string(poll.Kind), Question: poll.Question, State: "closed", Least: poll.Least, Most: poll.Most, Anonymous: poll.Anonymous, Results: string(poll.Results),
		Quorum: poll.Quorum, Percent: poll.QuorumPercent, Voters: poll.Voters, Electorate: view.Electorate, ClosesAt: poll.ClosesAt, ClosedAt: poll.ClosedAt,
		Options: []pollOption{}, Consent: []int{}, Places: []pollPlace{}, Shown: view.Shown, MayVote: view.MayVote, Marks: []int{}, Asked: poll.Version,
	}
	if poll.OpenAt(f.db.Now()) {
		body.State = "open"
	}
	if view.Own != nil {
		body.Marks, body.Version = view.Own.Marks, view.Own.Version
	}
	body.count(view.Shown, poll)
	if o := view.Outcome; o != nil {
		body.Outcome = &pollOutcome{o.Number, o.AuthorID, o.Body, o.ReviewAt, o.CreatedAt}
	}
	return &pollAnswer{ETag: `"` + strconv.Itoa(body.Version) + `"`, Body: body}, nil
}

// count adds the options, with their figures where they are shown.
func (b *pollBody) count(shown bool, poll *models.ThreadPoll) {
	most := 1
	switch poll.Kind {
	case models.DateFinding:
		most = models.MarkYes
	case models.RankedChoice:
		most = len(poll.Options)
	}
	for i, option := range poll.Options {
		line := pollOption{Label: option.Label, Day: option.Day, StartsAt: option.StartsAt, Counts: []int{}}
		for mark := 0; shown && mark <= most; mark++ {
			line.Counts = append(line.Counts, poll.Tally.Count(i, mark))
		}
		b.Options = append(b.Options, line)
	}
	if !shown {
		return
	}
	switch poll.Kind {
	case models.ConsentRound:
		for mark := models.MarkConsent; mark <= models.MarkObject; mark++ {
			b.Consent = append(b.Consent, poll.Tally.Count(0, mark))
		}
	case models.RankedChoice:
		for _, ranked := range poll.Tally.Ranking(len(poll.Options)) {
			b.Places = append(b.Places, pollPlace{ranked.Option, ranked.Place, ranked.Wins})
		}
	}
}

type castVote struct {
	PollPath
	IfMatch string `header:"If-Match"`
	Body    struct {
		Marks  []int  `json:"marks" maxItems:"20" doc:"One an option, in their order: 1 or 0 for what is chosen or not; a rank from 1 on, 0 for none; 2, 1, 0 for yes, if need be, no. Of a consent round a single one: 1 consents, 2 stands aside, 3 objects."`
		Reason string `json:"reason,omitempty" doc:"Of an objection."`
	}
}

func (f *Polls) apiVote(ctx context.Context, actor *models.Actor, in *castVote) (*pollAnswer, error) {
	base := models.AnyVote
	if in.IfMatch != "" && in.IfMatch != "*" {
		version, err := strconv.Atoi(strings.Trim(in.IfMatch, `"`))
		if err != nil || version < 0 {
			return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
		}
		base = version
	}
	if err := f.Vote(ctx, actor, in.ID, base, in.Body.Marks, in.Body.Reason); err != nil {
		return nil, err
	}
	return f.apiPoll(ctx, actor, &in.PollPath)
}

func (f *Polls) apiClose(ctx context.Context, actor *models.Actor, in *PollPath) (*pollAnswer, error) {
	if err := f.Close(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return f.apiPoll(ctx, actor, in)
}

type writeOutcome struct {
	PollPath
	Body struct {
		After    int        `json:"after,omitempty" minimum:"0" doc:"The number of the outcome that you have read, 0 for none: a conflict if somebody has written another one since."`
		Body     string     `json:"body"`
		ReviewAt *time.Time `json:"review_at,omitempty"`
	}
}

func (f *Polls) apiOutcome(ctx context.Context, actor *models.Actor, in *writeOutcome) (*pollAnswer, error) {
	if err := f.WriteOutcome(ctx, actor, in.ID, in.Body.After, in.Body.Body, in.Body.ReviewAt); err != nil {
		return nil, err
	}
	return f.apiPoll(ctx, actor, &in.PollPath)
}
