package search

import (
	"fmt"
	"os"
	"runtime/debug"
	"syscall"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

const (
	// releaseEvery is after how many searches the size of the process is looked at, apart from once a second.
	releaseEvery = 64
	// mappedMost is how many bytes of files a process may have mapped into its memory; the program itself
	// is some 40 MB of them.
	mappedMost = 112 << 20
)

// release lets go of the pages of the index's files that searches and merges have looked at, when
// they have become many. They stay in the system's cache and come back at a microsecond each, but no
// longer count as memory of this process, which otherwise grows by the size of the index: 300 MB
// for 100,000 ideas.
func (s *store) release() {
	if mapped() < mappedMost {
		return
	}
	_ = s.read(func(v *view) error {
		for i := range v.parts {
			file, ok := v.parts[i].segment.(interface {
				segment.PersistedSegment
				Data() []byte
			})
			if ok && len(file.Data()) > 0 {
				_ = syscall.Madvise(file.Data(), syscall.MADV_DONTNEED) // an advice that may be refused
			}
		}
		return nil
	})
}

// mapped is how many bytes of files the process has in its memory; 0 where the system does not tell.
func mapped() int {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, resident, shared int
	if _, err := fmt.Sscan(string(raw), &size, &resident, &shared); err != nil {
		return 0
	}
	return shared * os.Getpagesize()
}

// releaseHeap gives memory back to the system that only building an index has needed.
func (s *store) releaseHeap() {
	if s.docs.Load() >= compactFrom {
		debug.FreeOSMemory()
	}
}
