package models

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// IdeaImport is a file with ideas or comments that somebody has sent to be taken into a space or a campaign.
type IdeaImport struct {
	ID           int64
	UserID       int64 // who sent it; nobody else sees it
	SpaceID      int64
	CampaignID   *int64
	What         DownloadKind
	Name         string // of the file
	Key          string // where the file store keeps its rows
	Reading      string // what was found out about the file, as its reader writes it
	Mapping      string // which column holds what, as its sender has said
	Counts       string // what the last check found; empty before
	RowCount     int
	ProblemCount int
	Made         int
	Undone       int    // of what was made
	Kept         int    // of what was made, because others have touched it since
	Problem      string // why it could not be taken in, a key of the catalogue
	CreatedAt    time.Time
	CheckedAt    *time.Time
	ImportedAt   *time.Time
	UndoneAt     *time.Time
}

func (r *IdeaImport) subject() (string, int64, int64) { return "import", r.ID, r.SpaceID }

// IdeaImportKept is how long a file waits for whoever sent it.
const IdeaImportKept = 7 * day

// importsADay is how many files a person may send within a day.
const importsADay = 50

// MayImport tells whether the actor may take ideas into a space, or into one of its campaigns: who manages the space, and who
// runs the campaign. What comes in has other authors, so nobody from outside does.
func (a *Actor) MayImport(spaceID int64, campaign *Campaign) bool {
	return a.Can(RunCampaigns, &Space{ID: spaceID}) || campaign != nil && campaign.SpaceID == spaceID && a.MayRun(campaign)
}

// mayImport is why the actor may not take anything into the place of a run, nil if they may.
func (q Queries) mayImport(ctx context.Context, actor *Actor, run *IdeaImport) error {
	var campaign *Campaign
	if run.CampaignID != nil {
		var err error
		if campaign, err = q.Campaign(ctx, actor, *run.CampaignID); err != nil {
			return err
		}
	}
	if actor.Access(run.SpaceID) == nil {
		return ErrNotFound
	}
	if !actor.MayImport(run.SpaceID, campaign) {
		return ErrForbidden
	}
	return nil
}

// ImportOpen refuses a run into a campaign that takes no ideas now, and into one that hides its authors, whom a table names.
func (tx *Tx) ImportOpen(run *IdeaImport) error {
	if run.What == DownloadComments {
		return nil
	}
	level, err := tx.Promise(run.CampaignID)
	if err != nil {
		return err
	}
	if level != Named {
		return &NotNow{"anonymity.import"}
	}
	return tx.InStage(run.CampaignID, PostIdea)
}

// CreateIdeaImport stores a file for its sender.
func (tx *Tx) CreateIdeaImport(run *IdeaImport) error {
	if err := tx.mayImport(tx.ctx, tx.actor, run); err != nil {
		return err
	}
	var recent int
	if err := tx.raw(tx.ctx, &recent, "SELECT count(*) FROM idea_imports WHERE user_id = ? AND created_at > ?", tx.actorID(), tx.now.Add(-day)); err != nil {
		return err
	}
	if recent >= importsADay {
		return Invalid{"file": "imports.too_many"}
	}
	run.UserID, run.CreatedAt = tx.actorID(), tx.now
	return tx.create(run)
}

// OwnImport finds a file that the actor has sent, as long as they may take anything in where it goes.
func (q Queries) OwnImport(ctx context.Context, actor *Actor, id int64) (*IdeaImport, error) {
	if !actor.SignedIn() {
		return nil, ErrForbidden
	}
	run := &IdeaImport{}
	if err := q.one(ctx, run, "SELECT * FROM idea_imports WHERE id = ? AND user_id = ?", id, actor.ID); err != nil {
		return nil, err
	}
	return run, q.mayImport(ctx, actor, run)
}

// OwnImports are the files that the actor has sent, the newest first.
func (q Queries) OwnImports(ctx context.Context, actor *Actor, limit int) (runs []IdeaImport, err error) {
	seen, list := q.visible(actor, "space_id")
	return runs, q.raw(ctx, &runs, "SELECT * FROM idea_imports WHERE user_id = ? AND "+seen+" ORDER BY id DESC LIMIT ?", actor.ID, list, limit)
}

// MapImport stores which column holds what; what a check found before is void.
func (tx *Tx) MapImport(run *IdeaImport) error {
	if _, err := tx.exec("DELETE FROM import_problems WHERE import_id = ?", run.ID); err != nil {
		return err
	}
	changed, err := tx.exec("UPDATE idea_imports SET mapping = ?, counts = '', problem_count = 0, problem = '', checked_at = NULL WHERE id = ? AND imported_at IS NULL", run.Mapping, run.ID)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// ImportProblem is what is wrong with a row of a file, at a column if it is about one.
type ImportProblem struct {
	ImportID int64
	Number   int
	Line     int
	Place    string // the field that the column is mapped to
	Problem  string // a key of the catalogue
}

// CheckedImport stores what a check found.
func (tx *Tx) CheckedImport(run *IdeaImport, problems []ImportProblem) error {
	if _, err := tx.exec("DELETE FROM import_problems WHERE import_id = ?", run.ID); err != nil {
		return err
	}
	if len(problems) > 0 {
		if err := tx.insertAll(problems); err != nil {
			return err
		}
	}
	changed, err := tx.exec("UPDATE idea_imports SET counts = ?, problem_count = ?, checked_at = ? WHERE id = ? AND mapping = ? AND imported_at IS NULL",
		run.Counts, run.ProblemCount, tx.now, run.ID, run.Mapping)
	if err == nil && changed == 0 {
		return ErrConflict // its sender has changed the mapping meanwhile
	}
	return err
}

// ImportProblems are what a check found, after the given number.
func (q Queries) ImportProblems(ctx context.Context, run *IdeaImport, after, limit int) (problems []ImportProblem, err error) {
	return problems, q.raw(ctx, &problems, "SELECT * FROM import_problems WHERE import_id = ? AND number > ? ORDER BY number LIMIT ?", run.ID, after, limit)
}

// FinishImport notes what came of a file; ErrConflict if it was taken in already, or if its mapping is another one by now.
func (tx *Tx) FinishImport(run *IdeaImport) error {
	changed, err := tx.exec("UPDATE idea_imports SET made = ?, imported_at = ? WHERE id = ? AND mapping = ? AND imported_at IS NULL", run.Made, tx.now, run.ID, run.Mapping)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// RefuseImport notes why a file could not be taken in.
func (tx *Tx) RefuseImport(id int64, problem string) error {
	_, err := tx.exec("UPDATE idea_imports SET problem = ? WHERE id = ? AND imported_at IS NULL", problem, id)
	return err
}

// SpentImports lists files that nobody came back for, and those whose rows are no longer needed.
func (q Queries) SpentImports(ctx context.Context, limit int) (runs []IdeaImport, err error) {
	return runs, q.raw(ctx, &runs, "SELECT * FROM idea_imports WHERE key <> '' AND (imported_at IS NOT NULL OR created_at < ?) ORDER BY id LIMIT ?", q.present().Add(-IdeaImportKept), limit)
}

// ImportsOf are the files that a person has sent.
func (q Queries) ImportsOf(ctx context.Context, userID int64, limit int) (runs []IdeaImport, err error) {
	return runs, q.raw(ctx, &runs, "SELECT * FROM idea_imports WHERE user_id = ? AND key <> '' ORDER BY id LIMIT ?", userID, limit)
}

// DropImport forgets a file that was not taken in, and of one that was, where its rows were.
func (tx *Tx) DropImport(run *IdeaImport) error {
	if _, err := tx.exec("DELETE FROM import_problems WHERE import_id = ?", run.ID); err != nil {
		return err
	}
	if run.ImportedAt != nil {
		_, err := tx.exec("UPDATE idea_imports SET key = '' WHERE id = ?", run.ID)
		return err
	}
	_, err := tx.exec("DELETE FROM idea_imports WHERE id = ? AND imported_at IS NULL", run.ID)
	return err
}

// KnownRefs finds which of the given names of imported records are in a table ("users", "ideas" or "posts") already: their ids.
func (q Queries) KnownRefs(ctx context.Context, table string, refs []string) (map[string]int64, error) {
	known := map[string]int64{}
	for batch := range slices.Chunk(refs, settleBatch) {
		var rows []struct {
			ImportRef string
			ID        int64
		}
		if err := q.g.WithContext(ctx).Table(table).Select("import_ref, id").Where("import_ref IN ?", batch).Scan(&rows).Error; err != nil {
			return nil, classify(err)
		}
		for _, row := range rows {
			known[row.ImportRef] = row.ID
		}
	}
	return known, nil
}

// KnownComments finds which of the given names of imported comments are there already, and under which ideas they stand.
func (q Queries) KnownComments(ctx context.Context, refs []string) (map[string]Post, error) {
	known := map[string]Post{}
	for batch := range slices.Chunk(refs, settleBatch) {
		var rows []Post
		if err := q.raw(ctx, &rows, "SELECT id, idea_id, import_ref FROM posts WHERE import_ref IN ?", batch); err != nil {
			return nil, err
		}
		for i := range rows {
			known[*rows[i].ImportRef] = rows[i]
		}
	}
	return known, nil
}

// AuthorsByEmail finds people by address who can read a space, to be the authors of what is taken into it; for those who look after people.
func (q Queries) AuthorsByEmail(ctx context.Context, actor *Actor, spaceID int64, emails []string) (map[string]int64, error) {
	if !actor.Can(ManagePeople, nil) {
		return nil, ErrForbidden
	}
	authors := map[string]int64{}
	for batch := range slices.Chunk(emails, settleBatch) {
		var found []User
		err := q.raw(ctx, &found, `SELECT u.id, u.email FROM users u JOIN spaces s ON s.id = ? WHERE u.email IN ? AND u.email <> '' AND u.disabled_at IS NULL AND NOT u.service
			AND (u.role <> 'external' AND s.visibility <> 'restricted' OR EXISTS (SELECT 1 FROM memberships m WHERE m.space_id = s.id AND m.user_id = u.id))`, spaceID, batch)
		if err != nil {
			return nil, err
		}
		for i := range found {
			authors[found[i].Email] = found[i].ID
		}
	}
	return authors, nil
}

// ImportedIdeas finds ideas by the names that they had where they come from, as far as the comments of a run may go there.
func (q Queries) ImportedIdeas(ctx context.Context, run *IdeaImport, refs []string) (map[string]int64, error) {
	found := map[string]int64{}
	for batch := range slices.Chunk(refs, settleBatch) {
		var ideas []Idea
		err := q.raw(ctx, &ideas, "SELECT id, import_ref FROM ideas WHERE import_ref IN ? AND space_id = ? AND state = 'published' AND (campaign_id = ? OR ? = 0)",
			batch, run.SpaceID, orZero(run.CampaignID), orZero(run.CampaignID))
		if err != nil {
			return nil, err
		}
		for i := range ideas {
			found[*ideas[i].ImportRef] = ideas[i].ID
		}
	}
	return found, nil
}

// CountCampaign counts the ideas of a campaign again.
func (tx *Tx) CountCampaign(id int64) error {
	_, err := tx.exec("UPDATE campaigns SET idea_count = (SELECT count(*) FROM ideas i WHERE i.campaign_id = campaigns.id AND i.state = 'published') WHERE id = ?", id)
	return err
}

// Into reads one of the documents of a run: what was found out about the file, its mapping or its counts.
func (r *IdeaImport) Into(document string, v any) error {
	if document == "" {
		return nil
	}
	return json.Unmarshal([]byte(document), v)
}

// maxImportCampaigns bounds the campaigns of a space that rows of a file can name.
const maxImportCampaigns = 500

// ImportCampaigns are the campaigns of a space that the actor sees and may take ideas into.
func (q Queries) ImportCampaigns(ctx context.Context, actor *Actor, spaceID int64) (campaigns []Campaign, err error) {
	condition, args := q.readableCampaign(actor)
	err = q.raw(ctx, &campaigns, "SELECT c.* FROM campaigns c WHERE c.space_id = ? AND NOT c.template AND "+condition+" ORDER BY c.id DESC LIMIT ?", append(append([]any{spaceID}, args...), maxImportCampaigns)...)
	return slices.DeleteFunc(campaigns, func(c Campaign) bool { return !actor.MayImport(spaceID, &c) }), err
}
