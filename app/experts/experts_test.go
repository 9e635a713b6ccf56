package experts_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

type house struct {
	*apptest.Site
	t                        *testing.T
	alice, bob, mona, gaston *models.User
	plant, closed, guests    *models.Space
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t), t: t}
	h.alice, h.bob, h.mona, h.gaston = h.Person("Alice Martin", models.RoleEmployee), h.Person("Bob Durand", models.RoleEmployee), h.Person("Mona Manager", models.RoleManager), h.Person("Gaston Guest", models.RoleExternal)
	h.plant = h.Space("plant", models.Company, nil)
	h.closed = h.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{h.alice: models.SpaceManager, h.bob: models.SpaceMember})
	h.guests = h.Space("guests", models.External, map[*models.User]models.SpaceRole{h.bob: models.SpaceMember, h.gaston: models.SpaceMember})
	return h
}

// declare says that somebody knows something, and finds the number of the term.
func (h *house) declare(who *models.User, name string) string {
	h.t.Helper()
	h.As(who).Post("/experts/skills", apptest.Form{"skill": name}).Status(http.StatusSeeOther)
	var id int64
	h.Tx(h.Actor(who), func(tx *models.Tx) error {
		skill, _, err := tx.DeclareSkill(name)
		if err == nil {
			id = skill.ID
		}
		return err
	})
	return strconv.FormatInt(id, 10)
}

func page(who *models.User) string { return "/people/" + strconv.FormatInt(who.ID, 10) }

// answered asks a question in a space, has somebody answer and the answer accepted, and returns where it stands.
func (h *house) answered(space, title, tags string, asker, expert *models.User) string {
	h.t.Helper()
	to := h.As(asker).Post("/threads", apptest.Form{"space": space, "kind": "question", "title": title, "body": "How?", "tags": tags}).Status(http.StatusSeeOther).Header.Get("Location")
	id, _, _ := strings.Cut(strings.TrimPrefix(to, "/threads/"), "-")
	answer := h.As(expert).Post("/threads/"+id+"/posts", apptest.Form{"body": "Like this."}).Status(http.StatusSeeOther).Header.Get("Location")
	_, post, _ := strings.Cut(answer, "/posts/")
	if post == "" {
		_, post, _ = strings.Cut(answer, "#post-")
	}
	h.As(asker).Post("/threads/"+id+"/acceptance", apptest.Form{"post": post}).Status(http.StatusSeeOther)
	return "/threads/" + id
}

func TestPeopleSayWhatTheyKnowAndOthersVouchForIt(t *testing.T) {
	h := open(t)
	alice, bob := h.As(h.alice), h.As(h.bob)
	id := h.declare(h.alice, "Électricité")
	if again := h.declare(h.bob, "electricite"); again != id {
		t.Errorf("electricite is %s, Électricité %s", again, id)
	}
	bob.Get(page(h.alice)).Status(http.StatusOK).See("Électricité", "Vouch for it")
	alice.Get(page(h.alice)).See("Électricité", "Change what I know").NotSee("Vouch for it")
	vouch := page(h.alice) + "/skills/" + id
	alice.Post(vouch, apptest.Form{"endorsed": "1"}).Status(http.StatusForbidden) // for oneself
	for range 2 {
		bob.Post(vouch, apptest.Form{"endorsed": "1"}).Status(http.StatusSeeOther)
	}
	h.As(h.mona).Get(page(h.alice)).See("Vouched for by Bob Durand")
	bob.Get("/experts?q=%C3%A9lectricit").Status(http.StatusOK).See("Alice Martin", "Says so themselves", "1 person vouches for it")
	bob.Get("/experts?skill="+id).See("Alice Martin", "Bob Durand")
	bob.Get("/experts").See("Électricité")
	bob.Post(vouch, apptest.Form{"endorsed": "0"}).Status(http.StatusSeeOther)
	h.As(h.mona).Get(page(h.alice)).NotSee("Vouched for")
	alice.Post("/experts/skills/"+id+"/removal", nil).Status(http.StatusSeeOther)
	bob.Get(page(h.alice)).NotSee("Électricité")
	bob.Post(vouch, apptest.Form{"endorsed": "1"}).Status(http.StatusNotFound) // which she no longer says
}

func TestSkillsAreRefusedThatNobodyCouldRead(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	for _, name := range []string{"", "  ", "…", strings.Repeat("long", 11), "a\x00b", "\u200b\u200b", "\xff", "we\u202elding\u200d"} {
		alice.Post("/experts/skills", apptest.Form{"skill": name}).Status(http.StatusUnprocessableEntity)
	}
	h.declare(h.alice, "z"+strings.Repeat("\u0335", 20)+"algo") // is calmed
	alice.Get("/experts/mine").NotSee(strings.Repeat("\u0335", models.MaxMarks+1))
	for i := range models.MaxSkills - 1 {
		alice.Post("/experts/skills", apptest.Form{"skill": fmt.Sprintf("skill %d", i)}).Status(http.StatusSeeOther)
	}
	alice.Post("/experts/skills", apptest.Form{"skill": "one more"}).Status(http.StatusUnprocessableEntity).See("skill-error")
	alice.Post("/experts/skills", apptest.Form{"skill": "SKILL 3"}).Status(http.StatusSeeOther) // is there already
	for _, address := range []string{"/experts?skill=x", "/experts?skill=0", "/experts?skill=987654", "/experts?skill=99999999999999999999"} {
		alice.Get(address).Status(http.StatusNotFound)
	}
	for _, address := range []string{"/experts?q=" + strings.Repeat("a", 5000), "/experts?q=%00", "/experts?tag=" + strings.Repeat("a", 500)} {
		alice.Get(address).Status(http.StatusUnprocessableEntity)
	}
	alice.Get("/experts?q=%25_%27").Status(http.StatusOK)
	h.Visitor().Get("/experts").Status(http.StatusSeeOther)
}

func TestNobodyVouchesForWhomTheyDoNotKnow(t *testing.T) {
	h := open(t)
	id, other := h.declare(h.alice, "Welding"), h.declare(h.bob, "Welding")
	gaston := h.As(h.gaston)
	gaston.Post(page(h.alice)+"/skills/"+id, apptest.Form{"endorsed": "1"}).Status(http.StatusNotFound)
	gaston.Get("/experts?q=welding").Status(http.StatusOK).See("Bob Durand").NotSee("Alice")
	gaston.Get("/experts?skill=" + id).See("Bob Durand").NotSee("Alice")
	h.As(h.alice).Post(page(h.bob)+"/skills/"+other, apptest.Form{"endorsed": "1"}).Status(http.StatusSeeOther)
	gaston.Get(page(h.bob)).See("Welding").NotSee("Alice", "Vouched")
	gaston.Get("/experts?q=welding").NotSee("vouches")
	gaston.Get("/experts").NotSee("Welding") // nor what others say at large
	secret := h.declare(h.alice, "Secret craft")
	gaston.Get("/experts?skill=" + secret).Status(http.StatusNotFound)
	for _, form := range []apptest.Form{{}, {"endorsed": "2"}} {
		h.As(h.alice).Post(page(h.bob)+"/skills/"+other, form).Status(http.StatusUnprocessableEntity)
	}
	h.As(h.alice).Post(page(h.bob)+"/skills/987654", apptest.Form{"endorsed": "1"}).Status(http.StatusNotFound)
}

func TestWhoAnimatesLooksAfterTheVocabulary(t *testing.T) {
	h := open(t)
	from, into := h.declare(h.alice, "Soldering"), h.declare(h.bob, "Brazing")
	h.declare(h.bob, "Soldering")
	h.As(h.mona).Post(page(h.bob)+"/skills/"+from, apptest.Form{"endorsed": "1"}).Status(http.StatusSeeOther)
	mona, bob := h.As(h.mona), h.As(h.bob)
	bob.Get("/experts/terms").Status(http.StatusForbidden)
	bob.Post("/experts/terms/"+from, apptest.Form{"skill": "Mine"}).Status(http.StatusForbidden)
	bob.Post("/experts/terms/"+from+"/merge", apptest.Form{"skill": "Brazing"}).Status(http.StatusForbidden)
	mona.Get("/experts/terms").Status(http.StatusOK).See("Soldering", "2 people", "Brazing")
	mona.Get("/experts/terms?q=sol").See("Soldering").NotSee("Brazing")
	mona.Get("/experts/terms?after=%00").Status(http.StatusUnprocessableEntity)
	mona.Post("/experts/terms/"+from, apptest.Form{"skill": "brâzing"}).Status(http.StatusUnprocessableEntity).See("name-" + from + "-error")
	mona.Post("/experts/terms/"+from, apptest.Form{"skill": "Soft soldering"}).Status(http.StatusSeeOther)
	mona.Post("/experts/terms/"+from+"/merge", apptest.Form{"skill": "Soft Soldering"}).Status(http.StatusUnprocessableEntity) // itself
	mona.Post("/experts/terms/"+from+"/merge", apptest.Form{"skill": "No such"}).Status(http.StatusUnprocessableEntity).See("into-" + from + "-error")
	mona.Post("/experts/terms/"+from+"/merge", apptest.Form{"skill": "BRAZING"}).Status(http.StatusSeeOther)
	mona.Post("/experts/terms/"+from, apptest.Form{"skill": "Again"}).Status(http.StatusNotFound)
	bob.Get(page(h.alice)).See("Brazing").NotSee("oldering")
	bob.Get("/experts?skill="+from).See("Brazing", "Alice Martin", "Bob Durand")
	bob.Get("/experts?q=soft+soldering").See("Alice Martin")
	h.As(h.alice).Get(page(h.bob)).See("Vouched for by Mona Manager")
	if again := h.declare(h.mona, "soft soldering"); again != into {
		t.Errorf("the old name means %s, not %s", again, into)
	}
}

func TestWhatSomebodyDidIsShownToWhoCanReadIt(t *testing.T) {
	h := open(t)
	plain := h.answered("plant", "Which bearing fits?", "bearings", h.alice, h.bob)
	secret := h.answered("closed", "Which merger comes?", "bearings, mergers", h.alice, h.bob)
	h.answered("plant", "Do I know it myself?", "bearings", h.alice, h.alice) // shows nothing
	h.Settle()
	alice, mona, gaston := h.As(h.alice), h.As(h.mona), h.As(h.gaston)
	alice.Get("/experts?tag=bearings").Status(http.StatusOK).See("Bob Durand", "2 accepted answers", "Which bearing fits?", "Which merger comes?", secret).NotSee(`people/` + strconv.FormatInt(h.alice.ID, 10))
	mona.Get("/experts?tag=bearings").See("Bob Durand", "1 accepted answer", "Which bearing fits?").NotSee("merger", "2 accepted")
	mona.Get("/experts?q=who+understands+bearings%3F").See("Bob Durand")
	mona.Get("/experts?q=mergers").See("Nobody we know of").NotSee("Bob Durand")
	mona.Get(page(h.bob)).See("#bearings", "Which bearing fits?").NotSee("merger")
	gaston.Get("/experts?tag=bearings").NotSee("Bob", "bearing fits")
	gaston.Get(page(h.bob)).NotSee("bearings")

	// what becomes of the question counts
	alice.Post(plain+"/withdrawal", nil).Status(http.StatusSeeOther)
	mona.Get("/experts?tag=bearings").See("Nobody we know of") // even before the log is read
	h.Settle()
	mona.Get("/experts?tag=bearings").See("Nobody we know of")
	alice.Post(plain+"/restoration", nil).Status(http.StatusSeeOther)
	h.Settle()
	mona.Get("/experts?tag=bearings").See("Bob Durand")

	// and whether they want it
	bob := h.As(h.bob)
	bob.Post("/experts/mine", nil).Status(http.StatusSeeOther)
	mona.Get("/experts?tag=bearings").See("Nobody we know of")
	mona.Get(page(h.bob)).NotSee("bearings")
	bob.Get("/experts/mine").See("#bearings", "Which merger comes?")
	bob.Post("/experts/mine", apptest.Form{"shown": "1"}).Status(http.StatusSeeOther)
	mona.Get("/experts?tag=bearings").See("Bob Durand")

	// and whether they are still here
	h.Tx(nil, func(tx *models.Tx) error { return tx.Disable(h.bob.ID) })
	mona.Get("/experts?tag=bearings").See("Nobody we know of")
}

func TestArticlesAndReviewsShowWhoKnows(t *testing.T) {
	h := open(t)
	var article *models.Article
	h.Tx(h.Actor(h.mona), func(tx *models.Tx) error {
		shelf := &models.Collection{SpaceID: h.plant.ID, Title: "Shelf"}
		if err := tx.CreateCollection(shelf); err != nil {
			return err
		}
		article = &models.Article{Title: "Frost", Body: "Cold.", HTML: "<p>Cold.</p>", Tags: models.Tags{"frost"}, AuthorID: h.alice.ID, EditorID: h.alice.ID, Version: 1}
		if err := tx.CreateArticle(shelf, article, ""); err != nil {
			return err
		}
		return tx.Record(models.ArticleWritten, article, nil)
	})
	h.As(h.mona).Post(article.Path()+"/verification", apptest.Form{"version": "1", "months": "3"}).Status(http.StatusSeeOther)
	h.Settle()
	h.As(h.bob).Get("/experts?tag=frost").See("Alice Martin", "1 article", "Mona Manager", "1 review", article.Path())
	h.As(h.mona).Post(article.Path()+"/verification/undo", nil).Status(http.StatusSeeOther)
	h.Settle()
	h.As(h.bob).Get("/experts?tag=frost").See("Alice Martin").NotSee("1 review")
	h.As(h.mona).Post(article.Path()+"/withdrawal", nil).Status(http.StatusSeeOther)
	h.Settle()
	h.As(h.bob).Get("/experts?tag=frost").NotSee("Alice Martin")
}

func TestARecountMendsWhatIsShown(t *testing.T) {
	h := open(t)
	h.answered("plant", "Which bearing fits?", "bearings", h.alice, h.bob)
	wrong := func() (n int) {
		if err := h.DB.Recount(t.Context(), func(m models.Miscount) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if wrong() == 0 { // before the log is read
		t.Error("nothing is mended")
	}
	h.As(h.mona).Get("/experts?tag=bearings").See("Bob Durand")
	h.Settle()
	if n := wrong(); n != 0 {
		t.Errorf("%d are mended that were right", n)
	}
}

func TestProgramsDoAllOfIt(t *testing.T) {
	h := open(t)
	as := func(user *models.User, scope models.Scope) func(method, path, body string) *apptest.Answer {
		header := http.Header{"Authorization": {"Bearer " + h.Token(user, scope)}, "Content-Type": {"application/json"}}
		return func(method, path, body string) *apptest.Answer {
			return h.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), header)
		}
	}
	alice, bob := as(h.alice, models.ScopeWrite), as(h.bob, models.ScopeWrite)
	alice("POST", "/skills", `{"name":"Welding"}`).Status(http.StatusOK).See(`"name":"Welding"`)
	alice("POST", "/skills", `{"name":"…"}`).Status(http.StatusUnprocessableEntity)
	id := h.declare(h.alice, "welding")
	bob("GET", "/people/"+strconv.FormatInt(h.alice.ID, 10)+"/skills", "").Status(http.StatusOK).See(`"name":"Welding"`, `"endorsed":false`)
	bob("PUT", page(h.alice)+"/skills/"+id+"/endorsement", "").Status(http.StatusNoContent)
	alice("PUT", page(h.alice)+"/skills/"+id+"/endorsement", "").Status(http.StatusForbidden)
	bob("GET", page(h.alice)+"/skills", "").See(`"endorsed":true`, `"endorsers":1`)
	bob("GET", "/experts?q="+url.QueryEscape("WELD"), "").Status(http.StatusOK).See("Alice Martin", `"declared"`)
	bob("GET", "/experts", "").Status(http.StatusUnprocessableEntity)
	bob("GET", "/skills?beginning=we", "").See("Welding")
	bob("DELETE", page(h.alice)+"/skills/"+id+"/endorsement", "").Status(http.StatusNoContent)
	as(h.gaston, models.ScopeWrite)("PUT", page(h.alice)+"/skills/"+id+"/endorsement", "").Status(http.StatusNotFound)
	alice("DELETE", "/skills/"+id, "").Status(http.StatusNoContent)
	bob("GET", page(h.alice)+"/skills", "").NotSee("Welding")
	alice("PUT", "/experts/choice", `{"shown":false}`).Status(http.StatusOK).See(`"shown":false`)
	alice("GET", "/experts/choice", "").See(`"shown":false`)
	as(h.alice, models.ScopeRead)("POST", "/skills", `{"name":"Welding"}`).Status(http.StatusForbidden)
}
