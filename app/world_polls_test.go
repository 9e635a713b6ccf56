package app_test

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"ruche/models"
)

// aboutPolls tells whether a route is about the poll of a thread.
func aboutPolls(pattern string) bool { return strings.Contains(pattern, "/threads/:id/poll") }

// poll is a thread of a space as a route about polls is about it: a consent round to which somebody objects, over where its outcome is
// written, and nothing yet where it is set up.
func (w *world) poll(visibility models.Visibility, pattern string) (address string) {
	w.t.Helper()
	thread := &models.Thread{SpaceID: w.space(visibility).ID, Kind: models.Poll, Title: "A poll", AuthorID: w.author.ID}
	actor := w.site.Actor(w.author)
	w.site.Tx(actor, func(tx *models.Tx) error {
		if err := tx.CreateThread(thread, &models.Post{AuthorID: w.author.ID, Body: "Shall we?", HTML: "<p>Shall we?</p>"}); err != nil {
			return err
		}
		if strings.HasSuffix(pattern, "/poll/edit") {
			return nil
		}
		return tx.SavePoll(thread, &models.ThreadPoll{Kind: models.ConsentRound, Question: "Shall we?", Results: models.ResultsAlways, ClosesAt: tx.Now().Add(time.Hour)}, 0)
	})
	vote := int64(1)
	w.site.Tx(actor, func(tx *models.Tx) error {
		if strings.HasSuffix(pattern, "/poll/edit") {
			return nil
		}
		_, poll, err := tx.LockPoll(thread.ID)
		switch {
		case err != nil:
			return err
		case strings.Contains(pattern, "/objections/"):
			_, err = tx.CastVote(thread, poll, models.Marks{models.MarkObject}, "It is too early.", 0)
		case strings.HasSuffix(pattern, "/outcome"), strings.HasSuffix(pattern, "/reopening"):
			_, err = tx.ClosePoll(thread, poll)
		}
		if err != nil {
			return err
		}
		own, err := tx.OwnVote(w.t.Context(), actor, thread.ID)
		if own != nil {
			vote = own.ID
		}
		return err
	})
	w.said = strconv.FormatInt(vote, 10)
	return strings.NewReplacer(":id", strconv.FormatInt(thread.ID, 10), ":vote", w.said).Replace(pattern)
}

// pollForm is what a form about a poll sends.
func (w *world) pollForm(route string) url.Values {
	later := w.site.DB.Now().Add(50 * time.Hour)
	switch {
	case strings.HasSuffix(route, "/poll"):
		return values("base", "1", "kind", "single", "question", "Which one?", "options", "This\nThat", "results", "voted", "closes_day", later.Format(time.DateOnly), "closes_time", "12:00")
	case strings.HasSuffix(route, "/closing"), strings.HasSuffix(route, "/reopening"):
		return values("closes_day", later.Format(time.DateOnly), "closes_time", "12:00")
	case strings.HasSuffix(route, "/vote"):
		return values("base", "0", "mark_0", "1")
	case strings.Contains(route, "/objections/"):
		return values("reply_"+w.said, "It is late enough.")
	}
	return values("base", "0", "body", "We do.")
}
