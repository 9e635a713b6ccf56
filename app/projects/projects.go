// Package projects is how an idea is carried out: who carries it, what has been reached and what is left to do, and what those
// who follow the idea are told of it. That an idea was chosen is the matter of package ideas.
package projects

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Projects is the feature.
type Projects struct {
	web *web.Web
	db  *models.DB
}

// New returns the feature.
func New(w *web.Web) *Projects { return &Projects{w, w.DB} }

// Draft is what someone writes of a project. Owner and Controller are addresses; that of the controller may be empty.
type Draft struct {
	Title      string
	Goal       string // Markdown
	Owner      string
	Controller string
	StartsOn   *time.Time
	DueOn      *time.Time
}

// Begin begins a project for an idea. If the idea has one, that is what is returned, and nothing changes.
func (f *Projects) Begin(ctx context.Context, actor *models.Actor, ideaID int64, in Draft) (project *models.Project, fresh bool, err error) {
	idea, err := f.mayBegin(ctx, actor, ideaID)
	if err != nil {
		return nil, false, err
	}
	people, err := f.people(ctx, idea.SpaceID, in.people())
	if err != nil {
		return nil, false, err
	}
	project = &models.Project{IdeaID: idea.ID, SpaceID: idea.SpaceID}
	if err := in.fill(project, people); err != nil {
		return nil, false, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		idea, err := tx.LockIdea(ideaID)
		if err != nil {
			return err
		}
		if idea.State != models.Published {
			return models.ErrConflict
		}
		known, err := tx.ProjectOf(ctx, idea.ID)
		if err != nil {
			return err
		}
		if known != nil {
			project = &known.Project
			return errSame
		}
		if err := tx.CreateProject(project); err != nil {
			return err
		}
		if err := tx.Follow(*project.OwnerID, idea.ID); err != nil {
			return err
		}
		return tx.Record(models.ProjectBegun, project, map[string]int64{"idea": idea.ID})
	})
	if errors.Is(err, errSame) {
		return project, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("begin project for idea %d: %w", ideaID, err)
	}
	return project, true, nil
}

// mayBegin finds an idea for which the actor may begin a project.
func (f *Projects) mayBegin(ctx context.Context, actor *models.Actor, ideaID int64) (*models.Idea, error) {
	idea, err := f.db.Idea(ctx, actor, ideaID)
	if err != nil {
		return nil, err
	}
	var manager *int64
	if idea.CampaignID != nil {
		campaign, err := f.db.Campaign(ctx, actor, *idea.CampaignID)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			manager = campaign.ManagerID
		}
	}
	if !actor.MayBegin(idea.SpaceID, manager) {
		return nil, fmt.Errorf("begin project for idea %d: %w", ideaID, actor.Refused(idea.SpaceID, 0))
	}
	return idea, nil
}

// errSame ends a change that changes nothing.
var errSame = errors.New("nothing to change")

// Edit changes what a project says; ErrConflict if someone else has saved since the version base.
func (f *Projects) Edit(ctx context.Context, actor *models.Actor, id int64, base int, in Draft) (*models.ProjectCard, error) {
	card, err := f.mayLead(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	people, err := f.people(ctx, card.SpaceID, in.people())
	if err != nil {
		return nil, err
	}
	return f.change(ctx, actor, id, models.ProjectEdited, func(tx *models.Tx, card *models.ProjectCard) (any, error) {
		owner := card.OwnerID
		if err := in.fill(&card.Project, people); err != nil {
			return nil, err
		}
		if err := tx.SaveProject(&card.Project, base); err != nil {
			return nil, err
		}
		if owner != nil && *owner == *card.OwnerID {
			return nil, nil
		}
		return nil, tx.Follow(*card.OwnerID, card.IdeaID)
	})
}

// mayLead finds a project that the actor may change.
func (f *Projects) mayLead(ctx context.Context, actor *models.Actor, id int64) (*models.ProjectPage, error) {
	page, err := f.db.ProjectPage(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.MayLead(&page.ProjectCard) {
		return nil, fmt.Errorf("change project %d: %w", id, actor.Refused(page.SpaceID, 0))
	}
	return page, nil
}

// Start says that the work has begun; once more changes nothing.
func (f *Projects) Start(ctx context.Context, actor *models.Actor, id int64) (*models.ProjectCard, error) {
	return f.move(ctx, actor, id, move{models.ProjectStarted, models.ProjectRunning, ""})
}

// Stop ends a project that leads nowhere, with a reason for all who read the idea.
func (f *Projects) Stop(ctx context.Context, actor *models.Actor, id int64, reason string) (*models.ProjectCard, error) {
	return f.move(ctx, actor, id, move{models.ProjectHalted, models.ProjectStopped, reason})
}

// Resume takes a project up again that was stopped, or finished too early: its idea is then where it was before.
func (f *Projects) Resume(ctx context.Context, actor *models.Actor, id int64) (*models.ProjectCard, error) {
	return f.move(ctx, actor, id, move{models.ProjectResumed, models.ProjectRunning, ""})
}

// Finish says that the idea is carried out; once more changes nothing.
func (f *Projects) Finish(ctx context.Context, actor *models.Actor, id int64) (*models.ProjectCard, error) {
	return f.move(ctx, actor, id, move{models.ProjectFinished, models.ProjectDone, ""})
}

// move is a way of a project to a state.
type move struct {
	verb   string
	to     models.ProjectState
	reason string
}

// move brings a project to a state and its idea to the stage that follows from it. Both are told in the log.
func (f *Projects) move(ctx context.Context, actor *models.Actor, id int64, m move) (card *models.ProjectCard, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if card, err = led(tx, id); err != nil {
			return err
		}
		if card.State == m.to {
			return nil
		}
		events, err := stage(tx, card, m.to)
		if err != nil {
			return err
		}
		if err := tx.MoveProject(&card.Project, m.to, m.reason); err != nil {
			return err
		}
		event, err := tx.EventOf(actor.ID, m.verb, card, nil)
		if err != nil {
			return err
		}
		return tx.RecordAll(append(events, event))
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", m.verb, id, err)
	}
	return card, nil
}

// stage brings the idea of a project on when the project is finished, and back when it is taken up again after all.
func stage(tx *models.Tx, card *models.ProjectCard, to models.ProjectState) ([]models.Event, error) {
	if to != models.ProjectDone && card.State != models.ProjectDone || !card.CanBecome(to) {
		return nil, nil
	}
	idea, err := tx.LockIdea(card.IdeaID)
	if err != nil {
		return nil, err
	}
	from, next := idea.Stage, models.Implemented
	if to == models.ProjectDone {
		card.StageBefore = from
	} else {
		next, card.StageBefore = card.StageBefore, ""
		if from != models.Implemented || next == "" {
			return nil, nil // somebody has said otherwise since
		}
	}
	if from == next {
		return nil, nil
	}
	if err := tx.SetStage(idea, next); err != nil {
		return nil, err
	}
	event, err := tx.EventOf(tx.Actor().ID, models.IdeaStaged, idea, staged{next, from})
	return []models.Event{event}, err
}

// staged is the data of the event models.IdeaStaged.
type staged struct {
	Stage models.Stage `json:"stage"`
	From  models.Stage `json:"from"`
}

// led locks a project that the actor may change.
func led(tx *models.Tx, id int64) (*models.ProjectCard, error) {
	card, err := tx.LockProject(id)
	if err != nil {
		return nil, err
	}
	if !tx.Actor().MayLead(card) {
		return nil, tx.Actor().Refused(card.SpaceID, 0)
	}
	return card, rests(card)
}

// rests is ErrConflict for a project whose idea was withdrawn: with that nothing more is done.
func rests(card *models.ProjectCard) error {
	if card.IdeaState != models.Published {
		return fmt.Errorf("idea %d is withdrawn: %w", card.IdeaID, models.ErrConflict)
	}
	return nil
}

// change changes a project of which the actor may, and records it with what do returns.
func (f *Projects) change(ctx context.Context, actor *models.Actor, id int64, verb string, do func(*models.Tx, *models.ProjectCard) (any, error)) (card *models.ProjectCard, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if card, err = led(tx, id); err != nil {
			return err
		}
		data, err := do(tx, card)
		if err != nil {
			return err
		}
		return tx.Record(verb, card, data)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return card, nil
}

// people are the ids of those whom a form names by their addresses, by field: people of the company who see the space. It looks
// for them outside the transaction: to a database a text that is none is a mistake, after which the transaction can do no more.
func (f *Projects) people(ctx context.Context, spaceID int64, addresses map[string]string) (map[string]*int64, error) {
	ids := map[string]*int64{}
	for field, address := range addresses {
		user, err := f.db.UserWithAccess(ctx, address)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		person, err := f.db.ActorByID(ctx, user.ID)
		if err != nil {
			return nil, err
		}
		if person.OfTheCompany() && person.Access(spaceID) != nil {
			ids[field] = &user.ID
		}
	}
	return ids, nil
}

func (in *Draft) people() map[string]string {
	return map[string]string{"owner": in.Owner, "controller": in.Controller}
}

// fill puts what is written into a project. Every field that is wrong is named at once.
func (in *Draft) fill(project *models.Project, people map[string]*int64) error {
	problems := models.Invalid{}
	project.Title, project.StartsOn, project.DueOn = in.Title, in.StartsOn, in.DueOn
	project.OwnerID, project.ControllerID = people["owner"], people["controller"]
	written, err := write(in.Goal, text.Body, project.Title)
	if err != nil {
		problems["goal"] = err.Error()
	}
	project.Goal, project.HTML, project.Lang = written.markdown, written.html, written.lang
	var invalid models.Invalid
	if err := project.Validate(); errors.As(err, &invalid) {
		for field, key := range invalid {
			problems[field] = key
		}
	}
	for field, address := range in.people() {
		if address != "" && people[field] == nil {
			problems[field] = "projects.person_unknown"
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// prose is a text as it is stored.
type prose struct{ markdown, html, lang string }

// write renders a text, which may be empty; title helps to tell its language.
func write(body string, kind text.Kind, title string) (prose, error) {
	markdown, err := text.Clean(body, text.MaxBody)
	if err != nil {
		return prose{}, err
	}
	rendered, err := text.Render(markdown, kind, nil)
	if err != nil {
		return prose{}, err
	}
	if len(rendered.Files) > 0 {
		return prose{}, text.Problem("projects.pictures")
	}
	return prose{markdown, rendered.HTML, text.Language(title + "\n" + rendered.Plain)}, nil
}
