package search

import (
	"slices"
	"strconv"
	"sync"
	"time"
)

// Nearby remembers what resembles a title: looking for it costs more than the rest of a page. Only numbers are kept, and for those who
// see the same spaces: what is shown of them is read anew.
type Nearby struct {
	mu   sync.Mutex
	kept map[nearbyKey]keptNear
}

type nearbyKey struct {
	title, types, spaces string
}

type keptNear struct {
	refs []Ref
	at   time.Time
}

const (
	nearbyAge  = 10 * time.Minute
	mostNearby = 2000
)

// To is SimilarRefs of an index at a time, as it was found a short while before. While the index is built nothing is near.
func (n *Nearby) To(x *Index, now time.Time, title string, spaces []int64, types ...string) ([]Ref, error) {
	key := nearbyKey{title: title, spaces: SpacesKey(spaces)}
	for _, t := range types {
		key.types += t + " "
	}
	if refs, known := n.get(key, now); known || x.Status().Rebuilding {
		return refs, nil
	}
	refs, err := x.SimilarRefs(title, spaces, types...)
	if err == nil {
		n.keep(key, refs, now)
	}
	return slices.Clone(refs), err
}

func (n *Nearby) get(key nearbyKey, now time.Time) (refs []Ref, known bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	kept, known := n.kept[key]
	return slices.Clone(kept.refs), known && now.Sub(kept.at) < nearbyAge
}

func (n *Nearby) keep(key nearbyKey, refs []Ref, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.kept == nil || len(n.kept) >= mostNearby {
		n.kept = map[nearbyKey]keptNear{}
	}
	n.kept[key] = keptNear{refs, now}
}

// Forget lets everything be looked for again: something has come, gone or changed its title.
func (n *Nearby) Forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.kept = nil
}

// SpacesKey names a set of spaces, whose ids come in one order.
func SpacesKey(ids []int64) string {
	key := make([]byte, 0, 64)
	for _, id := range ids {
		key = append(strconv.AppendInt(key, id, 10), ' ')
	}
	return string(key)
}
