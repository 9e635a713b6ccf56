package handbooks_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/app/handbooks"
	"ruche/models"
)

// packed is an archive of files by their paths.
func packed(t *testing.T, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		header := &zip.FileHeader{Name: files[i], Method: zip.Deflate}
		if strings.HasPrefix(files[i+1], "->") {
			header.SetMode(fs.ModeSymlink | 0o777)
		}
		entry, err := archive.CreateHeader(header)
		if err == nil {
			_, err = entry.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// send sends an archive as a browser does.
func (h *house) send(as *models.User, collection int64, content []byte) *apptest.Answer {
	h.t.Helper()
	return h.sendAs(as, collection, "handbook.zip", "", content)
}

// sendAs sends a file of a name, as one of a format.
func (h *house) sendAs(as *models.User, collection int64, name, format string, content []byte) *apptest.Answer {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = errors.Join(form.WriteField("format", format), form.Close())
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return h.As(as).Do(http.MethodPost, fmt.Sprintf("/collections/%d/imports", collection), &body, http.Header{"Content-Type": {form.FormDataContentType()}})
}

// read sends an archive and has it read; it returns the address of the run and its page.
func (h *house) read(collection int64, content []byte) (address string, page *apptest.Answer) {
	h.t.Helper()
	address = h.send(h.mona, collection, content).Status(http.StatusSeeOther).Header.Get("Location")
	h.Settle()
	return address, h.As(h.mona).Get(address).Status(http.StatusOK)
}

// taken has an archive taken in.
func (h *house) taken(collection int64, content []byte) (address string, page *apptest.Answer) {
	h.t.Helper()
	address, page = h.read(collection, content)
	page.See("Import everything")
	h.As(h.mona).Post(address+"/run", nil).Status(http.StatusSeeOther)
	h.Settle()
	return address, h.As(h.mona).Get(address).Status(http.StatusOK)
}

// articles are those of a collection by their titles.
func (h *house) articles(collection int64) map[string]*models.Article {
	h.t.Helper()
	found := map[string]*models.Article{}
	var walk func(parent int64)
	walk = func(parent int64) {
		nodes, err := h.DB.ArticlesUnder(h.t.Context(), collection, parent, nil, 1000)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, node := range nodes {
			article, err := h.DB.Article(h.t.Context(), h.Actor(h.mona), node.ID)
			if err != nil {
				h.t.Fatal(err)
			}
			found[article.Title] = article
			walk(node.ID)
		}
	}
	walk(0)
	return found
}

func pixels(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func (h *house) folder() []byte {
	return packed(h.t, "docs/index.md", "---\ntitle: Brewing\ntags: [Hops, malt]\ndate: 2024-03-02\nauthor: Zoé\nweight: 2\n---\n# Steps\n\n[Cool](guides/cooling.md#in-the-cold), [gone](gone.md), [up](#steps), ![A vat](img/vat%201.png), [folder](guides/)",
		"docs/guides/cooling.md", "# Cooling *down*\r\n\r\n[Back](../index.md) ![](../img/vat%201.png)\r\n\r\n```\r\n[code](gone.md)\r\n```\r\n",
		"docs/about.md", "\xef\xbb\xbf---\norder: 1\n---\nText.", "docs/img/vat 1.png", pixels(h.t), "docs/unused.txt", "x", "__MACOSX/docs/._about.md", "x", "docs/draft.md", "---\ndraft: true\n---\nNot yet.",
		"docs/latin.md", "---\ntitle: Caf\xe9\n---\nCr\xe8me")
}

func TestAFolderOfMarkdownBecomesACollection(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	before := h.write(shelf, 0, "There before", "Text.")
	address, page := h.read(shelf, h.folder())
	page.See("5 articles will come in", "1 picture or file", "3 links between articles", "gone.md", "draft and is left out", "Windows-1252", "do not come along (1)", "1 named author", "1 folder without a text").NotSee("There before")
	h.As(h.mona).Get(fmt.Sprintf("/collections/%d", shelf)).NotSee("Brewing")
	h.As(h.mona).Post(address+"/run", nil).Status(http.StatusSeeOther)
	h.As(h.mona).Post(address+"/run", nil).Status(http.StatusSeeOther) // twice is once
	h.Settle()
	h.As(h.mona).Get(address).See("5 articles", "Undo the import").NotSee("Import everything")
	all := h.articles(shelf)
	brewing, cooling, about, folder := all["Brewing"], all["Cooling down"], all["About"], all["Guides"]
	if len(all) != 6 || brewing == nil || cooling == nil || about == nil || folder == nil || all["Café"] == nil {
		t.Fatalf("it has %v", all)
	}
	// a folder that holds everything and has a page of its own is an article
	if *cooling.ParentID != folder.ID || *folder.ParentID != brewing.ID || *about.ParentID != brewing.ID || brewing.ParentID != nil || brewing.Position <= all["There before"].Position {
		t.Errorf("the tree: %+v %+v", cooling.ParentID, folder.ParentID)
	}
	if got := brewing.CreatedAt.Format("2006-01-02"); got != "2024-03-02" || strings.Join(brewing.Tags, " ") != "hops malt" || brewing.OwnerID != nil {
		t.Errorf("of %s with %v, owned by %v", got, brewing.Tags, brewing.OwnerID)
	}
	h.holds(brewing.Body, "# Steps", "[Cool]("+cooling.Path()+"#h-in-the-cold)", "[gone](gone.md)", "[up](#h-steps)", "![A vat](/files/", "[folder]("+folder.Path()+")")
	h.holds(cooling.Body, "[Back]("+brewing.Path()+")", "[code](gone.md)")
	h.As(h.alice).Get(brewing.Path()).See("Zoé", `href="`+cooling.Path()+`#h-in-the-cold"`, "<img")
	if before == 0 || h.As(h.alice).Get("/search?q=Brewing").Status(200).Text == "" {
		t.Error("nothing is found")
	}
	id := brewing.Body[strings.Index(brewing.Body, "/files/"):]
	h.As(h.alice).Get(id[:strings.IndexByte(id, ')')]).Status(http.StatusOK)
}

func TestAnImportIsUndoneAsFarAsNobodyHasChangedIt(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	address, _ := h.taken(shelf, packed(t, "a/index.md", "# A", "a/b/index.md", "# B", "a/b/c.md", "# C", "a/b/d.md", "# D", "e/index.md", "# E", "e/f.md", "# F"))
	all := h.articles(shelf)
	h.As(h.alice).Post(fmt.Sprintf("/articles/%d", all["C"].ID), apptest.Form{"title": "C", "body": "Mine.", "base": "1"}).Status(http.StatusSeeOther)
	page := h.As(h.mona).Get(address).See("Undo 3 articles", "3 articles were changed since")
	page.NotSee("trash can bring them back.</p>")
	h.As(h.mona).Post(address+"/undo", nil).Status(http.StatusSeeOther)
	h.Settle()
	h.As(h.mona).Get(address).See("Taken out of sight: 3 articles", ">C</a>").NotSee("Undo the import")
	if left := h.articles(shelf); len(left) != 3 || left["A"] == nil || left["B"] == nil || left["C"] == nil {
		t.Errorf("it has %v", left)
	}
	collection, err := h.DB.Collection(t.Context(), h.Actor(h.mona), shelf)
	if err != nil || collection.ArticleCount != 3 {
		t.Errorf("it counts %d articles, %v", collection.ArticleCount, err)
	}
	h.As(h.mona).Post(fmt.Sprintf("/articles/%d/restoration", all["E"].ID), nil).Status(http.StatusSeeOther)
	if left := h.articles(shelf); len(left) != 5 || left["F"] == nil {
		t.Errorf("with what the trash gave back it has %v", left)
	}
}

// TestAnImportTellsNothingOfWhatHasGoneElsewhere moves an article to where whoever brought it in may not see it.
func TestAnImportTellsNothingOfWhatHasGoneElsewhere(t *testing.T) {
	h := open(t)
	shelf, other := h.collection("ateliers", "Beer"), h.collection("ateliers", "Cellar")
	address, _ := h.taken(shelf, packed(t, "a.md", "# Plain", "b.md", "# Other"))
	plain := h.articles(shelf)["Plain"]
	h.As(h.mona).Post(fmt.Sprintf("/articles/%d/place", plain.ID), apptest.Form{"collection": strconv.FormatInt(other, 10)}).Status(http.StatusSeeOther)
	h.As(h.alice).Post(fmt.Sprintf("/articles/%d", plain.ID), apptest.Form{"title": "Close the brewery", "body": "x", "base": "1"}).Status(http.StatusSeeOther)
	h.As(h.mona).Get(address).See("stands in another collection now").NotSee("Close the brewery")
	h.As(h.mona).Post(address+"/undo", nil).Status(http.StatusSeeOther)
	h.Settle()
	h.As(h.mona).Get(address).See("stands in another collection now").NotSee("Close the brewery")
}

// TestNamesAndTitlesOfAFolderAreCalm takes in what would turn a page around, and what a database refuses.
func TestNamesAndTitlesOfAFolderAreCalm(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	h.taken(shelf, packed(t, "a.md", "---\ntitle: Plain\nauthor: \"a\\0b\\u202Ec\"\n---\nx", "b.md", "---\ntitle: \"\\u202E"+strings.Repeat("long ", 60)+"\"\n---\nx", "c.md", "---\ntitle: \"a"+strings.Repeat(" ", 3000)+"b\"\n---\nx"))
	all := h.articles(shelf)
	if len(all) != 3 || all["Plain"] == nil {
		t.Fatalf("it has %v", all)
	}
	for title := range all {
		if strings.ContainsRune(title, 0x202E) {
			t.Errorf("a title is %q", title)
		}
	}
	h.As(h.alice).Get(all["Plain"].Path()).See("abc")
}

func TestBadFoldersAreNamedAndNothingComesIn(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	deep := strings.Repeat("d/", 200) + "page.md"
	for want, files := range map[string][]string{
		"leads out of the folder":   {"../../etc/passwd.md", "x", "a.md", "x"},
		`..\b.md`:                   {`..\b.md`, "x", "a.md", "x"},
		"/etc/c.md":                 {"/etc/c.md", "x", "a.md", "x"},
		`C:\d.md`:                   {`C:\d.md`, "x", "a.md", "x"},
		"a link to another place":   {"a.md", "->/etc/passwd", "b.md", "x"},
		"two files with this path":  {"a.md", "x", "a.md", "y"},
		"no YAML that can be read":  {"a.md", "---\ntitle: [broken\n---\nx"},
		"encoding that is not read": {"a.md", "\x00\x01\x02"},
		"too long":                  {"a.md", strings.Repeat("word ", 1_000_000)},
		"on the last of them":       {"a.md", "x", deep, "x"},
	} {
		_, page := h.read(shelf, packed(t, files...))
		page.See(want)
		if want != "on the last of them" {
			page.NotSee("Import everything")
		}
	}
	_, page := h.taken(shelf, packed(t, "a.md", "x", deep, "x"))
	page.See("13 articles")
	for want, content := range map[string][]byte{
		"This is no ZIP": []byte("nothing"), "There is no page in this folder": packed(t, "a.txt", "x"), "Choose a file": nil,
	} {
		answer := h.send(h.mona, shelf, content)
		if answer.StatusCode == http.StatusSeeOther {
			h.Settle()
			answer = h.As(h.mona).Get(answer.Header.Get("Location"))
		}
		answer.See(want)
	}
}

func TestBombsAreNotUnpacked(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	many := make([]string, 0, 41_000)
	for i := range 20_500 {
		many = append(many, "a/"+strconv.Itoa(i)+".md", "")
	}
	h.send(h.mona, shelf, packed(t, many...)).Status(http.StatusUnprocessableEntity).See("more than 20,000 files")
	short := packed(t, "a.md", "x", "b.md", "y") // its list is longer than it says
	end := bytes.LastIndex(short, []byte("PK\x05\x06"))
	short[end+16]++
	h.send(h.mona, shelf, short).Status(http.StatusUnprocessableEntity)
	var bomb bytes.Buffer // says that it is small
	archive := zip.NewWriter(&bomb)
	entry, err := archive.CreateRaw(&zip.FileHeader{Name: "a.md", Method: zip.Deflate, UncompressedSize64: 2 << 30, CompressedSize64: 2})
	if err == nil {
		_, err = entry.Write([]byte{3, 0})
	}
	if err == nil {
		err = archive.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	h.send(h.mona, shelf, bomb.Bytes()).Status(http.StatusUnprocessableEntity).See("more than a gigabyte")
	lying := packed(t, "a.md", strings.Repeat("a", 50<<20))
	for _, sign := range []string{"PK\x01\x02", "PK\x07\x08"} { // 10 bytes, it says
		at, size := bytes.LastIndex(lying, []byte(sign)), map[string]int{"PK\x01\x02": 24, "PK\x07\x08": 12}[sign]
		copy(lying[at+size:], []byte{10, 0, 0, 0})
	}
	_, page := h.read(shelf, lying)
	page.See("a.md").NotSee("Import everything")
}

func TestADamagedPictureIsNamedAndTheRestComesIn(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Beer")
	archive := packed(t, "a.md", "# Plain\n\n![](v.png)", "v.png", pixels(t))
	at := bytes.LastIndex(archive, []byte("PK\x07\x08")) // behind the picture: its checksum
	archive[at+4] ^= 0xff
	list := bytes.LastIndex(archive, []byte("PK\x01\x02"))
	archive[list+16] ^= 0xff
	_, page := h.taken(shelf, archive)
	page.See("v.png")
	if h.articles(shelf)["Plain"] == nil {
		t.Error("the article is not there")
	}
}

func TestOnlyWhoArrangesTheCollectionImports(t *testing.T) {
	h := open(t)
	shelf, hidden := h.collection("ateliers", "Beer"), h.collection("closed", "Secrets")
	content := packed(t, "a.md", "x")
	h.send(h.alice, shelf, content).Status(http.StatusForbidden)
	h.send(h.alice, hidden, content).Status(http.StatusNotFound)
	address, _ := h.read(shelf, content)
	alice := h.As(h.alice)
	alice.Get(address).Status(http.StatusNotFound)
	alice.Get(fmt.Sprintf("/collections/%d/imports", shelf)).Status(http.StatusForbidden)
	for _, act := range []string{"/run", "/undo", "/removal"} {
		alice.Post(address+act, nil).Status(http.StatusNotFound)
	}
	h.As(h.mona).Get(strings.Replace(address, fmt.Sprint("/", shelf, "/"), fmt.Sprint("/", hidden, "/"), 1)).Status(http.StatusNotFound)
	// who no longer arranges it takes nothing in any more, whatever they have asked for
	h.As(h.mona).Post(address+"/run", nil).Status(http.StatusSeeOther)
	space := &models.Space{ID: h.Actor(h.mona).AccessTo("ateliers").ID}
	h.Tx(nil, func(tx *models.Tx) error {
		if err := tx.SetMember(space, h.alice, models.SpaceManager); err != nil {
			return err
		}
		return tx.SetMember(space, h.mona, models.SpaceMember)
	})
	h.Settle()
	if got := h.articles(shelf); len(got) != 0 {
		t.Errorf("it has %v", got)
	}
	h.As(h.mona).Get(address).Status(http.StatusForbidden)
}

func TestAFolderOnDiskComesInFromTheCommandLine(t *testing.T) {
	h := open(t)
	dir := filepath.Join(t.TempDir(), "our-handbook")
	outside := filepath.Join(t.TempDir(), "secret.md")
	for name, content := range map[string]string{outside: "Secret.", filepath.Join(dir, "a.md"): "# A\n\n[B](sub/b.md)", filepath.Join(dir, "sub", "b.md"): "# B"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	books := handbooks.New(h.DB, h.Files, h.URL)
	into := handbooks.Into{Space: h.Actor(h.mona).AccessTo("ateliers").ID, Title: "our-handbook"}
	take := func(as *models.User, dry bool) (*handbooks.Report, *models.ArticleImport, error) {
		return books.ImportFolder(t.Context(), h.Actor(as), into, handbooks.Folder{Place: dir}, dry, func(int, int) {})
	}
	if _, _, err := take(h.alice, false); err == nil {
		t.Error("alice took it in")
	}
	if report, run, err := take(h.mona, true); err != nil || report.Articles != 3 || run.ID != 0 {
		t.Fatalf("dry: %+v, %v", report, err)
	}
	_, run, err := take(h.mona, false)
	if err != nil || run.Made != 3 {
		t.Fatalf("%+v, %v", run, err)
	}
	if all := h.articles(run.CollectionID); len(all) != 3 || !strings.Contains(all["A"].Body, all["B"].Path()) {
		t.Errorf("it has %v", all)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "sub", "c.md")); err != nil {
		t.Fatal(err)
	}
	if report, _, err := take(h.mona, false); err != nil || report.Count != 1 || report.Problems[0].Key != "symlink" {
		t.Errorf("with a link out of the folder: %+v, %v", report, err)
	}
}

func b64(content string) string { return base64.StdEncoding.EncodeToString([]byte(content)) }
