package evaluations

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"ruche/app/api"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/evaluations"
	"ruche/views/layout"
)

// Publish gives the authors of an idea, or all of its readers, what came of its evaluation: a figure per criterion and what whoever
// publishes it says of it, never who gave what. The authors are told the first time.
func (f *Evaluations) Publish(ctx context.Context, actor *models.Actor, ideaID int64, audience models.PublicationAudience, summaries map[int64]string) error {
	cleaned := make(map[int64]string, len(summaries))
	for id, summary := range summaries {
		text, err := plain(summary)
		if err != nil {
			return models.Invalid{(&models.Criterion{ID: id}).Summary(): err.Error()}
		}
		cleaned[id] = text
	}
	return f.publishing(ctx, actor, ideaID, func(tx *models.Tx, a *models.Assessment) error {
		first, err := tx.Publish(a, audience, cleaned)
		if err != nil {
			return err
		}
		if first {
			authors, err := tx.Signers(a.Idea)
			if err != nil {
				return err
			}
			for _, author := range authors {
				if err := tx.Notify(models.Notice{UserID: author, Kind: models.NoticeEvaluated, ActorID: actor.ID, IdeaID: ideaID, CreatedAt: tx.Now()}); err != nil {
					return err
				}
			}
		}
		return tx.Record(models.EvaluationPublished, a.Campaign, ideaData{ideaID})
	})
}

// Unpublish takes that back; once more is done already.
func (f *Evaluations) Unpublish(ctx context.Context, actor *models.Actor, ideaID int64) error {
	return f.publishing(ctx, actor, ideaID, func(tx *models.Tx, a *models.Assessment) error {
		if gone, err := tx.Unpublish(ideaID); err != nil || !gone {
			return err
		}
		return tx.Record(models.EvaluationUnpublished, a.Campaign, ideaData{ideaID})
	})
}

// publishing does something with what was published of an idea, for those who may.
func (f *Evaluations) publishing(ctx context.Context, actor *models.Actor, ideaID int64, do func(*models.Tx, *models.Assessment) error) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		a, err := tx.LockEvaluation(ideaID)
		if err != nil {
			return err
		}
		if !a.MayPublish(actor) {
			return fmt.Errorf("publish the evaluation of idea %d: %w", ideaID, models.ErrForbidden)
		}
		return do(tx, a)
	})
}

func (f *Evaluations) publish(c echo.Context) error {
	view, err := f.found(c)
	if err != nil {
		return err
	}
	audience, summaries := models.PublicationAudience(c.FormValue("audience")), map[int64]string{}
	for i := range view.Card.Criteria {
		criterion := &view.Card.Criteria[i]
		if summary := c.FormValue(criterion.Summary()); strings.TrimSpace(summary) != "" {
			summaries[criterion.ID] = summary
		}
	}
	if err := f.Publish(c.Request().Context(), web.Actor(c), view.Idea.ID, audience, summaries); err != nil {
		return f.refused(c, err, func(view *views.Show) { view.Audience, view.Summaries = audience, summaries })
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("evaluations.published"), UndoAction: views.Path(view.Idea.ID) + "/publication/removal"})
	return web.Redirect(c, views.Path(view.Idea.ID))
}

func (f *Evaluations) unpublish(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := f.Unpublish(c.Request().Context(), web.Actor(c), id); err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("evaluations.unpublished")})
	return web.Redirect(c, views.Path(id))
}

// published fills in what was published of an idea, and what can be, for those who may publish it.
func (f *Evaluations) published(ctx context.Context, actor *models.Actor, view *views.Show) (err error) {
	if view.MayPublish = view.Assessment.MayPublish(actor); !view.MayPublish {
		return nil
	}
	view.Summaries, view.Audience = map[int64]string{}, models.ToAuthors
	view.Figures = models.FiguresOf(view.Spreads, nil)
	if view.Publication, err = f.web.DB.Publication(ctx, view.Idea.ID); err != nil || view.Publication == nil {
		return err
	}
	view.Audience = view.Publication.Audience
	for _, figure := range view.Publication.List() {
		view.Summaries[figure.Criterion] = figure.Summary
	}
	return nil
}

type figureBody struct {
	Criterion int64    `json:"criterion"`
	NameFR    string   `json:"name_fr"`
	NameEN    string   `json:"name_en"`
	Lowest    int      `json:"lowest"`
	Highest   int      `json:"highest"`
	People    int      `json:"people" doc:"Who have scored by it; 0 stands for fewer than three, of whom nothing is told."`
	Mean      *float64 `json:"mean" doc:"To one digit; null of fewer than three people."`
	Summary   string   `json:"summary"`
}

type publicationBody struct {
	Idea      int64        `json:"idea"`
	Audience  string       `json:"audience" enum:"authors,readers"`
	Published string       `json:"published_at" format:"date-time"`
	Figures   []figureBody `json:"figures"`
}

type publicationAnswer struct {
	Body publicationBody
}

func (f *Evaluations) apiPublication(ctx context.Context, actor *models.Actor, in *Numbered) (*publicationAnswer, error) {
	idea, err := f.web.DB.Idea(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	found, err := f.web.DB.PublicationFor(ctx, actor, idea)
	if err != nil {
		return nil, err
	}
	if found == nil { // whoever may publish it reads it again
		if a, err := f.web.DB.Assessment(ctx, actor, in.ID); err == nil && a.MayPublish(actor) {
			if found, err = f.web.DB.Publication(ctx, in.ID); err != nil {
				return nil, err
			}
		}
	}
	if found == nil {
		return nil, fmt.Errorf("publication of idea %d: %w", in.ID, models.ErrNotFound)
	}
	body := publicationBody{Idea: in.ID, Audience: string(found.Audience), Published: found.PublishedAt.UTC().Format("2006-01-02T15:04:05Z"), Figures: []figureBody{}}
	for _, figure := range found.List() {
		one := figureBody{figure.Criterion, figure.NameFR, figure.NameEN, figure.Lowest, figure.Highest, figure.N, nil, figure.Summary}
		if figure.N > 0 {
			one.Mean = &figure.Mean
		}
		body.Figures = append(body.Figures, one)
	}
	return &publicationAnswer{body}, nil
}

type putPublication struct {
	Numbered
	Body struct {
		Audience  string            `json:"audience" enum:"authors,readers"`
		Summaries map[string]string `json:"summaries,omitempty" maxProperties:"20" doc:"By the number of the criterion."`
	}
}

func (f *Evaluations) apiPublish(ctx context.Context, actor *models.Actor, in *putPublication) (*publicationAnswer, error) {
	summaries := map[int64]string{}
	for key, summary := range in.Body.Summaries {
		id, err := strconv.ParseInt(key, 10, 64)
		if err != nil {
			return nil, models.Invalid{"summaries": "evaluations.criteria_changed"}
		}
		summaries[id] = summary
	}
	if err := f.Publish(ctx, actor, in.ID, models.PublicationAudience(in.Body.Audience), summaries); err != nil {
		return nil, err
	}
	return f.apiPublication(ctx, actor, &in.Numbered)
}

func (f *Evaluations) apiUnpublish(ctx context.Context, actor *models.Actor, in *Numbered) (*struct{}, error) {
	return nil, f.Unpublish(ctx, actor, in.ID)
}

// publicationAPI adds the operations about what is published.
func (f *Evaluations) publicationAPI(a *api.API) {
	path := "/ideas/{id}/evaluation/publication"
	api.Register(a, huma.Operation{OperationID: "get-evaluation-publication", Method: http.MethodGet, Path: path, Summary: "Read what was published of the evaluation of an idea", Description: "A figure per criterion, never who gave what, for its audience and whoever may publish it. Not found for everyone else."}, f.apiPublication)
	api.Register(a, huma.Operation{OperationID: "publish-evaluation", Method: http.MethodPut, Path: path, Summary: "Publish what came of the evaluation of an idea", Description: "For those who run the campaign and read the scores, once no evaluation of the idea is out. Sent again, it takes the place of what was published before."}, f.apiPublish)
	api.Register(a, huma.Operation{OperationID: "unpublish-evaluation", Method: http.MethodDelete, Path: path, Summary: "Take back what was published of the evaluation of an idea", DefaultStatus: http.StatusNoContent}, f.apiUnpublish)
}
