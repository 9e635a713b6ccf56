package models

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Role is what a person is in the whole house.
type Role string

// Roles, from the widest to the narrowest.
const (
	RoleOwner     Role = "owner"
	RoleManager   Role = "manager" // community manager
	RoleModerator Role = "moderator"
	RoleHR        Role = "hr"      // an employee who reads figures and stories, never what is moderated
	RoleAuditor   Role = "auditor" // reads the log, and of the spaces what everyone may read
	RoleEmployee  Role = "employee"
	RoleExternal  Role = "external"
)

// RoleProgram stands for a role where programs are named, so that they are told from people: nobody has it. See standing.
const RoleProgram Role = "program"

// standing is the role of the user u as it is shown beside their name; that of a mask says no more than that it is one.
const standing = "CASE WHEN u.service THEN 'program' WHEN " + aMask + " THEN 'hidden' ELSE u.role END"

// Valid tells whether the role is one of the known ones.
func (r Role) Valid() bool {
	return slices.Contains(Roles(), r)
}

// Roles lists the roles in the house, widest first.
func Roles() []Role {
	return []Role{RoleOwner, RoleManager, RoleModerator, RoleHR, RoleAuditor, RoleEmployee, RoleExternal}
}

// SpaceRole is what a person is in one space.
type SpaceRole string

// Roles in a space. A reader reads along; everyone else takes part.
const (
	SpaceManager   SpaceRole = "manager"
	SpaceModerator SpaceRole = "moderator"
	SpaceExpert    SpaceRole = "expert"
	SpaceMember    SpaceRole = "member"
	SpaceReader    SpaceRole = "reader"
)

// SpaceRoles lists the roles in a space, widest first.
func SpaceRoles() []SpaceRole {
	return []SpaceRole{SpaceManager, SpaceModerator, SpaceExpert, SpaceMember, SpaceReader}
}

// Act is something a person may want to do; what they may see is the matter of visible.
type Act string

// The acts of the policy. Those about a space want one, the others none.
const (
	PostIdea           Act = "post idea"
	EditIdea           Act = "edit idea" // one's own, for the stage of its campaign; who may at all says MayEdit
	SupportIdea        Act = "support idea"
	PostComment        Act = "post comment"
	React              Act = "react" // give somebody's post a sign
	BeginThread        Act = "begin thread"
	PlanGathering      Act = "plan gathering"      // say that people come together, and when
	Attend             Act = "attend"              // say whether one comes
	Announce           Act = "announce"            // in a thread that is an announcement
	ArrangeTopics      Act = "arrange topics"      // make, name, order and archive those of a space
	WriteArticle       Act = "write article"       // and in those of others, which no one person owns
	ArrangeCollections Act = "arrange collections" // make, name, order and archive the collections of a space
	CastBallot         Act = "cast ballot"         // where a campaign or a poll asks, while it does: MayVote, MayVoteIn
	TakeBack           Act = "take back"           // what one gave: a support, a text
	FollowIdea         Act = "follow idea"
	Moderate           Act = "moderate"     // withdraw, restore and edit what others wrote
	StageIdea          Act = "stage idea"   // say how far an idea has come
	ManageSpace        Act = "manage space" // title, visibility, members
	RunCampaigns       Act = "run campaigns"
	WriteAgreement     Act = "write agreement" // what people from outside accept, so it is not theirs to write
	AdmitGroup         Act = "admit group"     // give a group a role in the space; who comes from outside knows of no groups
	Invite             Act = "invite"          // people from outside, for whom somebody of the company answers
	JoinSpace          Act = "join space"      // by themselves
	AskToJoin          Act = "ask to join"
	CreateSpace        Act = "create space"
	ReadAudit          Act = "read audit"
	ManagePeople       Act = "manage people"
	ErasePeople        Act = "erase people"      // and say how long data is kept
	HoldData           Act = "hold data"         // keep what a court asks for from every purge; who reads the log sees what is held
	ManageSignIn       Act = "manage sign-in"    // the rules by which directories give roles
	ChooseSigns        Act = "choose signs"      // that people may give to posts
	ArrangeTemplates   Act = "arrange templates" // of articles, for the whole house; those of a space go with its collections
	ArrangeSkills      Act = "arrange skills"    // the terms in which people say what they know
)

// Actor is who asks: a person with every space they may see, or a visitor (ID 0).
// It is loaded anew for each request, so a right that ends, ends with the next click.
type Actor struct {
	ID      int64
	Name    string
	Email   string
	Role    Role
	Job     string
	Site    string
	Locale  string
	Theme   string
	SeenAt  *time.Time    // when they last came back to the home page
	EraseAt *time.Time    // when their account will be erased, which they may take back until then
	Unseen  bool          // others do not learn when they read and write
	Service bool          // a program, not a person
	Mutes   bool          // they have muted something
	Chooses bool          // they have said how closely they follow a space, a topic, a tag or a person
	Hides   bool          // they have written as somebody hidden, of whom the house knows
	Picture int64         // the file with their picture, 0 for none
	Scope   Scope         `gorm:"-"` // how far the token carries that they came with; empty for a session
	Spaces  []SpaceAccess `gorm:"-"` // by title
	Inner   []SpaceAccess `gorm:"-"` // the enclosures in them that the actor may see, which no list of spaces shows
	viewer  *Actor        // who really looks, where the actor is only a way to look at the house
	preview *preview      // the campaign that is looked at, where they are a way to look at one
	person  *Actor        // who really acts, where the actor is a mask
}

// SignedIn tells a person from a visitor.
func (a *Actor) SignedIn() bool { return a != nil && a.ID != 0 }

// External tells whether the actor is an external customer or partner.
func (a *Actor) External() bool { return a != nil && a.Role == RoleExternal }

// Animates tells whether the actor animates the whole community.
func (a *Actor) Animates() bool {
	return a != nil && (a.Role == RoleOwner || a.Role == RoleManager)
}

// Contributes tells whether there is a space in which the actor may propose an idea, if need be once they have accepted
// its agreement.
func (a *Actor) Contributes() bool {
	return a != nil && slices.ContainsFunc(a.Spaces, func(s SpaceAccess) bool { return a.CanOnceAccepted(PostIdea, &Space{ID: s.ID}) })
}

// BeginsThreads tells whether there is a space in which the actor may begin a thread, if need be once they have accepted its agreement.
func (a *Actor) BeginsThreads() bool {
	return a != nil && slices.ContainsFunc(a.Spaces, func(s SpaceAccess) bool { return a.CanOnceAccepted(BeginThread, &Space{ID: s.ID}) })
}

// WritesArticles tells whether there is a space in which the actor may write articles.
func (a *Actor) WritesArticles() bool {
	return a != nil && slices.ContainsFunc(a.Spaces, func(s SpaceAccess) bool { return a.Can(WriteArticle, &Space{ID: s.ID}) })
}

// RunsCampaigns tells whether there is a space in which the actor runs the campaigns, and answers the ideas.
func (a *Actor) RunsCampaigns() bool {
	return a != nil && slices.ContainsFunc(a.Spaces, func(s SpaceAccess) bool { return a.Can(RunCampaigns, &Space{ID: s.ID}) })
}

// Access returns what the actor may see of a space, nil if nothing.
func (a *Actor) Access(spaceID int64) *SpaceAccess {
	if a == nil {
		return nil
	}
	for _, list := range [][]SpaceAccess{a.Spaces, a.Inner} {
		for i := range list {
			if list[i].ID == spaceID {
				return &list[i]
			}
		}
	}
	return nil
}

// AccessTo is Access to the space with a slug; nil too where there is none. Enclosures have no address.
func (a *Actor) AccessTo(slug string) *SpaceAccess {
	if i := slices.IndexFunc(a.Spaces, func(s SpaceAccess) bool { return s.Slug == slug }); i >= 0 {
		return &a.Spaces[i]
	}
	return nil
}

// Can answers who may do what, in a space or, with a nil space, in the house. Somebody's way to look at the house can
// no more than they can themselves.
func (a *Actor) Can(act Act, space *Space) bool {
	if !a.SignedIn() || a.viewer != nil && !a.viewer.Can(act, space) && act != JoinSpace && act != AskToJoin {
		return false
	}
	switch act {
	case CreateSpace, ChooseSigns, ArrangeTemplates, ArrangeSkills:
		return a.Animates()
	case ReadAudit:
		return a.Role == RoleOwner || a.Role == RoleAuditor
	case ManagePeople:
		return a.Animates() || a.Scope == ScopeSCIM
	case ErasePeople, ManageSignIn, HoldData:
		return a.Role == RoleOwner
	}
	if space == nil {
		return false
	}
	switch act {
	case JoinSpace:
		return a.Entrance(space) == JoinOpen
	case AskToJoin:
		return a.Entrance(space) == JoinRequest
	}
	access := a.Access(space.ID)
	if access == nil {
		return false
	}
	switch act {
	case PostIdea, SupportIdea, PostComment, React, BeginThread, CastBallot, PlanGathering:
		return a.contributes(access) && !access.Unaccepted
	case Attend: // who reads along comes as well; a program does not
		return !access.Archived && !access.Unaccepted && a.Role != RoleAuditor && !a.Service
	case TakeBack: // whatever the agreement of the space says by now
		return a.contributes(access)
	case FollowIdea:
		return !access.Archived
	case WriteArticle: // knowledge is the company's own; who comes from outside reads it and talks about it
		return a.contributes(access) && !a.External()
	case Announce, ArrangeTopics:
		return a.leads(access, SpaceManager) && !access.Archived
	case ArrangeCollections:
		return a.leads(access, SpaceManager, SpaceExpert) && !a.External() && !access.Archived
	case Moderate:
		return a.Role != RoleHR && a.leads(access, SpaceManager, SpaceModerator) || a.Role == RoleModerator && access.Visibility != Restricted
	case StageIdea:
		return a.leads(access, SpaceManager) && !access.Archived
	case ManageSpace:
		return a.leads(access, SpaceManager)
	case RunCampaigns: // its sponsor and its manager are people of the company, of whom outsiders do not learn by trying
		return a.leads(access, SpaceManager) && !a.External() && !access.Archived
	case WriteAgreement, AdmitGroup:
		return a.leads(access, SpaceManager) && !a.External()
	case Invite:
		return a.leads(access, SpaceManager) && !a.External() && !access.Archived && access.Visibility.AdmitsExternals()
	}
	return false
}

// Refusal is nil if the actor may do something, and otherwise the reason: that the space is archived, that its agreement
// is to be accepted first, or their role.
func (a *Actor) Refusal(act Act, space *Space) error {
	switch {
	case a.Can(act, space):
		return nil
	case a.archived(space.ID):
		return ErrArchived
	case act == PostIdea || act == SupportIdea || act == PostComment || act == React || act == BeginThread || act == CastBallot || act == PlanGathering || act == Attend:
		return a.unaccepted(space.ID)
	}
	return ErrForbidden
}

// Refused is why the actor may not change what somebody wrote in a space: it is archived, it is their own and the
// agreement is to be accepted first, or else their role.
func (a *Actor) Refused(spaceID, authorID int64) error {
	switch {
	case a.archived(spaceID):
		return ErrArchived
	case authorID == a.ID:
		return a.unaccepted(spaceID)
	}
	return ErrForbidden
}

func (a *Actor) unaccepted(spaceID int64) error {
	if a.Asked(spaceID) {
		return &Unaccepted{a.Access(spaceID).Slug}
	}
	return ErrForbidden
}

// Asked tells whether the actor has to accept the agreement of a space before they may contribute to it.
func (a *Actor) Asked(spaceID int64) bool {
	access := a.Access(spaceID)
	return access != nil && access.Unaccepted && a.contributes(access)
}

// CanOnceAccepted is Can, and also holds for whom nothing but the space's agreement stands between: they are shown the
// form, and are asked when they send it.
func (a *Actor) CanOnceAccepted(act Act, space *Space) bool {
	var unaccepted *Unaccepted
	return a.Can(act, space) || errors.As(a.Refusal(act, space), &unaccepted)
}

func (a *Actor) archived(spaceID int64) bool {
	access := a.Access(spaceID)
	return access != nil && access.Archived
}

// Entrance says how the actor can become a member of a space: JoinInvitation where only others can let them
// in, because they are in it already, nobody is let in, or they may not know of it.
func (a *Actor) Entrance(space *Space) Joining {
	access := a.Access(space.ID)
	switch {
	case !a.SignedIn(), a.Role == RoleAuditor, space.ArchivedAt != nil:
		return JoinInvitation
	case access != nil && access.Role != "", access == nil && !a.knowsOf(space):
		return JoinInvitation
	case space.Joining == JoinOpen && space.Visibility == Restricted:
		return JoinInvitation
	case space.Joining == JoinOpen && a.External():
		return JoinRequest // somebody answers for whoever comes from outside
	}
	return space.Joining
}

// knowsOf tells whether the actor may know that a restricted space exists, although they see nothing of what is in it:
// one that is listed, as long as somebody can be let in.
func (a *Actor) knowsOf(space *Space) bool {
	return a.OfTheCompany() && space.Listed && space.Visibility == Restricted && space.ArchivedAt == nil
}

// ofTheCompany is OfTheCompany of the role in a row of users.
const ofTheCompany = "role NOT IN ('external', 'auditor')"

// OfTheCompany tells the company's people from visitors, externals and those who look on from outside.
func (a *Actor) OfTheCompany() bool {
	return a.SignedIn() && a.Role != RoleExternal && a.Role != RoleAuditor
}

// LooksAfter tells whether the actor may change the accounts of people with a role, and give it: owners may with
// everyone, community managers with those who have no say over the house.
func (a *Actor) LooksAfter(role Role) bool {
	if !a.Can(ManagePeople, nil) {
		return false
	}
	return a.Role == RoleOwner || slices.Contains(governed, role)
}

// governed are the roles without a say over the house, which community managers look after.
var governed = []Role{RoleModerator, RoleHR, RoleEmployee, RoleExternal}

// takesPart: whoever has a role other than reader; without one, the company in its own and the
// public spaces, and those who animate wherever they see. Auditors look on.
func (a *Actor) takesPart(access *SpaceAccess) bool {
	if a.Role == RoleAuditor {
		return false
	}
	if access.Role != "" {
		return access.Role != SpaceReader
	}
	return a.Role != RoleExternal
}

// contributes: who takes part, where a space is still written in.
func (a *Actor) contributes(access *SpaceAccess) bool { return a.takesPart(access) && !access.Archived }

func (a *Actor) leads(access *SpaceAccess, roles ...SpaceRole) bool {
	return slices.Contains(roles, access.Role) && a.Role != RoleAuditor || a.Animates() && access.Visibility != Restricted
}

// MayEdit tells whether the actor may change an idea: its author and co-authors as long as they may post, and moderators.
// Nobody may in an archived space.
func (a *Actor) MayEdit(idea *Idea) bool { return a.mayEdit(idea.Writer(a), idea.SpaceID) }

// MayDecide tells whether the actor may answer the ideas of a space officially, or with a campaign those that answer it:
// whoever runs the campaigns there, who runs this one or is its sponsor, and where it says so, who helps to run it.
func (a *Actor) MayDecide(spaceID int64, campaign *Campaign) bool {
	space := &Space{ID: spaceID}
	if a.Can(RunCampaigns, space) {
		return true
	}
	return campaign != nil && !a.External() && a.Can(PostComment, space) && a.ID != 0 &&
		(orZero(campaign.ManagerID) == a.ID || orZero(campaign.SponsorID) == a.ID || campaign.TeamDecides && (slices.Contains(campaign.Team, a.ID) || a.plays(campaign.ID, PartTeam)))
}

// MayLetTeamDecide tells whether the actor may say that the team of a campaign answers its ideas: who answers them without that.
func (a *Actor) MayLetTeamDecide(campaign *Campaign) bool {
	alone := *campaign
	alone.TeamDecides = false
	return a.MayRun(campaign) && a.MayDecide(campaign.SpaceID, &alone)
}

// MayWithdraw tells whether the actor may take an idea out of sight: its author as long as they take part, and
// moderators, in an archived space too, since what must not be read must not be read there either. Who does not accept
// a new agreement may still take back what they gave under another.
func (a *Actor) MayWithdraw(idea *Idea) bool { return a.mayTakeBack(idea.AuthorID, idea.SpaceID) }

// MayEditPost is MayEdit for a comment of an idea in the given space.
func (a *Actor) MayEditPost(comment *Post, spaceID int64) bool {
	return a.mayEdit(comment.AuthorID, spaceID)
}

// MayEditThread is MayEdit for the title, the topic and the tags of a thread.
func (a *Actor) MayEditThread(thread *Thread) bool { return a.mayEdit(thread.AuthorID, thread.SpaceID) }

// MayWithdrawThread is MayWithdraw for a thread.
func (a *Actor) MayWithdrawThread(thread *Thread) bool {
	return a.mayTakeBack(thread.AuthorID, thread.SpaceID)
}

// MayWithdrawArticle is MayWithdraw for an article. Whoever wrote it first may, as long as they write articles; what others wrote in it
// goes with it, and comes back with it.
func (a *Actor) MayWithdrawArticle(article *Article) bool {
	space := &Space{ID: article.SpaceID}
	return article.AuthorID == a.ID && a.Can(WriteArticle, space) || a.Can(Moderate, space)
}

// MayAccept tells whether the actor may say which post answers the question of a thread: who asked it, and moderators.
func (a *Actor) MayAccept(thread *Thread) bool {
	return thread.Kind == Question && thread.State == Published && a.mayEdit(thread.AuthorID, thread.SpaceID)
}

// MayTend tells whether the actor may pin, close and slow a thread, where the space is still written in.
func (a *Actor) MayTend(thread *Thread) bool {
	return !a.archived(thread.SpaceID) && a.Can(Moderate, &Space{ID: thread.SpaceID})
}

// MayRemovePost is MayWithdraw for a comment of an idea in the given space.
func (a *Actor) MayRemovePost(comment *Post, spaceID int64) bool {
	return a.mayTakeBack(comment.AuthorID, spaceID)
}

func (a *Actor) mayEdit(authorID, spaceID int64) bool {
	space := &Space{ID: spaceID}
	return a.SignedIn() && !a.archived(spaceID) && (authorID == a.ID && a.Can(PostIdea, space) || a.Can(Moderate, space))
}

func (a *Actor) mayTakeBack(authorID, spaceID int64) bool {
	space := &Space{ID: spaceID}
	return a.SignedIn() && (authorID == a.ID && a.Can(TakeBack, space) || a.Can(Moderate, space))
}

// SpaceIDs are the spaces the actor may see and the enclosures in them, for filters outside the database.
func (a *Actor) SpaceIDs() []int64 {
	ids := make([]int64, 0, len(a.Spaces)+len(a.Inner))
	for _, list := range [][]SpaceAccess{a.Spaces, a.Inner} {
		for i := range list {
			ids = append(ids, list[i].ID)
		}
	}
	return ids
}

// loadSpaces finds the spaces that the actor may see. This is the one statement of who sees what:
// everyone what is public, the company what is the company's, members what they are members of,
// and those who animate or moderate the external spaces as well. A restricted space is its members' alone.
// An external's membership counts only where externals may be, and an auditor's nowhere. An enclosure is its members' as long as they
// see the space around it.
func (q Queries) loadSpaces(ctx context.Context, a *Actor) error {
	return q.addSpaces(ctx, a, `SELECT s.id, s.slug, s.title, s.visibility, coalesce(m.role, '') AS role, s.archived_at IS NOT NULL, s.agreement_id IS NOT NULL AND c.user_id IS NULL, s.nameless, s.outsiders_ask, 0 AS within_id
		FROM spaces s LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = ?
		LEFT JOIN acceptances c ON c.agreement_id = s.agreement_id AND c.user_id = ?
		WHERE s.within_id IS NULL AND `+seen(a.Role)+`
		UNION ALL SELECT s.id, '', s.title, s.visibility, m.role, FALSE, FALSE, FALSE, FALSE, s.within_id
		FROM memberships m JOIN spaces s ON s.id = m.space_id WHERE m.user_id = ? AND s.within_id IS NOT NULL ORDER BY 3, 1`, a.ID, a.ID, a.ID)
}

// seen is the condition that somebody with a role in the house, whose membership is m, sees the space s.
func seen(role Role) string {
	switch role {
	case RoleExternal:
		return "(s.visibility = 'public' OR s.visibility = 'external' AND m.role IS NOT NULL)"
	case RoleEmployee, RoleHR:
		return "(s.visibility IN ('public', 'company') OR m.role IS NOT NULL)"
	case RoleModerator, RoleManager, RoleOwner:
		return "(s.visibility <> 'restricted' OR m.role IS NOT NULL)"
	}
	return "s.visibility = 'public'"
}

// EnclosuresIn are the enclosures in a space that the actor may see.
func (a *Actor) EnclosuresIn(spaceID int64) (ids []int64) {
	for i := range a.Inner {
		if a.Inner[i].Within == spaceID {
			ids = append(ids, a.Inner[i].ID)
		}
	}
	return ids
}

// visible is the condition that a column holds a space that the actor may see; the first scope of
// every read. The spaces are one argument, so that the statement is the same for everyone.
func (q Queries) visible(a *Actor, column string) (condition string, arg any) {
	if q.postgres() {
		return column + " = ANY (string_to_array(?, ',')::bigint[])", a.spaceList()
	}
	// The + keeps SQLite from choosing the space's index and sorting all its rows.
	return "+" + column + " IN (SELECT value FROM json_each('[' || ? || ']'))", a.spaceList()
}

func (a *Actor) spaceList() string {
	ids := make([]string, 0, len(a.Spaces)+len(a.Inner))
	for _, id := range a.SpaceIDs() {
		ids = append(ids, strconv.FormatInt(id, 10))
	}
	return strings.Join(ids, ",")
}
