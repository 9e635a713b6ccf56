package models

import (
	"fmt"
	"slices"
	"strings"
)

// IdeaView is that somebody has opened the page of an idea.
type IdeaView struct{ IdeaID, UserID int64 }

// ViewOf is that the actor has opened an idea; false where that counts for nothing: it is of no campaign, too far for its views to
// matter, or nobody reads it but one who wrote it, looks as somebody else, or is a program.
func (i *Idea) ViewOf(actor *Actor) (view IdeaView, counts bool) {
	counts = actor.counted() && i.CampaignID != nil && i.State == Published && slices.Contains(GraduatingStages(), i.Stage) && i.AuthorID != actor.ID && !i.CoAuthored
	return IdeaView{i.ID, actor.ID}, counts
}

// viewBatch is how many views one statement keeps.
const viewBatch = 100

// KeepViews keeps who has opened which ideas, each once, where a rule of the campaign asks for it. Who signs an idea is not counted.
func (tx *Tx) KeepViews(views []IdeaView) error {
	for batch := range slices.Chunk(views, viewBatch) {
		rows, args := make([]string, len(batch)), make([]any, 0, 2*len(batch))
		for i, view := range batch {
			rows[i] = "SELECT CAST(? AS BIGINT) AS idea_id, CAST(? AS BIGINT) AS user_id"
			args = append(args, view.IdeaID, view.UserID)
		}
		_, err := tx.exec("INSERT INTO idea_views (idea_id, user_id) SELECT v.idea_id, v.user_id FROM ("+strings.Join(rows, " UNION ALL ")+`) v JOIN ideas i ON i.id = v.idea_id JOIN users u ON u.id = v.user_id
			WHERE u.disabled_at IS NULL AND i.state = 'published' AND `+opening+" AND EXISTS (SELECT 1 FROM graduations g WHERE g.campaign_id = i.campaign_id AND g.views > 0) AND "+authorBehind+` <> u.id
			AND NOT EXISTS (SELECT 1 FROM co_authors c WHERE c.idea_id = i.id AND c.user_id = u.id AND c.state = 'joined') ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return fmt.Errorf("keep views: %w", err)
		}
	}
	return nil
}

// opening is the condition that the idea i is in a stage that ideas graduate from.
const opening = "i.stage IN ('proposed', 'discussed', 'refined')"

// forgetViews forgets who has opened the ideas i of a condition.
func (tx *Tx) forgetViews(condition string, args ...any) error {
	_, err := tx.exec("DELETE FROM idea_views WHERE idea_id IN (SELECT i.id FROM ideas i WHERE "+condition+")", args...)
	return err
}

// ForgetSpentViews forgets who has opened ideas of campaigns that are over. Those of a campaign whose rules ask for it no more go with
// the rule, and those of an idea that is too far with its passage.
func (tx *Tx) ForgetSpentViews() error {
	return tx.forgetViews("i.campaign_id IN (SELECT c.id FROM graduations g JOIN campaigns c ON c.id = g.campaign_id WHERE g.views > 0 AND c.closes_at <= ?)", tx.now)
}
