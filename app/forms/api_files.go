package forms

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/files"
	"ruche/models"
)

// filesAPI adds the operation about the files that are given to fields.
func (f *Forms) filesAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "upload-file", Method: http.MethodPost, Path: "/campaigns/{id}/form/{field}/files", Summary: "Upload a file for a field",
		Description: "What it is is found from what is in it. The answer of an idea to the field then names it by its number; until then only you see it, and after two days it is removed.", DefaultStatus: http.StatusCreated}, f.apiUpload)
}

// uploadFile is the file that a program sends.
type uploadFile struct {
	File huma.FormFile `form:"file" contentType:"application/octet-stream" required:"true"`
}

type uploadFor struct {
	FieldPath
	Once    string `header:"Idempotency-Key" maxLength:"255" doc:"Of your choice. The same file under the same key is uploaded once; another file is a conflict."`
	RawBody huma.MultipartFormFiles[uploadFile]
}

// uploadedBody is a file that waits to be named by an answer.
type uploadedBody struct {
	ID          int64  `json:"id" doc:"What the answer of an idea names it by."`
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size" doc:"In bytes."`
}

func (f *Forms) apiUpload(ctx context.Context, actor *models.Actor, in *uploadFor) (*api.Created[uploadedBody], error) {
	desk, err := f.web.DB.FileDesk(ctx, actor, in.Field)
	if err != nil {
		return nil, err
	}
	if desk.Campaign.ID != in.ID {
		return nil, fmt.Errorf("field %d of campaign %d: %w", in.Field, in.ID, models.ErrNotFound)
	}
	upload := in.RawBody.Data().File
	file, err := f.files.Take(ctx, actor, files.Upload{Name: upload.Filename, ID: in.Once, Field: in.Field, Content: upload})
	if err != nil {
		return nil, err
	}
	return &api.Created[uploadedBody]{
		Location: f.web.BaseURL.String() + api.Prefix + "/files/" + strconv.FormatInt(file.ID, 10), ETag: api.VersionTag(1),
		Body: uploadedBody{file.ID, file.SaveName(), file.ContentType, file.Size},
	}, nil
}
