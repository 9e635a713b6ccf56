package imports_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"ruche/app/imports"
	"ruche/models"
	"ruche/models/modelstest"
)

func talk() map[string]string {
	files := small()
	files["threads.jsonl"] = `{"id":"t1","space_id":"s1","kind":"question","lang":"en","title":"How warm is a hop?","body":"Is **warm** right?","author":"p1","created_at":"2024-03-01T10:00:00.5","tags":["hops"],"accepted_reply_id":"r2"}` + "\n" +
		`{"id":"t2","space_id":"s1","lang":"en","title":"Nobody answers","body":"Hello?","created_at":"2024-03-02","closed_at":"2024-03-05","accepted_reply_id":"r1"}` + "\n"
	files["replies.jsonl"] = `{"id":"r3","thread_id":"t1","parent_id":"r1","lang":"en","body":"And colder at night.","author":"p1","created_at":"2024-03-04"}` + "\n" +
		`{"id":"r2","thread_id":"t1","lang":"en","body":"As warm as you.","author":"p3","created_at":"2024-03-03"}` + "\n" +
		`{"id":"r1","thread_id":"t1","lang":"en","body":"Cold.","author":"p2","created_at":"2024-03-02"}` + "\n" +
		`{"id":"r4","thread_id":"t1","parent_id":"k1","lang":"en","body":"Elsewhere.","author":"p2","created_at":"2024-03-05"}` + "\n"
	return files
}

// imported finds a thread by its name in the data, with its posts.
func imported(t *testing.T, db *models.DB, actor *models.Actor, ref string) (*models.Thread, []models.PostCard) {
	t.Helper()
	ids, err := db.Imported(t.Context(), "threads")
	if err != nil {
		t.Fatal(err)
	}
	thread, err := db.Thread(t.Context(), actor, ids[ref])
	if err != nil {
		t.Fatal(err)
	}
	posts, err := db.ThreadPosts(t.Context(), thread, 1, 50)
	if err != nil {
		t.Fatal(err)
	}
	return thread, posts
}

func TestThreadsComeWithWhatIsSaidInThem(t *testing.T) {
	db := modelstest.Open(t)
	report, err := run(t, db, folder(t, talk()), imports.Options{})
	if err != nil {
		t.Fatal(err, report.Problems)
	}
	if report.Threads.New != 2 || report.Replies.New != 4 || len(report.Notes) != 3 {
		t.Errorf("report: %+v", report)
	}
	actor := reader(t, db)
	thread, posts := imported(t, db, actor, "t1")
	said := ""
	for i, post := range posts {
		if said += post.Body + "|"; post.Number != i+1 {
			t.Errorf("post %d has the number %d", i+1, post.Number)
		}
	}
	if said != "Is **warm** right?|Cold.|As warm as you.|And colder at night.|Elsewhere.|" {
		t.Fatal(said)
	}
	if posts[3].ParentID == nil || *posts[3].ParentID != posts[1].ID || posts[4].ParentID != nil {
		t.Errorf("answers: %+v", posts)
	}
	if thread.Kind != models.Question || thread.Summary != "Is warm right?" || strings.Join(thread.Tags, ",") != "hops" || thread.PostCount != 5 || thread.PeopleCount != 3 || thread.LastNumber != 5 || thread.ActiveAt.Day() != 5 {
		t.Errorf("thread: %+v", thread)
	}
	if thread.AcceptedID == nil || *thread.AcceptedID != posts[2].ID || *thread.AcceptedBy != thread.AuthorID {
		t.Errorf("accepted: %+v", thread)
	}
	quiet, _ := imported(t, db, actor, "t2")
	if quiet.Kind != models.Discussion || quiet.ClosedAt == nil || quiet.AcceptedID != nil || quiet.PostCount != 1 {
		t.Errorf("quiet: %+v", quiet)
	}
	events, err := db.EventsAfter(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, event := range events {
		if count[event.Verb]++; event.Verb == models.ThreadSolved && event.At.Day() != 3 {
			t.Errorf("solved: %+v", event)
		}
	}
	if count[models.ThreadBegun] != 2 || count[models.PostPosted] != 7 || count[models.ThreadSolved] != 1 {
		t.Errorf("events: %v", count)
	}
}

// TestAnImportedThreadIsCountedAsOneThatWasWritten writes the same thread by hand.
func TestAnImportedThreadIsCountedAsOneThatWasWritten(t *testing.T) {
	address := modelstest.Address(t)
	db, err := models.Open(t.Context(), address, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if report, err := run(t, db, folder(t, talk()), imports.Options{}); err != nil {
		t.Fatal(report.Problems)
	}
	thread, posts := imported(t, db, reader(t, db), "t1")
	written := &models.Thread{SpaceID: thread.SpaceID, AuthorID: thread.AuthorID, Kind: models.Question, Title: thread.Title, CreatedAt: thread.CreatedAt}
	err = db.Tx(t.Context(), nil, func(tx *models.Tx) error {
		if err := tx.CreateThread(written, &models.Post{AuthorID: thread.AuthorID, Body: "x"}); err != nil {
			return err
		}
		for _, post := range posts[1:] {
			if err := tx.CreatePost(models.Place{Thread: written}, &models.Post{AuthorID: post.AuthorID, Body: "x", CreatedAt: post.CreatedAt}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if thread.PostCount != written.PostCount || thread.PeopleCount != written.PeopleCount || thread.LastNumber != written.LastNumber || !thread.ActiveAt.Equal(written.ActiveAt) || math.Abs(thread.Hot-written.Hot) > 1e-9 {
		t.Errorf("imported %+v, written %+v", thread, written)
	}
	people := map[string]int{}
	for _, row := range modelstest.Rows(t, address, "thread_people.thread_id")["thread_people"] {
		people[row]++
	}
	twice := 0
	for row, n := range people {
		if n == 2 && strings.Contains(row, "level=follow") {
			twice++
		}
	}
	if twice != 3 || len(people) != 4 { // the fourth wrote the other thread
		t.Errorf("people: %v", people)
	}
}

func TestASecondImportAddsRepliesToThreads(t *testing.T) {
	db, files := modelstest.Open(t), talk()
	if report, err := run(t, db, folder(t, files), imports.Options{}); err != nil {
		t.Fatal(report.Problems)
	}
	report, err := run(t, db, folder(t, files), imports.Options{})
	if err != nil || report.Threads != (imports.Count{Known: 2}) || report.Replies != (imports.Count{Known: 4}) || report.People.New != 0 {
		t.Errorf("again: %+v, %v", report, err)
	}
	files["replies.jsonl"] += `{"id":"r5","thread_id":"t1","parent_id":"r2","lang":"en","body":"Thanks.","author":"p9","created_at":"2024-03-09"}` + "\n"
	if report, err = run(t, db, folder(t, files), imports.Options{}); err != nil || report.Replies != (imports.Count{New: 1, Known: 4}) {
		t.Errorf("with one more: %+v, %v", report, err)
	}
	thread, posts := imported(t, db, reader(t, db), "t1")
	if len(posts) != 6 || posts[5].Body != "Thanks." || *posts[5].ParentID != posts[2].ID || thread.PostCount != 6 || thread.PeopleCount != 4 || thread.LastNumber != 6 || !thread.ActiveAt.Equal(time.Date(2024, 3, 9, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("thread %+v, %d posts", thread, len(posts))
	}
}

func TestAnImportAddsToTheThreadInWhichAMergedOneGoesOn(t *testing.T) {
	db, files := modelstest.Open(t), talk()
	if report, err := run(t, db, folder(t, files), imports.Options{}); err != nil {
		t.Fatal(report.Problems)
	}
	actor := reader(t, db)
	into, _ := imported(t, db, actor, "t1")
	from, _ := imported(t, db, actor, "t2")
	err := db.Tx(t.Context(), actor, func(tx *models.Tx) error {
		_, err := tx.MergeThread(from, into)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	files["replies.jsonl"] += `{"id":"r5","thread_id":"t2","lang":"en","body":"Late.","author":"p9","created_at":"2024-03-09"}` + "\n" +
		`{"id":"r6","thread_id":"t1","lang":"en","body":"Later.","author":"p9","created_at":"2024-03-10"}` + "\n"
	if report, err := run(t, db, folder(t, files), imports.Options{}); err != nil || report.Replies.New != 2 {
		t.Fatalf("%+v, %v", report, err)
	}
	thread, posts := imported(t, db, actor, "t1")
	if thread.LastNumber != into.LastNumber+2 || thread.PostCount != len(posts) || thread.LastNumber != len(posts) {
		t.Errorf("thread %+v, %d posts, %d before", thread, len(posts), into.LastNumber)
	}
	late := 0
	for _, post := range posts {
		if post.Body == "Late." || post.Body == "Later." {
			late++
		}
	}
	if late != 2 {
		t.Errorf("%d of two late replies are there", late)
	}
}

func TestWhatIsWrongWithThreadsIsNamed(t *testing.T) {
	db, files := modelstest.Open(t), talk()
	files["threads.jsonl"] += `{"id":"t1","space_id":"s1","title":"Twice","body":"x","created_at":"2024"}` + "\n" + `{"id":"t4","space_id":"nowhere","title":"Lost","body":"x","created_at":"2024"}` + "\n" +
		`{"id":"t5","space_id":"s1","kind":"poll","title":"Who knows","body":"x","created_at":"2024"}` + "\n" + `{"id":"t6","space_id":"s1","title":"Empty","body":" ","created_at":"2024"}` + "\n" +
		`{"id":"t7","space_id":"s1","title":"Closed some day","body":"x","created_at":"2024","closed_at":"some day"}` + "\n"
	files["replies.jsonl"] += `{"id":"r1","thread_id":"t1","body":"x","created_at":"2024"}` + "\n" + `{"id":"r8","thread_id":"t99","body":"x","created_at":"2024"}` + "\n" +
		`{"id":"r9","thread_id":"t1","body":"x","created_at":"never"}` + "\n"
	report, err := run(t, db, folder(t, files), imports.Options{})
	if !errors.Is(err, imports.ErrProblems) {
		t.Fatalf("no problems: %+v", report)
	}
	all := ""
	for _, problem := range report.Problems {
		all += problem.String() + "\n"
	}
	for _, want := range []string{`threads.jsonl:3: thread "t1"`, `threads.jsonl:4: thread "t4" is in space "nowhere"`, `threads.jsonl:5: thread "t5": kind: "poll"`, "threads.jsonl:6:", "threads.jsonl:7:", `replies.jsonl:5: reply "r1"`, `replies.jsonl:6: reply "r8" is in thread "t99"`, "replies.jsonl:7:"} {
		if !strings.Contains(all, want) {
			t.Errorf("the report lacks %q:\n%s", want, all)
		}
	}
}
