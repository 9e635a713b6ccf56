package downloads_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// house is one with a space of each kind, and an idea of Aline's with a comment in each.
type house struct {
	*apptest.Site
	now   time.Time
	aline *models.User
	ideas map[string]*models.Idea // by the slug of their space
}

func start(t *testing.T) *house {
	t.Helper()
	h := &house{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), ideas: map[string]*models.Idea{}}
	h.Site = apptest.Start(t, func(_ *app.Config, o *app.Options) { o.Clock = func() time.Time { return h.now } })
	h.aline = h.Person("Aline", models.RoleEmployee)
	for slug, visibility := range map[string]models.Visibility{"open": models.Public, "works": models.Company, "club": models.External, "board": models.Restricted} {
		space := h.Space(slug, visibility, map[*models.User]models.SpaceRole{h.aline: models.SpaceMember})
		h.ideas[slug] = h.idea(space, "Idea of the "+slug, "Text of the "+slug)
	}
	return h
}

func (h *house) idea(space *models.Space, title, body string) *models.Idea {
	idea := &models.Idea{SpaceID: space.ID, AuthorID: h.aline.ID, Title: title, Body: body, HTML: "<p>" + body + "</p>", Summary: body, Tags: models.Tags{"paper"}}
	h.Tx(h.Actor(h.aline), func(tx *models.Tx) error {
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		comment := &models.Post{IdeaID: &idea.ID, AuthorID: h.aline.ID, Body: "Comment on " + title, HTML: "<p>c</p>"}
		return tx.CreatePost(models.Place{Idea: idea}, comment)
	})
	return idea
}

func ask(what, format string, more ...string) apptest.Form {
	form := apptest.Form{"what": what, "format": format, "separator": "comma"}
	for i := 0; i < len(more); i += 2 {
		form[more[i]] = more[i+1]
	}
	return form
}

// table asks for a table and returns it with its address.
func (h *house) table(client *apptest.Client, form apptest.Form) (address, content string) {
	address = client.Post("/downloads", form).Status(http.StatusSeeOther).Header.Get("Location")
	h.Settle()
	client.Get(address).Status(http.StatusOK).See(address + "/file")
	return address, client.Get(address + "/file").Status(http.StatusOK).Text
}

func TestATableHoldsWhatItsReaderMaySeeAndNothingElse(t *testing.T) {
	h := start(t)
	guest, employee, board := h.Person("Gaston", models.RoleExternal), h.Person("Emma", models.RoleEmployee), h.Person("Bea", models.RoleEmployee)
	h.Tx(nil, func(tx *models.Tx) error {
		space := &models.Space{ID: h.ideas["board"].SpaceID}
		if err := tx.SetMember(space, board, models.SpaceReader); err != nil {
			return err
		}
		return tx.SetMember(&models.Space{ID: h.ideas["club"].SpaceID, Visibility: models.External}, guest, models.SpaceMember)
	})
	gone := h.idea(&models.Space{ID: h.ideas["works"].SpaceID}, "Taken back", "Gone")
	h.Tx(h.Actor(h.aline), func(tx *models.Tx) error { return tx.SetState(gone, models.Withdrawn) })
	for who, sees := range map[*models.User][]string{guest: {"open", "club"}, employee: {"open", "works"}, board: {"open", "works", "board"}} {
		for _, format := range []string{"csv", "jsonl"} {
			for _, what := range []string{"ideas", "comments"} {
				_, content := h.table(h.As(who), ask(what, format))
				for slug := range h.ideas {
					want := strings.Contains(strings.Join(sees, " "), slug)
					if got := strings.Contains(content, "Idea of the "+slug); got != want {
						t.Errorf("%s in the %s of %s as %s: %v, want %v\n%s", slug, what, who.Name, format, got, want, content)
					}
				}
				if strings.Contains(content, "Taken back") || strings.Contains(content, "@example.test") {
					t.Errorf("a withdrawn idea or an address is in the %s of %s:\n%s", what, who.Name, content)
				}
			}
		}
	}
}

func TestARemovedCommentIsInNoTable(t *testing.T) {
	h := start(t)
	comments, _, err := h.DB.Posts(t.Context(), h.ideas["open"], nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	h.As(h.aline).Post(fmt.Sprintf("/ideas/%d/comments/%d/removal", h.ideas["open"].ID, comments[0].ID), nil).Status(http.StatusSeeOther)
	if _, content := h.table(h.As(h.aline), ask("comments", "csv")); strings.Contains(content, "Comment on Idea of the open") || !strings.Contains(content, "Comment on Idea of the works") {
		t.Errorf("the table is\n%s", content)
	}
}

func TestATableIsOfItsReaderAloneAndEnds(t *testing.T) {
	h := start(t)
	emma := h.Person("Emma", models.RoleEmployee)
	address, _ := h.table(h.As(emma), ask("ideas", "csv"))
	h.Visitor().Get(address + "/file").Status(http.StatusSeeOther)
	for _, other := range []*models.User{h.aline, h.Person("Olga", models.RoleOwner)} {
		h.As(other).Get(address).Status(http.StatusNotFound)
		h.As(other).Get(address + "/file").Status(http.StatusNotFound)
		h.As(other).Get("/downloads").Status(http.StatusOK).NotSee(address)
	}
	h.As(emma).Get("/downloads").Status(http.StatusOK).See(address, "Ideas as CSV")
	h.As(emma).Get("/notifications").Status(http.StatusOK).See("Your export is ready")
	h.As(h.Person("Otto", models.RoleOwner)).Get("/audit").Status(http.StatusOK).See("asked for an export", "got an export")
	h.now = h.now.Add(models.DownloadKept)
	h.As(emma).Get(address + "/file").Status(http.StatusNotFound)
	if err := h.Jobs.Plan(t.Context()); err != nil { // the sweep
		t.Fatal(err)
	}
	h.Settle()
	h.As(emma).Get(address).Status(http.StatusNotFound)
}

func TestRightsHoldAsOfWhenTheTableIsMade(t *testing.T) {
	h := start(t)
	bea := h.Person("Bea", models.RoleEmployee)
	space := &models.Space{ID: h.ideas["board"].SpaceID}
	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(space, bea, models.SpaceMember) })
	address := h.As(bea).Post("/downloads", ask("ideas", "csv", "space", "board")).Status(http.StatusSeeOther).Header.Get("Location")
	h.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(space, bea.ID) })
	h.Settle()
	h.As(bea).Get(address + "/file").Status(http.StatusOK).NotSee("Idea of the board")
}

func TestATableIsGoneWithTheRightToSeeWhatIsInIt(t *testing.T) {
	h := start(t)
	bea := h.Person("Bea", models.RoleEmployee)
	board := &models.Space{ID: h.ideas["board"].SpaceID}
	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(board, bea, models.SpaceReader) })
	client := h.As(bea)
	all, content := h.table(client, ask("ideas", "csv"))
	works, _ := h.table(client, ask("ideas", "csv", "space", "works"))
	if !strings.Contains(content, "Idea of the board") {
		t.Fatalf("the table lacks what Bea sees: %s", content)
	}
	h.Tx(nil, func(tx *models.Tx) error { return tx.RemoveMember(board, bea.ID) })
	client.Get(all + "/file").Status(http.StatusNotFound)
	client.Get(all).Status(http.StatusOK).See("Ask for a new one").NotSee(all + "/file")
	client.Get(works + "/file").Status(http.StatusOK).See("Idea of the works") // where nothing of it was
}

func TestCSVIsSafeToOpenAndAsWanted(t *testing.T) {
	h := start(t)
	space := &models.Space{ID: h.ideas["works"].SpaceID}
	h.idea(space, "=HYPERLINK(\"https://evil.test\")", "-1+2; \"so\"\nsecond line")
	_, content := h.table(h.As(h.aline), ask("ideas", "csv", "space", "works", "separator", "semicolon", "mark", "1"))
	if !strings.HasPrefix(content, "\ufeffNumber;Address;") {
		t.Errorf("the table begins %q", content[:40])
	}
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(content, "\ufeff")))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if last := rows[2]; last[4] != `'=HYPERLINK("https://evil.test")` || last[6] != "'-1+2; \"so\"\nsecond line" || last[9] != "Proposed" || last[13] != "2026-03-02T09:00:00Z" || last[8] != "paper" {
		t.Errorf("the row is %q", last)
	}
	if _, content := h.table(h.As(h.aline), ask("ideas", "csv", "separator", "tab")); !strings.HasPrefix(content, "Number\tAddress\t") {
		t.Errorf("the table begins %q", content[:40])
	}
}

func TestAWorkbookAndJSONLinesHoldTheTextsAsTheyAre(t *testing.T) {
	h := start(t)
	h.idea(&models.Space{ID: h.ideas["works"].SpaceID}, "=1+1", "Body")
	_, content := h.table(h.As(h.aline), ask("ideas", "xlsx", "space", "works"))
	book, err := excelize.OpenReader(strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Ideas")
	if err != nil || len(rows) != 3 || rows[2][4] != "=1+1" || rows[0][4] != "Title" || rows[2][13] != "2026-03-02 09:00" {
		t.Errorf("the rows are %q, %v", rows, err)
	}
	if formula, err := book.GetCellFormula("Ideas", "E3"); formula != "" || err != nil {
		t.Errorf("the title is the formula %q, %v", formula, err)
	}
	_, content = h.table(h.As(h.aline), ask("ideas", "jsonl", "space", "works"))
	first, _, _ := strings.Cut(content, "\n")
	var got struct {
		ID    int64
		Title string
		Tags  []string
		Stage string
	}
	if err := json.Unmarshal([]byte(first), &got); err != nil || got.Title != "Idea of the works" || got.Stage != "proposed" || len(got.Tags) != 1 {
		t.Errorf("%s is %+v, %v", first, got, err)
	}
}

func TestFiltersOfTheListAreThoseOfTheTable(t *testing.T) {
	h := start(t)
	h.As(h.aline).Get("/ideas?space=works&tag=paper").Status(http.StatusOK).See("/downloads/new?space=works&amp;tag=paper")
	h.As(h.aline).Get("/downloads/new?space=works&tag=paper&stage=decided&mine=1&sort=unanswered").Status(http.StatusOK).See("Space: works", "Theme: paper", "Stage: Selected", "Only your ideas", "without a comment")
	for filter, want := range map[[2]string]int{{"tag", "paper"}: 4, {"tag", "glass"}: 0, {"stage", "decided"}: 0, {"mine", "1"}: 4, {"followed", "1"}: 4, {"unanswered", "1"}: 0, {"space", "club"}: 1} {
		if _, content := h.table(h.As(h.aline), ask("ideas", "jsonl", filter[0], filter[1])); strings.Count(content, "\n") != want {
			t.Errorf("%v: %d rows, want %d", filter, strings.Count(content, "\n"), want)
		}
	}
}

func TestWishesThatCannotBeAreRefusedInWords(t *testing.T) {
	h := start(t)
	emma := h.As(h.Person("Emma", models.RoleEmployee))
	emma.Post("/downloads", ask("ideas", "pdf")).Status(http.StatusUnprocessableEntity).See("Choose CSV, XLSX or JSON Lines.")
	emma.Post("/downloads", ask("secrets", "csv")).Status(http.StatusUnprocessableEntity).See("Choose ideas or comments.")
	emma.Post("/downloads", ask("ideas", "csv", "separator", "|")).Status(http.StatusUnprocessableEntity).See("Choose a comma")
	for _, form := range []apptest.Form{ask("ideas", "csv", "space", "board"), ask("ideas", "csv", "space", "nowhere"), ask("ideas", "csv", "campaign", "999"), ask("ideas", "csv", "campaign", "x")} {
		emma.Post("/downloads", form).Status(http.StatusNotFound)
	}
	emma.Get("/downloads/new?space=board").Status(http.StatusNotFound)
	emma.Get("/downloads/new?tag=a,b").Status(http.StatusUnprocessableEntity)
	for range 30 {
		emma.Post("/downloads", ask("ideas", "csv")).Status(http.StatusSeeOther)
	}
	emma.Post("/downloads", ask("ideas", "csv")).Status(http.StatusUnprocessableEntity).See("thirty exports")
}

func TestProgramsAskForTablesToo(t *testing.T) {
	h := start(t)
	bearer := http.Header{"Authorization": {"Bearer " + h.Token(h.aline, models.ScopeRead)}, "Content-Type": {"application/json"}}
	other := http.Header{"Authorization": {"Bearer " + h.Token(h.Person("Emma", models.RoleEmployee), models.ScopeRead)}}
	robot := h.Visitor()
	answer := robot.Do(http.MethodPost, "/api/v1/downloads", strings.NewReader(`{"what":"comments","format":"jsonl","space":"works"}`), bearer).Status(http.StatusAccepted)
	var got struct {
		ID   int64
		File string
	}
	if err := json.Unmarshal([]byte(answer.Text), &got); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/api/v1/downloads/%d", got.ID)
	robot.Do(http.MethodGet, path, nil, bearer).Status(http.StatusOK).See(`"ready":false`)
	robot.Do(http.MethodGet, path+"/file", nil, bearer).Status(http.StatusNotFound)
	h.Settle()
	robot.Do(http.MethodGet, path, nil, bearer).Status(http.StatusOK).See(`"ready":true`, `"rows":1`)
	file := robot.Do(http.MethodGet, path+"/file", nil, bearer).Status(http.StatusOK).See("Comment on Idea of the works")
	if kind := file.Header.Get("Content-Type"); kind != "application/jsonl" {
		t.Errorf("the file is %s", kind)
	}
	robot.Do(http.MethodGet, path+"/file", nil, other).Status(http.StatusNotFound)
	robot.Do(http.MethodGet, path, nil, nil).Status(http.StatusUnauthorized)
	robot.Do(http.MethodPost, "/api/v1/downloads", strings.NewReader(`{"what":"ideas","format":"csv"}`), http.Header{"Content-Type": {"application/json"}}).Status(http.StatusUnauthorized)
	robot.Do(http.MethodPost, "/api/v1/downloads", strings.NewReader(`{"what":"ideas","format":"pdf"}`), bearer).Status(http.StatusUnprocessableEntity)
	robot.Do(http.MethodPost, "/api/v1/downloads", strings.NewReader(`{"what":"ideas","format":"csv","space":"nowhere"}`), bearer).Status(http.StatusNotFound)
}

// TestALongTableIsWrittenInPieces: more rows than are read at a time.
func TestALongTableIsWrittenInPieces(t *testing.T) {
	h := start(t)
	space := &models.Space{ID: h.ideas["works"].SpaceID}
	var many []models.ImportedIdea
	for n := range 450 {
		many = append(many, models.ImportedIdea{Idea: &models.Idea{SpaceID: space.ID, AuthorID: h.aline.ID, Title: fmt.Sprintf("Idea %d", n), Stage: models.Proposed, State: models.Published, PublishedAt: h.now}})
	}
	h.Tx(nil, func(tx *models.Tx) error { return tx.ImportIdeas(many) })
	for _, format := range []string{"jsonl", "xlsx"} {
		_, content := h.table(h.As(h.aline), ask("ideas", format, "space", "works"))
		n := strings.Count(content, "\n")
		if format == "xlsx" {
			book, err := excelize.OpenReader(io.Reader(bytes.NewReader([]byte(content))))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := book.GetRows("Ideas")
			if err != nil {
				t.Fatal(err)
			}
			n = len(rows) - 1
		}
		if n != 451 {
			t.Errorf("%s has %d rows, want 451", format, n)
		}
	}
}

func TestATableOfACampaignHasTheAnswersThatItsReaderMaySee(t *testing.T) {
	h := start(t)
	lead, reader := h.Person("Lena", models.RoleEmployee), h.Person("Emma", models.RoleEmployee)
	works := &models.Space{ID: h.ideas["works"].SpaceID}
	campaign := &models.Campaign{SpaceID: works.ID, Kind: models.Channel, Title: "Less scrap", ManagerID: &lead.ID}
	field := func(label string, kind models.FieldKind, visibility models.AnswerVisibility) *models.FormField {
		return &models.FormField{Kind: kind, Visibility: visibility, Wording: models.Wording{Label: models.Words{EN: label}, Choices: models.Choices{{EN: "Press"}, {EN: "Paint"}}}}
	}
	where, cost, never := field("Where", models.ChoicesField, models.AnswersForAll), field("Cost", models.AmountField, models.AnswersPrivate), field("Never answered", models.ShortField, models.AnswersForAll)
	h.Tx(h.Actor(h.aline), func(tx *models.Tx) error {
		if err := tx.ImportCampaign(campaign); err != nil {
			return err
		}
		for _, f := range []*models.FormField{where, cost, never} {
			if err := tx.AddField(campaign, f); err != nil {
				return err
			}
		}
		for _, author := range []*models.User{h.aline, reader} {
			idea := &models.Idea{SpaceID: works.ID, AuthorID: author.ID, CampaignID: &campaign.ID, Campaign: campaign.Title, Title: "Idea by " + author.Name, Body: "Text", HTML: "<p>Text</p>"}
			if err := tx.CreateIdea(idea); err != nil {
				return err
			}
			if err := tx.SaveAnswers(idea, campaign.FormVersion, []models.FieldAnswer{{FieldID: where.ID, FieldVersion: 1, Value: "1\n2", Visibility: where.Visibility}, {FieldID: cost.ID, FieldVersion: 1, Value: "12050", Visibility: cost.Visibility}}); err != nil {
				return err
			}
		}
		return nil
	})
	for user, costs := range map[*models.User]int{lead: 2, h.aline: 1, reader: 1, h.Person("Paul", models.RoleEmployee): 0} {
		_, table := h.table(h.As(user), ask("ideas", "csv", "campaign", fmt.Sprint(campaign.ID)))
		if !strings.Contains(table, "Where") || strings.Count(table, "Press") != 2 || strings.Contains(table, "Never answered") {
			t.Errorf("%s's table lacks answers for everyone:\n%s", user.Name, table)
		}
		if n := strings.Count(table, "120.5"); n != costs || strings.Contains(table, "Cost") != (costs > 0) {
			t.Errorf("%s's table has %d costs, want %d:\n%s", user.Name, n, costs, table)
		}
	}
	_, table := h.table(h.As(lead), ask("ideas", "jsonl", "campaign", fmt.Sprint(campaign.ID)))
	if !strings.Contains(table, fmt.Sprintf(`"%s":["Press","Paint"]`, where.AnswerName())) || !strings.Contains(table, fmt.Sprintf(`"%s":120.5`, cost.AnswerName())) {
		t.Errorf("answers for programs:\n%s", table)
	}
	if _, table := h.table(h.As(lead), ask("ideas", "csv")); strings.Contains(table, "Press") {
		t.Errorf("a table of all ideas has answers of one campaign:\n%s", table)
	}
}
