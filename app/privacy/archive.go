package privacy

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/privacy"
)

// rowBatch is how many rows are in memory at a time.
const rowBatch = 200

// mostMails bounds the waiting letters in a copy; there are a few at most.
const mostMails = 100

// archive writes one person's copy, piece by piece.
type archive struct {
	privacy  *Privacy
	actor    *models.Actor
	locale   *i18n.Locale
	zip      *zip.Writer
	progress func() error
}

// write makes the archive: data.json for programs, index.html for people, contributions.json with what the person did for ideas,
// and the pictures.
func (a *archive) write(ctx context.Context) error {
	for _, part := range []func(context.Context) error{a.data, a.page, a.contributions, a.pictures} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return a.zip.Close()
}

// entry begins a file of the archive.
func (a *archive) entry(name string) (io.Writer, error) {
	return a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.privacy.web.DB.Now()})
}

// each hands out the person's own rows of a table, and the titles of the ideas in them that the person may still read.
func (a *archive) each(ctx context.Context, h *models.Holding, do func(row []models.Field, titles map[int64]string) error) error {
	var after []any
	for {
		rows, next, err := a.privacy.web.DB.OwnRows(ctx, a.actor, h, after, rowBatch)
		if err != nil {
			return err
		}
		titles, err := a.privacy.web.DB.ReadableTitles(ctx, a.actor, ideasIn(rows))
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := do(row, titles); err != nil {
				return err
			}
		}
		if next == nil {
			return nil
		}
		after = next
	}
}

// ideasIn are the ideas that rows refer to.
func ideasIn(rows [][]models.Field) (ids []int64) {
	for _, row := range rows {
		if id := views.IdeaOf(row); id != 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// data writes every table with something of the person's as JSON, row by row.
func (a *archive) data(ctx context.Context) error {
	out, err := a.entry("data.json")
	if err != nil {
		return err
	}
	head := map[string]any{"person": a.actor.ID, "made_at": a.privacy.web.DB.Now(), "house": a.privacy.web.Company}
	raw, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "{\"about\": %s", raw); err != nil {
		return err
	}
	for _, holding := range models.Holdings() {
		if holding.Own == "" {
			continue
		}
		if err := a.table(ctx, out, &holding); err != nil {
			return err
		}
		if err := a.progress(); err != nil {
			return err
		}
	}
	letters, err := a.letters(ctx)
	if err != nil {
		return err
	}
	if raw, err = json.MarshalIndent(letters, "", "  "); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, ",\n\"waiting_mail\": %s\n}\n", raw)
	return err
}

func (a *archive) table(ctx context.Context, out io.Writer, h *models.Holding) error {
	if _, err := fmt.Fprintf(out, ",\n%q: [", h.Table); err != nil {
		return err
	}
	separator := "\n"
	err := a.each(ctx, h, func(row []models.Field, titles map[int64]string) error {
		values := make(map[string]any, len(row)+1)
		for _, field := range row {
			values[field.Name] = plain(field.Value)
		}
		if title := titles[views.IdeaOf(row)]; title != "" && h.Table != "ideas" {
			values["idea_title"] = title
		}
		raw, err := json.Marshal(values)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s  %s", separator, raw)
		separator = ",\n"
		return err
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", h.Table, err)
	}
	_, err = io.WriteString(out, "\n]")
	return err
}

// mostContributions bounds each kind of contributions in a copy, as in the file that a person can take by itself.
const mostContributions = 20_000

// contributions writes what the person did for ideas that they may still read.
func (a *archive) contributions(ctx context.Context) error {
	found, err := a.privacy.web.DB.Passport(ctx, a.actor, mostContributions)
	if err != nil {
		return fmt.Errorf("contributions: %w", err)
	}
	raw, err := json.MarshalIndent(append([]models.Contribution{}, found...), "", "  ")
	if err != nil {
		return err
	}
	out, err := a.entry("contributions.json")
	if err != nil {
		return err
	}
	if _, err := out.Write(raw); err != nil {
		return err
	}
	return a.progress()
}

// plain is a value as JSON has it, whichever database it comes from.
func plain(value any) any {
	switch v := value.(type) {
	case []byte:
		return string(v)
	case time.Time:
		return v.UTC()
	}
	return value
}

// letter is what a copy tells of mail that has not left yet.
type letter struct {
	To, Subject string
	Paragraphs  []string
}

func (a *archive) letters(ctx context.Context) ([]letter, error) {
	waiting, err := a.privacy.web.DB.WaitingMails(ctx, a.actor, mostMails)
	if err != nil {
		return nil, err
	}
	letters := make([]letter, len(waiting))
	for i, raw := range waiting {
		if err := json.Unmarshal([]byte(raw), &letters[i]); err != nil {
			return nil, fmt.Errorf("read a waiting letter: %w", err)
		}
	}
	return letters, nil
}

// page writes the same for people, in their language.
func (a *archive) page(ctx context.Context) error {
	style, err := a.entry("style.css")
	if err != nil {
		return err
	}
	if _, err := io.WriteString(style, views.CopyStyle); err != nil {
		return err
	}
	out, err := a.entry("index.html")
	if err != nil {
		return err
	}
	head := views.CopyHead{L: a.locale, Company: a.privacy.web.Company, Name: a.actor.Name, Now: a.privacy.web.DB.Now(), House: a.privacy.web.BaseURL.String()}
	body := templ.ComponentFunc(func(ctx context.Context, out io.Writer) error { return a.body(ctx, out, head) })
	if err := views.Copy(head, body).Render(ctx, out); err != nil {
		return err
	}
	return a.progress()
}

func (a *archive) body(ctx context.Context, out io.Writer, head views.CopyHead) error {
	for _, processing := range models.Processings() {
		for _, holding := range models.Holdings() {
			if holding.Own == "" || holding.Processing != processing {
				continue
			}
			if err := a.chapter(ctx, out, head, &holding); err != nil {
				return err
			}
		}
	}
	letters, err := a.letters(ctx)
	if err != nil || len(letters) == 0 {
		return err
	}
	if err := views.CopyChapter(head, "mails").Render(ctx, out); err != nil {
		return err
	}
	for _, letter := range letters {
		row := []models.Field{{Name: "title", Value: letter.Subject}}
		for _, paragraph := range letter.Paragraphs {
			row = append(row, models.Field{Name: "body", Value: paragraph})
		}
		if err := views.CopyRow(head, row, nil).Render(ctx, out); err != nil {
			return err
		}
	}
	return nil
}

// chapter shows the rows of a table under its name; without any, nothing.
func (a *archive) chapter(ctx context.Context, out io.Writer, head views.CopyHead, h *models.Holding) error {
	begun := false
	return a.each(ctx, h, func(row []models.Field, titles map[int64]string) error {
		if !begun {
			begun = true
			if err := views.CopyChapter(head, h.Table).Render(ctx, out); err != nil {
				return err
			}
		}
		return views.CopyRow(head, row, titles).Render(ctx, out)
	})
}

// pictures adds the files that the person uploaded.
func (a *archive) pictures(ctx context.Context) error {
	for after := int64(0); ; {
		files, err := a.privacy.web.DB.OwnFiles(ctx, a.actor, after, rowBatch)
		if err != nil {
			return err
		}
		for i := range files {
			if err := a.picture(ctx, &files[i]); err != nil {
				return fmt.Errorf("add picture %d: %w", files[i].ID, err)
			}
			after = files[i].ID
		}
		if len(files) < rowBatch {
			return a.progress()
		}
	}
}

func (a *archive) picture(ctx context.Context, file *models.File) error {
	object, _, err := a.privacy.files.Open(ctx, file.Key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the store has lost it; the rest is owed all the same
	}
	if err != nil {
		return err
	}
	defer object.Close()
	out, err := a.zip.CreateHeader(&zip.FileHeader{Name: views.PicturePath(file.ID, file.Name), Method: zip.Store, Modified: file.CreatedAt})
	if err != nil {
		return err
	}
	_, err = io.Copy(out, object)
	return err
}
