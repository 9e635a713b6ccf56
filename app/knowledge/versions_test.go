package knowledge_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// written is the address of an article with as many versions as it has texts.
func (h *house) written(texts ...string) string {
	h.t.Helper()
	at := "/articles/" + h.write(h.alice, h.shelf, "", "Purge", texts[0])
	for n, body := range texts[1:] {
		h.As(h.alice).Post(at, apptest.Form{"title": "Purge", "body": body, "base": fmt.Sprint(n + 1)}).Status(http.StatusSeeOther)
	}
	return at
}

func TestAVersionIsFoundAgainByItsName(t *testing.T) {
	h := open(t)
	at := h.written("One.", "Two.", "Three.")
	alice, bob, mona := h.As(h.alice), h.As(h.bob), h.As(h.mona)
	bob.Post(at+"/versions/1/name", apptest.Form{"name": "  As audited\n in May ", "note": "By the <b>insurer</b>."}).Status(303)
	alice.Get(at+"/versions").See("As audited in May", "By the &lt;b&gt;insurer&lt;/b&gt;.", "Version 3")
	alice.Get(at+"/versions?named=1").See("Version 1", "As audited in May").NotSee("/versions/2\"")
	alice.Get(at + "/versions/3?since=1").See("Compared with version 1, “As audited in May”")
	for query, leads := range map[string]string{"from=as+AUDITED+in+may&to=3": "/versions/3?since=1", "from=3&to=1": "/versions/3?since=1", "from=2&to=": "/versions/3?since=2"} {
		if to := alice.Get(at + "/versions?" + query).Status(303).Header.Get("Location"); to != at+leads {
			t.Errorf("%s leads to %s", query, to)
		}
	}
	alice.Get(at+"/versions?from=june&to=99999999999999999999").Status(422).See("from-error", "to-error", "june")
	alice.Get(at + "/versions?from=4&to=3").Status(422)
	alice.Get(at + "/versions?from=3&to=3").Status(422).See("two different")

	mona.Post(at+"/versions/2/name", apptest.Form{"name": "AS AUDITED IN MAY"}).Status(422).See("name-error", "called so")
	for _, form := range []apptest.Form{{"name": " "}, {"name": strings.Repeat("n", 81)}, {"name": "Fine", "note": strings.Repeat("n", 301)}} {
		mona.Post(at+"/versions/2/name", form).Status(422)
	}
	mona.Post(at+"/versions/2/name", apptest.Form{"name": strings.Repeat("n", 1<<20)}).Status(413)
	mona.Post(at+"/versions/9/name", apptest.Form{"name": "Of none"}).Status(404)
	mona.Post(at+"/versions/99999999999/name", apptest.Form{"name": "Of none"}).Status(404)
	mona.Post(at+"/versions/2/name/removal", nil).Status(404)
	mona.Post(at+"/versions/1/name", apptest.Form{"name": "2"}).Status(303) // a name goes before a number
	if to := alice.Get(at + "/versions?from=2&to=3").Status(303).Header.Get("Location"); to != at+"/versions/3?since=1" {
		t.Errorf("a name leads to %s", to)
	}
	mona.Post(at+"/versions/1/name/removal", nil).Status(303)
	mona.Get(at+"/versions/1").See("The name is taken away", at+"/versions/1/name?name=2&amp;note=")
	mona.Post(at+"/versions/1/name?name=2&note=", nil).Status(303)
	alice.Get(at + "/versions?named=1").See("Version 1")
}

func TestOnlyWhoWritesInAnArticleNamesItsVersions(t *testing.T) {
	h := open(t)
	at := "/articles/" + h.write(h.mona, h.outside, "", "For partners", "Text.")
	secret := "/articles/" + h.write(h.mona, h.hidden, "", "Secret", "Text.")
	karen := h.As(h.karen)
	karen.Get(at + "/versions/1").Status(200).NotSee("Name this version")
	karen.Post(at+"/versions/1/name", apptest.Form{"name": "Mine"}).Status(403)
	karen.Post(at+"/versions/1/name/removal", nil).Status(403)
	for _, action := range []string{"/name", "/name/removal"} {
		h.As(h.bob).Post(secret+"/versions/1"+action, apptest.Form{"name": "Mine"}).Status(404)
	}
	h.As(h.mona).Post(at+"/versions/1/name", apptest.Form{"name": "As audited"}).Status(303)
	h.As(h.mona).Post(at+"/withdrawal", nil).Status(303)
	h.As(h.mona).Post(at+"/versions/1/name", apptest.Form{"name": "Late"}).Status(409)
}

func TestProgramsNameVersions(t *testing.T) {
	h := open(t)
	at := h.written("One.", "Two.")
	bob := h.program(h.bob, models.ScopeWrite)
	bob.call("PUT", at+"/versions/1/name", `{"name": "As audited", "note": "By them."}`).Status(200).See(`"name":"As audited"`, `"note":"By them."`)
	bob.call("PUT", at+"/versions/2/name", `{"name": "as AUDITED"}`).Status(422).See("body.name")
	bob.call("GET", at+"/versions?named=true", "").Status(200).See(`"As audited"`).NotSee(`"number":2`)
	h.program(h.bob, models.ScopeRead).call("PUT", at+"/versions/2/name", `{"name": "Mine"}`).Status(403)
	h.program(h.karen, models.ScopeWrite).call("PUT", at+"/versions/2/name", `{"name": "Mine"}`).Status(404)
	bob.call("DELETE", at+"/versions/1/name", "").Status(204)
	bob.call("DELETE", at+"/versions/1/name", "").Status(404)
}
