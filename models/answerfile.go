package models

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of what somebody has uploaded and no text or answer uses yet.
const (
	maxWaitingFiles = 100
	maxWaitingBytes = 300 << 20
)

// FileIDs are the numbers of the files in an answer, each once, in their order.
func FileIDs(value string) (ids []int64) {
	for _, text := range strings.Fields(value) {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// fileLines is the stored answer of some files, one a line.
func fileLines(ids []int64) string {
	lines := make([]string, len(ids))
	for i, id := range ids {
		lines[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(lines, "\n")
}

// FileDesk is where the files for a field are uploaded.
type FileDesk struct {
	Field    *FormField
	Campaign *Campaign
}

// Taken are the kinds of files that it takes.
func (d *FileDesk) Taken() FileKinds { return d.Field.FilesTaken(d.Campaign.Anonymity) }

// FileDesk finds a field that is asked and takes files, of a campaign that the actor sees and that asks them for the answer.
func (q Queries) FileDesk(ctx context.Context, actor *Actor, fieldID int64) (*FileDesk, error) {
	if !actor.SignedIn() {
		return nil, ErrForbidden
	}
	var found struct{ CampaignID int64 }
	if err := q.one(ctx, &found, "SELECT campaign_id FROM form_fields WHERE id = ? AND kind = 'file'", fieldID); err != nil {
		return nil, fmt.Errorf("field %d: %w", fieldID, err)
	}
	campaign, err := q.Campaign(ctx, actor, found.CampaignID)
	if err != nil {
		return nil, err
	}
	fields, err := q.FormFields(ctx, campaign.ID)
	if err != nil {
		return nil, err
	}
	field := FindField(fields, fieldID)
	if field == nil {
		return nil, fmt.Errorf("field %d: %w", fieldID, ErrNotFound)
	}
	if space := (&Space{ID: campaign.SpaceID}); !actor.CanOnceAccepted(PostIdea, space) && !actor.Can(Moderate, space) {
		return nil, fmt.Errorf("upload for field %d: %w", fieldID, actor.Refused(campaign.SpaceID, 0))
	}
	return &FileDesk{field, campaign}, nil
}

// mayWait refuses one more file of somebody who has many that nothing uses.
func (tx *Tx) mayWait(file *File) error {
	var waiting struct{ N, Bytes int64 }
	if err := tx.one(tx.ctx, &waiting, "SELECT count(*) AS n, coalesce(sum(size), 0) AS bytes FROM files AS f WHERE f.user_id = ? AND "+unused+" AND NOT "+isPicture, file.UserID); err != nil {
		return err
	}
	if waiting.N >= maxWaitingFiles || waiting.Bytes+file.Size > maxWaitingBytes {
		return Invalid{"file": "files.too_many_waiting"}
	}
	return nil
}

// UploadedFiles are those of the given files that somebody may give to a field of an idea, in no order: what they have uploaded for it
// and not used, and those that a version of the idea, which they may change, has given to it.
func (q Queries) UploadedFiles(ctx context.Context, actor *Actor, ideaID int64, ids []int64) (files []File, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return files, q.raw(ctx, &files, `SELECT f.* FROM files f WHERE f.id IN ? AND f.field_id IS NOT NULL
		AND (f.idea_id IS NULL AND f.user_id = ? OR f.idea_id = ?) ORDER BY f.id LIMIT ?`, ids, actor.Person().ID, ideaID, len(ids))
}

// filesGiven finds the files that answers name. A number that leads to none of them is no file.
func (q Queries) filesGiven(ctx context.Context, actor *Actor, sheet *AnswerSheet, given map[int64]string) ([]File, error) {
	var ids []int64
	for i := range sheet.Fields {
		if field := &sheet.Fields[i]; field.Kind == FileField {
			ids = append(ids, FileIDs(given[field.ID])...)
		}
	}
	if len(ids) > MaxFields*MaxFiles {
		ids = ids[:MaxFields*MaxFiles]
	}
	return q.UploadedFiles(ctx, actor, sheet.idea, ids)
}

// wrongFile says what is wrong with files that are given to a field.
func wrongFile(field *FormField, value string, known []File) (problem string) {
	for _, id := range FileIDs(value) {
		if !slices.ContainsFunc(known, func(f File) bool { return f.ID == id && orZero(f.FieldID) == field.ID }) {
			return "forms.answer.file_gone"
		}
	}
	return ""
}

// attachAnswers gives an idea the files that its answers name, and hides who uploaded them, and what they called them, where whoever
// acts hides.
func (tx *Tx) attachAnswers(idea *Idea, changed []FieldAnswer) error {
	var ids []int64
	for i := range changed {
		if changed[i].files {
			ids = append(ids, FileIDs(changed[i].Value)...)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	person, signs := tx.actor.Person().ID, tx.actor.ID
	forgotten := ""
	if tx.actor.Masked() {
		forgotten = ", name = '', digest = '', upload_id = ''"
	}
	if err := tx.hold("spaces", idea.SpaceID); err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE files SET idea_id = ?, space_id = ?, user_id = ?"+forgotten+" WHERE id IN ? AND field_id IS NOT NULL AND idea_id IS NULL AND user_id = ?", idea.ID, idea.SpaceID, signs, ids, person); err != nil {
		return err
	}
	var there int
	if err := tx.raw(tx.ctx, &there, "SELECT count(*) FROM files WHERE id IN ? AND idea_id = ? AND field_id IS NOT NULL", ids, idea.ID); err != nil {
		return err
	}
	if there != len(ids) { // somebody has used or thrown away one of them meanwhile
		return Invalid{"answers": "forms.answer.file_gone"}
	}
	return tx.roomFor(idea.SpaceID, "answers")
}

// nameFiles fills in the files of answers that the actor sees.
func (q Queries) nameFiles(ctx context.Context, answers []ShownAnswer) error {
	var ids []int64
	for i := range answers {
		if answers[i].Kind == FileField {
			ids = append(ids, FileIDs(answers[i].Value)...)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var files []File
	if err := q.raw(ctx, &files, "SELECT * FROM files WHERE id IN ? AND field_id IS NOT NULL", ids); err != nil {
		return fmt.Errorf("files of answers: %w", err)
	}
	for i := range answers {
		a := &answers[i]
		if a.Kind != FileField {
			continue
		}
		for _, id := range FileIDs(a.Value) {
			at := slices.IndexFunc(files, func(f File) bool { return f.ID == id && orZero(f.IdeaID) == a.IdeaID })
			if at >= 0 {
				a.Files = append(a.Files, files[at])
			}
		}
	}
	return nil
}

// Unsigned are answers as they are shown to somebody who judges without knowing who wrote them: no people, who may be the author, and
// files without the names that their author gave them.
func Unsigned(answers []ShownAnswer) []ShownAnswer {
	answers = slices.DeleteFunc(answers, func(a ShownAnswer) bool { return a.Kind == PersonField })
	for i := range answers {
		for j := range answers[i].Files {
			answers[i].Files[j].Name = ""
		}
	}
	return answers
}

// answerFile finds a file that is given to a field of an idea that the actor may read. It is seen by those whom an answer that names
// it is for.
func (q Queries) answerFile(ctx context.Context, actor *Actor, id int64) (*File, error) {
	file := &File{}
	if err := q.one(ctx, file, "SELECT * FROM files WHERE id = ? AND field_id IS NOT NULL AND idea_id IS NOT NULL", id); err != nil {
		return nil, err
	}
	actor, err := q.MaskFor(ctx, actor, *file.IdeaID, "")
	if err != nil {
		return nil, err
	}
	idea, err := q.Idea(ctx, actor, *file.IdeaID)
	if err != nil {
		return nil, err
	}
	campaign, err := q.answeredCampaign(ctx, idea)
	if err != nil {
		return nil, err
	}
	var answers []FieldAnswer
	if err := q.raw(ctx, &answers, "SELECT field_id, field_version, value, person_id, visibility FROM idea_answers WHERE idea_id = ? AND field_id = ? ORDER BY from_version DESC", idea.ID, *file.FieldID); err != nil {
		return nil, err
	}
	for i := range answers {
		if slices.Contains(FileIDs(answers[i].Value), file.ID) && actor.MaySeeAnswers(idea, campaign, answers[i].Visibility) {
			return file, nil
		}
	}
	return nil, fmt.Errorf("file %d of idea %d: %w", file.ID, idea.ID, ErrNotFound)
}

// keptByDraft is the condition that a draft of whoever uploaded the file f answers its field.
const keptByDraft = `(f.field_id IS NOT NULL AND EXISTS (SELECT 1 FROM drafts d WHERE d.user_id = f.user_id AND d.fields LIKE '%"answer_' || f.field_id || '":"%' || f.id || '%'))`

// OrphanFiles lists files that nothing has used since the given time, that no draft names and that nobody under a hold has uploaded.
func (q Queries) OrphanFiles(ctx context.Context, before time.Time, limit int) (files []File, err error) {
	return files, q.raw(ctx, &files, "SELECT f.* FROM files f WHERE "+unheld(unused+" AND f.created_at < ? AND NOT "+isPicture+" AND NOT "+keptByDraft, "f.user_id IN "+heldPeople)+" ORDER BY f.created_at LIMIT ?", before.UTC(), limit)
}
