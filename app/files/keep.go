package files

import (
	"context"
	"fmt"
	"io"
	"os"
)

// Spool is a file on disk in which something large is made before the store keeps it.
type Spool struct{ *os.File }

// Spool begins one. What a killed process leaves of it is swept as uploads are.
func (f *Files) Spool() (*Spool, error) {
	file, err := os.CreateTemp(f.spool, "made-*")
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	return &Spool{file}, nil
}

// Remove ends the spool, kept or not.
func (s *Spool) Remove() {
	s.Close()
	os.Remove(s.Name())
}

// Keep stores what was spooled under a key of the caller's, in the place of what was there, and returns how long it is.
func (f *Files) Keep(ctx context.Context, key, contentType string, spool *Spool) (size int64, err error) {
	if size, err = spool.Seek(0, io.SeekEnd); err == nil {
		_, err = spool.Seek(0, io.SeekStart)
	}
	if err != nil {
		return 0, fmt.Errorf("read the spool: %w", err)
	}
	return size, f.store.Put(ctx, key, contentType, spool, size)
}

// Open returns what is stored under a key and how long it is; whether somebody may see it is the caller's matter.
func (f *Files) Open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	return f.store.Open(ctx, key)
}

// Forget removes what is stored under a key, and the variant for phones if it is a picture.
func (f *Files) Forget(ctx context.Context, key string) error {
	return f.remove(ctx, key)
}
