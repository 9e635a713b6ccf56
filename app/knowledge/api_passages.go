package knowledge

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/writing"
	"ruche/models"
)

// passagesAPI adds what is said of passages of articles and of drafts.
func (f *Knowledge) passagesAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-article-passages", Method: http.MethodGet, Path: "/articles/{id}/passages", Summary: "List what is said of passages of an article", Description: "Newest first, with where each stands in the text now."}, f.apiPassages)
	api.Register(a, huma.Operation{OperationID: "mark-article-passage", Method: http.MethodPost, Path: "/articles/{id}/passages", Summary: "Say something of a passage of an article", Description: "The passage is a TextQuoteSelector of the W3C's Web Annotation; spaces in it do not count.", DefaultStatus: http.StatusCreated}, f.apiMark)
	api.Register(a, huma.Operation{OperationID: "list-draft-passages", Method: http.MethodGet, Path: "/articles/drafts/{id}/passages", Summary: "List what is said of passages of a draft", Description: "For who sees the draft."}, f.apiDraftPassages)
	api.Register(a, huma.Operation{OperationID: "mark-draft-passage", Method: http.MethodPost, Path: "/articles/drafts/{id}/passages", Summary: "Say something of a passage of a draft", DefaultStatus: http.StatusCreated}, f.apiMarkDraft)
	api.Register(a, huma.Operation{OperationID: "answer-passage", Method: http.MethodPost, Path: "/passages/{id}/words", Summary: "Answer about a passage", DefaultStatus: http.StatusCreated}, f.apiAnswer)
	api.Register(a, huma.Operation{OperationID: "resolve-passage", Method: http.MethodPut, Path: "/passages/{id}/resolution", Summary: "Say that a passage is settled", Description: "For who marked it and who writes where it stands.", DefaultStatus: http.StatusNoContent}, f.apiResolve)
	api.Register(a, huma.Operation{OperationID: "reopen-passage", Method: http.MethodDelete, Path: "/passages/{id}/resolution", Summary: "Open a settled passage again", DefaultStatus: http.StatusNoContent}, f.apiReopenPassage)
	api.Register(a, huma.Operation{OperationID: "remove-passage-word", Method: http.MethodDelete, Path: "/passages/words/{id}", Summary: "Remove what was said about a passage", Description: "For its author, and those who moderate.", DefaultStatus: http.StatusNoContent}, f.apiRemoveWord)
	api.Register(a, huma.Operation{OperationID: "restore-passage-word", Method: http.MethodPost, Path: "/passages/words/{id}/restoration", Summary: "Bring back what was said about a passage", DefaultStatus: http.StatusNoContent}, f.apiRestoreWord)
}

type passageWordItem struct {
	ID        int64       `json:"id"`
	Author    *api.Author `json:"author"`
	Body      string      `json:"body" doc:"Plain text."`
	CreatedAt time.Time   `json:"created_at"`
}

type passageItem struct {
	ID         int64             `json:"id"`
	Quote      string            `json:"quote" doc:"The words that were marked."`
	Found      bool              `json:"found" doc:"Whether they, or words like them, stand in the text now."`
	Now        string            `json:"now" doc:"What stands there now, or stood there last."`
	Prefix     string            `json:"prefix" doc:"What stands before that."`
	Suffix     string            `json:"suffix" doc:"And after."`
	Words      []passageWordItem `json:"words" doc:"What is said about it, the oldest first."`
	CreatedAt  time.Time         `json:"created_at"`
	ResolvedAt *time.Time        `json:"resolved_at" doc:"Since when it is settled, or null."`
}

type passagesAnswer struct {
	Body struct {
		Version int           `json:"version" doc:"Of the text in which they were looked for."`
		Items   []passageItem `json:"items"`
		Next    *int64        `json:"next" doc:"\"before\" of the next page, null on the last."`
	}
}

type listPassages struct {
	ArticlePath
	Settled bool  `query:"settled" doc:"Those that are settled, in place of those that are open."`
	Before  int64 `query:"before" minimum:"1" doc:"\"next\" of the page before."`
	Limit   int   `query:"limit" minimum:"1" maximum:"50" default:"30"`
}

func (f *Knowledge) apiPassages(ctx context.Context, actor *models.Actor, in *listPassages) (*passagesAnswer, error) {
	place, err := f.passagePlace(ctx, actor, in.ID, 0)
	if err != nil {
		return nil, err
	}
	return f.passagesShown(ctx, actor, place, in)
}

func (f *Knowledge) apiDraftPassages(ctx context.Context, actor *models.Actor, in *listPassages) (*passagesAnswer, error) {
	place, err := f.passagePlace(ctx, actor, 0, in.ID)
	if err != nil {
		return nil, err
	}
	return f.passagesShown(ctx, actor, place, in)
}

func (f *Knowledge) passagesShown(ctx context.Context, actor *models.Actor, place models.PassagePlace, in *listPassages) (*passagesAnswer, error) {
	cards, err := f.passages(ctx, actor, place, in.Settled, in.Before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &passagesAnswer{}
	_, answer.Body.Version = place.Text()
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		answer.Body.Next = &cards[in.Limit-1].ID
	}
	answer.Body.Items = make([]passageItem, len(cards))
	for i := range cards {
		c := &cards[i]
		item := passageItem{c.ID, c.Quote, c.Found, c.Words, c.Prefix, c.Suffix, make([]passageWordItem, len(c.Said)), c.CreatedAt, c.ResolvedAt}
		for j := range c.Said {
			w := &c.Said[j]
			item.Words[j] = passageWordItem{w.ID, api.AuthorOf(w.AuthorID, w.AuthorName, w.AuthorRole), w.Body, w.CreatedAt}
		}
		answer.Body.Items[i] = item
	}
	return answer, nil
}

type markPassage struct {
	ArticlePath
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Quote  string `json:"quote" doc:"The words that are meant."`
		Prefix string `json:"prefix,omitempty" doc:"What stands before them, up to 400 bytes; tells one of several places from the others."`
		Suffix string `json:"suffix,omitempty" doc:"And after."`
		Body   string `json:"body" doc:"What is said about them, in plain text."`
	}
}

type madeAnswer struct {
	Body struct {
		ID int64 `json:"id"`
	}
}

func (f *Knowledge) marked(ctx context.Context, actor *models.Actor, article, draft int64, in *markPassage) (*madeAnswer, error) {
	passage, _, err := f.Mark(ctx, actor, article, draft, Remark{Quote: in.Body.Quote, Prefix: in.Body.Prefix, Suffix: in.Body.Suffix, Body: in.Body.Body, Once: writing.ProgramKey(in.Key)})
	if err != nil {
		return nil, err
	}
	answer := &madeAnswer{}
	answer.Body.ID = passage.ID
	return answer, nil
}

func (f *Knowledge) apiMark(ctx context.Context, actor *models.Actor, in *markPassage) (*madeAnswer, error) {
	return f.marked(ctx, actor, in.ID, 0, in)
}

func (f *Knowledge) apiMarkDraft(ctx context.Context, actor *models.Actor, in *markPassage) (*madeAnswer, error) {
	return f.marked(ctx, actor, 0, in.ID, in)
}

type answerPassage struct {
	ArticlePath
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Body string `json:"body" doc:"Plain text."`
	}
}

func (f *Knowledge) apiAnswer(ctx context.Context, actor *models.Actor, in *answerPassage) (*madeAnswer, error) {
	word, _, err := f.Answer(ctx, actor, in.ID, in.Body.Body, writing.ProgramKey(in.Key))
	if err != nil {
		return nil, err
	}
	answer := &madeAnswer{}
	answer.Body.ID = word.ID
	return answer, nil
}

func (f *Knowledge) apiResolve(ctx context.Context, actor *models.Actor, in *ArticlePath) (*api.Done, error) {
	_, err := f.Settle(ctx, actor, in.ID, true)
	return &api.Done{}, err
}

func (f *Knowledge) apiReopenPassage(ctx context.Context, actor *models.Actor, in *ArticlePath) (*api.Done, error) {
	_, err := f.Settle(ctx, actor, in.ID, false)
	return &api.Done{}, err
}

func (f *Knowledge) apiRemoveWord(ctx context.Context, actor *models.Actor, in *ArticlePath) (*api.Done, error) {
	_, err := f.RemoveWord(ctx, actor, in.ID, true)
	return &api.Done{}, err
}

func (f *Knowledge) apiRestoreWord(ctx context.Context, actor *models.Actor, in *ArticlePath) (*api.Done, error) {
	_, err := f.RemoveWord(ctx, actor, in.ID, false)
	return &api.Done{}, err
}
