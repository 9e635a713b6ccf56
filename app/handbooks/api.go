package handbooks

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
	"ruche/views/i18n"
)

// API adds the feature's operations: the steps of its pages, by the same people.
func (f *Desk) API(a *api.API) {
	manage, runs := api.Wants(models.ScopeManage), "/collections/{id}/imports"
	api.Register(a, huma.Operation{OperationID: "list-article-imports", Method: http.MethodGet, Path: runs, Summary: "List the folders that you have sent into a collection", Security: manage}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "send-article-import", Method: http.MethodPost, Path: runs, Summary: "Send a folder of texts into a collection", DefaultStatus: http.StatusCreated, Security: manage,
		Description: "A ZIP of Markdown, HTML or Word documents, an export of Confluence (HTML), Notion (HTML, or Markdown and CSV) or MediaWiki (XML), or a single file of one of these. It is read, and nothing is taken in yet: the report says what it would make. You arrange the collections of the space."}, f.apiSend)
	api.Register(a, huma.Operation{OperationID: "get-article-import", Method: http.MethodGet, Path: runs + "/{run}", Summary: "See how far an import of articles is", Security: manage}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "run-article-import", Method: http.MethodPost, Path: runs + "/{run}/run", Summary: "Take a folder in that was read without a problem, all of it or nothing", DefaultStatus: http.StatusAccepted, Security: manage}, f.apiAct(f.Run))
	api.Register(a, huma.Operation{OperationID: "undo-article-import", Method: http.MethodPost, Path: runs + "/{run}/undo", Summary: "Take out of sight what an import of articles has made", Description: "As far as nobody has changed it since. The collection's trash can bring it back.", DefaultStatus: http.StatusAccepted, Security: manage}, f.apiAct(f.Undo))
	api.Register(a, huma.Operation{OperationID: "drop-article-import", Method: http.MethodDelete, Path: runs + "/{run}", Summary: "Throw a folder away that was not taken in", DefaultStatus: http.StatusNoContent, Security: manage}, f.apiDrop)
}

// folderRun is a run as programs see it.
type folderRun struct {
	ID         int64           `json:"id"`
	Collection int64           `json:"collection"`
	Name       string          `json:"name"`
	Format     string          `json:"format" doc:"In which it was read: markdown, html, docx, confluence, notion or mediawiki; empty before."`
	State      string          `json:"state" enum:"working,broken,checked,imported,undone,failed" doc:"working: it is being read, taken in or undone; broken: some files are in the way."`
	Done       int             `json:"done" doc:"Steps of what is being worked on."`
	Total      int             `json:"total"`
	Articles   int             `json:"articles" doc:"That the folder makes."`
	Links      int             `json:"links" doc:"Between them."`
	Files      int             `json:"files" doc:"That come along."`
	Problems   []folderFinding `json:"problems" doc:"The first 500 of what is in the way."`
	Notes      []folderFinding `json:"notes" doc:"The first 500 of what comes in in another form, or not."`
	Problem    string          `json:"problem" doc:"Why it could not be taken in, empty if it could."`
	Made       int             `json:"made"`
	Undone     int             `json:"undone"`
	Kept       []keptArticle   `json:"kept" doc:"By an undo, because it was changed since: the first 200."`
	Created    time.Time       `json:"created_at"`
}

type folderFinding struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Kind string `json:"kind"`
	Text string `json:"text"`
}

type keptArticle struct {
	ID    int64  `json:"id"`
	Title string `json:"title"`
}

func bodyOf(run *models.ArticleImport, job *models.Job) (*folderRun, error) {
	report, err := ParseReport(run.Report)
	if err != nil {
		return nil, err
	}
	body := &folderRun{ID: run.ID, Collection: run.CollectionID, Name: run.Name, State: stateOf(run, job), Problems: []folderFinding{}, Notes: []folderFinding{}, Kept: []keptArticle{},
		Made: run.Made, Undone: run.Undone, Created: run.CreatedAt}
	if run.Problem != "" {
		body.Problem = i18n.For("en").T(run.Problem)
	}
	if job != nil && !job.Ended() {
		body.Done, body.Total = job.Done, job.Total
	}
	if report == nil {
		return body, nil
	}
	body.Format, body.Articles, body.Links, body.Files = report.Format, report.Articles, report.Links, report.Files
	for _, one := range report.Problems {
		body.Problems = append(body.Problems, folderFinding{one.File, one.Line, one.Key, one.Words(i18n.For("en"))})
	}
	for _, one := range report.Notes {
		body.Notes = append(body.Notes, folderFinding{one.File, one.Line, one.Key, one.Words(i18n.For("en"))})
	}
	for _, one := range report.Kept {
		body.Kept = append(body.Kept, keptArticle{one.ID, one.Title})
	}
	return body, nil
}

func stateOf(run *models.ArticleImport, job *models.Job) string {
	switch {
	case job != nil && !job.Ended():
		return "working"
	case run.Problem != "" || job != nil && job.State == models.JobFailed:
		return "failed"
	case run.UndoneAt != nil:
		return "undone"
	case run.ImportedAt != nil:
		return "imported"
	case run.ProblemCount > 0:
		return "broken"
	}
	return "checked"
}

// ShelfPath is the collection that an operation is about; exported, since huma fills in no other embedded struct.
type ShelfPath struct {
	ID int64 `path:"id" minimum:"1"`
}

// RunPath is the run that an operation is about.
type RunPath struct {
	ID  int64 `path:"id" minimum:"1"`
	Run int64 `path:"run" minimum:"1"`
}

type foldersAnswer struct {
	Body struct {
		Items []folderRun `json:"items"`
	}
}

func (f *Desk) apiList(ctx context.Context, actor *models.Actor, in *ShelfPath) (*foldersAnswer, error) {
	collection, err := f.db.Collection(ctx, actor, in.ID)
	if err == nil {
		err = actor.MayImportArticles(collection)
	}
	if err != nil {
		return nil, err
	}
	own, err := f.db.OwnArticleImports(ctx, actor, collection.ID, shownRuns)
	if err != nil {
		return nil, err
	}
	answer := &foldersAnswer{}
	answer.Body.Items = []folderRun{}
	for i := range own {
		job, err := f.latest(ctx, actor, &own[i])
		if err != nil {
			return nil, err
		}
		body, err := bodyOf(&own[i], job)
		if err != nil {
			return nil, err
		}
		answer.Body.Items = append(answer.Body.Items, *body)
	}
	return answer, nil
}

// sentFolder is the form with which a program sends a folder.
type sentFolder struct {
	File   huma.FormFile `form:"file" contentType:"application/octet-stream" required:"true"`
	Format string        `form:"format" enum:",markdown,html,docx,confluence,notion,mediawiki" required:"false" doc:"In which it is read; without it, as what it looks like."`
}

type sendFolder struct {
	ShelfPath
	RawBody huma.MultipartFormFiles[sentFolder]
}

func (f *Desk) apiSend(ctx context.Context, actor *models.Actor, in *sendFolder) (*api.Created[folderRun], error) {
	collection, err := f.db.Collection(ctx, actor, in.ID)
	if err == nil {
		err = actor.MayImportArticles(collection)
	}
	if err != nil {
		return nil, err
	}
	form := in.RawBody.Data()
	run, err := f.Receive(ctx, actor, Upload{collection.ID, form.File.Filename, form.Format, form.File})
	if err != nil {
		return nil, err
	}
	answer, err := f.apiGet(ctx, actor, &RunPath{collection.ID, run.ID})
	if err != nil {
		return nil, err
	}
	return &api.Created[folderRun]{Location: f.base + api.Prefix + run.Path(), Body: *answer.Body}, nil
}

type folderAnswer struct{ Body *folderRun }

func (f *Desk) apiGet(ctx context.Context, actor *models.Actor, in *RunPath) (*folderAnswer, error) {
	run, err := f.db.OwnArticleImport(ctx, actor, in.ID, in.Run)
	if err != nil {
		return nil, err
	}
	job, err := f.latest(ctx, actor, run)
	if err != nil {
		return nil, err
	}
	body, err := bodyOf(run, job)
	return &folderAnswer{body}, err
}

// apiAct is the operation of something that is done with a run.
func (f *Desk) apiAct(do func(ctx context.Context, actor *models.Actor, collection, run int64) error) func(context.Context, *models.Actor, *RunPath) (*folderAnswer, error) {
	return func(ctx context.Context, actor *models.Actor, in *RunPath) (*folderAnswer, error) {
		if err := do(ctx, actor, in.ID, in.Run); err != nil {
			return nil, err
		}
		return f.apiGet(ctx, actor, in)
	}
}

func (f *Desk) apiDrop(ctx context.Context, actor *models.Actor, in *RunPath) (*api.Done, error) {
	return &api.Done{}, f.Drop(ctx, actor, in.ID, in.Run)
}
