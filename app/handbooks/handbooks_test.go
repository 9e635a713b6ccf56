package handbooks_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/app/handbooks"
	"ruche/models"
)

// house has a space that alice and mona see and one that only mona sees.
type house struct {
	*apptest.Site
	t           *testing.T
	alice, mona *models.User
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: apptest.Start(t), t: t}
	h.alice, h.mona = h.Person("Alice", models.RoleEmployee), h.Person("Mona", models.RoleEmployee)
	h.Space("ateliers", models.Company, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager, h.alice: models.SpaceMember})
	h.Space("closed", models.Restricted, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	return h
}

var numbered = regexp.MustCompile(`^/(?:collections|articles)/(\d+)`)

func (h *house) post(address string, form apptest.Form) int64 {
	h.t.Helper()
	found := numbered.FindStringSubmatch(h.As(h.mona).Post(address, form).Status(http.StatusSeeOther).Header.Get("Location"))
	id, _ := strconv.ParseInt(found[1], 10, 64)
	return id
}

func (h *house) collection(space, title string) int64 {
	h.t.Helper()
	return h.post("/collections", apptest.Form{"space": space, "title": title})
}

func (h *house) write(collection, parent int64, title, body string) int64 {
	h.t.Helper()
	form := apptest.Form{"collection": fmt.Sprint(collection), "title": title, "body": body, "tags": "Purge"}
	if parent != 0 {
		form["parent"] = fmt.Sprint(parent)
	}
	return h.post("/articles", form)
}

// export is what an archive holds, by names in their order.
func (h *house) export(as *models.User, of handbooks.Scope) (held []string, content map[string]string) {
	h.t.Helper()
	archive, err := handbooks.New(h.DB, h.Files, h.URL).Gather(h.t.Context(), h.Actor(as), of)
	if err != nil {
		h.t.Fatal(err)
	}
	var packed bytes.Buffer
	if err := archive.Write(h.t.Context(), &packed); err != nil {
		h.t.Fatal(err)
	}
	read, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		h.t.Fatal(err)
	}
	content = map[string]string{}
	for _, entry := range read.File {
		file, err := entry.Open()
		if err != nil {
			h.t.Fatal(err)
		}
		raw, err := io.ReadAll(file)
		if err != nil {
			h.t.Fatal(err)
		}
		held = append(held, entry.Name)
		content[entry.Name] = string(raw)
	}
	return held, content
}

func (h *house) holds(text string, wanted ...string) {
	h.t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			h.t.Errorf("%q is not in %q", want, text)
		}
	}
}

func TestAnArchiveIsTheTreeWithLinksAndPicturesThatWork(t *testing.T) {
	h := open(t)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	file, err := h.Files.Save(t.Context(), h.Actor(h.mona), "../Plan d’été.png", bytes.NewReader(picture.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	shelf := h.collection("ateliers", "Extrusion: lines")
	top := h.write(shelf, 0, "Purge", "Text.")
	below := h.write(shelf, top, "Where to cut", fmt.Sprintf("[Up](/articles/%d-purge#h-steps), [full](%s/articles/%d), ![](/files/%d?w=800), [idea](/ideas/7), [web](https://example.org/articles/1)\n\n```\n[code](/articles/%d)\n```\n`[too](/articles/%d)`\n\n[r]: /articles/%d", top, h.URL, top, file.ID, top, top, top))
	h.write(shelf, top, "WHERE: to cut?", "Same name.")
	h.write(shelf, 0, "Index", fmt.Sprintf("[Cut](/articles/%d)", below))
	h.write(shelf, 0, "con", "---\ntitle: no front matter\n---")
	held, content := h.export(h.alice, handbooks.Scope{Collection: shelf})
	picked := fmt.Sprintf("files/%d-plan-d-ete%s", file.ID, path.Ext(file.Key))
	for _, want := range []string{"extrusion-lines/collection.yaml", picked, "extrusion-lines/purge/index.md", "extrusion-lines/purge/where-to-cut.md", "extrusion-lines/purge/where-to-cut-2.md", "extrusion-lines/index-article.md", "extrusion-lines/con-article.md"} {
		if !slices.Contains(held, want) {
			t.Errorf("%s is not among %q", want, held)
		}
	}
	if len(held) != 7 {
		t.Errorf("it holds %q", held)
	}
	h.holds(content["extrusion-lines/purge/where-to-cut.md"], "---\ntitle: Where to cut\nid: "+fmt.Sprint(below)+"\nposition: 1\n", "tags: [purge]\n", "author: Mona\n",
		"[Up](index.md#steps), [full](index.md), ![](../../"+picked+"), [idea]("+h.URL+"/ideas/7), [web](https://example.org/articles/1)",
		fmt.Sprintf("```\n[code](/articles/%d)\n```\n`[too](/articles/%d)`\n\n[r]: index.md", top, top))
	h.holds(content["extrusion-lines/index-article.md"], "[Cut](purge/where-to-cut.md)", "position: 2\n")
	h.holds(content["extrusion-lines/con-article.md"], "---\n\n---\ntitle: no front matter\n---")
	stored, _, err := h.Files.Open(t.Context(), file.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	if bytesStored, err := io.ReadAll(stored); err != nil || content[picked] != string(bytesStored) {
		t.Errorf("the picture is not that of the house: %v", err)
	}
	if held, _ := h.export(h.alice, handbooks.Scope{Article: top}); !slices.Contains(held, "purge/where-to-cut-2.md") || slices.Contains(held, "index-article.md") {
		t.Errorf("an article with what is under it: %q", held)
	}
}

func TestAnArchiveDoesNotTellOfWhatItsReaderMayNotSee(t *testing.T) {
	h := open(t)
	shelf, hidden := h.collection("ateliers", "Open"), h.collection("closed", "Secrets")
	secret := h.write(hidden, 0, "The hushed plan", "Hush.")
	h.write(shelf, 0, "Told", fmt.Sprintf("[See](/articles/%d-the-hushed-plan) and ![](/files/987654321)", secret))
	gone := h.write(shelf, 0, "Withdrawn page", "Gone.")
	h.As(h.mona).Post(fmt.Sprintf("/articles/%d/withdrawal", gone), nil).Status(303)
	held, content := h.export(h.alice, handbooks.Scope{})
	if want := []string{"ateliers/open/collection.yaml", "ateliers/open/told.md"}; !slices.Equal(held, want) {
		t.Errorf("alice takes %q, not %q", held, want)
	}
	h.holds(content["ateliers/open/told.md"], fmt.Sprintf("[See](%s/articles/%d) and ![](%s/files/987654321)", h.URL, secret, h.URL))
	if strings.Contains(content["ateliers/open/told.md"], "hushed") {
		t.Error("it names an article that alice may not see")
	}
	if held, _ := h.export(h.mona, handbooks.Scope{}); !slices.Contains(held, "closed/secrets/the-hushed-plan.md") {
		t.Errorf("mona takes %q", held)
	}
	for _, of := range []handbooks.Scope{{Collection: hidden}, {Article: secret}, {Article: gone}, {Article: 987654321}} {
		if _, err := handbooks.New(h.DB, h.Files, h.URL).Gather(t.Context(), h.Actor(h.alice), of); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%+v: %v", of, err)
		}
	}
}
