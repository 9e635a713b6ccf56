package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// A bucket is a place in an S3-compatible store: Amazon's, MinIO, Ceph, Garage, OVHcloud, Scaleway…
type bucket struct {
	client *minio.Client
	name   string
}

// openBucket reads https://key:secret@host/bucket?region=…; it does not call the store, which may start after Ruche.
func openBucket(address string) (*bucket, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("RUCHE_S3_URL: it is not an address") // the error of url.Parse would repeat the secret
	}
	name := strings.Trim(u.Path, "/")
	secret, hasSecret := u.User.Password()
	switch {
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return nil, errors.New("RUCHE_S3_URL: it must look like https://key:secret@host/bucket?region=eu-west-3")
	case u.User.Username() == "" || !hasSecret:
		return nil, errors.New("RUCHE_S3_URL: the access key and its secret are missing before the host: https://key:secret@host/bucket")
	case name == "" || strings.Contains(name, "/"):
		return nil, errors.New("RUCHE_S3_URL: one bucket must follow the host: https://key:secret@host/bucket")
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure: u.Scheme == "https",
		Region: u.Query().Get("region"),
		// A store that is away is an answer to give, not to wait for.
		MaxRetries: 3,
	})
	if err != nil {
		return nil, fmt.Errorf("RUCHE_S3_URL: %w", err)
	}
	return &bucket{client, name}, nil
}

// Put stores the object in one request.
func (b *bucket) Put(ctx context.Context, key, contentType string, data io.Reader, size int64) error {
	_, err := b.client.PutObject(ctx, b.name, key, data, size,
		minio.PutObjectOptions{ContentType: contentType, DisableMultipart: true})
	return storeError(err)
}

// Open asks for the object; its size comes with the answer.
func (b *bucket) Open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	object, err := b.client.GetObject(ctx, b.name, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, storeError(err)
	}
	info, err := object.Stat()
	if err != nil {
		return nil, 0, errors.Join(storeError(err), object.Close())
	}
	return object, info.Size, nil
}

// Delete removes the object.
func (b *bucket) Delete(ctx context.Context, key string) error {
	return storeError(b.client.RemoveObject(ctx, b.name, key, minio.RemoveObjectOptions{}))
}

// storeError turns what an S3 store answers into the errors this package knows.
func storeError(err error) error {
	if err == nil {
		return nil
	}
	switch answer := minio.ToErrorResponse(err); {
	case answer.Code == minio.NoSuchKey:
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	case answer.StatusCode == http.StatusInsufficientStorage || answer.Code == "QuotaExceeded":
		return fmt.Errorf("%w: %w", errStoreFull, err)
	}
	return err
}
