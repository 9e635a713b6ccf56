package imports

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The lines of the files; fields that Ruche has no use for yet are left out.
type (
	spaceRow struct {
		ID          string `json:"id"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	campaignRow struct {
		ID       string `json:"id"`
		Title    string `json:"title"`
		StartsAt string `json:"starts_at"`
		EndsAt   string `json:"ends_at"` // its last day

		at place
	}
	ideaRow struct {
		ID         string   `json:"id"`
		SpaceID    string   `json:"space_id"`
		CampaignID string   `json:"campaign_id"`
		Lang       string   `json:"lang"`
		Title      string   `json:"title"`
		Body       string   `json:"body"`
		Summary    string   `json:"summary"`
		Author     string   `json:"author"`
		CreatedAt  string   `json:"created_at"`
		Category   string   `json:"category"`
		Tags       []string `json:"tags"`
		Status     string   `json:"status"`
		VotesUp    int      `json:"votes_up"`
		Budget     int64    `json:"budget_eur"`
		Department string   `json:"owner_department"`
		Location   string   `json:"location"`
	}
	commentRow struct {
		ID        string `json:"id"`
		IdeaID    string `json:"idea_id"`
		ParentID  string `json:"parent_id"`
		Lang      string `json:"lang"`
		Body      string `json:"body"`
		Author    string `json:"author"`
		CreatedAt string `json:"created_at"`
		Status    string `json:"status"`
	}
	threadRow struct {
		ID        string   `json:"id"`
		SpaceID   string   `json:"space_id"`
		Kind      string   `json:"kind"`
		Lang      string   `json:"lang"`
		Title     string   `json:"title"`
		Body      string   `json:"body"`
		Author    string   `json:"author"`
		CreatedAt string   `json:"created_at"`
		ClosedAt  string   `json:"closed_at"`
		Tags      []string `json:"tags"`
		Accepted  string   `json:"accepted_reply_id"`
	}
	articleRow struct {
		ID          string   `json:"id"`
		SpaceID     string   `json:"space_id"`
		Lang        string   `json:"lang"`
		Title       string   `json:"title"`
		Body        string   `json:"body"`
		Path        string   `json:"path"` // through the folders of its source
		PublishedAt string   `json:"published_at"`
		Tags        []string `json:"tags"`
	}
	replyRow struct {
		commentRow
		ThreadID string `json:"thread_id"`
	}
	voteRow struct {
		IdeaID string `json:"idea_id"`
		Voter  string `json:"voter"`
	}
)

// maxLine bounds one record, in bytes.
const maxLine = 4 << 20

// readLines decodes each line of the folder's file of that name, plain or with ".gz", and gives it
// to take with its place. A line that is not a record is a problem in the report. A file that is not
// there is left out, unless it must be.
func readLines[R any](ctx context.Context, b *batch, dir, name string, must bool, take func(R, place)) error {
	file, err := openData(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		if must {
			b.problem(place{name, 0}, "this file is missing in "+dir)
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	total, err := countLines(dir, name)
	if err != nil {
		return err
	}
	lines := scanner(file)
	at := place{name, 0}
	for lines.Scan() {
		at.line++
		if at.line%100 == 0 || at.line == total {
			if err := ctx.Err(); err != nil {
				return err
			}
			b.progress(name, at.line, total)
		}
		if len(lines.Bytes()) == 0 {
			continue
		}
		var row R
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			b.problem(at, "not a record: "+err.Error())
			continue
		}
		take(row, at)
	}
	if err := lines.Err(); err != nil {
		b.problem(place{name, at.line + 1}, err.Error())
	}
	return nil
}

func scanner(file io.Reader) *bufio.Scanner {
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	return lines
}

// countLines says how much there is to do. What is wrong with a file is found when it is read.
func countLines(dir, name string) (total int, err error) {
	file, err := openData(dir, name)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	lines := scanner(file)
	for lines.Scan() {
		total++
	}
	return total, nil
}

// place is where a record stands.
type place struct {
	file string
	line int
}

type zipped struct {
	io.Reader
	file *os.File
}

// Close closes the file; the gzip reader holds nothing.
func (z zipped) Close() error { return z.file.Close() }

func openData(dir, name string) (io.ReadCloser, error) {
	if plain, err := os.Open(filepath.Join(dir, name)); err == nil {
		return plain, nil
	}
	file, err := os.Open(filepath.Join(dir, name+".gz"))
	if err != nil {
		return nil, err
	}
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s.gz: %w", name, err), file.Close())
	}
	return zipped{unzipped, file}, nil
}

// layouts are the forms that dates of other platforms have, of mixed precision: a year, a day, or a time with its zone. Where
// days and months could be meant, the day comes first.
var layouts = []string{
	"2006-01-02T15:04:05-0700", time.RFC3339, time.DateTime, time.DateOnly, "2006", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05.999999 -0700 MST",
	"2006-01-02T15:04:05", "2006-01-02 15:04", "02/01/2006", "02/01/2006 15:04", "02/01/2006 15:04:05", "02.01.2006", "02.01.2006 15:04",
}

// moment reads a date.
func moment(text string) (time.Time, error) {
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a date", text)
}
