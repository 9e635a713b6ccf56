package models_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"ruche/models"
)

// saying is a choice that somebody makes.
type saying struct {
	target models.Followable
	level  models.FollowLevel
}

// chosen is a forum in which some people follow and mute in many ways, and in which more is written afterwards.
type chosen struct {
	*forum
	choosers []*models.Actor
	own      map[int64]map[*models.Thread]models.FollowLevel // of threads one by one
	old      int                                             // how many threads there were when they chose
}

func buildChosen(t *testing.T) *chosen {
	t.Helper()
	b := &chosen{forum: buildForum(t), own: map[int64]map[*models.Thread]models.FollowLevel{}}
	space := func(n int) models.Followable { return models.Followable{SpaceID: b.spaces[n].ID} }
	person := func(n int) models.Followable { return models.Followable{PersonID: b.people[n].ID} }
	topic := models.Followable{TopicID: b.topic.ID}
	tag := func(name string) models.Followable { return models.Followable{Tag: name} }
	b.old = len(b.threads)
	for n, sayings := range [][]saying{
		{{space(0), models.LevelWatch}, {topic, models.LevelMute}, {space(1), models.LevelFollow}, {tag("rare"), models.LevelFollow}, {person(9), models.LevelWatch}, {person(16), models.LevelMute}},
		{{topic, models.LevelFollow}, {tag("common"), models.LevelFollow}, {space(2), models.LevelMute}, {person(9), models.LevelFollow}, {person(25), models.LevelNormal}},
		{{tag("common"), models.LevelWatch}, {tag("rare"), models.LevelMute}, {space(3), models.LevelFollow}, {space(0), models.LevelNormal}},
		{},
	} {
		user := b.people[2+n] // who begins no threads
		actor := b.actor(user)
		b.own[user.ID] = map[*models.Thread]models.FollowLevel{}
		b.tx(actor, func(tx *models.Tx) error {
			for _, s := range sayings {
				if _, err := tx.SetFollowing(s.target, s.level); err != nil {
					return err
				}
			}
			for i, level := range []models.FollowLevel{models.LevelMute, models.LevelNormal, models.LevelWatch, models.LevelFollow} {
				for j := range 12 {
					thread := b.threads[(n+1)*40+i*100+j*13]
					if _, err := tx.SetLevel(thread, level); err != nil {
						return err
					}
					b.own[user.ID][thread] = level
					if j%3 == 0 {
						if err := tx.ReadThread(thread, 1); err != nil {
							return err
						}
					}
				}
			}
			return nil
		})
		b.choosers = append(b.choosers, b.actor(user))
	}
	start := b.Now().Add(time.Hour)
	b.tx(b.usual, func(tx *models.Tx) error {
		for n := forumThreads; n < forumThreads+200; n++ {
			if err := b.begin(tx, n, start.Add(time.Duration(n*7919%200)*time.Minute)); err != nil {
				return err
			}
		}
		return nil
	})
	if err := b.Analyze(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

var errTried = errors.New("only tried")

// told are the threads of whose beginning each of the choosers would be told: the rule as the scene asks it.
func (b *chosen) told() map[int64]map[int64]bool {
	b.t.Helper()
	told := map[int64]map[int64]bool{}
	err := b.Tx(b.t.Context(), nil, func(tx *models.Tx) error {
		for _, thread := range b.threads {
			scene := models.Scene{SpaceID: thread.SpaceID, TopicID: thread.TopicID, Tags: thread.Tags, AuthorID: thread.AuthorID}
			if err := tx.NotifyBegun(models.Notice{ActorID: thread.AuthorID, ThreadID: thread.ID, Kind: models.NoticeThread, CreatedAt: b.Now()}, scene, nil); err != nil {
				return err
			}
		}
		for _, actor := range b.choosers {
			cards, err := tx.Notices(b.t.Context(), actor, 0, 5000)
			if err != nil {
				return err
			}
			told[actor.ID] = map[int64]bool{}
			for i := range cards {
				if cards[i].Kind == models.NoticeThread {
					told[actor.ID][cards[i].ThreadID] = true
				}
			}
		}
		return errTried
	})
	if !errors.Is(err, errTried) {
		b.t.Fatal(err)
	}
	return told
}

// TestWhatIsFollowedIsListedByTheRuleThatTells compares the lists with what the rule tells each person of, thread by thread.
func TestWhatIsFollowedIsListedByTheRuleThatTells(t *testing.T) {
	b := buildChosen(t)
	ctx := t.Context()
	told := b.told()
	for who, actor := range b.choosers {
		mutes := func(thread *models.Thread) bool { return who == 0 && thread.AuthorID == b.people[16].ID }
		follows := func(thread *models.Thread) bool {
			if mutes(thread) {
				return false
			}
			if level := b.own[actor.ID][thread]; level != "" {
				return level == models.LevelWatch || level == models.LevelFollow
			}
			writers, err := b.ThreadWriters(ctx, thread, 50)
			if err != nil {
				t.Fatal(err)
			}
			return told[actor.ID][thread.ID] || slices.ContainsFunc(writers, func(w models.Writer) bool { return w.ID == actor.ID })
		}
		counts := map[models.ThreadSort]int{}
		for _, query := range b.queries() {
			if query.Sort != models.ThreadsFollowing {
				continue
			}
			got, want := b.walk(actor, query), b.expected(actor, query, follows)
			if !slices.Equal(got, want) {
				t.Errorf("%d %+v: %d threads, want %d", who, query, len(got), len(want))
			}
			counts[query.Sort] = max(counts[query.Sort], len(got))
		}
		if counts[models.ThreadsFollowing] < 20 {
			t.Errorf("%d follows only %d threads", who, counts[models.ThreadsFollowing])
		}
	}
}

// TestUnreadIsWhatIsFollowedAndNotRead looks at each thread: what was there when somebody began to follow is no debt, what came since is.
func TestUnreadIsWhatIsFollowedAndNotRead(t *testing.T) {
	b := buildChosen(t)
	ctx := t.Context()
	for who, actor := range b.choosers {
		followed := b.walk(actor, models.ThreadQuery{Sort: models.ThreadsFollowing, Limit: 30})
		unread := map[string]bool{}
		for _, title := range b.walk(actor, models.ThreadQuery{Sort: models.ThreadsUnread, Limit: 30}) {
			unread[title] = true
		}
		for n, thread := range b.threads {
			detail, err := b.ThreadDetail(ctx, actor, thread.ID)
			if err != nil {
				if unread[thread.Title] {
					t.Errorf("%d: %s is unread, and unseen: %v", who, thread.Title, err)
				}
				continue
			}
			follows, level := slices.Contains(followed, thread.Title), b.own[actor.ID][thread]
			want := follows && n >= b.old || detail.ReadNumber > 0 && level != models.LevelMute && !(who == 0 && thread.AuthorID == b.people[16].ID) && (follows || n < b.old)
			if want = want && thread.LastNumber > detail.ReadNumber; who > 0 && detail.ReadNumber > 0 && !follows && level == "" {
				continue // read in what is muted wider, which who follows it by itself has not
			}
			if want != unread[thread.Title] {
				t.Errorf("%d: %s (read %d of %d, level %q, followed %v): unread is %v", who, thread.Title, detail.ReadNumber, thread.LastNumber, level, follows, unread[thread.Title])
			}
		}
		if len(unread) < 5 {
			t.Errorf("%d has only %d unread", who, len(unread))
		}
		for _, sort := range []models.ThreadSort{models.ThreadsActive, models.ThreadsFollowing, models.ThreadsUnread} { // what a row says agrees with the list
			cards, _, err := b.Threads(ctx, actor, models.ThreadQuery{Sort: sort, Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			for i := range cards {
				if says := cards[i].Unread() > 0; says != unread[cards[i].Title] && !(says && sort == models.ThreadsActive) { // muted wider
					t.Errorf("%d %q: the row of %s says unread %v", who, sort, cards[i].Title, says)
				}
			}
		}
	}
}

func TestListsOfWhatIsFollowedReadLittle(t *testing.T) {
	b := buildChosen(t)
	ctx := t.Context()
	everything := b.actor(b.people[7]) // watches each space, and has read all that there is
	b.tx(everything, func(tx *models.Tx) error {
		for _, space := range everything.Spaces {
			if _, err := tx.SetFollowing(models.Followable{SpaceID: space.ID}, models.LevelWatch); err != nil {
				return err
			}
		}
		return nil
	})
	for who, actor := range append(slices.Clone(b.choosers), b.actor(b.people[7])) {
		for _, query := range b.queries() {
			if query.Sort != models.ThreadsFollowing && query.Sort != models.ThreadsUnread {
				continue
			}
			query.Limit = 25 // so few are the people of a town that PostgreSQL looks at each for each row
			b.bounded(fmt.Sprintf("%d %+v", who, query), func() error {
				_, next, err := b.Threads(ctx, actor, query)
				if next != nil && err == nil {
					query.After = next
					_, _, err = b.Threads(ctx, actor, query)
				}
				return err
			})
		}
	}
}

// TestWhoFollowsAPersonDoesNotFindWhatTheyHide lets somebody follow the author of a hidden thread, who alone finds it among what they follow.
func TestWhoFollowsAPersonDoesNotFindWhatTheyHide(t *testing.T) {
	h := open(t)
	author, fan := h.user("author", models.RoleEmployee), h.user("fan", models.RoleEmployee)
	space := h.space("s", models.Company)
	h.tx(h.actor(fan), func(tx *models.Tx) error {
		_, err := tx.SetFollowing(models.Followable{PersonID: author.ID}, models.LevelWatch)
		return err
	})
	begin := func(title string, hidden bool) {
		h.tx(h.actor(author), func(tx *models.Tx) error {
			thread := &models.Thread{SpaceID: space.ID, AuthorID: author.ID, Kind: models.Discussion, Title: title}
			if hidden {
				if _, err := tx.Hide(models.HiddenAuthors, ""); err != nil {
					return err
				}
				thread.AuthorID, thread.Anonymity = tx.Actor().ID, models.HiddenAuthors
			}
			return tx.CreateThread(thread, &models.Post{AuthorID: thread.AuthorID, Body: "a word", HTML: "a word"})
		})
	}
	begin("named", false)
	begin("hidden", true)
	for _, list := range []struct {
		who  *models.User
		sort models.ThreadSort
		want []string
	}{
		{fan, models.ThreadsFollowing, []string{"named"}}, {fan, models.ThreadsUnread, []string{"named"}},
		{author, models.ThreadsFollowing, []string{"hidden", "named"}}, {author, models.ThreadsUnread, nil},
	} {
		cards, _, err := h.Threads(t.Context(), h.actor(list.who), models.ThreadQuery{Sort: list.sort, Limit: 30})
		if err != nil {
			t.Fatal(err)
		}
		var titles []string
		for i := range cards {
			titles = append(titles, cards[i].Title)
		}
		if !slices.Equal(titles, list.want) {
			t.Errorf("%s, %s: %v", list.who.Name, list.sort, titles)
		}
	}
}
