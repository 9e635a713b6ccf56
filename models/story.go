package models

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Story says what was before an idea was carried out and what is there now, for the page that thanks everyone. Its version is 0
// while nobody has written one.
type Story struct {
	ProjectID   int64 `gorm:"primaryKey;autoIncrement:false"`
	BeforeText  string
	BeforeHTML  string `gorm:"column:before_html"`
	AfterText   string
	AfterHTML   string `gorm:"column:after_html"`
	Lang        string
	Version     int
	AnnouncedAt *time.Time // when those who had a part in it were told
}

// TableName is where stories are kept.
func (Story) TableName() string { return "project_stories" }

// Told tells whether there is anything to read in a story.
func (s *Story) Told() bool { return s.BeforeText != "" || s.AfterText != "" }

// Story is that of a project, which the caller has loaded as one that the actor may read; an empty one if nobody has written it.
func (q Queries) Story(ctx context.Context, projectID int64) (*Story, error) {
	story := &Story{}
	err := q.one(ctx, story, "SELECT * FROM project_stories WHERE project_id = ?", projectID)
	if errors.Is(err, ErrNotFound) {
		return &Story{ProjectID: projectID}, nil
	}
	return story, err
}

// SaveStory stores the story of a locked project. base is the version that the editor started from; ErrConflict if someone else
// has saved since.
func (tx *Tx) SaveStory(story *Story, base int) error {
	var version int
	if err := tx.raw(tx.ctx, &version, "SELECT coalesce(max(version), 0) FROM project_stories WHERE project_id = ?", story.ProjectID); err != nil {
		return err
	}
	if base != version {
		return fmt.Errorf("save story of project %d from version %d: %w", story.ProjectID, base, ErrConflict)
	}
	story.Version = base + 1
	_, err := tx.exec(`INSERT INTO project_stories (project_id, before_text, before_html, after_text, after_html, lang, version) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (project_id) DO UPDATE SET before_text = excluded.before_text, before_html = excluded.before_html, after_text = excluded.after_text, after_html = excluded.after_html, lang = excluded.lang, version = excluded.version`,
		story.ProjectID, story.BeforeText, story.BeforeHTML, story.AfterText, story.AfterHTML, story.Lang, story.Version)
	return err
}

// AnnounceThanks notes that those who had a part in a locked project are told; ErrConflict if they were told already.
func (tx *Tx) AnnounceThanks(project *Project) error {
	changed, err := tx.exec(`INSERT INTO project_stories (project_id, before_text, before_html, after_text, after_html, version, announced_at) VALUES (?, '', '', '', '', 0, ?)
		ON CONFLICT (project_id) DO UPDATE SET announced_at = excluded.announced_at WHERE project_stories.announced_at IS NULL`, project.ID, tx.now)
	if err == nil && changed == 0 {
		err = fmt.Errorf("announce the thanks of project %d again: %w", project.ID, ErrConflict)
	}
	return err
}

// NotifyThanked tells each person who had a part in the idea with a number, or in one that goes on in it, that they are thanked: one
// notice each, whatever they did, and whoever hides behind a mask as well. Who has left is not there to be told, nor is whoever nobody
// knows behind a mask.
func (tx *Tx) NotifyThanked(notice Notice, root, projectID int64) error {
	return tx.notifyMany(notice, `WITH f AS (SELECT i.id, i.author_id FROM ideas i WHERE `+inFamily+`) SELECT t.user_id FROM (SELECT f.author_id AS user_id FROM f
		UNION SELECT c.user_id FROM co_authors c JOIN f ON f.id = c.idea_id WHERE c.state = 'joined'
		UNION SELECT a.author_id FROM amendments a JOIN f ON f.id = a.idea_id WHERE a.state = 'accepted'
		UNION SELECT c.author_id FROM posts c JOIN f ON f.id = c.idea_id WHERE c.removed_at IS NULL
		UNION SELECT s.user_id FROM supports s JOIN f ON f.id = s.idea_id
		UNION SELECT v.user_id FROM evaluations v JOIN f ON f.id = v.idea_id WHERE v.state = 'submitted' AND v.user_id IS NOT NULL
		UNION SELECT d.author_id FROM decisions d JOIN f ON f.id = d.idea_id WHERE d.kind = 'selected' AND d.published_at IS NOT NULL
		UNION SELECT p.owner_id FROM projects p WHERE p.id = ? AND p.owner_id IS NOT NULL
		UNION SELECT p.controller_id FROM projects p WHERE p.id = ? AND p.controller_id IS NOT NULL
		UNION SELECT s.assignee_id FROM project_steps s WHERE s.project_id = ? AND s.removed_at IS NULL AND s.assignee_id IS NOT NULL
		) t JOIN users u ON u.id = `+behind("t.user_id")+` WHERE u.import_ref IS NULL AND u.disabled_at IS NULL AND NOT u.service AND u.id <> ?`,
		root, root, projectID, projectID, projectID, notice.ActorID)
}

// inFamily is the condition that the published idea i is the one of its two arguments, the same twice, or goes on in it.
const inFamily = "(i.id = ? OR i.merged_into_id = ?) AND i.state = 'published'"
