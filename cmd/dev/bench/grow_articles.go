package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ruche/models"
)

// Articles of a grown house: as many as ideas, fifty in a collection, of which one has many versions at every size; each leads to
// another, and many to that one.
const (
	perCollection = 50
	topArticles   = 10 // of a collection; the others stand under them
	oldArticle    = "banc-ancien"
	oldVersions   = 2000
	oldLinked     = 20 // one article in so many leads to it
)

// addKnowledge has people write down as much as they propose.
func (g *grower) addKnowledge(ctx context.Context) error {
	var shelves []*models.Collection
	err := g.db.Tx(ctx, nil, func(tx *models.Tx) error {
		for n := range max(1, g.size/perCollection) {
			shelf := &models.Collection{SpaceID: g.spaces[g.weighted()].ID, Title: fmt.Sprintf("Recueil %04d", n)}
			if n == 0 {
				shelf.SpaceID = g.spaces[0].ID
			}
			if err := tx.CreateCollection(shelf); err != nil {
				return err
			}
			shelves = append(shelves, shelf)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("collections: %w", err)
	}
	old, err := g.addOldArticle(ctx, shelves[0])
	if err != nil {
		return fmt.Errorf("the old article: %w", err)
	}
	for first := 0; first < len(shelves); first += growBatch / perCollection {
		some := shelves[first:min(first+growBatch/perCollection, len(shelves))]
		if err := g.db.Tx(ctx, nil, func(tx *models.Tx) error { return g.addArticles(tx, first, some, old) }); err != nil {
			return fmt.Errorf("articles of the collections from %d: %w", first, err)
		}
	}
	return nil
}

func (g *grower) addArticles(tx *models.Tx, first int, shelves []*models.Collection, old int64) error {
	var levels [2][]*models.Article
	for i, shelf := range shelves {
		for n := range perCollection {
			level := min(n/topArticles, 1)
			levels[level] = append(levels[level], g.article((first+i)*perCollection+n, shelf))
		}
	}
	if err := tx.ImportArticles(levels[0]); err != nil {
		return err
	}
	for i, article := range levels[1] {
		shelf := i / (perCollection - topArticles)
		article.ParentID = &levels[0][shelf*topArticles+i%topArticles].ID
	}
	if err := tx.ImportArticles(levels[1]); err != nil {
		return err
	}
	var imported []models.ImportedArticle
	var events []models.Event
	var texts []models.LinkedText
	for _, level := range levels {
		for _, article := range level {
			imported = append(imported, models.ImportedArticle{Article: article})
			events = append(events, models.Event{At: article.CreatedAt, Verb: models.ArticleWritten, ActorID: article.AuthorID, SpaceID: article.SpaceID, Subject: "article", SubjectID: article.ID})
			leads := []models.TextLink{{Target: models.TargetArticle, ID: levels[0][len(texts)%len(levels[0])].ID}}
			if len(texts)%oldLinked == 0 {
				leads = append(leads, models.TextLink{Target: models.TargetArticle, ID: old})
			}
			texts = append(texts, models.LinkedText{ArticleID: article.ID, Leads: leads})
		}
	}
	if err := tx.SettleArticles(imported); err != nil {
		return err
	}
	if err := tx.Refer(texts); err != nil {
		return err
	}
	return tx.RecordAll(events)
}

func (g *grower) article(n int, shelf *models.Collection) *models.Article {
	s, author, at := g.material.idea(n+13), g.person().ID, g.end.Add(-time.Duration(n)*time.Minute)
	return &models.Article{
		SpaceID: shelf.SpaceID, CollectionID: shelf.ID, Position: int64(n+1) << 20, Title: s.title, Summary: s.summary, Body: s.markdown, HTML: s.html, Words: len(strings.Fields(s.plain)), Lang: s.lang,
		Tags: s.tags, AuthorID: author, EditorID: author, CreatedAt: at, EditedAt: at,
	}
}

// addOldArticle writes an article of the first collection again and again.
func (g *grower) addOldArticle(ctx context.Context, shelf *models.Collection) (id int64, err error) {
	actor, err := g.db.ActorByID(ctx, g.people[benchPeople].ID)
	if err != nil {
		return 0, err
	}
	name := oldArticle
	article := g.article(0, shelf)
	article.Title, article.AuthorID, article.ImportRef = "Le vieil article du banc d’essai", actor.ID, &name
	err = g.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateArticle(shelf, article, ""); err != nil {
			return err
		}
		for n := range oldVersions - 1 {
			article.Body = g.material.idea(n/20).markdown + fmt.Sprintf("\n\nVersion %d.", n)
			if err := tx.EditArticle(article, article.Version, tx.Actor().ID, ""); err != nil {
				return err
			}
		}
		return tx.Record(models.ArticleWritten, article, nil)
	})
	return article.ID, err
}
