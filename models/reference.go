package models

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// referenceBatch is how many references one statement stores.
const referenceBatch = 1000

// there is the condition, by kind, that what a reference leads to is there to be read. What was merged leads on.
var there = map[Target]string{
	TargetIdea:      "SELECT 1 FROM ideas x WHERE x.id = text_references.target_id AND (x.state = 'published' OR x.merged_into_id IS NOT NULL)",
	TargetThread:    "SELECT 1 FROM threads x WHERE x.id = text_references.target_id AND (x.state = 'published' OR x.merged_into_id IS NOT NULL)",
	TargetArticle:   "SELECT 1 FROM articles x WHERE x.id = text_references.target_id AND x.state = 'published'",
	TargetGathering: "SELECT 1 FROM gatherings x WHERE x.id = text_references.target_id AND x.state = 'published'",
	TargetPost: `SELECT 1 FROM posts x LEFT JOIN ideas i ON i.id = x.idea_id LEFT JOIN threads t ON t.id = x.thread_id LEFT JOIN articles a ON a.id = x.article_id LEFT JOIN gatherings ga ON ga.id = x.gathering_id
		WHERE x.id = text_references.target_id AND x.removed_at IS NULL AND (i.state = 'published' OR i.merged_into_id IS NOT NULL OR t.state = 'published' OR t.merged_into_id IS NOT NULL OR a.state = 'published' OR ga.state = 'published')`,
}

// Refer stores what of the house some texts lead to, in the place of what they led to before.
func (tx *Tx) Refer(texts []LinkedText) error {
	var rows [][]any
	for i := range texts {
		t := &texts[i]
		for _, lead := range t.Leads {
			rows = append(rows, []any{orNull(t.IdeaID), orNull(t.PostID), orNull(t.ArticleID), orNull(t.GatheringID), lead.Target, lead.ID})
		}
	}
	of := byColumn(texts)
	for column, written := range of {
		if _, err := tx.exec("DELETE FROM text_references WHERE "+column+" IN ?", written); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(rows, referenceBatch) {
		values, args := make([]string, len(some)), make([]any, 0, 6*len(some))
		for i, row := range some {
			values[i], args = "(CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), ?, ?)", append(args, row...)
		}
		if _, err := tx.exec("INSERT INTO text_references (idea_id, post_id, article_id, gathering_id, target, target_id) VALUES "+strings.Join(values, ", "), args...); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	for column, written := range of {
		for kind, found := range there {
			if _, err := tx.exec("UPDATE text_references SET gone = TRUE WHERE "+column+" IN ? AND target = ? AND NOT EXISTS ("+found+")", written, kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// ReferencesGone notes anew whether some things of the house, and the posts under them, are there for the texts that lead to them.
func (tx *Tx) ReferencesGone(kind Target, ids []int64) error {
	column := map[Target]string{TargetIdea: "idea_id", TargetThread: "thread_id", TargetArticle: "article_id", TargetGathering: "gathering_id"}[kind]
	for some := range slices.Chunk(ids, referenceBatch) {
		if _, err := tx.exec("UPDATE text_references SET gone = NOT EXISTS ("+there[kind]+") WHERE target = ? AND target_id IN ?", kind, some); err != nil {
			return err
		}
		if column == "" {
			continue
		}
		_, err := tx.exec("UPDATE text_references SET gone = NOT EXISTS ("+there[TargetPost]+") WHERE target = 'post' AND target_id IN (SELECT id FROM posts WHERE "+column+" IN ?)", some)
		if err != nil {
			return err
		}
	}
	return nil
}

// ReferenceCard is a text that leads to an article: that of an idea, an event or another article, or a post under one of these or in a thread.
type ReferenceCard struct {
	ID      int64 // of the reference, by which they are paged
	Kind    Target
	About   int64 // the idea, thread, article or gathering
	PostID  int64 // the post there; 0 for the text of the idea, the article or the gathering
	Title   string
	Lang    string
	SpaceID int64
}

// Path is the address of the text.
func (r *ReferenceCard) Path() string {
	switch {
	case r.PostID != 0 && r.Kind != TargetIdea:
		return "/posts/" + strconv.FormatInt(r.PostID, 10)
	case r.PostID != 0:
		return "/ideas/" + strconv.FormatInt(r.About, 10) + "/comments/" + strconv.FormatInt(r.PostID, 10)
	case r.Kind == TargetIdea:
		return IdeaPath(r.About, r.Title)
	case r.Kind == TargetGathering:
		return GatheringPath(r.About, r.Title)
	}
	return ArticlePath(r.About, r.Title)
}

// referring joins the text r of a reference with what it stands in or under, row by row: PostgreSQL would rather join whole small tables, and
// then go through all that leads somewhere to sort it, however little of it is wanted.
func (q Queries) referring() string {
	joined := "text_references r"
	for _, join := range []struct{ table, name, id string }{
		{"posts", "p", "r.post_id"}, {"ideas", "i", "coalesce(r.idea_id, p.idea_id)"}, {"threads", "t", "p.thread_id"},
		{"articles", "a", "coalesce(r.article_id, p.article_id)"}, {"gatherings", "ga", "coalesce(r.gathering_id, p.gathering_id)"},
	} {
		if q.postgres() {
			joined += " LEFT JOIN LATERAL (SELECT * FROM " + join.table + " x WHERE x.id = " + join.id + " LIMIT 1) " + join.name + " ON TRUE"
		} else {
			joined += " LEFT JOIN " + join.table + " " + join.name + " ON " + join.name + ".id = " + join.id
		}
	}
	return joined
}

// referringSeen is the condition that the actor may see the text of a reference.
func (q Queries) referringSeen(actor *Actor) (condition string, args []any) {
	idea, list := q.visible(actor, "i.space_id")
	thread, _ := q.visible(actor, "t.space_id")
	article, _ := q.visible(actor, "a.space_id")
	gathering, _ := q.visible(actor, "ga.space_id")
	return "p.removed_at IS NULL AND (i.state = 'published' AND " + idea + " OR t.state = 'published' AND t.merged_into_id IS NULL AND " + thread + " OR a.state = 'published' AND " + article + " OR ga.state = 'published' AND " + gathering + ")", []any{list, list, list, list}
}

// LinkedFrom are the texts that lead to an article, as far as the actor may see them, those written last first, before the id of the
// last of the page before (0 for the start). What stands under the article itself is not among them. The caller has loaded the article
// as one that the actor may read.
func (q Queries) LinkedFrom(ctx context.Context, actor *Actor, articleID, before int64, limit int) (cards []ReferenceCard, err error) {
	seen, args := q.referringSeen(actor)
	args = append([]any{articleID, articleID}, args...)
	older := ""
	if before != 0 {
		older, args = " AND r.id < ?", append(args, before)
	}
	err = q.raw(ctx, &cards, `SELECT r.id, CASE WHEN i.id IS NOT NULL THEN 'idea' WHEN t.id IS NOT NULL THEN 'thread' WHEN ga.id IS NOT NULL THEN 'event' ELSE 'article' END AS kind, coalesce(i.id, t.id, a.id, ga.id) AS about,
		coalesce(r.post_id, 0) AS post_id, coalesce(i.title, t.title, a.title, ga.title) AS title, coalesce(i.lang, t.lang, a.lang, ga.lang) AS lang, coalesce(i.space_id, t.space_id, a.space_id, ga.space_id) AS space_id
		FROM `+q.referring()+" WHERE r.target = 'article' AND r.target_id = ? AND coalesce(a.id, 0) <> ? AND "+seen+older+" ORDER BY r.id DESC LIMIT "+strconv.Itoa(limit), args...)
	if err != nil {
		return nil, fmt.Errorf("links to article %d: %w", articleID, err)
	}
	return cards, nil
}
