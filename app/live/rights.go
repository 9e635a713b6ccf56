package live

import "ruche/models"

// changesRights tells whether an event may change what many people see.
func changesRights(verb string) bool {
	switch verb {
	case models.MemberAdded, models.MemberRemoved, models.SpaceEdited, models.SpaceGroupSet, models.SpaceGroupEnded, models.GroupDeleted, models.GroupRestored,
		models.SpaceArchived, models.SpaceReopened, models.SpaceHandedOver, models.SpaceTakenOver,
		models.CollectionRestricted, models.CollectionOpened, models.ReaderChosen, models.ReaderEnded:
		return true
	}
	return false
}

// changesRightsOf are the people of whom alone an event may change what they see; all if the event does not name them.
func changesRightsOf(e *models.Event) (people []int64, all bool) {
	switch e.Verb {
	case models.UserSignedOut, models.SessionEnded, models.UserEdited, models.UserDisabled, models.OwnerLinkCreated, models.UserRuled, models.UserRoleChanged, models.UserTermsSet, models.SessionsEnded:
		return []int64{e.SubjectID}, false
	case models.UserMerged, models.UserParted:
		var merge models.MergeRecord
		unread := e.Decode(&merge) != nil
		return []int64{e.SubjectID, merge.Gone}, unread
	case models.MemberJoined, models.MemberLeft, models.MemberReturned:
		return []int64{e.ActorID}, false
	case models.RequestGranted:
		var about struct {
			User int64 `json:"user"`
		}
		return []int64{about.User}, e.Decode(&about) != nil || about.User == 0
	case models.GroupEdited:
		var change models.GroupChange
		if e.Decode(&change) != nil || change.Many > 0 {
			return nil, true
		}
		return append(change.Joined, change.Left...), false
	}
	return nil, false
}
