package knowledge

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	views "ruche/views/knowledge"
	"ruche/views/parts"
)

// perPassages is how many passages a page lists, and passagesBeside how many of those that are open stand beside an article.
const (
	perPassages    = 50
	passagesBeside = 20
)

func (f *Knowledge) passageRoutes(g *echo.Group) {
	g.GET("/articles/:id/passages", f.showPassages)
	g.POST("/articles/:id/passages", f.mark, web.RequireSignIn)
	g.GET("/articles/drafts/:id/passages", f.showPassages, web.RequireSignIn)
	g.POST("/articles/drafts/:id/passages", f.mark, web.RequireSignIn)
	g.POST("/passages/:id/words", f.answerPassage, web.RequireSignIn)
	g.POST("/passages/:id/resolution", f.settle, web.RequireSignIn)
	g.POST("/passages/:id/reopening", f.settle, web.RequireSignIn)
	g.POST("/passages/words/:id/removal", f.removeWord, web.RequireSignIn)
	g.POST("/passages/words/:id/restoration", f.removeWord, web.RequireSignIn)
}

// passagesOf finds the numbers of the article or the draft that the address names.
func passagesOf(c echo.Context) (article, draft int64, err error) {
	id, err := web.ID(c, "id")
	if strings.HasPrefix(c.Path(), "/articles/drafts/") {
		return 0, id, err
	}
	return id, 0, err
}

// showPassages lists what is said of the passages of a text, with the form to say something of the words that the address names.
func (f *Knowledge) showPassages(c echo.Context) error {
	article, draft, err := passagesOf(c)
	if err != nil {
		return err
	}
	place, err := f.passagePlace(c.Request().Context(), web.Actor(c), article, draft)
	if err != nil {
		return err
	}
	typed := views.TypedPassage{Quote: c.QueryParam("quote"), Prefix: c.QueryParam("prefix"), Suffix: c.QueryParam("suffix"), Once: writing.NewOnce()}
	return f.passagesPage(c, http.StatusOK, place, typed)
}

func (f *Knowledge) passagesPage(c echo.Context, status int, place models.PassagePlace, typed views.TypedPassage) (err error) {
	ctx, actor := c.Request().Context(), web.Actor(c)
	view := views.Passages{Place: place, Space: *actor.Access(place.SpaceID()), Typed: typed, Settled: c.QueryParam("settled") == "1"}
	before, err := web.Before(c)
	if err != nil {
		return err
	}
	cards, err := f.passages(ctx, actor, place, view.Settled, before, perPassages+1)
	if err != nil {
		return err
	}
	if len(cards) > perPassages {
		cards = cards[:perPassages]
		view.Next = place.Path() + "?" + map[bool]string{true: "settled=1&"}[view.Settled] + "before=" + strconv.FormatInt(cards[perPassages-1].ID, 10)
	}
	if view.MayRemark, err = f.mayRemark(ctx, actor, place); err != nil {
		return err
	}
	if view.MayRemark {
		markup, _ := place.Text()
		for _, p := range text.Paragraphs(markup) {
			view.Paragraphs = append(view.Paragraphs, parts.Option{Value: p.Number, Label: beginning(p.Quote)})
		}
	}
	person := actor.Person()
	for i := range cards {
		card := views.PassageCard{PassageCard: cards[i], MayResolve: person.MayResolve(place, &cards[i].Passage) == nil, MayAnswer: view.MayRemark && !view.Settled, Once: writing.NewOnce()}
		for j := range cards[i].Said {
			card.MayRemove = append(card.MayRemove, person.MayRemoveWord(place, &cards[i].Said[j].PassageWord))
		}
		view.Cards = append(view.Cards, card)
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("passages.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.PassagesPage(page, view))
}

// beginning is the first words of a paragraph, by which one knows it in a list.
func beginning(words string) string {
	const enough = 90
	if runes := []rune(words); len(runes) > enough {
		return strings.TrimSpace(string(runes[:enough])) + "…"
	}
	return words
}

// mayRemark tells whether the reader is offered to say something; those whom only the agreement keeps from it are asked when they do.
func (f *Knowledge) mayRemark(ctx context.Context, actor *models.Actor, place models.PassagePlace) (bool, error) {
	if !actor.SignedIn() {
		return false, nil
	}
	var unaccepted *models.Unaccepted
	var later *models.NotNow
	err := f.db.MayRemark(ctx, actor.Person(), place)
	switch {
	case err == nil, errors.As(err, &unaccepted):
		return true, nil
	case errors.Is(err, models.ErrForbidden), errors.Is(err, models.ErrConflict), errors.Is(err, models.ErrArchived), errors.As(err, &later):
		return false, nil
	}
	return false, err
}

// mark says something about a passage.
func (f *Knowledge) mark(c echo.Context) error {
	article, draft, err := passagesOf(c)
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	typed := views.TypedPassage{Quote: c.FormValue("quote"), Prefix: c.FormValue("prefix"), Suffix: c.FormValue("suffix"), Block: c.FormValue("block"), Body: c.FormValue("body"), Once: c.FormValue("once")}
	in := Remark{Quote: typed.Quote, Prefix: typed.Prefix, Suffix: typed.Suffix, Block: typed.Block, Body: typed.Body, Once: typed.Once}
	passage, place, err := f.Mark(c.Request().Context(), web.Actor(c), article, draft, in)
	if errors.As(err, &typed.Problems) {
		return f.passagesPage(c, http.StatusUnprocessableEntity, place, typed)
	}
	if err != nil {
		return err
	}
	return f.done(c, passageAt(place, passage.ID), "passage_marked", "")
}

func passageAt(place models.PassagePlace, id int64) string {
	return place.Path() + "#passage-" + strconv.FormatInt(id, 10)
}

// answerPassage says something more about a passage.
func (f *Knowledge) answerPassage(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	typed := views.TypedPassage{Answers: id, Body: c.FormValue("body"), Once: c.FormValue("once")}
	word, place, err := f.Answer(c.Request().Context(), web.Actor(c), id, typed.Body, typed.Once)
	if errors.As(err, &typed.Problems) && (place.Article != nil || place.Draft != nil) {
		return f.passagesPage(c, http.StatusUnprocessableEntity, place, typed)
	}
	if err != nil {
		return err
	}
	return f.done(c, passageAt(place, id), "passage_answered", "/passages/words/"+strconv.FormatInt(word.ID, 10)+"/removal")
}

// settle says that a passage is settled, or is not any more.
func (f *Knowledge) settle(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	settled := strings.HasSuffix(c.Path(), "/resolution")
	place, err := f.Settle(c.Request().Context(), web.Actor(c), id, settled)
	if err != nil {
		return err
	}
	at := "/passages/" + strconv.FormatInt(id, 10)
	if settled {
		return f.done(c, place.Path(), "passage_resolved", at+"/reopening")
	}
	return f.done(c, passageAt(place, id), "passage_reopened", at+"/resolution")
}

// removeWord takes what was said about a passage away, or brings it back.
func (f *Knowledge) removeWord(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	removed := strings.HasSuffix(c.Path(), "/removal")
	place, err := f.RemoveWord(c.Request().Context(), web.Actor(c), id, removed)
	if err != nil {
		return err
	}
	if removed {
		return f.done(c, place.Path(), "passage_word_removed", "/passages/words/"+strconv.FormatInt(id, 10)+"/restoration")
	}
	return f.done(c, place.Path(), "passage_word_restored", "")
}
