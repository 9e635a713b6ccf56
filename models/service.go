package models

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"
	"unicode/utf8"
)

// ServiceGrace is how long the tokens of a program go on for which nobody answers any more. Then they rest until somebody
// does again: what runs every night is not cut off in the middle of a holiday, nor does it run on unwatched for years.
const ServiceGrace = 30 * day

// watched is the condition that the tokens of the user u, if it is a program, do not rest.
func (q Queries) watched() (condition string, since any) {
	return "(u.unanswered_at IS NULL OR NOT u.service OR u.unanswered_at > ?)", q.present().Add(-ServiceGrace)
}

// ServiceCard is a program's account in the list of them.
type ServiceCard struct {
	User
	SponsorName string
	SponsorHere bool // who answers for it still can
	Tokens      int  // that still serve
	UsedAt      *time.Time
}

// RestsAt is when its tokens rest because nobody answers for it; nil if somebody does, or if that nobody does has not been
// noticed yet.
func (s *ServiceCard) RestsAt() *time.Time {
	if s.SponsorHere || s.UnansweredAt == nil {
		return nil
	}
	at := s.UnansweredAt.Add(ServiceGrace)
	return &at
}

// shownServices bounds the list: a company has dozens.
const shownServices = 200

const serviceCards = `SELECT u.*, coalesce(s.name, '') AS sponsor_name,
		EXISTS (SELECT 1 FROM users s WHERE s.id = u.sponsor_id AND ` + answers + `) AS sponsor_here,
		(SELECT count(*) FROM tokens t WHERE t.user_id = u.id AND t.expires_at > ?) AS tokens, (SELECT t.used_at FROM tokens t WHERE t.user_id = u.id AND t.used_at IS NOT NULL ORDER BY t.used_at DESC LIMIT 1) AS used_at
		FROM users u LEFT JOIN users s ON s.id = u.sponsor_id WHERE u.service`

// Services lists the accounts of programs by name, for owners.
func (q Queries) Services(ctx context.Context, actor *Actor) (services []ServiceCard, err error) {
	if !actor.Can(ManageSignIn, nil) {
		return nil, ErrForbidden
	}
	return services, q.raw(ctx, &services, serviceCards+" ORDER BY u.name_key, u.id LIMIT ?", q.present(), q.present(), shownServices)
}

// Service finds a program's account, for owners.
func (q Queries) Service(ctx context.Context, actor *Actor, id int64) (*ServiceCard, error) {
	if !actor.Can(ManageSignIn, nil) {
		return nil, ErrForbidden
	}
	service := &ServiceCard{}
	return service, q.one(ctx, service, serviceCards+" AND u.id = ?", q.present(), q.present(), id)
}

// CreateService opens an account for a program. Its job is what it is for, and an employee, known by their address,
// answers for it. It has no address: nobody comes in as it.
func (tx *Tx) CreateService(user *User, sponsor string) error {
	user.Service, user.Email, user.Role = true, "", RoleEmployee
	user.Name, user.Job = strings.TrimSpace(user.Name), strings.TrimSpace(user.Job)
	problems := Invalid{}
	if user.Name == "" || utf8.RuneCountInString(user.Name) > 100 || !readable(user.Name) {
		problems["name"] = "services.name_invalid"
	}
	if utf8.RuneCountInString(user.Job) > 200 || !readable(user.Job) {
		problems["purpose"] = "services.purpose_invalid"
	}
	var unknown Invalid
	switch answers, err := tx.Sponsor(sponsor); {
	case errors.As(err, &unknown):
		maps.Copy(problems, unknown)
	case err != nil:
		return err
	default:
		user.SponsorID = &answers.ID
	}
	if len(problems) > 0 {
		return problems
	}
	return tx.CreateUser(user)
}
