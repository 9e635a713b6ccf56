package posts

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/models"
)

// singleAPI adds what programs do with one post, wherever it stands.
func (f *Posts) singleAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "get-post", Method: http.MethodGet, Path: "/posts/{post}", Summary: "Read a post", Description: "A comment on an idea, an article or an event, or a post in a thread."}, f.apiRead)
	api.Register(a, huma.Operation{OperationID: "edit-post", Method: http.MethodPatch, Path: "/posts/{post}", Summary: "Change the text of a post", Description: "With If-Match the change is made only on the text that the ETag was given for."}, f.apiEdit)
	api.Register(a, huma.Operation{OperationID: "remove-post", Method: http.MethodDelete, Path: "/posts/{post}", Summary: "Remove a post", Description: "A mark that it was there stays in its place.", DefaultStatus: http.StatusNoContent}, f.apiRemove)
	api.Register(a, huma.Operation{OperationID: "restore-post", Method: http.MethodPost, Path: "/posts/{post}/restoration", Summary: "Bring a removed post back", Description: "For its author what they removed themselves, for those who moderate everything.", DefaultStatus: http.StatusOK}, f.apiRestore)
	api.Register(a, huma.Operation{OperationID: "list-post-versions", Method: http.MethodGet, Path: "/posts/{post}/versions", Summary: "List the texts that a post has had", Description: "Newest first. One that was never edited has none but the one that it shows."}, f.apiVersions)
}

// PostPath is the post that an operation is about; exported, since huma fills in no other embedded struct.
type PostPath struct {
	Post int64 `path:"post" minimum:"1"`
}

type getPost struct {
	PostPath
	IfNoneMatch string `header:"If-None-Match"`
}

type postAnswer struct {
	Status int
	ETag   string `header:"ETag"`
	Body   *postBody
}

// asSaid finds a post, and who acts on it as saying has it: somebody hidden on what they said so, and on all else whoever they are.
func (f *Posts) asSaid(ctx context.Context, actor *models.Actor, id int64) (*models.Post, *models.Actor, error) {
	about, err := f.db.AboutPost(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	masked, err := f.db.MaskAt(ctx, actor, about)
	if err != nil {
		return nil, nil, err
	}
	post, _, err := f.db.Post(ctx, masked, id)
	if err == nil && post.AuthorID != masked.ID {
		masked = actor
	}
	return post, masked, err
}

func (f *Posts) apiRead(ctx context.Context, actor *models.Actor, in *getPost) (*postAnswer, error) {
	post, as, err := f.asSaid(ctx, actor, in.Post)
	if err != nil {
		return nil, err
	}
	answer, err := f.single(ctx, as, post.ID)
	if err == nil && api.Matches(in.IfNoneMatch, answer.ETag) {
		return &postAnswer{Status: http.StatusNotModified, ETag: answer.ETag}, nil
	}
	return answer, err
}

// single is a post that the actor may read, with the version of its text. What has become of it since is in the ETag too.
func (f *Posts) single(ctx context.Context, actor *models.Actor, id int64) (*postAnswer, error) {
	card, err := f.db.PostCard(ctx, id)
	if err != nil {
		return nil, err
	}
	version, err := f.db.PostVersion(ctx, id)
	if err != nil {
		return nil, err
	}
	bodies, err := f.bodies(ctx, actor, []models.PostCard{*card})
	if err != nil {
		return nil, err
	}
	tag := strconv.Itoa(version)
	if bodies[0].Removed {
		tag += "-removed"
	}
	for _, given := range bodies[0].Reactions {
		tag += fmt.Sprintf("-%d.%d.%t", given.Sign, given.People, given.Mine)
	}
	return &postAnswer{Status: http.StatusOK, ETag: `"` + tag + `"`, Body: &bodies[0]}, nil
}

// afterVersion is what the ETag of a post says beside the version of its text, which alone matters to whoever writes another one.
var afterVersion = regexp.MustCompile(`-[^"]*"`)

type editPost struct {
	PostPath
	IfMatch string `header:"If-Match"`
	Body    struct {
		Body string `json:"body" doc:"Markdown."`
	}
}

func (f *Posts) apiEdit(ctx context.Context, actor *models.Actor, in *editPost) (*postAnswer, error) {
	post, as, err := f.asSaid(ctx, actor, in.Post)
	if err != nil {
		return nil, err
	}
	base, err := f.db.PostVersion(ctx, post.ID)
	if err != nil {
		return nil, err
	}
	if in.IfMatch != "" && !api.Matches(afterVersion.ReplaceAllString(in.IfMatch, `"`), api.VersionTag(base)) {
		if _, _, err := own(ctx, f.db.Queries, as, post.ID); err != nil { // who may not change it learns nothing else
			return nil, err
		}
		return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
	}
	if _, err := f.Edit(ctx, as, Edit{ID: post.ID, Base: base, Body: in.Body.Body}); err != nil {
		return nil, err
	}
	return f.single(ctx, as, post.ID)
}

func (f *Posts) apiRemove(ctx context.Context, actor *models.Actor, in *PostPath) (*api.Done, error) {
	post, as, err := f.asSaid(ctx, actor, in.Post)
	if err != nil {
		return nil, err
	}
	_, err = f.Remove(ctx, as, post.ID)
	return &api.Done{}, err
}

func (f *Posts) apiRestore(ctx context.Context, actor *models.Actor, in *PostPath) (*postAnswer, error) {
	post, as, err := f.asSaid(ctx, actor, in.Post)
	if err != nil {
		return nil, err
	}
	if _, err := f.Restore(ctx, as, post.ID); err != nil {
		return nil, err
	}
	return f.single(ctx, as, post.ID)
}

type listVersions struct {
	PostPath
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
}

type versionBody struct {
	Number      int         `json:"number"`
	Editor      *api.Author `json:"editor" doc:"Null where it is a hidden author."`
	Body        string      `json:"body" doc:"Markdown; empty if it was taken out of sight."`
	CreatedAt   time.Time   `json:"created_at"`
	ClearedAt   *time.Time  `json:"cleared_at" doc:"Since when the text is out of sight, or null."`
	ClearReason string      `json:"clear_reason"`
}

type versionsAnswer struct {
	Body struct {
		Items []versionBody `json:"items"`
		Next  *string       `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Posts) apiVersions(ctx context.Context, actor *models.Actor, in *listVersions) (*versionsAnswer, error) {
	before, err := number(in.Cursor)
	if err != nil {
		return nil, models.Invalid{"cursor": "lists.cursor_invalid"}
	}
	post, as, err := f.asSaid(ctx, actor, in.Post)
	if err != nil {
		return nil, err
	}
	_, place, err := f.db.Post(ctx, as, post.ID)
	if err == nil && post.RemovedAt != nil && !mayRestore(as, post, place.SpaceID()) {
		err = models.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	cards, err := f.db.PostVersions(ctx, post.ID, before, versionPage+1)
	if err != nil {
		return nil, err
	}
	answer := &versionsAnswer{}
	if len(cards) > versionPage {
		next := strconv.Itoa(cards[versionPage-1].Number)
		answer.Body.Next, cards = &next, cards[:versionPage]
	}
	answer.Body.Items = make([]versionBody, len(cards))
	for i, v := range cards {
		answer.Body.Items[i] = versionBody{v.Number, api.AuthorOf(v.EditorID, v.EditorName, v.EditorRole), v.Body, v.CreatedAt, v.ClearedAt, v.ClearReason}
	}
	return answer, nil
}
