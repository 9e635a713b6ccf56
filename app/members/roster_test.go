package members_test

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// send sends a list and returns its address, or the form again.
func send(t *testing.T, client *apptest.Client, content string) *apptest.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "people.csv")
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return client.Do(http.MethodPost, "/members/rosters", &body, http.Header{"Content-Type": {form.FormDataContentType()}})
}

// checked sends a list that can be read and returns the page of what it would do.
func checked(t *testing.T, client *apptest.Client, content string) (address string, page *apptest.Answer) {
	t.Helper()
	address = send(t, client, content).Status(http.StatusSeeOther).Header.Get("Location")
	return address, client.Get(address).Status(http.StatusOK)
}

// taken has a list taken in.
func taken(t *testing.T, site *apptest.Site, client *apptest.Client, content string) *apptest.Answer {
	t.Helper()
	address, _ := checked(t, client, content)
	client.Post(address+"/import", nil).Status(http.StatusSeeOther)
	site.Settle()
	return client.Get(address).Status(http.StatusOK)
}

func user(t *testing.T, site *apptest.Site, email string) *models.User {
	t.Helper()
	found, err := site.DB.UserByEmail(t.Context(), email)
	if err != nil {
		t.Fatalf("%s: %v", email, err)
	}
	return found
}

const people = "E-mail;Nom;Rôle;Service;Site;Famille de métiers;E-mail du responsable;Langue;Groupes;Fonction\r\n" +
	"zoe@example.test;Zoé Petit;;Énergie;Lyon;Ingénierie;noor@example.test;français;Cercle;Acheteuse\r\n" +
	"\r\n" +
	"NOOR@example.test;\"Noor; \"\"Nono\"\" Haddad\";moderator;énergie;;;;en;;\r\n" +
	"mona@example.test;;;;Paris;;noor@example.test;;cercle;\r\n"

func TestAListOfPeopleIsShownThenTakenInOnce(t *testing.T) {
	site := apptest.Start(t)
	owner := site.Person("Olga", models.RoleOwner)
	boss, mona := site.As(owner), site.Person("Mona", models.RoleEmployee)
	circle := &models.Group{Kind: models.KindGroup, Name: "Cercle"}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateGroup(circle) })

	address, page := checked(t, boss, people)
	page.See("make 2 new accounts, change 1", "Zoé Petit", "New account: Employee", "New account: Moderator", ">4</td>", "Noor; &#34;Nono&#34; Haddad", "Import the list").NotSee("Refused")
	boss.Get(address+"?show=changed").See("Site: Paris", "Manager: noor@example.test", "Groups: Cercle", ">5</td>")
	if _, err := site.DB.UserByEmail(t.Context(), "zoe@example.test"); err == nil {
		t.Error("looking at the list has made an account")
	}
	boss.Post(address+"/import", nil).Status(http.StatusSeeOther)
	boss.Get(address).See("being imported", `http-equiv="refresh"`)
	boss.Post(address+"/import", nil).Status(http.StatusSeeOther) // pressed twice
	site.Settle()
	boss.Get(address).Status(http.StatusOK).See("New people: 2. Changed accounts: 1.").NotSee("zoe@example.test")
	boss.Post(address+"/import", nil).Status(http.StatusSeeOther)
	site.Settle()

	zoe, noor, after := user(t, site, "zoe@example.test"), user(t, site, "noor@example.test"), user(t, site, mona.Email)
	if zoe.Name != "Zoé Petit" || zoe.Role != models.RoleEmployee || zoe.Department != "Énergie" || zoe.Site != "Lyon" || zoe.JobFamily != "Ingénierie" || zoe.Locale != "fr" || zoe.Job != "Acheteuse" ||
		zoe.ManagerID == nil || *zoe.ManagerID != noor.ID {
		t.Errorf("Zoé is %+v", zoe)
	}
	if noor.Role != models.RoleModerator || noor.Department != "Énergie" || noor.ManagerID != nil {
		t.Errorf("Noor is %+v", noor)
	}
	if after.Name != "Mona" || after.Site != "Paris" || after.ManagerID == nil || *after.ManagerID != noor.ID {
		t.Errorf("Mona is %+v", after)
	}
	in, err := site.DB.InGroups(t.Context(), []int64{circle.ID}, []int64{zoe.ID, noor.ID, mona.ID})
	if err != nil || len(in) != 2 || in[[2]int64{circle.ID, noor.ID}] {
		t.Errorf("in the circle are %v, %v", in, err)
	}
	log := site.As(owner).Get("/audit?verb=security").See("imported a list of people", "by a list")
	if n := strings.Count(log.Text, "imported a list of people"); n != 2 { // one of them in the filter
		t.Errorf("taken in %d times, want once", n-1)
	}
	site.As(mona).Get("/account/security").See("by a list")

	// A second run adds nothing.
	_, page = checked(t, boss, people)
	page.See("Everything that the list says is so already").NotSee("Import the list")
	if found, err := site.DB.CountPeople(t.Context(), site.Actor(owner), models.PeopleQuery{}); err != nil || found != 4 {
		t.Errorf("%d accounts, want 4 (%v)", found, err)
	}
}

func TestEveryMistakeOfAListIsNamedByItsLineAndNothingIsTakenIn(t *testing.T) {
	site := apptest.Start(t)
	boss := site.As(site.Person("Mathilde", models.RoleManager))
	owner, guest, gone, bound := site.Person("Olga", models.RoleOwner), site.Person("Gaston", models.RoleExternal), site.Person("Gone", models.RoleEmployee), site.Person("Bound", models.RoleEmployee)
	site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.Bind(bound.ID, "https://login.test", "b"); err != nil {
			return err
		}
		return tx.Disable(gone.ID)
	})
	lines := []struct{ cells, says string }{
		{"new@example.test,Fine,,,", ""},
		{",Nobody,,,", "E-mail: Give the address"},
		{"no address,Nobody,,,", "E-mail: "},
		{"new@example.test,Again,,,", "E-mail: Line 2 has the same address"},
		{"x1@example.test,,,,", "Name: Give the name"},
		{"x2@example.test,X,owner,,", "Role: A list makes nobody an owner"},
		{"x3@example.test,X,Propriétaire,,", "Role: A list makes nobody an owner"},
		{"x4@example.test,X,external,,", "Role: People from outside are invited"},
		{"x5@example.test,X,manager,,", "Role: Only an owner"}, // which a manager cannot make anyone
		{"x6@example.test,X,king,,", "Role: There is no role “king”"},
		{owner.Email + ",,employee,,", "Role: The role of an owner"},
		{owner.Email + "x,X,,ghost@example.test,", "Manager: No employee"},
		{guest.Email + ",,employee,,", "decided on their page"},
		{gone.Email + ",Other name,,,", "E-mail: The account is suspended"},
		{bound.Email + ",Other name,,,", "Name: The company’s directory"},
		{"x7@example.test,X,,x7@example.test,", "Manager: Nobody is their own"},
		{"x8@example.test,X,," + guest.Email + ",", "Manager: No employee"},
		{"x9@example.test,X,,,de", "Language: “de” is not spoken"},
		{"x10@example.test,\"X\ny\",,,", "Name: At most 200 signs on one line"},
		{"x11@example.test," + strings.Repeat("x", 201) + ",,,", "Name: At most 200 signs"},
		{"x12@example.test,X", "has 2 cells, and the first one 5"},
		{"x13@example.test,X\x07y,,,", "Name: At most 200 signs on one line"},
	}
	content := "email,name,role,manager,language\n"
	for _, line := range lines {
		content += line.cells + "\n"
	}
	address, page := checked(t, boss, content)
	at := 2
	rows := strings.Split(page.Text, "<tr>")
	for _, line := range lines {
		row := ""
		for _, r := range rows {
			if strings.Contains(r, fmt.Sprintf(">%d</td>", at)) {
				row = r
			}
		}
		if line.says == "" && row != "" || !strings.Contains(row, line.says) {
			t.Errorf("line %d, %s, is told %q, want %q", at, line.cells, row, line.says)
		}
		at += 1 + strings.Count(line.cells, "\n")
	}
	page.See("lines are refused").NotSee("Import the list")
	boss.Post(address+"/import", nil).Status(http.StatusSeeOther) // by hand
	site.Settle()
	boss.Get(address).See("Nothing was imported because of line 3")
	if n, err := site.DB.CountPeople(t.Context(), site.Actor(owner), models.PeopleQuery{}); err != nil || n != 5 {
		t.Errorf("%d accounts, want 5 (%v)", n, err)
	}
	if site.Actor(owner).Role != models.RoleOwner {
		t.Error("the owner is none any more")
	}
	boss.Post(address+"/removal", nil).Status(http.StatusSeeOther)
	boss.Get(address).Status(http.StatusNotFound)
}

func TestWhatTheDirectorySaysOfAPersonIsNotForAListToChange(t *testing.T) {
	site := apptest.Start(t)
	boss := site.As(site.Person("Mathilde", models.RoleManager))
	name, key := "sadia", "sadia"
	sadia := &models.User{Name: "Sadia", Email: "sadia@example.test", Role: models.RoleEmployee, Job: "Buyer", UserName: &name, UserNameKey: &key}
	site.Tx(nil, func(tx *models.Tx) error {
		return errors.Join(tx.CreateUser(sadia), tx.SetDepartment(sadia.ID, "Energy"))
	})
	head := "email,department,job,site\n"
	_, page := checked(t, boss, head+"sadia@example.test,energy,Buyer,Lyon\n")
	page.See("Site: Lyon").NotSee("Refused")
	_, page = checked(t, boss, head+"sadia@example.test,Board,Owner of all,Lyon\n")
	page.See("Department: The company’s directory says this", "Job: The company’s directory says this").NotSee("Import the list")
}

func TestALineFullOfMistakesSaysTheFirstOnes(t *testing.T) {
	site := apptest.Start(t)
	boss := site.As(site.Person("Mathilde", models.RoleManager))
	_, page := checked(t, boss, "email,name,groups\nx@example.test,X,"+strings.Repeat("a|", 5_000)+"\n")
	if n := strings.Count(page.Text, "Groups: "); n != 10 {
		t.Errorf("%d mistakes of one cell are shown, want 10", n)
	}
}

func TestAListThatCannotBeReadIsRefusedInWords(t *testing.T) {
	site := apptest.Start(t)
	boss := site.As(site.Person("Mathilde", models.RoleManager))
	for content, words := range map[string]string{
		"": "Choose a file", " \r\n": "Choose a file", "\xff\xfee\x00m\x00": "UTF-16", "PK\x03\x04rest": "workbook", "email\x00": "no text", "email,name\nx@example.test,\x81\n": "no text",
		"email\n" + strings.Repeat("x", 901<<10): "larger than 900 kB",
	} {
		send(t, boss, content).Status(http.StatusUnprocessableEntity).See(words, `id="file-error"`)
	}
	boss.Post("/members/rosters", nil).Status(http.StatusUnprocessableEntity).See("Choose a file")
	send(t, boss, strings.Repeat("x", 2<<20)).Status(http.StatusRequestEntityTooLarge)
	for content, words := range map[string]string{
		"name\nX\n": "E-mail: The first line has to name this column", "email,shoe size\nx@example.test,7\n": "no column “shoe size”", "email,Mail\nx@example.test,x\n": "there twice",
		"email,name\n": "names nobody", "email,name\n\"x@example.test,X\n": "no CSV", "email,name\n" + many(5001): "more than 5,000 lines",
	} {
		_, page := checked(t, boss, content)
		page.See(words).NotSee("Import the list")
	}
}

func TestListsComeInWhateverASpreadsheetSaves(t *testing.T) {
	site := apptest.Start(t)
	boss := site.As(site.Person("Mathilde", models.RoleManager))
	windows, err := charmap.Windows1252.NewEncoder().String("Courriel;Nom\r\nelodie@example.test;Élodie “Dédé” Œuf\r\n")
	if err != nil {
		t.Fatal(err)
	}
	taken(t, site, boss, windows).See("New people: 1")
	taken(t, site, boss, "\ufeffemail\tname\nzoe@example.test\tZoé, of course; yes\n").See("New people: 1")
	taken(t, site, boss, "email,name\nformula@example.test,'=1+1\n").See("New people: 1")
	for email, name := range map[string]string{"elodie@example.test": "Élodie “Dédé” Œuf", "zoe@example.test": "Zoé, of course; yes", "formula@example.test": "=1+1"} {
		if got := user(t, site, email).Name; got != name {
			t.Errorf("%s is called %q, want %q", email, got, name)
		}
	}
	// What goes out is text to a spreadsheet, and comes in again as what it was.
	out := boss.Get("/members/export").Status(http.StatusOK).See("email,name,role", "formula@example.test,'=1+1,employee", "\ufeff").NotSee(",=1+1")
	if kind := out.Header.Get("Content-Type") + out.Header.Get("Content-Disposition"); !strings.HasPrefix(kind, "text/csv; charset=utf-8attachment; ") {
		t.Errorf("sent as %s", kind)
	}
	_, page := checked(t, boss, out.Text)
	page.See("so already")
}

func TestAListIsItsSendersAlone(t *testing.T) {
	site := apptest.Start(t)
	owner, boss := site.As(site.Person("Olga", models.RoleOwner)), site.As(site.Person("Mathilde", models.RoleManager))
	address, _ := checked(t, boss, "email,name\nzoe@example.test,Zoé\n")
	for _, client := range []*apptest.Client{owner, site.As(site.Person("Mona", models.RoleModerator))} {
		for _, more := range []string{"", "/import", "/removal"} {
			answer := client.Get(address)
			if more != "" {
				answer = client.Post(address+more, nil)
			}
			answer.NotSee("zoe@example.test")
			if answer.StatusCode != http.StatusNotFound && answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s%s: %d", address, more, answer.StatusCode)
			}
		}
		if client != owner {
			client.Get("/members/export").Status(http.StatusForbidden).NotSee("example.test")
			client.Get("/members/rosters/new").Status(http.StatusForbidden)
			send(t, client, "email,name\nzoe@example.test,Zoé\n").Status(http.StatusForbidden)
		}
	}
	boss.Get(address).See("Zoé")
}

func TestWhoMayNoLongerLookAfterPeopleHasNothingTakenIn(t *testing.T) {
	site := apptest.Start(t)
	mathilde := site.Person("Mathilde", models.RoleManager)
	boss := site.As(mathilde)
	address, _ := checked(t, boss, "email,name\nzoe@example.test,Zoé\n")
	boss.Post(address+"/import", nil).Status(http.StatusSeeOther)
	site.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.ChangeRole(mathilde, models.RoleEmployee)
		return err
	})
	site.Settle()
	if _, err := site.DB.UserByEmail(t.Context(), "zoe@example.test"); err == nil {
		t.Error("Zoé has an account")
	}
}

func TestTheLastManagerOfASpaceKeepsTheirRoleAgainstAList(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona", models.RoleEmployee)
	site.Space("ideas", models.Company, map[*models.User]models.SpaceRole{mona: models.SpaceManager})
	taken(t, site, site.As(site.Person("Olga", models.RoleOwner)), "email,name,role\nzoe@example.test,Zoé,\n"+mona.Email+",,auditor\n").
		See("Nothing was imported because of line 3", "left without a manager")
	if _, err := site.DB.UserByEmail(t.Context(), "zoe@example.test"); err == nil || site.Actor(mona).Role != models.RoleEmployee {
		t.Error("half of the list was taken in")
	}
}

func TestAListThatNobodyComesBackForIsThrownAway(t *testing.T) {
	now := time.Now()
	site := apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return now } })
	mathilde := site.Person("Mathilde", models.RoleManager)
	address, _ := checked(t, site.As(mathilde), "email,name\nzoe@example.test,Zoé\n")
	if !regexp.MustCompile(`^/members/rosters/\d+$`).MatchString(address) {
		t.Errorf("at %s", address)
	}
	now = now.Add(8 * 24 * time.Hour)
	site.Tx(nil, func(tx *models.Tx) error { return tx.SweepRosters() })
	site.As(mathilde).Get(address).Status(http.StatusNotFound)
}

// many are the lines of many people.
func many(n int) string {
	var lines strings.Builder
	for i := range n {
		fmt.Fprintf(&lines, "p%d@example.test,P %d\n", i, i)
	}
	return lines.String()
}

func TestALongListIsShownInPagesAndTakenInWhole(t *testing.T) {
	site := apptest.Start(t)
	owner := site.Person("Olga", models.RoleOwner)
	boss := site.As(owner)
	address, page := checked(t, boss, "email,name\n"+many(250))
	page.See("make 250 new accounts", ">101</td>", "after=101").NotSee(">102</td>")
	boss.Get(address+"?show=made&after=201").See(">202</td>", ">251</td>")
	for _, query := range []string{"?show=rubbish", "?after=x", "?after=-1"} {
		boss.Get(address + query).Status(http.StatusUnprocessableEntity)
	}
	boss.Post(address+"/import", nil).Status(http.StatusSeeOther)
	site.Settle()
	if n, err := site.DB.CountPeople(t.Context(), site.Actor(owner), models.PeopleQuery{}); err != nil || n != 251 {
		t.Errorf("%d accounts, want 251 (%v)", n, err)
	}
}
