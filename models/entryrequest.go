package models

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// EntryRequest is someone's wish to become a member of a space.
type EntryRequest struct {
	ID        int64
	SpaceID   int64
	UserID    int64
	Message   string // why
	State     RequestState
	Answer    string // a word with the decision
	DecidedBy *int64
	CreatedAt time.Time
	DecidedAt *time.Time
}

func (r *EntryRequest) subject() (string, int64, int64) { return "request", r.ID, r.SpaceID }

// RequestState says what became of a request.
type RequestState string

// States of a request.
const (
	RequestOpen      RequestState = "open"
	RequestApproved  RequestState = "approved"
	RequestDeclined  RequestState = "declined"
	RequestWithdrawn RequestState = "withdrawn" // by who asked, or because their access has ended
)

// Bounds of requests: how long a word may be, how many a person has open, and how long a refusal holds.
const (
	MaxRequestWords = 500
	maxOpenRequests = 10
	declinedFor     = 7 * 24 * time.Hour
)

// RequestCard is an open request as those who decide see it.
type RequestCard struct {
	EntryRequest
	Name         string
	Role         Role
	Job          string
	Site         string
	Organisation string
}

// OwnRequest is the actor's own newest request in a space, nil if they never asked.
func (q Queries) OwnRequest(ctx context.Context, actor *Actor, spaceID int64) (*EntryRequest, error) {
	request := &EntryRequest{}
	err := q.one(ctx, request, "SELECT * FROM entry_requests WHERE user_id = ? AND space_id = ? ORDER BY id DESC LIMIT 1", actor.ID, spaceID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return request, err
}

// EntryRequests lists the open requests of a space, oldest first, after the given id, for those who decide. Whoever has
// no access to the house any more asks for nothing.
func (q Queries) EntryRequests(ctx context.Context, actor *Actor, space *Space, after int64, limit int) (cards []RequestCard, err error) {
	if err := actor.Refusal(ManageSpace, space); err != nil {
		return nil, err
	}
	here, now := q.here()
	return cards, q.raw(ctx, &cards, `SELECT r.*, u.name, u.role, u.job, u.site, u.organisation FROM entry_requests r JOIN users u ON u.id = r.user_id
		WHERE r.space_id = ? AND r.state = 'open' AND r.id > ? AND `+here+" ORDER BY r.id LIMIT ?", space.ID, after, now, limit)
}

// CountRequests is how many open requests of a space wait for a decision of the actor's, none where they decide nothing.
func (q Queries) CountRequests(ctx context.Context, actor *Actor, space *Space) (n int, err error) {
	if !actor.Can(ManageSpace, space) {
		return 0, nil
	}
	here, now := q.here()
	return n, q.raw(ctx, &n, "SELECT count(*) FROM entry_requests r JOIN users u ON u.id = r.user_id WHERE r.space_id = ? AND r.state = 'open' AND "+here, space.ID, now)
}

// requestWords tidies what goes with a request or its answer.
func requestWords(field, words string) (string, error) {
	words = strings.TrimSpace(words)
	if utf8.RuneCountInString(words) > MaxRequestWords || words != "" && !readable(words) {
		return "", Invalid{field: "spaces.words_invalid"}
	}
	return words, nil
}

// AskToJoin adds the actor's request and tells those who decide. There is one at a time for a person and a space; a
// refusal holds for a week.
func (tx *Tx) AskToJoin(space *Space, message string) (*EntryRequest, error) {
	message, err := requestWords("message", message)
	if err != nil {
		return nil, err
	}
	before, err := tx.OwnRequest(tx.ctx, tx.actor, space.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case before == nil:
	case before.State == RequestOpen:
		return nil, Invalid{"message": "spaces.asked_already"}
	case before.State == RequestDeclined && before.DecidedAt != nil && tx.now.Sub(*before.DecidedAt) < declinedFor:
		return nil, Invalid{"message": "spaces.asked_lately"}
	}
	var open int
	if err := tx.raw(tx.ctx, &open, "SELECT count(*) FROM entry_requests WHERE user_id = ? AND state = 'open'", tx.actorID()); err != nil {
		return nil, err
	}
	if open >= maxOpenRequests {
		return nil, Invalid{"message": "spaces.asked_enough"}
	}
	request := &EntryRequest{SpaceID: space.ID, UserID: tx.actorID(), Message: message, State: RequestOpen, CreatedAt: tx.now}
	if err := tx.create(request); errors.Is(err, ErrConflict) { // the same form was sent twice at once
		return nil, Invalid{"message": "spaces.asked_already"}
	} else if err != nil {
		return nil, err
	}
	return request, tx.tellManagers(space, request)
}

// OpenRequest finds a request that is still to be decided, of someone who has access to the house; ErrConflict if it has
// been decided. On PostgreSQL it is held until the transaction ends.
func (tx *Tx) OpenRequest(space *Space, id int64) (*EntryRequest, *User, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE"
	}
	request := &EntryRequest{}
	if err := tx.one(tx.ctx, request, "SELECT * FROM entry_requests WHERE id = ? AND space_id = ?"+lock, id, space.ID); err != nil {
		return nil, nil, err
	}
	if request.State != RequestOpen {
		return nil, nil, fmt.Errorf("request %d is %s: %w", id, request.State, ErrConflict)
	}
	here, now := tx.here()
	user := &User{}
	return request, user, tx.one(tx.ctx, user, "SELECT u.* FROM users u WHERE u.id = ? AND "+here, request.UserID, now)
}

// CloseRequest ends an open request with the given state and word, and what was said of it to those who decide. Of a
// decision whoever asked is told.
func (tx *Tx) CloseRequest(request *EntryRequest, state RequestState, answer string) error {
	answer, err := requestWords("answer", answer)
	if err != nil {
		return err
	}
	request.State, request.Answer, request.DecidedAt = state, answer, &tx.now
	if state != RequestWithdrawn {
		request.DecidedBy = orNull(tx.actorID())
	}
	_, err = tx.exec("UPDATE entry_requests SET state = ?, answer = ?, decided_by = ?, decided_at = ? WHERE id = ?", state, answer, request.DecidedBy, tx.now, request.ID)
	if err == nil {
		_, err = tx.exec("UPDATE space_notices SET read_at = ? WHERE request_id = ? AND read_at IS NULL", tx.now, request.ID)
	}
	if err != nil || state == RequestWithdrawn {
		return err
	}
	kind := NoticeApproved
	if state == RequestDeclined {
		kind = NoticeDeclined
	}
	return tx.NotifySpace(SpaceNotice{UserID: request.UserID, Kind: kind, SpaceID: request.SpaceID, RequestID: &request.ID})
}

// letIn answers the open request of someone who becomes a member in whatever way.
func (tx *Tx) letIn(spaceID, userID int64) error {
	request := &EntryRequest{}
	err := tx.one(tx.ctx, request, "SELECT * FROM entry_requests WHERE user_id = ? AND space_id = ? AND state = 'open'", userID, spaceID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.CloseRequest(request, RequestApproved, "")
}

// WithdrawRequests ends the open requests of those who have no access to the house any more.
func (tx *Tx) WithdrawRequests() error {
	here, now := tx.here()
	gone := "SELECT r.id FROM entry_requests r JOIN users u ON u.id = r.user_id WHERE r.state = 'open' AND NOT (" + here + ")"
	if _, err := tx.exec("UPDATE space_notices SET read_at = ? WHERE read_at IS NULL AND request_id IN ("+gone+")", tx.now, now); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE entry_requests SET state = 'withdrawn', decided_at = ? WHERE id IN ("+gone+")", tx.now, now)
	return err
}
