package discussions

import (
	"context"
	"fmt"
	"hash/crc32"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/app/writing"
	"ruche/models"
)

// API adds the feature's operations. What is said in a thread is the matter of app/posts.
func (f *Discussions) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-threads", Method: http.MethodGet, Path: "/threads", Summary: "List threads", Description: "Those of a space that are pinned come with its first page, before the others."}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "begin-thread", Method: http.MethodPost, Path: "/threads", Summary: "Begin a thread", DefaultStatus: http.StatusCreated}, f.apiBegin)
	api.Register(a, huma.Operation{OperationID: "get-thread", Method: http.MethodGet, Path: "/threads/{id}", Summary: "Read a thread", Description: "With its first post; the others are a list of their own."}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "edit-thread", Method: http.MethodPatch, Path: "/threads/{id}", Summary: "Change the title, the topic and the tags of a thread", Description: "Fields that are absent stay as they are; the text is that of its first post. With If-Match the change is made only on the thread that the ETag was given for."}, f.apiEdit)
	api.Register(a, huma.Operation{OperationID: "withdraw-thread", Method: http.MethodDelete, Path: "/threads/{id}", Summary: "Withdraw a thread", DefaultStatus: http.StatusNoContent}, f.apiWithdraw)
	api.Register(a, huma.Operation{OperationID: "restore-thread", Method: http.MethodPost, Path: "/threads/{id}/restoration", Summary: "Bring a withdrawn thread back", Description: "For its author what they withdrew themselves, for those who moderate everything.", DefaultStatus: http.StatusOK}, f.apiRestore)
	api.Register(a, huma.Operation{OperationID: "accept-answer", Method: http.MethodPut, Path: "/threads/{id}/answer", Summary: "Accept a post as the answer to a question", Description: "For who asked it and those who moderate."}, f.apiAccept)
	api.Register(a, huma.Operation{OperationID: "unaccept-answer", Method: http.MethodDelete, Path: "/threads/{id}/answer", Summary: "Take back that a post is the answer"}, f.apiUnaccept)
	api.Register(a, huma.Operation{OperationID: "ask-same", Method: http.MethodPut, Path: "/threads/{id}/same", Summary: "Say that you have the same question"}, f.apiSame)
	api.Register(a, huma.Operation{OperationID: "unask-same", Method: http.MethodDelete, Path: "/threads/{id}/same", Summary: "Take back that you have the same question"}, f.apiNotSame)
	api.Register(a, huma.Operation{OperationID: "read-thread", Method: http.MethodPut, Path: "/threads/{id}/read", Summary: "Say how far you have read a thread", Description: "It never goes back. Your notices about what you have read there are read too."}, f.apiRead)
	f.tendingAPI(a)
	f.topicsAPI(a)
}

// threadItem is a thread in a list.
type threadItem struct {
	ID        int64       `json:"id"`
	URL       string      `json:"url"`
	Space     string      `json:"space" doc:"Slug."`
	Topic     *string     `json:"topic" doc:"Slug of its topic in the space, or null."`
	Kind      string      `json:"kind" enum:"discussion,question,poll,announcement"`
	Title     string      `json:"title"`
	Summary   string      `json:"summary" doc:"The beginning of its first post, as one line of plain text."`
	Lang      string      `json:"lang" doc:"fr, en, or empty if unknown."`
	Tags      []string    `json:"tags"`
	Author    *api.Author `json:"author" doc:"Null where the author is hidden."`
	Anonymity string      `json:"anonymity" enum:"named,hidden" doc:"What its author was promised."`
	Posts     int         `json:"posts" doc:"The first one included."`
	Last      int         `json:"last_number" doc:"The number of its last post."`
	Read      int         `json:"read_number" doc:"That of the last post that you have read; 0 if you have never been there."`
	Same      int         `json:"same" doc:"How many people have the same question."`
	Solved    bool        `json:"solved"`
	Pinned    bool        `json:"pinned"`
	Closed    bool        `json:"closed" doc:"It is there to be read only."`
	CreatedAt time.Time   `json:"created_at"`
	ActiveAt  time.Time   `json:"active_at" doc:"Its last post."`
}

// threadBody is a thread by itself.
type threadBody struct {
	threadItem
	Body        string     `json:"body" doc:"The first post, as Markdown; empty if it is removed."`
	HTML        string     `json:"html" doc:"The same, rendered and safe."`
	Answer      *int64     `json:"answer" doc:"The post that is accepted as the answer, or null."`
	AcceptedAt  *time.Time `json:"accepted_at"`
	ClosedAt    *time.Time `json:"closed_at"`
	CloseReason string     `json:"close_reason"`
	Pace        int        `json:"pace" doc:"How many seconds one person waits between two posts."`
	AskedSame   bool       `json:"asked_same" doc:"Whether you have said that you have the same question."`
	State       string     `json:"state" enum:"published,withdrawn"`
	Version     int        `json:"version" doc:"Of its title, topic and tags."`
	EditedAt    *time.Time `json:"edited_at"`
}

// tag is the ETag of a thread: its version, by which changes are checked, and a sum of all that is shown.
func (b *threadBody) tag() string {
	sum := crc32.ChecksumIEEE(fmt.Append(nil, b.Body, b.State, b.Posts, b.Read, b.Same, b.Pinned, b.CloseReason, b.Pace, b.AskedSame, b.ActiveAt.UnixNano(), b.AcceptedAt, b.ClosedAt))
	return fmt.Sprintf(`"%d-%08x"`, b.Version, sum)
}

func (f *Discussions) itemOf(actor *models.Actor, c *models.ThreadCard) threadItem {
	item := threadItem{
		ID: c.ID, URL: f.web.BaseURL.String() + c.Path(), Kind: string(c.Kind), Title: c.Title, Summary: c.Summary, Lang: c.Lang, Tags: append([]string{}, c.Tags...),
		Author: api.AuthorOf(c.AuthorID, c.AuthorName, c.AuthorRole), Anonymity: string(c.Anonymity), Posts: c.PostCount, Last: c.LastNumber, Read: c.ReadNumber, Same: c.SameCount,
		Solved: c.Solved, Pinned: c.Pinned, Closed: c.Closed, CreatedAt: c.CreatedAt, ActiveAt: c.ActiveAt,
	}
	if c.TopicSlug != "" {
		item.Topic = &c.TopicSlug
	}
	if space := actor.Access(c.SpaceID); space != nil {
		item.Space = space.Slug
	}
	return item
}

// whole is a thread as the actor is shown it.
func (f *Discussions) whole(ctx context.Context, actor *models.Actor, id int64) (*threadBody, error) {
	t, err := f.db.ThreadDetail(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	opening, err := f.db.ThreadPosts(ctx, &t.Thread, 1, 1)
	if err != nil {
		return nil, err
	}
	body := &threadBody{
		threadItem: f.itemOf(actor, &models.ThreadCard{
			ID: t.ID, SpaceID: t.SpaceID, TopicSlug: t.TopicSlug, Kind: t.Kind, Title: t.Title, Summary: t.Summary, Lang: t.Lang, Tags: t.Tags, AuthorID: t.AuthorID, AuthorName: t.AuthorName,
			AuthorRole: t.AuthorRole, Anonymity: t.Anonymity, PostCount: t.PostCount, LastNumber: t.LastNumber, ReadNumber: t.ReadNumber, SameCount: t.SameCount, Solved: t.AcceptedID != nil,
			Pinned: t.PinnedAt != nil, Closed: t.ClosedAt != nil, CreatedAt: t.CreatedAt, ActiveAt: t.ActiveAt,
		}),
		Answer: t.AcceptedID, AcceptedAt: t.AcceptedAt, ClosedAt: t.ClosedAt, CloseReason: t.CloseReason, Pace: t.SlowSeconds, AskedSame: t.Same,
		State: string(t.State), Version: t.Version, EditedAt: t.EditedAt,
	}
	if len(opening) > 0 && opening[0].Number == 1 && opening[0].RemovedAt == nil {
		body.Body, body.HTML = opening[0].Body, opening[0].HTML
	}
	return body, nil
}

type listThreads struct {
	Space  string `query:"space" doc:"Slug of a space."`
	Topic  string `query:"topic" doc:"Slug of a topic of the space."`
	Filter string `query:"filter" enum:"new,hot,unanswered,solved,mine,following,unread" doc:"Those with the newest post first if empty. For mine, following and unread you need a token. following has what you follow or watch, be it the thread, its author, its topic, a tag or its space: the nearest of those holds; unread has what is written since in those, and in what you have read and not muted."`
	Kind   string `query:"kind" enum:"discussion,question,poll,announcement"`
	Tag    string `query:"tag"`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type threadsAnswer struct {
	Body struct {
		Pinned []threadItem `json:"pinned" doc:"Of the space, before its first page; empty for any other list."`
		Items  []threadItem `json:"items"`
		Next   *string      `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Discussions) apiList(ctx context.Context, actor *models.Actor, in *listThreads) (*threadsAnswer, error) {
	listed, err := f.List(ctx, actor, Listing{Sort: models.ThreadSort(in.Filter), Space: in.Space, Topic: in.Topic, Kind: models.ThreadKind(in.Kind), Tag: in.Tag, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	answer := &threadsAnswer{}
	answer.Body.Pinned, answer.Body.Items = f.itemsOf(actor, listed.Pinned), f.itemsOf(actor, listed.Threads)
	if listed.Next != "" {
		answer.Body.Next = &listed.Next
	}
	return answer, nil
}

func (f *Discussions) itemsOf(actor *models.Actor, cards []models.ThreadCard) []threadItem {
	items := make([]threadItem, len(cards))
	for i := range cards {
		items[i] = f.itemOf(actor, &cards[i])
	}
	return items
}

type beginThread struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Space     string   `json:"space" doc:"Slug."`
		Topic     string   `json:"topic,omitempty" doc:"Slug of a topic of the space."`
		Kind      string   `json:"kind,omitempty" doc:"discussion if absent, question, poll, or for those who manage the space announcement. A poll is then set up by itself."`
		Title     string   `json:"title"`
		Body      string   `json:"body" doc:"Markdown."`
		Tags      []string `json:"tags,omitempty"`
		Anonymity string   `json:"anonymity,omitempty" doc:"named if absent; hidden for a discussion or a question without your name, where the space allows it."`
	}
}

func (f *Discussions) apiBegin(ctx context.Context, actor *models.Actor, in *beginThread) (*api.Created[threadBody], error) {
	begun := NewThread{
		Space: in.Body.Space, Topic: in.Body.Topic, Kind: models.ThreadKind(in.Body.Kind), Title: in.Body.Title, Body: in.Body.Body, Tags: in.Body.Tags,
		Once: writing.ProgramKey(in.Key), Anonymity: models.Anonymity(in.Body.Anonymity),
	}
	if begun.Kind == "" {
		begun.Kind = models.Discussion
	}
	thread, err := f.Begin(ctx, actor, begun)
	if err != nil {
		return nil, err
	}
	body, err := f.whole(ctx, actor, thread.ID)
	if err != nil {
		return nil, err
	}
	return &api.Created[threadBody]{Location: body.URL, ETag: body.tag(), Body: *body}, nil
}

// ThreadPath is the thread that an operation is about; exported, since huma fills in no other embedded struct.
type ThreadPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type getThread struct {
	ThreadPath
	IfNoneMatch string `header:"If-None-Match"`
}

type threadAnswer struct {
	Status int
	ETag   string `header:"ETag"`
	Body   *threadBody
}

func (f *Discussions) apiGet(ctx context.Context, actor *models.Actor, in *getThread) (*threadAnswer, error) {
	answer, err := f.answer(ctx, actor, in.ID, nil)
	if err == nil && api.Matches(in.IfNoneMatch, answer.ETag) {
		return &threadAnswer{Status: http.StatusNotModified, ETag: answer.ETag}, nil
	}
	return answer, err
}

// answer is a thread after something was done about it, as whoever did it is shown it; the mask of its hidden author does it, and is
// shown it.
func (f *Discussions) answer(ctx context.Context, actor *models.Actor, id int64, do func(*models.Actor) error) (*threadAnswer, error) {
	actor, err := f.db.MaskIn(ctx, actor, id)
	if err == nil && do != nil {
		err = do(actor)
	}
	if err != nil {
		return nil, err
	}
	body, err := f.whole(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return &threadAnswer{Status: http.StatusOK, ETag: body.tag(), Body: body}, nil
}

type editThread struct {
	ThreadPath
	IfMatch string `header:"If-Match"`
	Body    struct {
		Title *string   `json:"title,omitempty"`
		Topic *string   `json:"topic,omitempty" doc:"Slug; empty for none."`
		Tags  *[]string `json:"tags,omitempty"`
	}
}

func (f *Discussions) apiEdit(ctx context.Context, actor *models.Actor, in *editThread) (*threadAnswer, error) {
	return f.answer(ctx, actor, in.ID, func(actor *models.Actor) error {
		thread, err := f.db.ThreadDetail(ctx, actor, in.ID)
		if err != nil {
			return err
		}
		if !actor.MayEditThread(&thread.Thread) {
			return actor.Refused(thread.SpaceID, thread.AuthorID)
		}
		if !api.OfVersion(in.IfMatch, thread.Version) {
			return echo.NewHTTPError(http.StatusPreconditionFailed)
		}
		edit := Edit{ID: in.ID, Base: thread.Version, Title: thread.Title, Topic: thread.TopicSlug, Tags: thread.Tags}
		if in.Body.Title != nil {
			edit.Title = *in.Body.Title
		}
		if in.Body.Topic != nil {
			edit.Topic = *in.Body.Topic
		}
		if in.Body.Tags != nil {
			edit.Tags = *in.Body.Tags
		}
		_, err = f.Edit(ctx, actor, edit)
		return err
	})
}

func (f *Discussions) apiWithdraw(ctx context.Context, actor *models.Actor, in *ThreadPath) (*api.Done, error) {
	actor, err := f.db.MaskIn(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	_, err = f.Withdraw(ctx, actor, in.ID)
	return &api.Done{}, err
}

func (f *Discussions) apiRestore(ctx context.Context, actor *models.Actor, in *ThreadPath) (*threadAnswer, error) {
	return f.answer(ctx, actor, in.ID, func(actor *models.Actor) error {
		_, err := f.Restore(ctx, actor, in.ID)
		return err
	})
}

type acceptAnswer struct {
	ThreadPath
	Body struct {
		Post int64 `json:"post" minimum:"1" doc:"Number of a post of the thread."`
	}
}

func (f *Discussions) apiAccept(ctx context.Context, actor *models.Actor, in *acceptAnswer) (*threadAnswer, error) {
	return f.accepting(ctx, actor, in.ID, in.Body.Post)
}

func (f *Discussions) apiUnaccept(ctx context.Context, actor *models.Actor, in *ThreadPath) (*threadAnswer, error) {
	return f.accepting(ctx, actor, in.ID, 0)
}

func (f *Discussions) accepting(ctx context.Context, actor *models.Actor, id, post int64) (*threadAnswer, error) {
	return f.answer(ctx, actor, id, func(actor *models.Actor) error {
		_, err := f.Accept(ctx, actor, id, post)
		return err
	})
}

func (f *Discussions) apiSame(ctx context.Context, actor *models.Actor, in *ThreadPath) (*threadAnswer, error) {
	return f.asking(ctx, actor, in.ID, true)
}

func (f *Discussions) apiNotSame(ctx context.Context, actor *models.Actor, in *ThreadPath) (*threadAnswer, error) {
	return f.asking(ctx, actor, in.ID, false)
}

func (f *Discussions) asking(ctx context.Context, actor *models.Actor, id int64, same bool) (*threadAnswer, error) {
	return f.answer(ctx, actor, id, func(actor *models.Actor) error {
		_, err := f.Same(ctx, actor, id, same)
		return err
	})
}

type readThread struct {
	ThreadPath
	Body struct {
		Number int `json:"number" minimum:"1" doc:"Of the last post that you have read; that of the last one if the thread is shorter."`
	}
}

func (f *Discussions) apiRead(ctx context.Context, actor *models.Actor, in *readThread) (*threadAnswer, error) {
	return f.answer(ctx, actor, in.ID, func(actor *models.Actor) error {
		thread, err := f.db.Thread(ctx, actor, in.ID)
		if err == nil {
			err = api.SignedIn(actor)
		}
		if err != nil {
			return err
		}
		return f.readTo(ctx, actor.Person(), thread, min(in.Body.Number, max(thread.LastNumber, 1)))
	})
}
