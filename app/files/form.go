package files

import (
	"errors"
	"fmt"
	"mime/multipart"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/models"
)

// FormField is the name of the field for files in the form of a text, for those whose browser runs no editor.
const FormField = "picture"

// OfForm takes the files that come with the form of a text, which is parsed, and returns the text with their names at its end. What
// is wrong with one of them is said in problem; the others are taken all the same. once names the form, so that a form that is sent
// twice names the same files twice; it may be empty.
func (f *Files) OfForm(c echo.Context, actor *models.Actor, space, once, body string) (with, problem string, err error) {
	form := c.Request().MultipartForm
	if form == nil {
		return body, "", nil
	}
	for i, header := range form.File[FormField] {
		if header.Size == 0 {
			continue // the field was left empty
		}
		if i == models.MaxFiles {
			return body, "files.form_many", nil
		}
		in := Upload{Name: header.Filename, Space: space}
		if once != "" {
			in.ID = once + "/" + strconv.Itoa(i)
		}
		file, err := f.ofForm(c, actor, in, header)
		var invalid models.Invalid
		if errors.As(err, &invalid) {
			problem = invalid["file"]
			continue
		}
		if err != nil {
			return body, "", err
		}
		body = strings.TrimLeft(strings.TrimRight(body, "\r\n ")+"\n\n"+file.Markdown()+"\n", "\n")
	}
	return body, problem, nil
}

func (f *Files) ofForm(c echo.Context, actor *models.Actor, in Upload, header *multipart.FileHeader) (*models.File, error) {
	upload, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("open upload: %w", err)
	}
	defer upload.Close()
	in.Content = upload
	return f.Take(c.Request().Context(), actor, in)
}
