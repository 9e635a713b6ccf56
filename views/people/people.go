// Package people shows who someone is and the ideas they have brought.
package people

import (
	"strconv"

	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/i18n"
)

// Profile is a person as the reader may know them.
type Profile struct {
	Person *models.User
	Actor  *models.Actor
	Ideas  []models.IdeaCard // those that the reader may see, newest first
	Next   *models.IdeaKey
	Later  bool               // not the first page
	Level  models.FollowLevel // at which the reader follows them
	Knows  templ.Component    // what they know about; nil for nothing
}

// mayFollow tells whether the reader can say how closely they follow the person: not themselves.
func (p Profile) mayFollow() bool { return p.Actor.SignedIn() && p.Actor.ID != p.Person.ID }

// facts are what the directory says of a person.
func facts(l *i18n.Locale, u *models.User) []string {
	var facts []string
	if !u.External() { // the mark beside the name says so
		facts = append(facts, l.T("users.role."+string(u.Role)))
	}
	for _, fact := range []string{u.Job, u.Site, u.Organisation} {
		if fact != "" {
			facts = append(facts, fact)
		}
	}
	if u.DisabledAt != nil {
		facts = append(facts, l.T("people.left"))
	}
	return facts
}

func address(profile Profile) string {
	return "/people/" + strconv.FormatInt(profile.Person.ID, 10)
}

func next(profile Profile) string {
	if profile.Next == nil {
		return ""
	}
	return address(profile) + "?cursor=" + profile.Next.String()
}

func start(profile Profile) string {
	if !profile.Later {
		return ""
	}
	return address(profile)
}
