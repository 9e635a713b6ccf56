package accounts_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// robot has an owner open an account for a program.
func robot(t *testing.T, site *apptest.Site, owner *apptest.Client, sponsor *models.User) (*models.User, string) {
	t.Helper()
	path := owner.Post("/services", apptest.Form{"name": "Suggestion box", "purpose": "Brings the paper box in", "sponsor": sponsor.Email}).Status(http.StatusSeeOther).Header.Get("Location")
	var id int64
	if _, err := fmt.Sscanf(path, "/services/%d", &id); err != nil {
		t.Fatal(err)
	}
	user, err := site.DB.Person(t.Context(), site.Actor(sponsor), id)
	if err != nil {
		t.Fatal(err)
	}
	return user, path
}

// programMark stands beside the name of a program.
const programMark = `<span class="pill program">Program</span>`

var anyToken = regexp.MustCompile(`ruche_[0-9a-f]{64}`)

func TestAProgramHasAnAccountOfItsOwnAndWritesUnderIt(t *testing.T) {
	site := apptest.Start(t)
	olga, mona := site.Person("Olga", models.RoleOwner), site.Person("Mona", models.RoleEmployee)
	owner := site.As(olga)
	site.Space("ideas", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	bot, path := robot(t, site, owner, mona)
	if bot.Name != "Suggestion box" || bot.Email != "" || bot.Role != models.RoleEmployee || bot.SponsorID == nil || *bot.SponsorID != mona.ID {
		t.Errorf("opened %+v", bot)
	}
	owner.Get(path).Status(http.StatusOK).See("Suggestion box", programMark, "Brings the paper box in", "Mona")
	made := owner.Post(path+"/tokens", apptest.Form{"token_name": "Mail room", "scope": "write", "days": "90"}).Status(http.StatusOK).See("will not be shown again")
	secret := anyToken.FindString(made.Text)
	if got := made.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the secret may be kept: %q", got)
	}
	owner.Get(path).See("Mail room").NotSee(secret)
	bearer := http.Header{"Authorization": {"Bearer " + secret}, "Content-Type": {"application/json"}}
	posted := site.Visitor().Do("POST", "/api/v1/ideas", strings.NewReader(`{"space":"ideas","title":"A bench in the yard","body":"On paper."}`), bearer).Status(http.StatusCreated)
	idea := regexp.MustCompile(`/ideas/[\w-]+`).FindString(posted.Text)
	for _, page := range []string{idea, "/ideas", fmt.Sprintf("/people/%d", bot.ID), "/members?state=service", fmt.Sprintf("/members/%d", bot.ID)} {
		owner.Get(page).Status(http.StatusOK).See("Suggestion box", programMark)
	}
	owner.Get("/members?state=service").NotSee(">Mona</a>")
	owner.Get("/members?state=never").NotSee("Suggestion box")
	owner.Get("/audit?verb=user.created").See("as the account of a program")

	// Suspended, it is out at once; brought back, it has no token.
	owner.Post(path+"/suspension", apptest.Form{"suspended": "1"}).Status(http.StatusSeeOther)
	site.Visitor().Do("GET", "/api/v1/me", nil, bearer).Status(http.StatusUnauthorized)
	owner.Post(path+"/tokens", apptest.Form{"token_name": "Another", "scope": "read", "days": "90"}).Status(http.StatusConflict)
	owner.Post(path+"/suspension", apptest.Form{"suspended": "0"}).Status(http.StatusSeeOther)
	site.Visitor().Do("GET", "/api/v1/me", nil, bearer).Status(http.StatusUnauthorized)
	token := owner.Post(path+"/tokens", apptest.Form{"token_name": "Another", "scope": "read", "days": "90"}).Status(http.StatusOK)
	bearer.Set("Authorization", "Bearer "+anyToken.FindString(token.Text))
	site.Visitor().Do("GET", "/api/v1/me", nil, bearer).Status(http.StatusOK)
	revocation := regexp.MustCompile(path + `/tokens/\d+/revocation`).FindString(token.Text)
	owner.Post(revocation, nil).Status(http.StatusSeeOther)
	site.Visitor().Do("GET", "/api/v1/me", nil, bearer).Status(http.StatusUnauthorized)
	owner.Post(revocation, nil).Status(http.StatusNotFound)
	site.As(mona).Get(path).Status(http.StatusForbidden)
	owner.Get(fmt.Sprintf("/services/%d", mona.ID)).Status(http.StatusNotFound)
	owner.Post(fmt.Sprintf("/services/%d/tokens", mona.ID), apptest.Form{"token_name": "x", "scope": "read", "days": "90"}).Status(http.StatusNotFound)
	owner.Post(fmt.Sprintf("/services/%d/suspension", mona.ID), apptest.Form{"suspended": "1"}).Status(http.StatusNotFound)
	site.As(mona).Get("/account").Status(http.StatusOK)
}

func TestNobodyComesInAsAProgramByAnyDoor(t *testing.T) {
	p := fakeProvider(t)
	site := apptest.Start(t, named, withProvider(p))
	olga, mona := site.Person("Olga", models.RoleOwner), site.Person("Mona", models.RoleEmployee)
	bot, path := robot(t, site, site.As(olga), mona)
	out := func(door string, client *apptest.Client) {
		t.Helper()
		if status := client.Get("/account").StatusCode; status != http.StatusSeeOther {
			t.Errorf("by %s somebody comes in as a program: %d", door, status)
		}
	}

	link := site.Visitor() // a one-time link that was made somehow
	secret := site.LoginToken(bot)
	link.Get("/sign-in/link?token=" + secret).Status(http.StatusGone)
	link.Post("/sign-in/link", apptest.Form{"token": secret}).Status(http.StatusGone)
	out("a link", link)
	site.As(olga).Post(fmt.Sprintf("/members/%d/link", bot.ID), nil).Status(http.StatusConflict)
	site.As(olga).Get(fmt.Sprintf("/members/%d", bot.ID)).NotSee("Make a sign-in link", "Send a sign-in link")

	provider := site.Visitor() // an identity that was bound somehow
	site.Tx(nil, func(tx *models.Tx) error { return tx.Bind(bot.ID, p.URL, "u1") })
	p.enter(provider, nil).Status(http.StatusForbidden)
	out("the provider", provider)

	// A passkey and an address that the account has somehow.
	person := site.Person("Person", models.RoleEmployee)
	newDevice(t, site).add(site.As(person), "Key").Status(http.StatusSeeOther)
	keys, err := site.DB.Passkeys(t.Context(), person.ID)
	if err != nil || len(keys) != 1 {
		t.Fatalf("%v, %v", keys, err)
	}
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.RemovePasskey(person.ID, keys[0].ID); err != nil {
			return err
		}
		key := keys[0]
		key.ID, key.UserID = 0, bot.ID
		if err := tx.AddPasskey(&key); err != nil {
			return err
		}
		if _, _, err := tx.PasskeyOwner(key.CredentialID); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("a program's passkey opens the door: %v", err)
		}
		bot.Email = "bot@example.test"
		return tx.SaveProfile(bot)
	})
	if _, err := site.DB.UserWithAccess(t.Context(), bot.Email); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a link would be sent to a program's address: %v", err)
	}

	// A token opens no page, and the account is none of the directory's.
	token := anyToken.FindString(site.As(olga).Post(path+"/tokens", apptest.Form{"token_name": "x", "scope": "manage", "days": "90"}).Status(http.StatusOK).Text)
	site.Visitor().Do("GET", "/account", nil, http.Header{"Authorization": {"Bearer " + token}}).Status(http.StatusSeeOther)
	directory(t, site, olga, "GET", fmt.Sprintf("/Users/%d", bot.ID), "").Status(http.StatusNotFound)
}

func TestOnlyOwnersOpenAccountsForProgramsAndNoneOwnsTheHouse(t *testing.T) {
	site := apptest.Start(t)
	olga, boss, guest := site.Person("Olga", models.RoleOwner), site.Person("Mathilde", models.RoleManager), site.Person("Gaston", models.RoleExternal)
	bot, path := robot(t, site, site.As(olga), boss)
	form := apptest.Form{"name": "Bot", "purpose": "Reads", "sponsor": olga.Email}
	for _, user := range []*models.User{boss, guest} {
		client := site.As(user)
		client.Get("/services").Status(http.StatusForbidden).NotSee("Suggestion box")
		client.Get(path).Status(http.StatusForbidden).NotSee("Suggestion box")
		client.Post("/services", form).Status(http.StatusForbidden)
		client.Post(path+"/tokens", apptest.Form{"token_name": "x", "scope": "read", "days": "90"}).Status(http.StatusForbidden)
		client.Post(path+"/suspension", apptest.Form{"suspended": "1"}).Status(http.StatusForbidden)
		client.Post(fmt.Sprintf("/members/%d/role", bot.ID), apptest.Form{"role": "moderator"}).Status(http.StatusForbidden)
	}
	owner := site.As(olga)
	for field, value := range map[string]string{"name": " ", "purpose": "", "sponsor": guest.Email} {
		wrong := apptest.Form{"name": "Bot", "purpose": "Reads", "sponsor": olga.Email}
		wrong[field] = value
		owner.Post("/services", wrong).Status(http.StatusUnprocessableEntity).See(`id="` + field + `-error"`)
	}
	for _, role := range []string{"owner", "external"} {
		owner.Post(fmt.Sprintf("/members/%d/role", bot.ID), apptest.Form{"role": role, "sure": "1"}).Status(http.StatusUnprocessableEntity).See("A program is no owner")
	}
	owner.Post(fmt.Sprintf("/members/%d/role", bot.ID), apptest.Form{"role": "moderator"}).Status(http.StatusSeeOther)
	owner.Post(path+"/tokens", apptest.Form{"token_name": "x", "scope": "root", "days": "9000"}).Status(http.StatusUnprocessableEntity).See(`id="scope-error"`, `id="days-error"`)

	// A person may be called as they like: no name is taken for a program.
	person := site.Person("Ada [bot]", models.RoleEmployee)
	owner.Get(fmt.Sprintf("/people/%d", person.ID)).See("Ada [bot]").NotSee(programMark)
}

func TestWhenWhoAnswersForAProgramLeavesItsTokensGoOnForAWhile(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, clock(&now))
	olga, mathilde := site.Person("Olga", models.RoleOwner), site.Person("Mathilde", models.RoleManager)
	mona, heir := site.Person("Mona", models.RoleEmployee), site.Person("Heir", models.RoleEmployee)
	owner, boss := site.As(olga), site.As(mathilde)
	bot, path := robot(t, site, owner, mona)
	made := owner.Post(path+"/tokens", apptest.Form{"token_name": "Mail room", "scope": "read", "days": "365"}).Status(http.StatusOK)
	bearer := http.Header{"Authorization": {"Bearer " + anyToken.FindString(made.Text)}}
	works := func(status int) {
		t.Helper()
		site.Visitor().Do("GET", "/api/v1/me", nil, bearer).Status(status)
	}
	look := func() {
		t.Helper()
		site.Tx(nil, func(tx *models.Tx) error {
			_, err := tx.NoteUnanswered()
			return err
		})
	}
	look()
	boss.Get("/notifications").NotSee("Nobody answers")

	owner.Post(fmt.Sprintf("/members/%d/suspension", mona.ID), apptest.Form{"suspended": "1"}).Status(http.StatusSeeOther)
	another := apptest.Form{"token_name": "Another", "scope": "read", "days": "90"}
	owner.Post(path+"/tokens", another).Status(http.StatusUnprocessableEntity).See("It gets no new token", `id="sponsor"`)
	if tokens, err := site.DB.Tokens(t.Context(), bot.ID); err != nil || len(tokens) != 1 {
		t.Errorf("%d tokens, %v", len(tokens), err)
	}
	look()
	look()
	for _, client := range []*apptest.Client{owner, boss} {
		notices := client.Get("/notifications").See("Nobody answers any more for a program", `href="/members?state=service"`)
		if n := strings.Count(notices.Text, "Nobody answers any more for a program"); n != 1 {
			t.Errorf("told %d times", n)
		}
		client.Get("/members?state=service").See("Nobody answers for it")
	}
	site.As(heir).Get("/notifications").NotSee("Nobody answers")
	owner.Get("/services").See("Nobody answers for it")
	owner.Get(path).See("Nobody answers for it", "Its tokens rest from").NotSee("Create the token")
	works(http.StatusOK)
	now = now.Add(models.ServiceGrace - time.Hour)
	works(http.StatusOK)
	now = now.Add(2 * time.Hour)
	works(http.StatusUnauthorized)

	// Whoever looks after people names another, and sees that it is a program; its tokens are still the owners' matter.
	owner, boss = site.As(olga), site.As(mathilde)
	member := fmt.Sprintf("/members/%d", bot.ID)
	boss.Get(member).See("Its tokens have rested since", "Name who answers for it", programMark).NotSee("Suspend", path)
	for _, wrong := range []string{"", mona.Email, "nobody@example.test"} {
		boss.Post(member+"/terms", apptest.Form{"sponsor": wrong}).Status(http.StatusUnprocessableEntity).See(`id="sponsor-error"`)
	}
	site.As(heir).Post(member+"/terms", apptest.Form{"sponsor": heir.Email}).Status(http.StatusForbidden)
	boss.Post(member+"/terms", apptest.Form{"sponsor": heir.Email}).Status(http.StatusSeeOther)
	boss.Get(member).See("Heir").NotSee("rested since")
	works(http.StatusOK)
	boss.Post(member+"/suspension", apptest.Form{"suspended": "1"}).Status(http.StatusForbidden)
	owner.Get(path).See("Heir").NotSee("Nobody answers")
	owner.Post(path+"/tokens", another).Status(http.StatusOK).See("ruche_")
	look()
	owner.Get("/members?state=service").NotSee("Nobody answers for it")
}

func TestWhoAnswersForAProgramIsToldThatItsTokenEnds(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, clock(&now))
	olga, mona := site.Person("Olga", models.RoleOwner), site.Person("Mona", models.RoleEmployee)
	_, path := robot(t, site, site.As(olga), mona)
	site.As(olga).Post(path+"/tokens", apptest.Form{"token_name": "Mail room", "scope": "read", "days": "30"}).Status(http.StatusOK)
	now = now.Add(20 * 24 * time.Hour)
	var told []models.EndingToken
	site.Tx(nil, func(tx *models.Tx) (err error) {
		told, err = tx.WarnOfTokens()
		return err
	})
	if len(told) != 1 || told[0].Email != mona.Email || !told[0].Service {
		t.Errorf("told: %+v", told)
	}
}
