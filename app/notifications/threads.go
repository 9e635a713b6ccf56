package notifications

import (
	"ruche/models"
)

// inThread tells of a thread that was begun those whom its text names, and of an answer that was accepted whoever gave it.
func inThread(tx *models.Tx, e *models.Event, notice models.Notice) error {
	notice.IdeaID, notice.ThreadID = 0, e.SubjectID
	if e.Verb == models.ThreadBegun {
		post, err := tx.OpeningPost(e.SubjectID)
		if err != nil {
			return err
		}
		_, err = mention(tx, e, post.Body, notice)
		return err
	}
	var data struct{ Post int64 }
	if err := e.Decode(&data); err != nil {
		return err
	}
	post, err := tx.RecordedPost(data.Post)
	if err != nil {
		return err
	}
	notice.Kind, notice.PostID = models.NoticeSolved, &post.ID
	_, err = tell(tx, notice, []int64{post.AuthorID}, []int64{e.ActorID})
	return err
}

// posted tells each person once of a post in a thread, by the nearest reason: named, answered, following.
func posted(tx *models.Tx, e *models.Event, post *models.Post, notice models.Notice) error {
	notice.IdeaID, notice.ThreadID = 0, *post.ThreadID
	told, err := mention(tx, e, post.Body, notice)
	if err != nil {
		return err
	}
	if post.ParentID != nil {
		if told, err = reply(tx, *post.ParentID, notice, told); err != nil {
			return err
		}
	}
	notice.Kind = models.NoticePost
	return tx.NotifyThread(notice, told)
}
