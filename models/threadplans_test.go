package models_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"ruche/models"
)

// forum is a town in which much is discussed.
type forum struct {
	*town
	threads []*models.Thread
	topic   *models.Topic
}

const forumThreads = 1400

func buildForum(t *testing.T) *forum {
	t.Helper()
	b := &forum{town: build(t), topic: &models.Topic{Title: "A topic"}}
	b.topic.SpaceID = b.spaces[0].ID
	b.tx(nil, func(tx *models.Tx) error { return tx.CreateTopic(b.topic) })
	start := time.Date(2026, 2, 1, 8, 0, 0, 0, time.UTC)
	for first := 0; first < forumThreads; first += 200 {
		b.tx(b.usual, func(tx *models.Tx) error {
			for n := first; n < first+200; n++ {
				if err := b.begin(tx, n, start.Add(time.Duration(n*7919%forumThreads)*time.Minute)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := b.Analyze(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// begin begins the nth thread of the forum: the first spaces hold most, one in thirty is an announcement, and a third of the questions is solved.
func (b *forum) begin(tx *models.Tx, n int, at time.Time) error {
	space := n % 5
	if n%4 == 0 {
		space = n / 4 % (seenSpaces + 1)
	}
	thread := &models.Thread{SpaceID: b.spaces[space].ID, AuthorID: b.people[n*n%40].ID, Kind: models.Discussion, Title: "thread " + strconv.Itoa(n), CreatedAt: at}
	switch {
	case n%30 == 0:
		thread.Kind = models.Announcement
	case n%2 == 0:
		thread.Kind = models.Question
	}
	if space < 2 {
		thread.Tags = append(thread.Tags, "common")
	}
	if space == 3 && n%40 == 3 {
		thread.Tags = append(thread.Tags, "rare")
	}
	if space == 0 && n%3 == 0 {
		thread.TopicID = &b.topic.ID
	}
	if err := tx.CreateThread(thread, &models.Post{AuthorID: thread.AuthorID, Body: "a word", HTML: "a word"}); err != nil {
		return err
	}
	for i := range n % 3 {
		post := &models.Post{AuthorID: b.people[(n+i)%40].ID, Body: "a word", HTML: "a word", CreatedAt: at.Add(time.Duration(n%50+i) * time.Hour)}
		if err := tx.CreatePost(models.Place{Thread: thread}, post); err != nil {
			return err
		}
		if i == 1 && thread.Kind == models.Question {
			if err := tx.Accept(thread, post); err != nil {
				return err
			}
		}
	}
	if n%50 == 7 {
		if err := tx.SetThreadState(thread, models.Withdrawn); err != nil {
			return err
		}
	}
	b.threads = append(b.threads, thread)
	return nil
}

// queries are the lists with every filter.
func (b *forum) queries() (queries []models.ThreadQuery) {
	for _, sort := range models.ThreadSorts() {
		for _, filter := range []models.ThreadQuery{
			{}, {Kind: models.Question}, {Kind: models.Announcement}, {Tag: "common"}, {Tag: "rare"}, {Tag: "nowhere"}, {SpaceID: b.spaces[0].ID}, {SpaceID: b.spaces[3].ID, Tag: "rare", Kind: models.Question},
			{SpaceID: b.spaces[0].ID, TopicID: b.topic.ID}, {SpaceID: b.spaces[0].ID, Loose: true},
		} {
			filter.Sort, filter.Limit = sort, 30
			queries = append(queries, filter)
		}
	}
	return queries
}

// expected are the titles of a whole list, found by looking at every thread.
func (b *forum) expected(actor *models.Actor, q models.ThreadQuery, wrote func(*models.Thread) bool) (titles []string) {
	var found []*models.Thread
	for _, t := range b.threads {
		solved := t.AcceptedID != nil
		if t.State == models.Published && actor.Access(t.SpaceID) != nil && (q.Kind == "" || t.Kind == q.Kind) && (q.Tag == "" || slices.Contains(t.Tags, q.Tag)) && (q.SpaceID == 0 || t.SpaceID == q.SpaceID) &&
			(q.TopicID == 0 || t.TopicID != nil) && (q.Sort != models.ThreadsSolved || solved) && (q.Sort != models.ThreadsUnsolved || t.Kind == models.Question && !solved) &&
			(q.Sort != models.ThreadsMine || t.AuthorID == actor.ID) && (q.Sort != models.ThreadsFollowing || wrote(t)) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, func(x, y *models.Thread) int {
		order := x.ActiveAt.Compare(y.ActiveAt)
		switch q.Sort {
		case models.ThreadsHot:
			order = cmp.Compare(x.Hot, y.Hot)
		case models.ThreadsNew, models.ThreadsMine:
			order = x.CreatedAt.Compare(y.CreatedAt)
		}
		return -cmp.Or(order, cmp.Compare(x.ID, y.ID))
	})
	for _, t := range found {
		titles = append(titles, t.Title)
	}
	return titles
}

func (b *forum) walk(actor *models.Actor, q models.ThreadQuery) (titles []string) {
	b.t.Helper()
	for {
		cards, next, err := b.Threads(b.t.Context(), actor, q)
		if err != nil {
			b.t.Fatal(err)
		}
		for i := range cards {
			titles = append(titles, cards[i].Title)
		}
		if next == nil {
			return titles
		}
		if q.After, err = models.ParseThreadKey(next.String()); err != nil {
			b.t.Fatal(err)
		}
	}
}

func TestListsOfThreadsAreWholeAndReadLittle(t *testing.T) {
	b := buildForum(t)
	ctx := t.Context()
	people := map[string]*models.Actor{"usual": b.usual, "narrow": b.narrow, "idle": b.idle}
	wrote := func(actor *models.Actor) func(*models.Thread) bool {
		return func(thread *models.Thread) bool {
			writers, err := b.ThreadWriters(ctx, thread, 50)
			if err != nil {
				t.Fatal(err)
			}
			return slices.ContainsFunc(writers, func(w models.Writer) bool { return w.ID == actor.ID })
		}
	}
	for _, query := range b.queries() {
		for name, actor := range people {
			if query.SpaceID != 0 && actor.Access(query.SpaceID) == nil || query.Sort == models.ThreadsUnread {
				continue
			}
			if got, want := b.walk(actor, query), b.expected(actor, query, wrote(actor)); !slices.Equal(got, want) {
				t.Errorf("%s %+v: %d threads, want %d", name, query, len(got), len(want))
			}
		}
	}
	for _, query := range b.queries() {
		for name, actor := range people {
			if query.SpaceID != 0 && actor.Access(query.SpaceID) == nil {
				continue
			}
			b.bounded(fmt.Sprintf("%s %+v", name, query), func() error {
				_, next, err := b.Threads(ctx, actor, query)
				if next != nil && err == nil {
					query.After = next
					_, _, err = b.Threads(ctx, actor, query)
				}
				return err
			})
		}
	}
	thread := b.threads[8]
	b.bounded("page", func() error { _, err := b.ThreadDetail(ctx, b.usual, thread.ID); return err })
	b.bounded("posts", func() error { _, err := b.PageOfPosts(ctx, thread, 1); return err })
	b.bounded("branches", func() error { _, err := b.Branches(ctx, thread, []int64{1, 2, 3}); return err })
	b.bounded("writers", func() error { _, err := b.ThreadWriters(ctx, thread, 8); return err })
	b.bounded("since", func() error { _, err := b.ThreadSince(ctx, b.usual, thread, 1); return err })
	b.bounded("pinned", func() error { _, err := b.PinnedThreads(ctx, b.usual, b.spaces[0].ID, 0); return err })
	b.bounded("cards", func() error { _, err := b.ThreadCards(ctx, b.usual, []int64{1, 2, 3}); return err })
	b.bounded("unread", func() error { _, err := b.Unread(ctx, b.usual); return err })
	b.tx(b.usual, func(tx *models.Tx) error {
		for n := range int64(900) {
			if _, err := tx.AddReaction(&models.Post{ID: n + 1}, n%6+1); err != nil {
				return err
			}
		}
		return nil
	})
	if err := b.Analyze(ctx); err != nil {
		t.Fatal(err)
	}
	day := b.Now().Add(-time.Hour)
	b.bounded("reactions", func() error { _, err := b.Reactions(ctx, b.usual, []int64{1, 2, 3}); return err })
	b.bounded("reactors", func() error { _, err := b.Reactors(ctx, b.usual, 7, 0, 900, 50); return err })
	b.bounded("reactors of a sign", func() error { _, err := b.Reactors(ctx, b.usual, 7, 1, 900, 50); return err })
	b.bounded("appreciated people", func() error { _, err := b.AppreciatedPeople(ctx, day.Add(-time.Hour), day, day, 0, 50); return err })
	b.bounded("appreciated", func() error { _, err := b.Appreciated(ctx, b.idle, day.Add(-time.Hour), day); return err })
}
