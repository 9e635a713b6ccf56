package campaigns_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// drawn is a picture of a size.
func drawn(t *testing.T, width, height int) []byte {
	t.Helper()
	buffer := &bytes.Buffer{}
	if err := png.Encode(buffer, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// hang sends the form of a banner as a browser does, with an empty field of a file where there is no content.
func hang(t *testing.T, client *apptest.Client, campaign string, content []byte, fields map[string]string) *apptest.Answer {
	t.Helper()
	return sent(t, client, http.MethodPost, campaign+"/banner", content, fields, http.Header{})
}

func sent(t *testing.T, client *apptest.Client, method, path string, content []byte, fields map[string]string, header http.Header) *apptest.Answer {
	t.Helper()
	buffer := &bytes.Buffer{}
	form := multipart.NewWriter(buffer)
	name := ""
	if content != nil {
		name = "holiday.png"
	}
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	for field, value := range fields {
		err = errors.Join(err, form.WriteField(field, value))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	header.Set("Content-Type", form.FormDataContentType())
	return client.Do(method, path, buffer, header)
}

var pictured = regexp.MustCompile(`/files/\d+`)

func TestACampaignHasABannerThatIsSeenWithIt(t *testing.T) {
	h := open(t)
	page := h.made(t)
	lena, paul, at := h.As(h.lena), h.As(h.paul), number(page)
	lena.Get(at+"/banner").Status(200).See("There is none yet", `enctype="multipart/form-data"`)
	hang(t, lena, at, drawn(t, 1800, 900), map[string]string{"kind": "described", "alt": "A full bin", "focus": "top"}).Status(http.StatusSeeOther)
	shown := lena.Get(page).Status(200).See(`alt="A full bin"`, "focus-top", `?w=800 800w, `, "1600w")
	file := pictured.FindString(shown.Text)
	for _, size := range []string{"", "?w=800"} {
		lena.Get(file + size).Status(200)
		paul.Get(file + size).Status(404) // as the campaign itself, which is not published
		h.Visitor().Get(file + size).Status(404)
	}
	lena.Post(at+"/publication", nil).Status(http.StatusSeeOther)
	paul.Get(file).Status(200)
	h.Visitor().Get(file).Status(404)
	h.As(h.Person("Gaston", models.RoleExternal)).Get(file).Status(404)
	paul.Get("/campaigns?state=coming").See("in-list focus-top", `loading="lazy"`)

	// Something else is said of it, and it stays.
	hang(t, lena, at, nil, map[string]string{"kind": "decorative", "alt": "Left over", "focus": "left"}).Status(http.StatusSeeOther)
	lena.Get(page).See(file, `alt=""`, "focus-left").NotSee("Left over")
	// Another one takes its place, after which nobody sees the first but who sent it, until the sweep.
	hang(t, lena, at, drawn(t, 900, 300), map[string]string{"kind": "decorative"}).Status(http.StatusSeeOther)
	second := pictured.FindString(lena.Get(page).See("focus-center").Text)
	if second == file {
		t.Fatal("the first banner is still shown")
	}
	paul.Get(file).Status(404)
	paul.Get(second).Status(200)

	// A copy shows it too, for those who may see the copy, and keeps it when the first gives it up.
	lena.Post(at+"/copies", apptest.Form{"space": "plant", "title": "Less noise", "template": "1"}).Status(http.StatusSeeOther)
	copied := lena.Post(at+"/copies", apptest.Form{"space": "plant", "title": "Less dust", "begins": "2027-03-24"}).Status(http.StatusSeeOther).Header.Get("Location")
	lena.Get(copied).See(second)
	lena.Post(at+"/banner/removal", nil).Status(http.StatusSeeOther)
	lena.Post(at+"/banner/removal", nil).Status(http.StatusSeeOther) // pressed twice
	lena.Get(page).NotSee("/files/")
	lena.Get(second).Status(200)
	paul.Get(second).Status(404)
	h.now = h.now.AddDate(0, 0, 5)
	if removed, err := h.Files.Sweep(t.Context(), 0); err != nil || removed != 1 {
		t.Fatalf("the sweep removed %d pictures, %v; want the first", removed, err)
	}
	h.As(h.lena).Get(second).Status(200)
	h.As(h.lena).Get(file).Status(404)
}

func TestAProgramHangsABanner(t *testing.T) {
	h := open(t)
	at := "/api/v1" + number(h.asked(t)) + "/banner"
	send := func(user *models.User, content []byte, fields map[string]string) *apptest.Answer {
		return sent(t, h.Visitor(), http.MethodPut, at, content, fields, http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeManage)}})
	}
	take := func(user *models.User) *apptest.Answer {
		return h.Visitor().Do(http.MethodDelete, at, nil, http.Header{"Authorization": {"Bearer " + h.Token(user, models.ScopeManage)}})
	}
	send(h.lena, drawn(t, 900, 300), nil).Status(422).See("body.alt", "Say what the picture shows")
	send(h.lena, nil, map[string]string{"alt": "A full bin"}).Status(422).See("body.file", "Choose a file")
	send(h.lena, drawn(t, 700, 300), map[string]string{"alt": "A full bin"}).Status(422)
	send(h.paul, drawn(t, 900, 300), map[string]string{"alt": "Mine"}).Status(403)
	send(h.Person("Gaston", models.RoleExternal), drawn(t, 900, 300), map[string]string{"alt": "Mine"}).Status(404)
	send(h.lena, drawn(t, 900, 300), map[string]string{"alt": "A full bin", "focus": "top"}).Status(200).See(`"alt":"A full bin","focus":"top"`, `/content"`)
	send(h.lena, nil, map[string]string{"decorative": "true"}).Status(200).See(`"alt":"","focus":"center"`)
	take(h.paul).Status(403)
	take(h.lena).Status(200).See(`"banner":null`)
	take(h.lena).Status(200) // once more changes nothing
}

func TestWhatIsNoBannerIsRefused(t *testing.T) {
	h := open(t)
	page := h.asked(t)
	at, good := number(page), map[string]string{"kind": "decorative", "focus": "center"}
	lena := h.As(h.lena)
	for _, one := range []struct {
		content []byte
		fields  map[string]string
		says    string
	}{
		{nil, good, "Choose a file"},
		{[]byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), good, "not a picture that Ruche can read"},
		{drawn(t, 799, 400), good, "too narrow"},
		{drawn(t, 800, 1700), good, "too narrow"},
		{append(drawn(t, 900, 300)[:200], 0), good, "incomplete or damaged"},
		{drawn(t, 900, 300), map[string]string{"kind": "described", "alt": " "}, "Say what the picture shows"},
		{drawn(t, 900, 300), map[string]string{"kind": "described", "alt": strings.Repeat("x", 201)}, "at most 200 characters"},
		{drawn(t, 900, 300), map[string]string{"kind": "decorative", "focus": "x\" onload=\"x"}, "Choose what stays in sight"},
	} {
		hang(t, lena, at, one.content, one.fields).Status(http.StatusUnprocessableEntity).See(one.says, `role="alert"`)
	}
	lena.Post(at+"/banner", apptest.Form(good)).Status(http.StatusUnprocessableEntity).See("Choose a file")
	lena.Get(page).NotSee("/files/")
	large := append(drawn(t, 900, 300), make([]byte, 11<<20)...)
	hang(t, lena, at, large, good).Status(http.StatusRequestEntityTooLarge)

	for client, status := range map[*apptest.Client]int{h.As(h.paul): 403, h.As(h.Person("Gaston", models.RoleExternal)): 404} {
		client.Get(at + "/banner").Status(status)
		hang(t, client, at, drawn(t, 900, 300), good).Status(status)
		client.Post(at+"/banner/removal", nil).Status(status)
	}
	hang(t, h.Visitor(), at, drawn(t, 900, 300), good).Status(http.StatusSeeOther) // to the door
	lena.Get(page).NotSee("/files/")
}

func TestABannerOutlivesTheAccountOfWhoChoseIt(t *testing.T) {
	h := open(t)
	page := h.asked(t)
	hang(t, h.As(h.mona), number(page), drawn(t, 900, 300), map[string]string{"kind": "decorative"}).Status(http.StatusSeeOther)
	file := pictured.FindString(h.As(h.mona).Get(page).Text)
	h.Tx(nil, func(tx *models.Tx) error {
		gone, err := tx.ErasedFiles(t.Context(), &models.Erasure{UserID: &h.mona.ID, Contributions: "remove"}, 10)
		if err == nil && len(gone) > 0 {
			t.Errorf("the banner goes with Mona")
		}
		return err
	})
	// It is the campaign's: whoever sees that goes on seeing it.
	h.Tx(h.Actor(h.mona), func(tx *models.Tx) error { return tx.Disable(h.mona.ID) })
	h.As(h.paul).Get(file).Status(200)
}
