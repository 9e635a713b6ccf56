package knowledge_test

import (
	"strconv"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// enclosed is a house in which a collection that everybody could read, and wrote in, is restricted to Alice. Mona manages its space.
type enclosed struct {
	*house
	secret, article, draft, open string
	otto, modesta                *models.User
}

// hush is a word of which nobody outside finds a trace.
const hush = "Zyzzyva"

func enclose(t *testing.T) *enclosed {
	t.Helper()
	e := &enclosed{house: open(t)}
	e.otto, e.modesta = e.Person("Otto", models.RoleOwner), e.Person("Modesta", models.RoleModerator)
	e.secret = e.collection("ateliers", hush+" shelf")
	e.article = e.write(e.mona, e.secret, "", hush+" article", hush+" is said in it.")
	e.As(e.mona).Post("/articles/"+e.article, apptest.Form{"title": hush + " article", "body": hush + " is said in it.", "tags": "hushed", "base": "1"}).Status(303)
	bob := e.As(e.bob)
	bob.Post("/articles/"+e.article+"/posts", apptest.Form{"body": hush + " said Bob."}).Status(303)
	bob.Post("/articles/"+e.article+"/star", apptest.Form{"starred": "1"}).Status(303)
	bob.Post("/articles/"+e.article+"/doubts", apptest.Form{"reason": hush + "?"}).Status(303)
	e.draft = e.keep(e.bob, e.secret, hush+" draft", "x")
	e.open = e.write(e.mona, e.shelf, "", "What is open", "It leads to /articles/"+e.article+" there.")
	e.Settle()
	bob.Get("/search?q=" + hush).See("/articles/" + e.article)
	e.As(e.mona).Post("/collections/"+e.secret+"/readers", apptest.Form{"person": e.alice.Email}).Status(303)
	e.As(e.mona).Post("/articles/"+e.article+"/posts", apptest.Form{"body": hush + " answered Mona."}).Status(303)
	e.Settle()
	return e
}

// shut are those who see the space, and those who do not.
func (e *enclosed) shut() []*models.User {
	return []*models.User{e.bob, e.karen, e.otto, e.modesta}
}

func TestOnlyTheChosenFindARestrictedCollection(t *testing.T) {
	e := enclose(t)
	lists := []string{"/", "/knowledge", "/knowledge?space=ateliers", "/articles?tag=hushed", "/articles/mine", "/articles/drafts", "/articles/drafts?show=mine", "/articles/trust", "/search?q=" + hush, "/search/suggestions?q=" + hush,
		"/notifications", "/spaces", "/spaces/ateliers", "/follows", "/discussions", "/collections/" + e.shelf + "-extrusion", "/articles/" + e.open + "-what-is-open", "/people/" + id(e.mona), "/sitemap.xml",
		"/articles/trash?space=ateliers", "/glossary", "/experts", "/experts?q=hushed", "/experts?tag=hushed", "/downloads", "/templates?space=ateliers"}
	for _, person := range e.shut() {
		client := e.As(person)
		for _, path := range lists {
			client.Get(path).NotSee(hush+" ", "/articles/"+e.article+"-", "within/")
		}
		for _, path := range []string{"/articles/" + e.article, "/articles/" + e.article + "/versions", "/articles/" + e.article + "/links", "/articles/" + e.article + "/edit", "/articles/" + e.article + "/trust", "/articles/" + e.article + "/doubts",
			"/articles/" + e.article + "/versions/1", "/articles/" + e.article + "/blame", "/articles/" + e.article + "/passages", "/articles/" + e.article + "/print", "/articles/" + e.article + "/print?under=1",
			"/collections/" + e.secret + "/print", "/experts?article=" + e.article, "/downloads/new?what=articles&article=" + e.article, "/downloads/new?what=articles&collection=" + e.secret,
			"/collections/" + e.secret, "/collections/" + e.secret + "/edit", "/collections/" + e.secret + "/readers", "/collections/" + e.secret + "/trash", e.draft} {
			client.Get(path).Status(404).NotSee(hush)
		}
		for path, form := range map[string]apptest.Form{"/restriction": {"restricted": "0"}, "/readers": {"person": person.Email}, "/readers/removal": {"person": id(e.alice)}} {
			client.Post("/collections/"+e.secret+path, form).Status(404)
		}
		client.Post("/articles/"+e.article+"/posts", apptest.Form{"body": "Is it there?"}).Status(404)
		client.Post("/articles", apptest.Form{"collection": e.secret, "title": "In it", "body": "x"}).Status(404)
		program := e.program(person, models.ScopeWrite)
		for _, path := range []string{"/collections", "/articles", "/search?q=" + hush, "/spaces"} {
			program.call("GET", path, "").NotSee(hush+" ", "within/")
		}
	}
	visitor := e.Visitor()
	for _, path := range []string{"/articles/" + e.article, "/collections/" + e.secret} {
		visitor.Get(path).NotSee(hush)
	}
	for _, person := range []*models.User{e.alice, e.mona} {
		client := e.As(person)
		client.Get("/knowledge?space=ateliers").See(hush+" shelf", "Restricted", "Extrusion").NotSee("within/")
		client.Get("/search?q=" + hush).See("/articles/" + e.article)
		client.Get("/search?q=" + hush + "&space=ateliers").See("/articles/" + e.article)
		client.Get("/articles?tag=hushed").See(hush)
		client.Get("/spaces").NotSee("within/")
	}
	e.As(e.alice).Post("/articles/"+e.article+"/posts", apptest.Form{"body": "Alice may."}).Status(303)
	inner := strconv.FormatInt(e.Actor(e.mona).Inner[0].ID, 10)
	for _, person := range []*models.User{e.bob, e.otto, e.karen} {
		e.As(person).Get("/articles/trust?space=ateliers." + inner).Status(404)
		e.As(person).Get("/articles/drafts?space=ateliers." + inner).Status(404)
	}
	e.As(e.mona).Get("/articles/trust?space=ateliers."+inner+"&show=doubts").See("ateliers › "+hush+" shelf", hush+" article")
	e.As(e.mona).Get("/articles/trust?space=closed." + inner).Status(404)
	e.As(e.alice).Get("/collections/" + e.secret + "/readers").Status(403)
}

func TestOpenedAgainEverythingIsThereAndTheChosenAreKept(t *testing.T) {
	e := enclose(t)
	e.As(e.mona).Post("/collections/"+e.secret+"/restriction", apptest.Form{"restricted": "2"}).Status(422)
	e.As(e.mona).Post("/collections/"+e.secret+"/restriction", apptest.Form{"restricted": "0"}).Status(303)
	e.Settle()
	bob := e.As(e.bob)
	bob.Get("/search?q=" + hush).See("/articles/" + e.article)
	bob.Get("/articles/mine").See(hush)
	bob.Get("/articles/drafts?show=mine").See(hush + " draft")
	bob.Get("/articles?tag=hushed").See(hush)
	bob.Get("/knowledge").See(hush + " shelf")
	e.As(e.mona).Post("/collections/"+e.secret+"/restriction", apptest.Form{"restricted": "1"}).Status(303)
	e.As(e.mona).Get("/collections/"+e.secret+"/readers").See("Alice", "manages the space").NotSee("Bob")
	bob.Get("/collections/" + e.secret).Status(404)
}

func TestWhoLosesTheSpaceLosesWhatIsInIt(t *testing.T) {
	e := enclose(t)
	mona := e.As(e.mona)
	for _, person := range []string{e.karen.Email, "nobody@example.com", "x\x00y", ""} {
		mona.Post("/collections/"+e.secret+"/readers", apptest.Form{"person": person}).Status(422).See("person-error")
	}
	mona.Post("/collections/"+e.secret+"/readers", apptest.Form{"person": "Bob"}).Status(303)
	e.As(e.bob).Get("/collections/" + e.secret).Status(301)
	mona.Post("/collections/"+e.secret+"/readers/removal", apptest.Form{"person": id(e.bob)}).Status(303)
	e.As(e.bob).Get("/collections/" + e.secret).Status(404)
	mona.Post("/collections/"+e.secret+"/readers/removal", apptest.Form{"person": id(e.bob)}).Status(404)
	mona.Post("/collections/"+e.secret+"/readers", apptest.Form{"person": id(e.bob)}).Status(303) // as the undo of it does
	mona.Post("/collections/"+e.secret+"/readers/removal", apptest.Form{"person": id(e.bob)}).Status(303)

	e.Tx(e.Actor(e.otto), func(tx *models.Tx) error { // the space becomes its members' alone, of whom Alice is no longer one
		space, err := tx.LockSpace(e.ateliers(t).ID)
		if err != nil {
			return err
		}
		if err := tx.RemoveMember(space, e.alice.ID); err != nil {
			return err
		}
		space.Visibility = models.Restricted
		space.Joining = models.JoinInvitation
		return tx.SaveSpace(space)
	})
	e.As(e.alice).Get("/articles/" + e.article).Status(404)
	e.As(e.alice).Get("/search?q=" + hush).NotSee("/articles/" + e.article)
	mona.Get("/collections/" + e.secret + "/readers").See("no longer sees the space")
}

func TestWhoManagesTheSpaceReadsWhatIsRestrictedInIt(t *testing.T) {
	e := enclose(t)
	space := e.ateliers(t)
	e.Tx(e.Actor(e.otto), func(tx *models.Tx) error { return tx.SetMember(space, e.bob, models.SpaceManager) })
	e.As(e.bob).Get("/collections/" + e.secret).Status(301)
	e.Tx(e.Actor(e.otto), func(tx *models.Tx) error { return tx.SetMember(space, e.bob, models.SpaceMember) })
	e.As(e.bob).Get("/collections/" + e.secret).Status(404)
	e.Tx(e.Actor(e.otto), func(tx *models.Tx) error { return tx.SetMember(space, e.bob, models.SpaceExpert) })
	e.As(e.bob).Get("/collections/" + e.secret).Status(404)

	own := e.number(collectionAddress, e.As(e.bob).Post("/collections", apptest.Form{"space": "ateliers", "title": "Of Bob"}).Status(303))
	e.As(e.bob).Post("/collections/"+own+"/restriction", apptest.Form{"restricted": "1"}).Status(303)
	e.As(e.bob).Get("/collections/"+own+"/readers").Status(200).See("Bob", "Mona")
	e.As(e.alice).Get("/collections/" + own).Status(404)
	e.As(e.bob).Post("/collections/"+own+"/readers/removal", apptest.Form{"person": id(e.bob)}).Status(422).See("shut yourself out")
}

func TestAGroupIsLetReadAsFarAsItsPeopleSeeTheSpace(t *testing.T) {
	e := enclose(t)
	group := &models.Group{Kind: models.KindGroup, Name: "Welders"}
	e.Tx(e.Actor(e.otto), func(tx *models.Tx) error {
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		return tx.JoinGroup(group.ID, e.bob.ID, e.karen.ID)
	})
	number := strconv.FormatInt(group.ID, 10)
	mona := e.As(e.mona)
	mona.Post("/collections/"+e.secret+"/readers", apptest.Form{"group": "99999999"}).Status(422).See("group-error")
	mona.Post("/collections/"+e.secret+"/readers", apptest.Form{"group": number}).Status(303)
	e.As(e.bob).Get("/collections/" + e.secret).Status(301)
	e.As(e.karen).Get("/collections/" + e.secret).Status(404)
	e.As(e.otto).Get("/groups/" + number).NotSee("within/")
	mona.Post("/collections/"+e.secret+"/readers/removal", apptest.Form{"group": number}).Status(303)
	e.As(e.bob).Get("/collections/" + e.secret).Status(404)
}

func TestAnArticleMovedIntoARestrictedCollectionIsGoneForOthers(t *testing.T) {
	e := enclose(t)
	article := e.write(e.mona, e.shelf, "", "Quixotry", "Quixotry is told.")
	e.As(e.bob).Post("/articles/"+article+"/posts", apptest.Form{"body": "Quixotry, says Bob."}).Status(303)
	e.Settle()
	e.As(e.mona).Post("/articles/"+article+"/place", apptest.Form{"collection": e.secret, "after": "last"}).Status(303)
	e.Settle()
	for _, path := range []string{"/", "/knowledge", "/search?q=Quixotry"} {
		e.As(e.bob).Get(path).NotSee("/articles/" + article)
	}
	e.As(e.bob).Get("/articles/" + article).Status(404)
	e.As(e.alice).Get("/search?q=Quixotry").See("/articles/" + article)
	e.As(e.mona).Post("/articles/"+article+"/place", apptest.Form{"collection": e.shelf, "after": "last"}).Status(303)
	e.Settle()
	e.As(e.bob).Get("/search?q=Quixotry").See("/articles/" + article)
}

func TestSomebodyFromOutsideIsLetReadInASpaceThatAdmitsThem(t *testing.T) {
	e := enclose(t)
	other := e.Person("Petra", models.RoleExternal)
	e.Tx(e.Actor(e.otto), func(tx *models.Tx) error {
		return tx.SetMember(&models.Space{ID: e.Actor(e.mona).AccessTo("partners").ID, Visibility: models.External}, other, models.SpaceMember)
	})
	mona, karen := e.As(e.mona), e.As(e.karen)
	price := e.write(e.mona, e.outside, "", "Prices", "For Karen alone.")
	mona.Post("/collections/"+e.outside+"/readers", apptest.Form{"person": e.karen.Email}).Status(303)
	karen.Post("/articles/"+price+"/posts", apptest.Form{"body": "Thank you."}).Status(303)
	e.say(e.mona, price, "You are welcome.")
	e.Settle()
	karen.Get("/notifications").See("Prices")
	for _, person := range []*models.User{other, e.otto, e.modesta, e.alice} {
		e.As(person).Get("/articles/" + price).Status(404)
		e.As(person).Get("/search?q=Prices").NotSee("/articles/" + price)
	}
	e.Tx(e.Actor(e.otto), func(tx *models.Tx) error {
		return tx.RemoveMember(&models.Space{ID: e.Actor(e.mona).AccessTo("partners").ID}, e.karen.ID)
	})
	e.say(e.mona, price, "Are you still there?")
	e.Settle()
	karen.Get("/articles/" + price).Status(404)
	karen.Get("/notifications").NotSee("Prices")
}

func TestAProgramChoosesWhoReads(t *testing.T) {
	e := enclose(t)
	path := "/collections/" + e.secret + "/readers"
	manages := e.program(e.mona, models.ScopeManage)
	manages.call("GET", path, "").See("Alice", `"restricted":true`)
	manages.call("PUT", path, `{"people": ["`+e.bob.Email+`"], "groups": []}`).Status(200).See("Bob").NotSee("Alice")
	e.As(e.alice).Get("/collections/" + e.secret).Status(404)
	e.As(e.bob).Get("/collections/" + e.secret).Status(301)
	e.program(e.bob, models.ScopeManage).call("PUT", path, `{"people": [], "groups": []}`).Status(403)
	e.program(e.alice, models.ScopeManage).call("PUT", path, `{"people": [], "groups": []}`).Status(404)
	manages.call("PUT", path, `{"people": ["`+e.karen.Email+`"], "groups": []}`).Status(422)
	manages.call("DELETE", path, "").Status(200).See(`"restricted":false`)
	e.As(e.alice).Get("/collections/" + e.secret).Status(301)
}

// ateliers is the space in which the collection is restricted.
func (e *enclosed) ateliers(t *testing.T) *models.Space {
	t.Helper()
	space, err := e.DB.SpaceBySlug(t.Context(), e.Actor(e.mona), "ateliers")
	if err != nil {
		t.Fatal(err)
	}
	return space
}

func TestTheLabelOfAnArticleIsWhoMayReadIt(t *testing.T) {
	h := open(t)
	for space, visibility := range map[string]models.Visibility{"square": models.Public, "club": models.External, "few": models.Restricted} {
		h.Space(space, visibility, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.alice: models.SpaceMember})
	}
	program := h.program(h.alice, models.ScopeRead)
	for space, want := range map[string][2]string{"square": {"public", "Public"}, "ateliers": {"internal", "Internal"}, "club": {"restricted", "Restricted"}, "few": {"restricted", "Restricted"}} {
		article := h.write(h.mona, h.collection(space, "Shelf of "+space), "", "Label", "x")
		h.As(h.alice).Get("/articles/" + article + "-label").Status(200).See("</svg>" + want[1] + "</span>")
		h.As(h.alice).Get("/articles/" + article + "/print").Status(200).See("<dd>" + want[1] + "</dd>")
		program.call("GET", "/articles/"+article, "").See(`"confidentiality":"` + want[0] + `"`)
	}
	shelf := h.collection("ateliers", "Shut")
	article := h.write(h.mona, shelf, "", "Label", "x")
	h.As(h.mona).Post("/collections/"+shelf+"/readers", apptest.Form{"person": h.alice.Email}).Status(303)
	program.call("GET", "/articles/"+article, "").See(`"confidentiality":"restricted"`)
}

func TestAManagerOfARestrictedCollectionCanBecomeExternal(t *testing.T) {
	e := enclose(t)
	nina, space := e.Person("Nina", models.RoleEmployee), e.ateliers(t)
	e.Tx(e.Actor(e.otto), func(tx *models.Tx) error { return tx.SetMember(space, nina, models.SpaceManager) })
	e.As(nina).Get("/articles/" + e.article).Status(301)
	e.Tx(e.Actor(e.otto), func(tx *models.Tx) error {
		_, err := tx.ChangeRole(nina, models.RoleExternal)
		return err
	})
	e.As(nina).Get("/articles/" + e.article).Status(404)
}

func TestWhatIsShownOfPeopleFollowsARestrictedCollection(t *testing.T) {
	e := enclose(t)
	for _, person := range e.shut() {
		e.As(person).Get("/experts?tag=hushed").NotSee("Mona")
	}
	e.As(e.alice).Get("/experts?tag=hushed").See("Mona")
	e.As(e.mona).Post("/collections/"+e.secret+"/restriction", apptest.Form{"restricted": "0"}).Status(303)
	e.Settle()
	e.As(e.bob).Get("/experts?tag=hushed").See("Mona")
}

func TestExpertsInsideAreAskedAsExperts(t *testing.T) {
	e := enclose(t)
	space := e.ateliers(t)
	for _, who := range []*models.User{e.alice, e.bob} { // of whom Bob is not inside
		e.Tx(e.Actor(e.otto), func(tx *models.Tx) error { return tx.SetMember(space, who, models.SpaceExpert) })
	}
	eva := e.Person("Eva", models.RoleEmployee)
	e.As(e.mona).Post("/collections/"+e.secret+"/readers", apptest.Form{"person": eva.Email}).Status(303)
	e.As(e.mona).Post("/articles/"+e.article+"/owner", apptest.Form{"owner": ""}).Status(303) // nobody
	e.As(eva).Post("/articles/"+e.article+"/doubts", apptest.Form{"reason": "Still so?"}).Status(303)
	e.Settle()
	e.As(e.alice).Get("/notifications").See("/articles/" + e.article)
	e.As(e.bob).Get("/notifications").NotSee("/articles/" + e.article)

	modelstest.Exec(t, e.Config.DatabaseURL, "UPDATE articles SET verified_until = '2020-01-01 00:00:00+00:00' WHERE id = "+e.article)
	var told []models.ArticleReminder
	e.Tx(nil, func(tx *models.Tx) (err error) { told, err = tx.RemindOfArticles(); return err })
	people := map[int64]bool{}
	for _, r := range told {
		people[r.UserID] = true
	}
	if len(people) != 2 || !people[e.alice.ID] || !people[e.mona.ID] {
		t.Errorf("reminded are %v, not Alice and Mona", people)
	}

	draft := e.keep(eva, e.secret, "Another one", "Said anew.")
	e.As(eva).Get(draft).Status(200).See("Alice").NotSee("Bob")
}

func TestAGroupThatMayOnlyReadTheSpaceAroundAnswersForNothingInside(t *testing.T) {
	e := enclose(t)
	carl := e.Person("Carl", models.RoleEmployee)
	e.Tx(e.Actor(e.otto), func(tx *models.Tx) error { return tx.SetMember(e.ateliers(t), carl, models.SpaceReader) })
	e.As(e.mona).Post("/collections/"+e.secret+"/readers", apptest.Form{"person": carl.Email}).Status(303)
	group := e.group("Keepers", true, carl)
	e.As(e.mona).Post("/articles/"+e.article+"/owner", apptest.Form{"group": strconv.FormatInt(group.ID, 10)}).Status(422)
}

func TestSearchingASpaceByLabelFindsItsRestrictedCollections(t *testing.T) {
	e := enclose(t)
	e.As(e.alice).Get("/search?q=" + hush + "&label=restricted&space=ateliers").See("/articles/" + e.article)
	e.As(e.bob).Get("/search?q=" + hush + "&label=restricted&space=ateliers").NotSee("/articles/" + e.article)
}

func TestWatchingOrMutingASpaceReachesItsRestrictedCollectionsForThoseWhoReadThem(t *testing.T) {
	e := enclose(t)
	space := strconv.FormatInt(e.ateliers(t).ID, 10)
	for _, user := range []*models.User{e.alice, e.bob, e.otto} {
		e.As(user).Post("/follows", apptest.Form{"kind": "space", "target": space, "level": "watch"}).Status(303)
	}
	had, before := unread(t, e.house, e.alice), unread(t, e.house, e.bob)+unread(t, e.house, e.otto)
	e.As(e.mona).Post("/articles/"+e.article+"/posts", apptest.Form{"body": "Once more."}).Status(303)
	e.Settle()
	if n := unread(t, e.house, e.alice) - had; n != 1 {
		t.Errorf("Alice, who watches the space and reads the collection, has %d notices", n)
	}
	if n := unread(t, e.house, e.bob) + unread(t, e.house, e.otto); n != before {
		t.Errorf("those who watch the space and do not read the collection have %d notices more", n-before)
	}
	e.As(e.alice).Post("/follows", apptest.Form{"kind": "space", "target": space, "level": "mute"}).Status(303)
	e.As(e.mona).Post("/articles/"+e.article+"/posts", apptest.Form{"body": "What do you say, @Alice?"}).Status(303)
	e.Settle()
	if n := unread(t, e.house, e.alice) - had; n != 1 {
		t.Errorf("Alice, who has muted the space, has %d notices", n)
	}
}

func unread(t *testing.T, h *house, user *models.User) int {
	t.Helper()
	n, err := h.DB.Unread(t.Context(), h.Actor(user))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatWasLoggedOfTheDraftOfANewArticleFollowsIntoTheRestrictedCollection(t *testing.T) {
	e := enclose(t)
	space := e.ateliers(t).ID
	log, err := e.DB.Audit(t.Context(), e.Actor(e.otto), models.DraftKept, 0, 10)
	if err != nil || len(log) == 0 {
		t.Fatalf("the log has %d drafts: %v", len(log), err)
	}
	for _, entry := range log {
		if entry.SpaceID == space {
			t.Errorf("draft %d is still told of in the space around", entry.SubjectID)
		}
	}
}
