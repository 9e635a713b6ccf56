// Package posts renders the pages on which a post is written or corrected by itself.
package posts

import (
	"ruche/models"
	"ruche/views/parts"
)

// Answer is the page on which one answers a post, corrects one, or a refused one comes back.
type Answer struct {
	Title    string
	Place    models.Place
	Space    models.SpaceAccess
	Answered *parts.Post // may be nil
	Compose  parts.Compose
	Conflict *Conflict // what somebody else has saved meanwhile; may be nil
}

func (v Answer) list() string { return list(v.Place, v.Space) }

// list is where what is discussed in the space is listed.
func list(place models.Place, space models.SpaceAccess) string {
	return "/" + place.Section() + "?space=" + space.Slug
}
