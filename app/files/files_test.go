package files_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"ruche/app/files"
	"ruche/models"
)

func (d *desk) storeIsEmpty() {
	d.t.Helper()
	_ = filepath.WalkDir(filepath.Join(d.dir, "files"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			d.t.Errorf("left behind: %s %v", path, err)
		}
		return nil
	})
}

func (d *desk) spoolIsEmpty() {
	d.t.Helper()
	if left, err := os.ReadDir(filepath.Join(d.dir, "uploads")); err != nil || len(left) > 0 {
		d.t.Errorf("left in the upload folder: %v %v", left, err)
	}
}

func TestVisitorsUploadNothing(t *testing.T) {
	d := newDesk(t)
	if _, err := d.Save(t.Context(), &models.Actor{}, "a.png", bytes.NewReader(asPNG(halves(4, 4)))); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("%v", err)
	}
	d.storeIsEmpty()
}

func TestBrokenUploadsLeaveNothing(t *testing.T) {
	d := newDesk(t)
	half := asJPEG(noise(300, 200))[:4000]
	for name, c := range map[string]struct {
		broken error
		key    string
	}{
		"the connection breaks":      {io.ErrUnexpectedEOF, "files.interrupted"},
		"the form is over its limit": {&http.MaxBytesError{Limit: 11 << 20}, "files.too_large"},
	} {
		_, err := d.Save(t.Context(), d.alice, "a.jpg", io.MultiReader(bytes.NewReader(half), iotest.ErrReader(c.broken)))
		var invalid models.Invalid
		if !errors.As(err, &invalid) || invalid["file"] != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.storeIsEmpty()
	d.spoolIsEmpty()
}

// fullStore is a store that takes a number of objects and then has no room.
type fullStore struct {
	files.Store
	room int
}

func (s *fullStore) Put(ctx context.Context, key, contentType string, data io.Reader, size int64) error {
	if s.room == 0 {
		return &fs.PathError{Op: "write", Path: key, Err: syscall.ENOSPC}
	}
	s.room--
	return s.Store.Put(ctx, key, contentType, data, size)
}

func TestAFullDiskIsSaidAndLeavesNothingTorn(t *testing.T) {
	dir := t.TempDir()
	store, err := files.OpenStore(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	full := &fullStore{Store: store}
	d := newDeskOn(t, dir, full)
	for room := range 2 { // no room at all; room for the large variant only
		full.room = room
		d.refused("large.jpg", asJPEG(halves(1200, 300)), "files.disk_full")
		d.storeIsEmpty()
	}
	if !strings.Contains(log.String(), "no space left on device") {
		t.Errorf("the operator is told %q", log.String())
	}
	full.room = 2
	if file, _ := d.save("large.jpg", asJPEG(halves(1200, 300))); file.ID == 0 {
		t.Error("space came back and the picture was not taken")
	}
}

func TestAReadOnlyFolderIsSaidAtTheStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file where the folder should be, which stops root too
		t.Fatal(err)
	}
	if _, err := files.OpenStore(dir, ""); err == nil {
		t.Error("the store opens")
	}
	if _, err := files.New(nil, nil, dir); err == nil {
		t.Error("the feature opens")
	}
}

func TestUnusedPicturesAreSwept(t *testing.T) {
	d := newDesk(t)
	unused, _ := d.save("unused.jpg", asJPEG(halves(1200, 300)))
	used, _ := d.save("used.jpg", asJPEG(halves(1200, 300)))
	idea := d.idea()
	if err := d.db.Tx(t.Context(), d.alice, func(tx *models.Tx) error {
		return tx.AttachFiles(d.alice.ID, models.Place{Idea: idea}, []int64{used.ID})
	}); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(d.dir, "uploads", "upload-killed")
	if err := errors.Join(os.WriteFile(left, []byte("x"), 0o600), os.Chtimes(left, time.Time{}, time.Now().Add(-2*time.Hour))); err != nil {
		t.Fatal(err)
	}
	if n, err := d.Sweep(t.Context(), time.Hour); n != 0 || err != nil {
		t.Errorf("swept %d fresh pictures, %v", n, err)
	}
	later, err := files.New(d.db.At(func() time.Time { return time.Now().Add(25 * time.Hour) }), d.store, d.dir)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := later.Sweep(t.Context(), 24*time.Hour); n != 1 || err != nil {
		t.Errorf("swept %d pictures, %v", n, err)
	}
	if _, err := d.db.File(t.Context(), d.alice, unused.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the record of the unused one: %v", err)
	}
	if _, _, err := d.store.Open(t.Context(), unused.Key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the bytes of the unused one: %v", err)
	}
	alice, err := d.db.ActorByID(t.Context(), d.alice.ID) // again, now that there is a space
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.db.File(t.Context(), alice, used.ID); err != nil {
		t.Errorf("the record of the used one: %v", err)
	}
	if len(d.stored(used.Key)) == 0 {
		t.Error("the bytes of the used one")
	}
	d.spoolIsEmpty()
}

func TestTheSamePictureTwiceIsTwoPictures(t *testing.T) {
	d := newDesk(t)
	first, _ := d.save("a.png", asPNG(halves(4, 4)))
	second, _ := d.save("a.png", asPNG(halves(4, 4)))
	if first.Key == second.Key {
		t.Error("deleting one would delete the other")
	}
}

func TestManyLargePicturesAtOnceStayWithinMemory(t *testing.T) {
	d := newDesk(t)
	photo := asJPEG(image.NewYCbCr(image.Rect(0, 0, 8000, 5000), image.YCbCrSubsampleRatio420)) // the largest that is taken
	stop, peak := watchMemory()
	var uploads sync.WaitGroup
	for range 3 {
		uploads.Go(func() {
			if _, err := d.Save(t.Context(), d.alice, "photo.jpg", bytes.NewReader(photo)); err != nil {
				t.Error(err)
			}
		})
	}
	uploads.Wait()
	close(stop)
	most := <-peak >> 20
	t.Logf("3 pictures of 40 megapixels at once: heap up to %d MB", most)
	if most > 200 { // one takes 60 MB decoded and 50 on its way to what is kept
		t.Errorf("the heap grew to %d MB", most)
	}
}

// watchMemory samples the heap until stop is closed, then sends the most it saw.
func watchMemory() (stop chan struct{}, peak chan uint64) {
	stop, peak = make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for {
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapInuse)
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return stop, peak
}

func TestWaitingForADecoderEndsWithTheRequest(t *testing.T) {
	d := newDesk(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Save(ctx, d.alice, "a.png", bytes.NewReader(asPNG(halves(4, 4)))); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	d.storeIsEmpty()
	d.spoolIsEmpty()
}

func TestTheStoreCanBeChecked(t *testing.T) {
	d := newDesk(t)
	if err := d.Check(t.Context()); err != nil {
		t.Error(err)
	}
	d.storeIsEmpty()
}

// idea posts an idea by alice in a space that the whole company reads.
func (d *desk) idea() *models.Idea {
	d.t.Helper()
	space := &models.Space{Slug: "house", Title: "House", Visibility: models.Company}
	idea := &models.Idea{AuthorID: d.alice.ID, Title: "Beehives", Body: "On the roof", HTML: "<p>On the roof</p>\n"}
	err := d.db.Tx(d.t.Context(), nil, func(tx *models.Tx) error {
		if err := tx.CreateSpace(space); err != nil {
			return err
		}
		idea.SpaceID = space.ID
		return tx.CreateIdea(idea)
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return idea
}
