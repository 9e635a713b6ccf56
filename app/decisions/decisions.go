// Package decisions gives every idea an official answer: prepared in private, published singly or as a batch, corrected with
// its history, and taken up again by itself when what would change it happens. It also says which answers are due, and how
// long they take. Where an idea stands otherwise, and the page on which its answer is read, are the matter of package ideas.
package decisions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Decisions is the feature.
type Decisions struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Decisions { return &Decisions{w} }

// Answer is what someone decides about an idea.
type Answer struct {
	Idea           int64
	Kind           models.DecisionKind
	Reason         string
	Body           string // Markdown
	Conditions     string // what would change the answer
	ReopenOn       *time.Time
	ReopenTag      string
	ReopenCampaign bool
	Base           models.AnswerBase // what they have started from
	Publish        bool              // or only prepare it
}

// Answer prepares an answer to an idea, or publishes it. ErrConflict if somebody else has done so since the base, and then
// nothing of theirs is lost.
func (f *Decisions) Answer(ctx context.Context, actor *models.Actor, in Answer) (idea *models.Answering, err error) {
	if idea, err = f.answerable(ctx, actor, in.Idea); err != nil {
		return nil, err
	}
	answer, err := in.compose(f.web.DB.Now())
	if err != nil {
		return nil, err
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if idea, err = tx.LockAnswering(in.Idea); err != nil {
			return err
		}
		if err := mayAnswer(actor, idea); err != nil {
			return err
		}
		if err := tx.PrepareAnswer(&idea.Idea, answer, in.Base); err != nil {
			return err
		}
		if !in.Publish {
			return tx.Record(models.AnswerPrepared, answer, nil)
		}
		if err := tx.PublishAnswer(&idea.Idea, answer); err != nil {
			return err
		}
		return tx.Record(models.IdeaAnswered, &idea.Idea, answered(answer))
	})
	if err != nil {
		return nil, fmt.Errorf("answer idea %d: %w", in.Idea, err)
	}
	return idea, nil
}

// answered is the data of the event models.IdeaAnswered.
func answered(answer *models.Decision) map[string]string {
	return map[string]string{"kind": string(answer.Kind), "reason": answer.ReasonCode}
}

// answerable finds an idea that the actor may answer.
func (f *Decisions) answerable(ctx context.Context, actor *models.Actor, id int64) (*models.Answering, error) {
	idea, err := f.web.DB.Answering(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return idea, mayAnswer(actor, idea)
}

// mayAnswer refuses whom it is not for to answer an idea. One that is withdrawn is there for nobody to answer.
func mayAnswer(actor *models.Actor, idea *models.Answering) error {
	if idea.State != models.Published {
		return fmt.Errorf("answer idea %d, which is withdrawn: %w", idea.ID, models.ErrNotFound)
	}
	if !idea.May(actor) {
		return fmt.Errorf("answer idea %d: %w", idea.ID, actor.Refused(idea.SpaceID, 0))
	}
	return nil
}

// compose checks and renders an answer. Every field that is wrong is named at once.
func (in *Answer) compose(now time.Time) (*models.Decision, error) {
	answer := &models.Decision{
		Kind: in.Kind, ReasonCode: in.Reason, Conditions: in.Conditions, ReopenOn: in.ReopenOn, ReopenTag: in.ReopenTag, ReopenCampaign: in.ReopenCampaign,
	}
	problems := answer.Validate(now)
	markdown, err := text.Clean(in.Body, text.MaxComment)
	if err == nil && markdown == "" {
		err = text.Blank
	}
	if err == nil {
		var rendered text.Rendered
		if rendered, err = text.Render(markdown, text.Comment, nil); err == nil {
			answer.Body, answer.HTML, answer.Lang = markdown, rendered.HTML, text.Language(rendered.Plain)
		}
	}
	if err != nil {
		problems["body"] = err.Error()
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return answer, nil
}

// Chosen is a prepared answer as it was when someone chose to publish it.
type Chosen struct {
	Idea    int64
	Version int
}

// maxBatch bounds how many answers are published at once.
const maxBatch = 50

// Publish makes prepared answers public, all or none. ErrConflict if one of them has changed since it was chosen.
func (f *Decisions) Publish(ctx context.Context, actor *models.Actor, chosen []Chosen) error {
	if len(chosen) == 0 || len(chosen) > maxBatch {
		return models.Invalid{"answer": "decisions.batch_invalid"}
	}
	chosen = slices.Clone(chosen)
	slices.SortFunc(chosen, func(a, b Chosen) int { return cmp.Compare(a.Idea, b.Idea) }) // locked in one order, whoever publishes
	chosen = slices.CompactFunc(chosen, func(a, b Chosen) bool { return a.Idea == b.Idea })
	err := f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		var events []models.Event
		for _, one := range chosen {
			event, err := publish(tx, one)
			if err != nil {
				return err
			}
			events = append(events, event)
		}
		return tx.RecordAll(events)
	})
	if err != nil {
		return fmt.Errorf("publish %d answers: %w", len(chosen), err)
	}
	return nil
}

func publish(tx *models.Tx, one Chosen) (event models.Event, err error) {
	idea, err := tx.LockAnswering(one.Idea)
	if err != nil {
		return event, err
	}
	if idea.State != models.Published {
		return event, fmt.Errorf("answer idea %d, which is withdrawn: %w", one.Idea, models.ErrConflict)
	}
	if err := mayAnswer(tx.Actor(), idea); err != nil {
		return event, err
	}
	answer, err := tx.Prepared(tx.Context(), one.Idea)
	if err != nil {
		return event, err
	}
	if answer == nil || answer.Version != one.Version {
		return event, fmt.Errorf("answer to idea %d, version %d: %w", one.Idea, one.Version, models.ErrConflict)
	}
	if problems := answer.Validate(tx.Now()); len(problems) > 0 { // a day that has come since
		return event, problems
	}
	if err := tx.PublishAnswer(&idea.Idea, answer); err != nil {
		return event, err
	}
	return tx.EventOf(tx.Actor().ID, models.IdeaAnswered, &idea.Idea, answered(answer))
}

// SaveTemplates says how the house begins its answers: kind and language to Markdown, where an empty text takes what Ruche
// proposes again.
func (f *Decisions) SaveTemplates(ctx context.Context, actor *models.Actor, templates []models.AnswerTemplate) error {
	if !actor.Animates() {
		return models.ErrForbidden
	}
	problems := models.Invalid{}
	for i := range templates {
		t := &templates[i]
		cleaned, err := text.Clean(t.Body, text.MaxComment)
		if err != nil {
			problems[field(t.Kind, t.Lang)] = err.Error()
		}
		t.Body = cleaned
	}
	if len(problems) > 0 {
		return problems
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		for _, t := range templates {
			if err := tx.SaveAnswerTemplate(t.Kind, t.Lang, t.Body); err != nil {
				return err
			}
		}
		return tx.Record(models.TemplatesEdited, models.System{}, nil)
	})
}

// field is the name of the form's field with a template.
func field(kind models.DecisionKind, lang string) string { return string(kind) + "_" + lang }
