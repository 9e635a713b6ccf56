package scim_test

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

func TestTheDirectoryOpensAndChangesAnAccount(t *testing.T) {
	d := start(t)
	boss := d.user("boss@example.test", `"displayName":"Berta Boss"`)
	mona := d.user("Mona.Petit@Example.test", `"externalId":"e-1","name":{"givenName":"Mona","familyName":"Petit"},"title":"Chemist","preferredLanguage":"fr-FR","active":true,
		"emails":[{"value":"other@example.test"},{"value":"Mona@Example.test","type":"work","primary":true}],"phoneNumbers":[{"value":"1"}],
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Recherche","manager":{"value":"`+boss.ID+`"},"employeeNumber":"7"}`)
	if mona.UserName != "Mona.Petit@Example.test" || mona.DisplayName != "Mona Petit" || mona.ExternalID != "e-1" || !mona.Active || mona.Emails[0].Value != "mona@example.test" ||
		mona.Work.Department != "Recherche" || mona.Work.Manager.Value != boss.ID || mona.Work.Manager.DisplayName != "Berta Boss" {
		t.Errorf("made %s", mona.Text)
	}
	path := "/Users/" + mona.ID
	if location := d.site.URL + "/scim/v2" + path; mona.Header.Get("Location") != location || mona.Meta.Location != location || mona.Header.Get("ETag") != mona.Meta.Version {
		t.Errorf("Location %s, meta %+v, ETag %s", mona.Header.Get("Location"), mona.Meta, mona.Header.Get("ETag"))
	}
	user := d.account(mona)
	if user.Name != "Mona Petit" || user.Role != models.RoleEmployee || user.Job != "Chemist" || user.Locale != "fr" || user.Email != "mona@example.test" {
		t.Errorf("stored %+v", user)
	}
	unit, err := d.site.DB.GroupNamed(t.Context(), models.KindUnit, "Recherche")
	if err != nil {
		t.Fatal(err)
	}
	if unit.Handmade() {
		t.Error("people may say who is in a unit")
	}

	changed := d.patch(path, `{"op":"Replace","path":"name.familyName","value":"Leroy"},{"op":"add","value":{"title":"Head","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"Ventes"}},
		{"op":"replace","path":"emails[type eq \"work\"].value","value":"leroy@example.test"},{"op":"add","path":"addresses[type eq \"work\"].country","value":"FR"},
		{"op":"remove","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"}`)
	changed.Status(http.StatusOK)
	if changed.DisplayName != "Mona Leroy" || changed.Title != "Head" || changed.Work.Department != "Ventes" || changed.Work.Manager.Value != "" || changed.Emails[0].Value != "leroy@example.test" || changed.Meta.Version == mona.Meta.Version {
		t.Errorf("changed to %s", changed.Text)
	}
	put := d.call("PUT", path, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"`+mona.ID+`","userName":"mona","displayName":"Mona L."}`)
	put.Status(http.StatusOK)
	if put.DisplayName != "Mona L." || put.UserName != "mona" || put.Title != "" || put.ExternalID != "" || len(put.Emails) != 0 || put.Work.Department != "" || !put.Active {
		t.Errorf("replaced by %s", put.Text)
	}
	d.site.As(d.owner).Get("/audit?verb=user.edited").See("from the directory (SCIM)", "Oona")
}

// account is what is stored of a resource.
func (d *directory) account(r *resource) *models.User {
	d.t.Helper()
	var id int64
	if _, err := fmt.Sscan(r.ID, &id); err != nil {
		d.t.Fatal(err)
	}
	user, err := d.site.DB.DirectoryUser(d.t.Context(), d.site.Actor(d.owner), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return &user.User
}

func TestWhoIsNoLongerActiveIsOutAtOnceOnEveryReplica(t *testing.T) {
	d := start(t)
	there := apptest.Start(t, func(config *app.Config, _ *app.Options) { config.DatabaseURL = d.site.Config.DatabaseURL })
	for _, site := range []*apptest.Site{d.site, there} {
		if err := site.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for i, end := range []func(path string){
		func(path string) {
			d.patch(path, `{"op":"replace","path":"active","value":"False"}`).Status(http.StatusOK)
		},
		func(path string) { d.patch(path, `{"op":"replace","value":{"active":false}}`).Status(http.StatusOK) },
		func(path string) { d.call("DELETE", path, "").Status(http.StatusNoContent) },
	} {
		name := fmt.Sprintf("mona%d@example.test", i)
		mona := d.user(name, "")
		user := d.account(mona)
		key, link := d.key(user, models.ScopeManage), d.site.LoginToken(user)
		browsers := []*apptest.Client{d.site.As(user), there.As(user)}
		var streams []<-chan struct{}
		for _, browser := range browsers {
			streams = append(streams, listen(t, browser))
		}
		end("/Users/" + mona.ID)
		for _, browser := range browsers {
			browser.Get("/account").Status(http.StatusSeeOther)
			browser.Get("/live").Status(http.StatusSeeOther)
		}
		d.Do("GET", "/api/v1/me", nil, http.Header{"Authorization": {"Bearer " + key}}).Status(http.StatusUnauthorized)
		d.site.Visitor().Post("/sign-in/link", apptest.Form{"token": link}).Status(http.StatusGone)
		for _, stream := range streams {
			select {
			case <-stream:
			case <-time.After(20 * time.Second): // a second on a machine that has nothing else to do
				t.Fatal("a stream outlives the account")
			}
		}
	}
}

// listen opens the live stream of someone's page; the channel is closed when it ends.
func listen(t *testing.T, client *apptest.Client) <-chan struct{} {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, client.Address("/live"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range client.Cookies() {
		request.AddCookie(cookie)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("the stream answers %s", response.Status)
	}
	ended := make(chan struct{})
	go func() {
		defer response.Body.Close()
		defer close(ended)
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		}
	}()
	return ended
}

func TestTheLastOwnerStaysAndKeepsTheirAddress(t *testing.T) {
	d := start(t)
	otto := d.site.Person("Otto", models.RoleOwner)
	path := fmt.Sprintf("/Users/%d", d.owner.ID)
	d.patch(path, `{"op":"replace","path":"emails","value":[{"value":"thief@example.test"}]}`).refused(t, http.StatusForbidden, "")
	d.patch(path, `{"op":"replace","path":"externalId","value":"e-9"}`).Status(http.StatusOK)
	d.call("DELETE", fmt.Sprintf("/Users/%d", otto.ID), "").Status(http.StatusNoContent)
	d.call("DELETE", path, "").refused(t, http.StatusForbidden, "")
	d.patch(path, `{"op":"replace","path":"active","value":false}`).refused(t, http.StatusForbidden, "")
	if got := d.call("GET", path, ""); !got.Active || got.Emails[0].Value != d.owner.Email {
		t.Errorf("the owner is %s", got.Text)
	}
}

func TestANameBelongsToOneAccount(t *testing.T) {
	d := start(t)
	gaston := d.site.Person("Gaston", models.RoleExternal)
	mona := d.user("mona@example.test", `"externalId":"e-1"`)
	karl := d.user("karl", `"emails":[{"value":"karl@example.test"}]`)
	for _, taken := range []string{`"userName":"MONA@example.test"`, `"userName":"new","externalId":"e-1"`, `"userName":"new","emails":[{"value":"Karl@example.test"}]`, `"userName":"` + gaston.Email + `"`} {
		d.call("POST", "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],`+taken+`}`).refused(t, http.StatusConflict, "uniqueness")
	}
	d.patch("/Users/"+karl.ID, `{"op":"replace","path":"userName","value":"mona@example.test"}`).refused(t, http.StatusConflict, "uniqueness")
	d.call("GET", fmt.Sprintf("/Users/%d", gaston.ID), "").refused(t, http.StatusNotFound, "")

	d.call("DELETE", "/Users/"+mona.ID, "").Status(http.StatusNoContent)
	d.call("DELETE", "/Users/"+mona.ID, "").refused(t, http.StatusNotFound, "")
	d.call("GET", "/Users/"+mona.ID, "").refused(t, http.StatusNotFound, "")
	namesake := d.user("mona@example.test", `"externalId":"e-2"`)
	if namesake.ID == mona.ID {
		t.Error("someone with the address of who has left has their account")
	}
	d.call("DELETE", "/Users/"+namesake.ID, "").Status(http.StatusNoContent)
	if back := d.user("mona.petit@example.test", `"externalId":"e-2"`); back.ID != namesake.ID || !back.Active {
		t.Errorf("who comes back has another account: %s", back.Text)
	}
}

func TestAChangeIsMadeOfWhatTheDirectoryKnows(t *testing.T) {
	d := start(t)
	mona := d.user("mona@example.test", "")
	path, tag := "/Users/"+mona.ID, mona.Meta.Version
	if !strings.HasPrefix(tag, `W/"`) {
		t.Errorf("the version is %s", tag)
	}
	if answer := d.call("GET", path, "", "If-None-Match", tag); answer.StatusCode != http.StatusNotModified || answer.Text != "" {
		t.Errorf("unchanged: %d %s", answer.StatusCode, answer.Text)
	}
	d.site.Tx(nil, func(tx *models.Tx) error { // at a sign-in, not by the directory
		user := d.account(mona)
		user.Name = "Mona"
		return tx.SaveProfile(user)
	})
	d.patch(path, `{"op":"replace","path":"title","value":"Head"}`, "If-Match", tag).refused(t, http.StatusPreconditionFailed, "")
	d.call("DELETE", path, "", "If-Match", tag).refused(t, http.StatusPreconditionFailed, "")
	now := d.call("GET", path, "", "If-None-Match", tag)
	if now.StatusCode != http.StatusOK || now.Title != "" {
		t.Errorf("changed: %d %s", now.StatusCode, now.Text)
	}
	d.patch(path, `{"op":"replace","path":"title","value":"Head"}`, "If-Match", `"other", `+now.Meta.Version).Status(http.StatusOK)
	d.call("DELETE", path, "", "If-Match", "*").Status(http.StatusNoContent)
}

func TestWhatIsMalformedIsRefusedInScimsWords(t *testing.T) {
	d := start(t)
	mona := d.user("mona@example.test", `"externalId":"e-1"`)
	path := "/Users/" + mona.ID
	before := d.call("GET", path, "").Meta.Version
	d.call("POST", "/Users", `{"userName":`).refused(t, http.StatusBadRequest, "invalidSyntax")
	d.call("POST", "/Users", `[]`).refused(t, http.StatusBadRequest, "invalidSyntax")
	d.call("POST", "/Users", `{"displayName":"X"}`).refused(t, http.StatusBadRequest, "invalidValue")
	d.call("POST", "/Users", `{"userName":7}`).refused(t, http.StatusBadRequest, "invalidValue")
	d.call("POST", "/Users", `{"userName":"a\u0000b"}`).refused(t, http.StatusBadRequest, "invalidValue")
	d.call("POST", "/Users", `{"userName":"`+strings.Repeat("a", 201)+`"}`).refused(t, http.StatusBadRequest, "invalidValue")
	d.call("POST", "/Users", `{"userName":"x","emails":[{"value":"no address"}]}`).refused(t, http.StatusBadRequest, "invalidValue")
	d.call("POST", "/Users", `{"userName":"x","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"999999"}}}`).refused(t, http.StatusBadRequest, "invalidValue")
	d.call("POST", "/Users", `{"userName":"x"}`, "Content-Type", "text/plain").refused(t, http.StatusUnsupportedMediaType, "")
	d.call("POST", "/Users", `{"userName":"`+strings.Repeat("a", 1<<20)+`"}`).refused(t, http.StatusRequestEntityTooLarge, "")
	for steps, kind := range map[string]string{
		`{"op":"move","path":"title","value":"x"}`: "invalidSyntax", `{"op":"remove"}`: "noTarget", `{"op":"replace","path":"title"}`: "invalidValue",
		`{"op":"replace","path":"nonsense","value":"x"}`: "invalidPath", `{"op":"replace","path":"title[","value":"x"}`: "invalidPath", `{"op":"replace","path":"title.sub","value":"x"}`: "invalidPath",
		`{"op":"replace","path":"urn:x:User:title","value":"x"}`: "invalidPath", `{"op":"replace","path":"id","value":"9"}`: "mutability", `{"op":"add","path":"groups","value":[{"value":"1"}]}`: "mutability",
		`{"op":"remove","path":"userName"}`: "mutability", `{"op":"replace","path":"userName","value":""}`: "invalidValue", `{"op":"replace","path":"active","value":"perhaps"}`: "invalidValue",
		`{"op":"replace","path":"emails[type eq \"home\"].value","value":"x@example.test"}`: "noTarget", `{"op":"replace","value":"x"}`: "invalidValue",
		`{"op":"replace","path":"title","value":"x"},{"op":"replace","path":"nonsense","value":"x"}`:                                   "invalidPath",
		`{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":{"value":"` + mona.ID + `"}}`: "invalidValue",
	} {
		d.patch(path, steps).refused(t, http.StatusBadRequest, kind)
	}
	d.call("PATCH", path, `{"Operations":[{"op":"remove","path":"title"}]}`).refused(t, http.StatusBadRequest, "invalidSyntax")
	for _, missing := range []string{"/Users/x", "/Users/0", "/Users/999999", "/Users/99999999999999999999", "/Nonsense", "/Schemas/urn:x", "/ResourceTypes/X", "/Groups/1"} {
		d.call("GET", missing, "").refused(t, http.StatusNotFound, "")
	}
	if after := d.call("GET", path, "").Meta.Version; after != before {
		t.Error("a change that was refused has been made")
	}
}

func TestOnlyAnOwnersTokenForTheDirectoryOpensItsDoor(t *testing.T) {
	d := start(t)
	for _, role := range models.Roles() {
		user := d.site.Person("P"+string(role), role)
		if role != models.RoleOwner {
			err := d.site.DB.Tx(t.Context(), nil, func(tx *models.Tx) error {
				_, err := tx.CreateToken(&models.Token{UserID: user.ID, Name: "SCIM", Scope: models.ScopeSCIM}, 1)
				return err
			})
			var invalid models.Invalid
			if !errors.As(err, &invalid) {
				t.Errorf("a %s has a token for the directory: %v", role, err)
			}
		}
		d.token = d.key(user, models.ScopeManage)
		d.call("GET", "/Users", "").refused(t, http.StatusForbidden, "")
		d.call("POST", "/Users", `{"userName":"x"}`).refused(t, http.StatusForbidden, "")
	}
	d.token = "ruche_nonsense"
	for _, path := range []string{"/Users", "/Groups/1", "/ServiceProviderConfig", "/Nonsense"} {
		answer := d.call("GET", path, "")
		answer.refused(t, http.StatusUnauthorized, "")
		if answer.Header.Get("WWW-Authenticate") == "" {
			t.Error("it is not said how to authenticate")
		}
	}
	d.site.As(d.owner).Get("/scim/v2/Users").Status(http.StatusUnauthorized) // a session is no token
}

func TestListsAreFilteredSortedAndPaged(t *testing.T) {
	d := start(t)
	d.site.Person("Gaston", models.RoleExternal)
	for i, name := range []string{"ada@example.test", "Bea@example.test", `cy"r\il`, "d_e%"} {
		d.user(name, fmt.Sprintf(`"externalId":"E-%d","displayName":"Name %d","title":"T%d","active":%t,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D%d"}`, i, i, i, i != 1, i%2))
	}
	at := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	for filter, want := range map[string][]string{
		`userName eq "bea@EXAMPLE.test"`: {"Bea@example.test"}, `userName eq "oona@example.test"`: {"oona@example.test"}, `userName Eq "x"`: {}, `userName sw "d_"`: {"d_e%"}, `userName co "%"`: {"d_e%"},
		`userName ew ".test" and not (active eq true)`: {"Bea@example.test"}, `externalId eq "e-0"`: {}, `externalId eq "E-0"`: {"ada@example.test"}, `externalId pr and active eq false`: {"Bea@example.test"},
		`emails[type eq "work" and value eq "ada@example.test"]`: {"ada@example.test"}, `emails.value eq "bea@example.test" or title eq "T3"`: {"Bea@example.test", "d_e%"}, `emails[type eq "home"]`: {},
		`displayName eq "Name 2"`: {`cy"r\il`}, `displayName co "ame 2"`: {`cy"r\il`}, `id eq "0"`: {}, `id eq "x"`: {}, `userName eq "cy\"r\\il"`: {`cy"r\il`},
		`urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ada@example.test"`: {"ada@example.test"}, `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "D1"`: {"Bea@example.test", "d_e%"},
		`meta.lastModified lt "` + at + `"`: {}, `userName sw "ada" and meta.created gt "` + at + `"`: {"ada@example.test"},
		`userName eq "x' OR '1'='1"`: {}, `userName eq "x\") OR 1=1 --"`: {}, `userName eq "'; DROP TABLE users; --"`: {}, `displayName co "' OR ''='"`: {},
	} {
		list := d.call("GET", "/Users?filter="+url.QueryEscape(filter), "")
		list.Status(http.StatusOK)
		if got := list.names(); !slices.Equal(got, want) && len(got)+len(want) > 0 || list.TotalResults != len(want) {
			t.Errorf("%s: %q of %d, want %q", filter, got, list.TotalResults, want)
		}
	}
	for _, bad := range []string{
		`nonsense eq "x"`, `password eq "x"`, `userName`, `userName eq`, `userName gt "a"`, `active eq "perhaps"`, `active co true`, `meta.created eq "yesterday"`, `id sw "1"`, `userName eq 7`, `u.role eq "owner"`,
		`1=1`, `userName eq "a" OR 1=1`, `userName eq 'a'`, `role eq "owner"`, `users.email eq "x"`, `emails[emails[value eq "x"]]`, "userName eq \"a\x00\"", `(userName eq "a"`,
		strings.Repeat("(", 900) + `userName eq "a"` + strings.Repeat(")", 900), strings.Repeat(`title pr and `, 40) + `title pr`, `userName eq "` + strings.Repeat("a", 2100) + `"`, `urn:x:userName eq "a"`, `displayName eq "\u0000"`,
	} {
		if answer := d.call("GET", "/Users?filter="+url.QueryEscape(bad), ""); !strings.HasPrefix(bad, "((") || answer.StatusCode != http.StatusOK { // very deep, and right
			answer.refused(t, http.StatusBadRequest, "invalidFilter")
		}
	}
	sorted := d.call("GET", "/Users?sortBy=userName&sortOrder=descending&count=2", "")
	if got := sorted.names(); !slices.Equal(got, []string{"oona@example.test", "d_e%"}) || sorted.TotalResults != 5 || sorted.ItemsPerPage != 2 || sorted.StartIndex != 1 {
		t.Errorf("sorted: %q of %d", got, sorted.TotalResults)
	}
	second := d.call("GET", "/Users?sortBy=userName&sortOrder=descending&count=2&startIndex=3", "")
	if got := second.names(); !slices.Equal(got, []string{`cy"r\il`, "Bea@example.test"}) || second.StartIndex != 3 {
		t.Errorf("second page: %q", got)
	}
	if none := d.call("GET", "/Users?count=0", ""); none.TotalResults != 5 || len(none.Resources) != 0 || !strings.Contains(none.Text, `"Resources":[]`) {
		t.Errorf("counted: %s", none.Text)
	}
	for _, bad := range []string{"count=x", "startIndex=1.5", "startIndex=99999999999999999999", "sortBy=password", "sortBy=nonsense"} {
		d.call("GET", "/Users?"+bad, "").refused(t, http.StatusBadRequest, "invalidValue")
	}
	if part := d.call("GET", "/Users?count=1&attributes=userName,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department,name.formatted", ""); part.Resources[0].UserName == "" || part.Resources[0].Name.Formatted == "" || part.Resources[0].DisplayName != "" || part.Resources[0].ID == "" {
		t.Errorf("in part: %s", part.Text)
	}
	if part := d.call("GET", "/Users?count=1&excludedAttributes=userName,id", ""); part.Resources[0].UserName != "" || part.Resources[0].DisplayName == "" || part.Resources[0].ID == "" {
		t.Errorf("without: %s", part.Text)
	}
}
