package scim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// directory is the company's directory as a client of SCIM, and an owner who gave it a token.
type directory struct {
	*apptest.Client
	t     *testing.T
	site  *apptest.Site
	owner *models.User
	token string
}

func start(t *testing.T, options ...apptest.Option) *directory {
	t.Helper()
	site := apptest.Start(t, options...)
	d := &directory{Client: site.Visitor(), t: t, site: site, owner: site.Person("Oona", models.RoleOwner)}
	d.token = d.key(d.owner, models.ScopeSCIM)
	return d
}

// key makes a token.
func (d *directory) key(user *models.User, scope models.Scope) (secret string) {
	d.t.Helper()
	d.site.Tx(nil, func(tx *models.Tx) (err error) {
		secret, err = tx.CreateToken(&models.Token{UserID: user.ID, Name: "script", Scope: scope}, models.TokenDays)
		return err
	})
	return secret
}

// resource is what came back.
type resource struct {
	*apptest.Answer
	ID          string
	UserName    string
	ExternalID  string
	DisplayName string
	Name        struct{ Formatted, GivenName, FamilyName string }
	Active      bool
	Title       string
	Emails      []struct {
		Value, Type string
		Primary     bool
	}
	Members []struct{ Value, Display, Type string }
	Work    struct {
		Department string
		Manager    struct{ Value, DisplayName string }
	} `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
	Meta         struct{ ResourceType, Location, Version, Created, LastModified string }
	TotalResults int
	StartIndex   int
	ItemsPerPage int
	Resources    []resource
	// Of an error.
	Schemas  []string
	Scimtype string
	Detail   string
	Status_  string `json:"status"`
}

// call sends a request and reads the answer.
func (d *directory) call(method, path, body string, headers ...string) *resource {
	d.t.Helper()
	header := http.Header{"Authorization": {"Bearer " + d.token}}
	if body != "" {
		header.Set("Content-Type", "application/scim+json")
	}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	answer := d.Do(method, "/scim/v2"+path, strings.NewReader(body), header)
	r := &resource{}
	if answer.Text != "" {
		if kind := answer.Header.Get("Content-Type"); kind != "application/scim+json" {
			d.t.Errorf("%s %s answers with %q", method, path, kind)
		}
		if err := json.Unmarshal([]byte(answer.Text), r); err != nil {
			d.t.Fatalf("%s %s: %v\n%.500s", method, path, err, answer.Text)
		}
	}
	r.Answer = answer
	return r
}

// refused checks an error of SCIM.
func (r *resource) refused(t *testing.T, status int, kind string) {
	t.Helper()
	if r.StatusCode != status || r.Scimtype != kind || r.Status_ != fmt.Sprint(status) || len(r.Schemas) != 1 || r.Schemas[0] != "urn:ietf:params:scim:api:messages:2.0:Error" {
		t.Errorf("%s %s: %d, want %d %s\n%.500s", r.Request.Method, r.Request.URL, r.StatusCode, status, kind, r.Text)
	}
}

// user creates an account.
func (d *directory) user(name, more string) *resource {
	d.t.Helper()
	if more != "" {
		more = "," + more
	}
	r := d.call("POST", "/Users", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":%q%s}`, name, more))
	r.Status(http.StatusCreated)
	return r
}

// patch sends steps.
func (d *directory) patch(path, steps string, headers ...string) *resource {
	d.t.Helper()
	return d.call("PATCH", path, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[`+steps+`]}`, headers...)
}

// names are those of a list, by user name or display name.
func (r *resource) names() (names []string) {
	for _, one := range r.Resources {
		if one.UserName != "" {
			names = append(names, one.UserName)
		} else {
			names = append(names, one.DisplayName)
		}
	}
	return names
}
