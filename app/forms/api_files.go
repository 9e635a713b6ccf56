package forms

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// filesAPI adds the operations about the files that are given to fields.
func (f *Forms) filesAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "upload-file", Method: http.MethodPost, Path: "/campaigns/{id}/form/{field}/files", Summary: "Upload a file for a field",
		Description: "What it is is found from what is in it. The answer of an idea to the field then names it by its number; until then only you see it, and after two days it is removed.", DefaultStatus: http.StatusCreated}, f.apiUpload)
	api.Register(a, huma.Operation{OperationID: "download-file", Method: http.MethodGet, Path: "/files/{id}", Summary: "Download a file", Description: "A picture of an idea that you may read, or a file that an answer names which you see."}, f.apiDownload)
}

// uploadFile is the file that a program sends.
type uploadFile struct {
	File huma.FormFile `form:"file" contentType:"application/octet-stream" required:"true"`
}

type uploadFor struct {
	FieldPath
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
	file, err := f.files.SaveFor(ctx, actor, in.Field, upload.Filename, upload)
	if err != nil {
		return nil, err
	}
	return &api.Created[uploadedBody]{
		Location: f.web.BaseURL.String() + api.Prefix + "/files/" + strconv.FormatInt(file.ID, 10), ETag: api.VersionTag(1),
		Body: uploadedBody{file.ID, file.SaveName(), file.ContentType, file.Size},
	}, nil
}

type downloaded struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Cache       string `header:"Cache-Control"`
	Sniffing    string `header:"X-Content-Type-Options"`
	Body        []byte
}

func (f *Forms) apiDownload(ctx context.Context, actor *models.Actor, in *CampaignPath) (*downloaded, error) {
	file, err := f.web.DB.File(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	object, _, err := f.files.Open(ctx, file.Key)
	if err != nil {
		return nil, fmt.Errorf("open file %d: %w", file.ID, err)
	}
	defer object.Close()
	data, err := io.ReadAll(object)
	if err != nil {
		return nil, fmt.Errorf("read file %d: %w", file.ID, err)
	}
	name := mime.FormatMediaType("attachment", map[string]string{"filename": file.SaveName()})
	return &downloaded{ContentType: file.ContentType, Disposition: name, Cache: "private, no-store", Sniffing: "nosniff", Body: data}, nil
}
