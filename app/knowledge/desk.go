package knowledge

import (
	"context"
	"strconv"
	"strings"

	"ruche/models"
)

// desks are the spaces whose collections the actor arranges, each followed by the restricted collections there, which are looked after by
// themselves.
func (f *Knowledge) desks(ctx context.Context, actor *models.Actor) (desks []models.SpaceAccess, err error) {
	titles, err := f.db.EnclosedTitles(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, space := range arranged(actor) {
		desks = append(desks, space)
		for _, id := range actor.EnclosuresIn(space.ID) {
			inner := *actor.Access(id)
			if title := titles[id]; title != "" && actor.Can(models.ArrangeCollections, &models.Space{ID: id}) {
				inner.Slug, inner.Title = deskSlug(&inner), space.Title+" › "+title
				desks = append(desks, inner)
			}
		}
	}
	return desks, nil
}

// deskSlug names a desk in addresses: the space, and of an enclosure its number after a dot, which no slug has.
func deskSlug(access *models.SpaceAccess) string {
	if access.Restricted() {
		return access.Slug + "." + strconv.FormatInt(access.ID, 10)
	}
	return access.Slug
}

// deskNamed is the space or the enclosure whose desk an address names, nil if there is none that the actor sees.
func deskNamed(actor *models.Actor, name string) *models.SpaceAccess {
	slug, number, enclosed := strings.Cut(name, ".")
	space := actor.AccessTo(slug)
	if !enclosed || space == nil {
		return space
	}
	id, err := strconv.ParseInt(number, 10, 64)
	access := actor.Access(id)
	if err != nil || access == nil || access.Within != space.ID {
		return nil
	}
	return access
}
