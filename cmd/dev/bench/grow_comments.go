package main

import (
	"fmt"
	"slices"
	"time"

	"ruche/models"
)

// addComments writes the comments of ideas; every third one that has something to answer is an answer.
func (g *grower) addComments(tx *models.Tx, ideas []models.ImportedIdea, times [][]time.Time) ([]*models.Post, error) {
	var first, answers []*models.Post
	opened := map[*models.Post]*models.Post{} // an answer → what it answers
	for i := range ideas {
		var open *models.Post
		for n, at := range times[i] {
			s := g.material.comment(g.comments)
			g.comments++
			comment := &models.Post{IdeaID: &ideas[i].ID, AuthorID: g.person().ID, Body: s.markdown, HTML: s.html, Lang: s.lang, CreatedAt: at}
			if open != nil && n%3 == 2 {
				opened[comment] = open
				answers = append(answers, comment)
				continue
			}
			open = comment
			first = append(first, comment)
		}
	}
	if err := tx.ImportPosts(first); err != nil {
		return nil, err
	}
	for _, comment := range answers {
		comment.ParentID = &opened[comment].ID
	}
	if len(answers) > 0 {
		if err := tx.ImportPosts(answers); err != nil {
			return nil, err
		}
	}
	return append(first, answers...), nil
}

// addFacts gives those who are measured something to find on their home page: ideas that they follow
// and notices, a few of them unread.
func (g *grower) addFacts(tx *models.Tx, ideas []models.ImportedIdea) error {
	for n := range benchPeople {
		person := g.people[n]
		for i := n; i < min(len(ideas), 400); i += 40 {
			idea := ideas[i]
			if !slices.ContainsFunc(g.spaces[:seenSpaces], func(s *models.Space) bool { return s.ID == idea.SpaceID }) {
				continue
			}
			if err := tx.Follow(person.ID, idea.ID); err != nil {
				return err
			}
			notice := models.Notice{UserID: person.ID, Kind: models.NoticeStage, ActorID: idea.AuthorID, IdeaID: idea.ID, CreatedAt: idea.PublishedAt}
			if i%80 == n {
				notice.ReadAt = &notice.CreatedAt
			}
			if err := tx.Notify(notice); err != nil {
				return err
			}
		}
	}
	return nil
}

// events are what would have been recorded, in the order of time.
func (g *grower) events(ideas []models.ImportedIdea, comments []*models.Post) []models.Event {
	var events []models.Event
	spaces := map[int64]int64{}
	for i := range ideas {
		idea := ideas[i].Idea
		spaces[idea.ID] = idea.SpaceID
		about := models.Event{At: idea.PublishedAt, Verb: models.IdeaPosted, ActorID: idea.AuthorID, SpaceID: idea.SpaceID, Subject: "idea", SubjectID: idea.ID}
		events = append(events, about)
		for _, supporter := range ideas[i].Supporters {
			about.Verb, about.ActorID, about.At = models.IdeaSupported, supporter, about.At.Add(time.Minute)
			events = append(events, about)
		}
		if idea.StagedAt != nil {
			about.Verb, about.ActorID, about.At = models.IdeaStaged, idea.AuthorID, *idea.StagedAt
			about.Data = fmt.Sprintf(`{"stage":%q,"from":"proposed"}`, idea.Stage)
			events = append(events, about)
		}
	}
	for _, c := range comments {
		events = append(events, models.Event{
			At: c.CreatedAt, Verb: models.PostPosted, ActorID: c.AuthorID, SpaceID: spaces[*c.IdeaID],
			Subject: "post", SubjectID: c.ID, Data: fmt.Sprintf(`{"idea":%d}`, *c.IdeaID),
		})
	}
	slices.SortStableFunc(events, func(a, b models.Event) int { return a.At.Compare(b.At) })
	return events
}
