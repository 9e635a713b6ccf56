package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"ruche/models"
)

const (
	// eventBatch is how many events are read at once, and recordBatch how many records are indexed
	// at once: memory grows with the latter, and speed hardly does.
	eventBatch  = 500
	recordBatch = 250

	// poll is how often the log is looked at for events of other processes.
	poll = time.Second

	// maxWait bounds the pause after failures, for the database may be back at any moment.
	maxWait = 5 * time.Second
)

// Follow keeps the index up to date until ctx ends: it reads the event log when woken and once a
// second, and builds a new index when one is due. Errors are logged and tried again, ever less often.
func (x *Index) Follow(ctx context.Context, wake <-chan struct{}) {
	var work sync.WaitGroup
	defer work.Wait()
	work.Go(func() { x.scrub(ctx) })
	idle := make(chan struct{}, 1)
	idle <- struct{}{}
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for failures := 0; ctx.Err() == nil; {
		if x.isDue(time.Now()) { //check:allow clock paces attempts, not business time
			select {
			case <-idle:
				work.Go(func() {
					x.buildDue(ctx)
					idle <- struct{}{}
				})
			default: // being built
			}
		}
		if err := x.drainLive(ctx); err != nil && ctx.Err() == nil {
			wait := min(poll<<min(failures, 6), maxWait)
			failures++
			x.log.WarnContext(ctx, "search index is behind", "retry_in", wait, "error", err)
			pause(ctx, wait)
			continue
		}
		failures = 0
		select {
		case <-ctx.Done():
		case <-wake:
		case <-x.nudge:
		case <-tick.C:
			x.release()
		}
	}
}

func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// CatchUp takes account of every event up to now, and first builds the index if one is wanted.
func (x *Index) CatchUp(ctx context.Context) error {
	x.scrub(ctx)
	if x.isDue(forever) {
		if err := x.build(ctx, nil, false); err != nil {
			return err
		}
	}
	return x.drainLive(ctx)
}

// drainLive brings the index that searches read up to date.
func (x *Index) drainLive(ctx context.Context) error {
	x.follow.Lock()
	defer x.follow.Unlock()
	x.mu.RLock()
	store := x.live
	x.mu.RUnlock()
	if store == nil {
		return nil
	}
	reindex, err := false, store.alive()
	if err == nil {
		reindex, err = x.drain(ctx, store)
	}
	if x.suspect(store, err) {
		return nil
	}
	if err != nil {
		return err
	}
	if !reindex {
		if reindex, err = x.ahead(ctx, store); err != nil {
			return err
		}
	}
	if reindex {
		x.mu.Lock()
		x.due = true
		x.mu.Unlock()
		x.poke()
	}
	return nil
}

// ahead tells whether the index knows events that the database does not: the database was
// restored from an older copy.
func (x *Index) ahead(ctx context.Context, s *store) (bool, error) {
	last, err := x.source.LastEventID(ctx)
	if err != nil {
		return false, fmt.Errorf("read the end of the event log: %w", err)
	}
	return s.cursor.Load() > last, nil
}

// drain applies the events that an index has not seen, and tells whether one asks for a new index.
func (x *Index) drain(ctx context.Context, s *store) (reindex bool, err error) {
	for {
		events, err := x.source.EventsAfter(ctx, s.cursor.Load(), eventBatch)
		if err != nil {
			return reindex, fmt.Errorf("read the event log: %w", err)
		}
		if len(events) == 0 {
			return reindex, nil
		}
		touched, asked, err := x.touched(ctx, events)
		if err != nil {
			return reindex, err
		}
		if asked {
			// Before the cursor moves past the request, it must be remembered elsewhere.
			if err := x.want(); err != nil {
				return reindex, fmt.Errorf("remember the request for a new index: %w", err)
			}
			reindex = true
		}
		if err := x.refresh(ctx, s, touched, events[len(events)-1].ID); err != nil {
			return reindex, err
		}
	}
}

// touched is which records the events are about, by type. What the events say of them is not
// used: the records are read as they are now, so that reading an event twice does no harm.
func (x *Index) touched(ctx context.Context, events []models.Event) (ids map[string][]int64, reindex bool, err error) {
	ids = map[string][]int64{}
	for i := range events {
		e := &events[i]
		switch {
		case e.Verb == models.SearchReindex:
			reindex = true
		case e.Verb == models.UserMerged || e.Verb == models.UserParted:
			if err := x.rewritten(ctx, e, ids); err != nil {
				return nil, false, err
			}
		case e.Verb == models.AnswersNarrowed:
			if err := x.hidden(ctx, e, ids); err != nil {
				return nil, false, err
			}
		case e.Verb == models.IdeaSupported || e.Verb == models.IdeaUnsupported || e.Verb == models.PostReacted || e.Verb == models.PostUnreacted || e.Verb == models.IdeaEntered || e.Verb == models.SlipsPrinted || strings.HasPrefix(e.Verb, "idea.author_") || strings.HasPrefix(e.Verb, "idea.amendment_") || strings.HasPrefix(e.Verb, "idea.merge") || e.Verb == models.IdeaTied || e.Verb == models.IdeaUntied:
			// Nothing in the index depends on it.
		case e.Verb == models.ArticleOwned || e.Verb == models.ArticleSourced || e.Verb == models.ArticleRated || e.Verb == models.ArticleDoubted || e.Verb == models.ArticleFeedbackDropped || e.Verb == models.ArticleDoubtAnswered || e.Verb == models.ArticleDoubtReopened || e.Verb == models.ArticleVersionNamed || e.Verb == models.ArticleVersionUnnamed || strings.HasPrefix(e.Verb, "passage."):
			// Nothing in the index depends on it.
		case e.Subject == "post":
			if err := posted(e, ids); err != nil {
				return nil, false, err
			}
		case e.Subject == threads:
			if err := x.talked(ctx, e, ids); err != nil {
				return nil, false, err
			}
		case e.Verb == models.CollectionRestricted || e.Verb == models.CollectionOpened:
			if err := x.enclosed(ctx, e, ids); err != nil {
				return nil, false, err
			}
		case e.Subject == "gathering":
			if err := x.gathered(ctx, e, ids); err != nil {
				return nil, false, err
			}
		case e.Subject == articles:
			if err := x.shelved(ctx, e, ids); err != nil {
				return nil, false, err
			}
		case e.Subject == ideas:
			ids[ideas] = append(ids[ideas], e.SubjectID)
			switch e.Verb {
			case models.IdeaPosted, models.IdeaEdited, models.IdeaStaged, models.IdeaAnswered, models.IdeaHandedOver, models.IdeaClaimed, models.IdeaReturned:
			default:
				// It came, went or moved, and its comments with it.
				replies, err := x.source.CommentIDs(ctx, e.SubjectID)
				if err != nil {
					return nil, false, fmt.Errorf("read comments of idea %d: %w", e.SubjectID, err)
				}
				ids[comments] = append(ids[comments], replies...)
			}
		}
	}
	return ids, reindex, nil
}

// posted adds a post of which an event tells; the first of a thread is its thread's text.
func posted(e *models.Event, ids map[string][]int64) error {
	var about models.About
	if err := e.Decode(&about); err != nil {
		return fmt.Errorf("read event %d: %w", e.ID, err)
	}
	if about.Thread == 0 {
		ids[comments] = append(ids[comments], e.SubjectID)
		return nil
	}
	ids[posts] = append(ids[posts], e.SubjectID)
	if e.Verb != models.PostPosted { // of the first one the thread tells
		ids[threads] = append(ids[threads], about.Thread)
	}
	return nil
}

// shelved adds an article of which an event tells, with those that went where it went. What is said under them goes along, and under an
// article that has another text it may have another title.
func (x *Index) shelved(ctx context.Context, e *models.Event, ids map[string][]int64) error {
	var along struct {
		With []int64 `json:"with"`
	}
	if err := e.Decode(&along); err != nil {
		return fmt.Errorf("read event %d: %w", e.ID, err)
	}
	came := append([]int64{e.SubjectID}, along.With...)
	switch e.Verb {
	case models.ArticleWritten, models.ArticleVerified, models.ArticleUnverified:
		ids[articles] = append(ids[articles], came...)
		return nil // nothing is said under it, or what is said stays as it is
	}
	return x.carried(ctx, came, ids)
}

// enclosed adds the articles of a collection that other people may read from now on.
func (x *Index) enclosed(ctx context.Context, e *models.Event, ids map[string][]int64) error {
	all, err := x.source.CollectionArticleIDs(ctx, e.SubjectID)
	if err != nil {
		return fmt.Errorf("read the articles of collection %d: %w", e.SubjectID, err)
	}
	for some := range slices.Chunk(all, recordBatch) {
		if err := x.carried(ctx, some, ids); err != nil {
			return err
		}
	}
	return nil
}

// carried adds articles with what is said under them.
func (x *Index) carried(ctx context.Context, came []int64, ids map[string][]int64) error {
	said, err := x.source.ArticlePostIDs(ctx, came)
	if err != nil {
		return fmt.Errorf("read posts under articles: %w", err)
	}
	ids[articles], ids[comments] = append(ids[articles], came...), append(ids[comments], said...)
	return nil
}

// talked adds a thread of which an event tells, with what is said in it unless that stays where it is.
func (x *Index) talked(ctx context.Context, e *models.Event, ids map[string][]int64) error {
	switch e.Verb {
	case models.ThreadSolved, models.ThreadUnsolved, models.ThreadPinned, models.ThreadUnpinned, models.ThreadClosed, models.ThreadReopened, models.ThreadSlowed, models.ThreadTied, models.ThreadUntied, models.ThreadTurned:
		return nil // nothing in the index depends on it
	case models.ThreadBegun, models.ThreadEdited:
		ids[threads] = append(ids[threads], e.SubjectID)
		return nil
	}
	if strings.HasPrefix(e.Verb, "poll.") {
		return nil
	}
	said, err := x.source.ThreadPostIDs(ctx, e.SubjectID)
	if err != nil {
		return fmt.Errorf("read posts of thread %d: %w", e.SubjectID, err)
	}
	ids[threads], ids[posts] = append(ids[threads], e.SubjectID), append(ids[posts], said...)
	return nil
}

// gathered adds a gathering of which an event tells, with what is said under it where that may have another title or is gone.
func (x *Index) gathered(ctx context.Context, e *models.Event, ids map[string][]int64) error {
	switch e.Verb {
	case models.GatheringPlanned:
		ids[events] = append(ids[events], e.SubjectID)
	case models.GatheringEdited, models.GatheringWithdrawn:
		said, err := x.source.GatheringPostIDs(ctx, e.SubjectID)
		if err != nil {
			return fmt.Errorf("read posts under gathering %d: %w", e.SubjectID, err)
		}
		ids[events], ids[comments] = append(ids[events], e.SubjectID), append(ids[comments], said...)
	}
	return nil
}

// rewritten adds what is by somebody else since two accounts were merged or parted.
func (x *Index) rewritten(ctx context.Context, e *models.Event, ids map[string][]int64) error {
	var merge models.MergeRecord
	if err := e.Decode(&merge); err != nil {
		return fmt.Errorf("read event %d: %w", e.ID, err)
	}
	for _, kind := range types {
		written, err := x.source.WrittenBy(ctx, kind, []int64{e.SubjectID, merge.Gone})
		if err != nil {
			return fmt.Errorf("read what people %d and %d wrote: %w", e.SubjectID, merge.Gone, err)
		}
		ids[kind] = append(ids[kind], written...)
	}
	return nil
}

// hidden adds the ideas that answer a field of a form whose answers fewer people see from now on.
func (x *Index) hidden(ctx context.Context, e *models.Event, ids map[string][]int64) error {
	var field models.FieldRecord
	if err := e.Decode(&field); err != nil {
		return fmt.Errorf("read event %d: %w", e.ID, err)
	}
	answering, err := x.source.IdeasAnswering(ctx, field.Field)
	if err != nil {
		return fmt.Errorf("read the ideas that answer field %d: %w", field.Field, err)
	}
	ids[ideas] = append(ids[ideas], answering...)
	return nil
}

// refresh makes the index agree with the database about some records. The cursor is in the last batch.
func (x *Index) refresh(ctx context.Context, s *store, touched map[string][]int64, cursor int64) error {
	c := change{}
	for _, kind := range types {
		ids := touched[kind]
		slices.Sort(ids)
		for ids := range slices.Chunk(slices.Compact(ids), recordBatch) {
			if err := s.apply(c, nil); err != nil { // the one before
				return err
			}
			records, err := x.source.SearchRecords(ctx, kind, ids)
			if err != nil {
				return fmt.Errorf("read %s records: %w", kind, err)
			}
			c = change{records: records, gone: missing(kind, ids, records)}
		}
	}
	c.cursor = cursor
	return s.apply(c, nil)
}

// missing are the keys of the ids without a record.
func missing(kind string, ids []int64, records []models.SearchRecord) (keys []string) {
	found := make(map[int64]bool, len(records))
	for i := range records {
		found[records[i].ID] = true
	}
	for _, id := range ids {
		if !found[id] {
			keys = append(keys, key(kind, id))
		}
	}
	return keys
}
