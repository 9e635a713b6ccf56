package handbooks_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/app/handbooks"
	"ruche/app/imports"
	"ruche/models"
)

// numbersIn are what an archive says that is each house's own: the numbers of its articles and files, and the addresses made of them.
var numbersIn = regexp.MustCompile(`(?m)^(id|address): .*$|files/\d+`)

// same is an archive without the numbers of the house.
func same(content map[string]string) map[string]string {
	out := map[string]string{}
	for name, text := range content {
		out[numbersIn.ReplaceAllString(name, "files/0")] = numbersIn.ReplaceAllString(text, "$1")
	}
	return out
}

// archive is that of a collection, as the house writes it.
func (h *house) archive(of int64) []byte {
	h.t.Helper()
	archive, err := handbooks.New(h.DB, h.Files, h.URL).Gather(h.t.Context(), h.Actor(h.mona), handbooks.Scope{Collection: of})
	if err != nil {
		h.t.Fatal(err)
	}
	var packed bytes.Buffer
	if err := archive.Write(h.t.Context(), &packed); err != nil {
		h.t.Fatal(err)
	}
	return packed.Bytes()
}

// fetched is what a person is given who asks for an export on the pages.
func (h *house) fetched(as *models.User, of apptest.Form) []byte {
	h.t.Helper()
	of["what"] = "articles"
	address := h.As(as).Post("/downloads", of).Status(http.StatusSeeOther).Header.Get("Location")
	h.Settle()
	h.As(as).Get(address).Status(http.StatusOK).See(address + "/file")
	return []byte(h.As(as).Get(address + "/file").Status(http.StatusOK).Text)
}

// again takes an archive of a collection into an empty one of the same name, and compares what that gives.
func (h *house) again(from int64, packed []byte) (took time.Duration, articles int) {
	h.t.Helper()
	place := filepath.Join(h.t.TempDir(), "archive.zip")
	if err := os.WriteFile(place, packed, 0o600); err != nil {
		h.t.Fatal(err)
	}
	was, err := h.DB.Collection(h.t.Context(), h.Actor(h.mona), from)
	if err != nil {
		h.t.Fatal(err)
	}
	to := &models.Collection{SpaceID: was.SpaceID, Title: was.Title, Description: was.Description}
	h.Tx(h.Actor(h.mona), func(tx *models.Tx) error { return tx.CreateCollection(to) })
	began := time.Now()
	report, run, err := handbooks.New(h.DB, h.Files, h.URL).ImportFolder(h.t.Context(), h.Actor(h.mona), handbooks.Into{Collection: to.ID}, handbooks.Folder{Place: place}, false, func(int, int) {})
	if err != nil || report.Count > 0 {
		h.t.Fatalf("%v, %+v", err, report)
	}
	h.Settle()
	took = time.Since(began)
	_, first := h.export(h.mona, handbooks.Scope{Collection: from})
	_, second := h.export(h.mona, handbooks.Scope{Collection: to.ID})
	one, two := same(first), same(second)
	delete(one, "files/0")
	shelf := ""
	for name := range one {
		if strings.HasSuffix(name, "/collection.yaml") {
			shelf = name
		}
	}
	delete(one, shelf) // which says its place among the others of its space
	delete(two, shelf)
	for _, name := range slices.Sorted(maps.Keys(one)) {
		if one[name] != two[name] {
			at := 0
			for at < min(len(one[name]), len(two[name])) && one[name][at] == two[name][at] {
				at++
			}
			h.t.Errorf("%s was …%.300q and is …%.300q", name, one[name][max(at-80, 0):], two[name][min(max(at-80, 0), len(two[name])):])
		}
	}
	if len(one) != len(two) {
		h.t.Errorf("there were %d files and are %d", len(one), len(two))
	}
	return took, run.Made
}

func TestAnArchiveComesBackAsItWas(t *testing.T) {
	h := open(t)
	file, err := h.Files.Save(t.Context(), h.Actor(h.mona), "Plan.png", strings.NewReader(pixels(t)))
	if err != nil {
		t.Fatal(err)
	}
	shelf := h.collection("ateliers", "Extrusion: lines")
	top := h.write(shelf, 0, "Purge", "\n\n  Text with blanks at its ends  \n\n")
	h.Tx(h.Actor(h.mona), func(tx *models.Tx) error {
		article, err := tx.LockArticle(top)
		if err == nil {
			_, err = tx.SourceArticle(article, "ISO 9001: §7.5", "https://www.iso.org/a?b=1")
		}
		return err
	})
	below := h.write(shelf, top, "Between", "")
	h.write(shelf, top, "Where: \"to\" cut?", fmt.Sprintf("# Heading\n\n[Up](/articles/%d-purge#h-steps), [full](%s/articles/%d), ![](/files/%d?w=800), [idea](/ideas/7), [web](https://example.org/articles/1), [gone](gone.md), [same](#h-heading)\n\n```\n[code](/articles/%d)\n```", top, h.URL, top, file.ID, top))
	h.write(shelf, 0, "Index", fmt.Sprintf("---\ntitle: no front matter\n---\n[Cut](/articles/%d)", below))
	h.write(shelf, 0, "Empty", "")
	deep := top
	for n := range models.MostLevels - 1 {
		deep = h.write(shelf, deep, fmt.Sprint("Level ", n), "Deep.")
	}
	for n := range 12 { // more than their names would put into order
		h.write(shelf, 0, fmt.Sprint("Sibling ", n), strings.Repeat("Word ", n))
	}
	h.again(shelf, h.fetched(h.mona, apptest.Form{"collection": fmt.Sprint(shelf)}))
}

// The real handbooks are not in the repository; the test runs on them where they lie beside it.
func TestTheRealHandbooksComeBackAsTheyWere(t *testing.T) {
	data := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(filepath.Join(data, "articles.jsonl.gz")); errors.Is(err, fs.ErrNotExist) {
		t.Log("../shared/data is not here: only the generated articles were tried")
		return
	}
	alone := t.TempDir() // nothing else of the data matters here
	if err := os.WriteFile(filepath.Join(alone, "ideas.jsonl"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"spaces.jsonl", "articles.jsonl.gz"} {
		content, err := os.ReadFile(filepath.Join(data, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(alone, name), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	h := open(t)
	if _, err := imports.Import(t.Context(), h.DB, alone, imports.Options{}); err != nil {
		t.Fatal(err)
	}
	h.Settle() // what came with them is not what is measured
	collections, _, err := h.DB.Collections(t.Context(), h.Actor(h.Person("Reader", models.RoleManager)), 0, nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	var took time.Duration
	articles := 0
	for _, one := range collections {
		if one.ImportRef == nil {
			continue
		}
		h.Tx(nil, func(tx *models.Tx) error {
			return tx.SetMember(&models.Space{ID: one.SpaceID}, h.mona, models.SpaceManager)
		})
		time, n := h.again(one.ID, h.archive(one.ID))
		took, articles = took+time, articles+n
	}
	t.Logf("%d articles came back, indexing included, at %.0f/s", articles, float64(articles)/took.Seconds())
}
