package models

import (
	"context"
	"errors"
	"time"
)

// Guest is somebody from outside, as those see them who look after how long they stay.
type Guest struct {
	ID           int64
	Name         string
	Email        string
	Organisation string
	ExpiresAt    *time.Time
	SponsorID    *int64
	SponsorName  string // empty if nobody answers for them
}

// Sponsor finds the employee with an address who is to answer for somebody; a mistake at the field "sponsor" if nobody who can has it.
func (tx *Tx) Sponsor(email string) (*User, error) {
	user, err := tx.UserWithAccess(tx.ctx, email)
	if errors.Is(err, ErrNotFound) || err == nil && !user.Answers() {
		return nil, Invalid{"sponsor": "members.sponsor_unknown"}
	}
	return user, err
}

// GuestQuery says which people from outside to list: those whom the actor answers for, or those whom nobody does.
type GuestQuery struct {
	Unanswered bool
	After      *PersonKey
	Limit      int
}

// answers is the condition that the person s can answer for people from outside and for programs, and has access.
const answers = "s." + ofTheCompany + " AND NOT s.service AND s.disabled_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > ?)"

// guests are the people from outside whose access has not been taken; u is the person, s who answers for them, which is
// nobody if they have left.
const guests = ` FROM users u LEFT JOIN users s ON s.id = u.sponsor_id AND ` + answers + `
	WHERE u.role = 'external' AND u.disabled_at IS NULL AND u.import_ref IS NULL `

// Guests lists them by name.
func (q Queries) Guests(ctx context.Context, actor *Actor, ask GuestQuery) (list []Guest, next *PersonKey, err error) {
	if !actor.OfTheCompany() || ask.Unanswered && !actor.Can(ManagePeople, nil) {
		return nil, nil, ErrForbidden
	}
	where, args := "AND u.sponsor_id = ?", []any{q.present(), actor.ID}
	if ask.Unanswered {
		where, args = "AND s.id IS NULL", args[:1]
	}
	after := ask.After
	if after == nil {
		after = &PersonKey{}
	}
	var rows []struct {
		Guest
		NameKey string
	}
	err = q.raw(ctx, &rows, "SELECT u.id, u.name, u.name_key, u.email, u.organisation, u.expires_at, s.id AS sponsor_id, coalesce(s.name, '') AS sponsor_name"+guests+where+
		" AND (u.name_key, u.id) > (?, ?) ORDER BY u.name_key, u.id LIMIT ?", append(args, after.Text, after.ID, ask.Limit+1)...)
	if len(rows) > ask.Limit {
		rows = rows[:ask.Limit]
		next = &PersonKey{rows[ask.Limit-1].NameKey, rows[ask.Limit-1].ID}
	}
	for i := range rows {
		list = append(list, rows[i].Guest)
	}
	return list, next, err
}

// LockGuest finds somebody from outside whose terms the actor may change: because they answer for them, look after
// people, or run a space that they are a member of. Until the transaction ends nobody else changes them.
func (tx *Tx) LockGuest(id int64) (*User, error) {
	if !tx.actor.OfTheCompany() {
		return nil, ErrForbidden
	}
	lock := ""
	if tx.postgres() {
		lock = " FOR NO KEY UPDATE OF u"
	}
	own, list := tx.visible(&Actor{Spaces: tx.actor.Inviting()}, "m.space_id")
	user := &User{}
	return user, tx.one(tx.ctx, user, `SELECT u.* FROM users u WHERE u.id = ? AND u.role = 'external' AND u.disabled_at IS NULL AND u.import_ref IS NULL
		AND (? OR u.sponsor_id = ? OR EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND `+own+"))"+lock, id, tx.actor.Can(ManagePeople, nil), tx.actorID(), list)
}

// ReminderDays are how many days before somebody's access ends they, and who answers for them, are told. The last comes
// first: whoever is told of it, because their access was short from the beginning, need not hear of the others.
func ReminderDays() []int { return []int{3, 14} }

// mostReminded bounds what one round of reminders says; the next says the rest.
const mostReminded = 200

// Ending is somebody whose access ends soon, and who answers for them.
type Ending struct {
	Guest
	Locale        string
	SponsorEmail  string
	SponsorLocale string
	Days          int
}

// EndingSoon notes whose access ends within the given days and has not been announced for that yet, and returns them.
func (tx *Tx) EndingSoon(days int) (ending []Ending, err error) {
	err = tx.raw(tx.ctx, &ending, `SELECT u.id, u.name, u.email, u.organisation, u.locale, u.expires_at, s.id AS sponsor_id, coalesce(s.name, '') AS sponsor_name,
		coalesce(s.email, '') AS sponsor_email, coalesce(s.locale, '') AS sponsor_locale`+guests+`AND u.expires_at > ? AND u.expires_at <= ?
		AND NOT EXISTS (SELECT 1 FROM access_reminders r WHERE r.user_id = u.id AND r.expires_at = u.expires_at AND r.days <= ?) ORDER BY u.expires_at, u.id LIMIT ?`,
		tx.now, tx.now, tx.now.Add(time.Duration(days)*day), days, mostReminded)
	if err != nil {
		return nil, err
	}
	for i := range ending {
		ending[i].Days = days
		if _, err := tx.exec("INSERT INTO access_reminders (user_id, expires_at, days) VALUES (?, ?, ?)", ending[i].ID, ending[i].ExpiresAt.UTC(), days); err != nil {
			return nil, err
		}
	}
	return ending, nil
}

// NoteUnanswered finds the people from outside and the programs for whom nobody answers any more since it last looked, and
// tells those who look after people; it also notes for whom somebody does again.
func (tx *Tx) NoteUnanswered() (lost []User, err error) {
	answered := "EXISTS (SELECT 1 FROM users s WHERE s.id = users.sponsor_id AND " + answers + ")"
	if _, err := tx.exec("UPDATE users SET unanswered_at = NULL WHERE unanswered_at IS NOT NULL AND (role <> 'external' AND NOT service OR disabled_at IS NOT NULL OR "+answered+")", tx.now); err != nil {
		return nil, err
	}
	for kind, whom := range map[Kind]string{
		NoticeUnanswered: guests + "AND u.sponsor_id IS NOT NULL",
		NoticeProgram:    " FROM users u LEFT JOIN users s ON s.id = u.sponsor_id AND " + answers + " WHERE u.service AND u.disabled_at IS NULL",
	} {
		found, err := tx.noteUnanswered(whom)
		if err == nil && len(found) > 0 {
			err = tx.tellKeepers(kind)
		}
		if err != nil {
			return nil, err
		}
		lost = append(lost, found...)
	}
	return lost, nil
}

func (tx *Tx) noteUnanswered(whom string) (found []User, err error) {
	err = tx.raw(tx.ctx, &found, "SELECT u.*"+whom+" AND s.id IS NULL AND u.unanswered_at IS NULL ORDER BY u.id LIMIT ?", tx.now, mostReminded)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	ids := make([]int64, len(found))
	for i := range found {
		ids[i] = found[i].ID
	}
	_, err = tx.exec("UPDATE users SET unanswered_at = ? WHERE id IN ?", tx.now, ids)
	return found, err
}

// tellKeepers tells those who look after people.
func (tx *Tx) tellKeepers(kind Kind) error {
	here, now := tx.enters()
	_, err := tx.exec("INSERT INTO house_notices (user_id, kind, created_at) SELECT u.id, ?, ? FROM users u WHERE u.role IN ('owner', 'manager') AND u.import_ref IS NULL AND "+here, kind, tx.now, now)
	return err
}

// Prolonged is until when an access lasts that is made longer by some months: from its end, or from now if that is over, but
// for no longer than anybody is given at once.
func Prolonged(until, now time.Time, months int) time.Time {
	if until.Before(now) {
		until = now
	}
	most := now.Add(MaxAccess)
	switch longer := MonthsLater(until, months); {
	case until.After(most): // an owner gave more, which nobody loses by being given time
		return until
	case longer.After(most):
		return most
	default:
		return longer
	}
}
