// Package handbooks takes knowledge out of the house, as a ZIP of Markdown that other programs read: the folders are the tree of the
// articles, links between them and to their files are relative. What the reader may not see is not in it, nor named in it. It takes such
// folders in, too, and what other wikis export: each is a form that says which files are articles and what they say as Markdown.
package handbooks

import (
	"context"
	"errors"
	"fmt"
	"io"

	"ruche/app/files"
	"ruche/models"
)

// Handbooks is the feature: its use cases.
type Handbooks struct {
	db    *models.DB
	files *files.Files
	base  string // the address of the house, before paths
}

// New returns the feature for a house with an address.
func New(db *models.DB, files *files.Files, base string) *Handbooks {
	return &Handbooks{db: db, files: files, base: base}
}

// Scope is what is taken out: an article with all that stands under it, or a collection, or with neither all that the actor may see.
type Scope struct {
	Article    int64
	Alone      bool // the article without what stands under it
	Collection int64
}

// ErrTooMuch is when there are more articles than one archive takes.
var ErrTooMuch = errors.New("more articles than one archive takes; export the collections one by one")

// Bounds: articles of one archive, whose names are all in memory, and how many of a kind one query asks for.
const (
	mostArticles = 200_000
	perQuery     = 500
	perBatch     = 100 // of whole texts
)

// Archive is what will be written, without its texts.
type Archive struct {
	house   *Handbooks
	actor   *models.Actor
	shelves []*shelf
	pages   []*page // each after the one that it stands under
	at      map[int64]*page
	told    func(done, total int) error
}

// shelf is a collection and its folder.
type shelf struct {
	*models.Collection
	folder string
}

// page is an article and where it lies.
type page struct {
	models.ArticleNode
	shelf  *shelf
	order  int    // among those beside it, from 1
	file   string // path in the archive
	folder string // of what stands under it
	under  []*page
}

// Gather finds out what the archive will hold, as the actor may see it: ErrNotFound for what they may not see or is not there.
func (h *Handbooks) Gather(ctx context.Context, actor *models.Actor, of Scope) (*Archive, error) {
	a := &Archive{house: h, actor: actor, at: map[int64]*page{}}
	switch {
	case of.Article != 0:
		return a, a.gatherArticle(ctx, of.Article, of.Alone)
	case of.Collection != 0:
		collection, err := h.db.Collection(ctx, actor, of.Collection)
		if err != nil {
			return nil, err
		}
		return a, a.gatherCollection(ctx, collection, folderOf(collection.Title, "collection", names{}))
	}
	return a, a.gatherAll(ctx)
}

// Pack gathers and writes an archive, and says what is in it; progress hears of every batch of articles.
func (h *Handbooks) Pack(ctx context.Context, actor *models.Actor, of models.Sieve, to io.Writer, progress func(done, total int) error) (*models.Archived, error) {
	a, err := h.Gather(ctx, actor, Scope{Article: of.ArticleID, Alone: of.Alone, Collection: of.CollectionID})
	if err != nil {
		return nil, err
	}
	a.told = progress
	return a.write(ctx, to)
}

// Articles tells how many articles the archive will hold.
func (a *Archive) Articles() int { return len(a.pages) }

func (a *Archive) gatherArticle(ctx context.Context, id int64, alone bool) error {
	article, err := a.house.db.Article(ctx, a.actor, id)
	if err != nil {
		return err
	}
	if article.State != models.Published {
		return fmt.Errorf("article %d is withdrawn: %w", id, models.ErrNotFound)
	}
	collection, err := a.house.db.Collection(ctx, a.actor, article.CollectionID)
	if err != nil {
		return err
	}
	top := models.ArticleNode{ID: article.ID, Position: article.Position, Title: article.Title, Lang: article.Lang, Parent: !alone}
	return a.grow(ctx, &shelf{collection, ""}, []models.ArticleNode{top})
}

func (a *Archive) gatherCollection(ctx context.Context, collection *models.Collection, folder string) error {
	own := &shelf{collection, folder}
	a.shelves = append(a.shelves, own)
	tops, err := a.house.db.ArticlesUnderThese(ctx, a.actor, collection.ID, nil, mostArticles+1)
	if err != nil {
		return err
	}
	return a.grow(ctx, own, tops)
}

func (a *Archive) gatherAll(ctx context.Context) error {
	taken := map[string]names{} // by space: a restricted collection lies beside the others
	for after := (*models.CollectionKey)(nil); ; {
		collections, next, err := a.house.db.Collections(ctx, a.actor, 0, after, perQuery)
		if err != nil {
			return err
		}
		for i := range collections {
			collection := &collections[i]
			space := a.actor.Access(collection.SpaceID).Slug
			if taken[space] == nil {
				taken[space] = names{}
			}
			folder := space + "/" + folderOf(collection.Title, "collection", taken[space])
			if err := a.gatherCollection(ctx, collection, folder); err != nil {
				return err
			}
		}
		if after = next; next == nil {
			return nil
		}
	}
}

// grow adds articles of a collection and all that stands under them, level by level, and then gives them their places.
func (a *Archive) grow(ctx context.Context, in *shelf, tops []models.ArticleNode) error {
	roots, level := a.add(in, tops, nil)
	for depth := 1; len(level) > 0 && depth <= models.MostLevels; depth++ {
		var below []*page
		for len(level) > 0 {
			if len(a.at) > mostArticles {
				return ErrTooMuch
			}
			some := level[:min(len(level), perQuery)]
			level = level[len(some):]
			ids := make([]int64, len(some))
			for i, parent := range some {
				ids[i] = parent.ID
			}
			nodes, err := a.house.db.ArticlesUnderThese(ctx, a.actor, in.ID, ids, mostArticles+1)
			if err != nil {
				return err
			}
			_, parents := a.add(in, nodes, a.at)
			below = append(below, parents...)
		}
		level = below
	}
	if len(a.at) > mostArticles {
		return ErrTooMuch
	}
	a.lay(roots, in.folder, names{})
	return nil
}

// add takes articles up under those that are there, and returns them and those of them that others stand under.
func (a *Archive) add(in *shelf, nodes []models.ArticleNode, above map[int64]*page) (added, parents []*page) {
	for _, node := range nodes {
		made := &page{ArticleNode: node, shelf: in, order: len(added) + 1}
		if parent := above[node.ParentID]; parent != nil {
			parent.under = append(parent.under, made)
			made.order = len(parent.under)
		}
		a.at[node.ID] = made
		added = append(added, made)
		if node.Parent {
			parents = append(parents, made)
		}
	}
	return added, parents
}

// lay gives the articles of one folder, and what stands under them, their files.
func (a *Archive) lay(pages []*page, folder string, taken names) {
	for _, one := range pages {
		name := folderOf(one.Title, "article", taken)
		one.folder = joined(folder, name)
		one.file = one.folder + ".md"
		if len(one.under) > 0 {
			one.file = one.folder + "/index.md"
		}
		a.pages = append(a.pages, one)
		a.lay(one.under, one.folder, names{})
	}
}
