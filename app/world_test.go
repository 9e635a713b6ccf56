package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// world is a house with a space of each visibility, in each of which Aline has written, and one
// person for each kind of right.
type world struct {
	t          *testing.T
	site       *apptest.Site
	author     *models.User
	poster     *apptest.Client
	paul       *models.User // an employee who joins and leaves spaces
	sam        *models.User // an employee who has written nothing and joined nothing
	cast       []*player
	serial     int
	token      string                      // the id of Aline's API token
	passkey    string                      // and of her passkey
	rule       models.SignInRule           // the only one
	robot      models.User                 // the account of a program
	registrant *models.User                // who asks to be let in
	field      string                      // of the form of the latest campaign
	graduates  string                      // an idea that may come to its next stage
	current    map[models.Visibility]place // what the next request is about
	said       string                      // the number of the last answer in a thread
	topics     map[string]string           // of spaces, by their slugs
	draft      string                      // of an article, the last one
	templates  map[string]int64            // of spaces, by their slugs
	shelves    map[string]string           // the collections of spaces, by their slugs
}

// place is an idea with a picture and a comment, in a space.
type place struct{ slug, path, idea, comment, file string }

// player is someone who asks for everything in turn.
type player struct {
	name   string
	user   *models.User // nil for a visitor
	client *apptest.Client
	bearer string
}

func newWorld(t *testing.T) *world {
	site := apptest.Start(t, func(config *app.Config, _ *app.Options) {
		config.OIDCIssuer, config.OIDCClientID = "http://127.0.0.1:1", "ruche"        // nobody answers there
		config.BaseURL = strings.Replace(config.BaseURL, "127.0.0.1", "localhost", 1) // passkeys want a name
		config.SMTPURL, config.MailFrom = "smtp://127.0.0.1:1", "ruche@example.test"
	})
	w := &world{t: t, site: site, current: map[models.Visibility]place{}, topics: map[string]string{}, shelves: map[string]string{}}
	w.author, w.paul = site.Person("Aline", models.RoleEmployee), site.Person("Paul", models.RoleEmployee)
	w.sam = site.Person("Sam", models.RoleEmployee)
	external, lead := site.Person("External", models.RoleExternal), site.Person("Lead", models.RoleEmployee)
	mod := site.Person("Mod", models.RoleEmployee)
	for _, visibility := range models.Visibilities() {
		members := map[*models.User]models.SpaceRole{lead: models.SpaceManager, w.author: models.SpaceMember}
		if visibility == models.External {
			members[external] = models.SpaceMember
		}
		site.Space("the-"+string(visibility), visibility, members)
	}
	site.Space("elsewhere", models.Company, map[*models.User]models.SpaceRole{lead: models.SpaceManager, mod: models.SpaceModerator})
	w.poster = site.As(w.author)
	w.rule = models.SignInRule{Claim: "groups", Value: "managers", Role: models.RoleManager}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateSignInRule(&w.rule) })
	w.cast = []*player{{name: "visitor", client: site.Visitor()}}
	w.token, _ = w.key(w.author)
	for _, p := range []*player{
		{name: "external", user: external}, {name: "employee", user: site.Person("Employee", models.RoleEmployee)}, {name: "moderator", user: mod},
		{name: "lead", user: lead}, {name: "manager", user: site.Person("Manager", models.RoleManager)}, {name: "owner", user: site.Person("Owner", models.RoleOwner)},
	} {
		p.client = site.As(p.user)
		_, p.bearer = w.key(p.user)
		w.cast = append(w.cast, p)
	}
	for _, visibility := range models.Visibilities() {
		w.furnish(visibility)
	}
	key := &models.Passkey{UserID: w.author.ID, CredentialID: "key", Credential: "{}", Name: "Key"}
	site.Tx(nil, func(tx *models.Tx) error { return tx.AddPasskey(key) })
	w.passkey = strconv.FormatInt(key.ID, 10)
	return w
}

// key makes an API token.
func (w *world) key(user *models.User) (id, secret string) {
	w.site.Tx(nil, func(tx *models.Tx) error {
		token := &models.Token{UserID: user.ID, Name: "API", Scope: models.ScopeManage}
		made, err := tx.CreateToken(token, models.TokenDays)
		if err == nil {
			id, secret = strconv.FormatInt(token.ID, 10), made
		}
		return err
	})
	return id, secret
}

var (
	ideaPath    = regexp.MustCompile(`^/ideas/(\d+)`)
	commentPath = regexp.MustCompile(`#post-(\d+)$`)
)

// furnish has Aline post an idea with a picture and a comment, so that a request which changes
// something does not change what the next one finds.
func (w *world) furnish(visibility models.Visibility) {
	w.t.Helper()
	w.serial++
	p := place{slug: "the-" + string(visibility), file: w.current[visibility].file}
	if p.file == "" {
		p.file = w.upload()
	}
	answer := w.poster.Post("/ideas", apptest.Form{
		"space": p.slug, "title": fmt.Sprintf("Idea %d with a picture", w.serial), "body": "A picture of it: ![it](/files/" + p.file + ")", "once": w.once(),
	}).Status(http.StatusSeeOther)
	p.path, p.idea = answer.Header.Get("Location"), found(w.t, ideaPath, answer)
	answer = w.poster.Post("/ideas/"+p.idea+"/comments", apptest.Form{"body": "And a word about it.", "once": w.once()}).Status(http.StatusSeeOther)
	p.comment = found(w.t, commentPath, answer)
	w.current[visibility] = p
}

// upload has Aline upload a picture.
func (w *world) upload() (id string) {
	w.t.Helper()
	body, contentType := picture(w.t)
	var file struct{ ID int64 }
	answer := w.poster.Do(http.MethodPost, "/files", body, http.Header{"Content-Type": {contentType}}).Status(http.StatusCreated)
	if err := json.Unmarshal([]byte(answer.Text), &file); err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(file.ID, 10)
}

// campaign is a new one of a space, with a field, that could be published and is: whoever does it once more changes nothing.
func (w *world) campaign(visibility models.Visibility) string {
	w.t.Helper()
	lead := w.lead().user
	campaign := &models.Campaign{SpaceID: w.space(visibility).ID, Kind: models.Channel, Title: "A campaign", Question: "Which one?", SponsorID: &lead.ID, ManagerID: &lead.ID, AnswerDays: 30}
	field := &models.FormField{Kind: models.ShortField, Visibility: models.AnswersForAll, Wording: models.Wording{Label: models.Words{EN: "Where?"}}}
	w.site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.ImportCampaign(campaign); err != nil {
			return err
		}
		return tx.AddField(campaign, field)
	})
	w.field = strconv.FormatInt(field.ID, 10)
	return strconv.FormatInt(campaign.ID, 10)
}

// group makes a group with Paul in it, in the state that a route is about: deleted, or with a role in the space.
func (w *world) group(visibility models.Visibility, route string) (id string) {
	w.t.Helper()
	w.serial++
	group := &models.Group{Kind: models.KindGroup, Name: fmt.Sprintf("Group %d", w.serial)}
	w.site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		if err := tx.JoinGroup(group.ID, w.paul.ID); err != nil {
			return err
		}
		switch {
		case strings.HasSuffix(route, "/restoration"):
			return tx.DeleteGroup(group)
		case strings.HasSuffix(route, "/spaces/:slug/groups/removal"):
			return tx.SetSpaceGroup(w.space(visibility), group, models.SpaceReader)
		}
		return nil
	})
	return strconv.FormatInt(group.ID, 10)
}

// once is the key of a form that has not been sent before.
func (w *world) once() string {
	w.serial++
	return fmt.Sprintf("once-%020d", w.serial)
}

func found(t *testing.T, pattern *regexp.Regexp, answer *apptest.Answer) string {
	t.Helper()
	match := pattern.FindStringSubmatch(answer.Header.Get("Location"))
	if match == nil {
		t.Fatalf("leads to %q", answer.Header.Get("Location"))
	}
	return match[1]
}

// request is what a player sends to a route.
type request struct {
	path    string
	form    url.Values
	json    map[string]any
	upload  func(*testing.T) (content io.Reader, contentType string)
	prepare func(*world) // what has to be so before
	undo    func(*world) // what makes it as it was before
	spoils  bool         // what it is about is not the same after
}

// status is the answer's status for a player. The body is not read: the live stream has no end.
func (w *world) status(p *player, method string, r request) int {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
	defer cancel()
	var body io.Reader
	contentType := "application/x-www-form-urlencoded"
	switch {
	case r.upload != nil:
		body, contentType = r.upload(w.t)
	case r.json != nil:
		raw, err := json.Marshal(r.json)
		if err != nil {
			w.t.Fatal(err)
		}
		body, contentType = bytes.NewReader(raw), "application/json"
	case r.form != nil:
		body = strings.NewReader(r.form.Encode())
	}
	sent, err := http.NewRequestWithContext(ctx, method, w.site.URL+r.path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if body != nil {
		sent.Header.Set("Content-Type", contentType)
	}
	if bearing(r.path) {
		if p.bearer != "" {
			sent.Header.Set("Authorization", "Bearer "+p.bearer)
		}
	} else {
		for _, cookie := range p.client.Cookies() {
			sent.AddCookie(cookie)
		}
	}
	answer, err := http.DefaultTransport.RoundTrip(sent)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, r.path, err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// withdrawn has Aline withdraw the idea that the request is about.
func withdrawn(visibility models.Visibility) func(*world) {
	return func(w *world) {
		w.poster.Post("/ideas/"+w.current[visibility].idea+"/withdrawal", nil).Status(http.StatusSeeOther)
	}
}

// joined makes Paul a member of the space.
func joined(visibility models.Visibility) func(*world) {
	return func(w *world) {
		w.site.Tx(nil, func(tx *models.Tx) error {
			return tx.SetMember(w.space(visibility), w.paul, models.SpaceMember)
		})
	}
}

// parted makes sure that Paul is no member of the space.
func parted(visibility models.Visibility) func(*world) {
	return func(w *world) {
		joined(visibility)(w)
		w.site.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(w.space(visibility), w.paul.ID) })
	}
}

func (w *world) space(visibility models.Visibility) *models.Space {
	w.t.Helper()
	lead := w.lead()
	space, err := w.site.DB.SpaceBySlug(w.t.Context(), w.site.Actor(lead.user), "the-"+string(visibility))
	if err != nil {
		w.t.Fatal(err)
	}
	return space
}

// values is a form from pairs.
func values(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// ruleHolds brings the rule of sign-in back, or deletes it.
func ruleHolds(holds bool) func(*world) {
	return func(w *world) {
		w.site.Tx(nil, func(tx *models.Tx) error {
			err := tx.DeleteSignInRule(w.rule.ID)
			if holds {
				err = tx.RestoreSignInRule(w.rule.ID)
			}
			if errors.Is(err, models.ErrNotFound) {
				err = nil
			}
			return err
		})
	}
}
