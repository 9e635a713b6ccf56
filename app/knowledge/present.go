package knowledge

import (
	"context"

	"ruche/app/text"
	"ruche/models"
	views "ruche/views/knowledge"
	"ruche/views/parts"
)

// Of the page of an article: how many versions its rail names, and how many of the articles under it the page lists.
const (
	versionsShown = 2
	underShown    = 80
)

// present gathers what the page of an article shows.
func (f *Knowledge) present(ctx context.Context, actor *models.Actor, detail *models.ArticleDetail) (view views.Article, err error) {
	article := &detail.Article
	detail.AuthorPicture = actor.Face(detail.AuthorPicture)
	view = views.Article{Article: detail, Space: *actor.Access(article.SpaceID), Rights: rights(actor, article.SpaceID)}
	view.Rights.Withdraw, view.Rights.Restore = actor.MayWithdrawArticle(article), actor.MayRestoreArticle(article) && article.WithdrawnWith != nil && *article.WithdrawnWith == article.ID
	view.Rights.Trust = article.State == models.Published && actor.MayTrust(article) == nil
	if view.Terms, err = f.terms(ctx, actor, article.SpaceID, text.Marked{HTML: &article.HTML, Lang: article.Lang}); err != nil {
		return view, err
	}
	if view.Above, err = f.db.ArticlesAbove(ctx, article); err != nil {
		return view, err
	}
	nodes, err := f.db.ArticleTree(ctx, article, view.Above)
	if err != nil {
		return view, err
	}
	view.Tree = branches(nodes, 0, article.ID)
	for _, node := range nodes {
		if node.ParentID == article.ID && len(view.Under) < underShown {
			view.Under = append(view.Under, node)
		}
	}
	if view.Headings, err = article.Headings(); err != nil {
		return view, err
	}
	if view.Origins, err = f.db.ArticleOrigins(ctx, actor, article.ID); err != nil {
		return view, err
	}
	if view.Linked, err = f.db.LinkedFrom(ctx, actor, article.ID, 0, linkedShown+1); err != nil {
		return view, err
	}
	if len(view.Linked) > linkedShown {
		view.Linked, view.MoreLinked = view.Linked[:linkedShown], true
	}
	if view.Trust, err = f.trust(ctx, actor, article); err != nil {
		return view, err
	}
	view.Asked = !detail.Archived && mayDoubt(actor, article)
	if view.Voice, err = f.db.ArticleVoice(ctx, actor, article); err != nil {
		return view, err
	}
	if view.Rights.Write && article.State == models.Published && parts.HasTasks(article.HTML) {
		collection, err := f.db.Collection(ctx, actor, article.CollectionID)
		if err != nil {
			return view, err
		}
		view.Rights.Tick = publishes(actor, collection) == nil
	}
	if view.Rights.Write {
		if view.Drafts, err = f.db.DraftsOf(ctx, actor, article.ID); err != nil {
			return view, err
		}
	}
	if view.Passages, err = f.beside(ctx, actor, models.PassagePlace{Article: article}); err != nil {
		return view, err
	}
	view.Versions, err = f.db.ArticleVersions(ctx, article.ID, 0, versionsShown)
	return view, err
}

// beside is what is said of the passages of a text and stands beside it.
func (f *Knowledge) beside(ctx context.Context, actor *models.Actor, place models.PassagePlace) (view views.Beside, err error) {
	markup, _ := place.Text()
	view.Place = place
	if view.Cards, err = f.passages(ctx, actor, place, false, 0, passagesBeside); err != nil || markup == "" {
		return view, err
	}
	view.MayRemark, err = f.mayRemark(ctx, actor, place)
	return view, err
}

// branches makes a tree of the articles under one of them, with 0 at the top.
func branches(nodes []models.ArticleNode, parent, current int64) (tree []views.Branch) {
	for _, node := range nodes {
		if node.ParentID != parent {
			continue
		}
		branch := views.Branch{ArticleNode: node, Current: node.ID == current, Branches: branches(nodes, node.ID, current)}
		branch.Open = len(branch.Branches) > 0
		tree = append(tree, branch)
	}
	return tree
}
