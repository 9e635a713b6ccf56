package knowledge_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// blocks are what programs are told of who wrote what.
type blocks struct {
	Version  int
	LookedTo int `json:"looked_to"`
	Next     *int
	Items    []struct {
		Kind, Text string
		Version    *int
		Editor     *struct{ Name string }
	}
}

func (p *program) blame(at string) (told blocks, words string) {
	p.h.t.Helper()
	if err := json.Unmarshal([]byte(p.call("GET", at+"/blame", "").Status(http.StatusOK).Text), &told); err != nil {
		p.h.t.Fatal(err)
	}
	for _, item := range told.Items {
		if item.Version == nil {
			words += item.Text + "?; "
			continue
		}
		words += fmt.Sprintf("%s %s%d; ", item.Text, item.Editor.Name, *item.Version)
	}
	return told, words
}

func TestEachParagraphHasWhoChangedItLast(t *testing.T) {
	h := open(t)
	at := h.written("# Purge\n\nOne.\n\nTwo.", "# Purge\n\nOne.\n\nTwo, better.", "# Purge\n\nTwo, better.\n\nOne.")
	h.As(h.bob).Post(at, apptest.Form{"title": "Purge", "body": "# Purge\n\nTwo, better.\n\nOne.\n\n- Bob's <b>item</b>", "base": "3", "note": "An item."}).Status(303)
	alice := h.program(h.alice, models.ScopeRead)
	want := "# Purge Alice1; Two, better. Alice2; One. Alice1; - Bob's <b>item</b> Bob4; "
	for range 2 { // the second time from what is kept
		if _, got := alice.blame(at); got != want {
			t.Errorf("blame is %s", got)
		}
	}
	h.As(h.bob).Get(at+"/blame").See("Two, better.", at+"/versions/2", at+"/versions/4", "An item.", "Bob&#39;s &lt;b&gt;item").NotSee("Look further back")
	h.As(h.bob).Post(at, apptest.Form{"title": "Purge", "body": "# Purge\n\nTwo, better.\n\nOne, now.", "base": "4"}).Status(303)
	if _, got := alice.blame(at); got != "# Purge Alice1; Two, better. Alice2; One, now. Bob5; " {
		t.Errorf("after another version blame is %s", got)
	}
	if told, _ := alice.blame(at); told.Version != 5 || told.LookedTo != 1 {
		t.Errorf("looked from %d to %d", told.Version, told.LookedTo)
	}
	h.As(h.karen).Get(at + "/blame").Status(404)
	h.program(h.karen, models.ScopeRead).call("GET", at+"/blame", "").Status(404)
	h.As(h.bob).Get(at + "/blame?from=99999999999999999999").Status(404)
	h.As(h.bob).Get(at + "/blame?from=-1").Status(404)
	h.As(h.bob).Get(at + "/blame?from=900").Status(200)
	alice.call("GET", at+"/blame?from=2&limit=1", "").Status(200).See("One, now.").NotSee("Two, better.")
	empty := "/articles/" + h.write(h.alice, h.shelf, "", "Holds others", "")
	h.As(h.bob).Get(empty + "/blame").See("has no text")
}

// TestBlameOfManyVersionsIsBounded reads who wrote what in an article of 2,000 versions, of which each reading looks at a part.
func TestBlameOfManyVersionsIsBounded(t *testing.T) {
	h := open(t)
	at := h.written("First.\n\nBegun.")
	id, _ := strconv.ParseInt(strings.TrimPrefix(at, "/articles/"), 10, 64)
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error {
		article, err := tx.LockArticle(id)
		for n := 2; err == nil && n <= 2000; n++ {
			article.Body = "First.\n\nChange " + strconv.Itoa(n-n%100) + "."
			err = tx.EditArticle(article, n-1, h.bob.ID, "")
		}
		return err
	})
	alice := h.program(h.alice, models.ScopeRead)
	told, words := alice.blame(at)
	if told.LookedTo != 1750 || words != "First.?; Change 2000. Bob2000; " {
		t.Errorf("the first reading looked to %d: %s", told.LookedTo, words)
	}
	h.As(h.alice).Get(at+"/blame").See("Look further back", "Before version 1,500")
	for range 6 {
		told, words = alice.blame(at)
	}
	if told.LookedTo != 1 || words != "First. Alice1; Change 2000. Bob2000; " {
		t.Errorf("in the end it looked to %d: %s", told.LookedTo, words)
	}
}
