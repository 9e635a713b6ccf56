package app_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruche/models"
)

// picture is the form of an upload.
func picture(t *testing.T) (body io.Reader, contentType string) {
	t.Helper()
	buffer := &bytes.Buffer{}
	form := multipart.NewWriter(buffer)
	part, err := form.CreateFormFile("file", "dot.png")
	if err == nil {
		err = png.Encode(part, image.NewRGBA(image.Rect(0, 0, 4, 4)))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return buffer, form.FormDataContentType()
}

// bannerOf is the form of the banner of a campaign.
func bannerOf(t *testing.T) (body io.Reader, contentType string) {
	t.Helper()
	buffer := &bytes.Buffer{}
	form := multipart.NewWriter(buffer)
	err := form.WriteField("kind", "decorative")
	part, broken := form.CreateFormFile("file", "banner.png")
	if broken == nil {
		broken = png.Encode(part, image.NewGray(image.Rect(0, 0, 800, 300)))
	}
	if err = errors.Join(err, broken, form.Close()); err != nil {
		t.Fatal(err)
	}
	return buffer, form.FormDataContentType()
}

// list is the form of a list of people.
func list(t *testing.T) (io.Reader, string) {
	t.Helper()
	buffer := &bytes.Buffer{}
	form := multipart.NewWriter(buffer)
	part, err := form.CreateFormFile("file", "people.csv")
	if err == nil {
		_, err = part.Write([]byte("email,name\nsomeone@example.test,Someone\n"))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	return buffer, form.FormDataContentType()
}

// ideasFor is the form of a file with ideas for a space.
func ideasFor(slug string) func(*testing.T) (io.Reader, string) {
	return func(t *testing.T) (io.Reader, string) {
		t.Helper()
		buffer := &bytes.Buffer{}
		form := multipart.NewWriter(buffer)
		err := errors.Join(form.WriteField("place", "space:"+slug), form.WriteField("space", slug), form.WriteField("what", "ideas"))
		part, broken := form.CreateFormFile("file", "ideas.csv")
		if broken == nil {
			_, broken = part.Write([]byte("title\nAn idea\n"))
		}
		if err = errors.Join(err, broken, form.Close()); err != nil {
			t.Fatal(err)
		}
		return buffer, form.FormDataContentType()
	}
}

// folder is a ZIP with an article.
func folder(t *testing.T) (io.Reader, string) {
	buffer, packed := &bytes.Buffer{}, &bytes.Buffer{}
	archive := zip.NewWriter(packed)
	entry, err := archive.Create("an-article.md")
	if err == nil {
		_, err = entry.Write([]byte("With a text."))
	}
	form := multipart.NewWriter(buffer)
	part, broken := form.CreateFormFile("file", "folder.zip")
	if err = errors.Join(err, broken, archive.Close()); err == nil {
		_, err = part.Write(packed.Bytes())
	}
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	return buffer, form.FormDataContentType()
}

// sheet is a file with ideas that somebody else has sent.
func (w *world) sheet() string {
	run := &models.IdeaImport{What: models.DownloadIdeas, Name: "ideas.csv", Key: "imports/nothing.gz", Reading: "{}", Mapping: "{}", RowCount: 1}
	w.serial++
	boss := w.site.Person(fmt.Sprintf("Boss %d", w.serial), models.RoleManager)
	run.SpaceID = w.site.Actor(boss).Spaces[0].ID
	w.site.Tx(w.site.Actor(boss), func(tx *models.Tx) error { return tx.CreateIdeaImport(run) })
	return strconv.FormatInt(run.ID, 10)
}

// download is a table that somebody else has asked for.
func (w *world) download() string {
	download := &models.Download{Key: "downloads/nothing.csv", What: models.DownloadIdeas, Format: "csv", Separator: ","}
	w.serial++
	w.site.Tx(w.site.Actor(w.site.Person(fmt.Sprintf("Reader %d", w.serial), models.RoleEmployee)), func(tx *models.Tx) error {
		if err := tx.CreateDownload(download, models.Sieve{}); err != nil {
			return err
		}
		return tx.FinishDownload(download)
	})
	return strconv.FormatInt(download.ID, 10)
}

// linked has the idea of a space show a page outside that has a picture, and returns the number of the link.
func (w *world) linked(visibility models.Visibility, here place) (id string) {
	w.t.Helper()
	w.site.Web.LinkPreviews = true
	idea, err := strconv.ParseInt(here.idea, 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	var link models.Link
	w.site.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.ShowLinks([]models.LinkedText{{IdeaID: idea, Links: []models.TextLink{{URL: "https://outside.example/" + string(visibility)}}}})
		if err != nil {
			return err
		}
		links, err := tx.ClaimLinks(100, time.Hour)
		for i := range links {
			links[i].DueAt = tx.Now()
			if strings.HasSuffix(links[i].URL, "/"+string(visibility)) {
				link = links[i]
				now := tx.Now()
				link.State, link.FetchedAt, link.PictureType = models.LinkReady, &now, "image/png"
				links[i] = link
			}
			err = errors.Join(err, tx.KeepLink(&links[i]))
		}
		return err
	})
	var content bytes.Buffer
	if err := png.Encode(&content, image.NewGray(image.Rect(0, 0, 60, 60))); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.site.Files.KeepThumbnail(w.t.Context(), link.PictureKey(), content.Bytes()); err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(link.ID, 10)
}
