package polls

import (
	"context"
	"errors"
	"time"

	"ruche/models"
)

// savePoll is what a thread is to ask.
type savePoll struct {
	PollPath
	Body struct {
		After     int         `json:"after,omitempty" minimum:"0" doc:"The asked_version that you have read, 0 for none: a conflict if somebody has saved another one since."`
		Kind      string      `json:"kind" enum:"single,multiple,ranked,dates,consent"`
		Question  string      `json:"question"`
		Options   []newOption `json:"options,omitempty" maxItems:"50" doc:"In their order; a consent round has none."`
		Least     int         `json:"least,omitempty" minimum:"0" doc:"Of a multiple choice, how many options one chooses."`
		Most      int         `json:"most,omitempty" minimum:"0"`
		Anonymous bool        `json:"anonymous,omitempty" doc:"Nobody learns who chose what."`
		Results   string      `json:"results,omitempty" enum:"always,voted,closed" doc:"When its figures are shown; closed if absent."`
		Quorum    int         `json:"quorum,omitempty" minimum:"0" doc:"0 for none."`
		Percent   bool        `json:"quorum_percent,omitempty" doc:"The quorum is a share of those who may take part."`
		ClosesAt  time.Time   `json:"closes_at"`
	}
}

// newOption is words, a day or a time.
type newOption struct {
	Label    string     `json:"label,omitempty"`
	Day      string     `json:"day,omitempty" doc:"As 2026-12-24; of a poll that finds a date."`
	StartsAt *time.Time `json:"starts_at,omitempty" doc:"A time instead of a day."`
}

func (f *Polls) apiSave(ctx context.Context, actor *models.Actor, in *savePoll) (*pollAnswer, error) {
	poll := &models.ThreadPoll{
		Kind: models.PollKind(in.Body.Kind), Question: in.Body.Question, Least: in.Body.Least, Most: in.Body.Most, Anonymous: in.Body.Anonymous, Results: models.ShowResults(in.Body.Results),
		Quorum: in.Body.Quorum, QuorumPercent: in.Body.Percent, ClosesAt: in.Body.ClosesAt,
	}
	if poll.Results == "" {
		poll.Results = models.ResultsClosed
	}
	for _, option := range in.Body.Options {
		if option.Day != "" {
			if _, err := time.Parse(time.DateOnly, option.Day); err != nil {
				return nil, models.Invalid{"options": "polls.option_no_date"}
			}
		}
		poll.Options = append(poll.Options, models.PollOption{Label: option.Label, Day: option.Day, StartsAt: option.StartsAt})
	}
	err := f.Save(ctx, actor, in.ID, in.Body.After, poll)
	var problems models.Invalid
	if errors.As(err, &problems) && problems["closes"] != "" { // which on the page are a day and a time
		problems["closes_at"] = problems["closes"]
		delete(problems, "closes")
	}
	if err != nil {
		return nil, err
	}
	return f.apiPoll(ctx, actor, &in.PollPath)
}
