package search

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ruche/models"
)

// shelf is a database in memory: the records that can be found, and the event log.
type shelf struct {
	mu      sync.Mutex
	records map[string]map[int64]models.SearchRecord
	ids     map[string][]int64 // sorted
	hidden  []int64            // comments that are there but not published
	events  []models.Event
	reads   int
}

func newShelf() *shelf {
	return &shelf{records: map[string]map[int64]models.SearchRecord{ideas: {}, comments: {}, threads: {}, posts: {}, articles: {}}, ids: map[string][]int64{}}
}

func (s *shelf) SearchRecords(_ context.Context, kind string, ids []int64) (found []models.SearchRecord, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	for _, id := range ids {
		if r, ok := s.records[kind][id]; ok {
			found = append(found, r)
		}
	}
	return found, nil
}

func (s *shelf) SearchRecordsBefore(_ context.Context, kind string, before int64, limit int) (found []models.SearchRecord, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, _ := slices.BinarySearch(s.ids[kind], before)
	for i--; i >= 0 && len(found) < limit; i-- {
		if r, ok := s.records[kind][s.ids[kind][i]]; ok {
			found = append(found, r)
		}
	}
	return found, nil
}

func (s *shelf) SearchTotal(context.Context) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, records := range s.records {
		n += len(records)
	}
	return n, nil
}

func (s *shelf) WrittenBy(_ context.Context, kind string, authors []int64) (ids []int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range s.ids[kind] {
		if slices.Contains(authors, s.records[kind][id].AuthorID) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (s *shelf) IdeasAnswering(context.Context, int64) ([]int64, error) { return nil, nil }

func (s *shelf) CommentIDs(_ context.Context, idea int64) (ids []int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range s.ids[comments] {
		if s.records[comments][id].IdeaID == idea || slices.Contains(s.hidden, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (s *shelf) ArticlePostIDs(context.Context, []int64) ([]int64, error) { return nil, nil }

func (s *shelf) GatheringPostIDs(context.Context, int64) ([]int64, error) { return nil, nil }

// CollectionArticleIDs finds nothing: nothing stands in collections here.
func (s *shelf) CollectionArticleIDs(context.Context, int64) ([]int64, error) { return nil, nil }

func (s *shelf) ThreadPostIDs(_ context.Context, thread int64) (ids []int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range s.ids[posts] {
		if s.records[posts][id].ThreadID == thread || slices.Contains(s.hidden, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (s *shelf) EventsAfter(_ context.Context, id int64, limit int) ([]models.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id >= int64(len(s.events)) {
		return nil, nil
	}
	return slices.Clone(s.events[id:min(int64(len(s.events)), id+int64(limit))]), nil
}

func (s *shelf) LastEventID(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(len(s.events)), nil
}

// put publishes a record without an event, as if before the index's time.
func (s *shelf) put(r models.SearchRecord) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.records[r.Type][r.ID]; !ok {
		i, _ := slices.BinarySearch(s.ids[r.Type], r.ID)
		s.ids[r.Type] = slices.Insert(s.ids[r.Type], i, r.ID)
	}
	s.records[r.Type][r.ID] = r
}

// happen records an event.
func (s *shelf) happen(verb, subject string, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	event := models.Event{ID: int64(len(s.events) + 1), Verb: verb, Subject: subject, SubjectID: id}
	if r, ok := s.records[posts][id]; ok && subject == "post" && r.ThreadID != 0 {
		event.Data = fmt.Sprintf(`{"thread":%d}`, r.ThreadID)
	}
	s.events = append(s.events, event)
}

// drop unpublishes a record.
func (s *shelf) drop(kind string, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.records[kind], id)
}

// hide unpublishes comments that stay comments of their ideas.
func (s *shelf) hide(ids ...int64) {
	for _, id := range ids {
		s.drop(comments, id)
	}
	s.hidden = append(s.hidden, ids...)
}

// sharedData is the folder of real records, "" where there is none.
func sharedData() string {
	dir := os.Getenv("RUCHE_SHARED_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "ideas.jsonl")); err != nil {
		return ""
	}
	return dir
}

func eachLine(tb testing.TB, path string, f func(line []byte)) {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var reader io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if reader, err = gzip.NewReader(file); err != nil {
			tb.Fatal(err)
		}
	}
	lines := bufio.NewScanner(reader)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		f(lines.Bytes())
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
}

// realRecords are the ideas and comments of the shared data.
func realRecords(tb testing.TB, dir string) (records []models.SearchRecord) {
	tb.Helper()
	numbers := map[string]int64{}
	spaces := map[string]int64{}
	space := map[int64]int64{}
	number := func(m map[string]int64, key string) int64 {
		if m[key] == 0 {
			m[key] = int64(len(m) + 1)
		}
		return m[key]
	}
	type line struct {
		ID, SpaceID, IdeaID, CampaignID  string
		Lang, Title, Body, Summary       string
		Author, Status, Category, Source string
		Tags                             []string
		CreatedAt                        string `json:"created_at"`
		Space                            string `json:"space_id"`
		Idea                             string `json:"idea_id"`
		Campaign                         string `json:"campaign_id"`
	}
	stages := []string{"proposed", "discussed", "refined", "evaluated", "decided", "implemented", "declined"}
	eachLine(tb, filepath.Join(dir, "ideas.jsonl"), func(raw []byte) {
		var l line
		if err := json.Unmarshal(raw, &l); err != nil {
			tb.Fatal(err)
		}
		id := number(numbers, l.ID)
		space[id] = number(spaces, l.Space)
		at, _ := time.Parse(time.RFC3339, l.CreatedAt)
		tags := l.Tags
		if l.Category != "" {
			tags = append(tags, l.Category)
		}
		records = append(records, models.SearchRecord{Type: ideas, ID: id, IdeaID: id, SpaceID: space[id], AuthorID: id%97 + 1, Lang: l.Lang,
			Title: l.Title, Text: strings.TrimSpace(l.Body + "\n\n" + l.Summary), Tags: tags, Stage: stages[id%7], Campaign: l.Campaign, At: at})
	})
	people := map[string]int64{}
	eachLine(tb, filepath.Join(dir, "comments.jsonl"), func(raw []byte) {
		var l line
		if err := json.Unmarshal(raw, &l); err != nil {
			tb.Fatal(err)
		}
		at, _ := time.Parse(time.RFC3339, l.CreatedAt)
		idea := numbers[l.Idea]
		records = append(records, models.SearchRecord{Type: comments, ID: int64(len(records)), IdeaID: idea, SpaceID: space[idea],
			AuthorID: number(people, l.Author), Lang: l.Lang, Text: l.Body, At: at})
	})
	return records
}
