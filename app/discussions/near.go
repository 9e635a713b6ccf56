package discussions

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	"ruche/search"
	views "ruche/views/discussions"
	"ruche/views/layout"
	"ruche/views/parts"
)

// How many similar articles, threads and ideas the form names, and the page of a thread in all.
const (
	nearArticles = 3
	nearThreads  = 4
	nearIdeas    = 2
	shownNear    = 4
)

// nearTo is what a title that is being written resembles: articles, which may answer it, threads, of which solved ones come first for somebody with a question, and ideas.
func (f *Discussions) nearTo(ctx context.Context, actor *models.Actor, title string, kind models.ThreadKind) (near views.NearAll, err error) {
	hits := writing.Near(ctx, f.index, actor, title, "article")
	if near.Articles, err = f.writing.NearArticles(ctx, actor, hits, nearArticles); err != nil {
		return near, err
	}
	if near.Threads, err = f.writing.NearThreads(ctx, actor, hits, nearThreads); err != nil {
		return near, err
	}
	if kind == models.Question {
		slices.SortStableFunc(near.Threads, func(a, b parts.NearThread) int {
			switch {
			case a.Solved == b.Solved:
				return 0
			case a.Solved:
				return -1
			}
			return 1
		})
	}
	var refs []search.Ref
	for i := range hits {
		if hits[i].Record.Type == "idea" && len(refs) < nearIdeas {
			refs = append(refs, search.Ref{Type: "idea", ID: hits[i].Record.ID})
		}
	}
	near.Ideas, err = f.named(ctx, actor, refs)
	return near, err
}

// near is what a thread resembles by its title, as it was found a short while before.
func (f *Discussions) near(ctx context.Context, actor *models.Actor, thread *models.Thread) ([]views.Near, error) {
	refs, err := f.nearby.To(f.index, f.db.Now(), thread.Title, actor.SpaceIDs(), "idea", "thread")
	if err != nil { // the page is complete enough without
		slog.WarnContext(ctx, "similar threads not found", "error", err)
	}
	refs = slices.DeleteFunc(refs, func(r search.Ref) bool { return r == search.Ref{Type: "thread", ID: thread.ID} })
	return f.named(ctx, actor, refs[:min(len(refs), shownNear)])
}

// named loads ideas and threads as far as the actor may see them, in their order. What goes on in another idea is left out.
func (f *Discussions) named(ctx context.Context, actor *models.Actor, refs []search.Ref) (near []views.Near, err error) {
	ids := map[string][]int64{}
	for _, ref := range refs {
		ids[ref.Type] = append(ids[ref.Type], ref.ID)
	}
	ideas, err := f.db.IdeaCards(ctx, actor, ids["idea"])
	if err != nil {
		return nil, err
	}
	threads, err := f.db.ThreadCards(ctx, actor, ids["thread"])
	if err != nil {
		return nil, err
	}
	found := map[search.Ref]views.Near{}
	for i := range ideas {
		if c := &ideas[i]; c.Answer != models.AnswerMerged {
			found[search.Ref{Type: "idea", ID: c.ID}] = views.Near{URL: c.Path(), Title: c.Title, Lang: c.Lang, Stage: string(c.Stage)}
		}
	}
	for i := range threads {
		c := &threads[i]
		found[search.Ref{Type: "thread", ID: c.ID}] = views.Near{URL: c.Path(), Title: c.Title, Lang: c.Lang, Posts: c.PostCount, Solved: c.Solved}
	}
	for _, ref := range refs {
		if n, there := found[ref]; there {
			near = append(near, n)
		}
	}
	return near, nil
}

// similar is the part of the form that names what resembles a title, for the script that asks while someone types.
func (f *Discussions) similar(c echo.Context) error {
	title, err := text.Title(c.QueryParam("title"))
	if err != nil {
		title = ""
	}
	var near views.NearAll
	if title != "" {
		if near, err = f.nearTo(c.Request().Context(), web.Actor(c), title, models.ThreadKind(c.QueryParam("kind"))); err != nil {
			return err
		}
	}
	return web.Render(c, http.StatusOK, views.NearList(layout.Page{L: web.Locale(c), Now: f.db.Now()}, near))
}
