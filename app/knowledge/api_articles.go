package knowledge

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

// articlesAPI adds the articles.
func (f *Knowledge) articlesAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-articles", Method: http.MethodGet, Path: "/articles", Summary: "List articles", Description: "Those written in last first."}, f.apiArticles)
	api.Register(a, huma.Operation{OperationID: "write-article", Method: http.MethodPost, Path: "/articles", Summary: "Write an article", Description: "It stands at the end of its level of the collection.", DefaultStatus: http.StatusCreated}, f.apiWrite)
	api.Register(a, huma.Operation{OperationID: "get-article", Method: http.MethodGet, Path: "/articles/{id}", Summary: "Read an article"}, f.apiArticle)
	api.Register(a, huma.Operation{OperationID: "edit-article", Method: http.MethodPatch, Path: "/articles/{id}", Summary: "Change an article", Description: "Fields that are absent stay as they are. With If-Match the change is made only on the text that the ETag was given for."}, f.apiEdit)
	api.Register(a, huma.Operation{OperationID: "withdraw-article", Method: http.MethodDelete, Path: "/articles/{id}", Summary: "Withdraw an article", Description: "With all that stands under it. With If-Match it is withdrawn only if its text is still the one that the ETag was given for.", DefaultStatus: http.StatusNoContent}, f.apiWithdraw)
	api.Register(a, huma.Operation{OperationID: "restore-article", Method: http.MethodPost, Path: "/articles/{id}/restoration", Summary: "Bring a withdrawn article back", Description: "With all that went along. For its author what they withdrew themselves, for those who moderate everything.", DefaultStatus: http.StatusOK}, f.apiRestore)
	api.Register(a, huma.Operation{OperationID: "move-article", Method: http.MethodPut, Path: "/articles/{id}/place", Summary: "Move an article", Description: "With all that stands under it, within its collection or to another one."}, f.apiMove)
}

// articleItem is an article in a list.
type articleItem struct {
	ID         int64       `json:"id"`
	URL        string      `json:"url"`
	Space      string      `json:"space" doc:"Slug."`
	Collection int64       `json:"collection"`
	Title      string      `json:"title"`
	Summary    string      `json:"summary" doc:"The beginning of its text, as one line of plain text."`
	Lang       string      `json:"lang" doc:"fr, en, or empty if unknown."`
	Editor     *api.Author `json:"editor" doc:"Who wrote in it last."`
	EditedAt   time.Time   `json:"edited_at"`

	Label         string     `json:"confidentiality" enum:"public,internal,restricted" doc:"Who may read it: everybody, the people of the company, or those who are chosen."`
	VerifiedUntil *time.Time `json:"verified_until" doc:"Until when its latest verification holds or held, null for none."`
}

// articleBody is an article by itself.
type articleBody struct {
	ID         int64       `json:"id"`
	URL        string      `json:"url"`
	Space      string      `json:"space" doc:"Slug."`
	Collection int64       `json:"collection"`
	Parent     *int64      `json:"parent" doc:"The article that it stands under, null at the top."`
	Title      string      `json:"title"`
	Summary    string      `json:"summary" doc:"The beginning of its text, as one line of plain text."`
	Body       string      `json:"body" doc:"Markdown."`
	HTML       string      `json:"html" doc:"The same, rendered and safe."`
	Lang       string      `json:"lang" doc:"fr, en, or empty if unknown."`
	Tags       []string    `json:"tags"`
	Minutes    int         `json:"minutes" doc:"How long reading it takes."`
	Author     *api.Author `json:"author" doc:"Who wrote it first."`
	State      string      `json:"state" enum:"published,withdrawn"`
	Label      string      `json:"confidentiality" enum:"public,internal,restricted" doc:"Who may read it: everybody, the people of the company, or those who are chosen."`
	Version    int         `json:"version"`
	CreatedAt  time.Time   `json:"created_at"`
	EditedAt   time.Time   `json:"edited_at"`
}

// tag is the ETag of an article: its version, by which changes are checked, and a sum of what else is shown.
func (b *articleBody) tag() string {
	parent := int64(0)
	if b.Parent != nil {
		parent = *b.Parent
	}
	return fmt.Sprintf(`"%d-%08x"`, b.Version, crc32.ChecksumIEEE(fmt.Append(nil, b.Space, " ", b.Collection, parent, b.State, b.Label, b.Author, b.HTML)))
}

// whole is an article as the actor is shown it.
func (f *Knowledge) whole(ctx context.Context, actor *models.Actor, id int64) (*articleAnswer, error) {
	d, err := f.db.ArticleDetail(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	body := &articleBody{
		ID: d.ID, URL: f.web.BaseURL.String() + d.Path(), Space: slugOf(actor, d.SpaceID), Collection: d.CollectionID, Parent: d.ParentID, Title: d.Title, Summary: d.Summary, Body: d.Body,
		HTML: d.HTML, Lang: d.Lang, Tags: append([]string{}, d.Tags...), Minutes: d.Minutes(), Author: api.AuthorOf(d.AuthorID, d.AuthorName, d.AuthorRole), State: string(d.State), Label: string(actor.Access(d.SpaceID).Confidentiality()),
		Version: d.Version, CreatedAt: d.CreatedAt, EditedAt: d.EditedAt,
	}
	return &articleAnswer{Status: http.StatusOK, ETag: body.tag(), Body: body}, nil
}

type listArticles struct {
	Space      string `query:"space" doc:"Slug of a space."`
	Collection int64  `query:"collection" minimum:"1" doc:"Number of a collection."`
	Tag        string `query:"tag" maxLength:"60" doc:"Only those with this tag; of a space or of all, not of a collection."`
	Owner      int64  `query:"owner" minimum:"1" maximum:"2147483647" doc:"Number of a person: only those for which they answer."`
	Trust      string `query:"trust" enum:"verified,expired,unverified" doc:"Only those that are verified now, that were until some time ago, or that never were."`
	Label      string `query:"confidentiality" enum:"public,internal,restricted" doc:"Only those that everybody, the people of the company, or those who are chosen may read."`
	Cursor     string `query:"cursor" doc:"\"next\" of the page before."`
	Limit      int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type articlesAnswer struct {
	Body struct {
		Items []articleItem `json:"items"`
		Next  *string       `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Knowledge) apiArticles(ctx context.Context, actor *models.Actor, in *listArticles) (*articlesAnswer, error) {
	query := models.ArticleQuery{Trust: models.TrustFilter(in.Trust), Label: models.Confidentiality(in.Label), Limit: in.Limit}
	var err error
	if query.After, err = models.ParseArticleKey(in.Cursor); err != nil {
		return nil, err
	}
	if query.SpaceID, err = spaceNamed(actor, in.Space); err != nil {
		return nil, err
	}
	if in.Collection != 0 {
		if query.Collection, err = f.db.Collection(ctx, actor, in.Collection); err != nil {
			return nil, err
		}
		if query.SpaceID != 0 && query.SpaceID != query.Collection.SpaceID {
			return nil, models.ErrNotFound
		}
	}
	if query.Tags, err = models.ParseTags(in.Tag); err != nil {
		return nil, err
	}
	if len(query.Tags) > 0 && query.Collection != nil {
		return nil, models.Invalid{"tag": "knowledge.tag_of_collection"}
	}
	if in.Owner != 0 {
		owner, err := f.db.Person(ctx, actor, in.Owner)
		if err != nil {
			return nil, err
		}
		query.OwnerID = owner.ID
	}
	cards, next, err := f.db.Articles(ctx, actor, query)
	if err != nil {
		return nil, err
	}
	answer := &articlesAnswer{}
	answer.Body.Items = make([]articleItem, len(cards))
	for i := range cards {
		c := &cards[i]
		answer.Body.Items[i] = articleItem{c.ID, f.web.BaseURL.String() + c.Path(), slugOf(actor, c.SpaceID), c.CollectionID, c.Title, c.Summary, c.Lang, api.AuthorOf(c.EditorID, c.EditorName, c.EditorRole), c.EditedAt, string(actor.Access(c.SpaceID).Confidentiality()), c.VerifiedUntil}
	}
	if next != nil {
		key := next.String()
		answer.Body.Next = &key
	}
	return answer, nil
}

type writeArticle struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Collection int64    `json:"collection" minimum:"1"`
		Parent     int64    `json:"parent,omitempty" minimum:"1" doc:"The article to stand under; absent for the top."`
		Title      string   `json:"title"`
		Body       string   `json:"body,omitempty" doc:"Markdown; may be empty where the article only holds others."`
		Tags       []string `json:"tags,omitempty"`
		Note       string   `json:"note,omitempty" doc:"What the history says of this version."`
	}
}

func (f *Knowledge) apiWrite(ctx context.Context, actor *models.Actor, in *writeArticle) (*api.Created[articleBody], error) {
	article, err := f.Write(ctx, actor, NewArticle{Collection: in.Body.Collection, Parent: in.Body.Parent, Title: in.Body.Title, Body: in.Body.Body, Tags: in.Body.Tags, Note: in.Body.Note, Once: writing.ProgramKey(in.Key)})
	if err != nil {
		return nil, err
	}
	answer, err := f.whole(ctx, actor, article.ID)
	if err != nil {
		return nil, err
	}
	return &api.Created[articleBody]{Location: answer.Body.URL, ETag: answer.ETag, Body: *answer.Body}, nil
}

// ArticlePath is the article that an operation is about; exported, since huma fills in no other embedded struct.
type ArticlePath struct {
	ID int64 `path:"id" minimum:"1"`
}

type getArticle struct {
	ArticlePath
	IfNoneMatch string `header:"If-None-Match"`
}

type articleAnswer struct {
	Status int
	ETag   string `header:"ETag"`
	Body   *articleBody
}

func (f *Knowledge) apiArticle(ctx context.Context, actor *models.Actor, in *getArticle) (*articleAnswer, error) {
	answer, err := f.whole(ctx, actor, in.ID)
	if err == nil && api.Matches(in.IfNoneMatch, answer.ETag) {
		return &articleAnswer{Status: http.StatusNotModified, ETag: answer.ETag}, nil
	}
	return answer, err
}

type editArticle struct {
	ArticlePath
	IfMatch string `header:"If-Match"`
	Body    struct {
		Title *string   `json:"title,omitempty"`
		Body  *string   `json:"body,omitempty"`
		Tags  *[]string `json:"tags,omitempty"`
		Note  string    `json:"note,omitempty" doc:"What the history says of this version."`
	}
}

func (f *Knowledge) apiEdit(ctx context.Context, actor *models.Actor, in *editArticle) (*articleAnswer, error) {
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
	edit := in.onto(article.Version, article.Title, article.Body, article.Tags)
	wanted, files, err := f.compose(ctx, actor, edit.Title, edit.Body, edit.Tags, edit.Note)
	if err != nil {
		return nil, err
	}
	// What somebody else saves in this moment is a conflict: nothing is brought together for a program that said on what it works.
	if _, err := f.store(ctx, actor, in.ID, article.Version, wanted, files, directly); err != nil {
		return nil, err
	}
	return f.whole(ctx, actor, in.ID)
}

type withdrawArticle struct {
	ArticlePath
	IfMatch string `header:"If-Match"`
}

func (f *Knowledge) apiWithdraw(ctx context.Context, actor *models.Actor, in *withdrawArticle) (*api.Done, error) {
	article, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if !actor.MayWithdrawArticle(article) {
		return nil, actor.Refused(article.SpaceID, article.AuthorID)
	}
	if !api.OfVersion(in.IfMatch, article.Version) {
		return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
	}
	_, err = f.Withdraw(ctx, actor, in.ID)
	return &api.Done{}, err
}

func (f *Knowledge) apiRestore(ctx context.Context, actor *models.Actor, in *ArticlePath) (*articleAnswer, error) {
	if _, err := f.Restore(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return f.whole(ctx, actor, in.ID)
}

type moveArticle struct {
	ArticlePath
	Body struct {
		Collection int64  `json:"collection,omitempty" minimum:"1" doc:"That in which it stands, if absent."`
		Parent     int64  `json:"parent,omitempty" minimum:"1" doc:"The article to stand under; absent for the top."`
		After      *int64 `json:"after,omitempty" minimum:"0" doc:"The article of that level to stand right after, 0 to be the first; absent to be the last."`
	}
}

func (f *Knowledge) apiMove(ctx context.Context, actor *models.Actor, in *moveArticle) (*articleAnswer, error) {
	article, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	to := models.ArticlePlace{Collection: in.Body.Collection, Parent: in.Body.Parent, Last: in.Body.After == nil}
	if to.Collection == 0 {
		to.Collection = article.CollectionID
	}
	if in.Body.After != nil {
		to.After = *in.Body.After
	}
	if _, _, err := f.Move(ctx, actor, in.ID, to); err != nil {
		return nil, err
	}
	return f.whole(ctx, actor, in.ID)
}
