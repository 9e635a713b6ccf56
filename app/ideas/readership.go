package ideas

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"ruche/models"
)

// readership gathers who opens which ideas, so that no reader waits for that to be kept.
type readership struct {
	mu   sync.Mutex
	met  map[models.IdeaView]bool
	came chan struct{} // told when the first of a while comes
}

// mostViews bounds what is gathered before it is kept. What comes beyond is met again when somebody opens the page again.
const mostViews = 5000

// viewPause is how long views are gathered.
const viewPause = 2 * time.Second

func (r *readership) note(view models.IdeaView) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.met == nil {
		r.met = map[models.IdeaView]bool{}
	}
	if len(r.met) >= mostViews {
		return
	}
	r.met[view] = true
	select {
	case r.came <- struct{}{}:
	default:
	}
}

func (r *readership) take() (taken []models.IdeaView) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for view := range r.met {
		taken = append(taken, view)
	}
	r.met = nil
	return taken
}

// KeepViews keeps the views that this process has gathered.
func (f *Ideas) KeepViews(ctx context.Context) error {
	taken := f.readership.take()
	if len(taken) == 0 {
		return nil
	}
	return f.db.Tx(ctx, nil, func(tx *models.Tx) error { return tx.KeepViews(taken) })
}

// FollowViews keeps views every now and then while there are any, until ctx ends, and then those that are left. Some that are lost
// with a process cost no more than that somebody is counted later.
func (f *Ideas) FollowViews(context.Context) (follow func(context.Context), err error) {
	keep := func(ctx context.Context) {
		if err := f.KeepViews(ctx); err != nil && !models.Unavailable(err) {
			slog.WarnContext(ctx, "views are not kept", "error", err)
		}
	}
	return func(ctx context.Context) {
		for {
			select {
			case <-ctx.Done():
				keep(context.WithoutCancel(ctx))
				return
			case <-f.readership.came:
			}
			select {
			case <-ctx.Done():
			case <-time.After(viewPause):
				keep(ctx)
			}
		}
	}, nil
}
