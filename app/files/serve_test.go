package files_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// parcel is a form with one file.
func parcel(t testing.TB, name, content string) (io.Reader, http.Header) {
	t.Helper()
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	return body, http.Header{"Content-Type": {form.FormDataContentType()}, "Accept": {"application/json"}}
}

func TestAFileIsUploadedForTheTextsOfASpaceOneMayWriteIn(t *testing.T) {
	site := apptest.Start(t)
	alice, bob := site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee)
	site.Space("secret", models.Restricted, map[*models.User]models.SpaceRole{alice: models.SpaceMember, bob: models.SpaceReader})
	send := func(client *apptest.Client, space string) *apptest.Answer {
		body, header := parcel(t, "plan.pdf", pdf)
		return client.Do(http.MethodPost, "/files?space="+space, body, header)
	}
	send(site.As(alice), "secret").Status(201).See(`"name":"plan.pdf"`, `"width":0`)
	send(site.As(bob), "secret").Status(403)
	send(site.As(site.Person("Carol", models.RoleEmployee)), "secret").Status(404)
	send(site.As(alice), "nowhere").Status(404)
}

func TestWhatIsNoPictureIsSentToBeSaved(t *testing.T) {
	site := apptest.Start(t)
	user := site.Person("Alice", models.RoleEmployee)
	alice := site.As(user)
	drawing := &models.File{UserID: user.ID, Key: "aa/drawing.svg", Name: "drawing.svg", ContentType: "image/svg+xml", Width: 10, Height: 10}
	spool, err := site.Files.Spool()
	if err != nil {
		t.Fatal(err)
	}
	defer spool.Remove()
	_, _ = io.WriteString(spool, `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	if _, err := site.Files.Keep(t.Context(), drawing.Key, drawing.ContentType, spool); err != nil {
		t.Fatal(err)
	}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateFile(drawing) }) // as nothing does, should it ever
	body, header := parcel(t, "Bilan d’été.pdf", pdf)
	alice.Do(http.MethodPost, "/files", body, header).Status(201)
	for path, contentType := range map[string]string{fmt.Sprintf("/files/%d", drawing.ID): "application/octet-stream", "/files/2": "application/pdf"} {
		sent := alice.Get(path).Status(200)
		for name, want := range map[string]string{"Content-Type": contentType, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"} {
			if got := sent.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if got := sent.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename") {
			t.Errorf("%s: %q", path, got)
		}
	}
}

var number = regexp.MustCompile(`[A-Z0-9]{16,}|/files/\d+`)

func TestAFileOneMayNotSeeIsNoFile(t *testing.T) {
	site := apptest.Start(t)
	alice, bob := site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee)
	body, header := parcel(t, "plan.pdf", pdf)
	site.As(alice).Do(http.MethodPost, "/files", body, header).Status(201)
	refused, none := site.As(bob).Get("/files/1").Status(404), site.As(bob).Get("/files/77").Status(404)
	if a, b := number.ReplaceAllString(refused.Text, ""), number.ReplaceAllString(none.Text, ""); a != b || refused.Header.Get("Cache-Control") != none.Header.Get("Cache-Control") {
		t.Errorf("one can tell them apart:\n%s\n%s", a, b)
	}
}

func TestAFileOfAThreadIsSeenAsTheThreadIs(t *testing.T) {
	site := apptest.Start(t)
	alice, bob, carol := site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee), site.Person("Carol", models.RoleEmployee)
	space := site.Space("secret", models.Restricted, map[*models.User]models.SpaceRole{alice: models.SpaceMember, bob: models.SpaceMember})
	body, header := parcel(t, "plan.pdf", pdf)
	site.As(alice).Do(http.MethodPost, "/files", body, header).Status(201)
	modelstest.Exec(t, site.Config.DatabaseURL, fmt.Sprintf("INSERT INTO threads (space_id, kind, title, author_id, created_at, active_at) SELECT s.id, 'discussion', 'Where to?', %d, u.created_at, u.created_at FROM spaces s, users u WHERE s.slug = 'secret' AND u.id = %d", alice.ID, alice.ID))
	thread, err := site.DB.Thread(t.Context(), site.Actor(alice), 1)
	if err != nil {
		t.Fatal(err)
	}
	site.Tx(site.Actor(alice), func(tx *models.Tx) error {
		return tx.AttachFiles(alice.ID, models.Place{Thread: thread}, []int64{1})
	})
	site.As(bob).Get("/files/1").Status(200)
	site.As(carol).Get("/files/1").Status(404)
	site.Visitor().Get("/files/1").Status(404)
	if use, err := site.DB.FilesOfSpace(t.Context(), space.ID); err != nil || use.Used != int64(len(pdf)) {
		t.Errorf("%+v, %v", use, err)
	}
	if orphans, err := site.DB.OrphanFiles(t.Context(), site.DB.Now().AddDate(1, 0, 0), 10); err != nil || len(orphans) > 0 {
		t.Errorf("orphans %v, %v", orphans, err)
	}
	modelstest.Exec(t, site.Config.DatabaseURL, "UPDATE threads SET state = 'withdrawn'")
	site.As(bob).Get("/files/1").Status(404)
	site.As(alice).Get("/files/1").Status(200)
}

func TestAProgramUploadsAFileForAText(t *testing.T) {
	site := apptest.Start(t)
	alice, bob := site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee)
	site.Space("ateliers", models.Company, nil)
	site.Space("secret", models.Restricted, nil)
	call := func(user *models.User, scope models.Scope, method, path string, body io.Reader, header http.Header) *apptest.Answer {
		t.Helper()
		header.Set("Authorization", "Bearer "+site.Token(user, scope))
		return site.Visitor().Do(method, "/api/v1"+path, body, header)
	}
	send := func(scope models.Scope, path, once, content string) *apptest.Answer {
		body, header := parcel(t, "plan.pdf", content)
		header.Set("Idempotency-Key", once)
		return call(alice, scope, "POST", path, body, header)
	}
	send(models.ScopeRead, "/files", "one", pdf).Status(403)
	send(models.ScopeWrite, "/files?space=secret", "one", pdf).Status(404)
	send(models.ScopeWrite, "/files", "one", "<svg xmlns='http://www.w3.org/2000/svg'/>").Status(422).See(`"location":"body.file"`)
	send(models.ScopeWrite, "/files?space=ateliers", "one", pdf).Status(201).See(`"id":1,"name":"plan.pdf","content_type":"application/pdf","size":48,"path":"/files/1"`)
	send(models.ScopeWrite, "/files", "one", pdf).Status(201).See(`"id":1,`)
	send(models.ScopeWrite, "/files", "one", pdf+"x").Status(409)
	body, header := parcel(t, "plan.pdf", pdf)
	site.Visitor().Do("POST", "/api/v1/files", body, header).Status(401)
	var file struct{ URL string }
	if err := json.Unmarshal([]byte(call(alice, models.ScopeRead, "GET", "/files/1", nil, http.Header{}).Status(200).Text), &file); err != nil || file.URL != site.URL+"/api/v1/files/1/content" {
		t.Errorf("%+v, %v", file, err)
	}
	content := call(alice, models.ScopeRead, "GET", "/files/1/content", nil, http.Header{}).Status(200)
	if content.Text != pdf || !strings.HasPrefix(content.Header.Get("Content-Disposition"), "attachment") || content.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%q %v", content.Text, content.Header)
	}
	for _, path := range []string{"/files/1", "/files/1/content", "/files/9"} {
		call(bob, models.ScopeRead, "GET", path, nil, http.Header{}).Status(404)
	}
}
