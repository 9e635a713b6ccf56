package models

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Erasure is what was asked about a person's account: that it ends, and their name with it.
type Erasure struct {
	ID            int64
	UserID        *int64 // nil once it is done
	RequestedBy   *int64 // nil: the periods
	Contributions Rule   // keep or remove
	Names         string // what is looked for, as long as it is
	Step          string // how far it has come, and within that
	Position      string
	Touched       bool // texts of others have changed
	RequestedAt   time.Time
	DueAt         time.Time
	StartedAt     *time.Time
	FinishedAt    *time.Time
	DelayToldAt   *time.Time // that it has to wait for a hold
}

func (e *Erasure) subject() (string, int64, int64) { return "erasure", e.ID, 0 }

// FormerName is how those who were erased are called; pages say it in the reader's language.
const FormerName = "Former member"

// formerRef marks the one account that stands for all of them.
const formerRef = "former"

// Contributed is how much of a person would be lost or lose its name.
type Contributed struct{ Ideas, Comments, Supports, Pictures int }

// Contributed counts what a person has contributed.
func (q Queries) Contributed(ctx context.Context, userID int64) (c Contributed, err error) {
	return c, q.raw(ctx, &c, `SELECT (SELECT count(*) FROM ideas WHERE author_id = ?) AS ideas, (SELECT count(*) FROM posts WHERE author_id = ? AND removed_at IS NULL) AS comments,
		(SELECT count(*) FROM supports WHERE user_id = ?) AS supports, (SELECT count(*) FROM files WHERE user_id = ? AND (idea_id IS NOT NULL OR thread_id IS NOT NULL OR article_id IS NOT NULL OR gathering_id IS NOT NULL)) AS pictures`, userID, userID, userID, userID)
}

// ErasureOf is what was asked about a person's account, nil if nothing was.
func (q Queries) ErasureOf(ctx context.Context, userID int64) (*Erasure, error) {
	var erasures []Erasure
	err := q.raw(ctx, &erasures, "SELECT * FROM erasures WHERE user_id = ?", userID)
	if err != nil || len(erasures) == 0 {
		return nil, err
	}
	return &erasures[0], nil
}

// Erasure finds one that is not done, for the job that carries it out.
func (q Queries) Erasure(ctx context.Context, id int64) (*Erasure, error) {
	erasure := &Erasure{}
	return erasure, q.one(ctx, erasure, "SELECT * FROM erasures WHERE id = ? AND finished_at IS NULL", id)
}

// DueErasures are those whose time has come, after the given id. Those of people under a hold are not due before it ends; whether one has to
// wait for something that the person did is asked when it begins.
func (q Queries) DueErasures(ctx context.Context, after int64, limit int) (ids []int64, err error) {
	return ids, q.raw(ctx, &ids, "SELECT id FROM erasures WHERE "+unheld("finished_at IS NULL AND due_at <= ? AND id > ?", "delay_told_at IS NOT NULL AND user_id IN "+heldPeople)+" ORDER BY id LIMIT ?", q.present(), after, limit)
}

// NoteDelay remembers that somebody was told that their erasure has to wait.
func (tx *Tx) NoteDelay(erasure *Erasure) error {
	erasure.DelayToldAt = &tx.now
	_, err := tx.exec("UPDATE erasures SET delay_told_at = ? WHERE id = ?", tx.now, erasure.ID)
	return err
}

// UserByID finds an account, whoever may know it; for work that nobody asks for in person.
func (q Queries) UserByID(ctx context.Context, id int64) (*User, error) {
	user := &User{}
	return user, q.one(ctx, user, "SELECT * FROM users WHERE id = ?", id)
}

// mayErase refuses to end the account of the last owner, and of whoever is the last manager of a space: somebody has to answer for both.
func (tx *Tx) mayErase(userID int64) error {
	var found struct{ Owner, Others, Alone bool }
	here, now := tx.here()
	err := tx.one(tx.ctx, &found, `SELECT EXISTS (SELECT 1 FROM users WHERE id = ? AND role = 'owner') AS owner,
		EXISTS (SELECT 1 FROM users u WHERE u.id <> ? AND u.role = 'owner' AND `+here+`) AS others,
		EXISTS (SELECT 1 FROM memberships m JOIN spaces s ON s.id = m.space_id WHERE m.user_id = ? AND m.role = 'manager' AND s.archived_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM memberships o WHERE o.space_id = m.space_id AND o.role = 'manager' AND o.user_id <> m.user_id)) AS alone`,
		userID, userID, now, userID)
	switch {
	case err != nil:
		return err
	case found.Owner && !found.Others:
		return Invalid{"erasure": "privacy.erasure.last_owner"}
	case found.Alone:
		return Invalid{"erasure": "privacy.erasure.last_manager"}
	}
	return nil
}

// AskErasure notes that an account shall end when it is due; ErrConflict if that was asked before.
func (tx *Tx) AskErasure(userID int64, contributions Rule, due time.Time) (*Erasure, error) {
	settings, err := tx.PrivacySettings(tx.ctx)
	if err != nil {
		return nil, err
	}
	if !settings.Contributions.Allows(contributions) {
		return nil, Invalid{"contributions": "privacy.erasure.rule"}
	}
	if err := tx.mayErase(userID); err != nil {
		return nil, err
	}
	erasure := &Erasure{UserID: &userID, RequestedBy: orNull(tx.actorID()), Contributions: contributions, RequestedAt: tx.now, DueAt: due.UTC()}
	if err := tx.create(erasure); err != nil {
		return nil, err
	}
	_, err = tx.exec("UPDATE users SET erase_at = ? WHERE id = ?", erasure.DueAt, userID)
	return erasure, err
}

// EraseWith has an account erased, at once and by the same rule, which has gone into one that is.
func (tx *Tx) EraseWith(whole *Erasure, userID int64) (*Erasure, error) {
	erasure := &Erasure{UserID: &userID, RequestedBy: whole.RequestedBy, Contributions: whole.Contributions, RequestedAt: tx.now, DueAt: tx.now}
	if err := tx.create(erasure); err != nil {
		return nil, err
	}
	_, err := tx.exec("UPDATE users SET erase_at = ? WHERE id = ?", tx.now, userID)
	return erasure, err
}

// HastenErasure lets what was asked be done now.
func (tx *Tx) HastenErasure(erasure *Erasure) error {
	_, err := tx.exec("UPDATE erasures SET due_at = ? WHERE id = ? AND started_at IS NULL", tx.now, erasure.ID)
	return err
}

// TakeErasureBack keeps an account whose end was asked for; ErrNotFound if nothing was, or it has begun.
func (tx *Tx) TakeErasureBack(userID int64) error {
	changed, err := tx.exec("DELETE FROM erasures WHERE user_id = ? AND started_at IS NULL", userID)
	if err == nil && changed == 0 {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	_, err = tx.exec("UPDATE users SET erase_at = NULL WHERE id = ?", userID)
	return err
}

// former is the id of the account that stands for those who were erased, made when the first goes.
func (tx *Tx) former() (int64, error) { return tx.standIn(formerRef, FormerName) }

// BeginErasure ends a person's access, takes their name from every page and frees their address, at once. Names is what remains to be looked for.
// ErrConflict if it has to wait.
func (tx *Tx) BeginErasure(erasure *Erasure, names, step string) error {
	if waits, err := tx.ErasureWaits(tx.ctx, *erasure.UserID); err != nil || waits {
		return errors.Join(err, fmt.Errorf("erasure %d: %w", erasure.ID, ErrConflict))
	}
	if err := tx.mayErase(*erasure.UserID); err != nil {
		return err
	}
	if _, err := tx.former(); err != nil {
		return err
	}
	_, err := tx.exec(`UPDATE users SET name = ?, name_key = ?, email = '', user_name = NULL, user_name_key = NULL, given_name = '', family_name = '', external_id = NULL,
		job = '', site = '', department = '', job_family = '', organisation = '', import_ref = NULL, disabled_at = ? WHERE id = ?`, FormerName, nameKey(FormerName), tx.now, *erasure.UserID)
	if err == nil {
		err = tx.placeIdeas("i.author_id = ?", *erasure.UserID)
	}
	if err == nil {
		err = tx.dropSkillsOf(*erasure.UserID)
	}
	if err != nil {
		return err
	}
	if err := tx.EndSessions(*erasure.UserID); err != nil {
		return err
	}
	erasure.Names, erasure.StartedAt = names, &tx.now
	if _, err := tx.exec("UPDATE erasures SET names = ?, started_at = ? WHERE id = ?", names, tx.now, erasure.ID); err != nil {
		return err
	}
	return tx.MoveErasure(erasure, step, "")
}

// MoveErasure notes how far an erasure has come.
func (tx *Tx) MoveErasure(erasure *Erasure, step, position string) error {
	erasure.Step, erasure.Position = step, position
	_, err := tx.exec("UPDATE erasures SET step = ?, position = ?, touched = ? WHERE id = ?", step, position, erasure.Touched, erasure.ID)
	return err
}

// FinishErasure forgets the account itself. The database refuses while anything still names it.
func (tx *Tx) FinishErasure(erasure *Erasure) error {
	former, err := tx.former()
	if err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE erasures SET user_id = NULL, names = '', position = '', step = 'done', finished_at = ? WHERE id = ?", tx.now, erasure.ID); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM users WHERE id = ?", *erasure.UserID); err != nil {
		return fmt.Errorf("forget account %d: %w", *erasure.UserID, err)
	}
	events := []Event{{At: tx.now, Verb: UserErased, Subject: "user", SubjectID: former}}
	if erasure.Touched { // what the index still knows of the texts as they were goes with the old index
		events = append(events, Event{At: tx.now, Verb: SearchReindex, Subject: "system"})
	}
	return tx.RecordAll(events)
}
