package projects

import (
	"context"
	"fmt"

	"ruche/app/text"
	"ruche/models"
)

// Telling is what someone writes of what was before an idea was carried out and what is there now, both in Markdown and both
// optional.
type Telling struct{ Before, After string }

// Tell stores the story of a project; ErrConflict if someone else has saved since the version base.
func (f *Projects) Tell(ctx context.Context, actor *models.Actor, id int64, base int, in Telling) (*models.ProjectCard, error) {
	card, err := f.mayLead(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	story, pictures, err := f.compose(ctx, actor, &card.ProjectCard, in)
	if err != nil {
		return nil, err
	}
	return f.change(ctx, actor, id, models.StoryEdited, func(tx *models.Tx, card *models.ProjectCard) (any, error) {
		if err := tx.SaveStory(story, base); err != nil {
			return nil, err
		}
		return nil, tx.AttachFiles(actor.ID, models.Place{Idea: &models.Idea{ID: card.IdeaID, SpaceID: card.SpaceID}}, pictures)
	})
}

// compose renders both texts of a story. Every one that is wrong is named at once.
func (f *Projects) compose(ctx context.Context, actor *models.Actor, card *models.ProjectCard, in Telling) (story *models.Story, pictures []int64, err error) {
	story = &models.Story{ProjectID: card.ID}
	problems, plain := models.Invalid{}, ""
	for _, side := range []struct {
		field, body    string
		markdown, html *string
	}{{"before", in.Before, &story.BeforeText, &story.BeforeHTML}, {"after", in.After, &story.AfterText, &story.AfterHTML}} {
		markdown, err := text.Clean(side.body, text.MaxComment)
		if err != nil {
			problems[side.field] = err.Error()
			continue
		}
		files, err := f.db.FilesOf(ctx, actor, text.Files(markdown))
		if err != nil {
			return nil, nil, fmt.Errorf("files of the story of project %d: %w", card.ID, err)
		}
		rendered, err := text.Render(markdown, text.Body, text.Knowing(files))
		if err != nil {
			problems[side.field] = err.Error()
			continue
		}
		*side.markdown, *side.html, plain, pictures = markdown, rendered.HTML, plain+"\n"+rendered.Plain, append(pictures, rendered.Files...)
	}
	if len(problems) > 0 {
		return nil, nil, problems
	}
	story.Lang = text.Language(plain)
	return story, pictures, nil
}

// Announce tells those who had a part in an idea that is carried out, once, that they are thanked; ErrConflict if they know, or
// if it is not done.
func (f *Projects) Announce(ctx context.Context, actor *models.Actor, id int64) (*models.ProjectCard, error) {
	return f.change(ctx, actor, id, models.ThanksAnnounced, func(tx *models.Tx, card *models.ProjectCard) (any, error) {
		if card.State != models.ProjectDone {
			return nil, fmt.Errorf("thank for project %d, which is %s: %w", id, card.State, models.ErrConflict)
		}
		return nil, tx.AnnounceThanks(&card.Project)
	})
}
