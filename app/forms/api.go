package forms

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// API adds the feature's operations.
func (f *Forms) API(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "get-campaign-form", Method: http.MethodGet, Path: "/campaigns/{id}/form", Summary: "Read what a campaign asks of ideas", Description: "The fields that are asked, in their order, and after them those that no longer are."}, f.apiShow)
	api.Register(a, huma.Operation{OperationID: "add-form-field", Method: http.MethodPost, Path: "/campaigns/{id}/form", Summary: "Ask something more", Security: manage, DefaultStatus: http.StatusCreated}, f.apiAdd)
	api.Register(a, huma.Operation{OperationID: "edit-form-field", Method: http.MethodPatch, Path: "/campaigns/{id}/form/{field}", Summary: "Change the words of a field", Description: "Parts that are absent stay as they are. Ideas that have answered keep the words that they answered. Once the campaign is published, answers can be shown to fewer people and not to others.", Security: manage}, f.apiEdit)
	api.Register(a, huma.Operation{OperationID: "retire-form-field", Method: http.MethodDelete, Path: "/campaigns/{id}/form/{field}", Summary: "Ask a field no longer", Description: "What was answered stays.", Security: manage, DefaultStatus: http.StatusNoContent}, f.apiRetire)
	api.Register(a, huma.Operation{OperationID: "order-form-fields", Method: http.MethodPut, Path: "/campaigns/{id}/form/order", Summary: "Ask the fields in another order", Security: manage}, f.apiOrder)
	api.Register(a, huma.Operation{OperationID: "ask-summary", Method: http.MethodPut, Path: "/campaigns/{id}/form/summary", Summary: "Say whether every idea needs a summary", Security: manage}, f.apiSummary)
	f.filesAPI(a)
}

// fieldBody is a field of a form.
type fieldBody struct {
	ID         int64        `json:"id"`
	Kind       string       `json:"kind" enum:"short,long,number,amount,date,choice,choices,scale,link,file,person"`
	Visibility string       `json:"visibility" enum:"everyone,evaluators,team,private" doc:"Who sees the answers, beside the authors and those who run the campaign."`
	Label      words        `json:"label"`
	Help       words        `json:"help"`
	Required   bool         `json:"required"`
	Choices    []choiceBody `json:"choices" doc:"What can be chosen; of a scale, the words for its ends."`
	Low        int          `json:"low" doc:"Of a scale."`
	High       int          `json:"high" doc:"Of a scale; how many files."`
	Accepts    []string     `json:"accepts" doc:"The kinds of files that are taken, none by fields of other kinds." enum:"pdf,office,picture,text,table"`
	Version    int          `json:"version" doc:"Counts its wordings."`
	Asked      bool         `json:"asked" doc:"Whether it is still asked."`
}

type words struct {
	FR string `json:"fr,omitempty"`
	EN string `json:"en,omitempty"`
}

type choiceBody struct {
	ID int    `json:"id,omitempty" doc:"Keeps what was chosen when the words change; absent for a new one."`
	FR string `json:"fr,omitempty"`
	EN string `json:"en,omitempty"`
}

func bodyOf(f *models.FormField) fieldBody {
	body := fieldBody{
		ID: f.ID, Kind: string(f.Kind), Visibility: string(f.Visibility), Label: words(f.Label), Help: words(f.Help), Required: f.Required,
		Choices: []choiceBody{}, Low: f.Low, High: f.High, Accepts: []string{}, Version: f.Version, Asked: f.RetiredAt == nil,
	}
	for _, kind := range f.Accepts {
		body.Accepts = append(body.Accepts, string(kind))
	}
	for _, choice := range f.Choices {
		body.Choices = append(body.Choices, choiceBody(choice))
	}
	return body
}

// CampaignPath is the campaign that an operation is about; exported, since huma fills in no other embedded struct.
type CampaignPath struct {
	ID int64 `path:"id" minimum:"1"`
}

// FieldPath is the field that an operation is about; exported, since huma fills in no other embedded struct.
type FieldPath struct {
	CampaignPath
	Field int64 `path:"field" minimum:"1"`
}

type formAnswer struct {
	Body struct {
		Summary bool        `json:"summary" doc:"Whether every idea needs a summary."`
		Items   []fieldBody `json:"items"`
	}
}

type fieldAnswer struct{ Body fieldBody }

func (f *Forms) apiShow(ctx context.Context, actor *models.Actor, in *CampaignPath) (*formAnswer, error) {
	campaign, err := f.web.DB.Campaign(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	fields, err := f.web.DB.FormFields(ctx, campaign.ID)
	if err != nil {
		return nil, err
	}
	answer := &formAnswer{}
	answer.Body.Items, answer.Body.Summary = []fieldBody{}, campaign.AsksSummary
	for i := range fields {
		answer.Body.Items = append(answer.Body.Items, bodyOf(&fields[i]))
	}
	return answer, nil
}

// WordingBody is what a field asks; exported, since huma fills in no other embedded struct.
type WordingBody struct {
	Label      *words        `json:"label,omitempty" doc:"In one language at least."`
	Help       *words        `json:"help,omitempty"`
	Required   *bool         `json:"required,omitempty"`
	Visibility *string       `json:"visibility,omitempty" enum:"everyone,evaluators,team,private" doc:"everyone if absent."`
	Choices    *[]choiceBody `json:"choices,omitempty" maxItems:"60"`
	Low        *int          `json:"low,omitempty" minimum:"0" maximum:"10"`
	High       *int          `json:"high,omitempty" minimum:"0" maximum:"10"`
	Accepts    *[]string     `json:"accepts,omitempty" maxItems:"5" enum:"pdf,office,picture,text,table" doc:"All kinds if absent."`
}

func (b *WordingBody) into(f *models.FormField) {
	if b.Label != nil {
		f.Label = models.Words(*b.Label)
	}
	if b.Help != nil {
		f.Help = models.Words(*b.Help)
	}
	if b.Required != nil {
		f.Required = *b.Required
	}
	if b.Visibility != nil {
		f.Visibility = models.AnswerVisibility(*b.Visibility)
	}
	if b.Choices != nil {
		f.Choices = nil
		for _, choice := range *b.Choices {
			f.Choices = append(f.Choices, models.Choice(choice))
		}
	}
	if b.Low != nil {
		f.Low = *b.Low
	}
	if b.High != nil {
		f.High = *b.High
	}
	if b.Accepts != nil {
		f.Accepts = nil
		for _, kind := range *b.Accepts {
			f.Accepts = append(f.Accepts, models.FileKind(kind))
		}
	}
}

type addField struct {
	CampaignPath
	Body struct {
		Kind string `json:"kind" enum:"short,long,number,amount,date,choice,choices,scale,link,file,person"`
		WordingBody
	}
}

func (f *Forms) apiAdd(ctx context.Context, actor *models.Actor, in *addField) (*api.Created[fieldBody], error) {
	field := begun(models.FieldKind(in.Body.Kind))
	in.Body.into(&field)
	campaign, err := f.Add(ctx, actor, in.ID, &field)
	if err != nil {
		return nil, err
	}
	return &api.Created[fieldBody]{Location: f.web.BaseURL.String() + campaign.SettingsPath("form"), ETag: api.VersionTag(field.Version), Body: bodyOf(&field)}, nil
}

type editField struct {
	FieldPath
	Body WordingBody
}

func (f *Forms) apiEdit(ctx context.Context, actor *models.Actor, in *editField) (*fieldAnswer, error) {
	campaign, err := f.web.DB.Campaign(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if err := mayRun(actor, campaign); err != nil {
		return nil, err
	}
	fields, err := f.web.DB.FormFields(ctx, campaign.ID)
	if err != nil {
		return nil, err
	}
	field := models.FindField(models.Asked(fields), in.Field)
	if field == nil {
		return nil, models.ErrNotFound
	}
	in.Body.into(field)
	if _, err := f.Edit(ctx, actor, campaign.ID, field, field.Version); err != nil {
		return nil, err
	}
	return &fieldAnswer{bodyOf(field)}, nil
}

func (f *Forms) apiRetire(ctx context.Context, actor *models.Actor, in *FieldPath) (*api.Done, error) {
	_, err := f.Retire(ctx, actor, in.ID, in.Field)
	return nil, err
}

type orderFields struct {
	CampaignPath
	Body struct {
		Fields []int64 `json:"fields" maxItems:"20" doc:"The numbers of all that are asked."`
	}
}

func (f *Forms) apiOrder(ctx context.Context, actor *models.Actor, in *orderFields) (*formAnswer, error) {
	if _, err := f.Order(ctx, actor, in.ID, in.Body.Fields); err != nil {
		return nil, err
	}
	return f.apiShow(ctx, actor, &in.CampaignPath)
}

type askSummary struct {
	CampaignPath
	Body struct {
		Asked bool `json:"asked"`
	}
}

func (f *Forms) apiSummary(ctx context.Context, actor *models.Actor, in *askSummary) (*formAnswer, error) {
	if _, err := f.AskSummary(ctx, actor, in.ID, in.Body.Asked); err != nil {
		return nil, err
	}
	return f.apiShow(ctx, actor, &in.CampaignPath)
}
