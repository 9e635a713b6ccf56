package imports

import (
	"cmp"
	"fmt"
	"slices"

	"ruche/app/text"
	"ruche/models"
)

// thread is a thread of the data; known ones only serve their new replies.
type thread struct {
	models.Thread
	known   bool
	space   *models.Space
	author  *models.User
	answer  string     // the name of the reply that is accepted
	posts   []*comment // the opening one first unless it is known, then replies as they come
	settled *comment
}

func (b *batch) takeThread(row threadRow, at place) {
	switch {
	case row.ID == "" || b.threads[row.ID] != nil:
		b.problem(at, fmt.Sprintf("thread %q: a thread needs an id of its own", row.ID))
		return
	case b.spaces[row.SpaceID] == nil:
		b.problem(at, fmt.Sprintf("thread %q is in space %q, which is not in the data", row.ID, row.SpaceID))
		return
	}
	space := b.spaces[row.SpaceID]
	if id := b.knownThreads[row.ID]; id != 0 {
		b.threads[row.ID] = &thread{Thread: models.Thread{ID: id}, known: true, space: space}
		b.report.Threads.Known++
		return
	}
	made, wrong := b.makeThread(&row, at)
	if wrong != nil {
		b.problem(at, fmt.Sprintf("thread %q: %s", row.ID, wrong.english()))
		return
	}
	made.space, made.author, made.ImportRef, made.answer = space, b.user(row.Author), &row.ID, row.Accepted
	made.posts[0].thread, made.posts[0].author = made, made.author
	b.use(space)
	b.threads[row.ID] = made
	b.newThreads = append(b.newThreads, made)
}

// importedKinds are those that come with all they need; what a poll asks is in no file.
var importedKinds = []models.ThreadKind{models.Discussion, models.Question, models.Announcement}

// makeThread makes the thread of a row with its opening post, as yet without its place and its author.
func (b *batch) makeThread(row *threadRow, at place) (*thread, *mistake) {
	kind := models.ThreadKind(cmp.Or(row.Kind, string(models.Discussion)))
	if !slices.Contains(importedKinds, kind) {
		return nil, &mistake{"kind", fmt.Errorf("%q is none that can be imported", row.Kind)}
	}
	created, err := moment(row.CreatedAt)
	if err != nil {
		return nil, &mistake{fieldDate, err}
	}
	title, body, wrong := b.words(&ideaRow{ID: row.ID, Title: row.Title, Body: row.Body, Lang: row.Lang}, at)
	if wrong != nil {
		return nil, wrong
	}
	rendered, err := text.Render(body, text.Body, nil)
	if err == nil && body == "" {
		err = text.Blank
	}
	if err != nil {
		return nil, &mistake{fieldBody, err}
	}
	lang := language(row.Lang, title+"\n"+rendered.Plain)
	made := &thread{Thread: models.Thread{Kind: kind, Title: title, Summary: rendered.Summary, Lang: lang, Tags: tags(&ideaRow{Tags: row.Tags}), CreatedAt: created}}
	if row.ClosedAt != "" {
		closed, err := moment(row.ClosedAt)
		if err != nil {
			return nil, &mistake{fieldDate, err}
		}
		made.ClosedAt = &closed
	}
	made.posts = []*comment{{at: at, Post: models.Post{Body: body, HTML: rendered.HTML, Lang: lang, CreatedAt: created}}}
	return made, nil
}

func (b *batch) takeReply(row replyRow, at place) {
	in := b.threads[row.ThreadID]
	switch {
	case row.ID == "" || b.comments[row.ID] != nil:
		b.problem(at, fmt.Sprintf("reply %q: a reply needs an id of its own", row.ID))
		return
	case in == nil:
		b.problem(at, fmt.Sprintf("reply %q is in thread %q, which is not in the data", row.ID, row.ThreadID))
		return
	case b.knownComments[row.ID] != 0:
		b.comments[row.ID] = &comment{Post: models.Post{ID: b.knownComments[row.ID]}, thread: in}
		b.report.Replies.Known++
		return
	}
	made, wrong := b.makeComment(&row.commentRow, at)
	if wrong != nil {
		b.problem(at, fmt.Sprintf("reply %q: %s", row.ID, wrong.english()))
		return
	}
	made.thread, made.author, made.ImportRef = in, b.user(row.Author), &row.ID
	in.posts = append(in.posts, made)
	b.comments[row.ID] = made
	b.newReplies = append(b.newReplies, made)
}

// inOrder puts what is said in threads into the order of time, and finds the replies that were accepted.
func (b *batch) inOrder() {
	for _, t := range b.threads {
		replies := t.posts
		if !t.known {
			replies = replies[1:]
		}
		slices.SortStableFunc(replies, func(a, b *comment) int { return a.CreatedAt.Compare(b.CreatedAt) })
	}
	for _, t := range b.newThreads {
		if t.answer == "" {
			continue
		}
		if t.settled = b.comments[t.answer]; t.settled == nil || t.settled.thread != t || t.Kind != models.Question {
			t.settled = nil
			b.note(t.posts[0].at, fmt.Sprintf("thread %q is answered by %q, which is no reply to a question there: left open", *t.ImportRef, t.answer))
		}
	}
}

// said is what is said in the new threads, the openings among it, and in those that are there.
func (b *batch) said() []*comment {
	said := slices.Clone(b.newReplies)
	for _, t := range b.newThreads {
		said = append(said, t.posts[0])
	}
	return said
}

// writeThreads stores the threads, as yet without their posts, which get their numbers.
func (b *batch) writeThreads(tx *models.Tx) error {
	b.imported = make([]models.ImportedThread, len(b.newThreads))
	for i, t := range b.newThreads {
		t.SpaceID, t.AuthorID = t.space.ID, t.author.ID
		b.imported[i] = models.ImportedThread{Thread: &t.Thread}
		for _, post := range t.posts {
			post.AuthorID = post.author.ID
			b.imported[i].Posts = append(b.imported[i].Posts, &post.Post)
		}
		if t.settled != nil {
			b.imported[i].Accepted = &t.settled.Post
		}
	}
	if err := tx.ImportThreads(b.imported); err != nil {
		return err
	}
	var err error
	b.grown, err = tx.GrownThreads(b.grownThreads())
	last := map[int64]int{}
	for _, t := range b.threads {
		there := b.grown[t.ID]
		if there == nil || !t.known {
			continue
		}
		b.grown[there.ID] = there
		t.ID, t.SpaceID = there.ID, there.SpaceID // it may have moved since, or gone on in another one
		for _, post := range t.posts {
			last[t.ID]++
			post.Number = there.LastNumber + last[t.ID]
		}
	}
	return err
}

func (b *batch) grownThreads() (ids []int64) {
	for _, t := range b.threads {
		if t.known && len(t.posts) > 0 {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// settleThreads counts what was said, now that it is there.
func (b *batch) settleThreads(tx *models.Tx) error {
	if err := tx.SettleThreads(b.imported); err != nil {
		return err
	}
	added := map[*models.Thread][]*models.Post{}
	for _, t := range b.threads {
		there := b.grown[t.ID]
		if !t.known || there == nil {
			continue
		}
		for _, post := range t.posts {
			added[there] = append(added[there], &post.Post)
		}
	}
	for there, posts := range added {
		slices.SortFunc(posts, func(a, b *models.Post) int { return cmp.Compare(a.Number, b.Number) })
		if err := tx.CountPosts(there, posts); err != nil {
			return err
		}
	}
	return nil
}

// threadEvents are what would have been recorded of threads and of what is said in them.
func (b *batch) threadEvents() (events []models.Event) {
	for _, t := range b.newThreads {
		events = append(events, models.Event{At: t.CreatedAt, Verb: models.ThreadBegun, ActorID: t.AuthorID, SpaceID: t.SpaceID, Subject: "thread", SubjectID: t.ID})
	}
	for _, reply := range b.newReplies {
		events = append(events, models.Event{
			At: reply.CreatedAt, Verb: models.PostPosted, ActorID: reply.AuthorID, SpaceID: reply.thread.SpaceID,
			Subject: "post", SubjectID: reply.ID, Data: fmt.Sprintf(`{"thread":%d}`, reply.thread.ID),
		})
	}
	for _, t := range b.newThreads {
		if t.settled != nil {
			events = append(events, models.Event{
				At: *t.AcceptedAt, Verb: models.ThreadSolved, ActorID: t.AuthorID, SpaceID: t.SpaceID,
				Subject: "thread", SubjectID: t.ID, Data: fmt.Sprintf(`{"post":%d}`, t.settled.ID),
			})
		}
	}
	return events
}
