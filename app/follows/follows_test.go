package follows_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

type house struct {
	*apptest.Site
	t                  *testing.T
	alice, bob, gaston *models.User
	plant, closed      *models.Space
	topic              *models.Topic
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t), t: t}
	h.alice, h.bob, h.gaston = h.Person("Alice Martin", models.RoleEmployee), h.Person("Bob Durand", models.RoleEmployee), h.Person("Gaston Guest", models.RoleExternal)
	h.plant = h.Space("plant", models.Company, nil)
	h.closed = h.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{h.alice: models.SpaceManager, h.bob: models.SpaceMember})
	h.topic = &models.Topic{SpaceID: h.closed.ID, Title: "Secrets"}
	h.Tx(nil, func(tx *models.Tx) error { return tx.CreateTopic(h.topic) })
	return h
}

func (h *house) begin(by *models.User, space, title string, tags string) string {
	h.t.Helper()
	answer := h.As(by).Post("/threads", apptest.Form{"space": space, "kind": "discussion", "title": title, "body": "Words.", "tags": tags}).Status(http.StatusSeeOther)
	id, _, _ := strings.Cut(strings.TrimPrefix(answer.Header.Get("Location"), "/threads/"), "-")
	return id
}

func set(kind, target, level string) apptest.Form {
	return apptest.Form{"kind": kind, "target": target, "level": level}
}

func TestWhatIsFollowedIsListedChangedAndTakenBack(t *testing.T) {
	h := open(t)
	bob, topic, alice := h.As(h.bob), strconv.FormatInt(h.topic.ID, 10), strconv.FormatInt(h.alice.ID, 10)
	thread := h.begin(h.alice, "plant", "How tight?", "")
	for _, form := range []apptest.Form{set("space", "plant", "watch"), set("topic", topic, "follow"), set("tag", "Water", "mute"), set("person", alice, "normal"), set("thread", thread, "mute")} {
		bob.Post("/follows", form).Status(http.StatusSeeOther)
	}
	bob.Get("/follows").Status(http.StatusOK).See("plant", "Watching", "Undo")
	bob.Get("/follows?kind=topic").See("Secrets", "Following")
	bob.Get("/follows?kind=tag").See("#water", "Muted")
	bob.Get("/follows?kind=person").See("Alice Martin", "Normal")
	bob.Get("/follows?kind=thread").See("How tight?", "Muted")
	bob.Get("/spaces/plant").See("Watching")
	bob.Get("/discussions?space=closed&topic=secrets").See("Following")
	bob.Get("/people/" + alice).See("What this person writes")
	bob.Post("/follows?kind=space&target=plant&level=&back=/spaces/plant", nil).Status(http.StatusSeeOther)
	bob.Get("/follows").See("Nothing here yet")
	h.As(h.alice).Get("/follows?kind=person").See("Nothing here yet") // who is followed learns nothing
	h.As(h.alice).Get("/people/" + alice).NotSee("What this person writes")
}

func TestNobodyFollowsWhatTheyDoNotSee(t *testing.T) {
	h := open(t)
	topic := strconv.FormatInt(h.topic.ID, 10)
	thread := h.begin(h.alice, "closed", "Between us", "")
	gaston := h.As(h.gaston)
	for _, form := range []apptest.Form{set("space", "closed", "watch"), set("space", "nowhere", "watch"), set("topic", topic, "watch"), set("topic", "999", "watch"), set("person", strconv.FormatInt(h.alice.ID, 10), "watch"), set("person", "999", "watch"),
		set("thread", thread, "watch"), set("thread", "x", "watch"), set("topic", "-1", "watch"), set("tag", "", "watch")} {
		gaston.Post("/follows", form).Status(http.StatusNotFound)
	}
	bob := h.As(h.bob)
	bob.Post("/follows", set("space", "plant", "odd")).Status(http.StatusUnprocessableEntity)
	bob.Post("/follows", set("idea", "1", "watch")).Status(http.StatusUnprocessableEntity)
	bob.Post("/follows", set("tag", strings.Repeat("long", 40), "watch")).Status(http.StatusUnprocessableEntity)
	bob.Post("/follows", set("person", strconv.FormatInt(h.bob.ID, 10), "watch")).Status(http.StatusUnprocessableEntity)
	h.Visitor().Post("/follows", set("tag", "water", "watch")).Status(http.StatusSeeOther) // to the door
	answer := bob.Post("/follows", apptest.Form{"kind": "tag", "target": "water", "level": "watch", "back": "//elsewhere.example"}).Status(http.StatusSeeOther)
	if to := answer.Header.Get("Location"); to != "/follows?kind=tag" {
		t.Errorf("leads to %s", to)
	}
}

func TestWhoLosesSightOfASpaceHearsNoMoreOfIt(t *testing.T) {
	h := open(t)
	bob := h.As(h.bob)
	bob.Post("/follows", set("space", "closed", "watch")).Status(http.StatusSeeOther)
	bob.Post("/follows", set("topic", strconv.FormatInt(h.topic.ID, 10), "watch")).Status(http.StatusSeeOther)
	h.begin(h.alice, "closed", "Before", "")
	h.Settle()
	bob.Get("/notifications").See("Before")
	bob.Post("/spaces/closed/membership/removal", nil).Status(http.StatusSeeOther)
	h.begin(h.alice, "closed", "After", "")
	h.Settle()
	bob.Get("/notifications").NotSee("Before", "After")
	bob.Get("/follows").NotSee(`/spaces/closed"`)
	bob.Get("/follows?kind=topic").NotSee("Secrets")
	bob.Get("/notifications/count").See(`{"unread":"0"}`)
}

func TestWhatIsMutedIsLeftOutOfTheListsOfAllSpaces(t *testing.T) {
	h := open(t)
	h.begin(h.alice, "plant", "Of the plant", "water")
	h.begin(h.alice, "closed", "Between us", "")
	h.begin(h.bob, "plant", "Of Bob", "")
	alone := h.begin(h.bob, "plant", "Left alone", "")
	for _, row := range []struct{ kind, target, gone, stays, place string }{
		{"space", "closed", "Between us", "Of the plant", "/discussions?space=closed"},
		{"tag", "water", "Of the plant", "Between us", "/discussions?tag=water"},
		{"person", strconv.FormatInt(h.alice.ID, 10), "Of the plant", "Of Bob", "/discussions?space=plant"},
		{"thread", alone, "Left alone", "Of Bob", "/discussions?space=plant"},
	} {
		bob := h.As(h.bob)
		bob.Post("/follows", set(row.kind, row.target, "mute")).Status(http.StatusSeeOther)
		for _, list := range []string{"/discussions", "/discussions?filter=hot", "/discussions?filter=new", "/"} {
			page := bob.Get(list).Status(http.StatusOK).NotSee(row.gone)
			if list != "/" {
				page.See(row.stays)
			}
		}
		bob.Get(row.place).See(row.gone)
		bob.Post("/follows", set(row.kind, row.target, "")).Status(http.StatusSeeOther)
		bob.Get("/discussions").See(row.gone)
	}
	idea := &models.Idea{SpaceID: h.plant.ID, AuthorID: h.alice.ID, Title: "Fewer badges", Body: "b", HTML: "b", Tags: models.Tags{"badges"}}
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error { return tx.CreateIdea(idea) })
	bob := h.As(h.bob)
	bob.Get("/ideas").See("Fewer badges")
	bob.Post("/follows", set("tag", "badges", "mute")).Status(http.StatusSeeOther)
	for _, list := range []string{"/ideas", "/ideas?sort=newest", "/"} {
		bob.Get(list).NotSee("Fewer badges")
	}
	bob.Get("/ideas?space=plant").See("Fewer badges")
}

func TestWhatIsFollowedInAnyWayIsInTheListsOfThePersonAlone(t *testing.T) {
	h := open(t)
	for _, row := range []struct{ kind, target, space, tags string }{
		{"space", "plant", "plant", ""}, {"tag", "water", "plant", "water"}, {"person", strconv.FormatInt(h.alice.ID, 10), "plant", ""}, {"space", "closed", "closed", ""},
	} {
		bob, title := h.As(h.bob), "Of the "+row.kind+" in "+row.space+row.tags
		bob.Post("/follows", set(row.kind, row.target, "follow")).Status(http.StatusSeeOther)
		thread := h.begin(h.alice, row.space, title, row.tags)
		program := func(filter string) *apptest.Answer {
			return h.Visitor().Do("GET", "/api/v1/threads?filter="+filter, nil, http.Header{"Authorization": {"Bearer " + h.Token(h.bob, models.ScopeRead)}}).Status(http.StatusOK)
		}
		for _, filter := range []string{"following", "unread"} {
			bob.Get("/discussions?filter="+filter).Status(http.StatusOK).See(title, "1 unread")
			program(filter).See(title)
			h.As(h.gaston).Get("/discussions?filter=" + filter).NotSee(title)
			h.As(h.alice).Get("/discussions?filter=unread").NotSee(title)
		}
		bob.Post("/follows", set("thread", thread, "mute")).Status(http.StatusSeeOther) // which is nearer
		for _, filter := range []string{"following", "unread"} {
			bob.Get("/discussions?filter=" + filter).NotSee(title)
			program(filter).NotSee(title)
		}
		bob.Post("/follows", set("thread", thread, "")).Status(http.StatusSeeOther)
		bob.Get(bob.Get("/threads/" + thread).Header.Get("Location")).Status(http.StatusOK)
		bob.Get("/discussions?filter=unread").NotSee(title)
		bob.Get("/discussions?filter=following").See(title).NotSee("1 unread")
		if row.space == "closed" { // what is seen no more is listed no more
			bob.Post("/spaces/closed/membership/removal", nil).Status(http.StatusSeeOther)
			bob.Get("/discussions?filter=following").NotSee(title)
			program("following").NotSee(title)
			return
		}
		bob.Post("/follows", set(row.kind, row.target, "")).Status(http.StatusSeeOther)
		bob.Get("/discussions?filter=following").NotSee(title)
	}
}

func TestOnePersonFollowsOnlySoMuch(t *testing.T) {
	h := open(t)
	h.Tx(h.Actor(h.bob), func(tx *models.Tx) error {
		for i := range models.MaxFollowings {
			if _, err := tx.SetFollowing(models.Followable{Tag: fmt.Sprintf("tag %d", i)}, models.LevelFollow); err != nil {
				return err
			}
		}
		return nil
	})
	bob := h.As(h.bob)
	bob.Post("/follows", set("space", "plant", "watch")).Status(http.StatusUnprocessableEntity)
	bob.Post("/follows", set("tag", "tag 7", "mute")).Status(http.StatusSeeOther) // what is there can be changed
	listed, before := 0, int64(0)
	for {
		cards, err := h.DB.Followings(t.Context(), h.Actor(h.bob), models.FollowedTag, before, 30)
		if err != nil {
			t.Fatal(err)
		}
		if listed += len(cards); len(cards) < 30 {
			break
		}
		before = cards[29].ID
	}
	if listed != models.MaxFollowings {
		t.Errorf("%d are listed", listed)
	}
	bob.Get("/follows?kind=tag").See("kind=tag&amp;before=")
}

func TestProgramsSayWhatTheirPeopleFollow(t *testing.T) {
	h := open(t)
	as := func(user *models.User, scope models.Scope) func(method, path, body string) *apptest.Answer {
		header := http.Header{"Authorization": {"Bearer " + h.Token(user, scope)}, "Content-Type": {"application/json"}}
		return func(method, path, body string) *apptest.Answer {
			return h.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), header)
		}
	}
	bob := as(h.bob, models.ScopeWrite)
	bob("PUT", "/follows/space/plant", `{"level":"watch"}`).Status(http.StatusOK).See(`"before":""`)
	bob("PUT", "/follows/tag/hot%20water", `{"level":"mute"}`).Status(http.StatusOK)
	bob("GET", "/follows?kind=space", "").Status(http.StatusOK).See(`"name":"plant"`, `"level":"watch"`)
	bob("GET", "/follows?kind=tag", "").See(`"target":"hot water"`)
	bob("DELETE", "/follows/space/plant", "").Status(http.StatusNoContent)
	bob("DELETE", "/follows/space/plant", "").Status(http.StatusNoContent)
	bob("GET", "/follows?kind=space", "").See(`"follows":[]`)
	bob("PUT", "/follows/space/plant", `{"level":"odd"}`).Status(http.StatusUnprocessableEntity)
	as(h.gaston, models.ScopeWrite)("PUT", "/follows/space/closed", `{"level":"watch"}`).Status(http.StatusNotFound)
	as(h.bob, models.ScopeRead)("PUT", "/follows/space/plant", `{"level":"watch"}`).Status(http.StatusForbidden)
}
