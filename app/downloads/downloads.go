// Package downloads gives out what somebody may read: ideas or their comments as a table, which is CSV, a workbook or JSON Lines, and
// articles as an archive of Markdown. A job writes it row by row, under the rights that its person has by then; it is theirs alone and ends by itself. The copy of
// everything about a person is privacy's.
package downloads

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"ruche/app/files"
	"ruche/app/jobs"
	"ruche/app/sheets"
	"ruche/app/web"
	"ruche/models"
)

// Downloads is the feature.
type Downloads struct {
	web     *web.Web
	files   *files.Files
	archive Archive
}

// Archive writes an archive of the articles that a sieve lets through, as the actor may see them, and says what is in it.
type Archive func(ctx context.Context, actor *models.Actor, of models.Sieve, to io.Writer, progress func(done, total int) error) (*models.Archived, error)

// Kinds of jobs.
const (
	makeJob  = "download"
	sweepJob = "download.sweep"
)

// makeTimeout is how long an attempt may take to write a table.
const makeTimeout = 10 * time.Minute

// New returns the feature, and has its work done by the jobs.
func New(w *web.Web, store *files.Files, j *jobs.Jobs, archive Archive) *Downloads {
	f := &Downloads{web: w, files: store, archive: archive}
	j.Register(jobs.Kind{Name: makeJob, Timeout: makeTimeout, Work: f.makeTable})
	j.Register(jobs.Kind{Name: sweepJob, Every: time.Hour, Work: f.sweep})
	return f
}

// Wish says which table somebody wants.
type Wish struct {
	Space      string // slug
	Campaign   int64
	Stage      models.Stage
	Tag        string
	Department string
	Near       bool
	Mine       bool
	Followed   bool
	Unanswered bool
	Article    int64 // of articles: this one with what stands under it
	Alone      bool  // and without that
	Collection int64
	What       models.DownloadKind
	Format     sheets.Format
	Separator  string // of CSV: comma, semicolon or tab
	Mark       bool
	Locale     string // in which its head is written
}

// Ask begins a table. What the actor may not see does not exist.
func (f *Downloads) Ask(ctx context.Context, actor *models.Actor, in Wish) (*models.Download, error) {
	wanted := f.sieve
	if in.What == models.DownloadArticles {
		wanted = f.shelves
	}
	sieve, _, err := wanted(ctx, actor, in)
	if err != nil {
		return nil, err
	}
	problems := models.Invalid{}
	if !in.What.Valid() {
		problems["what"] = "downloads.what_invalid"
	}
	if in.What == models.DownloadArticles {
		in.Format, in.Separator = archiveFormat, "comma" // the only way
	} else if !in.Format.Valid() {
		problems["format"] = "downloads.format_invalid"
	}
	separator := separators()[in.Separator]
	if separator == "" {
		problems["separator"] = "downloads.separator_invalid"
	}
	if len(problems) > 0 {
		return nil, problems
	}
	download := &models.Download{
		Key: "downloads/" + strings.ToLower(rand.Text()) + "." + string(in.Format), What: in.What, Format: string(in.Format),
		Separator: separator, Mark: in.Mark, Locale: in.Locale,
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateDownload(download, sieve); err != nil {
			return err
		}
		job := &models.Job{Kind: makeJob, Key: strconv.FormatInt(download.ID, 10), OwnerID: &actor.ID}
		if err := tx.AddJob(job, nil); err != nil {
			return err
		}
		return tx.Record(models.DownloadAsked, download, map[string]string{"what": string(in.What), "format": download.Format})
	})
	if err != nil {
		return nil, fmt.Errorf("ask for a table: %w", err)
	}
	return download, nil
}

// separators are what may stand between the cells of CSV, by the words for it.
func separators() map[string]string {
	return map[string]string{"comma": ",", "semicolon": ";", "tab": "\t"}
}

// sieve checks which ideas somebody wants, of a campaign if it is one's.
func (f *Downloads) sieve(ctx context.Context, actor *models.Actor, in Wish) (sieve models.Sieve, campaign *models.Campaign, err error) {
	if !actor.SignedIn() {
		return sieve, nil, models.ErrForbidden
	}
	sieve = models.Sieve{Stage: in.Stage, Mine: in.Mine, Followed: in.Followed, Unanswered: in.Unanswered, Near: in.Near, Department: in.Department}
	if in.Stage != "" && !in.Stage.Valid() {
		return sieve, nil, models.Invalid{"stage": "ideas.stage_invalid"}
	}
	if in.Space != "" {
		space := actor.AccessTo(in.Space)
		if space == nil {
			return sieve, nil, fmt.Errorf("space: %w", models.ErrNotFound)
		}
		sieve.SpaceID = space.ID
	}
	if sieve.Tag, err = models.ParseTag(in.Tag); err != nil {
		return sieve, nil, err
	}
	if in.Department != "" {
		known, err := f.web.DB.KnowsDepartment(ctx, actor, in.Department)
		if err != nil {
			return sieve, nil, err
		}
		if !known {
			return sieve, nil, models.Invalid{"department": "ideas.department_unknown"}
		}
	}
	if in.Near {
		if sieve.Places, err = f.web.DB.PlacesOf(ctx, actor); err != nil {
			return sieve, nil, err
		}
	}
	if in.Campaign != 0 {
		if campaign, err = f.web.DB.Campaign(ctx, actor, in.Campaign); err != nil {
			return sieve, nil, err
		}
		sieve.CampaignID, sieve.SpaceID = campaign.ID, campaign.SpaceID
	}
	return sieve, campaign, nil
}

// Open opens one of the actor's own tables; ErrNotFound if there is none, or no longer.
func (f *Downloads) Open(ctx context.Context, actor *models.Actor, id int64) (*models.Download, io.ReadCloser, error) {
	download, err := f.web.DB.OwnDownload(ctx, actor, id)
	if err != nil {
		return nil, nil, err
	}
	if ready, err := f.web.DB.DownloadReady(ctx, actor, download); err != nil || !ready {
		return nil, nil, cmp.Or(err, models.ErrNotFound)
	}
	object, _, err := f.files.Open(ctx, download.Key)
	if err != nil {
		return nil, nil, fmt.Errorf("open table %d: %w", id, err)
	}
	return download, object, nil
}

// sweepBatch is how many tables one round of the sweep looks at.
const sweepBatch = 100

// sweep removes the tables whose time is over: the bytes first, so that none are left behind that nothing names.
func (f *Downloads) sweep(ctx context.Context, _ *jobs.Run) (func(*models.Tx) error, error) {
	for {
		spent, err := f.web.DB.SpentDownloads(ctx, sweepBatch)
		if err != nil {
			return nil, err
		}
		for i := range spent {
			if err := f.files.Forget(ctx, spent[i].Key); err != nil {
				return nil, fmt.Errorf("remove table %d: %w", spent[i].ID, err)
			}
			if err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error { return tx.DeleteDownload(spent[i].ID) }); err != nil {
				return nil, err
			}
		}
		if len(spent) < sweepBatch {
			return nil, nil
		}
	}
}

// makeTable is the job. Beginning again does no harm: it writes over what was there.
func (f *Downloads) makeTable(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	id, err := strconv.ParseInt(run.Job.Key, 10, 64)
	if err != nil {
		return nil, jobs.Permanent(err)
	}
	actor, err := f.web.DB.ActorByID(ctx, *run.Job.OwnerID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, jobs.Permanent(err) // they have left meanwhile
	}
	if err != nil {
		return nil, err
	}
	download, err := f.web.DB.OwnDownload(ctx, actor, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil, jobs.Permanent(err)
	}
	if err != nil {
		return nil, err
	}
	spool, err := f.files.Spool()
	if err != nil {
		return nil, err
	}
	defer spool.Remove()
	write := f.write
	if download.What == models.DownloadArticles {
		write = f.pack
	}
	if err := write(ctx, run, actor, download, spool); err != nil {
		return nil, fmt.Errorf("write table %d: %w", id, err)
	}
	if download.Size, err = f.files.Keep(ctx, download.Key, contentType(download), spool); err != nil {
		return nil, fmt.Errorf("store table %d: %w", id, err)
	}
	return func(tx *models.Tx) error {
		if err := tx.FinishDownload(download); err != nil {
			return err
		}
		if err := tx.NotifyFromHouse(actor.ID, models.NoticeDownload); err != nil {
			return err
		}
		return tx.RecordBy(actor.ID, models.DownloadReady, download, map[string]int{"rows": download.RowCount})
	}, nil
}
