package experts

import (
	"encoding/json"
	"fmt"
	"strings"

	"ruche/models"
)

// Name is the cursor of the feature's reader.
func (f *Experts) Name() string { return "experts" }

// Read notes what threads and articles show of people, once something happened that may change it.
func (f *Experts) Read(tx *models.Tx, events []models.Event) error {
	var threads, articles, people []int64
	for i := range events {
		e := &events[i]
		kind, _, _ := strings.Cut(e.Verb, ".")
		switch {
		case e.Verb == models.UserMerged || e.Verb == models.UserParted:
			record := models.MergeRecord{}
			if err := json.Unmarshal([]byte(e.Data), &record); err != nil {
				return fmt.Errorf("event %d: %w", e.ID, err)
			}
			people = append(people, e.SubjectID, record.Gone)
		case shows(e.Verb, kind, "thread"):
			threads = append(threads, e.SubjectID)
		case shows(e.Verb, kind, "article"):
			articles = append(articles, e.SubjectID)
			with, err := along(e)
			if err != nil {
				return err
			}
			articles = append(articles, with...)
		case e.Verb == models.CollectionRestricted || e.Verb == models.CollectionOpened: // all that lies in it is in another space now
			ids, err := tx.CollectionArticleIDs(tx.Context(), e.SubjectID)
			if err != nil {
				return err
			}
			articles = append(articles, ids...)
		case e.Verb == models.PostRemoved || e.Verb == models.PostRestored:
			id, err := tx.ThreadAnsweredBy(e.SubjectID)
			if err != nil {
				return err
			}
			threads = append(threads, id...)
		}
	}
	if len(people) > 0 {
		if err := tx.ShowExpertiseOf(people); err != nil {
			return fmt.Errorf("show what people know: %w", err)
		}
	}
	if _, err := tx.ShowExpertise(once(threads), once(articles)); err != nil {
		return fmt.Errorf("show what texts say of people: %w", err)
	}
	return nil
}

// shows tells whether an event about a kind of text can change what it shows.
func shows(verb, kind, of string) bool {
	if kind != of {
		return false
	}
	switch verb {
	case models.ThreadBegun, models.ThreadPinned, models.ThreadUnpinned, models.ThreadClosed, models.ThreadReopened, models.ThreadSlowed, models.ThreadTied, models.ThreadUntied,
		models.ArticleRated, models.ArticleDoubted, models.ArticleFeedbackDropped, models.ArticleDoubtAnswered, models.ArticleDoubtReopened:
		return false
	}
	return true
}

// along are the articles that went with the one that an event is about.
func along(e *models.Event) ([]int64, error) {
	if e.Verb != models.ArticleMoved && e.Verb != models.ArticleWithdrawn && e.Verb != models.ArticleRestored || e.Data == "" {
		return nil, nil
	}
	var data struct{ With []int64 }
	if err := json.Unmarshal([]byte(e.Data), &data); err != nil {
		return nil, fmt.Errorf("event %d: %w", e.ID, err)
	}
	return data.With, nil
}

// once leaves out what is there twice.
func once(ids []int64) (few []int64) {
	seen := map[int64]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id], few = true, append(few, id)
		}
	}
	return few
}
