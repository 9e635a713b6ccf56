package models

import (
	"context"
	"fmt"
	"strconv"
)

// LinkCard is what a link that stands alone in a text leads to: a page outside, or with an idea or a thread something of the house.
type LinkCard struct {
	Link
	Idea   *IdeaCard
	Thread *Thread
	Post   int64 // under the idea or in the thread, which is what the link leads to; 0 for the idea or the thread itself
}

// Picture is the address of the picture, empty for none. It changes with the picture.
func (l *Link) Picture() string {
	if l.PictureType == "" || l.FetchedAt == nil {
		return ""
	}
	return fmt.Sprintf("/links/%d/picture?v=%d", l.ID, l.FetchedAt.Unix())
}

// Inside tells whether the card shows something of the house.
func (c *LinkCard) Inside() bool { return c.Idea != nil || c.Thread != nil }

// Path is the address of what of the house the card shows.
func (c *LinkCard) Path() string {
	switch {
	case c.Post != 0 && c.Idea != nil:
		return "/ideas/" + strconv.FormatInt(c.Idea.ID, 10) + "/comments/" + strconv.FormatInt(c.Post, 10)
	case c.Post != 0:
		return "/posts/" + strconv.FormatInt(c.Post, 10)
	case c.Idea != nil:
		return c.Idea.Path()
	}
	return c.Thread.Path()
}

// LinkCards are the cards of some texts.
type LinkCards struct {
	ideas, posts map[int64][]LinkCard
}

// OfIdea are those of the text of an idea.
func (c LinkCards) OfIdea(id int64) []LinkCard { return c.ideas[id] }

// OfPost are those of a post.
func (c LinkCards) OfPost(id int64) []LinkCard { return c.posts[id] }

type shownLink struct {
	Link
	IdeaID, PostID int64 // of the text
	Target         Target
	TargetID       int64
}

// LinkCards loads the cards of texts of ideas and posts that the actor has loaded. What they may not see of the house has none, as
// what is not there has none; outside says whether pages outside have any.
func (q Queries) LinkCards(ctx context.Context, actor *Actor, ideas, posts []int64, outside bool) (cards LinkCards, err error) {
	links, err := q.shownLinks(ctx, ideas, posts)
	if err != nil {
		return cards, fmt.Errorf("links of texts: %w", err)
	}
	targets, err := q.targets(ctx, actor, links)
	if err != nil {
		return cards, fmt.Errorf("what links lead to: %w", err)
	}
	cards.ideas, cards.posts = map[int64][]LinkCard{}, map[int64][]LinkCard{}
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
		default:
			cards.posts[link.PostID] = append(cards.posts[link.PostID], card)
		}
	}
	return cards, nil
}

func (q Queries) shownLinks(ctx context.Context, ideas, posts []int64) (links []shownLink, err error) {
	const columns = `SELECT l.*, coalesce(t.idea_id, 0) AS idea_id, coalesce(t.post_id, 0) AS post_id, coalesce(t.target, '') AS target, coalesce(t.target_id, 0) AS target_id, t.place
		FROM text_links t LEFT JOIN links l ON l.id = t.link_id WHERE `
	switch {
	case len(ideas) == 0 && len(posts) == 0:
		return nil, nil
	case len(posts) == 0:
		return links, q.raw(ctx, &links, columns+"t.idea_id IN ? ORDER BY t.idea_id, t.place", ideas)
	case len(ideas) == 0:
		return links, q.raw(ctx, &links, columns+"t.post_id IN ? ORDER BY t.post_id, t.place", posts)
	}
	return links, q.raw(ctx, &links, columns+"t.idea_id IN ? UNION ALL "+columns+"t.post_id IN ? ORDER BY place", ideas, posts)
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
		if err := q.raw(ctx, &posts, "SELECT id, idea_id, thread_id FROM posts WHERE id IN ? AND removed_at IS NULL", ids[TargetPost]); err != nil {
			return nil, err
		}
	}
	for i := range posts {
		if posts[i].IdeaID != nil {
			ids[TargetIdea] = append(ids[TargetIdea], *posts[i].IdeaID)
		} else {
			ids[TargetThread] = append(ids[TargetThread], orZero(posts[i].ThreadID))
		}
	}
	ideas, err := q.IdeaCards(ctx, actor, ids[TargetIdea])
	if err != nil {
		return nil, err
	}
	threads, err := q.threadsOf(ctx, actor, ids[TargetThread])
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
	for i := range posts {
		under := targetKey{TargetIdea, orZero(posts[i].IdeaID)}
		if under.id == 0 {
			under = targetKey{TargetThread, orZero(posts[i].ThreadID)}
		}
		if card, seen := targets[under]; seen {
			card.Post = posts[i].ID
			targets[targetKey{TargetPost, posts[i].ID}] = card
		}
	}
	return targets, nil
}

// threadsOf loads the given threads as far as the actor may see them, in no order.
func (q Queries) threadsOf(ctx context.Context, actor *Actor, ids []int64) (threads []Thread, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, list := q.visible(actor, "t.space_id")
	return threads, q.raw(ctx, &threads, "SELECT t.* FROM threads t WHERE t.id IN ? AND t.state = 'published' AND "+seen, ids, list)
}

// ShownLink finds a page outside that a text shows which the actor may read.
func (q Queries) ShownLink(ctx context.Context, actor *Actor, id int64) (*Link, error) {
	idea, args := q.readableIdea(actor)
	thread, more := q.readableThread(actor)
	link := &Link{}
	err := q.one(ctx, link, `SELECT l.* FROM links l WHERE l.id = ? AND l.state = 'ready' AND EXISTS (SELECT 1 FROM text_links s LEFT JOIN posts p ON p.id = s.post_id
		LEFT JOIN ideas i ON i.id = coalesce(s.idea_id, p.idea_id) LEFT JOIN threads t ON t.id = p.thread_id
		WHERE s.link_id = l.id AND p.removed_at IS NULL AND (i.id IS NOT NULL AND `+idea+" OR t.id IS NOT NULL AND "+thread+"))", append(append([]any{id}, args...), more...)...)
	if err != nil {
		return nil, fmt.Errorf("link %d: %w", id, err)
	}
	return link, nil
}
