package searches

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf16"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	"ruche/search"
	"ruche/views/parts"
	views "ruche/views/searches"
)

// Routes adds the feature's pages.
func (f *Searches) Routes(g *echo.Group) {
	g.GET("/search", f.results)
	g.GET("/search/suggestions", f.suggestions)
}

// Sizes of the page: results, and terms of the glossary above them.
const (
	pageSize   = 20
	termsShown = 3
	knowers    = 3 // people who know about it
)

func (f *Searches) results(c echo.Context) error {
	actor, l := web.Actor(c), web.Locale(c)
	asked := views.Asked{
		Text: c.QueryParam("q"), Type: c.QueryParam("type"), Space: c.QueryParam("space"), Stage: c.QueryParam("stage"),
		Tag: c.QueryParam("tag"), Sort: c.QueryParam("sort"), Cursor: c.QueryParam("cursor"),
		Language: c.QueryParam("lang"), Collection: c.QueryParam("collection"), Verified: c.QueryParam("verified") == "1",
	}
	if label := models.Confidentiality(c.QueryParam("label")); slices.Contains(models.Confidentialities(), label) {
		asked.Label = string(label)
	}
	query := search.Query{Text: asked.Text, Lang: l.Lang(), Stage: asked.Stage, Tag: asked.Tag, Language: asked.Language, Cursor: asked.Cursor, Limit: pageSize}
	if asked.Type != "" {
		query.Types = []string{asked.Type}
	}
	if asked.Verified {
		query.Verified = f.web.DB.Now()
	}
	if asked.Sort == views.Newest {
		query.Sort = search.Newest
	}
	found := search.Results{}
	space, known := spaceOf(actor, asked.Space)
	collection, numbered := collectionOf(asked.Collection)
	if known && numbered && asked.Text != "" {
		query.Space, query.Collection = space, collection
		var err error
		if found, err = f.Find(c.Request().Context(), actor, query, models.Confidentiality(asked.Label)); errors.Is(err, search.ErrCursor) {
			return models.Invalid{"cursor": "lists.cursor_invalid"}
		} else if err != nil {
			return err
		}
	}
	title := l.T("searches.title")
	if asked.Text != "" {
		title = l.T("searches.title_of", "text", shorten(asked.Text))
	}
	page, err := f.web.Page(c, "search", title)
	if err != nil {
		return err
	}
	view := shown(found)
	if view.Collections, err = f.collections(c.Request().Context(), actor, found.Facets.Collections); err != nil {
		return err
	}
	if asked.Cursor == "" && known && (asked.Type == "" || asked.Type == "article") {
		if view.Terms, err = f.web.DB.TermsAsked(c.Request().Context(), actor, asked.Text, termsShown); err != nil {
			return err
		}
	}
	if asked.Cursor == "" && asked.Type == "" && asked.Space == "" {
		if view.Knowers, err = f.web.DB.Knowers(c.Request().Context(), actor, asked.Text, knowers); err != nil {
			return err
		}
	}
	return web.Render(c, http.StatusOK, views.Index(page, actor, asked, view))
}

// shown is what the page needs of the results.
func shown(r search.Results) views.Results {
	v := views.Results{Total: r.Total, Complete: r.Complete, Next: r.Next, Rebuilding: r.Rebuilding}
	v.Types, v.Spaces, v.Stages, v.Tags = counts(r.Facets.Types), counts(r.Facets.Spaces), counts(r.Facets.Stages), counts(r.Facets.Tags)
	v.Languages = counts(r.Facets.Languages)
	for _, hit := range r.Hits {
		v.Hits = append(v.Hits, views.Hit{Record: hit.Record, URL: address(&hit), Title: fragment(hit.Title), Excerpt: fragment(hit.Excerpt)})
	}
	return v
}

// address is where a hit is to be read.
func address(hit *search.Hit) string {
	switch hit.Record.Type {
	case "comment", "post":
		if hit.Record.IdeaID+hit.Record.ThreadID == 0 { // under an article or an event
			return "/posts/" + strconv.FormatInt(hit.Record.ID, 10)
		}
		return models.About{Idea: hit.Record.IdeaID, Thread: hit.Record.ThreadID}.Post(hit.Record.ID)
	case "thread":
		return models.ThreadPath(hit.Record.ID, hit.Title.Text)
	case "article":
		return models.ArticlePath(hit.Record.ID, hit.Title.Text)
	case "event":
		return models.GatheringPath(hit.Record.ID, hit.Title.Text)
	}
	return models.IdeaPath(hit.Record.IdeaID, hit.Title.Text)
}

func counts(all []search.Count) (out []views.Count) {
	for _, count := range all {
		out = append(out, views.Count(count))
	}
	return out
}

func fragment(f search.Fragment) views.Fragment {
	out := views.Fragment{Text: f.Text, CutBefore: f.CutBefore, CutAfter: f.CutAfter}
	for _, mark := range f.Marks {
		out.Marks = append(out.Marks, parts.Span{Start: mark.Start, End: mark.End})
	}
	return out
}

// spaceOf finds the space of a filter among those the actor may see; an unknown one finds nothing.
func spaceOf(actor *models.Actor, slug string) (id int64, known bool) {
	if slug == "" {
		return 0, true
	}
	if space := actor.AccessTo(slug); space != nil {
		return space.ID, true
	}
	return 0, false
}

// collectionOf reads the number of a collection in a filter; what is no number is in no collection, and finds nothing.
func collectionOf(text string) (id int64, numbered bool) {
	if text == "" {
		return 0, true
	}
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && id > 0
}

// collections are the choices of the filter by collection, with their titles.
func (f *Searches) collections(ctx context.Context, actor *models.Actor, found []search.Count) (choices []views.Count, err error) {
	ids := make([]int64, len(found))
	for i := range found {
		ids[i] = found[i].ID
	}
	titles, err := f.web.DB.CollectionTitles(ctx, actor, ids)
	for _, count := range found {
		if title := titles[count.ID]; title != "" {
			choices = append(choices, views.Count{Value: title, ID: count.ID, N: count.N})
		}
	}
	return choices, err
}

// shownText is how much of a search stands in the title of its page.
const shownText = 80

func shorten(text string) string {
	if runes := []rune(text); len(runes) > shownText {
		return string(runes[:shownText]) + "…"
	}
	return text
}

// suggestion is a line of the command palette; Match are UTF-16 offsets, as scripts count.
type suggestion struct {
	Title string   `json:"title"`
	URL   string   `json:"url"`
	Hint  string   `json:"hint"`
	Icon  string   `json:"icon"`
	Match [][2]int `json:"match"`
}

type suggestionGroup struct {
	Label string       `json:"label"`
	Items []suggestion `json:"items"`
}

func (f *Searches) suggestions(c echo.Context) error {
	actor, l := web.Actor(c), web.Locale(c)
	hits, err := f.Suggest(c.Request().Context(), actor, c.QueryParam("q"), l.Lang())
	if err != nil {
		return err
	}
	ideas := suggestionGroup{Label: l.T("searches.ideas"), Items: []suggestion{}}
	threads := suggestionGroup{Label: l.T("searches.types.thread"), Items: []suggestion{}}
	articles := suggestionGroup{Label: l.T("nav.knowledge"), Items: []suggestion{}}
	events := suggestionGroup{Label: l.T("searches.types.event"), Items: []suggestion{}}
	for _, hit := range hits {
		item := suggestion{Title: hit.Title.Text, URL: address(&hit), Icon: "lightbulb", Match: [][2]int{}}
		for _, mark := range hit.Title.Marks {
			item.Match = append(item.Match, [2]int{units(hit.Title.Text[:mark.Start]), units(hit.Title.Text[:mark.End])})
		}
		switch hit.Record.Type {
		case "thread":
			item.Icon = "messages-square"
			threads.Items = append(threads.Items, item)
		case "article":
			item.Icon = "book-open"
			articles.Items = append(articles.Items, item)
		case "event":
			item.Icon = "calendar"
			events.Items = append(events.Items, item)
		default:
			item.Hint = l.T("stage." + hit.Record.Stage)
			ideas.Items = append(ideas.Items, item)
		}
	}
	return c.JSON(http.StatusOK, map[string][]suggestionGroup{"groups": {ideas, articles, threads, events}})
}

func units(text string) int { return len(utf16.Encode([]rune(text))) }
