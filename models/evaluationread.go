package models

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Assessment is an idea with what the actor has to do with its evaluation.
type Assessment struct {
	Idea      *Idea
	Campaign  *Campaign
	Card      *Scorecard
	Own       *Evaluation // the actor's, nil if they were never given it
	Leads     bool        // the actor is a lead evaluator
	Oversees  bool        // and does not sign the idea
	Author    bool        // or a co-author
	Supported bool        // by the actor
	Over      bool        // the campaign evaluates no more
}

// SeesScores tells whether the actor may read what the evaluators say: those who oversee it and the leads, and evaluators of
// the idea, each once their own evaluation is in. When the campaign evaluates no more, those who oversee it and the leads read
// them even if theirs never came in.
func (a *Assessment) SeesScores() bool {
	if a.Author {
		return false
	}
	if a.Own != nil && (a.Own.State != Assigned || !a.Over) {
		return a.Own.State == Submitted
	}
	return a.Oversees || a.Leads
}

// Evaluates tells whether the actor has the idea to evaluate, or has done so.
func (a *Assessment) Evaluates() bool { return a.Own != nil && a.Own.State != Excluded && !a.Author }

// Assessment finds an idea whose evaluation is the actor's matter: ErrNotFound for everyone else, and for an author whom
// nobody has asked anything.
func (q Queries) Assessment(ctx context.Context, actor *Actor, ideaID int64) (*Assessment, error) {
	idea, err := q.Idea(ctx, actor, ideaID)
	if err != nil {
		return nil, err
	}
	if idea.State != Published || idea.CampaignID == nil {
		return nil, fmt.Errorf("assessment of idea %d: %w", ideaID, ErrNotFound)
	}
	return q.assessment(ctx, actor, idea)
}

func (q Queries) assessment(ctx context.Context, actor *Actor, idea *Idea) (*Assessment, error) {
	signs, err := q.Signs(ctx, idea, actor.ID)
	if err != nil {
		return nil, err
	}
	a := &Assessment{Idea: idea, Author: signs}
	if a.Campaign, err = q.Campaign(ctx, actor, *idea.CampaignID); err != nil {
		return nil, err
	}
	a.Over = a.Campaign.EvaluationOver(q.present())
	if a.Card, err = q.Scorecard(ctx, *idea.CampaignID); err != nil {
		return nil, err
	}
	if a.Card.Version == 0 {
		return nil, fmt.Errorf("assessment of idea %d: %w", idea.ID, ErrNotFound)
	}
	a.Oversees = actor.OverseesEvaluation(a.Campaign) && !a.Author
	if actor.OfTheCompany() {
		if err := q.ownEvaluation(ctx, actor, a); err != nil {
			return nil, err
		}
	}
	if a.Oversees || a.Leads || a.Own != nil {
		return a, nil
	}
	if a.Author {
		var asked bool
		if err := q.raw(ctx, &asked, "SELECT EXISTS (SELECT 1 FROM evaluation_posts WHERE idea_id = ? AND kind = 'question')", idea.ID); err != nil {
			return nil, err
		}
		if asked {
			return a, nil
		}
	}
	return nil, fmt.Errorf("assessment of idea %d: %w", idea.ID, ErrNotFound)
}

// ownEvaluation fills in what an evaluator has to do with an idea.
func (q Queries) ownEvaluation(ctx context.Context, actor *Actor, a *Assessment) error {
	var evaluator Evaluator
	err := q.one(ctx, &evaluator, "SELECT * FROM evaluators WHERE campaign_id = ? AND user_id = ?", a.Campaign.ID, actor.ID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	a.Leads = evaluator.Leads && !a.Author
	own := &Evaluation{}
	switch err := q.one(ctx, own, "SELECT * FROM evaluations WHERE idea_id = ? AND user_id = ?", a.Idea.ID, actor.ID); {
	case err == nil:
		a.Own = own
	case !errors.Is(err, ErrNotFound):
		return err
	}
	return q.raw(ctx, &a.Supported, "SELECT EXISTS (SELECT 1 FROM supports WHERE idea_id = ? AND user_id = ?)", a.Idea.ID, actor.ID)
}

// EvaluationCard is an evaluation with who made it.
type EvaluationCard struct {
	Evaluation
	Name string // empty: an evaluator who has left and is erased
	Role Role
}

// Evaluations are those of an idea, for whoever may read them.
func (q Queries) Evaluations(ctx context.Context, a *Assessment) (cards []EvaluationCard, err error) {
	if !a.SeesScores() {
		return nil, ErrForbidden
	}
	return cards, q.raw(ctx, &cards, `SELECT v.*, coalesce(u.name, '') AS name, coalesce(`+standing+`, '') AS role FROM evaluations v LEFT JOIN users u ON u.id = v.user_id
		WHERE v.idea_id = ? ORDER BY v.id LIMIT ?`, a.Idea.ID, MaxEvaluators)
}

// EvaluationPostCard is a post with who wrote it; where the author may not be named nobody is.
type EvaluationPostCard struct {
	EvaluationPost
	Name string
	Role Role
}

// EvaluationPosts are what is said around the evaluation of an idea, oldest first: to its author only what is theirs, to
// evaluators the discussion once their own evaluation is in.
func (q Queries) EvaluationPosts(ctx context.Context, a *Assessment) (posts []EvaluationPostCard, err error) {
	kinds := []PostKind{AuthorQuestion, AuthorAnswer}
	if a.SeesScores() {
		kinds = append(kinds, EvaluatorMessage)
	}
	err = q.raw(ctx, &posts, `SELECT p.*, coalesce(u.name, '') AS name, coalesce(`+standing+`, '') AS role FROM evaluation_posts p LEFT JOIN users u ON u.id = p.user_id
		WHERE p.idea_id = ? AND p.kind IN ? ORDER BY p.id LIMIT ?`, a.Idea.ID, kinds, maxEvaluationPosts)
	for i := range posts {
		post := &posts[i]
		if post.Kind == AuthorAnswer || a.Author { // the author is not named to evaluators, nor they to the author
			post.UserID, post.Name, post.Role = nil, "", ""
		}
	}
	return posts, err
}

// DeskRow is an idea on an evaluator's desk.
type DeskRow struct {
	ID         int64 // of the evaluation
	IdeaID     int64
	Title      string
	Summary    string
	Lang       string
	State      EvaluationState
	SavedAt    *time.Time
	CampaignID int64
}

// Desk lists the ideas that the actor has to evaluate, or has evaluated, after the evaluation with an id.
func (q Queries) Desk(ctx context.Context, actor *Actor, state EvaluationState, after int64, limit int) (rows []DeskRow, err error) {
	if !actor.OfTheCompany() {
		return nil, nil
	}
	seen, list := q.visible(actor, "i.space_id")
	return rows, q.raw(ctx, &rows, `SELECT v.id, v.idea_id, i.title, i.summary, i.lang, v.state, v.saved_at, v.campaign_id
		FROM evaluations v JOIN evaluators e ON e.campaign_id = v.campaign_id AND e.user_id = v.user_id JOIN ideas i ON i.id = v.idea_id
		WHERE v.user_id = ? AND v.state = ? AND v.id > ? AND i.state = 'published' AND `+seen+` ORDER BY v.id LIMIT ?`, actor.ID, state, after, list, limit)
}

// DeskCampaign is a campaign on an evaluator's desk, with their progress.
type DeskCampaign struct {
	CampaignID int64
	Title      string
	Lang       string
	Leads      bool
	OwnDue     *time.Time // that the scorecard says; nil: the end of the stage, if there is one
	StageEnd   *time.Time
	Open, Done int
}

// Due is by when the evaluations are to be in, nil at any time.
func (d *DeskCampaign) Due() *time.Time {
	if d.OwnDue != nil {
		return d.OwnDue
	}
	return d.StageEnd
}

// DeskCampaigns are the campaigns that the actor evaluates ideas of, newest first.
func (q Queries) DeskCampaigns(ctx context.Context, actor *Actor, limit int) (rows []DeskCampaign, err error) {
	if !actor.OfTheCompany() {
		return nil, nil
	}
	seen, list := q.visible(actor, "c.space_id")
	return rows, q.raw(ctx, &rows, `SELECT e.campaign_id, c.title, c.lang, e.leads, s.due_at AS own_due, n.starts_at AS stage_end,
			coalesce(sum(CASE WHEN v.state = 'assigned' AND i.state = 'published' THEN 1 ELSE 0 END), 0) AS open,
			coalesce(sum(CASE WHEN v.state = 'submitted' AND i.state = 'published' THEN 1 ELSE 0 END), 0) AS done
		FROM evaluators e JOIN campaigns c ON c.id = e.campaign_id JOIN scorecards s ON s.campaign_id = e.campaign_id
		LEFT JOIN campaign_stages t ON t.campaign_id = c.id AND t.kind = 'evaluate' LEFT JOIN campaign_stages n ON n.campaign_id = t.campaign_id AND n.position = t.position + 1
		LEFT JOIN evaluations v ON v.campaign_id = e.campaign_id AND v.user_id = e.user_id LEFT JOIN ideas i ON i.id = v.idea_id
		WHERE e.user_id = ? AND c.published_at IS NOT NULL AND `+seen+`
		GROUP BY e.campaign_id, c.title, c.lang, e.leads, s.due_at, n.starts_at ORDER BY e.campaign_id DESC LIMIT ?`, actor.ID, list, limit)
}

// NextToEvaluate is the idea that comes after another one in the actor's batch of a campaign, or before it; 0 if there is none.
func (q Queries) NextToEvaluate(ctx context.Context, actor *Actor, own *Evaluation, back bool) (ideaID int64, err error) {
	seen, list := q.visible(actor, "i.space_id")
	side, order := ">", "ASC"
	if back {
		side, order = "<", "DESC"
	}
	return ideaID, q.raw(ctx, &ideaID, `SELECT v.idea_id FROM evaluations v JOIN ideas i ON i.id = v.idea_id
		WHERE v.user_id = ? AND v.campaign_id = ? AND v.state = 'assigned' AND v.id `+side+` ? AND i.state = 'published' AND `+seen+" ORDER BY v.id "+order+" LIMIT 1",
		actor.ID, own.CampaignID, own.ID, list)
}

// AskedIdea is an idea whose author the evaluators have asked something that is not answered yet.
type AskedIdea struct {
	ID    int64
	Title string
	Lang  string
}

// AskedIdeas are the ideas that the actor signs with a question that waits for them.
func (q Queries) AskedIdeas(ctx context.Context, actor *Actor, limit int) (ideas []AskedIdea, err error) {
	seen, list := q.visible(actor, "i.space_id")
	return ideas, q.raw(ctx, &ideas, `SELECT i.id, i.title, i.lang FROM ideas i WHERE i.id IN (SELECT id FROM ideas WHERE author_id = ? UNION SELECT idea_id FROM co_authors WHERE user_id = ? AND state = 'joined'
		UNION SELECT a.id FROM hidden_authors h JOIN ideas a ON a.author_id = h.mask_id WHERE h.user_id = ?) AND i.state = 'published' AND `+seen+`
		AND (SELECT p.kind FROM evaluation_posts p WHERE p.idea_id = i.id AND p.kind <> 'message' ORDER BY p.id DESC LIMIT 1) = 'question' ORDER BY i.id DESC LIMIT ?`, actor.ID, actor.ID, actor.ID, list, limit)
}

// OpenEvaluations is how many ideas of a campaign the actor still has to evaluate.
func (q Queries) OpenEvaluations(ctx context.Context, actor *Actor, campaignID int64) (n int, err error) {
	return n, q.raw(ctx, &n, `SELECT count(*) FROM evaluations v JOIN evaluators e ON e.campaign_id = v.campaign_id AND e.user_id = v.user_id JOIN ideas i ON i.id = v.idea_id
		WHERE v.user_id = ? AND v.campaign_id = ? AND v.state = 'assigned' AND i.state = 'published'`, actor.ID, campaignID)
}

// EvaluationProgress says how far the evaluation of a campaign is.
type EvaluationProgress struct {
	Ideas    int // that are evaluated or still worth it
	Lacking  int // evaluators: places that nobody has taken
	Open     int // evaluations
	Done     int
	Disputed int // ideas whose evaluators differ much
}

// EvaluationProgress counts how far the evaluation of a campaign is, for those who oversee it.
func (q Queries) EvaluationProgress(ctx context.Context, card *Scorecard) (p EvaluationProgress, err error) {
	return p, q.one(ctx, &p, `SELECT count(*) AS ideas, coalesce(sum(CASE WHEN t.open + t.done < ? AND t.undecided = 1 THEN ? - t.open - t.done ELSE 0 END), 0) AS lacking,
			coalesce(sum(t.open), 0) AS open, coalesce(sum(t.done), 0) AS done, coalesce(sum(CASE WHEN t.deviation > ? THEN 1 ELSE 0 END), 0) AS disputed
		FROM (SELECT i.id, CASE WHEN `+undecided+` THEN 1 ELSE 0 END AS undecided, coalesce(r.deviation, 0) AS deviation, sum(CASE WHEN v.state = 'assigned' THEN 1 ELSE 0 END) AS open, sum(CASE WHEN v.state = 'submitted' THEN 1 ELSE 0 END) AS done
			FROM ideas i LEFT JOIN evaluations v ON v.idea_id = i.id LEFT JOIN evaluation_results r ON r.idea_id = i.id
			WHERE i.campaign_id = ? AND i.state = 'published' GROUP BY i.id, r.deviation) t
		WHERE t.open + t.done > 0 OR t.undecided = 1`, card.PerIdea, card.PerIdea, highDeviation, card.CampaignID)
}

// ResultOf is what the evaluations of an idea that are in say together.
func ResultOf(evaluations []EvaluationCard) Spread {
	var scores []float64
	for i := range evaluations {
		if evaluations[i].State == Submitted && evaluations[i].Score != nil {
			scores = append(scores, *evaluations[i].Score)
		}
	}
	return SpreadOf(scores)
}
