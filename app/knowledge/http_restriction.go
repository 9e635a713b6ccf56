package knowledge

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
)

// restrictionRoutes adds the page of who reads a collection.
func (f *Knowledge) restrictionRoutes(g *echo.Group) {
	g.GET("/collections/:id/readers", f.readers, web.RequireSignIn)
	g.POST("/collections/:id/readers", f.chooseReader, web.RequireSignIn)
	g.POST("/collections/:id/readers/removal", f.endReader, web.RequireSignIn)
	g.POST("/collections/:id/restriction", f.restrict, web.RequireSignIn)
}

func (f *Knowledge) readers(c echo.Context) error {
	return f.readersPage(c, http.StatusOK, nil)
}

// readersPage shows the page again with what was typed where something in it was wrong.
func (f *Knowledge) readersPage(c echo.Context, status int, problems models.Invalid) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	collection, err := f.collectionToArrange(c)
	if err != nil {
		return err
	}
	view := views.Readers{Collection: collection, Space: *actor.Access(collection.SpaceID), Problems: problems, Person: c.FormValue("person"), Group: c.FormValue("group")}
	if view.People, view.Groups, err = f.db.CollectionReaders(ctx, actor, collection); err != nil {
		return err
	}
	if actor.Can(models.AdmitGroup, &models.Space{ID: collection.SpaceID}) {
		if view.Choices, err = f.db.ReadingChoices(ctx, actor, collection); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("restriction.title", "collection", collection.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.ReadersPage(page, view))
}

// chosen does what a form of the page asks for, and shows what is wrong with it there.
func (f *Knowledge) chosen(c echo.Context, do func(id int64) (toast, undo string, err error)) error {
	collection, err := f.collectionToArrange(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	toast, undo, err := do(collection.ID)
	if problems := (models.Invalid{}); errors.As(err, &problems) {
		return f.readersPage(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	return f.done(c, shelf(collection.ID)+"/readers", toast, undo)
}

func (f *Knowledge) chooseReader(c echo.Context) error {
	return f.chosen(c, func(id int64) (string, string, error) {
		ctx, actor := c.Request().Context(), web.Actor(c)
		if group := c.FormValue("group"); group != "" {
			number, _ := strconv.ParseInt(group, 10, 64) // no group has the number 0
			return "reader_chosen", "", f.ChooseReaders(ctx, actor, id, number)
		}
		return "reader_chosen", "", f.ChooseReader(ctx, actor, id, c.FormValue("person"))
	})
}

func (f *Knowledge) endReader(c echo.Context) error {
	return f.chosen(c, func(id int64) (string, string, error) {
		person, _ := strconv.ParseInt(c.FormValue("person"), 10, 64) // nobody has the number 0
		group, _ := strconv.ParseInt(c.FormValue("group"), 10, 64)
		undo := shelf(id) + "/readers?group=" + strconv.FormatInt(group, 10)
		if group == 0 {
			undo = shelf(id) + "/readers?person=" + strconv.FormatInt(person, 10)
		}
		return "reader_ended", undo, f.EndReader(c.Request().Context(), web.Actor(c), id, person, group)
	})
}

func (f *Knowledge) restrict(c echo.Context) error {
	return f.chosen(c, func(id int64) (string, string, error) {
		wanted := c.FormValue("restricted")
		if wanted != "0" && wanted != "1" {
			return "", "", models.Invalid{"restricted": "restriction.invalid"}
		}
		_, changed, err := f.Restrict(c.Request().Context(), web.Actor(c), id, wanted == "1")
		toast, undo := "collection_opened", shelf(id)+"/restriction?restricted=1"
		if wanted == "1" {
			toast, undo = "collection_restricted", shelf(id)+"/restriction?restricted=0"
		}
		if !changed {
			undo = ""
		}
		return toast, undo, err
	})
}
