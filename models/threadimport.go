package models

import "time"

// ImportedThread is a thread with what is said in it in the order of time, the first of it the opening post.
type ImportedThread struct {
	*Thread
	Posts    []*Post
	Accepted *Post // which answers it, nil for none
}

// ImportThreads adds threads in their own past, without events, counted as if their posts had been written here. The posts are
// numbered, and for the caller to add; see SettleThreads.
func (tx *Tx) ImportThreads(imported []ImportedThread) error {
	threads := make([]*Thread, len(imported))
	for i, one := range imported {
		thread := one.Thread
		thread.State, thread.Version, thread.ActiveAt, thread.Hot = Published, 1, thread.CreatedAt, contribution(thread.CreatedAt, 1)
		authors := map[int64]bool{}
		for n, post := range one.Posts {
			post.Number = n + 1
			authors[post.AuthorID] = true
			thread.Hot = rankAdd(thread.Hot, contribution(post.CreatedAt, commentWeight))
			if post.CreatedAt.After(thread.ActiveAt) {
				thread.ActiveAt = post.CreatedAt
			}
		}
		thread.PostCount, thread.LastNumber, thread.PeopleCount = len(one.Posts), len(one.Posts), len(authors)
		threads[i] = thread
	}
	if err := tx.insertAll(threads); err != nil {
		return err
	}
	var tags []*threadTag
	for _, thread := range threads {
		for _, tag := range thread.Tags {
			tags = append(tags, &threadTag{Tag: tag, ThreadID: thread.ID, SpaceID: thread.SpaceID})
		}
	}
	return tx.insertAll(tags)
}

// SettleThreads notes of imported threads, whose posts are there now, who has written in them and which post answers them: whoever
// asked has accepted it.
func (tx *Tx) SettleThreads(imported []ImportedThread) error {
	var people []*threadPerson
	for _, one := range imported {
		of := map[int64]*threadPerson{}
		for _, post := range one.Posts {
			person := of[post.AuthorID]
			if person == nil {
				person = &threadPerson{ThreadID: one.ID, UserID: post.AuthorID, Level: "follow"}
				of[post.AuthorID], people = person, append(people, person)
			}
			person.ReadNumber, person.ReadAt, person.WroteAt = post.Number, post.CreatedAt, post.CreatedAt
		}
	}
	if err := tx.insertAll(people); err != nil {
		return err
	}
	for _, one := range imported {
		if one.Accepted == nil {
			continue
		}
		thread := one.Thread
		thread.AcceptedID, thread.AcceptedBy, thread.AcceptedAt = &one.Accepted.ID, &thread.AuthorID, &one.Accepted.CreatedAt
		if _, err := tx.exec("UPDATE threads SET accepted_id = ?, accepted_by = ?, accepted_at = ? WHERE id = ?", thread.AcceptedID, thread.AcceptedBy, thread.AcceptedAt, thread.ID); err != nil {
			return err
		}
	}
	return nil
}

// GrownThreads loads threads to which an import adds, of each that was merged the one in which it goes on. Threads that go on in the
// same one are the same.
func (tx *Tx) GrownThreads(ids []int64) (map[int64]*Thread, error) {
	loaded := map[int64]*Thread{}
	missing := ids
	for range mostMerges {
		if len(missing) == 0 {
			break
		}
		var next []int64
		for len(missing) > 0 {
			some := missing[:min(importBatch, len(missing))]
			missing = missing[len(some):]
			var threads []*Thread
			if err := tx.raw(tx.ctx, &threads, "SELECT * FROM threads WHERE id IN ?", some); err != nil {
				return nil, err
			}
			for _, thread := range threads {
				loaded[thread.ID] = thread
			}
			for _, thread := range threads {
				if into := thread.MergedIntoID; into != nil && loaded[*into] == nil {
					next = append(next, *into)
				}
			}
		}
		missing = next
	}
	found := map[int64]*Thread{}
	for _, id := range ids {
		thread := loaded[id]
		for range mostMerges {
			if thread == nil || thread.MergedIntoID == nil || loaded[*thread.MergedIntoID] == nil {
				break
			}
			thread = loaded[*thread.MergedIntoID]
		}
		if thread != nil {
			found[id] = thread
		}
	}
	return found, nil
}

// CountPosts counts posts that an import has added to a thread.
func (tx *Tx) CountPosts(thread *Thread, posts []*Post) error {
	for _, post := range posts {
		if err := tx.countPost(thread, post); err != nil {
			return err
		}
	}
	return nil
}

// threadTag and threadPerson are rows that other code writes one by one in SQL.
type threadTag struct {
	Tag      string
	ThreadID int64
	SpaceID  int64
}

type threadPerson struct {
	ThreadID   int64
	UserID     int64
	Level      string
	ReadNumber int
	ReadAt     time.Time
	WroteAt    time.Time
}

func (threadPerson) TableName() string { return "thread_people" }
