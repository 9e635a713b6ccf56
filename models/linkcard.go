package models

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// LinkCard is what a link that stands alone in a text leads to: a page outside, or with an idea, a thread, an article or a gathering something of the house.
type LinkCard struct {
	Link
	Idea   *IdeaCard
	Thread *Thread
	Post   int64 // there, which is what the link leads to; 0 for the idea, thread, article or gathering itself

	Article   *ArticleCard
	Gathering *Gathering
}

// Picture is the address of the picture, empty for none. It changes with the picture.
func (l *Link) Picture() string {
	if l.PictureType == "" || l.FetchedAt == nil {
		return ""
	}
	return fmt.Sprintf("/links/%d/picture?v=%d", l.ID, l.FetchedAt.Unix())
}

// Inside tells whether the card shows something of the house.
func (c *LinkCard) Inside() bool {
	return c.Idea != nil || c.Thread != nil || c.Article != nil || c.Gathering != nil
}

// Path is the address of what of the house the card shows.
func (c *LinkCard) Path() string {
	switch {
	case c.Post != 0 && c.Idea != nil:
		return "/ideas/" + strconv.FormatInt(c.Idea.ID, 10) + "/comments/" + strconv.FormatInt(c.Post, 10)
	case c.Post != 0:
		return "/posts/" + strconv.FormatInt(c.Post, 10)
	case c.Idea != nil:
		return c.Idea.Path()
	case c.Article != nil:
		return c.Article.Path()
	case c.Gathering != nil:
		return c.Gathering.Path()
	}
	return c.Thread.Path()
}

// LinkCards are the cards of some texts.
type LinkCards struct {
	ideas, posts, articles, gatherings map[int64][]LinkCard
}

// OfIdea are those of the text of an idea.
func (c LinkCards) OfIdea(id int64) []LinkCard { return c.ideas[id] }

// OfPost are those of a post.
func (c LinkCards) OfPost(id int64) []LinkCard { return c.posts[id] }

// OfArticle are those of the text of an article.
func (c LinkCards) OfArticle(id int64) []LinkCard { return c.articles[id] }

// OfGathering are those of the text of a gathering.
func (c LinkCards) OfGathering(id int64) []LinkCard { return c.gatherings[id] }

// Texts are some texts that the actor has loaded, by what they are of.
type Texts struct {
	Ideas, Articles, Gatherings, Posts []int64
}

type shownLink struct {
	Link
	IdeaID, ArticleID, GatheringID, PostID int64 // of the text
	Target                                 Target
	TargetID                               int64
}

// LinkCards loads the cards of texts that the actor has loaded. What they may not see of the house has none, as
// what is not there has none; outside says whether pages outside have any.
func (q Queries) LinkCards(ctx context.Context, actor *Actor, of Texts, outside bool) (cards LinkCards, err error) {
	links, err := q.shownLinks(ctx, of)
	if err != nil {
		return cards, fmt.Errorf("links of texts: %w", err)
	}
	targets, err := q.targets(ctx, actor, links)
	if err != nil {
		return cards, fmt.Errorf("what links lead to: %w", err)
	}
	cards = LinkCards{map[int64][]LinkCard{}, map[int64][]LinkCard{}, map[int64][]LinkCard{}, map[int64][]LinkCard{}}
	for i := range links {
		link := &links[i]
		card, found := targets[link.key()]
		if link.Target == "" {
			card, found = LinkCard{Link: link.Link}, outside && link.State == LinkReady
		}
		switch {
		case !found:
		case link.IdeaID != 0:
			cards.ideas[link.IdeaID] = append(cards.ideas[link.IdeaID], card)
		case link.ArticleID != 0:
			cards.articles[link.ArticleID] = append(cards.articles[link.ArticleID], card)
		case link.GatheringID != 0:
			cards.gatherings[link.GatheringID] = append(cards.gatherings[link.GatheringID], card)
		default:
			cards.posts[link.PostID] = append(cards.posts[link.PostID], card)
		}
	}
	return cards, nil
}

func (q Queries) shownLinks(ctx context.Context, of Texts) (links []shownLink, err error) {
	const columns = `SELECT l.*, coalesce(t.idea_id, 0) AS idea_id, coalesce(t.article_id, 0) AS article_id, coalesce(t.gathering_id, 0) AS gathering_id, coalesce(t.post_id, 0) AS post_id, coalesce(t.target, '') AS target, coalesce(t.target_id, 0) AS target_id, t.place
		FROM text_links t LEFT JOIN links l ON l.id = t.link_id WHERE `
	var arms []string
	var args []any
	for _, texts := range []struct {
		column string
		ids    []int64
	}{{"t.idea_id", of.Ideas}, {"t.article_id", of.Articles}, {"t.gathering_id", of.Gatherings}, {"t.post_id", of.Posts}} {
		if len(texts.ids) > 0 {
			arms, args = append(arms, columns+texts.column+" IN ?"), append(args, texts.ids)
		}
	}
	if len(arms) == 0 {
		return nil, nil
	}
	return links, q.raw(ctx, &links, strings.Join(arms, " UNION ALL ")+" ORDER BY place", args...)
}

// targetKey is one thing of the house.
type targetKey struct {
	kind Target
	id   int64
}

func (l *shownLink) key() targetKey { return targetKey{l.Target, l.TargetID} }

// targets are those things of the house that some links lead to which the actor may see.
func (q Queries) targets(ctx context.Context, actor *Actor, links []shownLink) (map[targetKey]LinkCard, error) {
	ids := map[Target][]int64{}
	for i := range links {
		ids[links[i].Target] = append(ids[links[i].Target], links[i].TargetID)
	}
	var posts []Post
	if len(ids[TargetPost]) > 0 {
		if err := q.raw(ctx, &posts, "SELECT id, idea_id, thread_id, article_id, gathering_id FROM posts WHERE id IN ? AND removed_at IS NULL", ids[TargetPost]); err != nil {
			return nil, err
		}
	}
	for i := range posts {
		under := posts[i].under()
		ids[under.kind] = append(ids[under.kind], under.id)
	}
	ideas, err := q.IdeaCards(ctx, actor, ids[TargetIdea])
	if err != nil {
		return nil, err
	}
	threads, err := q.threadsOf(ctx, actor, ids[TargetThread])
	if err != nil {
		return nil, err
	}
	articles, err := q.ArticleCards(ctx, actor, ids[TargetArticle])
	if err != nil {
		return nil, err
	}
	gatherings, err := q.GatheringCards(ctx, actor, ids[TargetGathering])
	if err != nil {
		return nil, err
	}
	targets := map[targetKey]LinkCard{}
	for i := range ideas {
		targets[targetKey{TargetIdea, ideas[i].ID}] = LinkCard{Idea: &ideas[i]}
	}
	for i := range threads {
		targets[targetKey{TargetThread, threads[i].ID}] = LinkCard{Thread: &threads[i]}
	}
	for i := range articles {
		targets[targetKey{TargetArticle, articles[i].ID}] = LinkCard{Article: &articles[i]}
	}
	for i := range gatherings {
		targets[targetKey{TargetGathering, gatherings[i].ID}] = LinkCard{Gathering: &gatherings[i]}
	}
	for i := range posts {
		if card, seen := targets[posts[i].under()]; seen {
			card.Post = posts[i].ID
			targets[targetKey{TargetPost, posts[i].ID}] = card
		}
	}
	return targets, nil
}

// under is what the post stands under.
func (p *Post) under() targetKey {
	kind, id := p.About().named()
	return targetKey{Target(kind), id}
}

// threadsOf loads the given threads as far as the actor may see them, in no order.
func (q Queries) threadsOf(ctx context.Context, actor *Actor, ids []int64) (threads []Thread, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, list := q.visible(actor, "t.space_id")
	return threads, q.raw(ctx, &threads, "SELECT t.* FROM threads t WHERE t.id IN ? AND t.state = 'published' AND "+seen, ids, list)
}

// ArticleCards loads the given articles as far as they are published and the actor may see them, in no order.
func (q Queries) ArticleCards(ctx context.Context, actor *Actor, ids []int64) (cards []ArticleCard, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, list := q.visible(actor, "a.space_id")
	return cards, q.raw(ctx, &cards, articleCards+"articles a"+articleCardJoins+" WHERE a.id IN ? AND a.state = 'published' AND "+seen, ids, list)
}

// ShownLink finds a page outside that a text shows which the actor may read.
func (q Queries) ShownLink(ctx context.Context, actor *Actor, id int64) (*Link, error) {
	idea, args := q.readableIdea(actor)
	thread, more := q.readableThread(actor)
	article, its := q.readableArticle(actor)
	gathering, last := q.readableGathering(actor)
	link := &Link{}
	err := q.one(ctx, link, `SELECT l.* FROM links l WHERE l.id = ? AND l.state = 'ready' AND EXISTS (SELECT 1 FROM text_links s LEFT JOIN posts p ON p.id = s.post_id
		LEFT JOIN ideas i ON i.id = coalesce(s.idea_id, p.idea_id) LEFT JOIN threads t ON t.id = p.thread_id LEFT JOIN articles a ON a.id = coalesce(s.article_id, p.article_id) LEFT JOIN gatherings ga ON ga.id = coalesce(s.gathering_id, p.gathering_id)
		WHERE s.link_id = l.id AND p.removed_at IS NULL AND (i.id IS NOT NULL AND `+idea+" OR t.id IS NOT NULL AND "+thread+" OR a.id IS NOT NULL AND "+article+" OR ga.id IS NOT NULL AND "+gathering+"))", slices.Concat([]any{id}, args, more, its, last)...)
	if err != nil {
		return nil, fmt.Errorf("link %d: %w", id, err)
	}
	return link, nil
}
