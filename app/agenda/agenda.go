// Package agenda is what people come together for, and when: gatherings of spaces, which pages call events, and who comes to them. Who may
// see and plan them is the matter of the policy in models; what is said about them that of app/posts.
package agenda

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ruche/app/jobs"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
)

// Agenda is the feature: its use cases and routes.
type Agenda struct {
	web     *web.Web
	db      *models.DB
	writing *writing.Writing
}

// New returns the feature.
func New(w *web.Web, written *writing.Writing) *Agenda {
	return &Agenda{web: w, db: w.DB, writing: written}
}

// Plan is what somebody says of a gathering.
type Plan struct {
	Title    string
	Body     string // Markdown; may be empty
	StartsAt time.Time
	EndsAt   time.Time
	Place    string
	URL      string
	Capacity *int
	Problems models.Invalid // what is wrong already with what they typed
}

// newForm is the name of the form whose draft is kept.
const newForm = "event/new"

// Announce adds a gathering to the agenda of a space. Once, if it is not empty, names the form that it comes from: the same form sent twice
// makes one.
func (f *Agenda) Announce(ctx context.Context, actor *models.Actor, slug string, in Plan, once string) (*models.Gathering, error) {
	space, refusal := writing.Into(actor, slug, models.PlanGathering)
	if refusal != nil && !writing.Asked(refusal) {
		return nil, fmt.Errorf("plan a gathering: %w", refusal)
	}
	wanted, files, err := f.compose(ctx, actor, in)
	if err == nil {
		err = refusal
	}
	if err != nil {
		return nil, err
	}
	wanted.SpaceID = space.ID
	places := -1
	if in.Capacity != nil {
		places = *in.Capacity
	}
	hash := writing.Hash("gathering", slug, fmt.Sprint(in.Title, in.Body, in.StartsAt.UTC(), in.EndsAt.UTC(), in.Place, in.URL, places))
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		called, err := tx.CalledGroups(ctx, actor, space.ID, text.Groups(wanted.Body))
		if err != nil {
			return err
		}
		if err := tx.CreateGathering(wanted); err != nil {
			return err
		}
		if err := writing.Attach(tx, models.Place{Gathering: wanted}, files); err != nil {
			return err
		}
		if err := writing.Sent(tx, newForm, once, hash, wanted.ID); err != nil {
			return err
		}
		return tx.Record(models.GatheringPlanned, wanted, called.Said())
	})
	if errors.Is(err, models.ErrConflict) && once != "" {
		id, before := f.writing.SentBefore(ctx, actor, once, hash)
		if before == nil {
			return f.db.Gathering(ctx, actor, id)
		}
		if !errors.Is(before, models.ErrNotFound) {
			return nil, before
		}
	}
	if err != nil {
		return nil, fmt.Errorf("plan a gathering: %w", err)
	}
	return wanted, nil
}

// compose checks and renders what somebody says of a gathering. Every field that is wrong is named at once.
func (f *Agenda) compose(ctx context.Context, actor *models.Actor, in Plan) (made *models.Gathering, files []int64, err error) {
	made = &models.Gathering{StartsAt: in.StartsAt, EndsAt: in.EndsAt, Place: in.Place, URL: in.URL, Capacity: in.Capacity}
	problems := models.Invalid{}
	if err := made.Validate(); err != nil && !errors.As(err, &problems) {
		return nil, nil, err
	}
	for field, key := range in.Problems {
		problems[field] = key
	}
	if made.Title, err = text.Title(in.Title); err != nil {
		problems["title"] = err.Error()
	}
	if strings.TrimSpace(in.Body) != "" {
		rendered, err := f.writing.Render(ctx, actor, in.Body, text.Body)
		if invalid := (models.Invalid{}); errors.As(err, &invalid) {
			problems["body"] = invalid["body"]
		} else if err != nil {
			return nil, nil, err
		}
		made.Body, made.HTML, made.Summary, files = rendered.Markdown, rendered.HTML, rendered.Summary, rendered.Files
		made.Lang = text.Language(made.Title + "\n" + rendered.Plain)
	}
	if len(problems) > 0 {
		return nil, nil, problems
	}
	return made, files, nil
}

// edited is what the event of another text of a gathering says: its number, whether it takes place at another time or elsewhere, and the
// groups that it calls anew.
type edited struct {
	Version int  `json:"version"`
	Moved   bool `json:"moved,omitempty"`
	models.Calling
}

// Edit says something else of a gathering. Base is the version that its editor began from; ErrConflict if it has another one by now.
func (f *Agenda) Edit(ctx context.Context, actor *models.Actor, id int64, base int, in Plan) (gathering *models.Gathering, err error) {
	if gathering, err = f.tended(ctx, actor, id); err != nil {
		return nil, err
	}
	wanted, files, err := f.compose(ctx, actor, in)
	if err != nil {
		return nil, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if gathering, err = lock(tx, id); err != nil {
			return err
		}
		if base == gathering.Version && gathering.Says(wanted) {
			return nil
		}
		said := edited{Version: gathering.Version + 1, Moved: gathering.Moved(wanted) && gathering.CancelledAt == nil && !gathering.Ended(tx.Now())}
		known := text.Groups(gathering.Body)
		named := slices.DeleteFunc(text.Groups(wanted.Body), func(id int64) bool { return slices.Contains(known, id) })
		if said.Calling, err = tx.CalledGroups(ctx, actor, gathering.SpaceID, named); err != nil {
			return err
		}
		advanced, err := tx.EditGathering(gathering, wanted, base)
		if err != nil {
			return err
		}
		if err := writing.Attach(tx, models.Place{Gathering: gathering}, files); err != nil {
			return err
		}
		if err := recordAdvanced(tx, gathering, advanced); err != nil {
			return err
		}
		return tx.Record(models.GatheringEdited, gathering, said)
	})
	if err != nil {
		return nil, fmt.Errorf("edit gathering %d: %w", id, err)
	}
	return gathering, nil
}

// ToVersion says of a gathering again what was said of it before, as a new version.
func (f *Agenda) ToVersion(ctx context.Context, actor *models.Actor, id int64, number int) (*models.Gathering, error) {
	gathering, err := f.tended(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	v, err := f.db.GatheringVersion(ctx, id, number)
	if err != nil {
		return nil, err
	}
	return f.Edit(ctx, actor, id, gathering.Version, Plan{Title: v.Title, Body: v.Body, StartsAt: v.StartsAt, EndsAt: v.EndsAt, Place: v.Place, URL: v.URL, Capacity: v.Capacity})
}

// Cancel says that a gathering does not take place, and why.
func (f *Agenda) Cancel(ctx context.Context, actor *models.Actor, id int64, reason string) (*models.Gathering, error) {
	return f.change(ctx, actor, id, models.GatheringCancelled, func(tx *models.Tx, g *models.Gathering) error { return tx.CancelGathering(g, reason) })
}

// Resume says that a gathering takes place after all.
func (f *Agenda) Resume(ctx context.Context, actor *models.Actor, id int64) (*models.Gathering, error) {
	return f.change(ctx, actor, id, models.GatheringResumed, func(tx *models.Tx, g *models.Gathering) error {
		advanced, err := tx.ResumeGathering(g)
		if err != nil {
			return err
		}
		return recordAdvanced(tx, g, advanced)
	})
}

// Answer keeps whether the actor comes, or with an empty answer that they have nothing to say. before is what they had said.
func (f *Agenda) Answer(ctx context.Context, actor *models.Actor, id int64, answer models.Coming) (gathering *models.Gathering, err error) {
	if gathering, err = f.db.Gathering(ctx, actor, id); err != nil {
		return nil, err
	}
	if err := actor.Refusal(models.Attend, &models.Space{ID: gathering.SpaceID}); err != nil {
		return nil, fmt.Errorf("attend gathering %d: %w", id, err)
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if gathering, err = tx.LockGathering(id); err != nil {
			return err
		}
		changed, advanced, err := tx.Attend(gathering, answer)
		if err != nil || !changed {
			return err
		}
		if err := recordAdvanced(tx, gathering, advanced); err != nil {
			return err
		}
		return tx.Record(models.GatheringAnswered, gathering, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("attend gathering %d: %w", id, err)
	}
	return gathering, nil
}

// recordAdvanced records that there is a place for people who waited for one.
func recordAdvanced(tx *models.Tx, gathering *models.Gathering, people []int64) error {
	if len(people) == 0 {
		return nil
	}
	return tx.Record(models.GatheringAdvanced, gathering, models.Advanced{Users: people})
}

// tended finds a gathering of which the actor may say something else.
func (f *Agenda) tended(ctx context.Context, actor *models.Actor, id int64) (*models.Gathering, error) {
	gathering, err := f.db.Gathering(ctx, actor, id)
	if err == nil && !actor.MayPlan(gathering) {
		err = actor.Refused(gathering.SpaceID, gathering.AuthorID)
	}
	if err != nil {
		return nil, fmt.Errorf("tend gathering %d: %w", id, err)
	}
	return gathering, nil
}

// lock is tended inside a change.
func lock(tx *models.Tx, id int64) (*models.Gathering, error) {
	gathering, err := tx.LockGathering(id)
	if err == nil && !tx.Actor().MayPlan(gathering) {
		err = tx.Actor().Refused(gathering.SpaceID, gathering.AuthorID)
	}
	return gathering, err
}

// change does one change to a locked gathering that the actor may tend, and records it.
func (f *Agenda) change(ctx context.Context, actor *models.Actor, id int64, verb string, do func(*models.Tx, *models.Gathering) error) (gathering *models.Gathering, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if gathering, err = lock(tx, id); err != nil {
			return err
		}
		if err := do(tx, gathering); err != nil {
			return err
		}
		return tx.Record(verb, gathering, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return gathering, nil
}

// nearBatch is of how many gatherings one look reminds.
const nearBatch = 100

// Look is the job that reminds people of what they come to, a day before.
func Look() jobs.Kind {
	return jobs.Kind{Name: "gatherings", Every: 10 * time.Minute, Work: func(context.Context, *jobs.Run) (func(*models.Tx) error, error) {
		return func(tx *models.Tx) error {
			near, err := tx.NearGatherings(nearBatch)
			if err != nil {
				return err
			}
			for i := range near {
				if !near[i].StartsAt.After(tx.Now()) { // nobody looked in time
					continue
				}
				if err := tx.Record(models.GatheringNear, &near[i], nil); err != nil {
					return err
				}
			}
			return nil
		}, nil
	}}
}
