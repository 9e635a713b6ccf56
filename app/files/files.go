// Package files takes the pictures and files people put into their texts and forms, keeps them on disk or in an S3-compatible store, and
// gives them to whoever may read what they belong to. Every picture is decoded and written anew, so that nothing of what came in is ever
// sent out again: no script, no second format hidden behind the first, no place and camera in its metadata. Other kinds of files are kept
// as they came and sent only to be saved; nothing here unpacks or renders them.
package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/semaphore"

	"ruche/models"
)

// MaxUpload is the largest file that is taken, in bytes.
const MaxUpload = 10 << 20

// Files is the feature: its use cases and routes.
type Files struct {
	db       *models.DB
	store    Store
	spool    string // where uploads wait on disk instead of in memory
	decoding *semaphore.Weighted
}

// New returns the feature on an open database and store. Uploads pass through a folder of the data directory.
func New(db *models.DB, store Store, dataDir string) (*Files, error) {
	spool := filepath.Join(dataDir, "uploads")
	if err := os.MkdirAll(spool, 0o700); err != nil {
		return nil, fmt.Errorf("make the upload folder: %w", err)
	}
	return &Files{db: db, store: store, spool: spool, decoding: semaphore.NewWeighted(decoders)}, nil
}

// invalid is a refusal that a person can read beside the file field.
func invalid(key string) error { return models.Invalid{"file": "files." + key} }

// Save takes a picture as Take does, and nothing else. It is a file of its own, whatever was sent before.
func (f *Files) Save(ctx context.Context, actor *models.Actor, name string, upload io.Reader) (*models.File, error) {
	return f.saveShaped(ctx, actor, name, upload, func(p *picture) (*picture, error) { return p, nil })
}

// SavePortrait takes the picture of a person as Save does, and keeps the square in its middle.
func (f *Files) SavePortrait(ctx context.Context, actor *models.Actor, upload io.Reader) (*models.File, error) {
	return f.saveShaped(ctx, actor, "portrait", upload, portrait)
}

// SaveBanner takes the picture of a campaign as Save does: wide enough to stand across a page, and no larger than that takes.
func (f *Files) SaveBanner(ctx context.Context, actor *models.Actor, name string, upload io.Reader) (*models.File, error) {
	return f.saveShaped(ctx, actor, name, upload, banner)
}

// shape makes of a picture what is kept of it.
type shape func(*picture) (*picture, error)

func (f *Files) saveShaped(ctx context.Context, actor *models.Actor, name string, upload io.Reader, into shape) (*models.File, error) {
	if !actor.SignedIn() {
		return nil, models.ErrForbidden
	}
	file, err := f.shaped(ctx, actor, name, upload, into)
	return file, noRoom(ctx, err)
}

func (f *Files) shaped(ctx context.Context, actor *models.Actor, name string, upload io.Reader, into shape) (*models.File, error) {
	spooled, err := f.receive(upload)
	if err != nil {
		return nil, err
	}
	defer spooled.Remove()
	picture, err := f.encode(ctx, spooled.File)
	if err == nil {
		picture, err = into(picture)
	}
	if err != nil {
		return nil, err
	}
	file := &models.File{UserID: actor.ID, Name: displayName(name, picture.extension)}
	return file, f.record(ctx, actor, file, func() error { return f.putPicture(ctx, file, picture) })
}

// noRoom says of a full store that it is: the person can only be told to wait; who can make room reads the log.
func noRoom(ctx context.Context, err error) error {
	if !isDiskFull(err) {
		return err
	}
	slog.ErrorContext(ctx, "no room for files", "error", err)
	return invalid("disk_full")
}

// record stores what an upload has become and records it as a file, unless the same upload was faster on another way.
func (f *Files) record(ctx context.Context, actor *models.Actor, file *models.File, put func() error) error {
	if err := put(); err != nil {
		return err
	}
	stored := file.Key
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error { return tx.CreateFile(file) })
	if err != nil {
		err = fmt.Errorf("record file: %w", err)
	}
	if err != nil || file.Key != stored {
		err = errors.Join(err, f.remove(context.WithoutCancel(ctx), stored))
	}
	return err
}

// receive writes the upload to a file of its own, so that many slow uploads cost no memory, and sums it up on the way.
func (f *Files) receive(upload io.Reader) (*spooled, error) {
	spool, err := f.Spool()
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(spool, sum), io.LimitReader(upload, MaxUpload+1))
	var limit *http.MaxBytesError
	switch {
	case errors.As(err, &limit):
		err = invalid("too_large")
	case errors.Is(err, io.ErrUnexpectedEOF): // the connection broke
		err = invalid("interrupted")
	case err != nil:
		err = fmt.Errorf("spool upload: %w", err)
	case size == 0:
		err = invalid("missing")
	case size > MaxUpload:
		err = invalid("too_large")
	default:
		return &spooled{spool, size, hex.EncodeToString(sum.Sum(nil))}, nil
	}
	spool.Remove()
	return nil, err
}

// spooled is an upload that has arrived.
type spooled struct {
	*Spool
	size int64
	sum  string
}

// newKey names the bytes by their hash, so that a backup can be verified, and by chance, so that two people who send the same picture do
// not share it: deleting one would delete the other.
func newKey(sum, extension string) string {
	return sum[:2] + "/" + sum + "-" + strings.ToLower(rand.Text()[:8]) + extension
}

// smallKey is where the variant for phones is kept.
func smallKey(key string) string {
	extension := path.Ext(key)
	return strings.TrimSuffix(key, extension) + "-small" + extension
}

func (f *Files) putPicture(ctx context.Context, file *models.File, p *picture) error {
	sum := sha256.Sum256(p.large)
	file.Key, file.ContentType = newKey(hex.EncodeToString(sum[:]), p.extension), p.contentType
	file.Width, file.Height, file.Size = p.width, p.height, int64(len(p.large))
	if err := f.putBytes(ctx, file.Key, file.ContentType, p.large); err != nil {
		return fmt.Errorf("store picture: %w", err)
	}
	if p.small == nil {
		return nil
	}
	if err := f.putBytes(ctx, smallKey(file.Key), file.ContentType, p.small); err != nil {
		return errors.Join(fmt.Errorf("store small picture: %w", err), f.remove(context.WithoutCancel(ctx), file.Key))
	}
	return nil
}

func (f *Files) putBytes(ctx context.Context, key, contentType string, data []byte) error {
	return f.store.Put(ctx, key, contentType, bytes.NewReader(data), int64(len(data)))
}

func (f *Files) remove(ctx context.Context, key string) error {
	return errors.Join(f.store.Delete(ctx, key), f.store.Delete(ctx, smallKey(key)))
}

// sweepBatch is how many pictures one query of Sweep looks at.
const sweepBatch = 100

// Sweep removes the pictures that no text has used since they were uploaded longer ago than the given time, and what interrupted uploads
// left behind. It returns how many pictures it removed.
func (f *Files) Sweep(ctx context.Context, olderThan time.Duration) (removed int, err error) {
	if err := f.sweepSpool(); err != nil {
		return 0, err
	}
	before := f.db.Now().Add(-olderThan)
	for {
		orphans, err := f.db.OrphanFiles(ctx, before, sweepBatch)
		if err != nil {
			return removed, fmt.Errorf("list unused pictures: %w", err)
		}
		for i := range orphans {
			if err := f.forget(ctx, &orphans[i]); err != nil {
				return removed, fmt.Errorf("remove picture %d: %w", orphans[i].ID, err)
			}
			removed++
		}
		if len(orphans) < sweepBatch {
			return removed, nil
		}
	}
}

// forget deletes the record first: a picture that a text took meanwhile keeps its record, and then its bytes.
func (f *Files) forget(ctx context.Context, file *models.File) error {
	var last bool
	err := f.db.Tx(ctx, nil, func(tx *models.Tx) (err error) {
		last, err = tx.DeleteFile(file)
		return err
	})
	if err != nil || !last {
		return err
	}
	return f.remove(ctx, file.Key)
}

// sweepSpool removes what a killed process left in the upload folder. No upload lasts an hour.
func (f *Files) sweepSpool() error {
	entries, err := os.ReadDir(f.spool)
	if err != nil {
		return fmt.Errorf("list uploads: %w", err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || time.Since(info.ModTime()) < time.Hour {
			continue // it ended meanwhile, or goes on
		}
		if err := os.Remove(filepath.Join(f.spool, entry.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove upload: %w", err)
		}
	}
	return nil
}

// Check writes, reads and deletes a small object, to tell whether the store works.
func (f *Files) Check(ctx context.Context) error {
	key, want := "check/"+strings.ToLower(rand.Text()), []byte("ruche")
	if err := f.putBytes(ctx, key, "text/plain", want); err != nil {
		return fmt.Errorf("write to the file store: %w", err)
	}
	object, size, err := f.store.Open(ctx, key)
	if err != nil {
		return fmt.Errorf("read from the file store: %w", err)
	}
	defer object.Close()
	if got, err := io.ReadAll(object); err != nil || size != int64(len(want)) || !bytes.Equal(got, want) {
		return errors.Join(errors.New("the file store gives back something else than it was given"), err)
	}
	if err := f.store.Delete(ctx, key); err != nil {
		return fmt.Errorf("delete from the file store: %w", err)
	}
	return nil
}

func isDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, errStoreFull)
}
