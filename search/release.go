package search

import (
	"runtime/debug"
	"syscall"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// releaseEvery is after how many searches pages are let go of, apart from once a second.
const releaseEvery = 64

// release lets go of the pages of the index's files that searches and merges have looked at since the
// last time. They stay in the system's cache and come back at a microsecond each, but no longer count
// as memory of this process, which otherwise grows to the size of the index, 300 MB for 100,000 ideas.
func (s *store) release() {
	_ = s.read(func(v *view) error {
		for i := range v.parts {
			mapped, ok := v.parts[i].segment.(interface {
				segment.PersistedSegment
				Data() []byte
			})
			if ok && len(mapped.Data()) > 0 {
				_ = syscall.Madvise(mapped.Data(), syscall.MADV_DONTNEED) // an advice that may be refused
			}
		}
		return nil
	})
}

// releaseHeap gives memory back to the system that only building an index has needed.
func (s *store) releaseHeap() {
	if s.docs.Load() >= compactFrom {
		debug.FreeOSMemory()
	}
}
