package posts_test

import (
	"net/url"
	"strings"
	"testing"

	"ruche/app/apptest"
)

func TestAMessageIsQuotedWithoutScripts(t *testing.T) {
	h := open(t)
	for name, post := range h.places() {
		t.Run(name, func(t *testing.T) {
			number := post[strings.LastIndex(post, "/")+1:]
			head := "&gt; [Bob](/posts/" + number + "):\n"
			h.alice.Get(post+"/reply").Status(200).NotSee("data-quoted", head)
			h.alice.Get(post+"/reply?quote=1").Status(200).See("data-quoted", head+"&gt; It weighs fourteen kilos.", `name="parent" value="`+number+`"`)
			h.alice.Get(post + "/reply?quote=1&words=" + url.QueryEscape("*fourteen* <b>")).Status(200).See(head + `&gt; \*fourteen\* \&lt;b\&gt;`)
			h.alice.Get(post+"/reply?quote=1&words="+strings.Repeat("a+", 3000)).Status(200).See("a a…", "data-quoted")
			h.alice.Get(post + "/reply?quote=1&words=%ff%00").Status(200).See(head + "&gt; It weighs fourteen kilos.")
			h.Visitor().Get(post + "/reply?quote=1").Status(303)

			h.alice.Do("PUT", "/drafts/"+map[string]string{"idea": "idea/1/reply/2", "thread": "thread/1/reply/3"}[name], strings.NewReader(`{"fields":{"body":"Begun."}}`), map[string][]string{"Content-Type": {"application/json"}})
			h.alice.Get(post + "/reply?quote=1").Status(200).See("Begun.\n\n" + head)

			h.bob.Post(post+"/removal", nil).Status(303)
			h.alice.Get(post + "/reply?quote=1").Status(404).NotSee("fourteen")
		})
	}
}

func TestAQuoteNamesItsWriterAndLeadsBack(t *testing.T) {
	h := open(t)
	post := h.places()["thread"]
	h.alice.Get("/threads/1-does-it-leak").See(`href="`+post+`/reply?quote=1"`, "/static/posts.")
	h.alice.Get("/ideas/1-weigh-the-scrap").See(`href="/ideas/1/comments/2/reply?quote=1"`, "/static/posts.")
	h.Visitor().Get("/threads/1-does-it-leak").NotSee("quote=1", "/static/posts.")
	h.alice.Post("/threads/1/posts", apptest.Form{"body": "> [Bob](/posts/3):\n> fourteen\n\nFifteen."}).Status(303)
	h.bob.Get("/threads/1-does-it-leak").See(`<p class="quoted-head"><a href="/posts/3">Bob</a></p>`)
}
