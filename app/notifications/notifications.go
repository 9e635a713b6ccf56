// Package notifications tells people in the house what concerns them: someone answered, supported,
// mentioned them, or an idea they follow has moved. It turns events into notices; mail is not its matter.
package notifications

import (
	"context"
	"fmt"
	"time"

	"ruche/app/feed"
	"ruche/app/web"
	"ruche/models"
)

// Notifications is the feature.
type Notifications struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Notifications { return &Notifications{w} }

// Page is what a person sees of their notices.
type Page struct {
	House   []models.HouseNotice     // on the first page
	Spaces  []models.SpaceNoticeCard // the newest about spaces; on the first page
	Notices []models.NoticeCard
	Next    int64 // id to go on before; 0 at the end
}

const (
	pageSize    = 30
	shownSpaces = 10
)

// List returns a page of a person's notices, newest first.
func (n *Notifications) List(ctx context.Context, actor *models.Actor, before int64) (*Page, error) {
	cards, err := n.web.DB.Notices(ctx, actor, before, pageSize+1)
	if err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	page := &Page{Notices: cards}
	if before == 0 {
		if page.House, err = n.web.DB.HouseNotices(ctx, actor); err != nil {
			return nil, fmt.Errorf("list what the house tells: %w", err)
		}
		if page.Spaces, err = n.web.DB.SpaceNotices(ctx, actor, shownSpaces); err != nil {
			return nil, fmt.Errorf("list notices about spaces: %w", err)
		}
	}
	if len(cards) > pageSize {
		page.Notices = cards[:pageSize]
		page.Next = cards[pageSize-1].ID
	}
	return page, nil
}

// ReadAll marks all of a person's notices as read.
func (n *Notifications) ReadAll(ctx context.Context, actor *models.Actor) error {
	return n.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if _, err := tx.ReadNotices(actor.ID, 0); err != nil {
			return err
		}
		return tx.ReadSpaceNotices(actor.ID, 0)
	})
}

// livePoll is how often this process looks for what other processes did.
const livePoll = 500 * time.Millisecond

// liveTimeout bounds one look, so that a database that has gone without a word is noticed.
const liveTimeout = 10 * time.Second

// liveBatch bounds the events looked at in one go.
const liveBatch = 500

// FollowLive returns what tells the pages that are open in this process of what happens anywhere after
// now, until its context ends. A page that opens later shows what is there already.
func (n *Notifications) FollowLive(ctx context.Context) (follow func(context.Context), err error) {
	event, err := n.web.DB.LastEventID(ctx)
	if err != nil {
		return nil, fmt.Errorf("follow the event log: %w", err)
	}
	notice, err := n.web.DB.LastNoticeID(ctx)
	if err != nil {
		return nil, fmt.Errorf("follow the notices: %w", err)
	}
	return func(ctx context.Context) { n.follow(ctx, event, notice) }, nil
}

func (n *Notifications) follow(ctx context.Context, event, notice int64) {
	woken, stop := n.web.DB.Listen()
	defer stop()
	trouble := feed.Trouble{}
	for {
		wait := livePoll
		var err error
		event, notice, err = n.tell(ctx, event, notice)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			wait = trouble.Met(ctx, "live updates are held up", err)
		default:
			trouble.Over(ctx, "live updates go on")
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-woken:
			timer.Stop()
		case <-timer.C:
		}
	}
}

func (n *Notifications) tell(ctx context.Context, event, notice int64) (int64, int64, error) {
	ctx, cancel := context.WithTimeout(ctx, liveTimeout)
	defer cancel()
	events, err := n.web.DB.EventsAfter(ctx, event, liveBatch)
	if err != nil {
		return event, notice, err
	}
	for _, e := range events {
		event = e.ID
		if changesRights(e.Verb) {
			n.web.Live.Renew()
		} else if people, all := changesRightsOf(&e); all {
			n.web.Live.Renew()
		} else if len(people) > 0 {
			for _, id := range people {
				n.web.Live.RenewUser(id)
			}
		} else if e.Verb == models.ExportReady {
			n.web.Live.ToUser(e.ActorID, "notifications")
		} else if topic := ideaTopic(&e); topic != "" {
			n.web.Live.ToSpace(e.SpaceID, topic)
		}
	}
	users, notice, err := n.web.DB.NoticedSince(ctx, notice)
	for _, user := range users {
		n.web.Live.ToUser(user, "notifications")
	}
	return event, notice, err
}

// changesRights tells whether an event may change what many people see.
func changesRights(verb string) bool {
	switch verb {
	case models.MemberAdded, models.MemberRemoved, models.SpaceEdited, models.SpaceGroupSet, models.SpaceGroupEnded, models.GroupDeleted, models.GroupRestored,
		models.SpaceArchived, models.SpaceReopened, models.SpaceHandedOver, models.SpaceTakenOver:
		return true
	}
	return false
}

// changesRightsOf are the people of whom alone an event may change what they see; all if the event does not name them.
func changesRightsOf(e *models.Event) (people []int64, all bool) {
	switch e.Verb {
	case models.UserSignedOut, models.SessionEnded, models.UserEdited, models.UserDisabled, models.OwnerLinkCreated, models.UserRuled, models.UserRoleChanged, models.UserTermsSet, models.SessionsEnded:
		return []int64{e.SubjectID}, false
	case models.UserMerged, models.UserParted:
		var merge models.MergeRecord
		unread := e.Decode(&merge) != nil
		return []int64{e.SubjectID, merge.Gone}, unread
	case models.MemberJoined, models.MemberLeft, models.MemberReturned:
		return []int64{e.ActorID}, false
	case models.RequestGranted:
		var about struct {
			User int64 `json:"user"`
		}
		return []int64{about.User}, e.Decode(&about) != nil || about.User == 0
	case models.GroupEdited:
		var change models.GroupChange
		if e.Decode(&change) != nil || change.Many > 0 {
			return nil, true
		}
		return append(change.Joined, change.Left...), false
	}
	return nil, false
}

// ideaTopic is the page that an event changes: "idea:12", or nothing.
func ideaTopic(e *models.Event) string {
	id := e.SubjectID
	switch e.Subject {
	case "post":
		id = ideaOf(e)
	case "idea":
	default:
		return ""
	}
	return fmt.Sprintf("idea:%d", id)
}

// ideaOf is the idea that a comment's event names.
func ideaOf(e *models.Event) int64 {
	var data struct {
		Idea int64 `json:"idea"`
	}
	if e.Decode(&data) != nil {
		return 0
	}
	return data.Idea
}
