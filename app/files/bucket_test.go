package files_test

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"ruche/app/files"
)

// A room is an S3 server in this process that can run out of space. It speaks the protocol but does not verify signatures.
type room struct {
	http.Handler
	full atomic.Bool
}

func (s *room) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.full.Load() && r.Method == http.MethodPut {
		w.WriteHeader(http.StatusInsufficientStorage)
		return
	}
	s.Handler.ServeHTTP(w, r)
}

func newBucket(t *testing.T) (*room, files.Store) {
	t.Helper()
	memory := s3mem.New()
	if err := memory.CreateBucket("pictures"); err != nil {
		t.Fatal(err)
	}
	s3 := &room{Handler: gofakes3.New(memory).Server()}
	server := httptest.NewServer(s3)
	t.Cleanup(server.Close)
	store, err := files.OpenStore(t.TempDir(), strings.Replace(server.URL, "://", "://the-key:the%2Fsecret@", 1)+"/pictures?region=eu-west-3")
	if err != nil {
		t.Fatal(err)
	}
	return s3, store
}

func TestPicturesCanLiveInABucket(t *testing.T) {
	s3, store := newBucket(t)
	d := newDeskOn(t, t.TempDir(), store)
	file, stored := d.save("large.jpg", asJPEG(halves(1200, 300)))
	if int64(len(stored)) != file.Size || len(d.stored(strings.TrimSuffix(file.Key, ".jpg")+"-small.jpg")) == 0 {
		t.Errorf("%d bytes of %d", len(stored), file.Size)
	}
	if _, _, err := store.Open(t.Context(), "aa/missing.png"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing object: %v", err)
	}
	if err := d.Check(t.Context()); err != nil {
		t.Errorf("check: %v", err)
	}
	for range 2 { // the second time it is not there, which is no error
		if err := store.Delete(t.Context(), file.Key); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if _, _, err := store.Open(t.Context(), file.Key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a deleted object: %v", err)
	}
	s3.full.Store(true)
	d.refused("large.jpg", asJPEG(halves(1200, 300)), "files.disk_full")
	if err := d.Check(t.Context()); err == nil {
		t.Error("a full store passes the check")
	}
}

func TestAWrongBucketSettingIsOneClearLineWithoutTheSecret(t *testing.T) {
	for _, setting := range []string{
		"bucket", "ftp://k:hush@host/bucket", "https://host/bucket", "https://k@host/bucket", "https://k:hush@host", "https://k:hush@host/", "https://k:hush@host/a/b",
		"https://k:hush@:bad:/bucket", "https://k:hush@host/bucket\x7f", "https://:hush@host/bucket",
	} {
		_, err := files.OpenStore(t.TempDir(), setting)
		if err == nil || !strings.HasPrefix(err.Error(), "RUCHE_S3_URL: ") || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", setting, err)
		}
	}
}
