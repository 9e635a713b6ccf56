package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// The directory holds "current", which names the index in use, that index in a directory of its
// own, and beside it the one that is being built and up to two broken ones, for whoever wants to know why.
const (
	pointer     = "current"
	wantedFile  = "rebuild-wanted"
	lockFile    = "lock"
	brokenDir   = "index.broken-"
	keepBroken  = 2
	indexPrefix = "index-"
)

func (x *Index) path(name string) string { return filepath.Join(x.dir, name) }

// lockDir keeps other processes out of a directory until the file is closed or the process ends.
func lockDir(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrLocked
		}
		return nil, err
	}
	return file, nil
}

// newName is a directory for a new index. The schema is part of it, so that a program never opens
// an index that it would read wrongly.
func newName(now time.Time) string {
	return indexPrefix + schema + "-" + now.UTC().Format("20060102T150405.000000000")
}

// current names the index in use, or is empty if there is none that this program can read.
func (x *Index) current() string {
	b, err := os.ReadFile(x.path(pointer))
	name := strings.TrimSpace(string(b))
	if err != nil || !strings.HasPrefix(name, indexPrefix+schema+"-") || name != filepath.Base(name) {
		return ""
	}
	if info, err := os.Stat(x.path(name)); err != nil || !info.IsDir() {
		return ""
	}
	return name
}

// point makes an index the one in use. A crash leaves either the old pointer or the new.
func (x *Index) point(name string) error {
	temporary := x.path(pointer + ".new")
	if err := writeSynced(temporary, name+"\n"); err != nil {
		return fmt.Errorf("point to index %s: %w", name, err)
	}
	if err := os.Rename(temporary, x.path(pointer)); err != nil {
		return fmt.Errorf("point to index %s: %w", name, err)
	}
	dir, err := os.Open(x.dir)
	if err != nil {
		return fmt.Errorf("point to index %s: %w", name, err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func writeSynced(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// clear removes indexes that are not in use: half built, or left when the program ended between
// pointing to a new one and removing the old.
func (x *Index) clear(keep string) {
	for _, name := range x.entries(indexPrefix) {
		if name != keep {
			_ = os.RemoveAll(x.path(name))
		}
	}
	_ = os.Remove(x.path(pointer + ".new"))
}

// entries are the directories whose names begin so, oldest first.
func (x *Index) entries(prefix string) (names []string) {
	all, err := os.ReadDir(x.dir)
	if err != nil {
		return nil
	}
	for _, entry := range all {
		if entry.IsDir() && strings.HasPrefix(entry.Name(), prefix) {
			names = append(names, entry.Name())
		}
	}
	slices.Sort(names)
	return names
}

// quarantine puts a broken index aside and forgets all but the last two.
func (x *Index) quarantine(name string) {
	target := x.path(brokenDir + time.Now().UTC().Format("20060102T150405.000000000")) //check:allow clock tells copies apart by name
	if err := os.Rename(x.path(name), target); err != nil {
		x.log.Error("broken search index could not be put aside", "error", err)
	}
	broken := x.entries(brokenDir)
	for _, name := range broken[:max(0, len(broken)-keepBroken)] {
		_ = os.RemoveAll(x.path(name))
	}
}

// want remembers that a new index was asked for, should the program end before it is built.
func (x *Index) want() error { return writeSynced(x.path(wantedFile), "") }

func (x *Index) wanted() bool {
	_, err := os.Stat(x.path(wantedFile))
	return err == nil
}

func (x *Index) unwant() { _ = os.Remove(x.path(wantedFile)) }

// unusable tells errors of the machine, which a new index would meet again, from a broken index.
func unusable(err error) bool {
	for _, cause := range []error{os.ErrPermission, syscall.EROFS, syscall.ENOSPC, syscall.EDQUOT, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return false
}
