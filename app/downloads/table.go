package downloads

import (
	"context"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"ruche/app/jobs"
	"ruche/app/sheets"
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// rowBatch is how many rows are in memory at a time.
const rowBatch = 200

// maxRows is how many rows a table has at most: as many as a sheet holds beside its head.
const maxRows = sheets.MostRows - 1

// The columns of a table of ideas and of one of comments, in their order. Their titles are in the catalogue.
var (
	ideaColumns = []string{"id", "url", "space", "campaign", "title", "summary", "body", "lang", "tags", "stage", "author", "supports", "comments",
		"published_at", "edited_at", "active_at"}
	commentColumns = []string{"id", "idea_id", "idea", "space", "parent_id", "body", "lang", "author", "created_at", "edited_at"}
)

// table writes one download.
type table struct {
	feature *Downloads
	actor   *models.Actor
	of      *models.Download
	locale  *i18n.Locale
	out     sheets.Writer
	run     *jobs.Run
	total   int
	form    *models.AnswerTable // what the campaign of the table asks; nil if it is of none that does
	spaces  map[string]bool     // the ids of those of which there are rows
}

func (f *Downloads) write(ctx context.Context, run *jobs.Run, actor *models.Actor, of *models.Download, to io.Writer) error {
	t := &table{feature: f, actor: actor, of: of, locale: i18n.For(of.Locale), run: run, spaces: map[string]bool{}}
	var err error
	if t.total, err = f.web.DB.CountRecords(ctx, actor, of.What, of.Sieve()); err != nil {
		return err
	}
	names, batch := ideaColumns, t.ideas
	if of.What == models.DownloadComments {
		names, batch = commentColumns, t.comments
	}
	columns := make([]sheets.Column, len(names))
	for i, name := range names {
		columns[i] = sheets.Column{Key: name, Title: t.locale.T("downloads.column." + name)}
	}
	if of.What == models.DownloadIdeas {
		if t.form, err = f.web.DB.AnswerTable(ctx, actor, of.Sieve()); err != nil {
			return err
		}
		columns = append(columns, t.questions()...)
	}
	t.out, err = sheets.NewWriter(to, columns, sheets.Options{
		Format: sheets.Format(of.Format), Separator: of.Separator, Mark: of.Mark, Name: t.locale.T("downloads.what." + string(of.What)),
	})
	if err != nil {
		return err
	}
	of.RowCount = 0
	for after := int64(0); ; {
		last, n, err := batch(ctx, after)
		if err != nil {
			return err
		}
		after = last
		of.RowCount += n
		if err := run.Progress(ctx, min(of.RowCount, t.total), t.total); err != nil {
			return err
		}
		if n < rowBatch || of.RowCount > maxRows-rowBatch {
			break
		}
	}
	of.Spaces = strings.Join(slices.Sorted(maps.Keys(t.spaces)), ",")
	return t.out.Close()
}

// ideas writes the next rows of a table of ideas, and returns the last id and how many they are.
func (t *table) ideas(ctx context.Context, after int64) (last int64, n int, err error) {
	records, err := t.feature.web.DB.IdeaRecords(ctx, t.actor, t.of.Sieve(), after, rowBatch)
	if err != nil {
		return 0, 0, err
	}
	answers, err := t.answers(ctx, records)
	if err != nil {
		return 0, 0, err
	}
	for i := range records {
		r := &records[i]
		last = r.ID
		err := t.out.Row(append([]any{r.ID, t.feature.web.BaseURL.String() + r.Path(), t.space(r.SpaceID), r.Campaign, r.Title, r.Summary, r.Body, r.Lang, []string(r.Tags), t.stage(r.Stage),
			parts.Name(t.locale, r.AuthorName), r.SupportCount, r.CommentCount, r.PublishedAt, when(r.EditedAt), r.ActiveAt}, t.answered(answers[r.ID])...)...)
		if err != nil {
			return 0, 0, err
		}
	}
	return last, len(records), nil
}

// comments writes the next rows of a table of comments.
func (t *table) comments(ctx context.Context, after int64) (last int64, n int, err error) {
	records, err := t.feature.web.DB.CommentRecords(ctx, t.actor, t.of.Sieve(), after, rowBatch)
	if err != nil {
		return 0, 0, err
	}
	for i := range records {
		r := &records[i]
		last = r.ID
		var parent any
		if r.ParentID != nil {
			parent = *r.ParentID
		}
		if err := t.out.Row(r.ID, r.IdeaID, r.IdeaTitle, t.space(r.SpaceID), parent, r.Body, r.Lang, parts.Name(t.locale, r.AuthorName), r.CreatedAt, when(r.EditedAt)); err != nil {
			return 0, 0, err
		}
	}
	return last, len(records), nil
}

// space is the title of the space of a row, which is noted.
func (t *table) space(id int64) string {
	t.spaces[strconv.FormatInt(id, 10)] = true
	if access := t.actor.Access(id); access != nil {
		return access.Title
	}
	return ""
}

// stage is a stage as people read it, and its key for programs.
func (t *table) stage(stage models.Stage) string {
	if sheets.Format(t.of.Format) == sheets.JSONLines {
		return string(stage)
	}
	return t.locale.T("stage." + string(stage))
}

func when(at *time.Time) any {
	if at == nil {
		return nil
	}
	return *at
}

// fileName is what a table is called where it is kept.
func fileName(d *models.Download) string {
	return "ruche-" + string(d.What) + "-" + d.CreatedAt.Format(time.DateOnly) + "-" + strconv.FormatInt(d.ID, 10) + "." + d.Format
}
