package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Happening is an event as the home page tells it: who did what to which idea, in which thread or under which article or event.
type Happening struct {
	ID        int64
	At        time.Time
	Verb      string
	ActorID   int64
	ActorName string
	ActorRole Role
	IdeaID    int64 // or
	ThreadID  int64 // or
	ArticleID int64
	IdeaTitle string // or that of the thread, article or gathering
	IdeaStage Stage
	PostID    int64 // 0 if it is not about a comment

	GatheringID int64 // under which it was said
}

// recentEvents are how many of the latest events are looked at: a lively discussion makes many of one idea.
const recentEvents = 40

// newsVerbs is the condition of the index events_news.
const newsVerbs = "verb IN ('idea.posted', 'idea.staged', 'post.posted', 'thread.begun')"

// Activity lists the latest happenings in the spaces that the actor may see, newest first, one per idea, thread, article or gathering.
func (q Queries) Activity(ctx context.Context, actor *Actor, limit int) (happenings []Happening, err error) {
	if len(actor.Spaces) == 0 {
		return nil, nil
	}
	muted, err := q.mutes(ctx, actor)
	if err != nil {
		return nil, err
	}
	if actor = muted.unmuted(actor); len(actor.Spaces) == 0 {
		return nil, nil
	}
	keys, args := q.newsKeys(actor)
	seen, list := q.visible(actor, "coalesce(i.space_id, t.space_id, a.space_id, ga.space_id)") // a thread may have moved since
	var rows []Happening
	err = q.each(ctx, func(r *sql.Rows) error {
		var h Happening
		err := r.Scan(&h.ID, &h.At, &h.Verb, &h.ActorID, &h.ActorName, &h.ActorRole, &h.IdeaID, &h.ThreadID, &h.ArticleID, &h.GatheringID, &h.IdeaTitle, &h.IdeaStage, &h.PostID)
		rows = append(rows, h)
		return err
	}, `SELECT e.id, e.at, e.verb, e.actor_id, u.name, `+standing+`, coalesce(i.id, 0), coalesce(t.id, 0), coalesce(a.id, 0), coalesce(ga.id, 0), coalesce(i.title, t.title, a.title, ga.title), coalesce(i.stage, ''), coalesce(c.id, 0)
		FROM (`+keys+`) k JOIN events e ON e.id = k.id
		LEFT JOIN posts c ON e.subject = 'post' AND c.id = e.subject_id
		LEFT JOIN ideas i ON i.id = CASE WHEN e.subject = 'idea' THEN e.subject_id ELSE c.idea_id END
		LEFT JOIN threads t ON t.id = CASE WHEN e.subject = 'thread' THEN e.subject_id ELSE c.thread_id END
		LEFT JOIN articles a ON a.id = c.article_id LEFT JOIN gatherings ga ON ga.id = c.gathering_id
		JOIN users u ON u.id = e.actor_id
		WHERE coalesce(i.state, t.state, a.state, ga.state) = 'published' AND `+seen+` AND (e.subject <> 'post' OR c.removed_at IS NULL) ORDER BY e.id DESC`, append(args, list)...)
	if err == nil {
		rows, err = q.unmutedNews(ctx, muted, rows)
	}
	told := map[About]bool{}
	for _, row := range rows {
		about := About{Idea: row.IdeaID, Thread: row.ThreadID, Article: row.ArticleID, Gathering: row.GatheringID}
		if !told[about] && len(happenings) < limit {
			told[about] = true
			happenings = append(happenings, row)
		}
	}
	return happenings, err
}

// newsKeys finds the latest events in each visible space and merges them, as topIdeas does with ideas.
func (q Queries) newsKeys(actor *Actor) (text string, args []any) {
	list := actor.spaceList()
	if q.postgres() {
		return fmt.Sprintf(`SELECT k.id FROM unnest(string_to_array(?, ',')::bigint[]) AS s(id)
			CROSS JOIN LATERAL (SELECT id FROM events WHERE space_id = s.id AND %s ORDER BY id DESC LIMIT %d) k ORDER BY k.id DESC LIMIT %d`,
			newsVerbs, recentEvents, recentEvents), []any{list}
	}
	return fmt.Sprintf(`SELECT t.id FROM json_each('[' || ? || ']') s CROSS JOIN events t ON t.space_id = s.value AND t.%s
		AND t.id >= (SELECT coalesce(max((SELECT f.id FROM events f WHERE f.space_id = z.value AND f.%s ORDER BY f.id DESC LIMIT 1 OFFSET %d)), 0)
			FROM json_each('[' || ? || ']') z)
		ORDER BY t.id DESC LIMIT %d`, newsVerbs, newsVerbs, recentEvents-1, recentEvents), []any{list, list}
}
