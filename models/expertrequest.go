package models

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// AskedState is what became of a request to somebody who knows. One that is open lapses by itself: see Lapsed.
type AskedState string

// States of requests.
const (
	AskedOpen      AskedState = "open"
	AskedAnswered  AskedState = "answered"
	AskedDeclined  AskedState = "declined"
	AskedWithdrawn AskedState = "withdrawn"
	AskedLapsed    AskedState = "lapsed" // is never stored
)

// ExpertRequest says that somebody was asked to answer a question.
type ExpertRequest struct {
	ID        int64
	ThreadID  int64
	ExpertID  int64
	AskerID   int64
	State     AskedState
	Word      string // of who declined
	Times     int    // that it was made within a day, if it was taken back in between
	PostID    *int64 // by which they answered
	CreatedAt time.Time
	EndedAt   *time.Time
}

// Now is what has become of it: one that nobody answered in time is no longer waited for.
func (r *ExpertRequest) Now(now time.Time) AskedState {
	if r.State == AskedOpen && !r.Lapses().After(now) {
		return AskedLapsed
	}
	return r.State
}

// Lapses is until when an answer is waited for.
func (r *ExpertRequest) Lapses() time.Time { return r.CreatedAt.Add(requestWeek) }

// MaxExpertWord is how long the word is with which somebody declines.
const MaxExpertWord = 300

// expertRequest finds a request that concerns the actor, and holds it: one that they made or that was made to them, about what they still read.
func (tx *Tx) expertRequest(id int64) (*ExpertRequest, error) {
	readable, args := tx.readableThread(tx.actor)
	request := &ExpertRequest{}
	args = append([]any{id, tx.actorID(), tx.actorID()}, args...)
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF r"
	}
	err := tx.one(tx.ctx, request, "SELECT r.* FROM expert_requests r JOIN threads t ON t.id = r.thread_id WHERE r.id = ? AND (r.asker_id = ? OR r.expert_id = ?) AND "+readable+lock, args...)
	if err != nil {
		return nil, fmt.Errorf("request %d: %w", id, err)
	}
	return request, nil
}

// DeclineRequest says that the actor does not answer what they were asked, with or without a word, and tells who asked.
func (tx *Tx) DeclineRequest(id int64, word string) (*ExpertRequest, error) {
	if word = oneLine(word); word != "" && !fits(word, MaxExpertWord) {
		return nil, Invalid{"word": "experts.word_invalid"}
	}
	request, err := tx.expertRequest(id)
	if err != nil {
		return nil, err
	}
	if request.ExpertID != tx.actorID() {
		return nil, fmt.Errorf("decline request %d: %w", id, ErrForbidden)
	}
	if err := tx.endRequest(request, AskedDeclined, word); err != nil {
		return nil, err
	}
	if err := tx.forgetAsked(request); err != nil {
		return nil, err
	}
	return request, tx.create(&HouseNotice{UserID: request.AskerID, Kind: NoticeExpertDeclined, ThreadID: &request.ThreadID, CreatedAt: tx.now})
}

// WithdrawRequest takes back that the actor asked somebody, with the word of it.
func (tx *Tx) WithdrawRequest(id int64) (*ExpertRequest, error) {
	request, err := tx.expertRequest(id)
	if err != nil {
		return nil, err
	}
	if request.AskerID != tx.actorID() {
		return nil, fmt.Errorf("withdraw request %d: %w", id, ErrForbidden)
	}
	if err := tx.endRequest(request, AskedWithdrawn, ""); err != nil {
		return nil, err
	}
	return request, tx.forgetAsked(request)
}

// forgetAsked takes back that somebody was told of a request.
func (tx *Tx) forgetAsked(request *ExpertRequest) error {
	_, err := tx.exec("DELETE FROM house_notices WHERE user_id = ? AND thread_id = ? AND kind = ?", request.ExpertID, request.ThreadID, NoticeExpertAsked)
	return err
}

func (tx *Tx) endRequest(request *ExpertRequest, state AskedState, word string) error {
	if request.Now(tx.now) != AskedOpen {
		return fmt.Errorf("request %d is not open: %w", request.ID, ErrConflict)
	}
	request.State, request.Word, request.EndedAt = state, word, &tx.now
	_, err := tx.exec("UPDATE expert_requests SET state = ?, word = ?, ended_at = ? WHERE id = ?", state, word, tx.now, request.ID)
	return err
}

// ExpertRequestCard is a request with its question and the two people.
type ExpertRequestCard struct {
	ExpertRequest
	Title         string
	Lang          string
	AskerName     string
	AskerRole     Role
	AskerPicture  int64
	ExpertName    string
	ExpertRole    Role
	ExpertPicture int64
}

// Path is the address of the question.
func (c *ExpertRequestCard) Path() string { return ThreadPath(c.ThreadID, c.Title) }

// requestsShown bounds the requests that a page lists.
const requestsShown = 50

func (q Queries) requestCards(ctx context.Context, actor *Actor, condition string, args ...any) (cards []ExpertRequestCard, err error) {
	readable, more := q.readableThread(actor)
	role := func(name string) string {
		return "CASE WHEN " + name + ".service THEN 'program' ELSE " + name + ".role END AS "
	}
	return cards, q.raw(ctx, &cards, `SELECT r.*, t.title, t.lang, a.name AS asker_name, `+role("a")+`asker_role, coalesce(a.picture_id, 0) AS asker_picture, x.name AS expert_name, `+role("x")+`expert_role, coalesce(x.picture_id, 0) AS expert_picture
		FROM expert_requests r JOIN threads t ON t.id = r.thread_id JOIN users a ON a.id = r.asker_id JOIN users x ON x.id = r.expert_id
		WHERE `+condition+" AND "+readable+" ORDER BY r.id DESC LIMIT "+strconv.Itoa(requestsShown), append(args, more...)...)
}

// AskedOfMe are the open requests to the actor that have not lapsed, of questions that still wait and that they can read.
func (q Queries) AskedOfMe(ctx context.Context, actor *Actor) ([]ExpertRequestCard, error) {
	cards, err := q.requestCards(ctx, actor, "r.expert_id = ? AND r.state = 'open' AND r.created_at > ? AND t.state = 'published' AND t.closed_at IS NULL AND t.accepted_id IS NULL", actor.ID, q.present().Add(-requestWeek))
	if err != nil {
		return nil, fmt.Errorf("asked of somebody: %w", err)
	}
	return cards, nil
}

// AskedIn are the requests that the actor made in a thread that they have loaded.
func (q Queries) AskedIn(ctx context.Context, actor *Actor, thread *Thread) ([]ExpertRequestCard, error) {
	cards, err := q.requestCards(ctx, actor, "r.thread_id = ? AND r.asker_id = ? AND r.state <> 'withdrawn'", thread.ID, actor.ID)
	if err != nil {
		return nil, fmt.Errorf("asked in thread %d: %w", thread.ID, err)
	}
	return cards, nil
}

// ExpertFigures say how asking goes, of the requests made in a time.
type ExpertFigures struct {
	Asked    int
	Answered int
	Declined int
	Open     int
	Lapsed   int
	Median   time.Duration // from the request to the answer; 0 where nothing was answered
}

// Bounds of the figures: of which time, and of how many requests, the latest.
const (
	FiguredDays  = 90
	mostFigured  = 20_000
	figuredSince = FiguredDays * day
)

// ExpertFigures counts the requests of the last 90 days, those that were taken back left out, for those who animate the community.
func (q Queries) ExpertFigures(ctx context.Context, actor *Actor) (*ExpertFigures, error) {
	if !actor.Can(ArrangeSkills, nil) {
		return nil, ErrForbidden
	}
	now := q.present()
	var rows []ExpertRequest
	err := q.raw(ctx, &rows, "SELECT r.state, r.created_at, r.ended_at FROM expert_requests r WHERE r.created_at > ? AND r.state <> 'withdrawn' ORDER BY r.created_at DESC LIMIT "+strconv.Itoa(mostFigured), now.Add(-figuredSince))
	if err != nil {
		return nil, fmt.Errorf("figures of experts: %w", err)
	}
	figures, times := &ExpertFigures{Asked: len(rows)}, []time.Duration{}
	for i := range rows {
		switch r := &rows[i]; r.Now(now) {
		case AskedAnswered:
			figures.Answered++
			times = append(times, r.EndedAt.Sub(r.CreatedAt))
		case AskedDeclined:
			figures.Declined++
		case AskedLapsed:
			figures.Lapsed++
		default:
			figures.Open++
		}
	}
	figures.Median = medianOf(times)
	return figures, nil
}

// medianOf is the middle one of some times, 0 of none.
func medianOf(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return (times[(len(times)-1)/2] + times[len(times)/2]) / 2
}
