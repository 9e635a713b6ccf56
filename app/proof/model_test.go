package proof_test

import (
	"fmt"
	"slices"

	"ruche/models"
)

// company is an invented organisation as plain data. Its methods are the model: who may see and do what, as slowly
// and plainly as it can be said. People, rooms and ideas are known by their place in the lists.
type company struct {
	people  []models.Role
	rooms   []room
	named   map[seat]models.SpaceRole // roles that people were given themselves
	circles []circle
	ideas   []idea
	agreed  map[seat]bool // who accepted the agreement of which room
}

// visitor is the person who is not signed in.
const visitor = -1

// seat is a person's place in a room.
type seat struct{ person, room int }

// room is a space.
type room struct {
	visibility models.Visibility
	agreement  bool // people from outside accept something before they contribute
	listed     bool // restricted, and the company may know of it, to ask to be let in
	archived   bool // to be read, no longer written in
	opened     bool // to registration
}

// circle is a group with its people and the roles that it has in rooms.
type circle struct {
	people []int
	rooms  map[int]models.SpaceRole
}

// idea is an idea with a comment that is there and one that was removed, each by somebody.
type idea struct {
	room, author, commenter, supporter int
	coAuthor                           int // who signs it too; the author themselves where nobody does
	withdrawn                          bool
}

// The words by which a text is known wherever it turns up.
func roomWord(r int) string    { return fmt.Sprintf("zqroom%02d", r) }
func ideaWord(i int) string    { return fmt.Sprintf("zqidea%02d", i) }
func removedWord(i int) string { return fmt.Sprintf("zqremoved%02d", i) }

// Every room has a campaign, and one that is not published.
func campaignWord(r int) string { return fmt.Sprintf("zqcampaign%02d", r) }
func draftWord(r int) string    { return fmt.Sprintf("zqdraft%02d", r) }

func (k *company) house(p int) models.Role {
	if p == visitor {
		return ""
	}
	return k.people[p]
}

func (k *company) outsider(p int) bool {
	return k.house(p) == models.RoleExternal || p == visitor
}

// role is the widest of all that someone has in a room.
func (k *company) role(p, r int) models.SpaceRole {
	has := map[models.SpaceRole]bool{k.named[seat{p, r}]: true}
	for _, c := range k.circles {
		if slices.Contains(c.people, p) {
			has[c.rooms[r]] = true
		}
	}
	for _, role := range []models.SpaceRole{"manager", "moderator", "expert", "member", "reader"} {
		if has[role] {
			return role
		}
	}
	return ""
}

// sees: everyone what is public; employees what is the company's; members theirs, outsiders only where outsiders may
// be; who moderates or animates the house all but restricted rooms. An auditor sees as little as a visitor.
func (k *company) sees(p, r int) bool {
	house, role := k.house(p), k.role(p, r)
	switch k.rooms[r].visibility {
	case models.Public:
		return true
	case models.Company:
		return !k.outsider(p) && house != models.RoleAuditor
	case models.External:
		return house == models.RoleOwner || house == models.RoleManager || house == models.RoleModerator || role != "" && house != models.RoleAuditor
	case models.Restricted:
		return role != "" && house != models.RoleAuditor && house != models.RoleExternal
	}
	panic("unknown visibility")
}

// knowsOf: the company's people know that a listed room exists, as long as somebody can be let in.
func (k *company) knowsOf(p, r int) bool {
	house := k.house(p)
	return k.rooms[r].listed && !k.rooms[r].archived && !k.outsider(p) && house != models.RoleAuditor
}

// registers: rooms that people from outside may be in, once they are opened to strangers. Everybody may read what such a room is called.
func (k *company) registers(r int) bool {
	room := k.rooms[r]
	return room.opened && !room.archived && (room.visibility == models.Public || room.visibility == models.External)
}

// asked: people from outside, until they have accepted the agreement of the room.
func (k *company) asked(p, r int) bool {
	return k.rooms[r].agreement && k.house(p) == models.RoleExternal && !k.agreed[seat{p, r}]
}

// writes: who takes part and is not asked to accept something first.
func (k *company) writes(p, r int) bool { return k.takesPart(p, r) && !k.asked(p, r) }

// takesPart: members who do more than read, and in rooms where they need no role those who belong to the company. In the
// archive nobody does.
func (k *company) takesPart(p, r int) bool {
	if !k.sees(p, r) || k.rooms[r].archived || p == visitor || k.house(p) == models.RoleAuditor {
		return false
	}
	role := k.role(p, r)
	return role != "" && role != models.SpaceReader || role == "" && k.house(p) != models.RoleExternal
}

// leads: those with one of the roles in the room, and who animates the community, but never in a restricted room of others.
func (k *company) leads(p, r int, roles ...models.SpaceRole) bool {
	if !k.sees(p, r) || p == visitor || k.house(p) == models.RoleAuditor {
		return false
	}
	animates := k.house(p) == models.RoleOwner || k.house(p) == models.RoleManager
	return slices.Contains(roles, k.role(p, r)) || animates && k.rooms[r].visibility != models.Restricted
}

func (k *company) manages(p, r int) bool { return k.leads(p, r, models.SpaceManager) }

// moderates: HR never does, whatever else they are.
func (k *company) moderates(p, r int) bool {
	if k.house(p) == models.RoleHR {
		return false
	}
	everywhere := k.house(p) == models.RoleModerator && k.sees(p, r) && k.rooms[r].visibility != models.Restricted
	return everywhere || k.leads(p, r, models.SpaceManager, models.SpaceModerator)
}

// joins: into public rooms and those of the company its people come by themselves; who is in already has nothing to do.
func (k *company) joins(p, r int) bool {
	if p == visitor || !k.sees(p, r) {
		return false
	}
	if k.rooms[r].archived {
		return k.role(p, r) != ""
	}
	open := k.rooms[r].visibility == models.Public || k.rooms[r].visibility == models.Company
	return k.role(p, r) != "" || open && k.house(p) != models.RoleExternal && k.house(p) != models.RoleAuditor
}

// asks: outsiders ask where the company's people come by themselves, and those ask who know of a room that they do not see.
func (k *company) asks(p, r int) bool {
	if k.rooms[r].archived {
		return false
	}
	if k.knowsOf(p, r) {
		return k.role(p, r) == ""
	}
	return k.house(p) == models.RoleExternal && k.rooms[r].visibility == models.Public && k.role(p, r) == ""
}

// may is the model of Actor.Can.
func (k *company) may(p int, act models.Act, r int) bool {
	switch act {
	case models.PostIdea, models.SupportIdea, models.PostComment:
		return k.writes(p, r)
	case models.TakeBack:
		return k.takesPart(p, r)
	case models.FollowIdea:
		return p != visitor && k.sees(p, r) && !k.rooms[r].archived
	case models.Moderate:
		return k.moderates(p, r)
	case models.StageIdea:
		return k.manages(p, r) && !k.rooms[r].archived
	case models.RunCampaigns:
		return k.manages(p, r) && k.house(p) != models.RoleExternal && !k.rooms[r].archived
	case models.ManageSpace:
		return k.manages(p, r)
	}
	panic("the model does not know " + string(act))
}

// reads: what is published where one sees, and what was withdrawn if it is one's own, or one signs it, or moderates there.
func (k *company) reads(p, i int) bool {
	x := k.ideas[i]
	return k.sees(p, x.room) && (!x.withdrawn || x.author == p || x.coAuthor == p || k.moderates(p, x.room))
}

// lists: ideas in lists, counts and search are published ones.
func (k *company) lists(p, i int) bool { return !k.ideas[i].withdrawn && k.sees(p, k.ideas[i].room) }

// edits: authors as long as they write there, and moderators; in the archive nobody does.
func (k *company) edits(p, i, author int) bool {
	x := k.ideas[i]
	return k.reads(p, i) && !k.rooms[x.room].archived && (author == p && k.writes(p, x.room) || k.moderates(p, x.room))
}

// asksCoAuthors: who leads an idea that is there to be read, its author or, where they take part no more, the co-author; where
// neither does, the moderators. In the archive nobody does.
func (k *company) asksCoAuthors(p, i int) bool {
	x := k.ideas[i]
	switch {
	case x.withdrawn || k.rooms[x.room].archived:
		return false
	case k.takesPart(x.author, x.room):
		return p == x.author && k.writes(p, x.room)
	case k.takesPart(x.coAuthor, x.room):
		return p == x.coAuthor && k.writes(p, x.room)
	}
	return k.moderates(p, x.room)
}

// takesBack: what one wrote oneself, whatever is to be accepted by now; moderators in the archive too.
func (k *company) takesBack(p, i, author int) bool {
	x := k.ideas[i]
	return k.reads(p, i) && (author == p && k.takesPart(p, x.room) || k.moderates(p, x.room))
}

// knows: the company knows everyone; outsiders know themselves, those with whom they share a room as members, and those
// whose published texts they may read.
func (k *company) knows(p, q int) bool {
	if !k.outsider(p) || p == q {
		return true
	}
	for r := range k.rooms {
		if k.sees(p, r) && k.role(p, r) != "" && k.role(q, r) != "" {
			return true
		}
	}
	for i, x := range k.ideas {
		if k.lists(p, i) && (x.author == q || x.coAuthor == q || x.commenter == q) {
			return true
		}
	}
	return false
}
