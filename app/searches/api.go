package searches

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
	"ruche/search"
)

type searchQuery struct {
	Text       string `query:"q" maxLength:"1000" doc:"Words, \"a phrase\", or the number of an idea such as #123."`
	Type       string `query:"type" doc:"idea, comment, thread, post (in a thread), article or event; all without it."`
	Space      string `query:"space" doc:"Slug of a space."`
	Stage      string `query:"stage" doc:"Only ideas at this stage."`
	Tag        string `query:"tag" doc:"Only ideas, threads and articles with this tag."`
	Lang       string `query:"lang" enum:"fr,en" doc:"Only what is written in this language."`
	Collection int64  `query:"collection" minimum:"1" doc:"Only articles in the collection with this number."`
	Verified   bool   `query:"verified" doc:"Only articles that are verified now."`
	Label      string `query:"confidentiality" enum:"public,internal,restricted" doc:"Only what everybody, the people of the company, or those who are chosen may read."`
	Cursor     string `query:"cursor" doc:"\"next\" of the page before."`
	Limit      int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
}

type searchHit struct {
	Type          string     `json:"type" enum:"idea,comment,thread,post,article,event"`
	ID            int64      `json:"id"`
	Title         string     `json:"title" doc:"Of a comment its idea's, its article's or its event's, of a post its thread's."`
	URL           string     `json:"url"`
	Excerpt       string     `json:"excerpt" doc:"Plain text around the words that were found."`
	Space         string     `json:"space" doc:"Slug."`
	Lang          string     `json:"lang" doc:"fr, en or empty: unknown."`
	VerifiedUntil *time.Time `json:"verified_until" doc:"Of an article: until when its latest verification holds or held, null for none."`
}

type searchCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

type searchAnswer struct {
	Body struct {
		Total      int                      `json:"total"`
		Hits       []searchHit              `json:"hits"`
		Facets     map[string][]searchCount `json:"facets" doc:"Counts by type, space, stage, tag, lang and collection (its number); each ignores its own filter."`
		Next       *string                  `json:"next" doc:"Cursor of the next page, null on the last."`
		Rebuilding bool                     `json:"rebuilding" doc:"The index is being rebuilt, results may be missing."`
	}
}

// API adds the feature's operation.
func (f *Searches) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "search", Method: http.MethodGet, Path: "/search", Summary: "Search ideas, threads and articles, and what is said about them"}, f.apiSearch)
}

func (f *Searches) apiSearch(ctx context.Context, actor *models.Actor, in *searchQuery) (*searchAnswer, error) {
	answer := &searchAnswer{}
	answer.Body.Hits = []searchHit{}
	answer.Body.Facets = map[string][]searchCount{"type": {}, "space": {}, "stage": {}, "tag": {}, "lang": {}, "collection": {}}
	query := search.Query{Text: in.Text, Lang: actor.Locale, Stage: in.Stage, Tag: in.Tag, Language: in.Lang, Collection: in.Collection, Cursor: in.Cursor, Limit: in.Limit}
	if in.Type != "" {
		query.Types = []string{in.Type}
	}
	if in.Verified {
		query.Verified = f.web.DB.Now()
	}
	known := false
	if query.Space, known = spaceOf(actor, in.Space); !known {
		return answer, nil
	}
	results, err := f.Find(ctx, actor, query, models.Confidentiality(in.Label))
	if errors.Is(err, search.ErrCursor) {
		return nil, models.Invalid{"cursor": "lists.cursor_invalid"}
	}
	if err != nil {
		return nil, err
	}
	answer.Body.Total, answer.Body.Rebuilding = results.Total, results.Rebuilding
	if results.Next != "" {
		answer.Body.Next = &results.Next
	}
	base := f.web.BaseURL.String()
	for _, hit := range results.Hits {
		item := searchHit{Type: hit.Record.Type, ID: hit.Record.ID, Title: hit.Title.Text, Excerpt: hit.Excerpt.Text, URL: base + address(&hit), Lang: hit.Record.Lang, VerifiedUntil: hit.Record.VerifiedUntil}
		if space := actor.Access(hit.Record.SpaceID); space != nil {
			item.Space = space.Slug
		}
		answer.Body.Hits = append(answer.Body.Hits, item)
	}
	answer.Body.Facets["type"], answer.Body.Facets["stage"], answer.Body.Facets["tag"] = apiCounts(results.Facets.Types), apiCounts(results.Facets.Stages), apiCounts(results.Facets.Tags)
	for _, count := range results.Facets.Spaces {
		if space := actor.Access(count.ID); space != nil {
			answer.Body.Facets["space"] = append(answer.Body.Facets["space"], searchCount{space.Slug, count.N})
		}
	}
	answer.Body.Facets["lang"] = apiCounts(results.Facets.Languages)
	for _, count := range results.Facets.Collections {
		answer.Body.Facets["collection"] = append(answer.Body.Facets["collection"], searchCount{strconv.FormatInt(count.ID, 10), count.N})
	}
	return answer, nil
}

func apiCounts(counts []search.Count) []searchCount {
	out := make([]searchCount, len(counts))
	for i, count := range counts {
		out[i] = searchCount{count.Value, count.N}
	}
	return out
}
