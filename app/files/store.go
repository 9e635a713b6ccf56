package files

import (
	"context"
	"errors"
	"io"
	"path/filepath"
)

// A Store keeps bytes under keys. It is a folder or a bucket; both keep an object whole or not at all.
type Store interface {
	// Put keeps the bytes durably before it returns.
	Put(ctx context.Context, key, contentType string, data io.Reader, size int64) error
	// Open returns the bytes and how many they are; an error that is fs.ErrNotExist if there are none.
	Open(ctx context.Context, key string) (object io.ReadCloser, size int64, err error)
	// Delete forgets the bytes; a key that does not exist is no error.
	Delete(ctx context.Context, key string) error
}

// errStoreFull is what a remote store's refusal for want of room is turned into.
var errStoreFull = errors.New("the file store is full")

// OpenStore returns the bucket that the setting RUCHE_S3_URL names or, without one, the folder "files" of the data directory.
func OpenStore(dataDir, s3URL string) (Store, error) {
	if s3URL == "" {
		return openDisk(filepath.Join(dataDir, "files"))
	}
	return openBucket(s3URL)
}
