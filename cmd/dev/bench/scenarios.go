package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ruche/models"
)

// plan builds the requests that are measured, from what the database holds.
type plan struct {
	ctx     context.Context
	db      *models.DB
	people  *people
	words   words
	paths   []string // of ideas that the measured people see
	ids     []int64
	voted   *models.Campaign
	options []models.VotingOption
	thread  *models.Thread     // the long one
	article *models.Article    // the old one
	shelf   *models.Collection // that one's
	shelved []models.ArticleNode
	run     string // makes the forms of this run differ from those of the last
}

// newPlan looks up ideas all over the lists: new, old, loved and forgotten ones.
func newPlan(ctx context.Context, db *models.DB, people *people, w words) (*plan, error) {
	p := &plan{ctx: ctx, db: db, people: people, words: w, run: strconv.FormatInt(time.Now().UnixNano(), 36)}
	known := map[int64]bool{}
	for _, sort := range models.Sorts() {
		query := models.IdeaQuery{Sort: sort, Limit: 30}
		for range 10 {
			cards, next, err := db.Ideas(ctx, people.usual[0].actor, query)
			if err != nil {
				return nil, err
			}
			for i := range cards {
				if !known[cards[i].ID] {
					known[cards[i].ID] = true
					p.ids, p.paths = append(p.ids, cards[i].ID), append(p.paths, cards[i].Path())
				}
			}
			if query.After = next; next == nil {
				break
			}
		}
	}
	campaigns, err := db.Imported(ctx, "campaigns")
	if err != nil {
		return nil, err
	}
	if p.voted, err = db.Campaign(ctx, people.usual[0].actor, campaigns[campaignName(votedCampaign)]); err != nil {
		return nil, err
	}
	if p.options, err = db.VotingOptions(ctx, p.voted.ID); err != nil {
		return nil, err
	}
	return p, p.long()
}

// long finds the thread and the article that have much behind them.
func (p *plan) long() error {
	actor := p.people.usual[0].actor
	threads, err := p.db.Imported(p.ctx, "threads")
	if err != nil {
		return err
	}
	if p.thread, err = p.db.Thread(p.ctx, actor, threads[longThread]); err != nil {
		return err
	}
	articles, err := p.db.Imported(p.ctx, "articles")
	if err != nil {
		return err
	}
	if p.article, err = p.db.Article(p.ctx, actor, articles[oldArticle]); err != nil {
		return err
	}
	if p.shelf, err = p.db.Collection(p.ctx, actor, p.article.CollectionID); err != nil {
		return err
	}
	p.shelved, err = p.db.ArticlesUnder(p.ctx, p.article.CollectionID, 0, nil, topArticles)
	return err
}

// articles are addresses of some.
func (p *plan) articles() (paths []string) {
	for i := range p.shelved {
		paths = append(paths, p.shelved[i].Path())
	}
	return paths
}

// page is the n'th page of the list of trending ideas.
func (p *plan) page(n int) (string, error) {
	query := models.IdeaQuery{Sort: models.SortTrending, Limit: 30}
	for range n - 1 {
		_, next, err := p.db.Ideas(p.ctx, p.people.usual[0].actor, query)
		if err != nil {
			return "", err
		}
		if next == nil {
			return "", fmt.Errorf("the list has no page %d", n)
		}
		query.After = next
	}
	return "/ideas?cursor=" + query.After.String(), nil
}

// get asks for pages as the usual people, in turn.
func (p *plan) get(name string, paths ...string) scenario {
	return scenario{name: name, perSize: true, next: func(worker, n int) request {
		return request{method: http.MethodGet, path: paths[(n*7+worker)%len(paths)], header: p.people.usual[(n+worker)%benchPeople].header, want: http.StatusOK}
	}}
}

func (p *plan) as(who *person, name, path string) scenario {
	return scenario{name: name, perSize: true, next: func(int, int) request {
		return request{method: http.MethodGet, path: path, header: who.header, want: http.StatusOK}
	}}
}

func (p *plan) scenarios() ([]scenario, error) {
	twentieth, err := p.page(20)
	if err != nil {
		return nil, err
	}
	rare := make([]string, rareWords)
	for n := range rare {
		rare[n] = rareWord(n)
	}
	home := p.get("home", "/")
	home.perSize = false // no target is set for it
	list := []scenario{home, p.get(listTrending, "/ideas")}
	for _, sort := range models.Sorts()[1:] {
		list = append(list, p.get("list, "+string(sort), "/ideas?sort="+string(sort)))
	}
	list = append(list,
		p.get("list, page 20", twentieth),
		p.get("list, common tag", "/ideas?tag="+url.QueryEscape(p.words.Tag)),
		p.get("list, rare tag", "/ideas?tag="+url.QueryEscape(rareTag)),
		p.get("list, stage", "/ideas?stage=evaluated"),
		p.get("list, tag and stage", "/ideas?stage=evaluated&tag="+url.QueryEscape(p.words.Tag)),
		p.get("list, campaign", fmt.Sprintf("/ideas?campaign=%d", p.voted.ID)),
		p.get("list, space", "/ideas?space=espace-0"),
		p.as(p.people.narrow, "list, one space seen", "/ideas"),
		p.as(p.people.empty, "list, empty space seen", "/ideas"),
		p.as(p.people.wide, "list, 40 spaces seen", "/ideas"),
		p.get("board", "/ideas?view=board"),
		p.get("board, campaign", fmt.Sprintf("/ideas?view=board&campaign=%d", p.voted.ID)),
		p.get(ideaPage, p.paths...),
		p.get("threads", "/discussions"),
		p.get("threads, unanswered", "/discussions?filter=unanswered"),
		p.get("threads, common tag", "/discussions?tag="+url.QueryEscape(p.words.Tag)),
		p.get("threads, space", "/discussions?space=espace-0"),
		p.get(threadPage, p.thread.PageOf(longPosts/2)),
		p.get(threadStart, p.thread.Path()),
		p.get(threadEnd, p.thread.PageOf(longPosts)),
		p.get("collections", "/knowledge"),
		p.get("collection", p.shelf.Path()),
		p.get("article page", p.articles()...),
		p.get("article, what leads to it", fmt.Sprintf("/articles/%d/links", p.article.ID)),
		p.get("article, its versions", fmt.Sprintf("/articles/%d/versions", p.article.ID)),
		p.get("article, what changed", fmt.Sprintf("/articles/%d/versions/%d?since=1", p.article.ID, oldVersions)),
		p.get("campaigns", "/campaigns"),
		p.get("campaign page", p.voted.Path()),
		p.get("ballot", fmt.Sprintf("/campaigns/%d/ballot", p.voted.ID)),
		p.get("search, common word", searches(p.words.Common, "")...),
		p.get("search, rare word", searches(rare, "")...),
		p.get("search, two words", searches(p.words.Pairs, "")...),
		p.get(searchFiltered, searches(p.words.Common, "&type=idea&stage=proposed")...),
		p.get("suggestions", suggestions(append(p.words.Common, p.words.Pairs...))...),
		p.api(),
	)
	return append(list, p.support(), p.cast(), p.comment(), p.post()), nil
}

// Names that the targets refer to.
const (
	listTrending   = "list, trending"
	ideaPage       = "idea page"
	threadPage     = "thread page, 50 of 5,000 posts"
	threadStart    = "thread page, the first posts"
	threadEnd      = "thread page, the last posts"
	searchFiltered = "search, type and stage"
	supportToggle  = "support, unsupport"
	postComment    = "comment"
)

func searches(words []string, filters string) (paths []string) {
	for _, word := range words {
		paths = append(paths, "/search?q="+url.QueryEscape(word)+filters)
	}
	return paths
}

// suggestions are asked for after four letters.
func suggestions(words []string) (paths []string) {
	for _, word := range words {
		paths = append(paths, "/search/suggestions?q="+url.QueryEscape(string([]rune(word)[:4])))
	}
	return paths
}

func (p *plan) api() scenario {
	return scenario{name: "API, list", perSize: true, next: func(int, int) request {
		return request{method: http.MethodGet, path: "/api/v1/ideas?limit=30", header: p.people.bearer, want: http.StatusOK}
	}}
}

// support gives an idea each worker's support and takes it back, as the button does.
func (p *plan) support() scenario {
	return scenario{name: supportToggle, writes: true, next: func(worker, n int) request {
		who := p.people.usual[worker%benchPeople]
		header := who.header.Clone()
		header.Set("Ruche-In-Place", "1")
		id := p.ids[worker*5%len(p.ids)]
		return request{method: http.MethodPost, path: fmt.Sprintf("/ideas/%d/supports", id), form: fmt.Sprintf("supported=%d", 1-n%2), header: header, want: http.StatusNoContent}
	}}
}

// cast says something else each time in the ballot of the person whom a program speaks for.
func (p *plan) cast() scenario {
	header := p.people.bearer.Clone()
	header.Set("Content-Type", "application/json")
	return scenario{name: "API, cast a ballot", writes: true, next: func(worker, n int) request {
		lines := make([]string, min(ballotMarks, len(p.options)))
		for i := range lines {
			lines[i] = fmt.Sprintf(`{"idea":%d,"amount":%d}`, p.options[i].IdeaID, 1+(n+worker+i)%5)
		}
		return request{
			method: http.MethodPut, path: fmt.Sprintf("/api/v1/campaigns/%d/ballot", p.voted.ID), form: `{"lines":[` + strings.Join(lines, ",") + `]}`, header: header, want: http.StatusOK,
		}
	}}
}

func (p *plan) comment() scenario {
	return scenario{name: postComment, writes: true, next: func(worker, n int) request {
		form := url.Values{"body": {"Une remarque du banc d’essai sur **ce point**, la " + strconv.Itoa(n) + "e."}, "once": {p.once("c", worker, n)}}
		return request{
			method: http.MethodPost, path: fmt.Sprintf("/ideas/%d/comments", p.ids[(n*32+worker)%len(p.ids)]), form: form.Encode(),
			header: p.people.usual[worker%benchPeople].header, want: http.StatusSeeOther,
		}
	}}
}

func (p *plan) post() scenario {
	body := strings.Repeat("Une idée du banc d’essai, avec une liste et un lien vers [la maison](https://example.test).\n\n- d’abord\n- ensuite\n\n", 4)
	return scenario{name: "post an idea", writes: true, next: func(worker, n int) request {
		form := url.Values{
			"space": {"espace-0"}, "title": {fmt.Sprintf("Idée de mesure %d-%d", worker, n)}, "body": {body}, "tags": {"mesure, banc"}, "once": {p.once("i", worker, n)},
		}
		return request{method: http.MethodPost, path: "/ideas", form: form.Encode(), header: p.people.usual[worker%benchPeople].header, want: http.StatusSeeOther}
	}}
}

func (p *plan) once(kind string, worker, n int) string {
	return fmt.Sprintf("%s-%s-%d-%d", kind, p.run, worker, n)
}
