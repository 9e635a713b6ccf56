package models

import (
	"context"
	"slices"
	"time"
)

// importBatch is how many rows one statement of an import inserts: 200 rows of an idea's columns
// stay below the parameters that either database takes.
const importBatch = 200

// Imported finds what earlier imports made of a table ("users", "spaces", "ideas", "posts", "threads", "collections" or "articles"):
// the id by the name it has in the imported data.
func (q Queries) Imported(ctx context.Context, table string) (map[string]int64, error) {
	var rows []struct {
		ImportRef string
		ID        int64
	}
	ids := map[string]int64{}
	for after := int64(0); ; after = rows[len(rows)-1].ID {
		rows = rows[:0]
		err := q.g.WithContext(ctx).Table(table).Select("import_ref, id").Where("import_ref IS NOT NULL AND id > ?", after).Order("id").Limit(10_000).Scan(&rows).Error
		if err != nil || len(rows) == 0 {
			return ids, err
		}
		for _, row := range rows {
			ids[row.ImportRef] = row.ID
		}
	}
}

// ImportUsers adds pseudonymous members, who cannot sign in.
func (tx *Tx) ImportUsers(users []*User) error { return tx.insertAll(users) }

// ImportCampaign adds a campaign that is published already.
func (tx *Tx) ImportCampaign(campaign *Campaign) error {
	if err := tx.CreateCampaign(campaign); err != nil {
		return err
	}
	campaign.PublishedAt = &tx.now
	_, err := tx.exec("UPDATE campaigns SET published_at = ? WHERE id = ?", tx.now, campaign.ID)
	return err
}

// ImportedIdea is an idea with what came with it.
type ImportedIdea struct {
	*Idea
	Supporters []int64 // users who are known to support it
	Comments   []time.Time
}

// ImportIdeas adds ideas with their first versions, tags, supports and counters, in their own past
// and without events: the caller records those when everything is there.
func (tx *Tx) ImportIdeas(imported []ImportedIdea) error {
	ideas := make([]*Idea, len(imported))
	for i := range imported {
		idea := imported[i].Idea
		idea.Version = 1
		idea.SupportCount = len(imported[i].Supporters) + idea.ImportedSupports
		idea.CommentCount = len(imported[i].Comments)
		idea.ActiveAt, idea.WaitingSince = idea.PublishedAt, idea.waits()
		if idea.ImportRef != nil && idea.WaitingSince != nil {
			idea.WaitingSince = &tx.now // nobody here has kept it waiting before
			idea.StagedAt = &tx.now     // nor has it stood still
		}
		for _, at := range imported[i].Comments {
			if at.After(idea.ActiveAt) {
				idea.ActiveAt = at
			}
		}
		idea.Hot = rankAddMany(Rank(idea.PublishedAt, nil, imported[i].Comments), idea.SupportCount, idea.PublishedAt) // nobody knows when they came
		ideas[i] = idea
	}
	if err := tx.insertAll(ideas); err != nil {
		return err
	}
	for _, idea := range ideas {
		idea.StagedAt = nil // its course is that of where it comes from
	}
	if err := tx.importCourse(ideas); err != nil {
		return err
	}
	var versions []*IdeaVersion
	var tags []*ideaTag
	var supports []*support
	for i := range imported {
		idea := imported[i].Idea
		versions = append(versions, &IdeaVersion{IdeaID: idea.ID, Number: 1, EditorID: idea.AuthorID, Title: idea.Title, Summary: idea.Written(), Body: idea.Body, Tags: idea.Tags, CreatedAt: idea.PublishedAt})
		for _, tag := range idea.Tags {
			tags = append(tags, &ideaTag{Tag: tag, IdeaID: idea.ID, SpaceID: idea.SpaceID})
		}
		for _, user := range imported[i].Supporters {
			supports = append(supports, &support{IdeaID: idea.ID, UserID: user, CreatedAt: idea.PublishedAt})
		}
	}
	if err := tx.insertAll(versions); err != nil {
		return err
	}
	if err := tx.insertAll(tags); err != nil {
		return err
	}
	if err := tx.insertAll(supports); err != nil {
		return err
	}
	for some := range slices.Chunk(ideas, importBatch) {
		ids := make([]int64, len(some))
		for i := range some {
			ids[i] = some[i].ID
		}
		if err := tx.placeNewIdeas("i.id IN ?", ids); err != nil {
			return err
		}
	}
	return nil
}

// importCourse adds how far ideas had come, and counts them in the funnels of their campaigns.
func (tx *Tx) importCourse(ideas []*Idea) error {
	var passages []*Transition
	var campaigns []int64
	for _, idea := range ideas {
		passages = append(passages, begin(idea)...)
		if idea.CampaignID != nil {
			campaigns = append(campaigns, *idea.CampaignID)
		}
	}
	if err := tx.insertAll(passages); err != nil {
		return err
	}
	slices.Sort(campaigns)
	return tx.RecountFunnels(slices.Compact(campaigns))
}

// CountImportedCampaigns counts the ideas of the campaigns that imports made.
func (tx *Tx) CountImportedCampaigns() error {
	_, err := tx.exec("UPDATE campaigns SET idea_count = (SELECT count(*) FROM ideas i WHERE i.campaign_id = campaigns.id AND i.state = 'published') WHERE import_ref IS NOT NULL")
	return err
}

// ImportPosts adds posts whose ideas and threads were imported and count them already. Their parents come
// before them.
func (tx *Tx) ImportPosts(posts []*Post) error { return tx.insertAll(posts) }

func (tx *Tx) insertAll(records any) error {
	return classify(tx.g.WithContext(tx.ctx).CreateInBatches(records, importBatch).Error)
}

// ideaTag and support are rows that other code writes one by one in SQL.
type ideaTag struct {
	Tag     string
	IdeaID  int64
	SpaceID int64
}

type support struct {
	IdeaID    int64
	UserID    int64
	CreatedAt time.Time
}

// CountComments counts the comments of ideas again, after an import added to ideas that were there before.
func (tx *Tx) CountComments(ideas []int64) error {
	for len(ideas) > 0 {
		some := ideas[:min(importBatch, len(ideas))]
		ideas = ideas[len(some):]
		_, err := tx.exec(`UPDATE ideas SET comment_count = (SELECT count(*) FROM posts c WHERE c.idea_id = ideas.id AND c.removed_at IS NULL),
			active_at = coalesce((SELECT max(c.created_at) FROM posts c WHERE c.idea_id = ideas.id AND c.removed_at IS NULL AND c.created_at > ideas.active_at), active_at)
			WHERE id IN ?`, some)
		if err != nil {
			return err
		}
	}
	return nil
}
