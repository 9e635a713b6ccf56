package knowledge

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/writing"
	"ruche/models"
)

// templatesAPI adds the texts that articles are begun with.
func (f *Knowledge) templatesAPI(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "list-article-templates", Method: http.MethodGet, Path: "/templates", Summary: "List article templates", Description: "Those of a space, or without one those of the house, in their order; the retired ones last. For whoever writes articles."}, f.apiTemplates)
	api.Register(a, huma.Operation{OperationID: "add-article-template", Method: http.MethodPost, Path: "/templates", Summary: "Add an article template", DefaultStatus: http.StatusCreated, Security: manage}, f.apiAddTemplate)
	api.Register(a, huma.Operation{OperationID: "edit-article-template", Method: http.MethodPatch, Path: "/templates/{id}", Summary: "Change an article template", Description: "Fields that are absent stay as they are.", Security: manage}, f.apiEditTemplate)
	api.Register(a, huma.Operation{OperationID: "retire-article-template", Method: http.MethodPut, Path: "/templates/{id}/retirement", Summary: "Retire an article template", Description: "It is not offered any more; articles that were begun with it stay as they are.", Security: manage}, f.apiRetireTemplate)
	api.Register(a, huma.Operation{OperationID: "offer-article-template", Method: http.MethodDelete, Path: "/templates/{id}/retirement", Summary: "Offer a retired article template again", Security: manage}, f.apiOfferTemplate)
	api.Register(a, huma.Operation{OperationID: "move-article-template", Method: http.MethodPut, Path: "/templates/{id}/place", Summary: "Move an article template one place up or down", Security: manage}, f.apiMoveTemplate)
}

type templateBody struct {
	ID        int64      `json:"id"`
	Space     string     `json:"space" doc:"Slug, empty for the whole house."`
	Title     string     `json:"title"`
	Guide     string     `json:"guide" doc:"When to take it, in one line."`
	Body      string     `json:"body" doc:"Markdown. Quotes that begin with [!HINT] are advice to the writer, which readers of an article are not shown."`
	Lang      string     `json:"lang" doc:"fr, en, or empty if unknown."`
	Version   int        `json:"version"`
	EditedAt  time.Time  `json:"edited_at"`
	RetiredAt *time.Time `json:"retired_at" doc:"Since when it is not offered any more, or null."`
}

func templateShown(actor *models.Actor, t *models.ArticleTemplate) templateBody {
	slug := ""
	if t.SpaceID != nil {
		slug = slugOf(actor, *t.SpaceID)
	}
	return templateBody{t.ID, slug, t.Title, t.Guide, t.Body, t.Lang, t.Version, t.EditedAt, t.RetiredAt}
}

type listTemplates struct {
	Space string `query:"space" doc:"Slug; absent for the house."`
}

type templatesAnswer struct {
	Body struct {
		Items []templateBody `json:"items"`
	}
}

func (f *Knowledge) apiTemplates(ctx context.Context, actor *models.Actor, in *listTemplates) (*templatesAnswer, error) {
	spaceID, err := spaceNamed(actor, in.Space)
	if err != nil {
		return nil, err
	}
	if spaceID != 0 {
		if err := actor.Refusal(models.WriteArticle, &models.Space{ID: spaceID}); err != nil {
			return nil, err
		}
	} else if !actor.WritesArticles() {
		return nil, models.ErrForbidden
	}
	all, err := f.db.ArticleTemplates(ctx, ofSpace(spaceID))
	if err != nil {
		return nil, err
	}
	answer := &templatesAnswer{}
	answer.Body.Items = make([]templateBody, len(all))
	for i := range all {
		answer.Body.Items[i] = templateShown(actor, &all[i])
	}
	return answer, nil
}

type addTemplate struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Space string `json:"space,omitempty" doc:"Slug; absent for the house."`
		Title string `json:"title"`
		Guide string `json:"guide,omitempty"`
		Body  string `json:"body" doc:"Markdown without pictures and files."`
	}
}

func (f *Knowledge) apiAddTemplate(ctx context.Context, actor *models.Actor, in *addTemplate) (*api.Created[templateBody], error) {
	spaceID, err := spaceNamed(actor, in.Body.Space)
	if err != nil {
		return nil, err
	}
	template, err := f.NewTemplate(ctx, actor, spaceID, TemplateText{in.Body.Title, in.Body.Guide, in.Body.Body, writing.ProgramKey(in.Key)})
	if err != nil {
		return nil, err
	}
	return &api.Created[templateBody]{Location: f.web.BaseURL.String() + "/templates/" + strconv.FormatInt(template.ID, 10) + "/edit", Body: templateShown(actor, template)}, nil
}

// TemplatePath is the template that an operation is about; exported, since huma fills in no other embedded struct.
type TemplatePath struct {
	ID int64 `path:"id" minimum:"1"`
}

type templateAnswer struct {
	Body templateBody
}

// shaped is a template after something was done about it.
func shaped(actor *models.Actor, template *models.ArticleTemplate, err error) (*templateAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &templateAnswer{templateShown(actor, template)}, nil
}

type editTemplate struct {
	TemplatePath
	Body struct {
		Title *string `json:"title,omitempty"`
		Guide *string `json:"guide,omitempty"`
		Body  *string `json:"body,omitempty"`
	}
}

func (f *Knowledge) apiEditTemplate(ctx context.Context, actor *models.Actor, in *editTemplate) (*templateAnswer, error) {
	now, err := f.db.ArticleTemplate(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	wanted := TemplateText{Title: now.Title, Guide: now.Guide, Body: now.Body}
	for field, value := range map[*string]*string{&wanted.Title: in.Body.Title, &wanted.Guide: in.Body.Guide, &wanted.Body: in.Body.Body} {
		if value != nil {
			*field = *value
		}
	}
	template, err := f.EditTemplate(ctx, actor, in.ID, now.Version, wanted)
	return shaped(actor, template, err)
}

func (f *Knowledge) apiRetireTemplate(ctx context.Context, actor *models.Actor, in *TemplatePath) (*templateAnswer, error) {
	template, err := f.RetireTemplate(ctx, actor, in.ID, true)
	return shaped(actor, template, err)
}

func (f *Knowledge) apiOfferTemplate(ctx context.Context, actor *models.Actor, in *TemplatePath) (*templateAnswer, error) {
	template, err := f.RetireTemplate(ctx, actor, in.ID, false)
	return shaped(actor, template, err)
}

type moveTemplate struct {
	TemplatePath
	Body struct {
		To string `json:"to" enum:"up,down"`
	}
}

func (f *Knowledge) apiMoveTemplate(ctx context.Context, actor *models.Actor, in *moveTemplate) (*templateAnswer, error) {
	template, err := f.ReorderTemplate(ctx, actor, in.ID, in.Body.To == "up")
	return shaped(actor, template, err)
}
