package models

import "slices"

// ImportedArticle is an article with what came of storing it. Linked tells that its text names others by their ids since.
type ImportedArticle struct {
	*Article
	Linked bool
}

// ImportArticles adds articles in their own past, without events, as their first versions; see SettleArticles. The articles that they
// stand under come before them.
func (tx *Tx) ImportArticles(articles []*Article) error {
	for _, article := range articles {
		article.State, article.Version = Published, 1
	}
	return tx.insertAll(articles)
}

// SettleArticles adds what belongs to imported articles that are all there now: the texts that name each other, versions, tags, counts.
func (tx *Tx) SettleArticles(imported []ImportedArticle) error {
	var versions []*ArticleVersion
	var tags []*articleTag
	counts := map[int64]int{}
	for _, one := range imported {
		article := one.Article
		if one.Linked {
			if _, err := tx.exec("UPDATE articles SET body = ?, html = ? WHERE id = ?", article.Body, article.HTML, article.ID); err != nil {
				return err
			}
		}
		versions = append(versions, &ArticleVersion{ArticleID: article.ID, Number: 1, EditorID: article.EditorID, Title: article.Title, Body: article.Body, Tags: article.Tags, CreatedAt: article.EditedAt})
		for _, tag := range article.Tags {
			tags = append(tags, &articleTag{Tag: tag, SpaceID: article.SpaceID, ArticleID: article.ID})
		}
		counts[article.CollectionID]++
	}
	if err := tx.insertAll(versions); err != nil {
		return err
	}
	if err := tx.insertAll(tags); err != nil {
		return err
	}
	collections := make([]int64, 0, len(counts))
	for id := range counts {
		collections = append(collections, id)
	}
	slices.Sort(collections)
	for _, id := range collections {
		if err := tx.countArticles(id, counts[id]); err != nil {
			return err
		}
	}
	return nil
}

// articleTag is a row that other code writes one by one in SQL.
type articleTag struct {
	Tag       string
	SpaceID   int64
	ArticleID int64
}
