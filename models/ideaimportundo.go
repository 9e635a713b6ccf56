package models

import (
	"context"
	"fmt"
	"slices"
)

// untouchedIdea is the condition that nobody has done anything with an idea since a run made it: it says what it said, where it
// was, nobody supports, follows, judges or answers it, it goes on in no other nor another in it, and nobody has commented on it.
const untouchedIdea = `i.import_id = ? AND i.state = 'published' AND i.version = 1 AND i.edited_at IS NULL AND (i.staged_at IS NULL OR i.staged_at = (SELECT r.imported_at FROM idea_imports r WHERE r.id = i.import_id))
	AND i.answer_id IS NULL AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.idea_id = i.id) AND NOT EXISTS (SELECT 1 FROM co_authors a WHERE a.idea_id = i.id)
	AND NOT EXISTS (SELECT 1 FROM amendments m WHERE m.idea_id = i.id) AND NOT EXISTS (SELECT 1 FROM ballot_lines l WHERE l.idea_id = i.id) AND NOT EXISTS (SELECT 1 FROM supports s WHERE s.idea_id = i.id) AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.idea_id = i.id)
	AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.idea_id = i.id) AND NOT EXISTS (SELECT 1 FROM evaluations e WHERE e.idea_id = i.id AND (e.state <> 'assigned' OR e.saved_at IS NOT NULL)) AND NOT EXISTS (SELECT 1 FROM evaluation_posts e WHERE e.idea_id = i.id)
	AND i.merged_into_id IS NULL AND i.origins = 0 AND NOT EXISTS (SELECT 1 FROM idea_merges g WHERE g.idea_id = i.id AND g.state = 'waiting') AND NOT EXISTS (SELECT 1 FROM idea_merges g WHERE g.into_id = i.id AND g.state = 'waiting')
	AND NOT EXISTS (SELECT 1 FROM posts c WHERE c.idea_id = i.id AND c.removed_at IS NULL)`

// untouchedComment is the same for a comment: it says what it said, and no answer from elsewhere stands under it.
const untouchedComment = `c.import_id = ? AND c.removed_at IS NULL AND c.edited_at IS NULL
	AND NOT EXISTS (SELECT 1 FROM posts a WHERE a.parent_id = c.id AND a.removed_at IS NULL AND (a.import_id IS NULL OR a.import_id <> c.import_id))`

// Untouched counts what an undo of a run would take out of sight.
func (q Queries) Untouched(ctx context.Context, run *IdeaImport) (n int, err error) {
	if run.What == DownloadComments {
		return n, q.raw(ctx, &n, "SELECT count(*) FROM posts c WHERE "+untouchedComment, run.ID)
	}
	return n, q.raw(ctx, &n, "SELECT count(*) FROM ideas i WHERE "+untouchedIdea, run.ID)
}

// UndoImport takes out of sight, for its sender, what a run has made and nobody has touched since, and says so in the events that it returns. What it
// made can be taken in anew afterwards. ErrConflict if it was undone already.
func (tx *Tx) UndoImport(run *IdeaImport) (events []Event, err error) {
	changed, err := tx.exec("UPDATE idea_imports SET undone_at = ? WHERE id = ? AND imported_at IS NOT NULL AND undone_at IS NULL", tx.now, run.ID)
	if err == nil && changed == 0 {
		err = ErrConflict
	}
	if err != nil {
		return nil, err
	}
	undo := tx.undoIdeas
	if run.What == DownloadComments {
		undo = tx.undoComments
	}
	for {
		some, err := undo(run)
		if err != nil {
			return nil, fmt.Errorf("undo import %d: %w", run.ID, err)
		}
		events = append(events, some...)
		if len(some) < importBatch {
			break
		}
	}
	run.Undone, run.Kept = len(events), run.Made-len(events)
	if _, err := tx.exec("UPDATE idea_imports SET undone = ?, kept = ? WHERE id = ?", run.Undone, run.Kept, run.ID); err != nil {
		return nil, err
	}
	if run.CampaignID != nil {
		err = tx.CountCampaign(*run.CampaignID)
	}
	return events, err
}

func (tx *Tx) undoIdeas(run *IdeaImport) (events []Event, err error) {
	var ids []int64
	if err := tx.raw(tx.ctx, &ids, "SELECT i.id FROM ideas i WHERE "+untouchedIdea+" ORDER BY i.id LIMIT ?", run.ID, importBatch); err != nil || len(ids) == 0 {
		return nil, err
	}
	if _, err := tx.exec("UPDATE ideas SET state = 'withdrawn', import_ref = NULL WHERE id IN ?", ids); err != nil {
		return nil, err
	}
	if err := tx.placeIdeas("i.id IN ?", ids); err != nil {
		return nil, err
	}
	for _, id := range ids {
		event, err := tx.EventOf(run.UserID, IdeaWithdrawn, &Idea{ID: id, SpaceID: run.SpaceID}, map[string]int64{"import": run.ID})
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, nil
}

func (tx *Tx) undoComments(run *IdeaImport) (events []Event, err error) {
	var rows []struct{ ID, IdeaID int64 }
	if err := tx.raw(tx.ctx, &rows, "SELECT c.id, c.idea_id FROM posts c WHERE "+untouchedComment+" ORDER BY c.id LIMIT ?", run.ID, importBatch); err != nil || len(rows) == 0 {
		return nil, err
	}
	ids, ideas := make([]int64, len(rows)), make([]int64, len(rows))
	for i, row := range rows {
		ids[i], ideas[i] = row.ID, row.IdeaID
		event, err := tx.EventOf(run.UserID, PostRemoved, (&Post{ID: row.ID}).In(run.SpaceID), map[string]int64{"idea": row.IdeaID, "import": run.ID})
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	if _, err := tx.exec("UPDATE posts SET removed_at = ?, removed_by = ?, import_ref = NULL WHERE id IN ?", tx.now, run.UserID, ids); err != nil {
		return nil, err
	}
	slices.Sort(ideas)
	return events, tx.CountComments(slices.Compact(ideas))
}
