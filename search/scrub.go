package search

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// scrub reads the files of the index once after a start and compares them with the checksums that
// Bleve wrote into them and never looks at again. What a failing disk has changed would otherwise be
// found when a search or a merge falls over it, or not at all.
func (x *Index) scrub(ctx context.Context) {
	store, _ := x.reading()
	if store == nil {
		return
	}
	store.scrubbing.Lock()
	defer store.scrubbing.Unlock()
	if store.isVerified() {
		return
	}
	files, err := filepath.Glob(filepath.Join(store.dir, "*.zap"))
	if err != nil {
		return
	}
	for _, file := range files {
		err := checksum(ctx, file)
		if ctx.Err() != nil || x.suspect(store, err) {
			return
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) { // merged away, when it is gone
			x.log.WarnContext(ctx, "file of the search index could not be verified", "error", err)
		}
	}
	close(store.verified)
}

// checksum compares a segment with the sum in its last four bytes.
func checksum(ctx context.Context, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < 4 {
		return fmt.Errorf("%w: %s is empty", errBroken, path)
	}
	sum := crc32.NewIEEE()
	reader := bufio.NewReaderSize(file, 1<<20)
	for left := info.Size() - 4; left > 0 && ctx.Err() == nil; {
		n, err := io.CopyN(sum, reader, min(left, 1<<20))
		if left -= n; err != nil {
			return err
		}
	}
	var stored [4]byte
	if _, err := io.ReadFull(reader, stored[:]); err != nil {
		return err
	}
	if ctx.Err() == nil && binary.BigEndian.Uint32(stored[:]) != sum.Sum32() {
		return fmt.Errorf("%w: checksum of %s", errBroken, path)
	}
	return nil
}
