package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"

	"ruche/models"
)

// Upload is a file that somebody sends.
type Upload struct {
	Name    string
	ID      string // what its sender calls the sending, so that sending it again leads to the same file; may be empty
	Field   int64  // of a campaign's form that it is for; 0 for a text
	Space   string // of the text that it is for, if that is known
	Content io.Reader
}

// Take takes a file for a text or for a field of a form: it finds what it is from what is in it, refuses what is not taken there, and
// returns its record, which belongs to the actor until a text or an answer names it. A refusal is a models.Invalid about the field "file".
func (f *Files) Take(ctx context.Context, actor *models.Actor, in Upload) (*models.File, error) {
	kinds, err := f.desk(ctx, actor, &in)
	if err != nil {
		return nil, err
	}
	file, err := f.take(ctx, actor, &in, kinds)
	return file, noRoom(ctx, err)
}

// desk says which kinds of files are taken where an upload is for; an error where the actor may send none.
func (f *Files) desk(ctx context.Context, actor *models.Actor, in *Upload) ([]models.FileKind, error) {
	switch {
	case !actor.SignedIn():
		return nil, models.ErrForbidden
	case in.Field != 0:
		desk, err := f.db.FileDesk(ctx, actor, in.Field)
		if err != nil {
			return nil, err
		}
		return desk.Taken(), nil
	case in.Space != "":
		if err := f.db.FileDeskOf(ctx, actor, in.Space); err != nil {
			return nil, fmt.Errorf("upload for a text: %w", err)
		}
	}
	return models.TextFileKinds(), nil
}

func (f *Files) take(ctx context.Context, actor *models.Actor, in *Upload, kinds []models.FileKind) (*models.File, error) {
	spooled, err := f.receive(in.Content)
	if err != nil {
		return nil, err
	}
	defer spooled.Remove()
	found, err := f.recognise(ctx, spooled.File, in.Name)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(kinds, found.kind) {
		return nil, invalid("kind_refused")
	}
	file := &models.File{UserID: actor.ID, Name: displayName(in.Name, found.extension), Digest: string(found.kind) + ":" + spooled.sum, UploadID: uploadID(actor, in.ID)}
	if in.Field != 0 {
		file.FieldID = &in.Field
	}
	var known bool
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		known, err = tx.ReuseFile(file)
		return err
	})
	if err != nil || known {
		return file, err
	}
	return file, f.keep(ctx, actor, file, found, spooled)
}

// keep stores a file that was not sent before.
func (f *Files) keep(ctx context.Context, actor *models.Actor, file *models.File, found document, spooled *spooled) error {
	if found.kind != models.PictureFile {
		file.Key, file.ContentType, file.Size = newKey(spooled.sum, found.extension), found.contentType, spooled.size
		return f.record(ctx, actor, file, func() error {
			return f.store.Put(ctx, file.Key, file.ContentType, io.NewSectionReader(spooled, 0, spooled.size), spooled.size)
		})
	}
	picture, err := f.encode(ctx, spooled.File)
	if err != nil {
		return err
	}
	file.Name = displayName(file.Name, picture.extension)
	return f.record(ctx, actor, file, func() error { return f.putPicture(ctx, file, picture) })
}

// uploadID is how the name that a person gives a sending is kept: by its hash, since they can send anything, and apart from other
// people's.
func uploadID(actor *models.Actor, id string) string {
	if id == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(strconv.FormatInt(actor.ID, 10) + "\x00" + id))
	return hex.EncodeToString(sum[:])
}
