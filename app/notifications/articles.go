package notifications

import (
	"slices"

	"ruche/models"
)

// postedUnder tells each person once of a post under an article, by the nearest reason: named, answered, following.
func postedUnder(tx *models.Tx, e *models.Event, post *models.Post, notice models.Notice) error {
	notice.IdeaID, notice.ArticleID = 0, *post.ArticleID
	scene, err := tx.SceneOfArticle(*post.ArticleID, post.AuthorID)
	if err != nil {
		return err
	}
	told, err := mention(tx, e, post.Body, notice, scene)
	if err != nil {
		return err
	}
	if post.ParentID != nil {
		if told, err = reply(tx, *post.ParentID, notice, scene, told); err != nil {
			return err
		}
	}
	notice.Kind = models.NoticeComment
	return tx.NotifyPost(notice, scene, told)
}

// writtenDown tells of a text of an article those whom it names and the one before it did not, and of another text than the first one
// those who follow the article.
func writtenDown(tx *models.Tx, e *models.Event, notice models.Notice) error {
	notice.IdeaID, notice.ArticleID = 0, e.SubjectID
	scene, err := tx.SceneOfArticle(e.SubjectID, e.ActorID)
	if err != nil {
		return err
	}
	saved := struct{ Version int }{1}
	if err := e.Decode(&saved); err != nil || saved.Version == 0 {
		return err
	}
	version, err := tx.ArticleVersion(tx.Context(), e.SubjectID, saved.Version)
	if err != nil {
		return err
	}
	if saved.Version == 1 {
		_, err = mention(tx, e, version.Body, notice, scene)
		return err
	}
	before, err := tx.ArticleVersion(tx.Context(), e.SubjectID, saved.Version-1)
	if err != nil {
		return err
	}
	known := namedIn(before.Body)
	told, err := call(tx, e, slices.DeleteFunc(namedIn(version.Body), func(id int64) bool { return slices.Contains(known, id) }), notice, scene)
	if err != nil {
		return err
	}
	notice.Kind = models.NoticeVersion
	return tx.NotifyVersion(notice, scene, told)
}
