package models_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"ruche/models"
	"ruche/models/modelstest"
)

const north, south = "https://login.north.test", "https://login.south.test"

// says is what a provider says of someone's groups.
func says(issuer string, groups ...string) models.Identified {
	return models.Identified{Issuer: issuer, Claims: models.Claims{"groups": groups, "department": {"Ventes"}}}
}

// rulebook is a house with an owner, rules and a person whom they are about.
type rulebook struct {
	t      *testing.T
	db     *models.DB
	owner  *models.Actor
	mona   *models.User
	club   *models.Group
	spaces map[models.Visibility]*models.Space
}

func newRulebook(t *testing.T) *rulebook {
	t.Helper()
	db := modelstest.Open(t)
	b := &rulebook{t: t, db: db, mona: person(t, db, "Mona", models.RoleEmployee), spaces: map[models.Visibility]*models.Space{}}
	olga := person(t, db, "Olga", models.RoleOwner)
	b.club = &models.Group{Kind: models.KindGroup, Name: "Club"}
	change(t, db, func(tx *models.Tx) error { return tx.CreateGroup(b.club) })
	for _, visibility := range models.Visibilities() {
		space := &models.Space{Slug: string(visibility), Title: string(visibility), Visibility: visibility}
		change(t, db, func(tx *models.Tx) error {
			if err := tx.CreateSpace(space); err != nil {
				return err
			}
			return tx.SetMember(space, olga, models.SpaceManager)
		})
		b.spaces[visibility] = space
	}
	b.owner = actor(t, db, olga)
	return b
}

// rule adds one.
func (b *rulebook) rule(rule models.SignInRule) *models.SignInRule {
	b.t.Helper()
	if err := b.db.Tx(b.t.Context(), b.owner, func(tx *models.Tx) error { return tx.CreateSignInRule(&rule) }); err != nil {
		b.t.Fatal(err)
	}
	return &rule
}

// signIn applies the rules to a person as they are stored now.
func (b *rulebook) signIn(user *models.User, said ...models.Identified) (ruling *models.Ruling) {
	b.t.Helper()
	now, err := b.db.Person(b.t.Context(), b.owner, user.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	change(b.t, b.db, func(tx *models.Tx) (err error) {
		ruling, err = tx.SettleRules(now, said)
		return err
	})
	return ruling
}

// has is a person's role in the house and in the spaces.
func (b *rulebook) has(user *models.User) string {
	b.t.Helper()
	a := actor(b.t, b.db, user)
	roles := map[string]string{}
	for _, access := range a.Spaces {
		if access.Role != "" {
			roles[access.Slug] = string(access.Role)
		}
	}
	out := string(a.Role)
	for _, slug := range slices.Sorted(maps.Keys(roles)) {
		out += " " + slug + ":" + roles[slug]
	}
	return out
}

func TestRulesGiveAtSignInAndTakeBackAtTheNext(t *testing.T) {
	b := newRulebook(t)
	board := b.spaces[models.Restricted]
	change(t, b.db, func(tx *models.Tx) error {
		return tx.SetSpaceGroup(b.spaces[models.External], b.club, models.SpaceReader)
	})
	b.rule(models.SignInRule{Claim: "groups", Value: "board", SpaceID: &board.ID, SpaceRole: models.SpaceReader})
	b.rule(models.SignInRule{Claim: "groups", Value: "heads", SpaceID: &board.ID, SpaceRole: models.SpaceExpert, Role: models.RoleModerator})
	b.rule(models.SignInRule{Claim: "groups", Value: "club", GroupID: &b.club.ID})
	b.rule(models.SignInRule{Claim: "groups", Value: "stars", Role: models.RoleManager})
	b.rule(models.SignInRule{Issuer: south, Claim: "department", Value: "Ventes", SpaceID: &b.spaces[models.Company].ID, SpaceRole: models.SpaceModerator})
	for _, step := range []struct {
		said []models.Identified
		want string
	}{
		{nil, "employee"},
		{[]models.Identified{says(north, "board")}, "employee restricted:reader"},
		{[]models.Identified{says(north, "board", "heads")}, "moderator restricted:expert"},
		{[]models.Identified{says(north, "stars", "heads", "board")}, "moderator restricted:expert"}, // the first rule counts, the widest role
		{[]models.Identified{says(north, "stars", "club")}, "manager external:reader"},
		{[]models.Identified{says(north, "Board", "board ", "club")}, "employee external:reader"}, // to the letter
		{[]models.Identified{says(south)}, "employee company:moderator"},
		{[]models.Identified{says(south), says(north, "board")}, "employee company:moderator restricted:reader"}, // two identities of one person
		{nil, "employee"},
	} {
		ruling := b.signIn(b.mona, step.said...)
		if got := b.has(b.mona); got != step.want {
			t.Errorf("%v: %s, want %s", step.said, got, step.want)
		}
		if again := b.signIn(b.mona, step.said...); again.Changed() {
			t.Errorf("%v: %+v, and then %+v", step.said, ruling, again)
		}
	}
}

func TestWhatSomebodyGaveByHandNoRuleTakes(t *testing.T) {
	b := newRulebook(t)
	board, house := b.spaces[models.Restricted], b.spaces[models.Company]
	b.rule(models.SignInRule{Claim: "groups", Value: "all", Role: models.RoleManager, GroupID: &b.club.ID, SpaceID: &board.ID, SpaceRole: models.SpaceExpert})
	change(t, b.db, func(tx *models.Tx) error {
		if err := tx.SetMember(board, b.mona, models.SpaceReader); err != nil {
			return err
		}
		if err := tx.SetSpaceGroup(house, b.club, models.SpaceMember); err != nil {
			return err
		}
		return tx.JoinGroup(b.club.ID, b.mona.ID)
	})
	b.signIn(b.mona, says(north, "all"))
	if got := b.has(b.mona); got != "manager company:member restricted:expert" {
		t.Errorf("%s", got)
	}
	b.signIn(b.mona)
	if got := b.has(b.mona); got != "employee company:member restricted:reader" {
		t.Errorf("a rule took what was given by hand: %s", got)
	}
	for _, role := range []models.Role{models.RoleOwner, models.RoleHR, models.RoleExternal} {
		someone := person(t, b.db, "By hand "+string(role), role)
		b.signIn(someone, says(north, "all"))
		want := string(role) + " company:member restricted:expert"
		if role == models.RoleExternal {
			want = string(role) // let in nowhere
		}
		if got := b.has(someone); got != want {
			t.Errorf("%s: %s, want %s", role, got, want)
		}
		b.signIn(someone)
		if got := b.has(someone); got != string(role) {
			t.Errorf("%s: %s after all", role, got)
		}
	}
}

func TestAnExternalIsLetByRulesIntoSpacesForExternalsAlone(t *testing.T) {
	b := newRulebook(t)
	camille := person(t, b.db, "Camille", models.RoleExternal)
	for _, space := range b.spaces {
		b.rule(models.SignInRule{Claim: "groups", Value: "partners", SpaceID: &space.ID, SpaceRole: models.SpaceMember})
	}
	b.signIn(camille, says(north, "partners"))
	if got := b.has(camille); got != "external external:member public:member" {
		t.Errorf("%s", got)
	}
	var members []models.Member
	for _, visibility := range []models.Visibility{models.Company, models.Restricted} {
		found, err := b.db.Members(t.Context(), b.owner, models.MemberQuery{SpaceID: b.spaces[visibility].ID, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, found...)
	}
	if len(members) != 2 { // the owner's own
		t.Errorf("members of the company's spaces are %+v", members)
	}
}

func TestARuleThatIsWrongIsRefusedAtItsField(t *testing.T) {
	b := newRulebook(t)
	units := &models.Group{Kind: models.KindUnit, Name: "Ventes"}
	theirs := &models.Group{Kind: models.KindGroup, Name: "Directory", ByDirectory: true}
	closed := &models.Space{Slug: "closed", Title: "Closed", Visibility: models.Restricted}
	change(t, b.db, func(tx *models.Tx) error {
		return errors.Join(tx.CreateGroup(units), tx.CreateGroup(theirs), tx.CreateSpace(closed))
	})
	nobody := int64(99999)
	space := &b.spaces[models.Company].ID
	for field, rules := range map[string][]models.SignInRule{
		"claim":      {{Value: "x", Role: models.RoleHR}, {Claim: "a\x00", Value: "x", Role: models.RoleHR}, {Claim: strings.Repeat("a", 201), Value: "x", Role: models.RoleHR}},
		"value":      {{Claim: "groups", Role: models.RoleHR}, {Claim: "groups", Value: strings.Repeat("a", 401), Role: models.RoleHR}},
		"issuer":     {{Claim: "groups", Value: "x", Role: models.RoleHR, Issuer: strings.Repeat("a", 501)}},
		"role":       {{Claim: "groups", Value: "x"}, {Claim: "groups", Value: "x", Role: models.RoleOwner}, {Claim: "groups", Value: "x", Role: models.RoleExternal}, {Claim: "groups", Value: "x", Role: "king"}},
		"group":      {{Claim: "groups", Value: "x", GroupID: &nobody}, {Claim: "groups", Value: "x", GroupID: &units.ID}, {Claim: "groups", Value: "x", GroupID: &theirs.ID}},
		"space":      {{Claim: "groups", Value: "x", SpaceID: &nobody, SpaceRole: models.SpaceReader}, {Claim: "groups", Value: "x", SpaceID: &closed.ID, SpaceRole: models.SpaceReader}},
		"space_role": {{Claim: "groups", Value: "x", SpaceID: space}, {Claim: "groups", Value: "x", SpaceID: space, SpaceRole: models.SpaceManager}},
	} {
		for _, rule := range rules {
			var invalid models.Invalid
			err := b.db.Tx(t.Context(), b.owner, func(tx *models.Tx) error { return tx.CreateSignInRule(&rule) })
			if !errors.As(err, &invalid) || invalid[field] == "" {
				t.Errorf("%+v: %v, want a mistake at %s", rule, err, field)
			}
		}
	}
}

func TestRulesAreMovedDeletedAndBroughtBackWhereTheyWere(t *testing.T) {
	b := newRulebook(t)
	var rules []*models.SignInRule
	for _, value := range []string{"a", "b", "c"} {
		rules = append(rules, b.rule(models.SignInRule{Claim: "groups", Value: value, Role: models.RoleHR}))
	}
	order := func() (values string) {
		found, err := b.db.SignInRules(t.Context(), b.owner)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range found {
			values += rule.Value
		}
		return values
	}
	for _, step := range []struct {
		change func(*models.Tx) error
		want   string
	}{
		{func(tx *models.Tx) error { return tx.MoveSignInRule(rules[2], true) }, "acb"},
		{func(tx *models.Tx) error { return tx.MoveSignInRule(rules[0], true) }, "acb"},
		{func(tx *models.Tx) error { return tx.MoveSignInRule(rules[1], false) }, "acb"},
		{func(tx *models.Tx) error { return tx.DeleteSignInRule(rules[2].ID) }, "ab"},
		{func(tx *models.Tx) error { return tx.RestoreSignInRule(rules[2].ID) }, "acb"},
		{func(tx *models.Tx) error { return tx.MoveSignInRule(rules[0], false) }, "cab"},
	} {
		change(t, b.db, step.change)
		if got := order(); got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
	}
	for _, err := range []error{
		b.db.Tx(t.Context(), b.owner, func(tx *models.Tx) error { return tx.RestoreSignInRule(rules[0].ID) }),
		b.db.Tx(t.Context(), b.owner, func(tx *models.Tx) error { return tx.DeleteSignInRule(99999) }),
	} {
		if !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%v", err)
		}
	}
	for _, role := range models.Roles() {
		_, err := b.db.SignInRules(t.Context(), &models.Actor{ID: 1, Role: role})
		if allowed := err == nil; allowed != (role == models.RoleOwner) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

func TestTheRulesAreBounded(t *testing.T) {
	b := newRulebook(t)
	change(t, b.db, func(tx *models.Tx) error {
		for range models.MaxSignInRules {
			if err := tx.CreateSignInRule(&models.SignInRule{Claim: "groups", Value: "x", Role: models.RoleHR}); err != nil {
				return err
			}
		}
		return nil
	})
	var invalid models.Invalid
	err := b.db.Tx(t.Context(), b.owner, func(tx *models.Tx) error {
		return tx.CreateSignInRule(&models.SignInRule{Claim: "groups", Value: "x", Role: models.RoleHR})
	})
	if !errors.As(err, &invalid) {
		t.Errorf("one more: %v", err)
	}
	groups := make([]any, 10_000)
	for i := range groups {
		groups[i] = strings.Repeat("g", i%3000)
	}
	c := models.ClaimsOf(map[string]any{"groups": groups, "deep": map[string]any{"a": map[string]any{"b": map[string]any{"c": map[string]any{"d": map[string]any{"e": "x"}}}}}, "nonce": "n", "n": 7.0, "yes": true, "none": nil})
	if len(c["groups"]) > 3000 || len(c["deep.a.b.c.d.e"]) != 0 || c["nonce"] != nil || c["n"] != nil && c.One("n") != "7" {
		t.Errorf("%d groups, %v", len(c["groups"]), c["deep.a.b.c.d.e"])
	}
}

func TestClaimsOfObjectsAreFoundByTheirWay(t *testing.T) {
	c := models.ClaimsOf(map[string]any{"realm_access": map[string]any{"roles": []any{"admin", "user"}}, "https://north.test/groups": []any{"a", 7.0, true, nil, []any{"nested"}, map[string]any{"id": "x"}}, "n": 2147483648.0})
	for name, want := range map[string][]string{"realm_access.roles": {"admin", "user"}, "https://north.test/groups": {"a", "7", "true"}, "https://north.test/groups.id": {"x"}, "n": {"2147483648"}, "realm_access": nil} {
		if !slices.Equal(c[name], want) {
			t.Errorf("%s is %v, want %v", name, c[name], want)
		}
	}
	if c.One("realm_access.roles") != "" || c.One("n") != "2147483648" {
		t.Error("a claim with several values has no one value")
	}
}
