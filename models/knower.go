package models

import (
	"context"
	"fmt"
	"slices"
	"strconv"
)

// Knower is somebody who knows about what was searched for, with the terms that say so.
type Knower struct {
	ID      int64
	Name    string
	Role    Role
	Picture int64
	Job     string
	Terms   []string `gorm:"-"`
}

// knowersRead bounds the rows that a few people are chosen from.
const knowersRead = 60

// Knowers are a few people who know about just what words name, by tags or skills: of what is shown only what the actor can still read.
func (q Queries) Knowers(ctx context.Context, actor *Actor, words string, limit int) (knowers []Knower, err error) {
	keys := expertTerms(words)
	keys = keys[:min(len(keys), mostTerms)]
	if len(keys) == 0 || !actor.SignedIn() {
		return nil, nil
	}
	said, args := q.declarersQuery(actor, keys, "1 = 1", nil)
	query := "SELECT n.user_id, s.name AS term, 0 AS score FROM (" + said + ") n JOIN skills s ON s.id = n.skill_id JOIN person_skills h ON h.user_id = n.user_id AND h.skill_id = n.skill_id"
	if len(actor.Spaces) > 0 {
		thread, list := q.visible(actor, "t.space_id")
		article, _ := q.visible(actor, "a.space_id")
		read := "EXISTS (SELECT 1 FROM expertise_evidence e LEFT JOIN threads t ON t.id = e.thread_id AND t.state = 'published' AND t.merged_into_id IS NULL AND " + thread + ` LEFT JOIN articles a ON a.id = e.article_id AND a.state = 'published' AND ` + article + `
			WHERE e.user_id = y.user_id AND e.key = y.key AND e.space_id = y.space_id AND (t.id IS NOT NULL OR a.id IS NOT NULL))`
		shown, more := q.topQuery(actor, keys, read, []any{list, list})
		query, args = "SELECT x.user_id, '#' || x.tag AS term, x.score FROM ("+shown+") x UNION ALL "+query, append(more, args...)
	}
	var rows []struct {
		Knower
		Term string
	}
	err = q.raw(ctx, &rows, "SELECT u.id, u.name, "+standing+" AS role, coalesce(u.picture_id, 0) AS picture, u.job, k.term FROM ("+query+") k JOIN users u ON u.id = k.user_id ORDER BY k.score DESC, u.id, k.term LIMIT "+strconv.Itoa(knowersRead), args...)
	if err != nil {
		return nil, fmt.Errorf("who knows about words: %w", err)
	}
	for i := range rows {
		at := slices.IndexFunc(knowers, func(k Knower) bool { return k.ID == rows[i].ID })
		if at < 0 && len(knowers) < limit {
			at, knowers = len(knowers), append(knowers, rows[i].Knower)
		}
		if at >= 0 && !slices.Contains(knowers[at].Terms, rows[i].Term) {
			knowers[at].Terms = append(knowers[at].Terms, rows[i].Term)
		}
	}
	return knowers, nil
}
