package projects

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/models"
)

// API adds the feature's operations.
func (f *Projects) API(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-projects", Method: http.MethodGet, Path: "/projects", Summary: "List projects", Description: "The newest first."}, f.apiList)
	api.Register(a, huma.Operation{OperationID: "begin-project", Method: http.MethodPost, Path: "/projects", Summary: "Begin a project for an idea", Description: "An idea has one: asked once more, it answers with the one that there is.", DefaultStatus: http.StatusCreated}, f.apiBegin)
	api.Register(a, huma.Operation{OperationID: "get-project", Method: http.MethodGet, Path: "/projects/{id}", Summary: "Read a project, with its milestones, tasks and benefits"}, f.apiGet)
	api.Register(a, huma.Operation{OperationID: "edit-project", Method: http.MethodPatch, Path: "/projects/{id}", Summary: "Change what a project says", Description: "Fields that are absent stay as they are. With If-Match the change is made only on the version that the ETag was given for."}, f.apiEdit)
	api.Register(a, huma.Operation{OperationID: "move-project", Method: http.MethodPut, Path: "/projects/{id}/state", Summary: "Start, finish, stop or resume a project", Description: "A finished project carries its idea out. Stopping wants a reason, which all may read."}, f.apiMove)
	api.Register(a, huma.Operation{OperationID: "list-project-updates", Method: http.MethodGet, Path: "/projects/{id}/updates", Summary: "List the news of a project"}, f.apiUpdates)
	api.Register(a, huma.Operation{OperationID: "report-project", Method: http.MethodPost, Path: "/projects/{id}/updates", Summary: "Tell those who follow the idea how its project is coming along", DefaultStatus: http.StatusCreated}, f.apiReport)
	f.partsAPI(a)
	api.Register(a, huma.Operation{OperationID: "benefit-totals", Method: http.MethodGet, Path: "/benefits", Summary: "What projects bring together", Description: "For people of the company. Ideas that go on in one another bring the same benefit once, however many of them have a project."}, f.apiTotals)
}

type listProjects struct {
	State    string `query:"state" enum:"running,planned,done,stopped" default:"running"`
	Space    string `query:"space" doc:"Slug of a space."`
	Campaign int64  `query:"campaign" minimum:"0" doc:"Number of a campaign."`
	Cursor   string `query:"cursor" doc:"\"next\" of the page before."`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type projectsAnswer struct {
	Body struct {
		Items []projectItem `json:"items"`
		Next  *string       `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

// within finds the space and the campaign that a program names, as far as the actor may see them; 0 for none.
func (f *Projects) within(ctx context.Context, actor *models.Actor, slug string, campaign int64) (spaceID int64, err error) {
	if campaign != 0 {
		if _, err := f.db.Campaign(ctx, actor, campaign); err != nil {
			return 0, err
		}
	}
	if slug == "" {
		return 0, nil
	}
	space, err := f.db.SpaceBySlug(ctx, actor, slug)
	if err != nil {
		return 0, err
	}
	return space.ID, nil
}

// cursor reads the id before which a page begins; 0 for the first.
func cursor(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	before, err := strconv.ParseInt(text, 10, 64)
	if err != nil || before <= 0 {
		return 0, models.Invalid{"cursor": "lists.cursor_invalid"}
	}
	return before, nil
}

func (f *Projects) apiList(ctx context.Context, actor *models.Actor, in *listProjects) (*projectsAnswer, error) {
	space, err := f.within(ctx, actor, in.Space, in.Campaign)
	if err != nil {
		return nil, err
	}
	before, err := cursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	cards, err := f.db.Projects(ctx, actor, models.ProjectQuery{State: models.ProjectState(in.State), SpaceID: space, CampaignID: in.Campaign, Before: before, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	answer := &projectsAnswer{}
	answer.Body.Items = []projectItem{}
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		next := strconv.FormatInt(cards[in.Limit-1].ID, 10)
		answer.Body.Next = &next
	}
	for i := range cards {
		answer.Body.Items = append(answer.Body.Items, f.itemOf(actor, &cards[i]))
	}
	return answer, nil
}

// ProjectPath is the project that an operation is about; exported, since huma fills in no other embedded struct.
type ProjectPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type projectAnswer struct {
	ETag string `header:"ETag"`
	Body projectBody
}

func (f *Projects) apiGet(ctx context.Context, actor *models.Actor, in *ProjectPath) (*projectAnswer, error) {
	page, err := f.db.ProjectPage(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	body := projectBody{projectItem: f.itemOf(actor, &page.ProjectCard), Goal: page.Goal, HTML: page.HTML, Reason: page.Reason, Steps: []projectStep{}, Benefits: []projectBenefit{}, Version: page.Version}
	steps, err := f.db.Steps(ctx, actor, &page.Project)
	if err != nil {
		return nil, err
	}
	for i := range steps {
		body.Steps = append(body.Steps, stepOf(&steps[i]))
	}
	if actor.OfTheCompany() {
		body.Controller = personOf(page.ControllerID, page.ControllerName)
		benefits, err := f.db.Benefits(ctx, actor, &page.Project)
		if err != nil {
			return nil, err
		}
		for i := range benefits {
			body.Benefits = append(body.Benefits, benefitOf(&benefits[i]))
		}
	}
	return &projectAnswer{body.tag(), body}, nil
}

type beginProject struct {
	Body struct {
		Idea int64 `json:"idea" minimum:"1" doc:"Number of the idea that it carries out."`
		ProjectWords
	}
}

func (f *Projects) apiBegin(ctx context.Context, actor *models.Actor, in *beginProject) (*api.Created[projectBody], error) {
	idea, err := f.mayBegin(ctx, actor, in.Body.Idea)
	if err != nil {
		return nil, err
	}
	draft := Draft{Title: idea.Title, Owner: actor.Email}
	if err := in.Body.into(&draft); err != nil {
		return nil, err
	}
	project, _, err := f.Begin(ctx, actor, idea.ID, draft)
	if err != nil {
		return nil, named(err)
	}
	answer, err := f.apiGet(ctx, actor, &ProjectPath{project.ID})
	if err != nil {
		return nil, err
	}
	return &api.Created[projectBody]{Location: answer.Body.URL, ETag: answer.ETag, Body: answer.Body}, nil
}

type editProject struct {
	ProjectPath
	IfMatch string `header:"If-Match"`
	Body    ProjectWords
}

func (f *Projects) apiEdit(ctx context.Context, actor *models.Actor, in *editProject) (*projectAnswer, error) {
	page, err := f.mayLead(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if !sameVersion(in.IfMatch, page.Version) {
		return nil, echo.NewHTTPError(http.StatusPreconditionFailed)
	}
	draft := Draft{Title: page.Title, Goal: page.Goal, Owner: page.OwnerEmail, Controller: page.ControllerEmail, StartsOn: page.StartsOn, DueOn: page.DueOn}
	if err := in.Body.into(&draft); err != nil {
		return nil, err
	}
	if _, err := f.Edit(ctx, actor, in.ID, page.Version, draft); err != nil {
		return nil, named(err)
	}
	return f.apiGet(ctx, actor, &in.ProjectPath)
}

type moveProject struct {
	ProjectPath
	Body struct {
		State  string `json:"state" doc:"running, done or stopped."`
		Reason string `json:"reason,omitempty" doc:"Why it is stopped, up to 300 characters."`
	}
}

func (f *Projects) apiMove(ctx context.Context, actor *models.Actor, in *moveProject) (*projectAnswer, error) {
	page, err := f.mayLead(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	switch state := models.ProjectState(in.Body.State); {
	case state == models.ProjectRunning && page.State == models.ProjectPlanned:
		_, err = f.Start(ctx, actor, in.ID)
	case state == models.ProjectRunning:
		_, err = f.Resume(ctx, actor, in.ID)
	case state == models.ProjectDone:
		_, err = f.Finish(ctx, actor, in.ID)
	case state == models.ProjectStopped:
		_, err = f.Stop(ctx, actor, in.ID, in.Body.Reason)
	default:
		err = models.Invalid{"state": "projects.state_unknown"}
	}
	if err != nil {
		return nil, err
	}
	return f.apiGet(ctx, actor, &in.ProjectPath)
}

type projectUpdate struct {
	ID      int64         `json:"id"`
	Author  projectPerson `json:"author"`
	Body    string        `json:"body" doc:"Markdown."`
	HTML    string        `json:"html" doc:"The same, rendered and safe."`
	Lang    string        `json:"lang" doc:"fr, en, or empty if unknown."`
	Created time.Time     `json:"created_at"`
}

type listUpdates struct {
	ProjectPath
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type updatesAnswer struct {
	Body struct {
		Items []projectUpdate `json:"items"`
		Next  *string         `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Projects) apiUpdates(ctx context.Context, actor *models.Actor, in *listUpdates) (*updatesAnswer, error) {
	page, err := f.db.ProjectPage(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	before, err := cursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	cards, err := f.db.Updates(ctx, &page.Project, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &updatesAnswer{}
	answer.Body.Items = []projectUpdate{}
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		next := strconv.FormatInt(cards[in.Limit-1].ID, 10)
		answer.Body.Next = &next
	}
	for i := range cards {
		u := &cards[i]
		answer.Body.Items = append(answer.Body.Items, projectUpdate{u.ID, projectPerson{u.AuthorID, u.AuthorName}, u.Body, u.HTML, u.Lang, u.CreatedAt})
	}
	return answer, nil
}

type reportProject struct {
	ProjectPath
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Body string `json:"body" doc:"Markdown."`
	}
}

type madeAnswer struct {
	Location string `header:"Location"`
	Body     struct {
		ID int64 `json:"id"`
	}
}

// madeAt is the answer to what made a part of a project.
func (f *Projects) madeAt(project, id int64, fragment string) *madeAnswer {
	answer := &madeAnswer{Location: f.web.BaseURL.String() + base(project) + "#" + fragment + "-" + strconv.FormatInt(id, 10)}
	answer.Body.ID = id
	return answer
}

func (f *Projects) apiReport(ctx context.Context, actor *models.Actor, in *reportProject) (*madeAnswer, error) {
	once := newOnce(in.Key, in.ID, "update", in.Body.Body)
	id, err := f.doOnce(ctx, actor, once, func() (int64, error) {
		update, err := f.Report(ctx, actor, in.ID, in.Body.Body, once)
		if err != nil {
			return 0, err
		}
		return update.ID, nil
	})
	if err != nil {
		return nil, err
	}
	return f.madeAt(in.ID, id, "update"), nil
}

// named gives mistakes in a project the names that its fields have for programs.
func named(err error) error {
	return renamed(err, map[string]string{"starts": "starts_on", "due": "due_on"})
}

type totalsOf struct {
	Space    string `query:"space" doc:"Slug of a space."`
	Campaign int64  `query:"campaign" minimum:"0" doc:"Number of a campaign."`
}

type totalsAnswer struct {
	Body struct {
		Items []benefitTotal `json:"items"`
	}
}

type benefitTotal struct {
	Kind      string `json:"kind" enum:"euros,hours,co2,safety,quality,customer,other"`
	Unit      string `json:"unit" doc:"In words, of a kind that has none of its own."`
	Expected  int64  `json:"expected"`
	Validated int64  `json:"validated"`
	Projects  int    `json:"projects" doc:"How many are counted."`
}

func (f *Projects) apiTotals(ctx context.Context, actor *models.Actor, in *totalsOf) (*totalsAnswer, error) {
	space, err := f.within(ctx, actor, strings.TrimSpace(in.Space), in.Campaign)
	if err != nil {
		return nil, err
	}
	totals, err := f.db.BenefitTotals(ctx, actor, space, in.Campaign)
	if err != nil {
		return nil, err
	}
	answer := &totalsAnswer{}
	answer.Body.Items = []benefitTotal{}
	for _, t := range totals {
		answer.Body.Items = append(answer.Body.Items, benefitTotal{string(t.Kind), t.Unit, t.Expected, t.Validated, t.Projects})
	}
	return answer, nil
}
