package accounts_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync/atomic"
	"testing"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// face is a picture of one colour, as bytes.
func face(t *testing.T, tone uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 300, 200))
	for i := range img.Pix {
		img.Pix[i] = tone
	}
	img.SetGray(1, 1, color.Gray{Y: 255 - tone})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shows sends a picture of oneself.
func shows(t *testing.T, client *apptest.Client, content []byte) *apptest.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "me.png")
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return client.Do(http.MethodPost, "/account/picture", &body, http.Header{"Content-Type": {form.FormDataContentType()}})
}

var aFace = regexp.MustCompile(`<span class="avatar[^>]*><img src="(/files/\d+)"`)

// faceOn is the address of the first picture of a person on a page, empty for none.
func faceOn(page *apptest.Answer) string {
	if found := aFace.FindStringSubmatch(page.Text); found != nil {
		return found[1]
	}
	return ""
}

func TestAPictureIsSeenByThoseWhoMayKnowItsPerson(t *testing.T) {
	site := apptest.Start(t)
	mona, alice := site.Person("Mona", models.RoleEmployee), site.Person("Alice", models.RoleEmployee)
	guest, member := site.Person("Gaston", models.RoleExternal), site.Person("Gisèle", models.RoleExternal)
	site.Space("club", models.External, map[*models.User]models.SpaceRole{mona: models.SpaceManager, member: models.SpaceMember})
	client := site.As(mona)
	if faceOn(client.Get("/account")) != "" {
		t.Fatal("a picture that nobody has sent")
	}
	leads(t, shows(t, client, face(t, 40)).Status(http.StatusSeeOther), "/account#picture")
	address := faceOn(client.Get("/account").See("Remove the picture"))
	if address == "" {
		t.Fatal("no picture on one's own page")
	}
	profile := fmt.Sprintf("/people/%d", mona.ID)
	if got := faceOn(site.As(alice).Get(profile)); got == "" {
		t.Error("no picture on the profile")
	}
	picture := site.As(alice).Get(address).Status(http.StatusOK)
	if kept, err := png.DecodeConfig(bytes.NewReader([]byte(picture.Text))); err != nil || kept.Width != 128 || kept.Height != 128 {
		t.Errorf("kept is %+v, %v", kept, err)
	}
	site.As(member).Get(address).Status(http.StatusOK) // they share a space
	site.As(guest).Get(address).Status(http.StatusNotFound)
	site.As(guest).Get(profile).Status(http.StatusNotFound)
	site.Space("open", models.Public, nil)
	idea := client.Post("/ideas", apptest.Form{"space": "open", "title": "For all to read", "body": "Without a face."}).Status(http.StatusSeeOther).Header.Get("Location")
	client.Post("/ideas/1/comments", apptest.Form{"body": "And a word."}).Status(http.StatusSeeOther)
	if faceOn(site.As(guest).Get(idea).Status(http.StatusOK)) != address {
		t.Error("no picture beside what is written in public, for who is signed in")
	}
	site.As(guest).Get(address).Status(http.StatusOK)
	for _, page := range []string{idea, profile} {
		if got := faceOn(site.Visitor().Get(page).Status(http.StatusOK).See("Mona")); got != "" {
			t.Errorf("%s shows the world %s", page, got)
		}
	}
	site.Visitor().Get(address).Status(http.StatusNotFound)

	// Another one in its place, and none: the old bytes are nobody's to see, and go with the next sweep.
	shows(t, client, face(t, 200)).Status(http.StatusSeeOther)
	second := faceOn(client.Get("/account"))
	site.As(alice).Get(address).Status(http.StatusNotFound)
	site.As(alice).Get(second).Status(http.StatusOK)
	if _, err := site.App.Files.Sweep(t.Context(), -1); err != nil {
		t.Fatal(err)
	}
	client.Get(address).Status(http.StatusNotFound)
	site.As(alice).Get(second).Status(http.StatusOK)
	leads(t, client.Post("/account/picture/removal", nil).Status(http.StatusSeeOther), "/account#picture")
	site.As(alice).Get(second).Status(http.StatusNotFound)
	if got := faceOn(client.Get("/account").NotSee("Remove the picture")); got != "" {
		t.Errorf("%s is still shown", got)
	}
}

func TestWhatIsNoPictureOfAPersonIsRefusedInWords(t *testing.T) {
	site := apptest.Start(t)
	client := site.As(site.Person("Mona", models.RoleEmployee))
	for _, wrong := range [][]byte{nil, []byte("<svg onload=alert(1)>"), face(t, 1)[:60]} {
		shows(t, client, wrong).Status(http.StatusUnprocessableEntity).See(`id="file-error"`)
	}
	client.Post("/account/picture", nil).Status(http.StatusBadRequest)
	shows(t, site.Visitor(), face(t, 1)).Status(http.StatusSeeOther) // to the door
}

// host is a server of pictures, and how often it was asked.
type host struct {
	*httptest.Server
	asked atomic.Int32
}

func pictures(t *testing.T) *host {
	t.Helper()
	h := &host{}
	h.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		switch r.URL.Path {
		case "/mona", "/mona2":
			_, _ = w.Write(face(t, uint8(len(r.URL.Path)*20)))
		case "/large":
			_, _ = w.Write(make([]byte, 3<<20))
		case "/text":
			_, _ = w.Write([]byte("<svg/>"))
		case "/plain": // to what anybody on the way can change
			http.Redirect(w, r, "http://"+r.Host+"/mona", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(h.Close)
	return h
}

// reached starts a house that takes the servers of the test for outside.
func reached(h *host) apptest.Option {
	return func(_ *app.Config, options *app.Options) { options.Pictures = h.Client().Transport }
}

func TestTheProvidersPictureIsShownUntilThePersonChoosesTheirs(t *testing.T) {
	p, h := fakeProvider(t), pictures(t)
	site := apptest.Start(t, withProvider(p), reached(h))
	enter := func(path string) *apptest.Client {
		t.Helper()
		client := site.Visitor()
		p.enter(client, map[string]any{"picture": h.URL + path}).Status(http.StatusSeeOther)
		site.Settle()
		return client
	}
	first := faceOn(enter("/mona").Get("/account"))
	if first == "" {
		t.Fatal("the provider's picture is not shown")
	}
	if got := faceOn(enter("/mona").Get("/account")); got != first || h.asked.Load() != 1 {
		t.Errorf("the same picture is fetched again: %d times, %s after %s", h.asked.Load(), got, first)
	}
	second := faceOn(enter("/mona2").Get("/account"))
	if second == first || second == "" {
		t.Error("another picture of the provider is not taken over")
	}
	client := enter("/mona2")
	client.Post("/account/picture/removal", nil).Status(http.StatusSeeOther)
	if got := faceOn(enter("/mona").Get("/account")); got != "" || h.asked.Load() != 2 {
		t.Errorf("whoever has removed their picture is shown %q, asked %d times", got, h.asked.Load())
	}
	shows(t, client, face(t, 9)).Status(http.StatusSeeOther)
	own := faceOn(client.Get("/account"))
	if got := faceOn(enter("/mona").Get("/account")); got != own {
		t.Errorf("the person's own picture %s gives way to %s", own, got)
	}
}

func TestAnAddressOfAPictureThatLiesIsNotFollowed(t *testing.T) {
	p, h := fakeProvider(t), pictures(t)
	site := apptest.Start(t, withProvider(p), reached(h))
	for _, path := range []string{"/large", "/text", "/plain", "/round", "/nothing"} {
		client := site.Visitor()
		p.enter(client, map[string]any{"picture": h.URL + path}).Status(http.StatusSeeOther)
		site.Settle()
		if got := faceOn(client.Get("/account")); got != "" {
			t.Errorf("%s gives the picture %s", path, got)
		}
	}
}

func TestPicturesAreFetchedFromPublicAddressesAlone(t *testing.T) {
	p, h := fakeProvider(t), pictures(t)
	site := apptest.Start(t, withProvider(p)) // which goes out as in production
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { h.asked.Add(1) }))
	t.Cleanup(plain.Close)
	for _, address := range []any{
		h.URL + "/mona", plain.URL, "https://localhost:1/x", "https://[::1]/x", "https://169.254.169.254/latest", "ftp://pictures.test/x", "file:///etc/passwd", "//x", "x", 7, []any{"a", "b"},
		"https://user:secret@" + h.Listener.Addr().String() + "/mona",
	} {
		client := site.Visitor()
		p.enter(client, map[string]any{"picture": address}).Status(http.StatusSeeOther)
		site.Settle()
		if got := faceOn(client.Get("/account")); got != "" || h.asked.Load() != 0 {
			t.Errorf("%v is asked for", address)
		}
	}
}
