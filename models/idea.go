package models

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Stage says how far an idea has come.
type Stage string

// Stages, in order; an idea may be declined at any of them.
const (
	Proposed    Stage = "proposed"
	Discussed   Stage = "discussed"
	Refined     Stage = "refined"
	Evaluated   Stage = "evaluated"
	Decided     Stage = "decided"
	Implemented Stage = "implemented"
	Declined    Stage = "declined"
)

// Stages lists the stages in their order, the declined last.
func Stages() []Stage {
	return []Stage{Proposed, Discussed, Refined, Evaluated, Decided, Implemented, Declined}
}

// Valid tells whether the stage is one of the known ones.
func (s Stage) Valid() bool { return slices.Contains(Stages(), s) }

// Idea is a proposal in a space. Body is the Markdown its author wrote, HTML the same, sanitised.
type Idea struct {
	ID               int64
	SpaceID          int64
	AuthorID         int64
	Title            string
	Body             string
	HTML             string `gorm:"column:html"`
	Summary          string // one line of plain text: the beginning of the text, or what its author has written
	OwnSummary       bool   // its author has written it
	Lang             string // "fr", "en" or empty: unknown
	Tags             Tags
	CampaignID       *int64
	Campaign         string // its title
	Stage            Stage
	State            State
	Anonymity        Anonymity `gorm:"default:named"` // that it was posted under
	AgreementID      *int64    // under which an author from outside wrote the text as it stands
	Version          int
	SupportCount     int
	CommentCount     int
	Hot              float64 // the trending rank, see rank.go
	ImportedSupports int     // supports that an import knew only by number
	ImportRef        *string
	ImportID         *int64 // the run that made it, if one did
	PublishedAt      time.Time
	EditedAt         *time.Time
	StagedAt         *time.Time
	ActiveAt         time.Time    // last publication or comment
	AnswerID         *int64       // the last official answer
	Answer           DecisionKind // of which kind it is; empty if there is none or the idea is back
	WaitingSince     *time.Time   // for an answer; nil once there is one
	Reminded         int          // of what those who decide were reminded
	Stalled          int          // in which stage of its campaign they were told that it stands still
	MergedIntoID     *int64       // the idea that it goes on in
	Origins          int          // how many go on in it

	ReturnCode string `gorm:"-"` // told once, to whoever posts an idea of whose author nothing is stored

	CoAuthored  bool `gorm:"->"` // the actor that it was loaded for is one of its co-authors
	FormVersion int  `gorm:"->"` // of its campaign's form; 0: it has none
}

// formVersion is the version of the form that the campaign of the idea i asks by.
const formVersion = "coalesce((SELECT n.form_version FROM campaigns n WHERE n.id = i.campaign_id), 0)"

// Written is the summary that the idea's author has written, empty for none.
func (i *Idea) Written() string {
	if !i.OwnSummary {
		return ""
	}
	return i.Summary
}

// Writer is the actor where the idea is theirs too, and else its author.
func (i *Idea) Writer(actor *Actor) int64 {
	if i.CoAuthored {
		return actor.ID
	}
	return i.AuthorID
}

// State tells whether an idea is there to be read.
type State string

// States of an idea.
const (
	Published State = "published"
	Withdrawn State = "withdrawn"
)

func (i *Idea) subject() (string, int64, int64) { return "idea", i.ID, i.SpaceID }

// IdeaVersion is the text of an idea as it stood after one edit.
type IdeaVersion struct {
	IdeaID    int64
	Number    int
	EditorID  int64
	Title     string
	Summary   string // that its author had written; empty for none
	Body      string
	Tags      Tags
	CreatedAt time.Time

	AgreementID *int64 // under which an editor from outside wrote it
}

// IdeaPage is an idea with what its page shows about the actor and the author.
type IdeaPage struct {
	Idea
	AuthorName         string
	AuthorRole         Role
	AuthorPicture      int64
	AuthorJob          string
	AuthorSite         string
	AuthorOrganisation string
	Stamp
	Supported    bool
	Followed     bool
	Followers    int
	CoAuthors    int           // how many sign it beside the author
	Asked        CoAuthorState // what the actor is to it as a co-author; empty for nothing
	Amendments   int           // how many are open
	MergeWaits   bool          // for its authors
	AmendedFrom  int64         // the idea for which it was proposed as an amendment; 0 for none
	Paper        PaperNote     `gorm:"embedded;embeddedPrefix:paper_"`
	VoteHidden   bool          // how many support it, until a vote closes: the count is that of its opening
	Told         bool          // the actor has unread notices about it
	DraftFields  string        // of the comment that the actor has begun
	DraftSavedAt *time.Time    // nil if there is none
}

// Draft is the comment that the actor has begun and not sent, nil if there is none.
func (p *IdeaPage) Draft() (*Draft, error) {
	if p.DraftSavedAt == nil {
		return nil, nil
	}
	draft := &Draft{SavedAt: *p.DraftSavedAt}
	return draft, json.Unmarshal([]byte(p.DraftFields), &draft.Fields)
}

// readableIdea is the condition that the actor may read the idea i: published in a space they may see,
// or withdrawn and their own, as its author or one of its co-authors, or theirs to moderate.
func (q Queries) readableIdea(actor *Actor) (condition string, args []any) {
	seen, list := q.visible(actor, "i.space_id")
	moderated, moderatedList := q.visible(actor.where(Moderate), "i.space_id")
	return seen + " AND (i.state = 'published' OR i.author_id = ? OR " + moderated + " OR " + coAuthored + ")", []any{list, actor.ID, moderatedList, actor.ID}
}

// where is the actor with only the spaces in which they may do an act.
func (a *Actor) where(act Act) *Actor {
	only := &Actor{ID: a.ID}
	for _, id := range a.SpaceIDs() {
		if a.Can(act, &Space{ID: id}) {
			only.Spaces = append(only.Spaces, *a.Access(id))
		}
	}
	return only
}

// Idea finds an idea that the actor may read.
func (q Queries) Idea(ctx context.Context, actor *Actor, id int64) (*Idea, error) {
	return q.idea(ctx, actor, id, "")
}

// LockIdea is Idea inside a change: on PostgreSQL the row is held until the transaction ends, so
// that counters and versions follow one another.
func (tx *Tx) LockIdea(id int64) (*Idea, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF i"
	}
	return tx.idea(tx.ctx, tx.actor, id, lock)
}

func (q Queries) idea(ctx context.Context, actor *Actor, id int64, lock string) (*Idea, error) {
	condition, args := q.readableIdea(actor)
	idea := &Idea{}
	err := q.one(ctx, idea, "SELECT i.*, "+coAuthored+" AS co_authored, "+formVersion+" AS form_version FROM ideas i WHERE i.id = ? AND "+condition+lock, append([]any{actor.ID, id}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("idea %d: %w", id, err)
	}
	return idea, nil
}

// IdeaPage finds an idea that the actor may read, with its author and the actor's own relation to it. What somebody hidden supports
// and reads they do as the person they are.
func (q Queries) IdeaPage(ctx context.Context, actor *Actor, id int64) (*IdeaPage, error) {
	condition, args := q.readableIdea(actor)
	page := &IdeaPage{}
	err := q.one(ctx, page, `SELECT i.*, u.name AS author_name, `+standing+` AS author_role, coalesce(u.picture_id, 0) AS author_picture, u.job AS author_job, u.site AS author_site,
		u.organisation AS author_organisation, `+stampColumns+`, `+paperColumns+`,
		EXISTS (SELECT 1 FROM supports p WHERE p.idea_id = i.id AND p.user_id = ?) AS supported,
		EXISTS (SELECT 1 FROM follows f WHERE f.idea_id = i.id AND f.user_id IN (?, ?)) AS followed,
		(SELECT count(*) FROM follows f WHERE f.idea_id = i.id) AS followers, `+coAuthorCount+` AS co_authors, `+coAuthored+` AS co_authored, `+formVersion+` AS form_version,
		coalesce((SELECT c.state FROM co_authors c WHERE c.idea_id = i.id AND c.user_id = ?), '') AS asked,
		(SELECT count(*) FROM amendments a WHERE a.idea_id = i.id AND a.state = 'open') AS amendments,
		coalesce((SELECT a.idea_id FROM amendments a WHERE a.became_id = i.id), 0) AS amended_from,
		`+supportsHidden("i.id")+` AS vote_hidden,
		EXISTS (SELECT 1 FROM idea_merges m WHERE m.idea_id = i.id AND m.state = 'waiting') AS merge_waits,
		EXISTS (SELECT 1 FROM notices n WHERE n.user_id = ? AND n.idea_id = i.id AND n.read_at IS NULL) AS told,
		coalesce(d.fields, '') AS draft_fields, d.saved_at AS draft_saved_at
		FROM ideas i JOIN users u ON u.id = i.author_id LEFT JOIN drafts d ON d.user_id = ? AND d.form = ?`+paperNote+ideaStamp+`
		WHERE i.id = ? AND `+condition,
		append([]any{actor.Person().ID, actor.ID, actor.Person().ID, actor.ID, actor.ID, actor.Person().ID, actor.ID, About{Idea: id}.Form(0), id}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("idea page %d: %w", id, err)
	}
	return page, nil
}

// CreateIdea publishes an idea with its first version and tags; its author follows it. One from outside the company does
// it under the agreement that they have accepted. The caller has validated the text and rendered HTML.
func (tx *Tx) CreateIdea(idea *Idea) (err error) {
	if idea.AgreementID, err = tx.underAgreement(idea.SpaceID); err != nil {
		return err
	}
	if idea.PublishedAt.IsZero() {
		idea.PublishedAt = tx.now
	}
	idea.State, idea.Version, idea.ActiveAt = Published, 1, idea.PublishedAt
	if idea.Stage == "" {
		idea.Stage = Proposed
	}
	idea.Hot, idea.WaitingSince = contribution(idea.PublishedAt, 1), idea.waits()
	if err := tx.create(idea); err != nil {
		return err
	}
	version := IdeaVersion{IdeaID: idea.ID, Number: 1, EditorID: idea.AuthorID, Title: idea.Title, Summary: idea.Written(), Body: idea.Body, Tags: idea.Tags, CreatedAt: idea.PublishedAt, AgreementID: idea.AgreementID}
	if err := tx.create(&version); err != nil {
		return err
	}
	if err := tx.saveTags(idea); err != nil {
		return err
	}
	if err := tx.placeNewIdeas("i.id = ?", idea.ID); err != nil {
		return err
	}
	if err := tx.insertAll(begin(idea)); err != nil {
		return err
	}
	if err := tx.countInCampaign(idea, 1); err != nil {
		return err
	}
	return tx.Follow(idea.AuthorID, idea.ID)
}

// waits is since when a new idea waits for an answer: nil where one was given before it came here.
func (i *Idea) waits() *time.Time {
	if i.Stage == Decided || i.Stage == Implemented || i.Stage == Declined {
		return nil
	}
	return &i.PublishedAt
}

// EditIdea stores a new text of an idea as its next version. base is the version that the editor
// started from; ErrConflict if someone else has saved since. What an author or co-author from outside writes anew falls under
// the agreement that holds now, and the versions before it stay under theirs; a moderator's hand changes nothing of that,
// nor does whoever comes back with a code that somebody from outside was given.
func (tx *Tx) EditIdea(idea *Idea, base int) error {
	if base != idea.Version {
		return fmt.Errorf("edit idea %d from version %d: %w", idea.ID, base, ErrConflict)
	}
	under, err := tx.underAgreement(idea.SpaceID)
	if err != nil {
		return err
	}
	if idea.AuthorID == tx.actorID() && (under != nil || !tx.actor.Masked()) || idea.CoAuthored && under != nil {
		idea.AgreementID = under
	}
	idea.Version, idea.EditedAt = base+1, &tx.now
	changed, err := tx.exec(`UPDATE ideas SET title = ?, body = ?, html = ?, summary = ?, own_summary = ?, lang = ?, tags = ?, version = ?, edited_at = ?, agreement_id = ?
		WHERE id = ? AND version = ?`, idea.Title, idea.Body, idea.HTML, idea.Summary, idea.OwnSummary, idea.Lang, idea.Tags, idea.Version, tx.now, idea.AgreementID, idea.ID, base)
	if err != nil {
		return err
	}
	if changed == 0 {
		return fmt.Errorf("edit idea %d from version %d: %w", idea.ID, base, ErrConflict)
	}
	version := IdeaVersion{IdeaID: idea.ID, Number: idea.Version, EditorID: tx.actorID(), Title: idea.Title, Summary: idea.Written(), Body: idea.Body, Tags: idea.Tags, CreatedAt: tx.now, AgreementID: under}
	if err := tx.create(&version); err != nil {
		return err
	}
	if _, err := tx.exec("DELETE FROM idea_tags WHERE idea_id = ?", idea.ID); err != nil {
		return err
	}
	return tx.saveTags(idea)
}

func (tx *Tx) saveTags(idea *Idea) error {
	if len(idea.Tags) == 0 {
		return nil
	}
	values, args := make([]string, len(idea.Tags)), make([]any, 0, 3*len(idea.Tags))
	for i, tag := range idea.Tags {
		values[i] = "(?, ?, ?)"
		args = append(args, tag, idea.ID, idea.SpaceID)
	}
	_, err := tx.exec("INSERT INTO idea_tags (tag, idea_id, space_id) VALUES "+strings.Join(values, ", "), args...)
	return err
}

// SetState withdraws an idea or brings it back.
func (tx *Tx) SetState(idea *Idea, state State) error {
	idea.State = state
	if _, err := tx.exec("UPDATE ideas SET state = ? WHERE id = ?", state, idea.ID); err != nil {
		return err
	}
	if err := tx.placeIdeas("i.id = ?", idea.ID); err != nil {
		return err
	}
	if err := tx.weighTarget(idea); err != nil {
		return err
	}
	if state == Published {
		return tx.countInCampaign(idea, 1)
	}
	return tx.countInCampaign(idea, -1)
}

// WithdrawnBy is who withdrew an idea last: authors may not undo what a moderator decided.
func (q Queries) WithdrawnBy(ctx context.Context, idea *Idea) (userID int64, err error) {
	return userID, q.raw(ctx, &userID, `SELECT actor_id FROM events WHERE subject = 'idea' AND subject_id = ? AND verb = 'idea.withdrawn'
		ORDER BY id DESC LIMIT 1`, idea.ID)
}

// VersionCard is a version with the name of its editor, without the text.
type VersionCard struct {
	Number     int
	Title      string
	EditorID   int64
	EditorName string
	EditorRole Role
	CreatedAt  time.Time
}

// Versions lists an idea's versions, newest first, before the given number (0 for the start).
// The caller has loaded the idea as one that the actor may read.
func (q Queries) Versions(ctx context.Context, idea *Idea, before, limit int) (cards []VersionCard, err error) {
	if before == 0 {
		before = 1 << 30
	}
	return cards, q.raw(ctx, &cards, `SELECT v.number, v.title, v.editor_id, u.name AS editor_name, `+standing+` AS editor_role, v.created_at
		FROM idea_versions v JOIN users u ON u.id = v.editor_id
		WHERE v.idea_id = ? AND v.number < ? ORDER BY v.number DESC LIMIT ?`, idea.ID, before, limit)
}

// Version finds one version of an idea that the actor may read.
func (q Queries) Version(ctx context.Context, idea *Idea, number int) (*IdeaVersion, error) {
	version := &IdeaVersion{}
	return version, q.one(ctx, version, "SELECT * FROM idea_versions WHERE idea_id = ? AND number = ?", idea.ID, number)
}
