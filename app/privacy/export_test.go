package privacy_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
	"ruche/views/i18n"
)

// clock is a time that a test moves.
type clock struct{ now time.Time }

func (c *clock) option(_ *app.Config, options *app.Options) {
	options.Clock = func() time.Time { return c.now }
}

var (
	copyLink = regexp.MustCompile(`/account/data/exports/\d+`)
	ideaLink = regexp.MustCompile(`^/ideas/(\d+)`)
	onceMark = regexp.MustCompile(`name="once" value="([^"]+)"`)
)

// post proposes an idea and returns its id.
func post(t *testing.T, client *apptest.Client, space, title, body string) (id string) {
	t.Helper()
	once := onceMark.FindStringSubmatch(client.Get("/ideas/new").Status(http.StatusOK).Text)
	if once == nil {
		t.Fatal("the form has no mark of its own")
	}
	answer := client.Post("/ideas", apptest.Form{"space": space, "title": title, "body": body, "once": once[1]}).Status(http.StatusSeeOther)
	return ideaLink.FindStringSubmatch(answer.Header.Get("Location"))[1]
}

// comment answers an idea.
func comment(t *testing.T, client *apptest.Client, idea, body string) {
	t.Helper()
	page := client.Get("/ideas/" + idea)
	if page.StatusCode/100 == 3 {
		page = client.Get(page.Header.Get("Location"))
	}
	once := onceMark.FindStringSubmatch(page.Status(http.StatusOK).Text)
	client.Post("/ideas/"+idea+"/comments", apptest.Form{"body": body, "once": once[1]}).Status(http.StatusSeeOther)
}

// upload stores a picture and returns the id of its file.
func upload(t *testing.T, site *apptest.Site, user *models.User, name string) *models.File {
	t.Helper()
	var raw bytes.Buffer
	if err := png.Encode(&raw, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	file, err := site.Files.Save(t.Context(), site.Actor(user), name, &raw)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// unpack reads an archive: its files by name.
func unpack(t *testing.T, raw string) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(strings.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{}
	for _, entry := range archive.File {
		file, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		contents[entry.Name] = string(text)
	}
	return contents
}

func TestAPersonTakesACopyOfEverythingAboutThem(t *testing.T) {
	site := apptest.Start(t)
	mona, karl := site.Person("Mona Lefèvre", models.RoleEmployee), site.Person("Karl Weber", models.RoleEmployee)
	space := site.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceMember})
	closed := site.Space("secret", models.Restricted, map[*models.User]models.SpaceRole{mona: models.SpaceMember, karl: models.SpaceManager})
	me, other := site.As(mona), site.As(karl)
	picture := upload(t, site, mona, "mon-atelier.png")
	idea := post(t, me, space.Slug, "Un établi de plus", "Avec une image.")
	comment(t, other, idea, "Karl trouve cela superflu.")
	comment(t, me, idea, "Mona répond que non.")
	theirs := post(t, other, space.Slug, "Des crayons neufs", "Corps de Karl.")
	hidden := post(t, other, closed.Slug, "Fermer le site", "Corps secret.")
	for _, id := range []string{theirs, hidden} {
		me.Post("/ideas/"+id+"/supports", apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	}
	site.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.CreateToken(&models.Token{UserID: mona.ID, Name: "Mon script", Scope: models.ScopeRead}, models.TokenDays)
		if err != nil {
			return err
		}
		if err := tx.SaveDraft(mona.ID, "idea/new", models.Fields{"title": "Brouillon de Mona"}); err != nil {
			return err
		}
		return tx.RemoveMember(closed, mona.ID)
	})
	site.Settle()

	me.Get("/account/data").Status(http.StatusOK).See("Prepare my copy").NotSee("Download the ZIP")
	me.Post("/account/data/exports", nil).Status(http.StatusSeeOther)
	me.Get("/account/data").See("is being prepared", `http-equiv="refresh"`)
	me.Post("/account/data/exports", nil).Status(http.StatusSeeOther) // what is asked twice is made once
	site.Settle()
	page := me.Get("/account/data").Status(http.StatusOK).See("Your copy is ready").NotSee(`http-equiv="refresh"`)
	link := copyLink.FindString(page.Text)
	me.Get("/notifications").See("The copy of your data is ready")
	answer := me.Get(link).Status(http.StatusOK)
	if kind := answer.Header.Get("Content-Type"); kind != "application/zip" || !strings.Contains(answer.Header.Get("Content-Disposition"), "attachment") || answer.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the copy comes as %s with %v", kind, answer.Header)
	}
	files := unpack(t, answer.Text)
	var data map[string]any
	if err := json.Unmarshal([]byte(files["data.json"]), &data); err != nil {
		t.Fatalf("data.json: %v\n%s", err, files["data.json"])
	}
	for _, holding := range models.Holdings() {
		if _, there := data[holding.Table]; holding.Own != "" && !there {
			t.Errorf("data.json has no %s", holding.Table)
		}
	}
	if !strings.Contains(files["contributions.json"], `"as": "originated"`) {
		t.Errorf("contributions.json: %s", files["contributions.json"])
	}
	for _, name := range []string{"data.json", "index.html"} {
		for _, want := range []string{"Mona Lefèvre", mona.Email, "Un établi de plus", "Mona répond que non.", "Des crayons neufs", "Mon script", "Brouillon de Mona"} {
			if !strings.Contains(files[name], want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
		for _, wrong := range []string{"Karl Weber", karl.Email, "superflu", "Corps de Karl", "Fermer le site", "Corps secret"} {
			if strings.Contains(files[name], wrong) {
				t.Errorf("%s has %q, which others wrote or Mona may not see", name, wrong)
			}
		}
	}
	if !strings.Contains(files["index.html"], "Your messages") || !strings.Contains(files["index.html"], "An idea that you can no longer read") {
		t.Error("the page does not say what it shows")
	}
	stored, err := os.ReadFile(filepath.Join(site.Config.DataDir, "files", picture.Key))
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for name, text := range files {
		found = found || strings.HasPrefix(name, "pictures/") && text == string(stored)
	}
	if !found {
		t.Error("Mona's picture is not in her copy")
	}
	site.Visitor().Get(link).Status(http.StatusSeeOther)
	other.Get(link).Status(http.StatusNotFound)
	site.As(site.Person("Olga", models.RoleOwner)).Get(link).Status(http.StatusNotFound)
}

func TestACopyIsGoneAfterItsTime(t *testing.T) {
	at := &clock{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	site := apptest.Start(t, at.option)
	me := site.As(site.Person("Mona", models.RoleEmployee))
	me.Post("/account/data/exports", nil).Status(http.StatusSeeOther)
	site.Settle()
	link := copyLink.FindString(me.Get("/account/data").Text)
	at.now = at.now.Add(6 * 24 * time.Hour)
	site.Settle()
	me.Get(link).Status(http.StatusOK)
	at.now = at.now.Add(25 * time.Hour)
	me.Get(link).Status(http.StatusNotFound) // even before it is swept
	if err := site.Jobs.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	site.Settle()
	me.Get("/account/data").See("Prepare my copy").NotSee("Download the ZIP")
	left, err := filepath.Glob(filepath.Join(site.Config.DataDir, "files", "exports", "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left in the store: %v %v", left, err)
	}
	if spooled, err := filepath.Glob(filepath.Join(site.Config.DataDir, "uploads", "*")); err != nil || len(spooled) > 0 {
		t.Errorf("left in the spool: %v %v", spooled, err)
	}
}

func TestNobodyAsksForCopiesAllDay(t *testing.T) {
	at := &clock{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	site := apptest.Start(t, at.option)
	me := site.As(site.Person("Mona", models.RoleEmployee))
	for range 3 {
		me.Post("/account/data/exports", nil).Status(http.StatusSeeOther)
		site.Settle()
	}
	me.Post("/account/data/exports", nil).Status(http.StatusUnprocessableEntity).See("three copies within a day")
	at.now = at.now.Add(25 * time.Hour)
	me.Post("/account/data/exports", nil).Status(http.StatusSeeOther)
}

// TestACopyNamesWhatItShows: whoever adds a column that people are shown names it in both languages.
func TestACopyNamesWhatItShows(t *testing.T) {
	site := apptest.Start(t)
	for _, lang := range i18n.Languages {
		l := i18n.For(lang)
		for _, column := range modelstest.Schema(t, site.Config.DatabaseURL) {
			for _, holding := range models.Holdings() {
				if holding.Table != column.Table || holding.Own == "" {
					continue
				}
				if key := "privacy.table." + holding.Table; !l.Has(key) {
					t.Errorf("%s: %s is missing", lang, key)
				}
				if key := "privacy.column." + column.Name; holding.Shown(column.Name) && !l.Has(key) {
					t.Errorf("%s: %s is missing: how people read %s.%s in the copy of their data", lang, key, holding.Table, column.Name)
				}
			}
		}
	}
}
