// Package shifts moves posts between threads: it splits a thread, lets one go on in another, and takes both back. What the posts say and
// who may read them is the matter of app/posts and of the policy; everything else that is done about a thread, of app/discussions.
package shifts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
)

// Shifts is the feature.
type Shifts struct {
	web     *web.Web
	db      *models.DB
	writing *writing.Writing
}

// New returns the feature.
func New(w *web.Web, written *writing.Writing) *Shifts { return &Shifts{w, w.DB, written} }

// Split says which posts of a thread move, and where to: into an existing thread, or into a new one.
type Split struct {
	Thread int64
	models.Chosen
	Into  int64  // 0 for a new thread, of which the rest tells
	Space string // slug
	Topic string // slug; empty for none
	Kind  models.ThreadKind
	Title string
	Widen bool   // whoever asks knows that others will read what moves
	Once  string // names the form: sent twice, it splits once
}

func (in Split) hash() string {
	return writing.Hash("split", fmt.Sprint(in.Thread, in.Posts, in.Scope, in.Into), in.Space, in.Topic, string(in.Kind), in.Title)
}

// Split moves posts out of a thread, and says into which.
func (f *Shifts) Split(ctx context.Context, actor *models.Actor, in Split) (*models.ThreadShift, error) {
	var shift *models.ThreadShift
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		thread, into, err := f.lock(tx, in)
		if err != nil {
			return err
		}
		if err := told(actor, thread, into, in.Widen); err != nil {
			return err
		}
		if shift, err = tx.SplitThread(thread, into, in.Chosen); err != nil {
			return err
		}
		if err := withFiles(tx, shift, into); err != nil {
			return err
		}
		if err := writing.Sent(tx, "", in.Once, in.hash(), shift.ID); err != nil {
			return err
		}
		return record(tx, models.ThreadSplit, models.ThreadReceived, shift, thread, into)
	})
	if err == nil {
		return shift, nil
	}
	// The second of two answers finds that the posts have gone, or that its form was sent.
	if id, before := f.writing.SentBefore(ctx, actor, in.Once, in.hash()); before == nil {
		shift, _, _, err = f.db.Shift(ctx, actor, id)
		return shift, err
	}
	return nil, fmt.Errorf("split thread %d: %w", in.Thread, err)
}

// lock finds the thread that is split and the one into which its posts go, not stored yet where that is new, and locks what is there.
func (f *Shifts) lock(tx *models.Tx, in Split) (thread, into *models.Thread, err error) {
	if in.Into == in.Thread {
		return nil, nil, models.Invalid{"into": "shifts.itself"}
	}
	if in.Into == 0 {
		if thread, err = tx.LockThread(in.Thread); err != nil {
			return nil, nil, err
		}
		if err := mayTend(tx.Actor(), thread); err != nil {
			return nil, nil, err
		}
		into, err = f.blank(tx, in)
		return thread, into, err
	}
	return lockBoth(tx, in.Thread, in.Into)
}

// lockBoth locks two threads, both of which the actor has to be able to tend.
func lockBoth(tx *models.Tx, id, intoID int64) (thread, into *models.Thread, err error) {
	actor := tx.Actor()
	if thread, err = tx.Thread(tx.Context(), actor, id); err == nil {
		err = mayTend(actor, thread)
	}
	if err != nil {
		return nil, nil, err
	}
	if into, err = tx.Thread(tx.Context(), actor, intoID); errors.Is(err, models.ErrNotFound) {
		return nil, nil, models.Invalid{"into": "shifts.into_unknown"}
	}
	if err != nil {
		return nil, nil, err
	}
	if !actor.MayTend(into) {
		return nil, nil, models.Invalid{"into": "shifts.into_refused"}
	}
	return tx.LockThreads(id, intoID)
}

// blank is the new thread that a form describes. Every field that is wrong is named at once.
func (f *Shifts) blank(tx *models.Tx, in Split) (*models.Thread, error) {
	problems := models.Invalid{}
	into := &models.Thread{Kind: in.Kind}
	var err error
	if into.Title, err = text.Title(in.Title); err != nil {
		problems["title"] = err.Error()
	}
	access := tx.Actor().AccessTo(in.Space)
	if access == nil || !tends(tx.Actor(), access) {
		problems["space"] = "shifts.space_invalid"
		return nil, problems
	}
	into.SpaceID = access.ID
	if !slices.Contains(kinds(tx.Actor(), access), in.Kind) {
		problems["kind"] = "discussions.kind_invalid"
	}
	if in.Topic != "" {
		topic, err := tx.Topic(tx.Context(), access.ID, in.Topic)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return nil, err
		}
		if err != nil {
			problems["topic"] = "discussions.topic_invalid"
		} else {
			into.TopicID = &topic.ID
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return into, nil
}

// kinds are those of which a split makes a thread in a space; what a poll asks is not in its posts.
func kinds(actor *models.Actor, space *models.SpaceAccess) []models.ThreadKind {
	offered := []models.ThreadKind{models.Discussion, models.Question}
	if actor.Can(models.Announce, &models.Space{ID: space.ID}) {
		offered = append(offered, models.Announcement)
	}
	return offered
}

// tends tells whether the actor looks after the threads of a space and may begin one there.
func tends(actor *models.Actor, access *models.SpaceAccess) bool {
	return actor.MayTend(&models.Thread{SpaceID: access.ID}) && actor.Can(models.BeginThread, &models.Space{ID: access.ID})
}

func mayTend(actor *models.Actor, thread *models.Thread) error {
	if !actor.MayTend(thread) {
		return fmt.Errorf("tend thread %d: %w", thread.ID, actor.Refusal(models.Moderate, &models.Space{ID: thread.SpaceID}))
	}
	return nil
}

// told refuses to let others read what was written for fewer, unless whoever asks has been told of it.
func told(actor *models.Actor, from, into *models.Thread, widen bool) error {
	if !widen && actor.Access(from.SpaceID).Widens(actor.Access(into.SpaceID)) {
		return models.Invalid{"widen": "shifts.widen_first"}
	}
	return nil
}

// withFiles lets the files go along that only the moved posts show, and gives them their own of those that posts which stay show too.
func withFiles(tx *models.Tx, shift *models.ThreadShift, into *models.Thread) error {
	moved, stayed, err := tx.ShiftTexts(shift)
	if err != nil {
		return err
	}
	kept := map[int64]bool{}
	for _, body := range stayed {
		for _, id := range text.Files(body) {
			kept[id] = true
		}
	}
	var gone, shared []int64
	seen := map[int64]bool{}
	for _, post := range moved {
		for _, id := range text.Files(post.Body) {
			switch {
			case seen[id]:
			case kept[id]:
				shared = append(shared, id)
			default:
				gone = append(gone, id)
			}
			seen[id] = true
		}
	}
	if err := tx.ShiftFiles(shift, into, gone); err != nil {
		return err
	}
	return ownFiles(tx, shift, into, moved, shared)
}

// ownFiles copies files for the posts that have moved, which name the copies then.
func ownFiles(tx *models.Tx, shift *models.ThreadShift, into *models.Thread, moved []models.MovedText, shared []int64) error {
	files, err := tx.FilesOf(tx.Context(), tx.Actor(), shared)
	if err != nil {
		return err
	}
	copies, other, err := tx.CopyFiles(models.About{Thread: shift.FromID}, files)
	if err != nil || len(copies) == 0 {
		return err
	}
	if err := tx.ShiftCopies(shift, into, copies); err != nil {
		return err
	}
	for _, post := range moved {
		body := text.Refiled(post.Body, other)
		if body == post.Body {
			continue
		}
		files, err := tx.FilesOf(tx.Context(), tx.Actor(), text.Files(body))
		if err != nil {
			return err
		}
		rendered, err := text.Render(body, text.Comment, text.Knowing(files))
		if err != nil {
			return fmt.Errorf("render post %d with files of its own: %w", post.ID, err)
		}
		if err := tx.RefilePost(post.ID, body, rendered.HTML); err != nil {
			return err
		}
	}
	return nil
}

// record notes a shift on both threads, so that whoever follows the log looks at both again.
func record(tx *models.Tx, verb, there string, shift *models.ThreadShift, thread, into *models.Thread) error {
	one, err := tx.EventOf(tx.Actor().ID, verb, thread, shift.Summary(into.ID))
	if err != nil {
		return err
	}
	other, err := tx.EventOf(tx.Actor().ID, there, into, shift.Summary(thread.ID))
	if err != nil {
		return err
	}
	return tx.RecordAll([]models.Event{one, other})
}

// Merge lets a thread go on in another one.
func (f *Shifts) Merge(ctx context.Context, actor *models.Actor, id, intoID int64, widen bool) (*models.ThreadShift, error) {
	var shift *models.ThreadShift
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		thread, into, err := lockBoth(tx, id, intoID)
		if err != nil {
			return err
		}
		if err := tx.ThreadMergeProblem(ctx, thread, into); err != nil {
			return err
		}
		if err := told(actor, thread, into, widen); err != nil {
			return err
		}
		if shift, err = tx.MergeThread(thread, into); err != nil {
			return err
		}
		if err := tx.ShiftFiles(shift, into, nil); err != nil {
			return err
		}
		return record(tx, models.ThreadMerged, models.ThreadReceived, shift, thread, into)
	})
	if err != nil {
		return nil, fmt.Errorf("merge thread %d into %d: %w", id, intoID, err)
	}
	return shift, nil
}

// End takes a shift back, and returns the thread in which the posts stand again. Whoever may tend both threads may.
func (f *Shifts) End(ctx context.Context, actor *models.Actor, id int64) (thread *models.Thread, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		shift, from, into, err := tx.LockShift(id)
		if err != nil {
			return err
		}
		if err := errors.Join(mayTend(actor, from), mayTend(actor, into)); err != nil {
			return err
		}
		thread = from
		if shift.EndedAt != nil { // the same form again
			return nil
		}
		if err := tx.EndShift(shift, from, into); err != nil {
			return err
		}
		return record(tx, models.ThreadPutBack, models.ThreadPutBack, shift, from, into)
	})
	if err != nil {
		return nil, fmt.Errorf("take shift %d back: %w", id, err)
	}
	return thread, nil
}

// numbers reads the ids in the values of a form, each once.
func numbers(values []string) (ids []int64) {
	for _, value := range values {
		if id, err := strconv.ParseInt(value, 10, 64); err == nil && id > 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
