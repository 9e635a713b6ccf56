package models_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"ruche/models"
	"ruche/models/modelstest"
)

// clapHouse is one with a thread of mona's in which each of her posts can be given signs.
type clapHouse struct {
	*house
	t      *testing.T
	addr   string
	now    time.Time
	mona   *models.User
	people []*models.User
	thread *models.Thread
	posts  []*models.Post
}

func openClaps(t *testing.T, posts, people int) *clapHouse {
	t.Helper()
	h := &clapHouse{t: t, addr: modelstest.Address(t), now: time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)}
	db, err := models.Open(t.Context(), h.addr, models.Options{Clock: func() time.Time { return h.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	h.house = &house{db, t}
	h.mona = h.user("mona", models.RoleOwner)
	space := h.house.space("plant", models.Company)
	for i := range people {
		h.people = append(h.people, h.user(fmt.Sprintf("person-%02d", i), models.RoleEmployee))
	}
	h.thread = &models.Thread{SpaceID: space.ID, AuthorID: h.mona.ID, Kind: models.Discussion, Title: "A thread"}
	h.tx(h.actor(h.mona), func(tx *models.Tx) error {
		first := &models.Post{AuthorID: h.mona.ID, Body: "a word"}
		h.posts = append(h.posts, first)
		if err := tx.CreateThread(h.thread, first); err != nil {
			return err
		}
		for len(h.posts) < posts {
			post := &models.Post{AuthorID: h.mona.ID, Body: "a word"}
			if err := tx.CreatePost(models.Place{Thread: h.thread}, post); err != nil {
				return err
			}
			h.posts = append(h.posts, post)
		}
		return nil
	})
	return h
}

func (h *clapHouse) react(user *models.User, post *models.Post, sign int64, give bool) {
	h.t.Helper()
	h.tx(h.actor(user), func(tx *models.Tx) (err error) {
		if give {
			_, err = tx.AddReaction(post, sign)
		} else {
			_, err = tx.RemoveReaction(post, sign)
		}
		return err
	})
}

// counts are those that a page shows, by post and sign.
func (h *clapHouse) counts(actor *models.Actor) map[[2]int64]int {
	h.t.Helper()
	ids := make([]int64, len(h.posts))
	for i, post := range h.posts {
		ids[i] = post.ID
	}
	given, err := h.Reactions(h.t.Context(), actor, ids)
	if err != nil {
		h.t.Fatal(err)
	}
	counts := map[[2]int64]int{}
	for _, id := range ids {
		for _, g := range given.Of(id) {
			counts[[2]int64{id, g.ID}] = g.People
		}
	}
	return counts
}

func TestCountsOfReactionsAreThoseOfThePeople(t *testing.T) {
	h := openClaps(t, 4, 9)
	random := rand.New(rand.NewPCG(1, 2))
	held := map[[3]int64]bool{}
	for range 300 {
		user, post, sign := random.IntN(len(h.people)), random.IntN(len(h.posts)), int64(random.IntN(6)+1)
		give := random.IntN(3) > 0
		h.react(h.people[user], h.posts[post], sign, give)
		held[[3]int64{h.people[user].ID, h.posts[post].ID, sign}] = give
	}
	want, mine := map[[2]int64]int{}, 0
	for key, is := range held {
		if is {
			want[[2]int64{key[1], key[2]}]++
		}
		if is && key[0] == h.people[0].ID {
			mine++
		}
	}
	if got := h.counts(h.actor(h.people[0])); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("counted %v, want %v", got, want)
	}
	given, err := h.Reactions(t.Context(), h.actor(h.people[0]), []int64{h.posts[0].ID, h.posts[1].ID, h.posts[2].ID, h.posts[3].ID})
	if err != nil {
		t.Fatal(err)
	}
	for _, post := range h.posts {
		listed := 0
		people, err := h.Reactors(t.Context(), h.actor(h.mona), post.ID, 0, 0, 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range given.Of(post.ID) {
			listed += g.People
			if g.Mine {
				mine--
			}
		}
		if listed != len(people) {
			t.Errorf("post %d: %d are counted and %d listed", post.ID, listed, len(people))
		}
	}
	if mine != 0 {
		t.Errorf("%d of one's own are not told", mine)
	}
}

func TestTwoAccountsOfOnePersonReactOnce(t *testing.T) {
	h := openClaps(t, 2, 3)
	kept, gone, other := h.people[0], h.people[1], h.people[2]
	for _, user := range []*models.User{kept, gone, other} {
		h.react(user, h.posts[0], 1, true)
	}
	h.react(gone, h.posts[1], 2, true)
	before := fmt.Sprint(h.counts(h.actor(other)))
	var merge *models.Merge
	h.tx(h.actor(h.mona), func(tx *models.Tx) error {
		first, second, err := tx.LockPair(kept.ID, gone.ID)
		if err == nil {
			merge, err = tx.MergePeople(first, second)
		}
		return err
	})
	one, two := [2]int64{h.posts[0].ID, 1}, [2]int64{h.posts[1].ID, 2}
	if counts := h.counts(h.actor(other)); counts[one] != 2 || counts[two] != 1 {
		t.Errorf("merged %v", counts)
	}
	if people, err := h.Reactors(t.Context(), h.actor(h.mona), h.posts[0].ID, 1, 0, 10); err != nil || len(people) != 2 {
		t.Errorf("%v %v are listed", people, err)
	}
	h.tx(h.actor(h.mona), func(tx *models.Tx) error {
		first, second, err := tx.LockPair(kept.ID, gone.ID)
		if err == nil {
			_, err = tx.TakeMergeBack(merge, first, second)
		}
		return err
	})
	if after := fmt.Sprint(h.counts(h.actor(other))); after != before {
		t.Errorf("parted %s, before the merge %s", after, before)
	}
}

func TestWhoIsErasedIsCountedWithoutAName(t *testing.T) {
	h := openClaps(t, 2, 2)
	h.react(h.people[0], h.posts[0], 1, true)
	h.react(h.people[1], h.posts[0], 1, true)
	for _, holding := range models.Holdings() {
		if holding.Table == "reactions" {
			h.tx(nil, func(tx *models.Tx) error {
				_, err := tx.EraseRows(&holding, h.people[0].ID)
				return err
			})
		}
	}
	if counts := h.counts(h.actor(h.mona)); counts[[2]int64{h.posts[0].ID, 1}] != 2 {
		t.Errorf("%v are counted", counts)
	}
	people, err := h.Reactors(t.Context(), h.actor(h.mona), h.posts[0].ID, 0, 0, 10)
	if err != nil || len(people) != 2 || people[1].UserID != 0 || people[1].Name != models.FormerName || people[0].Name != "person-01" {
		t.Errorf("%+v %v", people, err)
	}
	h.react(h.people[1], h.posts[1], 1, true)
	h.tx(nil, func(tx *models.Tx) error { // and what was said goes with what it was given
		_, err := tx.RemoveContributions(h.mona.ID)
		return err
	})
	if counts := h.counts(h.actor(h.people[1])); len(counts) != 0 {
		t.Errorf("%v are left of posts that were erased", counts)
	}
}

func TestNobodyReactsToWhatTheySaid(t *testing.T) {
	h := openClaps(t, 1, 1)
	err := h.Tx(t.Context(), h.actor(h.mona), func(tx *models.Tx) error {
		return tx.MayReactTo(models.Place{Thread: h.thread}, h.posts[0])
	})
	if !errors.Is(err, models.ErrForbidden) {
		t.Errorf("%v", err)
	}
}
