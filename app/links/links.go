// Package links finds the links in what people write: it notes what of the house a text leads to, and for those that stand alone
// gathers what a card under the text says of the pages outside: title, a line, a picture. It reads the event log, asks in jobs and never
// while somebody waits, and tells nobody outside who wrote or reads. Showing the cards, and who links where, is the matter of whoever
// shows the text; see models.LinkCards and models.LinkedFrom.
package links

import (
	"errors"
	"slices"
	"time"

	"ruche/app/files"
	"ruche/app/jobs"
	"ruche/app/outside"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
)

// Links is the feature.
type Links struct {
	web     *web.Web
	files   *files.Files
	outside *outside.Client
}

// How long asking for one page, and then for its picture, may take, redirects and reading included.
const timeout = 8 * time.Second

// New returns the feature. dial replaces the way outside, for tests; nil is the one that leads to public addresses only.
func New(w *web.Web, j *jobs.Jobs, store *files.Files, dial outside.Dial) *Links {
	f := &Links{web: w, files: store, outside: outside.New(outside.Options{Timeout: timeout, Dial: dial})}
	j.Register(jobs.Kind{Name: fetchJob, Work: f.fetchDue})
	j.Register(jobs.Kind{Name: "links", Every: round, Work: f.lookAfter})
	return f
}

// Name is the reader's cursor.
func (f *Links) Name() string { return "links" }

// Read notes the links of texts that were written, changed, removed or brought back, and leaves it to a job to ask for the pages.
func (f *Links) Read(tx *models.Tx, events []models.Event) error {
	if err := changed(tx, events); err != nil {
		return err
	}
	texts, err := written(tx, events)
	if err != nil || len(texts) == 0 {
		return err
	}
	for i := range texts {
		all, alone := text.Links(texts[i].Body)
		for _, href := range alone {
			if link, ok := address(f.web.BaseURL, href); ok {
				texts[i].Links = append(texts[i].Links, link)
			}
		}
		for _, href := range all {
			if link, ok := address(f.web.BaseURL, href); ok && link.Target != "" && !slices.Contains(texts[i].Leads, link) {
				texts[i].Leads = append(texts[i].Leads, link)
			}
		}
	}
	if err := tx.Refer(texts); err != nil {
		return err
	}
	waiting, err := tx.ShowLinks(texts)
	if err != nil || !waiting {
		return err
	}
	return f.ask(tx)
}

// written are the texts that events are about, as they are by now.
func written(tx *models.Tx, events []models.Event) (texts []models.LinkedText, err error) {
	var ideas, posts, threads, articles, gatherings []int64
	for i := range events {
		event := &events[i]
		switch event.Verb {
		case models.IdeaPosted, models.IdeaEdited, models.IdeaWithdrawn, models.IdeaRestored:
			ideas = append(ideas, event.SubjectID)
		case models.PostPosted, models.PostEdited, models.PostRemoved, models.PostRestored:
			posts = append(posts, event.SubjectID)
		case models.ThreadBegun, models.ThreadEdited, models.ThreadWithdrawn, models.ThreadRestored:
			threads = append(threads, event.SubjectID)
		case models.ArticleWritten, models.ArticleEdited, models.ArticleWithdrawn, models.ArticleRestored:
			articles = append(articles, event.SubjectID)
		case models.GatheringPlanned, models.GatheringEdited, models.GatheringWithdrawn:
			gatherings = append(gatherings, event.SubjectID)
		}
	}
	for _, of := range []struct {
		ids  []int64
		load func([]int64) ([]models.LinkedText, error)
	}{{ideas, tx.TextsOfIdeas}, {posts, tx.TextsOfPosts}, {threads, tx.TextsOfThreads}, {articles, tx.TextsOfArticles}, {gatherings, tx.TextsOfGatherings}} {
		if len(of.ids) == 0 {
			continue
		}
		more, err := of.load(of.ids)
		if err != nil {
			return nil, err
		}
		for i := range more {
			if !slices.ContainsFunc(texts, more[i].Same) {
				texts = append(texts, more[i])
			}
		}
	}
	return texts, nil
}

// changed notes what came to be there to be read, and what is not any more.
func changed(tx *models.Tx, events []models.Event) error {
	ids := map[models.Target][]int64{}
	for i := range events {
		event := &events[i]
		switch event.Verb {
		case models.IdeaPosted, models.IdeaWithdrawn, models.IdeaRestored,
			models.ThreadBegun, models.ThreadWithdrawn, models.ThreadRestored,
			models.PostPosted, models.PostRemoved, models.PostRestored,
			models.ArticleWritten, models.ArticleWithdrawn, models.ArticleRestored, models.GatheringPlanned, models.GatheringWithdrawn:
			along := struct{ With []int64 }{} // of an article what went with it
			if err := event.Decode(&along); err != nil {
				return err
			}
			kind := models.Target(event.Subject)
			if event.Subject == "gathering" {
				kind = models.TargetGathering
			}
			ids[kind] = append(append(ids[kind], event.SubjectID), along.With...)
		}
	}
	for _, kind := range []models.Target{models.TargetIdea, models.TargetThread, models.TargetArticle, models.TargetGathering, models.TargetPost} {
		if err := tx.ReferencesGone(kind, ids[kind]); err != nil {
			return err
		}
	}
	return nil
}

// ask leaves it to the job to ask for what waits, unless the house shows no pages outside.
func (f *Links) ask(tx *models.Tx) error {
	if !f.web.LinkPreviews {
		return nil
	}
	err := tx.AddJob(&models.Job{Kind: fetchJob, Key: "due"}, nil)
	if errors.Is(err, models.ErrConflict) { // it is going to
		return nil
	}
	return err
}
