package agenda

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/app/writing"
	"ruche/models"
)

// API adds the feature's operations.
func (f *Agenda) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-events", Method: http.MethodGet, Path: "/events", Summary: "List events", Description: "Those that are not over, the next first; or those that are, the latest first."}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "plan-event", Method: http.MethodPost, Path: "/events", Summary: "Plan an event", DefaultStatus: http.StatusCreated}, f.apiPlan)
	api.Register(a, huma.Operation{OperationID: "get-event", Method: http.MethodGet, Path: "/events/{id}", Summary: "Read an event"}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "edit-event", Method: http.MethodPatch, Path: "/events/{id}", Summary: "Change an event", Description: "Fields that are absent stay as they are. With If-Match the change is made only on the event that the ETag was given for."}, f.apiEdit)
	api.Register(a, huma.Operation{OperationID: "cancel-event", Method: http.MethodPut, Path: "/events/{id}/cancellation", Summary: "Cancel an event", Description: "It stays to be read, and those who come are told."}, f.apiCancel)
	api.Register(a, huma.Operation{OperationID: "resume-event", Method: http.MethodDelete, Path: "/events/{id}/cancellation", Summary: "Say that an event takes place after all", DefaultStatus: http.StatusOK}, f.apiResume)
	api.Register(a, huma.Operation{OperationID: "attend-event", Method: http.MethodPut, Path: "/events/{id}/attendance", Summary: "Say whether you come to an event", Description: "Where all places are taken, you wait for one."}, f.apiAttend)
	api.Register(a, huma.Operation{OperationID: "drop-attendance", Method: http.MethodDelete, Path: "/events/{id}/attendance", Summary: "Take back whether you come to an event", DefaultStatus: http.StatusOK}, f.apiDrop)
}

type eventBody struct {
	ID        int64      `json:"id"`
	URL       string     `json:"url"`
	Space     string     `json:"space" doc:"Slug."`
	Title     string     `json:"title"`
	Body      string     `json:"body" doc:"Markdown."`
	HTML      string     `json:"html" doc:"The same, rendered and safe."`
	Lang      string     `json:"lang" doc:"fr, en, or empty if unknown."`
	StartsAt  time.Time  `json:"starts_at"`
	EndsAt    time.Time  `json:"ends_at"`
	Place     string     `json:"place"`
	Link      string     `json:"link" doc:"Where one takes part from afar."`
	Capacity  *int       `json:"capacity" doc:"How many places there are, null for no end of them."`
	Coming    int        `json:"coming" doc:"How many people have a place."`
	Maybe     int        `json:"maybe"`
	Waiting   int        `json:"waiting" doc:"How many people wait for a place."`
	Comments  int        `json:"comments"`
	Cancelled *time.Time `json:"cancelled_at"`
	Reason    string     `json:"reason" doc:"Why it is cancelled."`
	Version   int        `json:"version"`
	Answer    string     `json:"answer" enum:",yes,maybe,no" doc:"Yours; empty for none."`
	Waits     bool       `json:"waits" doc:"Whether you wait for a place."`
}

func (f *Agenda) shown(actor *models.Actor, g *models.Gathering, answer models.Coming, waits bool) eventBody {
	slug := ""
	if space := actor.Access(g.SpaceID); space != nil {
		slug = space.Slug
	}
	return eventBody{
		ID: g.ID, URL: f.web.BaseURL.String() + g.Path(), Space: slug, Title: g.Title, Body: g.Body, HTML: g.HTML, Lang: g.Lang, StartsAt: g.StartsAt, EndsAt: g.EndsAt, Place: g.Place, Link: g.URL, Capacity: g.Capacity,
		Coming: g.ComingCount, Maybe: g.MaybeCount, Waiting: g.WaitingCount, Comments: g.CommentCount, Cancelled: g.CancelledAt, Reason: g.Reason, Version: g.Version, Answer: string(answer), Waits: waits,
	}
}

type listEvents struct {
	Space  string `query:"space" doc:"Slug of a space."`
	Past   bool   `query:"past" doc:"Those that are over."`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type eventsAnswer struct {
	Body struct {
		Items []eventBody `json:"items"`
		Next  *string     `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Agenda) apiList(ctx context.Context, actor *models.Actor, in *listEvents) (*eventsAnswer, error) {
	query := models.GatheringQuery{Past: in.Past, Limit: in.Limit}
	if in.Space != "" {
		access := actor.AccessTo(in.Space)
		if access == nil {
			return nil, models.ErrNotFound
		}
		query.SpaceID = access.ID
	}
	var err error
	if query.After, err = models.ParseGatheringKey(in.Cursor); err != nil {
		return nil, err
	}
	cards, next, err := f.db.Gatherings(ctx, actor, query)
	if err != nil {
		return nil, err
	}
	answer := &eventsAnswer{}
	answer.Body.Items = make([]eventBody, len(cards))
	for i := range cards {
		answer.Body.Items[i] = f.shown(actor, &cards[i].Gathering, cards[i].Answer, cards[i].Waiting)
	}
	if next != nil {
		key := next.String()
		answer.Body.Next = &key
	}
	return answer, nil
}

type planEvent struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Space    string    `json:"space" doc:"Slug."`
		Title    string    `json:"title"`
		Body     string    `json:"body,omitempty" doc:"Markdown."`
		StartsAt time.Time `json:"starts_at"`
		EndsAt   time.Time `json:"ends_at" doc:"At most 31 days later."`
		Place    string    `json:"place,omitempty" maxLength:"200"`
		Link     string    `json:"link,omitempty" maxLength:"500" doc:"Where one takes part from afar."`
		Capacity *int      `json:"capacity,omitempty" minimum:"1" maximum:"100000" doc:"How many places there are."`
	}
}

func (f *Agenda) apiPlan(ctx context.Context, actor *models.Actor, in *planEvent) (*api.Created[eventBody], error) {
	b := &in.Body
	g, err := f.Announce(ctx, actor, b.Space, Plan{Title: b.Title, Body: b.Body, StartsAt: b.StartsAt, EndsAt: b.EndsAt, Place: b.Place, URL: b.Link, Capacity: b.Capacity}, writing.ProgramKey(in.Key))
	if err != nil {
		return nil, err
	}
	body := f.shown(actor, g, "", false)
	return &api.Created[eventBody]{Location: body.URL, ETag: api.VersionTag(g.Version), Body: body}, nil
}

// EventPath is the event that an operation is about; exported, since huma fills in no other embedded struct.
type EventPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type eventAnswer struct {
	ETag string `header:"ETag"`
	Body eventBody
}

// answer is an event as the actor sees it by now, unless what was done to it failed.
func (f *Agenda) answer(ctx context.Context, actor *models.Actor, id int64, failed error) (*eventAnswer, error) {
	if failed != nil {
		return nil, failed
	}
	detail, err := f.db.GatheringDetail(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return &eventAnswer{api.VersionTag(detail.Version), f.shown(actor, &detail.Gathering, detail.Answer, detail.Waiting)}, nil
}

func (f *Agenda) apiGet(ctx context.Context, actor *models.Actor, in *EventPath) (*eventAnswer, error) {
	return f.answer(ctx, actor, in.ID, nil)
}

type editEvent struct {
	EventPath
	IfMatch string `header:"If-Match"`
	Body    struct {
		Title    *string    `json:"title,omitempty"`
		Body     *string    `json:"body,omitempty"`
		StartsAt *time.Time `json:"starts_at,omitempty"`
		EndsAt   *time.Time `json:"ends_at,omitempty"`
		Place    *string    `json:"place,omitempty"`
		Link     *string    `json:"link,omitempty"`
		Capacity *int       `json:"capacity,omitempty" minimum:"0" maximum:"100000" doc:"0 for no end of places."`
	}
}

func (f *Agenda) apiEdit(ctx context.Context, actor *models.Actor, in *editEvent) (*eventAnswer, error) {
	g, err := f.tended(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if !api.OfVersion(in.IfMatch, g.Version) {
		return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
	}
	plan := Plan{Title: g.Title, Body: g.Body, StartsAt: g.StartsAt, EndsAt: g.EndsAt, Place: g.Place, URL: g.URL, Capacity: g.Capacity}
	for field, given := range map[*string]*string{&plan.Title: in.Body.Title, &plan.Body: in.Body.Body, &plan.Place: in.Body.Place, &plan.URL: in.Body.Link} {
		if given != nil {
			*field = *given
		}
	}
	for field, given := range map[*time.Time]*time.Time{&plan.StartsAt: in.Body.StartsAt, &plan.EndsAt: in.Body.EndsAt} {
		if given != nil {
			*field = *given
		}
	}
	if given := in.Body.Capacity; given != nil {
		if plan.Capacity = given; *given == 0 {
			plan.Capacity = nil
		}
	}
	_, err = f.Edit(ctx, actor, in.ID, g.Version, plan)
	return f.answer(ctx, actor, in.ID, err)
}

type cancelEvent struct {
	EventPath
	Body struct {
		Reason string `json:"reason" doc:"Which everybody reads who sees the event; at most 300 characters."`
	}
}

func (f *Agenda) apiCancel(ctx context.Context, actor *models.Actor, in *cancelEvent) (*eventAnswer, error) {
	_, err := f.Cancel(ctx, actor, in.ID, in.Body.Reason)
	return f.answer(ctx, actor, in.ID, err)
}

func (f *Agenda) apiResume(ctx context.Context, actor *models.Actor, in *EventPath) (*eventAnswer, error) {
	_, err := f.Resume(ctx, actor, in.ID)
	return f.answer(ctx, actor, in.ID, err)
}

type attendEvent struct {
	EventPath
	Body struct {
		Answer string `json:"answer" enum:"yes,maybe,no"`
	}
}

func (f *Agenda) apiAttend(ctx context.Context, actor *models.Actor, in *attendEvent) (*eventAnswer, error) {
	_, err := f.Answer(ctx, actor, in.ID, models.Coming(in.Body.Answer))
	return f.answer(ctx, actor, in.ID, err)
}

func (f *Agenda) apiDrop(ctx context.Context, actor *models.Actor, in *EventPath) (*eventAnswer, error) {
	_, err := f.Answer(ctx, actor, in.ID, "")
	return f.answer(ctx, actor, in.ID, err)
}
