package discussions

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"ruche/app/posts"
	"ruche/models"
	"ruche/views/parts"
)

// Listing is what a list of threads is asked for.
type Listing struct {
	Sort   models.ThreadSort
	Space  string // slug
	Topic  string // slug, in the space
	Kind   models.ThreadKind
	Tag    string
	Cursor string
	Limit  int // 0 for that of the pages
}

// Listed is a page of threads.
type Listed struct {
	Threads []models.ThreadCard
	Pinned  []models.ThreadCard // before them
	Next    string
	Space   *models.SpaceAccess // nil for all
	Topic   *models.Topic       // nil for all
}

// perList is how many threads a page of a list has.
const perList = 30

// List finds the threads that somebody asks for. The pinned ones of a space stand before its first page.
func (f *Discussions) List(ctx context.Context, actor *models.Actor, in Listing) (*Listed, error) {
	if !slices.Contains(models.ThreadSorts(), in.Sort) {
		return nil, models.Invalid{"filter": "lists.sort_invalid"}
	}
	if in.Kind != "" && !in.Kind.Valid() {
		return nil, models.Invalid{"kind": "discussions.kind_invalid"}
	}
	after, err := models.ParseThreadKey(in.Cursor)
	if err != nil {
		return nil, err
	}
	listed := &Listed{}
	query := models.ThreadQuery{Sort: in.Sort, Kind: in.Kind, Tag: in.Tag, After: after, Limit: cmp.Or(in.Limit, perList)}
	if in.Space != "" {
		if listed.Space = actor.AccessTo(in.Space); listed.Space == nil {
			return nil, fmt.Errorf("space: %w", models.ErrNotFound)
		}
		query.SpaceID = listed.Space.ID
	}
	if in.Topic != "" {
		if listed.Space == nil {
			return nil, models.ErrNotFound
		}
		if listed.Topic, err = f.db.Topic(ctx, listed.Space.ID, in.Topic); err != nil {
			return nil, err
		}
		query.TopicID = listed.Topic.ID
	}
	query.Loose = listed.Space != nil && in.Sort == models.ThreadsActive && in.Kind == "" && in.Tag == ""
	if query.Loose && after == nil {
		if listed.Pinned, err = f.db.PinnedThreads(ctx, actor, query.SpaceID, query.TopicID); err != nil {
			return nil, err
		}
	}
	threads, next, err := f.db.Threads(ctx, actor, query)
	if err != nil {
		return nil, err
	}
	listed.Threads = threads
	if next != nil {
		listed.Next = next.String()
	}
	return listed, nil
}

// following is how closely the actor follows what a list is of: the nearest of a tag, a topic and a space; nil for a list of all.
func (f *Discussions) following(ctx context.Context, actor *models.Actor, listed *Listed, tag string) (*parts.Following, error) {
	target := models.Followable{}
	switch {
	case !actor.SignedIn():
		return nil, nil
	case tag != "":
		var err error
		if target.Tag, err = models.ParseTag(tag); err != nil || target.Tag != tag {
			return nil, nil // no such tag
		}
	case listed.Topic != nil:
		target.TopicID = listed.Topic.ID
	case listed.Space != nil:
		target.SpaceID = listed.Space.ID
	default:
		return nil, nil
	}
	level, err := f.db.LevelOf(ctx, actor, target)
	return &parts.Following{Kind: target.Kind(), Target: target.Address(), Level: level}, err
}

// Shown is a page of a thread.
type Shown struct {
	*models.ThreadDetail
	From     int // the number with which the page begins
	Posts    []models.PostCard
	Accepted *models.PostCard // the answer that is accepted, if it is still there
	Branches []models.BranchPost
	Writers  []models.Writer
	Since    models.Since     // what others have written since the actor was there
	Links    models.LinkCards // what the links lead to that stand alone in the posts
	Given    *models.Reactions

	Elsewhere []models.Answered  // what posts of the page answer that stands in other threads
	Shifts    []models.ShiftCard // which posts have come and gone
}

// shownWriters is how many of those who write in a thread its page shows.
const shownWriters = 8

// Show finds the page of a thread on which a post with a number stands.
func (f *Discussions) Show(ctx context.Context, actor *models.Actor, id int64, number int) (*Shown, error) {
	detail, err := f.db.ThreadDetail(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	shown := &Shown{ThreadDetail: detail, From: (max(number, 1)-1)/models.ThreadPage*models.ThreadPage + 1}
	if shown.From > max(detail.LastNumber, 1) {
		return nil, fmt.Errorf("thread %d from post %d: %w", id, number, models.ErrNotFound)
	}
	thread := &detail.Thread
	if shown.Posts, err = f.db.PageOfPosts(ctx, thread, shown.From); err != nil {
		return nil, err
	}
	if shown.Links, err = f.db.LinkCards(ctx, actor, models.Texts{Posts: posts.Alone(shown.Posts)}, f.web.LinkPreviews); err != nil {
		return nil, fmt.Errorf("links of thread %d: %w", id, err)
	}
	ids := posts.IDs(shown.Posts)
	if shown.Given, err = f.db.Reactions(ctx, actor, ids); err != nil {
		return nil, fmt.Errorf("thread %d: %w", id, err)
	}
	if shown.Branches, err = f.db.Branches(ctx, thread, ids); err != nil {
		return nil, err
	}
	if shown.Elsewhere, err = f.db.AnsweredElsewhere(ctx, actor, elsewhere(shown.Posts)); err != nil {
		return nil, err
	}
	if shown.Shifts, err = f.db.Shifts(ctx, actor, thread); err != nil {
		return nil, err
	}
	if shown.Writers, err = f.db.ThreadWriters(ctx, thread, shownWriters); err != nil {
		return nil, err
	}
	if thread.AcceptedID != nil {
		if shown.Accepted, err = f.db.ThreadPost(ctx, thread, *thread.AcceptedID); err != nil {
			return nil, err
		}
	}
	shown.face(actor)
	if detail.ReadNumber > 0 && detail.ReadNumber < thread.LastNumber {
		if shown.Since, err = f.db.ThreadSince(ctx, actor, thread, detail.ReadNumber); err != nil {
			return nil, err
		}
		if shown.Since.First != 0 {
			shown.Since.At, err = f.db.PostedAt(ctx, thread, shown.Since.First)
		}
	}
	return shown, err
}

// elsewhere are the posts in other threads that some posts answer.
func elsewhere(cards []models.PostCard) (ids []int64) {
	for i := range cards {
		if cards[i].ParentID != nil && cards[i].ParentAuthorName == "" {
			ids = append(ids, *cards[i].ParentID)
		}
	}
	return ids
}

// face leaves out the pictures of people where the actor may not see them.
func (s *Shown) face(actor *models.Actor) {
	s.AuthorPicture = actor.Face(s.AuthorPicture)
	for i := range s.Posts {
		s.Posts[i].AuthorPicture = actor.Face(s.Posts[i].AuthorPicture)
	}
	for i := range s.Writers {
		s.Writers[i].Picture = actor.Face(s.Writers[i].Picture)
	}
	if s.Accepted != nil {
		s.Accepted.AuthorPicture = actor.Face(s.Accepted.AuthorPicture)
	}
}

// last is the number of the last post on the page.
func (s *Shown) last() int { return min(s.From+models.ThreadPage-1, max(s.LastNumber, 1)) }

// news tells whether the actor sees something on the page that it was not kept that they have seen.
func (s *Shown) news() bool {
	return s.ReadAt == nil || s.Told || s.last() > s.ReadNumber || s.changed()
}

// changed tells whether more than posts has changed since the actor was there.
func (s *Shown) changed() bool {
	return s.ReadAt != nil && (s.AcceptedAt != nil && s.AcceptedAt.After(*s.ReadAt) || s.ClosedAt != nil && s.ClosedAt.After(*s.ReadAt) || s.EditedAt != nil && s.EditedAt.After(*s.ReadAt))
}

// read keeps how far the actor has read, and that they know of what they were told there.
func (f *Discussions) read(ctx context.Context, actor *models.Actor, shown *Shown) error {
	return f.readTo(ctx, actor, &shown.Thread, shown.last())
}

// readTo is read as far as the post with a number.
func (f *Discussions) readTo(ctx context.Context, actor *models.Actor, thread *models.Thread, number int) error {
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.ReadThread(thread, number); err != nil {
			return err
		}
		return tx.ReadThreadNotices(thread, number)
	})
	if err != nil {
		return fmt.Errorf("read thread %d: %w", thread.ID, err)
	}
	return nil
}
