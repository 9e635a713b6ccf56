package files_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/app/files"
	"ruche/models"
)

// upload sends a form with one file, as the editor does.
func upload(t testing.TB, client *apptest.Client, field, name string, data []byte) *apptest.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("alt", "une ruche"); err != nil {
		t.Fatal(err)
	}
	part, err := form.CreateFormFile(field, name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(data)
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return client.Do(http.MethodPost, "/files", &body, http.Header{"Content-Type": {form.FormDataContentType()}, "Accept": {"application/json"}})
}

type answer struct {
	ID            int64
	URL, Name     string
	Width, Height int
}

func uploadPicture(t testing.TB, client *apptest.Client) answer {
	t.Helper()
	var a answer
	response := upload(t, client, "file", "Ruche d’été.JPG", withEXIF(asJPEG(halves(1200, 300)), 1)).Status(http.StatusCreated)
	if err := json.Unmarshal([]byte(response.Text), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAPictureIsUploadedAndShown(t *testing.T) {
	site := apptest.Start(t)
	alice := site.As(site.Person("Alice", models.RoleEmployee))
	a := uploadPicture(t, alice)
	if a.URL != fmt.Sprintf("/files/%d", a.ID) || a.Width != 1200 || a.Height != 300 || a.Name != "Ruche d’été.jpg" {
		t.Errorf("%+v", a)
	}
	shown := alice.Get(a.URL).Status(http.StatusOK).NotSee("SECRET")
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Cache-Control": "private, max-age=300", "Content-Disposition": "inline; filename*=utf-8''Ruche%20d%E2%80%99%C3%A9t%C3%A9.jpg",
		"Content-Length": fmt.Sprint(len(shown.Text)), "Content-Encoding": "",
	} {
		if got := shown.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	small := alice.Get(a.URL + "?w=800").Status(http.StatusOK)
	if config, _, err := image.DecodeConfig(strings.NewReader(small.Text)); err != nil || config.Width != 800 {
		t.Errorf("for phones %+v, %v", config, err)
	}
	if other := alice.Get(a.URL + "?w=7").Status(http.StatusOK); other.Header.Get("ETag") != shown.Header.Get("ETag") || small.Header.Get("ETag") == shown.Header.Get("ETag") {
		t.Error("variants and tags do not agree")
	}
	again := alice.Do(http.MethodGet, a.URL, nil, http.Header{"If-None-Match": {shown.Header.Get("ETag")}}).Status(http.StatusNotModified)
	if again.Text != "" || again.Header.Get("Cache-Control") != "private, max-age=300" {
		t.Errorf("%q %q", again.Text, again.Header.Get("Cache-Control"))
	}
}

func TestAPictureIsSeenByWhoMayReadItsIdea(t *testing.T) {
	site := apptest.Start(t)
	alice, bob, carol := site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee), site.Person("Carol", models.RoleEmployee)
	space := site.Space("secret", models.Restricted, map[*models.User]models.SpaceRole{alice: models.SpaceMember, bob: models.SpaceMember})
	asAlice, asBob, asCarol := site.As(alice), site.As(bob), site.As(carol)
	a := uploadPicture(t, asAlice)
	tag := asAlice.Get(a.URL).Status(http.StatusOK).Header.Get("ETag")

	asBob.Get(a.URL).Status(http.StatusNotFound) // not used yet: hers alone
	idea := &models.Idea{SpaceID: space.ID, AuthorID: alice.ID, Title: "Beehives", Body: "…", HTML: "<p>…</p>\n"}
	site.Tx(site.Actor(alice), func(tx *models.Tx) error {
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		return tx.AttachFiles(alice.ID, models.Place{Idea: idea}, []int64{a.ID})
	})
	asBob.Get(a.URL).Status(http.StatusOK)
	for who, client := range map[string]*apptest.Client{"an outsider": asCarol, "a visitor": site.Visitor()} {
		for _, path := range []string{a.URL, a.URL + "?w=800"} {
			answer := client.Do(http.MethodGet, path, nil, http.Header{"If-None-Match": {tag}}).Status(http.StatusNotFound)
			if answer.Header.Get("ETag") != "" || answer.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s learns %q %q", who, answer.Header.Get("ETag"), answer.Header.Get("Cache-Control"))
			}
		}
	}
	site.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(space, bob.ID) })
	asBob.Do(http.MethodGet, a.URL, nil, http.Header{"If-None-Match": {tag}}).Status(http.StatusNotFound)
}

func TestUploadsThatAreNoneAreRefusedClearly(t *testing.T) {
	site := apptest.Start(t)
	alice := site.As(site.Person("Alice", models.RoleEmployee))
	upload(t, alice, "file", "a.png", []byte("MZ\x90\x00\x03")).Status(http.StatusUnprocessableEntity).See(`"location":"body.file"`, "Files of this kind are not taken")
	upload(t, alice, "file", "a.png", nil).Status(http.StatusUnprocessableEntity).See("Choose a file.")
	upload(t, alice, "other", "a.png", asPNG(halves(4, 4))).Status(http.StatusUnprocessableEntity).See("Choose a file.")
	upload(t, alice, "file", "a.png", make([]byte, files.MaxUpload+1)).Status(http.StatusUnprocessableEntity).See("10 MB")
	upload(t, alice, "file", "a.png", make([]byte, 50_000_000)).Status(http.StatusRequestEntityTooLarge)
	alice.Post("/files", apptest.Form{"file": "x"}).Status(http.StatusBadRequest)
	alice.Do(http.MethodPost, "/files", strings.NewReader("--x\r\nno form"), http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}).Status(http.StatusBadRequest)
	upload(t, site.Visitor(), "file", "a.png", asPNG(halves(4, 4))).Status(http.StatusForbidden)
	for _, path := range []string{"/files/1", "/files/0", "/files/-1", "/files/abc", "/files/99999999999999999999"} {
		alice.Get(path).Status(http.StatusNotFound)
	}
}
