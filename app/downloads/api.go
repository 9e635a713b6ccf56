package downloads

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/sheets"
	"ruche/models"
)

// API adds the feature's operations.
func (f *Downloads) API(a *api.API) {
	api.Register(a, huma.Operation{
		OperationID: "ask-download", Method: http.MethodPost, Path: "/downloads", Summary: "Ask for a table of ideas or comments, or for articles as Markdown", DefaultStatus: http.StatusAccepted,
		Security: api.Wants(models.ScopeRead), Description: "It holds what you may read when it is made. It is yours alone and ends after three days.",
	}, f.apiAsk)
	api.Register(a, huma.Operation{OperationID: "get-download", Method: http.MethodGet, Path: "/downloads/{id}", Summary: "See whether a table is ready", Security: api.Wants(models.ScopeRead)}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "get-download-file", Method: http.MethodGet, Path: "/downloads/{id}/file", Summary: "Download a table", Security: api.Wants(models.ScopeRead)}, f.apiFile)
}

// item is a table as programs see it.
type item struct {
	ID      int64     `json:"id"`
	What    string    `json:"what" enum:"ideas,comments,articles"`
	Format  string    `json:"format" enum:"csv,xlsx,jsonl,zip"`
	Ready   bool      `json:"ready"`
	File    string    `json:"file" doc:"Where it is once it is ready."`
	Rows    int       `json:"rows"`
	Size    int64     `json:"size" doc:"In bytes."`
	Asked   time.Time `json:"created_at"`
	Expires time.Time `json:"expires_at"`
}

func (f *Downloads) itemOf(ctx context.Context, actor *models.Actor, d *models.Download) (item, error) {
	ready, err := f.web.DB.DownloadReady(ctx, actor, d)
	return item{
		ID: d.ID, What: string(d.What), Format: d.Format, Ready: ready, File: f.web.BaseURL.String() + api.Prefix + "/downloads/" + strconv.FormatInt(d.ID, 10) + "/file",
		Rows: d.RowCount, Size: d.Size, Asked: d.CreatedAt, Expires: d.ExpiresAt,
	}, err
}

type askDownload struct {
	Body struct {
		What       string `json:"what" enum:"ideas,comments,articles" doc:"Articles come as Markdown in a ZIP, which can be taken in again as it is."`
		Format     string `json:"format,omitempty" enum:"csv,xlsx,jsonl,zip" doc:"Of a table; that of articles is zip."`
		Article    int64  `json:"article,omitempty" minimum:"0" doc:"Of articles: this one with all that stands under it."`
		Alone      bool   `json:"alone,omitempty" doc:"And without that."`
		Collection int64  `json:"collection,omitempty" minimum:"0" doc:"Of articles: those of this collection. Without an article or a collection all that you may read."`
		Separator  string `json:"separator,omitempty" enum:"comma,semicolon,tab" default:"comma" doc:"Of CSV."`
		Mark       bool   `json:"mark,omitempty" doc:"Begin CSV with the mark by which spreadsheets know UTF-8."`
		Lang       string `json:"lang,omitempty" enum:"en,fr" default:"en" doc:"Of the head and the stages in CSV and XLSX."`
		Space      string `json:"space,omitempty" doc:"Slug of a space."`
		Campaign   int64  `json:"campaign,omitempty" minimum:"0"`
		Stage      string `json:"stage,omitempty"`
		Tag        string `json:"tag,omitempty"`
		Department string `json:"department,omitempty" doc:"Of the author; one of fewer than five people is not told apart."`
		Near       bool   `json:"near,omitempty" doc:"Only ideas by people of your department or your site."`
		Mine       bool   `json:"mine,omitempty"`
		Followed   bool   `json:"followed,omitempty"`
		Unanswered bool   `json:"unanswered,omitempty"`
	}
}

func (f *Downloads) apiAsk(ctx context.Context, actor *models.Actor, in *askDownload) (*api.Created[item], error) {
	want := &in.Body
	download, err := f.Ask(ctx, actor, Wish{
		Article: want.Article, Alone: want.Alone, Collection: want.Collection, Space: want.Space, Campaign: want.Campaign, Stage: models.Stage(want.Stage), Tag: want.Tag, Department: want.Department, Near: want.Near, Mine: want.Mine, Followed: want.Followed, Unanswered: want.Unanswered,
		What: models.DownloadKind(want.What), Format: sheets.Format(want.Format), Separator: want.Separator, Mark: want.Mark, Locale: want.Lang,
	})
	if err != nil {
		return nil, err
	}
	body, err := f.itemOf(ctx, actor, download)
	if err != nil {
		return nil, err
	}
	return &api.Created[item]{Location: f.web.BaseURL.String() + api.Prefix + "/downloads/" + strconv.FormatInt(download.ID, 10), Body: body}, nil
}

// DownloadPath is the table that an operation is about; exported, since huma fills in no other embedded struct.
type DownloadPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type itemAnswer struct{ Body item }

func (f *Downloads) apiGet(ctx context.Context, actor *models.Actor, in *DownloadPath) (*itemAnswer, error) {
	download, err := f.web.DB.OwnDownload(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	body, err := f.itemOf(ctx, actor, download)
	return &itemAnswer{body}, err
}

// fileAnswer streams a table.
type fileAnswer struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Length      string `header:"Content-Length"`
	Body        func(huma.Context)
}

func (f *Downloads) apiFile(ctx context.Context, actor *models.Actor, in *DownloadPath) (*fileAnswer, error) {
	download, object, err := f.Open(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &fileAnswer{
		ContentType: contentType(download), Disposition: `attachment; filename="` + fileName(download) + `"`, Length: strconv.FormatInt(download.Size, 10),
		Body: func(to huma.Context) {
			defer object.Close()
			_, _ = io.Copy(to.BodyWriter(), object) // what goes wrong is told by the connection
		},
	}, nil
}
