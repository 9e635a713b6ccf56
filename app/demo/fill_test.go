package demo_test

import (
	"strings"
	"testing"
	"time"

	"ruche/app/demo"
	"ruche/app/files"
	"ruche/app/notifications"
	"ruche/app/text"
	"ruche/models"
	"ruche/models/modelstest"
)

// filled is a house into which the company has moved.
type filled struct {
	*models.DB
	company *demo.Company
	t       *testing.T
}

func fill(t *testing.T) filled {
	t.Helper()
	db, dir := modelstest.Open(t), t.TempDir()
	store, err := files.OpenStore(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := files.New(db, store, dir)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	company, err := demo.Fill(t.Context(), demo.House{DB: db, Files: pictures, Notices: notifications.New(nil)})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("filled in %v", time.Since(start).Round(time.Millisecond))
	return filled{db, company, t}
}

func (f filled) actor(email string) *models.Actor {
	f.t.Helper()
	user, err := f.UserByEmail(f.t.Context(), email)
	if err != nil {
		f.t.Fatal(err)
	}
	actor, err := f.ActorByID(f.t.Context(), user.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	return actor
}

// ideas are all published ideas that the actor may see, newest first.
func (f filled) ideas(actor *models.Actor) []models.IdeaCard {
	f.t.Helper()
	cards, _, err := f.Ideas(f.t.Context(), actor, models.IdeaQuery{Sort: models.SortNewest, Limit: 100})
	if err != nil {
		f.t.Fatal(err)
	}
	return cards
}

func comments(list []demo.Comment) (n int) {
	for _, c := range list {
		n += 1 + comments(c.Replies)
	}
	return n
}

func TestTheCompanyMovesInWithItsPast(t *testing.T) {
	f := fill(t)
	t.Run("counters are right", f.counters)
	t.Run("events are in the order of their times", f.events)
	t.Run("each sees what is theirs", f.visibility)
	t.Run("everyone has their place", f.audiences)
	t.Run("notices wait to be read", f.notices)
	t.Run("texts point to what is there", f.texts)
}

func (f filled) counters(t *testing.T) {
	manager := f.actor(f.company.SignIns()[1].Email)
	written := map[string]demo.Idea{}
	for _, idea := range f.company.Ideas {
		if idea.Withdrawn == nil {
			written[idea.Title] = idea
		}
	}
	cards := f.ideas(manager)
	if len(cards) != len(written) {
		t.Errorf("%d ideas are there, %d were written", len(cards), len(written))
	}
	edited, signed, answered := 0, 0, 0
	for _, card := range cards {
		idea, err := f.Idea(t.Context(), manager, card.ID)
		if err != nil {
			t.Fatal(err)
		}
		first, err := f.Version(t.Context(), idea, 1)
		if err != nil {
			t.Fatal(err)
		}
		was := written[first.Title]
		if idea.SupportCount != len(was.Supports) || idea.CommentCount != comments(was.Comments) || idea.Version != 1+len(was.Edits) {
			t.Errorf("%s: %d supports, %d comments, version %d", was.Key, idea.SupportCount, idea.CommentCount, idea.Version)
		}
		if age := Age(time.Since(idea.PublishedAt)); age < was.Ago-Age(7*24*time.Hour) || age > was.Ago+Age(7*24*time.Hour) {
			t.Errorf("%s: published %v", was.Key, idea.PublishedAt)
		}
		if card.CoAuthors > 0 {
			signed++
		}
		if idea.Answer != "" {
			answered++
			if idea.Stage != models.Declined && (idea.Answer == models.AnswerDeclined) || was.Answer == nil || was.Answer.Kind != idea.Answer {
				t.Errorf("%s: answered %q, stands at %q", was.Key, idea.Answer, idea.Stage)
			}
		}
		if idea.Version > 1 {
			edited++
		}
	}
	if signed < 3 {
		t.Errorf("%d ideas are signed by several", signed)
	}
	if answered < 10 {
		t.Errorf("%d ideas have an official answer", answered)
	}
	if edited < 5 {
		t.Errorf("%d ideas have versions", edited)
	}
}

// Age is what the company's times are written in.
type Age = demo.Age

func (f filled) events(t *testing.T) {
	events, err := f.EventsAfter(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	verbs, last := map[string]int{}, time.Time{}
	for _, event := range events {
		if event.At.Before(last) {
			t.Errorf("event %d (%s) is older than the one before", event.ID, event.Verb)
		}
		last = event.At
		verbs[event.Verb]++
	}
	if age := time.Since(last); age < 0 || age > 15*time.Minute {
		t.Errorf("the newest event is %v old", age)
	}
	discussion, support := 0, 0
	for _, idea := range f.company.Ideas {
		discussion += comments(idea.Comments)
		support += len(idea.Supports)
	}
	for _, thread := range f.company.Talk.Threads {
		discussion += len(thread.Posts)
	}
	for _, shelf := range f.company.Shelves {
		for i := range shelf.Articles {
			discussion += len(shelf.Articles[i].Talk)
		}
	}
	for _, gathering := range f.company.Gatherings {
		discussion += len(gathering.Talk)
	}
	if verbs[models.ThreadBegun] != len(f.company.Talk.Threads) || verbs[models.IdeaPosted] != len(f.company.Ideas) || verbs[models.PostPosted] != discussion || verbs[models.IdeaSupported] != support ||
		verbs[models.IdeaWithdrawn] != 2 || verbs[models.UserCreated] != len(f.company.People) {
		t.Errorf("events: %v", verbs)
	}
}

func (f filled) visibility(t *testing.T) {
	ids := map[string]int64{}
	spaces, err := f.Spaces(t.Context(), f.actor(f.company.SignIns()[1].Email))
	if err != nil || len(spaces) != len(f.company.Spaces) {
		t.Fatalf("the community manager sees %d spaces: %v", len(spaces), err)
	}
	for _, space := range spaces {
		ids[space.Slug] = space.ID
	}
	sees := func(email string) (found map[int64]int) {
		found = map[int64]int{}
		for _, card := range f.ideas(f.actor(email)) {
			found[card.SpaceID]++
		}
		return found
	}
	employee := sees(f.company.SignIns()[0].Email)
	if employee[ids["horaires"]]+employee[ids["club-des-chefs"]] != 0 || employee[ids["ateliers"]] == 0 || employee[ids["vie-au-travail"]] == 0 {
		t.Errorf("the employee sees %v", employee)
	}
	external := sees(f.company.SignIns()[2].Email)
	if len(external) != 2 || external[ids["club-des-chefs"]] < 8 || external[ids["cuisine-ouverte"]] < 4 {
		t.Errorf("the customer sees %v", external)
	}
}

// audiences: people come from departments and are in groups, and somebody answers for those from outside.
func (f filled) audiences(t *testing.T) {
	owner := f.actor(f.company.People[0].Email)
	for want, query := range map[int]models.PeopleQuery{0: {State: models.StateUnsponsored}, 8: {Department: "Production"}, 6: {Role: models.RoleExternal}} {
		if n, err := f.CountPeople(t.Context(), owner, query); err != nil || n != want {
			t.Errorf("%d people of %+v, want %d (%v)", n, query, want, err)
		}
	}
	made := f.company.Groups[0]
	group, err := f.GroupNamed(t.Context(), models.KindGroup, made.Name)
	if err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"stuart.hargreaves@fournel-haigh.example", "ana.ribeiro@fournel-haigh.example"} {
		user, err := f.UserByEmail(t.Context(), email)
		if err != nil {
			t.Fatal(err)
		}
		if in, err := f.InGroups(t.Context(), []int64{group.ID}, []int64{user.ID}); err != nil || len(in) != 1 {
			t.Errorf("%s is in %v (%v)", email, in, err)
		}
		if access := f.actor(email).Access(f.spaceNamed(t, "energie-et-matiere")); access.Role != models.SpaceExpert {
			t.Errorf("%s is %q there", email, access.Role)
		}
	}
}

func (f filled) spaceNamed(t *testing.T, slug string) int64 {
	t.Helper()
	space, err := f.SpaceBySlug(t.Context(), f.actor(f.company.SignIns()[1].Email), slug)
	if err != nil {
		t.Fatal(err)
	}
	return space.ID
}

func (f filled) notices(t *testing.T) {
	for i, least := range []int{5, 5, 2} {
		person := f.company.SignIns()[i]
		unread, err := f.Unread(t.Context(), f.actor(person.Email))
		if err != nil || unread < least || unread > 15 {
			t.Errorf("%s has %d unread notices, %v", person.Name, unread, err)
		}
		cards, err := f.Notices(t.Context(), f.actor(person.Email), 0, 50)
		if err != nil {
			t.Fatal(err)
		}
		if read := len(cards) - unread; read < 5 {
			t.Errorf("%s has read only %d notices", person.Name, read)
		}
	}
}

func (f filled) texts(t *testing.T) {
	reader := f.actor(f.company.SignIns()[0].Email)
	pictures, mentions := 0, 0
	for _, card := range f.ideas(reader) {
		idea, err := f.Idea(t.Context(), reader, card.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, unresolved := range []string{"(idea:", "(article:", "(picture:"} {
			if strings.Contains(idea.Body, unresolved) {
				t.Errorf("%q still has %s", idea.Title, unresolved)
			}
		}
		mentions += strings.Count(idea.HTML, `class="mention"`)
		if idea.Summary == "" || idea.Lang == "" {
			t.Errorf("%q has no summary or language", idea.Title)
		}
		for _, id := range text.Files(idea.Body) {
			pictures++
			if file, err := f.File(t.Context(), reader, id); err != nil || file.Width < 1400 {
				t.Errorf("%q shows %d: %v", idea.Title, id, err)
			}
		}
	}
	if pictures != 4 || mentions < 4 {
		t.Errorf("%d pictures, %d mentions", pictures, mentions)
	}
}
