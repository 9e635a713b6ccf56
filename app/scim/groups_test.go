package scim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"ruche/app"
	"ruche/models"
)

// group creates a group.
func (d *directory) group(name, more string) *resource {
	d.t.Helper()
	r := d.call("POST", "/Groups", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":%q%s}`, name, more))
	r.Status(http.StatusCreated)
	return r
}

// members are the ids of a group's members.
func (r *resource) members() (ids []string) {
	for _, m := range r.Members {
		ids = append(ids, m.Value)
	}
	return ids
}

func TestMembersBringTheirRolesAlong(t *testing.T) {
	d := start(t)
	mona, karl := d.user("mona@example.test", ""), d.user("karl@example.test", "")
	energy := d.group("Energy", `,"externalId":"g-1","members":[{"value":"`+mona.ID+`","type":"User"}]`)
	if energy.ExternalID != "g-1" || !slices.Equal(energy.members(), []string{mona.ID}) || energy.Members[0].Display != "mona@example.test" || energy.Header.Get("ETag") != energy.Meta.Version {
		t.Errorf("made %s", energy.Text)
	}
	space := d.site.Space("board", models.Restricted, nil)
	var group *models.Group
	d.site.Tx(nil, func(tx *models.Tx) (err error) {
		if group, err = tx.GroupNamed(t.Context(), models.KindGroup, "energy"); err != nil {
			return err
		}
		return tx.SetSpaceGroup(space, group, models.SpaceMember)
	})
	in := func(r *resource) bool { return d.site.Actor(d.account(r)).Access(space.ID) != nil }
	path := "/Groups/" + energy.ID
	step := func(steps string, wantMona, wantKarl bool) *resource {
		t.Helper()
		answer := d.patch(path, steps)
		answer.Status(http.StatusOK)
		if in(mona) != wantMona || in(karl) != wantKarl {
			t.Errorf("%s: Mona %t, Karl %t", steps, in(mona), in(karl))
		}
		return answer
	}
	step(`{"op":"Add","path":"members","value":[{"value":"`+karl.ID+`"}]}`, true, true)
	step(`{"op":"remove","path":"members[value eq \"`+mona.ID+`\"]"}`, false, true)
	step(`{"op":"Remove","path":"members","value":[{"value":"`+karl.ID+`"}]}`, false, false)
	step(`{"op":"replace","path":"members","value":[{"value":"`+mona.ID+`"}]}`, true, false)
	step(`{"op":"remove","path":"members"}`, false, false)
	renamed := step(`{"op":"replace","value":{"id":"`+energy.ID+`","displayName":"Power"}},{"op":"add","path":"members","value":{"value":"`+mona.ID+`"}}`, true, false)
	if renamed.DisplayName != "Power" || renamed.Meta.Version == energy.Meta.Version {
		t.Errorf("renamed to %s", renamed.Text)
	}
	put := d.call("PUT", path, `{"displayName":"Power","members":[{"value":"`+karl.ID+`"}]}`)
	if put.Status(http.StatusOK); in(mona) || !in(karl) || put.ExternalID != "" {
		t.Errorf("replaced by %s", put.Text)
	}
	again := d.call("PUT", path, `{"displayName":"Power","members":[{"value":"`+karl.ID+`"}]}`)
	if again.Meta.Version != put.Meta.Version {
		t.Error("what was so already is another version")
	}
	d.call("DELETE", path, "", "If-Match", energy.Meta.Version).refused(t, http.StatusPreconditionFailed, "")
	d.call("DELETE", path, "", "If-Match", put.Meta.Version).Status(http.StatusNoContent)
	if in(karl) {
		t.Error("the group is gone, its role is not")
	}
	d.call("GET", path, "").refused(t, http.StatusNotFound, "")
	d.site.As(d.owner).Get("/audit?verb=group.edited").See("from the directory (SCIM)", "Group "+energy.ID)
}

func TestWhatIsNoGroupIsRefused(t *testing.T) {
	d := start(t)
	mona := d.user("mona@example.test", `"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Lab"}`)
	gaston := d.site.Person("Gaston", models.RoleExternal)
	group := d.group("Energy", `,"externalId":"g-1"`)
	path := "/Groups/" + group.ID
	d.call("POST", "/Groups", `{"displayName":"énergy"}`).refused(t, http.StatusConflict, "uniqueness")
	d.call("POST", "/Groups", `{"displayName":"Other","externalId":"g-1"}`).refused(t, http.StatusConflict, "uniqueness")
	d.call("POST", "/Groups", `{}`).refused(t, http.StatusBadRequest, "invalidValue")
	for _, nobody := range []string{"999999", "x", fmt.Sprint(gaston.ID), ""} {
		d.call("POST", "/Groups", `{"displayName":"Other","members":[{"value":"`+nobody+`"}]}`).refused(t, http.StatusBadRequest, "invalidValue")
		d.patch(path, `{"op":"add","path":"members","value":[{"value":"`+nobody+`"}]}`).refused(t, http.StatusBadRequest, "invalidValue")
	}
	for steps, kind := range map[string]string{
		`{"op":"add","path":"members","value":[{"value":"` + mona.ID + `","type":"Group"}]}`: "invalidValue", `{"op":"remove","path":"displayName"}`: "mutability", `{"op":"replace","path":"id","value":"1"}`: "mutability",
		`{"op":"replace","path":"members[value eq \"1\"]","value":{"value":"2"}}`: "mutability", `{"op":"remove","path":"members[display co \"a\"]"}`: "invalidFilter", `{"op":"add","path":"owners","value":"x"}`: "invalidPath",
	} {
		d.patch(path, steps).refused(t, http.StatusBadRequest, kind)
	}
	list := d.call("GET", "/Groups", "")
	if got := list.names(); !slices.Equal(got, []string{"Energy"}) {
		t.Errorf("groups are %q: a unit is none", got)
	}
	unit, err := d.site.DB.GroupNamed(t.Context(), models.KindUnit, "Lab")
	if err != nil {
		t.Fatal(err)
	}
	d.call("GET", fmt.Sprintf("/Groups/%d", unit.ID), "").refused(t, http.StatusNotFound, "")
	d.call("DELETE", fmt.Sprintf("/Groups/%d", unit.ID), "").refused(t, http.StatusNotFound, "")
}

func TestGroupsAreFoundByTheirNameKeyAndMembers(t *testing.T) {
	d := start(t)
	mona := d.user("mona@example.test", "")
	d.group("Energy", `,"externalId":"g-1","members":[{"value":"`+mona.ID+`"}]`)
	power := d.group("Power", "")
	for filter, want := range map[string][]string{
		`displayName eq "Energy"`: {"Energy"}, `externalId eq "g-1"`: {"Energy"}, `members eq "` + mona.ID + `"`: {"Energy"}, `members[value eq "` + mona.ID + `"]`: {"Energy"},
		`id eq "` + power.ID + `" and members eq "` + mona.ID + `"`: {}, `not (members.value eq "` + mona.ID + `")`: {"Power"}, `displayName eq "x' OR '1'='1"`: {},
	} {
		if list := d.call("GET", "/Groups?filter="+url.QueryEscape(filter), ""); !slices.Equal(list.names(), want) && len(list.names())+len(want) > 0 {
			t.Errorf("%s: %q, want %q", filter, list.names(), want)
		}
	}
	d.call("GET", "/Groups?filter="+url.QueryEscape(`members co "1"`), "").refused(t, http.StatusBadRequest, "invalidFilter")
	d.call("GET", "/Groups?sortBy=members", "").refused(t, http.StatusBadRequest, "invalidValue")
	list := d.call("GET", "/Groups?excludedAttributes=members&sortBy=displayName", "")
	list.NotSee("members")
	if got := list.names(); !slices.Equal(got, []string{"Energy", "Power"}) {
		t.Errorf("sorted: %q", got)
	}
	d.call("GET", "/Groups?attributes=displayName", "").NotSee("members")
	d.call("GET", "/Groups?attributes=members.value", "").See("members")
}

func TestTheHouseSaysWhatItUnderstands(t *testing.T) {
	d := start(t)
	var config struct{ Patch, Sort, Etag, Bulk struct{ Supported bool } }
	answer := d.call("GET", "/ServiceProviderConfig", "")
	if err := json.Unmarshal([]byte(answer.Text), &config); err != nil {
		t.Fatal(err)
	}
	if !config.Patch.Supported || !config.Sort.Supported || !config.Etag.Supported || config.Bulk.Supported {
		t.Errorf("understood is %s", answer.Text)
	}
	for path, want := range map[string]int{"/Schemas": 3, "/ResourceTypes": 2} {
		var list struct {
			TotalResults int
			Resources    []struct {
				ID   string
				Meta struct{ Location string }
			}
		}
		header := http.Header{"Authorization": {"Bearer " + d.token}}
		if err := json.Unmarshal([]byte(d.Do("GET", "/scim/v2"+path, nil, header).Status(http.StatusOK).Text), &list); err != nil || list.TotalResults != want || len(list.Resources) != want {
			t.Errorf("%s has %+v, %v", path, list, err)
		}
		for _, one := range list.Resources {
			if one.Meta.Location != d.site.URL+"/scim/v2"+path+"/"+one.ID {
				t.Errorf("%s is at %s", one.ID, one.Meta.Location)
			}
			d.Do("GET", "/scim/v2"+path+"/"+one.ID, nil, header).Status(http.StatusOK).See(one.ID)
		}
	}
	d.call("GET", "/Schemas?filter=id%20pr", "").refused(t, http.StatusForbidden, "")
}

func TestAFloodIsRefusedBeforeTheDoor(t *testing.T) {
	d := start(t, func(config *app.Config, _ *app.Options) { config.RateLimit = true })
	d.token = "ruche_guess"
	for range 700 {
		answer := d.call("GET", "/Users", "")
		if answer.StatusCode == http.StatusTooManyRequests {
			answer.refused(t, http.StatusTooManyRequests, "")
			if answer.Header.Get("Retry-After") == "" {
				t.Error("it is not said when to come again")
			}
			return
		}
		answer.refused(t, http.StatusUnauthorized, "")
	}
	t.Error("tokens can be guessed without end")
}
