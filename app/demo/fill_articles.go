package demo

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"ruche/app/text"
	"ruche/models"
)

// tellKnowledge adds what people write down to the story.
func (f *filler) tellKnowledge(tell func(Age, string, moving)) {
	for i := range f.company.Shelves {
		shelf, made := &f.company.Shelves[i], &models.Collection{}
		tell(shelf.Ago, "the collection "+shelf.Title, f.shelves(shelf, made))
		written := map[string]*models.Article{}
		for j := range shelf.Articles {
			a := &shelf.Articles[j]
			written[a.Key] = &models.Article{}
			f.articles[a.Key] = written[a.Key]
			tell(a.Ago, a.By+" writes "+a.Key, f.writes(a, made, written[a.Key], written[a.Under]))
			for _, edit := range a.Edits {
				tell(edit.Ago, edit.By+" edits "+a.Key, f.corrects(a, edit, written[a.Key]))
			}
			said := map[string]*models.Post{}
			for _, s := range a.Talk {
				said[s.Key] = &models.Post{Lang: cmp.Or(s.Lang, a.Lang)}
				tell(s.Ago, s.By+" writes under "+a.Key, f.saysUnder(func() models.About { return models.About{Article: written[a.Key].ID} }, s, said[s.Key], said[s.Answers]))
			}
			if v := a.Verified; v != nil {
				tell(v.Ago, v.By+" verifies "+a.Key, f.verifies(v, written[a.Key]))
			}
		}
		for j := range shelf.Terms {
			t := &shelf.Terms[j]
			tell(t.Ago, t.By+" defines "+t.Word, f.defines(t, made, written[t.Article]))
		}
	}
}

func (f *filler) shelves(shelf *Shelf, made *models.Collection) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, shelf.By)
		if err != nil {
			return err
		}
		space := f.spaces[shelf.Space]
		if !actor.Can(models.ArrangeCollections, space) {
			return models.ErrForbidden
		}
		*made = models.Collection{SpaceID: space.ID, Title: shelf.Title, Description: shelf.About}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.CreateCollection(made); err != nil {
				return err
			}
			return tx.Record(models.CollectionCreated, made, nil)
		})
	}
}

func (f *filler) writes(a *Article, in *models.Collection, article, under *models.Article) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.writer(ctx, a.By, in.SpaceID)
		if err != nil {
			return err
		}
		article.AuthorID, article.Title, article.Lang = actor.ID, a.Title, a.Lang
		if article.Tags, err = models.ParseTags(a.Tags...); err != nil {
			return err
		}
		if under != nil {
			article.ParentID = &under.ID
		}
		if err := f.sets(article, a.Body); err != nil {
			return err
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.CreateArticle(in, article, ""); err != nil {
				return err
			}
			return tx.Record(models.ArticleWritten, article, nil)
		})
	}
}

func (f *filler) defines(t *Term, in *models.Collection, article *models.Article) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.writer(ctx, t.By, in.SpaceID)
		if err != nil {
			return err
		}
		rendered, err := text.Render(t.Means, text.Comment, f.known)
		if err != nil {
			return err
		}
		term := &models.Term{SpaceID: in.SpaceID, Word: t.Word, Also: t.Also, Lang: t.Lang, Definition: t.Means, HTML: rendered.HTML, Everywhere: t.Everywhere}
		if article != nil {
			term.ArticleID = &article.ID
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.CreateTerm(term); err != nil {
				return err
			}
			return tx.Record(models.TermDefined, term, nil)
		})
	}
}

func (f *filler) verifies(v *ArticleVerified, article *models.Article) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.writer(ctx, v.By, article.SpaceID)
		if err != nil {
			return err
		}
		if err := actor.MayTrust(article); err != nil {
			return err
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if _, err := tx.VerifyArticle(article, article.Version, v.Months, time.UTC); err != nil {
				return err
			}
			return tx.Record(models.ArticleVerified, article, nil)
		})
	}
}

func (f *filler) corrects(a *Article, edit ArticleEdit, article *models.Article) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.writer(ctx, edit.By, article.SpaceID)
		if err != nil {
			return err
		}
		body := article.Body
		for _, r := range edit.Replace {
			if strings.Count(body, r.Old) != 1 {
				return fmt.Errorf("article %s: %q does not stand there once", a.Key, r.Old)
			}
			body = strings.Replace(body, r.Old, r.New, 1)
		}
		if err := f.sets(article, body); err != nil {
			return err
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.EditArticle(article, article.Version, tx.Actor().ID, edit.Note); err != nil {
				return err
			}
			return tx.Record(models.ArticleEdited, article, map[string]any{"title": article.Title, "version": article.Version})
		})
	}
}

// saysUnder is something that somebody says about an article.
func (f *filler) saysUnder(about func() models.About, s Said, post, answered *models.Post) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, s.By)
		if err != nil {
			return err
		}
		if post.AuthorID = actor.ID; answered != nil {
			post.ParentID = &answered.ID
		}
		if _, err := f.renders(post, s.Body, text.Comment); err != nil {
			return err
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			place, err := tx.LockPlace(about())
			if err != nil {
				return err
			}
			if err := tx.MayWriteIn(place); err != nil {
				return err
			}
			if err := tx.CreatePost(place, post); err != nil {
				return err
			}
			return tx.Record(models.PostPosted, post.In(place.SpaceID()), place.About())
		})
	}
}

// writer is a person who may write articles in a space.
func (f *filler) writer(ctx context.Context, key string, spaceID int64) (*models.Actor, error) {
	actor, err := f.actor(ctx, key)
	if err == nil && !actor.Can(models.WriteArticle, &models.Space{ID: spaceID}) {
		err = fmt.Errorf("%s may not %s: %w", key, models.WriteArticle, models.ErrForbidden)
	}
	return actor, err
}

// sets gives an article a text.
func (f *filler) sets(article *models.Article, body string) (err error) {
	if article.Body, err = f.resolve(strings.TrimSpace(body)); err != nil {
		return err
	}
	rendered, err := text.Render(article.Body, text.Body, f.known)
	if err != nil {
		return err
	}
	article.HTML, article.Summary, article.Words = rendered.HTML, rendered.Summary, len(strings.Fields(rendered.Plain))
	article.SetHeadings(rendered.Headings)
	return nil
}
