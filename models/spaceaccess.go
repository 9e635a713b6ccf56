package models

// SpaceAccess is a space that the actor may see, with their own role in it, if any.
type SpaceAccess struct {
	ID         int64
	Slug       string
	Title      string
	Visibility Visibility
	Role       SpaceRole
	Archived   bool // to be read, no longer written in
	Unaccepted bool // an outsider has not accepted the agreement that holds there
	Nameless   bool // threads can be begun there without a name

	OutsidersAsk bool // people from outside may ask people to answer them there, and be asked

	Within int64 // of an enclosure, the space around it, whose names and rights it has; else 0
}

// Restricted tells whether it is an enclosure: of those who see the space around it only some see it.
func (a *SpaceAccess) Restricted() bool { return a.Within != 0 }

// Open tells whether visitors read it.
func (a *SpaceAccess) Open() bool { return a.Visibility == Public && !a.Restricted() }

// Confidentiality is a label of who may read something.
type Confidentiality string

// The labels, widest first: everybody, the people of the company, and those who are chosen, wherever they are from.
const (
	ForAll     Confidentiality = "public"
	ForCompany Confidentiality = "internal"
	ForChosen  Confidentiality = "restricted"
)

// Confidentialities lists them.
func Confidentialities() []Confidentiality {
	return []Confidentiality{ForAll, ForCompany, ForChosen}
}

// Confidentiality is the label of what lies there. It follows from who may read it, and so is never untrue.
func (a *SpaceAccess) Confidentiality() Confidentiality {
	switch {
	case a.Open():
		return ForAll
	case a.Visibility == Company && !a.Restricted():
		return ForCompany
	}
	return ForChosen
}
