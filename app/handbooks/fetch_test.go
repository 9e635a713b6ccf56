package handbooks_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// names are the files of an archive, separated by blanks.
func (h *house) names(packed []byte) string {
	h.t.Helper()
	read, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, entry := range read.File {
		names = append(names, entry.Name)
	}
	return strings.Join(names, " ")
}

func TestAReaderTakesAwayAnArticleACollectionOrAllThatTheyMayRead(t *testing.T) {
	h := open(t)
	lines, secret := h.collection("ateliers", "Lines"), h.collection("closed", "Secret")
	top := h.write(lines, 0, "Purge", "Text.")
	h.write(lines, top, "Where to cut", "Text.")
	h.write(lines, 0, "Other", "Text.")
	hidden := h.write(secret, 0, "Wages", "Text.")
	for _, one := range []struct {
		of   apptest.Form
		want string
	}{
		{apptest.Form{"article": fmt.Sprint(top)}, "purge/index.md purge/where-to-cut.md"},
		{apptest.Form{"article": fmt.Sprint(top), "alone": "1"}, "purge.md"},
		{apptest.Form{"collection": fmt.Sprint(lines)}, "lines/collection.yaml lines/purge/index.md lines/purge/where-to-cut.md lines/other.md"},
		{apptest.Form{}, "ateliers/lines/collection.yaml ateliers/lines/purge/index.md ateliers/lines/purge/where-to-cut.md ateliers/lines/other.md"},
	} {
		if got := h.names(h.fetched(h.alice, one.of)); got != one.want {
			t.Errorf("%v holds %s, want %s", one.of, got, one.want)
		}
	}
	alice := h.As(h.alice)
	alice.Get(fmt.Sprintf("/downloads/new?what=articles&article=%d", top)).Status(http.StatusOK).See("Purge", "With everything under it")
	for _, of := range []string{fmt.Sprintf("article=%d", hidden), fmt.Sprintf("collection=%d", secret), "article=7000", "collection=99999999999999999999", "article=-1"} {
		alice.Get("/downloads/new?what=articles&" + of).Status(http.StatusNotFound)
		name, value, _ := strings.Cut(of, "=")
		alice.Post("/downloads", apptest.Form{"what": "articles", name: value}).Status(http.StatusNotFound)
	}
	alice.Post("/downloads", apptest.Form{"what": "articles", "article": fmt.Sprint(top), "collection": fmt.Sprint(lines)}).Status(http.StatusUnprocessableEntity).See("not both")
	h.Visitor().Get("/downloads/new?what=articles").Status(http.StatusSeeOther)
}

func TestAnArchiveIsGoneWithTheRightToReadWhatIsInIt(t *testing.T) {
	h := open(t)
	closed := &models.Space{ID: h.Actor(h.mona).AccessTo("closed").ID}
	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(closed, h.alice, models.SpaceReader) })
	shelf := h.collection("closed", "Secret")
	wages := h.write(shelf, 0, "Wages", "Text.")
	h.write(shelf, 0, "Rent", "Text.")
	alice := h.As(h.alice)
	get := func(of apptest.Form) string {
		of["what"] = "articles"
		return alice.Post("/downloads", of).Status(http.StatusSeeOther).Header.Get("Location")
	}
	one, all := get(apptest.Form{"article": fmt.Sprint(wages)}), get(apptest.Form{})
	h.Settle()
	alice.Get(one + "/file").Status(http.StatusOK)
	h.As(h.mona).Get(one + "/file").Status(http.StatusNotFound)
	h.As(h.mona).Post(fmt.Sprintf("/articles/%d/withdrawal", wages), nil).Status(http.StatusSeeOther)
	alice.Get(one + "/file").Status(http.StatusNotFound)
	alice.Get(one).Status(http.StatusOK).See("no longer see all").NotSee(one + "/file")
	alice.Get(all + "/file").Status(http.StatusOK)
	late := get(apptest.Form{"collection": fmt.Sprint(shelf)})
	h.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(closed, h.alice.ID) })
	h.Settle()
	alice.Get(all + "/file").Status(http.StatusNotFound)
	alice.Get(late).Status(http.StatusOK).See("could not be written").NotSee("Secret")
}

func TestProgramsTakeArticlesAwayToo(t *testing.T) {
	h := open(t)
	shelf := h.collection("ateliers", "Lines")
	h.write(shelf, 0, "Purge", "Text.")
	hidden := h.collection("closed", "Secret")
	bearer := http.Header{"Authorization": {"Bearer " + h.Token(h.alice, models.ScopeRead)}, "Content-Type": {"application/json"}}
	robot := h.Visitor()
	ask := func(body string) *apptest.Answer {
		return robot.Do(http.MethodPost, "/api/v1/downloads", strings.NewReader(body), bearer)
	}
	var got struct{ ID int64 }
	if err := json.Unmarshal([]byte(ask(fmt.Sprintf(`{"what":"articles","collection":%d}`, shelf)).Status(http.StatusAccepted).Text), &got); err != nil {
		t.Fatal(err)
	}
	h.Settle()
	path := fmt.Sprintf("/api/v1/downloads/%d", got.ID)
	robot.Do(http.MethodGet, path, nil, bearer).Status(http.StatusOK).See(`"ready":true`, `"format":"zip"`, `"rows":1`)
	file := robot.Do(http.MethodGet, path+"/file", nil, bearer).Status(http.StatusOK)
	if got := h.names([]byte(file.Text)); got != "lines/collection.yaml lines/purge.md" || file.Header.Get("Content-Type") != "application/zip" {
		t.Errorf("the archive holds %s and is %s", got, file.Header.Get("Content-Type"))
	}
	ask(fmt.Sprintf(`{"what":"articles","collection":%d}`, hidden)).Status(http.StatusNotFound)
	ask(fmt.Sprintf(`{"what":"articles","collection":%d,"article":1}`, shelf)).Status(http.StatusUnprocessableEntity)
	ask(`{"what":"ideas","format":"zip"}`).Status(http.StatusUnprocessableEntity)
	ask(`{"what":"articles","article":9223372036854775808}`).Status(http.StatusUnprocessableEntity)
}
