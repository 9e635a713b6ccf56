package knowledge

import (
	"context"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"ruche/app/posts"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/knowledge"
	"ruche/views/parts"
)

// saved is what the event of another text of an article says: the title that it had, its number, and the groups that it calls.
type saved struct {
	Title   string `json:"title"`
	Version int    `json:"version"`
	models.Calling
}

// called are the groups that the text of an article calls and the one before it did not.
func called(tx *models.Tx, article *models.Article, before string) (models.Calling, error) {
	known := text.Groups(before)
	named := slices.DeleteFunc(text.Groups(article.Body), func(id int64) bool { return slices.Contains(known, id) })
	return tx.CalledGroups(tx.Context(), tx.Actor(), article.SpaceID, named)
}

// talk gathers what the page of an article shows of what is said about it, from the post on that the address names.
func (f *Knowledge) talk(c echo.Context, detail *models.ArticleDetail, at int64) (talk views.Talk, err error) {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	article, place := &detail.Article, models.Place{Article: &detail.Article}
	after, err := models.ParsePostKey(c.QueryParam("cursor"))
	if err != nil {
		return talk, err
	}
	cards, next, err := f.db.ArticlePosts(ctx, article, after, posts.PageSize)
	if err != nil {
		return talk, err
	}
	for i := range cards {
		cards[i].AuthorPicture = actor.Face(cards[i].AuthorPicture)
	}
	look := posts.Look{Place: place, Closed: detail.Archived}
	if look.Given, err = f.db.Reactions(ctx, actor, posts.IDs(cards)); err != nil {
		return talk, err
	}
	if look.Links, err = f.unfolded(ctx, actor, article, cards); err != nil {
		return talk, err
	}
	talk = views.Talk{Exchanges: posts.Exchanges(l, actor, look, cards), Inner: after != nil, Links: look.Links.OfArticle(article.ID), Level: detail.Level, Follows: actor.SignedIn()}
	if next != nil {
		talk.Next = next.String()
	}
	if !actor.SignedIn() {
		talk.SignInURL = "/sign-in?" + url.Values{"next": {article.Path()}}.Encode()
	}
	space := &models.Space{ID: article.SpaceID}
	if article.State == models.Published && !detail.Archived && actor.CanOnceAccepted(models.PostComment, space) {
		draft, err := detail.Draft()
		if err != nil {
			return talk, err
		}
		talk.Compose = posts.Compose(l, actor, place, 0, draft)
	}
	if actor.SignedIn() {
		talk.Live = &parts.LiveRoom{Room: models.Room{Kind: "article", ID: article.ID}, At: at, Writes: talk.Compose != nil && !actor.Unseen, Signs: posts.Signs(actor, look)}
	}
	return talk, nil
}

// unfolded loads what links lead to, where texts of the page can have any that stand alone.
func (f *Knowledge) unfolded(ctx context.Context, actor *models.Actor, article *models.Article, cards []models.PostCard) (models.LinkCards, error) {
	of := models.Texts{Posts: posts.Alone(cards)}
	if text.HasAlone(article.HTML) {
		of.Articles = append(of.Articles, article.ID)
	}
	return f.db.LinkCards(ctx, actor, of, f.web.LinkPreviews)
}

// read marks the actor's notices about an article as read.
func (f *Knowledge) read(ctx context.Context, actor *models.Actor, detail *models.ArticleDetail) error {
	if !detail.Told {
		return nil
	}
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error { return tx.ReadArticleNotices(detail.ID) })
	if models.Unavailable(err) { // the page can be read on a full disk too
		return nil
	}
	return err
}
