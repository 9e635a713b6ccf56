package signinrules_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

const north = "https://login.north.test"

// rulebook is a house with a provider, an owner, a space that they manage and one that they do not see.
func rulebook(t *testing.T) (site *apptest.Site, owner *apptest.Client, board, closed *models.Space) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "providers.json")
	raw, err := json.Marshal([]map[string]any{{"id": "north", "name": "North Ltd", "issuer": north, "client_id": "ruche"}})
	if err == nil {
		err = os.WriteFile(file, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	site = apptest.Start(t, func(config *app.Config, _ *app.Options) { config.OIDCFile = file })
	olga := site.Person("Olga", models.RoleOwner)
	board = site.Space("board", models.Restricted, map[*models.User]models.SpaceRole{olga: models.SpaceManager})
	closed = site.Space("secret-project", models.Restricted, nil)
	return site, site.As(olga), board, closed
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

func TestAnOwnerMakesMovesChangesAndDeletesRules(t *testing.T) {
	site, owner, board, closed := rulebook(t)
	club := &models.Group{Kind: models.KindGroup, Name: "Club"}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateGroup(club) })
	owner.Get("/sign-in-rules").Status(http.StatusOK).See("There is no rule yet", ">North Ltd<", ">board<", ">Club<").NotSee("secret-project", ">Owner</option>")
	owner.Post("/sign-in-rules", apptest.Form{"issuer": north, "claim": "groups", "value": "board", "space": id(board.ID), "space_role": "expert", "group": id(club.ID)}).Status(http.StatusSeeOther)
	owner.Post("/sign-in-rules", apptest.Form{"claim": "groups", "value": "<b>stars", "role": "manager"}).Status(http.StatusSeeOther)
	page := owner.Get("/sign-in-rules").See("1. groups is or contains “board”", "Space board: Expert", "Group: Club", "2. groups is or contains “&lt;b&gt;stars”", "Role in the house: Community manager", "Any provider").NotSee("<b>stars")
	if strings.Contains(page.Text, `aria-label="Move rule 1 up"`) || strings.Contains(page.Text, `aria-label="Move rule 2 down"`) {
		t.Error("the first and the last rule can be moved out of the list")
	}
	owner.Post("/sign-in-rules/2/position", apptest.Form{"direction": "up"}).Status(http.StatusSeeOther)
	owner.Get("/sign-in-rules").See("1. groups is or contains “&lt;b&gt;stars”", "2. groups is or contains “board”")
	owner.Get("/sign-in-rules/1").Status(http.StatusOK).See(`value="board"`, `<option value="expert" selected`)
	owner.Post("/sign-in-rules/1", apptest.Form{"claim": "groups", "value": "directors", "space": id(board.ID), "space_role": "reader"}).Status(http.StatusSeeOther)
	owner.Post("/sign-in-rules/2/removal", nil).Status(http.StatusSeeOther)
	owner.Get("/sign-in-rules").See("1. groups is or contains “directors”", "Space board: Reader", "/sign-in-rules/2/restoration").NotSee("stars")
	owner.Get("/sign-in-rules/2").Status(http.StatusNotFound)
	owner.Post("/sign-in-rules/2/restoration", nil).Status(http.StatusSeeOther)
	owner.Get("/sign-in-rules").See("1. groups is or contains “&lt;b&gt;stars”", "2. groups is or contains “directors”")
	for verb, words := range map[string]string{"created": "added", "moved": "moved", "edited": "changed", "deleted": "deleted", "restored": "brought"} {
		owner.Get("/audit?verb=rule."+verb).See("Sign-in rule", words).NotSee("directors", "stars")
	}
	// A rule into a room that this owner does not see shows no name, and can be kept but not made.
	site.Tx(nil, func(tx *models.Tx) error { return tx.DeleteSignInRule(1) })
	owner.Post("/sign-in-rules", apptest.Form{"claim": "groups", "value": "x", "space": id(closed.ID), "space_role": "reader"}).Status(http.StatusUnprocessableEntity).See("Choose a space that you manage", `value="x"`).NotSee("secret-project")
}

func TestAWrongRuleIsShownAgainWithWhatIsWrong(t *testing.T) {
	_, owner, _, _ := rulebook(t)
	for words, form := range map[string]apptest.Form{
		"Name the claim":              {"claim": "", "value": "x", "role": "hr"},
		"Give the value":              {"claim": "groups", "value": " ", "role": "hr"},
		"Choose what the rule gives":  {"claim": "groups", "value": "x"},
		"that a rule may give":        {"claim": "groups", "value": "x", "role": "owner"},
		"Choose one of the providers": {"claim": "groups", "value": "x", "role": "hr", "issuer": "https://evil.test"},
		"Choose a group":              {"claim": "groups", "value": "x", "group": "x'; DROP TABLE users"},
		"Choose a space":              {"claim": "groups", "value": "x", "space": "999", "space_role": "reader"},
	} {
		owner.Post("/sign-in-rules", form).Status(http.StatusUnprocessableEntity).See(words, `role="alert"`)
	}
	owner.Post("/sign-in-rules", apptest.Form{"claim": "groups", "value": "x", "role": "hr"}).Status(http.StatusSeeOther)
	owner.Post("/sign-in-rules/1", apptest.Form{"claim": "groups", "value": "x", "role": "owner"}).Status(http.StatusUnprocessableEntity).See("that a rule may give")
	owner.Get("/sign-in-rules").See("Role in the house: HR")
}

func TestTheBenchSaysWhatSomebodyWouldGetAndChangesNothing(t *testing.T) {
	site, owner, board, _ := rulebook(t)
	owner.Post("/sign-in-rules", apptest.Form{"issuer": north, "claim": "groups", "value": "board", "space": id(board.ID), "space_role": "expert", "role": "moderator"}).Status(http.StatusSeeOther)
	owner.Post("/sign-in-rules", apptest.Form{"claim": "department", "value": "Ventes", "role": "manager"}).Status(http.StatusSeeOther)
	last := func() int64 {
		event, err := site.DB.LastEventID(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return event
	}
	before := last()
	try := func(form apptest.Form) *apptest.Answer { return owner.Post("/sign-in-rules/trial", form) }
	try(apptest.Form{"claims": `{"groups": ["staff", "board"], "department": "Ventes"}`, "try_issuer": north}).Status(http.StatusOK).
		See("Somebody with these claims would get", "The role Moderator, by rule 1", "Space board: Expert, by rule 1")
	try(apptest.Form{"claims": `{"groups": ["board"], "department": "Ventes"}`}).Status(http.StatusOK).
		See("The role Community manager, by rule 2", "Another provider says it", "No group and no space")
	try(apptest.Form{"claims": `{"groups": ["<i>staff"]}`, "try_issuer": north}).See("groups: &lt;i&gt;staff", "department is not there", "The role Employee, since no rule gives another").NotSee("<i>staff")

	mona := site.Person("Mona", models.RoleAuditor)
	never := site.Person("Never", models.RoleEmployee)
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.Bind(never.ID, north, "never"); err != nil {
			return err
		}
		if err := tx.Bind(mona.ID, north, "subject-of-mona"); err != nil {
			return err
		}
		return tx.SaveClaims(north, "subject-of-mona", models.Claims{"groups": {"board"}})
	})
	for _, who := range []string{" MONA@example.test ", "subject-of-mona"} {
		try(apptest.Form{"person": who}).Status(http.StatusOK).See("Mona would get", "The role Auditor that somebody gave them by hand stays", "Space board: Expert, by rule 1")
	}
	for words, form := range map[string]apptest.Form{
		"has signed in through a provider": {"person": "never@example.test"}, "not a JSON object": {"claims": "[1]"}, "begins and ends with a brace": {}, "not both": {"person": "a", "claims": "{}"}, "too long": {"claims": `{"a": "` + strings.Repeat("x", 70_000) + `"}`},
	} {
		try(form).Status(http.StatusUnprocessableEntity).See(words)
	}
	if access := site.Actor(mona).Access(board.ID); access != nil || site.Actor(mona).Role != models.RoleAuditor || last() != before {
		t.Errorf("trying changed something: %+v", access)
	}
}
