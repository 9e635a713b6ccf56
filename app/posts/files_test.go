package posts_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// sent is a form with files, as browsers without scripts send it: a file is its name and what is in it.
func sent(t *testing.T, client *apptest.Client, path string, fields apptest.Form, files ...[2]string) *apptest.Answer {
	t.Helper()
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	for field, value := range fields {
		if err := form.WriteField(field, value); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range files {
		part, err := form.CreateFormFile("picture", file[0])
		if err == nil {
			_, err = part.Write([]byte(file[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return client.Do(http.MethodPost, path, body, http.Header{"Content-Type": {form.FormDataContentType()}})
}

func photo(t *testing.T) string {
	t.Helper()
	out := &bytes.Buffer{}
	if err := png.Encode(out, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWithoutScriptsFilesComeWithTheForm(t *testing.T) {
	h := apptest.Start(t)
	alice, bob := h.Person("Alice", models.RoleEmployee), h.Person("Bob", models.RoleEmployee)
	h.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{alice: models.SpaceMember, bob: models.SpaceMember})
	client, other := h.As(alice), h.As(bob)
	client.Post("/ideas", apptest.Form{"space": "ateliers", "title": "Mark the flanges", "body": "In red."}).Status(303)
	sent(t, client, "/threads", apptest.Form{"space": "ateliers", "kind": "question", "title": "How tight?", "body": "See:", "once": strings.Repeat("A", 26)}, [2]string{"flange.png", photo(t)}).Status(303)
	other.Get("/threads/1-how-tight").Status(200).See(`src="/files/1`)

	for i, place := range []string{"/ideas/1/comments", "/threads/1/posts"} {
		client.Get(strings.TrimSuffix(strings.TrimSuffix(place, "/comments"), "/posts")).Status(301)
		form := apptest.Form{"body": "Like this.", "once": fmt.Sprintf("%026d", i)}
		first := sent(t, client, place, form, [2]string{"flange.png", photo(t)}, [2]string{"list.csv", "a,b\n1,2\n"}, [2]string{"", ""}).Status(303).Header.Get("Location")
		if again := sent(t, client, place, form, [2]string{"flange.png", photo(t)}, [2]string{"list.csv", "a,b\n1,2\n"}).Status(303).Header.Get("Location"); again != first {
			t.Errorf("sent again the form leads to %s, not %s", again, first)
		}
		post := first[strings.LastIndex(first, "-")+1:]
		other.Get(first).Status(200).See("Like this.", "list.csv")
		// What is refused is said at the field, and neither the text nor the other file is lost.
		page := sent(t, client, place, apptest.Form{"body": "And this."}, [2]string{"run.html", "<!doctype html><script>alert(1)</script>"}, [2]string{"notes.txt", "Torque: 45 Nm.\n"}).Status(422)
		page.See("And this.", "notes.txt", `id="picture-error"`, `enctype="multipart/form-data"`)
		sent(t, client, place, apptest.Form{"body": ""}, [2]string{"only.txt", "It is enough.\n"}).Status(303)
		sent(t, client, place+"/"+post, apptest.Form{"base": "1", "body": "Like that."}, [2]string{"run.html", "<!doctype html><script>1</script>"}).Status(422).See("Like that.", `id="picture-error"`)
		sent(t, client, place+"/"+post, apptest.Form{"base": "1", "body": "Like that."}, [2]string{"more.txt", "Forty-five.\n"}).Status(303)
		other.Get(first).Status(200).See("Like that.", "more.txt")
		many := make([][2]string, 7)
		for n := range many {
			many[n] = [2]string{fmt.Sprintf("%d.txt", n), fmt.Sprintf("File %d of %d.\n", n, i)}
		}
		sent(t, client, place, apptest.Form{"body": "All."}, many...).Status(422).See("at most five files", "4.txt").NotSee("5.txt")
		stored := len(modelstest.Rows(t, h.Config.DatabaseURL)["files"])
		sent(t, h.As(h.Person("Karen"+post, models.RoleExternal)), place, apptest.Form{"body": "Mine."}, [2]string{"x.txt", "Karen's words.\n"}).Status(404)
		if now := len(modelstest.Rows(t, h.Config.DatabaseURL)["files"]); now != stored {
			t.Errorf("who may not read there has left %d files", now-stored)
		}
	}
}
