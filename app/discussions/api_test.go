package discussions_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// program is a client of the API with somebody's token.
type program struct {
	h      *house
	client *apptest.Client
	header http.Header
}

func (h *house) program(user *models.User, scope models.Scope) *program {
	return &program{h, h.Visitor(), http.Header{"Authorization": {"Bearer " + h.Token(user, scope)}, "Content-Type": {"application/json"}}}
}

func (p *program) call(method, path, body string, headers ...string) *apptest.Answer {
	p.h.t.Helper()
	header := p.header.Clone()
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	return p.client.Do(method, "/api/v1"+path, strings.NewReader(body), header)
}

// decoded reads what an answer holds.
func decoded[T any](t *testing.T, answer *apptest.Answer) (value T) {
	t.Helper()
	if err := json.Unmarshal([]byte(answer.Text), &value); err != nil {
		t.Fatalf("%v in %s", err, answer.Text)
	}
	return value
}

// made is the number of what an answer says was made.
func made(t *testing.T, answer *apptest.Answer) string {
	t.Helper()
	return fmt.Sprint(decoded[struct{ ID int64 }](t, answer).ID)
}

type page struct {
	Items []struct {
		ID     int64
		Number int
		Title  string
		Body   string
	}
	Pinned []struct{ ID int64 }
	Next   *string
}

func TestProgramsDoInThreadsWhatPeopleDo(t *testing.T) {
	h := open(t)
	alice, bob := h.program(h.alice, models.ScopeWrite), h.program(h.bob, models.ScopeWrite)
	begun := alice.call("POST", "/threads", `{"space":"ateliers","kind":"question","title":"How tight?","body":"It *leaks*.","tags":["Seals"]}`, "Idempotency-Key", "one").Status(201)
	begun.See(`"html":"<p>It <em>leaks`, `"tags":["seals"]`, `"posts":1`, `"author":{"id":`, `"read_number":1`)
	alice.call("POST", "/threads", `{"space":"ateliers","kind":"question","title":"How tight?","body":"It *leaks*.","tags":["Seals"]}`, "Idempotency-Key", "one").Status(201).See(`"id":1,`)
	alice.call("POST", "/threads", `{"space":"ateliers","title":"Another?","body":"It."}`, "Idempotency-Key", "one").Status(409)
	bob.call("GET", "/threads?filter=unanswered&space=ateliers", "").Status(200).See("How tight?", `"pinned":[]`, `"next":null`)
	bob.call("GET", "/threads?tag=air", "").Status(200).NotSee("How tight?")

	answer := bob.call("POST", "/threads/1/posts", `{"body":"45 Nm.","parent":1}`, "Idempotency-Key", "two").Status(201).See(`"number":2`, `"thread":1`, `"idea":null`)
	bob.call("POST", "/threads/1/posts", `{"body":"45 Nm.","parent":1}`, "Idempotency-Key", "two").Status(201).See(`"number":2`)
	post := made(t, answer)
	if !strings.HasSuffix(answer.Header.Get("Location"), "/threads/1/posts/"+post) {
		t.Errorf("Location: %s", answer.Header.Get("Location"))
	}
	bob.call("PUT", "/threads/1/same", "").Status(200).See(`"same":1`, `"asked_same":true`)
	bob.call("DELETE", "/threads/1/same", "").Status(200).See(`"same":0`, `"asked_same":false`)
	bob.call("PUT", "/threads/1/answer", `{"post":`+post+`}`).Status(403)
	alice.call("PUT", "/threads/1/answer", `{"post":1}`).Status(404) // the question answers nothing
	alice.call("PUT", "/threads/1/answer", `{"post":`+post+`}`).Status(200).See(`"solved":true`, `"answer":`+post)
	alice.call("DELETE", "/threads/1/answer", "").Status(200).See(`"solved":false`, `"answer":null`)
	bob.call("GET", "/threads/1", "").See(`"read_number":2`, `"last_number":2`)
	alice.call("PUT", "/threads/1/read", `{"number":900}`).Status(200).See(`"read_number":2`)
	alice.call("PUT", "/threads/1/read", `{"number":1}`).Status(200).See(`"read_number":2`)
	h.Visitor().Do("PUT", "/api/v1/threads/1/read", strings.NewReader(`{"number":1}`), http.Header{"Content-Type": {"application/json"}}).Status(404)

	tag := alice.call("GET", "/threads/1", "").Status(200).Header.Get("ETag")
	alice.call("GET", "/threads/1", "", "If-None-Match", tag).Status(304)
	alice.call("PATCH", "/threads/1", `{"title":"How tight exactly?"}`, "If-Match", tag).Status(200).See(`"version":2`, `"tags":["seals"]`)
	alice.call("PATCH", "/threads/1", `{"title":"Too late"}`, "If-Match", tag).Status(412)
	alice.call("PATCH", "/threads/1", `{"topic":"none-such"}`).Status(422).See(`"body.topic"`)
	bob.call("PATCH", "/threads/1", `{"title":"Mine"}`).Status(403)
	bob.call("DELETE", "/threads/1", "").Status(403)
	alice.call("DELETE", "/threads/1", "").Status(204)
	bob.call("GET", "/threads/1", "").Status(404)
	bob.call("POST", "/threads/1/posts", `{"body":"Still?"}`).Status(404)
	alice.call("POST", "/threads/1/restoration", "").Status(200).See(`"state":"published"`)
	alice.call("POST", "/threads", `{"space":"ateliers","kind":"riddle","title":" ","body":""}`).Status(422).See(`"body.title"`, `"body.body"`)
	alice.call("POST", "/threads", `{"space":"closed","title":"What?","body":"That."}`).Status(404)
	h.program(h.karen, models.ScopeWrite).call("GET", "/threads/1", "").Status(404)
	h.program(h.bob, models.ScopeRead).call("POST", "/threads/1/posts", `{"body":"Hello."}`).Status(403)
}

func TestProgramsPageThroughThreadsAndPosts(t *testing.T) {
	h := open(t)
	alice := h.program(h.alice, models.ScopeWrite)
	for i := range 5 {
		alice.call("POST", "/threads", fmt.Sprintf(`{"space":"ateliers","title":"Thread %d","body":"Text."}`, i)).Status(201)
		alice.call("POST", "/threads/1/posts", fmt.Sprintf(`{"body":"Post %d"}`, i)).Status(201)
	}
	for _, path := range []string{"/threads?space=ateliers&filter=new", "/threads/1/posts?", "/threads?filter=mine"} {
		seen, cursor := map[string]bool{}, ""
		for range 9 {
			got := decoded[page](t, alice.call("GET", path+"&limit=2"+cursor, "").Status(200))
			for _, item := range got.Items {
				seen[item.Title+item.Body] = true
			}
			if got.Next == nil {
				break
			}
			cursor = "&cursor=" + *got.Next
		}
		if want := 5 + strings.Count(path, "/posts"); len(seen) != want {
			t.Errorf("%s: %v", path, seen)
		}
	}
	for _, path := range []string{"/threads?cursor=x", "/threads/1/posts?cursor=x", "/threads/1/posts?cursor=-1", "/posts/1/versions?cursor=x"} {
		alice.call("GET", path, "").Status(422).See("query.cursor")
	}
	alice.call("GET", "/threads?filter=none", "").Status(422)
	alice.call("GET", "/threads?space=closed", "").Status(404)
}

func TestProgramsChangePostsWhereverTheyStand(t *testing.T) {
	h := open(t)
	alice, bob, mona := h.program(h.alice, models.ScopeWrite), h.program(h.bob, models.ScopeWrite), h.program(h.mona, models.ScopeWrite)
	id := h.begin(h.alice, question("How tight?"))
	post := h.say(h.bob, id, "45 Nm.")
	idea := h.As(h.alice).Post("/ideas", apptest.Form{"space": "ateliers", "title": "Mark the flanges", "body": "In red."}).Status(303).Header.Get("Location")
	comment := decoded[struct{ ID int64 }](t, bob.call("POST", idea[:len("/ideas/1")]+"/comments", `{"body":"Good."}`).Status(201))
	for _, path := range []string{"/posts/" + post, fmt.Sprintf("/posts/%d", comment.ID)} {
		tag := bob.call("GET", path, "").Status(200).Header.Get("ETag")
		bob.call("GET", path, "", "If-None-Match", tag).Status(304)
		alice.call("PATCH", path, `{"body":"I said so."}`).Status(403)
		alice.call("DELETE", path, "").Status(403)
		bob.call("PATCH", path, `{"body":""}`).Status(422).See(`"body.body"`)
		bob.call("PATCH", path, `{"body":"60 Nm."}`, "If-Match", tag).Status(200).See("60 Nm.", `"edited_at":"`)
		bob.call("PATCH", path, `{"body":"70 Nm."}`, "If-Match", tag).Status(412)
		alice.call("PATCH", path, `{"body":"70 Nm."}`, "If-Match", tag).Status(403)
		alice.call("GET", path+"/versions", "").Status(200).See(`"number":2`, `"number":1`, "60 Nm.", `"name":"Bob"`)
		mona.call("DELETE", path, "").Status(204)
		alice.call("GET", path, "").Status(200).See(`"removed":true`).NotSee("60 Nm.")
		alice.call("GET", path+"/versions", "").Status(404)
		bob.call("POST", path+"/restoration", "").Status(403)
		mona.call("POST", path+"/restoration", "").Status(200).See("60 Nm.")
		h.program(h.karen, models.ScopeWrite).call("GET", path, "").Status(404)
		h.program(h.karen, models.ScopeWrite).call("PATCH", path, `{"body":"x"}`, "If-Match", tag).Status(404)
	}
	bob.call("GET", "/posts/999", "").Status(404)
}

func TestProgramsTendThreadsAndTopicsWithATokenThatManages(t *testing.T) {
	h := open(t)
	id := h.begin(h.alice, question("How tight?"))
	mona, bob := h.program(h.mona, models.ScopeManage), h.program(h.bob, models.ScopeManage)
	for _, c := range []struct{ method, path, body, see string }{
		{"PUT", "/pin", "", `"pinned":true`},
		{"DELETE", "/pin", "", `"pinned":false`},
		{"PUT", "/closure", `{"reason":"It is answered."}`, `"close_reason":"It is answered."`},
		{"DELETE", "/closure", "", `"closed":false`},
		{"PUT", "/pace", `{"seconds":60}`, `"pace":60`},
		{"PUT", "/space", `{"space":"closed"}`, `"space":"closed"`},
		{"PUT", "/space", `{"space":"ateliers"}`, `"space":"ateliers"`},
	} {
		bob.call(c.method, "/threads/"+id+c.path, c.body).Status(map[bool]int{true: 404, false: 403}[c.path == "/space"])
		h.program(h.mona, models.ScopeWrite).call(c.method, "/threads/"+id+c.path, c.body).Status(403)
		mona.call(c.method, "/threads/"+id+c.path, c.body).Status(200).See(c.see)
	}
	mona.call("PUT", "/threads/"+id+"/pace", `{"seconds":-1}`).Status(422)

	topic := `{"title":"Seals","description":"What leaks."}`
	bob.call("POST", "/spaces/ateliers/topics", topic).Status(403)
	bob.call("GET", "/spaces/closed/topics", "").Status(404)
	for range 2 {
		mona.call("POST", "/spaces/ateliers/topics", topic, "Idempotency-Key", "t").Status(201).See(`"slug":"seals"`)
	}
	mona.call("POST", "/spaces/ateliers/topics", `{"title":"Pumps"}`).Status(201)
	mona.call("POST", "/spaces/ateliers/topics", `{"title":" "}`).Status(422).See("body.title")
	mona.call("PATCH", "/spaces/ateliers/topics/pumps", `{"step":-1,"title":"Pumps and fans"}`).Status(200)
	if list := bob.call("GET", "/spaces/ateliers/topics", "").Status(200).Text; strings.Index(list, "Pumps and fans") > strings.Index(list, "Seals") {
		t.Errorf("topics: %s", list)
	}
	mona.call("PATCH", "/spaces/ateliers/topics/seals", `{"archived":true}`).Status(200).See(`"archived_at":"`)
	bob.call("PATCH", "/spaces/ateliers/topics/seals", `{"archived":false}`).Status(403)
	mona.call("PATCH", "/spaces/ateliers/topics/none", `{"archived":false}`).Status(404)
}

func TestProgramsKeepAHiddenAuthorHidden(t *testing.T) {
	h := discreet(t)
	alice, bob := h.program(h.alice, models.ScopeWrite), h.program(h.bob, models.ScopeWrite)
	document := `{"space":"ateliers","kind":"question","title":"Who is paid what?","body":"It is *not* clear.","anonymity":"hidden"}`
	alice.call("POST", "/threads", document, "Idempotency-Key", "one").Status(201).See(`"author":null`, `"anonymity":"hidden"`)
	alice.call("POST", "/threads", document, "Idempotency-Key", "one").Status(201).See(`"id":1,`)
	alice.call("POST", "/threads", strings.Replace(document, "question", "poll", 1)).Status(422).See("body.kind")
	alice.call("POST", "/threads", strings.Replace(document, "hidden", "sealed", 1)).Status(422).See("body.anonymity")
	masked := "/posts/" + made(t, alice.call("POST", "/threads/1/posts", `{"body":"I asked before."}`).Status(201).See(`"author":null`))
	named := "/posts/" + made(t, alice.call("POST", "/threads/1/posts", `{"body":"So did I.","self":true}`).Status(201).See(`"name":"Alice"`))
	alice.call("PATCH", masked, `{"body":"I asked twice before."}`).Status(200).See(`"author":null`)
	alice.call("PATCH", "/threads/1", `{"tags":["pay"]}`).Status(200).See(`"author":null`)
	alice.call("PUT", "/threads/1/read", `{"number":1}`).Status(200)
	alice.call("DELETE", masked, "").Status(204)
	alice.call("POST", masked+"/restoration", "").Status(200).See("twice before")
	alice.call("PATCH", named, `{"body":"So did I, once."}`).Status(200).See(`"name":"Alice"`)
	bob.call("PATCH", masked, `{"body":"x"}`).Status(403)
	for _, path := range []string{"/threads", "/threads/1", masked, masked + "/versions", "/threads?filter=new", "/search?q=paid"} {
		h.Settle()
		bob.call("GET", path, "").Status(200).NotSee("Alice")
	}
	alice.call("GET", "/threads?filter=mine", "").See("Who is paid what?")
}

func TestAProgramBeginsAPollWhole(t *testing.T) {
	h := open(t)
	alice, bob := h.program(h.alice, models.ScopeWrite), h.program(h.bob, models.ScopeWrite)
	alice.call("POST", "/threads", `{"space":"ateliers","kind":"poll","title":"Where do we meet?","body":"In June."}`).Status(201)
	closes := h.DB.Now().AddDate(0, 0, 7).Format(`"2006-01-02T15:04:05Z"`)
	document := `{"kind":"single","question":"Where?","options":[{"label":"Lyon"},{"label":"Lille"}],"results":"always","closes_at":` + closes + `}`
	bob.call("PUT", "/threads/1/poll", document).Status(403)
	alice.call("PUT", "/threads/1/poll", strings.Replace(document, closes, `"2020-01-01T00:00:00Z"`, 1)).Status(422).See("body.closes_at")
	alice.call("PUT", "/threads/1/poll", strings.Replace(document, `{"label":"Lyon"},`, "", 1)).Status(422).See("body.options")
	alice.call("PUT", "/threads/1/poll", document).Status(200).See(`"asked_version":1`)
	alice.call("PUT", "/threads/1/poll", document).Status(409)
	bob.call("PUT", "/threads/1/poll/vote", `{"marks":[1,0]}`).Status(200).See(`"counts":[0,1]`)
	alice.call("PUT", "/threads/1/poll", strings.Replace(document, "{", `{"after":1,`, 1)).Status(409)
	id := h.begin(h.alice, question("How tight?"))
	alice.call("PUT", "/threads/"+id+"/poll", document).Status(404)
}

// upload sends a file to the API.
func (p *program) upload(name, content, query string) *apptest.Answer {
	p.h.t.Helper()
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err != nil || form.Close() != nil {
		p.h.t.Fatal(err)
	}
	header := http.Header{"Authorization": p.header["Authorization"], "Content-Type": {form.FormDataContentType()}}
	return p.client.Do("POST", "/api/v1/files"+query, body, header)
}

func TestProgramsAttachFilesToPostsOfThreads(t *testing.T) {
	h := open(t)
	secret := h.begin(h.mona, apptest.Form{"space": "closed", "kind": "discussion", "title": "Whose pay?", "body": "Nobody says."})
	mona, bob := h.program(h.mona, models.ScopeWrite), h.program(h.bob, models.ScopeWrite)
	bob.upload("plan.csv", "a,b\n1,2\n", "?space=closed").Status(404)
	file := made(t, mona.upload("plan.csv", "a,b\n1,2\n", "?space=closed").Status(201))
	content, named := "/files/"+file+"/content", `{"body":"See [plan.csv](/files/`+file+`)."}`
	bob.call("GET", content, "").Status(404) // nobody's yet but hers
	other := h.begin(h.bob, question("What is it?"))
	bob.call("POST", "/threads/"+other+"/posts", named).Status(201).NotSee("attachment") // and naming it takes it from nobody
	bob.call("GET", content, "").Status(404)
	mona.call("POST", "/threads/"+secret+"/posts", named).Status(201).See(`class=\"attachment\"`)
	if got := mona.call("GET", content, "").Status(200); got.Text != "a,b\n1,2\n" || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%q, %v", got.Text, got.Header)
	}
	mona.call("GET", "/files/"+file, "").Status(200).See(`"name":"plan.csv"`, `"content_type":"text/csv"`)
	foreigner, guest := h.As(h.bob), h.program(h.karen, models.ScopeRead)
	for _, path := range []string{"/files/" + file, content} {
		bob.call("GET", path, "").Status(404)
		guest.call("GET", path, "").Status(404)
		h.Visitor().Get("/api/v1" + path).Status(404)
	}
	foreigner.Get("/files/" + file).Status(404)
	h.Visitor().Get("/files/" + file).Status(404)
	h.As(h.mona).Get("/files/" + file).Status(200)

	// In a thread that all may read it is read by all, and by nobody once the thread is withdrawn.
	open := h.begin(h.alice, question("How tight?"))
	alice := h.program(h.alice, models.ScopeWrite)
	file = made(t, alice.upload("table.csv", "c,d\n3,4\n", "?space=ateliers").Status(201))
	alice.call("POST", "/threads/"+open+"/posts", `{"body":"[table.csv](/files/`+file+`)"}`).Status(201)
	bob.call("GET", "/files/"+file+"/content", "").Status(200).See("3,4")
	guest.call("GET", "/files/"+file+"/content", "").Status(404)
	alice.call("DELETE", "/threads/"+open, "").Status(204)
	bob.call("GET", "/files/"+file+"/content", "").Status(404)
	alice.call("GET", "/files/"+file+"/content", "").Status(200)
}
