package files

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/models"
)

// API adds the operations about files.
func (f *Files) API(a *api.API) {
	o := operations{f, a.Base()}
	api.Register(a, huma.Operation{
		OperationID: "upload-text-file", Method: http.MethodPost, Path: "/files", Summary: "Upload a file for a text",
		Description: "What it is is found from what is in it. A text then shows a picture as ![what it shows](/files/7) and links another file as [its name](/files/7); until then only you see it, and after two days it is removed. Send it again with the same Idempotency-Key if you do not know whether it arrived.", DefaultStatus: http.StatusCreated,
	}, o.upload)
	api.Register(a, huma.Operation{OperationID: "get-file", Method: http.MethodGet, Path: "/files/{id}", Summary: "Get what a file is", Description: "Of a file of a text that you may read, of an answer that you see, or of your own."}, o.show)
	api.Register(a, huma.Operation{OperationID: "download-file", Method: http.MethodGet, Path: "/files/{id}/content", Summary: "Download a file", Description: "The bytes of a file that you may see."}, o.download)
}

// operations are those of the API, whose addresses begin with that of the house.
type operations struct {
	*Files
	base string
}

// uploadedFile is the file that a program sends.
type uploadedFile struct {
	File huma.FormFile `form:"file" contentType:"application/octet-stream" required:"true"`
}

type uploadRequest struct {
	Once    string `header:"Idempotency-Key" maxLength:"255" doc:"Of your choice. The same file under the same key is uploaded once; another file is a conflict."`
	Space   string `query:"space" doc:"The slug of the space of the text, to be told early that you may not write there or that it has no room."`
	RawBody huma.MultipartFormFiles[uploadedFile]
}

type storedFile struct {
	ID          int64     `json:"id"`
	Name        string    `json:"name"`
	ContentType string    `json:"content_type"`
	Size        int64     `json:"size" doc:"In bytes."`
	Width       int       `json:"width,omitempty" doc:"Of a picture, in pixels."`
	Height      int       `json:"height,omitempty" doc:"Of a picture, in pixels."`
	Path        string    `json:"path" doc:"How a text names it."`
	URL         string    `json:"url" doc:"Where its bytes are."`
	CreatedAt   time.Time `json:"created_at"`
}

// Address is where programs download a file, below the address of the house.
func Address(id int64) string { return apiPath(id) + "/content" }

func apiPath(id int64) string { return api.Prefix + "/files/" + strconv.FormatInt(id, 10) }

func present(base string, file *models.File) storedFile {
	return storedFile{
		ID: file.ID, Name: file.SaveName(), ContentType: file.ContentType, Size: file.Size, Width: file.Width, Height: file.Height,
		Path: "/files/" + strconv.FormatInt(file.ID, 10), URL: base + Address(file.ID), CreatedAt: file.CreatedAt,
	}
}

func (o operations) upload(ctx context.Context, actor *models.Actor, in *uploadRequest) (*api.Created[storedFile], error) {
	sent := in.RawBody.Data().File
	file, err := o.Take(ctx, actor, Upload{Name: sent.Filename, ID: in.Once, Space: in.Space, Content: sent})
	if err != nil {
		return nil, err
	}
	return &api.Created[storedFile]{Location: o.base + apiPath(file.ID), ETag: api.VersionTag(1), Body: present(o.base, file)}, nil
}

type filePath struct {
	ID int64 `path:"id"`
}

type fileAnswer struct {
	Cache string `header:"Cache-Control"`
	Body  storedFile
}

func (o operations) show(ctx context.Context, actor *models.Actor, in *filePath) (*fileAnswer, error) {
	file, err := o.db.File(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &fileAnswer{Cache: "private, no-store", Body: present(o.base, file)}, nil
}

func (o operations) download(ctx context.Context, actor *models.Actor, in *filePath) (*huma.StreamResponse, error) {
	file, err := o.db.File(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	object, size, err := o.store.Open(ctx, file.Key)
	if err != nil {
		return nil, fmt.Errorf("open file %d: %w", file.ID, err)
	}
	return &huma.StreamResponse{Body: func(answer huma.Context) {
		defer object.Close()
		for name, value := range saving(file) {
			answer.SetHeader(name, value)
		}
		answer.SetHeader(echo.HeaderContentLength, strconv.FormatInt(size, 10))
		_, _ = io.Copy(answer.BodyWriter(), object) // that something is missing the program sees by the length
	}}, nil
}
