package glossary

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

// API adds the feature's operations.
func (f *Glossary) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-terms", Method: http.MethodGet, Path: "/glossary", Summary: "List the terms of the glossary", Description: "From A to Z."}, f.apiTerms)
	api.Register(a, huma.Operation{OperationID: "define-term", Method: http.MethodPost, Path: "/glossary", Summary: "Define a term", DefaultStatus: http.StatusCreated}, f.apiDefine)
	api.Register(a, huma.Operation{OperationID: "get-term", Method: http.MethodGet, Path: "/glossary/{id}", Summary: "Read a term"}, f.apiTerm)
	api.Register(a, huma.Operation{OperationID: "edit-term", Method: http.MethodPatch, Path: "/glossary/{id}", Summary: "Change a term", Description: "Fields that are absent stay as they are."}, f.apiEdit)
	api.Register(a, huma.Operation{OperationID: "withdraw-term", Method: http.MethodDelete, Path: "/glossary/{id}", Summary: "Take a term out of the glossary", DefaultStatus: http.StatusNoContent}, f.apiWithdraw)
	api.Register(a, huma.Operation{OperationID: "restore-term", Method: http.MethodPost, Path: "/glossary/{id}/restoration", Summary: "Put a term into the glossary again", DefaultStatus: http.StatusOK}, f.apiRestore)
}

type termBody struct {
	ID         int64     `json:"id"`
	URL        string    `json:"url"`
	Space      string    `json:"space" doc:"Slug."`
	Word       string    `json:"word"`
	Also       []string  `json:"also" doc:"Other spellings and abbreviations."`
	Lang       string    `json:"lang" doc:"fr, en, or empty for any."`
	Definition string    `json:"definition" doc:"Markdown, one paragraph."`
	HTML       string    `json:"html" doc:"The same, rendered and safe."`
	Article    *int64    `json:"article" doc:"That explains it, or null."`
	Everywhere bool      `json:"everywhere" doc:"Whether it is explained in the articles of all spaces, to those who see its own."`
	State      string    `json:"state" enum:"published,withdrawn"`
	Version    int       `json:"version"`
	EditedAt   time.Time `json:"edited_at"`
}

func (f *Glossary) shown(actor *models.Actor, t *models.Term) termBody {
	slug := ""
	if space := actor.Access(t.SpaceID); space != nil {
		slug = space.Slug
	}
	return termBody{t.ID, f.web.BaseURL.String() + t.Path(), slug, t.Word, append([]string{}, t.Also...), t.Lang, t.Definition, t.HTML, t.ArticleID, t.Everywhere, string(t.State), t.Version, t.EditedAt}
}

type listTerms struct {
	Space  string `query:"space" doc:"Slug of a space."`
	From   string `query:"from" maxLength:"80" doc:"Only terms from this one on."`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type termsAnswer struct {
	Body struct {
		Items []termBody `json:"items"`
		Next  *string    `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Glossary) apiTerms(ctx context.Context, actor *models.Actor, in *listTerms) (*termsAnswer, error) {
	after, err := models.ParseTermKey(in.Cursor)
	if err != nil {
		return nil, err
	}
	if after == nil {
		after = models.TermsFrom(in.From)
	}
	space, err := spaceOf(actor, in.Space)
	if err != nil {
		return nil, err
	}
	terms, next, err := f.db.Terms(ctx, actor, space, after, in.Limit)
	if err != nil {
		return nil, err
	}
	answer := &termsAnswer{}
	answer.Body.Items = make([]termBody, len(terms))
	for i := range terms {
		answer.Body.Items[i] = f.shown(actor, &terms[i])
	}
	if next != nil {
		key := next.String()
		answer.Body.Next = &key
	}
	return answer, nil
}

type defineTerm struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Space      string   `json:"space" doc:"Slug."`
		Word       string   `json:"word"`
		Also       []string `json:"also,omitempty" maxItems:"10"`
		Lang       string   `json:"lang,omitempty" enum:"fr,en," doc:"Empty for any."`
		Definition string   `json:"definition" doc:"Markdown, one paragraph of at most 600 characters."`
		Article    int64    `json:"article,omitempty" doc:"Number of an article of the space that explains it."`
		Everywhere bool     `json:"everywhere,omitempty" doc:"Of who arranges the collections of the space."`
	}
}

func (f *Glossary) apiDefine(ctx context.Context, actor *models.Actor, in *defineTerm) (*api.Created[termBody], error) {
	entry := Entry{Word: in.Body.Word, Also: models.Spellings(in.Body.Also).String(), Lang: in.Body.Lang, Definition: in.Body.Definition, Article: numbered(in.Body.Article), Everywhere: in.Body.Everywhere}
	term, err := f.Define(ctx, actor, in.Body.Space, entry, writing.ProgramKey(in.Key))
	if err != nil {
		return nil, err
	}
	body := f.shown(actor, term)
	return &api.Created[termBody]{Location: body.URL, Body: body}, nil
}

// numbered is the number of an article as it is typed, empty for 0.
func numbered(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// TermPath is the term that an operation is about; exported, since huma fills in no other embedded struct.
type TermPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type termAnswer struct {
	Body termBody
}

func (f *Glossary) answer(actor *models.Actor, term *models.Term, err error) (*termAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &termAnswer{f.shown(actor, term)}, nil
}

func (f *Glossary) apiTerm(ctx context.Context, actor *models.Actor, in *TermPath) (*termAnswer, error) {
	term, err := f.db.Term(ctx, actor, in.ID)
	return f.answer(actor, term, err)
}

type editTerm struct {
	TermPath
	Body struct {
		Word       *string   `json:"word,omitempty"`
		Also       *[]string `json:"also,omitempty" maxItems:"10"`
		Lang       *string   `json:"lang,omitempty" enum:"fr,en,"`
		Definition *string   `json:"definition,omitempty"`
		Article    *int64    `json:"article,omitempty" doc:"0 for none."`
		Everywhere *bool     `json:"everywhere,omitempty"`
	}
}

func (f *Glossary) apiEdit(ctx context.Context, actor *models.Actor, in *editTerm) (*termAnswer, error) {
	term, err := f.db.Term(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	entry := entryOf(term)
	if in.Body.Also != nil {
		entry.Also = models.Spellings(*in.Body.Also).String()
	}
	if in.Body.Article != nil {
		entry.Article = numbered(*in.Body.Article)
	}
	if in.Body.Everywhere != nil {
		entry.Everywhere = *in.Body.Everywhere
	}
	for field, given := range map[*string]*string{&entry.Word: in.Body.Word, &entry.Lang: in.Body.Lang, &entry.Definition: in.Body.Definition} {
		if given != nil {
			*field = *given
		}
	}
	edited, err := f.Edit(ctx, actor, term.ID, term.Version, entry)
	return f.answer(actor, edited, err)
}

// entryOf is what is said of a term now, as it would be typed.
func entryOf(t *models.Term) Entry {
	entry := Entry{Word: t.Word, Also: t.Also.String(), Lang: t.Lang, Definition: t.Definition, Everywhere: t.Everywhere}
	if t.ArticleID != nil {
		entry.Article = numbered(*t.ArticleID)
	}
	return entry
}

func (f *Glossary) apiWithdraw(ctx context.Context, actor *models.Actor, in *TermPath) (*struct{}, error) {
	_, err := f.Withdraw(ctx, actor, in.ID)
	return nil, err
}

func (f *Glossary) apiRestore(ctx context.Context, actor *models.Actor, in *TermPath) (*termAnswer, error) {
	term, err := f.Restore(ctx, actor, in.ID)
	return f.answer(actor, term, err)
}
