package models

import (
	"fmt"
	"strconv"
	"time"
)

// AnswerBase is what somebody who answers an idea has started from: the answer that held, and the version of what was
// being prepared; 0 for none.
type AnswerBase struct {
	Answer  int64
	Version int
}

// PrepareAnswer stores an answer to a locked idea, which only those who may decide see until it is published. ErrConflict if
// somebody else has prepared or published one since the base.
func (tx *Tx) PrepareAnswer(idea *Idea, answer *Decision, base AnswerBase) error {
	prepared, err := tx.Prepared(tx.ctx, idea.ID)
	if err != nil {
		return err
	}
	if held := orZero(idea.AnswerID); held != base.Answer || prepared.version() != base.Version {
		return fmt.Errorf("answer idea %d from %+v: %w", idea.ID, base, ErrConflict)
	}
	answer.IdeaID, answer.SpaceID, answer.CampaignID, answer.CorrectsID = idea.ID, idea.SpaceID, idea.CampaignID, idea.AnswerID
	answer.AuthorID, answer.SavedAt, answer.Version = tx.actorID(), tx.now, base.Version+1
	if prepared == nil {
		return tx.create(answer)
	}
	answer.ID = prepared.ID
	_, err = tx.exec(`UPDATE decisions SET kind = ?, reason_code = ?, body = ?, html = ?, lang = ?, conditions = ?, reopen_on = ?, reopen_tag = ?, reopen_campaign = ?,
		author_id = ?, corrects_id = ?, version = ?, saved_at = ? WHERE id = ?`, answer.Kind, answer.ReasonCode, answer.Body, answer.HTML, answer.Lang, answer.Conditions, answer.ReopenOn,
		answer.ReopenTag, answer.ReopenCampaign, answer.AuthorID, answer.CorrectsID, answer.Version, answer.SavedAt, answer.ID)
	return err
}

func (d *Decision) version() int {
	if d == nil {
		return 0
	}
	return d.Version
}

func orZero(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

// orNil is an id as a column holds it that may be empty.
func orNil(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// PublishAnswer makes what is prepared the answer to a locked idea: the idea waits no longer and goes to the stage that
// follows from it, and the answer before is history. An idea that goes on in another one is answered there.
func (tx *Tx) PublishAnswer(idea *Idea, answer *Decision) error {
	if idea.MergedIntoID != nil {
		return Invalid{"kind": "merges.answered"}
	}
	if err := tx.putInPlace(idea, answer); err != nil {
		return err
	}
	stage, err := tx.stageAfter(idea, answer.Kind)
	if err != nil {
		return err
	}
	if err := tx.SetStageFor(idea, stage, StageReason{Code: string(answer.Kind) + "." + answer.ReasonCode}); err != nil {
		return err
	}
	idea.AnswerID, idea.Answer, idea.WaitingSince, idea.Reminded = &answer.ID, answer.Kind, nil, 0
	_, err = tx.exec("UPDATE ideas SET answer_id = ?, answer = ?, waiting_since = NULL, reminded = 0 WHERE id = ?", answer.ID, answer.Kind, idea.ID)
	return err
}

func (tx *Tx) putInPlace(idea *Idea, answer *Decision) error {
	if idea.WaitingSince != nil {
		answer.WaitedDays = tx.daysSince(*idea.WaitingSince)
	}
	answer.PublishedAt = &tx.now
	changed, err := tx.exec("UPDATE decisions SET published_at = ?, waited_days = ? WHERE id = ? AND published_at IS NULL", tx.now, answer.WaitedDays, answer.ID)
	if err != nil {
		return err
	}
	if changed == 0 {
		return fmt.Errorf("publish answer %d: %w", answer.ID, ErrConflict)
	}
	if idea.AnswerID != nil {
		if _, err := tx.exec("UPDATE decisions SET replaced_at = ? WHERE id = ?", tx.now, *idea.AnswerID); err != nil {
			return err
		}
	} else if idea.CampaignID != nil && idea.WaitingSince != nil {
		err = tx.countAnswer(*idea.CampaignID, answer.WaitedDays)
	}
	return err
}

// daysSince is how many days have begun since a time.
func (tx *Tx) daysSince(at time.Time) int { return max(1, int((tx.now.Sub(at)+day-1)/day)) }

// countAnswer counts the first answer to an idea of a campaign by the days it took.
func (tx *Tx) countAnswer(campaignID int64, days int) error {
	_, err := tx.exec(`INSERT INTO campaign_answers (campaign_id, days, answers) VALUES (?, ?, 1)
		ON CONFLICT (campaign_id, days) DO UPDATE SET answers = campaign_answers.answers + 1`, campaignID, days)
	return err
}

// stageAfter is where an answer takes an idea. One that is carried out already stays so, and one that was declined and is
// deferred instead stands where it had come before.
func (tx *Tx) stageAfter(idea *Idea, kind DecisionKind) (Stage, error) {
	switch kind {
	case AnswerSelected:
		if idea.Stage == Implemented {
			return Implemented, nil
		}
		return Decided, nil
	case AnswerDeclined, AnswerOutOfScope:
		return Declined, nil
	}
	return tx.reached(idea)
}

// reached is the stage to which an idea had come before it was declined, or that at which it stands.
func (tx *Tx) reached(idea *Idea) (Stage, error) {
	if idea.Stage != Declined {
		return idea.Stage, nil
	}
	var reached string
	err := tx.one(tx.ctx, &reached, "SELECT to_stage FROM stage_transitions WHERE idea_id = ? AND to_stage <> 'declined' ORDER BY id DESC LIMIT 1", idea.ID)
	return Stage(reached), err
}

// MaxReopened bounds how many ideas are looked up at once to be brought back.
const MaxReopened = 200

// bringsBack finds answers that hold, to ideas that are there to be read, by what ends them, and locks the ideas.
func (tx *Tx) bringsBack(condition string, args ...any) (ids []int64, err error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF i"
	}
	return ids, tx.raw(tx.ctx, &ids, `SELECT d.id FROM decisions d JOIN ideas i ON i.id = d.idea_id AND i.answer_id = d.id AND i.state = 'published' AND i.merged_into_id IS NULL
		WHERE d.published_at IS NOT NULL AND d.replaced_at IS NULL AND d.reopened_at IS NULL AND `+condition+" ORDER BY d.idea_id LIMIT "+strconv.Itoa(MaxReopened)+lock, args...)
}

// AnswersDueAgain are the answers whose day has come.
func (tx *Tx) AnswersDueAgain() ([]int64, error) {
	return tx.bringsBack("d.reopen_on IS NOT NULL AND d.reopen_on <= ?", tx.now)
}

// AnswersToTags are the answers, given before a new idea, that end with one of its tags in their space.
func (tx *Tx) AnswersToTags(idea *Idea, before time.Time) ([]int64, error) {
	return tx.bringsBack("d.reopen_tag <> '' AND d.space_id = ? AND d.reopen_tag IN ? AND d.idea_id <> ? AND d.published_at < ?", idea.SpaceID, []string(idea.Tags), idea.ID, before)
}

// AnswersToCampaigns are the answers, given before a new campaign, that end with it in their space.
func (tx *Tx) AnswersToCampaigns(spaceID int64, before time.Time) ([]int64, error) {
	return tx.bringsBack("d.reopen_campaign AND d.space_id = ? AND d.published_at < ?", spaceID, before)
}

// Reopen brings an answered idea, which the answer was found by, back to those who decide. The answer stays to be read, as
// the one before.
func (tx *Tx) Reopen(decisionID int64, by Trigger) (*Idea, error) {
	idea := &Idea{}
	if err := tx.one(tx.ctx, idea, "SELECT i.* FROM ideas i JOIN decisions d ON d.id = i.answer_id WHERE d.id = ?", decisionID); err != nil {
		return nil, err
	}
	if _, err := tx.exec("UPDATE decisions SET reopened_at = ?, reopened_by = ? WHERE id = ?", tx.now, by, decisionID); err != nil {
		return nil, err
	}
	stage, err := tx.reached(idea)
	if err != nil {
		return nil, err
	}
	if err := tx.SetStageFor(idea, stage, StageReason{Code: "reopened." + string(by)}); err != nil {
		return nil, err
	}
	idea.Answer, idea.WaitingSince, idea.Reminded = "", &tx.now, 0
	_, err = tx.exec("UPDATE ideas SET answer = '', waiting_since = ?, reminded = 0 WHERE id = ?", tx.now, idea.ID)
	return idea, err
}

// NotifyReopened tells those who decide about an idea that it is back, and those who follow it. Nobody in particular did it:
// the notice names the idea's author.
func (tx *Tx) NotifyReopened(notice Notice) error {
	idea, err := tx.RecordedIdea(notice.IdeaID)
	if err != nil {
		return err
	}
	notice.ActorID = idea.AuthorID
	return tx.notifyMany(notice, `SELECT c.manager_id AS user_id FROM campaigns c WHERE c.id = ? AND c.manager_id IS NOT NULL
		UNION SELECT c.sponsor_id FROM campaigns c WHERE c.id = ? AND c.sponsor_id IS NOT NULL
		UNION SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.space_id = ? AND m.role = 'manager' AND u.role NOT IN ('external', 'auditor')
		UNION SELECT f.user_id FROM follows f WHERE f.idea_id = ?`, orZero(idea.CampaignID), orZero(idea.CampaignID), idea.SpaceID, idea.ID)
}

// NotifyAnswered tells an idea's author, those who follow it and those who support it, and the authors and supporters of those
// that go on in it.
func (tx *Tx) NotifyAnswered(notice Notice) error {
	return tx.notifyMany(notice, `SELECT t.user_id FROM (SELECT `+behind("f.author_id")+` AS user_id FROM ideas f WHERE `+family+` UNION SELECT w.user_id FROM follows w WHERE w.idea_id = ?
		UNION SELECT p.user_id FROM ideas f JOIN supports p ON p.idea_id = f.id WHERE `+family+`) t JOIN users u ON u.id = t.user_id WHERE u.import_ref IS NULL AND t.user_id <> ?`,
		notice.IdeaID, notice.IdeaID, notice.IdeaID, notice.IdeaID, notice.IdeaID, notice.ActorID)
}

// SaveAnswerTemplate says how the house begins an answer; an empty text takes what Ruche proposes again.
func (tx *Tx) SaveAnswerTemplate(kind DecisionKind, lang, body string) error {
	if body == "" {
		_, err := tx.exec("DELETE FROM answer_templates WHERE kind = ? AND lang = ?", kind, lang)
		return err
	}
	_, err := tx.exec("INSERT INTO answer_templates (kind, lang, body) VALUES (?, ?, ?) ON CONFLICT (kind, lang) DO UPDATE SET body = excluded.body", kind, lang, body)
	return err
}
