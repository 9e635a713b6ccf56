package imports

import (
	"fmt"
	"slices"

	"ruche/models"
)

// write stores the batch, the event log last.
func (b *batch) write(tx *models.Tx) error {
	if err := b.store(tx); err != nil {
		return err
	}
	if err := tx.CountImportedCampaigns(); err != nil {
		return fmt.Errorf("ideas of campaigns: %w", err)
	}
	return tx.RecordAll(b.events())
}

// store stores who and where first, then ideas and threads, then what is said about them.
func (b *batch) store(tx *models.Tx) error {
	for _, space := range b.newSpaces {
		if err := tx.CreateSpace(space); err != nil {
			return fmt.Errorf("space %s: %w", space.Slug, err)
		}
	}
	if err := tx.ImportUsers(b.newUsers); err != nil {
		return fmt.Errorf("members: %w", err)
	}
	for _, campaign := range b.newCampaigns {
		campaign.SpaceID = campaign.space.ID
		if err := tx.ImportCampaign(&campaign.Campaign); err != nil {
			return fmt.Errorf("campaign %q: %w", campaign.Title, err)
		}
	}
	if err := b.writeIdeas(tx); err != nil {
		return fmt.Errorf("ideas: %w", err)
	}
	if err := b.writeThreads(tx); err != nil {
		return fmt.Errorf("threads: %w", err)
	}
	if err := b.writePosts(tx); err != nil {
		return fmt.Errorf("comments and replies: %w", err)
	}
	if err := b.settleThreads(tx); err != nil {
		return fmt.Errorf("counts of threads: %w", err)
	}
	if err := b.writeArticles(tx); err != nil {
		return fmt.Errorf("articles: %w", err)
	}
	return nil
}

func (b *batch) writeIdeas(tx *models.Tx) error {
	all := make([]models.ImportedIdea, len(b.newIdeas))
	for i, idea := range b.newIdeas {
		idea.SpaceID, idea.AuthorID = idea.space.ID, idea.author.ID
		if idea.campaign != nil {
			idea.CampaignID = &idea.campaign.ID
		}
		all[i] = models.ImportedIdea{Idea: &idea.Idea, Comments: idea.comments}
		for user := range idea.supporters {
			all[i].Supporters = append(all[i].Supporters, user.ID)
		}
	}
	return tx.ImportIdeas(all)
}

// writePosts stores answers after what they answer, since they name it by its new id.
func (b *batch) writePosts(tx *models.Tx) error {
	levels := map[int][]*models.Post{}
	var grown []int64
	posts := slices.Concat(b.newComments, b.said())
	for _, c := range posts {
		c.AuthorID = c.author.ID
		if c.thread != nil {
			c.ThreadID = &c.thread.ID
		} else {
			c.IdeaID = &c.idea.ID
		}
		depth := 0
		for up := c.parent; up != nil && up.ID == 0; up = up.parent { // what an earlier import made is there
			depth++
		}
		levels[depth] = append(levels[depth], &c.Post)
		if c.idea != nil && c.idea.known {
			grown = append(grown, c.idea.ID)
		}
	}
	for depth := range len(levels) {
		for _, c := range posts {
			if c.parent != nil && c.parent.ID != 0 && c.ParentID == nil {
				c.ParentID = &c.parent.ID
			}
		}
		if err := tx.ImportPosts(levels[depth]); err != nil {
			return err
		}
	}
	slices.Sort(grown)
	return tx.CountComments(slices.Compact(grown))
}

// events are what would have been recorded, in the order of time.
func (b *batch) events() []models.Event {
	var events []models.Event
	for _, idea := range b.newIdeas {
		if idea.State == models.Published {
			events = append(events, models.Event{At: idea.PublishedAt, Verb: models.IdeaPosted, ActorID: idea.AuthorID, SpaceID: idea.SpaceID, Subject: "idea", SubjectID: idea.ID, Data: b.origin(0)})
		}
	}
	for _, c := range b.newComments {
		events = append(events, models.Event{
			At: c.CreatedAt, Verb: models.PostPosted, ActorID: c.AuthorID, SpaceID: c.idea.space.ID,
			Subject: "post", SubjectID: c.ID, Data: b.origin(*c.IdeaID),
		})
	}
	events = append(append(events, b.threadEvents()...), b.articleEvents()...)
	slices.SortStableFunc(events, func(a, b models.Event) int { return a.At.Compare(b.At) })
	return events
}

// origin is what an event says beside its subject: the idea that a comment is about, and the run that brought it.
func (b *batch) origin(ideaID int64) string {
	switch {
	case b.run == nil && ideaID == 0:
		return ""
	case b.run == nil:
		return fmt.Sprintf(`{"idea":%d}`, ideaID)
	case ideaID == 0:
		return fmt.Sprintf(`{"import":%d}`, b.run.ID)
	}
	return fmt.Sprintf(`{"idea":%d,"import":%d}`, ideaID, b.run.ID)
}
