package knowledge_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func (h *house) say(by *models.User, article, body string) string {
	h.t.Helper()
	to := h.As(by).Post("/articles/"+article+"/posts", apptest.Form{"body": body}).Status(http.StatusSeeOther).Header.Get("Location")
	_, id, _ := strings.Cut(to, "#post-")
	return id
}

func TestAnArticleIsDiscussedWithTheSamePosts(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "Purge", "Weigh it.")
	page, posts := "/articles/"+article+"-purge", "/articles/"+article+"/posts"
	alice, bob := h.As(h.alice), h.As(h.bob)
	bob.Get(page).See("Nobody has said anything about it yet", ">Conversation<", `action="`+posts+`"`, "article/"+article+"/post")
	alice.Get(page).See("Following")
	id := h.say(h.bob, article, "How *heavy* is it?")
	one := posts + "/" + id
	alice.Get(page).See("1 message", "<em>heavy</em>", one+"/reply")
	if to := alice.Get(one).Status(302).Header.Get("Location"); to != page+"#post-"+id {
		t.Errorf("the permanent link leads to %s", to)
	}
	if to := alice.Get("/posts/" + id).Status(302).Header.Get("Location"); to != one {
		t.Errorf("it leads to %s", to)
	}
	alice.Get("/threads/" + article + "/posts/" + id).Status(404)
	alice.Get("/ideas/" + article + "/comments/" + id).Status(404)

	alice.Get(one+"/reply?quote=1").Status(200).See("How *heavy* is it?", "Purge")
	alice.Post(posts, apptest.Form{"body": "Fourteen kilos.", "parent": id}).Status(303)
	bob.Get(page).See("2 messages", "Fourteen kilos.", "reply")
	bob.Post(posts, apptest.Form{"body": " "}).Status(422)
	bob.Post(posts, apptest.Form{"body": "x", "parent": "987654321"}).Status(422)
	bob.Post(posts, apptest.Form{"body": strings.Repeat("a", 1_000_000)}).Status(422)
	alice.Post(one, apptest.Form{"base": "1", "body": "Mine."}).Status(403)
	bob.Get(one + "/edit").Status(200).See("How *heavy* is it?</textarea>")
	bob.Post(one, apptest.Form{"base": "1", "body": "How light is it?"}).Status(303)
	alice.Get(one+"/versions").Status(200).See("<del>", "light")
	alice.Get(page).See("How light is it?", one+"/versions")

	signs, err := h.DB.Reactions(t.Context(), h.Actor(h.alice), []int64{1})
	if err != nil || len(signs.Signs) == 0 {
		t.Fatal(err)
	}
	sign := strconv.FormatInt(signs.Signs[0].ID, 10)
	alice.Post("/posts/"+id+"/reactions", apptest.Form{"give": sign}).Status(303)
	alice.Get("/posts/"+id+"/reactions").Status(200).See("Alice", "Purge")
	h.Visitor().Get("/posts/" + id + "/reactions").Status(303)

	alice.Post(one+"/removal", nil).Status(403)
	bob.Post(one+"/removal", nil).Status(303)
	alice.Get(page).See("1 message").NotSee("How light is it?")
	bob.Post(one+"/restoration", nil).Status(303)
	h.As(h.mona).Post(one+"/removal", nil).Status(303)
	bob.Post(one+"/restoration", nil).Status(403)
	h.As(h.mona).Post(one+"/restoration", nil).Status(303)
	alice.Get(page).See("2 messages", "How light is it?")
}

func TestAFormSentTwiceSaysItOnce(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "Purge", "Weigh it.")
	form := apptest.Form{"body": "How heavy?", "once": strings.Repeat("P", 26)}
	for range 2 {
		h.As(h.bob).Post("/articles/"+article+"/posts", form).Status(303)
	}
	h.As(h.bob).Get("/articles/" + article + "-purge").See("1 message")
}

func TestNothingIsSaidOfWhatIsWithdrawnOrArchived(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "Purge", "Weigh it.")
	under := h.write(h.alice, h.shelf, article, "Scales", "Line 4.")
	id := h.say(h.bob, under, "A courgette of a comment.")
	page, posts, one := "/articles/"+under+"-scales", "/articles/"+under+"/posts", "/articles/"+under+"/posts/"+id
	bob, mona := h.As(h.bob), h.As(h.mona)
	mona.Post("/collections/"+h.shelf+"/archive", apptest.Form{"archived": "1"}).Status(303)
	bob.Get(page).See("A courgette of a comment.", "Its collection is archived").NotSee(`action="`+posts+`"`, "/reply")
	bob.Post(posts, apptest.Form{"body": "More."}).Status(422).See("Its collection is archived", "More.</textarea>")
	bob.Post(one, apptest.Form{"base": "1", "body": "More."}).Status(422).See("Its collection is archived")
	h.As(h.alice).Post("/posts/"+id+"/reactions", apptest.Form{"give": "1"}).Status(409)
	mona.Post("/collections/"+h.shelf+"/archive", apptest.Form{"archived": "0"}).Status(303)

	h.Settle()
	bob.Get("/search?q=courgette").See("/posts/" + id)
	mona.Post("/articles/"+article+"/withdrawal", nil).Status(303) // and what stands under it
	h.Settle()
	mona.Get(page).Status(200).See("A courgette of a comment.", "Nothing new is said").NotSee(`action="` + posts + `"`)
	mona.Post(posts, apptest.Form{"body": "More."}).Status(422).See("Nothing new is said")
	for _, gone := range []string{one, "/posts/" + id, one + "/versions", one + "/reply", "/posts/" + id + "/reactions", "/live/here?room=article:" + under} {
		bob.Get(gone).Status(404)
	}
	bob.Post(posts, apptest.Form{"body": "More."}).Status(404)
	bob.Get("/search?q=courgette").NotSee("/posts/" + id)
	h.As(h.alice).Get("/notifications").NotSee("Scales")
	h.As(h.alice).Get("/").NotSee("comments on an article")
	mona.Post("/articles/"+article+"/restoration", nil).Status(303)
	h.Settle()
	bob.Get("/search?q=courgette").See("/posts/" + id)
	h.As(h.alice).Get("/notifications").See("Scales")
	h.As(h.alice).Get("/").See("Bob comments on an article")
}

func TestWhatIsSaidGoesWhereTheArticleGoes(t *testing.T) {
	h := open(t)
	article := h.write(h.mona, h.shelf, "", "Purge", "Weigh it.")
	id := h.say(h.bob, article, "A zucchini of a comment.")
	h.Settle()
	mona, alice := h.As(h.mona), h.As(h.alice)
	alice.Get("/search?q=zucchini").See("/posts/" + id)
	h.As(h.karen).Get("/articles/" + article + "/posts/" + id).Status(404)
	h.As(h.karen).Post("/articles/"+article+"/posts", apptest.Form{"body": "Hello."}).Status(404)
	h.As(h.karen).Get("/search?q=zucchini").NotSee("comment.")
	h.Visitor().Get("/articles/" + article + "/posts/" + id).Status(404)
	mona.Post("/articles/"+article+"/place", apptest.Form{"collection": h.hidden, "after": "last"}).Status(303)
	h.Settle()
	alice.Get("/search?q=zucchini").NotSee("/posts/" + id)
	alice.Get("/articles/" + article + "/posts/" + id).Status(404)
	h.As(h.bob).Get("/posts/" + id).Status(404) // though it is his
	mona.Get("/search?q=zucchini").See("/posts/" + id)
}

func TestALongTalkIsTurnedOverByKey(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "Purge", "Weigh it.")
	number, _ := strconv.ParseInt(article, 10, 64)
	var last *models.Post
	h.Tx(h.Actor(h.bob), func(tx *models.Tx) error {
		place, err := tx.LockPlace(models.About{Article: number})
		for n := range 51 {
			if err == nil {
				last = &models.Post{AuthorID: h.bob.ID, Body: fmt.Sprintf("word %d.", n), HTML: fmt.Sprintf("word %d.", n)}
				err = tx.CreatePost(place, last)
			}
		}
		return err
	})
	page := "/articles/" + article + "-purge"
	h.As(h.alice).Get(page).See("51 messages", "word 49.", "cursor=").NotSee("word 50.")
	to := h.As(h.alice).Get(fmt.Sprintf("/posts/%d", last.ID)).Status(302).Header.Get("Location")
	to = h.As(h.alice).Get(to).Status(302).Header.Get("Location")
	if !strings.HasPrefix(to, page+"?cursor=") {
		t.Fatalf("led to %s", to)
	}
	to, _, _ = strings.Cut(to, "#")
	h.As(h.alice).Get(to).See("word 50.").NotSee("word 49.")
	h.As(h.alice).Get(page + "?cursor=zzz").Status(422)
}

func TestWhoFollowsAnArticleHearsOfIt(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "Purge", "Weigh it.")
	follow := func(who *models.User, level string, status int) {
		t.Helper()
		h.As(who).Post("/follows", apptest.Form{"kind": "article", "target": article, "level": level}).Status(status)
	}
	edit := func(by *models.User, base, body string) {
		t.Helper()
		h.As(by).Post("/articles/"+article, apptest.Form{"title": "Purge", "body": body, "base": base}).Status(303)
	}
	follow(h.karen, "watch", 404)
	follow(h.mona, "watch", 303)
	h.say(h.bob, article, "First.")
	h.say(h.bob, article, "Second.")
	h.Settle()
	h.As(h.alice).Get("/notifications").See("Bob comments on “Purge”, after 1 other message", "because you follow this article")
	watched := h.As(h.mona).Get("/notifications").See("because you watch this article").Text
	if n := strings.Count(watched, "Bob comments on “Purge”"); n != 2 {
		t.Errorf("who watches has %d notices", n)
	}
	h.As(h.bob).Get("/notifications").NotSee("Purge")

	h.As(h.alice).Get("/notifications/count").See(`"1"`)
	h.As(h.alice).Get("/articles/" + article + "-purge").Status(200)
	h.As(h.alice).Get("/notifications/count").See(`"0"`)

	edit(h.bob, "1", "Weigh it twice.")
	edit(h.bob, "2", "Weigh it thrice.")
	h.Settle()
	for _, who := range []*models.User{h.alice, h.mona} {
		if got := h.As(who).Get("/notifications").See("“Purge” has 2 new versions, the latest by Bob").Text; strings.Contains(got, "Bob changes") {
			t.Errorf("%s hears of each version", who.Name)
		}
	}
	follow(h.alice, "mute", 303)
	h.As(h.alice).Post("/notifications/read", nil).Status(303)
	h.say(h.bob, article, fmt.Sprintf("[@Alice](/people/%d) look.", h.alice.ID))
	edit(h.bob, "3", "Weigh it again.")
	h.Settle()
	h.As(h.alice).Get("/notifications/count").See(`"0"`)
	h.As(h.alice).Get("/follows?kind=article").See("Purge", "Muted")
	h.As(h.bob).Get("/follows?kind=article").See("Purge", "Following") // having written there
	follow(h.alice, "", 303)
	h.As(h.alice).Get("/follows?kind=article").See("Articles that you write or comment on are here")
}

func TestTheTextOfAnArticleCallsThoseWhomItNamesAnew(t *testing.T) {
	h := open(t)
	name := func(u *models.User) string { return fmt.Sprintf("[@%s](/people/%d)", u.Name, u.ID) }
	article := h.write(h.alice, h.shelf, "", "Purge", "Ask "+name(h.bob)+" and "+name(h.karen)+".")
	h.Settle()
	h.As(h.bob).Get("/notifications").See("Alice mentions you about “Purge”")
	h.As(h.karen).Get("/notifications").NotSee("Purge")
	h.As(h.karen).Get("/notifications/count").See(`"0"`)
	h.As(h.bob).Post("/notifications/read", nil)
	h.As(h.alice).Post("/articles/"+article, apptest.Form{"title": "Purge", "body": "Ask " + name(h.bob) + " or " + name(h.mona) + ".", "base": "1"}).Status(303)
	h.Settle()
	h.As(h.bob).Get("/notifications/count").See(`"0"`)
	h.As(h.mona).Get("/notifications").See("Alice mentions you about “Purge”")

	secret := h.write(h.mona, h.hidden, "", "Secret", "Among us, "+name(h.bob)+".")
	h.say(h.mona, secret, name(h.bob)+" must not know.")
	h.Settle()
	h.As(h.bob).Get("/notifications").NotSee("Secret")
}

func TestProgramsTakePartInTheTalkAboutAnArticle(t *testing.T) {
	h := open(t)
	article := h.write(h.alice, h.shelf, "", "Purge", "Weigh it.")
	as := func(user *models.User) func(method, path, body string) *apptest.Answer {
		header := http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeWrite)}, "Content-Type": {"application/json"}}
		return func(method, path, body string) *apptest.Answer {
			return h.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), header)
		}
	}
	bob, karen := as(h.bob), as(h.karen)
	bob("POST", "/articles/"+article+"/posts", `{"body":"One."}`).Status(201).See(`"article":`+article, `"idea":null`, "/articles/"+article+"/posts/")
	bob("POST", "/articles/"+article+"/posts", `{"body":"Two."}`).Status(201)
	page := bob("GET", "/articles/"+article+"/posts?limit=1", "").Status(200).See("One.").NotSee("Two.").Text
	_, next, _ := strings.Cut(page, `"next":"`)
	next, _, _ = strings.Cut(next, `"`)
	bob("GET", "/articles/"+article+"/posts?limit=1&cursor="+next, "").Status(200).See("Two.", `"next":null`)
	bob("PUT", "/follows/article/"+article, `{"level":"watch"}`).Status(200).See(`"before":"follow"`)
	bob("GET", "/follows?kind=article", "").Status(200).See(`"name":"Purge"`)
	karen("GET", "/articles/"+article+"/posts", "").Status(404)
	karen("POST", "/articles/"+article+"/posts", `{"body":"One."}`).Status(404)
	karen("PUT", "/follows/article/"+article, `{"level":"watch"}`).Status(404)
	bob("POST", "/articles/987654321/posts", `{"body":"One."}`).Status(404)
}
