package models

import (
	"context"
	"errors"
	"path"
	"strings"
)

// Quotas bound how many bytes of files one person, and the texts of one space, may take; 0 for no bound.
type Quotas struct{ Person, Space int64 }

// DefaultQuotas are those of a house that sets none.
var DefaultQuotas = Quotas{Person: 1_000_000_000, Space: 20_000_000_000}

// FileUse is how many bytes of files are there, of how many that may be.
type FileUse struct{ Used, Quota int64 }

// Part is how much of the quota is used, from 0 to 100.
func (u FileUse) Part() int64 {
	if u.Quota == 0 {
		return 0
	}
	return min(100, u.Used*100/u.Quota)
}

func (u FileUse) full(size int64) bool { return u.Quota > 0 && u.Used+size > u.Quota }

// FilesOfPerson is how much of their room for files a person has taken. What they have written hidden is not counted, and
// what others have carried over with a text of theirs is counted once.
func (q Queries) FilesOfPerson(ctx context.Context, userID int64) (FileUse, error) {
	use := FileUse{Quota: q.quotas.Person}
	return use, q.raw(ctx, &use.Used, "SELECT coalesce(sum(size), 0) FROM (SELECT key, max(size) AS size FROM files WHERE user_id = ? GROUP BY key) f", userID)
}

// FilesOfSpace is how much of its room for files a space has taken.
func (q Queries) FilesOfSpace(ctx context.Context, spaceID int64) (FileUse, error) {
	use := FileUse{Quota: q.quotas.Space}
	return use, q.raw(ctx, &use.Used, "SELECT coalesce(sum(size), 0) FROM files WHERE space_id = ?", spaceID)
}

// FileDeskOf is where files for the texts of a space are uploaded: the actor may write in it, once they have accepted its agreement,
// and there is room.
func (q Queries) FileDeskOf(ctx context.Context, actor *Actor, slug string) error {
	if !actor.SignedIn() {
		return ErrForbidden
	}
	access := actor.AccessTo(slug)
	if access == nil {
		return ErrNotFound
	}
	if space := (&Space{ID: access.ID}); !actor.CanOnceAccepted(PostComment, space) && !actor.Can(Moderate, space) {
		return actor.Refused(access.ID, 0)
	}
	use, err := q.FilesOfSpace(ctx, access.ID)
	if err == nil && use.full(1) {
		return Invalid{"file": "files.space_full"}
	}
	return err
}

// hold lets the changes of a row's files follow one another, so that two files that come at once both count.
func (tx *Tx) hold(table string, id int64) error {
	if !tx.postgres() { // whose writers take turns
		return nil
	}
	_, err := tx.exec("SELECT 1 FROM "+table+" WHERE id = ? FOR NO KEY UPDATE", id)
	return err
}

// ReuseFile finds the file that the same upload has made before, or makes one of the bytes that the person has sent before, so that
// they are kept once; found is false if there is neither. ErrConflict if the upload was of something else then.
func (tx *Tx) ReuseFile(file *File) (found bool, err error) {
	if err := tx.hold("users", file.UserID); err != nil {
		return false, err
	}
	return tx.reuseFile(file)
}

func (tx *Tx) reuseFile(file *File) (found bool, err error) {
	before := &File{}
	if file.UploadID != "" {
		err = tx.one(tx.ctx, before, "SELECT * FROM files WHERE upload_id = ?", file.UploadID)
		if err == nil && (before.Digest != file.Digest || orZero(before.FieldID) != orZero(file.FieldID)) {
			return false, ErrConflict
		}
		if err == nil {
			*file = *before
			return true, nil
		}
	}
	if file.Digest != "" && (err == nil || errors.Is(err, ErrNotFound)) {
		lock := "" // so that a sweep of the other does not take the bytes away meanwhile
		if tx.postgres() {
			lock = " FOR UPDATE"
		}
		err = tx.one(tx.ctx, before, "SELECT * FROM files WHERE user_id = ? AND digest = ? ORDER BY id DESC LIMIT 1"+lock, file.UserID, file.Digest)
		if err == nil {
			file.Key, file.ContentType, file.Width, file.Height, file.Size = before.Key, before.ContentType, before.Width, before.Height, before.Size
			file.Name = strings.TrimSuffix(file.Name, path.Ext(file.Name)) + path.Ext(file.Key)
			return true, tx.addFile(file)
		}
	}
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return false, err
}

// CreateFile adds a file whose bytes are already stored, unless ReuseFile finds it: another request may have been faster, whose Key
// the file then has.
func (tx *Tx) CreateFile(file *File) error {
	found, err := tx.ReuseFile(file)
	if err != nil || found {
		return err
	}
	return tx.addFile(file)
}

// addFile adds a file for which its owner has room, under their lock.
func (tx *Tx) addFile(file *File) error {
	if err := tx.mayWait(file); err != nil {
		return err
	}
	use, err := tx.FilesOfPerson(tx.ctx, file.UserID)
	if err != nil {
		return err
	}
	if use.full(file.Size) {
		return Invalid{"file": "files.person_full"}
	}
	file.CreatedAt = tx.now
	return tx.create(file)
}

// roomFor takes the files that a space was given in this transaction back if they are more than it has room for, with an error at
// the given field.
func (tx *Tx) roomFor(spaceID int64, field string) error {
	use, err := tx.FilesOfSpace(tx.ctx, spaceID)
	if err == nil && use.full(0) {
		return Invalid{field: "files.space_full"}
	}
	return err
}
