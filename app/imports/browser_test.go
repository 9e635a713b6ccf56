package imports_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// house has a space that Paul runs, an employee in it, and nothing else.
type house struct {
	*apptest.Site
	t           *testing.T
	paul, emma  *models.User
	works, club *models.Space
}

func start(t *testing.T) *house {
	t.Helper()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	h := &house{t: t, Site: apptest.Start(t, func(_ *app.Config, o *app.Options) { o.Clock = func() time.Time { return now } })}
	h.paul, h.emma = h.Person("Paul", models.RoleEmployee), h.Person("Emma", models.RoleEmployee)
	h.works = h.Space("works", models.Company, map[*models.User]models.SpaceRole{h.paul: models.SpaceManager})
	h.club = h.Space("club", models.Restricted, map[*models.User]models.SpaceRole{h.emma: models.SpaceManager})
	return h
}

// send sends a file as a browser does.
func (h *house) send(client *apptest.Client, name, content string, fields apptest.Form) *apptest.Answer {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	sent := apptest.Form{"place": "space:works", "what": "ideas"}
	for field, value := range fields {
		sent[field] = value
	}
	for field, value := range sent {
		if err := form.WriteField(field, value); err != nil {
			h.t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return client.Do(http.MethodPost, "/imports", &body, http.Header{"Content-Type": {form.FormDataContentType()}})
}

var (
	selects  = regexp.MustCompile(`(?s)<select [^>]*id="((?:field|stage)-[^"]+)".*?</select>`)
	selected = regexp.MustCompile(`<option value="([^"]*)" selected`)
	hidden   = regexp.MustCompile(`<input type="hidden" name="(state-\d+)" value="([^"]*)"`)
)

// form is what the page of a file asks for, as it is chosen there.
func form(page *apptest.Answer) apptest.Form {
	chosen := apptest.Form{}
	for _, field := range selects.FindAllStringSubmatch(page.Text, -1) {
		if value := selected.FindStringSubmatch(field[0]); value != nil {
			chosen[field[1]] = value[1]
		}
	}
	for _, field := range hidden.FindAllStringSubmatch(page.Text, -1) {
		chosen[field[1]] = field[2]
	}
	return chosen
}

// checked sends a file, leaves its columns as they were recognised, and returns the page of what it would do.
func (h *house) checked(client *apptest.Client, name, content string, fields apptest.Form) (address string, page *apptest.Answer) {
	h.t.Helper()
	address = h.send(client, name, content, fields).Status(http.StatusSeeOther).Header.Get("Location")
	client.Post(address, form(client.Get(address).Status(http.StatusOK))).Status(http.StatusSeeOther)
	client.Get(address).See("being checked", `http-equiv="refresh"`)
	h.Settle()
	return address, client.Get(address).Status(http.StatusOK)
}

// taken has a file taken in.
func (h *house) taken(client *apptest.Client, name, content string, fields apptest.Form) (address string, page *apptest.Answer) {
	h.t.Helper()
	address, _ = h.checked(client, name, content, fields)
	client.Post(address+"/run", nil).Status(http.StatusSeeOther)
	h.Settle()
	return address, client.Get(address).Status(http.StatusOK)
}

// decidim is an export of proposals as Decidim writes them: semicolons, a column for each language, texts as HTML.
const decidim = `id;category/name/fr;participatory_space/id;component/id;title/fr;title/en;body/fr;state;supports;published_at;author/name
11;Énergie;3;7;Éteindre les écrans le soir;;"<p>Trois cents écrans restent allumés ;</p><p>on les <strong>éteint</strong>.</p>";accepted;42;2025-11-03 09:12:00 UTC;Nadège R.
12;Énergie;3;7;Du compost à la cantine;;"=HYPERLINK(""http://evil.example"")";;0;04/11/2025 10:00;
13;;3;7;Retirée;;x;withdrawn;3;2025-11-05;Nadège R.
`

func TestAnExportOfDecidimIsRecognisedTakenInAndUndone(t *testing.T) {
	h := start(t)
	paul, emma := h.As(h.paul), h.As(h.emma)
	latin, err := charmap.Windows1252.NewEncoder().String(decidim)
	if err != nil {
		t.Fatal(err)
	}
	address := h.send(paul, "propositions.csv", latin, nil).Status(http.StatusSeeOther).Header.Get("Location")
	paul.Get(address).See("export of Decidim", "Windows-1252", "separated by ;", "3 rows", "title/fr — Éteindre les écrans le soir", "Leave out").NotSee("Import everything", "By address")
	paul.Post(address+"/run", nil).Status(http.StatusSeeOther) // nothing was checked yet
	address, page := h.taken(paul, "propositions.csv", latin, nil)
	page.See("2 ideas came in", "Undo the import", "2 ideas would be withdrawn")
	list := emma.Get("/ideas?sort=newest").See("Éteindre les écrans le soir", "Nadège R.", "42", "Du compost", "Anonymous").NotSee("Retirée")
	idea := emma.Get(regexp.MustCompile(`/ideas/\d+-eteindre[^"]*`).FindString(list.Text)).Status(http.StatusOK)
	idea.See("<strong>éteint</strong>", "Imported", "énergie").NotSee("&lt;p&gt;")

	emma.Get("/ideas?stage=decided").See("Éteindre les écrans").NotSee("Du compost")

	// the same file again brings nothing
	again, page := h.checked(paul, "propositions.csv", decidim, nil)
	page.See("Nothing in this file would come in", "2 rows were imported before", "1 row is left out because of its state").NotSee("Import everything")
	paul.Post(again+"/removal", nil).Status(http.StatusSeeOther)
	paul.Get(again).Status(http.StatusNotFound)

	// what somebody has touched stays
	emma.Post(regexp.MustCompile(`/ideas/\d+/supports`).FindString(idea.Text), apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	paul.Get(address).See("1 idea would be withdrawn", "1 idea stays")
	paul.Post(address+"/undo", nil).Status(http.StatusSeeOther)
	h.Settle()
	paul.Get(address).See("1 idea was taken out of sight", "1 idea stays").NotSee("Undo the import")
	emma.Get("/ideas").See("Éteindre les écrans").NotSee("Du compost")
	paul.Get("/notifications").See("Your import is done")

	// and what was undone can come in anew
	_, page = h.taken(paul, "propositions.csv", decidim, nil)
	page.See("1 idea came in")
}

func TestBrokenRowsAreNamedAndNothingComesIn(t *testing.T) {
	h := start(t)
	paul := h.As(h.paul)
	content := "title,body,date,votes\n" +
		"A bench,Under the tree,2025-01-02,3\n" +
		",No title,2025-01-02,3\n" +
		"=cmd|' /C calc'!A0,A formula,the other day,3\n" +
		"A lamp,Too many,2025-01-02,3,4,5\n" +
		"A bench,Under the tree,2025-01-02,3\n" +
		"From tomorrow,,2026-03-09,3\n" +
		"A \"quote,x,2025-01-02,3\n" +
		"Votes,x,2025-01-02,many\n"
	address, page := h.checked(paul, "liste.csv", content, nil)
	page.See("7 rows are broken", "Title: Write something here.", "Date: This is no date", "more cells than the file has columns", "The same row stands", "yet to come", "a quote is not closed", "This is no number").NotSee("Import everything")
	paul.Post(address+"/run", nil).Status(http.StatusSeeOther) // by hand
	h.Settle()
	paul.Get("/ideas").NotSee("A bench")
	file := paul.Get(address + "/problems").Status(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 8 {
		t.Fatalf("%v: %q", err, file.Text)
	}
	if got := rows[2]; got[0] != "4" || !strings.HasPrefix(got[2], "'=cmd") || got[4] != "the other day" {
		t.Errorf("the broken row is given back as %q", got)
	}
	// mended in that file, it is read as it was
	mended := strings.Replace(file.Text, "the other day", "02/01/2025", 1)
	lines := strings.SplitAfter(mended, "\n")
	_, page = h.taken(paul, "mended.csv", lines[0]+lines[2], nil)
	page.See("1 idea came in")
	paul.Get("/ideas").See("=cmd|&#39; /C calc&#39;!A0")
}

func TestCommentsOfDecidimFindTheirIdeas(t *testing.T) {
	h := start(t)
	paul := h.As(h.paul)
	h.taken(paul, "propositions.csv", decidim, nil)
	comments := "id;created_at;body;locale;author/name;commentable_id;commentable_type\n" +
		"501;2025-11-06 08:00:00 UTC;Et le week-end ? [Emma](/people/" + fmt.Sprint(h.emma.ID) + ");fr;Zoé;11;Decidim::Proposals::Proposal\n" +
		"502;2025-11-06 09:00:00 UTC;Aussi.;fr;Nadège R.;501;Decidim::Comments::Comment\n"
	address, page := h.taken(paul, "commentaires.csv", comments, apptest.Form{"what": "comments"})
	page.See("2 comments came in")
	list := paul.Get("/ideas").Text
	idea := paul.Get(regexp.MustCompile(`/ideas/\d+-eteindre[^"]*`).FindString(list)).See("Et le week-end", "Aussi.", "Zoé")
	if first, second := strings.Index(idea.Text, "Et le week-end"), strings.Index(idea.Text, "Aussi."); second < first {
		t.Error("an answer stands before what it answers")
	}
	h.As(h.emma).Get("/notifications").NotSee("Zoé")
	paul.Get(address).See("2 comments would be removed")
	paul.Post(address+"/undo", nil).Status(http.StatusSeeOther)
	h.Settle()
	paul.Get(idea.Request.URL.Path).NotSee("Et le week-end", "Aussi.")
	_, page = h.checked(paul, "commentaires.csv", strings.Replace(comments, ";11;", ";99;", 1), apptest.Form{"what": "comments"})
	page.See("2 rows are broken", "No such idea was imported")
}

func TestOnlyThoseWhoRunAPlaceTakeAnythingIn(t *testing.T) {
	h := start(t)
	paul, emma, guest := h.As(h.paul), h.As(h.emma), h.As(h.Person("Gaston", models.RoleExternal))
	h.send(emma, "a.csv", "title\nA\n", nil).Status(http.StatusForbidden)
	h.send(paul, "a.csv", "title\nA\n", apptest.Form{"place": "space:club"}).Status(http.StatusNotFound)
	h.send(paul, "a.csv", "title\nA\n", apptest.Form{"place": "campaign:99"}).Status(http.StatusNotFound)
	h.send(guest, "a.csv", "title\nA\n", nil).Status(http.StatusForbidden)
	guest.Get("/imports/new").Status(http.StatusForbidden)
	emma.Get("/imports/new").See("club").NotSee("works")
	address, _ := h.checked(paul, "a.csv", "title\nA\n", nil)
	emma.Get("/imports").NotSee("a.csv")
	for _, path := range []string{address, address + "/problems"} {
		emma.Get(path).Status(http.StatusNotFound)
	}
	for _, path := range []string{address, address + "/run", address + "/undo", address + "/removal"} {
		emma.Post(path, nil).Status(http.StatusNotFound)
	}
	// whoever runs the place no longer, takes nothing in any more, whatever they have asked for
	paul.Post(address+"/run", nil).Status(http.StatusSeeOther)
	h.Tx(nil, func(tx *models.Tx) error {
		if err := tx.SetMember(h.works, h.emma, models.SpaceManager); err != nil {
			return err
		}
		return tx.SetMember(h.works, h.paul, models.SpaceMember)
	})
	h.Settle()
	paul.Get(address).Status(http.StatusForbidden)
	emma.Get("/ideas").NotSee(">A</a>")
}

func TestAuthorsAreFoundByAddressForThoseWhoLookAfterPeople(t *testing.T) {
	h := start(t)
	mona := h.As(h.Person("Mona", models.RoleManager))
	lines := `{"id":1,"title":"A bench","author":"Somebody","email":"` + strings.ToUpper(h.emma.Email) + `","created_at":"2025-01-02T10:00:00Z","tags":["yard","rest"]}` + "\n" +
		`{"id":2,"title":"A lamp","author":"lea@elsewhere.example","created_at":"2025-01-03"}` + "\n" +
		`{"id":3,"title":"{\"en\":\"A ta\\u0000ble\"}","author":"lea@elsewhere.example"}` + "\n"
	address := h.send(mona, "ideas.jsonl", lines, nil).Status(http.StatusSeeOther).Header.Get("Location")
	chosen := form(mona.Get(address).See("JSON Lines", "By address"))
	chosen["authors"] = "address"
	h.send(h.As(h.paul), "ideas.jsonl", lines, nil)
	mona.Post(address, chosen).Status(http.StatusSeeOther)
	h.Settle()
	mona.Get(address).See("1 author has an account here", "1 author becomes a member")
	mona.Post(address+"/run", nil).Status(http.StatusSeeOther)
	h.Settle()
	mona.Get("/ideas").See("A bench", "Emma", "A lamp", "A table", "Anonymous").NotSee("Somebody", "lea@")
	other := h.send(h.As(h.paul), "ideas.jsonl", lines, nil).Header.Get("Location")
	h.As(h.paul).Post(other, chosen).Status(http.StatusUnprocessableEntity).See("Choose how authors are found")
}

func TestAWorkbookComesInAndWhatIsNoTableIsRefused(t *testing.T) {
	h := start(t)
	paul := h.As(h.paul)
	book := excelize.NewFile()
	for cell, value := range map[string]any{"A1": "Titre", "B1": "Soutiens", "C1": "Date", "A2": "Un banc", "B2": 12, "C2": time.Date(2025, 4, 5, 0, 0, 0, 0, time.UTC)} {
		if err := book.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var content bytes.Buffer
	if _, err := book.WriteTo(&content); err != nil {
		t.Fatal(err)
	}
	_, page := h.taken(paul, "idées.xlsx", content.String(), nil)
	page.See("1 idea came in", "XLSX", "idées.xlsx")
	paul.Get("/ideas").See("Un banc", "12")
	for words, bad := range map[string]string{
		"has no rows": " \n \n", "no rows": "title,body\n", "workbook cannot be read": "PK\x03\x04 nothing", "gzip file is damaged": "\x1f\x8b nothing", "more than 200 columns": strings.Repeat("a,", 250) + "\nx\n",
	} {
		h.send(paul, "bad", bad, nil).Status(http.StatusUnprocessableEntity).See(words)
	}
	h.send(paul, "a.csv", "title\nA\n", apptest.Form{"what": "people"}).Status(http.StatusUnprocessableEntity).See("Choose ideas or comments")
	paul.Post("/imports", apptest.Form{"place": "space:works", "what": "ideas"}).Status(http.StatusUnprocessableEntity).See("Choose a file")
	address := h.send(paul, "a.csv", "x\n1\n", nil).Header.Get("Location")
	paul.Post(address, nil).Status(http.StatusUnprocessableEntity).See("Title: Choose a column")
	paul.Post(address, apptest.Form{"field-title": "7", "stage-0": "gone", "state-0": "x"}).Status(http.StatusUnprocessableEntity).See("not in the file")
}

// TestTwoTablesThatNumberTheirRowsAlikeAreTwo, as long as they go to campaigns of their own.
func TestTwoTablesThatNumberTheirRowsAlikeAreTwo(t *testing.T) {
	h := start(t)
	paul := h.As(h.paul)
	for _, title := range []string{"Waste", "Noise"} {
		campaign := &models.Campaign{SpaceID: h.works.ID, Kind: models.Channel, Title: title}
		h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.ImportCampaign(campaign) })
		place := apptest.Form{"place": fmt.Sprintf("campaign:%d", campaign.ID)}
		address, page := h.taken(paul, "a.csv", "id,title,date\n1,About "+title+",2020-01-02\n", place)
		page.See("1 idea came in")
		paul.Get(address).See("1 idea would be withdrawn") // nobody has touched it, although it counts from now on
		place["what"] = "comments"
		_, page = h.taken(paul, "c.csv", "id,idea,comment\n7,1,On "+title+"\n", place)
		page.See("1 comment came in")
	}
	paul.Get("/ideas").See("About Waste", "About Noise")
	h.taken(paul, "a.csv", "id,title\n5,Another\n6,One more\n", nil)
	h.taken(paul, "c.csv", "id,idea,comment\n7,5,On five\n", apptest.Form{"what": "comments"})
	_, page := h.checked(paul, "d.csv", "id,idea,comment\n7,6,On six\n", apptest.Form{"what": "comments"})
	page.See("comment on another idea")
}

func TestACampaignTakesInWhatItAsksForNow(t *testing.T) {
	h := start(t)
	paul := h.As(h.paul)
	campaign := &models.Campaign{SpaceID: h.works.ID, Kind: models.Channel, Title: "Less waste"}
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.ImportCampaign(campaign) })
	place := fmt.Sprintf("campaign:%d", campaign.ID)
	paul.Get(fmt.Sprintf("/imports/new?campaign=%d", campaign.ID)).See("Campaign: Less waste")
	address, page := h.checked(paul, "a.csv", "title,state\nA,\nB,done\n", apptest.Form{"place": place})
	page.See("2 ideas will come in")
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.PauseCampaign(campaign, "A holiday") })
	paul.Post(address+"/run", nil).Status(http.StatusUnprocessableEntity).See("Paused")
	h.send(paul, "a.csv", "title\nA\n", apptest.Form{"place": place}).Status(http.StatusUnprocessableEntity)
	h.Tx(h.Actor(h.paul), func(tx *models.Tx) error { return tx.ResumeCampaign(campaign) })
	paul.Post(address+"/run", nil).Status(http.StatusSeeOther)
	h.Settle()
	paul.Get(address).See("2 ideas came in")
	paul.Get(campaign.Path()).See(">A</a>", ">B</a>")
}

func TestATableOfWhatCameOnPaperMakesNobodyItsAuthor(t *testing.T) {
	h := start(t)
	paul := h.As(h.paul)
	page := paul.Get(h.send(paul, "urne.csv", "titre,texte,auteur\nDes crochets,Pour les gants,\"Rita, nuit\"\nUn banc,Au soleil,\n", nil).Status(http.StatusSeeOther).Header.Get("Location")).See("On paper")
	fields := form(page)
	fields["authors"] = "paper"
	paul.Post(page.Request.URL.Path, fields).Status(http.StatusSeeOther)
	h.Settle()
	paul.Get(page.Request.URL.Path).See("2 ideas")
	paul.Post(page.Request.URL.Path+"/run", nil).Status(http.StatusSeeOther)
	h.Settle()
	paul.Get("/spaces/works/papers").See("Des crochets", "By Rita, nuit", "Un banc", "Typed in by Paul", "No slip printed yet")
	h.As(h.emma).Get("/ideas").See("Un banc", "On paper").NotSee("Rita")
}
