package posts

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/writing"
	"ruche/models"
)

// API adds what programs do with posts.
func (f *Posts) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-comments", Method: http.MethodGet, Path: "/ideas/{id}/comments", Summary: "List the comments of an idea"}, f.apiComments)
	api.Register(a, huma.Operation{OperationID: "post-comment", Method: http.MethodPost, Path: "/ideas/{id}/comments", Summary: "Comment on an idea", DefaultStatus: http.StatusCreated}, f.apiComment)
	api.Register(a, huma.Operation{OperationID: "list-posts", Method: http.MethodGet, Path: "/threads/{id}/posts", Summary: "List the posts of a thread", Description: "In their order, the first one with what the thread begins with."}, f.apiPosts)
	api.Register(a, huma.Operation{OperationID: "write-post", Method: http.MethodPost, Path: "/threads/{id}/posts", Summary: "Write in a thread", DefaultStatus: http.StatusCreated}, f.apiPost)
	api.Register(a, huma.Operation{OperationID: "list-article-posts", Method: http.MethodGet, Path: "/articles/{id}/posts", Summary: "List what is said about an article"}, f.apiUnderArticle)
	api.Register(a, huma.Operation{OperationID: "write-article-post", Method: http.MethodPost, Path: "/articles/{id}/posts", Summary: "Say something about an article", DefaultStatus: http.StatusCreated}, f.apiPostUnderArticle)
	api.Register(a, huma.Operation{OperationID: "list-event-posts", Method: http.MethodGet, Path: "/events/{id}/posts", Summary: "List what is said about an event"}, f.apiAtEvent)
	api.Register(a, huma.Operation{OperationID: "write-event-post", Method: http.MethodPost, Path: "/events/{id}/posts", Summary: "Say something about an event", DefaultStatus: http.StatusCreated}, f.apiPostAtEvent)
	f.singleAPI(a)
}

type postBody struct {
	ID        int64       `json:"id"`
	URL       string      `json:"url"`
	Idea      *int64      `json:"idea" doc:"Number of the idea that it is a comment on, or null."`
	Thread    *int64      `json:"thread" doc:"Number of the thread that it stands in, or null."`
	Article   *int64      `json:"article" doc:"Number of the article that it is about, or null."`
	Event     *int64      `json:"event" doc:"Number of the event that it is about, or null."`
	Number    int         `json:"number" doc:"Its place in the thread, from 1 on; 0 where it stands in none."`
	Parent    *int64      `json:"parent" doc:"The post that it answers, or null."`
	Author    *api.Author `json:"author" doc:"Null where it is the hidden author of the idea or the thread."`
	Body      string      `json:"body" doc:"Markdown; empty if removed."`
	HTML      string      `json:"html"`
	Removed   bool        `json:"removed"`
	CreatedAt time.Time   `json:"created_at"`
	EditedAt  *time.Time  `json:"edited_at"`

	Reactions []ReactionBody `json:"reactions" doc:"Empty if removed."`
}

// bodies are posts as programs see them, whose place the actor may read.
func (f *Posts) bodies(ctx context.Context, actor *models.Actor, cards []models.PostCard) ([]postBody, error) {
	given, err := f.db.Reactions(ctx, actor, IDs(cards))
	if err != nil {
		return nil, err
	}
	bodies := make([]postBody, len(cards))
	for i := range cards {
		bodies[i] = f.bodyOf(&cards[i], given)
	}
	return bodies, nil
}

func (f *Posts) bodyOf(c *models.PostCard, given *models.Reactions) postBody {
	body := postBody{
		ID: c.ID, URL: f.web.BaseURL.String() + c.About().Post(c.ID), Idea: c.IdeaID, Thread: c.ThreadID, Article: c.ArticleID, Event: c.GatheringID, Number: c.Number, Parent: c.ParentID,
		Author: api.AuthorOf(c.AuthorID, c.AuthorName, c.AuthorRole), Removed: c.RemovedAt != nil, CreatedAt: c.CreatedAt, EditedAt: c.EditedAt, Reactions: []ReactionBody{},
	}
	if !body.Removed {
		body.Body, body.HTML, body.Reactions = c.Body, c.HTML, ReactionBodies(given, c.ID)
	}
	return body
}

type listComments struct {
	ID     int64  `path:"id" minimum:"1"`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type postsAnswer struct {
	Body struct {
		Items []postBody `json:"items"`
		Next  *string    `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Posts) apiComments(ctx context.Context, actor *models.Actor, in *listComments) (*postsAnswer, error) {
	actor, err := f.db.MaskFor(ctx, actor, in.ID, "")
	if err != nil {
		return nil, err
	}
	idea, err := f.db.Idea(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	after, err := models.ParsePostKey(in.Cursor)
	if err != nil {
		return nil, err
	}
	cards, next, err := f.db.Posts(ctx, idea, after, in.Limit)
	if err != nil {
		return nil, err
	}
	return f.listed(ctx, actor, cards, next)
}

func (f *Posts) apiUnderArticle(ctx context.Context, actor *models.Actor, in *listComments) (*postsAnswer, error) {
	article, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	after, err := models.ParsePostKey(in.Cursor)
	if err != nil {
		return nil, err
	}
	cards, next, err := f.db.ArticlePosts(ctx, article, after, in.Limit)
	if err != nil {
		return nil, err
	}
	return f.listed(ctx, actor, cards, next)
}

func (f *Posts) apiAtEvent(ctx context.Context, actor *models.Actor, in *listComments) (*postsAnswer, error) {
	gathering, err := f.db.Gathering(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	after, err := models.ParsePostKey(in.Cursor)
	if err != nil {
		return nil, err
	}
	cards, next, err := f.db.GatheringPosts(ctx, gathering, after, in.Limit)
	if err != nil {
		return nil, err
	}
	return f.listed(ctx, actor, cards, next)
}

// listed is a page of posts that are paged by their time.
func (f *Posts) listed(ctx context.Context, actor *models.Actor, cards []models.PostCard, next *models.PostKey) (answer *postsAnswer, err error) {
	answer = &postsAnswer{}
	if answer.Body.Items, err = f.bodies(ctx, actor, cards); err != nil {
		return nil, err
	}
	if next != nil {
		cursor := next.String()
		answer.Body.Next = &cursor
	}
	return answer, nil
}

type writePost struct {
	ID   int64  `path:"id" minimum:"1"`
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Body   string `json:"body" doc:"Markdown."`
		Parent *int64 `json:"parent,omitempty" doc:"The post that it answers."`
		Self   bool   `json:"self,omitempty" doc:"Of the hidden author of the idea or the thread, to say it in their own name all the same."`
	}
}

// apiPosts pages by the number of the posts, as the thread does.
func (f *Posts) apiPosts(ctx context.Context, actor *models.Actor, in *listComments) (*postsAnswer, error) {
	from, err := 1, error(nil)
	if in.Cursor != "" {
		if from, err = strconv.Atoi(in.Cursor); err != nil || from < 1 || from > 1<<30 {
			return nil, models.Invalid{"cursor": "lists.cursor_invalid"}
		}
	}
	if actor, err = f.db.MaskIn(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	thread, err := f.db.Thread(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	cards, err := f.db.ThreadPosts(ctx, thread, from, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &postsAnswer{}
	if len(cards) > in.Limit {
		next := strconv.Itoa(cards[in.Limit].Number)
		answer.Body.Next, cards = &next, cards[:in.Limit]
	}
	answer.Body.Items, err = f.bodies(ctx, actor, cards)
	return answer, err
}

func (f *Posts) apiPost(ctx context.Context, actor *models.Actor, in *writePost) (*api.Created[postBody], error) {
	actor, err := f.db.MaskIn(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return f.apiWrite(ctx, actor, models.About{Thread: in.ID}, in)
}

func (f *Posts) apiPostUnderArticle(ctx context.Context, actor *models.Actor, in *writePost) (*api.Created[postBody], error) {
	return f.apiWrite(ctx, actor, models.About{Article: in.ID}, in)
}

func (f *Posts) apiPostAtEvent(ctx context.Context, actor *models.Actor, in *writePost) (*api.Created[postBody], error) {
	return f.apiWrite(ctx, actor, models.About{Gathering: in.ID}, in)
}

func (f *Posts) apiComment(ctx context.Context, actor *models.Actor, in *writePost) (*api.Created[postBody], error) {
	actor, err := f.db.MaskFor(ctx, actor, in.ID, "")
	if err != nil {
		return nil, err
	}
	return f.apiWrite(ctx, actor, models.About{Idea: in.ID}, in)
}

func (f *Posts) apiWrite(ctx context.Context, actor *models.Actor, about models.About, in *writePost) (*api.Created[postBody], error) {
	if in.Body.Self {
		actor = actor.Person()
	}
	post := NewPost{About: about, Body: in.Body.Body, Once: writing.ProgramKey(in.Key)}
	if in.Body.Parent != nil {
		post.Parent = *in.Body.Parent
	}
	made, err := f.Write(ctx, actor, post)
	if err != nil {
		return nil, err
	}
	cards, err := f.db.PostCards(ctx, actor, []int64{made.ID})
	if err != nil {
		return nil, err
	}
	if len(cards) == 0 {
		return nil, models.ErrNotFound // removed since
	}
	bodies, err := f.bodies(ctx, actor, cards)
	if err != nil {
		return nil, err
	}
	return &api.Created[postBody]{Location: bodies[0].URL, Body: bodies[0]}, nil
}
