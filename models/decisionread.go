package models

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Answering is an idea with what its official answer hangs on.
type Answering struct {
	Idea
	Roles Campaign // who runs and sponsors its campaign, and its promise; empty without one
}

// May tells whether the actor may answer the idea.
func (a *Answering) May(actor *Actor) bool { return actor.MayDecide(a.SpaceID, &a.Roles) }

// Due is the day by which the idea is promised an answer, nil if none is or it has one.
func (a *Answering) Due() *time.Time { return dueAt(a.WaitingSince, a.Roles.AnswerDays) }

func dueAt(since *time.Time, days int) *time.Time {
	if since == nil || days == 0 {
		return nil
	}
	due := since.Add(time.Duration(days) * day)
	return &due
}

// Answering finds an idea that the actor may read.
func (q Queries) Answering(ctx context.Context, actor *Actor, id int64) (*Answering, error) {
	idea, err := q.Idea(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return q.Promised(ctx, idea)
}

// LockAnswering is Answering inside a change.
func (tx *Tx) LockAnswering(id int64) (*Answering, error) {
	idea, err := tx.LockIdea(id)
	if err != nil {
		return nil, err
	}
	return tx.Promised(tx.ctx, idea)
}

// Promised is who answers an idea that the actor may read, and by when.
func (q Queries) Promised(ctx context.Context, idea *Idea) (*Answering, error) {
	answering := &Answering{Idea: *idea}
	if idea.CampaignID == nil {
		return answering, nil
	}
	err := q.one(ctx, &answering.Roles, "SELECT id, space_id, sponsor_id, manager_id, answer_days, team_decides FROM campaigns WHERE id = ?", *idea.CampaignID)
	if err == nil && answering.Roles.TeamDecides {
		err = q.raw(ctx, &answering.Roles.Team, "SELECT user_id FROM campaign_team WHERE campaign_id = ? ORDER BY user_id", *idea.CampaignID)
	}
	return answering, err
}

// DecisionCard is an answer with who gave it.
type DecisionCard struct {
	Decision
	AuthorName string
	AuthorRole Role
	AuthorJob  string
}

const decisionCards = "SELECT d.*, u.name AS author_name, " + standing + " AS author_role, u.job AS author_job FROM decisions d JOIN users u ON u.id = d.author_id WHERE "

// Decision is the official answer to an idea that the actor may read, nil if there is none.
func (q Queries) Decision(ctx context.Context, idea *Idea) (*DecisionCard, error) {
	if idea.AnswerID == nil {
		return nil, nil
	}
	card := &DecisionCard{}
	return card, q.one(ctx, card, decisionCards+"d.id = ?", *idea.AnswerID)
}

// AnswersTo are the answers that hold to ideas that the actor may see, by idea; those that are back have none.
func (q Queries) AnswersTo(ctx context.Context, cards []IdeaCard) (map[int64]*Decision, error) {
	var ids []int64
	for i := range cards {
		if cards[i].Answer != "" {
			ids = append(ids, cards[i].ID)
		}
	}
	answers := map[int64]*Decision{}
	if len(ids) == 0 {
		return answers, nil
	}
	var found []Decision
	if err := q.raw(ctx, &found, "SELECT d.* FROM ideas i JOIN decisions d ON d.id = i.answer_id WHERE i.id IN ? AND i.merged_into_id IS NULL", ids); err != nil {
		return nil, err
	}
	for i := range found {
		answers[found[i].IdeaID] = &found[i]
	}
	return answers, nil
}

// maxAnswers bounds the history of the answers to one idea.
const maxAnswers = 50

// Decisions are all answers that were given to an idea that the actor may read, newest first.
func (q Queries) Decisions(ctx context.Context, idea *Idea) (cards []DecisionCard, err error) {
	return cards, q.raw(ctx, &cards, decisionCards+"d.idea_id = ? AND d.published_at IS NOT NULL ORDER BY d.id DESC LIMIT ?", idea.ID, maxAnswers)
}

// Prepared is the answer that is being prepared for an idea, nil if there is none. It is for those who may decide.
func (q Queries) Prepared(ctx context.Context, ideaID int64) (*Decision, error) {
	answer := &Decision{}
	err := q.one(ctx, answer, "SELECT * FROM decisions WHERE idea_id = ? AND published_at IS NULL", ideaID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return answer, err
}

// PreparedCard is an answer that is being prepared, as those who may decide see it in a list.
type PreparedCard struct {
	ID         int64
	IdeaID     int64
	Title      string
	IdeaLang   string
	SpaceID    int64
	Kind       DecisionKind
	ReasonCode string
	Version    int
	SavedAt    time.Time
	AuthorName string
	AuthorRole Role
	Body       string
}

// teamDecides is the condition that the person of the argument helps to run the campaign of a table, and that its team answers.
func teamDecides(t string) string {
	return t + ".team_decides AND EXISTS (SELECT 1 FROM campaign_team h WHERE h.campaign_id = " + t + ".id AND h.user_id = ?)"
}

// mayDecide is the condition that the actor may decide about the row with the columns space and campaign of table t.
func (q Queries) mayDecide(actor *Actor, t string) (condition string, args []any) {
	runs, spaces := q.visible(actor.where(RunCampaigns), t+".space_id")
	takes, others := q.visible(actor.where(PostComment), t+".space_id")
	own := actor.ID
	if actor.External() {
		own = 0
	}
	return "(" + runs + " OR " + takes + " AND EXISTS (SELECT 1 FROM campaigns c WHERE c.id = " + t + ".campaign_id AND (c.manager_id = ? OR c.sponsor_id = ? OR " + teamDecides("c") + ")))", []any{spaces, others, own, own, own}
}

// PreparedAnswers lists what is being prepared and the actor may publish, oldest first, after the given id (0 for the start). Ideas
// that go on in another one are answered there.
func (q Queries) PreparedAnswers(ctx context.Context, actor *Actor, after int64, limit int) (cards []PreparedCard, err error) {
	condition, args := q.mayDecide(actor, "d")
	args = append(args, after, limit)
	return cards, q.raw(ctx, &cards, `SELECT d.id, d.idea_id, i.title, i.lang AS idea_lang, d.space_id, d.kind, d.reason_code, d.version, d.saved_at, u.name AS author_name, `+standing+` AS author_role, substr(d.body, 1, 300) AS body
		FROM decisions d JOIN ideas i ON i.id = d.idea_id AND i.state = 'published' AND i.merged_into_id IS NULL JOIN users u ON u.id = d.author_id
		WHERE d.published_at IS NULL AND `+condition+" AND d.id > ? ORDER BY d.id LIMIT ?", args...)
}

// Decides tells whether there is a campaign or a space in which the actor decides, or a stage that they answer for.
func (q Queries) Decides(ctx context.Context, actor *Actor) (bool, error) {
	if actor.RunsCampaigns() {
		return true, nil
	}
	if !actor.OfTheCompany() {
		return false, nil
	}
	var found bool
	return found, q.raw(ctx, &found, `SELECT EXISTS (SELECT 1 FROM campaigns WHERE manager_id = ?) OR EXISTS (SELECT 1 FROM campaigns WHERE sponsor_id = ?) OR EXISTS (SELECT 1 FROM campaign_stages WHERE answerer_id = ?)
		OR EXISTS (SELECT 1 FROM campaign_team h JOIN campaigns c ON c.id = h.campaign_id WHERE h.user_id = ? AND c.team_decides)`, actor.ID, actor.ID, actor.ID, actor.ID)
}

// DueKey is the place in the list of due answers after which the next page begins.
type DueKey struct {
	At time.Time `json:"t"`
	ID int64     `json:"i"`
}

// String is the key as it stands in an address.
func (k *DueKey) String() string {
	raw, _ := json.Marshal(k) // a number and a time always marshal
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseDueKey reads a key from an address; a malformed one is a mistake at the field "cursor".
func ParseDueKey(text string) (*DueKey, error) {
	key, err := ParsePostKey(text)
	if key == nil || err != nil {
		return nil, err
	}
	return &DueKey{key.At, key.ID}, nil
}

// DueCard is an idea that waits for the answer that it was promised.
type DueCard struct {
	IdeaCard
	Due time.Time
}

// promises are the campaigns with a promise whose ideas the actor may answer, the newest maxPromises.
func (q Queries) promises(ctx context.Context, actor *Actor) (campaigns []Campaign, err error) {
	runs, spaces := q.visible(actor.where(RunCampaigns), "ca.space_id")
	takes, others := q.visible(actor.where(PostComment), "ca.space_id")
	own := actor.ID
	if actor.External() {
		own = 0
	}
	return campaigns, q.raw(ctx, &campaigns, "SELECT ca.id, ca.answer_days FROM campaigns ca WHERE ca.answer_days > 0 AND ca.published_at IS NOT NULL AND ("+runs+" OR "+takes+` AND (ca.manager_id = ? OR ca.sponsor_id = ? OR `+teamDecides("ca")+`))
		AND EXISTS (SELECT 1 FROM ideas i WHERE i.campaign_id = ca.id AND i.state = 'published' AND i.waiting_since IS NOT NULL) ORDER BY ca.id DESC LIMIT ?`, spaces, others, own, own, own, maxPromises)
}

// maxPromises is how many campaigns with unanswered ideas one list looks at.
const maxPromises = 200

// DueAnswers lists the ideas that wait for an answer of the actor's, those that are due first, after the given key. Each
// campaign gives its first few in the order of an index, and the first of all are kept: a promise of days moves all its
// ideas alike, so nothing but the time since when they wait is stored.
func (q Queries) DueAnswers(ctx context.Context, actor *Actor, after *DueKey, limit int) (cards []DueCard, next *DueKey, err error) {
	campaigns, err := q.promises(ctx, actor)
	if err != nil || len(campaigns) == 0 {
		return nil, nil, err
	}
	if after == nil {
		after = &DueKey{At: time.Unix(0, 0)} // no idea is older
	}
	days := map[int64]int{}
	var arms []string
	var args []any
	for _, c := range campaigns {
		days[c.ID] = c.AnswerDays
		since := after.At.Add(-time.Duration(c.AnswerDays) * day).UTC()
		arms = append(arms, "SELECT * FROM (SELECT id, campaign_id, waiting_since FROM ideas WHERE campaign_id = ? AND state = 'published' AND waiting_since IS NOT NULL AND (waiting_since, id) > (?, ?) ORDER BY waiting_since, id LIMIT "+strconv.Itoa(limit+1)+") t")
		args = append(args, c.ID, since, after.ID)
	}
	var waiting []struct {
		ID           int64
		CampaignID   int64
		WaitingSince time.Time
	}
	if err := q.raw(ctx, &waiting, strings.Join(arms, " UNION ALL "), args...); err != nil {
		return nil, nil, fmt.Errorf("due answers: %w", err)
	}
	keys := make([]DueKey, len(waiting))
	for i, w := range waiting {
		keys[i] = DueKey{*dueAt(&w.WaitingSince, days[w.CampaignID]), w.ID}
	}
	slices.SortFunc(keys, func(a, b DueKey) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	if len(keys) > limit {
		keys, next = keys[:limit], &keys[limit-1]
	}
	ids := make([]int64, len(keys))
	for i := range keys {
		ids[i] = keys[i].ID
	}
	found, err := q.IdeaCards(ctx, actor, ids)
	for _, key := range keys {
		if i := slices.IndexFunc(found, func(c IdeaCard) bool { return c.ID == key.ID }); i >= 0 {
			cards = append(cards, DueCard{found[i], key.At})
		}
	}
	return cards, next, err
}

// AnswerTimes is how long the first answers of a campaign took, in days of which the last one is begun.
type AnswerTimes struct {
	Answers    int
	Median     int // half of them took as long or less
	Percentile int // nine of ten did
}

// AnswerTimes are those of a campaign that the actor may see. They are counted as answers are given, by days.
func (q Queries) AnswerTimes(ctx context.Context, campaign *Campaign) (*AnswerTimes, error) {
	var rows []struct{ Days, Answers int }
	if err := q.raw(ctx, &rows, "SELECT days, answers FROM campaign_answers WHERE campaign_id = ? ORDER BY days", campaign.ID); err != nil {
		return nil, err
	}
	times := &AnswerTimes{Median: -1, Percentile: -1}
	for _, row := range rows {
		times.Answers += row.Answers
	}
	sum := 0
	for _, row := range rows {
		sum += row.Answers
		if times.Median < 0 && 2*sum >= times.Answers {
			times.Median = row.Days
		}
		if times.Percentile < 0 && 10*sum >= 9*times.Answers {
			times.Percentile = row.Days
		}
	}
	return times, nil
}

// maxLate is where counting late answers stops.
const maxLate = 1000

// LateAnswers is how many ideas of a campaign that the actor may see wait although the promised day is over, at most maxLate.
func (q Queries) LateAnswers(ctx context.Context, campaign *Campaign) (n int, err error) {
	if campaign.AnswerDays == 0 {
		return 0, nil
	}
	since := q.present().Add(-time.Duration(campaign.AnswerDays) * day)
	return n, q.raw(ctx, &n, `SELECT count(*) FROM (SELECT 1 FROM ideas WHERE campaign_id = ? AND state = 'published' AND waiting_since IS NOT NULL AND waiting_since <= ? LIMIT ?) t`,
		campaign.ID, since, maxLate)
}

// AnswerTemplate is how the house begins an answer.
type AnswerTemplate struct {
	Kind DecisionKind
	Lang string
	Body string
}

// AnswerTemplates are those that the house has written itself.
func (q Queries) AnswerTemplates(ctx context.Context) (templates []AnswerTemplate, err error) {
	return templates, q.raw(ctx, &templates, "SELECT * FROM answer_templates ORDER BY kind, lang LIMIT 100")
}
