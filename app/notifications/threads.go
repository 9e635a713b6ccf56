package notifications

import (
	"ruche/models"
)

// inThread tells of a thread that was begun, and of an answer that was accepted whoever gave it.
func inThread(tx *models.Tx, e *models.Event, notice models.Notice) error {
	notice.IdeaID, notice.ThreadID = 0, e.SubjectID
	if e.Verb == models.ThreadBegun {
		return begun(tx, e, notice)
	}
	var data struct{ Post int64 }
	if err := e.Decode(&data); err != nil {
		return err
	}
	post, err := tx.RecordedPost(data.Post)
	if err != nil {
		return err
	}
	scene, err := tx.SceneOfThread(e.SubjectID, e.ActorID)
	if err != nil {
		return err
	}
	notice.Kind, notice.PostID = models.NoticeSolved, &post.ID
	_, err = hear(tx, notice, scene, []int64{post.AuthorID}, []int64{e.ActorID})
	return err
}

// begun tells of a thread those whom its text names, and those who follow what is new there.
func begun(tx *models.Tx, e *models.Event, notice models.Notice) error {
	post, err := tx.OpeningPost(e.SubjectID)
	if err != nil {
		return err
	}
	scene, err := tx.SceneOfThread(e.SubjectID, post.AuthorID)
	if err != nil {
		return err
	}
	told, err := mention(tx, e, post.Body, notice, scene)
	if err != nil {
		return err
	}
	notice.Kind = models.NoticeThread
	return tx.NotifyBegun(notice, scene, told)
}

// posted tells each person once of a post in a thread, by the nearest reason: named, answered, following.
func posted(tx *models.Tx, e *models.Event, post *models.Post, notice models.Notice) error {
	notice.IdeaID, notice.ThreadID = 0, *post.ThreadID
	scene, err := tx.SceneOfThread(*post.ThreadID, post.AuthorID)
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
	notice.Kind = models.NoticePost
	return tx.NotifyPost(notice, scene, told)
}
