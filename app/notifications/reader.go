package notifications

import (
	"errors"
	"slices"
	"strings"

	"ruche/app/text"
	"ruche/models"
)

// Name is the reader's cursor.
func (n *Notifications) Name() string { return "notifications" }

// Batch is how many events are read in one transaction: each may write a notice for the ten thousand people who watch a space, which
// takes up to a third of a second.
func (n *Notifications) Batch() int { return 4 }

// Read turns events into notices.
func (n *Notifications) Read(tx *models.Tx, events []models.Event) error {
	for i := range events {
		if err := notify(tx, &events[i]); err != nil && !errors.Is(err, models.ErrNotFound) {
			return err // what is gone since needs no notice
		}
	}
	return nil
}

func notify(tx *models.Tx, e *models.Event) error {
	if imported, err := imported(e); err != nil || imported {
		return err
	}
	notice := models.Notice{ActorID: e.ActorID, IdeaID: e.SubjectID, CreatedAt: e.At}
	switch e.Verb {
	case models.IdeaPosted:
		return proposed(tx, e, notice)
	case models.IdeaSupported:
		idea, err := tx.RecordedIdea(notice.IdeaID)
		if err != nil {
			return err
		}
		if hidden, err := tx.HidesSupports(idea); err != nil || hidden {
			return err
		}
		notice.Kind = models.NoticeSupport
		return tx.NotifyAuthor(notice)
	case models.IdeaStaged:
		notice.Kind = models.NoticeStage
		if e.ActorID == 0 { // by itself; the notice names the author, as that of an idea that is back does
			idea, err := tx.RecordedIdea(notice.IdeaID)
			if err != nil {
				return err
			}
			notice.ActorID = idea.AuthorID
		}
		return tx.NotifyFollowers(notice, []int64{e.ActorID})
	case models.IdeaAuthorAsked, models.IdeaAuthorRemoved:
		return toCoAuthor(tx, e, notice)
	case models.IdeaAuthorJoined, models.IdeaAuthorDeclined, models.IdeaAuthorLeft:
		return toLead(tx, e, notice)
	case models.IdeaAnswered:
		notice.Kind = models.NoticeAnswered
		return tx.NotifyAnswered(notice)
	case models.IdeaReopened:
		notice.Kind = models.NoticeReopened
		return tx.NotifyReopened(notice)
	case models.ProjectReported:
		return reported(tx, e, notice)
	case models.ThanksAnnounced:
		return thanked(tx, e, notice)
	case models.AmendmentProposed:
		notice.Kind = models.NoticeAmendment
		return toWriters(tx, e, notice)
	case models.IdeaMergeProposed, models.IdeaMergeRefused, models.IdeaMergeEnded, models.IdeaMerged:
		return merged(tx, e, notice)
	case models.IdeaEdited, models.AmendmentDeclined:
		return toAmender(tx, e, notice)
	case models.ArticleWritten, models.ArticleEdited:
		return writtenDown(tx, e, notice)
	case models.GatheringPlanned, models.GatheringEdited, models.GatheringCancelled, models.GatheringResumed, models.GatheringAdvanced, models.GatheringNear:
		return gathered(tx, e, notice)
	case models.ThreadBegun, models.ThreadSolved:
		return inThread(tx, e, notice)
	case models.PostPosted:
		return commented(tx, e, notice)
	}
	return nil
}

// imported tells whether a file brought what an event is about: people have read it where it comes from.
func imported(e *models.Event) (bool, error) {
	var data struct{ Import int64 }
	if e.Verb != models.IdeaPosted && e.Verb != models.PostPosted {
		return false, nil
	}
	err := e.Decode(&data)
	return data.Import != 0, err
}

// proposed tells of an idea those whom its text names, and those who follow what is new there.
func proposed(tx *models.Tx, e *models.Event, notice models.Notice) error {
	idea, err := tx.RecordedIdea(e.SubjectID)
	if err != nil {
		return err
	}
	scene := idea.SceneOf(idea.AuthorID)
	told, err := mention(tx, e, idea.Body, notice, scene)
	if err != nil {
		return err
	}
	notice.Kind = models.NoticeIdea
	return tx.NotifyBegun(notice, scene, told)
}

// toCoAuthor tells whoever was asked to sign an idea, or was removed from those who do.
func toCoAuthor(tx *models.Tx, e *models.Event, notice models.Notice) error {
	var data struct{ User int64 }
	if err := e.Decode(&data); err != nil {
		return err
	}
	people, err := tx.KnownPeople([]int64{data.User})
	if err != nil {
		return err
	}
	notice.Kind = models.NoticeAuthorAsked
	if e.Verb == models.IdeaAuthorRemoved {
		notice.Kind = models.NoticeAuthorRemoved
	}
	_, err = tell(tx, notice, people, []int64{e.ActorID})
	return err
}

// toLead tells whoever leads an idea what became of a question to sign it.
func toLead(tx *models.Tx, e *models.Event, notice models.Notice) error {
	idea, err := tx.RecordedIdea(e.SubjectID)
	if err != nil {
		return err
	}
	lead, err := tx.IdeaLead(tx.Context(), idea)
	if err != nil || lead == 0 {
		return err
	}
	notice.Kind = map[string]models.Kind{
		models.IdeaAuthorJoined: models.NoticeAuthorJoined, models.IdeaAuthorDeclined: models.NoticeAuthorDeclined, models.IdeaAuthorLeft: models.NoticeAuthorLeft,
	}[e.Verb]
	_, err = tell(tx, notice, []int64{lead}, []int64{e.ActorID})
	return err
}

// reported tells those who follow an idea that there is news of its project.
func reported(tx *models.Tx, e *models.Event, notice models.Notice) error {
	idea, err := tx.IdeaOfProject(e.SubjectID)
	if err != nil {
		return err
	}
	notice.Kind, notice.IdeaID = models.NoticeProject, idea.ID
	return tx.NotifyFollowers(notice, []int64{e.ActorID})
}

// thanked tells those who had a part in an idea that it is carried out, thanks to them.
func thanked(tx *models.Tx, e *models.Event, notice models.Notice) error {
	idea, err := tx.IdeaOfProject(e.SubjectID)
	if err != nil {
		return err
	}
	root := idea.ID
	if idea.MergedIntoID != nil {
		root = *idea.MergedIntoID
	}
	notice.Kind, notice.IdeaID = models.NoticeThanks, idea.ID
	return tx.NotifyThanked(notice, root, e.SubjectID)
}

// merged tells whom it concerns what becomes of an idea that is to go on in another one.
func merged(tx *models.Tx, e *models.Event, notice models.Notice) error {
	var data struct{ Merge int64 }
	if err := e.Decode(&data); err != nil {
		return err
	}
	merge, err := tx.RecordedMerge(data.Merge)
	if err != nil {
		return err
	}
	if notice.ActorID == 0 { // its day had come
		notice.ActorID = merge.ProposedBy
	}
	switch e.Verb {
	case models.IdeaMergeProposed:
		notice.Kind = models.NoticeMergeAsked
		return toWriters(tx, e, notice)
	case models.IdeaMergeRefused:
		people, err := tx.KnownPeople([]int64{merge.ProposedBy})
		if err != nil {
			return err
		}
		notice.Kind = models.NoticeMergeRefused
		_, err = tell(tx, notice, people, []int64{e.ActorID})
		return err
	case models.IdeaMergeEnded:
		if merge.MergedAt == nil {
			return nil // it never came about
		}
		notice.Kind = models.NoticeIdeaParted
		return tx.NotifyMerged(notice)
	}
	notice.Kind = models.NoticeIdeaMerged
	if err := tx.NotifyMerged(notice); err != nil {
		return err
	}
	notice.Kind, notice.IdeaID = models.NoticeIdeaJoined, merge.IntoID
	return tx.NotifyAuthor(notice)
}

// toWriters tells those who sign an idea what somebody proposes for it.
func toWriters(tx *models.Tx, e *models.Event, notice models.Notice) error {
	idea, err := tx.RecordedIdea(e.SubjectID)
	if err != nil {
		return err
	}
	cards, err := tx.CoAuthors(tx.Context(), idea)
	if err != nil {
		return err
	}
	writers := []int64{idea.AuthorID}
	for i := range cards {
		writers = append(writers, cards[i].UserID)
	}
	if writers, err = tx.KnownPeople(writers); err != nil {
		return err
	}
	_, err = tell(tx, notice, writers, []int64{e.ActorID})
	return err
}

// toAmender tells whoever proposed a text what became of it. Of other edits nobody is told.
func toAmender(tx *models.Tx, e *models.Event, notice models.Notice) error {
	var data struct{ Amender int64 }
	if err := e.Decode(&data); err != nil || data.Amender == 0 {
		return err
	}
	people, err := tx.KnownPeople([]int64{data.Amender})
	if err != nil {
		return err
	}
	notice.Kind = models.NoticeAmendmentAccepted
	if e.Verb == models.AmendmentDeclined {
		notice.Kind = models.NoticeAmendmentRejected
	}
	_, err = tell(tx, notice, people, []int64{e.ActorID})
	return err
}

// commented tells each person once, by the nearest reason: named, answered, following.
func commented(tx *models.Tx, e *models.Event, notice models.Notice) error {
	comment, err := tx.RecordedPost(e.SubjectID)
	if err != nil {
		return err
	}
	notice.PostID = &comment.ID
	if comment.ThreadID != nil {
		return posted(tx, e, comment, notice)
	}
	if comment.ArticleID != nil {
		return postedUnder(tx, e, comment, notice)
	}
	if comment.GatheringID != nil {
		return saidAt(tx, e, comment, notice)
	}
	notice.IdeaID = *comment.IdeaID
	idea, err := tx.RecordedIdea(notice.IdeaID)
	if err != nil {
		return err
	}
	scene := idea.SceneOf(comment.AuthorID)
	told, err := mention(tx, e, comment.Body, notice, scene)
	if err != nil {
		return err
	}
	if comment.ParentID != nil {
		if told, err = reply(tx, *comment.ParentID, notice, scene, told); err != nil {
			return err
		}
	}
	notice.Kind = models.NoticeComment
	return tx.NotifyPost(notice, scene, told)
}

func reply(tx *models.Tx, parentID int64, notice models.Notice, scene models.Scene, told []int64) ([]int64, error) {
	parent, err := tx.RecordedPost(parentID)
	if err != nil {
		return told, err
	}
	people, err := tx.KnownPeople([]int64{parent.AuthorID})
	if err != nil {
		return told, err
	}
	notice.Kind = models.NoticeReply
	return hear(tx, notice, scene, people, told)
}

// mention tells those whom a text names, and the people of the groups that it calls. Nobody hears of a space that they do not see.
func mention(tx *models.Tx, e *models.Event, markdown string, notice models.Notice, scene models.Scene) (told []int64, err error) {
	return call(tx, e, namedIn(markdown), notice, scene)
}

// namedIn are the people whom a text names.
func namedIn(markdown string) []int64 {
	if !strings.Contains(markdown, "](/people/") {
		return nil
	}
	rendered, err := text.Render(markdown, text.Comment, nil)
	if err != nil {
		return nil // too complex to have been published; imports may hold such a text
	}
	return rendered.Mentions
}

// call tells some people that they are named, as mention does.
func call(tx *models.Tx, e *models.Event, named []int64, notice models.Notice, scene models.Scene) (told []int64, err error) {
	told, notice.Kind = []int64{e.ActorID}, models.NoticeMention
	if len(named) > 0 {
		people, err := tx.KnownPeople(named)
		if err == nil {
			people, err = tx.Seeing(e.SpaceID, people)
		}
		if err == nil {
			told, err = hear(tx, notice, scene, people, told)
		}
		if err != nil {
			return told, err
		}
	}
	var calling models.Calling
	if err := e.Decode(&calling); err != nil || len(calling.Groups) == 0 {
		return told, err
	}
	return tx.NotifyGroups(notice, scene, calling.Groups, told)
}

// hear is tell for what is only said to people, who may have muted where or by whom it is.
func hear(tx *models.Tx, notice models.Notice, scene models.Scene, people, told []int64) ([]int64, error) {
	people, err := tx.Hearing(scene, people)
	if err != nil {
		return told, err
	}
	return tell(tx, notice, people, told)
}

// tell notifies those of people who have not been told yet, and returns all who have.
func tell(tx *models.Tx, notice models.Notice, people, told []int64) ([]int64, error) {
	for _, id := range people {
		if slices.Contains(told, id) {
			continue
		}
		notice.UserID = id
		if err := tx.Notify(notice); err != nil {
			return told, err
		}
		told = append(told, id)
	}
	return told, nil
}
