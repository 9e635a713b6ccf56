package notifications_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// begin begins a thread in a topic, or in none.
func (v *village) begin(author *models.User, space *models.Space, topic *int64, tags models.Tags, body string) *models.Thread {
	v.t.Helper()
	thread := &models.Thread{SpaceID: space.ID, TopicID: topic, Kind: models.Discussion, AuthorID: author.ID, Title: "About " + body, Tags: tags}
	v.Tx(v.Actor(author), func(tx *models.Tx) error {
		if err := tx.CreateThread(thread, &models.Post{AuthorID: author.ID, Body: body, HTML: body}); err != nil {
			return err
		}
		return tx.Record(models.ThreadBegun, thread, nil)
	})
	return thread
}

func (v *village) write(author *models.User, thread *models.Thread, body string) *models.Post {
	v.t.Helper()
	post := &models.Post{AuthorID: author.ID, Body: body, HTML: body}
	v.Tx(v.Actor(author), func(tx *models.Tx) error {
		locked, err := tx.LockThread(thread.ID)
		if err != nil {
			return err
		}
		if err := tx.CreatePost(models.Place{Thread: locked}, post); err != nil {
			return err
		}
		return tx.Record(models.PostPosted, post.In(thread.SpaceID), map[string]int64{"thread": thread.ID})
	})
	return post
}

func (v *village) follow(who *models.User, target models.Followable, level models.FollowLevel) {
	v.t.Helper()
	v.Tx(v.Actor(who), func(tx *models.Tx) error { _, err := tx.SetFollowing(target, level); return err })
}

// said is what one person has said of a scene; empty levels are nothing.
type said struct {
	space, topic, person, thread models.FollowLevel
	tags                         []models.FollowLevel
	itself                       bool // follows the thread only for having written there
}

// holds is the rule as its docstring words it, told over again in the plainest way.
func (s said) holds() (level models.FollowLevel, own bool) {
	if s.person == models.LevelMute {
		return models.LevelMute, false
	}
	if s.thread != "" {
		return s.thread, true
	}
	wider := models.FollowLevel("")
	for _, level := range []models.FollowLevel{s.person, s.topic, s.tag(), s.space} {
		if wider == "" {
			wider = level
		}
	}
	switch {
	case s.itself && wider == models.LevelWatch:
		return models.LevelWatch, false
	case s.itself:
		return models.LevelFollow, true
	case wider == "":
		return models.LevelNormal, false
	}
	return wider, false
}

func (s said) tag() models.FollowLevel {
	for _, level := range []models.FollowLevel{models.LevelMute, models.LevelWatch, models.LevelFollow, models.LevelNormal} {
		if slices.Contains(s.tags, level) {
			return level
		}
	}
	return ""
}

func TestWhatHoldsOfSeveralLevels(t *testing.T) {
	const none, watch, follow, normal, mute = models.FollowLevel(""), models.LevelWatch, models.LevelFollow, models.LevelNormal, models.LevelMute
	for _, row := range []struct {
		said said
		want models.FollowLevel
	}{
		{said{}, normal},
		{said{space: watch}, watch},
		{said{space: watch, topic: normal}, normal},
		{said{space: mute, topic: follow}, follow},
		{said{space: watch, tags: []models.FollowLevel{follow, none}}, follow},
		{said{tags: []models.FollowLevel{watch, mute}}, mute},
		{said{topic: watch, tags: []models.FollowLevel{mute}}, watch},
		{said{person: watch, topic: mute}, watch},
		{said{person: normal, space: watch}, normal},
		{said{thread: mute, person: watch}, mute},
		{said{thread: watch, space: mute}, watch},
		{said{thread: watch, person: mute}, mute},
		{said{itself: true, space: mute}, follow},
		{said{itself: true, topic: watch}, watch},
		{said{itself: true, person: mute}, mute},
	} {
		if got, _ := row.said.holds(); got != row.want {
			t.Errorf("%+v: %s, want %s", row.said, got, row.want)
		}
	}
}

// TestWhoIsToldIsWhatTheRuleSays lets many people say all kinds of things of a scene, and compares who gets which notice with the rule.
func TestWhoIsToldIsWhatTheRuleSays(t *testing.T) {
	v := build(t)
	v.Settle()
	closed := v.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{v.alice: models.SpaceManager})
	topic := &models.Topic{SpaceID: v.plant.ID, Title: "Seals"}
	v.Tx(nil, func(tx *models.Tx) error { return tx.CreateTopic(topic) })
	tags := models.Tags{"water", "steam"}
	chance := rand.New(rand.NewPCG(5, 4))
	any := func() models.FollowLevel {
		return []models.FollowLevel{"", "", models.LevelWatch, models.LevelFollow, models.LevelNormal, models.LevelMute}[chance.IntN(6)]
	}
	people, words := map[int64]said{}, map[int64]*models.User{}
	for i := range 60 {
		role := models.RoleEmployee
		if i%6 == 5 {
			role = models.RoleExternal // who sees nothing of it
		}
		person := v.Person("Person "+strconv.Itoa(i), role)
		s := said{space: any(), topic: any(), person: any(), tags: []models.FollowLevel{any(), any()}}
		v.follow(person, models.Followable{SpaceID: v.plant.ID}, s.space)
		v.follow(person, models.Followable{TopicID: topic.ID}, s.topic)
		v.follow(person, models.Followable{PersonID: v.alice.ID}, s.person)
		for n, tag := range tags {
			v.follow(person, models.Followable{Tag: tag}, s.tags[n])
		}
		v.follow(person, models.Followable{SpaceID: closed.ID}, models.LevelWatch)
		people[person.ID], words[person.ID] = s, person
	}
	thread := v.begin(v.alice, v.plant, &topic.ID, tags, "seals")
	v.begin(v.alice, closed, nil, tags, "secrets")
	v.Settle()
	for id, s := range people {
		level, _ := s.holds()
		want := words[id].Role != models.RoleExternal && (level == models.LevelWatch || level == models.LevelFollow)
		v.expect(words[id], models.NoticeThread, thread.ID, want, s)
	}
	for id, s := range people { // some say something of the thread too, or write there
		if words[id].Role == models.RoleExternal {
			continue
		}
		if s.thread = any(); s.thread != "" {
			v.Tx(v.Actor(words[id]), func(tx *models.Tx) error { _, err := tx.SetLevel(thread, s.thread); return err })
		} else if s.itself = chance.IntN(2) == 0; s.itself {
			v.write(words[id], thread, "me too")
		}
		people[id] = s
	}
	v.Settle()
	for id := range people {
		v.Tx(v.Actor(words[id]), func(tx *models.Tx) error { _, err := tx.ReadNotices(id, 0); return err })
	}
	named := ""
	for id, person := range words {
		if id%3 == 0 {
			named += fmt.Sprintf("[@%s](/people/%d) ", person.Name, id)
		}
	}
	v.write(v.alice, thread, "plain")
	v.write(v.alice, thread, named)
	v.Settle()
	for id, s := range people {
		level, own := s.holds()
		sees := words[id].Role != models.RoleExternal
		v.expect(words[id], models.NoticePost, thread.ID, sees && (level == models.LevelWatch || level == models.LevelFollow && own), s)
		v.expect(words[id], models.NoticeMention, thread.ID, sees && id%3 == 0 && level != models.LevelMute, s)
	}
}

// TestWhoFollowsSomebodyLearnsNothingOfTheirMasks: what a followed person writes hidden reaches nobody by that, and nobody follows a mask.
func TestWhoFollowsSomebodyLearnsNothingOfTheirMasks(t *testing.T) {
	v := build(t)
	v.Settle()
	v.follow(v.bob, models.Followable{PersonID: v.alice.ID}, models.LevelWatch)
	var idea *models.Idea
	v.Tx(v.Actor(v.alice), func(tx *models.Tx) error {
		if _, err := tx.Hide(models.HiddenAuthors, "seed"); err != nil {
			return err
		}
		idea = &models.Idea{SpaceID: v.plant.ID, AuthorID: tx.Actor().ID, Title: "Behind a mask", Body: "b", HTML: "b", Anonymity: models.HiddenAuthors}
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaPosted, idea, nil)
	})
	v.follow(v.alice, models.Followable{SpaceID: v.plant.ID}, models.LevelWatch)
	v.Settle()
	if n := v.unread(v.bob); n != 0 {
		t.Errorf("%d notices tell who is behind the mask", n)
	}
	if n := v.unread(v.alice); n != 0 {
		t.Errorf("%d notices tell somebody of what they wrote themselves", n)
	}
	v.As(v.bob).Post("/follows", apptest.Form{"kind": "person", "target": strconv.FormatInt(idea.AuthorID, 10), "level": "watch"}).Status(http.StatusNotFound)
	open := v.post(v.alice, v.plant, "In the open")
	v.comment(v.alice, open, nil, "and more")
	v.Settle()
	v.As(v.bob).Get("/notifications").See("Alice Martin proposes “In the open”", "Alice Martin comments on “In the open”", "because you watch Alice Martin")
	v.follow(v.bob, models.Followable{PersonID: v.alice.ID}, models.LevelMute)
	v.Tx(v.Actor(v.bob), func(tx *models.Tx) error { _, err := tx.ReadNotices(v.bob.ID, 0); return err })
	v.comment(v.alice, v.post(v.bob, v.plant, "Of Bob"), nil, fmt.Sprintf("what does [@Bob Durand](/people/%d) say?", v.bob.ID))
	v.Settle()
	if n := v.unread(v.bob); n != 0 {
		t.Errorf("%d notices come from somebody muted", n)
	}
}

func TestWhoFollowsAnAccountThatGoesIntoAnotherHearsOfThatOne(t *testing.T) {
	v := build(t)
	v.Settle()
	old := v.Person("Alice Old", models.RoleEmployee)
	v.follow(v.bob, models.Followable{PersonID: old.ID}, models.LevelFollow)
	v.follow(v.alice, models.Followable{Tag: "water"}, models.LevelFollow)
	v.follow(old, models.Followable{Tag: "water"}, models.LevelMute) // of two that were said one stays
	v.follow(old, models.Followable{Tag: "steam"}, models.LevelMute)
	v.Tx(v.Actor(v.Person("Olga Owner", models.RoleOwner)), func(tx *models.Tx) error { _, err := tx.MergePeople(v.alice, old); return err })
	v.post(v.alice, v.plant, "Of one person")
	v.Settle()
	bob := v.As(v.bob)
	bob.Get("/notifications").See("Alice Martin proposes “Of one person”")
	bob.Get("/follows?kind=person").See("Alice Martin", "Following")
	bob.Post("/follows", apptest.Form{"kind": "person", "target": strconv.FormatInt(old.ID, 10), "level": ""}).Status(http.StatusSeeOther)
	bob.Get("/follows?kind=person").NotSee("Alice Martin")
	v.As(v.alice).Get("/follows?kind=tag").See("#water", "Following", "#steam")
}

// expect compares whether somebody has unread notices of a kind about a thread, and that none is about another.
func (v *village) expect(who *models.User, kind models.Kind, thread int64, want bool, s said) {
	v.t.Helper()
	cards, err := v.DB.Notices(v.t.Context(), v.Actor(who), 0, 100)
	if err != nil {
		v.t.Fatal(err)
	}
	got := false
	for i := range cards {
		got = got || cards[i].Kind == kind && cards[i].ThreadID == thread && cards[i].ReadAt == nil
		if cards[i].ThreadID != thread {
			v.t.Errorf("%s has a notice about thread %d", who.Name, cards[i].ThreadID)
		}
	}
	if got != want {
		v.t.Errorf("%s, who says %+v: %s notice %t, want %t", who.Name, s, kind, got, want)
	}
}

func TestANoticeSaysWhyOneGetsItAndIsReadWithItsThread(t *testing.T) {
	v := build(t)
	topic := &models.Topic{SpaceID: v.plant.ID, Title: "Seals"}
	v.Tx(nil, func(tx *models.Tx) error { return tx.CreateTopic(topic) })
	bob := v.As(v.bob)
	bob.Post("/follows", apptest.Form{"kind": "topic", "target": strconv.FormatInt(topic.ID, 10), "level": "watch"}).Status(http.StatusSeeOther)
	thread := v.begin(v.alice, v.plant, &topic.ID, nil, "seals")
	v.Settle()
	bob.Get("/notifications").See("Alice Martin begins “About seals”", "because you watch the topic Seals", "/discussions?space=plant&amp;topic=seals#follow")
	v.write(v.alice, thread, "one more thing")
	v.Settle()
	bob.Get("/notifications").See("Alice Martin writes in “About seals”", "one more thing")
	bob.Get("/notifications/count").See(`{"unread":"2"}`)
	bob.Get(thread.Path()).Status(http.StatusOK)
	bob.Get("/notifications/count").See(`{"unread":"0"}`)
	v.follow(v.bob, models.Followable{Tag: "badges"}, models.LevelFollow)
	v.Tx(v.Actor(v.alice), func(tx *models.Tx) error {
		idea := &models.Idea{SpaceID: v.plant.ID, AuthorID: v.alice.ID, Title: "No badges", Body: "none", HTML: "none", Tags: models.Tags{"badges"}}
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		return tx.Record(models.IdeaPosted, idea, nil)
	})
	v.Settle()
	page := bob.Get("/notifications").See("Alice Martin proposes “No badges”", "because you follow the tag badges")
	page.NotSee("because you watch the tag")
	bob.Get("/notifications/count").See(`{"unread":"1"}`)
	bob.Get("/ideas/2-no-badges").Status(http.StatusOK)
	bob.Get("/notifications/count").See(`{"unread":"0"}`)
}
