package ideas

import (
	"context"
	"fmt"
	"strings"

	"ruche/app/text"
	"ruche/models"
)

// compare says what changed from one version of an idea to another, as far as the actor may see it.
func (f *Ideas) compare(ctx context.Context, actor *models.Actor, idea *models.Idea, from, to *models.IdeaVersion) (*Diff, error) {
	diff := &Diff{
		Version: to,
		Title:   text.Diff(from.Title, to.Title),
		Summary: text.Diff(from.Summary, to.Summary),
		Body:    text.Diff(from.Body, to.Body),
		Tags:    text.Diff(tagLine(from.Tags), tagLine(to.Tags)),
	}
	var err error
	if diff.Answers, err = f.db.IdeaAnswers(ctx, actor, idea, to.Number); err != nil {
		return nil, fmt.Errorf("answers of version %d of idea %d: %w", to.Number, idea.ID, err)
	}
	diff.Former = diff.Answers
	if from.Number != to.Number {
		if diff.Former, err = f.db.IdeaAnswers(ctx, actor, idea, from.Number); err != nil {
			return nil, fmt.Errorf("answers of version %d of idea %d: %w", from.Number, idea.ID, err)
		}
	}
	return diff, nil
}

func tagLine(tags models.Tags) string { return strings.Join(tags, ", ") }

// Since tells an editor whose save came too late what others have saved since the version that they
// started from. An unknown version counts as the newest: nothing then stands out as changed.
func (f *Ideas) Since(ctx context.Context, actor *models.Actor, id int64, base int) (*models.Idea, *Diff, error) {
	idea, err := f.mayEdit(ctx, actor, id)
	if err != nil {
		return nil, nil, err
	}
	newest, err := f.db.Version(ctx, idea, idea.Version)
	if err != nil {
		return nil, nil, fmt.Errorf("version %d of idea %d: %w", idea.Version, id, err)
	}
	from := newest
	if base > 0 && base < idea.Version {
		if from, err = f.db.Version(ctx, idea, base); err != nil {
			return nil, nil, fmt.Errorf("version %d of idea %d: %w", base, id, err)
		}
	}
	diff, err := f.compare(ctx, actor, idea, from, newest)
	return idea, diff, err
}
