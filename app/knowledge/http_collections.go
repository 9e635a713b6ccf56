package knowledge

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
)

func (f *Knowledge) newCollection(c echo.Context) error {
	return f.shelvePage(c, http.StatusOK, "knowledge.new_collection", views.Shelve{Space: c.QueryParam("space")})
}

func (f *Knowledge) shelvePage(c echo.Context, status int, title string, view views.Shelve) error {
	if view.Spaces = arranged(web.Actor(c)); len(view.Spaces) == 0 {
		return models.ErrForbidden
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T(title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.ShelveForm(page, view))
}

func (f *Knowledge) createCollection(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := views.Shelve{Space: c.FormValue("space"), Title: c.FormValue("title"), Description: c.FormValue("description")}
	made, err := f.Create(c.Request().Context(), web.Actor(c), NewCollection{Space: view.Space, Title: view.Title, Description: view.Description})
	if errors.As(err, &view.Problems) {
		return f.shelvePage(c, http.StatusUnprocessableEntity, "knowledge.new_collection", view)
	}
	if err != nil {
		return err
	}
	return f.done(c, made.Path(), "collection_created", "")
}

// collectionToArrange finds the collection that the address names, if the actor arranges those of its space.
func (f *Knowledge) collectionToArrange(c echo.Context) (*models.Collection, error) {
	collection, err := f.collectionOf(c)
	if err != nil {
		return nil, err
	}
	return collection, web.Actor(c).Refusal(models.ArrangeCollections, &models.Space{ID: collection.SpaceID})
}

func (f *Knowledge) editCollection(c echo.Context) error {
	collection, err := f.collectionToArrange(c)
	if err != nil {
		return err
	}
	return f.shelvePage(c, http.StatusOK, "knowledge.edit_collection", views.Shelve{Collection: collection, Title: collection.Title, Description: collection.Description})
}

func (f *Knowledge) saveCollection(c echo.Context) error {
	collection, err := f.collectionToArrange(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	view := views.Shelve{Collection: collection, Title: c.FormValue("title"), Description: c.FormValue("description")}
	renamed, err := f.Rename(c.Request().Context(), web.Actor(c), collection.ID, view.Title, view.Description)
	if errors.As(err, &view.Problems) {
		return f.shelvePage(c, http.StatusUnprocessableEntity, "knowledge.edit_collection", view)
	}
	if err != nil {
		return err
	}
	return f.done(c, renamed.Path(), "collection_saved", "")
}

func (f *Knowledge) stepCollection(c echo.Context) error {
	collection, err := f.collectionToArrange(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	upwards, err := up(c)
	if err != nil {
		return err
	}
	if _, err := f.Reorder(c.Request().Context(), web.Actor(c), collection.ID, upwards); err != nil {
		return err
	}
	return f.done(c, "/knowledge?space="+web.Actor(c).Access(collection.SpaceID).Slug, "collection_moved", "")
}

// reviewCollection says whether what is written in a collection is approved before it is published.
func (f *Knowledge) reviewCollection(c echo.Context) error {
	collection, err := f.collectionToArrange(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	wanted := c.FormValue("reviewed")
	if wanted != "0" && wanted != "1" {
		return models.Invalid{"reviewed": "review.reviewed_invalid"}
	}
	if _, err := f.WantReview(c.Request().Context(), web.Actor(c), collection.ID, wanted == "1"); err != nil {
		return err
	}
	if wanted == "1" {
		return f.done(c, collection.Path(), "collection_reviewed", shelf(collection.ID)+"/review?reviewed=0")
	}
	return f.done(c, collection.Path(), "collection_unreviewed", shelf(collection.ID)+"/review?reviewed=1")
}

func (f *Knowledge) archiveCollection(c echo.Context) error {
	collection, err := f.collectionToArrange(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	var archived bool
	switch c.FormValue("archived") {
	case "1":
		archived = true
	case "0":
	default:
		return models.Invalid{"archived": "knowledge.archived_invalid"}
	}
	if _, err := f.Archive(c.Request().Context(), web.Actor(c), collection.ID, archived); err != nil {
		return err
	}
	if archived {
		return f.done(c, collection.Path(), "collection_archived", shelf(collection.ID)+"/archive?archived=0")
	}
	return f.done(c, collection.Path(), "collection_reopened", shelf(collection.ID)+"/archive?archived=1")
}
