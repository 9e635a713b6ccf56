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
}

func (v Answer) list() string {
	if v.Place.Thread != nil {
		return "/discussions?space=" + v.Space.Slug
	}
	return "/ideas?space=" + v.Space.Slug
}
