package knowledge

import (
	"context"
	"fmt"
	"hash/crc32"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/app/writing"
	"ruche/models"
)

// draftsAPI adds the texts that are not published yet, by the rules of their pages.
func (f *Knowledge) draftsAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-article-drafts", Method: http.MethodGet, Path: "/articles/drafts", Summary: "List drafts of articles", Description: "Open ones, newest first: those that wait for your review, those that you have kept, or all that are sent in a space whose collections you arrange."}, f.apiDrafts)
	api.Register(a, huma.Operation{OperationID: "keep-article-draft", Method: http.MethodPost, Path: "/articles/drafts", Summary: "Keep a new article as a draft", Description: "Nobody else sees it until it is sent for review.", DefaultStatus: http.StatusCreated}, f.apiKeep)
	api.Register(a, huma.Operation{OperationID: "keep-article-change", Method: http.MethodPost, Path: "/articles/{id}/drafts", Summary: "Keep a change of an article as a draft", Description: "Readers see the published text until the draft is published. Fields that are absent are those of the article. With If-Match only if its text is still the one that the ETag was given for.", DefaultStatus: http.StatusCreated}, f.apiKeepChange)
	api.Register(a, huma.Operation{OperationID: "get-article-draft", Method: http.MethodGet, Path: "/articles/drafts/{id}", Summary: "Read a draft of an article", Description: "With what its reviewers say. For its author and, once it is sent, for its reviewers and those who arrange its collection."}, f.apiDraft)
	api.Register(a, huma.Operation{OperationID: "edit-article-draft", Method: http.MethodPatch, Path: "/articles/drafts/{id}", Summary: "Change a draft of an article", Description: "Fields that are absent stay as they are. It is out of review by that. With If-Match the change is made only on the text that the ETag was given for."}, f.apiEditDraft)
	api.Register(a, huma.Operation{OperationID: "send-article-draft", Method: http.MethodPost, Path: "/articles/drafts/{id}/review", Summary: "Send a draft of an article for review", DefaultStatus: http.StatusOK}, f.apiSend)
	api.Register(a, huma.Operation{OperationID: "end-article-review", Method: http.MethodDelete, Path: "/articles/drafts/{id}/review", Summary: "Take a draft of an article back from review", DefaultStatus: http.StatusOK}, f.apiEndReview)
	api.Register(a, huma.Operation{OperationID: "review-article-draft", Method: http.MethodPut, Path: "/articles/drafts/{id}/verdict", Summary: "Approve a draft of an article, or send it back", Description: "For its reviewers, of the version that they have read."}, f.apiReview)
	api.Register(a, huma.Operation{OperationID: "publish-article-draft", Method: http.MethodPost, Path: "/articles/drafts/{id}/publication", Summary: "Publish a draft of an article", Description: "A version of it. What was saved of its article meanwhile is brought together with it; a conflict where that takes a person to decide.", DefaultStatus: http.StatusOK}, f.apiPublish)
	api.Register(a, huma.Operation{OperationID: "drop-article-draft", Method: http.MethodDelete, Path: "/articles/drafts/{id}", Summary: "Throw a draft of an article away", Description: "With If-Match only if its text is still the one that the ETag was given for.", DefaultStatus: http.StatusNoContent}, f.apiDrop)
	api.Register(a, huma.Operation{OperationID: "restore-article-draft", Method: http.MethodPost, Path: "/articles/drafts/{id}/restoration", Summary: "Bring a draft of an article back", DefaultStatus: http.StatusOK}, f.apiRestoreDraft)
}

type draftItem struct {
	ID       int64       `json:"id"`
	URL      string      `json:"url"`
	Article  *int64      `json:"article" doc:"That it changes; null for a new one."`
	Title    string      `json:"title"`
	Lang     string      `json:"lang" doc:"fr, en, or empty if unknown."`
	Author   *api.Author `json:"author"`
	EditedAt time.Time   `json:"edited_at"`
	SentAt   *time.Time  `json:"sent_at" doc:"For review; null while only its author sees it."`
	Asked    int         `json:"asked" doc:"How many review it."`
	Approved int         `json:"approved" doc:"How many find it good."`
	Changes  int         `json:"changes" doc:"How many want it changed."`
}

type listDrafts struct {
	Show   string `query:"show" enum:"review,mine" default:"review" doc:"Those that wait for your review, or your own. Not used with a space."`
	Space  string `query:"space" doc:"Slug of a space whose collections you arrange."`
	Before int64  `query:"before" minimum:"1" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type draftsAnswer struct {
	Body struct {
		Items []draftItem `json:"items"`
		Next  *int64      `json:"next" doc:"\"before\" of the next page, null on the last."`
	}
}

func (f *Knowledge) apiDrafts(ctx context.Context, actor *models.Actor, in *listDrafts) (*draftsAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	query := models.DraftQuery{Review: in.Show == "review", Before: in.Before, Limit: in.Limit + 1}
	var err error
	if query.SpaceID, err = spaceNamed(actor, in.Space); err != nil {
		return nil, err
	}
	if query.SpaceID != 0 {
		if err := actor.Refusal(models.ArrangeCollections, &models.Space{ID: query.SpaceID}); err != nil {
			return nil, err
		}
	}
	cards, err := f.db.ArticleDrafts(ctx, actor, query)
	if err != nil {
		return nil, err
	}
	answer := &draftsAnswer{}
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		answer.Body.Next = &cards[in.Limit-1].ID
	}
	answer.Body.Items = make([]draftItem, len(cards))
	for i := range cards {
		c := &cards[i]
		answer.Body.Items[i] = draftItem{c.ID, f.web.BaseURL.String() + c.Path(), c.ArticleID, c.Title, c.Lang, api.AuthorOf(c.AuthorID, c.AuthorName, c.AuthorRole), c.EditedAt, c.SentAt, c.Asked, c.Approved, c.Changes}
	}
	return answer, nil
}

type reviewItem struct {
	Reviewer   *api.Author `json:"reviewer"`
	Verdict    string      `json:"verdict" enum:",approved,changes" doc:"Of the draft as it is; empty for none yet."`
	Word       string      `json:"word" doc:"What they said last."`
	Version    int         `json:"version" doc:"Of the draft, about which they said it."`
	AnsweredAt *time.Time  `json:"answered_at"`
}

type draftBody struct {
	ID          int64        `json:"id"`
	URL         string       `json:"url"`
	Space       string       `json:"space" doc:"Slug."`
	Collection  int64        `json:"collection"`
	Article     *int64       `json:"article" doc:"That it changes, or has become; null for a new one."`
	Parent      *int64       `json:"parent" doc:"The article that a new one will stand under, null for the top."`
	Title       string       `json:"title"`
	Body        string       `json:"body" doc:"Markdown."`
	HTML        string       `json:"html" doc:"The same, rendered and safe."`
	Lang        string       `json:"lang" doc:"fr, en, or empty if unknown."`
	Tags        []string     `json:"tags"`
	Note        string       `json:"note" doc:"What its author says about the change."`
	Author      *api.Author  `json:"author"`
	State       string       `json:"state" enum:"open,published,dropped"`
	Version     int          `json:"version"`
	BaseVersion int          `json:"base_version" doc:"Of its article, from which its author began; 0 for a new one."`
	EditedAt    time.Time    `json:"edited_at"`
	SentAt      *time.Time   `json:"sent_at" doc:"For review; null while only its author sees it."`
	Reviews     []reviewItem `json:"reviews"`
}

// tag is the ETag of a draft: its version, by which changes are checked, and a sum of what else is shown.
func (b *draftBody) tag() string {
	said := fmt.Append(nil, b.State, b.SentAt, b.Author, b.Collection, b.BaseVersion)
	for _, review := range b.Reviews {
		said = fmt.Append(said, review.Reviewer, review.Verdict, review.Word, review.Version)
	}
	return fmt.Sprintf(`"%d-%08x"`, b.Version, crc32.ChecksumIEEE(said))
}

type draftAnswer struct {
	Status int
	ETag   string `header:"ETag"`
	Body   *draftBody
}

// draftShown is a draft as the actor is shown it after something was done about it.
func (f *Knowledge) draftShown(ctx context.Context, actor *models.Actor, id int64, err error) (*draftAnswer, error) {
	if err != nil {
		return nil, err
	}
	d, err := f.db.ArticleDraft(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	author, err := f.db.DraftAuthor(ctx, d)
	if err != nil {
		return nil, err
	}
	asked, _, err := f.db.Reviewers(ctx, d)
	if err != nil {
		return nil, err
	}
	body := &draftBody{
		ID: d.ID, URL: f.web.BaseURL.String() + d.Path(), Space: slugOf(actor, d.SpaceID), Collection: d.CollectionID, Article: d.ArticleID, Parent: d.ParentID, Title: d.Title, Body: d.Body, HTML: d.HTML,
		Lang: d.Lang, Tags: append([]string{}, d.Tags...), Note: d.Note, Author: api.AuthorOf(d.AuthorID, author.Name, author.Role), State: string(d.State), Version: d.Version,
		BaseVersion: d.BaseVersion, EditedAt: d.EditedAt, SentAt: d.SentAt, Reviews: make([]reviewItem, len(asked)),
	}
	for i := range asked {
		c := &asked[i]
		body.Reviews[i] = reviewItem{api.AuthorOf(c.ReviewerID, c.Name, c.Role), string(c.Verdict), c.Word, c.Version, c.AnsweredAt}
	}
	return &draftAnswer{Status: http.StatusOK, ETag: body.tag(), Body: body}, nil
}

// draftMade is a draft that was just kept.
func (f *Knowledge) draftMade(ctx context.Context, actor *models.Actor, draft *models.ArticleDraft, err error) (*api.Created[draftBody], error) {
	if err != nil {
		return nil, err
	}
	answer, err := f.draftShown(ctx, actor, draft.ID, nil)
	if err != nil {
		return nil, err
	}
	return &api.Created[draftBody]{Location: answer.Body.URL, ETag: answer.ETag, Body: *answer.Body}, nil
}

func (f *Knowledge) apiKeep(ctx context.Context, actor *models.Actor, in *writeArticle) (*api.Created[draftBody], error) {
	draft, err := f.KeepNew(ctx, actor, NewArticle{Collection: in.Body.Collection, Parent: in.Body.Parent, Title: in.Body.Title, Body: in.Body.Body, Tags: in.Body.Tags, Note: in.Body.Note, Once: writing.ProgramKey(in.Key)})
	return f.draftMade(ctx, actor, draft, err)
}

func (f *Knowledge) apiKeepChange(ctx context.Context, actor *models.Actor, in *editArticle) (*api.Created[draftBody], error) {
	article, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if err := actor.Refusal(models.WriteArticle, &models.Space{ID: article.SpaceID}); err != nil {
		return nil, err
	}
	if !api.OfVersion(in.IfMatch, article.Version) {
		return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
	}
	draft, err := f.KeepChange(ctx, actor, in.onto(article.Version, article.Title, article.Body, article.Tags))
	return f.draftMade(ctx, actor, draft, err)
}

// onto is the change of a text: what is absent is as it was.
func (in *editArticle) onto(base int, title, body string, tags []string) EditArticle {
	edit := EditArticle{ID: in.ID, Base: base, Title: title, Body: body, Tags: tags, Note: in.Body.Note}
	if in.Body.Title != nil {
		edit.Title = *in.Body.Title
	}
	if in.Body.Body != nil {
		edit.Body = *in.Body.Body
	}
	if in.Body.Tags != nil {
		edit.Tags = *in.Body.Tags
	}
	return edit
}

// DraftPath is the draft that an operation is about; exported, since huma fills in no other embedded struct.
type DraftPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type getDraft struct {
	DraftPath
	IfNoneMatch string `header:"If-None-Match"`
}

func (f *Knowledge) apiDraft(ctx context.Context, actor *models.Actor, in *getDraft) (*draftAnswer, error) {
	answer, err := f.draftShown(ctx, actor, in.ID, nil)
	if err == nil && api.Matches(in.IfNoneMatch, answer.ETag) {
		return &draftAnswer{Status: http.StatusNotModified, ETag: answer.ETag}, nil
	}
	return answer, err
}

type editDraft struct {
	DraftPath
	IfMatch string `header:"If-Match"`
	Body    struct {
		Title *string   `json:"title,omitempty"`
		Body  *string   `json:"body,omitempty"`
		Tags  *[]string `json:"tags,omitempty"`
		Note  *string   `json:"note,omitempty" doc:"What is said about the change."`
		Onto  int       `json:"onto,omitempty" minimum:"0" maximum:"1000000000" doc:"The version of its article whose changes you have brought into this text yourself."`
	}
}

func (f *Knowledge) apiEditDraft(ctx context.Context, actor *models.Actor, in *editDraft) (*draftAnswer, error) {
	draft, err := f.draftOf(ctx, actor, in.ID, in.IfMatch)
	if err != nil {
		return nil, err
	}
	change := editArticle{ArticlePath: ArticlePath{ID: in.ID}}
	change.Body.Title, change.Body.Body, change.Body.Tags, change.Body.Note = in.Body.Title, in.Body.Body, in.Body.Tags, draft.Note
	if in.Body.Note != nil {
		change.Body.Note = *in.Body.Note
	}
	_, err = f.EditDraft(ctx, actor, change.onto(draft.Version, draft.Title, draft.Body, draft.Tags), in.Body.Onto)
	return f.draftShown(ctx, actor, in.ID, err)
}

// draftOf finds a draft of the actor's whose text is still the one that they know.
func (f *Knowledge) draftOf(ctx context.Context, actor *models.Actor, id int64, ifMatch string) (*models.ArticleDraft, error) {
	draft, err := f.db.ArticleDraft(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if draft.AuthorID != actor.ID {
		return nil, fmt.Errorf("draft %d is somebody else's: %w", id, models.ErrForbidden)
	}
	if !api.OfVersion(ifMatch, draft.Version) {
		return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
	}
	return draft, nil
}

type sendDraft struct {
	DraftPath
	Body struct {
		Reviewers []string `json:"reviewers" minItems:"1" maxItems:"10" doc:"Addresses of those who are to read it; nobody else is asked any more who has not answered."`
	}
}

func (f *Knowledge) apiSend(ctx context.Context, actor *models.Actor, in *sendDraft) (*draftAnswer, error) {
	_, err := f.Send(ctx, actor, in.ID, nil, strings.Join(in.Body.Reviewers, "\n"))
	return f.draftShown(ctx, actor, in.ID, err)
}

func (f *Knowledge) apiEndReview(ctx context.Context, actor *models.Actor, in *DraftPath) (*draftAnswer, error) {
	_, err := f.EndReview(ctx, actor, in.ID)
	return f.draftShown(ctx, actor, in.ID, err)
}

type reviewDraft struct {
	DraftPath
	Body struct {
		Version int    `json:"version" minimum:"1" doc:"Of the draft, that was read."`
		Verdict string `json:"verdict" enum:"approved,changes"`
		Word    string `json:"word,omitempty" doc:"To the author; what has to change."`
	}
}

func (f *Knowledge) apiReview(ctx context.Context, actor *models.Actor, in *reviewDraft) (*draftAnswer, error) {
	_, err := f.Review(ctx, actor, in.ID, in.Body.Version, models.Verdict(in.Body.Verdict), in.Body.Word)
	return f.draftShown(ctx, actor, in.ID, err)
}

type publishDraft struct {
	DraftPath
	Body struct {
		Version int `json:"version" minimum:"1" doc:"Of the draft, that is to be published."`
	}
}

func (f *Knowledge) apiPublish(ctx context.Context, actor *models.Actor, in *publishDraft) (*articleAnswer, error) {
	article, _, err := f.Publish(ctx, actor, in.ID, in.Body.Version)
	if err != nil {
		return nil, err
	}
	return f.whole(ctx, actor, article.ID)
}

type dropDraft struct {
	DraftPath
	IfMatch string `header:"If-Match"`
}

func (f *Knowledge) apiDrop(ctx context.Context, actor *models.Actor, in *dropDraft) (*api.Done, error) {
	if _, err := f.draftOf(ctx, actor, in.ID, in.IfMatch); err != nil {
		return nil, err
	}
	_, err := f.Drop(ctx, actor, in.ID, true)
	return &api.Done{}, err
}

func (f *Knowledge) apiRestoreDraft(ctx context.Context, actor *models.Actor, in *DraftPath) (*draftAnswer, error) {
	_, err := f.Drop(ctx, actor, in.ID, false)
	return f.draftShown(ctx, actor, in.ID, err)
}
