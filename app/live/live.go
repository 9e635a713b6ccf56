// Package live tells open pages that something changed: it reads the event log for those that are open in this process, knows who
// has which room open in any process of the house, and who is writing there. It shows nothing of what changed: pages ask again,
// through the permission policy.
package live

import (
	"crypto/rand"

	"ruche/app/web"
)

// Live is the feature.
type Live struct {
	web      *web.Web
	presence *presence
}

// New returns the feature.
func New(w *web.Web) *Live {
	return &Live{w, newPresence(w.Live, w.DB, rand.Text()[:8])}
}
