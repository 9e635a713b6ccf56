package experts

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/experts"
	"ruche/views/layout"
)

// Routes adds the feature's pages.
func (f *Experts) Routes(g *echo.Group) {
	g.GET("/experts", f.index, web.RequireSignIn)
	g.GET("/experts/mine", f.mine, web.RequireSignIn)
	g.POST("/experts/mine", f.choose, web.RequireSignIn)
	g.POST("/experts/skills", f.declare, web.RequireSignIn)
	g.POST("/experts/skills/:id/removal", f.drop, web.RequireSignIn)
	g.GET("/experts/terms", f.terms, web.RequireSignIn)
	g.POST("/experts/terms/:id", f.rename, web.RequireSignIn)
	g.POST("/experts/terms/:id/merge", f.merge, web.RequireSignIn)
	g.POST("/people/:id/skills/:skill", f.endorse, web.RequireSignIn)
	g.GET("/threads/:id/experts", f.proposals, f.web.MaskedIn, web.RequireSignIn)
	g.POST("/threads/:id/experts", f.ask, f.web.MaskedIn, web.RequireSignIn)
	g.GET("/experts/asked", f.asked, web.RequireSignIn)
	g.POST("/experts/requests/:request/refusal", f.decline, web.RequireSignIn)
	g.POST("/experts/requests/:request/withdrawal", f.withdraw, web.RequireSignIn)
}

// Sizes of pages.
const (
	peopleShown   = 30
	termsShown    = 50
	commonShown   = 40
	termsOffered  = 100
	longestAsking = 200
)

// index finds who knows about something: words, a tag, or all who declare a skill.
func (f *Experts) index(c echo.Context) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Index{Actor: actor, Words: c.QueryParam("q"), Tag: c.QueryParam("tag")}
	if !storable(view.Words) {
		return models.Invalid{"q": "experts.words_invalid"}
	}
	if text := c.QueryParam("skill"); text != "" {
		return f.withSkill(c, text, view)
	}
	if err := f.find(c, &view); err != nil {
		return err
	}
	if view.Empty() {
		var err error
		if view.Common, err = f.db.CommonSkills(ctx, actor, commonShown); err != nil {
			return err
		}
	}
	page, err := f.web.Page(c, "experts", view.Title(web.Locale(c)))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.IndexPage(page, view))
}

// find finds who knows about what an address asks for: a text by its tags and its title, a tag, or words.
func (f *Experts) find(c echo.Context, view *views.Index) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if view.Tag, err = models.ParseTag(view.Tag); err != nil {
		return err
	}
	words, tags := view.Words, []string{view.Tag}
	switch {
	case c.QueryParam("article") != "":
		article, err := f.db.Article(ctx, actor, number(c.QueryParam("article")))
		if err != nil {
			return err
		}
		view.Text, words, tags = article.Title, article.Title, article.Tags
	case c.QueryParam("thread") != "":
		thread, err := f.db.Thread(ctx, actor, number(c.QueryParam("thread")))
		if err != nil {
			return err
		}
		view.Text, words, tags = thread.Title, thread.Title, thread.Tags
	case view.Tag != "":
		words = ""
	}
	view.Experts, err = f.db.WhoKnows(ctx, actor, words, tags)
	return err
}

// number is one of an address; 0, which nothing has, for what is none.
func number(text string) int64 {
	digits, _, _ := strings.Cut(text, "-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// withSkill lists who declares a skill.
func (f *Experts) withSkill(c echo.Context, text string, view views.Index) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return models.ErrNotFound
	}
	if view.Skill, err = f.db.SkillNamed(ctx, actor, id); err != nil {
		return err
	}
	after := int64(0)
	if text := c.QueryParam("after"); text != "" {
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after <= 0 {
			return models.Invalid{"after": "lists.cursor_invalid"}
		}
	}
	if view.People, err = f.db.PeopleWith(ctx, actor, view.Skill.ID, after, peopleShown+1); err != nil {
		return err
	}
	view.Later = after != 0
	if len(view.People) > peopleShown {
		view.People = view.People[:peopleShown]
		view.Next = view.People[peopleShown-1].ID
	}
	page, err := f.web.Page(c, "experts", view.Title(web.Locale(c)))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.IndexPage(page, view))
}

// mine is where people say what they know, and whether they are shown.
func (f *Experts) mine(c echo.Context) error { return f.own(c, http.StatusOK, views.Mine{}) }

func (f *Experts) own(c echo.Context, status int, view views.Mine) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if view.Skills, err = f.db.SkillsOf(ctx, actor, actor.ID); err != nil {
		return err
	}
	if view.Shown, err = f.db.ShownBy(ctx, actor, actor.ID); err != nil {
		return err
	}
	if view.Choice == nil {
		if view.Choice, err = f.db.ExpertChoice(ctx, actor); err != nil {
			return err
		}
		view.Ask(web.Locale(c))
	}
	if view.Offered, err = f.db.SuggestSkills(ctx, actor, "", termsOffered); err != nil {
		return err
	}
	page, err := f.web.Page(c, "experts", web.Locale(c).T("experts.mine"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.MinePage(page, view))
}

func (f *Experts) declare(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	name := c.FormValue("skill")
	skill, err := f.Declare(c.Request().Context(), web.Actor(c), name)
	view := views.Mine{Name: name}
	if errors.As(err, &view.Problems) {
		return f.own(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("experts.toast.declared", "skill", skill.Name), UndoAction: views.SkillURL(skill.ID) + "/removal"})
	return web.Redirect(c, "/experts/mine")
}

func (f *Experts) drop(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	skill, dropped, err := f.Drop(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if dropped {
		f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("experts.toast.dropped", "skill", skill.Name), UndoAction: views.DeclareURL(skill.Name)})
	}
	return web.Redirect(c, "/experts/mine")
}

// choose takes the form of being found and asked.
func (f *Experts) choose(c echo.Context) error {
	if err := web.ParseForm(c); err != nil {
		return err
	}
	choice := models.ExpertChoice{Hidden: c.FormValue("shown") != "1"}
	view := views.Mine{Choice: &choice, Weekly: strings.TrimSpace(c.FormValue("weekly")), Away: strings.TrimSpace(c.FormValue("away")), Problems: models.Invalid{}}
	if view.Weekly != "" {
		weekly, err := strconv.Atoi(view.Weekly)
		if err != nil {
			view.Problems["weekly"] = "experts.weekly_invalid"
		}
		choice.Weekly = &weekly
	}
	if view.Away != "" {
		day, ok := web.Day(c, view.Away)
		if !ok {
			view.Problems["away"] = "experts.away_invalid"
		}
		day = day.UTC()
		choice.AwayUntil = &day
	}
	if len(view.Problems) > 0 {
		return f.own(c, http.StatusUnprocessableEntity, view)
	}
	err := f.Choose(c.Request().Context(), web.Actor(c), choice)
	if errors.As(err, &view.Problems) {
		return f.own(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: web.Locale(c).T("experts.toast.chosen")})
	return web.Redirect(c, "/experts/mine")
}

// endorse takes the button beside a skill, and its undo.
func (f *Experts) endorse(c echo.Context) error {
	person, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	skill, err := web.ID(c, "skill")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	said := c.FormValue("endorsed")
	if said != "0" && said != "1" {
		return models.Invalid{"endorsed": "discussions.flag_invalid"}
	}
	changed, err := f.Endorse(c.Request().Context(), web.Actor(c), person, skill, said == "1")
	if err != nil {
		return err
	}
	if changed {
		key, back := "experts.toast.endorsed", "0"
		if said == "0" {
			key, back = "experts.toast.unendorsed", "1"
		}
		f.web.Toast(c, layout.Toast{Text: web.Locale(c).T(key), UndoAction: views.EndorseURL(person, skill) + "?endorsed=" + back})
	}
	return web.Redirect(c, "/people/"+strconv.FormatInt(person, 10))
}

// terms is where the vocabulary is looked after.
func (f *Experts) terms(c echo.Context) error { return f.vocabulary(c, http.StatusOK, views.Terms{}) }

func (f *Experts) vocabulary(c echo.Context, status int, view views.Terms) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view.Beginning = c.QueryParam("q")
	after := c.QueryParam("after")
	if !storable(view.Beginning) || !storable(after) {
		return models.Invalid{"after": "lists.cursor_invalid"}
	}
	if view.Skills, err = f.db.SkillTerms(ctx, actor, view.Beginning, after, termsShown+1); err != nil {
		return err
	}
	view.Later = after != ""
	if len(view.Skills) > termsShown {
		view.Skills = view.Skills[:termsShown]
		view.Next = view.Skills[termsShown-1].Key
	}
	page, err := f.web.Page(c, "experts", web.Locale(c).T("experts.terms"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.TermsPage(page, view))
}

// termForm reads a form about a term.
func termForm(c echo.Context) (id int64, name string, err error) {
	if id, err = web.ID(c, "id"); err != nil {
		return 0, "", err
	}
	err = web.ParseForm(c)
	return id, c.FormValue("skill"), err
}

// termDone answers a form about a term: with the page again where something is wrong with it.
func (f *Experts) termDone(c echo.Context, err error, view views.Terms, text string) error {
	if errors.As(err, &view.Problems) {
		return f.vocabulary(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	f.web.Toast(c, layout.Toast{Text: text})
	return web.Redirect(c, "/experts/terms")
}

func (f *Experts) rename(c echo.Context) error {
	id, name, err := termForm(c)
	if err != nil {
		return err
	}
	_, err = f.Rename(c.Request().Context(), web.Actor(c), id, name)
	return f.termDone(c, err, views.Terms{Edited: id, Name: name}, web.Locale(c).T("experts.toast.renamed"))
}

func (f *Experts) merge(c echo.Context) error {
	id, name, err := termForm(c)
	if err != nil {
		return err
	}
	skill, err := f.Merge(c.Request().Context(), web.Actor(c), id, name)
	if skill != nil {
		name = skill.Name
	}
	return f.termDone(c, err, views.Terms{Edited: id, Name: name, Merging: true}, web.Locale(c).T("experts.toast.merged", "skill", name))
}

// OfPerson is what the page of a person says of what they know.
func (f *Experts) OfPerson(c echo.Context, person *models.User) (templ.Component, error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	if !actor.SignedIn() || person.Service {
		return nil, nil
	}
	view := views.Profile{Person: person, Own: actor.ID == person.ID}
	var err error
	if view.Skills, err = f.db.SkillsOf(ctx, actor, person.ID); err != nil {
		return nil, err
	}
	if view.Shown, err = f.db.ShownBy(ctx, actor, person.ID); err != nil {
		return nil, err
	}
	if len(view.Skills)+len(view.Shown) == 0 && !view.Own {
		return nil, nil
	}
	return views.OfPerson(web.Locale(c), view), nil
}

// storable tells whether a text from an address can be asked of a database.
func storable(text string) bool {
	return len(text) <= longestAsking && utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}
