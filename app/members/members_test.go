package members_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

func path(user *models.User, more string) string { return fmt.Sprintf("/members/%d%s", user.ID, more) }

func TestTheListFindsPeopleByTheirWordsAndTheirState(t *testing.T) {
	site := apptest.Start(t)
	boss := site.As(site.Person("Mathilde Roy", models.RoleManager))
	site.Person("Élodie Ducas", models.RoleEmployee)
	gone := site.Person("Jean-Éloi Petit", models.RoleHR)
	guest := site.Person("Camille Lang", models.RoleExternal)
	site.Tx(nil, func(tx *models.Tx) error {
		past := tx.Now().Add(-time.Hour)
		return errors.Join(tx.Disable(gone.ID), tx.SetTerms(guest.ID, models.Terms{ExpiresAt: &past}), tx.SetDepartment(gone.ID, "Énergie"))
	})
	everyone := []string{"Mathilde Roy", "Élodie Ducas", "Jean-Éloi Petit", "Camille Lang"}
	for query, found := range map[string][]string{
		"": everyone, "q=elo": {"Élodie Ducas", "Jean-Éloi Petit"}, "q=PETIT+je": {"Jean-Éloi Petit"}, "q=elodie-ducas@": {"Élodie Ducas"}, "q=example.test": everyone,
		"q=nobody": nil, "q=%25": everyone, "q=%00%ff": everyone, "role=hr": {"Jean-Éloi Petit"}, "role=internal": everyone[:3], "role=external": {"Camille Lang"},
		"department=%C3%89nergie": {"Jean-Éloi Petit"}, "department=other": nil, "state=suspended": {"Jean-Éloi Petit"}, "state=expired": {"Camille Lang"},
		"state=unsponsored": {"Camille Lang"}, "state=never": everyone[1:], "q=elo&role=hr&state=suspended": {"Jean-Éloi Petit"},
	} {
		page := boss.Get("/members?" + query).Status(http.StatusOK)
		for _, name := range everyone {
			row := `>` + name + `</a>`
			if listed, want := strings.Contains(page.Text, row), strings.Contains(strings.Join(found, "|"), name); listed != want {
				t.Errorf("%q lists %s: %v", query, name, listed)
			}
		}
	}
	for _, query := range []string{"role=king", "state=bored", "cursor=rubbish"} {
		boss.Get("/members?" + query).Status(http.StatusUnprocessableEntity)
	}
	for _, role := range []models.Role{models.RoleModerator, models.RoleHR, models.RoleAuditor, models.RoleEmployee, models.RoleExternal} {
		client := site.As(site.Person("A "+string(role), role))
		client.Get("/members?q=elo").Status(http.StatusForbidden).NotSee("Élodie", "example.test")
		client.Get("/").NotSee(`href="/members"`)
	}
	boss.Get("/").See(`href="/members"`)
}

func TestALongListGoesOnOverPagesByNameAndByWord(t *testing.T) {
	site := apptest.Start(t)
	boss := site.As(site.Person("Zoé", models.RoleOwner))
	site.Tx(nil, func(tx *models.Tx) error {
		for n := range 120 {
			if err := tx.CreateUser(&models.User{Name: fmt.Sprintf("Person %03d Same", n), Role: models.RoleEmployee}); err != nil {
				return err
			}
		}
		return nil
	})
	next := regexp.MustCompile(`rel="next" href="([^"]+)"|href="([^"]+)" rel="next"`)
	for _, query := range []string{"", "q=same", "q=person+sam&role=employee"} {
		seen, address := map[string]bool{}, "/members?"+query
		for address != "" {
			page := boss.Get(address).Status(http.StatusOK)
			for _, match := range regexp.MustCompile(`>(Person \d{3} Same)</a>`).FindAllStringSubmatch(page.Text, -1) {
				if seen[match[1]] {
					t.Errorf("%q lists %s twice", query, match[1])
				}
				seen[match[1]] = true
			}
			address = ""
			if match := next.FindStringSubmatch(page.Text); match != nil {
				address = strings.ReplaceAll(match[1]+match[2], "&amp;", "&")
			}
		}
		if len(seen) != 120 {
			t.Errorf("%q lists %d people, want 120", query, len(seen))
		}
	}
}

func TestWhoMayGiveWhichRole(t *testing.T) {
	site := apptest.Start(t)
	owner, manager := site.Person("Olga", models.RoleOwner), site.Person("Mathilde", models.RoleManager)
	clients := map[models.Role]*apptest.Client{models.RoleOwner: site.As(owner), models.RoleManager: site.As(manager)}
	low := map[models.Role]bool{models.RoleModerator: true, models.RoleHR: true, models.RoleEmployee: true, models.RoleExternal: true}
	n := 0
	for giver, client := range clients {
		for _, from := range models.Roles() {
			for _, to := range models.Roles() {
				n++
				person := site.Person(fmt.Sprintf("Person %d", n), from)
				want := http.StatusSeeOther
				if giver == models.RoleManager && !(low[from] && low[to]) {
					want = http.StatusForbidden
				}
				if got := client.Post(path(person, "/role"), apptest.Form{"role": string(to), "sure": "1"}).StatusCode; got != want {
					t.Errorf("%s makes %s %s: %d, want %d", giver, from, to, got, want)
				}
			}
		}
	}
	clients[models.RoleManager].Get(path(owner, "")).Status(http.StatusOK).See("Only an owner can change this account").NotSee("Suspend</span>")
	for action, form := range map[string]apptest.Form{"/suspension": {"suspended": "1"}, "/sign-out": nil, "/terms": {}, "/undo": {"at": "1"}} {
		clients[models.RoleManager].Post(path(owner, action), form).Status(http.StatusForbidden)
	}
	clients[models.RoleOwner].Post(path(manager, "/role"), apptest.Form{"role": "king"}).Status(http.StatusUnprocessableEntity).See("There is no such role")
	clients[models.RoleOwner].Post("/members/99999/role", apptest.Form{"role": "hr"}).Status(http.StatusNotFound)
}

func TestComingFromOutsideIsNeverDecidedInPassing(t *testing.T) {
	site := apptest.Start(t)
	boss, mona := site.Person("Mathilde", models.RoleManager), site.Person("Mona", models.RoleEmployee)
	site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceExpert, boss: models.SpaceManager})
	site.Space("customers", models.External, map[*models.User]models.SpaceRole{mona: models.SpaceMember})
	group := &models.Group{Kind: models.KindGroup, Name: "Circle"}
	site.Tx(nil, func(tx *models.Tx) error {
		return errors.Join(tx.CreateGroup(group), tx.JoinGroup(group.ID, mona.ID), tx.SetDepartment(mona.ID, "Énergie"))
	})
	client := site.As(boss)
	client.Post(path(mona, "/role"), apptest.Form{"role": "external"}).Status(http.StatusUnprocessableEntity).See("Mona leaves every group", `name="sure"`)
	if site.Actor(mona).External() {
		t.Fatal("Mona is external, although nobody was sure")
	}
	client.Post(path(mona, "/role"), apptest.Form{"role": "external", "sure": "1"}).Status(http.StatusSeeOther)
	page := client.Get(path(mona, "")).See("The role is changed", "customers").NotSee("Expert", "Énergie")
	if roles := spaceRoles(site.Actor(mona)); roles != "customers:member" {
		t.Errorf("as an external Mona is %s", roles)
	}
	client.Post(undo(t, page), nil).Status(http.StatusSeeOther)
	client.Get(path(mona, "")).See("Taken back", "Énergie", "Expert")
	if roles := spaceRoles(site.Actor(mona)); roles != "board:expert customers:member" {
		t.Errorf("after the change was taken back Mona is %s", roles)
	}
	client.Post(undo(t, page), nil).Status(http.StatusConflict)
}

func TestTakingBackAStepInsideEndsWhatCameWithIt(t *testing.T) {
	site := apptest.Start(t)
	boss, eva := site.Person("Mathilde", models.RoleManager), site.Person("Eva", models.RoleExternal)
	group := &models.Group{Kind: models.KindGroup, Name: "Circle"}
	site.Space("customers", models.External, map[*models.User]models.SpaceRole{eva: models.SpaceMember, boss: models.SpaceManager})
	board := site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{boss: models.SpaceManager})
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateGroup(group) })
	client := site.As(boss)
	client.Post(path(eva, "/role"), apptest.Form{"role": "employee", "sure": "1"}).Status(http.StatusSeeOther)
	page := client.Get(path(eva, "")).See("The role is changed")
	eva = user(t, site, eva.Email)
	site.Tx(nil, func(tx *models.Tx) error {
		return errors.Join(tx.JoinGroup(group.ID, eva.ID), tx.SetMember(board, eva, models.SpaceExpert))
	})
	client.Post(undo(t, page), nil).Status(http.StatusSeeOther)
	actor := site.Actor(eva)
	if roles := spaceRoles(actor); !actor.External() || roles != "customers:member" {
		t.Errorf("Eva, external again (%v), is %s", actor.External(), roles)
	}
	if in, err := site.DB.InGroups(t.Context(), []int64{group.ID}, []int64{eva.ID}); err != nil || len(in) != 0 {
		t.Errorf("Eva is in %v (%v)", in, err)
	}
	site.As(eva).Get("/spaces/board").Status(http.StatusNotFound)
}

func spaceRoles(actor *models.Actor) string {
	var roles []string
	for _, space := range actor.Spaces {
		if space.Role != "" {
			roles = append(roles, space.Slug+":"+string(space.Role))
		}
	}
	return strings.Join(roles, " ")
}

var undoAction = regexp.MustCompile(`action="(/members/\d+/undo\?at=\d+)"`)

// undo is where the toast of a page takes back what was done.
func undo(t *testing.T, page *apptest.Answer) string {
	t.Helper()
	match := undoAction.FindStringSubmatch(page.Text)
	if match == nil {
		t.Fatal("nothing can be taken back")
	}
	return match[1]
}

func TestSuspensionEndsEverythingAtOnceAndIsTakenBack(t *testing.T) {
	site := apptest.Start(t)
	boss, mona := site.As(site.Person("Mathilde", models.RoleManager)), site.Person("Mona", models.RoleEmployee)
	client, secret := site.As(mona), ""
	link := site.LoginToken(mona)
	site.Tx(nil, func(tx *models.Tx) (err error) {
		secret, err = tx.CreateToken(&models.Token{UserID: mona.ID, Name: "script", Scope: models.ScopeManage}, models.TokenDays)
		return err
	})
	program := func() int {
		return site.Visitor().Do(http.MethodGet, "/api/v1/me", nil, http.Header{"Authorization": {"Bearer " + secret}}).StatusCode
	}
	client.Get("/account").Status(http.StatusOK)
	boss.Post(path(mona, "/suspension"), apptest.Form{"suspended": "1"}).Status(http.StatusSeeOther)
	page := boss.Get(path(mona, "")).See("The account is suspended", "Bring back").NotSee("Sign them out")
	client.Get("/account").Status(http.StatusSeeOther)
	if status := program(); status != http.StatusUnauthorized {
		t.Errorf("the token of someone suspended answers %d", status)
	}
	site.Visitor().Post("/sign-in/link", apptest.Form{"token": link}).Status(http.StatusGone)
	boss.Post(undo(t, page), nil).Status(http.StatusSeeOther)
	if status := program(); status != http.StatusUnauthorized {
		t.Errorf("the old token of someone who is back answers %d", status)
	}
	client.Get("/account").Status(http.StatusSeeOther) // what was ended stays ended
	again := site.As(mona)
	boss.Post(path(mona, "/sign-out"), nil).Status(http.StatusSeeOther)
	again.Get("/account").Status(http.StatusSeeOther)
	for range 2 { // the second one finds nothing to do
		boss.Post(path(mona, "/suspension"), apptest.Form{"suspended": "1"}).Status(http.StatusSeeOther)
	}
	boss.Get(path(mona, "")).See("Everything is so already").NotSee("/undo?at=")
}

func TestGuestsHaveTermsAndEmployeesHaveNone(t *testing.T) {
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) {
		options.Clock = func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }
	})
	boss := site.As(site.Person("Mathilde", models.RoleManager))
	mona, guest := site.Person("Mona", models.RoleEmployee), site.Person("Camille", models.RoleExternal)
	boss.Post(path(guest, "/terms"), apptest.Form{"until": "2027-03-31", "sponsor": "Mona@example.test"}).Status(http.StatusSeeOther)
	page := boss.Get(path(guest, "")).See("31 March 2027", `value="2027-03-31"`, "Mona")
	for field, form := range map[string]apptest.Form{
		"This day is over": {"until": "2026-11-19"}, "Write the day": {"until": "31/03/2027"}, "No employee": {"sponsor": "camille@example.test"}, "who can sign in": {"sponsor": "x@example.test"},
	} {
		boss.Post(path(guest, "/terms"), form).Status(http.StatusUnprocessableEntity).See(field)
	}
	boss.Post(path(mona, "/terms"), apptest.Form{"until": "2027-03-31"}).Status(http.StatusConflict)
	boss.Post(undo(t, page), nil).Status(http.StatusSeeOther)
	boss.Get(path(guest, "")).NotSee("2027")
	boss.Post(path(guest, "/undo"), apptest.Form{"at": "rubbish"}).Status(http.StatusNotFound)
}

func TestTheLastOwnerStays(t *testing.T) {
	site := apptest.Start(t)
	olga := site.Person("Olga", models.RoleOwner)
	client := site.As(olga)
	client.Post(path(olga, "/role"), apptest.Form{"role": "employee"}).Status(http.StatusUnprocessableEntity).See("The house always keeps an owner")
	client.Post(path(olga, "/suspension"), apptest.Form{"suspended": "1"}).Status(http.StatusUnprocessableEntity).See("You cannot suspend yourself")
	otto := site.Person("Otto", models.RoleOwner)
	client.Post(path(otto, "/suspension"), apptest.Form{"suspended": "1"}).Status(http.StatusSeeOther)
	client.Post(path(olga, "/role"), apptest.Form{"role": "employee"}).Status(http.StatusUnprocessableEntity)
}

func TestTwoOwnersWhoStepDownAtOnceLeaveOne(t *testing.T) {
	site := apptest.Start(t)
	for round := range 8 {
		olga, otto := site.Person(fmt.Sprint("Olga ", round), models.RoleOwner), site.Person(fmt.Sprint("Otto ", round), models.RoleOwner)
		clients := []*apptest.Client{site.As(olga), site.As(otto)}
		about := []*models.User{olga, otto}
		var together sync.WaitGroup
		statuses := make([]int, 2)
		for i, client := range clients {
			together.Go(func() {
				victim := about[(i+round)%2] // themselves, or each other
				if round%4 < 2 {
					statuses[i] = client.Post(path(victim, "/role"), apptest.Form{"role": "manager"}).StatusCode
				} else {
					statuses[i] = client.Post(path(about[1-i], "/suspension"), apptest.Form{"suspended": "1"}).StatusCode
				}
			})
		}
		together.Wait()
		left := 0
		for _, user := range about {
			if actor, err := site.DB.ActorByID(t.Context(), user.ID); err == nil && actor.Role == models.RoleOwner {
				left++
			}
		}
		if left != 1 {
			t.Errorf("round %d: %d owners are left, after %v", round, left, statuses)
		}
		// The next round begins without owners.
		site.Tx(nil, func(tx *models.Tx) error {
			return errors.Join(tx.Disable(olga.ID), tx.Disable(otto.ID))
		})
	}
}

func TestProgramsListAndChangePeople(t *testing.T) {
	site := apptest.Start(t)
	boss, mona := site.Person("Mathilde", models.RoleManager), site.Person("Mona", models.RoleEmployee)
	bearer := map[*models.User]string{}
	key := func(user *models.User) {
		site.Tx(nil, func(tx *models.Tx) (err error) {
			bearer[user], err = tx.CreateToken(&models.Token{UserID: user.ID, Name: "script", Scope: models.ScopeManage}, models.TokenDays)
			return err
		})
	}
	key(boss)
	send := func(as *models.User, method, path, body string) *apptest.Answer {
		return site.Visitor().Do(method, path, strings.NewReader(body), http.Header{"Authorization": {"Bearer " + bearer[as]}, "Content-Type": {"application/json"}})
	}
	var page struct {
		Items []struct{ Name, Role string }
		Next  *string
	}
	answer := send(boss, http.MethodGet, "/api/v1/people?q=mo&limit=1", "").Status(http.StatusOK)
	if err := json.Unmarshal([]byte(answer.Text), &page); err != nil || len(page.Items) != 1 || page.Items[0].Name != "Mona" || page.Next != nil {
		t.Errorf("%v: %s", err, answer.Text)
	}
	one := fmt.Sprintf("/api/v1/people/%d", mona.ID)
	send(boss, http.MethodPatch, one, `{"role":"moderator","suspended":true}`).Status(http.StatusOK).See(`"role":"moderator"`, `"suspended":true`)
	send(boss, http.MethodPatch, one, `{"suspended":false}`).Status(http.StatusOK).See(`"suspended":false`)
	send(boss, http.MethodPatch, one, `{"role":"external"}`).Status(http.StatusUnprocessableEntity).See("body.sure")
	send(boss, http.MethodPatch, one, `{"role":"owner"}`).Status(http.StatusForbidden)
	key(mona)
	send(mona, http.MethodPatch, one, `{"role":"owner"}`).Status(http.StatusForbidden)
	send(mona, http.MethodGet, "/api/v1/people", "").Status(http.StatusForbidden).NotSee("Mathilde")
	site.Visitor().Get("/api/v1/people").Status(http.StatusUnauthorized)
}

func TestSomeoneNewGetsALinkByMail(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option)
	boss := site.As(site.Person("Mathilde", models.RoleManager))
	boss.Get("/members/new").Status(http.StatusOK).See("send the link").NotSee(`value="owner"`, `value="external"`)
	page := boss.Post("/members", apptest.Form{"name": "Nora Petit", "email": "Nora@example.test", "role": "employee"}).Status(http.StatusSeeOther)
	site.Settle()
	letter := post.Letter("nora@example.test")
	if !strings.Contains(letter.Text, "Mathilde has opened an account") {
		t.Errorf("the letter says %s", letter.Text)
	}
	person := boss.Get(page.Header.Get("Location")).See("The link is on its way", "Has never signed in", "Send a sign-in link").NotSee("token=")
	token := regexp.MustCompile(`token=([0-9a-f]+)`).FindStringSubmatch(letter.Text)
	if token == nil {
		t.Fatalf("no link in %s", letter.Text)
	}
	nora := site.Visitor()
	nora.Post("/sign-in/link", apptest.Form{"token": token[1]}).Status(http.StatusSeeOther)
	nora.Get("/account").Status(http.StatusOK).See("Nora Petit")
	boss.Post(person.Request.URL.Path+"/link", nil).Status(http.StatusConflict) // nobody's to come in as any more
}

func TestWithoutAMailServerTheLinkIsHandedOver(t *testing.T) {
	site := apptest.Start(t)
	boss := site.As(site.Person("Mathilde", models.RoleManager))
	for says, form := range map[string]apptest.Form{
		"Give the name": {"email": "a@example.test", "role": "hr"}, "Give the address": {"name": "A", "role": "hr"}, "not an e-mail address": {"name": "A", "email": "a", "role": "hr"},
		"already belongs": {"name": "A", "email": "mathilde@example.test", "role": "hr"}, "There is no such role": {"name": "A", "email": "a@example.test", "role": "external"}, "no such role": {"name": "A", "email": "a@example.test"},
	} {
		boss.Post("/members", form).Status(http.StatusUnprocessableEntity).See(says).NotSee("token=")
	}
	for _, role := range []string{"owner", "manager", "auditor"} {
		boss.Post("/members", apptest.Form{"name": "A", "email": "a@example.test", "role": role}).Status(http.StatusForbidden)
	}
	site.As(site.Person("Mona", models.RoleEmployee)).Post("/members", apptest.Form{"name": "A", "email": "a@example.test", "role": "employee"}).Status(http.StatusForbidden)
	page := boss.Post("/members", apptest.Form{"name": "Nora", "email": "nora@example.test", "role": "hr"}).Status(http.StatusOK).See("A link for Nora")
	token := regexp.MustCompile(`/sign-in/link\?token=([0-9a-f]+)`).FindStringSubmatch(page.Text)
	if token == nil {
		t.Fatal("no link is shown")
	}
	nora := site.Visitor()
	nora.Post("/sign-in/link", apptest.Form{"token": token[1]}).Status(http.StatusSeeOther)
	nora.Get("/account").See("Nora")
}

func TestALinkThatWasHandedOverOpensNothingOncePeopleHaveTheirOwnWay(t *testing.T) {
	site := apptest.Start(t)
	handed := func(user *models.User) (secret string) {
		site.Tx(nil, func(tx *models.Tx) (err error) {
			secret, err = tx.CreateLoginLink(user.ID, time.Hour)
			return err
		})
		return secret
	}
	refused := func(secret string) {
		t.Helper()
		site.Visitor().Post("/sign-in/link", apptest.Form{"token": secret}).Status(http.StatusGone)
	}
	owner, nora, mona := site.Person("Olga", models.RoleOwner), site.Person("Nora", models.RoleEmployee), site.Person("Mona", models.RoleEmployee)
	kept, own := handed(nora), handed(nora)
	site.Visitor().Post("/sign-in/link", apptest.Form{"token": own}).Status(http.StatusSeeOther)
	refused(kept)

	kept = handed(mona)
	site.As(owner).Post(path(mona, "/role"), apptest.Form{"role": "manager"}).Status(http.StatusSeeOther)
	refused(kept)
}

func TestNobodyIsSuspendedWhoAloneRunsASpace(t *testing.T) {
	site := apptest.Start(t)
	boss, mona := site.As(site.Person("Mathilde", models.RoleManager)), site.Person("Mona", models.RoleEmployee)
	site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	answer := boss.Post(path(mona, "/suspension"), apptest.Form{"suspended": "1"})
	if answer.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("status %d", answer.StatusCode)
	}
	answer.NotSee(">board<", "/spaces/board")
	site.As(mona).Get("/spaces/board").Status(http.StatusOK)
}

func TestWhoeverAloneRunsASpaceKeepsTheRoleThatLetsThem(t *testing.T) {
	site := apptest.Start(t)
	boss, mona, noor := site.As(site.Person("Olga", models.RoleOwner)), site.Person("Mona", models.RoleEmployee), site.Person("Noor", models.RoleAuditor)
	ideas := site.Space("ideas", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceManager, noor: models.SpaceManager})
	for _, role := range []string{"auditor", "external"} {
		boss.Post(path(mona, "/role"), apptest.Form{"role": role, "sure": "1"}).Status(http.StatusUnprocessableEntity).See("left without a manager")
	}
	// Nor does taking a change back leave a space to nobody.
	boss.Post(path(noor, "/role"), apptest.Form{"role": "employee"}).Status(http.StatusSeeOther)
	back := undo(t, boss.Get(path(noor, "")))
	site.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(ideas, mona.ID) })
	boss.Post(back, nil).Status(http.StatusUnprocessableEntity).See("left without a manager")
	if site.Actor(noor).Role != models.RoleEmployee {
		t.Error("the last manager is an auditor again")
	}
}
