package imports_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ruche/app/imports"
	"ruche/models"
	"ruche/models/modelstest"
)

// folder writes the files of an import.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func small() map[string]string {
	return map[string]string{
		"spaces.jsonl":    `{"id":"s1","title":"Usine de Nantes"}` + "\n" + `{"id":"s2","title":"Nothing is in it"}` + "\n",
		"campaigns.jsonl": `{"id":"c1","title":"Moins de rebut","starts_at":"2024-03-01","ends_at":"2024-03-31"}` + "\n",
		"ideas.jsonl": `{"id":"i1","space_id":"s1","campaign_id":"c1","lang":"fr","title":"Garder les palettes","body":"Elles **servent** encore.","author":"p1","created_at":"2024-03-01","category":"Emballage","tags":["palettes"],"status":"published","votes_up":12}` + "\n" +
			`{"id":"i2","space_id":"s1","lang":"fr","title":"Un jardin sur le toit","body":"","created_at":"2023","status":"FIN","budget_eur":3700000,"location":"Quai nord","owner_department":"Direction des travaux"}` + "\n" +
			`{"id":"i3","space_id":"s1","lang":"en","title":"Taken back","body":"x","author":"p2","created_at":"2024-03-02T10:00:00+0200","status":"trashed"}` + "\n",
		"comments.jsonl": `{"id":"k2","idea_id":"i1","parent_id":"k1","lang":"fr","body":"Le lundi.","author":"p2","created_at":"2024-03-03"}` + "\n" +
			`{"id":"k1","idea_id":"i1","lang":"fr","body":"Quand ?","author":"p3","created_at":"2024-03-02"}` + "\n" +
			`{"id":"k3","idea_id":"i1","parent_id":"gone","lang":"fr","body":"Orphelin.","author":"p3","created_at":"2024-03-04"}` + "\n",
		"votes_sample.jsonl": `{"idea_id":"i1","voter":"p2"}` + "\n" + `{"idea_id":"i1","voter":"p3"}` + "\n",
	}
}

func run(t *testing.T, db *models.DB, dir string, options imports.Options) (*imports.Report, error) {
	t.Helper()
	report, err := imports.Import(t.Context(), db, dir, options)
	if err != nil && !errors.Is(err, imports.ErrProblems) {
		t.Fatal(err)
	}
	return report, err
}

// reader is an employee, who sees what the company sees.
func reader(t *testing.T, db *models.DB) *models.Actor {
	t.Helper()
	user := &models.User{Name: "Reader", Email: "reader@example.test", Role: models.RoleEmployee}
	if err := db.Tx(t.Context(), nil, func(tx *models.Tx) error { return tx.CreateUser(user) }); err != nil {
		t.Fatal(err)
	}
	actor, err := db.ActorByID(t.Context(), user.ID)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

func TestAnImportKeepsWhatItFinds(t *testing.T) {
	db, dir := modelstest.Open(t), folder(t, small())
	report, err := run(t, db, dir, imports.Options{})
	if err != nil {
		t.Fatal(err, report.Problems)
	}
	if report.Ideas.New != 3 || report.Comments.New != 3 || report.Spaces.New != 1 || report.Supports.New != 12 || len(report.Notes) != 1 {
		t.Errorf("report: %+v", report)
	}
	cards, _, err := db.Ideas(t.Context(), reader(t, db), models.IdeaQuery{Sort: models.SortNewest, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(cards) != 2 {
		t.Fatalf("%d ideas are listed, want 2: the one taken back is withdrawn", len(cards))
	}
	palettes, garden := cards[0], cards[1]
	if palettes.Title != "Garder les palettes" || palettes.SupportCount != 12 || palettes.CommentCount != 3 || palettes.Campaign != "Moins de rebut" || strings.Join(palettes.Tags, ",") != "emballage,palettes" || palettes.AuthorName != "p1" {
		t.Errorf("palettes: %+v", palettes)
	}
	if garden.Stage != models.Implemented || garden.AuthorName != "Direction des travaux" || !strings.Contains(garden.Summary, "Quai nord") || !strings.Contains(garden.Summary, "3\u202f700\u202f000") {
		t.Errorf("garden: %+v", garden)
	}
	if palettes.Hot <= garden.Hot {
		t.Errorf("ranks: %v, %v", palettes.Hot, garden.Hot)
	}
	comments, _, err := db.Posts(t.Context(), &models.Idea{ID: palettes.ID}, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(comments) != 3 || comments[1].Body != "Le lundi." || comments[1].ParentID == nil || *comments[1].ParentID != comments[0].ID || comments[2].ParentID != nil {
		t.Errorf("comments: %+v", comments)
	}
	last, err := db.LastEventID(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	events, err := db.EventsAfter(t.Context(), 0, int(last))
	if err != nil || len(events) != 5 { // two ideas that can be read, three comments
		t.Errorf("%d events, %v", len(events), err)
	}
}

func TestASecondImportAddsOnlyWhatIsNew(t *testing.T) {
	db, files := modelstest.Open(t), small()
	if _, err := run(t, db, folder(t, files), imports.Options{}); err != nil {
		t.Fatal(err)
	}
	report, err := run(t, db, folder(t, files), imports.Options{})
	if err != nil || report.Ideas != (imports.Count{Known: 3}) || report.Comments != (imports.Count{Known: 3}) || report.Spaces.New != 0 || report.People.New != 0 {
		t.Errorf("again: %+v, %v", report, err)
	}
	files["comments.jsonl"] += `{"id":"k4","idea_id":"i1","lang":"fr","body":"Et le mardi.","author":"p9","created_at":"2024-03-09"}` + "\n"
	if report, err = run(t, db, folder(t, files), imports.Options{}); err != nil || report.Comments != (imports.Count{New: 1, Known: 3}) {
		t.Errorf("with one more: %+v, %v", report, err)
	}
	cards, _, err := db.Ideas(t.Context(), reader(t, db), models.IdeaQuery{Sort: models.SortActive, Limit: 1})
	if err != nil || cards[0].CommentCount != 4 || cards[0].ActiveAt.Day() != 9 {
		t.Errorf("cards: %+v, %v", cards, err)
	}
}

func TestProblemsAreNamedByFileAndLineAndNothingIsImported(t *testing.T) {
	db, files := modelstest.Open(t), small()
	files["ideas.jsonl"] += "{broken\n" + `{"id":"i4","space_id":"nowhere","title":"A title","created_at":"2024"}` + "\n" +
		`{"id":"i5","space_id":"s1","title":"A title","created_at":"some day"}` + "\n" + `{"id":"i1","space_id":"s1","title":"Twice","created_at":"2024"}` + "\n" +
		`{"id":"i6","space_id":"s1","title":"🐝🐝","body":"x","created_at":"2024"}` + "\n"
	files["comments.jsonl"] += `{"id":"k9","idea_id":"i99","body":"x","created_at":"2024"}` + "\n" + `{"id":"k10","idea_id":"i1","body":" ","created_at":"2024"}` + "\n"
	report, err := run(t, db, folder(t, files), imports.Options{})
	if !errors.Is(err, imports.ErrProblems) {
		t.Fatalf("no problems: %+v", report)
	}
	all := ""
	for _, problem := range report.Problems {
		all += problem.String() + "\n"
	}
	for _, want := range []string{"ideas.jsonl:4: not a record", `ideas.jsonl:5: idea "i4" is in space "nowhere"`, `ideas.jsonl:6: idea "i5": date: "some day" is not a date`, "ideas.jsonl:7: idea \"i1\" stands in the data twice", "ideas.jsonl:8:", "comments.jsonl:4:", "comments.jsonl:5:"} {
		if !strings.Contains(all, want) {
			t.Errorf("the report lacks %q:\n%s", want, all)
		}
	}
	cards, _, err := db.Ideas(t.Context(), reader(t, db), models.IdeaQuery{Sort: models.SortNewest, Limit: 10})
	if err != nil || len(cards) != 0 {
		t.Errorf("%d ideas were imported, %v", len(cards), err)
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	db := modelstest.Open(t)
	report, err := run(t, db, folder(t, small()), imports.Options{DryRun: true})
	if err != nil || report.Ideas.New != 3 {
		t.Errorf("report: %+v, %v", report, err)
	}
	ids, err := db.Imported(t.Context(), "ideas")
	if err != nil || len(ids) != 0 {
		t.Errorf("imported %v, %v", ids, err)
	}
	if report, err = run(t, db, t.TempDir(), imports.Options{}); !errors.Is(err, imports.ErrProblems) || len(report.Problems) != 2 {
		t.Errorf("an empty folder: %+v, %v", report, err)
	}
}

func TestTheProgressOfAnImportHasAnEnd(t *testing.T) {
	done := map[string][2]int{}
	options := imports.Options{DryRun: true, Progress: func(step string, lines, total int) { done[step] = [2]int{lines, total} }}
	if _, err := run(t, modelstest.Open(t), folder(t, small()), options); err != nil {
		t.Fatal(err)
	}
	if done["ideas.jsonl"] != [2]int{3, 3} {
		t.Errorf("told of %v", done)
	}
}

func TestLongTitlesStandWholeInTheText(t *testing.T) {
	db, files := modelstest.Open(t), small()
	long := strings.Repeat("mot ", 50) + "fin"
	files["ideas.jsonl"] = `{"id":"i1","space_id":"s1","lang":"fr","title":"` + long + `","body":"Texte.` + `\u0000` + `","author":"p1","created_at":"2024-03-01"}` + "\n"
	delete(files, "comments.jsonl")
	delete(files, "votes_sample.jsonl")
	report, err := run(t, db, folder(t, files), imports.Options{})
	if err != nil || len(report.Notes) != 2 {
		t.Fatalf("report: %+v, %v", report, err)
	}
	ids, err := db.Imported(t.Context(), "ideas")
	if err != nil {
		t.Fatal(err)
	}
	idea, err := db.Idea(t.Context(), reader(t, db), ids["i1"])
	if err != nil || len([]rune(idea.Title)) > 160 || !strings.HasSuffix(idea.Title, "mot…") || !strings.HasPrefix(idea.Body, "**"+long+"**") || strings.ContainsRune(idea.Body, 0) {
		t.Errorf("idea: %+v, %v", idea, err)
	}
}

// TestTheRealDataIsImportedWhole runs where the open data lies beside the project.
func TestTheRealDataIsImportedWhole(t *testing.T) {
	dir := os.Getenv("RUCHE_SHARED_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "ideas.jsonl")); err != nil {
		dir = folder(t, small())
		t.Log("the open data is not beside the project: a small sample stands in")
	}
	db := modelstest.Open(t)
	report, err := run(t, db, dir, imports.Options{})
	if err != nil {
		t.Fatal(report.Problems)
	}
	ids, err := db.Imported(t.Context(), "ideas")
	if err != nil || len(ids) != report.Ideas.New {
		t.Errorf("%d ideas of %d, %v", len(ids), report.Ideas.New, err)
	}
	comments, err := db.Imported(t.Context(), "posts")
	if err != nil || len(comments) != report.Comments.New+report.Replies.New {
		t.Errorf("%d comments of %d, %v", len(comments), report.Comments.New, err)
	}
	threads, err := db.Imported(t.Context(), "threads")
	if err != nil || len(threads) != report.Threads.New {
		t.Errorf("%d threads of %d, %v", len(threads), report.Threads.New, err)
	}
	t.Logf("%d ideas, %d comments, %d supports, %d threads, %d replies", report.Ideas.New, report.Comments.New, report.Supports.New, report.Threads.New, report.Replies.New)
}

func TestCampaignsComeWithTheirDates(t *testing.T) {
	files := small()
	files["campaigns.jsonl"] = `{"id":"c1","title":"Moins de rebut","starts_at":"2024-03-01","ends_at":"2024-03-31"}
{"id":"c2","title":"Backwards","starts_at":"2024-03-31","ends_at":"2024-03-01"}
{"id":"c3","title":"Some day","starts_at":"2024-03-31","ends_at":"in spring"}
{"id":"c4","title":"Without end","starts_at":"2024-03-31"}
`
	for i, id := range []string{"c2", "c3", "c4"} {
		files["ideas.jsonl"] += strings.NewReplacer("N", string(rune('a'+i)), "CAMPAIGN", id).Replace(`{"id":"N","space_id":"s1","campaign_id":"CAMPAIGN","lang":"en","title":"Idea N","body":"x","created_at":"2024-03-01"}` + "\n")
	}
	db := modelstest.Open(t)
	report, err := run(t, db, folder(t, files), imports.Options{})
	if err != nil {
		t.Fatal(report.Problems)
	}
	ids, err := db.Imported(t.Context(), "campaigns")
	if err != nil || len(ids) != 4 {
		t.Fatal(ids, err)
	}
	actor, kinds := reader(t, db), map[string]string{}
	for _, id := range ids {
		campaign, err := db.Campaign(t.Context(), actor, id)
		if err != nil {
			t.Fatal(err)
		}
		kinds[campaign.Title] = string(campaign.Kind)
		if campaign.ClosesAt != nil {
			kinds[campaign.Title] += campaign.OpensAt.Format(" 2006-01-02") + campaign.ClosesAt.Format(" 2006-01-02")
		}
	}
	for title, want := range map[string]string{"Moins de rebut": "campaign 2024-03-01 2024-04-01", "Backwards": "channel", "Some day": "channel", "Without end": "channel"} {
		if kinds[title] != want {
			t.Errorf("%s is a %s, not a %s", title, kinds[title], want)
		}
	}
	var notes []string
	for _, note := range report.Notes {
		notes = append(notes, note.Text)
	}
	if said := strings.Join(notes, "\n"); !strings.Contains(said, "it ends before it begins") || !strings.Contains(said, `"in spring" is not a date`) {
		t.Errorf("the notes say %q", said)
	}
}
