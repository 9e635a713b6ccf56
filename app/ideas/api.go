package ideas

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

// API adds the feature's operations.
func (f *Ideas) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-ideas", Method: http.MethodGet, Path: "/ideas", Summary: "List ideas"}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "post-idea", Method: http.MethodPost, Path: "/ideas", Summary: "Post an idea", DefaultStatus: http.StatusCreated}, f.apiPost)
	api.Register(a, huma.Operation{OperationID: "get-idea", Method: http.MethodGet, Path: "/ideas/{id}", Summary: "Read an idea"}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "edit-idea", Method: http.MethodPatch, Path: "/ideas/{id}", Summary: "Change an idea", Description: "Fields that are absent stay as they are. With If-Match the change is made only on the text that the ETag was given for."}, f.apiEdit)
	api.Register(a, huma.Operation{OperationID: "withdraw-idea", Method: http.MethodDelete, Path: "/ideas/{id}", Summary: "Withdraw an idea", Description: "With If-Match the idea is withdrawn only if its text is still the one that the ETag was given for.", DefaultStatus: http.StatusNoContent}, f.apiWithdraw)
	api.Register(a, huma.Operation{OperationID: "support-idea", Method: http.MethodPut, Path: "/ideas/{id}/support", Summary: "Support an idea"}, f.apiSupport)
	api.Register(a, huma.Operation{OperationID: "unsupport-idea", Method: http.MethodDelete, Path: "/ideas/{id}/support", Summary: "Take your support back"}, f.apiUnsupport)
	f.coAuthorsAPI(a)
	f.amendmentsAPI(a)
	f.mergesAPI(a)
}

// ideaItem is an idea in a list.
type ideaItem struct {
	ID        int64       `json:"id"`
	URL       string      `json:"url"`
	Space     string      `json:"space" doc:"Slug."`
	Title     string      `json:"title"`
	Summary   string      `json:"summary" doc:"One line of plain text: what its author has written, or the beginning of the text."`
	Lang      string      `json:"lang" doc:"fr, en, or empty if unknown."`
	Tags      []string    `json:"tags"`
	Stage     string      `json:"stage" enum:"proposed,discussed,refined,evaluated,decided,implemented,declined"`
	Author    *api.Author `json:"author" doc:"Null where the author is hidden."`
	Anonymity string      `json:"anonymity" enum:"named,hidden,sealed,not_stored" doc:"What its author was promised: named; hidden from everybody in the house; sealed, so that only two keepers together can open it; or not stored at all."`
	Supports  int         `json:"supports"`
	Supported bool        `json:"supported" doc:"Whether you support it."`
	Comments  int         `json:"comments"`
	CoAuthors int         `json:"coauthor_count" doc:"How many sign it beside the author."`
	Published time.Time   `json:"published_at"`
	Active    time.Time   `json:"active_at" doc:"Its publication or last comment."`
}

// ideaBody is an idea by itself.
type ideaBody struct {
	ideaItem
	OwnSummary bool         `json:"summary_written" doc:"Whether its author has written the summary."`
	Body       string       `json:"body" doc:"Markdown."`
	HTML       string       `json:"html" doc:"The same, rendered and safe."`
	Version    int          `json:"version"`
	State      string       `json:"state" enum:"published,withdrawn"`
	ReturnCode string       `json:"return_code,omitempty" doc:"Once, in the answer to posting an idea of whose author nothing is stored: with it they come back to their idea, on the pages."`
	Answers    []answerBody `json:"answers" doc:"What it answers to the questions of its campaign, as far as you may see it."`
}

// tag is the ETag of an idea: its version, by which changes are checked, and a sum of all that is shown.
func (b *ideaBody) tag() string {
	sum := crc32.ChecksumIEEE([]byte(fmt.Sprint(b.Stage, b.State, b.Supports, b.Supported, b.Comments, b.CoAuthors, b.Active.UnixNano(), b.Answers)))
	return fmt.Sprintf(`"%d-%08x"`, b.Version, sum)
}

func (f *Ideas) itemOf(actor *models.Actor, c *models.IdeaCard) ideaItem {
	item := ideaItem{
		ID: c.ID, URL: f.web.BaseURL.String() + c.Path(), Title: c.Title, Summary: c.Summary, Lang: c.Lang, Tags: append([]string{}, c.Tags...),
		Stage: string(c.Stage), Author: api.AuthorOf(c.AuthorID, c.AuthorName, c.AuthorRole), Anonymity: string(c.Anonymity),
		Supports: c.SupportCount, Supported: c.Supported, Comments: c.CommentCount, CoAuthors: c.CoAuthors, Published: c.PublishedAt, Active: c.ActiveAt,
	}
	if space := actor.Access(c.SpaceID); space != nil {
		item.Space = space.Slug
	}
	return item
}

func (f *Ideas) bodyOf(actor *models.Actor, p *models.IdeaPage) ideaBody {
	card := &models.IdeaCard{
		ID: p.ID, SpaceID: p.SpaceID, AuthorID: p.AuthorID, AuthorName: p.AuthorName, AuthorRole: p.AuthorRole, Title: p.Title, Summary: p.Summary, Anonymity: p.Anonymity,
		Lang: p.Lang, Tags: p.Tags, Stage: p.Stage, SupportCount: p.SupportCount, CommentCount: p.CommentCount, CoAuthors: p.CoAuthors, Supported: p.Supported,
		PublishedAt: p.PublishedAt, ActiveAt: p.ActiveAt,
	}
	return ideaBody{f.itemOf(actor, card), p.OwnSummary, p.Body, p.HTML, p.Version, string(p.State), "", []answerBody{}}
}

type listIdeas struct {
	Space      string `query:"space" doc:"Slug of a space."`
	Sort       string `query:"sort" enum:"trending,newest,supported,active,unanswered,random" doc:"Trending if empty; of a campaign whose vote goes on, random: your own order, the same on every page."`
	Stage      string `query:"stage"`
	Tag        string `query:"tag"`
	Department string `query:"department" doc:"Of the author, for the house's own people. A department of fewer than five people is not told apart, nor is anybody who hides."`
	Near       bool   `query:"near" doc:"Only ideas by people of your department, if it has at least five people, or of your site."`
	Campaign   int64  `query:"campaign" doc:"Number of a campaign that the ideas answer."`
	Cursor     string `query:"cursor" doc:"\"next\" of the page before."`
	Limit      int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type ideasAnswer struct {
	Body struct {
		Items []ideaItem `json:"items"`
		Next  *string    `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Ideas) apiList(ctx context.Context, actor *models.Actor, in *listIdeas) (*ideasAnswer, error) {
	listed, err := f.List(ctx, actor, Listing{Space: in.Space, Sort: models.Sort(in.Sort), Stage: models.Stage(in.Stage), Tag: in.Tag, Department: in.Department, Near: in.Near, Campaign: in.Campaign, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	answer := &ideasAnswer{}
	answer.Body.Items = make([]ideaItem, len(listed.Ideas))
	for i := range listed.Ideas {
		answer.Body.Items[i] = f.itemOf(actor, &listed.Ideas[i])
	}
	if listed.Next != "" {
		answer.Body.Next = &listed.Next
	}
	return answer, nil
}

type postIdea struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Space    string        `json:"space,omitempty" doc:"Slug. That of the campaign, if there is one."`
		Campaign int64         `json:"campaign,omitempty" minimum:"1" doc:"Number of the campaign that the idea answers."`
		Title    string        `json:"title"`
		Summary  string        `json:"summary,omitempty" doc:"One line of 300 characters at most. Without one, lists show the beginning of the text."`
		Body     string        `json:"body" doc:"Markdown."`
		Tags     []string      `json:"tags,omitempty"`
		Answers  []givenAnswer `json:"answers,omitempty" maxItems:"20" doc:"To what the campaign asks: see its form."`

		Anonymity string `json:"anonymity,omitempty" doc:"What you were promised: that of the campaign, named if absent. An idea is never published under another."`
		Seal      string `json:"seal,omitempty" doc:"Of a campaign that seals names, the mark of its seal: an idea is sealed for those keepers or not published."`
	}
}

func (f *Ideas) apiPost(ctx context.Context, actor *models.Actor, in *postIdea) (*api.Created[ideaBody], error) {
	answers, err := f.forCampaign(ctx, actor, in.Body.Campaign, in.Body.Answers)
	if err != nil {
		return nil, err
	}
	idea, err := f.Post(ctx, actor, NewIdea{Space: in.Body.Space, Campaign: in.Body.Campaign, Title: in.Body.Title, Summary: in.Body.Summary, Body: in.Body.Body, Tags: in.Body.Tags, Answers: answers, Once: writing.ProgramKey(in.Key), Anonymity: models.Anonymity(in.Body.Anonymity), Seal: in.Body.Seal})
	if err != nil {
		return nil, located(err, in.Body.Answers)
	}
	body, err := f.whole(ctx, actor, idea.ID)
	if err != nil {
		return nil, err
	}
	body.ReturnCode = models.SpellCode(idea.ReturnCode)
	return &api.Created[ideaBody]{Location: body.URL, ETag: body.tag(), Body: *body}, nil
}

// IdeaPath is the idea that an operation is about; exported, since huma fills in no other embedded struct.
type IdeaPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type getIdea struct {
	IdeaPath
	IfNoneMatch string `header:"If-None-Match"`
}

type ideaAnswer struct {
	Status int
	ETag   string `header:"ETag"`
	Body   *ideaBody
}

func (f *Ideas) apiGet(ctx context.Context, actor *models.Actor, in *getIdea) (*ideaAnswer, error) {
	actor, err := f.db.MaskFor(ctx, actor, in.ID, "")
	if err != nil {
		return nil, err
	}
	body, err := f.whole(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if api.Matches(in.IfNoneMatch, body.tag()) {
		return &ideaAnswer{Status: http.StatusNotModified, ETag: body.tag()}, nil
	}
	return &ideaAnswer{Status: http.StatusOK, ETag: body.tag(), Body: body}, nil
}

type editIdea struct {
	IdeaPath
	IfMatch string `header:"If-Match"`
	Body    struct {
		Title   *string       `json:"title,omitempty"`
		Summary *string       `json:"summary,omitempty" doc:"Empty to take it back."`
		Body    *string       `json:"body,omitempty"`
		Tags    *[]string     `json:"tags,omitempty"`
		Answers []givenAnswer `json:"answers,omitempty" maxItems:"100" doc:"Those that change; the others stay."`
	}
}

func (f *Ideas) apiEdit(ctx context.Context, actor *models.Actor, in *editIdea) (*ideaAnswer, error) {
	actor, err := f.db.MaskFor(ctx, actor, in.ID, "")
	if err != nil {
		return nil, err
	}
	idea, err := f.mayEdit(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if !api.OfVersion(in.IfMatch, idea.Version) {
		return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
	}
	edit := Edit{ID: in.ID, Base: idea.Version, Title: idea.Title, Summary: idea.Written(), Body: idea.Body, Tags: idea.Tags}
	if in.Body.Title != nil {
		edit.Title = *in.Body.Title
	}
	if in.Body.Summary != nil {
		edit.Summary = *in.Body.Summary
	}
	if in.Body.Body != nil {
		edit.Body = *in.Body.Body
	}
	if in.Body.Tags != nil {
		edit.Tags = *in.Body.Tags
	}
	if len(in.Body.Answers) > 0 {
		sheet, err := f.db.SheetOf(ctx, actor, idea)
		if err == nil {
			edit.Answers, err = answered(sheet, in.Body.Answers)
		}
		if err != nil {
			return nil, err
		}
	}
	if _, err := f.Edit(ctx, actor, edit); err != nil {
		return nil, located(err, in.Body.Answers)
	}
	return f.apiGet(ctx, actor, &getIdea{IdeaPath: in.IdeaPath})
}

type withdrawIdea struct {
	IdeaPath
	IfMatch string `header:"If-Match"`
}

func (f *Ideas) apiWithdraw(ctx context.Context, actor *models.Actor, in *withdrawIdea) (*api.Done, error) {
	actor, err := f.db.MaskFor(ctx, actor, in.ID, "")
	if err != nil {
		return nil, err
	}
	idea, err := f.db.Idea(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if !api.OfVersion(in.IfMatch, idea.Version) {
		return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
	}
	_, err = f.Withdraw(ctx, actor, in.ID)
	return &api.Done{}, err
}

type supportAnswer struct {
	Body struct {
		Supported bool `json:"supported"`
		Supports  int  `json:"supports"`
	}
}

func (f *Ideas) apiSupport(ctx context.Context, actor *models.Actor, in *IdeaPath) (*supportAnswer, error) {
	return supportOf(true)(f.Support(ctx, actor, in.ID))
}

func (f *Ideas) apiUnsupport(ctx context.Context, actor *models.Actor, in *IdeaPath) (*supportAnswer, error) {
	return supportOf(false)(f.Unsupport(ctx, actor, in.ID))
}

func supportOf(supported bool) func(*models.Idea, error) (*supportAnswer, error) {
	return func(idea *models.Idea, err error) (*supportAnswer, error) {
		if err != nil {
			return nil, err
		}
		answer := &supportAnswer{}
		answer.Body.Supported, answer.Body.Supports = supported, idea.SupportCount
		return answer, nil
	}
}
