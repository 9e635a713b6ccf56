package imports

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/sheets"
	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/imports"
)

// API adds the feature's operations: the steps of its pages, by the same people.
func (f *Imports) API(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "list-imports", Method: http.MethodGet, Path: "/imports", Summary: "List the files that you have sent", Security: manage}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "send-import", Method: http.MethodPost, Path: "/imports", Summary: "Send a file with ideas or comments", DefaultStatus: http.StatusCreated, Security: manage,
		Description: "CSV, XLSX or JSON Lines. Its columns are recognised as far as they can be; nothing is taken in yet. You manage the space, or run the campaign."}, f.apiSend)
	api.Register(a, huma.Operation{OperationID: "get-import", Method: http.MethodGet, Path: "/imports/{id}", Summary: "See how far an import is", Security: manage}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "map-import", Method: http.MethodPut, Path: "/imports/{id}/mapping", Summary: "Say which column holds what, and have the file checked", DefaultStatus: http.StatusAccepted, Security: manage,
		Description: "A dry run: every row is read and nothing is taken in. When it is done, counts says what the file would make."}, f.apiMap)
	api.Register(a, huma.Operation{OperationID: "get-import-problems", Method: http.MethodGet, Path: "/imports/{id}/problems", Summary: "Download the rows that are broken, each with the reason", Description: "As CSV.", Security: manage}, f.apiProblems)
	api.Register(a, huma.Operation{OperationID: "run-import", Method: http.MethodPost, Path: "/imports/{id}/run", Summary: "Take a checked file in, all of it or nothing", DefaultStatus: http.StatusAccepted, Security: manage}, f.apiAct(f.Run))
	api.Register(a, huma.Operation{OperationID: "undo-import", Method: http.MethodPost, Path: "/imports/{id}/undo", Summary: "Take out of sight what an import has made", Description: "As far as nobody has touched it since.", DefaultStatus: http.StatusAccepted, Security: manage}, f.apiAct(f.Undo))
	api.Register(a, huma.Operation{OperationID: "drop-import", Method: http.MethodDelete, Path: "/imports/{id}", Summary: "Throw a file away that was not taken in", DefaultStatus: http.StatusNoContent, Security: manage}, f.apiDrop)
}

// runBody is a file and what has become of it.
type runBody struct {
	ID       int64          `json:"id"`
	Name     string         `json:"name"`
	What     string         `json:"what" enum:"ideas,comments"`
	Campaign int64          `json:"campaign" doc:"0 for none."`
	Rows     int            `json:"rows"`
	Columns  []string       `json:"columns" doc:"Headings of the file, in their order."`
	Profile  string         `json:"profile" doc:"The platform whose export it reads like, empty if none."`
	Mapping  mappingBody    `json:"mapping"`
	State    string         `json:"state" enum:"mapping,working,broken,checked,imported,undone,failed" doc:"mapping: it waits for a mapping; working: it is being checked, taken in or undone; broken: some rows are."`
	Done     int            `json:"done" doc:"Steps of what is being worked on."`
	Total    int            `json:"total"`
	Counts   *countsBody    `json:"counts" doc:"What the last check found, null before."`
	Broken   int            `json:"broken" doc:"Rows that are broken."`
	Problem  string         `json:"problem" doc:"Why it could not be taken in, empty if it could."`
	Made     int            `json:"made"`
	Undone   int            `json:"undone"`
	Kept     int            `json:"kept" doc:"Of what it made, because others have touched it since."`
	Created  time.Time      `json:"created_at"`
	Fields   []fieldOffered `json:"fields" doc:"What columns can hold."`
}

type fieldOffered struct {
	Name   string `json:"name"`
	Needed bool   `json:"needed"`
}

type mappingBody struct {
	Fields  map[string]int    `json:"fields" doc:"Numbers of columns, from 0, by the field that they fill."`
	Authors string            `json:"authors" enum:"named,address,paper" doc:"named: members who cannot sign in; address: people of the house by their address; paper: nobody yet, each claims what they wrote with a code."`
	Stages  map[string]string `json:"stages" doc:"Stages by states of the file; gone leaves ideas out. States that are not named are guessed."`
}

type countsBody struct {
	New      int      `json:"new"`
	Known    int      `json:"known" doc:"An earlier import has brought them."`
	Left     int      `json:"left_out"`
	People   int      `json:"new_people"`
	Matched  int      `json:"matched_people"`
	Supports int      `json:"supports"`
	States   []string `json:"states"`
}

// bodyOf is a run as programs see it. The job that works on it is nil where none does.
func bodyOf(run *models.IdeaImport, job *models.Job) (*runBody, error) {
	var found reading
	var to mapping
	if err := errors.Join(run.Into(run.Reading, &found), run.Into(run.Mapping, &to)); err != nil {
		return nil, err
	}
	body := &runBody{
		ID: run.ID, Name: run.Name, What: string(run.What), Rows: run.RowCount, Columns: append([]string{}, found.Columns...), Profile: found.Profile,
		Mapping: mappingBody(to), State: stateOf(run, job), Broken: run.ProblemCount, Made: run.Made, Undone: run.Undone, Kept: run.Kept, Created: run.CreatedAt,
	}
	if run.CampaignID != nil {
		body.Campaign = *run.CampaignID
	}
	if job != nil && !job.Ended() {
		body.Done, body.Total = job.Done, job.Total
	}
	if run.Problem != "" {
		body.Problem = i18n.For("en").T(run.Problem)
	}
	if run.Counts != "" {
		var counts views.Counts
		if err := run.Into(run.Counts, &counts); err != nil {
			return nil, err
		}
		body.Counts = &countsBody{counts.New, counts.Known, counts.Left, counts.People, counts.Matched, counts.Supports, append([]string{}, counts.States...)}
	}
	for _, field := range fieldsFor(run) {
		body.Fields = append(body.Fields, fieldOffered{field, slices.Contains(needed(run.What), field)})
	}
	return body, nil
}

func stateOf(run *models.IdeaImport, job *models.Job) string {
	switch {
	case job != nil && !job.Ended():
		return "working"
	case run.Problem != "" || job != nil && job.State == models.JobFailed:
		return "failed"
	case run.UndoneAt != nil:
		return "undone"
	case run.ImportedAt != nil:
		return "imported"
	case run.CheckedAt == nil:
		return "mapping"
	case run.ProblemCount > 0:
		return "broken"
	}
	return "checked"
}

type runsAnswer struct {
	Body struct {
		Items []runBody `json:"items"`
	}
}

func (f *Imports) apiList(ctx context.Context, actor *models.Actor, _ *struct{}) (*runsAnswer, error) {
	if !actor.SignedIn() {
		return nil, models.ErrForbidden
	}
	runs, err := f.web.DB.OwnImports(ctx, actor, shownImports)
	if err != nil {
		return nil, err
	}
	answer := &runsAnswer{}
	answer.Body.Items = []runBody{}
	for i := range runs {
		body, err := bodyOf(&runs[i], nil)
		if err != nil {
			return nil, err
		}
		answer.Body.Items = append(answer.Body.Items, *body)
	}
	return answer, nil
}

// sentFile is the form with which a program sends a file.
type sentFile struct {
	File     huma.FormFile `form:"file" contentType:"application/octet-stream" required:"true"`
	What     string        `form:"what" required:"false" enum:"ideas,comments" default:"ideas"`
	Space    string        `form:"space" required:"false" doc:"Slug of the space that it goes to."`
	Campaign int64         `form:"campaign" required:"false" doc:"Or the number of the campaign."`
	Lang     string        `form:"lang" required:"false" enum:"en,fr" default:"en" doc:"In which what the file does not name is named."`
}

type sendRun struct {
	RawBody huma.MultipartFormFiles[sentFile]
}

func (f *Imports) apiSend(ctx context.Context, actor *models.Actor, in *sendRun) (*api.Created[runBody], error) {
	form := in.RawBody.Data()
	if actor.External() {
		return nil, models.ErrForbidden
	}
	place := spacePlace + form.Space
	if form.Campaign != 0 {
		place = campaignPlace + strconv.FormatInt(form.Campaign, 10)
	}
	to, err := f.target(ctx, actor, place)
	if err != nil {
		return nil, err
	}
	to.What, to.Lang = models.DownloadKind(form.What), form.Lang
	if to.What == "" {
		to.What = models.DownloadIdeas
	}
	if to.Lang == "" {
		to.Lang = "en"
	}
	run, err := f.Receive(ctx, actor, to, form.File.Filename, form.File)
	if err != nil {
		return nil, err
	}
	body, err := bodyOf(run, nil)
	if err != nil {
		return nil, err
	}
	return &api.Created[runBody]{Location: f.web.BaseURL.String() + api.Prefix + views.Address(run.ID), Body: *body}, nil
}

// RunPath is the import that an operation is about; exported, since huma fills in no other embedded struct.
type RunPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type runAnswer struct{ Body *runBody }

func (f *Imports) apiGet(ctx context.Context, actor *models.Actor, in *RunPath) (*runAnswer, error) {
	run, err := f.web.DB.OwnImport(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	job, err := f.job(ctx, actor, run)
	if err != nil {
		return nil, err
	}
	body, err := bodyOf(run, job)
	return &runAnswer{body}, err
}

type mapRun struct {
	RunPath
	Body mappingBody
}

func (f *Imports) apiMap(ctx context.Context, actor *models.Actor, in *mapRun) (*runAnswer, error) {
	if len(in.Body.Fields) > len(fieldsOf(models.DownloadIdeas))+len(fieldsOf(models.DownloadComments)) {
		return nil, models.Invalid{"fields": "imports.field_invalid"}
	}
	to := mapping{Fields: in.Body.Fields, Authors: in.Body.Authors, Stages: map[string]string{}}
	for state, stage := range in.Body.Stages {
		if len(state) > maxState {
			return nil, models.Invalid{"stages": "imports.problem.state"}
		}
		to.Stages[state] = stage
	}
	if err := f.Map(ctx, actor, in.ID, to); err != nil {
		return nil, err
	}
	return f.apiGet(ctx, actor, &in.RunPath)
}

// apiAct is the operation of something that is done with a run.
func (f *Imports) apiAct(do use) func(context.Context, *models.Actor, *RunPath) (*runAnswer, error) {
	return func(ctx context.Context, actor *models.Actor, in *RunPath) (*runAnswer, error) {
		if err := do(ctx, actor, in.ID); err != nil {
			return nil, err
		}
		return f.apiGet(ctx, actor, in)
	}
}

func (f *Imports) apiDrop(ctx context.Context, actor *models.Actor, in *RunPath) (*api.Done, error) {
	return &api.Done{}, f.Drop(ctx, actor, in.ID)
}

type problemsAnswer struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

func (f *Imports) apiProblems(ctx context.Context, actor *models.Actor, in *RunPath) (*problemsAnswer, error) {
	run, err := f.web.DB.OwnImport(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	broken, err := f.web.DB.ImportProblems(ctx, run, 0, maxProblems)
	if err != nil {
		return nil, err
	}
	if len(broken) == 0 || run.Key == "" {
		return nil, fmt.Errorf("problems of import %d: %w", run.ID, models.ErrNotFound)
	}
	var found reading
	if err := run.Into(run.Reading, &found); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := f.writeProblems(ctx, &out, run, broken, i18n.For(found.Lang)); err != nil {
		return nil, err
	}
	name := `attachment; filename="import-` + strconv.FormatInt(run.ID, 10) + `.csv"`
	return &problemsAnswer{sheets.CSV.ContentType(), name, "private, no-store", out.Bytes()}, nil
}
