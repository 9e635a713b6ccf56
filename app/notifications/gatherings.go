package notifications

import (
	"slices"

	"ruche/models"
)

// saidAt tells each person once of a post under a gathering, by the nearest reason: named, answered, following.
func saidAt(tx *models.Tx, e *models.Event, post *models.Post, notice models.Notice) error {
	notice.IdeaID, notice.GatheringID = 0, *post.GatheringID
	scene, err := tx.SceneOfGathering(*post.GatheringID, post.AuthorID)
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

// gathered tells of a gathering those whom its text names anew, and those who come of what becomes of it.
func gathered(tx *models.Tx, e *models.Event, notice models.Notice) error {
	g, err := tx.RecordedGathering(e.SubjectID)
	if err != nil {
		return err
	}
	notice.IdeaID, notice.GatheringID = 0, g.ID
	if notice.ActorID == 0 || e.Verb == models.GatheringAdvanced { // by itself; the notice names whoever planned it
		notice.ActorID = g.AuthorID
	}
	switch e.Verb {
	case models.GatheringPlanned, models.GatheringEdited:
		return announced(tx, e, g, notice)
	case models.GatheringCancelled:
		notice.Kind = models.NoticeCancelled
		return tx.NotifyComing(notice, g.SpaceID)
	case models.GatheringResumed:
		notice.Kind = models.NoticeResumed
		return tx.NotifyComing(notice, g.SpaceID)
	case models.GatheringNear:
		if g.CancelledAt != nil {
			return nil
		}
		notice.Kind = models.NoticeNear
		return tx.NotifyNear(notice, g.SpaceID)
	case models.GatheringAdvanced:
		var advanced models.Advanced
		if err := e.Decode(&advanced); err != nil {
			return err
		}
		people, err := tx.KnownPeople(advanced.Users)
		if err == nil {
			people, err = tx.Seeing(e.SpaceID, people)
		}
		if err != nil {
			return err
		}
		notice.Kind = models.NoticePlace
		_, err = tell(tx, notice, people, nil)
		return err
	}
	return nil
}

// announced tells those whom a text of a gathering names and the one before it did not and, where it takes place at another time or elsewhere,
// those who come.
func announced(tx *models.Tx, e *models.Event, g *models.Gathering, notice models.Notice) error {
	said := struct {
		Version int
		Moved   bool
	}{Version: 1}
	if err := e.Decode(&said); err != nil || said.Version == 0 {
		return err
	}
	scene, err := tx.SceneOfGathering(g.ID, e.ActorID)
	if err != nil {
		return err
	}
	version, err := tx.GatheringVersion(tx.Context(), g.ID, said.Version)
	if err != nil {
		return err
	}
	named := namedIn(version.Body)
	if said.Version > 1 {
		before, err := tx.GatheringVersion(tx.Context(), g.ID, said.Version-1)
		if err != nil {
			return err
		}
		known := namedIn(before.Body)
		named = slices.DeleteFunc(named, func(id int64) bool { return slices.Contains(known, id) })
	}
	if _, err := call(tx, e, named, notice, scene); err != nil || !said.Moved {
		return err
	}
	notice.Kind = models.NoticeMoved
	return tx.NotifyComing(notice, g.SpaceID)
}
