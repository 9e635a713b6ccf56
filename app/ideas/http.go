package ideas

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/posts"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/ideas"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Routes adds the feature's pages.
func (f *Ideas) Routes(g *echo.Group) {
	masked := f.web.Masked
	g.GET("/ideas", f.list)
	g.GET("/ideas/similar", f.similar, web.RequireSignIn)
	g.GET("/ideas/new", f.blank, web.RequireSignIn)
	g.POST("/ideas", f.post, web.RequireSignIn)
	g.GET("/ideas/:id", f.show, masked)
	g.GET("/ideas/:id/edit", f.edit, masked, web.RequireSignIn)
	g.POST("/ideas/:id", f.save, masked, web.RequireSignIn)
	g.POST("/ideas/:id/withdrawal", f.withdraw, masked, web.RequireSignIn)
	g.POST("/ideas/:id/restoration", f.restore, masked, web.RequireSignIn)
	g.POST("/ideas/:id/supports", f.supports, web.RequireSignIn)
	g.POST("/ideas/:id/follow", f.following, masked, web.RequireSignIn)
	g.POST("/ideas/:id/stage", f.stage, web.RequireSignIn)
	g.GET("/ideas/:id/coauthors", f.coAuthors, web.RequireSignIn)
	g.POST("/ideas/:id/coauthors", f.askCoAuthor, web.RequireSignIn)
	g.POST("/ideas/:id/coauthors/answer", f.answerCoAuthor, web.RequireSignIn)
	g.POST("/ideas/:id/coauthors/departure", f.leaveCoAuthors, web.RequireSignIn)
	g.POST("/ideas/:id/coauthors/:person/removal", f.removeCoAuthor, web.RequireSignIn)
	g.GET("/ideas/:id/merge", f.mergeForm, web.RequireSignIn)
	g.POST("/ideas/:id/merge", f.merge, web.RequireSignIn)
	g.POST("/ideas/:id/merge/answer", f.answerMerge, masked, web.RequireSignIn)
	g.POST("/ideas/:id/merge/removal", f.unmerge, masked, web.RequireSignIn)
	g.GET("/ideas/:id/amendments", f.amendments, masked, web.RequireSignIn)
	g.GET("/ideas/:id/amendments/new", f.amend, web.RequireSignIn)
	g.POST("/ideas/:id/amendments", f.proposeAmendment, web.RequireSignIn)
	g.GET("/ideas/:id/amendments/:amendment", f.showAmendment, masked, web.RequireSignIn)
	g.POST("/ideas/:id/amendments/:amendment/decision", f.decideAmendment, masked, web.RequireSignIn)
	g.POST("/ideas/:id/amendments/:amendment/withdrawal", f.withdrawAmendment, web.RequireSignIn)
	g.POST("/ideas/:id/amendments/:amendment/idea", f.promoteAmendment, web.RequireSignIn)
	g.GET("/ideas/:id/versions", f.versions, masked)
	g.GET("/ideas/:id/versions/:number", f.version, masked)
	g.GET("/ideas/return", f.returnForm)
	g.POST("/ideas/return", f.comeBack, f.limits...)
	g.GET("/ideas/:id/return-code", f.showCode)
	g.POST("/ideas/:id/return-code/removal", f.forgetCode, masked)
}

func (f *Ideas) list(c echo.Context) error {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	filter := views.Filter{
		Sort: c.QueryParam("sort"), Space: c.QueryParam("space"), Stage: c.QueryParam("stage"), Tag: c.QueryParam("tag"),
		Department: c.QueryParam("department"), Near: c.QueryParam("near") == "1",
		Mine: c.QueryParam("mine") == "1", Followed: c.QueryParam("followed") == "1", View: views.Look(c.QueryParam("view")),
	}
	if !slices.Contains(views.Looks(), filter.View) {
		return models.Invalid{"view": "lists.view_invalid"}
	}
	if text := c.QueryParam("campaign"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id <= 0 {
			return fmt.Errorf("campaign %q: %w", text, models.ErrNotFound)
		}
		filter.Campaign = id
	}
	cursor := c.QueryParam("cursor")
	listing := Listing{
		Sort: models.Sort(filter.Sort), Space: filter.Space, Stage: models.Stage(filter.Stage), Tag: filter.Tag,
		Campaign: filter.Campaign, Mine: filter.Mine, Followed: filter.Followed, Near: filter.Near, Department: filter.Department, Cursor: cursor,
	}
	if filter.View == views.AsBoard {
		return f.board(c, filter, listing)
	}
	listed, err := f.List(ctx, actor, listing)
	if err != nil {
		return err
	}
	view := views.List{
		Filter: filter, Title: l.T("ideas.title"), Rows: parts.Rows(actor, listed.Ideas), Next: listed.Next, Inner: cursor != "",
		Spaces: actor.Spaces, NewURL: newURL(actor, listed.Space), Person: actor.SignedIn(), Inside: actor.Insider(), Nowhere: listed.Nowhere, Voting: listed.Vote != nil,
	}
	if filter.View == views.AsCards {
		if err := f.cover(ctx, view.Rows); err != nil {
			return err
		}
	}
	if err := f.expose(c, listed.Vote, listed.Ideas...); err != nil {
		return err
	}
	if err := f.around(c, &view, listed.Space); err != nil {
		return err
	}
	page, err := f.web.Page(c, "ideas", view.Title)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Index(page, view))
}

// cover gives rows the pictures of their ideas.
func (f *Ideas) cover(ctx context.Context, rows []parts.IdeaRow) error {
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	covers, err := f.db.Covers(ctx, ids)
	if err != nil {
		return err
	}
	for i := range covers {
		at := slices.Index(ids, covers[i].IdeaID)
		rows[at].Cover = &covers[i]
	}
	return nil
}

// expose notes which ideas of a vote that goes on a page shows to the actor.
func (f *Ideas) expose(c echo.Context, vote *models.Fair, cards ...models.IdeaCard) error {
	if vote == nil || !web.Shown(c) {
		return nil
	}
	ids := make([]int64, len(cards))
	for i := range cards {
		ids[i] = cards[i].ID
	}
	return f.db.Expose(c.Request().Context(), web.Actor(c), vote, ids)
}

// around fills in what stands above and beside a list. The description of a space is for those who
// come to it, not for those who look for a tag or turn its pages.
func (f *Ideas) around(c echo.Context, view *views.List, access *models.SpaceAccess) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	var spaceID int64
	if access != nil {
		spaceID, view.Title = access.ID, access.Title
		if view.Filter.Tag == "" && !view.Inner {
			space, err := f.db.SpaceByID(ctx, actor, access.ID)
			if err != nil {
				return err
			}
			view.Lead = space.Description
		}
	}
	overview, err := f.Overview(ctx, actor, spaceID)
	if err != nil {
		return err
	}
	view.Stages, view.Tags, view.Campaigns = overview.Stages, overview.Tags, overview.Campaigns
	if actor.Insider() {
		view.Departments = overview.Departments
	}
	if id := view.Filter.Campaign; id != 0 && !slices.ContainsFunc(view.Campaigns, func(c models.CampaignName) bool { return c.ID == id }) {
		name, err := f.db.CampaignName(ctx, actor, id)
		if err != nil {
			return err
		}
		view.Campaigns = append([]models.CampaignName{*name}, view.Campaigns...) // a new list, since the other one is shared
	}
	return nil
}

// newURL is where the actor may propose an idea, empty if nowhere. A visitor is asked to sign in there.
func newURL(actor *models.Actor, space *models.SpaceAccess) string {
	switch {
	case space != nil && (!actor.SignedIn() || mayPost(actor, space)):
		return "/ideas/new?" + url.Values{"space": {space.Slug}}.Encode()
	case space == nil && (!actor.SignedIn() || len(writable(actor)) > 0):
		return "/ideas/new"
	}
	return ""
}

func mayPost(actor *models.Actor, space *models.SpaceAccess) bool {
	return actor.CanOnceAccepted(models.PostIdea, &models.Space{ID: space.ID})
}

// writable are the spaces in which the actor may propose an idea, if need be once they have accepted the agreement there.
func writable(actor *models.Actor) (spaces []models.SpaceAccess) {
	for i := range actor.Spaces {
		if mayPost(actor, &actor.Spaces[i]) {
			spaces = append(spaces, actor.Spaces[i])
		}
	}
	return spaces
}

func (f *Ideas) show(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	after, err := models.ParsePostKey(c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	at := f.web.Live.At() // before the rest is read, so that nothing is missed that happens meanwhile
	shown, err := f.Show(ctx, actor, id, after)
	if err != nil {
		return err
	}
	if path := shown.Path(); path != "/ideas/"+c.Param("id") {
		if query := c.QueryString(); query != "" {
			path += "?" + query
		}
		return c.Redirect(http.StatusMovedPermanently, path)
	}
	if shown.Told {
		if err := f.read(ctx, actor.Person(), id); err != nil && !models.Unavailable(err) { // the page can be read on a full disk too
			return err
		}
	}
	if now := shown.Phase; now != nil && now.Kind == models.VoteStage {
		vote, err := f.db.Fair(ctx, actor, *shown.CampaignID)
		if err == nil {
			err = f.expose(c, vote, models.IdeaCard{ID: id})
		}
		if err != nil {
			return err
		}
	}
	if view, counts := shown.ViewOf(actor); counts && web.Shown(c) {
		f.readership.note(view)
	}
	view, err := f.present(c, shown, after != nil)
	if err != nil {
		return err
	}
	if actor.Person().SignedIn() {
		named := shown.Anonymity == models.Named && !actor.Masked()
		view.Live = &parts.LiveRoom{Room: models.Room{Kind: "idea", ID: id}, At: at, Writes: view.Compose != nil && named && !actor.Unseen, Signs: posts.Signs(actor, look(shown))}
	}
	page, err := f.web.Page(c, "ideas", shown.Title)
	if err != nil {
		return err
	}
	page.Description = shown.Summary
	return web.Render(c, http.StatusOK, views.Page(page, view))
}

func (f *Ideas) withdraw(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	idea, err := f.Withdraw(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("ideas.toast.withdrawn"), UndoAction: base(id) + "/restoration"})
	return web.Redirect(c, idea.Path())
}

func (f *Ideas) restore(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	idea, err := f.Restore(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("ideas.toast.restored")})
	return web.Redirect(c, idea.Path())
}

func (f *Ideas) supports(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	change, toast := f.Support, "ideas.toast.supported"
	switch c.FormValue("supported") {
	case "1":
	case "0":
		change, toast = f.Unsupport, "ideas.toast.unsupported"
	default:
		return models.Invalid{"supported": "ideas.supported_invalid"}
	}
	idea, err := change(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if web.InPlace(c) {
		return c.NoContent(http.StatusNoContent)
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, cameFrom(c, idea))
}

func (f *Ideas) following(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	change, toast := f.Follow, "ideas.toast.followed"
	switch c.FormValue("following") {
	case "1":
	case "0":
		change, toast = f.Unfollow, "ideas.toast.unfollowed"
	default:
		return models.Invalid{"following": "ideas.following_invalid"}
	}
	idea, err := change(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(toast)})
	return web.Redirect(c, idea.Path())
}

func (f *Ideas) stage(c echo.Context) error {
	id, err := formOf(c)
	if err != nil {
		return err
	}
	idea, err := f.SetStage(c.Request().Context(), web.Actor(c), id, models.Stage(c.FormValue("stage")))
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("ideas.toast.staged", "stage", web.Locale(c).T("stage."+string(idea.Stage)))})
	return web.Redirect(c, idea.Path())
}

// formOf reads a form, and the id of the idea that it is about.
func formOf(c echo.Context) (int64, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return 0, err
	}
	return id, web.ParseForm(c)
}

// Names of the forms whose drafts are kept. The browser's script and the server use the same ones.
const newForm = "idea/new"

func editForm(ideaID int64) string { return "idea/" + strconv.FormatInt(ideaID, 10) }

// base is the address that an idea's forms post below.
func base(id int64) string { return "/ideas/" + strconv.FormatInt(id, 10) }

// cameFrom is the page of this house from which a form was sent, at the idea's row if it is a list;
// else the page of the idea.
func cameFrom(c echo.Context, idea *models.Idea) string {
	from, err := url.Parse(c.Request().Referer())
	if err != nil || from.Host != c.Request().Host {
		return idea.Path()
	}
	path := web.OwnPath(from.RequestURI(), idea.Path())
	if strings.HasPrefix(path, base(idea.ID)) {
		return idea.Path()
	}
	return path + "#idea-" + strconv.FormatInt(idea.ID, 10)
}
