package members_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
	"ruche/search"
)

func mergeOf(kept, gone *models.User) string {
	return fmt.Sprintf("/members/%d/merge/%d", kept.ID, gone.ID)
}

var sure = apptest.Form{"sure": "1"}

func TestWhoMayMergeWhom(t *testing.T) {
	site := apptest.Start(t)
	owner, boss := site.Person("Olga Owner", models.RoleOwner), site.Person("Mathilde Roy", models.RoleManager)
	high, low := site.As(owner), site.As(boss)
	mona, hr, guest, robot := site.Person("Mona", models.RoleEmployee), site.Person("Hugo", models.RoleHR), site.Person("Eva", models.RoleExternal), &models.User{Name: "Robot", Job: "Counts"}
	second := site.Person("Second Owner", models.RoleOwner)
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateService(robot, owner.Email) })
	for _, role := range []models.Role{models.RoleModerator, models.RoleHR, models.RoleAuditor, models.RoleEmployee, models.RoleExternal} {
		client := site.As(site.Person("A "+string(role), role))
		client.Get(mergeOf(mona, hr)).Status(http.StatusForbidden).NotSee("Hugo")
		client.Post(mergeOf(mona, hr), sure).Status(http.StatusForbidden)
	}
	for _, pair := range [][2]*models.User{{owner, mona}, {mona, owner}, {boss, mona}, {mona, boss}, {mona, robot}, {robot, mona}} {
		low.Get(mergeOf(pair[0], pair[1])).Status(http.StatusForbidden)
		low.Post(mergeOf(pair[0], pair[1]), sure).Status(http.StatusForbidden)
	}
	for reason, pair := range map[string][2]*models.User{"account of a program": {mona, robot}, "one and the same account": {mona, mona}, "does not go into one from outside": {guest, hr}} {
		high.Get(mergeOf(pair[0], pair[1])).Status(http.StatusOK).See(reason).NotSee(`name="sure"`)
		high.Post(mergeOf(pair[0], pair[1]), sure).Status(http.StatusUnprocessableEntity).See(reason)
	}
	low.Get(mergeOf(hr, guest)).Status(http.StatusOK).See("Only an owner can decide").NotSee(`name="sure"`)
	low.Post(mergeOf(hr, guest), sure).Status(http.StatusUnprocessableEntity).See("Only an owner can decide")
	high.Post(mergeOf(hr, guest), sure).Status(http.StatusSeeOther)
	low.Get(fmt.Sprintf("/members/%d/merges/1", hr.ID)).Status(http.StatusOK).See("Only an owner can change this account").NotSee("/undo")
	low.Post(fmt.Sprintf("/members/%d/merges/1/undo", hr.ID), nil).Status(http.StatusForbidden)
	low.Post(mergeOf(mona, guest), sure).Status(http.StatusNotFound) // which is no account any more
	high.Post(mergeOf(mona, &models.User{ID: 999}), sure).Status(http.StatusNotFound)
	high.Post(mergeOf(mona, second), sure).Status(http.StatusSeeOther)
	high.Post(mergeOf(mona, owner), sure).Status(http.StatusUnprocessableEntity).See("owner")
}

func TestWhatSpeaksForTwoPeopleIsNotMerged(t *testing.T) {
	site := apptest.Start(t)
	high := site.As(site.Person("Olga Owner", models.RoleOwner))
	mona, again := site.Person("Mona", models.RoleEmployee), site.Person("Mona Again", models.RoleEmployee)
	refuse := func(reason string) {
		t.Helper()
		high.Get(mergeOf(mona, again)).Status(http.StatusOK).See(reason).NotSee(`name="sure"`)
		high.Post(mergeOf(mona, again), sure).Status(http.StatusUnprocessableEntity).See(reason)
	}
	site.Tx(nil, func(tx *models.Tx) error {
		return errors.Join(tx.Bind(mona.ID, keptIssuer, "one"), tx.Bind(again.ID, keptIssuer, "two"))
	})
	refuse("sign in through the same provider")
	site.Tx(site.Actor(again), func(tx *models.Tx) error {
		_, err := tx.AskErasure(again.ID, models.RuleKeep, tx.Now().Add(time.Hour))
		return err
	})
	refuse("going to be erased")
	third := site.Person("Mona Third", models.RoleEmployee)
	site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(third.ID) })
	high.Post(mergeOf(third, mona), sure).Status(http.StatusUnprocessableEntity).See("would stay has no access")
	high.Post(mergeOf(mona, third), sure).Status(http.StatusSeeOther)
	alone := site.Person("Alone", models.RoleAuditor)
	space := site.Space("own", models.Company, nil)
	lead := site.Person("Lead", models.RoleEmployee)
	site.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(space, lead, models.SpaceManager) })
	high.Post(mergeOf(alone, lead), sure).Status(http.StatusUnprocessableEntity).See("manager") // an auditor runs nothing
}

func TestNobodySeesMoreByAMergeThanOneOfTheAccountsDid(t *testing.T) {
	p := twoAccounts(t)
	p.site.Tx(nil, func(tx *models.Tx) error { return tx.Disable(p.gone.ID) })
	p.boss1.Get(p.mergePath()).Status(http.StatusOK).See("its roles in spaces and its groups are not carried over")
	record := p.merge()
	if roles := spaceRoles(p.site.Actor(p.kept)); roles != "lab:member" {
		t.Errorf("through a suspended account Mona has become %s", roles)
	}
	p.site.As(p.kept).Get("/spaces/board").Status(http.StatusNotFound)
	p.boss1.Post(record+"/undo", nil).Status(http.StatusSeeOther)
	p.site.Tx(nil, func(tx *models.Tx) error { return tx.Enable(p.gone.ID) })
	if roles := spaceRoles(p.site.Actor(p.gone)); roles != "board:expert circle:reader lab:manager" {
		t.Errorf("after the merge was undone the account is %s", roles)
	}
	p.merge()
	if roles := spaceRoles(p.site.Actor(p.kept)); roles != "board:expert circle:reader lab:manager" {
		t.Errorf("after the merge Mona is %s", roles)
	}
}

func TestOfTwoEndsOfAccessTheNearerHolds(t *testing.T) {
	site := apptest.Start(t)
	boss := site.Person("Mathilde Roy", models.RoleManager)
	eva, again := site.Person("Eva", models.RoleExternal), site.Person("Eva Again", models.RoleExternal)
	site.Space("customers", models.External, map[*models.User]models.SpaceRole{again: models.SpaceMember, boss: models.SpaceManager})
	var near time.Time
	site.Tx(nil, func(tx *models.Tx) error {
		near = tx.Now().Add(24 * time.Hour)
		far := tx.Now().Add(90 * 24 * time.Hour)
		return errors.Join(tx.SetTerms(eva.ID, models.Terms{ExpiresAt: &far}), tx.SetTerms(again.ID, models.Terms{ExpiresAt: &near, SponsorID: &boss.ID}))
	})
	site.As(boss).Post(mergeOf(eva, again), sure).Status(http.StatusSeeOther)
	after, err := site.DB.UserByID(t.Context(), eva.ID)
	if err != nil || after.ExpiresAt == nil || !after.ExpiresAt.Equal(near) || after.SponsorID == nil || *after.SponsorID != boss.ID {
		t.Errorf("Eva has access until %v, %v answers for her (%v)", after.ExpiresAt, after.SponsorID, err)
	}
	site.As(eva).Get("/spaces/customers").Status(http.StatusOK)
}

func TestWhatHasChangedSinceAMergeIsNotGivenBack(t *testing.T) {
	p := twoAccounts(t)
	record := p.merge()
	kept := p.site.As(p.kept)
	kept.Post(p.address(p.idea, "/supports"), apptest.Form{"supported": "0"}).Status(http.StatusSeeOther)
	after := p.post(p.kept, "Written after the merge")
	stranger := p.site.Person("New Colleague", models.RoleEmployee)
	p.site.Tx(p.site.Actor(p.boss), func(tx *models.Tx) error {
		stranger.Email = p.gone.Email
		kept, err := tx.UserByID(tx.Context(), p.kept.ID)
		if err != nil {
			return err
		}
		return errors.Join(tx.SaveProfile(stranger), tx.SetMember(p.lab, kept, models.SpaceReader))
	})
	p.boss1.Post(record+"/undo", nil).Status(http.StatusSeeOther)
	page := p.boss1.Get(record).Status(http.StatusOK).NotSee("Everything was given back")
	_, lost, _ := strings.Cut(page.Text, "What could not be given back")
	for _, words := range []string{"Supports", "Roles in spaces", "E-mail address"} {
		if !strings.Contains(lost, words) {
			t.Errorf("it is not told that %s could not be given back", words)
		}
	}
	if strings.Contains(lost, "Ideas</dt>") || strings.Contains(lost, "Passkeys") {
		t.Error("what was given back is told as lost")
	}
	gone, err := p.site.DB.UserByID(t.Context(), p.gone.ID)
	if err != nil || gone.Email != "" || gone.MergedInto != nil {
		t.Errorf("the account that came back: %+v, %v", gone, err)
	}
	for _, idea := range []*models.Idea{p.idea, p.first, after} {
		now, err := p.site.DB.Idea(t.Context(), p.site.Actor(p.boss), idea.ID)
		if err != nil {
			t.Fatal(err)
		}
		author, supports := map[int64]int64{p.idea.ID: p.other.ID, p.first.ID: p.gone.ID, after.ID: p.kept.ID}[idea.ID], map[int64]int{p.idea.ID: 0, p.first.ID: 2}[idea.ID]
		if now.AuthorID != author || now.SupportCount != supports {
			t.Errorf("%s: of %d with %d supports, want %d with %d", now.Title, now.AuthorID, now.SupportCount, author, supports)
		}
	}
	if roles := spaceRoles(p.site.Actor(p.gone)); roles != "board:expert circle:reader" {
		t.Errorf("the account that came back is %s: the lab's manager was made a reader meanwhile", roles)
	}
	if roles := spaceRoles(p.site.Actor(p.kept)); roles != "lab:reader" {
		t.Errorf("the account that stays is %s", roles)
	}
}

func TestMergesOfTheSameAccountsAtOnceFollowOneAnother(t *testing.T) {
	site := apptest.Start(t)
	boss := site.As(site.Person("Mathilde Roy", models.RoleManager))
	for round := range 4 {
		a, b, c := site.Person(fmt.Sprintf("A %d", round), models.RoleEmployee), site.Person(fmt.Sprintf("B %d", round), models.RoleEmployee), site.Person(fmt.Sprintf("C %d", round), models.RoleEmployee)
		paths := []string{mergeOf(b, a), mergeOf(a, b)}
		if round%2 == 1 {
			paths = []string{mergeOf(b, a), mergeOf(c, b)}
		}
		codes := make([]int, len(paths))
		var work sync.WaitGroup
		for i := range paths {
			work.Go(func() { codes[i] = boss.Post(paths[i], sure).StatusCode })
		}
		work.Wait()
		left := 0
		for _, user := range []*models.User{a, b, c} {
			into, err := site.DB.MergedInto(t.Context(), user.ID)
			switch {
			case errors.Is(err, models.ErrNotFound):
				left++
			case err != nil:
				t.Fatal(err)
			default:
				if _, err := site.DB.MergedInto(t.Context(), into); !errors.Is(err, models.ErrNotFound) {
					t.Errorf("round %d: %d has gone into %d, which has gone too: %v", round, user.ID, into, err)
				}
			}
		}
		done := 0
		for _, code := range codes {
			switch code {
			case http.StatusSeeOther:
				done++
			case http.StatusConflict, http.StatusNotFound:
			default:
				t.Errorf("round %d: %v", round, codes)
			}
		}
		if done == 0 || left != 3-done || round%2 == 0 && done != 1 {
			t.Errorf("round %d: %v leaves %d accounts", round, codes, left)
		}
	}
}

func TestALaterMergeIsUndoneFirst(t *testing.T) {
	site := apptest.Start(t)
	boss := site.As(site.Person("Mathilde Roy", models.RoleManager))
	a, b, c := site.Person("Anna A", models.RoleEmployee), site.Person("Anna B", models.RoleEmployee), site.Person("Anna C", models.RoleEmployee)
	boss.Post(mergeOf(b, a), sure).Status(http.StatusSeeOther)
	boss.Post(mergeOf(c, b), sure).Status(http.StatusSeeOther)
	for _, user := range []*models.User{a, b} {
		if got := boss.Get(path(user, "")).Status(http.StatusSeeOther).Header.Get("Location"); got != path(c, "") {
			t.Errorf("%s leads to %s", user.Name, got)
		}
	}
	first, second := path(b, "/merges/1"), path(c, "/merges/2")
	boss.Get(path(c, "")).Status(http.StatusOK).See("Anna A, merged on", "Anna B, merged on")
	boss.Get(first).Status(http.StatusOK).See("Undo the later merge first").NotSee(first + "/undo")
	boss.Post(first+"/undo", nil).Status(http.StatusUnprocessableEntity).See("Undo the later merge first")
	boss.Post(second+"/undo", nil).Status(http.StatusSeeOther)
	boss.Post(first+"/undo", nil).Status(http.StatusSeeOther)
	for _, user := range []*models.User{a, b, c} {
		site.As(user).Get("/account").Status(http.StatusOK).See(user.Email)
	}
}

// TestWhatIsStillWrittenWithAnAccountWhileItGoesFollowsIt has a request end after the merge that had begun before.
func TestWhatIsStillWrittenWithAnAccountWhileItGoesFollowsIt(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	boss := site.Person("Mathilde Roy", models.RoleManager)
	mona, again := site.Person("Mona", models.RoleEmployee), site.Person("Mona Again", models.RoleEmployee)
	space := site.Space("lab", models.Company, map[*models.User]models.SpaceRole{boss: models.SpaceManager})
	writer, client := site.Actor(again), site.As(again)
	site.As(boss).Post(mergeOf(mona, again), sure).Status(http.StatusSeeOther)
	client.Get("/account").Status(http.StatusSeeOther) // signed out
	idea := &models.Idea{SpaceID: space.ID, AuthorID: again.ID, Title: "Sent in the last second", Body: "Marmalade", HTML: "<p>Marmalade</p>", State: models.Published, Stage: models.Proposed}
	site.Tx(writer, func(tx *models.Tx) error {
		idea.PublishedAt = tx.Now()
		return errors.Join(tx.CreateIdea(idea), tx.Record(models.IdeaPosted, idea, nil))
	})
	site.Settle()
	now = now.Add(2 * time.Minute)
	site.Settle() // the work
	site.Settle() // what the index makes of it
	found, err := site.DB.Idea(t.Context(), site.Actor(boss), idea.ID)
	if err != nil || found.AuthorID != mona.ID {
		t.Errorf("the idea is %d's, not Mona's (%v)", found.AuthorID, err)
	}
	if found, err := site.Index.Search(t.Context(), search.Query{Text: "marmalade", Spaces: site.Actor(boss).SpaceIDs(), Author: mona.ID}); err != nil || found.Total != 1 {
		t.Errorf("the index finds %d by Mona (%v)", found.Total, err)
	}
	site.As(boss).Post(path(mona, "/merges/1/undo"), nil).Status(http.StatusSeeOther)
	if found, err = site.DB.Idea(t.Context(), site.Actor(boss), idea.ID); err != nil || found.AuthorID != again.ID {
		t.Errorf("after the merge was undone the idea is %d's (%v)", found.AuthorID, err)
	}
}

func TestWhoIsMentionedByTheirOldAccountIsTold(t *testing.T) {
	p := twoAccounts(t)
	p.merge()
	p.site.Settle()
	p.site.As(p.kept).Post("/notifications/read", nil)
	p.site.As(p.other).Post(p.address(p.idea, "/comments"), apptest.Form{"body": fmt.Sprintf("What does [@M Petit](/people/%d) say?", p.gone.ID)}).Status(http.StatusSeeOther)
	p.site.Settle()
	p.site.As(p.kept).Get("/notifications").Status(http.StatusOK).See("What does")
	for author, want := range map[int64]int{p.kept.ID: 1, p.gone.ID: 0} {
		found, err := p.site.Index.Search(t.Context(), search.Query{Text: "flowers", Spaces: p.site.Actor(p.boss).SpaceIDs(), Author: author})
		if err != nil || found.Total != want {
			t.Errorf("the index finds %d by %d, want %d (%v)", found.Total, author, want, err)
		}
	}
}
