package agenda

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/posts"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/agenda"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Routes adds the feature's pages.
func (f *Agenda) Routes(g *echo.Group) {
	g.GET("/agenda", f.index)
	f.calendarRoutes(g)
	g.GET("/events/new", f.blank, web.RequireSignIn)
	g.POST("/events", f.announce, web.RequireSignIn)
	g.GET("/events/:id", f.show)
	g.GET("/events/:id/edit", f.edit, web.RequireSignIn)
	g.POST("/events/:id", f.save, web.RequireSignIn)
	g.GET("/events/:id/cancellation", f.cancelForm, web.RequireSignIn)
	g.POST("/events/:id/cancellation", f.cancel, web.RequireSignIn)
	g.POST("/events/:id/resumption", f.resume, web.RequireSignIn)
	g.POST("/events/:id/attendance", f.attend, web.RequireSignIn)
	g.POST("/events/:id/versions/:number", f.toVersion, web.RequireSignIn)
}

// Sizes of pages: gatherings of the agenda, versions and people of one.
const (
	perPage       = 40
	versionsShown = 10
	peopleShown   = 60
)

func (f *Agenda) index(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Index{Space: c.QueryParam("space"), Past: c.QueryParam("past") != "", Spaces: actor.Spaces, SignedIn: actor.SignedIn(), Plans: len(planned(actor)) > 0}
	query := models.GatheringQuery{Past: view.Past, Limit: perPage}
	if view.Space != "" {
		access := actor.AccessTo(view.Space)
		if access == nil {
			return models.ErrNotFound
		}
		query.SpaceID = access.ID
	}
	var err error
	if query.After, err = models.ParseGatheringKey(c.QueryParam("cursor")); err != nil {
		return err
	}
	var next *models.GatheringKey
	if view.Gatherings, next, err = f.db.Gatherings(ctx, actor, query); err != nil {
		return err
	}
	if query.After != nil {
		view.Start = view.URL("", "")
	}
	if next != nil {
		view.Next = view.URL("cursor", next.String())
	}
	page, err := f.web.Page(c, "agenda", web.Locale(c).T("agenda.title"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.IndexPage(page, view))
}

// planned are the spaces in which the actor may plan gatherings.
func planned(actor *models.Actor) (spaces []models.SpaceAccess) {
	for i := range actor.Spaces {
		if actor.CanOnceAccepted(models.PlanGathering, &models.Space{ID: actor.Spaces[i].ID}) {
			spaces = append(spaces, actor.Spaces[i])
		}
	}
	return spaces
}

func (f *Agenda) show(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	at := f.web.Live.At() // before the rest is read, so that nothing is missed that happens meanwhile
	detail, err := f.db.GatheringDetail(ctx, actor, id)
	if err != nil {
		return err
	}
	if path := detail.Path(); path != "/events/"+c.Param("id") && c.QueryParam("cursor") == "" {
		return c.Redirect(http.StatusMovedPermanently, path)
	}
	if err := f.read(c, detail); err != nil {
		return err
	}
	detail.AuthorPicture = actor.Face(detail.AuthorPicture)
	view := views.Show{Gathering: detail, Space: *actor.Access(detail.SpaceID), Ended: detail.Ended(f.db.Now()), Plans: actor.MayPlan(&detail.Gathering), Zone: web.Zone(c).String()}
	view.Attends = actor.CanOnceAccepted(models.Attend, &models.Space{ID: detail.SpaceID}) && !view.Ended && detail.CancelledAt == nil
	if err := f.people(ctx, actor, &view); err != nil {
		return err
	}
	if view.Talk, err = f.talk(c, detail, at); err != nil {
		return err
	}
	page, err := f.web.Page(c, "agenda", detail.Title)
	if err != nil {
		return err
	}
	page.Description = cmp.Or(detail.Summary, detail.Title)
	return web.Render(c, http.StatusOK, views.ShowPage(page, view))
}

// people gathers who comes and who has said what of a gathering.
func (f *Agenda) people(ctx context.Context, actor *models.Actor, view *views.Show) (err error) {
	if view.People, err = f.db.Attendees(ctx, actor, &view.Gathering.Gathering, peopleShown); err != nil {
		return err
	}
	for i := range view.People {
		view.People[i].Picture = actor.Face(view.People[i].Picture)
	}
	if view.Versions, err = f.db.GatheringVersions(ctx, view.Gathering.ID, versionsShown); err != nil {
		return err
	}
	for i := range view.Versions {
		view.Versions[i].Picture = actor.Face(view.Versions[i].Picture)
	}
	return nil
}

// talk gathers what the page shows of what is said about a gathering, from the post on that the address names.
func (f *Agenda) talk(c echo.Context, detail *models.GatheringDetail, at int64) (talk views.Talk, err error) {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	gathering, place := &detail.Gathering, models.Place{Gathering: &detail.Gathering}
	after, err := models.ParsePostKey(c.QueryParam("cursor"))
	if err != nil {
		return talk, err
	}
	cards, next, err := f.db.GatheringPosts(ctx, gathering, after, posts.PageSize)
	if err != nil {
		return talk, err
	}
	for i := range cards {
		cards[i].AuthorPicture = actor.Face(cards[i].AuthorPicture)
	}
	look := posts.Look{Place: place}
	if look.Given, err = f.db.Reactions(ctx, actor, posts.IDs(cards)); err != nil {
		return talk, err
	}
	of := models.Texts{Posts: posts.Alone(cards)}
	if text.HasAlone(gathering.HTML) {
		of.Gatherings = append(of.Gatherings, gathering.ID)
	}
	if look.Links, err = f.db.LinkCards(ctx, actor, of, f.web.LinkPreviews); err != nil {
		return talk, err
	}
	talk = views.Talk{Exchanges: posts.Exchanges(l, actor, look, cards), Inner: after != nil, Links: look.Links.OfGathering(gathering.ID), Level: detail.Level, Follows: actor.SignedIn()}
	if next != nil {
		talk.Next = next.String()
	}
	if !actor.SignedIn() {
		talk.SignInURL = "/sign-in?" + url.Values{"next": {gathering.Path()}}.Encode()
	}
	if actor.CanOnceAccepted(models.PostComment, &models.Space{ID: gathering.SpaceID}) {
		draft, err := detail.Draft()
		if err != nil {
			return talk, err
		}
		talk.Compose = posts.Compose(l, actor, place, 0, draft)
	}
	if actor.SignedIn() {
		talk.Live = &parts.LiveRoom{Room: models.Room{Kind: "event", ID: gathering.ID}, At: at, Writes: talk.Compose != nil && !actor.Unseen, Signs: posts.Signs(actor, look)}
	}
	return talk, nil
}

// read marks the actor's notices about a gathering as read.
func (f *Agenda) read(c echo.Context, detail *models.GatheringDetail) error {
	if !detail.Told || !web.Shown(c) {
		return nil
	}
	err := f.db.Tx(c.Request().Context(), web.Actor(c), func(tx *models.Tx) error { return tx.ReadGatheringNotices(detail.ID) })
	if models.Unavailable(err) { // the page can be read on a full disk too
		return nil
	}
	return err
}

// attend takes whether the reader comes.
func (f *Agenda) attend(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	gathering, err := f.Answer(c.Request().Context(), web.Actor(c), id, models.Coming(c.FormValue("answer")))
	if err != nil {
		return err
	}
	return web.Redirect(c, gathering.Path()+"#coming")
}

func (f *Agenda) cancelForm(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	gathering, err := f.tended(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.cancelPage(c, http.StatusOK, views.Cancel{Gathering: gathering})
}

func (f *Agenda) cancelPage(c echo.Context, status int, view views.Cancel) error {
	page, err := f.web.Page(c, "agenda", web.Locale(c).T("agenda.cancel_title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.CancelPage(page, view))
}

func (f *Agenda) cancel(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Cancel{Reason: c.FormValue("reason")}
	gathering, err := f.Cancel(ctx, actor, id, view.Reason)
	if errors.As(err, &view.Problems) {
		if view.Gathering, err = f.tended(ctx, actor, id); err != nil {
			return err
		}
		return f.cancelPage(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return f.done(c, gathering, "cancelled", address(id)+"/resumption")
}

func (f *Agenda) resume(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	gathering, err := f.Resume(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.done(c, gathering, "resumed", "")
}

// toVersion says of a gathering again what was said of it before.
func (f *Agenda) toVersion(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil || number < 1 || number > 1<<30 {
		return models.ErrNotFound
	}
	edited, err := f.ToVersion(c.Request().Context(), web.Actor(c), id, number)
	if err != nil {
		return err
	}
	return f.done(c, edited, "edited", undoOf(edited))
}

// undoOf is where the latest text of a gathering is taken back.
func undoOf(g *models.Gathering) string {
	return address(g.ID) + "/versions/" + strconv.Itoa(g.Version-1)
}

// done answers a form about a gathering: the page says what was done, and offers to take it back where undo is not empty.
func (f *Agenda) done(c echo.Context, gathering *models.Gathering, toast, undo string) error {
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("agenda.toast."+toast, "title", gathering.Title), UndoAction: undo})
	return web.Redirect(c, gathering.Path())
}

func address(id int64) string { return "/events/" + strconv.FormatInt(id, 10) }

// moment is a day and a time of the reader's zone; the key of what is wrong with it, where something is. Of the two moments that it names where
// clocks are put back it is the one that was meant before, or else the first.
func moment(c echo.Context, day, hour string, before time.Time) (at time.Time, problem string) {
	if _, ok := web.Day(c, day); !ok {
		return at, "agenda.day_invalid"
	}
	const written = time.DateOnly + " 15:04"
	if !before.IsZero() && before.In(web.Zone(c)).Format(written) == day+" "+hour {
		return before, ""
	}
	at, err := time.ParseInLocation(written, day+" "+hour, web.Zone(c))
	if err != nil {
		return time.Time{}, "agenda.time_invalid"
	}
	if at.Format("15:04") != hour { // clocks are put forward over it
		return time.Time{}, "agenda.no_such_time"
	}
	if first := at.Add(-time.Hour); first.Format("15:04") == hour {
		return first, ""
	}
	return at, ""
}
