package knowledge

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
)

// doubtsShown is how many doubts the page of an article's doubts lists, of those that are open and of those that are dealt with.
const doubtsShown = 50

// doubts shows the doubts about an article: all of them to who may deal with them, and to others their own, with the form for one.
func (f *Knowledge) doubts(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	return f.doubtsPage(c, http.StatusOK, id, views.Typed{})
}

// doubtsPage shows the doubts with what was typed where something in it was wrong.
func (f *Knowledge) doubtsPage(c echo.Context, status int, id int64, typed views.Typed) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	detail, err := f.db.ArticleDetail(ctx, actor, id)
	if err != nil {
		return err
	}
	article := &detail.Article
	if err := f.read(ctx, actor, detail); err != nil {
		return err
	}
	view := views.Doubts{Article: article, Space: *actor.Access(article.SpaceID), Typed: typed, Trusts: article.State == models.Published && actor.MayTrust(article) == nil}
	view.MayDoubt = !detail.Archived && mayDoubt(actor, article)
	if view.Voice, err = f.db.ArticleVoice(ctx, actor, article); err != nil {
		return err
	}
	if view.Open, err = f.doubtCards(ctx, actor, article, true); err != nil {
		return err
	}
	if view.Closed, err = f.doubtCards(ctx, actor, article, false); err != nil {
		return err
	}
	page, err := f.web.Page(c, "knowledge", web.Locale(c).T("knowledge.doubts"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.DoubtsPage(page, view))
}

func (f *Knowledge) doubtCards(ctx context.Context, actor *models.Actor, article *models.Article, open bool) ([]models.DoubtCard, error) {
	cards, err := f.db.Doubts(ctx, actor, article, open, doubtsShown)
	for i := range cards {
		cards[i].Picture, cards[i].AnswererPicture = actor.Face(cards[i].Picture), actor.Face(cards[i].AnswererPicture)
	}
	return cards, err
}

// mayDoubt tells whether the actor is asked whether an article helped; those whom only the agreement keeps from it are asked when they answer.
func mayDoubt(actor *models.Actor, article *models.Article) bool {
	var unaccepted *models.Unaccepted
	err := actor.MayDoubt(article)
	return actor.SignedIn() && (err == nil || errors.As(err, &unaccepted))
}

// rate notes whether an article helped.
func (f *Knowledge) rate(c echo.Context) error {
	return f.saying(c, "help", func(ctx context.Context, id int64, typed views.Typed) (*models.ArticleFeedback, string, error) {
		helped := c.FormValue("helped")
		if helped != "yes" && helped != "no" {
			return nil, "", models.Invalid{"helped": "knowledge.helped_invalid"}
		}
		said, err := f.Rate(ctx, web.Actor(c), id, helped == "yes", typed.Reason)
		return said, "rated", err
	})
}

// doubt notes that an article may not be right any more.
func (f *Knowledge) doubt(c echo.Context) error {
	return f.saying(c, "doubt", func(ctx context.Context, id int64, typed views.Typed) (*models.ArticleFeedback, string, error) {
		said, err := f.Doubt(ctx, web.Actor(c), id, typed.Reason)
		return said, "doubted", err
	})
}

// saying answers a form in which a reader says something of an article, and offers to take it back.
func (f *Knowledge) saying(c echo.Context, form string, say func(context.Context, int64, views.Typed) (*models.ArticleFeedback, string, error)) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	typed := views.Typed{Form: form, Reason: c.FormValue("reason")}
	said, toast, err := say(c.Request().Context(), id, typed)
	if errors.As(err, &typed.Problems) {
		return f.doubtsPage(c, http.StatusUnprocessableEntity, id, typed)
	}
	if err != nil {
		return err
	}
	article, err := f.db.Article(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.done(c, article.Path(), toast, feedback(id, said.ID)+"/withdrawal")
}

// takeBack takes back what the reader said.
func (f *Knowledge) takeBack(c echo.Context) error {
	return f.doubted(c, func(ctx context.Context, id, doubt int64) error {
		article, err := f.TakeBack(ctx, web.Actor(c), id, doubt)
		if err != nil {
			return err
		}
		return f.done(c, article.Path(), "taken_back", "")
	})
}

// answerDoubt deals with a doubt.
func (f *Knowledge) answerDoubt(c echo.Context) error {
	return f.doubted(c, func(ctx context.Context, id, doubt int64) error {
		typed := views.Typed{Form: "answer", ID: doubt, Reason: c.FormValue("answer")}
		_, err := f.AnswerDoubt(ctx, web.Actor(c), id, doubt, models.DoubtState(c.FormValue("state")), typed.Reason)
		if errors.As(err, &typed.Problems) {
			return f.doubtsPage(c, http.StatusUnprocessableEntity, id, typed)
		}
		if err != nil {
			return err
		}
		return f.done(c, base(id)+"/doubts", "doubt_answered", feedback(id, doubt)+"/answer/undo")
	})
}

// reopenDoubt takes the answer to a doubt back.
func (f *Knowledge) reopenDoubt(c echo.Context) error {
	return f.doubted(c, func(ctx context.Context, id, doubt int64) error {
		if _, err := f.ReopenDoubt(ctx, web.Actor(c), id, doubt); err != nil {
			return err
		}
		return f.done(c, base(id)+"/doubts", "doubt_reopened", "")
	})
}

// doubted reads which doubt about which article a form is about.
func (f *Knowledge) doubted(c echo.Context, do func(ctx context.Context, id, doubt int64) error) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	doubt, err := web.ID(c, "doubt")
	if err != nil {
		return err
	}
	if err := web.ParseForm(c); err != nil {
		return err
	}
	return do(c.Request().Context(), id, doubt)
}

// feedback is the address of what a reader said of an article.
func feedback(id, feedback int64) string {
	return base(id) + "/doubts/" + strconv.FormatInt(feedback, 10)
}
