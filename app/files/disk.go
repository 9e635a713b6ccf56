package files

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// A disk is a folder that keys cannot lead out of.
type disk struct{ root *os.Root }

func openDisk(dir string) (*disk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for pictures: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder for pictures: %w", err)
	}
	return &disk{root}, nil
}

// Put writes beside the place and renames, so that a crash leaves the whole object or none, and waits until the disk has both.
func (d *disk) Put(_ context.Context, key, _ string, data io.Reader, _ int64) error {
	folder := path.Dir(key)
	if err := d.root.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	temporary := path.Join(folder, ".new-"+rand.Text())
	if err := d.write(temporary, data); err != nil {
		return errors.Join(err, d.remove(temporary))
	}
	if err := d.root.Rename(temporary, key); err != nil {
		return errors.Join(err, d.remove(temporary))
	}
	return d.syncFolder(folder)
}

func (d *disk) write(name string, data io.Reader) error {
	file, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, data)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

func (d *disk) syncFolder(name string) error {
	folder, err := d.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Open opens the object for reading.
func (d *disk) Open(_ context.Context, key string) (io.ReadCloser, int64, error) {
	file, err := d.root.Open(key)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

// Delete removes the object; its folder stays, there are at most 256.
func (d *disk) Delete(_ context.Context, key string) error { return d.remove(key) }

func (d *disk) remove(key string) error {
	if err := d.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
