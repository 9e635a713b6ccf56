package models

import (
	"context"
	"fmt"
	"time"
)

// Happening is an event as the home page tells it: who did what to which idea.
type Happening struct {
	ID        int64
	At        time.Time
	Verb      string
	ActorID   int64
	ActorName string
	IdeaID    int64
	IdeaTitle string
	IdeaStage Stage
	CommentID int64 // 0 if it is not about a comment
}

// Activity lists the latest happenings in the spaces that the actor may see, newest first, one per idea.
func (q Queries) Activity(ctx context.Context, actor *Actor, limit int) (happenings []Happening, err error) {
	if len(actor.Spaces) == 0 {
		return nil, nil
	}
	const recent = `SELECT id FROM events WHERE space_id = %s AND subject IN ('idea', 'comment')
		AND verb IN ('idea.posted', 'idea.staged', 'comment.posted') ORDER BY id DESC LIMIT 40`
	keys := "SELECT k.id FROM unnest(string_to_array(?, ',')::bigint[]) AS s(id) CROSS JOIN LATERAL (" + fmt.Sprintf(recent, "s.id") + ") k"
	if !q.postgres() {
		keys = "SELECT k.id FROM json_each('[' || ? || ']') s JOIN events k ON k.id IN (" + fmt.Sprintf(recent, "s.value") + ")"
	}
	var rows []Happening
	err = q.raw(ctx, &rows, `SELECT e.id, e.at, e.verb, e.actor_id, u.name AS actor_name, i.id AS idea_id, i.title AS idea_title, i.stage AS idea_stage, coalesce(c.id, 0) AS comment_id
		FROM (`+keys+` ORDER BY k.id DESC LIMIT 80) t JOIN events e ON e.id = t.id
		LEFT JOIN comments c ON e.subject = 'comment' AND c.id = e.subject_id
		JOIN ideas i ON i.id = CASE WHEN e.subject = 'idea' THEN e.subject_id ELSE c.idea_id END
		JOIN users u ON u.id = e.actor_id
		WHERE i.state = 'published' AND (e.subject = 'idea' OR c.removed_at IS NULL) ORDER BY e.id DESC LIMIT 80`, actor.spaceList())
	seen := map[int64]bool{}
	for _, row := range rows {
		if !seen[row.IdeaID] && len(happenings) < limit {
			seen[row.IdeaID] = true
			happenings = append(happenings, row)
		}
	}
	return happenings, err
}
