package models

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// CoAuthor is somebody who signs an idea beside its author, or was asked to.
type CoAuthor struct {
	IdeaID      int64
	UserID      int64
	State       CoAuthorState
	Message     string // a word with the question, until it is answered
	AgreementID *int64 // under which somebody from outside joined
	AskedAt     time.Time
	AnsweredAt  *time.Time
}

// CoAuthorState says what became of the question.
type CoAuthorState string

// States of co-authors. Only those who have joined are named to others.
const (
	CoAuthorAsked    CoAuthorState = "asked"
	CoAuthorJoined   CoAuthorState = "joined"
	CoAuthorDeclined CoAuthorState = "declined"
	CoAuthorLeft     CoAuthorState = "left"
	CoAuthorRemoved  CoAuthorState = "removed"
)

// Bounds of co-authors.
const (
	MaxCoAuthors     = 10  // of an idea, with those who have not answered yet
	MaxCoAuthorWords = 500 // characters of the word with the question
	maxWho           = 200 // of a name or an address
	askedADay        = 20  // people, about all ideas of one author
	askedAgain       = 24 * time.Hour
)

// signs is the condition that the co-author c of the idea i signs it: neither the author, whose other account they were
// before a merge, nor an account that has gone into another.
const signs = "c.state = 'joined' AND c.user_id <> i.author_id AND NOT EXISTS (SELECT 1 FROM users g WHERE g.id = c.user_id AND g.merged_into IS NOT NULL)"

// coAuthored is the condition that a person, its argument, signs the idea i as a co-author.
const coAuthored = "EXISTS (SELECT 1 FROM co_authors c WHERE c.idea_id = i.id AND c.user_id = ? AND c.state = 'joined')"

// coAuthorCount is how many sign the idea i beside its author.
const coAuthorCount = "(SELECT count(*) FROM co_authors c WHERE c.idea_id = i.id AND " + signs + ")"

// CoAuthorCard is a co-author as pages show them.
type CoAuthorCard struct {
	CoAuthor
	Name         string
	Role         Role
	Picture      int64
	Job          string
	Site         string
	Organisation string
}

const coAuthorCards = `SELECT c.*, u.name, ` + standing + ` AS role, coalesce(u.picture_id, 0) AS picture, u.job, u.site, u.organisation
	FROM co_authors c JOIN users u ON u.id = c.user_id JOIN ideas i ON i.id = c.idea_id WHERE c.idea_id = ? AND `

// CoAuthors are those who sign an idea beside its author, in the order in which they joined. The caller has loaded the idea
// as one that the actor may read.
func (q Queries) CoAuthors(ctx context.Context, idea *Idea) (cards []CoAuthorCard, err error) {
	return cards, q.raw(ctx, &cards, coAuthorCards+signs+" ORDER BY c.answered_at, c.user_id LIMIT ?", idea.ID, 2*MaxCoAuthors) // merges can bring more
}

// AskedCoAuthors are those who were asked to sign an idea and have not answered or have said no, for those who may ask.
func (q Queries) AskedCoAuthors(ctx context.Context, idea *Idea) (cards []CoAuthorCard, err error) {
	return cards, q.raw(ctx, &cards, coAuthorCards+"c.state IN ('asked', 'declined') AND u.merged_into IS NULL ORDER BY c.asked_at, c.user_id LIMIT ?", idea.ID, 5*MaxCoAuthors)
}

// CoAuthorship is what a person is to an idea, nil if they were never asked to sign it.
func (q Queries) CoAuthorship(ctx context.Context, ideaID, userID int64) (*CoAuthor, error) {
	var rows []CoAuthor
	err := q.raw(ctx, &rows, "SELECT * FROM co_authors WHERE idea_id = ? AND user_id = ?", ideaID, userID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// Signs tells whether somebody signs an idea, as its author or beside them.
func (q Queries) Signs(ctx context.Context, idea *Idea, userID int64) (bool, error) {
	if userID == 0 || idea.AuthorID == userID {
		return userID != 0, nil
	}
	var hidden bool
	if idea.Anonymity == HiddenAuthors {
		err := q.raw(ctx, &hidden, "SELECT EXISTS (SELECT 1 FROM ideas i WHERE i.id = ? AND "+hides+")", idea.ID, userID)
		if err != nil || hidden {
			return hidden, err
		}
	}
	as, err := q.CoAuthorship(ctx, idea.ID, userID)
	return as != nil && as.State == CoAuthorJoined, err
}

// IdeaLead is who leads an idea: its author or, once they have left the company or the space, the first of the co-authors who
// is still there; 0 if nobody is, and then it is the moderators' matter. No idea is without somebody who may carry it on; whether
// a hidden author is there is not told.
func (q Queries) IdeaLead(ctx context.Context, idea *Idea) (int64, error) {
	if idea.Anonymity != Named {
		return idea.AuthorID, nil
	}
	there, err := q.takesPartIn(ctx, idea.AuthorID, idea.SpaceID)
	if err != nil || there {
		return idea.AuthorID, err
	}
	cards, err := q.CoAuthors(ctx, idea)
	if err != nil {
		return 0, err
	}
	for i := range cards { // a handful, and only of ideas whose author has gone
		if there, err = q.takesPartIn(ctx, cards[i].UserID, idea.SpaceID); err != nil || there {
			return cards[i].UserID, err
		}
	}
	return 0, nil
}

// takesPartIn tells whether a person has access to the house and takes part in a space.
func (q Queries) takesPartIn(ctx context.Context, userID, spaceID int64) (bool, error) {
	actor, err := q.ActorByID(ctx, userID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	access := actor.Access(spaceID)
	return access != nil && actor.takesPart(access), nil
}

// MayAskCoAuthors tells whether the actor may ask people to sign an idea, and remove them: who leads it, and where nobody
// does, who moderates the space. Nobody whom a hidden author asked could be told who asks.
func (a *Actor) MayAskCoAuthors(idea *Idea, lead int64) bool {
	space := &Space{ID: idea.SpaceID}
	return a.SignedIn() && idea.State == Published && idea.Anonymity == Named && (lead == a.ID && a.Can(PostIdea, space) || lead == 0 && a.Can(Moderate, space) && !a.archived(idea.SpaceID))
}

// shownCandidates is how many people of a name are offered to choose from.
const shownCandidates = 6

// CoAuthorCandidates finds who could sign an idea by name or, for the company's own people, by address: whom the actor may
// know and who may contribute to the space. Whoever else exists is not told from nobody.
func (q Queries) CoAuthorCandidates(ctx context.Context, actor *Actor, idea *Idea, who string) (found []User, err error) {
	space := &Space{ID: idea.SpaceID, Visibility: actor.Access(idea.SpaceID).Visibility}
	who = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(who), "\x00", ""), "")
	var users []User
	switch {
	case who == "" || utf8.RuneCountInString(who) > maxWho:
		return nil, nil
	case strings.Contains(who, "@"):
		if !actor.OfTheCompany() {
			return nil, nil
		}
		user, err := q.UserWithAccess(ctx, who)
		if errors.Is(err, ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		users = []User{*user}
	default:
		if users, err = q.PeopleNamed(ctx, actor, space, who, shownCandidates+2); err != nil {
			return nil, err
		}
	}
	for i := range users {
		may, err := q.mayBeAsked(ctx, users[i].ID, idea)
		if err != nil {
			return nil, err
		}
		if may && users[i].ID != actor.ID {
			found = append(found, users[i])
		}
	}
	return found[:min(len(found), shownCandidates)], nil
}

// CoAuthorCandidate is the one of them with a number.
func (q Queries) CoAuthorCandidate(ctx context.Context, actor *Actor, idea *Idea, id int64) (*User, error) {
	user, err := q.Person(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	may, err := q.mayBeAsked(ctx, user.ID, idea)
	if err == nil && !may {
		err = ErrNotFound
	}
	return user, err
}

// mayBeAsked tells whether somebody may contribute to the space of an idea, if need be once they have accepted its agreement.
func (q Queries) mayBeAsked(ctx context.Context, userID int64, idea *Idea) (bool, error) {
	if userID == idea.AuthorID {
		return false, nil
	}
	person, err := q.ActorByID(ctx, userID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return !person.Service && person.CanOnceAccepted(PostIdea, &Space{ID: idea.SpaceID}), nil
}

// AskCoAuthor asks a person to sign an idea, which must be locked. Who has said no is not asked again about the same one.
func (tx *Tx) AskCoAuthor(idea *Idea, userID int64, message string) error {
	message = strings.TrimSpace(message)
	if utf8.RuneCountInString(message) > MaxCoAuthorWords || message != "" && !readable(message) {
		return Invalid{"message": "coauthors.message_invalid"}
	}
	before, err := tx.CoAuthorship(tx.ctx, idea.ID, userID)
	if err != nil {
		return err
	}
	switch {
	case before == nil:
	case before.State == CoAuthorJoined:
		return Invalid{"who": "coauthors.joined_already"}
	case before.State == CoAuthorAsked:
		return Invalid{"who": "coauthors.asked_already"}
	case before.State == CoAuthorDeclined:
		return Invalid{"who": "coauthors.declined_before"}
	case tx.now.Sub(before.AskedAt) < askedAgain:
		return Invalid{"who": "coauthors.asked_lately"}
	}
	var counted struct{ Here, Lately int }
	err = tx.one(tx.ctx, &counted, `SELECT (SELECT count(*) FROM co_authors WHERE idea_id = ? AND state IN ('asked', 'joined')) AS here,
		(SELECT count(*) FROM ideas i JOIN co_authors c ON c.idea_id = i.id WHERE i.author_id = ? AND c.asked_at > ?) AS lately`, idea.ID, idea.AuthorID, tx.now.Add(-askedAgain))
	switch {
	case err != nil:
		return err
	case counted.Here >= MaxCoAuthors:
		return Invalid{"who": "coauthors.too_many"}
	case counted.Lately >= askedADay:
		return Invalid{"who": "coauthors.enough_today"}
	}
	_, err = tx.exec(`INSERT INTO co_authors (idea_id, user_id, state, message, asked_at) VALUES (?, ?, 'asked', ?, ?)
		ON CONFLICT (idea_id, user_id) DO UPDATE SET state = 'asked', message = excluded.message, asked_at = excluded.asked_at, answered_at = NULL, agreement_id = NULL`,
		idea.ID, userID, message, tx.now)
	return err
}

// JoinIdea makes the actor, who was asked, a co-author of an idea, which must be locked, and lets them follow it. One from
// outside joins under the agreement that they have accepted. Who has said no may still change their mind.
func (tx *Tx) JoinIdea(idea *Idea) error {
	under, err := tx.underAgreement(idea.SpaceID)
	if err != nil {
		return err
	}
	changed, err := tx.exec("UPDATE co_authors SET state = 'joined', message = '', agreement_id = ?, answered_at = ? WHERE idea_id = ? AND user_id = ? AND state IN ('asked', 'declined')", under, tx.now, idea.ID, tx.actorID())
	if err != nil {
		return err
	}
	if changed == 0 {
		return fmt.Errorf("join idea %d: %w", idea.ID, ErrConflict)
	}
	return tx.Follow(tx.actorID(), idea.ID)
}

// EndCoAuthor notes that somebody signs an idea no longer, or will not; ErrConflict if they are not in one of the states that
// this can follow.
func (tx *Tx) EndCoAuthor(idea *Idea, userID int64, state CoAuthorState) error {
	from := []CoAuthorState{CoAuthorAsked, CoAuthorJoined}
	switch state {
	case CoAuthorDeclined:
		from = []CoAuthorState{CoAuthorAsked}
	case CoAuthorLeft:
		from = []CoAuthorState{CoAuthorJoined}
	}
	changed, err := tx.exec("UPDATE co_authors SET state = ?, message = '', answered_at = ? WHERE idea_id = ? AND user_id = ? AND state IN ?", state, tx.now, idea.ID, userID, from)
	if err == nil && changed == 0 {
		err = fmt.Errorf("co-author %d of idea %d: %w", userID, idea.ID, ErrConflict)
	}
	return err
}

// SignIdea makes somebody a co-author without a question: for those whose words an idea has taken in, and for imports.
func (tx *Tx) SignIdea(idea *Idea, userID int64) error {
	_, err := tx.exec(`INSERT INTO co_authors (idea_id, user_id, state, message, asked_at, answered_at) VALUES (?, ?, 'joined', '', ?, ?)
		ON CONFLICT (idea_id, user_id) DO UPDATE SET state = 'joined', answered_at = excluded.answered_at`, idea.ID, userID, tx.now, tx.now)
	if err != nil {
		return err
	}
	return tx.Follow(userID, idea.ID)
}

// handOver gives some of the ideas of a person whose words go, and which others sign, to the first of these. Whoever wrote
// with them loses nothing.
func (tx *Tx) handOver(userID int64) (events []Event, err error) {
	heir := "(SELECT c.user_id FROM co_authors c WHERE c.idea_id = i.id AND " + signs + " ORDER BY c.answered_at, c.user_id LIMIT 1)"
	var ideas []struct{ ID, SpaceID, Heir int64 }
	err = tx.raw(tx.ctx, &ideas, "SELECT i.id, i.space_id, "+heir+" AS heir FROM ideas i WHERE (i.author_id = ? OR "+hides+") AND i.body <> '' AND "+heir+" IS NOT NULL ORDER BY i.id LIMIT ?", userID, userID, eraseBatch)
	if err != nil {
		return nil, err
	}
	for _, idea := range ideas {
		if _, err := tx.exec("UPDATE ideas SET author_id = ?, agreement_id = (SELECT agreement_id FROM co_authors WHERE idea_id = ? AND user_id = ?) WHERE id = ?", idea.Heir, idea.ID, idea.Heir, idea.ID); err != nil {
			return nil, err
		}
		if err := tx.placeIdeas("i.id = ?", idea.ID); err != nil {
			return nil, err
		}
		if _, err := tx.exec("DELETE FROM co_authors WHERE idea_id = ? AND user_id = ?", idea.ID, idea.Heir); err != nil {
			return nil, err
		}
		if _, err := tx.exec("UPDATE co_authors SET message = '' WHERE idea_id = ?", idea.ID); err != nil { // words of whoever is erased
			return nil, err
		}
		events = append(events, Event{At: tx.now, Verb: IdeaHandedOver, SpaceID: idea.SpaceID, Subject: "idea", SubjectID: idea.ID})
	}
	return events, nil
}
