package members

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"ruche/app/jobs"
	"ruche/models"
	views "ruche/views/members"
)

// Kinds of jobs.
const (
	rosterJob      = "roster"
	rosterSweepJob = "roster.sweep"
)

// rosterTimeout is how long it may take to take a list in.
const rosterTimeout = 5 * time.Minute

func (f *Members) jobs() []jobs.Kind {
	return []jobs.Kind{
		{Name: rosterJob, Work: f.workRoster, Timeout: rosterTimeout},
		{Name: rosterSweepJob, Every: 24 * time.Hour, Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
			return func(tx *models.Tx) error { return tx.SweepRosters() }, nil
		}},
		{Name: mergeRestJob, Work: f.workMergeRest, Timeout: rosterTimeout},
	}
}

// KeepRoster stores a list of people for its sender, who then sees what it would do. Nothing else changes.
func (f *Members) KeepRoster(ctx context.Context, actor *models.Actor, name string, raw []byte) (*models.Roster, error) {
	if !actor.Can(models.ManagePeople, nil) {
		return nil, models.ErrForbidden
	}
	text, err := textOf(raw)
	if err != nil {
		return nil, err
	}
	entries, _ := readRoster(text)
	roster := &models.Roster{Name: clip(strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), "")), Content: text, Lines: len(entries)}
	if err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error { return tx.CreateRoster(roster) }); err != nil {
		return nil, fmt.Errorf("keep a list of people: %w", err)
	}
	return roster, nil
}

// ImportRoster has a list taken in, all of it or nothing: a job does so, and what is wrong by then stops it, such as an account
// that others have changed since the sender has seen what the list would do. ErrConflict if it was asked for already.
func (f *Members) ImportRoster(ctx context.Context, actor *models.Actor, id int64, seen time.Time) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		roster, err := tx.OwnRoster(ctx, actor, id)
		if err != nil {
			return err
		}
		if roster.ImportedAt != nil {
			return models.ErrConflict
		}
		if err := tx.SeeRoster(id, seen); err != nil {
			return err
		}
		return tx.AddJob(&models.Job{Kind: rosterJob, Key: strconv.FormatInt(id, 10), OwnerID: &actor.ID, Total: roster.Lines}, nil)
	})
}

// DropRoster throws a list away that is not to be taken in.
func (f *Members) DropRoster(ctx context.Context, actor *models.Actor, id int64) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if _, err := tx.OwnRoster(ctx, actor, id); err != nil {
			return err
		}
		return tx.DeleteRoster(id)
	})
}

// refused says which line kept a list from being taken in, and why.
type refused struct {
	line int
	key  string
}

func (r refused) Error() string { return fmt.Sprintf("line %d is refused", r.line) }

// workRoster is the job. What was done before it was cut off is not done again.
func (f *Members) workRoster(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	id, err := strconv.ParseInt(run.Job.Key, 10, 64)
	if err != nil {
		return nil, jobs.Permanent(err)
	}
	actor, err := f.web.DB.ActorByID(ctx, *run.Job.OwnerID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, jobs.Permanent(err) // they have left meanwhile
	}
	if err != nil {
		return nil, err
	}
	roster, err := f.web.DB.OwnRoster(ctx, actor, id)
	if errors.Is(err, models.ErrNotFound) || errors.Is(err, models.ErrForbidden) {
		return nil, jobs.Permanent(err)
	}
	if err != nil {
		return nil, err
	}
	if err := run.Progress(ctx, roster.Lines/2, roster.Lines); err != nil { // reading is half of it; writing is one step
		return nil, err
	}
	err = f.takeIn(ctx, actor, roster)
	var why refused
	switch {
	case errors.Is(err, errTakenIn):
		return nil, nil
	case errors.As(err, &why):
		err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error { return tx.RefuseRoster(id, why.line, why.key) })
		return nil, errors.Join(jobs.Permanent(why), err)
	}
	return nil, err
}

// errTakenIn tells a list that is in already from one in whose way another change came, which is tried again.
var errTakenIn = errors.New("the list has been taken in")

// takeIn writes what a list says, as things are now.
func (f *Members) takeIn(ctx context.Context, actor *models.Actor, roster *models.Roster) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.LockListed(listed(roster.Content)); err != nil {
			return err
		}
		p, err := planRoster(ctx, tx.Queries, actor, roster.Content)
		if err != nil {
			return err
		}
		roster.Made, roster.Changed = p.count[views.Made], p.count[views.Changed]
		if err := tx.FinishRoster(roster); errors.Is(err, models.ErrConflict) {
			return errTakenIn
		} else if err != nil {
			return err
		}
		w := &writer{tx: tx, actor: actor, seen: roster.SeenAt, ids: map[string]int64{}, joins: map[int64][]int64{}}
		for i := range p.lines {
			if err := w.write(&p.lines[i]); err != nil {
				return refusal(&p.lines[i], err)
			}
		}
		if err := f.letAllIn(tx, w.made); err != nil {
			return err
		}
		if err := w.finish(ctx, p.lines); err != nil {
			return err
		}
		last, err := tx.EventOf(actor.ID, models.RosterImported, roster, map[string]int{"made": roster.Made, "changed": roster.Changed})
		if err != nil {
			return err
		}
		return tx.RecordAll(append(w.events, last))
	})
}

// refusal names the line of a mistake.
func refusal(l *planned, err error) error {
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		for _, field := range slices.Sorted(maps.Keys(invalid)) {
			return refused{l.line, invalid[field]}
		}
	}
	return fmt.Errorf("line %d: %w", l.line, err)
}

// writer takes the lines of a list in.
type writer struct {
	tx     *models.Tx
	actor  *models.Actor
	seen   *time.Time       // as of when the sender knows what the list does
	ids    map[string]int64 // of those who are in the list, by address
	joins  map[int64][]int64
	made   []*models.User
	events []models.Event
}

func (w *writer) note(verb string, subject models.Subject, data any) error {
	event, err := w.tx.EventOf(w.actor.ID, verb, subject, data)
	w.events = append(w.events, event)
	return err
}

var byRoster = map[string]string{"by": "roster"}

func (w *writer) write(l *planned) error {
	user := &models.User{Email: models.NormalEmail(l.cells[colEmail]), Role: l.role, Locale: l.locale}
	if l.account != nil {
		user = &l.account.User
	}
	w.ids[user.Email] = user.ID
	switch l.fate {
	case views.Same:
		return nil
	case views.Refused:
		return refused{l.line, l.mistakes[0].key}
	}
	if a := l.account; a != nil && w.seen != nil && a.ChangedAt != nil && a.ChangedAt.After(*w.seen) {
		return refused{l.line, "roster.changed_meanwhile"}
	}
	for field, at := range map[*string]column{&user.Name: colName, &user.Job: colJob, &user.Site: colSite, &user.JobFamily: colJobFamily} {
		if text := l.cells[at]; text != "" {
			*field = text
		}
	}
	if err := w.store(l, user); err != nil {
		return err
	}
	if department := l.cells[colDepartment]; department != "" && (l.account == nil || l.changed(colDepartment)) {
		if err := w.tx.SetDepartment(user.ID, department); err != nil {
			return err
		}
	}
	for _, group := range l.join {
		w.joins[group] = append(w.joins[group], user.ID)
	}
	return nil
}

func (w *writer) store(l *planned, user *models.User) error {
	if l.account == nil {
		if err := w.tx.CreateUser(user); err != nil {
			return err
		}
		w.ids[user.Email], w.made = user.ID, append(w.made, user)
		return w.note(models.UserCreated, user, byRoster)
	}
	if l.changed(colRole) {
		change, err := w.tx.ChangeRole(user, l.role)
		if err != nil {
			return err
		}
		if err := w.note(models.UserRoleChanged, user, change); err != nil {
			return err
		}
	}
	if err := w.tx.SaveProfile(user); err != nil {
		return err
	}
	if l.changed(colLanguage) {
		if err := w.tx.SavePreferences(user.ID, l.locale, user.Theme); err != nil {
			return err
		}
	}
	return w.note(models.UserEdited, user, byRoster)
}

// finish does what needs all people to be there: their managers, and their groups.
func (w *writer) finish(ctx context.Context, lines []planned) error {
	for i := range lines {
		l := &lines[i]
		if !l.changed(colManager) && !l.changed(colJobFamily) {
			continue
		}
		user := &models.User{ID: w.ids[models.NormalEmail(l.cells[colEmail])], JobFamily: l.cells[colJobFamily]}
		if l.account != nil {
			user = &l.account.User
		}
		if email := models.NormalEmail(l.cells[colManager]); email != "" {
			manager := w.ids[email]
			if manager == 0 {
				found, err := w.tx.UserByEmail(ctx, email)
				if err != nil {
					return err
				}
				manager = found.ID
			}
			user.ManagerID = &manager
		}
		if err := w.tx.SaveJob(user); err != nil {
			return err
		}
	}
	for _, group := range slices.Sorted(maps.Keys(w.joins)) {
		if err := w.tx.JoinGroup(group, w.joins[group]...); err != nil {
			return err
		}
		if err := w.note(models.GroupEdited, &models.Group{ID: group}, models.NewGroupChange("roster", w.joins[group], nil)); err != nil {
			return err
		}
	}
	return nil
}
