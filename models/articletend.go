package models

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// unlinkedWindow is how many articles one page of Unlinked looks through at most.
const unlinkedWindow = 1000

// UnlinkedPage is a page of articles to which nothing leads that the actor may see, and from which the next one goes on: 0 at the end.
type UnlinkedPage struct {
	Articles []TrustCard
	Next     int64
}

// Unlinked lists articles of a space that stand under another one, have none under them, and to which no text leads that the actor may
// see, after the id of the last of the page before. The caller has found that the actor arranges the collections there. A page looks
// through so many articles and no more, so it may be short, or empty, and not the last.
func (q Queries) Unlinked(ctx context.Context, actor *Actor, spaceID, after int64, limit int) (page UnlinkedPage, err error) {
	const window = " FROM articles w WHERE w.space_id = ? AND w.parent_id IS NOT NULL AND w.state = 'published' AND w.id > ? ORDER BY w.id"
	seen, list := q.visible(actor, "o.space_id")
	linked, args := q.referringSeen(actor)
	err = q.raw(ctx, &page.Articles, `SELECT o.id, o.title, o.lang, o.version, c.title AS collection_title
		FROM (SELECT w.id`+window+` LIMIT `+strconv.Itoa(unlinkedWindow)+`) k JOIN articles o ON o.id = k.id JOIN collections c ON c.id = o.collection_id
		WHERE `+seen+` AND NOT EXISTS (SELECT 1 FROM articles u WHERE u.parent_id = k.id AND u.state = 'published' LIMIT 1 OFFSET 0)
		AND NOT EXISTS (SELECT 1 FROM `+q.referring()+` WHERE r.target = 'article' AND r.target_id = k.id AND coalesce(a.id, 0) <> k.id AND `+linked+` LIMIT 1 OFFSET 0)
		ORDER BY k.id LIMIT `+strconv.Itoa(limit+1), append([]any{spaceID, after, list}, args...)...)
	if err != nil {
		return page, fmt.Errorf("articles to which nothing leads: %w", err)
	}
	if len(page.Articles) > limit {
		page.Articles = page.Articles[:limit]
		page.Next = page.Articles[limit-1].ID
		return page, nil
	}
	return page, q.raw(ctx, &page.Next, "SELECT w.id"+window+" LIMIT 1 OFFSET "+strconv.Itoa(unlinkedWindow-1), spaceID, after)
}

// DeadLink is a link in an article that leads to nothing in the house.
type DeadLink struct {
	TrustCard
	Reference int64
	Target    Target
	TargetID  int64
	Restore   *Article `gorm:"-"` // what it leads to, where the actor may bring that back
}

// Leads is the address that the article names.
func (d *DeadLink) Leads() string {
	return "/" + string(d.Target) + "s/" + strconv.FormatInt(d.TargetID, 10)
}

// DeadLinks lists the links in the articles of a space that lead to what is withdrawn, removed or was never there, by article, after the
// last of the page before. What is there in a space that the actor does not see is not among it. The caller has found that the actor
// arranges the collections there.
func (q Queries) DeadLinks(ctx context.Context, actor *Actor, spaceID int64, after *DeadLink, limit int) (links []DeadLink, err error) {
	seen, list := q.visible(actor, "o.space_id")
	unseen, hidden := q.leadsUnseen(actor)
	condition, args := "o.space_id = ? AND "+seen+" AND NOT "+unseen, append([]any{spaceID, list}, hidden...)
	if after != nil {
		condition, args = condition+" AND (r.article_id, r.id) > (?, ?)", append(args, after.ID, after.Reference)
	}
	err = q.raw(ctx, &links, `SELECT o.id, o.title, o.lang, o.version, c.title AS collection_title, r.id AS reference, r.target, r.target_id
		FROM text_references r JOIN articles o ON o.id = r.article_id JOIN collections c ON c.id = o.collection_id
		WHERE r.gone AND r.article_id IS NOT NULL AND o.state = 'published' AND `+condition+" ORDER BY r.article_id, r.id LIMIT "+strconv.Itoa(limit), args...)
	if err != nil {
		return nil, fmt.Errorf("dead links: %w", err)
	}
	return links, q.restorable(ctx, actor, links)
}

// leadsUnseen is the condition that a reference r leads to what is, or was, in a space that the actor does not see.
func (q Queries) leadsUnseen(actor *Actor) (condition string, args []any) {
	conditions := make([]string, 0, 4)
	for _, target := range []struct{ kind, rows, space string }{
		{"idea", "ideas x", "x.space_id"},
		{"thread", "threads x", "x.space_id"},
		{"article", "articles x", "x.space_id"},
		{"event", "gatherings x", "x.space_id"},
		{"post", "posts x LEFT JOIN ideas i ON i.id = x.idea_id LEFT JOIN threads t ON t.id = x.thread_id LEFT JOIN articles a ON a.id = x.article_id LEFT JOIN gatherings ga ON ga.id = x.gathering_id", "coalesce(i.space_id, t.space_id, a.space_id, ga.space_id)"},
	} {
		seen, list := q.visible(actor, target.space)
		conditions = append(conditions, "r.target = '"+target.kind+"' AND EXISTS (SELECT 1 FROM "+target.rows+" WHERE x.id = r.target_id AND NOT ("+seen+") LIMIT 1 OFFSET 0)")
		args = append(args, list)
	}
	return "(" + strings.Join(conditions, " OR ") + ")", args
}

// restorable finds the withdrawn articles to which links lead that the actor may bring back.
func (q Queries) restorable(ctx context.Context, actor *Actor, links []DeadLink) error {
	var ids []int64
	for i := range links {
		if links[i].Target == TargetArticle {
			ids = append(ids, links[i].TargetID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	condition, args := q.readableArticle(actor)
	var found []Article
	err := q.raw(ctx, &found, "SELECT a.id, a.space_id, a.title, a.lang, a.author_id, a.withdrawn_by FROM articles a WHERE a.id IN ? AND a.state = 'withdrawn' AND a.withdrawn_with = a.id AND "+condition, append([]any{ids}, args...)...)
	if err != nil {
		return fmt.Errorf("withdrawn articles to which links lead: %w", err)
	}
	for i := range links {
		for j := range found {
			if links[i].Target == TargetArticle && found[j].ID == links[i].TargetID && actor.MayRestoreArticle(&found[j]) {
				links[i].Restore = &found[j]
			}
		}
	}
	return nil
}
