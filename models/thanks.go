package models

import (
	"context"
	"slices"
	"time"
)

// Thanks names who had a part in an idea that was carried out, and in those that go on in it, as far as its reader may know it:
// whom the rules hide from them is neither named nor counted.
type Thanks struct {
	Ideas      []IdeaCard // the one that the others go on in first
	Had        []Thanked  // the ideas
	Built      []Thanked  // signed them too, or found words that were taken in
	Evaluated  []Thanked
	Judged     bool // somebody of whom the reader knows no more evaluated them
	Decided    []Thanked
	CarriedOut []Thanked
	Argued     []Thanked // a page of them, by their first comment
	Next       int64     // the comment after which the next page begins, 0 at the end
	Supporters int       // everyone once
	ChosenAt   *time.Time
}

// Thanked is one person with what they did.
type Thanked struct {
	UserID  int64
	Name    string
	Role    Role
	Picture int64
	As      ThankedAs
	N       int    // how many comments or tasks
	IdeaID  int64  // where; 0 for all of them
	Title   string // of that idea
	First   int64  // their first comment
}

// ThankedAs says what somebody did.
type ThankedAs string

// What people are thanked for.
const (
	ThankedAuthor     ThankedAs = "author"
	ThankedCoAuthor   ThankedAs = "co_author"
	ThankedAmender    ThankedAs = "amender"
	ThankedEvaluator  ThankedAs = "evaluator"
	ThankedDecider    ThankedAs = "decider"
	ThankedOwner      ThankedAs = "owner"
	ThankedController ThankedAs = "controller"
	ThankedTasks      ThankedAs = "tasks"
	ThankedComments   ThankedAs = "comments"
)

// maxThanked bounds those of one kind but for who argued, who come in pages: ideas have so many authors and projects so many tasks
// that nobody is left out.
const maxThanked = (MaxOrigins + 1) * 2 * MaxCoAuthors

// thankedPerson are the columns of the person u who is thanked.
const thankedPerson = "u.id AS user_id, u.name, " + standing + " AS role, coalesce(u.picture_id, 0) AS picture"

// Thanks of a project which the caller has loaded as one that the actor may read; of those who argued the page after a comment.
func (q Queries) Thanks(ctx context.Context, actor *Actor, project *ProjectCard, after int64, limit int) (*Thanks, error) {
	thanks := &Thanks{}
	ids, err := q.thankedIdeas(ctx, actor, project, thanks)
	if err != nil || len(ids) == 0 {
		return thanks, err
	}
	for _, list := range []struct {
		into  *[]Thanked
		query string
		args  []any
	}{
		{&thanks.Had, "'author' AS \"as\", i.id AS idea_id, i.title FROM ideas i JOIN users u ON u.id = i.author_id WHERE i.id IN ? ORDER BY i.published_at, i.id", []any{ids}},
		{&thanks.Built, `t."as", i.id AS idea_id, i.title FROM (SELECT c.idea_id, c.user_id, 'co_author' AS "as", c.answered_at AS at FROM co_authors c JOIN ideas i ON i.id = c.idea_id WHERE c.idea_id IN ? AND ` + signs + `
			UNION ALL SELECT idea_id, author_id, 'amender', min(decided_at) FROM amendments WHERE idea_id IN ? AND state = 'accepted' GROUP BY idea_id, author_id) t
			JOIN ideas i ON i.id = t.idea_id JOIN users u ON u.id = t.user_id ORDER BY t.at, u.id`, []any{ids, ids}},
		{&thanks.Decided, `'decider' AS "as", i.id AS idea_id, i.title FROM decisions d JOIN ideas i ON i.id = d.idea_id JOIN users u ON u.id = d.author_id
			WHERE d.idea_id IN ? AND d.kind = 'selected' AND d.published_at IS NOT NULL ORDER BY d.id`, []any{ids}},
		{&thanks.Argued, `'comments' AS "as", t.n, t.first FROM (SELECT author_id, count(*) AS n, min(id) AS first FROM posts WHERE idea_id IN ? AND removed_at IS NULL GROUP BY author_id) t
			JOIN users u ON u.id = t.author_id WHERE t.first > ? AND NOT u.service ORDER BY t.first LIMIT ?`, []any{ids, after, limit + 1}},
	} {
		if list.into != &thanks.Argued {
			list.query, list.args = list.query+" LIMIT ?", append(list.args, maxThanked)
		}
		if err := q.raw(ctx, list.into, "SELECT "+thankedPerson+", "+list.query, list.args...); err != nil {
			return nil, err
		}
	}
	thanks.Built, thanks.Decided = once(thanks.Built), once(thanks.Decided)
	if len(thanks.Argued) > limit {
		thanks.Argued, thanks.Next = thanks.Argued[:limit], thanks.Argued[limit-1].First
	}
	var chosen []time.Time
	if err := q.raw(ctx, &chosen, "SELECT published_at FROM decisions WHERE idea_id IN ? AND kind = 'selected' AND published_at IS NOT NULL ORDER BY published_at LIMIT 1", ids); err != nil {
		return nil, err
	}
	if len(chosen) > 0 {
		thanks.ChosenAt = &chosen[0]
	}
	if err := q.thankedTeam(ctx, actor, project, thanks); err != nil {
		return nil, err
	}
	return thanks, q.thankedEvaluators(ctx, actor, ids, thanks)
}

// once leaves out who is named for the same idea twice.
func once(people []Thanked) (kept []Thanked) {
	for _, p := range people {
		if !slices.ContainsFunc(kept, func(k Thanked) bool { return k.UserID == p.UserID && k.As == p.As && k.IdeaID == p.IdeaID }) {
			kept = append(kept, p)
		}
	}
	return kept
}

// Root is the idea that the idea of a project goes on in, or else that idea.
func (p *ProjectCard) Root() int64 {
	if p.MergedIntoID != nil {
		return *p.MergedIntoID
	}
	return p.IdeaID
}

// thankedIdeas are the ideas that a project carries out and the actor may read.
func (q Queries) thankedIdeas(ctx context.Context, actor *Actor, project *ProjectCard, thanks *Thanks) (ids []int64, err error) {
	var family []int64
	if err := q.raw(ctx, &family, "SELECT i.id FROM ideas i WHERE "+inFamily+" ORDER BY i.id", project.Root(), project.Root()); err != nil {
		return nil, err
	}
	if thanks.Ideas, err = q.IdeaCards(ctx, actor, family); err != nil {
		return nil, err
	}
	slices.SortFunc(thanks.Ideas, func(a, b IdeaCard) int {
		switch project.Root() {
		case a.ID:
			return -1
		case b.ID:
			return 1
		}
		return int(a.ID - b.ID)
	})
	for i := range thanks.Ideas {
		ids = append(ids, thanks.Ideas[i].ID)
	}
	if len(ids) > 0 {
		thanks.Supporters = thanks.Ideas[0].SupportCount
	}
	return ids, nil
}

// thankedTeam adds who carried the project out. Who did what in it, and who counts what it brings, is known to people of the
// company alone.
func (q Queries) thankedTeam(ctx context.Context, actor *Actor, project *ProjectCard, thanks *Thanks) error {
	inside := 0
	if actor.OfTheCompany() {
		inside = 1
	}
	return q.raw(ctx, &thanks.CarriedOut, "SELECT "+thankedPerson+`, t."as", t.n FROM (
			SELECT owner_id AS user_id, 'owner' AS "as", 1 AS n, 1 AS place FROM projects WHERE id = ?
			UNION ALL SELECT assignee_id, 'tasks', count(*), 2 FROM project_steps WHERE project_id = ? AND removed_at IS NULL AND ? = 1 GROUP BY assignee_id
			UNION ALL SELECT controller_id, 'controller', 1, 3 FROM projects WHERE id = ? AND ? = 1) t
		JOIN users u ON u.id = t.user_id ORDER BY t.place, u.name_key, u.id LIMIT ?`, project.ID, project.ID, inside, project.ID, inside, maxSteps+2)
}

// thankedEvaluators adds who evaluated the ideas, as far as the actor may read what they said: see Assessment.SeesScores. Everyone
// else of the company learns that somebody did, which the stages of a campaign say as well.
func (q Queries) thankedEvaluators(ctx context.Context, actor *Actor, ids []int64, thanks *Thanks) error {
	if !actor.OfTheCompany() {
		return nil
	}
	var campaigns []Campaign
	if err := q.raw(ctx, &campaigns, "SELECT DISTINCT c.id, c.space_id, c.sponsor_id, c.manager_id FROM campaigns c JOIN evaluations v ON v.campaign_id = c.id WHERE v.idea_id IN ? AND v.state = 'submitted'", ids); err != nil || len(campaigns) == 0 {
		return err
	}
	of := make([]int64, len(campaigns))
	for i := range campaigns {
		of[i] = campaigns[i].ID
	}
	var helped []int64
	if err := q.raw(ctx, &helped, "SELECT campaign_id FROM campaign_team WHERE campaign_id IN ? AND user_id = ?", of, actor.ID); err != nil {
		return err
	}
	overseen := []int64{0}
	for i := range campaigns {
		if slices.Contains(helped, campaigns[i].ID) {
			campaigns[i].Team = []int64{actor.ID}
		}
		if actor.OverseesEvaluation(&campaigns[i]) {
			overseen = append(overseen, campaigns[i].ID)
		}
	}
	err := q.raw(ctx, &thanks.Evaluated, "SELECT "+thankedPerson+`, 'evaluator' AS "as", i.id AS idea_id, i.title FROM evaluations v JOIN ideas i ON i.id = v.idea_id JOIN users u ON u.id = v.user_id
		LEFT JOIN evaluations own ON own.idea_id = v.idea_id AND own.user_id = ?
		WHERE v.idea_id IN ? AND v.state = 'submitted' AND (v.user_id = ? OR `+authorBehind+` <> ? AND NOT `+coAuthored+` AND (own.id IS NULL OR own.state = 'submitted')
			AND (own.id IS NOT NULL OR v.campaign_id IN ? OR EXISTS (SELECT 1 FROM evaluators e WHERE e.campaign_id = v.campaign_id AND e.user_id = ? AND e.leads)))
		ORDER BY v.id LIMIT ?`, actor.ID, ids, actor.ID, actor.ID, actor.ID, overseen, actor.ID, maxThanked)
	thanks.Judged = len(thanks.Evaluated) == 0
	return err
}
