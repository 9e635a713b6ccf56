package knowledge

import (
	"context"
	"strings"

	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/knowledge"
)

// origin is what a form writes an article from, as its fields name it; empty for nothing.
func origin(field func(string) string) (from models.About, err error) {
	if from.Thread, err = optional(field("thread")); err != nil || from.Thread != 0 {
		return from, err
	}
	from.Idea, err = optional(field("idea"))
	return from, err
}

// beginFrom begins an article with what a thread or an idea says: of a question with the answer that was accepted.
func (f *Knowledge) beginFrom(ctx context.Context, actor *models.Actor, from models.About, view *views.Write) (err error) {
	view.From = from
	if view.FromPlace, err = f.db.Place(ctx, actor, from); err != nil {
		return err
	}
	view.Title = view.FromPlace.Title()
	if idea := view.FromPlace.Idea; idea != nil {
		view.Body, view.Tags = idea.Body, strings.Join(idea.Tags, ", ")
		return nil
	}
	thread := view.FromPlace.Thread
	view.Tags = strings.Join(thread.Tags, ", ")
	opening, err := f.db.ThreadPosts(ctx, thread, 1, 1)
	if err != nil {
		return err
	}
	if len(opening) > 0 && opening[0].Number == 1 && opening[0].RemovedAt == nil {
		view.Body = opening[0].Body
	}
	if thread.AcceptedID == nil {
		return nil
	}
	answer, err := f.db.ThreadPost(ctx, thread, *thread.AcceptedID)
	if err == nil && answer != nil {
		view.Body = strings.TrimSpace(view.Body) + "\n\n## " + heading(thread.Lang, actor) + "\n\n" + answer.Body
	}
	return err
}

// heading stands above an answer, in the language of its thread.
func heading(lang string, actor *models.Actor) string {
	if lang == "" {
		lang = actor.Locale
	}
	return i18n.For(lang).T("knowledge.answer_heading")
}
