package ideas

import (
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/files"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/ideas"
)

// addFiles takes the files that come with the form of an idea for a field, and adds them to its answer.
func (f *Ideas) addFiles(c echo.Context, view *views.Write, field int64, uploads []*multipart.FileHeader) error {
	name := models.AnswerName(field)
	for i, header := range uploads {
		if header.Size == 0 && header.Filename == "" {
			continue // the field was left empty
		}
		if i == models.MaxFiles {
			view.Problems[name] = "forms.answer.files_many"
			return nil
		}
		file, err := f.addFile(c, field, header)
		var invalid models.Invalid
		if errors.As(err, &invalid) {
			view.Problems[name] = invalid["file"]
			continue
		}
		if err != nil {
			return err
		}
		view.Answers[field] = strings.TrimSpace(view.Answers[field] + "\n" + strconv.FormatInt(file.ID, 10))
	}
	return nil
}

func (f *Ideas) addFile(c echo.Context, field int64, header *multipart.FileHeader) (*models.File, error) {
	upload, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("open upload: %w", err)
	}
	defer upload.Close()
	return f.files.Take(c.Request().Context(), web.Actor(c).Person(), files.Upload{Name: header.Filename, Field: field, Content: upload})
}

// givenFiles loads what stands in a form for the fields that take files.
func (f *Ideas) givenFiles(ctx context.Context, actor *models.Actor, view *views.Write) (err error) {
	if view.Sheet == nil {
		return nil
	}
	var ids []int64
	for _, fields := range [][]models.FormField{view.Sheet.Fields, view.Sheet.Former} {
		for i := range fields {
			if fields[i].Kind == models.FileField {
				ids = append(ids, models.FileIDs(view.Answers[fields[i].ID])...)
			}
		}
	}
	idea := int64(0)
	if view.Idea != nil {
		idea = view.Idea.ID
	}
	view.Files, err = f.db.UploadedFiles(ctx, actor, idea, ids[:min(len(ids), maxKept)])
	return err
}
