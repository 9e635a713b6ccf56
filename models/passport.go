package models

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Contribution is something that a person did for an idea, as they themselves see it in their passport.
type Contribution struct {
	As        PassportKind `json:"as"`
	IdeaID    int64        `json:"idea"`
	Title     string       `json:"title"`
	Lang      string       `json:"lang,omitempty"`
	Stage     Stage        `json:"stage"`
	At        time.Time    `json:"at"`
	N         int          `json:"times"` // how many comments, answers or tasks; 0 for a whole project
	ProjectID int64        `json:"project,omitempty"`
}

// Path is the address of what it was done for.
func (c *Contribution) Path() string {
	if c.ProjectID != 0 {
		return numbered("/projects/", c.ProjectID, "")
	}
	return IdeaPath(c.IdeaID, c.Title)
}

// PassportKind is a chapter of a passport.
type PassportKind string

// Chapters of a passport.
const (
	Originated  PassportKind = "originated"
	Built       PassportKind = "built" // signed beside the author, or found words that were taken in
	Argued      PassportKind = "argued"
	Assessed    PassportKind = "evaluated"
	AnsweredFor PassportKind = "decided"
	CarriedOut  PassportKind = "carried_out" // a project, or tasks of one that are done
)

// PassportKinds lists them in the order of a passport.
func PassportKinds() []PassportKind {
	return []PassportKind{Originated, Built, Argued, Assessed, AnsweredFor, CarriedOut}
}

// Passport is what a person contributed to the ideas that they may still read, each chapter newest first and at most limit long.
// Nobody else asks for it: what somebody evaluated is known to them alone. Others see what a link shows, see SharedPassport.
func (q Queries) Passport(ctx context.Context, actor *Actor, limit int) (all []Contribution, err error) {
	for _, kind := range PassportKinds() {
		chapter, err := q.chapter(ctx, actor, kind, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, chapter...)
	}
	return all, nil
}

// chapter is one chapter, as far as the actor's spaces go.
func (q Queries) chapter(ctx context.Context, actor *Actor, kind PassportKind, limit int) (chapter []Contribution, err error) {
	from, args := q.chapterOf(actor, kind)
	err = q.raw(ctx, &chapter, "SELECT i.id AS idea_id, i.title, i.lang, i.stage, t.at, t.n, t.project_id"+from+" ORDER BY t.at DESC, i.id DESC LIMIT ?", append(args, limit)...)
	for i := range chapter {
		chapter[i].As = kind
	}
	return chapter, err
}

// countChapter is how long it is.
func (q Queries) countChapter(ctx context.Context, actor *Actor, kind PassportKind) (n int, err error) {
	from, args := q.chapterOf(actor, kind)
	return n, q.raw(ctx, &n, "SELECT count(*)"+from, args...)
}

func (q Queries) chapterOf(actor *Actor, kind PassportKind) (from string, args []any) {
	seen, list := q.visible(actor, "i.space_id")
	query := passportQuery(kind)
	args = slices.Repeat([]any{actor.ID}, strings.Count(query, "?"))
	return " FROM (" + query + ") t JOIN ideas i ON i.id = t.idea_id WHERE i.state = 'published' AND " + seen, append(args, list)
}

// passportQuery finds what somebody did of a kind, idea by idea; each argument is their id.
func passportQuery(kind PassportKind) string {
	switch kind {
	case Originated:
		return "SELECT id AS idea_id, published_at AS at, 1 AS n, 0 AS project_id FROM ideas WHERE author_id = ?"
	case Built:
		return `SELECT idea_id, answered_at AS at, 1 AS n, 0 AS project_id FROM co_authors WHERE user_id = ? AND state = 'joined'
			UNION ALL SELECT idea_id, decided_at, 1, 0 FROM amendments WHERE author_id = ? AND state = 'accepted'`
	case Argued:
		return `SELECT c.idea_id, c.created_at AS at, l.n, 0 AS project_id FROM posts c
			JOIN (SELECT max(id) AS last, count(*) AS n FROM posts WHERE author_id = ? AND removed_at IS NULL GROUP BY idea_id) l ON l.last = c.id`
	case Assessed:
		return "SELECT idea_id, submitted_at AS at, 1 AS n, 0 AS project_id FROM evaluations WHERE user_id = ? AND state = 'submitted'"
	case AnsweredFor:
		return `SELECT d.idea_id, d.published_at AS at, l.n, 0 AS project_id FROM decisions d
			JOIN (SELECT max(id) AS last, count(*) AS n FROM decisions WHERE author_id = ? AND published_at IS NOT NULL GROUP BY idea_id) l ON l.last = d.id`
	}
	return `SELECT idea_id, ended_at AS at, 0 AS n, id AS project_id FROM projects WHERE owner_id = ? AND state = 'done'
		UNION ALL SELECT p.idea_id, s.done_at, l.n, p.id FROM project_steps s JOIN projects p ON p.id = s.project_id
		JOIN (SELECT max(id) AS last, count(*) AS n FROM project_steps WHERE assignee_id = ? AND done_at IS NOT NULL AND removed_at IS NULL GROUP BY project_id) l ON l.last = s.id`
}
